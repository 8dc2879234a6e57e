//! What a grant says: which documents a provider of another clinic may have, with which keys,
//! and until when. Patients are not named: a document's id tells nobody whose it is.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use super::{Author, Body, Error, Series, Term};
use crate::{
    chart::Purpose,
    ids::{CardId, DocId, EpochId, KeyId, LogId, StatementId, UserId},
    seal::{self, CarryKey, CarryPublic, Entropy, PublicKey, Secret, names},
    time::Timestamp,
};

/// The most documents that one grant opens.
pub const GRANTED_MAX: usize = 64;
/// The most keys that one statement gives.
pub const GIVEN_KEYS_MAX: usize = 1_000;
/// The bytes of a document's key.
const KEY_BYTES: usize = 32;

/// What a provider of another clinic may have.
#[derive(Clone, PartialEq, Eq)]
pub struct Grant {
    /// The card that it was granted to.
    pub card: CardId,
    /// Signs for the provider.
    pub key: PublicKey,
    /// The documents' keys are wrapped to it.
    pub carry: CarryPublic,
    /// The provider's machines: by the key of each, the key that it meets others with.
    pub machines: BTreeMap<PublicKey, PublicKey>,
    /// The documents, and what may be done with each.
    pub documents: BTreeMap<DocId, Access>,
    /// The document in which the provider proposes what the clinic is to take over.
    pub inbox: DocId,
    /// From when on.
    pub not_before: Timestamp,
    /// Until when, which is after that.
    pub not_after: Timestamp,
    /// What for.
    pub purpose: PurposeCode,
}

/// What may be done with a granted document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Access {
    /// It may be read.
    Read,
    /// It may be read, and what is written in it counts.
    Write,
}

/// What a grant is for, by its byte. One that a later version knows is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct PurposeCode(pub u8);

/// Which of a document's keys is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct DocKey {
    /// The document.
    pub doc: DocId,
    /// The epoch of its compartment.
    pub epoch: EpochId,
    /// Which of its keys in that epoch.
    pub k: u16,
}

/// The keys of granted documents, wrapped to whom they were granted to.
#[derive(Clone, PartialEq, Eq)]
pub struct GrantKeys {
    /// The grant's statement.
    pub grant: StatementId,
    /// Which keys, and how envelopes name each.
    pub keys: BTreeMap<DocKey, KeyId>,
    /// The age file with the keys, in the order in which they are listed.
    pub wrapped: Vec<u8>,
}

impl Grant {
    /// Whom the clinic knows the provider as.
    pub fn user(&self) -> UserId {
        names::user_id(&self.key)
    }

    /// What the provider may have.
    pub fn scope(&self) -> BTreeSet<DocId> {
        let documents = self.documents.keys().copied();
        documents.chain([self.inbox]).collect()
    }

    /// How it stands at a moment, if nobody took it back.
    pub fn term_at(&self, now: Timestamp) -> Term {
        if now < self.not_before {
            Term::Early
        } else if now > self.not_after {
            Term::Expired
        } else {
            Term::Live
        }
    }

    /// The documents that the provider may write in.
    pub fn writable(&self) -> impl Iterator<Item = DocId> {
        let writable = self.documents.iter();
        let writable = writable.filter(|(_, access)| **access == Access::Write);
        writable.map(|(doc, _)| *doc).chain([self.inbox])
    }

    /// The logs in which the provider writes by it.
    pub fn logs(&self) -> BTreeSet<LogId> {
        let devices = self.machines.keys();
        let logs = |device| {
            self.writable()
                .map(move |doc| names::guest_log_id(device, doc))
        };
        devices.flat_map(logs).collect()
    }

    /// Whether the provider may write in a document.
    pub fn may_write(&self, doc: DocId) -> bool {
        doc == self.inbox || self.documents.get(&doc) == Some(&Access::Write)
    }
}

impl PurposeCode {
    /// The purpose, if this version knows it.
    pub fn known(self) -> Option<Purpose> {
        let mut all = Purpose::ALL.into_iter();
        all.find(|it| Self::from(*it) == self)
    }
}

impl From<Purpose> for PurposeCode {
    fn from(purpose: Purpose) -> Self {
        Self(match purpose {
            Purpose::Treatment => 1,
            Purpose::Emergency => 2,
            Purpose::Payment => 3,
            Purpose::Operations => 4,
            Purpose::PublicHealth => 5,
            Purpose::Research => 6,
            Purpose::PatientRequest => 7,
        })
    }
}

impl GrantKeys {
    /// The keys, if they were wrapped to `carry` and are those that are listed.
    pub(super) fn open(
        &self,
        carry: &CarryKey,
    ) -> Option<BTreeMap<(DocId, KeyId), Secret>> {
        let bytes =
            seal::unwrap(carry, &self.wrapped, GIVEN_KEYS_MAX * KEY_BYTES).ok()?;
        if bytes.len() != self.keys.len() * KEY_BYTES {
            return None;
        }
        let listed = self.keys.iter().zip(bytes.chunks(KEY_BYTES));
        let opened = listed.map(|((key, id), bytes)| {
            let secret = Secret::from_slice(bytes)?;
            (names::key_id(&secret) == *id).then_some(((key.doc, *id), secret))
        });
        opened.collect()
    }
}

impl Series {
    /// Gives keys of granted documents to whom they were granted to.
    pub fn give_keys(
        &mut self,
        session: Author<'_>,
        (grant, to): (StatementId, CarryPublic),
        keys: &BTreeMap<DocKey, Secret>,
        entropy: &mut dyn Entropy,
    ) -> Result<StatementId, Error> {
        let mut bytes =
            zeroize::Zeroizing::new(Vec::with_capacity(keys.len() * KEY_BYTES));
        for secret in keys.values() {
            bytes.extend_from_slice(secret.as_bytes());
        }
        let named = keys.iter().map(|(key, it)| (*key, names::key_id(it)));
        let body = Body::GrantKeys(GrantKeys {
            grant,
            keys: named.collect(),
            wrapped: seal::wrap(&[to], &bytes, entropy)?,
        });
        self.say(session, body)
    }
}

impl fmt::Debug for Grant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Grant({:?})", self.card)
    }
}

impl fmt::Debug for GrantKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "GrantKeys({:?} {})", self.grant, self.keys.len())
    }
}
