//! What other clinics share with somebody here: for each of them a replica of its own in the
//! home, and this machine's side of meetings with theirs. Nothing in it can be read on the
//! disk, and all of it works while nobody is signed in.

mod opening;
mod reading;
mod taking;
mod writing;

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

pub(super) use self::opening::Abroad;
pub use self::reading::GuestRow;
use super::{
    Clinic, Error, Happened, Taken,
    outside::{Side, run_of},
    read_row, row,
};
use crate::{
    ids::{ClinicId, DocId, Hash, LogId},
    ledger::{DocRun, Entry, Header, ScopedFrontier},
    members::Papers,
    seal::{self, PublicKey, SigningKey},
    store::{Shelf, Shelved, Store},
    time::Timestamp,
};

/// By clinic the machines at which its people are met whose cards are kept here: device keys,
/// and the keys that they meet others with.
pub(super) type Hosts = BTreeMap<ClinicId, BTreeMap<PublicKey, PublicKey>>;

/// What is held of other clinics, as far as somebody asked for it.
pub(super) type Shelves = Mutex<BTreeMap<ClinicId, Arc<Guest>>>;

/// What is held of one other clinic.
#[derive(Debug)]
pub(super) struct Guest {
    pub(super) clinic: ClinicId,
    pub(super) shelf: Shelf,
    papers: Mutex<Option<Arc<Papers>>>,
    /// Held by whoever puts something on the shelf.
    pub(super) putting: Mutex<()>,
}

/// The documents of another clinic, here, in a meeting with a machine of theirs that meets
/// with this key.
pub struct Visiting<'a> {
    clinic: &'a Clinic,
    guest: Arc<Guest>,
    endpoint: PublicKey,
}

/// The small row of a shelf with the papers, as they came.
const PAPERS: &str = "papers";
/// The small row with the latest time that a clinic's papers ever named.
const NOT_BEFORE: &str = "not-before";

/// The machines at which people of other clinics are met, as far as somebody made sure.
pub(super) fn read_hosts(store: &Store) -> Result<Hosts, Error> {
    Ok(read_row(store, row::HOSTS)?.unwrap_or_default())
}

impl Clinic {
    /// The documents of another clinic, here, to a machine of theirs that meets with this
    /// key.
    pub fn visiting(
        &self,
        clinic: ClinicId,
        endpoint: PublicKey,
    ) -> Result<Visiting<'_>, Error> {
        let hosts = read_hosts(&self.store)?;
        let theirs = hosts.get(&clinic).map(|it| it.values());
        if !theirs.is_some_and(|mut it| it.any(|it| *it == endpoint)) {
            let what = "card here of anybody at this machine of theirs";
            return Err(Error::Missing(what.to_owned()));
        }
        Ok(Visiting {
            clinic: self,
            guest: self.guest(clinic)?,
            endpoint,
        })
    }

    /// What is held of another clinic.
    pub(super) fn guest(&self, clinic: ClinicId) -> Result<Arc<Guest>, Error> {
        let mut open = self.shelves.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(guest) = open.get(&clinic) {
            return Ok(Arc::clone(guest));
        }
        let guest = Arc::new(Guest::open(clinic, &self.store)?);
        open.insert(clinic, Arc::clone(&guest));
        Ok(guest)
    }

    /// The papers that are held of a clinic, if the machine that gave them is still on a card
    /// that is kept; others count for nothing.
    pub(super) fn papers_in_force(
        &self,
        guest: &Guest,
    ) -> Result<Option<Arc<Papers>>, Error> {
        let hosts = read_hosts(&self.store)?;
        let theirs = hosts.get(&guest.clinic);
        let is_theirs = |by: &PublicKey| {
            theirs.is_some_and(|it| it.values().any(|endpoint| endpoint == by))
        };
        Ok(guest.papers().filter(|it| is_theirs(&it.by)))
    }

    /// The earliest that it can be now, by this clinic's clocks and by those of the clinic
    /// that shares.
    pub(super) fn now_as_guest(&self, guest: &Guest) -> Result<Timestamp, Error> {
        let now = self.known().membership.at_least(self.clock.now());
        Ok(guest.not_before()?.max(now))
    }
}

impl Guest {
    fn open(clinic: ClinicId, store: &Store) -> Result<Self, Error> {
        let shelf = store.shelf(&clinic.to_string())?;
        // What a bad disk made of them is as if there were none: they come again.
        let papers = shelf.row(PAPERS)?.and_then(|it| Papers::open(&it).ok());
        Ok(Self {
            clinic,
            shelf,
            papers: Mutex::new(papers.map(Arc::new)),
            putting: Mutex::default(),
        })
    }

    /// The papers that came last, whoever gave them.
    fn papers(&self) -> Option<Arc<Papers>> {
        self.held().clone()
    }

    /// Calls `each` with the envelopes that are held of a document, with their places.
    pub(super) fn each_of(
        &self,
        doc: DocId,
        mut each: impl FnMut(Shelved, &Header, &[u8]),
    ) -> Result<(), Error> {
        Ok(self.shelf.each_of(doc, |at, bytes| {
            if let Ok((header, _)) = Header::decode(bytes) {
                each(at, &header, bytes);
            }
            true
        })?)
    }

    fn not_before(&self) -> Result<Timestamp, Error> {
        let row = self.shelf.row(NOT_BEFORE)?;
        let bytes = row.as_deref().and_then(<[u8]>::first_chunk);
        Ok(Timestamp(bytes.map_or(0, |it| i64::from_be_bytes(*it))))
    }

    fn forked(&self) -> BTreeSet<LogId> {
        self.papers()
            .map(|it| it.forked.clone())
            .unwrap_or_default()
    }

    fn held(&self) -> MutexGuard<'_, Option<Arc<Papers>>> {
        self.papers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Visiting<'_> {
    /// The hash of the papers that are held, if these came from a machine that is on a card;
    /// zero for none.
    pub fn papers_hash(&self) -> Result<Hash, Error> {
        let held = self.guest.shelf.row(PAPERS)?;
        let is_trusted = self.trusted()?.is_some();
        let held = held.filter(|_| is_trusted);
        Ok(held.map_or(Hash::ZERO, |it| seal::hash(&it)))
    }

    /// Takes papers that came in this meeting. Those of a machine that has heard less of its
    /// clinic than another did, or nothing yet of an end that another told of, change
    /// nothing.
    pub fn take_papers(&self, bytes: &[u8]) -> Result<(), Error> {
        let no_papers = |why: String| Error::Refused(format!("these papers: {why}"));
        let papers = Papers::open(bytes).map_err(|it| no_papers(it.to_string()))?;
        if let Some(why) = self.misfit(&papers)? {
            return Err(no_papers(why.to_owned()));
        }
        let _putting = self
            .guest
            .putting
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let held = self.trusted()?;
        let knows_less = held
            .as_ref()
            .is_some_and(|held| held.known > papers.known || papers.brings_back_of(held));
        if knows_less || held.as_deref() == Some(&papers) {
            return Ok(());
        }
        for doc in &papers.erased {
            self.guest.shelf.forget(*doc)?;
        }
        let not_before = self.guest.not_before()?.max(papers.not_before);
        let rows = [
            (PAPERS, bytes.to_vec()),
            (NOT_BEFORE, not_before.0.to_be_bytes().to_vec()),
        ];
        self.guest.shelf.put(&[], &rows)?;
        *self.guest.held() = Some(Arc::new(papers));
        self.clinic.tell(Happened::Guest);
        Ok(())
    }

    fn trusted(&self) -> Result<Option<Arc<Papers>>, Error> {
        self.clinic.papers_in_force(&self.guest)
    }

    /// Why papers are not for this machine, or not of the one that is met.
    fn misfit(&self, papers: &Papers) -> Result<Option<&'static str>, Error> {
        let secret = self.clinic.endpoint_secret()?;
        let own = SigningKey::from_secret(&secret).public();
        if papers.clinic != self.guest.clinic {
            return Ok(Some("of another clinic"));
        }
        if papers.by != self.endpoint {
            return Ok(Some("signed by another machine than the one that is met"));
        }
        let known = self.clinic.known();
        let device = known.membership.device(self.clinic.device());
        let device = device.map(|it| it.key);
        let is_here = |machines: &BTreeMap<PublicKey, PublicKey>| {
            device.is_some_and(|it| machines.get(&it) == Some(&own))
        };
        let mut grants = papers.grants(Timestamp(0));
        let fits = papers.to == own && grants.all(|(_, it, _)| is_here(&it.machines));
        Ok((!fits).then_some("for another machine than this one"))
    }
}

impl Side for Visiting<'_> {
    fn scope(&self) -> Result<BTreeSet<DocId>, Error> {
        let now = self.clinic.now_as_guest(&self.guest)?;
        let papers = self.trusted()?;
        let mut scope = papers.map(|it| it.scope(now)).unwrap_or_default();
        if !scope.is_empty() {
            scope.insert(DocId::ZERO);
        }
        Ok(scope)
    }

    fn frontier(&self) -> Result<ScopedFrontier, Error> {
        let forked = self.guest.forked();
        let mut frontier = ScopedFrontier::new();
        for doc in self.scope()? {
            let mut ends: BTreeMap<LogId, (u64, Vec<u8>)> = BTreeMap::new();
            self.guest.each_of(doc, |at, header, bytes| {
                let end = ends.entry(run_of(header, &forked)).or_default();
                if at.seq >= end.0 {
                    *end = (at.seq, bytes.to_vec());
                }
            })?;
            for (run, (seq, bytes)) in ends {
                if let Ok(entry) = Entry::decode(&bytes) {
                    frontier.insert((doc, run), (seq, entry.hash()));
                }
            }
        }
        Ok(frontier)
    }

    fn read_scoped(
        &self,
        (doc, run): DocRun,
        from: u64,
        bytes_max: usize,
    ) -> Result<Vec<Vec<u8>>, Error> {
        if !self.scope()?.contains(&doc) {
            return Ok(Vec::new());
        }
        let forked = self.guest.forked();
        let mut all: BTreeMap<u64, Vec<u8>> = BTreeMap::new();
        self.guest.each_of(doc, |at, header, bytes| {
            if at.seq >= from && run_of(header, &forked) == run {
                all.insert(at.seq, bytes.to_vec());
            }
        })?;
        let mut read = Vec::new();
        let mut length = 0;
        for bytes in all.into_values() {
            length += bytes.len();
            if length > bytes_max && !read.is_empty() {
                break;
            }
            read.push(bytes);
        }
        Ok(read)
    }

    fn take(&self, runs: Vec<Vec<Entry>>) -> Result<Taken, Error> {
        self.take_shared(runs)
    }
}

impl fmt::Debug for Visiting<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Visiting({:?})", self.guest.clinic)
    }
}
