//! Taking in what another clinic shares: each envelope is checked by itself, since there are
//! gaps between them, and kept where its document, its session and its log fit.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::PoisonError,
};

use super::{Guest, Visiting};
use crate::{
    clinic::{Error, Happened, Refused, Taken, Why, actor::Signing, outside::Side as _},
    ids::{DocId, SessionId},
    ledger::{Entry, Kind, Lane, Place},
    members::Certificate,
    seal::PublicKey,
    store::Shelved,
};

/// The most envelopes that are kept of one other clinic: 5,000 patients with 200 each.
const SHELF_MAX: u64 = 1_000_000;
/// And their bytes.
const SHELF_BYTES_MAX: u64 = 2 * 1024 * 1024 * 1024;
/// The small row that counts them.
const BYTES: &str = "bytes";

/// What envelopes are held against.
struct Against {
    scope: BTreeSet<DocId>,
    sessions: BTreeMap<SessionId, Signing>,
    /// This machine's key, which signs for its own sessions there.
    device: Option<PublicKey>,
}

impl Visiting<'_> {
    /// As [`Side::take`](crate::clinic::Side::take). Of a run that breaks somewhere it is
    /// kept up to there.
    pub(super) fn take_shared(&self, runs: Vec<Vec<Entry>>) -> Result<Taken, Error> {
        let _putting = self
            .guest
            .putting
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let mut against = self.against()?;
        let mut taken = Taken::default();
        let mut count = self.guest.shelf.count()?;
        let mut bytes = self.guest.bytes()?;
        let mut new: BTreeMap<Shelved, Vec<u8>> = BTreeMap::new();
        for run in runs {
            for entry in run {
                let header = entry.header();
                let (doc, log, seq) = (header.doc, header.log, header.seq);
                let at = Shelved::new(doc, log, seq, entry.hash());
                let mut checked = self.check(&entry, &mut against);
                if checked.is_ok() && count >= SHELF_MAX || bytes >= SHELF_BYTES_MAX {
                    checked = Err(Why::TooMuch);
                }
                if let Err(why) = checked {
                    let place = Place::of(header);
                    taken.refused.push(Refused { place, why });
                    break;
                }
                if new.contains_key(&at) || self.guest.shelf.holds(at)? {
                    taken.known += 1;
                    continue;
                }
                let encoded = entry.encode();
                count += 1;
                bytes = bytes.saturating_add(encoded.len() as u64);
                new.insert(at, encoded);
            }
        }
        if new.is_empty() {
            return Ok(taken);
        }
        taken.new = new.len();
        let new: Vec<_> = new.into_iter().collect();
        let rows = [(BYTES, bytes.to_be_bytes().to_vec())];
        self.guest.shelf.put(&new, &rows)?;
        self.clinic.tell(Happened::Guest);
        Ok(taken)
    }

    fn against(&self) -> Result<Against, Error> {
        let own = self.guest.own_certificates()?;
        let mut sessions: BTreeMap<_, _> = signing_in(&own).collect();
        if let Some(papers) = self.trusted()? {
            sessions.extend(signing_in(&papers.certificates));
        }
        let known = self.clinic.known();
        let device = known.membership.device(self.clinic.device());
        let device = device.map(|it| it.key);
        drop(known);
        Ok(Against {
            scope: self.scope()?,
            sessions,
            device,
        })
    }

    fn check(&self, entry: &Entry, against: &mut Against) -> Result<(), Why> {
        let header = entry.header();
        let envelope = entry.whole().ok_or(Why::Erased)?;
        if header.clinic != self.guest.clinic {
            return Err(Why::OtherClinic);
        }
        if !against.scope.contains(&header.doc) {
            return Err(Why::Machine);
        }
        if header.doc == DocId::ZERO {
            if header.kind != Kind::Certificate {
                return Err(Why::Machine);
            }
            let certificate = Certificate::open(&envelope.content)?;
            let is_own = Some(*certificate.device_key()) == against.device
                && certificate.granted().clinic == header.clinic
                && certificate.id() == header.session
                && certificate.log() == header.log;
            if !is_own {
                return Err(Why::OtherLog);
            }
            let signing = Signing::of(&certificate);
            against.sessions.insert(certificate.id(), signing);
        } else if header.kind != Kind::Change
            || !matches!(header.lane, Lane::Desk | Lane::Clinical | Lane::Restricted)
        {
            return Err(Why::Machine);
        }
        let signing = against.sessions.get(&header.session).ok_or(Why::Session)?;
        if !signing.writes(header.log, header.doc) {
            return Err(Why::OtherLog);
        }
        let stub = entry.stub();
        stub.is_sound()?;
        Ok(stub.verify(&signing.key)?)
    }
}

impl Guest {
    /// The certificates of sessions of this machine's people there.
    pub(super) fn own_certificates(
        &self,
    ) -> Result<BTreeMap<SessionId, Certificate>, Error> {
        let mut own = BTreeMap::new();
        self.each_of(DocId::ZERO, |_, _, bytes| {
            let entry = Entry::decode(bytes).ok();
            let content = entry.as_ref().and_then(Entry::whole).map(|it| &it.content);
            let certificate = content.and_then(|it| Certificate::open(it).ok());
            own.extend(certificate.map(|it| (it.id(), it)));
        })?;
        Ok(own)
    }

    fn bytes(&self) -> Result<u64, Error> {
        let row = self.shelf.row(BYTES)?;
        let bytes = row.as_deref().and_then(<[u8]>::first_chunk);
        Ok(bytes.map_or(0, |it| u64::from_be_bytes(*it)))
    }
}

/// What the sessions with these certificates sign with.
fn signing_in(
    certificates: &BTreeMap<SessionId, Certificate>,
) -> impl Iterator<Item = (SessionId, Signing)> {
    certificates.iter().map(|(id, it)| (*id, Signing::of(it)))
}
