//! The papers that this machine gives to one of a provider's, whoever is signed in or nobody.

use std::collections::{BTreeMap, BTreeSet};

use super::{Hosting, Names};
use crate::{
    chart::who::Compartment,
    clinic::Error,
    ids::{DocId, EpochId, LogId, SessionId},
    ledger::Header,
    members::{Certificate, Membership, Papers, Signer, Statement},
    seal::{SigningKey, names},
    time::Timestamp,
};

/// Who wrote in what is shared, as far as the papers tell it.
#[derive(Default)]
struct Written {
    sessions: BTreeMap<DocId, BTreeSet<SessionId>>,
    forked: BTreeSet<LogId>,
}

impl Hosting<'_> {
    /// What this machine says of what the other may have, and why it may not any more.
    ///
    /// What people are called, and whose charts these are, it can only hand on as somebody who
    /// was signed in here wrapped it; all else is as fresh as what this machine holds.
    pub fn papers(&self) -> Result<Vec<u8>, Error> {
        while self.clinic.index_some()? {}
        let key = SigningKey::from_secret(&self.clinic.endpoint_secret()?);
        let written = self.written()?;
        let mut doubts = BTreeMap::new();
        for (doc, sessions) in &written.sessions {
            doubts.extend(self.doubted(*doc, sessions)?);
        }
        let mut papers = {
            let known = self.clinic.known();
            let membership = &known.membership;
            let said = membership.said_of_grants(&self.endpoint).into_iter();
            let said = said.map(|it| (it.id(), it.clone()));
            let known = membership.statements().count();
            Papers {
                clinic: self.clinic.id(),
                by: key.public(),
                to: self.endpoint,
                known: u32::try_from(known).unwrap_or(u32::MAX),
                not_before: membership.not_before().unwrap_or(Timestamp(0)),
                statements: said.collect(),
                certificates: BTreeMap::new(),
                writing: self.writing(membership),
                doubts,
                forked: written.forked.clone(),
                erased: BTreeSet::new(),
                told: BTreeMap::new(),
            }
        };
        let sessions = written.sessions.values().flatten().copied();
        let granting = papers.statements.values().filter_map(session_of);
        let sessions: BTreeSet<_> = sessions.chain(granting).collect();
        papers.certificates = self.certificates(&sessions)?;
        let grants: Vec<_> = papers.grants(Timestamp(0)).collect();
        let documents = grants.iter().flat_map(|(_, it, _)| it.scope());
        let known = self.clinic.known();
        let erased: BTreeSet<_> = documents.filter(|it| known.is_erased(*it)).collect();
        drop(known);
        let carries: BTreeSet<_> = grants.iter().map(|(_, it, _)| it.carry).collect();
        let mut told = BTreeMap::new();
        for carry in carries {
            told.extend(self.clinic.told_to(carry)?.map(|it| (carry, it)));
        }
        (papers.erased, papers.told) = (erased, told);
        Ok(papers.sign(&key))
    }

    fn written(&self) -> Result<Written, Error> {
        let names = Names::read(self.clinic)?;
        let mut written = Written::default();
        for doc in self.documents() {
            let mut sessions = BTreeSet::new();
            for told in names.of_doc(self.clinic, doc)? {
                let bytes = self.clinic.store.envelope(told.place).ok().flatten();
                let header = bytes.and_then(|it| Header::decode(&it).ok());
                sessions.extend(header.map(|(it, _)| it.session));
                let origin = names.origin(told.place);
                let is_forked = names.forked.contains(&origin);
                written.forked.extend(is_forked.then_some(origin));
            }
            written.sessions.insert(doc, sessions);
        }
        for log in self.devices().iter().map(names::log_id) {
            let is_forked = names.forked.contains(&log);
            written.forked.extend(is_forked.then_some(log));
        }
        Ok(written)
    }

    /// From which of each session's changes of a document on none counts here.
    fn doubted(
        &self,
        doc: DocId,
        sessions: &BTreeSet<SessionId>,
    ) -> Result<BTreeMap<(DocId, SessionId), u64>, Error> {
        let mut actors = BTreeMap::new();
        for session in sessions {
            let signing = self.clinic.known().signing(&self.clinic.store, *session)?;
            actors.extend(signing.map(|it| (*session, names::actor_id(&it.key, doc))));
        }
        let (doubts, _) = self.clinic.doubts(doc, &actors)?;
        let doubted = actors
            .into_iter()
            .filter_map(|(session, actor)| Some(((doc, session), *doubts.get(&actor)?)));
        Ok(doubted.collect())
    }

    fn certificates(
        &self,
        sessions: &BTreeSet<SessionId>,
    ) -> Result<BTreeMap<SessionId, Certificate>, Error> {
        let mut certificates = BTreeMap::new();
        let mut known = self.clinic.known();
        for session in sessions {
            match known.certificate(&self.clinic.store, *session) {
                Ok(it) => certificates.extend(it.map(|it| (*session, it))),
                // What it wrote, nobody outside can check then.
                Err(Error::Damaged { .. }) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(certificates)
    }

    /// With which key the provider is to write in each document that may be written.
    fn writing(&self, membership: &Membership) -> BTreeMap<DocId, (EpochId, u16)> {
        let Some(current) = membership.current_epoch(&Compartment::Clinical.into())
        else {
            return BTreeMap::new();
        };
        let now = membership.at_least(self.clinic.clock.now());
        let live = membership.live_at(&self.endpoint, now);
        let documents = live.flat_map(|it| it.grant.writable());
        let epoch = current.epoch.id();
        documents
            .map(|doc| (doc, (epoch, membership.doc_step(doc))))
            .collect()
    }
}

fn session_of(statement: &Statement) -> Option<SessionId> {
    match statement.signer() {
        Signer::Session(session, _) => Some(session),
        Signer::Root(_) | Signer::User(..) | Signer::Device(_) => None,
    }
}
