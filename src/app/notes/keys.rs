//! The visits' rows of the key table.

use super::Action;
use crate::{
    app::{
        Key, Press,
        keymap::{self, Context, Row},
    },
    chart::who,
};

/// The visits' rows of the key table.
pub const KEYS: &[Row] = &[
    Row::hinted(
        Context::NotesList,
        &[Key::Enter],
        keymap::Action::Press(Press::Accept),
        "notes-read",
        "hint-read",
    ),
    Row::hinted(
        Context::NotesRead,
        &[Key::Left, Key::Char('[')],
        keymap::Action::Notes(Action::Older),
        "notes-older",
        "hint-older",
    ),
    Row::hinted(
        Context::NotesRead,
        &[Key::Right, Key::Char(']')],
        keymap::Action::Notes(Action::Newer),
        "notes-newer",
        "hint-newer",
    ),
    Row::hinted(
        Context::Notes,
        &[Key::Ctrl('n'), Key::Char('+')],
        keymap::Action::Notes(Action::Write),
        "notes-write",
        "hint-addendum",
    )
    .needing(who::Action::WriteNote),
];
