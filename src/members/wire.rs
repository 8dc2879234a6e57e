//! Reading and writing hand-laid bytes: fixed order, big-endian, a limit on every length.

use std::collections::BTreeMap;

use super::Error;
use crate::time::Timestamp;

const VERSION: u8 = 1;
/// Ed25519 and BLAKE3.
const SUITE: u8 = 0;

/// What is left to read. Every step takes from the front or says what was wrong.
pub(super) struct Reader<'a>(&'a [u8]);

/// Bytes as they are laid.
#[derive(Default)]
pub(super) struct Writer(Vec<u8>);

impl<'a> Reader<'a> {
    pub(super) const fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    /// The four bytes that say what this is, and a version and suite that are known here.
    pub(super) fn opening(&mut self, magic: [u8; 4]) -> Result<(), Error> {
        if self.array()? != magic {
            return Err(Error::Malformed("begins with other bytes"));
        }
        match self.array()? {
            [VERSION, SUITE] => Ok(()),
            [version, suite] => Err(Error::Unknown { version, suite }),
        }
    }

    pub(super) fn take(&mut self, length: usize) -> Result<&'a [u8], Error> {
        let (taken, left) = self
            .0
            .split_at_checked(length)
            .ok_or(Error::Malformed("ends too early"))?;
        self.0 = left;
        Ok(taken)
    }

    pub(super) fn array<const N: usize>(&mut self) -> Result<[u8; N], Error> {
        let (taken, left) = self
            .0
            .split_first_chunk()
            .ok_or(Error::Malformed("ends too early"))?;
        self.0 = left;
        Ok(*taken)
    }

    pub(super) fn u8(&mut self) -> Result<u8, Error> {
        self.array().map(u8::from_be_bytes)
    }

    pub(super) fn u16(&mut self) -> Result<u16, Error> {
        self.array().map(u16::from_be_bytes)
    }

    pub(super) fn u32(&mut self) -> Result<u32, Error> {
        self.array().map(u32::from_be_bytes)
    }

    pub(super) fn u64(&mut self) -> Result<u64, Error> {
        self.array().map(u64::from_be_bytes)
    }

    /// A 32-bit length of at most `max`, and that many bytes.
    pub(super) fn bytes(&mut self, max: usize) -> Result<&'a [u8], Error> {
        let length = usize::try_from(self.u32()?).unwrap_or(usize::MAX);
        if length > max {
            return Err(Error::TooLarge { max });
        }
        self.take(length)
    }

    /// A 16-bit count of at most `max`, and that many things, each greater than the one
    /// before it.
    pub(super) fn ascending<T: Ord>(
        &mut self,
        max: usize,
        read: impl Fn(&mut Self) -> Result<T, Error>,
    ) -> Result<Vec<T>, Error> {
        let count = usize::from(self.u16()?);
        if count > max {
            return Err(Error::TooLarge { max });
        }
        let mut things = Vec::new();
        for _ in 0..count {
            let thing = read(self)?;
            if things.last().is_some_and(|it| *it >= thing) {
                return Err(Error::Malformed("a list is not in order"));
            }
            things.push(thing);
        }
        Ok(things)
    }

    /// A 16-bit count of at most `max`, and that many things by name, each name greater than
    /// the one before it.
    pub(super) fn map<K: Ord, V>(
        &mut self,
        max: usize,
        read: impl Fn(&mut Self) -> Result<(K, V), Error>,
    ) -> Result<BTreeMap<K, V>, Error> {
        let count = usize::from(self.u16()?);
        if count > max {
            return Err(Error::TooLarge { max });
        }
        let mut things = BTreeMap::new();
        for _ in 0..count {
            let (name, thing) = read(self)?;
            if things
                .last_key_value()
                .is_some_and(|(last, _)| *last >= name)
            {
                return Err(Error::Malformed("a list is not in order"));
            }
            things.insert(name, thing);
        }
        Ok(things)
    }

    /// Milliseconds since 1970.
    pub(super) fn time(&mut self) -> Result<Timestamp, Error> {
        let time = i64::try_from(self.u64()?).map(Timestamp);
        time.or(Err(Error::Malformed("not a time")))
    }

    /// That nothing is left.
    pub(super) const fn end(&self) -> Result<(), Error> {
        if self.0.is_empty() {
            Ok(())
        } else {
            Err(Error::Malformed("bytes are left over"))
        }
    }

    pub(super) const fn left(&self) -> usize {
        self.0.len()
    }
}

impl Writer {
    /// The four bytes that say what this is, version and suite.
    pub(super) fn opening(magic: [u8; 4]) -> Self {
        let [a, b, c, d] = magic;
        Self(vec![a, b, c, d, VERSION, SUITE])
    }

    pub(super) fn put(&mut self, bytes: &[u8]) -> &mut Self {
        self.0.extend_from_slice(bytes);
        self
    }

    pub(super) fn u8(&mut self, value: u8) -> &mut Self {
        self.put(&[value])
    }

    pub(super) fn u16(&mut self, value: u16) -> &mut Self {
        self.put(&value.to_be_bytes())
    }

    pub(super) fn u32(&mut self, value: u32) -> &mut Self {
        self.put(&value.to_be_bytes())
    }

    pub(super) fn u64(&mut self, value: u64) -> &mut Self {
        self.put(&value.to_be_bytes())
    }

    /// Milliseconds since 1970.
    pub(super) fn time(&mut self, time: Timestamp) -> &mut Self {
        self.u64(u64::try_from(time.0).unwrap_or_default())
    }

    /// A 32-bit length and the bytes.
    pub(super) fn bytes(&mut self, bytes: &[u8]) -> &mut Self {
        self.u32(u32::try_from(bytes.len()).unwrap_or(u32::MAX))
            .put(bytes)
    }

    /// A 16-bit count, and each thing of a list that is in order.
    pub(super) fn list<T>(
        &mut self,
        things: impl ExactSizeIterator<Item = T>,
        write: impl Fn(&mut Self, T),
    ) -> &mut Self {
        self.u16(u16::try_from(things.len()).unwrap_or(u16::MAX));
        things.for_each(|it| write(self, it));
        self
    }

    pub(super) fn into_bytes(self) -> Vec<u8> {
        self.0
    }
}
