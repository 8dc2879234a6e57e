//! What owners look at afterwards: charts that were opened with a reason alone. Nothing of it
//! is written down twice: it is worked out from the audit, where the answer stands, too.

use std::{collections::BTreeMap, fmt, ops::ControlFlow};

use super::{
    Audit, AuditAction, AuditEntry, AuditObject, Error, Session, branches::Branches,
    ground::Opened, lanes::each_envelope,
};
use crate::{
    chart::who::{Action, Role},
    ids::{Hash, LogId, PatientId, SessionId, UserId},
    ledger::{Lane, Place},
    members::{Judgement, Standing, Written},
    time::{Moment, Timestamp},
};

/// A chart that somebody opened with a reason alone.
#[derive(Clone, PartialEq, Eq)]
pub struct GlassUse {
    /// The session in which it was opened.
    pub session: SessionId,
    /// The number of the entry in its log's audit.
    pub seq: u64,
    /// When.
    pub at: Moment,
    /// Who opened it.
    pub user: UserId,
    /// Whose chart.
    pub patient: PatientId,
    /// What of it.
    pub what: String,
    /// The reason given.
    pub why: String,
    /// The owner who looked at it, and when.
    pub reviewed: Option<(UserId, Moment)>,
}

/// Sealed words that somebody used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WordsUsed {
    /// The user whose passphrase they are.
    pub user: UserId,
    /// When they were used first.
    pub at: Moment,
    /// Until when an owner is to make new ones.
    pub due: Timestamp,
}

/// What waits for an owner.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ForOwner {
    /// Charts that were opened with a reason alone, and that no owner looked at.
    pub uses: usize,
    /// Sealed words that were used, those that are due first.
    pub words: Option<WordsUsed>,
}

/// An entry of the audit by the session that wrote it and its number.
type EntryId = (SessionId, u64);

/// What was read of the audit so far, as far as it matters here.
#[derive(Default)]
pub(super) struct Reviews {
    /// The next envelope to read of each run.
    next: BTreeMap<LogId, u64>,
    uses: BTreeMap<EntryId, GlassUse>,
    /// Who says to have looked at an entry, and where that stands.
    answers: BTreeMap<EntryId, Vec<(Place, SessionId, Moment)>>,
    /// When each user signed in, and when each got a new passphrase.
    signed_in: BTreeMap<UserId, Vec<Moment>>,
    renewed: BTreeMap<UserId, Timestamp>,
}

/// Within so many milliseconds after sealed words were used there are to be new ones: three
/// days.
pub const WORDS_DUE_MS: i64 = 72 * 60 * 60 * 1_000;
/// Envelopes of the audit that are read while nobody waits: some 10 ms of work.
const ENVELOPES_IN_PORTION: usize = 32;
/// The digits of a session's name that name an entry.
const NAME_DIGITS: usize = 8;

impl GlassUse {
    /// Whether it was the emergency view alone.
    pub fn is_view(&self) -> bool {
        self.what == Opened::EmergencyView.name()
    }

    /// A short name: the beginning of the session's, and the number.
    pub fn name(&self) -> String {
        let session = self.session.to_string();
        let begins: String = session.chars().take(NAME_DIGITS).collect();
        format!("{begins}-{}", self.seq)
    }
}

impl Session {
    /// Every chart that was opened with a reason alone, the newest first; those that no owner
    /// looked at yet where `open` says so.
    pub fn glass_uses(&mut self, open: bool) -> Result<Vec<GlassUse>, Error> {
        self.may(Action::ReadAudit)?;
        self.audit(AuditAction::AuditRead, AuditObject::Nothing)?;
        self.uses(open)
    }

    /// What waits for an owner, as far as it is in what machines exchange. It reads a portion
    /// of the audit at a time; none while there is more to read.
    pub fn for_owner(&mut self) -> Result<Option<ForOwner>, Error> {
        self.may(Action::Administer)?;
        self.may(Action::ReadAudit)?;
        if self.read_some(ENVELOPES_IN_PORTION)? {
            return Ok(None);
        }
        let uses = self.uses(true)?.len();
        let words = self.words_in_use();
        let words = words.into_iter().min_by_key(|it| it.due);
        Ok(Some(ForOwner { uses, words }))
    }

    /// Says, as an owner, that a use was looked at. It stands in the audit, and takes the use
    /// from the list on every machine.
    pub fn review(&mut self, session: SessionId, seq: u64) -> Result<(), Error> {
        self.may(Action::Administer)?;
        self.may(Action::ReadAudit)?;
        let open = self.uses(true)?;
        if !open.iter().any(|it| (it.session, it.seq) == (session, seq)) {
            return Err(Error::Missing("such entry to review".to_owned()));
        }
        self.audit(AuditAction::Reviewed, AuditObject::Entry(session, seq))?;
        self.checkpoint()
    }

    /// The sealed words that were used since they were made.
    pub fn words_used(&mut self) -> Result<Vec<WordsUsed>, Error> {
        self.may(Action::ReadAudit)?;
        // That new words were made may stand in no envelope yet.
        self.checkpoint()?;
        self.read_reviews()?;
        Ok(self.words_in_use())
    }

    fn words_in_use(&self) -> Vec<WordsUsed> {
        let sealed: Vec<UserId> = {
            let known = self.clinic.known();
            let members = known.membership.users().values();
            let sealed = members
                .filter(|it| it.role == Role::Emergency && it.standing == Standing::Good);
            sealed.map(|it| it.user).collect()
        };
        let used = sealed.into_iter().filter_map(|user| {
            let made = self.reviews.renewed.get(&user).copied();
            let times = self.reviews.signed_in.get(&user)?.iter();
            let since = times.filter(|it| made.is_none_or(|made| it.at > made));
            let at = *since.min_by_key(|it| it.at)?;
            let due = at.at.plus_ms(WORDS_DUE_MS);
            Some(WordsUsed { user, at, due })
        });
        used.collect()
    }

    fn uses(&mut self, open: bool) -> Result<Vec<GlassUse>, Error> {
        self.read_reviews()?;
        let mut all = Vec::new();
        for (id, it) in &self.reviews.uses {
            let reviewed = self.reviewed(*id)?;
            if open && reviewed.is_some() {
                continue;
            }
            let it = it.clone();
            all.push(GlassUse { reviewed, ..it });
        }
        all.sort_by_key(|it| std::cmp::Reverse((it.at.at, it.seq)));
        Ok(all)
    }

    /// The first owner who looked at an entry, in a session whose writing counts.
    fn reviewed(&self, id: EntryId) -> Result<Option<(UserId, Moment)>, Error> {
        let mut first: Option<(UserId, Moment)> = None;
        for (place, session, at) in self.reviews.answers.get(&id).into_iter().flatten() {
            let Some(user) = self.owner_at(*place, *session)? else {
                continue;
            };
            if first.is_none_or(|(_, before)| at.at < before.at) {
                first = Some((user, *at));
            }
        }
        Ok(first)
    }

    /// Whose session this is, where it was an owner's and what it wrote there counts.
    fn owner_at(
        &self,
        place: Place,
        session: SessionId,
    ) -> Result<Option<UserId>, Error> {
        let branches = Branches::read(&self.clinic.store)?;
        let mut known = self.clinic.known();
        let Some(certificate) = known.certificate(&self.clinic.store, session)? else {
            return Ok(None);
        };
        let reached_by =
            |_log, seq, hash: Hash| branches.follows(place, (seq, hash)).ok().flatten();
        let written = Written {
            log: place.log,
            lane: place.lane,
            seq: place.seq,
            reached_by: &reached_by,
        };
        let judged = known.membership.judge(&certificate, &written);
        let is_owner = known.membership.role_of(&certificate) == Some(Role::Owner);
        let counts = matches!(judged, Judgement::Counts) && is_owner;
        Ok(counts.then(|| certificate.user()))
    }

    /// Reads what of the audit was not read yet.
    fn read_reviews(&mut self) -> Result<(), Error> {
        self.read_some(usize::MAX).map(drop)
    }

    /// The same, so many envelopes at most; true while there may be more.
    fn read_some(&mut self, len_max: usize) -> Result<bool, Error> {
        let stretches = self.clinic.store.stretches()?;
        let audits = stretches
            .iter()
            .filter(|((_, lane), _)| *lane == Lane::Audit);
        let runs: Vec<(LogId, u64)> =
            audits.map(|((log, _), it)| (*log, it.first)).collect();
        let mut reviews = std::mem::take(&mut self.reviews);
        let mut left = len_max;
        for (log, first) in runs {
            let seq = reviews.next.get(&log).copied().unwrap_or(first);
            let from = Place {
                log,
                lane: Lane::Audit,
                seq,
            };
            let mut next = seq;
            each_envelope(&self.clinic.store, from, |place, stored| {
                if left == 0 {
                    return Ok(ControlFlow::Break(()));
                }
                left -= 1;
                next = place.seq + 1;
                let Ok(bytes) = stored else {
                    return Ok(ControlFlow::Continue(()));
                };
                let mut read = Audit::default();
                // What does not open is told to who reads the audit.
                self.open_batch(place, &bytes, &mut None, &mut read).ok();
                for entry in read.entries.iter().filter(|it| self.is_its_own(it)) {
                    reviews.take(place, entry);
                }
                Ok(ControlFlow::Continue(()))
            })?;
            reviews.next.insert(log, next);
        }
        self.reviews = reviews;
        Ok(left == 0)
    }
}

impl Reviews {
    fn take(&mut self, place: Place, entry: &AuditEntry) {
        let id = (entry.session, entry.seq);
        match (entry.action, &entry.object, entry.user) {
            (AuditAction::BreakGlass, AuditObject::Disclosed(told), Some(user)) => {
                let opened = GlassUse {
                    session: entry.session,
                    seq: entry.seq,
                    at: entry.wall,
                    user,
                    patient: told.patient,
                    what: told.what.clone(),
                    why: told.why.clone(),
                    reviewed: None,
                };
                self.uses.insert(id, opened);
            }
            (AuditAction::Reviewed, AuditObject::Entry(session, seq), _) => {
                let answers = self.answers.entry((*session, *seq)).or_default();
                answers.push((place, entry.session, entry.wall));
            }
            (AuditAction::SignIn, _, Some(user)) => {
                self.signed_in.entry(user).or_default().push(entry.wall);
            }
            (
                AuditAction::UserAdded | AuditAction::PassphraseChanged,
                AuditObject::User(user),
                _,
            ) => {
                let newest = self.renewed.entry(*user).or_insert(entry.wall.at);
                *newest = entry.wall.at.max(*newest);
            }
            _ => {}
        }
    }
}

impl fmt::Debug for GlassUse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "GlassUse({})", self.name())
    }
}
