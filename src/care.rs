//! The rules: what is typed at the bedside read into values, and values judged. Pure functions
//! over what a chart says and what is known.

mod allergy;
mod bmi;
pub mod consent;
pub mod dose_line;
mod duplicate;
mod emergency;
mod flags;
pub mod phrases;
mod reason;
mod rounds;
mod token;
mod trend;
pub mod vitals_line;

pub use allergy::{Clash, Likeness, NotKnown, clashes};
pub use bmi::{Build, bmi, build};
pub use duplicate::taken_already;
pub use emergency::EmergencyView;
pub use flags::{judge, number_of};
pub use reason::{IN_CARE_DAYS, is_in_care};
pub use rounds::{Round, Taken, body_of, flag_of, measures, rounds};
pub use trend::{Point, least_span, series, steps};
