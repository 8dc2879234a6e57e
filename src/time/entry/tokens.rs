//! Typed text as runs of digits and letters.

use unicode_normalization::{UnicodeNormalization as _, char::is_combining_mark};

/// A number or a word.
pub(super) enum Token {
    Number { value: u32, digits: usize },
    Word(String),
}

/// The longest text that is looked at, in characters. Every form of date is far shorter.
const TEXT_CHARS_MAX: usize = 64;
/// Words inside a date that say nothing: `14 de marzo`.
const SILENT: &str = "de";

/// Lower case, without accents, digits of any script as ASCII.
pub(super) fn plain(text: &str) -> String {
    let marks_away = text.nfkd().filter(|it| !is_combining_mark(*it));
    marks_away
        .flat_map(char::to_lowercase)
        .take(TEXT_CHARS_MAX)
        .map(|it| digit(it).unwrap_or(it))
        .collect::<String>()
        .trim()
        .to_owned()
}

/// Runs of digits and runs of letters; all else only separates.
pub(super) fn tokens(text: &str) -> Vec<Token> {
    let mut found: Vec<Token> = Vec::new();
    let mut apart = true;
    for letter in text.chars() {
        match (letter.to_digit(10), found.last_mut()) {
            (Some(more), Some(Token::Number { value, digits })) if !apart => {
                *value = value.saturating_mul(10).saturating_add(more);
                *digits += 1;
            }
            (Some(first), _) => found.push(Token::Number {
                value: first,
                digits: 1,
            }),
            (None, Some(Token::Word(word))) if !apart && letter.is_alphabetic() => {
                word.push(letter);
            }
            (None, _) if letter.is_alphabetic() => {
                found.push(Token::Word(letter.to_string()));
            }
            (None, _) => {}
        }
        apart = !letter.is_alphanumeric();
    }
    found.retain(|it| !matches!(it, Token::Word(word) if word == SILENT));
    found
}

/// The ASCII digit for one of the scripts in which clinics write dates.
fn digit(letter: char) -> Option<char> {
    const ZEROS: [u32; 4] = [0x0660, 0x06f0, 0x0966, 0x09e6];
    let found = ZEROS
        .iter()
        .find_map(|zero| u32::from(letter).checked_sub(*zero).filter(|it| *it < 10));
    found.and_then(|it| char::from_digit(it, 10))
}
