//! What is sealed in an envelope: when and as what it was written, and the bytes of the
//! change; compressed, and padded so that its length tells little.

use std::fmt;

use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::{
    CONTENT_BYTES_MAX, Envelope, Error, Header, SALT_LEN, Suite,
    frame::{compress, decompress},
};
use crate::{
    seal::{Entropy, Secret, SigningKey, TAG_LEN, names, open, seal},
    time::{Hlc, Moment, Timestamp},
};

/// The largest body of a payload, in bytes: with what stands before it, 1 MiB.
pub const BODY_BYTES_MAX: usize = PLAIN_BYTES_MAX - FRONT_LEN;
/// The most that a payload may be compressed and padded, in bytes. A body that cannot be
/// compressed, as a piece of a scan, is best cut well below.
pub const PACKED_BYTES_MAX: usize = CONTENT_BYTES_MAX - TAG_LEN;
/// The largest payload when unpacked, in bytes.
pub(super) const PLAIN_BYTES_MAX: usize = 1024 * 1024;
/// Wall time, zone, clock quality and role, in bytes at most.
const FRONT_LEN: usize = 15;
const PLAIN: u64 = 0;
const ZSTANDARD: u64 = 1;

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
    let mut salt = [0; SALT_LEN];
    entropy.fill(&mut salt);
    header.nonce = header.nonce_of(salt);
    let packed = payload.pack(&header)?;
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
    Payload::unpack(header, &packed.or(Err(Error::Unsealed))?)
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
    /// How many bytes it takes in this suite, before padding.
    pub fn packed_len(&self, suite: Suite) -> usize {
        let plain = self.plain(Hlc::from_parts(self.wall.at, 0));
        let compressed = compress(suite, &plain).ok().flatten();
        compressed.map_or(plain.len(), |it| it.len().min(plain.len()))
    }

    /// The payload compressed where that helps, and padded.
    fn pack(&self, header: &Header) -> Result<Zeroizing<Vec<u8>>, Error> {
        let length = self.body.len();
        if length > BODY_BYTES_MAX {
            return Err(Error::Length { length });
        }
        let plain = self.plain(header.hlc);
        let compressed = compress(header.suite, &plain)?;
        let (form, text) = match &compressed {
            Some(shorter) if shorter.len() < plain.len() => (ZSTANDARD, shorter),
            _ => (PLAIN, &plain),
        };
        let mut packed = Zeroizing::new(Vec::with_capacity(text.len() + 64));
        put_number((text.len() as u64) << 1 | form, &mut packed);
        packed.extend_from_slice(text);
        let length = padded_len(packed.len());
        if length > PACKED_BYTES_MAX {
            return Err(Error::Length { length });
        }
        packed.resize(length, 0);
        Ok(packed)
    }

    fn unpack(header: &Header, packed: &[u8]) -> Result<Self, Error> {
        let mut rest = packed;
        let mark = take_number(&mut rest)?;
        let length = usize::try_from(mark >> 1).or(Err(Error::Payload))?;
        let (text, padding) = rest.split_at_checked(length).ok_or(Error::Payload)?;
        let unpadded = packed.len() - padding.len();
        let padded = packed.len() == padded_len(unpadded);
        if !padded || padding.iter().any(|byte| *byte != 0) {
            return Err(Error::Payload);
        }
        if mark & 1 == PLAIN {
            Self::read(header.hlc, text)
        } else {
            Self::read(header.hlc, &decompress(header.suite, text)?)
        }
    }

    fn plain(&self, hlc: Hlc) -> Zeroizing<Vec<u8>> {
        let mut plain = Zeroizing::new(Vec::with_capacity(FRONT_LEN + self.body.len()));
        let since = hlc.timestamp().0.wrapping_sub(self.wall.at.0);
        put_number(unsigned(since), &mut plain);
        put_number(unsigned(self.wall.offset_minutes.into()), &mut plain);
        plain.extend_from_slice(&[self.clock as u8, self.role]);
        plain.extend_from_slice(&self.body);
        plain
    }

    fn read(hlc: Hlc, plain: &[u8]) -> Result<Self, Error> {
        if plain.len() > PLAIN_BYTES_MAX {
            return Err(Error::Payload);
        }
        let mut rest = plain;
        let since = signed(take_number(&mut rest)?);
        let offset = signed(take_number(&mut rest)?);
        let (&[clock, role], body) = rest.split_first_chunk().ok_or(Error::Payload)?;
        Ok(Self {
            wall: Moment {
                at: Timestamp(hlc.timestamp().0.wrapping_sub(since)),
                offset_minutes: i16::try_from(offset).or(Err(Error::Payload))?,
            },
            clock: ClockQuality::from_number(clock).ok_or(Error::Payload)?,
            role,
            body: body.to_vec(),
        })
    }
}

/// Seven bits to a byte, the lowest first; all but the last byte have the highest bit set.
fn put_number(mut number: u64, to: &mut Vec<u8>) {
    loop {
        let [low, ..] = number.to_le_bytes();
        number >>= 7;
        if number == 0 {
            to.push(low & 0x7f);
            return;
        }
        to.push(low | 0x80);
    }
}

fn take_number(from: &mut &[u8]) -> Result<u64, Error> {
    let mut number = 0;
    for shift in (0..64).step_by(7) {
        let (byte, rest) = from.split_first().ok_or(Error::Payload)?;
        *from = rest;
        number |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Ok(number);
        }
    }
    Err(Error::Payload)
}

/// A signed number as an unsigned one: its sign stands lowest.
const fn unsigned(number: i64) -> u64 {
    (number << 1 ^ number >> 63).cast_unsigned()
}

const fn signed(number: u64) -> i64 {
    (number >> 1).cast_signed() ^ -(number & 1).cast_signed()
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
    fn packed(form: u64, text: &[u8], length: usize) -> Vec<u8> {
        let mut packed = Vec::new();
        put_number((text.len() as u64) << 1 | form, &mut packed);
        packed.extend_from_slice(text);
        packed.resize(length, 0);
        packed
    }

    fn header(suite: Suite) -> Header {
        Header {
            suite,
            ..samples::envelope().header
        }
    }

    fn unpack(packed: &[u8]) -> Result<Payload, Error> {
        Payload::unpack(&header(Suite::BARE), packed)
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
                let packed = payload.pack(&header(suite)).unwrap();
                assert_eq!(packed.len(), padded_len(packed.len()));
                let read = Payload::unpack(&header(suite), &packed);
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
            let packed = most.pack(&header(suite)).unwrap();
            assert_eq!(Payload::unpack(&header(suite), &packed), Ok(most));
            for body in [vec![0; BODY_BYTES_MAX + 1], noise(PACKED_BYTES_MAX)] {
                let packed = payload(body).pack(&header(suite));
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
        let changes = plain.pack(&header(Suite::CHANGES)).unwrap();
        assert_eq!(
            Payload::unpack(&header(Suite::CHANGES), &changes),
            Ok(plain.clone())
        );
        let newer = header(Suite::from_number(9));
        let unknown = Error::Unknown {
            version: 1,
            suite: 9,
        };
        assert_eq!(Payload::unpack(&newer, &changes), Err(unknown));
        assert_eq!(plain.pack(&newer).err(), Some(unknown));
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
        let plain = payload(vec![7; 20]).plain(Hlc(0));
        let front = plain.len() - 20;
        let read =
            |form, text: &[u8], length| unpack(&packed(form, text, length)).is_ok();
        assert!(read(PLAIN, &plain, 64));
        assert!(!read(PLAIN, &plain, 63), "too little padding");
        assert!(!read(PLAIN, &plain, 128), "too much padding");
        assert!(!read(ZSTANDARD, &plain, 64), "no frame");
        assert!(!read(PLAIN, &plain[..front - 1], 64), "torn");
        let mut dirty = packed(PLAIN, &plain, 64);
        dirty[63] = 1;
        assert_eq!(unpack(&dirty), Err(Error::Payload));
        let mut clock = plain.to_vec();
        clock[front - 2] = 3;
        assert!(!read(PLAIN, &clock, 64), "an unknown clock quality");
        let beyond = [0xfe, 0xff, 0xff, 0x7f, 1, 2, 3];
        for bytes in [&[][..], &[0x80], &[0xff; 11], &beyond] {
            assert_eq!(unpack(bytes), Err(Error::Payload));
        }
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
            form in 0..2_u64,
        ) {
            let length = padded_len(packed(form, &bytes, 0).len().max(bytes.len() + 2));
            for suite in [Suite::BARE, Suite::CHANGES] {
                drop(Payload::unpack(&header(suite), &bytes));
                drop(Payload::unpack(&header(suite), &packed(form, &bytes, length)));
            }
        }
    }
}
