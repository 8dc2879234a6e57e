//! Two machines of one clinic on this host, paired and used by keyboard alone.

use super::{CLINICIAN_NAME, Clinic, Setting};
use crate::pty::Pty;

/// The owner of the demo by the number on the lock screen.
const OWNER: char = '1';

/// The eight words, as someone reads them from the screen.
fn words(terminal: &Pty) -> String {
    let text = terminal.text();
    let word = |number: usize| {
        let after = text.split(&format!(" {number}  ")).nth(1).unwrap();
        after.chars().take(4).collect::<String>()
    };
    let words: Vec<String> = (1..=8).map(word).collect();
    words.join(" ")
}

fn address(terminal: &Pty) -> String {
    let text = terminal.text();
    let rest = text.split("Address of this computer: ").nth(1).unwrap();
    rest.split_whitespace().next().unwrap().to_owned()
}

/// The number that a person has on the lock screen.
fn number_of(name: &str, terminal: &Pty) -> char {
    let text = terminal.text();
    let row = text.lines().find(|it| it.contains(name)).unwrap();
    let mut pieces = row.split_whitespace().filter(|it| *it != ">");
    pieces.next().unwrap().chars().next().unwrap()
}

#[test]
fn two_machines_are_paired_and_see_what_the_other_entered() {
    let clinic = Clinic::demo();
    let mut first = clinic.open_as(OWNER, Setting::USUAL);
    first.shows("Saved here");
    first.hides("Saved here -");
    first.keys("zawadi mary<^n>f38y<Enter>kij<Enter>-<Enter><F2>");
    first.shows("Saved with number");
    first.keys("<Esc><F6>8i");
    first.until_shown("Good for 10 minutes");

    let other = Clinic::none();
    let mut second = other.locked(Setting::USUAL);
    second.keys("13");
    let typed = format!(
        "{}<Enter>{}<Enter>Hill Post<F2>",
        words(&first),
        address(&first)
    );
    let keys = second.keys(&typed);
    println!("to join: {keys} keys");
    first.until_shown("Hill Post knows the words");
    first.keys("<Enter>");
    first.shows("Press y only if");
    first.keys("y");
    first.until_shown("Hill Post belongs to the clinic now");

    // Everybody signs in there with their own passphrase, and searches at once.
    second.until_shown("Sign in with your own passphrase");
    second.until_shown(CLINICIAN_NAME);
    let number = number_of(CLINICIAN_NAME, &second);
    clinic.sign_in(number, &mut second);
    second.until_shown("Saved here - all shared");
    second.keys("zawadi");
    second.shows("ZAWADI, Mary");

    // What is registered there is there on the first one without anybody asking for it.
    second.keys("<^w>kiprono asha<^n>f20y<Enter>kij<Enter>-<Enter><F2>");
    second.shows("Saved with number");
    second.until_shown("Saved here - all shared");
    first.keys("<F3>kiprono");
    first.until_shown("KIPRONO, Asha");
    first.until_shown("Saved here - all shared");
    first.keys("<F6>8<Esc>");
    first.shows("Hill Post");
    first.shows("in step");
    assert!(second.quit());
    assert!(first.quit());
}
