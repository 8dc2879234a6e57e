//! Writing the audit: rows at first, envelopes at each checkpoint.

use std::sync::Arc;

use super::{
    AuditAction, AuditEntry, AuditObject, Clinic, Error, Session,
    audit::{BATCH_LEN_MAX, Batch, Sealer, Wrapped},
    desk::{AuditTail, Desk},
    own_log::{Draft, When, Writing},
    put_row, row,
};
use crate::{ids::Hash, members::Certificate, seal, store::MetaWrite};

/// A row that was made and not yet written, what is written with it, and where the audit
/// stands once it is.
pub(super) struct Audited {
    pub(super) drafts: Vec<Draft>,
    pub(super) rows: Vec<MetaWrite>,
    pub(super) tail: AuditTail,
}

impl Clinic {
    /// In whose name a session that begins now seals the audit.
    pub(super) fn sealer(&self, certificate: &Certificate) -> Sealer {
        Sealer {
            session: certificate.id(),
            user: Some(certificate.user()),
            since: self.moment(),
        }
    }
}

impl Session {
    /// Writes one entry; it is on the disk when this returns.
    pub(super) fn audit(
        &mut self,
        action: AuditAction,
        object: AuditObject,
    ) -> Result<(), Error> {
        let clinic = Arc::clone(&self.clinic);
        self.audit_at(&mut clinic.desk(), action, object)
    }

    /// As [`Session::audit`], for who sits at the desk.
    pub(super) fn audit_at(
        &mut self,
        desk: &mut Desk,
        action: AuditAction,
        object: AuditObject,
    ) -> Result<(), Error> {
        let audited = self.audit_row(desk, action, object)?;
        let writing = Writing {
            drafts: self.signed(audited.drafts),
            rows: audited.rows,
            reading: true,
        };
        desk.write(&self.clinic, self.id, writing)?;
        self.audited(desk, audited.tail);
        Ok(())
    }

    /// The next row of the audit, to be written together with what it tells of. The first
    /// row of a session ships those before it, which are sealed under another key.
    pub(super) fn audit_row(
        &self,
        desk: &mut Desk,
        action: AuditAction,
        object: AuditObject,
    ) -> Result<Audited, Error> {
        let (entry, sealed) = self.next_entry(desk, action, object)?;
        let log = desk.log.log();
        let kept = [entry.prev.as_bytes().as_slice(), &sealed].concat();
        let tail = AuditTail {
            seq: entry.seq,
            prev: seal::hash(&sealed),
        };
        let (mut drafts, mut rows) = (Vec::new(), Vec::new());
        let key = self.audit_key.wrapped();
        if desk.sealing != key.key {
            (drafts, rows) = self.shipment(desk)?;
            rows.push(put_row(row::AUDIT_KEY, key));
        }
        rows.push(MetaWrite::OpenAudit {
            log,
            n: entry.seq,
            row: kept,
        });
        rows.push(put_row(row::AUDIT_TAIL, &tail));
        Ok(Audited { drafts, rows, tail })
    }

    /// All that stands open and one entry more as envelopes: the last of the audit in this
    /// log. What removes the open rows goes with them.
    pub(super) fn last_audit(
        &self,
        desk: &mut Desk,
        action: AuditAction,
        object: AuditObject,
    ) -> Result<(Vec<Draft>, Vec<MetaWrite>), Error> {
        let (mut drafts, rows) = self.shipment(desk)?;
        let (entry, sealed) = self.next_entry(desk, action, object)?;
        let Wrapped { epoch, key, by } = self.audit_key.wrapped().clone();
        let batch = Batch {
            key,
            by,
            first: entry.seq,
            prev: entry.prev,
            rows: vec![sealed],
        };
        let bytes = batch.encode();
        drafts.push(Draft::Audit { epoch, bytes });
        Ok((drafts, rows))
    }

    fn next_entry(
        &self,
        desk: &mut Desk,
        action: AuditAction,
        object: AuditObject,
    ) -> Result<(AuditEntry, Vec<u8>), Error> {
        self.is_of_now()?;
        let When { hlc, wall, clock } =
            desk.when(self.clinic.moment(), self.clinic.clock);
        let entry = AuditEntry {
            seq: desk.audit.seq + 1,
            prev: desk.audit.prev,
            hlc,
            wall,
            clock,
            user: Some(self.user),
            session: self.id,
            action,
            object,
            done: true,
        };
        let log = desk.log.log();
        let sealed = self.audit_key.seal(log, &entry, &mut *desk.entropy);
        Ok((entry, sealed))
    }

    /// Says that the next row was written.
    pub(super) fn audited(&mut self, desk: &mut Desk, tail: AuditTail) {
        desk.audit = tail;
        desk.sealing.clone_from(&self.audit_key.wrapped().key);
        self.audited_rows += 1;
    }

    /// Puts the rows that stand open into an envelope, whoever wrote them.
    pub(super) fn checkpoint(&mut self) -> Result<(), Error> {
        let clinic = Arc::clone(&self.clinic);
        let mut desk = clinic.desk();
        self.is_of_now()?;
        let (drafts, rows) = self.shipment(&desk)?;
        if !drafts.is_empty() {
            let writing = Writing {
                drafts: self.signed(drafts),
                rows,
                reading: true,
            };
            desk.write(&clinic, self.id, writing)?;
        }
        self.audited_rows = 0;
        Ok(())
    }

    /// The open rows as envelopes, and what removes them from where they stood.
    fn shipment(&self, desk: &Desk) -> Result<(Vec<Draft>, Vec<MetaWrite>), Error> {
        let log = desk.log.log();
        let open = self.clinic.store.open_audit(log)?;
        let sealing: Option<Wrapped> = self.clinic.read_row(row::AUDIT_KEY)?;
        let (Some((through, _)), Some(Wrapped { epoch, key, by })) =
            (open.last(), sealing)
        else {
            return Ok((Vec::new(), Vec::new()));
        };
        let shipped = vec![MetaWrite::ShippedAudit {
            log,
            through: *through,
        }];
        let drafts = open.chunks(BATCH_LEN_MAX).map(|rows| {
            let before = rows.first().and_then(|(n, row)| Some((*n, kept(row)?.0)));
            let (first, prev) = before.unwrap_or((0, Hash::ZERO));
            let rows = rows.iter().filter_map(|(_, row)| kept(row));
            let batch = Batch {
                key: key.clone(),
                by,
                first,
                prev,
                rows: rows.map(|(_, sealed)| sealed.to_vec()).collect(),
            };
            let bytes = batch.encode();
            Draft::Audit { epoch, bytes }
        });
        Ok((drafts.collect(), shipped))
    }
}

/// An open row: the hash of the row before it, and the row as an envelope will carry it.
fn kept(row: &[u8]) -> Option<(Hash, &[u8])> {
    let (prev, sealed) = row.split_first_chunk()?;
    Some((Hash::from_bytes(*prev), sealed))
}
