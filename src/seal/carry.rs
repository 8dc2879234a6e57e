//! Age X25519 keys, as thirty-two bytes: to whom things are wrapped.
//!
//! Age reads and writes its keys as Bech32 text; that text never leaves this file.

use std::fmt;

use bech32::{Bech32, Hrp};
use serde::{Deserialize, Serialize};
use x25519_dalek::{X25519_BASEPOINT_BYTES, x25519};
use zeroize::Zeroizing;

use super::{Entropy, Error, Secret, sign::show_start};

/// The private half: what was wrapped to its public half, it unwraps.
pub struct CarryKey(Secret);

/// The public half: whoever has it can wrap to its owner. Always a point to which something
/// can be wrapped.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "[u8; 32]", into = "[u8; 32]")]
pub struct CarryPublic([u8; 32]);

/// The points of small order, by the two ways in which some can be written.
const SMALL_ORDER: [[u8; 32]; 7] = [
    [
        0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
        0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
        0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
    ],
    [
        0x01, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
        0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
        0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
    ],
    [
        0xe0, 0xeb, 0x7a, 0x7c, 0x3b, 0x41, 0xb8, 0xae, 0x16, 0x56, 0xe3, 0xfa, 0xf1,
        0x9f, 0xc4, 0x6a, 0xda, 0x09, 0x8d, 0xeb, 0x9c, 0x32, 0xb1, 0xfd, 0x86, 0x62,
        0x05, 0x16, 0x5f, 0x49, 0xb8, 0x00,
    ],
    [
        0x5f, 0x9c, 0x95, 0xbc, 0xa3, 0x50, 0x8c, 0x24, 0xb1, 0xd0, 0xb1, 0x55, 0x9c,
        0x83, 0xef, 0x5b, 0x04, 0x44, 0x5c, 0xc4, 0x58, 0x1c, 0x8e, 0x86, 0xd8, 0x22,
        0x4e, 0xdd, 0xd0, 0x9f, 0x11, 0x57,
    ],
    [
        0xec, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
        0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
        0xff, 0xff, 0xff, 0xff, 0xff, 0x7f,
    ],
    [
        0xed, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
        0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
        0xff, 0xff, 0xff, 0xff, 0xff, 0x7f,
    ],
    [
        0xee, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
        0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
        0xff, 0xff, 0xff, 0xff, 0xff, 0x7f,
    ],
];

impl CarryKey {
    /// A fresh key.
    pub fn generate(entropy: &mut dyn Entropy) -> Self {
        Self(Secret::generate(entropy))
    }

    /// The key of this secret.
    pub const fn from_secret(secret: Secret) -> Self {
        Self(secret)
    }

    /// The secret that the key comes from, to be stored sealed.
    pub const fn secret(&self) -> &Secret {
        &self.0
    }

    /// The public half.
    pub fn public(&self) -> CarryPublic {
        CarryPublic(x25519(*self.0.as_bytes(), X25519_BASEPOINT_BYTES))
    }

    pub(super) fn identity(&self) -> Result<age::x25519::Identity, Error> {
        let prefix = Hrp::parse_unchecked("AGE-SECRET-KEY-");
        bech32::encode_upper::<Bech32>(prefix, self.0.as_bytes())
            .ok()
            .and_then(|text| Zeroizing::new(text).parse().ok())
            .ok_or(Error::Malformed)
    }
}

impl CarryPublic {
    /// The length in bytes.
    pub const LEN: usize = 32;

    /// The key with these bytes. The few points of small order, with which every secret
    /// shares the same known key, are refused: what is wrapped to them is closed to nobody.
    pub fn from_bytes(bytes: [u8; 32]) -> Result<Self, Error> {
        let [rest @ .., last] = bytes;
        // The highest bit says nothing.
        let small = SMALL_ORDER
            .iter()
            .any(|[it @ .., end]| *it == rest && *end == last & 0x7f);
        (!small).then_some(Self(bytes)).ok_or(Error::Malformed)
    }

    /// The key's bytes.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl TryFrom<[u8; 32]> for CarryPublic {
    type Error = Error;

    fn try_from(bytes: [u8; 32]) -> Result<Self, Error> {
        Self::from_bytes(bytes)
    }
}

impl From<CarryPublic> for [u8; 32] {
    fn from(key: CarryPublic) -> Self {
        key.0
    }
}

impl fmt::Debug for CarryKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CarryKey({:?})", self.public())
    }
}

impl fmt::Debug for CarryPublic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        show_start(f, "CarryPublic", &self.0)
    }
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret as _;

    use super::*;
    use crate::seal::SeededEntropy;

    #[test]
    fn our_bytes_and_the_keys_of_age_are_the_same_keys() {
        let key = CarryKey::generate(&mut SeededEntropy::new(4));
        let theirs = key.identity().unwrap();
        let (prefix, bytes) = bech32::decode(&theirs.to_public().to_string()).unwrap();
        assert_eq!(prefix.to_lowercase(), "age");
        assert_eq!(bytes, key.public().as_bytes());
        let (prefix, bytes) = bech32::decode(theirs.to_string().expose_secret()).unwrap();
        assert_eq!(prefix.to_lowercase(), "age-secret-key-");
        assert_eq!(bytes, key.secret().as_bytes());
    }

    #[test]
    fn nothing_is_wrapped_to_a_point_of_small_order() {
        let prime_less_one = |low: u8| {
            let mut bytes = [0xff; 32];
            bytes[0] = low;
            bytes[31] = 0x7f;
            bytes
        };
        let mut one = [0; 32];
        one[0] = 1;
        let order_eight: [u8; 32] = [
            0xe0, 0xeb, 0x7a, 0x7c, 0x3b, 0x41, 0xb8, 0xae, 0x16, 0x56, 0xe3, 0xfa, 0xf1,
            0x9f, 0xc4, 0x6a, 0xda, 0x09, 0x8d, 0xeb, 0x9c, 0x32, 0xb1, 0xfd, 0x86, 0x62,
            0x05, 0x16, 0x5f, 0x49, 0xb8, 0x00,
        ];
        for bytes in [
            [0; 32],
            one,
            order_eight,
            prime_less_one(0xec),
            prime_less_one(0xed),
            prime_less_one(0xee),
        ] {
            assert_eq!(CarryPublic::from_bytes(bytes), Err(Error::Malformed));
            let stored = postcard::to_allocvec(&bytes).unwrap();
            assert!(postcard::from_bytes::<CarryPublic>(&stored).is_err());
        }
    }

    #[test]
    fn the_points_of_small_order_are_those_that_every_secret_sends_to_zero() {
        let mut near = SMALL_ORDER.to_vec();
        for point in SMALL_ORDER {
            for (at, bits) in [(31, 0x80), (31, 0x40), (0, 0x01), (0, 0x02), (0, 0x10)] {
                let mut other = point;
                other[at] ^= bits;
                near.push(other);
            }
        }
        near.push(CarryKey::generate(&mut SeededEntropy::new(6)).public().0);
        let refused = near.iter().filter(|it| {
            // Any clamped scalar is a multiple of eight.
            let small = x25519([0; 32], **it) == [0; 32];
            assert_eq!(CarryPublic::from_bytes(**it).is_err(), small, "{it:x?}");
            small
        });
        assert!(refused.count() >= 2 * SMALL_ORDER.len());
    }

    #[test]
    fn a_public_key_is_stored_as_its_thirty_two_bytes() {
        let key = CarryKey::generate(&mut SeededEntropy::new(5)).public();
        let stored = postcard::to_allocvec(&key).unwrap();
        assert_eq!(stored, key.as_bytes());
        assert_eq!(postcard::from_bytes(&stored), Ok(key));
    }
}
