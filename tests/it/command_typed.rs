//! Passphrases typed on a real terminal: asked for, not shown, and the terminal shows again
//! what is typed, whatever ends the program.

#![cfg(unix)]

use std::{
    io::{Read as _, Write},
    sync::mpsc::{self, Receiver},
    thread,
    time::Duration,
};

use portable_pty::{CommandBuilder, MasterPty, NativePtySystem, PtySize, PtySystem as _};

use crate::command::{Home, OTHER_PASSPHRASE, PASSPHRASE};

/// Longer than anything takes on a busy machine.
const PATIENCE: Duration = Duration::from_mins(1);
/// What the shell says at the end: how the terminal is left.
const AFTER: &str = "; stty -a; echo THE END";

/// A shell in a terminal of its own.
struct Shell {
    /// Closing it would hang up the terminal.
    _master: Box<dyn MasterPty + Send>,
    writer: Box<dyn Write + Send>,
    pieces: Receiver<Vec<u8>>,
    seen: String,
}

impl Shell {
    fn run(home: &Home, line: &str) -> Self {
        let pair = NativePtySystem::default()
            .openpty(PtySize::default())
            .unwrap();
        let mut command = CommandBuilder::new("sh");
        // The shell outlives the interrupt that ends the program.
        command.args(["-c", &format!("trap : INT; {line}{AFTER}")]);
        command.env("CAIRN", env!("CARGO_BIN_EXE_cairn"));
        command.env("CAIRN_HOME", home.path());
        command.env("CAIRN_USER", "Nora");
        command.env_remove("CAIRN_PASSPHRASE_FILE");
        let _child = pair.slave.spawn_command(command).unwrap();
        drop(pair.slave);
        let mut reader = pair.master.try_clone_reader().unwrap();
        let (to, pieces) = mpsc::channel();
        thread::spawn(move || {
            let mut piece = [0; 4096];
            while let Ok(length @ 1..) = reader.read(&mut piece) {
                to.send(piece[..length].to_vec()).unwrap_or_default();
            }
        });
        Self {
            writer: pair.master.take_writer().unwrap(),
            _master: pair.master,
            pieces,
            seen: String::new(),
        }
    }

    /// Waits for these words.
    #[track_caller]
    fn wait_for(&mut self, words: &str) {
        while !self.seen.contains(words) {
            let piece = self.pieces.recv_timeout(PATIENCE);
            let Ok(piece) = piece else {
                panic!("no {words:?} in {}", self.seen)
            };
            self.seen.push_str(&String::from_utf8_lossy(&piece));
        }
    }

    fn send(&mut self, bytes: &[u8]) {
        self.writer.write_all(bytes).unwrap();
    }

    /// The end, and that the terminal shows what is typed.
    #[track_caller]
    fn ends_shown(mut self) -> String {
        self.wait_for("THE END");
        assert!(
            self.seen.contains(" echo ") && !self.seen.contains("-echo "),
            "{}",
            self.seen
        );
        self.seen
    }
}

#[test]
fn a_typed_passphrase_is_not_shown_and_signs_in() {
    let home = Home::new();
    let mut shell = Shell::run(&home, "\"$CAIRN\" patient find okello");
    shell.wait_for("Passphrase of Nora: ");
    shell.send(format!("{PASSPHRASE}\r").as_bytes());
    let seen = shell.ends_shown();
    assert!(
        seen.contains("OKELLO, Grace") && !seen.contains(PASSPHRASE),
        "{seen}"
    );
}

#[test]
fn a_wrong_one_is_not_shown_either_and_the_next_has_to_wait() {
    let home = Home::new();
    let mut shell = Shell::run(&home, "\"$CAIRN\" patient find okello");
    shell.wait_for("Passphrase of Nora: ");
    shell.send(b"granite ladder violet\r");
    let seen = shell.ends_shown();
    assert!(seen.contains("error: wrong passphrase"), "{seen}");
    assert!(seen.contains("hint: wait, then type it again"), "{seen}");
    assert!(
        !seen.contains("OKELLO") && !seen.contains("violet"),
        "{seen}"
    );
    // The right one within that second is not even tried.
    let mut waits = 0;
    let opened = loop {
        let ran = home.run("Nora", &["patient", "find", "okello"]);
        if ran.code == Some(0) {
            break ran.out;
        }
        assert!(
            ran.err.contains("hint: wait, then try again"),
            "{}",
            ran.err
        );
        waits += 1;
        assert!(waits < 1000, "it never opens");
    };
    assert!(opened.contains("OKELLO, Grace"), "{opened}");
    let audit = home.text("Odile", &["audit"]);
    assert!(audit.contains("sign-in-failed"), "{audit}");
}

#[test]
fn an_interrupt_while_it_is_typed_leaves_a_terminal_that_shows() {
    let home = Home::new();
    let mut shell = Shell::run(&home, "\"$CAIRN\" patient find okello");
    shell.wait_for("Passphrase of Nora: ");
    shell.send(b"grani\x03");
    let seen = shell.ends_shown();
    assert!(
        !seen.contains("OKELLO") && !seen.contains("grani"),
        "{seen}"
    );
}

#[test]
fn a_new_passphrase_is_typed_twice_alike() {
    let home = Home::new();
    let pass = home.beside("passphrase");
    let line = format!("\"$CAIRN\" user passphrase --passphrase-file {pass}");
    let mut shell = Shell::run(&home, &line);
    shell.wait_for("New passphrase of Nora: ");
    shell.send(format!("{OTHER_PASSPHRASE}\r").as_bytes());
    shell.wait_for("The same again: ");
    shell.send(b"something else\r");
    let seen = shell.ends_shown();
    assert!(seen.contains("error: the two passphrases differ"), "{seen}");
    home.text("Nora", &["patient", "find", "okello"]);
}
