//! The log that this machine writes: where envelopes are made, chained, signed and kept.

use std::{collections::BTreeMap, mem};

use serde::{Deserialize, Serialize};

use super::{
    Error,
    branches::{Branches, Link},
    put_row, read_row, row,
};
use crate::{
    ids::{ClinicId, DocId, EpochId, Hash, KeyId, LogId, SessionId},
    ledger::{
        self, Chain, ClockQuality, Entry, Envelope, Header, Kind, Lane, Payload, Place,
        Suite, seal_payload,
    },
    seal::{Entropy, NONCE_LEN, Secret, SigningKey},
    store::{self, Branch, MetaWrite, NewEnvelope, Store},
    time::{Hlc, Moment, Timestamp},
};

/// The chains of this machine's log, one a lane, and its logical clock.
#[derive(Debug)]
pub(super) struct OwnLog {
    clinic: ClinicId,
    log: LogId,
    chains: BTreeMap<Lane, Own>,
    hlc: Hlc,
    /// Whether something in the ledger got another name since this was asked.
    renamed: bool,
}

/// How far this machine wrote a lane.
#[derive(Debug, Clone)]
struct Own {
    /// The name under which it is kept: the log's, or that of a branch where the log was
    /// forked.
    run: LogId,
    chain: Chain,
    /// Whether that goes on with what this machine did not write: what it writes next is a
    /// branch.
    parts: bool,
}

/// What is remembered of a lane of a log that was forked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct Kept {
    run: LogId,
    /// The last that this machine wrote, where others follow it.
    parts_at: Option<(u64, Hash)>,
}

/// The row in which that stands.
type KeptLanes = BTreeMap<Lane, Kept>;

/// Envelopes of this machine's log that came from elsewhere.
#[derive(Debug, Clone, Copy)]
pub(super) struct Strange {
    /// Where the first of them is kept.
    pub(super) place: Place,
    /// The branch that began with it, or made room for it.
    pub(super) branch: Option<Branch>,
}

/// Who signs what is written.
#[derive(Debug, Clone, Copy)]
pub(super) struct Signer<'a> {
    pub(super) session: SessionId,
    pub(super) key: &'a SigningKey,
}

/// When something is written, by both clocks.
#[derive(Debug, Clone, Copy)]
pub(super) struct When {
    pub(super) hlc: Hlc,
    pub(super) wall: Moment,
    /// What is known of the wall clock.
    pub(super) clock: ClockQuality,
}

/// How a log goes on beside what others wrote in its name.
#[derive(Debug)]
pub(super) struct Beside(BTreeMap<Lane, Own>);

/// Envelopes that are made and not yet written, and how the log goes on once they are.
#[derive(Debug)]
pub(super) struct Made {
    pub(super) envelopes: Vec<(Written, Vec<u8>)>,
    /// What is written with them.
    pub(super) rows: Vec<MetaWrite>,
    next: Beside,
    parted: bool,
}

/// What is written together or not at all.
#[derive(Debug, Default)]
pub(super) struct Writing<'a> {
    pub(super) drafts: Vec<(Signer<'a>, Draft)>,
    pub(super) rows: Vec<MetaWrite>,
    /// Whether it is the audit of a reading, for which the disk has a reserve.
    pub(super) reading: bool,
}

/// What an envelope is to hold.
#[derive(Debug)]
pub(super) enum Draft {
    /// A statement or certificate, readable by everybody.
    Open { kind: Kind, bytes: Vec<u8> },
    /// Audit rows, sealed by themselves.
    Audit { epoch: EpochId, bytes: Vec<u8> },
    /// A change or an attachment of a document.
    Sealed {
        kind: Kind,
        lane: Lane,
        doc: DocId,
        epoch: EpochId,
        k: u16,
        key: Secret,
        payload: Payload,
    },
}

/// Where a written envelope stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Written {
    pub(super) place: Place,
    pub(super) hash: Hash,
    pub(super) doc: DocId,
}

impl Written {
    /// Whether a document was changed.
    pub(super) const fn is_change(&self) -> bool {
        matches!(
            self.place.lane,
            Lane::Desk | Lane::Clinical | Lane::Restricted
        )
    }
}

impl OwnLog {
    /// The log as far as this machine wrote it.
    pub(super) fn read(
        store: &Store,
        clinic: ClinicId,
        log: LogId,
    ) -> Result<Self, Error> {
        let frontier = store.frontier()?;
        let kept: KeptLanes = read_row(store, &kept_row(log))?.unwrap_or_default();
        let known = |lane| {
            let kept = kept.get(&lane);
            let run = kept.map_or(log, |it| it.run);
            let parts_at = kept.and_then(|it| it.parts_at);
            let end = parts_at.or_else(|| frontier.get(&(run, lane)).copied());
            let (seq, hash) = end.unwrap_or((0, Hash::ZERO));
            let own = Own {
                run,
                chain: Chain::known(log, lane, seq, hash),
                parts: parts_at.is_some(),
            };
            (lane, own)
        };
        let chains: BTreeMap<Lane, Own> = Lane::ALL.map(known).into();
        let mut hlc = Hlc::default();
        for (lane, own) in &chains {
            let place = Place {
                log: own.run,
                lane: *lane,
                seq: own.chain.seq(),
            };
            // One that is damaged tells no time; those of other lanes do.
            let last = match store.envelope(place) {
                Err(store::Error::Damaged { .. }) => None,
                read => read?,
            };
            let last =
                last.and_then(|bytes| Some(Entry::decode(&bytes).ok()?.header().hlc));
            hlc = hlc.max(last.unwrap_or_default());
        }
        Ok(Self {
            clinic,
            log,
            chains,
            hlc,
            renamed: false,
        })
    }

    pub(super) const fn log(&self) -> LogId {
        self.log
    }

    /// What the logical clock shows.
    pub(super) const fn hlc(&self) -> Hlc {
        self.hlc
    }

    /// How far a lane reaches.
    pub(super) fn seq(&self, lane: Lane) -> u64 {
        self.chains.get(&lane).map_or(0, |it| it.chain.seq())
    }

    /// The name under which a lane is kept.
    pub(super) fn run(&self, lane: Lane) -> LogId {
        self.chains.get(&lane).map_or(self.log, |it| it.run)
    }

    /// Whether something in the ledger got another name since this was asked last.
    pub(super) const fn was_renamed(&mut self) -> bool {
        mem::replace(&mut self.renamed, false)
    }

    /// How it goes on once envelopes came that say to be of this log, and the row that says
    /// so, to be kept with them.
    pub(super) fn beside(&self, strange: &[Strange]) -> (Beside, MetaWrite) {
        let mut chains = self.chains.clone();
        for Strange { place, branch } in strange {
            let Some(own) = chains.get_mut(&place.lane) else {
                continue;
            };
            let seq = own.chain.seq();
            if let Some(branch) = branch.filter(|it| it.tail)
                && branch.from.log == own.run
                && branch.from.seq <= seq
            {
                own.run = branch.log;
            } else if place.log == own.run {
                own.parts |= place.seq > seq;
            }
        }
        let row = self.kept(&chains);
        (Beside(chains), row)
    }

    /// Goes on like this.
    pub(super) fn go_on(&mut self, beside: Beside) {
        self.chains = beside.0;
    }

    fn kept(&self, chains: &BTreeMap<Lane, Own>) -> MetaWrite {
        let forked = chains
            .iter()
            .filter(|(_, own)| own.parts || own.run != self.log);
        let kept: KeptLanes = forked
            .map(|(lane, own)| {
                let end = (own.chain.seq(), own.chain.head());
                let kept = Kept {
                    run: own.run,
                    parts_at: own.parts.then_some(end),
                };
                (*lane, kept)
            })
            .collect();
        put_row(kept_row(self.log), &kept)
    }

    /// Learns how late another machine has it; a clock that is far ahead is not believed.
    pub(super) fn witness(&mut self, remote: Hlc, now: Timestamp) {
        self.hlc = self.hlc.witness(remote, now);
    }

    /// Goes on from where the store has the log now.
    pub(super) fn reread(&mut self, store: &Store) -> Result<(), Error> {
        self.chains = Self::read(store, self.clinic, self.log)?.chains;
        Ok(())
    }

    /// The next reading of the logical clock.
    pub(super) fn tick(&mut self, now: Timestamp) -> Hlc {
        self.hlc = self.hlc.tick(now);
        self.hlc
    }

    /// Writes all drafts and rows, or none; they are on the disk when this returns.
    pub(super) fn write(
        &mut self,
        store: &Store,
        writing: Writing<'_>,
        now: Timestamp,
        entropy: &mut dyn Entropy,
    ) -> Result<Vec<Written>, Error> {
        let mut made = self.make(store, writing.drafts, now, entropy)?;
        made.rows.splice(..0, writing.rows);
        let new = made.new_envelopes();
        let kept = if writing.reading {
            store.append_audit(&new, &made.rows)
        } else {
            store.append(&new, &made.rows)
        };
        match kept {
            Ok(()) => {
                let written = made.envelopes.iter().map(|(it, _)| *it).collect();
                self.go_on_after(made);
                Ok(written)
            }
            Err(error) => {
                // The disk may have taken it all the same: the store tells how far it reaches.
                drop(self.reread(store));
                Err(error.into())
            }
        }
    }

    /// Makes what is to be written, by whoever brings it to the disk with something else and
    /// says so with [`OwnLog::go_on_after`].
    pub(super) fn make(
        &mut self,
        store: &Store,
        drafts: Vec<(Signer<'_>, Draft)>,
        now: Timestamp,
        entropy: &mut dyn Entropy,
    ) -> Result<Made, Error> {
        let mut chains = self.chains.clone();
        let mut envelopes = Vec::with_capacity(drafts.len());
        let mut rows = Vec::new();
        for (signer, draft) in drafts {
            let hlc = self.tick(now);
            let lane = draft.lane();
            let own = chains.entry(lane).or_insert_with(|| Own {
                run: self.log,
                chain: Chain::start(self.log, lane),
                parts: false,
            });
            let header = own
                .chain
                .place(draft.header(self.clinic, signer.session, hlc));
            let envelope = draft
                .sign(header, signer.key, entropy)
                .map_err(|source| Error::damaged("an envelope to be written", source))?;
            own.chain
                .append(&envelope.stub())
                .map_err(|source| Error::damaged("this machine's own log", source))?;
            if own.parts {
                rows.extend(own.part(store, &envelope)?);
            }
            envelopes.push((own.written(&envelope), envelope.encode()));
        }
        let parted = rows.iter().any(|it| matches!(it, MetaWrite::Branch(_)));
        if parted {
            rows.push(self.kept(&chains));
        }
        let next = Beside(chains);
        Ok(Made {
            envelopes,
            rows,
            next,
            parted,
        })
    }

    /// Goes on after what was made and is on the disk.
    pub(super) fn go_on_after(&mut self, made: Made) {
        self.renamed |= made.parted;
        self.go_on(made.next);
    }
}

impl Made {
    /// As the store takes them.
    pub(super) fn new_envelopes(&self) -> Vec<NewEnvelope<'_>> {
        let all = self.envelopes.iter();
        all.map(|(it, bytes)| NewEnvelope {
            place: it.place,
            hash: it.hash,
            bytes,
        })
        .collect()
    }
}

impl Draft {
    const fn lane(&self) -> Lane {
        match self {
            Self::Open { .. } => Lane::Membership,
            Self::Audit { .. } => Lane::Audit,
            Self::Sealed { lane, .. } => *lane,
        }
    }

    fn header(&self, clinic: ClinicId, session: SessionId, hlc: Hlc) -> Header {
        let (kind, doc, epoch, k) = match self {
            Self::Open { kind, .. } => {
                return Header::unsealed(*kind, clinic, session, hlc);
            }
            Self::Audit { epoch, .. } => (Kind::Audit, DocId::ZERO, *epoch, 0),
            Self::Sealed {
                kind,
                doc,
                epoch,
                k,
                ..
            } => (*kind, *doc, *epoch, *k),
        };
        let suite = match kind {
            Kind::Change => Suite::CHANGES,
            Kind::Statement
            | Kind::Certificate
            | Kind::Audit
            | Kind::Attachment
            | Kind::Tombstone => Suite::BARE,
        };
        Header {
            suite,
            clinic,
            doc,
            kind,
            lane: self.lane(),
            log: LogId::ZERO,
            seq: 0,
            prev: Hash::ZERO,
            hlc,
            session,
            epoch,
            k,
            key_id: KeyId::ZERO,
            nonce: [0; NONCE_LEN],
        }
    }

    fn sign(
        self,
        header: Header,
        key: &SigningKey,
        entropy: &mut dyn Entropy,
    ) -> Result<Envelope, ledger::Error> {
        match self {
            Self::Open { bytes, .. } | Self::Audit { bytes, .. } => {
                Envelope::sign(header, bytes, key)
            }
            Self::Sealed {
                key: doc_key,
                payload,
                ..
            } => seal_payload(header, &payload, &doc_key, key, entropy),
        }
    }
}

impl Own {
    /// Begins a branch with what is written next.
    fn part(
        &mut self,
        store: &Store,
        next: &Envelope,
    ) -> Result<Option<MetaWrite>, Error> {
        let link = Link {
            place: Place::of(&next.header),
            prev: next.header.prev,
            hash: self.chain.head(),
        };
        let landing = Branches::read(store)?.land(&link)?;
        let landing =
            landing.map_err(|source| Error::damaged("this machine's own log", source))?;
        self.run = landing.log;
        self.parts = false;
        Ok(landing.branch.map(MetaWrite::Branch))
    }

    /// Where the last envelope stands.
    const fn written(&self, last: &Envelope) -> Written {
        let header = &last.header;
        let place = Place {
            log: self.run,
            lane: header.lane,
            seq: header.seq,
        };
        Written {
            place,
            hash: self.chain.head(),
            doc: header.doc,
        }
    }
}

fn kept_row(log: LogId) -> String {
    format!("{}{log}", row::OWN)
}
