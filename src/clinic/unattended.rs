//! What this machine writes down while nobody is signed in: in a log of its own, signed by
//! the endpoint key, each entry with an audit key of its own.

use super::{
    AuditAction, AuditEntry, AuditObject, Clinic, Error, Happened,
    audit::{AuditKey, Batch, Sealer, Wrapped},
    own_log::{Draft, OwnLog, Signer, When, Writing},
};
use crate::{
    chart::who::Compartment, ids::Hash, ledger::Lane, seal::names, store::MetaWrite,
};

impl Clinic {
    /// Writes one entry for which nobody was signed in.
    pub(super) fn audit_unattended(
        &self,
        action: AuditAction,
        object: AuditObject,
    ) -> Result<(), Error> {
        self.audit_unattended_with(action, object, Vec::new())
    }

    /// As [`Clinic::audit_unattended`], with small rows that are written with it.
    pub(super) fn audit_unattended_with(
        &self,
        action: AuditAction,
        object: AuditObject,
        beside: Vec<MetaWrite>,
    ) -> Result<(), Error> {
        let key = self.endpoint_key()?;
        let (session, log, audit) = {
            let known = self.known();
            let device = known.membership.device(self.device());
            let device =
                device.ok_or_else(|| Error::lost("the statement of this machine"))?;
            let audit = known.membership.current_epoch(&Compartment::Audit.into());
            let audit = audit.map(|it| it.epoch);
            let audit = audit.and_then(|it| Some((it.id(), it.key.audit?)));
            let audit = audit.ok_or_else(|| Error::lost("the audit's key"))?;
            let session = known.endpoint_session(self.device());
            (session, names::unattended_log_id(&device.key), audit)
        };
        let wall = self.clock.moment();
        let mut desk = self.desk();
        let mut own = OwnLog::read(&self.store, self.about.clinic, log)?;
        let When { hlc, wall, clock } = desk.when(wall, self.clock);
        let by = Sealer {
            session,
            user: None,
            since: wall,
        };
        let audit = AuditKey::generate(audit, by, &mut *desk.entropy)?;
        let entry = AuditEntry {
            seq: own.seq(Lane::Audit) + 1,
            prev: Hash::ZERO,
            hlc,
            wall,
            clock,
            user: None,
            session,
            action,
            object,
            done: action != AuditAction::SignInFailed,
        };
        let rows = vec![audit.seal(log, &entry, &mut *desk.entropy)];
        let Wrapped {
            epoch,
            key: wrapped,
            by,
        } = audit.wrapped().clone();
        let batch = Batch {
            key: wrapped,
            by,
            first: entry.seq,
            prev: entry.prev,
            rows,
        };
        let bytes = batch.encode();
        let drafts = vec![(Signer { session, key: &key }, Draft::Audit { epoch, bytes })];
        let writing = Writing {
            drafts,
            rows: beside,
            reading: true,
        };
        let written = own.write(&self.store, writing, wall.at, &mut *desk.entropy)?;
        desk.pending.extend(written);
        self.tell(Happened::Wrote);
        Ok(())
    }
}
