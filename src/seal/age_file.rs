//! Age files: wrapped to people's carry keys, or locked with a passphrase.
//!
//! Age does not say who wrote a file: what is wrapped here is signed inside.

use std::{
    io::{self, BufReader, Read, Write},
    iter,
};

use age::{
    DecryptError, Decryptor, Identity,
    secrecy::{ExposeSecret as _, SecretString},
};
use unicode_normalization::UnicodeNormalization as _;
use zeroize::Zeroizing;

use super::{
    CarryKey, CarryPublic, Entropy, Error,
    age_header::{HEADER_BYTES_MAX, Headed},
    age_scrypt::Passphrase,
    age_write::{Header, Wrapping},
};

/// The largest passphrase file that is read, in bytes. A user file is under 1 KiB.
pub const PASSPHRASE_FILE_BYTES_MAX: usize = 64 * 1024;

/// How much work one guess at a passphrase costs: scrypt with N = 2^n, r = 8, p = 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Work(u8);

impl Work {
    /// For owners, and whoever else holds every key: 256 MiB and about a second.
    pub const OWNER: Self = Self(18);
    /// For everybody else: 128 MiB and about half a second.
    pub const USER: Self = Self(17);
    /// The least there is, for demonstrations and tests with nothing to lose.
    pub const DEMO: Self = Self(1);
    /// The most that is done to open a file, whatever it asks for: 1 GiB.
    pub const LOG_N_MAX: u8 = 20;
}

/// `plain` wrapped so that each of `to` can unwrap it, and nobody else.
pub fn wrap(
    to: &[CarryPublic],
    plain: &[u8],
    entropy: &mut dyn Entropy,
) -> Result<Vec<u8>, Error> {
    write_whole(wrap_into(to, Vec::new(), entropy)?, plain)
}

/// A writer that wraps what it is given to each of `to`. Ends with its `finish`; without
/// it the file is torn and does not unwrap.
pub fn wrap_into<W: Write>(
    to: &[CarryPublic],
    output: W,
    entropy: &mut dyn Entropy,
) -> Result<Wrapping<W>, Error> {
    if to.is_empty() {
        return Err(Error::NotForThisKey);
    }
    let mut header = Header::begin(entropy);
    for key in to {
        header.wrap_to(key, entropy);
    }
    header.finish(output, entropy).or(Err(Error::Malformed))
}

/// What was wrapped to `key`, if it is at most `bytes_max` long.
pub fn unwrap(
    key: &CarryKey,
    wrapped: &[u8],
    bytes_max: usize,
) -> Result<Zeroizing<Vec<u8>>, Error> {
    // Age adds 16 bytes to each 64 KiB.
    let room = HEADER_BYTES_MAX + bytes_max / 1024;
    if wrapped.len() > bytes_max.saturating_add(room) {
        return Err(Error::TooLong { bytes_max });
    }
    read_whole(unwrap_from(key, wrapped)?, bytes_max)
}

/// A reader of what was wrapped to `key`. It fails at the first piece that was changed, and
/// at the end of a torn file: what was read before is then not to be believed whole.
pub fn unwrap_from<R: Read>(
    key: &CarryKey,
    input: R,
) -> Result<impl Read + use<R>, Error> {
    decrypt(input, &key.identity()?)
}

/// `plain` locked with a passphrase: a file that the age program opens too.
pub fn lock_with_passphrase(
    passphrase: &str,
    work: Work,
    plain: &[u8],
    entropy: &mut dyn Entropy,
) -> Result<Vec<u8>, Error> {
    let mut header = Header::begin(entropy);
    let mut salt = [0; 16];
    entropy.fill(&mut salt);
    let stretched = stretched(&canonical(passphrase), &salt, work.0)?;
    header.lock_with(&stretched, (&salt, work.0));
    let writer = header.finish(Vec::new(), entropy);
    write_whole(writer.or(Err(Error::Malformed))?, plain)
}

/// What was locked with this passphrase. A file that asks for more than
/// [`Work::LOG_N_MAX`] is refused before any work is done.
pub fn unlock_with_passphrase(
    passphrase: &str,
    locked: &[u8],
) -> Result<Zeroizing<Vec<u8>>, Error> {
    if locked.len() > PASSPHRASE_FILE_BYTES_MAX {
        return Err(Error::TooLong {
            bytes_max: PASSPHRASE_FILE_BYTES_MAX,
        });
    }
    let passphrase = Passphrase(canonical(passphrase));
    read_whole(decrypt(locked, &passphrase)?, PASSPHRASE_FILE_BYTES_MAX)
}

/// What scrypt makes of a passphrase as age uses it.
pub(super) fn stretched(
    passphrase: &SecretString,
    salt: &[u8; 16],
    log_n: u8,
) -> Result<Zeroizing<[u8; 32]>, Error> {
    let salt = [b"age-encryption.org/v1/scrypt".as_slice(), salt].concat();
    let mut key = Zeroizing::new([0; 32]);
    let params =
        ::scrypt::Params::new(log_n, 8, 1, key.len()).or(Err(Error::Malformed))?;
    let passphrase = passphrase.expose_secret().as_bytes();
    ::scrypt::scrypt(passphrase, &salt, &params, &mut *key).or(Err(Error::Malformed))?;
    Ok(key)
}

/// The passphrase as it is used, whatever the keyboard made of its accents and spaces:
/// Unicode NFKC, single spaces, none at the ends.
fn canonical(passphrase: &str) -> SecretString {
    let composed: Zeroizing<String> = Zeroizing::new(passphrase.nfkc().collect());
    let mut spaced = String::with_capacity(composed.len());
    for word in composed.split_whitespace() {
        if !spaced.is_empty() {
            spaced.push(' ');
        }
        spaced.push_str(word);
    }
    SecretString::from(spaced)
}

fn write_whole(mut writer: Wrapping<Vec<u8>>, plain: &[u8]) -> Result<Vec<u8>, Error> {
    let written = writer.write_all(plain).and_then(|()| writer.finish());
    written.or(Err(Error::Malformed))
}

fn decrypt<R: Read>(
    input: R,
    identity: &dyn Identity,
) -> Result<impl Read + use<R>, Error> {
    Decryptor::new_buffered(Headed::read(BufReader::new(input))?)
        .and_then(|it| it.decrypt(iter::once(identity)))
        .map_err(|error| match error {
            DecryptError::ExcessiveWork { required, .. } => {
                Error::TooMuchWork { log_n: required }
            }
            DecryptError::NoMatchingKeys => Error::NotForThisKey,
            // Of age's kinds of file only that with a passphrase fails so.
            DecryptError::DecryptionFailed | DecryptError::KeyDecryptionFailed => {
                Error::Passphrase
            }
            DecryptError::InvalidMac => Error::Unsealed,
            DecryptError::InvalidHeader
            | DecryptError::UnknownFormat
            | DecryptError::Io(_)
            | _ => Error::Malformed,
        })
}

fn read_whole(reader: impl Read, bytes_max: usize) -> Result<Zeroizing<Vec<u8>>, Error> {
    let mut plain = Zeroizing::new(Vec::new());
    let mut limited = reader.take(bytes_max as u64 + 1);
    let read: io::Result<usize> = limited.read_to_end(&mut plain);
    match read {
        Err(_) => Err(Error::Unsealed),
        Ok(length) if length > bytes_max => Err(Error::TooLong { bytes_max }),
        Ok(_) => Ok(plain),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seal::SeededEntropy;

    fn two_keys() -> (CarryKey, CarryKey) {
        let mut entropy = SeededEntropy::new(9);
        (
            CarryKey::generate(&mut entropy),
            CarryKey::generate(&mut entropy),
        )
    }

    #[test]
    fn each_receiver_unwraps_and_nobody_else() {
        let (anna, badu) = two_keys();
        let wrapped = wrap(
            &[anna.public(), badu.public()],
            b"epoch key",
            &mut SeededEntropy::new(8),
        )
        .unwrap();
        for key in [&anna, &badu] {
            assert_eq!(unwrap(key, &wrapped, 9).unwrap().as_slice(), b"epoch key");
        }
        let stranger = CarryKey::generate(&mut SeededEntropy::new(10));
        assert_eq!(unwrap(&stranger, &wrapped, 9), Err(Error::NotForThisKey));
        assert!(wrap(&[], b"for nobody", &mut SeededEntropy::new(8)).is_err());
    }

    #[test]
    fn more_than_was_asked_for_is_not_unwrapped() {
        let (key, _) = two_keys();
        let wrapped =
            wrap(&[key.public()], &[0; 1000], &mut SeededEntropy::new(8)).unwrap();
        assert_eq!(
            unwrap(&key, &wrapped, 999),
            Err(Error::TooLong { bytes_max: 999 })
        );
        let long = vec![0; HEADER_BYTES_MAX + 1];
        assert_eq!(unwrap(&key, &long, 0), Err(Error::TooLong { bytes_max: 0 }));
    }

    #[test]
    fn a_cut_or_changed_wrapped_file_does_not_unwrap() {
        let (key, _) = two_keys();
        let wrapped =
            wrap(&[key.public()], b"epoch key", &mut SeededEntropy::new(8)).unwrap();
        for length in 0..wrapped.len() {
            assert!(
                unwrap(&key, &wrapped[..length], 9).is_err(),
                "cut at {length}"
            );
        }
        for bit in 0..wrapped.len() * 8 {
            let mut changed = wrapped.clone();
            changed[bit / 8] ^= 1 << (bit % 8);
            assert!(unwrap(&key, &changed, 9).is_err(), "bit {bit}");
        }
    }

    #[test]
    fn a_large_file_is_wrapped_and_unwrapped_piece_by_piece() {
        let (key, _) = two_keys();
        let mut wrapped = Vec::new();
        let mut writer =
            wrap_into(&[key.public()], &mut wrapped, &mut SeededEntropy::new(8)).unwrap();
        for piece in 0..200_u8 {
            writer.write_all(&[piece; 1000]).unwrap();
        }
        writer.finish().unwrap();
        let mut read = Vec::new();
        let mut reader = unwrap_from(&key, wrapped.as_slice()).unwrap();
        reader.read_to_end(&mut read).unwrap();
        assert_eq!(read.len(), 200_000);
        assert_eq!(read[199_999], 199);
        let torn = &wrapped[..wrapped.len() - 1];
        let mut reader = unwrap_from(&key, torn).unwrap();
        assert!(reader.read_to_end(&mut read).is_err());
    }

    #[test]
    fn a_passphrase_opens_however_its_spaces_and_accents_were_typed() {
        let locked = lock_with_passphrase(
            "café  noir ",
            Work::DEMO,
            b"keys",
            &mut SeededEntropy::new(8),
        )
        .unwrap();
        for typed in ["café  noir ", "cafe\u{301} noir", " café\u{a0}noir"] {
            let opened = unlock_with_passphrase(typed, &locked).unwrap();
            assert_eq!(opened.as_slice(), b"keys", "for {typed:?}");
        }
        for typed in ["cafe noir", "Café noir", "cafénoir", ""] {
            let refused = unlock_with_passphrase(typed, &locked);
            assert_eq!(refused, Err(Error::Passphrase), "for {typed:?}");
        }
    }

    #[test]
    fn a_cut_or_changed_passphrase_file_does_not_open() {
        let locked =
            lock_with_passphrase("pass", Work::DEMO, b"keys", &mut SeededEntropy::new(8))
                .unwrap();
        for bit in 0..locked.len() * 8 {
            let mut changed = locked.clone();
            changed[bit / 8] ^= 1 << (bit % 8);
            let cut = &locked[..bit / 8];
            for bytes in [&*changed, cut] {
                assert!(unlock_with_passphrase("pass", bytes).is_err(), "bit {bit}");
            }
        }
    }

    #[test]
    fn a_file_that_asks_for_too_much_work_is_refused_at_once() {
        let locked =
            lock_with_passphrase("pass", Work::DEMO, b"keys", &mut SeededEntropy::new(8))
                .unwrap();
        let text = String::from_utf8_lossy(&locked);
        let line = text.lines().nth(1).unwrap().len();
        let start = text.find("-> ").unwrap();
        let heavy = |log_n: &str| {
            let mut bytes = locked[..start + line - 1].to_vec();
            bytes.extend_from_slice(log_n.as_bytes());
            bytes.extend_from_slice(&locked[start + line..]);
            unlock_with_passphrase("pass", &bytes)
        };
        assert_eq!(heavy("21"), Err(Error::TooMuchWork { log_n: 21 }));
        assert_eq!(heavy("63"), Err(Error::TooMuchWork { log_n: 63 }));
        assert_eq!(heavy("999"), Err(Error::Malformed));
        assert_eq!(
            Error::TooMuchWork { log_n: 21 }.to_string(),
            "the file asks for 2^21 scrypt work; at most 2^20 is done"
        );
    }

    #[test]
    fn the_longest_headers_are_read_without_reading_them_twice() {
        // Parsed again at each line, as age would, each of these takes minutes.
        let (key, _) = two_keys();
        let first = "age-encryption.org/v1\n-> X\n";
        for (line, end) in [
            ("-> X\n\n", "\n"),
            ("A".repeat(64).as_str(), "\n"),
            ("\n", ""),
            ("a", ""),
        ] {
            let lines = format!("{line}{end}").repeat(HEADER_BYTES_MAX / 2 / line.len());
            let bytes = format!("{first}{lines}\n--- {}\n", "A".repeat(43));
            assert!(unwrap(&key, bytes.as_bytes(), 10).is_err());
        }
    }

    #[test]
    fn what_is_no_age_file_is_refused() {
        let (key, _) = two_keys();
        for bytes in [b"".as_slice(), b"age-encryption.org/v1\n", &[0xff; 100]] {
            assert_eq!(unwrap(&key, bytes, 10), Err(Error::Malformed));
            assert_eq!(unlock_with_passphrase("a", bytes), Err(Error::Malformed));
        }
        let long = vec![0; PASSPHRASE_FILE_BYTES_MAX + 1];
        assert!(matches!(
            unlock_with_passphrase("a", &long),
            Err(Error::TooLong { .. })
        ));
    }
}
