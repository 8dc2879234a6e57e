//! A prescription that an allergy stops, and who may not prescribe at all.

use std::process::Command;

use super::{CLINICIAN, CLINICIAN_NAME, Clinic, NURSE, Setting};
use crate::{command::Ran, pty::Pty};

/// A drug, from the open list to the saved prescription.
const DRUG_MAX: usize = 20;

/// Registers someone; says by which number.
fn register(terminal: &mut Pty) -> String {
    terminal.slowly("<F3>zziwa lydia<^n>f38y<Enter>kij<Enter>-<Enter><F2>");
    let text = terminal.text();
    let (_, rest) = text.split_once("Saved with number ").unwrap();
    let number = rest.split_whitespace().next().unwrap();
    number.trim_end_matches('.').to_owned()
}

#[test]
fn a_clinician_is_stopped_and_goes_ahead_with_a_reason_that_stays() {
    let clinic = Clinic::demo();
    let mut terminal = clinic.open_as(CLINICIAN, Setting::USUAL);
    let number = register(&mut terminal);
    terminal.slowly("aapen<Enter>ana<Enter>s<F2>");
    terminal.shows("ALLERGY: PENICILLIN Anaphylaxis");

    let keys = terminal.slowly("dpamox<Enter>1 tds x 5d<F2>");
    println!("a drug: {keys} keys");
    assert!(keys <= DRUG_MAX, "{keys} keys");
    terminal.shows("STOP: allergy on file");
    terminal.shows("group PENICILLIN");
    terminal.shows(&format!("by {CLINICIAN_NAME}"));
    let (row, _) = terminal.place("To go ahead").unwrap();
    assert_eq!(terminal.caret().0, row + 1);

    for wrong in ["<Enter>", "<Esc>", "override no other drug<F2><Esc>"] {
        terminal.slowly(wrong);
        terminal.hides("STOP: allergy");
        terminal.shows("Not prescribed.");
        terminal.slowly("<F2>");
        terminal.shows("STOP: allergy on file");
    }
    for _ in 0.."override no other drug".len() {
        terminal.keys("<Backspace>");
    }
    terminal.keys("OVERRIDE no other drug here<F2>");
    terminal.shows("Amoxicillin 500 mg capsule: prescribed.");
    terminal.shows("Override: no other");
    terminal.slowly("<Enter>G");
    terminal.shows("Warning set aside   no other drug here");
    terminal.keys("s");
    terminal.shows("Drugs now (1)");
    assert!(terminal.quit());

    let found = clinic.asked(CLINICIAN_NAME, &["med", "list", &number]);
    let drugs = found["medications"].as_array().unwrap();
    assert_eq!(drugs.len(), 1);
    let drug = &drugs[0];
    assert_eq!(drug["overridden"], "no other drug here");
    assert_eq!(drug["type"], "request");
    assert_eq!(drug["dose"], "1 capsule");
    assert_eq!(drug["quantity"], "15 capsule");

    let mut again = clinic.open_as(CLINICIAN, Setting::USUAL);
    again.slowly("zziwa<Enter>");
    again.keys("d");
    again.shows("Override: no other");
    assert!(again.quit());
}

#[test]
fn an_unfinished_prescription_outlives_a_power_cut_and_is_stopped_then() {
    let clinic = Clinic::demo();
    let mut terminal = clinic.open_as(CLINICIAN, Setting::USUAL);
    register(&mut terminal);
    terminal.slowly("aapen<Enter>ana<Enter>s<F2>");
    terminal.slowly("dpamox<Enter>1 tds x 5d");
    terminal.until_drafted();
    terminal.kill();

    let mut again = clinic.locked(Setting::USUAL);
    again.shows("unfinished: prescription");
    clinic.sign_in(CLINICIAN, &mut again);
    again.keys("<^o>");
    again.shows("Amoxicillin 500 mg capsule");
    again.shows("1 tds x 5d");
    again.keys("<F2>");
    again.shows("STOP: allergy on file");
    assert!(again.quit());
}

#[test]
fn a_nurse_cannot_prescribe_on_the_screen_or_past_it() {
    let clinic = Clinic::demo();
    let mut terminal = clinic.open_as(NURSE, Setting::USUAL);
    let number = register(&mut terminal);
    for keys in ["p", "d", "p", "+"] {
        terminal.keys(keys);
        terminal.hides("p prescribe");
        terminal.hides("First letters");
        if keys != "d" {
            terminal.shows("Your role does not include this.");
        }
    }
    terminal.shows("Your role does not prescribe");
    terminal.slowly("tmetf<Enter>1 bd<Tab>told<Enter><F2>");
    terminal.shows("from elsewhere: 1");
    assert!(terminal.quit());

    let found = clinic.asked(CLINICIAN_NAME, &["med", "list", &number]);
    let drugs = found["medications"].as_array().unwrap();
    assert_eq!(drugs.len(), 1);
    assert_eq!(drugs[0]["type"], "statement");

    let users = clinic.asked(CLINICIAN_NAME, &["user", "list"]);
    let nurse = users["users"].as_array().unwrap().iter();
    let nurse = nurse.clone().find(|it| it["role"] == "nurse").unwrap();
    let nurse = nurse["name"].as_str().unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_cairn"));
    command.arg("--home").arg(&clinic.home);
    command
        .arg("--passphrase-file")
        .arg(clinic.home.join("passphrase"));
    command.args(["--user", nurse, "med", "add", &number]);
    command.args(["--drug", "Metformin 500 mg tablet", "--dose", "1 bd"]);
    let ran = Ran::of(command.output().unwrap());
    assert_ne!(ran.code, Some(0));
    assert!(
        ran.err.contains("the role nurse does not include it"),
        "{}",
        ran.err
    );
}
