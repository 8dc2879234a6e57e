//! Filling a home with the invented clinic: real keys, real envelopes, invented people.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::Arc,
};

use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::{
    AuditAction, AuditObject, Clinic, Error, Founding, Session, Surroundings,
    notes::signing,
    number,
    own_log::{Draft, Signer, When, Writing},
    put_row, row,
};
use crate::{
    chart::{Edit, Identifier, Note, Part, Record, Subject},
    demo::{self, Demo, DemoPatient, Staff, Step},
    ids::UserId,
    ledger::ClockQuality,
    seal::{self, Work},
    time::{Hlc, Moment},
};

/// What a demo clinic is made from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct DemoPlan {
    /// How many patients.
    pub patients: u32,
    /// What chance starts from.
    pub seed: u64,
}

impl DemoPlan {
    /// What a demo is when nobody says otherwise.
    pub const USUAL: Self = Self {
        patients: 200,
        seed: 1,
    };
}

/// A demo clinic that was made.
#[derive(Debug)]
pub struct DemoClinic {
    /// The clinic, locked.
    pub clinic: Arc<Clinic>,
    /// Its owner.
    pub owner: UserId,
    /// Everybody's passphrase.
    pub passphrase: Zeroizing<String>,
    /// How many patients it has.
    pub patients: u64,
    /// How many visits.
    pub visits: u64,
}

/// Patients that are written together: the more, the fewer times a page of the cache is
/// written. Bounds memory: some 1,000 documents and 5,000 envelopes, 40 MB.
const BATCH_PATIENTS: usize = 256;
/// Patients after which somebody hears how many are done.
const TOLD_PATIENTS: u32 = 32;

/// The file in a demo's home that holds everybody's passphrase. Only a demo has it.
const PASSPHRASE_FILE: &str = "passphrase";

/// The file in a demo's home that says what is being made. It goes when all of it is there.
const BEGUN_FILE: &str = "demo-begun";

/// A demo that is being made, or whose making was broken off.
#[derive(Clone, Copy, Serialize, Deserialize)]
struct Begun {
    plan: DemoPlan,
    today: Moment,
}

/// Makes the invented clinic in `home`, or goes on with one whose making was broken off, by
/// the plan that it had. `told` hears how many patients are done. Passphrases take next to no
/// work to try: nothing in a demo is a secret.
pub fn make_demo(
    home: &Path,
    plan: DemoPlan,
    around: Surroundings,
    mut told: impl FnMut(u32),
) -> Result<DemoClinic, Error> {
    let around = Surroundings {
        work: Some(Work::DEMO),
        ..around
    };
    let begun = Begun::read(home).zip(demo_passphrase(home));
    let (clinic, begun, passphrase) = match begun {
        Some((begun, passphrase)) => (Clinic::open(home, around)?, begun, passphrase),
        None => found(home, plan, around)?,
    };
    let plan = begun.plan;
    let owner = clinic.users()?.first().map_or(UserId::ZERO, |it| it.user);
    let mut filler = Filler::hire(&clinic, owner, &passphrase)?;
    let demo = Demo::new(plan.seed, plan.patients, begun.today);
    let demo = demo.written_by(filler.staff());
    filler.write(Subject::Clinic, vec![demo.site()])?;
    let mut patients = 0;
    for patient in demo {
        filler.register(patient)?;
        patients += 1;
        if filler.is_full() {
            filler.flush()?;
        }
        if patients % TOLD_PATIENTS == 0 {
            told(patients);
        }
    }
    let visits = filler.finish()?;
    clinic.home.remove(BEGUN_FILE)?;
    Ok(DemoClinic {
        clinic,
        owner,
        passphrase,
        patients: u64::from(patients),
        visits,
    })
}

/// A clinic with an owner and nobody else.
fn found(
    home: &Path,
    plan: DemoPlan,
    mut around: Surroundings,
) -> Result<(Arc<Clinic>, Begun, Zeroizing<String>), Error> {
    let passphrase = seal::suggest_passphrase(&mut *around.entropy);
    let [first, ..] = demo::USERS;
    let founding = Founding {
        machine: demo::MACHINE.to_owned(),
        clinic: demo::CLINIC.to_owned(),
        user: first.name.to_owned(),
        passphrase: passphrase.clone(),
    };
    let today = around.clock.moment();
    // Nobody needs the paper words of people who are invented.
    let clinic = Clinic::create(home, founding, around, |_| Ok(()))?;
    let begun = Begun { plan, today };
    let bytes = postcard::to_allocvec(&begun).unwrap_or_default();
    clinic.home.write(BEGUN_FILE, &bytes)?;
    clinic
        .home
        .write(PASSPHRASE_FILE, format!("{}\n", *passphrase).as_bytes())?;
    Ok((clinic, begun, passphrase))
}

impl Begun {
    fn read(home: &Path) -> Option<Self> {
        let bytes = std::fs::read(home.join(BEGUN_FILE)).ok()?;
        postcard::from_bytes(&bytes).ok()
    }
}

/// What the demo in this home was to become, if its making was broken off.
pub fn demo_begun(home: &Path) -> Option<DemoPlan> {
    Begun::read(home).map(|it| it.plan)
}

/// The passphrase of a demo's home, if it is one.
pub fn demo_passphrase(home: &Path) -> Option<Zeroizing<String>> {
    let text = std::fs::read_to_string(demo_passphrase_file(home))
        .ok()
        .map(Zeroizing::new)?;
    text.lines()
        .next()
        .map(|line| Zeroizing::new(line.to_owned()))
}

/// The file in a demo's home that holds everybody's passphrase.
pub fn demo_passphrase_file(home: &Path) -> PathBuf {
    home.join(PASSPHRASE_FILE)
}

/// The people of the demo, all signed in, and what they wrote and is not on the disk yet.
/// The owner's session does the reading and writing; each signs for himself.
struct Filler {
    sessions: Vec<Session>,
    drafts: Vec<(usize, Draft)>,
    touched: Vec<crate::ids::DocId>,
    waiting: usize,
    serial: u32,
    visits: u64,
}

impl Filler {
    fn hire(
        clinic: &Arc<Clinic>,
        owner: UserId,
        passphrase: &str,
    ) -> Result<Self, Error> {
        let mut boss = clinic.sign_in(owner, passphrase)?;
        let hired = clinic.users()?;
        let mut others = Vec::new();
        for user in demo::USERS.iter().skip(1) {
            let hired = hired.iter().find(|it| it.name == user.name);
            others.push(match hired {
                Some(hired) => hired.user,
                None => boss.add_user(user.name, user.role, passphrase)?,
            });
        }
        boss.settle()?;
        let serial = clinic.read_row(row::SERIAL)?.unwrap_or_default();
        let mut sessions = vec![boss];
        for user in others {
            sessions.push(clinic.sign_in(user, passphrase)?);
        }
        Ok(Self {
            sessions,
            drafts: Vec::new(),
            touched: Vec::new(),
            waiting: 0,
            serial,
            visits: 0,
        })
    }

    fn staff(&self) -> Staff {
        let mut staff = Staff::invented();
        for (into, session) in staff.users.iter_mut().zip(&self.sessions) {
            *into = session.user();
        }
        if let Some(session) = self.sessions.first() {
            staff.machine = session.machine();
        }
        staff
    }

    const fn is_full(&self) -> bool {
        self.waiting >= BATCH_PATIENTS
    }

    /// Writes a patient's steps, with the clinic's next number. One who is there stays.
    fn register(&mut self, patient: DemoPatient) -> Result<(), Error> {
        if self.boss()?.is_on_file(patient.patient) {
            let edits = patient.steps.iter().flat_map(|it| &it.edits);
            self.visits += edits.map(|it| u64::from(is_new_visit(it))).sum::<u64>();
            return Ok(());
        }
        self.waiting += 1;
        let (serial, value) = number::next(self.staff().machine, self.serial);
        self.serial = serial;
        let own = Identifier {
            system: Identifier::NUMBER.to_owned(),
            value,
        };
        let mut steps = patient.steps;
        let mut edits = steps.iter_mut().flat_map(|it| &mut it.edits);
        if let Some(Edit::Add(first)) = edits.next()
            && let Record::Person(person) = &mut **first
        {
            person
                .identifiers
                .retain(|it| it.system != Identifier::NUMBER);
            person.identifiers.insert(0, own);
        }
        self.write(Subject::Patient(patient.patient), steps)
    }

    fn write(&mut self, subject: Subject, steps: Vec<Step>) -> Result<(), Error> {
        for step in steps {
            let mut parts: BTreeMap<Part, Vec<Edit>> = BTreeMap::new();
            let notes = signed_notes(&step);
            for edit in step.edits {
                self.visits += u64::from(is_new_visit(&edit));
                parts.entry(edit.part()).or_default().push(edit);
            }
            for (part, edits) in parts {
                self.draft(subject, part, (step.who, step.at), &edits)?;
            }
            for note in notes {
                let by = self
                    .sessions
                    .get(step.who)
                    .map_or(UserId::ZERO, Session::user);
                let boss = self.boss()?;
                let heads = boss.document(subject, Part::Visits)?.doc.heads();
                let edit = signing(note, heads, (by, step.at));
                self.draft(subject, Part::Visits, (step.who, step.at), &[edit])?;
            }
        }
        Ok(())
    }

    fn draft(
        &mut self,
        subject: Subject,
        part: Part,
        (who, at): (usize, Moment),
        edits: &[Edit],
    ) -> Result<(), Error> {
        let author = self.sessions.get(who).map(Session::author);
        let author =
            author.ok_or_else(|| Error::Missing("user of the demo".to_owned()))?;
        // What is invented was written in the past.
        let when = When {
            hlc: Hlc::from_parts(at.at, 0),
            wall: at,
            clock: ClockQuality::Alone,
        };
        let boss = self.boss()?;
        let drafted = boss.draft_by(&author, (subject, part), edits, when)?;
        if let Some((id, draft)) = drafted {
            self.drafts.push((who, draft));
            self.touched.push(id);
        }
        Ok(())
    }

    fn boss(&mut self) -> Result<&mut Session, Error> {
        self.sessions
            .first_mut()
            .ok_or_else(|| Error::Missing("owner of the demo".to_owned()))
    }

    fn flush(&mut self) -> Result<(), Error> {
        let drafts = std::mem::take(&mut self.drafts);
        let serial = self.serial;
        let touched = std::mem::take(&mut self.touched);
        self.waiting = 0;
        let Some(boss) = self.sessions.first() else {
            return Ok(());
        };
        let clinic = Arc::clone(&boss.clinic);
        let signed: Vec<(Signer<'_>, Draft)> = drafts
            .into_iter()
            .filter_map(|(who, draft)| Some((self.sessions.get(who)?.signer(), draft)))
            .collect();
        let rows = vec![put_row(row::SERIAL, &serial)];
        clinic.desk().write(
            &clinic,
            boss.id,
            Writing {
                drafts: signed,
                rows,
                reading: false,
            },
        )?;
        let boss = self.boss()?;
        boss.wrote(&touched);
        boss.settle()?;
        boss.documents.forget_all();
        Ok(())
    }

    fn finish(mut self) -> Result<u64, Error> {
        self.flush()?;
        self.boss()?
            .audit(AuditAction::DemoMade, AuditObject::Nothing)?;
        for session in self.sessions {
            session.sign_out()?;
        }
        Ok(self.visits)
    }
}

/// The notes of a step that its writer signs, as they stand after it.
fn signed_notes(step: &Step) -> Vec<Note> {
    let mut notes: Vec<Note> = Vec::new();
    for edit in step.edits.iter().rev() {
        if let Record::Note(note) = edit.record()
            && step.signs.contains(&note.entry.id)
        {
            notes.push(note.clone());
        }
    }
    notes.dedup_by_key(|it| it.entry.id);
    notes
}

fn is_new_visit(edit: &Edit) -> bool {
    matches!(edit, Edit::Add(record) if matches!(**record, Record::Visit(_)))
}
