//! Catching up: what is in the ledger and not yet in the cache, after a crash, after a cache
//! was thrown away, or when envelopes came from elsewhere.

use std::{collections::BTreeMap, ops::ControlFlow, sync::Arc};

use super::{
    AuditAction, AuditObject, Error, Session, desk::Desk, documents::Open, known::Actors,
    lanes::each_envelope,
};
use crate::{
    chart::{Part, Subject, who::Compartment},
    doc::View,
    ids::{DocId, PatientId},
    ledger::{Header, Kind, Lane, Place},
    store::CacheBatch,
};

/// Documents that are brought up to date between two writings of the cache. Bounds memory;
/// a chart is four of them.
const DOCS_IN_BATCH: usize = 256;

/// What the cache lacks of a lane, or a part of it.
#[derive(Default)]
struct Missing {
    /// The envelopes in the order of their lane, and the documents that they changed.
    places: Vec<(Place, Option<DocId>)>,
    /// The changes by document.
    changes: BTreeMap<DocId, Vec<Place>>,
    /// Envelopes of which not even the document is known.
    damaged: u32,
}

/// Which document each id names.
pub(super) type DocNames = BTreeMap<DocId, (Subject, Part)>;

impl Session {
    /// Whether the ledger holds something for the cache that this role can open.
    pub(super) fn lacks_something(&self) -> Result<bool, Error> {
        let applied = self.clinic.store.applied()?;
        let frontier = self.clinic.store.frontier()?;
        Ok(frontier.iter().any(|(run, (tip, _))| {
            let can_take = compartment_of(run.1).is_none_or(|it| self.holds(it));
            can_take && applied.get(run) != Some(tip)
        }))
    }

    /// Takes everything into the cache that this role can open and that is not in it.
    pub(super) fn catch_up(&mut self, desk: &mut Desk) -> Result<(), Error> {
        desk.behind = true;
        desk.pending.clear();
        self.documents.forget_all();
        let mut names = None;
        let mut damaged = 0;
        for lane in Lane::ALL {
            match compartment_of(lane) {
                None => self.pass_over(desk, lane)?,
                Some(it) if self.holds(it) => {
                    while let Some(unread) = self.catch_up_some(desk, lane, &mut names)? {
                        damaged += unread;
                    }
                }
                Some(_) => {}
            }
            if lane == Lane::Desk {
                self.show_imported(desk)?;
            }
        }
        desk.behind = false;
        if damaged > 0 {
            self.audit_at(desk, AuditAction::Integrity, AuditObject::Nothing)?;
        }
        Ok(())
    }

    fn holds(&self, compartment: Compartment) -> bool {
        self.keyring.of(compartment).is_ok()
    }

    /// Lanes without documents: only how far they reach.
    fn pass_over(&self, desk: &mut Desk, lane: Lane) -> Result<(), Error> {
        let store = &self.clinic.store;
        let applied = store.applied()?;
        let mut batch = CacheBatch::new(&mut *desk.entropy);
        for ((log, of), (tip, _)) in store.frontier()? {
            let known = applied.get(&(log, of)).copied().unwrap_or(0);
            for seq in (known + 1..=tip).filter(|_| of == lane) {
                batch.applied(Place { log, lane, seq }, None);
            }
        }
        Ok(store.cache_write(&batch)?)
    }

    /// Some of a lane's missing changes, and how many of them cannot be read; none when
    /// there were no more.
    fn catch_up_some(
        &mut self,
        desk: &mut Desk,
        lane: Lane,
        names: &mut Option<DocNames>,
    ) -> Result<Option<u32>, Error> {
        let clinic = Arc::clone(&self.clinic);
        let missing = self.missing(lane)?;
        if missing.places.is_empty() {
            return Ok(None);
        }
        let names = names.get_or_insert_with(|| self.names());
        let mut damaged = missing.damaged;
        let mut batch = CacheBatch::new(&mut *desk.entropy);
        let mut said = Vec::new();
        let mut known_now = Vec::new();
        for (id, new) in &missing.changes {
            known_now.extend(self.name(*id, lane, new, names)?);
            let Some((subject, part)) = names.get(id).copied() else {
                // Its place goes into the index, for when it is known whose it is.
                continue;
            };
            let mut open = self.load(*id, subject, part)?;
            let changes = self.changes_at(new, (*id, part))?;
            damaged += changes.damaged;
            open.take(changes);
            let key = self.keyring.of(part.compartment())?.cache();
            let writers = |actors: &Actors| clinic.writers(*id, actors);
            said.push((subject, open.settle(&mut batch, key, writers)?));
        }
        for (id, subject, part) in known_now {
            let mut open = self.load(id, subject, part)?;
            let key = self.keyring.of(part.compartment())?.cache();
            let writers = |actors: &Actors| clinic.writers(id, actors);
            said.push((subject, open.settle(&mut batch, key, writers)?));
        }
        for (place, doc) in missing.places {
            batch.applied(place, doc);
        }
        self.list(&mut batch, said)?;
        clinic.store.cache_write(&batch)?;
        Ok(Some(damaged))
    }

    /// The next envelopes of a lane that are not in the cache, and of which documents.
    fn missing(&self, lane: Lane) -> Result<Missing, Error> {
        let store = &self.clinic.store;
        let applied = store.applied()?;
        let mut missing = Missing::default();
        for (log, of) in store.frontier()?.into_keys().filter(|(_, of)| *of == lane) {
            let from = Place {
                log,
                lane,
                seq: applied.get(&(log, of)).copied().unwrap_or(0) + 1,
            };
            each_envelope(store, from, |place, stored| {
                let header = stored.ok().and_then(|it| Some(Header::decode(&it).ok()?.0));
                let header = header.filter(|it| store.is_at(place, it));
                missing.damaged += u32::from(header.is_none());
                let change = header.filter(|it| it.kind == Kind::Change);
                let doc = change.map(|it| it.doc);
                missing.places.push((place, doc));
                if let Some(doc) = doc {
                    missing.changes.entry(doc).or_default().push(place);
                }
                Ok(if missing.changes.len() < DOCS_IN_BATCH {
                    ControlFlow::Continue(())
                } else {
                    ControlFlow::Break(())
                })
            })?;
        }
        Ok(missing)
    }

    /// Whose document an id names, and which. Ids are computed from whom they are about, so
    /// those of everybody on file are computed and looked up; an identity that is new here
    /// tells whose it is itself. Gives the other documents of somebody who is new here whose
    /// changes came before.
    fn name(
        &self,
        id: DocId,
        lane: Lane,
        new: &[Place],
        names: &mut DocNames,
    ) -> Result<Vec<(DocId, Subject, Part)>, Error> {
        if lane != Lane::Desk || names.contains_key(&id) {
            return Ok(Vec::new());
        }
        let mut open = Open::new(id, Subject::Clinic, Part::Identity);
        open.take(self.changes_at(new, (id, Part::Identity))?);
        let View::Identity(identity) = open.view() else {
            return Ok(Vec::new());
        };
        let Some(person) = identity.person else {
            return Ok(Vec::new());
        };
        let patient = PatientId::from_bytes(*person.entry.id.as_bytes());
        let subject = Subject::Patient(patient);
        if self.keyring.doc_id(subject, Part::Identity)? != id {
            return Ok(Vec::new());
        }
        self.name_all(patient, names);
        self.waiting_for(subject)
    }

    /// The documents of a patient, but the identity, that have changes in the index.
    fn waiting_for(
        &self,
        subject: Subject,
    ) -> Result<Vec<(DocId, Subject, Part)>, Error> {
        let mut waiting = Vec::new();
        let others = Part::OF_PATIENT.into_iter();
        for part in others.filter(|it| *it != Part::Identity) {
            let Ok(id) = self.keyring.doc_id(subject, part) else {
                continue;
            };
            if self.holds(part.compartment()) && self.clinic.store.is_indexed(id)? {
                waiting.push((id, subject, part));
            }
        }
        Ok(waiting)
    }

    /// The documents of everybody on file.
    pub(super) fn names(&self) -> DocNames {
        let mut names = DocNames::new();
        if let Ok(site) = self.keyring.doc_id(Subject::Clinic, Part::Site) {
            names.insert(site, (Subject::Clinic, Part::Site));
        }
        let patients: Vec<PatientId> =
            self.with_index(|index| index.rows().map(|it| it.patient).collect());
        for patient in patients {
            self.name_all(patient, &mut names);
        }
        names
    }

    fn name_all(&self, patient: PatientId, names: &mut DocNames) {
        let subject = Subject::Patient(patient);
        for part in Part::OF_PATIENT {
            if let Ok(id) = self.keyring.doc_id(subject, part) {
                names.insert(id, (subject, part));
            }
        }
    }
}

/// The compartment whose documents a lane's envelopes change.
const fn compartment_of(lane: Lane) -> Option<Compartment> {
    match lane {
        Lane::Desk => Some(Compartment::Front),
        Lane::Clinical => Some(Compartment::Clinical),
        Lane::Membership | Lane::Restricted | Lane::Audit | Lane::Attachments => None,
    }
}
