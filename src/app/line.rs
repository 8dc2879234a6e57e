//! One line of text that a person writes, with a caret that never stands inside a
//! character.

use std::fmt;

use unicode_segmentation::UnicodeSegmentation as _;
use zeroize::{Zeroize as _, Zeroizing};

use super::Typed;

/// The most characters a field takes. Longer pastes are cut.
const CHARS_MAX: usize = 300;
/// The changes that can be taken back.
const UNDO_MAX: usize = 64;

/// A line of text and its caret.
#[derive(Clone, Default)]
pub struct Line {
    text: String,
    caret: usize,
    before: Vec<(String, usize)>,
    after: Vec<(String, usize)>,
}

/// A passphrase or PIN that was typed; wiped when dropped.
pub struct Secret(Zeroizing<String>);

impl Line {
    /// A line that holds this text, the caret at its end.
    pub fn of(text: impl Into<String>) -> Self {
        let text = text.into();
        let caret = text.len();
        Self {
            text,
            caret,
            before: Vec::new(),
            after: Vec::new(),
        }
    }

    /// What was typed, as it was typed.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// What was typed, without spaces around it.
    pub fn trimmed(&self) -> &str {
        self.text.trim()
    }

    /// Whether nothing but spaces was typed.
    pub fn is_empty(&self) -> bool {
        self.trimmed().is_empty()
    }

    /// The text before the caret and after it.
    pub fn halves(&self) -> (&str, &str) {
        self.text
            .split_at_checked(self.caret)
            .unwrap_or((&self.text, ""))
    }

    /// Puts this text in place of what was there. It can be taken back.
    pub fn set(&mut self, text: &str) {
        self.remember();
        self.text = text.chars().take(CHARS_MAX).collect();
        self.caret = self.text.len();
    }

    /// Puts the caret here, or to the character that this is inside of.
    pub fn put_caret(&mut self, at: usize) {
        let marks = self.text.grapheme_indices(true).map(|(start, _)| start);
        let before = marks.take_while(|start| *start <= at).last();
        self.caret = if at >= self.text.len() {
            self.text.len()
        } else {
            before.unwrap_or(0)
        };
    }

    /// Empties the line and forgets everything that stood in it.
    pub fn clear(&mut self) {
        self.text.zeroize();
        self.caret = 0;
        for (text, _) in self.before.iter_mut().chain(&mut self.after) {
            text.zeroize();
        }
        self.before.clear();
        self.after.clear();
    }

    /// Takes the text out as a secret and forgets it here.
    pub fn take_secret(&mut self) -> Secret {
        let secret = Secret(Zeroizing::new(self.text.clone()));
        self.clear();
        secret
    }

    /// The text as a secret; it stays here as well.
    pub fn secret(&self) -> Secret {
        Secret(Zeroizing::new(self.text.clone()))
    }

    /// Writes or moves; says whether the text is another one now.
    pub fn typed(&mut self, typed: &Typed) -> bool {
        match typed {
            Typed::Char(c) => self.insert(c.encode_utf8(&mut [0; 4])),
            Typed::Text(text) => self.insert(text),
            Typed::Backspace => self.take_away(self.left_of_caret()..self.caret),
            Typed::Delete => self.take_away(self.caret..self.right_of_caret()),
            Typed::WordBack => self.take_away(self.word_left()..self.caret),
            Typed::Left => self.go(self.left_of_caret()),
            Typed::Right => self.go(self.right_of_caret()),
            Typed::WordLeft => self.go(self.word_left()),
            Typed::WordRight => self.go(self.word_right()),
            Typed::Home => self.go(0),
            Typed::End => self.go(self.text.len()),
            Typed::Undo => self.turn_back(),
            Typed::Redo => self.turn_forward(),
        }
    }

    fn insert(&mut self, text: &str) -> bool {
        let room = CHARS_MAX.saturating_sub(self.text.chars().count());
        let kept: String = text
            .chars()
            .map(|c| if c.is_whitespace() { ' ' } else { c })
            .filter(|c| !c.is_control())
            .take(room)
            .collect();
        if kept.is_empty() {
            return false;
        }
        self.remember();
        self.text.insert_str(self.caret, &kept);
        self.caret += kept.len();
        true
    }

    fn take_away(&mut self, range: std::ops::Range<usize>) -> bool {
        if range.is_empty() {
            return false;
        }
        self.remember();
        self.caret = range.start;
        self.text.drain(range);
        true
    }

    const fn go(&mut self, caret: usize) -> bool {
        self.caret = caret;
        false
    }

    fn left_of_caret(&self) -> usize {
        let last = self.halves().0.grapheme_indices(true).next_back();
        last.map_or(0, |(at, _)| at)
    }

    fn right_of_caret(&self) -> usize {
        let next = self.halves().1.graphemes(true).next();
        self.caret + next.map_or(0, str::len)
    }

    fn word_left(&self) -> usize {
        let last = self.halves().0.unicode_word_indices().next_back();
        last.map_or(0, |(at, _)| at)
    }

    fn word_right(&self) -> usize {
        let next = self.halves().1.unicode_word_indices().next();
        next.map_or(self.text.len(), |(at, word)| self.caret + at + word.len())
    }

    fn remember(&mut self) {
        if self.before.len() == UNDO_MAX {
            self.before.remove(0);
        }
        self.before.push((self.text.clone(), self.caret));
        self.after.clear();
    }

    fn turn_back(&mut self) -> bool {
        let Some(earlier) = self.before.pop() else {
            return false;
        };
        self.after
            .push((std::mem::take(&mut self.text), self.caret));
        (self.text, self.caret) = earlier;
        true
    }

    fn turn_forward(&mut self) -> bool {
        let Some(later) = self.after.pop() else {
            return false;
        };
        self.before
            .push((std::mem::take(&mut self.text), self.caret));
        (self.text, self.caret) = later;
        true
    }
}

impl Secret {
    /// What was typed.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&str> for Secret {
    fn from(text: &str) -> Self {
        Self(Zeroizing::new(text.to_owned()))
    }
}

impl fmt::Debug for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Line(…)")
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        self.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(start: &str, typed: &[Typed], expected: &str) {
        let mut line = Line::of(start);
        for it in typed {
            line.typed(it);
        }
        let (before, after) = line.halves();
        assert_eq!(format!("{before}|{after}"), expected);
    }

    #[test]
    fn text_is_written_where_the_caret_stands() {
        use Typed::{Backspace, Char, Delete, End, Home, Left, Right};
        check("", &[Char('o'), Char('k')], "ok|");
        check("oello", &[Home, Right, Char('k')], "ok|ello");
        check("okk", &[Backspace], "ok|");
        check("okk", &[Left, Delete], "ok|");
        check("", &[Backspace, Delete, Left, Right, End], "|");
    }

    #[test]
    fn the_caret_never_stands_inside_a_character() {
        use Typed::{Backspace, Left};
        check("e\u{301}a", &[Left, Left], "|e\u{301}a");
        check("ae\u{301}", &[Backspace], "a|");
        check("👨\u{200d}👩\u{200d}👧", &[Left], "|👨\u{200d}👩\u{200d}👧");
    }

    #[test]
    fn words_are_passed_and_taken_away_whole() {
        use Typed::{Home, WordBack, WordLeft, WordRight};
        check("okello grace", &[WordLeft], "okello |grace");
        check("okello grace", &[WordBack], "okello |");
        check("okello grace", &[Home, WordRight], "okello| grace");
    }

    #[test]
    fn pasted_line_ends_are_spaces_and_pasted_text_has_an_end() {
        check("", &[Typed::Text("a\nb\u{1b}c".to_owned())], "a bc|");
        let mut line = Line::default();
        line.typed(&Typed::Text("x".repeat(5_000)));
        assert_eq!(line.text().len(), CHARS_MAX);
        assert!(!line.typed(&Typed::Char('x')));
    }

    #[test]
    fn changes_are_taken_back_and_made_again() {
        use Typed::{Char, Redo, Undo};
        check("", &[Char('a'), Char('b'), Undo], "a|");
        check("", &[Char('a'), Char('b'), Undo, Undo, Redo], "a|");
        check("", &[Char('a'), Undo, Char('c'), Redo], "c|");
    }

    #[test]
    fn a_secret_leaves_nothing_behind() {
        let mut line = Line::of("open sesame");
        assert_eq!(line.take_secret().as_str(), "open sesame");
        line.typed(&Typed::Undo);
        assert_eq!(line.text(), "");
    }
}
