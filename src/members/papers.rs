//! Papers: what a machine of a clinic gives to one of a provider's, before the documents:
//! what was granted there and what ended it, whose the envelopes are, and what of them does
//! not count. `docs/design/sharing.md` draws them.
//!
//! They are signed with the key that the machine meets others with, which is on the card that
//! the provider keeps, and which a locked machine has too.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use super::{
    Body, CERTIFICATE_BYTES_MAX, Certificate, DocKey, Error, Grant, STATEMENT_BYTES_MAX,
    Statement, TOLD_BYTES_MAX, Term, codec,
    wire::{Reader, Writer},
};
use crate::{
    ids::{ClinicId, DocId, EpochId, KeyId, LogId, SessionId, StatementId},
    seal::{CarryKey, CarryPublic, PublicKey, Secret, Signature, SigningKey},
    time::Timestamp,
};

/// The longest papers, in bytes: 20,000 sessions wrote in what is shared.
pub const PAPERS_BYTES_MAX: usize = 8 * 1024 * 1024;
/// The most statements in them: a grant for each of a day's patients, for years.
const STATEMENTS_MAX: usize = 8 * 1024;
/// The most certificates, doubts, documents or logs in them.
const ENTRIES_MAX: usize = 32 * 1024;

const MAGIC: [u8; 4] = *b"CAPP";
const CONTEXT: &str = "cairn/papers/v1";

/// What a machine of a clinic tells one of a provider's of what it may have.
#[derive(Clone, PartialEq, Eq)]
pub struct Papers {
    /// The clinic whose documents these are.
    pub clinic: ClinicId,
    /// The key with which the machine that gives them meets others.
    pub by: PublicKey,
    /// The same of the machine that gets them.
    pub to: PublicKey,
    /// How many statements the giver holds: who holds more has heard more.
    pub known: u32,
    /// The earliest that it can be now, by clocks of the clinic that agree.
    pub not_before: Timestamp,
    /// The grants that count, what ended them, and the keys that were given.
    pub statements: BTreeMap<StatementId, Statement>,
    /// The sessions that wrote in what may be had, and those that granted it.
    pub certificates: BTreeMap<SessionId, Certificate>,
    /// With which key of each inbox the provider is to write.
    pub writing: BTreeMap<DocId, (EpochId, u16)>,
    /// From which of a session's changes of a document on none counts.
    pub doubts: BTreeMap<(DocId, SessionId), u64>,
    /// The logs that have branches: their runs are named by sessions.
    pub forked: BTreeSet<LogId>,
    /// What was granted and is to be kept by nobody any more.
    pub erased: BTreeSet<DocId>,
    /// What only the provider may read, wrapped to the provider's key.
    pub told: BTreeMap<CarryPublic, Vec<u8>>,
}

impl Papers {
    /// Their bytes, signed.
    pub fn sign(&self, key: &SigningKey) -> Vec<u8> {
        let mut bytes = self.signed_bytes();
        let signature = key.sign(CONTEXT, &bytes);
        bytes.extend_from_slice(signature.as_bytes());
        bytes
    }

    /// The papers in these bytes, if all of them are well-formed, fit together, and are
    /// signed by whom they name. Whether that is a machine of the clinic is for whoever keeps
    /// its card to say.
    pub fn open(bytes: &[u8]) -> Result<Self, Error> {
        let max = PAPERS_BYTES_MAX;
        if bytes.len() > max {
            return Err(Error::TooLarge { max });
        }
        let (papers, signature) = Self::read(bytes)?;
        let signed = bytes.len() - Signature::LEN;
        let signed = bytes.get(..signed).unwrap_or_default();
        papers.by.verify(CONTEXT, signed, &signature)?;
        papers.fit_together()?;
        Ok(papers)
    }

    /// The grants and how each stands at a moment.
    pub fn grants(
        &self,
        now: Timestamp,
    ) -> impl Iterator<Item = (StatementId, &Grant, Term)> {
        let grants = self.statements.iter().filter_map(|(id, it)| {
            let Body::Grant(grant) = it.body() else {
                return None;
            };
            Some((*id, &**grant))
        });
        grants.map(move |(id, grant)| (id, grant, self.term(id, grant, now)))
    }

    /// What may be had at a moment.
    pub fn scope(&self, now: Timestamp) -> BTreeSet<DocId> {
        let live = self.grants(now).filter(|(.., term)| *term == Term::Live);
        let mut scope: BTreeSet<_> = live.flat_map(|(_, it, _)| it.scope()).collect();
        scope.retain(|it| !self.erased.contains(it));
        scope
    }

    /// The keys that were given with a grant, by the names that envelopes give them.
    pub fn given(&self, grant: StatementId) -> impl Iterator<Item = (DocKey, KeyId)> {
        let given = self.statements.values();
        let given = given.filter_map(|it| it.body().gives_keys());
        let given = given.filter(move |it| it.grant == grant);
        given.flat_map(|it| it.keys.iter().map(|(key, id)| (*key, *id)))
    }

    /// Whether these let something stand again of which `held` say that it ended.
    pub fn brings_back_of(&self, held: &Self) -> bool {
        let ended = |it: &Self| -> BTreeSet<StatementId> {
            let all = it.statements.values();
            all.filter_map(|it| Some(it.body().ends_grant()?.0))
                .collect()
        };
        let still = ended(self);
        let mut lost = ended(held).into_iter().filter(|it| !still.contains(it));
        let grants = self.grants(Timestamp(0));
        let mut opened = grants.flat_map(|(_, it, _)| it.scope());
        lost.any(|it| self.statements.contains_key(&it))
            || opened.any(|it| held.erased.contains(&it) && !self.erased.contains(&it))
    }

    /// The keys that were given with a grant, if they were wrapped to `carry`.
    pub fn open_given(
        &self,
        grant: StatementId,
        carry: &CarryKey,
    ) -> BTreeMap<(DocId, KeyId), Secret> {
        let given = self.statements.values();
        let given = given.filter_map(|it| it.body().gives_keys());
        let given = given.filter(|it| it.grant == grant);
        given.filter_map(|it| it.open(carry)).flatten().collect()
    }

    fn term(&self, id: StatementId, grant: &Grant, now: Timestamp) -> Term {
        let mut ends = self.statements.iter().filter_map(|(by, it)| {
            let (ended, _) = it.body().ends_grant()?;
            (ended == id).then_some(*by)
        });
        match ends.next() {
            Some(by) => Term::Revoked { by },
            None => grant.term_at(now),
        }
    }

    /// That nothing in them speaks of what was not granted to whom they are for.
    fn fit_together(&self) -> Result<(), Error> {
        let misfit = Err(Error::Malformed("papers of what was not granted here"));
        let mut scope = BTreeSet::new();
        let mut carries = BTreeSet::new();
        for statement in self.statements.values() {
            if statement.clinic() != self.clinic {
                return Err(Error::OtherClinic);
            }
            match (statement.body(), statement.body().of_grant()) {
                (Body::Grant(grant), _) => {
                    if !grant.machines.values().any(|it| *it == self.to) {
                        return misfit;
                    }
                    scope.extend(grant.scope());
                    carries.insert(grant.carry);
                }
                (_, Some(of)) => {
                    let of = self.statements.get(&of).map(Statement::body);
                    if !matches!(of, Some(Body::Grant(_))) {
                        return misfit;
                    }
                }
                (_, None) => return misfit,
            }
        }
        let mut sessions = self.certificates.values();
        if sessions.any(|it| it.granted().clinic != self.clinic) {
            return Err(Error::OtherClinic);
        }
        let doubted = self.doubts.keys().map(|it| &it.0);
        let mut docs = self.writing.keys().chain(doubted).chain(&self.erased);
        let fits = docs.all(|it| scope.contains(it))
            && self.told.keys().all(|it| carries.contains(it));
        if fits { Ok(()) } else { misfit }
    }

    fn signed_bytes(&self) -> Vec<u8> {
        let mut out = Writer::opening(MAGIC);
        out.put(self.clinic.as_bytes())
            .put(self.by.as_bytes())
            .put(self.to.as_bytes())
            .u32(self.known)
            .time(self.not_before)
            .list(self.statements.values(), |out, it| {
                out.bytes(&it.encode());
            })
            .list(self.certificates.values(), |out, it| {
                out.bytes(&it.encode());
            })
            .list(self.writing.iter(), |out, (doc, (epoch, k))| {
                out.put(doc.as_bytes()).put(epoch.as_bytes()).u16(*k);
            })
            .list(self.doubts.iter(), |out, ((doc, session), from)| {
                out.put(doc.as_bytes()).put(session.as_bytes()).u64(*from);
            })
            .list(self.forked.iter(), |out, it| {
                out.put(it.as_bytes());
            })
            .list(self.erased.iter(), |out, it| {
                out.put(it.as_bytes());
            })
            .list(self.told.iter(), |out, (to, told)| {
                out.put(to.as_bytes()).bytes(told);
            });
        out.into_bytes()
    }

    fn read(bytes: &[u8]) -> Result<(Self, Signature), Error> {
        let mut from = Reader::new(bytes);
        let from = &mut from;
        from.opening(MAGIC)?;
        let papers = Self {
            clinic: ClinicId::from_bytes(from.array()?),
            by: PublicKey::from_bytes(from.array()?),
            to: PublicKey::from_bytes(from.array()?),
            known: from.u32()?,
            not_before: from.time()?,
            statements: from.map(STATEMENTS_MAX, |from| {
                let it = Statement::open(from.bytes(STATEMENT_BYTES_MAX)?)?;
                Ok((it.id(), it))
            })?,
            certificates: from.map(ENTRIES_MAX, |from| {
                let it = Certificate::open(from.bytes(CERTIFICATE_BYTES_MAX)?)?;
                Ok((it.id(), it))
            })?,
            writing: from.map(ENTRIES_MAX, |from| {
                let doc = DocId::from_bytes(from.array()?);
                Ok((doc, (EpochId::from_bytes(from.array()?), from.u16()?)))
            })?,
            doubts: from.map(ENTRIES_MAX, |from| {
                let doc = DocId::from_bytes(from.array()?);
                let session = SessionId::from_bytes(from.array()?);
                Ok(((doc, session), from.u64()?))
            })?,
            forked: read_set(from, LogId::from_bytes)?,
            erased: read_set(from, DocId::from_bytes)?,
            told: from.map(STATEMENTS_MAX, |from| {
                let to = codec::read_carry(from)?;
                Ok((to, from.bytes(TOLD_BYTES_MAX)?.to_vec()))
            })?,
        };
        let signature = Signature::from_bytes(from.array()?);
        from.end()?;
        Ok((papers, signature))
    }
}

impl fmt::Debug for Papers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Papers({:?} {})", self.clinic, self.statements.len())
    }
}

fn read_set<T: Ord>(
    from: &mut Reader<'_>,
    of: impl Fn([u8; 16]) -> T,
) -> Result<BTreeSet<T>, Error> {
    let read = from.ascending(ENTRIES_MAX, |from| from.array().map(&of))?;
    Ok(BTreeSet::from_iter(read))
}
