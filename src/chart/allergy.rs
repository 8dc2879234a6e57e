//! An allergy or intolerance (FHIR `AllergyIntolerance`), and the four states of asking.

use serde::{Deserialize, Serialize};

use super::{Clinical, Coded, Entry, Verification, private, private_record};
use crate::time::{Moment, When};

/// A substance that this person must not meet.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Allergy {
    /// What every record has.
    pub entry: Entry,
    /// The substance.
    pub code: Coded,
    /// Whether it holds now.
    pub clinical: Clinical,
    /// How sure it is.
    pub verification: Verification,
    /// Whether it is called an intolerance rather than an allergy.
    pub intolerance: bool,
    /// `food`, `medication`, `environment`, `biologic`, or empty.
    pub category: String,
    /// How dangerous the next exposure may be.
    pub criticality: Criticality,
    /// Since when.
    pub onset: Option<When>,
    /// What happened.
    pub reactions: Vec<Reaction>,
}

/// What happened at an exposure.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reaction {
    /// What was seen.
    pub manifestation: Coded,
    /// How bad it was.
    pub severity: Option<Severity>,
}

/// How bad a reaction was (FHIR `reaction-event-severity`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Severity {
    /// Mild.
    Mild,
    /// Moderate.
    Moderate,
    /// Severe.
    Severe,
}

/// How dangerous the next exposure may be (FHIR `allergy-intolerance-criticality`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Criticality {
    /// Not judged.
    #[default]
    Unknown,
    /// Low.
    Low,
    /// High.
    High,
}

/// A person was asked, and named no allergy.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoKnownAllergies {
    /// What every record has; when it was recorded is when it was asked.
    pub entry: Entry,
}

/// What the banner says of allergies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AllergyState<'a> {
    /// There are some; the most dangerous first.
    Some(Vec<&'a Allergy>),
    /// Asked, none known.
    NoneKnown {
        /// When that was.
        asked: Moment,
    },
    /// Nobody asked yet.
    NotAsked,
    /// Nothing here, and a machine that may know more has not been heard.
    NotReceived,
}

private_record!(Allergy);
private_record!(NoKnownAllergies);
private!(Reaction);

impl Allergy {
    /// The worst severity among the reactions.
    pub fn severity(&self) -> Option<Severity> {
        self.reactions.iter().filter_map(|it| it.severity).max()
    }

    /// Whether it counts: not entered in error, not refuted, not over.
    pub fn counts(&self) -> bool {
        !self.entry.in_error
            && self.verification != Verification::Refuted
            && !matches!(self.clinical, Clinical::Resolved | Clinical::Inactive)
    }
}
