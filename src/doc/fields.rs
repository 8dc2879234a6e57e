//! A record as a flat list of named values: what is written. How it is read back is in
//! [`cells`](crate::doc::cells).

use crate::{
    chart::{Coded, Value as Seen},
    doc::{packed, words::Words},
    ids::{Hash, RecordId},
    time::{PartialDate, When},
};

/// A value as it stands in a document.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum Value {
    Flag(bool),
    Number(u64),
    Text(String),
    Bytes(Vec<u8>),
    /// Free text: concurrent changes to it merge letter by letter.
    Prose(String),
}

/// A value under its short name.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Field {
    pub(crate) name: &'static str,
    pub(crate) value: Value,
    /// Whether it is what a field that is not there means. Such a field is not written with
    /// a new record.
    pub(crate) usual: bool,
}

/// The items of a list, each with the same few fields.
pub(crate) struct List {
    pub(crate) name: &'static str,
    pub(crate) items: Vec<Vec<Field>>,
}

/// A record's fields in the order of its schema.
#[derive(Default)]
pub(crate) struct Fields {
    pub(crate) singles: Vec<Field>,
    pub(crate) lists: Vec<List>,
}

impl Value {
    /// The value for people to read.
    pub(crate) fn in_words(&self) -> String {
        match self {
            Self::Flag(it) => it.to_string(),
            Self::Number(it) => it.to_string(),
            Self::Text(it) => packed::in_words(it),
            Self::Bytes(it) => hex(it),
            Self::Prose(it) => it.clone(),
        }
    }
}

/// The place of an item's field: `react.0.m`, or `names.0` where an item is one value.
pub(crate) fn item_path(list: &str, slot: u64, name: &str) -> String {
    if name.is_empty() {
        format!("{list}.{slot}")
    } else {
        format!("{list}.{slot}.{name}")
    }
}

impl Fields {
    pub(crate) fn flag(&mut self, name: &'static str, it: bool) {
        self.push(name, Value::Flag(it), !it);
    }

    pub(crate) fn number(&mut self, name: &'static str, it: u64) {
        self.push(name, Value::Number(it), it == 0);
    }

    pub(crate) fn text(&mut self, name: &'static str, it: &str) {
        self.push(name, Value::Text(it.to_owned()), it.is_empty());
    }

    pub(crate) fn prose(&mut self, name: &'static str, it: &str) {
        self.push(name, Value::Prose(it.to_owned()), it.is_empty());
    }

    /// Free text that is there from the start, so that two people may begin it at once.
    pub(crate) fn open_prose(&mut self, name: &'static str, it: &str) {
        self.push(name, Value::Prose(it.to_owned()), false);
    }

    pub(crate) fn bytes(&mut self, name: &'static str, it: Vec<u8>) {
        let usual = it.is_empty();
        self.push(name, Value::Bytes(it), usual);
    }

    pub(crate) fn id(&mut self, name: &'static str, it: Option<RecordId>) {
        self.bytes(
            name,
            it.map(|it| it.as_bytes().to_vec()).unwrap_or_default(),
        );
    }

    pub(crate) fn hash(&mut self, name: &'static str, it: Option<Hash>) {
        self.bytes(
            name,
            it.map(|it| it.as_bytes().to_vec()).unwrap_or_default(),
        );
    }

    pub(crate) fn when(&mut self, name: &'static str, it: Option<When>) {
        self.text(name, &it.map(|it| it.to_string()).unwrap_or_default());
    }

    pub(crate) fn day(&mut self, name: &'static str, it: Option<PartialDate>) {
        self.when(name, it.map(When::On));
    }

    pub(crate) fn word<T>(&mut self, name: &'static str, words: &Words<T>, it: T)
    where
        T: Copy + PartialEq,
    {
        let word = Value::Text(words.word(it).to_owned());
        self.push(name, word, it == words.usual);
    }

    pub(crate) fn coded(&mut self, name: &'static str, it: &Coded) {
        self.text(name, &packed::coded(it));
    }

    pub(crate) fn seen(&mut self, name: &'static str, it: Option<&Seen>) {
        self.text(name, &it.map(packed::value).unwrap_or_default());
    }

    /// A list of which each item is one value.
    pub(crate) fn values(&mut self, name: &'static str, of: Vec<Value>) {
        let item = |value| {
            let mut fields = Self::default();
            fields.push("", value, false);
            fields
        };
        self.list(name, of.into_iter().map(item));
    }

    /// A list of texts.
    pub(crate) fn texts(&mut self, name: &'static str, of: Vec<String>) {
        self.values(name, of.into_iter().map(Value::Text).collect());
    }

    /// A list of which each item has fields. The first field of an item is always written,
    /// so that an item is there even when nothing is said in it.
    pub(crate) fn list(&mut self, name: &'static str, of: impl Iterator<Item = Self>) {
        let written = |mut item: Self| {
            item.singles
                .iter_mut()
                .take(1)
                .for_each(|it| it.usual = false);
            item.singles
        };
        let items = of.map(written).collect();
        self.lists.push(List { name, items });
    }

    fn push(&mut self, name: &'static str, value: Value, usual: bool) {
        self.singles.push(Field { name, value, usual });
    }
}

fn hex(bytes: &[u8]) -> String {
    let digits = bytes.iter().map(|byte| format!("{byte:02x}"));
    digits.collect()
}
