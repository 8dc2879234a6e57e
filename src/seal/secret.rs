//! Thirty-two secret bytes, and how one secret comes from others.

use std::fmt;

use secrecy::{ExposeSecret as _, SecretBox};
use zeroize::Zeroize as _;

use super::Entropy;

/// Thirty-two secret bytes: a key, or what keys are derived from. They stay in one place in
/// memory, which is wiped when the value is dropped.
pub struct Secret(SecretBox<[u8; 32]>);

/// The secret that `parts`, put end to end, give for one use. The context string names the
/// use and is never used for another.
pub fn derive(context: &'static str, parts: &[&[u8]]) -> Secret {
    Secret::fill_with(|bytes| derive_into(context, parts, bytes))
}

/// Fills `into` with the derived bytes of `parts`, for what is no secret itself.
pub(super) fn derive_into(context: &'static str, parts: &[&[u8]], into: &mut [u8]) {
    let mut hasher = blake3::Hasher::new_derive_key(context);
    for part in parts {
        hasher.update(part);
    }
    let mut output = hasher.finalize_xof();
    output.fill(into);
    output.zeroize();
    hasher.zeroize();
}

impl Secret {
    /// A fresh secret.
    pub fn generate(entropy: &mut dyn Entropy) -> Self {
        Self::fill_with(|bytes| entropy.fill(bytes))
    }

    /// The secret with these bytes. The caller wipes his own.
    pub fn from_bytes(bytes: &[u8; 32]) -> Self {
        Self::fill_with(|into| into.copy_from_slice(bytes))
    }

    /// The secret in these bytes, if there are 32 of them.
    pub fn from_slice(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self::from_bytes)
    }

    /// The secret bytes.
    pub fn as_bytes(&self) -> &[u8; 32] {
        self.0.expose_secret()
    }

    /// A second secret with the same bytes. By name, since a copy is never made by accident.
    #[must_use]
    pub fn copy(&self) -> Self {
        Self::from_bytes(self.as_bytes())
    }

    fn fill_with(fill: impl FnOnce(&mut [u8; 32])) -> Self {
        Self(SecretBox::init_with_mut(fill))
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_use_of_a_secret_gives_another() {
        let one = derive("cairn/test/one", &[b"ab", b"c"]);
        assert_eq!(
            one.as_bytes(),
            derive("cairn/test/one", &[b"a", b"bc"]).as_bytes()
        );
        assert_ne!(
            one.as_bytes(),
            derive("cairn/test/two", &[b"ab", b"c"]).as_bytes()
        );
    }

    #[test]
    fn thirty_two_bytes_and_no_other_number_are_a_secret() {
        assert!(Secret::from_slice(&[1; 31]).is_none());
        assert!(Secret::from_slice(&[1; 33]).is_none());
        assert_eq!(Secret::from_slice(&[1; 32]).unwrap().as_bytes(), &[1; 32]);
    }
}
