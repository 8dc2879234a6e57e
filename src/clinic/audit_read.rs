//! Reading the audit, and whether all of it is there.

use std::ops::ControlFlow;

use super::{
    AuditAction, AuditEntry, AuditObject, Error, Session,
    audit::{AuditKey, Batch, RowPlace, Wrapped},
    desk::AuditTail,
    lanes::each_envelope,
};
use crate::{
    chart::{Did, Disclosure, who::Action},
    ids::{PatientId, UserId},
    ledger::{Envelope, Header, Lane, Place},
    seal,
};

/// The audit as far as it can be read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Audit {
    /// What was done, the oldest first.
    pub entries: Vec<AuditEntry>,
    /// What is missing in it or does not fit together.
    pub problems: Vec<String>,
}

/// Why an envelope of the audit stays closed to who may read others.
pub(super) const CLOSED: &str = "the key of its epoch is not held";
/// Why a part of the audit waits for this program to be renewed.
pub(super) const NEWER: &str = "a newer program wrote it";

impl Session {
    /// The audit of all machines; of one patient where one is named. Problems are those of
    /// the whole audit.
    pub fn read_audit(&mut self, patient: Option<PatientId>) -> Result<Audit, Error> {
        self.may(Action::ReadAudit)?;
        self.audit(AuditAction::AuditRead, AuditObject::Nothing)?;
        let mut audit = self.whole_audit()?;
        audit.entries.retain(|it| match patient {
            None => true,
            Some(patient) => it.object.patient() == Some(patient),
        });
        audit.entries.sort_by_key(|it| (it.hlc, it.seq));
        Ok(audit)
    }

    /// What of a patient's chart somebody was let see, the oldest first.
    pub fn disclosures(&mut self, patient: PatientId) -> Result<Audit, Error> {
        let mut audit = self.read_audit(Some(patient))?;
        audit
            .entries
            .retain(|it| matches!(it.object, AuditObject::Disclosed(_)));
        Ok(audit)
    }

    /// The same in words that the patient can be told.
    pub fn told(&self, audit: &Audit) -> Vec<Disclosure> {
        let told = audit.entries.iter().filter_map(|it| {
            let AuditObject::Disclosed(what) = &it.object else {
                return None;
            };
            Some(Disclosure {
                at: it.wall,
                did: did(it.action),
                what: what.what.clone(),
                to: what.to.clone(),
                why: what.why.clone(),
                by: it.user.map(|it| self.user_name(it)).unwrap_or_default(),
            })
        });
        told.collect()
    }

    /// The audit of all machines, in the order of their logs.
    pub(super) fn whole_audit(&mut self) -> Result<Audit, Error> {
        self.checkpoint()?;
        let mut audit = Audit::default();
        for ((log, lane), stretch) in self.clinic.store.stretches()? {
            if lane == Lane::Audit {
                let seq = stretch.first;
                self.read_audit_of(Place { log, lane, seq }, &mut audit)?;
            }
        }
        Ok(audit)
    }

    fn read_audit_of(&self, from: Place, audit: &mut Audit) -> Result<(), Error> {
        let log = from.log;
        // A branch goes on from wherever it parted.
        let mut thread = (from.seq == 1).then_some(AuditTail::START);
        each_envelope(&self.clinic.store, from, |place, stored| {
            let opened = stored
                .map_err(|error| error.to_string())
                .and_then(|bytes| self.open_batch(place, &bytes, &mut thread, audit));
            if let Err(why) = opened {
                let what = format!("log {log}, audit envelope {}: {why}", place.seq);
                audit.problems.push(what);
            }
            Ok(ControlFlow::Continue(()))
        })?;
        let (own, written) = {
            let desk = self.clinic.desk();
            (desk.log.run(Lane::Audit), desk.audit.seq)
        };
        let read = thread.map_or(0, |it| it.seq);
        if log == own && read != written && !self.clinic.has_twin() {
            let what =
                format!("log {log}: {written} entries were written, {read} are here");
            audit.problems.push(what);
        }
        Ok(())
    }

    pub(super) fn open_batch(
        &self,
        place: Place,
        bytes: &[u8],
        thread: &mut Option<AuditTail>,
        audit: &mut Audit,
    ) -> Result<(), String> {
        let envelope = Envelope::decode(bytes).map_err(|error| error.to_string())?;
        let Header { log, epoch, .. } = envelope.header;
        if !self.clinic.store.is_at(place, &envelope.header) {
            return Err("it belongs elsewhere".to_owned());
        }
        let suite = envelope.header.suite.known();
        suite.or(Err(NEWER))?;
        let secret = self.keyring.audit_secret(epoch);
        let secret = secret.ok_or(CLOSED)?;
        let batch =
            Batch::decode(&envelope.content).map_err(|error| error.to_string())?;
        let wrapped = Wrapped {
            epoch,
            key: batch.key,
            by: batch.by,
        };
        let key = AuditKey::unwrap(secret, wrapped).or(Err("its key does not open"))?;
        let mut prev = batch.prev;
        for (seq, row) in (batch.first..).zip(&batch.rows) {
            let place = RowPlace { log, seq, prev };
            prev = seal::hash(row);
            let entry = match key.open(place, row) {
                Ok(entry) => entry,
                Err(error) => {
                    let what = format!("log {log}, audit entry {seq}: {error}");
                    audit.problems.push(what);
                    continue;
                }
            };
            if let Some(why) = self.misfit(&entry, thread.as_ref()) {
                audit
                    .problems
                    .push(format!("log {log}, audit entry {seq}: {why}"));
            }
            *thread = Some(AuditTail { seq, prev });
            audit.entries.push(entry);
        }
        Ok(())
    }

    /// Why an entry does not follow the one before it, or is not its writer's.
    fn misfit(
        &self,
        entry: &AuditEntry,
        before: Option<&AuditTail>,
    ) -> Option<&'static str> {
        let unattended = entry.user.is_none();
        if before.is_some_and(|it| entry.seq != it.seq + 1) {
            return Some("entries before it are missing");
        }
        if before.is_some_and(|it| entry.prev != it.prev) && !unattended {
            return Some("it follows another entry than the one before it");
        }
        (!self.is_its_own(entry)).then_some("it names another user than its session's")
    }

    /// Whether an entry names the user whose session wrote it.
    pub(super) fn is_its_own(&self, entry: &AuditEntry) -> bool {
        let mut known = self.clinic.known();
        let certificate = known.certificate(&self.clinic.store, entry.session);
        let user: Option<UserId> = certificate.ok().flatten().map(|it| it.user());
        user == entry.user
    }
}

/// What was done, where the action is one that the patient is told of; all else that is told
/// of was opened with a reason.
fn did(action: AuditAction) -> Did {
    let told = [
        (AuditAction::Share, Did::Shared),
        (AuditAction::Export, Did::Exported),
        (AuditAction::Print, Did::Printed),
        (AuditAction::Consent, Did::Consent),
    ];
    let found = told.iter().find(|(it, _)| *it == action);
    found.map_or(Did::Opened, |(_, it)| *it)
}
