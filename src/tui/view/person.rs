//! A person in the words of a row.

use super::super::pen::Pen;
use crate::{
    chart::BirthDate,
    time::{Moment, PartialDate, Timestamp},
};

/// `14-Mar-1987 (38y)`; a birth reckoned from an age is `about 1987 (38y)`.
pub(super) fn born(pen: &Pen<'_>, birth: BirthDate) -> String {
    let say = pen.look.say;
    let date = say.date(birth.date);
    let date = if birth.estimated {
        say.with("person-about", &[("date", date.into())])
    } else {
        date
    };
    match say.age(birth.date, pen.look.now.day()) {
        Some(age) => format!("{date} ({age})"),
        None => date,
    }
}

/// The age alone, empty when it is not known.
pub(super) fn age(pen: &Pen<'_>, birth: Option<BirthDate>) -> String {
    let today = pen.look.now.day();
    let age = birth.and_then(|it| pen.look.say.age(it.date, today));
    age.unwrap_or_default()
}

/// The last digits of a telephone number, `..3456`.
pub(super) fn phone_end(phone: &str) -> String {
    let digits: Vec<char> = phone.chars().filter(char::is_ascii_digit).collect();
    let start = digits.len().saturating_sub(4);
    match digits.get(start..) {
        Some(end) if !end.is_empty() => format!("..{}", end.iter().collect::<String>()),
        _ => String::new(),
    }
}

/// The day of an instant on this machine's wall clock.
pub(super) fn day(pen: &Pen<'_>, at: Timestamp) -> PartialDate {
    let offset_minutes = pen.look.now.offset_minutes;
    Moment { at, offset_minutes }.day()
}
