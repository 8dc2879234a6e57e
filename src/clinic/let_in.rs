//! Which machines were ever let in. Whether that stands, or still does, is for those who
//! judge what they wrote; it is kept all the same, whichever came first of it and a removal.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    ids::LogId,
    members::{Body, Signer, Statement},
    seal::{PublicKey, names},
    time::Timestamp,
};

/// The machines that the root, or somebody whom it made an owner, ever let in. More
/// statements never make it less.
#[derive(Debug, Clone, Default)]
pub(super) struct LetIn {
    owners: BTreeSet<PublicKey>,
    machines: BTreeMap<LogId, (PublicKey, Timestamp)>,
    latest: Timestamp,
}

impl LetIn {
    /// Hears statements of the clinic, in any order.
    pub(super) fn hear<'a>(&mut self, said: impl Iterator<Item = &'a Statement> + Clone) {
        for statement in said.clone() {
            // Only the root says this.
            if let Body::OwnerAdded(newcomer) = statement.body() {
                self.owners.insert(newcomer.key);
            }
        }
        for statement in said {
            if let Body::DeviceEnrolled(device) = statement.body()
                && self.has_right(&statement.signer())
            {
                let at = statement.at().timestamp();
                let log = names::log_id(&device.key);
                let (_, since) = self.machines.entry(log).or_insert((device.key, at));
                *since = at.min(*since);
                self.latest = at.max(self.latest);
            }
        }
    }

    /// The key of the machine that writes a log.
    pub(super) fn key_at(&self, log: LogId) -> Option<PublicKey> {
        self.machines.get(&log).map(|it| it.0)
    }

    /// When a machine was let in last: by any clock it is not earlier now.
    pub(super) const fn latest(&self) -> Timestamp {
        self.latest
    }

    /// When the machine that writes a log was let in first.
    pub(super) fn since(&self, log: LogId) -> Option<Timestamp> {
        self.machines.get(&log).map(|it| it.1)
    }

    fn has_right(&self, signer: &Signer) -> bool {
        match signer {
            Signer::Root(_) => true,
            Signer::User(_, key) => self.owners.contains(key),
            Signer::Device(_) | Signer::Session(..) => false,
        }
    }
}
