//! What became of each entry of an import, counted.

use std::collections::BTreeMap;

use crate::{chart::Record, exchange::fhir::Taken};

/// What an import did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Imported {
    /// Files that were read.
    pub files: usize,
    /// Patients who are new.
    pub patients: u64,
    /// Entries whose content is in the chart now and was not before, by resource type.
    pub resources: BTreeMap<String, u64>,
    /// Entries that were there already, by resource type.
    pub matched: BTreeMap<String, u64>,
    /// Entries that were not taken, and fields that were left out of one that was.
    pub skipped: Vec<SkippedEntry>,
}

/// An entry that was not taken, or a part of one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SkippedEntry {
    /// The file.
    pub file: String,
    /// Where in it.
    pub place: String,
    /// The resource's type.
    pub resource: String,
    /// Why, without patient data.
    pub why: String,
    /// Whether the entry itself was taken and only this field was not.
    pub field_only: bool,
}

/// How far an import has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    /// The input is being checked; so many entries were seen.
    Checked {
        /// How many.
        entries: u64,
    },
    /// It is being written; so many entries are done.
    Written {
        /// How many.
        entries: u64,
    },
}

/// The count of a run, and who hears of it.
pub(super) struct Tally<'a> {
    told: &'a mut dyn FnMut(Progress),
    done: Imported,
    entries: u64,
    named: BTreeMap<String, u64>,
}

impl<'a> Tally<'a> {
    pub(super) fn new(told: &'a mut dyn FnMut(Progress)) -> Self {
        Self {
            told,
            done: Imported::default(),
            entries: 0,
            named: BTreeMap::new(),
        }
    }

    pub(super) fn added(&mut self, taken: &Taken) {
        self.entries += 1;
        if matches!(taken.record, Record::Person(_)) {
            self.done.patients += 1;
        }
        *self
            .done
            .resources
            .entry(taken.type_name.to_owned())
            .or_default() += 1;
    }

    pub(super) fn matched(&mut self, type_name: &str) {
        self.entries += 1;
        *self.done.matched.entry(type_name.to_owned()).or_default() += 1;
    }

    /// Counts an entry whose content stands in the records of others.
    pub(super) fn named(&mut self, type_name: &str) {
        self.entries += 1;
        *self.named.entry(type_name.to_owned()).or_default() += 1;
    }

    pub(super) fn skipped(&mut self, file: &str, resource: &str, place: &str, why: &str) {
        self.entries += 1;
        self.done.skipped.push(SkippedEntry {
            file: file.to_owned(),
            place: place.to_owned(),
            resource: resource.to_owned(),
            why: why.to_owned(),
            field_only: false,
        });
    }

    /// Notes the fields of an entry that could not be read.
    pub(super) fn partly_read(&mut self, file: &str, taken: &Taken) {
        self.done
            .skipped
            .extend(taken.problems.iter().map(|it| SkippedEntry {
                file: file.to_owned(),
                place: it.place.clone(),
                resource: taken.type_name.to_owned(),
                why: it.rule.to_owned(),
                field_only: true,
            }));
    }

    pub(super) fn tell(&mut self) {
        (self.told)(Progress::Written {
            entries: self.entries,
        });
    }

    /// Whether nothing was added.
    pub(super) fn is_empty(&self) -> bool {
        self.done.resources.is_empty()
    }

    /// The outcome. What stands in the records of others came with them, or was there with
    /// them.
    pub(super) fn finish(self, files: usize) -> Imported {
        let mut done = Imported { files, ..self.done };
        let with = if done.resources.is_empty() {
            &mut done.matched
        } else {
            &mut done.resources
        };
        with.extend(self.named);
        done
    }
}
