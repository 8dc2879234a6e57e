//! What operating systems do differently, behind one face: private files and folders, a
//! process that leaves no core dump, free space, and the signals that end a program.

#[cfg(any(not(unix), test))]
mod other;
pub mod quiet;
#[cfg(unix)]
mod unix;

use std::{
    fs::{File, OpenOptions},
    io::{self, Read as _},
    path::Path,
    thread,
};

#[cfg(not(unix))]
use other as system;
#[cfg(unix)]
use unix as system;
use zeroize::Zeroizing;

/// Whether a file that is opened must be there already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Opening {
    /// It must be there.
    Existing,
    /// It must not be there, and is made.
    New,
    /// It is made when it is not there.
    Either,
}

/// Why the system asks the program to end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// The terminal went away (SIGHUP).
    TerminalGone,
    /// Somebody, or a shutdown, ended the program (SIGTERM, SIGINT).
    Terminated,
}

/// Makes this process leave nothing behind for others: new files are for its user alone, it
/// writes no core dump, and other programs of the same user cannot read its memory.
pub fn harden_process() -> io::Result<()> {
    system::harden_process()
}

/// Opens a file for reading and writing that only its owner may read. A link in its place is
/// refused, and a file that others could read is made private.
pub fn open_private(path: &Path, opening: Opening) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true);
    match opening {
        Opening::Existing => {}
        Opening::New => {
            options.create_new(true);
        }
        Opening::Either => {
            options.create(true).truncate(false);
        }
    }
    system::open_private(path, options)
}

/// Makes a folder, and what is missing above it, that only its owner may enter. A folder
/// that is there already is made private.
pub fn create_private_folder(path: &Path) -> io::Result<()> {
    system::create_private_folder(path)
}

/// Makes the names in a folder durable: after it, a file that was made or renamed there is
/// found again after a power cut.
pub fn sync_folder(path: &Path) -> io::Result<()> {
    system::sync_folder(path)
}

/// Bytes that this user may still write on the disk that holds `path`, where the system says.
pub fn free_bytes(path: &Path) -> Option<u64> {
    system::free_bytes(path)
}

/// Takes `bytes` of disk space for `file` now, so that they cannot be missing later.
pub fn allocate(file: &File, bytes: u64) -> io::Result<()> {
    system::allocate(file, bytes)
}

/// Whether a process with this number runs; true where the system does not say.
pub fn is_running(pid: u32) -> bool {
    system::is_running(pid)
}

/// Calls `ended` from a thread of its own each time the system asks the program to end,
/// which from then on does not end by itself.
pub fn on_end(ended: impl Fn(End) + Send + 'static) -> io::Result<()> {
    let Some(mut ends) = system::ends()? else {
        return Ok(());
    };
    let forward = move || ends.by_ref().for_each(ended);
    thread::Builder::new()
        .name("ends".to_owned())
        .spawn(forward)
        .map(drop)
}

/// Asks on the terminal and reads a line that is not shown while it is typed. Whatever ends
/// the program meanwhile, the terminal shows again what is typed.
pub fn read_hidden_line(prompt: &str) -> io::Result<Zeroizing<String>> {
    system::read_hidden_line(prompt)
}

/// Fills the file with zeros, where space cannot be set aside otherwise.
fn write_zeros(mut file: &File, bytes: u64) -> io::Result<()> {
    io::copy(&mut io::repeat(0).take(bytes), &mut file).map(drop)
}

#[cfg(test)]
mod tests {
    use std::{fs, sync::mpsc, time::Duration};

    use super::*;

    #[test]
    fn space_is_set_aside_at_once() {
        let folder = tempfile::tempdir().unwrap();
        for fill in [system::allocate, other::allocate] {
            let path = folder.path().join("reserve");
            let file = open_private(&path, Opening::Either).unwrap();
            fill(&file, 200_000).unwrap();
            assert_eq!(fs::metadata(&path).unwrap().len(), 200_000);
            fs::remove_file(path).unwrap();
        }
    }

    #[test]
    fn a_new_file_does_not_replace_one_that_is_there() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ledger");
        open_private(&path, Opening::New).unwrap();
        let again = open_private(&path, Opening::New);
        assert_eq!(again.unwrap_err().kind(), io::ErrorKind::AlreadyExists);
        let missing = open_private(&folder.path().join("x"), Opening::Existing);
        assert_eq!(missing.unwrap_err().kind(), io::ErrorKind::NotFound);
    }

    #[test]
    fn the_folder_says_how_much_room_is_left() {
        let folder = tempfile::tempdir().unwrap();
        sync_folder(folder.path()).unwrap();
        if cfg!(unix) {
            assert!(free_bytes(folder.path()).unwrap() > 0);
        }
        assert!(is_running(std::process::id()));
    }

    #[test]
    fn being_asked_to_end_is_told_and_not_obeyed() {
        let (told, heard) = mpsc::channel();
        on_end(move |end| told.send(end).unwrap_or_default()).unwrap();
        if system::raise_end() {
            let end = heard.recv_timeout(Duration::from_secs(20));
            assert_eq!(end, Ok(End::Terminated));
        }
    }

    #[test]
    fn the_plain_fallback_keeps_the_same_promises_but_for_modes() {
        let folder = tempfile::tempdir().unwrap();
        let inner = folder.path().join("a/b");
        other::harden_process().unwrap();
        other::create_private_folder(&inner).unwrap();
        other::sync_folder(&inner).unwrap();
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        other::open_private(&inner.join("file"), options).unwrap();
        assert!(other::is_running(1) && other::free_bytes(&inner).is_none());
        assert!(other::ends().unwrap().is_none() && !other::raise_end());
        assert!(other::read_hidden_line("?").is_err());
    }
}
