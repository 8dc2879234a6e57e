//! Bad days of a clinic: crashes between two writings, disks that refuse, lost caches, two
//! people at one machine. What was acknowledged is in the chart afterwards.

use std::{fs, path::Path, sync::Arc};

use cairn::{
    chart::{
        Coded, Edit, ObsCategory, Observation, Quantity, Record, Subject, Value,
        who::Role,
    },
    clinic::{Clinic, DemoPlan, Error, Session, Source, make_demo},
    ids::{PatientId, UserId},
    store::Part,
};
use tempfile::TempDir;

use crate::{
    clinic::{PASSPHRASE, founded, grace, owner, penicillin, reopened, surroundings},
    flaky_disk::{FlakyDisk, Image},
};

pub(crate) fn pulse(session: &mut Session, value: &str) -> Edit {
    Edit::add(Record::Observation(Observation {
        entry: session.entry(),
        code: Coded::text("Heart rate"),
        category: ObsCategory::VitalSigns,
        when: None,
        value: Some(Value::Quantity(Quantity::new(value, "/min"))),
        absent: String::new(),
        components: Vec::new(),
        range: String::new(),
        flag: String::new(),
        method: String::new(),
        visit: None,
        order: None,
    }))
}

/// The pulses in a chart, as somebody sees them.
fn pulses(session: &mut Session, patient: PatientId) -> Vec<String> {
    let chart = session.open(patient).unwrap();
    assert_eq!(chart.problems, Vec::<String>::new());
    let values = chart.visits.unwrap().observations.into_iter();
    let mut values: Vec<String> = values
        .map(|it| match it.value {
            Some(Value::Quantity(it)) => it.value,
            other => panic!("{other:?}"),
        })
        .collect();
    values.sort();
    values
}

fn save_pulse(
    session: &mut Session,
    patient: PatientId,
    value: &str,
) -> Result<(), Error> {
    let edit = pulse(session, value);
    session.save(Subject::Patient(patient), vec![edit])
}

fn hire(session: &mut Session, name: &str, role: Role) -> UserId {
    session.add_user(name, role, PASSPHRASE).unwrap()
}

/// What the audit cannot account for.
fn audit_problems(session: &mut Session) -> Vec<String> {
    session.read_audit(None).unwrap().problems
}

fn image(home: &Path) -> Image {
    let parts = [Part::Ledger, Part::Cache];
    let read = parts.map(|it| (it, fs::read(home.join(it.file_name())).unwrap()));
    read.into()
}

/// The clinic in this folder, with its databases on a disk that can fail.
fn on_flaky_disk(folder: &TempDir) -> (FlakyDisk, Arc<Clinic>) {
    let home = folder.path().join("home");
    let disk = FlakyDisk::with(image(&home));
    let clinic = Clinic::open_with(&home, Arc::new(disk.clone()), surroundings());
    (disk, clinic.unwrap())
}

fn again_on(folder: &TempDir, disk: &FlakyDisk) -> Arc<Clinic> {
    let home = folder.path().join("home");
    Clinic::open_with(&home, Arc::new(disk.clone()), surroundings()).unwrap()
}

#[test]
fn two_people_at_work_at_once_see_what_the_other_saved() {
    let (folder, clinic) = founded();
    let mut okot = owner(&clinic);
    let patient = grace(&mut okot);
    let nora = hire(&mut okot, "Nora", Role::Nurse);
    save_pulse(&mut okot, patient, "70").unwrap();
    let mut nora = clinic.sign_in(nora, PASSPHRASE).unwrap();
    assert_eq!(pulses(&mut nora, patient), ["70"]);
    save_pulse(&mut nora, patient, "71").unwrap();
    save_pulse(&mut okot, patient, "72").unwrap();
    save_pulse(&mut nora, patient, "73").unwrap();
    let second = grace(&mut nora);
    assert_eq!(pulses(&mut okot, patient), ["70", "71", "72", "73"]);
    assert_eq!(okot.find("okello", 10).unwrap().len(), 2);
    okot.open(second).unwrap();
    nora.sign_out().unwrap();
    assert_eq!(audit_problems(&mut okot), Vec::<String>::new());
    okot.sign_out().unwrap();
    drop(clinic);
    let mut okot = owner(&reopened(folder.path()));
    assert_eq!(pulses(&mut okot, patient), ["70", "71", "72", "73"]);
    assert_eq!(audit_problems(&mut okot), Vec::<String>::new());
    assert!(okot.verify(|_| {}).unwrap().is_sound());
}

#[test]
fn what_a_session_saved_is_there_for_the_next_although_it_just_went_away() {
    let (_folder, clinic) = founded();
    let mut session = owner(&clinic);
    let patient = grace(&mut session);
    save_pulse(&mut session, patient, "70").unwrap();
    drop(session);
    let mut session = owner(&clinic);
    assert_eq!(pulses(&mut session, patient), ["70"]);
}

#[test]
fn what_a_nurse_saved_before_a_crash_is_there_although_the_front_desk_came_first() {
    let (folder, clinic) = founded();
    let mut session = owner(&clinic);
    let patient = grace(&mut session);
    let amina = hire(&mut session, "Amina", Role::FrontDesk);
    session.settle().unwrap();
    save_pulse(&mut session, patient, "70").unwrap();
    drop(session);
    drop(clinic);
    let clinic = reopened(folder.path());
    let mut session = clinic.sign_in(amina, PASSPHRASE).unwrap();
    grace(&mut session);
    session.sign_out().unwrap();
    let mut session = owner(&clinic);
    assert_eq!(pulses(&mut session, patient), ["70"]);
}

#[test]
fn a_save_that_the_disk_refused_takes_nothing_with_it() {
    let (folder, clinic) = founded();
    let mut session = owner(&clinic);
    let patient = grace(&mut session);
    session.sign_out().unwrap();
    drop(clinic);
    let mut refused = 0;
    for cut in 0..40 {
        let (disk, clinic) = on_flaky_disk(&folder);
        let mut session = owner(&clinic);
        let mut saved = Vec::new();
        let mut save = |session: &mut Session, value: &str| {
            let kept = save_pulse(session, patient, value);
            if kept.is_ok() {
                saved.push(value.to_owned());
            }
            kept.is_err()
        };
        save(&mut session, "70");
        disk.refuse_after(Some(cut));
        let failed = save(&mut session, "71");
        refused += usize::from(failed);
        disk.refuse_after(None);
        save(&mut session, "72");
        let before = pulses(&mut session, patient);
        save(&mut session, "73");
        // One that was not acknowledged may have reached the disk all the same.
        let acknowledged = |seen: &[String]| saved.iter().all(|it| seen.contains(it));
        let seen = pulses(&mut session, patient);
        assert!(acknowledged(&seen), "cut {cut}: {seen:?} of {saved:?}");
        assert!(before.iter().all(|it| seen.contains(it)), "cut {cut}");
        drop(session);
        drop(clinic);
        let mut session = owner(&again_on(&folder, &disk));
        assert_eq!(pulses(&mut session, patient), seen, "cut {cut}");
        assert_eq!(audit_problems(&mut session), Vec::<String>::new());
        let verified = session.verify(|_| {}).unwrap();
        assert!(verified.is_sound(), "cut {cut}: {:?}", verified.problems);
    }
    assert!(refused > 3, "{refused} saves were refused");
}

#[test]
fn a_lost_cache_loses_nobody_and_no_import() {
    let (folder, clinic) = founded();
    let mut session = owner(&clinic);
    let patient = grace(&mut session);
    save_pulse(&mut session, patient, "70").unwrap();
    let file = folder.path().join("one.json");
    fs::write(&file, ACHIENG).unwrap();
    session
        .import_fhir(&[Source::File(file)], None, &mut |_| {})
        .unwrap();
    assert_eq!(session.find("achieng", 10).unwrap().len(), 1);
    session.sign_out().unwrap();
    drop(clinic);
    fs::remove_file(folder.path().join("home/cache.redb")).unwrap();
    let mut session = owner(&reopened(folder.path()));
    assert_eq!(session.find("achieng", 10).unwrap().len(), 1);
    assert_eq!(pulses(&mut session, patient), ["70"]);
}

pub(crate) const ACHIENG: &str = r#"{"resourceType":"Bundle","type":"collection","entry":[
{"resource":{"resourceType":"Patient","id":"p1","gender":"female","birthDate":"1990-05-01",
"name":[{"family":"Achieng","given":["Mary"]}]}},
{"resource":{"resourceType":"AllergyIntolerance","id":"a1","criticality":"high",
"clinicalStatus":{"coding":[{"code":"active"}]},
"code":{"text":"Peanut"},"patient":{"reference":"Patient/p1"}}}]}"#;

#[test]
fn a_crash_between_new_keys_and_new_caches_is_made_good_at_the_next_sign_in() {
    let (folder, clinic) = founded();
    let mut session = owner(&clinic);
    let patient = grace(&mut session);
    save_pulse(&mut session, patient, "70").unwrap();
    let nora = hire(&mut session, "Nora", Role::Nurse);
    session.sign_out().unwrap();
    drop(clinic);
    let home = folder.path().join("home");
    let before = fs::read(home.join("cache.redb")).unwrap();
    let clinic = reopened(folder.path());
    let mut session = owner(&clinic);
    session.remove_user(nora, false).unwrap();
    session.sign_out().unwrap();
    drop(clinic);
    fs::write(home.join("cache.redb"), before).unwrap();
    let mut session = owner(&reopened(folder.path()));
    assert_eq!(pulses(&mut session, patient), ["70"]);
}

#[test]
fn who_holds_less_than_before_can_sign_in_and_sees_less() {
    let (_folder, clinic) = founded();
    let mut session = owner(&clinic);
    let patient = grace(&mut session);
    let allergy = Edit::add(penicillin(&mut session));
    session
        .save(Subject::Patient(patient), vec![allergy])
        .unwrap();
    let nora = hire(&mut session, "Nora", Role::Nurse);
    let mut parked = {
        let session = clinic.sign_in(nora, PASSPHRASE).unwrap();
        session.park(&"482915".parse().unwrap()).unwrap()
    };
    session.set_role(nora, Role::FrontDesk).unwrap();
    let mut nora = parked.resume(&"482915".parse().unwrap()).unwrap();
    let chart = nora.open(patient).unwrap();
    assert!(chart.identity.person.is_some() && chart.summary.is_none());
    let severe = nora
        .index()
        .read()
        .unwrap()
        .row(patient)
        .unwrap()
        .severe_allergy;
    assert_eq!(severe, None);
    nora.sign_out().unwrap();
    assert_eq!(
        session
            .open(patient)
            .unwrap()
            .summary
            .unwrap()
            .allergies
            .len(),
        1
    );
}

#[test]
fn the_audit_goes_on_when_an_auditor_leaves() {
    let (_folder, clinic) = founded();
    let mut session = owner(&clinic);
    let patient = grace(&mut session);
    let ada = hire(&mut session, "Ada", Role::Auditor);
    let mut nora = {
        let nora = hire(&mut session, "Nora", Role::Nurse);
        clinic.sign_in(nora, PASSPHRASE).unwrap()
    };
    session.open(patient).unwrap();
    session.remove_user(ada, false).unwrap();
    session.open(patient).unwrap();
    nora.open(patient).unwrap();
    let audit = session.read_audit(Some(patient)).unwrap();
    assert_eq!(audit.problems, Vec::<String>::new());
    let opened = audit.entries.iter().filter(|it| it.action.name() == "open");
    assert_eq!(opened.count(), 3);
}

#[test]
fn an_owner_does_not_lock_herself_out() {
    let (_folder, clinic) = founded();
    let mut session = owner(&clinic);
    let (me, stranger) = (session.user(), UserId::from_bytes([9; 16]));
    for role in [Role::Nurse, Role::Auditor] {
        assert!(matches!(session.set_role(me, role), Err(Error::Refused(_))));
    }
    assert!(matches!(
        session.remove_user(me, true),
        Err(Error::Refused(_))
    ));
    let nora = hire(&mut session, "Nora", Role::Nurse);
    for role in [Role::Owner, Role::Hub, Role::Emergency] {
        assert!(matches!(
            session.set_role(nora, role),
            Err(Error::Refused(_))
        ));
    }
    assert!(session.set_role(stranger, Role::Nurse).is_err());
    assert!(session.remove_user(stranger, false).is_err());
    session.remove_user(nora, false).unwrap();
    assert!(session.set_role(nora, Role::Clinician).is_err());
    assert_eq!(session.role(), Role::Owner);
}

#[test]
fn the_audit_of_the_demo_can_be_read() {
    let folder = TempDir::new().unwrap();
    let plan = DemoPlan {
        patients: 3,
        seed: 7,
    };
    let home = folder.path().join("demo");
    let made = make_demo(&home, plan, surroundings(), |_| {}).unwrap();
    let mut session = made.clinic.sign_in(made.owner, &made.passphrase).unwrap();
    let audit = session.read_audit(None).unwrap();
    assert_eq!(audit.problems, Vec::<String>::new());
    assert!(
        audit
            .entries
            .iter()
            .any(|it| it.action.name() == "demo-made")
    );
}
