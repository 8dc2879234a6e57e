//! What other machines are given: how far the logs reach here, and what stands in them.

use std::collections::{BTreeMap, BTreeSet};

use super::{Clinic, Error, branches};
use crate::{
    ids::{DocId, Hash},
    ledger::{DocRun, Frontier, Place, ScopedFrontier},
    store,
};

impl Clinic {
    /// How far each log reaches here.
    pub fn frontier(&self) -> Result<Frontier, Error> {
        Ok(self.store.frontier()?)
    }

    /// The encoded envelopes of a run from this place on, in order, up to so many bytes but
    /// for one more. What is missing or damaged ends it.
    pub fn read_run(&self, from: Place, bytes_max: usize) -> Result<Vec<Vec<u8>>, Error> {
        let mut found: Vec<Vec<u8>> = Vec::new();
        let mut bytes_left = bytes_max;
        let mut next = from;
        loop {
            let chunk = match self.store.envelopes(next) {
                Err(store::Error::Damaged { .. }) => break,
                read => read?,
            };
            if chunk.is_empty() {
                break;
            }
            for (seq, bytes) in chunk {
                let is_gap = !found.is_empty() && seq != next.seq;
                if is_gap || (bytes_left < bytes.len() && !found.is_empty()) {
                    return Ok(found);
                }
                bytes_left = bytes_left.saturating_sub(bytes.len());
                found.push(bytes);
                next.seq = seq.saturating_add(1);
            }
        }
        Ok(found)
    }

    /// How far these documents reach here in each log, as far as they are in the index.
    pub fn scoped_frontier(
        &self,
        docs: &BTreeSet<DocId>,
    ) -> Result<ScopedFrontier, Error> {
        let mut ends: BTreeMap<DocRun, Place> = BTreeMap::new();
        for doc in docs {
            for indexed in self.store.of_doc(*doc)? {
                let end = ends.entry((*doc, indexed.place.log));
                let end = end.or_insert(indexed.place);
                *end = (*end).max(indexed.place);
            }
        }
        let mut frontier = ScopedFrontier::new();
        for (run, place) in ends {
            let hash = self.hash_at(place)?;
            frontier.extend(hash.map(|it| (run, (place.seq, it))));
        }
        Ok(frontier)
    }

    /// The encoded envelopes that changed a document in one log from this number on, in
    /// order, up to so many bytes but for one more. What cannot be read is left out.
    pub fn read_scoped(
        &self,
        (doc, log): DocRun,
        from: u64,
        bytes_max: usize,
    ) -> Result<Vec<Vec<u8>>, Error> {
        let places = self.store.of_doc(doc)?.into_iter().map(|it| it.place);
        let mut places: Vec<Place> = places
            .filter(|it| it.log == log && it.seq >= from)
            .collect();
        places.sort_unstable();
        let mut found: Vec<Vec<u8>> = Vec::new();
        let mut bytes_left = bytes_max;
        for place in places {
            let bytes = match self.store.envelope(place) {
                Err(store::Error::Damaged { .. }) => continue,
                read => read?.unwrap_or_default(),
            };
            if bytes_left < bytes.len() && !found.is_empty() {
                break;
            }
            bytes_left = bytes_left.saturating_sub(bytes.len());
            found.push(bytes);
        }
        Ok(found)
    }

    /// The hash of the envelope in this place, if it is held and sound.
    pub fn hash_at(&self, place: Place) -> Result<Option<Hash>, Error> {
        branches::hash_at(&self.store, place)
    }

    /// The places in which something is known to stand that cannot be read here: another
    /// machine may have it.
    pub fn holes(&self) -> Result<BTreeSet<Place>, Error> {
        Ok(self.store.holes()?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        chart::{Part, Subject},
        clinic::intake::testing::{founded, register},
        ledger::Envelope,
    };

    #[test]
    fn of_some_documents_nothing_else_is_told_or_read() {
        let at = founded(1);
        let mut session = at.owner();
        let [grace, rose] = ["Grace", "Rose"].map(|it| register(&mut session, it));
        session.settle().unwrap();
        let identity = |of| {
            let of = Subject::Patient(of);
            session.keyring.doc_id(of, Part::Identity).unwrap()
        };
        let (doc, other) = (identity(grace), identity(rose));
        let nowhere = DocId::from_bytes([9; 16]);
        let log = at.clinic.log();
        let frontier = at.clinic.scoped_frontier(&[doc, nowhere].into()).unwrap();
        let read = |run| at.clinic.read_scoped(run, 1, usize::MAX).unwrap();
        let envelopes = read((doc, log));
        let envelopes: Vec<_> = envelopes
            .iter()
            .map(|it| Envelope::decode(it).unwrap())
            .collect();
        assert!(envelopes.iter().all(|it| it.header.doc == doc));
        let last = envelopes.last().unwrap();
        let end = (last.header.seq, last.hash());
        assert_eq!(frontier, [((doc, log), end)].into());
        assert!(read((nowhere, log)).is_empty());
        assert!(!read((other, log)).is_empty());
        let next = at.clinic.read_scoped((doc, log), end.0 + 1, usize::MAX);
        assert!(next.unwrap().is_empty());
        session.sign_out().unwrap();
    }
}
