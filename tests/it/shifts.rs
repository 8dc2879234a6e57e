//! How long somebody may work without the passphrase, whatever the clock is set to, and what
//! is left to somebody who was removed meanwhile.

use std::cell::Cell;

use cairn::{
    chart::{
        Edit, Kind, Record, Subject,
        who::{Action, Denial, Role},
    },
    clinic::{Error, PinError, Session},
    seal::Pin,
    time::{Clock, Moment, Timestamp},
};

use crate::staff::{Staff, passphrase, record, register};

const MORNING: i64 = 1_700_000_000_000;
const HOUR: i64 = 60 * 60 * 1000;

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

/// Somebody sets the clock.
fn set_clock(ms: i64) {
    WALL.set(WALL.get() + ms);
}

fn pin() -> Pin {
    "482915".parse().unwrap()
}

fn denials(session: &Session) -> Vec<Option<Denial>> {
    let all = Action::ALL.iter();
    all.map(|it| session.may(*it).err()).collect()
}

#[test]
fn after_twelve_hours_the_session_is_over_and_the_pin_is_of_no_use() {
    let staff = Staff::hired_at(Clock::Told(told));
    let mut session = staff.sign_in(Role::Clinician);
    let patient = register(&mut session);
    session.open(patient).unwrap();
    pass(12 * HOUR);
    session.chart(patient).unwrap();
    session
        .save_draft("note", Some(patient), b"typed at last")
        .unwrap();
    pass(1);
    assert!(
        denials(&session)
            .iter()
            .all(|it| *it == Some(Denial::SessionOver))
    );
    for denied in [
        session.open(patient).map(drop),
        session.chart(patient).map(drop),
        session.find("njeri", 5).map(drop),
        session.history(patient).map(drop),
        session.site().map(drop),
        session.users().map(drop),
        session.drafts().map(drop),
        session.load_draft("note", Some(patient)).map(drop),
    ] {
        let over = matches!(denied, Err(Error::Denied(Denial::SessionOver)));
        assert!(over, "{denied:?}");
    }
    // What was typed is kept all the same, and locking works.
    session
        .save_draft("note", Some(patient), b"typed too late")
        .unwrap();
    let mut parked = session.park(&pin()).unwrap();
    assert!(matches!(parked.resume(&pin()), Err(PinError::Over)));
    let session = staff.sign_in(Role::Clinician);
    let (text, _) = session.load_draft("note", Some(patient)).unwrap().unwrap();
    assert_eq!(text.as_slice(), b"typed too late");
}

#[test]
fn a_clock_set_back_makes_no_shift_longer_and_is_in_the_audit() {
    let staff = Staff::hired_at(Clock::Told(told));
    let mut session = staff.sign_in(Role::Clinician);
    let patient = register(&mut session);
    let mut parked = {
        let nurse = staff.sign_in(Role::Nurse);
        nurse.park(&pin()).unwrap()
    };
    for _ in 0..4 {
        pass(3 * HOUR);
        set_clock(-3 * HOUR);
        session.open(patient).unwrap();
    }
    pass(HOUR);
    assert_eq!(session.may(Action::ReadIdentity), Err(Denial::SessionOver));
    assert!(matches!(parked.resume(&pin()), Err(PinError::Over)));
    // Years back, people can still work, and what they write comes after what was there.
    set_clock(-10 * 365 * 24 * HOUR);
    let mut owner = staff.sign_in(Role::Owner);
    let visit = record(&mut owner, Kind::Visit);
    owner
        .save(Subject::Patient(patient), vec![Edit::add(visit)])
        .unwrap();
    assert_eq!(owner.open(patient).unwrap().visits.unwrap().visits.len(), 1);
    let audit = owner.read_audit(None).unwrap();
    assert_eq!(audit.problems, Vec::<String>::new());
    let steps = audit
        .entries
        .iter()
        .filter(|it| it.action.name() == "clock-step");
    assert!(steps.count() >= 2);
    assert!(owner.verify(|_| {}).unwrap().is_sound());
}

#[test]
fn what_is_changed_after_the_clock_was_set_back_comes_after_what_was_there() {
    let staff = Staff::hired_at(Clock::Told(told));
    let mut session = staff.sign_in(Role::Clinician);
    let patient = register(&mut session);
    let clocks = [0, -3 * HOUR, -365 * 24 * HOUR, HOUR];
    for (number, ms) in clocks.into_iter().enumerate() {
        set_clock(ms);
        let person = session.chart(patient).unwrap().identity.person.unwrap();
        let mut after = person.clone();
        after.phone = format!("07{number}");
        let edits = vec![Edit::change(Record::Person(person), Record::Person(after))];
        session.save(Subject::Patient(patient), edits).unwrap();
    }
    let past = session.history(patient).unwrap();
    let phones = past.iter().filter(|it| it.field == "phone");
    let phones: Vec<&str> = phones.filter_map(|it| it.new.as_deref()).collect();
    assert_eq!(phones[..clocks.len()], ["073", "072", "071", "070"]);
    assert!(past.windows(2).all(|it| it[0].at >= it[1].at));
}

#[test]
fn who_is_removed_while_at_work_or_parked_can_do_nothing_more() {
    let staff = Staff::hired();
    let mut owner = staff.sign_in(Role::Owner);
    let patient = register(&mut owner);
    let mut nurse = staff.sign_in(Role::Nurse);
    nurse.open(patient).unwrap();
    let visit = record(&mut nurse, Kind::Visit);
    let edits = vec![Edit::add(visit)];
    nurse
        .save(Subject::Patient(patient), edits.clone())
        .unwrap();
    let desk = staff.sign_in(Role::FrontDesk);
    let mut desk = desk.park(&pin()).unwrap();
    owner.remove_user(staff.user(Role::Nurse), false).unwrap();
    owner
        .remove_user(staff.user(Role::FrontDesk), true)
        .unwrap();
    let gone = Some(Denial::NotInGoodStanding);
    assert!(denials(&nurse).iter().all(|it| *it == gone));
    for denied in [
        nurse.save(Subject::Patient(patient), edits),
        nurse.chart(patient).map(drop),
        nurse.settle(),
        nurse.drafts().map(drop),
    ] {
        let gone = matches!(denied, Err(Error::Denied(Denial::NotInGoodStanding)));
        assert!(gone, "{denied:?}");
    }
    let mut parked = nurse.park(&pin()).unwrap();
    for parked in [&mut parked, &mut desk] {
        let resumed = parked.resume(&pin());
        let denied = Err::<(), _>(resumed.unwrap_err());
        assert!(
            matches!(
                denied,
                Err(PinError::Clinic(Error::Denied(Denial::NotInGoodStanding)))
            ),
            "{denied:?}"
        );
    }
    // What she wrote before counts, and the others go on.
    let visits = owner.open(patient).unwrap().visits.unwrap().visits;
    assert_eq!(visits.len(), 1);
    let audit = owner.read_audit(None).unwrap();
    assert_eq!(audit.problems, Vec::<String>::new());
    assert!(owner.verify(|_| {}).unwrap().is_sound());
}

#[test]
fn what_a_stolen_key_signs_after_it_was_cut_off_is_counted_as_void() {
    let staff = Staff::hired();
    let mut owner = staff.sign_in(Role::Owner);
    let patient = register(&mut owner);
    let mut nurse = staff.sign_in(Role::Nurse);
    nurse.open(patient).unwrap();
    assert_eq!(owner.verify(|_| {}).unwrap().void, 0);
    owner.remove_user(staff.user(Role::Nurse), true).unwrap();
    let verified = owner.verify(|_| {}).unwrap();
    assert_eq!(verified.void, 0, "{:?}", verified.problems);
    // Her session still writes down that it ends.
    drop(nurse.park(&pin()));
    let verified = owner.verify(|_| {}).unwrap();
    assert!(verified.void > 0, "{verified:?}");
    assert!(verified.is_sound(), "{:?}", verified.problems);
}

#[test]
fn who_mistyped_before_the_clock_was_set_right_waits_once_more_and_no_longer() {
    let staff = Staff::hired_at(Clock::Told(told));
    let (clinic, user) = (&staff.clinic, staff.user(Role::Clinician));
    set_clock(20 * 365 * 24 * HOUR);
    for _ in 0..2 {
        assert!(clinic.sign_in(user, "another").is_err());
        pass(HOUR);
    }
    set_clock(-20 * 365 * 24 * HOUR);
    let typed = passphrase(Role::Clinician);
    let early = clinic.sign_in(user, &typed).map(drop);
    assert!(
        matches!(early, Err(Error::Wait { seconds: 2 })),
        "{early:?}"
    );
    pass(2_000);
    clinic.sign_in(user, &typed).unwrap();
}
