//! `cairn` alone: the terminal program.

use super::{Failure, Workplace};

/// Opens the screen.
pub(super) fn open(_place: &Workplace) -> Result<(), Failure> {
    Err(Failure::usage("the screen cannot be opened").hint("see `cairn --help`"))
}
