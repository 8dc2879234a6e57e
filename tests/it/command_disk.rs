//! After a day's work nothing of it can be read on the disk, and nobody else can open it.

#![cfg(unix)]

use std::{
    fs,
    os::unix::fs::PermissionsExt as _,
    path::Path,
    process::{Command, Stdio},
};

use crate::command::{Home, NOTE, OTHER_PASSPHRASE, PASSPHRASE};

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

fn files(folder: &Path, check: &mut dyn FnMut(&Path)) {
    check(folder);
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, check);
        } else {
            check(&path);
        }
    }
}

fn holds(bytes: &[u8], text: &str) -> bool {
    let utf16 = |order: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(order).collect();
    let written: [Vec<u8>; 3] = [
        text.into(),
        utf16(u16::to_le_bytes),
        utf16(u16::to_be_bytes),
    ];
    written
        .iter()
        .any(|it| bytes.windows(it.len()).any(|window| window == it))
}

#[test]
fn nothing_of_a_days_work_is_readable_on_the_disk_or_by_others() {
    let home = Home::new();
    work(&home);
    let mut seen = 0;
    files(&home.path(), &mut |path| {
        let mode = fs::metadata(path).unwrap().permissions().mode() & 0o7777;
        let wanted = if path.is_dir() { 0o700 } else { 0o600 };
        assert_eq!(mode, wanted, "{}", path.display());
        if path.is_file() {
            seen += 1;
            let bytes = fs::read(path).unwrap();
            // The space set aside is zeros; searching it takes long and finds nothing.
            let bytes = bytes.strip_prefix(&[0; 4096]).map_or(&bytes[..], |_| {
                assert!(bytes.iter().all(|it| *it == 0));
                &[]
            });
            for secret in SECRETS {
                assert!(!holds(bytes, secret), "{secret} in {}", path.display());
            }
        }
    });
    assert!(seen >= 7, "{seen} files");
    assert!(holds(b"xxO\0k\0e\0l\0l\0o\0", "Okello") && holds(b"\0O\0k", "Ok"));
    let log = fs::read_to_string(home.path().join("log/cairn.log")).unwrap();
    assert!(log.contains("command=\"visit add\""), "{log}");
}
