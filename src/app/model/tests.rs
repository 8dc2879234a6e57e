//! The frame: locking, drafts, tabs, overlays and the open chart.

use super::*;
use crate::{
    app::{
        Key, Msg, Tab, Who, draft, find, keymap::Row, overlay, patient, register, update,
    },
    chart::{Chart, Identity, Summary, who::Role},
    ids::LogId,
};

fn now() -> Moment {
    "2025-11-18T10:42:30Z".parse().unwrap()
}

fn who(role: Role) -> Who {
    Who {
        user: UserId::from_bytes([role.byte(); 16]),
        machine: LogId::from_bytes([2; 16]),
        name: "Dr Okot".to_owned(),
        role,
    }
}

fn entering(role: Role) -> Entering {
    Entering {
        who: who(role),
        clinic: "Kijani HC".to_owned(),
        lang: None,
        unfinished: Vec::new(),
    }
}

fn signed_in(role: Role) -> Model {
    let setting = Setting {
        lang: Lang::English,
        size: Size {
            columns: 80,
            rows: 24,
        },
        random: 1,
        idle_minutes: 2,
        now: now(),
    };
    Model::signed_in(setting, entering(role)).0
}

fn key(model: &mut Model, key: Key) -> Vec<Effect> {
    let now = model.now;
    update(model, Msg::Key(key), now)
}

fn woken_after(model: &mut Model, ms: i64) -> Vec<Effect> {
    let mut now = model.now;
    now.at = now.at.plus_ms(ms);
    update(model, Msg::Woke, now)
}

fn open(model: &mut Model, number: u8) {
    let patient = PatientId::from_bytes([number; 16]);
    let place = Place::Summary;
    let effects = model.carry_out(vec![Step::OpenChart(patient, place)]);
    let [Effect::Patient(patient::Effect::Open { request, .. })] = effects[..] else {
        panic!("no opening in {effects:?}")
    };
    answer_chart(model, request, patient);
}

fn answer_chart(model: &mut Model, request: u32, patient: PatientId) -> Vec<Effect> {
    let chart = Chart {
        patient,
        identity: Identity::default(),
        summary: Some(Summary::default()),
        visits: None,
        results: None,
        consents: None,
        proposals: Vec::new(),
        closed: None,
        may_close: Vec::new(),
        unconfirmed: Vec::new(),
        glass_until: None,
        problems: Vec::new(),
    };
    let result = Ok(Box::new(chart));
    let now = model.now;
    let answer = patient::Answer::Opened { request, result };
    update(model, Msg::Patient(answer), now)
}

fn open_patient(model: &Model) -> Option<PatientId> {
    model.desk()?.chart.as_ref().map(|it| it.patient)
}

fn is_locked(model: &Model) -> bool {
    matches!(model.seat, Seat::Locked(_))
}

#[test]
fn an_idle_desk_warns_and_then_locks() {
    let mut model = signed_in(Role::Clinician);
    let warns = model.next_wake().unwrap().ms_since(now().at);
    assert_eq!(warns, 105_000);
    woken_after(&mut model, warns);
    assert_eq!(model.locks_soon(), Some(15));
    assert!(!is_locked(&model));
    let effects = woken_after(&mut model, 15_000);
    assert!(is_locked(&model));
    let locks = |it: &Effect| matches!(it, Effect::Lock(lock::Effect::Lock));
    assert!(effects.iter().any(locks));
}

#[test]
fn a_locked_machine_tells_its_keys_and_nothing_else() {
    let mut model = signed_in(Role::Clinician);
    woken_after(&mut model, 120_000);
    key(&mut model, Key::F(1));
    let Some(Overlay::Commands(help)) = &model.overlay else {
        panic!("no help")
    };
    let rows = help.rows(&model.say);
    let is_of_the_lock = |it: &&Row| lock::KEYS.iter().any(|row| row.says == it.says);
    assert!(!rows.is_empty() && rows.iter().all(is_of_the_lock));
    key(&mut model, Key::Esc);
    assert!(model.overlay.is_none() && is_locked(&model));
}

#[test]
fn a_search_that_the_lock_cuts_short_is_written_down() {
    let mut model = signed_in(Role::FrontDesk);
    key(&mut model, Key::Char('o'));
    let effects = woken_after(&mut model, 120_000);
    assert!(is_locked(&model));
    let over = |it: &Effect| matches!(it, Effect::Find(find::Effect::Over { .. }));
    let locks = |it: &Effect| matches!(it, Effect::Lock(lock::Effect::Lock));
    let written = effects.iter().position(over).unwrap();
    assert!(written < effects.iter().position(locks).unwrap());
}

#[test]
fn who_goes_away_before_the_pin_is_set_is_not_left_half_in() {
    let mut model = signed_in(Role::Clinician);
    woken_after(&mut model, 120_000);
    let Seat::Locked(state) = &mut model.seat else {
        panic!("not locked")
    };
    state.stage = lock::Stage::NewPin;
    let leaves = |it: &Effect| matches!(it, Effect::Lock(lock::Effect::Leave));
    key(&mut model, Key::Char('2'));
    assert!(!woken_after(&mut model, 60_000).iter().any(leaves));
    assert!(is_half_in(&model));
    assert!(woken_after(&mut model, 60_000).iter().any(leaves));
    assert!(!is_half_in(&model));
}

fn is_half_in(model: &Model) -> bool {
    matches!(&model.seat, Seat::Locked(state) if state.is_half_in())
}

#[test]
fn any_key_keeps_the_desk_open() {
    let mut model = signed_in(Role::Clinician);
    woken_after(&mut model, 110_000);
    key(&mut model, Key::Char('x'));
    assert_eq!(model.locks_soon(), None);
    woken_after(&mut model, 110_000);
    assert!(!is_locked(&model));
}

#[test]
fn a_clock_that_is_set_back_does_not_keep_the_machine_open() {
    let mut model = signed_in(Role::Clinician);
    woken_after(&mut model, 60_000);
    woken_after(&mut model, -86_400_000);
    assert!(!is_locked(&model));
    woken_after(&mut model, 60_000);
    assert!(is_locked(&model));
}

#[test]
fn what_is_typed_is_kept_within_a_second_and_at_the_lock() {
    let mut model = signed_in(Role::FrontDesk);
    model.carry_out(vec![Step::Open(Place::Register(find::Text(String::new())))]);
    key(&mut model, Key::Char('O'));
    key(&mut model, Key::Char('k'));
    let saves = |effects: &[Effect]| {
        effects.iter().any(|it| {
            let Effect::Draft(draft::Effect::Save { key, body }) = it else {
                return false;
            };
            *key == register::State::DRAFT && body.0 == "register-family\tOk\n"
        })
    };
    assert!(!saves(&woken_after(&mut model, 999)));
    assert!(saves(&woken_after(&mut model, 1)));
    assert!(!saves(&woken_after(&mut model, 1_000)), "once is enough");
    key(&mut model, Key::Char('e'));
    key(&mut model, Key::Backspace);
    assert!(saves(&key(&mut model, Key::F(9))));
    assert!(is_locked(&model));
}

#[test]
fn a_locked_machine_holds_nothing_that_was_read_and_opens_it_again() {
    let mut model = signed_in(Role::Clinician);
    open(&mut model, 7);
    key(&mut model, Key::F(9));
    assert!(model.desk().is_none());
    let entering = entering(Role::Clinician);
    let effects = model.carry_out(vec![Step::Enter(Box::new(entering))]);
    let asked = effects.iter().find_map(|it| {
        if let Effect::Patient(patient::Effect::Open { request, patient }) = it {
            Some((*request, *patient))
        } else {
            None
        }
    });
    let (request, patient) = asked.unwrap();
    assert_eq!(open_patient(&model), None);
    answer_chart(&mut model, request, patient);
    assert_eq!(open_patient(&model), Some(PatientId::from_bytes([7; 16])));
    assert_eq!(model.desk().unwrap().at, Tab::Chart);
}

#[test]
fn another_person_does_not_find_what_the_first_had_open() {
    let mut model = signed_in(Role::Clinician);
    open(&mut model, 7);
    key(&mut model, Key::F(9));
    let effects = model.carry_out(vec![Step::Enter(Box::new(entering(Role::Nurse)))]);
    let opens = |it: &Effect| matches!(it, Effect::Patient(_));
    assert!(!effects.iter().any(opens));
    assert_eq!(model.desk().unwrap().at, Tab::Find);
}

#[test]
fn an_answer_to_an_older_opening_opens_nothing() {
    let mut model = signed_in(Role::Clinician);
    let first = PatientId::from_bytes([1; 16]);
    let second = PatientId::from_bytes([2; 16]);
    model.carry_out(vec![Step::OpenChart(first, Place::Summary)]);
    let before = model.opening.as_ref().unwrap().request;
    model.carry_out(vec![Step::OpenChart(second, Place::Summary)]);
    let after = model.opening.as_ref().unwrap().request;
    answer_chart(&mut model, before, first);
    assert_eq!(open_patient(&model), None);
    answer_chart(&mut model, after, second);
    assert_eq!(open_patient(&model), Some(second));
}

#[test]
fn a_chart_that_is_not_the_one_asked_for_is_not_shown() {
    let mut model = signed_in(Role::Clinician);
    let asked = PatientId::from_bytes([1; 16]);
    model.carry_out(vec![Step::OpenChart(asked, Place::Summary)]);
    let request = model.opening.as_ref().unwrap().request;
    answer_chart(&mut model, request, PatientId::from_bytes([2; 16]));
    assert_eq!(open_patient(&model), None);
    assert!(model.notice.is_some());
}

#[test]
fn tabs_keep_their_state_and_digits_are_text_in_a_field() {
    let mut model = signed_in(Role::Clinician);
    open(&mut model, 7);
    key(&mut model, Key::Char('2'));
    assert_eq!(model.desk().unwrap().at, Tab::Find);
    key(&mut model, Key::Char('4'));
    assert_eq!(model.desk().unwrap().at, Tab::Find, "a digit of a number");
    let Some(Screen::Find(state)) = model.desk().unwrap().front() else {
        panic!("the search is in front")
    };
    assert_eq!(state.line.text(), "4");
}

#[test]
fn a_role_without_the_key_has_no_chart_tab() {
    let mut model = signed_in(Role::FrontDesk);
    open(&mut model, 7);
    let tabs: Vec<Tab> = model.desk().unwrap().tabs_now().collect();
    assert_eq!(tabs, [Tab::Find, Tab::Sync]);
    assert_eq!(model.desk().unwrap().at, Tab::Find);
}

#[test]
fn undo_takes_back_what_was_said_to_be_done() {
    let mut model = signed_in(Role::Clinician);
    open(&mut model, 7);
    let undo = vec![Step::Say(Notice::plain(Said::line("frame-undo")))];
    let notice = Notice::undoable(Said::line("saved-here"), undo);
    model.carry_out(vec![Step::Say(notice)]);
    key(&mut model, Key::Char('u'));
    assert_eq!(
        model.notice.as_ref().unwrap().said,
        Said::line("frame-undo")
    );
}

#[test]
fn help_runs_the_line_that_is_chosen() {
    let mut model = signed_in(Role::Clinician);
    key(&mut model, Key::F(1));
    assert!(model.overlay.is_some());
    for c in "lock".chars() {
        key(&mut model, Key::Char(c));
    }
    key(&mut model, Key::Enter);
    assert!(is_locked(&model));
}

#[test]
fn a_question_takes_its_letter_and_nothing_else_but_the_safe_line() {
    let mut model = signed_in(Role::FrontDesk);
    let ask = |model: &mut Model| {
        let question = overlay::Question {
            title: Said::line("register-near-title"),
            lines: Vec::new(),
            safe: Said::line("register-draft-take"),
            letter: 'n',
            other: Said::line("register-near-new"),
            back: None,
            then: Vec::new(),
        };
        model.carry_out(vec![Step::Question(Box::new(question))]);
    };
    ask(&mut model);
    key(&mut model, Key::Char('y'));
    key(&mut model, Key::F(3));
    assert!(model.overlay.is_some());
    key(&mut model, Key::Char('n'));
    assert!(model.overlay.is_none());
    ask(&mut model);
    key(&mut model, Key::Enter);
    assert!(model.overlay.is_none());
}

#[test]
fn quitting_keeps_the_draft_first() {
    let mut model = signed_in(Role::FrontDesk);
    model.carry_out(vec![Step::Open(Place::Register(find::Text(String::new())))]);
    key(&mut model, Key::Char('O'));
    assert!(key(&mut model, Key::Ctrl('q')).is_empty(), "it asks first");
    let effects = key(&mut model, Key::Char('q'));
    assert!(matches!(
        &effects[..],
        [Effect::Draft(draft::Effect::Save { .. }), Effect::Quit]
    ));
}

#[test]
fn what_was_done_in_one_chart_is_not_taken_back_over_another() {
    let mut model = signed_in(Role::Clinician);
    open(&mut model, 7);
    let undo = vec![Step::Ask(Effect::Redraw)];
    let done = Notice::undoable(Said::line("saved-here"), undo);
    model.carry_out(vec![Step::Say(done)]);
    open(&mut model, 7);
    assert!(model.notice.is_some());
    open(&mut model, 8);
    assert!(model.notice.is_none());
    assert!(key(&mut model, Key::Char('u')).is_empty());
}

#[test]
fn what_was_done_in_a_chart_is_not_said_over_a_search() {
    let mut model = signed_in(Role::Clinician);
    open(&mut model, 7);
    let undo = vec![Step::Ask(Effect::Redraw)];
    let done = Notice::undoable(Said::line("saved-here"), undo);
    model.carry_out(vec![Step::Say(done)]);
    woken_after(&mut model, 2_000);
    key(&mut model, Key::Down);
    assert!(model.notice.is_some());
    key(&mut model, Key::F(3));
    key(&mut model, Key::Char('u'));
    assert!(model.notice.is_none());
}
