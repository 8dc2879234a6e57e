//! The one place that reads the machine's clock and its zone.

use std::{sync::OnceLock, time::Instant};

use super::{Hlc, Moment, Timestamp};

/// Now, by this machine's clock.
#[expect(
    clippy::disallowed_methods,
    reason = "the one place that reads the clock"
)]
pub fn now() -> Timestamp {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    let ms = since.map_or(0, |it| i64::try_from(it.as_millis()).unwrap_or(i64::MAX));
    Timestamp(ms)
}

/// Minutes east of UTC of this machine's zone at `at`.
pub fn zone_offset(at: Timestamp) -> i16 {
    let Ok(instant) = jiff::Timestamp::from_millisecond(at.0) else {
        return 0;
    };
    let seconds = jiff::tz::TimeZone::system().to_offset(instant).seconds();
    i16::try_from(seconds / 60).unwrap_or(0)
}

/// Milliseconds since this program first asked, however the clock was set meanwhile.
#[expect(
    clippy::disallowed_methods,
    reason = "the one place that reads the clock"
)]
fn passed_ms() -> i64 {
    static FIRST: OnceLock<Instant> = OnceLock::new();
    let passed = FIRST.get_or_init(Instant::now).elapsed();
    i64::try_from(passed.as_millis()).unwrap_or(i64::MAX)
}

/// Where time comes from: the machine, or something else for demos and tests.
#[derive(Debug, Clone, Copy)]
pub enum Clock {
    /// This machine's clock and zone.
    Machine,
    /// Always this moment.
    Fixed(Moment),
    /// The moment that this tells, and the milliseconds that passed since some beginning.
    Told(fn() -> (Moment, i64)),
}

impl Clock {
    /// The present moment.
    pub fn moment(self) -> Moment {
        match self {
            Self::Machine => {
                let at = now();
                Moment {
                    at,
                    offset_minutes: zone_offset(at),
                }
            }
            Self::Fixed(moment) => moment,
            Self::Told(tell) => tell().0,
        }
    }

    /// Milliseconds that passed since some beginning. Setting the clock does not change it.
    pub fn passed_ms(self) -> i64 {
        match self {
            Self::Machine => passed_ms(),
            Self::Fixed(_) => 0,
            Self::Told(tell) => tell().1,
        }
    }

    /// The present instant.
    pub fn now(self) -> Timestamp {
        self.moment().at
    }
}

impl Hlc {
    /// The next tick of a clock that last showed `self`, at wall time `now`.
    #[must_use]
    pub fn tick(self, now: Timestamp) -> Self {
        let wall = Self::from_parts(now, 0);
        if wall > self { wall } else { self.next() }
    }
}
