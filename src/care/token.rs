//! A line cut into words, and the number that begins a word.

use std::ops::Range;

use crate::content::Decimal;

/// A word of the line.
pub(super) struct Token<'a> {
    /// As typed.
    pub(super) text: &'a str,
    /// In lower case, without the comma or semicolon that ends it.
    pub(super) low: String,
    /// Where it stands in the line, in bytes.
    pub(super) span: Range<usize>,
}

/// The words of a line, cut at white space.
pub(super) fn tokens(line: &str) -> Vec<Token<'_>> {
    let start = line.as_ptr() as usize;
    let words = line.split_whitespace().map(|word| {
        let text = word.trim_end_matches([',', ';']);
        let from = text.as_ptr() as usize - start;
        Token {
            text,
            low: text.to_lowercase(),
            span: from..from + text.len(),
        }
    });
    words.filter(|it| !it.text.is_empty()).collect()
}

/// A number that begins a word, and the rest of the word.
pub(super) fn number_and_rest(word: &str) -> Option<(Decimal, &str)> {
    let is_part = |it: char| it.is_ascii_digit() || it == '.' || it == ',';
    let rest = word.trim_start_matches(is_part);
    let number = word.strip_suffix(rest)?;
    Some((number.parse().ok()?, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_keep_their_place_in_the_line() {
        let line = " bp\t120/80,  ታ ; hr 72";
        for token in tokens(line) {
            assert_eq!(line.get(token.span.clone()), Some(token.text));
        }
        let texts: Vec<_> = tokens(line).into_iter().map(|it| it.text).collect();
        assert_eq!(texts, ["bp", "120/80", "ታ", "hr", "72"]);
    }
}
