//! [`Shown`]: text made safe for a terminal. Screens and the command line print nothing
//! else, so a name cannot move the cursor, turn the line round or spill over its column.

pub mod base64;
mod marks;
mod safe;

use std::fmt;

pub use marks::to_ascii;
pub use safe::is_invisible;
use unicode_segmentation::UnicodeSegmentation as _;
use unicode_width::UnicodeWidthStr as _;

/// Ends a text that was cut to its place. One cell wide.
const CUT: &str = "…";

/// One line of text without control characters, direction marks or invisible characters,
/// of a known width in cells.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Shown(String);

impl Shown {
    /// The text as one line: line ends and tabs become spaces.
    pub fn line(text: &str) -> Self {
        if text.len() <= safe::CHARS_MAX && safe::is_plain(text) {
            return Self(text.to_owned());
        }
        Self(safe::line(text))
    }

    /// The text as the lines that it has.
    pub fn lines(text: &str) -> Vec<Self> {
        text.split(safe::is_line_end)
            .map(|line| Self::line(line.strip_suffix('\r').unwrap_or(line)))
            .collect()
    }

    /// The text in lines of at most `width` cells, broken between words where it can be.
    pub fn wrapped(text: &str, width: usize) -> Vec<Self> {
        let width = width.max(2);
        Self::lines(text)
            .iter()
            .flat_map(|line| wrap(line, width))
            .collect()
    }

    /// The characters.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether there is nothing to see.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The width in terminal cells.
    pub fn width(&self) -> usize {
        if self.0.is_ascii() {
            return self.0.len();
        }
        self.0.graphemes(true).map(cells).sum()
    }

    /// The text in at most `width` cells; what does not fit is replaced by `…`.
    #[must_use]
    pub fn fit(&self, width: usize) -> Self {
        if self.width() <= width {
            return self.clone();
        }
        if width == 0 {
            return Self::default();
        }
        let mut cut = self.first_cells(width - 1);
        cut.push_str(CUT);
        Self(cut)
    }

    /// The text in exactly `width` cells, spaces after it.
    #[must_use]
    pub fn pad(&self, width: usize) -> Self {
        let mut fitted = self.fit(width);
        let spaces = width.saturating_sub(fitted.width());
        fitted.0.extend(std::iter::repeat_n(' ', spaces));
        fitted
    }

    /// The text in exactly `width` cells, spaces before it.
    #[must_use]
    pub fn pad_left(&self, width: usize) -> Self {
        let fitted = self.fit(width);
        let spaces = width.saturating_sub(fitted.width());
        let mut padded = " ".repeat(spaces);
        padded.push_str(&fitted.0);
        Self(padded)
    }

    /// The end of the text that fits in `width` cells: what a field shows when its caret
    /// stands at the end.
    #[must_use]
    pub fn tail(&self, width: usize) -> Self {
        let mut used = 0;
        let fitting = self.0.grapheme_indices(true).rev().map_while(|(at, it)| {
            used += cells(it);
            (used <= width).then_some(at)
        });
        let start = fitting.last().unwrap_or(self.0.len());
        Self(self.0.get(start..).unwrap_or_default().to_owned())
    }

    fn first_cells(&self, width: usize) -> String {
        let mut used = 0;
        let fitting = self.0.graphemes(true).take_while(|it| {
            used += cells(it);
            used <= width
        });
        fitting.collect()
    }
}

impl From<&str> for Shown {
    fn from(text: &str) -> Self {
        Self::line(text)
    }
}

impl From<&String> for Shown {
    fn from(text: &String) -> Self {
        Self::line(text)
    }
}

impl From<String> for Shown {
    fn from(text: String) -> Self {
        Self::line(&text)
    }
}

impl From<char> for Shown {
    fn from(character: char) -> Self {
        Self::line(character.encode_utf8(&mut [0; 4]))
    }
}

impl AsRef<str> for Shown {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// What is shown is often a person's.
impl fmt::Debug for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Shown(…)")
    }
}

/// The cells of one character as a terminal draws it.
fn cells(grapheme: &str) -> usize {
    grapheme.width()
}

fn wrap(line: &Shown, width: usize) -> Vec<Shown> {
    let mut rows = Vec::new();
    let mut row = String::new();
    let mut used = 0;
    for word in line.0.split_inclusive(' ') {
        let bare: usize = word.trim_end().graphemes(true).map(cells).sum();
        if used + bare > width && used > 0 {
            rows.push(Shown(std::mem::take(&mut row)));
            used = 0;
        }
        for grapheme in word.graphemes(true) {
            if used + cells(grapheme) > width {
                if grapheme == " " {
                    continue;
                }
                rows.push(Shown(std::mem::take(&mut row)));
                used = 0;
            }
            row.push_str(grapheme);
            used += cells(grapheme);
        }
    }
    rows.push(Shown(row));
    for row in &mut rows {
        row.0.truncate(row.0.trim_end().len());
    }
    rows
}

#[cfg(test)]
mod tests;
