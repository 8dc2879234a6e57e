//! What is sent next: the lowest lane that the other side lacks something of, oldest first,
//! in chunks of what the link takes.

use super::{Exchange, Output};
use crate::{
    ids::Hash,
    ledger::{Envelope, Place},
    sync::wire::{CHUNK_BYTES_MAX, Frame, Run, RunName},
};

/// A chunk that has less room than this is sent as it is.
const ROOM_BYTES_MIN: usize = 512;
/// The most runs in a chunk.
const RUNS_MAX: usize = 256;
/// The most bytes that are sent ahead in one chunk, before the other side has spoken: what
/// it may hold already.
const AHEAD_BYTES_MAX: usize = 32 * 1024;

/// What is being read.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reading {
    from: Place,
    /// The hash of the envelope before, where it is known.
    after: Option<Hash>,
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
        while self.reading.is_none() && self.pace.has_room() {
            let room = self.pace.bytes().saturating_sub(self.chunk_bytes);
            let open = room >= ROOM_BYTES_MIN && self.chunk.len() < RUNS_MAX;
            let next = (open || self.chunk.is_empty()).then(|| self.next_reading());
            if let Some(reading) = next.flatten() {
                let (from, bytes_max) = (reading.from, room.max(1));
                self.reading = Some(reading);
                outputs.push(Output::Read { from, bytes_max });
            } else if self.chunk.is_empty() {
                return;
            } else {
                self.flush(now_ms, outputs);
            }
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
        let run = from.run();
        let mut found = sound(self.clinic, from, envelopes);
        let Some(first) = found.first().map(|it| it.header) else {
            self.stuck.insert(run);
            outputs.push(Output::Hole(from));
            return;
        };
        if reading.after.is_some_and(|it| it != first.prev) {
            self.stuck.insert(run);
            self.sent.remove(&run);
            return;
        }
        let is_branch = first.log != from.log && from.seq == 1;
        if is_branch && self.late.insert(run, first.seq).is_none() {
            return;
        }
        let bytes = found.iter().map(super::wire::whole_bytes);
        let mut size = bytes.sum::<usize>();
        if self.theirs.is_none() && size > AHEAD_BYTES_MAX {
            self.stuck.insert(run);
            return;
        }
        if self.chunk_bytes + size > CHUNK_BYTES_MAX {
            self.flush(now_ms, outputs);
            size = fit(&mut found);
        }
        if let Some(last) = found.last() {
            self.sent.insert(run, (last.header.seq, last.hash()));
        }
        self.chunk.extend(Run::new(from.log, found));
        self.chunk_bytes += size;
    }

    fn flush(&mut self, now_ms: i64, outputs: &mut Vec<Output>) {
        if self.chunk.is_empty() {
            return;
        }
        let runs = std::mem::take(&mut self.chunk);
        let bytes = std::mem::take(&mut self.chunk_bytes);
        self.pace.leave(bytes, now_ms);
        outputs.push(Output::Send(Frame::Chunk(runs)));
    }

    /// The lowest lane first; within a lane what branches off others after these.
    fn next_reading(&self) -> Option<Reading> {
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
        let mine = self.mine.get(&run)?;
        let held = match &self.theirs {
            Some(theirs) => match theirs.end(run) {
                None => (0, None),
                Some((seq, _)) => {
                    let sure = theirs.sure().get(&run).map(|it| it.1);
                    (seq, sure)
                }
            },
            None => self.base.as_ref()?.get(&run).map(|it| (it.0, Some(it.1)))?,
        };
        let sent = self.sent.get(&run).map(|it| (it.0, Some(it.1)));
        let (seq, after) = sent.filter(|it| it.0 > held.0).unwrap_or(held);
        let lacks = seq < mine.0 && !self.stuck.contains(&run);
        lacks.then_some(Reading {
            from: Place {
                log: run.0,
                lane: run.1,
                seq: seq.saturating_add(1),
            },
            after,
        })
    }
}

/// The envelopes that follow one another from this place on; a branch may start above.
fn sound(
    clinic: crate::ids::ClinicId,
    from: Place,
    envelopes: &[Vec<u8>],
) -> Vec<Envelope> {
    let mut found: Vec<Envelope> = Vec::new();
    for bytes in envelopes {
        let Ok(envelope) = Envelope::decode(bytes) else {
            break;
        };
        let header = envelope.header;
        let follows = found
            .last()
            .map_or(header.seq >= from.seq, |it| header.seq == it.header.seq + 1);
        if (header.clinic, header.lane) != (clinic, from.lane) || !follows {
            break;
        }
        found.push(envelope);
    }
    found
}

/// Leaves as many as fit into a chunk; returns their bytes.
fn fit(found: &mut Vec<Envelope>) -> usize {
    let mut size = 0;
    let kept = found
        .iter()
        .take_while(|it| {
            size += super::wire::whole_bytes(it);
            size <= CHUNK_BYTES_MAX
        })
        .count();
    found.truncate(kept);
    found.iter().map(super::wire::whole_bytes).sum()
}
