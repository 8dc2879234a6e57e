//! The use cases: what a person, a command or another machine can ask a clinic's machine to
//! do. A [`Clinic`] is a home that is open and locked; a [`Session`] is one user at work in it.

mod actor;
mod admitted;
mod allowance;
mod audit;
mod audit_log;
mod audit_read;
mod backup;
mod branches;
mod bunches;
mod bundle;
mod cards;
mod changes;
mod charts;
mod clocks;
mod closed_parts;
mod create;
mod delay;
mod demo;
mod desk;
mod devices;
mod documents;
mod doubts;
mod drafts;
mod endpoint;
mod error;
mod export;
mod find;
mod ground;
mod guests;
mod history;
mod import;
mod incarnation;
mod intake;
mod keyring;
mod keys;
mod known;
mod lanes;
mod let_in;
mod letters;
mod links;
mod making;
mod met_outside;
mod notes;
mod number;
mod outside;
mod own_log;
mod pairing;
mod parked;
mod peers;
mod proposals;
mod reading;
mod replay;
mod restricted;
mod reviews;
mod rights;
mod roster;
mod save;
mod session;
mod share_keys;
mod shares;
mod sign_in;
mod stating;
mod tails;
mod twins;
mod unattended;
mod unlocking;
#[cfg(test)]
mod untrusted;
mod users;
mod verify;
mod versions;

use std::{
    fmt,
    path::Path,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError, RwLock, TryLockError,
        atomic::{AtomicBool, AtomicU64},
    },
};

use serde::{Deserialize, Serialize, de::DeserializeOwned};

pub use self::{
    audit::{AuditAction, AuditEntry, AuditObject, Disclosed},
    audit_read::Audit,
    backup::{BackupMade, Restored, Restorer},
    bundle::{BundleMade, BundleOrder, BundleTaken},
    cards::CardRow,
    changes::{Happened, Listener, Listening},
    charts::Registered,
    create::Founding,
    demo::{
        DemoClinic, DemoPlan, demo_begun, demo_passphrase, demo_passphrase_file,
        make_demo,
    },
    devices::{MachineRemarks, MachineRow},
    doubts::Doubted,
    drafts::{Kept, Unfinished},
    error::Error,
    export::{ExportTo, Exported},
    find::Found,
    ground::GLASS_MS,
    guests::{GuestRow, Visiting},
    history::Past,
    import::{Imported, Progress, SkippedEntry, Source},
    intake::{CommitSize, Refused, Taken, Why},
    letters::{
        Decision, Match, ReceivedLetter, ReceivedRow, Refer, Sent, Snapshot, TakenLetter,
    },
    met_outside::{Acquaintance, MetOutside},
    number::is_number,
    outside::{Hosting, Outside, Side},
    pairing::NewMachine,
    parked::{Parked, PinError},
    peers::{Machine, Met},
    proposals::Accepting,
    restricted::{CATEGORIES_MAX, CategoryRow},
    reviews::{ForOwner, GlassUse, WORDS_DUE_MS, WordsUsed},
    session::Session,
    shares::{Share, ShareRow},
    sign_in::Enrolled,
    twins::Twins,
    users::UserRow,
    verify::Verified,
    versions::{Apart, Fact},
};
use self::{
    changes::Listeners,
    desk::{AuditTail, Desk},
    incarnation::Incarnation,
    known::{Actors, Known, Writers},
    own_log::OwnLog,
};
use crate::{
    ids::{ClinicId, DeviceId, DocId, LogId},
    ledger::Place,
    seal::{Entropy, Work, names},
    store::{Disk, Home, MetaWrite, Store},
    time::{Clock, Moment},
};

/// What a clinic takes from outside: time, randomness, and how hard passphrases are to try.
pub struct Surroundings {
    /// Where time comes from.
    pub clock: Clock,
    /// Where random bytes come from.
    pub entropy: Box<dyn Entropy + Send>,
    /// The work of unlocking a user's keys; none means what the role asks for.
    pub work: Option<Work>,
}

/// A clinic's home that is open on this machine, with nobody signed in.
pub struct Clinic {
    home: Arc<Home>,
    store: Store,
    clock: Clock,
    work: Option<Work>,
    about: About,
    incarnation: RwLock<Incarnation>,
    desk: Mutex<Desk>,
    known: Mutex<Known>,
    /// Held by whoever takes files in.
    importing: Mutex<()>,
    /// Held by whoever gives a patient a number, until the disk has it.
    numbering: Mutex<()>,
    /// Held by whoever takes envelopes in.
    taking: Mutex<()>,
    /// Whether another machine writes in this one's name: a copy of its disk, or an older
    /// image of it.
    twin: AtomicBool,
    listeners: Arc<Listeners>,
    /// What other clinics share with somebody here.
    shelves: guests::Shelves,
    /// How often something new was said of who belongs.
    said: AtomicU64,
}

/// What this machine is, readable while it is locked.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
struct AboutRow {
    version: u8,
    clinic: ClinicId,
    name: String,
    device: DeviceId,
    log: LogId,
}

/// The clinic that this machine is of.
struct About {
    clinic: ClinicId,
    name: String,
}

/// Names of the small rows that can be read while locked. No patient data stands in them.
mod row {
    pub(super) const ABOUT: &str = "about";
    pub(super) const ADMITTED: &str = "admitted";
    pub(super) const AUDIT_TAIL: &str = "audit/tail";
    pub(super) const AUDIT_KEY: &str = "audit/key";
    pub(super) const DEVICE: &str = "device";
    pub(super) const DEVICE_TO: &str = "device/to";
    pub(super) const ENROLLED: &str = "enrolled";
    pub(super) const OUTSIDE: &str = "outside/";
    pub(super) const OWN: &str = "own/";
    pub(super) const PEERS: &str = "peers/";
    pub(super) const PAIRED: &str = "paired/";
    pub(super) const SERIAL: &str = "serial";
    pub(super) const FROM_BACKUP: &str = "from-backup";
    pub(super) const HOSTS: &str = "hosts";
    pub(super) const SEEN_OF_GUESTS: &str = "seen-of-guests";
    pub(super) const TOLD_TO_GUESTS: &str = "told/";
    pub(super) const LANGUAGE: &str = "language/";
    pub(super) const LINKS: &str = "links/";
    pub(super) const FAILURES: &str = "failures/";
    pub(super) const TWIN: &str = "twin";
    pub(super) const UNFINISHED: &str = "unfinished/";
}

/// The version of the small rows.
const ROWS_VERSION: u8 = 1;

impl Clinic {
    /// Opens the clinic in `home`.
    pub fn open(home: &Path, around: Surroundings) -> Result<Arc<Self>, Error> {
        let home = Arc::new(Home::open(home, around.clock.now())?);
        let store = Store::open(Arc::clone(&home))?;
        Self::open_store(home, store, around)
    }

    /// As [`Clinic::open`], with the databases on any disk.
    pub fn open_with(
        home: &Path,
        disk: Arc<dyn Disk>,
        around: Surroundings,
    ) -> Result<Arc<Self>, Error> {
        let home = Arc::new(Home::open(home, around.clock.now())?);
        Self::open_store(home, Store::open_with(disk)?, around)
    }

    fn open_store(
        home: Arc<Home>,
        store: Store,
        around: Surroundings,
    ) -> Result<Arc<Self>, Error> {
        let about: AboutRow = read_row(&store, row::ABOUT)?
            .ok_or_else(|| Error::lost("what this machine is"))?;
        let clinic = Self::assemble(home, store, about, around)?;
        if let Err(error) = clinic.take_next_endpoint() {
            tracing::warn!(%error, "it still meets others with the key of its old name");
        }
        Ok(Arc::new(clinic))
    }

    fn assemble(
        home: Arc<Home>,
        store: Store,
        about: AboutRow,
        around: Surroundings,
    ) -> Result<Self, Error> {
        let log = OwnLog::read(&store, about.clinic, about.log)?;
        let known = Known::read(&store, about.clinic)?;
        let audit = read_row(&store, row::AUDIT_TAIL)?.unwrap_or(AuditTail::START);
        let twin = read_row(&store, row::TWIN)?.unwrap_or(false);
        let mut desk = Desk::new(log, audit, around.entropy);
        desk.clocks.not_before(known.not_before());
        Ok(Self {
            home,
            store,
            clock: around.clock,
            work: around.work,
            about: About {
                clinic: about.clinic,
                name: about.name,
            },
            incarnation: RwLock::new(Incarnation {
                device: about.device,
                log: about.log,
            }),
            desk: Mutex::new(desk),
            known: Mutex::new(known),
            importing: Mutex::new(()),
            numbering: Mutex::new(()),
            taking: Mutex::new(()),
            twin: AtomicBool::new(twin),
            listeners: Arc::default(),
            shelves: guests::Shelves::default(),
            said: AtomicU64::new(0),
        })
    }

    /// The clinic's name.
    pub fn name(&self) -> &str {
        &self.about.name
    }

    /// The clinic's id.
    pub const fn id(&self) -> ClinicId {
        self.about.clinic
    }

    /// The folder that the clinic is kept in.
    pub fn home(&self) -> &Path {
        self.home.path()
    }

    /// The present moment, by the clinic's clock.
    pub fn moment(&self) -> Moment {
        self.clock.moment()
    }

    /// Milliseconds that passed since some beginning, by the clinic's clock.
    pub fn passed_ms(&self) -> i64 {
        self.clock.passed_ms()
    }

    /// Lets one at a time take files in.
    fn import_alone(&self) -> Option<MutexGuard<'_, ()>> {
        match self.importing.try_lock() {
            Ok(alone) => Some(alone),
            Err(TryLockError::Poisoned(left)) => Some(left.into_inner()),
            Err(TryLockError::WouldBlock) => None,
        }
    }

    fn number_alone(&self) -> MutexGuard<'_, ()> {
        self.numbering
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    fn desk(&self) -> MutexGuard<'_, Desk> {
        self.desk.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whose these actors of a document are.
    fn writers(&self, doc: DocId, actors: &Actors) -> Result<Writers, Error> {
        let mut writers = self.known().writers(&self.store, doc, actors)?;
        (writers.doubts, writers.may_change) = self.doubts(doc, &writers.sessions)?;
        Ok(writers)
    }

    /// Reads who belongs, and where certificates stand, from the disk. What cannot be read
    /// leaves what is known.
    fn know_anew(&self) {
        match Known::read(&self.store, self.about.clinic) {
            Ok(known) => *self.known() = known,
            Err(error) => tracing::warn!(%error, "statements could not be read again"),
        }
    }

    /// Whether nobody but this machine can have written the envelope in this place.
    fn is_own(&self, place: Place) -> bool {
        place.log == self.log() && !self.has_twin()
    }

    /// The logs that nobody but this machine writes: what people do, and what it notes while
    /// nobody is signed in.
    fn own_logs(&self) -> [LogId; 2] {
        let known = self.known();
        let device = known.membership.device(self.device());
        let unattended = device.map(|it| names::unattended_log_id(&it.key));
        [self.log(), unattended.unwrap_or(self.log())]
    }

    fn draw<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.chance().fill(&mut bytes);
        bytes
    }

    /// Random bytes for what takes long: the desk is held for as long as each is drawn.
    fn chance(&self) -> Chance<'_> {
        Chance(self)
    }

    fn read_row<T: DeserializeOwned>(&self, name: &str) -> Result<Option<T>, Error> {
        read_row(&self.store, name)
    }
}

/// Random bytes of a clinic at whose desk nobody need wait for them.
struct Chance<'a>(&'a Clinic);

impl Entropy for Chance<'_> {
    fn fill(&mut self, into: &mut [u8]) {
        self.0.desk().entropy.fill(into);
    }
}

fn read_row<T: DeserializeOwned>(store: &Store, name: &str) -> Result<Option<T>, Error> {
    let Some(bytes) = store.meta(name)? else {
        return Ok(None);
    };
    let read = postcard::from_bytes(&bytes);
    read.map(Some)
        .map_err(|source| Error::damaged(format!("the row {name}"), source))
}

fn put_row(name: impl Into<String>, value: &impl Serialize) -> MetaWrite {
    let bytes = postcard::to_allocvec(value).unwrap_or_default();
    MetaWrite::Put {
        name: name.into(),
        bytes,
    }
}

impl fmt::Debug for Clinic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Clinic({:?})", self.about.clinic)
    }
}

impl fmt::Debug for Surroundings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Surroundings({:?})", self.clock)
    }
}
