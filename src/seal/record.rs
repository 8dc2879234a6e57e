//! Sealing a record: XChaCha20-Poly1305, bound to the place it stands in.

use chacha20poly1305::{
    AeadInPlace as _, KeyInit as _, Tag, XChaCha20Poly1305, XNonce,
    aead::generic_array::GenericArray,
};
use zeroize::Zeroizing;

use super::{Entropy, Error, Secret};

/// The length of a nonce in bytes: long enough to be drawn at random each time.
pub const NONCE_LEN: usize = 24;
/// By how much a sealed text is longer than the plain one, in bytes.
pub const TAG_LEN: usize = 16;

/// `plain` sealed under `key`, to be opened with the same nonce and the same `ad` only.
#[expect(
    clippy::expect_used,
    reason = "only a text of over 256 GiB cannot be sealed"
)]
pub fn seal(key: &Secret, nonce: &[u8; NONCE_LEN], ad: &[u8], plain: &[u8]) -> Vec<u8> {
    let mut sealed = Vec::with_capacity(plain.len() + TAG_LEN);
    sealed.extend_from_slice(plain);
    let tag = cipher(key)
        .encrypt_in_place_detached(XNonce::from_slice(nonce), ad, &mut sealed)
        .expect("the text is shorter than 256 GiB");
    sealed.extend_from_slice(&tag);
    sealed
}

/// What [`seal`] was given, if `sealed` came out of it.
pub fn open(
    key: &Secret,
    nonce: &[u8; NONCE_LEN],
    ad: &[u8],
    sealed: &[u8],
) -> Result<Zeroizing<Vec<u8>>, Error> {
    let (text, tag) = sealed
        .split_last_chunk::<TAG_LEN>()
        .ok_or(Error::Unsealed)?;
    let mut plain = Zeroizing::new(text.to_vec());
    cipher(key)
        .decrypt_in_place_detached(
            XNonce::from_slice(nonce),
            ad,
            &mut plain,
            Tag::from_slice(tag),
        )
        .or(Err(Error::Unsealed))?;
    Ok(plain)
}

/// A row of a table: a fresh nonce, then `plain` sealed. `ad` says where the row stands.
pub fn seal_row(
    key: &Secret,
    entropy: &mut dyn Entropy,
    ad: &[u8],
    plain: &[u8],
) -> Vec<u8> {
    let mut nonce = [0; NONCE_LEN];
    entropy.fill(&mut nonce);
    let mut row = Vec::with_capacity(NONCE_LEN + plain.len() + TAG_LEN);
    row.extend_from_slice(&nonce);
    row.append(&mut seal(key, &nonce, ad, plain));
    row
}

/// What [`seal_row`] was given, if `row` came out of it.
pub fn open_row(
    key: &Secret,
    ad: &[u8],
    row: &[u8],
) -> Result<Zeroizing<Vec<u8>>, Error> {
    let (nonce, sealed) = row.split_first_chunk().ok_or(Error::Unsealed)?;
    open(key, nonce, ad, sealed)
}

fn cipher(key: &Secret) -> XChaCha20Poly1305 {
    XChaCha20Poly1305::new(GenericArray::from_slice(key.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seal::SeededEntropy;

    #[test]
    fn a_row_opens_in_its_own_place_with_its_own_key_only() {
        let mut entropy = SeededEntropy::new(6);
        let key = Secret::generate(&mut entropy);
        let other = Secret::generate(&mut entropy);
        let row = seal_row(&key, &mut entropy, b"notes/1", b"cough");
        assert_eq!(row.len(), NONCE_LEN + 5 + TAG_LEN);
        assert_eq!(
            open_row(&key, b"notes/1", &row).unwrap().as_slice(),
            b"cough"
        );
        assert_eq!(open_row(&key, b"notes/2", &row), Err(Error::Unsealed));
        assert_eq!(open_row(&other, b"notes/1", &row), Err(Error::Unsealed));
    }

    #[test]
    fn a_changed_or_shortened_row_does_not_open() {
        let mut entropy = SeededEntropy::new(7);
        let key = Secret::generate(&mut entropy);
        let row = seal_row(&key, &mut entropy, b"", b"cough");
        for length in 0..row.len() {
            assert_eq!(open_row(&key, b"", &row[..length]), Err(Error::Unsealed));
        }
        for bit in 0..row.len() * 8 {
            let mut changed = row.clone();
            changed[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(open_row(&key, b"", &changed), Err(Error::Unsealed));
        }
    }

    #[test]
    fn sealing_the_same_twice_looks_different() {
        let mut entropy = SeededEntropy::new(8);
        let key = Secret::generate(&mut entropy);
        let first = seal_row(&key, &mut entropy, b"", b"cough");
        assert_ne!(first, seal_row(&key, &mut entropy, b"", b"cough"));
    }
}
