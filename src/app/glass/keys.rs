//! The rows of the key table where a reason is given, and in the owners' list.

use super::Action;
use crate::{
    app::{
        Key, Place, Press,
        keymap::{self, Context, Row},
    },
    chart::who,
};

/// The rows of the key table where a reason is given, and in the owners' list.
pub const KEYS: &[Row] = &[
    Row::hinted(
        Context::Reason,
        &[Key::Enter],
        keymap::Action::Press(Press::Accept),
        "reason-accept",
        "hint-open-chart",
    ),
    Row::hinted(
        Context::Sync,
        &[Key::Char('v')],
        keymap::Action::Go(Place::Reviews),
        "reviews-key",
        "reviews-hint",
    )
    .needing(who::Action::Administer),
    Row::hinted(
        Context::Reviews,
        &[Key::Char('r')],
        keymap::Action::Glass(Action::Reviewed),
        "reviews-reviewed",
        "reviews-hint-reviewed",
    )
    .needing(who::Action::Administer),
];
