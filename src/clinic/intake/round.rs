//! Bringing what was checked to the disk, then knowing it.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{MutexGuard, atomic::Ordering},
};

use super::{
    Said,
    run::{Link, Run},
};
use crate::{
    clinic::{
        Clinic, Error, Happened,
        branches::Landing,
        desk::Desk,
        own_log::{OwnLog, Strange},
        put_row, row,
    },
    ids::LogId,
    ledger::{Lane, Place},
    store::{MetaWrite, NewEnvelope},
};

/// What is to be kept together.
#[derive(Default)]
pub(super) struct Round {
    pub(super) said: Said,
    /// What is new, and the places where it is kept.
    new: Vec<(Place, Link)>,
    /// What is held and could not be read.
    lost: Vec<(Place, Link)>,
    branches: Vec<MetaWrite>,
    /// What is new in this machine's own logs, which it did not write.
    strange: BTreeMap<LogId, Vec<Strange>>,
}

impl Round {
    /// Keeps a run there.
    pub(super) fn keep(&mut self, run: Run, landing: Option<Landing>, own: &[LogId]) {
        let (Some(place), Some(Landing { log, branch })) = (run.place(), landing) else {
            return;
        };
        self.branches.extend(branch.map(MetaWrite::Branch));
        if own.contains(&place.log) {
            let strange = self.strange.entry(place.log).or_default();
            let place = Place { log, ..place };
            strange.push(Strange { place, branch });
        }
        self.new.extend(run.into_placed(log));
    }

    /// Puts back what is held under this name, where it cannot be read.
    pub(super) fn mend(&mut self, (log, held): (LogId, Run), holes: &BTreeSet<Place>) {
        let placed = held.into_placed(log);
        self.lost
            .extend(placed.filter(|(at, _)| holes.contains(at)));
    }

    pub(super) const fn is_forked(&self) -> bool {
        !self.branches.is_empty()
    }
}

impl Clinic {
    /// Keeps a round; gives how many new envelopes it had.
    pub(super) fn keep_round(
        &self,
        round: Round,
        desk: Option<MutexGuard<'_, Desk>>,
    ) -> Result<usize, Error> {
        let Round {
            said,
            new,
            lost,
            branches,
            strange,
        } = round;
        if new.is_empty() && lost.is_empty() {
            return Ok(0);
        }
        let mut desk = desk.unwrap_or_else(|| self.desk());
        if !lost.is_empty() {
            put(&lost, |envelopes| Ok(self.store.mend(envelopes)?))?;
            self.mended(&mut desk, lost.iter().map(|(place, _)| *place))?;
            if lost.iter().any(|(place, _)| place.lane == Lane::Membership) {
                self.know_anew();
                self.tell(Happened::Membership);
            }
        }
        if new.is_empty() {
            return Ok(0);
        }
        let mut rows = branches;
        let mut beside = None;
        for (log, strange) in &strange {
            rows.push(put_row(row::TWIN, &true));
            if *log == desk.log.log() {
                let (on, row) = desk.log.beside(strange);
                beside = Some(on);
                rows.push(row);
            } else {
                let unattended = OwnLog::read(&self.store, self.about.clinic, *log)?;
                rows.push(unattended.beside(strange).1);
            }
        }
        let kept = put(&new, |envelopes| Ok(self.store.append(envelopes, &rows)?));
        if rows.iter().any(moves) {
            // The cache is begun anew then, and what was written here is in it no sooner
            // than what stands before.
            desk.forget_pending();
        }
        desk.fall_behind();
        if let Err(error) = kept {
            // The disk may have taken it all the same.
            desk.log.reread(&self.store)?;
            self.know_anew();
            return Err(error);
        }
        if let Some(beside) = beside {
            desk.log.go_on(beside);
        }
        if !strange.is_empty() {
            self.twin.store(true, Ordering::SeqCst);
        }
        let (now, own) = (self.clock.now(), self.own_logs());
        for (_, link) in &new {
            let header = link.header();
            desk.log.witness(header.hlc, now);
            if !own.contains(&header.log) {
                desk.clocks.compare(header.hlc.timestamp(), self.clock);
            }
        }
        let learned = self.learn(said, &new, is_renamed(&rows))?;
        desk.clocks.not_before(self.known().not_before());
        drop(desk);
        let documents = new.iter().any(|(place, _)| is_of_documents(place.lane));
        self.tell(Happened::Took { documents });
        if learned {
            self.tell(Happened::Membership);
        }
        Ok(new.len())
    }

    /// Knows what was said in what is kept now. Certificates that got another place are
    /// looked for anew.
    fn learn(
        &self,
        said: Said,
        new: &[(Place, Link)],
        renamed: bool,
    ) -> Result<bool, Error> {
        if renamed {
            self.know_anew();
            return Ok(true);
        }
        let mut known = self.known();
        let early = new
            .iter()
            .filter(|(place, _)| place.lane == Lane::Membership);
        for (_, link) in early.clone() {
            known.spoke(link.header().log, link.entry.len_bytes());
        }
        let places = early
            .map(|(place, link)| (Place::of(link.header()), *place))
            .collect();
        let (statements, certificates) = said.into_kept(&places);
        known.take_in(&self.store, statements, certificates)
    }
}

/// Calls `act` with these as the store takes them.
fn put<T>(
    placed: &[(Place, Link)],
    act: impl FnOnce(&[NewEnvelope<'_>]) -> Result<T, Error>,
) -> Result<T, Error> {
    let bytes: Vec<_> = placed.iter().map(|(_, it)| it.entry.encode()).collect();
    let envelopes: Vec<_> = placed
        .iter()
        .zip(&bytes)
        .map(|((place, link), bytes)| NewEnvelope {
            place: *place,
            hash: link.hash,
            bytes,
        })
        .collect();
    act(&envelopes)
}

/// Whether envelopes get another name with it.
const fn moves(row: &MetaWrite) -> bool {
    matches!(row, MetaWrite::Branch(it) if it.tail)
}

/// Whether envelopes of the membership lane got another name.
fn is_renamed(rows: &[MetaWrite]) -> bool {
    rows.iter().any(|row| {
        matches!(row, MetaWrite::Branch(it) if it.tail && it.from.lane == Lane::Membership)
    })
}

const fn is_of_documents(lane: Lane) -> bool {
    match lane {
        Lane::Desk | Lane::Clinical | Lane::Restricted => true,
        Lane::Membership | Lane::Audit | Lane::Attachments => false,
    }
}
