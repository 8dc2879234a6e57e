//! What stands before the sealed part of a backup: the locked keys of the clinic's owners,
//! since the sealed part opens with what is inside them, or with the recovery key.
//!
//! The sealed part is a [`bundle`](super::bundle) to owners and recovery key instead of
//! machines. `docs/design/backup.md` draws the bytes.

use std::{
    fmt,
    io::{self, Read, Write},
};

use crate::{
    ids::{ClinicId, Hash, UserId},
    seal::{PASSPHRASE_FILE_BYTES_MAX, hash},
};

/// The most owners whose keys stand in a backup.
const OWNERS_MAX: u16 = 256;
const MAGIC: &[u8; 4] = b"CABK";
const VERSION: u8 = 1;

/// The open part of a backup.
#[derive(Clone, PartialEq, Eq)]
pub struct Front {
    /// The clinic.
    pub clinic: ClinicId,
    /// The owners' keys, each locked with a passphrase.
    pub owners: Vec<(UserId, Vec<u8>)>,
}

/// Why a file is no backup.
#[derive(Debug, thiserror::Error)]
pub enum NotABackup {
    /// It begins with other bytes.
    #[error("it does not begin as a backup of Cairn")]
    Magic,
    /// Made by a newer program.
    #[error("made by a newer Cairn: version {version} is not known to this one")]
    Newer {
        /// The version byte.
        version: u8,
    },
    /// The open part is longer than it may be, or was changed.
    #[error("the part before the sealed one was changed")]
    Changed,
    /// It cannot be read, or ends early.
    #[error("it ends early, or cannot be read")]
    Broken(#[source] io::Error),
}

impl Front {
    /// Writes it.
    pub fn write(&self, output: &mut impl Write) -> io::Result<()> {
        let mut bytes = [MAGIC.as_slice(), &[VERSION], self.clinic.as_bytes()].concat();
        let count = u16::try_from(self.owners.len()).unwrap_or(u16::MAX);
        bytes.extend_from_slice(&count.to_be_bytes());
        for (user, file) in &self.owners {
            let length = u32::try_from(file.len()).unwrap_or(u32::MAX);
            bytes.extend_from_slice(user.as_bytes());
            bytes.extend_from_slice(&length.to_be_bytes());
            bytes.extend_from_slice(file);
        }
        output.write_all(&bytes)?;
        output.write_all(hash(&bytes).as_bytes())
    }

    /// Reads it; what follows is the sealed part.
    pub fn read(input: &mut impl Read) -> Result<Self, NotABackup> {
        let mut taken = Taken {
            input,
            bytes: Vec::new(),
        };
        if taken.array()? != *MAGIC {
            return Err(NotABackup::Magic);
        }
        let [version] = taken.array()?;
        if version != VERSION {
            return Err(NotABackup::Newer { version });
        }
        let clinic = ClinicId::from_bytes(taken.array()?);
        let count = u16::from_be_bytes(taken.array()?);
        if count > OWNERS_MAX {
            return Err(NotABackup::Changed);
        }
        let mut owners = Vec::new();
        for _ in 0..count {
            let user = UserId::from_bytes(taken.array()?);
            let length = u32::from_be_bytes(taken.array()?);
            let length = usize::try_from(length).unwrap_or(usize::MAX);
            if length > PASSPHRASE_FILE_BYTES_MAX {
                return Err(NotABackup::Changed);
            }
            owners.push((user, taken.take(length)?.to_vec()));
        }
        let expected = hash(&taken.bytes);
        if Hash::from_bytes(taken.array()?) != expected {
            return Err(NotABackup::Changed);
        }
        Ok(Self { clinic, owners })
    }
}

/// What was read so far, and where from.
struct Taken<'a, R> {
    input: &'a mut R,
    bytes: Vec<u8>,
}

impl<R: Read> Taken<'_, R> {
    fn take(&mut self, length: usize) -> Result<&[u8], NotABackup> {
        let from = self.bytes.len();
        self.bytes.resize(from + length, 0);
        let into = self.bytes.get_mut(from..).unwrap_or_default();
        self.input.read_exact(into).map_err(NotABackup::Broken)?;
        Ok(into)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], NotABackup> {
        let taken = self.take(N)?;
        Ok(*taken.first_chunk().unwrap_or(&[0; N]))
    }
}

impl fmt::Debug for Front {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Front({:?}, {} owners)", self.clinic, self.owners.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn front() -> Front {
        Front {
            clinic: ClinicId::from_bytes([1; 16]),
            owners: vec![
                (UserId::from_bytes([2; 16]), vec![3; 500]),
                (UserId::from_bytes([4; 16]), Vec::new()),
            ],
        }
    }

    fn written() -> Vec<u8> {
        let mut bytes = Vec::new();
        front().write(&mut bytes).unwrap();
        bytes
    }

    #[test]
    fn what_is_written_is_read_and_nothing_after_it() {
        let bytes = [&*written(), b"sealed"].concat();
        let mut left = &*bytes;
        assert_eq!(Front::read(&mut left).unwrap(), front());
        assert_eq!(left, b"sealed");
    }

    #[test]
    fn every_changed_bit_and_every_missing_byte_is_noticed() {
        let bytes = written();
        for length in 0..bytes.len() {
            assert!(
                Front::read(&mut &bytes[..length]).is_err(),
                "cut at {length}"
            );
        }
        for bit in 0..bytes.len() * 8 {
            let mut changed = bytes.clone();
            changed[bit / 8] ^= 1 << (bit % 8);
            assert!(Front::read(&mut &*changed).is_err(), "bit {bit}");
        }
    }
}
