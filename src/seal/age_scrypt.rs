//! Opening an age file with a passphrase. Age's own identity tries out how fast the machine
//! is whenever one is made, to guess how much work a file may ask for; here that is fixed.

use age::{DecryptError, Identity, secrecy::SecretString};
use age_core::{
    format::{FILE_KEY_BYTES, FileKey, Stanza},
    primitives::aead_decrypt,
};
use zeroize::Zeroizing;

use super::{
    age_file::{Work, stretched},
    age_write::base64,
};

/// How many bytes of a salt stand in a header.
const SALT_BYTES: usize = 16;

/// A passphrase as it is used, with which files are opened.
pub(super) struct Passphrase(pub(super) SecretString);

impl Passphrase {
    fn file_key(&self, stanza: &Stanza) -> Result<FileKey, DecryptError> {
        let [salt, work] = stanza.args.as_slice() else {
            return Err(DecryptError::InvalidHeader);
        };
        let salt = read_salt(salt).ok_or(DecryptError::InvalidHeader)?;
        let work = read_work(work).ok_or(DecryptError::InvalidHeader)?;
        if work > Work::LOG_N_MAX {
            return Err(DecryptError::ExcessiveWork {
                required: work,
                target: Work::LOG_N_MAX,
            });
        }
        let key = stretched(&self.0, &salt, work);
        let key = key.or(Err(DecryptError::InvalidHeader))?;
        let opened = aead_decrypt(&key, FILE_KEY_BYTES, &stanza.body)?;
        let opened = Zeroizing::new(opened);
        FileKey::try_init_with_mut(|into| {
            let opened = opened.first_chunk();
            *into = *opened.ok_or(DecryptError::InvalidHeader)?;
            Ok(())
        })
    }
}

impl Identity for Passphrase {
    fn unwrap_stanza(&self, stanza: &Stanza) -> Option<Result<FileKey, DecryptError>> {
        (stanza.tag == "scrypt").then(|| self.file_key(stanza))
    }
}

/// A salt in Base64 as it is written: there is one text for each.
fn read_salt(text: &str) -> Option<[u8; SALT_BYTES]> {
    let digits = (0..64_u8).map(|it| base64(&[it << 2]).bytes().next());
    let digits: Vec<_> = digits.collect();
    let (mut bits, mut filled) = (0_u32, 0);
    let mut salt = Vec::with_capacity(SALT_BYTES);
    for digit in text.bytes() {
        let value = digits.iter().position(|it| *it == Some(digit))?;
        bits = (bits & 0xff) << 6 | u32::try_from(value).ok()?;
        filled += 6;
        if filled >= 8 {
            filled -= 8;
            salt.push(u8::try_from(bits >> filled & 0xff).ok()?);
        }
    }
    let salt: [u8; SALT_BYTES] = salt.try_into().ok()?;
    (base64(&salt) == text).then_some(salt)
}

fn read_work(text: &str) -> Option<u8> {
    let digits = text.bytes().all(|it| it.is_ascii_digit());
    let canonical = digits && !text.starts_with('0');
    canonical.then(|| text.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_salt_is_read_as_it_is_written_and_not_otherwise() {
        for n in 0..=u8::MAX {
            let mut salt = [n; SALT_BYTES];
            salt.iter_mut().zip(1..).for_each(|(byte, at)| *byte ^= at);
            let text = base64(&salt);
            assert_eq!(read_salt(&text), Some(salt));
            let (all_but_last, _) = text.split_at(text.len() - 1);
            for other in [
                format!("{text}="),
                format!("{text}A"),
                all_but_last.to_owned(),
                format!("{all_but_last}_"),
                // The last digit has four bits too many: they are zero.
                format!("{all_but_last}B"),
            ] {
                assert_eq!(read_salt(&other), None, "for {other}");
            }
        }
    }

    #[test]
    fn work_is_a_number_without_signs_or_zeros_before_it() {
        for (text, work) in [("1", Some(1)), ("18", Some(18)), ("255", Some(255))] {
            assert_eq!(read_work(text), work);
        }
        for text in ["", "0", "01", "+1", "-1", "1 ", "256", "٣", "1e1"] {
            assert_eq!(read_work(text), None, "for {text:?}");
        }
    }
}
