//! Taking in what a machine sent, in commits short enough that whoever saves meanwhile does
//! not notice.

use std::{
    collections::{BTreeSet, VecDeque},
    time::{Duration, Instant},
};

use crate::{
    clinic::{self, Clinic, CommitSize, Refused},
    ids::{DeviceId, LogId},
    ledger::{Entry, Lane, runs_of},
};

/// What waits to be taken in.
pub(super) struct Waiting {
    envelopes: VecDeque<Entry>,
    /// How many envelopes each chunk that came has left.
    chunks: VecDeque<usize>,
    size: CommitSize,
    passed_over: BTreeSet<LogId>,
}

/// The envelopes of one commit, and how many came with them.
pub(super) struct Portion {
    envelopes: Vec<Entry>,
    count: usize,
}

/// What became of them.
pub(super) struct Taken {
    count: usize,
    work: Duration,
    /// Envelopes that were new.
    pub(super) new: usize,
    /// What was not kept.
    pub(super) refused: Vec<Refused>,
    /// The logs that the machine which sent it writes itself.
    pub(super) written_there: Vec<LogId>,
}

impl Waiting {
    pub(super) const fn new() -> Self {
        Self {
            envelopes: VecDeque::new(),
            chunks: VecDeque::new(),
            size: CommitSize::first(),
            passed_over: BTreeSet::new(),
        }
    }

    /// Takes nothing more of a log, in this meeting, but for who belongs.
    pub(super) fn pass_over(&mut self, log: LogId) {
        self.passed_over.insert(log);
    }

    /// Whether nothing more of a log is taken.
    pub(super) fn passes_over(&self, log: LogId) -> bool {
        self.passed_over.contains(&log)
    }

    /// Chunks that are not on the disk yet.
    pub(super) fn chunks(&self) -> usize {
        self.chunks.len()
    }

    /// A chunk came.
    pub(super) fn push(&mut self, chunk: Vec<Vec<Entry>>) {
        self.chunks.push_back(chunk.iter().map(Vec::len).sum());
        self.envelopes.extend(chunk.into_iter().flatten());
    }

    /// What the next commit is to hold, if anything waits.
    pub(super) fn portion(&mut self) -> Option<Portion> {
        let (mut count, mut bytes) = (0, 0);
        for envelope in &self.envelopes {
            bytes += envelope.len_bytes();
            if !self.size.holds(count + 1, bytes) {
                break;
            }
            count += 1;
        }
        let passed_over = &self.passed_over;
        let envelopes = self.envelopes.drain(..count);
        let envelopes = envelopes.filter(|it| {
            let header = it.header();
            header.lane == Lane::Membership || !passed_over.contains(&header.log)
        });
        let envelopes = envelopes.collect();
        (count > 0).then_some(Portion { envelopes, count })
    }

    /// A portion is on the disk: how many chunks are so from now on.
    pub(super) fn taken(&mut self, taken: &Taken) -> usize {
        self.size.learn(taken.count, taken.work);
        let mut left = taken.count;
        let mut whole = 0;
        while let Some(chunk) = self.chunks.front_mut() {
            let part = left.min(*chunk);
            *chunk -= part;
            left -= part;
            if *chunk > 0 {
                break;
            }
            self.chunks.pop_front();
            whole += 1;
        }
        whole
    }
}

impl Portion {
    /// Takes what `from` sent into the clinic, in one commit.
    #[expect(
        clippy::disallowed_methods,
        reason = "measures how long a commit takes"
    )]
    pub(super) fn take(
        self,
        clinic: &Clinic,
        from: DeviceId,
    ) -> Result<Taken, clinic::Error> {
        let begun = Instant::now();
        let taken = clinic.take(runs_of(self.envelopes))?;
        Ok(Taken {
            count: self.count,
            work: begun.elapsed(),
            new: taken.new,
            refused: taken.refused,
            written_there: clinic.written_by(from),
        })
    }
}
