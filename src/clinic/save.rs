//! Saving: from what a person changed to an envelope on the disk.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use super::{
    AuditAction, AuditObject, Disclosed, Error, Session,
    actor::Signing,
    keyring::lane_of,
    own_log::{Draft, When, Writing},
    reading::Of,
    rights,
};
use crate::{
    chart::{
        ConsentState, Decision, Edit, Origin, Part, Record, SharedPart, Subject,
        who::Role,
    },
    doc::{self, Stamp},
    ids::{DocId, UserId},
    ledger::{Kind, Payload, Suite},
    store::MetaWrite,
    time::Moment,
};

/// In whose name a change is made.
#[derive(Debug, Clone, Copy)]
pub(super) struct Author {
    pub(super) signing: Signing,
    role: Role,
}

/// What became of edits that were to be one change.
pub(super) enum Drafted {
    /// A change of this document.
    Change(DocId, Draft),
    /// They change nothing.
    Nothing,
    /// One change cannot hold them.
    TooLarge,
}

impl Session {
    /// Saves changes of one patient's chart, or of the clinic's own lists. They are on the
    /// disk when this returns; the lists and the index follow with [`Session::settle`].
    pub fn save(&mut self, subject: Subject, edits: Vec<Edit>) -> Result<(), Error> {
        self.save_with(subject, edits, Vec::new())
    }

    /// As [`Session::save`], with small rows that are written with it.
    pub(super) fn save_with(
        &mut self,
        subject: Subject,
        mut edits: Vec<Edit>,
        mut rows: Vec<MetaWrite>,
    ) -> Result<(), Error> {
        self.close_with_theirs(subject, &mut edits)?;
        for edit in &edits {
            let closed = edit.record().entry().restricted;
            for action in rights::actions_of(edit) {
                match (subject, closed) {
                    (Subject::Patient(patient), Some(category)) => {
                        self.may_in_closed(patient, action, category)?;
                    }
                    (Subject::Patient(patient) | Subject::Inbox { patient, .. }, _) => {
                        self.may_in(patient, action)?;
                    }
                    (Subject::Clinic, _) => self.may(action)?,
                }
            }
        }
        if let Some(why) = edits.iter().find_map(|it| misfit(subject, self.user, it)) {
            return Err(Error::Refused(why.to_owned()));
        }
        self.check_seen(subject, &edits)?;
        let action = audit_action(&edits);
        let told = edits.iter().find_map(told_of_consent);
        let object = match (subject, told) {
            (Subject::Patient(patient), Some((what, to, why))) => {
                let told = Disclosed::new(patient, &what, &to, &why);
                AuditObject::Disclosed(Box::new(told))
            }
            (Subject::Patient(patient) | Subject::Inbox { patient, .. }, _) => {
                AuditObject::Patient(patient)
            }
            (Subject::Clinic, _) => AuditObject::Nothing,
        };
        let changes = by_part(edits).into_iter();
        let changes = changes.map(|(part, edits)| ((subject, part), edits));
        self.write_all(changes.collect(), &mut rows, (action, object))?;
        if action == AuditAction::Consent
            && let Err(error) = self.heed_shares()
        {
            tracing::warn!(%error, "what is no longer agreed to is taken back later");
        }
        Ok(())
    }

    /// Writes changes of documents, all or none. What somebody may change was asked before.
    pub(super) fn write_all(
        &mut self,
        changes: Vec<(Of, Vec<Edit>)>,
        rows: &mut Vec<MetaWrite>,
        audited: (AuditAction, AuditObject),
    ) -> Result<(), Error> {
        let now = self.clinic.moment();
        let mut drafts = Vec::new();
        let mut touched = Vec::new();
        for ((subject, part), edits) in changes {
            match self.draft(subject, part, &edits, now) {
                Ok(Some((id, draft))) => {
                    touched.push(id);
                    drafts.push(draft);
                }
                Ok(None) => {}
                Err(error) => {
                    self.forget(&touched);
                    return Err(error);
                }
            }
        }
        if drafts.is_empty() && rows.is_empty() {
            return Ok(());
        }
        let kept = self.keep(drafts, rows, audited);
        if kept.is_err() {
            self.forget(&touched);
            return kept;
        }
        self.wrote(&touched);
        Ok(())
    }

    /// Holds what a person says they saw against what stands in the documents: what somebody
    /// may change is judged by what a record is, not by what they say it is.
    fn check_seen(&mut self, subject: Subject, edits: &[Edit]) -> Result<(), Error> {
        let mut added = BTreeSet::new();
        for edit in edits {
            let record = edit.record();
            let (kind, id) = (record.kind(), record.entry().id);
            let (before, after) = match edit {
                Edit::Change { before, after } => (before, after),
                Edit::Settle { record, .. } => (record, record),
                Edit::Add(_) => {
                    added.insert((kind, id));
                    continue;
                }
            };
            if added.contains(&(kind, id)) {
                continue;
            }
            let open = self.document(subject, before.part())?;
            let held = open.doc.record(kind, id);
            let held = held.filter(|it| !self.is_awaited(it.entry()));
            let held = held.ok_or_else(|| {
                Error::Missing(format!("{} {id} in this chart", kind.key()))
            })?;
            if !rights::is_alike(&held, before) {
                let why = "this was changed meanwhile; open it again";
                return Err(Error::Refused(why.to_owned()));
            }
            let changes = matches!(edit, Edit::Change { .. });
            if changes && rights::is_signed_anew(&held, after) {
                return Err(Error::Refused("this note is signed already".to_owned()));
            }
            if changes && rights::is_will_edited(before, after, self.user) {
                let why = "what a patient agreed to is not edited: record it anew";
                return Err(Error::Refused(why.to_owned()));
            }
        }
        Ok(())
    }

    /// Says that a change of each of these documents is on the disk.
    pub(super) fn wrote(&mut self, touched: &[DocId]) {
        for id in touched {
            if let Some(open) = self.documents.get(*id) {
                open.wrote();
            }
        }
    }

    pub(super) fn keep(
        &mut self,
        drafts: Vec<Draft>,
        rows: &mut Vec<MetaWrite>,
        (action, object): (AuditAction, AuditObject),
    ) -> Result<(), Error> {
        let clinic = Arc::clone(&self.clinic);
        let mut desk = clinic.desk();
        let audited = self.audit_row(&mut desk, action, object)?;
        let drafts = drafts.into_iter().chain(audited.drafts);
        rows.extend(audited.rows);
        let writing = Writing {
            drafts: self.signed(drafts),
            rows: std::mem::take(rows),
            reading: false,
        };
        desk.write(&clinic, self.id, writing)?;
        self.audited(&mut desk, audited.tail);
        Ok(())
    }

    /// One document's change, made in memory and sealed into a draft; none where nothing is
    /// different.
    pub(super) fn draft(
        &mut self,
        subject: Subject,
        part: Part,
        edits: &[Edit],
        now: Moment,
    ) -> Result<Option<(DocId, Draft)>, Error> {
        let author = self.author();
        let when = self.clinic.desk().when(now, self.clinic.clock);
        self.draft_by(&author, (subject, part), edits, when)
    }

    /// As [`Session::draft`], for an author who may be in another session on this machine.
    pub(super) fn draft_by(
        &mut self,
        author: &Author,
        of: (Subject, Part),
        edits: &[Edit],
        when: When,
    ) -> Result<Option<(DocId, Draft)>, Error> {
        match self.try_draft(author, of, edits, when)? {
            Drafted::Change(id, draft) => Ok(Some((id, draft))),
            Drafted::Nothing => Ok(None),
            Drafted::TooLarge => {
                let id = self.keyring.doc_id(of.0, of.1)?;
                Err(self.unsavable(id, &doc::Error::TooLarge))
            }
        }
    }

    /// As [`Session::draft_by`]. Edits that one change cannot hold leave the document as it
    /// was, so that fewer of them can be tried.
    pub(super) fn try_draft(
        &mut self,
        author: &Author,
        (subject, part): (Subject, Part),
        edits: &[Edit],
        When { hlc, wall, clock }: When,
    ) -> Result<Drafted, Error> {
        let id = self.document(subject, part)?.id;
        let k = self.clinic.known().membership.doc_step(id);
        let held = self.keyring.of(part.compartment())?;
        let (epoch, key) = held
            .writing_key(id, k)
            .ok_or_else(|| Error::Missing(format!("key to write document {id}")))?;
        let open = self.document(subject, part)?;
        let around = author.signing.around(id, wall);
        let stamp = Stamp {
            actor: around.actor,
            at: hlc.timestamp(),
        };
        let body = match open.doc.write(edits, stamp) {
            Ok(Some(body)) => {
                open.drafted();
                body
            }
            Ok(None) => return Ok(Drafted::Nothing),
            Err(doc::Error::TooLarge) => return Ok(Drafted::TooLarge),
            Err(source) => return Err(self.unsavable(id, &source)),
        };
        let payload = |body| Payload {
            wall,
            clock,
            role: author.role.byte(),
            body,
        };
        let thin = payload(doc::thin(&body, &around));
        let after = open.doc.thin_after(&body, &thin.body, &around);
        // What is packed already does not become shorter.
        let len = thin.packed_len(Suite::CHANGES);
        let after = after.filter(|it| it.len() < len).map(payload);
        let payload = after.unwrap_or(thin);
        let lane = lane_of(part);
        Ok(Drafted::Change(
            id,
            Draft::Sealed {
                kind: Kind::Change,
                lane,
                doc: id,
                epoch,
                k,
                key,
                payload,
            },
        ))
    }

    fn unsavable(&mut self, id: DocId, why: &doc::Error) -> Error {
        self.documents.forget(id);
        Error::Refused(format!("this cannot be saved: {why}"))
    }

    pub(super) fn author(&self) -> Author {
        Author {
            signing: Signing::of(&self.certificate),
            role: self.role(),
        }
    }

    fn forget(&mut self, touched: &[DocId]) {
        for id in touched {
            self.documents.forget(*id);
        }
    }
}

/// Why an edit is not a change of this chart by this user.
fn misfit(subject: Subject, user: UserId, edit: &Edit) -> Option<&'static str> {
    let of_clinic = edit.part() == Part::Site;
    let fits = match (subject, edit.record()) {
        (Subject::Patient(patient), Record::Person(it)) => {
            it.entry.id.as_bytes() == patient.as_bytes()
        }
        (Subject::Patient(_), it) => !of_clinic && it.part() != Part::Inbox,
        (Subject::Clinic, _) => of_clinic,
        // What stands there is decided, not edited.
        (Subject::Inbox { .. }, _) => false,
    };
    if !fits {
        return Some("this does not belong into this chart");
    }
    if let Edit::Change { before, after } = edit
        && before.entry().restricted != after.entry().restricted
    {
        return Some("what is written stays where it is: write it anew, and mark this");
    }
    let in_its_name = match edit {
        Edit::Add(record) => {
            let entry = record.entry();
            (entry.by, &entry.origin) == (user, &Origin::Own)
        }
        Edit::Change { before, after } => rights::is_by_the_same(before, after),
        Edit::Settle { .. } => true,
    };
    (!in_its_name).then_some("a record is in the name of whoever writes it down")
}

fn by_part(edits: Vec<Edit>) -> BTreeMap<Part, Vec<Edit>> {
    let mut parts: BTreeMap<Part, Vec<Edit>> = BTreeMap::new();
    for edit in edits {
        parts.entry(edit.part()).or_default().push(edit);
    }
    parts
}

/// What the audit tells of a consent that is written down: what was said, to whom, and what
/// for or why.
fn told_of_consent(edit: &Edit) -> Option<(String, String, String)> {
    let Record::Consent(it) = edit.record() else {
        return None;
    };
    let says = match (it.decision, it.state) {
        _ if it.entry.in_error => "entered in error",
        (_, ConsentState::Withdrawn) => "withdrawn",
        (Decision::Given, ConsentState::Active) => "given",
        (Decision::Refused, ConsentState::Active) => "refused",
    };
    let parts: Vec<String> = it.parts.iter().map(SharedPart::word).collect();
    let reason = it.withdrawal.as_ref().map(|it| it.reason.clone());
    let why = reason.unwrap_or_else(|| it.purpose.name().to_owned());
    let what = format!("{says}: {}", parts.join(", "));
    let what = what.trim_end_matches(": ").to_owned();
    Some((what, it.to.clone(), why))
}

fn audit_action(edits: &[Edit]) -> AuditAction {
    if edits.iter().any(|it| it.part() == Part::Consents) {
        return AuditAction::Consent;
    }
    let only_new = edits.iter().all(|it| matches!(it, Edit::Add(_)));
    if only_new {
        AuditAction::Create
    } else {
        AuditAction::Amend
    }
}
