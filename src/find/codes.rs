//! Numbers that name a person: the clinic's own, telephones, other identifiers. A flat list
//! that is read through at each key: 50,000 patients have some 5 MB of it.

use super::{Field, Slot, fold::Folded, quality::Quality};

/// The fewest digits of a telephone number by which it is found.
const PHONE_DIGITS_MIN: usize = 4;
/// The fewest digits of two telephone numbers that make them the same, whatever stands
/// before them in one: a country's code or a zero.
const PHONE_DIGITS_SAME: usize = 8;
/// The part of a number that is kept, in bytes.
const CODE_BYTES_MAX: usize = 64;
/// The longest country code, in digits (ITU-T E.164).
const COUNTRY_DIGITS_MAX: usize = 3;

/// All numbers of all rows.
#[derive(Default)]
pub(super) struct Codes {
    text: Vec<u8>,
    list: Vec<Code>,
    bytes_unused: usize,
}

#[derive(Clone, Copy)]
struct Code {
    at: u32,
    slot: Slot,
    len: u8,
    field: Field,
    /// Written with the country's code.
    international: bool,
}

impl Codes {
    /// Adds a patient number: found by the beginning of any of its parts.
    pub(super) fn add_number(&mut self, number: &str, slot: Slot) {
        let folded = Folded::of(number);
        let whole = folded.code();
        let mut rest = whole.as_str();
        for part in folded.words() {
            self.add(rest.as_bytes(), slot, Field::Number, false);
            rest = rest.strip_prefix(part).unwrap_or_default();
        }
    }

    /// Adds a number that someone else gave.
    pub(super) fn add_identifier(&mut self, identifier: &str, slot: Slot) {
        let whole = Folded::of(identifier).code();
        self.add(whole.as_bytes(), slot, Field::Identifier, false);
    }

    /// Adds a telephone number.
    pub(super) fn add_phone(&mut self, phone: &str, slot: Slot) {
        let international = phone.trim_start().starts_with(['+', '＋']);
        let digits = phone_digits(phone);
        let international = international || digits.starts_with(b"00");
        self.add(without_zeros(&digits), slot, Field::Phone, international);
    }

    /// Forgets all numbers of a row.
    pub(super) fn remove(&mut self, slot: Slot) {
        for code in self.list.iter().filter(|it| it.slot == slot) {
            self.bytes_unused += usize::from(code.len);
        }
        self.list.retain(|it| it.slot != slot);
        if self.bytes_unused > self.text.len() / 2 {
            self.compact();
        }
    }

    /// Calls `found` with each number that fits, in lower case without separators.
    pub(super) fn each_fitting(
        &self,
        typed: &str,
        mut found: impl FnMut(Quality, Field, Slot),
    ) {
        let typed = typed.as_bytes();
        let digits_only = typed.iter().all(u8::is_ascii_digit);
        let as_phone = digits_only && typed.len() >= PHONE_DIGITS_MIN;
        for code in &self.list {
            let kept = self.bytes(code);
            let quality = if code.field == Field::Phone {
                if as_phone {
                    fits_phone(without_zeros(typed), kept, code.international)
                } else {
                    Quality::default()
                }
            } else if kept == typed {
                Quality::EXACT
            } else if kept.starts_with(typed) {
                Quality::STARTS
            } else {
                Quality::default()
            };
            if quality > Quality::default() {
                found(quality, code.field, code.slot);
            }
        }
    }

    fn add(&mut self, bytes: &[u8], slot: Slot, field: Field, international: bool) {
        let bytes = bytes.get(..CODE_BYTES_MAX).unwrap_or(bytes);
        let (Ok(at), Ok(len)) =
            (u32::try_from(self.text.len()), u8::try_from(bytes.len()))
        else {
            return;
        };
        if len == 0 {
            return;
        }
        self.text.extend_from_slice(bytes);
        self.list.push(Code {
            at,
            slot,
            len,
            field,
            international,
        });
    }

    fn bytes(&self, code: &Code) -> &[u8] {
        let at = usize::try_from(code.at).unwrap_or(usize::MAX);
        let rest = self.text.get(at..).unwrap_or_default();
        rest.get(..usize::from(code.len)).unwrap_or_default()
    }

    fn compact(&mut self) {
        let old = std::mem::take(self);
        for code in &old.list {
            self.add(old.bytes(code), code.slot, code.field, code.international);
        }
    }
}

/// Whether two telephone numbers are the same, however they were typed.
pub(super) fn same_phone(one: &str, other: &str) -> bool {
    let (one, other) = (phone_digits(one), phone_digits(other));
    is_same_phone(without_zeros(&one), without_zeros(&other))
}

fn phone_digits(phone: &str) -> Vec<u8> {
    let mut digits = Folded::of(phone).code().into_bytes();
    digits.retain(u8::is_ascii_digit);
    digits
}

/// A number as it stands behind any country's code.
fn without_zeros(digits: &[u8]) -> &[u8] {
    let zeros = digits.iter().take_while(|it| **it == b'0').count();
    digits.get(zeros..).unwrap_or_default()
}

fn fits_phone(typed: &[u8], kept: &[u8], international: bool) -> Quality {
    let behind_country =
        |digits: usize| kept.get(digits..).is_some_and(|it| it.starts_with(typed));
    if typed.is_empty() {
        Quality::default()
    } else if is_same_phone(typed, kept) {
        Quality::EXACT
    } else if kept.starts_with(typed)
        || (typed.len() >= PHONE_DIGITS_MIN && kept.ends_with(typed))
        || (international && (1..=COUNTRY_DIGITS_MAX).any(behind_country))
    {
        Quality::STARTS
    } else {
        Quality::default()
    }
}

fn is_same_phone(one: &[u8], other: &[u8]) -> bool {
    let long = one.len().min(other.len()) >= PHONE_DIGITS_SAME;
    one == other && !one.is_empty()
        || long && (one.ends_with(other) || other.ends_with(one))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(typed: &str, expected: &[Slot]) {
        let mut codes = Codes::default();
        codes.add_number("K2F7-0417-R", 1);
        codes.add_phone("0772 123 456", 2);
        codes.add_phone("+256 701 555 666", 3);
        codes.add_identifier("CM-870314/ABC", 4);
        codes.add_number("04210", 5);
        codes.add_number("", 6);
        let mut found = Vec::new();
        codes.each_fitting(&Folded::of(typed).code(), |_, _, slot| found.push(slot));
        assert_eq!(found, expected, "for {typed:?}");
    }

    #[test]
    fn a_number_is_found_by_the_beginning_of_any_part_with_or_without_hyphens() {
        check("K2F7-0417-R", &[1]);
        check("k2f70417r", &[1]);
        check("k2f7-04", &[1]);
        check("0417", &[1]);
        check("04", &[1, 5]);
        check("417", &[]);
        check("cm8703", &[4]);
    }

    #[test]
    fn a_telephone_is_found_by_its_beginning_or_its_end_from_four_digits_on() {
        check("0772", &[2]);
        check("772123", &[2]);
        check("3456", &[2]);
        check("456", &[]);
        check("+256772123456", &[2]);
        check("0701 555", &[3]);
        check("+256701", &[3]);
        check("00256701555666", &[3]);
        check("5666", &[3]);
        check("0000", &[]);
    }

    #[test]
    fn a_number_that_was_removed_is_not_found_again() {
        let mut codes = Codes::default();
        for slot in 0..100 {
            codes.add_number(&format!("N-{slot:04}"), slot);
        }
        for slot in 0..90 {
            codes.remove(slot);
        }
        let mut found = Vec::new();
        codes.each_fitting("n00", |_, _, slot| found.push(slot));
        assert_eq!(found, (90..100).collect::<Vec<_>>());
        assert!(codes.text.len() < 200);
    }
}
