//! Which grants are live, what they open at which endpoint, and whether what a provider of
//! another clinic wrote counts. All of it follows from the statements that are held; whether
//! a grant is over at a moment, from these and the moment.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Body, Certificate, DocKey, Grant, GrantKeys, Judgement, Membership, Missing, Reach,
    Statement, Void, Written,
    ground::{Ground, of},
};
use crate::{
    ids::{DocId, KeyId, StatementId, UserId},
    seal::{self, CarryKey, PublicKey, Secret, names},
    time::Timestamp,
};

/// A grant that counts.
#[derive(Debug, Clone, Copy)]
pub struct Granting<'a> {
    /// Its statement.
    pub statement: StatementId,
    /// What it says.
    pub grant: &'a Grant,
    /// Who granted.
    pub by: UserId,
    /// When.
    pub at: Timestamp,
    /// How it stands.
    pub term: Term,
}

/// How a grant stands at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Term {
    /// It is not valid yet.
    Early,
    /// It is valid.
    Live,
    /// It is over.
    Expired,
    /// It was taken back.
    Revoked {
        /// By which statement.
        by: StatementId,
    },
}

/// One entry of the log of a provider of another clinic.
#[derive(Debug, Clone, Copy)]
pub struct WrittenOutside<'a> {
    /// Where it stands.
    pub written: Written<'a>,
    /// In which document.
    pub doc: DocId,
    /// When, as the writer says.
    pub at: Timestamp,
}

impl Membership {
    /// The earliest that it can be where a clock shows `wall`: a clock that was set back
    /// makes no grant longer.
    pub fn at_least(&self, wall: Timestamp) -> Timestamp {
        self.not_before().map_or(wall, |it| it.max(wall))
    }

    /// Every grant that counts, and how it stands at this moment, which is
    /// [`at_least`](Self::at_least) what a clock shows.
    pub fn grants(&self, now: Timestamp) -> Vec<Granting<'_>> {
        let grants = self.ground.about.granted_to.values().flatten();
        let mut grants: Vec<_> =
            grants.filter_map(|it| self.granting(*it, now)).collect();
        grants.sort_by_key(|it| (it.at, it.statement));
        grants
    }

    /// The grant of this statement, if it counts.
    pub fn granting(&self, id: StatementId, now: Timestamp) -> Option<Granting<'_>> {
        let statement = self.statement(id).filter(|_| self.ground.stands(id))?;
        let Body::Grant(grant) = statement.body() else {
            return None;
        };
        let by = self.ground.revoked_by(id).next();
        Some(Granting {
            statement: id,
            grant,
            by: self.session_user(statement)?,
            at: statement.at().timestamp(),
            term: match by {
                Some(by) => Term::Revoked { by },
                None => grant.term_at(now),
            },
        })
    }

    /// Every grant that counts or once did. What a provider proposed by one of them is shown,
    /// also where whoever granted was removed since.
    pub fn ever_granted(&self) -> impl Iterator<Item = (StatementId, &Grant)> {
        let all = self.ground.about.granted_to.values().flatten();
        all.filter_map(|it| self.once_granted(*it))
    }

    /// Those of them that open a document, or in which it is the inbox.
    pub fn ever_granted_of(
        &self,
        doc: DocId,
    ) -> impl Iterator<Item = (StatementId, &Grant)> {
        let all = of(&self.ground.about.shared, &doc);
        all.filter_map(|it| self.once_granted(it))
    }

    /// The documents that a machine of another clinic may have which meets with this key.
    pub fn scope(&self, endpoint: &PublicKey, now: Timestamp) -> BTreeSet<DocId> {
        let live = self.live_at(endpoint, now);
        live.flat_map(|it| it.grant.scope()).collect()
    }

    /// The grants at an endpoint that count, live or over, each with what is said of it: what
    /// ended it, and the keys that were given.
    pub fn said_of_grants(&self, endpoint: &PublicKey) -> Vec<&Statement> {
        let ground = &self.ground;
        let grants = of(&ground.about.granted_at, endpoint);
        let mut said = Vec::new();
        for id in grants.filter(|it| ground.stands(*it)) {
            let given = of(&ground.about.given, &id).filter(|it| ground.stands(*it));
            let all = [id].into_iter().chain(ground.revoked_by(id)).chain(given);
            said.extend(all.filter_map(|it| self.statement(it)));
        }
        said
    }

    /// The grants at an endpoint that are live.
    pub fn live_at(
        &self,
        endpoint: &PublicKey,
        now: Timestamp,
    ) -> impl Iterator<Item = Granting<'_>> {
        let grants = of(&self.ground.about.granted_at, endpoint);
        let grants = grants.filter_map(move |it| self.granting(it, now));
        grants.filter(|it| it.term == Term::Live)
    }

    /// Whether something was ever granted at this endpoint by somebody who might: who meets
    /// with it is told how that ended.
    pub fn was_granted_at(&self, endpoint: &PublicKey) -> bool {
        let mut grants = of(&self.ground.about.granted_at, endpoint);
        grants.any(|it| self.ground.stands(it) || self.ground.is_removed(it))
    }

    /// Which of a document's keys is written with: another one each time somebody who had
    /// the last no longer may. Its high byte counts those; its low byte tells apart whom,
    /// where two machines do not know of the same.
    pub fn doc_step(&self, doc: DocId) -> u16 {
        let ground = &self.ground;
        let grants = of(&ground.about.shared, &doc);
        let ended: BTreeSet<_> = grants.filter(|it| ground.has_ended(*it)).collect();
        if ended.is_empty() {
            return 0;
        }
        let count = u8::try_from(ended.len()).unwrap_or(u8::MAX);
        let ids: Vec<u8> = ended.iter().flat_map(|it| *it.as_bytes()).collect();
        let [mark, ..] = *seal::hash(&ids).as_bytes();
        u16::from_be_bytes([count, mark])
    }

    /// The keys that were given with a grant, each with the name that envelopes give it: who
    /// gives another one under the name of a right one has given none.
    pub fn given_keys(&self, grant: StatementId) -> BTreeSet<(DocKey, KeyId)> {
        let given = self.given(grant).flat_map(|it| &it.keys);
        given.map(|(key, id)| (*key, *id)).collect()
    }

    /// The keys that were given with a grant, if they were wrapped to `carry`, by the names
    /// that envelopes give them.
    pub fn open_given(
        &self,
        grant: StatementId,
        carry: &CarryKey,
    ) -> BTreeMap<(DocId, KeyId), Secret> {
        let given = self.given(grant).filter_map(|it| it.open(carry));
        given.flatten().collect()
    }

    /// Whether what a session of a provider of another clinic wrote there counts.
    pub fn judge_outside(
        &self,
        certificate: &Certificate,
        written: &WrittenOutside<'_>,
    ) -> Judgement {
        if certificate.granted().clinic != self.clinic() {
            return Judgement::Void(Void::Stranger);
        }
        let heads = &certificate.granted().heads;
        if let Err(missing) = self.ground.dag.known(heads) {
            return Judgement::Waiting(Missing::Statement(missing));
        }
        let key = certificate.user_key();
        let grants = of(&self.ground.about.shared, &written.doc);
        let to_them = |it: &StatementId| self.grant(*it).is_some_and(|it| it.key == *key);
        let mut best = None;
        for id in grants.filter(to_them) {
            let judged = match self.judgement(id) {
                Some(Judgement::Counts) => self.judge_granted(id, certificate, written),
                Some(waiting @ Judgement::Waiting(_)) => waiting,
                Some(Judgement::Void(_)) | None => continue,
            };
            if judged == Judgement::Counts {
                return judged;
            }
            best = best.map(|it| nearer(it, judged)).or(Some(judged));
        }
        best.unwrap_or_else(|| {
            let mut others = of(&self.ground.about.granted_to, key);
            let known = others.any(|it| {
                let theirs = self.grant(it).is_some_and(|it| is_to(it, certificate));
                theirs && self.ground.stands(it)
            });
            Judgement::Void(if known {
                Void::NotGranted
            } else {
                Void::Stranger
            })
        })
    }

    fn once_granted(&self, id: StatementId) -> Option<(StatementId, &Grant)> {
        let once = matches!(
            self.judgement(id),
            Some(Judgement::Counts | Judgement::Void(Void::Removed { .. }))
        );
        Some((id, self.grant(id).filter(|_| once)?))
    }

    fn grant(&self, id: StatementId) -> Option<&Grant> {
        match self.ground.body(id) {
            Some(Body::Grant(grant)) => Some(grant),
            _ => None,
        }
    }

    /// Whether it counts by this grant.
    fn judge_granted(
        &self,
        id: StatementId,
        certificate: &Certificate,
        written: &WrittenOutside<'_>,
    ) -> Judgement {
        let Some(grant) = self.grant(id) else {
            return Judgement::Void(Void::Stranger);
        };
        let heads = &certificate.granted().heads;
        let ground = &self.ground;
        let knows = || ground.dag.leads(&ground.statements, heads, id);
        let void = if !is_to(grant, certificate) || !knows() {
            Void::Stranger
        } else if !grant.may_write(written.doc) {
            Void::NotGranted
        } else if written.at < grant.not_before {
            Void::Early { grant: id }
        } else if written.at > grant.not_after {
            Void::Expired { grant: id }
        } else if let Some(by) = self.cut_off_by(id, &written.written) {
            Void::CutOff { by }
        } else {
            return Judgement::Counts;
        };
        Judgement::Void(void)
    }

    /// The revocation that leaves this out. All of them hold.
    fn cut_off_by(
        &self,
        grant: StatementId,
        written: &Written<'_>,
    ) -> Option<StatementId> {
        self.ground.revoked_by(grant).find(|it| {
            let body = self.ground.body(*it);
            let reach = body.and_then(Body::ends_grant).map(|(_, reach)| reach);
            reach.is_none_or(|reach| !super::judge::holds(reach, written))
        })
    }

    fn given(&self, grant: StatementId) -> impl Iterator<Item = &GrantKeys> {
        let given = of(&self.ground.about.given, &grant);
        let given = given.filter(|it| self.ground.stands(*it));
        given.filter_map(|it| self.ground.body(it)?.gives_keys())
    }
}

impl Ground {
    /// What a statement that is about a grant waits for, or why it is void; nothing where the
    /// grant counts.
    pub(super) fn misses_grant(&self, body: &Body) -> Option<Judgement> {
        let grant = body.of_grant()?;
        let is_one = matches!(self.body(grant), Some(Body::Grant(_)) | None);
        match self.verdicts.get(&grant) {
            _ if !is_one => Some(Judgement::Void(Void::Misfit)),
            None => Some(Judgement::Waiting(Missing::Statement(grant))),
            Some(Judgement::Counts) => None,
            Some(waiting @ Judgement::Waiting(_)) => Some(*waiting),
            Some(Judgement::Void(_)) => Some(Judgement::Void(Void::Misfit)),
        }
    }

    /// The revocations of a grant that count.
    pub(super) fn revoked_by(
        &self,
        grant: StatementId,
    ) -> impl Iterator<Item = StatementId> {
        of(&self.about.revoked, &grant).filter(|it| self.stands(*it))
    }

    /// Whether somebody had the keys of this grant who may have no more: it was taken back,
    /// or does not count since whoever granted was removed.
    fn has_ended(&self, grant: StatementId) -> bool {
        self.is_removed(grant) || self.revoked_by(grant).next().is_some()
    }

    /// Whether it does not count since whoever said it was removed.
    fn is_removed(&self, statement: StatementId) -> bool {
        let void = self.verdicts.get(&statement);
        matches!(void, Some(Judgement::Void(Void::Removed { .. })))
    }

    /// Whether a provider is somebody of the clinic, whose sessions are judged as theirs.
    pub(super) fn is_of_the_clinic(&self, grant: &Grant) -> bool {
        let mut admissions = of(&self.about.admissions, &names::user_id(&grant.key));
        admissions.any(|it| self.stands(it))
    }
}

impl Body {
    /// The grant that this is about.
    pub(super) const fn of_grant(&self) -> Option<StatementId> {
        if let Self::GrantKeys(keys) = self {
            Some(keys.grant)
        } else if let Self::GrantRevoked(grant, _) = self {
            Some(*grant)
        } else {
            None
        }
    }

    pub(super) const fn gives_keys(&self) -> Option<&GrantKeys> {
        if let Self::GrantKeys(keys) = self {
            Some(keys)
        } else {
            None
        }
    }

    /// The grant that this ends, and how far what was written by it counts.
    pub(super) const fn ends_grant(&self) -> Option<(StatementId, &Reach)> {
        if let Self::GrantRevoked(grant, reach) = self {
            Some((*grant, reach))
        } else {
            None
        }
    }
}

/// Whether a session is that of the provider of a grant, at one of their machines.
fn is_to(grant: &Grant, certificate: &Certificate) -> bool {
    certificate.user_key() == &grant.key
        && certificate.user() == grant.user()
        && grant.machines.contains_key(certificate.device_key())
}

/// Of two judgements of one entry by different grants the one that says more: what may yet
/// count, then what came nearer to it.
fn nearer(one: Judgement, other: Judgement) -> Judgement {
    let rank = |it: &Judgement| match it {
        Judgement::Counts => 5,
        Judgement::Waiting(_) => 4,
        Judgement::Void(Void::CutOff { .. }) => 3,
        Judgement::Void(Void::Early { .. } | Void::Expired { .. }) => 2,
        Judgement::Void(Void::NotGranted) => 1,
        Judgement::Void(
            Void::Stranger
            | Void::Role
            | Void::Removed { .. }
            | Void::Misfit
            | Void::Unknown,
        ) => 0,
    };
    if (rank(&other), other) > (rank(&one), one) {
        other
    } else {
        one
    }
}
