//! What people do with the program in a day, in the demo clinic, with the keys that each step
//! may cost.

mod abuse;
mod apart;
mod day;
mod drugs;
mod emergency;
mod first_start;
mod killed;
mod people;
mod share;
mod two_machines;

use std::{fs, path::PathBuf, process::Command};

use serde_json::Value;
use tempfile::TempDir;

use crate::{command::Ran, pty::Pty};

/// The people of the demo by their numbers on the lock screen.
const OWNER: char = '1';
pub(crate) const CLINICIAN: char = '2';
pub(crate) const CLINICIAN_NAME: &str = "Dr Leila Haddad";
const NURSE: char = '4';
const FRONT_DESK: char = '7';
pub(crate) const PIN: &str = "246813";

/// A folder with a demo clinic of its own.
pub(crate) struct Clinic {
    _folder: TempDir,
    home: PathBuf,
}

/// How the program is opened.
#[derive(Clone, Copy)]
pub(crate) struct Setting {
    arguments: &'static [&'static str],
    variables: &'static [(&'static str, &'static str)],
    size: (u16, u16),
}

impl Setting {
    pub(crate) const USUAL: Self = Self {
        arguments: &[],
        variables: &[],
        size: (80, 24),
    };

    const fn of(arguments: &'static [&'static str]) -> Self {
        Self {
            arguments,
            ..Self::USUAL
        }
    }

    const fn with(variables: &'static [(&'static str, &'static str)]) -> Self {
        Self {
            variables,
            ..Self::USUAL
        }
    }
}

impl Clinic {
    pub(crate) fn demo() -> Self {
        let clinic = Self::none();
        let made = Command::new(env!("CARGO_BIN_EXE_cairn"))
            .arg("--home")
            .arg(&clinic.home)
            .args(["demo", "--patients", "24", "--no-open", "--quiet"])
            .output()
            .unwrap();
        let complaint = String::from_utf8_lossy(&made.stderr);
        assert!(made.status.success(), "{complaint}");
        clinic
    }

    /// What a command of the command line finds, once nobody has the screen open.
    pub(crate) fn asked(&self, user: &str, args: &[&str]) -> Value {
        let mut command = Command::new(env!("CARGO_BIN_EXE_cairn"));
        command.args(args).args(["--json", "--user", user]);
        command.arg("--home").arg(&self.home);
        command
            .arg("--passphrase-file")
            .arg(self.home.join("passphrase"));
        let ran = Ran::of(command.output().unwrap());
        assert_eq!(ran.code, Some(0), "{args:?}: {}", ran.err);
        ran.document()
    }

    /// A folder in which a clinic may be made.
    fn none() -> Self {
        let folder = TempDir::new().unwrap();
        let home = folder.path().join("home");
        Self {
            _folder: folder,
            home,
        }
    }

    pub(crate) fn passphrase(&self) -> String {
        let text = fs::read_to_string(self.home.join("passphrase")).unwrap();
        text.trim().to_owned()
    }

    /// The screen, locked.
    pub(crate) fn locked(&self, setting: Setting) -> Pty {
        let Setting {
            arguments,
            variables,
            size,
        } = setting;
        Pty::start_in(arguments, &self.home, size, variables)
    }

    /// The screen, with a person signed in whose number the lock screen gives.
    pub(crate) fn open_as(&self, person: char, setting: Setting) -> Pty {
        let mut terminal = self.locked(setting);
        self.sign_in(person, &mut terminal);
        terminal
    }

    pub(crate) fn sign_in(&self, person: char, terminal: &mut Pty) {
        terminal.keys(&person.to_string());
        terminal.shows("Passphrase for");
        terminal.keys(&format!("{}<Enter>", self.passphrase()));
        terminal.shows("Choose a PIN");
        terminal.keys(&format!("{PIN}<Enter>{PIN}<Enter>"));
        terminal.shows("[2 Find]");
    }
}

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

/// Pairs a new machine, Hill Post, with the one before whose owner the first terminal is;
/// gives its home, and its terminal at the question who signs in.
fn pair(first: &mut Pty) -> (Clinic, Pty) {
    first.keys("<Esc><F6>8i");
    first.until_shown("Good for 10 minutes");
    let other = Clinic::none();
    let mut second = other.locked(Setting::USUAL);
    second.keys("13");
    let (words, address) = (words(first), address(first));
    let typed = format!("{words}<Enter>{address}<Enter>Hill Post<F2>");
    let keys = second.keys(&typed);
    println!("to join: {keys} keys");
    first.until_shown("Hill Post knows the words");
    first.keys("<Enter>");
    first.shows("Press y only if");
    first.keys("y");
    first.until_shown("Hill Post belongs to the clinic now");
    second.until_shown("Sign in with your own passphrase");
    second.until_shown(CLINICIAN_NAME);
    (other, second)
}
