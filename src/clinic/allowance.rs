//! How much one machine may say of who belongs. What stands in the membership lane all
//! machines keep and judge together, so that one whose program was changed must not fill it.
//!
//! A machine may say so much at once, and so much more for each day since it was let in: ten
//! times what a busy one says. Who is let in later, or was away for long, comes to the same.

use std::collections::BTreeMap;

use crate::{ids::LogId, members::STATEMENT_BYTES_MAX, time::Timestamp};

/// Envelopes of the membership lane that a machine may have from its first day on.
const COUNT_FIRST: u64 = 10_000;
/// The same for each day since. A sign-in takes one, and so does a PIN.
const COUNT_DAILY: u64 = 1_000;
/// Bytes of them from its first day on: all keys of a clinic of 1,000 people, 80 times.
const BYTES_FIRST: u64 = 32 * 1024 * 1024;
/// Bytes for each day since.
const BYTES_DAILY: u64 = 1024 * 1024;
const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// What machines said of who belongs, by the logs that they write: how many envelopes, and
/// how many bytes.
#[derive(Debug, Default)]
pub(super) struct Spoken(BTreeMap<LogId, (u64, u64)>);

/// What one of them may say beside what it said.
#[derive(Debug, Clone, Copy)]
pub(super) struct Room {
    count: u64,
    bytes: u64,
}

impl Spoken {
    /// One more envelope is kept that says to be of this log.
    pub(super) fn add(&mut self, log: LogId, bytes: usize) {
        let (count, all) = self.0.entry(log).or_default();
        *count = count.saturating_add(1);
        *all = all.saturating_add(bytes as u64);
    }

    /// What the machine that writes this log, and was let in then, may still say.
    pub(super) fn room(&self, log: LogId, since: Timestamp, now: Timestamp) -> Room {
        let days = now.ms_since(since) / DAY_MS;
        let days = u64::try_from(days).unwrap_or_default();
        let allowed = |first, daily| days.saturating_mul(daily).saturating_add(first);
        let (count, bytes) = self.0.get(&log).copied().unwrap_or_default();
        Room {
            count: allowed(COUNT_FIRST, COUNT_DAILY).saturating_sub(count),
            bytes: allowed(BYTES_FIRST, BYTES_DAILY).saturating_sub(bytes),
        }
    }
}

impl Room {
    /// Takes the room of one envelope, if there is as much.
    pub(super) fn take(&mut self, bytes: usize) -> Option<()> {
        self.count = self.count.checked_sub(1)?;
        self.bytes = self.bytes.checked_sub(bytes as u64)?;
        Some(())
    }

    /// Whether it is not enough for any statement.
    pub(super) const fn is_spent(&self) -> bool {
        self.count == 0 || self.bytes < STATEMENT_BYTES_MAX as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOG: LogId = LogId::from_bytes([1; 16]);

    fn room(said: u64, bytes: usize, days: i64) -> Room {
        let mut spoken = Spoken::default();
        (0..said).for_each(|_| spoken.add(LOG, bytes));
        let since = Timestamp(1_780_000_000_000);
        spoken.room(LOG, since, since.plus_ms(days * DAY_MS))
    }

    #[test]
    fn a_machine_may_say_more_with_every_day_and_never_without_end() {
        for (said, bytes, days, is_spent) in [
            (9_999, 100, 0, false),
            (10_000, 100, 0, true),
            (10_000, 100, 1, false),
            (11_000, 100, 1, true),
            (64, 512 * 1024, 0, true),
            (65, 512 * 1024, 2, false),
            // By a clock that stands before the day on which it was let in.
            (9_999, 100, -5_000, false),
            (10_000, 100, -5_000, true),
        ] {
            let room = room(said, bytes, days);
            assert_eq!(room.is_spent(), is_spent, "{said} of {bytes}, {days} days");
        }
    }

    #[test]
    fn what_does_not_fit_takes_no_room() {
        let mut room = room(9_999, 1, 0);
        assert!(room.take(33 * 1024 * 1024).is_none());
        let mut room = Room { count: 1, ..room };
        assert!(room.take(1024).is_some());
        assert!(room.take(1024).is_none());
    }
}
