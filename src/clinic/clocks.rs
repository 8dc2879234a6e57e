//! What is known of this machine's clock: whether it agrees with that of another machine of
//! the clinic, and whether it stands before what owners' machines knew to be past.

use crate::{
    ledger::ClockQuality,
    time::{Clock, Hlc, Moment, Timestamp},
};

/// A clock that is set back by more is noted, in milliseconds.
pub(super) const CLOCK_STEP_MS: i64 = 2 * 60 * 1000;
/// How far the clocks of two machines may be apart that agree, in milliseconds.
const AGREEING_MS: i64 = 10 * 60 * 1000;

/// What this machine's clock was compared with since the program began.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Clocks {
    /// What the clock showed beyond what had passed, when it agreed with another's.
    agreed: Option<i64>,
    /// The earliest that it can be.
    floor: Option<Timestamp>,
}

impl Clocks {
    /// Something new came that another machine wrote at this time, by its own clock. An older
    /// one says nothing: it may have lain somewhere.
    pub(super) fn compare(&mut self, theirs: Timestamp, clock: Clock) {
        if clock.now().ms_since(theirs).abs() <= AGREEING_MS {
            self.agreed = Some(beyond(clock.now(), clock));
        }
    }

    /// It is not earlier than this.
    pub(super) const fn not_before(&mut self, floor: Option<Timestamp>) {
        self.floor = floor;
    }

    /// What is known of the clock, which shows `wall`, where the logical one shows `hlc`.
    pub(super) fn quality(&self, hlc: Hlc, wall: Moment, clock: Clock) -> ClockQuality {
        let at_least = self.floor.unwrap_or_default().max(hlc.timestamp());
        let now = beyond(wall.at, clock);
        if at_least.ms_since(wall.at) > CLOCK_STEP_MS {
            ClockQuality::Uncertain
        } else if self
            .agreed
            .is_some_and(|it| now.abs_diff(it) <= CLOCK_STEP_MS.unsigned_abs())
        {
            ClockQuality::Agreed
        } else {
            ClockQuality::Alone
        }
    }
}

/// What a clock shows beyond what has passed: the same for as long as nobody sets it.
fn beyond(shown: Timestamp, clock: Clock) -> i64 {
    shown.0.saturating_sub(clock.passed_ms())
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicI64, Ordering};

    use super::*;

    const MORNING: Timestamp = Timestamp(1_780_000_000_000);
    const MINUTE_MS: i64 = 60 * 1000;
    const YEAR_MS: i64 = 365 * 24 * 60 * MINUTE_MS;

    static SET_MS: AtomicI64 = AtomicI64::new(0);
    static PASSED_MS: AtomicI64 = AtomicI64::new(0);

    fn told() -> (Moment, i64) {
        let passed = PASSED_MS.load(Ordering::SeqCst);
        let at = MORNING.plus_ms(passed + SET_MS.load(Ordering::SeqCst));
        let offset_minutes = 0;
        (Moment { at, offset_minutes }, passed)
    }

    #[test]
    fn a_clock_agrees_with_a_fresh_one_until_it_is_set_and_never_before_what_is_past() {
        let clock = Clock::Told(told);
        let quality =
            |clocks: &Clocks| clocks.quality(Hlc::default(), clock.moment(), clock);
        let mut clocks = Clocks::default();
        assert_eq!(quality(&clocks), ClockQuality::Alone);
        for away in [11, -11, 60 * 24, -60 * 24] {
            clocks.compare(MORNING.plus_ms(away * MINUTE_MS), clock);
            assert_eq!(quality(&clocks), ClockQuality::Alone, "{away} min");
        }
        clocks.compare(MORNING.plus_ms(-9 * MINUTE_MS), clock);
        assert_eq!(quality(&clocks), ClockQuality::Agreed);
        PASSED_MS.store(300 * MINUTE_MS, Ordering::SeqCst);
        assert_eq!(quality(&clocks), ClockQuality::Agreed, "five hours later");
        SET_MS.store(3 * MINUTE_MS, Ordering::SeqCst);
        assert_eq!(quality(&clocks), ClockQuality::Alone, "it was set");
        // A battery that is empty: years before what an owner's machine had seen.
        SET_MS.store(-YEAR_MS, Ordering::SeqCst);
        clocks.not_before(Some(MORNING));
        assert_eq!(quality(&clocks), ClockQuality::Uncertain);
    }
}
