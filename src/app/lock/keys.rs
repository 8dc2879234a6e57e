//! The lock screen's rows of the key table.

use super::Action;
use crate::app::{
    Frame, Key, Move, Press,
    keymap::{self, Context, Row},
};

/// The lock screen's rows of the key table.
pub const KEYS: &[Row] = &[
    choose_row(&[Key::Char('1')], 1),
    choose_row(&[Key::Char('2')], 2),
    choose_row(&[Key::Char('3')], 3),
    choose_row(&[Key::Char('4')], 4),
    choose_row(&[Key::Char('5')], 5),
    choose_row(&[Key::Char('6')], 6),
    choose_row(&[Key::Char('7')], 7),
    choose_row(&[Key::Char('8')], 8),
    choose_row(&[Key::Char('9')], 9),
    Row::new(
        Context::LockWho,
        &[Key::Char('o')],
        keymap::Action::Lock(Action::SomeoneElse),
        "lock-someone-else",
    ),
    Row::new(
        Context::LockWho,
        &[Key::Up],
        keymap::Action::Press(Press::Move(Move::Up)),
        "list-up",
    ),
    Row::new(
        Context::LockWho,
        &[Key::Down],
        keymap::Action::Press(Press::Move(Move::Down)),
        "list-down",
    ),
    Row::new(
        Context::LockSecret,
        &[Key::Up],
        keymap::Action::Press(Press::Move(Move::Up)),
        "lock-other-up",
    ),
    Row::new(
        Context::LockSecret,
        &[Key::Down],
        keymap::Action::Press(Press::Move(Move::Down)),
        "lock-other-down",
    ),
    Row::hinted(
        Context::Lock,
        &[Key::Enter],
        keymap::Action::Press(Press::Accept),
        "lock-accept",
        "hint-unlock",
    ),
    Row::hinted(
        Context::LockSecret,
        &[Key::Esc],
        keymap::Action::Press(Press::Back),
        "lock-back",
        "hint-someone-else",
    ),
    Row::hinted(
        Context::LockPin,
        &[Key::F(4)],
        keymap::Action::Lock(Action::UsePassphrase),
        "lock-use-passphrase",
        "hint-passphrase",
    ),
    Row::hinted(
        Context::Lock,
        &[Key::F(1)],
        keymap::Action::Frame(Frame::Help),
        "frame-help",
        "hint-help",
    ),
    Row::hinted(
        Context::Lock,
        &[Key::Ctrl('q')],
        keymap::Action::Frame(Frame::Quit),
        "frame-quit",
        "hint-quit",
    ),
];

const fn choose_row(keys: &'static [Key], number: u8) -> Row {
    Row {
        context: Context::LockWho,
        keys,
        action: keymap::Action::Lock(Action::Choose(number)),
        says: "lock-choose",
        hint: if number == 1 {
            Some("hint-person")
        } else {
            None
        },
        needs: None,
    }
}
