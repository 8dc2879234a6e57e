//! A word of the vitals line read as an amount.

use crate::{care::token::number_and_rest, content::Decimal};

/// A word that begins with a number.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Amount {
    pub(super) shape: Shape,
    /// Whether `!` stands behind it.
    pub(super) sure: bool,
}

#[derive(Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// `37.1`, `37.1c`: a number and what follows it.
    Number(Decimal, String),
    /// `120/80`, `120/80mmhg`; felt by hand `90/p`.
    Pressure(Decimal, Option<Decimal>),
    /// `120/`: the second number is still to come.
    HalfPressure,
    /// `5ft6`, `5'6"`: in inches.
    FeetInches(Decimal),
}

impl Amount {
    /// Reads a word in lower case that begins with a digit or a decimal point.
    pub(super) fn read(word: &str) -> Option<Self> {
        let plain = word.trim_end_matches('!');
        let sure = plain.len() < word.len();
        let (number, rest) = number_and_rest(plain)?;
        let shape = match rest.strip_prefix('/') {
            Some("") => Shape::HalfPressure,
            Some("p" | "palp" | "-" | "?") => Shape::Pressure(number, None),
            Some(below) => match number_and_rest(below) {
                Some((low, "" | "mmhg")) => Shape::Pressure(number, Some(low)),
                _ => Shape::Number(number, rest.to_owned()),
            },
            None => feet(number, rest).map_or_else(
                || Shape::Number(number, rest.to_owned()),
                Shape::FeetInches,
            ),
        };
        Some(Self { shape, sure })
    }
}

fn feet(feet: Decimal, rest: &str) -> Option<Decimal> {
    let after = rest
        .strip_prefix("ft")
        .or_else(|| rest.strip_prefix('\''))?;
    let (inches, unit) = number_and_rest(after)?;
    let ends = matches!(unit, "" | "in" | "\"" | "''");
    let twelve = Decimal::whole(12);
    (ends && inches < twelve)
        .then(|| feet.times(twelve)?.plus(inches))
        .flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(word: &str, expected: &str) {
        let shown = match Amount::read(word) {
            None => "none".to_owned(),
            Some(Amount { shape, sure }) => {
                let mark = if sure { "!" } else { "" };
                format!("{shape:?}{mark}")
            }
        };
        assert_eq!(shown, expected, "for {word:?}");
    }

    #[test]
    fn a_word_that_begins_with_a_number_is_an_amount() {
        check("72", r#"Number(72, "")"#);
        check("212!", r#"Number(212, "")!"#);
        check("37.1c", r#"Number(37.1, "c")"#);
        check("98%!", r#"Number(98, "%")!"#);
        check("120/80", "Pressure(120, Some(80))");
        check("120/80mmhg", "Pressure(120, Some(80))");
        check("90/p", "Pressure(90, None)");
        check("120/", "HalfPressure");
        check("101mg/dl", r#"Number(101, "mg/dl")"#);
        check("18/min", r#"Number(18, "/min")"#);
        check("5ft6", "FeetInches(66)");
        check("5'6\"", "FeetInches(66)");
        check("5ft", r#"Number(5, "ft")"#);
        check("abc", "none");
        check("!", "none");
        check("", "none");
    }
}
