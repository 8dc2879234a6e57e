//! The cache: what would take long to work out again from the ledger. Rows of people's data
//! are sealed by their table and key; which envelopes a document has, and how far the cache
//! has come, are as public as the headers that they repeat.
//!
//! Most writings stay in memory for a while: after a power cut the cache is older, never
//! half-written, and [`Cache::applied`] says from where to go on.

use std::{
    collections::BTreeMap,
    ops::{Bound, ControlFlow},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use redb::{ReadTransaction, ReadableTableMetadata as _, WriteTransaction};
use zeroize::Zeroizing;

use super::{
    Disk, Error, Part,
    batch::{
        APPLIED, CacheBatch, INDEX, Indexed, STALE, Table, WAITING, index_key, len_to,
        read_number, stale_key, stale_keys,
    },
    database::{Database, Fault, Kept, Trust},
    place::read_lane_key,
    rows::Rows,
};
use crate::{
    ids::{DocId, LogId},
    ledger::{Frontier, Lane},
    platform::Opening,
    seal::{self, Secret},
};

const FORMAT: Rows = Rows::new(Part::Cache, "format");

const VERSION_NAME: &[u8] = b"cache";
const MOVED_NAME: &[u8] = b"moved";
const VERSION: u32 = 6;
/// Writings between two that reach the disk at once. With more, a power cut costs more
/// seconds of catching up; with fewer, saving waits for the disk more often.
const WRITINGS_IN_MEMORY_MAX: u64 = 64;
/// Rows of a scan that are in memory at a time, and their bytes, but for one more.
const CHUNK_ROWS_MAX: usize = 512;
const CHUNK_BYTES_MAX: usize = 1024 * 1024;

/// How far the index has come in each lane: the number of the last envelope in it.
pub type Applied = BTreeMap<(LogId, Lane), u64>;

/// The key and the sealed bytes of a row.
type SealedRow = (Vec<u8>, Vec<u8>);

/// The cache's tables.
#[derive(Debug)]
pub(super) struct Cache {
    db: Database,
    disk: Arc<dyn Disk>,
    /// All writings so far.
    writings: AtomicU64,
    /// Writings up to the last that reached the disk.
    on_disk: AtomicU64,
}

impl Cache {
    /// Makes an empty cache in place of whatever is there.
    pub(super) fn create(disk: &Arc<dyn Disk>) -> Result<Self, Error> {
        disk.clear_cache()?;
        let db =
            Database::open(Part::Cache, Arc::clone(disk), Opening::New, Trust::AsLeft)?;
        db.write(Kept::OnDisk, make_tables)?;
        Ok(Self::of(db, disk))
    }

    /// Opens the cache of a ledger that reaches as far as `frontier`. One that is damaged,
    /// or knows more than the ledger, is an error like any damage.
    pub(super) fn open(disk: &Arc<dyn Disk>, frontier: &Frontier) -> Result<Self, Error> {
        let trust = Trust::at_first(disk.as_ref(), Part::Cache);
        let db = Database::open(Part::Cache, Arc::clone(disk), Opening::Existing, trust)?;
        db.read(|txn| fit_together(txn, frontier))?;
        Ok(Self::of(db, disk))
    }

    /// How often envelopes of the ledger had got another name when the cache was begun: what
    /// it says of places is of no use once that happened again.
    pub(super) fn moved(&self) -> Result<u64, Error> {
        let row = self.db.read(|txn| FORMAT.get(txn, MOVED_NAME))?;
        Ok(row.as_deref().and_then(read_number).unwrap_or(0))
    }

    /// Throws everything away, and begins the cache of a ledger whose envelopes got another
    /// name so often.
    pub(super) fn reset(&self, moved: u64) -> Result<(), Error> {
        self.db.remake(|| self.disk.clear_cache())?;
        self.db.write(Kept::OnDisk, |txn| {
            make_tables(txn)?;
            FORMAT.write(txn)?.put(MOVED_NAME, &moved.to_be_bytes())
        })
    }

    pub(super) fn write(&self, batch: &CacheBatch<'_>) -> Result<(), Error> {
        let now = self.writings.fetch_add(1, Ordering::SeqCst) + 1;
        let in_memory = now - self.on_disk.load(Ordering::SeqCst).min(now);
        let kept = if in_memory < WRITINGS_IN_MEMORY_MAX {
            Kept::InMemory
        } else {
            Kept::OnDisk
        };
        self.db.write(kept, |txn| batch.write(txn))?;
        if kept == Kept::OnDisk {
            self.on_disk.fetch_max(now, Ordering::SeqCst);
        }
        Ok(())
    }

    pub(super) fn checkpoint(&self) -> Result<(), Error> {
        let now = self.writings.load(Ordering::SeqCst);
        if self.on_disk.load(Ordering::SeqCst) < now {
            self.db.write(Kept::OnDisk, |_| Ok(()))?;
            self.on_disk.fetch_max(now, Ordering::SeqCst);
        }
        Ok(())
    }

    pub(super) fn get(
        &self,
        table: Table,
        key: &[u8],
        secret: &Secret,
    ) -> Result<Option<Zeroizing<Vec<u8>>>, Error> {
        let row = self.db.read(|txn| {
            let rows = txn.open_table(table.definition())?;
            Ok(rows.get(key)?.map(|row| row.value().to_vec()))
        })?;
        row.map(|row| open_row(table, key, &row, secret))
            .transpose()
    }

    pub(super) fn scan(
        &self,
        table: Table,
        prefix: &[u8],
        secret: &Secret,
        mut each: impl FnMut(&[u8], &[u8]),
    ) -> Result<(), Error> {
        let writings = self.writings.load(Ordering::SeqCst);
        let mut seen = 0;
        let mut after = None;
        loop {
            let chunk = self
                .db
                .read(|txn| sealed(txn, table, prefix, after.as_deref()))?;
            for (key, row) in &chunk {
                each(key, &open_row(table, key, row, secret)?);
                seen += 1;
            }
            match chunk.into_iter().next_back() {
                Some((key, _)) => after = Some(key),
                None => break,
            }
        }
        let counted =
            |txn: &ReadTransaction| Ok(txn.open_table(table.definition())?.len()?);
        let is_missing = prefix.is_empty() && self.db.read(counted)? != seen;
        if is_missing && self.writings.load(Ordering::SeqCst) == writings {
            return Err(Part::Cache.damaged("rows are missing"));
        }
        Ok(())
    }

    pub(super) fn of_doc(&self, doc: DocId) -> Result<Vec<Indexed>, Error> {
        let missing = || Part::Cache.damaged("an entry of a document is missing");
        self.db.read(|txn| {
            let mut found = Vec::new();
            INDEX.each_from(txn, doc.as_bytes(), |key, value| {
                if !key.starts_with(doc.as_bytes()) {
                    return Ok(ControlFlow::Break(()));
                }
                if key != index_key(doc, found.len() as u64) {
                    return Err(missing().into());
                }
                found.push(Indexed::read(value).ok_or_else(missing)?);
                Ok(ControlFlow::Continue(()))
            })?;
            Ok(found)
        })
    }

    pub(super) fn len_of(&self, doc: DocId) -> Result<usize, Error> {
        self.db.read(|txn| {
            let last = INDEX.last_key_to(txn, &index_key(doc, u64::MAX))?;
            let len = len_to(doc, last.as_deref());
            Ok(usize::try_from(len).unwrap_or(usize::MAX))
        })
    }

    pub(super) fn is_stale(&self, doc: DocId) -> Result<bool, Error> {
        self.db.read(|txn| {
            for key in stale_keys(doc) {
                if STALE.get(txn, &key)?.is_some() {
                    return Ok(true);
                }
            }
            Ok(false)
        })
    }

    pub(super) fn stale(
        &self,
        lane: Lane,
        after: Option<DocId>,
        len_max: usize,
    ) -> Result<Vec<DocId>, Error> {
        let unread = || Part::Cache.damaged("an entry does not read");
        self.db.read(|txn| {
            let mut found = Vec::new();
            let first = stale_key(lane, after.unwrap_or(DocId::ZERO));
            STALE.each_from(txn, &first, |key, _| {
                let of_lane = key.strip_prefix(&[lane.number()]);
                let Some(doc) = of_lane.filter(|_| found.len() < len_max) else {
                    return Ok(ControlFlow::Break(()));
                };
                let doc = DocId::from_slice(doc).ok_or_else(unread)?;
                if after != Some(doc) {
                    found.push(doc);
                }
                Ok(ControlFlow::Continue(()))
            })?;
            Ok(found)
        })
    }

    pub(super) fn applied(&self) -> Result<Applied, Error> {
        self.db.read(applied)
    }

    pub(super) fn check(&self) -> Result<bool, Error> {
        self.db.check()
    }

    pub(super) fn compact(&self) -> Result<(), Error> {
        self.db.compact()
    }

    fn of(db: Database, disk: &Arc<dyn Disk>) -> Self {
        Self {
            db,
            disk: Arc::clone(disk),
            writings: AtomicU64::new(0),
            on_disk: AtomicU64::new(0),
        }
    }
}

fn make_tables(txn: &WriteTransaction) -> Result<(), Fault> {
    for table in Table::ALL {
        txn.open_table(table.definition())?;
    }
    for table in [INDEX, APPLIED, STALE, WAITING] {
        table.write(txn)?;
    }
    FORMAT.write(txn)?.put(VERSION_NAME, &VERSION.to_be_bytes())
}

fn fit_together(txn: &ReadTransaction, frontier: &Frontier) -> Result<(), Fault> {
    if FORMAT.get(txn, VERSION_NAME)?.as_deref() != Some(&VERSION.to_be_bytes()) {
        return Err(Part::Cache.damaged("its version is not this one's").into());
    }
    let is_ahead = |(run, seq): (&(LogId, Lane), &u64)| {
        frontier.get(run).is_none_or(|(end, _)| end < seq)
    };
    if applied(txn)?.iter().any(is_ahead) {
        return Err(Part::Cache.damaged("it knows more than the ledger").into());
    }
    Ok(())
}

fn applied(txn: &ReadTransaction) -> Result<Applied, Fault> {
    let mut applied = Applied::new();
    APPLIED.each(txn, |key, value| {
        let seq = read_number(value);
        let (run, seq) = read_lane_key(key)
            .zip(seq)
            .ok_or(Part::Cache.damaged("an entry does not read"))?;
        applied.insert(run, seq);
        Ok(())
    })?;
    Ok(applied)
}

/// The next sealed rows whose keys begin with `prefix`, past the key `after`.
fn sealed(
    txn: &ReadTransaction,
    table: Table,
    prefix: &[u8],
    after: Option<&[u8]>,
) -> Result<Vec<SealedRow>, Fault> {
    let rows = txn.open_table(table.definition())?;
    let first = after.map_or(Bound::Included(prefix), Bound::Excluded);
    let mut found = Vec::new();
    let mut bytes_read = 0;
    for row in rows.range::<&[u8]>((first, Bound::Unbounded))? {
        let (key, row) = row?;
        let is_full = found.len() >= CHUNK_ROWS_MAX || bytes_read >= CHUNK_BYTES_MAX;
        if is_full || !key.value().starts_with(prefix) {
            break;
        }
        bytes_read += row.value().len();
        found.push((key.value().to_vec(), row.value().to_vec()));
    }
    Ok(found)
}

fn open_row(
    table: Table,
    key: &[u8],
    row: &[u8],
    secret: &Secret,
) -> Result<Zeroizing<Vec<u8>>, Error> {
    seal::open_row(secret, &table.ad(key), row)
        .or(Err(Part::Cache.damaged("a row does not open")))
}
