//! The header of an age file, read whole and within a limit before age parses it.
//!
//! Age parses what it has of a header again after each line that it reads, and reads on for
//! as long as there are lines: a header of 256 KiB would take it minutes.

use std::io::{BufRead, Read, Result};

use super::Error;

/// The longest header that is read, in bytes: 2,600 receivers, each of which costs the
/// reader one try.
pub(super) const HEADER_BYTES_MAX: usize = 256 * 1024;
/// How the last line of a header begins.
const LAST_LINE: &[u8] = b"---";

/// An age file whose header was read.
pub(super) struct Headed<R> {
    header: Vec<u8>,
    taken: usize,
    rest: R,
}

impl<R: BufRead> Headed<R> {
    /// Reads `input` up to the end of the header.
    pub(super) fn read(mut input: R) -> std::result::Result<Self, Error> {
        let mut header = Vec::new();
        loop {
            let start = header.len();
            let left = HEADER_BYTES_MAX.saturating_sub(start) as u64;
            let line = input.by_ref().take(left).read_until(b'\n', &mut header);
            if line.is_err() || header.last() != Some(&b'\n') || header.len() == start {
                return Err(Error::Malformed);
            }
            if header
                .get(start..)
                .is_some_and(|it| it.starts_with(LAST_LINE))
            {
                return Ok(Self {
                    header,
                    taken: 0,
                    rest: input,
                });
            }
        }
    }

    fn untaken(&self) -> &[u8] {
        self.header.get(self.taken..).unwrap_or_default()
    }
}

impl<R: BufRead> Read for Headed<R> {
    fn read(&mut self, into: &mut [u8]) -> Result<usize> {
        if self.untaken().is_empty() {
            return self.rest.read(into);
        }
        let read = self.untaken().read(into)?;
        self.taken += read;
        Ok(read)
    }
}

impl<R: BufRead> BufRead for Headed<R> {
    fn fill_buf(&mut self) -> Result<&[u8]> {
        if self.untaken().is_empty() {
            return self.rest.fill_buf();
        }
        Ok(self.header.get(self.taken..).unwrap_or_default())
    }

    fn consume(&mut self, count: usize) {
        if self.untaken().is_empty() {
            self.rest.consume(count);
        } else {
            self.taken += count;
        }
    }

    /// Gives the whole header for its first line, so that it is parsed once.
    fn read_until(&mut self, end: u8, into: &mut Vec<u8>) -> Result<usize> {
        let header = self.untaken();
        if header.is_empty() {
            return self.rest.read_until(end, into);
        }
        into.extend_from_slice(header);
        let count = header.len();
        self.consume(count);
        Ok(count)
    }
}
