//! The emergency view on the real screen, and what an owner finds of it afterwards.

use super::{Clinic, NURSE, OWNER, Setting};

#[test]
fn emergency_view_in_five_keys() {
    let clinic = Clinic::demo();
    let mut terminal = clinic.open_as(NURSE, Setting::USUAL);
    let mut keys = terminal.keys("ok");
    terminal.until_shown(" match");
    keys += terminal.keys("<^e>1");
    terminal.until_shown("A part of this record may be closed to you.");
    terminal.shows("! EMERGENCY VIEW until");
    println!("to the emergency view: {keys} keys");
    assert!(keys <= 5, "{keys} keys");
    assert!(terminal.quit());
    let mut terminal = clinic.open_as(OWNER, Setting::USUAL);
    terminal.until_shown("One chart was opened with a reason alone");
    terminal.keys("<F6>8v");
    terminal.until_shown("Life in danger");
    terminal.keys("r");
    terminal.until_shown("Nothing to look at.");
    assert!(terminal.quit());
}
