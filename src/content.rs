//! What is known apart from any patient: vital signs and their ranges, units, diagnoses,
//! medicines, vaccines, allergens, phrases. Every table is compiled in from `assets/`; `assets/README.md` names the source and
//! licence of each.

mod allergens;
mod decimal;
mod drug_names;
mod icd10;
mod index;
mod medicines;
mod phrases;
mod units;
mod vaccines;
mod vitals;

pub use allergens::{Allergen, ReactionSign};
pub use decimal::{Decimal, NotADecimal};
pub use drug_names::DrugsNamed;
pub use icd10::{Hit, Icd10};
pub use medicines::Medicine;
pub use phrases::Phrase;
pub use units::{convert, shown_unit, typed_units};
pub use vaccines::Vaccine;
pub use vitals::{Body, Level, Limits, Vital, vital_signs_page};
