//! The clinic's folder: who has it open, which format it has, its small files, and the
//! space set aside for a full disk. All of it is for the user alone.

use std::{
    fs::{self, File, TryLockError},
    io::{self, Read as _, Seek as _, Write as _},
    path::{Path, PathBuf},
    process, thread,
};

use super::{Error, Part};
use crate::{
    platform::{self, Opening},
    time::Timestamp,
};

/// The version of everything in the folder. A higher one is refused.
const FORMAT: u32 = 1;
/// How the format file begins.
const FORMAT_WORDS: &str = "cairn-home";
/// What follows the version until the clinic's set-up is finished.
const UNFINISHED: &str = "unfinished";
/// The most that is read of the format file and of the lock file, in bytes.
const SMALL_BYTES_MAX: u64 = 128;
/// Disk space set aside when the clinic is made and given back when the disk is full, so
/// that charts can still be read: every reading is written down first. Some 100,000 of them.
pub const RESERVE_BYTES: u64 = 64 * 1024 * 1024;

const LOCK: &str = "lock";
const RESERVE: &str = "reserve";
/// What a file is called until all of it is on disk.
const NEW_SUFFIX: &str = ".new";

/// A clinic's folder, open to this process and closed to others until it is dropped.
#[derive(Debug)]
pub struct Home {
    path: PathBuf,
    lock: File,
    ended_badly: bool,
}

/// Who wrote the lock file.
#[derive(Debug, Clone, Copy, Default)]
struct Holder {
    pid: Option<u32>,
    since: Option<Timestamp>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Absent,
    Unfinished,
    Ready,
}

impl Home {
    /// Whether a clinic was set up in this folder, whatever its version.
    pub fn is_one(path: &Path) -> bool {
        !matches!(state(path), Ok(State::Absent | State::Unfinished))
    }

    /// Begins a new clinic in a folder that is empty, not there yet, or left by a set-up that
    /// did not finish. It counts as a clinic after [`Home::finish`].
    pub fn create(path: &Path, now: Timestamp) -> Result<Self, Error> {
        let failed = |source| Error::disk("create", path.to_owned(), source);
        let taken = || failed(io::ErrorKind::AlreadyExists.into());
        if state(path)? == State::Absent && holds_something(path).map_err(failed)? {
            return Err(taken());
        }
        platform::create_private_folder(path).map_err(failed)?;
        let home = Self::lock(path, now)?;
        // Another Cairn may have finished one here before it let go of the lock.
        if state(path)? == State::Ready {
            return Err(taken());
        }
        home.write_format(UNFINISHED)?;
        for leftover in [Part::Ledger, Part::Cache] {
            home.remove(leftover.file_name())?;
        }
        home.keep_reserve()?;
        Ok(home)
    }

    /// Opens a clinic's folder.
    pub fn open(path: &Path, now: Timestamp) -> Result<Self, Error> {
        if state(path)? != State::Ready {
            return Err(Error::NotAHome {
                path: path.to_owned(),
            });
        }
        let home = Self::lock(path, now)?;
        platform::create_private_folder(path)
            .map_err(|source| Error::disk("open", path.to_owned(), source))?;
        Ok(home)
    }

    /// Says that the clinic is set up. From now on it is opened, never begun again.
    pub fn finish(&self) -> Result<(), Error> {
        self.write_format("")
    }

    /// Takes back a set-up that did not come to an end: nothing of it stays that counts as a
    /// clinic, or could be taken for one.
    pub fn discard(&self) {
        if state(&self.path).is_ok_and(|it| it == State::Ready) {
            return;
        }
        let Ok(entries) = fs::read_dir(&self.path) else {
            return;
        };
        let files = entries.filter_map(Result::ok).map(|it| it.path());
        for path in files.filter(|it| it.is_file()) {
            // What cannot be removed is in the way of nobody: the next set-up begins anew.
            drop(fs::remove_file(path));
        }
        drop(fs::remove_dir(&self.path));
    }

    /// The folder.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Whether the Cairn before this one did not close the folder: it was killed, or the
    /// power failed.
    pub const fn ended_badly(&self) -> bool {
        self.ended_badly
    }

    /// The file of this name, or nothing when there is none. More than `bytes_max` bytes in
    /// it mean that it is damaged.
    pub fn read(&self, name: &str, bytes_max: u64) -> Result<Option<Vec<u8>>, Error> {
        let path = self.file(name)?;
        let file = match platform::open_private(&path, Opening::Existing) {
            Err(source) if source.kind() == io::ErrorKind::NotFound => return Ok(None),
            opened => {
                opened.map_err(|source| Error::disk("open", path.clone(), source))?
            }
        };
        let mut bytes = Vec::new();
        file.take(bytes_max.saturating_add(1))
            .read_to_end(&mut bytes)
            .map_err(|source| Error::disk("read", path, source))?;
        if bytes.len() as u64 > bytes_max {
            return Err(Part::File.damaged("longer than it may be"));
        }
        Ok(Some(bytes))
    }

    /// Writes the file of this name whole or not at all; it is durable when this returns.
    pub fn write(&self, name: &str, bytes: &[u8]) -> Result<(), Error> {
        let path = self.file(name)?;
        let new = self.file(&format!("{name}{NEW_SUFFIX}"))?;
        let write = || {
            remove_file(&new)?;
            let mut file = platform::open_private(&new, Opening::New)?;
            file.write_all(bytes)?;
            file.sync_all()?;
            fs::rename(&new, &path)?;
            platform::sync_folder(&self.path)
        };
        write().map_err(|source| Error::disk("write", path.clone(), source))
    }

    /// Removes the file of this name, if it is there.
    pub fn remove(&self, name: &str) -> Result<(), Error> {
        let path = self.file(name)?;
        remove_file(&path)
            .and_then(|()| platform::sync_folder(&self.path))
            .map_err(|source| Error::disk("remove", path, source))
    }

    /// The names of the small files that end in `suffix`, sorted.
    pub fn names(&self, suffix: &str) -> Result<Vec<String>, Error> {
        let list = || {
            let mut names = Vec::new();
            for entry in fs::read_dir(&self.path)? {
                names.extend(entry?.file_name().into_string().ok());
            }
            names.retain(|it| it.ends_with(suffix));
            names.sort();
            Ok(names)
        };
        list().map_err(|source| Error::disk("list", self.path.clone(), source))
    }

    /// A folder of this name inside, made if it is missing.
    pub fn folder(&self, name: &str) -> Result<PathBuf, Error> {
        let path = self.file(name)?;
        platform::create_private_folder(&path)
            .map_err(|source| Error::disk("create", path.clone(), source))?;
        Ok(path)
    }

    /// A folder inside such a folder, made if it is missing.
    pub(super) fn folder_in(&self, name: &str, inner: &str) -> Result<PathBuf, Error> {
        let outer = self.folder(name)?;
        // Names are checked as those of files are.
        let inner = self.file(inner)?;
        let path = inner.file_name().map_or(outer.clone(), |it| outer.join(it));
        platform::create_private_folder(&path)
            .map_err(|source| Error::disk("create", path.clone(), source))?;
        Ok(path)
    }

    /// Gives the space set aside back to the disk.
    pub fn release_reserve(&self) -> Result<(), Error> {
        self.remove(RESERVE)
    }

    /// Sets the space aside again if it was given back; [`Error::Full`] if there is none.
    pub fn keep_reserve(&self) -> Result<(), Error> {
        let path = self.file(RESERVE)?;
        if fs::metadata(&path).is_ok_and(|it| it.len() == RESERVE_BYTES) {
            return Ok(());
        }
        let keep = || {
            let file = platform::open_private(&path, Opening::Either)?;
            platform::allocate(&file, RESERVE_BYTES)?;
            file.sync_all()
        };
        keep().map_err(|source| {
            // A part of it would pass for the whole with nobody the wiser.
            drop(fs::remove_file(&path));
            Error::disk("set space aside in", path.clone(), source)
        })
    }

    /// The path of a file in the folder. Names are ours: plain letters, digits, dots, dashes.
    pub(super) fn file(&self, name: &str) -> Result<PathBuf, Error> {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b".-_".contains(&byte);
        let path = self.path.join(name);
        if name.is_empty() || name.starts_with('.') || !name.bytes().all(plain) {
            let source = io::ErrorKind::InvalidInput.into();
            return Err(Error::disk("name", path, source));
        }
        Ok(path)
    }

    fn lock(path: &Path, now: Timestamp) -> Result<Self, Error> {
        let lock_path = path.join(LOCK);
        let failed = |source| Error::disk("lock", lock_path.clone(), source);
        let mut lock =
            platform::open_private(&lock_path, Opening::Either).map_err(failed)?;
        let taken = lock.try_lock();
        let holder = read_holder(&mut lock);
        let Holder { pid, since } = holder.unwrap_or_default();
        let is_busy = match taken {
            Ok(()) => false,
            Err(TryLockError::WouldBlock) => true,
            Err(TryLockError::Error(source))
                if source.kind() == io::ErrorKind::Unsupported =>
            {
                pid.is_some_and(|it| it != process::id() && platform::is_running(it))
            }
            Err(TryLockError::Error(source)) => return Err(failed(source)),
        };
        if is_busy {
            return Err(Error::Busy { pid, since });
        }
        let mut home = Self {
            path: path.to_owned(),
            lock,
            ended_badly: holder.is_some(),
        };
        match write_holder(&mut home.lock, now).map_err(failed) {
            // The last block of the disk is taken: even a line needs what was set aside.
            Err(Error::Full) => {
                home.release_reserve()?;
                write_holder(&mut home.lock, now).map_err(failed)?;
            }
            written => written?,
        }
        Ok(home)
    }

    fn write_format(&self, rest: &str) -> Result<(), Error> {
        let line = format!("{FORMAT_WORDS} {FORMAT} {rest}");
        let text = format!("{}\n", line.trim_end());
        self.write(Part::Format.file_name(), text.as_bytes())
    }
}

impl Drop for Home {
    /// An empty lock file says that the folder was closed. The lock is given back by hand: a
    /// child process that another thread is starting may hold the file for a moment longer.
    fn drop(&mut self) {
        if !thread::panicking() {
            drop(self.lock.set_len(0));
        }
        drop(self.lock.unlock());
    }
}

fn state(home: &Path) -> Result<State, Error> {
    let path = home.join(Part::Format.file_name());
    let mut text = String::new();
    let file = File::open(&path).map(|it| it.take(SMALL_BYTES_MAX));
    if let Err(source) = file.and_then(|mut it| it.read_to_string(&mut text)) {
        let kind = source.kind();
        if [io::ErrorKind::NotFound, io::ErrorKind::NotADirectory].contains(&kind) {
            let ledger = home.join(Part::Ledger.file_name());
            if ledger.is_file() {
                return Err(Part::Format.damaged("it is not there, and the ledger is"));
            }
            return Ok(State::Absent);
        }
        if kind == io::ErrorKind::InvalidData {
            return Err(Part::Format.damaged("not text"));
        }
        return Err(Error::Disk {
            step: "read",
            path,
            source,
        });
    }
    let words: Vec<&str> = text.split_whitespace().collect();
    let (version, state) = match words.as_slice() {
        [FORMAT_WORDS, version] => (*version, State::Ready),
        [FORMAT_WORDS, version, UNFINISHED] => (*version, State::Unfinished),
        _ => return Err(Part::Format.damaged("not a version")),
    };
    match version.parse() {
        Ok(FORMAT) => Ok(state),
        Ok(found) => Err(Error::UnknownVersion {
            part: Part::Format,
            found,
        }),
        Err(_) => Err(Part::Format.damaged("not a version")),
    }
}

/// Whether a folder is there with more in it than a set-up that was just begun leaves.
fn holds_something(folder: &Path) -> io::Result<bool> {
    let begun = format!("{}{NEW_SUFFIX}", Part::Format.file_name());
    let entries = match fs::read_dir(folder) {
        Err(source) if source.kind() == io::ErrorKind::NotFound => return Ok(false),
        entries => entries?,
    };
    for entry in entries {
        let name = entry?.file_name();
        if name != LOCK && name != begun.as_str() {
            return Ok(true);
        }
    }
    Ok(false)
}

fn remove_file(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(source) if source.kind() == io::ErrorKind::NotFound => Ok(()),
        removed => removed,
    }
}

/// Who has, or had, the folder open and did not close it, and since when. Where a lock also
/// keeps others from reading, that stays unknown.
fn read_holder(lock: &mut File) -> Option<Holder> {
    let mut bytes = Vec::new();
    if lock.take(SMALL_BYTES_MAX).read_to_end(&mut bytes).is_err() {
        return Some(Holder::default());
    }
    if bytes.is_empty() {
        return None;
    }
    let text = String::from_utf8_lossy(&bytes);
    let mut words = text.split_whitespace();
    let pid = words.next().and_then(|it| it.parse().ok());
    let since = words.next().and_then(|it| it.parse().ok()).map(Timestamp);
    Some(Holder { pid, since })
}

fn write_holder(lock: &mut File, now: Timestamp) -> io::Result<()> {
    lock.set_len(0)?;
    lock.rewind()?;
    writeln!(lock, "{} {}", process::id(), now.0)?;
    lock.sync_all()
}
