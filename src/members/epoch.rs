//! Epochs: which key each compartment has, who is to have it, and getting it out of its
//! wrapping.

use std::collections::BTreeSet;

use zeroize::Zeroizing;

use super::{
    Body, CompartmentName, EpochKey, Error, Member, Membership, Standing, ground::of,
};
use crate::{
    chart::{Category, who::Compartment},
    ids::{EpochId, KeyId, StatementId},
    seal::{self, CarryKey, CarryPublic, Entropy, Secret, derive},
};

/// A compartment's key and its naming secret, in bytes.
const SECRETS_BYTES: usize = 64;

/// One epoch of a compartment.
#[derive(Debug, Clone, Copy)]
pub struct Epoch<'a> {
    /// Its statement.
    pub statement: StatementId,
    /// What the statement says.
    pub key: &'a EpochKey,
    /// Whether the statement stands. What was written in an epoch that does not can still be
    /// read; nothing new is.
    pub stands: bool,
}

/// The epoch to write in.
#[derive(Debug, Clone, Copy)]
pub struct Current<'a> {
    /// Which.
    pub epoch: Epoch<'a>,
    /// Whether its key is with somebody who no longer belongs, and an owner is to begin
    /// another.
    pub exposed: bool,
}

/// An epoch's keys.
#[derive(Debug)]
pub struct EpochSecrets {
    /// The compartment's key; of an audit epoch the private half of its pair.
    pub key: Secret,
    /// What documents are named by: only the first epoch of a compartment brings it, and it
    /// never changes.
    pub naming: Option<Secret>,
}

impl Epoch<'_> {
    /// The epoch's name in envelopes.
    pub fn id(&self) -> EpochId {
        let id = self.statement.as_bytes().first_chunk();
        id.map_or(EpochId::ZERO, |it| EpochId::from_bytes(*it))
    }
}

impl EpochSecrets {
    /// Fresh keys for a compartment's epoch of this number.
    pub fn generate(
        compartment: &CompartmentName,
        number: u32,
        entropy: &mut dyn Entropy,
    ) -> Self {
        let key = Secret::generate(entropy);
        let named = number == 1 && !compartment.is_audit();
        let naming = named.then(|| Secret::generate(entropy));
        Self { key, naming }
    }

    /// What an epoch's statement says of its keys without giving them away.
    pub fn commit(&self) -> KeyId {
        let commit = derive("cairn/epoch-commit/v1", &[&self.to_bytes()]);
        let start = commit.as_bytes().first_chunk();
        start.map_or(KeyId::ZERO, |it| KeyId::from_bytes(*it))
    }

    /// The keys wrapped to these people.
    pub fn wrap(
        &self,
        to: &BTreeSet<CarryPublic>,
        entropy: &mut dyn Entropy,
    ) -> Result<Vec<u8>, Error> {
        let to: Vec<_> = to.iter().copied().collect();
        Ok(seal::wrap(&to, &self.to_bytes(), entropy)?)
    }

    /// The keys that were wrapped to `key`.
    fn unwrap(key: &CarryKey, wrapped: &[u8]) -> Option<Self> {
        let bytes = seal::unwrap(key, wrapped, SECRETS_BYTES).ok()?;
        let (first, naming) = bytes.split_first_chunk()?;
        let naming = match naming {
            [] => None,
            naming => Some(Secret::from_slice(naming)?),
        };
        let key = Secret::from_bytes(first);
        Some(Self { key, naming })
    }

    fn to_bytes(&self) -> Zeroizing<Vec<u8>> {
        let mut bytes = Zeroizing::new(Vec::with_capacity(SECRETS_BYTES));
        bytes.extend_from_slice(self.key.as_bytes());
        if let Some(naming) = &self.naming {
            bytes.extend_from_slice(naming.as_bytes());
        }
        bytes
    }
}

impl Membership {
    /// A compartment's epochs by number, those that do not stand among them.
    pub fn epochs(&self, compartment: &CompartmentName) -> Vec<Epoch<'_>> {
        let epochs = of(&self.ground.about.epochs, compartment);
        let mut epochs: Vec<_> = epochs.filter_map(|it| self.epoch_of(it)).collect();
        epochs.sort_by_key(|it| (it.key.number, self.ground.rank(it.statement)));
        epochs
    }

    /// The epoch that an envelope names.
    pub fn epoch(&self, id: EpochId) -> Option<Epoch<'_>> {
        let epochs = self.ground.about.epochs.values().flatten();
        let epochs = epochs.filter_map(|it| self.epoch_of(*it));
        epochs.filter(|it| it.id() == id).max_by_key(|it| it.stands)
    }

    /// The epoch to write in: the newest whose key only those hold who may; where there is
    /// none, the newest, as exposed.
    pub fn current_epoch(&self, compartment: &CompartmentName) -> Option<Current<'_>> {
        let mut newest = self.epochs(compartment);
        newest.retain(|it| it.stands);
        newest.reverse();
        let may_hold = self.holders(compartment);
        let closed = |it: &&Epoch<'_>| self.receivers(it).is_subset(&may_hold);
        let (epoch, exposed) = match newest.iter().find(closed) {
            Some(epoch) => (*epoch, false),
            None => (*newest.first()?, true),
        };
        Some(Current { epoch, exposed })
    }

    /// The epoch that brought what a compartment's documents are named by.
    pub fn naming_epoch(&self, compartment: &CompartmentName) -> Option<Epoch<'_>> {
        let epochs = self.epochs(compartment);
        let first = epochs.into_iter().filter(|it| it.key.number == 1);
        first.min_by_key(|it| (!it.stands, self.ground.rank(it.statement)))
    }

    /// To whom an epoch's keys are wrapped by now, beside the recovery key.
    pub fn receivers(&self, epoch: &Epoch<'_>) -> BTreeSet<CarryPublic> {
        let mut receivers = epoch.key.to.clone();
        for (_, to, _) in self.wraps(epoch).filter(|(stands, ..)| *stands) {
            receivers.extend(to);
        }
        receivers
    }

    /// The keys of the members in good standing whose role may hold a compartment's key; of
    /// a restricted one, of those whom owners named.
    pub fn holders(&self, compartment: &CompartmentName) -> BTreeSet<CarryPublic> {
        let members = self.users().values();
        let members = members.filter(|it| it.standing == Standing::Good);
        members
            .filter(|it| compartment.may_be_held_by(it.role))
            .filter(|it| self.is_named(compartment, it))
            .flat_map(|it| it.keys.iter().filter(|it| it.live))
            .map(|it| it.carry)
            .collect()
    }

    /// The members who are to hold an epoch's keys and to whom nobody wrapped them yet.
    pub fn lacking(&self, epoch: &Epoch<'_>) -> BTreeSet<CarryPublic> {
        let mut lacking = self.holders(&epoch.key.compartment);
        for held in self.receivers(epoch) {
            lacking.remove(&held);
        }
        lacking
    }

    /// An epoch's keys, if they were wrapped to `key`. Whoever wrapped them, they are those
    /// that the epoch's statement commits to.
    pub fn open_epoch(&self, epoch: &Epoch<'_>, key: &CarryKey) -> Option<EpochSecrets> {
        let public = key.public();
        let first = (self.recovery() == Some(public) || epoch.key.to.contains(&public))
            .then_some(epoch.key.wrapped.as_slice());
        let later = self.wraps(epoch).filter(|(_, to, _)| to.contains(&public));
        first
            .into_iter()
            .chain(later.map(|(_, _, wrapped)| wrapped))
            .filter_map(|wrapped| EpochSecrets::unwrap(key, wrapped))
            .find(|it| it.commit() == epoch.key.commit)
    }

    /// The categories that the clinic keeps closed.
    pub fn categories(&self) -> BTreeSet<Category> {
        let epochs = self.ground.about.epochs.iter();
        let begun =
            epochs.filter(|(_, all)| all.iter().any(|it| self.ground.stands(*it)));
        begun.filter_map(|(name, _)| name.category()).collect()
    }

    /// The compartments that this clinic has, as far as this program knows them.
    pub fn compartments(&self) -> Vec<Compartment> {
        let restricted = self.categories().into_iter().map(Compartment::Restricted);
        Compartment::ALL.into_iter().chain(restricted).collect()
    }

    /// Whether somebody is named to hold a restricted compartment's key: it was wrapped to
    /// them in the newest epoch. Of several that were begun apart each took it from somebody,
    /// but for the first ones, which gave it; what one takes no other gives. Of any other
    /// compartment nobody need be named.
    fn is_named(&self, compartment: &CompartmentName, member: &Member) -> bool {
        if compartment.category().is_none() {
            return true;
        }
        let mut epochs = self.epochs(compartment);
        epochs.retain(|it| it.stands);
        let newest = epochs.last().map_or(0, |it| it.key.number);
        epochs.retain(|it| it.key.number == newest);
        let has_it = |it: &Epoch<'_>| {
            let receivers = self.receivers(it);
            member.keys.iter().any(|key| receivers.contains(&key.carry))
        };
        if newest > 1 {
            epochs.iter().all(has_it)
        } else {
            epochs.iter().any(has_it)
        }
    }

    fn epoch_of(&self, statement: StatementId) -> Option<Epoch<'_>> {
        let Body::Epoch(key) = self.ground.body(statement)? else {
            return None;
        };
        let stands = self.ground.stands(statement);
        Some(Epoch {
            statement,
            key,
            stands,
        })
    }

    /// The later wraps of an epoch: whether each stands, to whom, and the age file.
    fn wraps(
        &self,
        epoch: &Epoch<'_>,
    ) -> impl Iterator<Item = (bool, &BTreeSet<CarryPublic>, &[u8])> {
        let wraps = of(&self.ground.about.wraps, &epoch.statement);
        wraps.filter_map(|id| {
            let Body::Wrap { to, wrapped, .. } = self.ground.body(id)? else {
                return None;
            };
            Some((self.ground.stands(id), to, wrapped.as_slice()))
        })
    }
}
