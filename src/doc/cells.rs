//! What stands in a document of one record, read tolerantly: a field that cannot be read
//! gives its usual value and a problem, a field of a later version a problem.

use std::{borrow::Cow, collections::BTreeMap};

use crate::{
    chart::{Coded, Kind, Value as Seen},
    doc::{
        fields::{Value, item_path},
        packed,
        words::Words,
    },
    ids::{Hash, RecordId},
    time::{PartialDate, When},
};

/// A value found in a document.
#[derive(Clone, PartialEq)]
pub(crate) enum Found<'a> {
    Flag(bool),
    Number(u64),
    Text(Cow<'a, str>),
    Bytes(Cow<'a, [u8]>),
    /// Something that no version of Cairn writes.
    Odd,
}

/// A value found under its name.
#[derive(Clone)]
pub(crate) struct Cell<'a> {
    pub(crate) name: Cow<'a, str>,
    pub(crate) found: Found<'a>,
}

/// The cells of one record, or of one item of a list in it, each to be taken once.
pub(crate) struct Cells<'a> {
    pub(crate) kind: Kind,
    pub(crate) id: RecordId,
    /// Where in the record: empty, or a list's name and slot.
    place: String,
    left: Vec<Cell<'a>>,
    problems: Vec<String>,
}

impl Found<'_> {
    /// The value for people to read.
    pub(crate) fn in_words(&self, name: &str) -> String {
        let value = match self {
            Self::Flag(it) => Value::Flag(*it),
            Self::Number(it) => Value::Number(*it),
            Self::Text(it) => Value::Text(untagged(name, it).to_owned()),
            Self::Bytes(it) => Value::Bytes(it.to_vec()),
            Self::Odd => return String::new(),
        };
        value.in_words()
    }

    /// Whether a person wrote exactly this value.
    pub(crate) fn is(&self, value: &Value) -> bool {
        match (self, value) {
            (Self::Flag(it), Value::Flag(value)) => it == value,
            (Self::Number(it), Value::Number(value)) => it == value,
            (Self::Text(it), Value::Text(value) | Value::Prose(value)) => it == value,
            (Self::Bytes(it), Value::Bytes(value)) => it.as_ref() == value.as_slice(),
            _ => false,
        }
    }

    pub(crate) fn into_owned(self) -> Found<'static> {
        match self {
            Self::Flag(it) => Found::Flag(it),
            Self::Number(it) => Found::Number(it),
            Self::Text(it) => Found::Text(Cow::Owned(it.into_owned())),
            Self::Bytes(it) => Found::Bytes(Cow::Owned(it.into_owned())),
            Self::Odd => Found::Odd,
        }
    }
}

/// Of an observed value, the words without the letter that tells its type.
fn untagged<'a>(name: &str, text: &'a str) -> &'a str {
    let observed = name.rsplit('.').next() == Some("v");
    let tagged = text.starts_with(['q', 'c', 't']);
    text.get(usize::from(observed && tagged)..).unwrap_or(text)
}

impl<'a> Cells<'a> {
    pub(crate) fn new(kind: Kind, id: RecordId, cells: Vec<Cell<'a>>) -> Self {
        Self {
            kind,
            id,
            place: String::new(),
            left: cells,
            problems: Vec::new(),
        }
    }

    pub(crate) fn flag(&mut self, name: &str) -> bool {
        match self.take(name) {
            None => false,
            Some(Found::Flag(it)) => it,
            Some(_) => self.wrong(name),
        }
    }

    pub(crate) fn number(&mut self, name: &str) -> u64 {
        match self.take(name) {
            None => 0,
            Some(Found::Number(it)) => it,
            Some(_) => self.wrong(name),
        }
    }

    pub(crate) fn text(&mut self, name: &str) -> String {
        match self.take(name) {
            None => String::new(),
            Some(Found::Text(it)) => it.into_owned(),
            Some(_) => self.wrong(name),
        }
    }

    pub(crate) fn bytes(&mut self, name: &str) -> Vec<u8> {
        match self.take(name) {
            None => Vec::new(),
            Some(Found::Bytes(it)) => it.into_owned(),
            Some(_) => self.wrong(name),
        }
    }

    pub(crate) fn id(&mut self, name: &str) -> Option<RecordId> {
        self.read_bytes(name, RecordId::from_slice)
    }

    pub(crate) fn hash(&mut self, name: &str) -> Option<Hash> {
        self.read_bytes(name, Hash::from_slice)
    }

    pub(crate) fn when(&mut self, name: &str) -> Option<When> {
        self.read_text(name, |it| it.parse().ok())
    }

    pub(crate) fn day(&mut self, name: &str) -> Option<PartialDate> {
        self.read_text(name, |it| it.parse().ok())
    }

    pub(crate) fn word<T: Copy + PartialEq>(
        &mut self,
        name: &str,
        words: &Words<T>,
    ) -> T {
        match self.take(name) {
            None => words.usual,
            Some(Found::Text(it)) => words.named(&it).unwrap_or_else(|| {
                self.problem(name, "is a word of another version");
                words.unknown
            }),
            Some(_) => {
                self.problem(name, "cannot be read");
                words.unknown
            }
        }
    }

    pub(crate) fn coded(&mut self, name: &str) -> Coded {
        packed::read_coded(&self.text(name))
    }

    pub(crate) fn seen(&mut self, name: &str) -> Option<Seen> {
        self.read_text(name, packed::read_value)
    }

    /// A text that means something: none when it is empty, or, with a problem, wrong.
    pub(crate) fn read_text<T>(
        &mut self,
        name: &str,
        read: impl FnOnce(&str) -> Option<T>,
    ) -> Option<T> {
        let text = self.text(name);
        if text.is_empty() {
            return None;
        }
        let value = read(&text);
        if value.is_none() {
            self.problem(name, "cannot be read");
        }
        value
    }

    /// Bytes that mean something: none when they are empty, or, with a problem, wrong.
    pub(crate) fn read_bytes<T>(
        &mut self,
        name: &str,
        read: impl FnOnce(&[u8]) -> Option<T>,
    ) -> Option<T> {
        let bytes = self.bytes(name);
        if bytes.is_empty() {
            return None;
        }
        let value = read(&bytes);
        if value.is_none() {
            self.problem(name, "cannot be read");
        }
        value
    }

    /// The items of a list in the order of their slots.
    pub(crate) fn list<T>(
        &mut self,
        name: &str,
        mut read: impl FnMut(&mut Self) -> T,
    ) -> Vec<T> {
        let mut slots: BTreeMap<u64, Vec<Cell<'a>>> = BTreeMap::new();
        let mut rest = Vec::with_capacity(self.left.len());
        for cell in self.left.drain(..) {
            match slot_of(name, &cell.name) {
                Some((slot, within)) => slots.entry(slot).or_default().push(Cell {
                    name: Cow::Owned(within.to_owned()),
                    found: cell.found,
                }),
                None => rest.push(cell),
            }
        }
        self.left = rest;
        let mut items = Vec::with_capacity(slots.len());
        for (slot, cells) in slots {
            let mut item = Self::new(self.kind, self.id, cells);
            item.place = item_path(name, slot, "");
            items.push(read(&mut item));
            self.problems.append(&mut item.finish());
        }
        items
    }

    /// What was wrong, with the fields that nobody took.
    pub(crate) fn finish(mut self) -> Vec<String> {
        for cell in std::mem::take(&mut self.left) {
            let plain = |c: char| c.is_ascii_alphanumeric() || c == '.';
            let name: String = cell.name.chars().filter(|c| plain(*c)).take(24).collect();
            self.problem(&name, "is of another version");
        }
        self.problems
    }

    pub(crate) fn problem(&mut self, name: &str, what: &str) {
        let dot = if self.place.is_empty() || name.is_empty() {
            ""
        } else {
            "."
        };
        self.problems.push(format!(
            "{} {}: the field `{}{dot}{name}` {what}",
            self.kind.key(),
            self.id,
            self.place,
        ));
    }

    fn take(&mut self, name: &str) -> Option<Found<'a>> {
        let at = self.left.iter().position(|it| it.name == name)?;
        Some(self.left.swap_remove(at).found)
    }

    fn wrong<T: Default>(&mut self, name: &str) -> T {
        self.problem(name, "cannot be read");
        T::default()
    }
}

/// The slot and the rest of the name, of a field that belongs to an item of the list.
pub(crate) fn slot_of<'n>(list: &str, name: &'n str) -> Option<(u64, &'n str)> {
    let rest = name.strip_prefix(list)?.strip_prefix('.')?;
    let (slot, within) = rest.split_once('.').unwrap_or((rest, ""));
    Some((slot.parse().ok()?, within))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells<'a>(of: &[(&'a str, Found<'a>)]) -> Cells<'a> {
        let cell = |(name, found): &(&'a str, Found<'a>)| Cell {
            name: Cow::Borrowed(*name),
            found: found.clone(),
        };
        Cells::new(Kind::Visit, RecordId::ZERO, of.iter().map(cell).collect())
    }

    fn text(it: &str) -> Found<'_> {
        Found::Text(Cow::Borrowed(it))
    }

    #[test]
    fn a_field_that_cannot_be_read_is_named_and_hides_no_other() {
        let mut of = cells(&[
            ("start", text("yesterday")),
            ("end", text("2025-03-04")),
            ("place", Found::Number(4)),
            ("later", Found::Odd),
        ]);
        assert_eq!(of.when("start"), None);
        assert_eq!(of.when("end").unwrap().to_string(), "2025-03-04");
        assert_eq!(of.text("place"), "");
        let problems = of.finish();
        assert_eq!(problems.len(), 3);
        assert!(problems[0].ends_with(": the field `start` cannot be read"));
        assert!(problems[2].ends_with(": the field `later` is of another version"));
        assert!(!problems.concat().contains("yesterday"));
    }

    #[test]
    fn a_list_is_read_in_the_order_of_its_slots() {
        let mut of = cells(&[
            ("dx.10", text("c")),
            ("dx.2", text("b")),
            ("dx.x", text("odd")),
            ("dxy.1", text("other")),
        ]);
        assert_eq!(of.list("dx", |item| item.text("")), ["b", "c"]);
        assert_eq!(of.finish().len(), 2);
    }
}
