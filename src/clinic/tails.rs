//! What other machines are given: how far the logs reach here, and what stands in them.

use std::collections::BTreeSet;

use super::{Clinic, Error, branches};
use crate::{
    ids::Hash,
    ledger::{Frontier, Place},
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
