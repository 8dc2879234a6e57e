//! Documents at hand: loaded to write, compare or show history, and kept for a while, since
//! the next change is likely to be of the same chart.

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};

use super::{Error, Session, audit::BATCH_LEN_MAX, own_log::Written};
use crate::{
    chart::{Part, Subject},
    doc::{Doc, Projection, View},
    ids::{DocId, UserId},
    ledger::{Envelope, Kind, Lane, open_payload},
    seal::{self, Secret},
    store::{CacheBatch, Place, Table},
};

/// Documents that are kept loaded. A chart is four of them.
const OPEN_LEN_MAX: usize = 12;
/// Changes since the last snapshot after which a new one is made: loading applies at most so
/// many, and a save does not write the whole document each time.
const TAIL_LEN_MAX: usize = 32;

/// The loaded documents, the one used last at the end.
#[derive(Debug, Default)]
pub(super) struct Documents {
    open: VecDeque<Open>,
}

/// One loaded document.
#[derive(Debug)]
pub(super) struct Open {
    pub(super) id: DocId,
    pub(super) subject: Subject,
    pub(super) part: Part,
    pub(super) doc: Doc,
    /// Changes that it holds, and how many of them the snapshot in the cache holds.
    changes: usize,
    in_snapshot: usize,
    /// Whether the cache is behind.
    pub(super) unsettled: bool,
}

/// A document as saved, and how many of its changes are in it, in the order of the index.
#[derive(Serialize, Deserialize)]
struct Snapshot {
    changes: usize,
    saved: Vec<u8>,
}

/// What a document says, as the cache keeps it.
#[derive(Serialize, Deserialize)]
pub(super) struct Said {
    pub(super) view: View,
    pub(super) problems: Vec<String>,
}

impl Documents {
    /// The loaded document, now the one used last.
    pub(super) fn get(&mut self, id: DocId) -> Option<&mut Open> {
        let at = self.open.iter().position(|it| it.id == id)?;
        let found = self.open.remove(at)?;
        self.open.push_back(found);
        self.open.back_mut()
    }

    /// Keeps a document. The one that was not used for longest makes room, unless the cache
    /// is behind it.
    pub(super) fn keep(&mut self, open: Open) -> Option<&mut Open> {
        if self.open.len() >= OPEN_LEN_MAX
            && let Some(at) = self.open.iter().position(|it| !it.unsettled)
        {
            drop(self.open.remove(at));
        }
        self.open.push_back(open);
        self.open.back_mut()
    }

    /// Forgets a document whose memory may be ahead of the disk.
    pub(super) fn forget(&mut self, id: DocId) {
        self.open.retain(|it| it.id != id);
    }

    pub(super) fn forget_all(&mut self) {
        self.open.clear();
    }

    pub(super) fn unsettled(&mut self) -> impl Iterator<Item = &mut Open> {
        self.open.iter_mut().filter(|it| it.unsettled)
    }
}

impl Open {
    /// A document that holds nothing yet.
    pub(super) fn new(id: DocId, subject: Subject, part: Part) -> Self {
        Self {
            id,
            subject,
            part,
            doc: Doc::new(part),
            changes: 0,
            in_snapshot: 0,
            unsettled: false,
        }
    }

    /// Takes in changes from the ledger. One that cannot be applied stays in the ledger and
    /// is named by `verify`.
    pub(super) fn take(&mut self, changes: &[Vec<u8>]) {
        if !changes.is_empty() {
            self.changes += changes.len();
            drop(self.doc.apply(changes));
        }
    }

    /// What the document says.
    pub(super) fn view(&self) -> View {
        self.doc.project(seal::hash).view
    }

    /// Says that one more change is in it and on the disk.
    pub(super) const fn wrote(&mut self) {
        self.changes += 1;
        self.unsettled = true;
    }

    /// Brings the cache up to the document; gives what the document says.
    pub(super) fn settle(
        &mut self,
        batch: &mut CacheBatch<'_>,
        key: &Secret,
        who: impl Fn(&[u8; 16]) -> Option<UserId>,
    ) -> Said {
        let said = Said::of(self.doc.project(seal::hash), who);
        let plain = postcard::to_allocvec(&said).unwrap_or_default();
        batch.put(Table::Projections, self.id.as_bytes(), key, &plain);
        if self.changes - self.in_snapshot > TAIL_LEN_MAX {
            let snapshot = Snapshot {
                changes: self.changes,
                saved: self.doc.save(),
            };
            let plain = postcard::to_allocvec(&snapshot).unwrap_or_default();
            batch.put(Table::Snapshots, self.id.as_bytes(), key, &plain);
            self.in_snapshot = self.changes;
        }
        self.unsettled = false;
        said
    }
}

impl Said {
    /// What an empty document says.
    pub(super) fn nothing(part: Part) -> Self {
        Self {
            view: View::empty(part),
            problems: Vec::new(),
        }
    }

    /// What a projection says, with writers named. A signature that was not written by a
    /// session of the one whose it claims to be is taken off.
    fn of(mut projection: Projection, who: impl Fn(&[u8; 16]) -> Option<UserId>) -> Self {
        projection.name_writers(&who);
        let Projection {
            mut view,
            signers,
            mut problems,
            ..
        } = projection;
        if let View::Visits(visits) = &mut view {
            for note in &mut visits.notes {
                let signer = signers.get(&note.entry.id).and_then(&who);
                let forged = note.signed.take_if(|it| signer != Some(it.by));
                if forged.is_some() {
                    let id = note.entry.id;
                    problems.push(format!("note {id}: signed in another one's name"));
                }
            }
        }
        Self { view, problems }
    }
}

impl Session {
    /// The document, loaded.
    pub(super) fn document(
        &mut self,
        subject: Subject,
        part: Part,
    ) -> Result<&mut Open, Error> {
        let id = self.keyring.doc_id(subject, part)?;
        if self.documents.get(id).is_none() {
            let open = self.load(id, subject, part)?;
            self.documents.keep(open);
        }
        self.documents
            .get(id)
            .ok_or_else(|| Error::Missing(format!("document {id}")))
    }

    /// The document from its snapshot and the changes after it.
    pub(super) fn load(
        &self,
        id: DocId,
        subject: Subject,
        part: Part,
    ) -> Result<Open, Error> {
        let mut open = Open::new(id, subject, part);
        let places = self.clinic.store.of_doc(id)?;
        let key = self.keyring.of(part.compartment())?.cache();
        let row = self
            .clinic
            .store
            .cache_get(Table::Snapshots, id.as_bytes(), key)?;
        if let Some(row) = row {
            let damaged = || format!("the snapshot of document {id}");
            let snapshot: Snapshot = postcard::from_bytes(&row)
                .map_err(|source| Error::damaged(damaged(), source))?;
            open.doc = Doc::load(part, &snapshot.saved)
                .map_err(|source| Error::damaged(damaged(), source))?;
            open.in_snapshot = snapshot.changes;
            open.changes = snapshot.changes;
        }
        let tail = places.get(open.in_snapshot..).unwrap_or_default();
        let changes: Result<Vec<Vec<u8>>, Error> = tail
            .iter()
            .map(|place| self.change_at(*place, part))
            .collect();
        open.take(&changes?);
        Ok(open)
    }

    /// The change in an envelope of this machine's ledger.
    pub(super) fn change_at(&self, place: Place, part: Part) -> Result<Vec<u8>, Error> {
        let bytes = self.clinic.store.envelope(place)?;
        let bytes =
            bytes.ok_or_else(|| Error::Missing(format!("envelope {}", place.seq)))?;
        self.change_in(&bytes, part)
    }

    /// The change in an envelope's bytes.
    pub(super) fn change_in(&self, bytes: &[u8], part: Part) -> Result<Vec<u8>, Error> {
        let damaged = |source| Error::damaged("an envelope", source);
        let envelope = Envelope::decode(bytes).map_err(damaged)?;
        let header = &envelope.header;
        let held = self.keyring.of(part.compartment())?;
        let key = held
            .doc_key(header.epoch, header.doc, header.k)
            .ok_or_else(|| {
                Error::Missing(format!(
                    "key of epoch {} for document {}",
                    header.epoch, header.doc
                ))
            })?;
        if header.kind != Kind::Change {
            return Err(Error::Missing(format!("change in envelope {}", header.seq)));
        }
        Ok(open_payload(&envelope, &key).map_err(damaged)?.body)
    }

    /// What a document says, from the cache. The cache is brought up to date first where the
    /// document was written to.
    pub(super) fn said(
        &mut self,
        subject: Subject,
        part: Part,
    ) -> Result<Option<Said>, Error> {
        let id = self.keyring.doc_id(subject, part)?;
        if self.documents.get(id).is_some_and(|it| it.unsettled) {
            self.settle()?;
        }
        let key = self.keyring.of(part.compartment())?.cache();
        let row = self
            .clinic
            .store
            .cache_get(Table::Projections, id.as_bytes(), key)?;
        let Some(row) = row else { return Ok(None) };
        let read = postcard::from_bytes(&row);
        read.map(Some)
            .map_err(|source| Error::damaged(format!("what document {id} says"), source))
    }

    /// Brings the caches up to what was saved. Called when nobody waits.
    pub fn settle(&mut self) -> Result<(), Error> {
        if self.audited_rows >= BATCH_LEN_MAX {
            self.checkpoint()?;
        }
        let clinic = std::sync::Arc::clone(&self.clinic);
        let mut desk = clinic.desk();
        let desk = &mut *desk;
        if std::mem::take(&mut desk.behind) {
            return self.catch_up(desk);
        }
        if desk.pending.is_empty() {
            return Ok(());
        }
        let mut batch = CacheBatch::new(&mut *desk.entropy);
        let mut said = Vec::new();
        for open in self.documents.unsettled() {
            let key = self.keyring.of(open.part.compartment())?.cache();
            let writers = clinic.writers(open.id)?;
            let who = |actor: &[u8; 16]| writers.get(actor).copied();
            said.push((open.subject, open.settle(&mut batch, key, who)));
        }
        for Written { place, doc, .. } in &desk.pending {
            let changed = matches!(place.lane, Lane::Desk | Lane::Clinical);
            batch.applied(*place, changed.then_some(*doc));
        }
        self.list(&mut batch, said)?;
        let kept = clinic.store.cache_write(&batch);
        drop(batch);
        desk.pending.clear();
        if kept.is_err() {
            // The cache may be older than it was. The ledger tells what is missing.
            desk.behind = true;
            self.documents.forget_all();
        }
        Ok(kept?)
    }
}
