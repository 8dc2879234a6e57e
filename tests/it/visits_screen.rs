//! Visits as they were: the list of them, each read whole, and what may be added.

use cairn::{
    app::{Effect, Msg, patient},
    chart::{
        Chart, Disagreement, Kind, Note, Origin, Remark, Section, Version, VisitStatus,
        who::Role,
    },
    ids::{Hash, ImportId, RecordId, UserId},
    say::Lang,
};
use insta::assert_snapshot;

use crate::{
    bedside::{at_bedside, drug, entry_at, measured, noted, okello, with_chart},
    stage::{Stage, hostile_rows},
};

const ALI: [u8; 16] = [0xa1; 16];

/// Grace Okello with five visits: one goes on, one has an addendum, one was changed after it
/// was signed, one came from elsewhere, and one has a long note.
pub(crate) fn visited() -> Chart {
    let mut chart = okello();
    noted(
        &mut chart,
        40,
        "2025-11-18",
        ["Cough 5 days, worse at night", "", "", ""],
    );
    let review = noted(
        &mut chart,
        42,
        "2025-10-12",
        [
            "BP review. No headache, takes her tablets.",
            "Chest clear. No oedema.",
            "I10 Hypertension",
            "Go on with amlodipine.\nReview in 1 month.",
        ],
    );
    let changed = noted(
        &mut chart,
        44,
        "2025-06-19",
        ["BP review", "", "I10 Hypertension", "Review."],
    );
    noted(&mut chart, 46, "2024-12-02", ["Outreach visit", "", "", ""]);
    let long = "Tired for weeks, sleeps badly, eats little. ".repeat(20);
    noted(
        &mut chart,
        48,
        "2023-05-02",
        ["Tired", &long, "R53.83 Fatigue", "Blood."],
    );
    goes_on(&mut chart);
    add(&mut chart, review);
    change(&mut chart, changed);
    import(&mut chart);
    order(&mut chart);
    chart
}

fn goes_on(chart: &mut Chart) {
    let visits = chart.visits.as_mut().unwrap();
    visits.visits[0].status = VisitStatus::InProgress;
    visits.notes[0].signed = None;
}

fn add(chart: &mut Chart, to: RecordId) {
    let at = "2025-10-13T08:15:00+03:00".parse().unwrap();
    let mut entry = entry_at(60, at);
    entry.by = UserId::from_bytes(ALI);
    let mut signed = crate::bedside::signature(at);
    signed.by = entry.by;
    let note = Note {
        entry,
        visit: Some(RecordId::from_bytes([42; 16])),
        title: "addendum".to_owned(),
        sections: vec![Section {
            name: "addendum".to_owned(),
            text: "She rang: ankles swell since the new dose.".to_owned(),
        }],
        phrases: vec![".htn".to_owned()],
        signed: Some(signed),
        adds_to: Some(to),
        attested: None,
    };
    chart.visits.as_mut().unwrap().notes.insert(0, note);
}

fn change(chart: &mut Chart, note: RecordId) {
    let version = |value: &str| Version {
        machine: None,
        change: Hash::ZERO,
        value: value.to_owned(),
        by: Some(UserId::from_bytes(ALI)),
        at: crate::stage::now().at,
    };
    let visits = chart.visits.as_mut().unwrap();
    visits.versions.push(Disagreement {
        kind: Kind::Note,
        record: note,
        field: "sec".to_owned(),
        versions: vec![
            version("S: BP review\nA: I10 Hypertension\nP: Review."),
            version("S: BP review\nA: I10 Hypertension\nP: Stop amlodipine."),
        ],
        before: None,
    });
}

fn import(chart: &mut Chart) {
    let visits = chart.visits.as_mut().unwrap();
    let origin = Origin::Imported {
        import: ImportId::from_bytes([7; 16]),
        source: Hash::ZERO,
        author: Remark("Dr Abbo, District Hospital".to_owned()),
    };
    let visit = &mut visits.visits[3];
    visit.entry.origin = origin.clone();
    visit.practitioner = String::new();
    "District Hospital".clone_into(&mut visit.place);
    let id = Some(visit.entry.id);
    let note = visits.notes.iter_mut().find(|it| it.visit == id).unwrap();
    note.entry.origin = origin;
    note.signed = None;
}

/// Vital signs and a drug of the review in October.
fn order(chart: &mut Chart) {
    let visit = Some(RecordId::from_bytes([42; 16]));
    let day = "2025-10-12".parse().unwrap();
    for it in &mut chart.visits.as_mut().unwrap().observations {
        if it.when.unwrap().date() == day {
            it.visit = visit;
        }
    }
    let mut amlodipine = drug(33, "Amlodipine 10 mg", "1 tablet", "od");
    amlodipine.visit = visit;
    chart.summary.as_mut().unwrap().medications.push(amlodipine);
}

fn opened(lang: Lang) -> Stage {
    let mut stage = with_chart(lang, visited());
    stage.keys("n");
    let names = [(UserId::from_bytes(ALI), "N. Ali".to_owned())];
    let answer = patient::Answer::Names(names.into_iter().collect());
    stage.send(Msg::Patient(answer));
    stage
}

/// The visit of October, read.
pub(crate) fn read(lang: Lang) -> Stage {
    let mut stage = opened(lang);
    stage.keys("<Down><Enter>");
    stage
}

#[track_caller]
fn shows(stage: &Stage, words: &[&str]) {
    let seen = stage.text();
    for word in words {
        assert!(seen.contains(word), "no {word:?} in\n{seen}");
    }
}

#[test]
fn visits_look_so() {
    assert_snapshot!("visits", opened(Lang::English).picture());
    assert_snapshot!("visits-mono", opened(Lang::English).mono().picture());
    assert_snapshot!("visits-french", opened(Lang::French).picture());
    let small = opened(Lang::English).sized(60, 20);
    assert_snapshot!("visits-small", small.picture());
    let large = opened(Lang::English).sized(140, 40);
    assert_snapshot!("visits-large", large.picture());
}

#[test]
fn a_visit_that_is_read_looks_so() {
    assert_snapshot!("visit", read(Lang::English).picture());
    assert_snapshot!("visit-mono", read(Lang::English).mono().picture());
    assert_snapshot!("visit-french", read(Lang::French).picture());
    let small = read(Lang::English).sized(60, 20);
    assert_snapshot!("visit-small", small.picture());
    let mut changed = read(Lang::English);
    changed.keys("<Left>");
    assert_snapshot!("visit-changed", changed.picture());
}

#[test]
fn a_text_that_was_changed_after_it_was_signed_is_an_unsigned_version() {
    let mut stage = opened(Lang::English);
    shows(&stage, &["unsigned version", "not signed", "imported"]);
    stage.keys("<Down><Down><Enter>");
    shows(
        &stage,
        &[
            "Signed by Dr Okot, 19-Jun-2025 10:05",
            "Unsigned version",
            "N. Ali",
            "Stop amlodipine.",
        ],
    );
}

#[test]
fn an_addendum_stands_under_the_note_with_its_own_signature() {
    let mut stage = opened(Lang::English);
    stage.keys("<Down><Enter>");
    let seen = stage.text();
    let at = |word: &str| seen.find(word).unwrap_or_else(|| panic!("{word}\n{seen}"));
    assert!(at("Signed by Dr Okot") < at("Addendum"));
    assert!(at("ankles swell") < at("Signed by N. Ali, 13-Oct-2025 08:15"));
    assert!(at("BP 152/94 H") < at("BP review."));
    shows(&stage, &["uses .htn", "Amlodipine 10 mg 1 tablet od"]);
}

#[test]
fn what_came_from_elsewhere_says_so_and_is_nobodys_unsigned_note() {
    let mut stage = opened(Lang::English);
    stage.keys("<Down><Down><Down><Enter>");
    shows(&stage, &["imported, written by Dr Abbo, District Hospital"]);
    assert!(!stage.text().contains("Not signed"));
}

#[test]
fn a_long_note_is_read_to_its_last_row_and_no_further() {
    for (columns, rows) in [(80, 24), (60, 16), (140, 40)] {
        let mut stage = opened(Lang::English).sized(columns, rows);
        stage.keys("<End><Enter>");
        shows(&stage, &["Tired for weeks"]);
        stage.keys("<PgDn><PgDn><PgDn><PgDn><PgDn><PgDn>");
        shows(&stage, &["Signed by Dr Okot, 02-May-2023"]);
        assert!(!stage.text().contains("more row"), "{}", stage.text());
        stage.keys("<Home>");
        shows(&stage, &["02-May-2023 10:05  Dr Okot"]);
    }
}

#[test]
fn older_and_newer_turn_the_page_and_esc_goes_back_to_the_list() {
    let mut stage = opened(Lang::English);
    stage.keys("<Enter><Left><Left>");
    shows(&stage, &["19-Jun-2025 10:05"]);
    stage.keys("<Right>");
    shows(&stage, &["12-Oct-2025 10:05"]);
    stage.keys("<Esc>");
    shows(&stage, &["Outreach visit", "imported"]);
    stage.keys("<Esc>");
    shows(&stage, &["[s Summary]"]);
}

#[test]
fn a_signed_note_is_added_to_and_never_opened_for_writing() {
    let mut stage = opened(Lang::English);
    stage.keys("<Down><Enter><^n>");
    shows(&stage, &["Addendum to a signed note"]);
    stage.keys("Swelling gone.<Esc>");
    shows(&stage, &["12-Oct-2025 10:05"]);
}

#[test]
fn a_note_of_mine_that_is_not_signed_is_gone_on_with() {
    let mut stage = opened(Lang::English);
    stage.keys("<Enter>+");
    shows(
        &stage,
        &["Visit today 10:05", "Cough 5 days, worse at night"],
    );
}

#[test]
fn another_persons_unsigned_note_is_not_taken_over() {
    let mut chart = visited();
    let notes = &mut chart.visits.as_mut().unwrap().notes;
    let unsigned = notes.iter_mut().find(|it| it.signed.is_none()).unwrap();
    unsigned.entry.by = UserId::from_bytes(ALI);
    let mut stage = with_chart(Lang::English, chart);
    stage.keys("n<Enter>+");
    shows(&stage, &["none of yours to go on with", "Not signed"]);
}

#[test]
fn the_names_of_those_who_wrote_are_asked_for_once_each() {
    let stage = opened(Lang::English);
    let asked = stage.newest(|it| {
        if let Effect::Patient(patient::Effect::Names(users)) = it {
            Some(users.clone())
        } else {
            None
        }
    });
    assert_eq!(asked, [UserId::from_bytes(ALI)]);
}

#[test]
fn a_note_without_a_visit_is_in_the_list_all_the_same() {
    let mut chart = visited();
    let visits = chart.visits.as_mut().unwrap();
    visits.visits.retain(|it| it.entry.id.as_bytes()[0] != 44);
    let notes = &mut visits.notes;
    let lost = notes.iter_mut().find(|it| it.adds_to.is_some()).unwrap();
    lost.adds_to = Some(RecordId::from_bytes([99; 16]));
    lost.visit = None;
    let mut stage = with_chart(Lang::English, chart);
    stage.keys("n");
    shows(&stage, &["of 6", "addendum"]);
}

#[test]
fn who_may_not_write_reads_and_is_offered_nothing_to_write() {
    let mut stage = Stage::signed_in(Lang::English, "J. Were", Role::LabPharmacy);
    stage.keys("o");
    stage.find(crate::stage::rows());
    stage.keys("<Enter>");
    stage.open(visited());
    stage.keys("n<Down><Enter>");
    shows(&stage, &["BP review."]);
    assert!(!stage.text().contains("Ctrl-N"), "{}", stage.text());
}

#[test]
fn an_empty_chart_says_so() {
    let mut stage = at_bedside(Lang::English);
    stage.keys("n");
    shows(&stage, &["No visit is on file yet."]);
    stage.keys("<Enter><Down>+<Left>");
    shows(&stage, &["No visit is on file yet."]);
}

#[test]
fn hostile_words_stay_in_their_columns() {
    for row in hostile_rows() {
        let name = &row.names[0].family;
        let mut chart = okello();
        noted(&mut chart, 40, "2025-11-18", [name, name, name, name]);
        chart.visits.as_mut().unwrap().visits[0]
            .practitioner
            .clone_from(name);
        measured(&mut chart, "2025-11-18T10:05:00+03:00", "bp 120/80");
        let mut stage = with_chart(Lang::English, chart);
        stage.keys("n");
        crate::screens::check_safe(&stage);
        stage.keys("<Enter>");
        crate::screens::check_safe(&stage);
    }
}
