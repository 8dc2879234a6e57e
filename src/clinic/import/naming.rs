//! What the things of an import are called here. What another system names has a computed
//! name; what this clinic wrote itself, and what comes back to it, keeps its own.

use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet},
};

use crate::{
    chart::{Part, Subject},
    clinic::{Error, Session},
    doc::View,
    exchange::fhir::out,
    ids::{PatientId, RecordId},
    seal::names,
};

/// A thing as an import names it: the system, what kind of thing it is, its id there.
type Thing<'a> = (&'a str, &'a str, &'a str);

/// The type of a patient's resource.
const PATIENT: &str = "Patient";

/// Who of the input is on file here under the very id that the input has.
pub(super) struct Met<'a> {
    is_on_file: &'a dyn Fn(PatientId) -> bool,
    whose: Option<PatientId>,
    patients: RefCell<BTreeSet<PatientId>>,
}

/// What of the input this clinic wrote itself, by its names: whose it is, and its type.
#[derive(Clone, Default)]
pub(super) struct Here {
    /// Whose records all are that this system names, where a person said so.
    whose: Option<(String, PatientId)>,
    patients: BTreeSet<PatientId>,
    records: BTreeMap<RecordId, (Subject, &'static str)>,
}

impl<'a> Met<'a> {
    pub(super) const fn new(
        is_on_file: &'a dyn Fn(PatientId) -> bool,
        whose: Option<PatientId>,
    ) -> Self {
        Self {
            is_on_file,
            whose,
            patients: RefCell::new(BTreeSet::new()),
        }
    }

    /// The name of a thing, as far as it tells whose a record is.
    pub(super) fn name(&self, thing: Thing<'_>) -> [u8; 16] {
        let own = own_id(thing).filter(|_| thing.1 == PATIENT && self.whose.is_none());
        let patient = own.map(PatientId::from_bytes);
        if let Some(patient) = patient.filter(|it| (self.is_on_file)(*it)) {
            self.patients.borrow_mut().insert(patient);
            return *patient.as_bytes();
        }
        imported(thing)
    }

    /// Who was met.
    pub(super) fn patients(&self) -> BTreeSet<PatientId> {
        self.patients.take()
    }
}

impl Here {
    /// The name of a thing.
    pub(super) fn name(&self, thing: Thing<'_>) -> [u8; 16] {
        // The survey names groups of resources in the same way: those keep their names.
        if let Some((source, whose)) = &self.whose
            && (thing.0, thing.1) == (source, PATIENT)
        {
            return *whose.as_bytes();
        }
        let is_ours = |it: &[u8; 16]| {
            let record = self.records.get(&RecordId::from_bytes(*it));
            let patient =
                thing.1 == PATIENT && self.patients.contains(&PatientId::from_bytes(*it));
            patient || record.is_some_and(|(_, kind)| *kind == thing.1)
        };
        own_id(thing)
            .filter(is_ours)
            .unwrap_or_else(|| imported(thing))
    }

    /// Whether a record of the clinic's own is this patient's; none where it is not its own.
    pub(super) fn holds(&self, of: Subject, record: RecordId) -> Option<bool> {
        let (whose, _) = self.records.get(&record)?;
        Some(*whose == of)
    }
}

impl Session {
    /// What this clinic wrote of these patients, and who works here, since they are named in
    /// what it writes out.
    pub(super) fn written_here(
        &mut self,
        patients: BTreeSet<PatientId>,
        whose: Option<(String, PatientId)>,
    ) -> Result<Here, Error> {
        let mut here = Here {
            whose,
            ..Here::default()
        };
        if patients.is_empty() {
            return Ok(here);
        }
        for user in self.users()? {
            let id = RecordId::from_bytes(*user.user.as_bytes());
            let practitioner = (Subject::Clinic, "Practitioner");
            here.records.insert(id, practitioner);
        }
        let of_patient = |it| Part::OF_PATIENT.map(|part| (Subject::Patient(it), part));
        let all = patients.iter().copied().flat_map(of_patient);
        for (subject, part) in all.chain([(Subject::Clinic, Part::Site)]) {
            let said = self.said(subject, part)?.map(|it| it.view);
            for record in said.into_iter().flat_map(View::into_records) {
                let shown = (!self.is_awaited(record.entry())).then_some(&record);
                if let Some(kind) = shown.and_then(out::kind_of) {
                    here.records.insert(record.entry().id, (subject, kind));
                }
            }
        }
        here.patients = patients;
        Ok(here)
    }
}

/// The id that a thing has here if this clinic wrote it: a UUID that means one thing
/// everywhere.
fn own_id((source, _, id): Thing<'_>) -> Option<[u8; 16]> {
    let everywhere = source.is_empty() && id.len() == uuid::fmt::Hyphenated::LENGTH;
    let parsed = uuid::Uuid::try_parse(id).ok().filter(|_| everywhere);
    parsed.map(uuid::Uuid::into_bytes)
}

fn imported((source, kind, id): Thing<'_>) -> [u8; 16] {
    names::imported(source, kind, id)
}
