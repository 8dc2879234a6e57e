//! What people of a simulated clinic do beside their work: they change roles, leave, come
//! back, decide between versions and about what nobody vouches for, and mistype.

use cairn::{
    chart::{Choice, who::Role},
    clinic::{Error, Fact, Session},
    ids::{Hash, PatientId},
};

use super::world::{OWNER, STAFF, World};
use crate::{clinic::PASSPHRASE, flaky_disk::Dice};

impl World {
    /// An owner says who is what here, and who is not here any more.
    pub(super) fn staff_changes(&mut self, at: usize) {
        if self.is_gone(at) {
            return;
        }
        let name = STAFF[self.dice.below(STAFF.len())];
        let role = [Role::Nurse, Role::Clinician, Role::FrontDesk][self.dice.below(3)];
        let kind = self.dice.below(6);
        let done = self.machines[at].session(OWNER).and_then(|session| {
            if kind == 5 {
                return session.change_passphrase(PASSPHRASE);
            }
            let user = match session.user_named(name) {
                Ok(user) => user,
                Err(_) => session.user_before(name)?.0,
            };
            match kind {
                0 => session.remove_user(user, true),
                1 => session.remove_user(user, false),
                2 => session.readmit_user(user, None, PASSPHRASE),
                _ => session.set_role(user, role),
            }
        });
        if self.allowed(done) && kind < 2 {
            self.tally.removals += 1;
            if kind == 0 {
                self.doubtful.insert(name);
            }
        }
    }

    /// Somebody decides what was set apart, and what nobody vouches for.
    pub(super) fn decide(&mut self, at: usize) {
        let patients = self.patients.clone();
        let dice = &mut self.dice;
        let done = self.machines[at].session(OWNER).and_then(|session| {
            let known = patients.into_iter().filter(|it| session.is_on_file(*it));
            let known: Vec<_> = known.collect();
            if known.is_empty() {
                return Ok(0);
            }
            let patient = known[dice.below(known.len())];
            Ok(settle(session, patient, dice)? + vouch(session, patient, dice)?)
        });
        match done {
            Ok(decided) => self.tally.decided += decided,
            Err(error) => {
                self.allowed(Err(error));
            }
        }
    }

    /// Somebody tries to come in with another passphrase, and is noted while nobody is.
    pub(super) fn mistype(&mut self, at: usize) {
        let name = STAFF[self.dice.below(STAFF.len())];
        self.machines[at].leave();
        let clinic = self.machines[at].clinic();
        let users = clinic.users().unwrap();
        let Some(user) = users.iter().find(|it| it.name == name) else {
            return;
        };
        match clinic.sign_in(user.user, "another") {
            Err(Error::WrongPassphrase { .. }) => self.tally.denied += 1,
            other => {
                self.allowed(other.map(drop));
            }
        }
    }
}

fn settle(
    session: &mut Session,
    patient: PatientId,
    dice: &mut Dice,
) -> Result<usize, Error> {
    let apart = session.versions(Some(patient))?;
    let Some(apart) = apart.into_iter().find(|it| it.may_settle) else {
        return Ok(0);
    };
    let told = &apart.disagreement;
    let seen: Vec<Hash> = told.versions.iter().map(|it| it.change).collect();
    let choice = Choice::Keep(seen[dice.below(seen.len())]);
    let fact = Fact {
        patient,
        kind: told.kind,
        record: told.record,
        field: told.field.clone(),
        seen,
    };
    session.settle_version(&fact, choice)?;
    Ok(1)
}

fn vouch(
    session: &mut Session,
    patient: PatientId,
    dice: &mut Dice,
) -> Result<usize, Error> {
    let doubted = session.unconfirmed(Some(patient))?;
    let Some(doubted) = doubted.into_iter().find(|it| it.may_settle) else {
        return Ok(0);
    };
    if dice.below(2) == 0 {
        session.adopt(&doubted)?;
    } else {
        session.reject(&doubted)?;
    }
    Ok(1)
}
