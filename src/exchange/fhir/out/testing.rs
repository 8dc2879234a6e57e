//! Writes one record and reads it again, as the tests of this module need it.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::{Directory, Piece, draft::Scene, kept::reread, links, written};
use crate::{
    chart::{Entry, Origin, Record, Remark},
    ids::{ClinicId, Hash, ImportId, LogId, PatientId, RecordId, UserId},
};

pub(super) const PATIENT: PatientId = PatientId::from_bytes([7; 16]);
pub(super) const VISIT: RecordId = RecordId::from_bytes([8; 16]);
pub(super) const DOCTOR: UserId = UserId::from_bytes([9; 16]);

/// The common part of an imported record by somebody.
pub(super) fn entry() -> Entry {
    let recorded = "2026-03-04T10:30:00+03:00".parse().unwrap();
    let mut entry =
        Entry::new(RecordId::from_bytes([1; 16]), recorded, DOCTOR, LogId::ZERO);
    entry.origin = Origin::Imported {
        import: ImportId::ZERO,
        source: Hash::ZERO,
        author: Remark("Dr Okot".to_owned()),
    };
    entry
}

/// The resource of a record, written from the record and what is kept of its source.
pub(super) fn body(record: &Record, raw: Option<&Value>) -> Map<String, Value> {
    let users = BTreeMap::from([(DOCTOR, "Dr Okot".to_owned())]);
    let directory = Directory::new(ClinicId::ZERO, users, &[]);
    let present = BTreeSet::from([VISIT, record.entry().id]);
    let scene = Scene {
        patient: PATIENT,
        directory: &directory,
        present: &present,
    };
    let raw = raw.map(|it| it.as_object().unwrap().clone());
    let raw = raw.map(|it| links::localised(it, &[directory.links()]));
    let piece = Piece {
        record: record.clone(),
        raw: None,
        bytes: None,
    };
    written(&piece, raw, &scene).unwrap().body
}

/// Reads what was written of a record, and asks that it says the same.
#[track_caller]
pub(super) fn comes_back(record: &Record) -> Map<String, Value> {
    let body = body(record, None);
    let read = reread(&body, record.entry());
    let shown = |it: &Record| serde_json::to_value(it).unwrap();
    assert_eq!(
        shown(&read.expect("it is not read")),
        shown(record),
        "{}",
        Value::Object(body)
    );
    body
}
