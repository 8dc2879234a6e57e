//! Dot-phrases: `.htn` at the beginning of a word becomes a text with blanks to fill.
//!
//! A dot begins a phrase only where a word begins: `3.5` and `b.d.` are safe, and `\.` is a
//! plain dot. In the text `«words»` is a blank, `«a|b|c»` a blank to choose for, and `@bp@` is
//! filled from the chart; what the chart does not know becomes a blank. A note cannot be
//! signed while a blank is left. All places are in bytes.

mod facts;
#[cfg(test)]
mod tests;

use std::ops::Range;

pub use facts::{FILLS, Facts};

use crate::content::Phrase;

/// The longest name of a phrase, in bytes. A longer word behind a dot is no phrase.
const NAME_BYTES_MAX: usize = 32;
/// The longest blank, in bytes. An opening mark whose closing one is farther off is plain text.
const BLANK_BYTES_MAX: usize = 400;
/// The longest key between two `@`, in bytes.
const KEY_BYTES_MAX: usize = 20;

/// A dot-word that ends at the caret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DotWord<'a> {
    /// Where it stands, with its dot.
    pub span: Range<usize>,
    /// What is behind the dot so far.
    pub name: &'a str,
}

/// A blank in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Blank<'a> {
    /// Where it stands, with its marks.
    pub span: Range<usize>,
    /// What it asks for; of a choice, everything between the marks.
    pub asks: &'a str,
}

/// A text with the caret to put into it.
#[derive(Clone, PartialEq, Eq)]
pub struct Placed {
    /// The whole text.
    pub text: String,
    /// The caret: at the first blank that was put in, or behind what was put in.
    pub caret: usize,
}

/// The dot-word before the caret, if the caret stands at the end of one.
pub fn dot_word(text: &str, caret: usize) -> Option<DotWord<'_>> {
    let before = text.get(..caret)?;
    let dot = before.rfind('.')?;
    let name = before.get(dot + 1..)?;
    let is_name = |it: char| it.is_alphanumeric() || matches!(it, '-' | '_');
    let fits = name.len() <= NAME_BYTES_MAX && name.chars().all(is_name);
    let previous = before.get(..dot)?.chars().next_back();
    let begins = previous.is_none_or(|it| it.is_whitespace() || "([{\"'«".contains(it));
    (fits && begins).then_some(DotWord {
        span: dot..caret,
        name,
    })
}

/// The phrases whose names begin so: one of exactly this name first, then in the order given.
/// Case is ignored. Of phrases of the same name only the first counts, so personal ones come
/// before the clinic's and those before the built-in.
pub fn matching<'a>(
    name: &str,
    phrases: impl IntoIterator<Item = &'a Phrase>,
) -> Vec<&'a Phrase> {
    let name = name.to_lowercase();
    let mut found: Vec<&Phrase> = Vec::new();
    for phrase in phrases {
        let is_new = !found.iter().any(|it| it.name == phrase.name);
        if is_new && phrase.name.to_lowercase().starts_with(&name) {
            found.push(phrase);
        }
    }
    found.sort_by_key(|it| it.name.to_lowercase() != name);
    found
}

/// The text of a phrase with its fills from the chart. What is not known becomes a blank that
/// asks for it.
pub fn expanded(phrase: &str, facts: &Facts) -> String {
    let mut made = String::with_capacity(phrase.len());
    let mut rest = phrase;
    while let Some((before, after)) = rest.split_once('@') {
        made.push_str(before);
        let key = after.split_once('@').filter(|(key, _)| FILLS.contains(key));
        let key = key.filter(|(key, _)| key.len() <= KEY_BYTES_MAX);
        let Some((key, behind)) = key else {
            made.push('@');
            rest = after;
            continue;
        };
        match facts.get(key) {
            Some(fact) => made.push_str(&plain(fact)),
            None => made.extend(["«", key, "»"]),
        }
        rest = behind;
    }
    made.push_str(rest);
    made
}

/// The text with a dot-word replaced by what its phrase expands to.
pub fn place(text: &str, span: Range<usize>, expansion: &str) -> Option<Placed> {
    let before = text.get(..span.start)?;
    let after = text.get(span.end..)?;
    let first = blanks(expansion).next();
    let caret = first.map_or(expansion.len(), |it| it.span.start);
    Some(Placed {
        text: [before, expansion, after].concat(),
        caret: before.len() + caret,
    })
}

/// The text with one blank filled, and the caret behind the filling.
pub fn fill(text: &str, blank: &Range<usize>, filling: &str) -> Option<Placed> {
    let before = text.get(..blank.start)?;
    let after = text.get(blank.end..)?;
    Some(Placed {
        text: [before, filling, after].concat(),
        caret: before.len() + filling.len(),
    })
}

/// The text without the backslash of a `\.word` that ends at the caret: how a word that really
/// begins with a dot is typed.
pub fn literal_dot(text: &str, caret: usize) -> Option<Placed> {
    let before = text.get(..caret)?;
    let word = before.rfind(char::is_whitespace);
    let from = word.map_or(0, |at| at + before.get(at..).map_or(1, first_len));
    let typed = before.get(from..)?.strip_prefix("\\.")?;
    let kept = [before.get(..from)?, ".", typed].concat();
    let caret = kept.len();
    let text = kept + text.get(before.len()..)?;
    Some(Placed { text, caret })
}

/// The blanks of a text, in order.
pub fn blanks(text: &str) -> impl Iterator<Item = Blank<'_>> {
    let opened = text
        .match_indices('«')
        .map(|(at, mark)| (at, at + mark.len()));
    opened.filter_map(|(at, inner)| {
        let rest = text.get(inner..)?;
        let length = rest.find(['»', '«'])?;
        let asks = rest.get(..length)?;
        let end = inner + length + '»'.len_utf8();
        let closed = rest.get(length..)?.starts_with('»') && length <= BLANK_BYTES_MAX;
        closed.then_some(Blank {
            span: at..end,
            asks,
        })
    })
}

/// How many blanks are left. A note is signed only when there are none.
pub fn blanks_left(text: &str) -> usize {
    blanks(text).count()
}

/// The first blank at or behind the caret, or from the beginning when there is none behind.
pub fn next_blank(text: &str, caret: usize) -> Option<Blank<'_>> {
    let behind = blanks(text).find(|it| it.span.start >= caret);
    behind.or_else(|| blanks(text).next())
}

/// The last blank that ends at or before the caret, or the last of all.
pub fn previous_blank(text: &str, caret: usize) -> Option<Blank<'_>> {
    let before = blanks(text).filter(|it| it.span.end <= caret).last();
    before.or_else(|| blanks(text).last())
}

/// The names of the phrases that a text was made with, as the head of a note says them: those
/// whose dot-words stood there. Each once, in order.
pub fn uses(names: &[String]) -> String {
    let mut said: Vec<String> = Vec::new();
    for name in names {
        let name = format!(".{name}");
        if !said.contains(&name) {
            said.push(name);
        }
    }
    said.join(" ")
}

impl<'a> Blank<'a> {
    /// What can be chosen; empty when the blank is to be written.
    pub fn choices(&self) -> Vec<&'a str> {
        if !self.asks.contains('|') {
            return Vec::new();
        }
        self.asks.split('|').map(str::trim).collect()
    }
}

impl std::fmt::Debug for Placed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Placed({} bytes, caret {})", self.text.len(), self.caret)
    }
}

/// A fact from the chart cannot bring a blank or a fill of its own.
fn plain(fact: &str) -> String {
    fact.replace(['«', '»'], "\"")
}

fn first_len(text: &str) -> usize {
    text.chars().next().map_or(1, char::len_utf8)
}
