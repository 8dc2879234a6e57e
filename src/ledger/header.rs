//! The header of an envelope: 190 bytes that everybody can read, in a fixed order, with
//! numbers big-endian.

use serde::{Deserialize, Serialize};

use super::{CONTENT_BYTES_MAX, Error, STUB_LEN};
use crate::{
    ids::{ClinicId, DocId, EpochId, Hash, KeyId, LogId, SessionId},
    seal::NONCE_LEN,
    time::Hlc,
};

/// The length of a header in bytes.
pub const HEADER_LEN: usize = 190;
/// Random bytes in a nonce.
pub const SALT_LEN: usize = 8;
/// The first bytes of an envelope.
pub(super) const MAGIC: &[u8; 4] = b"CAIR";
const VERSION: u8 = 1;

/// What an envelope holds.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[repr(u8)]
pub enum Kind {
    /// A statement about membership, not sealed.
    Statement = 0,
    /// A session's or an endpoint's certificate, not sealed.
    Certificate = 1,
    /// One change of a document.
    Change = 2,
    /// Audit entries.
    Audit = 3,
    /// A piece of an attachment.
    Attachment = 4,
    /// What stands for something erased.
    Tombstone = 5,
}

/// One of the six chains of a log. They travel in this order: a machine that has the first
/// two can find people.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[repr(u8)]
pub enum Lane {
    /// Statements and certificates.
    Membership = 0,
    /// Who people are, and the front desk.
    Desk = 1,
    /// Charts.
    Clinical = 2,
    /// Parts of charts with a compartment of their own.
    Restricted = 3,
    /// Who did and read what.
    Audit = 4,
    /// Scans and other files.
    Attachments = 5,
}

/// The cipher and the dictionary of the content. Header, hash and signature are the same for
/// all suites of a version: what a newer program sealed is kept and passed on all the same.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
pub struct Suite(u8);

/// What stands before an envelope's content, and what the content is bound to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Header {
    /// Ciphers and dictionary.
    pub suite: Suite,
    /// The clinic.
    pub clinic: ClinicId,
    /// The document that is changed; zero where nothing is sealed.
    pub doc: DocId,
    /// What it holds.
    pub kind: Kind,
    /// The chain of the log.
    pub lane: Lane,
    /// The log of the machine's incarnation.
    pub log: LogId,
    /// The place in the chain, from 1.
    pub seq: u64,
    /// The hash of the envelope before; zero before the first.
    pub prev: Hash,
    /// When, by the hybrid logical clock.
    pub hlc: Hlc,
    /// The certificate of the session that signs.
    pub session: SessionId,
    /// The epoch whose key seals it.
    pub epoch: EpochId,
    /// Which key of the document in that epoch.
    pub k: u16,
    /// The name of that key.
    pub key_id: KeyId,
    /// The seal's nonce.
    pub nonce: [u8; NONCE_LEN],
}

impl Suite {
    /// XChaCha20-Poly1305, and Zstandard without a dictionary.
    pub const BARE: Self = Self(0);
    /// The same with the dictionary of changes, `assets/payload-1.dict`.
    pub const CHANGES: Self = Self(1);

    /// The suite of this number, whether this program knows it or not.
    pub const fn from_number(number: u8) -> Self {
        Self(number)
    }

    /// The suite's number.
    pub const fn number(self) -> u8 {
        self.0
    }

    /// Whether this program can open what is sealed with it.
    pub fn known(self) -> Result<(), Error> {
        match self {
            Self::BARE | Self::CHANGES => Ok(()),
            Self(suite) => Err(Error::Unknown {
                version: VERSION,
                suite,
            }),
        }
    }
}

impl Kind {
    const ALL: [Self; 6] = [
        Self::Statement,
        Self::Certificate,
        Self::Change,
        Self::Audit,
        Self::Attachment,
        Self::Tombstone,
    ];

    /// The kind of this number.
    pub fn from_number(number: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.number() == number)
    }

    /// The kind's number.
    pub const fn number(self) -> u8 {
        self as u8
    }

    /// Whether the content is sealed under a document's key.
    pub const fn is_sealed(self) -> bool {
        !matches!(self, Self::Statement | Self::Certificate)
    }

    /// Whether envelopes of this kind stand in this lane.
    pub const fn fits(self, lane: Lane) -> bool {
        match lane {
            Lane::Membership => !self.is_sealed(),
            Lane::Desk | Lane::Clinical | Lane::Restricted => {
                matches!(self, Self::Change | Self::Tombstone)
            }
            Lane::Audit => matches!(self, Self::Audit),
            Lane::Attachments => matches!(self, Self::Attachment | Self::Tombstone),
        }
    }
}

impl Lane {
    /// All lanes, in the order in which they travel.
    pub const ALL: [Self; 6] = [
        Self::Membership,
        Self::Desk,
        Self::Clinical,
        Self::Restricted,
        Self::Audit,
        Self::Attachments,
    ];

    /// The lane of this number.
    pub fn from_number(number: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.number() == number)
    }

    /// The lane's number.
    pub const fn number(self) -> u8 {
        self as u8
    }
}

impl Header {
    /// The header of a statement or certificate, which is not sealed. Its place is given by
    /// [`Chain::place`](super::Chain::place).
    pub const fn unsealed(
        kind: Kind,
        clinic: ClinicId,
        session: SessionId,
        hlc: Hlc,
    ) -> Self {
        Self {
            suite: Suite::BARE,
            clinic,
            doc: DocId::ZERO,
            kind,
            lane: Lane::Membership,
            log: LogId::ZERO,
            seq: 0,
            prev: Hash::ZERO,
            hlc,
            session,
            epoch: EpochId::ZERO,
            k: 0,
            key_id: KeyId::ZERO,
            nonce: [0; NONCE_LEN],
        }
    }

    /// The header and the length of the content that follows, from the start of an
    /// envelope.
    pub fn decode(bytes: &[u8]) -> Result<(Self, usize), Error> {
        let length = bytes.len();
        let mut reader = Reader(bytes.get(..HEADER_LEN).ok_or(Error::Length { length })?);
        if reader.take()? != *MAGIC {
            return Err(Error::Malformed);
        }
        let [version, suite] = reader.take()?;
        if version != VERSION {
            return Err(Error::Unknown { version, suite });
        }
        let header = Self {
            suite: Suite::from_number(suite),
            clinic: ClinicId::from_bytes(reader.take()?),
            doc: DocId::from_bytes(reader.take()?),
            kind: Kind::from_number(reader.byte()?).ok_or(Error::Malformed)?,
            lane: Lane::from_number(reader.byte()?).ok_or(Error::Malformed)?,
            log: LogId::from_bytes(reader.take()?),
            seq: u64::from_be_bytes(reader.take()?),
            prev: Hash::from_bytes(reader.take()?),
            hlc: Hlc(u64::from_be_bytes(reader.take()?)),
            session: SessionId::from_bytes(reader.take()?),
            epoch: EpochId::from_bytes(reader.take()?),
            k: u16::from_be_bytes(reader.take()?),
            key_id: KeyId::from_bytes(reader.take()?),
            nonce: reader.take()?,
        };
        let content = usize::try_from(u32::from_be_bytes(reader.take()?));
        let content = content.unwrap_or(usize::MAX);
        let sound = header.is_consistent() && content <= CONTENT_BYTES_MAX;
        sound.then_some((header, content)).ok_or(Error::Malformed)
    }

    /// The header's bytes before a content of this length.
    pub(super) fn encode(&self, content_len: u32) -> Vec<u8> {
        let parts: [&[u8]; 15] = [
            MAGIC,
            &[VERSION, self.suite.number()],
            self.clinic.as_bytes(),
            self.doc.as_bytes(),
            &[self.kind.number(), self.lane.number()],
            self.log.as_bytes(),
            &self.seq.to_be_bytes(),
            self.prev.as_bytes(),
            &self.hlc.0.to_be_bytes(),
            self.session.as_bytes(),
            self.epoch.as_bytes(),
            &self.k.to_be_bytes(),
            self.key_id.as_bytes(),
            &self.nonce,
            &content_len.to_be_bytes(),
        ];
        // With room for what is hashed or signed behind it.
        let mut bytes = Vec::with_capacity(STUB_LEN);
        for part in parts {
            bytes.extend_from_slice(part);
        }
        bytes
    }

    /// The nonce of a seal in this place, by what was drawn for it: `salt ‖ seq 8 ‖ the
    /// first 8 bytes of the log`. No two seals have one, even where a copy of a machine
    /// writes in the same place.
    pub fn nonce_of(&self, salt: [u8; SALT_LEN]) -> [u8; NONCE_LEN] {
        let mut nonce = [0; NONCE_LEN];
        let place = self
            .seq
            .to_be_bytes()
            .into_iter()
            .chain(*self.log.as_bytes());
        let parts = salt.into_iter().chain(place);
        nonce.iter_mut().zip(parts).for_each(|(to, it)| *to = it);
        nonce
    }

    /// What was drawn for the nonce, if it is one of this place.
    pub fn salt(&self) -> Option<[u8; SALT_LEN]> {
        let salt = *self.nonce.first_chunk()?;
        (self.nonce_of(salt) == self.nonce).then_some(salt)
    }

    /// Whether the fields agree: the kind with its lane, and what is not sealed names no key.
    pub fn is_consistent(&self) -> bool {
        let names_no_key = self.doc == DocId::ZERO
            && self.epoch == EpochId::ZERO
            && self.k == 0
            && self.key_id == KeyId::ZERO
            && self.nonce == [0; NONCE_LEN];
        self.seq > 0
            && self.kind.fits(self.lane)
            && (self.kind.is_sealed() || names_no_key)
    }
}

/// What is left to read of a header.
struct Reader<'a>(&'a [u8]);

impl Reader<'_> {
    fn take<const N: usize>(&mut self) -> Result<[u8; N], Error> {
        let (taken, rest) = self.0.split_first_chunk().ok_or(Error::Malformed)?;
        self.0 = rest;
        Ok(*taken)
    }

    fn byte(&mut self) -> Result<u8, Error> {
        self.take().map(|[byte]| byte)
    }
}
