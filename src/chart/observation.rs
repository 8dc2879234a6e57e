//! Something measured or seen: vital signs, laboratory values, findings (FHIR `Observation`).

use serde::{Deserialize, Serialize};

use super::{Coded, Entry, private, private_record};
use crate::{ids::RecordId, time::When};

/// One observation.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Observation {
    /// What every record has.
    pub entry: Entry,
    /// What was observed, as LOINC where it has a code.
    pub code: Coded,
    /// What sort of observation it is.
    pub category: ObsCategory,
    /// When.
    pub when: Option<When>,
    /// What was seen; none when it was not done or stands in the components.
    pub value: Option<Value>,
    /// Why there is no value, such as `refused`.
    pub absent: String,
    /// Parts, such as systolic and diastolic pressure.
    pub components: Vec<Component>,
    /// Reference range in words, as the laboratory gave it.
    pub range: String,
    /// `L`, `H`, `LL`, `HH`, `A` (HL7 v3 `ObservationInterpretation`), or empty.
    pub flag: String,
    /// How it was taken: position, arm, method.
    pub method: String,
    /// The visit it belongs to.
    pub visit: Option<RecordId>,
    /// The order that asked for it.
    pub order: Option<RecordId>,
}

/// One part of an observation.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Component {
    /// What was observed.
    pub code: Coded,
    /// What was seen.
    pub value: Option<Value>,
}

/// The sorts of observation (FHIR `observation-category`).
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize,
)]
pub enum ObsCategory {
    /// Vital signs.
    #[default]
    VitalSigns,
    /// Laboratory.
    Laboratory,
    /// Imaging.
    Imaging,
    /// Social history.
    SocialHistory,
    /// A questionnaire.
    Survey,
    /// Examination.
    Exam,
    /// Anything else.
    Other,
}

/// What was seen.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Value {
    /// A number with its unit.
    Quantity(Quantity),
    /// One of a list.
    Code(Coded),
    /// Words.
    Text(String),
}

/// A decimal exactly as written, and its UCUM unit (empty: a plain number). `72.50` stays
/// `72.50`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quantity {
    /// The number as written.
    pub value: String,
    /// The UCUM code of the unit.
    pub unit: String,
    /// `<`, `<=`, `>=`, `>` where the value is a bound (FHIR `Quantity.comparator`), or empty.
    pub comparator: String,
}

private_record!(Observation);
private!(Component, Value, Quantity);

impl Observation {
    /// Whether it stands among the results rather than the visits.
    pub const fn is_laboratory(&self) -> bool {
        matches!(
            self.category,
            ObsCategory::Laboratory | ObsCategory::Imaging
        )
    }
}

impl Quantity {
    /// A number in a unit.
    pub fn new(value: impl Into<String>, unit: impl Into<String>) -> Self {
        Self {
            value: value.into(),
            unit: unit.into(),
            comparator: String::new(),
        }
    }

    /// The number, to compare and to draw. Never to store.
    pub fn number(&self) -> Option<f64> {
        self.value.parse().ok().filter(|it: &f64| it.is_finite())
    }
}
