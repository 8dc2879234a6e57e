//! What is sent next: the lowest lane that the other side lacks something of, oldest first,
//! in chunks of what the link takes.

use super::{Exchange, Output};
use crate::{
    ids::{ClinicId, Hash},
    ledger::{Entry, Lane, Place},
    sync::wire::{CHUNK_BYTES_MAX, Frame, Run, RunName},
};

/// A chunk that has less room than this is sent as it is.
const ROOM_BYTES_MIN: usize = 512;
/// As much of the membership lane travels in one chunk, in bytes: some 400 sign-ins.
const TOGETHER_BYTES_MAX: usize = 256 * 1024;
/// The most runs in a chunk.
const RUNS_MAX: usize = 256;
/// The most bytes that are sent ahead, before the other side has spoken: what it may hold
/// already.
const AHEAD_BYTES_MAX: usize = 32 * 1024;

/// What is being read.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reading {
    from: Place,
    purpose: Purpose,
}

/// Why something is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Purpose {
    /// The other side lacks it; the hash of the envelope before, where it is known.
    Lacked(Option<Hash>),
    /// The run parts here from the other side's.
    Parted,
    /// The other side asked for this one envelope.
    Wanted,
}

impl Exchange {
    /// Reads what is to be sent next, or sends it, as far as the other side has room.
    pub(super) fn advance(&mut self, now_ms: i64, outputs: &mut Vec<Output>) {
        if self.send_again && self.pace.is_idle() && self.chunk.is_empty() {
            self.send_again = false;
            let theirs = self.theirs.as_ref();
            let reached = |run| theirs.map_or(0, |it| it.seq(run));
            self.sent.retain(|run, it| it.0 <= reached(*run));
        }
        while self.reading.is_none() && self.pace.has_room() && !self.is_far_ahead() {
            let next = self.next_reading().map(|it| (it, self.room_for(&it)));
            let next = next.filter(|it| self.chunk.is_empty() || it.1 >= ROOM_BYTES_MIN);
            if let Some((reading, room)) = next {
                let one = reading.purpose == Purpose::Wanted;
                let (from, bytes_max) = (reading.from, if one { 1 } else { room.max(1) });
                self.reading = Some(reading);
                outputs.push(Output::Read { from, bytes_max });
            } else if self.chunk.is_empty() {
                return;
            } else {
                self.flush(now_ms, outputs);
            }
        }
    }

    /// Whether as much was sent ahead as may be before the other side speaks.
    fn is_far_ahead(&self) -> bool {
        self.theirs.is_none() && self.pace.out_bytes() >= AHEAD_BYTES_MAX
    }

    /// How much of a run the chunk that is made up has room for, in bytes.
    fn room_for(&self, reading: &Reading) -> usize {
        let chunk = match reading.from.lane {
            // Statements lean on one another across logs, so they travel together.
            Lane::Membership if self.theirs.is_some() => {
                self.pace.bytes().max(TOGETHER_BYTES_MAX)
            }
            Lane::Membership
            | Lane::Desk
            | Lane::Clinical
            | Lane::Restricted
            | Lane::Audit
            | Lane::Attachments => self.pace.bytes(),
        };
        let full = self.chunk.len() >= RUNS_MAX;
        if full {
            0
        } else {
            chunk.saturating_sub(self.chunk_bytes)
        }
    }

    /// What [`Output::Read`] asked for is there.
    pub(super) fn read(
        &mut self,
        from: Place,
        envelopes: &[Vec<u8>],
        now_ms: i64,
        outputs: &mut Vec<Output>,
    ) {
        let Some(reading) = self.reading.take_if(|it| it.from == from) else {
            return;
        };
        let mut found = sound(self.clinic, from, envelopes);
        match reading.purpose {
            Purpose::Wanted => {
                self.wanted.pop_front();
                found.retain(|it| it.header().seq == from.seq);
            }
            Purpose::Parted => self.forks.said(from.run()),
            Purpose::Lacked(after) => {
                if !self.may_send(from, after, &found, outputs) {
                    return;
                }
            }
        }
        let mut size = found.iter().map(Entry::len_bytes).sum::<usize>();
        if self.chunk_bytes + size > CHUNK_BYTES_MAX {
            self.flush(now_ms, outputs);
            size = fit(&mut found);
        }
        if let Some(last) = found.last().filter(|_| reading.purpose != Purpose::Wanted) {
            let end = (last.header().seq, last.hash());
            self.sent.insert(from.run(), end);
        }
        self.chunk.extend(Run::new(from.log, found));
        self.chunk_bytes += size;
    }

    /// Whether what was read is what the other side lacks, and its turn has come.
    fn may_send(
        &mut self,
        from: Place,
        after: Option<Hash>,
        found: &[Entry],
        outputs: &mut Vec<Output>,
    ) -> bool {
        let run = from.run();
        // A branch alone starts above the place that was asked for.
        let first = found.first().map(Entry::header);
        let first = first.filter(|it| it.seq == from.seq || it.log != from.log);
        let Some(first) = first else {
            self.stuck.insert(run);
            outputs.push(Output::Hole(from));
            return false;
        };
        if after.is_some_and(|it| it != first.prev) {
            if self.sent.remove(&run).is_some() {
                // The run here is another by now.
            } else if self.theirs.is_some() {
                self.forks.suspect(run, from.seq.saturating_sub(1));
            } else {
                self.stuck.insert(run);
            }
            return false;
        }
        let is_branch = first.log != from.log && from.seq == 1;
        if is_branch && self.late.insert(run, (first.seq, first.log)).is_none() {
            return false;
        }
        let bytes = found.iter().map(Entry::len_bytes).sum::<usize>();
        if self.theirs.is_none() && bytes > AHEAD_BYTES_MAX {
            self.stuck.insert(run);
            return false;
        }
        true
    }

    fn flush(&mut self, now_ms: i64, outputs: &mut Vec<Output>) {
        if self.chunk.is_empty() {
            return;
        }
        let runs = std::mem::take(&mut self.chunk);
        let bytes = std::mem::take(&mut self.chunk_bytes);
        let ends = runs.iter().filter_map(Run::end).collect();
        self.pace.leave(bytes, ends, now_ms);
        outputs.push(Output::Send(Frame::Chunk(runs)));
    }

    /// What was asked for; then the lowest lane first, and within a lane what branches off
    /// others after these.
    fn next_reading(&mut self) -> Option<Reading> {
        let mine = &self.mine;
        let held = |it: &Place| mine.get(&it.run()).is_some_and(|end| it.seq <= end.0);
        while let Some(place) = self.wanted.front() {
            if held(place) {
                return Some(Reading {
                    from: *place,
                    purpose: Purpose::Wanted,
                });
            }
            self.wanted.pop_front();
        }
        let waiting = self.mine.keys().filter_map(|run| {
            let reading = self.waiting(*run)?;
            Some((run.1, self.late.get(run), *run, reading))
        });
        waiting
            .min_by_key(|(lane, late, run, _)| (*lane, *late, *run))
            .map(|(.., reading)| reading)
    }

    /// What of a run the other side lacks, as far as it is known.
    fn waiting(&self, run: RunName) -> Option<Reading> {
        let reading = |seq, purpose| {
            let (log, lane) = run;
            let from = Place { log, lane, seq };
            Some(Reading { from, purpose })
        };
        if self.stuck.contains(&run) {
            return None;
        }
        if self.forks.is_open(run) {
            return reading(self.forks.to_say(run)?, Purpose::Parted);
        }
        // What a branch branches off may be what the other side has not got yet.
        if let Some((_, log)) = self.late.get(&run) {
            let stem = (*log, run.1);
            let reaches = self.mine.get(&stem).map_or(0, |it| it.0);
            let beyond = self.theirs.as_ref().map_or(0, |it| it.seq(stem));
            if beyond > reaches || self.forks.is_lane_open(run.1) {
                return None;
            }
        }
        let (mine, _) = *self.mine.get(&run)?;
        let known = match &self.theirs {
            Some(theirs) if theirs.end(run).is_none() => None,
            Some(theirs) => Some(*theirs.sure().get(&run)?),
            None => Some(*self.base.as_ref()?.get(&run)?),
        };
        let sent = self.sent.get(&run).copied();
        let end = match (known, sent) {
            (Some(known), Some(sent)) if sent.0 > known.0 => Some(sent),
            (known, sent) => known.or(sent),
        };
        let seq = end.map_or(0, |it| it.0);
        let after = Purpose::Lacked(end.map(|it| it.1));
        (seq < mine).then(|| reading(seq + 1, after)).flatten()
    }
}

/// The envelopes that follow one another from this place on; a branch may start above.
fn sound(clinic: ClinicId, from: Place, envelopes: &[Vec<u8>]) -> Vec<Entry> {
    let mut found: Vec<Entry> = Vec::new();
    for bytes in envelopes {
        let Ok(entry) = Entry::decode(bytes) else {
            break;
        };
        let header = *entry.header();
        let follows = found.last().map_or(header.seq >= from.seq, |it| {
            header.seq == it.header().seq + 1
        });
        if (header.clinic, header.lane) != (clinic, from.lane) || !follows {
            break;
        }
        found.push(entry);
    }
    found
}

/// Leaves as many as fit into a chunk; returns their bytes.
fn fit(found: &mut Vec<Entry>) -> usize {
    let mut size = 0;
    let kept = found
        .iter()
        .take_while(|it| {
            size += it.len_bytes();
            size <= CHUNK_BYTES_MAX
        })
        .count();
    found.truncate(kept);
    found.iter().map(Entry::len_bytes).sum()
}
