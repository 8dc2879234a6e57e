//! The summary's rows of the key table.

use super::Action;
use crate::{
    app::{
        Key, Place, Press, Tab,
        keymap::{self, Context, Row},
    },
    chart::who,
};

/// The summary's rows of the key table.
pub const KEYS: &[Row] = &[
    Row::hinted(
        Context::Summary,
        &[Key::Enter],
        keymap::Action::Press(Press::Accept),
        "summary-open",
        "hint-open",
    ),
    Row::hinted(
        Context::Summary,
        &[Key::Tab, Key::F(6)],
        keymap::Action::Press(Press::NextPane),
        "summary-next",
        "hint-next-pane",
    ),
    Row::new(
        Context::Summary,
        &[Key::BackTab, Key::ShiftF(6)],
        keymap::Action::Press(Press::PreviousPane),
        "summary-previous",
    ),
    Row::new(
        Context::Summary,
        &[Key::Left, Key::Right],
        keymap::Action::Summary(Action::Across),
        "summary-across",
    ),
    Row::new(
        Context::Summary,
        &[Key::Char('e')],
        keymap::Action::Go(Place::Details(Tab::Chart)),
        "details-key",
    )
    .needing(who::Action::WriteIdentity),
    Row::new(
        Context::Summary,
        &[Key::Char('r')],
        keymap::Action::Summary(Action::Compare),
        "compare-chart-key",
    ),
];
