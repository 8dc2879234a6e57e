//! Text of many lines that a person writes, with a caret that never stands inside a
//! character. Rows are what is seen: lines, broken between words where they are too long.

use std::{fmt, ops::Range};

use unicode_segmentation::UnicodeSegmentation as _;
use zeroize::Zeroize as _;

use super::{Move, Typed};
use crate::{care::phrases::Placed, text::Shown};

/// The most characters a passage takes: some ten printed pages. Longer pastes are cut.
const CHARS_MAX: usize = 20_000;
/// The changes that can be taken back. A word that is typed is one change.
const UNDO_MAX: usize = 200;
/// The rows of a page.
const PAGE: usize = 10;

/// A text and its caret.
#[derive(Clone, Default)]
pub struct Passage {
    text: String,
    caret: usize,
    before: Vec<(String, usize)>,
    after: Vec<(String, usize)>,
    made: usize,
    /// Whether the last change wrote a letter of a word that the next may go on with.
    in_word: bool,
    /// The cell in which moves up and down began.
    column: Option<usize>,
}

impl Passage {
    /// A passage that holds this text, the caret at its end.
    pub fn of(text: impl Into<String>) -> Self {
        let mut passage = Self::default();
        passage.text = text.into();
        passage.caret = passage.text.len();
        passage
    }

    /// What was typed, as it was typed.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Where the caret stands, in bytes.
    pub const fn caret(&self) -> usize {
        self.caret
    }

    /// How many changes were made and not taken back.
    pub const fn changes(&self) -> usize {
        self.made
    }

    /// Whether nothing but white space was typed.
    pub fn is_empty(&self) -> bool {
        self.text.trim().is_empty()
    }

    /// Puts the caret here, or before the character that this is inside of.
    pub fn put_caret(&mut self, at: usize) {
        self.rest();
        let mut at = at.min(self.text.len());
        while !self.text.is_char_boundary(at) {
            at -= 1;
        }
        self.caret = at;
    }

    /// Puts this text in place of what was there, as one change.
    pub fn put(&mut self, placed: Placed) {
        self.remember();
        self.rest();
        self.text = placed.text;
        self.put_caret(placed.caret);
    }

    /// Puts this text in place of a piece, as one change; the caret stands behind it.
    pub fn replace(&mut self, piece: Range<usize>, with: &str) {
        let (Some(before), Some(after)) =
            (self.text.get(..piece.start), self.text.get(piece.end..))
        else {
            return;
        };
        let caret = before.len() + with.len();
        let text = [before, with, after].concat();
        self.put(Placed { text, caret });
    }

    /// Writes or moves; says whether the text is another one now. `width` is that of the
    /// rows, in cells.
    pub fn typed(&mut self, typed: &Typed, width: usize) -> bool {
        let row = || row_of(&rows(&self.text, width), self.caret);
        match typed {
            Typed::Char(c) => self.insert(c.encode_utf8(&mut [0; 4])),
            Typed::Text(text) => self.insert(text),
            Typed::Backspace => self.take_away(self.left()..self.caret),
            Typed::Delete => self.take_away(self.caret..self.right()),
            Typed::WordBack => self.take_away(self.word_left()..self.caret),
            Typed::Left => self.go(self.left()),
            Typed::Right => self.go(self.right()),
            Typed::WordLeft => self.go(self.word_left()),
            Typed::WordRight => self.go(self.word_right()),
            Typed::Home => self.go(row().1.start),
            Typed::End => self.go(row_end(&self.text, row().1)),
            Typed::Undo => self.turn_back(),
            Typed::Redo => self.turn_forward(),
        }
    }

    /// Moves by rows; says whether the caret could go there.
    pub fn moved(&mut self, to: Move, width: usize) -> bool {
        let rows = rows(&self.text, width);
        let (at, row) = row_of(&rows, self.caret);
        let column = self.column.unwrap_or_else(|| {
            cells(self.text.get(row.start..self.caret).unwrap_or_default())
        });
        let last = rows.len().saturating_sub(1);
        let target = match to {
            Move::Up => at.checked_sub(1),
            Move::Down => Some(at + 1).filter(|it| *it <= last),
            Move::PageUp => (at > 0).then(|| at.saturating_sub(PAGE)),
            Move::PageDown => (at < last).then(|| (at + PAGE).min(last)),
            Move::First => Some(0),
            Move::Last => Some(last),
            Move::To(_) => None,
        };
        let Some(row) = target.and_then(|it| rows.get(it)) else {
            return false;
        };
        let end = row_end(&self.text, row.clone());
        let text = self.text.get(row.start..end).unwrap_or_default();
        let caret = row.start + at_cell(text, column);
        self.go(caret);
        self.column = Some(column);
        true
    }

    fn insert(&mut self, text: &str) -> bool {
        let room = CHARS_MAX.saturating_sub(self.text.chars().count());
        let text = text.replace("\r\n", "\n");
        let kept: String = text
            .chars()
            .map(|c| match c {
                '\n' | '\r' => '\n',
                c if c.is_whitespace() => ' ',
                c => c,
            })
            .filter(|c| *c == '\n' || !c.is_control())
            .take(room)
            .collect();
        if kept.is_empty() {
            return false;
        }
        let mut letters = kept.chars();
        let letter = letters.next().filter(|c| c.is_alphanumeric());
        let in_word = letter.is_some() && letters.next().is_none();
        if !(self.in_word && in_word) {
            self.remember();
        }
        self.after.clear();
        self.column = None;
        self.in_word = in_word;
        self.text.insert_str(self.caret, &kept);
        self.caret += kept.len();
        true
    }

    fn take_away(&mut self, range: Range<usize>) -> bool {
        if range.is_empty() {
            return false;
        }
        self.remember();
        self.rest();
        self.caret = range.start;
        self.text.drain(range);
        true
    }

    const fn go(&mut self, caret: usize) -> bool {
        self.rest();
        self.caret = caret;
        false
    }

    /// Ends the word that is being typed and the column that is kept.
    const fn rest(&mut self) {
        self.in_word = false;
        self.column = None;
    }

    fn left(&self) -> usize {
        let before = self.text.get(..self.caret).unwrap_or_default();
        let last = before.grapheme_indices(true).next_back();
        last.map_or(0, |(at, _)| at)
    }

    fn right(&self) -> usize {
        let behind = self.text.get(self.caret..).unwrap_or_default();
        let next = behind.graphemes(true).next();
        self.caret + next.map_or(0, str::len)
    }

    fn word_left(&self) -> usize {
        let before = self.text.get(..self.caret).unwrap_or_default();
        let last = before.unicode_word_indices().next_back();
        last.map_or(0, |(at, _)| at)
    }

    fn word_right(&self) -> usize {
        let behind = self.text.get(self.caret..).unwrap_or_default();
        let next = behind.unicode_word_indices().next();
        next.map_or(self.text.len(), |(at, word)| self.caret + at + word.len())
    }

    fn remember(&mut self) {
        if self.before.len() == UNDO_MAX {
            self.before.remove(0);
        }
        self.before.push((self.text.clone(), self.caret));
        self.after.clear();
        self.made += 1;
    }

    fn turn_back(&mut self) -> bool {
        self.rest();
        let Some(earlier) = self.before.pop() else {
            return false;
        };
        self.after
            .push((std::mem::take(&mut self.text), self.caret));
        (self.text, self.caret) = earlier;
        self.made = self.made.saturating_sub(1);
        true
    }

    fn turn_forward(&mut self) -> bool {
        self.rest();
        let Some(later) = self.after.pop() else {
            return false;
        };
        self.before
            .push((std::mem::take(&mut self.text), self.caret));
        (self.text, self.caret) = later;
        self.made += 1;
        true
    }
}

/// The rows in which a text is seen, as pieces of it without the line ends. There is one at
/// least.
pub fn rows(text: &str, width: usize) -> Vec<Range<usize>> {
    let width = width.max(2);
    let mut rows = Vec::new();
    let mut start = 0;
    for line in text.split('\n') {
        wrap(line, start, width, &mut rows);
        start += line.len() + 1;
    }
    rows
}

/// The row in which the caret stands, with its number. At a break it stands in the next row.
pub fn row_of(rows: &[Range<usize>], caret: usize) -> (usize, Range<usize>) {
    let behind = rows.iter().take_while(|it| it.start <= caret).count();
    let at = behind.saturating_sub(1);
    (at, rows.get(at).cloned().unwrap_or(0..0))
}

/// The cells that a text takes.
pub fn cells(text: &str) -> usize {
    Shown::line(text).width()
}

/// The last place of a row where the caret can stand: before the space at which it is broken.
fn row_end(text: &str, row: Range<usize>) -> usize {
    let broken = text
        .get(row.end..)
        .is_some_and(|it| !it.is_empty() && !it.starts_with('\n'));
    let seen = text.get(row.clone()).unwrap_or_default();
    if broken {
        row.start + seen.strip_suffix(' ').map_or(seen.len(), str::len)
    } else {
        row.end
    }
}

fn wrap(line: &str, start: usize, width: usize, rows: &mut Vec<Range<usize>>) {
    let mut row = 0;
    let mut used = 0;
    // Where the row may be broken, and the cells up to there.
    let mut space = None;
    for (at, grapheme) in line.grapheme_indices(true) {
        let wide = if grapheme.is_ascii() {
            1
        } else {
            cells(grapheme)
        };
        while used > 0 && used + wide > width && grapheme != " " {
            let (end, taken) = space.take().unwrap_or((at, used));
            rows.push(start + row..start + end);
            row = end;
            used -= taken;
        }
        used += wide;
        if grapheme == " " {
            space = Some((at + 1, used));
        }
    }
    rows.push(start + row..start + line.len());
}

/// The place in a row's text at this cell, or its end.
fn at_cell(text: &str, column: usize) -> usize {
    let mut used = 0;
    let mut graphemes = text.grapheme_indices(true);
    let place = graphemes.find(|(_, grapheme)| {
        used += cells(grapheme);
        used > column
    });
    place.map_or(text.len(), |(at, _)| at)
}

impl fmt::Debug for Passage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Passage({} bytes)", self.text.len())
    }
}

impl Drop for Passage {
    fn drop(&mut self) {
        self.text.zeroize();
        for (text, _) in self.before.iter_mut().chain(&mut self.after) {
            text.zeroize();
        }
    }
}

#[cfg(test)]
mod tests;
