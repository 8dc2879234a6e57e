//! The words that occur in one field of all rows: few, since people share names. A typed
//! word is compared with words, and only then are rows looked at.

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Bound,
};

use super::{
    Slot,
    fold::{WORD_CHARS_MAX, has_digit},
    quality::Quality,
    script::{Reading, reading},
    sound::{SoundKey, sound_keys},
    spell::{Letters, Slips, Speller},
};

/// The shortest word in which one slip is forgiven, in letters.
const LETTERS_MIN_FOR_SLIP: usize = 4;
/// The shortest word in which two slips are forgiven, in letters.
const LETTERS_MIN_FOR_TWO: usize = 7;
/// The shortest typed word whose slip is forgiven while it is not typed to its end.
const LETTERS_MIN_UNFINISHED: usize = 5;
/// The fewest sounds by which words are compared whole.
const SOUNDS_MIN: u32 = 2;
/// The fewest sounds by which a word is found while it is not typed to its end, however it
/// is spelt; with fewer, the typed letters have to be near.
const SOUNDS_MIN_UNFINISHED: u32 = 3;

/// All words of one field, with the rows in which each occurs.
#[derive(Default)]
pub(super) struct Lexicon {
    by_text: BTreeMap<Box<str>, u32>,
    words: Vec<Word>,
    /// Latin readings of words in other scripts.
    readings: BTreeSet<(Box<str>, u32)>,
    by_sound: BTreeSet<(SoundKey, u32)>,
}

struct Word {
    text: Box<str>,
    letters: Letters,
    slots: Vec<Slot>,
}

/// A typed word, prepared to be compared.
pub(super) struct Typed {
    /// The folded word.
    pub(super) text: String,
    letters: Vec<char>,
    kinds: Letters,
    reading: Option<Reading>,
    sounds: Vec<SoundKey>,
}

/// Whether a word is spelt nearly as the typed one, and whether it begins so.
#[derive(Clone, Copy)]
struct Near {
    whole: bool,
    start: bool,
}

impl Typed {
    /// A folded word.
    pub(super) fn new(text: &str) -> Self {
        let reading = reading(text);
        let spoken = reading.as_ref().map_or(text, |it| &it.text);
        Self {
            letters: text.chars().take(WORD_CHARS_MAX).collect(),
            kinds: Letters::of(text),
            sounds: sound_keys(spoken),
            reading,
            text: text.to_owned(),
        }
    }

    /// Whether a digit occurs: numbers are neither heard nor guessed.
    pub(super) fn has_digit(&self) -> bool {
        has_digit(&self.text)
    }

    const fn slips_max(&self) -> u8 {
        match self.letters.len() {
            ..LETTERS_MIN_FOR_SLIP => 0,
            LETTERS_MIN_FOR_SLIP..LETTERS_MIN_FOR_TWO => 1,
            LETTERS_MIN_FOR_TWO.. => 2,
        }
    }
}

impl Lexicon {
    /// Notes that `word` occurs in the row at `slot`.
    pub(super) fn add(&mut self, word: &str, slot: Slot) {
        let id = match self.by_text.get(word) {
            Some(id) => *id,
            None => self.learn(word),
        };
        let place = usize::try_from(id).ok();
        if let Some(known) = place.and_then(|it| self.words.get_mut(it))
            && known.slots.last() != Some(&slot)
        {
            known.slots.push(slot);
        }
    }

    /// Forgets that `word` occurs in the row at `slot`.
    pub(super) fn remove(&mut self, word: &str, slot: Slot) {
        let id = self.by_text.get(word);
        let place = id.and_then(|it| usize::try_from(*it).ok());
        if let Some(known) = place.and_then(|it| self.words.get_mut(it)) {
            known.slots.retain(|it| *it != slot);
        }
    }

    /// Calls `found` with each way in which a word fits the typed one, and its rows. A word
    /// may come more than once.
    pub(super) fn each_fitting(
        &self,
        typed: &Typed,
        mut found: impl FnMut(Quality, &[Slot]),
    ) {
        let mut tell = |quality: Quality, id: u32| {
            let place = usize::try_from(id).ok();
            if let Some(word) = place.and_then(|it| self.words.get(it)) {
                found(quality, &word.slots);
            }
        };
        for (text, id) in self.beginning_with(&typed.text) {
            let whole = text.len() == typed.text.len();
            let quality = if whole {
                Quality::EXACT
            } else {
                Quality::STARTS
            };
            tell(quality, id);
        }
        if typed.has_digit() {
            return;
        }
        self.each_read_alike(typed, &mut tell);
        self.each_sounding_alike(typed, &mut tell);
        self.each_misspelt(typed, &mut tell);
    }

    fn learn(&mut self, word: &str) -> u32 {
        let id = u32::try_from(self.words.len()).unwrap_or(u32::MAX);
        self.words.push(Word {
            text: word.into(),
            letters: Letters::of(word),
            slots: Vec::new(),
        });
        self.by_text.insert(word.into(), id);
        let read = reading(word);
        let spoken = read.as_ref().map_or(word, |it| it.text.as_str());
        for key in sound_keys(spoken) {
            self.by_sound.insert((key, id));
        }
        if let Some(read) = read.filter(|it| it.has_vowels) {
            self.readings.insert((read.text.into(), id));
        }
        id
    }

    fn beginning_with<'a>(
        &'a self,
        start: &'a str,
    ) -> impl Iterator<Item = (&'a str, u32)> {
        let from = (Bound::Included(start), Bound::Unbounded);
        let range = self.by_text.range::<str, _>(from);
        range
            .map(|(text, id)| (&**text, *id))
            .take_while(move |(text, _)| text.starts_with(start))
    }

    /// Words of another script whose reading was typed, and words that are the reading of
    /// what was typed in another script.
    fn each_read_alike(&self, typed: &Typed, tell: &mut impl FnMut(Quality, u32)) {
        let read = typed.reading.as_ref().filter(|it| it.has_vowels);
        let spoken = read.map_or(typed.text.as_str(), |it| &it.text);
        let quality = |text: &str| {
            let whole = text.len() == spoken.len();
            if whole {
                Quality::SOUNDS
            } else {
                Quality::SOUNDS_SO_FAR
            }
        };
        let readings = self.readings.range((Box::from(spoken), 0)..);
        for (text, id) in readings.take_while(|(text, _)| text.starts_with(spoken)) {
            tell(quality(text), *id);
        }
        if read.is_some() {
            for (text, id) in self.beginning_with(spoken) {
                tell(quality(text), id);
            }
        }
    }

    fn each_sounding_alike(&self, typed: &Typed, tell: &mut impl FnMut(Quality, u32)) {
        let mut speller = Speller::default();
        for key in typed.sounds.iter().filter(|it| it.len() >= SOUNDS_MIN) {
            let range = (*key, 0)..=(key.last_with_this_start(), u32::MAX);
            for (sound, id) in self.by_sound.range(range) {
                let near = self.spelt_near(typed, *id, &mut speller);
                let surely_begun = key.len() >= SOUNDS_MIN_UNFINISHED;
                match (sound == key, near) {
                    (true, near) if near.whole => tell(Quality::SOUNDS, *id),
                    (true, _) => tell(Quality::SOUNDS_SOMEWHAT, *id),
                    (false, near) if near.start || surely_begun => {
                        tell(Quality::SOUNDS_SO_FAR, *id);
                    }
                    (false, _) => {}
                }
            }
        }
    }

    /// Whether a word that sounds alike is also spelt alike, but for a third of the letters.
    fn spelt_near(&self, typed: &Typed, id: u32, speller: &mut Speller) -> Near {
        let slips_max = u8::try_from(typed.letters.len().div_ceil(3)).unwrap_or(u8::MAX);
        let place = usize::try_from(id).ok();
        let word = place.and_then(|it| self.words.get(it));
        let slips = word.map_or(Slips::MANY, |it| {
            speller.slips(&typed.letters, &it.text, slips_max)
        });
        let long_enough = typed.letters.len() >= LETTERS_MIN_FOR_SLIP;
        Near {
            whole: slips.whole <= slips_max,
            start: slips.start <= slips_max && long_enough,
        }
    }

    fn each_misspelt(&self, typed: &Typed, tell: &mut impl FnMut(Quality, u32)) {
        let slips_max = typed.slips_max();
        if slips_max == 0 {
            return;
        }
        let may_be_unfinished = typed.letters.len() >= LETTERS_MIN_UNFINISHED;
        let mut speller = Speller::default();
        for (id, word) in (0..).zip(&self.words) {
            if typed.kinds.not_in(word.letters) > u32::from(slips_max) {
                continue;
            }
            let slips = speller.slips(&typed.letters, &word.text, slips_max);
            if slips.whole <= slips_max {
                let once = slips.whole <= 1;
                tell(
                    if once {
                        Quality::SLIP
                    } else {
                        Quality::TWO_SLIPS
                    },
                    id,
                );
            } else if may_be_unfinished && slips.start <= 1 {
                tell(Quality::SLIP_SO_FAR, id);
            }
        }
    }
}
