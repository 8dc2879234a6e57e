//! Names in other scripts as a Latin keyboard would type them, roughly: `አበበ` reads
//! `abebe`, `मीना` reads `mina`. Good enough to compare by sound, not to be shown.

/// Stands at the beginning of a reading for a vowel that the script does not write.
pub(super) const SOME_VOWEL: char = '*';

/// Rows of eight syllables from U+1200 on. Source: the order of the Unicode block Ethiopic;
/// consonants as Amharic speakers write them in Latin.
const ETHIOPIC: [&str; 43] = [
    "h", "l", "h", "m", "s", "r", "s", "sh", "k", "kw", "k", "kw", "b", "v", "t", "ch",
    "h", "hw", "n", "gn", "", "k", "kw", "h", "hw", "w", "", "z", "zh", "y", "d", "d",
    "j", "g", "gw", "g", "t", "ch", "p", "ts", "ts", "f", "p",
];
const ETHIOPIC_FIRST: u32 = 0x1200;
/// The vowel of each of the eight orders. The sixth has none, or one that nobody writes.
const ETHIOPIC_VOWELS: [&str; 8] = ["e", "u", "i", "a", "e", "", "o", "wa"];

/// First code points of the Indic blocks that share one layout: Devanagari, Bengali,
/// Gurmukhi, Gujarati, Oriya, Tamil, Telugu, Kannada, Malayalam.
const INDIC_BLOCKS: [u32; 9] = [
    0x0900, 0x0980, 0x0a00, 0x0a80, 0x0b00, 0x0b80, 0x0c00, 0x0c80, 0x0d00,
];
/// Independent vowels from 0x05 on.
const INDIC_VOWELS: [&str; 16] = [
    "a", "a", "i", "i", "u", "u", "ri", "l", "e", "e", "e", "ai", "o", "o", "o", "au",
];
/// Consonants from 0x15 on.
const INDIC_CONSONANTS: [&str; 37] = [
    "k", "kh", "g", "gh", "ng", "ch", "chh", "j", "jh", "ny", "t", "th", "d", "dh", "n",
    "t", "th", "d", "dh", "n", "n", "p", "ph", "b", "bh", "m", "y", "r", "r", "l", "l",
    "l", "v", "sh", "sh", "s", "h",
];
/// Vowel signs from 0x3e on.
const INDIC_SIGNS: [&str; 15] = [
    "a", "i", "i", "u", "u", "ri", "ri", "e", "e", "e", "ai", "o", "o", "o", "au",
];
const INDIC_NUKTA: u32 = 0x3c;
const INDIC_VIRAMA: u32 = 0x4d;

/// Arabic letters, with those of Persian and Urdu; `a`, `u` and `i` are decided by place.
const ARABIC: [(char, &str); 42] = [
    ('ا', "a"),
    ('ب', "b"),
    ('ت', "t"),
    ('ث', "th"),
    ('ج', "j"),
    ('ح', "h"),
    ('خ', "kh"),
    ('د', "d"),
    ('ذ', "d"),
    ('ر', "r"),
    ('ز', "z"),
    ('س', "s"),
    ('ش', "sh"),
    ('ص', "s"),
    ('ض', "d"),
    ('ط', "t"),
    ('ظ', "z"),
    ('ع', ""),
    ('غ', "gh"),
    ('ف', "f"),
    ('ق', "k"),
    ('ك', "k"),
    ('ل', "l"),
    ('م', "m"),
    ('ن', "n"),
    ('ه', "h"),
    ('و', "u"),
    ('ي', "i"),
    ('ء', ""),
    ('ٱ', "a"),
    ('پ', "p"),
    ('چ', "ch"),
    ('ژ', "zh"),
    ('گ', "g"),
    ('ں', "n"),
    ('ے', "e"),
    ('ٹ', "t"),
    ('ڈ', "d"),
    ('ڑ', "r"),
    ('ھ', "h"),
    ('ہ', "h"),
    ('ۀ', "h"),
];

/// How a folded word is read, and whether all its vowels are known.
pub(super) struct Reading {
    pub(super) text: String,
    pub(super) has_vowels: bool,
}

/// The reading of a word in one of the scripts known here; none for any other word.
pub(super) fn reading(word: &str) -> Option<Reading> {
    let first = word.chars().next()?;
    if ethiopic(first).is_some() {
        let text = word.chars().filter_map(ethiopic).collect();
        Some(Reading {
            text,
            has_vowels: true,
        })
    } else if indic(first).is_some() {
        Some(Reading {
            text: read_indic(word),
            has_vowels: true,
        })
    } else {
        arabic(first)?;
        Some(Reading {
            text: read_arabic(word),
            has_vowels: false,
        })
    }
}

fn ethiopic(letter: char) -> Option<String> {
    let offset = u32::from(letter).checked_sub(ETHIOPIC_FIRST)?;
    let consonant = *ETHIOPIC.get(usize::try_from(offset / 8).ok()?)?;
    let vowel = match (consonant, offset % 8) {
        ("" | "h", 0) => "a",
        ("", 5) => "e",
        (_, order) => ETHIOPIC_VOWELS.get(usize::try_from(order).ok()?)?,
    };
    Some(format!("{consonant}{vowel}"))
}

/// The letter's place in its Indic block.
fn indic(letter: char) -> Option<u32> {
    let code = u32::from(letter);
    let mut blocks = INDIC_BLOCKS.iter();
    blocks.find_map(|first| code.checked_sub(*first).filter(|it| *it < 0x80))
}

/// A consonant carries an `a` until a sign says otherwise; at the end of a word nobody says it.
fn read_indic(word: &str) -> String {
    let mut text = String::new();
    let mut open = false;
    for place in word.chars().filter_map(indic) {
        let at = |table: &'static [&'static str], first: u32| {
            let index = usize::try_from(place.checked_sub(first)?).ok()?;
            table.get(index)
        };
        if let Some(sign) = at(&INDIC_SIGNS, 0x3e) {
            text.push_str(sign);
            open = false;
        } else if place == INDIC_VIRAMA {
            open = false;
        } else if place == INDIC_NUKTA {
            soften(&mut text);
        } else {
            if open {
                text.push('a');
            }
            let consonant = at(&INDIC_CONSONANTS, 0x15);
            open = consonant.is_some();
            let other = || match place {
                0x01 | 0x02 => Some(&"n"),
                _ => at(&INDIC_VOWELS, 0x05),
            };
            text.push_str(consonant.or_else(other).unwrap_or(&""));
        }
    }
    text
}

/// A dot below turns some consonants into others: j to z, d to r.
fn soften(text: &mut String) {
    let softer = match text.chars().last() {
        Some('j') => 'z',
        Some('d') => 'r',
        _ => return,
    };
    text.pop();
    text.push(softer);
}

fn arabic(letter: char) -> Option<&'static str> {
    let mut rows = ARABIC.iter();
    rows.find(|(known, _)| *known == letter)
        .map(|(_, read)| *read)
}

fn read_arabic(word: &str) -> String {
    let mut text = String::new();
    let mut letters = word.chars().peekable();
    while let Some(letter) = letters.next() {
        let first = text.is_empty();
        let before_a = letters.peek() == Some(&'ا');
        match letter {
            'ا' | 'ع' | 'ٱ' if first => text.push(SOME_VOWEL),
            'و' if first || before_a => text.push('w'),
            'ي' if first || before_a => text.push('y'),
            _ => text.push_str(arabic(letter).unwrap_or_default()),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(word: &str, expected: Option<&str>) {
        let read = reading(word).map(|it| it.text);
        assert_eq!(read.as_deref(), expected, "for {word:?}");
    }

    #[test]
    fn amharic_reads_as_its_speakers_type_it() {
        check("አበበ", Some("abebe"));
        check("ሰላም", Some("selam"));
        check("ኃይሉ", Some("haylu"));
        check("ትዕግስት", Some("tegst"));
        check("ዳኛቸው", Some("dagnachew"));
    }

    #[test]
    fn indic_scripts_read_alike() {
        check("मीना", Some("mina"));
        check("शर्मा", Some("sharma"));
        check("राम", Some("ram"));
        check("संजय", Some("sanjay"));
        check("ज\u{93c}ोया", Some("zoya"));
        check("রহিম", Some("rahim"));
        check("ரவி", Some("ravi"));
    }

    #[test]
    fn arabic_reads_without_the_vowels_that_it_does_not_write() {
        check("محمد", Some("mhmd"));
        check("عمر", Some("*mr"));
        check("يوسف", Some("yusf"));
        check("جواد", Some("jwad"));
    }

    #[test]
    fn other_words_have_no_reading() {
        check("okello", None);
        check("李小明", None);
        check("", None);
    }
}
