//! Writing and reading the audit: rows at first, envelopes at each checkpoint.

use std::sync::Arc;

use super::{
    AuditAction, AuditEntry, AuditObject, AuditTail, Desk, Error, Session,
    audit::{AuditKey, BATCH_LEN_MAX, Batch},
    own_log::{Draft, Writing},
    put_row, row,
};
use crate::{
    chart::who::Action,
    ids::{EpochId, LogId, PatientId},
    ledger::{Envelope, Kind, Lane},
    seal,
    store::{MetaWrite, Place},
};

/// A row that was made and not yet written, and where the audit stands once it is.
pub(super) struct Audited {
    pub(super) rows: Vec<MetaWrite>,
    pub(super) tail: AuditTail,
}

impl Session {
    /// Writes one entry; it is on the disk when this returns.
    pub(super) fn audit(
        &mut self,
        action: AuditAction,
        object: AuditObject,
    ) -> Result<(), Error> {
        let clinic = Arc::clone(&self.clinic);
        let mut desk = clinic.desk();
        let audited = self.audit_row(&mut desk, action, object, true);
        let writing = Writing {
            drafts: Vec::new(),
            rows: audited.rows,
            reading: true,
        };
        desk.write(&clinic, writing)?;
        desk.audit = audited.tail;
        self.audited_rows += 1;
        Ok(())
    }

    /// The next row of the audit, to be written together with what it tells of.
    pub(super) fn audit_row(
        &self,
        desk: &mut Desk,
        action: AuditAction,
        object: AuditObject,
        done: bool,
    ) -> Audited {
        let wall = self.clinic.moment();
        let log = desk.log.log();
        let entry = AuditEntry {
            seq: desk.audit.seq + 1,
            prev: desk.audit.prev,
            hlc: desk.log.tick(wall.at),
            wall,
            user: Some(self.user),
            session: self.id,
            action,
            object,
            done,
        };
        let sealed = self.audit_key.seal(log, &entry, &mut *desk.entropy);
        let tail = AuditTail {
            seq: entry.seq,
            prev: seal::hash(&sealed),
        };
        let rows = vec![
            MetaWrite::OpenAudit {
                log,
                n: entry.seq,
                row: sealed,
            },
            put_row(row::AUDIT_TAIL, &tail),
        ];
        Audited { rows, tail }
    }

    /// Puts the rows that stand open into an envelope, whoever wrote them.
    pub(super) fn checkpoint(&mut self) -> Result<(), Error> {
        let clinic = Arc::clone(&self.clinic);
        let mut desk = clinic.desk();
        let (drafts, rows) = self.shipment(&desk)?;
        if !drafts.is_empty() {
            let drafts = drafts.into_iter().map(|it| (self.signer(), it)).collect();
            desk.write(
                &clinic,
                Writing {
                    drafts,
                    rows,
                    reading: true,
                },
            )?;
        }
        self.audited_rows = 0;
        Ok(())
    }

    /// The open rows as envelopes, and what removes them from where they stood.
    pub(super) fn shipment(
        &self,
        desk: &Desk,
    ) -> Result<(Vec<Draft>, Vec<MetaWrite>), Error> {
        let log = desk.log.log();
        let open = self.clinic.store.open_audit(log)?;
        let key: Option<Vec<u8>> = self.clinic.read_row(row::AUDIT_KEY)?;
        let (Some((through, _)), Some(key)) = (open.last(), key) else {
            return Ok((Vec::new(), Vec::new()));
        };
        let shipped = vec![MetaWrite::ShippedAudit {
            log,
            through: *through,
        }];
        let (epoch, _) = self.keyring.audit_public()?;
        let drafts = open.chunks(BATCH_LEN_MAX).map(|rows| {
            let first = rows.first().map_or(0, |(n, _)| *n);
            let rows = rows.iter().map(|(_, row)| row.clone()).collect();
            let batch = Batch {
                key: key.clone(),
                first,
                rows,
            };
            let bytes = postcard::to_allocvec(&batch).unwrap_or_default();
            Draft::Audit { epoch, bytes }
        });
        Ok((drafts.collect(), shipped))
    }

    /// The audit of all machines, the oldest first; of one patient where one is named.
    pub fn read_audit(
        &mut self,
        patient: Option<PatientId>,
    ) -> Result<Vec<AuditEntry>, Error> {
        self.may(Action::ReadAudit)?;
        self.audit(AuditAction::AuditRead, AuditObject::Nothing)?;
        self.checkpoint()?;
        let mut entries = Vec::new();
        for (log, lane) in self.clinic.store.frontier()?.into_keys() {
            if lane == Lane::Audit {
                self.read_audit_of(log, &mut entries)?;
            }
        }
        entries.retain(|it| match patient {
            None => true,
            Some(patient) => it.object == AuditObject::Patient(patient),
        });
        entries.sort_by_key(|it| (it.hlc, it.seq));
        Ok(entries)
    }

    fn read_audit_of(&self, log: LogId, into: &mut Vec<AuditEntry>) -> Result<(), Error> {
        let mut from = Place {
            log,
            lane: Lane::Audit,
            seq: 1,
        };
        loop {
            let run = self.clinic.store.envelopes(from)?;
            let Some((last, _)) = run.last() else {
                return Ok(());
            };
            from.seq = last + 1;
            for (_, bytes) in &run {
                let envelope = Envelope::decode(bytes).map_err(|source| {
                    Error::damaged("an envelope of the audit", source)
                })?;
                if envelope.header.kind == Kind::Audit {
                    self.open_batch(log, envelope.header.epoch, &envelope.content, into)?;
                }
            }
        }
    }

    fn open_batch(
        &self,
        log: LogId,
        epoch: EpochId,
        content: &[u8],
        into: &mut Vec<AuditEntry>,
    ) -> Result<(), Error> {
        let Some(secret) = self.keyring.audit_secret(epoch) else {
            return Ok(());
        };
        let damaged = || "a batch of the audit".to_owned();
        let batch: Batch = postcard::from_bytes(content)
            .map_err(|source| Error::damaged(damaged(), source))?;
        let key = AuditKey::unwrap(secret, &batch.key)
            .map_err(|source| Error::damaged(damaged(), source))?;
        for (seq, row) in (batch.first..).zip(&batch.rows) {
            let entry = key.open(log, seq, row);
            into.push(entry.ok_or_else(|| {
                Error::damaged(format!("entry {seq} of the audit"), seal::Error::Unsealed)
            })?);
        }
        Ok(())
    }
}
