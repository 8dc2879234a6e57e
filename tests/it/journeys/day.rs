//! A day at the clinic, with the keys that each step may cost.

use super::{CLINICIAN, CLINICIAN_NAME, Clinic, PIN, Setting};
use crate::{pty::Pty, sealed::is_sealed};

/// A new patient, from the empty search to the saved record.
const NEW_PATIENT_MAX: usize = 40;
/// A patient who was here before, from the empty search to the open chart.
const RETURNING_MAX: usize = 10;
/// From the lock screen back to work.
const UNLOCK_MAX: usize = 7;

/// The keys of the design's table: age known, no phone.
const BY_AGE: &str = "<F3>okello grace<^n>f38y<Enter>kij<Enter>-<Enter><F2>";
/// The same with a full date and a phone.
const BY_DATE: &str =
    "<F3>okello grace<^n>f14 3 87<Enter>kij<Enter>0772123456<Enter><F2>";

/// What a day writes, in words that stand nowhere else.
const WRITTEN: [&str; 8] = [
    "OKELLO",
    "Okello",
    "okello",
    "0772123456",
    "Haematemesis",
    "Chest clear both sides",
    "Omeprazole",
    "J45.909",
];

fn register(script: &str, terminal: &mut Pty) -> usize {
    let mut keys = terminal.slowly(script);
    // The demo may hold someone much alike: then it is asked once.
    if terminal.has("Is this the same person?") {
        keys += terminal.keys("n");
    }
    terminal.shows("Saved with number");
    terminal.shows("OKELLO, Grace");
    keys
}

#[test]
fn a_new_patient_takes_the_keys_of_the_design() {
    for (script, expected, born) in [
        (BY_AGE, 26, "Born about"),
        (BY_DATE, 39, "Born 14-Mar-1987"),
    ] {
        let clinic = Clinic::demo();
        let mut terminal = clinic.open_as(CLINICIAN, Setting::USUAL);
        let keys = register(script, &mut terminal);
        println!("a new patient: {keys} keys, {expected} in the design");
        assert!(keys <= NEW_PATIENT_MAX, "{keys} keys");
        terminal.shows(born);
        assert!(terminal.quit());
    }
}

/// Vital signs, and a note with a phrase and a diagnosis; signed.
fn see(terminal: &mut Pty) {
    let vitals = terminal.slowly("<F7>bp 148/92 hr 84 t 37.9<Enter>");
    terminal.shows("148/92 H");
    terminal.shows("3 values saved");
    let note = terminal.slowly(
        "<F8><Enter>Haematemesis<Tab>.chest <Tab>ast<Enter><Enter>Omeprazole<F2>",
    );
    for written in [
        "Haematemesis",
        "Chest clear both sides",
        "J45.909",
        "Omeprazole",
    ] {
        terminal.shows(written);
    }
    terminal.shows("Sign as Dr Leila Haddad?");
    let signed = terminal.slowly("<F2>");
    terminal.shows("Signed by Dr Leila Haddad");
    println!(
        "{vitals} keys for vital signs, {} for a signed note",
        note + signed
    );
}

/// What was seen is in the chart, asked for by the number on the screen.
fn is_on_file(clinic: &Clinic, number: &str) {
    let chart = clinic.asked(CLINICIAN_NAME, &["patient", "show", number]);
    let person = &chart["person"];
    assert_eq!(person["names"][0]["family"], "Okello");
    assert_eq!(person["born"], "1987-03-14");
    assert_eq!(person["phone"], "0772123456");
    let measured = chart["observations"].as_array().unwrap();
    assert_eq!(measured.len(), 3, "{measured:?}");
    let has = |text: &str| measured.iter().any(|it| it.to_string().contains(text));
    assert!(
        has("148") && has("92") && has("84") && has("37.9"),
        "{measured:?}"
    );
    let note = &chart["notes"][0];
    assert!(note["signed"]["by"].is_string());
    let sections = [
        "Haematemesis",
        "Chest clear both sides",
        "J45.909",
        "Omeprazole",
    ];
    for (at, text) in sections.into_iter().enumerate() {
        let section = note["sections"][at]["text"].as_str().unwrap();
        assert!(section.starts_with(text), "{section}");
    }
    let visit = &chart["visits"][0];
    assert_eq!(visit["id"], note["visit"]);
    assert!(
        visit["diagnoses"][0].to_string().contains("J45.909"),
        "{visit}"
    );
}

/// Registers, goes away, finds again, measures, writes, signs, locks, unlocks and leaves: the
/// whole of it in one setting.
fn day(setting: Setting) {
    let clinic = Clinic::demo();
    let mut terminal = clinic.open_as(CLINICIAN, setting);
    let new = register(BY_DATE, &mut terminal);
    let text = terminal.text();
    let (_, number) = text.split_once("Saved with number ").unwrap();
    let number = number.split_whitespace().next().unwrap();
    let number = number.trim_end_matches('.');

    let returning = terminal.slowly("<F3>oke gr<Enter>");
    terminal.shows("[4 Chart]");
    terminal.shows("OKELLO, Grace");
    terminal.shows("Born 14-Mar-1987");
    see(&mut terminal);

    terminal.keys("<F9>");
    terminal.shows("Locked.");
    terminal.hides("OKELLO");
    let unlock = terminal.slowly(&format!("{PIN}<Enter>"));
    terminal.shows("OKELLO, Grace");
    terminal.shows("148/92 H");

    println!(
        "a day: {new} keys for a new patient, {returning} for one who was here before, {unlock} to unlock"
    );
    assert!(new <= NEW_PATIENT_MAX && returning <= RETURNING_MAX);
    assert!(unlock <= UNLOCK_MAX);
    assert!(terminal.quit());
    is_on_file(&clinic, number);
    assert!(is_sealed(&clinic.home, &WRITTEN) >= 5);
}

#[test]
fn a_patient_is_registered_seen_and_signed_for_and_there_after_the_lock() {
    day(Setting::USUAL);
}

#[test]
fn the_same_day_in_a_small_window() {
    day(Setting {
        size: (60, 20),
        ..Setting::USUAL
    });
}

#[test]
fn the_same_day_without_colours() {
    day(Setting::of(&["--mono"]));
}

#[test]
fn a_draft_outlives_a_power_cut() {
    let clinic = Clinic::demo();
    let mut terminal = clinic.open_as(CLINICIAN, Setting::USUAL);
    terminal.keys("okello grace<^n>");
    terminal.slowly("f38y<Enter>Busoga hill");
    terminal.until_drafted();
    terminal.kill();
    is_sealed(&clinic.home, &["Busoga", "Okello", "okello"]);

    let mut again = clinic.locked(Setting::USUAL);
    again.shows("unfinished: new patient");
    again.hides("Busoga");
    clinic.sign_in(CLINICIAN, &mut again);
    again.shows("Unfinished: new patient");
    again.keys("<^n>");
    again.shows("Busoga hill");
    again.shows("Okello");
    again.shows("38y");
    assert!(again.quit());
}
