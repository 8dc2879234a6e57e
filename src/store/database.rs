//! One redb database: opened small and private, read behind a guard, opened anew after the
//! disk refused something.
//!
//! redb trusts its file: damaged bytes may make it panic. Opening and reading are guarded, so
//! that such a panic becomes [`Error::Damaged`]. Writing is not: a panic goes on to whoever
//! asked, and nothing more is written by this process.

use std::{
    io::{self, ErrorKind},
    mem,
    sync::{
        Arc, PoisonError, RwLock,
        atomic::{AtomicBool, Ordering},
    },
};

use redb::{Durability, ReadTransaction, ReadableDatabase as _, WriteTransaction};

use super::{Disk, Error, Part, disk::Bytes};
use crate::platform::{Opening, quiet};

/// Memory that redb may hold for the pages of one database, in bytes. A clinic of 50,000
/// patients reads well with it; more only speeds up reading the same chart again.
const PAGES_BYTES_MAX: usize = 32 * 1024 * 1024;

/// One of the two databases.
#[derive(Debug)]
pub(super) struct Database {
    part: Part,
    disk: Arc<dyn Disk>,
    state: RwLock<State>,
    /// Its pages were seen not to fit together. What can be read is read; a writing would
    /// believe them.
    is_broken: AtomicBool,
}

#[derive(Debug)]
enum State {
    Open(redb::Database),
    /// The disk refused a write, or damaged bytes stopped redb: it is opened anew for what
    /// comes next.
    Closed,
}

/// What stopped a transaction: redb, or a check of ours.
#[derive(Debug)]
pub(super) enum Fault {
    Redb(Box<redb::Error>),
    Ours(Error),
}

/// How far the bytes are believed when a database is opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Trust {
    /// As redb left them: what a power cut may do is settled at once.
    AsLeft,
    /// Not at all: every page is checked.
    Nothing,
}

impl Trust {
    /// Not at all where that takes no time.
    pub(super) fn at_first(disk: &dyn Disk, part: Part) -> Self {
        if disk.is_soon_checked(part) {
            Self::Nothing
        } else {
            Self::AsLeft
        }
    }
}

/// Where what was written is when the writing returns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kept {
    /// On disk; a power cut afterwards needs no long repair.
    OnDisk,
    /// In memory, and on disk with the next writing that goes there.
    InMemory,
}

impl Database {
    /// Opens the bytes that `disk` has for `part`; new ones where `opening` says.
    pub(super) fn open(
        part: Part,
        disk: Arc<dyn Disk>,
        opening: Opening,
        trust: Trust,
    ) -> Result<Self, Error> {
        let open = open(part, disk.as_ref(), opening, trust)?;
        Ok(Self {
            part,
            disk,
            state: RwLock::new(State::Open(open)),
            is_broken: AtomicBool::new(false),
        })
    }

    /// Reads what was committed last.
    pub(super) fn read<T>(
        &self,
        act: impl FnOnce(&ReadTransaction) -> Result<T, Fault>,
    ) -> Result<T, Error> {
        let read = self.with(|db| {
            quiet::guarded(|| {
                let txn = db.begin_read()?;
                act(&txn)
            })
        })?;
        match read {
            Ok(Ok(value)) => Ok(value),
            Ok(Err(fault)) => Err(self.settle(fault)),
            Err(quiet::Panicked) => {
                self.give_up();
                Err(self.part.damaged("its pages do not fit together"))
            }
        }
    }

    /// Writes all that `act` does, or nothing.
    pub(super) fn write<T>(
        &self,
        kept: Kept,
        act: impl FnOnce(&WriteTransaction) -> Result<T, Fault>,
    ) -> Result<T, Error> {
        if self.is_broken.load(Ordering::SeqCst) {
            return Err(self.part.damaged("nothing more is written to it"));
        }
        let unless_panicked = GivenUp(self);
        let written = self.with(|db| {
            let mut txn = db.begin_write()?;
            txn.set_durability(match kept {
                Kept::OnDisk => Durability::Immediate,
                Kept::InMemory => Durability::None,
            })?;
            txn.set_quick_repair(kept == Kept::OnDisk);
            match act(&txn) {
                Ok(value) => txn.commit().map(|()| value).map_err(Fault::from),
                Err(fault) => {
                    // The first thing that went wrong is what there is to say.
                    drop(txn.abort());
                    Err(fault)
                }
            }
        });
        mem::forget(unless_panicked);
        written?.map_err(|fault| self.settle(fault))
    }

    /// Checks every page; false when something was wrong and could be repaired.
    pub(super) fn check(&self) -> Result<bool, Error> {
        self.alone(|db| {
            let checked = quiet::guarded(|| db.check_integrity());
            let broken = self.part.damaged("its pages do not fit together");
            Ok(checked.or(Err(broken))??)
        })
    }

    /// Gives space that removed and replaced rows took back to the disk.
    pub(super) fn compact(&self) -> Result<(), Error> {
        self.alone(|db| Ok(db.compact().map(drop)?))
    }

    /// Closes it, lets `change` do something to its bytes, and opens what is there then.
    pub(super) fn remake(
        &self,
        change: impl FnOnce() -> Result<(), Error>,
    ) -> Result<(), Error> {
        let mut state = self.state.write().unwrap_or_else(PoisonError::into_inner);
        mem::replace(&mut *state, State::Closed).close();
        change()?;
        let (disk, trust) = (self.disk.as_ref(), Trust::AsLeft);
        *state = State::Open(open(self.part, disk, Opening::Either, trust)?);
        self.is_broken.store(false, Ordering::SeqCst);
        Ok(())
    }

    /// Does something that nobody else may use the database during.
    fn alone<T>(
        &self,
        act: impl FnOnce(&mut redb::Database) -> Result<T, Fault>,
    ) -> Result<T, Error> {
        let mut state = self.state.write().unwrap_or_else(PoisonError::into_inner);
        let mut db = match mem::replace(&mut *state, State::Closed) {
            State::Open(db) => db,
            State::Closed => self.open_again()?,
        };
        let done = act(&mut db);
        let open = State::Open(db);
        match done {
            Ok(value) => {
                *state = open;
                Ok(value)
            }
            Err(fault) => {
                open.close();
                Err(fault.into_error(self.part))
            }
        }
    }

    fn with<T>(&self, act: impl FnOnce(&redb::Database) -> T) -> Result<T, Error> {
        loop {
            let state = self.state.read().unwrap_or_else(PoisonError::into_inner);
            if let State::Open(db) = &*state {
                return Ok(act(db));
            }
            drop(state);
            let mut state = self.state.write().unwrap_or_else(PoisonError::into_inner);
            if let State::Closed = *state {
                *state = State::Open(self.open_again()?);
            }
        }
    }

    fn open_again(&self) -> Result<redb::Database, Error> {
        let disk = self.disk.as_ref();
        open(self.part, disk, Opening::Existing, Trust::AsLeft)
    }

    fn settle(&self, fault: Fault) -> Error {
        if let Fault::Redb(error) = &fault {
            self.is_broken.fetch_or(is_damage(error), Ordering::SeqCst);
            self.replace(State::Closed).close();
        }
        fault.into_error(self.part)
    }

    /// Lets nothing be written any more after a panic.
    fn give_up(&self) {
        self.is_broken.store(true, Ordering::SeqCst);
        // It may hold locks that nobody gives back, so it is not even closed.
        if let State::Open(stopped) = self.replace(State::Closed) {
            mem::forget(stopped);
        }
    }

    fn replace(&self, with: State) -> State {
        let mut state = self.state.write().unwrap_or_else(PoisonError::into_inner);
        mem::replace(&mut *state, with)
    }
}

/// Gives a database up when it is dropped: only a panic in a writing drops it.
struct GivenUp<'a>(&'a Database);

impl Drop for GivenUp<'_> {
    fn drop(&mut self) {
        self.0.give_up();
    }
}

impl State {
    /// Closes the file. What closing would add for speed is left out where redb stumbles.
    fn close(self) {
        quiet::guarded(|| drop(self)).unwrap_or_default();
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        self.replace(State::Closed).close();
    }
}

fn open(
    part: Part,
    disk: &dyn Disk,
    opening: Opening,
    trust: Trust,
) -> Result<redb::Database, Error> {
    let bytes = Bytes(disk.open(part, opening)?);
    let opened = quiet::guarded(|| {
        redb::Database::builder()
            .set_cache_size(PAGES_BYTES_MAX)
            .set_check_integrity_on_open(trust == Trust::Nothing)
            .create_with_backend(bytes)
    });
    match opened {
        Ok(opened) => opened.map_err(|error| Fault::from(error).into_error(part)),
        Err(quiet::Panicked) => Err(part.damaged("its pages do not fit together")),
    }
}

impl Fault {
    fn into_error(self, part: Part) -> Error {
        let error = match self {
            Self::Ours(error) => return error,
            Self::Redb(error) => *error,
        };
        if is_damage(&error) {
            return part.damaged("its tables are not as they were written");
        }
        if let redb::Error::UpgradeRequired(found) = error {
            let found = found.into();
            return Error::UnknownVersion { part, found };
        }
        let source = if let redb::Error::Io(source) = error {
            source
        } else {
            io::Error::other(error)
        };
        let not_a_database = [
            ErrorKind::InvalidData,
            ErrorKind::InvalidInput,
            ErrorKind::UnexpectedEof,
        ];
        if not_a_database.contains(&source.kind()) {
            return part.damaged("it is cut short or not a database");
        }
        Error::disk("use", part.file_name().into(), source)
    }
}

/// Whether redb found bytes that it did not write.
const fn is_damage(error: &redb::Error) -> bool {
    matches!(
        error,
        redb::Error::Corrupted(_)
            | redb::Error::LockPoisoned(_)
            | redb::Error::TableDoesNotExist(_)
            | redb::Error::TableIsMultimap(_)
            | redb::Error::TableTypeMismatch { .. }
            | redb::Error::TypeDefinitionChanged { .. }
    )
}

impl From<Error> for Fault {
    fn from(error: Error) -> Self {
        Self::Ours(error)
    }
}

macro_rules! fault_from {
    ($($error:ident),*) => {$(
        impl From<redb::$error> for Fault {
            fn from(error: redb::$error) -> Self {
                Self::Redb(Box::new(error.into()))
            }
        }
    )*};
}

fault_from!(
    CommitError,
    CompactionError,
    DatabaseError,
    SetDurabilityError,
    StorageError,
    TableError,
    TransactionError
);

#[cfg(test)]
mod tests {
    use std::panic::{AssertUnwindSafe, catch_unwind};

    use super::*;
    use crate::{store::Home, time::Timestamp};

    #[test]
    fn after_a_panic_of_ours_in_a_writing_nothing_is_written_again() {
        let folder = tempfile::TempDir::new().unwrap();
        let home = Home::create(&folder.path().join("home"), Timestamp(1)).unwrap();
        let disk: Arc<dyn Disk> = Arc::new(Arc::new(home));
        let db = Database::open(Part::Ledger, disk, Opening::New, Trust::AsLeft).unwrap();
        let panics = |_: &WriteTransaction| -> Result<(), Fault> { panic!("as asked") };
        let write = AssertUnwindSafe(|| db.write(Kept::OnDisk, panics));
        assert!(catch_unwind(write).is_err());
        let again = db.write(Kept::OnDisk, |_| Ok(()));
        assert!(matches!(again, Err(Error::Damaged { .. })), "{again:?}");
        db.read(|_| Ok(())).unwrap();
    }
}
