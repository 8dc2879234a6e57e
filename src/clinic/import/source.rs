//! Where an import reads from. Files are read twice, and are hashed as they are checked;
//! what comes through a pipe, standard input or a named one, can only be read once and is
//! held in memory.

use std::{
    fmt,
    fs::File,
    io::{self, BufReader, Cursor, Read},
    path::PathBuf,
    sync::Arc,
};

use crate::{clinic::Error, ids::Hash, seal};

/// A file, or what comes through a pipe.
#[derive(Clone, PartialEq, Eq)]
pub enum Source {
    /// A file that can be read more than once.
    File(PathBuf),
    /// Standard input.
    Pipe,
    /// What is in memory already.
    Held {
        /// What it is called in messages.
        name: String,
        /// All of it.
        bytes: Arc<[u8]>,
    },
}

/// The most that is taken through a pipe, in bytes: it is held in memory, since plain text
/// never touches the disk.
const PIPE_BYTES_MAX: u64 = 256 * 1024 * 1024;

/// A source that can be read again.
pub(super) enum Input {
    File(PathBuf),
    Held(Arc<[u8]>),
}

/// A reader that hashes what passes.
pub(super) struct Reading<R> {
    inner: R,
    hasher: seal::Hasher,
}

impl Source {
    /// What the source is called in messages.
    pub fn name(&self) -> String {
        match self {
            Self::File(path) => path.display().to_string(),
            Self::Pipe => "-".to_owned(),
            Self::Held { name, .. } => name.clone(),
        }
    }
}

impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Source({:?})", self.name())
    }
}

impl Input {
    pub(super) fn open(source: &Source) -> Result<Self, Error> {
        match source {
            Source::File(path) => {
                let failed = |error| unreadable(&source.name(), &error);
                if path.metadata().map_err(failed)?.is_file() {
                    return Ok(Self::File(path.clone()));
                }
                Self::hold(source, &mut File::open(path).map_err(failed)?)
            }
            Source::Pipe => Self::hold(source, &mut io::stdin().lock()),
            Source::Held { bytes, .. } => Ok(Self::Held(Arc::clone(bytes))),
        }
    }

    fn hold(source: &Source, pipe: &mut dyn Read) -> Result<Self, Error> {
        let mut bytes = Vec::new();
        let read = pipe.take(PIPE_BYTES_MAX + 1).read_to_end(&mut bytes);
        read.map_err(|error| unreadable(&source.name(), &error))?;
        if bytes.len() as u64 > PIPE_BYTES_MAX {
            let why = "more than 256 MiB came through the pipe: name the file instead";
            return Err(Error::Refused(why.to_owned()));
        }
        Ok(Self::Held(bytes.into()))
    }

    pub(super) fn reader(&self) -> Result<Box<dyn Read>, Error> {
        match self {
            Self::File(path) => match File::open(path) {
                Ok(file) => Ok(Box::new(BufReader::with_capacity(256 * 1024, file))),
                Err(error) => Err(unreadable(&path.display().to_string(), &error)),
            },
            Self::Held(bytes) => Ok(Box::new(Cursor::new(Arc::clone(bytes)))),
        }
    }
}

impl<R: Read> Reading<R> {
    pub(super) fn new(inner: R) -> Self {
        Self {
            inner,
            hasher: seal::Hasher::default(),
        }
    }

    /// The hash of all that was read.
    pub(super) fn hash(&self) -> Hash {
        self.hasher.finish()
    }
}

impl<R: Read> Read for Reading<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let length = self.inner.read(into)?;
        self.hasher.update(into.get(..length).unwrap_or_default());
        Ok(length)
    }
}

fn unreadable(name: &str, error: &io::Error) -> Error {
    Error::Refused(format!("`{name}` cannot be read: {error}"))
}
