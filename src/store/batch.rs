//! Writings to the cache: sealed rows, and how far it has come.

use std::{collections::BTreeMap, fmt};

use redb::{TableDefinition, WriteTransaction};

use super::{
    Error, Part,
    database::Fault,
    place::{Key as _, PLACE_KEY_LEN, lane_key},
    rows::{Definition, Rows, RowsMut},
};
use crate::{
    ids::{DocId, LogId},
    ledger::{Lane, Place},
    seal::{self, Entropy, Secret},
};

/// How far the cache has come in each lane.
pub(super) const APPLIED: Rows = Rows::new(Part::Cache, "applied");
/// Which envelopes a document has, in the order in which they came.
pub(super) const INDEX: Rows = Rows::new(Part::Cache, "index");
/// Documents that are not made from all of their envelopes, by the lane of what came.
pub(super) const STALE: Rows = Rows::new(Part::Cache, "stale");
/// Documents that are, but for envelopes that may be read later.
pub(super) const WAITING: Rows = Rows::new(Part::Cache, "waiting");

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

/// An envelope as the index has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Indexed {
    /// Where it stands.
    pub place: Place,
    /// Whether its signature was verified, by itself or with its run, when it came there.
    pub verified: bool,
}

/// A row's key, and its sealed bytes unless it is to be removed.
type RowChange = (Vec<u8>, Option<Vec<u8>>);

/// An envelope that comes into the index.
struct Coming {
    envelope: Indexed,
    doc: Option<DocId>,
    order: Order,
}

/// How an envelope stands to those of its lane that are in the index.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Order {
    /// It is the next.
    Next,
    /// Places before it are not held.
    AfterGap,
    /// It was passed over.
    Late,
}

/// A document that was made.
struct Made {
    doc: DocId,
    places: u64,
    waits: bool,
}

/// Writings to the cache that are done together or not at all.
pub struct CacheBatch<'a> {
    entropy: &'a mut dyn Entropy,
    rows: BTreeMap<Table, Vec<RowChange>>,
    coming: Vec<Coming>,
    made: Vec<Made>,
    offered: Vec<DocId>,
    all_offered: bool,
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
            coming: Vec::new(),
            made: Vec::new(),
            offered: Vec::new(),
            all_offered: false,
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

    /// Says that an envelope is in the index now, and which document it changed, which is
    /// stale from then on. Envelopes of a lane are said in order and without a gap; one that
    /// was said before changes nothing.
    pub fn applied(&mut self, envelope: impl Into<Indexed>, doc: Option<DocId>) {
        self.come(envelope.into(), doc, Order::Next);
    }

    /// As [`CacheBatch::applied`], where places of the lane before this one are not held.
    pub fn applied_after_gap(&mut self, envelope: Indexed, doc: Option<DocId>) {
        self.come(envelope, doc, Order::AfterGap);
    }

    /// Says that an envelope can be read now that could not when its place was said.
    pub fn came_late(&mut self, place: Place, doc: DocId) {
        self.come(place.into(), Some(doc), Order::Late);
    }

    /// Says that a document's rows hold so many of its envelopes, the first in the index, and
    /// whether some of these may be read later. With all of them it is not stale any more.
    pub fn made(&mut self, doc: DocId, places: usize, waits: bool) {
        let places = u64::try_from(places).unwrap_or(u64::MAX);
        self.made.push(Made { doc, places, waits });
    }

    /// Makes a document stale again if some of its envelopes wait for what may be here now.
    pub fn offer_again(&mut self, doc: DocId) {
        self.offered.push(doc);
    }

    /// Makes every such document stale again.
    pub const fn offer_all_again(&mut self) {
        self.all_offered = true;
    }

    /// Whether there is nothing to write.
    pub fn is_empty(&self) -> bool {
        let index_stays = self.coming.is_empty() && self.made.is_empty();
        let none_offered = self.offered.is_empty() && !self.all_offered;
        self.rows.is_empty() && index_stays && none_offered
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
        let changed = self.reach(txn)?;
        let mut index = INDEX.write(txn)?;
        let mut stale = STALE.write(txn)?;
        let mut waiting = WAITING.write(txn)?;
        for (doc, envelopes) in changed {
            let first = index_len(&index, doc)?;
            for (number, envelope) in (first..).zip(envelopes) {
                index.put(&index_key(doc, number), &envelope.value())?;
                stale.put(&stale_key(envelope.place.lane, doc), &[])?;
            }
        }
        for made in &self.made {
            if made.places == index_len(&index, made.doc)? {
                made.settle(&mut stale, &mut waiting)?;
            }
        }
        let offered = if self.all_offered {
            waiting.take_all()?
        } else {
            let keys = self.offered.iter().flat_map(|it| stale_keys(*it));
            waiting.take(keys)?
        };
        offered.iter().try_for_each(|key| stale.put(key, &[]))
    }

    /// Moves the ends of lanes; gives what is new of each document.
    fn reach(
        &self,
        txn: &WriteTransaction,
    ) -> Result<BTreeMap<DocId, Vec<Indexed>>, Fault> {
        let mut applied = APPLIED.write(txn)?;
        let mut ends: BTreeMap<(LogId, Lane), u64> = BTreeMap::new();
        let mut changed: BTreeMap<DocId, Vec<Indexed>> = BTreeMap::new();
        for coming in &self.coming {
            let place = coming.envelope.place;
            let end = match ends.get(&place.run()) {
                Some(end) => *end,
                None => end_of(&applied, place)?,
            };
            if (place.seq <= end) != (coming.order == Order::Late) {
                continue;
            }
            // A branch begins where it parted: only the ledger can tell that nothing is before.
            if coming.order == Order::Next && place.seq != end + 1 {
                return Err(Error::Misplaced { place }.into());
            }
            ends.insert(place.run(), place.seq.max(end));
            if let Some(doc) = coming.doc {
                changed.entry(doc).or_default().push(coming.envelope);
            }
        }
        for ((log, lane), end) in ends {
            applied.put(&lane_key(log, lane), &end.to_be_bytes())?;
        }
        Ok(changed)
    }

    fn come(&mut self, envelope: Indexed, doc: Option<DocId>, order: Order) {
        self.coming.push(Coming {
            envelope,
            doc,
            order,
        });
    }

    fn change(&mut self, table: Table, key: &[u8], row: Option<Vec<u8>>) {
        let rows = self.rows.entry(table).or_default();
        rows.push((key.to_vec(), row));
    }
}

impl fmt::Debug for CacheBatch<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rows: usize = self.rows.values().map(Vec::len).sum();
        write!(f, "CacheBatch({rows} rows, {} applied)", self.coming.len())
    }
}

impl Made {
    fn settle(
        &self,
        stale: &mut RowsMut<'_>,
        waiting: &mut RowsMut<'_>,
    ) -> Result<(), Fault> {
        for key in stale_keys(self.doc) {
            if self.waits && stale.get(&key)?.is_some() {
                waiting.put(&key, &[])?;
            } else if !self.waits {
                waiting.remove(&key)?;
            }
            stale.remove(&key)?;
        }
        Ok(())
    }
}

impl From<Place> for Indexed {
    fn from(place: Place) -> Self {
        Self {
            place,
            verified: false,
        }
    }
}

impl Indexed {
    fn value(self) -> Vec<u8> {
        [self.place.key().as_slice(), &[u8::from(self.verified)]].concat()
    }

    pub(super) fn read(value: &[u8]) -> Option<Self> {
        let (place, verified) = value.split_at_checked(PLACE_KEY_LEN)?;
        Some(Self {
            place: Place::from_key(place)?,
            verified: match verified {
                [0] => false,
                [1] => true,
                _ => return None,
            },
        })
    }
}

/// The lanes whose envelopes change documents that are cached.
const LANES_OF_DOCUMENTS: [Lane; 3] = [Lane::Desk, Lane::Clinical, Lane::Restricted];

fn end_of(applied: &RowsMut<'_>, place: Place) -> Result<u64, Fault> {
    let end = applied.get(&lane_key(place.log, place.lane))?;
    Ok(end.and_then(|it| read_number(&it)).unwrap_or(0))
}

fn index_len(index: &RowsMut<'_>, doc: DocId) -> Result<u64, Fault> {
    let last = index.last_key_to(&index_key(doc, u64::MAX))?;
    Ok(len_to(doc, last.as_deref()))
}

/// How many envelopes a document has, by the last key of the index that is not behind it.
pub(super) fn len_to(doc: DocId, last: Option<&[u8]>) -> u64 {
    let number = last.and_then(|key| read_number(key.strip_prefix(doc.as_bytes())?));
    number.map_or(0, |it| it + 1)
}

pub(super) fn index_key(doc: DocId, n: u64) -> Vec<u8> {
    [doc.as_bytes().as_slice(), &n.to_be_bytes()].concat()
}

pub(super) fn stale_key(lane: Lane, doc: DocId) -> Vec<u8> {
    [&[lane.number()], doc.as_bytes().as_slice()].concat()
}

/// The keys under which a document may be stale or wait.
pub(super) fn stale_keys(doc: DocId) -> [Vec<u8>; 3] {
    LANES_OF_DOCUMENTS.map(|lane| stale_key(lane, doc))
}

pub(super) fn read_number(bytes: &[u8]) -> Option<u64> {
    bytes.try_into().ok().map(u64::from_be_bytes)
}
