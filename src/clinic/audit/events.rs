//! What is audited, and to what it was done.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{
    chart::Category,
    ids::{CardId, DeviceId, ImportId, PatientId, RecordId, SessionId, UserId},
    members::Verified,
};

/// What is audited. New ones go at the end: the order is part of the format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum AuditAction {
    /// Signed in with the passphrase.
    SignIn,
    /// Went back to a parked session with the PIN.
    Unlock,
    /// Tried to sign in and failed.
    SignInFailed,
    /// Locked the screen.
    Lock,
    /// Ended the session.
    SignOut,
    /// Searched for a person.
    Search,
    /// Opened a chart.
    Open,
    /// Wrote something new into a chart.
    Create,
    /// Changed something in a chart.
    Amend,
    /// Read the history of a chart.
    History,
    /// Took records in from a file.
    Import,
    /// Added a user.
    UserAdded,
    /// Changed a user's role.
    RoleChanged,
    /// Removed a user.
    UserLeft,
    /// Changed a passphrase.
    PassphraseChanged,
    /// Read the audit.
    AuditRead,
    /// Checked the store.
    Verify,
    /// Threw the caches away and built them anew.
    CacheRebuilt,
    /// Found something damaged.
    Integrity,
    /// Noticed that the clock was set.
    ClockStep,
    /// Gave keys to members who are to hold them.
    KeysWrapped,
    /// Began new keys, since somebody may no longer hold the old ones.
    KeysRenewed,
    /// Made the invented clinic.
    DemoMade,
    /// Let a machine in.
    MachineEnrolled,
    /// Shut a machine out.
    MachineRevoked,
    /// Gave a machine another name.
    MachineRenamed,
    /// Made a backup.
    Backup,
    /// Restored a backup as a new machine.
    Restore,
    /// Put what machines lack onto a stick; how many machines.
    BundleMade,
    /// Took in what came on a stick; how many envelopes were new.
    BundleTaken,
    /// Brought a part of a chart out of the clinic's keeping, as a file.
    Export,
    /// Printed a part of a chart.
    Print,
    /// Opened a part of a chart to another organisation, or took that back.
    Share,
    /// Wrote down what the patient agreed to, refused or withdrew.
    Consent,
    /// Opened a chart without a care reason, or the emergency view.
    BreakGlass,
    /// Looked at what another entry says, and answered for that.
    Reviewed,
    /// Kept a provider's contact card.
    CardKept,
    /// Took a letter of a provider elsewhere.
    LetterTaken,
    /// Was given a letter that cannot be taken.
    LetterRefused,
    /// Accepted a letter into a chart.
    LetterAccepted,
    /// Rejected a letter.
    LetterRejected,
    /// Began a category of records that only named people open.
    CategoryBegun,
    /// Named somebody to open a category.
    CategoryAllowed,
    /// Took that back.
    CategoryDenied,
    /// Took into a chart what a provider of another clinic proposed.
    ProposalAccepted,
    /// Did not take it.
    ProposalDeclined,
}

/// What an action was done to. New ones go at the end: the order is part of the format.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum AuditObject {
    /// Nothing in particular.
    Nothing,
    /// A patient's chart.
    Patient(PatientId),
    /// A user.
    User(UserId),
    /// A run of an import.
    Import(ImportId),
    /// A number of things, such as the matches of a search.
    Count(u32),
    /// A machine.
    Machine(DeviceId),
    /// A part of a patient's chart, that somebody was let see.
    Disclosed(Box<Disclosed>),
    /// Another entry: the session that wrote it, and its number there.
    Entry(SessionId, u64),
    /// A provider's contact card, and how somebody made sure of it.
    Card(CardId, Verified),
    /// A category of records that the clinic keeps closed, and who may open it or no longer.
    Category(Category, UserId),
    /// A letter of a provider elsewhere, and why something became of it.
    Letter(RecordId, String),
}

/// What of a chart somebody was let see, as it is told to the patient. Words that nobody
/// said are empty.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Disclosed {
    /// Whose chart.
    pub patient: PatientId,
    /// Which part of it, or in which form: `ips`, `summary, visits`.
    pub what: String,
    /// To whom: a provider's name, or where a file went.
    pub to: String,
    /// For what reason.
    pub why: String,
}

/// The longest of the words that an entry takes, in bytes: two lines of a screen. What is
/// longer is cut there.
const WORDS_BYTES_MAX: usize = 160;

impl AuditAction {
    /// The action's name in the command line's answers.
    pub const fn name(self) -> &'static str {
        match self {
            Self::SignIn => "sign-in",
            Self::Unlock => "unlock",
            Self::SignInFailed => "sign-in-failed",
            Self::Lock => "lock",
            Self::SignOut => "sign-out",
            Self::Search => "search",
            Self::Open => "open",
            Self::Create => "create",
            Self::Amend => "amend",
            Self::History => "history",
            Self::Import => "import",
            Self::UserAdded => "user-added",
            Self::RoleChanged => "role-changed",
            Self::UserLeft => "user-left",
            Self::PassphraseChanged => "passphrase-changed",
            Self::AuditRead => "audit-read",
            Self::Verify => "verify",
            Self::CacheRebuilt => "cache-rebuilt",
            Self::Integrity => "integrity",
            Self::ClockStep => "clock-step",
            Self::KeysWrapped => "keys-wrapped",
            Self::KeysRenewed => "keys-renewed",
            Self::DemoMade => "demo-made",
            Self::MachineEnrolled => "machine-enrolled",
            Self::MachineRevoked => "machine-revoked",
            Self::MachineRenamed => "machine-renamed",
            Self::Backup => "backup",
            Self::Restore => "restore",
            Self::BundleMade => "bundle-made",
            Self::BundleTaken => "bundle-taken",
            Self::Export => "export",
            Self::Print => "print",
            Self::Share => "share",
            Self::Consent => "consent",
            Self::BreakGlass => "break-glass",
            Self::Reviewed => "reviewed",
            Self::CardKept => "card-kept",
            Self::LetterTaken => "letter-taken",
            Self::LetterRefused => "letter-refused",
            Self::LetterAccepted => "letter-accepted",
            Self::LetterRejected => "letter-rejected",
            Self::CategoryBegun => "category-begun",
            Self::CategoryAllowed => "category-allowed",
            Self::CategoryDenied => "category-denied",
            Self::ProposalAccepted => "proposal-accepted",
            Self::ProposalDeclined => "proposal-declined",
        }
    }
}

impl AuditObject {
    /// Whose chart it was done to, if it was one.
    pub fn patient(&self) -> Option<PatientId> {
        match self {
            Self::Patient(patient) => Some(*patient),
            Self::Disclosed(it) => Some(it.patient),
            Self::Nothing
            | Self::User(_)
            | Self::Import(_)
            | Self::Count(_)
            | Self::Machine(_)
            | Self::Entry(..)
            | Self::Card(..)
            | Self::Category(..)
            | Self::Letter(..) => None,
        }
    }
}

impl Disclosed {
    /// What was let see of a patient's chart: which part, to whom, and why.
    pub fn new(patient: PatientId, what: &str, to: &str, why: &str) -> Self {
        Self {
            patient,
            what: cut(what),
            to: cut(to),
            why: cut(why),
        }
    }
}

/// As much of these words as an entry takes, in one line.
pub(in crate::clinic) fn cut(words: &str) -> String {
    let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
    let fits = |at: &usize| *at <= WORDS_BYTES_MAX;
    let ends = words.char_indices().map(|(at, it)| at + it.len_utf8());
    let end = ends.take_while(fits).last().unwrap_or(0);
    words.get(..end).unwrap_or_default().to_owned()
}

impl fmt::Debug for Disclosed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Disclosed({:?})", self.patient)
    }
}
