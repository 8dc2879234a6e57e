//! Taking in what a machine sent, in commits short enough that whoever saves meanwhile does
//! not notice.

use std::{
    collections::{BTreeSet, VecDeque},
    time::{Duration, Instant},
};

use crate::{
    clinic::{self, Clinic, Refused},
    ids::{DeviceId, LogId},
    ledger::{Entry, Lane, Place},
};

/// The work of one commit.
const COMMIT: Duration = Duration::from_millis(50);
/// Envelopes of the first commit; what it took says how many come next.
const FIRST: usize = 64;
/// The fewest and the most envelopes of a commit.
const BOUNDS: (usize, usize) = (8, 4096);
/// The most bytes of a commit.
const BYTES_MAX: usize = 4 * 1024 * 1024;

/// What waits to be taken in.
pub(super) struct Waiting {
    envelopes: VecDeque<Entry>,
    /// How many envelopes each chunk that came has left.
    chunks: VecDeque<usize>,
    size: usize,
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
            size: FIRST,
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
        let mut bytes = 0;
        let fits = |it: &&Entry| {
            bytes += it.len_bytes();
            bytes <= BYTES_MAX
        };
        let count = self
            .envelopes
            .iter()
            .take(self.size)
            .take_while(fits)
            .count();
        let count = count.max(1).min(self.envelopes.len());
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
        self.size = next_size(taken.count, taken.work);
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
        let taken = clinic.take(runs(self.envelopes))?;
        Ok(Taken {
            count: self.count,
            work: begun.elapsed(),
            new: taken.new,
            refused: taken.refused,
            written_there: clinic.written_by(from),
        })
    }
}

/// Envelopes that follow one another in a chain, put together.
fn runs(envelopes: Vec<Entry>) -> Vec<Vec<Entry>> {
    let mut runs: Vec<Vec<Entry>> = Vec::new();
    for envelope in envelopes {
        match runs.last_mut().filter(|run| is_next(run, &envelope)) {
            Some(run) => run.push(envelope),
            None => runs.push(vec![envelope]),
        }
    }
    runs
}

fn is_next(run: &[Entry], envelope: &Entry) -> bool {
    let header = envelope.header();
    run.last().is_some_and(|last| {
        Place::of(last.header()).run() == Place::of(header).run()
            && last.header().seq.checked_add(1) == Some(header.seq)
            && last.hash() == header.prev
    })
}

/// As many as fill a commit, going by the last; never much more at once.
fn next_size(count: usize, work: Duration) -> usize {
    let (fewest, most) = BOUNDS;
    let took = work.as_micros().max(1);
    let fitting = (count as u128).saturating_mul(COMMIT.as_micros()) / took;
    let fitting = usize::try_from(fitting).unwrap_or(most);
    fitting.min(count.saturating_mul(2)).clamp(fewest, most)
}
