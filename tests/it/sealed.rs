//! A clinic's folder as somebody else sees it: closed, and without a word of what was written.

use std::{fs, path::Path};

/// Fails unless every folder and file under `folder` is its owner's alone, and none holds one
/// of these texts in UTF-8 or UTF-16. Says how many files there are.
#[track_caller]
pub(crate) fn is_sealed(folder: &Path, secrets: &[&str]) -> usize {
    let written: Vec<(&str, [String; 3])> =
        secrets.iter().map(|it| (*it, writings(it))).collect();
    let mut seen = 0;
    each(folder, &mut |path| {
        is_private(path);
        if path.is_dir() {
            return;
        }
        seen += 1;
        let bytes = fs::read(path).unwrap();
        // The space set aside is zeros; searching it takes long and finds nothing.
        if bytes.starts_with(&[0; 4096]) {
            assert!(bytes.iter().all(|it| *it == 0));
            return;
        }
        let text = characters(&bytes);
        for (secret, writings) in &written {
            let found = writings.iter().any(|it| text.contains(it));
            assert!(!found, "{secret:?} in {}", path.display());
        }
    });
    seen
}

fn each(folder: &Path, check: &mut dyn FnMut(&Path)) {
    check(folder);
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            each(&path, check);
        } else {
            check(&path);
        }
    }
}

#[cfg(unix)]
fn is_private(path: &Path) {
    use std::os::unix::fs::PermissionsExt as _;

    let mode = fs::metadata(path).unwrap().permissions().mode() & 0o7777;
    let wanted = if path.is_dir() { 0o700 } else { 0o600 };
    assert_eq!(mode, wanted, "{}", path.display());
}

#[cfg(not(unix))]
fn is_private(_: &Path) {}

/// A text as it may stand in a file: UTF-8, UTF-16 with either byte first.
fn writings(text: &str) -> [String; 3] {
    let utf16 = |order: fn(u16) -> [u8; 2]| -> Vec<u8> {
        text.encode_utf16().flat_map(order).collect()
    };
    [
        text.into(),
        utf16(u16::to_le_bytes),
        utf16(u16::to_be_bytes),
    ]
    .map(|it: Vec<u8>| characters(&it))
}

/// A character for each byte: so bytes are searched as fast as texts.
fn characters(bytes: &[u8]) -> String {
    bytes.iter().copied().map(char::from).collect()
}

#[test]
fn a_text_is_found_however_it_is_written() {
    for bytes in [
        "xxOkello".as_bytes(),
        b"xxO\0k\0e\0l\0l\0o\0",
        b"\0O\0k\0e\0l\0l\0o",
    ] {
        let text = characters(bytes);
        assert!(writings("Okello").iter().any(|it| text.contains(it)));
        assert!(!writings("Okelo").iter().any(|it| text.contains(it)));
    }
}
