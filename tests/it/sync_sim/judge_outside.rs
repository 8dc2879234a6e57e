//! What must hold at every step of whatever is shared: by the raw statements that a machine
//! holds, read without its clinic, and by what the world knows of who wrote what.

use std::collections::{BTreeMap, BTreeSet};

use cairn::{
    chart::ProposalDoubt,
    clinic::Clinic,
    ids::{DocId, LogId, PatientId, RecordId, StatementId},
    ledger::{Entry, Envelope, Kind, Lane, Place},
    members::{Body, Certificate, Grant, Judgement, Membership, Reach, Statement},
    seal::{self, PublicKey},
    time::Timestamp,
};

use super::world::{OWNER, World};

/// What a provider wrote, as the world knows it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wrote {
    pub(super) key: PublicKey,
    /// The grant that the session knew.
    pub(super) grant: StatementId,
    pub(super) doc: DocId,
    pub(super) log: LogId,
    pub(super) seq: u64,
    pub(super) at: Timestamp,
}

/// The statements that a machine holds, folded by themselves.
pub(super) struct Said {
    membership: Membership,
    pub(super) docs: BTreeSet<DocId>,
    forked: BTreeSet<LogId>,
}

impl Said {
    pub(super) fn of(clinic: &Clinic) -> Self {
        let mut statements = Vec::new();
        let mut certificates = Vec::new();
        let mut docs = BTreeSet::new();
        let mut forked = BTreeSet::new();
        for ((log, lane), _) in clinic.frontier().unwrap() {
            if !matches!(lane, Lane::Membership | Lane::Desk | Lane::Clinical) {
                continue;
            }
            let read = clinic.read_run(Place { log, lane, seq: 1 }, usize::MAX);
            for bytes in read.unwrap() {
                let Ok(Entry::Whole(it)) = Entry::decode(&bytes) else {
                    continue;
                };
                docs.insert(it.header.doc);
                if it.header.log != log {
                    forked.insert(it.header.log);
                }
                sort(&it, &mut statements, &mut certificates);
            }
        }
        let folded = Membership::fold(clinic.id(), statements, certificates);
        Self {
            membership: folded.unwrap(),
            docs,
            forked,
        }
    }

    fn counts(&self, id: StatementId) -> bool {
        self.membership.judgement(id) == Some(Judgement::Counts)
    }

    fn grants(&self) -> impl Iterator<Item = (StatementId, &Grant)> {
        self.membership.statements().filter_map(|it| {
            let Body::Grant(grant) = it.body() else {
                return None;
            };
            self.counts(it.id()).then_some((it.id(), &**grant))
        })
    }

    fn revoked_by(&self, grant: StatementId) -> impl Iterator<Item = &Reach> {
        self.membership.statements().filter_map(move |it| {
            let Body::GrantRevoked(of, reach) = it.body() else {
                return None;
            };
            (*of == grant && self.counts(it.id())).then_some(reach)
        })
    }

    /// What may leave this machine for one that meets with this key.
    pub(super) fn may_leave(&self, to: PublicKey, now: Timestamp) -> BTreeSet<DocId> {
        let now = self.membership.not_before().map_or(now, |it| it.max(now));
        let mut may = BTreeSet::from([DocId::ZERO]);
        for (id, grant) in self.grants() {
            let is_to = grant.machines.values().any(|it| *it == to);
            let in_time = grant.not_before <= now && now <= grant.not_after;
            if is_to && in_time && self.revoked_by(id).next().is_none() {
                may.extend(grant.documents.keys().copied());
                may.insert(grant.inbox);
            }
        }
        may
    }

    /// Whether what was written there may count.
    fn may_count(&self, wrote: &Wrote) -> bool {
        self.grants().any(|(id, grant)| {
            let knew = id == wrote.grant || self.is_older(id, wrote.grant);
            let fits = grant.key == wrote.key
                && grant.inbox == wrote.doc
                && grant.not_before <= wrote.at
                && wrote.at <= grant.not_after;
            let is_left = |reach: &Reach| {
                reach.iter().any(|((log, lane), (last, _))| {
                    let fits = *log == wrote.log || self.forked.contains(&wrote.log);
                    *lane == Lane::Clinical && fits && wrote.seq <= *last
                })
            };
            knew && fits && self.revoked_by(id).all(is_left)
        })
    }

    /// How every grant to who wrote it stands to that.
    fn told(&self, wrote: &Wrote) -> Vec<String> {
        let grants = self.membership.statements().filter_map(|it| {
            let Body::Grant(grant) = it.body() else {
                return None;
            };
            (grant.key == wrote.key && grant.inbox == wrote.doc).then_some((it, grant))
        });
        grants
            .map(|(it, grant)| {
                let judged = self.membership.judgement(it.id());
                let ends: Vec<_> = self.revoked_by(it.id()).collect();
                let (from, until) = (grant.not_before, grant.not_after);
                format!("{:?} {judged:?} {from:?} {until:?} {ends:?}", it.id())
            })
            .collect()
    }

    fn is_older(&self, one: StatementId, other: StatementId) -> bool {
        let at = |it| self.membership.statement(it).map(Statement::at);
        at(one) < at(other)
    }
}

fn sort(
    envelope: &Envelope,
    statements: &mut Vec<Statement>,
    certificates: &mut Vec<Certificate>,
) {
    let id = *seal::hash(&envelope.content).as_bytes();
    if envelope.header.kind == Kind::Statement {
        let id = StatementId::from_bytes(id);
        statements.extend(Statement::reopen(&envelope.content, id));
    } else if envelope.header.kind == Kind::Certificate {
        let id = cairn::ids::SessionId::from_bytes(id);
        certificates.extend(Certificate::reopen(&envelope.content, id));
    }
}

impl World {
    /// That nothing which a provider wrote counts here but what a grant lets, as far as
    /// this machine has heard.
    pub(super) fn check_proposed(&mut self, at: usize, seed: u64) {
        self.look(at);
        let said = Said::of(&self.machines[at].clinic());
        let patients: BTreeSet<PatientId> = self.outside.patients.clone();
        let wrote: BTreeMap<RecordId, Wrote> = self.outside.wrote.clone();
        let Ok(session) = self.machines[at].session(OWNER) else {
            return;
        };
        for patient in patients {
            if !session.is_on_file(patient) {
                continue;
            }
            let Ok(proposed) = session.proposals(Some(patient)) else {
                continue;
            };
            for (_, proposal) in proposed {
                self.tally.proposed += 1;
                let counts =
                    matches!(proposal.doubt, None | Some(ProposalDoubt::ShareOver));
                let known = wrote.get(&proposal.id());
                let may = known.is_some_and(|it| said.may_count(it));
                let why = || known.map(|it| said.told(it));
                assert!(
                    !counts || may,
                    "seed {seed}: machine {at} counts {:?} of {known:?}: {:?}",
                    proposal.id(),
                    why()
                );
                self.tally.counted += usize::from(counts);
            }
        }
    }
}
