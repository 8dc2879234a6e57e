//! A line cut into words, and a word read as an amount.

use std::ops::Range;

use crate::content::Decimal;

/// A word of the line.
pub(super) struct Token<'a> {
    /// As typed.
    pub(super) text: &'a str,
    /// In lower case, without the comma or semicolon that ends it.
    pub(super) low: String,
    /// Where it stands in the line, in bytes.
    pub(super) span: Range<usize>,
}

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

/// The words of a line, cut at white space.
pub(super) fn tokens(line: &str) -> Vec<Token<'_>> {
    let start = line.as_ptr() as usize;
    let words = line.split_whitespace().map(|word| {
        let text = word.trim_end_matches([',', ';']);
        let from = text.as_ptr() as usize - start;
        Token {
            text,
            low: text.to_lowercase(),
            span: from..from + text.len(),
        }
    });
    words.filter(|it| !it.text.is_empty()).collect()
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

/// A number that begins a word, and the rest of the word.
pub(super) fn number_and_rest(word: &str) -> Option<(Decimal, &str)> {
    let is_part = |it: char| it.is_ascii_digit() || it == '.' || it == ',';
    let rest = word.trim_start_matches(is_part);
    let number = word.strip_suffix(rest)?;
    Some((number.parse().ok()?, rest))
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

    #[test]
    fn words_keep_their_place_in_the_line() {
        let line = " bp\t120/80,  ታ ; hr 72";
        for token in tokens(line) {
            assert_eq!(line.get(token.span.clone()), Some(token.text));
        }
        let texts: Vec<_> = tokens(line).into_iter().map(|it| it.text).collect();
        assert_eq!(texts, ["bp", "120/80", "ታ", "hr", "72"]);
    }
}
