//! Keys, as a person names them, and the plain things that they ask of any screen.

use std::fmt;

use crate::say::Say;

/// A key press. Alt is not among them: over SSH it cannot be told from Esc.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Key {
    /// A character.
    Char(char),
    /// Ctrl and a small letter.
    Ctrl(char),
    /// A function key.
    F(u8),
    /// Shift and a function key.
    ShiftF(u8),
    /// Enter.
    Enter,
    /// Esc.
    Esc,
    /// Tab.
    Tab,
    /// Shift-Tab.
    BackTab,
    /// Backspace.
    Backspace,
    /// Delete.
    Delete,
    /// Arrow up.
    Up,
    /// Arrow down.
    Down,
    /// Arrow left.
    Left,
    /// Arrow right.
    Right,
    /// Ctrl and arrow left.
    WordLeft,
    /// Ctrl and arrow right.
    WordRight,
    /// Home.
    Home,
    /// End.
    End,
    /// Page up.
    PageUp,
    /// Page down.
    PageDown,
}

/// Moves the selection of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Move {
    /// One up.
    Up,
    /// One down.
    Down,
    /// A page up.
    PageUp,
    /// A page down.
    PageDown,
    /// To the first.
    First,
    /// To the last.
    Last,
    /// To this one, counted from 0.
    To(usize),
}

/// Writes in a line of text, or moves its caret.
#[derive(Clone, PartialEq, Eq)]
pub enum Typed {
    /// A character.
    Char(char),
    /// Pasted text. Its line ends are spaces, never Enter.
    Text(String),
    /// Takes the character before the caret away.
    Backspace,
    /// Takes the character after the caret away.
    Delete,
    /// Takes the word before the caret away.
    WordBack,
    /// One character to the left.
    Left,
    /// One character to the right.
    Right,
    /// One word to the left.
    WordLeft,
    /// One word to the right.
    WordRight,
    /// To the start.
    Home,
    /// To the end.
    End,
    /// Takes the last change back.
    Undo,
    /// Makes it again.
    Redo,
}

/// What a key asks of whichever screen is in front.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Press {
    /// Move the selection.
    Move(Move),
    /// Write.
    Type(Typed),
    /// To this field, counted from 0.
    Field(usize),
    /// To the next field or pane.
    Next,
    /// To the field or pane before.
    Previous,
    /// Take what is selected or typed, and go on.
    Accept,
    /// Open the list of this field.
    List,
    /// The same as last time.
    Repeat,
    /// Finish: save, sign, accept the form.
    Finish,
    /// A new one of what this screen holds.
    New,
    /// To the next pane.
    NextPane,
    /// To the pane before.
    PreviousPane,
    /// Close, or back one step. Never discards text.
    Back,
    /// Take the last action back.
    Undo,
    /// Narrow the list in view.
    Filter,
}

impl Key {
    /// The key's name in the language of the screen.
    pub fn said(self, say: &Say) -> String {
        let id = match self {
            Self::Char(' ') => "key-space",
            Self::Enter => "key-enter",
            Self::Esc => "key-esc",
            Self::Tab => "key-tab",
            Self::BackTab => "key-back-tab",
            Self::Backspace => "key-backspace",
            Self::Delete => "key-delete",
            Self::Up => "key-up",
            Self::Down => "key-down",
            Self::Left => "key-left",
            Self::Right => "key-right",
            Self::WordLeft => "key-word-left",
            Self::WordRight => "key-word-right",
            Self::Home => "key-home",
            Self::End => "key-end",
            Self::PageUp => "key-page-up",
            Self::PageDown => "key-page-down",
            Self::ShiftF(number) => {
                return say.with("key-shift-f", &[("n", usize::from(number).into())]);
            }
            Self::Char(c) => return c.to_string(),
            Self::Ctrl(c) => return format!("Ctrl-{}", c.to_ascii_uppercase()),
            Self::F(number) => return format!("F{number}"),
        };
        say.line(id)
    }

    /// Whether the key writes a character in a field.
    pub const fn writes(self) -> bool {
        matches!(self, Self::Char(_))
    }
}

/// Keys spell out passwords and names.
impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key(…)")
    }
}

impl fmt::Debug for Typed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Typed(…)")
    }
}
