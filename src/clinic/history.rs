//! Who changed what in a chart, and when.

use std::fmt;

use super::{AuditAction, AuditObject, Error, Session};
use crate::{
    chart::{Kind, Part, Subject, who::Action},
    ids::{PatientId, RecordId, UserId},
    time::Timestamp,
};

/// One field that somebody set.
#[derive(Clone, PartialEq, Eq)]
pub struct Past {
    /// When, by the writer's clock.
    pub at: Timestamp,
    /// Who, if the session is known here.
    pub by: Option<UserId>,
    /// The kind of record.
    pub kind: Kind,
    /// The record; zero for the person.
    pub record: RecordId,
    /// The field's short name; empty for the making of the record.
    pub field: String,
    /// What stood there.
    pub old: Option<String>,
    /// What stands there since.
    pub new: Option<String>,
}

impl Session {
    /// Every change of a chart that this role may see, the newest first.
    pub fn history(&mut self, patient: PatientId) -> Result<Vec<Past>, Error> {
        self.may(Action::ReadIdentity)?;
        self.audit(AuditAction::History, AuditObject::Patient(patient))?;
        let clinical = self.may(Action::ReadClinical).is_ok();
        let notes_too = self.may(Action::ReadNote).is_ok();
        let subject = Subject::Patient(patient);
        let mut all = Vec::new();
        for part in Part::OF_PATIENT {
            if part != Part::Identity && !clinical {
                continue;
            }
            let id = self.keyring.doc_id(subject, part)?;
            let history = self.document(subject, part)?.doc.history();
            let actors = history.iter().map(|it| it.actor).collect();
            let writers = self.clinic.writers(id, &actors)?;
            for past in history {
                let by = writers.get(&past.actor).copied();
                let seen = past.changes.into_iter();
                let seen = seen.filter(|it| notes_too || it.kind != Kind::Note);
                all.extend(seen.map(|it| Past {
                    at: past.at,
                    by,
                    kind: it.kind,
                    record: it.record,
                    field: it.field,
                    old: it.old,
                    new: it.new,
                }));
            }
        }
        all.sort_by_key(|it| std::cmp::Reverse(it.at));
        Ok(all)
    }
}

impl fmt::Debug for Past {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Past({:?}, {:?})", self.kind, self.record)
    }
}
