//! A vaccine given, or not given and why (FHIR `Immunization`).

use serde::{Deserialize, Serialize};

use super::{Coded, Entry, private_record};
use crate::{ids::RecordId, time::When};

/// One dose of a vaccine.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Immunization {
    /// What every record has.
    pub entry: Entry,
    /// The vaccine, as CVX where it has a code.
    pub vaccine: Coded,
    /// When it was given, or should have been.
    pub date: Option<When>,
    /// Lot number.
    pub lot: String,
    /// Manufacturer, as MVX where it has a code.
    pub maker: String,
    /// Expiry date of the lot, as printed.
    pub expiry: String,
    /// Where on the body.
    pub site: String,
    /// By which way.
    pub route: String,
    /// Which dose of the series.
    pub dose_number: String,
    /// Why it was not given; empty when it was.
    pub not_done: String,
    /// What happened after it.
    pub reaction: String,
    /// The visit at which it was given.
    pub visit: Option<RecordId>,
}

private_record!(Immunization);
