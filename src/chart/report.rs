//! A report on tests or images (FHIR `DiagnosticReport`).

use serde::{Deserialize, Serialize};

use super::{Coded, Entry, private_record};
use crate::{ids::RecordId, time::When};

/// Results that were issued together.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// What every record has.
    pub entry: Entry,
    /// What was examined.
    pub code: Coded,
    /// FHIR `diagnostic-report-status`: `final`, `preliminary`, `amended` …
    pub status: String,
    /// When the sample was taken or the picture made.
    pub when: Option<When>,
    /// When the report was issued.
    pub issued: Option<When>,
    /// The observations it puts together.
    pub observations: Vec<RecordId>,
    /// What it concludes.
    pub conclusion: String,
    /// The visit it belongs to.
    pub visit: Option<RecordId>,
}

private_record!(Report);
