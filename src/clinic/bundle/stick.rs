//! The folder that a bundle is written to: whole files or none, whatever becomes of it.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, BufWriter, ErrorKind},
    path::{Path, PathBuf},
};

use crate::{clinic::Error, platform, store, sync::bundle};

/// What a file is called until all of it is on the stick.
const NEW_SUFFIX: &str = ".new";
/// What is gathered before it is written, in bytes: sticks are slow at small pieces.
const BUFFER_BYTES: usize = 256 * 1024;
/// What the files of a stick take beyond their bytes, at most: their last blocks, and names.
const ROOM_BYTES: u64 = 256 * 1024;

/// Why a file was not filled.
pub(super) enum Unfilled {
    /// What is written there.
    Bundle(bundle::Error),
    /// What it is read from.
    Clinic(Error),
}

/// A folder on a stick, and what was written there. What is not finished is taken away.
pub(super) struct Stick {
    folder: PathBuf,
    /// Each file under the name that it has now.
    written: Vec<PathBuf>,
    bytes: u64,
}

impl Stick {
    /// A folder with room for so many bytes.
    pub(super) fn new(folder: &Path, bytes: u64) -> Result<Self, Error> {
        if !folder.is_dir() {
            let why = format!("there is no folder `{}`", folder.display());
            return Err(Error::Refused(why));
        }
        let needed = bytes
            .saturating_add(bytes / 1024)
            .saturating_add(ROOM_BYTES);
        if let Some(free) = platform::free_bytes(folder)
            && free < needed
        {
            return Err(full(folder, Some((needed, free))));
        }
        Ok(Self {
            folder: folder.to_owned(),
            written: Vec::new(),
            bytes: 0,
        })
    }

    /// Writes a file, under another name until [`Stick::finish`].
    pub(super) fn write(
        &mut self,
        name: &str,
        write: impl FnOnce(BufWriter<File>) -> Result<BufWriter<File>, Unfilled>,
    ) -> Result<(), Error> {
        let path = self.folder.join(format!("{name}{NEW_SUFFIX}"));
        let mut options = OpenOptions::new();
        // No modes: a stick knows none, and what is inside is sealed.
        let file = options.write(true).create_new(true).open(&path);
        let file = file.map_err(|error| self.failed(&path, error))?;
        self.written.push(path.clone());
        let file = write(BufWriter::with_capacity(BUFFER_BYTES, file));
        let file = file.map_err(|error| match error {
            Unfilled::Bundle(bundle::Error::Write(source)) => self.failed(&path, source),
            Unfilled::Bundle(bundle::Error::Contents { .. }) => {
                let why = "the ledger changed while it was read; try again";
                Error::Refused(why.to_owned())
            }
            Unfilled::Bundle(other) => Error::Refused(other.to_string()),
            Unfilled::Clinic(error) => error,
        })?;
        let synced = file.into_inner().map_err(io::Error::from);
        let synced = synced.and_then(|file| {
            file.sync_all()?;
            file.metadata()
        });
        self.bytes += synced.map_err(|error| self.failed(&path, error))?.len();
        Ok(())
    }

    /// Gives the files their names; they are on the stick when this returns.
    pub(super) fn finish(mut self) -> Result<(Vec<PathBuf>, u64), Error> {
        for path in &mut self.written {
            let named = path.with_extension("");
            if let Err(error) = fs::rename(&path, &named) {
                let failed = store::Error::disk("name", path.clone(), error);
                return Err(failed.into());
            }
            *path = named;
        }
        match platform::sync_folder(&self.folder) {
            // Some sticks cannot; what was written to the file is there all the same.
            Err(error) if cannot_sync(&error) => {}
            synced => synced.map_err(|error| self.failed(&self.folder, error))?,
        }
        Ok((std::mem::take(&mut self.written), self.bytes))
    }

    fn failed(&self, path: &Path, error: io::Error) -> Error {
        let error = store::Error::disk("write", path.to_owned(), error);
        if matches!(error, store::Error::Full) {
            return full(&self.folder, None);
        }
        error.into()
    }
}

impl From<bundle::Error> for Unfilled {
    fn from(error: bundle::Error) -> Self {
        Self::Bundle(error)
    }
}

impl From<Error> for Unfilled {
    fn from(error: Error) -> Self {
        Self::Clinic(error)
    }
}

impl Drop for Stick {
    fn drop(&mut self) {
        for path in &self.written {
            drop(fs::remove_file(path));
        }
    }
}

fn cannot_sync(error: &io::Error) -> bool {
    [ErrorKind::InvalidInput, ErrorKind::Unsupported].contains(&error.kind())
}

fn full(folder: &Path, sizes: Option<(u64, u64)>) -> Error {
    let sizes = sizes.map_or_else(String::new, |(needed, free)| {
        format!("; {needed} bytes are needed, {free} are free")
    });
    let folder = folder.display();
    Error::Refused(format!("`{folder}` is full: nothing was left there{sizes}"))
}
