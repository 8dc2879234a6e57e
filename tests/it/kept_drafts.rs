//! What was typed and not saved outlives whatever happens to keys, names and caches.

use cairn::{
    chart::{Edit, Subject, who::Role},
    clinic::{Clinic, Session},
    ids::PatientId,
};

use crate::{
    clinic::{PASSPHRASE, founded, grace, owner, penicillin, surroundings},
    devices::{joined, meet},
    meeting::in_step,
    raw::copied,
};

const NURSE: &str = "a quiet river under seven old bridges";

fn keep(session: &mut Session, patient: PatientId) {
    session
        .save_draft("note", Some(patient), b"cough since")
        .unwrap();
}

#[track_caller]
fn check_kept(session: &Session, patient: PatientId) {
    let (text, _) = session.load_draft("note", Some(patient)).unwrap().unwrap();
    assert_eq!(text.as_slice(), b"cough since");
    let drafts = session.drafts().unwrap();
    assert_eq!((drafts.len(), drafts[0].1), (1, Some(patient)));
}

fn add_allergy(session: &mut Session, patient: PatientId) {
    let edits = vec![Edit::add(penicillin(session))];
    session.save(Subject::Patient(patient), edits).unwrap();
}

fn allergies(session: &mut Session, patient: PatientId) -> usize {
    let chart = session.chart(patient).unwrap();
    assert_eq!(chart.problems, Vec::<String>::new());
    chart.summary.unwrap().allergies.len()
}

#[test]
fn a_draft_survives_new_keys_and_new_caches() {
    let (_folder, clinic) = founded();
    let mut okot = owner(&clinic);
    let nurse = okot.add_user("Badu", Role::Nurse, NURSE).unwrap();
    let patient = grace(&mut okot);
    keep(&mut okot, patient);
    okot.rebuild_cache().unwrap();
    check_kept(&okot, patient);
    // Whose key was compromised held all keys: new ones begin.
    okot.remove_user(nurse, true).unwrap();
    check_kept(&okot, patient);
    add_allergy(&mut okot, patient);
    assert_eq!(allergies(&mut okot, patient), 1);
    okot.change_passphrase(NURSE).unwrap();
    let user = okot.user();
    okot.sign_out().unwrap();
    let again = clinic.sign_in(user, NURSE).unwrap();
    check_kept(&again, patient);
}

#[test]
fn a_draft_and_an_open_chart_survive_that_a_branch_takes_the_name_of_a_run() {
    let (_here, a) = founded();
    let mut okot = owner(&a);
    let patient = grace(&mut okot);
    let (there, b) = joined(&mut okot, 1);
    okot.sign_out().unwrap();
    meet(&a, &b);
    let copy = copied(&there.path().join("home"));
    let twin = Clinic::open(copy.path(), surroundings()).unwrap();
    let mut both = [owner(&b), owner(&twin)];
    for session in &mut both {
        session.open(patient).unwrap();
        add_allergy(session, patient);
        keep(session, patient);
    }
    // On one of the two the lower branch comes late.
    in_step(&b, &twin);
    for session in &mut both {
        assert_eq!(allergies(session, patient), 2);
        check_kept(session, patient);
        add_allergy(session, patient);
        assert_eq!(allergies(session, patient), 3);
    }
    // An owner who signs in gives it a name of its own.
    for session in both {
        session.sign_out().unwrap();
    }
    for clinic in [&b, &twin] {
        let session = owner(clinic);
        check_kept(&session, patient);
        session.sign_out().unwrap();
    }
}

#[test]
fn a_draft_that_new_keys_closed_is_forgotten_and_stops_nobody() {
    let (_folder, clinic) = founded();
    let mut okot = owner(&clinic);
    let nurse = okot.add_user("Badu", Role::Nurse, NURSE).unwrap();
    let patient = grace(&mut okot);
    let mut badu = clinic.sign_in(nurse, NURSE).unwrap();
    keep(&mut badu, patient);
    badu.save_draft("registration", None, b"Rose").unwrap();
    badu.sign_out().unwrap();
    okot.readmit_user(nurse, None, PASSPHRASE).unwrap();
    let mut badu = clinic.sign_in(nurse, PASSPHRASE).unwrap();
    assert!(badu.load_draft("registration", None).unwrap().is_none());
    assert!(badu.drafts().unwrap().is_empty());
    let users = clinic.users().unwrap();
    let row = users.iter().find(|it| it.user == nurse).unwrap();
    assert!(row.unfinished.is_empty());
    keep(&mut badu, patient);
    check_kept(&badu, patient);
}
