//! What a person's keys do to the lock screen.

use super::*;
use crate::{
    app::{Effect as Asked, Ids, Move, Size, Typed},
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

fn person(number: u8, pin_is_enough: bool) -> Person {
    Person {
        user: UserId::from_bytes([number; 16]),
        name: format!("Person {number}"),
        role: Role::Nurse,
        pin_is_enough,
        unfinished: None,
    }
}

fn locked() -> State {
    let mut state = State::new(Why::Asked, Some(UserId::from_bytes([2; 16])));
    state.answered(Answer::People(vec![person(1, false), person(2, true)]));
    state
}

fn typed(state: &mut State, text: &str, cx: &mut Cx<'_>) {
    for c in text.chars() {
        state.press(&Press::Type(Typed::Char(c)), cx);
    }
}

#[test]
fn who_was_here_last_is_chosen_and_the_pin_unlocks() {
    cx(|cx| {
        let mut state = locked();
        assert_eq!((state.chosen.0, state.stage), (1, Stage::Pin));
        typed(&mut state, "24a680135", cx);
        assert_eq!(state.line.text(), "246801", "six digits and nothing else");
        let steps = state.press(&Press::Accept, cx);
        let [Step::Ask(Asked::Lock(Effect::Unlock { user, pin, .. }))] = &steps[..]
        else {
            panic!("no unlocking in {steps:?}")
        };
        assert_eq!(
            (*user, pin.as_str()),
            (UserId::from_bytes([2; 16]), "246801")
        );
        assert_eq!(state.line.text(), "", "the PIN is not kept");
    });
}

#[test]
fn another_person_is_chosen_by_an_arrow_or_by_esc_and_a_digit() {
    cx(|cx| {
        let mut state = locked();
        typed(&mut state, "1", cx);
        assert_eq!(
            (state.chosen.0, state.line.text()),
            (1, "1"),
            "a PIN's digit"
        );
        state.press(&Press::Move(Move::Up), cx);
        assert_eq!((state.chosen.0, state.stage), (0, Stage::Who));
        assert_eq!(state.line.text(), "");

        let mut state = locked();
        state.press(&Press::Back, cx);
        assert_eq!((state.chosen.0, state.stage), (1, Stage::Who));
        assert!(state.contexts().contains(&Context::LockWho));
    });
}

#[test]
fn a_machine_that_has_just_started_asks_who_it_is_first() {
    let mut state = State::new(Why::Started, None);
    state.answered(Answer::People(vec![person(1, false), person(2, true)]));
    assert_eq!((state.chosen.0, state.stage), (0, Stage::Who));
}

#[test]
fn without_a_pin_the_passphrase_is_asked_for_and_then_a_pin() {
    cx(|cx| {
        let mut state = locked();
        state.act(Action::Choose(1));
        assert_eq!(state.stage, Stage::Passphrase);
        typed(&mut state, "open sesame", cx);
        state.press(&Press::Accept, cx);
        state.answered(Answer::PinNeeded { request: 1 });
        typed(&mut state, "246801", cx);
        state.press(&Press::Accept, cx);
        typed(&mut state, "246802", cx);
        assert!(state.press(&Press::Accept, cx).is_empty());
        assert_eq!(state.problem, Some(Said::line("form-not-the-same")));
        typed(&mut state, "246801", cx);
        state.press(&Press::Accept, cx);
        typed(&mut state, "246801", cx);
        let steps = state.press(&Press::Accept, cx);
        assert!(matches!(
            &steps[..],
            [Step::Ask(Asked::Lock(Effect::SetPin { .. }))]
        ));
    });
}

#[test]
fn wrong_pins_are_counted_down_to_the_passphrase() {
    cx(|cx| {
        let mut state = locked();
        state.act(Action::Choose(2));
        for (left, stage, says) in [
            (3, Stage::Pin, "lock-pin-wrong"),
            (0, Stage::Passphrase, "lock-pin-spent"),
        ] {
            typed(&mut state, "246801", cx);
            state.press(&Press::Accept, cx);
            let request = state.asked;
            state.answered(Answer::Missed {
                request,
                left: Some(left),
                wait_s: 0,
            });
            assert_eq!(state.stage, stage);
            assert_eq!(state.problem.as_ref().unwrap().id, says);
        }
    });
}

#[test]
fn an_answer_to_an_older_try_changes_nothing() {
    cx(|cx| {
        let mut state = locked();
        state.act(Action::Choose(2));
        typed(&mut state, "246801", cx);
        state.press(&Press::Accept, cx);
        state.answered(Answer::PinNeeded { request: 99 });
        assert_eq!(state.stage, Stage::Pin);
        assert!(state.waiting);
        typed(&mut state, "1", cx);
        assert_eq!(
            state.line.text(),
            "",
            "nothing is typed while a try is judged"
        );
    });
}

#[test]
fn someone_who_is_not_in_the_list_signs_in_by_name() {
    cx(|cx| {
        let mut state = locked();
        state.act(Action::SomeoneElse);
        typed(&mut state, "J. Were", cx);
        state.press(&Press::Accept, cx);
        typed(&mut state, "words", cx);
        let steps = state.press(&Press::Accept, cx);
        let [Step::Ask(Asked::Lock(Effect::SignIn { user, .. }))] = &steps[..] else {
            panic!("no sign-in in {steps:?}")
        };
        assert!(*user == Named::Typed("J. Were".to_owned()));
    });
}
