//! Writing as a guest of another clinic: into the inbox that its grant names, in a session
//! that is certified for that clinic and that grant, and in a log of its own.

use std::sync::PoisonError;

use super::{
    Guest,
    opening::{Abroad, Visit},
};
use crate::{
    chart::{Edit, Entry as Recorded, Kind as Of, Part},
    clinic::{
        AuditAction, AuditObject, Disclosed, Error, Happened, Session, actor::Signing,
        rights,
    },
    doc::{self, Stamp},
    ids::{ClinicId, DocId, LogId, PatientId, SessionId, StatementId, UserId},
    ledger::{Chain, Entry, Envelope, Header, Kind, Lane, Payload, Suite, seal_payload},
    members::{Certificate, Grant, Granted, SESSION_MS_MAX, Statement},
    seal::{Secret, SigningKey, names},
    store::Shelved,
    time::{Hlc, Moment, Timestamp},
};

/// One document of a grant that is written in, and when.
struct Writing<'a> {
    grant: &'a Grant,
    doc: DocId,
    now: Timestamp,
}

impl Session {
    /// Whom other clinics know who is at work as.
    pub fn guest_user(&self) -> UserId {
        names::user_id(&self.keys.signing.public())
    }

    /// What a record that is proposed to another clinic now has in common with all others.
    pub fn guest_entry(&mut self) -> Recorded {
        Recorded {
            by: self.guest_user(),
            ..self.entry()
        }
    }

    /// Proposes something for the chart of a patient of another clinic, by a grant that is
    /// live. It is on the disk when this returns, and goes there at the next meeting.
    pub fn propose(
        &mut self,
        clinic: ClinicId,
        patient: PatientId,
        edits: &[Edit],
    ) -> Result<(), Error> {
        for action in edits.iter().flat_map(rights::actions_of) {
            self.may(action)?;
        }
        let is_own = |it: &Edit| {
            let record = it.record();
            record.kind() != Of::Outcome && record.entry().by == self.guest_user()
        };
        if !edits.iter().all(is_own) {
            let why = "a proposal is in the name of whoever makes it";
            return Err(Error::Refused(why.to_owned()));
        }
        let visit = self.visit(clinic)?.ok_or_else(over)?;
        let grant = visit.grant_of(patient)?;
        let what = format!("proposed at {clinic}");
        let told =
            AuditObject::Disclosed(Box::new(Disclosed::new(patient, &what, "", "")));
        self.audit(AuditAction::Create, told)?;
        let at = (clinic, grant);
        let begins = !self.abroad.contains_key(&at);
        let written = self.write_abroad(&visit, grant, edits);
        if begins && !matches!(written, Ok(true)) {
            // Nobody holds its certificate.
            self.abroad.remove(&at);
        }
        written?;
        self.clinic.tell(Happened::Guest);
        Ok(())
    }

    /// Writes in the inbox of a grant; tells whether that changed something.
    fn write_abroad(
        &mut self,
        visit: &Visit,
        grant: StatementId,
        edits: &[Edit],
    ) -> Result<bool, Error> {
        let guest = &visit.guest;
        let _putting = guest.putting.lock().unwrap_or_else(PoisonError::into_inner);
        let now = self.clinic.now_as_guest(guest)?;
        let mut granted = visit.papers.grants(now);
        let (_, to, _) = granted.find(|(id, ..)| *id == grant).ok_or_else(over)?;
        let writing = Writing {
            grant: to,
            doc: to.inbox,
            now,
        };
        let key = visit.writing_key(writing.doc);
        let (key, secret) =
            key.ok_or_else(|| Error::Missing("key of this inbox".to_owned()))?;
        let mut new = self.go_abroad(visit, grant, now)?;
        let at = (guest.clinic, grant);
        let abroad = self.abroad.get(&at).ok_or_else(over)?;
        let signing = Signing::of(&abroad.certificate);
        let log = names::guest_log_id(&signing.device, writing.doc);
        let (chain, hlc) = guest.end_of(writing.doc, (log, Lane::Clinical), &writing)?;
        let wall = Moment {
            at: now,
            ..self.clinic.moment()
        };
        let around = signing.around(writing.doc, wall);
        let stamp = Stamp {
            actor: around.actor,
            at: hlc.timestamp(),
        };
        let mut open = visit.load(writing.doc, Part::Inbox)?;
        let body = open.doc.write(edits, stamp);
        let body = body
            .map_err(|why| Error::Refused(format!("this cannot be proposed: {why}")))?;
        let Some(body) = body else {
            return Ok(false);
        };
        let clock = self.clinic.desk().when(wall, self.clinic.clock).clock;
        let payload = Payload {
            wall,
            clock,
            role: self.role().byte(),
            body: doc::thin(&body, &around),
        };
        let header = Header {
            suite: Suite::CHANGES,
            doc: writing.doc,
            kind: Kind::Change,
            lane: Lane::Clinical,
            epoch: key.epoch,
            k: key.k,
            ..blank(guest.clinic, abroad.certificate.id(), hlc)
        };
        let sealed = self.seal_abroad((chain.place(header), payload), secret, abroad)?;
        new.push(shelved(&sealed));
        guest.shelf.put(&new, &[])?;
        Ok(true)
    }

    fn seal_abroad(
        &self,
        (header, payload): (Header, Payload),
        secret: &Secret,
        abroad: &Abroad,
    ) -> Result<Envelope, Error> {
        let mut chance = self.clinic.chance();
        seal_payload(header, &payload, secret, &abroad.signing, &mut chance)
            .map_err(|source| Error::damaged("a proposal that was to be made", source))
    }

    /// Certifies this session at another clinic, for one grant, where it is not yet; gives
    /// the envelope that says so.
    fn go_abroad(
        &mut self,
        visit: &Visit,
        grant: StatementId,
        now: Timestamp,
    ) -> Result<Vec<(Shelved, Vec<u8>)>, Error> {
        let guest = &visit.guest;
        let at = (guest.clinic, grant);
        if self.abroad.contains_key(&at) {
            return Ok(Vec::new());
        }
        let signing = SigningKey::generate(&mut self.clinic.chance());
        let hlc = Hlc::from_parts(now, 0);
        let granted = Granted {
            clinic: guest.clinic,
            session: signing.public(),
            user: self.guest_user(),
            at: hlc,
            not_after: now.plus_ms(SESSION_MS_MAX),
            heads: [grant].into(),
        };
        let unsayable =
            |source| Error::damaged("a certificate for another clinic", source);
        let certificate =
            Certificate::issue(granted, &self.keys.signing, &self.device.signing)
                .map_err(unsayable)?;
        let chain = guest
            .chain(DocId::ZERO, (certificate.log(), Lane::Membership))?
            .0;
        let header = blank(guest.clinic, certificate.id(), hlc);
        let envelope =
            Envelope::sign(chain.place(header), certificate.encode(), &signing)
                .map_err(|source| Error::damaged("an envelope to be written", source))?;
        let abroad = Abroad {
            certificate,
            signing,
        };
        self.abroad.insert(at, abroad);
        Ok(vec![shelved(&envelope)])
    }
}

impl Visit {
    /// The newest live grant to who is at work that opens this patient's chart.
    pub(super) fn grant_of(&self, patient: PatientId) -> Result<StatementId, Error> {
        let opens = |id: &&StatementId| self.told.patients.get(*id) == Some(&patient);
        let live = self.grants.iter().filter(opens);
        let begun = |id: &&StatementId| {
            let statement = self.papers.statements.get(*id);
            statement.map(Statement::at)
        };
        let newest = live.max_by_key(begun);
        newest.copied().ok_or_else(|| {
            Error::Missing(format!("patient {patient} of theirs that is shared now"))
        })
    }
}

impl Guest {
    /// The end of what this machine wrote in a log, and the last time there.
    fn chain(
        &self,
        doc: DocId,
        (log, lane): (LogId, Lane),
    ) -> Result<(Chain, Hlc), Error> {
        let mut last: Option<(u64, Vec<u8>)> = None;
        self.each_of(doc, |at, header, bytes| {
            let is_later = last.as_ref().is_none_or(|(seq, _)| at.seq >= *seq);
            if header.log == log && is_later {
                last = Some((at.seq, bytes.to_vec()));
            }
        })?;
        let entry = last.and_then(|(_, it)| Entry::decode(&it).ok());
        Ok(
            entry.map_or((Chain::start(log, lane), Hlc::default()), |it| {
                let chain = Chain::known(log, lane, it.header().seq, it.hash());
                (chain, it.header().hlc)
            }),
        )
    }

    /// The end of a document's log, and the time of what is written next there: after what
    /// stands before, unless a wrong clock set that behind the end of the grant.
    fn end_of(
        &self,
        doc: DocId,
        log: (LogId, Lane),
        writing: &Writing<'_>,
    ) -> Result<(Chain, Hlc), Error> {
        let (chain, last) = self.chain(doc, log)?;
        let last = Some(last).filter(|it| it.timestamp() < writing.grant.not_after);
        let now = Hlc::from_parts(writing.now, 0);
        Ok((chain, last.map_or(now, |it| now.max(it.next()))))
    }
}

pub(super) fn over() -> Error {
    Error::Missing("share of theirs that can be read now".to_owned())
}

fn blank(clinic: ClinicId, session: SessionId, hlc: Hlc) -> Header {
    Header::unsealed(Kind::Certificate, clinic, session, hlc)
}

fn shelved(envelope: &Envelope) -> (Shelved, Vec<u8>) {
    let header = &envelope.header;
    let at = Shelved::new(header.doc, header.log, header.seq, envelope.hash());
    (at, envelope.encode())
}
