//! A bundle: envelopes in a file that is carried from one machine to another.
//!
//! An age file to the machines that may open it, in it a signed [`Manifest`], and a body of
//! envelopes, membership first. No name and no path stands in it. Written and read as a
//! stream; `docs/design/bundle.md` draws the bytes.

mod body;
mod manifest;

use std::io::{self, Read, Write};

pub use body::{Body, BodyWriter, Contents};
pub use manifest::{MANIFEST_BYTES_MAX, Manifest, Part};

use crate::{
    ledger::{self, Entry},
    seal::{
        self, CarryKey, CarryPublic, Entropy, SigningKey, Wrapping, unwrap_from,
        wrap_into,
    },
};

/// The largest file, in bytes: what FAT32, which most sticks have, can hold.
pub const FILE_BYTES_MAX: u64 = 4 * 1024 * 1024 * 1024 - 1;
/// What age adds before the first byte: less than 200 bytes and 200 for each receiver.
const AGE_HEADER_BYTES: u64 = 200;
/// Age cuts what it seals into pieces of this many bytes, and adds 16 to each.
const AGE_PIECE_BYTES: u64 = 64 * 1024;
const AGE_TAG_BYTES: u64 = 16;

/// Why a bundle cannot be taken, or not all of it. What was read before stays good.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Something else, or damaged before its contents begin.
    #[error("not a bundle, or damaged where it begins")]
    NotABundle,
    /// It was wrapped to other machines.
    #[error("not made for this machine")]
    NotForThisMachine,
    /// Made by a newer program.
    #[error("made by a newer Cairn: version {version} is not known to this one")]
    Newer {
        /// The version byte.
        version: u8,
    },
    /// What it says of itself cannot be read, or is not signed by the machine that it names.
    #[error("what it says of itself is not whole or not signed by who made it")]
    Manifest,
    /// It ends early, is damaged, or can no longer be read.
    #[error("broken off or damaged after {read} of {of} envelopes")]
    Broken {
        /// How many envelopes were read before.
        read: u64,
        /// How many there should be.
        of: u64,
        /// What the stick, or age, says.
        source: io::Error,
    },
    /// What follows is no envelope that may stand there.
    #[error("envelope {} of {of} cannot be taken", read + 1)]
    Envelope {
        /// How many envelopes were read before.
        read: u64,
        /// How many there should be.
        of: u64,
        /// What is wrong with it.
        source: ledger::Error,
    },
    /// It holds other envelopes than it says.
    #[error("after {read} of {of} envelopes it is not what it says of itself")]
    Contents {
        /// How many envelopes were read before.
        read: u64,
        /// How many there should be.
        of: u64,
    },
    /// It could not be written.
    #[error("cannot be written")]
    Write(#[source] io::Error),
}

/// A bundle that is being read: what it says of itself, then its envelopes.
#[derive(Debug)]
pub struct Bundle<R> {
    manifest: Manifest,
    body: Body<R>,
}

/// A bundle that is being written.
pub struct Packing<W: Write> {
    body: BodyWriter<Wrapping<W>>,
    stated: Contents,
}

/// The most bytes of a body that fit into a file of `file_bytes_max` for this many receivers,
/// next to a manifest of `manifest_bytes`. None where not even one envelope would fit.
pub fn body_bytes_max(
    file_bytes_max: u64,
    receivers: usize,
    manifest_bytes: usize,
) -> Option<u64> {
    let receivers = u64::try_from(receivers).ok()?;
    let header = AGE_HEADER_BYTES.checked_mul(receivers.checked_add(1)?)?;
    let sealed = file_bytes_max.checked_sub(header)?;
    // One tag more than there are whole pieces: the last may be short.
    let tags = (sealed / AGE_PIECE_BYTES + 2) * AGE_TAG_BYTES;
    let front = u64::try_from(manifest::FRONT_BYTES.checked_add(manifest_bytes)?).ok()?;
    let body = sealed.checked_sub(tags)?.checked_sub(front)?;
    (body >= body::RECORD_BYTES_MAX).then_some(body)
}

/// Opens a bundle with this machine's key. Its maker's signature fits; whether that machine
/// is one of the clinic, only the clinic knows.
pub fn open<R: Read>(
    key: &CarryKey,
    input: R,
) -> Result<Bundle<impl Read + use<R>>, Error> {
    let mut input = unwrap_from(key, input).map_err(|error| match error {
        seal::Error::NotForThisKey => Error::NotForThisMachine,
        seal::Error::Unsealed
        | seal::Error::Signature
        | seal::Error::Passphrase
        | seal::Error::TooMuchWork { .. }
        | seal::Error::TooLong { .. }
        | seal::Error::Malformed => Error::NotABundle,
    })?;
    let manifest = Manifest::read(&mut input)?;
    let body = Body::new(input, manifest.clinic, manifest.contents);
    Ok(Bundle { manifest, body })
}

impl<R: Read> Bundle<R> {
    /// What it says of itself.
    pub const fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// The next envelope; none after the last, once all is as the manifest says.
    pub fn next_envelope(&mut self) -> Result<Option<Entry>, Error> {
        self.body.next_envelope()
    }
}

impl<W: Write> Packing<W> {
    /// Begins a bundle to these machines, with what it will say of itself.
    pub fn begin(
        output: W,
        to: &[CarryPublic],
        manifest: &Manifest,
        device: &SigningKey,
        entropy: &mut dyn Entropy,
    ) -> Result<Self, Error> {
        let unwritable = |error: seal::Error| Error::Write(io::Error::other(error));
        let mut output = wrap_into(to, output, entropy).map_err(unwritable)?;
        manifest.write(&mut output, device)?;
        Ok(Self {
            body: BodyWriter::new(output),
            stated: manifest.contents,
        })
    }

    /// Writes the next envelope, as its bytes.
    pub fn put(&mut self, envelope: &[u8]) -> Result<(), Error> {
        self.body.put(envelope).map_err(Error::Write)
    }

    /// Ends the file, if it holds what its manifest says.
    pub fn finish(self) -> Result<W, Error> {
        let (output, contents) = self.body.finish();
        if contents != self.stated {
            let (read, of) = (contents.envelopes, self.stated.envelopes);
            return Err(Error::Contents { read, of });
        }
        output.finish().map_err(Error::Write)
    }
}

impl<W: Write> std::fmt::Debug for Packing<W> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Packing({:?})", self.stated)
    }
}

#[cfg(test)]
mod tests;
