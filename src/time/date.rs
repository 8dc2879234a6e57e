//! Calendar dates, as exactly as they are known, and ages.

use std::{cmp::Ordering, fmt, str::FromStr};

use jiff::{
    Zoned,
    civil::Date,
    tz::{Offset, TimeZone},
};
use serde::{Deserialize, Serialize};

use super::{Moment, Timestamp};

/// A date of which the year, the year and the month, or all is known (FHIR `date`).
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
pub struct PartialDate {
    year: i16,
    month: Option<u8>,
    day: Option<u8>,
}

/// Text or numbers that are no date of the calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a date of the calendar")]
pub struct NotADate;

/// Time lived, in whole years, months and days. Of an inexact birth date, counted from the
/// middle of what is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Age {
    /// Whole years.
    pub years: u16,
    /// Whole months beyond the years, 0 to 11.
    pub months: u8,
    /// Days beyond the months, 0 to 30.
    pub days: u8,
    /// All of it in days.
    pub total_days: u32,
}

impl PartialDate {
    /// A year alone, 1 to 9999.
    pub fn year_only(year: i16) -> Result<Self, NotADate> {
        Self::new(year, None, None)
    }

    /// A date from its parts; a day needs a month.
    pub fn new(year: i16, month: Option<u8>, day: Option<u8>) -> Result<Self, NotADate> {
        if !(1..=9999).contains(&year) || (day.is_some() && month.is_none()) {
            return Err(NotADate);
        }
        let whole = Self { year, month, day };
        whole.civil(1, 1).map(|_| whole).ok_or(NotADate)
    }

    /// The year.
    pub const fn year(self) -> i16 {
        self.year
    }

    /// The month, 1 to 12, if known.
    pub const fn month(self) -> Option<u8> {
        self.month
    }

    /// The day of the month, if known.
    pub const fn day(self) -> Option<u8> {
        self.day
    }

    /// Whether the day is known.
    pub const fn is_exact(self) -> bool {
        self.day.is_some()
    }

    /// The date this many days later; what is not known is taken as the first.
    #[must_use]
    pub fn plus_days(self, days: i32) -> Self {
        let span = jiff::Span::new().try_days(days);
        let later = self
            .first_day()
            .and_then(|day| day.checked_add(span.ok()?).ok());
        later.map_or(self, Self::from)
    }

    /// The date this many months later, of the same exactness.
    #[must_use]
    pub fn plus_months(self, months: i32) -> Self {
        let span = jiff::Span::new().try_months(months);
        let later = self
            .first_day()
            .and_then(|day| day.checked_add(span.ok()?).ok());
        later.map_or(self, |day| {
            let whole = Self::from(day);
            Self {
                year: whole.year,
                month: self.month.and(whole.month),
                day: self.day.and(whole.day),
            }
        })
    }

    /// Days from `earlier` to this date; what is not known is taken as the first.
    pub fn days_since(self, earlier: Self) -> i32 {
        match (self.first_day(), earlier.first_day()) {
            (Some(late), Some(early)) => late.since(early).map_or(0, |it| it.get_days()),
            _ => 0,
        }
    }

    /// The first instant that this date can mean, in UTC.
    pub fn first_instant(self) -> Timestamp {
        let midnight = self
            .first_day()
            .and_then(|day| day.to_zoned(TimeZone::UTC).ok());
        Timestamp(midnight.map_or(0, |it| it.timestamp().as_millisecond()))
    }

    /// Whether all of it lies before all of the other.
    pub fn is_before(self, other: Self) -> bool {
        let year = self.year.cmp(&other.year);
        let month = self.month.zip(other.month).map(|(a, b)| a.cmp(&b));
        let day = self.day.zip(other.day).map(|(a, b)| a.cmp(&b));
        let order = year.then(month.unwrap_or(Ordering::Equal));
        order.then(day.unwrap_or(Ordering::Equal)).is_lt()
    }

    /// The age on `today` of someone born on this date; none before birth.
    pub fn age_on(self, today: Self) -> Option<Age> {
        let born = self.middle()?;
        let today = today.first_day()?;
        if today < born {
            let known_year = self.year == today.year() && !self.is_exact();
            return known_year.then_some(Age {
                years: 0,
                months: 0,
                days: 0,
                total_days: 0,
            });
        }
        let span = today.since((jiff::Unit::Year, born)).ok()?;
        let days = today.since(born).ok()?.get_days();
        Some(Age {
            years: u16::try_from(span.get_years()).ok()?,
            months: u8::try_from(span.get_months()).ok()?,
            days: u8::try_from(span.get_days()).ok()?,
            total_days: u32::try_from(days).ok()?,
        })
    }

    fn civil(self, month: u8, day: u8) -> Option<Date> {
        let month = i8::try_from(self.month.unwrap_or(month)).ok()?;
        let day = i8::try_from(self.day.unwrap_or(day)).ok()?;
        Date::new(self.year, month, day).ok()
    }

    fn first_day(self) -> Option<Date> {
        self.civil(1, 1)
    }

    fn middle(self) -> Option<Date> {
        match self.month {
            None => self.civil(7, 1),
            Some(_) => self.civil(1, 15),
        }
    }
}

impl From<Date> for PartialDate {
    fn from(date: Date) -> Self {
        Self {
            year: date.year(),
            month: u8::try_from(date.month()).ok(),
            day: u8::try_from(date.day()).ok(),
        }
    }
}

impl fmt::Display for PartialDate {
    /// `2015`, `2015-03` or `2015-03-04`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}", self.year)?;
        if let Some(month) = self.month {
            write!(f, "-{month:02}")?;
        }
        if let Some(day) = self.day {
            write!(f, "-{day:02}")?;
        }
        Ok(())
    }
}

impl FromStr for PartialDate {
    type Err = NotADate;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let parts: Vec<&str> = text.split('-').collect();
        let number = |part: &str, digits: usize| {
            let plain =
                part.len() == digits && part.bytes().all(|it| it.is_ascii_digit());
            plain.then(|| part.parse().ok()).flatten()
        };
        let small =
            |part: &str| number(part, 2).and_then(|it: i16| u8::try_from(it).ok());
        let read = match parts.as_slice() {
            [year] => number(year, 4).map(|year| (year, None, None)),
            [year, month] => number(year, 4)
                .zip(small(month))
                .map(|(year, month)| (year, Some(month), None)),
            [year, month, day] => number(year, 4)
                .zip(small(month).zip(small(day)))
                .map(|(year, (month, day))| (year, Some(month), Some(day))),
            _ => None,
        };
        let (year, month, day) = read.ok_or(NotADate)?;
        Self::new(year, month, day)
    }
}

fn zoned(moment: Moment) -> Option<Zoned> {
    let instant = jiff::Timestamp::from_millisecond(moment.at.0).ok()?;
    let offset = Offset::from_seconds(i32::from(moment.offset_minutes) * 60).ok()?;
    Some(instant.to_zoned(TimeZone::fixed(offset)))
}

pub(super) fn day_of(moment: Moment) -> PartialDate {
    let epoch = PartialDate {
        year: 1970,
        month: Some(1),
        day: Some(1),
    };
    zoned(moment).map_or(epoch, |it| it.date().into())
}

pub(super) fn hour_minute_of(moment: Moment) -> (u8, u8) {
    zoned(moment).map_or((0, 0), |it| {
        let hour = u8::try_from(it.hour()).unwrap_or(0);
        (hour, u8::try_from(it.minute()).unwrap_or(0))
    })
}

pub(super) fn rfc3339(moment: Moment) -> String {
    let Some(zoned) = zoned(moment) else {
        return String::new();
    };
    let whole = zoned.millisecond() == 0;
    let form = if whole {
        "%Y-%m-%dT%H:%M:%S"
    } else {
        "%Y-%m-%dT%H:%M:%S%.3f"
    };
    let (sign, minutes) = match moment.offset_minutes {
        0 => return format!("{}Z", zoned.strftime(form)),
        east @ 1.. => ('+', east),
        west => ('-', -west),
    };
    let (hours, minutes) = (minutes / 60, minutes % 60);
    format!("{}{sign}{hours:02}:{minutes:02}", zoned.strftime(form))
}

pub(super) fn read_rfc3339(text: &str) -> Option<Moment> {
    let pieces = jiff::fmt::temporal::DateTimeParser::new()
        .parse_pieces(text)
        .ok()?;
    let offset = match pieces.offset()? {
        jiff::fmt::temporal::PiecesOffset::Zulu => 0,
        jiff::fmt::temporal::PiecesOffset::Numeric(it) => it.offset().seconds() / 60,
        _ => return None,
    };
    let at: jiff::Timestamp = text.parse().ok()?;
    Some(Moment {
        at: Timestamp(at.as_millisecond()),
        offset_minutes: i16::try_from(offset).ok()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn date(text: &str) -> PartialDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_date_reads_back_as_exactly_as_it_was_known() {
        for text in ["2015", "2015-03", "2015-03-04", "2024-02-29"] {
            assert_eq!(date(text).to_string(), text);
        }
    }

    #[test]
    fn a_day_that_never_was_is_refused() {
        for text in [
            "2019-02-30",
            "2023-02-29",
            "2015-13",
            "15",
            "2015-3-4",
            "",
            "-5",
            "0000",
        ] {
            assert_eq!(text.parse::<PartialDate>(), Err(NotADate), "for {text:?}");
        }
    }

    #[test]
    fn a_time_keeps_the_offset_it_was_read_with() {
        for text in ["2015-03-04T10:30:00+03:00", "1973-04-17T19:47:23Z"] {
            assert_eq!(text.parse::<Moment>().unwrap().to_string(), text);
        }
        assert_eq!(
            "2015-03-04T10:30:00.026-09:30"
                .parse::<Moment>()
                .unwrap()
                .to_string(),
            "2015-03-04T10:30:00.026-09:30"
        );
    }

    #[test]
    fn a_date_comes_before_another_only_where_that_is_certain() {
        for (earlier, later) in [("1987", "1988-01-01"), ("1987-03", "1987-04-01")] {
            assert!(date(earlier).is_before(date(later)), "{earlier} {later}");
            assert!(!date(later).is_before(date(earlier)), "{later} {earlier}");
        }
        for (one, other) in [("1987", "1987-03-14"), ("1987-03", "1987-03-14")] {
            assert!(!date(one).is_before(date(other)), "{one} {other}");
            assert!(!date(other).is_before(date(one)), "{other} {one}");
        }
    }

    #[test]
    fn an_age_is_counted_in_whole_years_and_months() {
        let age = |born, today| {
            date(born)
                .age_on(date(today))
                .map(|it| (it.years, it.months))
        };
        assert_eq!(age("1987-03-14", "2025-03-13"), Some((37, 11)));
        assert_eq!(age("1987-03-14", "2025-03-14"), Some((38, 0)));
        assert_eq!(age("1987", "2025-06-30"), Some((37, 11)));
        assert_eq!(age("2025", "2025-03-01"), Some((0, 0)));
        assert_eq!(age("2026-01-01", "2025-03-01"), None);
    }

    #[test]
    fn months_are_added_within_the_calendar() {
        assert_eq!(date("2025-01-31").plus_months(1).to_string(), "2025-02-28");
        assert_eq!(date("2025").plus_months(-38 * 12).to_string(), "1987");
    }
}
