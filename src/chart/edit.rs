//! Every change that a person can make to a chart, as a value.

use serde::{Deserialize, Serialize};

use super::{Choice, Entry, Part, Record};
use crate::ids::{Hash, PatientId, UserId};

/// Whose documents a change belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Subject {
    /// A patient.
    Patient(PatientId),
    /// The clinic itself.
    Clinic,
    /// A patient, as a provider of another clinic proposes.
    Inbox {
        /// Of whom.
        patient: PatientId,
        /// Whose inbox.
        provider: UserId,
    },
}

/// One change of one record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Edit {
    /// A record that was not there. Adding one that is there changes nothing.
    Add(Box<Record>),
    /// Of the record that the person saw as `before`, the fields that are different in
    /// `after`; what others changed meanwhile stays.
    Change {
        /// What the person saw.
        before: Box<Record>,
        /// What it should be.
        after: Box<Record>,
    },
    /// One value for a field, in the place of all that stand there.
    Settle {
        /// The record as the person saw it.
        record: Box<Record>,
        /// The field's short name in the document.
        field: String,
        /// The versions that the person saw. Where others stand by now, nothing is written.
        seen: Vec<Hash>,
        /// What is to stand there.
        choice: Choice,
    },
}

impl Edit {
    /// A record that was not there.
    pub fn add(record: Record) -> Self {
        Self::Add(Box::new(record))
    }

    /// The fields in which `after` differs from `before`.
    pub fn change(before: Record, after: Record) -> Self {
        Self::Change {
            before: Box::new(before),
            after: Box::new(after),
        }
    }

    /// The record as it will stand; of a field that is settled, as the person saw it.
    pub fn record(&self) -> &Record {
        match self {
            Self::Add(record)
            | Self::Change { after: record, .. }
            | Self::Settle { record, .. } => record,
        }
    }

    /// The document of a patient or of the clinic that the change belongs to.
    pub fn part(&self) -> Part {
        self.record().part()
    }

    /// Marks a record as entered in error.
    pub fn entered_in_error(before: Record, why: &str) -> Self {
        let mut after = before.clone();
        let entry = after.entry_mut();
        entry.in_error = true;
        why.clone_into(&mut entry.remark.0);
        Self::change(before, after)
    }

    /// Corrects a record: a new one that replaces it, and the old one entered in error.
    pub fn correction(before: Record, entry: Entry, mut corrected: Record) -> [Self; 2] {
        let replaced = before.entry().id;
        *corrected.entry_mut() = Entry {
            replaces: Some(replaced),
            restricted: before.entry().restricted,
            ..entry
        };
        [Self::add(corrected), Self::entered_in_error(before, "")]
    }
}
