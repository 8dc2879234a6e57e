//! Two machines that were not in touch: what both entered is compared on one, by keyboard
//! alone, and the screen of the other follows.

use std::time::Instant;

use super::{CLINICIAN_NAME, Clinic, OWNER, Setting, number_of, pair};
use crate::pty::Pty;

/// Longer than a machine takes to notice that another one is there, or has left.
const SOON_S: u64 = 15;

/// Corrects the birth date of Mary Zawadi, who is in the list of people found.
fn born(date: &str, terminal: &mut Pty) {
    terminal.keys("<F3>zawadi");
    terminal.until_shown("ZAWADI, Mary");
    terminal.keys("<Tab>e");
    terminal.shows("Correct the details of ZAWADI, Mary");
    // Family and given name, sex; then the birth date, which is emptied first.
    let empty = "<Backspace>".repeat(12);
    terminal.keys(&format!("<Tab><Tab><Tab>{empty}{date}<F2>"));
    terminal.shows("ZAWADI, Mary: saved here.");
}

fn open(terminal: &mut Pty) {
    terminal.keys("<F3>zawadi");
    terminal.until_shown("ZAWADI, Mary");
    terminal.keys("<Enter>");
    terminal.shows("[4 Chart]");
}

#[expect(
    clippy::disallowed_methods,
    reason = "a person who waits looks at a clock"
)]
fn within_s(limit: u64, what: impl FnOnce()) {
    let begun = Instant::now();
    what();
    let took = begun.elapsed();
    println!("after {} ms", took.as_millis());
    assert!(took.as_secs() < limit, "{took:?}");
}

#[test]
fn two_birth_dates_are_compared_and_the_other_screen_follows_without_a_key() {
    let clinic = Clinic::demo();
    let mut first = clinic.open_as(OWNER, Setting::USUAL);
    first.keys("zawadi mary<^n>f38y<Enter>kij<Enter>-<Enter><F2>");
    first.shows("Saved with number");
    let (other, mut second) = pair(&mut first);
    let number = number_of(CLINICIAN_NAME, &second);
    clinic.sign_in(number, &mut second);
    second.until_shown("Saved here - all shared");
    assert!(second.quit());
    within_s(SOON_S, || {
        first.keys("<Esc>");
        first.until_shown("not in reach");
    });

    // Out of touch: each believes something else.
    born("14 3 1987", &mut first);
    assert!(first.quit());
    let mut second = other.locked(Setting::USUAL);
    clinic.sign_in(number_of(CLINICIAN_NAME, &second), &mut second);
    born("14 3 1988", &mut second);
    open(&mut second);
    second.shows("Born 14-Mar-1988");

    // They meet: both charts show the same date, and that there are two.
    let mut first = clinic.open_as(OWNER, Setting::USUAL);
    open(&mut first);
    for terminal in [&first, &second] {
        terminal.until_shown("~ one fact has two versions to compare (r)");
        terminal.until_shown("ZAWADI, Mary ~");
        terminal.shows("Born 14-Mar-1988");
        terminal.until_shown("8 Sync ~1");
    }
    assert!(!first.has("Enter shows it") && !second.has("Enter shows it"));

    // Compared and decided on one, from the list of all.
    first.keys("8r");
    first.until_shown("To compare (1)");
    first.shows("ZAWADI, Mary");
    first.keys("<Enter>");
    first.shows("Compare 1 of 1: Born");
    for seen in [
        "Hill Post",
        "14-Mar-1987",
        "14-Mar-1988",
        "a keep A",
        "b keep B",
    ] {
        first.shows(seen);
    }
    first.keys("b");
    first.shows("Kept: 14-Mar-1987. u undoes");

    // The other one follows; nobody touched it.
    within_s(SOON_S, || second.until_shown("Born 14-Mar-1987"));
    second.hides("two versions");
    second.until_shown("8 Sync  ");
    second.shows("[4 Chart]");

    // What was taken back is so there, too.
    first.keys("u");
    first.shows("Set back: 14-Mar-1988.");
    second.until_shown("Born 14-Mar-1988");
    assert!(second.quit());
    assert!(first.quit());
}

#[test]
fn a_form_that_is_open_while_another_machine_changes_its_problem_writes_its_own_field() {
    let clinic = Clinic::demo();
    let mut first = clinic.open_as(OWNER, Setting::USUAL);
    first.keys("zawadi mary<^n>f38y<Enter>kij<Enter>-<Enter><F2>");
    first.shows("Saved with number");
    let (_other, mut second) = pair(&mut first);
    let number = number_of(CLINICIAN_NAME, &second);
    clinic.sign_in(number, &mut second);
    second.until_shown("Saved here - all shared");
    first.keys("<Esc>");
    for terminal in [&mut first, &mut second] {
        open(terminal);
        terminal.keys("b");
    }
    first.keys("basthma");
    first.until_shown("J45");
    first.keys("<Enter><F2>");
    first.until_shown("is on the list");
    second.until_shown("Enter shows it");
    second.keys("<Enter>");
    second.until_shown("asthma");

    // One writes the note, the other one how bad it is.
    second.keys("<Enter><Tab><Tab><Tab><Tab><Tab>worse at night");
    first.keys("<Enter><Tab><Tab><Tab>moderate<F2>");
    first.until_shown(" changed.");
    second.until_shown("also changed this");
    second.keys("<F2>");
    for terminal in [&first, &second] {
        terminal.until_shown("moderate, worse at night");
        terminal.hides("2 versions");
    }
    assert!(second.quit());
    assert!(first.quit());
}
