//! Where the two databases' bytes stand: files in the clinic's folder, or whatever a test
//! puts in their place.

use std::{
    fmt, fs, io,
    path::{Path, PathBuf},
    sync::Arc,
};

pub use redb::StorageBackend;
use redb::backends::FileBackend;

use super::{Error, Home, Part};
use crate::platform::{self, Opening};

/// A database of up to so many bytes is checked whole whenever it is opened, in about a
/// tenth of a second. A larger one is checked when something in it does not fit, and when
/// [`super::Store::verify_file`] is asked to.
const SOON_CHECKED_BYTES_MAX: u64 = 32 * 1024 * 1024;

/// Where the two databases' bytes stand.
pub trait Disk: fmt::Debug + Send + Sync {
    /// Opens the bytes of the ledger or of the cache; makes empty ones where `opening` says.
    fn open(
        &self,
        part: Part,
        opening: Opening,
    ) -> Result<Box<dyn StorageBackend>, Error>;

    /// Whether all of the bytes can be checked without anybody waiting for it. redb believes
    /// what it does not check, and a wrong map of free space would make it write over rows.
    fn is_soon_checked(&self, part: Part) -> bool;

    /// Throws the cache's bytes away.
    fn clear_cache(&self) -> Result<(), Error>;

    /// Gives space set aside back, so that a little more can be written on a full disk.
    fn release_reserve(&self) -> Result<(), Error>;

    /// Sets that space aside again; [`Error::Full`] while there is none.
    fn keep_reserve(&self) -> Result<(), Error>;

    /// Where what another clinic shares stands: bytes of its own, by that clinic's name.
    fn beside(&self, clinic: &str) -> Result<Arc<dyn Disk>, Error>;
}

/// The folder of what other clinics share, in the home.
const BESIDE: &str = "guests";

/// A folder of one other clinic. The space set aside is the home's.
#[derive(Debug)]
struct Beside {
    home: Arc<Home>,
    folder: PathBuf,
}

impl Disk for Arc<Home> {
    fn open(
        &self,
        part: Part,
        opening: Opening,
    ) -> Result<Box<dyn StorageBackend>, Error> {
        open_file(self.path(), part, opening)
    }

    fn is_soon_checked(&self, part: Part) -> bool {
        is_small(self.path(), part)
    }

    fn clear_cache(&self) -> Result<(), Error> {
        self.remove(Part::Cache.file_name())
    }

    fn release_reserve(&self) -> Result<(), Error> {
        Home::release_reserve(self)
    }

    fn keep_reserve(&self) -> Result<(), Error> {
        Home::keep_reserve(self)
    }

    fn beside(&self, clinic: &str) -> Result<Arc<dyn Disk>, Error> {
        let folder = self.folder_in(BESIDE, clinic)?;
        let home = Self::clone(self);
        Ok(Arc::new(Beside { home, folder }))
    }
}

impl Disk for Beside {
    fn open(
        &self,
        part: Part,
        opening: Opening,
    ) -> Result<Box<dyn StorageBackend>, Error> {
        open_file(&self.folder, part, opening)
    }

    fn is_soon_checked(&self, part: Part) -> bool {
        is_small(&self.folder, part)
    }

    fn clear_cache(&self) -> Result<(), Error> {
        Ok(())
    }

    fn release_reserve(&self) -> Result<(), Error> {
        Home::release_reserve(&self.home)
    }

    fn keep_reserve(&self) -> Result<(), Error> {
        Home::keep_reserve(&self.home)
    }

    fn beside(&self, clinic: &str) -> Result<Arc<dyn Disk>, Error> {
        self.home.beside(clinic)
    }
}

fn open_file(
    folder: &Path,
    part: Part,
    opening: Opening,
) -> Result<Box<dyn StorageBackend>, Error> {
    let path = folder.join(part.file_name());
    let file = platform::open_private(&path, opening)
        .and_then(|file| platform::sync_folder(folder).map(|()| file))
        .map_err(|source| {
            if source.kind() == io::ErrorKind::NotFound {
                part.damaged("the file is missing")
            } else {
                Error::disk("open", path, source)
            }
        })?;
    let backend = FileBackend::new(file).or(Err(part.damaged("not a file of bytes")))?;
    Ok(Box::new(backend))
}

fn is_small(folder: &Path, part: Part) -> bool {
    let file = fs::metadata(folder.join(part.file_name()));
    file.is_ok_and(|it| it.len() <= SOON_CHECKED_BYTES_MAX)
}

/// A backend of any kind, as redb takes it. The folder's lock keeps others out; redb's own
/// locks are not used.
#[derive(Debug)]
pub(super) struct Bytes(pub(super) Box<dyn StorageBackend>);

impl StorageBackend for Bytes {
    fn len(&self) -> io::Result<u64> {
        self.0.len()
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        self.0.read(offset, out)
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        self.0.set_len(len)
    }

    fn sync_data(&self) -> io::Result<()> {
        self.0.sync_data()
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        self.0.write(offset, data)
    }

    fn close(&self) -> io::Result<()> {
        self.0.close()
    }
}
