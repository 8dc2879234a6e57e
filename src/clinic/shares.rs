//! Sharing a patient's documents with a provider of another clinic: granting what the patient
//! agreed to, taking it back, and which documents a machine of theirs may have.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    AuditAction, AuditObject, CardRow, Clinic, Disclosed, Error, Session,
    stating::unsayable,
};
use crate::{
    care::consent::{Answer, Lacks, Recipient, answer, lacks},
    chart::{Category, Consents, Part, Purpose, SharedPart, Subject, who::Action},
    doc::View,
    ids::{CardId, DocId, Hash, PatientId, StatementId, UserId},
    ledger::Lane,
    members::{Access, Author, Body, Grant, Granting, Term, Verified},
    seal::PublicKey,
    time::{PartialDate, Timestamp},
};

/// What is granted, and until when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Share {
    /// Which parts of the chart. Who the person is goes with them.
    pub parts: BTreeSet<Part>,
    /// Until when.
    pub until: Timestamp,
    /// What for.
    pub purpose: Purpose,
}

/// A grant as listed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShareRow {
    /// Its statement.
    pub grant: StatementId,
    /// The name of the card that it is granted to.
    pub receiver: CardId,
    /// That card, if it is kept.
    pub card: Option<CardRow>,
    /// Whose chart, if that is known here.
    pub patient: Option<PatientId>,
    /// The parts of it.
    pub parts: BTreeSet<Part>,
    /// From when on.
    pub from: Timestamp,
    /// Until when.
    pub until: Timestamp,
    /// What for, if this program knows it.
    pub purpose: Option<Purpose>,
    /// How it stands now.
    pub term: Term,
    /// Who granted.
    pub by: UserId,
    /// When.
    pub at: Timestamp,
}

/// A grant as the statements have it.
struct Granted {
    statement: StatementId,
    grant: Grant,
    by: UserId,
    at: Timestamp,
    term: Term,
}

const MINUTE_MS: i64 = 60 * 1000;

impl Clinic {
    /// The documents that a machine of another clinic may have which meets with this key.
    /// None, where this machine has heard of no other of the clinic for long: somebody may
    /// have taken them back.
    pub fn shared_with(&self, endpoint: PublicKey) -> BTreeSet<DocId> {
        let now = self.clock.now();
        let device = self.device();
        let membership = &self.known().membership;
        if !membership.is_fresh(device, now) {
            return BTreeSet::new();
        }
        membership.scope(&endpoint, membership.at_least(now))
    }
}

impl Session {
    /// Opens parts of a patient's chart to the bearer of a card, as far as the patient agreed.
    /// Whoever holds the card can read them from the next meeting on.
    pub fn share(
        &mut self,
        patient: PatientId,
        card: &CardRow,
        share: &Share,
    ) -> Result<StatementId, Error> {
        self.may_in(patient, Action::Share)?;
        for category in share.parts.iter().filter_map(|it| it.category()) {
            self.may_in_closed(patient, Action::Share, category)?;
        }
        self.settle()?;
        if !self.is_on_file(patient) {
            return Err(Error::Missing(format!("patient {patient} on this machine")));
        }
        check_card(card)?;
        let now = self.now_at_least();
        if share.until <= now {
            return Err(Error::Refused(
                "this share would be over already".to_owned(),
            ));
        }
        let consents = self.consents_of(patient)?;
        if let Some(why) = self.lacks_consent(&consents, card, share) {
            return Err(Error::Refused(why));
        }
        let grant = self.granting(patient, card, (share, now))?;
        let keys = self.keys_to_give((&grant, patient), &BTreeSet::new())?;
        let mut series = self.series();
        let said = {
            let session = Author::session(self.id, &self.signing);
            let body = Body::Grant(Box::new(grant.clone()));
            let said = series.say(session, body).map_err(unsayable)?;
            self.give(&mut series, (said, &grant), keys)?;
            said
        };
        let about = card.card.about();
        let to = format!("{}, {}", about.name, about.clinic_name);
        let what = words_of(&share.parts);
        let told = Disclosed::new(patient, &what, &to, share.purpose.name());
        let audited = AuditObject::Disclosed(Box::new(told));
        self.state(series, Vec::new(), Some((AuditAction::Share, audited)))?;
        self.tell_guests()?;
        Ok(said)
    }

    /// The card that is meant, if something may be shared with its bearer.
    pub fn card_to_share(&self, text: &str) -> Result<CardRow, Error> {
        let row = self.card_named(text)?;
        check_card(&row)?;
        Ok(row)
    }

    /// The last moment of a day here.
    pub fn end_of(&self, day: PartialDate) -> Timestamp {
        let next = day.plus_days(1).first_instant();
        let zone_ms = i64::from(self.moment().offset_minutes) * MINUTE_MS;
        next.plus_ms(-zone_ms - 1)
    }

    /// Every grant, the newest first.
    pub fn shares(&mut self) -> Result<Vec<ShareRow>, Error> {
        self.may(Action::ReadConsent)?;
        let now = self.now_at_least();
        self.shares_where(now, |_| true)
    }

    /// The grants of one patient's chart, the newest first.
    pub fn shares_of(&mut self, patient: PatientId) -> Result<Vec<ShareRow>, Error> {
        self.may_in(patient, Action::ReadConsent)?;
        let subject = Subject::Patient(patient);
        let identity = self.keyring.doc_id(subject, Part::Identity)?;
        let now = self.now_at_least();
        let granted = self.granted(now, |it| it.grant.documents.contains_key(&identity));
        self.rows_of(granted, &BTreeMap::from([(identity, patient)]))
    }

    fn shares_where(
        &self,
        now: Timestamp,
        wanted: impl Fn(&Granting<'_>) -> bool,
    ) -> Result<Vec<ShareRow>, Error> {
        let granted = self.granted(now, wanted);
        let patients = self.patients_of(granted.iter().map(|it| &it.grant));
        self.rows_of(granted, &patients)
    }

    fn granted(
        &self,
        now: Timestamp,
        wanted: impl Fn(&Granting<'_>) -> bool,
    ) -> Vec<Granted> {
        let known = self.clinic.known();
        let grants = known.membership.grants(now).into_iter();
        let granted = grants.filter(wanted).map(|it| Granted {
            statement: it.statement,
            grant: it.grant.clone(),
            by: it.by,
            at: it.at,
            term: it.term,
        });
        granted.collect()
    }

    fn rows_of(
        &self,
        granted: Vec<Granted>,
        patients: &BTreeMap<DocId, PatientId>,
    ) -> Result<Vec<ShareRow>, Error> {
        if granted.is_empty() {
            return Ok(Vec::new());
        }
        let cards = self.cards()?.into_iter();
        let cards: BTreeMap<CardId, CardRow> =
            cards.map(|it| (it.card.id(), it)).collect();
        let rows = granted.into_iter().map(|it| {
            let grant = &it.grant;
            let mut documents = grant.documents.keys();
            let patient = documents.find_map(|it| patients.get(it)).copied();
            let is_shared = |part: Part| {
                let of = |it| self.keyring.doc_id(Subject::Patient(it), part).ok();
                let doc = patient.and_then(of);
                doc.is_some_and(|it| grant.documents.contains_key(&it))
            };
            let parts = self.parts_of_patient().into_iter();
            let parts = parts.filter(|it| SharedPart::of(*it).is_some());
            ShareRow {
                grant: it.statement,
                receiver: grant.card,
                card: cards.get(&grant.card).cloned(),
                patient,
                parts: parts.filter(|it| is_shared(*it)).collect(),
                from: grant.not_before,
                until: grant.not_after,
                purpose: grant.purpose.known(),
                term: it.term,
                by: it.by,
                at: it.at,
            }
        });
        let mut rows: Vec<_> = rows.collect();
        rows.reverse();
        Ok(rows)
    }

    /// Whose the identities among the documents of these grants are, as far as this machine
    /// has them.
    pub(super) fn patients_of<'a>(
        &self,
        grants: impl Iterator<Item = &'a Grant>,
    ) -> BTreeMap<DocId, PatientId> {
        let wanted: BTreeSet<_> =
            grants.flat_map(|it| it.documents.keys().copied()).collect();
        let mut found = BTreeMap::new();
        self.with_index(|index| {
            for row in index.rows() {
                let subject = Subject::Patient(row.patient);
                let doc = self.keyring.doc_id(subject, Part::Identity).ok();
                let doc = doc.filter(|it| wanted.contains(it));
                found.extend(doc.map(|it| (it, row.patient)));
            }
        });
        found
    }

    /// Takes a grant back: the provider gets no more, nothing of what is written from now on
    /// opens with the keys that were given, and of what the provider wrote that counts which
    /// is held here by now.
    pub fn revoke_share(&mut self, grant: StatementId) -> Result<(), Error> {
        self.may(Action::WriteConsent)?;
        let now = self.now_at_least();
        let (logs, card) = {
            let known = self.clinic.known();
            let granting = known.membership.granting(grant, now);
            let granting =
                granting.ok_or_else(|| Error::Missing("share of this id".to_owned()))?;
            if matches!(granting.term, Term::Revoked { .. }) {
                return Ok(());
            }
            (granting.grant.logs(), granting.grant.card)
        };
        let reach = self
            .reach_where(|log, lane| lane != Lane::Membership && logs.contains(&log))?;
        let mut series = self.series();
        let body = Body::GrantRevoked(grant, reach);
        series
            .say(Author::session(self.id, &self.signing), body)
            .map_err(unsayable)?;
        let audited = self.told_of_end(grant, card)?;
        self.state(series, Vec::new(), Some((AuditAction::Share, audited)))?;
        self.give_lacking_keys()
    }

    /// Does what follows for what is shared when it changed who belongs, or what a patient
    /// agrees to: takes back what is to be, and gives the keys that are lacking.
    pub(super) fn heed_shares(&mut self) -> Result<(), Error> {
        self.end_shares()?;
        self.give_lacking_keys()?;
        self.tell_guests()
    }

    /// Takes back what is over, and what the patient no longer agrees to, whoever wrote that
    /// down. Keys change then, and no time that a provider makes up counts any more.
    fn end_shares(&mut self) -> Result<(), Error> {
        if self.may(Action::WriteConsent).is_err() {
            return Ok(());
        }
        let now = self.now_at_least();
        let not_ended = |it: &Granting<'_>| !matches!(it.term, Term::Revoked { .. });
        for share in self.shares_where(now, not_ended)? {
            let is_over = match share.term {
                Term::Expired => true,
                Term::Live | Term::Early => !self.is_agreed(&share)?,
                Term::Revoked { .. } => false,
            };
            if is_over {
                self.revoke_share(share.grant)?;
            }
        }
        Ok(())
    }

    /// The earliest that it can be now.
    pub(super) fn now_at_least(&self) -> Timestamp {
        let now = self.clinic.clock.now();
        self.clinic.known().membership.at_least(now)
    }

    fn granting(
        &self,
        patient: PatientId,
        row: &CardRow,
        (share, now): (&Share, Timestamp),
    ) -> Result<Grant, Error> {
        let subject = Subject::Patient(patient);
        let mut documents = BTreeMap::new();
        for part in share.parts.iter().chain([&Part::Identity]) {
            documents.insert(self.keyring.doc_id(subject, *part)?, Access::Read);
        }
        let about = row.card.about();
        Ok(Grant {
            card: row.card.id(),
            key: about.key,
            carry: about.carry,
            machines: row.card.machines().collect(),
            documents,
            inbox: self.keyring.inbox_id(patient, row.card.user())?,
            not_before: now,
            not_after: share.until,
            purpose: share.purpose.into(),
        })
    }

    /// Why the patient's consents do not carry a share.
    pub(super) fn lacks_consent(
        &self,
        consents: &Consents,
        card: &CardRow,
        share: &Share,
    ) -> Option<String> {
        if share.parts.is_empty() {
            return Some("nothing of the chart is named".to_owned());
        }
        let mut parts = Vec::new();
        for part in &share.parts {
            let Some(named) = SharedPart::of(*part) else {
                return Some(format!("{} is not shared", part.name()));
            };
            parts.push(named);
        }
        let lasts = |day| self.end_of(day) >= share.until;
        let to = recipient(card);
        Some(match lacks(consents, (to, &parts), self.today(), lasts)? {
            Lacks::SomeDays => {
                "the patient agreed to some of the chart's days only".to_owned()
            }
            Lacks::Shorter(day) => format!("the patient agreed until {day} only"),
            Lacks::Refused => "the patient refused".to_owned(),
            Lacks::Withdrawn => "the patient withdrew it".to_owned(),
            Lacks::NotAgreed(part) => {
                format!("the patient did not agree to {}", part.word())
            }
        })
    }

    /// Whether the patient still agrees to a grant. One whose patient or receiver is not
    /// known here is left to a machine that knows them.
    fn is_agreed(&mut self, share: &ShareRow) -> Result<bool, Error> {
        let (Some(patient), Some(card)) = (share.patient, &share.card) else {
            return Ok(true);
        };
        let consents = self.consents_of(patient)?;
        let to = recipient(card);
        let day = self.today();
        let closed = self.categories_given(share.grant).into_iter();
        let closed = closed.map(Part::Restricted);
        let parts = share.parts.iter().copied().chain(closed);
        let mut shared = parts.filter_map(SharedPart::of);
        Ok(shared.all(|part| {
            let answer = answer(&consents, (to, &part), day);
            matches!(answer, Answer::Given(_) | Answer::NotYet(_))
        }))
    }

    /// The categories of which keys were given with a grant. Whoever may not open them cannot
    /// name their documents, and the patient's no ends them all the same.
    fn categories_given(&self, grant: StatementId) -> BTreeSet<Category> {
        let known = self.clinic.known();
        let given = known.membership.given_keys(grant);
        let epochs: BTreeSet<_> = given.iter().map(|(key, _)| key.epoch).collect();
        let epochs = epochs.into_iter();
        let epochs = epochs.filter_map(|it| known.membership.epoch(it));
        epochs
            .filter_map(|it| it.key.compartment.category())
            .collect()
    }

    pub(super) fn consents_of(&mut self, patient: PatientId) -> Result<Consents, Error> {
        let said = self.said(Subject::Patient(patient), Part::Consents)?;
        Ok(match said.map(|it| it.view) {
            Some(View::Consents(consents)) => consents,
            _ => Consents::default(),
        })
    }

    fn told_of_end(
        &self,
        grant: StatementId,
        card: CardId,
    ) -> Result<AuditObject, Error> {
        let now = self.now_at_least();
        let mut rows = self.shares_where(now, |it| it.statement == grant)?;
        let row = rows
            .pop()
            .and_then(|it| Some((it.patient?, it.parts, it.card)));
        let Some((patient, parts, kept)) = row else {
            return Ok(AuditObject::Card(card, Verified::Not));
        };
        let to = kept.map_or_else(String::new, |it| it.card.about().name.clone());
        let what = format!("taken back: {}", words_of(&parts));
        let told = Disclosed::new(patient, &what, &to, "");
        Ok(AuditObject::Disclosed(Box::new(told)))
    }
}

/// That somebody made sure of a card, and that it is the newest of its bearer.
pub(super) fn check_card(row: &CardRow) -> Result<(), Error> {
    if row.verified == Verified::Not {
        let why = "nobody made sure of this card: compare its words first";
        return Err(Error::Refused(why.to_owned()));
    }
    if row.replaced {
        let why = "its bearer made a newer card, which is kept too";
        return Err(Error::Refused(why.to_owned()));
    }
    Ok(())
}

pub(super) fn recipient(row: &CardRow) -> Recipient<'_> {
    Recipient {
        name: &row.card.about().name,
        card: Some(Hash::from_bytes(*row.card.id().as_bytes())),
    }
}

/// The names of parts, as they are told to people.
fn words_of(parts: &BTreeSet<Part>) -> String {
    let names: Vec<_> = parts.iter().map(Part::name).collect();
    names.join(", ")
}
