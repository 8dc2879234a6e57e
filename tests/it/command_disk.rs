//! After a day's work nothing of it can be read on the disk, and nobody else can open it.

#![cfg(unix)]

use std::{
    fs,
    process::{Command, Stdio},
};

use crate::{
    command::{Home, NOTE, OTHER_PASSPHRASE, PASSPHRASE},
    sealed::is_sealed,
};

/// What a person must not find: names, numbers, notes, passphrases.
const SECRETS: &[&str] = &[
    "Okello",
    "OKELLO",
    "okello",
    "Grace",
    "0772123456",
    NOTE,
    "Wanjiru",
    "wanjiru",
    "Beatrice",
    "0711998877",
    "Karatina",
    "Haematemesis",
    "Melaena",
    "Shellfish",
    "Penicillin",
    "Omeprazole",
    "Warily",
    "Nakibuule",
    PASSPHRASE,
    OTHER_PASSPHRASE,
];

/// Runs the binary under the umask that most systems begin with.
fn run(home: &Home, user: &str, args: &[&str]) {
    let mut shell = Command::new("sh");
    shell
        .args([
            "-c",
            "umask 022; exec \"$0\" \"$@\"",
            env!("CARGO_BIN_EXE_cairn"),
        ])
        .args(args)
        .env("CAIRN_HOME", home.path())
        .env("CAIRN_USER", user)
        .env("CAIRN_PASSPHRASE_FILE", home.beside("passphrase"))
        .stdin(Stdio::null());
    let ran = shell.output().unwrap();
    let told = String::from_utf8_lossy(&ran.stderr);
    assert!(
        ran.status.success() || ran.status.code() == Some(3),
        "{args:?}: {told}"
    );
}

/// A day of everybody.
fn work(home: &Home) {
    let grace = home.grace.clone();
    let note = home.file("note", "S: Haematemesis after supper");
    let fhir = r#"{"resourceType":"Patient","id":"z","name":[{"family":"Nakibuule"}]}"#;
    let fhir = home.file("z.json", fhir);
    let other = home.beside("other");
    for (user, args) in [
        (
            "Amina",
            &[
                "patient",
                "add",
                "--family",
                "Wanjiru",
                "--given",
                "Beatrice",
                "--sex",
                "f",
                "--phone",
                "0711998877",
                "--village",
                "Karatina",
            ][..],
        ),
        (
            "Amina",
            &[
                "patient", "add", "--family", "Wanjiru", "--given", "Beatrice", "--sex",
                "f",
            ],
        ),
        (
            "Leila",
            &[
                "visit", "add", &grace, "--reason", "Melaena", "--note", &note, "--sign",
            ],
        ),
        (
            "Leila",
            &["allergy", "add", &grace, "--substance", "Shellfish"],
        ),
        (
            "Leila",
            &[
                "med",
                "add",
                &grace,
                "--drug",
                "Omeprazole 20 mg",
                "--dose",
                "1 od; Warily",
            ],
        ),
        ("Leila", &["import", "fhir", &fhir, "-v"]),
        ("Leila", &["vitals", &grace, "hr Melaena", "-v", "-v"]),
        ("Nora", &["patient", "show", &grace, "-v"]),
        ("Nora", &["patient", "find", "wanjiru"]),
        (
            "Nora",
            &["user", "passphrase", "--new-passphrase-file", &other],
        ),
        ("Okot", &["audit"]),
        ("Okot", &["verify"]),
    ] {
        run(home, user, args);
    }
}

#[test]
fn nothing_of_a_days_work_is_readable_on_the_disk_or_by_others() {
    let home = Home::new();
    work(&home);
    let seen = is_sealed(&home.path(), SECRETS);
    assert!(seen >= 7, "{seen} files");
    let log = fs::read_to_string(home.path().join("log/cairn.log")).unwrap();
    assert!(log.contains("command=\"visit add\""), "{log}");
}
