//! Machines of one clinic, for tests: a second one that is let in by hand, and moving what
//! one holds to another.

use std::{fs, sync::Arc};

use tempfile::TempDir;

use super::Taken;
use crate::{
    chart::{
        Name, NameUse, Person,
        who::{Compartment, Role},
    },
    clinic::{
        AboutRow, Clinic, Founding, ROWS_VERSION, Session, Surroundings,
        keys::DeviceKeys,
        own_log::{Draft, Writing},
        put_row, row,
        sign_in::EnrolledRow,
        stating::device_rows,
    },
    ids::PatientId,
    ledger::{Envelope, Kind, Lane, Place},
    members::{Author, Enrolling, NameKey, Series},
    seal::{SeededEntropy, SigningKey, Work, names},
    store::{Home, NewEnvelope, Store},
    time::Clock,
};

pub(in crate::clinic) const PASSPHRASE: &str = "correct horse battery staple again";

/// A machine's clinic, and its folder.
pub(in crate::clinic) struct Desktop {
    pub(in crate::clinic) folder: TempDir,
    pub(in crate::clinic) clinic: Arc<Clinic>,
}

pub(in crate::clinic) fn surroundings(seed: u64) -> Surroundings {
    Surroundings {
        clock: Clock::Machine,
        entropy: Box::new(SeededEntropy::new(seed)),
        work: Some(Work::DEMO),
    }
}

pub(in crate::clinic) fn founded(seed: u64) -> Desktop {
    let folder = TempDir::new().unwrap();
    let founding = Founding {
        machine: "1".to_owned(),
        clinic: "Kijani".to_owned(),
        user: "Dr Okot".to_owned(),
        passphrase: PASSPHRASE.to_owned().into(),
    };
    let home = folder.path().join("home");
    let around = surroundings(seed);
    let clinic = Clinic::create(&home, founding, around, |_| Ok(())).unwrap();
    Desktop { folder, clinic }
}

impl Desktop {
    /// A copy of the folder as it is on the disk.
    pub(in crate::clinic) fn copy(&self) -> Copied {
        Copied::of(&self.folder)
    }

    pub(in crate::clinic) fn owner(&self) -> Session {
        owner(&self.clinic)
    }

    /// Another machine of the clinic, which an owner lets in here.
    pub(in crate::clinic) fn second(&self, seed: u64) -> Self {
        let mut entropy = SeededEntropy::new(seed);
        let device = DeviceKeys::generate(&mut entropy);
        let endpoint = SigningKey::generate(&mut entropy);
        let session = self.owner();
        enrol(&session, &device, &endpoint);
        let carry = session.keys.carry.public();
        let user = session.user;
        session.sign_out().unwrap();
        let folder = TempDir::new().unwrap();
        let home = Arc::new(
            Home::create(&folder.path().join("home"), self.clinic.clock.now()).unwrap(),
        );
        let store = Store::create(Arc::clone(&home)).unwrap();
        let public = device.signing.public();
        let about = AboutRow {
            version: ROWS_VERSION,
            clinic: self.clinic.id(),
            name: self.clinic.name().to_owned(),
            device: names::device_id(&public),
            log: names::log_id(&public),
        };
        let enrolled = vec![EnrolledRow {
            user,
            name: "Dr Okot".to_owned(),
            role: Role::Owner,
        }];
        let mut rows = device_rows(&device, &[carry].into(), &mut entropy).unwrap();
        rows.push(put_row(row::ABOUT, &about));
        rows.push(put_row(row::ENROLLED, &enrolled));
        home.write("endpoint.key", endpoint.secret().as_bytes())
            .unwrap();
        let log = self.clinic.log();
        let lane = Lane::Membership;
        let said = self
            .clinic
            .read_run(Place { log, lane, seq: 1 }, usize::MAX)
            .unwrap();
        let said: Vec<_> = said
            .iter()
            .map(|it| (Envelope::decode(it).unwrap(), it))
            .collect();
        let new: Vec<_> = said
            .iter()
            .map(|(it, bytes)| NewEnvelope::new(it, bytes))
            .collect();
        store.append(&new, &rows).unwrap();
        home.finish().unwrap();
        drop((store, home));
        let clinic =
            Clinic::open(&folder.path().join("home"), surroundings(seed + 1)).unwrap();
        Self { folder, clinic }
    }
}

/// A copied folder.
pub(in crate::clinic) struct Copied(pub(in crate::clinic) TempDir);

impl Copied {
    /// A copy of the folder as it is on the disk.
    pub(in crate::clinic) fn of(other: &TempDir) -> Self {
        let folder = TempDir::new().unwrap();
        let home = folder.path().join("home");
        fs::create_dir(&home).unwrap();
        for entry in fs::read_dir(other.path().join("home")).unwrap() {
            let entry = entry.unwrap();
            fs::copy(entry.path(), home.join(entry.file_name())).unwrap();
        }
        fs::write(home.join("lock"), []).unwrap();
        Self(folder)
    }

    pub(in crate::clinic) fn open(&self) -> Arc<Clinic> {
        self.open_with(5)
    }

    pub(in crate::clinic) fn open_with(&self, seed: u64) -> Arc<Clinic> {
        Clinic::open(&self.0.path().join("home"), surroundings(seed)).unwrap()
    }
}

/// The owner at work.
pub(in crate::clinic) fn owner(clinic: &Arc<Clinic>) -> Session {
    let user = clinic.users().unwrap()[0].user;
    clinic.sign_in(user, PASSPHRASE).unwrap()
}

fn enrol(session: &Session, device: &DeviceKeys, endpoint: &SigningKey) {
    let clinic = Arc::clone(&session.clinic);
    let heads = clinic.known().membership.heads();
    let mut desk = clinic.desk();
    let at = desk.log.tick(clinic.clock.now());
    let mut series = Series::after(clinic.id(), heads, at);
    let front = session.keyring.of(Compartment::Front).unwrap();
    let names = NameKey::of(front.current_key().unwrap());
    let new = Enrolling {
        key: &device.signing,
        carry: device.carry.public(),
        endpoint,
        name: "2",
    };
    let owner = Author::user(session.user, &session.keys.signing);
    series
        .enrol(owner, &new, &names, &mut *desk.entropy)
        .unwrap();
    let statements = series.into_statements();
    let drafts = statements.iter().map(|it| Draft::Open {
        kind: Kind::Statement,
        bytes: it.encode(),
    });
    let writing = Writing {
        drafts: session.signed(drafts),
        ..Writing::default()
    };
    desk.write(&clinic, session.id, writing).unwrap();
    clinic.known().learn(statements, Vec::new()).unwrap();
}

/// Registers somebody.
pub(in crate::clinic) fn register(session: &mut Session, given: &str) -> PatientId {
    let mut person = Person::new(session.entry());
    person.names = vec![Name {
        usage: NameUse::Usual,
        family: "Okello".into(),
        given: given.into(),
    }];
    session.register(person).unwrap().patient
}

/// What `from` holds and `to` does not, by their frontiers, lanes in order.
pub(in crate::clinic) fn missing(from: &Clinic, to: &Clinic) -> Vec<Vec<Envelope>> {
    let theirs = to.frontier().unwrap();
    let mut ours: Vec<_> = from.frontier().unwrap().into_iter().collect();
    ours.sort_by_key(|((log, lane), _)| (*lane, *log));
    let mut runs = Vec::new();
    for ((log, lane), tip) in ours {
        if theirs.get(&(log, lane)) == Some(&tip) {
            continue;
        }
        let held = theirs.get(&(log, lane)).map_or(0, |(seq, _)| *seq);
        let place = |seq| Place { log, lane, seq };
        let same = from.hash_at(place(held)).unwrap() == to.hash_at(place(held)).unwrap();
        let seq = if same && held < tip.0 { held + 1 } else { 1 };
        runs.push(run(from, Place { log, lane, seq }));
    }
    runs
}

/// A run from a place on.
pub(in crate::clinic) fn run(from: &Clinic, place: Place) -> Vec<Envelope> {
    let bytes = from.read_run(place, usize::MAX).unwrap();
    bytes
        .iter()
        .map(|it| Envelope::decode(it).unwrap())
        .collect()
}

/// Moves what each lacks to the other.
pub(in crate::clinic) fn meet(one: &Clinic, other: &Clinic) -> (Taken, Taken) {
    let there = other.take(missing(one, other)).unwrap();
    let here = one.take(missing(other, one)).unwrap();
    (here, there)
}
