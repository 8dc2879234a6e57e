//! The eight words of a pairing: 88 random bits that a person carries from one machine to
//! the other.

use std::{fmt, str::FromStr};

use zeroize::Zeroizing;

pub use crate::seal::words::{NotWords, complete as word_begun};
use crate::seal::{
    Entropy, Secret, derive,
    words::{self, WORD_BITS},
};

/// How many words there are.
pub const WORDS_COUNT: usize = words::SHORT_COUNT;
/// The words in bytes.
const BYTES: usize = WORDS_COUNT * WORD_BITS / 8;

/// The words of one pairing. They have no checksum: wrong ones are found out by the other
/// machine, which allows three tries.
pub struct PairWords(Zeroizing<[u8; BYTES]>);

impl PairWords {
    /// Fresh words.
    pub fn generate(entropy: &mut dyn Entropy) -> Self {
        let mut bytes = Zeroizing::new([0; BYTES]);
        entropy.fill(&mut *bytes);
        Self(bytes)
    }

    /// The words in their order.
    pub fn words(&self) -> Vec<&'static str> {
        words::of_bits(&self.0)
    }

    /// The secret of the endpoint at which the inviting machine waits. Whoever knows the
    /// words knows whom to look for; whoever answers there knows them too.
    pub fn meeting_key(&self) -> Secret {
        derive("cairn/pair-meeting/v1", &[&*self.0])
    }

    pub(super) fn key(&self) -> Secret {
        derive("cairn/pair/v1", &[&*self.0])
    }
}

impl FromStr for PairWords {
    type Err = NotWords;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let typed = words::read(text, WORDS_COUNT)?;
        let places = typed
            .iter()
            .filter_map(|it| words::list().binary_search(it).ok());
        let bits = places.fold(0, |bits, it| bits << WORD_BITS | it as u128);
        let all = Zeroizing::new(bits.to_be_bytes());
        let bytes = all.last_chunk().map_or([0; BYTES], |it| *it);
        Ok(Self(Zeroizing::new(bytes)))
    }
}

impl fmt::Debug for PairWords {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PairWords(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seal::SeededEntropy;

    fn read(text: &str) -> Result<[u8; BYTES], NotWords> {
        text.parse().map(|it: PairWords| *it.0)
    }

    #[test]
    fn the_first_and_the_last_words_stand_for_no_bits_and_for_all() {
        let first = ["abandon"; WORDS_COUNT].join(" ");
        let last = ["zoo"; WORDS_COUNT].join(" ");
        assert_eq!(read(&first), Ok([0; BYTES]));
        assert_eq!(read(&last), Ok([0xff; BYTES]));
        assert_eq!(
            PairWords(Zeroizing::new([0xff; BYTES])).words().join(" "),
            last
        );
    }

    #[test]
    fn words_come_back_however_they_were_typed() {
        for seed in 0..200 {
            let shown = PairWords::generate(&mut SeededEntropy::new(seed));
            let words = shown.words();
            assert_eq!(words.len(), WORDS_COUNT, "seed {seed}");
            let short = words.iter().map(|it| it.chars().take(4).collect());
            let short: Vec<String> = short.collect();
            let numbered = (1..).zip(&words).map(|(n, it)| format!("{n}. {it}"));
            let numbered: Vec<String> = numbered.collect();
            for typed in [
                words.join(" "),
                words.join("-").to_uppercase(),
                short.join("  "),
                numbered.join("\n"),
            ] {
                assert_eq!(read(&typed), Ok(*shown.0), "seed {seed}");
            }
        }
    }

    #[test]
    fn what_is_no_pairing_is_told_without_repeating_a_word() {
        let expected = WORDS_COUNT;
        for found in [0, 9] {
            let count = NotWords::Count { found, expected };
            assert_eq!(read(&vec!["zoo"; found].join(" ")), Err(count));
        }
        let wrong = read("zoo zoo zoo zoo zoo zoo zooo zoo");
        assert_eq!(wrong, Err(NotWords::Unknown { place: 7 }));
        assert_eq!(wrong.unwrap_err().to_string(), "word 7 is not in the list");
    }

    #[test]
    fn the_words_and_what_comes_from_them_are_not_shown() {
        let words = PairWords::generate(&mut SeededEntropy::new(5));
        let shown = format!("{words:?} {:?}", words.meeting_key());
        assert_eq!(shown, "PairWords(…) Secret(…)");
        assert_ne!(words.meeting_key().as_bytes(), words.key().as_bytes());
    }
}
