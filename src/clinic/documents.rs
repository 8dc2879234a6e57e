//! Documents at hand: loaded to write, compare or show history, and kept for a while, since
//! the next change is likely to be of the same chart.

use std::{collections::VecDeque, sync::Arc};

use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::{
    Error, Session,
    desk::Desk,
    keyring::lane_of,
    known::{Actors, Writers},
    reading::Changes,
};
use crate::{
    chart::{Part, Subject, Unconfirmed},
    doc::{Claim, Doc, Projection, Refusal, View, Writer},
    ids::DocId,
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
    /// Envelopes that were found damaged.
    pub(super) damaged: u32,
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

/// What the cache is to hold of a document.
pub(super) struct Rows {
    pub(super) said: Said,
    /// How many of its envelopes they hold, the first in the index.
    pub(super) places: usize,
    /// Whether some of these may be read, or judged otherwise, later.
    pub(super) waits: bool,
    snapshot: Option<Zeroizing<Vec<u8>>>,
}

/// What a document says, as the cache keeps it.
#[derive(Serialize, Deserialize)]
pub(super) struct Said {
    /// How many of the document's envelopes, the first in the index, were judged and are all
    /// in it: they need not show once more that it survives them.
    pub(super) judged: usize,
    pub(super) view: View,
    /// What does not count.
    pub(super) unconfirmed: Vec<Unconfirmed>,
    pub(super) problems: Vec<String>,
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

    /// Forgets those that are as the disk has them. What is ahead of it is to be written.
    pub(super) fn forget_written(&mut self) {
        self.open.retain(|it| it.drafted);
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
            damaged: 0,
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
            damaged,
            waits,
        } = changes;
        self.changes += read.len() + unread.len();
        self.unread.append(&mut unread);
        self.damaged += damaged;
        self.waits |= waits;
        if read.is_empty() {
            return;
        }
        read.append(&mut self.waiting);
        let applied = self.doc.apply(&read);
        self.waits |= !applied.ousted.is_empty();
        let is_twin = |it: &&(usize, Refusal)| it.1 == Refusal::Twin;
        let twins = applied.refused.iter().filter(is_twin).count();
        let refused = applied.refused.len() - twins;
        if refused > 0 {
            let what = format!("document {}: {refused} changes do not fit", self.id);
            self.unread.push(what);
        }
        if twins > 0 {
            self.unread.push(format!(
                "document {}: {twins} changes stand where the same session wrote another; \
                 they are kept and not shown",
                self.id
            ));
        }
        let waiting = applied.waiting.iter().filter_map(|at| read.get(*at));
        self.waiting = waiting.cloned().collect();
    }

    /// Takes in what was judged before, all or none.
    pub(super) fn take_again(&mut self, judged: &Changes) -> bool {
        let taken = judged.unread.is_empty() && self.doc.take_again(&judged.read);
        if taken {
            self.changes += judged.read.len();
        }
        taken
    }

    /// Whether nothing is lost when it is forgotten.
    const fn is_spare(&self) -> bool {
        !self.unsettled && !self.drafted
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

    /// Whether it holds so many envelopes of the index, or is ahead of the disk.
    pub(super) const fn holds(&self, places: usize) -> bool {
        self.drafted || self.changes == places
    }

    /// Starts from a snapshot.
    pub(super) fn begin_at(&mut self, snapshot: &[u8]) -> Result<(), Error> {
        let snapshot: Snapshot = postcard::from_bytes(snapshot).or(Err(UNREADABLE))?;
        self.doc = Doc::load(self.part, &snapshot.saved).or(Err(UNREADABLE))?;
        self.in_snapshot = snapshot.changes;
        self.changes = snapshot.changes;
        self.unread = snapshot.unread;
        Ok(())
    }

    /// What the cache is to hold of it now. `writers` knows whose its sessions are.
    pub(super) fn rows(
        &mut self,
        writers: impl FnOnce(&Actors) -> Result<Writers, Error>,
    ) -> Result<Rows, Error> {
        let writers = writers(&self.doc.actors())?;
        let projection = self.doc.project_without(seal::hash, &writers.doubts);
        let mut said = Said::of(projection, |actor| writers.of.get(actor).copied());
        said.problems.extend_from_slice(&self.unread);
        if !self.waiting.is_empty() {
            let (id, number) = (self.id, self.waiting.len());
            let what = format!("document {id}: {number} changes wait for others");
            said.problems.push(what);
        }
        let waits = self.waits || !self.waiting.is_empty();
        if !waits && self.unread.is_empty() {
            said.judged = self.changes;
        }
        let mut snapshot = None;
        if self.changes - self.in_snapshot > TAIL_LEN_MAX && !waits {
            let whole = Snapshot {
                changes: self.changes,
                saved: self.doc.save(),
                unread: self.unread.clone(),
            };
            let plain = postcard::to_allocvec(&whole).unwrap_or_default();
            snapshot = Some(Zeroizing::new(plain));
            self.in_snapshot = self.changes;
        }
        self.unsettled = false;
        Ok(Rows {
            said,
            places: self.changes,
            waits: waits || writers.may_change,
            snapshot,
        })
    }
}

impl Rows {
    /// Writes them; gives what the document says.
    pub(super) fn put(self, batch: &mut CacheBatch<'_>, id: DocId, key: &Secret) -> Said {
        let plain = postcard::to_allocvec(&self.said).unwrap_or_default();
        batch.put(Table::Projections, id.as_bytes(), key, &plain);
        if let Some(snapshot) = self.snapshot {
            batch.put(Table::Snapshots, id.as_bytes(), key, &snapshot);
        }
        batch.made(id, self.places, self.waits);
        self.said
    }
}

impl Said {
    /// What an empty document says.
    pub(super) fn nothing(part: Part) -> Self {
        Self {
            judged: 0,
            view: View::empty(part),
            unconfirmed: Vec::new(),
            problems: Vec::new(),
        }
    }

    /// What the cache keeps.
    pub(super) fn read(plain: &[u8]) -> Result<Self, Error> {
        Ok(postcard::from_bytes(plain).or(Err(UNREADABLE))?)
    }

    /// [`Said::judged`] alone.
    pub(super) fn read_judged(plain: &[u8]) -> Result<usize, Error> {
        let read = postcard::take_from_bytes(plain).or(Err(UNREADABLE));
        Ok(read.map(|(judged, _)| judged)?)
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
            unconfirmed,
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
        for note in view.notes_mut() {
            let signer = signers.get(&note.entry.id).and_then(who);
            let forged = note.signed.take_if(|it| signer != Some(it.by));
            if forged.is_some() {
                let id = note.entry.id;
                problems.push(format!("note {id}: signed in another one's name"));
            }
        }
        let unconfirmed = unconfirmed.into_iter().map(|(it, _)| it).collect();
        Self {
            judged: 0,
            view,
            unconfirmed,
            problems,
        }
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
        let places = {
            let mut desk = clinic.desk();
            self.sit(&mut desk)?;
            self.settle_doc(&mut desk, id);
            let indexed = |session: &mut Self, desk: &mut Desk| {
                session.index_all(desk, lane_of(part))?;
                Ok(clinic.store.len_of(id)?)
            };
            self.with_cache(&mut desk, indexed)?
        };
        if self.documents.get(id).is_none_or(|it| !it.holds(places)) {
            self.documents.forget(id);
            let open = self
                .renewing(|session| session.reader().load(id, Some((subject, part))))?;
            self.documents.keep(open);
        }
        self.documents
            .get(id)
            .ok_or_else(|| Error::Missing(format!("document {id}")))
    }

    /// What a document says. The cache is brought up to date first where it is behind.
    pub(super) fn said(
        &mut self,
        subject: Subject,
        part: Part,
    ) -> Result<Option<Said>, Error> {
        self.renewing(|session| {
            session.freshen(&[(subject, part)])?;
            session.said_last(subject, part)
        })
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
        row.map(|it| Said::read(&it)).transpose()
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
    fn a_change_that_lost_its_place_to_a_twin_is_told() {
        let id = RecordId::from_bytes([7; 16]);
        let changes = [1, 2].map(|machine| {
            let log = LogId::from_bytes([machine; 16]);
            let entry = Entry::new(id, Moment::default(), UserId::ZERO, log);
            let asked = Record::NoKnownAllergies(NoKnownAllergies { entry });
            let stamp = Stamp {
                actor: [3; 16],
                at: Timestamp(1),
            };
            let mut doc = Doc::new(Part::Summary);
            doc.write(&[Edit::add(asked)], stamp).unwrap().unwrap()
        });
        let subject = Subject::Patient(crate::ids::PatientId::ZERO);
        let mut open = Open::new(DocId::ZERO, subject, Part::Summary);
        open.take(Changes::of(changes.into()));
        let [told] = &open.unread[..] else {
            panic!("{:?}", open.unread);
        };
        assert!(
            told.contains("1 changes stand where the same session"),
            "{told}"
        );
    }

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
