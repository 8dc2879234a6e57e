//! What no screen may break under: long pastes, small windows, names that are no names, poor
//! terminals.

use super::{CLINICIAN, Clinic, Setting};
use crate::pty::Pty;

/// Names that try to break a screen, and what a terminal sends for them.
fn hostile() -> Vec<(String, String)> {
    let marks = "\u{335}".repeat(2_000);
    let pairs = [
        ("Red\u{1b}[31m\u{1b}[2J", "\u{1b}]0;title\u{7}Esc"),
        ("\u{202e}Reversed", "\u{2066}x\u{2069}"),
        (&format!("Z{marks}algo"), "a\u{300}"),
        ("👨\u{200d}👩\u{200d}👧\u{200d}👦", "🇺🇬 emoji"),
        (&"Long".repeat(75), "name"),
        ("王", "小明"),
        ("አበበ", "ሰላም"),
        ("محمد", "علي"),
    ];
    let owned = |(family, given): (&str, &str)| (family.to_owned(), given.to_owned());
    pairs.into_iter().map(owned).collect()
}

#[test]
fn a_long_paste_stays_in_its_field() {
    let clinic = Clinic::demo();
    let mut terminal = clinic.open_as(CLINICIAN, Setting::USUAL);
    terminal.paste(&"grace\n okello ".repeat(100_000 / 14));
    terminal.shows("[2 Find]");
    terminal.keys("<Esc>okello");
    terminal.shows("Find: okello ");
    terminal.keys("<^n>");
    terminal.shows("NEW PATIENT");
    terminal.paste(&"x".repeat(100_000));
    terminal.shows("NEW PATIENT");
    let (row, _) = terminal.place("Given name(s)").unwrap();
    assert_eq!(terminal.caret().0, row);
    check_frame(&terminal);
    assert!(terminal.quit());
}

#[test]
fn a_window_of_any_size_keeps_what_is_typed() {
    let clinic = Clinic::demo();
    let mut terminal = clinic.open_as(CLINICIAN, Setting::USUAL);
    terminal.keys("okello grace<^n>f38y<Enter>busoga");
    for (columns, rows) in [(60, 16), (200, 60), (20, 5), (80, 24)] {
        terminal.resize(columns, rows);
        terminal.shows(if columns < 60 { "Make the" } else { "busoga" });
    }
    terminal.resize(52, 14);
    terminal.shows("Make the window larger (now 52x14)");
    terminal.keys(" hill");
    terminal.resize(60, 16);
    let (row, column) = terminal.place("busoga hill").unwrap();
    assert_eq!(terminal.caret(), (row, column + 11));
    assert!(terminal.quit());
}

#[test]
fn a_small_window_still_says_who_is_open() {
    let clinic = Clinic::demo();
    let mut terminal = clinic.open_as(CLINICIAN, Setting::USUAL);
    // Who was seen last is in care.
    terminal.slowly("<Enter>");
    terminal.shows("[4 Chart]");
    let mut signs = ["ALLERGY", "Allergies"].into_iter();
    let allergies = signs.find(|it| terminal.has(it)).unwrap();
    terminal.resize(52, 14);
    terminal.shows("Make the window larger");
    terminal.shows("Born ");
    terminal.shows(allergies);
    assert!(terminal.quit());
}

/// Registers people of such names; each chart is looked at on the way.
fn register_hostile(terminal: &mut Pty) {
    for (family, given) in hostile() {
        terminal.keys("<F3><Esc><^n>");
        terminal.shows("NEW PATIENT");
        terminal.paste(&family);
        terminal.keys("<Tab>");
        terminal.paste(&given);
        terminal.keys("<Tab>f38y<Tab>Mwisho<Tab>-<Tab>");
        check_frame(terminal);
        terminal.keys("<F2>");
        if terminal.has("Is this the same person?") {
            terminal.keys("n");
        }
        terminal.shows("Saved with number");
        check_frame(terminal);
    }
}

/// Nothing of the screen is out of its place: the title bar is whole, and frames stand.
fn check_frame(terminal: &Pty) {
    let seen = terminal.text();
    let title = terminal.row(0).concat();
    assert!(
        title.contains("Kijani") && title.contains("Haddad"),
        "{seen}"
    );
    for row in 0..24 {
        let cells = terminal.row(row);
        if "│┌└".contains(&cells[0]) && !cells[0].is_empty() {
            let end = &cells[79];
            assert!(!end.is_empty() && "│┐┘".contains(end), "row {row}\n{seen}");
        }
    }
    let controls = ['\u{202e}', '\u{2066}', '\u{200d}'];
    assert!(!seen.contains(controls), "{seen}");
}

#[test]
fn names_that_are_no_names_keep_every_column() {
    let clinic = Clinic::demo();
    let mut terminal = clinic.open_as(CLINICIAN, Setting::USUAL);
    register_hostile(&mut terminal);
    terminal.keys("<F3><Esc>mwisho");
    terminal.shows("8 matches");
    let (head, column) = terminal.place("Sex ").unwrap();
    for row in head + 1..head + 9 {
        let cells = terminal.row(row);
        assert_eq!(
            cells[usize::from(column)],
            "F",
            "{row}\n{}",
            terminal.text()
        );
    }
    check_frame(&terminal);
    assert!(terminal.quit());
}

#[test]
fn no_colour_means_no_colour() {
    let settings = [
        Setting::of(&["--mono"]),
        Setting::with(&[("NO_COLOR", "1")]),
        Setting::with(&[("TERM", "dumb")]),
    ];
    let clinic = Clinic::demo();
    for setting in settings {
        let mut terminal = clinic.open_as(CLINICIAN, setting);
        terminal.slowly("<Enter>");
        terminal.shows("[4 Chart]");
        assert!(!terminal.is_coloured(), "{}", terminal.text());
        assert!(terminal.quit());
    }
}

#[test]
fn poor_terminals_get_none_of_our_marks() {
    let settings = [
        Setting::of(&["--ascii"]),
        Setting::with(&[("LC_ALL", "C")]),
        Setting::with(&[("TERM", "dumb")]),
    ];
    let clinic = Clinic::demo();
    for setting in settings {
        let mut terminal = clinic.open_as(CLINICIAN, setting);
        for script in ["a", "<Enter>", "<F1>", "<Esc>", "<F3>", "<^n>", "<F9>"] {
            terminal.keys(script);
            let seen = terminal.text();
            // Names keep their letters; all else is ASCII.
            let ours = |c: char| !c.is_ascii() && !c.is_alphabetic();
            assert!(!seen.contains(ours), "after {script}:\n{seen}");
        }
        assert!(terminal.quit());
    }
}
