//! Correcting who a patient is: from the list of people found, and from the summary.

use cairn::{
    app::{Effect, Msg, draft, patient, sync::Answer},
    chart::{Chart, Edit, Person, Record, who::Role},
    say::Lang,
};
use insta::assert_snapshot;

use crate::{
    bedside::{at_bedside, okello},
    stage::{Stage, rows},
};

#[track_caller]
fn shows(stage: &Stage, text: &str) {
    assert!(stage.text().contains(text), "{text}\n{}", stage.text());
}

/// The chart of Grace Okello, as the front desk may read it.
fn identity() -> Chart {
    let mut chart = okello();
    (chart.summary, chart.visits, chart.results) = (None, None, None);
    chart
}

fn at_desk() -> Stage {
    let mut stage = Stage::signed_in(Lang::English, "Amina N", Role::FrontDesk);
    stage.keys("okello gr");
    stage.find(rows());
    stage.keys("<Tab>e");
    stage.open(identity());
    stage
}

fn saved(stage: &Stage) -> (Person, Person) {
    stage.newest(|effect| {
        let Effect::Patient(patient::Effect::Save { edits, .. }) = effect else {
            return None;
        };
        let Some(Edit::Change { before, after }) = edits.first() else {
            return None;
        };
        if let (Record::Person(before), Record::Person(after)) = (&**before, &**after) {
            Some((before.clone(), after.clone()))
        } else {
            None
        }
    })
}

#[test]
fn the_front_desk_corrects_a_telephone_number_and_nothing_else_changes() {
    let mut stage = at_desk();
    assert_snapshot!("details", stage.picture());
    stage.keys(&format!(
        "<Tab><Tab><Tab><Tab><Tab>{}",
        "<Backspace>".repeat(14)
    ));
    stage.keys("0700 111 222<F2>");
    let (before, after) = saved(&stage);
    let mut expected = before;
    "0700 111 222".clone_into(&mut expected.phone);
    assert!(after == expected, "{}", stage.text());
    let request = stage.newest(|effect| {
        if let Effect::Patient(patient::Effect::Save { request, .. }) = effect {
            Some(*request)
        } else {
            None
        }
    });
    let mut chart = identity();
    chart.identity.person = Some(after);
    stage.send(Msg::Patient(patient::Answer::Saved {
        request,
        result: Ok(Some(Box::new(chart))),
    }));
    shows(&stage, "OKELLO, Grace: saved here.");
    shows(&stage, "Find:");
}

#[test]
fn a_birth_date_may_be_typed_as_everywhere() {
    let mut stage = at_desk();
    stage.keys(&format!(
        "<Tab><Tab><Tab>{}38y<F2>",
        "<Backspace>".repeat(12)
    ));
    let (_, after) = saved(&stage);
    assert!(after.birth.unwrap().estimated);
}

#[test]
fn what_is_left_is_kept_as_a_draft_and_leads_back() {
    let mut stage = at_bedside(Lang::English);
    stage.keys("e");
    shows(&stage, "Correct the details of OKELLO, Grace");
    stage.keys("xy<Esc>");
    shows(&stage, "[4 Chart]");
    shows(&stage, "Problems");
    let kept = stage.asked.iter().any(|it| {
        matches!(it, Effect::Draft(draft::Effect::Save { key, .. })
            if key.kind == draft::Kind::Details)
    });
    assert!(kept);
}

#[test]
fn whoever_corrects_hears_that_another_machine_did_so_too() {
    let mut stage = at_desk();
    stage.keys("<Tab><Tab><Tab><Tab><Tab>1");
    let mut chart = identity();
    let person = chart.identity.person.as_mut().unwrap();
    "0711 000 000".clone_into(&mut person.phone);
    stage.send(Msg::Sync(Answer::TookIn {
        more: false,
        chart: Some(Box::new(chart)),
        by: Some("Hill Post".to_owned()),
    }));
    shows(
        &stage,
        "Hill Post also changed this. Yours is kept as a second version.",
    );
    stage.keys("<F2>");
    let (before, _) = saved(&stage);
    assert!(before.phone != "0711 000 000");
}
