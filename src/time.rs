//! Time as a value. Nothing but [`now`] and [`Clock`] looks at a clock.

mod clock;
mod date;
mod entry;
mod hlc;
mod shown;

use std::fmt;

pub use clock::{Clock, now, zone_offset};
pub use date::{Age, NotADate, PartialDate};
pub use entry::{AGE_YEARS_MAX, BirthEntry, NotRead, parse_birth, parse_day};
pub use hlc::Hlc;
use serde::{Deserialize, Serialize};
pub use shown::{ShownAge, shown_age, shown_date};

/// Milliseconds since 1970-01-01T00:00:00Z.
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
pub struct Timestamp(pub i64);

/// A time as a person wrote it: the instant, and the offset of the wall clock it was read
/// from, in minutes east of UTC.
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
pub struct Moment {
    /// The instant.
    pub at: Timestamp,
    /// Minutes east of UTC.
    pub offset_minutes: i16,
}

/// When something in a chart happened, as exactly as it is known (FHIR `dateTime`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum When {
    /// A year, a month or a day.
    On(PartialDate),
    /// A moment.
    At(Moment),
}

/// Text that is not a FHIR date or dateTime.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "not a date or time as in 2015, 2015-03, 2015-03-04 or 2015-03-04T10:30:00+03:00"
)]
pub struct NotATime;

impl Timestamp {
    /// The instant this many milliseconds later.
    #[must_use]
    pub const fn plus_ms(self, ms: i64) -> Self {
        Self(self.0.saturating_add(ms))
    }

    /// Milliseconds from `earlier` to this instant; negative when it is not earlier.
    pub const fn ms_since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }
}

impl Moment {
    /// The calendar day on the wall clock that this moment was read from.
    pub fn day(self) -> PartialDate {
        date::day_of(self)
    }

    /// Another instant on the same wall clock.
    #[must_use]
    pub const fn with(self, at: Timestamp) -> Self {
        Self { at, ..self }
    }

    /// Hour and minute on that wall clock.
    pub fn hour_minute(self) -> (u8, u8) {
        date::hour_minute_of(self)
    }
}

impl fmt::Display for Moment {
    /// RFC 3339 with the offset, to the millisecond where there is one.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&date::rfc3339(*self))
    }
}

impl std::str::FromStr for Moment {
    type Err = NotATime;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        date::read_rfc3339(text).ok_or(NotATime)
    }
}

impl When {
    /// The calendar date, as exactly as it is known.
    pub fn date(self) -> PartialDate {
        match self {
            Self::On(date) => date,
            Self::At(moment) => moment.day(),
        }
    }

    /// An instant to sort by: of a date that is not exact, its first one, in UTC.
    pub fn sort_key(self) -> Timestamp {
        match self {
            Self::On(date) => date.first_instant(),
            Self::At(moment) => moment.at,
        }
    }
}

impl fmt::Display for When {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::On(date) => date.fmt(f),
            Self::At(moment) => moment.fmt(f),
        }
    }
}

impl std::str::FromStr for When {
    type Err = NotATime;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.contains('T') {
            text.parse().map(Self::At)
        } else {
            text.parse().ok().map(Self::On).ok_or(NotATime)
        }
    }
}
