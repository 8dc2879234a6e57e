//! Charts as documents: what people write becomes changes that merge in any order, what a
//! document says becomes plain `chart` values.
//!
//! A document is the set of its changes. Its saved form is a cache of that set.

mod before;
mod careful;
mod cells;
mod closed;
mod doubt;
mod fields;
mod follows;
pub mod guard;
mod history;
mod keys;
mod lists;
mod packed;
mod prescan;
mod project;
mod prose;
mod read;
mod said_before;
mod schema;
mod settle;
mod shape;
mod signed;
mod thin;
mod twins;
mod unseen;
mod versions;
mod view;
mod words;
mod write;

use std::{collections::BTreeSet, fmt};

use automerge::{
    ActorId, Automerge, AutomergeError, ChangeHash, ReadDoc as _,
    transaction::CommitOptions,
};

pub use doubt::Doubts;
pub use guard::Applied;
pub use history::{FieldChange, Past};
pub use prescan::{Refusal, Scan, prescan};
pub use project::{Claim, Projection, Writer};
pub use signed::{TextHash, text_hash};
pub use thin::{Around, thin, whole, written_as};
pub use view::View;

use crate::{
    chart::{Edit, Kind, Note, Part, Record},
    doc::said_before::{Remembered, SaidBefore},
    ids::{Hash, RecordId},
    time::Timestamp,
};

/// One document of a patient, or of the clinic.
#[derive(Clone)]
pub struct Doc {
    part: Part,
    inner: Automerge,
    said: Remembered,
}

/// Who writes, and when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stamp {
    /// The writing session in this document.
    pub actor: [u8; 16],
    /// The time by the writer's logical clock.
    pub at: Timestamp,
}

/// Why a document cannot be loaded or written.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The record to be changed is not here.
    #[error("no {} {id} in this document", kind.key())]
    NoRecord {
        /// The record's kind.
        kind: Kind,
        /// The record.
        id: RecordId,
    },
    /// The record belongs into another document.
    #[error("{} belong into another document", .0.key())]
    WrongPart(Kind),
    /// The edits do not fit one change; fewer at a time do.
    #[error("more than one change can hold")]
    TooLarge,
    /// Other values stand in the field than the person saw.
    #[error("this was changed meanwhile; look at it again")]
    Changed,
    /// What was typed is no value of the field.
    #[error("this is no value of `{0}`")]
    NoValue(String),
    /// The saved document cannot be loaded. It is to be built again from its changes.
    #[error("the saved document is damaged")]
    Damaged,
    /// The document cannot take the change.
    #[error("the document cannot be written")]
    Write(#[from] AutomergeError),
}

impl Doc {
    /// An empty document.
    pub fn new(part: Part) -> Self {
        Self {
            part,
            inner: Automerge::new(),
            said: Remembered::default(),
        }
    }

    /// The document in these bytes, which [`Doc::save`] made on this machine.
    pub fn load(part: Part, snapshot: &[u8]) -> Result<Self, Error> {
        if snapshot.is_empty() {
            return Err(Error::Damaged);
        }
        let inner = guard::guarded(|| Automerge::load(snapshot).ok());
        let inner = inner.flatten().ok_or(Error::Damaged)?;
        let said = Remembered::default();
        Ok(Self { part, inner, said })
    }

    /// The document as bytes, for this machine's cache.
    pub fn save(&self) -> Vec<u8> {
        self.inner.save()
    }

    /// Which document this is.
    pub const fn part(&self) -> Part {
        self.part
    }

    /// The changes that no other change follows: they name the document's state.
    pub fn heads(&self) -> Vec<Hash> {
        let heads = self.inner.get_heads().into_iter();
        heads.map(|it| Hash::from_bytes(it.0)).collect()
    }

    /// Writes the edits as one change, all or none: its bytes, or none when they change
    /// nothing. A field that somebody set since the writer saw it has two versions then.
    pub fn write(
        &mut self,
        edits: &[Edit],
        stamp: Stamp,
    ) -> Result<Option<Vec<u8>>, Error> {
        let Some(inner) = unseen::without(&self.inner, edits, stamp.actor) else {
            return self.write_after_all(edits, stamp);
        };
        let mut earlier = Self {
            inner,
            ..Self::new(self.part)
        };
        let Some(change) = earlier.write_after_all(edits, stamp)? else {
            return Ok(None);
        };
        if self.take_again(std::slice::from_ref(&change)) {
            Ok(Some(change))
        } else {
            Err(Error::Damaged)
        }
    }

    fn write_after_all(
        &mut self,
        edits: &[Edit],
        stamp: Stamp,
    ) -> Result<Option<Vec<u8>>, Error> {
        let settled = settle::all(&self.inner, edits)?;
        self.inner.set_actor(ActorId::from(stamp.actor));
        let mut tx = self.inner.transaction();
        let mut pen = write::Pen::new(&mut tx, stamp, settled);
        for edit in edits {
            if let Err(error) = pen.write(edit, self.part) {
                tx.rollback();
                return Err(error);
            }
        }
        let time = CommitOptions::default().with_time(stamp.at.0);
        let (Some(hash), _) = tx.commit_with(time) else {
            return Ok(None);
        };
        let change = self.inner.get_change_by_hash(&hash).ok_or(Error::Damaged)?;
        // What other machines would refuse must not be written here.
        if prescan(change.raw_bytes()).is_err() {
            self.forget(hash)?;
            return Err(Error::TooLarge);
        }
        self.said.remember(&change);
        Ok(Some(change.raw_bytes().to_vec()))
    }

    /// A change of this document that was made [`thin`], packed after what the document said
    /// before it; none where that is not shorter. Only a document that holds what the change
    /// follows can unpack it.
    pub fn thin_after(
        &mut self,
        change: &[u8],
        thin: &[u8],
        around: &Around,
    ) -> Option<Vec<u8>> {
        let deps = prescan(change).ok()?.deps;
        let last = ChangeHash(*deps.first()?.as_bytes());
        let said = SaidBefore::new(&self.inner, &mut self.said).before(Some(&last));
        thin::thin_after(thin, &said, around)
    }

    /// Takes changes that were written elsewhere, in any order and any number of times.
    pub fn apply(&mut self, changes: &[Vec<u8>]) -> Applied {
        guard::apply(&mut self.inner, &mut self.said, changes)
    }

    /// Takes changes again that this machine wrote, all or none; false where they do not fit.
    /// [`Doc::apply`] is for whatever else.
    pub fn take_again(&mut self, own: &[Vec<u8>]) -> bool {
        guard::take_again(&mut self.inner, &mut self.said, own)
    }

    /// What the document says. `hash` is the one that signatures are made with.
    pub fn project(&self, hash: TextHash) -> Projection {
        self.project_without(hash, &Doubts::new())
    }

    /// What the document says where some changes do not count.
    pub fn project_without(&self, hash: TextHash, doubts: &Doubts) -> Projection {
        project::project(&self.inner, self.part, (hash, doubts))
    }

    /// The sessions that wrote in the document.
    pub fn actors(&self) -> BTreeSet<[u8; 16]> {
        let changes = self.inner.get_changes_meta(&[]).into_iter();
        changes.map(|it| versions::actor(&it.actor)).collect()
    }

    /// One record as it stands, if it is here.
    pub fn record(&self, kind: Kind, id: RecordId) -> Option<Record> {
        let id = if kind == Kind::Person {
            RecordId::ZERO
        } else {
            id
        };
        let stand = read::Source::now(&self.inner).record(keys::Place { kind, id })?;
        let (cells, _) = stand.into_cells();
        let mut record = schema::record(cells).0;
        record.entry_mut().restricted = self.part.category();
        Some(record)
    }

    /// The values of a field, in words, with the changes that set them; the shown one first.
    pub fn values(&self, kind: Kind, id: RecordId, field: &str) -> Vec<(Hash, String)> {
        settle::values(&self.inner, (kind, id), field)
    }

    /// The fields of a record that hold a value, but free text and what nobody decides, each
    /// with the change that wrote what is shown.
    pub fn written(&self, kind: Kind, id: RecordId) -> Vec<(String, Hash)> {
        settle::written(&self.inner, (kind, id))
    }

    /// Every change with what it changed, each after those that it follows.
    pub fn history(&self) -> Vec<Past> {
        history::history(&self.inner)
    }

    /// The note as it stood at these heads, if the document holds them and it.
    pub fn note_at(&self, heads: &[Hash], note: RecordId) -> Option<Note> {
        let mut note = signed::note_at(&self.inner, heads, note)?;
        note.entry.restricted = self.part.category();
        Some(note)
    }

    /// Builds the document without its last change.
    fn forget(&mut self, last: ChangeHash) -> Result<(), Error> {
        let mut changes = self.inner.get_changes(&[]);
        changes.retain(|it| it.hash() != last);
        self.inner = Automerge::new();
        Ok(self.inner.apply_changes(changes)?)
    }
}

impl fmt::Debug for Doc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Doc({})", self.part.name())
    }
}
