//! Catching up: which documents were changed by what is in the ledger and not yet in the
//! index, after a crash, after a cache was thrown away, or when envelopes came from
//! elsewhere. It reads headers and verifies runs, and needs no key; documents are made from
//! the index when somebody reads them.

use std::collections::BTreeSet;

use super::{Clinic, Error, desk::Desk};
use crate::{
    ids::{DocId, Hash, SessionId},
    ledger::{Chain, Entry, Header, Kind, Lane, Place, Stub, verify_run},
    seal::PublicKey,
    store::{self, CacheBatch, Indexed, Store},
};

/// Envelopes that are indexed between two writings of the cache, when somebody waits.
pub(super) const ENVELOPES_AT_ONCE: usize = 1_024;
/// The same when nobody waits: less than 10 ms of work, for which the desk is held.
pub(super) const ENVELOPES_IN_PORTION: usize = 128;

/// An envelope on its way into the index.
struct Coming {
    place: Place,
    /// The document that it changes.
    doc: Option<DocId>,
    /// What is chained and signed; none where it cannot be read.
    stub: Option<Stub>,
}

impl Clinic {
    /// Takes some of what the ledger holds into the index of documents; true while there is
    /// more. Needs nobody signed in.
    pub fn index_some(&self) -> Result<bool, Error> {
        let mut desk = self.desk();
        if !desk.pending.is_empty() {
            // Whoever wrote that brings it in.
            return Ok(false);
        }
        for lane in Desk::LANES {
            if self.index_portion(&mut desk, lane, ENVELOPES_IN_PORTION)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Takes so much of a lane at most; true while there may be more.
    pub(super) fn index_portion(
        &self,
        desk: &mut Desk,
        lane: Lane,
        len_max: usize,
    ) -> Result<bool, Error> {
        if !desk.behind.contains(&lane) {
            return Ok(false);
        }
        let coming = self.coming(lane, len_max)?;
        let verified = self.verified(&coming);
        let mut batch = CacheBatch::new(&mut *desk.entropy);
        let mut came = Vec::new();
        for (coming, verified) in coming.iter().zip(&verified) {
            let envelope = Indexed {
                place: coming.place,
                verified: *verified,
            };
            batch.applied_after_gap(envelope, coming.doc);
            came.extend(coming.doc);
        }
        self.store.cache_write(&batch)?;
        drop(batch);
        desk.found_damage |= coming.iter().any(|it| it.stub.is_none());
        desk.has_come(came);
        if coming.len() >= len_max {
            return Ok(true);
        }
        desk.behind.remove(&lane);
        self.offer_again(desk)?;
        Ok(false)
    }

    /// Makes documents stale again that wait for something, where a statement or certificate
    /// came since that was done; or something else, where that may be up to where somebody
    /// was cut off.
    fn offer_again(&self, desk: &mut Desk) -> Result<(), Error> {
        let mut frontier = self.store.frontier()?;
        let cuts_off = self.known().cut_offs() != Hash::ZERO;
        frontier.retain(|(_, lane), _| {
            *lane == Lane::Membership || cuts_off && Desk::LANES.contains(lane)
        });
        if frontier != desk.offered_at {
            let mut batch = CacheBatch::new(&mut *desk.entropy);
            batch.offer_all_again();
            self.store.cache_write(&batch)?;
            desk.offered_at = frontier;
        }
        Ok(())
    }

    /// What could not be read is there again: documents that lack it are stale.
    pub(super) fn mended(
        &self,
        desk: &mut Desk,
        places: impl Iterator<Item = Place>,
    ) -> Result<(), Error> {
        let store = &self.store;
        let applied = store.applied()?;
        let was_said =
            |it: &Place| applied.get(&it.run()).is_some_and(|end| it.seq <= *end);
        let mut batch = CacheBatch::new(&mut *desk.entropy);
        for place in places.filter(was_said) {
            let bytes = store.envelope(place)?.unwrap_or_default();
            let Some(doc) = Coming::read(store, place, &bytes).doc else {
                continue;
            };
            if store.of_doc(doc)?.iter().any(|it| it.place == place) {
                batch.offer_again(doc);
            } else {
                batch.came_late(place, doc);
            }
        }
        Ok(store.cache_write(&batch)?)
    }

    /// Whether the ledger holds something for the index.
    pub(super) fn lacks_something(&self) -> Result<bool, Error> {
        let applied = self.store.applied()?;
        let frontier = self.store.frontier()?;
        let mut runs = frontier
            .iter()
            .filter(|(run, _)| Desk::LANES.contains(&run.1));
        Ok(runs.any(|(run, (end, _))| applied.get(run) != Some(end)))
    }

    /// The next envelopes of a lane that are not in the index, about so many.
    fn coming(&self, lane: Lane, len_max: usize) -> Result<Vec<Coming>, Error> {
        let store = &self.store;
        let applied = store.applied()?;
        let mut coming = Vec::new();
        for (run, (end, _)) in store.frontier()? {
            let known = applied.get(&run).copied().unwrap_or(0);
            let mut next = Place {
                log: run.0,
                lane,
                seq: known + 1,
            };
            while run.1 == lane && next.seq <= end && coming.len() < len_max {
                let some = match store.envelopes(next) {
                    Ok(some) => some,
                    Err(store::Error::Damaged { .. }) => vec![(next.seq, Vec::new())],
                    Err(error) => return Err(error.into()),
                };
                if some.is_empty() {
                    break;
                }
                for (seq, bytes) in some {
                    let place = Place { seq, ..next };
                    coming.push(Coming::read(store, place, &bytes));
                    next.seq = seq + 1;
                }
            }
        }
        Ok(coming)
    }

    /// Of which of these the signature is verified: with its run where that is whole. The
    /// others are verified when they are read.
    fn verified(&self, coming: &[Coming]) -> Vec<bool> {
        let mut verified = Vec::with_capacity(coming.len());
        let follows = |one: &Coming, next: &Coming| {
            let same_run = one.place.run() == next.place.run();
            let adjoins = same_run && one.place.seq + 1 == next.place.seq;
            adjoins && one.stub.is_some() && next.stub.is_some()
        };
        for run in coming.chunk_by(follows) {
            let stubs: Vec<Stub> = run.iter().filter_map(|it| it.stub).collect();
            let unanswered = self.unanswered(&stubs);
            verified.extend(run.iter().map(|it| {
                let (stub, unanswered) = (it.stub.as_ref(), unanswered.as_ref());
                stub.zip(unanswered)
                    .is_some_and(|(it, all)| !all.contains(&it.header.session))
            }));
        }
        verified
    }

    /// The sessions of a run that nobody answers for yet; none where the run is not whole.
    fn unanswered(&self, run: &[Stub]) -> Option<BTreeSet<SessionId>> {
        let Header {
            log,
            lane,
            doc,
            seq,
            prev,
            ..
        } = run.first()?.header;
        let before = Chain::known(log, lane, seq.checked_sub(1)?, prev);
        let key_of = |session| -> Option<PublicKey> {
            let signing = self.known().signing(&self.store, session).ok()??;
            signing.writes(log, doc).then_some(signing.key)
        };
        let verified = verify_run(before, run.iter().copied(), key_of);
        verified.ok().map(|(_, unanswered)| unanswered)
    }
}

impl Coming {
    fn read(store: &Store, place: Place, bytes: &[u8]) -> Self {
        let header = Header::decode(bytes).ok().map(|(header, _)| header);
        let stands = |it: &Header| store.is_at(place, it);
        let changes = header.filter(|it| stands(it) && it.kind == Kind::Change);
        let entry = Entry::decode(bytes).ok().filter(|it| stands(it.header()));
        Self {
            place,
            doc: changes.map(|it| it.doc),
            stub: entry.map(|it| it.stub()),
        }
    }
}
