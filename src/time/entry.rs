//! Dates as people type them: `t-1`, `14 3 87`, `mar 87`, and for a birth also an age, `38y`.
//!
//! What is typed inexactly stays inexact. An age gives the most likely birth that has this
//! age today, no more exact than it was said: years give a year, months a year and a month,
//! weeks and days a day; all of these are marked estimated. Day comes before month.

mod tokens;

use self::tokens::{Token, plain, tokens};
use super::PartialDate;

/// A birth date as someone gave it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BirthEntry {
    /// The date, as exactly as it was said.
    pub date: PartialDate,
    /// Whether it was reckoned from an age.
    pub estimated: bool,
}

/// Why typed text is not the date that was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotRead {
    /// It is no form of date, or could be more than one date.
    #[error("not a day, a month with its year, a year or an age")]
    Unclear,
    /// The calendar has no such day.
    #[error("no such day in the calendar")]
    NoSuchDay,
    /// A birth that has not come yet.
    #[error("a day that has not come yet")]
    Future,
    /// Longer ago than anyone has lived.
    #[error("more than {AGE_YEARS_MAX} years ago")]
    TooLongAgo,
}

/// The oldest person who may be registered, in years.
pub const AGE_YEARS_MAX: i16 = 130;
/// A year of two digits means one that is at most this many years ahead, except for births.
const AHEAD_YEARS_MAX: i32 = 20;
/// The letters of a month's name that are enough, where they name only one month.
const MONTH_LETTERS_MIN: usize = 3;

/// Month names without accents in English, French and Spanish.
const MONTHS: [&str; 12] = [
    "january janvier enero",
    "february fevrier febrero",
    "march mars marzo",
    "april avril abril",
    "may mai mayo",
    "june juin junio",
    "july juillet julio",
    "august aout agosto",
    "september septembre septiembre setiembre",
    "october octobre octubre",
    "november novembre noviembre",
    "december decembre diciembre",
];

/// Words and letters for spans of time in English, French and Spanish, without accents.
const UNITS: [(Unit, &str); 4] = [
    (Unit::Years, "y yr yrs year years a an ans ano anos"),
    (Unit::Months, "m mo month months mois mes meses"),
    (
        Unit::Weeks,
        "w wk week weeks s semaine semaines semana semanas",
    ),
    (Unit::Days, "d day days j jour jours dia dias"),
];

/// Reads a day, or a month or a year where no more is said: `t`, `t-1`, `t+2w`, `t+1m`,
/// `14 3 87`, `14/3/1987`, `14 mar 87`, `mar 87`, `3/1987`, `1987`, `1987-03-14`.
pub fn parse_day(text: &str, today: PartialDate) -> Result<PartialDate, NotRead> {
    let text = plain(text);
    match relative(&text, today) {
        Some(day) => day,
        None => calendar(&tokens(&text), today.plus_months(12 * AHEAD_YEARS_MAX)),
    }
}

/// Reads a birth date in the forms of [`parse_day`], or an age: `38y`, `8m`, `2y6m`, `3w`,
/// `10d`. Never in the future: a year of two digits is the last one that has come.
pub fn parse_birth(text: &str, today: PartialDate) -> Result<BirthEntry, NotRead> {
    if text.trim_start().starts_with('-') {
        return Err(NotRead::Unclear);
    }
    let text = plain(text);
    let tokens = tokens(&text);
    let entry = match (age(&tokens, today), relative(&text, today)) {
        (Some(date), _) => BirthEntry {
            date: date?,
            estimated: true,
        },
        (None, said) => BirthEntry {
            date: said.unwrap_or_else(|| calendar(&tokens, today))?,
            estimated: false,
        },
    };
    if entry.date > today {
        Err(NotRead::Future)
    } else if entry.date.year() < today.year() - AGE_YEARS_MAX {
        Err(NotRead::TooLongAgo)
    } else {
        Ok(entry)
    }
}

#[derive(Clone, Copy)]
enum Unit {
    Years,
    Months,
    Weeks,
    Days,
}

/// A year as typed: its number and whether it was typed in full.
#[derive(Clone, Copy)]
enum Year {
    Full(i16),
    Short(i16),
}

/// `t`, `t-1`, `t+2w`, `t+1m`; none when the text is no such form.
fn relative(text: &str, today: PartialDate) -> Option<Result<PartialDate, NotRead>> {
    let rest = text.strip_prefix('t')?.trim_start();
    let sign = match rest.chars().next() {
        None => return Some(Ok(today)),
        Some('+') => 1,
        Some('-') => -1,
        Some(_) => return None,
    };
    let (count, unit) = match tokens(rest).as_slice() {
        [Token::Number { value, digits }] => (small(*value, *digits), Unit::Days),
        [Token::Number { value, digits }, Token::Word(word)] => match unit(word) {
            Some(unit) => (small(*value, *digits), unit),
            None => return Some(Err(NotRead::Unclear)),
        },
        _ => return Some(Err(NotRead::Unclear)),
    };
    let moved = count.map(|count| moved(today, sign * count, unit));
    Some(moved.ok_or(NotRead::Unclear))
}

fn moved(from: PartialDate, count: i32, unit: Unit) -> PartialDate {
    match unit {
        Unit::Years => from.plus_months(12 * count),
        Unit::Months => from.plus_months(count),
        Unit::Weeks => from.plus_days(7 * count),
        Unit::Days => from.plus_days(count),
    }
}

/// A birth of this age; none when the tokens are no age.
fn age(tokens: &[Token], today: PartialDate) -> Option<Result<PartialDate, NotRead>> {
    let spans = tokens.chunks(2).map(|pair| match pair {
        [Token::Number { value, digits }, Token::Word(word)] => {
            small(*value, *digits).zip(unit(word))
        }
        _ => None,
    });
    let spans: Vec<(i32, Unit)> = spans.collect::<Option<_>>()?;
    let born = match spans.as_slice() {
        [(years, Unit::Years)] => born_years_ago(*years, today),
        [(months, Unit::Months)] => born_months_ago(*months, today),
        [(years, Unit::Years), (months, Unit::Months)] => {
            born_months_ago(12 * years + months, today)
        }
        [(count, unit @ (Unit::Weeks | Unit::Days))] => Ok(moved(today, -count, *unit)),
        _ => Err(NotRead::Unclear),
    };
    Some(born)
}

/// The year whose middle lies this many whole years back: the likeliest one.
fn born_years_ago(years: i32, today: PartialDate) -> Result<PartialDate, NotRead> {
    let this_year = i32::from(today.year());
    let begun = today.month().is_none_or(|month| month >= 7);
    let year = this_year - years - i32::from(!begun && years > 0);
    let year = i16::try_from(year).ok();
    year.and_then(|year| PartialDate::year_only(year).ok())
        .ok_or(NotRead::TooLongAgo)
}

/// The month whose middle lies this many whole months back.
fn born_months_ago(months: i32, today: PartialDate) -> Result<PartialDate, NotRead> {
    let this_month = PartialDate::new(today.year(), today.month(), None);
    let begun = today.day().is_none_or(|day| day >= 15);
    let back = months + i32::from(!begun && months > 0);
    this_month
        .map(|month| month.plus_months(-back))
        .map_err(|_no_month| NotRead::Unclear)
}

/// A date of the calendar, in full or in part. A year of two digits gives the last date
/// that is not after `latest`.
fn calendar(tokens: &[Token], latest: PartialDate) -> Result<PartialDate, NotRead> {
    use Token::{Number, Word};
    let (year, month, day) = match tokens {
        [Number { value, digits: 4 }] => (full(*value), None, None),
        [Number { value, digits }] => return in_one_run(*value, *digits, latest),
        [Word(month), Number { value, digits }]
        | [
            Number {
                value,
                digits: digits @ 4,
            },
            Word(month),
        ] => (year(*value, *digits), named_month(month), None),
        [Number { value: month, .. }, Number { value, digits: 4 }]
        | [Number { value, digits: 4 }, Number { value: month, .. }] => {
            (full(*value), Some(*month), None)
        }
        [
            Number { value, digits: 4 },
            Number { value: month, .. },
            Number { value: day, .. },
        ] => (full(*value), Some(*month), Some(*day)),
        [
            Number { value: day, .. },
            Number { value: month, .. },
            Number { value, digits },
        ] => (year(*value, *digits), Some(*month), Some(*day)),
        [
            Number { value: day, .. },
            Word(month),
            Number { value, digits },
        ]
        | [
            Word(month),
            Number { value: day, .. },
            Number { value, digits },
        ] => (year(*value, *digits), named_month(month), Some(*day)),
        _ => return Err(NotRead::Unclear),
    };
    let has_word = tokens.iter().any(|it| matches!(it, Word(_)));
    match (year, month) {
        (None, _) => Err(NotRead::Unclear),
        (_, None) if has_word => Err(NotRead::Unclear),
        (Some(year), month) => dated(year, month, day, latest),
    }
}

/// `140387`, `14031987` or `19870314`. No month is 19 or 20, so the last two never clash.
fn in_one_run(
    value: u32,
    digits: usize,
    latest: PartialDate,
) -> Result<PartialDate, NotRead> {
    let (head, middle, tail) = (value / 10_000, value / 100 % 100, value % 100);
    match digits {
        6 => dated_opt(year(tail, 2), middle, head, latest),
        8 if matches!(value % 10_000 / 100, 18..=20) => {
            dated_opt(full(value % 10_000), head % 100, head / 100, latest)
        }
        8 => dated_opt(full(head), middle, tail, latest),
        _ => Err(NotRead::Unclear),
    }
}

fn dated_opt(
    year: Option<Year>,
    month: u32,
    day: u32,
    latest: PartialDate,
) -> Result<PartialDate, NotRead> {
    let year = year.ok_or(NotRead::Unclear)?;
    dated(year, Some(month), Some(day), latest)
}

fn dated(
    year: Year,
    month: Option<u32>,
    day: Option<u32>,
    latest: PartialDate,
) -> Result<PartialDate, NotRead> {
    let narrow = |it: Option<u32>| it.map(u8::try_from).transpose();
    let (Ok(month), Ok(day)) = (narrow(month), narrow(day)) else {
        return Err(NotRead::NoSuchDay);
    };
    let of_year = |year| PartialDate::new(year, month, day).ok();
    let date = match year {
        Year::Full(year) => of_year(year),
        Year::Short(short) => {
            let this_century = latest.year() / 100 * 100 + short;
            let not_after = |it: &PartialDate| *it <= latest;
            let now = of_year(this_century).filter(not_after);
            now.or_else(|| of_year(this_century - 100))
        }
    };
    date.ok_or(NotRead::NoSuchDay)
}

/// A year of two or four digits; one and three digits are a slip of the finger.
fn year(value: u32, digits: usize) -> Option<Year> {
    match digits {
        2 => i16::try_from(value).ok().map(Year::Short),
        4 => full(value),
        _ => None,
    }
}

fn full(value: u32) -> Option<Year> {
    i16::try_from(value).ok().map(Year::Full)
}

fn small(value: u32, digits: usize) -> Option<i32> {
    (digits <= 4).then(|| i32::try_from(value).ok()).flatten()
}

fn unit(word: &str) -> Option<Unit> {
    let mut rows = UNITS.iter();
    rows.find(|(_, words)| words.split(' ').any(|it| it == word))
        .map(|(unit, _)| *unit)
}

/// The month of which this is the name or its beginning; none when it is that of two.
fn named_month(word: &str) -> Option<u32> {
    if word.len() < MONTH_LETTERS_MIN {
        return None;
    }
    let begins = |names: &&str| names.split(' ').any(|name| name.starts_with(word));
    let mut fitting = (1..).zip(&MONTHS).filter(|(_, names)| begins(names));
    let (month, _) = fitting.next()?;
    fitting.next().is_none().then_some(month)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::shown_age;

    #[track_caller]
    fn date(text: &str) -> PartialDate {
        text.parse().unwrap()
    }

    /// A Sunday.
    const TODAY: &str = "2025-06-01";

    #[track_caller]
    fn check_day(text: &str, expected: Result<&str, NotRead>) {
        let read = parse_day(text, date(TODAY)).map(|it| it.to_string());
        assert_eq!(read, expected.map(str::to_owned), "for {text:?}");
    }

    /// An estimated date is expected with `~` before it.
    #[track_caller]
    fn check_birth(text: &str, expected: Result<&str, NotRead>) {
        let read = parse_birth(text, date(TODAY)).map(|it| {
            let mark = if it.estimated { "~" } else { "" };
            format!("{mark}{}", it.date)
        });
        assert_eq!(read, expected.map(str::to_owned), "for {text:?}");
    }

    #[test]
    fn days_are_counted_from_today() {
        check_day("t", Ok("2025-06-01"));
        check_day(" T ", Ok("2025-06-01"));
        check_day("t-1", Ok("2025-05-31"));
        check_day("t - 1", Ok("2025-05-31"));
        check_day("t+10", Ok("2025-06-11"));
        check_day("t+2w", Ok("2025-06-15"));
        check_day("t+1m", Ok("2025-07-01"));
        check_day("T-1Y", Ok("2024-06-01"));
        check_day("t+2s", Ok("2025-06-15"));
        check_day("t+", Err(NotRead::Unclear));
        check_day("t+1x", Err(NotRead::Unclear));
        check_day("t+99999", Err(NotRead::Unclear));
        check_day("tomorrow", Err(NotRead::Unclear));
    }

    #[test]
    fn a_date_is_read_in_the_forms_that_people_write() {
        let forms = "14 3 87, 14-3-1987, 14/3/87, 14.03.1987, 14 mar 87, 14mar87, \
            Mar 14 1987, 14 mars 1987, 14 de marzo de 1987, 140387, 14031987, \
            19870314, 1987-03-14, 1987/3/14, ١٤/٣/١٩٨٧, १४ ३ १९८७, １４ ３ ８７";
        for text in forms.split(", ") {
            check_day(text, Ok("1987-03-14"));
        }
    }

    #[test]
    fn what_is_said_inexactly_stays_inexact() {
        check_day("mar 87", Ok("1987-03"));
        check_day("3/1987", Ok("1987-03"));
        check_day("1987-03", Ok("1987-03"));
        check_day("1987 mar", Ok("1987-03"));
        check_day("1987", Ok("1987"));
    }

    #[test]
    fn months_are_known_in_three_languages() {
        let names = "jan enero,fév February,mars,avr ABRIL,mai mayo,juin jun,\
            juil julio,août ago,set sept,oct,nov,déc dic";
        for (month, names) in (1..).zip(names.split(',')) {
            for name in names.split(' ') {
                check_day(&format!("{name} 1987"), Ok(&format!("1987-{month:02}")));
            }
        }
        check_day("jui 1987", Err(NotRead::Unclear));
        check_day("ma 1987", Err(NotRead::Unclear));
        check_day("frimaire 1987", Err(NotRead::Unclear));
    }

    #[test]
    fn what_could_mean_two_dates_is_asked_again() {
        for text in [
            "", "87", "3 87", "14 3", "14 mar", "1 2 3 4", "14 3 987", "x", "38y",
        ] {
            check_day(text, Err(NotRead::Unclear));
        }
        for text in ["31 2 2024", "14 13 87", "0 1 2000", "311302", "2019-02-30"] {
            check_day(text, Err(NotRead::NoSuchDay));
        }
    }

    #[test]
    fn two_digits_of_a_year_mean_the_near_future_for_a_plan_and_the_past_for_a_birth() {
        check_day("14 3 27", Ok("2027-03-14"));
        check_birth("14 3 27", Ok("1927-03-14"));
        check_birth("1 6 25", Ok("2025-06-01"));
        check_birth("2 6 25", Ok("1925-06-02"));
        check_birth("jul 25", Ok("1925-07"));
        check_birth("29 2 24", Ok("2024-02-29"));
    }

    #[test]
    fn an_age_gives_a_birth_as_exact_as_the_age() {
        check_birth("38y", Ok("~1986"));
        check_birth("38 ans", Ok("~1986"));
        check_birth("38 años", Ok("~1986"));
        check_birth("8m", Ok("~2024-09"));
        check_birth("8 mois", Ok("~2024-09"));
        check_birth("2y6m", Ok("~2022-11"));
        check_birth("3w", Ok("~2025-05-11"));
        check_birth("10d", Ok("~2025-05-22"));
        check_birth("10j", Ok("~2025-05-22"));
        check_birth("0d", Ok("~2025-06-01"));
        check_birth("3w2d", Err(NotRead::Unclear));
        check_birth("38x", Err(NotRead::Unclear));
    }

    #[test]
    fn a_birth_is_never_in_the_future_nor_beyond_a_lifetime() {
        check_birth("t", Ok("2025-06-01"));
        check_birth("t-1", Ok("2025-05-31"));
        check_birth("t+1", Err(NotRead::Future));
        check_birth("2025", Ok("2025"));
        check_birth("2026", Err(NotRead::Future));
        check_birth("2 6 2025", Err(NotRead::Future));
        check_birth("130y", Err(NotRead::TooLongAgo));
        check_birth("129y", Ok("~1895"));
        check_birth("9999y", Err(NotRead::TooLongAgo));
        check_birth("1850", Err(NotRead::TooLongAgo));
    }

    #[test]
    fn the_age_that_was_said_is_the_age_that_is_shown() {
        for offset in (0..730).step_by(13) {
            let today = date("2024-01-01").plus_days(offset);
            for (text, count) in (0..=120).map(|it| (format!("{it}y"), it)) {
                let born = parse_birth(&text, today).unwrap().date;
                let age = born.age_on(today).unwrap();
                assert_eq!(age.years, count, "for {text} on {today}");
                assert_eq!(shown_age(born, today).unwrap().to_string(), text);
            }
            for (text, count) in (0..24).map(|it| (format!("{it}m"), it)) {
                let born = parse_birth(&text, today).unwrap().date;
                let age = born.age_on(today).unwrap();
                let months = age.years * 12 + u16::from(age.months);
                assert_eq!(months, count, "for {text} on {today}");
            }
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_at_all_is_read_or_refused(
            text in "\\PC{0,80}|[tT]?[-+0-9a-zé /.]{0,12}",
            today in 0..3_000_000,
        ) {
            let today = date("1600-01-01").plus_days(today);
            let planned = parse_day(&text, today);
            proptest::prop_assert!(planned.is_ok_and(|it| it.year() > 0) || planned.is_err());
            if let Ok(born) = parse_birth(&text, today) {
                proptest::prop_assert!(born.date <= today);
                proptest::prop_assert!(born.date.age_on(today).is_some());
            }
        }
    }
}
