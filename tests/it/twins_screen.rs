//! Who was perhaps registered twice, in the list of what needs a person: looked at, told
//! apart, taken back.

use cairn::{
    app::{
        Effect, Msg,
        twins::{Twin, Twins},
        versions::{Answer, Effect as Asked, Machine},
    },
    chart::{BirthDate, Sex, who::Role},
    ids::PatientId,
    say::Lang,
};
use insta::assert_snapshot;

use crate::stage::{Stage, hostile_rows};

fn twin(number: u8, called: &str, machine: Machine) -> Twin {
    Twin {
        patient: PatientId::from_bytes([number; 16]),
        called: called.to_owned(),
        number: format!("K2F7-041{number}-R"),
        sex: Sex::Female,
        born: Some(BirthDate {
            date: "1998-02-02".parse().unwrap(),
            estimated: false,
        }),
        village: "Bulima".to_owned(),
        machine,
    }
}

fn joan(may_settle: bool) -> Twins {
    let there = Machine::There("Hill Post".to_owned());
    Twins {
        people: [
            twin(1, "NAKATO, Joan", Machine::Here),
            twin(2, "NAKATTO, Joan", there),
        ],
        since: Some("2025-11-14T11:20:00+03:00".parse().unwrap()),
        may_settle,
    }
}

fn told(stage: &mut Stage, twins: Vec<Twins>) {
    let request = stage.newest(|effect| {
        if let Effect::Versions(Asked::Twins { request }) = effect {
            Some(*request)
        } else {
            None
        }
    });
    let result = Ok(Vec::new());
    stage.send(Msg::Versions(Answer::Loaded { request, result }));
    let result = Ok(twins);
    stage.send(Msg::Versions(Answer::Twins { request, result }));
}

/// What was said last of whom.
fn wish(stage: &Stage) -> ([PatientId; 2], bool) {
    stage.newest(|effect| {
        if let Effect::Versions(Asked::TellApart { people, apart }) = effect {
            Some((*people, *apart))
        } else {
            None
        }
    })
}

fn listed(lang: Lang, twins: Twins) -> Stage {
    let mut stage = Stage::signed_in(lang, "Amina N", Role::FrontDesk);
    stage.keys("<Tab>8r");
    told(&mut stage, vec![twins]);
    stage
}

#[track_caller]
fn shows(stage: &Stage, text: &str) {
    assert!(stage.text().contains(text), "{text}\n{}", stage.text());
}

#[test]
fn the_front_desk_tells_two_people_apart_and_takes_it_back() {
    let mut stage = listed(Lang::English, joan(true));
    shows(&stage, "To compare (1)");
    assert_snapshot!("twins-list", stage.picture());
    stage.keys("<Enter>");
    assert_snapshot!("twins-question", stage.picture());
    stage.keys("<Enter>");
    let told_anything = |stage: &Stage| {
        let mut asked = stage.asked.iter();
        asked.any(|it| matches!(it, Effect::Versions(Asked::TellApart { .. })))
    };
    assert!(!told_anything(&stage), "Enter leaves it for later");
    stage.keys("<Enter>n");
    let people = [1, 2].map(|it| PatientId::from_bytes([it; 16]));
    assert_eq!(wish(&stage), (people, true));
    let result = Ok(true);
    stage.send(Msg::Versions(Answer::ToldApart { people, result }));
    told(&mut stage, Vec::new());
    shows(&stage, "To compare (0)");
    shows(&stage, "They are two people. u undoes.");
    stage.keys("u");
    assert_eq!(wish(&stage), (people, false));
    let result = Ok(false);
    stage.send(Msg::Versions(Answer::ToldApart { people, result }));
    told(&mut stage, vec![joan(true)]);
    shows(&stage, "To compare (1)");
    shows(&stage, "Taken back");
}

#[test]
fn who_may_not_decide_is_told_who_does_in_every_language() {
    for lang in [Lang::English, Lang::French, Lang::Spanish] {
        let mut stage = listed(lang, joan(false));
        stage.keys("<Enter>n");
        let asked = stage.asked.iter();
        let told =
            asked.filter(|it| matches!(it, Effect::Versions(Asked::TellApart { .. })));
        assert_eq!(told.count(), 0);
        assert!(!stage.text().contains("twins-"), "{}", stage.text());
    }
}

#[test]
fn hostile_names_stay_in_their_cells() {
    for row in hostile_rows() {
        let mut twins = joan(true);
        twins.people[0].called = row.shown_name();
        twins.people[1].village = row.shown_name();
        let mut stage = listed(Lang::English, twins);
        stage.keys("<Enter>");
        assert!(stage.text().lines().all(|it| !it.contains('\u{1b}')));
    }
}
