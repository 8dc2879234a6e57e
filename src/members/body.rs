//! What a statement says: one value for each kind.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use super::{
    CompartmentName, Endpoint, Grant, GrantKeys, Named, SealedCard, SealedName, Verified,
};
use crate::{
    chart::who::{Action, Role},
    ids::{CardId, DeviceId, DocId, Hash, KeyId, LogId, StatementId, UserId},
    ledger::{ClockQuality, Lane},
    seal::{CarryPublic, PublicKey, names},
};

/// How far logs reach: of each lane of each log the last entry, by number and hash.
pub type Reach = BTreeMap<(LogId, Lane), (u64, Hash)>;

/// What a statement says.
#[derive(Clone, PartialEq, Eq)]
pub enum Body {
    /// The clinic exists. Said again later, it names a new recovery key.
    Founding {
        /// To whom every epoch is wrapped beside the members.
        recovery: CarryPublic,
        /// What the clinic is called.
        name: SealedName,
    },
    /// A person is an owner, with these keys.
    OwnerAdded(Newcomer),
    /// A person is a user, with these keys and this role, which is not the owner's.
    UserAdded(Newcomer, Role),
    /// A user has another role from here on, which is not the owner's.
    RoleChanged(UserId, Role),
    /// A user left. What was written before a machine knew of it counts.
    UserLeft(UserId),
    /// A user's key was compromised. Of what sessions in the user's name wrote, what lies
    /// within the reach counts.
    KeyCompromised(UserId, Reach),
    /// A machine belongs to the clinic.
    DeviceEnrolled(NewDevice),
    /// A machine no longer does. Of what it wrote, what lies within the reach counts.
    DeviceRevoked(DeviceId, Reach),
    /// Something has another name from here on.
    Renamed(Named, SealedName),
    /// A compartment has a new key.
    Epoch(EpochKey),
    /// An epoch's key, wrapped to more people.
    Wrap {
        /// The epoch's statement.
        epoch: StatementId,
        /// To whom.
        to: BTreeSet<CarryPublic>,
        /// The age file.
        wrapped: Vec<u8>,
    },
    /// How far a machine knows the logs to reach, and how well its clock goes.
    Heads(ClockQuality, Reach),
    /// A user's locked keys. The highest version is the one to unlock.
    UserFile {
        /// Whose.
        user: UserId,
        /// Counts from 1; the next with each change of the passphrase.
        version: u32,
        /// The age file.
        file: Vec<u8>,
    },
    /// The key with which the machine meets others.
    Endpoint(Endpoint),
    /// Everything in these documents is to be erased. Signed by an owner and a second person.
    Erase(BTreeSet<DocId>),
    /// The machine has done so.
    EraseReceipt(StatementId),
    /// A provider of another clinic may have these documents.
    Grant(Box<Grant>),
    /// A grant is taken back. Of what the provider wrote, what lies within the reach counts.
    GrantRevoked(StatementId, Reach),
    /// Keys of granted documents.
    GrantKeys(GrantKeys),
    /// The clinic keeps a provider's contact card, of which somebody made sure like this.
    CardKept {
        /// The card's name.
        card: CardId,
        /// How they made sure.
        verified: Verified,
        /// The card.
        sealed: SealedCard,
    },
    /// Something that a later version says. Kept and passed on; counts for nothing here.
    Unknown {
        /// The kind's byte.
        kind: u8,
        /// What it says.
        body: Vec<u8>,
    },
}

/// A user's public keys and name.
#[derive(Clone, PartialEq, Eq)]
pub struct Newcomer {
    /// Who: the hash of the first signing key, also when these are later ones.
    pub user: UserId,
    /// Signs what the user says.
    pub key: PublicKey,
    /// What is for the user is wrapped to it.
    pub carry: CarryPublic,
    /// What the user is called.
    pub name: SealedName,
}

/// A machine's public keys and name.
#[derive(Clone, PartialEq, Eq)]
pub struct NewDevice {
    /// Signs for the machine.
    pub key: PublicKey,
    /// What is for the machine is wrapped to it.
    pub carry: CarryPublic,
    /// What the machine is called.
    pub name: SealedName,
}

/// A compartment's key from one epoch on, wrapped.
#[derive(Clone, PartialEq, Eq)]
pub struct EpochKey {
    /// The compartment.
    pub compartment: CompartmentName,
    /// Which of the compartment's epochs, from 1.
    pub number: u32,
    /// The public half of an audit epoch's key.
    pub audit: Option<CarryPublic>,
    /// Commits to what is wrapped.
    pub commit: KeyId,
    /// To whom it is wrapped, beside the recovery key.
    pub to: BTreeSet<CarryPublic>,
    /// The age file.
    pub wrapped: Vec<u8>,
}

/// Whose signature a kind of statement takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Right {
    /// The clinic's root.
    Root,
    /// An owner, or the root.
    Owner,
    /// An owner and another user.
    Pair,
    /// The user of whom it speaks.
    Themselves(UserId),
    /// A machine.
    Device,
    /// A session.
    Session,
    /// A session of somebody who may do this.
    May(Action),
    /// Not known here.
    Unknown,
}

impl Body {
    /// The kind's name.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Founding { .. } => "founding",
            Self::OwnerAdded(_) => "owner added",
            Self::UserAdded(..) => "user added",
            Self::RoleChanged(..) => "role changed",
            Self::UserLeft(_) => "user left",
            Self::KeyCompromised(..) => "key compromised",
            Self::DeviceEnrolled(_) => "device enrolled",
            Self::DeviceRevoked(..) => "device revoked",
            Self::Renamed(..) => "renamed",
            Self::Epoch(_) => "epoch",
            Self::Wrap { .. } => "wrap",
            Self::Heads(..) => "heads",
            Self::UserFile { .. } => "user file",
            Self::Endpoint(_) => "endpoint",
            Self::Erase(_) => "erase",
            Self::EraseReceipt(_) => "erase receipt",
            Self::Grant(_) => "grant",
            Self::GrantRevoked(..) => "grant revoked",
            Self::GrantKeys(_) => "grant keys",
            Self::CardKept { .. } => "card kept",
            Self::Unknown { .. } => "unknown",
        }
    }

    pub(super) const fn right(&self) -> Right {
        match self {
            Self::Founding { .. } | Self::OwnerAdded(_) => Right::Root,
            Self::UserAdded(..)
            | Self::RoleChanged(..)
            | Self::UserLeft(_)
            | Self::KeyCompromised(..)
            | Self::DeviceEnrolled(_)
            | Self::DeviceRevoked(..)
            | Self::Renamed(..)
            | Self::Epoch(_) => Right::Owner,
            Self::Erase(_) => Right::Pair,
            Self::UserFile { user, .. } => Right::Themselves(*user),
            Self::Endpoint(_) | Self::EraseReceipt(_) => Right::Device,
            Self::Wrap { .. } | Self::Heads(..) | Self::GrantKeys(_) => Right::Session,
            Self::Grant(_) | Self::CardKept { .. } => Right::May(Action::Share),
            // Whoever hears the patient say no.
            Self::GrantRevoked(..) => Right::May(Action::WriteConsent),
            Self::Unknown { .. } => Right::Unknown,
        }
    }

    /// The user whom this lets in, with what keys and as what.
    pub(super) const fn admits(&self) -> Option<(&Newcomer, Role)> {
        if let Self::OwnerAdded(newcomer) = self {
            Some((newcomer, Role::Owner))
        } else if let Self::UserAdded(newcomer, role) = self {
            Some((newcomer, *role))
        } else {
            None
        }
    }

    /// The role that this gives to a user.
    pub(super) fn gives(&self) -> Option<(UserId, Role)> {
        if let Self::RoleChanged(user, role) = self {
            Some((*user, *role))
        } else {
            self.admits().map(|(newcomer, role)| (newcomer.user, role))
        }
    }

    /// The user whom this removes.
    pub(super) const fn removes(&self) -> Option<UserId> {
        if let Self::UserLeft(user) | Self::KeyCompromised(user, _) = self {
            Some(*user)
        } else {
            None
        }
    }

    /// What this names, and how.
    pub(super) fn naming(&self) -> Option<(Named, &SealedName)> {
        if let Self::Founding { name, .. } = self {
            Some((Named::Clinic, name))
        } else if let Self::DeviceEnrolled(device) = self {
            Some((Named::Device(device.device()), &device.name))
        } else if let Self::Renamed(what, name) = self {
            Some((*what, name))
        } else {
            let (newcomer, _) = self.admits()?;
            Some((Named::User(newcomer.user), &newcomer.name))
        }
    }

    /// Whether others can depend on this one. The daily ones are not among them, so that
    /// what is kept for each statement stays small.
    pub(super) const fn is_weighty(&self) -> bool {
        matches!(self.right(), Right::Root | Right::Owner | Right::Pair)
    }
}

impl NewDevice {
    /// The machine's id.
    pub fn device(&self) -> DeviceId {
        names::device_id(&self.key)
    }
}

impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Body({})", self.name())
    }
}

impl fmt::Debug for Newcomer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Newcomer({:?})", self.user)
    }
}

impl fmt::Debug for NewDevice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "NewDevice({:?})", self.device())
    }
}

impl fmt::Debug for EpochKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "EpochKey({} {})", self.compartment.as_str(), self.number)
    }
}
