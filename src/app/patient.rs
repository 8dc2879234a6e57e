//! The open patient: one chart at a time is open to a person, and every screen of the chart
//! reads that one. Opening and saving are the same for all of them.

use std::collections::BTreeMap;

use super::notice::Trouble;
use crate::{
    chart::{Chart, Edit, Section, Subject},
    ids::{PatientId, RecordId, UserId},
};

/// What the screens ask of the shell about charts.
#[derive(Debug)]
pub enum Effect {
    /// Open a chart. The reading is in the audit before the answer comes.
    Open {
        /// The request's number.
        request: u32,
        /// Whose chart.
        patient: PatientId,
    },
    /// Save edits durably.
    Save {
        /// The request's number.
        request: u32,
        /// Whose documents.
        subject: Subject,
        /// The edits, saved together or not at all.
        edits: Vec<Edit>,
    },
    /// Sign a note, if the chart has it as it is shown.
    Sign {
        /// The request's number.
        request: u32,
        /// Whose chart.
        patient: PatientId,
        /// The note.
        note: RecordId,
        /// Its text on the screen.
        shown: Vec<Section>,
    },
    /// The names of these users.
    Names(Vec<UserId>),
}

/// What the shell answers.
#[derive(Debug)]
pub enum Answer {
    /// The chart, as the person may see it.
    Opened {
        /// The request's number.
        request: u32,
        /// The chart, or why not.
        result: Result<Box<Chart>, Trouble>,
    },
    /// The edits are saved here, durably, or nothing of them is.
    Saved {
        /// The request's number.
        request: u32,
        /// The chart as it stands now, when it is a patient's and can be read; or why
        /// nothing is saved.
        result: Result<Option<Box<Chart>>, Trouble>,
    },
    /// The note is signed, durably, or it is not.
    Signed {
        /// The request's number.
        request: u32,
        /// The chart as it stands now; or why the note is not signed.
        result: Result<Option<Box<Chart>>, Trouble>,
    },
    /// The names of users, as far as the person may know them.
    Names(BTreeMap<UserId, String>),
}
