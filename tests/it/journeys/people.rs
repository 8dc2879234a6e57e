//! Who sits at the machine: each sees what the role may, and finds the work where it was.

use super::{CLINICIAN, Clinic, FRONT_DESK, NURSE, PIN, Setting};
use crate::pty::Pty;

#[test]
fn each_person_comes_back_to_the_same_place() {
    let clinic = Clinic::demo();
    let mut terminal = clinic.open_as(CLINICIAN, Setting::USUAL);
    // Who was seen last is in care.
    terminal.slowly("<Enter>");
    terminal.shows("[4 Chart]");
    let (row, _) = terminal.place("Born ").unwrap();
    // A cell that was never written and one with a space look alike.
    let line = |terminal: &Pty| {
        let blank = |cell: String| {
            if cell.is_empty() {
                " ".to_owned()
            } else {
                cell
            }
        };
        let cells = terminal.row(row).into_iter().map(blank);
        cells.collect::<String>().trim_end().to_owned()
    };
    let patient = line(&terminal);

    terminal.keys("<F9>");
    terminal.keys("<Esc>");
    clinic.sign_in(FRONT_DESK, &mut terminal);
    terminal.hides("Chart");
    terminal.keys("wanjiku mary<^n>f");

    terminal.keys("<F9>");
    terminal.keys("<Esc>");
    terminal.keys(&format!("{CLINICIAN}{PIN}<Enter>"));
    terminal.shows("[4 Chart]");
    assert_eq!(line(&terminal), patient);

    terminal.keys("<F9>");
    terminal.keys("<Esc>");
    terminal.keys(&format!("{FRONT_DESK}{PIN}<Enter>"));
    terminal.shows("Wanjiku");
    terminal.shows("Mary");
    assert!(terminal.quit());
}

#[test]
fn four_wrong_pins_ask_for_the_passphrase() {
    let clinic = Clinic::demo();
    let mut terminal = clinic.open_as(CLINICIAN, Setting::USUAL);
    terminal.keys("<F9>");
    for (wrong, left) in [
        ("135790", "3 tries left"),
        ("111111", "2 tries left"),
        ("123456", "1 try left"),
    ] {
        terminal.keys(&format!("{wrong}<Enter>"));
        terminal.shows(left);
    }
    terminal.keys("135790<Enter>");
    terminal.shows("Now the passphrase is needed");
    terminal.keys(&format!("{}<Enter>", clinic.passphrase()));
    terminal.shows("Choose a PIN");
    terminal.keys("482915<Enter>482915<Enter>");
    terminal.shows("[2 Find]");
    // The demo's own PIN opens nothing now, so it is not told.
    terminal.hides(PIN);
    assert!(terminal.quit());
}

#[test]
fn the_front_desk_sees_no_allergy_and_no_chart() {
    let clinic = Clinic::demo();
    let mut terminal = clinic.open_as(FRONT_DESK, Setting::USUAL);
    for letter in 'a'..='z' {
        terminal.keys(&letter.to_string());
        terminal.hides("!");
        terminal.hides("llerg");
        terminal.keys("<Backspace>");
    }
    terminal.slowly("a<Enter>");
    terminal.shows("Born ");
    terminal.hides("llerg");
    terminal.hides("Chart");
    assert!(terminal.quit());
}

#[test]
fn a_nurse_reads_the_chart_and_prescribes_nothing() {
    let clinic = Clinic::demo();
    let mut terminal = clinic.open_as(NURSE, Setting::USUAL);
    terminal.slowly("a<Enter>");
    terminal.shows("[4 Chart]");
    assert!(terminal.has("llergies:") || terminal.has("ALLERGY:"));
    terminal.keys("<^p>presc");
    terminal.hides("Prescribe");
    terminal.keys("<Esc>");
    assert!(terminal.quit());
}
