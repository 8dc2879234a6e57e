//! Charts of people who are not in care, and the emergency view: what a reason opens, for how
//! long, and who hears of it.

use std::cell::Cell;

use cairn::{
    chart::{
        Edit, Kind, Record, Subject,
        who::{Action, Denial, Role},
    },
    clinic::{AuditAction, AuditObject, Clinic, Error, GLASS_MS, Session, WORDS_DUE_MS},
    ids::PatientId,
    seal::Pin,
    time::{Clock, Moment, Timestamp},
};

use crate::staff::{Staff, fill, note, passphrase, record, register};

const MORNING: i64 = 1_750_000_000_000;
const DAY: i64 = 24 * 60 * 60 * 1_000;

thread_local! {
    static WALL: Cell<i64> = const { Cell::new(MORNING) };
    static PASSED: Cell<i64> = const { Cell::new(0) };
}

fn told() -> (Moment, i64) {
    let moment = Moment {
        at: Timestamp(WALL.get()),
        offset_minutes: 180,
    };
    (moment, PASSED.get())
}

/// Time goes by.
fn pass(ms: i64) {
    WALL.set(WALL.get() + ms);
    PASSED.set(PASSED.get() + ms);
}

/// A clinic with a patient who was here forty days ago.
fn long_ago() -> (Staff, PatientId) {
    let staff = Staff::hired_at(Clock::Told(told));
    let mut owner = staff.sign_in(Role::Owner);
    let patient = register(&mut owner);
    fill(&mut owner, patient);
    owner.sign_out().unwrap();
    pass(40 * DAY);
    (staff, patient)
}

#[track_caller]
fn needs_reason<T>(what: &str, answer: Result<T, Error>) {
    match answer {
        Err(Error::Denied(Denial::NoReason)) => {}
        Err(error) => panic!("{what}: {error}"),
        Ok(_) => panic!("{what} without a reason"),
    }
}

#[test]
fn a_clinician_says_why_before_a_chart_of_nobody_in_care_opens() {
    let (staff, patient) = long_ago();
    let mut session = staff.sign_in(Role::Clinician);
    let note = note(&mut session);
    let add = |session: &mut Session| {
        let visit = record(session, Kind::Visit);
        session.save(Subject::Patient(patient), vec![Edit::add(visit)])
    };
    for _ in 0..2 {
        needs_reason("open", session.open(patient));
        needs_reason("chart", session.chart(patient));
        needs_reason("history", session.history(patient));
        needs_reason("versions", session.versions(Some(patient)));
        needs_reason("unconfirmed", session.unconfirmed(Some(patient)));
        needs_reason("save", add(&mut session));
        let signed = session.sign_note(patient, note.entry.id, &note.sections);
        needs_reason("sign", signed);
        assert_eq!(session.find("njeri", 5).unwrap().len(), 1);
    }
    assert!(matches!(
        session.break_glass(patient, " \n"),
        Err(Error::Refused(_))
    ));
    session
        .break_glass(patient, "asked by the hospital")
        .unwrap();
    let chart = session.open(patient).unwrap();
    assert!(chart.visits.is_some() && chart.glass_until.is_some());
    session.history(patient).unwrap();
    pass(GLASS_MS);
    assert!(session.chart(patient).is_ok());
    pass(1);
    needs_reason("chart after an hour", session.chart(patient));
    needs_reason("save after an hour", add(&mut session));
}

#[test]
fn who_was_here_lately_opens_without_a_word() {
    let (staff, patient) = long_ago();
    let mut nurse = staff.sign_in(Role::Nurse);
    let Record::Visit(mut visit) = record(&mut nurse, Kind::Visit) else {
        panic!("not a visit");
    };
    visit.start = Some(cairn::time::When::At(nurse.moment()));
    let edit = Edit::add(Record::Visit(visit));
    nurse.save(Subject::Patient(patient), vec![edit]).unwrap();
    nurse.sign_out().unwrap();
    let mut session = staff.sign_in(Role::Clinician);
    session.emergency(patient, "not conscious").unwrap();
    let chart = session.open(patient).unwrap();
    assert_eq!(chart.glass_until, None);
    session.sign_out().unwrap();
    pass(31 * DAY);
    needs_reason("open", staff.sign_in(Role::Clinician).open(patient));
}

#[test]
fn nobody_else_is_asked_why() {
    let (staff, patient) = long_ago();
    for role in [Role::Owner, Role::Nurse, Role::LabPharmacy, Role::FrontDesk] {
        let mut session = staff.sign_in(role);
        let chart = session.open(patient).unwrap();
        assert_eq!(chart.glass_until, None, "{role:?}");
        let viewed = session.emergency(patient, "not conscious").is_ok();
        assert_eq!(viewed, role != Role::FrontDesk);
        let chart = session.chart(patient).unwrap();
        assert_eq!(
            chart.glass_until, None,
            "{role:?}, who also saw what is needed"
        );
    }
}

#[test]
fn a_clock_set_back_makes_no_hour_longer_and_a_lock_no_shorter() {
    let (staff, patient) = long_ago();
    let mut session = staff.sign_in(Role::Clinician);
    session
        .break_glass(patient, "asked by the hospital")
        .unwrap();
    let pin: Pin = "482915".parse().unwrap();
    pass(GLASS_MS / 2);
    let mut session = session.park(&pin).unwrap().resume(&pin).unwrap();
    assert!(session.open(patient).is_ok());
    pass(GLASS_MS / 2 + 1);
    WALL.set(WALL.get() - GLASS_MS);
    needs_reason("open", session.open(patient));
}

#[test]
fn the_emergency_view_takes_a_reason_of_everybody_and_is_in_the_audit_before() {
    let (staff, patient) = long_ago();
    for role in [Role::Owner, Role::Nurse, Role::Emergency] {
        let mut session = staff.sign_in(role);
        needs_reason("view", session.emergency_again(patient));
        assert!(session.emergency(patient, "").is_err());
        let view = session.emergency(patient, "not conscious").unwrap();
        assert!(view.is_known && !view.allergies.is_empty(), "{role:?}");
        assert!(!view.drugs.is_empty());
        let contacts = view.person.unwrap().contacts;
        assert_eq!(contacts.len(), 0);
        session.emergency_again(patient).unwrap();
        pass(GLASS_MS + 1);
        needs_reason("view after an hour", session.emergency_again(patient));
        session.sign_out().unwrap();
    }
    let mut owner = staff.sign_in(Role::Owner);
    let told = owner.disclosures(patient).unwrap();
    assert_eq!(told.problems, Vec::<String>::new());
    let broken = told.entries.iter();
    let broken = broken.filter(|it| it.action == AuditAction::BreakGlass);
    let broken: Vec<_> = broken.collect();
    assert_eq!(broken.len(), 3);
    for entry in broken {
        let AuditObject::Disclosed(it) = &entry.object else {
            panic!("not told");
        };
        assert_eq!(
            (it.what.as_str(), it.why.as_str()),
            ("emergency view", "not conscious")
        );
    }
}

#[test]
fn the_sealed_words_open_one_emergency_view_at_a_time_and_nothing_else() {
    let (staff, patient) = long_ago();
    let mut owner = staff.sign_in(Role::Owner);
    let other = register(&mut owner);
    owner.sign_out().unwrap();
    let mut session = staff.sign_in(Role::Emergency);
    let view = session.emergency(patient, "not conscious").unwrap();
    assert!(!view.allergies.is_empty());
    session.emergency(other, "not conscious").unwrap();
    needs_reason("the first again", session.emergency_again(patient));
    let denied = |what: &str, answer: Result<(), Error>| match answer {
        Err(Error::Denied(Denial::Role(Role::Emergency))) => {}
        other => panic!("{what}: {other:?}"),
    };
    denied("open", session.open(other).map(drop));
    denied("chart", session.chart(other).map(drop));
    denied("history", session.history(other).map(drop));
    denied("glass", session.break_glass(other, "why").map(drop));
    denied("versions", session.versions(None).map(drop));
    denied("unconfirmed", session.unconfirmed(None).map(drop));
    denied("twins", session.twins(None).map(drop));
    denied("lists", session.site().map(drop));
    let visit = record(&mut session, Kind::Visit);
    let saved = session.save(Subject::Patient(other), vec![Edit::add(visit)]);
    denied("save", saved);
    assert!(session.may(Action::Prescribe).is_err());
}

#[test]
fn a_use_stands_on_the_list_until_an_owner_looked_at_it() {
    let (staff, patient) = long_ago();
    let mut session = staff.sign_in(Role::Clinician);
    session
        .break_glass(patient, "asked by the hospital")
        .unwrap();
    session.sign_out().unwrap();
    let mut auditor = staff.sign_in(Role::Auditor);
    let open = auditor.glass_uses(true).unwrap();
    assert_eq!(open.len(), 1);
    let it = &open[0];
    assert_eq!(
        (it.patient, it.user),
        (patient, staff.user(Role::Clinician))
    );
    assert_eq!(it.why, "asked by the hospital");
    assert!(auditor.review(it.session, it.seq).is_err());
    auditor.sign_out().unwrap();
    let mut owner = staff.sign_in(Role::Owner);
    assert_eq!(owner.for_owner().unwrap().unwrap().uses, 1);
    assert!(owner.review(it.session, it.seq + 1).is_err());
    owner.review(it.session, it.seq).unwrap();
    assert_eq!(owner.for_owner().unwrap().unwrap().uses, 0);
    assert!(owner.review(it.session, it.seq).is_err());
    let all = owner.glass_uses(false).unwrap();
    assert_eq!(all[0].reviewed.unwrap().0, staff.user(Role::Owner));
    owner.sign_out().unwrap();
    // The next session, and the program started again, read the same.
    let home = staff.home();
    let user = staff.user(Role::Owner);
    let Staff { folder, clinic, .. } = staff;
    drop(clinic);
    let around = cairn::clinic::Surroundings {
        clock: Clock::Told(told),
        ..crate::clinic::surroundings()
    };
    let clinic = Clinic::open(&home, around).unwrap();
    let mut owner = clinic.sign_in(user, &passphrase(Role::Owner)).unwrap();
    assert_eq!(owner.glass_uses(true).unwrap(), []);
    drop(folder);
}

#[test]
fn words_that_were_used_are_due_to_be_replaced_in_three_days() {
    let (staff, patient) = long_ago();
    let mut owner = staff.sign_in(Role::Owner);
    assert_eq!(owner.words_used().unwrap(), []);
    owner.sign_out().unwrap();
    pass(1);
    let session = staff.sign_in(Role::Emergency);
    let at = session.moment();
    pass(DAY);
    let mut session = {
        session.sign_out().unwrap();
        staff.sign_in(Role::Emergency)
    };
    session.emergency(patient, "not conscious").unwrap();
    session.sign_out().unwrap();
    let mut owner = staff.sign_in(Role::Owner);
    let due = owner.words_used().unwrap();
    let user = staff.user(Role::Emergency);
    assert_eq!(due.len(), 1);
    assert_eq!((due[0].user, due[0].at), (user, at));
    assert_eq!(due[0].due, at.at.plus_ms(WORDS_DUE_MS));
    pass(1);
    let words = "six other words for the next envelope";
    owner.readmit_user(user, None, words).unwrap();
    assert_eq!(owner.words_used().unwrap(), []);
    owner.sign_out().unwrap();
    assert!(
        staff
            .clinic
            .sign_in(user, &passphrase(Role::Emergency))
            .is_err()
    );
}
