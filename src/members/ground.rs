//! What the rules stand on: the statements that are held, their order, which of them stand,
//! and who had which right at which point.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Body, Certificate, CompartmentName, Grant, Newcomer, Statement, Void,
    dag::{Dag, Known, Rank, Statements},
    verdict::Judgement,
};
use crate::{
    chart::who::Role,
    ids::{DeviceId, DocId, SessionId, StatementId, UserId},
    seal::{CarryPublic, PublicKey, names},
};

/// Certificates by id.
pub(super) type Certificates = BTreeMap<SessionId, Certificate>;

/// Statements, their order and what became of each.
#[derive(Clone, PartialEq, Eq, Default)]
pub(super) struct Ground {
    pub(super) statements: Statements,
    pub(super) certificates: Certificates,
    pub(super) dag: Dag,
    pub(super) verdicts: BTreeMap<StatementId, Judgement>,
    pub(super) about: About,
}

/// Whole statements by what they are about.
#[derive(Clone, PartialEq, Eq, Default)]
pub(super) struct About {
    pub(super) admissions: BTreeMap<UserId, Vec<StatementId>>,
    pub(super) roles: BTreeMap<UserId, Vec<StatementId>>,
    pub(super) removals: BTreeMap<UserId, Vec<StatementId>>,
    pub(super) enrolments: BTreeMap<DeviceId, Vec<StatementId>>,
    pub(super) revocations: BTreeMap<DeviceId, Vec<StatementId>>,
    pub(super) epochs: BTreeMap<CompartmentName, Vec<StatementId>>,
    pub(super) carriers: BTreeMap<CarryPublic, Vec<StatementId>>,
    pub(super) wraps: BTreeMap<StatementId, Vec<StatementId>>,
    /// Grants by whom they are for, by where these are met, and by what they open.
    pub(super) granted_to: BTreeMap<PublicKey, Vec<StatementId>>,
    pub(super) granted_at: BTreeMap<PublicKey, Vec<StatementId>>,
    pub(super) shared: BTreeMap<DocId, Vec<StatementId>>,
    /// What ends each grant, and what gives its keys.
    pub(super) revoked: BTreeMap<StatementId, Vec<StatementId>>,
    pub(super) given: BTreeMap<StatementId, Vec<StatementId>>,
}

/// What a right is asked of: the point at which something was said or written.
pub(super) struct Point {
    /// What was known there.
    pub(super) known: Known,
    /// The statement that was made there. Unlike what is written in charts it is beaten by
    /// removals that do not know of it.
    pub(super) statement: Option<StatementId>,
}

impl About {
    pub(super) fn of(statements: &Statements, dag: &Dag) -> Self {
        let mut about = Self::default();
        for statement in dag.whole().iter().filter_map(|it| statements.get(it)) {
            about.note(statement);
        }
        about
    }

    fn note(&mut self, statement: &Statement) {
        let (id, body) = (statement.id(), statement.body());
        if let Some((newcomer, _)) = body.admits() {
            self.admissions.entry(newcomer.user).or_default().push(id);
            self.carriers.entry(newcomer.carry).or_default().push(id);
        }
        if let Some((user, _)) = body.gives() {
            self.roles.entry(user).or_default().push(id);
        }
        if let Some(user) = body.removes() {
            self.removals.entry(user).or_default().push(id);
        }
        if let Body::DeviceEnrolled(device) = body {
            self.enrolments.entry(device.device()).or_default().push(id);
        }
        if let Body::DeviceRevoked(device, _) = body {
            self.revocations.entry(*device).or_default().push(id);
        }
        if let Body::Epoch(epoch) = body {
            self.epochs
                .entry(epoch.compartment.clone())
                .or_default()
                .push(id);
        }
        if let Body::Wrap { epoch, .. } = body {
            self.wraps.entry(*epoch).or_default().push(id);
        }
        if let Body::Grant(grant) = body {
            self.note_grant(id, grant);
        }
        if let Body::GrantRevoked(grant, _) = body {
            self.revoked.entry(*grant).or_default().push(id);
        }
        if let Body::GrantKeys(keys) = body {
            self.given.entry(keys.grant).or_default().push(id);
        }
    }

    fn note_grant(&mut self, id: StatementId, grant: &Grant) {
        self.granted_to.entry(grant.key).or_default().push(id);
        for endpoint in grant.machines.values().collect::<BTreeSet<_>>() {
            self.granted_at.entry(*endpoint).or_default().push(id);
        }
        for doc in grant.scope() {
            self.shared.entry(doc).or_default().push(id);
        }
    }
}

/// The statements in `about` one thing.
pub(super) fn of<'a, K: Ord>(
    about: &'a BTreeMap<K, Vec<StatementId>>,
    thing: &K,
) -> impl Iterator<Item = StatementId> + use<'a, K> {
    about.get(thing).into_iter().flatten().copied()
}

impl Ground {
    pub(super) fn body(&self, id: StatementId) -> Option<&Body> {
        self.statements.get(&id).map(Statement::body)
    }

    pub(super) fn stands(&self, id: StatementId) -> bool {
        self.verdicts.get(&id) == Some(&Judgement::Counts)
    }

    pub(super) fn rank(&self, id: StatementId) -> Option<Rank> {
        self.statements.get(&id).map(|it| self.dag.rank(it))
    }

    /// The point at which a statement was made.
    pub(super) fn point(&self, statement: &Statement) -> Point {
        Point {
            known: self.dag.past(statement.id()),
            statement: Some(statement.id()),
        }
    }

    /// That the user with this key belonged there.
    pub(super) fn is_member(
        &self,
        user: UserId,
        key: &PublicKey,
        point: &Point,
    ) -> Result<(), Void> {
        let admissions = self.admissions(user, key, &point.known);
        if admissions.is_empty() {
            return Err(Void::Stranger);
        }
        let removals = of(&self.about.removals, &user);
        let mut removals = removals.filter(|it| self.stands(*it));
        match removals.find(|removal| {
            self.beats(*removal, point)
                && !admissions.iter().any(|it| self.reopens(*it, *removal))
        }) {
            Some(by) => Err(Void::Removed { by }),
            None => Ok(()),
        }
    }

    /// The removals that cut off what the user wrote with this key, for somebody who knew
    /// this: those after which the key did not come.
    pub(super) fn removals(
        &self,
        user: UserId,
        key: &PublicKey,
        known: &Known,
    ) -> Vec<StatementId> {
        let admissions = self.admissions(user, key, known);
        of(&self.about.removals, &user)
            .filter(|removal| !admissions.iter().any(|it| self.reopens(*it, *removal)))
            .collect()
    }

    fn admissions(
        &self,
        user: UserId,
        key: &PublicKey,
        known: &Known,
    ) -> Vec<StatementId> {
        of(&self.about.admissions, &user)
            .filter(|it| self.dag.knows(known, *it))
            .filter(|it| self.stands(*it) && self.admits(*it, key))
            .collect()
    }

    /// That the user with this key belonged there, as an owner: by a key that the root let
    /// in.
    pub(super) fn is_owner(
        &self,
        user: UserId,
        key: &PublicKey,
        point: &Point,
    ) -> Result<(), Void> {
        self.is_member(user, key, point)?;
        let admissions = self.admissions(user, key, &point.known);
        let by_root = admissions.iter().any(|it| self.makes_owner(*it, key));
        if !by_root || self.role_at(user, &point.known) != Some(Role::Owner) {
            return Err(Void::Role);
        }
        let roles = of(&self.about.roles, &user);
        let mut demotions = roles.filter(|it| {
            let role = self.body(*it).and_then(Body::gives);
            role.is_some_and(|(_, role)| role != Role::Owner)
        });
        match demotions.find(|it| {
            let later = !self.dag.knows(&point.known, *it);
            later && self.stands(*it) && self.beats(*it, point)
        }) {
            Some(by) => Err(Void::Removed { by }),
            None => Ok(()),
        }
    }

    /// That the machine with this key belonged there.
    pub(super) fn is_enrolled(&self, key: &PublicKey, point: &Point) -> Result<(), Void> {
        let device = names::device_id(key);
        let mut enrolments = of(&self.about.enrolments, &device);
        if !enrolments.any(|it| self.dag.knows(&point.known, it) && self.stands(it)) {
            return Err(Void::Stranger);
        }
        let mut revocations = of(&self.about.revocations, &device);
        match revocations.find(|it| self.stands(*it) && self.beats(*it, point)) {
            Some(by) => Err(Void::Removed { by }),
            None => Ok(()),
        }
    }

    /// The role that a user had for somebody who knew this: of what was said last, and where
    /// that was said twice apart, the one with fewer rights.
    pub(super) fn role_at(&self, user: UserId, known: &Known) -> Option<Role> {
        let given: Vec<_> = of(&self.about.roles, &user)
            .filter(|it| self.dag.knows(known, *it) && self.stands(*it))
            .collect();
        let is_last = |it: &&StatementId| {
            !given.iter().any(|later| self.dag.is_before(**it, *later))
        };
        let last = given.iter().filter(is_last);
        last.filter_map(|it| self.body(*it)?.gives())
            .map(|(_, role)| role)
            .max_by_key(|it| it.byte())
    }

    /// Whether `admission` lets the user in again after `removal`: it follows it, and the
    /// key was not used before.
    pub(super) fn reopens(&self, admission: StatementId, removal: StatementId) -> bool {
        let Some((newcomer, _)) = self.body(admission).and_then(Body::admits) else {
            return false;
        };
        let key = &newcomer.key;
        let mut before = of(&self.about.admissions, &newcomer.user).filter(|it| {
            self.dag.is_before(*it, admission) && !self.dag.is_before(removal, *it)
        });
        self.dag.is_before(removal, admission) && !before.any(|it| self.admits(it, key))
    }

    pub(super) fn admits(&self, admission: StatementId, key: &PublicKey) -> bool {
        let newcomer = self.newcomer(admission);
        newcomer.is_some_and(|it| it.key == *key)
    }

    pub(super) fn makes_owner(&self, admission: StatementId, key: &PublicKey) -> bool {
        let admits = self.body(admission).and_then(Body::admits);
        admits.is_some_and(|(newcomer, role)| role == Role::Owner && newcomer.key == *key)
    }

    pub(super) fn newcomer(&self, admission: StatementId) -> Option<&Newcomer> {
        let (newcomer, _) = self.body(admission)?.admits()?;
        Some(newcomer)
    }

    /// Whether a removal takes effect at this point: known there, or unaware of a statement
    /// made there. What a removal knew of stands.
    fn beats(&self, removal: StatementId, point: &Point) -> bool {
        if self.dag.knows(&point.known, removal) {
            return true;
        }
        let statement = point.statement.filter(|it| *it != removal);
        statement.is_some_and(|it| !self.dag.is_before(it, removal))
    }
}
