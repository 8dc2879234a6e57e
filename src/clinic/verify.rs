//! Checking everything that this machine holds: files, chains, signatures, seals, documents.

use std::{
    collections::{BTreeMap, BTreeSet, btree_map},
    ops::ControlFlow,
};

use super::{
    AuditAction, AuditObject, Clinic, Error, Session,
    actor::{Forged, Signing},
    audit_read::{CLOSED, NEWER},
    branches::Branches,
    intake::Why,
    keyring::Keyring,
    lanes::{Stored, each_envelope},
};
use crate::{
    chart::who::{Action, Compartment},
    ids::{DocId, Hash, LogId, SessionId, StatementId, UserId},
    ledger::{Chain, Entry, Envelope, Kind, Lane, Place, open_payload},
    members::{self, Body, Certificate, Judgement, Statement},
    seal::{PublicKey, names},
    store,
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
/// Envelopes between two reports of how far a check has come.
const TOLD_EVERY: u64 = 256;

/// Who signed, by the `session` field of what they signed.
type Writers = BTreeMap<(SessionId, LogId), Option<Writer>>;

/// Who signed an envelope.
enum Writer {
    Session(Box<Certificate>),
    /// The machine while nobody was signed in, with the key that this statement certifies.
    Endpoint(StatementId, PublicKey),
    /// The machine itself, at the founding.
    Founder(PublicKey),
}

impl Verified {
    /// Whether nothing is wrong.
    pub const fn is_sound(&self) -> bool {
        self.damaged == 0 && self.refused == 0 && self.chains_ok
    }

    const NOTHING: Self = Self {
        envelopes: 0,
        documents: 0,
        damaged: 0,
        waiting: 0,
        void: 0,
        refused: 0,
        chains_ok: true,
        problems: Vec::new(),
    };

    /// Notes what was found of a file.
    fn file(
        &mut self,
        part: store::Part,
        checked: Result<bool, store::Error>,
    ) -> Result<(), Error> {
        match checked {
            Ok(true) => {}
            Ok(false) => {
                self.problem(format!("the {part} was damaged and could be repaired"));
            }
            Err(damaged @ store::Error::Damaged { .. }) => {
                self.damaged += 1;
                self.problem(damaged.to_string());
            }
            Err(error) => return Err(error.into()),
        }
        Ok(())
    }

    fn problem(&mut self, what: String) {
        if self.problems.len() < PROBLEMS_LEN_MAX {
            self.problems.push(what);
        }
    }
}

/// A check of all envelopes, with what keys are at hand.
struct Check<'a> {
    clinic: &'a Clinic,
    keyring: Option<&'a Keyring>,
}

impl Clinic {
    /// Checks what can be checked without keys: every page of both files, and the chains,
    /// signatures and certificates of all envelopes. For a machine on which nobody signs in.
    pub fn verify_sealed(&self, told: impl FnMut(u64)) -> Result<Verified, Error> {
        let mut found = Verified::NOTHING;
        for part in [store::Part::Ledger, store::Part::Cache] {
            match self.store.verify_file(part) {
                Err(lost) if lost.is_cache_lost() => {
                    self.store.reset_cache()?;
                    found.problem(format!("the {part} was damaged and is begun anew"));
                }
                checked => found.file(part, checked)?,
            }
        }
        let check = Check {
            clinic: self,
            keyring: None,
        };
        check.envelopes(&mut found, told)?;
        if !found.is_sound() {
            self.audit_unattended(AuditAction::Integrity, AuditObject::Nothing)?;
        }
        Ok(found)
    }
}

impl Session {
    /// Checks every page of both files, and every envelope and document that this role can
    /// open. `told` hears how many envelopes are done.
    pub fn verify(&mut self, told: impl FnMut(u64)) -> Result<Verified, Error> {
        self.may(Action::Verify)?;
        self.settle()?;
        self.audit(AuditAction::Verify, AuditObject::Nothing)?;
        let mut found = Verified::NOTHING;
        self.verify_files(&mut found)?;
        let check = Check {
            clinic: &self.clinic,
            keyring: Some(&self.keyring),
        };
        check.envelopes(&mut found, told)?;
        self.verify_charts(&mut found)?;
        self.verify_audit(&mut found)?;
        if !found.is_sound() {
            self.audit(AuditAction::Integrity, AuditObject::Nothing)?;
        }
        Ok(found)
    }

    fn verify_files(&mut self, found: &mut Verified) -> Result<(), Error> {
        for part in [store::Part::Ledger, store::Part::Cache] {
            match self.clinic.store.verify_file(part) {
                Err(lost) if lost.is_cache_lost() => {
                    self.rebuild_cache()?;
                    found.problem(format!(
                        "the {part} was damaged and is worked out anew"
                    ));
                }
                checked => found.file(part, checked)?,
            }
        }
        Ok(())
    }

    /// What the charts that this role can open say of themselves.
    fn verify_charts(&mut self, found: &mut Verified) -> Result<(), Error> {
        for (doc, (subject, part)) in self.names().clone() {
            let said = self.said(subject, part)?;
            for problem in said.into_iter().flat_map(|it| it.problems) {
                found.problem(format!("document {doc}: {problem}"));
            }
        }
        Ok(())
    }

    /// Whether the entries of the audit follow one another and are their writers', if this
    /// role may read them.
    fn verify_audit(&mut self, found: &mut Verified) -> Result<(), Error> {
        if self.may(Action::ReadAudit).is_err() {
            return Ok(());
        }
        for problem in self.whole_audit()?.problems {
            if problem.ends_with(CLOSED) || problem.ends_with(NEWER) {
                found.waiting += 1;
            } else {
                found.damaged += 1;
            }
            found.problem(problem);
        }
        Ok(())
    }
}

impl Check<'_> {
    fn envelopes(
        &self,
        found: &mut Verified,
        mut told: impl FnMut(u64),
    ) -> Result<(), Error> {
        self.endpoint_key(found);
        let mut writers = BTreeMap::new();
        let mut docs: BTreeSet<DocId> = BTreeSet::new();
        let clinic = self.clinic;
        let branches = Branches::read(&clinic.store)?;
        for ((log, lane), stretch) in clinic.store.stretches()? {
            let (seq, origin) = (stretch.first, stretch.origin);
            let from = Place { log, lane, seq };
            let mut chain = chain_before(&branches, (from, origin), found)?;
            each_envelope(&clinic.store, from, |place, stored| {
                found.envelopes += 1;
                let so_far = (&mut chain, &mut writers, &branches);
                docs.extend(self.one(place, stored, so_far, found)?);
                if found.envelopes.is_multiple_of(TOLD_EVERY) {
                    told(found.envelopes);
                }
                Ok(ControlFlow::Continue(()))
            })?;
            if (chain.seq(), chain.head()) != (stretch.last, stretch.hash) {
                found.chains_ok = false;
                found
                    .problem(format!("log {log} {lane:?}: it does not end where it did"));
            }
        }
        told(found.envelopes);
        found.documents = u64::try_from(docs.len()).unwrap_or(u64::MAX);
        Ok(())
    }

    /// Whether the key with which this machine meets others is the one that it certified.
    fn endpoint_key(&self, found: &mut Verified) {
        let certified = {
            let known = self.clinic.known();
            let device = known.membership.device(self.clinic.device());
            device.and_then(|it| it.endpoint)
        };
        let held = self.clinic.endpoint_key().map(|it| it.public());
        let problem = match held {
            Err(error) => error.to_string(),
            Ok(key) if certified.is_some_and(|it| it != key) => {
                "the machine's endpoint key is not the one that it certified".to_owned()
            }
            Ok(_) => return,
        };
        found.damaged += 1;
        found.problem(problem);
    }

    /// Checks one envelope; gives the document that it changed.
    fn one(
        &self,
        place: Place,
        stored: Stored,
        (chain, writers, branches): (&mut Chain, &mut Writers, &Branches<'_>),
        found: &mut Verified,
    ) -> Result<Option<DocId>, Error> {
        let at = || format!("log {} {:?} {}", place.log, place.lane, place.seq);
        let decoded = stored
            .map_err(|error| error.to_string())
            .and_then(|it| Entry::decode(&it).map_err(|error| error.to_string()));
        let entry = match decoded {
            Ok(entry) => entry,
            Err(error) => {
                found.damaged += 1;
                found.chains_ok = false;
                found.problem(format!("{}: {error}", at()));
                return Ok(None);
            }
        };
        let stub = entry.stub();
        if let Err(broken) = chain.append(&stub) {
            found.chains_ok = false;
            found.problem(format!("{}: {broken}", at()));
            let (seq, hash) = (place.seq, stub.hash());
            *chain = Chain::known(chain.log(), place.lane, seq, hash);
        }
        let session = stub.header.session;
        // A session that is none stands for the machine that writes the log.
        let writer = match writers.entry((session, chain.log())) {
            btree_map::Entry::Occupied(known) => known.into_mut(),
            btree_map::Entry::Vacant(new) => {
                new.insert(self.writer_of(session, chain.log())?)
            }
        };
        let Some(writer) = writer else {
            found.waiting += 1;
            found.problem(format!("{}: its session is not known here", at()));
            return Ok(None);
        };
        let signing = writer.signing(chain.log());
        if let Err(forged) = signing.signed(&stub) {
            if forged == Forged::Log {
                found.refused += 1;
            } else {
                found.damaged += 1;
            }
            found.problem(format!("{}: {forged}", at()));
            return Ok(None);
        }
        let Entry::Whole(envelope) = entry else {
            if !self.clinic.known().is_erased(stub.header.doc) {
                found.damaged += 1;
                found.problem(format!("{}: {}", at(), Why::Erased));
            }
            return Ok(None);
        };
        match self.judge(writer, &envelope, (place, branches)) {
            Judgement::Counts => {}
            Judgement::Waiting(_) => found.waiting += 1,
            Judgement::Void(_) => {
                found.void += 1;
                found.problem(format!(
                    "{}: it does not count, its writer had no right to it",
                    at()
                ));
            }
        }
        if envelope.header.kind == Kind::Change {
            self.change(&envelope, signing, found, at);
            return Ok(Some(envelope.header.doc));
        }
        Ok(None)
    }

    fn change(
        &self,
        envelope: &Envelope,
        signing: Signing,
        found: &mut Verified,
        at: impl Fn() -> String,
    ) {
        let header = &envelope.header;
        if let Err(newer) = header.suite.known() {
            found.waiting += 1;
            found.problem(format!("{}: {newer}", at()));
            return;
        }
        let held = self.keyring.and_then(|keyring| match header.lane {
            Lane::Desk => keyring.of(Compartment::Front).ok(),
            Lane::Restricted => keyring.closed_at(header.epoch),
            Lane::Membership | Lane::Clinical | Lane::Audit | Lane::Attachments => {
                keyring.of(Compartment::Clinical).ok()
            }
        });
        let key = held.and_then(|it| it.doc_key(header.epoch, header.doc, header.k));
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
                if let Err(forged) = signing.wrote(envelope, &payload) {
                    found.refused += 1;
                    found.problem(format!("{}: {forged}", at()));
                }
            }
        }
    }

    /// Whether what this writer wrote counts, by all statements that are held. Statements
    /// judge themselves, and what a certificate is worth shows in what is signed with it.
    fn judge(
        &self,
        writer: &Writer,
        envelope: &Envelope,
        (place, branches): (Place, &Branches<'_>),
    ) -> Judgement {
        let known = self.clinic.known();
        if envelope.header.lane == Lane::Membership {
            let statement = Statement::open(&envelope.content).ok();
            let judged = statement.and_then(|it| known.membership.judgement(it.id()));
            return judged.unwrap_or(Judgement::Counts);
        }
        let Place { log, lane, seq } = place;
        let reached_by = |_, seq, hash| branches.follows(place, (seq, hash)).ok()?;
        let written = members::Written {
            log,
            lane,
            seq,
            reached_by: &reached_by,
        };
        match writer {
            Writer::Session(it) => {
                let header = &envelope.header;
                let (doc, at) = (header.doc, header.hlc.timestamp());
                let written = members::WrittenOutside { written, doc, at };
                known.judge(it, &written)
            }
            Writer::Endpoint(it, _) => known.membership.judge_unattended(*it, &written),
            Writer::Founder(_) => Judgement::Counts,
        }
    }

    /// Who is behind the `session` field of an envelope.
    fn writer_of(&self, session: SessionId, log: LogId) -> Result<Option<Writer>, Error> {
        let mut known = self.clinic.known();
        match known.certificate(&self.clinic.store, session) {
            Ok(Some(it)) => return Ok(Some(Writer::Session(Box::new(it)))),
            // It is named where it stands.
            Ok(None) | Err(Error::Damaged { .. }) => {}
            Err(error) => return Err(error),
        }
        let membership = &known.membership;
        let id = StatementId::from_bytes(*session.as_bytes());
        let statement = membership.statement(id);
        if let Some(Body::Endpoint(endpoint)) = statement.map(Statement::body) {
            return Ok(Some(Writer::Endpoint(id, endpoint.key)));
        }
        let mut devices = membership.devices().values();
        let founder = devices.find(|it| names::log_id(&it.key) == log);
        let founder = founder.filter(|_| session == SessionId::ZERO);
        Ok(founder.map(|it| Writer::Founder(it.key)))
    }
}

impl Writer {
    /// What it signs with, and which log it may write: the one that it was found in, where
    /// no certificate names one.
    fn signing(&self, log: LogId) -> Signing {
        match self {
            Self::Session(it) => Signing::of(it),
            Self::Endpoint(_, key) | Self::Founder(key) => Signing {
                key: *key,
                log,
                device: *key,
                user: UserId::ZERO,
            },
        }
    }
}

/// What a chain goes on from: nothing, or for a branch what it parted from.
fn chain_before(
    branches: &Branches<'_>,
    (first, origin): (Place, LogId),
    found: &mut Verified,
) -> Result<Chain, Error> {
    let Place { log, lane, seq } = first;
    if seq == 1 {
        return Ok(Chain::start(origin, lane));
    }
    let before = branches.before(first)?.unwrap_or(Hash::ZERO);
    let parting = Place {
        log: origin,
        ..first
    };
    if branches.trunk(parting, before)?.is_none() {
        found.chains_ok = false;
        found.problem(format!("log {log} {lane:?}: it parts from nothing here"));
    }
    Ok(Chain::known(origin, lane, seq.saturating_sub(1), before))
}
