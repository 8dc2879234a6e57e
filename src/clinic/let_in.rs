//! Which machines were ever let in. Whether that stands, or still does, is for those who
//! judge what they wrote; it is kept all the same, whichever came first of it and a removal.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    ids::{DocId, LogId, UserId},
    members::{Body, Grant, Signer, Statement},
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
    guests: BTreeMap<LogId, Guest>,
}

/// What a log of a provider of another clinic holds, at whose machine something was ever
/// granted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Guest {
    /// The machine that writes it.
    pub(super) device: PublicKey,
    /// Whose grant it is.
    pub(super) user: UserId,
    /// The document that it changes; none where it certifies sessions.
    pub(super) doc: Option<DocId>,
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
            if let Body::Grant(grant) = statement.body() {
                self.hear_grant(grant);
            }
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

    /// What a log of a provider of another clinic holds. A log of the clinic's own machine is
    /// none of these, whatever was granted.
    pub(super) fn guest(&self, log: LogId) -> Option<Guest> {
        let own = self.machines.contains_key(&log);
        self.guests.get(&log).copied().filter(|_| !own)
    }

    /// The logs of a provider of another clinic.
    pub(super) fn logs_of_guest(&self, user: UserId) -> impl Iterator<Item = LogId> {
        let guests = self.guests.iter();
        guests
            .filter(move |(_, it)| it.user == user)
            .map(|(log, _)| *log)
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

    fn hear_grant(&mut self, grant: &Grant) {
        let user = grant.user();
        for device in grant.machines.keys() {
            let guest = |doc| Guest {
                device: *device,
                user,
                doc,
            };
            self.guests
                .entry(names::log_id(device))
                .or_insert(guest(None));
            for doc in grant.writable() {
                let log = names::guest_log_id(device, doc);
                self.guests.entry(log).or_insert(guest(Some(doc)));
            }
        }
    }

    fn has_right(&self, signer: &Signer) -> bool {
        match signer {
            Signer::Root(_) => true,
            Signer::User(_, key) => self.owners.contains(key),
            Signer::Device(_) | Signer::Session(..) => false,
        }
    }
}
