//! `cairn serve`, `cairn sync` and `cairn peers`: the real binary in two homes of one clinic.

use std::{
    fs,
    io::{BufRead as _, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::Arc,
};

use cairn::{
    clinic::{Clinic, NewMachine},
    seal::SeededEntropy,
};
use serde_json::Value;
use tempfile::TempDir;

use crate::{
    command::{Home, Ran},
    devices::around,
};

/// Found by nobody but who is told the address.
pub(crate) const HERE: [&str; 3] = ["--bind", "127.0.0.1:0", "--no-mdns"];

/// A second machine of the home's clinic.
pub(crate) fn joined(home: &Home, mailbox: bool) -> (TempDir, PathBuf) {
    joined_as(home, ("Hill Post", 71), mailbox)
}

/// The same by another name, with keys drawn from a seed.
pub(crate) fn joined_as(
    home: &Home,
    (name, seed): (&str, u64),
    mailbox: bool,
) -> (TempDir, PathBuf) {
    let a = Clinic::open(&home.path(), around(70)).unwrap();
    let users = a.users().unwrap();
    let okot = users.iter().find(|it| it.name == "Okot").unwrap();
    let mut okot = a.sign_in(okot.user, crate::command::PASSPHRASE).unwrap();
    let machine = NewMachine::draw(mailbox, &mut SeededEntropy::new(seed));
    let enrolment = okot.invite_accept(&machine.card(name), None).unwrap();
    okot.sign_out().unwrap();
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("home");
    let b: Arc<Clinic> =
        Clinic::join(&path, &machine, enrolment, around(seed + 1)).unwrap();
    drop(b);
    (folder, path)
}

/// A machine that serves, until it is told to end.
pub(crate) struct Serving {
    pub(crate) child: Child,
    pub(crate) ready: Value,
}

impl Serving {
    pub(crate) fn begun(mut command: Command) -> Self {
        let mut child = command
            .args(HERE)
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .spawn()
            .unwrap();
        let mut line = String::new();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        out.read_line(&mut line).unwrap();
        let ready = serde_json::from_str(&line).unwrap();
        Self { child, ready }
    }

    pub(crate) fn addr(&self) -> &str {
        self.ready["addrs"][0].as_str().unwrap()
    }

    /// Ends it by a signal, and says with what code it ended.
    pub(crate) fn ended(mut self, signal: &str) -> Option<i32> {
        let pid = self.child.id().to_string();
        let told = Command::new("kill").args([signal, &pid]).status();
        assert!(told.unwrap().success());
        self.child.wait().unwrap().code()
    }
}

fn locked(home: &Home, at: &Path, args: &[&str]) -> Command {
    let mut command = home.command("Okot", args);
    command
        .env("CAIRN_HOME", at)
        .env_remove("CAIRN_PASSPHRASE_FILE");
    command
}

fn ran(mut command: Command) -> Ran {
    Ran::of(command.output().unwrap())
}

#[test]
fn a_served_home_and_another_hold_the_same_after_one_sync() {
    let home = Home::new();
    let (_folder, b) = joined(&home, false);
    let ready = home.beside("ready");
    let serving =
        Serving::begun(home.command("Okot", &["serve", "--ready-file", &ready]));
    let written: Value = serde_json::from_slice(&fs::read(ready).unwrap()).unwrap();
    assert_eq!(written, serving.ready);
    assert_eq!(serving.ready["api"], Value::Null);
    assert_eq!(serving.ready["unlocked"], true);

    let args = ["sync", "--json", "--addr", serving.addr()];
    let mut sync = home.command("Okot", &args);
    sync.args(HERE).env("CAIRN_HOME", &b);
    let synced = ran(sync);
    assert_eq!(synced.code, Some(0), "{}", synced.err);
    let peer = &synced.document()["peers"][0];
    assert_eq!(peer["state"], "in_step", "{peer}");
    assert!(peer["received"].as_u64().unwrap() > 2, "{peer}");
    assert!(peer["bytes_in"].as_u64() > peer["frame_bytes_in"].as_u64());
    assert!(peer["seconds"].as_f64().unwrap() < 30.0);

    // Grace is found there.
    let mut find = home.command("Okot", &["patient", "find", "okello", "--json"]);
    let found = ran({
        find.env("CAIRN_HOME", &b);
        find
    });
    assert_eq!(
        found.document()["matches"][0]["patient"],
        home.grace.as_str()
    );

    // How it goes, while the home is taken.
    let peers = home.run("Okot", &["peers", "--json"]).document();
    assert_eq!(peers["endpoint"], serving.ready["endpoint"]);
    assert_eq!(peers["peers"][0]["behind"], 0, "{peers}");
    assert_eq!(serving.ended("-TERM"), Some(0));

    // And when it is not: by name for who is signed in, by id otherwise.
    let named = home.run("Okot", &["peers", "--json"]).document();
    assert_eq!(named["peers"][0]["name"], "Hill Post");
    assert_eq!(named["peers"][0]["state"], "not_in_reach");
    let nameless = ran(locked(&home, &home.path(), &["peers", "--json"])).document();
    let id = nameless["peers"][0]["name"].as_str().unwrap();
    assert_eq!(id.len(), 32, "{id}");
    assert!(!home.path().join("serving.json").exists());
}

#[test]
fn a_mailbox_serves_locked_and_passes_on_what_it_cannot_read() {
    let home = Home::new();
    let (_folder, mailbox) = joined(&home, true);
    let serving = Serving::begun(locked(&home, &mailbox, &["serve"]));
    assert_eq!(serving.ready["unlocked"], false);
    let args = ["sync", "--json", "--once", "--addr", serving.addr()];
    let mut sync = home.command("Okot", &args);
    sync.args(HERE);
    let synced = ran(sync).document();
    assert_eq!(synced["peers"][0]["name"], "Hill Post");
    assert_eq!(synced["peers"][0]["state"], "in_step");
    assert!(synced["peers"][0]["sent"].as_u64().unwrap() > 2);
    assert_eq!(serving.ended("-INT"), Some(0));
    for file in fs::read_dir(&mailbox).unwrap() {
        let bytes = fs::read(file.unwrap().path()).unwrap_or_default();
        let holds = |text: &[u8]| bytes.windows(text.len()).any(|it| it == text);
        assert!(!holds(b"Okello") && !holds(b"Wheeze"));
    }
}

#[test]
fn a_machine_that_is_not_there_is_a_network_failure_with_a_hint() {
    let home = Home::new();
    let (_folder, _b) = joined(&home, false);
    let args = ["sync", "--json", "--timeout", "1", "--addr", "127.0.0.1:9"];
    let mut sync = home.command("Okot", &args);
    sync.args(HERE);
    let ended = ran(sync);
    assert_eq!(ended.code, Some(6), "{}", ended.err);
    assert_eq!(ended.document()["peers"][0]["state"], "not_in_reach");
    assert!(ended.err.contains("hint: "), "{}", ended.err);

    let nobody = home.run("Okot", &["sync", "--peer", "Nowhere", "--no-mdns"]);
    assert_eq!(nobody.code, Some(3), "{}", nobody.err);
    let relay = home.run("Okot", &["sync", "--relay", "somewhere"]);
    assert_eq!(relay.code, Some(2), "{}", relay.err);
}

#[test]
fn the_settings_of_the_home_are_obeyed_and_an_option_counts_before_them() {
    let home = Home::new();
    let settings = home.path().join("settings.toml");
    let ip = |args: &[&str]| {
        let mut command = home.command("Okot", &["serve"]);
        command.args(args).stdout(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut line = String::new();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        out.read_line(&mut line).unwrap();
        let ready: Value = serde_json::from_str(&line).unwrap();
        let addr = ready["addrs"][0].as_str().unwrap().to_owned();
        assert_eq!(Serving { child, ready }.ended("-TERM"), Some(0));
        addr
    };
    fs::write(&settings, "bind = \"127.0.0.2:0\"\nmdns = false\n").unwrap();
    assert!(ip(&[]).starts_with("127.0.0.2:"));
    assert!(ip(&["--bind", "127.0.0.3:0"]).starts_with("127.0.0.3:"));
    fs::write(&settings, "mdns = false\nrely = \"none\"\n").unwrap();
    for command in ["serve", "sync"] {
        let said = home.refused("Okot", &[command], 3);
        assert!(said.contains("line 2: unknown field `rely`"), "{said}");
    }
}
