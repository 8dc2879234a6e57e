//! Where the ends of a command are bad: output that cannot be written, input that can be read
//! only once.

#![cfg(target_os = "linux")]

use std::{
    fs::{self, OpenOptions},
    process::{Command, Stdio},
    thread,
};

use crate::command::{Home, Ran};

const PATIENT: &str =
    r#"{"resourceType":"Patient","id":"p1","name":[{"family":"Nakibuule"}]}"#;

#[test]
fn a_result_that_cannot_be_written_is_told_and_one_that_nobody_reads_is_not() {
    let home = Home::new();
    let to_full_disk = |args: &[&str]| {
        let full = OpenOptions::new().write(true).open("/dev/full").unwrap();
        Ran::of(home.command("Nora", args).stdout(full).output().unwrap())
    };
    let vitals = ["vitals", &home.grace, "hr 72", "--json"];
    for args in [&["patient", "find", ""][..], &vitals, &["--help"]] {
        let ran = to_full_disk(args);
        assert_eq!(ran.code, Some(70), "{args:?}: {}", ran.err);
        assert!(ran.err.contains("could not be written"), "{}", ran.err);
        assert!(ran.err.contains("No space left"), "{}", ran.err);
    }
    let mut child = home.command("Nora", &["patient", "find", ""]);
    let mut child = child.stdout(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

#[test]
fn a_named_pipe_is_read_once_and_taken_in() {
    let home = Home::new();
    let pipe = home.beside("pipe");
    assert!(
        Command::new("mkfifo")
            .arg(&pipe)
            .status()
            .unwrap()
            .success()
    );
    let to = pipe.clone();
    let writer = thread::spawn(move || fs::write(to, PATIENT).unwrap());
    let done = home.json("Okot", &["import", "fhir", &pipe]);
    writer.join().unwrap();
    assert_eq!(done["patients"], 1);
}
