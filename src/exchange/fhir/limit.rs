//! A reader that lets no more than one entry's bytes through before it is refilled.

use std::{
    cell::Cell,
    io::{self, BufRead as _, BufReader, Read},
    rc::Rc,
};

use super::ENTRY_BYTES_MAX;

/// The three bytes that some programs put before UTF-8.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// Bytes read from the file at a time.
const BUFFER_BYTES: usize = 64 * 1024;

/// How much may still be read, and how many lines have been.
#[derive(Debug)]
pub(super) struct Gauge {
    left: Cell<usize>,
    lines: Cell<u64>,
    over: Cell<bool>,
}

/// The input, with a gauge.
pub(super) struct Limited<R> {
    inner: BufReader<R>,
    gauge: Rc<Gauge>,
}

impl Gauge {
    /// An entry begins: it may have [`ENTRY_BYTES_MAX`] bytes.
    pub(super) fn refill(&self) {
        self.left.set(ENTRY_BYTES_MAX);
    }

    /// The line that is being read, from 1.
    pub(super) fn line(&self) -> u64 {
        self.lines.get() + 1
    }

    /// Whether an entry was longer than it may be.
    pub(super) fn is_over(&self) -> bool {
        self.over.get()
    }
}

impl<R: Read> Limited<R> {
    /// The input and its gauge, filled for the first entry.
    pub(super) fn new(input: R) -> (Self, Rc<Gauge>) {
        let gauge = Rc::new(Gauge {
            left: Cell::new(ENTRY_BYTES_MAX),
            lines: Cell::new(0),
            over: Cell::new(false),
        });
        let limited = Self {
            inner: BufReader::with_capacity(BUFFER_BYTES, input),
            gauge: Rc::clone(&gauge),
        };
        (limited, gauge)
    }

    /// The first byte that says something, after a byte order mark and blanks. It is not
    /// taken from the input.
    pub(super) fn peek(&mut self) -> io::Result<Option<u8>> {
        let mut mark = BYTE_ORDER_MARK.iter();
        loop {
            let Some(&byte) = self.inner.fill_buf()?.first() else {
                return Ok(None);
            };
            let marks = mark.next() == Some(&byte);
            if !marks && !byte.is_ascii_whitespace() {
                return Ok(Some(byte));
            }
            if !marks {
                mark = [].iter();
            }
            self.read_exact(&mut [0])?;
        }
    }
}

impl<R: Read> Read for Limited<R> {
    /// One byte at a time: that is how the JSON parser asks.
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let Some(slot) = into.first_mut() else {
            return Ok(0);
        };
        let left = self.gauge.left.get();
        if left == 0 {
            self.gauge.over.set(true);
            return Err(io::Error::other("an entry is too long"));
        }
        let Some(&byte) = self.inner.fill_buf()?.first() else {
            return Ok(0);
        };
        self.inner.consume(1);
        self.gauge.left.set(left - 1);
        if byte == b'\n' {
            self.gauge.lines.set(self.gauge.lines.get() + 1);
        }
        *slot = byte;
        Ok(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_byte_is_found_after_a_mark_and_blanks() {
        for (text, first) in [
            ("\u{feff} \r\n\t{", Some(b'{')),
            ("{", Some(b'{')),
            ("  \n", None),
            ("", None),
        ] {
            let (mut limited, gauge) = Limited::new(text.as_bytes());
            assert_eq!(limited.peek().unwrap(), first, "for {text:?}");
            assert_eq!(gauge.line(), 1 + text.matches('\n').count() as u64);
        }
    }

    #[test]
    fn an_endless_entry_stops_at_the_limit() {
        let (mut limited, gauge) = Limited::new(io::repeat(b' '));
        assert!(limited.peek().is_err());
        assert!(gauge.is_over());
    }
}
