//! Which removals stand.
//!
//! A removal (a user left, a key was compromised, a role was changed) beats what the removed
//! said without its knowledge, removals among it; so whether one stands hangs on others.
//! Removals that beat each other in a circle, as two owners who remove each other do, all
//! stand: the root can let in again whom it trusts. A removal whose author knew that she was
//! removed herself never stands, not even in a circle.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Body, Signer, Statement, Void,
    ground::{Ground, of},
    verdict::Judgement,
};
use crate::{
    chart::who::Role,
    ids::{StatementId, UserId},
};

type Edges = BTreeMap<StatementId, Vec<StatementId>>;

/// Judges every whole statement that takes or changes a right of a user.
pub(super) fn judge(ground: &mut Ground) {
    let mut candidates = Edges::new();
    for id in ground.dag.whole().to_vec() {
        let Some(statement) = ground.statements.get(&id) else {
            continue;
        };
        if let Body::OwnerAdded(_) = statement.body() {
            let fits = ground.fits(id).then_some(()).ok_or(Void::Misfit);
            ground.verdicts.insert(id, fits.into());
        }
        if target(statement.body()).is_none() {
            continue;
        }
        match ground.could_be_owners(statement) {
            Ok(()) => {
                candidates.insert(id, ground.attackers(statement));
            }
            Err(void) => {
                ground.verdicts.insert(id, Judgement::Void(void));
            }
        }
    }
    for attackers in candidates.values_mut() {
        attackers.retain(|it| !ground.verdicts.contains_key(it));
    }
    for circle in circles(&candidates) {
        let mut members: Vec<_> = circle.iter().copied().collect();
        members.sort_by_key(|it| ground.rank(*it));
        for id in members {
            let attackers = candidates.get(&id).into_iter().flatten();
            let mut attackers = attackers.filter(|it| ground.stands(**it));
            let beaten = attackers
                .find(|it| !circle.contains(*it) || ground.dag.is_before(**it, id));
            let judgement = match beaten {
                Some(by) if ground.is_known_demotion(*by, id) => {
                    Judgement::Void(Void::Role)
                }
                Some(by) => Judgement::Void(Void::Removed { by: *by }),
                None => Judgement::Counts,
            };
            ground.verdicts.insert(id, judgement);
        }
    }
    for id in candidates.into_keys() {
        if ground.lacks_target(id) {
            ground.verdicts.insert(id, Judgement::Void(Void::Misfit));
        }
    }
}

/// The user whose right a statement takes or changes.
fn target(body: &Body) -> Option<UserId> {
    if let Body::UserAdded(newcomer, _) = body {
        return Some(newcomer.user);
    }
    if let Body::RoleChanged(user, _) = body {
        return Some(*user);
    }
    body.removes()
}

impl Ground {
    /// That the statement fits what came before it and is signed by the root, or by somebody
    /// whom the root had made an owner.
    fn could_be_owners(&self, statement: &Statement) -> Result<(), Void> {
        if let Signer::User(user, key) = statement.signer() {
            let known = |it: &StatementId| self.dag.is_before(*it, statement.id());
            let admissions = of(&self.about.admissions, &user);
            let admissions: Vec<_> = admissions
                .filter(|it| known(it) && self.admits(*it, &key))
                .collect();
            if admissions.is_empty() {
                return Err(Void::Stranger);
            }
            let by_root =
                |it: &StatementId| self.makes_owner(*it, &key) && self.fits(*it);
            if !admissions.iter().any(by_root) {
                return Err(Void::Role);
            }
        }
        let fits = match target(statement.body()) {
            Some(_) if statement.body().admits().is_some() => self.fits(statement.id()),
            Some(user) => of(&self.about.admissions, &user)
                .any(|it| self.dag.is_before(it, statement.id())),
            None => true,
        };
        fits.then_some(()).ok_or(Void::Misfit)
    }

    /// Whether an admission fits what came before it: the first key names the user, and
    /// after a removal the key is new.
    pub(super) fn fits(&self, admission: StatementId) -> bool {
        let Some(newcomer) = self.newcomer(admission) else {
            return false;
        };
        let is_before = |it: &StatementId| self.dag.is_before(*it, admission);
        let named = newcomer.user == crate::seal::names::user_id(&newcomer.key);
        let known = of(&self.about.admissions, &newcomer.user).any(|it| is_before(&it));
        let mut removals = of(&self.about.removals, &newcomer.user)
            .filter(|it| is_before(it) && self.is_from_owner(*it));
        (named || known) && removals.all(|it| self.reopens(admission, it))
    }

    /// Whether `demotion` only changed a role, and the author of the statement knew.
    fn is_known_demotion(&self, demotion: StatementId, id: StatementId) -> bool {
        let removes = self.body(demotion).and_then(Body::removes).is_some();
        !removes && self.dag.is_before(demotion, id)
    }

    /// Whether a removal stands that is about somebody whose admission does not.
    fn lacks_target(&self, id: StatementId) -> bool {
        let Some(body) = self.body(id).filter(|it| it.admits().is_none()) else {
            return false;
        };
        let Some(user) = target(body).filter(|_| self.stands(id)) else {
            return false;
        };
        let mut admissions = of(&self.about.admissions, &user);
        !admissions.any(|it| self.stands(it) && self.dag.is_before(it, id))
    }

    fn is_from_owner(&self, id: StatementId) -> bool {
        let Some(Signer::User(user, key)) =
            self.statements.get(&id).map(Statement::signer)
        else {
            return true;
        };
        of(&self.about.admissions, &user)
            .any(|it| self.dag.is_before(it, id) && self.makes_owner(it, &key))
    }

    /// What would take its author's right to make this statement.
    fn attackers(&self, statement: &Statement) -> Vec<StatementId> {
        let Signer::User(user, key) = statement.signer() else {
            return Vec::new();
        };
        let id = statement.id();
        let admissions: Vec<_> = of(&self.about.admissions, &user)
            .filter(|it| self.dag.is_before(*it, id) && self.makes_owner(*it, &key))
            .collect();
        let lets_in_after = |it: StatementId, taker: StatementId| match self.body(taker) {
            Some(body) if body.removes().is_some() => self.reopens(it, taker),
            _ => self.dag.is_before(taker, it),
        };
        let removals = of(&self.about.removals, &user);
        let roles = of(&self.about.roles, &user).filter(|it| {
            let gives = self.body(*it).and_then(Body::gives);
            gives.is_some_and(|(_, role)| role != Role::Owner)
        });
        removals
            .chain(roles)
            .filter(|it| *it != id && !self.dag.is_before(id, *it))
            .filter(|taker| !admissions.iter().any(|it| lets_in_after(*it, *taker)))
            .collect()
    }
}

/// Those that beat each other in a circle together, everybody else alone; whoever beats
/// others comes before them. (Kosaraju's algorithm.)
fn circles(attackers: &Edges) -> Vec<BTreeSet<StatementId>> {
    let mut victims = Edges::new();
    for (victim, by) in attackers {
        for attacker in by {
            victims.entry(*attacker).or_default().push(*victim);
        }
    }
    let mut seen = BTreeSet::new();
    let mut finished = Vec::new();
    for id in attackers.keys() {
        walk(*id, &victims, &mut seen, &mut finished);
    }
    let mut seen = BTreeSet::new();
    let mut circles = Vec::new();
    for id in finished.into_iter().rev() {
        let mut circle = Vec::new();
        walk(id, attackers, &mut seen, &mut circle);
        if !circle.is_empty() {
            circles.push(BTreeSet::from_iter(circle));
        }
    }
    circles
}

/// What can be reached from `start` and was not seen before, farthest first.
fn walk(
    start: StatementId,
    edges: &Edges,
    seen: &mut BTreeSet<StatementId>,
    finished: &mut Vec<StatementId>,
) {
    let mut open = vec![(start, false)];
    while let Some((id, left)) = open.pop() {
        if left {
            finished.push(id);
        } else if seen.insert(id) {
            open.push((id, true));
            let next = edges.get(&id).into_iter().flatten();
            open.extend(next.map(|it| (*it, false)));
        }
    }
}
