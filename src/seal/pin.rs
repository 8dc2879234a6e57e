//! The PIN: changing users in a moment, once the passphrase was given that day.
//!
//! Keys stay in memory sealed under scrypt(PIN, pepper). Who can read the memory can try
//! all million PINs; a person at the keyboard has four tries.

use std::{fmt, str::FromStr};

use zeroize::{Zeroize as _, Zeroizing};

use super::{Entropy, Error, NONCE_LEN, Secret, open, seal};

/// Wrong PINs in a row after which the sealed keys are wiped.
pub const MISSES_MAX: u8 = 4;
/// The digits of a PIN.
const DIGITS: usize = 6;
/// The scrypt work of one try: N = 2^15, r = 8, p = 1, so 32 MiB and under 0.2 s.
const LOG_N: u8 = 15;
const CONTEXT: &[u8] = b"cairn/pin/v1";

/// Six digits that are not all the same and do not count up or down.
#[derive(PartialEq, Eq)]
pub struct Pin([u8; DIGITS]);

/// Text that is no PIN, or one that everybody tries first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotAPin {
    /// Not six digits.
    #[error("a PIN has {DIGITS} digits")]
    NotDigits,
    /// All the same, or counting up or down.
    #[error("a PIN that everybody tries first")]
    TooPlain,
}

/// The wrong PIN.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("wrong PIN, {left} tries left")]
pub struct Missed {
    /// How many tries are left; at 0 the keys are gone and the passphrase is needed.
    pub left: u8,
}

/// Secrets sealed under a PIN, in memory only.
pub struct PinBox {
    pepper: Secret,
    sealed: Vec<u8>,
    misses: u8,
}

impl PinBox {
    /// Seals `secrets` under `pin`.
    pub fn new(pin: &Pin, secrets: &[u8], entropy: &mut dyn Entropy) -> Self {
        let pepper = Secret::generate(entropy);
        // The key is used for this one sealing, so the nonce may be fixed.
        let sealed = seal(&key(pin, &pepper), &[0; NONCE_LEN], CONTEXT, secrets);
        Self {
            pepper,
            sealed,
            misses: 0,
        }
    }

    /// The secrets, if this is the PIN. The fourth miss in a row wipes them.
    pub fn open(&mut self, pin: &Pin) -> Result<Zeroizing<Vec<u8>>, Missed> {
        if self.left() > 0
            && let Ok(secrets) = self.try_open(pin)
        {
            self.misses = 0;
            return Ok(secrets);
        }
        Err(self.miss())
    }

    /// Counts a try that cannot be the PIN.
    pub fn miss(&mut self) -> Missed {
        self.misses = self.misses.saturating_add(1);
        if self.left() == 0 {
            self.sealed.zeroize();
        }
        Missed { left: self.left() }
    }

    /// How many tries are left.
    pub const fn left(&self) -> u8 {
        MISSES_MAX.saturating_sub(self.misses)
    }

    fn try_open(&self, pin: &Pin) -> Result<Zeroizing<Vec<u8>>, Error> {
        let key = key(pin, &self.pepper);
        open(&key, &[0; NONCE_LEN], CONTEXT, &self.sealed)
    }
}

impl FromStr for Pin {
    type Err = NotAPin;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let digits: [u8; DIGITS] =
            text.as_bytes().try_into().or(Err(NotAPin::NotDigits))?;
        if !digits.iter().all(u8::is_ascii_digit) {
            return Err(NotAPin::NotDigits);
        }
        let steps: Vec<i16> = digits
            .iter()
            .zip(digits.iter().skip(1))
            .map(|(one, next)| i16::from(*next) - i16::from(*one))
            .collect();
        let plain = [-1, 0, 1]
            .iter()
            .any(|plain| steps.iter().all(|step| step == plain));
        if plain {
            return Err(NotAPin::TooPlain);
        }
        Ok(Self(digits))
    }
}

impl Drop for Pin {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl Drop for PinBox {
    fn drop(&mut self) {
        self.sealed.zeroize();
    }
}

impl fmt::Debug for Pin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pin(…)")
    }
}

impl fmt::Debug for PinBox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PinBox({} left)", self.left())
    }
}

#[expect(
    clippy::expect_used,
    reason = "the work and the length of the key are constants that scrypt takes"
)]
fn key(pin: &Pin, pepper: &Secret) -> Secret {
    let work = scrypt::Params::new(LOG_N, 8, 1, 32).expect("a valid work");
    let mut key = Zeroizing::new([0; 32]);
    scrypt::scrypt(&pin.0, pepper.as_bytes(), &work, key.as_mut())
        .expect("a valid length");
    Secret::from_bytes(&key)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seal::SeededEntropy;

    fn pin(text: &str) -> Pin {
        text.parse().unwrap()
    }

    fn boxed() -> PinBox {
        PinBox::new(&pin("482915"), b"keys", &mut SeededEntropy::new(15))
    }

    #[test]
    fn the_fourth_miss_wipes_what_was_sealed() {
        let mut pin_box = boxed();
        for left in [3, 2, 1, 0] {
            assert_eq!(pin_box.open(&pin("482916")), Err(Missed { left }));
        }
        assert!(pin_box.sealed.is_empty());
        assert_eq!(pin_box.open(&pin("482915")), Err(Missed { left: 0 }));
    }

    #[test]
    fn the_right_pin_forgives_the_misses_before_it() {
        let mut pin_box = boxed();
        for _ in 0..3 {
            assert!(pin_box.open(&pin("111112")).is_err());
        }
        assert_eq!(pin_box.open(&pin("482915")).unwrap().as_slice(), b"keys");
        assert_eq!(pin_box.left(), MISSES_MAX);
    }

    #[test]
    fn a_pin_that_everybody_tries_first_is_refused() {
        for text in ["000000", "123456", "987654"] {
            assert_eq!(text.parse::<Pin>().unwrap_err(), NotAPin::TooPlain);
        }
        for text in ["", "12345", "1234567", "48291a", "4829１"] {
            assert_eq!(text.parse::<Pin>().unwrap_err(), NotAPin::NotDigits);
        }
    }
}
