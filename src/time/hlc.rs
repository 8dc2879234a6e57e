//! The hybrid logical clock: an order of edits that a wrong clock cannot break.

use serde::{Deserialize, Serialize};

use super::Timestamp;

/// 48 bits of milliseconds since 1970 and a 16-bit counter, in one big-endian number.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Default,
    Serialize,
    Deserialize,
)]
pub struct Hlc(pub u64);

/// How far ahead of the wall clock a remote reading may be and still be adopted.
const AHEAD_MS_MAX: i64 = 24 * 60 * 60 * 1000;

impl Hlc {
    /// The reading with these parts; times before 1970 count as 1970.
    pub fn from_parts(at: Timestamp, counter: u16) -> Self {
        let ms = u64::try_from(at.0).unwrap_or(0) & ((1 << 48) - 1);
        Self(ms << 16 | u64::from(counter))
    }

    /// The wall-time part.
    pub fn timestamp(self) -> Timestamp {
        Timestamp(i64::try_from(self.0 >> 16).unwrap_or(i64::MAX))
    }

    /// Its place among the readings of that time.
    pub const fn counter(self) -> u16 {
        let [.., high, low] = self.0.to_be_bytes();
        u16::from_be_bytes([high, low])
    }

    /// The reading right after this one.
    #[must_use]
    pub const fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }

    /// What this clock shows after it has seen `remote` at wall time `now`. A reading more
    /// than 24 h ahead of the wall clock is never adopted.
    #[must_use]
    pub fn witness(self, remote: Self, now: Timestamp) -> Self {
        let believable = remote.timestamp().ms_since(now) <= AHEAD_MS_MAX;
        if believable { self.max(remote) } else { self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOON: Timestamp = Timestamp(1_700_000_000_000);

    #[test]
    fn a_clock_set_back_still_moves_on() {
        let shown = Hlc::default().tick(NOON);
        let after = shown.tick(NOON.plus_ms(-3_600_000));
        assert!(after > shown);
        assert_eq!(after.timestamp(), NOON);
    }

    #[test]
    fn a_far_future_clock_is_never_adopted() {
        let mine = Hlc::default().tick(NOON);
        let tomorrow = Hlc::from_parts(NOON.plus_ms(AHEAD_MS_MAX), 7);
        let year_ahead = Hlc::from_parts(NOON.plus_ms(365 * AHEAD_MS_MAX), 0);
        assert_eq!(mine.witness(tomorrow, NOON), tomorrow);
        assert_eq!(mine.witness(year_ahead, NOON), mine);
    }
}
