//! Something done to or for a person (FHIR `Procedure`).

use serde::{Deserialize, Serialize};

use super::{Coded, Entry, private_record};
use crate::{ids::RecordId, time::When};

/// One procedure.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Procedure {
    /// What every record has.
    pub entry: Entry,
    /// What was done.
    pub code: Coded,
    /// FHIR `event-status`: `completed`, `not-done`, `in-progress` …
    pub status: String,
    /// When it began.
    pub start: Option<When>,
    /// When it ended.
    pub end: Option<When>,
    /// Why.
    pub reason: Coded,
    /// How it went, in words.
    pub outcome: String,
    /// The visit at which it was done.
    pub visit: Option<RecordId>,
}

private_record!(Procedure);
