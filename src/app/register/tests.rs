//! Registering, key by key.

use super::*;
use crate::{
    app::{Effect as Asked, Ids, Size, Typed, Who, cx::Household},
    chart::{Name, Sex, who::Role},
    find,
    ids::{LogId, PatientId, UserId},
    say::{Lang, Say},
    time::Timestamp,
};

fn with_household<T>(
    household: Option<&Household>,
    inside: impl FnOnce(&mut Cx<'_>) -> T,
) -> T {
    let say = Say::new(Lang::English);
    let mut ids = Ids::new(1);
    let who = Who {
        user: UserId::from_bytes([1; 16]),
        machine: LogId::from_bytes([2; 16]),
        name: "Amina N".to_owned(),
        role: Role::FrontDesk,
    };
    inside(&mut Cx {
        now: "2025-11-18T10:42:00Z".parse().unwrap(),
        say: &say,
        who: Some(&who),
        chart: None,
        newest: None,
        closing: None,
        household,
        recent: &[],
        standing: &crate::app::sync::Standing::default(),
        size: Size {
            columns: 80,
            rows: 24,
        },
        ids: &mut ids,
    })
}

fn cx<T>(inside: impl FnOnce(&mut Cx<'_>) -> T) -> T {
    with_household(None, inside)
}

fn open(text: &str, cx: &mut Cx<'_>) -> State {
    State::open(&Text(text.to_owned()), cx).0
}

/// Types; `\n` is Enter. Each key comes 300 ms after the one before.
fn keys(state: &mut State, keys: &str, cx: &mut Cx<'_>) -> Vec<Step> {
    let mut steps = Vec::new();
    for c in keys.chars() {
        cx.now.at = cx.now.at.plus_ms(300);
        let press = match c {
            '\n' => Press::Accept,
            c => Press::Type(Typed::Char(c)),
        };
        steps.extend(state.press(&press, cx));
    }
    steps
}

fn saved(steps: &[Step]) -> Option<&Person> {
    steps.iter().find_map(|step| {
        if let Step::Ask(Asked::Register(Effect::Save { person, .. })) = step {
            Some(&**person)
        } else {
            None
        }
    })
}

fn alike(number: u8) -> Alike {
    Alike {
        found: Found {
            row: find::Row {
                patient: PatientId::from_bytes([number; 16]),
                number: format!("K-{number}"),
                names: vec![Name::default()],
                sex: Sex::Female,
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
            how: find::How::Exact,
            field: find::Field::Name,
        },
        why: vec![Reason::Name],
    }
}

fn answer_alike(state: &mut State, people: Vec<Alike>, cx: &Cx<'_>) {
    let request = state.asked;
    let alike = people;
    state.answered(Answer::Alike { request, alike }, cx);
}

#[test]
fn the_shortest_registration_takes_no_more_keys_than_planned() {
    cx(|cx| {
        let mut state = open("okello grace", cx);
        assert_eq!(state.form.focused().unwrap().name, "register-sex");
        keys(&mut state, "f38y\nkij\n-\n", cx);
        let steps = state.press(&Press::Finish, cx);
        let person = saved(&steps).unwrap();
        assert_eq!(person.shown_name(), "OKELLO, Grace");
        assert_eq!(person.sex, Sex::Female);
        let birth = person.birth.unwrap();
        assert!(birth.estimated);
        assert_eq!(birth.date.to_string(), "1987");
        assert_eq!(
            (person.phone.as_str(), person.address.village.as_str()),
            ("", "kij")
        );
    });
}

#[test]
fn a_number_that_was_searched_for_is_the_telephone() {
    cx(|cx| {
        let state = open("0772 123 456", cx);
        assert_eq!(state.form.text("register-phone"), "0772 123 456");
        assert_eq!(state.form.at, 0);
    });
}

#[test]
fn one_name_is_enough_and_no_name_is_not() {
    cx(|cx| {
        let mut state = open("suharto", cx);
        keys(&mut state, "\nm1960\nkij\n-\n", cx);
        let steps = state.press(&Press::Finish, cx);
        assert!(saved(&steps).is_some());
        let mut state = open("", cx);
        keys(&mut state, "\n\nm1960\nkij\n-\n", cx);
        assert!(saved(&state.press(&Press::Finish, cx)).is_none());
        assert_eq!(state.form.focused().unwrap().name, "register-family");
    });
}

#[test]
fn a_near_match_asks_once_and_the_safe_line_opens_the_existing_person() {
    cx(|cx| {
        let mut state = open("okello grace", cx);
        keys(&mut state, "f38y\nkij\n-\n", cx);
        answer_alike(&mut state, vec![alike(7)], cx);
        let steps = state.press(&Press::Finish, cx);
        assert!(matches!(&steps[..], [Step::Question(_)]));
        let steps = state.decided(false, cx);
        let opens = |step: &Step| matches!(step, Step::OpenChart(patient, _) if patient.as_bytes()[0] == 7);
        assert!(steps.iter().any(opens));
        state.press(&Press::Finish, cx);
        assert!(saved(&state.decided(true, cx)).is_some());
    });
}

#[test]
fn a_digit_among_those_alike_opens_that_one() {
    cx(|cx| {
        let mut state = open("okello grace", cx);
        state.press(&Press::NextPane, cx);
        assert!(!state.in_alike, "nobody is there");
        answer_alike(&mut state, vec![alike(7), alike(8)], cx);
        state.press(&Press::NextPane, cx);
        assert_eq!(state.contexts(), State::ALIKE);
        let steps = state.act(Action::Use(2));
        let opens = |step: &Step| matches!(step, Step::OpenChart(patient, _) if patient.as_bytes()[0] == 8);
        assert!(steps.iter().any(opens));
        assert!(state.act(Action::Use(3)).is_empty());
    });
}

#[test]
fn the_household_is_repeated_field_by_field_and_after_a_child_at_once() {
    for (child, language) in [(false, ""), (true, "Luganda")] {
        let household = Household {
            fields: vec![
                ("register-village", "Kijani A".to_owned()),
                ("register-language", "Luganda".to_owned()),
            ],
            child,
        };
        with_household(Some(&household), |cx| {
            let mut state = open("okello tom", cx);
            keys(&mut state, "m4y\n", cx);
            state.press(&Press::Repeat, cx);
            assert_eq!(state.form.text("register-village"), "Kijani A");
            assert_eq!(state.form.text("register-language"), language);
            let field = state.form.field("register-village").unwrap();
            assert_eq!(field.origin, Some(Origin::LastPatient));
        });
    }
}

#[test]
fn a_kept_draft_fills_an_empty_form_and_asks_before_it_fills_another() {
    let body = draft::Body("register-family\tOkello\nregister-sex\tF\n".to_owned());
    cx(|cx| {
        let kept = cx.now;
        let mut state = open("", cx);
        let request = state.draft_asked;
        state.draft_loaded(request, (body.clone(), kept), cx);
        assert_eq!(state.form.text("register-family"), "Okello");
        let mut state = open("nakato joan", cx);
        let request = state.draft_asked;
        let steps = state.draft_loaded(request, (body.clone(), kept), cx);
        assert!(matches!(&steps[..], [Step::Question(_)]));
        assert_eq!(state.form.text("register-family"), "Nakato", "not mixed");
        state.decided(false, cx);
        assert_eq!(state.form.text("register-family"), "Okello");
        assert_eq!(state.form.text("register-given"), "", "not mixed either");
    });
}

#[test]
fn after_saving_the_chart_is_opened_and_the_draft_forgotten() {
    cx(|cx| {
        let mut state = open("okello tom", cx);
        keys(&mut state, "m4y\nkij\n-\n", cx);
        state.press(&Press::Finish, cx);
        let result = Ok((PatientId::from_bytes([7; 16]), "K-7".to_owned()));
        let steps = state.answered(Answer::Saved { request: 1, result }, cx);
        assert!(matches!(
            &steps[..],
            [
                Step::Ask(Asked::Draft(draft::Effect::Drop(_))),
                Step::Remember(household),
                Step::Back,
                Step::Say(_),
                Step::OpenChart(_, Place::Summary),
            ] if household.child
        ));
        let result = Err(Trouble::DiskFull);
        let steps = state.answered(Answer::Saved { request: 2, result }, cx);
        assert!(matches!(&steps[..], [Step::Say(_)]), "the form stays");
    });
}
