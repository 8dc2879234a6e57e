//! What another clinic shares: a database of its own for each, of envelopes by document, log
//! and number, with gaps. All that stands in it is sealed, or signed and open to whoever has
//! the disk; it is no part of the ledger, of its backups or of what other machines get.

use std::{
    collections::BTreeSet,
    ops::ControlFlow::{Break, Continue},
    sync::Arc,
};

use super::{
    Disk, Error, Part,
    database::{Database, Fault, Kept, Trust},
    rows::Rows,
};
use crate::{
    ids::{DocId, Hash, LogId},
    platform::Opening,
};

const ENVELOPES: Rows = Rows::new(Part::Ledger, "shared");
const META: Rows = Rows::new(Part::Ledger, "meta");

/// The small row that says which version of these tables this is.
const VERSION_NAME: &[u8] = b"shelf";
const VERSION: u32 = 1;
/// How much of a hash stands in a key: two envelopes of one number are two branches.
const MARK_LEN: usize = 8;
const KEY_LEN: usize = DocId::LEN + LogId::LEN + 8 + MARK_LEN;

/// What is held of one other clinic.
#[derive(Debug)]
pub struct Shelf {
    db: Database,
}

/// Where an envelope stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Shelved {
    /// The document that it changes; zero for what changes none.
    pub doc: DocId,
    /// The log that it names.
    pub log: LogId,
    /// Its number there.
    pub seq: u64,
    /// The start of its hash.
    pub mark: [u8; MARK_LEN],
}

impl Shelved {
    /// Where the envelope of this hash stands.
    pub fn new(doc: DocId, log: LogId, seq: u64, hash: Hash) -> Self {
        let mark = hash.as_bytes().first_chunk().copied().unwrap_or_default();
        Self {
            doc,
            log,
            seq,
            mark,
        }
    }

    fn key(self) -> Vec<u8> {
        let seq = self.seq.to_be_bytes();
        let parts: [&[u8]; 4] =
            [self.doc.as_bytes(), self.log.as_bytes(), &seq, &self.mark];
        parts.concat()
    }

    fn from_key(key: &[u8]) -> Option<Self> {
        let key: &[u8; KEY_LEN] = key.try_into().ok()?;
        let (doc, rest) = key.split_first_chunk()?;
        let (log, rest) = rest.split_first_chunk()?;
        let (seq, mark) = rest.split_first_chunk()?;
        Some(Self {
            doc: DocId::from_bytes(*doc),
            log: LogId::from_bytes(*log),
            seq: u64::from_be_bytes(*seq),
            mark: mark.try_into().ok()?,
        })
    }
}

impl Shelf {
    /// Opens it, or makes it.
    pub fn open(disk: Arc<dyn Disk>) -> Result<Self, Error> {
        let trust = Trust::at_first(disk.as_ref(), Part::Ledger);
        let db = Database::open(Part::Ledger, disk, Opening::Either, trust)?;
        db.write(Kept::OnDisk, |txn| {
            ENVELOPES.write(txn)?;
            let mut meta = META.write(txn)?;
            match meta.get(VERSION_NAME)?.as_deref() {
                None => meta.put(VERSION_NAME, &VERSION.to_be_bytes()),
                Some(version) if version == VERSION.to_be_bytes() => Ok(()),
                Some(version) => {
                    let found = version.first_chunk();
                    let found = found.map_or(0, |it| u32::from_be_bytes(*it));
                    let part = Part::Ledger;
                    Err(Error::UnknownVersion { part, found }.into())
                }
            }
        })?;
        Ok(Self { db })
    }

    /// Keeps envelopes and small rows, all or nothing; on disk when this returns.
    pub fn put(
        &self,
        envelopes: &[(Shelved, Vec<u8>)],
        rows: &[(&str, Vec<u8>)],
    ) -> Result<(), Error> {
        self.db.write(Kept::OnDisk, |txn| {
            let mut table = ENVELOPES.write(txn)?;
            for (at, bytes) in envelopes {
                table.put(&at.key(), bytes)?;
            }
            let mut meta = META.write(txn)?;
            for (name, bytes) in rows {
                meta.put(name.as_bytes(), bytes)?;
            }
            Ok(())
        })
    }

    /// Throws away what is held of a document.
    pub fn forget(&self, doc: DocId) -> Result<(), Error> {
        self.db.write(Kept::OnDisk, |txn| {
            let first = doc.as_bytes().as_slice();
            let last = [first, &[0xff; KEY_LEN - DocId::LEN]].concat();
            ENVELOPES.write(txn)?.remove_range(first, &last)
        })
    }

    /// Whether this is held.
    pub fn holds(&self, at: Shelved) -> Result<bool, Error> {
        self.db
            .read(|txn| Ok(ENVELOPES.get(txn, &at.key())?.is_some()))
    }

    /// Calls `each` with what is held of a document, by log and number, until it says that it
    /// has enough. What a bad disk changed is an error.
    pub fn each_of(
        &self,
        doc: DocId,
        mut each: impl FnMut(Shelved, &[u8]) -> bool,
    ) -> Result<(), Error> {
        let misplaced = || Fault::Ours(Part::Ledger.damaged("a row has no place"));
        self.db.read(|txn| {
            ENVELOPES.each_from(txn, doc.as_bytes(), |key, bytes| {
                let at = Shelved::from_key(key).ok_or_else(misplaced)?;
                if at.doc == doc && each(at, bytes) {
                    Ok(Continue(()))
                } else {
                    Ok(Break(()))
                }
            })
        })
    }

    /// The documents of which something is held.
    pub fn documents(&self) -> Result<BTreeSet<DocId>, Error> {
        let mut documents = BTreeSet::new();
        self.db.read(|txn| {
            ENVELOPES.each(txn, |key, _| {
                documents.extend(Shelved::from_key(key).map(|it| it.doc));
                Ok(())
            })
        })?;
        Ok(documents)
    }

    /// The small row of this name.
    pub fn row(&self, name: &str) -> Result<Option<Vec<u8>>, Error> {
        self.db.read(|txn| META.get(txn, name.as_bytes()))
    }

    /// How many envelopes are held.
    pub fn count(&self) -> Result<u64, Error> {
        self.db.read(|txn| ENVELOPES.count(txn))
    }
}
