//! Meeting with machines of other clinics: what there is to exchange with one, and this
//! clinic's side of it. All of it works while nobody is signed in.

mod papers;
mod taking;
mod telling;

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use super::{Clinic, Error, Taken, guests::read_hosts};
use crate::{
    ids::{ClinicId, DocId, LogId},
    ledger::{DocRun, Entry, Header, Lane, Place, ScopedFrontier},
    seal::{PublicKey, names},
    store::Stretch,
};

/// What there is to exchange with whoever meets with an endpoint.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Outside {
    /// Whether something of this clinic is, or was, shared with them.
    pub hosts: bool,
    /// The clinics that may have shared something with somebody here.
    pub visits: BTreeSet<ClinicId>,
}

/// One side of an exchange about documents of one clinic with a machine outside of it. All of
/// it is for a thread that may wait for the disk.
pub trait Side {
    /// The documents that both may have now, and what certifies who writes in them as a
    /// guest, which stands under the document zero.
    fn scope(&self) -> Result<BTreeSet<DocId>, Error>;

    /// How far these reach here.
    fn frontier(&self) -> Result<ScopedFrontier, Error>;

    /// What is held of a run from this number on, at least one envelope where there is one
    /// and at most so many bytes; nothing of what is not in scope.
    fn read_scoped(
        &self,
        run: DocRun,
        from: u64,
        bytes_max: usize,
    ) -> Result<Vec<Vec<u8>>, Error>;

    /// Takes in what came. What is kept is on the disk when this returns. Whoever sends what
    /// is refused is to be left.
    fn take(&self, runs: Vec<Vec<Entry>>) -> Result<Taken, Error>;
}

/// This clinic's documents, to a machine of a provider's that meets with this key.
pub struct Hosting<'a> {
    clinic: &'a Clinic,
    endpoint: PublicKey,
}

/// The runs of this clinic's ledger as they are named between clinics.
struct Names {
    stretches: BTreeMap<(LogId, Lane), Stretch>,
    forked: BTreeSet<LogId>,
}

/// Where an envelope of a document stands here, and in which run it is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Told {
    run: LogId,
    seq: u64,
    place: Place,
}

impl Clinic {
    /// What there is to exchange with whoever meets with this endpoint; nothing for a
    /// stranger.
    pub fn outside(&self, endpoint: PublicKey) -> Result<Outside, Error> {
        let hosts = self.known().membership.was_granted_at(&endpoint);
        let visits = read_hosts(&self.store)?.into_iter();
        let visits = visits.filter(|(_, it)| it.values().any(|it| *it == endpoint));
        Ok(Outside {
            hosts,
            visits: visits.map(|(clinic, _)| clinic).collect(),
        })
    }

    /// The endpoints of machines of other clinics that there may be something to exchange
    /// with: of those whose cards are kept, and of those to whom something is granted.
    pub fn outside_endpoints(&self) -> Result<BTreeSet<PublicKey>, Error> {
        let hosts = read_hosts(&self.store)?.into_values();
        let mut all: BTreeSet<_> = hosts.flat_map(BTreeMap::into_values).collect();
        let now = self.clock.now();
        let known = self.known();
        let grants = known.membership.grants(now).into_iter();
        all.extend(grants.flat_map(|it| it.grant.machines.values().copied()));
        Ok(all)
    }

    /// This clinic's documents, to whoever meets with this endpoint.
    pub const fn hosting(&self, endpoint: PublicKey) -> Hosting<'_> {
        Hosting {
            clinic: self,
            endpoint,
        }
    }
}

impl Side for Hosting<'_> {
    fn scope(&self) -> Result<BTreeSet<DocId>, Error> {
        let mut scope = self.documents();
        if !scope.is_empty() {
            scope.insert(DocId::ZERO);
        }
        Ok(scope)
    }

    fn frontier(&self) -> Result<ScopedFrontier, Error> {
        while self.clinic.index_some()? {}
        let names = Names::read(self.clinic)?;
        let mut frontier = ScopedFrontier::new();
        for doc in self.scope()? {
            let mut told = self.told(&names, doc)?;
            told.sort_unstable();
            for run in told.chunk_by(|one, next| one.run == next.run) {
                // What nobody else can check is not sent.
                for told in run.iter().rev() {
                    if let Some(entry) = self.sound(told.place)? {
                        frontier.insert((doc, told.run), (told.seq, entry.hash()));
                        break;
                    }
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
        let names = Names::read(self.clinic)?;
        let mut told = self.told(&names, doc)?;
        told.retain(|it| it.run == run && it.seq >= from);
        told.sort_unstable();
        let mut bytes = 0;
        let mut read = Vec::new();
        for told in told {
            let Some(entry) = self.sound(told.place)? else {
                continue;
            };
            bytes += entry.len_bytes();
            if bytes > bytes_max && !read.is_empty() {
                break;
            }
            read.push(entry.encode());
        }
        Ok(read)
    }

    fn take(&self, runs: Vec<Vec<Entry>>) -> Result<Taken, Error> {
        self.take_from_guest(runs)
    }
}

impl Hosting<'_> {
    /// The documents that the other side may have now.
    fn documents(&self) -> BTreeSet<DocId> {
        let mut documents = self.clinic.shared_with(self.endpoint);
        let known = self.clinic.known();
        documents.retain(|it| !known.is_erased(*it));
        documents
    }

    /// The device keys that grants which are live give this endpoint.
    fn devices(&self) -> BTreeSet<PublicKey> {
        let now = self.clinic.clock.now();
        let membership = &self.clinic.known().membership;
        let live = membership.live_at(&self.endpoint, membership.at_least(now));
        let machines = live.flat_map(|it| &it.grant.machines);
        let here = machines.filter(|(_, endpoint)| **endpoint == self.endpoint);
        here.map(|(device, _)| *device).collect()
    }

    /// Where the envelopes of a document stand; of none the certificates of the other side.
    fn told(&self, names: &Names, doc: DocId) -> Result<Vec<Told>, Error> {
        if doc != DocId::ZERO {
            return names.of_doc(self.clinic, doc);
        }
        let logs: BTreeSet<_> = self.devices().iter().map(names::log_id).collect();
        let mut told = Vec::new();
        for ((log, lane), stretch) in &names.stretches {
            if *lane != Lane::Membership || !logs.contains(&stretch.origin) {
                continue;
            }
            for seq in stretch.first..=stretch.last {
                let (log, lane) = (*log, *lane);
                told.push(names.told(self.clinic, Place { log, lane, seq }));
            }
        }
        Ok(told)
    }

    /// The envelope in this place, if anybody who has its certificate can check it by itself.
    fn sound(&self, place: Place) -> Result<Option<Entry>, Error> {
        let store = &self.clinic.store;
        let Ok(Some(bytes)) = store.envelope(place) else {
            return Ok(None);
        };
        let entry = Entry::decode(&bytes).ok();
        let Some(entry) = entry.filter(|it| it.whole().is_some()) else {
            return Ok(None);
        };
        let session = entry.header().session;
        let signing = self.clinic.known().signing(store, session)?;
        let is_signed = signing.is_some_and(|it| it.signed(&entry.stub()).is_ok());
        Ok(is_signed.then_some(entry))
    }
}

impl Names {
    fn read(clinic: &Clinic) -> Result<Self, Error> {
        Ok(Self {
            stretches: clinic.store.stretches()?,
            forked: clinic.store.forked(),
        })
    }

    /// The log that the envelope in this place names.
    fn origin(&self, place: Place) -> LogId {
        let stretch = self.stretches.get(&place.run());
        stretch.map_or(place.log, |it| it.origin)
    }

    /// Where the envelopes of a document stand.
    fn of_doc(&self, clinic: &Clinic, doc: DocId) -> Result<Vec<Told>, Error> {
        let indexed = clinic.store.of_doc(doc)?.into_iter();
        Ok(indexed.map(|it| self.told(clinic, it.place)).collect())
    }

    fn told(&self, clinic: &Clinic, place: Place) -> Told {
        let origin = self.origin(place);
        let mut run = origin;
        if self.forked.contains(&origin) {
            let bytes = clinic.store.envelope(place).ok().flatten();
            let header = bytes.and_then(|it| Header::decode(&it).ok());
            run = header.map_or(origin, |(it, _)| run_of(&it, &self.forked));
        }
        let seq = place.seq;
        Told { run, seq, place }
    }
}

/// The run in which an envelope is told to machines of other clinics: its log, or where that
/// has branches what its session wrote there. So both sides name it alike, whatever each has
/// of the log.
pub(super) fn run_of(header: &Header, forked: &BTreeSet<LogId>) -> LogId {
    if forked.contains(&header.log) {
        names::session_run_id(header.session)
    } else {
        header.log
    }
}

impl fmt::Debug for Hosting<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Hosting({:?})", self.endpoint)
    }
}
