//! Who did and read what: entries that the writer seals and only owners and auditors open.

use serde::{Deserialize, Serialize};

use super::Error;
use crate::{
    ids::{DeviceId, EpochId, Hash, ImportId, LogId, PatientId, SessionId, UserId},
    ledger::ClockQuality,
    seal::{self, CarryKey, CarryPublic, Entropy, Secret},
    time::{Hlc, Moment},
};

/// One line of the audit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditEntry {
    /// Its place in the log's audit, from 1.
    pub seq: u64,
    /// The hash of the sealed row before it.
    pub prev: Hash,
    /// The writer's logical clock.
    pub hlc: Hlc,
    /// The wall clock beside it.
    pub wall: Moment,
    /// What was known of that clock.
    pub clock: ClockQuality,
    /// Who; none while nobody was signed in.
    pub user: Option<UserId>,
    /// In which session.
    pub session: SessionId,
    /// Did what.
    pub action: AuditAction,
    /// To what.
    pub object: AuditObject,
    /// Whether it was done.
    pub done: bool,
}

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
}

/// What an action was done to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
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
}

/// The key under which one session seals its entries, and the same key wrapped to those who
/// may read them.
#[derive(Debug)]
pub(super) struct AuditKey {
    key: Secret,
    wrapped: Wrapped,
}

/// A session's audit key, wrapped to the audit's key pair of an epoch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Wrapped {
    pub(super) epoch: EpochId,
    pub(super) key: Vec<u8>,
}

/// The rows of one session, as an envelope carries them.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Batch {
    /// The session's audit key, wrapped to the audit's key pair.
    pub(super) key: Vec<u8>,
    /// The number of the first row.
    pub(super) first: u64,
    /// The sealed rows.
    pub(super) rows: Vec<Vec<u8>>,
}

/// What stands before a row and before a batch: their version and suite.
const FORMAT: [u8; 2] = [1, 0];

/// Why a row or a batch is not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum Unread {
    #[error("a newer program wrote it")]
    Newer,
    #[error("it does not open")]
    Sealed,
}

/// Rows to an envelope at most; a checkpoint is made when there are as many.
pub(super) const BATCH_LEN_MAX: usize = 64;

/// The longest wrapped key: an age file with one recipient around 32 bytes is about 250.
const WRAPPED_BYTES_MAX: usize = 1024;

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
        }
    }
}

impl AuditKey {
    pub(super) fn generate(
        (epoch, to): (EpochId, CarryPublic),
        entropy: &mut dyn Entropy,
    ) -> Result<Self, Error> {
        let key = Secret::generate(entropy);
        let wrapped = seal::wrap(&[to], key.as_bytes())
            .map_err(|source| Error::damaged("the audit's key", source))?;
        let wrapped = Wrapped {
            epoch,
            key: wrapped,
        };
        Ok(Self { key, wrapped })
    }

    /// The key that was wrapped to `with`.
    pub(super) fn unwrap(with: &CarryKey, wrapped: Wrapped) -> Result<Self, seal::Error> {
        let key = seal::unwrap(with, &wrapped.key, WRAPPED_BYTES_MAX)?;
        let key = Secret::from_slice(&key).ok_or(seal::Error::Malformed)?;
        Ok(Self { key, wrapped })
    }

    pub(super) const fn wrapped(&self) -> &Wrapped {
        &self.wrapped
    }

    pub(super) fn seal(
        &self,
        log: LogId,
        entry: &AuditEntry,
        entropy: &mut dyn Entropy,
    ) -> Vec<u8> {
        let plain = postcard::to_allocvec(entry).unwrap_or_default();
        let sealed = seal::seal_row(&self.key, entropy, &place(log, entry.seq), &plain);
        [FORMAT.as_slice(), &sealed].concat()
    }

    pub(super) fn open(
        &self,
        log: LogId,
        seq: u64,
        row: &[u8],
    ) -> Result<AuditEntry, Unread> {
        let sealed = known(row)?;
        let plain = seal::open_row(&self.key, &place(log, seq), sealed);
        let plain = plain.or(Err(Unread::Sealed))?;
        // What opens and does not read has an action that this program does not know.
        let entry: AuditEntry = postcard::from_bytes(&plain).or(Err(Unread::Newer))?;
        (entry.seq == seq).then_some(entry).ok_or(Unread::Sealed)
    }
}

impl Batch {
    pub(super) fn encode(&self) -> Vec<u8> {
        let rows = postcard::to_allocvec(self).unwrap_or_default();
        [FORMAT.as_slice(), &rows].concat()
    }

    pub(super) fn decode(bytes: &[u8]) -> Result<Self, Unread> {
        postcard::from_bytes(known(bytes)?).or(Err(Unread::Sealed))
    }
}

/// What follows a version and suite that this program knows.
fn known(bytes: &[u8]) -> Result<&[u8], Unread> {
    bytes.strip_prefix(&FORMAT).ok_or(Unread::Newer)
}

/// Where a row stands; bound with its version into its seal, so that no row can be moved.
fn place(log: LogId, seq: u64) -> Vec<u8> {
    let place: [&[u8]; 4] = [b"audit\0", &FORMAT, log.as_bytes(), &seq.to_be_bytes()];
    place.concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seal::SeededEntropy;

    #[test]
    fn a_row_opens_for_the_auditor_and_only_in_its_place() {
        let mut entropy = SeededEntropy::new(3);
        let auditor = CarryKey::generate(&mut entropy);
        let key =
            AuditKey::generate((EpochId::ZERO, auditor.public()), &mut entropy).unwrap();
        let log = LogId::from_bytes([7; 16]);
        let entry = AuditEntry {
            seq: 9,
            prev: Hash::ZERO,
            hlc: Hlc(1),
            wall: Moment::default(),
            clock: ClockQuality::Uncertain,
            user: Some(UserId::from_bytes([1; 16])),
            session: SessionId::ZERO,
            action: AuditAction::Open,
            object: AuditObject::Patient(PatientId::from_bytes([2; 16])),
            done: true,
        };
        let row = key.seal(log, &entry, &mut entropy);
        let read = AuditKey::unwrap(&auditor, key.wrapped().clone()).unwrap();
        assert_eq!(read.open(log, 9, &row), Ok(entry));
        assert_eq!(read.open(log, 8, &row), Err(Unread::Sealed));
        assert_eq!(read.open(LogId::ZERO, 9, &row), Err(Unread::Sealed));
        for place in [0, 1] {
            let mut newer = row.clone();
            newer[place] += 1;
            assert_eq!(read.open(log, 9, &newer), Err(Unread::Newer));
        }
        let stranger = CarryKey::generate(&mut entropy);
        assert!(AuditKey::unwrap(&stranger, key.wrapped().clone()).is_err());
    }

    #[test]
    fn a_batch_reads_back_and_one_of_a_newer_program_says_so() {
        let batch = Batch {
            key: vec![1; 200],
            first: 7,
            rows: vec![vec![2; 60], vec![3; 61]],
        };
        let bytes = batch.encode();
        assert_eq!(Batch::decode(&bytes), Ok(batch));
        assert_eq!(Batch::decode(&bytes[..9]), Err(Unread::Sealed));
        assert_eq!(
            Batch::decode(&[&[1, 9], &bytes[2..]].concat()),
            Err(Unread::Newer)
        );
    }
}
