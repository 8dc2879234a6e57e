//! Passphrases: one that is suggested, and whether one is strong enough.

use std::collections::BTreeSet;

use zeroize::Zeroizing;

use super::{Entropy, words};

/// The least that a passphrase must be worth, in bits: five words of the built-in list.
pub const PASSPHRASE_BITS_MIN: u32 = 55;
/// One word, of the list or of any language, in bits.
const WORD_BITS: u32 = 11;
/// How many words are suggested: one more than must be.
const SUGGESTED_WORDS: usize = 6;
/// Draws after which randomness must be broken: one in some ten is drawn again.
const DRAWS_MAX: usize = 64;

/// A passphrase that would be guessed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the passphrase is worth about {bits} of {PASSPHRASE_BITS_MIN} bits")]
pub struct Weak {
    /// What it is worth, roughly.
    pub bits: u32,
}

/// Six words of the built-in list, chosen at random. Those that [`check_passphrase`] would
/// refuse, with a word twice among them, are drawn again.
pub fn suggest_passphrase(entropy: &mut dyn Entropy) -> Zeroizing<String> {
    for _ in 0..DRAWS_MAX {
        let drawn = draw_words(entropy);
        if check_passphrase(&drawn).is_ok() {
            return drawn;
        }
    }
    draw_words(entropy)
}

fn draw_words(entropy: &mut dyn Entropy) -> Zeroizing<String> {
    let list = words::list();
    let mut suggested = Zeroizing::new(String::new());
    for place in 0..SUGGESTED_WORDS {
        let mut drawn = [0; 2];
        entropy.fill(&mut drawn);
        // The list's 2,048 words divide the 65,536 draws evenly.
        let drawn = usize::from(u16::from_be_bytes(drawn)) % list.len();
        if place > 0 {
            suggested.push(' ');
        }
        suggested.push_str(list.get(drawn).copied().unwrap_or_default());
    }
    suggested
}

/// Whether a passphrase is worth five words of the list. Counted from below: a word is a
/// word in whichever language, and what repeats or counts up is worth nothing.
pub fn check_passphrase(passphrase: &str) -> Result<(), Weak> {
    let lower = Zeroizing::new(passphrase.to_lowercase());
    let pieces: BTreeSet<&str> = lower.split_whitespace().collect();
    let bits = pieces.into_iter().map(piece_bits).sum();
    if bits < PASSPHRASE_BITS_MIN {
        return Err(Weak { bits });
    }
    Ok(())
}

/// A piece between spaces: each run of letters in it is a word, the rest is by character.
fn piece_bits(piece: &str) -> u32 {
    let mut seen = BTreeSet::new();
    let words = piece.split(|it: char| !it.is_alphabetic());
    let in_words: u32 = words.filter(|it| seen.insert(*it)).map(word_bits).sum();
    let others: Vec<char> = piece.chars().filter(|it| !it.is_alphabetic()).collect();
    in_words + characters(&others, 3)
}

/// A run of letters: never worth more than a word of the list for each eight of them.
fn word_bits(word: &str) -> u32 {
    let letters: Vec<char> = word.chars().collect();
    let words_max = u32::try_from(letters.len().div_ceil(8)).unwrap_or(u32::MAX);
    characters(&letters, 4).min(words_max.saturating_mul(WORD_BITS))
}

/// `bits_each` for each character that is not its neighbour's repetition, successor or
/// predecessor, and was seen at most once before.
fn characters(characters: &[char], bits_each: u32) -> u32 {
    let mut bits = 0_u32;
    let mut before: Option<char> = None;
    let mut seen: Vec<char> = Vec::new();
    for &character in characters {
        let near =
            before.is_some_and(|it| u32::from(it).abs_diff(u32::from(character)) <= 1);
        let often = seen.iter().filter(|it| **it == character).count() > 1;
        if !near && !often {
            bits = bits.saturating_add(bits_each);
        }
        seen.push(character);
        before = Some(character);
    }
    bits
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seal::SeededEntropy;

    #[test]
    fn what_is_suggested_is_strong_and_differs_each_time() {
        let mut entropy = SeededEntropy::new(14);
        let many: Vec<_> = (0..2_000)
            .map(|_| suggest_passphrase(&mut entropy))
            .collect();
        let (one, two) = (&many[0], &many[1]);
        assert_ne!(one, two);
        for suggested in &many {
            assert_eq!(suggested.split(' ').count(), 6);
            assert_eq!(check_passphrase(suggested), Ok(()));
        }
    }

    #[test]
    fn what_people_choose_badly_is_weak() {
        for weak in [
            "",
            "123456",
            "Password123!",
            "qwertyuiop",
            "clinique2026",
            "amina amina amina amina amina amina",
            "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
            "abcdefghijklmnopqrstuvwxyz0123456789",
            "12345678901234567890123456789012345",
            "correct horse battery staple",
            "ababababababababababababababababab",
            "14-03-1987 14-03-1987",
        ] {
            assert!(check_passphrase(weak).is_err(), "for {weak:?}");
        }
    }

    #[test]
    fn five_words_of_any_language_or_many_random_signs_are_enough() {
        for strong in [
            "ritual saddle crumble ocean vivid",
            "bateau rouge semaine cuisine soleil",
            "маленькая лодка красное солнце неделя",
            "correct-horse-battery-staple-orchid",
            "x7Kq!9vRz2Lw$4tB",
        ] {
            assert_eq!(check_passphrase(strong), Ok(()), "for {strong:?}");
        }
    }

    #[test]
    fn the_error_says_how_far_it_is_and_not_what_was_typed() {
        let weak = check_passphrase("secret clinic").unwrap_err();
        assert_eq!(
            weak.to_string(),
            "the passphrase is worth about 22 of 55 bits"
        );
    }
}
