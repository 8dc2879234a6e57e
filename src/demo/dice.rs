//! Chance that repeats: the same seed throws the same numbers on every machine.
//!
//! `SplitMix64` (Steele, Lea, Flood 2014). Good for an invented clinic, never for keys.

/// A sequence of numbers that looks random.
#[derive(Clone)]
pub(super) struct Dice(u64);

/// The standard deviation of [`Dice::bell`].
pub(super) const BELL: i32 = 1000;

impl Dice {
    /// The sequence of this seed and purpose; others are independent of it.
    pub(super) fn new(seed: u64, purpose: u64) -> Self {
        let mut dice = Self(seed);
        let mixed = dice.next() ^ purpose.wrapping_mul(0xd1b5_4a32_d192_ed03);
        Self(mixed)
    }

    /// The next 64 bits.
    pub(super) const fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number from `low` to `high`, both included.
    pub(super) fn between(&mut self, low: i32, high: i32) -> i32 {
        let span = i64::from(high) - i64::from(low) + 1;
        let span = u64::try_from(span).unwrap_or(1).max(1);
        let thrown = i64::try_from(self.next() % span).unwrap_or(0);
        i32::try_from(i64::from(low) + thrown).unwrap_or(low)
    }

    /// True as often as that, of a hundred times.
    pub(super) fn percent(&mut self, chance: i32) -> bool {
        self.between(1, 100) <= chance
    }

    /// True as often as that, of a thousand times.
    pub(super) fn permille(&mut self, chance: i32) -> bool {
        self.between(1, 1000) <= chance
    }

    /// A number around 0 with the standard deviation [`BELL`], never beyond six of them.
    pub(super) fn bell(&mut self) -> i32 {
        (0..12).map(|_| self.between(0, BELL)).sum::<i32>() - 6 * BELL
    }

    /// One of these; none of nothing.
    pub(super) fn pick<'a, T>(&mut self, from: &'a [T]) -> Option<&'a T> {
        let last = i32::try_from(from.len()).ok()?.checked_sub(1)?;
        let place = self.between(0, last.max(0));
        from.get(usize::try_from(place).ok()?)
    }

    /// One of the entries of a list that are separated by commas.
    pub(super) fn word(&mut self, list: &'static str) -> &'static str {
        let entries: Vec<&'static str> = list.split(',').collect();
        self.pick(&entries).copied().unwrap_or_default()
    }

    /// One of several by weight; the weights are tenths of a percent and add up to 1000.
    pub(super) fn weighted(&mut self, permille: &[i32]) -> usize {
        let mut thrown = self.between(1, 1000);
        for (place, weight) in permille.iter().enumerate() {
            thrown -= weight;
            if thrown <= 0 {
                return place;
            }
        }
        0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_throws_the_same_and_another_purpose_other_numbers() {
        let throw = |seed, purpose| {
            let mut dice = Dice::new(seed, purpose);
            [dice.next(), dice.next()]
        };
        assert_eq!(throw(1, 2), throw(1, 2));
        assert_ne!(throw(1, 2), throw(1, 3));
        assert_ne!(throw(1, 2), throw(2, 2));
    }

    #[test]
    fn throws_stay_within_their_bounds_and_reach_them() {
        let mut dice = Dice::new(7, 0);
        let throws: Vec<i32> = (0..1000).map(|_| dice.between(-2, 3)).collect();
        assert_eq!(throws.iter().min(), Some(&-2));
        assert_eq!(throws.iter().max(), Some(&3));
        let mean = (0..1000).map(|_| dice.bell()).sum::<i32>() / 1000;
        assert!(mean.abs() < 150, "{mean}");
        assert_eq!(dice.pick::<u8>(&[]), None);
    }
}
