//! Branches of forked logs: which of a log's envelopes stand under which name.

use std::collections::{BTreeMap, BTreeSet};

use redb::{ReadTransaction, WriteTransaction};

use super::{
    Error, NewEnvelope,
    database::Fault,
    envelopes::{ENVELOPES, Runs, run_of},
    place::{Key as _, Run},
};
use crate::{
    ids::{Hash, LogId},
    ledger::{Entry, Header, Lane, Place},
};

/// A branch that begins: a log of its own from where it parts from another one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Branch {
    /// Its name.
    pub log: LogId,
    /// Where it parts: its first envelope has this number, in this lane, and follows what
    /// stands before it in this log.
    pub from: Place,
    /// The hash of what stands there before.
    pub before: Hash,
    /// Whether it is what stands there and behind now; it begins without envelopes otherwise.
    pub tail: bool,
}

/// A chain that is kept under one name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stretch {
    /// The number of its first envelope.
    pub first: u64,
    /// The number of its last envelope.
    pub last: u64,
    /// The hash of its last envelope.
    pub hash: Hash,
    /// The log that its headers name.
    pub origin: LogId,
}

/// The logs that branches were before they parted, by the names of the branches.
pub(super) type Origins = BTreeMap<LogId, LogId>;

/// Rows that get another name.
pub(super) struct Move {
    from: Place,
    last: u64,
    to: LogId,
    readable: Vec<u64>,
}

/// Whether an envelope with this header stands in this place.
pub(super) fn is_at(origins: &Origins, place: Place, header: &Header) -> bool {
    let log = origins.get(&place.log).copied().unwrap_or(place.log);
    Place { log, ..place } == Place::of(header)
}

pub(super) fn origins(runs: &Runs) -> Origins {
    let branches = runs.iter().filter(|(_, run)| run.origin != LogId::ZERO);
    branches.map(|((log, _), run)| (*log, run.origin)).collect()
}

/// What is held of the lanes that a branch begins in, once it has begun, and what is to be
/// moved for it.
pub(super) fn part(
    txn: &ReadTransaction,
    branch: &Branch,
    runs: &mut Runs,
) -> Result<Option<Move>, Fault> {
    let Branch {
        log, from, before, ..
    } = *branch;
    let trunk = match runs.get(&from.run()) {
        Some(run) => *run,
        None => run_of(txn, from)?,
    };
    let begun = Run {
        last: from.seq.saturating_sub(1),
        hash: before,
        first: from.seq,
        count: 0,
        origin: origin(from.log, trunk.origin),
    };
    if from.seq < trunk.first || from.seq > trunk.last {
        return Err(Error::Misplaced { place: from }.into());
    }
    if !branch.tail {
        runs.insert((log, from.lane), begun);
        return Ok(None);
    }
    let (mut rows, mut readable) = (0, Vec::new());
    for seq in from.seq..=trunk.last {
        match ENVELOPES.get(txn, &Place { seq, ..from }.key()) {
            Ok(None) => {}
            Ok(Some(_)) => {
                readable.push(seq);
                rows += 1;
            }
            // A damaged row has no other name; it is a hole from here on.
            Err(Fault::Ours(_)) => rows += 1,
            Err(error) => return Err(error),
        }
    }
    let shortened = Run {
        last: begun.last,
        hash: before,
        count: trunk.count.saturating_sub(rows),
        ..trunk
    };
    runs.insert(from.run(), shortened);
    if let Some(last) = readable.last().copied() {
        let whole = last == trunk.last;
        let hash = if whole {
            Some(trunk.hash)
        } else {
            hash_in(txn, from, last)?
        };
        let count = readable.len() as u64;
        let moved = Run {
            last,
            hash: hash.unwrap_or(Hash::ZERO),
            count,
            ..begun
        };
        runs.insert((log, from.lane), moved);
    }
    Ok(Some(Move {
        from,
        last: trunk.last,
        to: log,
        readable,
    }))
}

impl Move {
    pub(super) fn write(&self, txn: &WriteTransaction) -> Result<(), Fault> {
        let mut rows = ENVELOPES.write(txn)?;
        for seq in &self.readable {
            let place = Place {
                seq: *seq,
                ..self.from
            };
            if let Some(bytes) = rows.get(&place.key())? {
                let log = self.to;
                rows.put(&Place { log, ..place }.key(), &bytes)?;
            }
        }
        let last = Place {
            seq: self.last,
            ..self.from
        };
        rows.remove_range(&self.from.key(), &last.key())
    }
}

/// Those of `envelopes` in whose place nothing can be read, and what is held of their lanes
/// with them; an error where one is not from a lane that is held.
pub(super) fn lost<'a, 'b>(
    txn: &ReadTransaction,
    envelopes: &'b [NewEnvelope<'a>],
) -> Result<(Vec<&'b NewEnvelope<'a>>, Runs), Fault> {
    let mut runs = Runs::new();
    let mut lost = Vec::new();
    for envelope in envelopes {
        let place = envelope.place;
        let run = match runs.get(&place.run()) {
            Some(run) => *run,
            None => run_of(txn, place)?,
        };
        if place.seq < run.first || place.seq > run.last {
            return Err(Error::Misplaced { place }.into());
        }
        let row = match ENVELOPES.get(txn, &place.key()) {
            Ok(Some(_)) => continue,
            Err(Fault::Ours(_)) => true,
            read => read?.is_some(),
        };
        let counted = row || run.is_whole();
        let count = run.count + u64::from(!counted);
        runs.insert(place.run(), Run { count, ..run });
        lost.push(envelope);
    }
    Ok((lost, runs))
}

/// The places in lanes that are not whole where nothing stands.
pub(super) fn holes(
    txn: &ReadTransaction,
    runs: &Runs,
) -> Result<BTreeSet<Place>, Fault> {
    let mut holes = BTreeSet::new();
    for (&(log, lane), run) in runs.iter().filter(|(_, run)| !run.is_whole()) {
        for seq in run.first..=run.last {
            let place = Place { log, lane, seq };
            match ENVELOPES.get(txn, &place.key()) {
                Ok(Some(_)) => {}
                Ok(None) | Err(Fault::Ours(_)) => drop(holes.insert(place)),
                Err(error) => return Err(error),
            }
        }
    }
    Ok(holes)
}

fn hash_in(txn: &ReadTransaction, from: Place, seq: u64) -> Result<Option<Hash>, Fault> {
    let bytes = ENVELOPES.get(txn, &Place { seq, ..from }.key())?;
    let entry = bytes.and_then(|it| Entry::decode(&it).ok());
    Ok(entry.map(|it| it.stub().hash()))
}

/// The log that the headers name in a log whose row says this.
fn origin(log: LogId, kept: LogId) -> LogId {
    if kept == LogId::ZERO { log } else { kept }
}

/// The lanes of `runs` as the store's users know them.
pub(super) fn stretches(runs: Runs) -> BTreeMap<(LogId, Lane), Stretch> {
    let runs = runs.into_iter();
    let stretches = runs.map(|(name, run)| {
        let stretch = Stretch {
            first: run.first,
            last: run.last,
            hash: run.hash,
            origin: origin(name.0, run.origin),
        };
        (name, stretch)
    });
    stretches.collect()
}
