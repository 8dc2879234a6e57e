//! Keyed hashes: proofs that somebody knows a secret, made and checked by those who do.

use std::fmt;

use super::Secret;

/// A BLAKE3 hash under a key. Comparing two takes the same time wherever they differ.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Mac(blake3::Hash);

/// The keyed hash of `parts`, put end to end.
pub fn mac(key: &Secret, parts: &[&[u8]]) -> Mac {
    let mut hasher = blake3::Hasher::new_keyed(key.as_bytes());
    for part in parts {
        hasher.update(part);
    }
    Mac(hasher.finalize())
}

impl Mac {
    /// The length in bytes.
    pub const LEN: usize = 32;

    /// The keyed hash with these bytes.
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(blake3::Hash::from_bytes(bytes))
    }

    /// The bytes.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        self.0.as_bytes()
    }
}

impl fmt::Debug for Mac {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Mac(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_keyed_hash_is_of_its_key_and_its_bytes_only() {
        let (one, two) = (Secret::from_bytes(&[1; 32]), Secret::from_bytes(&[2; 32]));
        let whole = mac(&one, &[b"ab", b"c"]);
        assert_eq!(whole, mac(&one, &[b"abc"]));
        assert_eq!(whole, Mac::from_bytes(*whole.as_bytes()));
        assert_ne!(whole, mac(&two, &[b"abc"]));
        assert_ne!(whole, mac(&one, &[b"abd"]));
        assert_eq!(format!("{whole:?}"), "Mac(…)");
    }
}
