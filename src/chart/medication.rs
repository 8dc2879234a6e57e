//! A drug that was asked for, or that a person is known to take (FHIR `MedicationRequest`,
//! `MedicationStatement`).

use serde::{Deserialize, Serialize};

use super::{Coded, Entry, private_record};
use crate::{ids::RecordId, time::When};

/// A drug with how it is taken.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Medication {
    /// What every record has.
    pub entry: Entry,
    /// Prescribed here, or told.
    pub kind: MedKind,
    /// The drug, with its strength and form in the words.
    pub code: Coded,
    /// Where it stands.
    pub status: MedStatus,
    /// How much at a time, such as `1 tablet`.
    pub dose: String,
    /// By which way, such as `oral`.
    pub route: String,
    /// How often, such as `tds`.
    pub frequency: String,
    /// For how long, such as `5d`.
    pub duration: String,
    /// Whether it is taken only as needed.
    pub as_needed: bool,
    /// From when.
    pub start: Option<When>,
    /// Until when, or when it was stopped.
    pub end: Option<When>,
    /// How much in all, such as `15 tablet`.
    pub quantity: String,
    /// Why it is taken.
    pub reason: Coded,
    /// Anything more that the patient or the pharmacy must know; why it was stopped.
    pub instructions: String,
    /// Why a warning was set aside, if one was.
    pub overridden: String,
    /// The visit at which it was prescribed.
    pub visit: Option<RecordId>,
}

/// Where the knowledge of a drug comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum MedKind {
    /// Prescribed (`MedicationRequest`).
    #[default]
    Request,
    /// Known to be taken (`MedicationStatement`).
    Statement,
}

/// Where a drug stands (FHIR `medicationrequest-status`, shortened).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum MedStatus {
    /// Taken now.
    #[default]
    Active,
    /// Paused.
    OnHold,
    /// Course over.
    Completed,
    /// Ended before its time.
    Stopped,
    /// Never begun.
    Cancelled,
}

private_record!(Medication);

impl Medication {
    /// Whether it counts as taken: the safety checks and the chart's "drugs now" ask this.
    pub const fn is_taken(&self) -> bool {
        !self.entry.in_error
            && matches!(self.status, MedStatus::Active | MedStatus::OnHold)
    }
}
