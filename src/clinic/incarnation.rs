//! Which incarnation of a machine this is. A copied disk, or an older image of one, makes two
//! machines write in one name; as soon as one of them knows, and an owner signs in there, it
//! takes a name of its own: keys, log, and the key with which it meets others.

use std::sync::{PoisonError, atomic::Ordering};

use super::{
    AboutRow, AuditAction, AuditObject, Clinic, Error, Happened, ROWS_VERSION, Session,
    desk::AuditTail,
    keys::DeviceKeys,
    own_log::{Draft, OwnLog, Signer, Writing},
    put_row, row,
    stating::{device_rows, unsayable},
};
use crate::{
    ids::{DeviceId, LogId, SessionId},
    ledger::Kind,
    members::{Body, Named, NewDevice, Series},
    seal::{Entropy, Secret, SigningKey, names},
    store::MetaWrite,
};

/// The names of an incarnation.
#[derive(Debug, Clone, Copy)]
pub(super) struct Incarnation {
    pub(super) device: DeviceId,
    pub(super) log: LogId,
}

impl Clinic {
    /// This machine's incarnation.
    pub fn device(&self) -> DeviceId {
        self.incarnation().device
    }

    /// The log that this machine writes.
    pub(super) fn log(&self) -> LogId {
        self.incarnation().log
    }

    /// Whether another machine writes in this one's name: a copy of its disk, or an older or
    /// newer image of it. An owner who signs in gives this one a name of its own.
    pub fn has_twin(&self) -> bool {
        self.twin.load(Ordering::SeqCst)
    }

    fn incarnation(&self) -> Incarnation {
        let names = self.incarnation.read();
        *names.unwrap_or_else(PoisonError::into_inner)
    }
}

impl Session {
    /// Gives this machine a name of its own, and ends the session: it was begun under the
    /// old one. What was written before stays as it is.
    pub(super) fn begin_incarnation(mut self) -> Result<(), Error> {
        let (device, endpoint) = {
            let mut desk = self.clinic.desk();
            let drawn = DeviceKeys::generate(&mut *desk.entropy);
            // The caches are this disk's, not this name's.
            let local = Secret::from_bytes(self.device.local.as_bytes());
            let device = DeviceKeys { local, ..drawn };
            (device, SigningKey::generate(&mut *desk.entropy))
        };
        self.enrol_anew(&device)?;
        // The last of the audit in the old name.
        self.checkpoint()?;
        self.clinic.keep_next_endpoint(&endpoint)?;
        self.clinic.go_on_as(&device, &endpoint)
    }

    fn enrol_anew(&mut self, device: &DeviceKeys) -> Result<(), Error> {
        let key = device.signing.public();
        let id = names::device_id(&key);
        let name = self.next_name()?;
        let sealed = {
            let (names, clinic) = (self.name_key()?, self.clinic.about.clinic);
            let mut desk = self.clinic.desk();
            names.seal(clinic, Named::Device(id), &name, &mut *desk.entropy)
        };
        let enrolled = Body::DeviceEnrolled(NewDevice {
            key,
            carry: device.carry.public(),
            name: sealed,
        });
        let mut series = self.series();
        series
            .say(self.author_in_person(), enrolled)
            .map_err(unsayable)?;
        let audited = Some((AuditAction::MachineEnrolled, AuditObject::Machine(id)));
        self.state(series, Vec::new(), audited)
    }

    /// What this machine is called from here on: as before, with a number.
    fn next_name(&self) -> Result<String, Error> {
        let before = self.machines()?.into_iter().find(|it| it.here);
        let before = before.map(|it| it.name).unwrap_or_default();
        let mut names = (2..).map(|n| format!("{before} ({n})"));
        let free = names.find(|it| self.check_machine_name(it, None).is_ok());
        Ok(free.unwrap_or(before))
    }
}

impl Clinic {
    /// Goes on in another name, in a log that begins with how it meets others.
    fn go_on_as(&self, device: &DeviceKeys, endpoint: &SigningKey) -> Result<(), Error> {
        let key = device.signing.public();
        let (id, log) = (names::device_id(&key), names::log_id(&key));
        let mut desk = self.desk();
        let desk = &mut *desk;
        let now = self.clock.now();
        let mut own = OwnLog::read(&self.store, self.about.clinic, log)?;
        own.witness(desk.log.hlc(), now);
        let heads = self.known().membership.heads();
        let mut series = Series::after(self.about.clinic, heads, own.tick(now));
        series
            .meet_with(endpoint, &device.signing)
            .map_err(unsayable)?;
        let statements = series.into_statements();
        let signer = Signer {
            session: SessionId::ZERO,
            key: &device.signing,
        };
        let drafts = statements.iter().map(|it| {
            let bytes = it.encode();
            let kind = Kind::Statement;
            (signer, Draft::Open { kind, bytes })
        });
        let writing = Writing {
            drafts: drafts.collect(),
            rows: self.rows_of(
                device,
                Incarnation { device: id, log },
                &mut *desk.entropy,
            )?,
            reading: false,
        };
        own.write(&self.store, writing, now, &mut *desk.entropy)?;
        desk.begin_anew(own);
        self.take_name(Incarnation { device: id, log });
        self.twin.store(false, Ordering::SeqCst);
        self.known().learn(statements, Vec::new())?;
        self.tell(Happened::Membership);
        Ok(())
    }

    fn take_name(&self, name: Incarnation) {
        let names = self.incarnation.write();
        *names.unwrap_or_else(PoisonError::into_inner) = name;
    }

    fn rows_of(
        &self,
        device: &DeviceKeys,
        Incarnation { device: id, log }: Incarnation,
        entropy: &mut dyn Entropy,
    ) -> Result<Vec<MetaWrite>, Error> {
        let about = AboutRow {
            version: ROWS_VERSION,
            clinic: self.about.clinic,
            name: self.about.name.clone(),
            device: id,
            log,
        };
        let users = self.enrolled()?.into_iter().map(|it| it.user);
        let to = self.known().membership.carriers(users);
        let mut rows = device_rows(device, &to, entropy)?;
        rows.push(put_row(row::ABOUT, &about));
        rows.push(put_row(row::AUDIT_TAIL, &AuditTail::START));
        for name in [row::AUDIT_KEY, row::TWIN] {
            let name = name.to_owned();
            rows.push(MetaWrite::Remove { name });
        }
        Ok(rows)
    }
}
