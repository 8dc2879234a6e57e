//! A passphrase from a file or from the keyboard, never from an argument.

use std::{
    fs::File,
    io::{self, Read as _},
    path::Path,
};

use zeroize::Zeroizing;

use super::failure::Failure;
use crate::{platform, text::Shown};

/// The most that is read of a passphrase file, in bytes.
const FILE_BYTES_MAX: usize = 4096;

/// The first line of a file.
pub(super) fn from_file(path: &Path) -> Result<Zeroizing<String>, Failure> {
    let name = path.display();
    let failed = |error: io::Error| {
        Failure::usage(format!("cannot read the passphrase file `{name}`"))
            .because(error.to_string())
            .hint("write the passphrase on the file's first line")
    };
    // Whole from the start, so that no copy of it is left where it grew.
    let mut bytes = Zeroizing::new(vec![0; FILE_BYTES_MAX]);
    let mut file = File::open(path).map_err(failed)?;
    let mut length = 0;
    while let Some(rest) = bytes.get_mut(length..).filter(|it| !it.is_empty()) {
        match file.read(rest).map_err(failed)? {
            0 => break,
            read => length += read,
        }
    }
    let text = bytes.get(..length).unwrap_or_default();
    let line = text.split(|it| *it == b'\n').next().unwrap_or_default();
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    let line = str::from_utf8(line)
        .map_err(|_error| failed(io::ErrorKind::InvalidData.into()))?;
    if line.is_empty() {
        return Err(failed(io::Error::other("its first line is empty")));
    }
    Ok(Zeroizing::new(line.to_owned()))
}

/// A line typed on the terminal without being shown.
pub(super) fn typed(prompt: &str) -> Result<Zeroizing<String>, Failure> {
    platform::read_hidden_line(Shown::line(prompt).as_str()).map_err(|error| {
        Failure::usage("the passphrase cannot be asked for")
            .because(error.to_string())
            .hint("name a file that holds it with --passphrase-file")
    })
}

/// A new passphrase: from its file, or typed twice.
pub(super) fn new(
    file: Option<&Path>,
    whose: &str,
) -> Result<Zeroizing<String>, Failure> {
    if let Some(path) = file {
        return from_file(path);
    }
    let first = typed(&format!("New passphrase of {whose}: "))?;
    let again = typed("The same again: ")?;
    if *first != *again {
        return Err(Failure::usage("the two passphrases differ").hint("begin again"));
    }
    Ok(first)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &[u8], expected: Option<&str>) {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), text).unwrap();
        let read = from_file(file.path());
        assert_eq!(read.ok().as_deref().map(String::as_str), expected);
    }

    #[test]
    fn a_passphrase_is_the_first_line_of_its_file() {
        check(b"one two\nthree", Some("one two"));
        check(b"one two\r\n", Some("one two"));
        check("ሰላም".as_bytes(), Some("ሰላም"));
        check(b" kept as it is ", Some(" kept as it is "));
        check(b"", None);
        check(b"\nsecond", None);
        check(b"\xff\xfe", None);
    }
}
