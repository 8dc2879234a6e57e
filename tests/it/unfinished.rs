//! What was typed and not saved: it is said, counted, gone on with and never left unasked.

use cairn::{
    app::{
        Effect, Entering, Model, Msg, Place,
        draft::{self, Unfinished},
        patient,
    },
    chart::who::Role,
    ids::PatientId,
    say::Lang,
};

use crate::{
    stage::{Stage, chart, entering, now, row, rows, setting, who},
    ward::Ward,
};

/// A draft of another patient's note, kept before.
fn akello(minutes: i64) -> Unfinished {
    let mut kept = now();
    kept.at = kept.at.plus_ms(-minutes * 60_000);
    Unfinished {
        key: draft::Key {
            kind: draft::Kind::Note,
            patient: Some(PatientId::from_bytes([77; 16])),
        },
        kept,
        whose: Some("AKELLO, Sarah".to_owned()),
    }
}

fn signed_in(unfinished: Vec<Unfinished>) -> Stage {
    let entering = Entering {
        unfinished,
        ..entering(who("Dr Okot", Role::Clinician))
    };
    let mut stage = Stage::signed_in(Lang::English, "Dr Okot", Role::Clinician);
    let (model, asked) = Model::signed_in(setting(Lang::English), entering);
    stage.model = model;
    stage.asked = asked;
    stage
}

/// The patient whose chart was asked for last.
fn opens(stage: &Stage) -> Option<PatientId> {
    stage.asked.iter().rev().find_map(|effect| {
        if let Effect::Patient(patient::Effect::Open { patient, .. }) = effect {
            Some(*patient)
        } else {
            None
        }
    })
}

#[track_caller]
fn shows(stage: &Stage, text: &str) {
    let seen = stage.text();
    assert!(seen.contains(text), "no {text:?} in\n{seen}");
}

fn drops(stage: &Stage) -> bool {
    let dropped = |it: &Effect| matches!(it, Effect::Draft(draft::Effect::Drop(_)));
    stage.asked.iter().any(dropped)
}

#[test]
fn a_note_that_is_left_is_said_in_the_chart_until_it_is_signed() {
    let mut ward = Ward::new();
    ward.keys("<F8>");
    ward.keys("bp 120/80<Tab>Cough");
    ward.keys("<Esc>");
    ward.shows("Kept unfinished: note for OKELLO, Grace");
    ward.shows("Unfinished: note 10:42, not in the chart yet - F8 goes on");
    ward.keys("b");
    ward.shows("Unfinished: note 10:42, not in the chart yet - F8 goes on");
    ward.keys("<F8>");
    assert!(!ward.stage.text().contains("Unfinished:"), "it is in front");
}

#[test]
fn ctrl_o_goes_on_with_what_was_kept_last_and_says_whose() {
    let mut ward = Ward::new();
    ward.keys("<^o>");
    ward.shows("Nothing lies unfinished.");
    ward.keys("<F8>");
    ward.keys("<Tab>Cough");
    ward.keys("<Esc>");
    ward.keys("<^o>");
    ward.shows("Going on with: note for OKELLO, Grace");
    ward.shows("Visit today");

    // A draft from before is older than one made just now.
    let mut stage = signed_in(vec![akello(11)]);
    stage.keys("o");
    stage.find(vec![row(1, "Okello", "Grace", "1987-03-14")]);
    stage.keys("<Enter>");
    stage.open(chart(&rows()[0]));
    stage.keys("<F8>");
    stage.keys("<Tab>Cough<Esc>");
    let here = opens(&stage);
    stage.keys("<^o>");
    assert_eq!(opens(&stage), here, "no other chart is opened");
    shows(&stage, "Going on with: note for OKELLO, Grace");
    // From there it goes on with the one before.
    let request = stage.newest(|effect| {
        if let Effect::Draft(draft::Effect::Load { request, .. }) = effect {
            Some(*request)
        } else {
            None
        }
    });
    let body = draft::Body("S\tCough\nat\t1 5\n".to_owned());
    let found = Some((body, now()));
    let loaded = draft::Answer::Loaded { request, found };
    stage.send(Msg::Draft(loaded));
    shows(&stage, "The draft for OKELLO, Grace is taken up");
    stage.keys("<^o>");
    assert_eq!(opens(&stage), akello(11).key.patient);
    shows(&stage, "Going on with: note for AKELLO, Sarah");
}

#[test]
fn whoever_signs_in_reads_what_lies_unfinished_and_enter_goes_on() {
    let mut stage = signed_in(vec![akello(11)]);
    shows(
        &stage,
        "Unfinished: note for AKELLO, Sarah 10:31 - Enter to go on",
    );
    stage.keys("<Enter>");
    assert_eq!(opens(&stage), akello(11).key.patient);

    let registration = Unfinished {
        key: cairn::app::register::State::DRAFT,
        kept: now(),
        whose: None,
    };
    let mut stage = signed_in(vec![akello(11), akello(30), registration]);
    shows(&stage, "Unfinished (3): note for AKELLO, Sarah 10:31");
    // Enter is offered as the first key alone.
    stage.keys("a");
    stage.keys("<Enter>");
    assert_eq!(opens(&stage), None);
}

#[test]
fn quitting_with_something_unfinished_in_front_asks_once() {
    let ended = |stage: &Stage| matches!(stage.asked.last(), Some(Effect::Quit));
    let mut ward = Ward::new();
    ward.keys("<F8>");
    ward.keys("<Tab>Cough");
    ward.keys("<^q>");
    ward.shows("Quit with something unfinished?");
    ward.shows("note for OKELLO, Grace");
    assert!(!ended(&ward.stage));
    ward.keys("<Enter>");
    assert!(!ended(&ward.stage), "the safe line stays");
    ward.keys("<^q>");
    ward.keys("q");
    assert!(ended(&ward.stage));

    let mut ward = Ward::new();
    ward.keys("<^q>");
    assert!(ended(&ward.stage), "nothing is unfinished");

    let mut ward = Ward::new();
    ward.keys("<F8>");
    ward.keys("<Tab>Cough");
    ward.stage.send(Msg::Ending);
    assert!(ended(&ward.stage), "the system does not wait for an answer");
}

#[test]
fn esc_at_the_question_of_the_same_person_goes_back_to_the_form() {
    let mut stage = Stage::signed_in(Lang::English, "Amina N", Role::FrontDesk);
    stage.keys("okello grace");
    stage.find(Vec::new());
    stage.keys("<^n>");
    stage.keys("f38y<Enter>kij<Enter>-<Enter>");
    stage.alike(rows()[..1].to_vec());
    stage.keys("<F2>");
    shows(&stage, "Is this the same person?");
    shows(&stage, "Back to the form");
    stage.keys("<Esc>");
    assert_eq!(opens(&stage), None);
    assert!(!drops(&stage), "the draft stays");
    shows(&stage, "38y");
    shows(&stage, "Okello");
    // It is asked again, and Enter takes the marked line.
    stage.keys("<F2>");
    stage.keys("<Enter>");
    assert_eq!(opens(&stage), Some(rows()[0].patient));
}

#[test]
fn the_search_shows_no_banner_of_another_patient() {
    let found = || {
        vec![
            row(1, "Okello", "Grace", "1987-03-14"),
            row(2, "Were", "John", "2001-01-05"),
        ]
    };
    for role in [Role::Clinician, Role::FrontDesk] {
        let mut stage = Stage::signed_in(Lang::English, "Amina N", role);
        stage.keys("o");
        stage.find(found());
        stage.keys("<Enter>");
        let mut chart = chart(&rows()[0]);
        if role == Role::FrontDesk {
            chart.summary = None;
        }
        stage.open(chart);
        let banner = |stage: &Stage| {
            let text = stage.text();
            text.lines()
                .nth(1)
                .is_some_and(|it| it.contains("OKELLO, Grace"))
        };
        assert!(banner(&stage), "{role:?}: {}", stage.text());
        stage.keys("<F3><Down>");
        assert!(!banner(&stage), "{role:?}: {}", stage.text());
        stage.keys("<F3><^n>");
        assert!(!banner(&stage), "{role:?}: {}", stage.text());
        assert!(matches!(
            stage.model.desk().unwrap().front().unwrap().place(),
            Place::Register(_)
        ));
    }
}
