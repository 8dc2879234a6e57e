//! Which incarnation of a machine this is. A copied disk, or an older image of one, makes two
//! machines write in one name; as soon as one of them knows, and an owner signs in there, it
//! takes a name of its own: keys, log, and the key with which it meets others.

use std::sync::{Arc, PoisonError, atomic::Ordering};

use super::{
    AboutRow, AuditAction, AuditObject, Clinic, Error, Happened, ROWS_VERSION, Session,
    desk::AuditTail,
    keys::DeviceKeys,
    own_log::{Draft, OwnLog, Signer},
    put_row, row,
    stating::{device_rows, unsayable},
};
use crate::{
    ids::{DeviceId, LogId, SessionId},
    ledger::Kind,
    members::{Body, Named, NewDevice, Statement},
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
    /// old one. What was written before stays as it is. All of it is one step on the disk: a
    /// machine that nobody has the keys of is let in at no moment.
    pub(super) fn begin_incarnation(self) -> Result<(), Error> {
        let (device, endpoint) = {
            let mut desk = self.clinic.desk();
            let drawn = DeviceKeys::generate(&mut *desk.entropy);
            // The caches are this disk's, not this name's.
            let local = Secret::from_bytes(self.device.local.as_bytes());
            let device = DeviceKeys { local, ..drawn };
            (device, SigningKey::generate(&mut *desk.entropy))
        };
        let said = self.say_anew(&device, &endpoint)?;
        // Nobody looks at it before the new name is taken.
        self.clinic.keep_next_endpoint(&endpoint)?;
        self.go_on_as(&device, said)
    }

    /// That this machine is let in under another name, and how it is met then.
    fn say_anew(
        &self,
        device: &DeviceKeys,
        endpoint: &SigningKey,
    ) -> Result<Vec<Statement>, Error> {
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
        series
            .meet_with(endpoint, &device.signing)
            .map_err(unsayable)?;
        Ok(series.into_statements())
    }

    /// Goes on in another name: the old log ends with what lets it in, the new one begins
    /// with how it is met.
    fn go_on_as(&self, device: &DeviceKeys, said: Vec<Statement>) -> Result<(), Error> {
        let key = device.signing.public();
        let (id, log) = (names::device_id(&key), names::log_id(&key));
        let name = Incarnation { device: id, log };
        let clinic = Arc::clone(&self.clinic);
        let mut desk = clinic.desk();
        let desk = &mut *desk;
        let now = clinic.clock.now();
        let mut said = said.iter().map(|it| Draft::Open {
            kind: Kind::Statement,
            bytes: it.encode(),
        });
        let object = AuditObject::Machine(id);
        let (audit, mut rows) =
            self.last_audit(desk, AuditAction::MachineEnrolled, object)?;
        let last = said.next().into_iter().chain(audit);
        let last = self.signed(last.collect::<Vec<_>>());
        let here = desk
            .log
            .make(&clinic.store, last, now, &mut *desk.entropy)?;
        let itself = Signer {
            session: SessionId::ZERO,
            key: &device.signing,
        };
        let first = said.map(|it| (itself, it)).collect();
        let mut own = OwnLog::read(&clinic.store, clinic.about.clinic, log)?;
        own.witness(desk.log.hlc(), now);
        let there = own.make(&clinic.store, first, now, &mut *desk.entropy)?;
        rows.extend(here.rows.iter().chain(&there.rows).cloned());
        rows.extend(clinic.rows_of(device, name, &mut *desk.entropy)?);
        let new = [here.new_envelopes(), there.new_envelopes()].concat();
        if let Err(error) = clinic.store.append(&new, &rows) {
            // The disk may have taken it all the same.
            let about: Option<AboutRow> = clinic.read_row(row::ABOUT)?;
            if about.is_none_or(|it| it.device != id) {
                drop(desk.log.reread(&clinic.store));
                return Err(error.into());
            }
        }
        own.go_on_after(there);
        desk.begin_anew(own);
        clinic.take_name(name);
        clinic.twin.store(false, Ordering::SeqCst);
        clinic.know_anew();
        clinic.tell(Happened::Membership);
        Ok(())
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
