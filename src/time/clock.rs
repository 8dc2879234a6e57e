//! The one place that reads the machine's clock and its zone.

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

/// Where time comes from: the machine, or a fixed instant for demos and tests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Clock {
    /// This machine's clock and zone.
    Machine,
    /// Always this moment.
    Fixed(Moment),
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
