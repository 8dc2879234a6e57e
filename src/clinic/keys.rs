//! The secrets of a user and of a machine, as bytes inside a sealed file.

use zeroize::Zeroizing;

use crate::seal::{CarryKey, Entropy, Secret, SigningKey};

/// What a passphrase opens: who a user is, and what was wrapped to them.
#[derive(Debug)]
pub(super) struct UserKeys {
    pub(super) signing: SigningKey,
    pub(super) carry: CarryKey,
}

/// What any user of a machine opens: which machine this is, and the secret of its caches.
#[derive(Debug)]
pub(super) struct DeviceKeys {
    pub(super) signing: SigningKey,
    pub(super) carry: CarryKey,
    pub(super) local: Secret,
}

/// The layout of both: one version byte, then the secrets, 32 bytes each.
const VERSION: u8 = 1;

impl UserKeys {
    pub(super) fn generate(entropy: &mut dyn Entropy) -> Self {
        Self {
            signing: SigningKey::generate(entropy),
            carry: CarryKey::generate(entropy),
        }
    }

    pub(super) fn encode(&self) -> Zeroizing<Vec<u8>> {
        encode(&[&self.signing.secret(), self.carry.secret()])
    }

    pub(super) fn decode(bytes: &[u8]) -> Option<Self> {
        let [signing, carry] = decode(bytes)?;
        Some(Self {
            signing: SigningKey::from_secret(&signing),
            carry: CarryKey::from_secret(carry),
        })
    }
}

impl DeviceKeys {
    pub(super) fn generate(entropy: &mut dyn Entropy) -> Self {
        Self {
            signing: SigningKey::generate(entropy),
            carry: CarryKey::generate(entropy),
            local: Secret::generate(entropy),
        }
    }

    pub(super) fn encode(&self) -> Zeroizing<Vec<u8>> {
        encode(&[&self.signing.secret(), self.carry.secret(), &self.local])
    }

    pub(super) fn decode(bytes: &[u8]) -> Option<Self> {
        let [signing, carry, local] = decode(bytes)?;
        Some(Self {
            signing: SigningKey::from_secret(&signing),
            carry: CarryKey::from_secret(carry),
            local,
        })
    }
}

fn encode(secrets: &[&Secret]) -> Zeroizing<Vec<u8>> {
    let mut bytes = Zeroizing::new(Vec::with_capacity(1 + 32 * secrets.len()));
    bytes.push(VERSION);
    for secret in secrets {
        bytes.extend_from_slice(secret.as_bytes());
    }
    bytes
}

fn decode<const N: usize>(bytes: &[u8]) -> Option<[Secret; N]> {
    let (version, secrets) = bytes.split_first()?;
    if *version != VERSION || secrets.len() != 32 * N {
        return None;
    }
    let secrets: Option<Vec<Secret>> =
        secrets.chunks(32).map(Secret::from_slice).collect();
    secrets?.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seal::SeededEntropy;

    #[test]
    fn keys_come_back_from_their_bytes_and_from_no_others() {
        let mut entropy = SeededEntropy::new(11);
        let user = UserKeys::generate(&mut entropy);
        let device = DeviceKeys::generate(&mut entropy);
        let bytes = user.encode();
        let read = UserKeys::decode(&bytes).unwrap();
        assert_eq!(read.signing.public(), user.signing.public());
        assert_eq!(read.carry.public(), user.carry.public());
        let again = DeviceKeys::decode(&device.encode()).unwrap();
        assert_eq!(again.local.as_bytes(), device.local.as_bytes());
        assert!(UserKeys::decode(&device.encode()).is_none());
        assert!(UserKeys::decode(&bytes[..64]).is_none());
        assert!(UserKeys::decode(&[&[2], &bytes[1..]].concat()).is_none());
    }
}
