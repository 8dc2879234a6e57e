//! How long a wrong passphrase makes the next try wait.

use serde::{Deserialize, Serialize};

use crate::time::Timestamp;

/// The longest wait, in seconds. There is no permanent lock-out.
const WAIT_SECONDS_MAX: u32 = 60;

/// Failed tries since the last good one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(super) struct Failures {
    count: u32,
    last: Timestamp,
}

impl Failures {
    /// The failures after one more at `now`.
    pub(super) const fn and_one(self, now: Timestamp) -> Self {
        Self {
            count: self.count.saturating_add(1),
            last: now,
        }
    }

    /// Begins the wait again where the clock was set back since. Whether it did.
    pub(super) fn begin_again(&mut self, now: Timestamp) -> bool {
        let was_set_back = self.count > 0 && now < self.last;
        if was_set_back {
            self.last = now;
        }
        was_set_back
    }

    /// Whether there were none.
    pub(super) const fn is_none(self) -> bool {
        self.count == 0
    }

    /// Seconds that are left to wait at `now`: 1, 2, 4 … 60 after the last failure. A clock
    /// that was set back does not shorten the wait, and lengthens it to one whole wait at most.
    pub(super) fn wait_seconds(self, now: Timestamp) -> u32 {
        let whole = match self.count {
            0 => 0,
            count => 1_u32
                .checked_shl(count - 1)
                .unwrap_or(u32::MAX)
                .min(WAIT_SECONDS_MAX),
        };
        let passed_ms = now.ms_since(self.last).max(0);
        let passed = u32::try_from(passed_ms / 1000).unwrap_or(u32::MAX);
        whole.saturating_sub(passed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOON: Timestamp = Timestamp(1_700_000_000_000);

    #[test]
    fn each_failure_doubles_the_wait_up_to_a_minute() {
        let mut failures = Failures::default();
        let mut waits = Vec::new();
        for _ in 0..9 {
            failures = failures.and_one(NOON);
            waits.push(failures.wait_seconds(NOON));
        }
        assert_eq!(waits, [1, 2, 4, 8, 16, 32, 60, 60, 60]);
        assert_eq!(failures.wait_seconds(NOON.plus_ms(59_000)), 1);
        assert_eq!(failures.wait_seconds(NOON.plus_ms(60_000)), 0);
    }

    #[test]
    fn a_clock_set_back_does_not_shorten_the_wait() {
        let failures = Failures::default().and_one(NOON).and_one(NOON);
        assert_eq!(failures.wait_seconds(NOON.plus_ms(-86_400_000)), 2);
    }

    #[test]
    fn a_clock_set_back_does_not_make_the_wait_longer_than_one_more() {
        let mut failures = Failures::default().and_one(NOON).and_one(NOON);
        let before = NOON.plus_ms(-86_400_000);
        assert!(failures.begin_again(before));
        assert!(!failures.begin_again(before.plus_ms(1_000)));
        assert_eq!(failures.wait_seconds(before.plus_ms(1_000)), 1);
        assert_eq!(failures.wait_seconds(before.plus_ms(2_000)), 0);
        assert!(!Failures::default().begin_again(NOON));
    }
}
