//! The envelopes of a bundle or a backup, one after the other: each its length and its bytes,
//! lane after lane.

use std::io::{self, Read, Write};

use serde::{Deserialize, Serialize};

use super::Error;
use crate::{
    ids::{ClinicId, Hash},
    ledger::{self, ENVELOPE_BYTES_MAX, Entry, Lane},
    seal::Hasher,
};

/// The length that stands before each envelope, in bytes.
const LENGTH_LEN: usize = 4;
/// The most that one envelope takes, in bytes.
pub(super) const RECORD_BYTES_MAX: u64 = (LENGTH_LEN + ENVELOPE_BYTES_MAX) as u64;

/// What a body holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contents {
    /// How many envelopes.
    pub envelopes: u64,
    /// How many bytes, with the lengths between.
    pub bytes: u64,
    /// The BLAKE3 hash of these bytes.
    pub hash: Hash,
}

/// Writes a body. Into [`io::sink`], it tells what one would hold.
#[derive(Debug)]
pub struct BodyWriter<W> {
    output: W,
    hasher: Hasher,
    envelopes: u64,
    bytes: u64,
}

/// Reads a body, never more than one envelope of it at a time.
#[derive(Debug)]
pub struct Body<R> {
    input: R,
    clinic: ClinicId,
    stated: Contents,
    read: u64,
    bytes: u64,
    hasher: Hasher,
    lane: Lane,
}

impl<W: Write> BodyWriter<W> {
    /// A body that is empty so far.
    pub fn new(output: W) -> Self {
        Self {
            output,
            hasher: Hasher::default(),
            envelopes: 0,
            bytes: 0,
        }
    }

    /// Writes an envelope, as its bytes. Those of a lower lane come first.
    pub fn put(&mut self, envelope: &[u8]) -> io::Result<()> {
        let length = u32::try_from(envelope.len())
            .unwrap_or(u32::MAX)
            .to_be_bytes();
        for piece in [&length, envelope] {
            self.output.write_all(piece)?;
            self.hasher.update(piece);
        }
        self.envelopes += 1;
        self.bytes += record_bytes(envelope);
        Ok(())
    }

    /// How many bytes it would have with this envelope too.
    pub const fn bytes_with(&self, envelope: &[u8]) -> u64 {
        self.bytes + record_bytes(envelope)
    }

    /// Ends the body. What it was written to is not closed.
    pub fn finish(self) -> (W, Contents) {
        let contents = Contents {
            envelopes: self.envelopes,
            bytes: self.bytes,
            hash: self.hasher.finish(),
        };
        (self.output, contents)
    }
}

impl<R: Read> Body<R> {
    /// The body of a clinic that should hold this.
    pub fn new(input: R, clinic: ClinicId, stated: Contents) -> Self {
        Self {
            input,
            clinic,
            stated,
            read: 0,
            bytes: 0,
            hasher: Hasher::default(),
            lane: Lane::Membership,
        }
    }

    /// The next envelope, whose signature nobody has looked at; none after the last, once all
    /// is as it should be.
    pub fn next_envelope(&mut self) -> Result<Option<Entry>, Error> {
        let mut length = [0; LENGTH_LEN];
        if !self.fill(&mut length)? {
            return self.end().map(|()| None);
        }
        if self.read == self.stated.envelopes {
            return Err(self.contents());
        }
        let length = usize::try_from(u32::from_be_bytes(length)).unwrap_or(usize::MAX);
        if length > ENVELOPE_BYTES_MAX {
            return Err(self.refused(ledger::Error::Length { length }));
        }
        let mut bytes = vec![0; length];
        if !self.fill(&mut bytes)? && length > 0 {
            return Err(self.broken(io::ErrorKind::UnexpectedEof.into()));
        }
        let entry = Entry::decode(&bytes).map_err(|error| self.refused(error))?;
        let header = entry.header();
        if header.clinic != self.clinic || header.lane < self.lane {
            return Err(self.refused(ledger::Error::Malformed));
        }
        self.lane = header.lane;
        self.read += 1;
        Ok(Some(entry))
    }

    /// Reads this many bytes; false where nothing follows any more.
    fn fill(&mut self, into: &mut [u8]) -> Result<bool, Error> {
        let mut filled = 0;
        while let Some(rest) = into.get_mut(filled..).filter(|it| !it.is_empty()) {
            match self.input.read(rest) {
                Ok(0) if filled == 0 => return Ok(false),
                Ok(0) => return Err(self.broken(io::ErrorKind::UnexpectedEof.into())),
                Ok(more) => filled += more,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(self.broken(error)),
            }
        }
        self.hasher.update(into);
        self.bytes += into.len() as u64;
        Ok(filled > 0)
    }

    fn end(&self) -> Result<(), Error> {
        let held = Contents {
            envelopes: self.read,
            bytes: self.bytes,
            hash: self.hasher.finish(),
        };
        if held != self.stated {
            return Err(self.contents());
        }
        Ok(())
    }

    fn contents(&self) -> Error {
        Error::Contents {
            read: self.read,
            of: self.stated.envelopes,
        }
    }

    fn broken(&self, source: io::Error) -> Error {
        Error::Broken {
            read: self.read,
            of: self.stated.envelopes,
            source,
        }
    }

    fn refused(&self, source: ledger::Error) -> Error {
        Error::Envelope {
            read: self.read,
            of: self.stated.envelopes,
            source,
        }
    }
}

/// What an envelope takes in a body, in bytes.
const fn record_bytes(envelope: &[u8]) -> u64 {
    (LENGTH_LEN + envelope.len()) as u64
}
