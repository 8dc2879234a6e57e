//! What two machines say to each other while they pair, and its bytes: a version, then
//! postcard. Everything has a limit, since a stranger may be talking.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{Contact, Why};
use crate::{
    chart::who::Role,
    ids::{ClinicId, DeviceId, UserId},
    ledger::ENVELOPE_BYTES_MAX,
    members::NAME_BYTES_MAX,
    seal::{CarryPublic, Mac, PublicKey},
};

/// The longest message in bytes: envelopes are sent up to half of this together, and the
/// largest one fits beside them.
pub const MESSAGE_BYTES_MAX: usize = 2 * 1024 * 1024;
/// Envelopes are put into one message until they are this long together.
pub(super) const LANE_STEP_BYTES: usize = MESSAGE_BYTES_MAX / 2 - 64 * 1024;
/// The most that the membership lane of a clinic has in bytes: some 500,000 sign-ins.
pub const LANE_BYTES_MAX: u64 = 256 * 1024 * 1024;
/// The most users of a clinic that can sign in on one machine.
pub const USERS_MAX: usize = 1000;

/// The first byte of each message.
const VERSION: u8 = 1;

/// What one machine says to the other.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Message {
    /// That it knows the words. The joining machine says so first.
    Proof([u8; Mac::LEN]),
    /// What the joining machine is.
    Card(Card),
    /// That it is let in, and what it needs to begin. The envelopes follow.
    Enrolled(Enrolled),
    /// The next envelopes of the membership lane.
    Envelopes(Vec<Vec<u8>>),
    /// That nothing comes of it.
    Refused(Why),
    /// That the joining machine keeps what it was given; or that the person here says yes to
    /// the contact card that came.
    Done,
    /// The contact card of who is at work, for somebody of another clinic.
    Contact(Contact),
}

/// A machine that wants to belong to the clinic.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Card {
    /// Signs for it.
    pub key: PublicKey,
    /// What is for it is wrapped to this.
    pub carry: CarryPublic,
    /// The key with which it meets others.
    pub endpoint: PublicKey,
    /// What it would be called; empty where that is left to the owner.
    pub name: String,
    /// Whether it only keeps what is sealed, and nobody is to sign in on it.
    pub mailbox: bool,
}

/// What a machine that was let in needs to begin.
#[derive(Clone, PartialEq, Eq)]
pub struct Enrolment {
    /// The clinic.
    pub clinic: ClinicId,
    /// Its name; empty for a mailbox.
    pub name: String,
    /// The new machine.
    pub device: DeviceId,
    /// Who may sign in on it; nobody on a mailbox.
    pub users: Vec<EnrolledUser>,
    /// The membership lanes of all logs, envelope by envelope: each run in order.
    pub envelopes: Vec<Vec<u8>>,
}

/// Somebody who may sign in.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EnrolledUser {
    /// Who.
    pub user: UserId,
    /// The name.
    pub name: String,
    /// The role.
    pub role: Role,
}

/// An [`Enrolment`] without its envelopes.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Enrolled {
    pub(super) clinic: ClinicId,
    pub(super) name: String,
    pub(super) device: DeviceId,
    pub(super) users: Vec<EnrolledUser>,
    /// How many envelopes follow.
    pub(super) count: u64,
    /// How long they are together.
    pub(super) bytes: u64,
}

impl Message {
    /// The message's bytes.
    pub fn encode(&self) -> Vec<u8> {
        postcard::to_extend(self, vec![VERSION]).unwrap_or_default()
    }

    /// The message in these bytes, all of them, if it keeps to the limits.
    pub fn decode(bytes: &[u8]) -> Result<Self, Why> {
        let (version, body) = bytes.split_first().ok_or(Why::Nonsense)?;
        if bytes.len() > MESSAGE_BYTES_MAX || *version != VERSION {
            return Err(Why::Nonsense);
        }
        let (message, rest): (Self, _) =
            postcard::take_from_bytes(body).or(Err(Why::Nonsense))?;
        let fits = rest.is_empty() && message.fits();
        fits.then_some(message).ok_or(Why::Nonsense)
    }

    fn fits(&self) -> bool {
        match self {
            Self::Card(card) => card.name.len() <= NAME_BYTES_MAX,
            Self::Enrolled(enrolled) => enrolled.fits(),
            Self::Envelopes(envelopes) => envelopes
                .iter()
                .all(|it| (1..=ENVELOPE_BYTES_MAX).contains(&it.len())),
            Self::Contact(contact) => contact.fits(),
            Self::Proof(_) | Self::Refused(_) | Self::Done => true,
        }
    }
}

impl Enrolled {
    fn fits(&self) -> bool {
        self.name.len() <= NAME_BYTES_MAX
            && self.users.len() <= USERS_MAX
            && self.users.iter().all(|it| it.name.len() <= NAME_BYTES_MAX)
            && self.bytes <= LANE_BYTES_MAX
            && self.count <= self.bytes
    }
}

impl Enrolment {
    /// The messages that say all of it.
    pub(super) fn into_messages(self) -> Vec<Message> {
        let bytes = self.envelopes.iter().map(|it| it.len() as u64).sum();
        let mut messages = vec![Message::Enrolled(Enrolled {
            clinic: self.clinic,
            name: self.name,
            device: self.device,
            users: self.users,
            count: self.envelopes.len() as u64,
            bytes,
        })];
        let mut together = Vec::new();
        let mut length = 0;
        for envelope in self.envelopes {
            if length + envelope.len() > LANE_STEP_BYTES && !together.is_empty() {
                messages.push(Message::Envelopes(std::mem::take(&mut together)));
                length = 0;
            }
            length += envelope.len();
            together.push(envelope);
        }
        if !together.is_empty() {
            messages.push(Message::Envelopes(together));
        }
        messages
    }

    /// What was announced, of which no envelope has come yet.
    pub(super) fn announced(enrolled: Enrolled) -> Self {
        Self {
            clinic: enrolled.clinic,
            name: enrolled.name,
            device: enrolled.device,
            users: enrolled.users,
            envelopes: Vec::new(),
        }
    }
}

impl fmt::Debug for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Proof(_) => f.write_str("Proof(…)"),
            Self::Card(card) => card.fmt(f),
            Self::Enrolled(it) => write!(f, "Enrolled({:?})", it.device),
            Self::Envelopes(it) => write!(f, "Envelopes({})", it.len()),
            Self::Refused(why) => write!(f, "Refused({why:?})"),
            Self::Done => f.write_str("Done"),
            Self::Contact(it) => it.fmt(f),
        }
    }
}

impl fmt::Debug for Card {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Card({:?})", self.key)
    }
}

impl fmt::Debug for Enrolled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Enrolled({:?})", self.device)
    }
}

impl fmt::Debug for Enrolment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Enrolment({:?})", self.device)
    }
}

impl fmt::Debug for EnrolledUser {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "EnrolledUser({:?})", self.user)
    }
}
