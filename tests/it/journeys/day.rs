//! A day at the clinic, with the keys that each step may cost.

use super::{CLINICIAN, Clinic, PIN, Setting};
use crate::pty::Pty;

/// A new patient, from the empty search to the saved record.
const NEW_PATIENT_MAX: usize = 40;
/// A patient who was here before, from the empty search to the open chart.
const RETURNING_MAX: usize = 10;
/// From the lock screen back to work.
const UNLOCK_MAX: usize = 8;

/// The keys of the design's table: age known, no phone.
const BY_AGE: &str = "<F3>okello grace<^n>f38y<Enter>kij<Enter>-<Enter><F2>";
/// The same with a full date and a phone.
const BY_DATE: &str =
    "<F3>okello grace<^n>f14 3 87<Enter>kij<Enter>0772123456<Enter><F2>";

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

/// Registers, goes away, finds again, locks, unlocks: the whole of it in one setting.
fn day(setting: Setting) {
    let clinic = Clinic::demo();
    let mut terminal = clinic.open_as(CLINICIAN, setting);
    let new = register(BY_AGE, &mut terminal);

    let returning = terminal.slowly("<F3>oke gr<Enter>");
    terminal.shows("OKELLO, Grace");
    terminal.shows("Born about");

    terminal.keys("<F9>");
    terminal.shows("Locked.");
    terminal.hides("OKELLO");
    let unlock = terminal.slowly(&format!("{CLINICIAN}{PIN}<Enter>"));
    terminal.shows("OKELLO, Grace");
    terminal.shows("Born about");

    println!(
        "a day: {new} keys for a new patient, {returning} for one who was here before, {unlock} to unlock"
    );
    assert!(new <= NEW_PATIENT_MAX && returning <= RETURNING_MAX);
    assert!(unlock <= UNLOCK_MAX);
    assert!(terminal.quit());
}

#[test]
fn a_patient_is_registered_found_and_there_after_the_lock() {
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
