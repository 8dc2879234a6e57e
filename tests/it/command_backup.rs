//! `cairn backup` by the real binary.

use std::fs;

use crate::command::{Home, PASSPHRASE};

#[test]
fn a_backup_is_made_and_restored_in_another_folder() {
    let home = Home::new();
    let file = home.beside("kijani.backup");
    let made = home.json("Okot", &["backup", "make", "--out", &file]);
    assert_eq!(made["bytes"], fs::metadata(&file).unwrap().len());
    home.refused("Okot", &["backup", "make", "--out", &file], 3);
    home.refused("Nora", &["backup", "make", "--out", "x"], 4);
    let there = home.beside("restored");
    let restore = ["--home", &there, "backup", "restore", &file];
    let restored = home.json("Okot", &restore);
    assert_eq!(restored["envelopes"], made["envelopes"]);
    assert_eq!(restored["caught_up"], false);
    assert_eq!(restored["users"], serde_json::json!(["Okot"]));
    home.refused("Okot", &restore, 3);
    let ran = home.run("Okot", &["--home", &there, "patient", "find", "okello"]);
    assert!(ran.out.contains("OKELLO"), "{}", ran.out);
    assert!(ran.err.contains("not caught up"), "{}", ran.err);
    let nora = ["--home", &there, "patient", "find", "okello"];
    assert_eq!(home.run("Nora", &nora).code, Some(4));
    let admit = home.run("Okot", &["--home", &there, "user", "admit", "Nora"]);
    assert_eq!(admit.out, "who can sign in here: Okot, Nora\n");
    assert!(home.run("Nora", &nora).out.contains("OKELLO"));
    let audit = home.run("Okot", &["--home", &there, "audit"]);
    assert!(audit.out.contains("restore"), "{}", audit.out);
}

#[test]
fn what_is_no_backup_is_named_with_its_reason() {
    let home = Home::new();
    let file = home.file("letter", "Dear colleague,");
    let there = home.beside("restored");
    let restore = ["--home", &there, "backup", "restore", &file];
    let err = home.refused("Okot", &restore, 3);
    assert!(
        err.contains("letter") && err.contains("does not begin as a backup"),
        "{err}"
    );
    let none = ["--home", &there, "backup", "restore", "nothing"];
    assert!(home.refused("Okot", &none, 3).contains("nothing"));
    let made = home.beside("made");
    home.text("Okot", &["backup", "make", "--out", &made]);
    let other = home.beside("other");
    let wrong = [
        "--passphrase-file",
        &other,
        "--home",
        &there,
        "backup",
        "restore",
    ];
    let err = home.refused("Okot", &[&wrong[..], &[&made]].concat(), 3);
    assert!(
        !err.contains(PASSPHRASE) && err.contains("passphrase"),
        "{err}"
    );
}
