//! What is known of the other machines, for whoever asks from another thread.

use std::{
    collections::BTreeMap,
    sync::{Arc, Condvar, Mutex, MutexGuard, OnceLock, PoisonError},
    time::Duration,
};

use super::who::Who;
use crate::{
    ids::DeviceId,
    ledger::Frontier,
    seal::PublicKey,
    sync::status::{Outside, Peer, Progress, Reach, Terms, beyond},
    time::Timestamp,
};

/// What went over the wire with one machine since the start.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Traffic {
    /// Changes that were sent.
    pub sent: u64,
    /// Changes that were received.
    pub received: u64,
    /// Bytes sent on the wire, with all that the transport adds.
    pub bytes_out: u64,
    /// Bytes received on the wire, with all that the transport adds.
    pub bytes_in: u64,
    /// Bytes of the frames among those sent.
    pub frame_bytes_out: u64,
    /// Bytes of the frames among those received.
    pub frame_bytes_in: u64,
    /// Bytes sent until the connection was made, among all those sent.
    pub handshake_bytes_out: u64,
    /// Bytes received until the connection was made, among all those received.
    pub handshake_bytes_in: u64,
    /// How often something was sent and then waited for.
    pub round_trips: u64,
    /// How long from the beginning of a connection until both held the same, the last time.
    pub took: Option<Duration>,
    /// How often it was dialled in vain, or did not know this machine.
    pub unreached: u32,
}

/// One machine.
#[derive(Default)]
pub(super) struct Row {
    pub(super) state: State,
    pub(super) last_met: Option<Timestamp>,
    pub(super) theirs: Arc<Frontier>,
    pub(super) progress: Option<Progress>,
    /// Of a machine of another clinic: what is shared.
    pub(super) terms: Terms,
    /// Whether it is known where that one may be.
    pub(super) is_sought: bool,
    /// Of meetings that are over.
    before: Traffic,
    /// Of those that go on, by their numbers: the last is in use, another one gives way.
    now: BTreeMap<u64, Traffic>,
}

/// As [`Reach`], beginning with nothing known.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct State(pub(super) Reach);

impl Default for State {
    fn default() -> Self {
        Self(Reach::NotInReach)
    }
}

/// All machines.
#[derive(Default)]
pub(super) struct Board {
    shown: Mutex<Shown>,
    changed: Condvar,
    told: OnceLock<Box<dyn Fn() + Send + Sync>>,
}

#[derive(Default)]
struct Shown {
    rows: BTreeMap<Who, Row>,
    mine: Arc<Frontier>,
    /// How often something was changed, and up to where that was waited for.
    changes: (u64, u64),
}

impl Board {
    /// Changes what is shown of a machine.
    pub(super) fn change<T>(
        &self,
        who: impl Into<Who>,
        change: impl FnOnce(&mut Row) -> T,
    ) -> T {
        let mut shown = self.lock();
        let changed = change(shown.rows.entry(who.into()).or_default());
        self.tell(shown);
        changed
    }

    /// This machine reaches so far.
    pub(super) fn reaches(&self, mine: Arc<Frontier>) {
        let mut shown = self.lock();
        shown.mine = mine;
        self.tell(shown);
    }

    pub(super) fn peers(&self) -> Vec<Peer> {
        let shown = self.lock();
        let rows = shown.machines();
        rows.map(|(device, row)| Peer {
            device,
            name: String::new(),
            last_met: row.last_met,
            ahead: beyond(&shown.mine, &row.theirs),
            behind: beyond(&row.theirs, &shown.mine),
            state: row.state.0,
            progress: row.progress,
        })
        .collect()
    }

    pub(super) fn traffic(&self) -> Vec<(DeviceId, Traffic)> {
        let shown = self.lock();
        let rows = shown.machines();
        rows.map(|(device, row)| (device, row.traffic())).collect()
    }

    pub(super) fn outside(&self) -> Vec<(Outside, Traffic)> {
        let shown = self.lock();
        let rows = shown.rows.iter().filter_map(|(who, row)| match who {
            Who::Machine(_) => None,
            Who::Outside(endpoint) => Some((row.outside(*endpoint), row.traffic())),
        });
        rows.collect()
    }

    /// Forgets a machine of another clinic that there is nothing to exchange with.
    pub(super) fn forget(&self, who: Who) {
        self.lock().rows.remove(&who);
    }

    /// Waits until something was changed since the last time, at most so long.
    pub(super) fn wait(&self, at_most: Duration) {
        let shown = self.lock();
        let same = |shown: &mut Shown| shown.changes.0 == shown.changes.1;
        let (mut shown, _late) = self
            .changed
            .wait_timeout_while(shown, at_most, same)
            .unwrap_or_else(PoisonError::into_inner);
        shown.changes.1 = shown.changes.0;
    }

    /// Lets whoever waits look again.
    pub(super) fn nudge(&self) {
        self.tell(self.lock());
    }

    /// Calls `each` after every change; the first who asks for that is called.
    pub(super) fn on_change(&self, each: Box<dyn Fn() + Send + Sync>) {
        drop(self.told.set(each));
    }

    fn tell(&self, mut shown: MutexGuard<'_, Shown>) {
        shown.changes.0 += 1;
        drop(shown);
        self.changed.notify_all();
        if let Some(told) = self.told.get() {
            told();
        }
    }

    fn lock(&self) -> MutexGuard<'_, Shown> {
        self.shown.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Shown {
    fn machines(&self) -> impl Iterator<Item = (DeviceId, &Row)> {
        self.rows.iter().filter_map(|(who, row)| match who {
            Who::Machine(device) => Some((*device, row)),
            Who::Outside(_) => None,
        })
    }
}

impl Row {
    const fn outside(&self, endpoint: PublicKey) -> Outside {
        Outside {
            endpoint,
            last_met: self.last_met,
            terms: self.terms,
            is_sought: self.is_sought,
            state: self.state.0,
        }
    }

    /// A meeting begins.
    pub(super) fn met(&mut self, meeting: u64) {
        self.now.insert(meeting, Traffic::default());
    }

    /// How a meeting goes.
    pub(super) fn goes(
        &mut self,
        meeting: u64,
        traffic: Traffic,
        progress: Option<Progress>,
    ) {
        let is_in_use = self.now.keys().all(|it| *it <= meeting);
        if let Some(now) = self.now.get_mut(&meeting) {
            *now = traffic;
            if is_in_use && self.state.0 != Reach::Revoked {
                self.progress = progress;
                self.state = State(if progress.is_none() {
                    Reach::InStep
                } else {
                    Reach::Exchanging
                });
            }
        }
    }

    /// A meeting is over, and what it moved stays counted.
    pub(super) fn over(&mut self, meeting: u64) {
        if let Some(last) = self.now.remove(&meeting) {
            self.before = self.before.and(&last);
        }
    }

    /// Whether the machine belongs to the clinic. Of one that does not, a meeting that still
    /// ends says nothing more.
    pub(super) fn belongs(&mut self, belongs: bool) {
        if !belongs {
            self.parted(Reach::Revoked);
        } else if self.state.0 == Reach::Revoked {
            self.parted(Reach::NotInReach);
        }
    }

    /// The machine is not connected.
    pub(super) fn parted(&mut self, state: Reach) {
        self.state = State(state);
        self.progress = None;
    }

    /// It was dialled in vain, or did not know this machine.
    pub(super) fn unreached(&mut self) {
        self.before.unreached += 1;
    }

    fn traffic(&self) -> Traffic {
        let now = self.now.values();
        now.fold(self.before, |all, it| all.and(it))
    }
}

impl Traffic {
    fn and(&self, other: &Self) -> Self {
        Self {
            sent: self.sent + other.sent,
            received: self.received + other.received,
            bytes_out: self.bytes_out + other.bytes_out,
            bytes_in: self.bytes_in + other.bytes_in,
            frame_bytes_out: self.frame_bytes_out + other.frame_bytes_out,
            frame_bytes_in: self.frame_bytes_in + other.frame_bytes_in,
            handshake_bytes_out: self.handshake_bytes_out + other.handshake_bytes_out,
            handshake_bytes_in: self.handshake_bytes_in + other.handshake_bytes_in,
            round_trips: self.round_trips + other.round_trips,
            took: other.took.or(self.took),
            unreached: self.unreached + other.unreached,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::thread;

    use super::*;
    use crate::ids::{Hash, LogId};
    use crate::ledger::Lane;

    const DEVICE: DeviceId = DeviceId::from_bytes([1; 16]);

    fn frontier(entries: &[(u8, u64)]) -> Arc<Frontier> {
        let entry = |(log, seq): &(u8, u64)| {
            let run = (LogId::from_bytes([*log; 16]), Lane::Clinical);
            (run, (*seq, Hash::ZERO))
        };
        Arc::new(entries.iter().map(entry).collect())
    }

    fn of(sent: u64) -> Traffic {
        Traffic {
            sent,
            ..Traffic::default()
        }
    }

    #[test]
    fn what_each_of_two_machines_lacks_is_counted() {
        let board = Board::default();
        board.reaches(frontier(&[(1, 5), (2, 7)]));
        board.change(DEVICE, |row| row.theirs = frontier(&[(2, 3), (3, 9)]));
        let peers = board.peers();
        assert_eq!((peers[0].ahead, peers[0].behind), (5 + 4, 9));
    }

    #[test]
    fn who_was_shut_out_is_shown_so_whatever_the_last_meeting_still_says() {
        let board = Board::default();
        let state = || board.peers()[0].state;
        board.change(DEVICE, |row| row.met(1));
        board.change(DEVICE, |row| row.belongs(true));
        board.change(DEVICE, |row| row.goes(1, of(1), None));
        assert_eq!(state(), Reach::InStep);
        board.change(DEVICE, |row| row.belongs(false));
        board.change(DEVICE, |row| row.goes(1, of(2), None));
        assert_eq!(state(), Reach::Revoked);
        board.change(DEVICE, |row| row.over(1));
        board.change(DEVICE, |row| row.belongs(true));
        assert_eq!(state(), Reach::NotInReach);
        board.change(DEVICE, |row| row.met(2));
        board.change(DEVICE, |row| row.goes(2, of(3), None));
        assert_eq!(state(), Reach::InStep);
    }

    #[test]
    fn who_waits_hears_of_what_changed_before_and_meanwhile() {
        let board = Board::default();
        board.change(DEVICE, |row| row.state = State(Reach::InStep));
        let long = Duration::from_mins(1);
        board.wait(long);
        thread::scope(|scope| {
            let waiting = scope.spawn(|| board.wait(long));
            board.change(DEVICE, |row| row.parted(Reach::NotInReach));
            waiting.join().unwrap();
        });
        assert_eq!(board.peers()[0].state, Reach::NotInReach);
    }

    #[test]
    fn traffic_of_a_lost_connection_stays_counted() {
        let board = Board::default();
        for (meeting, sent) in [(1, 3), (2, 4)] {
            board.change(DEVICE, |row| row.met(meeting));
            board.change(DEVICE, |row| row.goes(meeting, of(sent), None));
            board.change(DEVICE, |row| row.over(meeting));
        }
        assert_eq!(board.traffic()[0].1.sent, 7);
    }

    #[test]
    fn of_two_connections_at_once_both_are_counted_and_the_later_one_is_shown() {
        let board = Board::default();
        board.change(DEVICE, |row| row.met(1));
        board.change(DEVICE, |row| row.met(2));
        let left = Progress::default();
        board.change(DEVICE, |row| row.goes(2, of(4), Some(left)));
        board.change(DEVICE, |row| row.goes(1, of(3), None));
        assert_eq!(board.peers()[0].state, Reach::Exchanging);
        board.change(DEVICE, |row| row.over(1));
        board.change(DEVICE, |row| row.goes(1, of(9), None));
        board.change(DEVICE, |row| row.goes(2, of(5), None));
        assert_eq!(board.peers()[0].state, Reach::InStep);
        assert_eq!(board.traffic()[0].1.sent, 8);
    }
}
