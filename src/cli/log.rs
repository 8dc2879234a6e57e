//! The log file: what was run, how it ended, how long it took. No patient data, and nothing
//! that a person typed: kinds and counts only.

use std::{
    fs,
    fs::File,
    io::{self, Seek as _, SeekFrom, Write},
    path::{Path, PathBuf},
    sync::Mutex,
};

use tracing::{Level, info, warn};
use tracing_subscriber::fmt::writer::MakeWriterExt as _;

use super::failure::Failure;
use crate::platform::{self, Opening};

/// The folder of the log inside a home.
pub(super) const FOLDER: &str = "log";
/// The log, and the one before it.
const FILES: [&str; 2] = ["cairn.log", "cairn.log.1"];
/// A log longer than this, in bytes, becomes the one before.
const LOG_BYTES_MAX: u64 = 1024 * 1024;

/// A file that begins anew when it is long.
struct Rotating {
    folder: PathBuf,
    file: File,
}

/// From now on, what happens is written to the log of this home. Where that cannot be
/// written, there is no log.
pub(super) fn begin(home: &Path, verbose: u8) {
    let level = match verbose {
        0 => Level::INFO,
        1 => Level::DEBUG,
        _ => Level::TRACE,
    };
    let Ok(log) = Rotating::open(home.join(FOLDER)) else {
        return;
    };
    // Other crates' events may quote what they work on.
    let ours = Mutex::new(log).with_filter(|it| it.target().starts_with("cairn"));
    let begun = tracing_subscriber::fmt()
        .with_max_level(level)
        .with_ansi(false)
        .log_internal_errors(false)
        .with_writer(ours)
        .try_init();
    if begun.is_ok() {
        let version = env!("CARGO_PKG_VERSION");
        info!(version, process = std::process::id(), "begun");
    }
}

/// Writes down how the command ended.
pub(super) fn ended(command: &str, ended: &Result<(), Failure>) {
    match ended {
        Ok(()) => info!(command, "done"),
        Err(failure) => warn!(command, code = failure.kind.exit_code(), "not done"),
    }
}

impl Rotating {
    fn open(folder: PathBuf) -> io::Result<Self> {
        platform::create_private_folder(&folder)?;
        let [name, _] = FILES;
        let file = platform::open_private(&folder.join(name), Opening::Either)?;
        Ok(Self { folder, file })
    }
}

impl Write for Rotating {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        // Another cairn may have written meanwhile, to be told that the home is taken.
        if self.file.seek(SeekFrom::End(0))? > LOG_BYTES_MAX {
            let [name, before] = FILES.map(|it| self.folder.join(it));
            fs::rename(name, before)?;
            *self = Self::open(std::mem::take(&mut self.folder))?;
        }
        self.file.write(line)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_log_becomes_the_one_before() {
        let home = tempfile::tempdir().unwrap();
        let mut log = Rotating::open(home.path().join(FOLDER)).unwrap();
        let line = vec![b'x'; 300_000];
        for _ in 0..6 {
            log.write_all(&line).unwrap();
        }
        let length = |name: &str| {
            fs::metadata(home.path().join(FOLDER).join(name))
                .unwrap()
                .len()
        };
        assert_eq!(FILES.map(length), [600_000, 1_200_000]);
    }
}
