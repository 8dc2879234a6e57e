//! The clinic's other machines: which there are, which may connect, and what is remembered
//! of the last meeting with each.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{Clinic, Error, Happened, put_row, row};
use crate::{
    ids::{DeviceId, LogId},
    ledger::{Frontier, Lane},
    members::Device,
    seal::{PublicKey, names},
    store::MetaWrite,
    time::Timestamp,
};

/// A machine of the clinic, or one that was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Machine {
    /// Which incarnation.
    pub device: DeviceId,
    /// The key with which it meets others, if it said so.
    pub endpoint: Option<PublicKey>,
    /// Whether it belongs: it was not revoked.
    pub enrolled: bool,
    /// Whether it is this one.
    pub here: bool,
    /// Whether its log has branches: two machines wrote in its name.
    pub forked: bool,
}

/// What is remembered of the last meeting with a machine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Met {
    /// When.
    pub at: Timestamp,
    /// Where it can be reached.
    pub addrs: Vec<String>,
    /// How far it had got.
    pub theirs: Frontier,
}

impl Clinic {
    /// The other machine that meets with this key, if it may.
    pub fn machine_at(&self, endpoint: PublicKey) -> Option<DeviceId> {
        let mut machines = self.machines().into_iter();
        let found = machines
            .find(|it| it.enrolled && !it.here && it.endpoint == Some(endpoint))?;
        Some(found.device)
    }

    /// The logs that a machine writes itself.
    pub fn written_by(&self, device: DeviceId) -> Vec<LogId> {
        let known = self.known();
        let device = known.membership.device(device);
        device.map_or_else(Vec::new, |it| logs_of(&it.key).into())
    }

    /// Every machine that belongs or belonged to the clinic.
    pub fn machines(&self) -> Vec<Machine> {
        let forked = self.store.forked();
        let known = self.known();
        let machines = known.membership.devices().values();
        let said: BTreeSet<_> = machines.clone().filter_map(|it| it.endpoint).collect();
        let paired_at = |it: &Device| {
            let key = self.paired_at(it.device);
            key.filter(|it| !said.contains(it))
        };
        machines
            .map(|it| Machine {
                device: it.device,
                endpoint: it.endpoint.or_else(|| paired_at(it)),
                enrolled: it.enrolled,
                here: it.device == self.device(),
                forked: logs_of(&it.key).iter().any(|it| forked.contains(it)),
            })
            .collect()
    }

    /// The key with which a machine was met when it was let in here: until its own statement
    /// of it has come, nothing else says who may bring that.
    fn paired_at(&self, device: DeviceId) -> Option<PublicKey> {
        let row = self.read_row(&format!("{}{device}", row::PAIRED));
        row.unwrap_or_else(|error| {
            tracing::warn!(%error, "where a machine was paired");
            None
        })
    }

    /// The machine that writes this log, if it is known here.
    pub(super) fn machine_of(&self, log: LogId) -> Option<DeviceId> {
        let known = self.known();
        let mut machines = known.membership.devices().values();
        let writer = machines.find(|it| logs_of(&it.key).contains(&log))?;
        Some(writer.device)
    }

    /// Remembers a meeting; of how far the other machine says that it reaches, what can be:
    /// the runs that are held here, and the logs of machines that were let in. What somebody
    /// makes up takes no room. Where the other machine has heard of a new name of this one, it
    /// meets others under the key of that name from now on.
    pub fn met(&self, device: DeviceId, met: &Met) -> Result<(), Error> {
        let met = Met {
            theirs: self.that_can_be(&met.theirs)?,
            ..met.clone()
        };
        self.store.append(&[], &[put_row(peer_row(device), &met)])?;
        if self.take_next_endpoint()? {
            self.tell(Happened::Membership);
        }
        Ok(())
    }

    fn that_can_be(&self, theirs: &Frontier) -> Result<Frontier, Error> {
        let held = self.store.frontier()?;
        let known = self.known();
        let can_be = |run: &(LogId, Lane)| {
            held.contains_key(run) || known.let_in().key_at(run.0).is_some()
        };
        let theirs = theirs.iter().filter(|(run, _)| can_be(run));
        Ok(theirs.map(|(run, end)| (*run, *end)).collect())
    }

    /// The last meeting with a machine.
    pub fn peer(&self, device: DeviceId) -> Result<Option<Met>, Error> {
        self.read_row(&peer_row(device))
    }
}

/// The logs that a machine writes: what people do there, and what it notes by itself.
pub(super) fn logs_of(device: &PublicKey) -> [LogId; 2] {
    [names::log_id(device), names::unattended_log_id(device)]
}

/// Remembers with which key a machine was met that is let in.
pub(super) fn paired_row(device: DeviceId, endpoint: PublicKey) -> MetaWrite {
    put_row(format!("{}{device}", row::PAIRED), &endpoint)
}

fn peer_row(device: DeviceId) -> String {
    format!("{}{device}", row::PEERS)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{clinic::intake::testing::founded, ids::Hash};

    #[test]
    fn of_what_a_machine_says_that_it_holds_nothing_made_up_is_remembered() {
        let here = founded(560);
        let there = here.second(561);
        let real = here.clinic.frontier().unwrap();
        let next = [Lane::Desk, Lane::Clinical].map(|lane| (there.clinic.log(), lane));
        let end = (7, Hash::from_bytes([7; 32]));
        let mut theirs = real.clone();
        theirs.extend(next.map(|run| (run, end)));
        let can_be = theirs.clone();
        for n in 0..5_000_u128 {
            let log = LogId::from_bytes(n.to_be_bytes());
            theirs.insert((log, Lane::Desk), end);
        }
        let met = Met {
            at: here.clinic.moment().at,
            addrs: Vec::new(),
            theirs,
        };
        here.clinic.met(there.clinic.device(), &met).unwrap();
        let kept = here.clinic.peer(there.clinic.device()).unwrap().unwrap();
        assert_eq!(kept.theirs, can_be);
    }
}
