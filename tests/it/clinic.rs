//! The use cases of a clinic on one machine, in a real home.

use std::{collections::BTreeSet, io, path::Path, sync::Arc, thread};

use cairn::{
    chart::{
        Allergy, Clinical, Coded, Criticality, Edit, Entry, MedKind, MedStatus,
        Medication, Name, NameUse, Observation, Person, Quantity, Reaction, Record,
        Severity, Sex, Subject, Value, Verification,
        who::{Action, Role},
    },
    clinic::{
        AuditAction, Clinic, DemoClinic, DemoPlan, Error, Founding, PinError, Session,
        Surroundings, demo_begun, make_demo,
    },
    ids::PatientId,
    seal::{SeededEntropy, Work, words::PaperWords},
    time::Clock,
};
use tempfile::TempDir;

use crate::raw::copied;

pub(crate) const PASSPHRASE: &str = "correct horse battery staple again";

pub(crate) fn surroundings() -> Surroundings {
    Surroundings {
        clock: Clock::Machine,
        entropy: Box::new(SeededEntropy::new(u64::from(std::process::id()))),
        work: Some(Work::DEMO),
    }
}

pub(crate) fn founded() -> (TempDir, Arc<Clinic>) {
    let folder = TempDir::new().unwrap();
    let founding = Founding {
        machine: "1".to_owned(),
        clinic: "Kijani".to_owned(),
        user: "Dr Okot".to_owned(),
        passphrase: PASSPHRASE.to_owned().into(),
    };
    let home = folder.path().join("home");
    let clinic = Clinic::create(&home, founding, surroundings(), |_| Ok(())).unwrap();
    (folder, clinic)
}

pub(crate) fn owner(clinic: &Arc<Clinic>) -> Session {
    let user = clinic.users().unwrap()[0].user;
    clinic.sign_in(user, PASSPHRASE).unwrap()
}

pub(crate) fn reopened(folder: &Path) -> Arc<Clinic> {
    Clinic::open(&folder.join("home"), surroundings()).unwrap()
}

pub(crate) fn grace(session: &mut Session) -> PatientId {
    let mut person = Person::new(session.entry());
    person.names = vec![Name {
        usage: NameUse::Usual,
        family: "Okello".into(),
        given: "Grace".into(),
    }];
    person.sex = Sex::Female;
    person.phone = "0772123456".into();
    session.register(person).unwrap().patient
}

pub(crate) fn penicillin(session: &mut Session) -> Record {
    penicillin_of(session.entry())
}

/// The same, in whoever's name.
pub(crate) fn penicillin_of(entry: Entry) -> Record {
    Record::Allergy(Allergy {
        entry,
        code: Coded::text("penicillin"),
        clinical: Clinical::Active,
        verification: Verification::Confirmed,
        intolerance: false,
        category: "medication".into(),
        criticality: Criticality::High,
        onset: None,
        reactions: vec![Reaction {
            manifestation: Coded::text("anaphylaxis"),
            severity: Some(Severity::Severe),
        }],
    })
}

/// A drug that was given.
pub(crate) fn amoxicillin(session: &mut Session) -> Record {
    Record::Medication(Medication {
        entry: session.entry(),
        kind: MedKind::Statement,
        code: Coded::text("Amoxicillin 500 mg"),
        status: MedStatus::Active,
        dose: "1 capsule".into(),
        route: "oral".into(),
        frequency: "tds".into(),
        duration: "5d".into(),
        as_needed: false,
        start: None,
        end: None,
        quantity: "15 capsule".into(),
        reason: Coded::default(),
        instructions: String::new(),
        overridden: String::new(),
        visit: None,
    })
}

#[test]
fn what_was_saved_is_there_after_the_next_sign_in() {
    let (folder, clinic) = founded();
    let mut session = owner(&clinic);
    let patient = grace(&mut session);
    let allergy = penicillin(&mut session);
    session
        .save(Subject::Patient(patient), vec![Edit::add(allergy.clone())])
        .unwrap();
    session.sign_out().unwrap();
    drop(clinic);

    let clinic = reopened(folder.path());
    let mut session = owner(&clinic);
    let found = session.find("okelo", 10).unwrap();
    assert_eq!(found[0].patient, patient);
    assert_eq!(found[0].name, "OKELLO, Grace");
    let chart = session.open(patient).unwrap();
    assert_eq!(chart.problems, Vec::<String>::new());
    let allergies = chart.summary.unwrap().allergies;
    assert_eq!(Record::Allergy(allergies[0].clone()), allergy);
    let index = session.index();
    assert_eq!(
        index.read().unwrap().row(patient).unwrap().severe_allergy,
        Some(true)
    );
}

#[test]
fn what_was_saved_before_a_crash_is_there_although_no_cache_was_written() {
    let (folder, clinic) = founded();
    let mut session = owner(&clinic);
    let patient = grace(&mut session);
    let allergy = penicillin(&mut session);
    session
        .save(Subject::Patient(patient), vec![Edit::add(allergy)])
        .unwrap();
    // Neither settled nor signed out.
    drop(session);
    drop(clinic);

    let clinic = reopened(folder.path());
    let mut session = owner(&clinic);
    let chart = session.open(patient).unwrap();
    assert_eq!(chart.identity.person.unwrap().shown_name(), "OKELLO, Grace");
    assert_eq!(chart.summary.unwrap().allergies.len(), 1);
}

#[test]
fn a_wrong_passphrase_makes_the_next_try_wait_and_is_in_the_audit() {
    let (_folder, clinic) = founded();
    let user = clinic.users().unwrap()[0].user;
    let wrong = clinic.sign_in(user, "wrong");
    assert!(matches!(
        wrong,
        Err(Error::WrongPassphrase { wait_seconds: 1 })
    ));
    assert!(matches!(
        clinic.sign_in(user, PASSPHRASE),
        Err(Error::Wait { seconds: 1 })
    ));
}

#[test]
fn a_receptionist_sees_who_people_are_and_nothing_clinical() {
    let (folder, clinic) = founded();
    let mut session = owner(&clinic);
    let patient = grace(&mut session);
    let allergy = penicillin(&mut session);
    session
        .save(Subject::Patient(patient), vec![Edit::add(allergy.clone())])
        .unwrap();
    let amina = session
        .add_user("Amina", Role::FrontDesk, PASSPHRASE)
        .unwrap();
    session.sign_out().unwrap();
    drop(clinic);

    let clinic = reopened(folder.path());
    let mut session = clinic.sign_in(amina, PASSPHRASE).unwrap();
    let chart = session.open(patient).unwrap();
    assert_eq!(chart.identity.person.unwrap().shown_name(), "OKELLO, Grace");
    assert_eq!(chart.summary, None);
    assert_eq!(chart.visits, None);
    assert!(session.may(Action::ReadClinical).is_err());
    let refused = session.save(Subject::Patient(patient), vec![Edit::add(allergy)]);
    assert!(matches!(refused, Err(Error::Denied(_))));
    assert!(matches!(session.read_audit(None), Err(Error::Denied(_))));
}

#[test]
fn a_parked_session_goes_on_with_its_pin_and_four_misses_wipe_it() {
    let (_folder, clinic) = founded();
    let mut session = owner(&clinic);
    let patient = grace(&mut session);
    session
        .save_draft("note", Some(patient), b"Cough 5 days")
        .unwrap();
    let pin = "482915".parse().unwrap();
    let mut parked = session.park(&pin).unwrap();
    assert_eq!(clinic.users().unwrap()[0].unfinished[0].kind, "note");
    let mut session = parked.resume(&pin).unwrap();
    let (text, _) = session.load_draft("note", Some(patient)).unwrap().unwrap();
    assert_eq!(text.as_slice(), b"Cough 5 days");
    assert!(session.load_draft("note", None).unwrap().is_none());
    assert_eq!(session.drafts().unwrap()[0].1, Some(patient));
    assert_eq!(session.open(patient).unwrap().patient, patient);
    let mut parked = session.park(&pin).unwrap();
    for (left, wrong) in [(3, "482916"), (2, "111111"), (1, "123456"), (0, "48")] {
        let missed = parked.resume_typed(wrong);
        assert!(matches!(missed, Err(PinError::Missed(it)) if it.left == left));
    }
    assert!(matches!(parked.resume(&pin), Err(PinError::Over)));
}

#[test]
fn the_audit_tells_who_read_what_and_cannot_be_read_by_a_clinician() {
    let (_folder, clinic) = founded();
    let mut session = owner(&clinic);
    let patient = grace(&mut session);
    let nora = session
        .add_user("Nora", Role::Clinician, PASSPHRASE)
        .unwrap();
    session.sign_out().unwrap();
    let mut session = clinic.sign_in(nora, PASSPHRASE).unwrap();
    session.open(patient).unwrap();
    assert!(matches!(session.read_audit(None), Err(Error::Denied(_))));
    session.sign_out().unwrap();
    let mut session = owner(&clinic);
    let read = session.read_audit(Some(patient)).unwrap();
    assert_eq!(read.problems, Vec::<String>::new());
    let by_nora: Vec<AuditAction> = read
        .entries
        .iter()
        .filter(|it| it.user == Some(nora))
        .map(|it| it.action)
        .collect();
    assert_eq!(by_nora, [AuditAction::Open]);
}

#[test]
fn a_user_who_left_cannot_sign_in_and_the_others_go_on_under_new_keys() {
    let (_folder, clinic) = founded();
    let mut session = owner(&clinic);
    let patient = grace(&mut session);
    let allergy = penicillin(&mut session);
    session
        .save(Subject::Patient(patient), vec![Edit::add(allergy)])
        .unwrap();
    let nora = session.add_user("Nora", Role::Nurse, PASSPHRASE).unwrap();
    session.remove_user(nora, false).unwrap();
    assert!(clinic.sign_in(nora, PASSPHRASE).is_err());
    let heart = Record::Observation(Observation {
        entry: session.entry(),
        code: Coded::text("Heart rate"),
        category: cairn::chart::ObsCategory::VitalSigns,
        when: None,
        value: Some(Value::Quantity(Quantity::new("72", "/min"))),
        absent: String::new(),
        components: Vec::new(),
        range: String::new(),
        flag: String::new(),
        method: String::new(),
        visit: None,
        order: None,
    });
    session
        .save(Subject::Patient(patient), vec![Edit::add(heart)])
        .unwrap();
    let chart = session.chart(patient).unwrap();
    assert_eq!(chart.summary.unwrap().allergies.len(), 1);
    assert_eq!(chart.visits.unwrap().observations.len(), 1);
}

#[test]
fn verify_finds_nothing_wrong_with_a_sound_clinic() {
    let (_folder, clinic) = founded();
    let mut session = owner(&clinic);
    let patient = grace(&mut session);
    let allergy = penicillin(&mut session);
    session
        .save(Subject::Patient(patient), vec![Edit::add(allergy)])
        .unwrap();
    let verified = session.verify(|_| {}).unwrap();
    assert_eq!(verified.problems, Vec::<String>::new());
    assert!(verified.is_sound());
    assert_eq!((verified.documents, verified.waiting), (2, 0));
}

#[test]
fn each_person_reads_their_own_language() {
    let (folder, clinic) = founded();
    let mut session = owner(&clinic);
    let nora = session.add_user("Nora", Role::Nurse, PASSPHRASE).unwrap();
    session.set_language("fr").unwrap();
    session.sign_out().unwrap();
    drop(clinic);
    let clinic = reopened(folder.path());
    assert_eq!(owner(&clinic).language(), Some("fr".to_owned()));
    assert_eq!(clinic.sign_in(nora, PASSPHRASE).unwrap().language(), None);
}

#[test]
fn the_demo_is_a_sound_clinic_with_signed_notes_and_numbers() {
    let folder = TempDir::new().unwrap();
    let home = folder.path().join("demo");
    let plan = DemoPlan {
        patients: 40,
        seed: 7,
    };
    let made = make_demo(&home, plan, surroundings(), |_| {}).unwrap();
    assert_eq!(made.patients, 40);
    let mut session = made.clinic.sign_in(made.owner, &made.passphrase).unwrap();
    let found = session.find("", 100).unwrap();
    assert_eq!(found.len(), 40);
    assert!(found.iter().all(|it| cairn::clinic::is_number(&it.number)));
    let mut signed = 0;
    let mut visits = 0;
    for it in &found {
        let chart = session.open(it.patient).unwrap();
        assert_eq!(chart.problems, Vec::<String>::new());
        let part = chart.visits.unwrap();
        visits += part.visits.len() as u64;
        signed += part.notes.iter().filter(|it| it.signed.is_some()).count();
    }
    assert_eq!(visits, made.visits);
    assert!(signed > 20, "{signed} signed notes");
    let verified = session.verify(|_| {}).unwrap();
    assert!(
        verified.is_sound() && verified.waiting == 0,
        "{:?}",
        verified.problems
    );
}

#[test]
fn a_demo_whose_making_was_broken_off_is_finished_and_is_the_same() {
    let folder = TempDir::new().unwrap();
    let home = folder.path().join("demo");
    let plan = DemoPlan {
        patients: 70,
        seed: 7,
    };
    let mut homes = Vec::new();
    let whole = make_demo(&home, plan, surroundings(), |done| {
        homes.push((done, copied(&home)));
    });
    let whole = whole.unwrap();
    assert_eq!(homes.len(), 2);
    assert_eq!(demo_begun(&home), None);
    let people = |it: &DemoClinic| {
        let mut session = it.clinic.sign_in(it.owner, &it.passphrase).unwrap();
        let found = session.find("", 100).unwrap().into_iter();
        let found: Vec<_> = found.map(|it| (it.patient, it.name, it.number)).collect();
        let verified = session.verify(|_| {}).unwrap();
        assert!(verified.is_sound(), "{:?}", verified.problems);
        found
    };
    let numberless = |people: Vec<(PatientId, String, String)>| -> Vec<_> {
        people.into_iter().map(|it| (it.0, it.1)).collect()
    };
    let all = numberless(people(&whole));
    assert_eq!(all.len(), 70);
    for (done, home) in homes {
        assert_eq!(demo_begun(home.path()), Some(plan), "at {done}");
        let usual = DemoPlan::USUAL;
        let made = make_demo(home.path(), usual, surroundings(), |_| {}).unwrap();
        assert_eq!(demo_begun(home.path()), None, "at {done}");
        assert_eq!((made.patients, made.visits), (whole.patients, whole.visits));
        let here = people(&made);
        let numbers: BTreeSet<&String> = here.iter().map(|it| &it.2).collect();
        assert_eq!(numbers.len(), 70, "at {done}");
        assert_eq!(numberless(here), all, "at {done}");
    }
}

#[test]
fn two_who_register_at_once_never_give_the_same_number() {
    let (_folder, clinic) = founded();
    let mut numbers = Vec::new();
    thread::scope(|scope| {
        let both = [(), ()].map(|()| {
            scope.spawn(|| {
                let mut session = owner(&clinic);
                let register = |_| {
                    let mut person = Person::new(session.entry());
                    person.phone = "0772123456".into();
                    session.register(person).unwrap().number
                };
                (0..10).map(register).collect::<Vec<String>>()
            })
        });
        for one in both {
            numbers.extend(one.join().unwrap());
        }
    });
    let different: BTreeSet<&String> = numbers.iter().collect();
    assert_eq!(different.len(), 20, "{numbers:?}");
}

#[test]
fn no_clinic_is_finished_before_its_paper_words_are_kept() {
    let folder = TempDir::new().unwrap();
    let home = folder.path().join("home");
    let founding = || Founding {
        machine: "1".to_owned(),
        clinic: "Kijani".to_owned(),
        user: "Dr Okot".to_owned(),
        passphrase: PASSPHRASE.to_owned().into(),
    };
    let full = |_: &PaperWords| Err(io::ErrorKind::StorageFull.into());
    let made = Clinic::create(&home, founding(), surroundings(), full);
    assert!(matches!(made, Err(Error::Store(_))));
    assert!(Clinic::open(&home, surroundings()).is_err());
    let kept = |words: &PaperWords| {
        assert_eq!(words.words().len(), 24);
        assert!(Clinic::open(copied(&home).path(), surroundings()).is_err());
        Ok(())
    };
    Clinic::create(&home, founding(), surroundings(), kept).unwrap();
}
