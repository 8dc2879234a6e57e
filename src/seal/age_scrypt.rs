//! Opening an age file with a passphrase. Age's own identity tries out how fast the machine
//! is whenever one is made, to guess how much work a file may ask for; here that is fixed.

use age::{DecryptError, Identity, secrecy::SecretString};
use age_core::{
    format::{FILE_KEY_BYTES, FileKey, Stanza},
    primitives::aead_decrypt,
};
use zeroize::Zeroizing;

use super::age_file::{Work, stretched};
use crate::text::base64;

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
    let salt: [u8; SALT_BYTES] = base64::decode(text)?.try_into().ok()?;
    (base64::encode(&salt) == text).then_some(salt)
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
            let text = base64::encode(&salt);
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
