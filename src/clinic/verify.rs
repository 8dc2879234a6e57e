//! Checking everything that this machine holds: files, chains, signatures, seals, documents.

use std::collections::{BTreeMap, BTreeSet};

use super::{AuditAction, AuditObject, Error, Session};
use crate::{
    chart::who::{Action, Compartment},
    doc::prescan,
    ids::{DocId, LogId, SessionId, StatementId},
    ledger::{Chain, Envelope, Kind, Lane, open_payload},
    members::Body,
    seal::{PublicKey, names},
    store::{self, Place},
};

/// What was found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Verified {
    /// Envelopes that are held.
    pub envelopes: u64,
    /// Documents that have changes.
    pub documents: u64,
    /// Envelopes whose bytes, seal or signature do not fit.
    pub damaged: u64,
    /// Envelopes that wait for a certificate or a key. A role that holds fewer keys leaves
    /// more of them unopened.
    pub waiting: u64,
    /// Envelopes that do not count.
    pub void: u64,
    /// Changes that no document takes.
    pub refused: u64,
    /// Whether every chain goes on without a gap or a fork.
    pub chains_ok: bool,
    /// Where something is wrong, by ids.
    pub problems: Vec<String>,
}

/// Problems that are told at most.
const PROBLEMS_LEN_MAX: usize = 100;

impl Verified {
    /// Whether nothing is wrong.
    pub const fn is_sound(&self) -> bool {
        self.damaged == 0 && self.refused == 0 && self.chains_ok
    }

    fn problem(&mut self, what: String) {
        if self.problems.len() < PROBLEMS_LEN_MAX {
            self.problems.push(what);
        }
    }
}

impl Session {
    /// Checks every page of both files, and every envelope and document that this role can
    /// open. `told` hears how many envelopes are done.
    pub fn verify(&mut self, mut told: impl FnMut(u64)) -> Result<Verified, Error> {
        self.may(Action::Verify)?;
        self.settle()?;
        self.audit(AuditAction::Verify, AuditObject::Nothing)?;
        let mut found = Verified {
            chains_ok: true,
            ..Verified::default()
        };
        for part in [store::Part::Ledger, store::Part::Cache] {
            if !self.clinic.store.verify_file(part)? {
                found.problem(format!("the {part} was damaged and could be repaired"));
            }
        }
        let mut signers = BTreeMap::new();
        let mut docs: BTreeSet<DocId> = BTreeSet::new();
        for (log, lane) in self.clinic.store.frontier()?.into_keys() {
            let mut chain = Chain::start(log, lane);
            let mut from = Place { log, lane, seq: 1 };
            loop {
                let run = self.clinic.store.envelopes(from)?;
                let Some((last, _)) = run.last() else { break };
                from.seq = last + 1;
                for (seq, bytes) in &run {
                    let place = Place {
                        log,
                        lane,
                        seq: *seq,
                    };
                    found.envelopes += 1;
                    let checked =
                        self.check(place, bytes, (&mut chain, &mut signers), &mut found)?;
                    docs.extend(checked);
                }
                told(found.envelopes);
            }
        }
        found.documents = u64::try_from(docs.len()).unwrap_or(u64::MAX);
        if !found.is_sound() {
            self.audit(AuditAction::Integrity, AuditObject::Nothing)?;
        }
        Ok(found)
    }

    /// Checks one envelope; gives the document that it changed.
    fn check(
        &self,
        place: Place,
        bytes: &[u8],
        (chain, signers): (&mut Chain, &mut BTreeMap<SessionId, Option<PublicKey>>),
        found: &mut Verified,
    ) -> Result<Option<DocId>, Error> {
        let at = || format!("log {} {:?} {}", place.log, place.lane, place.seq);
        let envelope = match Envelope::decode(bytes) {
            Ok(envelope) => envelope,
            Err(error) => {
                found.damaged += 1;
                found.chains_ok = false;
                found.problem(format!("{}: {error}", at()));
                return Ok(None);
            }
        };
        if let Err(broken) = chain.append(&envelope.stub()) {
            found.chains_ok = false;
            found.problem(format!("{}: {broken}", at()));
            let (seq, hash) = (place.seq, envelope.hash());
            *chain = Chain::known(place.log, place.lane, seq, hash);
        }
        let session = envelope.header.session;
        let key = if let Some(key) = signers.get(&session) {
            *key
        } else {
            let key = self.signer_of(session, place.log)?;
            signers.insert(session, key);
            key
        };
        match key.map(|key| envelope.verify(&key)) {
            Some(Ok(())) => {}
            Some(Err(error)) => {
                found.damaged += 1;
                found.problem(format!("{}: {error}", at()));
                return Ok(None);
            }
            None => {
                found.waiting += 1;
                return Ok(None);
            }
        }
        if envelope.header.kind == Kind::Change {
            self.check_change(&envelope, found, at);
            return Ok(Some(envelope.header.doc));
        }
        Ok(None)
    }

    fn check_change(
        &self,
        envelope: &Envelope,
        found: &mut Verified,
        at: impl Fn() -> String,
    ) {
        let header = &envelope.header;
        let compartment = match header.lane {
            Lane::Desk => Compartment::Front,
            Lane::Membership
            | Lane::Clinical
            | Lane::Restricted
            | Lane::Audit
            | Lane::Attachments => Compartment::Clinical,
        };
        let key = self.keyring.of(compartment).ok();
        let key = key.and_then(|it| it.doc_key(header.epoch, header.doc, header.k));
        let Some(key) = key else {
            found.waiting += 1;
            return;
        };
        match open_payload(envelope, &key) {
            Err(error) => {
                found.damaged += 1;
                found.problem(format!("{}: {error}", at()));
            }
            Ok(payload) => {
                if let Err(refusal) = prescan(&payload.body) {
                    found.refused += 1;
                    found.problem(format!("{}: {refusal}", at()));
                }
            }
        }
    }

    /// The key behind the `session` field of an envelope: a session's, or an endpoint's, or
    /// of a founding the machine's own.
    fn signer_of(
        &self,
        session: SessionId,
        log: LogId,
    ) -> Result<Option<PublicKey>, Error> {
        let known = self.clinic.known();
        if let Some(certificate) = known.certificate(&self.clinic.store, session)? {
            return Ok(Some(*certificate.session_key()));
        }
        let membership = &known.membership;
        let statement =
            membership.statement(StatementId::from_bytes(*session.as_bytes()));
        if let Some(Body::Endpoint(key)) = statement.map(crate::members::Statement::body)
        {
            return Ok(Some(*key));
        }
        let mut devices = membership.devices().values();
        let founder = devices.find(|it| names::log_id(&it.key) == log);
        Ok(founder
            .filter(|_| session == SessionId::ZERO)
            .map(|it| it.key))
    }
}
