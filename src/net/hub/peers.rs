//! The machines that the driver knows: who belongs to the clinic, and what is kept of each.

use std::sync::Arc;

use iroh::{EndpointId, endpoint::Connection};
use tokio::{task::spawn_blocking, time::Instant};

use super::{Hub, places::Places};
use crate::{
    clinic::{Machine, Met},
    ids::DeviceId,
    net::{
        dialling::{Dialling, salt},
        gate::Closing,
    },
};

/// Another machine of the clinic.
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
            machines
                .map(|it| (it, clinic.peer(it.device).ok().flatten()))
                .collect::<Vec<_>>()
        });
        let Ok(machines) = read.await else { return };
        let before = std::mem::take(&mut self.peers);
        let mut gone = before;
        for (machine, met) in machines {
            let peer = gone.remove(&machine.device);
            self.board.change(machine.device, |row| {
                row.last_met = row.last_met.or(met.as_ref().map(|it| it.at));
                row.belongs(machine.enrolled);
            });
            if let Some(peer) = self.peer(&machine, peer, met) {
                self.peers.insert(machine.device, peer);
            }
        }
        for live in gone.into_values().filter_map(|it| it.live) {
            Closing::NotKnownHere.close(&live.connection);
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
        let given = self.known.iter().filter(|(it, _)| *it == machine.device);
        let given: Vec<_> = given.map(|(_, addr)| *addr).collect();
        let salt = salt(self.endpoint.id().as_bytes(), endpoint.as_bytes());
        let dialling = if given.is_empty() {
            Dialling::soon(salt, self.began.elapsed())
        } else {
            Dialling::new(salt)
        };
        Some(Peer {
            endpoint,
            places: Places::new(given, remembered),
            dialling,
            is_dialled: false,
            live: None,
        })
    }

    pub(super) fn device_at(&self, endpoint: EndpointId) -> Option<DeviceId> {
        let mut peers = self.peers.iter();
        let (device, _) = peers.find(|(_, peer)| peer.endpoint == endpoint)?;
        Some(*device)
    }
}

impl Peer {
    pub(super) const fn is_waiting(&self) -> bool {
        self.live.is_none() && !self.is_dialled
    }
}
