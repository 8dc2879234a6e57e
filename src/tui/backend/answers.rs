//! From the clinic's words to those of the screens.

use crate::{
    app::{notice::Trouble, start::Strength},
    clinic::Error,
    seal::{self, NotAPin, PASSPHRASE_BITS_MIN, Pin},
    store,
};

/// What a screen says of an error.
pub(super) const fn trouble(error: &Error) -> Trouble {
    match error {
        Error::Denied(denial) => Trouble::Denied(*denial),
        Error::Missing(_) => Trouble::NotFound,
        Error::Store(store::Error::Full) => Trouble::DiskFull,
        Error::Store(store::Error::ReadOnly { .. }) => Trouble::ReadOnly,
        Error::Store(_) | Error::Damaged { .. } => Trouble::Damaged,
        Error::WrongPassphrase { .. }
        | Error::Wait { .. }
        | Error::WeakPassphrase(_)
        | Error::Refused(_) => Trouble::Internal,
    }
}

/// What a new passphrase and a new PIN are worth.
pub(super) fn strength(passphrase: &str, pin: &str) -> Strength {
    let (enough, percent) = match seal::check_passphrase(passphrase) {
        Ok(()) => (true, 100),
        Err(weak) => {
            let percent = weak.bits.min(PASSPHRASE_BITS_MIN) * 100 / PASSPHRASE_BITS_MIN;
            (false, u8::try_from(percent.min(99)).unwrap_or(99))
        }
    };
    let plain_pin = matches!(pin.parse::<Pin>(), Err(NotAPin::TooPlain));
    Strength {
        enough,
        percent,
        plain_pin,
    }
}
