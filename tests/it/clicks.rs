//! Clicks do what the thing under the pointer says, and nothing that lies under another.

use cairn::{
    app::{Model, Msg, Tab},
    chart::who::Role,
    say::Lang,
};

use crate::{
    stage::{Stage, chart, people, rows},
    ward::Ward,
};

fn find() -> Stage {
    let mut stage = Stage::signed_in(Lang::English, "Dr Okot", Role::Clinician);
    stage.keys("okello gr");
    stage.find(rows());
    stage
}

/// Clicks at the first place where the screen shows `what`; says whether it can be clicked.
fn click(stage: &mut Stage, what: &str) -> bool {
    let text = stage.text();
    let (row, line) = text
        .lines()
        .enumerate()
        .find(|(_, line)| line.contains(what))
        .unwrap();
    let column = line.split(what).next().unwrap().chars().count();
    let action = stage.clicked(column, row);
    let found = action.is_some();
    if let Some(action) = action {
        stage.wait_ms(200);
        stage.send(Msg::Clicked(action));
    }
    found
}

fn tab(model: &Model) -> Tab {
    model.desk().unwrap().at
}

#[test]
fn a_click_selects_a_row_and_another_opens_it() {
    let mut stage = find();
    assert!(click(&mut stage, "OKELO, Gracious"));
    assert!(
        stage.text().contains(">   OKELO, Gracious"),
        "{}",
        stage.text()
    );
    assert!(click(&mut stage, "OKELO, Gracious"));
    stage.open(chart(&rows()[2]));
    assert_eq!(tab(&stage.model), Tab::Chart);
}

#[test]
fn tabs_and_hints_can_be_clicked() {
    let mut stage = find();
    stage.keys("<Enter>");
    stage.open(chart(&rows()[0]));
    assert!(click(&mut stage, "2 Find"));
    assert_eq!(tab(&stage.model), Tab::Find);
    assert!(click(&mut stage, "F1 help"));
    assert!(stage.text().contains("Help"));
}

#[test]
fn a_click_puts_the_caret_into_a_field_and_takes_a_choice() {
    let mut ward = Ward::new();
    ward.keys("iibcg");
    assert!(click(&mut ward.stage, "> BCG"));
    ward.stage.keys("<Tab>");
    assert!(click(&mut ward.stage, "Lot"));
    ward.keys("AB1");
    assert!(click(&mut ward.stage, "F2 save"));
    ward.answer();
    let saved = &ward.summary().immunizations[0];
    assert_eq!(
        (saved.vaccine.text.as_str(), saved.lot.as_str()),
        ("BCG", "AB1")
    );
}

#[test]
fn a_page_a_section_of_a_note_and_a_diagnosis_can_be_clicked() {
    let mut ward = Ward::new();
    assert!(click(&mut ward.stage, "b Problems"));
    ward.shows("[b Problems]");
    ward.keys("<F8>");
    assert!(click(&mut ward.stage, "Plan"));
    ward.keys("rest");
    ward.shows(">Plan    rest");
    assert!(click(&mut ward.stage, "Dx"));
    ward.keys("malaria");
    assert!(click(&mut ward.stage, "B50.9"));
    ward.shows("> B50.9");
    assert!(click(&mut ward.stage, "B50.9"));
    ward.answer();
    ward.shows("Dx      B50.9");
    ward.hides("B54");
}

#[test]
fn what_can_hurt_needs_its_letter() {
    let mut ward = Ward::new();
    ward.keys("b+asthma<Esc><Esc>b+");
    ward.shows("Esc  ");
    let question = ward.stage.model.overlay.is_some();
    assert!(question, "{}", ward.stage.text());
    let other = ward.stage.text();
    let other = other.lines().rev().find(|it| it.contains("  n    "));
    let words = other.unwrap().split("  n    ").nth(1).unwrap();
    assert!(!click(&mut ward.stage, &words[..8]));
    assert!(click(&mut ward.stage, "Esc  "));
    assert!(ward.stage.model.overlay.is_none());
}

#[test]
fn nothing_under_a_box_can_be_clicked() {
    let mut stage = find();
    stage.keys("<F1>");
    assert!(!click(&mut stage, "[2 Find]"));
    assert!(stage.model.overlay.is_some());
}

#[test]
fn a_person_at_the_lock_screen_can_be_clicked() {
    let mut stage = Stage::locked(Lang::English);
    let answer = cairn::app::lock::Answer::People(people());
    stage.send(Msg::Lock(answer));
    assert!(click(&mut stage, "N. Ali"));
    assert!(stage.text().contains("PIN for N. Ali:"), "{}", stage.text());
}
