//! The rows of the key table while a new machine is paired.

use super::Action;
use crate::app::{
    Key,
    keymap::{self, Context, Row},
};

/// The rows of the key table while a new machine is paired. Enter lets nobody in.
pub const KEYS: &[Row] = &[
    Row::hinted(
        Context::InviteAsk,
        &[Key::Char('y')],
        keymap::Action::Invite(Action::LetIn),
        "invite-let-in",
        "invite-hint-let-in",
    ),
    Row::hinted(
        Context::InviteAsk,
        &[Key::Char('n')],
        keymap::Action::Invite(Action::Refuse),
        "invite-refuse",
        "invite-hint-refuse",
    ),
    Row::hinted(
        Context::InviteOver,
        &[Key::Char('i')],
        keymap::Action::Invite(Action::Again),
        "invite-again",
        "invite-hint-again",
    ),
];
