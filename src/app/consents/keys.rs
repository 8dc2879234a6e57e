//! The consents' rows of the key table.

use super::Action;
use crate::{
    app::{
        Key, Press,
        keymap::{self, Context, Row},
        records,
    },
    chart::who,
};

/// The consents' rows of the key table.
pub const KEYS: &[Row] = &[
    row(
        &[Key::Char('c'), Key::Char('+'), Key::Ctrl('n')],
        keymap::Action::Press(Press::New),
        "consent-give-key",
        "consent-hint-give",
    ),
    row(
        &[Key::Char('o')],
        keymap::Action::Records(records::Action::Consent(Action::Share)),
        "share-key",
        "share-hint",
    )
    .needing(who::Action::Share),
    row(
        &[Key::Char('r')],
        keymap::Action::Records(records::Action::Consent(Action::TakeBack)),
        "share-back-key",
        "share-hint-back",
    ),
    row(
        &[Key::Char('x')],
        keymap::Action::Records(records::Action::Consent(Action::Refuse)),
        "consent-refuse-key",
        "consent-hint-refuse",
    ),
    row(
        &[Key::Char('w')],
        keymap::Action::Records(records::Action::Consent(Action::Withdraw)),
        "consent-withdraw-key",
        "consent-hint-withdraw",
    ),
    row(
        &[Key::Enter],
        keymap::Action::Press(Press::Accept),
        "consent-correct-key",
        "consent-hint-correct",
    ),
    row(
        &[Key::Char('e')],
        keymap::Action::Records(records::Action::InError),
        "sheet-in-error-key",
        "hint-in-error",
    ),
];

const fn row(
    keys: &'static [Key],
    action: keymap::Action,
    says: &'static str,
    hint: &'static str,
) -> Row {
    let row = Row::hinted(Context::Consents, keys, action, says, hint);
    row.needing(who::Action::WriteConsent)
}
