//! Where a record stands in a document: the keys of the root map.

use std::ops::Range;

use crate::{
    chart::{Kind, Origin, Record},
    ids::RecordId,
};

/// The place of one record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Place {
    pub(crate) kind: Kind,
    pub(crate) id: RecordId,
}

/// What a key of the root map names.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Named<'a> {
    /// A record with a map of its own.
    Whole(Place),
    /// One field of a record that has none.
    Field(Place, &'a str),
}

impl Place {
    pub(crate) fn of(record: &Record) -> Self {
        Self {
            kind: record.kind(),
            id: record.entry().id,
        }
    }

    /// The key of the record's map.
    pub(crate) fn key(self) -> String {
        format!("{}/{}", self.kind.key(), self.id)
    }

    /// All keys of the record: `0` comes right after `/`.
    pub(crate) fn range(self) -> Range<String> {
        let prefix = self.prefix();
        let from = prefix.trim_end_matches('/');
        from.to_owned()..format!("{from}0")
    }

    /// What begins the keys of the record's fields where it has no map.
    pub(crate) fn prefix(self) -> String {
        let kind = self.kind.key();
        if self.kind == Kind::Person {
            format!("{kind}/")
        } else {
            format!("{kind}/{}/", self.id)
        }
    }
}

/// Whether the record has a map of its own. A record whose id is computed has none: two
/// machines that create it apart would each make a map, and one map would hide the other.
pub(crate) fn has_own_map(record: &Record) -> bool {
    let computed = matches!(
        record.kind(),
        Kind::Person | Kind::Provider | Kind::ImportRun
    );
    !computed && record.entry().origin == Origin::Own
}

/// What this key names, if it is one that Cairn writes.
pub(crate) fn read(key: &str) -> Option<Named<'_>> {
    let (word, rest) = key.split_once('/')?;
    let kind = Kind::ALL.into_iter().find(|it| it.key() == word)?;
    if kind == Kind::Person {
        let id = RecordId::ZERO;
        return Some(Named::Field(Place { kind, id }, rest));
    }
    match rest.split_once('/') {
        None => {
            let id = read_id(rest)?;
            Some(Named::Whole(Place { kind, id }))
        }
        Some((id, field)) => {
            let id = read_id(id)?;
            Some(Named::Field(Place { kind, id }, field))
        }
    }
}

/// The id in these digits, if they are written as Cairn writes them.
fn read_id(digits: &str) -> Option<RecordId> {
    let ours = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    digits.bytes().all(ours).then(|| digits.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_names_its_record_and_field() {
        let id = RecordId::from_bytes([0x3f; 16]);
        let kind = Kind::Observation;
        let place = Place { kind, id };
        assert_eq!(read(&place.key()), Some(Named::Whole(place)));
        let key = format!("{}v", place.prefix());
        assert_eq!(read(&key), Some(Named::Field(place, "v")));
    }

    #[test]
    fn the_person_stands_without_an_id() {
        let (kind, id) = (Kind::Person, RecordId::ZERO);
        let named = Named::Field(Place { kind, id }, "birth");
        assert_eq!(read("person/birth"), Some(named));
    }

    #[test]
    fn a_key_of_something_else_is_none() {
        let upper = format!("obs/{}", "3F".repeat(16));
        for key in [
            "", "obs", "obs/", "obs/xyz", "other/3f", "/", "obs/3f/v", &upper,
        ] {
            assert_eq!(read(key), None, "for {key:?}");
        }
    }
}
