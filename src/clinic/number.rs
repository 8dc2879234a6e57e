//! Patient numbers that two offline desks can never both give: `K2F7-0417-R`.
//!
//! The first four characters name the machine's incarnation, so a restored machine counts in
//! a range of its own; then a serial; then a check character that finds every single wrong
//! character and every swap of two neighbours.

use crate::ids::LogId;

/// Crockford's base 32: no I, L, O or U, so that a number survives handwriting.
const DIGITS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// The check is a remainder modulo this prime, the least above 32. Serials whose check would
/// be 32 or more, which no digit stands for, are never given: one in seven.
const CHECK_PRIME: u32 = 37;

/// The number after the machine's `last` serial, and the serial that it has.
pub(super) fn next(log: LogId, last: u32) -> (u32, String) {
    let mut serial = last.saturating_add(1);
    loop {
        if let Some(number) = number(log, serial) {
            return (serial, number);
        }
        serial = serial.wrapping_add(1);
    }
}

/// Whether a number as typed (any case, hyphens or not) carries its right check character.
pub fn is_number(typed: &str) -> bool {
    let plain = typed.to_ascii_uppercase().replace('-', "");
    let mut body = plain.chars();
    let last = body.next_back();
    let body = body.as_str();
    body.len() >= 8 && last.is_some() && last == check(body)
}

/// The number with this serial, if it is one that is given.
fn number(log: LogId, serial: u32) -> Option<String> {
    let [a, b, c, ..] = *log.as_bytes();
    let bits = u32::from_be_bytes([0, a, b, c]) >> 4;
    let code = [15, 10, 5, 0].map(|shift| digit(bits >> shift & 31));
    let code: Option<String> = code.into_iter().collect();
    let (code, serial) = (code?, format!("{serial:04}"));
    let check = check(&format!("{code}{serial}"))?;
    Some(format!("{code}-{serial}-{check}"))
}

/// Weighted by powers of 2 modulo 37: 2 generates all of 1 to 36, so no two neighbours and no
/// two positions closer than 36 share a weight. None where the body has a character that is
/// no digit, or no digit stands for the check.
fn check(body: &str) -> Option<char> {
    let mut sum = 0;
    for character in body.chars() {
        sum = (sum * 2 + value(character)?) % CHECK_PRIME;
    }
    digit(sum * 2 % CHECK_PRIME)
}

fn digit(value: u32) -> Option<char> {
    let digit = DIGITS.get(usize::try_from(value).ok()?)?;
    Some(char::from(*digit))
}

fn value(character: char) -> Option<u32> {
    let at = DIGITS.iter().position(|it| char::from(*it) == character)?;
    u32::try_from(at).ok()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    const LOG: LogId =
        LogId::from_bytes([0x9c, 0x1e, 0x5a, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);

    #[test]
    fn a_number_checks_out_as_typed_in_any_case_and_without_hyphens() {
        let (serial, given) = next(LOG, 416);
        assert!((417..=424).contains(&serial), "{given}");
        for typed in [given.clone(), given.to_lowercase(), given.replace('-', "")] {
            assert!(is_number(&typed), "for {typed}");
        }
        for typed in ["", "-", "JSNV-0183-=", "é"] {
            assert!(!is_number(typed), "for {typed}");
        }
    }

    #[test]
    fn every_single_wrong_character_and_every_swap_is_found() {
        for serial in [1, 417, 9_999, 123_456] {
            let (_, given) = next(LOG, serial);
            let right: Vec<char> = given.replace('-', "").chars().collect();
            for at in 0..right.len() - 1 {
                for wrong in DIGITS.iter().map(|it| char::from(*it)) {
                    let mut typed = right.clone();
                    typed[at] = wrong;
                    let same = typed == right;
                    assert_eq!(is_number(&typed.iter().collect::<String>()), same);
                }
                if at + 2 < right.len() && right[at] != right[at + 1] {
                    let mut typed = right.clone();
                    typed.swap(at, at + 1);
                    assert!(!is_number(&typed.iter().collect::<String>()));
                }
            }
        }
    }

    #[test]
    fn every_number_is_letters_and_digits_and_none_is_given_twice() {
        let mut last = 0;
        let mut given = BTreeSet::new();
        for _ in 0..2000 {
            let (serial, number) = next(LOG, last);
            assert!(serial > last && serial <= last + 8);
            assert!(
                number.chars().all(|it| it == '-' || value(it).is_some()),
                "{number}"
            );
            assert!(given.insert(number));
            last = serial;
        }
    }

    #[test]
    fn two_machines_never_give_the_same_number() {
        let other =
            LogId::from_bytes([0x9c, 0x1e, 0x6a, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
        assert_ne!(next(LOG, 0).1, next(other, 0).1);
    }
}
