//! The rows of the key table among the clinic's machines.

use super::Action;
use crate::{
    app::{
        Key, Place, Press,
        keymap::{self, Context, Row},
    },
    chart::who,
};

/// The rows of the key table among the clinic's machines.
pub const KEYS: &[Row] = &[
    Row::hinted(
        Context::Sync,
        &[Key::Enter],
        keymap::Action::Press(Press::Accept),
        "sync-details",
        "sync-hint-details",
    ),
    Row::hinted(
        Context::Sync,
        &[Key::Char('s')],
        keymap::Action::Sync(Action::ShareNow),
        "sync-share",
        "sync-hint-share",
    ),
    Row::hinted(
        Context::Sync,
        &[Key::Char('i')],
        keymap::Action::Go(Place::Invite),
        "sync-invite",
        "sync-hint-invite",
    )
    .needing(who::Action::Administer),
    Row::hinted(
        Context::SyncPlace,
        &[Key::Char('x')],
        keymap::Action::Sync(Action::Revoke),
        "sync-revoke",
        "sync-hint-revoke",
    )
    .needing(who::Action::Administer),
];
