//! How much is sent at once: as much as the link and the other side's disk take in about a
//! second, so that what is saved meanwhile waits no longer.

use std::collections::VecDeque;

use crate::{
    ids::Hash,
    sync::wire::{CHUNK_BYTES_MAX, RunName},
};

/// The smallest chunk, in bytes: what a 2G link carries in about 1.3 s.
const CHUNK_BYTES_MIN: usize = 8 * 1024;
/// The first chunk, in bytes, while nothing is known of the link.
const CHUNK_BYTES_FIRST: usize = 16 * 1024;
/// Chunks on their way at once.
const OUT_MAX: usize = 4;
/// What leaves before the first answer, in bytes: a day's work of a small clinic. After it,
/// one chunk is sent while another is made durable.
const FIRST_FLIGHT_BYTES: usize = 64 * 1024;
/// What may be on its way at once, in bytes: the first flight and a large chunk that ends
/// it, or two large ones. Who has more sent to it is flooded.
const OUT_BYTES_MAX: usize = 2 * CHUNK_BYTES_MAX + FIRST_FLIGHT_BYTES;
/// Answered sooner, the next chunk is twice as large.
const SOON_MS: i64 = 1_000;
/// Answered later, it is half as large.
const LATE_MS: i64 = 2_000;

/// The chunks on their way, and the size of the next.
pub(super) struct Pace {
    bytes: usize,
    out: VecDeque<Out>,
    /// Whether an answer came.
    is_answered: bool,
}

struct Out {
    bytes: usize,
    at_ms: i64,
    ends: Ends,
}

/// The last envelope of each run of a chunk.
pub(super) type Ends = Vec<(RunName, (u64, Hash))>;

impl Pace {
    pub(super) const fn new() -> Self {
        Self {
            bytes: CHUNK_BYTES_FIRST,
            out: VecDeque::new(),
            is_answered: false,
        }
    }

    /// The size of the next chunk, in bytes.
    pub(super) const fn bytes(&self) -> usize {
        self.bytes
    }

    /// Whether another chunk may leave.
    pub(super) fn has_room(&self) -> bool {
        let most = if self.is_answered {
            2 * self.bytes
        } else {
            FIRST_FLIGHT_BYTES
        };
        let fits = self.out.len() < OUT_MAX && self.out_bytes() + self.bytes <= most;
        fits || self.out.is_empty()
    }

    /// The bytes of the chunks on their way.
    pub(super) fn out_bytes(&self) -> usize {
        self.out.iter().map(|it| it.bytes).sum()
    }

    /// Whether every chunk was taken.
    pub(super) fn is_idle(&self) -> bool {
        self.out.is_empty()
    }

    /// A chunk of this size leaves.
    pub(super) fn leave(&mut self, bytes: usize, ends: Ends, now_ms: i64) {
        let at_ms = now_ms;
        self.out.push_back(Out { bytes, at_ms, ends });
    }

    /// The other side has made `took` chunks durable: their ends. None where so many were
    /// not out.
    pub(super) fn taken(&mut self, took: u32, now_ms: i64) -> Option<Ends> {
        let mut ends = Ends::new();
        for _ in 0..took {
            let out = self.out.pop_front()?;
            self.is_answered = true;
            ends.extend(out.ends);
            let passed = now_ms.saturating_sub(out.at_ms);
            // A small chunk tells nothing of how long a large one would take.
            if passed > LATE_MS {
                self.bytes = (self.bytes / 2).max(CHUNK_BYTES_MIN);
            } else if passed < SOON_MS && out.bytes >= self.bytes / 2 {
                self.bytes = (self.bytes * 2).min(CHUNK_BYTES_MAX);
            }
        }
        Some(ends)
    }
}

/// The chunks that came and are not durable yet, by their bytes.
#[derive(Default)]
pub(super) struct Taking(VecDeque<usize>);

impl Taking {
    /// A chunk of this size came. False where no machine sends so much at once.
    pub(super) fn come(&mut self, bytes: usize) -> bool {
        self.0.push_back(bytes);
        self.0.len() <= OUT_MAX && self.0.iter().sum::<usize>() <= OUT_BYTES_MAX
    }

    /// The oldest is durable.
    pub(super) fn took(&mut self) {
        self.0.pop_front();
    }

    pub(super) fn is_idle(&self) -> bool {
        self.0.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The size of chunks after a minute on a link, and how long one waits for its answer.
    fn settled(bytes_per_ms: i64, round_trip_ms: i64) -> (usize, i64) {
        let mut pace = Pace::new();
        let (mut now, mut free) = (0, 0);
        let mut answers = VecDeque::new();
        let mut waited = 0;
        while now < 60_000 {
            while pace.has_room() {
                let bytes = pace.bytes();
                pace.leave(bytes, Ends::new(), now);
                free = free.max(now) + i64::try_from(bytes).unwrap() / bytes_per_ms;
                answers.push_back((now, free + round_trip_ms));
            }
            let (left, comes): (i64, i64) = answers.pop_front().unwrap();
            now = comes;
            waited = now - left;
            assert!(pace.taken(1, now).is_some());
        }
        (pace.bytes(), waited)
    }

    #[test]
    fn chunks_follow_the_pace_of_the_link() {
        for (link, bytes_per_ms, round_trip_ms, bytes) in [
            ("2G", 6, 600, CHUNK_BYTES_MIN),
            ("EDGE", 25, 400, 16 * 1024),
            ("3G", 125, 200, 128 * 1024),
            ("DSL", 1_250, 50, CHUNK_BYTES_MAX),
            ("LAN", 12_500, 1, CHUNK_BYTES_MAX),
        ] {
            let (settled, waited) = settled(bytes_per_ms, round_trip_ms);
            assert_eq!(settled, bytes, "{link}");
            assert!(waited < 3_000, "{link}: {waited} ms");
        }
    }

    #[test]
    fn what_nobody_sent_is_not_answered() {
        let mut pace = Pace::new();
        pace.leave(100, Ends::new(), 0);
        assert_eq!(pace.taken(2, 1), None);
    }

    #[test]
    fn all_that_a_machine_sends_at_once_is_taken_and_no_more() {
        let sizes = [
            CHUNK_BYTES_MIN,
            CHUNK_BYTES_FIRST,
            40 * 1024,
            CHUNK_BYTES_MAX,
        ];
        for (size, is_answered) in
            sizes.into_iter().flat_map(|it| [(it, false), (it, true)])
        {
            let (mut pace, mut taking) = (Pace::new(), Taking::default());
            (pace.bytes, pace.is_answered) = (size, is_answered);
            while pace.has_room() {
                // A chunk holds at least one envelope, however large that is.
                let last = !pace.is_idle();
                let bytes = if last { CHUNK_BYTES_MAX } else { size };
                pace.leave(bytes, Ends::new(), 0);
                assert!(taking.come(bytes), "{size}");
            }
        }
        let mut taking = Taking::default();
        assert!((0..OUT_MAX).all(|_| taking.come(1)));
        assert!(!taking.come(1));
        let mut taking = Taking::default();
        assert!((0..2).all(|_| taking.come(CHUNK_BYTES_MAX)));
        assert!(!taking.come(CHUNK_BYTES_MAX));
    }
}
