//! What clinics, people and machines are called, closed to whom the `front` compartment is
//! closed.

use std::fmt;

use super::Error;
use crate::{
    ids::{ClinicId, DeviceId, KeyId, UserId},
    seal::{self, Entropy, NONCE_LEN, Secret, TAG_LEN, derive, names},
};

/// The longest name in bytes: 80 characters of any script.
pub const NAME_BYTES_MAX: usize = 320;
/// Names are padded to a multiple of this many bytes, so that their length tells little.
const NAME_BYTES_STEP: usize = 64;
/// The longest sealed name in bytes.
pub(super) const SEALED_NAME_BYTES_MAX: usize =
    (2 + NAME_BYTES_MAX).next_multiple_of(NAME_BYTES_STEP) + SEALED_BYTES_MORE;
/// By how many bytes what is sealed is longer than what is padded.
pub(super) const SEALED_BYTES_MORE: usize = KeyId::LEN + NONCE_LEN + TAG_LEN;

/// What has a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Named {
    /// The clinic.
    Clinic,
    /// A user.
    User(UserId),
    /// A machine.
    Device(DeviceId),
}

/// A name, sealed. It begins with the id of its key, then nonce and sealed text.
#[derive(Clone, PartialEq, Eq)]
pub struct SealedName(Vec<u8>);

/// The key that names are sealed with in one epoch of `front`.
pub struct NameKey {
    key: Secret,
    id: KeyId,
}

impl NameKey {
    /// The key of names that goes with this key of `front`.
    pub fn of(front: &Secret) -> Self {
        let key = derive("cairn/name/v1", &[front.as_bytes()]);
        let id = names::key_id(&key);
        Self { key, id }
    }

    /// Seals the name of `what`, cut to [`NAME_BYTES_MAX`].
    pub fn seal(
        &self,
        clinic: ClinicId,
        what: Named,
        name: &str,
        entropy: &mut dyn Entropy,
    ) -> SealedName {
        let name = name.get(..name.floor_char_boundary(NAME_BYTES_MAX));
        let name = name.unwrap_or_default().as_bytes();
        let place = place(clinic, what);
        SealedName(seal_text(self, &place, (name, NAME_BYTES_STEP), entropy))
    }

    /// The name of `what`, if it was sealed with this key and for nothing else.
    pub fn open(
        &self,
        clinic: ClinicId,
        what: Named,
        sealed: &SealedName,
    ) -> Result<String, Error> {
        let name = open_text(self, &place(clinic, what), &sealed.0)?;
        String::from_utf8(name).or(Err(Error::Malformed("a name is not text")))
    }
}

impl SealedName {
    /// The sealed name in these bytes.
    pub fn from_slice(bytes: &[u8]) -> Result<Self, Error> {
        if bytes.len() > SEALED_NAME_BYTES_MAX {
            return Err(Error::TooLarge {
                max: SEALED_NAME_BYTES_MAX,
            });
        }
        Ok(Self(bytes.to_vec()))
    }

    /// The bytes.
    pub fn as_slice(&self) -> &[u8] {
        &self.0
    }
}

/// A text after its length, padded to a multiple of `step` bytes and sealed for one place.
pub(super) fn seal_text(
    key: &NameKey,
    place: &[u8],
    (text, step): (&[u8], usize),
    entropy: &mut dyn Entropy,
) -> Vec<u8> {
    let length = u16::try_from(text.len()).unwrap_or_default();
    let mut plain = [&length.to_be_bytes(), text].concat();
    plain.resize(plain.len().next_multiple_of(step), 0);
    let row = seal::seal_row(&key.key, entropy, place, &plain);
    [key.id.as_bytes(), row.as_slice()].concat()
}

/// The text that was sealed for this place with this key.
pub(super) fn open_text(
    key: &NameKey,
    place: &[u8],
    sealed: &[u8],
) -> Result<Vec<u8>, Error> {
    let (id, row) = sealed.split_at_checked(KeyId::LEN).unwrap_or_default();
    if id != key.id.as_bytes() {
        return Err(Error::Seal(seal::Error::Unsealed));
    }
    let plain = seal::open_row(&key.key, place, row)?;
    let text = plain
        .split_first_chunk()
        .and_then(|(length, rest)| rest.get(..usize::from(u16::from_be_bytes(*length))));
    let text = text.ok_or(Error::Malformed("shorter than it says"))?;
    Ok(text.to_vec())
}

/// Where a name stands: it opens nowhere else.
fn place(clinic: ClinicId, what: Named) -> Vec<u8> {
    let (tag, id) = what.parts();
    [clinic.as_bytes(), [tag].as_slice(), &id].concat()
}

impl Named {
    /// The kind's byte and the id, which is the id of nothing for the clinic.
    pub(super) const fn parts(self) -> (u8, [u8; 16]) {
        match self {
            Self::Clinic => (0, *UserId::ZERO.as_bytes()),
            Self::User(user) => (1, *user.as_bytes()),
            Self::Device(device) => (2, *device.as_bytes()),
        }
    }

    pub(super) fn from_parts(tag: u8, id: [u8; 16]) -> Option<Self> {
        match tag {
            0 if id == *UserId::ZERO.as_bytes() => Some(Self::Clinic),
            1 => Some(Self::User(UserId::from_bytes(id))),
            2 => Some(Self::Device(DeviceId::from_bytes(id))),
            _ => None,
        }
    }
}

impl fmt::Debug for SealedName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SealedName(…)")
    }
}

impl fmt::Debug for NameKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "NameKey({:?})", self.id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seal::SeededEntropy;

    const CLINIC: ClinicId = ClinicId::from_bytes([1; 16]);
    const ANNA: Named = Named::User(UserId::from_bytes([2; 16]));
    const BADU: Named = Named::User(UserId::from_bytes([3; 16]));

    fn key(byte: u8) -> NameKey {
        NameKey::of(&Secret::from_bytes(&[byte; 32]))
    }

    fn sealed(name: &str) -> SealedName {
        key(7).seal(CLINIC, ANNA, name, &mut SeededEntropy::new(1))
    }

    #[test]
    fn a_name_opens_with_its_key_and_for_its_bearer_only() {
        let name = sealed("Anna Wéré");
        assert_eq!(key(7).open(CLINIC, ANNA, &name), Ok("Anna Wéré".to_owned()));
        assert!(key(8).open(CLINIC, ANNA, &name).is_err());
        assert!(key(7).open(CLINIC, BADU, &name).is_err());
        assert!(key(7).open(ClinicId::ZERO, ANNA, &name).is_err());
        assert_eq!(format!("{name:?}"), "SealedName(…)");
    }

    #[test]
    fn short_names_are_all_of_one_length_and_long_ones_are_cut_at_a_character() {
        assert_eq!(sealed("").as_slice().len(), sealed("Anna").as_slice().len());
        let long = sealed(&"é".repeat(500));
        assert!(SealedName::from_slice(long.as_slice()).is_ok());
        assert_eq!(key(7).open(CLINIC, ANNA, &long), Ok("é".repeat(160)));
    }

    #[test]
    fn cut_or_changed_names_do_not_open() {
        let name = sealed("Anna");
        for length in 0..name.as_slice().len() {
            let cut = SealedName(name.as_slice()[..length].to_vec());
            assert!(key(7).open(CLINIC, ANNA, &cut).is_err(), "cut at {length}");
        }
    }
}
