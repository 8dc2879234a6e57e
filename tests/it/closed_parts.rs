//! Records that are closed under a category: who reads them, and that nobody else learns of
//! a patient whether there are any.

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "most kinds of record are made the same way"
)]

use std::collections::BTreeSet;

use cairn::{
    chart::{
        Category, Chart, Edit, Kind, Record, Subject,
        who::{Compartment, Denial, Role},
    },
    clinic::{Error, Session},
    ids::{PatientId, RecordId},
};

use crate::staff::{Staff, laboratory, note, prescription, record, register};

/// What may be closed.
const KINDS: [Kind; 10] = [
    Kind::Problem,
    Kind::Medication,
    Kind::Immunization,
    Kind::Procedure,
    Kind::Plan,
    Kind::Visit,
    Kind::Note,
    Kind::Observation,
    Kind::Report,
    Kind::Document,
];

/// A clinic that keeps a category closed, for its owner and its clinician.
pub(crate) struct Keeping {
    pub(crate) staff: Staff,
    pub(crate) category: Category,
    /// A patient with closed records, and one without.
    pub(crate) with: PatientId,
    pub(crate) without: PatientId,
    pub(crate) closed: BTreeSet<RecordId>,
}

impl Keeping {
    pub(crate) fn begun() -> Self {
        let staff = Staff::hired();
        let mut owner = staff.sign_in(Role::Owner);
        let category = owner.begin_category("hiv").unwrap();
        let okot = staff.user(Role::Clinician);
        owner.allow_category(category, okot, None).unwrap();
        let [with, without] = [(); 2].map(|()| register(&mut owner));
        owner.sign_out().unwrap();
        let mut clinician = staff.sign_in(Role::Clinician);
        let mut closed = BTreeSet::new();
        for kind in KINDS {
            let record = closed_record(&mut clinician, kind, category);
            closed.insert(record.entry().id);
            add(&mut clinician, with, record).unwrap();
        }
        clinician.sign_out().unwrap();
        Self {
            staff,
            category,
            with,
            without,
            closed,
        }
    }

    /// The closed records that this role finds in the chart.
    fn found_by(&self, role: Role) -> BTreeSet<RecordId> {
        let mut session = self.staff.sign_in(role);
        let chart = session.open(self.with).unwrap();
        let found = in_chart(&chart);
        session.sign_out().unwrap();
        found
    }
}

pub(crate) fn closed_record(
    session: &mut Session,
    kind: Kind,
    category: Category,
) -> Record {
    let mut record = match kind {
        Kind::Note => Record::Note(note(session)),
        Kind::Medication => prescription(session),
        Kind::Observation => laboratory(session),
        kind => record(session, kind),
    };
    record.entry_mut().restricted = Some(category);
    record
}

pub(crate) fn add(
    session: &mut Session,
    patient: PatientId,
    record: Record,
) -> Result<(), Error> {
    session.save(Subject::Patient(patient), vec![Edit::add(record)])
}

/// The closed records of a chart.
fn in_chart(chart: &Chart) -> BTreeSet<RecordId> {
    let summary = chart.summary.clone().unwrap_or_default();
    let visits = chart.visits.clone().unwrap_or_default();
    let results = chart.results.clone().unwrap_or_default();
    let all = summary.problems.into_iter().map(|it| it.entry);
    let all = all.chain(summary.medications.into_iter().map(|it| it.entry));
    let all = all.chain(summary.immunizations.into_iter().map(|it| it.entry));
    let all = all.chain(summary.procedures.into_iter().map(|it| it.entry));
    let all = all.chain(summary.plans.into_iter().map(|it| it.entry));
    let all = all.chain(visits.visits.into_iter().map(|it| it.entry));
    let all = all.chain(visits.notes.into_iter().map(|it| it.entry));
    let all = all.chain(visits.observations.into_iter().map(|it| it.entry));
    let all = all.chain(visits.documents.into_iter().map(|it| it.entry));
    let all = all.chain(results.observations.into_iter().map(|it| it.entry));
    let all = all.chain(results.reports.into_iter().map(|it| it.entry));
    let closed = all.filter(|it| it.restricted.is_some());
    closed.map(|it| it.id).collect()
}

#[test]
fn closed_records_stand_in_the_chart_of_the_named_and_in_no_others() {
    let keeping = Keeping::begun();
    assert_eq!(keeping.closed.len(), KINDS.len());
    for role in [Role::Owner, Role::Clinician] {
        assert_eq!(keeping.found_by(role), keeping.closed, "{role:?}");
    }
    for role in [Role::Nurse, Role::LabPharmacy, Role::FrontDesk] {
        assert_eq!(keeping.found_by(role), BTreeSet::new(), "{role:?}");
    }
    // After a restart they are there as well.
    let staff = &keeping.staff;
    let mut session = staff.sign_in(Role::Owner);
    session.rebuild_cache().unwrap();
    session.settle_all().unwrap();
    assert_eq!(
        in_chart(&session.open(keeping.with).unwrap()),
        keeping.closed
    );
    let found = session.verify(|_| {}).unwrap();
    assert!(
        found.is_sound() && found.problems.is_empty(),
        "{:?}",
        found.problems
    );
    session.sign_out().unwrap();
    let mut nurse = staff.sign_in(Role::Nurse);
    let found = nurse.verify(|_| {}).unwrap();
    assert!(
        found.is_sound() && found.problems.is_empty(),
        "{:?}",
        found.problems
    );
}

/// All that a role is told of a patient, without the names that patients have.
fn told(session: &mut Session, patient: PatientId) -> Vec<String> {
    let chart = session.open(patient).unwrap();
    let lens = |chart: &Chart| {
        let summary = chart.summary.as_ref();
        let visits = chart.visits.as_ref();
        let results = chart.results.as_ref();
        [
            summary.map_or(0, |it| it.problems.len() + it.medications.len()),
            visits.map_or(0, |it| it.visits.len() + it.notes.len()),
            results.map_or(0, |it| it.observations.len() + it.reports.len()),
            chart.versions().count(),
            chart.unconfirmed.len(),
            chart.problems.len(),
        ]
    };
    let row = session.find("njeri", 9).unwrap();
    let row = row.iter().find(|it| it.patient == patient).unwrap();
    let history = session.history(patient).unwrap();
    vec![
        format!("{:?}", lens(&chart)),
        format!("{:?}", chart.closed),
        format!("{:?} {}", row.why, row.score),
        format!("{}", history.len()),
        format!("{}", session.versions(Some(patient)).unwrap().len()),
        format!("{}", session.unconfirmed(Some(patient)).unwrap().len()),
        format!("{}", session.to_compare()),
    ]
}

#[test]
fn who_is_not_named_is_told_the_same_of_every_patient() {
    let keeping = Keeping::begun();
    for role in [Role::Nurse, Role::LabPharmacy, Role::FrontDesk] {
        let mut session = keeping.staff.sign_in(role);
        session.settle_all().unwrap();
        let [with, without] =
            [keeping.with, keeping.without].map(|it| told(&mut session, it));
        assert_eq!(with, without, "{role:?}");
        assert_eq!(session.is_closed(), Some(true), "{role:?}");
    }
    let mut owner = keeping.staff.sign_in(Role::Owner);
    assert_eq!(owner.open(keeping.without).unwrap().closed, Some(false));
    let plain = Staff::hired();
    let mut session = plain.sign_in(Role::Nurse);
    let patient = register(&mut session);
    assert_eq!(session.open(patient).unwrap().closed, None);
}

#[test]
fn allergies_consents_and_who_the_patient_is_are_never_closed() {
    let keeping = Keeping::begun();
    let mut session = keeping.staff.sign_in(Role::Clinician);
    for kind in [Kind::Allergy, Kind::NoKnownAllergies, Kind::Consent] {
        let mut record = record(&mut session, kind);
        record.entry_mut().restricted = Some(keeping.category);
        let refused = add(&mut session, keeping.with, record);
        let never = matches!(refused, Err(Error::Denied(Denial::NeverClosed)));
        assert!(never, "{kind:?}: {refused:?}");
    }
    session.sign_out().unwrap();
    let mut nurse = keeping.staff.sign_in(Role::Nurse);
    let problem = closed_record(&mut nurse, Kind::Problem, keeping.category);
    let refused = add(&mut nurse, keeping.with, problem);
    let role = matches!(refused, Err(Error::Denied(Denial::Role(Role::Nurse))));
    assert!(role, "{refused:?}");
}

#[test]
fn what_is_of_a_closed_visit_is_closed_with_it() {
    let keeping = Keeping::begun();
    let mut session = keeping.staff.sign_in(Role::Clinician);
    let visit = closed_record(&mut session, Kind::Visit, keeping.category);
    let id = visit.entry().id;
    let mut with_it = note(&mut session);
    with_it.visit = Some(id);
    let mut later = with_it.clone();
    later.entry = session.entry();
    let first = with_it.entry.id;
    let edits = vec![Edit::add(visit), Edit::add(Record::Note(with_it.clone()))];
    let subject = Subject::Patient(keeping.without);
    session.save(subject, edits).unwrap();
    add(&mut session, keeping.without, Record::Note(later.clone())).unwrap();
    session
        .sign_note(keeping.without, first, &with_it.sections)
        .unwrap();
    let chart = session.open(keeping.without).unwrap();
    assert_eq!(in_chart(&chart), [id, first, later.entry.id].into());
    let notes = chart.visits.unwrap().notes;
    let signed = notes.iter().find(|it| it.entry.id == first).unwrap();
    assert!(signed.signed.is_some());

    // Its correction stays with it, and it cannot be taken out.
    let mut entry = session.entry();
    let corrected = Edit::correction(
        Record::Note(notes[0].clone()),
        entry.clone(),
        Record::Note(notes[0].clone()),
    );
    session.save(subject, corrected.to_vec()).unwrap();
    assert_eq!(in_chart(&session.chart(keeping.without).unwrap()).len(), 4);
    let mut opened = notes[0].clone();
    opened.entry.restricted = None;
    let moved = Edit::change(Record::Note(notes[0].clone()), Record::Note(opened));
    let refused = session.save(subject, vec![moved]);
    assert!(matches!(refused, Err(Error::Refused(_))), "{refused:?}");
    session.sign_out().unwrap();
    let mut nurse = keeping.staff.sign_in(Role::Nurse);
    let chart = nurse.open(keeping.without).unwrap();
    assert!(chart.visits.unwrap().notes.is_empty());
    entry.restricted = Some(keeping.category);
    assert_eq!(nurse.open_categories(), []);
}

#[test]
fn who_is_not_named_any_more_finds_nothing_and_writes_nothing() {
    let keeping = Keeping::begun();
    let mut owner = keeping.staff.sign_in(Role::Owner);
    let okot = keeping.staff.user(Role::Clinician);
    owner.deny_category(keeping.category, okot).unwrap();
    assert_eq!(in_chart(&owner.open(keeping.with).unwrap()), keeping.closed);
    owner.sign_out().unwrap();
    assert_eq!(keeping.found_by(Role::Clinician), BTreeSet::new());
    let mut session = keeping.staff.sign_in(Role::Clinician);
    let problem = closed_record(&mut session, Kind::Problem, keeping.category);
    let refused = add(&mut session, keeping.with, problem);
    let key = Compartment::Restricted(keeping.category);
    let no_key = matches!(refused, Err(Error::Denied(Denial::NoKey(it))) if it == key);
    assert!(no_key, "{refused:?}");
    session.sign_out().unwrap();
    let mut owner = keeping.staff.sign_in(Role::Owner);
    owner.allow_category(keeping.category, okot, None).unwrap();
    owner.sign_out().unwrap();
    assert_eq!(keeping.found_by(Role::Clinician), keeping.closed);
}

#[test]
fn the_emergency_view_leaves_out_what_is_closed() {
    let keeping = Keeping::begun();
    let mut session = keeping.staff.sign_in(Role::Clinician);
    let view = session.emergency(keeping.with, "unconscious").unwrap();
    assert!(view.problems.is_empty() && view.drugs.is_empty());
}
