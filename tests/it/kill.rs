//! The real program, killed (`kill -9`) again and again while it opens, writes and leaves.
//! What it acknowledged on stdout is there afterwards, nothing is half there, and the home
//! always opens. The moments are measured in acknowledged work, so that much of it is done
//! however busy the machine is.

use std::{
    collections::BTreeSet,
    io::{BufRead as _, BufReader, Read as _, Write as _},
    process::{Child, Command, Stdio},
    sync::mpsc::{self, Receiver, RecvTimeoutError},
    thread,
    time::{Duration, Instant},
};

use serde_json::Value;

use crate::{
    command::{Home, Ran},
    flaky_disk::Dice,
};

/// How often it is killed; `CAIRN_KILLS` says another number.
const KILLS: u64 = 16;
/// Homes that are killed in side by side.
const HOMES: u64 = 2;
/// Lines of vital signs in one run.
const LINES: usize = 12;

/// Longer than an answer takes on a busy machine.
const PATIENCE: Duration = Duration::from_mins(1);

/// What runs when the program is killed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Job {
    /// Lines of vital signs, each answered.
    Vitals,
    /// A visit with its note, signed, and vital signs.
    Visit,
    /// A new patient.
    Patient,
    /// A file of somebody who is not on file.
    Import,
}

/// What was acknowledged.
#[derive(Default)]
struct Acknowledged {
    observations: BTreeSet<String>,
    notes: BTreeSet<String>,
    patients: BTreeSet<String>,
    /// Family names of those who were taken in.
    families: BTreeSet<String>,
}

/// How long things took so far, with nobody killing.
#[derive(Clone, Copy)]
struct Usual {
    /// From the start to the first answer.
    answer: Duration,
    /// From one answer to the next.
    next: Duration,
    /// From the last answer to the end.
    end: Duration,
}

/// A program at work, and what it says.
pub(crate) struct Running {
    pub(crate) child: Child,
    answers: Receiver<Value>,
    begun: Instant,
}

#[expect(clippy::disallowed_methods, reason = "it measures the real program")]
fn instant() -> Instant {
    Instant::now()
}

/// A part of a duration, sometimes a little more than all of it.
fn part(of: Duration, dice: &mut Dice) -> Duration {
    of.mul_f64(f64::from(u32::try_from(dice.below(1_200)).unwrap()) / 1_000.0)
}

impl Running {
    /// Starts a command; `input` stands on its stdin, which is closed behind it where asked.
    pub(crate) fn start(mut command: Command, input: &str, closes: bool) -> Self {
        command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let begun = instant();
        let mut child = command.spawn().unwrap();
        let mut stdin = child.stdin.take().unwrap();
        stdin.write_all(input.as_bytes()).unwrap();
        if !closes {
            child.stdin = Some(stdin);
        }
        let stdout = BufReader::new(child.stdout.take().unwrap());
        let (to, answers) = mpsc::channel();
        thread::spawn(move || {
            // A line that was cut off in the middle says nothing.
            let lines = stdout.split(b'\n').map_while(Result::ok);
            for answer in lines.filter_map(|it| serde_json::from_slice(&it).ok()) {
                to.send(answer).unwrap_or_default();
            }
        });
        Self {
            child,
            answers,
            begun,
        }
    }

    /// Waits for an answer.
    #[track_caller]
    fn answer(&mut self) -> Value {
        let answer = self.answers.recv_timeout(PATIENCE);
        answer.unwrap_or_else(|_| panic!("no answer: {}", self.complaint()))
    }

    /// What comes within a time.
    pub(crate) fn answers_within(&self, time: Duration) -> Vec<Value> {
        let begun = instant();
        let mut answers = Vec::new();
        loop {
            let left = time.saturating_sub(begun.elapsed());
            match self.answers.recv_timeout(left) {
                Ok(answer) => answers.push(answer),
                // It ended by itself.
                Err(RecvTimeoutError::Disconnected | RecvTimeoutError::Timeout) => {
                    return answers;
                }
            }
        }
    }

    /// Kills it; gives what it said before, and whether it lived. One that was over already
    /// ended well.
    #[track_caller]
    pub(crate) fn kill(mut self) -> (Vec<Value>, bool) {
        let over = self.child.try_wait().unwrap();
        let failed = over.is_some_and(|it| !it.success());
        assert!(!failed, "it failed by itself: {}", self.complaint());
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        (self.answers.iter().collect(), over.is_none())
    }

    fn complaint(&mut self) -> String {
        let mut said = String::new();
        let stderr = self.child.stderr.as_mut().unwrap();
        stderr.read_to_string(&mut said).unwrap();
        said
    }
}

impl Acknowledged {
    /// Takes down what an answer says is on the disk.
    fn take(&mut self, job: Job, answer: &Value, family: &str) {
        let text = |it: &Value| it.as_str().unwrap().to_owned();
        let rows = answer["observations"].as_array().into_iter().flatten();
        self.observations.extend(rows.map(|it| text(&it["id"])));
        match job {
            Job::Vitals => {}
            Job::Visit => drop(self.notes.insert(text(&answer["note"]))),
            Job::Patient => drop(self.patients.insert(text(&answer["patient"]))),
            Job::Import => drop(self.families.insert(family.to_owned())),
        }
    }

    fn len(&self) -> usize {
        let people = self.patients.len() + self.families.len();
        self.observations.len() + self.notes.len() + people
    }

    /// All of it is there, and no part of a visit without the rest.
    fn check(&self, home: &Home) {
        let rows = |document: &Value, name: &str| -> Vec<Value> {
            document[name].as_array().unwrap().clone()
        };
        let ids = |rows: &[Value], key: &str| -> BTreeSet<String> {
            rows.iter()
                .map(|it| it[key].as_str().unwrap().to_owned())
                .collect()
        };
        let chart = home.json("Leila", &["patient", "show", &home.grace]);
        let (notes, visits) = (rows(&chart, "notes"), rows(&chart, "visits"));
        is_kept(
            &self.observations,
            &ids(&rows(&chart, "observations"), "id"),
        );
        let signed = notes.iter().filter(|it| !it["signed"].is_null());
        is_kept(
            &self.notes,
            &ids(&signed.cloned().collect::<Vec<_>>(), "id"),
        );
        // The prepared chart has a note without a visit.
        assert_eq!(notes.len(), visits.len() + 1, "half a visit");
        let people = home.json("Amina", &["patient", "find", "", "--limit", "1000"]);
        let people = rows(&people, "matches");
        is_kept(&self.patients, &ids(&people, "patient"));
        is_kept(&self.families, &ids(&people, "name"));
    }
}

fn number(name: &str) -> Option<u64> {
    std::env::var_os(name)?.to_str()?.parse().ok()
}

/// What chance begins with.
pub(crate) fn seed() -> u64 {
    let now = || cairn::time::now().0.cast_unsigned();
    number("CAIRN_KILL_SEED").unwrap_or_else(now)
}

/// How often to kill.
pub(crate) fn kills() -> u64 {
    number("CAIRN_KILLS").unwrap_or(KILLS)
}

fn is_kept(acknowledged: &BTreeSet<String>, there: &BTreeSet<String>) {
    let lost: Vec<&String> = acknowledged.difference(there).collect();
    assert!(lost.is_empty(), "acknowledged and lost: {lost:?}");
}

/// Kills in one home.
struct Killing {
    home: Home,
    dice: Dice,
    acknowledged: Acknowledged,
    usual: Usual,
    names: u32,
    /// Kills that came when the program was over already.
    late: u64,
}

impl Killing {
    fn new(seed: u64) -> Self {
        let nothing = Duration::ZERO;
        let mut killing = Self {
            home: Home::new(),
            dice: Dice(seed),
            acknowledged: Acknowledged::default(),
            usual: Usual {
                answer: nothing,
                next: nothing,
                end: nothing,
            },
            names: 0,
            late: 0,
        };
        killing.measure();
        killing
    }

    /// One run that nobody disturbs.
    fn measure(&mut self) {
        let mut running = self.start(Job::Vitals, LINES, true);
        let mut last = running.begun;
        for line in 0..LINES {
            let answer = running.answer();
            self.acknowledged.take(Job::Vitals, &answer, "");
            if line == 0 {
                self.usual.answer = last.elapsed();
            } else {
                self.usual.next = self.usual.next.max(last.elapsed());
            }
            last = instant();
        }
        assert!(running.child.wait().unwrap().success());
        self.usual.end = last.elapsed();
    }

    fn start(&mut self, job: Job, lines: usize, closes: bool) -> Running {
        self.names += 1;
        let (grace, family) = (self.home.grace.clone(), self.family());
        let note = self.home.file("note", "S: Cough 5 days\nP: Rest");
        let bundle = format!(
            r#"{{"resourceType":"Patient","id":"{family}","name":[{{"family":"{family}"}}]}}"#
        );
        let file = self.home.file("one.json", &bundle);
        let signs = "bp 120/80 hr 72";
        let args = match job {
            Job::Vitals => vec!["vitals", &grace, "-"],
            Job::Visit => {
                vec![
                    "visit", "add", &grace, "--reason", "Cough", "--note", &note,
                    "--sign", "--vitals", signs,
                ]
            }
            Job::Patient => {
                vec![
                    "patient", "add", "--family", &family, "--sex", "f", "--force",
                ]
            }
            Job::Import => vec!["import", "fhir", &file],
        };
        let mut command = self.home.command("Leila", &args);
        if job != Job::Vitals {
            command.arg("--json");
        }
        let input = format!("{signs}\n").repeat(lines);
        Running::start(command, &input, closes)
    }

    /// A name that nobody has yet.
    fn family(&self) -> String {
        let letter = |at: u32| char::from(b'a' + u8::try_from(at % 26).unwrap());
        let number = self.names;
        let end = String::from_iter([number / 676, number / 26, number].map(letter));
        format!("K{end}")
    }

    /// One job, killed at some moment.
    fn kill_one(&mut self) {
        let job = match self.dice.below(8) {
            0 => Job::Visit,
            1 => Job::Patient,
            2 => Job::Import,
            _ => Job::Vitals,
        };
        let answers = if job == Job::Vitals {
            self.kill_vitals()
        } else {
            let running = self.start(job, 0, true);
            let usual = self.usual.answer + self.usual.end;
            self.kill_within(running, usual)
        };
        for answer in answers {
            let family = self.family().to_uppercase();
            self.acknowledged.take(job, &answer, &family);
        }
    }

    /// Kills while it opens, between and in saves, or while it leaves.
    fn kill_vitals(&mut self) -> Vec<Value> {
        let (usual, when) = (self.usual, self.dice.below(4));
        let wanted = if when == 0 {
            0
        } else {
            1 + self.dice.below(LINES - 1)
        };
        let (lines, closes, moment) = match when {
            0 => (LINES, false, usual.answer),
            1 => (wanted, true, usual.end),
            _ => (LINES, false, usual.next),
        };
        let mut running = self.start(Job::Vitals, lines, closes);
        let mut answers: Vec<Value> = (0..wanted).map(|_| running.answer()).collect();
        answers.extend(self.kill_within(running, moment));
        assert!(answers.len() <= lines);
        answers
    }

    /// Kills at some moment of a time; gives what was answered until then.
    fn kill_within(&mut self, running: Running, time: Duration) -> Vec<Value> {
        let mut answers = running.answers_within(part(time, &mut self.dice));
        let (more, lived) = running.kill();
        answers.extend(more);
        self.late += u64::from(!lived);
        answers
    }
}

/// Kills in a home of its own; says how many edits were acknowledged, and how many kills
/// came too late.
fn killed(seed: u64, times: u64) -> (usize, u64) {
    let mut killing = Killing::new(seed);
    for _ in 0..times {
        killing.kill_one();
        killing.acknowledged.check(&killing.home);
    }
    let home = &killing.home;
    assert_eq!(
        home.json("Okot", &["verify"])["problems"],
        Value::Array(Vec::new())
    );
    assert_eq!(
        home.json("Odile", &["audit"])["problems"],
        Value::Array(Vec::new())
    );
    (killing.acknowledged.len(), killing.late)
}

#[test]
fn nothing_acknowledged_is_lost_however_often_the_program_is_killed() {
    let (seed, kills) = (seed(), kills());
    println!("CAIRN_KILL_SEED={seed} CAIRN_KILLS={kills}");
    let begun = instant();
    let homes: Vec<(usize, u64)> = thread::scope(|scope| {
        let homes = (0..HOMES)
            .map(|home| scope.spawn(move || killed(seed + home, kills / HOMES)));
        let homes: Vec<_> = homes.collect();
        homes.into_iter().map(|it| it.join().unwrap()).collect()
    });
    let kept: usize = homes.iter().map(|it| it.0).sum();
    let late: u64 = homes.iter().map(|it| it.1).sum();
    println!(
        "{kills} kills, {late} of them after the end; {kept} edits acknowledged, 0 lost, \
         0 homes that do not open; {} s",
        begun.elapsed().as_secs()
    );
    assert!(late * 2 < kills, "{late} of {kills} kills came too late");
}

/// Kills while a clinic is made; then it is there whole, or can be made.
fn killed_while_made(home: &Home, name: &str, moment: Option<Duration>) -> Duration {
    let (folder, words) = (home.beside(name), home.beside(&format!("{name}-words")));
    let args = |words| {
        [
            "init",
            "--clinic",
            "Kijani",
            "--home",
            &folder,
            "--words-file",
            words,
        ]
        .map(str::to_owned)
    };
    let mut command = home.command("Dr Okot", &[]);
    command.args(args(&words)).arg("--json");
    let running = Running::start(command, "", true);
    let format = std::path::Path::new(&folder).join("format");
    let mut answers = Vec::new();
    while !format.exists() {
        answers.extend(running.answers_within(Duration::from_millis(1)));
        assert!(running.begun.elapsed() < PATIENCE, "nothing is made");
    }
    let begun = instant();
    answers.extend(running.answers_within(moment.unwrap_or(PATIENCE)));
    let took = begun.elapsed();
    answers.extend(running.kill().0);
    let list = ["user", "list", "--home", &folder];
    if answers.is_empty() {
        let again = format!("{words}-again");
        let mut command = home.command("Dr Okot", &[]);
        let made = Ran::of(command.args(args(&again)).output().unwrap());
        assert!(matches!(made.code, Some(0 | 3)), "{}", made.err);
    }
    assert_eq!(home.text("Dr Okot", &list), "Dr Okot: owner, good\n");
    took
}

#[test]
fn a_clinic_whose_making_was_killed_is_there_whole_or_can_be_made() {
    let (seed, kills) = (seed(), kills().div_ceil(10));
    println!("CAIRN_KILL_SEED={seed} CAIRN_KILLS={}", kills * 10);
    let (home, mut dice) = (Home::new(), Dice(seed));
    let usual = killed_while_made(&home, "whole", None);
    for kill in 0..kills {
        let moment = part(usual, &mut dice);
        killed_while_made(&home, &format!("cut{kill}"), Some(moment));
    }
}
