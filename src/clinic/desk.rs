//! The desk that all who work on this machine share, one at a time: where envelopes are
//! written, and what is not in the cache yet.

use std::{
    collections::BTreeSet,
    sync::{Arc, PoisonError},
};

use serde::{Deserialize, Serialize};

use super::{
    AuditAction, AuditObject, Clinic, Error, Happened, Session,
    audit::{AuditKey, BATCH_LEN_MAX},
    keyring::Keyring,
    known::Actors,
    own_log::{OwnLog, Writing, Written},
    row,
};
use crate::{
    find::Index,
    ids::{DocId, Hash, SessionId},
    seal::Entropy,
    store::CacheBatch,
};

/// What is shared by all who write on this machine, one at a time.
pub(super) struct Desk {
    pub(super) log: OwnLog,
    pub(super) entropy: Box<dyn Entropy + Send>,
    pub(super) audit: AuditTail,
    /// The wrapped key under which the open rows of the audit are sealed; empty where that
    /// was another run of this program.
    pub(super) sealing: Vec<u8>,
    /// Whose session sits here. What another one has in memory may be old.
    seat: SessionId,
    /// Envelopes that are on the disk and not yet in the cache, in the order written.
    pub(super) pending: Vec<Written>,
    /// Whether more than that is missing in the cache: the ledger tells what.
    pub(super) behind: bool,
}

/// How far this machine's audit has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct AuditTail {
    pub(super) seq: u64,
    pub(super) prev: Hash,
}

impl AuditTail {
    /// Before the first row.
    pub(super) const START: Self = Self {
        seq: 0,
        prev: Hash::ZERO,
    };
}

impl Desk {
    pub(super) fn new(
        log: OwnLog,
        audit: AuditTail,
        entropy: Box<dyn Entropy + Send>,
    ) -> Self {
        Self {
            log,
            entropy,
            audit,
            sealing: Vec::new(),
            seat: SessionId::ZERO,
            pending: Vec::new(),
            behind: true,
        }
    }

    /// Writes drafts and rows together, in this session; they are on the disk when this
    /// returns.
    pub(super) fn write(
        &mut self,
        clinic: &Clinic,
        by: SessionId,
        writing: Writing<'_>,
    ) -> Result<Vec<Written>, Error> {
        let now = clinic.clock.now();
        let entropy = &mut *self.entropy;
        match self.log.write(&clinic.store, writing, now, entropy) {
            Ok(written) => {
                // Whoever sits here now does not have what another session changed.
                self.behind |= self.seat != by && written.iter().any(Written::is_change);
                self.pending.extend_from_slice(&written);
                self.behind |= self.log.was_renamed();
                clinic.tell(Happened::Wrote);
                Ok(written)
            }
            Err(error) => {
                // What the disk took all the same is caught up with.
                self.behind = true;
                if let Ok(Some(tail)) = clinic.read_row(row::AUDIT_TAIL) {
                    self.audit = tail;
                }
                Err(error)
            }
        }
    }

    /// The documents with changes that are not in the cache yet.
    fn pending_docs(&self) -> impl Iterator<Item = DocId> {
        let changes = self.pending.iter().filter(|it| it.is_change());
        changes.map(|it| it.doc)
    }
}

impl Session {
    /// Brings the caches up to what was saved. Called when nobody waits.
    pub fn settle(&mut self) -> Result<(), Error> {
        if self.audited_rows >= BATCH_LEN_MAX {
            self.checkpoint()?;
        }
        let clinic = Arc::clone(&self.clinic);
        let mut desk = clinic.desk();
        self.sit(&mut desk)?;
        self.settle_at(&mut desk)
    }

    /// Brings the cache up to what was saved of a document.
    pub(super) fn settle_doc(
        &mut self,
        desk: &mut Desk,
        doc: DocId,
    ) -> Result<(), Error> {
        if desk.pending_docs().any(|it| it == doc) {
            return self.settle_at(desk);
        }
        Ok(())
    }

    /// Takes the seat at the desk, and catches up with whoever sat there before.
    pub(super) fn sit(&mut self, desk: &mut Desk) -> Result<(), Error> {
        if desk.seat != self.id {
            self.may_begin()?;
            self.begin_anew(desk)?;
            desk.behind |= !desk.pending.is_empty() || self.lacks_something()?;
            desk.seat = self.id;
        }
        self.notice_clock(desk)?;
        if desk.behind {
            self.with_cache(desk, Self::catch_up)?;
        }
        Ok(())
    }

    /// Does something with the cache. One that turns out to be damaged, or sealed with other
    /// keys, is worked out anew.
    pub(super) fn with_cache<T>(
        &mut self,
        desk: &mut Desk,
        act: impl Fn(&mut Self, &mut Desk) -> Result<T, Error>,
    ) -> Result<T, Error> {
        match act(self, desk) {
            Err(Error::Store(lost)) if lost.is_cache_lost() => {
                self.renew_cache(desk)?;
                act(self, desk)
            }
            done => done,
        }
    }

    /// Throws the caches away and works them out anew.
    pub(super) fn renew_cache(&mut self, desk: &mut Desk) -> Result<(), Error> {
        self.clinic.store.reset_cache()?;
        self.put_index(Index::default());
        self.awaiting.clear();
        self.apart.clear();
        self.catch_up(desk)?;
        self.audit_at(desk, AuditAction::CacheRebuilt, AuditObject::Nothing)
    }

    pub(super) fn put_index(&self, index: Index) {
        let mut shared = self.index.write().unwrap_or_else(PoisonError::into_inner);
        *shared = index;
    }

    /// Opens the keys that were wrapped to this user by now.
    pub(super) fn take_keys(&mut self, desk: &mut Desk) -> Result<(), Error> {
        self.documents.forget_all();
        self.keyring = {
            let known = self.clinic.known();
            let keys = (self.user, &self.keys.carry);
            Keyring::unwrap(&known.membership, keys, &self.device.local)
        };
        let audit = self.keyring.audit_public()?;
        if self.audit_key.wrapped().epoch != audit.0 {
            self.audit_key = AuditKey::generate(audit, &mut *desk.entropy)?;
        }
        Ok(())
    }

    /// Drops what may be old, since someone else sat at the desk: keys, lists, documents.
    fn begin_anew(&mut self, desk: &mut Desk) -> Result<(), Error> {
        self.take_keys(desk)?;
        self.with_cache(desk, |session, desk| {
            session.know_imports()?;
            let index = session.read_index()?;
            session.put_index(index);
            session.list_closed(desk)
        })
    }

    fn settle_at(&mut self, desk: &mut Desk) -> Result<(), Error> {
        if desk.pending.is_empty() {
            return Ok(());
        }
        let at_hand: BTreeSet<DocId> =
            self.documents.unsettled().map(|it| it.id).collect();
        if desk.pending_docs().any(|it| !at_hand.contains(&it)) {
            return self.with_cache(desk, Self::catch_up);
        }
        if self.settle_documents(desk).is_err() {
            // The cache may be older than it was. The ledger tells what is missing.
            desk.behind = true;
            return self.with_cache(desk, Self::catch_up);
        }
        Ok(())
    }

    fn settle_documents(&mut self, desk: &mut Desk) -> Result<(), Error> {
        let clinic = Arc::clone(&self.clinic);
        let mut batch = CacheBatch::new(&mut *desk.entropy);
        let mut said = Vec::new();
        for open in self.documents.unsettled() {
            let key = self.keyring.of(open.part.compartment())?.cache();
            let id = open.id;
            let writers = |actors: &Actors| clinic.writers(id, actors);
            said.push((open.subject, open.settle(&mut batch, key, writers)?));
        }
        for written in &desk.pending {
            let doc = written.is_change().then_some(written.doc);
            batch.applied(written.place, doc);
        }
        self.list(&mut batch, said)?;
        clinic.store.cache_write(&batch)?;
        drop(batch);
        desk.pending.clear();
        Ok(())
    }
}
