//! Saying who belongs: statements written, audited and known at once; keys given to those
//! who are to hold them, and new ones begun when somebody no longer may.

use std::{collections::BTreeSet, sync::Arc};

use super::{
    AuditAction, AuditObject, Error, Happened, Session,
    keys::DeviceKeys,
    own_log::{Draft, Writing},
    put_row, row,
};
use crate::{
    chart::who::{Compartment, Role},
    ids::{LogId, UserId},
    ledger::{Kind, Lane},
    members::{
        Author, CompartmentName, EpochSecrets, Membership, NameKey, NewEpoch, REACH_MAX,
        Reach, Series, Statement,
    },
    seal::{self, CarryKey, CarryPublic, Entropy},
    store::MetaWrite,
};

/// When new keys begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Renewal {
    /// Where somebody holds the present ones who may not.
    Exposed,
    /// Everywhere: a machine was lost with what it held.
    All,
}

impl Session {
    /// What is said next.
    pub(super) fn series(&self) -> Series {
        let heads = self.clinic.known().membership.heads();
        let mut desk = self.clinic.desk();
        let at = desk.log.tick(self.clinic.clock.now());
        Series::after(self.clinic.about.clinic, heads, at)
    }

    /// The user at work, as the author of what an owner or a user says.
    pub(super) fn author_in_person(&self) -> Author<'_> {
        Author::user(self.user, &self.keys.signing)
    }

    /// The key that names are sealed with now.
    pub(super) fn name_key(&self) -> Result<NameKey, Error> {
        let front = self.keyring.of(Compartment::Front)?;
        Ok(NameKey::of(front.current_key()?))
    }

    /// Writes statements, then knows them.
    pub(super) fn state(
        &mut self,
        series: Series,
        mut rows: Vec<MetaWrite>,
        audited: Option<(AuditAction, AuditObject)>,
    ) -> Result<(), Error> {
        let statements: Vec<Statement> = series.into_statements();
        if statements.is_empty() {
            return Ok(());
        }
        let clinic = Arc::clone(&self.clinic);
        let mut desk = clinic.desk();
        self.is_of_now()?;
        let mut drafts = Vec::new();
        for statement in &statements {
            let bytes = statement.encode();
            let kind = Kind::Statement;
            drafts.push(Draft::Open { kind, bytes });
        }
        let audited = audited
            .map(|(action, object)| self.audit_row(&mut desk, action, object))
            .transpose()?;
        let mut tail = None;
        if let Some(audited) = audited {
            rows.extend(audited.rows);
            drafts.extend(audited.drafts);
            tail = Some(audited.tail);
        }
        let writing = Writing {
            drafts: self.signed(drafts),
            rows,
            reading: false,
        };
        desk.write(&clinic, self.id, writing)?;
        if let Some(tail) = tail {
            self.audited(&mut desk, tail);
        }
        // What providers of other clinics wrote may be judged otherwise now.
        desk.fall_behind();
        drop(desk);
        clinic
            .known()
            .learn(statements, vec![self.certificate.clone()])?;
        clinic.tell(Happened::Membership);
        Ok(())
    }

    /// Wraps every epoch that this user can open to the members who are to hold it and to
    /// whom nobody wrapped it yet.
    pub(super) fn wrap_lacking(&mut self) -> Result<(), Error> {
        self.wrap_lacking_with(None)
    }

    /// As [`Session::wrap_lacking`], of what another key opens.
    pub(super) fn wrap_lacking_with(
        &mut self,
        other: Option<&CarryKey>,
    ) -> Result<(), Error> {
        let mut series = self.series();
        {
            let mut desk = self.clinic.desk();
            let known = self.clinic.known();
            let membership = &known.membership;
            for compartment in membership.compartments() {
                if !self.gives_keys_of(compartment, membership) {
                    continue;
                }
                for epoch in membership.epochs(&compartment.into()) {
                    let lacking = membership.lacking(&epoch);
                    if lacking.is_empty() {
                        continue;
                    }
                    let key = other.unwrap_or(&self.keys.carry);
                    let held = membership.open_epoch(&epoch, key);
                    let Some(secrets) = held else { continue };
                    let session = Author::session(self.id, &self.signing);
                    series
                        .wrap(
                            session,
                            (epoch.statement, &secrets),
                            lacking,
                            &mut *desk.entropy,
                        )
                        .map_err(unsayable)?;
                }
            }
        }
        let audited = Some((AuditAction::KeysWrapped, AuditObject::User(self.user)));
        self.state(series, Vec::new(), audited)
    }

    /// Whether what this user says of whom a compartment's keys are given to counts. Those of
    /// a restricted one are for owners to give.
    fn gives_keys_of(&self, compartment: Compartment, membership: &Membership) -> bool {
        let role = membership.user(self.user).map(|it| it.role);
        !matches!(compartment, Compartment::Restricted(_)) || role == Some(Role::Owner)
    }

    /// New epochs for the compartments that need them.
    pub(super) fn renew_keys(&mut self, renewal: Renewal) -> Result<(), Error> {
        let mut series = self.series();
        {
            let mut desk = self.clinic.desk();
            let known = self.clinic.known();
            let membership = &known.membership;
            for compartment in membership.compartments() {
                let name = compartment.into();
                let current = membership.current_epoch(&name);
                let is_due =
                    current.is_some_and(|it| it.exposed || renewal == Renewal::All);
                let Some(recovery) = membership.recovery().filter(|_| is_due) else {
                    continue;
                };
                let number = next_number(membership, &name);
                let secrets = EpochSecrets::generate(&name, number, &mut *desk.entropy);
                let to = membership.holders(&name);
                let new = NewEpoch {
                    compartment: name,
                    number,
                    to,
                    recovery,
                };
                series
                    .begin_epoch(
                        self.author_in_person(),
                        new,
                        &secrets,
                        &mut *desk.entropy,
                    )
                    .map_err(unsayable)?;
            }
        }
        if series.heads() == &self.clinic.known().membership.heads() {
            return Ok(());
        }
        let audited = Some((AuditAction::KeysRenewed, AuditObject::User(self.user)));
        self.state(series, Vec::new(), audited)?;
        let clinic = Arc::clone(&self.clinic);
        let mut desk = clinic.desk();
        self.take_keys(&mut desk)?;
        self.renew_cache(&mut desk)?;
        drop(desk);
        self.settle()
    }

    /// The machine's key file, for those who may sign in here and stay, and for a newcomer.
    pub(super) fn device_rows(
        &self,
        stays: impl Fn(UserId) -> bool,
        newcomer: Option<CarryPublic>,
    ) -> Result<Vec<MetaWrite>, Error> {
        let enrolled = self.clinic.enrolled()?;
        let users = enrolled.iter().map(|it| it.user).filter(|it| stays(*it));
        let mut to = self.clinic.known().membership.carriers(users);
        to.extend(newcomer);
        device_rows(&self.device, &to, &mut self.clinic.chance())
    }

    /// How far all logs reach by now, but for what statements say themselves.
    pub(super) fn reach(&self) -> Result<Reach, Error> {
        self.reach_where(|_, lane| lane != Lane::Membership)
    }

    /// How far the lanes of these logs, and their branches, reach by now. Where there are more
    /// than a statement holds, branches are left out: no honest clinic has so many.
    pub(super) fn reach_where(
        &self,
        wanted: impl Fn(LogId, Lane) -> bool,
    ) -> Result<Reach, Error> {
        let stretches = self.clinic.store.stretches()?.into_iter();
        let wanted = stretches.filter(|((_, lane), it)| wanted(it.origin, *lane));
        let mut all: Vec<_> = wanted.collect();
        all.sort_by_key(|((log, _), it)| *log != it.origin);
        all.truncate(REACH_MAX);
        let ends = all.into_iter().map(|(run, it)| (run, (it.last, it.hash)));
        Ok(ends.collect())
    }
}

/// The machine's key file as rows: wrapped to these, and to whom it is.
pub(super) fn device_rows(
    device: &DeviceKeys,
    to: &BTreeSet<CarryPublic>,
    entropy: &mut dyn Entropy,
) -> Result<Vec<MetaWrite>, Error> {
    let receivers: Vec<_> = to.iter().copied().collect();
    let wrapped = seal::wrap(&receivers, &device.encode(), entropy)
        .map_err(|source| Error::damaged("the machine's key file", source))?;
    Ok(vec![
        put_row(row::DEVICE, &wrapped),
        put_row(row::DEVICE_TO, to),
    ])
}

/// A statement that could not be made.
pub(super) fn unsayable(source: crate::members::Error) -> Error {
    Error::damaged("a statement that was to be made", source)
}

/// The number of the epoch that is begun next.
pub(super) fn next_number(membership: &Membership, compartment: &CompartmentName) -> u32 {
    let epochs = membership.epochs(compartment);
    epochs
        .iter()
        .map(|it| it.key.number)
        .max()
        .unwrap_or(0)
        .saturating_add(1)
}
