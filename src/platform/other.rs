//! Systems without Unix modes and signals. Files take the rights of the folder they stand
//! in, which on Windows is the user's own profile.

#![expect(
    clippy::unnecessary_wraps,
    reason = "the face is that of systems where these can fail"
)]

use std::{
    fs::{self, File, OpenOptions},
    io, iter,
    path::Path,
};

use zeroize::Zeroizing;

use super::End;

pub(super) fn harden_process() -> io::Result<()> {
    Ok(())
}

pub(super) fn open_private(path: &Path, options: OpenOptions) -> io::Result<File> {
    options.open(path)
}

pub(super) fn create_private_folder(path: &Path) -> io::Result<()> {
    fs::create_dir_all(path)
}

pub(super) fn sync_folder(_path: &Path) -> io::Result<()> {
    Ok(())
}

pub(super) fn free_bytes(_path: &Path) -> Option<u64> {
    None
}

pub(super) fn allocate(file: &File, bytes: u64) -> io::Result<()> {
    super::write_zeros(file, bytes)
}

pub(super) fn is_running(_pid: u32) -> bool {
    true
}

pub(super) fn ends() -> io::Result<Option<iter::Empty<End>>> {
    Ok(None)
}

pub(super) fn read_hidden_line(_prompt: &str) -> io::Result<Zeroizing<String>> {
    Err(io::ErrorKind::Unsupported.into())
}

#[cfg(test)]
pub(super) fn raise_end() -> bool {
    false
}
