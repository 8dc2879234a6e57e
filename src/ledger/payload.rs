//! What is sealed in an envelope: when and as what it was written, and the bytes of the
//! change; compressed, and padded so that its length tells little.

use std::fmt;

use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::{
    CONTENT_BYTES_MAX, Envelope, Error, Header, Suite,
    frame::{compress, decompress},
};
use crate::{
    seal::{Entropy, Secret, SigningKey, TAG_LEN, names, open, seal},
    time::{Moment, Timestamp},
};

/// The largest body of a payload, in bytes: with what stands before it, 1 MiB.
pub const BODY_BYTES_MAX: usize = PLAIN_BYTES_MAX - FRONT_LEN;
/// The most that a payload may be compressed and padded, in bytes. A body that cannot be
/// compressed, as a piece of a scan, is best cut well below.
pub const PACKED_BYTES_MAX: usize = CONTENT_BYTES_MAX - TAG_LEN;
/// The largest payload when unpacked, in bytes.
pub(super) const PLAIN_BYTES_MAX: usize = 1024 * 1024;
/// Wall time, zone, clock quality and role, in bytes.
const FRONT_LEN: usize = 12;
/// The form and the length that stand before the packed payload, in bytes.
const MARK_LEN: usize = 4;
const PLAIN: u8 = 0;
const ZSTANDARD: u8 = 1;

/// What a session wrote.
#[derive(Clone, PartialEq, Eq)]
pub struct Payload {
    /// The time on the writer's wall clock.
    pub wall: Moment,
    /// What was known of that clock.
    pub clock: ClockQuality,
    /// The number of the role as which it was written.
    pub role: u8,
    /// The change, or whatever the kind of envelope holds.
    pub body: Vec<u8>,
}

/// What a machine knows of its own clock.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize,
)]
#[repr(u8)]
pub enum ClockQuality {
    /// It was compared with no other.
    #[default]
    Alone = 0,
    /// It was within 10 minutes of another machine's.
    Agreed = 1,
    /// It stepped by more than 2 minutes, or differs from another machine's.
    Uncertain = 2,
}

impl ClockQuality {
    const ALL: [Self; 3] = [Self::Alone, Self::Agreed, Self::Uncertain];

    /// The quality of this number.
    pub fn from_number(number: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|it| *it as u8 == number)
    }
}

/// Seals `payload` with a document's key under `header`, whose `key_id` and `nonce` are set
/// here, and signs the envelope.
pub fn seal_payload(
    header: Header,
    payload: &Payload,
    key: &Secret,
    session: &SigningKey,
    entropy: &mut dyn Entropy,
) -> Result<Envelope, Error> {
    let mut header = header;
    header.key_id = names::key_id(key);
    entropy.fill(&mut header.nonce);
    let packed = payload.pack(header.suite)?;
    let content_len = u32::try_from(packed.len() + TAG_LEN).unwrap_or(u32::MAX);
    let ad = header.encode(content_len);
    let content = seal(key, &header.nonce, &ad, &packed);
    Envelope::sign(header, content, session)
}

/// The payload of an envelope, by its document's key. The signature is not looked at.
pub fn open_payload(envelope: &Envelope, key: &Secret) -> Result<Payload, Error> {
    let header = &envelope.header;
    header.suite.known()?;
    if header.key_id != names::key_id(key) {
        return Err(Error::OtherKey);
    }
    let packed = open(
        key,
        &header.nonce,
        &envelope.header_bytes(),
        &envelope.content,
    );
    Payload::unpack(header.suite, &packed.or(Err(Error::Unsealed))?)
}

/// The length to which a packed payload of `length` bytes is padded: multiples of 64 up to
/// 1 KiB, and sixteen steps to each doubling beyond.
pub const fn padded_len(length: usize) -> usize {
    let step = match length.saturating_sub(1).checked_ilog2() {
        Some(log @ 10..) => 1 << (log - 4),
        _ => 64,
    };
    length.next_multiple_of(step)
}

impl Payload {
    /// The payload compressed where that helps, and padded.
    fn pack(&self, suite: Suite) -> Result<Zeroizing<Vec<u8>>, Error> {
        let plain = self.plain();
        if plain.len() > PLAIN_BYTES_MAX {
            let length = plain.len();
            return Err(Error::Length { length });
        }
        let compressed = compress(suite, &plain)?;
        let (form, text) = match &compressed {
            Some(shorter) if shorter.len() < plain.len() => (ZSTANDARD, shorter),
            _ => (PLAIN, &plain),
        };
        let length = padded_len(MARK_LEN + text.len());
        let marked_len = u32::try_from(text.len()).unwrap_or(u32::MAX);
        if length > PACKED_BYTES_MAX {
            return Err(Error::Length { length });
        }
        let mut packed = Zeroizing::new(Vec::with_capacity(length));
        // A payload is at most 2^20 bytes long, so the first byte is free for the form.
        packed.extend_from_slice(&(u32::from(form) << 24 | marked_len).to_be_bytes());
        packed.extend_from_slice(text);
        packed.resize(length, 0);
        Ok(packed)
    }

    fn unpack(suite: Suite, packed: &[u8]) -> Result<Self, Error> {
        let (&[form, length @ ..], rest) = packed
            .split_first_chunk::<MARK_LEN>()
            .ok_or(Error::Payload)?;
        let [high, middle, low] = length;
        let length = u32::from_be_bytes([0, high, middle, low]);
        let length = usize::try_from(length).or(Err(Error::Payload))?;
        let (text, padding) = rest.split_at_checked(length).ok_or(Error::Payload)?;
        let padded = packed.len() == padded_len(MARK_LEN + length);
        if !padded || padding.iter().any(|byte| *byte != 0) {
            return Err(Error::Payload);
        }
        match form {
            PLAIN => Self::read(text),
            ZSTANDARD => Self::read(&decompress(suite, text)?),
            _ => Err(Error::Payload),
        }
    }

    fn plain(&self) -> Zeroizing<Vec<u8>> {
        let mut plain = Zeroizing::new(Vec::with_capacity(FRONT_LEN + self.body.len()));
        plain.extend_from_slice(&self.wall.at.0.to_be_bytes());
        plain.extend_from_slice(&self.wall.offset_minutes.to_be_bytes());
        plain.extend_from_slice(&[self.clock as u8, self.role]);
        plain.extend_from_slice(&self.body);
        plain
    }

    fn read(plain: &[u8]) -> Result<Self, Error> {
        let (at, rest) = plain.split_first_chunk().ok_or(Error::Payload)?;
        let (offset, rest) = rest.split_first_chunk().ok_or(Error::Payload)?;
        let (&[clock, role], body) = rest.split_first_chunk().ok_or(Error::Payload)?;
        if plain.len() > PLAIN_BYTES_MAX {
            return Err(Error::Payload);
        }
        Ok(Self {
            wall: Moment {
                at: Timestamp(i64::from_be_bytes(*at)),
                offset_minutes: i16::from_be_bytes(*offset),
            },
            clock: ClockQuality::from_number(clock).ok_or(Error::Payload)?,
            role,
            body: body.to_vec(),
        })
    }
}

impl fmt::Debug for Payload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Payload({} bytes)", self.body.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::samples;

    fn payload(body: Vec<u8>) -> Payload {
        Payload {
            body,
            ..samples::payload()
        }
    }

    fn noise(length: usize) -> Vec<u8> {
        let mut bytes = vec![0; length];
        samples::entropy().fill(&mut bytes);
        bytes
    }

    /// A text as it stands packed, with whatever mark and padding.
    fn packed(form: u8, text: &[u8], length: usize) -> Vec<u8> {
        let mark = u32::from(form) << 24 | u32::try_from(text.len()).unwrap();
        let mut packed = [&mark.to_be_bytes(), text].concat();
        packed.resize(length, 0);
        packed
    }

    fn unpack(packed: &[u8]) -> Result<Payload, Error> {
        Payload::unpack(Suite::BARE, packed)
    }

    #[test]
    fn a_payload_reads_back_at_every_size_around_the_steps() {
        let steps = (1..=40).map(|it| it * 64).chain([4096, 65_536, 900_000]);
        let sizes = steps.flat_map(|step| step - 18..step + 3).chain(0..40);
        for size in sizes {
            for (suite, body) in [
                (Suite::BARE, noise(size)),
                (Suite::BARE, vec![b'a'; size]),
                (Suite::CHANGES, noise(size)),
                (Suite::CHANGES, vec![b'a'; size]),
            ] {
                let payload = payload(body);
                let packed = payload.pack(suite).unwrap();
                assert_eq!(packed.len(), padded_len(packed.len()));
                let read = Payload::unpack(suite, &packed);
                assert_eq!(read, Ok(payload), "size {size}");
            }
        }
    }

    #[test]
    fn padding_grows_in_steps_of_at_most_a_sixteenth() {
        for (length, padded) in [
            (0, 0),
            (1, 64),
            (64, 64),
            (65, 128),
            (1024, 1024),
            (1025, 1088),
            (2048, 2048),
            (2049, 2176),
            (4097, 4352),
            (1_000_000, 1_015_808),
        ] {
            assert_eq!(padded_len(length), padded, "for {length}");
        }
        for length in 1024..10_000 {
            let padded = padded_len(length);
            assert!(padded >= length && (padded - length) * 16 <= length);
        }
    }

    #[test]
    fn the_largest_body_fits_if_it_can_be_compressed() {
        for suite in [Suite::BARE, Suite::CHANGES] {
            let most = payload(vec![0; BODY_BYTES_MAX]);
            let packed = most.pack(suite).unwrap();
            assert_eq!(Payload::unpack(suite, &packed), Ok(most));
            for body in [vec![0; BODY_BYTES_MAX + 1], noise(PACKED_BYTES_MAX)] {
                let packed = payload(body).pack(suite);
                assert!(matches!(packed, Err(Error::Length { .. })));
            }
        }
    }

    #[test]
    fn what_was_sealed_opens_with_its_key_under_its_header_only() {
        let envelope = samples::envelope();
        let key = samples::doc_key();
        assert_eq!(open_payload(&envelope, &key), Ok(samples::payload()));
        let other = Secret::generate(&mut samples::entropy());
        assert_eq!(open_payload(&envelope, &other), Err(Error::OtherKey));
        let mut moved = envelope;
        moved.header.seq += 1;
        assert_eq!(open_payload(&moved, &key), Err(Error::Unsealed));
    }

    #[test]
    fn what_one_suite_packed_is_not_read_as_another() {
        let plain = payload(b"pulse pulse pulse pulse".repeat(9));
        let changes = plain.pack(Suite::CHANGES).unwrap();
        assert_eq!(Payload::unpack(Suite::CHANGES, &changes), Ok(plain.clone()));
        let newer = Suite::from_number(9);
        let unknown = Error::Unknown {
            version: 1,
            suite: 9,
        };
        assert_eq!(Payload::unpack(newer, &changes), Err(unknown));
        assert_eq!(plain.pack(newer).err(), Some(unknown));
    }

    #[test]
    fn the_same_payload_is_never_sealed_alike() {
        let mut entropy = samples::entropy();
        let (payload, key) = (samples::payload(), samples::doc_key());
        let mut seal = || {
            let header = samples::envelope().header;
            seal_payload(header, &payload, &key, &samples::session(), &mut entropy)
        };
        let (one, two) = (seal().unwrap(), seal().unwrap());
        assert_ne!(one.header.nonce, two.header.nonce);
        assert_ne!(one.content, two.content);
    }

    #[test]
    fn what_is_no_payload_is_refused() {
        let plain = payload(vec![7; 20]).plain();
        let read =
            |form, text: &[u8], length| unpack(&packed(form, text, length)).is_ok();
        assert!(read(PLAIN, &plain, 64));
        assert!(!read(PLAIN, &plain, 63), "too little padding");
        assert!(!read(PLAIN, &plain, 128), "too much padding");
        assert!(!read(2, &plain, 64), "an unknown form");
        assert!(!read(PLAIN, &plain[..11], 64), "torn");
        let mut dirty = packed(PLAIN, &plain, 64);
        dirty[63] = 1;
        assert_eq!(unpack(&dirty), Err(Error::Payload));
        let mut clock = plain.to_vec();
        clock[10] = 3;
        assert!(!read(PLAIN, &clock, 64), "an unknown clock quality");
        for length in 0..MARK_LEN {
            assert_eq!(unpack(&dirty[..length]), Err(Error::Payload));
        }
        let beyond = [0, 0xff, 0xff, 0xff, 1, 2, 3];
        assert_eq!(unpack(&beyond), Err(Error::Payload));
    }

    #[test]
    fn nothing_of_a_body_is_shown_by_debug() {
        let shown = format!("{:?}", payload(b"Amina".to_vec()));
        assert_eq!(shown, "Payload(5 bytes)");
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_are_a_payload_or_an_error(
            bytes in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..300),
            form in 0..3_u8,
        ) {
            let length = padded_len(MARK_LEN + bytes.len());
            for suite in [Suite::BARE, Suite::CHANGES] {
                drop(Payload::unpack(suite, &bytes));
                drop(Payload::unpack(suite, &packed(form, &bytes, length)));
            }
        }
    }
}
