//! What is sent next to a machine outside of the clinic: of each document that it may have,
//! what it lacks.

use super::{Output, Sharing};
use crate::{
    ids::{ClinicId, DocId},
    ledger::{DocRun, Entry},
    sync::{
        proto::theirs::cut,
        wire::{CHUNK_BYTES_MAX, Frame, Run, Short},
    },
};

/// What is being read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Reading {
    pub(super) run: DocRun,
    from: u64,
    /// The last envelope that the other side has, if that is read again to compare it.
    last: Option<Short>,
}

impl Sharing {
    /// Reads what is to be sent next, or sends it, as far as the other side has room.
    pub(super) fn advance(&mut self, now_ms: i64, outputs: &mut Vec<Output>) {
        while self.reading.is_none() && self.pace.has_room() {
            let room = self.pace.bytes().saturating_sub(self.chunk_bytes);
            let next = self.next_reading().filter(|_| room > 0);
            if let Some(reading) = next {
                let Reading { run, from, .. } = reading;
                self.reading = Some(reading);
                outputs.push(Output::Read {
                    run,
                    from,
                    bytes_max: room,
                });
            } else if self.chunk.is_empty() {
                return;
            } else {
                self.flush(now_ms, outputs);
            }
        }
    }

    /// What the other side may have and lacks, as far as it is known.
    fn next_reading(&self) -> Option<Reading> {
        let theirs = self.theirs.as_ref()?;
        self.in_scope().find_map(|(run, (end, hash))| {
            let run = *run;
            let reading = |from, last| Some(Reading { run, from, last });
            if let Some(sent) = self.sent.get(&run) {
                return (sent < end).then(|| reading(sent + 1, None)).flatten();
            }
            match theirs.get(&run).filter(|_| !self.parted.contains(&run)) {
                None => reading(1, None),
                Some((seq, short))
                    if seq == end && *short == cut(self.salt_there(), *hash) =>
                {
                    None
                }
                // Of what goes beyond what is here, the other side knows where it begins.
                Some((seq, _)) if seq > end => None,
                Some((seq, short)) => reading(*seq, Some(*short)),
            }
        })
    }

    /// What [`Output::Read`] asked for is there.
    pub(super) fn read(
        &mut self,
        (run, from): (DocRun, u64),
        envelopes: &[Vec<u8>],
        now_ms: i64,
        outputs: &mut Vec<Output>,
    ) {
        let Some(reading) = self.reading.take_if(|it| (it.run, it.from) == (run, from))
        else {
            return;
        };
        let (doc, log) = run;
        if !self.scope.contains(&doc) {
            return;
        }
        let mut found = sound(self.clinic, (doc, from), envelopes);
        // What cannot be read is left out until the next time.
        let end = self.mine.get(&run).map_or(from, |it| it.0);
        let reached = found.last().map_or(end, |it| it.header().seq);
        if let Some(last) = reading.last {
            let same = |it: &Entry| {
                it.header().seq == from && cut(self.salt_there(), it.hash()) == last
            };
            if !found.first().is_some_and(same) {
                self.parted.insert(run);
                outputs.push(Output::Send(Frame::Parted(run)));
                return;
            }
            found.remove(0);
        }
        self.sent.insert(run, reached);
        let bytes = found.iter().map(Entry::len_bytes).sum::<usize>();
        if self.chunk_bytes + bytes > CHUNK_BYTES_MAX {
            self.flush(now_ms, outputs);
        }
        self.chunk.extend(Run::new(log, found));
        self.chunk_bytes += bytes;
    }

    fn flush(&mut self, now_ms: i64, outputs: &mut Vec<Output>) {
        let runs = std::mem::take(&mut self.chunk);
        let bytes = std::mem::take(&mut self.chunk_bytes);
        if !runs.is_empty() {
            self.pace.leave(bytes, Vec::new(), now_ms);
            outputs.push(Output::Send(Frame::Chunk(runs)));
        }
    }
}

/// The envelopes of a document in the order of their numbers, from this one on.
fn sound(
    clinic: ClinicId,
    (doc, from): (DocId, u64),
    envelopes: &[Vec<u8>],
) -> Vec<Entry> {
    let mut found: Vec<Entry> = Vec::new();
    let mut next = from;
    for bytes in envelopes {
        let Ok(entry) = Entry::decode(bytes) else {
            break;
        };
        let header = *entry.header();
        if (header.clinic, header.doc) != (clinic, doc) || header.seq < next {
            break;
        }
        next = header.seq.saturating_add(1);
        found.push(entry);
    }
    found
}
