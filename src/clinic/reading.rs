//! Documents out of the ledger: opened, judged and made. It takes keys and no lock, so that
//! it is done on every core, and while others write.

use std::{ops::ControlFlow, thread};

use super::{
    Clinic, Error, Session,
    actor::Signing,
    documents::{Open, Rows, Said},
    keyring::Keyring,
    lanes::each_envelope,
};
use crate::{
    chart::{Part, Subject},
    doc::View,
    ids::{DocId, PatientId},
    ledger::{self, Chain, Entry, Envelope, Header, Kind, Payload, Place, open_payload},
    store::{self, Indexed, Table},
};

/// Envelopes behind one that is not signed itself among which one is looked for that vouches
/// for it: as many as are taken in together.
const VOUCHING_MAX: usize = 4_096;

/// Whose document it is, and which.
pub(super) type Of = (Subject, Part);

/// What reads documents.
#[derive(Clone, Copy)]
pub(super) struct Reader<'a> {
    clinic: &'a Clinic,
    keyring: &'a Keyring,
}

/// A document to be made. Of an identity that is new here only it can tell whose it is.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wanted {
    pub(super) id: DocId,
    pub(super) of: Option<Of>,
}

/// A document that was made.
pub(super) struct Made {
    pub(super) id: DocId,
    /// Whose it is, and the cache's rows; none where it does not tell.
    pub(super) rows: Option<(Of, Rows)>,
    /// How many of its envelopes were looked at, the first in the index.
    pub(super) places: usize,
    pub(super) damaged: u32,
}

/// A document's changes as the ledger gives them.
#[derive(Debug, Default)]
pub(super) struct Changes {
    pub(super) read: Vec<Vec<u8>>,
    /// Where the others stand, and why they cannot be read.
    pub(super) unread: Vec<String>,
    /// How many of these are damaged.
    pub(super) damaged: u32,
    /// Whether one of these may be read later: when a key, a certificate, a newer program or
    /// sound bytes come.
    pub(super) waits: bool,
}

impl Session {
    pub(super) fn reader(&self) -> Reader<'_> {
        Reader {
            clinic: &self.clinic,
            keyring: &self.keyring,
        }
    }
}

impl Reader<'_> {
    /// Makes documents, on as many cores as there are.
    pub(super) fn make_all(&self, wanted: &[Wanted]) -> Result<Vec<Made>, Error> {
        let cores = thread::available_parallelism().map_or(1, usize::from);
        let share = wanted.len().div_ceil(cores).max(1);
        let make_some = |some: &[Wanted]| -> Result<Vec<Made>, Error> {
            some.iter().map(|it| self.make(*it)).collect()
        };
        let mut shares = wanted.chunks(share);
        let first = shares.next().unwrap_or_default();
        thread::scope(|scope| {
            let others: Vec<_> = shares
                .map(|some| scope.spawn(move || make_some(some)))
                .collect();
            let mut made = make_some(first)?;
            for other in others {
                match other.join() {
                    Ok(more) => made.extend(more?),
                    Err(panic) => std::panic::resume_unwind(panic),
                }
            }
            Ok(made)
        })
    }

    /// Makes a document from its snapshot and the changes after it.
    pub(super) fn make(&self, Wanted { id, of }: Wanted) -> Result<Made, Error> {
        let mut open = self.load(id, of)?;
        let writers = |actors: &_| self.clinic.writers(id, actors);
        let rows = open.rows(writers)?;
        let (places, damaged) = (rows.places, open.damaged);
        let of = match of {
            Some(of) => Some(of),
            None => self.whose(id, &rows.said)?,
        };
        Ok(Made {
            id,
            rows: of.map(|of| (of, rows)),
            places,
            damaged,
        })
    }

    /// Whose identity it is that says this.
    fn whose(&self, id: DocId, said: &Said) -> Result<Option<Of>, Error> {
        let View::Identity(identity) = &said.view else {
            return Ok(None);
        };
        let Some(person) = &identity.person else {
            return Ok(None);
        };
        let patient = PatientId::from_bytes(*person.entry.id.as_bytes());
        let of = (Subject::Patient(patient), Part::Identity);
        let is_theirs = self.keyring.doc_id(of.0, of.1)? == id;
        Ok(is_theirs.then_some(of))
    }

    /// The document from its snapshot and the changes after it. One that nobody named may
    /// be an identity.
    pub(super) fn load(&self, id: DocId, of: Option<Of>) -> Result<Open, Error> {
        let (subject, part) = of.unwrap_or((Subject::Clinic, Part::Identity));
        let mut open = Open::new(id, subject, part);
        let store = &self.clinic.store;
        let indexed = store.of_doc(id)?;
        let key = self.keyring.of(part.compartment())?.cache();
        if let Some(row) = store.cache_get(Table::Snapshots, id.as_bytes(), key)? {
            open.begin_at(&row)?;
        }
        let tail = indexed.get(open.in_snapshot..).unwrap_or_default();
        // What was judged once need not be judged again, which takes as long as saving and
        // loading all of the document; nor what this machine wrote.
        let own = tail.iter().all(|it| self.clinic.is_own(it.place));
        let judged = if own {
            tail.len()
        } else {
            self.judged(id, part)?.saturating_sub(open.in_snapshot)
        };
        let (again, new) = tail.split_at(judged.min(tail.len()));
        if !again.is_empty() {
            let changes = self.changes_at(again, (id, part))?;
            if !open.take_again(&changes) {
                open.take(changes);
            }
        }
        if !new.is_empty() {
            open.take(self.changes_at(new, (id, part))?);
        }
        Ok(open)
    }

    /// How many of a document's envelopes were judged and are in it.
    fn judged(&self, id: DocId, part: Part) -> Result<usize, Error> {
        let key = self.keyring.of(part.compartment())?.cache();
        let store = &self.clinic.store;
        let row = store.cache_get(Table::Projections, id.as_bytes(), key)?;
        row.map_or(Ok(0), |it| Said::read_judged(&it))
    }

    /// A document's changes in these envelopes of this machine's ledger. One that is damaged
    /// hides no other.
    fn changes_at(
        &self,
        envelopes: &[Indexed],
        (doc, part): (DocId, Part),
    ) -> Result<Changes, Error> {
        let mut changes = Changes::default();
        for envelope in envelopes {
            let Place { log, lane, seq } = envelope.place;
            match self.change_at(*envelope, doc, part) {
                Ok(change) => changes.read.extend(change),
                Err(
                    error @ (Error::Damaged { .. }
                    | Error::Store(store::Error::Damaged { .. })),
                ) => {
                    let what =
                        format!("log {log} {lane:?} {seq} cannot be read: {error}");
                    changes.unread.push(what);
                    changes.damaged += 1;
                    changes.waits = true;
                }
                Err(why @ (Error::Missing(_) | Error::Refused(_))) => {
                    changes
                        .unread
                        .push(format!("log {log} {lane:?} {seq}: {why}"));
                    changes.waits |= matches!(why, Error::Missing(_));
                }
                Err(error) => return Err(error),
            }
        }
        Ok(changes)
    }

    /// The change in an envelope; none where it was erased.
    fn change_at(
        &self,
        Indexed { place, verified }: Indexed,
        doc: DocId,
        part: Part,
    ) -> Result<Option<Vec<u8>>, Error> {
        let damaged = |source| Error::damaged("the envelope", source);
        let bytes = self.clinic.store.envelope(place)?.unwrap_or_default();
        let Entry::Whole(envelope) = Entry::decode(&bytes).map_err(damaged)? else {
            return Ok(None);
        };
        let header = &envelope.header;
        let stands = self.clinic.store.is_at(place, header);
        if !stands || (header.doc, header.kind) != (doc, Kind::Change) {
            return Err(damaged(ledger::Error::Malformed));
        }
        if header.suite.known().is_err() {
            let number = header.suite.number();
            let newer = format!("program here that knows suite {number}");
            return Err(Error::Missing(newer));
        }
        let no_key = || Error::Missing("key for it".to_owned());
        let held = self.keyring.of(part.compartment())?;
        let key = held
            .doc_key(header.epoch, doc, header.k)
            .ok_or_else(no_key)?;
        let payload = match open_payload(&envelope, &key) {
            Err(ledger::Error::OtherKey) => return Err(no_key()),
            opened => opened.map_err(damaged)?,
        };
        self.written(Indexed { place, verified }, &envelope, &payload)
            .map(Some)
    }

    /// The change in a payload, held against the session that signed it. A signature that
    /// was verified when it came is not computed again.
    fn written(
        &self,
        Indexed { place, verified }: Indexed,
        envelope: &Envelope,
        payload: &Payload,
    ) -> Result<Vec<u8>, Error> {
        let session = envelope.header.session;
        let signing = self.clinic.known().signing(&self.clinic.store, session)?;
        let signing =
            signing.ok_or_else(|| Error::Missing(format!("certificate {session}")))?;
        let signed = if verified {
            Ok(())
        } else {
            signing.signed(&envelope.stub())
        };
        let signed = match signed {
            Err(_) if self.is_vouched_for(place, &envelope.header, signing)? => Ok(()),
            signed => signed,
        };
        signed
            .and_then(|()| signing.wrote(envelope, payload))
            .map_err(|why| Error::Refused(why.to_string()))
    }

    /// Whether the session signed what follows this in its chain. Where both come together
    /// that is enough, and what a chart says must not hang on what came together.
    fn is_vouched_for(
        &self,
        place: Place,
        first: &Header,
        signing: Signing,
    ) -> Result<bool, Error> {
        let before = first.seq.saturating_sub(1);
        let mut chain = Chain::known(first.log, first.lane, before, first.prev);
        let (mut vouched, mut left) = (false, VOUCHING_MAX);
        each_envelope(&self.clinic.store, place, |_, stored| {
            let stub = stored
                .ok()
                .and_then(|it| Some(Entry::decode(&it).ok()?.stub()));
            let Some(stub) = stub.filter(|it| chain.append(it).is_ok()) else {
                return Ok(ControlFlow::Break(()));
            };
            let is_theirs = stub.header.session == first.session;
            vouched = is_theirs && signing.signed(&stub).is_ok();
            left -= 1;
            Ok(if vouched || left == 0 {
                ControlFlow::Break(())
            } else {
                ControlFlow::Continue(())
            })
        })?;
        Ok(vouched)
    }
}

impl Changes {
    #[cfg(test)]
    pub(super) fn of(read: Vec<Vec<u8>>) -> Self {
        Self {
            read,
            ..Self::default()
        }
    }
}
