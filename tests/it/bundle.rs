//! A stick between machines that no network joins, with the real binary at both ends.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use cairn::{
    chart::{
        Coded, Edit, Name, NameUse, Note, Person, Record, Section, Subject, Visit,
        VisitClass, VisitStatus,
    },
    clinic::{Clinic, Founding, NewMachine, Session, Surroundings},
    ids::PatientId,
    seal::{self, CarryPublic, SeededEntropy, Work},
    time::{Clock, Moment, Timestamp},
};
use serde_json::Value;
use tempfile::TempDir;

use crate::{
    command::{PASSPHRASE, Ran},
    hostile_store::{Mounted, NO_MOUNT},
};

/// The day before the laptop leaves.
const BEGAN: Timestamp = Timestamp(1_780_000_000_000);
const DAY_MS: i64 = 24 * 60 * 60 * 1000;
/// What people are called who are in the charts.
pub(crate) const PEOPLE: [&str; 4] = ["Amina", "Badu", "Chidi", "Dalia"];
pub(crate) const COMPLAINT: &str = "Wheeze at night";

/// A machine's folder, with its home and the owner's passphrase.
pub(crate) struct Machine {
    folder: TempDir,
    seed: u64,
    /// To whom what is for this machine alone is sealed.
    carrier: Option<CarryPublic>,
}

fn around(seed: u64, day: i64) -> Surroundings {
    let at = BEGAN.plus_ms(day * DAY_MS);
    let drawn = seed * 1000 + u64::try_from(day).unwrap();
    Surroundings {
        clock: Clock::Fixed(Moment {
            at,
            offset_minutes: 180,
        }),
        entropy: Box::new(SeededEntropy::new(drawn)),
        work: Some(Work::DEMO),
    }
}

impl Machine {
    fn new(seed: u64) -> Self {
        let folder = TempDir::new().unwrap();
        fs::write(folder.path().join("passphrase"), PASSPHRASE).unwrap();
        Self {
            folder,
            seed,
            carrier: None,
        }
    }

    pub(crate) fn founded(seed: u64) -> Self {
        let machine = Self::new(seed);
        let founding = Founding {
            machine: "1".to_owned(),
            clinic: "Kijani".to_owned(),
            user: "Dr Okot".to_owned(),
            passphrase: PASSPHRASE.to_owned().into(),
        };
        Clinic::create(&machine.home(), founding, around(seed, 0), |_| Ok(())).unwrap();
        machine
    }

    /// A new machine that the owner lets in on this one.
    fn joined(&self, seed: u64) -> Self {
        let mut machine = Self::new(seed);
        let new = NewMachine::draw(false, &mut SeededEntropy::new(seed));
        let card = new.card("");
        machine.carrier = Some(card.carry);
        let enrolment = self.at_work(1, |it| it.invite_accept(&card, None).unwrap());
        Clinic::join(&machine.home(), &new, enrolment, around(seed, 0)).unwrap();
        machine
    }

    fn home(&self) -> PathBuf {
        self.folder.path().join("home")
    }

    /// What the owner does here on one day.
    pub(crate) fn at_work<T>(&self, day: i64, work: impl FnOnce(&mut Session) -> T) -> T {
        let clinic = Clinic::open(&self.home(), around(self.seed, day)).unwrap();
        let user = clinic.users().unwrap()[0].user;
        let mut session = clinic.sign_in(user, PASSPHRASE).unwrap();
        let done = work(&mut session);
        session.sign_out().unwrap();
        done
    }

    fn run(&self, args: &[&str]) -> Ran {
        let mut command = Command::new(env!("CARGO_BIN_EXE_cairn"));
        command
            .args(args)
            .env("CAIRN_HOME", self.home())
            .env(
                "CAIRN_PASSPHRASE_FILE",
                self.folder.path().join("passphrase"),
            )
            .env("XDG_DATA_HOME", self.folder.path().join("data"))
            .stdin(Stdio::null());
        Ran::of(command.output().unwrap())
    }

    #[track_caller]
    pub(crate) fn json(&self, args: &[&str]) -> Value {
        let all: Vec<&str> = args.iter().copied().chain(["--json"]).collect();
        let ran = self.run(&all);
        assert_eq!(ran.code, Some(0), "{args:?}: {}", ran.err);
        ran.document()
    }

    #[track_caller]
    pub(crate) fn refused(&self, args: &[&str]) -> String {
        let ran = self.run(args);
        assert_eq!(ran.code, Some(3), "{args:?}: {}{}", ran.out, ran.err);
        ran.is_told();
        ran.err
    }

    /// Puts a bundle on the stick; its file.
    #[track_caller]
    pub(crate) fn make(&self, stick: &Path, how: &[&str]) -> (String, Value) {
        let out = ["bundle", "make", "--out", stick.to_str().unwrap()];
        let made = self.json(&[&out, how].concat());
        let file = made["file"].as_str().unwrap().to_owned();
        assert_eq!(made["files"].as_array().unwrap().len(), 1);
        let length = fs::metadata(&file).unwrap().len();
        assert_eq!(made["bytes"].as_u64(), Some(length));
        (file, made)
    }

    #[track_caller]
    pub(crate) fn take(&self, file: &str) -> Value {
        let taken = self.json(&["bundle", "take", file]);
        assert_eq!(taken["refused"], Value::Array(Vec::new()), "{taken}");
        taken
    }

    /// The charts of these people, as the command line shows them.
    pub(crate) fn charts(&self, people: &[PatientId]) -> Vec<Value> {
        let show = |it: &PatientId| self.json(&["patient", "show", &it.to_string()]);
        people.iter().map(show).collect()
    }
}

pub(crate) fn register(session: &mut Session, given: &str) -> PatientId {
    let mut person = Person::new(session.entry());
    person.names = vec![Name {
        usage: NameUse::Usual,
        family: "Okello".into(),
        given: given.into(),
    }];
    session.register(person).unwrap().patient
}

pub(crate) fn visit(session: &mut Session, patient: PatientId, n: usize) {
    let visit = Visit {
        class: VisitClass::Home,
        status: VisitStatus::Finished,
        start: None,
        end: None,
        reason: Coded::text(COMPLAINT),
        diagnoses: Vec::new(),
        practitioner: String::new(),
        place: "outreach".to_owned(),
        entry: session.entry(),
    };
    let note = Note {
        entry: session.entry(),
        visit: Some(visit.entry.id),
        title: "visit".into(),
        sections: vec![Section {
            name: "S".into(),
            text: format!("Cough for {n} days, fever at night"),
        }],
        phrases: Vec::new(),
        signed: None,
        adds_to: None,
        attested: None,
    };
    let edits = [Record::Visit(visit), Record::Note(note)].map(Edit::add);
    session
        .save(Subject::Patient(patient), edits.into())
        .unwrap();
}

pub(crate) fn visits(chart: &Value) -> usize {
    chart["visits"].as_array().unwrap().len()
}

/// A desk and a laptop that knows no more than who belongs.
pub(crate) fn two() -> (Machine, Machine) {
    let desk = Machine::founded(1);
    let laptop = desk.joined(2);
    (desk, laptop)
}

#[test]
fn a_stick_that_was_pulled_half_way_is_told_and_the_rest_is_taken_later() {
    let (desk, laptop) = two();
    let stick = TempDir::new().unwrap();
    desk.at_work(2, |session| {
        let patient = register(session, PEOPLE[0]);
        for n in 0..300 {
            visit(session, patient, n);
        }
    });
    let (file, _) = desk.make(stick.path(), &["--all"]);
    let bytes = fs::read(&file).unwrap();
    let torn = stick.path().join("torn.cairn");
    fs::write(&torn, &bytes[..bytes.len() - 3]).unwrap();
    let torn = torn.to_str().unwrap();
    let ran = laptop.run(&["bundle", "take", torn, "--json"]);
    assert_eq!(ran.code, Some(3), "{}", ran.err);
    ran.is_told();
    assert!(
        ran.err.contains("broken off or damaged after"),
        "{}",
        ran.err
    );
    let before = ran.document()["new"].as_u64().unwrap();
    let rest = laptop.take(&file);
    let of = rest["new"].as_u64().unwrap() + rest["known"].as_u64().unwrap();
    assert!(
        before > 40 && rest["new"].as_u64().unwrap() > 0,
        "{before} of {of}"
    );
    assert!(rest["known"].as_u64().unwrap() >= before);
}

#[test]
fn what_is_no_bundle_for_this_machine_is_named_and_changes_nothing() {
    let (desk, laptop) = two();
    let stick = TempDir::new().unwrap();
    let file = |name: &str, bytes: &[u8]| {
        let path = stick.path().join(name);
        fs::write(&path, bytes).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let to = [laptop.carrier.unwrap()];
    let newer = seal::wrap(
        &to,
        b"CAIB\x02what nobody knows yet",
        &mut SeededEntropy::new(9),
    )
    .unwrap();
    let other = seal::wrap(&to, b"a letter", &mut SeededEntropy::new(9)).unwrap();
    let held = laptop.json(&["verify"])["envelopes"].clone();
    for (name, bytes, expected) in [
        ("newer", newer, "made by a newer Cairn: version 2"),
        ("letter", other, "not a bundle, or damaged where it begins"),
        (
            "text",
            b"hello".to_vec(),
            "not a bundle, or damaged where it begins",
        ),
        (
            "empty",
            Vec::new(),
            "not a bundle, or damaged where it begins",
        ),
    ] {
        let said = laptop.refused(&["bundle", "take", &file(name, &bytes)]);
        assert!(said.contains(expected), "{said}");
        assert!(said.contains(name), "names the file: {said}");
    }
    let said = laptop.refused(&["bundle", "take", "/nowhere/at.cairn"]);
    assert!(said.contains("No such file"), "{said}");
    // Each sign-in leaves a certificate and its audit; nothing else was written.
    let now = laptop.json(&["verify"])["envelopes"].as_u64().unwrap();
    assert!(now <= held.as_u64().unwrap() + 3 * 6, "{held} {now}");
    let (own, _) = desk.make(stick.path(), &["--all"]);
    let said = desk.refused(&["bundle", "take", &own]);
    assert!(said.contains("not made for this machine"), "{said}");
    let nobody = ["bundle", "make", "--out", stick.path().to_str().unwrap()];
    let said = desk.refused(&[&nobody[..], &["--for", "nobody"]].concat());
    assert!(said.contains("machine of this name"), "{said}");
    assert_eq!(desk.run(&nobody).code, Some(2), "for whom?");
}

#[test]
fn a_stick_that_is_full_is_told_and_left_as_it_was() {
    let (desk, _laptop) = two();
    let folder = TempDir::new().unwrap();
    for (options, expected) in [
        ("size=128k", "bytes are needed"),
        ("size=10m,nr_inodes=1", "is full: nothing was left there"),
    ] {
        let path = folder.path().join("stick");
        let Some(stick) = Mounted::new(&path, options) else {
            return println!("{NO_MOUNT}");
        };
        let out = stick.0.to_str().unwrap();
        let said = desk.refused(&["bundle", "make", "--out", out, "--all"]);
        assert!(said.contains(expected), "{said}");
        assert_eq!(fs::read_dir(&stick.0).unwrap().count(), 0);
    }
}

#[test]
fn what_a_machine_made_that_was_revoked_is_taken_and_told() {
    let (desk, laptop) = two();
    let stick = TempDir::new().unwrap();
    laptop.at_work(2, |session| {
        register(session, PEOPLE[0]);
    });
    let (file, _) = laptop.make(stick.path(), &["--all"]);
    desk.at_work(3, |session| {
        let lost = session.machine_named("2").unwrap();
        session.revoke_machine(lost).unwrap();
    });
    let ran = desk.run(&["bundle", "take", &file]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert!(
        ran.out.contains("by machine 2, since revoked"),
        "{}",
        ran.out
    );
    assert!(
        ran.out.ends_with("the stick can be pulled out now\n"),
        "{}",
        ran.out
    );
    assert!(ran.out.contains("made just now ("), "{}", ran.out);
    // Nothing is made for it any more.
    let out = [
        "bundle",
        "make",
        "--out",
        stick.path().to_str().unwrap(),
        "--all",
    ];
    let said = desk.refused(&out);
    assert!(said.contains("no such other machine"), "{said}");
}
