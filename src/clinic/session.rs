//! One user at work on this machine, from sign-in to sign-out.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
    sync::{Arc, RwLock},
};

use super::{
    AuditAction, AuditObject, Clinic, Error,
    audit::AuditKey,
    clocks::CLOCK_STEP_MS,
    desk::{Desk, PEOPLE_AT_ONCE},
    documents::Documents,
    guests::Abroad,
    import::ClosedImports,
    keyring::Keyring,
    keys::{DeviceKeys, UserKeys},
    making::DocNames,
    own_log::{Draft, Signer},
    put_row,
    reviews::Reviews,
    row,
    twins::LikelyTwins,
};
use crate::{
    chart::{
        Category, Entry, Part,
        who::{Action, Before, Denial, Role},
    },
    find::Index,
    ids::{
        ClinicId, Hash, ImportId, LogId, PatientId, RecordId, SessionId, StatementId,
        UserId,
    },
    members::{self, Certificate, SESSION_MS_MAX},
    seal::SigningKey,
    time::{Clock, Moment, PartialDate, Timestamp},
};

/// One user at work. Dropping it wipes its keys; [`Session::sign_out`] or
/// [`Session::park`](Session::park) end it in order.
pub struct Session {
    pub(super) clinic: Arc<Clinic>,
    pub(super) user: UserId,
    pub(super) id: SessionId,
    pub(super) certificate: Certificate,
    pub(super) signing: SigningKey,
    pub(super) keys: UserKeys,
    pub(super) device: DeviceKeys,
    pub(super) keyring: Keyring,
    pub(super) audit_key: AuditKey,
    shift: Shift,
    /// By how many milliseconds the clock was set back, as far as the audit says it.
    set_back_ms: i64,
    named: Named,
    pub(super) audited_rows: usize,
    pub(super) documents: Documents,
    pub(super) index: Arc<RwLock<Index>>,
    /// Charts that were opened, and so audited, in this session.
    pub(super) opened: BTreeSet<PatientId>,
    pub(super) imports: ClosedImports,
    /// Up to where it heard what was said of who belongs.
    pub(super) heard: u64,
    /// The parts of charts that hold records of an import that was not finished.
    pub(super) awaiting: BTreeMap<(PatientId, Part), ImportId>,
    /// The parts of charts that hold facts which were set apart from each other.
    pub(super) apart: BTreeSet<(PatientId, Part)>,
    /// Who may have been registered twice.
    pub(super) twins: LikelyTwins,
    /// The name of the removals that the cache was made under, once that is known.
    pub(super) doubts: Option<Hash>,
    /// Whose each document is, once it was asked.
    pub(super) names: Option<DocNames>,
    /// Patients whose charts were changed elsewhere, of whom nobody was told yet.
    pub(super) arrived: BTreeSet<PatientId>,
    /// Charts that a reason opened, and until when.
    pub(super) glass: BTreeMap<PatientId, Shift>,
    /// Patients who were found to be in care.
    pub(super) in_care: BTreeSet<PatientId>,
    /// What is written out of what is closed, too.
    pub(super) written_out: Vec<Category>,
    /// The reason for opening charts of those who are not.
    pub(super) because: Option<String>,
    /// What of the audit owners look at afterwards.
    pub(super) reviews: Reviews,
    /// The sessions that this one has at other clinics, by the grant of each.
    pub(super) abroad: BTreeMap<(ClinicId, StatementId), Abroad>,
}

/// Until when a user works without the passphrase.
#[derive(Debug, Clone, Copy)]
pub(super) struct Shift {
    /// By the wall clock.
    pub(super) until: Timestamp,
    /// By a clock that nobody can set.
    passed_ms: i64,
}

/// The time of a record's name, its place within that millisecond, and what no other
/// names have.
#[derive(Debug, Clone, Copy, Default)]
struct Named {
    at: u64,
    place: u16,
    own: [u8; 8],
}

/// The last place within a millisecond: a `UUIDv7` has 12 bits for it.
const NAMED_PLACE_MAX: u16 = 0xfff;

/// How long a name takes after the last one, in milliseconds: those of one save differ in
/// their places alone.
const NAMED_MS: u64 = 50;

impl Named {
    /// This one, or the next after `last` where the clock has hardly moved since.
    const fn or_after(self, last: Self) -> Self {
        if self.at.abs_diff(last.at) > NAMED_MS {
            return self;
        }
        if last.place == NAMED_PLACE_MAX {
            return Self {
                at: last.at + 1,
                place: 0,
                ..self
            };
        }
        Self {
            place: last.place + 1,
            ..last
        }
    }
}

impl Shift {
    /// The longest, from now on.
    pub(super) fn from_now(clock: Clock) -> Self {
        Self::of(SESSION_MS_MAX, clock)
    }

    /// So many milliseconds, from now on.
    pub(super) fn of(ms: i64, clock: Clock) -> Self {
        Self {
            until: clock.now().plus_ms(ms),
            passed_ms: clock.passed_ms().saturating_add(ms),
        }
    }

    /// The time that it is at least: a clock that was set back makes no shift longer.
    pub(super) fn now(&self, clock: Clock) -> Timestamp {
        let left = self.passed_ms.saturating_sub(clock.passed_ms());
        clock.now().max(self.until.plus_ms(-left))
    }

    /// Whether it is over.
    pub(super) fn is_over(&self, clock: Clock) -> bool {
        self.now(clock) > self.until
    }
}

impl Session {
    pub(super) fn new(
        clinic: Arc<Clinic>,
        (certificate, signing, shift): (Certificate, SigningKey, Shift),
        (keys, device, keyring, audit_key): (UserKeys, DeviceKeys, Keyring, AuditKey),
    ) -> Self {
        Self {
            user: certificate.user(),
            id: certificate.id(),
            clinic,
            certificate,
            signing,
            keys,
            device,
            keyring,
            audit_key,
            shift,
            set_back_ms: 0,
            named: Named::default(),
            audited_rows: 0,
            documents: Documents::default(),
            index: Arc::default(),
            opened: BTreeSet::new(),
            imports: ClosedImports::default(),
            heard: 0,
            awaiting: BTreeMap::new(),
            apart: BTreeSet::new(),
            twins: LikelyTwins::default(),
            doubts: None,
            names: None,
            arrived: BTreeSet::new(),
            glass: BTreeMap::new(),
            in_care: BTreeSet::new(),
            written_out: Vec::new(),
            because: None,
            reviews: Reviews::default(),
            abroad: BTreeMap::new(),
        }
    }

    /// Who is at work.
    pub const fn user(&self) -> UserId {
        self.user
    }

    /// The clinic that the session works in.
    pub const fn clinic(&self) -> &Arc<Clinic> {
        &self.clinic
    }

    /// The role of who is at work, by all that is known now.
    pub fn role(&self) -> Role {
        let known = self.clinic.known();
        known
            .membership
            .user(self.user)
            .map_or(Role::FrontDesk, |it| it.role)
    }

    /// Whether the user may do this, now, as far as no chart decides it.
    pub fn may(&self, action: Action) -> Result<(), Denial> {
        self.may_before(action, Before::Clinic)
    }

    /// Whether the user may do this there, now.
    pub(super) fn may_before(
        &self,
        action: Action,
        before: Before,
    ) -> Result<(), Denial> {
        let keys = self.keyring.compartments();
        let now = self.shift.now(self.clinic.clock);
        let known = self.clinic.known();
        let acting = known.membership.acting(&self.certificate, now, keys);
        self.is_of_now()?;
        members::authorize(acting.as_ref(), action, before)
    }

    /// The name of a user, if this role may know it.
    pub fn user_name(&self, user: UserId) -> String {
        let enrolled = self.clinic.enrolled().unwrap_or_default();
        let here = enrolled
            .into_iter()
            .find(|it| it.user == user)
            .map(|it| it.name);
        here.or_else(|| self.sealed_name(user)).unwrap_or_default()
    }

    /// What a record that is made now has in common with all others.
    pub fn entry(&mut self) -> Entry {
        Entry::new(
            self.record_id(),
            self.clinic.moment(),
            self.user,
            self.machine(),
        )
    }

    /// The language that the user reads on this machine, by its code, if one was chosen.
    pub fn language(&self) -> Option<String> {
        self.clinic.read_row(&self.language_row()).ok().flatten()
    }

    /// Keeps the language that the user reads on this machine.
    pub fn set_language(&self, code: &str) -> Result<(), Error> {
        let row = put_row(self.language_row(), &code);
        Ok(self.clinic.store.append(&[], &[row])?)
    }

    fn language_row(&self) -> String {
        format!("{}{}", row::LANGUAGE, self.user)
    }

    /// The log that this machine writes.
    pub fn machine(&self) -> LogId {
        self.clinic.log()
    }

    /// The present moment.
    pub fn moment(&self) -> Moment {
        self.clinic.moment()
    }

    /// Today, on this machine's wall clock.
    pub fn today(&self) -> PartialDate {
        self.clinic.moment().day()
    }

    /// A fresh name for a record: a `UUIDv7`.
    /// Those of one session sort in the order in which they were made.
    pub fn record_id(&mut self) -> RecordId {
        let at = u64::try_from(self.clinic.clock.now().0).unwrap_or(0);
        let [high, low, own @ ..] = self.clinic.draw::<10>();
        let drawn = Named {
            at,
            place: u16::from_be_bytes([high, low]) & NAMED_PLACE_MAX,
            own,
        };
        self.named = drawn.or_after(self.named);
        let Named { at, place, own } = self.named;
        let mut rest = [0; 10];
        let ends = place.to_be_bytes().into_iter().chain(own);
        rest.iter_mut().zip(ends).for_each(|(to, it)| *to = it);
        let id = uuid::Builder::from_unix_timestamp_millis(at, &rest).into_uuid();
        RecordId::from_bytes(id.into_bytes())
    }

    /// Takes the desk over from whoever worked there before. People who came meanwhile are
    /// listed at once, if they are not too many.
    pub(super) fn come_in(&mut self) -> Result<(), Error> {
        self.settle_saved()?;
        while self.renewing(Self::index_people)? {}
        self.renewing(|session| session.make_people(PEOPLE_AT_ONCE))?;
        Ok(())
    }

    /// Ends the session: brings the caches up to date and ships the audit.
    pub fn sign_out(mut self) -> Result<(), Error> {
        self.end(AuditAction::SignOut)
    }

    /// Writes down that the session ends or pauses, and leaves nothing undone. What the
    /// caches lack then, whoever comes next catches up with.
    pub(super) fn end(&mut self, action: AuditAction) -> Result<(), Error> {
        let settled = self.settle_saved();
        self.audit(action, AuditObject::Nothing)?;
        self.checkpoint()?;
        let settled = settled
            .and_then(|()| self.settle_saved())
            .and_then(|()| Ok(self.clinic.store.checkpoint()?));
        if let Err(error) = settled {
            tracing::warn!(%error, "the caches were left behind");
        }
        self.documents.forget_all();
        Ok(())
    }

    pub(super) fn signer(&self) -> Signer<'_> {
        Signer {
            session: self.id,
            key: &self.signing,
        }
    }

    /// Drafts that this session signs.
    pub(super) fn signed(
        &self,
        drafts: impl IntoIterator<Item = Draft>,
    ) -> Vec<(Signer<'_>, Draft)> {
        let drafts = drafts.into_iter();
        drafts.map(|it| (self.signer(), it)).collect()
    }

    pub(super) const fn shift(&self) -> Shift {
        self.shift
    }

    /// Writes down that the clock was set back, since this session or this log began.
    pub(super) fn notice_clock(&mut self, desk: &mut Desk) -> Result<(), Error> {
        let clock = self.clinic.clock;
        let at_least = self.shift.now(clock).max(desk.log.hlc().timestamp());
        let set_back_ms = at_least.ms_since(clock.now());
        if set_back_ms > self.set_back_ms + CLOCK_STEP_MS {
            self.set_back_ms = set_back_ms;
            self.audit_at(desk, AuditAction::ClockStep, AuditObject::Nothing)?;
        }
        Ok(())
    }

    /// That the session writes the log that this machine writes: it may have taken another
    /// name since.
    pub(super) fn is_of_now(&self) -> Result<(), Denial> {
        let fits = self.certificate.log() == self.clinic.log();
        fits.then_some(()).ok_or(Denial::SessionOver)
    }

    /// A session is not begun for someone who has left or on a machine that was revoked.
    pub(super) fn may_begin(&self) -> Result<(), Denial> {
        self.is_of_now()?;
        let keys = self.keyring.compartments();
        let now = self.shift.now(self.clinic.clock);
        let known = self.clinic.known();
        let acting = known.membership.acting(&self.certificate, now, keys);
        let acting = acting.ok_or(Denial::Locked)?;
        if acting.standing != members::Standing::Good {
            return Err(Denial::NotInGoodStanding);
        }
        let here = known.membership.device(self.clinic.device());
        match (acting.live, here.is_none_or(|it| it.enrolled)) {
            (true, _) => Ok(()),
            (false, true) => Err(Denial::SessionOver),
            (false, false) => Err(Denial::ShutOut),
        }
    }
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Session({:?} {:?})", self.id, self.user)
    }
}
