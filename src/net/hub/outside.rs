//! The machines of other clinics that the driver knows: those of whose bearers a card is kept,
//! and those with which something is shared.

use std::collections::{BTreeMap, BTreeSet};

use iroh::EndpointId;

use super::{Hub, peers::Peer};
use crate::{
    clinic::{Acquaintance, Clinic},
    net::who::Who,
};

/// Machines of other clinics that may be here at once: a quarter of the room that there is
/// for handshakes.
const OUTSIDE_MAX: usize = 16;

/// Reads who is known of other clinics; it waits for the disk.
pub(super) fn acquaintances(clinic: &Clinic) -> Vec<Acquaintance> {
    clinic.acquaintances().unwrap_or_else(|error| {
        tracing::warn!(%error, "who is known of other clinics");
        Vec::new()
    })
}

impl Hub {
    /// Keeps those that are known, of `before` or anew.
    pub(super) fn look_outside(
        &mut self,
        known: Vec<Acquaintance>,
        before: &mut BTreeMap<Who, Peer>,
    ) {
        let now = self.began.elapsed();
        let mut clinics = BTreeSet::new();
        for one in known {
            let Ok(endpoint) = EndpointId::from_bytes(one.endpoint.as_bytes()) else {
                continue;
            };
            clinics.extend(one.clinics);
            let (who, met) = (Who::Outside(one.endpoint), one.met);
            let at = met.as_ref().map(|it| it.at);
            let is_news = self.board.change(who, |row| {
                row.last_met = row.last_met.max(at);
                std::mem::replace(&mut row.terms, one.terms) != one.terms
            });
            let held = before.remove(&who);
            let mut peer = held.unwrap_or_else(|| {
                let addrs = met.into_iter().flat_map(|it| it.addrs);
                self.waiting(who, endpoint, addrs)
            });
            if is_news && peer.is_waiting() {
                peer.dialling.wrote(now);
            }
            let is_sought = peer.places.are_some();
            self.board.change(who, |row| row.is_sought = is_sought);
            self.peers.insert(who, peer);
        }
        if let Some(overhearing) = &mut self.overhearing {
            overhearing.of(&self.endpoint, &clinics);
        }
    }

    /// Whether there is no room for one more of this kind.
    pub(super) fn is_crowded(&self, who: Who) -> bool {
        let is_there = |(other, peer): (&Who, &Peer)| {
            matches!(other, Who::Outside(_)) && *other != who && peer.live.is_some()
        };
        matches!(who, Who::Outside(_))
            && self.peers.iter().filter(|it| is_there(*it)).count() >= OUTSIDE_MAX
    }
}
