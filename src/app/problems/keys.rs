//! The problems' rows of the key table.

use crate::{
    app::{
        Key, Press,
        keymap::{self, Context, Row},
        records::Action,
    },
    chart::who,
};

const WRITE: who::Action = who::Action::WriteProblem;

/// The problems' rows of the key table.
pub const KEYS: &[Row] = &[
    Row::hinted(
        Context::Problems,
        &[Key::Char('b'), Key::Char('+'), Key::Ctrl('n')],
        keymap::Action::Press(Press::New),
        "problem-add-key",
        "hint-add",
    )
    .needing(WRITE),
    Row::hinted(
        Context::Problems,
        &[Key::Enter],
        keymap::Action::Press(Press::Accept),
        "problem-change-key",
        "hint-change",
    )
    .needing(WRITE),
    Row::hinted(
        Context::Problems,
        &[Key::Char('r')],
        keymap::Action::Records(Action::Over),
        "problem-over-key",
        "problem-hint-over",
    )
    .needing(WRITE),
    Row::hinted(
        Context::Problems,
        &[Key::Char('e')],
        keymap::Action::Records(Action::InError),
        "sheet-in-error-key",
        "hint-in-error",
    )
    .needing(WRITE),
];
