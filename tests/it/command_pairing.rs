//! Pairing by the real binaries, over loopback: one invites, another joins.

use std::{
    io::{BufRead as _, BufReader, Read as _},
    process::{Child, ChildStdout, Stdio},
};

use serde_json::Value;

use crate::command::{Home, PASSPHRASE};

/// A machine that waits for another one, and what it said first.
struct Waiting {
    child: Child,
    out: BufReader<ChildStdout>,
    words: String,
    addr: String,
}

impl Waiting {
    fn new(home: &Home, more: &[&str]) -> Self {
        let bind = [
            "device",
            "invite",
            "--yes",
            "--bind",
            "127.0.0.1:0",
            "--json",
        ];
        let args = [&bind, more].concat();
        let mut command = home.command("Okot", &args);
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
    fn end(mut self) -> (Option<i32>, String, String) {
        let (mut out, mut err) = (String::new(), String::new());
        self.out.read_to_string(&mut out).unwrap();
        let mut stderr = self.child.stderr.take().unwrap();
        stderr.read_to_string(&mut err).unwrap();
        (self.child.wait().unwrap().code(), out, err)
    }
}

/// A machine with nothing on it yet.
struct Blank(tempfile::TempDir);

impl Blank {
    fn new() -> Self {
        let folder = tempfile::TempDir::new().unwrap();
        std::fs::write(folder.path().join("passphrase"), PASSPHRASE).unwrap();
        Self(folder)
    }

    fn run(&self, user: &str, args: &[&str]) -> (Option<i32>, String, String) {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_cairn"));
        let folder = self.0.path();
        command.env_clear().env("CAIRN_HOME", folder.join("home"));
        command.env("CAIRN_PASSPHRASE_FILE", folder.join("passphrase"));
        if !user.is_empty() {
            command.env("CAIRN_USER", user);
        }
        let output = command.args(args).stdin(Stdio::null()).output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        (
            output.status.code(),
            text(output.stdout),
            text(output.stderr),
        )
    }

    fn is_empty(&self) -> bool {
        !self.0.path().join("home").exists()
    }
}

fn shortened(words: &str) -> String {
    let words = words.split(' ').map(|it| it.get(..4).unwrap_or(it));
    words.collect::<Vec<_>>().join(" ")
}

#[test]
fn a_machine_joins_with_the_words_and_everybody_signs_in_on_it() {
    let home = Home::new();
    let waiting = Waiting::new(&home, &["--name", "Ward"]);
    let blank = Blank::new();
    let (typed, addr) = (shortened(&waiting.words), waiting.addr.clone());
    let join = ["join", "--words", &typed, "--addr", &addr, "--json"];
    let (code, out, err) = blank.run("", &join);
    assert_eq!((code, err.as_str()), (Some(0), ""));
    let joined: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(joined["users"].as_array().unwrap().len(), 6);
    let (code, out, err) = waiting.end();
    assert_eq!((code, err.as_str()), (Some(0), ""));
    let said: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(said["device"], joined["device"]);
    assert_eq!(said["name"], "Ward");
    let (code, out, _) = blank.run("Nora", &["patient", "find", ""]);
    assert_eq!((code, out.as_str()), (Some(0), ""));
    let machines = home.json("Okot", &["device", "list"]);
    let names = machines["machines"].as_array().unwrap().iter();
    let names: Vec<_> = names.map(|it| it["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["1", "Ward"]);
    // A home is joined once.
    let (code, _, err) = blank.run("", &join);
    assert_eq!(code, Some(3));
    assert!(err.starts_with("error: there is a clinic in"), "{err}");
}

#[test]
fn wrong_words_three_times_end_the_invitation_and_leave_nothing() {
    let home = Home::new();
    let waiting = Waiting::new(&home, &[]);
    let blank = Blank::new();
    let wrong = "zoo zoo zoo zoo zoo zoo zoo zoo";
    for _ in 0..3 {
        let (code, _, err) =
            blank.run("", &["join", "--words", wrong, "--addr", &waiting.addr]);
        assert_eq!(code, Some(3), "{err}");
        assert!(
            err.contains("not the words that the other machine shows"),
            "{err}"
        );
        assert!(blank.is_empty());
    }
    let (code, out, err) = waiting.end();
    assert_eq!((code, out.as_str()), (Some(6), ""));
    assert!(err.contains("wrong words were tried three times"), "{err}");
    let machines = home.json("Okot", &["device", "list"]);
    assert_eq!(machines["machines"].as_array().unwrap().len(), 1);
}

#[test]
fn words_that_are_none_are_refused_before_anybody_is_looked_for() {
    let blank = Blank::new();
    for (words, why) in [
        ("zoo zoo", "2 words, where 8 are expected"),
        (
            "zoo zoo zoo zoo zoo zoo zoo cairn",
            "word 8 is not in the list",
        ),
    ] {
        let (code, _, err) = blank.run("", &["join", "--words", words]);
        assert_eq!(code, Some(3));
        assert!(err.contains(why), "{err}");
        assert!(!err.contains("cairn join --words"), "{err}");
    }
}

#[test]
fn only_an_owner_invites_and_nobody_is_let_in_unasked() {
    let home = Home::new();
    let err = home.refused("Nora", &["device", "invite", "--yes"], 4);
    assert!(err.contains("not allowed"), "{err}");
    let err = home.refused("Okot", &["device", "invite"], 2);
    assert!(err.contains("--yes"), "{err}");
    let taken = ["device", "invite", "--yes", "--name", "1"];
    assert!(
        home.refused("Okot", &taken, 3)
            .contains("this name already")
    );
}

#[test]
fn a_mailbox_joins_and_nobody_signs_in_on_it() {
    let home = Home::new();
    let waiting = Waiting::new(&home, &[]);
    let blank = Blank::new();
    let (words, addr) = (waiting.words.clone(), waiting.addr.clone());
    let join = ["join", "--words", &words, "--addr", &addr, "--name", "Box"];
    let (code, out, err) = blank.run("", &[&join[..], &["--mailbox"]].concat());
    assert_eq!((code, err.as_str()), (Some(0), ""));
    assert!(
        out.starts_with("this machine is a mailbox of the clinic"),
        "{out}"
    );
    assert!(!out.contains("Okot") && !out.contains("Kijani"), "{out}");
    assert_eq!(waiting.end().0, Some(0));
    let (code, _, err) = blank.run("Okot", &["patient", "find", ""]);
    assert_eq!(code, Some(4), "{err}");
    let (code, out, err) = blank.run("", &["verify"]);
    assert_eq!((code, err.as_str()), (Some(0), ""));
    assert!(
        out.starts_with("sound as far as it can be seen without keys: "),
        "{out}"
    );
    let (_, out, _) = blank.run("", &["verify", "--json"]);
    assert!(out.contains("\"sealed\":true"), "{out}");
}

#[test]
fn a_machine_that_was_lost_is_shut_out_by_name() {
    let home = Home::new();
    let waiting = Waiting::new(&home, &["--name", "Ward"]);
    let blank = Blank::new();
    let join = ["join", "--words", &waiting.words, "--addr", &waiting.addr];
    assert_eq!(blank.run("", &join).0, Some(0));
    assert_eq!(waiting.end().0, Some(0));
    home.refused("Nora", &["device", "revoke", "Ward"], 4);
    home.refused("Okot", &["device", "revoke", "Wart"], 3);
    home.refused("Okot", &["device", "revoke", "1"], 3);
    assert_eq!(
        home.text("Okot", &["device", "rename", "Ward", "Old ward"]),
        "it is machine Old ward now\n"
    );
    let revoked = home.json("Okot", &["device", "revoke", "Old ward"]);
    assert_eq!(revoked["standing"], "revoked");
    let list = home.text("Okot", &["device", "list"]);
    assert!(
        list.lines()
            .nth(1)
            .unwrap()
            .starts_with("Old ward: revoked"),
        "{list}"
    );
    // The clinic goes on, with its charts.
    assert!(
        home.text("Leila", &["patient", "find", "okello"])
            .contains("OKELLO")
    );
}

#[test]
fn a_user_comes_back_with_another_passphrase_and_a_hub_is_a_user() {
    let home = Home::new();
    let other = home.beside("other");
    let again = ["user", "readmit", "Nora", "--new-passphrase-file", &other];
    assert_eq!(
        home.text("Okot", &again),
        "Nora can sign in again, with the new passphrase\n"
    );
    let nora = ["--passphrase-file", &other, "patient", "find", "okello"];
    assert!(home.text("Nora", &nora).contains("OKELLO"));
    let hub = [
        "user",
        "add",
        "hub",
        "--role",
        "hub",
        "--new-passphrase-file",
        &other,
    ];
    assert_eq!(home.text("Okot", &hub), "hub can sign in as hub\n");
    let words = home.file("words", "abandon ".repeat(24).as_str());
    let owner = [
        "user",
        "add",
        "Abbo",
        "--role",
        "owner",
        "--words-file",
        &words,
    ];
    let owner = [&owner[..], &["--new-passphrase-file", &other]].concat();
    assert!(home.refused("Okot", &owner, 3).contains("paper words"));
}
