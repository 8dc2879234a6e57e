//! Vital signs and trends: typed at the bedside, seen over time, and taken back.

use cairn::{
    app::{Effect, Msg, draft, notice::Trouble},
    chart::{Edit, Observation, Record},
    say::Lang,
};
use insta::assert_snapshot;

use crate::{
    bedside::{
        answer_save, at_bedside, give_draft, kept_draft, measured, okello, saves,
        with_chart,
    },
    stage::{Stage, chart, rows},
};

fn typing(script: &str) -> Stage {
    let mut stage = at_bedside(Lang::English);
    stage.keys("<F7>");
    stage.keys(script);
    stage
}

fn observations(edits: &[Edit]) -> Vec<&Observation> {
    let records = edits.iter().map(Edit::record);
    let observations = records.map(|it| {
        let Record::Observation(it) = it else {
            panic!("only observations are expected");
        };
        it
    });
    observations.collect()
}

#[test]
fn vital_signs_are_typed_and_seen_over_time() {
    let stage = typing("bp 148/92 hr 84 t 37.9 w 64.5 spo2 97");
    assert_snapshot!("vitals", stage.picture());
    let stage = stage.mono();
    assert_snapshot!("vitals-mono", stage.picture());
    let mut small = typing("<Down><Right><Right>").sized(60, 20);
    assert_snapshot!("vitals-small", small.picture());
    small.keys(" ");
    assert_snapshot!("vitals-menu", small.picture());
    let low = typing("bp 300/80 ").sized(60, 16);
    assert_snapshot!("vitals-low", low.picture());
    let wide = typing("<Down>").sized(120, 40);
    assert_snapshot!("vitals-large", wide.picture());
    let mut french = at_bedside(Lang::French);
    french.keys("<F7>t 98.8");
    assert_snapshot!("vitals-french", french.picture());
}

#[test]
fn the_curve_is_drawn_in_ascii_too() {
    let mut stage = typing("<Down><Right>");
    stage.theme.ascii = true;
    let seen = stage.text();
    assert!(seen.is_ascii() && seen.contains('*'), "{seen}");
    let mut stage = typing("<Down>");
    stage.theme.ascii = true;
    let seen = stage.text();
    let (_, curve) = seen.split_once("mmHg").unwrap();
    for labelled in ["* ", "o "] {
        assert!(
            curve.matches(labelled).count() > 1,
            "{labelled:?} in {seen}"
        );
    }
}

#[test]
fn no_mark_is_cut_and_measures_beyond_the_edge_are_said() {
    let mut chart = okello();
    measured(&mut chart, "2025-11-18T10:00:00+03:00", "bp 188/128");
    for columns in [60, 80] {
        let mut stage = with_chart(Lang::English, chart.clone()).sized(columns, 24);
        stage.keys("<F7><Down>");
        let seen = stage.text();
        assert!(seen.contains("188/128 !!"), "{seen}");
        let heading = seen.lines().find(|it| it.contains("[BP]")).unwrap();
        assert!(heading.ends_with('>'), "{seen}");
        stage.keys("<Right><Right><Right><Right><Right><Right><Right>");
        let seen = stage.text();
        assert!(!seen.contains("[BP]"), "{seen}");
        let heading = seen.lines().find(|it| it.contains('[') && it.contains('<'));
        assert!(heading.is_some(), "{seen}");
    }
}

#[test]
fn enter_saves_the_line_as_observations_of_now() {
    let mut stage = typing("bp 148/92 hr 84<Enter>");
    let (_, edits) = saves(&stage)[0];
    let made = observations(edits);
    assert_eq!(made.len(), 2);
    let when = made[0].when.unwrap().to_string();
    assert!(when.starts_with("2025-11-18T10:42"), "{when}");
    assert_eq!(made[0].flag, "H");
    answer_save(&mut stage, Ok(()));
    let seen = stage.text();
    assert!(seen.contains("2 values saved. u undoes"), "{seen}");
    assert!(seen.contains("> today 10:42"), "{seen}");
    let dropped = stage
        .asked
        .iter()
        .any(|it| matches!(it, Effect::Draft(draft::Effect::Drop(_))));
    assert!(dropped);
}

#[test]
fn what_cannot_be_read_keeps_the_text_and_says_why() {
    for (line, why) in [
        ("hr 84 foo", "foo: not a vital sign"),
        (
            "hr 212",
            "212: Pulse outside 25-210 /min - add ! if it is real",
        ),
        (
            "t 98.8",
            "98.8: Temp outside 28-43 °C - add °F if meant so, or !",
        ),
        (
            "bp 80/120",
            "80/120: the second pressure is not below the first",
        ),
        ("hr", "hr: Pulse needs a value"),
    ] {
        let mut stage = typing(line);
        stage.keys("<Enter>");
        assert_eq!(saves(&stage).len(), 0, "{line}");
        let seen = stage.text();
        assert!(seen.contains(why), "{line}\n{seen}");
        assert!(seen.contains(&format!(" {line}")), "{line}\n{seen}");
    }
}

#[test]
fn the_caret_goes_behind_what_cannot_be_read_and_a_mark_there_is_enough() {
    let mut stage = typing("hr 212 t 37<Enter>");
    stage.keys("!<Enter>");
    assert_eq!(saves(&stage).len(), 1);
    assert_eq!(observations(saves(&stage)[0].1).len(), 2);
}

#[test]
fn a_save_that_failed_keeps_the_line() {
    let mut stage = typing("hr 84<Enter>");
    answer_save(&mut stage, Err(Trouble::DiskFull));
    let seen = stage.text();
    assert!(seen.contains("Vitals  hr 84"), "{seen}");
    assert!(seen.contains("NOT SAVED"), "{seen}");
    stage.keys("<Enter>");
    assert_eq!(saves(&stage).len(), 2);
}

#[test]
fn two_enters_save_once_and_what_is_typed_meanwhile_stays() {
    let mut stage = typing("hr 84<Enter><Enter>");
    assert_eq!(saves(&stage).len(), 1);
    stage.keys(" t 37");
    answer_save(&mut stage, Ok(()));
    assert!(stage.text().contains("Vitals  t 37"), "{}", stage.text());
}

#[test]
fn u_takes_a_line_back_by_marking_it() {
    let mut stage = typing("hr 84<Enter>");
    answer_save(&mut stage, Ok(()));
    stage.keys("u");
    let (_, edits) = saves(&stage)[1];
    assert!(observations(edits).iter().all(|it| it.entry.in_error));
    answer_save(&mut stage, Ok(()));
    let seen = stage.text();
    assert!(seen.contains("Taken back."), "{seen}");
    assert!(!seen.contains("today 10:42"), "{seen}");
}

#[test]
fn a_value_is_marked_with_its_reason_and_u_takes_that_back() {
    let mut stage = typing("<Down><Right> e");
    assert!(stage.text().contains("Entered in error. Why?"));
    stage.keys("<Enter>");
    assert_eq!(saves(&stage).len(), 0, "a reason is needed");
    stage.keys("other patient<Enter>");
    let (_, edits) = saves(&stage)[0];
    let marked = observations(edits);
    assert_eq!(marked.len(), 1);
    assert!(marked[0].entry.in_error);
    assert_eq!(marked[0].entry.remark.0, "other patient");
    answer_save(&mut stage, Ok(()));
    stage.keys("u");
    let (_, edits) = saves(&stage)[1];
    assert!(!observations(edits)[0].entry.in_error);
}

#[test]
fn a_whole_row_is_marked_at_once() {
    let mut stage = typing("<Down><Down> r");
    stage.keys("typed twice<Enter>");
    assert_eq!(observations(saves(&stage)[0].1).len(), 6);
}

#[test]
fn esc_leaves_the_question_the_table_and_then_the_screen() {
    let mut stage = typing("<Down> e<Esc><Esc>");
    assert!(stage.text().contains("Vital signs and trends"));
    stage.keys("<Esc>");
    assert!(!stage.text().contains("Vital signs and trends"));
}

#[test]
fn the_line_is_kept_as_a_draft_of_this_patient() {
    let mut stage = typing("hr 84");
    stage.wait_ms(1_000);
    stage.send(Msg::Woke);
    let (key, body) = kept_draft(&stage);
    assert_eq!(key.patient, Some(rows()[0].patient));
    let mut later = typing("");
    give_draft(&mut later, body);
    assert!(later.text().contains("Vitals  hr 84"), "{}", later.text());
}

#[test]
fn another_patients_chart_closes_the_line_of_this_one() {
    let mut stage = typing("hr 84");
    stage.keys("<F3>");
    stage.find(rows());
    stage.keys("<Down><Enter>");
    stage.open(chart(&rows()[1]));
    stage.keys("<F7><Enter>");
    assert_eq!(saves(&stage).len(), 0);
    assert!(!stage.text().contains("hr 84"), "{}", stage.text());
}

#[test]
fn without_a_patient_the_key_says_so_and_without_values_the_screen_does() {
    let role = cairn::chart::who::Role::Clinician;
    let mut nobody = Stage::signed_in(Lang::English, "Dr Okot", role);
    nobody.keys("<F7>");
    assert!(nobody.text().contains("No patient is open"));
    let mut chart = okello();
    chart.visits.as_mut().unwrap().observations.clear();
    let mut stage = with_chart(Lang::English, chart);
    stage.keys("<F7><Down> ");
    assert!(stage.text().contains("Nothing was measured yet."));
}

#[test]
fn five_vital_signs_take_the_keys_that_they_have() {
    let line = "120/80 hr 72 37.1c 64kg 98%";
    assert!(line.len() + 2 <= 45, "with F7 and Enter");
    let mut stage = typing(line);
    stage.keys("<Enter>");
    assert_eq!(observations(saves(&stage)[0].1).len(), 5);
}
