//! The fold: from signed statements, in any order, to who belongs.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use super::{
    Body, Certificate, Error, Judgement, Missing, Named, PARENTS_MAX, Signer, Statement,
    Void,
    body::Right,
    dag::Dag,
    ground::{About, Ground, Point, of},
    removal,
    roster::Roster,
};
use crate::{
    chart::who::Role,
    ids::{ClinicId, SessionId, StatementId, UserId},
    seal::CarryPublic,
};

/// Who belongs to a clinic, as a function of the statements and certificates that are held.
#[derive(Clone, PartialEq, Eq)]
pub struct Membership {
    clinic: ClinicId,
    pub(super) ground: Ground,
    pub(super) roster: Roster,
}

impl Membership {
    /// A clinic of which nothing is known but its id.
    pub fn new(clinic: ClinicId) -> Self {
        Self {
            clinic,
            ground: Ground::default(),
            roster: Roster::default(),
        }
    }

    /// What these statements and certificates say together.
    pub fn fold(
        clinic: ClinicId,
        statements: impl IntoIterator<Item = Statement>,
        certificates: impl IntoIterator<Item = Certificate>,
    ) -> Result<Self, Error> {
        let mut membership = Self::new(clinic);
        membership.add(statements, certificates)?;
        Ok(membership)
    }

    /// Takes in more statements and certificates and judges all anew: bring many at once.
    /// When one of them is of another clinic none is taken.
    ///
    /// Of the certificates only those are needed whose sessions signed statements.
    pub fn add(
        &mut self,
        statements: impl IntoIterator<Item = Statement>,
        certificates: impl IntoIterator<Item = Certificate>,
    ) -> Result<(), Error> {
        let statements: Vec<_> = statements.into_iter().collect();
        let certificates: Vec<_> = certificates.into_iter().collect();
        let ours = statements.iter().all(|it| it.clinic() == self.clinic)
            && certificates
                .iter()
                .all(|it| it.granted().clinic == self.clinic);
        if !ours {
            return Err(Error::OtherClinic);
        }
        let statements = statements.into_iter().map(|it| (it.id(), it));
        self.ground.statements.extend(statements);
        let certificates = certificates.into_iter().map(|it| (it.id(), it));
        self.ground.certificates.extend(certificates);
        self.ground.settle();
        self.roster = Roster::of(&self.ground);
        Ok(())
    }

    /// The clinic.
    pub const fn clinic(&self) -> ClinicId {
        self.clinic
    }

    /// The statement with this id, if it is held.
    pub fn statement(&self, id: StatementId) -> Option<&Statement> {
        self.ground.statements.get(&id)
    }

    /// Every statement that is held.
    pub fn statements(&self) -> impl Iterator<Item = &Statement> + Clone {
        self.ground.statements.values()
    }

    /// The certificate with this id, if it was taken in.
    pub fn certificate(&self, id: SessionId) -> Option<&Certificate> {
        self.ground.certificates.get(&id)
    }

    /// Whose session signed a statement.
    pub(super) fn session_user(&self, statement: &Statement) -> Option<UserId> {
        let Signer::Session(session, _) = statement.signer() else {
            return None;
        };
        self.certificate(session).map(Certificate::user)
    }

    /// Whether a statement that is held counts.
    pub fn judgement(&self, id: StatementId) -> Option<Judgement> {
        self.ground.verdicts.get(&id).copied()
    }

    /// What became of every statement that is held.
    pub const fn judgements(&self) -> &BTreeMap<StatementId, Judgement> {
        &self.ground.verdicts
    }

    /// The statements that nothing held follows: what the next statement or certificate
    /// names as known. Those that wait for others are not among them. Of more than
    /// [`PARENTS_MAX`] those are taken that between them know of everybody who was let in or
    /// shut out, then those that count and came last: who says much silences nobody.
    pub fn heads(&self) -> BTreeSet<StatementId> {
        self.heads_of(|_| true)
    }

    /// The heads of what does not follow these statements: the parents of a removal by an
    /// owner who does not accept them, which then beats them, where with [`heads`] for
    /// parents it would acknowledge them.
    ///
    /// [`heads`]: Self::heads
    pub fn heads_without(
        &self,
        refused: &BTreeSet<StatementId>,
    ) -> BTreeSet<StatementId> {
        self.heads_of(|it| !refused.contains(&it.id()))
    }

    fn heads_of(&self, accepted: impl Fn(&Statement) -> bool) -> BTreeSet<StatementId> {
        let ground = &self.ground;
        let heads = ground.dag.heads(&ground.statements, accepted);
        if heads.len() <= PARENTS_MAX {
            return heads;
        }
        let mut heads = Vec::from_iter(heads);
        let weighty = ground.standing().filter(|it| it.body().is_weighty());
        let knowing = ground.dag.knowing(&heads, weighty.map(Statement::id));
        heads.sort_by_key(|it| {
            let knows = knowing.contains(it);
            Reverse((knows, ground.stands(*it), ground.rank(*it)))
        });
        heads.truncate(PARENTS_MAX);
        BTreeSet::from_iter(heads)
    }
}

impl fmt::Debug for Membership {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let statements = self.ground.statements.len();
        write!(f, "Membership({:?}, {statements} statements)", self.clinic)
    }
}

impl Ground {
    /// Judges everything anew. First the removals, on which all rights hang; then what owners
    /// say, on which the rights of everybody else hang; then the rest, but for what is said of
    /// a grant; then that.
    fn settle(&mut self) {
        self.dag = Dag::of(&self.statements);
        self.about = About::of(&self.statements, &self.dag);
        let missing = self.dag.missing().iter();
        let missing = missing.map(|(id, missing)| (*id, Missing::Statement(*missing)));
        self.verdicts = missing
            .map(|(id, missing)| (id, Judgement::Waiting(missing)))
            .collect();
        removal::judge(self);
        let turn = |it: &Body| match it.of_grant() {
            Some(_) => 2,
            None => u8::from(!it.is_weighty()),
        };
        for now in 0..=2 {
            for id in self.dag.whole().to_vec() {
                if self.verdicts.contains_key(&id) {
                    continue;
                }
                if let Some(statement) = self.statements.get(&id)
                    && turn(statement.body()) == now
                {
                    let judgement = self.judge(statement);
                    self.verdicts.insert(id, judgement);
                }
            }
        }
    }

    fn judge(&self, statement: &Statement) -> Judgement {
        let mut point = self.point(statement);
        if let Signer::Session(session, _) = statement.signer()
            && !self.certificates.contains_key(&session)
        {
            return Judgement::Waiting(Missing::Certificate(session));
        }
        if let Some(missing) = self.misses_grant(statement.body()) {
            return missing;
        }
        if statement.body().ends_grant().is_some() {
            // What is taken back stays taken back, whatever became of who did so since: to
            // grant again costs a word, and what leaked is not called back.
            point.statement = None;
        }
        let entitled = self.is_entitled(statement, &point);
        entitled
            .and_then(|()| self.makes_sense(statement, &point))
            .into()
    }

    fn is_entitled(&self, statement: &Statement, point: &Point) -> Result<(), Void> {
        let right = statement.body().right();
        if right == Right::Unknown {
            return Err(Void::Unknown);
        }
        match statement.signer() {
            Signer::Root(_) => Ok(()),
            Signer::User(user, key) if matches!(right, Right::Themselves(_)) => {
                self.is_member(user, &key, point)
            }
            Signer::User(user, key) => {
                self.is_owner(user, &key, point)?;
                match statement.second() {
                    Some(Signer::User(user, key)) => self.is_member(user, &key, point),
                    _ => Ok(()),
                }
            }
            Signer::Device(key) => self.is_enrolled(&key, point),
            Signer::Session(session, key) => {
                let session = self.certificates.get(&session);
                let session = session.filter(|it| *it.session_key() == key);
                let session = session.ok_or(Void::Stranger)?;
                self.is_member(session.user(), session.user_key(), point)?;
                self.is_enrolled(session.device_key(), point)?;
                let Right::May(action) = right else {
                    return Ok(());
                };
                let role = self.role_at(session.user(), &point.known);
                let may = role.is_some_and(|it| it.actions().contains(&action));
                may.then_some(()).ok_or(Void::Role)
            }
        }
    }

    /// Whether what is said fits what came before.
    fn makes_sense(&self, statement: &Statement, point: &Point) -> Result<(), Void> {
        let known = |it: StatementId| self.dag.knows(&point.known, it);
        let fits = match statement.body() {
            Body::DeviceEnrolled(device) => {
                let mut revocations = of(&self.about.revocations, &device.device());
                !revocations.any(|it| known(it) && self.stands(it))
            }
            Body::DeviceRevoked(device, _) => {
                of(&self.about.enrolments, device).any(known)
            }
            Body::Renamed(what, _) => match what {
                Named::Clinic => true,
                Named::User(user) => of(&self.about.admissions, user).any(known),
                Named::Device(device) => of(&self.about.enrolments, device).any(known),
            },
            Body::Epoch(epoch) => {
                let before = of(&self.about.epochs, &epoch.compartment);
                let before = before.filter(|it| known(*it));
                let last = before.filter_map(|it| self.epoch_number(it)).max();
                epoch.number == last.unwrap_or_default().saturating_add(1)
            }
            Body::Wrap { epoch, to, .. } => {
                return self.may_wrap(statement, *epoch, to, point);
            }
            Body::EraseReceipt(erase) => known(*erase) && self.stands(*erase),
            Body::Grant(grant) => !self.is_of_the_clinic(grant),
            Body::Founding { .. }
            | Body::OwnerAdded(_)
            | Body::UserAdded(..)
            | Body::RoleChanged(..)
            | Body::UserLeft(_)
            | Body::KeyCompromised(..)
            | Body::Heads(..)
            | Body::UserFile { .. }
            | Body::Endpoint(_)
            | Body::Erase(_)
            | Body::GrantRevoked(..)
            | Body::GrantKeys(_)
            | Body::CardKept { .. }
            | Body::Unknown { .. } => true,
        };
        fits.then_some(()).ok_or(Void::Misfit)
    }

    /// Whether a session may give an epoch's key to these people: both it and they are of
    /// roles that may hold it.
    fn may_wrap(
        &self,
        statement: &Statement,
        epoch: StatementId,
        to: &BTreeSet<CarryPublic>,
        point: &Point,
    ) -> Result<(), Void> {
        let Some(Body::Epoch(key)) = self.body(epoch) else {
            return Err(Void::Misfit);
        };
        if !self.dag.knows(&point.known, epoch) {
            return Err(Void::Misfit);
        }
        let held_by = |role: Role| key.compartment.may_be_held_by(role);
        // Whom a restricted key is given to is for owners alone to say.
        let by_owner = key.compartment.category().is_some();
        let given_by = |role: Role| held_by(role) && (!by_owner || role == Role::Owner);
        let role_of = |user| self.role_at(user, &point.known);
        if let Signer::Session(session, _) = statement.signer() {
            let user = self.certificates.get(&session).map(Certificate::user);
            if !user.and_then(role_of).is_some_and(given_by) {
                return Err(Void::Role);
            }
        }
        let is_receiver = |carry: &CarryPublic| {
            of(&self.about.carriers, carry)
                .filter(|it| self.dag.knows(&point.known, *it) && self.stands(*it))
                .filter_map(|it| role_of(self.newcomer(it)?.user))
                .any(held_by)
        };
        to.iter().all(is_receiver).then_some(()).ok_or(Void::Misfit)
    }

    fn epoch_number(&self, id: StatementId) -> Option<u32> {
        match self.body(id) {
            Some(Body::Epoch(epoch)) => Some(epoch.number),
            _ => None,
        }
    }
}
