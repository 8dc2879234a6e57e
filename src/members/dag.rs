//! What follows what: statements in the order of their parents, with what each knew and what
//! came to know of it.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
};

use super::Statement;
use crate::{ids::StatementId, time::Hlc};

/// Statements by id.
pub(super) type Statements = BTreeMap<StatementId, Statement>;

/// The order of a set of statements, whatever the order in which they came.
#[derive(Clone, PartialEq, Eq, Default)]
pub(super) struct Dag {
    /// Parents before children; only what is whole.
    sequence: Vec<StatementId>,
    /// Of what is not whole, the missing ancestor with the lowest id.
    missing: BTreeMap<StatementId, StatementId>,
    places: BTreeMap<StatementId, Place>,
    /// How many are weighty.
    weighty: usize,
}

/// Where a statement stands. Of past and future only the weighty statements are kept.
#[derive(Clone, PartialEq, Eq, Default)]
struct Place {
    /// How many statements lie before it on the longest way.
    depth: usize,
    bit: Option<usize>,
    past: Known,
    future: Known,
}

/// A statement's place in an order of all: its depth, then its time, then its id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Rank(usize, Hlc, StatementId);

/// A set of weighty statements.
#[derive(Clone, PartialEq, Eq, Default)]
pub(super) struct Known(Vec<u64>);

impl Dag {
    pub(super) fn of(statements: &Statements) -> Self {
        let mut dag = Self::default();
        let sequence = parents_first(statements);
        for id in sequence {
            let Some(statement) = statements.get(&id) else {
                continue;
            };
            match dag.first_missing(statement) {
                Some(missing) => {
                    dag.missing.insert(id, missing);
                }
                None => dag.place(statement),
            }
        }
        dag.look_back(statements);
        dag
    }

    /// What is whole: held with all its ancestors. Parents before children.
    pub(super) fn whole(&self) -> &[StatementId] {
        &self.sequence
    }

    /// What each statement that is not whole waits for.
    pub(super) const fn missing(&self) -> &BTreeMap<StatementId, StatementId> {
        &self.missing
    }

    /// Whether `later` knew `earlier`, of which one at least is weighty.
    pub(super) fn is_before(&self, earlier: StatementId, later: StatementId) -> bool {
        let (Some(from), Some(to)) = (self.places.get(&earlier), self.places.get(&later))
        else {
            return false;
        };
        match (from.bit, to.bit) {
            (Some(bit), _) => to.past.has(bit),
            (None, Some(bit)) => from.future.has(bit),
            (None, None) => false,
        }
    }

    /// An order in which a statement comes after all that it knew, and which no clock can
    /// break.
    pub(super) fn rank(&self, statement: &Statement) -> Rank {
        let depth = self.places.get(&statement.id()).map_or(0, |it| it.depth);
        Rank(depth, statement.at(), statement.id())
    }

    /// What a statement knew, without itself.
    pub(super) fn past(&self, id: StatementId) -> Known {
        self.places
            .get(&id)
            .map_or_else(Known::default, |it| it.past.clone())
    }

    /// What somebody knew who knew these; or the first of them, or of their ancestors, that
    /// is missing.
    pub(super) fn known<'a>(
        &self,
        heads: impl IntoIterator<Item = &'a StatementId>,
    ) -> Result<Known, StatementId> {
        let mut known = Known::default();
        for head in heads {
            let Some(place) = self.places.get(head) else {
                return Err(*self.missing.get(head).unwrap_or(head));
            };
            known.join(&place.past);
            known.add(place.bit);
        }
        Ok(known)
    }

    /// Whether a way leads from one of `heads` back to a statement that need not be weighty.
    pub(super) fn leads(
        &self,
        statements: &Statements,
        heads: &BTreeSet<StatementId>,
        to: StatementId,
    ) -> bool {
        let depth_of = |it: &StatementId| self.places.get(it).map(|it| it.depth);
        let Some(depth) = depth_of(&to) else {
            return false;
        };
        let mut open: Vec<_> = heads.iter().copied().collect();
        let mut seen = BTreeSet::new();
        while let Some(id) = open.pop() {
            if id == to {
                return true;
            }
            let deeper = depth_of(&id).is_some_and(|it| it > depth);
            if deeper && seen.insert(id) {
                let parents = statements.get(&id).map(Statement::parents);
                open.extend(parents.into_iter().flatten());
            }
        }
        false
    }

    /// What somebody knows who knows all that is whole.
    pub(super) fn everything(&self) -> Known {
        Known(vec![u64::MAX; self.weighty.div_ceil(64)])
    }

    pub(super) fn knows(&self, known: &Known, id: StatementId) -> bool {
        let bit = self.places.get(&id).and_then(|it| it.bit);
        bit.is_some_and(|it| known.has(it))
    }

    /// What is whole and followed by nothing else that `accepted` lets in with all that it
    /// follows.
    pub(super) fn heads(
        &self,
        statements: &Statements,
        accepted: impl Fn(&Statement) -> bool,
    ) -> BTreeSet<StatementId> {
        let mut taken = BTreeSet::new();
        let mut heads = BTreeSet::new();
        for statement in self.sequence.iter().filter_map(|it| statements.get(it)) {
            let parents = statement.parents();
            if accepted(statement) && parents.is_subset(&taken) {
                heads.retain(|it| !parents.contains(it));
                heads.insert(statement.id());
                taken.insert(statement.id());
            }
        }
        heads
    }

    /// Those of `heads` that between them know all that any of them knows of these
    /// statements: the ones that know most of them first, and no more than it takes.
    pub(super) fn knowing(
        &self,
        heads: &[StatementId],
        these: impl Iterator<Item = StatementId>,
    ) -> BTreeSet<StatementId> {
        let mut wanted = Known::default();
        for id in these {
            wanted.add(self.places.get(&id).and_then(|it| it.bit));
        }
        let known = |head| Some(self.known([head]).ok()?.and(&wanted));
        let all = heads.iter().filter_map(|it| Some((known(it)?, *it)));
        let mut all: Vec<_> = all.collect();
        all.sort_by_key(|(known, id)| (Reverse(known.len()), *id));
        let (mut knowing, mut together) = (BTreeSet::new(), Known::default());
        for (known, id) in all {
            if known.and(&together) != known {
                together.join(&known);
                knowing.insert(id);
            }
        }
        knowing
    }

    fn first_missing(&self, statement: &Statement) -> Option<StatementId> {
        let parents = statement.parents().iter();
        let missing = parents.filter(|it| !self.places.contains_key(*it));
        missing.map(|it| *self.missing.get(it).unwrap_or(it)).min()
    }

    fn place(&mut self, statement: &Statement) {
        let mut place = Place::default();
        if statement.body().is_weighty() {
            place.bit = Some(self.weighty);
            self.weighty += 1;
        }
        for parent in statement
            .parents()
            .iter()
            .filter_map(|it| self.places.get(it))
        {
            place.past.join(&parent.past);
            place.past.add(parent.bit);
            place.depth = place.depth.max(parent.depth + 1);
        }
        self.sequence.push(statement.id());
        self.places.insert(statement.id(), place);
    }

    /// Tells every statement what came to know of it.
    fn look_back(&mut self, statements: &Statements) {
        for id in self.sequence.iter().rev() {
            let Some(place) = self.places.get(id) else {
                continue;
            };
            let mut told = place.future.clone();
            told.add(place.bit);
            for parent in statements.get(id).into_iter().flat_map(Statement::parents) {
                if let Some(parent) = self.places.get_mut(parent) {
                    parent.future.join(&told);
                }
            }
        }
    }
}

impl Known {
    fn has(&self, bit: usize) -> bool {
        self.0
            .get(bit / 64)
            .is_some_and(|it| it >> (bit % 64) & 1 == 1)
    }

    fn add(&mut self, bit: Option<usize>) {
        let Some(bit) = bit else { return };
        if self.0.len() <= bit / 64 {
            self.0.resize(bit / 64 + 1, 0);
        }
        if let Some(word) = self.0.get_mut(bit / 64) {
            *word |= 1 << (bit % 64);
        }
    }

    /// What is in both.
    fn and(&self, other: &Self) -> Self {
        let both = (0..self.0.len()).map(|at| {
            let word = |it: &Self| it.0.get(at).copied().unwrap_or(0);
            word(self) & word(other)
        });
        Self(both.collect())
    }

    fn len(&self) -> u32 {
        self.0.iter().map(|it| it.count_ones()).sum()
    }

    fn join(&mut self, other: &Self) {
        if self.0.len() < other.0.len() {
            self.0.resize(other.0.len(), 0);
        }
        for (word, more) in self.0.iter_mut().zip(&other.0) {
            *word |= more;
        }
    }
}

/// All statements that are held, each after those of its parents that are held.
fn parents_first(statements: &Statements) -> Vec<StatementId> {
    let mut children: BTreeMap<StatementId, Vec<StatementId>> = BTreeMap::new();
    let mut open: BTreeMap<StatementId, usize> = BTreeMap::new();
    let mut sequence = Vec::new();
    for (id, statement) in statements {
        let held = statement.parents().iter();
        let held: Vec<_> = held.filter(|it| statements.contains_key(*it)).collect();
        for parent in &held {
            children.entry(**parent).or_default().push(*id);
        }
        if held.is_empty() {
            sequence.push(*id);
        } else {
            open.insert(*id, held.len());
        }
    }
    let mut next = 0;
    while let Some(id) = sequence.get(next).copied() {
        next += 1;
        for child in children.remove(&id).unwrap_or_default() {
            if let Some(left) = open.get_mut(&child) {
                *left -= 1;
                if *left == 0 {
                    sequence.push(child);
                }
            }
        }
    }
    sequence
}
