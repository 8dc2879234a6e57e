//! The vaccines' rows of the key table.

use crate::{
    app::{
        Key, Press,
        keymap::{self, Context, Row},
        records::Action,
    },
    chart::who,
};

const WRITE: who::Action = who::Action::Immunize;

/// The vaccines' rows of the key table.
pub const KEYS: &[Row] = &[
    Row::hinted(
        Context::Immunizations,
        &[Key::Char('i'), Key::Char('+'), Key::Ctrl('n')],
        keymap::Action::Press(Press::New),
        "vaccine-given-key",
        "vaccine-hint-given",
    )
    .needing(WRITE),
    Row::hinted(
        Context::Immunizations,
        &[Key::Char('x')],
        keymap::Action::Records(Action::NotGiven),
        "vaccine-not-given-key",
        "vaccine-hint-not-given",
    )
    .needing(WRITE),
    Row::hinted(
        Context::Immunizations,
        &[Key::Enter],
        keymap::Action::Press(Press::Accept),
        "vaccine-change-key",
        "hint-change",
    )
    .needing(WRITE),
    Row::hinted(
        Context::Immunizations,
        &[Key::Char('e')],
        keymap::Action::Records(Action::InError),
        "sheet-in-error-key",
        "hint-in-error",
    )
    .needing(WRITE),
];
