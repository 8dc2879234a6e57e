//! What a person's keys do to the search.

use super::*;
use crate::{
    app::{Effect, Ids, Size},
    chart::Name,
    ids::{LogId, PatientId},
    say::{Lang, Say},
};

fn cx<T>(inside: impl FnOnce(&mut Cx<'_>) -> T) -> T {
    let say = Say::new(Lang::English);
    let mut ids = Ids::new(1);
    inside(&mut Cx {
        now: "2025-11-18T10:42:00Z".parse().unwrap(),
        say: &say,
        who: None,
        chart: None,
        newest: None,
        closing: None,
        household: None,
        recent: &[],
        standing: &crate::app::sync::Standing::default(),
        size: Size {
            columns: 80,
            rows: 24,
        },
        ids: &mut ids,
    })
}

fn typed(state: &mut State, text: &str, cx: &mut Cx<'_>) -> Vec<Step> {
    let presses = text.chars().map(|c| Press::Type(Typed::Char(c)));
    presses.flat_map(|press| state.press(&press, cx)).collect()
}

fn answer(state: &mut State, request: u32, patients: &[u8]) -> Vec<Step> {
    let found = patients.iter().map(|number| Found {
        row: find::Row {
            patient: PatientId::from_bytes([*number; 16]),
            number: format!("K-{number}"),
            names: vec![Name::default()],
            sex: crate::chart::Sex::Female,
            birth: None,
            phones: Vec::new(),
            village: String::new(),
            identifiers: Vec::new(),
            severe_allergy: None,
            last_seen: None,
            hidden: false,
            registered: (LogId::ZERO, Timestamp(0)),
            others: Vec::new(),
        },
        how: find::How::Starts,
        field: find::Field::Name,
    });
    state.answered(Answer::Found {
        request,
        found: found.collect(),
        total: patients.len(),
    })
}

fn opened(steps: &[Step]) -> Option<u8> {
    steps.iter().find_map(|step| {
        if let Step::OpenChart(patient, Place::Summary) = step {
            patient.as_bytes().first().copied()
        } else {
            None
        }
    })
}

fn registers(steps: &[Step]) -> bool {
    steps
        .iter()
        .any(|it| matches!(it, Step::Open(Place::Register(_))))
}

#[test]
fn every_key_asks_again_and_only_the_newest_answer_counts() {
    cx(|cx| {
        let (mut state, _) = State::open(cx);
        let steps = typed(&mut state, "ok", cx);
        let asked = steps.iter().filter(|step| {
            matches!(step, Step::Ask(Effect::Find(super::Effect::Search { .. })))
        });
        assert_eq!(asked.count(), 2);
        answer(&mut state, 2, &[1]);
        assert!(state.found.is_empty(), "the answer to `o` came too late");
        answer(&mut state, 3, &[1, 2]);
        assert_eq!(state.found.len(), 2);
    });
}

#[test]
fn enter_opens_the_selected_person() {
    cx(|cx| {
        let (mut state, _) = State::open(cx);
        typed(&mut state, "o", cx);
        answer(&mut state, 2, &[1, 2]);
        state.press(&Press::Move(Move::Down), cx);
        assert_eq!(opened(&state.press(&Press::Accept, cx)), Some(2));
    });
}

#[test]
fn an_enter_before_its_answer_opens_nobody_but_the_only_one() {
    for (patients, expected) in [(&[1_u8, 2][..], None), (&[7], Some(7)), (&[], None)] {
        cx(|cx| {
            let (mut state, _) = State::open(cx);
            typed(&mut state, "o", cx);
            assert!(state.press(&Press::Accept, cx).is_empty());
            let steps = answer(&mut state, 2, patients);
            assert_eq!(opened(&steps), expected);
            assert!(!registers(&steps), "nothing is begun unseen");
        });
    }
}

#[test]
fn the_last_row_registers_what_was_searched_for() {
    cx(|cx| {
        let (mut state, _) = State::open(cx);
        typed(&mut state, "okello grace", cx);
        answer(&mut state, 13, &[]);
        assert_eq!(state.new_name(), "OKELLO, Grace");
        assert!(registers(&state.press(&Press::Accept, cx)));
    });
}

#[test]
fn a_new_answer_to_the_same_search_keeps_the_selected_person() {
    cx(|cx| {
        let (mut state, _) = State::open(cx);
        answer(&mut state, 1, &[1, 2, 3]);
        state.press(&Press::Move(Move::Down), cx);
        answer(&mut state, 1, &[9, 1, 2, 3]);
        assert_eq!(state.chosen().unwrap().row.number, "K-2");
    });
}

#[test]
fn a_search_is_written_down_once_when_it_is_over() {
    cx(|cx| {
        let (mut state, _) = State::open(cx);
        typed(&mut state, "ok", cx);
        answer(&mut state, 3, &[1, 2]);
        let over = |steps: Vec<Step>| {
            let over = steps.iter().filter(|step| {
                let over = Effect::Find(super::Effect::Over { shown: 2 });
                matches!(step, Step::Ask(asked) if format!("{asked:?}") == format!("{over:?}"))
            });
            over.count()
        };
        assert_eq!(over(state.press(&Press::Accept, cx)), 1);
        assert_eq!(over(state.press(&Press::Back, cx)), 0, "it is written down");
        typed(&mut state, "ka", cx);
        answer(&mut state, 7, &[1, 2]);
        assert_eq!(over(state.over()), 1, "left behind");
        assert_eq!(over(state.over()), 0, "once");
    });
}

#[test]
fn a_letter_after_a_search_that_was_used_begins_another() {
    cx(|cx| {
        let (mut state, _) = State::open(cx);
        typed(&mut state, "okello", cx);
        state.used();
        typed(&mut state, "ak", cx);
        assert_eq!(state.line.text(), "ak");
        state.used();
        state.press(&Press::Type(Typed::Backspace), cx);
        typed(&mut state, "l", cx);
        assert_eq!(state.line.text(), "al", "it can be mended too");
    });
}

#[test]
fn names_are_taken_from_what_was_typed() {
    for (text, family, given) in [
        ("okello grace", "Okello", "Grace"),
        ("OKELLO, Grace Akinyi", "OKELLO", "Grace Akinyi"),
        ("suharto", "Suharto", ""),
        ("  van der berg ", "Van", "Der Berg"),
        ("አበበ ሰላም", "አበበ", "ሰላም"),
        ("", "", ""),
    ] {
        assert_eq!(
            names(text),
            (family.to_owned(), given.to_owned()),
            "for {text:?}"
        );
    }
}
