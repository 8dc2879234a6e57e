//! A visit (FHIR `Encounter`).

use serde::{Deserialize, Serialize};

use super::{Coded, Entry, private_record};
use crate::time::When;

/// One contact of a patient with the clinic, or with another place that told us of it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Visit {
    /// What every record has.
    pub entry: Entry,
    /// How the patient was seen.
    pub class: VisitClass,
    /// Where the visit stands.
    pub status: VisitStatus,
    /// When it began.
    pub start: Option<When>,
    /// When it ended.
    pub end: Option<When>,
    /// Why the patient came.
    pub reason: Coded,
    /// What was found to be the matter; the first is the main one.
    pub diagnoses: Vec<Coded>,
    /// Who saw the patient, in words.
    pub practitioner: String,
    /// Where, in words.
    pub place: String,
}

/// How the patient was seen (HL7 v3 `ActCode`: AMB, EMER, IMP, HH, VR).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum VisitClass {
    /// At the clinic.
    #[default]
    Ambulatory,
    /// As an emergency.
    Emergency,
    /// As an inpatient.
    Inpatient,
    /// At home or on outreach.
    Home,
    /// By telephone or video.
    Virtual,
}

/// Where a visit stands (FHIR `Encounter.status`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum VisitStatus {
    /// Expected.
    Planned,
    /// Going on.
    #[default]
    InProgress,
    /// Over.
    Finished,
    /// Did not happen.
    Cancelled,
}

private_record!(Visit);
