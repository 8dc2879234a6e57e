//! The drugs' rows of the key table.

use super::Action;
use crate::{
    app::{
        Key, Place, Press,
        keymap::{self, Context, Row},
        records,
    },
    chart::who::Action as Right,
};

/// The drugs' rows of the key table.
pub const KEYS: &[Row] = &[
    Row::hinted(
        Context::Summary,
        &[Key::Char('p')],
        keymap::Action::Go(Place::Drug(None)),
        "drug-add-key",
        "drug-hint-add",
    )
    .needing(Right::Prescribe),
    Row::hinted(
        Context::DrugsList,
        &[Key::Enter],
        keymap::Action::Press(Press::Accept),
        "drug-open-key",
        "drug-hint-open",
    ),
    Row::hinted(
        Context::Drugs,
        &[Key::Char('p'), Key::Char('+'), Key::Ctrl('n')],
        keymap::Action::Press(Press::New),
        "drug-add-key",
        "drug-hint-add",
    )
    .needing(Right::Prescribe),
    row(
        &[Key::Char('t')],
        Action::Told,
        "drug-told-key",
        "drug-hint-told",
    ),
    row(
        &[Key::Char('m')],
        Action::Change,
        "drug-change-key",
        "hint-change",
    ),
    row(
        &[Key::Char('x')],
        Action::Stop,
        "drug-stop-key",
        "drug-hint-stop",
    ),
    row(
        &[Key::Char('r')],
        Action::Takes,
        "drug-takes-key",
        "drug-hint-takes",
    ),
    Row::hinted(
        Context::Drugs,
        &[Key::Char('e')],
        keymap::Action::Records(records::Action::InError),
        "sheet-in-error-key",
        "hint-in-error",
    )
    .needing(Right::RecordObservation),
    Row::hinted(
        Context::DrugsStop,
        &[Key::Esc, Key::Enter],
        keymap::Action::Press(Press::Back),
        "drug-safe-key",
        "drug-hint-safe",
    ),
    Row::hinted(
        Context::DrugsStop,
        &[Key::F(2), Key::Ctrl('s')],
        keymap::Action::Press(Press::Finish),
        "drug-override-key",
        "drug-hint-override",
    ),
];

/// A row for who may write what patients tell; whether a prescription may be changed is
/// asked of the record.
const fn row(
    keys: &'static [Key],
    action: Action,
    says: &'static str,
    hint: &'static str,
) -> Row {
    let action = keymap::Action::Records(records::Action::Drug(action));
    Row::hinted(Context::Drugs, keys, action, says, hint)
        .needing(Right::RecordObservation)
}
