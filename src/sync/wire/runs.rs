//! Runs of envelopes on the wire: what repeats is written once, and the hash of the envelope
//! before is left out wherever the reader can compute it.

use std::collections::BTreeMap;

use serde::{Serialize, de::DeserializeOwned};

use super::{
    CHUNK_BYTES_MAX, Error, RunName,
    bytes::{Reader, Writer},
};
use crate::{
    ids::{ClinicId, DocId, EpochId, Hash, KeyId, LogId, SessionId},
    ledger::{CONTENT_BYTES_MAX, Entry, Envelope, Header, Kind, Lane, Stub, Suite},
    seal::{NONCE_LEN, Signature},
    time::{Hlc, Timestamp},
};

/// The fewest bytes of an envelope on the wire: marks, times, length and signature.
const ENTRY_BYTES_MIN: usize = 4 + Signature::LEN;
/// The fewest bytes of a run on the wire.
const RUN_BYTES_MIN: usize = 7;

/// It does not follow the one before by number and hash: both stand before it.
const APART: u8 = 1;
/// Its seal has a nonce; otherwise that is zero.
const NONCE: u8 = 1 << 1;
/// Another session than the one before.
const SESSION: u8 = 1 << 2;
/// Another document, epoch or key than the one before.
const KEY: u8 = 1 << 3;
/// Another suite than the one before.
const SUITE: u8 = 1 << 4;
/// Above the marks stands the kind,
const KIND_SHIFT: u32 = 5;
/// or this, where its content was erased. Then the kind follows the marks, and in the place of
/// the content stand its length and its hash.
const ERASED: u8 = 7;

/// Envelopes of one clinic, log and lane, in the order of their numbers; of some of them only
/// what erasure left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    name: LogId,
    entries: Vec<Entry>,
}

impl Run {
    /// The run of these envelopes, kept under `name`: the log that they name themselves, or
    /// that of a branch. None where they are none, or not of one clinic, log and lane in
    /// order.
    pub fn new(name: LogId, entries: Vec<impl Into<Entry>>) -> Option<Self> {
        let entries: Vec<Entry> = entries.into_iter().map(Into::into).collect();
        let first = *entries.first()?.header();
        let one = |it: &Entry| {
            let header = it.header();
            (header.clinic, header.log, header.lane)
                == (first.clinic, first.log, first.lane)
        };
        let sound = entries.iter().all(one)
            && entries.is_sorted_by(|one, next| one.header().seq < next.header().seq);
        sound.then_some(Self { name, entries })
    }

    /// The log under which the sender keeps it.
    pub const fn name(&self) -> LogId {
        self.name
    }

    /// Its envelopes, at least one.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// Its envelopes.
    pub fn into_entries(self) -> Vec<Entry> {
        self.entries
    }

    /// Its name, and number and hash of its last envelope.
    pub fn end(&self) -> Option<(RunName, (u64, Hash))> {
        let last = self.entries.last()?;
        let name = (self.name, last.header().lane);
        Some((name, (last.header().seq, last.hash())))
    }

    fn header(&self) -> Option<&Header> {
        self.entries.first().map(Entry::header)
    }
}

/// Values that repeat within a frame, each written once and named by its place.
struct Table<T> {
    values: Vec<T>,
    places: BTreeMap<T, usize>,
}

impl<T: Ord + Copy + Serialize> Table<T> {
    const fn new() -> Self {
        Self {
            values: Vec::new(),
            places: BTreeMap::new(),
        }
    }

    fn place(&mut self, value: T) -> usize {
        *self.places.entry(value).or_insert_with(|| {
            self.values.push(value);
            self.values.len().saturating_sub(1)
        })
    }

    fn write(&self, writer: &mut Writer) {
        writer.put_count(self.values.len());
        self.values.iter().for_each(|value| writer.put(value));
    }
}

fn read_table<T: DeserializeOwned>(
    reader: &mut Reader<'_>,
    each_min: usize,
) -> Result<Vec<T>, Error> {
    let count = reader.count(each_min)?;
    (0..count).map(|_| reader.get()).collect()
}

/// What an envelope is sealed with: the place of its epoch and, but for the audit, document,
/// number and name of the key.
type KeyRow = (u64, Option<(DocId, u16, KeyId)>);

/// What stands once in a frame.
struct Tables {
    clinics: Table<ClinicId>,
    logs: Table<LogId>,
    sessions: Table<SessionId>,
    epochs: Table<EpochId>,
    keys: Table<KeyRow>,
}

impl Tables {
    fn key(&mut self, header: &Header) -> usize {
        let named = (header.doc, header.k, header.key_id);
        let named = (named != (DocId::ZERO, 0, KeyId::ZERO)).then_some(named);
        let epoch = self.epochs.place(header.epoch) as u64;
        self.keys.place((epoch, named))
    }

    fn write(&self, writer: &mut Writer) {
        self.clinics.write(writer);
        self.logs.write(writer);
        self.sessions.write(writer);
        self.epochs.write(writer);
        self.keys.write(writer);
    }
}

pub(super) fn write_runs(runs: &[Run], writer: &mut Writer) {
    let mut tables = Tables {
        clinics: Table::new(),
        logs: Table::new(),
        sessions: Table::new(),
        epochs: Table::new(),
        keys: Table::new(),
    };
    let mut rest = Writer::default();
    let known: Vec<_> = runs
        .iter()
        .filter_map(|it| it.header().map(|header| (it, *header)))
        .collect();
    rest.put_count(known.len());
    for (run, first) in known {
        write_run(run, &first, &mut tables, &mut rest);
    }
    tables.write(writer);
    writer.put_raw(&rest.finish());
}

fn write_run(run: &Run, first: &Header, tables: &mut Tables, writer: &mut Writer) {
    writer.put_count(tables.clinics.place(first.clinic));
    writer.put_count(tables.logs.place(run.name));
    writer.put_count(tables.logs.place(first.log));
    writer.put(&first.lane.number());
    writer.put(&first.seq);
    writer.put(&(first.prev != Hash::ZERO).then_some(first.prev));
    writer.put_count(run.entries.len());
    let mut last = Last::before(first.seq, first.prev);
    let mut entries = run.entries.iter().peekable();
    while let Some(entry) = entries.next() {
        last.write(entry, tables, writer);
        if entries.peek().is_some() {
            last.hash = entry.hash();
        }
    }
}

/// What an envelope is told apart from: the one before it in its run.
struct Last {
    seq: u64,
    hash: Hash,
    ms: i64,
    session: Option<usize>,
    key: Option<usize>,
    suite: u8,
}

impl Last {
    const fn before(seq: u64, prev: Hash) -> Self {
        Self {
            seq: seq.wrapping_sub(1),
            hash: prev,
            ms: 0,
            session: None,
            key: None,
            suite: 0,
        }
    }

    fn write(&mut self, entry: &Entry, tables: &mut Tables, writer: &mut Writer) {
        let header = entry.header();
        let session = tables.sessions.place(header.session);
        let key = tables.key(header);
        let suite = header.suite.number();
        let follows = header.seq == self.seq.wrapping_add(1) && header.prev == self.hash;
        let marks = [
            (APART, !follows),
            (NONCE, header.nonce != [0; NONCE_LEN]),
            (SESSION, Some(session) != self.session),
            (KEY, Some(key) != self.key),
            (SUITE, suite != self.suite),
        ];
        let set = marks.iter().filter(|(_, is)| *is);
        let kind = entry.whole().map_or(ERASED, |_| header.kind.number());
        let marks = set.fold(kind << KIND_SHIFT, |all, it| all | it.0);
        writer.put(&marks);
        if kind == ERASED {
            writer.put(&header.kind.number());
        }
        if marks & APART != 0 {
            writer.put(&header.seq.wrapping_sub(self.seq));
            writer.put(&header.prev);
        }
        let ms = header.hlc.timestamp().0;
        writer.put(&ms.wrapping_sub(self.ms));
        let salt = header.salt().filter(|_| marks & NONCE != 0);
        let salted = u32::from(salt.is_some());
        writer.put(&(u32::from(header.hlc.counter()) << 1 | salted));
        if marks & SESSION != 0 {
            writer.put_count(session);
        }
        if marks & KEY != 0 {
            writer.put_count(key);
        }
        if marks & SUITE != 0 {
            writer.put(&suite);
        }
        match salt {
            Some(salt) => writer.put_raw(&salt),
            None if marks & NONCE != 0 => writer.put_raw(&header.nonce),
            None => {}
        }
        match entry {
            Entry::Whole(envelope) => {
                writer.put_count(envelope.content.len());
                writer.put_raw(&envelope.content);
                writer.put_raw(envelope.signature.as_bytes());
            }
            Entry::Erased(stub) => {
                writer.put(&stub.content_len);
                writer.put(&stub.content_hash);
                writer.put_raw(stub.signature.as_bytes());
            }
        }
        (self.seq, self.ms, self.suite) = (header.seq, ms, suite);
        (self.session, self.key) = (Some(session), Some(key));
    }
}

/// The tables of a frame that is read.
struct Known {
    clinics: Vec<ClinicId>,
    logs: Vec<LogId>,
    sessions: Vec<SessionId>,
    epochs: Vec<EpochId>,
    keys: Vec<KeyRow>,
}

pub(super) fn read_runs(reader: &mut Reader<'_>) -> Result<Vec<Run>, Error> {
    let known = Known {
        clinics: read_table(reader, ClinicId::LEN)?,
        logs: read_table(reader, LogId::LEN)?,
        sessions: read_table(reader, SessionId::LEN)?,
        epochs: read_table(reader, EpochId::LEN)?,
        keys: read_table(reader, 2)?,
    };
    let mut room = CHUNK_BYTES_MAX;
    let count = reader.count(RUN_BYTES_MIN)?;
    (0..count)
        .map(|_| known.read_run(reader, &mut room))
        .collect()
}

impl Known {
    /// `room` is how many bytes of whole envelopes the frame may still hold.
    fn read_run(&self, reader: &mut Reader<'_>, room: &mut usize) -> Result<Run, Error> {
        let clinic = pick(&self.clinics, reader)?;
        let name = pick(&self.logs, reader)?;
        let log = pick(&self.logs, reader)?;
        let lane = Lane::from_number(reader.get()?).ok_or(Error::Malformed)?;
        let first = reader.get()?;
        let prev: Option<Hash> = reader.get()?;
        let count = reader.count(ENTRY_BYTES_MIN)?;
        let session = SessionId::ZERO;
        let blank = Header {
            lane,
            log,
            ..Header::unsealed(Kind::Statement, clinic, session, Hlc(0))
        };
        let mut last = Last::before(first, prev.unwrap_or(Hash::ZERO));
        let mut entries: Vec<Entry> = Vec::new();
        for _ in 0..count {
            if let Some(before) = entries.last() {
                last.hash = before.hash();
            }
            let entry = self.read_entry(blank, &mut last, reader)?;
            *room = room
                .checked_sub(entry.len_bytes())
                .ok_or(Error::Malformed)?;
            entries.push(entry);
        }
        Run::new(name, entries).ok_or(Error::Malformed)
    }

    fn read_entry(
        &self,
        blank: Header,
        last: &mut Last,
        reader: &mut Reader<'_>,
    ) -> Result<Entry, Error> {
        let marks: u8 = reader.get()?;
        let mut header = blank;
        let erased = marks >> KIND_SHIFT == ERASED;
        let kind = if erased {
            reader.get()?
        } else {
            marks >> KIND_SHIFT
        };
        header.kind = Kind::from_number(kind).ok_or(Error::Malformed)?;
        let step = if marks & APART == 0 { 1 } else { reader.get()? };
        header.seq = last.seq.wrapping_add(step);
        header.prev = match marks & APART {
            0 => last.hash,
            _ => reader.get()?,
        };
        last.ms = last.ms.wrapping_add(reader.get()?);
        let told: u32 = reader.get()?;
        let counter = u16::try_from(told >> 1).or(Err(Error::Malformed))?;
        header.hlc = Hlc::from_parts(Timestamp(last.ms), counter);
        if marks & SESSION != 0 {
            last.session = Some(place(reader)?);
        }
        if marks & KEY != 0 {
            last.key = Some(place(reader)?);
        }
        if marks & SUITE != 0 {
            last.suite = reader.get()?;
        }
        if marks & NONCE != 0 {
            header.nonce = match told & 1 {
                0 => reader.array()?,
                _ => header.nonce_of(reader.array()?),
            };
        }
        header.suite = Suite::from_number(last.suite);
        header.session = at(&self.sessions, last.session)?;
        let (epoch, named) = at(&self.keys, last.key)?;
        header.epoch = at(&self.epochs, usize::try_from(epoch).ok())?;
        if let Some((doc, k, key_id)) = named {
            (header.doc, header.k, header.key_id) = (doc, k, key_id);
        }
        last.seq = header.seq;
        let entry = read_content(header, erased, reader)?;
        header
            .is_consistent()
            .then_some(entry)
            .ok_or(Error::Malformed)
    }
}

/// Content and signature, or what erasure left of these.
fn read_content(
    header: Header,
    erased: bool,
    reader: &mut Reader<'_>,
) -> Result<Entry, Error> {
    if erased {
        let stub = Stub {
            header,
            content_len: reader.get()?,
            content_hash: reader.get()?,
            signature: Signature::from_bytes(reader.array()?),
        };
        stub.is_sound().or(Err(Error::Malformed))?;
        return Ok(Entry::Erased(stub));
    }
    let length = reader.count(1)?;
    let content = reader.raw(length)?.to_vec();
    let signature = Signature::from_bytes(reader.array()?);
    let envelope = Envelope {
        header,
        content,
        signature,
    };
    (length <= CONTENT_BYTES_MAX)
        .then_some(Entry::Whole(envelope))
        .ok_or(Error::Malformed)
}

fn place(reader: &mut Reader<'_>) -> Result<usize, Error> {
    usize::try_from(reader.get::<u64>()?).or(Err(Error::Malformed))
}

fn at<T: Copy>(values: &[T], place: Option<usize>) -> Result<T, Error> {
    place
        .and_then(|it| values.get(it))
        .copied()
        .ok_or(Error::Malformed)
}

fn pick<T: Copy>(values: &[T], reader: &mut Reader<'_>) -> Result<T, Error> {
    let place = place(reader)?;
    at(values, Some(place))
}
