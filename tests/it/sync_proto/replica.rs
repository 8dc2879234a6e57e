//! A machine without a disk: a set of real, signed envelopes, and the runs that any set of
//! them is.

use std::collections::{BTreeMap, BTreeSet};

use cairn::{
    ids::{ClinicId, DocId, EpochId, Hash, KeyId, LogId, SessionId},
    ledger::{Chain, Entry, Envelope, Frontier, Header, Kind, Lane, Place},
    seal::{Entropy as _, NONCE_LEN, Secret, SeededEntropy, SigningKey, names},
    time::Hlc,
};

pub(super) const CLINIC: ClinicId = ClinicId::from_bytes([0xc1; 16]);

/// The name of a run.
pub(super) type RunName = (LogId, Lane);

/// A machine.
#[derive(Clone, Default)]
pub(super) struct Replica {
    /// All that it holds, by hash.
    held: BTreeMap<Hash, Entry>,
    /// The same, by run and number.
    runs: BTreeMap<RunName, BTreeMap<u64, Hash>>,
    /// The last envelope of each run.
    ends: BTreeMap<Hash, RunName>,
    /// What its disk has lost.
    pub(super) damaged: BTreeSet<Place>,
}

impl Replica {
    pub(super) fn frontier(&self) -> Frontier {
        let end =
            |run: &BTreeMap<u64, Hash>| run.last_key_value().map(|it| (*it.0, *it.1));
        let ends = self
            .runs
            .iter()
            .map(|(name, run)| (*name, end(run).unwrap()));
        ends.collect()
    }

    pub(super) fn len(&self) -> usize {
        self.held.len()
    }

    pub(super) fn holds(&self, entry: &Entry) -> bool {
        self.held.contains_key(&entry.hash())
    }

    pub(super) fn all(&self) -> impl Iterator<Item = &Entry> {
        self.held.values()
    }

    /// Throws away what nobody signed.
    pub(super) fn keep_sound(&mut self) {
        let key = key().public();
        let all = std::mem::take(&mut self.held);
        let sound = all
            .into_values()
            .filter(|it| it.stub().verify(&key).is_ok());
        let mut sound: Vec<_> = sound.collect();
        sound.sort_by_key(|it| it.header().seq);
        self.name_runs();
        self.take(vec![sound]);
    }

    /// Takes in all that another holds.
    pub(super) fn take_all(&mut self, other: &Self) {
        self.held.extend(other.held.clone());
        self.name_runs();
    }

    pub(super) fn envelope(&self, place: Place) -> Option<&Entry> {
        let hash = self.runs.get(&place.run())?.get(&place.seq)?;
        (!self.damaged.contains(&place)).then(|| &self.held[hash])
    }

    pub(super) fn hash_at(&self, place: Place) -> Option<Hash> {
        self.envelope(place).map(Entry::hash)
    }

    /// As the store reads: until what is missing or damaged; a branch from its start.
    pub(super) fn read(&self, from: Place, bytes_max: usize) -> Vec<Vec<u8>> {
        let Some(run) = self.runs.get(&from.run()) else {
            return Vec::new();
        };
        let mut read: Vec<Vec<u8>> = Vec::new();
        let mut bytes = 0;
        for (seq, hash) in run.range(from.seq..) {
            let place = Place { seq: *seq, ..from };
            let encoded = self.held[hash].encode();
            bytes += encoded.len();
            let full = bytes > bytes_max && !read.is_empty();
            if full || self.damaged.contains(&place) {
                break;
            }
            read.push(encoded);
        }
        read
    }

    /// Takes in what continues what is held, and says how many do not: they are not kept.
    pub(super) fn take(&mut self, runs: Vec<Vec<Entry>>) -> usize {
        let mut refused = 0;
        for entry in runs.into_iter().flatten() {
            let Header {
                seq,
                prev,
                log,
                lane,
                ..
            } = *entry.header();
            let continues = match self.held.get(&prev) {
                None => seq == 1 && prev == Hash::ZERO,
                Some(before) => {
                    let before = before.header();
                    (before.seq + 1, before.log, before.lane) == (seq, log, lane)
                }
            };
            let hash = entry.hash();
            refused += usize::from(!continues);
            if !continues || self.held.contains_key(&hash) {
                continue;
            }
            self.held.insert(hash, entry);
            match self.ends.get(&prev).copied() {
                Some(run) => self.put(run, hash),
                None => self.name_runs(),
            }
        }
        refused
    }

    /// Erases the contents of a run up to this number.
    pub(super) fn erase(&mut self, run: RunName, upto: u64) {
        for hash in self.runs[&run].range(..=upto).map(|it| it.1) {
            let entry = self.held.remove(hash).unwrap();
            self.held.insert(*hash, entry.erased());
        }
    }

    /// Puts back what the disk had lost, if `envelope` is it.
    pub(super) fn mend(&mut self, entry: &Entry) {
        let hash = entry.hash();
        let runs = &self.runs;
        self.damaged.retain(|place| {
            runs.get(&place.run()).and_then(|it| it.get(&place.seq)) != Some(&hash)
        });
    }

    /// The rule: the continuation with the lowest hash keeps the name of its run.
    fn name_runs(&mut self) {
        let mut after: BTreeMap<(LogId, Lane, Hash), BTreeSet<Hash>> = BTreeMap::new();
        let mut chains = BTreeSet::new();
        for (hash, entry) in &self.held {
            let Header {
                log, lane, prev, ..
            } = *entry.header();
            after.entry((log, lane, prev)).or_default().insert(*hash);
            chains.insert((log, lane));
        }
        self.runs.clear();
        self.ends.clear();
        for (log, lane) in chains {
            let mut starts = vec![(log, Hash::ZERO)];
            while let Some((name, mut last)) = starts.pop() {
                if last != Hash::ZERO {
                    self.put((name, lane), last);
                }
                while let Some(next) = after.get(&(log, lane, last)) {
                    let mut next = next.iter();
                    last = *next.next().unwrap();
                    self.put((name, lane), last);
                    starts.extend(next.map(|it| (names::fork_log_id(log, *it), *it)));
                }
            }
        }
    }

    fn put(&mut self, run: RunName, hash: Hash) {
        let Header { seq, prev, .. } = *self.held[&hash].header();
        self.ends.remove(&prev);
        self.ends.insert(hash, run);
        self.runs.entry(run).or_default().insert(seq, hash);
    }
}

/// One who writes in a log of a machine.
#[derive(Clone)]
pub(super) struct Writer {
    pub(super) log: LogId,
    session: SessionId,
    chains: BTreeMap<Lane, Chain>,
    entropy_seed: u64,
    written: u64,
}

impl Writer {
    pub(super) fn new(number: u8) -> Self {
        Self {
            log: LogId::from_bytes([number; 16]),
            session: SessionId::from_bytes([number ^ 0x55; 32]),
            chains: BTreeMap::new(),
            entropy_seed: u64::from(number) << 32,
            written: 0,
        }
    }

    /// The same writer on a cloned disk, who goes on differently.
    pub(super) fn cloned_as(&self, number: u8) -> Self {
        Self {
            entropy_seed: u64::from(number) << 32,
            ..self.clone()
        }
    }

    /// Writes one envelope with a content of this length, and keeps it there.
    pub(super) fn write(&mut self, at: &mut Replica, lane: Lane, length: usize) -> Entry {
        self.written += 1;
        let seed = self.entropy_seed | self.written << 8 | u64::from(lane.number());
        let mut entropy = SeededEntropy::new(seed);
        let chain = self
            .chains
            .entry(lane)
            .or_insert_with(|| Chain::start(self.log, lane));
        let header = chain.place(header(lane, self.session, seed, &mut entropy));
        let mut content = vec![0; length];
        entropy.fill(&mut content);
        let envelope = Envelope::sign(header, content, &key()).unwrap();
        chain.append(&envelope.stub()).unwrap();
        let entry = Entry::Whole(envelope);
        at.take(vec![vec![entry.clone()]]);
        entry
    }

    /// Writes `count` envelopes, of about a visit's size.
    pub(super) fn write_many(&mut self, at: &mut Replica, lane: Lane, count: usize) {
        for _ in 0..count {
            self.write(at, lane, 208);
        }
    }
}

pub(super) fn key() -> SigningKey {
    SigningKey::from_secret(&Secret::from_bytes(&[9; 32]))
}

fn header(
    lane: Lane,
    session: SessionId,
    seed: u64,
    entropy: &mut SeededEntropy,
) -> Header {
    let kind = match lane {
        Lane::Membership => Kind::Statement,
        Lane::Desk | Lane::Clinical | Lane::Restricted => Kind::Change,
        Lane::Audit => Kind::Audit,
        Lane::Attachments => Kind::Attachment,
    };
    let hlc = Hlc((1_780_000_000_000 + (seed & 0xff_ffff) * 977) << 16 | seed & 3);
    let bare = Header::unsealed(kind, CLINIC, session, hlc);
    match lane {
        Lane::Membership => bare,
        Lane::Audit => Header {
            epoch: EpochId::from_bytes([8; 8]),
            ..bare
        },
        Lane::Desk | Lane::Clinical | Lane::Restricted | Lane::Attachments => {
            let mut nonce = [0; NONCE_LEN];
            entropy.fill(&mut nonce);
            let patient = nonce[0] % 40;
            Header {
                doc: DocId::from_bytes([patient + 1; 16]),
                epoch: EpochId::from_bytes([7; 8]),
                key_id: KeyId::from_bytes([patient + 101; 16]),
                nonce,
                ..bare
            }
        }
    }
}
