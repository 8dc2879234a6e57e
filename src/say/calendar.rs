//! Dates, times and ages in words.

use super::{Arg, Say};
use crate::time::{Moment, PartialDate, ShownAge, When, shown_age, shown_date};

/// The short names of the months, January first.
pub(super) const MONTHS: [&str; 12] = [
    "month-january",
    "month-february",
    "month-march",
    "month-april",
    "month-may",
    "month-june",
    "month-july",
    "month-august",
    "month-september",
    "month-october",
    "month-november",
    "month-december",
];

impl Say {
    /// The date with its month's name, so that no reader takes it for another:
    /// `14-Mar-1987`, `Mar-1987` or `1987`.
    pub fn date(&self, date: PartialDate) -> String {
        shown_date(date, &self.months.each_ref().map(String::as_str))
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

    /// The same with the time of day, where it is known: `today 10:42`.
    pub fn when_seen_from(&self, when: When, today: PartialDate) -> String {
        let day = self.seen_from(when.date(), today);
        match when {
            When::On(_) => day,
            When::At(moment) => format!("{day} {}", self.clock(moment)),
        }
    }

    /// The time of day, `09:05`.
    pub fn clock(&self, moment: Moment) -> String {
        let (hour, minute) = moment.hour_minute();
        format!("{hour:02}:{minute:02}")
    }

    /// The weekday and the time of day, `Tue 10:42`.
    pub fn weekday_clock(&self, moment: Moment) -> String {
        format!("{} {}", self.weekday(moment.day()), self.clock(moment))
    }

    /// The weekday, `Tue`.
    pub fn weekday(&self, date: PartialDate) -> String {
        let epoch = PartialDate::new(1970, Some(1), Some(1));
        let days = epoch.map_or(0, |thursday| date.days_since(thursday));
        self.line(match (days + 3).rem_euclid(7) {
            0 => "day-monday",
            1 => "day-tuesday",
            2 => "day-wednesday",
            3 => "day-thursday",
            4 => "day-friday",
            5 => "day-saturday",
            _ => "day-sunday",
        })
    }

    /// A moment that is past, as short as it is clear: `10:42` today, `Mon 16:20` in the
    /// last days, the day before that.
    pub fn lately(&self, moment: Moment, now: Moment) -> String {
        match now.day().days_since(moment.day()) {
            0 => self.clock(moment),
            1..=6 => self.weekday_clock(moment),
            _ => self.seen_from(moment.day(), now.day()),
        }
    }

    /// A day that is past: the weekday of the last days, the date before that.
    pub fn lately_day(&self, moment: Moment, now: Moment) -> String {
        match now.day().days_since(moment.day()) {
            1..=6 => self.weekday(moment.day()),
            _ => self.seen_from(moment.day(), now.day()),
        }
    }

    /// The age of someone born on `born`, `38y`, `8m`, `3w` or `2d`; none before birth.
    pub fn age(&self, born: PartialDate, today: PartialDate) -> Option<String> {
        let (id, number) = match shown_age(born, today)? {
            ShownAge::Years(years) => ("age-years", years),
            ShownAge::Months(months) => ("age-months", months),
            ShownAge::Weeks(weeks) => ("age-weeks", weeks),
            ShownAge::Days(days) => ("age-days", days),
        };
        Some(self.with(id, &[("n", Arg::Count(i64::from(number)))]))
    }

    fn month(&self, month: u8) -> &str {
        let index = usize::from(month).saturating_sub(1);
        self.months.get(index).map_or("", String::as_str)
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
    fn what_is_past_is_said_as_short_as_it_is_clear() {
        let say = Say::new(Lang::English);
        let now = "2025-11-18T10:42:00+03:00".parse().unwrap();
        for (moment, said, day) in [
            ("2025-11-18T09:05:00+03:00", "09:05", "today"),
            ("2025-11-17T16:20:00+03:00", "Mon 16:20", "Mon"),
            ("2025-11-12T16:20:00+03:00", "Wed 16:20", "Wed"),
            ("2025-11-11T16:20:00+03:00", "11-Nov", "11-Nov"),
            ("2024-12-11T16:20:00+03:00", "11-Dec-2024", "11-Dec-2024"),
        ] {
            let moment = moment.parse().unwrap();
            assert_eq!(say.lately(moment, now), said);
            assert_eq!(say.lately_day(moment, now), day);
        }
    }

    #[test]
    fn an_age_is_said_in_the_letters_of_the_language() {
        let age = |lang, born| Say::new(lang).age(date(born), date("2025-11-18"));
        let said = |text: &str| Some(text.to_owned());
        assert_eq!(age(Lang::English, "2025-11-15"), said("3d"));
        assert_eq!(age(Lang::French, "2025-11-15"), said("3j"));
        assert_eq!(age(Lang::Spanish, "1987-03-14"), said("38a"));
        assert_eq!(age(Lang::English, "2026"), None);
    }
}
