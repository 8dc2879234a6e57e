//! The clinics that are measured in: invented ones, made once and kept.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process,
    sync::Arc,
};

use cairn::{
    chart::{Edit, Name, NameUse, Person, Record, Subject},
    clinic::{Clinic, DemoPlan, Session, Surroundings, demo_passphrase, make_demo},
    demo::{Demo, DemoPatient},
    ids::PatientId,
    seal::{self, OsEntropy, SeededEntropy, Work},
    time::Clock,
};
use serde::{Deserialize, Serialize};

use super::{
    Outcome,
    disk::{Disk, Written},
    machine::{self, percentile, timed},
    table::Table,
};

/// The patients of a demo that nobody asked to be larger.
pub(crate) const DEMO_PATIENTS: u32 = 200;

/// A clinic that is there to be measured.
pub(crate) struct Ready {
    /// Patients.
    pub(crate) size: u32,
    /// Its folder.
    pub(crate) path: PathBuf,
    /// What was noted when it was made.
    pub(crate) made: Made,
}

/// What was noted when a clinic was made.
#[derive(Serialize, Deserialize)]
pub(crate) struct Made {
    seconds: f64,
    memory_kb: f64,
    disk: Disk,
    /// A chart of 25 visits.
    pub(crate) short: PatientId,
    /// A chart of 500 visits.
    pub(crate) long: PatientId,
}

/// Counted up when what is made, or its format, is another: kept clinics are made anew then.
const MAKING: u32 = 2;
const SEED: u64 = 7;
const FOLDER: &str = "target/bench-homes";
const NOTES: &str = "made.json";
/// The largest clinic in which every edit is compressed by itself, to compare the disk with.
const COMPARED_PATIENTS_MAX: u32 = 1_000;
/// Saves of a long chart after which the caches are brought up to date.
const SAVES_AT_ONCE: usize = 25;
const SIGN_INS: usize = 7;

/// People whom the search must find by another spelling.
pub(crate) const SPELT_OTHERWISE: [(&str, &str); 4] = [
    ("Muhammad", "Zubeiri"),
    ("Okello", "Philomena"),
    ("", "Nyirahabimana"),
    ("Ouédraogo", "Yacouba"),
];

/// The clinic of this size, made if it is not there.
pub(crate) fn ready(size: u32, fresh: bool) -> Outcome<Ready> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(FOLDER);
    fs::create_dir_all(&folder)?;
    let path = folder.join(format!("{MAKING}-{SEED}-{size}"));
    let notes = folder.join(format!("{MAKING}-{SEED}-{size}-{NOTES}"));
    let kept = fs::read(&notes).ok().filter(|_| !fresh);
    let kept = kept.and_then(|it| serde_json::from_slice(&it).ok());
    let made = match kept {
        Some(made) => made,
        None => make_apart(size, &path, &notes)?,
    };
    Ok(Ready { size, path, made })
}

/// Signs the owner of the clinic in this folder in.
pub(crate) fn sign_in(path: &Path, clinic: &Arc<Clinic>) -> Outcome<Session> {
    let passphrase = demo_passphrase(path).ok_or("no passphrase")?;
    let users = clinic.users()?;
    let owner = users.first().ok_or("no owner")?;
    Ok(clinic.sign_in(owner.user, &passphrase)?)
}

/// Makes a clinic in a process of its own, whose memory is its own.
fn make_apart(size: u32, path: &Path, notes: &Path) -> Outcome<Made> {
    eprintln!("making a clinic of {size} patients");
    if path.exists() {
        fs::remove_dir_all(path)?;
    }
    let mut command = process::Command::new(env::current_exe()?);
    let made = command
        .arg("--make")
        .arg(size.to_string())
        .arg(path)
        .output()?;
    if !made.status.success() {
        return Err(String::from_utf8_lossy(&made.stderr).into());
    }
    fs::write(notes, &made.stdout)?;
    Ok(serde_json::from_slice(&made.stdout)?)
}

/// Makes a clinic here, and prints what is to be noted.
pub(crate) fn make(patients: &str, path: &Path) -> Outcome<()> {
    let patients: u32 = patients.parse()?;
    let plan = DemoPlan {
        patients,
        seed: SEED,
    };
    let today = Clock::Machine.moment();
    let (made, ms) = timed(|| make_demo(path, plan, surroundings(), |_| {}));
    let made = made?;
    let memory_kb = machine::memory(process::id()).most;
    let mut session = made.clinic.sign_in(made.owner, &made.passphrase)?;
    let mut written = Written::default();
    let mut demo = Demo::new(SEED, 0, today);
    let short = register(&mut session, demo.visits_of(25), &mut written)?;
    let long = register(&mut session, demo.visits_of(500), &mut written)?;
    for (family, given) in SPELT_OTHERWISE {
        let mut person = Person::new(session.entry());
        person.names = vec![Name {
            usage: NameUse::Usual,
            family: family.to_owned(),
            given: given.to_owned(),
        }];
        session.register(person)?;
    }
    session.settle()?;
    session.sign_out()?;
    drop(made.clinic);
    if patients <= COMPARED_PATIENTS_MAX {
        demo = Demo::new(SEED, patients, today);
        for step in demo.by_ref().flat_map(|it| it.steps) {
            written.take(&step.edits, &step.signs)?;
        }
    }
    let made = Made {
        seconds: ms / 1e3,
        memory_kb,
        disk: Disk::of(path, (patients <= COMPARED_PATIENTS_MAX).then_some(written))?,
        short,
        long,
    };
    println!("{}", serde_json::to_string(&made)?);
    Ok(())
}

/// Writes a patient of the demo as people at work do: a save a step, and the caches after
/// some.
fn register(
    session: &mut Session,
    patient: DemoPatient,
    written: &mut Written,
) -> Outcome<PatientId> {
    let subject = Subject::Patient(patient.patient);
    for (nth, step) in patient.steps.into_iter().enumerate() {
        let edits = signed_by(session, step.edits);
        written.take(&edits, &[])?;
        session.save(subject, edits)?;
        if nth % SAVES_AT_ONCE == 0 {
            session.settle()?;
        }
    }
    session.settle()?;
    Ok(patient.patient)
}

/// The edits as if this session's user had made them: nobody writes in another one's name.
pub(crate) fn signed_by(session: &Session, edits: Vec<Edit>) -> Vec<Edit> {
    let user = session.user();
    let mut edits = edits;
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
    edits
}

/// Time and chance of this machine, and passphrases that take no time to try.
pub(crate) fn surroundings() -> Surroundings {
    Surroundings {
        clock: Clock::Machine,
        entropy: Box::new(OsEntropy),
        work: Some(Work::DEMO),
    }
}

/// The visits of an invented patient: all the edits of each, without those that register.
pub(crate) fn visits(count: u32) -> Vec<Vec<Edit>> {
    let demo = Demo::new(SEED + 1, 0, Clock::Machine.moment());
    let mut visits: Vec<Vec<Edit>> = Vec::new();
    for edit in demo
        .visits_of(count)
        .steps
        .into_iter()
        .flat_map(|it| it.edits)
    {
        if matches!(&edit, Edit::Add(it) if matches!(**it, Record::Visit(_))) {
            visits.push(Vec::new());
        }
        if let Some(visit) = visits.last_mut() {
            visit.push(edit);
        }
    }
    visits
}

impl Ready {
    /// Notes how it was made and how large it is.
    pub(crate) fn tell(&self, table: &mut Table) {
        let Made {
            seconds, memory_kb, ..
        } = self.made;
        table.set("make the clinic", self.size, seconds);
        table.set("make the clinic: memory, most", self.size, memory_kb / 1e3);
        self.made.disk.tell(self.size, table);
    }

    /// Notes how the demo was made.
    pub(crate) fn tell_making(&self, table: &mut Table) {
        table.set("make the demo of 200", 0, self.made.seconds);
    }

    /// Opens it, locked.
    pub(crate) fn open(&self, table: &mut Table) -> Outcome<Arc<Clinic>> {
        let mut times = Vec::new();
        for _ in 0..3 {
            let (clinic, ms) = timed(|| Clinic::open(&self.path, surroundings()));
            drop(clinic?);
            times.push(ms);
        }
        table.set("open the clinic", self.size, percentile(&times, 50));
        Ok(Clinic::open(&self.path, surroundings())?)
    }

    /// Signs its owner in.
    pub(crate) fn sign_in(&self, clinic: &Arc<Clinic>) -> Outcome<Session> {
        sign_in(&self.path, clinic)
    }

    /// Measures signing in, without what the passphrase's key takes.
    pub(crate) fn sign_ins(
        &self,
        clinic: &Arc<Clinic>,
        table: &mut Table,
    ) -> Outcome<()> {
        let locked = seal::lock_with_passphrase(
            "a b c d e",
            Work::DEMO,
            &[0; 65],
            &mut SeededEntropy::new(9),
        )?;
        let derive = || seal::unlock_with_passphrase("a b c d e", &locked);
        let derivation: Vec<f64> = (0..SIGN_INS).map(|_| timed(derive).1).collect();
        let mut times = Vec::new();
        for _ in 0..SIGN_INS {
            let (session, ms) = timed(|| self.sign_in(clinic));
            times.push(ms - percentile(&derivation, 50));
            session?.sign_out()?;
        }
        let name = "sign in to the list, after key derivation: median";
        table.set(name, self.size, percentile(&times, 50));
        Ok(())
    }
}
