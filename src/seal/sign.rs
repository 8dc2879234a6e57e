//! Ed25519: who wrote something. Every signature is over a context string, a zero byte and
//! the message, so that a signature made for one use never fits another.

use std::fmt;

use ed25519_dalek::{Signer as _, VerifyingKey};
use serde::{Deserialize, Serialize};

use super::{Entropy, Error, Secret, fitting::Fitting};

/// The private half of a signing key.
pub struct SigningKey(Box<ed25519_dalek::SigningKey>);

/// The public half of a signing key. Bytes that are no key are held too; no signature ever
/// fits them.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct PublicKey([u8; 32]);

/// An Ed25519 signature.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Signature([u8; 64]);

impl SigningKey {
    /// A fresh key.
    pub fn generate(entropy: &mut dyn Entropy) -> Self {
        Self::from_secret(&Secret::generate(entropy))
    }

    /// The key of this secret.
    pub fn from_secret(secret: &Secret) -> Self {
        let key = ed25519_dalek::SigningKey::from_bytes(secret.as_bytes());
        Self(Box::new(key))
    }

    /// The secret that the key comes from, to be stored sealed.
    pub fn secret(&self) -> Secret {
        Secret::from_bytes(self.0.as_bytes())
    }

    /// The public half.
    pub fn public(&self) -> PublicKey {
        PublicKey(self.0.verifying_key().to_bytes())
    }

    /// Signs `message` for the use that `context` names.
    pub fn sign(&self, context: &'static str, message: &[u8]) -> Signature {
        Signature(self.0.sign(&signed_bytes(context, message)).to_bytes())
    }
}

impl PublicKey {
    /// The length in bytes.
    pub const LEN: usize = 32;

    /// The key with these bytes.
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The key's bytes.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Whether `signature` is this key's over `message` for the use that `context` names.
    /// One that was found to fit is not computed again.
    pub fn verify(
        &self,
        context: &'static str,
        message: &[u8],
        signature: &Signature,
    ) -> Result<(), Error> {
        let signed = signed_bytes(context, message);
        let fitting = Fitting::of(&self.0, &signature.0, &signed);
        if fitting.is_known() {
            return Ok(());
        }
        let signature = ed25519_dalek::Signature::from_bytes(&signature.0);
        VerifyingKey::from_bytes(&self.0)
            .and_then(|key| key.verify_strict(&signed, &signature))
            .or(Err(Error::Signature))?;
        fitting.remember();
        Ok(())
    }
}

impl Signature {
    /// The length in bytes.
    pub const LEN: usize = 64;

    /// The signature with these bytes.
    pub const fn from_bytes(bytes: [u8; 64]) -> Self {
        Self(bytes)
    }

    /// The signature's bytes.
    pub const fn as_bytes(&self) -> &[u8; 64] {
        &self.0
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SigningKey({:?})", self.public())
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        show_start(f, "PublicKey", &self.0)
    }
}

impl fmt::Debug for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        show_start(f, "Signature", &self.0)
    }
}

/// The type's name and the first eight hexadecimal digits, as ids are shown.
pub(super) fn show_start(
    f: &mut fmt::Formatter<'_>,
    name: &str,
    bytes: &[u8],
) -> fmt::Result {
    write!(f, "{name}(")?;
    bytes
        .iter()
        .take(4)
        .try_for_each(|byte| write!(f, "{byte:02x}"))?;
    f.write_str(")")
}

fn signed_bytes(context: &str, message: &[u8]) -> Vec<u8> {
    [context.as_bytes(), &[0], message].concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seal::SeededEntropy;

    const USE: &str = "cairn/test/v1";

    #[test]
    fn a_signature_fits_its_message_its_key_and_its_use_only() {
        let mut entropy = SeededEntropy::new(2);
        let key = SigningKey::generate(&mut entropy);
        let other = SigningKey::generate(&mut entropy);
        let signature = key.sign(USE, b"message");
        assert_eq!(key.public().verify(USE, b"message", &signature), Ok(()));
        for refused in [
            key.public().verify(USE, b"massage", &signature),
            key.public().verify("cairn/test/v2", b"message", &signature),
            other.public().verify(USE, b"message", &signature),
        ] {
            assert_eq!(refused, Err(Error::Signature));
        }
    }

    #[test]
    fn what_was_found_to_fit_fits_again_and_nothing_that_is_near_it() {
        let key = SigningKey::generate(&mut SeededEntropy::new(7)).public();
        let message = [9; 20];
        let signature =
            SigningKey::generate(&mut SeededEntropy::new(7)).sign(USE, &message);
        let flipped = |bytes: &[u8], bit: usize| {
            let mut bytes = bytes.to_vec();
            bytes[bit / 8] ^= 1 << (bit % 8);
            bytes
        };
        for _ in 0..2 {
            assert_eq!(key.verify(USE, &message, &signature), Ok(()));
            for bit in 0..message.len() * 8 {
                let other = flipped(&message, bit);
                assert!(key.verify(USE, &other, &signature).is_err(), "{bit}");
            }
            for bit in 0..64 * 8 {
                let other = flipped(&signature.0, bit).try_into().unwrap();
                let other = Signature::from_bytes(other);
                assert!(key.verify(USE, &message, &other).is_err(), "{bit}");
            }
            for bit in 0..32 * 8 {
                let other = flipped(&key.0, bit).try_into().unwrap();
                let other = PublicKey::from_bytes(other);
                assert!(other.verify(USE, &message, &signature).is_err(), "{bit}");
            }
        }
    }

    #[test]
    fn no_signature_fits_bytes_that_are_no_key() {
        // The neutral point: without the strict check it verifies what nobody signed.
        let mut neutral = [0; 32];
        neutral[0] = 1;
        let mut signature = [0; 64];
        signature[0] = 1;
        for bytes in [neutral, [0; 32], [0xff; 32], [2; 32]] {
            let key = PublicKey::from_bytes(bytes);
            let signature = Signature::from_bytes(signature);
            assert_eq!(key.verify(USE, b"", &signature), Err(Error::Signature));
        }
    }

    #[test]
    fn a_stored_secret_gives_the_same_key_back() {
        let key = SigningKey::generate(&mut SeededEntropy::new(3));
        let again = SigningKey::from_secret(&key.secret());
        assert_eq!(key.public(), again.public());
    }
}
