//! How much is sent at once: as much as the link and the other side's disk take in about a
//! second, so that what is saved meanwhile waits no longer.

use std::collections::VecDeque;

use crate::sync::wire::CHUNK_BYTES_MAX;

/// The smallest chunk, in bytes: what a 2G link carries in about 0.7 s.
const CHUNK_BYTES_MIN: usize = 4 * 1024;
/// The first chunk, in bytes, while nothing is known of the link.
const CHUNK_BYTES_FIRST: usize = 8 * 1024;
/// Chunks on their way at once: one is sent while the other is made durable.
pub(super) const CHUNKS_OUT_MAX: usize = 2;
/// Answered sooner, the next chunk is twice as large.
const SOON_MS: i64 = 500;
/// Answered later, it is half as large.
const LATE_MS: i64 = 2_000;

/// The chunks on their way, and the size of the next.
pub(super) struct Pace {
    bytes: usize,
    out: VecDeque<Out>,
}

struct Out {
    bytes: usize,
    at_ms: i64,
}

impl Pace {
    pub(super) const fn new() -> Self {
        Self {
            bytes: CHUNK_BYTES_FIRST,
            out: VecDeque::new(),
        }
    }

    /// The size of the next chunk, in bytes.
    pub(super) const fn bytes(&self) -> usize {
        self.bytes
    }

    /// Whether another chunk may leave.
    pub(super) fn has_room(&self) -> bool {
        self.out.len() < CHUNKS_OUT_MAX
    }

    /// Whether every chunk was taken.
    pub(super) fn is_idle(&self) -> bool {
        self.out.is_empty()
    }

    /// A chunk of this size leaves.
    pub(super) fn leave(&mut self, bytes: usize, now_ms: i64) {
        let at_ms = now_ms;
        self.out.push_back(Out { bytes, at_ms });
    }

    /// The other side has made `took` chunks durable. False where so many were not out.
    pub(super) fn taken(&mut self, took: u32, now_ms: i64) -> bool {
        for _ in 0..took {
            let Some(out) = self.out.pop_front() else {
                return false;
            };
            let passed = now_ms.saturating_sub(out.at_ms);
            // A small chunk tells nothing of how long a large one would take.
            if passed > LATE_MS {
                self.bytes = (self.bytes / 2).max(CHUNK_BYTES_MIN);
            } else if passed < SOON_MS && out.bytes >= self.bytes / 2 {
                self.bytes = (self.bytes * 2).min(CHUNK_BYTES_MAX);
            }
        }
        true
    }
}
