//! Bytes on disk. Two databases stand in the clinic's folder: the *ledger*, the truth, which
//! holds signed and sealed envelopes; and the *cache*, which holds what is worked out from
//! them, sealed, and can be thrown away. What [`Store::append`] was given is on disk when it
//! returns. `docs/design/store.md` draws the bytes.

mod batch;
mod branches;
mod cache;
mod database;
mod disk;
mod envelopes;
mod error;
mod home;
mod place;
mod rows;
mod shelf;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

pub use batch::{CacheBatch, Indexed, Table};
pub use branches::{Branch, Stretch};
pub use cache::Applied;
pub use disk::{Disk, StorageBackend};
pub use envelopes::{Counts, MetaWrite, NewEnvelope};
pub use error::{Error, Part};
pub use home::{Home, RESERVE_BYTES};
pub use shelf::{Shelf, Shelved};
use zeroize::Zeroizing;

use self::{cache::Cache, envelopes::Envelopes};
use crate::{
    ids::{DocId, LogId},
    ledger::{Frontier, Header, Lane, Place},
    seal::Secret,
};

/// The clinic's two databases.
#[derive(Debug)]
pub struct Store {
    envelopes: Envelopes,
    cache: Cache,
    disk: Arc<dyn Disk>,
    reserve_spent: AtomicBool,
    /// Places that could not be read.
    lost: Mutex<BTreeSet<Place>>,
    opened: Opened,
}

/// What was noticed when the store was opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Opened {
    /// The ledger did not fit together as it was left; every page was checked, and it does.
    pub checked: bool,
    /// The cache was damaged or from another version. It is empty now.
    pub cache_lost: bool,
}

impl Store {
    /// Makes the databases of a new clinic.
    pub fn create(home: Arc<Home>) -> Result<Self, Error> {
        Self::create_with(Arc::new(home))
    }

    /// Opens the databases of a clinic.
    pub fn open(home: Arc<Home>) -> Result<Self, Error> {
        Self::open_with(Arc::new(home))
    }

    /// As [`Store::create`], on any disk.
    pub fn create_with(disk: Arc<dyn Disk>) -> Result<Self, Error> {
        let envelopes = Envelopes::create(Arc::clone(&disk))?;
        let cache = Cache::create(&disk)?;
        Ok(Self {
            envelopes,
            cache,
            disk,
            reserve_spent: AtomicBool::new(false),
            lost: Mutex::default(),
            opened: Opened::default(),
        })
    }

    /// As [`Store::open`], on any disk.
    pub fn open_with(disk: Arc<dyn Disk>) -> Result<Self, Error> {
        let (envelopes, checked) = Envelopes::open(&disk)?;
        let (cache, cache_lost) = match Cache::open(&disk, &envelopes.frontier()?) {
            Err(Error::Damaged { .. } | Error::UnknownVersion { .. }) => {
                (Cache::create(&disk)?, true)
            }
            opened => (opened?, false),
        };
        let moved = envelopes.moved()?;
        let cache_lost = cache_lost || cache.moved()? != moved;
        if cache_lost {
            cache.reset(moved)?;
        }
        Ok(Self {
            envelopes,
            cache,
            disk,
            // Whether it is all there is asked before the first writing.
            reserve_spent: AtomicBool::new(true),
            lost: Mutex::default(),
            opened: Opened {
                checked,
                cache_lost,
            },
        })
    }

    /// What is held of another clinic that shares something here, by its name; made where
    /// there is nothing yet.
    pub fn shelf(&self, name: &str) -> Result<Shelf, Error> {
        Shelf::open(self.disk.beside(name)?)
    }

    /// What was noticed when the store was opened.
    pub const fn opened(&self) -> Opened {
        self.opened
    }

    /// Keeps envelopes, each the next of its lane, and other rows of the ledger with them:
    /// all or nothing, and on disk when this returns. An envelope that is there already is
    /// passed over. After an error the frontier may have moved or not: read it again.
    pub fn append(
        &self,
        envelopes: &[NewEnvelope<'_>],
        changes: &[MetaWrite],
    ) -> Result<(), Error> {
        if self.reserve_spent.load(Ordering::SeqCst) {
            self.disk.keep_reserve()?;
            self.reserve_spent.store(false, Ordering::SeqCst);
        }
        self.envelopes.append(envelopes, changes)?;
        self.after_moves(changes)
    }

    /// As [`Store::append`], for the audit of reading alone: when the disk is full, it goes
    /// on with the space that was set aside.
    pub fn append_audit(
        &self,
        envelopes: &[NewEnvelope<'_>],
        changes: &[MetaWrite],
    ) -> Result<(), Error> {
        match self.envelopes.append(envelopes, changes) {
            Err(Error::Full) => {
                self.reserve_spent.store(true, Ordering::SeqCst);
                self.disk.release_reserve()?;
                self.envelopes.append(envelopes, changes)?;
            }
            done => done?,
        }
        self.after_moves(changes)
    }

    /// Puts envelopes back in whose place nothing can be read. Whoever calls has held them
    /// against the chain; those that can be read are passed over.
    pub fn mend(&self, envelopes: &[NewEnvelope<'_>]) -> Result<(), Error> {
        self.envelopes.mend(envelopes)?;
        for envelope in envelopes {
            self.lost().remove(&envelope.place);
        }
        Ok(())
    }

    /// The places that could not be read when they were last asked for, and those of which
    /// it is known that nothing stands there.
    pub fn holes(&self) -> Result<BTreeSet<Place>, Error> {
        let mut holes = self.envelopes.holes()?;
        holes.extend(self.lost().iter().copied());
        Ok(holes)
    }

    /// Changes what stands in a place, as a bad disk may.
    #[cfg(test)]
    pub(crate) fn damage(&self, place: Place) -> Result<(), Error> {
        self.envelopes.damage(place)
    }

    /// Every chain that is kept, by the name that it is kept under: the log's, or a branch's.
    pub fn stretches(&self) -> Result<BTreeMap<(LogId, Lane), Stretch>, Error> {
        self.envelopes.stretches()
    }

    /// The logs of which branches are held.
    pub fn forked(&self) -> BTreeSet<LogId> {
        self.envelopes.forked()
    }

    /// Whether an envelope with this header stands in this place. The headers of a branch
    /// name the log that it is a branch of.
    pub fn is_at(&self, place: Place, header: &Header) -> bool {
        self.envelopes.is_at(place, header)
    }

    /// The envelope in this place, or nothing past its lane's end.
    pub fn envelope(&self, place: Place) -> Result<Option<Vec<u8>>, Error> {
        self.noting(place, self.envelopes.envelope(place))
    }

    /// The next envelopes of a lane with their numbers, from `from` on, some at a time; none
    /// past its end. An error when the first of them is damaged; those after it can be read.
    pub fn envelopes(&self, from: Place) -> Result<Vec<(u64, Vec<u8>)>, Error> {
        self.noting(from, self.envelopes.run(from))
    }

    /// How far each lane reaches.
    pub fn frontier(&self) -> Result<Frontier, Error> {
        self.envelopes.frontier()
    }

    /// How much there is.
    pub fn counts(&self) -> Result<Counts, Error> {
        self.envelopes.counts()
    }

    /// The small row of this name.
    pub fn meta(&self, name: &str) -> Result<Option<Vec<u8>>, Error> {
        self.envelopes.meta(name)
    }

    /// The names of small rows that begin with `prefix`, sorted.
    pub fn meta_names(&self, prefix: &str) -> Result<Vec<String>, Error> {
        self.envelopes.meta_names(prefix)
    }

    /// The audit entries of a log that are in no envelope yet, with their numbers.
    pub fn open_audit(&self, log: LogId) -> Result<Vec<(u64, Vec<u8>)>, Error> {
        self.envelopes.open_audit(log)
    }

    /// Writes to the cache, all or nothing, for now perhaps in memory only. After an error
    /// the cache may be older than it was: go on from [`Store::applied`].
    pub fn cache_write(&self, batch: &CacheBatch<'_>) -> Result<(), Error> {
        self.cache.write(batch)
    }

    /// Brings all that was written to the cache to the disk.
    pub fn checkpoint(&self) -> Result<(), Error> {
        self.cache.checkpoint()
    }

    /// A row of the cache. One that does not open means that the cache is lost.
    pub fn cache_get(
        &self,
        table: Table,
        key: &[u8],
        secret: &Secret,
    ) -> Result<Option<Zeroizing<Vec<u8>>>, Error> {
        self.cache.get(table, key, secret)
    }

    /// Calls `each` with the key and the opened bytes of every row whose key begins with
    /// `prefix`, in the order of the keys.
    pub fn cache_scan(
        &self,
        table: Table,
        prefix: &[u8],
        secret: &Secret,
        each: impl FnMut(&[u8], &[u8]),
    ) -> Result<(), Error> {
        self.cache.scan(table, prefix, secret, each)
    }

    /// The envelopes that changed a document, in the order in which they came into the index.
    pub fn of_doc(&self, doc: DocId) -> Result<Vec<Indexed>, Error> {
        self.cache.of_doc(doc)
    }

    /// How many envelopes in the index changed a document.
    pub fn len_of(&self, doc: DocId) -> Result<usize, Error> {
        self.cache.len_of(doc)
    }

    /// Whether the rows of a document hold less than the index has.
    pub fn is_stale(&self, doc: DocId) -> Result<bool, Error> {
        self.cache.is_stale(doc)
    }

    /// Some of the documents that are stale since something came in this lane, behind `after`.
    pub fn stale(
        &self,
        lane: Lane,
        after: Option<DocId>,
        len_max: usize,
    ) -> Result<Vec<DocId>, Error> {
        self.cache.stale(lane, after, len_max)
    }

    /// How far the index has come in each lane that holds documents. The ledger may be
    /// further.
    pub fn applied(&self) -> Result<Applied, Error> {
        self.cache.applied()
    }

    /// Throws the cache away: [`Store::applied`] is empty then, and all is worked out again.
    pub fn reset_cache(&self) -> Result<(), Error> {
        self.cache.reset(self.envelopes.moved()?)
    }

    /// Checks every page of the ledger or of the cache, which waits for nobody else to use
    /// it; false when something was wrong and could be repaired.
    pub fn verify_file(&self, part: Part) -> Result<bool, Error> {
        match part {
            Part::Cache => self.cache.check(),
            Part::Ledger | Part::Format | Part::File => self.envelopes.check(),
        }
    }

    /// Gives the space of removed and replaced rows back to the disk, after a large import or
    /// an erasure. Nobody else can use the store meanwhile.
    pub fn compact(&self) -> Result<(), Error> {
        self.envelopes.compact()?;
        self.cache.compact()
    }

    /// What the cache says of places is of no use once envelopes got other names.
    fn after_moves(&self, changes: &[MetaWrite]) -> Result<(), Error> {
        let moves = |it: &MetaWrite| matches!(it, MetaWrite::Branch(it) if it.tail);
        if changes.iter().any(moves) {
            self.reset_cache()?;
        }
        Ok(())
    }

    fn noting<T>(&self, place: Place, read: Result<T, Error>) -> Result<T, Error> {
        if matches!(read, Err(Error::Damaged { .. })) {
            self.lost().insert(place);
        }
        read
    }

    fn lost(&self) -> MutexGuard<'_, BTreeSet<Place>> {
        self.lost.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
