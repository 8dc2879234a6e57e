//! What this machine knows of who belongs: every statement, and where certificates stand.

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::ControlFlow,
};

use super::{
    Error,
    actor::Signing,
    allowance::{Room, Spoken},
    lanes::{Stored, each_envelope},
    let_in::LetIn,
};
use crate::{
    doc::{Doubts, Writer},
    ids::{ClinicId, DeviceId, DocId, Hash, LogId, SessionId, StatementId, UserId},
    ledger::{self, Envelope, Header, Kind, Lane, Place},
    members::{
        self, Body, Certificate, Judgement, Membership, Missing, Signer, Statement,
        WrittenOutside,
    },
    seal::{self, PublicKey, names},
    store::{self, Store},
    time::Timestamp,
};

/// Statements folded, and certificates to be looked up.
#[derive(Debug)]
pub(super) struct Known {
    pub(super) membership: Membership,
    let_in: LetIn,
    spoken: Spoken,
    certificates: BTreeMap<SessionId, Place>,
    /// Names the removals that cut somebody off; zero where there are none.
    cut_offs: Hash,
    /// The earliest that it can be now.
    not_before: Option<Timestamp>,
    /// The documents of which nothing is kept any more.
    erased: BTreeSet<DocId>,
    /// The sessions that write, once somebody asked for one.
    sessions: BTreeMap<SessionId, Writing>,
}

/// A session that writes, by its certificate.
#[derive(Debug)]
struct Writing {
    signing: Signing,
    /// The machine that it works on.
    device: DeviceId,
    /// Whose it is, once the certificate was checked.
    user: Option<UserId>,
}

/// Those who wrote in a document, as it names them.
pub(super) type Actors = BTreeSet<[u8; 16]>;
/// Whose some actors of a document are.
#[derive(Debug, Default)]
pub(super) struct Writers {
    pub(super) of: BTreeMap<[u8; 16], Writer>,
    /// Their sessions.
    pub(super) sessions: BTreeMap<SessionId, [u8; 16]>,
    /// Which of their changes do not count.
    pub(super) doubts: Doubts,
    /// Whether other ones may not count, or these may, once more is held.
    pub(super) may_change: bool,
}

impl Writing {
    fn of(certificate: &Certificate) -> Self {
        Self {
            signing: Signing::of(certificate),
            device: certificate.device(),
            user: Some(certificate.user()),
        }
    }
}

impl Known {
    /// Reads the membership lane of every log. A certificate is only opened where a statement
    /// leans on it: every sign-in leaves one, and years of them would make a start slow.
    pub(super) fn read(store: &Store, clinic: ClinicId) -> Result<Self, Error> {
        let mut known = Self {
            membership: Membership::new(clinic),
            let_in: LetIn::default(),
            spoken: Spoken::default(),
            certificates: BTreeMap::new(),
            cut_offs: Hash::ZERO,
            not_before: None,
            erased: BTreeSet::new(),
            sessions: BTreeMap::new(),
        };
        let mut statements = Vec::new();
        let mut unread = Vec::new();
        for ((log, lane), stretch) in store.stretches()? {
            if lane != Lane::Membership {
                continue;
            }
            let seq = stretch.first;
            let from = Place { log, lane, seq };
            each_envelope(store, from, |place, stored| {
                let stands = |it: &Header| store.is_at(place, it);
                let taken = known.take((place, stands), stored, &mut statements);
                if let Err(error) = taken {
                    unread.push((place, error));
                }
                Ok(ControlFlow::Continue(()))
            })?;
        }
        let mut certificates = Vec::new();
        for session in sessions_of(&statements) {
            certificates.extend(held(known.certificate(store, session))?);
        }
        known
            .membership
            .add(statements, certificates)
            .map_err(|source| Error::damaged("a statement", source))?;
        known.note_standing();
        for (place, error) in unread {
            if !known.was_no_statement(store, place)? {
                return Err(error);
            }
        }
        Ok(known)
    }

    /// Whether an envelope that cannot be read was no statement. A clinic does not open
    /// without one: it may have removed somebody. A session that began later knew all
    /// statements before it, so if those that it names are held whole, none is lost.
    fn was_no_statement(&mut self, store: &Store, place: Place) -> Result<bool, Error> {
        let later = self.certificates.iter();
        let later = later.filter(|(_, it)| it.run() == place.run() && it.seq > place.seq);
        let mut later: Vec<_> = later.map(|(session, it)| (it.seq, *session)).collect();
        later.sort_unstable();
        for (_, session) in later {
            if let Some(certificate) = held(self.certificate(store, session))? {
                let mut heads = certificate.granted().heads.iter();
                return Ok(heads.all(|it| self.is_whole(*it)));
            }
        }
        Ok(false)
    }

    /// Whether a statement and all that it follows are held.
    fn is_whole(&self, statement: StatementId) -> bool {
        match self.membership.judgement(statement) {
            Some(
                Judgement::Counts
                | Judgement::Void(_)
                | Judgement::Waiting(Missing::Certificate(_)),
            ) => true,
            Some(Judgement::Waiting(Missing::Statement(_))) | None => false,
        }
    }

    /// The name of the removals that cut somebody off; zero where there are none.
    pub(super) const fn cut_offs(&self) -> Hash {
        self.cut_offs
    }

    /// The earliest that it can be now, by clocks of owners that agreed with others.
    pub(super) const fn not_before(&self) -> Option<Timestamp> {
        self.not_before
    }

    /// Whether nothing of this document is kept any more.
    pub(super) fn is_erased(&self, doc: DocId) -> bool {
        self.erased.contains(&doc)
    }

    /// The machines that were ever let in.
    pub(super) const fn let_in(&self) -> &LetIn {
        &self.let_in
    }

    /// What the machine that writes this log may still say of who belongs.
    pub(super) fn room(&self, log: LogId, let_in: &LetIn, now: Timestamp) -> Room {
        let since = let_in.since(log).unwrap_or(now);
        self.spoken.room(log, since, now.max(let_in.latest()))
    }

    /// An envelope of the membership lane was kept.
    pub(super) fn spoke(&mut self, log: LogId, bytes: usize) {
        self.spoken.add(log, bytes);
    }

    fn note_standing(&mut self) {
        self.erased = self.membership.erased();
        self.not_before = self.membership.not_before();
        self.let_in.hear(self.membership.statements());
        let removals = self.membership.cut_offs();
        let bytes: Vec<u8> = removals.iter().flat_map(|it| *it.as_bytes()).collect();
        self.cut_offs = if bytes.is_empty() {
            Hash::ZERO
        } else {
            seal::hash(&bytes)
        };
    }

    /// Takes in statements that were just written here.
    pub(super) fn learn(
        &mut self,
        statements: Vec<Statement>,
        certificates: Vec<Certificate>,
    ) -> Result<(), Error> {
        let added = self.membership.add(statements, certificates);
        self.note_standing();
        added.map_err(|source| Error::damaged("a statement", source))
    }

    /// Takes in statements and certificates that came from elsewhere and are on the disk.
    /// Whether anything is judged anew.
    pub(super) fn take_in(
        &mut self,
        store: &Store,
        statements: Vec<Statement>,
        certificates: Vec<(Place, Certificate)>,
    ) -> Result<bool, Error> {
        let mut leaned_on = sessions_of(&statements);
        let waiting = self.membership.judgements().values();
        leaned_on.extend(waiting.filter_map(|it| match it {
            Judgement::Waiting(Missing::Certificate(session)) => Some(*session),
            Judgement::Waiting(Missing::Statement(_))
            | Judgement::Counts
            | Judgement::Void(_) => None,
        }));
        let mut new = Vec::new();
        for (place, certificate) in certificates {
            let session = certificate.id();
            self.certificates.insert(session, place);
            self.sessions.insert(session, Writing::of(&certificate));
            if leaned_on.remove(&session) {
                new.push(certificate);
            }
        }
        if statements.is_empty() && new.is_empty() {
            return Ok(false);
        }
        leaned_on.retain(|it| self.membership.certificate(*it).is_none());
        for session in leaned_on {
            new.extend(held(self.certificate(store, session))?);
        }
        self.learn(statements, new)?;
        Ok(true)
    }

    /// The endpoint key that signs in a machine's unattended log, by the statement that
    /// certifies it.
    pub(super) fn unattended(&self, session: SessionId, log: LogId) -> Option<PublicKey> {
        let id = StatementId::from_bytes(*session.as_bytes());
        let statement = self.membership.statement(id)?;
        let (Body::Endpoint(endpoint), Signer::Device(device)) =
            (statement.body(), statement.signer())
        else {
            return None;
        };
        let let_in = self.let_in.key_at(names::log_id(&device)).is_some();
        (let_in && names::unattended_log_id(&device) == log).then_some(endpoint.key)
    }

    /// Whether what the session of this certificate wrote there counts: that of somebody of
    /// the clinic by who belongs, that of a provider of another one by grants alone.
    pub(super) fn judge(
        &self,
        certificate: &Certificate,
        written: &WrittenOutside<'_>,
    ) -> Judgement {
        if self.is_outside(&Signing::of(certificate)) {
            self.membership.judge_outside(certificate, written)
        } else {
            self.membership.judge(certificate, &written.written)
        }
    }

    /// Whether a session works at a machine that was never let in, and to which something
    /// was granted.
    pub(super) fn is_outside(&self, signing: &Signing) -> bool {
        self.let_in.guest(signing.log).is_some()
    }

    /// Where a certificate stands that was just written here.
    pub(super) fn certified(&mut self, session: SessionId, place: Place) {
        self.certificates.insert(session, place);
    }

    /// The certificate of a session, if it is held. Its signatures are checked once.
    pub(super) fn certificate(
        &mut self,
        store: &Store,
        session: SessionId,
    ) -> Result<Option<Certificate>, Error> {
        let Some(place) = self.certificates.get(&session) else {
            return Ok(None);
        };
        let Some(content) = content_at(store, *place, session)? else {
            return Ok(None);
        };
        let known = self.sessions.get(&session);
        let certificate = if known.is_some_and(|it| it.user.is_some()) {
            Certificate::reopen(&content, session)
        } else {
            Certificate::open(&content)
        };
        let certificate = certificate
            .map_err(|source| Error::damaged(certificate_of(session), source))?;
        if certificate.id() != session {
            return Ok(None);
        }
        self.sessions.insert(session, Writing::of(&certificate));
        Ok(Some(certificate))
    }

    /// What stands in the `session` field of what a machine writes with nobody signed in: the
    /// statement that certifies the endpoint key in use.
    pub(super) fn endpoint_session(&self, device: DeviceId) -> SessionId {
        let here = self.membership.device(device);
        let certifying = here.and_then(|here| {
            let mut said = self.membership.statements();
            said.find(|it| {
                let Body::Endpoint(endpoint) = it.body() else {
                    return false;
                };
                here.endpoint == Some(endpoint.key) && *it.signer().key() == here.key
            })
        });
        certifying.map_or(SessionId::ZERO, |it| {
            SessionId::from_bytes(*it.id().as_bytes())
        })
    }

    /// What a session signs with, if its certificate is held and fits.
    pub(super) fn signing(
        &mut self,
        store: &Store,
        session: SessionId,
    ) -> Result<Option<Signing>, Error> {
        let checked = self.sessions.get(&session).filter(|it| it.user.is_some());
        if let Some(known) = checked {
            return Ok(Some(known.signing));
        }
        let certificate = held(self.certificate(store, session))?;
        Ok(certificate.map(|it| Signing::of(&it)))
    }

    /// Whose these actors of a document are, by the certificates that are held.
    pub(super) fn writers(
        &mut self,
        store: &Store,
        doc: DocId,
        actors: &Actors,
    ) -> Result<Writers, Error> {
        let mut writers = Writers::default();
        if actors.is_empty() {
            return Ok(writers);
        }
        self.read_sessions(store)?;
        let sessions = self.sessions.iter();
        let named = sessions
            .map(|(id, it)| (*id, names::actor_id(&it.signing.key, doc), it.device));
        let named: Vec<_> = named.filter(|(_, it, _)| actors.contains(it)).collect();
        for (session, actor, machine) in named {
            let user = self.user_of(store, session)?;
            writers.sessions.insert(session, actor);
            let writer = user.map(|user| (actor, Writer { user, machine }));
            writers.of.extend(writer);
        }
        Ok(writers)
    }

    /// Reads the keys of sessions that are not known yet, and leaves their signatures for
    /// when one of them is asked for.
    fn read_sessions(&mut self, store: &Store) -> Result<(), Error> {
        if self.sessions.len() == self.certificates.len() {
            return Ok(());
        }
        let mut unread = Vec::new();
        for (session, place) in &self.certificates {
            if self.sessions.contains_key(session) {
                continue;
            }
            let content = held(content_at(store, *place, *session))?;
            let read = content.and_then(|it| Certificate::reopen(&it, *session).ok());
            if let Some(read) = read {
                let writing = Writing {
                    user: None,
                    ..Writing::of(&read)
                };
                self.sessions.insert(*session, writing);
            } else {
                unread.push(*session);
            }
        }
        // Nobody answers for what these wrote; `verify` names them.
        for session in unread {
            self.certificates.remove(&session);
        }
        Ok(())
    }

    /// Whose a session is.
    fn user_of(
        &mut self,
        store: &Store,
        session: SessionId,
    ) -> Result<Option<UserId>, Error> {
        if let Some(user) = self.sessions.get(&session).and_then(|it| it.user) {
            return Ok(Some(user));
        }
        let certificate = held(self.certificate(store, session))?;
        Ok(certificate.map(|it| it.user()))
    }

    fn take(
        &mut self,
        (place, stands): (Place, impl Fn(&Header) -> bool),
        stored: Stored,
        statements: &mut Vec<Statement>,
    ) -> Result<(), Error> {
        let what = || {
            let Place { log, seq, .. } = place;
            format!("envelope {seq} of the membership lane of log {log}")
        };
        let bytes = stored.map_err(|source| Error::damaged(what(), source))?;
        let envelope =
            Envelope::decode(&bytes).map_err(|source| Error::damaged(what(), source))?;
        if !stands(&envelope.header) {
            return Err(Error::damaged(what(), ledger::Error::Malformed));
        }
        self.spoken.add(envelope.header.log, bytes.len());
        // What a newer program wrote waits for this one to be renewed; the clinic opens.
        if envelope.header.suite.known().is_err() {
            return Ok(());
        }
        if envelope.header.kind == Kind::Certificate {
            let session = seal::hash(&envelope.content);
            let session = SessionId::from_bytes(*session.as_bytes());
            self.certificates.insert(session, place);
            return Ok(());
        }
        match Statement::open(&envelope.content) {
            Ok(statement) => statements.push(statement),
            Err(members::Error::Unknown { .. }) => {}
            Err(source) => return Err(Error::damaged(what(), source)),
        }
        Ok(())
    }
}

/// The sessions that signed some of these.
fn sessions_of(statements: &[Statement]) -> BTreeSet<SessionId> {
    let signers = statements.iter().map(Statement::signer);
    let sessions = signers.filter_map(|it| match it {
        Signer::Session(session, _) => Some(session),
        Signer::Root(_) | Signer::User(..) | Signer::Device(_) => None,
    });
    sessions.collect()
}

fn content_at(
    store: &Store,
    place: Place,
    session: SessionId,
) -> Result<Option<Vec<u8>>, Error> {
    let Some(bytes) = store.envelope(place)? else {
        return Ok(None);
    };
    let envelope = Envelope::decode(&bytes)
        .map_err(|source| Error::damaged(certificate_of(session), source))?;
    Ok(Some(envelope.content))
}

/// What is damaged is not held.
fn held<T>(read: Result<Option<T>, Error>) -> Result<Option<T>, Error> {
    match read {
        Err(Error::Damaged { .. } | Error::Store(store::Error::Damaged { .. })) => {
            Ok(None)
        }
        read => read,
    }
}

fn certificate_of(session: SessionId) -> String {
    format!("the certificate {session}")
}
