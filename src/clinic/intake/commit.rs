//! How much one commit takes in: little enough that whoever saves meanwhile does not notice.

use std::time::Duration;

/// The work of one commit.
const WORK: Duration = Duration::from_millis(50);
/// Envelopes of the first commit; what it took says how many come next.
const FIRST: usize = 64;
/// The fewest and the most envelopes of a commit.
const BOUNDS: (usize, usize) = (8, 4096);
/// The most bytes of a commit, but for one envelope, which is always taken.
const BYTES_MAX: usize = 4 * 1024 * 1024;

/// The size of the next commit.
#[derive(Debug)]
pub struct CommitSize {
    envelopes: usize,
}

impl CommitSize {
    /// The first.
    pub const fn first() -> Self {
        Self { envelopes: FIRST }
    }

    /// Whether this many envelopes, of so many bytes together, fit.
    pub const fn holds(&self, envelopes: usize, bytes: usize) -> bool {
        envelopes <= 1 || (envelopes <= self.envelopes && bytes <= BYTES_MAX)
    }

    /// One of `envelopes` took this long: the next has as many as fill the time, and never
    /// much more at once.
    pub fn learn(&mut self, envelopes: usize, took: Duration) {
        let (fewest, most) = BOUNDS;
        let fitting = (envelopes as u128).saturating_mul(WORK.as_micros());
        let fitting = usize::try_from(fitting / took.as_micros().max(1));
        let fitting = fitting.unwrap_or(most).min(envelopes.saturating_mul(2));
        self.envelopes = fitting.clamp(fewest, most);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commits_follow_the_pace_of_the_disk() {
        for (name, micros_each, settled) in [
            ("slower than any", 50_000, BOUNDS.0),
            ("a card", 1_000, 50),
            ("a disk", 100, 500),
            ("memory", 1, BOUNDS.1),
        ] {
            let mut size = CommitSize::first();
            for _ in 0..20 {
                let envelopes = size.envelopes;
                let count = u32::try_from(envelopes).unwrap();
                size.learn(envelopes, Duration::from_micros(micros_each) * count);
                assert!(size.envelopes <= 2 * envelopes, "{name}");
            }
            assert_eq!(size.envelopes, settled, "{name}");
        }
    }

    #[test]
    fn one_envelope_always_fits_and_bytes_are_bounded() {
        let size = CommitSize::first();
        assert!(size.holds(1, BYTES_MAX + 1) && size.holds(FIRST, BYTES_MAX));
        assert!(!size.holds(2, BYTES_MAX + 1) && !size.holds(FIRST + 1, 1));
    }
}
