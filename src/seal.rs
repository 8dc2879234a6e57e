//! Keys, and what is done with them: sealing, signing, wrapping, unlocking and naming.
//!
//! Four primitives and no others: `age` wraps to people and locks files with a passphrase,
//! XChaCha20-Poly1305 seals records, Ed25519 signs, BLAKE3 derives and names. The PIN alone
//! uses scrypt directly. Every use has a context string of its own; `docs/design/keys.md`
//! lists them.

mod age_file;
mod age_header;
mod age_scrypt;
mod age_write;
mod carry;
mod entropy;
mod fitting;
mod mac;
pub mod names;
mod passphrase;
mod pin;
mod record;
mod secret;
mod sign;
pub mod words;

pub use age_file::{
    PASSPHRASE_FILE_BYTES_MAX, Work, lock_with_passphrase, unlock_with_passphrase,
    unwrap, unwrap_from, wrap, wrap_into,
};
pub use age_write::Wrapping;
pub use carry::{CarryKey, CarryPublic};
pub use entropy::{Entropy, OsEntropy, SeededEntropy};
pub use mac::{Mac, mac};
pub use passphrase::{PASSPHRASE_BITS_MIN, Weak, check_passphrase, suggest_passphrase};
pub use pin::{MISSES_MAX, Missed, NotAPin, Pin, PinBox};
pub use record::{NONCE_LEN, TAG_LEN, open, open_row, seal, seal_row};
pub use secret::{Secret, derive};
pub use sign::{PublicKey, Signature, SigningKey};

use crate::ids::Hash;

/// Why something stayed closed, or was not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The seal does not fit: another key, another place, or changed bytes.
    #[error("the seal does not fit: another key, or the bytes were changed")]
    Unsealed,
    /// The signature is not this key's over these bytes.
    #[error("the signature does not fit")]
    Signature,
    /// This key is none of those that the file was wrapped to.
    #[error("not wrapped to this key")]
    NotForThisKey,
    /// The passphrase does not open the file.
    #[error("wrong passphrase")]
    Passphrase,
    /// Opening the file would cost more work than any file of ours asks for.
    #[error(
        "the file asks for 2^{log_n} scrypt work; at most 2^{} is done",
        Work::LOG_N_MAX
    )]
    TooMuchWork {
        /// The binary logarithm of the work asked for.
        log_n: u8,
    },
    /// There is more inside than is accepted here.
    #[error("more than {bytes_max} bytes")]
    TooLong {
        /// The most that is accepted here.
        bytes_max: usize,
    },
    /// Bytes that are no file or key of the kind that was asked for.
    #[error("not a wrapped file or a key")]
    Malformed,
}

/// The BLAKE3 hash of `bytes`.
pub fn hash(bytes: &[u8]) -> Hash {
    Hash::from_bytes(*blake3::hash(bytes).as_bytes())
}

/// Hashes bytes that come in pieces.
#[derive(Default)]
pub struct Hasher(blake3::Hasher);

impl Hasher {
    /// Takes in the next piece.
    pub fn update(&mut self, piece: &[u8]) {
        self.0.update(piece);
    }

    /// The hash of all pieces: the same as [`hash`] of them put end to end.
    pub fn finish(&self) -> Hash {
        Hash::from_bytes(*self.0.finalize().as_bytes())
    }
}

impl std::fmt::Debug for Hasher {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Hasher(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_secret_is_shown_by_debug() {
        let mut entropy = SeededEntropy::new(1);
        let secret = Secret::generate(&mut entropy);
        let signing = SigningKey::from_secret(&secret);
        let carry = CarryKey::from_secret(secret.copy());
        let paper = words::PaperWords::from_entropy(secret.copy());
        let pin: Pin = "482915".parse().unwrap();
        let pin_box = PinBox::new(&pin, secret.as_bytes(), &mut entropy);
        let shown =
            format!("{secret:?} {signing:?} {carry:?} {paper:?} {pin:?} {pin_box:?}");
        assert_eq!(
            shown,
            format!(
                "Secret(…) SigningKey({:?}) CarryKey({:?}) PaperWords(…) Pin(…) \
                 PinBox(4 left)",
                signing.public(),
                carry.public()
            )
        );
        let hex = Hash::from_bytes(*secret.as_bytes()).to_string();
        assert!(!shown.contains(hex.split_at(8).0));
        for word in paper.words() {
            assert!(!shown.contains(word), "{word} is shown");
        }
    }
}
