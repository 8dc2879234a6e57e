//! What each kind of record says in a document: its fields, and the record from its fields.
//! `docs/design/documents.md` draws it. A field is never renamed or given another meaning.

mod allergy;
mod consent;
mod document;
mod immunization;
mod medication;
mod note;
mod observation;
mod outcome;
mod person;
mod plan;
mod problem;
mod procedure;
mod provider;
mod referral;
mod report;
mod visit;

pub(crate) use consent::DECISION;
pub(crate) use note::{SECTIONS, SIGNED};

use crate::{
    chart::{Entry, ImportRun, Kind, NoKnownAllergies, Origin, Record, Remark},
    doc::{cells::Cells, fields::Fields, packed},
    ids::{LogId, UserId},
    time::Moment,
};

/// What one kind of record says beyond what all say.
trait Schema: Sized {
    /// Lists the record's own fields.
    fn write(&self, to: &mut Fields);

    /// The record with these fields.
    fn read(entry: Entry, from: &mut Cells<'_>) -> Self;
}

/// Every field of a record.
pub(crate) fn fields(record: &Record) -> Fields {
    let mut to = Fields::default();
    let entry = record.entry();
    to.bytes(ENTRY, packed::entry(entry));
    to.flag(IN_ERROR, entry.in_error);
    to.id("repl", entry.replaces);
    to.prose("rem", &entry.remark.0);
    let outside = packed::outside(&entry.origin);
    to.text(OUTSIDE, &outside.unwrap_or_default());
    match record {
        Record::Person(it) => it.write(&mut to),
        Record::Provider(it) => it.write(&mut to),
        Record::Allergy(it) => it.write(&mut to),
        Record::NoKnownAllergies(_) | Record::ImportRun(_) => {}
        Record::Problem(it) => it.write(&mut to),
        Record::Medication(it) => it.write(&mut to),
        Record::Immunization(it) => it.write(&mut to),
        Record::Procedure(it) => it.write(&mut to),
        Record::Plan(it) => it.write(&mut to),
        Record::Visit(it) => it.write(&mut to),
        Record::Note(it) => it.write(&mut to),
        Record::Observation(it) => it.write(&mut to),
        Record::Report(it) => it.write(&mut to),
        Record::Document(it) => it.write(&mut to),
        Record::Consent(it) => it.write(&mut to),
        Record::Outcome(it) => it.write(&mut to),
        Record::Referral(it) => it.write(&mut to),
    }
    to
}

/// The record with these fields, and what of them could not be read.
pub(crate) fn record(mut from: Cells<'_>) -> (Record, Vec<String>) {
    let entry = entry(&mut from);
    let cells = &mut from;
    let record = match cells.kind {
        Kind::Person => Record::Person(Schema::read(entry, cells)),
        Kind::Provider => Record::Provider(Schema::read(entry, cells)),
        Kind::Allergy => Record::Allergy(Schema::read(entry, cells)),
        Kind::NoKnownAllergies => Record::NoKnownAllergies(NoKnownAllergies { entry }),
        Kind::Problem => Record::Problem(Schema::read(entry, cells)),
        Kind::Medication => Record::Medication(Schema::read(entry, cells)),
        Kind::Immunization => Record::Immunization(Schema::read(entry, cells)),
        Kind::Procedure => Record::Procedure(Schema::read(entry, cells)),
        Kind::Plan => Record::Plan(Schema::read(entry, cells)),
        Kind::Visit => Record::Visit(Schema::read(entry, cells)),
        Kind::Note => Record::Note(Schema::read(entry, cells)),
        Kind::Observation => Record::Observation(Schema::read(entry, cells)),
        Kind::Report => Record::Report(Schema::read(entry, cells)),
        Kind::Document => Record::Document(Schema::read(entry, cells)),
        Kind::ImportRun => Record::ImportRun(ImportRun { entry }),
        Kind::Consent => Record::Consent(Schema::read(entry, cells)),
        Kind::Outcome => Record::Outcome(Schema::read(entry, cells)),
        Kind::Referral => Record::Referral(Schema::read(entry, cells)),
    };
    (record, from.finish())
}

/// Who wrote the record, where, when and from what; never changed.
pub(crate) const ENTRY: &str = "e";
/// Who proposed the record from outside, where somebody did; never changed.
pub(crate) const OUTSIDE: &str = "from";
/// Whether the record was entered in error. Who says so of a record that does not count by
/// itself has looked at it: it counts from then on.
pub(crate) const IN_ERROR: &str = "err";

fn entry(from: &mut Cells<'_>) -> Entry {
    let id = from.id;
    let nobody = || Entry {
        id,
        in_error: false,
        recorded: Moment::default(),
        by: UserId::ZERO,
        machine: LogId::ZERO,
        origin: Origin::Own,
        replaces: None,
        remark: Remark::default(),
        restricted: None,
    };
    let known = from.read_bytes(ENTRY, |it| packed::read_entry(id, it));
    let mut entry = known.unwrap_or_else(nobody);
    entry.in_error = from.flag(IN_ERROR);
    entry.replaces = from.id("repl");
    entry.remark = Remark(from.text("rem"));
    if let Some(outside) = from.read_text(OUTSIDE, packed::read_outside) {
        entry.origin = Origin::Outside(Box::new(outside));
    }
    entry
}
