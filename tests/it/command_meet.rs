//! `cairn card meet` by the real binaries, over loopback: two people of different clinics, and
//! whoever does not fit.

use std::{
    io::{BufRead as _, BufReader, Read as _},
    process::{Child, ChildStdout, Stdio},
};

use serde_json::{Value, json};

use crate::command::Home;

const SHOW: [&str; 6] = ["card", "meet", "--yes", "--bind", "127.0.0.1:0", "--json"];

/// A machine that shows words, and what it said first.
pub(crate) struct Shows {
    child: Child,
    out: BufReader<ChildStdout>,
    pub(crate) words: String,
    pub(crate) addr: String,
}

impl Shows {
    pub(crate) fn new(home: &Home, user: &str, args: &[&str]) -> Self {
        let mut command = home.command(user, args);
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.stdin(Stdio::null()).spawn().unwrap();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        out.read_line(&mut line).unwrap();
        let said: Value = serde_json::from_str(&line).unwrap();
        let text = |key: &str| said[key].as_str().unwrap().to_owned();
        assert_eq!(text("endpoint").len(), 64);
        Self {
            child,
            out,
            words: text("words"),
            addr: text("addr"),
        }
    }

    /// Waits until it ends: its exit code, what it said, and its errors.
    pub(crate) fn end(mut self) -> (Option<i32>, String, String) {
        let (mut out, mut err) = (String::new(), String::new());
        self.out.read_to_string(&mut out).unwrap();
        let mut stderr = self.child.stderr.take().unwrap();
        stderr.read_to_string(&mut err).unwrap();
        (self.child.wait().unwrap().code(), out, err)
    }
}

fn typed<'a>(words: &'a str, addr: &'a str) -> [&'a str; 7] {
    ["card", "meet", "--yes", "--words", words, "--addr", addr]
}

/// Leila and Dr Abbo give each other their cards in one room.
pub(crate) fn introduced(clinic: &Home, hospital: &Home) {
    let shows = Shows::new(clinic, "Leila", &SHOW);
    let there = hospital.json("Dr Abbo", &typed(&shows.words, &shows.addr));
    let (code, out, err) = shows.end();
    assert_eq!((code, err.as_str()), (Some(0), ""));
    let here: Value = serde_json::from_str(&out).unwrap();
    let said = |it: &Value| json!([it["name"], it["clinic_name"], it["verified"]]);
    assert_eq!(said(&here), json!(["Dr Abbo", "District Hospital", "room"]));
    assert_eq!(said(&there), json!(["Leila", "Kijani", "room"]));
    for met in [here, there] {
        let addr = met["addr"].as_str().unwrap();
        assert!(addr.starts_with("127.0.0.1:"), "{addr}");
    }
}

fn cards(home: &Home, user: &str) -> Vec<Value> {
    let listed = home.json(user, &["card", "list"]);
    listed["cards"].as_array().unwrap().clone()
}

#[test]
fn two_people_in_a_room_keep_each_others_cards() {
    let (clinic, hospital) = (Home::new(), Home::elsewhere());
    introduced(&clinic, &hospital);
    let kept = |home: &Home, user: &str| {
        let cards = cards(home, user);
        assert_eq!(cards.len(), 1);
        cards[0].clone()
    };
    let (abbo, leila) = (kept(&clinic, "Nora"), kept(&hospital, "Dr Abbo"));
    let own =
        |home: &Home, user: &str| home.json(user, &["card", "show"])["card"].clone();
    assert_eq!(abbo["card"], own(&hospital, "Dr Abbo"));
    assert_eq!(leila["card"], own(&clinic, "Leila"));
    for card in [&abbo, &leila] {
        assert_eq!(card["verified"], "room", "{card}");
    }
    assert_eq!(abbo["by"], "Leila");
    // They meet again: nothing is kept twice.
    introduced(&clinic, &hospital);
    assert_eq!(cards(&clinic, "Leila").len(), 1);
}

#[test]
fn wrong_words_three_times_end_the_meeting_and_nothing_is_kept() {
    let (clinic, hospital) = (Home::new(), Home::elsewhere());
    let shows = Shows::new(&clinic, "Leila", &SHOW);
    let wrong = "zoo zoo zoo zoo zoo zoo zoo zoo";
    for _ in 0..3 {
        let err = hospital.refused("Dr Abbo", &typed(wrong, &shows.addr), 3);
        assert!(
            err.contains("not the words that the other machine shows"),
            "{err}"
        );
    }
    let (code, out, err) = shows.end();
    assert_eq!((code, out.as_str()), (Some(6), ""));
    assert!(err.contains("wrong words were tried three times"), "{err}");
    assert!(err.contains("cairn card meet"), "{err}");
    for (home, user) in [(&clinic, "Leila"), (&hospital, "Dr Abbo")] {
        assert!(cards(home, user).is_empty());
    }
}

#[test]
fn who_wants_something_else_is_told_so_and_nothing_is_kept() {
    let (clinic, hospital) = (Home::new(), Home::elsewhere());
    let colleague = Home::new();

    let shows = Shows::new(&clinic, "Leila", &SHOW);
    let err = colleague.refused("Nora", &typed(&shows.words, &shows.addr), 4);
    assert!(err.contains("not allowed"), "{err}");
    let err = colleague.refused("Okot", &typed(&shows.words, &shows.addr), 3);
    assert!(err.contains("of the same clinic"), "{err}");
    let (code, _, err) = shows.end();
    assert_eq!(code, Some(3));
    assert!(err.contains("of the same clinic"), "{err}");

    let shows = Shows::new(&clinic, "Leila", &SHOW);
    let blank = hospital.beside("new");
    let join = ["--words", &shows.words, "--addr", &shows.addr];
    let args = [&["join", "--home", &blank][..], &join].concat();
    let err = hospital.refused("Dr Abbo", &args, 3);
    assert!(err.contains("exchanges contact cards"), "{err}");
    assert!(!std::path::Path::new(&blank).exists());
    let (code, _, err) = shows.end();
    assert_eq!(code, Some(3));
    assert!(err.contains("lets a new machine into its clinic"), "{err}");

    let invite = [
        "device",
        "invite",
        "--yes",
        "--bind",
        "127.0.0.1:0",
        "--json",
    ];
    let invites = Shows::new(&clinic, "Okot", &invite);
    let err = hospital.refused("Dr Abbo", &typed(&invites.words, &invites.addr), 3);
    assert!(err.contains("exchanges contact cards"), "{err}");
    assert_eq!(invites.end().0, Some(3));

    for (home, user) in [(&clinic, "Leila"), (&hospital, "Dr Abbo")] {
        assert!(cards(home, user).is_empty());
    }
    let machines = clinic.json("Okot", &["device", "list"]);
    assert_eq!(machines["machines"].as_array().unwrap().len(), 1);
}

#[test]
fn nobody_keeps_a_card_unasked() {
    let home = Home::new();
    let err = home.refused("Leila", &["card", "meet"], 2);
    assert!(err.contains("--yes"), "{err}");
    let err = home.refused("Leila", &["card", "meet", "--yes", "--words", "zoo zoo"], 3);
    assert!(err.contains("2 words, where 8 are expected"), "{err}");
}
