//! Where an envelope stands, and that as the bytes of keys and values. Numbers are
//! big-endian: what belongs to one run lies side by side and is added at its end.

use crate::{
    ids::{Hash, LogId},
    ledger::{Header, Lane},
};

/// Where an envelope stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The log that one incarnation of a machine writes.
    pub log: LogId,
    /// The lane of that log.
    pub lane: Lane,
    /// The number in that lane; the first is 1.
    pub seq: u64,
}

/// A lane of a log as a key.
pub(super) type LaneKey = [u8; LANE_KEY_LEN];
/// A place as a key.
pub(super) type PlaceKey = [u8; PLACE_KEY_LEN];

pub(super) const LANE_KEY_LEN: usize = LogId::LEN + 1;
pub(super) const PLACE_KEY_LEN: usize = LANE_KEY_LEN + 8;

impl Place {
    /// Where the envelope with this header stands.
    pub const fn of(header: &Header) -> Self {
        Self {
            log: header.log,
            lane: header.lane,
            seq: header.seq,
        }
    }

    /// The log and lane that the place is in.
    pub const fn run(self) -> (LogId, Lane) {
        (self.log, self.lane)
    }

    pub(super) fn key(self) -> PlaceKey {
        let mut key = [0; PLACE_KEY_LEN];
        let (lane, seq) = key.split_at_mut(LANE_KEY_LEN);
        lane.copy_from_slice(&lane_key(self.log, self.lane));
        seq.copy_from_slice(&self.seq.to_be_bytes());
        key
    }

    pub(super) fn from_key(key: &[u8]) -> Option<Self> {
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

/// The last envelope of a lane as a value.
pub(super) fn tip_value(seq: u64, hash: Hash) -> Vec<u8> {
    [seq.to_be_bytes().as_slice(), hash.as_bytes()].concat()
}

pub(super) fn read_tip_value(value: &[u8]) -> Option<(u64, Hash)> {
    let (seq, hash) = value.split_first_chunk()?;
    Some((u64::from_be_bytes(*seq), Hash::from_slice(hash)?))
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
    fn the_last_of_a_lane_reads_back() {
        let hash = Hash::from_bytes([0xab; 32]);
        let value = tip_value(7, hash);
        assert_eq!(value.len(), 40);
        assert_eq!(read_tip_value(&value), Some((7, hash)));
        assert_eq!(read_tip_value(&value[1..]), None);
    }
}
