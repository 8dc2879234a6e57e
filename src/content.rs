//! What is known apart from any patient: vital signs and their ranges, units, diagnoses,
//! phrases. Every table is compiled in from `assets/`; `assets/README.md` names the source and
//! licence of each.

mod decimal;
mod icd10;
mod index;
mod phrases;
mod units;
mod vitals;

pub use decimal::{Decimal, NotADecimal};
pub use icd10::{Hit, Icd10};
pub use phrases::Phrase;
pub use units::{convert, shown_unit, typed_units};
pub use vitals::{Body, Level, Limits, Vital};
