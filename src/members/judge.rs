//! Whether what a session wrote counts: a function of its certificate and of all statements
//! that are held.
//!
//! What does not count is still applied, since honest later changes may depend on it; it is
//! shown as unconfirmed.

use std::collections::BTreeSet;

use super::{
    Acting, Body, Certificate, Judgement, Membership, Missing, Reach, Standing,
    Statement, Void,
    ground::{Point, of},
};
use crate::{
    chart::who::{Compartment, Role},
    ids::{DeviceId, Hash, LogId, StatementId},
    ledger::Lane,
    seal::names,
    time::Timestamp,
};

/// One entry of a log, as far as it matters for whether it counts.
#[derive(Clone, Copy)]
pub struct Written<'a> {
    /// The log; of a forked log's second branch, the branch.
    pub log: LogId,
    /// The lane.
    pub lane: Lane,
    /// The number in the chain.
    pub seq: u64,
    /// Whether the entry with this number and hash stands behind this one, or is it; nothing
    /// where none with this number is held there. The log is that by whose name the entry is
    /// known to whoever says so.
    pub reached_by: &'a dyn Fn(LogId, u64, Hash) -> Option<bool>,
}

impl Membership {
    /// Whether what the session of this certificate wrote there counts.
    pub fn judge(&self, certificate: &Certificate, written: &Written<'_>) -> Judgement {
        if certificate.granted().clinic != self.clinic() {
            return Judgement::Void(Void::Stranger);
        }
        let point = match self.point(&certificate.granted().heads) {
            Ok(point) => point,
            Err(missing) => return Judgement::Waiting(Missing::Statement(missing)),
        };
        let (user, key) = (certificate.user(), certificate.user_key());
        self.ground
            .is_member(user, key, &point)
            .and_then(|()| self.ground.is_enrolled(certificate.device_key(), &point))
            .and_then(|()| {
                let role = self.ground.role_at(user, &point.known);
                let fits = role.is_some_and(|it| writes_in(it, written.lane));
                fits.then_some(()).ok_or(Void::Role)
            })
            .and_then(|()| {
                let removals = self.ground.removals(user, key, &point.known);
                self.is_within(&removals, written)
            })
            .and_then(|()| self.is_within_device(certificate.device(), written))
            .into()
    }

    /// Whether what a machine wrote there with nobody signed in, under the endpoint key that
    /// this statement certifies, counts.
    pub fn judge_unattended(
        &self,
        endpoint: StatementId,
        written: &Written<'_>,
    ) -> Judgement {
        let Some(statement) = self.statement(endpoint) else {
            return Judgement::Waiting(Missing::Statement(endpoint));
        };
        if !matches!(statement.body(), Body::Endpoint(_)) || written.lane != Lane::Audit {
            return Judgement::Void(Void::Role);
        }
        let point = match self.point(statement.parents()) {
            Ok(point) => point,
            Err(missing) => return Judgement::Waiting(Missing::Statement(missing)),
        };
        let device = names::device_id(statement.signer().key());
        self.ground
            .is_enrolled(statement.signer().key(), &point)
            .and_then(|()| self.is_within_device(device, written))
            .into()
    }

    /// The removals that stand and leave only a part of what was written.
    pub fn cut_offs(&self) -> BTreeSet<StatementId> {
        let judged = self.judgements().keys().copied();
        let stands = |it: &StatementId| {
            let statement = self.statement(*it);
            statement.is_some_and(|it| cut_off(it).is_some()) && self.ground.stands(*it)
        };
        judged.filter(stands).collect()
    }

    /// The role in which a session writes, for its whole length: that which the user had by
    /// the statements known when it began.
    pub fn role_of(&self, certificate: &Certificate) -> Option<Role> {
        let point = self.point(&certificate.granted().heads).ok()?;
        self.ground.role_at(certificate.user(), &point.known)
    }

    /// Who acts in a session that runs here at this time, with these compartments' keys at
    /// hand: by all that is known now, not only by what was known when it began.
    pub fn acting(
        &self,
        certificate: &Certificate,
        now: Timestamp,
        keys: BTreeSet<Compartment>,
    ) -> Option<Acting> {
        let member = self.user(certificate.user())?;
        let in_use = |it: &super::UserKeys| it.live && it.key == *certificate.user_key();
        let key = member.keys.iter().any(in_use);
        let device = self.device(certificate.device());
        let live = !certificate.is_over(now) && device.is_some_and(|it| it.enrolled);
        Some(Acting {
            role: member.role,
            standing: if key || member.standing != Standing::Good {
                member.standing
            } else {
                Standing::Compromised
            },
            live,
            keys,
        })
    }

    fn point(&self, heads: &BTreeSet<StatementId>) -> Result<Point, StatementId> {
        let known = self.ground.dag.known(heads)?;
        Ok(Point {
            known,
            statement: None,
        })
    }

    fn is_within_device(
        &self,
        device: DeviceId,
        written: &Written<'_>,
    ) -> Result<(), Void> {
        let revocations: Vec<_> = of(&self.ground.about.revocations, &device).collect();
        self.is_within(&revocations, written)
    }

    /// That no removal of these cuts the entry off. An owner's later cut-off takes the place
    /// of her own earlier one; those of several owners all hold.
    fn is_within(
        &self,
        removals: &[StatementId],
        written: &Written<'_>,
    ) -> Result<(), Void> {
        let standing = removals.iter().filter_map(|it| self.statement(*it));
        let standing: Vec<_> = standing
            .filter(|it| self.ground.stands(it.id()))
            .filter_map(|it| Some((it, cut_off(it)?)))
            .collect();
        for (statement, reach) in &standing {
            let is_replaced = standing.iter().any(|(later, _)| {
                owner(later) == owner(statement)
                    && self.ground.dag.is_before(statement.id(), later.id())
            });
            if !is_replaced && !holds(reach, written) {
                return Err(Void::CutOff { by: statement.id() });
            }
        }
        Ok(())
    }
}

impl std::fmt::Debug for Written<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { log, lane, seq, .. } = self;
        write!(f, "Written({log:?} {lane:?} {seq})")
    }
}

/// What a removal leaves standing of what was written; without an answer, everything.
const fn cut_off(statement: &Statement) -> Option<&Reach> {
    if let Body::KeyCompromised(_, reach) | Body::DeviceRevoked(_, reach) =
        statement.body()
    {
        Some(reach)
    } else {
        None
    }
}

/// Whose statement it is: the owner's, whatever her key, or the root's.
const fn owner(statement: &Statement) -> Option<crate::ids::UserId> {
    statement.signer().user()
}

/// Whether the entry lies within the reach: before one of its ends, or it. Of an end that is
/// not held only its log's name is known, which is another one once a branch comes.
pub(super) fn holds(reach: &Reach, written: &Written<'_>) -> bool {
    let mut ends = reach
        .iter()
        .filter(|((_, lane), (last, _))| *lane == written.lane && written.seq <= *last);
    ends.any(|((log, _), (last, hash))| {
        (written.reached_by)(*log, *last, *hash).unwrap_or(*log == written.log)
    })
}

/// Whether a role holds the keys of what stands in a lane. The restricted ones are held by
/// name; attachments are of any part.
const fn writes_in(role: Role, lane: Lane) -> bool {
    match lane {
        Lane::Membership | Lane::Audit => true,
        Lane::Desk => role.holds(Compartment::Front),
        Lane::Clinical => role.holds(Compartment::Clinical),
        Lane::Restricted => matches!(role, Role::Owner | Role::Clinician),
        Lane::Attachments => !matches!(role, Role::Auditor),
    }
}
