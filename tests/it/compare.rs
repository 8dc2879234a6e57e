//! Two versions of a fact on the screen: shown in place, compared, decided, taken back.

use cairn::{
    app::{
        Effect, Msg,
        notice::Trouble,
        versions::{Answer, Effect as Asked, Fact, Machine, Settled, Value},
    },
    chart::{Choice, Disagreement, Edit, Kind, Version, who::Role},
    ids::{DeviceId, Hash, PatientId, RecordId},
    say::Lang,
};
use insta::assert_snapshot;

use crate::{
    bedside::okello,
    stage::{Stage, hostile_rows, rows},
};

const DRUG: [u8; 16] = [31; 16];

pub(crate) fn hash(number: u8) -> Hash {
    Hash::from_bytes([number; 32])
}

fn value(number: u8, text: &str, by: &str, machine: Machine, at: &str) -> Value {
    Value {
        value: text.to_owned(),
        by: Some(by.to_owned()),
        machine,
        at: at.parse().unwrap(),
        change: hash(number),
    }
}

/// Amlodipine was stopped at the Hill Post and went on here.
pub(crate) fn stopped(patient: PatientId) -> Fact {
    let there = Machine::There("Hill Post".to_owned());
    Fact {
        patient,
        called: "OKELLO, Grace".to_owned(),
        kind: Kind::Medication,
        record: RecordId::from_bytes(DRUG),
        name: "Amlodipine 5 mg".to_owned(),
        field: "status".to_owned(),
        values: vec![
            value(1, "stopped", "N. Ali", there, "2025-11-14T11:20:00+03:00"),
            value(
                2,
                "active",
                "Dr Okot",
                Machine::Here,
                "2025-11-14T15:05:00+03:00",
            ),
        ],
        before: Some("active".to_owned()),
        may_settle: true,
        may_keep_both: false,
        unconfirmed: None,
    }
}

pub(crate) fn phone(patient: PatientId) -> Fact {
    let at = "2025-11-17T09:00:00+03:00";
    let there = Machine::There("Desk 1".to_owned());
    Fact {
        kind: Kind::Person,
        record: RecordId::from_bytes(*patient.as_bytes()),
        name: String::new(),
        field: "phone".to_owned(),
        values: vec![
            value(3, "0772 999 000", "Amina N", there, at),
            value(4, "0772 123 401", "Amina N", Machine::NotKnown, at),
        ],
        before: None,
        ..stopped(patient)
    }
}

fn birth(patient: PatientId) -> Fact {
    let mut fact = phone(patient);
    "birth".clone_into(&mut fact.field);
    for (value, text) in fact.values.iter_mut().zip(["1987-03-14", "~1986"]) {
        text.clone_into(&mut value.value);
    }
    fact
}

/// The chart of Grace Okello, of which two facts were set apart.
pub(crate) fn apart() -> cairn::chart::Chart {
    let mut chart = okello();
    let version = |text: &str, number| Version {
        value: text.to_owned(),
        by: None,
        machine: Some(DeviceId::from_bytes([number; 16])),
        at: crate::stage::now().at,
        change: hash(number),
    };
    let disagreement = |kind, record, field: &str, values: [&str; 2]| Disagreement {
        kind,
        record,
        field: field.to_owned(),
        versions: vec![version(values[0], 1), version(values[1], 2)],
        before: None,
    };
    let drug = RecordId::from_bytes(DRUG);
    let status = ["stopped", "active"];
    let summary = chart.summary.as_mut().unwrap();
    summary
        .versions
        .push(disagreement(Kind::Medication, drug, "status", status));
    let person = RecordId::from_bytes(*chart.patient.as_bytes());
    let phones = ["0772 999 000", "0772 123 401"];
    chart
        .identity
        .versions
        .push(disagreement(Kind::Person, person, "phone", phones));
    chart
}

pub(crate) fn opened(lang: Lang, role: Role) -> Stage {
    let mut stage = Stage::signed_in(lang, "Dr Okot", role);
    stage.keys("okello gr");
    stage.find(rows());
    stage.keys("<Enter>");
    stage.open(apart());
    stage
}

pub(crate) fn request(stage: &Stage) -> u32 {
    stage.newest(|effect| {
        if let Effect::Versions(
            Asked::Load { request, .. } | Asked::Settle { request, .. },
        ) = effect
        {
            Some(*request)
        } else {
            None
        }
    })
}

pub(crate) fn told(stage: &mut Stage, facts: Vec<Fact>) {
    let request = request(stage);
    let result = Ok(facts);
    stage.send(Msg::Versions(Answer::Loaded { request, result }));
}

/// What the newest wish to decide saw, and what it chose.
fn wish(stage: &Stage) -> (Vec<Hash>, Choice) {
    stage.newest(|effect| {
        if let Effect::Versions(Asked::Settle { fact, choice, .. }) = effect {
            Some((fact.changes.clone(), choice.clone()))
        } else {
            None
        }
    })
}

pub(crate) fn settled(stage: &mut Stage, number: u8, value: &str) {
    let request = request(stage);
    let done = Settled {
        change: hash(number),
        value: value.to_owned(),
        chart: None,
    };
    let result = Ok(Box::new(done));
    stage.send(Msg::Versions(Answer::Settled { request, result }));
}

fn comparing(lang: Lang) -> Stage {
    let mut stage = opened(lang, Role::Clinician);
    stage.keys("d<F6>");
    let patient = apart().patient;
    told(&mut stage, vec![phone(patient), stopped(patient)]);
    stage
}

#[track_caller]
pub(crate) fn shows(stage: &Stage, text: &str) {
    assert!(stage.text().contains(text), "{text}\n{}", stage.text());
}

#[test]
fn a_version_is_marked_in_its_row_and_both_values_are_read_in_place() {
    let mut stage = opened(Lang::English, Role::Clinician);
    shows(&stage, "~ 2 facts have two versions to compare (r)");
    shows(&stage, "OKELLO, Grace ~");
    stage.keys("d");
    shows(&stage, "~ 2 versions");
    shows(&stage, "stopped / active");
    assert_snapshot!("compare-row", stage.picture());
}

#[test]
fn the_versions_stand_side_by_side_with_who_where_and_when() {
    let stage = comparing(Lang::English);
    shows(&stage, "Compare 2 of 2");
    assert_snapshot!("compare", stage.picture());
    assert_snapshot!(
        "compare-small",
        comparing(Lang::English).sized(60, 20).picture()
    );
    assert_snapshot!("compare-mono", comparing(Lang::English).mono().picture());
    assert_snapshot!("compare-french", comparing(Lang::French).picture());
}

#[test]
fn nothing_is_preselected_and_a_decision_names_what_was_seen() {
    let mut stage = comparing(Lang::English);
    let before = stage.asked.len();
    stage.keys("<Enter><Tab> ");
    assert_eq!(stage.asked.len(), before);
    stage.keys("b");
    let (seen, choice) = wish(&stage);
    assert_eq!(seen, [hash(1), hash(2)]);
    assert!(choice == Choice::Keep(hash(2)));
    // A second letter waits for the first to be on the disk.
    let asked = stage.asked.len();
    stage.keys("a");
    assert_eq!(stage.asked.len(), asked);
    settled(&mut stage, 9, "active");
    shows(&stage, "Kept: active. u undoes");
    shows(&stage, "Decided. The chart shows: active");
}

#[test]
fn u_sets_back_what_was_shown_before_and_another_letter_decides_anew() {
    let mut stage = comparing(Lang::English);
    stage.keys("b");
    settled(&mut stage, 9, "active");
    stage.keys("u");
    let (seen, choice) = wish(&stage);
    assert_eq!(seen, [hash(9)]);
    assert!(choice == Choice::Keep(hash(1)));
    settled(&mut stage, 10, "stopped");
    shows(&stage, "Taken back. The chart shows: stopped");
    stage.keys("b");
    let (seen, choice) = wish(&stage);
    assert_eq!(seen, [hash(10)]);
    assert!(choice == Choice::Keep(hash(2)));
}

#[test]
fn what_was_changed_meanwhile_is_not_decided_and_shown_anew() {
    let mut stage = comparing(Lang::English);
    stage.keys("a");
    let at = request(&stage);
    let result = Err(Trouble::NotTaken);
    stage.send(Msg::Versions(Answer::Settled {
        request: at,
        result,
    }));
    shows(&stage, "This was changed meanwhile. Look at it again.");
    let mut newer = stopped(apart().patient);
    newer.values[0].value = "completed".to_owned();
    told(&mut stage, vec![newer]);
    shows(&stage, "Compare 1 of 1");
    assert!(!stage.text().contains("Stopped"), "{}", stage.text());
}

#[test]
fn what_somebody_else_decides_meanwhile_is_said_and_no_other_fact_takes_its_place() {
    let mut stage = comparing(Lang::English);
    stage.send(Msg::Versions(Answer::Waiting { charts: 1 }));
    let patient = apart().patient;
    told(&mut stage, vec![phone(patient)]);
    shows(&stage, "Compare 2 of 2");
    shows(&stage, "Decided meanwhile, by somebody else.");
    let before = stage.asked.len();
    stage.keys("a");
    assert_eq!(stage.asked.len(), before);
    stage.keys("n");
    shows(&stage, "Compare 1 of 2");
    // Of what is read, other values are not put under the keys: the decision names those.
    stage.send(Msg::Versions(Answer::Waiting { charts: 1 }));
    let mut newer = phone(patient);
    newer.values[0].change = hash(8);
    told(&mut stage, vec![newer]);
    stage.keys("a");
    assert_eq!(wish(&stage).0, [hash(3), hash(4)]);
}

#[test]
fn the_right_answer_is_written_as_on_the_form() {
    let mut stage = opened(Lang::French, Role::Clinician);
    stage.keys("r");
    let patient = apart().patient;
    told(&mut stage, vec![birth(patient), stopped(patient)]);
    let mut check = |typed: &str, expected: &str| {
        stage.keys(&format!("e{typed}<Enter>"));
        assert!(
            wish(&stage).1 == Choice::Write(expected.to_owned()),
            "{typed} {}",
            if let Choice::Write(it) = wish(&stage).1 {
                it
            } else {
                String::new()
            }
        );
        settled(&mut stage, 9, expected);
    };
    check("14 mars 1988", "1988-03-14");
    check("38a", "~1987");
    stage.keys("ehier soir<Enter>");
    shows(&stage, "Ce n’est pas une telle valeur");
    // Left without a decision.
    stage.keys("<Esc>n");
    stage.keys("esuspendu<Enter>");
    assert!(wish(&stage).1 == Choice::Write("on-hold".to_owned()));
}

#[test]
fn who_may_not_decide_reads_who_will() {
    let mut stage = opened(Lang::English, Role::Nurse);
    stage.keys("d<F6>");
    let mut fact = stopped(apart().patient);
    fact.may_settle = false;
    told(&mut stage, vec![fact]);
    shows(&stage, "A clinician will decide.");
    let before = stage.asked.len();
    stage.keys("abe");
    assert_eq!(stage.asked.len(), before);
    assert!(!stage.text().contains("keep A"), "{}", stage.text());
}

#[test]
fn a_drug_with_two_versions_is_compared_before_it_is_changed() {
    for key in ["m", "x", "r"] {
        let mut stage = opened(Lang::English, Role::Clinician);
        stage.keys("d");
        stage.keys(key);
        told(&mut stage, vec![stopped(apart().patient)]);
        shows(&stage, "Compare 1 of 1");
    }
    // Of any other, the form opens.
    let mut stage = opened(Lang::English, Role::Clinician);
    stage.keys("d<Down>m");
    assert!(!stage.text().contains("Compare"), "{}", stage.text());
}

#[test]
fn the_list_holds_the_facts_of_all_charts_and_leads_to_each() {
    let mut stage = opened(Lang::English, Role::Clinician);
    stage.keys("8r");
    shows(&stage, "Reading");
    let [first, second] = [rows()[0].patient, rows()[1].patient];
    told(&mut stage, vec![stopped(first), phone(second)]);
    shows(&stage, "To compare (2)");
    assert_snapshot!("to-compare", stage.picture());
    // The newest is first.
    stage.keys("<Down><Enter>");
    let asked = stage.newest(|effect| {
        if let Effect::Patient(cairn::app::patient::Effect::Open { patient, .. }) = effect
        {
            Some(*patient)
        } else {
            None
        }
    });
    assert_eq!(asked, first);
    stage.open(apart());
    told(&mut stage, vec![stopped(first)]);
    shows(&stage, "Compare 1 of 1");
    stage.keys("l8");
    told(&mut stage, Vec::new());
    shows(&stage, "To compare (0)");
}

#[test]
fn the_front_desk_compares_without_a_chart() {
    let mut stage = Stage::signed_in(Lang::English, "Amina N", Role::FrontDesk);
    stage.keys("okello");
    stage.find(rows());
    stage.keys("<Tab>8r");
    told(&mut stage, vec![phone(rows()[0].patient)]);
    stage.keys("<Enter>");
    told(&mut stage, vec![phone(rows()[0].patient)]);
    shows(&stage, "OKELLO, Grace");
    stage.keys("a");
    assert!(wish(&stage).1 == Choice::Keep(hash(3)));
}

#[test]
fn hostile_text_stays_in_its_cells() {
    let mut stage = opened(Lang::English, Role::Clinician);
    stage.keys("r");
    let facts = hostile_rows().into_iter().map(|row| {
        let mut fact = stopped(apart().patient);
        fact.called = row.shown_name();
        fact.name = row.shown_name();
        fact.values[0].value = row.village.clone() + &row.shown_name();
        fact.values[1].by = Some(row.shown_name());
        fact
    });
    let facts: Vec<Fact> = facts.collect();
    told(&mut stage, facts.clone());
    for _ in &facts {
        assert!(stage.text().lines().all(|it| !it.contains('\u{1b}')));
        stage.keys("n");
    }
}

#[test]
fn nothing_to_compare_is_said() {
    let mut stage = crate::bedside::at_bedside(Lang::English);
    stage.keys("r");
    shows(&stage, "There is only one version of this.");
    stage.keys("d<F6>");
    shows(&stage, "There is only one version of this.");
    let saved = stage.asked.iter().any(|it| {
        matches!(it, Effect::Patient(cairn::app::patient::Effect::Save { edits, .. })
            if edits.iter().any(|it| matches!(it, Edit::Settle { .. })))
    });
    assert!(!saved);
}
