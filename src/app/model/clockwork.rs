//! What time does: the idle lock and its warning, drafts that are due, the clock.

use super::{Model, Seat};
use crate::{
    app::{Desk, Effect, Step, Tab, lock},
    time::{Moment, Timestamp},
};

/// The warning before the machine locks.
const WARNING_MS: i64 = 15_000;
/// A draft is kept this long after the last change of a run of changes began.
const DRAFT_MS: i64 = 1_000;
/// A notice stays at least this long, whatever is typed.
const NOTICE_MS: i64 = 1_500;
const MINUTE_MS: i64 = 60_000;

impl Model {
    /// When the model wants to be woken, if nothing else happens.
    pub fn next_wake(&self) -> Option<Timestamp> {
        let idle = match self.seat {
            Seat::In(_) => {
                let locks = self.locks_at();
                let warns = locks.plus_ms(-WARNING_MS);
                Some(if self.now.at < warns { warns } else { locks })
            }
            Seat::Locked(_) => {
                let into_minute = self.now.at.0.rem_euclid(MINUTE_MS);
                Some(self.now.at.plus_ms(MINUTE_MS - into_minute))
            }
            Seat::Start(_) => None,
        };
        let told = self.awake_until().map(|it| self.next_minute_before(it));
        let glass = self.glass_ends();
        let due = self.draft_due.into_iter().chain(told).chain(glass);
        idle.into_iter().chain(due).min()
    }

    /// Seconds to the lock, once the warning stands.
    pub fn locks_soon(&self) -> Option<i64> {
        let left = self.locks_at().ms_since(self.now.at);
        let warns = matches!(self.seat, Seat::In(_)) && left <= WARNING_MS;
        warns.then_some(WARNING_MS / 1_000)
    }

    /// Whether no draft waits to be kept.
    pub const fn is_drafted(&self) -> bool {
        self.draft_due.is_none()
    }

    pub(super) fn woke(&mut self) -> Vec<Effect> {
        let mut steps = Vec::new();
        if self.draft_due.is_some_and(|due| due <= self.now.at) {
            steps.extend(self.keep_draft());
        }
        steps.extend(self.close_glass());
        if matches!(self.seat, Seat::In(_)) && self.locks_at() <= self.now.at {
            let minutes = usize::from(self.idle_minutes);
            steps.push(Step::Lock(lock::Why::Idle(minutes)));
        }
        let is_late = self.locks_at() <= self.now.at;
        if let Seat::Locked(state) = &mut self.seat
            && is_late
            && state.is_half_in()
        {
            steps.extend(state.leave());
        }
        self.carry_out(steps)
    }

    /// Takes the time. A clock that was set back must not keep the machine from locking.
    pub(super) fn clock_moved(&mut self, now: Moment) {
        let back = self.now.at.ms_since(now.at).max(0);
        self.last_key = self.last_key.plus_ms(-back);
        self.told_at = self.told_at.plus_ms(-back);
        self.draft_due = self.draft_due.map(|due| due.plus_ms(-back));
        self.now = now;
    }

    /// A person is there. Says whether the last message offered Enter to go on.
    pub(super) fn touched(&mut self) -> bool {
        self.last_key = self.now.at;
        if self.notice.take_if(|it| it.goes_on).is_some() {
            return true;
        }
        if self.now.at.ms_since(self.told_at) >= NOTICE_MS {
            // What can be taken back stays while the chart does in which it was done.
            let in_chart = self.desk().is_some_and(|it| it.at == Tab::Chart);
            let undoable = self.notice.as_ref().is_some_and(|it| !it.undo.is_empty());
            if !(undoable && in_chart) {
                self.notice = None;
            }
        }
        false
    }

    pub(super) fn draft_changed(&mut self) {
        let due = self.now.at.plus_ms(DRAFT_MS);
        self.draft_due.get_or_insert(due);
    }

    fn locks_at(&self) -> Timestamp {
        let idle = i64::from(self.idle_minutes) * MINUTE_MS;
        let locks = self.last_key.plus_ms(idle);
        self.awake_until().map_or(locks, |until| until.max(locks))
    }

    /// Until when the screen in front keeps the machine from locking.
    fn awake_until(&self) -> Option<Timestamp> {
        let until = self.desk().and_then(Desk::awake_until);
        until.filter(|it| *it > self.now.at)
    }

    /// When the minutes that are left become one less.
    fn next_minute_before(&self, until: Timestamp) -> Timestamp {
        let left = until.ms_since(self.now.at).max(1);
        until.plus_ms(-((left - 1) / MINUTE_MS) * MINUTE_MS)
    }
}
