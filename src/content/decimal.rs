//! A decimal number exactly as written, with just enough arithmetic for units and ranges.

use std::{cmp::Ordering, fmt, str::FromStr};

/// A number in decimal digits. `72.50` is shown as `72.50` and equals `72.5`.
#[derive(Clone, Copy, Default)]
pub struct Decimal {
    digits: i64,
    places: u8,
}

/// Text that is no plain decimal number of at most [`Decimal::DIGITS_MAX`] digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a number of at most {} digits", Decimal::DIGITS_MAX)]
pub struct NotADecimal;

/// Places that people read of a vital sign.
const PLACES_READ_MAX: u8 = 2;
/// Places that matter of a number in a record, whatever its unit.
const PLACES_KEPT_MAX: usize = 6;

impl Decimal {
    /// The most digits that a number may have, before and after the point together.
    pub const DIGITS_MAX: usize = 12;

    /// A whole number.
    pub const fn whole(number: i32) -> Self {
        Self {
            digits: number as i64,
            places: 0,
        }
    }

    /// How many digits stand after the point.
    pub const fn places(self) -> u8 {
        self.places
    }

    /// `(self - subtract) × multiply / divide`, rounded half away from zero to `places`.
    /// None when the result does not fit, or `divide` is 0.
    #[must_use]
    pub fn scaled(
        self,
        subtract: i32,
        (multiply, divide): (i64, i64),
        places: u8,
    ) -> Option<Self> {
        let ten_to = |power: u8| 10_i128.checked_pow(u32::from(power));
        let own = ten_to(self.places)?;
        let from_zero = i128::from(self.digits) - i128::from(subtract) * own;
        let top = from_zero
            .checked_mul(i128::from(multiply))?
            .checked_mul(ten_to(places)?)?;
        let bottom = own.checked_mul(i128::from(divide))?;
        Self::of(rounded(top, bottom)?, places)
    }

    /// The same number with this many places, rounded half away from zero.
    #[must_use]
    pub fn rounded(self, places: u8) -> Self {
        self.scaled(0, (1, 1), places).unwrap_or(self)
    }

    /// `self / by`, rounded half away from zero to `places`. None when `by` is 0.
    #[must_use]
    pub fn divided(self, by: Self, places: u8) -> Option<Self> {
        let ten_to = |power: u8| 10_i128.checked_pow(u32::from(power));
        let top = i128::from(self.digits).checked_mul(ten_to(by.places)?)?;
        let bottom = i128::from(by.digits).checked_mul(ten_to(self.places)?)?;
        Self::of(rounded(top.checked_mul(ten_to(places)?)?, bottom)?, places)
    }

    /// The product, exact.
    #[must_use]
    pub fn times(self, other: Self) -> Option<Self> {
        let digits = i128::from(self.digits).checked_mul(i128::from(other.digits))?;
        Self::of(digits, self.places.checked_add(other.places)?)
    }

    /// The difference, exact.
    #[must_use]
    pub fn minus(self, other: Self) -> Option<Self> {
        let (left, right, places) = aligned(self, other);
        Self::of(left.checked_sub(right)?, places)
    }

    /// The sum, exact.
    #[must_use]
    pub fn plus(self, other: Self) -> Option<Self> {
        let (left, right, places) = aligned(self, other);
        Self::of(left.checked_add(right)?, places)
    }

    /// As people read it: with two places at most. Programs that send records write many.
    #[must_use]
    pub fn short(self) -> Self {
        if self.places <= PLACES_READ_MAX {
            return self;
        }
        self.rounded(PLACES_READ_MAX).trimmed()
    }

    /// Reads a number of a record. Programs that send records write more places than anybody
    /// measured: those behind the sixth are cut off.
    pub fn cut(text: &str) -> Result<Self, NotADecimal> {
        let Some((before, after)) = text.split_once('.') else {
            return text.parse();
        };
        let kept = after.get(..PLACES_KEPT_MAX).unwrap_or(after);
        if !after.bytes().all(|it| it.is_ascii_digit()) {
            return Err(NotADecimal);
        }
        format!("{before}.{kept}").parse()
    }

    /// Without the zeros that end the part after the point: `5.0` becomes `5`.
    #[must_use]
    pub fn trimmed(mut self) -> Self {
        while self.places > 0 && self.digits % 10 == 0 {
            self.digits /= 10;
            self.places -= 1;
        }
        self
    }

    /// The next whole number that is not less.
    #[must_use]
    pub fn rounded_up(self) -> Self {
        let unit = 10_i64.pow(u32::from(self.places.min(18)));
        let whole = self.digits.div_euclid(unit);
        let more = i64::from(self.digits.rem_euclid(unit) > 0);
        Self {
            digits: whole + more,
            places: 0,
        }
    }

    /// The number to draw by. Never to store or to compare.
    pub fn drawn(self) -> f64 {
        self.to_string().parse().unwrap_or_default()
    }

    /// The change as it is shown: with its sign, `+0.5` or `-2`; none when there is none.
    pub fn signed(self) -> Option<String> {
        match self.digits.cmp(&0) {
            Ordering::Equal => None,
            Ordering::Greater => Some(format!("+{self}")),
            Ordering::Less => Some(self.to_string()),
        }
    }

    fn of(digits: i128, places: u8) -> Option<Self> {
        let digits = i64::try_from(digits).ok()?;
        let fits = digits.unsigned_abs() < 10_u64.pow(18);
        (fits && places <= 12).then_some(Self { digits, places })
    }
}

impl FromStr for Decimal {
    type Err = NotADecimal;

    /// Reads `37`, `37.1`, `37,1` and `.5`, with a sign before it or not.
    fn from_str(text: &str) -> Result<Self, NotADecimal> {
        let (negative, plain) = text
            .strip_prefix('-')
            .map_or((false, text), |rest| (true, rest));
        let (before, after) = plain.split_once(['.', ',']).unwrap_or((plain, ""));
        let pointed = before.len() != plain.len();
        let count = before.len() + after.len();
        let all_digits = before
            .bytes()
            .chain(after.bytes())
            .all(|it| it.is_ascii_digit());
        if !all_digits || !(1..=Self::DIGITS_MAX).contains(&count) {
            return Err(NotADecimal);
        }
        if pointed && after.is_empty() {
            return Err(NotADecimal);
        }
        let digits = before
            .bytes()
            .chain(after.bytes())
            .fold(0_i64, |sum, it| sum * 10 + i64::from(it - b'0'));
        Ok(Self {
            digits: if negative { -digits } else { digits },
            places: u8::try_from(after.len()).map_err(|_too_long| NotADecimal)?,
        })
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.digits < 0 { "-" } else { "" };
        let plain = self.digits.unsigned_abs();
        let unit = 10_u64.pow(u32::from(self.places));
        write!(f, "{sign}{}", plain / unit)?;
        if self.places > 0 {
            write!(
                f,
                ".{:0width$}",
                plain % unit,
                width = usize::from(self.places)
            )?;
        }
        Ok(())
    }
}

impl fmt::Debug for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Ord for Decimal {
    fn cmp(&self, other: &Self) -> Ordering {
        let (left, right, _) = aligned(*self, *other);
        left.cmp(&right)
    }
}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Decimal {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Decimal {}

/// Both numbers in units of the finer one's last place.
fn aligned(left: Decimal, right: Decimal) -> (i128, i128, u8) {
    let places = left.places.max(right.places);
    let raised =
        |it: Decimal| i128::from(it.digits) * 10_i128.pow(u32::from(places - it.places));
    (raised(left), raised(right), places)
}

fn rounded(top: i128, bottom: i128) -> Option<i128> {
    let whole = top.checked_div(bottom)?;
    let rest = (top % bottom).unsigned_abs();
    let away = if (top < 0) == (bottom < 0) { 1 } else { -1 };
    let up = rest.checked_mul(2)? >= bottom.unsigned_abs();
    Some(if up { whole + away } else { whole })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    #[test]
    fn a_number_of_a_record_is_read_however_many_places_it_has() {
        let read = |text: &str| Decimal::cut(text).map(|it| it.to_string());
        assert_eq!(read("108.03120583515923"), Ok("108.031205".to_owned()));
        assert_eq!(read("37.5"), Ok("37.5".to_owned()));
        assert_eq!(read("-3"), Ok("-3".to_owned()));
        for text in ["1.0e3", "1.2345678x", "1234567890123.5", "1.", ""] {
            assert_eq!(read(text), Err(NotADecimal), "{text}");
        }
        let short = |text: &str| Decimal::cut(text).unwrap().short().to_string();
        assert_eq!(short("108.03120583515923"), "108.03");
        assert_eq!(short("3.450"), "3.45");
        assert_eq!(short("72.50"), "72.50");
    }

    #[test]
    fn a_number_is_shown_as_it_was_written() {
        for text in ["0", "72", "72.50", "0.05", "-1.5", "123456789012"] {
            assert_eq!(number(text).to_string(), text);
        }
        assert_eq!(number("37,1").to_string(), "37.1");
        assert_eq!(number(".5").to_string(), "0.5");
    }

    #[test]
    fn what_is_no_plain_number_is_refused() {
        for text in [
            "",
            ".",
            "-",
            "5.",
            "1e3",
            "+5",
            "1.2.3",
            "٣٧",
            "1 2",
            "--1",
            "1234567890123",
        ] {
            assert_eq!(text.parse::<Decimal>(), Err(NotADecimal), "for {text:?}");
        }
    }

    #[test]
    fn numbers_compare_by_value_not_by_writing() {
        assert_eq!(number("72.50"), number("72.5"));
        assert!(number("9") < number("10.0"));
        assert!(number("-2") < number("-1.99"));
    }

    #[test]
    fn a_half_is_rounded_away_from_zero() {
        #[track_caller]
        fn check(text: &str, places: u8, expected: &str) {
            assert_eq!(number(text).rounded(places).to_string(), expected);
        }
        check("0.25", 1, "0.3");
        check("-0.25", 1, "-0.3");
        check("0.249", 1, "0.2");
        check("5", 2, "5.00");
        check("99.95", 1, "100.0");
    }

    #[test]
    fn pieces_are_counted_up_to_whole_ones() {
        for (text, expected) in [("7.5", "8"), ("7", "7"), ("7.00", "7"), ("-7.5", "-7")]
        {
            assert_eq!(number(text).rounded_up().to_string(), expected);
        }
    }

    #[test]
    fn scaling_and_dividing_leave_no_artefact() {
        let fahrenheit = number("98.8").scaled(32, (5, 9), 1).unwrap();
        assert_eq!(fahrenheit.to_string(), "37.1");
        let frost = number("14").scaled(32, (5, 9), 1).unwrap();
        assert_eq!(frost.to_string(), "-10.0");
        assert_eq!(number("1").scaled(0, (1, 0), 1), None);
        assert_eq!(
            number("1").divided(number("3"), 4).unwrap().to_string(),
            "0.3333"
        );
        assert_eq!(number("1").divided(number("0.0"), 2), None);
        assert_eq!(
            number("0.1").plus(number("0.2")).unwrap().to_string(),
            "0.3"
        );
        assert_eq!(
            number("1.5").times(number("0.2")).unwrap().to_string(),
            "0.30"
        );
    }

    #[test]
    fn a_change_has_its_sign_and_none_is_not_shown() {
        let change = |now, last| number(now).minus(number(last)).unwrap().signed();
        assert_eq!(change("64.0", "63.5").as_deref(), Some("+0.5"));
        assert_eq!(change("62", "64"), Some("-2".to_owned()));
        assert_eq!(change("64.0", "64"), None);
    }

    #[test]
    fn what_would_not_fit_is_none() {
        let large = number("999999999999");
        let larger = large.times(number("999999")).unwrap();
        assert_eq!(larger.times(large), None);
    }
}
