//! A problem or diagnosis (FHIR `Condition`).

use serde::{Deserialize, Serialize};

use super::{Coded, Entry, private_record};
use crate::{ids::RecordId, time::When};

/// Something that is, was or may be the matter.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// What every record has.
    pub entry: Entry,
    /// What it is.
    pub code: Coded,
    /// Whether it is there now.
    pub clinical: Clinical,
    /// How sure it is.
    pub verification: Verification,
    /// Whether it stands on the problem list, or belongs to one visit only.
    pub on_list: bool,
    /// Since when.
    pub onset: Option<When>,
    /// Until when.
    pub abated: Option<When>,
    /// How bad, in words.
    pub severity: String,
    /// Where on the body, in words.
    pub site: String,
    /// The visit at which it was found.
    pub visit: Option<RecordId>,
}

/// Whether a thing is there now (FHIR `condition-clinical`, `allergyintolerance-clinical`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Clinical {
    /// Present.
    #[default]
    Active,
    /// Back again.
    Recurrence,
    /// Quiet for now.
    Remission,
    /// Not present, may come back.
    Inactive,
    /// Gone.
    Resolved,
}

/// How sure a thing is (FHIR `condition-ver-status`, `allergyintolerance-verification`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Verification {
    /// Confirmed.
    #[default]
    Confirmed,
    /// Told or suspected.
    Unconfirmed,
    /// One of several that may explain it.
    Differential,
    /// Looked for and not found.
    Refuted,
}

private_record!(Problem);

impl Clinical {
    /// Whether the thing counts as there now.
    pub const fn is_present(self) -> bool {
        matches!(self, Self::Active | Self::Recurrence)
    }
}
