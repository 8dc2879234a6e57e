//! How long a machine takes that just joined a clinic: until everybody is found, until a
//! chart is open that nobody read yet, until all charts are made.
//!
//! `cargo bench --bench arrive -- 1000 10000` measures clinics of so many patients, which are
//! made once and kept in `target/arrive-homes`.

#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a bench speaks to who runs it"
)]

use std::{
    env,
    error::Error,
    fs,
    path::{Path, PathBuf},
    process::{self, ExitCode},
    time::{Duration, Instant},
};

use cairn::{
    chart::{Edit, Subject},
    clinic::{
        Clinic, DemoPlan, NewMachine, Session, Surroundings, demo_passphrase, make_demo,
    },
    demo::Demo,
    ids::PatientId,
    ledger::{Envelope, Place},
    seal::{OsEntropy, Work},
    time::Clock,
};

type Outcome<T> = Result<T, Box<dyn Error>>;

/// What is measured when nothing is said.
const SIZES: [u32; 2] = [1_000, 10_000];
/// Visits of the chart of many years.
const VISITS: u32 = 500;
const SEED: u64 = 11;
const FOLDER: &str = "target/arrive-homes";
/// Bytes that are taken in with one commit, as from a peer.
const TAKEN_BYTES: usize = 4 * 1024 * 1024;
/// Charts that are opened before they were made.
const OPENED: usize = 40;
/// How long is worked at a time while nobody waits.
const REST: Duration = Duration::from_millis(25);

fn main() -> ExitCode {
    let args: Vec<String> = env::args().skip(1).filter(|it| it != "--bench").collect();
    let words: Vec<&str> = args.iter().map(String::as_str).collect();
    let done = match words.as_slice() {
        ["--make", patients, home] => make(patients, Path::new(home)),
        [] => SIZES.iter().try_for_each(|size| measure(*size)),
        sizes => sizes.iter().try_for_each(|size| measure(size.parse()?)),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn measure(size: u32) -> Outcome<()> {
    let path = made(size)?;
    let passphrase = demo_passphrase(&path).ok_or("no passphrase")?;
    let there = Clinic::open(&path, around())?;
    let owner = there.users()?.first().ok_or("no owner")?.user;
    let machine = NewMachine::draw(false, &mut OsEntropy);
    let mut session = there.sign_in(owner, &passphrase)?;
    let long = long_chart(&session).ok_or("no chart of many years")?;
    let enrolment = session.invite_accept(&machine.card(""), None)?;
    session.sign_out()?;

    let folder = path.with_extension("joined");
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    let here = Clinic::join(&folder, &machine, enrolment, around())?;
    println!("\n{size} patients × 5 visits, and one with {VISITS}");
    let (taken, s) = timed(|| bring(&there, &here));
    tell("taken in and durable (signatures, chains), s", s);
    println!("{:58}{:>10}", "envelopes", taken?);
    drop(there);

    let (session, signed_in) = timed(|| here.sign_in(owner, &passphrase));
    let mut session = session?;
    let first = people(&session);
    let (settled, listed) = timed(|| session.settle());
    settled?;
    tell("signed in, s", signed_in);
    println!("{:58}{first:>10}", "identities searchable then");
    tell("all identities searchable, s", signed_in + listed);
    println!("{:58}{:>10}", "identities", people(&session));

    let (indexed, s) = timed(|| session.open(long).map(drop));
    indexed?;
    let name = "chart of many years, first open, index of charts too, ms";
    tell(name, s * 1e3);
    let mut times = open_some(&mut session)?;
    times.sort_by(f64::total_cmp);
    let at = |part: usize| times.get(times.len() * part / 100).copied();
    tell("chart, first open: median, ms", at(50).unwrap_or(f64::NAN));
    tell("chart, first open: p95, ms", at(95).unwrap_or(f64::NAN));
    let (history, s) = timed(|| session.history(long).map(drop));
    history?;
    tell("chart of many years, loaded for its history, ms", s * 1e3);
    tell("memory, most, with both machines open, MB", memory_mb());

    let (portions, s) = timed(|| rest(&mut session));
    let mut portions = portions?;
    portions.sort_by(f64::total_cmp);
    tell("all charts made in the background, s", s);
    let at = |part: usize| portions.get((portions.len() - 1) * part / 100).copied();
    tell("a portion of it: median, ms", at(50).unwrap_or(f64::NAN));
    tell("a portion of it: p99, ms", at(99).unwrap_or(f64::NAN));
    tell("a portion of it: longest, ms", at(100).unwrap_or(f64::NAN));
    tell("memory, most, MB", memory_mb());
    session.sign_out()?;
    Ok(())
}

/// Takes over all that one machine holds, lane by lane.
fn bring(from: &Clinic, to: &Clinic) -> Outcome<usize> {
    let mut runs: Vec<_> = from.frontier()?.into_iter().collect();
    runs.sort_by_key(|((log, lane), _)| (*lane, *log));
    let mut new = 0;
    for ((log, lane), (last, _)) in runs {
        let mut seq = 1;
        while seq <= last {
            let part = from.read_run(Place { log, lane, seq }, TAKEN_BYTES)?;
            seq += u64::try_from(part.len())?;
            let run: Result<Vec<_>, _> =
                part.iter().map(|it| Envelope::decode(it)).collect();
            let taken = to.take(vec![run?])?;
            if !taken.refused.is_empty() {
                return Err(format!("{:?}", taken.refused).into());
            }
            new += taken.new;
        }
    }
    Ok(new)
}

fn open_some(session: &mut Session) -> Outcome<Vec<f64>> {
    let index = session.index();
    let patients: Vec<PatientId> = {
        let index = index.read().map_err(|_poisoned| "the index is poisoned")?;
        let every = (index.len() / OPENED).max(1);
        let some = index.rows().step_by(every).take(OPENED);
        some.map(|it| it.patient).collect()
    };
    let mut times = Vec::new();
    for patient in patients {
        let (opened, s) = timed(|| session.open(patient));
        let problems = opened?.problems;
        if !problems.is_empty() {
            return Err(problems.join(", ").into());
        }
        times.push(s * 1e3);
    }
    Ok(times)
}

/// Makes all that is left; gives how long each portion took, in milliseconds.
fn rest(session: &mut Session) -> Outcome<Vec<f64>> {
    let mut portions = Vec::new();
    loop {
        let (more, s) = timed(|| session.settle_some(REST));
        portions.push(s * 1e3);
        if !more? {
            return Ok(portions);
        }
    }
}

fn people(session: &Session) -> usize {
    session.index().read().map_or(0, |it| it.len())
}

/// The one whose chart was written last.
fn long_chart(session: &Session) -> Option<PatientId> {
    let demo = Demo::new(SEED + 1, 0, Clock::Machine.moment());
    let long = demo.visits_of(VISITS).patient;
    session.is_on_file(long).then_some(long)
}

/// The clinic of this size, made if it is not there, in a process of its own.
fn made(size: u32) -> Outcome<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(FOLDER);
    fs::create_dir_all(&folder)?;
    let path = folder.join(size.to_string());
    if !path.with_extension("made").exists() {
        if path.exists() {
            fs::remove_dir_all(&path)?;
        }
        eprintln!("making a clinic of {size} patients");
        let mut command = process::Command::new(env::current_exe()?);
        let made = command.arg("--make").arg(size.to_string()).arg(&path);
        if !made.status()?.success() {
            return Err("the clinic could not be made".into());
        }
        fs::write(path.with_extension("made"), [])?;
    }
    Ok(path)
}

fn make(patients: &str, path: &Path) -> Outcome<()> {
    let plan = DemoPlan {
        patients: patients.parse()?,
        seed: SEED,
    };
    let made = make_demo(path, plan, around(), |_| {})?;
    let mut session = made.clinic.sign_in(made.owner, &made.passphrase)?;
    let demo = Demo::new(SEED + 1, 0, Clock::Machine.moment());
    let long = demo.visits_of(VISITS);
    let user = session.user();
    for step in long.steps {
        let mut edits = step.edits;
        for edit in &mut edits {
            match edit {
                Edit::Add(record) | Edit::Settle { record, .. } => {
                    record.entry_mut().by = user;
                }
                Edit::Change { before, after } => {
                    before.entry_mut().by = user;
                    after.entry_mut().by = user;
                }
            }
        }
        session.save(Subject::Patient(long.patient), edits)?;
    }
    Ok(session.sign_out()?)
}

fn around() -> Surroundings {
    Surroundings {
        clock: Clock::Machine,
        entropy: Box::new(OsEntropy),
        work: Some(Work::DEMO),
    }
}

fn tell(what: &str, value: f64) {
    println!("{what:58}{value:>10.2}");
}

/// The most that this process had in memory.
fn memory_mb() -> f64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|it| it.strip_prefix("VmHWM:"));
    let kb = line.and_then(|it| it.split_whitespace().next()?.parse::<f64>().ok());
    kb.unwrap_or(f64::NAN) / 1e3
}

#[expect(
    clippy::disallowed_methods,
    reason = "a bench measures with the machine's clock"
)]
fn timed<T>(work: impl FnOnce() -> T) -> (T, f64) {
    let begun = Instant::now();
    let done = work();
    (done, begun.elapsed().as_secs_f64())
}
