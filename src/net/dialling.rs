//! When to dial a machine: as soon as it appears, when something was written, and every few
//! minutes, less and less often the longer it stays away. No socket and no clock.

use std::time::Duration;

/// How long after a failure the machine is tried again; doubled with each further one.
const FIRST_PAUSE: Duration = Duration::from_secs(5);
/// The longest pause between two tries.
const LONGEST_PAUSE: Duration = Duration::from_mins(5);
/// So many failures make the pause the longest.
const AWAY: u32 = 7;
/// However much is written, a machine that is away is not tried more often than this.
const SHORTEST_PAUSE: Duration = Duration::from_secs(5);
/// How long the first try waits for an answer. Where a packet of it was lost, nothing more
/// comes of it, and the next is begun at once.
const FIRST_TRY: Duration = Duration::from_secs(4);
/// How long a further try waits.
const TRY: Duration = Duration::from_secs(15);
/// How long a machine that begins waits for others to dial it: of two that begin at once,
/// only one should.
const BEGINNING: Duration = Duration::from_secs(3);
/// How long a machine that sent what no sound machine sends is left alone.
const LEFT_ALONE: Duration = Duration::from_mins(10);
/// Spreads numbers that are close to each other far apart: 2^64 over the golden ratio.
const MIXING: u64 = 0x9e37_79b9_7f4a_7c15;

/// When one machine is to be dialled. Times are counted from any one moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Dialling {
    next: Duration,
    last: Option<Duration>,
    failures: u32,
    alone_until: Duration,
    /// Spreads the tries of many machines; differs from machine to machine.
    salt: u64,
}

impl Dialling {
    /// To be dialled at once.
    pub(super) const fn new(salt: u64) -> Self {
        Self {
            next: Duration::ZERO,
            last: None,
            failures: 0,
            alone_until: Duration::ZERO,
            salt,
        }
    }

    /// To be dialled soon, unless it dials first.
    pub(super) fn soon(salt: u64, now: Duration) -> Self {
        let mut dialling = Self::new(salt);
        dialling.next = now + dialling.spread(BEGINNING);
        dialling
    }

    /// When it is to be dialled next.
    pub(super) fn next(&self) -> Duration {
        self.next.max(self.alone_until)
    }

    /// Whether the machine is left alone for now, whoever dials.
    pub(super) fn is_left_alone(&self, now: Duration) -> bool {
        now < self.alone_until
    }

    /// It is being dialled.
    pub(super) fn tried(&mut self, now: Duration) {
        self.last = Some(now);
        self.next = now + LONGEST_PAUSE;
    }

    /// How long the try that begins may take.
    pub(super) const fn patience(&self) -> Duration {
        if self.failures == 0 { FIRST_TRY } else { TRY }
    }

    /// Nothing came back.
    pub(super) fn unanswered(&mut self, now: Duration) {
        if self.failures == 0 {
            self.failures = 1;
            self.next = now;
        } else {
            self.failed(now);
        }
    }

    /// It was not reached, or would not have it.
    pub(super) fn failed(&mut self, now: Duration) {
        self.failures = self.failures.saturating_add(1);
        let doublings = (self.failures - 1).min(10);
        let pause = FIRST_PAUSE * 2_u32.saturating_pow(doublings);
        self.next = now + self.spread(pause.min(LONGEST_PAUSE));
    }

    /// The connection with it ended. Were it tried at once, both would.
    pub(super) fn parted(&mut self, now: Duration) {
        self.failures = 0;
        self.next = now + self.spread(FIRST_PAUSE);
    }

    /// Its program ended: it dials when it begins again, and until then every try costs
    /// bytes for nothing.
    pub(super) fn left(&mut self, now: Duration) {
        self.failures = AWAY;
        self.next = now + self.spread(LONGEST_PAUSE);
    }

    /// It was heard of on the network.
    pub(super) fn appeared(&mut self, now: Duration) {
        self.failures = 0;
        self.next = self.next.min(self.earliest(now));
    }

    /// Something was written that it may lack.
    pub(super) fn wrote(&mut self, now: Duration) {
        self.next = self.next.min(self.earliest(now));
    }

    /// Something was written that a machine of another clinic may lack. One that was not
    /// there the last time is tried in its turn: it may be far away for weeks.
    pub(super) fn wrote_for_guest(&mut self, now: Duration) {
        if self.failures == 0 {
            self.wrote(now);
        }
    }

    /// A person asked for it.
    pub(super) fn asked(&mut self, now: Duration) {
        self.next = now;
        self.alone_until = Duration::ZERO;
    }

    /// It sent what no sound machine sends.
    pub(super) fn was_unsound(&mut self, now: Duration) {
        self.alone_until = now + LEFT_ALONE;
    }

    fn earliest(&self, now: Duration) -> Duration {
        self.last.map_or(now, |last| now.max(last + SHORTEST_PAUSE))
    }

    /// Between three and five quarters of a pause.
    fn spread(&self, pause: Duration) -> Duration {
        let turn = (self.salt ^ u64::from(self.failures)).wrapping_mul(MIXING);
        let part = u32::try_from(turn >> 55).unwrap_or(0);
        pause * 3 / 4 + pause * part / 1024
    }
}

/// Another number for each pair of machines, and on each side.
pub(super) fn salt(here: &[u8], there: &[u8]) -> u64 {
    let both = here.iter().chain(there);
    both.fold(0xcbf2_9ce4_8422_2325, |salt, byte| {
        (salt ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const SALT: u64 = 0x1234_5678_9abc_def0;

    fn seconds(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    #[test]
    fn a_machine_that_stays_away_is_tried_less_and_less_often_but_for_ever() {
        let mut dialling = Dialling::new(SALT);
        let (mut now, mut pauses) = (seconds(0), Vec::new());
        for _ in 0..40 {
            assert!(dialling.next() >= now);
            now = dialling.next();
            dialling.tried(now);
            now += seconds(10);
            dialling.failed(now);
            pauses.push(dialling.next().abs_diff(now));
        }
        assert!(pauses[0] >= FIRST_PAUSE * 3 / 4 && pauses[0] <= FIRST_PAUSE * 5 / 4);
        assert!(pauses.iter().all(|it| *it <= LONGEST_PAUSE * 5 / 4));
        assert!(pauses[30..].iter().all(|it| *it >= LONGEST_PAUSE * 3 / 4));
    }

    #[test]
    fn a_first_try_that_has_no_answer_is_begun_anew_at_once_and_only_once() {
        let mut dialling = Dialling::new(SALT);
        dialling.tried(seconds(0));
        assert_eq!(dialling.patience(), FIRST_TRY);
        dialling.unanswered(seconds(4));
        assert_eq!(dialling.next(), seconds(4));
        dialling.tried(seconds(4));
        assert_eq!(dialling.patience(), TRY);
        dialling.unanswered(seconds(19));
        assert!(dialling.next() > seconds(20));
    }

    #[test]
    fn a_machine_that_begins_leaves_others_time_to_dial_first() {
        let begun = seconds(7);
        let mut dialling = Dialling::soon(SALT, begun);
        assert!(dialling.next() >= begun + BEGINNING * 3 / 4);
        assert!(dialling.next() <= begun + BEGINNING * 5 / 4);
        dialling.appeared(begun);
        assert_eq!(dialling.next(), begun);
    }

    #[test]
    fn two_machines_do_not_keep_step() {
        let next = |salt| {
            let mut dialling = Dialling::new(salt);
            dialling.failed(seconds(0));
            dialling.next()
        };
        assert_ne!(next(SALT), next(SALT + 100));
    }

    #[test]
    fn what_is_written_brings_the_next_try_forward_but_never_storms() {
        let mut dialling = Dialling::new(SALT);
        for _ in 0..9 {
            dialling.tried(seconds(0));
            dialling.failed(seconds(1));
        }
        assert!(dialling.next() > SHORTEST_PAUSE * 10);
        for ms in 1000..1100 {
            dialling.wrote(Duration::from_millis(ms));
        }
        assert_eq!(dialling.next(), SHORTEST_PAUSE);
    }

    #[test]
    fn a_machine_that_said_good_bye_is_seldom_tried_until_it_appears_or_one_writes() {
        let away = |then: fn(&mut Dialling, Duration)| {
            let mut dialling = Dialling::new(SALT);
            dialling.tried(seconds(0));
            dialling.left(seconds(100));
            then(&mut dialling, seconds(200));
            dialling.next()
        };
        let longest = LONGEST_PAUSE * 3 / 4;
        assert!(away(|_, _| ()) >= seconds(100) + longest);
        let failed: fn(&mut Dialling, Duration) = |it, now| {
            it.tried(now);
            assert_eq!(it.patience(), TRY);
            it.failed(now);
        };
        assert!(away(failed) >= seconds(200) + longest);
        for then in [Dialling::appeared, Dialling::wrote, Dialling::asked] {
            assert_eq!(away(then), seconds(200));
        }
        assert!(away(Dialling::parted) < seconds(200) + FIRST_PAUSE * 2);
    }

    #[test]
    fn a_machine_that_appears_is_tried_at_once() {
        let mut dialling = Dialling::new(SALT);
        for _ in 0..9 {
            dialling.tried(seconds(100));
            dialling.failed(seconds(110));
        }
        dialling.appeared(seconds(150));
        assert_eq!(dialling.next(), seconds(150));
    }

    #[test]
    fn an_unsound_machine_is_left_alone_until_its_time_is_over_or_a_person_asks() {
        let mut dialling = Dialling::new(SALT);
        dialling.was_unsound(seconds(1));
        dialling.appeared(seconds(2));
        assert!(dialling.is_left_alone(seconds(600)));
        assert_eq!(dialling.next(), seconds(601));
        assert!(!dialling.is_left_alone(seconds(601)));
        dialling.asked(seconds(3));
        assert_eq!(dialling.next(), seconds(3));
        assert!(!dialling.is_left_alone(seconds(3)));
    }
}
