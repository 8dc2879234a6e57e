//! What stands for what: a byte for each kind of operation, each kind of record and each
//! field. They are part of the format: new ones go to the end.

use crate::chart::Kind;

/// An operation of any kind, told in full.
pub(super) const OTHER: u8 = 0;
/// A field whose value is no text: name, value.
pub(super) const TYPED: u8 = 1;
/// Who wrote the record, where and when, as far as the envelope does not say it.
pub(super) const ENTRY: u8 = 2;
/// A free text that begins here, with all its letters: name, text.
pub(super) const PROSE: u8 = 3;
/// Letters put into a free text, each after the one before: text object, place, letters.
pub(super) const LETTERS: u8 = 4;
/// In the place of a name that has no byte: text.
pub(super) const NAMED: u8 = 5;
/// The first kind of record that has a map: name of the record.
pub(super) const RECORD: u8 = 8;
/// The first kind of record whose fields stand at the root: name of the record.
pub(super) const SPREAD: u8 = 40;
/// The first name of a field, whose value is a text.
pub(super) const FIELD: u8 = 72;

const KINDS: &[Kind] = &[
    Kind::Person,
    Kind::Provider,
    Kind::Allergy,
    Kind::NoKnownAllergies,
    Kind::Problem,
    Kind::Medication,
    Kind::Immunization,
    Kind::Procedure,
    Kind::Plan,
    Kind::Visit,
    Kind::Note,
    Kind::Observation,
    Kind::Report,
    Kind::Document,
    Kind::ImportRun,
    Kind::Consent,
    Kind::Outcome,
    Kind::Referral,
];

const FIELDS: &[&str] = &[
    "abated",
    "absent",
    "act.0",
    "act.1",
    "address",
    "adds",
    "birth",
    "bytes",
    "cat",
    "class",
    "clin",
    "code",
    "comp.0.c",
    "comp.0.v",
    "comp.1.c",
    "comp.1.v",
    "concl",
    "contacts.0",
    "contacts.1",
    "crit",
    "date",
    "deceased",
    "district",
    "dose",
    "dur",
    "dx.0",
    "dx.1",
    "dx.2",
    "dx.3",
    "e",
    "end",
    "err",
    "exp",
    "flag",
    "freq",
    "id",
    "ids.0",
    "ids.1",
    "ids.2",
    "instr",
    "intol",
    "issued",
    "kind",
    "language",
    "list",
    "lot",
    "maker",
    "media",
    "method",
    "name",
    "names.0",
    "names.1",
    "not",
    "obs.0",
    "obs.1",
    "obs.2",
    "obs.3",
    "onset",
    "order",
    "outcome",
    "over",
    "payer",
    "phone",
    "phone2",
    "phr.0",
    "phr.1",
    "place",
    "prn",
    "qty",
    "range",
    "react",
    "react.0.m",
    "react.0.sev",
    "react.1.m",
    "react.1.sev",
    "reason",
    "rem",
    "repl",
    "route",
    "sec.0.n",
    "sec.0.t",
    "sec.1.n",
    "sec.1.t",
    "sec.2.n",
    "sec.2.t",
    "sec.3.n",
    "sec.3.t",
    "sev",
    "sex",
    "sign",
    "site",
    "size",
    "start",
    "status",
    "title",
    "v",
    "ver",
    "village",
    "visit",
    "when",
    "who",
    "card",
    "dec",
    "how",
    "off",
    "over.0",
    "parts.0",
    "parts.1",
    "parts.2",
    "purp",
    "since",
    "state",
    "to",
    "upto",
    "wit",
    "att",
    "done",
    "from",
    "made.0",
    "prop",
    "why",
    "letter",
    "quest",
    "reply",
    "theirs",
    "urg",
];

pub(super) fn kind_byte(first: u8, kind: Kind) -> Option<u8> {
    let place = KINDS.iter().position(|it| *it == kind)?;
    first.checked_add(u8::try_from(place).ok()?)
}

pub(super) fn kind_of(first: u8, byte: u8) -> Option<Kind> {
    let place = byte.checked_sub(first)?;
    KINDS.get(usize::from(place)).copied()
}

pub(super) fn field_byte(name: &str) -> Option<u8> {
    let place = FIELDS.iter().position(|it| *it == name)?;
    FIELD.checked_add(u8::try_from(place).ok()?)
}

pub(super) fn field_of(byte: u8) -> Option<&'static str> {
    let place = byte.checked_sub(FIELD)?;
    FIELDS.get(usize::from(place)).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_and_every_field_has_a_byte_of_its_own() {
        for kind in Kind::ALL {
            for first in [RECORD, SPREAD] {
                let byte = kind_byte(first, kind).unwrap();
                assert_eq!(kind_of(first, byte), Some(kind));
            }
        }
        assert!(usize::from(SPREAD - RECORD) >= KINDS.len());
        for name in FIELDS {
            assert_eq!(field_byte(name).and_then(field_of), Some(*name));
        }
    }
}
