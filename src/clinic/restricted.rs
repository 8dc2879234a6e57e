//! The categories of records that the clinic keeps closed, and who may open each: an owner
//! begins one, names clinicians and owners, and takes a naming back.
//!
//! A naming is the key, wrapped to somebody. Taking it back begins new keys, which whoever
//! is not named any more never gets; what was read before stays read.

use std::{collections::BTreeSet, sync::Arc};

use super::{
    AuditAction, AuditObject, Error, Session,
    stating::{next_number, unsayable},
};
use crate::{
    chart::{
        Category,
        who::{Action, Compartment, Denial},
    },
    ids::UserId,
    members::{Author, CompartmentName, EpochSecrets, Membership, NewEpoch},
    seal::words::PaperWords,
};

/// The most categories that a clinic begins.
pub const CATEGORIES_MAX: usize = 16;

/// A category as listed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CategoryRow {
    /// Which.
    pub category: Category,
    /// Who may open it.
    pub named: Vec<UserId>,
}

impl Session {
    /// The categories that the clinic keeps closed, and who may open them.
    pub fn categories(&self) -> Result<Vec<CategoryRow>, Error> {
        self.may(Action::ReadIdentity)
            .or_else(|_denied| self.may(Action::ReadAudit))?;
        let known = self.clinic.known();
        let membership = &known.membership;
        let categories = membership.categories().into_iter();
        let rows = categories.map(|category| CategoryRow {
            category,
            named: named_for(membership, category),
        });
        Ok(rows.collect())
    }

    /// Begins a category that is called so. Its keys are for who begins it, who names others.
    pub fn begin_category(&mut self, called: &str) -> Result<Category, Error> {
        self.may(Action::Administer)?;
        let category = Category::called(called).ok_or_else(|| {
            let why = "a category is called by letters a to z and digits, 32 at most";
            Error::Refused(why.to_owned())
        })?;
        if category.word().starts_with("allerg") {
            let why = "allergies are never closed: every safety check reads them";
            return Err(Error::Refused(why.to_owned()));
        }
        let name = CompartmentName::from(Compartment::Restricted(category));
        {
            let known = self.clinic.known();
            if !known.membership.epochs(&name).is_empty() {
                let why = format!("there was a category `{}` already", category.word());
                return Err(Error::Refused(why));
            }
            if known.membership.categories().len() >= CATEGORIES_MAX {
                let why = format!("a clinic has {CATEGORIES_MAX} categories at most");
                return Err(Error::Refused(why));
            }
        }
        let about = (AuditAction::CategoryBegun, self.user);
        self.begin_closed_epoch(category, &[self.user], about)?;
        self.take_category_keys()?;
        Ok(category)
    }

    /// Names somebody who may open a category, with all that was written in it. It takes an
    /// owner who may open it, or the paper words.
    pub fn allow_category(
        &mut self,
        category: Category,
        user: UserId,
        paper: Option<&PaperWords>,
    ) -> Result<(), Error> {
        self.may(Action::Administer)?;
        let role = self.clinic.in_standing(user)?.role;
        if !role.holds(Compartment::Restricted(category)) {
            let why =
                format!("only clinicians and owners are named, not {}", role.name());
            return Err(Error::Refused(why));
        }
        if let Some(paper) = paper {
            self.root_of(paper)?;
        }
        let recovery = paper.map(PaperWords::recovery);
        let key = recovery.as_ref().unwrap_or(&self.keys.carry);
        let mut series = self.series();
        let before = series.heads().clone();
        {
            let mut desk = self.clinic.desk();
            let known = self.clinic.known();
            let membership = &known.membership;
            let name = known_category(membership, category)?;
            if paper.is_none() && !membership.holders(&name).contains(&key.public()) {
                return Err(Denial::NoKey(Compartment::Restricted(category)).into());
            }
            let carries = membership.carriers([user]);
            for epoch in membership.epochs(&name) {
                let receivers = membership.receivers(&epoch);
                let lacking: BTreeSet<_> =
                    carries.difference(&receivers).copied().collect();
                let held = membership.open_epoch(&epoch, key);
                let Some(secrets) = held.filter(|_| !lacking.is_empty()) else {
                    continue;
                };
                let session = Author::session(self.id, &self.signing);
                let of = (epoch.statement, &secrets);
                series
                    .wrap(session, of, lacking, &mut *desk.entropy)
                    .map_err(unsayable)?;
            }
        }
        if *series.heads() == before {
            return Ok(());
        }
        let object = AuditObject::Category(category, user);
        self.state(
            series,
            Vec::new(),
            Some((AuditAction::CategoryAllowed, object)),
        )?;
        self.take_category_keys()
    }

    /// Takes a naming back: what is written from now on has keys that this user never gets.
    pub fn deny_category(
        &mut self,
        category: Category,
        user: UserId,
    ) -> Result<(), Error> {
        self.may(Action::Administer)?;
        let mut named = {
            let known = self.clinic.known();
            known_category(&known.membership, category)?;
            named_for(&known.membership, category)
        };
        if !named.contains(&user) {
            return Ok(());
        }
        named.retain(|it| *it != user);
        if named.is_empty() {
            let why = "nobody could open it any more: name somebody else first";
            return Err(Error::Refused(why.to_owned()));
        }
        let about = (AuditAction::CategoryDenied, user);
        self.begin_closed_epoch(category, &named, about)?;
        self.take_category_keys()?;
        // What is cached was sealed with the keys before.
        let clinic = Arc::clone(&self.clinic);
        let mut desk = clinic.desk();
        self.renew_cache(&mut desk)?;
        drop(desk);
        self.settle()
    }

    /// Opens the keys that were given to this user by now.
    fn take_category_keys(&mut self) -> Result<(), Error> {
        let clinic = Arc::clone(&self.clinic);
        let mut desk = clinic.desk();
        self.take_keys(&mut desk)
    }

    /// Begins new keys of a category for these people.
    fn begin_closed_epoch(
        &mut self,
        category: Category,
        named: &[UserId],
        (action, about): (AuditAction, UserId),
    ) -> Result<(), Error> {
        let name = CompartmentName::from(Compartment::Restricted(category));
        let mut series = self.series();
        {
            let mut desk = self.clinic.desk();
            let known = self.clinic.known();
            let membership = &known.membership;
            let number = next_number(membership, &name);
            let recovery = membership.recovery();
            let recovery =
                recovery.ok_or_else(|| Error::lost("the clinic's recovery key"))?;
            let to = membership.carriers(named.iter().copied());
            let secrets = EpochSecrets::generate(&name, number, &mut *desk.entropy);
            let new = NewEpoch {
                compartment: name,
                number,
                to,
                recovery,
            };
            let author = self.author_in_person();
            series
                .begin_epoch(author, new, &secrets, &mut *desk.entropy)
                .map_err(unsayable)?;
        }
        let object = AuditObject::Category(category, about);
        self.state(series, Vec::new(), Some((action, object)))
    }
}

fn known_category(
    membership: &Membership,
    category: Category,
) -> Result<CompartmentName, Error> {
    let known = membership.categories().contains(&category);
    let missing = || Error::Missing(format!("category `{}`", category.word()));
    let name = CompartmentName::from(Compartment::Restricted(category));
    known.then_some(name).ok_or_else(missing)
}

/// Who may open a category.
fn named_for(membership: &Membership, category: Category) -> Vec<UserId> {
    let holders = membership.holders(&Compartment::Restricted(category).into());
    let members = membership.users().values();
    let named = members.filter(|it| {
        it.keys
            .iter()
            .any(|key| key.live && holders.contains(&key.carry))
    });
    named.map(|it| it.user).collect()
}
