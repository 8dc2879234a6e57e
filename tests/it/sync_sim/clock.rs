//! The clocks of simulated machines: the world's time, and by how much the machine that acts
//! now is wrong.

use std::cell::Cell;

use cairn::time::{Clock, Moment, Timestamp};

/// When every simulated world begins: 2026-03-02 08:00 UTC.
const BEGINNING_MS: i64 = 1_772_438_400_000;

thread_local! {
    /// Milliseconds since the world began, and how far ahead the clock that is looked at is.
    static NOW: Cell<(i64, i64)> = const { Cell::new((0, 0)) };
}

/// The clock of whichever machine acts.
pub(super) fn clock() -> Clock {
    Clock::Told(tell)
}

/// Sets what the clocks show from here on, on this thread.
pub(super) fn set(passed_ms: i64, ahead_ms: i64) {
    NOW.set((passed_ms, ahead_ms));
}

fn tell() -> (Moment, i64) {
    let (passed_ms, ahead_ms) = NOW.get();
    let moment = Moment {
        at: Timestamp(BEGINNING_MS + passed_ms + ahead_ms),
        offset_minutes: 180,
    };
    (moment, passed_ms)
}
