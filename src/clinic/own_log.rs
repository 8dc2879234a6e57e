//! The log that this machine writes: where envelopes are made, chained, signed and kept.

use std::collections::BTreeMap;

use super::Error;
use crate::{
    ids::{ClinicId, DocId, EpochId, Hash, KeyId, LogId, SessionId},
    ledger::{
        self, Chain, ClockQuality, Envelope, Header, Kind, Lane, Payload, Place, Suite,
        seal_payload,
    },
    seal::{Entropy, NONCE_LEN, Secret, SigningKey},
    store::{self, MetaWrite, NewEnvelope, Store},
    time::{Hlc, Moment, Timestamp},
};

/// A clock that is set back by more is noted, in milliseconds.
pub(super) const CLOCK_STEP_MS: i64 = 2 * 60 * 1000;

/// The chains of this machine's log, one a lane, and its logical clock.
#[derive(Debug)]
pub(super) struct OwnLog {
    clinic: ClinicId,
    log: LogId,
    chains: BTreeMap<Lane, Chain>,
    hlc: Hlc,
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
        matches!(self.place.lane, Lane::Desk | Lane::Clinical)
    }
}

impl OwnLog {
    /// The log as far as the store holds it.
    pub(super) fn read(
        store: &Store,
        clinic: ClinicId,
        log: LogId,
    ) -> Result<Self, Error> {
        let frontier = store.frontier()?;
        let known = |lane| {
            let tip = frontier.get(&(log, lane));
            let chain = tip.map_or_else(
                || Chain::start(log, lane),
                |(seq, hash)| Chain::known(log, lane, *seq, *hash),
            );
            (lane, chain)
        };
        let chains: BTreeMap<Lane, Chain> = Lane::ALL.map(known).into();
        let mut hlc = Hlc::default();
        for (lane, chain) in &chains {
            let place = Place {
                log,
                lane: *lane,
                seq: chain.seq(),
            };
            // One that is damaged tells no time; those of other lanes do.
            let last = match store.envelope(place) {
                Err(store::Error::Damaged { .. }) => None,
                read => read?,
            };
            let last = last.and_then(|bytes| Some(Header::decode(&bytes).ok()?.0.hlc));
            hlc = hlc.max(last.unwrap_or_default());
        }
        Ok(Self {
            clinic,
            log,
            chains,
            hlc,
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
        self.chains.get(&lane).map_or(0, Chain::seq)
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

    /// The present by both clocks. A wall clock that stands before what was written already
    /// was set back.
    pub(super) fn when(&mut self, wall: Moment) -> When {
        let clock = if self.hlc.timestamp().ms_since(wall.at) > CLOCK_STEP_MS {
            ClockQuality::Uncertain
        } else {
            ClockQuality::Alone
        };
        let hlc = self.tick(wall.at);
        When { hlc, wall, clock }
    }

    /// Writes all drafts and rows, or none; they are on the disk when this returns.
    pub(super) fn write(
        &mut self,
        store: &Store,
        writing: Writing<'_>,
        now: Timestamp,
        entropy: &mut dyn Entropy,
    ) -> Result<Vec<Written>, Error> {
        let mut chains = self.chains.clone();
        let mut envelopes = Vec::with_capacity(writing.drafts.len());
        for (signer, draft) in writing.drafts {
            let hlc = self.tick(now);
            let lane = draft.lane();
            let chain = chains
                .entry(lane)
                .or_insert_with(|| Chain::start(self.log, lane));
            let header = chain.place(draft.header(self.clinic, signer.session, hlc));
            let envelope = draft
                .sign(header, signer.key, entropy)
                .map_err(|source| Error::damaged("an envelope to be written", source))?;
            chain
                .append(&envelope.stub())
                .map_err(|source| Error::damaged("this machine's own log", source))?;
            envelopes.push(envelope);
        }
        let written: Vec<Written> = envelopes.iter().map(written).collect();
        let bytes: Vec<Vec<u8>> = envelopes.iter().map(Envelope::encode).collect();
        let new: Vec<NewEnvelope<'_>> = written
            .iter()
            .zip(&bytes)
            .map(|(it, bytes)| NewEnvelope {
                place: it.place,
                hash: it.hash,
                bytes,
            })
            .collect();
        let kept = if writing.reading {
            store.append_audit(&new, &writing.rows)
        } else {
            store.append(&new, &writing.rows)
        };
        match kept {
            Ok(()) => {
                self.chains = chains;
                Ok(written)
            }
            Err(error) => {
                // The disk may have taken it all the same: the store tells how far it reaches.
                drop(self.reread(store));
                Err(error.into())
            }
        }
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
        let (kind, doc, epoch) = match self {
            Self::Open { kind, .. } => {
                return Header::unsealed(*kind, clinic, session, hlc);
            }
            Self::Audit { epoch, .. } => (Kind::Audit, DocId::ZERO, *epoch),
            Self::Sealed {
                kind, doc, epoch, ..
            } => (*kind, *doc, *epoch),
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
            k: 0,
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

fn written(envelope: &Envelope) -> Written {
    let header = &envelope.header;
    let place = Place {
        log: header.log,
        lane: header.lane,
        seq: header.seq,
    };
    Written {
        place,
        hash: envelope.hash(),
        doc: header.doc,
    }
}
