//! The first start: from an empty folder to a clinic with its first patient.

use super::{Clinic, PIN, Setting};
use crate::{pty::Pty, sealed::is_sealed};

/// The suggestion's words, as they stand on the screen.
fn suggestion(terminal: &Pty) -> String {
    let text = terminal.text();
    let line = text
        .lines()
        .find_map(|it| it.trim().strip_prefix("Suggestion: "));
    line.unwrap().trim().to_owned()
}

/// The paper words by their numbers, as someone copies them from the screen.
fn paper(terminal: &Pty) -> Vec<String> {
    let text = terminal.text();
    let pieces: Vec<&str> = text.split_whitespace().collect();
    let word = |number: usize| {
        let number = number.to_string();
        let at = pieces.iter().rposition(|it| **it == number).unwrap();
        pieces[at + 1].to_owned()
    };
    (1..=24).map(word).collect()
}

/// Tries in the second that a wrong passphrase costs. Each takes some milliseconds at least.
const TRIES_MAX: usize = 5000;

#[test]
fn a_clinic_is_made_and_opened_again() {
    let clinic = Clinic::none();
    let mut terminal = clinic.locked(Setting::USUAL);
    let mut keys = terminal.keys("1") + terminal.keys("1");
    let passphrase = suggestion(&terminal);
    keys += terminal.keys("Busoga Health Post<Enter>Dr Okot<Enter>");
    keys += terminal.keys(&format!("{passphrase}<Enter>{passphrase}<Enter>"));
    terminal.shows("strong enough");
    keys += terminal.keys(&format!("{PIN}{PIN}<F2>"));
    terminal.shows("Write these 24 words");
    let words = paper(&terminal);
    keys += terminal.keys("<F2>");
    terminal.shows("From your paper");
    for line in terminal.text().lines() {
        let Some(number) = line.trim().strip_prefix("Word ") else {
            continue;
        };
        let number: usize = number.split_whitespace().next().unwrap().parse().unwrap();
        keys += terminal.keys(&format!("{}<Enter>", words[number - 1]));
    }
    keys += terminal.keys("<F2>");
    terminal.shows("[2 Find]");
    println!("the first start: {keys} keys");

    terminal.keys("okello grace<^n>f38y<Enter>kij<Enter>-<Enter><F2>");
    terminal.shows("Saved with number");
    assert!(terminal.quit());

    let mut again = clinic.locked(Setting::USUAL);
    again.shows("Dr Okot");
    again.keys("1wrong<Enter>");
    again.shows("Not right.");
    // A try within the second after the wrong one does not count, and is said to.
    let tried = (0..TRIES_MAX).find(|_| {
        again.keys(&format!("{passphrase}<Enter>"));
        again.text().contains("Choose a PIN")
    });
    assert!(tried.is_some(), "{}", again.text());
    again.keys("123456<Enter>123456<Enter>");
    again.shows("Everybody tries that PIN first");
    again.keys(&format!("{PIN}<Enter>{PIN}<Enter>"));
    again.keys("grace ok");
    again.shows("OKELLO, Grace");
    assert!(again.quit());

    let paper = words[..2].join(" ");
    let secrets = [
        passphrase.as_str(),
        &paper,
        PIN,
        "OKELLO",
        "Okello",
        "okello",
    ];
    assert!(is_sealed(&clinic.home, &secrets) >= 5);
}

#[test]
fn a_word_that_is_not_on_the_paper_makes_no_clinic() {
    let clinic = Clinic::none();
    let mut terminal = clinic.locked(Setting::USUAL);
    terminal.keys("11");
    let passphrase = suggestion(&terminal);
    terminal.keys("Busoga Health Post<Enter>Dr Okot<Enter>");
    terminal.keys(&format!(
        "{passphrase}<Enter>{passphrase}<Enter>{PIN}{PIN}<F2>"
    ));
    terminal.keys("<F2>");
    terminal.shows("From your paper");
    terminal.keys("zebra<Enter>zebra<Enter>zebra<F2>");
    terminal.shows("That is not the word on the paper");
    assert!(terminal.quit());
    assert!(!clinic.home.join("ledger.redb").exists());
}
