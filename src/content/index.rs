//! Finds lines of text by the beginnings of their words, in any order, slips of the finger
//! included.

use std::collections::BTreeMap;

use unicode_normalization::{UnicodeNormalization as _, char::is_combining_mark};

/// The most words of a query that are looked at; people type two or three.
const QUERY_WORDS_MAX: usize = 8;
/// Words shorter than this are taken as typed: too many words are one slip away from them.
const SLIP_LETTERS_MIN: usize = 4;
/// From this many letters on a word may have two slips.
const TWO_SLIPS_LETTERS_MIN: usize = 7;

/// The words of numbered lines. Posting lists of neighbours in the alphabet stand side by
/// side, so the lines that have a word with a given beginning are one slice.
#[derive(Default)]
pub(super) struct Index {
    words: Vec<String>,
    /// Where each word's lines begin in `lines`; one more entry than words.
    starts: Vec<usize>,
    lines: Vec<u32>,
    count: usize,
}

/// A line that has every word of a query.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Match {
    /// Slips of the finger that were forgiven, and then words of which only the beginning was
    /// typed: less is better.
    pub(super) cost: u16,
    /// Which line.
    pub(super) line: u32,
}

/// What one slip costs, more than any number of words that were typed in part.
pub(super) const SLIP_COST: u16 = 64;

impl Index {
    /// Reads lines with their numbers; a number may come with several texts.
    pub(super) fn new<'a>(texts: impl Iterator<Item = (u32, &'a str)>) -> Self {
        let mut numbers: BTreeMap<String, u32> = BTreeMap::new();
        let mut pairs: Vec<(u32, u32)> = Vec::new();
        let mut count = 0;
        // Neighbours begin alike: what they share is not looked up again.
        let mut before: (&str, Vec<(usize, u32)>) = ("", Vec::new());
        for (line, text) in texts {
            count = count.max(line as usize + 1);
            let mut known = shared_words(&before, text);
            let from = known.last().map_or(0, |(end, _)| *end);
            for (end, word) in raw_words(text, from) {
                let next = u32::try_from(numbers.len()).unwrap_or(u32::MAX);
                let folded = fold(word);
                let number = match numbers.get(folded.as_str()) {
                    Some(number) => *number,
                    None => *numbers.entry(folded).or_insert(next),
                };
                known.push((end, number));
            }
            pairs.extend(known.iter().map(|(_, number)| (*number, line)));
            before = (text, known);
        }
        Self::arranged(numbers, pairs, count)
    }

    /// The lines that have a word with each of these beginnings, in no order. `slips` also
    /// forgives slips of the finger.
    pub(super) fn find(&self, query: &str, slips: bool) -> Vec<Match> {
        let folded = fold(query);
        let words: Vec<&str> = folded.split_whitespace().take(QUERY_WORDS_MAX).collect();
        let mut state = vec![(0_usize, 0_u16); self.count];
        for (nth, word) in words.iter().enumerate() {
            let mut meet = |lines: &[u32], cost: u16| {
                for line in lines {
                    if let Some(it) = state.get_mut(*line as usize)
                        && it.0 == nth
                    {
                        *it = (nth + 1, it.1 + cost);
                    }
                }
            };
            let (from, to) = self.beginning_with(word);
            if self.words.get(from).is_some_and(|it| it == word) {
                meet(self.lines_of(from, from + 1), 0);
            }
            meet(self.lines_of(from, to), 1);
            if slips {
                for (at, slips) in self.alike(word) {
                    meet(self.lines_of(at, at + 1), slips * SLIP_COST);
                }
            }
        }
        let all = |(line, (met, cost)): (usize, (usize, u16))| {
            let line = u32::try_from(line).ok()?;
            (met == words.len() && !words.is_empty()).then_some(Match { cost, line })
        };
        state.into_iter().enumerate().filter_map(all).collect()
    }

    /// The best few lines of a short list, which is in order of use: the first of all where
    /// nothing was typed. Slips are forgiven where nothing else is found.
    pub(super) fn best(&self, query: &str, limit: usize) -> Vec<usize> {
        if query.trim().is_empty() {
            return (0..self.count.min(limit)).collect();
        }
        let mut found = self.find(query, false);
        if found.is_empty() {
            found = self.find(query, true);
        }
        found.sort_unstable();
        let lines = found.into_iter().take(limit);
        lines.map(|it| it.line as usize).collect()
    }

    fn arranged(
        numbers: BTreeMap<String, u32>,
        pairs: Vec<(u32, u32)>,
        count: usize,
    ) -> Self {
        let mut place = vec![0_usize; numbers.len()];
        for (at, number) in numbers.values().enumerate() {
            if let Some(it) = place.get_mut(*number as usize) {
                *it = at;
            }
        }
        let at = |number: u32| place.get(number as usize).copied().unwrap_or(0);
        let mut starts = vec![0_usize; numbers.len() + 1];
        for (number, _) in &pairs {
            if let Some(it) = starts.get_mut(at(*number) + 1) {
                *it += 1;
            }
        }
        let mut sum = 0;
        for it in &mut starts {
            sum += *it;
            *it = sum;
        }
        let mut next = starts.clone();
        let mut lines = vec![0; pairs.len()];
        for (number, line) in pairs {
            if let Some(free) = next.get_mut(at(number)) {
                if let Some(it) = lines.get_mut(*free) {
                    *it = line;
                }
                *free += 1;
            }
        }
        Self {
            words: numbers.into_keys().collect(),
            starts,
            lines,
            count,
        }
    }

    /// The words with this beginning, as a range.
    fn beginning_with(&self, word: &str) -> (usize, usize) {
        let from = self.words.partition_point(|it| it.as_str() < word);
        let rest = self.words.get(from..).unwrap_or_default();
        (from, from + rest.partition_point(|it| it.starts_with(word)))
    }

    /// The lines of a range of words.
    fn lines_of(&self, from: usize, to: usize) -> &[u32] {
        let range = self.starts.get(from).zip(self.starts.get(to));
        let lines = range.and_then(|(from, to)| self.lines.get(*from..*to));
        lines.unwrap_or_default()
    }

    /// Words that begin with the same letter and almost with this word, fewest slips first.
    fn alike(&self, word: &str) -> Vec<(usize, u16)> {
        let letters: Vec<char> = word.chars().collect();
        let allowed = match letters.len() {
            0..SLIP_LETTERS_MIN => return Vec::new(),
            SLIP_LETTERS_MIN..TWO_SLIPS_LETTERS_MIN => 1,
            TWO_SLIPS_LETTERS_MIN.. => 2,
        };
        let first: String = letters.iter().take(1).collect();
        let (from, to) = self.beginning_with(&first);
        let words = self.words.iter().enumerate().take(to).skip(from);
        let near = words.filter_map(|(at, it)| {
            let slips = slips(&letters, it, allowed)?;
            Some((at, slips))
        });
        let mut near: Vec<_> = near.collect();
        near.sort_by_key(|(_, slips)| *slips);
        near
    }
}

/// In lower case, without accents, with a space for everything that is no letter or digit.
pub(super) fn fold(text: &str) -> String {
    if text.is_ascii() {
        let plain = |it: char| if it.is_alphanumeric() { it } else { ' ' };
        return text.to_ascii_lowercase().chars().map(plain).collect();
    }
    let bare = text.nfd().filter(|it| !is_combining_mark(*it));
    let plain = bare.flat_map(char::to_lowercase);
    plain
        .map(|it| if it.is_alphanumeric() { it } else { ' ' })
        .collect()
}

/// The words of a text from a place on, each with where it ends.
fn raw_words(text: &str, from: usize) -> impl Iterator<Item = (usize, &str)> {
    let rest = text.get(from..).unwrap_or_default();
    let parts = rest.split(|it: char| !it.is_alphanumeric());
    let mut at = from;
    parts.filter_map(move |word| {
        let end = at + word.len();
        let gap = text.get(end..).and_then(|it| it.chars().next());
        at = end + gap.map_or(0, char::len_utf8);
        (!word.is_empty()).then_some((end, word))
    })
}

/// The words of the line before that this text begins with as well.
fn shared_words(before: &(&str, Vec<(usize, u32)>), text: &str) -> Vec<(usize, u32)> {
    let (old, words) = before;
    let same = old.bytes().zip(text.bytes()).take_while(|(a, b)| a == b);
    let same = same.count();
    let whole = words.iter().take_while(|(end, _)| *end < same);
    whole.copied().collect()
}

/// The fewest slips (a letter wrong, missing, too many, or two exchanged) that make the word
/// a beginning of `full`; none when more than `allowed`.
pub(super) fn slips(word: &[char], full: &str, allowed: u16) -> Option<u16> {
    let mut older: Vec<u16> = Vec::new();
    let mut last: Vec<u16> = (0..).take(word.len() + 1).collect();
    let mut best = last.last().copied()?;
    let mut previous = None;
    for letter in full.chars().take(word.len() + usize::from(allowed)) {
        let mut row: Vec<u16> = Vec::with_capacity(last.len());
        row.push(last.first()? + 1);
        for (at, typed) in word.iter().enumerate() {
            let kept = last.get(at)? + u16::from(*typed != letter);
            let missing = row.get(at)?.min(last.get(at + 1)?) + 1;
            let before = at.checked_sub(1);
            let exchanged = before
                .filter(|it| word.get(*it) == Some(&letter) && previous == Some(*typed))
                .and_then(|it| older.get(it));
            let exchanged = exchanged.map_or(u16::MAX, |it| it + 1);
            row.push(kept.min(missing).min(exchanged));
        }
        best = best.min(*row.last()?);
        if row.iter().min()? > &allowed {
            break;
        }
        previous = Some(letter);
        older = std::mem::replace(&mut last, row);
    }
    (best <= allowed).then_some(best)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINES: [&str; 5] = [
        "Unspecified asthma, uncomplicated",
        "Unspecified asthma with (acute) exacerbation",
        "Ménière's disease, left ear",
        "Plasmodium falciparum malaria",
        "Acute bronchitis",
    ];

    #[track_caller]
    fn check(query: &str, slips: bool, expected: &[u32]) {
        let index = Index::new((0..).zip(LINES));
        let mut found = index.find(query, slips);
        found.sort_unstable();
        let found: Vec<_> = found.into_iter().map(|it| it.line).collect();
        assert_eq!(found, expected, "for {query:?}");
    }

    #[test]
    fn words_are_found_by_their_beginnings_in_any_order() {
        check("ast", false, &[0, 1]);
        check("exac asth", false, &[1]);
        check("ACUTE", false, &[1, 4]);
        check("malaria bron", false, &[]);
        check("", false, &[]);
        check("zzz", false, &[]);
    }

    #[test]
    fn accents_and_signs_do_not_matter() {
        check("meniere", false, &[2]);
        check("Ménière", false, &[2]);
        check("(acute)", false, &[1, 4]);
    }

    #[test]
    fn a_slip_of_the_finger_is_forgiven_when_asked() {
        check("astma", false, &[]);
        check("astma", true, &[0, 1]);
        check("asthmaa", true, &[0, 1]);
        check("atshma", true, &[0, 1]);
        check("malraia", true, &[3]);
        check("bronkitis", true, &[4]);
        check("astx", true, &[0, 1]);
        check("axx", true, &[]);
    }

    #[test]
    fn a_whole_word_is_better_than_a_beginning_and_that_than_a_slip() {
        let index = Index::new((0..).zip(["fluid", "flu", "fluu"]));
        let mut found = index.find("flu", true);
        found.sort_unstable();
        assert_eq!(found.first().map(|it| it.line), Some(1));
        let costs: Vec<_> = found.iter().map(|it| it.cost).collect();
        assert_eq!(costs, [0, 1, 1]);
    }

    #[test]
    fn slips_are_counted_to_the_best_beginning() {
        #[track_caller]
        fn count(word: &str, full: &str, expected: Option<u16>) {
            let word: Vec<char> = word.chars().collect();
            assert_eq!(slips(&word, full, 2), expected, "for {word:?} in {full}");
        }
        count("diabtes", "diabetes", Some(1));
        count("diabets", "diabetes", Some(1));
        count("daibetes", "diabetes", Some(1));
        count("pnemonia", "pneumonia", Some(1));
        count("hypertention", "hypertension", Some(1));
        count("hypertention", "hypertensive", None);
        count("xyz", "diabetes", None);
        count("", "diabetes", Some(0));
    }
}
