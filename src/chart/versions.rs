//! Disagreement as a value: a field that two people set apart from each other, and what one
//! of them decides.

use serde::{Deserialize, Serialize};

use super::{Kind, private};
use crate::{
    ids::{DeviceId, Hash, RecordId, UserId},
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
    /// What stood there before any of them was written; none where nothing did.
    pub before: Option<String>,
}

/// One of the values of a field.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Version {
    /// The value, in words.
    pub value: String,
    /// Who set it, if that session is known.
    pub by: Option<UserId>,
    /// On which machine, if that session is known.
    pub machine: Option<DeviceId>,
    /// When, by the writer's logical clock.
    pub at: Timestamp,
    /// The change that set it, which names this version.
    pub change: Hash,
}

/// What somebody wrote whose session was cut off: shown, and not counting until a clinician
/// adopts it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unconfirmed {
    /// The record's kind.
    pub kind: Kind,
    /// The record.
    pub record: RecordId,
    /// The field's short name; empty for the record as a whole.
    pub field: String,
    /// What was written, in words.
    pub value: String,
    /// What counts meanwhile, in words; none where nothing was written before.
    pub counts: Option<String>,
    /// The change that wrote what counts.
    pub counting: Option<Hash>,
    /// Who wrote it, if that session is known.
    pub by: Option<UserId>,
    /// On which machine, if that session is known.
    pub machine: Option<DeviceId>,
    /// When, by the writer's logical clock.
    pub at: Timestamp,
    /// The change that wrote it.
    pub change: Hash,
}

/// What a person decides about a field.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Choice {
    /// The value that this change set, now or before.
    Keep(Hash),
    /// Another value, as typed.
    Write(String),
    /// None: as if nobody had said anything there.
    Unsay,
}

impl Unconfirmed {
    /// Whether it is letters of a free text, which nobody can adopt or reject.
    pub const fn is_of_text(&self) -> bool {
        !self.field.is_empty() && self.value.is_empty() && self.counts.is_none()
    }
}

private!(Disagreement, Version, Unconfirmed, Choice);

impl Disagreement {
    /// Whether a person may decide which value is right. A signature, and the text that it
    /// was made for, stand as they are.
    pub fn can_be_settled(&self) -> bool {
        let signed = matches!(self.field.as_str(), "sign" | "sec");
        !(self.kind == Kind::Note && signed)
    }

    /// The names of its versions.
    pub fn seen(&self) -> Vec<Hash> {
        self.versions.iter().map(|it| it.change).collect()
    }
}
