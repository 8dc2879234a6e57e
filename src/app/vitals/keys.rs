//! The vital signs' rows of the key table.

use super::Action;
use crate::{
    app::{
        Key, Place, Press,
        keymap::{self, Context, Row},
    },
    chart::who,
};

/// The vital signs' rows of the key table.
pub const KEYS: &[Row] = &[
    Row::hinted(
        Context::Vitals,
        &[Key::Enter, Key::F(2), Key::Ctrl('s')],
        keymap::Action::Press(Press::Accept),
        "vitals-accept",
        "hint-save",
    )
    .needing(who::Action::RecordObservation),
    Row::hinted(
        Context::Vitals,
        &[Key::Tab, Key::Down, Key::F(6)],
        keymap::Action::Vitals(Action::ToTable),
        "vitals-to-table",
        "hint-table",
    ),
    Row::hinted(
        Context::VitalsTable,
        &[Key::Tab, Key::BackTab, Key::F(6), Key::F(7)],
        keymap::Action::Vitals(Action::ToLine),
        "vitals-to-line",
        "hint-type",
    ),
    Row::hinted(
        Context::VitalsTable,
        &[Key::Right],
        keymap::Action::Vitals(Action::MeasureAfter),
        "vitals-measure-after",
        "hint-next-measure",
    ),
    Row::new(
        Context::VitalsTable,
        &[Key::Left],
        keymap::Action::Vitals(Action::MeasureBefore),
        "vitals-measure-before",
    ),
    Row::hinted(
        Context::VitalsTable,
        &[Key::Char(' '), Key::Enter],
        keymap::Action::Vitals(Action::Menu),
        "list-menu",
        "hint-actions",
    ),
    Row::hinted(
        Context::VitalsMenu,
        &[Key::Char('e')],
        keymap::Action::Vitals(Action::ValueInError),
        "vitals-value-in-error",
        "hint-value-in-error",
    )
    .needing(who::Action::RecordObservation),
    Row::hinted(
        Context::VitalsMenu,
        &[Key::Char('r')],
        keymap::Action::Vitals(Action::RowInError),
        "vitals-row-in-error",
        "hint-row-in-error",
    )
    .needing(who::Action::RecordObservation),
    Row::hinted(
        Context::VitalsWhy,
        &[Key::Enter, Key::F(2), Key::Ctrl('s')],
        keymap::Action::Press(Press::Accept),
        "vitals-mark",
        "hint-mark",
    ),
    Row::new(
        Context::Anywhere,
        &[Key::F(7)],
        keymap::Action::Go(Place::Vitals(None)),
        "go-vitals",
    )
    .needing(who::Action::ReadClinical),
    Row::hinted(
        Context::Chart,
        &[Key::F(7)],
        keymap::Action::Go(Place::Vitals(None)),
        "go-vitals",
        "hint-vitals",
    ),
];
