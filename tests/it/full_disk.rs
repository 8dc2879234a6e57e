//! A disk on which nothing more can be saved, and a writing that panics.

use std::{
    io,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicI64, Ordering},
    },
};

use cairn::{
    chart::{Name, NameUse, Person},
    clinic::{AuditAction, Clinic, Error, Founding, Session, Surroundings},
    ids::{Hash, LogId},
    ledger::{Lane, Place},
    platform::Opening,
    seal::{SeededEntropy, words::PaperWords},
    store::{self, Disk, NewEnvelope, Part, StorageBackend, Store},
    time::{Clock, Moment, Timestamp},
};
use tempfile::TempDir;

use crate::{
    clinic::{PASSPHRASE, owner, surroundings},
    flaky_disk::FlakyDisk,
};

static NOW_MS: AtomicI64 = AtomicI64::new(1_790_000_000_000);

fn told() -> (Moment, i64) {
    let ms = NOW_MS.load(Ordering::SeqCst);
    let at = Timestamp(ms);
    let offset_minutes = 0;
    (Moment { at, offset_minutes }, ms)
}

fn register(session: &mut Session) -> Result<(), Error> {
    let mut person = Person::new(session.entry());
    person.names = vec![Name {
        usage: NameUse::Usual,
        family: "Okello".into(),
        given: "Grace".into(),
    }];
    person.address.line = "far ".repeat(5_000);
    session.register(person).map(drop)
}

/// A clinic whose disk is full, and whose space set aside is in use.
fn full(folder: &TempDir) -> Arc<Clinic> {
    let disk = FlakyDisk::default();
    let founding = Founding {
        machine: "1".to_owned(),
        clinic: "Kijani".to_owned(),
        user: "Dr Okot".to_owned(),
        passphrase: PASSPHRASE.to_owned().into(),
    };
    let around = Surroundings {
        clock: Clock::Told(told),
        ..surroundings()
    };
    let words = PaperWords::generate(&mut SeededEntropy::new(1));
    let home = folder.path().join("home");
    let on: Arc<dyn Disk> = Arc::new(disk.clone());
    let clinic = Clinic::create_on(&home, on, founding, &words, around).unwrap();
    let mut session = owner(&clinic);
    disk.fill_up(0, 64 * 1024 * 1024);
    while register(&mut session).is_ok() {}
    while disk.keep_reserve().is_ok() {
        session.search_audited(1).unwrap();
    }
    assert!(register(&mut session).is_err());
    session.sign_out().unwrap();
    clinic
}

#[test]
fn on_a_full_disk_people_sign_in_and_guesses_are_counted_and_audited() {
    let folder = TempDir::new().unwrap();
    let clinic = full(&folder);
    let user = clinic.users().unwrap()[0].user;
    let guess = || clinic.sign_in(user, "not this one at all").map(drop);
    assert!(matches!(guess(), Err(Error::WrongPassphrase { .. })));
    assert!(matches!(guess(), Err(Error::Wait { .. })));
    NOW_MS.fetch_add(10_000, Ordering::SeqCst);
    let mut session = clinic.sign_in(user, PASSPHRASE).unwrap();
    assert!(matches!(
        guess(),
        Err(Error::WrongPassphrase { wait_seconds: 1 })
    ));
    let audit = session.read_audit(None).unwrap();
    let failed = audit.entries.iter();
    let failed = failed.filter(|it| it.action == AuditAction::SignInFailed);
    assert_eq!(failed.count(), 2);
}

/// A disk whose next writing panics.
#[derive(Clone, Debug, Default)]
struct Panicking {
    disk: FlakyDisk,
    is_armed: Arc<AtomicBool>,
}

#[derive(Debug)]
struct PanickingFile {
    file: Box<dyn StorageBackend>,
    is_armed: Arc<AtomicBool>,
}

impl Disk for Panicking {
    fn open(
        &self,
        part: Part,
        opening: Opening,
    ) -> Result<Box<dyn StorageBackend>, store::Error> {
        let file = self.disk.open(part, opening)?;
        let is_armed = Arc::clone(&self.is_armed);
        Ok(Box::new(PanickingFile { file, is_armed }))
    }

    fn is_soon_checked(&self, part: Part) -> bool {
        self.disk.is_soon_checked(part)
    }

    fn clear_cache(&self) -> Result<(), store::Error> {
        self.disk.clear_cache()
    }

    fn release_reserve(&self) -> Result<(), store::Error> {
        self.disk.release_reserve()
    }

    fn keep_reserve(&self) -> Result<(), store::Error> {
        self.disk.keep_reserve()
    }

    fn beside(&self, clinic: &str) -> Result<Arc<dyn Disk>, store::Error> {
        self.disk.beside(clinic)
    }
}

impl StorageBackend for PanickingFile {
    fn len(&self) -> io::Result<u64> {
        self.file.len()
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        self.file.read(offset, out)
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        self.file.set_len(len)
    }

    fn sync_data(&self) -> io::Result<()> {
        self.file.sync_data()
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        assert!(!self.is_armed.swap(false, Ordering::SeqCst), "as asked");
        self.file.write(offset, data)
    }
}

fn keep(store: &Store, seq: u64) -> Result<(), store::Error> {
    let log = LogId::from_bytes([1; 16]);
    let lane = Lane::Clinical;
    let envelope = NewEnvelope {
        place: Place { log, lane, seq },
        hash: Hash::from_bytes([u8::try_from(seq).unwrap(); 32]),
        bytes: &[3; 100],
    };
    store.append(&[envelope], &[])
}

#[test]
fn after_a_panic_in_a_writing_nothing_is_written_again() {
    let disk = Panicking::default();
    let store = Store::create_with(Arc::new(disk.clone())).unwrap();
    keep(&store, 1).unwrap();
    disk.is_armed.store(true, Ordering::SeqCst);
    let panicked = catch_unwind(AssertUnwindSafe(|| keep(&store, 2)));
    assert!(panicked.is_err());
    let again = keep(&store, 2);
    assert!(
        matches!(again, Err(store::Error::Damaged { .. })),
        "{again:?}"
    );
    drop(store);
    let store = Store::open_with(Arc::new(disk)).unwrap();
    assert_eq!(store.counts().unwrap().envelopes, 1);
    keep(&store, 2).unwrap();
}
