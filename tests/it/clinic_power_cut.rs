//! The power fails at every point where a clinic at work brings something to the disk. The
//! clinic opens again, what it acknowledged is there, and nothing is half there.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use cairn::{
    chart::{
        Chart, Coded, Edit, Note, Observation, Quantity, Record, Section, Subject, Value,
        Visit, VisitClass, VisitStatus, who::Role,
    },
    clinic::{Clinic, Error, Founding, Session, Source, Surroundings},
    ids::{PatientId, RecordId, UserId},
    seal::{SeededEntropy, words::PaperWords},
    store::Part,
};
use tempfile::TempDir;

use crate::{
    bad_days::{ACHIENG, pulse},
    clinic::{PASSPHRASE, grace, penicillin, surroundings},
    flaky_disk::{Dice, FlakyDisk, Image, Left, Op, PowerCuts},
};

/// The pulse that is saved to see that a clinic goes on.
const TRIAL: &str = "99";

/// Every so many points the power fails, but in a long run (`CAIRN_LONG`), where it fails at
/// each and is cut again while the clinic opens.
const STRIDE: usize = 4;

/// What a clinic shows to its owner.
#[derive(Clone, PartialEq, Eq, Default)]
struct State {
    charts: BTreeMap<PatientId, Chart>,
    users: BTreeSet<(String, Role, &'static str, bool)>,
    drafts: BTreeMap<PatientId, Vec<u8>>,
}

/// Something that the clinic was asked for.
struct Step {
    name: &'static str,
    /// What the disk had done when it was acknowledged.
    acknowledged: usize,
    /// What the clinic shows from then on.
    state: State,
}

/// A clinic's life on a disk that remembers it.
struct Life {
    folder: TempDir,
    disk: FlakyDisk,
    steps: Vec<Step>,
    /// What the disk had done when the clinic was made.
    made: usize,
}

fn is_long() -> bool {
    std::env::var_os("CAIRN_LONG").is_some()
}

/// What a machine takes from outside; no two begin with the same chance.
fn machine(seed: u64) -> Surroundings {
    Surroundings {
        entropy: Box::new(SeededEntropy::new(seed)),
        ..surroundings()
    }
}

fn sign_in(clinic: &Arc<Clinic>, name: &str) -> Result<Session, Error> {
    let users = clinic.users()?;
    let user = users.iter().find(|it| it.name == name);
    let user = user.ok_or_else(|| Error::Missing("user".to_owned()))?.user;
    clinic.sign_in(user, PASSPHRASE)
}

fn is_trial(it: &Observation) -> bool {
    it.value == Some(Value::Quantity(Quantity::new(TRIAL, "/min")))
}

impl State {
    fn of(session: &mut Session) -> Result<Self, Error> {
        let found = session.find("", 1_000)?;
        let mut state = Self::default();
        for patient in found.into_iter().map(|it| it.patient) {
            let mut chart = session.open(patient)?;
            if let Some(visits) = &mut chart.visits {
                visits.observations.retain(|it| !is_trial(it));
            }
            state.charts.insert(patient, chart);
            if let Some((text, _)) = session.load_draft("note", Some(patient))? {
                state.drafts.insert(patient, text.to_vec());
            }
        }
        let users = session.users()?.into_iter();
        let users = users.map(|it| (it.name, it.role, it.standing, it.here));
        state.users = users.collect();
        Ok(state)
    }

    /// How many there are of each thing, to tell states apart without telling of people.
    fn told(&self) -> String {
        let records = |chart: &Chart| {
            let visits = chart.visits.clone().unwrap_or_default();
            let signed = visits.notes.iter().filter(|it| it.signed.is_some());
            let allergies = chart.summary.as_ref().map(|it| it.allergies.len());
            let (notes, measured) = (visits.notes.len(), visits.observations.len());
            let counts = [visits.visits.len(), notes, signed.count(), measured];
            (counts, allergies, chart.problems.clone())
        };
        let charts: Vec<_> = self.charts.values().map(records).collect();
        format!("{charts:?}, {:?}, {} drafts", self.users, self.drafts.len())
    }
}

impl Life {
    fn begin(work: impl FnOnce(&mut Self, Arc<Clinic>)) -> Self {
        let folder = TempDir::new().unwrap();
        let disk = FlakyDisk::default();
        let clinic = create(&folder.path().join("home"), &disk, 1).unwrap();
        let mut life = Self {
            folder,
            made: disk.ops_len(),
            disk,
            steps: Vec::new(),
        };
        work(&mut life, clinic);
        life
    }

    fn home(&self) -> PathBuf {
        self.folder.path().join("home")
    }

    /// Does something, and writes down what is acknowledged by it.
    fn did<T>(
        &mut self,
        name: &'static str,
        session: &mut Session,
        act: impl FnOnce(&mut Session) -> T,
    ) -> T {
        let done = act(session);
        let acknowledged = self.disk.ops_len();
        let state = State::of(session).unwrap();
        let before = self.steps.last().map(|it| &it.state);
        let same = ["settle", "sign in", "sign out"].contains(&name);
        assert_eq!(before == Some(&state), same && before.is_some(), "{name}");
        self.steps.push(Step {
            name,
            acknowledged,
            state,
        });
        done
    }

    fn work(&mut self, clinic: Arc<Clinic>) {
        let mut session = sign_in(&clinic, "Dr Okot").unwrap();
        self.did("sign in", &mut session, |_| ());
        let patient = self.did("register", &mut session, grace);
        let subject = Subject::Patient(patient);
        self.did("allergy", &mut session, |session| {
            let allergy = Edit::add(penicillin(session));
            session.save(subject, vec![allergy]).unwrap();
        });
        self.did("vitals", &mut session, |session| {
            let edits = ["70", "71", "72"].map(|it| pulse(session, it));
            session.save(subject, edits.into()).unwrap();
        });
        self.did("settle", &mut session, |session| session.settle().unwrap());
        let note = self.did("note", &mut session, |session| write(session, patient));
        self.did("sign", &mut session, |session| {
            session.sign_note(patient, note, &text()).unwrap();
        });
        self.did("draft", &mut session, |session| {
            let text = b"Cough 5 days";
            session.save_draft("note", Some(patient), text).unwrap();
        });
        let file = self.folder.path().join("one.json");
        fs::write(&file, ACHIENG).unwrap();
        self.did("import", &mut session, |session| {
            import(session, &file).unwrap();
        });
        self.staff(&clinic, session, patient);
    }

    /// People come and go; what is written under the new keys is there as well.
    fn staff(&mut self, clinic: &Arc<Clinic>, mut session: Session, patient: PatientId) {
        let nora: UserId = self.did("hire", &mut session, |session| {
            session.add_user("Nora", Role::Nurse, PASSPHRASE).unwrap()
        });
        session.sign_out().unwrap();
        let mut session = sign_in(clinic, "Dr Okot").unwrap();
        self.did("sign in", &mut session, |_| ());
        self.did("role", &mut session, |session| {
            session.set_role(nora, Role::FrontDesk).unwrap();
        });
        self.did("remove", &mut session, |session| {
            session.remove_user(nora, false).unwrap();
        });
        self.did("vitals", &mut session, |session| {
            let after = pulse(session, "73");
            session
                .save(Subject::Patient(patient), vec![after])
                .unwrap();
        });
        let before = self.steps[self.steps.len() - 1].state.clone();
        session.sign_out().unwrap();
        self.steps.push(Step {
            name: "sign out",
            acknowledged: self.disk.ops_len(),
            state: before,
        });
    }

    /// What may be seen after a cut behind so many operations: what was acknowledged, or
    /// that and the whole of what was going on.
    fn allowed(&self, done: usize) -> (&'static str, Vec<&State>) {
        let acknowledged = self.steps.iter().filter(|it| it.acknowledged <= done);
        let next = acknowledged.count();
        let going_on = self.steps.get(next).map_or("nothing", |it| it.name);
        let around = next.saturating_sub(1)..(next + 1).min(self.steps.len());
        let states = self.steps[around].iter().map(|it| &it.state);
        (going_on, states.collect())
    }

    /// Cuts the power at the points of this life. With a file, what it holds is taken in
    /// after each cut, and then all of this life is there.
    fn survives(&self, file: Option<&Path>) {
        let (home, points) = (self.home(), self.points());
        let stride = if is_long() { 1 } else { STRIDE };
        let whole = self.steps.last().map(|it| &it.state);
        let retaken = file.zip(whole);
        let mut dice = Dice(1);
        let mut cuts = PowerCuts::from(Image::new());
        let (mut count, mut again) = (0_u64, 0_u64);
        for (at, (part, op)) in self.disk.ops().into_iter().enumerate() {
            let point = points.binary_search(&at);
            if point.is_ok_and(|it| it.is_multiple_of(stride)) {
                let (going_on, allowed) = self.allowed(at);
                let told = |what: String| format!("cut {at}, at {going_on}: {what}");
                for left in [Left::Nothing, Left::Everything, Left::Some] {
                    let image = cuts.image(left, &mut dice);
                    let opened = disk(image.clone(), &mut dice);
                    count += 1;
                    let state = after(&home, &opened, 2 * count, retaken).map_err(told);
                    let state = state.unwrap_or_else(|it| panic!("{left:?}, {it}"));
                    assert!(allowed.contains(&&state), "{}", told(state.told()));
                    if is_long() {
                        let twice = cut_again(image, &opened, &mut dice);
                        again += 1;
                        let found = after(&home, &twice, 2 * count + 1, retaken);
                        let found = found.map_err(told);
                        let found = found.unwrap_or_else(|it| panic!("twice, {it}"));
                        // Taken in again, it is the same at another time.
                        let is_whole = retaken
                            .is_some_and(|(_, whole)| found.told() == whole.told());
                        let same = found == state || is_whole;
                        assert!(same, "twice, {}", told(found.told()));
                    }
                }
            }
            cuts.step(part, op);
        }
        println!(
            "{count} power cuts at {} of {} points, {again} more while opening after one",
            points.len().div_ceil(stride),
            points.len()
        );
        assert!(count >= 15, "only {count} cuts");
    }

    /// The places where something is about to be brought to the disk.
    fn points(&self) -> Vec<usize> {
        let ops = self.disk.ops();
        let at = |(at, (_, op)): (usize, &(Part, Op))| {
            (matches!(op, Op::Sync) && at >= self.made).then_some(at)
        };
        ops.iter().enumerate().filter_map(at).collect()
    }
}

fn create(home: &Path, disk: &FlakyDisk, seed: u64) -> Result<Arc<Clinic>, Error> {
    let founding = Founding {
        machine: "1".to_owned(),
        clinic: "Kijani".to_owned(),
        user: "Dr Okot".to_owned(),
        passphrase: PASSPHRASE.to_owned().into(),
    };
    let mut around = machine(seed);
    let paper = PaperWords::generate(&mut *around.entropy);
    Clinic::create_on(home, Arc::new(disk.clone()), founding, &paper, around)
}

fn text() -> Vec<Section> {
    vec![Section {
        name: "S".into(),
        text: "Cough 5 days".into(),
    }]
}

fn write(session: &mut Session, patient: PatientId) -> RecordId {
    let entry = session.entry();
    let visit = Visit {
        class: VisitClass::Ambulatory,
        status: VisitStatus::Finished,
        start: None,
        end: None,
        reason: Coded::text("Cough"),
        diagnoses: Vec::new(),
        practitioner: String::new(),
        place: String::new(),
        entry,
    };
    let note = Note {
        entry: session.entry(),
        visit: Some(visit.entry.id),
        title: "visit".into(),
        sections: text(),
        phrases: Vec::new(),
        signed: None,
        adds_to: None,
        attested: None,
    };
    let id = note.entry.id;
    let measured = pulse(session, "90");
    let records = [Record::Visit(visit), Record::Note(note)].map(Edit::add);
    let edits = records.into_iter().chain([measured]).collect();
    session.save(Subject::Patient(patient), edits).unwrap();
    id
}

fn import(session: &mut Session, file: &Path) -> Result<(), Error> {
    let sources = [Source::File(file.to_owned())];
    session.import_fhir(&sources, None, &mut |_| {}).map(drop)
}

/// What the clinic shows after the power failed, if all of it is sound and it goes on.
fn after(
    home: &Path,
    disk: &FlakyDisk,
    seed: u64,
    retaken: Option<(&Path, &State)>,
) -> Result<State, String> {
    let told = |what: &'static str| move |error: Error| format!("{what}: {error}");
    let clinic = Clinic::open_with(home, Arc::new(disk.clone()), machine(1_000 + seed));
    let clinic = clinic.map_err(told("it does not open"))?;
    let mut session = sign_in(&clinic, "Dr Okot").map_err(told("nobody signs in"))?;
    let state = State::of(&mut session).map_err(told("it cannot be read"))?;
    let audit = session.read_audit(None).map_err(told("no audit"))?;
    let verified = session.verify(|_| {}).map_err(told("no check"))?;
    let problems = [audit.problems, verified.problems].concat();
    if !problems.is_empty() || verified.waiting > 0 {
        return Err(format!("{problems:?}, {} wait", verified.waiting));
    }
    if let Some((file, whole)) = retaken {
        import(&mut session, file).map_err(told("it is not taken in again"))?;
        let taken = State::of(&mut session).map_err(told("it cannot be read"))?;
        if taken.told() != whole.told() {
            return Err(format!("taken in again: {}", taken.told()));
        }
    }
    if let Some((patient, _)) = state.charts.first_key_value() {
        let one_more = pulse(&mut session, TRIAL);
        let saved = session.save(Subject::Patient(*patient), vec![one_more]);
        saved.map_err(told("one more is not saved"))?;
    }
    let is_hired = |it: &(String, Role, &str, bool)| it.0 == "Nora" && it.2 == "good";
    session.sign_out().map_err(told("nobody signs out"))?;
    if state.users.iter().any(is_hired) {
        let nora = sign_in(&clinic, "Nora").map_err(told("Nora does not sign in"))?;
        nora.sign_out().map_err(told("Nora does not sign out"))?;
    }
    Ok(state)
}

fn disk(image: Image, dice: &mut Dice) -> FlakyDisk {
    if dice.below(2) == 0 {
        FlakyDisk::with(image)
    } else {
        FlakyDisk::large(image)
    }
}

/// Cuts the power anywhere in what was written while the clinic was opened after a cut.
fn cut_again(image: Image, opened: &FlakyDisk, dice: &mut Dice) -> FlakyDisk {
    let ops = opened.ops();
    let stop = dice.below(ops.len().max(1));
    let mut cuts = PowerCuts::from(image);
    for (part, op) in ops.into_iter().take(stop) {
        cuts.step(part, op);
    }
    disk(cuts.image(Left::Some, dice), dice)
}

#[test]
fn a_clinic_at_work_survives_a_power_cut_at_any_moment() {
    let life = Life::begin(Life::work);
    life.survives(None);
}

#[test]
fn an_import_is_there_whole_after_a_power_cut_or_not_at_all_and_is_taken_up_again() {
    let mut file = None;
    let life = Life::begin(|life, clinic| {
        let path = life.folder.path().join("many.json");
        fs::write(&path, many()).unwrap();
        let mut session = sign_in(&clinic, "Dr Okot").unwrap();
        life.did("sign in", &mut session, |_| ());
        life.did("import", &mut session, |session| {
            import(session, &path).unwrap();
        });
        file = Some(path);
    });
    life.survives(file.as_deref());
}

/// A file of more entries than are written at a time.
fn many() -> String {
    let patient = r#"{"resourceType":"Patient","id":"p1","name":[{"family":"Achieng"}]}"#;
    let mut lines = patient.to_owned();
    for at in 0..520 {
        let more = format!(
            "\n{{\"resourceType\":\"Observation\",\"id\":\"o{at}\",\"status\":\"final\",\
             \"code\":{{\"text\":\"Pulse\"}},\"subject\":{{\"reference\":\"Patient/p1\"}},\
             \"valueQuantity\":{{\"value\":{at},\"unit\":\"bpm\"}}}}"
        );
        lines.push_str(&more);
    }
    lines
}

#[test]
fn a_power_cut_while_a_clinic_is_made_leaves_none_and_it_can_be_made() {
    let folder = TempDir::new().unwrap();
    let home = folder.path().join("home");
    let mut dice = Dice(1);
    let mut cuts = 0;
    let disk = loop {
        let disk = FlakyDisk::default();
        disk.refuse_after(Some(cuts));
        if create(&home, &disk, 2).is_ok() {
            // Only its closing was refused.
            disk.refuse_after(None);
            break disk;
        }
        let mut power = PowerCuts::from(Image::new());
        for (part, op) in disk.ops() {
            power.step(part, op);
        }
        for left in [Left::Nothing, Left::Everything, Left::Some] {
            let disk = FlakyDisk::with(power.image(left, &mut dice));
            let opened = Clinic::open_with(&home, Arc::new(disk), machine(3));
            assert!(opened.is_err(), "cut {cuts}, {left:?}: half a clinic opens");
        }
        cuts += 1;
    };
    println!("{cuts} power cuts while a clinic was made");
    assert!(cuts > 20, "only {cuts}");
    let state = after(&home, &disk, 5, None).unwrap();
    assert_eq!(state.users.len(), 1);
}
