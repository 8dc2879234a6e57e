//! The real program in a real terminal: it starts, is worked with, locks, and gives the
//! terminal back.

use std::{collections::BTreeMap, path::Path};

use crate::pty::Pty;

const PASSPHRASE: &str = "acid canyon violin harvest tunnel museum";
const PIN: &str = "246801";

/// Makes a clinic as a person does, the three words copied from the screen.
fn first_start(home: &Path, size: (u16, u16)) -> Pty {
    let mut pty = Pty::start(&[], home, size);
    pty.shows("Français");
    pty.keys("11");
    pty.keys("Kijani HC<Enter>Dr Okot<Enter>");
    pty.keys(&format!(
        "{PASSPHRASE}<Enter>{PASSPHRASE}<Enter>{PIN}{PIN}<F2>"
    ));
    let words = words(&pty.text());
    assert_eq!(words.len(), 24, "{}", pty.text());
    pty.keys("<F2>");
    for place in places(&pty.text()) {
        pty.keys(&format!("{}<Enter>", words[place - 1]));
    }
    pty.keys("<F2>");
    pty.shows("[2 Find]");
    pty
}

/// Signs the only person in with the passphrase, and gives the PIN of the day. What is typed
/// while a try is judged does not count, so each is waited for.
fn sign_in(pty: &mut Pty) {
    pty.keys(&format!("1{PASSPHRASE}<Enter>"));
    pty.keys(&format!("{PIN}<Enter>"));
    pty.keys(&format!("{PIN}<Enter>"));
    pty.shows("[2 Find]");
}

/// The words of the paper, in their order: each stands behind its number.
fn words(screen: &str) -> Vec<String> {
    let pieces: Vec<&str> = screen.split_whitespace().collect();
    // Of the heading's "24 words" the last word on the screen takes the place.
    let words: BTreeMap<usize, String> = pieces
        .windows(2)
        .filter_map(|pair| Some((pair[0].parse().ok()?, pair[1].to_owned())))
        .collect();
    words.into_values().collect()
}

/// The places of the words that are asked for.
fn places(screen: &str) -> Vec<usize> {
    let pieces: Vec<&str> = screen.split_whitespace().collect();
    let places = pieces.windows(2).filter(|pair| pair[0] == "Word");
    places.filter_map(|pair| pair[1].parse().ok()).collect()
}

#[test]
fn a_clinic_is_made_a_patient_registered_and_found_again_after_the_lock() {
    let folder = tempfile::tempdir().unwrap();
    let home = folder.path().join("home");
    let mut pty = first_start(&home, (80, 24));
    let mut keys = pty.keys("<F3>okello grace<^n>");
    keys += pty.keys("f14 3 87<Enter>Kij<Enter>0772123456<Enter><F2>");
    assert!(keys <= 40, "{keys} keys to register");
    pty.shows("OKELLO, Grace");
    pty.shows("Born 14-Mar-1987");
    // What is typed ahead of the lock does not become a PIN.
    pty.burst(&format!("<F9>{PIN}<Enter>"));
    pty.settle();
    pty.hides("OKELLO");
    pty.shows("Locked.");
    pty.shows("PIN for");
    pty.hides("tries left");
    pty.keys(&format!("{PIN}<Enter>"));
    pty.shows("OKELLO, Grace");
    let keys = pty.keys("<F3>oke gr") + pty.keys("<Enter>");
    assert!(keys <= 10, "{keys} keys to open");
    pty.shows("Born 14-Mar-1987");
    assert!(pty.quit());
    let left = pty.bytes();
    assert!(
        left.windows(8).any(|it| it == b"\x1b[?1049l"),
        "the first screen is back"
    );
    let titles = String::from_utf8_lossy(&left);
    let mut titles = titles.split("\x1b]0;").skip(1);
    assert!(
        titles.all(|it| it.starts_with("Cairn\x07")),
        "no name in the title"
    );

    let mut pty = Pty::start(&[], &home, (60, 20));
    sign_in(&mut pty);
    pty.keys("okello");
    pty.keys("<Enter>");
    pty.shows("Born 14-Mar-1987");
    nothing_is_readable(&home, &["OKELLO", "Okello", "Grace", "0772123456"]);
}

/// Looks for words in every file under the home, in UTF-8 and in UTF-16.
fn nothing_is_readable(home: &Path, words: &[&str]) {
    for entry in std::fs::read_dir(home).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            nothing_is_readable(&path, words);
            continue;
        }
        let bytes = std::fs::read(&path).unwrap();
        for word in words {
            let wide: Vec<u8> = word.encode_utf16().flat_map(u16::to_le_bytes).collect();
            for form in [word.as_bytes(), &wide] {
                let found = bytes.windows(form.len()).any(|it| it == form);
                assert!(!found, "{word} in {}", path.display());
            }
        }
    }
}

#[test]
fn what_was_typed_survives_the_end_of_the_program() {
    let folder = tempfile::tempdir().unwrap();
    let home = folder.path().join("home");
    let mut pty = first_start(&home, (80, 24));
    pty.keys("<^n>Nakato<Enter>Joan<Enter>f");
    let pid = pty.child.process_id().unwrap();
    let ended = std::process::Command::new("kill")
        .arg(pid.to_string())
        .status();
    assert!(ended.unwrap().success());
    assert!(pty.ended(), "asked to end, it ends in order");
    let mut pty = Pty::start(&[], &home, (80, 24));
    pty.shows("unfinished: new patient");
    pty.hides("Nakato");
    sign_in(&mut pty);
    pty.keys("<^n>");
    pty.shows("Nakato");
    pty.shows("Joan");
}

#[test]
fn a_burst_of_keys_loses_none_and_is_drawn_a_few_times() {
    let folder = tempfile::tempdir().unwrap();
    let mut pty = Pty::start(&[], &folder.path().join("home"), (80, 24));
    pty.keys("11");
    let before = pty.frames();
    pty.burst(&"k".repeat(300));
    pty.settle();
    let frames = pty.frames() - before;
    assert!(frames <= 6, "{frames} frames for one burst");
    pty.keys("<Backspace>!");
    pty.shows(&format!("{}!", "k".repeat(40)));
}

#[test]
fn a_click_does_what_it_is_on_and_not_over_a_slow_line() {
    let folder = tempfile::tempdir().unwrap();
    let home = folder.path().join("home");
    let mut pty = Pty::start(&[], &home, (80, 24));
    pty.click("Français");
    pty.shows("Bienvenue");
    let asks = |pty: &Pty| pty.bytes().windows(8).any(|it| it == b"\x1b[?1000h");
    assert!(asks(&pty));
    let remote = [("SSH_CONNECTION", "10.0.0.1 1 10.0.0.2 22")];
    let pty = Pty::start_in(&[], &home, (80, 24), &remote);
    assert!(!asks(&pty), "copying text stays easy");
}

#[test]
fn a_resized_window_is_drawn_for_its_size() {
    let folder = tempfile::tempdir().unwrap();
    let mut pty = Pty::start(&[], &folder.path().join("home"), (80, 24));
    pty.keys("11Kijani");
    pty.resize(50, 12);
    pty.shows("Make the window larger (now 50x12)");
    pty.keys(" HC");
    pty.resize(100, 30);
    pty.shows("Kijani HC");
    let (row, column) = pty.caret();
    assert!(row < 30 && column < 100);
}

#[test]
fn without_colour_nothing_is_coloured() {
    let folder = tempfile::tempdir().unwrap();
    let home = folder.path().join("home");
    let mut pty = Pty::start_in(&[], &home, (80, 24), &[("NO_COLOR", "1")]);
    pty.keys("11x");
    let text = String::from_utf8_lossy(&pty.bytes()).into_owned();
    let coloured = text.split("\x1b[").skip(1).any(|rest| {
        let end = rest.find(|c: char| c.is_ascii_alphabetic()).unwrap_or(0);
        let (numbers, letter) = rest.split_at(end);
        letter.starts_with('m')
            && numbers
                .split(';')
                .any(|it| it.len() == 2 && it.starts_with(['3', '4']))
    });
    assert!(!coloured, "{text:?}");
}
