//! Every way in which a session is asked for something, for every role: what the role table
//! denies is denied, changes nothing, and no answer holds more than the role may see.

use std::{collections::BTreeMap, fs};

use cairn::{
    chart::{
        Edit, Kind, MedKind, Name, NameUse, Part, Person, Record, Section, Signature,
        Subject, Visit,
        who::{Action, Role},
    },
    clinic::{Error, Source},
    ids::{Hash, PatientId},
};

use crate::{
    raw::written,
    staff::{
        FILE, ROLES, Staff, entry_of, fill, laboratory, prescription, record, register,
        subject,
    },
};

/// What a row of a table says of a role: the columns are owner, clinician, nurse, laboratory
/// and pharmacy, front desk, auditor, emergency.
fn cell(row: &str, role: Role) -> bool {
    let column = ROLES.iter().position(|it| *it == role).unwrap();
    row.split(' ').nth(column).unwrap() == "x"
}

/// Who may write each kind of record.
const WRITES: [(&str, &str); 19] = [
    ("person", "x x x x x - -"),
    ("provider", "x - - - - - -"),
    ("allergy", "x x x x - - -"),
    ("no known allergies", "x x x x - - -"),
    ("problem", "x x x x - - -"),
    ("medication taken", "x x x x - - -"),
    ("prescription", "x x - - - - -"),
    ("immunization", "x x x x - - -"),
    ("procedure", "x x x - - - -"),
    ("plan", "x x x - - - -"),
    ("visit", "x x x x - - -"),
    ("note", "x x x - - - -"),
    ("observation", "x x x x - - -"),
    ("laboratory", "x x x x - - -"),
    ("report", "x x x x - - -"),
    ("document", "x x x - - - -"),
    ("import run", "x - - - - - -"),
    ("consent", "x x x - - - -"),
    ("referral", "x x x - - - -"),
];

fn sort_of(record: &Record) -> &'static str {
    match record {
        Record::Person(_) => "person",
        Record::Provider(_) => "provider",
        Record::Allergy(_) => "allergy",
        Record::NoKnownAllergies(_) => "no known allergies",
        Record::Problem(_) => "problem",
        Record::Medication(it) if it.kind == MedKind::Request => "prescription",
        Record::Medication(_) => "medication taken",
        Record::Immunization(_) => "immunization",
        Record::Procedure(_) => "procedure",
        Record::Plan(_) => "plan",
        Record::Visit(_) => "visit",
        Record::Note(_) => "note",
        Record::Observation(it) if it.is_laboratory() => "laboratory",
        Record::Observation(_) => "observation",
        Record::Report(_) => "report",
        Record::Document(_) => "document",
        Record::ImportRun(_) => "import run",
        Record::Consent(_) => "consent",
        Record::Outcome(_) => "outcome",
        Record::Referral(_) => "referral",
    }
}

/// Fails unless it was done or denied as expected. Not finding something is no denial.
#[track_caller]
fn check<T>(what: &str, role: Role, allowed: bool, answer: Result<T, Error>) {
    match (allowed, answer) {
        (true, Ok(_)) | (false, Err(Error::Denied(_))) => {}
        (true, Err(error)) => panic!("{role:?} is kept from {what}: {error}"),
        (false, Ok(_)) => panic!("{role:?} may {what}"),
        (false, Err(error)) => panic!("{role:?}, {what}: not denied but {error}"),
    }
}

/// A clinic where the owner has written a record of every kind for one patient.
fn filled() -> (Staff, PatientId, Vec<Record>) {
    let staff = Staff::hired();
    let mut owner = staff.sign_in(Role::Owner);
    let patient = register(&mut owner);
    let mut records = fill(&mut owner, patient);
    let person = owner.open(patient).unwrap().identity.person.unwrap();
    records.push(Record::Person(person));
    owner.sign_out().unwrap();
    (staff, patient, records)
}

#[test]
fn every_kind_of_record_is_written_and_changed_by_whom_the_table_says() {
    let (staff, patient, records) = filled();
    let sorts: BTreeMap<&str, &Record> =
        records.iter().map(|it| (sort_of(it), it)).collect();
    assert_eq!(sorts.len(), WRITES.len());
    for role in ROLES {
        let mut session = staff.sign_in(role);
        for (sort, row) in WRITES {
            let there = sorts[sort];
            let allowed = cell(row, role);
            let before = written(&staff.home());
            if there.kind() != Kind::Person {
                let mut new = match sort {
                    "prescription" => prescription(&mut session),
                    "laboratory" => laboratory(&mut session),
                    _ => record(&mut session, there.kind()),
                };
                *new.entry_mut() = session.entry();
                let edit = vec![Edit::add(new)];
                let saved = session.save(subject(patient, there), edit);
                check(&format!("add a {sort}"), role, allowed, saved);
            }
            let mut after = there.clone();
            after.entry_mut().remark.0 = format!("looked at by {}", role.name());
            let edit = vec![Edit::change(there.clone(), after)];
            let saved = session.save(subject(patient, there), edit);
            check(&format!("change a {sort}"), role, allowed, saved);
            let edit = vec![Edit::entered_in_error(there.clone(), "no")];
            if !allowed {
                let saved = session.save(subject(patient, there), edit);
                check(&format!("take back a {sort}"), role, false, saved);
                assert_eq!(written(&staff.home()), before, "{role:?} {sort}");
            }
        }
        session.sign_out().unwrap();
    }
}

#[test]
fn one_forbidden_edit_among_others_saves_none_of_them() {
    let (staff, patient, _) = filled();
    let mut nurse = staff.sign_in(Role::Nurse);
    let before = written(&staff.home());
    let edits = vec![
        Edit::add(record(&mut nurse, Kind::Visit)),
        Edit::add(prescription(&mut nurse)),
    ];
    let saved = nurse.save(Subject::Patient(patient), edits);
    check("prescribe", Role::Nurse, false, saved);
    assert_eq!(written(&staff.home()), before);
}

#[test]
fn nobody_writes_in_another_ones_name_or_into_a_chart_that_it_is_not_of() {
    let (staff, patient, records) = filled();
    let mut session = staff.sign_in(Role::Clinician);
    let mut forged = record(&mut session, Kind::Visit);
    *forged.entry_mut() = entry_of(&mut session, staff.user(Role::Owner));
    let mut taken = records[0].clone();
    taken.entry_mut().by = session.user();
    let mut stranger = Person::new(session.entry());
    stranger.phone = "1".into();
    let visit = record(&mut session, Kind::Visit);
    let here = Subject::Patient(patient);
    for (subject, edit) in [
        (here, Edit::add(forged)),
        (here, Edit::add(Record::Person(stranger))),
        (Subject::Clinic, Edit::add(visit)),
    ] {
        let saved = session.save(subject, vec![edit]);
        assert!(matches!(saved, Err(Error::Refused(_))), "{saved:?}");
    }
    let mut owner = staff.sign_in(Role::Owner);
    let change = Edit::change(records[0].clone(), taken);
    let saved = owner.save(subject(patient, &records[0]), vec![change]);
    assert!(matches!(saved, Err(Error::Refused(_))), "{saved:?}");
}

/// The record of this sort, by the word of [`sort_of`].
fn one(records: &[Record], sort: &str) -> Record {
    let found = records.iter().find(|it| sort_of(it) == sort);
    found.unwrap().clone()
}

fn as_taken(mut record: Record) -> Record {
    if let Record::Medication(it) = &mut record {
        it.kind = MedKind::Statement;
    }
    record
}

fn sections(note: &Record) -> Vec<Section> {
    let Record::Note(note) = note else {
        panic!("not a note");
    };
    note.sections.clone()
}

#[test]
fn a_note_that_is_not_as_it_was_shown_is_not_signed() {
    let (staff, patient, records) = filled();
    let mut owner = staff.sign_in(Role::Owner);
    let note = one(&records, "note");
    let id = note.entry().id;
    let mut shown = sections(&note);
    shown[0].text.push('?');
    let signed = owner.sign_note(patient, id, &shown);
    assert!(matches!(signed, Err(Error::Refused(_))), "{signed:?}");
    shown[0].text.pop();
    owner.sign_note(patient, id, &shown).unwrap();
}

#[test]
fn a_lie_about_what_stood_there_gets_nobody_past_the_table() {
    let (staff, patient, records) = filled();
    let here = Subject::Patient(patient);
    let mut owner = staff.sign_in(Role::Owner);
    let note = one(&records, "note");
    let id = note.entry().id;
    owner.sign_note(patient, id, &sections(&note)).unwrap();
    owner.sign_out().unwrap();
    let refused = |role: Role, before: Record, change: &dyn Fn(&mut Record)| {
        let mut session = staff.sign_in(role);
        let mut after = before.clone();
        change(&mut after);
        let envelopes = written(&staff.home());
        let saved = session.save(here, vec![Edit::change(before, after)]);
        assert!(
            matches!(saved, Err(Error::Refused(_))),
            "{role:?}: {saved:?}"
        );
        assert_eq!(written(&staff.home()), envelopes, "{role:?}");
    };
    let prescribed = one(&records, "prescription");
    refused(Role::Nurse, as_taken(prescribed), &|it| {
        let Record::Medication(it) = it else { return };
        it.dose = "ten times as much".to_owned();
    });
    let mut own = one(&records, "visit");
    own.entry_mut().by = staff.user(Role::Clinician);
    refused(Role::Clinician, own, &|it| it.entry_mut().in_error = true);
    refused(Role::Clinician, note, &|it| {
        let Record::Note(it) = it else { return };
        it.signed = Some(Signature {
            by: staff.user(Role::Clinician),
            at: it.entry.recorded,
            text: Hash::from_bytes([1; 32]),
            heads: Vec::new(),
        });
    });
}

#[test]
fn what_another_changed_meanwhile_stays_and_stops_nobody() {
    let (staff, patient, records) = filled();
    let here = Subject::Patient(patient);
    let seen = one(&records, "visit");
    let change = |role: Role, change: &dyn Fn(&mut Visit)| {
        let mut after = seen.clone();
        let Record::Visit(it) = &mut after else {
            return;
        };
        change(it);
        let edit = Edit::change(seen.clone(), after);
        staff.sign_in(role).save(here, vec![edit]).unwrap();
    };
    change(Role::Owner, &|it| it.place = "room 2".to_owned());
    change(Role::Nurse, &|it| {
        it.entry.remark.0 = "came late".to_owned();
    });
    let visits = staff.sign_in(Role::Owner).open(patient).unwrap().visits;
    let visit = visits.unwrap().visits.remove(0);
    assert_eq!(visit.place, "room 2");
    assert_eq!(visit.entry.remark.0, "came late");
}

#[test]
fn a_record_that_is_added_can_be_changed_in_the_same_saving() {
    let (staff, patient, _) = filled();
    let mut nurse = staff.sign_in(Role::Nurse);
    let new = record(&mut nurse, Kind::Visit);
    let edits = vec![
        Edit::add(new.clone()),
        Edit::entered_in_error(new, "the wrong chart"),
    ];
    nurse.save(Subject::Patient(patient), edits).unwrap();
    let unknown = record(&mut nurse, Kind::Visit);
    let edits = vec![Edit::entered_in_error(unknown, "")];
    let saved = nurse.save(Subject::Patient(patient), edits);
    assert!(matches!(saved, Err(Error::Missing(_))), "{saved:?}");
}

const FINDS: &str = "x x x x x - x";
const FRONT: &str = "x x x x x - -";
const CLINICAL: &str = "x x x x - - -";
const NOTES: &str = "x x x - - - -";
const OWNERS: &str = "x - - - - - -";

/// What else a session is asked for about a patient.
fn ask_of(staff: &Staff, role: Role, patient: PatientId, note: &Record) {
    let session = &mut staff.sign_in(role);
    let check = |what: &str, row: &str, answer: Result<(), Error>| {
        check(what, role, cell(row, role), answer);
    };
    check("find", FINDS, session.find("njeri", 5).map(drop));
    check("open", FRONT, session.open(patient).map(drop));
    check(
        "read a chart again",
        FRONT,
        session.chart(patient).map(drop),
    );
    check("read a history", FRONT, session.history(patient).map(drop));
    let opened = session.break_glass(patient, "asked by the hospital");
    check("give a reason", CLINICAL, opened);
    let view = session.emergency(patient, "not conscious");
    check("see the emergency view", "x x x x - - x", view.map(drop));
    let told = session.disclosures(patient);
    check("see what was told", "x - - - - x -", told.map(drop));
    check("read the lists", FRONT, session.site().map(drop));
    let unknown = Hash::from_bytes([1; 32]);
    for (part, row) in [
        (Part::Identity, FRONT),
        (Part::Summary, CLINICAL),
        (Part::Visits, NOTES),
        (Part::Results, CLINICAL),
        (Part::Consents, NOTES),
    ] {
        let kept = session.kept_bytes(Subject::Patient(patient), part, unknown);
        check(
            &format!("read what is kept of {}", part.name()),
            row,
            kept.map(drop),
        );
    }
    let signed = session.sign_note(patient, note.entry().id, &sections(note));
    check(
        "sign a note",
        NOTES,
        match signed {
            // The one before signed it.
            Err(Error::Refused(_)) => Ok(()),
            answer => answer,
        },
    );
    let mut person = Person::new(session.entry());
    person.names = vec![Name {
        usage: NameUse::Usual,
        family: "Wanjiru".into(),
        given: "Njeri".into(),
    }];
    let alike = session.alike(&person);
    assert_eq!(
        !alike.is_empty(),
        cell(FINDS, role),
        "{role:?} sees who is alike"
    );
    assert_eq!(session.is_on_file(patient), cell(FINDS, role), "{role:?}");
    let number = alike
        .first()
        .map(|it| it.number.clone())
        .unwrap_or_default();
    assert_eq!(
        session.numbered(&number).is_some(),
        cell(FINDS, role),
        "{role:?}"
    );
    check("register", FRONT, session.register(person).map(drop));
}

/// What else a session is asked for about the clinic.
fn ask_of_clinic(staff: &Staff, role: Role) {
    let session = &mut staff.sign_in(role);
    let check = |what: &str, row: &str, answer: Result<(), Error>| {
        check(what, role, cell(row, role), answer);
    };
    let file = staff.folder.path().join(format!("{}.json", role.name()));
    fs::write(&file, FILE).unwrap();
    let imported = session.import_fhir(&[Source::File(file)], None, &mut |_| {});
    check("import", NOTES, imported.map(drop));
    check(
        "read the audit",
        "x - - - - x -",
        session.read_audit(None).map(drop),
    );
    check("see the users", "x x x x x x x", session.users().map(drop));
    check("verify", "x x x x x - -", session.verify(|_| {}).map(drop));
    check("rebuild caches", "x x x x x - -", session.rebuild_cache());
    let uses = session.glass_uses(true);
    check("see who gave a reason", "x - - - - x -", uses.map(drop));
    let review = session.for_owner().map(drop);
    check("review it", OWNERS, review);
    let someone = staff.user(Role::Clinician);
    let name = format!("hired by {}", role.name());
    let hired = session.add_user(&name, Role::Nurse, "a nurse who came in by the door");
    let hired = hired.map(|it| session.remove_user(it, true).unwrap());
    check("hire", OWNERS, hired);
    check(
        "give a role",
        OWNERS,
        session.set_role(someone, Role::Clinician),
    );
    if role != Role::Owner {
        check("remove", OWNERS, session.remove_user(someone, false));
        check("compromise", OWNERS, session.remove_user(someone, true));
    }
}

#[test]
fn everything_that_a_session_is_asked_for_is_done_or_denied_by_the_table() {
    let (staff, patient, records) = filled();
    let note = records.iter().find(|it| it.kind() == Kind::Note).unwrap();
    for role in ROLES {
        ask_of(&staff, role, patient, note);
        ask_of_clinic(&staff, role);
    }
}

#[test]
fn no_answer_to_the_front_desk_holds_anything_clinical() {
    let (staff, patient, _) = filled();
    let mut session = staff.sign_in(Role::FrontDesk);
    let chart = session.open(patient).unwrap();
    assert!(chart.identity.person.is_some());
    assert!(chart.summary.is_none() && chart.visits.is_none() && chart.results.is_none());
    let mut person = chart.identity.person.unwrap();
    let before = Record::Person(person.clone());
    person.phone2 = "0700000000".into();
    let edit = Edit::change(before, Record::Person(person));
    session.save(Subject::Patient(patient), vec![edit]).unwrap();
    session.settle().unwrap();
    let row = session
        .index()
        .read()
        .unwrap()
        .row(patient)
        .cloned()
        .unwrap();
    assert_eq!((row.severe_allergy, row.last_seen), (None, None));
    let kinds = session
        .history(patient)
        .unwrap()
        .into_iter()
        .map(|it| it.kind);
    assert!(
        kinds
            .collect::<Vec<_>>()
            .iter()
            .all(|it| *it == Kind::Person)
    );
    session.sign_out().unwrap();
    // What it changed took nothing from the lists of those who may know.
    let owner = staff.sign_in(Role::Owner);
    let row = owner.index().read().unwrap().row(patient).cloned().unwrap();
    assert_eq!(row.severe_allergy, Some(true));
    assert!(row.last_seen.is_some() && row.phones.contains(&"0700000000".to_owned()));
}

#[test]
fn no_answer_to_the_laboratory_holds_a_note() {
    let (staff, patient, records) = filled();
    let note = records.iter().find(|it| it.kind() == Kind::Note).unwrap();
    // Two people write the note's title at once, so that it has versions.
    let mut sessions = [Role::Owner, Role::Nurse].map(|it| staff.sign_in(it));
    for (n, session) in sessions.iter_mut().enumerate() {
        let mut after = note.clone();
        if let Record::Note(it) = &mut after {
            it.title = format!("title {n}");
        }
        let edit = Edit::change(note.clone(), after);
        session.save(Subject::Patient(patient), vec![edit]).unwrap();
    }
    let mut session = staff.sign_in(Role::LabPharmacy);
    assert!(session.may(Action::ReadClinical).is_ok());
    let visits = session.open(patient).unwrap().visits.unwrap();
    assert!(!visits.visits.is_empty() && visits.notes.is_empty());
    assert!(visits.versions.iter().all(|it| it.kind != Kind::Note));
    let history = session.history(patient).unwrap();
    assert!(history.iter().any(|it| it.kind == Kind::Visit));
    assert!(history.iter().all(|it| it.kind != Kind::Note));
}

#[test]
fn drafts_are_their_authors_alone() {
    let (staff, patient, _) = filled();
    let mut nurse = staff.sign_in(Role::Nurse);
    nurse.save_draft("note", Some(patient), b"mine").unwrap();
    nurse.sign_out().unwrap();
    for role in ROLES {
        let session = staff.sign_in(role);
        let mine = role == Role::Nurse;
        let found = session.load_draft("note", Some(patient)).unwrap();
        assert_eq!(found.is_some(), mine, "{role:?}");
        let all = session.drafts().unwrap().len();
        assert_eq!(all, usize::from(mine), "{role:?}");
    }
}
