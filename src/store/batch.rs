//! Writings to the cache: sealed rows, and how far it has come.

use std::{collections::BTreeMap, fmt};

use redb::{TableDefinition, WriteTransaction};

use super::{
    Error, Part,
    database::Fault,
    place::{Key as _, lane_key},
    rows::{Definition, Rows, RowsMut},
};
use crate::{
    ids::DocId,
    ledger::Place,
    seal::{self, Entropy, Secret},
};

/// How far the cache has come in each lane.
pub(super) const APPLIED: Rows = Rows::new(Part::Cache, "applied");
/// Which envelopes a document has, in the order in which they came.
pub(super) const INDEX: Rows = Rows::new(Part::Cache, "index");

/// A table of sealed rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Table {
    /// Documents as automerge saves them.
    Snapshots,
    /// Documents as plain values, for the screens.
    Projections,
    /// Who the patients are, for finding them.
    Roster,
    /// What lists say about patients beside who they are.
    Marks,
    /// What was typed and not saved.
    Drafts,
    /// Whatever else can be worked out again.
    State,
}

/// A row's key, and its sealed bytes unless it is to be removed.
type RowChange = (Vec<u8>, Option<Vec<u8>>);

/// Writings to the cache that are done together or not at all.
pub struct CacheBatch<'a> {
    entropy: &'a mut dyn Entropy,
    rows: BTreeMap<Table, Vec<RowChange>>,
    applied: Vec<(Place, Option<DocId>)>,
}

impl Table {
    /// Every table.
    pub const ALL: [Self; 6] = [
        Self::Snapshots,
        Self::Projections,
        Self::Roster,
        Self::Marks,
        Self::Drafts,
        Self::State,
    ];

    /// The table's name on disk.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Snapshots => "snapshots",
            Self::Projections => "projections",
            Self::Roster => "roster",
            Self::Marks => "marks",
            Self::Drafts => "drafts",
            Self::State => "state",
        }
    }

    pub(super) const fn definition(self) -> Definition {
        TableDefinition::new(self.name())
    }

    /// What a row is bound to: it opens in this place only.
    pub(super) fn ad(self, key: &[u8]) -> Vec<u8> {
        [self.name().as_bytes(), &[0], key].concat()
    }
}

impl<'a> CacheBatch<'a> {
    /// No writings yet; `entropy` gives each row's nonce.
    pub const fn new(entropy: &'a mut dyn Entropy) -> Self {
        Self {
            entropy,
            rows: BTreeMap::new(),
            applied: Vec::new(),
        }
    }

    /// Sets a row, sealed under `secret`.
    pub fn put(&mut self, table: Table, key: &[u8], secret: &Secret, plain: &[u8]) {
        let row = seal::seal_row(secret, self.entropy, &table.ad(key), plain);
        self.change(table, key, Some(row));
    }

    /// Removes a row, if it is there.
    pub fn remove(&mut self, table: Table, key: &[u8]) {
        self.change(table, key, None);
    }

    /// Says that all of an envelope is in the cache now, and which document it changed.
    /// Envelopes of a lane are said in order; one that was said before changes nothing.
    pub fn applied(&mut self, place: Place, doc: Option<DocId>) {
        self.applied.push((place, doc));
    }

    /// Whether there is nothing to write.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty() && self.applied.is_empty()
    }

    pub(super) fn write(&self, txn: &WriteTransaction) -> Result<(), Fault> {
        for (table, rows) in &self.rows {
            let mut table = txn.open_table(table.definition())?;
            for (key, row) in rows {
                drop(match row {
                    Some(row) => table.insert(key.as_slice(), row.as_slice())?,
                    None => table.remove(key.as_slice())?,
                });
            }
        }
        let mut applied = APPLIED.write(txn)?;
        let mut index = INDEX.write(txn)?;
        self.applied
            .iter()
            .try_for_each(|(place, doc)| apply(&mut applied, &mut index, *place, *doc))
    }

    fn change(&mut self, table: Table, key: &[u8], row: Option<Vec<u8>>) {
        let rows = self.rows.entry(table).or_default();
        rows.push((key.to_vec(), row));
    }
}

impl fmt::Debug for CacheBatch<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rows: usize = self.rows.values().map(Vec::len).sum();
        write!(f, "CacheBatch({rows} rows, {} applied)", self.applied.len())
    }
}

fn apply(
    applied: &mut RowsMut<'_>,
    index: &mut RowsMut<'_>,
    place: Place,
    doc: Option<DocId>,
) -> Result<(), Fault> {
    let run = lane_key(place.log, place.lane);
    let before = applied.get(&run)?.and_then(|it| read_number(&it));
    let before = before.unwrap_or(0);
    if place.seq <= before {
        return Ok(());
    }
    // A branch begins where it parted.
    if before > 0 && place.seq != before + 1 {
        return Err(Error::Misplaced { place }.into());
    }
    applied.put(&run, &place.seq.to_be_bytes())?;
    let Some(doc) = doc else { return Ok(()) };
    let last = index.last_key_to(&index_key(doc, u64::MAX))?;
    let number = last.and_then(|key| read_number(key.strip_prefix(doc.as_bytes())?));
    let next = number.map_or(0, |it| it + 1);
    index.put(&index_key(doc, next), &place.key())
}

pub(super) fn index_key(doc: DocId, n: u64) -> Vec<u8> {
    [doc.as_bytes().as_slice(), &n.to_be_bytes()].concat()
}

pub(super) fn read_number(bytes: &[u8]) -> Option<u64> {
    bytes.try_into().ok().map(u64::from_be_bytes)
}
