//! The tables of the ledger: envelopes, the last one of each lane, small rows readable while
//! locked, and audit entries that are in no envelope yet.

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::ControlFlow::{Break, Continue},
    sync::{Arc, Mutex, PoisonError, RwLock},
};

use redb::{ReadTransaction, WriteTransaction};

use super::{
    Branch, Disk, Error, Part, Stretch,
    batch::read_number,
    branches::{self, Move, Origins},
    database::{Database, Fault, Kept, Trust},
    place::{Key as _, Run, lane_key, read_lane_key},
    rows::{Rows, RowsMut},
};
use crate::{
    ids::{Hash, LogId},
    ledger::{Envelope, Frontier, Header, Lane, Place},
    platform::Opening,
};

pub(super) const ENVELOPES: Rows = Rows::new(Part::Ledger, "envelopes");
const FRONTIER: Rows = Rows::new(Part::Ledger, "frontier");
const META: Rows = Rows::new(Part::Ledger, "meta");
const OPEN_AUDIT: Rows = Rows::new(Part::Ledger, "open_audit");

/// The small row that says which version of these tables this is.
const VERSION_NAME: &[u8] = b"store";
const VERSION: u32 = 1;
/// The small row that counts how often envelopes got another name.
const MOVED_NAME: &[u8] = b"moved";
/// Envelopes of a run that are read at a time, and their bytes, but for one more.
const CHUNK_ROWS_MAX: usize = 256;
const CHUNK_BYTES_MAX: usize = 1024 * 1024;

const MISSING: Error = Part::Ledger.damaged("an envelope is missing");

/// An envelope to be kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NewEnvelope<'a> {
    /// Where it stands.
    pub place: Place,
    /// Its hash: what the next one calls `prev`.
    pub hash: Hash,
    /// All of it.
    pub bytes: &'a [u8],
}

/// A change of the ledger's other rows, kept together with envelopes or not at all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MetaWrite {
    /// Sets a small row that can be read while locked: no patient data.
    Put {
        /// The row's name.
        name: String,
        /// What it says.
        bytes: Vec<u8>,
    },
    /// Removes such a row.
    Remove {
        /// The row's name.
        name: String,
    },
    /// Adds a sealed audit entry that is in no envelope yet.
    OpenAudit {
        /// The log that it will be in.
        log: LogId,
        /// Its number there.
        n: u64,
        /// The entry, sealed.
        row: Vec<u8>,
    },
    /// Begins a branch, to which envelopes are added then.
    Branch(Branch),
    /// Removes audit entries that an envelope now holds.
    ShippedAudit {
        /// Their log.
        log: LogId,
        /// The number of the last one.
        through: u64,
    },
}

/// How much the ledger holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Envelopes in all lanes.
    pub envelopes: u64,
    /// Audit entries that are in no envelope yet.
    pub open_audit: u64,
}

/// The ledger's tables.
#[derive(Debug)]
pub(super) struct Envelopes {
    db: Database,
    /// Held from the look at the lanes' ends until envelopes stand behind them.
    appending: Mutex<()>,
    origins: RwLock<Origins>,
}

/// What one writing does to the envelopes.
struct Appended<'a, 'b> {
    new: Vec<&'b NewEnvelope<'a>>,
    moves: Vec<Move>,
    runs: Runs,
}

impl<'a> NewEnvelope<'a> {
    /// `envelope`, whose encoding is `bytes`.
    pub fn new(envelope: &Envelope, bytes: &'a [u8]) -> Self {
        Self {
            place: Place::of(&envelope.header),
            hash: envelope.hash(),
            bytes,
        }
    }
}

impl Envelopes {
    pub(super) fn create(disk: Arc<dyn Disk>) -> Result<Self, Error> {
        let db = Database::open(Part::Ledger, disk, Opening::New, Trust::AsLeft)?;
        db.write(Kept::OnDisk, |txn| {
            for table in [ENVELOPES, FRONTIER, OPEN_AUDIT] {
                table.write(txn)?;
            }
            META.write(txn)?.put(VERSION_NAME, &VERSION.to_be_bytes())
        })?;
        Ok(Self::of(db))
    }

    /// Opens the tables and looks whether they fit together; checks every page where they do
    /// not. True when that was needed.
    pub(super) fn open(disk: &Arc<dyn Disk>) -> Result<(Self, bool), Error> {
        let open = |trust| {
            let disk = Arc::clone(disk);
            let db = Database::open(Part::Ledger, disk, Opening::Existing, trust)?;
            let runs = db.read(fit_together)?;
            let opened = Self::of(db);
            opened.know_branches(&runs);
            Ok(opened)
        };
        let trust = Trust::at_first(disk.as_ref(), Part::Ledger);
        match open(trust) {
            Err(Error::Damaged { .. }) if trust == Trust::AsLeft => {
                Ok((open(Trust::Nothing)?, true))
            }
            opened => Ok((opened?, false)),
        }
    }

    pub(super) fn append(
        &self,
        envelopes: &[NewEnvelope<'_>],
        changes: &[MetaWrite],
    ) -> Result<(), Error> {
        let _appending = self
            .appending
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let appended = self.db.read(|txn| following(txn, envelopes, changes))?;
        self.db.write(Kept::OnDisk, |txn| {
            write_envelopes(txn, &appended)?;
            let mut meta = META.write(txn)?;
            if !appended.moves.is_empty() {
                let moved = meta.get(MOVED_NAME)?;
                let moved = moved.as_deref().and_then(read_number).unwrap_or(0) + 1;
                meta.put(MOVED_NAME, &moved.to_be_bytes())?;
            }
            let mut audit = OPEN_AUDIT.write(txn)?;
            changes
                .iter()
                .try_for_each(|change| write_change(change, &mut meta, &mut audit))
        })?;
        self.know_branches(&appended.runs);
        Ok(())
    }

    /// Puts envelopes where nothing can be read.
    pub(super) fn mend(&self, envelopes: &[NewEnvelope<'_>]) -> Result<(), Error> {
        let _appending = self
            .appending
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let (lost, runs) = self.db.read(|txn| branches::lost(txn, envelopes))?;
        self.db.write(Kept::OnDisk, |txn| {
            let moves = Vec::new();
            let new = lost;
            write_envelopes(txn, &Appended { new, moves, runs })
        })
    }

    #[cfg(test)]
    pub(super) fn damage(&self, place: Place) -> Result<(), Error> {
        self.db.write(Kept::OnDisk, |txn| {
            ENVELOPES.write(txn)?.put_damaged(&place.key())
        })
    }

    /// The places of lanes that are not whole where nothing stands.
    pub(super) fn holes(&self) -> Result<BTreeSet<Place>, Error> {
        self.db.read(|txn| branches::holes(txn, &runs(txn)?))
    }

    /// Whether an envelope with this header stands in this place.
    pub(super) fn is_at(&self, place: Place, header: &Header) -> bool {
        let origins = self.origins.read().unwrap_or_else(PoisonError::into_inner);
        branches::is_at(&origins, place, header)
    }

    /// The logs that have branches.
    pub(super) fn forked(&self) -> BTreeSet<LogId> {
        let origins = self.origins.read().unwrap_or_else(PoisonError::into_inner);
        origins.values().copied().collect()
    }

    pub(super) fn stretches(&self) -> Result<BTreeMap<(LogId, Lane), Stretch>, Error> {
        Ok(branches::stretches(self.db.read(runs)?))
    }

    /// How often envelopes got another name.
    pub(super) fn moved(&self) -> Result<u64, Error> {
        let row = self.meta_row(MOVED_NAME)?;
        Ok(row.as_deref().and_then(read_number).unwrap_or(0))
    }

    pub(super) fn envelope(&self, place: Place) -> Result<Option<Vec<u8>>, Error> {
        self.db.read(|txn| {
            let row = ENVELOPES.get(txn, &place.key())?;
            if row.is_none() && run_of(txn, place)?.holds(place.seq) {
                return Err(MISSING.into());
            }
            Ok(row)
        })
    }

    pub(super) fn run(&self, from: Place) -> Result<Vec<(u64, Vec<u8>)>, Error> {
        let first = Place {
            seq: from.seq.max(1),
            ..from
        };
        self.db.read(|txn| {
            let run = run_of(txn, first)?;
            let mut found: Vec<(u64, Vec<u8>)> = Vec::new();
            let mut next = first;
            let mut bytes_read = 0;
            let read = ENVELOPES.each_from(txn, &first.key(), |key, bytes| {
                let is_full =
                    found.len() >= CHUNK_ROWS_MAX || bytes_read >= CHUNK_BYTES_MAX;
                let place = Place::from_key(key).filter(|it| it.run() == next.run());
                let place = place.filter(|it| it.seq <= run.last);
                let Some(place) = place.filter(|_| !is_full) else {
                    return Ok(Break(()));
                };
                if place.seq != next.seq && run.holds(next.seq) {
                    return Ok(Break(()));
                }
                bytes_read += bytes.len();
                found.push((place.seq, bytes.to_vec()));
                next.seq = place.seq + 1;
                Ok(Continue(()))
            });
            match read {
                Ok(()) if found.is_empty() && run.holds(next.seq) => Err(MISSING.into()),
                // What is damaged is told to whoever reads on from there.
                Err(Fault::Ours(_)) if !found.is_empty() => Ok(found),
                read => read.map(|()| found),
            }
        })
    }

    pub(super) fn frontier(&self) -> Result<Frontier, Error> {
        self.db.read(frontier)
    }

    pub(super) fn counts(&self) -> Result<Counts, Error> {
        self.db.read(|txn| {
            Ok(Counts {
                envelopes: ENVELOPES.count(txn)?,
                open_audit: OPEN_AUDIT.count(txn)?,
            })
        })
    }

    pub(super) fn meta(&self, name: &str) -> Result<Option<Vec<u8>>, Error> {
        self.meta_row(name.as_bytes())
    }

    pub(super) fn meta_names(&self, prefix: &str) -> Result<Vec<String>, Error> {
        self.db.read(|txn| {
            let mut names = Vec::new();
            META.each_from(txn, prefix.as_bytes(), |name, _| {
                if !name.starts_with(prefix.as_bytes()) {
                    return Ok(Break(()));
                }
                names.push(String::from_utf8_lossy(name).into_owned());
                Ok(Continue(()))
            })?;
            Ok(names)
        })
    }

    pub(super) fn open_audit(&self, log: LogId) -> Result<Vec<(u64, Vec<u8>)>, Error> {
        self.db.read(|txn| {
            let mut found: Vec<(u64, Vec<u8>)> = Vec::new();
            OPEN_AUDIT.each_from(txn, &audit_key(log, 0), |key, bytes| {
                let Some(n) = number_in(log, key) else {
                    return Ok(Break(()));
                };
                if found.last().is_some_and(|(before, _)| before + 1 != n) {
                    let missing = Part::Ledger.damaged("an audit entry is missing");
                    return Err(missing.into());
                }
                found.push((n, bytes.to_vec()));
                Ok(Continue(()))
            })?;
            Ok(found)
        })
    }

    pub(super) fn check(&self) -> Result<bool, Error> {
        let clean = self.db.check()?;
        drop(self.db.read(fit_together)?);
        Ok(clean)
    }

    pub(super) fn compact(&self) -> Result<(), Error> {
        self.db.compact()
    }

    const fn of(db: Database) -> Self {
        Self {
            db,
            appending: Mutex::new(()),
            origins: RwLock::new(Origins::new()),
        }
    }

    fn meta_row(&self, name: &[u8]) -> Result<Option<Vec<u8>>, Error> {
        self.db.read(|txn| META.get(txn, name))
    }

    fn know_branches(&self, runs: &Runs) {
        let mut origins = self.origins.write().unwrap_or_else(PoisonError::into_inner);
        origins.extend(branches::origins(runs));
    }
}

/// What is held of some lanes.
pub(super) type Runs = BTreeMap<(LogId, Lane), Run>;

/// What is to be done to keep `envelopes`, and what is held of their lanes with them; an
/// error unless each one follows its lane's last, or stands there already.
fn following<'a, 'b>(
    txn: &ReadTransaction,
    envelopes: &'b [NewEnvelope<'a>],
    changes: &[MetaWrite],
) -> Result<Appended<'a, 'b>, Fault> {
    let mut runs = Runs::new();
    let mut moves = Vec::new();
    for change in changes {
        if let MetaWrite::Branch(branch) = change {
            moves.extend(branches::part(txn, branch, &mut runs)?);
        }
    }
    let mut new = Vec::with_capacity(envelopes.len());
    for envelope in envelopes {
        let NewEnvelope { place, hash, bytes } = *envelope;
        let run = match runs.get(&place.run()) {
            Some(run) => *run,
            None => run_of(txn, place)?,
        };
        if place.seq == run.last + 1 {
            runs.insert(place.run(), run.and(place.seq, hash));
            new.push(envelope);
        } else if ENVELOPES.get(txn, &place.key())?.as_deref() != Some(bytes) {
            return Err(Error::Misplaced { place }.into());
        }
    }
    Ok(Appended { new, moves, runs })
}

fn write_envelopes(
    txn: &WriteTransaction,
    appended: &Appended<'_, '_>,
) -> Result<(), Fault> {
    for moved in &appended.moves {
        moved.write(txn)?;
    }
    let mut rows = ENVELOPES.write(txn)?;
    for NewEnvelope { place, bytes, .. } in &appended.new {
        rows.put(&place.key(), bytes)?;
    }
    let mut frontier = FRONTIER.write(txn)?;
    for ((log, lane), run) in &appended.runs {
        if run.count == 0 {
            return Err(MISSING.into());
        }
        frontier.put(&lane_key(*log, *lane), &run.value())?;
    }
    Ok(())
}

fn write_change(
    change: &MetaWrite,
    meta: &mut RowsMut<'_>,
    audit: &mut RowsMut<'_>,
) -> Result<(), Fault> {
    match change {
        MetaWrite::Put { name, bytes } => meta.put(name.as_bytes(), bytes),
        MetaWrite::Remove { name } => meta.remove(name.as_bytes()),
        MetaWrite::Branch(_) => Ok(()),
        MetaWrite::OpenAudit { log, n, row } => audit.put(&audit_key(*log, *n), row),
        MetaWrite::ShippedAudit { log, through } => {
            audit.remove_range(&audit_key(*log, 0), &audit_key(*log, *through))
        }
    }
}

/// What is held of the lane of `place`.
pub(super) fn run_of(txn: &ReadTransaction, place: Place) -> Result<Run, Fault> {
    let run = FRONTIER.get(txn, &lane_key(place.log, place.lane))?;
    let run = run.map(|value| Run::read(&value).ok_or(MISSING));
    Ok(run.transpose()?.unwrap_or(Run::EMPTY))
}

fn runs(txn: &ReadTransaction) -> Result<Runs, Fault> {
    let mut runs = Runs::new();
    FRONTIER.each(txn, |key, value| {
        let (place, run) = read_lane_key(key).zip(Run::read(value)).ok_or(MISSING)?;
        runs.insert(place, run);
        Ok(())
    })?;
    Ok(runs)
}

fn frontier(txn: &ReadTransaction) -> Result<Frontier, Fault> {
    let runs = runs(txn)?.into_iter();
    Ok(runs.map(|(it, run)| (it, (run.last, run.hash))).collect())
}

/// Looks at everything that is small, and at the end of each lane: after a power cut that
/// the disk told the truth about, it always fits.
fn fit_together(txn: &ReadTransaction) -> Result<Runs, Fault> {
    match META.get(txn, VERSION_NAME)?.as_deref() {
        Some(version) if version == VERSION.to_be_bytes() => {}
        Some(version) => {
            let found = version
                .first_chunk()
                .map_or(0, |it| u32::from_be_bytes(*it));
            let part = Part::Ledger;
            return Err(Error::UnknownVersion { part, found }.into());
        }
        None => return Err(Part::Ledger.damaged("it has no version").into()),
    }
    META.each(txn, |_, _| Ok(()))?;
    OPEN_AUDIT.each(txn, |_, _| Ok(()))?;
    let mut envelopes = 0_u64;
    let runs = runs(txn)?;
    for (&(log, lane), run) in &runs {
        envelopes = envelopes.saturating_add(run.count);
        let last = Place {
            log,
            lane,
            seq: run.last,
        };
        ENVELOPES.get(txn, &last.key())?.ok_or(MISSING)?;
    }
    if envelopes != ENVELOPES.count(txn)? {
        return Err(MISSING.into());
    }
    Ok(runs)
}

fn audit_key(log: LogId, n: u64) -> Vec<u8> {
    [log.as_bytes().as_slice(), &n.to_be_bytes()].concat()
}

fn number_in(log: LogId, key: &[u8]) -> Option<u64> {
    let n = key.strip_prefix(log.as_bytes())?;
    n.try_into().ok().map(u64::from_be_bytes)
}
