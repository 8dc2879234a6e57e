//! The desk that all who work on this machine share, one at a time: where envelopes are
//! written, and what is not in the cache yet.

use std::{
    collections::BTreeSet,
    sync::{Arc, PoisonError},
    time::Duration,
};

use serde::{Deserialize, Serialize};

use super::{
    AuditAction, AuditObject, Clinic, Error, Happened, Session,
    audit::{AuditKey, BATCH_LEN_MAX},
    clocks::Clocks,
    keyring::Keyring,
    known::Actors,
    own_log::{OwnLog, When, Writing, Written},
    row,
};
use crate::{
    find::Index,
    ids::{DocId, Hash, PatientId, SessionId},
    ledger::{Frontier, Lane},
    seal::Entropy,
    store::{CacheBatch, Indexed},
    time::{Clock, Moment},
};

/// People who are listed between two writings of the cache, when somebody waits for them.
/// With fewer, each bunch of rows is written more often.
pub(super) const PEOPLE_AT_ONCE: usize = 1_024;
/// The same when nobody waits: some 10 ms of work.
const PEOPLE_IN_PORTION: usize = 48;

/// What is shared by all who write on this machine, one at a time.
pub(super) struct Desk {
    pub(super) log: OwnLog,
    pub(super) clocks: Clocks,
    pub(super) entropy: Box<dyn Entropy + Send>,
    pub(super) audit: AuditTail,
    /// The wrapped key under which the open rows of the audit are sealed; empty where that
    /// was another run of this program.
    pub(super) sealing: Vec<u8>,
    /// Whose session sits here. What another one has in memory may be old.
    seat: SessionId,
    /// Envelopes that are on the disk and not yet in the cache, in the order written.
    pub(super) pending: Vec<Written>,
    /// The lanes of which the index lacks more than that: the ledger tells what.
    pub(super) behind: BTreeSet<Lane>,
    /// Documents that came into the index and that nobody at the desk heard of yet;
    /// none where there were too many to remember.
    pub(super) came: Option<Vec<DocId>>,
    /// How far statements and certificates reached when waiting documents were last offered
    /// again.
    pub(super) offered_at: Frontier,
    /// Whether an envelope was found damaged that the audit does not tell of yet.
    pub(super) found_damage: bool,
}

/// Documents that came and that are remembered until somebody hears of them. With more, all
/// that were opened may have changed.
const CAME_LEN_MAX: usize = 4_096;

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
    /// The lanes that hold documents.
    pub(super) const LANES: [Lane; 3] = [Lane::Desk, Lane::Clinical, Lane::Restricted];

    pub(super) fn new(
        log: OwnLog,
        audit: AuditTail,
        entropy: Box<dyn Entropy + Send>,
    ) -> Self {
        Self {
            log,
            clocks: Clocks::default(),
            entropy,
            audit,
            sealing: Vec::new(),
            seat: SessionId::ZERO,
            pending: Vec::new(),
            behind: Self::LANES.into(),
            came: Some(Vec::new()),
            offered_at: Frontier::new(),
            found_damage: false,
        }
    }

    /// Goes on with another log, whose audit begins.
    pub(super) fn begin_anew(&mut self, log: OwnLog) {
        self.log = log;
        self.audit = AuditTail::START;
        self.sealing.clear();
        self.seat = SessionId::ZERO;
        self.forget_pending();
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
                self.pending.extend_from_slice(&written);
                let renamed = self.log.was_renamed();
                // Whoever sits here now does not have what another session changed.
                let by_another =
                    self.seat != by && written.iter().any(Written::is_change);
                if by_another || renamed {
                    self.forget_pending();
                }
                if renamed {
                    clinic.know_anew();
                }
                clinic.tell(Happened::Wrote);
                Ok(written)
            }
            Err(error) => {
                // What the disk took all the same is caught up with.
                self.forget_pending();
                if let Ok(Some(tail)) = clinic.read_row(row::AUDIT_TAIL) {
                    self.audit = tail;
                }
                Err(error)
            }
        }
    }

    /// The present by both clocks. A wall clock that stands before what was written already
    /// was set back.
    pub(super) fn when(&mut self, wall: Moment, clock: Clock) -> When {
        let quality = self.clocks.quality(self.log.hlc(), wall, clock);
        let hlc = self.log.tick(wall.at);
        When {
            hlc,
            wall,
            clock: quality,
        }
    }

    /// Says that the ledger may hold what the index lacks.
    pub(super) fn fall_behind(&mut self) {
        self.behind.extend(Self::LANES);
    }

    /// Leaves what was written here to the ledger to tell.
    pub(super) fn forget_pending(&mut self) {
        self.pending.clear();
        self.fall_behind();
    }

    /// Says that these documents came into the index.
    pub(super) fn has_come(&mut self, docs: Vec<DocId>) {
        if let Some(came) = &mut self.came {
            came.extend(docs);
            self.came.take_if(|it| it.len() > CAME_LEN_MAX);
        }
    }

    /// How many changes of a document are not in the cache yet.
    fn pending_of(&self, doc: DocId) -> usize {
        let changes = self.pending.iter().filter(|it| it.is_change());
        changes.filter(|it| it.doc == doc).count()
    }
}

impl Session {
    /// Brings the caches up to what was saved, and the list of people up to all that came.
    /// Charts follow with [`Session::settle_some`], or when they are opened.
    pub fn settle(&mut self) -> Result<(), Error> {
        self.checkpoint_if_due()?;
        self.heed_membership()?;
        self.settle_saved()?;
        while self.renewing(|session| session.list_some(PEOPLE_AT_ONCE))? {}
        Ok(())
    }

    /// Does some of what the caches lack, for about so long; true while there is more. For
    /// when nobody waits: one document is not broken off.
    pub fn settle_some(&mut self, budget: Duration) -> Result<bool, Error> {
        self.checkpoint_if_due()?;
        self.heed_membership()?;
        self.settle_saved()?;
        let clock = self.clinic.clock;
        let budget_ms = i64::try_from(budget.as_millis()).unwrap_or(i64::MAX);
        let until = clock.passed_ms().saturating_add(budget_ms);
        loop {
            let more = self.renewing(|session| {
                Ok(session.index_little()?
                    || session.make_people(PEOPLE_IN_PORTION)?
                    || session.look_some()?
                    || session.chart_some()?)
            })?;
            if !more || clock.passed_ms() >= until {
                return Ok(more);
            }
        }
    }

    /// The patients whose charts were changed elsewhere and came here since this was asked
    /// last. [`Session::chart`] gives the chart as it is now.
    pub fn arrived(&mut self) -> Result<Vec<PatientId>, Error> {
        let clinic = Arc::clone(&self.clinic);
        self.sit(&mut clinic.desk())?;
        Ok(std::mem::take(&mut self.arrived).into_iter().collect())
    }

    fn checkpoint_if_due(&mut self) -> Result<(), Error> {
        if self.audited_rows >= BATCH_LEN_MAX {
            self.checkpoint()?;
        }
        Ok(())
    }

    /// Brings the cache up to what this session saved.
    pub(super) fn settle_saved(&mut self) -> Result<(), Error> {
        let clinic = Arc::clone(&self.clinic);
        let mut desk = clinic.desk();
        self.sit(&mut desk)?;
        self.settle_at(&mut desk);
        Ok(())
    }

    /// Brings the cache up to what was saved of a document.
    pub(super) fn settle_doc(&mut self, desk: &mut Desk, doc: DocId) {
        if desk.pending_of(doc) > 0 {
            self.settle_at(desk);
        }
    }

    /// Takes the seat at the desk, and hears what came meanwhile.
    pub(super) fn sit(&mut self, desk: &mut Desk) -> Result<(), Error> {
        if desk.seat != self.id {
            self.may_begin()?;
            if !desk.pending.is_empty() {
                desk.forget_pending();
            } else if self.clinic.lacks_something()? {
                desk.fall_behind();
            }
            self.begin_anew(desk)?;
            desk.seat = self.id;
        }
        self.notice_clock(desk)?;
        self.hear(desk)?;
        if self.with_cache(desk, Self::renew_doubts)? {
            self.begin_anew(desk)?;
            self.hear(desk)?;
        }
        if std::mem::take(&mut desk.found_damage) {
            self.audit_at(desk, AuditAction::Integrity, AuditObject::Nothing)?;
        }
        Ok(())
    }

    /// Does something with the cache. One that turns out to be damaged, or sealed with other
    /// keys, is begun anew.
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

    /// As [`Session::with_cache`], for what takes the desk by itself, and not for long.
    pub(super) fn renewing<T>(
        &mut self,
        act: impl Fn(&mut Self) -> Result<T, Error>,
    ) -> Result<T, Error> {
        match act(self) {
            Err(Error::Store(lost)) if lost.is_cache_lost() => {
                let clinic = Arc::clone(&self.clinic);
                let mut desk = clinic.desk();
                self.sit(&mut desk)?;
                self.renew_cache(&mut desk)?;
                drop(desk);
                act(self)
            }
            done => done,
        }
    }

    /// Throws the caches away. They are worked out anew as they are needed.
    pub(super) fn renew_cache(&mut self, desk: &mut Desk) -> Result<(), Error> {
        self.clinic.store.reset_cache()?;
        desk.forget_pending();
        self.documents.forget_written();
        self.put_index(Index::default());
        self.awaiting.clear();
        self.apart.clear();
        self.twins.clear();
        self.audit_at(desk, AuditAction::CacheRebuilt, AuditObject::Nothing)
    }

    pub(super) fn put_index(&self, index: Index) {
        let mut shared = self.index.write().unwrap_or_else(PoisonError::into_inner);
        *shared = index;
    }

    /// Opens the keys that were wrapped to this user by now.
    pub(super) fn take_keys(&mut self, desk: &mut Desk) -> Result<(), Error> {
        self.documents.forget_all();
        self.names = None;
        // What waited for a key is offered again.
        desk.offered_at.clear();
        desk.fall_behind();
        self.keyring = {
            let known = self.clinic.known();
            let keys = (self.user, &self.keys.carry);
            let before = std::mem::take(&mut self.keyring);
            Keyring::unwrap(&known.membership, keys, &self.device.local, before)
        };
        let audit = self.keyring.audit_public()?;
        if self.audit_key.wrapped().epoch != audit.0 {
            let sealer = self.clinic.sealer(&self.certificate);
            self.audit_key = AuditKey::generate(audit, sealer, &mut *desk.entropy)?;
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
            session.read_closed_apart()?;
            session.list_closed(desk)
        })?;
        // Whatever came: all that is stale is looked through.
        desk.came = None;
        Ok(())
    }

    pub(super) fn settle_at(&mut self, desk: &mut Desk) {
        if !desk.pending.is_empty()
            && let Err(error) = self.settle_documents(desk)
        {
            // The cache may be older than it was. The ledger tells what is missing.
            tracing::debug!(%error, "the cache falls behind");
            self.documents.forget_written();
            desk.forget_pending();
        }
    }

    /// Puts what was saved into the index, and what the documents at hand say into the cache.
    /// Those that something else came to meanwhile are made again when they are read.
    fn settle_documents(&mut self, desk: &mut Desk) -> Result<(), Error> {
        let clinic = Arc::clone(&self.clinic);
        let pending = std::mem::take(&mut desk.pending);
        let mut batch = CacheBatch::new(&mut *desk.entropy);
        let mut said = Vec::new();
        let mut passed = Vec::new();
        for written in pending.iter().filter(|it| it.is_change()) {
            let place = written.place;
            let verified = true;
            batch.applied(Indexed { place, verified }, Some(written.doc));
        }
        for open in self.documents.unsettled() {
            let id = open.id;
            let new = pending.iter().filter(|it| it.is_change() && it.doc == id);
            if !open.holds(clinic.store.len_of(id)? + new.count()) {
                passed.push(id);
                continue;
            }
            let key = self.keyring.of(open.part.compartment())?.cache();
            let writers = |actors: &Actors| clinic.writers(id, actors);
            said.push((open.subject, open.rows(writers)?.put(&mut batch, id, key)));
        }
        self.list(&mut batch, said)?;
        clinic.store.cache_write(&batch)?;
        for id in passed {
            self.documents.forget(id);
        }
        Ok(())
    }
}
