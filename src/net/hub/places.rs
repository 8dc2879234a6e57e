//! Where a machine may be. Where it was met is known by its key; what is heard on the network
//! anybody may have said, and takes the place of nothing.

use std::{collections::BTreeSet, net::SocketAddr};

use tokio::sync::watch;

/// Addresses at which a machine was met that are kept.
const MET_MAX: usize = 4;
/// Addresses that are kept of what is heard: those of a machine's network cards.
const HEARD_MAX: usize = 16;

/// The addresses of a machine.
pub(super) struct Places {
    /// As a person said.
    given: Vec<SocketAddr>,
    /// Where it was met, the latest first.
    met: Vec<SocketAddr>,
    /// Where somebody said on the network that it is.
    heard: watch::Sender<BTreeSet<SocketAddr>>,
}

impl Places {
    pub(super) fn new(
        given: Vec<SocketAddr>,
        met: impl IntoIterator<Item = SocketAddr>,
    ) -> Self {
        Self {
            given,
            met: met.into_iter().take(MET_MAX).collect(),
            heard: watch::Sender::default(),
        }
    }

    /// It was met there.
    pub(super) fn met_at(&mut self, addrs: impl IntoIterator<Item = SocketAddr>) {
        let mut met: Vec<_> = addrs.into_iter().take(MET_MAX).collect();
        self.met.retain(|it| !met.contains(it));
        met.append(&mut self.met);
        met.truncate(MET_MAX);
        self.met = met;
    }

    /// Somebody said that it is there, and nowhere else.
    pub(super) fn heard_at(&self, addrs: impl IntoIterator<Item = SocketAddr>) {
        let addrs = addrs.into_iter().take(HEARD_MAX);
        self.heard.send_replace(addrs.collect());
    }

    /// Where it is dialled, whatever is heard.
    pub(super) fn known(&self) -> impl Iterator<Item = SocketAddr> {
        self.given.iter().chain(&self.met).copied()
    }

    /// Whether anything is known of where it is.
    pub(super) fn are_some(&self) -> bool {
        !self.given.is_empty() || !self.met.is_empty() || !self.heard.borrow().is_empty()
    }

    /// Where it is heard to be, from now on.
    pub(super) fn heard(&self) -> watch::Receiver<BTreeSet<SocketAddr>> {
        self.heard.subscribe()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(port: u16) -> SocketAddr {
        SocketAddr::from(([10, 0, 0, 1], port))
    }

    fn known(places: &Places) -> Vec<u16> {
        places.known().map(|it| it.port()).collect()
    }

    #[test]
    fn where_a_machine_was_met_outlives_whatever_is_announced() {
        let mut places = Places::new(vec![at(1)], [at(2)]);
        places.met_at([at(3)]);
        for port in 1_000..9_000 {
            places.heard_at((port..port + 100).map(at));
            assert!(places.heard().borrow().len() <= HEARD_MAX);
        }
        assert_eq!(known(&places), [1, 3, 2]);
    }

    #[test]
    fn the_latest_places_are_kept_once_each_and_what_a_person_said_always() {
        let mut places = Places::new((1..=20).map(at).collect(), (30..40).map(at));
        for port in [50, 51, 50, 52, 53] {
            places.met_at([at(port)]);
        }
        let given: Vec<u16> = (1..=20).collect();
        assert_eq!(known(&places), [given, vec![53, 52, 50, 51]].concat());
        // Met by a relay, it is still where it was.
        places.met_at([]);
        assert_eq!(known(&places).len(), 24);
    }
}
