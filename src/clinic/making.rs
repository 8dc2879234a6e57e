//! Making what is shown from the index: people first and many at a time, so that they can be
//! found; charts when they are opened, or when nobody waits.

use std::{
    collections::BTreeMap,
    sync::{Arc, PoisonError},
};

use super::{
    AuditAction, AuditObject, Error, Session,
    desk::Desk,
    keyring::lane_of,
    reading::{Made, Of, Wanted},
    replay::{ENVELOPES_AT_ONCE, ENVELOPES_IN_PORTION},
};
use crate::{
    chart::{Part, Subject, who::Compartment},
    ids::{DocId, PatientId},
    ledger::Lane,
    store::CacheBatch,
};

/// Clinical documents that are made between two looks at the clock: some 5 ms of work, but
/// for a chart of many years.
const CHARTS_IN_PORTION: usize = 4;
/// How often a document is made anew because more of it came meanwhile. What comes after
/// that is shown a moment later.
const ROUNDS_MAX: usize = 3;

/// Which document each id names.
pub(super) type DocNames = BTreeMap<DocId, Of>;

impl Session {
    /// Makes documents that are stale. They are read with the desk free for others.
    pub(super) fn freshen(&mut self, parts: &[Of]) -> Result<(), Error> {
        let clinic = Arc::clone(&self.clinic);
        for _ in 0..ROUNDS_MAX {
            let mut stale = Vec::new();
            {
                let mut desk = clinic.desk();
                self.sit(&mut desk)?;
                for of in parts {
                    let id = self.keyring.doc_id(of.0, of.1)?;
                    self.settle_doc(&mut desk, id);
                    self.index_all(&mut desk, lane_of(of.1))?;
                    if clinic.store.is_stale(id)? {
                        stale.push(Wanted { id, of: Some(*of) });
                    }
                }
            }
            if stale.is_empty() {
                break;
            }
            let made = self.reader().make_all(&stale)?;
            self.keep_made(made)?;
        }
        Ok(())
    }

    /// Brings the index of a lane up to the ledger.
    pub(super) fn index_all(&mut self, desk: &mut Desk, lane: Lane) -> Result<(), Error> {
        if desk.behind.contains(&lane) {
            self.settle_at(desk);
            while self.clinic.index_portion(desk, lane, ENVELOPES_AT_ONCE)? {}
            self.hear(desk)?;
        }
        Ok(())
    }

    /// Takes some of the lane of people into the index; true while there is more.
    pub(super) fn index_people(&mut self) -> Result<bool, Error> {
        self.index_some(Lane::Desk, ENVELOPES_AT_ONCE)
    }

    /// Takes a little of what came into the index; true while there may be more. Whoever
    /// opens a chart then waits for no index.
    pub(super) fn index_little(&mut self) -> Result<bool, Error> {
        for lane in Desk::LANES {
            if self.index_some(lane, ENVELOPES_IN_PORTION)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Brings some of the list of people up to what came; true while there may be more.
    pub(super) fn list_some(&mut self, len_max: usize) -> Result<bool, Error> {
        Ok(self.index_people()? || self.make_people(len_max)?)
    }

    /// Brings some charts up to what came; true while there may be more.
    pub(super) fn chart_some(&mut self) -> Result<bool, Error> {
        if self.keyring.of(Compartment::Clinical).is_err() {
            return Ok(false);
        }
        let store = &self.clinic.store;
        let mut stale = store.stale(Lane::Clinical, None, CHARTS_IN_PORTION)?;
        if stale.is_empty() && self.keyring.categories().next().is_some() {
            stale = store.stale(Lane::Restricted, None, CHARTS_IN_PORTION)?;
        }
        let mut made = Vec::with_capacity(stale.len());
        for id in stale.iter().copied() {
            made.push(match self.names().get(&id).copied() {
                of @ Some(_) => self.reader().make(Wanted { id, of })?,
                None => Made {
                    id,
                    rows: None,
                    places: self.clinic.store.len_of(id)?,
                    damaged: 0,
                },
            });
        }
        self.keep_made(made)?;
        Ok(!stale.is_empty())
    }

    /// Makes some identities that are stale, on every core; true when there were so many.
    pub(super) fn make_people(&mut self, len_max: usize) -> Result<bool, Error> {
        let Ok(site) = self.keyring.doc_id(Subject::Clinic, Part::Site) else {
            return Ok(false);
        };
        let site_of = (Subject::Clinic, Part::Site);
        if self.clinic.store.is_stale(site)? {
            // It tells which imports were finished, and so who is shown.
            self.freshen(&[site_of])?;
        }
        let stale = self.clinic.store.stale(Lane::Desk, None, len_max)?;
        let wanted = stale.iter().map(|id| Wanted {
            id: *id,
            of: (*id == site).then_some(site_of),
        });
        let wanted: Vec<Wanted> = wanted.collect();
        let made = self.reader().make_all(&wanted)?;
        self.keep_made(made)?;
        Ok(stale.len() >= len_max)
    }

    /// Hears which documents came into the index: the charts are not as they were shown, and
    /// of an allergy that is not read yet nobody says that there is none.
    pub(super) fn hear(&mut self, desk: &mut Desk) -> Result<(), Error> {
        let came = match desk.came.replace(Vec::new()) {
            Some(came) if came.is_empty() => return Ok(()),
            Some(came) => came,
            None => {
                self.arrived.extend(&self.opened);
                let store = &self.clinic.store;
                let mut stale = store.stale(Lane::Clinical, None, usize::MAX)?;
                stale.extend(store.stale(Lane::Restricted, None, usize::MAX)?);
                stale
            }
        };
        for id in came {
            let of = self.names().get(&id).copied();
            let Some((Subject::Patient(patient), part)) = of else {
                continue;
            };
            self.arrived.insert(patient);
            if part == Part::Summary {
                self.unmark(patient);
            }
        }
        Ok(())
    }

    /// The documents of one more patient have names, too.
    pub(super) fn name_all(&mut self, patient: PatientId) {
        if let Some(mut names) = self.names.take() {
            self.names_of(patient, &mut names);
            self.names = Some(names);
        }
    }

    /// The documents of everybody on file. Ids are computed from whom they are about, so they
    /// are computed once and looked up.
    pub(super) fn names(&mut self) -> &DocNames {
        let names = self.names.take().unwrap_or_else(|| {
            let mut names = DocNames::new();
            if let Ok(site) = self.keyring.doc_id(Subject::Clinic, Part::Site) {
                names.insert(site, (Subject::Clinic, Part::Site));
            }
            let patients: Vec<PatientId> =
                self.with_index(|index| index.rows().map(|it| it.patient).collect());
            for patient in patients {
                self.names_of(patient, &mut names);
            }
            names
        });
        self.names.insert(names)
    }

    fn names_of(&self, patient: PatientId, names: &mut DocNames) {
        let subject = Subject::Patient(patient);
        for part in self.parts_of_patient() {
            if let Ok(id) = self.keyring.doc_id(subject, part) {
                names.insert(id, (subject, part));
            }
        }
        self.name_inboxes(patient, names);
    }

    fn index_some(&mut self, lane: Lane, len_max: usize) -> Result<bool, Error> {
        let clinic = Arc::clone(&self.clinic);
        let mut desk = clinic.desk();
        self.sit(&mut desk)?;
        self.settle_at(&mut desk);
        let more = clinic.index_portion(&mut desk, lane, len_max)?;
        self.hear(&mut desk)?;
        Ok(more)
    }

    /// Nobody says of a patient that there is no severe allergy.
    fn unmark(&mut self, patient: PatientId) {
        let mut index = self.index.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(row) = index.row(patient)
            && row.severe_allergy == Some(false)
        {
            let mut row = row.clone();
            row.severe_allergy = None;
            index.replace(row);
        }
    }

    /// Puts documents that were made into the cache and the lists. One that somebody else
    /// made, or that more came to meanwhile, stays as it is.
    fn keep_made(&mut self, made: Vec<Made>) -> Result<(), Error> {
        if made.is_empty() {
            return Ok(());
        }
        let clinic = Arc::clone(&self.clinic);
        let mut desk = clinic.desk();
        self.sit(&mut desk)?;
        let mut batch = CacheBatch::new(&mut *desk.entropy);
        let mut said = Vec::new();
        let (mut damaged, mut is_site) = (0, false);
        for made in made {
            let id = made.id;
            let is_due = clinic.store.is_stale(id)?;
            if !is_due || clinic.store.len_of(id)? != made.places {
                continue;
            }
            damaged += made.damaged;
            let Some(((subject, part), rows)) = made.rows else {
                // It is offered again when its patient, or a key, comes.
                batch.made(id, made.places, true);
                continue;
            };
            let key = self.keyring.of(part.compartment())?.cache();
            is_site |= part == Part::Site;
            said.push((subject, rows.put(&mut batch, id, key)));
        }
        self.list(&mut batch, said)?;
        clinic.store.cache_write(&batch)?;
        drop(batch);
        if is_site {
            self.show_imported(&mut desk)?;
        }
        if damaged > 0 {
            self.audit_at(&mut desk, AuditAction::Integrity, AuditObject::Nothing)?;
        }
        Ok(())
    }
}
