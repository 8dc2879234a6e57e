//! Where an envelope stands as the bytes of keys and values. Numbers are
//! big-endian: what belongs to one run lies side by side and is added at its end.

use crate::{
    ids::{Hash, LogId},
    ledger::{Lane, Place},
};

/// A lane of a log as a key.
pub(super) type LaneKey = [u8; LANE_KEY_LEN];
/// A place as a key.
pub(super) type PlaceKey = [u8; PLACE_KEY_LEN];

pub(super) const LANE_KEY_LEN: usize = LogId::LEN + 1;
pub(super) const PLACE_KEY_LEN: usize = LANE_KEY_LEN + 8;

/// A place as a key, and back.
pub(super) trait Key: Sized {
    fn key(self) -> PlaceKey;
    fn from_key(key: &[u8]) -> Option<Self>;
}

impl Key for Place {
    fn key(self) -> PlaceKey {
        let mut key = [0; PLACE_KEY_LEN];
        let (lane, seq) = key.split_at_mut(LANE_KEY_LEN);
        lane.copy_from_slice(&lane_key(self.log, self.lane));
        seq.copy_from_slice(&self.seq.to_be_bytes());
        key
    }

    fn from_key(key: &[u8]) -> Option<Self> {
        let (lane_key, seq) = key.split_first_chunk::<LANE_KEY_LEN>()?;
        let (log, lane) = read_lane_key(lane_key)?;
        let seq = u64::from_be_bytes(seq.try_into().ok()?);
        Some(Self { log, lane, seq })
    }
}

pub(super) fn lane_key(log: LogId, lane: Lane) -> LaneKey {
    let mut key = [lane as u8; LANE_KEY_LEN];
    if let Some(into) = key.first_chunk_mut() {
        *into = *log.as_bytes();
    }
    key
}

pub(super) fn read_lane_key(key: &[u8]) -> Option<(LogId, Lane)> {
    let (lane, log) = key.split_last()?;
    Some((LogId::from_slice(log)?, Lane::from_number(*lane)?))
}

/// What is held of a lane: which envelope is the last, which the first, and how many stand
/// between, since some may be known to be missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Run {
    pub(super) last: u64,
    pub(super) hash: Hash,
    pub(super) first: u64,
    pub(super) count: u64,
    /// The log that the headers name where it is another one: that of which this is a branch.
    pub(super) origin: LogId,
}

impl Run {
    /// A log of its own before its first envelope.
    pub(super) const EMPTY: Self = Self {
        last: 0,
        hash: Hash::ZERO,
        first: 1,
        count: 0,
        origin: LogId::ZERO,
    };

    /// The run with one more envelope at its end.
    pub(super) const fn and(self, last: u64, hash: Hash) -> Self {
        Self {
            last,
            hash,
            count: self.count + 1,
            ..self
        }
    }

    /// Whether an envelope with this number is to be there.
    pub(super) const fn holds(&self, seq: u64) -> bool {
        self.is_whole() && self.first <= seq && seq <= self.last
    }

    /// Whether nothing between the first and the last is missing.
    pub(super) const fn is_whole(&self) -> bool {
        self.count > self.last.saturating_sub(self.first)
    }

    pub(super) fn value(&self) -> Vec<u8> {
        let parts: [&[u8]; 5] = [
            &self.last.to_be_bytes(),
            self.hash.as_bytes(),
            &self.first.to_be_bytes(),
            &self.count.to_be_bytes(),
            self.origin.as_bytes(),
        ];
        parts.concat()
    }

    pub(super) fn read(value: &[u8]) -> Option<Self> {
        let (last, rest) = value.split_first_chunk()?;
        let (hash, rest) = rest.split_first_chunk()?;
        let (first, rest) = rest.split_first_chunk()?;
        let (count, origin) = rest.split_first_chunk()?;
        let run = Self {
            last: u64::from_be_bytes(*last),
            hash: Hash::from_bytes(*hash),
            first: u64::from_be_bytes(*first),
            count: u64::from_be_bytes(*count),
            origin: LogId::from_slice(origin)?,
        };
        let between = run.last.checked_sub(run.first)?;
        let fits = run.first > 0 && (1..=between.saturating_add(1)).contains(&run.count);
        fits.then_some(run)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLACE: Place = Place {
        log: LogId::from_bytes(*b"0123456789abcdef"),
        lane: Lane::Clinical,
        seq: 0x0102,
    };

    #[test]
    fn a_place_is_25_bytes_that_sort_like_the_place() {
        let key = PLACE.key();
        assert_eq!(&key[..], b"0123456789abcdef\x02\0\0\0\0\0\0\x01\x02");
        assert_eq!(Place::from_key(&key), Some(PLACE));
        let next = Place {
            seq: 0x0200,
            ..PLACE
        };
        assert!(next.key() > key);
        let next_lane = Place {
            lane: Lane::Restricted,
            seq: 1,
            ..PLACE
        };
        assert!(next_lane.key() > next.key());
    }

    #[test]
    fn what_is_held_of_a_lane_reads_back() {
        let run = Run {
            last: 7,
            hash: Hash::from_bytes([0xab; 32]),
            first: 3,
            count: 5,
            origin: LogId::from_bytes([0xcd; 16]),
        };
        let holed = Run { count: 4, ..run };
        for run in [run, holed, Run::EMPTY.and(1, run.hash)] {
            let value = run.value();
            assert_eq!(value.len(), 72);
            assert_eq!(Run::read(&value), Some(run));
            assert_eq!(Run::read(&value[1..]), None);
        }
        assert!(run.holds(3) && run.holds(7) && !run.holds(2) && !run.holds(8));
        assert!(!holed.holds(5), "it may be the one that is missing");
        for wrong in [
            Run { first: 0, ..run },
            Run { first: 8, ..run },
            Run { count: 0, ..run },
            Run { count: 6, ..run },
        ] {
            assert_eq!(Run::read(&wrong.value()), None, "{wrong:?}");
        }
    }
}
