//! Bytes of a frame, written and read piece by piece in postcard's encoding. Reading is
//! total, and takes no room that the bytes at hand do not fill.

use serde::{Deserialize, Serialize};

use super::Error;

/// A frame that is being written.
#[derive(Default)]
pub(super) struct Writer(Vec<u8>);

/// What is left to read of a frame.
pub(super) struct Reader<'a>(&'a [u8]);

impl Writer {
    pub(super) fn put(&mut self, value: &impl Serialize) {
        // Nothing that a frame is made of can fail to be written into memory.
        let grown = postcard::to_extend(value, std::mem::take(&mut self.0));
        self.0 = grown.unwrap_or_default();
    }

    pub(super) fn put_count(&mut self, count: usize) {
        self.put(&(count as u64));
    }

    /// Bytes as they are, without their length.
    pub(super) fn put_raw(&mut self, bytes: &[u8]) {
        self.0.extend_from_slice(bytes);
    }

    pub(super) fn finish(self) -> Vec<u8> {
        self.0
    }
}

impl<'a> Reader<'a> {
    pub(super) const fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    pub(super) fn get<T: Deserialize<'a>>(&mut self) -> Result<T, Error> {
        let (value, rest) =
            postcard::take_from_bytes(self.0).or(Err(Error::Malformed))?;
        self.0 = rest;
        Ok(value)
    }

    /// How many things follow, each of at least `each_min` bytes: never more than the bytes
    /// that are left could hold.
    pub(super) fn count(&mut self, each_min: usize) -> Result<usize, Error> {
        let count = usize::try_from(self.get::<u64>()?).or(Err(Error::Malformed))?;
        let room = self.0.len() / each_min.max(1);
        (count <= room).then_some(count).ok_or(Error::Malformed)
    }

    /// The next `length` bytes as they are.
    pub(super) fn raw(&mut self, length: usize) -> Result<&'a [u8], Error> {
        let (raw, rest) = self.0.split_at_checked(length).ok_or(Error::Malformed)?;
        self.0 = rest;
        Ok(raw)
    }

    pub(super) fn array<const N: usize>(&mut self) -> Result<[u8; N], Error> {
        self.raw(N)?.try_into().or(Err(Error::Malformed))
    }

    /// Whether all was read.
    pub(super) fn end(self) -> Result<(), Error> {
        self.0.is_empty().then_some(()).ok_or(Error::Malformed)
    }
}
