//! A reason on the screen: the emergency view in at most five keys, the chart of somebody
//! who is not in care, the hour, and the owners' list.

use cairn::{
    app::{
        Effect, Msg,
        glass::{Answer, Effect as Asked, Use, Viewed, Waiting},
        notice::Trouble,
        patient,
    },
    care::EmergencyView,
    chart::{
        Chart,
        who::{Denial, Role},
    },
    ids::{PatientId, SessionId},
    say::Lang,
};
use insta::assert_snapshot;

use crate::{
    bedside::okello,
    stage::{Stage, now, rows},
};

/// What is left of the hour: less than the idle lock waits.
const LEFT_MS: i64 = 60 * 1_000;

#[track_caller]
fn shows(stage: &Stage, text: &str) {
    assert!(stage.text().contains(text), "{text}\n{}", stage.text());
}

#[track_caller]
fn hides(stage: &Stage, text: &str) {
    assert!(!stage.text().contains(text), "{text}\n{}", stage.text());
}

fn found(role: Role) -> Stage {
    let mut stage = Stage::signed_in(Lang::English, "Leila", role);
    stage.keys("ok");
    stage.find(rows());
    stage
}

fn asked(stage: &Stage) -> (u32, PatientId, String) {
    stage.newest(|effect| {
        if let Effect::Glass(Asked::View {
            request,
            patient,
            why,
        }) = effect
        {
            Some((*request, *patient, why.0.clone()))
        } else {
            None
        }
    })
}

fn view(stage: &mut Stage) {
    let (request, ..) = asked(stage);
    let view = EmergencyView::of(&okello(), now().day());
    let until = now().at.plus_ms(LEFT_MS);
    let result = Ok(Box::new(Viewed { view, until }));
    stage.send(Msg::Glass(Answer::Viewed { request, result }));
}

#[test]
fn the_emergency_view_takes_four_keys_with_its_reason() {
    let mut stage = found(Role::Owner);
    stage.keys("<^e>");
    shows(&stage, "EMERGENCY VIEW");
    shows(&stage, "OKELLO, Grace");
    assert_snapshot!("reason", stage.picture());
    stage.keys("2");
    let (_, patient, why) = asked(&stage);
    assert_eq!(
        (patient, why.as_str()),
        (okello().patient, "Not conscious, or cannot speak")
    );
    hides(&stage, "ALLERGY");
    view(&mut stage);
    shows(&stage, "! EMERGENCY VIEW until");
    shows(&stage, "A part of this record may be closed to you.");
    assert_snapshot!("emergency", stage.picture());
    // The hour is over.
    stage.wait_ms(LEFT_MS);
    stage.send(Msg::Woke);
    hides(&stage, "A part of this record");
}

#[test]
fn a_key_before_the_answer_waits_for_it_and_chooses_nobody_among_several() {
    let mut stage = Stage::signed_in(Lang::English, "Leila", Role::Owner);
    stage.find(rows());
    stage.keys("ok<^e>");
    hides(&stage, "EMERGENCY VIEW");
    stage.find(rows());
    hides(&stage, "EMERGENCY VIEW");
    stage.keys("e<^e>");
    stage.find(rows().into_iter().take(1).collect());
    shows(&stage, "EMERGENCY VIEW");
    shows(&stage, "OKELLO, Grace");
}

#[test]
fn a_reason_may_be_typed_and_is_needed() {
    let mut stage = found(Role::Nurse);
    stage.keys("<^e><Enter>");
    shows(&stage, "Say why");
    stage.keys("brought by 2 neighbours<Enter>");
    assert_eq!(asked(&stage).2, "brought by 2 neighbours");
    view(&mut stage);
    stage.keys("<Esc>");
    shows(&stage, "Find:");
    let mut stage = found(Role::FrontDesk);
    stage.keys("<^e>");
    hides(&stage, "EMERGENCY VIEW");
}

#[test]
fn every_window_says_whose_view_it_is_until_when_and_what_may_be_closed() {
    for size in [(60, 16), (80, 24), (200, 60)] {
        let mut stage = found(Role::Owner).sized(size.0, size.1);
        stage.keys("<^e>");
        shows(&stage, "OKELLO, Grace");
        shows(&stage, "Life in danger");
        shows(&stage, "Reason:");
        stage.keys("<Enter>");
        shows(&stage, "Say why: one digit, or some words.");
        stage.keys("1");
        view(&mut stage);
        for key in ["<Down>", "<End>", "<Home>", "<Down>"] {
            shows(&stage, "OKELLO, Grace");
            shows(&stage, "! EMERGENCY VIEW until");
            shows(&stage, "A part of this record may be closed to you.");
            stage.keys(key);
        }
        stage.keys("<End>");
        shows(&stage, "Whom to call");
    }
}

#[test]
fn whoever_holds_the_sealed_words_comes_to_the_emergency_view_alone() {
    let mut stage = found(Role::Emergency);
    stage.keys("<Enter>1");
    view(&mut stage);
    shows(&stage, "! EMERGENCY VIEW until");
    hides(&stage, "4 Chart");
}

/// The answer to the newest wish for a chart.
fn opened(stage: &mut Stage, result: Result<Chart, Trouble>) {
    let request = stage.newest(|effect| {
        if let Effect::Patient(patient::Effect::Open { request, .. }) = effect {
            Some(*request)
        } else {
            None
        }
    });
    let result = result.map(Box::new);
    stage.send(Msg::Patient(patient::Answer::Opened { request, result }));
}

#[test]
fn the_chart_of_nobody_in_care_opens_with_a_reason_under_a_banner_for_an_hour() {
    let mut stage = found(Role::Clinician);
    stage.keys("<Enter>");
    opened(&mut stage, Err(Trouble::Denied(Denial::NoReason)));
    shows(&stage, "NOT IN CARE: say why you open this chart");
    stage.keys("4");
    let request = stage.newest(|effect| {
        if let Effect::Glass(Asked::Break { request, .. }) = effect {
            Some(*request)
        } else {
            None
        }
    });
    let result = Ok(());
    stage.send(Msg::Glass(Answer::Broken { request, result }));
    let mut chart = okello();
    chart.glass_until = Some(now().at.plus_ms(LEFT_MS));
    opened(&mut stage, Ok(chart));
    shows(&stage, "! OPENED WITH A REASON, not in care.");
    assert_snapshot!("opened_with_reason", stage.picture());
    stage.keys("<F8><Tab>cough");
    stage.wait_ms(LEFT_MS);
    stage.send(Msg::Woke);
    hides(&stage, "OPENED WITH A REASON");
    hides(&stage, "cough");
    shows(&stage, "Find:");
}

#[test]
fn an_owner_sees_what_waits_and_says_that_it_was_looked_at() {
    let mut stage = found(Role::Owner);
    let waiting = Waiting {
        uses: 1,
        words_due: Some(now()),
    };
    stage.send(Msg::Glass(Answer::Waiting(waiting)));
    shows(&stage, "One chart was opened with a reason alone");
    stage.keys("<F6>8");
    shows(&stage, "The sealed words were used: make new ones by");
    assert_snapshot!("sync_for_owner", stage.picture());
    stage.keys("v");
    let reviews = |stage: &Stage| {
        stage.newest(|effect| {
            if let Effect::Glass(
                Asked::Reviews { request } | Asked::Review { request, .. },
            ) = effect
            {
                Some(*request)
            } else {
                None
            }
        })
    };
    let it = Use {
        entry: (SessionId::from_bytes([7; 32]), 3),
        at: now(),
        who: "Nora".into(),
        called: "OKELLO, Grace  1-0042".into(),
        view_only: true,
        why: "not conscious, brought by neighbours".into(),
    };
    let request = reviews(&stage);
    let result = Ok(vec![it]);
    stage.send(Msg::Glass(Answer::Reviews { request, result }));
    shows(&stage, "not conscious, brought by neighbours");
    assert_snapshot!("reviews", stage.picture());
    stage.keys("r");
    let (request, result) = (reviews(&stage), Ok(Vec::new()));
    stage.send(Msg::Glass(Answer::Reviews { request, result }));
    shows(&stage, "Nothing to look at.");
    shows(&stage, "off the list of every owner");
}
