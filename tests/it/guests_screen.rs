//! What other clinics share, on the screen of the specialist.

use std::collections::BTreeMap;

use cairn::{
    app::{
        Msg,
        beyond::{Asks, Guest, GuestChart, News, Stands},
        notice::Trouble,
        sync,
    },
    chart::{Chart, Record, SharedPart, who::Role},
    ids::{ClinicId, StatementId},
    say::Lang,
};
use insta::assert_snapshot;

use crate::{
    bedside::okello,
    stage::{Stage, hostile_rows, now},
};

/// What is left of the share: less than the idle lock waits.
const LEFT_MS: i64 = 60 * 1_000;

#[track_caller]
fn shows(stage: &Stage, text: &str) {
    assert!(stage.text().contains(text), "{text}\n{}", stage.text());
}

#[track_caller]
fn hides(stage: &Stage, text: &str) {
    assert!(!stage.text().contains(text), "{text}\n{}", stage.text());
}

fn guest(number: u8, stands: Stands) -> Guest {
    let is_live = stands == Stands::Live;
    Guest {
        grant: StatementId::from_bytes([number; 32]),
        clinic: ClinicId::from_bytes([9; 16]),
        clinic_name: "Kijani Health Centre".to_owned(),
        patient: is_live.then(|| okello().patient),
        called: if is_live {
            "OKELLO, Grace  K2F7-0401-R"
        } else {
            ""
        }
        .to_owned(),
        parts: vec![SharedPart::Summary, SharedPart::Visits],
        until: now().at.plus_ms(LEFT_MS),
        day: now().day(),
        stands,
    }
}

fn all() -> Vec<Guest> {
    let stands = [
        Stands::Live,
        Stands::Early,
        Stands::Expired,
        Stands::Revoked,
    ];
    (1..).zip(stands).map(|(n, it)| guest(n, it)).collect()
}

fn opened(lang: Lang, role: Role, all: Vec<Guest>) -> Stage {
    let mut stage = Stage::signed_in(lang, "Dr Were", role);
    stage.keys("<F6>8g");
    stage.tell(|it| matches!(it, Asks::Guests), News::Guests(Ok(all)));
    stage
}

fn tell_chart(stage: &mut Stage, chart: Chart) {
    let names = BTreeMap::new();
    let shown = Box::new(GuestChart { chart, names });
    let asked = |it: &Asks| matches!(it, Asks::GuestChart(..));
    stage.tell(asked, News::GuestChart(Ok(shown)));
}

fn reading(lang: Lang, role: Role) -> Stage {
    let mut stage = opened(lang, role, all());
    stage.keys("<Enter>");
    tell_chart(&mut stage, okello());
    stage
}

fn proposed(stage: &Stage) -> Option<&Record> {
    stage.beyond().find_map(|it| {
        if let Asks::Propose { record, .. } = &it.asks {
            Some(&**record)
        } else {
            None
        }
    })
}

#[test]
fn what_is_shared_is_listed_with_whom_it_is_of_until_when_and_why_it_ended() {
    let mut stage = opened(Lang::English, Role::Clinician, all());
    assert_snapshot!("guests", stage.picture());
    for says in [
        "has not begun",
        "This share is over",
        "took this share back",
    ] {
        stage.keys("<Down><Enter>");
        shows(&stage, says);
    }
    assert!(stage.beyond().all(|it| matches!(it.asks, Asks::Guests)));
    let small = opened(Lang::French, Role::Owner, all()).sized(60, 20);
    assert_snapshot!("guests-french-small", small.picture());
    shows(
        &opened(Lang::English, Role::Nurse, Vec::new()),
        "Nothing is shared with you.",
    );
}

#[test]
fn a_chart_is_read_under_the_name_of_its_clinic_until_the_share_ends() {
    let mut stage = reading(Lang::English, Role::Clinician);
    shows(
        &stage,
        "Read only, until 18-Nov-2025: a chart of Kijani Health Centre",
    );
    shows(&stage, "OKELLO, Grace");
    shows(&stage, "PENICILLIN");
    assert_snapshot!("guest-chart", stage.picture());
    for key in ["<Down>", "<End>", "<Home>"] {
        stage.keys(key);
        shows(
            &stage,
            "Read only, until 18-Nov-2025: a chart of Kijani Health Centre",
        );
    }
    let mut low = reading(Lang::English, Role::Clinician).sized(60, 16);
    hides(&low, "Whom to call");
    low.keys("<End>");
    shows(&low, "Whom to call");
    hides(&low, "PENICILLIN");
    // From the end it goes up at once.
    low.keys("<Up><Up><Up><Up><Up><Up>");
    shows(&low, "PENICILLIN");
    stage.wait_ms(LEFT_MS);
    stage.send(Msg::Woke);
    hides(&stage, "PENICILLIN");
    shows(&stage, "This share is over.");
    let mut locked = reading(Lang::English, Role::Clinician);
    locked.keys("<F9>");
    hides(&locked, "OKELLO");
}

#[test]
fn a_consult_note_is_proposed_and_what_is_typed_outlives_a_look_at_the_chart() {
    let mut stage = reading(Lang::English, Role::Clinician);
    stage.keys("n<F2>");
    shows(&stage, "write what you found, think or advise");
    stage.keys("wheeze both sides<Tab><Tab>double the inhaler");
    assert_snapshot!("guest-note", stage.picture());
    stage.keys("<Esc>");
    shows(&stage, "PENICILLIN");
    stage.keys("n");
    shows(&stage, "wheeze both sides");
    stage.keys("<F2>");
    let Some(Record::Note(note)) = proposed(&stage) else {
        panic!("no note");
    };
    assert_eq!(note.title, "consult");
    assert_eq!(
        (note.section("O"), note.section("A"), note.section("P")),
        ("wheeze both sides", "", "double the inhaler")
    );
    let asked = |it: &Asks| matches!(it, Asks::Propose { .. });
    stage.tell(asked, News::Offered(Err(Trouble::NotTaken)));
    shows(&stage, "It cannot be proposed");
    shows(&stage, "wheeze both sides");
    stage.keys("<F2>");
    stage.tell(asked, News::Offered(Ok(())));
    shows(
        &stage,
        "It goes to that clinic when your computer meets theirs.",
    );
    hides(&stage, "wheeze both sides");
}

#[test]
fn a_drug_is_proposed_by_its_dose_line() {
    let mut stage = reading(Lang::English, Role::Clinician);
    stage.keys("pparacet<Enter>1 tds x 5d<F2>");
    let Some(Record::Medication(drug)) = proposed(&stage) else {
        panic!("no drug\n{}", stage.text());
    };
    assert!(drug.code.text.to_lowercase().contains("paracet"));
    assert!(!drug.frequency.is_empty() && !drug.duration.is_empty());
}

#[test]
fn a_drug_that_an_allergy_stops_is_not_proposed() {
    let mut stage = reading(Lang::English, Role::Clinician);
    stage.keys("pamoxi<Enter>1 tds x 5d<F2><F2>");
    assert!(proposed(&stage).is_none());
    shows(&stage, "an allergy of theirs stops this drug");
}

#[test]
fn a_chart_closes_when_its_share_is_taken_back_while_it_is_read() {
    let mut stage = reading(Lang::English, Role::Clinician);
    stage.keys("nwheeze");
    let is_list = |it: &Asks| matches!(it, Asks::Guests);
    let came = || {
        Msg::Sync(sync::Answer::TookIn {
            more: false,
            chart: None,
            by: None,
        })
    };
    stage.send(came());
    stage.tell(is_list, News::Guests(Ok(all())));
    shows(&stage, "wheeze");
    stage.send(came());
    let mut back = all();
    back[0].stands = Stands::Revoked;
    stage.tell(is_list, News::Guests(Ok(back)));
    shows(&stage, "took this share back");
    hides(&stage, "wheeze");
    hides(&stage, "PENICILLIN");
}

#[test]
fn who_may_not_write_or_prescribe_has_no_key_to_it() {
    let mut nurse = reading(Lang::English, Role::Nurse);
    nurse.keys("p");
    shows(&nurse, "PENICILLIN");
    let mut desk = Stage::signed_in(Lang::English, "Amina", Role::FrontDesk);
    desk.keys("<F6>8g");
    assert_eq!(desk.beyond().count(), 0);
}

#[test]
fn hostile_words_are_safe() {
    for row in hostile_rows() {
        let name = row.names[0].family.as_str();
        let hostile = Guest {
            clinic_name: name.to_owned(),
            called: name.to_owned(),
            ..guest(1, Stands::Live)
        };
        let mut stage = opened(Lang::English, Role::Owner, vec![hostile]);
        crate::screens::check_safe(&stage);
        stage.keys("<Enter>");
        tell_chart(&mut stage, crate::stage::chart(&row));
        crate::screens::check_safe(&stage);
    }
}
