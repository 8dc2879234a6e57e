//! Disagreement as a value: a field that two people set apart from each other.

use serde::{Deserialize, Serialize};

use super::{Kind, private};
use crate::{
    ids::{RecordId, UserId},
    time::Timestamp,
};

/// A field that holds more than one value. The chart shows the first.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Disagreement {
    /// The record's kind.
    pub kind: Kind,
    /// The record.
    pub record: RecordId,
    /// The field's short name in the document, such as `birth`.
    pub field: String,
    /// All values, the shown one first; the others by time and then by hash, so that all
    /// machines list them alike.
    pub versions: Vec<Version>,
}

/// One of the values of a field.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Version {
    /// The value, in words.
    pub value: String,
    /// Who set it, if that session is known.
    pub by: Option<UserId>,
    /// When, by the writer's logical clock.
    pub at: Timestamp,
}

private!(Disagreement, Version);
