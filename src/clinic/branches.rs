//! Forked logs: under which name each envelope of one is kept. Where a chain goes on in two
//! ways, that whose first envelope has the lowest hash keeps the name, and each other one is a
//! log of its own; so all machines that hold the same envelopes name them alike.

use std::collections::BTreeMap;

use super::Error;
use crate::{
    ids::{Hash, LogId},
    ledger::{Break, Entry, Header, Lane, Place},
    seal::names,
    store::{self, Branch, Store, Stretch},
};

/// The branches of one log that are kept in each lane: those of a machine whose disk is set
/// back every morning for most of a year. One that forks its log without end must not fill
/// what all machines say to each other of how far they have got.
const BRANCHES_MAX: usize = 256;

/// What is held of all logs, with their branches.
pub(super) struct Branches<'a> {
    store: &'a Store,
    stretches: BTreeMap<(LogId, Lane), Stretch>,
}

/// One envelope, as far as it matters for where it stands.
#[derive(Clone, Copy)]
pub(super) struct Link {
    /// Where it says that it stands.
    pub(super) place: Place,
    pub(super) prev: Hash,
    pub(super) hash: Hash,
}

/// Under which name an envelope that is new is kept.
#[derive(Debug, Clone, Copy)]
pub(super) struct Landing {
    pub(super) log: LogId,
    /// The branch that begins with it, or makes room for it.
    pub(super) branch: Option<Branch>,
}

impl<'a> Branches<'a> {
    pub(super) fn read(store: &'a Store) -> Result<Self, Error> {
        let stretches = store.stretches()?;
        Ok(Self { store, stretches })
    }

    /// The name under which this envelope is held, and the number up to which that reaches.
    pub(super) fn holding(&self, link: &Link) -> Result<Option<(LogId, u64)>, Error> {
        let at = link.place;
        for (log, stretch) in self.family(at) {
            let spans = (stretch.first..=stretch.last).contains(&at.seq);
            if spans && self.hash_at(Place { log, ..at })? == Some(link.hash) {
                return Ok(Some((log, stretch.last)));
            }
        }
        Ok(None)
    }

    /// Where an envelope that is not held goes.
    pub(super) fn land(&self, link: &Link) -> Result<Result<Landing, Break>, Error> {
        let Link { place, prev, hash } = *link;
        let Place { log, seq, .. } = place;
        let Some(trunk) = self.trunk(place, prev)? else {
            let ends = self.family(place).map(|(_, it)| it.last);
            let expected = ends.max().unwrap_or(0).saturating_add(1);
            return Ok(Err(if seq > expected {
                Break::Gap { expected, seq }
            } else {
                Break::Fork { seq }
            }));
        };
        let from = Place {
            log: trunk,
            ..place
        };
        let stretch = self.stretches.get(&from.run());
        if stretch.is_none_or(|it| it.last < seq) {
            let branch = None;
            return Ok(Ok(Landing { log: trunk, branch }));
        }
        let Some(held) = self.hash_at(from)? else {
            return Ok(Err(Break::Taken { seq }));
        };
        let tail = hash < held;
        let name = names::fork_log_id(log, if tail { held } else { hash });
        let branch = Branch {
            log: name,
            from,
            before: prev,
            tail,
        };
        Ok(Ok(Landing {
            log: if tail { trunk } else { name },
            branch: Some(branch),
        }))
    }

    /// Whether as many branches are held of a log as are kept.
    pub(super) fn is_crowded(&self, place: Place) -> bool {
        self.family(place).count() > BRANCHES_MAX
    }

    /// The hash of what is held in the place of that name.
    pub(super) fn hash_at(&self, place: Place) -> Result<Option<Hash>, Error> {
        match self.stretches.get(&place.run()) {
            Some(stretch) if stretch.last == place.seq => Ok(Some(stretch.hash)),
            Some(_) => hash_at(self.store, place),
            None => Ok(None),
        }
    }

    /// Whether the entry with this number and hash stands behind what is in `place`, or is
    /// it; nothing where no entry of this number is held there.
    pub(super) fn follows(
        &self,
        place: Place,
        (seq, hash): (u64, Hash),
    ) -> Result<Option<bool>, Error> {
        let origin = self.stretches.get(&place.run()).map(|it| it.origin);
        let log = origin.unwrap_or(place.log);
        let at = Place { log, seq, ..place };
        let link = Link {
            place: at,
            prev: Hash::ZERO,
            hash,
        };
        let Some((mut log, _)) = self.holding(&link)? else {
            let other = self.hash_at(Place { seq, ..place })?;
            return Ok(other.is_some().then_some(false));
        };
        let mut end = seq;
        // Each step goes to an earlier stretch.
        while let Some(stretch) = self.stretches.get(&(log, place.lane)) {
            if log == place.log {
                return Ok(Some(place.seq <= end));
            }
            if stretch.first <= 1 {
                // It begins there, and follows nothing.
                break;
            }
            let first = Place {
                log,
                seq: stretch.first,
                ..place
            };
            let Some(before) = self.before(first)? else {
                break;
            };
            let Some(trunk) = self.trunk(
                Place {
                    log: stretch.origin,
                    ..first
                },
                before,
            )?
            else {
                break;
            };
            (log, end) = (trunk, stretch.first.saturating_sub(1));
        }
        Ok(Some(false))
    }

    /// Whether an entry is not held, by the name of whose log it is known elsewhere, which
    /// may stand behind what is in `place` once it comes.
    pub(super) fn is_awaited(
        &self,
        entry: Place,
        hash: Hash,
        place: Place,
    ) -> Result<bool, Error> {
        let origin_of = |it: Place| self.stretches.get(&it.run()).map(|it| it.origin);
        let log = origin_of(place).unwrap_or(place.log);
        if origin_of(entry).is_some_and(|it| it != log) {
            return Ok(false);
        }
        let link = Link {
            place: Place { log, ..entry },
            prev: Hash::ZERO,
            hash,
        };
        Ok(self.holding(&link)?.is_none())
    }

    /// The hash that the first envelope of a branch follows.
    pub(super) fn before(&self, first: Place) -> Result<Option<Hash>, Error> {
        let header = header_at(self.store, first)?;
        Ok(header.map(|it| it.prev))
    }

    /// The name of the chain in which the envelope stands that this one follows. The first of
    /// a log follows nothing, in the chain of the log's own name.
    pub(super) fn trunk(&self, place: Place, prev: Hash) -> Result<Option<LogId>, Error> {
        let Some(seq) = place.seq.checked_sub(1).filter(|it| *it > 0) else {
            return Ok((prev == Hash::ZERO).then_some(place.log));
        };
        let link = Link {
            place: Place { seq, ..place },
            prev: Hash::ZERO,
            hash: prev,
        };
        Ok(self.holding(&link)?.map(|(log, _)| log))
    }

    /// What is held of a log in a lane: its own chain and those of its branches.
    fn family(&self, place: Place) -> impl Iterator<Item = (LogId, &Stretch)> {
        let Place { log, lane, .. } = place;
        let all = self.stretches.iter();
        all.filter(move |((_, of), it)| *of == lane && it.origin == log)
            .map(|((log, _), it)| (*log, it))
    }
}

/// The hash of the envelope in this place, by itself or by what follows it.
pub(super) fn hash_at(store: &Store, place: Place) -> Result<Option<Hash>, Error> {
    let entry = sound(store.envelope(place))?;
    if let Some(entry) = entry.and_then(|it| Entry::decode(&it).ok()) {
        return Ok(Some(entry.stub().hash()));
    }
    let seq = place.seq.saturating_add(1);
    Ok(header_at(store, Place { seq, ..place })?.map(|it| it.prev))
}

fn header_at(store: &Store, place: Place) -> Result<Option<Header>, Error> {
    let bytes = sound(store.envelope(place))?;
    let header = bytes.and_then(|it| Entry::decode(&it).ok());
    let header = header.map(|it| *it.header());
    Ok(header.filter(|it| store.is_at(place, it)))
}

/// What is damaged is not there.
fn sound<T>(read: Result<Option<T>, store::Error>) -> Result<Option<T>, Error> {
    match read {
        Err(store::Error::Damaged { .. }) => Ok(None),
        read => Ok(read?),
    }
}
