//! Where the writer and the reader of a thin change stand: both make the same of what came
//! before, so that it need not be said again.

use crate::{
    chart::Kind,
    doc::{keys::Place, packed},
    ids::RecordId,
    time::{Moment, Timestamp},
};

use super::Around;

/// What came before in the change.
pub(super) struct Standing {
    pub(super) around: Around,
    /// The number of the first operation.
    pub(super) first: u64,
    /// The number of the next one.
    pub(super) next: u64,
    /// Where fields are written.
    pub(super) target: Target,
    /// The records that were begun.
    pub(super) records: Vec<RecordId>,
    /// When the last of them was written down.
    recorded: Timestamp,
}

/// Where the fields of a record stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Target {
    /// In the map that this operation made.
    Map(u64),
    /// At the root, each under a key that begins like this.
    Root(String),
}

/// How one id is told beside another.
pub(super) enum Near {
    /// Its first half is so much higher, its second one the same.
    Step(i64),
    /// By itself: how long before the change its time is, in milliseconds, and the rest.
    Far(i64, [u8; 10]),
}

/// What stands after the time in an id, in bits.
const REST_BITS: u32 = 80;

impl Standing {
    pub(super) const fn new(around: Around, first: u64) -> Self {
        Self {
            around,
            first,
            next: first,
            target: Target::Root(String::new()),
            records: Vec::new(),
            recorded: around.wall.at,
        }
    }

    pub(super) fn begin(&mut self, place: Place, map: bool) {
        self.target = if map {
            Target::Map(self.next)
        } else {
            Target::Root(place.prefix())
        };
        if place.kind != Kind::Person {
            self.records.push(place.id);
        }
    }

    /// How an id is told here.
    pub(super) fn near(&self, id: RecordId) -> Near {
        let (high, low) = halves(id);
        if let Some(last) = self.records.last().copied().map(halves)
            && low == last.1
            && high != last.0
        {
            return Near::Step(high.wrapping_sub(last.0));
        }
        let number = u128::from_be_bytes(*id.as_bytes());
        let ms = i64::try_from(number >> REST_BITS).unwrap_or(0);
        let rest = id.as_bytes().last_chunk().copied().unwrap_or_default();
        Near::Far(self.around.wall.at.0.wrapping_sub(ms), rest)
    }

    /// The id that is told so.
    pub(super) fn id(&self, near: Near) -> Option<RecordId> {
        match near {
            Near::Step(step) => {
                let (high, low) = halves(*self.records.last()?);
                let high = high.wrapping_add(step).to_be_bytes();
                RecordId::from_slice(&[high, low].concat())
            }
            Near::Far(before, rest) => {
                let ms = self.around.wall.at.0.wrapping_sub(before).to_be_bytes();
                let [_, _, ms @ ..] = ms;
                RecordId::from_slice(&[ms.as_slice(), &rest].concat())
            }
        }
    }

    /// How much later than the last record this one was written down, if what it says of
    /// that is what its envelope says.
    pub(super) fn later(&mut self, entry: &[u8]) -> Option<i64> {
        let at = packed::recorded(entry)?;
        if self.entry(at) != entry {
            return None;
        }
        let later = at.0.wrapping_sub(self.recorded.0);
        self.recorded = at;
        Some(later)
    }

    /// What a record says of who wrote it that was written down so much later than the last.
    pub(super) fn entry_later(&mut self, later: i64) -> Vec<u8> {
        self.recorded = Timestamp(self.recorded.0.wrapping_add(later));
        self.entry(self.recorded)
    }

    fn entry(&self, at: Timestamp) -> Vec<u8> {
        let Around {
            user, log, wall, ..
        } = self.around;
        packed::own_entry(user, log, Moment { at, ..wall })
    }
}

/// The two halves of an id: its time and its place within that, and what only ids that were
/// drawn with it have.
fn halves(id: RecordId) -> (i64, [u8; 8]) {
    let bytes = id.as_bytes();
    let high = bytes.first_chunk().copied().unwrap_or_default();
    let low = bytes.last_chunk().copied().unwrap_or_default();
    (i64::from_be_bytes(high), low)
}
