//! An envelope, and the stub that is left when its content is erased.

use std::fmt;

use super::{
    CONTENT_BYTES_MAX, ENVELOPE_BYTES_MAX, Error, HEADER_LEN, Header, header::MAGIC,
};
use crate::{
    ids::Hash,
    seal::{PublicKey, Signature, SigningKey, hash},
};

/// The length of a stub in bytes.
pub const STUB_LEN: usize = HEADER_LEN + Hash::LEN + Signature::LEN;
/// What stands in a stub's bytes for the magic of the envelope that it was.
const STUB_MAGIC: &[u8; 4] = b"CAIS";
const SIGNED_AS: &str = "cairn/envelope/v1";

/// A header, a content and a signature over both.
#[derive(Clone, PartialEq, Eq)]
pub struct Envelope {
    /// What everybody can read.
    pub header: Header,
    /// The sealed payload, or the bytes of a statement or certificate.
    pub content: Vec<u8>,
    /// The session's signature.
    pub signature: Signature,
}

/// An envelope without its content: enough for the chain and the signature.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Stub {
    /// The envelope's header.
    pub header: Header,
    /// How long the content was, in bytes.
    pub content_len: u32,
    /// The hash of the content.
    pub content_hash: Hash,
    /// The session's signature.
    pub signature: Signature,
}

/// What stands at a place of a log: an envelope, or what erasure left of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Entry {
    /// As it was written.
    Whole(Envelope),
    /// The content was erased.
    Erased(Stub),
}

impl Envelope {
    /// Signs `content` under `header` with the session's key.
    pub fn sign(
        header: Header,
        content: Vec<u8>,
        session: &SigningKey,
    ) -> Result<Self, Error> {
        check(&header, content.len())?;
        let message = signed_bytes(&header, length_of(&content), hash(&content));
        let signature = session.sign(SIGNED_AS, &message);
        Ok(Self {
            header,
            content,
            signature,
        })
    }

    /// The envelope's bytes.
    pub fn encode(&self) -> Vec<u8> {
        [
            &*self.header_bytes(),
            &self.content,
            self.signature.as_bytes(),
        ]
        .concat()
    }

    /// The envelope of these bytes; they are all of it, and its only encoding.
    pub fn decode(bytes: &[u8]) -> Result<Self, Error> {
        let length = bytes.len();
        if length > ENVELOPE_BYTES_MAX {
            return Err(Error::Length { length });
        }
        let (header, content_len) = Header::decode(bytes)?;
        let (content, signature) = bytes
            .get(HEADER_LEN..)
            .and_then(|rest| rest.split_at_checked(content_len))
            .ok_or(Error::Length { length })?;
        let signature = signature.try_into().or(Err(Error::Length { length }))?;
        Ok(Self {
            header,
            content: content.to_vec(),
            signature: Signature::from_bytes(signature),
        })
    }

    /// Whether `session` signed it.
    pub fn verify(&self, session: &PublicKey) -> Result<(), Error> {
        self.stub().verify(session)
    }

    /// The envelope without its content.
    pub fn stub(&self) -> Stub {
        Stub {
            header: self.header,
            content_len: length_of(&self.content),
            content_hash: hash(&self.content),
            signature: self.signature,
        }
    }

    /// What the next envelope of the chain has as its `prev`.
    pub fn hash(&self) -> Hash {
        self.stub().hash()
    }

    pub(super) fn header_bytes(&self) -> Vec<u8> {
        self.header.encode(length_of(&self.content))
    }
}

impl Stub {
    /// The stub's bytes.
    pub fn encode(&self) -> Vec<u8> {
        let mut bytes = self.chained_bytes();
        if let Some(magic) = bytes.first_chunk_mut() {
            *magic = *STUB_MAGIC;
        }
        bytes
    }

    /// The stub of these bytes.
    pub fn decode(bytes: &[u8]) -> Result<Self, Error> {
        let length = bytes.len();
        let whole: &[u8; STUB_LEN] =
            bytes.try_into().or(Err(Error::Length { length }))?;
        let (magic, rest) = whole.split_first_chunk().ok_or(Error::Malformed)?;
        if magic != STUB_MAGIC {
            return Err(Error::Malformed);
        }
        let (header, content_len) = Header::decode(&[MAGIC, rest].concat())?;
        let (rest, signature) = rest.split_last_chunk().ok_or(Error::Malformed)?;
        let (_, content_hash) = rest.split_last_chunk().ok_or(Error::Malformed)?;
        Ok(Self {
            header,
            content_len: u32::try_from(content_len).or(Err(Error::Malformed))?,
            content_hash: Hash::from_bytes(*content_hash),
            signature: Signature::from_bytes(*signature),
        })
    }

    /// Whether `session` signed the envelope that this was.
    pub fn verify(&self, session: &PublicKey) -> Result<(), Error> {
        let message = signed_bytes(&self.header, self.content_len, self.content_hash);
        session
            .verify(SIGNED_AS, &message, &self.signature)
            .or(Err(Error::Signature))
    }

    /// Whether there are bytes that read back: the header agrees with itself, and the content
    /// is not too long. What was decoded or signed is sound.
    pub fn is_sound(&self) -> Result<(), Error> {
        let length = usize::try_from(self.content_len).unwrap_or(usize::MAX);
        check(&self.header, length)
    }

    /// What the next envelope of the chain has as its `prev`.
    pub fn hash(&self) -> Hash {
        hash(&self.chained_bytes())
    }

    fn chained_bytes(&self) -> Vec<u8> {
        let mut bytes = signed_bytes(&self.header, self.content_len, self.content_hash);
        bytes.extend_from_slice(self.signature.as_bytes());
        bytes
    }
}

impl Entry {
    /// The entry of these bytes.
    pub fn decode(bytes: &[u8]) -> Result<Self, Error> {
        if bytes.starts_with(STUB_MAGIC) {
            return Stub::decode(bytes).map(Self::Erased);
        }
        Envelope::decode(bytes).map(Self::Whole)
    }

    /// The entry's bytes.
    pub fn encode(&self) -> Vec<u8> {
        match self {
            Self::Whole(envelope) => envelope.encode(),
            Self::Erased(stub) => stub.encode(),
        }
    }

    /// What everybody can read.
    pub const fn header(&self) -> &Header {
        match self {
            Self::Whole(envelope) => &envelope.header,
            Self::Erased(stub) => &stub.header,
        }
    }

    /// The entry without its content.
    pub fn stub(&self) -> Stub {
        match self {
            Self::Whole(envelope) => envelope.stub(),
            Self::Erased(stub) => *stub,
        }
    }

    /// What the next entry of the chain has as its `prev`.
    pub fn hash(&self) -> Hash {
        self.stub().hash()
    }

    /// How many bytes it takes.
    pub const fn len_bytes(&self) -> usize {
        match self {
            Self::Whole(it) => HEADER_LEN + it.content.len() + Signature::LEN,
            Self::Erased(_) => STUB_LEN,
        }
    }

    /// The entry without its content, wherever it had one.
    #[must_use]
    pub fn erased(self) -> Self {
        Self::Erased(self.stub())
    }

    /// The content; none where it was erased.
    pub const fn whole(&self) -> Option<&Envelope> {
        match self {
            Self::Whole(envelope) => Some(envelope),
            Self::Erased(_) => None,
        }
    }
}

impl From<Envelope> for Entry {
    fn from(envelope: Envelope) -> Self {
        Self::Whole(envelope)
    }
}

impl fmt::Debug for Envelope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.stub().show(f, "Envelope")
    }
}

impl fmt::Debug for Stub {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.show(f, "Stub")
    }
}

impl Stub {
    fn show(&self, f: &mut fmt::Formatter<'_>, name: &str) -> fmt::Result {
        let header = &self.header;
        f.debug_struct(name)
            .field("log", &header.log)
            .field("lane", &header.lane)
            .field("seq", &header.seq)
            .field("kind", &header.kind)
            .field("content_len", &self.content_len)
            .finish_non_exhaustive()
    }
}

fn check(header: &Header, length: usize) -> Result<(), Error> {
    if !header.is_consistent() {
        return Err(Error::Malformed);
    }
    if length > CONTENT_BYTES_MAX {
        return Err(Error::Length { length });
    }
    Ok(())
}

fn signed_bytes(header: &Header, content_len: u32, content_hash: Hash) -> Vec<u8> {
    let mut bytes = header.encode(content_len);
    bytes.extend_from_slice(content_hash.as_bytes());
    bytes
}

/// A content is under 1 MiB, so its length is never cut here.
fn length_of(content: &[u8]) -> u32 {
    u32::try_from(content.len()).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{
        ids::KeyId,
        ledger::{Awaited, Chain, Kind, Lane, State, Suite, open_payload, samples},
        seal::Entropy as _,
    };

    #[track_caller]
    fn check_refused(bytes: &[u8], key: &PublicKey, change: impl fmt::Display) {
        let believed = Entry::decode(bytes).and_then(|it| it.stub().verify(key));
        assert!(believed.is_err(), "{change} passed");
    }

    #[test]
    fn an_envelope_reads_back_and_has_one_encoding() {
        for envelope in samples::run(3) {
            let bytes = envelope.encode();
            assert_eq!(bytes.len(), 254 + envelope.content.len());
            assert_eq!(Entry::decode(&bytes), Ok(Entry::Whole(envelope.clone())));
            envelope.verify(&samples::session().public()).unwrap();
        }
    }

    #[test]
    fn every_truncation_and_every_flipped_bit_is_noticed() {
        let key = samples::session().public();
        let envelope = samples::envelope();
        for whole in [envelope.encode(), envelope.stub().encode()] {
            for length in 0..whole.len() {
                check_refused(&whole[..length], &key, format_args!("cut at {length}"));
            }
            for bit in 0..whole.len() * 8 {
                let mut changed = whole.clone();
                changed[bit / 8] ^= 1 << (bit % 8);
                check_refused(&changed, &key, format_args!("bit {bit}"));
            }
            check_refused(&[&whole, [0].as_slice()].concat(), &key, "a byte more");
        }
    }

    #[test]
    fn an_erased_content_leaves_its_place_in_the_chain() {
        let envelope = samples::envelope();
        let bytes = envelope.stub().encode();
        assert_eq!(bytes.len(), STUB_LEN);
        let stub = Stub::decode(&bytes).unwrap();
        assert_eq!(stub.hash(), envelope.hash());
        assert_eq!(Entry::decode(&bytes), Ok(Entry::Erased(stub)));
        stub.verify(&samples::session().public()).unwrap();
    }

    #[test]
    fn a_signature_of_another_session_does_not_fit() {
        let other = SigningKey::generate(&mut samples::entropy()).public();
        assert_eq!(samples::envelope().verify(&other), Err(Error::Signature));
    }

    #[test]
    fn a_header_that_contradicts_itself_is_neither_signed_nor_read() {
        let sound = samples::envelope();
        let header = sound.header;
        for wrong in [
            Header { seq: 0, ..header },
            Header {
                lane: Lane::Membership,
                ..header
            },
            Header {
                kind: Kind::Audit,
                ..header
            },
            Header {
                kind: Kind::Statement,
                lane: Lane::Membership,
                ..header
            },
        ] {
            let signed = Envelope::sign(wrong, Vec::new(), &samples::session());
            assert_eq!(signed, Err(Error::Malformed));
            let forged = Envelope {
                header: wrong,
                ..sound.clone()
            };
            assert_eq!(Envelope::decode(&forged.encode()), Err(Error::Malformed));
        }
    }

    #[test]
    fn what_is_too_long_or_too_new_is_refused_by_name() {
        let header = samples::envelope().header;
        let length = CONTENT_BYTES_MAX + 1;
        let long = Envelope::sign(header, vec![0; length], &samples::session());
        assert_eq!(long, Err(Error::Length { length }));
        let most = vec![0; CONTENT_BYTES_MAX];
        let most = Envelope::sign(header, most, &samples::session()).unwrap();
        assert_eq!(most.encode().len(), ENVELOPE_BYTES_MAX);
        assert!(Envelope::decode(&most.encode()).is_ok());
        let mut newer = samples::envelope().encode();
        newer[4] = 9;
        let unknown = Error::Unknown {
            version: 9,
            suite: 0,
        };
        assert_eq!(Envelope::decode(&newer), Err(unknown));
    }

    #[test]
    fn an_unknown_suite_is_chained_and_passed_on_and_its_content_waits() {
        let mut header = samples::envelope().header;
        header.suite = Suite::from_number(9);
        let content = b"sealed by a newer program".to_vec();
        let newer = Envelope::sign(header, content, &samples::session()).unwrap();
        let bytes = newer.encode();
        let read = Envelope::decode(&bytes).unwrap();
        assert_eq!((&read, read.encode()), (&newer, bytes));
        assert_eq!(read.verify(&samples::session().public()), Ok(()));
        let mut chain = Chain::start(samples::LOG, Lane::Clinical);
        assert_eq!(chain.append(&read.stub()), Ok(()));
        let stub = Entry::decode(&read.stub().encode()).unwrap();
        assert_eq!(stub.stub().hash(), newer.hash());
        let waits = open_payload(&read, &samples::doc_key()).unwrap_err();
        let waiting = State::Waiting(Awaited::NewerProgram);
        assert_eq!(State::after(waits), Some(waiting));
    }

    #[test]
    fn a_log_line_shows_where_it_stands_and_no_content() {
        let mut envelope = samples::envelope();
        envelope.header.key_id = KeyId::from_bytes([0xab; 16]);
        let shown = format!("{envelope:?}");
        assert!(shown.starts_with("Envelope { log: LogId("), "{shown}");
        assert!(!shown.contains("abab"), "{shown}");
    }

    proptest! {
        #[test]
        fn any_bytes_are_an_entry_or_an_error(
            bytes in proptest::collection::vec(any::<u8>(), 0..400),
        ) {
            if let Ok(entry) = Entry::decode(&bytes) {
                prop_assert_eq!(entry.encode(), bytes);
            }
        }

        #[test]
        fn whatever_is_read_is_written_back_the_same(
            changes in proptest::collection::vec((0..700_usize, any::<u8>()), 0..6),
            stub in any::<bool>(),
            seed in any::<u64>(),
        ) {
            let envelope = samples::envelope();
            let mut bytes = if stub { envelope.stub().encode() } else { envelope.encode() };
            for (place, byte) in changes {
                if let Some(there) = bytes.get_mut(place) {
                    *there = byte;
                }
            }
            let mut tail = [0; 3];
            crate::seal::SeededEntropy::new(seed).fill(&mut tail);
            if seed % 4 == 0 {
                bytes.extend_from_slice(&tail);
            }
            if let Ok(entry) = Entry::decode(&bytes) {
                prop_assert_eq!(entry.encode(), bytes);
            }
        }
    }
}
