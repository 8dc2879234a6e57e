//! What of another clinic's documents a session can read: the keys that were given to who is
//! at work, opened with their carry key and nowhere kept, and what they were told.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use super::Guest;
use crate::{
    chart::{Part, Subject},
    clinic::{
        Error, Session,
        actor::Signing,
        documents::{Open, Said},
        known::Writers,
        reading::Changes,
    },
    doc::Writer,
    ids::{ClinicId, DocId, KeyId, SessionId, StatementId},
    ledger::{Entry, Envelope, Kind, open_payload},
    members::{Certificate, DocKey, Papers, Term, Told},
    seal::{Secret, SigningKey, names},
};

/// What a session opened of one other clinic.
pub(in crate::clinic) struct Visit {
    pub(super) guest: Arc<Guest>,
    pub(super) papers: Arc<Papers>,
    keys: BTreeMap<(DocId, KeyId), Secret>,
    pub(super) told: Told,
    /// The grants to who is at work.
    pub(super) grants: BTreeSet<StatementId>,
}

/// A session at another clinic, by one grant.
pub(in crate::clinic) struct Abroad {
    pub(super) certificate: Certificate,
    pub(super) signing: SigningKey,
}

impl Session {
    /// What is shared by a clinic with who is at work, opened; nothing where none of it is
    /// live any more.
    pub(super) fn visit(&self, clinic: ClinicId) -> Result<Option<Visit>, Error> {
        let guest = self.clinic.guest(clinic)?;
        let now = self.clinic.now_as_guest(&guest)?;
        let Some(papers) = self.clinic.papers_in_force(&guest)? else {
            return Ok(None);
        };
        let own = self.keys.signing.public();
        let carry = &self.keys.carry;
        let mut grants = BTreeSet::new();
        let mut keys = BTreeMap::new();
        for (id, grant, term) in papers.grants(now) {
            if term == Term::Live && grant.key == own {
                grants.insert(id);
                keys.extend(papers.open_given(id, carry));
            }
        }
        if grants.is_empty() {
            return Ok(None);
        }
        let told = papers.told.get(&carry.public());
        let told = told.and_then(|it| Told::unwrap(it, carry).ok());
        Ok(Some(Visit {
            guest,
            papers,
            keys,
            told: told.unwrap_or_default(),
            grants,
        }))
    }
}

impl Visit {
    /// The key to write in a document with: that which the clinic writes with, or another
    /// that was given.
    pub(super) fn writing_key(&self, doc: DocId) -> Option<(DocKey, &Secret)> {
        let given = self.grants.iter().flat_map(|it| self.papers.given(*it));
        let of_doc = given.filter(|(key, _)| key.doc == doc);
        let held = of_doc
            .filter_map(|(key, id)| Some((key, self.keys.get(&(doc, id))?)))
            .collect::<Vec<_>>();
        let wanted = self.papers.writing.get(&doc);
        let is_wanted = |(key, _): &&(DocKey, &Secret)| {
            wanted.is_some_and(|(epoch, k)| (key.epoch, key.k) == (*epoch, *k))
        };
        held.iter().find(is_wanted).or(held.last()).copied()
    }

    /// The document, made of what is held of it, with limits of memory and time as for
    /// whatever comes from elsewhere.
    pub(super) fn load(&self, doc: DocId, part: Part) -> Result<Open, Error> {
        let sessions = self.sessions()?;
        let mut changes = Changes::default();
        self.guest.each_of(doc, |at, _, bytes| {
            let change = Entry::decode(bytes).ok();
            let change = change.as_ref().and_then(Entry::whole);
            let change = change.ok_or_else(|| "it cannot be read".to_owned());
            match change.and_then(|it| self.change(it, &sessions)) {
                Ok(change) => changes.read.push(change),
                Err(why) => {
                    let what = format!("log {} {}: {why}", at.log, at.seq);
                    changes.unread.push(what);
                }
            }
        })?;
        let subject = Subject::Clinic;
        let mut open = Open::new(doc, subject, part);
        open.take(changes);
        Ok(open)
    }

    /// What a document says, with what does not count there marked as the clinic marks it.
    pub(super) fn said(&self, doc: DocId, part: Part) -> Result<Said, Error> {
        let mut open = self.load(doc, part)?;
        let writers = |_: &_| self.writers(doc);
        Ok(open.rows(writers)?.said)
    }

    fn writers(&self, doc: DocId) -> Result<Writers, Error> {
        let mut writers = Writers::default();
        for (session, certificate) in self.certificates()? {
            let actor = names::actor_id(certificate.session_key(), doc);
            let writer = Writer {
                user: certificate.user(),
                machine: certificate.device(),
            };
            writers.of.insert(actor, writer);
            writers.sessions.insert(session, actor);
            if let Some(from) = self.papers.doubts.get(&(doc, session)) {
                writers.doubts.insert(actor, *from);
            }
        }
        Ok(writers)
    }

    fn sessions(&self) -> Result<BTreeMap<SessionId, Signing>, Error> {
        let all = self.certificates()?.into_iter();
        Ok(all.map(|(id, it)| (id, Signing::of(&it))).collect())
    }

    /// The sessions that may have written, this machine's own among them.
    fn certificates(&self) -> Result<BTreeMap<SessionId, Certificate>, Error> {
        let mut all = self.guest.own_certificates()?;
        all.extend(self.papers.certificates.clone());
        Ok(all)
    }

    fn change(
        &self,
        envelope: &Envelope,
        sessions: &BTreeMap<SessionId, Signing>,
    ) -> Result<Vec<u8>, String> {
        let header = &envelope.header;
        if header.kind != Kind::Change {
            return Err("it is no change".to_owned());
        }
        header.suite.known().map_err(|it| it.to_string())?;
        let key = self.keys.get(&(header.doc, header.key_id));
        let key = key.ok_or_else(|| "its key was not given".to_owned())?;
        let payload = open_payload(envelope, key).map_err(|it| it.to_string())?;
        let signing = sessions.get(&header.session);
        let signing = signing.ok_or_else(|| "its session is not known".to_owned())?;
        signing
            .wrote(envelope, &payload)
            .map_err(|it| it.to_string())
    }
}
