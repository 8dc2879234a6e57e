//! Patient numbers that two offline desks can never both give: `K2F7-0417-R`.
//!
//! The first four characters name the machine's incarnation, so a restored machine counts in
//! a range of its own; then a serial; then a check character that finds every single wrong
//! character and every swap of two neighbours.

use crate::ids::LogId;

/// Crockford's base 32: no I, L, O or U, so that a number survives handwriting.
const DIGITS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// The check character is a remainder modulo this prime (ISO 7064 style, radix 32).
const CHECKS: &[u8; 37] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ*~$=U";

/// The number of a machine's `serial`-th patient.
pub(super) fn number(log: LogId, serial: u32) -> String {
    let [a, b, c, ..] = *log.as_bytes();
    let bits = u32::from_be_bytes([0, a, b, c]) >> 4;
    let code = [15, 10, 5, 0].map(|shift| digit(bits >> shift));
    let code: String = code.into_iter().collect();
    let serial = format!("{serial:04}");
    let check = check(&format!("{code}{serial}"));
    format!("{code}-{serial}-{check}")
}

/// Whether a number as typed (any case, hyphens or not) carries its right check character.
pub fn is_number(typed: &str) -> bool {
    let plain: String = typed
        .to_ascii_uppercase()
        .chars()
        .filter(|it| *it != '-')
        .collect();
    let mut body = plain.chars();
    let last = body.next_back();
    let body = body.as_str();
    body.len() >= 8
        && body.chars().all(|it| value(it).is_some())
        && last == Some(check(body))
}

fn digit(bits: u32) -> char {
    let index = usize::try_from(bits & 31).unwrap_or(0);
    char::from(DIGITS.get(index).copied().unwrap_or(b'0'))
}

fn value(character: char) -> Option<u32> {
    let at = DIGITS.iter().position(|it| char::from(*it) == character)?;
    u32::try_from(at).ok()
}

/// Weighted by powers of 2 modulo 37: 2 generates all of 1 to 36, so no two neighbours and no
/// two positions closer than 36 share a weight.
fn check(body: &str) -> char {
    let sum = body
        .chars()
        .fold(0, |sum, it| (sum * 2 + value(it).unwrap_or(0)) % 37);
    let index = usize::try_from(sum * 2 % 37).unwrap_or(0);
    char::from(CHECKS.get(index).copied().unwrap_or(b'0'))
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOG: LogId =
        LogId::from_bytes([0x9c, 0x1e, 0x5a, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);

    #[test]
    fn a_number_checks_out_as_typed_in_any_case_and_without_hyphens() {
        let given = number(LOG, 417);
        assert_eq!(given.get(4..10), Some("-0417-"));
        for typed in [given.clone(), given.to_lowercase(), given.replace('-', "")] {
            assert!(is_number(&typed), "for {typed}");
        }
    }

    #[test]
    fn every_single_wrong_character_and_every_swap_is_found() {
        for serial in [1, 417, 9_999, 123_456] {
            let right: Vec<char> = number(LOG, serial).replace('-', "").chars().collect();
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
    fn two_machines_never_give_the_same_number() {
        let other =
            LogId::from_bytes([0x9c, 0x1e, 0x6a, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
        assert_ne!(number(LOG, 1), number(other, 1));
    }
}
