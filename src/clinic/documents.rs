//! Documents at hand: loaded to write, compare or show history, and kept for a while, since
//! the next change is likely to be of the same chart.

use std::{collections::VecDeque, sync::Arc};

use serde::{Deserialize, Serialize};

use super::{
    Error, Session,
    desk::Desk,
    known::{Actors, Writers},
};
use crate::{
    chart::{Part, Subject},
    doc::{Claim, Doc, Projection, View, Writer},
    ids::DocId,
    ledger::{self, Envelope, Kind, Place, open_payload},
    seal::{self, Secret},
    store::{self, CacheBatch, Table},
};

/// Documents that are kept loaded. A chart is four of them.
const OPEN_LEN_MAX: usize = 12;
/// Changes since the last snapshot after which a new one is made: loading applies at most so
/// many, and a save does not write the whole document each time.
const TAIL_LEN_MAX: usize = 32;
/// A row that opens and does not read: another version of this program wrote it.
pub(super) const UNREADABLE: store::Error = store::Error::Damaged {
    part: store::Part::Cache,
    what: "a row does not read",
};

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
    /// What could not be taken in, by ids.
    unread: Vec<String>,
    /// Changes that follow others which are not here.
    waiting: Vec<Vec<u8>>,
    /// Whether something else is missing that may come. No snapshot is made then: what one
    /// holds is never offered again.
    waits: bool,
    /// Changes that it holds, and how many of them the snapshot in the cache holds.
    changes: usize,
    pub(super) in_snapshot: usize,
    /// Whether it holds a change that is not on the disk yet.
    drafted: bool,
    /// Whether the cache is behind.
    unsettled: bool,
}

/// A document as saved, and how many of its changes are in it, in the order of the index.
#[derive(Serialize, Deserialize)]
struct Snapshot {
    changes: usize,
    saved: Vec<u8>,
    unread: Vec<String>,
}

/// A document's changes as the ledger gives them.
#[derive(Debug, Default)]
pub(super) struct Changes {
    read: Vec<Vec<u8>>,
    /// Where the others stand, and why they cannot be read.
    unread: Vec<String>,
    /// How many of these are damaged.
    pub(super) damaged: u32,
    /// Whether one of these may be read later: when a key, a certificate, a newer program or
    /// sound bytes come.
    waits: bool,
}

/// What a document says, as the cache keeps it.
#[derive(Serialize, Deserialize)]
pub(super) struct Said {
    pub(super) view: View,
    pub(super) problems: Vec<String>,
}

impl Changes {
    #[cfg(test)]
    pub(super) fn of(read: Vec<Vec<u8>>) -> Self {
        Self {
            read,
            ..Self::default()
        }
    }
}

impl Documents {
    /// The loaded document, now the one used last.
    pub(super) fn get(&mut self, id: DocId) -> Option<&mut Open> {
        let at = self.open.iter().rposition(|it| it.id == id)?;
        let found = self.open.remove(at)?;
        self.open.push_back(found);
        self.open.back_mut()
    }

    /// Keeps a document. The one that was not used for longest makes room, unless the cache
    /// is behind it.
    pub(super) fn keep(&mut self, open: Open) -> Option<&mut Open> {
        if self.open.len() >= OPEN_LEN_MAX
            && let Some(at) = self.open.iter().position(Open::is_spare)
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

    /// Those that the cache is behind of and that are as the disk has them.
    pub(super) fn unsettled(&mut self) -> impl Iterator<Item = &mut Open> {
        self.open
            .iter_mut()
            .filter(|it| it.unsettled && !it.drafted)
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
            unread: Vec::new(),
            waiting: Vec::new(),
            waits: false,
            changes: 0,
            in_snapshot: 0,
            drafted: false,
            unsettled: false,
        }
    }

    /// Takes in changes from the ledger. What cannot be read or applied stays in the ledger,
    /// is named by `verify`, and shows as a problem.
    pub(super) fn take(&mut self, changes: Changes) {
        let Changes {
            mut read,
            mut unread,
            waits,
            ..
        } = changes;
        self.changes += read.len() + unread.len();
        self.unread.append(&mut unread);
        self.waits |= waits;
        if read.is_empty() {
            return;
        }
        read.append(&mut self.waiting);
        let applied = self.doc.apply(&read);
        self.waits |= !applied.ousted.is_empty();
        let refused = applied.refused.len();
        if refused > 0 {
            let what = format!("document {}: {refused} changes do not fit", self.id);
            self.unread.push(what);
        }
        let waiting = applied.waiting.iter().filter_map(|at| read.get(*at));
        self.waiting = waiting.cloned().collect();
    }

    /// Takes in what this machine wrote, all or none.
    fn take_again(&mut self, own: &Changes) -> bool {
        let taken = own.unread.is_empty() && self.doc.take_again(&own.read);
        if taken {
            self.changes += own.read.len();
        }
        taken
    }

    /// Whether nothing is lost when it is forgotten.
    const fn is_spare(&self) -> bool {
        !self.unsettled && !self.drafted
    }

    /// What the document says.
    pub(super) fn view(&self) -> View {
        self.doc.project(seal::hash).view
    }

    /// Says that it holds one more change, which is not on the disk yet.
    pub(super) const fn drafted(&mut self) {
        self.drafted = true;
    }

    /// Says that its last change is on the disk.
    pub(super) const fn wrote(&mut self) {
        self.changes += 1;
        self.drafted = false;
        self.unsettled = true;
    }

    /// Brings the cache up to the document; gives what the document says. `writers` knows
    /// whose its sessions are.
    pub(super) fn settle(
        &mut self,
        batch: &mut CacheBatch<'_>,
        key: &Secret,
        writers: impl FnOnce(&Actors) -> Result<Writers, Error>,
    ) -> Result<Said, Error> {
        let projection = self.doc.project(seal::hash);
        let writers = writers(&projection.actors())?;
        let mut said = Said::of(projection, |actor| writers.get(actor).copied());
        said.problems.extend_from_slice(&self.unread);
        if !self.waiting.is_empty() {
            let (id, number) = (self.id, self.waiting.len());
            let what = format!("document {id}: {number} changes wait for others");
            said.problems.push(what);
        }
        let plain = postcard::to_allocvec(&said).unwrap_or_default();
        batch.put(Table::Projections, self.id.as_bytes(), key, &plain);
        let waits = self.waits || !self.waiting.is_empty();
        if self.changes - self.in_snapshot > TAIL_LEN_MAX && !waits {
            let snapshot = Snapshot {
                changes: self.changes,
                saved: self.doc.save(),
                unread: self.unread.clone(),
            };
            let plain = postcard::to_allocvec(&snapshot).unwrap_or_default();
            batch.put(Table::Snapshots, self.id.as_bytes(), key, &plain);
            self.in_snapshot = self.changes;
        }
        self.unsettled = false;
        Ok(said)
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
    fn of(mut projection: Projection, who: impl Fn(&[u8; 16]) -> Option<Writer>) -> Self {
        projection.name_writers(&who);
        let who = |actor: &[u8; 16]| who(actor).map(|it| it.user);
        let Projection {
            mut view,
            signers,
            claims,
            mut problems,
            ..
        } = projection;
        for Claim {
            kind, record, by, ..
        } in claims
            .iter()
            .filter(|it| who(&it.maker).is_some_and(|user| user != it.by))
        {
            let kind = kind.key();
            problems.push(format!("{kind} {record}: in another one's name than {by}"));
        }
        if let View::Visits(visits) = &mut view {
            for note in &mut visits.notes {
                let signer = signers.get(&note.entry.id).and_then(who);
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
        let clinic = Arc::clone(&self.clinic);
        let mut desk = clinic.desk();
        self.sit(&mut desk)?;
        if self.documents.get(id).is_none() {
            self.settle_doc(&mut desk, id)?;
            let load = |session: &mut Self, _: &mut Desk| session.load(id, subject, part);
            let open = self.with_cache(&mut desk, load)?;
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
            let snapshot: Snapshot = postcard::from_bytes(&row).or(Err(UNREADABLE))?;
            open.doc = Doc::load(part, &snapshot.saved).or(Err(UNREADABLE))?;
            open.in_snapshot = snapshot.changes;
            open.changes = snapshot.changes;
            open.unread = snapshot.unread;
        }
        let tail = places.get(open.in_snapshot..).unwrap_or_default();
        let changes = self.changes_at(tail, (id, part))?;
        // What is in the index was judged when it came there. This machine's own need not be
        // judged again, which takes as long as saving and loading all of the document.
        let own = tail.iter().all(|it| self.clinic.is_own(*it));
        if !own || !open.take_again(&changes) {
            open.take(changes);
        }
        Ok(open)
    }

    /// A document's changes in these envelopes of this machine's ledger. One that is damaged
    /// hides no other.
    pub(super) fn changes_at(
        &self,
        places: &[Place],
        (doc, part): (DocId, Part),
    ) -> Result<Changes, Error> {
        let mut changes = Changes::default();
        for place in places {
            match self.change_at(*place, doc, part) {
                Ok(change) => changes.read.push(change),
                Err(
                    error @ (Error::Damaged { .. }
                    | Error::Store(store::Error::Damaged { .. })),
                ) => {
                    let Place { log, lane, seq } = place;
                    let what =
                        format!("log {log} {lane:?} {seq} cannot be read: {error}");
                    changes.unread.push(what);
                    changes.damaged += 1;
                    changes.waits = true;
                }
                Err(why @ (Error::Missing(_) | Error::Refused(_))) => {
                    let Place { log, lane, seq } = place;
                    changes
                        .unread
                        .push(format!("log {log} {lane:?} {seq}: {why}"));
                    changes.waits |= matches!(why, Error::Missing(_));
                }
                Err(error) => return Err(error),
            }
        }
        Ok(changes)
    }

    fn change_at(&self, place: Place, doc: DocId, part: Part) -> Result<Vec<u8>, Error> {
        let damaged = |source| Error::damaged("the envelope", source);
        let bytes = self.clinic.store.envelope(place)?.unwrap_or_default();
        let envelope = Envelope::decode(&bytes).map_err(damaged)?;
        let header = &envelope.header;
        let stands = self.clinic.store.is_at(place, header);
        if !stands || (header.doc, header.kind) != (doc, Kind::Change) {
            return Err(damaged(ledger::Error::Malformed));
        }
        if header.suite.known().is_err() {
            let number = header.suite.number();
            let newer = format!("program here that knows suite {number}");
            return Err(Error::Missing(newer));
        }
        let no_key = || Error::Missing("key for it".to_owned());
        let held = self.keyring.of(part.compartment())?;
        let key = held
            .doc_key(header.epoch, doc, header.k)
            .ok_or_else(no_key)?;
        let change = match open_payload(&envelope, &key) {
            Err(ledger::Error::OtherKey) => return Err(no_key()),
            opened => opened.map_err(damaged)?.body,
        };
        self.check_writer(place, &envelope, &change)?;
        Ok(change)
    }

    /// Holds a change against the session that signed it. A signature that this run of the
    /// program made is not computed again.
    fn check_writer(
        &self,
        place: Place,
        envelope: &Envelope,
        change: &[u8],
    ) -> Result<(), Error> {
        let session = envelope.header.session;
        let signing = self.clinic.known().signing(&self.clinic.store, session)?;
        let signing =
            signing.ok_or_else(|| Error::Missing(format!("certificate {session}")))?;
        let signed = if self.clinic.wrote_now(place) {
            Ok(())
        } else {
            signing.signed(envelope)
        };
        signed
            .and_then(|()| signing.wrote(envelope, change))
            .map_err(|why| Error::Refused(why.to_string()))
    }

    /// What a document says. The cache is brought up to date first where the document was
    /// written to.
    pub(super) fn said(
        &mut self,
        subject: Subject,
        part: Part,
    ) -> Result<Option<Said>, Error> {
        let id = self.keyring.doc_id(subject, part)?;
        let clinic = Arc::clone(&self.clinic);
        let mut desk = clinic.desk();
        self.sit(&mut desk)?;
        self.settle_doc(&mut desk, id)?;
        self.with_cache(&mut desk, |session, _| session.said_last(subject, part))
    }

    /// What the cache says of a document.
    pub(super) fn said_last(
        &self,
        subject: Subject,
        part: Part,
    ) -> Result<Option<Said>, Error> {
        let id = self.keyring.doc_id(subject, part)?;
        let key = self.keyring.of(part.compartment())?.cache();
        let store = &self.clinic.store;
        let row = store.cache_get(Table::Projections, id.as_bytes(), key)?;
        let Some(row) = row else { return Ok(None) };
        Ok(Some(postcard::from_bytes(&row).or(Err(UNREADABLE))?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        chart::{Edit, Entry, NoKnownAllergies, Record},
        doc::Stamp,
        ids::{DeviceId, LogId, RecordId, UserId},
        time::{Moment, Timestamp},
    };

    #[test]
    fn a_record_in_another_ones_name_than_its_sessions_is_told() {
        let [writer, other] = [1, 2].map(|it| UserId::from_bytes([it; 16]));
        let id = RecordId::from_bytes([7; 16]);
        let entry = Entry::new(id, Moment::default(), other, LogId::ZERO);
        let asked = Record::NoKnownAllergies(NoKnownAllergies { entry });
        let mut doc = Doc::new(Part::Summary);
        let stamp = Stamp {
            actor: [3; 16],
            at: Timestamp(1),
        };
        doc.write(&[Edit::add(asked)], stamp).unwrap();
        let problems = |session_of: UserId| {
            let projection = doc.project(seal::hash);
            assert_eq!(projection.actors(), Actors::from([[3; 16]]));
            let machine = DeviceId::from_bytes([9; 16]);
            let writer = Writer {
                user: session_of,
                machine,
            };
            Said::of(projection, |_| Some(writer)).problems
        };
        assert_eq!(problems(other), Vec::<String>::new());
        let told = problems(writer);
        assert!(
            matches!(&told[..], [it] if it.contains("another one's name")),
            "{told:?}"
        );
    }
}
