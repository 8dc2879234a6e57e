//! A patient who is sent to somebody elsewhere, or was sent here (FHIR `ServiceRequest`).

use serde::{Deserialize, Serialize};

use super::{Entry, private_record};
use crate::{
    ids::{Hash, RecordId},
    time::When,
};

/// A referral, and what became of it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Referral {
    /// What every record has.
    pub entry: Entry,
    /// From here or to here.
    pub way: Way,
    /// The letter that carries it, by the name that both clinics know it by.
    pub letter: Option<RecordId>,
    /// Of one that came, whose chart it is about at the clinic that sent it.
    pub theirs: Option<RecordId>,
    /// To whom, or of one that came, from whom: the name and the clinic.
    pub with: String,
    /// The hash of their contact card.
    pub card: Option<Hash>,
    /// Why, in a few words.
    pub reason: String,
    /// What is asked of them.
    pub question: String,
    /// Whether it cannot wait.
    pub urgent: bool,
    /// What became of it.
    pub status: ReferralStatus,
    /// What was answered.
    pub reply: String,
    /// When that was.
    pub replied: Option<When>,
    /// The visit at which it was written.
    pub visit: Option<RecordId>,
}

/// Which way a referral goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Way {
    /// From this clinic to somebody elsewhere.
    Sent,
    /// From somebody elsewhere to this clinic.
    Received,
}

/// What became of a referral.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum ReferralStatus {
    /// Nobody answered yet.
    Waiting,
    /// They take the patient.
    Accepted,
    /// They do not.
    Declined,
    /// They have seen the patient and say what they found.
    Completed,
}

private_record!(Referral);

impl Way {
    /// Its name in the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sent => "sent",
            Self::Received => "received",
        }
    }
}

impl ReferralStatus {
    /// Every one that answers a referral.
    pub const ANSWERS: [Self; 3] = [Self::Accepted, Self::Declined, Self::Completed];

    /// Its name in the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Accepted => "accepted",
            Self::Declined => "declined",
            Self::Completed => "completed",
        }
    }

    /// The one with this name.
    pub fn named(name: &str) -> Option<Self> {
        [Self::Waiting]
            .into_iter()
            .chain(Self::ANSWERS)
            .find(|it| it.name() == name)
    }
}
