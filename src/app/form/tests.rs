//! What a person's keys do to a form.

use super::*;

const LETTERS: &[Letter] = &[
    Letter {
        letter: 'f',
        says: "sex-female",
    },
    Letter {
        letter: 'm',
        says: "sex-male",
    },
];

fn form() -> Form {
    let mut village = Field::needed("register-village", "help", Kind::Listed);
    for text in ["Kijani A", "Kijani B", "São Tomé", "Mbale Kijani"] {
        village.picks.push(Pick {
            text: text.to_owned(),
            beside: String::new(),
            coded: None,
        });
    }
    Form::new(vec![
        Field::needed("register-family", "help", Kind::Text),
        Field::needed("register-sex", "help", Kind::Letters(LETTERS)),
        Field::needed("register-born", "help", Kind::Birth),
        village,
        Field::optional("register-phone", "help", Kind::Phone),
    ])
}

fn today() -> PartialDate {
    "2025-11-18".parse().unwrap()
}

/// Types each character 300 ms apart: `\n` is Enter, `\t` Tab.
fn keys(form: &mut Form, keys: &str) -> Vec<Event> {
    let mut now = Timestamp(0);
    keys.chars()
        .map(|c| {
            now = now.plus_ms(300);
            let press = match c {
                '\n' => Press::Accept,
                '\t' => Press::Next,
                c => Press::Type(Typed::Char(c)),
            };
            form.press(&press, today(), now)
        })
        .collect()
}

#[test]
fn a_letter_goes_on_by_itself_and_a_hasty_enter_is_not_taken_twice() {
    let mut form = form();
    keys(&mut form, "Okello\n");
    let now = Timestamp(10_000);
    form.press(&Press::Type(Typed::Char('f')), today(), now);
    assert_eq!((form.text("register-sex"), form.at), ("F", 2));
    form.press(&Press::Accept, today(), now.plus_ms(149));
    assert_eq!(form.at, 2, "swallowed");
    form.press(&Press::Accept, today(), now.plus_ms(150));
    assert_eq!(form.at, 3, "a second Enter is meant");
}

#[test]
fn a_late_enter_after_going_on_is_meant_for_the_next_field() {
    let mut form = form();
    keys(&mut form, "Okello\nf\n");
    assert_eq!(form.at, 3);
}

#[test]
fn a_letter_that_is_not_offered_changes_nothing_and_says_so() {
    let mut form = form();
    keys(&mut form, "\tx");
    assert_eq!(form.text("register-sex"), "");
    assert_eq!(form.at, 1);
    assert_eq!(
        form.focused().unwrap().problem,
        Some("form-one-of-the-letters")
    );
}

#[test]
fn a_full_date_goes_on_by_itself_and_a_short_one_waits() {
    for (typed, at) in [
        ("14031987", 3),
        ("14-03-1987", 3),
        ("14 3 87", 2),
        ("38y", 2),
        ("99999999", 2),
    ] {
        let mut form = form();
        keys(&mut form, "\t\t");
        keys(&mut form, typed);
        assert_eq!(form.at, at, "after {typed}");
    }
}

#[test]
fn a_list_narrows_from_the_first_key_and_enter_takes_its_top() {
    let mut form = form();
    form.go_to("register-village");
    keys(&mut form, "kij");
    let field = form.focused().unwrap();
    let texts: Vec<&str> = field.choices().iter().map(|it| it.text.as_str()).collect();
    assert_eq!(texts, ["Kijani A", "Kijani B", "Mbale Kijani"]);
    form.press(&Press::Move(Move::Down), today(), Timestamp(0));
    keys(&mut form, "\n");
    assert_eq!(form.text("register-village"), "Kijani B");
    assert_eq!(form.at, 4);
}

#[test]
fn a_list_finds_what_is_written_with_accents() {
    let mut form = form();
    form.go_to("register-village");
    keys(&mut form, "sao\n");
    assert_eq!(form.text("register-village"), "São Tomé");
}

#[test]
fn a_place_that_no_list_knows_is_kept_as_typed() {
    let mut form = form();
    form.go_to("register-village");
    keys(&mut form, "Bulima\n");
    assert_eq!(form.text("register-village"), "Bulima");
    let mut form = self::form();
    form.go_to("register-village");
    keys(&mut form, "kij\t");
    assert_eq!(form.text("register-village"), "kij", "Tab takes nothing");
}

#[test]
fn the_list_key_shows_everything_and_back_closes_it_first() {
    let mut form = form();
    form.go_to("register-village");
    form.press(&Press::List, today(), Timestamp(0));
    assert_eq!(form.focused().unwrap().choices().len(), 4);
    assert_eq!(
        form.press(&Press::Back, today(), Timestamp(0)),
        Event::Nothing
    );
    assert_eq!(form.press(&Press::Back, today(), Timestamp(0)), Event::Back);
}

#[test]
fn finishing_puts_the_caret_on_the_first_thing_that_is_missing() {
    let mut form = form();
    keys(&mut form, "Okello\nf");
    keys(&mut form, "31 2 87\nBulima\n");
    let event = form.press(&Press::Finish, today(), Timestamp(0));
    assert_eq!(event, Event::Missing(2));
    assert_eq!(form.focused().unwrap().problem, Some("form-not-a-birth"));
    for _ in 0..7 {
        form.press(&Press::Type(Typed::Backspace), today(), Timestamp(0));
    }
    keys(&mut form, "38y");
    assert_eq!(
        form.press(&Press::Finish, today(), Timestamp(0)),
        Event::Finished
    );
}

#[test]
fn a_filled_in_text_carries_its_origin_until_it_is_changed() {
    let mut form = form();
    assert!(form.fill("register-village", "Bulima", Origin::LastPatient));
    assert!(!form.fill("register-village", "Kijani A", Origin::LastPatient));
    form.go_to("register-village");
    assert_eq!(form.focused().unwrap().origin, Some(Origin::LastPatient));
    keys(&mut form, "x");
    assert_eq!(form.focused().unwrap().origin, None);
}

#[test]
fn page_down_goes_to_what_can_wait() {
    let mut form = form();
    form.press(&Press::Move(Move::PageDown), today(), Timestamp(0));
    assert_eq!(form.focused().unwrap().name, "register-phone");
}

#[test]
fn a_day_that_has_not_come_is_not_taken() {
    for (typed, problem) in [
        ("t", None),
        ("t-3", None),
        ("2025", None),
        ("nov 2025", None),
        ("t+1", Some("form-day-to-come")),
        ("2026", Some("form-day-to-come")),
        ("1 1 2027", Some("form-day-to-come")),
        ("30 2 2024", Some("form-not-a-day")),
    ] {
        let mut field = Field::optional("problem-since", "help", Kind::Day);
        field.line.set(typed);
        field.check(today());
        assert_eq!(field.problem, problem, "for {typed:?}");
    }
}
