//! The power fails while a note is typed, and while two machines exchange: the store opens
//! clean, at most one field is lost, and the meeting goes on where it stopped.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
    process::Command,
    sync::Arc,
    time::{Duration, Instant},
};

use cairn::{
    chart::{Chart, Edit, Subject},
    clinic::{Clinic, Surroundings},
    ids::PatientId,
    ledger::Frontier,
    seal::SeededEntropy,
    store::Part,
};
use serde_json::Value;
use tempfile::TempDir;

use super::okot;
use crate::{
    bad_days::pulse,
    clinic::{amoxicillin, founded, grace, owner, penicillin, surroundings},
    command::{Home, Ran},
    command_sync::{HERE, Serving, joined as joined_home},
    devices::joined,
    flaky_disk::{Dice, FlakyDisk, Image, Left, Op, PowerCuts},
    journeys::{CLINICIAN, CLINICIAN_NAME, Clinic as Demo, Setting},
    kill::{Running, kills, seed},
    meeting::{Faults, in_step, meet},
};

/// Points at which the power fails on each machine, but in a long run (`CAIRN_LONG`), where
/// it fails at each.
const CUTS: usize = 12;
/// What each of the two wrote that the other lacks, in patients.
const PATIENTS: usize = 6;
/// Of the kills of a run of the command line, one in so many is done in an exchange.
const SHARE: u64 = 4;

/// Two machines that did not meet for a while, each on a disk that remembers.
struct Parted {
    _folders: [TempDir; 2],
    homes: [PathBuf; 2],
    images: [Image; 2],
    patients: Vec<PatientId>,
    /// What is on both once they met.
    charts: Vec<Chart>,
}

fn image(home: &Path) -> Image {
    [Part::Ledger, Part::Cache]
        .map(|part| (part, fs::read(home.join(part.file_name())).unwrap()))
        .into()
}

fn around(seed: u64) -> Surroundings {
    Surroundings {
        entropy: Box::new(SeededEntropy::new(seed)),
        ..surroundings()
    }
}

fn charts(clinic: &Arc<Clinic>, patients: &[PatientId]) -> Vec<Chart> {
    let mut session = okot(clinic);
    let charts = patients.iter().map(|it| session.open(*it).unwrap());
    charts.collect()
}

impl Parted {
    fn new() -> Self {
        let (one, desk) = founded();
        let mut session = owner(&desk);
        let mut patients = vec![grace(&mut session)];
        let (two, triage) = joined(&mut session, 1);
        session.sign_out().unwrap();
        in_step(&desk, &triage);
        for clinic in [&desk, &triage] {
            let mut session = okot(clinic);
            for _ in 0..PATIENTS {
                let patient = grace(&mut session);
                patients.push(patient);
                for of in [patients[0], patient] {
                    let records = [penicillin(&mut session), amoxicillin(&mut session)];
                    let measured = pulse(&mut session, "72");
                    let edits = records.map(Edit::add).into_iter().chain([measured]);
                    session.save(Subject::Patient(of), edits.collect()).unwrap();
                }
            }
            session.sign_out().unwrap();
        }
        let folders = [one, two];
        let homes = folders.each_ref().map(|it| it.path().join("home"));
        drop((desk, triage));
        let images = homes.each_ref().map(|it| image(it));
        let mut parted = Self {
            _folders: folders,
            homes,
            images,
            patients,
            charts: Vec::new(),
        };
        let [one, two] = parted.both().map(|(_, clinic)| clinic);
        in_step(&one, &two);
        parted.charts = charts(&one, &parted.patients);
        parted
    }

    /// The machine on such a disk.
    fn open(&self, at: usize, disk: &FlakyDisk, seed: u64) -> Arc<Clinic> {
        let disk = Arc::new(disk.clone());
        Clinic::open_with(&self.homes[at], disk, around(seed)).unwrap()
    }

    /// Both as they were before they met.
    fn both(&self) -> [(FlakyDisk, Arc<Clinic>); 2] {
        [0, 1].map(|at| {
            let disk = FlakyDisk::with(self.images[at].clone());
            let clinic = self.open(at, &disk, 100 + at as u64);
            (disk, clinic)
        })
    }

    /// What the disk of a machine does while they meet, up to each time that something is
    /// about to be brought to it.
    fn points(&self, at: usize) -> Vec<usize> {
        let both = self.both();
        let before = both[at].0.ops_len();
        in_step(&both[0].1, &both[1].1);
        let ops = both[at].0.ops();
        let syncs = ops.iter().enumerate().skip(before);
        let syncs = syncs.filter(|(_, (_, op))| matches!(op, Op::Sync));
        let syncs: Vec<usize> = syncs.map(|(at, _)| at - before).collect();
        let stride = if std::env::var_os("CAIRN_LONG").is_some() {
            1
        } else {
            syncs.len().div_ceil(CUTS)
        };
        syncs.into_iter().step_by(stride).collect()
    }

    /// The power of one machine fails at this point of their meeting. The other goes on.
    fn cut(&self, at: usize, point: usize, left: Left, dice: &mut Dice) {
        let [one, two] = self.both();
        let both = [&one, &two];
        let disk = &both[at].0;
        disk.refuse_after(Some(point));
        let line = Faults::default();
        let meeting = meet([&one.1, &two.1], line, &mut Dice(1), |_| ());
        assert!(!meeting.in_step, "the power did not fail");
        let other = &both[1 - at].1;
        let device = both[at].1.device();
        let told = other.peer(device).unwrap().map(|it| it.theirs);
        let mut cuts = PowerCuts::from(self.images[at].clone());
        for (part, op) in disk.ops() {
            cuts.step(part, op);
        }
        let left = FlakyDisk::with(cuts.image(left, dice));
        let (first, second) = (one, two);
        let (gone, other) = if at == 0 {
            (first.1, second.1)
        } else {
            (second.1, first.1)
        };
        drop(gone);

        let again = self.open(at, &left, 200 + point as u64);
        holds(&again.frontier().unwrap(), &told.unwrap_or_default());
        let mut session = okot(&again);
        let verified = session.verify(|_| {}).unwrap();
        assert_eq!((verified.problems, verified.waiting), (Vec::new(), 0));
        session.sign_out().unwrap();
        in_step(&again, &other);
        for clinic in [&again, &other] {
            assert!(
                charts(clinic, &self.patients) == self.charts,
                "both hold all"
            );
        }
    }
}

/// What a machine told another that it holds, it holds.
fn holds(now: &Frontier, told: &Frontier) {
    for (run, (end, _)) in told {
        let held = now.get(run).map_or(0, |(end, _)| *end);
        assert!(held >= *end, "{run:?}: {held} of {end} that it told of");
    }
}

#[expect(clippy::disallowed_methods, reason = "it measures the real program")]
fn timed<T>(act: impl FnOnce() -> T) -> (T, Duration) {
    let begun = Instant::now();
    let done = act();
    (done, begun.elapsed())
}

/// A note is typed in `fields`, and the power fails; what the form shows then.
fn after_a_cut_in(fields: &[&str]) -> String {
    let clinic = Demo::demo();
    let add = [
        "patient", "add", "--family", "Weighed", "--sex", "f", "--age", "38y",
    ];
    let added = clinic.asked(CLINICIAN_NAME, &add);
    let patient = added["number"].as_str().unwrap();
    let mut terminal = clinic.open_as(CLINICIAN, Setting::USUAL);
    terminal.slowly(&format!(
        "{patient}<Enter><F8><Enter>{}",
        fields.join("<Tab>")
    ));
    terminal.kill();
    let (mut again, opened) = timed(|| clinic.locked(Setting::USUAL));
    let ((), signed_in) = timed(|| clinic.sign_in(CLINICIAN, &mut again));
    let (opened, signed_in) = (opened.as_millis(), signed_in.as_millis());
    println!("ready to sign in after {opened} ms, at work {signed_in} ms later");
    again.keys("<^o>");
    let text = again.text();
    assert!(again.quit());
    let problems = clinic.asked("Dr James Okot", &["verify"])["problems"].clone();
    assert_eq!(problems, Value::Array(Vec::new()), "the store opens clean");
    text
}

#[test]
fn power_cut() {
    let fields = ["Haematemesis", "Chest clear", "Salbutamol"];
    for typed in 1..=fields.len() {
        let text = after_a_cut_in(&fields[..typed]);
        let kept = fields[..typed].iter().filter(|it| text.contains(**it));
        assert!(
            kept.count() + 1 >= typed,
            "more than one field is lost:\n{text}"
        );
        let whole = fields[..typed - 1].iter().all(|it| text.contains(it));
        assert!(whole, "another field than the last is lost:\n{text}");
    }
}

#[test]
fn power_cut_mid_sync() {
    let parted = Parted::new();
    let mut dice = Dice(1);
    for at in [0, 1] {
        let points = parted.points(at);
        assert!(points.len() > 3, "{points:?}");
        for (n, point) in points.iter().enumerate() {
            let left = [Left::Nothing, Left::Everything, Left::Some][n % 3];
            parted.cut(at, *point, left, &mut dice);
        }
        println!("machine {at}: {} power cuts in an exchange", points.len());
    }
}

/// A machine that was killed in an exchange.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Killed {
    Serving,
    Syncing,
}

#[test]
fn power_cut_of_either_program_mid_sync() {
    let (seed, kills) = (seed(), kills().div_ceil(SHARE));
    println!("CAIRN_KILL_SEED={seed} CAIRN_KILLS={}", kills * SHARE);
    let mut dice = Dice(seed);
    let home = Home::new();
    let (_folder, other) = joined_home(&home, false);
    let mut usual = exchanged(&home, &other);
    let mut acknowledged = BTreeSet::new();
    for kill in 0..kills {
        // Both have something for the other.
        for at in [&home.path(), &other] {
            let args = ["vitals", &home.grace, "hr 72"];
            acknowledged.extend(observations(&asked(&home, "Leila", at, &args)));
        }
        let killed = if kill % 2 == 0 {
            Killed::Serving
        } else {
            Killed::Syncing
        };
        let serving = Serving::begun(home.command("Okot", &["serve"]));
        let command = sync(&home, &other, serving.addr());
        let mut syncing = Running::start(command, "", true);
        let part = u32::try_from(dice.below(1_000)).unwrap();
        syncing.answers_within(usual * part / 1_000);
        match killed {
            Killed::Serving => {
                serving.ended("-KILL");
                syncing.child.wait().unwrap();
            }
            Killed::Syncing => {
                syncing.kill();
                assert_eq!(serving.ended("-TERM"), Some(0));
            }
        }
        println!("killed: {killed:?}");
        usual = exchanged(&home, &other);
    }
    for at in [&home.path(), &other] {
        let chart = asked(&home, "Leila", at, &["patient", "show", &home.grace]);
        let lost: Vec<_> = acknowledged
            .difference(&observations(&chart))
            .cloned()
            .collect();
        assert_eq!(lost, Vec::<String>::new(), "acknowledged and lost");
        let verified = asked(&home, "Okot", at, &["verify"]);
        assert_eq!(verified["problems"], Value::Array(Vec::new()));
    }
}

/// The two exchange and end in step; how long that took.
fn exchanged(home: &Home, other: &Path) -> Duration {
    let (serving, began) = timed(|| Serving::begun(home.command("Okot", &["serve"])));
    let mut command = sync(home, other, serving.addr());
    let (ran, took) = timed(|| Ran::of(command.output().unwrap()));
    println!(
        "serves after {} ms, in step {} ms later",
        began.as_millis(),
        took.as_millis()
    );
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert_eq!(ran.document()["peers"][0]["state"], "in_step");
    assert_eq!(serving.ended("-TERM"), Some(0));
    took
}

fn asked(home: &Home, user: &str, at: &Path, args: &[&str]) -> Value {
    let mut command = home.command(user, args);
    let ran = Ran::of(
        command
            .arg("--json")
            .env("CAIRN_HOME", at)
            .output()
            .unwrap(),
    );
    assert_eq!(ran.code, Some(0), "{args:?}: {}", ran.err);
    ran.document()
}

fn observations(of: &Value) -> BTreeSet<String> {
    let rows = of["observations"].as_array().unwrap().iter();
    rows.map(|it| it["id"].as_str().unwrap().to_owned())
        .collect()
}

fn sync(home: &Home, at: &Path, addr: &str) -> Command {
    let mut command = home.command(
        "Okot",
        &[
            "sync",
            "--json",
            "--once",
            "--timeout",
            "20",
            "--addr",
            addr,
        ],
    );
    command.args(HERE).env("CAIRN_HOME", at);
    command
}
