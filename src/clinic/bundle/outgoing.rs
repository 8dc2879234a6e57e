//! What goes into a bundle, one envelope after the other.

use std::collections::{BTreeMap, VecDeque};

use super::by_time;
use crate::{
    clinic::{Clinic, Error},
    ids::LogId,
    ledger::{Entry, Frontier, Lane, Place},
    time::Hlc,
};

/// What is read of a run at once, in bytes. Bounds memory: as many are held as there are logs
/// in the membership lane.
const READ_BYTES: usize = 64 * 1024;

/// The envelopes between two frontiers: membership in the order of time, then lane after
/// lane and log after log, each branch of a log after what it grew from.
pub(in crate::clinic) struct Outgoing<'a> {
    clinic: &'a Clinic,
    waiting: BTreeMap<Turn, Tail>,
}

/// When a run goes on: by its lane, by the time in lanes that go by it, by the log and the
/// number in its next envelope, and by its own name.
type Turn = (Lane, Hlc, LogId, u64, LogId);

/// What is left of a run.
struct Tail {
    next: Place,
    last: u64,
    read: VecDeque<Vec<u8>>,
}

impl<'a> Outgoing<'a> {
    pub(in crate::clinic) fn new(
        clinic: &'a Clinic,
        since: &Frontier,
        reaches: &Frontier,
    ) -> Result<Self, Error> {
        let mut outgoing = Self {
            clinic,
            waiting: BTreeMap::new(),
        };
        for ((log, lane), (last, _)) in reaches {
            let held = since.get(&(*log, *lane)).map_or(0, |(seq, _)| *seq);
            let next = Place {
                log: *log,
                lane: *lane,
                seq: held.saturating_add(1),
            };
            let mut tail = Tail {
                next,
                last: *last,
                read: VecDeque::new(),
            };
            tail.fill(clinic, 1)?;
            outgoing.wait(tail);
        }
        Ok(outgoing)
    }

    /// The next envelope, as its bytes.
    pub(in crate::clinic) fn next(&mut self) -> Result<Option<Vec<u8>>, Error> {
        let Some((_, mut tail)) = self.waiting.pop_first() else {
            return Ok(None);
        };
        let envelope = tail.read.pop_front();
        tail.fill(self.clinic, READ_BYTES)?;
        self.wait(tail);
        Ok(envelope)
    }

    /// Lets a tail wait for its turn, if anything is left of it.
    fn wait(&mut self, tail: Tail) {
        let first = tail.read.front().and_then(|it| Entry::decode(it).ok());
        if let Some(header) = first.as_ref().map(Entry::header) {
            let lane = header.lane;
            let at = if by_time(lane) {
                header.hlc
            } else {
                Hlc::default()
            };
            let turn = (lane, at, header.log, header.seq, tail.next.log);
            self.waiting.insert(turn, tail);
        }
    }
}

impl Tail {
    /// Reads on where nothing that was read is left. What is missing or damaged is left
    /// out.
    fn fill(&mut self, clinic: &Clinic, bytes_max: usize) -> Result<(), Error> {
        while self.read.is_empty() && self.next.seq <= self.last {
            let run = clinic.read_run(self.next, bytes_max)?;
            let mut next = self.next.seq.saturating_add(1);
            for envelope in run {
                let Ok(entry) = Entry::decode(&envelope) else {
                    continue;
                };
                let header = entry.header();
                next = next.max(header.seq.saturating_add(1));
                if header.seq <= self.last {
                    self.read.push_back(envelope);
                }
            }
            self.next.seq = next;
        }
        Ok(())
    }
}
