//! Writing age files (age-encryption.org/v1) with random bytes that are given, so that the
//! same seed gives the same file and a simulated clinic can be lived again. Age's own writer
//! draws from the system and from nowhere else; what is written here, age reads.

use std::{
    fmt,
    io::{self, Write},
};

use chacha20poly1305::{
    ChaCha20Poly1305, Key, KeyInit as _, Nonce, aead::AeadInPlace as _,
};
use hkdf::Hkdf;
use sha2::Sha256;
use x25519_dalek::{X25519_BASEPOINT_BYTES, x25519};
use zeroize::Zeroizing;

use super::{CarryPublic, Entropy, Secret};
use crate::text::base64;

/// How much is sealed as one piece, in bytes.
const CHUNK_BYTES: usize = 64 * 1024;

/// What a file is sealed with; every receiver gets it wrapped.
type FileKey = Zeroizing<[u8; 16]>;

/// The header of an age file under way: one line for whom, one for the wrapped key.
pub(super) struct Header {
    key: FileKey,
    text: String,
}

/// A writer that wraps what is written to it, until its `finish`.
pub struct Wrapping<W> {
    output: W,
    cipher: ChaCha20Poly1305,
    /// What was not sealed yet: at least one byte, once anything was written.
    chunk: Zeroizing<Vec<u8>>,
    /// How many pieces were sealed.
    sealed: u64,
}

impl Header {
    pub(super) fn begin(entropy: &mut dyn Entropy) -> Self {
        let mut key = FileKey::default();
        entropy.fill(&mut *key);
        let text = "age-encryption.org/v1\n".to_owned();
        Self { key, text }
    }

    /// Wraps the file's key to a carry key.
    pub(super) fn wrap_to(&mut self, to: &CarryPublic, entropy: &mut dyn Entropy) {
        let secret = Secret::generate(entropy);
        let share = x25519(*secret.as_bytes(), X25519_BASEPOINT_BYTES);
        let shared = Zeroizing::new(x25519(*secret.as_bytes(), *to.as_bytes()));
        let salt = [share.as_slice(), to.as_bytes()].concat();
        let wrapping = expanded(&salt, "age-encryption.org/v1/X25519", &*shared);
        self.stanza(&format!("X25519 {}", base64::encode(&share)), &wrapping);
    }

    /// Wraps the file's key under a passphrase, of which this is made by scrypt.
    pub(super) fn lock_with(
        &mut self,
        stretched: &Zeroizing<[u8; 32]>,
        (salt, log_n): (&[u8; 16], u8),
    ) {
        self.stanza(
            &format!("scrypt {} {log_n}", base64::encode(salt)),
            stretched,
        );
    }

    /// Ends the header, and begins what it is the header of.
    pub(super) fn finish<W: Write>(
        mut self,
        mut output: W,
        entropy: &mut dyn Entropy,
    ) -> io::Result<Wrapping<W>> {
        self.text.push_str("---");
        let key = expanded(&[], "header", &*self.key);
        // The first half of HKDF is HMAC: the salt its key, and what goes in its message.
        let (mac, _) = Hkdf::<Sha256>::extract(Some(&*key), self.text.as_bytes());
        writeln!(output, "{} {}", self.text, base64::encode(&mac))?;
        let mut nonce = [0; 16];
        entropy.fill(&mut nonce);
        output.write_all(&nonce)?;
        let key = expanded(&nonce, "payload", &*self.key);
        Ok(Wrapping {
            output,
            cipher: ChaCha20Poly1305::new(Key::from_slice(&*key)),
            chunk: Zeroizing::new(Vec::with_capacity(CHUNK_BYTES)),
            sealed: 0,
        })
    }

    #[expect(
        clippy::expect_used,
        reason = "only a text of over 256 GiB cannot be sealed"
    )]
    fn stanza(&mut self, whom: &str, wrapping: &Zeroizing<[u8; 32]>) {
        let cipher = ChaCha20Poly1305::new(Key::from_slice(&**wrapping));
        let mut body = self.key.to_vec();
        // The wrapping key seals once.
        let tag = cipher
            .encrypt_in_place_detached(&Nonce::default(), &[], &mut body)
            .expect("sixteen bytes are not too long");
        body.extend_from_slice(&tag);
        for part in ["-> ", whom, "\n", &base64::encode(&body), "\n"] {
            self.text.push_str(part);
        }
    }
}

impl<W> fmt::Debug for Wrapping<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Wrapping({} pieces)", self.sealed)
    }
}

impl<W: Write> Wrapping<W> {
    /// Seals what is left. Without it the file is torn.
    pub fn finish(mut self) -> io::Result<W> {
        self.seal(1)?;
        Ok(self.output)
    }

    /// Seals a piece: its number and whether it is the last are its nonce.
    fn seal(&mut self, is_last: u8) -> io::Result<()> {
        let mut nonce = Nonce::default();
        let number = self.sealed.to_be_bytes();
        for (into, byte) in nonce.iter_mut().skip(3).zip(number) {
            *into = byte;
        }
        if let Some(last) = nonce.last_mut() {
            *last = is_last;
        }
        let tag = self
            .cipher
            .encrypt_in_place_detached(&nonce, &[], &mut self.chunk)
            .map_err(io::Error::other)?;
        self.output.write_all(&self.chunk)?;
        self.output.write_all(&tag)?;
        self.chunk.clear();
        self.sealed += 1;
        Ok(())
    }
}

impl<W: Write> Write for Wrapping<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if bytes.is_empty() {
            return Ok(0);
        }
        if self.chunk.len() == CHUNK_BYTES {
            self.seal(0)?;
        }
        let (taken, _) = bytes
            .split_at_checked(CHUNK_BYTES - self.chunk.len())
            .unwrap_or((bytes, &[]));
        self.chunk.extend_from_slice(taken);
        Ok(taken.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.output.flush()
    }
}

#[expect(
    clippy::expect_used,
    reason = "only more than 8,160 bytes cannot be had"
)]
fn expanded(salt: &[u8], label: &str, secret: &[u8]) -> Zeroizing<[u8; 32]> {
    let mut key = Zeroizing::new([0; 32]);
    Hkdf::<Sha256>::new(Some(salt), secret)
        .expand(label.as_bytes(), &mut *key)
        .expect("thirty-two bytes can be had");
    key
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use super::*;
    use crate::seal::{CarryKey, SeededEntropy, unwrap_from, wrap_into};

    #[test]
    fn age_reads_what_is_written_of_any_length() {
        let key = CarryKey::generate(&mut SeededEntropy::new(1));
        for length in [
            0,
            1,
            CHUNK_BYTES - 1,
            CHUNK_BYTES,
            CHUNK_BYTES + 1,
            3 * CHUNK_BYTES,
        ] {
            let plain: Vec<u8> = (0..=250).cycle().take(length).collect();
            let mut entropy = SeededEntropy::new(2);
            let mut writer =
                wrap_into(&[key.public()], Vec::new(), &mut entropy).unwrap();
            for piece in plain.chunks(10_007) {
                writer.write_all(piece).unwrap();
            }
            let wrapped = writer.finish().unwrap();
            let mut read = Vec::new();
            let mut reader = unwrap_from(&key, wrapped.as_slice()).unwrap();
            reader.read_to_end(&mut read).unwrap();
            assert!(read == plain, "{length} bytes");
        }
    }

    #[test]
    fn the_same_seed_gives_the_same_file_and_another_seed_another() {
        let key = CarryKey::generate(&mut SeededEntropy::new(1));
        let wrapped = |seed| {
            let mut entropy = SeededEntropy::new(seed);
            crate::seal::wrap(&[key.public()], b"keys", &mut entropy).unwrap()
        };
        assert_eq!(wrapped(2), wrapped(2));
        assert_ne!(wrapped(2), wrapped(3));
    }
}
