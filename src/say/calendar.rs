//! Dates, times and ages in words.

use super::{Arg, Say};
use crate::time::{Age, Moment, PartialDate, When};

impl Say {
    /// The date with its month's name, so that no reader takes it for another:
    /// `14-Mar-1987`, `Mar-1987` or `1987`.
    pub fn date(&self, date: PartialDate) -> String {
        let year = date.year();
        let month = date.month().map(|month| self.month(month));
        match (month, date.day()) {
            (Some(month), Some(day)) => format!("{day:02}-{month}-{year:04}"),
            (Some(month), None) => format!("{month}-{year:04}"),
            (None, _) => format!("{year:04}"),
        }
    }

    /// The day and month, `14-Mar`, when the year goes without saying.
    pub fn day(&self, date: PartialDate) -> String {
        match (date.month(), date.day()) {
            (Some(month), Some(day)) => format!("{day:02}-{}", self.month(month)),
            _ => self.date(date),
        }
    }

    /// The date, or the date and the time of day.
    pub fn when(&self, when: When) -> String {
        match when {
            When::On(date) => self.date(date),
            When::At(moment) => {
                format!("{} {}", self.date(moment.day()), self.clock(moment))
            }
        }
    }

    /// The date seen from today: `today`, `14-Mar` in this year, else as [`Say::date`].
    pub fn seen_from(&self, date: PartialDate, today: PartialDate) -> String {
        if date == today {
            return self.line("date-today");
        }
        if date.year() == today.year() {
            return self.day(date);
        }
        self.date(date)
    }

    /// The time of day, `09:05`.
    pub fn clock(&self, moment: Moment) -> String {
        let (hour, minute) = moment.hour_minute();
        format!("{hour:02}:{minute:02}")
    }

    /// The weekday and the time of day, `Tue 10:42`.
    pub fn weekday_clock(&self, moment: Moment) -> String {
        let epoch = PartialDate::new(1970, Some(1), Some(1));
        let days = epoch.map_or(0, |thursday| moment.day().days_since(thursday));
        let id = match (days + 3).rem_euclid(7) {
            0 => "day-monday",
            1 => "day-tuesday",
            2 => "day-wednesday",
            3 => "day-thursday",
            4 => "day-friday",
            5 => "day-saturday",
            _ => "day-sunday",
        };
        format!("{} {}", self.line(id), self.clock(moment))
    }

    /// The age in its largest fitting unit: days to 4 weeks, weeks to 12, months to 24,
    /// years.
    pub fn age(&self, age: Age) -> String {
        let months = u32::from(age.years) * 12 + u32::from(age.months);
        let (id, number) = match (age.total_days, months) {
            (days @ 0..28, _) => ("age-days", days),
            (days @ 28..84, _) => ("age-weeks", days / 7),
            (_, months @ 0..24) => ("age-months", months),
            _ => ("age-years", u32::from(age.years)),
        };
        self.with(id, &[("n", Arg::Count(i64::from(number)))])
    }

    /// The short name of a month, 1 to 12.
    pub fn month(&self, month: u8) -> String {
        let id = match month {
            1 => "month-january",
            2 => "month-february",
            3 => "month-march",
            4 => "month-april",
            5 => "month-may",
            6 => "month-june",
            7 => "month-july",
            8 => "month-august",
            9 => "month-september",
            10 => "month-october",
            11 => "month-november",
            _ => "month-december",
        };
        self.line(id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::say::Lang;

    #[track_caller]
    fn date(text: &str) -> PartialDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_date_is_said_as_exactly_as_it_is_known() {
        let say = Say::new(Lang::English);
        assert_eq!(say.date(date("1987-03-14")), "14-Mar-1987");
        assert_eq!(say.date(date("1987-03")), "Mar-1987");
        assert_eq!(say.date(date("1987")), "1987");
        assert_eq!(
            Say::new(Lang::French).date(date("2024-08-01")),
            "01-août-2024"
        );
    }

    #[test]
    fn the_weekday_is_the_calendars() {
        let say = Say::new(Lang::English);
        for (moment, said) in [
            ("2025-11-18T10:42:00+03:00", "Tue 10:42"),
            ("1970-01-01T00:00:00Z", "Thu 00:00"),
            ("1969-12-28T00:00:00Z", "Sun 00:00"),
        ] {
            assert_eq!(say.weekday_clock(moment.parse().unwrap()), said);
        }
    }

    #[test]
    fn an_age_is_said_in_the_unit_that_fits_it() {
        let say = Say::new(Lang::English);
        let today = date("2025-11-18");
        for (born, said) in [
            ("2025-11-18", "0d"),
            ("2025-11-01", "17d"),
            ("2025-10-01", "6w"),
            ("2025-03-01", "8m"),
            ("2023-12-01", "23m"),
            ("1987-03-14", "38y"),
        ] {
            assert_eq!(say.age(date(born).age_on(today).unwrap()), said);
        }
    }
}
