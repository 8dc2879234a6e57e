//! The first start's rows of the key table.

use super::Action;
use crate::app::{
    Frame, Key, Move, Press,
    keymap::{self, Context, Row},
};

/// The first start's rows of the key table.
pub const KEYS: &[Row] = &[
    Row::hinted(
        Context::StartList,
        &[Key::Enter],
        keymap::Action::Press(Press::Accept),
        "start-accept",
        "hint-choose",
    ),
    choose_row(&[Key::Char('1')], 1),
    choose_row(&[Key::Char('2')], 2),
    choose_row(&[Key::Char('3')], 3),
    Row::new(
        Context::StartList,
        &[Key::Up],
        keymap::Action::Press(Press::Move(Move::Up)),
        "list-up",
    ),
    Row::new(
        Context::StartList,
        &[Key::Down],
        keymap::Action::Press(Press::Move(Move::Down)),
        "list-down",
    ),
    Row::hinted(
        Context::StartForm,
        &[Key::F(2), Key::Ctrl('s')],
        keymap::Action::Press(Press::Finish),
        "start-go-on",
        "hint-go-on",
    ),
    Row::hinted(
        Context::StartForm,
        &[Key::F(4)],
        keymap::Action::Start(Action::Suggest),
        "start-suggest",
        "hint-suggest",
    ),
    Row::hinted(
        Context::StartWords,
        &[Key::F(2), Key::Ctrl('s')],
        keymap::Action::Start(Action::Written),
        "start-written",
        "hint-written",
    ),
    Row::hinted(
        Context::StartBack,
        &[Key::F(2), Key::Ctrl('s')],
        keymap::Action::Press(Press::Finish),
        "start-make",
        "hint-make",
    ),
    Row::hinted(
        Context::StartBack,
        &[Key::F(5)],
        keymap::Action::Start(Action::ShowAgain),
        "start-show-again",
        "hint-show-again",
    ),
    Row::hinted(
        Context::StartJoin,
        &[Key::F(2), Key::Ctrl('s')],
        keymap::Action::Press(Press::Finish),
        "join-do",
        "join-hint-do",
    ),
    Row::hinted(
        Context::Start,
        &[Key::F(1)],
        keymap::Action::Frame(Frame::Help),
        "frame-help",
        "hint-help",
    ),
    Row::hinted(
        Context::Start,
        &[Key::Esc],
        keymap::Action::Press(Press::Back),
        "frame-back",
        "hint-back",
    ),
    Row::hinted(
        Context::Start,
        &[Key::Ctrl('q')],
        keymap::Action::Frame(Frame::Quit),
        "frame-quit",
        "hint-quit",
    ),
];

const fn choose_row(keys: &'static [Key], number: u8) -> Row {
    Row::new(
        Context::StartList,
        keys,
        keymap::Action::Start(Action::Choose(number)),
        "start-choose",
    )
}
