//! What a bundle says of itself, signed by the machine that made it.

use std::{
    collections::BTreeSet,
    io::{Read, Write},
};

use serde::{Deserialize, Serialize};

use super::{Contents, Error};
use crate::{
    ids::{ClinicId, DeviceId},
    ledger::Frontier,
    seal::{PublicKey, Signature, SigningKey, names},
    time::Timestamp,
};

/// The largest manifest, in bytes: room for 17,000 lanes, of as many machines as write six
/// each. A clinic of ten has 60.
pub const MANIFEST_BYTES_MAX: usize = 2 * 1024 * 1024;
/// Magic, version and the manifest's length before it, and the signature after it, in bytes.
pub(super) const FRONT_BYTES: usize = MAGIC.len() + 1 + 4 + Signature::LEN;
const MAGIC: &[u8; 4] = b"CAIB";
const VERSION: u8 = 1;
const SIGNED_AS: &str = "cairn/bundle/v1";

/// What a bundle says of itself: ids and numbers, no names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// The clinic.
    pub clinic: ClinicId,
    /// The key of the machine that made it, with which this is signed.
    pub from: PublicKey,
    /// The machines that can open it.
    pub to: BTreeSet<DeviceId>,
    /// When it was made, by that machine's wall clock.
    pub made: Timestamp,
    /// Which file it is of those that were made together.
    pub part: Part,
    /// What the machines were known to hold: all parts together hold what follows it.
    pub since: Frontier,
    /// What the machine that made it holds.
    pub reaches: Frontier,
    /// What this file holds.
    pub contents: Contents,
}

/// One file of those that were made together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Part {
    /// What all of them have in common; drawn.
    pub bundle: [u8; 16],
    /// Its number, from 1.
    pub number: u32,
    /// How many there are.
    pub of: u32,
}

impl Manifest {
    /// The machine that made it.
    pub fn maker(&self) -> DeviceId {
        names::device_id(&self.from)
    }

    /// How many bytes it takes.
    pub fn encoded_len(&self) -> usize {
        self.encode().len()
    }

    pub(super) fn write(
        &self,
        output: &mut impl Write,
        device: &SigningKey,
    ) -> Result<(), Error> {
        let encoded = self.encode();
        if encoded.len() > MANIFEST_BYTES_MAX || device.public() != self.from {
            return Err(Error::Manifest);
        }
        let length = u32::try_from(encoded.len()).or(Err(Error::Manifest))?;
        let signature = device.sign(SIGNED_AS, &encoded);
        let parts: [&[u8]; 5] = [
            MAGIC,
            &[VERSION],
            &length.to_be_bytes(),
            &encoded,
            signature.as_bytes(),
        ];
        parts
            .iter()
            .try_for_each(|it| output.write_all(it))
            .map_err(Error::Write)
    }

    /// The manifest at the start of what age opened, if its signature fits.
    pub(super) fn read(input: &mut impl Read) -> Result<Self, Error> {
        if take(input)? != *MAGIC {
            return Err(Error::NotABundle);
        }
        let [version] = take(input)?;
        if version != VERSION {
            return Err(Error::Newer { version });
        }
        let length = usize::try_from(u32::from_be_bytes(take(input)?));
        let length = length.ok().filter(|it| *it <= MANIFEST_BYTES_MAX);
        let mut encoded = vec![0; length.ok_or(Error::Manifest)?];
        input.read_exact(&mut encoded).or(Err(Error::NotABundle))?;
        let signature = Signature::from_bytes(take(input)?);
        let manifest: Self = postcard::from_bytes(&encoded).or(Err(Error::Manifest))?;
        let Part { number, of, .. } = manifest.part;
        let sound = manifest.encode() == encoded && (1..=of).contains(&number);
        let signed = manifest.from.verify(SIGNED_AS, &encoded, &signature);
        if !sound || signed.is_err() {
            return Err(Error::Manifest);
        }
        Ok(manifest)
    }

    fn encode(&self) -> Vec<u8> {
        postcard::to_allocvec(self).unwrap_or_default()
    }
}

fn take<const N: usize>(input: &mut impl Read) -> Result<[u8; N], Error> {
    let mut bytes = [0; N];
    input.read_exact(&mut bytes).or(Err(Error::NotABundle))?;
    Ok(bytes)
}
