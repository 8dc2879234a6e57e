//! What comes: chunks to be taken in, and how far the other side has got with what was sent.

use super::{Exchange, Output, Why, is_membership};
use crate::{
    ledger::{Entry, Place},
    sync::wire::{Reached, Run, RunName},
};

impl Exchange {
    /// The other side tells that it holds more.
    pub(super) fn learn(
        &mut self,
        took: u32,
        reached: Reached,
        now_ms: i64,
    ) -> Result<(), Why> {
        let ends = self.pace.taken(took, now_ms).ok_or(Why::OutOfTurn)?;
        let Some(theirs) = &mut self.theirs else {
            return Ok(());
        };
        self.send_again |= reached.keys().any(is_membership);
        let runs: Vec<_> = reached.keys().copied().collect();
        let (mine, sent) = (&self.mine, &self.sent);
        let before = theirs.sure().clone();
        let whole = |run: RunName, seq: u64| {
            let ends = ends.iter().filter(|it| it.0 == run).map(|it| &it.1);
            [mine.get(&run), sent.get(&run), before.get(&run)]
                .into_iter()
                .flatten()
                .chain(ends)
                .filter(|it| it.0 == seq)
                .map(|it| it.1)
                .collect()
        };
        let room = theirs.tell(reached, whole);
        for run in runs {
            self.stuck.remove(&run);
            if self.forks.settle(run) {
                self.sent.remove(&run);
            }
        }
        room.then_some(()).ok_or(Why::TooMuch)
    }

    /// A chunk came.
    pub(super) fn receive(
        &mut self,
        runs: Vec<Run>,
        outputs: &mut Vec<Output>,
    ) -> Result<(), Why> {
        let bytes = runs.iter().flat_map(Run::entries).map(Entry::len_bytes);
        let bytes = bytes.sum::<usize>();
        let got = &mut self.progress.bytes_got;
        *got = got.saturating_add(bytes as u64);
        let mut all = runs.iter().flat_map(Run::entries);
        if all.any(|it| it.header().clinic != self.clinic) {
            return Err(Why::Clinic);
        }
        for place in runs
            .iter()
            .flat_map(Run::entries)
            .map(|it| Place::of(it.header()))
        {
            self.missing.remove(&place);
            self.asked.remove(&place);
        }
        if !self.taking.come(bytes) {
            return Err(Why::TooMuch);
        }
        let mut joined = Vec::with_capacity(runs.len());
        for run in runs {
            // The next run of a chunk may go on where this one ends.
            if self.joins(&run) {
                self.coming.extend(run.end());
                joined.push(run.into_entries());
            }
        }
        outputs.push(Output::Take(joined));
        Ok(())
    }

    /// Whether a run joins what is here, or comes. Sent ahead by what was known of this side
    /// before it lost something, it does not; then it is sent again.
    fn joins(&self, run: &Run) -> bool {
        let Some(first) = run.entries().first().map(Entry::header) else {
            return false;
        };
        let name = (first.log, first.lane);
        let reaches = [self.mine.get(&name), self.coming.get(&name)];
        let seq = reaches.into_iter().flatten().map(|it| it.0).max();
        // Where a branch joins is for the store.
        run.name() != first.log || first.seq <= seq.unwrap_or(0).saturating_add(1)
    }
}
