//! The real binary in a real home: how the tests of the command line run it. The home is made
//! once, with keys that take no work to try, and copied for each test.

use std::{
    fs,
    io::Write as _,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
    sync::OnceLock,
};

use cairn::{
    chart::{
        Address, Allergy, Clinical, Coded, Criticality, Edit, Name, NameUse, Note,
        Person, Reaction, Record, Section, Severity, Sex, Subject, Verification,
        who::Role,
    },
    clinic::{Clinic, Founding, Session, Surroundings},
    ids::PatientId,
    seal::{SeededEntropy, Work},
    time::Clock,
};
use serde_json::Value;
use tempfile::TempDir;

/// Everybody's passphrase in the prepared home.
pub(crate) const PASSPHRASE: &str = "granite ladder violin sunday copper";
/// Another one that is strong enough.
pub(crate) const OTHER_PASSPHRASE: &str = "meadow pencil harvest lantern orbit";
/// Who is enrolled in the prepared home.
pub(crate) const STAFF: [(&str, Role); 6] = [
    ("Okot", Role::Owner),
    ("Leila", Role::Clinician),
    ("Nora", Role::Nurse),
    ("Esther", Role::LabPharmacy),
    ("Amina", Role::FrontDesk),
    ("Odile", Role::Auditor),
];
/// What the note of the prepared chart says.
pub(crate) const NOTE: &str = "Wheeze since Tuesday, worse at night.";

/// A home, and files beside it.
pub(crate) struct Home {
    folder: TempDir,
    /// The patient who is on file: Grace Okello, allergic to penicillin.
    pub(crate) grace: String,
}

/// How a command ended.
pub(crate) struct Ran {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Home {
    /// A copy of the prepared home.
    pub(crate) fn new() -> Self {
        let (prepared, grace) = prepared();
        let folder = TempDir::new().unwrap();
        let home = folder.path().join("home");
        fs::create_dir(&home).unwrap();
        for file in fs::read_dir(prepared.path().join("home")).unwrap() {
            let file = file.unwrap();
            let name = file.file_name();
            if name != "reserve" && file.path().is_file() {
                fs::copy(file.path(), home.join(name)).unwrap();
            }
        }
        fs::write(folder.path().join("passphrase"), PASSPHRASE).unwrap();
        fs::write(folder.path().join("other"), OTHER_PASSPHRASE).unwrap();
        Self {
            folder,
            grace: grace.clone(),
        }
    }

    /// A home of another clinic: that of Dr Abbo, who owns it.
    pub(crate) fn elsewhere() -> Self {
        let folder = TempDir::new().unwrap();
        let founding = Founding {
            machine: "1".to_owned(),
            clinic: "District Hospital".to_owned(),
            user: "Dr Abbo".to_owned(),
            passphrase: PASSPHRASE.to_owned().into(),
        };
        let around = Surroundings {
            entropy: Box::new(SeededEntropy::new(u64::from(std::process::id()) << 8)),
            ..surroundings()
        };
        let home = folder.path().join("home");
        drop(Clinic::create(&home, founding, around, |_| Ok(())).unwrap());
        fs::write(folder.path().join("passphrase"), PASSPHRASE).unwrap();
        let grace = String::new();
        Self { folder, grace }
    }

    /// The clinic's folder.
    pub(crate) fn path(&self) -> PathBuf {
        self.folder.path().join("home")
    }

    /// A file beside the clinic's folder, with this text.
    pub(crate) fn file(&self, name: &str, text: &str) -> String {
        let path = self.folder.path().join(name);
        fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    }

    /// The path of a file beside the clinic's folder.
    pub(crate) fn beside(&self, name: &str) -> String {
        self.folder.path().join(name).to_str().unwrap().to_owned()
    }

    /// What was logged in it.
    pub(crate) fn log(&self) -> String {
        fs::read_to_string(self.beside("home/log/cairn.log")).unwrap()
    }

    /// The binary in this home, as that user.
    pub(crate) fn command(&self, user: &str, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_cairn"));
        command
            .args(args)
            .env("CAIRN_HOME", self.path())
            .env("CAIRN_USER", user)
            .env(
                "CAIRN_PASSPHRASE_FILE",
                self.folder.path().join("passphrase"),
            )
            .env("XDG_DATA_HOME", self.folder.path().join("data"))
            .stdin(Stdio::null());
        command
    }

    pub(crate) fn run(&self, user: &str, args: &[&str]) -> Ran {
        Ran::of(self.command(user, args).output().unwrap())
    }

    /// As [`Home::run`], with this on stdin.
    pub(crate) fn piped(&self, user: &str, args: &[&str], input: &str) -> Ran {
        let mut command = self.command(user, args);
        command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut stdin = child.stdin.take().unwrap();
        stdin.write_all(input.as_bytes()).unwrap();
        drop(stdin);
        Ran::of(child.wait_with_output().unwrap())
    }

    /// The one document of a command that works.
    #[track_caller]
    pub(crate) fn json(&self, user: &str, args: &[&str]) -> Value {
        let all: Vec<&str> = args.iter().copied().chain(["--json"]).collect();
        let ran = self.run(user, &all);
        assert_eq!(ran.code, Some(0), "{args:?}: {}", ran.err);
        ran.document()
    }

    /// The lines of a command that works.
    #[track_caller]
    pub(crate) fn text(&self, user: &str, args: &[&str]) -> String {
        let ran = self.run(user, args);
        assert_eq!(ran.code, Some(0), "{args:?}: {}", ran.err);
        ran.out
    }

    /// What a command that does not work says.
    #[track_caller]
    pub(crate) fn refused(&self, user: &str, args: &[&str], code: i32) -> String {
        let ran = self.run(user, args);
        assert_eq!(ran.code, Some(code), "{args:?}: {}{}", ran.out, ran.err);
        ran.is_told();
        ran.err
    }
}

impl Ran {
    pub(crate) fn of(output: Output) -> Self {
        Self {
            code: output.status.code(),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// The one JSON document on stdout.
    #[track_caller]
    pub(crate) fn document(&self) -> Value {
        assert_eq!(self.out.lines().count(), 1, "{}", self.out);
        serde_json::from_str(&self.out).unwrap()
    }

    /// An error is three lines at most: what, because, hint. It quotes no inner words.
    #[track_caller]
    pub(crate) fn is_told(&self) {
        let lines: Vec<&str> = self.err.lines().collect();
        assert!((2..=3).contains(&lines.len()), "{}", self.err);
        assert!(lines[0].starts_with("error: "), "{}", self.err);
        if lines.len() == 3 {
            assert!(lines[1].starts_with("  because: "), "{}", self.err);
        }
        assert!(lines[lines.len() - 1].starts_with("hint: "), "{}", self.err);
        assert!(!self.err.contains("panick"), "{}", self.err);
    }
}

/// Whether a JSON value is an id.
pub(crate) fn is_id(it: &Value) -> bool {
    it.as_str()
        .is_some_and(|it| it.len() == 32 && it.bytes().all(|it| it.is_ascii_hexdigit()))
}

/// The machine of the prepared home, with keys that take no work to try.
pub(crate) fn surroundings() -> Surroundings {
    Surroundings {
        clock: Clock::Machine,
        entropy: Box::new(SeededEntropy::new(u64::from(std::process::id()))),
        work: Some(Work::DEMO),
    }
}

fn prepared() -> &'static (TempDir, String) {
    static PREPARED: OnceLock<(TempDir, String)> = OnceLock::new();
    PREPARED.get_or_init(|| {
        let folder = TempDir::new().unwrap();
        let grace = prepare(&folder.path().join("home"));
        (folder, grace.to_string())
    })
}

fn prepare(home: &Path) -> PatientId {
    let founding = Founding {
        machine: "1".to_owned(),
        clinic: "Kijani".to_owned(),
        user: STAFF[0].0.to_owned(),
        passphrase: PASSPHRASE.to_owned().into(),
    };
    let clinic = Clinic::create(home, founding, surroundings(), |_| Ok(())).unwrap();
    let owner = clinic.users().unwrap()[0].user;
    let mut session = clinic.sign_in(owner, PASSPHRASE).unwrap();
    for (name, role) in &STAFF[1..] {
        session.add_user(name, *role, PASSPHRASE).unwrap();
    }
    let grace = register(&mut session);
    session.sign_out().unwrap();
    grace
}

fn register(session: &mut Session) -> PatientId {
    let mut person = Person::new(session.entry());
    person.names = vec![Name {
        usage: NameUse::Usual,
        family: "Okello".into(),
        given: "Grace".into(),
    }];
    person.sex = Sex::Female;
    person.phone = "0772123456".into();
    person.address = Address {
        village: "Kijani".into(),
        ..Address::default()
    };
    let grace = session.register(person).unwrap().patient;
    let allergy = Allergy {
        entry: session.entry(),
        code: Coded::text("Penicillin"),
        clinical: Clinical::Active,
        verification: Verification::Confirmed,
        intolerance: false,
        category: "medication".into(),
        criticality: Criticality::High,
        onset: None,
        reactions: vec![Reaction {
            manifestation: Coded::text("anaphylaxis"),
            severity: Some(Severity::Severe),
        }],
    };
    let note = Note {
        entry: session.entry(),
        visit: None,
        title: "visit".into(),
        sections: vec![Section {
            name: "S".into(),
            text: NOTE.into(),
        }],
        phrases: Vec::new(),
        signed: None,
        adds_to: None,
        attested: None,
    };
    let records = [Record::Allergy(allergy), Record::Note(note)];
    let edits = records.into_iter().map(Edit::add).collect();
    session.save(Subject::Patient(grace), edits).unwrap();
    grace
}
