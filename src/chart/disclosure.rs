//! What of a chart somebody was let see, as the patient is told of it.

use super::private;
use crate::time::Moment;

/// One time that something of a chart was given, printed or opened. Words that nobody said
/// are empty.
#[derive(Clone, PartialEq, Eq)]
pub struct Disclosure {
    /// When, by the wall clock there.
    pub at: Moment,
    /// What was done.
    pub did: Did,
    /// With which part of the chart, or in which form.
    pub what: String,
    /// To whom, or where a file went.
    pub to: String,
    /// For what reason.
    pub why: String,
    /// Who did it.
    pub by: String,
}

/// What was done with a part of a chart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Did {
    /// It was opened to another organisation, or that was taken back.
    Shared,
    /// It was brought out of the clinic's keeping as a file.
    Exported,
    /// It was printed.
    Printed,
    /// It was written down what the patient agreed to, refused or withdrew.
    Consent,
    /// It was opened with a reason alone.
    Opened,
}

private!(Disclosure);
