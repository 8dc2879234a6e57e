//! The days that must end well, as they are told in the product's description: each test
//! bears the name of its scenario.

mod break_glass;
mod consent_expiry;
mod dead_pc;
mod power_cut;
mod read_audited;
mod twins;
mod usb_day;

use std::sync::Arc;

use cairn::{
    chart::{
        BirthDate, Chart, Choice, Coded, Edit, MedKind, Person, Record, Subject,
        who::Role,
    },
    clinic::{Clinic, Fact, Founding, NewMachine, Session, Surroundings},
    ids::PatientId,
    seal::{SeededEntropy, Work},
    time::{Clock, Moment, PartialDate, Timestamp},
};
use tempfile::TempDir;

use crate::{
    bad_days::pulse,
    clinic::{PASSPHRASE, amoxicillin, founded, grace, owner, penicillin},
    devices::joined,
    meeting::in_step,
};

/// A clinic of three machines in step, and somebody on file.
struct Three {
    _folders: [TempDir; 3],
    machines: [Arc<Clinic>; 3],
    patient: PatientId,
}

impl Three {
    fn new() -> Self {
        let (one, desk) = founded();
        let mut okot = owner(&desk);
        okot.add_user("Nora", Role::Nurse, PASSPHRASE).unwrap();
        okot.add_user("Amina", Role::FrontDesk, PASSPHRASE).unwrap();
        let patient = grace(&mut okot);
        let (two, triage) = joined(&mut okot, 1);
        let (three, pharmacy) = joined(&mut okot, 2);
        okot.sign_out().unwrap();
        let three = Self {
            _folders: [one, two, three],
            machines: [desk, triage, pharmacy],
            patient,
        };
        three.meet();
        three
    }

    /// Everybody meets everybody, twice: what one hears from another goes to the third.
    fn meet(&self) {
        let [desk, triage, pharmacy] = &self.machines;
        for (one, other) in [(desk, triage), (triage, pharmacy), (pharmacy, desk)] {
            in_step(one, other);
        }
        in_step(desk, triage);
        in_step(triage, pharmacy);
    }

    fn save(&self, at: usize, edit: impl FnOnce(&mut Session) -> Edit) {
        let mut session = okot(&self.machines[at]);
        let edit = edit(&mut session);
        let subject = Subject::Patient(self.patient);
        session.save(subject, vec![edit]).unwrap();
        session.sign_out().unwrap();
    }

    fn charts(&self) -> Vec<Chart> {
        let charts = self.machines.iter().map(|it| chart(it, self.patient));
        charts.collect()
    }
}

fn chart(clinic: &Arc<Clinic>, patient: PatientId) -> Chart {
    let mut session = okot(clinic);
    let chart = session.open(patient).unwrap();
    assert_eq!(chart.problems, Vec::<String>::new());
    session.sign_out().unwrap();
    chart
}

fn change_person(
    session: &mut Session,
    patient: PatientId,
    change: impl FnOnce(&mut Person),
) -> Edit {
    let before = session.open(patient).unwrap().identity.person.unwrap();
    let mut after = before.clone();
    change(&mut after);
    Edit::change(Record::Person(before), Record::Person(after))
}

fn okot(clinic: &Arc<Clinic>) -> Session {
    at(clinic, "Dr Okot")
}

/// Who works at a machine, by name.
fn at(clinic: &Arc<Clinic>, name: &str) -> Session {
    let users = clinic.users().unwrap();
    let user = users.iter().find(|it| it.name == name).unwrap().user;
    clinic.sign_in(user, PASSPHRASE).unwrap()
}

fn born(year: i16) -> BirthDate {
    BirthDate {
        date: PartialDate::new(year, Some(3), Some(14)).unwrap(),
        estimated: false,
    }
}

#[test]
fn split_desk() {
    let three = Three::new();
    let patient = three.patient;
    // The cable is out.
    three.save(1, |session| Edit::add(penicillin(session)));
    three.save(0, |session| {
        change_person(session, patient, |it| {
            it.phone = "0700999888".into();
            it.address.village = "Busia".into();
        })
    });
    three.save(2, |session| Edit::add(amoxicillin(session)));
    let before = three.charts();
    let held = |at: usize| {
        let summary = before[at].summary.clone().unwrap_or_default();
        (summary.allergies.len(), summary.medications.len())
    };
    assert_eq!([held(0), held(1), held(2)], [(0, 0), (1, 0), (0, 1)]);
    three.meet();
    let charts = three.charts();
    for chart in &charts {
        let person = chart.identity.person.as_ref().unwrap();
        assert_eq!(person.phone, "0700999888");
        assert_eq!(person.address.village, "Busia");
        let summary = chart.summary.as_ref().unwrap();
        assert_eq!(summary.allergies.len(), 1);
        assert!(summary.has_severe_allergy());
        assert_eq!(summary.medications.len(), 1);
        assert_eq!(summary.medications[0].kind, MedKind::Statement);
    }
    assert!(
        charts.iter().all(|it| *it == charts[0]),
        "all three say the same"
    );
    for clinic in &three.machines {
        let mut session = okot(clinic);
        session.settle_all().unwrap();
        let asked = (
            session.versions(None).unwrap(),
            session.twins(None).unwrap(),
        );
        assert_eq!(asked, (Vec::new(), Vec::new()), "nobody is asked anything");
        // Who prescribes there is warned by what another machine wrote.
        let row = session.index();
        let row = row.read().unwrap().row(patient).cloned().unwrap();
        assert_eq!(row.severe_allergy, Some(true));
    }
}

#[test]
fn true_clash() {
    let three = Three::new();
    let patient = three.patient;
    for (at, born) in [(0, born(1987)), (1, born(1986))] {
        three.save(at, |session| {
            change_person(session, patient, |it| it.birth = Some(born))
        });
    }
    three.meet();
    let charts = three.charts();
    assert!(
        charts.iter().all(|it| *it == charts[0]),
        "all show the same value"
    );
    let versions = &charts[0].identity.versions;
    assert_eq!(versions.len(), 1);
    assert_eq!(versions[0].versions.len(), 2);
    assert!(
        versions[0].versions.iter().all(|it| it.by.is_some()),
        "by whom"
    );
    let machines: Vec<_> = versions[0].versions.iter().map(|it| it.machine).collect();
    assert_ne!(machines[0], machines[1], "on which machine");

    let pharmacy = &three.machines[2];
    let mut nora = at(pharmacy, "Nora");
    let found = nora.versions(Some(patient)).unwrap();
    let loser = found[0].disagreement.versions[1].clone();
    assert!(found[0].may_settle);
    let fact = Fact {
        patient,
        kind: found[0].disagreement.kind,
        record: found[0].disagreement.record,
        field: found[0].disagreement.field.clone(),
        seen: found[0].disagreement.seen(),
    };
    nora.settle_version(&fact, Choice::Keep(loser.change))
        .unwrap();
    nora.sign_out().unwrap();
    three.meet();
    let charts = three.charts();
    for chart in &charts {
        assert_eq!(chart.identity.versions.len(), 0, "the pick spreads");
    }
    assert!(charts.iter().all(|it| *it == charts[0]));
    let mut okot = owner(&three.machines[0]);
    let past = okot.history(patient).unwrap();
    let set = past.iter().filter(|it| it.field == versions[0].field);
    let values: Vec<_> = set.filter_map(|it| it.new.clone()).collect();
    assert!(
        values.len() >= 3,
        "history keeps both, and the pick: {}",
        values.len()
    );
}

/// What a machine with this clock takes from outside.
fn around(seed: u64, clock: Clock) -> Surroundings {
    Surroundings {
        clock,
        entropy: Box::new(SeededEntropy::new(seed)),
        work: Some(Work::DEMO),
    }
}

/// A clinic of two machines, each with its clock.
fn two_clocks(clocks: [Clock; 2]) -> ([TempDir; 2], [Arc<Clinic>; 2], PatientId) {
    let folders = [TempDir::new().unwrap(), TempDir::new().unwrap()];
    let founding = Founding {
        machine: "1".to_owned(),
        clinic: "Kijani".to_owned(),
        user: "Dr Okot".to_owned(),
        passphrase: PASSPHRASE.to_owned().into(),
    };
    let [one, two] = &folders;
    let desk = Clinic::create(
        &one.path().join("home"),
        founding,
        around(11, clocks[0]),
        |_| Ok(()),
    )
    .unwrap();
    let mut okot = owner(&desk);
    let patient = grace(&mut okot);
    let machine = NewMachine::draw(false, &mut SeededEntropy::new(12));
    let enrolment = okot.invite_accept(&machine.card("2"), None).unwrap();
    okot.sign_out().unwrap();
    let home = two.path().join("home");
    let triage = Clinic::join(&home, &machine, enrolment, around(13, clocks[1])).unwrap();
    in_step(&desk, &triage);
    (folders, [desk, triage], patient)
}

/// 2026-03-02 08:00 in a zone three hours east.
const MORNING: Moment = Moment {
    at: Timestamp(1_772_427_600_000),
    offset_minutes: 180,
};
const YEAR_MS: i64 = 365 * 24 * 60 * 60 * 1000;

fn set_phone(clinic: &Arc<Clinic>, patient: PatientId, phone: &str) {
    let mut session = owner(clinic);
    let edit = change_person(&mut session, patient, |it| it.phone = phone.into());
    session.save(Subject::Patient(patient), vec![edit]).unwrap();
    session.sign_out().unwrap();
}

#[test]
fn wrong_clock() {
    let ahead = Moment {
        at: MORNING.at.plus_ms(YEAR_MS),
        ..MORNING
    };
    let clocks = [Clock::Fixed(MORNING), Clock::Fixed(ahead)];
    let (_folders, [right, wrong], patient) = two_clocks(clocks);
    // The machine that is a year ahead writes; the other one has seen it when it writes again.
    set_phone(&wrong, patient, "0700000001");
    in_step(&right, &wrong);
    set_phone(&right, patient, "0700000002");
    in_step(&right, &wrong);
    for clinic in [&right, &wrong] {
        let chart = chart(clinic, patient);
        let person = chart.identity.person.unwrap();
        assert_eq!(person.phone, "0700000002", "what was written last stands");
        assert_eq!(chart.identity.versions.len(), 0);
    }
    // The clock of the right one was not taken along: what it writes is dated by its own.
    let mut okot = owner(&right);
    let edit = pulse(&mut okot, "72");
    let record = edit.record().entry().id;
    let recorded = edit.record().entry().recorded.at;
    assert!(recorded.ms_since(MORNING.at) < 60_000, "{recorded:?}");
    okot.save(Subject::Patient(patient), vec![edit]).unwrap();
    let past = okot.history(patient).unwrap();
    let days = |at: Timestamp| at.ms_since(MORNING.at) / (YEAR_MS / 365);
    let pulse = past.iter().find(|it| it.record == record);
    let at = pulse.map(|it| it.at).unwrap();
    assert!(days(at) <= 1, "{} days ahead", days(at));
}

#[test]
fn same_second() {
    let clocks = [Clock::Fixed(MORNING), Clock::Fixed(MORNING)];
    let (_folders, machines, patient) = two_clocks(clocks);
    for clinic in &machines {
        let mut session = owner(clinic);
        for n in 0..500 {
            let edit = pulse(&mut session, &(40 + n % 100).to_string());
            session.save(Subject::Patient(patient), vec![edit]).unwrap();
        }
        session.sign_out().unwrap();
    }
    let [one, two] = &machines;
    in_step(one, two);
    in_step(one, two);
    let charts = [chart(one, patient), chart(two, patient)];
    for chart in &charts {
        let measured = &chart.visits.as_ref().unwrap().observations;
        assert_eq!(measured.len(), 1_000, "all arrive, once");
    }
    assert!(charts[0] == charts[1], "and in the same order");
}

#[test]
fn old_machine() {
    let three = Three::new();
    let patient = three.patient;
    three.save(0, |session| Edit::add(penicillin(session)));
    three.meet();
    // The pharmacy's machine is off. Meanwhile the allergy turns out to be an error, a nurse
    // leaves, and the triage machine is stolen and shut out.
    let [desk, triage, pharmacy] = &three.machines;
    three.save(0, |session| {
        let summary = session.open(patient).unwrap().summary.unwrap();
        let allergy = Record::Allergy(summary.allergies[0].clone());
        Edit::entered_in_error(allergy, "was another patient's")
    });
    let mut okot = owner(desk);
    let nora = okot.user_named("Nora").unwrap();
    okot.remove_user(nora, false).unwrap();
    okot.revoke_machine(triage.device()).unwrap();
    okot.sign_out().unwrap();
    // Before it hears of anything, people work at the old machine.
    three.save(2, |session| pulse(session, "80"));
    in_step(desk, pharmacy);
    in_step(desk, pharmacy);
    let charts = [chart(desk, patient), chart(pharmacy, patient)];
    assert!(charts[0] == charts[1]);
    let summary = charts[1].summary.as_ref().unwrap();
    assert!(
        summary.allergies[0].entry.in_error,
        "the error does not come back"
    );
    let visits = charts[1].visits.as_ref().unwrap();
    assert_eq!(visits.observations.len(), 1, "what it wrote is kept");
    assert!(
        pharmacy.sign_in(nora, PASSPHRASE).is_err(),
        "who left stays out"
    );
    let stolen = pharmacy.machines();
    let stolen = stolen
        .iter()
        .find(|it| it.device == triage.device())
        .unwrap();
    assert!(!stolen.enrolled, "the stolen machine stays out");
    let endpoint = stolen.endpoint.unwrap();
    assert_eq!(pharmacy.machine_at(endpoint), None, "nobody talks to it");
}

#[test]
fn a_new_machine_gets_everything_in_one_meeting() {
    let (_folder, desk) = founded();
    let mut okot = owner(&desk);
    let patient = grace(&mut okot);
    for n in 0..300_usize {
        let mut allergy = penicillin(&mut okot);
        if let Record::Allergy(it) = &mut allergy {
            // Changes of many sizes, so that chunks end where they will.
            let words = (0..=n % 41).map(|_| okot.record_id().to_string());
            it.code = Coded::text(words.collect::<String>());
        }
        let edits = vec![Edit::add(allergy)];
        okot.save(Subject::Patient(patient), edits).unwrap();
    }
    let (_there, fresh) = joined(&mut okot, 7);
    okot.sign_out().unwrap();
    in_step(&desk, &fresh);
    assert!(chart(&desk, patient) == chart(&fresh, patient));
    assert_eq!(chart(&fresh, patient).summary.unwrap().allergies.len(), 300);
}
