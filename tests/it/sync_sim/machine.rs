//! One simulated machine: the real clinic on a disk in memory, with a clock of its own.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use cairn::{
    chart::who::{Action, Denial},
    clinic::{Clinic, Error, Session, Surroundings},
    ids::{DeviceId, DocId, Hash, PatientId, RecordId},
    ledger::{Frontier, Lane, Place},
    seal::{SeededEntropy, Work},
    store::{Disk as _, Part, Shelf},
};
use tempfile::TempDir;

use super::clock;
use crate::{
    clinic::PASSPHRASE,
    flaky_disk::{FlakyDisk, Image},
};

/// What a machine holds while it is switched off: its databases and its folder's small files.
#[derive(Clone)]
pub(super) struct Frozen {
    pub(super) files: Image,
    pub(super) small: Vec<(PathBuf, Vec<u8>)>,
    /// What other clinics share, by their names.
    beside: BTreeMap<String, Image>,
}

/// A machine.
pub(super) struct Machine {
    folder: TempDir,
    disk: FlakyDisk,
    clinic: Option<Arc<Clinic>>,
    session: Option<Session>,
    /// Whose session it is.
    sits: &'static str,
    /// By how much its clock is wrong.
    pub(super) ahead_ms: i64,
    /// What it takes its chance from: no two lives of any machine have the same.
    seed: u64,
    lives: u64,
    /// Images of its disk that somebody may bring back.
    pub(super) kept: Vec<Frozen>,
}

const YEAR_MS: i64 = 365 * 24 * 60 * 60 * 1000;

/// Something that a person was told is saved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fact {
    pub(super) patient: PatientId,
    pub(super) what: What,
    /// By whom: a person whose key was compromised may not count.
    pub(super) user: &'static str,
    pub(super) place: Place,
    pub(super) hash: Hash,
    /// Under which name of a machine: one that was shut out may not count.
    pub(super) device: DeviceId,
}

/// What was saved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum What {
    Registered,
    Allergy(RecordId),
    Pulse(RecordId),
    Drug(RecordId),
    Phone(String),
    Village(String),
}

/// A folder that is gone afterwards; in memory where there is such a place, since a
/// thousand machines wait for nothing as long as for a disk.
pub(super) fn folder() -> TempDir {
    TempDir::new_in("/dev/shm").unwrap_or_else(|_| TempDir::new().unwrap())
}

impl Frozen {
    /// What stands in a home on a real disk.
    pub(super) fn of_home(home: &Path) -> Self {
        let mut files = Image::new();
        let mut small = Vec::new();
        for entry in fs::read_dir(home).unwrap() {
            let entry = entry.unwrap();
            let name = entry.file_name().into_string().unwrap();
            let part = [Part::Ledger, Part::Cache]
                .into_iter()
                .find(|it| it.file_name() == name);
            if let Some(part) = part {
                files.insert(part, fs::read(entry.path()).unwrap());
            } else if entry.file_type().unwrap().is_file()
                && name != "lock"
                && name != "reserve"
            {
                small.push((PathBuf::from(name), fs::read(entry.path()).unwrap()));
            }
        }
        let beside = BTreeMap::new();
        Self {
            files,
            small,
            beside,
        }
    }
}

impl Machine {
    pub(super) fn of(frozen: &Frozen, seed: u64) -> Self {
        let folder = folder();
        let mut machine = Self {
            folder,
            disk: FlakyDisk::default(),
            clinic: None,
            session: None,
            sits: "",
            ahead_ms: 0,
            seed,
            lives: 0,
            kept: Vec::new(),
        };
        machine.bring_back(frozen);
        machine
    }

    /// Sets what its clock shows, for whatever it does next.
    pub(super) fn look(&self, passed_ms: i64) {
        clock::set(passed_ms, self.ahead_ms);
    }

    /// Puts the disk back to what it was; the machine is off then.
    pub(super) fn bring_back(&mut self, frozen: &Frozen) {
        self.session = None;
        self.clinic = None;
        self.disk = FlakyDisk::plain(frozen.files.clone());
        self.disk.put_beside(frozen.beside.clone());
        let home = self.home();
        drop(fs::remove_dir_all(&home));
        fs::create_dir(&home).unwrap();
        for (name, bytes) in &frozen.small {
            fs::write(home.join(name), bytes).unwrap();
        }
    }

    /// What is on the disk now, as somebody who copies it finds it.
    pub(super) fn freeze(&self) -> Frozen {
        let small = Frozen::of_home(&self.home()).small;
        Frozen {
            files: self.disk.files(),
            small,
            beside: self.disk.all_beside(),
        }
    }

    /// The documents of which other clinics' envelopes stand on the disk, by their names.
    pub(super) fn held_beside(&self) -> BTreeMap<String, BTreeSet<DocId>> {
        let mut held = BTreeMap::new();
        for (name, files) in self.disk.all_beside() {
            let disk = FlakyDisk::plain(Image::new());
            disk.put_beside([(name.clone(), files)].into());
            let of = Shelf::open(disk.beside(&name).unwrap()).unwrap();
            held.insert(name, of.documents().unwrap());
        }
        held
    }

    /// Sets its clock so many years ahead, or back.
    pub(super) const fn set_years_ahead(&mut self, years: i64) {
        self.ahead_ms = years * YEAR_MS;
    }

    /// The program dies: nothing is ended in order.
    pub(super) fn die(&mut self) {
        self.session = None;
        self.clinic = None;
    }

    pub(super) fn clinic(&mut self) -> Arc<Clinic> {
        if self.clinic.is_none() {
            self.lives += 1;
            let around = Surroundings {
                clock: clock::clock(),
                entropy: Box::new(SeededEntropy::new(self.seed.wrapping_add(self.lives))),
                work: Some(Work::DEMO),
            };
            let disk = Arc::new(self.disk.clone());
            let opened = Clinic::open_with(&self.home(), disk, around);
            self.clinic = Some(opened.unwrap());
        }
        Arc::clone(self.clinic.as_ref().unwrap())
    }

    /// Who is signed in.
    pub(super) fn sits(&self) -> Option<&'static str> {
        self.session.as_ref().map(|_| self.sits)
    }

    /// Whoever of this name is signed in, or signs in now.
    pub(super) fn session(&mut self, name: &'static str) -> Result<&mut Session, Error> {
        let clinic = self.clinic();
        let users = clinic.users()?;
        let user = users.iter().find(|it| it.name == name);
        let user = user.ok_or_else(|| Error::Missing("user".to_owned()))?.user;
        let over =
            |it: &Session| it.may(Action::ReadIdentity) == Err(Denial::SessionOver);
        if self.session.as_ref().is_some_and(over) {
            self.session = None;
        }
        if self.session.as_ref().is_some_and(|it| it.user() != user)
            && let Some(session) = self.session.take()
        {
            session.sign_out()?;
        }
        if self.session.is_none() {
            self.session = Some(clinic.sign_in(user, PASSPHRASE)?);
            self.sits = name;
        }
        self.session
            .as_mut()
            .ok_or_else(|| Error::Missing("session".to_owned()))
    }

    /// Drops whoever is signed in, as when their time is over.
    pub(super) fn leave(&mut self) {
        self.session = None;
    }

    /// What it wrote in a lane since its chains reached so far, and its hash: a log that was
    /// copied goes on under another name, or takes the name of what was there.
    pub(super) fn wrote_since(&mut self, before: &Frontier, lane: Lane) -> (Place, Hash) {
        let now = self.clinic().frontier().unwrap();
        let ends: BTreeSet<_> = before.values().collect();
        let mut new = now
            .iter()
            .filter(|(run, end)| run.1 == lane && !ends.contains(end));
        let ((log, lane), (seq, hash)) = new.next().unwrap();
        assert!(new.next().is_none(), "it writes in two logs");
        let (log, lane, seq) = (*log, *lane, *seq);
        (Place { log, lane, seq }, *hash)
    }

    /// Whether it holds this envelope, under whatever name its branch has here.
    pub(super) fn holds(&mut self, place: Place, hash: Hash) -> bool {
        let clinic = self.clinic();
        if clinic.hash_at(place).unwrap() == Some(hash) {
            return true;
        }
        let frontier = clinic.frontier().unwrap();
        let runs = frontier.keys().filter(|(_, lane)| *lane == place.lane);
        let mut places = runs.map(|(log, lane)| Place {
            log: *log,
            lane: *lane,
            seq: place.seq,
        });
        places.any(|it| clinic.hash_at(it).unwrap() == Some(hash))
    }

    fn home(&self) -> PathBuf {
        self.folder.path().join("home")
    }
}
