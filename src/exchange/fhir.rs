//! FHIR R4 in: Bundles (transaction, collection, document, searchset), single resources and
//! NDJSON, told apart by their content.
//!
//! A file is read twice. [`Survey::take_in`] checks all of its syntax and learns what other
//! entries refer to; [`read`] then hands on every entry as an [`Item`]. Neither holds more
//! than one entry in memory, so a file may be of any length.

mod allergy;
mod called;
mod composition;
mod condition;
mod document;
mod dosage;
mod encounter;
mod entry;
mod exactly;
mod immunization;
mod limit;
mod medication;
mod node;
mod observation;
pub mod out;
mod patient;
mod plan;
mod procedure;
mod provider;
mod reference;
mod referral;
mod report;
mod resource;
mod stream;
mod survey;
#[cfg(test)]
mod testing;
mod types;
mod value;

use std::{
    fmt,
    io::{self, Read},
    ops::ControlFlow,
};

pub use composition::sections_in_words;
pub use patient::same_person;
pub use survey::{FileNo, Survey};

use self::out::own_name as kept_name;
use crate::{
    chart::{Person, Record, Subject},
    ids::{ImportId, LogId, PatientId, UserId},
    time::Moment,
};

/// The most bytes that one resource or one entry of a Bundle may have. A chart's largest
/// entries are scanned papers; longer ones refuse the file.
pub const ENTRY_BYTES_MAX: usize = 16 * 1024 * 1024;

/// The most bytes of an attached paper that are handed on. A longer one stays in the source,
/// and a problem says so.
pub const ATTACHMENT_BYTES_MAX: usize = 8 * 1024 * 1024;

/// The most resources that one import may have: what the survey remembers of each must fit
/// in memory. An import with more is refused and can be split.
pub const RESOURCES_MAX: u64 = 2_000_000;

/// Computes the id of an imported thing from its source system, its FHIR type and its id
/// there. The three parts must be kept apart, and the same parts give the same id for ever.
pub type Namer<'a> = &'a dyn Fn(&str, &str, &str) -> [u8; 16];

/// What reading needs from outside.
#[derive(Clone, Copy)]
pub struct Setting<'a> {
    /// Computes ids.
    pub name: Namer<'a>,
    /// Whether a patient who is not in the input is on file.
    pub known_patient: &'a dyn Fn(PatientId) -> bool,
    /// What stands in every record.
    pub stamp: Stamp,
}

/// What stands in every record of an import.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stamp {
    /// When a record was written down, where the source does not say.
    pub recorded: Moment,
    /// Who imports.
    pub by: UserId,
    /// On which machine.
    pub machine: LogId,
    /// The run.
    pub import: ImportId,
}

/// What became of one entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Item {
    /// It is a record now.
    Taken(Box<Taken>),
    /// It holds names or codes that stand in the records of others.
    Named(Named),
    /// It is not kept.
    Skipped(Skipped),
}

/// An entry that is a record now.
#[derive(Clone, PartialEq, Eq)]
pub struct Taken {
    /// Whose record it is.
    pub subject: Subject,
    /// The record. The hash of the kept raw source is left for the caller to set.
    pub record: Record,
    /// The resource's type.
    pub type_name: &'static str,
    /// Where it stands in the file.
    pub place: String,
    /// The whole resource as compact JSON.
    pub raw: Vec<u8>,
    /// The bytes of a document.
    pub attachment: Option<Vec<u8>>,
    /// The fields that could not be read.
    pub problems: Vec<Problem>,
    /// How many elements of the resource no field of the record stands for.
    pub unread: usize,
}

/// An entry whose content is in the chart through others: a `Medication` through the
/// prescriptions, a `Location` through the visits that name it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// The resource's type.
    pub type_name: &'static str,
    /// Where it stands in the file.
    pub place: String,
}

/// An entry that is not kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Skipped {
    /// The resource's type; `?` when it has none.
    pub type_name: String,
    /// Where it stands in the file.
    pub place: String,
    /// Why, without patient data.
    pub why: &'static str,
}

/// A field that could not be read and was left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Where it stands in the file.
    pub place: String,
    /// The rule that it breaks, without patient data.
    pub rule: &'static str,
}

/// A file that is not taken at all.
#[derive(thiserror::Error)]
#[error("{rule}, at {place}")]
pub struct Refused {
    /// The file, as the caller named it.
    pub file: String,
    /// Where in it.
    pub place: String,
    /// The rule that it breaks.
    pub rule: Rule,
}

/// Why a file is not taken.
#[derive(Debug, thiserror::Error)]
pub enum Rule {
    /// The file cannot be read.
    #[error("the file cannot be read: {0}")]
    Unreadable(io::Error),
    /// The file is no JSON, or ends too early.
    #[error("not JSON: {0}")]
    NotJson(String),
    /// An entry is longer than [`ENTRY_BYTES_MAX`].
    #[error("an entry is longer than 16 MiB")]
    TooLong,
    /// Lists and objects are nested too deep.
    #[error("nested deeper than 128 levels")]
    TooDeep,
    /// JSON, but no FHIR resource.
    #[error("not FHIR R4 in JSON: {0}")]
    NotFhir(&'static str),
    /// A Bundle of a type that holds no records to keep.
    #[error(
        "a Bundle of type {0} is not taken, only transaction, collection, document and \
         searchset"
    )]
    BundleType(&'static str),
    /// More than one import can hold.
    #[error("more than one import can hold: split the input")]
    TooMany,
}

/// Hands every entry of a surveyed file to `sink`, until it breaks off. Entries come in the
/// order of the file: a patient's records may come before the patient.
pub fn read(
    input: impl Read,
    file: FileNo,
    survey: &Survey,
    setting: &Setting<'_>,
    sink: &mut dyn FnMut(Item) -> ControlFlow<()>,
) -> Result<ControlFlow<()>, Refused> {
    let place = entry::Place {
        survey,
        setting,
        file,
    };
    stream::walk(input, &mut |piece| match piece {
        stream::Piece::Entry(entry) => match sink(place.item(entry)) {
            ControlFlow::Continue(()) => Ok(()),
            ControlFlow::Break(()) => Err(stream::Stop::Enough),
        },
        stream::Piece::Bundle { .. } => Ok(()),
    })
    .map_err(|(place, rule)| Refused {
        file: survey.file_name(file).to_owned(),
        place,
        rule,
    })
}

/// Reads a whole input that is held, and takes nothing: whether it is FHIR that can be taken.
pub fn check(name: &str, input: &[u8]) -> Result<(), Refused> {
    let mut survey = Survey::new(None);
    survey.take_in(name, input, &kept_name).map(|_| ())
}

/// The person of the first patient in an input that is held.
pub fn first_person(input: &[u8]) -> Option<Person> {
    let mut survey = Survey::new(None);
    let file = survey.take_in("", input, &kept_name).ok()?;
    let setting = Setting {
        name: &kept_name,
        known_patient: &|_| false,
        stamp: Stamp {
            recorded: Moment::default(),
            by: UserId::ZERO,
            machine: LogId::ZERO,
            import: ImportId::ZERO,
        },
    };
    let mut found = None;
    let mut sink = |item| match item {
        Item::Taken(taken) => {
            if let Record::Person(person) = taken.record {
                found = Some(person);
                return ControlFlow::Break(());
            }
            ControlFlow::Continue(())
        }
        Item::Named(_) | Item::Skipped(_) => ControlFlow::Continue(()),
    };
    let _ended = read(input, file, &survey, &setting, &mut sink).ok()?;
    found
}

impl fmt::Debug for Setting<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Setting({:?})", self.stamp.import)
    }
}

impl fmt::Debug for Taken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Taken({}, {:?})", self.type_name, self.record)
    }
}

impl fmt::Debug for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Refused({:?}, {:?})", self.place, self.rule)
    }
}

#[cfg(test)]
mod tests {
    use super::{
        testing::{name, setting},
        *,
    };

    const TEXT: &str = r#"{"resourceType":"Organization","id":"o","name":"O"}
        {"resourceType":"Patient","id":"p"}
        {"resourceType":"Patient","id":"q"}"#;

    #[test]
    fn reading_can_be_broken_off() {
        let mut survey = Survey::new(None);
        let file = survey.take_in("a", TEXT.as_bytes(), &name).unwrap();
        let setting = setting(&|_| false);
        let mut places = Vec::new();
        let mut sink = |item| {
            let Item::Taken(it) = item else { panic!() };
            places.push(it.place);
            ControlFlow::Break(())
        };
        let ended = read(TEXT.as_bytes(), file, &survey, &setting, &mut sink).unwrap();
        assert!(ended.is_break());
        assert_eq!(places, ["line 1"]);
    }

    #[test]
    fn a_file_that_changed_between_the_readings_is_not_trusted() {
        let mut survey = Survey::new(None);
        let file = survey.take_in("a", TEXT.as_bytes(), &name).unwrap();
        let setting = setting(&|_| false);
        let other = r#"{"resourceType":"Patient","id":"new"}"#.as_bytes();
        let mut why = "";
        let ended = read(other, file, &survey, &setting, &mut |item| {
            let Item::Skipped(it) = item else { panic!() };
            why = it.why;
            ControlFlow::Continue(())
        });
        assert!(ended.unwrap().is_continue());
        assert_eq!(why, "it was not there when the file was first read");
    }
}
