//! How many slips of the finger lie between two words.

use std::mem::swap;

/// The letters that occur in a word, 64 kinds of them: a slip adds one missing kind at most.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Letters(u64);

/// Slips between two words: insertions, omissions, wrong letters and swaps of neighbours.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Slips {
    /// Between the typed word and the whole other one.
    pub(super) whole: u8,
    /// Between the typed word and the closest beginning of the other.
    pub(super) start: u8,
}

impl Slips {
    /// More than anyone asked about.
    pub(super) const MANY: Self = Self {
        whole: u8::MAX,
        start: u8::MAX,
    };
}

/// Counts slips; keeps its working rows from word to word.
#[derive(Default)]
pub(super) struct Speller {
    before_last: Vec<u8>,
    last: Vec<u8>,
    row: Vec<u8>,
}

impl Letters {
    /// The letters of a word.
    pub(super) fn of(word: &str) -> Self {
        let bits = word.chars().map(|it| 1_u64 << (u32::from(it) % u64::BITS));
        Self(bits.fold(0, |all, bit| all | bit))
    }

    /// How many kinds of letters occur here and not in `other`.
    pub(super) const fn not_in(self, other: Self) -> u32 {
        (self.0 & !other.0).count_ones()
    }
}

impl Speller {
    /// The slips from `typed` to `word`, by optimal string alignment; [`Slips::MANY`] as
    /// soon as there must be more than `slips_max`.
    pub(super) fn slips(&mut self, typed: &[char], word: &str, slips_max: u8) -> Slips {
        let word_len = u8::try_from(word.chars().count()).unwrap_or(u8::MAX);
        self.last.clear();
        self.last.extend(0..=word_len);
        self.before_last.clear();
        let mut letter_before = None;
        for (typed_count, letter) in (1_u8..).zip(typed) {
            self.next_row(*letter, letter_before, word, typed_count);
            if self.row.iter().all(|it| *it > slips_max) {
                return Slips::MANY;
            }
            letter_before = Some(*letter);
            swap(&mut self.before_last, &mut self.last);
            swap(&mut self.last, &mut self.row);
        }
        Slips {
            whole: self.last.last().copied().unwrap_or(u8::MAX),
            start: self.last.iter().min().copied().unwrap_or(u8::MAX),
        }
    }

    fn next_row(
        &mut self,
        letter: char,
        letter_before: Option<char>,
        word: &str,
        first: u8,
    ) {
        self.row.clear();
        self.row.push(first);
        let mut left = first;
        let mut other_before = None;
        let crossed = std::iter::once(&u8::MAX).chain(&self.before_last);
        let crossed = crossed.chain(std::iter::repeat(&u8::MAX));
        for ((other, pair), crossed) in
            word.chars().zip(self.last.windows(2)).zip(crossed)
        {
            let [diagonal, up] = pair else { continue };
            let replaced = diagonal.saturating_add(u8::from(letter != other));
            let moved = left.min(*up).saturating_add(1);
            let swapped = if letter_before == Some(other) && other_before == Some(letter)
            {
                crossed.saturating_add(1)
            } else {
                u8::MAX
            };
            left = replaced.min(moved).min(swapped);
            self.row.push(left);
            other_before = Some(other);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(typed: &str, word: &str, whole: u8, start: u8) {
        let letters: Vec<char> = typed.chars().collect();
        let slips = Speller::default().slips(&letters, word, u8::MAX - 1);
        assert_eq!(slips, Slips { whole, start }, "{typed} {word}");
    }

    #[test]
    fn each_slip_counts_once() {
        check("okello", "okello", 0, 0);
        check("okelo", "okello", 1, 1);
        check("okkello", "okello", 1, 1);
        check("okrllo", "okello", 1, 1);
        check("koello", "okello", 1, 1);
        check("", "abc", 3, 0);
        check("abc", "", 3, 3);
        check("mush", "musa", 1, 1);
        check("ca", "abc", 3, 1);
    }

    #[test]
    fn the_beginning_of_a_longer_word_counts_for_itself() {
        check("wanij", "wanjiku", 3, 1);
        check("oke", "okello", 3, 0);
    }

    #[test]
    fn a_speller_used_twice_counts_the_same() {
        let mut speller = Speller::default();
        let typed: Vec<char> = "wanijku".chars().collect();
        assert_eq!(speller.slips(&typed, "bartholomew", 2), Slips::MANY);
        let again = speller.slips(&typed, "wanjiku", 2);
        assert_eq!(again, Slips { whole: 1, start: 1 });
        let short = speller.slips(&[], "a", 2);
        assert_eq!(short, Slips { whole: 1, start: 0 });
    }

    #[test]
    fn letters_that_are_missing_are_counted_by_kind() {
        let missing = |one, other| Letters::of(one).not_in(Letters::of(other));
        assert_eq!(missing("okello", "okelo"), 0);
        assert_eq!(missing("okello", "akello"), 0);
        assert_eq!(missing("grace", "rose"), 3);
    }
}
