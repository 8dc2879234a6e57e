//! The first start, page by page.

use super::*;
use crate::{
    app::{Effect as Asked, Ids, Size, Typed},
    say::Say,
};

const PASSPHRASE: &str = "acid canyon violin harvest tunnel museum";

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

/// Types each line and goes on to the next field.
fn lines(state: &mut State, lines: &[&str], cx: &mut Cx<'_>) {
    for line in lines {
        for c in line.chars() {
            state.press(&Press::Type(Typed::Char(c)), cx);
        }
        state.press(&Press::Next, cx);
    }
}

fn judged(state: &mut State, enough: bool) {
    let strength = Strength {
        enough,
        percent: 40,
        plain_pin: false,
    };
    let request = state.asked;
    state.answered(Answer::Judged { request, strength });
}

fn at_form(cx: &mut Cx<'_>) -> State {
    let mut state = State::new();
    state.act(Action::Choose(2), cx);
    state.act(Action::Choose(1), cx);
    assert_eq!(state.page, Page::Clinic);
    lines(
        &mut state,
        &["Kijani HC", "Dr Okot", PASSPHRASE, PASSPHRASE],
        cx,
    );
    // A PIN goes on by itself.
    for c in "246801246801".chars() {
        state.press(&Press::Type(Typed::Char(c)), cx);
    }
    judged(&mut state, true);
    state
}

fn problem(state: &State) -> Option<&'static str> {
    state.problem.as_ref().map(|it| it.id)
}

#[test]
fn the_language_is_spoken_from_the_second_page_on() {
    cx(|cx| {
        let steps = State::new().act(Action::Choose(2), cx);
        assert!(matches!(&steps[..], [Step::Speak(Lang::French)]));
    });
}

#[test]
fn a_clinic_is_made_when_three_words_are_typed_back() {
    cx(|cx| {
        let mut state = at_form(cx);
        let steps = state.press(&Press::Finish, cx);
        assert!(matches!(
            &steps[..],
            [Step::Ask(Asked::Start(Effect::DrawWords))]
        ));
        let all: Vec<String> = (1..=24).map(|it| format!("word{it}")).collect();
        state.answered(Answer::Words(Words {
            all: Secret::from(all.join(" ").as_str()),
            ask: [3, 11, 24],
        }));
        state.act(Action::Written, cx);
        lines(&mut state, &["word3", "WORD11", "word2"], cx);
        assert!(state.press(&Press::Finish, cx).is_empty());
        assert_eq!(problem(&state), Some("start-wrong-word"));
        assert_eq!(state.back.at, 2, "the caret is on the wrong one");
        state.press(&Press::Type(Typed::Char('4')), cx);
        let steps = state.press(&Press::Finish, cx);
        let [
            Step::Ask(Asked::Start(Effect::Create {
                clinic,
                machine,
                owner,
                pin,
                ..
            })),
        ] = &steps[..]
        else {
            panic!("no clinic in {steps:?}")
        };
        assert_eq!((clinic.as_str(), owner.as_str()), ("Kijani HC", "Dr Okot"));
        assert_eq!(machine, "Computer 1");
        assert_eq!(pin.as_str(), "246801");
        assert_eq!(state.page, Page::Making);
    });
}

#[test]
fn a_weak_passphrase_or_one_typed_differently_makes_no_clinic() {
    cx(|cx| {
        let mut state = at_form(cx);
        judged(&mut state, false);
        assert!(state.press(&Press::Finish, cx).is_empty());
        assert_eq!(problem(&state), Some("start-weak"));
        let mut state = at_form(cx);
        state.form.go_to("start-passphrase-again");
        state.press(&Press::Type(Typed::Char('x')), cx);
        judged(&mut state, true);
        assert!(state.press(&Press::Finish, cx).is_empty());
        assert_eq!(problem(&state), Some("form-not-the-same"));
    });
}

#[test]
fn a_form_finished_before_its_passphrase_was_judged_waits_for_that() {
    cx(|cx| {
        let mut state = at_form(cx);
        state.form.go_to("start-name");
        state.press(&Press::Type(Typed::Char('x')), cx);
        assert!(state.press(&Press::Finish, cx).is_empty());
        assert_eq!(problem(&state), None);
        let strength = Strength {
            enough: true,
            percent: 100,
            plain_pin: false,
        };
        let request = state.asked;
        let steps = state.answered(Answer::Judged { request, strength });
        assert!(matches!(
            &steps[..],
            [Step::Ask(Asked::Start(Effect::DrawWords))]
        ));
    });
}

#[test]
fn the_suggestion_fills_the_passphrase_and_must_be_typed_again() {
    cx(|cx| {
        let mut state = State::new();
        state.page = Page::Clinic;
        state.answered(Answer::Suggested(Secret::from(PASSPHRASE)));
        state.act(Action::Suggest, cx);
        assert_eq!(state.form.text("start-passphrase"), PASSPHRASE);
        assert_eq!(state.form.focused().unwrap().name, "start-passphrase-again");
    });
}

#[test]
fn a_clinic_that_could_not_be_made_leads_back_and_says_why() {
    let mut state = State::new();
    state.page = Page::Making;
    state.answered(Answer::Failed(Trouble::DiskFull));
    assert_eq!(state.page, Page::Begin);
    assert_eq!(problem(&state), Some("trouble-disk-full"));
}
