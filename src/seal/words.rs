//! Words of the BIP-39 list, which people copy and read aloud; and the clinic's paper words:
//! 24 of them, from which the root and the recovery key come.

use std::{fmt, str::FromStr};

use bip39::{Language, Mnemonic};
use zeroize::Zeroizing;

use super::{CarryKey, Entropy, Secret, SigningKey, derive};

/// How many words stand on the paper.
pub const COUNT: usize = 24;
/// BIP-39 words differ in their first four letters: that many are enough to type.
const LETTERS_ENOUGH: usize = 4;

/// The 24 words, which are 32 bytes of entropy and a checksum.
pub struct PaperWords(Secret);

/// Why a text is not so many words of the list. No word of it is repeated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotWords {
    /// There are more or fewer.
    #[error("{found} words, where {expected} are expected")]
    Count {
        /// How many there are.
        found: usize,
        /// How many there should be.
        expected: usize,
    },
    /// One is not in the list.
    #[error("word {place} is not in the list")]
    Unknown {
        /// Which, counted from 1.
        place: usize,
    },
}

/// Why a text is not the words of a paper.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotPaperWords {
    /// It is not 24 words of the list.
    #[error(transparent)]
    NotWords(#[from] NotWords),
    /// All are in the list, but at least one is not the right one.
    #[error("the words do not fit together: one is wrong or in the wrong place")]
    Checksum,
}

impl PaperWords {
    /// Fresh words.
    pub fn generate(entropy: &mut dyn Entropy) -> Self {
        Self(Secret::generate(entropy))
    }

    /// The words of this entropy.
    pub const fn from_entropy(entropy: Secret) -> Self {
        Self(entropy)
    }

    /// The words in their order.
    pub fn words(&self) -> Vec<&'static str> {
        let mnemonic = Mnemonic::from_entropy(self.0.as_bytes());
        mnemonic.map_or_else(|_| Vec::new(), |it| it.words().collect())
    }

    /// The clinic's root key.
    pub fn root(&self) -> SigningKey {
        SigningKey::from_secret(&derive("cairn/root/v1", &[self.0.as_bytes()]))
    }

    /// The clinic's recovery key.
    pub fn recovery(&self) -> CarryKey {
        CarryKey::from_secret(derive("cairn/recovery/v1", &[self.0.as_bytes()]))
    }
}

impl FromStr for PaperWords {
    type Err = NotPaperWords;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let whole = Zeroizing::new(read(text, COUNT)?.join(" "));
        Mnemonic::parse_in_normalized(Language::English, &whole)
            .ok()
            .and_then(|it| Secret::from_slice(&Zeroizing::new(it.to_entropy())))
            .map(Self)
            .ok_or(NotPaperWords::Checksum)
    }
}

impl fmt::Debug for PaperWords {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PaperWords(…)")
    }
}

/// The built-in list: 2,048 English words, so eleven bits each.
pub fn list() -> &'static [&'static str] {
    Language::English.word_list()
}

/// How many words 88 bits are.
pub const SHORT_COUNT: usize = 8;
/// How many bits a word stands for: the list has 2,048.
pub const WORD_BITS: usize = 11;

/// The eight words of 88 bits, the first word for the highest.
pub fn of_bits(bytes: &[u8; SHORT_COUNT * WORD_BITS / 8]) -> Vec<&'static str> {
    let bits = bytes.iter().fold(0, |bits, it| bits << 8 | u128::from(*it));
    let places = (0..SHORT_COUNT).rev().map(|it| bits >> (it * WORD_BITS));
    let places = places.filter_map(|it| usize::try_from(it % (1 << WORD_BITS)).ok());
    places.filter_map(|it| list().get(it).copied()).collect()
}

/// So many words of the list, read as people copy them: in any case, over several lines,
/// numbered, with anything between them, or only their first four letters.
pub fn read(text: &str, expected: usize) -> Result<Vec<&'static str>, NotWords> {
    let typed = Zeroizing::new(text.to_lowercase());
    let typed = typed.split(|it: char| !it.is_alphabetic());
    let typed: Vec<&str> = typed.filter(|it| !it.is_empty()).collect();
    let found = typed.len();
    if found != expected {
        return Err(NotWords::Count { found, expected });
    }
    let word = |(place, it)| complete(it).ok_or(NotWords::Unknown { place });
    (1..).zip(typed).map(word).collect()
}

/// The word of the list that was typed, if at least its first four letters were.
pub fn complete(typed: &str) -> Option<&'static str> {
    if let Some(place) = Language::English.find_word(typed) {
        return list().get(usize::from(place)).copied();
    }
    if typed.len() < LETTERS_ENOUGH {
        return None;
    }
    Language::English.words_by_prefix_iter(typed).next()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seal::SeededEntropy;

    /// A vector of BIP-39 itself.
    const ART: &str = "abandon abandon abandon abandon abandon abandon abandon abandon \
        abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon \
        abandon abandon abandon abandon abandon art";

    fn parse(text: &str) -> Result<[u8; 32], NotPaperWords> {
        text.parse().map(|it: PaperWords| *it.0.as_bytes())
    }

    #[test]
    fn words_and_entropy_are_those_of_the_standard() {
        let words = PaperWords::from_entropy(Secret::from_bytes(&[0; 32])).words();
        assert_eq!(words.join(" "), ART);
        assert_eq!(parse(ART), Ok([0; 32]));
    }

    #[test]
    fn words_read_back_however_they_were_copied() {
        let paper = PaperWords::generate(&mut SeededEntropy::new(12));
        let words = paper.words();
        let numbered: Vec<String> = (1..)
            .zip(&words)
            .map(|(n, word)| format!("{n}. {word}"))
            .collect();
        let short: Vec<String> = words
            .iter()
            .map(|it| it.chars().take(LETTERS_ENOUGH).collect())
            .collect();
        for text in [
            words.join(" "),
            words.join(" ").to_uppercase(),
            words.join("-"),
            numbered.join("\n"),
            short.join(" "),
        ] {
            assert_eq!(parse(&text), Ok(*paper.0.as_bytes()));
        }
    }

    #[test]
    fn a_miscopied_paper_is_told_apart_from_a_right_one() {
        let expected = COUNT;
        for (text, found) in [("abandon art", 2), ("", 0)] {
            let count = NotWords::Count { found, expected };
            assert_eq!(parse(text), Err(count.into()));
        }
        let misspelt = ART.replacen("abandon", "abandom", 1);
        assert_eq!(parse(&misspelt), Err(NotWords::Unknown { place: 1 }.into()));
        let swapped = ART.replacen("abandon", "zoo", 1);
        assert_eq!(parse(&swapped), Err(NotPaperWords::Checksum));
        assert_eq!(
            parse(&misspelt).unwrap_err().to_string(),
            "word 1 is not in the list"
        );
    }

    #[test]
    fn root_and_recovery_come_back_from_the_words() {
        let paper = PaperWords::generate(&mut SeededEntropy::new(13));
        let again: PaperWords = paper.words().join(" ").parse().unwrap();
        assert_eq!(paper.root().public(), again.root().public());
        assert_eq!(paper.recovery().public(), again.recovery().public());
        assert_ne!(
            paper.root().secret().as_bytes(),
            paper.recovery().secret().as_bytes()
        );
    }
}
