//! Who did and read what: entries that the writer seals and only owners and auditors open.

mod events;

pub(super) use events::cut;
pub use events::{AuditAction, AuditObject, Disclosed};

use serde::{Deserialize, Serialize};

use super::Error;
use crate::{
    ids::{EpochId, Hash, LogId, SessionId, UserId},
    ledger::ClockQuality,
    seal::{self, CarryKey, CarryPublic, Entropy, NONCE_LEN, Secret},
    time::{Hlc, Moment},
};

/// One line of the audit.
#[derive(Debug, Clone, PartialEq, Eq)]
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
    pub(super) by: Sealer,
}

/// Whose rows are sealed under a key. They need not say it again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Sealer {
    pub(super) session: SessionId,
    /// None while nobody was signed in.
    pub(super) user: Option<UserId>,
    /// When the key was made. Rows tell their times from there.
    pub(super) since: Moment,
}

/// What a row says that its place and its key do not.
#[derive(Serialize, Deserialize)]
struct Row {
    /// The logical clock: milliseconds since the key was made, and its counter.
    ms: i64,
    counter: u16,
    /// By how many milliseconds the wall clock was behind that.
    behind_ms: i64,
    /// How much farther east its zone is than when the key was made, in minutes.
    zone: i16,
    clock: ClockQuality,
    action: AuditAction,
    object: AuditObject,
    done: bool,
}

/// Where a row stands; bound with its version into its seal, so that no row can be moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct RowPlace {
    pub(super) log: LogId,
    pub(super) seq: u64,
    /// The hash of the row before it.
    pub(super) prev: Hash,
}

/// The rows of one session, as an envelope carries them.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Batch {
    /// The session's audit key, wrapped to the audit's key pair.
    pub(super) key: Vec<u8>,
    /// Whose it is.
    pub(super) by: Sealer,
    /// The number of the first row.
    pub(super) first: u64,
    /// The hash of the row before the first.
    pub(super) prev: Hash,
    /// The sealed rows.
    pub(super) rows: Vec<Vec<u8>>,
}

/// Random bytes before a row. With its number they are its nonce: two rows of one key have
/// one number only where a write failed, or a copy was made of a machine at work.
const SALT_LEN: usize = 4;

/// The version and suite of rows and batches. They stand before a batch.
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

impl AuditKey {
    pub(super) fn generate(
        (epoch, to): (EpochId, CarryPublic),
        by: Sealer,
        entropy: &mut dyn Entropy,
    ) -> Result<Self, Error> {
        let key = Secret::generate(entropy);
        let wrapped = seal::wrap(&[to], key.as_bytes(), entropy)
            .map_err(|source| Error::damaged("the audit's key", source))?;
        let wrapped = Wrapped {
            epoch,
            key: wrapped,
            by,
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

    /// Seals an entry of whose key this is.
    pub(super) fn seal(
        &self,
        log: LogId,
        entry: &AuditEntry,
        entropy: &mut dyn Entropy,
    ) -> Vec<u8> {
        let since = self.wrapped.by.since;
        let at = entry.hlc.timestamp();
        let row = Row {
            ms: at.ms_since(since.at),
            counter: entry.hlc.counter(),
            behind_ms: at.ms_since(entry.wall.at),
            zone: entry.wall.offset_minutes.wrapping_sub(since.offset_minutes),
            clock: entry.clock,
            action: entry.action,
            object: entry.object.clone(),
            done: entry.done,
        };
        let plain = postcard::to_allocvec(&row).unwrap_or_default();
        let mut salt = [0; SALT_LEN];
        entropy.fill(&mut salt);
        let place = RowPlace {
            log,
            seq: entry.seq,
            prev: entry.prev,
        };
        let nonce = place.nonce(salt);
        let sealed = seal::seal(&self.key, &nonce, &self.bound_to(place), &plain);
        [salt.as_slice(), &sealed].concat()
    }

    pub(super) fn open(&self, place: RowPlace, row: &[u8]) -> Result<AuditEntry, Unread> {
        let (salt, sealed) = row.split_first_chunk().ok_or(Unread::Sealed)?;
        let nonce = place.nonce(*salt);
        let plain = seal::open(&self.key, &nonce, &self.bound_to(place), sealed);
        let plain = plain.or(Err(Unread::Sealed))?;
        // What opens and does not read has an action that this program does not know.
        let row: Row = postcard::from_bytes(&plain).or(Err(Unread::Newer))?;
        let Sealer {
            session,
            user,
            since,
        } = self.wrapped.by;
        let at = since.at.plus_ms(row.ms);
        Ok(AuditEntry {
            seq: place.seq,
            prev: place.prev,
            hlc: Hlc::from_parts(at, row.counter),
            wall: Moment {
                at: at.plus_ms(row.behind_ms.saturating_neg()),
                offset_minutes: since.offset_minutes.wrapping_add(row.zone),
            },
            clock: row.clock,
            user,
            session,
            action: row.action,
            object: row.object,
            done: row.done,
        })
    }

    fn bound_to(&self, RowPlace { log, seq, prev }: RowPlace) -> Vec<u8> {
        let Sealer { session, user, .. } = self.wrapped.by;
        let user = user.unwrap_or(UserId::ZERO);
        let parts: [&[u8]; 7] = [
            b"audit\0",
            &FORMAT,
            log.as_bytes(),
            &seq.to_be_bytes(),
            prev.as_bytes(),
            session.as_bytes(),
            user.as_bytes(),
        ];
        parts.concat()
    }
}

impl RowPlace {
    fn nonce(&self, salt: [u8; SALT_LEN]) -> [u8; NONCE_LEN] {
        let mut nonce = [0; NONCE_LEN];
        let parts = salt.into_iter().chain(self.seq.to_be_bytes());
        nonce.iter_mut().zip(parts).for_each(|(to, it)| *to = it);
        nonce
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

#[cfg(test)]
mod tests;
