//! What lists show of each patient, kept beside the documents so that nobody waits for fifty
//! thousand charts to open.

use std::{cell::Cell, collections::BTreeSet, sync::PoisonError};

use serde::{Deserialize, Serialize};

use super::{
    Error, Session,
    bunches::{place_of, put_all, read_all},
    desk::Desk,
    documents::Said,
};
use crate::{
    chart::{Part, Subject, Visits, who::Compartment},
    doc::View,
    find::{Index, Row},
    ids::{ImportId, PatientId},
    store::{CacheBatch, Table},
    time::{Timestamp, When},
};

/// What lists take from clinical documents. Sealed with the clinical key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
struct Marks {
    /// None as long as the summary was not read.
    severe_allergy: Option<bool>,
    last_seen: Option<Timestamp>,
    /// Imports that were not finished when records of them were left out.
    summary_awaits: Option<ImportId>,
    visits_await: Option<ImportId>,
}

/// A patient's row, as the cache keeps it.
#[derive(Serialize, Deserialize)]
pub(super) struct Listed {
    pub(super) row: Row,
    /// The import that the person came with, if it was not finished.
    pub(super) awaits: Option<ImportId>,
    /// Who may be the same person; none as long as nobody looked.
    pub(super) twins: Option<Vec<PatientId>>,
}

/// People who are listed again between two writings of the cache. Bounds memory.
const ROWS_IN_BATCH: usize = 1_000;

impl Session {
    /// Brings the lists up to what documents say now.
    pub(super) fn list(
        &mut self,
        batch: &mut CacheBatch<'_>,
        mut said: Vec<(Subject, Said)>,
    ) -> Result<(), Error> {
        // Marks are added to the row that the identity makes.
        said.sort_by_key(|(_, said)| !matches!(said.view, View::Identity(_)));
        let mut rows = Vec::new();
        let mut marked = Vec::new();
        let mut new = Vec::new();
        let index = self.index();
        let mut index = index.write().unwrap_or_else(PoisonError::into_inner);
        for (subject, said) in said {
            let Subject::Patient(patient) = subject else {
                continue;
            };
            self.mark_apart(batch, patient, &said)?;
            let part = said.view.part();
            let (view, awaits) = self.without_awaited(said.view);
            self.awaiting.remove(&(patient, part));
            self.awaiting.extend(awaits.map(|it| ((patient, part), it)));
            let awaits_in = |part| self.awaiting.get(&(patient, part)).copied();
            match view {
                View::Identity(identity) => {
                    let Some(person) = identity.person else {
                        continue;
                    };
                    let mut row = Row::of(patient, &person);
                    row.hidden |= awaits.is_some();
                    let shown = row.clone();
                    let listed = Listed {
                        row: shown,
                        awaits,
                        twins: None,
                    };
                    rows.push((patient, listed));
                    self.twins.list(patient, None);
                    let before = index.row(patient);
                    new.extend(before.is_none().then_some(patient));
                    row.severe_allergy = before.and_then(|it| it.severe_allergy);
                    row.last_seen = before.and_then(|it| it.last_seen);
                    index.replace(row);
                }
                View::Summary(summary) => {
                    let mut marks = Marks::of(&index, patient, awaits_in);
                    marks.severe_allergy = Some(summary.has_severe_allergy());
                    marks.show(&mut index, patient);
                    marked.push((patient, marks));
                }
                View::Visits(visits) => {
                    let mut marks = Marks::of(&index, patient, awaits_in);
                    marks.last_seen = seen_last(&visits);
                    marks.show(&mut index, patient);
                    marked.push((patient, marks));
                }
                View::Results(_)
                | View::Site(_)
                | View::Consents(_)
                | View::Inbox(_)
                | View::Restricted(_) => {}
            }
        }
        // Whoever searches need not wait for the cache.
        drop(index);
        for patient in new {
            self.welcome(batch, patient);
        }
        let store = &self.clinic.store;
        if !rows.is_empty() {
            let key = self.keyring.of(Compartment::Front)?.cache();
            put_all(batch, (store, key), Table::Roster, rows)?;
        }
        if !marked.is_empty() {
            let key = self.keyring.of(Compartment::Clinical)?.cache();
            put_all(batch, (store, key), Table::Marks, marked)?;
        }
        Ok(())
    }

    /// The other documents of somebody who is new here may have come before.
    fn welcome(&mut self, batch: &mut CacheBatch<'_>, patient: PatientId) {
        self.name_all(patient);
        let subject = Subject::Patient(patient);
        for part in self.parts_of_patient() {
            if let Ok(id) = self.keyring.doc_id(subject, part) {
                batch.offer_again(id);
            }
        }
    }

    /// Learns which imports were closed, and lists those whom one of them hid.
    pub(super) fn show_imported(&mut self, desk: &mut Desk) -> Result<(), Error> {
        self.know_imports()?;
        self.list_closed(desk)
    }

    /// Lists anew those of whom something was left out until an import was closed, which now
    /// it is.
    pub(super) fn list_closed(&mut self, desk: &mut Desk) -> Result<(), Error> {
        let awaiting = self.awaiting.iter();
        let due = awaiting.filter(|(_, import)| self.imports.contains(import));
        let due: Vec<(PatientId, Part)> = due.map(|(at, _)| *at).collect();
        for parts in due.chunks(ROWS_IN_BATCH) {
            let mut said = Vec::new();
            for (patient, part) in parts {
                let subject = Subject::Patient(*patient);
                if self.keyring.of(part.compartment()).is_ok() {
                    let now = self.said_last(subject, *part)?;
                    said.extend(now.map(|it| (subject, it)));
                }
            }
            let mut batch = CacheBatch::new(&mut *desk.entropy);
            self.list(&mut batch, said)?;
            self.clinic.store.cache_write(&batch)?;
        }
        Ok(())
    }

    /// People who came with an import that was not finished.
    pub(super) fn awaited_people(&self) -> BTreeSet<PatientId> {
        let awaiting = self.awaiting.keys();
        let people = awaiting.filter(|(_, part)| *part == Part::Identity);
        people.map(|(patient, _)| *patient).collect()
    }

    /// What lists may take from a part of a chart, and the import that was not finished and
    /// that the rest belongs to. Of a person everything stays: lists hide the whole row.
    fn without_awaited(&self, mut view: View) -> (View, Option<ImportId>) {
        let found = Cell::new(None);
        let is_person = view.part() == Part::Identity;
        view.retain(|_, entry| {
            let awaited = self.awaited(entry);
            found.set(found.get().or(awaited));
            is_person || awaited.is_none()
        });
        (view, found.get())
    }

    /// The index of everybody on file, from the rows in the cache.
    pub(super) fn read_index(&mut self) -> Result<Index, Error> {
        self.awaiting.clear();
        self.twins.clear();
        self.read_apart()?;
        let Ok(front) = self.keyring.of(Compartment::Front) else {
            return Ok(Index::default());
        };
        let store = &self.clinic.store;
        let mut rows: Vec<(PatientId, Listed)> =
            read_all((store, front.cache()), Table::Roster)?;
        for (patient, listed) in &rows {
            let awaits = listed.awaits.map(|it| ((*patient, Part::Identity), it));
            self.awaiting.extend(awaits);
            self.twins.list(*patient, listed.twins.as_deref());
        }
        if let Ok(clinical) = self.keyring.of(Compartment::Clinical) {
            let marks: Vec<(PatientId, Marks)> =
                read_all((store, clinical.cache()), Table::Marks)?;
            // Both are in the same order.
            let mut at = rows.iter_mut().peekable();
            for (patient, marks) in marks {
                self.awaiting.extend(marks.awaiting(patient));
                let place = place_of(patient);
                while at.next_if(|(it, _)| place_of(*it) < place).is_some() {}
                if let Some((_, it)) = at.next_if(|(it, _)| *it == patient) {
                    it.row.severe_allergy = marks.severe_allergy;
                    it.row.last_seen = marks.last_seen;
                }
            }
        }
        Ok(Index::new(rows.into_iter().map(|(_, it)| it.row)))
    }
}

fn seen_last(visits: &Visits) -> Option<Timestamp> {
    let seen = visits.visits.iter().filter(|it| !it.entry.in_error);
    seen.filter_map(|it| it.start).map(When::sort_key).max()
}

impl Marks {
    /// What the list shows of a patient now.
    fn of(
        index: &Index,
        patient: PatientId,
        awaits_in: impl Fn(Part) -> Option<ImportId>,
    ) -> Self {
        let row = index.row(patient);
        Self {
            severe_allergy: row.and_then(|it| it.severe_allergy),
            last_seen: row.and_then(|it| it.last_seen),
            summary_awaits: awaits_in(Part::Summary),
            visits_await: awaits_in(Part::Visits),
        }
    }

    /// The parts of a chart that hold more than the marks say.
    fn awaiting(
        self,
        patient: PatientId,
    ) -> impl Iterator<Item = ((PatientId, Part), ImportId)> {
        let summary = self.summary_awaits.map(|it| (Part::Summary, it));
        let visits = self.visits_await.map(|it| (Part::Visits, it));
        let parts = summary.into_iter().chain(visits);
        parts.map(move |(part, import)| ((patient, part), import))
    }

    /// Shows them in the list.
    fn show(self, index: &mut Index, patient: PatientId) {
        if let Some(mut row) = index.row(patient).cloned() {
            row.severe_allergy = self.severe_allergy;
            row.last_seen = self.last_seen;
            index.replace(row);
        }
    }
}
