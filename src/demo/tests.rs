//! The invented clinic is believable, repeatable and without mistakes.

use std::collections::{BTreeMap, BTreeSet};

use super::*;
use crate::{
    chart::{Kind, Observation, Person, Quantity, Value, who::Role},
    content::{Body, Decimal, Vital},
    ids::UserId,
    time::{PartialDate, When},
};

const SEED: u64 = 1;

fn today() -> Moment {
    "2025-06-03T12:30:00+03:00".parse().unwrap()
}

fn clinic(patients: u32) -> Demo {
    Demo::new(SEED, patients, today())
}

fn records(patient: &DemoPatient) -> impl Iterator<Item = &Record> {
    patient
        .steps
        .iter()
        .flat_map(|it| &it.edits)
        .map(Edit::record)
}

/// The records as they stand at last.
fn chart(patient: &DemoPatient) -> BTreeMap<RecordId, Record> {
    let last = records(patient).map(|it| (it.entry().id, it.clone()));
    last.collect()
}

fn of_kind(patient: &DemoPatient, kind: Kind) -> usize {
    let chart = chart(patient);
    chart.values().filter(|it| it.kind() == kind).count()
}

#[test]
fn the_same_seed_makes_the_same_clinic_however_many_come_after() {
    let some: Vec<DemoPatient> = clinic(40).collect();
    let first: Vec<DemoPatient> = clinic(50_000).take(40).collect();
    assert!(some == first);
    let other: Vec<DemoPatient> = Demo::new(2, 40, today()).collect();
    assert!(some != other);
    assert_eq!(clinic(40).size_hint(), (40, Some(40)));
    assert!(clinic(40).site() == clinic(40).site());
}

#[test]
fn every_change_follows_from_what_was_there_and_from_whom_may_write_it() {
    let staff = Staff::invented();
    let mut ids = BTreeSet::new();
    for patient in clinic(300) {
        let mut standing: BTreeMap<RecordId, &Record> = BTreeMap::new();
        for step in &patient.steps {
            let role = USERS[step.who].role;
            for edit in &step.edits {
                let record = edit.record();
                let id = record.entry().id;
                match edit {
                    Edit::Add(_) => {
                        assert!(ids.insert(id), "{id} twice");
                        assert_eq!(record.entry().by, staff.users[step.who]);
                        assert_eq!(record.entry().recorded, step.at);
                        let version = id.as_bytes()[6] >> 4;
                        assert_eq!((version, id.as_bytes()[8] >> 6), (7, 2));
                    }
                    Edit::Change { before, .. } => {
                        assert!(standing.get(&id) == Some(&&**before), "{record:?}");
                    }
                    Edit::Settle { .. } => panic!("nobody was at odds"),
                }
                assert!(may_write(role, record), "{role:?} {record:?}");
                standing.insert(id, record);
            }
            for note in &step.signs {
                assert_eq!(role, Role::Clinician);
                assert!(matches!(standing.get(note), Some(Record::Note(_))));
            }
        }
    }
}

fn may_write(role: Role, record: &Record) -> bool {
    match record.kind() {
        Kind::Person => role == Role::FrontDesk,
        Kind::Provider => role == Role::Owner,
        Kind::ImportRun | Kind::Consent | Kind::Outcome | Kind::Referral => false,
        Kind::Allergy | Kind::NoKnownAllergies | Kind::Immunization => {
            role == Role::Nurse
        }
        Kind::Visit => matches!(role, Role::Nurse | Role::Clinician),
        Kind::Observation => matches!(role, Role::Nurse | Role::LabPharmacy),
        Kind::Report => role == Role::LabPharmacy,
        Kind::Problem
        | Kind::Medication
        | Kind::Procedure
        | Kind::Plan
        | Kind::Note
        | Kind::Document => role == Role::Clinician,
    }
}

#[test]
fn nothing_happens_before_birth_before_registration_or_after_now() {
    for patient in clinic(400) {
        assert!(patient.steps.is_sorted_by_key(|it| it.at.at));
        let first = &patient.steps[0];
        let Record::Person(person) = first.edits[0].record() else {
            panic!("{patient:?} is not registered first");
        };
        let last = patient.steps.last().unwrap();
        assert!(last.at.at <= today().at, "{patient:?} at {}", last.at);
        let born = person.birth.map_or(first.at.day(), |it| it.date);
        for record in records(&patient) {
            assert!(record.entry().recorded.day() >= born, "{record:?}");
            for when in times(record) {
                assert!(
                    when.date() >= born && when.date() <= today().day(),
                    "{record:?}"
                );
            }
        }
    }
}

fn times(record: &Record) -> Vec<When> {
    let times = if let Record::Visit(it) = record {
        [it.start, it.end]
    } else if let Record::Observation(it) = record {
        [it.when, None]
    } else if let Record::Immunization(it) = record {
        [it.date, None]
    } else if let Record::Problem(it) = record {
        [it.onset, it.abated]
    } else if let Record::Medication(it) = record {
        [it.start, None]
    } else {
        [None, None]
    };
    times.into_iter().flatten().collect()
}

fn person(record: &Record) -> Option<&Person> {
    if let Record::Person(person) = record {
        Some(person)
    } else {
        None
    }
}

/// All numbers of an observation with the vital sign that each belongs to.
fn numbers(observation: &Observation) -> Vec<(Vital, &Quantity)> {
    let parts = observation
        .components
        .iter()
        .map(|it| (&it.code, &it.value));
    let all = parts.chain([(&observation.code, &observation.value)]);
    let numbers = all.filter_map(|(code, value)| match value {
        Some(Value::Quantity(it)) => Some((Vital::of_code(code)?, it)),
        _ => None,
    });
    numbers.collect()
}

#[test]
fn every_reading_is_believable_at_its_age() {
    let mut count = 0;
    for patient in clinic(400) {
        let chart = chart(&patient);
        let person = chart.values().find_map(person).unwrap();
        let Some(birth) = person.birth.filter(|it| !it.estimated) else {
            continue;
        };
        for record in chart.values() {
            let Record::Observation(observation) = record else {
                continue;
            };
            if observation.entry.in_error {
                continue;
            }
            let day: PartialDate = observation.when.unwrap().date();
            let body = Body {
                age: birth.date.age_on(day),
                sex: person.sex,
                pregnant: false,
            };
            for (vital, quantity) in numbers(observation) {
                let number: Decimal = quantity.value.parse().unwrap();
                assert_eq!(quantity.unit, vital.unit());
                count += 1;
                if let Some(limits) = vital.limits(&body) {
                    assert!(
                        (limits.low..=limits.high).contains(&number),
                        "{vital:?} {number} at {:?}",
                        body.age,
                    );
                }
            }
        }
    }
    assert!(count > 1000, "{count}");
}

#[test]
fn the_usual_clinic_has_every_kind_of_record_script_and_allergy_answer() {
    let demo = clinic(200);
    let site = demo.site();
    let patients: Vec<DemoPatient> = demo.collect();
    let kinds: BTreeSet<Kind> = patients
        .iter()
        .flat_map(records)
        .map(Record::kind)
        .collect();
    let site_kinds = site.edits.iter().map(|it| it.record().kind());
    let kinds: BTreeSet<Kind> = kinds.into_iter().chain(site_kinds).collect();
    // Nobody ever ran an import in the invented clinic, or shared anything.
    let mut all = BTreeSet::from(Kind::ALL);
    all.retain(|it| {
        !matches!(
            it,
            Kind::ImportRun | Kind::Consent | Kind::Outcome | Kind::Referral
        )
    });
    assert_eq!(kinds, all);

    let names: String = patients
        .iter()
        .flat_map(records)
        .filter_map(person_name)
        .collect();
    for (script, range) in [
        ("Ethiopic", '\u{1200}'..='\u{137f}'),
        ("Devanagari", '\u{0900}'..='\u{097f}'),
        ("Arabic", '\u{0600}'..='\u{06ff}'),
        ("accents", '\u{00c0}'..='\u{024f}'),
    ] {
        assert!(names.contains(|it| range.contains(&it)), "no {script}");
    }

    let count = |kind| patients.iter().filter(|it| of_kind(it, kind) > 0).count();
    let (some, none) = (count(Kind::Allergy), count(Kind::NoKnownAllergies));
    assert!(
        some >= 10 && none >= 60 && some + none <= 170,
        "{some} {none}"
    );
    let signed = patients
        .iter()
        .flat_map(|it| &it.steps)
        .filter(|it| !it.signs.is_empty());
    assert!(signed.count() > 300);
}

fn person_name(record: &Record) -> Option<String> {
    person(record).map(Person::shown_name)
}

#[test]
fn people_come_as_often_as_in_life() {
    let visits: Vec<usize> = clinic(2000).map(|it| of_kind(&it, Kind::Visit)).collect();
    let total = visits.iter().sum::<usize>();
    println!(
        "visits of 2000 patients: {total}, most {:?}",
        visits.iter().max()
    );
    assert!((8_000..14_000).contains(&total), "{total}");
    let from = |count| visits.iter().filter(|it| **it >= count).count();
    let bands = [0, 1, 5, 10, 25, 100].map(from);
    println!("with at least 0, 1, 5, 10, 25, 100 visits: {bands:?}");
    assert!(bands[0] > bands[1] && bands[4] > 20);
    assert!((2..20).contains(&bands[5]), "{bands:?}");
}

#[test]
fn illnesses_show_in_people_as_in_life() {
    let mut told = BTreeMap::new();
    for patient in clinic(800) {
        let mut codes = BTreeSet::new();
        for record in records(&patient) {
            if let Record::Problem(it) = record {
                codes.insert(it.code.text.clone());
            } else if let Record::Visit(it) = record {
                codes.extend(it.diagnoses.iter().map(|it| it.text.clone()));
            }
        }
        for code in codes {
            *told.entry(code).or_insert(0) += 1;
        }
    }
    for (illness, least) in [
        ("Hypertension", 30),
        ("Type 2 diabetes", 8),
        ("Lung tuberculosis", 3),
        ("Malaria", 60),
        ("Asthma", 10),
        ("Pregnancy", 15),
        ("Normal birth", 5),
        ("Common cold", 60),
        ("Diarrhoea", 40),
        ("Child growth check", 60),
        ("Leg ulcer", 1),
    ] {
        let count = told.get(illness).copied().unwrap_or(0);
        assert!(count >= least, "{illness}: {count} in {told:?}");
    }
}

#[test]
fn whoever_must_not_have_penicillin_is_not_given_any() {
    let mut spared = 0;
    for patient in clinic(1500) {
        let allergic = records(&patient)
            .any(|it| matches!(it, Record::Allergy(it) if it.code.text == "Penicillin"));
        for record in records(&patient).filter(|_| allergic) {
            if let Record::Medication(drug) = record {
                assert!(!drug.code.text.contains("cillin"), "{patient:?}");
                spared += usize::from(drug.code.text.starts_with("Azithromycin"));
            }
        }
    }
    assert!(spared > 0);
}

#[test]
fn a_patient_with_exactly_so_many_visits_can_be_had() {
    for count in [0, 1, 25, 500, 20_000] {
        let patient = clinic(0).visits_of(count);
        assert_eq!(of_kind(&patient, Kind::Visit), count as usize);
        assert!(patient.steps.is_sorted_by_key(|it| it.at.at));
        assert!(patient.steps.last().unwrap().at.at <= today().at);
    }
}

#[test]
fn the_clinic_is_written_by_whoever_is_named() {
    let staff = Staff {
        users: [UserId::from_bytes([9; 16]); USERS.len()],
        ..Staff::invented()
    };
    for patient in clinic(20).written_by(staff) {
        assert!(records(&patient).all(|it| it.entry().by == staff.users[0]));
    }
}

#[test]
fn a_log_line_shows_no_name() {
    let mut demo = clinic(1);
    let patient = demo.next().unwrap();
    let name = records(&patient).find_map(person_name).unwrap();
    let line = format!("{demo:?} {patient:?} {:?}", patient.steps).to_lowercase();
    for word in name
        .to_lowercase()
        .split([',', ' '])
        .filter(|it| it.len() > 2)
    {
        assert!(!line.contains(word), "{word} in {line}");
    }
}
