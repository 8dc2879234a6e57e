//! Two runs of one name that differ: a disk was cloned. Samples of hashes narrow down where
//! they part; from there each side sends its own, and which keeps the name is for the store.

use std::collections::{BTreeMap, BTreeSet};

use super::{Exchange, Output, Why, theirs::cut};
use crate::{
    ids::Hash,
    ledger::{Lane, Place},
    sync::wire::{Frame, RunName, SAMPLES_MAX, Short},
};

/// How often one run is looked at in one exchange. A store that keeps neither side's
/// continuation would have it looked at for ever.
const TRIES_MAX: u32 = 16;

/// The runs that differ, or may.
#[derive(Default)]
pub(super) struct Forks {
    /// Ends of theirs within runs that are longer here, whose hash here was asked for.
    asked: BTreeSet<Place>,
    /// Runs that differ at this number.
    suspects: BTreeMap<RunName, u64>,
    tries: BTreeMap<RunName, u32>,
    probe: Option<Probe>,
    parted: BTreeMap<RunName, Parted>,
    answering: Option<Answering>,
}

/// The search for the place where a run parts: above `lo`, at `hi` at the latest.
struct Probe {
    run: RunName,
    lo: u64,
    hi: u64,
    pending: BTreeSet<u64>,
    hashes: BTreeMap<u64, Hash>,
    rounds: u32,
}

/// A run that parts at this number, and whether this side's part was sent.
struct Parted {
    at: u64,
    said: bool,
}

/// A probe of the other side.
struct Answering {
    run: RunName,
    samples: Vec<(u64, Short)>,
    pending: BTreeSet<u64>,
    hashes: BTreeMap<u64, Hash>,
}

impl Forks {
    /// Whether nothing of a run is sent but what belongs to its fork.
    pub(super) fn is_open(&self, run: RunName) -> bool {
        let probed = self.probe.as_ref().is_some_and(|it| it.run == run);
        probed || self.suspects.contains_key(&run) || self.parted.contains_key(&run)
    }

    /// Whether it is open in a lane which runs part where.
    pub(super) fn is_lane_open(&self, lane: Lane) -> bool {
        let probed = self.probe.iter().map(|it| it.run);
        let known = self.suspects.keys().chain(self.parted.keys()).copied();
        probed.chain(known).any(|it| it.1 == lane)
    }

    /// Where a run parts, if this side's part is still to be sent.
    pub(super) fn to_say(&self, run: RunName) -> Option<u64> {
        let parted = self.parted.get(&run);
        parted.filter(|it| !it.said).map(|it| it.at)
    }

    /// This side's part was sent, or cannot be.
    pub(super) fn said(&mut self, run: RunName) {
        if let Some(parted) = self.parted.get_mut(&run) {
            parted.said = true;
        }
    }

    /// The other side told anew how far the run reaches there. True where that settles it.
    pub(super) fn settle(&mut self, run: RunName) -> bool {
        let said = self.parted.get(&run).is_some_and(|it| it.said);
        said && self.parted.remove(&run).is_some()
    }

    /// The run here is another.
    pub(super) fn forget(&mut self, run: RunName) {
        self.parted.remove(&run);
    }

    /// What was sent and changed nothing in a while is looked at again.
    pub(super) fn look_again(&mut self) {
        self.parted.retain(|_, it| !it.said);
    }

    /// Both sides have the same run.
    fn close(&mut self, run: RunName) {
        self.suspects.remove(&run);
        self.parted.remove(&run);
        drop(self.probe.take_if(|it| it.run == run));
    }

    /// Whether the other side owes the answer to a probe.
    pub(super) fn is_owed(&self) -> bool {
        self.probe.as_ref().is_some_and(|it| it.pending.is_empty())
    }

    /// Theirs differs from mine at this number.
    pub(super) fn suspect(&mut self, run: RunName, hi: u64) {
        let tries = self.tries.entry(run).or_default();
        *tries += 1;
        if *tries <= TRIES_MAX && !self.is_open(run) {
            self.suspects.insert(run, hi);
        }
    }
}

impl Exchange {
    /// Looks for runs that differ, and for those of which it is not known whether they do.
    pub(super) fn compare(&mut self, outputs: &mut Vec<Output>) {
        let Some(theirs) = &self.theirs else {
            return;
        };
        for (run, (mine, hash)) in &self.mine {
            let Some((seq, short)) = theirs.end(*run) else {
                continue;
            };
            if theirs.agrees(*run, (*mine, *hash)) {
                // What was looked for is settled by what came meanwhile.
                self.forks.close(*run);
                continue;
            }
            if self.forks.is_open(*run) {
                continue;
            }
            if seq == *mine {
                // Both see it: one of the two starts.
                let here = (self.salt, cut(self.salt, *hash));
                if here < (theirs.salt(), short) {
                    self.forks.suspect(*run, seq);
                }
            } else if seq < *mine && !theirs.sure().contains_key(run) {
                let place = at(*run, seq);
                if self.forks.asked.insert(place) {
                    outputs.push(Output::AskHash(place));
                }
            }
        }
        self.probe_next(outputs);
    }

    /// The hash that [`Output::AskHash`] asked for is there.
    pub(super) fn found(
        &mut self,
        place: Place,
        hash: Option<Hash>,
        outputs: &mut Vec<Output>,
    ) {
        if self.forks.asked.remove(&place) {
            self.judge_end(place, hash, outputs);
        }
        let (run, seq) = (place.run(), place.seq);
        if let Some(probe) = self.forks.probe.as_mut().filter(|it| it.run == run)
            && probe.pending.remove(&seq)
        {
            probe.hashes.extend(hash.map(|it| (seq, it)));
            if probe.pending.is_empty() {
                self.send_probe(outputs);
            }
        }
        if let Some(answering) = self.forks.answering.as_mut().filter(|it| it.run == run)
            && answering.pending.remove(&seq)
        {
            answering.hashes.extend(hash.map(|it| (seq, it)));
            self.answer(outputs);
        }
    }

    /// The other side probes a run. It may have lost interest in what it asked before.
    pub(super) fn probed(
        &mut self,
        run: RunName,
        samples: Vec<(u64, Short)>,
        outputs: &mut Vec<Output>,
    ) -> Result<(), Why> {
        if self.theirs.is_none() {
            return Err(Why::OutOfTurn);
        }
        let pending: BTreeSet<_> = samples.iter().map(|it| it.0).collect();
        let asks = pending.iter().map(|seq| Output::AskHash(at(run, *seq)));
        outputs.extend(asks);
        self.forks.answering = Some(Answering {
            run,
            samples,
            pending,
            hashes: BTreeMap::new(),
        });
        self.answer(outputs);
        Ok(())
    }

    /// The other side answers a probe; perhaps an earlier one, for which nobody waits any
    /// more, of a run that differs no longer or of which the other side told meanwhile.
    pub(super) fn agreed(&mut self, run: RunName, upto: u64, outputs: &mut Vec<Output>) {
        let Some(probe) = self.forks.probe.as_mut().filter(|it| it.run == run) else {
            return;
        };
        let sampled = upto == 0 || probe.hashes.contains_key(&upto);
        if !probe.pending.is_empty() || !sampled {
            return;
        }
        let above = probe.hashes.range(upto.saturating_add(1)..).next();
        probe.hi = above.map_or(probe.hi, |it| *it.0);
        probe.lo = probe.lo.max(upto);
        probe.rounds += 1;
        self.ask_samples(outputs);
    }

    /// The other side found where a run parts.
    pub(super) fn parted(&mut self, place: Place) {
        let run = place.run();
        let reaches = self.mine.get(&run).is_some_and(|it| it.0 >= place.seq);
        let ends = self.mine.get(&run).zip(self.theirs.as_ref());
        let same = ends.is_some_and(|(mine, theirs)| theirs.agrees(run, *mine));
        let known = self.forks.parted.get(&run).map(|it| it.at);
        if place.seq == 0 || same || !reaches || known == Some(place.seq) {
            return;
        }
        self.forks.suspects.remove(&run);
        drop(self.forks.probe.take_if(|it| it.run == run));
        let (at, said) = (place.seq, false);
        self.forks.parted.insert(run, Parted { at, said });
    }

    /// Whether theirs ends within mine.
    fn judge_end(&mut self, place: Place, hash: Option<Hash>, outputs: &mut Vec<Output>) {
        let run = place.run();
        let Some(theirs) = &mut self.theirs else {
            return;
        };
        let Some(hash) = hash else {
            self.stuck.insert(run);
            outputs.push(Output::Hole(place));
            return;
        };
        if theirs.seq(run) != place.seq {
            return;
        }
        if theirs.ends_with(run, hash) {
            theirs.assure(run, (place.seq, hash));
        } else {
            self.forks.suspect(run, place.seq);
        }
    }

    fn probe_next(&mut self, outputs: &mut Vec<Output>) {
        if self.forks.probe.is_some() {
            return;
        }
        if let Some((run, hi)) = self.forks.suspects.pop_first() {
            self.forks.probe = Some(Probe {
                run,
                lo: 0,
                hi,
                pending: BTreeSet::new(),
                hashes: BTreeMap::new(),
                rounds: 0,
            });
            self.ask_samples(outputs);
        }
    }

    fn ask_samples(&mut self, outputs: &mut Vec<Output>) {
        let Some(probe) = &mut self.forks.probe else {
            return;
        };
        probe.hashes.clear();
        probe.pending = samples(probe.lo, probe.hi, probe.rounds);
        if probe.pending.is_empty() {
            self.tell_parted(outputs);
            return;
        }
        let run = probe.run;
        let asks = probe.pending.iter();
        outputs.extend(asks.map(|seq| Output::AskHash(at(run, *seq))));
    }

    fn send_probe(&mut self, outputs: &mut Vec<Output>) {
        let Some(probe) = &self.forks.probe else {
            return;
        };
        if probe.hashes.is_empty() {
            self.tell_parted(outputs);
            return;
        }
        let short = |(seq, hash): (&u64, &Hash)| (*seq, cut(self.salt, *hash));
        let frame = Frame::Probe {
            run: probe.run,
            samples: probe.hashes.iter().map(short).collect(),
        };
        outputs.push(Output::Send(frame));
    }

    fn tell_parted(&mut self, outputs: &mut Vec<Output>) {
        if let Some(Probe { run, hi, .. }) = self.forks.probe.take() {
            outputs.push(Output::Send(Frame::Fork(at(run, hi))));
            let said = false;
            self.forks.parted.insert(run, Parted { at: hi, said });
        }
        self.probe_next(outputs);
    }

    fn answer(&mut self, outputs: &mut Vec<Output>) {
        let Some(salt) = self.theirs.as_ref().map(super::Theirs::salt) else {
            return;
        };
        let done = |it: &mut Answering| it.pending.is_empty();
        let Some(answering) = self.forks.answering.take_if(done) else {
            return;
        };
        let same = |it: &&(u64, Short)| {
            let mine = answering.hashes.get(&it.0);
            mine.is_some_and(|mine| cut(salt, *mine) == it.1)
        };
        let upto = answering.samples.iter().take_while(same).last();
        outputs.push(Output::Send(Frame::Agreed {
            run: answering.run,
            upto: upto.map_or(0, |it| it.0),
        }));
    }
}

const fn at((log, lane): RunName, seq: u64) -> Place {
    Place { log, lane, seq }
}

/// Numbers between `lo` and `hi`. A clone is mostly noticed soon, so at first each is twice
/// as far from the end as the one before; later they are spread evenly.
fn samples(lo: u64, hi: u64, rounds: u32) -> BTreeSet<u64> {
    let between = hi.saturating_sub(lo).saturating_sub(1);
    let most = SAMPLES_MAX as u64;
    if between <= most {
        return (lo..hi).skip(1).collect();
    }
    if rounds == 0 {
        let steps =
            (0..SAMPLES_MAX).map_while(|it| 1_u64.checked_shl(u32::try_from(it).ok()?));
        let near = steps.take_while(|step| *step <= between);
        return near.map(|step| hi - step).collect();
    }
    let part = |it: u64| u128::from(between) * u128::from(it) / u128::from(most);
    (0..most)
        .filter_map(|it| Some(lo + 1 + u64::try_from(part(it)).ok()?))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rounds until the place where two runs part is known.
    fn rounds(parts_at: u64, hi: u64) -> u32 {
        let (mut lo, mut hi) = (0, hi);
        for round in 0.. {
            let samples = samples(lo, hi, round);
            assert!(samples.len() <= SAMPLES_MAX);
            assert!(samples.iter().all(|it| (lo + 1..hi).contains(it)));
            if samples.is_empty() {
                assert_eq!(hi, parts_at);
                return round;
            }
            lo = samples.range(..parts_at).last().copied().unwrap_or(lo);
            hi = samples.range(parts_at..).next().copied().unwrap_or(hi);
        }
        unreachable!();
    }

    #[test]
    fn where_two_runs_part_is_known_after_a_few_rounds() {
        for (parts_at, hi, most) in [
            (1, 1, 0),
            (1, 2, 1),
            (9_990, 10_000, 2),
            (1, 10_000, 4),
            (5_000, 10_000, 4),
            (1, 1_000_000, 5),
            (700_000, 1_000_000, 5),
            (1, u64::MAX, 14),
            (u64::MAX - 1, u64::MAX, 1),
        ] {
            let rounds = rounds(parts_at, hi);
            assert!(rounds <= most, "{parts_at} of {hi}: {rounds} rounds");
        }
    }
}
