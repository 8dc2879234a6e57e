//! The people who use the clinic's machines: letting in, changing roles, removing.

use std::sync::Arc;

use super::{
    AuditAction, AuditObject, Error, Session,
    create::{lock, wrap_device},
    keys::UserKeys,
    own_log::{Draft, Writing},
    put_row, row,
    sign_in::EnrolledRow,
};
use crate::{
    chart::who::{Action, Compartment, Role},
    ids::UserId,
    ledger::{Kind, Lane},
    members::{
        Author, Body, EpochSecrets, Joining, Membership, NameKey, NewEpoch, Reach,
        Series, Standing, Statement,
    },
    seal::{self, Work},
    store::MetaWrite,
    text::Shown,
};

/// The widest name of a user, in columns: a line has room for it and for what stands beside.
const NAME_CELLS_MAX: usize = 64;

/// A user as listed.
#[derive(Clone, PartialEq, Eq)]
pub struct UserRow {
    /// Who.
    pub user: UserId,
    /// The name.
    pub name: String,
    /// The role.
    pub role: Role,
    /// `good`, `left` or `compromised`.
    pub standing: &'static str,
    /// Whether they can sign in on this machine.
    pub here: bool,
}

impl Session {
    /// Everybody who belongs, or belonged, to the clinic.
    pub fn users(&self) -> Result<Vec<UserRow>, Error> {
        self.may(Action::ReadIdentity)
            .or_else(|_denied| self.may(Action::ReadAudit))?;
        let enrolled = self.clinic.enrolled()?;
        let members: Vec<_> = {
            let known = self.clinic.known();
            let members = known.membership.users().values();
            members.map(|it| (it.user, it.role, it.standing)).collect()
        };
        let rows = members.into_iter().map(|(user, role, standing)| UserRow {
            user,
            name: self.user_name(user),
            role,
            standing: match standing {
                Standing::Good => "good",
                Standing::Left => "left",
                Standing::Compromised => "compromised",
            },
            here: enrolled.iter().any(|it| it.user == user),
        });
        Ok(rows.collect())
    }

    /// The user in good standing with this name.
    pub fn user_named(&self, name: &str) -> Result<UserId, Error> {
        let users = self.users()?;
        let found = users
            .iter()
            .find(|it| it.name == name && it.standing == "good");
        found
            .map(|it| it.user)
            .ok_or_else(|| Error::Missing("user of this name".to_owned()))
    }

    /// Lets a user in: makes their keys, locks them with their passphrase, wraps to them
    /// what their role holds, and lets them sign in on this machine.
    pub fn add_user(
        &mut self,
        name: &str,
        role: Role,
        passphrase: &str,
    ) -> Result<UserId, Error> {
        self.may(Action::Administer)?;
        self.check_new_user(name, role, passphrase)?;
        let keys = {
            let mut desk = self.clinic.desk();
            UserKeys::generate(&mut *desk.entropy)
        };
        let work = self.clinic.work.unwrap_or(Work::USER);
        let file = lock(passphrase, work, &keys)?;
        let joining = Joining {
            key: &keys.signing,
            carry: keys.carry.public(),
            name,
            file: &file,
        };
        let names = NameKey::of(self.keyring.of(Compartment::Front)?.current_key()?);
        let mut series = self.series();
        let user = {
            let mut desk = self.clinic.desk();
            let owner = Author::user(self.user, &self.keys.signing);
            series
                .admit(owner, (&joining, role), &names, &mut *desk.entropy)
                .map_err(statement)?
        };
        let mut enrolled = self.clinic.enrolled()?;
        enrolled.push(EnrolledRow {
            user,
            name: name.to_owned(),
            role,
        });
        let device = self.device_row(|_| true, Some(keys.carry.public()))?;
        let rows = vec![put_row(row::ENROLLED, &enrolled), device];
        self.state(series, rows, (AuditAction::UserAdded, user))?;
        self.wrap_lacking()?;
        Ok(user)
    }

    /// Gives a user another role from here on. One that holds less begins new epochs.
    pub fn set_role(&mut self, user: UserId, role: Role) -> Result<(), Error> {
        self.may(Action::Administer)?;
        if user == self.user {
            let how = "nobody changes their own role: another owner does it";
            return Err(Error::Refused(how.to_owned()));
        }
        if matches!(role, Role::Owner | Role::Hub | Role::Emergency) {
            let how = format!("nobody is made {} in this way", role.name());
            return Err(Error::Refused(how));
        }
        if self.clinic.in_standing(user)?.role == role {
            return Ok(());
        }
        let mut series = self.series();
        let owner = Author::user(self.user, &self.keys.signing);
        series
            .say(owner, Body::RoleChanged(user, role))
            .map_err(statement)?;
        let mut enrolled = self.clinic.enrolled()?;
        for row in enrolled.iter_mut().filter(|it| it.user == user) {
            row.role = role;
        }
        let rows = vec![put_row(row::ENROLLED, &enrolled)];
        self.state(series, rows, (AuditAction::RoleChanged, user))?;
        self.wrap_lacking()?;
        self.renew_keys()
    }

    /// Removes a user. What they wrote before counts, unless the key was compromised: then
    /// only what the logs hold by now. New epochs begin for what they could read.
    pub fn remove_user(&mut self, user: UserId, compromised: bool) -> Result<(), Error> {
        self.may(Action::Administer)?;
        if user == self.user {
            let how = "nobody removes themselves: another owner does it";
            return Err(Error::Refused(how.to_owned()));
        }
        if !compromised {
            self.clinic.in_standing(user)?;
        }
        let body = if compromised {
            Body::KeyCompromised(user, self.reach()?)
        } else {
            Body::UserLeft(user)
        };
        let mut series = self.series();
        series
            .say(Author::user(self.user, &self.keys.signing), body)
            .map_err(statement)?;
        let mut enrolled = self.clinic.enrolled()?;
        enrolled.retain(|it| it.user != user);
        let device = self.device_row(|it| it != user, None)?;
        let rows = vec![put_row(row::ENROLLED, &enrolled), device];
        self.state(series, rows, (AuditAction::UserLeft, user))?;
        self.renew_keys()
    }

    /// Locks the user's own keys with another passphrase.
    pub fn change_passphrase(&mut self, passphrase: &str) -> Result<(), Error> {
        if self.clinic.work.is_none() {
            seal::check_passphrase(passphrase).map_err(Error::WeakPassphrase)?;
        }
        let role = self.role();
        let usual = if role == Role::Owner {
            Work::OWNER
        } else {
            Work::USER
        };
        let file = lock(passphrase, self.clinic.work.unwrap_or(usual), &self.keys)?;
        let version = {
            let known = self.clinic.known();
            let member = known.membership.user(self.user);
            member
                .and_then(|it| it.file.as_ref())
                .map_or(0, |(version, _)| *version)
        };
        let mut series = self.series();
        let author = Author::user(self.user, &self.keys.signing);
        series
            .lock(author, self.user, version.saturating_add(1), &file)
            .map_err(statement)?;
        self.state(
            series,
            Vec::new(),
            (AuditAction::PassphraseChanged, self.user),
        )
    }

    fn check_new_user(
        &self,
        name: &str,
        role: Role,
        passphrase: &str,
    ) -> Result<(), Error> {
        let shown = Shown::line(name);
        if shown.as_str().trim().is_empty() {
            return Err(Error::Refused("a user needs a name".to_owned()));
        }
        if shown.width() > NAME_CELLS_MAX {
            let why = format!("a name is at most {NAME_CELLS_MAX} columns wide");
            return Err(Error::Refused(why));
        }
        if matches!(role, Role::Owner | Role::Hub | Role::Emergency) {
            let why = format!("a {} is not added in this way", role.name());
            return Err(Error::Refused(why));
        }
        let seen = as_seen(name);
        let mut others = self.users()?.into_iter();
        if others.any(|it| it.standing == "good" && as_seen(&it.name) == seen) {
            return Err(Error::Refused(
                "there is a user of this name already".to_owned(),
            ));
        }
        if self.clinic.work.is_none() {
            seal::check_passphrase(passphrase).map_err(Error::WeakPassphrase)?;
        }
        Ok(())
    }

    fn series(&self) -> Series {
        let heads = self.clinic.known().membership.heads();
        let mut desk = self.clinic.desk();
        let at = desk.log.tick(self.clinic.clock.now());
        Series::after(self.clinic.about.clinic, heads, at)
    }

    /// Wraps every epoch that this user can open to the members who are to hold it and to
    /// whom nobody wrapped it yet.
    pub(super) fn wrap_lacking(&mut self) -> Result<(), Error> {
        let mut series = self.series();
        {
            let known = self.clinic.known();
            let membership = &known.membership;
            for compartment in Compartment::ALL {
                for epoch in membership.epochs(&compartment.into()) {
                    let lacking = membership.lacking(&epoch);
                    if lacking.is_empty() {
                        continue;
                    }
                    let held = membership.open_epoch(&epoch, &self.keys.carry);
                    let Some(secrets) = held else { continue };
                    let session = Author::session(self.id, &self.signing);
                    series
                        .wrap(session, epoch.statement, &secrets, lacking)
                        .map_err(statement)?;
                }
            }
        }
        self.state(series, Vec::new(), (AuditAction::KeysWrapped, self.user))
    }

    /// New epochs for every compartment whose key somebody holds who may not any more.
    pub(super) fn renew_keys(&mut self) -> Result<(), Error> {
        let mut series = self.series();
        {
            let mut desk = self.clinic.desk();
            let known = self.clinic.known();
            let membership = &known.membership;
            for compartment in Compartment::ALL {
                let name = compartment.into();
                let exposed =
                    membership.current_epoch(&name).is_some_and(|it| it.exposed);
                let Some(recovery) = membership.recovery().filter(|_| exposed) else {
                    continue;
                };
                let number = next_number(membership, compartment);
                let secrets = EpochSecrets::generate(&name, number, &mut *desk.entropy);
                let to = membership.holders(&name);
                let new = NewEpoch {
                    compartment: name,
                    number,
                    to,
                    recovery,
                };
                let owner = Author::user(self.user, &self.keys.signing);
                series
                    .begin_epoch(owner, new, &secrets)
                    .map_err(statement)?;
            }
        }
        if series.heads() == &self.clinic.known().membership.heads() {
            return Ok(());
        }
        self.state(series, Vec::new(), (AuditAction::KeysRenewed, self.user))?;
        let clinic = Arc::clone(&self.clinic);
        let mut desk = clinic.desk();
        self.take_keys(&mut desk)?;
        self.renew_cache(&mut desk)
    }

    /// Throws the caches away and works them out anew.
    pub fn rebuild_cache(&mut self) -> Result<(), Error> {
        self.may(Action::Verify)?;
        let clinic = Arc::clone(&self.clinic);
        let mut desk = clinic.desk();
        self.sit(&mut desk)?;
        self.renew_cache(&mut desk)
    }

    /// Writes statements, then knows them.
    fn state(
        &mut self,
        series: Series,
        mut rows: Vec<MetaWrite>,
        (action, user): (AuditAction, UserId),
    ) -> Result<(), Error> {
        let statements: Vec<Statement> = series.into_statements();
        if statements.is_empty() {
            return Ok(());
        }
        let clinic = Arc::clone(&self.clinic);
        let mut desk = clinic.desk();
        let audited = self.audit_row(&mut desk, action, AuditObject::User(user))?;
        rows.extend(audited.rows);
        let said = statements.iter().map(|it| Draft::Open {
            kind: Kind::Statement,
            bytes: it.encode(),
        });
        let writing = Writing {
            drafts: self.signed(said.chain(audited.drafts)),
            rows,
            reading: false,
        };
        desk.write(&clinic, self.id, writing)?;
        self.audited(&mut desk, audited.tail);
        drop(desk);
        clinic
            .known()
            .learn(statements, vec![self.certificate.clone()])
    }

    /// The machine's key file, for those who may sign in here and stay, and for a newcomer.
    fn device_row(
        &self,
        stays: impl Fn(UserId) -> bool,
        newcomer: Option<seal::CarryPublic>,
    ) -> Result<MetaWrite, Error> {
        let enrolled = self.clinic.enrolled()?;
        let known = self.clinic.known();
        let users = enrolled.iter().filter(|it| stays(it.user));
        let users = users.filter_map(|it| known.membership.user(it.user));
        let users = users.filter(|it| it.standing == Standing::Good);
        let keys = users.flat_map(|it| it.keys.iter().filter(|it| it.live));
        let to: Vec<_> = keys.map(|it| it.carry).chain(newcomer).collect();
        Ok(put_row(row::DEVICE, &wrap_device(&self.device, &to)?))
    }

    /// How far all logs reach by now.
    fn reach(&self) -> Result<Reach, Error> {
        let frontier = self.clinic.store.frontier()?;
        Ok(frontier
            .into_iter()
            .filter(|((_, lane), _)| *lane != Lane::Membership)
            .collect())
    }
}

/// A name as people tell it from others: what is shown of it, without case and spacing.
fn as_seen(name: &str) -> String {
    let shown = Shown::line(name).as_str().to_lowercase();
    shown.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn next_number(membership: &Membership, compartment: Compartment) -> u32 {
    let epochs = membership.epochs(&compartment.into());
    epochs
        .iter()
        .map(|it| it.key.number)
        .max()
        .unwrap_or(0)
        .saturating_add(1)
}

fn statement(source: crate::members::Error) -> Error {
    Error::damaged("a statement that was to be made", source)
}

impl std::fmt::Debug for UserRow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "UserRow({:?})", self.user)
    }
}
