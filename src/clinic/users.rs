//! The people who use the clinic's machines: letting in, changing roles, removing.

use std::sync::Arc;

use super::{
    AuditAction, AuditObject, Error, Session,
    create::lock,
    keys::UserKeys,
    put_row, row,
    sign_in::EnrolledRow,
    stating::{Renewal, unsayable},
};
use crate::{
    chart::who::{Action, Role},
    ids::UserId,
    members::{Author, Body, Named, Newcomer, Standing},
    seal::{self, SigningKey, Work, names, words::PaperWords},
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

/// With what right somebody is let in.
enum Admitting<'a> {
    /// By the clinic's root.
    Owner(&'a SigningKey),
    /// By the owner at work, in this role.
    User(Role),
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

    /// The user with this name who is or was one, and their last role; of several the one
    /// who belongs.
    pub fn user_before(&self, name: &str) -> Result<(UserId, Role), Error> {
        let mut users = self.users()?;
        users.retain(|it| as_seen(&it.name) == as_seen(name));
        if users.len() > 1 {
            users.retain(|it| it.standing == "good");
        }
        match users.as_slice() {
            [user] => Ok((user.user, user.role)),
            [] => Err(Error::Missing("one user of this name".to_owned())),
            _ => Err(Error::Refused("several users have this name".to_owned())),
        }
    }

    /// Lets a user in: makes their keys, locks them with their passphrase, wraps to them
    /// what their role holds, and lets them sign in on this machine. An owner takes
    /// [`Session::add_owner`]; the passphrase of an emergency user is the sealed words.
    pub fn add_user(
        &mut self,
        name: &str,
        role: Role,
        passphrase: &str,
    ) -> Result<UserId, Error> {
        self.may(Action::Administer)?;
        if role == Role::Owner {
            let why = "an owner is not added in this way";
            return Err(Error::Refused(why.to_owned()));
        }
        self.check_name(name)?;
        self.let_in((name, None), Admitting::User(role), passphrase)
    }

    /// As [`Session::add_user`], for another owner: only the paper words make one.
    pub fn add_owner(
        &mut self,
        name: &str,
        paper: &PaperWords,
        passphrase: &str,
    ) -> Result<UserId, Error> {
        self.may(Action::Administer)?;
        self.check_name(name)?;
        let root = self.root_of(paper)?;
        self.let_in((name, None), Admitting::Owner(&root), passphrase)
    }

    /// Lets a user in again, with new keys and another passphrase: somebody who left, whose
    /// key was compromised, or who lost the passphrase. What they wrote before stays theirs,
    /// as far as it counts. An owner takes the paper words.
    pub fn readmit_user(
        &mut self,
        user: UserId,
        paper: Option<&PaperWords>,
        passphrase: &str,
    ) -> Result<(), Error> {
        self.may(Action::Administer)?;
        if user == self.user {
            let how = "nobody lets themselves in again: another owner does it";
            return Err(Error::Refused(how.to_owned()));
        }
        let member = self.clinic.known().membership.user(user).cloned();
        let member =
            member.ok_or_else(|| Error::Missing("user of this id".to_owned()))?;
        let root = paper.map(|it| self.root_of(it)).transpose()?;
        let admitting = match (&root, member.role) {
            (Some(root), Role::Owner) => Admitting::Owner(root),
            (None, Role::Owner) => {
                let how = "an owner is let in again with the paper words";
                return Err(Error::Refused(how.to_owned()));
            }
            (_, role) => Admitting::User(role),
        };
        let name = self.user_name(user);
        self.let_in((&name, Some(user)), admitting, passphrase)?;
        self.renew_keys(Renewal::Exposed)
    }

    /// Lets in a newcomer, or somebody who was a user before.
    fn let_in(
        &mut self,
        (name, before): (&str, Option<UserId>),
        admitting: Admitting<'_>,
        passphrase: &str,
    ) -> Result<UserId, Error> {
        if self.clinic.work.is_none() {
            seal::check_passphrase(passphrase).map_err(Error::WeakPassphrase)?;
        }
        let (role, work) = match admitting {
            Admitting::Owner(_) => (Role::Owner, Work::OWNER),
            Admitting::User(role) => (role, Work::USER),
        };
        let keys = {
            let mut desk = self.clinic.desk();
            UserKeys::generate(&mut *desk.entropy)
        };
        let file = self.lock(passphrase, work, &keys)?;
        let user = before.unwrap_or_else(|| names::user_id(&keys.signing.public()));
        let sealed = {
            let (key, clinic) = (self.name_key()?, self.clinic.about.clinic);
            let mut desk = self.clinic.desk();
            key.seal(clinic, Named::User(user), name, &mut *desk.entropy)
        };
        let newcomer = Newcomer {
            user,
            key: keys.signing.public(),
            carry: keys.carry.public(),
            name: sealed,
        };
        let mut series = self.series();
        let mut say = |author, body| series.say(author, body).map_err(unsayable);
        if before.is_some_and(|it| self.clinic.in_standing(it).is_ok()) {
            // New keys take the place of old ones only after the old ones were given up.
            say(self.author_in_person(), Body::UserLeft(user))?;
        }
        match admitting {
            Admitting::Owner(root) => say(Author::root(root), Body::OwnerAdded(newcomer)),
            Admitting::User(role) => {
                say(self.author_in_person(), Body::UserAdded(newcomer, role))
            }
        }?;
        series
            .lock(
                Author::user(user, &keys.signing),
                user,
                self.file_version(user).saturating_add(1),
                &file,
            )
            .map_err(unsayable)?;
        let mut enrolled = self.clinic.enrolled()?;
        enrolled.retain(|it| it.user != user);
        enrolled.push(EnrolledRow {
            user,
            name: name.to_owned(),
            role,
        });
        let mut rows = self.device_rows(|it| it != user, Some(keys.carry.public()))?;
        rows.push(put_row(row::ENROLLED, &enrolled));
        let audited = Some((AuditAction::UserAdded, AuditObject::User(user)));
        self.state(series, rows, audited)?;
        self.wrap_lacking()?;
        Ok(user)
    }

    /// The clinic's root, from its paper words.
    pub(super) fn root_of(&self, paper: &PaperWords) -> Result<SigningKey, Error> {
        let root = paper.root();
        if names::clinic_id(&root.public()) != self.clinic.about.clinic {
            let why = "these are the paper words of another clinic";
            return Err(Error::Refused(why.to_owned()));
        }
        Ok(root)
    }

    fn file_version(&self, user: UserId) -> u32 {
        let known = self.clinic.known();
        let file = known.membership.user(user).and_then(|it| it.file.as_ref());
        file.map_or(0, |(version, _)| *version)
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
        series
            .say(self.author_in_person(), Body::RoleChanged(user, role))
            .map_err(unsayable)?;
        let mut enrolled = self.clinic.enrolled()?;
        for row in enrolled.iter_mut().filter(|it| it.user == user) {
            row.role = role;
        }
        let rows = vec![put_row(row::ENROLLED, &enrolled)];
        let audited = Some((AuditAction::RoleChanged, AuditObject::User(user)));
        self.state(series, rows, audited)?;
        self.wrap_lacking()?;
        self.renew_keys(Renewal::Exposed)
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
            .say(self.author_in_person(), body)
            .map_err(unsayable)?;
        let mut enrolled = self.clinic.enrolled()?;
        enrolled.retain(|it| it.user != user);
        let mut rows = self.device_rows(|it| it != user, None)?;
        rows.push(put_row(row::ENROLLED, &enrolled));
        let audited = Some((AuditAction::UserLeft, AuditObject::User(user)));
        self.state(series, rows, audited)?;
        self.renew_keys(Renewal::Exposed)
    }

    fn lock(
        &self,
        passphrase: &str,
        usual: Work,
        keys: &UserKeys,
    ) -> Result<Vec<u8>, Error> {
        let work = self.clinic.work.unwrap_or(usual);
        lock(passphrase, work, keys, &mut self.clinic.chance())
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
        let file = self.lock(passphrase, usual, &self.keys)?;
        let version = self.file_version(self.user).saturating_add(1);
        let mut series = self.series();
        series
            .lock(self.author_in_person(), self.user, version, &file)
            .map_err(unsayable)?;
        let whose = AuditObject::User(self.user);
        let audited = Some((AuditAction::PassphraseChanged, whose));
        self.state(series, Vec::new(), audited)
    }

    fn check_name(&self, name: &str) -> Result<(), Error> {
        check_shown(name, "a user")?;
        let seen = as_seen(name);
        let mut others = self.users()?.into_iter();
        if others.any(|it| it.standing == "good" && as_seen(&it.name) == seen) {
            return Err(Error::Refused(
                "there is a user of this name already".to_owned(),
            ));
        }
        Ok(())
    }

    /// Throws the caches away and works them out anew.
    pub fn rebuild_cache(&mut self) -> Result<(), Error> {
        self.may(Action::Verify)?;
        let clinic = Arc::clone(&self.clinic);
        let mut desk = clinic.desk();
        self.sit(&mut desk)?;
        self.renew_cache(&mut desk)?;
        drop(desk);
        self.settle()
    }
}

/// That a name can be shown.
pub(super) fn check_shown(name: &str, whose: &str) -> Result<(), Error> {
    let shown = Shown::line(name);
    if shown.as_str().trim().is_empty() {
        return Err(Error::Refused(format!("{whose} needs a name")));
    }
    if shown.width() > NAME_CELLS_MAX {
        let why = format!("a name is at most {NAME_CELLS_MAX} columns wide");
        return Err(Error::Refused(why));
    }
    Ok(())
}

/// A name as people tell it from others: what is shown of it, without case and spacing.
pub(super) fn as_seen(name: &str) -> String {
    let shown = Shown::line(name).as_str().to_lowercase();
    shown.split_whitespace().collect::<Vec<_>>().join(" ")
}

impl std::fmt::Debug for UserRow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "UserRow({:?})", self.user)
    }
}
