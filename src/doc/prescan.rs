//! A look at a change before automerge sees it.
//!
//! Automerge believes what it reads: a change of 69 bytes can claim ten million operations
//! and cost gigabytes. The look walks the bytes once, multiplies nothing out, and lets pass
//! only the shapes that Cairn writes. See `docs/design/documents.md`.

mod columns;

use crate::{ids::Hash, time::Timestamp};

/// The largest change, in bytes. A long visit with its notes is a hundredth of this.
pub(crate) const BYTES_MAX: usize = 1024 * 1024;

/// Most operations in a change. A letter of free text is one.
pub(crate) const OPERATIONS_MAX: usize = 50_000;

/// Most changes that a change may follow directly. Honest ones follow one for each machine
/// that wrote meanwhile.
const DEPS_MAX: u64 = 256;

/// Most other sessions whose operations a change may name.
const ACTORS_MAX: u64 = 256;

/// What stands before the operations of the largest change, in bytes.
pub(crate) const HEAD_BYTES_MAX: usize = 16 * 1024;

const MAGIC: [u8; 4] = [0x85, 0x6f, 0x4a, 0x83];

/// The chunk type of one change, not deflated.
const CHANGE: u8 = 1;

/// What a change says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scan {
    /// The session that wrote it, in this document.
    pub actor: [u8; 16],
    /// Which of that session's changes it is, from 1 on.
    pub seq: u64,
    /// The changes that it follows.
    pub deps: Vec<Hash>,
    /// The number of its first operation.
    pub start_op: u64,
    /// How many operations it has.
    pub operations: u64,
    /// When it was written, by the writer's logical clock.
    pub at: Timestamp,
}

/// Why a change cannot enter a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The bytes are no single, plain change.
    #[error("not a change")]
    NotAChange,
    /// The bytes end early, go on too long, or do not mean what they say.
    #[error("the bytes of the change are damaged")]
    Malformed,
    /// More of something than a change may have.
    #[error("the change has too many {0}")]
    TooMany(&'static str),
    /// Something that Cairn never writes.
    #[error("the change holds {0}, which is never written")]
    Foreign(&'static str),
    /// The numbers of its operations do not follow from the changes before it.
    #[error("the change does not follow the changes that it names")]
    OutOfOrder,
    /// Another change of the same session has the same number, and counts.
    #[error("another change of the session has its number")]
    Twin,
    /// The document would be lost by it.
    #[error("the document does not survive the change")]
    Poison,
}

/// Reads what a change says of itself, in one pass that allocates nothing but `deps`.
pub fn prescan(change: &[u8]) -> Result<Scan, Refusal> {
    if change.len() > BYTES_MAX {
        return Err(Refusal::TooMany("bytes"));
    }
    let mut bytes = Bytes(change);
    let begins: [u8; 4] = bytes.array()?;
    let _checksum: [u8; 4] = bytes.array()?;
    let [kind] = bytes.array()?;
    if begins != MAGIC || kind != CHANGE {
        return Err(Refusal::NotAChange);
    }
    if bytes.length()? != bytes.0.len() {
        return Err(Refusal::Malformed);
    }
    let deps = bytes.count(DEPS_MAX, "dependencies")?;
    let deps = (0..deps).map(|_| bytes.array().map(Hash::from_bytes));
    let deps = deps.collect::<Result<Vec<Hash>, Refusal>>()?;
    let actor = bytes.actor()?;
    let seq = bytes.unsigned()?;
    let start_op = bytes.unsigned()?;
    let at = Timestamp(bytes.signed()?);
    if seq == 0 || start_op == 0 {
        return Err(Refusal::Malformed);
    }
    if bytes.length()? != 0 {
        return Err(Refusal::Foreign("a message"));
    }
    let others = bytes.count(ACTORS_MAX, "sessions")?;
    for _ in 0..others {
        bytes.actor()?;
    }
    let operations = columns::scan(&mut bytes, start_op, others + 1)?;
    if !bytes.0.is_empty() {
        return Err(Refusal::Foreign("an appendix"));
    }
    Ok(Scan {
        actor,
        seq,
        deps,
        start_op,
        operations,
        at,
    })
}

/// What is left to read.
struct Bytes<'a>(&'a [u8]);

impl<'a> Bytes<'a> {
    fn take(&mut self, count: usize) -> Result<&'a [u8], Refusal> {
        let (taken, rest) = self.0.split_at_checked(count).ok_or(Refusal::Malformed)?;
        self.0 = rest;
        Ok(taken)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], Refusal> {
        let (taken, rest) = self.0.split_first_chunk().ok_or(Refusal::Malformed)?;
        self.0 = rest;
        Ok(*taken)
    }

    /// An unsigned LEB128 number, in as few bytes as it needs.
    fn unsigned(&mut self) -> Result<u64, Refusal> {
        let mut number = 0_u64;
        for shift in (0..64).step_by(7) {
            let [byte] = self.array()?;
            let low = u64::from(byte & 0x7f);
            let lost = shift == 63 && low > 1;
            let padded = byte == 0 && shift > 0;
            if lost || padded {
                return Err(Refusal::Malformed);
            }
            number |= low << shift;
            if byte & 0x80 == 0 {
                return Ok(number);
            }
        }
        Err(Refusal::Malformed)
    }

    /// A signed LEB128 number.
    fn signed(&mut self) -> Result<i64, Refusal> {
        let mut number = 0_i64;
        for shift in (0..64).step_by(7) {
            let [byte] = self.array()?;
            let low = i64::from(byte & 0x7f);
            if shift == 63 && !matches!(byte, 0 | 0x7f) {
                return Err(Refusal::Malformed);
            }
            number |= low << shift;
            if byte & 0x80 == 0 {
                let negative = byte & 0x40 != 0 && shift + 7 < 64;
                return Ok(if negative {
                    number | -1 << (shift + 7)
                } else {
                    number
                });
            }
        }
        Err(Refusal::Malformed)
    }

    fn length(&mut self) -> Result<usize, Refusal> {
        let length = self.unsigned()?;
        usize::try_from(length).or(Err(Refusal::Malformed))
    }

    fn count(&mut self, most: u64, of: &'static str) -> Result<u64, Refusal> {
        let count = self.unsigned()?;
        if count > most {
            return Err(Refusal::TooMany(of));
        }
        Ok(count)
    }

    /// A session's id, always of 16 bytes.
    fn actor(&mut self) -> Result<[u8; 16], Refusal> {
        if self.length()? != 16 {
            return Err(Refusal::Foreign("a foreign session id"));
        }
        self.array()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_automerge_writes_them() {
        let unsigned = |bytes: &[u8]| Bytes(bytes).unsigned();
        assert_eq!(unsigned(&[0xe5, 0x8e, 0x26]), Ok(624_485));
        assert_eq!(unsigned(&[0xff; 9]), Err(Refusal::Malformed));
        assert_eq!(unsigned(&[0x80, 0x00]), Err(Refusal::Malformed));
        let largest = [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01];
        assert_eq!(unsigned(&largest), Ok(u64::MAX));
        let signed = |bytes: &[u8]| Bytes(bytes).signed();
        assert_eq!(signed(&[0x7f]), Ok(-1));
        assert_eq!(signed(&[0xc0, 0xbb, 0x78]), Ok(-123_456));
        let smallest = [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x7f];
        assert_eq!(signed(&smallest), Ok(i64::MIN));
        assert_eq!(signed(&[]), Err(Refusal::Malformed));
    }

    #[test]
    fn bytes_that_are_no_change_are_refused() {
        for (bytes, expected) in [
            (&b""[..], Refusal::Malformed),
            (b"0123456789abcdef", Refusal::NotAChange),
            (b"\x85\x6f\x4a\x83....\x02\x00", Refusal::NotAChange),
            (b"\x85\x6f\x4a\x83....\x01\x05", Refusal::Malformed),
        ] {
            assert_eq!(prescan(bytes), Err(expected), "for {bytes:?}");
        }
        let long = vec![0; BYTES_MAX + 1];
        assert_eq!(prescan(&long), Err(Refusal::TooMany("bytes")));
    }
}
