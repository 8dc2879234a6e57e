//! A visit's note: written, kept, signed once, and never mixed with another patient's.

use cairn::{
    app::{Effect, Msg, draft, notice::Trouble},
    chart::{Edit, Note, Problem, Record, Visit, VisitStatus},
    say::Lang,
};
use insta::assert_snapshot;

use crate::{
    bedside::{
        answer_icd, answer_save, answer_sign, at_bedside, give_draft, kept_draft, noted,
        okello, saves, signs, with_chart,
    },
    stage::{Stage, chart, rows},
};

const LINE: &str = "bp 148/92 hr 84 t 37.9 w 64.5 spo2 97<Enter>";

fn writing(script: &str) -> Stage {
    let mut stage = at_bedside(Lang::English);
    stage.keys("<F8>");
    stage.keys(script);
    stage
}

/// A note with everything in it but its diagnosis.
fn written(lang: Lang) -> Stage {
    let mut stage = at_bedside(lang);
    stage.keys("<F8>");
    stage.keys(LINE);
    stage.keys("Cough 5 days, worse at night, no blood.<Tab>");
    stage.keys("Chest clear, no wheeze. RR 18. Throat a little red, no exudate; ");
    stage.keys("ears normal.<Tab>");
    stage
}

pub(crate) fn with_diagnosis(lang: Lang) -> Stage {
    let mut stage = written(lang);
    stage.keys("ast");
    answer_icd(&mut stage);
    stage.keys("<Enter>");
    stage.keys("urti");
    answer_icd(&mut stage);
    stage
}

fn record<'a, T>(edits: &'a [Edit], pick: fn(&'a Record) -> Option<&'a T>) -> Vec<&'a T> {
    edits.iter().map(Edit::record).filter_map(pick).collect()
}

fn note(record: &Record) -> Option<&Note> {
    if let Record::Note(it) = record {
        Some(it)
    } else {
        None
    }
}

fn visit(record: &Record) -> Option<&Visit> {
    if let Record::Visit(it) = record {
        Some(it)
    } else {
        None
    }
}

fn problem(record: &Record) -> Option<&Problem> {
    if let Record::Problem(it) = record {
        Some(it)
    } else {
        None
    }
}

#[test]
fn a_note_goes_from_the_vital_signs_to_the_plan() {
    assert_snapshot!("note", with_diagnosis(Lang::English).picture());
    assert_snapshot!("note-mono", with_diagnosis(Lang::English).mono().picture());
    assert_snapshot!("note-french", with_diagnosis(Lang::French).picture());
    let small = with_diagnosis(Lang::English).sized(60, 20);
    assert_snapshot!("note-small", small.picture());
    let mut phrases = writing("bp 148/92<Enter><Tab>.ch");
    assert_snapshot!("note-phrases", phrases.picture());
    phrases.keys("<Esc><Backspace><Backspace><Backspace>.htn<Tab>");
    assert_snapshot!("note-choices", phrases.sized(60, 20).picture());
    let low = written(Lang::English).sized(60, 16);
    assert_snapshot!("note-low", low.picture());
    let mut asked = with_diagnosis(Lang::English);
    asked.keys("<Enter><Enter>Fluids, honey.<F2>");
    assert_snapshot!("note-sign", asked.picture());
}

#[test]
fn everything_is_saved_at_once_and_then_signed_once() {
    let mut stage = with_diagnosis(Lang::English);
    stage.keys("<Enter><Enter>Fluids.<F2><F2><F2><F2>");
    assert_eq!(saves(&stage).len(), 1);
    assert_eq!(signs(&stage).len(), 0, "not before it is on the disk");
    let (_, edits) = saves(&stage)[0];
    let note = record(edits, note)[0];
    assert_eq!(note.section("S"), "Cough 5 days, worse at night, no blood.");
    assert!(
        note.section("A")
            .starts_with("J45.909 Asthma, mild\nJ06.9 ")
    );
    assert_eq!(note.section("P"), "Fluids.");
    let visit = record(edits, visit)[0];
    assert_eq!(note.visit, Some(visit.entry.id));
    assert_eq!(visit.status, VisitStatus::Finished);
    assert_eq!(visit.reason.text, note.section("S"));
    assert_eq!(visit.diagnoses.len(), 2);
    assert_eq!(edits.len(), 2 + 5, "the five vital signs");
    answer_save(&mut stage, Ok(()));
    assert_eq!(signs(&stage).len(), 1);
    stage.keys("<F2>");
    answer_sign(&mut stage, Ok(()));
    assert_eq!((saves(&stage).len(), signs(&stage).len()), (1, 1));
    let seen = stage.text();
    assert!(seen.contains("Signed by Dr Okot"), "{seen}");
    assert!(!seen.contains("draft"), "{seen}");
    let dropped = stage.newest(|it| {
        if let Effect::Draft(draft::Effect::Drop(key)) = it {
            Some(*key)
        } else {
            None
        }
    });
    assert_eq!(dropped.kind, draft::Kind::Note);
}

#[test]
fn a_note_of_a_few_keys_is_enough() {
    let mut stage = at_bedside(Lang::English);
    let before = stage.now;
    stage.keys("<F8><Enter>cough<Tab>.chest <Tab>ast");
    answer_icd(&mut stage);
    stage.keys("<Enter><Enter>fluids<F2><F2>");
    let keys = stage.now.at.ms_since(before.at) / 200;
    assert!(keys <= 30, "{keys} keys");
    let (_, edits) = saves(&stage)[0];
    let note = record(edits, note)[0];
    assert_eq!(note.phrases, [".chest"]);
    assert!(note.section("O").starts_with("Chest clear both sides"));
    assert_eq!(note.section("A"), "J45.909 Asthma, mild");
}

#[test]
fn a_blank_keeps_the_note_from_being_signed_and_gets_the_caret() {
    let mut stage = writing("<Enter>.consent<Tab><Esc><F6>Fever.<F2>");
    let seen = stage.text();
    assert!(seen.contains("1 blank is left"), "{seen}");
    assert!(!seen.contains("Sign as"), "{seen}");
    stage.keys("<F2>");
    assert_eq!(saves(&stage).len(), 0);
    stage.keys("<Tab><F2><F2>");
    let (_, edits) = saves(&stage)[0];
    assert!(
        record(edits, note)[0]
            .section("S")
            .ends_with("Agreed in words.")
    );
}

#[test]
fn vital_signs_that_cannot_be_read_keep_their_text_and_stop_the_signature() {
    let mut stage = writing("hr 212 foo<Tab>Palpitations.<F2>");
    let seen = stage.text();
    assert!(seen.contains("212: Pulse outside"), "{seen}");
    assert!(seen.contains("hr 212 foo"), "{seen}");
    stage.keys("!<F2>");
    assert!(stage.text().contains("foo: not a vital sign"));
    assert_eq!(saves(&stage).len(), 0);
}

#[test]
fn typing_at_the_question_goes_on_writing_and_esc_takes_it_back() {
    let mut stage = writing("<Enter>Cough<F2>");
    assert!(stage.text().contains("Sign as Dr Okot?"));
    stage.keys(" since Monday");
    assert!(!stage.text().contains("Sign as"));
    assert!(stage.text().contains("Cough since Monday"));
    stage.keys("<F2><Esc>");
    assert!(!stage.text().contains("Sign as"));
    stage.keys("<F2><Enter>");
    assert_eq!(saves(&stage).len(), 0, "Enter does not sign");
}

#[test]
fn an_empty_note_is_not_signed() {
    let mut stage = writing("hr 72<F2>");
    assert!(stage.text().contains("Nothing to sign yet"));
    stage.keys("<Tab><Tab><Tab>xyz<F2>");
    assert!(stage.text().contains("Enter takes it"), "{}", stage.text());
}

#[test]
fn a_diagnosis_is_taken_even_when_the_keys_are_faster_than_the_search() {
    let mut stage = writing("<F4>mala<Enter>");
    assert!(!stage.text().contains("malaria"));
    answer_icd(&mut stage);
    let seen = stage.text();
    assert!(seen.to_lowercase().contains("malaria"), "{seen}");
    stage.keys("<Backspace><Backspace>");
    assert!(!stage.text().to_lowercase().contains("malaria"));
    stage.keys("<^z>");
    assert!(stage.text().to_lowercase().contains("malaria"));
}

#[test]
fn what_is_not_in_the_list_is_kept_as_typed() {
    let mut stage = writing("<F4>bewitched");
    answer_icd(&mut stage);
    stage.keys("<Up><Down><Down><Down><Down><Down><Down><Down><Down><Down><Enter>");
    let seen = stage.text();
    assert!(seen.contains("bewitched"), "{seen}");
    assert!(seen.contains("(not coded)"), "{seen}");
}

#[test]
fn the_list_shows_known_problems_first_and_then_what_was_picked_lately() {
    let mut stage = writing("<F4>");
    let seen = stage.text();
    assert!(seen.contains("> I10 Hypertension"), "{seen}");
    assert!(seen.contains("(from problem list)"), "{seen}");
    stage.keys("mala");
    answer_icd(&mut stage);
    stage.keys("<Enter><Esc><F8><F4>");
    let seen = stage.text();
    assert!(seen.to_lowercase().contains("malaria"), "{seen}");
}

#[test]
fn a_diagnosis_goes_on_the_problem_list_when_it_is_marked() {
    let mut stage = writing("<F4>mala");
    answer_icd(&mut stage);
    stage.keys("<Enter><^t>");
    assert!(stage.text().contains("-> problem list"));
    stage.keys("<F2><F2>");
    let (_, edits) = saves(&stage)[0];
    let problems = record(edits, problem);
    assert_eq!(problems.len(), 1);
    assert!(problems[0].on_list);
}

#[test]
fn a_signature_that_failed_is_tried_again_without_writing_twice() {
    let mut stage = writing("hr 84<Enter>Cough<F2><F2>");
    answer_save(&mut stage, Ok(()));
    answer_sign(&mut stage, Err(Trouble::ReadOnly));
    assert!(stage.text().contains("Cough"), "{}", stage.text());
    stage.keys("<F2><F2>");
    let (_, again) = saves(&stage)[1];
    let added = again.iter().filter(|it| matches!(it, Edit::Add(_)));
    assert_eq!(added.count(), 0);
    answer_save(&mut stage, Ok(()));
    answer_sign(&mut stage, Ok(()));
    assert!(stage.text().contains("Signed by"), "{}", stage.text());
}

#[test]
fn a_save_that_failed_signs_nothing_and_keeps_the_text() {
    let mut stage = writing("<Enter>Cough<F2><F2>");
    answer_save(&mut stage, Err(Trouble::DiskFull));
    assert_eq!(signs(&stage).len(), 0);
    let seen = stage.text();
    assert!(
        seen.contains("Cough") && seen.contains("NOT SAVED"),
        "{seen}"
    );
}

#[test]
fn a_draft_comes_back_whole_after_a_crash() {
    let mut stage = with_diagnosis(Lang::English);
    stage.keys("<Enter><^t><Enter>Fluids \\ rest<Enter>Honey");
    let before = stage.text();
    stage.wait_ms(1_000);
    stage.send(Msg::Woke);
    stage.send(Msg::Draft(draft::Answer::Saved));
    assert!(stage.text().contains("draft kept 10:4"), "{}", stage.text());
    let (key, body) = kept_draft(&stage);
    assert_eq!(key.kind, draft::Kind::Note);
    assert!(!body.0.contains("OKELLO"));
    let mut later = writing("");
    give_draft(&mut later, body.clone());
    later.keys("<F7>");
    stage.keys("<F7>");
    let page = |it: &Stage| {
        let text = it.text();
        let lines: Vec<&str> = text.lines().skip(4).take(16).collect();
        lines.join("\n")
    };
    assert_eq!(page(&later), page(&stage), "{before}");
    later.keys("<F2><F2>");
    stage.keys("<F2><F2>");
    let id = |it: &Stage| record(saves(it)[0].1, note)[0].entry.id;
    assert_eq!(id(&later), id(&stage), "it is the same note");
}

#[test]
fn the_caret_returns_to_where_it_was_left() {
    let mut stage = writing("<Enter><Tab>Chest claer.<Left><Left><Left>");
    stage.wait_ms(1_000);
    stage.send(Msg::Woke);
    let (_, body) = kept_draft(&stage);
    let mut later = writing("");
    give_draft(&mut later, body);
    later.keys("<Backspace>");
    later.keys("e<Left><Backspace>");
    later.keys("<F2><F2>");
    let found = record(saves(&later)[0].1, note)[0].section("O").to_owned();
    assert_eq!(found, "Chest ceer.", "written where the caret was left");
}

#[test]
fn tab_goes_to_a_blank_from_any_section() {
    for from in ["<F6>", "<F6><F6>", "<F6><F6><F6>", "<F7>"] {
        let mut stage = writing("<Enter>.consent<Tab><Esc>");
        stage.keys(from);
        stage.keys("<Tab><Tab><F2><F2>");
        let saved = saves(&stage);
        let (_, edits) = saved.first().unwrap_or_else(|| panic!("from {from}"));
        let text = record(edits, note)[0].section("S");
        assert!(text.ends_with("Agreed in words."), "from {from}: {text}");
    }
}

#[test]
fn a_draft_of_a_note_that_is_signed_by_now_is_forgotten() {
    let mut stage = writing("<Enter>Cough");
    stage.wait_ms(1_000);
    stage.send(Msg::Woke);
    let (_, body) = kept_draft(&stage);
    stage.keys("<F2><F2>");
    answer_save(&mut stage, Ok(()));
    answer_sign(&mut stage, Ok(()));
    let chart = stage.model.desk().unwrap().chart.clone().unwrap();
    let mut later = with_chart(Lang::English, *chart);
    later.keys("<F8>");
    give_draft(&mut later, body);
    assert!(!later.text().contains("Cough"), "{}", later.text());
}

#[test]
fn another_patients_note_is_never_mixed_with_this_one() {
    let mut stage = writing("<Enter>Cough of Grace");
    stage.keys("<F3>");
    let (key, body) = kept_draft(&stage);
    assert_eq!(key.patient, Some(rows()[0].patient));
    assert!(body.0.contains("Cough of Grace"));
    stage.find(rows());
    stage.keys("<Down><Enter>");
    stage.open(chart(&rows()[1]));
    stage.keys("<F8><Enter>Fever<F2><F2>");
    assert!(!stage.text().contains("Cough of Grace"));
    let (_, edits) = saves(&stage)[0];
    assert_eq!(record(edits, note)[0].section("S"), "Fever");
}

#[test]
fn the_section_of_the_last_visit_is_copied_and_taken_back_at_once() {
    let mut chart = okello();
    noted(
        &mut chart,
        51,
        "2025-10-12",
        ["BP review", "Well", "HTN", "Amlodipine on"],
    );
    let mut stage = with_chart(Lang::English, chart);
    stage.keys("<F8><Enter>Tired<^r>");
    assert!(stage.text().contains("BP review"), "{}", stage.text());
    stage.keys("<^z>");
    assert!(!stage.text().contains("BP review"));
    stage.keys("<F4><Esc><^r>");
    assert!(stage.text().contains("HTN"), "{}", stage.text());
}

#[test]
fn todays_vital_signs_fill_a_phrase_before_they_are_saved() {
    let stage = writing("bp 160/95<Enter><Tab>.htn<Tab>");
    assert!(stage.text().contains("BP today 160/95"), "{}", stage.text());
}
