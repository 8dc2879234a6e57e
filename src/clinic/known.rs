//! What this machine knows of who belongs: every statement, and where certificates stand.

use std::collections::BTreeMap;

use super::Error;
use crate::{
    ids::{ClinicId, DeviceId, DocId, SessionId, UserId},
    ledger::{Envelope, Header, Kind, Lane},
    members::{Body, Certificate, Membership, Signer, Statement},
    seal::{PublicKey, names},
    store::{Place, Store},
};

/// Statements folded, and certificates to be looked up.
#[derive(Debug)]
pub(super) struct Known {
    pub(super) membership: Membership,
    certificates: BTreeMap<SessionId, Place>,
    /// The key and the user of each session, once they were asked for.
    writers: BTreeMap<SessionId, (PublicKey, UserId)>,
}

impl Known {
    /// Reads the membership lane of every log. A certificate is only opened where a statement
    /// leans on it: every sign-in leaves one, and years of them would make a start slow.
    pub(super) fn read(store: &Store, clinic: ClinicId) -> Result<Self, Error> {
        let mut known = Self {
            membership: Membership::new(clinic),
            certificates: BTreeMap::new(),
            writers: BTreeMap::new(),
        };
        let mut statements = Vec::new();
        for (log, lane) in store.frontier()?.into_keys() {
            if lane != Lane::Membership {
                continue;
            }
            let mut from = Place { log, lane, seq: 1 };
            loop {
                let run = store.envelopes(from)?;
                let Some((last, _)) = run.last() else { break };
                from.seq = last + 1;
                for (seq, bytes) in &run {
                    known.take(
                        Place {
                            log,
                            lane,
                            seq: *seq,
                        },
                        bytes,
                        &mut statements,
                    )?;
                }
            }
        }
        let leaned_on: Vec<SessionId> = statements
            .iter()
            .filter_map(|it: &Statement| match it.signer() {
                Signer::Session(session, _) => Some(session),
                Signer::Root(_) | Signer::User(..) | Signer::Device(_) => None,
            })
            .collect();
        let mut certificates = Vec::new();
        for session in leaned_on {
            certificates.extend(known.certificate(store, session)?);
        }
        known
            .membership
            .add(statements, certificates)
            .map_err(|source| Error::damaged("a statement", source))?;
        Ok(known)
    }

    /// Takes in statements that were just written here.
    pub(super) fn learn(
        &mut self,
        statements: Vec<Statement>,
        certificates: Vec<Certificate>,
    ) -> Result<(), Error> {
        let added = self.membership.add(statements, certificates);
        added.map_err(|source| Error::damaged("a statement", source))
    }

    /// Where a certificate stands that was just written here.
    pub(super) fn certified(&mut self, session: SessionId, place: Place) {
        self.certificates.insert(session, place);
    }

    /// The certificate of a session, if it is held.
    pub(super) fn certificate(
        &self,
        store: &Store,
        session: SessionId,
    ) -> Result<Option<Certificate>, Error> {
        let Some(place) = self.certificates.get(&session) else {
            return Ok(None);
        };
        let Some(bytes) = store.envelope(*place)? else {
            return Ok(None);
        };
        let damaged =
            |source| Error::damaged(format!("the certificate {session}"), source);
        let envelope = Envelope::decode(&bytes).map_err(|source| {
            Error::damaged(format!("the certificate {session}"), source)
        })?;
        Certificate::open(&envelope.content)
            .map(Some)
            .map_err(damaged)
    }

    /// What stands in the `session` field of what a machine writes with nobody signed in: the
    /// statement that certifies the endpoint key in use.
    pub(super) fn endpoint_session(&self, device: DeviceId) -> SessionId {
        let in_use = self.membership.device(device).and_then(|it| it.endpoint);
        let mut judged = self.membership.judgements().keys();
        let certifying = judged.find(|id| {
            let body = self.membership.statement(**id).map(Statement::body);
            matches!((body, in_use), (Some(Body::Endpoint(key)), Some(it)) if *key == it)
        });
        certifying.map_or(SessionId::ZERO, |it| SessionId::from_bytes(*it.as_bytes()))
    }

    /// Whose each actor of a document is, by all certificates that are held.
    pub(super) fn writers(
        &mut self,
        store: &Store,
        doc: DocId,
    ) -> Result<BTreeMap<[u8; 16], UserId>, Error> {
        if self.writers.len() < self.certificates.len() {
            let sessions: Vec<SessionId> = self.certificates.keys().copied().collect();
            for session in sessions {
                if !self.writers.contains_key(&session)
                    && let Some(it) = self.certificate(store, session)?
                {
                    self.writers.insert(session, (*it.session_key(), it.user()));
                }
            }
        }
        let actors = self.writers.values();
        Ok(actors
            .map(|(key, user)| (names::actor_id(key, doc), *user))
            .collect())
    }

    fn take(
        &mut self,
        place: Place,
        bytes: &[u8],
        statements: &mut Vec<Statement>,
    ) -> Result<(), Error> {
        let what = || format!("envelope {} of the membership lane", place.seq);
        let (header, _) =
            Header::decode(bytes).map_err(|source| Error::damaged(what(), source))?;
        if header.kind == Kind::Certificate {
            self.certificates.insert(header.session, place);
            return Ok(());
        }
        let envelope =
            Envelope::decode(bytes).map_err(|source| Error::damaged(what(), source))?;
        let statement = Statement::open(&envelope.content)
            .map_err(|source| Error::damaged(what(), source))?;
        statements.push(statement);
        Ok(())
    }
}
