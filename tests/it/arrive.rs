//! A clinic arrives on another machine: people are found at once, charts are there when they
//! are opened, and nothing is said that was not read yet.

use std::{sync::Arc, time::Duration};

use cairn::{
    chart::{Edit, NoKnownAllergies, Record, Subject},
    clinic::{Clinic, Session},
    ids::PatientId,
};
use tempfile::TempDir;

use crate::{
    bad_days::pulse,
    clinic::{founded, grace, owner, penicillin},
    devices::{around, bring, joined, meet},
};

/// What the list says of a severe allergy.
fn marked(session: &Session, patient: PatientId) -> Option<bool> {
    let index = session.index();
    let index = index.read().unwrap();
    index.row(patient).unwrap().severe_allergy
}

fn save(session: &mut Session, patient: PatientId, record: Record) {
    let edits = vec![Edit::add(record)];
    session.save(Subject::Patient(patient), edits).unwrap();
}

fn none_known(session: &mut Session) -> Record {
    let entry = session.entry();
    Record::NoKnownAllergies(NoKnownAllergies { entry })
}

fn measure(session: &mut Session, patient: PatientId, value: &str) {
    let edits = vec![pulse(session, value)];
    session.save(Subject::Patient(patient), edits).unwrap();
}

fn rest(session: &mut Session) {
    while session.settle_some(Duration::ZERO).unwrap() {}
}

/// The owner's session on a machine that joined.
fn joined_owner(there: &mut Session) -> (TempDir, Session) {
    let (folder, clinic) = joined(there, 2);
    bring(there.clinic(), &clinic);
    (folder, owner(&clinic))
}

fn pulses(session: &mut Session, patient: PatientId) -> usize {
    let chart = session.open(patient).unwrap();
    assert_eq!(chart.problems, Vec::<String>::new());
    chart.visits.unwrap().observations.len()
}

#[test]
fn people_are_found_before_their_charts_are_made_and_no_list_says_what_nobody_read() {
    let (_folder, a) = founded();
    let mut there = owner(&a);
    let severe = grace(&mut there);
    let known = penicillin(&mut there);
    save(&mut there, severe, known);
    let none = grace(&mut there);
    let asked = none_known(&mut there);
    save(&mut there, none, asked);
    let (_joined, mut here) = joined_owner(&mut there);
    assert_eq!(here.find("okello", 9).unwrap().len(), 2);
    assert_eq!(marked(&here, severe), None);
    assert_eq!(marked(&here, none), None);
    // Whoever opens a chart sees all of it; of the other the list says nothing yet.
    let chart = here.open(severe).unwrap();
    assert_eq!(chart.summary.unwrap().allergies.len(), 1);
    assert_eq!(marked(&here, severe), Some(true));
    assert_eq!(marked(&here, none), None);
    rest(&mut here);
    assert_eq!(marked(&here, none), Some(false));
}

#[test]
fn charts_that_were_not_made_when_the_machine_stopped_are_made_later() {
    let (_folder, a) = founded();
    let mut there = owner(&a);
    let patients: Vec<PatientId> = (0..12).map(|_| grace(&mut there)).collect();
    for patient in &patients {
        measure(&mut there, *patient, "71");
        measure(&mut there, *patient, "72");
    }
    let (folder, b) = joined(&mut there, 2);
    bring(&a, &b);
    let mut b = Some(b);
    for portions in [0, 1, 2] {
        let mut here = owner(b.as_ref().unwrap());
        for _ in 0..portions {
            here.settle_some(Duration::ZERO).unwrap();
        }
        // Neither settled nor signed out.
        drop((here, b.take()));
        let home = folder.path().join("home");
        b = Some(Clinic::open(&home, around(portions + 7)).unwrap());
    }
    let mut here = owner(b.as_ref().unwrap());
    assert_eq!(here.find("okello", 99).unwrap().len(), patients.len());
    for patient in patients {
        assert_eq!(pulses(&mut here, patient), 2);
    }
    let verified = here.verify(|_| {}).unwrap();
    assert!(verified.is_sound(), "{:?}", verified.problems);
}

#[test]
fn a_chart_that_was_changed_elsewhere_is_told_once_and_read_anew() {
    let (_folder, a) = founded();
    let mut there = owner(&a);
    let patient = grace(&mut there);
    let asked = none_known(&mut there);
    save(&mut there, patient, asked);
    let (_joined, mut here) = joined_owner(&mut there);
    let b = Arc::clone(here.clinic());
    rest(&mut here);
    here.open(patient).unwrap();
    here.arrived().unwrap();
    assert_eq!(marked(&here, patient), Some(false));
    // Each writes, apart.
    measure(&mut here, patient, "80");
    measure(&mut there, patient, "70");
    let known = penicillin(&mut there);
    save(&mut there, patient, known);
    meet(&a, &b);
    assert_eq!(here.arrived().unwrap(), []);
    here.settle_some(Duration::ZERO).unwrap();
    assert_eq!(here.arrived().unwrap(), [patient]);
    assert_eq!(here.arrived().unwrap(), []);
    rest(&mut here);
    assert_eq!(marked(&here, patient), Some(true));
    let chart = here.chart(patient).unwrap();
    assert_eq!(chart.visits.as_ref().unwrap().observations.len(), 2);
    assert_eq!(there.open(patient).unwrap(), chart);
    // What is written on either is there on both, whoever had the chart open.
    for value in ["81", "82"] {
        measure(&mut here, patient, value);
        measure(&mut there, patient, value);
        meet(&a, &b);
    }
    assert_eq!(pulses(&mut here, patient), 6);
    assert_eq!(pulses(&mut there, patient), 6);
}
