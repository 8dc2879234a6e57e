//! A plan of care (FHIR `CarePlan`).

use serde::{Deserialize, Serialize};

use super::{Coded, Entry, private_record};
use crate::{ids::RecordId, time::When};

/// What is meant to be done over time.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// What every record has.
    pub entry: Entry,
    /// What the plan is for.
    pub title: Coded,
    /// FHIR `request-status`: `active`, `completed`, `revoked` …
    pub status: String,
    /// From when.
    pub start: Option<When>,
    /// Until when.
    pub end: Option<When>,
    /// What is to be done.
    pub activities: Vec<Coded>,
    /// The visit at which it was made.
    pub visit: Option<RecordId>,
}

private_record!(Plan);
