//! What lists show of each patient, kept beside the documents so that nobody waits for fifty
//! thousand charts to open.

use std::sync::PoisonError;

use serde::{Deserialize, Serialize};

use super::{
    Error, Session,
    bunches::{place_of, put_all, read_all},
    desk::Desk,
    documents::Said,
};
use crate::{
    chart::{Part, Subject, who::Compartment},
    doc::View,
    find::{Index, Row},
    ids::PatientId,
    store::{CacheBatch, Table},
    time::{Timestamp, When},
};

/// What lists take from clinical documents. Sealed with the clinical key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
struct Marks {
    severe_allergy: bool,
    last_seen: Option<Timestamp>,
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
        let index = self.index();
        let mut index = index.write().unwrap_or_else(PoisonError::into_inner);
        for (subject, said) in said {
            let Subject::Patient(patient) = subject else {
                continue;
            };
            match said.view {
                View::Identity(identity) => {
                    let Some(person) = identity.person else {
                        continue;
                    };
                    let mut row = Row::of(patient, &person);
                    row.hidden |= self.is_awaited(&person.entry);
                    rows.push((patient, row.clone()));
                    let before = index.row(patient);
                    row.severe_allergy = before.and_then(|it| it.severe_allergy);
                    row.last_seen = before.and_then(|it| it.last_seen);
                    index.replace(row);
                }
                View::Summary(summary) => {
                    let mut marks = Marks::of(&index, patient);
                    marks.severe_allergy = summary.has_severe_allergy();
                    marks.show(&mut index, patient);
                    marked.push((patient, marks));
                }
                View::Visits(visits) => {
                    let mut marks = Marks::of(&index, patient);
                    let seen = visits.visits.iter().filter(|it| !it.entry.in_error);
                    marks.last_seen =
                        seen.filter_map(|it| it.start).map(When::sort_key).max();
                    marks.show(&mut index, patient);
                    marked.push((patient, marks));
                }
                View::Results(_) | View::Site(_) => {}
            }
        }
        // Whoever searches need not wait for the cache.
        drop(index);
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

    /// Learns which imports were closed, and lists those whom one of them hid.
    pub(super) fn show_imported(&mut self, desk: &mut Desk) -> Result<(), Error> {
        let before = self.imports.clone();
        self.know_imports()?;
        if self.imports == before {
            return Ok(());
        }
        let hidden: Vec<PatientId> = self.with_index(|index| {
            let hidden = index.rows().filter(|it| it.hidden);
            hidden.map(|it| it.patient).collect()
        });
        for patients in hidden.chunks(ROWS_IN_BATCH) {
            let mut said = Vec::new();
            for patient in patients {
                let subject = Subject::Patient(*patient);
                let identity = self.said_last(subject, Part::Identity)?;
                said.extend(identity.map(|it| (subject, it)));
            }
            let mut batch = CacheBatch::new(&mut *desk.entropy);
            self.list(&mut batch, said)?;
            self.clinic.store.cache_write(&batch)?;
        }
        Ok(())
    }

    /// The index of everybody on file, from the rows in the cache.
    pub(super) fn read_index(&self) -> Result<Index, Error> {
        let Ok(front) = self.keyring.of(Compartment::Front) else {
            return Ok(Index::default());
        };
        let store = &self.clinic.store;
        let mut rows: Vec<(PatientId, Row)> =
            read_all((store, front.cache()), Table::Roster)?;
        if let Ok(clinical) = self.keyring.of(Compartment::Clinical) {
            let marks: Vec<(PatientId, Marks)> =
                read_all((store, clinical.cache()), Table::Marks)?;
            // Both are in the same order.
            let mut at = rows.iter_mut().peekable();
            for (patient, marks) in marks {
                let place = place_of(patient);
                while at.next_if(|(it, _)| place_of(*it) < place).is_some() {}
                if let Some((_, row)) = at.next_if(|(it, _)| *it == patient) {
                    row.severe_allergy = Some(marks.severe_allergy);
                    row.last_seen = marks.last_seen;
                }
            }
        }
        Ok(Index::new(rows.into_iter().map(|(_, row)| row)))
    }
}

impl Marks {
    /// What the list shows of a patient now.
    fn of(index: &Index, patient: PatientId) -> Self {
        index.row(patient).map_or_else(Self::default, |row| Self {
            severe_allergy: row.severe_allergy.unwrap_or_default(),
            last_seen: row.last_seen,
        })
    }

    /// Shows them in the list.
    fn show(self, index: &mut Index, patient: PatientId) {
        if let Some(mut row) = index.row(patient).cloned() {
            row.severe_allergy = Some(self.severe_allergy);
            row.last_seen = self.last_seen;
            index.replace(row);
        }
    }
}
