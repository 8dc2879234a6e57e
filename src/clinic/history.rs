//! Who changed what in a chart, and when.

use std::{collections::BTreeSet, fmt};

use super::{AuditAction, AuditObject, Error, Session};
use crate::{
    chart::{Kind, Part, Record, Subject, who::Action},
    ids::{DeviceId, PatientId, RecordId, UserId},
    time::Timestamp,
};

/// One field that somebody set.
#[derive(Clone, PartialEq, Eq)]
pub struct Past {
    /// When, by the writer's logical clock.
    pub at: Timestamp,
    /// Who, if the session is known here.
    pub by: Option<UserId>,
    /// On which machine, if the session is known here.
    pub machine: Option<DeviceId>,
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
        self.may_look(patient)?;
        self.audit(AuditAction::History, AuditObject::Patient(patient))?;
        let mut all = Vec::new();
        for part in self.parts_of_patient() {
            if self.may_read(part).is_ok() {
                self.history_of(patient, part, &mut all)?;
            }
        }
        all.sort_by_key(|it| std::cmp::Reverse(it.at));
        Ok(all)
    }

    /// The machine on which a record of an open chart was changed last, if that is known.
    pub fn changed_last_on(
        &mut self,
        patient: PatientId,
        record: RecordId,
    ) -> Result<Option<DeviceId>, Error> {
        self.may_look(patient)?;
        let mut all = Vec::new();
        let is_person = record.as_bytes() == patient.as_bytes();
        let (parts, record) = if is_person {
            (vec![Part::Identity], RecordId::ZERO)
        } else if let Some(closed) = self.closed_part_of(patient, record)? {
            (vec![closed], record)
        } else {
            (vec![Part::Summary, Part::Visits, Part::Consents], record)
        };
        for part in parts {
            self.history_of(patient, part, &mut all)?;
        }
        let own = all.into_iter().filter(|it| it.record == record);
        Ok(own.max_by_key(|it| it.at).and_then(|it| it.machine))
    }

    fn history_of(
        &mut self,
        patient: PatientId,
        part: Part,
        into: &mut Vec<Past>,
    ) -> Result<(), Error> {
        let subject = Subject::Patient(patient);
        let said = self.said(subject, part)?;
        let records = said.into_iter().flat_map(|it| it.view.into_records());
        let awaited: BTreeSet<RecordId> = records
            .filter(|it| self.is_awaited(it.entry()))
            .map(|it| {
                let is_person = matches!(it, Record::Person(_));
                if is_person {
                    RecordId::ZERO
                } else {
                    it.entry().id
                }
            })
            .collect();
        let notes_too = self.may(Action::ReadNote).is_ok();
        let id = self.keyring.doc_id(subject, part)?;
        let history = self.document(subject, part)?.doc.history();
        let actors = history.iter().map(|it| it.actor).collect();
        let writers = self.clinic.writers(id, &actors)?;
        for past in history.into_iter().rev() {
            let writer = writers.of.get(&past.actor);
            let (by, machine) = (writer.map(|it| it.user), writer.map(|it| it.machine));
            let mut changes = past.changes;
            changes.retain(|it| {
                (notes_too || it.kind != Kind::Note) && !awaited.contains(&it.record)
            });
            into.extend(changes.into_iter().map(|it| Past {
                at: past.at,
                by,
                machine,
                kind: it.kind,
                record: it.record,
                field: it.field,
                old: it.old,
                new: it.new,
            }));
        }
        Ok(())
    }
}

impl fmt::Debug for Past {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Past({:?}, {:?})", self.kind, self.record)
    }
}
