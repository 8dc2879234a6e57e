//! The clinic's machines as its people see them: what they are called, since when they
//! belong, shutting one out; and who may sign in on this one.

use std::sync::Arc;

use super::{
    AuditAction, AuditObject, Error, Session,
    peers::logs_of,
    put_row, row,
    sign_in::EnrolledRow,
    stating::{Renewal, device_rows, unsayable},
    users::{as_seen, check_shown},
};
use crate::{
    chart::who::{Action, Compartment},
    ids::DeviceId,
    ledger::Lane,
    members::{Author, Body, NameKey, Named, Reach, Standing},
    seal::{PublicKey, names},
    time::Timestamp,
};

/// After how long a machine says again how far it knows the logs to reach, in milliseconds.
const HEADS_EVERY_MS: i64 = 24 * 60 * 60 * 1000;
/// The same where much came in since: a day's meetings are not a day's statements.
const HEADS_AFTER_SYNC_MS: i64 = 6 * 60 * 60 * 1000;

/// A machine as listed.
#[derive(Clone, PartialEq, Eq)]
pub struct MachineRow {
    /// Which incarnation.
    pub device: DeviceId,
    /// What it is called; empty for who may not know.
    pub name: String,
    /// When it was let in.
    pub since: Timestamp,
    /// Whether it belongs: it was not shut out.
    pub enrolled: bool,
    /// Whether it is this one.
    pub here: bool,
    /// When it last said how far it knows the logs to reach.
    pub heads: Option<Timestamp>,
    /// What is told of it beside.
    pub remarks: MachineRemarks,
}

/// What an owner is told of a machine that is not as others are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct MachineRemarks {
    /// It said so much of who belongs that no more of that is kept.
    pub says_too_much: bool,
    /// Two machines wrote in its name: its disk was copied.
    pub copied: bool,
}

impl Session {
    /// Every machine that belongs, or belonged, to the clinic, in the order in which they
    /// were let in.
    pub fn machines(&self) -> Result<Vec<MachineRow>, Error> {
        self.may(Action::ReadIdentity)?;
        let known = self.clinic.known();
        let membership = &known.membership;
        let heads = membership.last_heads();
        let front = self.keyring.of(Compartment::Front)?;
        let keys: Vec<NameKey> = front.keys().map(NameKey::of).collect();
        let clinic = self.clinic.about.clinic;
        let now = self.clinic.clock.now();
        let forked = self.clinic.store.forked();
        let is_spent = |key: &PublicKey| {
            let room = known.room(names::log_id(key), known.let_in(), now);
            room.is_spent()
        };
        let machines = membership.devices().values().map(|it| {
            let called = Named::Device(it.device);
            let mut opened = keys.iter();
            let name = opened.find_map(|key| key.open(clinic, called, &it.name).ok());
            MachineRow {
                device: it.device,
                name: name.unwrap_or_default(),
                since: it.since,
                enrolled: it.enrolled,
                here: it.device == self.clinic.device(),
                heads: heads.get(&it.device).copied(),
                remarks: MachineRemarks {
                    says_too_much: is_spent(&it.key),
                    copied: logs_of(&it.key).iter().any(|it| forked.contains(it)),
                },
            }
        });
        let mut machines: Vec<_> = machines.collect();
        machines.sort_by_key(|it| (it.since, it.device));
        Ok(machines)
    }

    /// The machine of this name that belongs to the clinic.
    pub fn machine_named(&self, name: &str) -> Result<DeviceId, Error> {
        let machines = self.machines()?;
        let mut named = machines
            .iter()
            .filter(|it| it.enrolled && as_seen(&it.name) == as_seen(name));
        let found = named.next();
        let found =
            found.ok_or_else(|| Error::Missing("machine of this name".to_owned()))?;
        if named.next().is_some() {
            let why = "several machines have this name: rename one first";
            return Err(Error::Refused(why.to_owned()));
        }
        Ok(found.device)
    }

    /// Shuts a machine out: others do not talk to it any more, new keys begin, and of what
    /// it wrote that counts which is held here by now.
    pub fn revoke_machine(&mut self, device: DeviceId) -> Result<(), Error> {
        self.may(Action::Administer)?;
        if device == self.clinic.device() {
            let how = "a machine is shut out from another one";
            return Err(Error::Refused(how.to_owned()));
        }
        let reach = self.reach_of(device)?;
        let mut series = self.series();
        series
            .say(self.author_in_person(), Body::DeviceRevoked(device, reach))
            .map_err(unsayable)?;
        let audited = Some((AuditAction::MachineRevoked, AuditObject::Machine(device)));
        self.state(series, Vec::new(), audited)?;
        self.renew_keys(Renewal::All)
    }

    /// Gives a machine another name.
    pub fn rename_machine(&mut self, device: DeviceId, name: &str) -> Result<(), Error> {
        self.may(Action::Administer)?;
        self.check_machine_name(name, Some(device))?;
        let sealed = {
            let (key, clinic) = (self.name_key()?, self.clinic.about.clinic);
            let mut desk = self.clinic.desk();
            key.seal(clinic, Named::Device(device), name, &mut *desk.entropy)
        };
        let mut series = self.series();
        let renamed = Body::Renamed(Named::Device(device), sealed);
        series
            .say(self.author_in_person(), renamed)
            .map_err(unsayable)?;
        let audited = Some((AuditAction::MachineRenamed, AuditObject::Machine(device)));
        self.state(series, Vec::new(), audited)
    }

    /// Does what follows when it changed who belongs: opens new keys, lets in here whoever
    /// may sign in now, and gives keys to those who are to hold them. An owner begins new
    /// ones where somebody no longer may.
    pub fn membership_changed(&mut self) -> Result<(), Error> {
        {
            let clinic = Arc::clone(&self.clinic);
            let mut desk = clinic.desk();
            self.take_keys(&mut desk)?;
        }
        self.admit_members()?;
        self.wrap_lacking()?;
        if self.may(Action::Administer).is_ok() {
            self.renew_keys(Renewal::Exposed)?;
        }
        self.heed_shares()
    }

    /// Whether the newest keys of a compartment are with somebody who no longer belongs:
    /// what is written now, they could read, until an owner signs in.
    pub fn is_exposed(&self) -> bool {
        let known = self.clinic.known();
        known.membership.compartments().into_iter().any(|it| {
            let current = known.membership.current_epoch(&it.into());
            current.is_some_and(|it| it.exposed)
        })
    }

    /// Whether this machine heard of the others lately enough to talk to those outside.
    pub fn is_fresh(&self) -> bool {
        let (me, now) = (self.clinic.device(), self.clinic.clock.now());
        self.clinic.known().membership.is_fresh(me, now)
    }

    /// Says how far this machine knows the logs to reach, if it is time: a day after it last
    /// did, or a quarter of that where it met others since. Whether it did.
    pub fn sign_heads(&mut self, met_others: bool) -> Result<bool, Error> {
        let every = if met_others {
            HEADS_AFTER_SYNC_MS
        } else {
            HEADS_EVERY_MS
        };
        let now = self.clinic.clock.now();
        let last = {
            let known = self.clinic.known();
            let last = known.membership.last_heads();
            last.get(&self.clinic.device()).copied()
        };
        // One that lies ahead was said by a clock that has been set back since.
        if last.is_some_and(|it| (0..every).contains(&now.ms_since(it))) {
            return Ok(false);
        }
        let reach = self.reach_where(|_, _| true)?;
        let clinic = &self.clinic;
        let quality = clinic.desk().when(clinic.moment(), clinic.clock).clock;
        let mut series = self.series();
        let session = Author::session(self.id, &self.signing);
        series
            .say(session, Body::Heads(quality, reach))
            .map_err(unsayable)?;
        self.state(series, Vec::new(), None)?;
        Ok(true)
    }

    /// Lets everybody sign in on this machine who belongs to the clinic, and nobody else.
    /// What a restored machine is not told to admit stays out.
    pub(super) fn admit_members(&mut self) -> Result<(), Error> {
        let before = self.clinic.enrolled()?;
        let admitted = self.clinic.admitted()?;
        let (enrolled, to) = {
            let known = self.clinic.known();
            let members = known.membership.users().values();
            let members = members.filter(|it| {
                it.standing == Standing::Good && it.file.is_some() && admitted.admits(it)
            });
            let members: Vec<_> = members.map(|it| (it.user, it.role)).collect();
            let to = known.membership.carriers(members.iter().map(|it| it.0));
            (members, to)
        };
        let mut rows: Vec<EnrolledRow> = Vec::with_capacity(enrolled.len());
        for (user, role) in enrolled {
            let held = before.iter().find(|it| it.user == user);
            let name = self.sealed_name(user);
            if let Some(name) = name.or_else(|| held.map(|it| it.name.clone())) {
                rows.push(EnrolledRow { user, name, role });
            }
        }
        let place = |it: &EnrolledRow| before.iter().position(|b| b.user == it.user);
        rows.sort_by_key(|it| place(it).unwrap_or(usize::MAX));
        let wrapped_to = self.clinic.read_row(row::DEVICE_TO)?;
        if rows == before && wrapped_to.as_ref() == Some(&to) {
            return Ok(());
        }
        let mut written = device_rows(&self.device, &to, &mut self.clinic.chance())?;
        written.push(put_row(row::ENROLLED, &rows));
        Ok(self.clinic.store.append(&[], &written)?)
    }

    /// That a machine can be called this.
    pub fn check_machine_name(
        &self,
        name: &str,
        whose: Option<DeviceId>,
    ) -> Result<(), Error> {
        check_shown(name, "a machine")?;
        let mut others = self.machines()?.into_iter();
        let seen = as_seen(name);
        let is_taken = others.any(|it| {
            it.enrolled && Some(it.device) != whose && as_seen(&it.name) == seen
        });
        if is_taken {
            let why = "there is a machine of this name already";
            return Err(Error::Refused(why.to_owned()));
        }
        Ok(())
    }

    /// How far the logs of a machine reach here: its own, the one that it writes with nobody
    /// signed in, and their branches.
    fn reach_of(&self, device: DeviceId) -> Result<Reach, Error> {
        let logs = {
            let known = self.clinic.known();
            let machine = known.membership.device(device);
            let key = machine.map(|it| it.key);
            logs_of(&key.ok_or_else(|| Error::Missing("machine of this id".to_owned()))?)
        };
        self.reach_where(|log, lane| lane != Lane::Membership && logs.contains(&log))
    }
}

impl std::fmt::Debug for MachineRow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "MachineRow({:?})", self.device)
    }
}
