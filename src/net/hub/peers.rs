//! The machines that the driver knows: who belongs to the clinic, and what is kept of each.

use std::{net::SocketAddr, sync::Arc};

use iroh::{EndpointId, endpoint::Connection};
use tokio::{task::spawn_blocking, time::Instant};

use super::{Hub, outside::acquaintances, places::Places};
use crate::{
    clinic::{Machine, Met},
    net::{
        dialling::{Dialling, salt},
        gate::Closing,
        who::Who,
    },
};

/// Another machine of the clinic, or one of another clinic.
pub(super) struct Peer {
    pub(super) endpoint: EndpointId,
    pub(super) places: Places,
    pub(super) dialling: Dialling,
    pub(super) is_dialled: bool,
    pub(super) live: Option<Live>,
}

/// The connection that is in use with a machine.
pub(super) struct Live {
    pub(super) number: u64,
    pub(super) connection: Connection,
    pub(super) dialled_here: bool,
    pub(super) began: Instant,
}

impl Hub {
    /// Reads who belongs to the clinic; who does not any more is sent away at once.
    pub(super) async fn look_who_belongs(&mut self) {
        let clinic = Arc::clone(&self.clinic);
        let read = spawn_blocking(move || {
            let machines = clinic.machines().into_iter().filter(|it| !it.here);
            let machines = machines
                .map(|it| (it, clinic.peer(it.device).ok().flatten()))
                .collect::<Vec<_>>();
            (machines, acquaintances(&clinic))
        });
        let Ok((machines, known)) = read.await else {
            return;
        };
        let before = std::mem::take(&mut self.peers);
        let mut gone = before;
        for (machine, met) in machines {
            let who = Who::Machine(machine.device);
            let peer = gone.remove(&who);
            self.board.change(machine.device, |row| {
                row.last_met = row.last_met.or(met.as_ref().map(|it| it.at));
                row.belongs(machine.enrolled);
            });
            if let Some(peer) = self.peer(&machine, peer, met) {
                self.peers.insert(who, peer);
            }
        }
        self.look_outside(known, &mut gone);
        for (who, peer) in gone {
            if let Some(live) = peer.live {
                Closing::NotKnownHere.close(&live.connection);
            }
            if matches!(who, Who::Outside(_)) {
                self.board.forget(who);
            }
        }
    }

    /// What is kept of a machine that belongs.
    fn peer(
        &self,
        machine: &Machine,
        held: Option<Peer>,
        met: Option<Met>,
    ) -> Option<Peer> {
        let key = machine.endpoint.filter(|_| machine.enrolled);
        let endpoint = key.and_then(|it| EndpointId::from_bytes(it.as_bytes()).ok());
        let Some(endpoint) = endpoint else {
            if let Some(live) = held.and_then(|it| it.live) {
                Closing::NotKnownHere.close(&live.connection);
            }
            return None;
        };
        if let Some(held) = held {
            if held.endpoint == endpoint {
                return Some(held);
            }
            if let Some(live) = held.live {
                Closing::NotKnownHere.close(&live.connection);
            }
        }
        if let Some(met) = &met {
            let theirs = Arc::new(met.theirs.clone());
            self.board.change(machine.device, |row| row.theirs = theirs);
        }
        let remembered = met.into_iter().flat_map(|it| it.addrs);
        let remembered = remembered.filter_map(|it| it.parse().ok());
        Some(self.waiting(Who::Machine(machine.device), endpoint, remembered))
    }

    /// A machine that is to be dialled soon, or at once where a person said where it is.
    pub(super) fn waiting(
        &self,
        who: Who,
        endpoint: EndpointId,
        remembered: impl Iterator<Item = SocketAddr>,
    ) -> Peer {
        let given = self.known.iter().filter(|(it, _)| *it == who);
        let given: Vec<_> = given.map(|(_, addr)| *addr).collect();
        let salt = salt(self.endpoint.id().as_bytes(), endpoint.as_bytes());
        let dialling = if given.is_empty() {
            Dialling::soon(salt, self.began.elapsed())
        } else {
            Dialling::new(salt)
        };
        Peer {
            endpoint,
            places: Places::new(given, remembered),
            dialling,
            is_dialled: false,
            live: None,
        }
    }

    /// Who meets with this key.
    pub(super) fn who_is(&self, endpoint: EndpointId) -> Option<Who> {
        let mut peers = self.peers.iter();
        let (who, _) = peers.find(|(_, peer)| peer.endpoint == endpoint)?;
        Some(*who)
    }

    /// Who is at the other end of a connection, if they speak the protocol that is theirs.
    pub(super) fn who_speaks(&self, connection: &Connection) -> Option<Who> {
        let who = self.who_is(connection.remote_id())?;
        (who.alpn() == connection.alpn()).then_some(who)
    }
}

impl Peer {
    pub(super) const fn is_waiting(&self) -> bool {
        self.live.is_none() && !self.is_dialled
    }

    /// Whether it is to be dialled in its turn: one of another clinic only where somebody said
    /// where it may be.
    pub(super) fn can_be_dialled(&self, who: Who, is_relayed: bool) -> bool {
        let has_place = match who {
            Who::Machine(_) => true,
            Who::Outside(_) => is_relayed || self.places.are_some(),
        };
        has_place && self.is_waiting()
    }
}
