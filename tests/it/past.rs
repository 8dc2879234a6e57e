//! Who changed what, as the history shows it.

use cairn::{
    app::{
        Effect, Msg,
        history::{Answer, Effect as Asked, Past},
        notice::Trouble,
    },
    chart::{Kind, Severity, who::Role},
    ids::RecordId,
    say::Lang,
    time::Moment,
};
use insta::assert_snapshot;

use crate::{
    stage::{allergy, hostile_rows},
    ward::Ward,
};

fn at(text: &str) -> Moment {
    text.parse().unwrap()
}

fn change(record: u8, kind: Kind, field: &str, (old, new): (&str, &str)) -> Past {
    let some = |it: &str| (!it.is_empty()).then(|| it.to_owned());
    Past {
        at: at("2025-11-18T10:30:00+03:00"),
        by: Some("Dr Okot".to_owned()),
        kind,
        record: RecordId::from_bytes([record; 16]),
        field: field.to_owned(),
        old: some(old),
        new: some(new),
    }
}

pub(crate) fn past() -> Vec<Past> {
    let severity = "react.0.sev";
    let early = at("2019-03-02T08:00:00+03:00");
    let of_nurse = |it: Past| Past {
        at: early,
        by: Some("N. Ali".to_owned()),
        ..it
    };
    vec![
        change(1, Kind::Allergy, severity, ("mild", "severe")),
        change(1, Kind::Allergy, "onset", ("", "2019-03")),
        change(0, Kind::Person, "phone", ("0772 123 401", "0772 999 000")),
        of_nurse(change(1, Kind::Allergy, "", ("", ""))),
        of_nurse(change(1, Kind::Allergy, "code", ("", "Penicillin"))),
        of_nurse(change(1, Kind::Allergy, severity, ("", "mild"))),
        Past {
            by: None,
            ..of_nurse(change(7, Kind::Observation, "some.9.new", ("1", "")))
        },
    ]
}

fn opened(lang: Lang, past: Vec<Past>) -> Ward {
    let mut ward = Ward::open(lang, Role::Clinician, |summary| {
        summary.allergies =
            vec![allergy(1, "Penicillin", "anaphylaxis", Severity::Severe)];
    });
    ward.keys("h");
    answer(&mut ward, Ok(past));
    ward
}

fn answer(ward: &mut Ward, result: Result<Vec<Past>, Trouble>) {
    let request = ward.stage.newest(|effect| {
        if let Effect::History(Asked::Load { request, .. }) = effect {
            Some(*request)
        } else {
            None
        }
    });
    ward.stage
        .send(Msg::History(Answer::Loaded { request, result }));
}

#[test]
fn every_change_says_when_who_what_and_what_stood_there() {
    let ward = opened(Lang::English, past());
    ward.shows("18-Nov-2025 10:30  Dr Okot  Allergy  Penicillin");
    ward.shows("How bad             mild → severe");
    ward.shows("Since               Mar-2019");
    ward.shows("Phone               0772 123 401 → 0772 999 000");
    ward.shows("02-Mar-2019 08:00  N. Ali  Allergy added  Penicillin");
    ward.shows("(not known here)  Measurement");
    ward.shows("some.new            1 → (nothing)");
}

#[test]
fn the_filter_keeps_the_heads_of_what_it_finds() {
    let mut ward = opened(Lang::English, past());
    ward.keys("/severe");
    ward.shows("2 lines");
    ward.shows("Dr Okot  Allergy  Penicillin");
    ward.hides("0772");
    ward.keys("<Enter>");
    ward.shows("/ filter");
    ward.keys("<Esc>");
    ward.shows("0772");
    ward.keys("/n. ali<Enter>");
    ward.shows("3 lines");
    ward.keys("<Esc><Esc>");
    ward.shows("[s Summary]");
}

#[test]
fn letters_of_the_filter_are_no_commands_and_a_late_answer_is_dropped() {
    let mut ward = opened(Lang::English, past());
    ward.keys("/sab");
    ward.shows("Filter: sab");
    ward.keys("<Esc>hh");
    ward.shows("Reading …");
    ward.stage.send(Msg::History(Answer::Loaded {
        request: 1,
        result: Ok(past()),
    }));
    ward.shows("Reading …");
    answer(&mut ward, Err(Trouble::Damaged));
    ward.shows("cairn verify");
}

#[test]
fn a_long_history_is_paged_and_its_selection_stays_in_view() {
    let many = (0..2_000).map(|it| {
        let value = it.to_string();
        change(1, Kind::Allergy, "onset", ("", &value))
    });
    let mut ward = opened(Lang::English, many.collect());
    ward.keys("G");
    ward.shows("1999");
    ward.keys("g");
    ward.shows("Dr Okot");
    ward.keys("<PgDn><PgDn>");
    let (_, caret) = ward.stage.draw();
    assert!(caret.unwrap().y > 4);
}

#[test]
fn a_line_that_is_cut_is_said_in_full_below() {
    let long = "a very long name ".repeat(6);
    let mut head = change(1, Kind::Allergy, "", ("", ""));
    head.by = Some(long.trim().to_owned());
    let mut ward = opened(
        Lang::English,
        vec![head, change(1, Kind::Allergy, "rem", ("", &long))],
    );
    let below = |ward: &Ward| {
        let text = ward.stage.text();
        let rows: Vec<&str> = text.lines().skip(8).collect();
        rows.join("\n")
    };
    assert!(below(&ward).contains("Allergy added  Penicillin"));
    ward.keys("<Down><Down>");
    assert!(below(&ward).contains("long name a very long name"));
}

#[test]
fn the_history_looks_so() {
    let mut ward = opened(Lang::English, past());
    assert_snapshot!("history", ward.stage.picture());
    ward.keys("/seve");
    assert_snapshot!("history-filter", ward.stage.picture());
    ward.stage = ward.stage.mono();
    assert_snapshot!("history-filter-mono", ward.stage.picture());
    let small = opened(Lang::English, past());
    assert_snapshot!("history-small", small.stage.sized(60, 20).picture());
    let french = opened(Lang::French, past());
    assert_snapshot!("history-french", french.stage.picture());
}

#[test]
fn hostile_words_are_safe() {
    for row in hostile_rows() {
        let name = row.names[0].family.clone();
        let mut hostile = change(1, Kind::Allergy, "rem", (&name, &name));
        hostile.by = Some(name.clone());
        let mut ward = opened(Lang::English, vec![hostile]);
        crate::screens::check_safe(&ward.stage);
        ward.keys("<Down>");
        crate::screens::check_safe(&ward.stage);
    }
}
