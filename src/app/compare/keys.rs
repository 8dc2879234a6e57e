//! The comparison's rows of the key table.

use super::Action;
use crate::app::{
    Key, Press,
    keymap::{self, Context, Row},
    records,
};

/// The comparison's rows of the key table.
pub const KEYS: &[Row] = &[
    row(&[Key::Char('a')], Action::Keep(0), "compare-keep-a").shown("compare-hint-a"),
    row(&[Key::Char('b')], Action::Keep(1), "compare-keep-b").shown("compare-hint-b"),
    row(&[Key::Char('c')], Action::Keep(2), "compare-keep-c"),
    row(&[Key::Char('d')], Action::Keep(3), "compare-keep-d"),
    row(&[Key::Char('e')], Action::Write, "compare-write").shown("compare-hint-write"),
    Row::hinted(
        Context::CompareBoth,
        &[Key::Char('k')],
        keymap::Action::Compare(Action::Both),
        "compare-both",
        "compare-hint-both",
    ),
    Row::hinted(
        Context::CompareJudge,
        &[Key::Char('a')],
        keymap::Action::Compare(Action::Judge(true)),
        "compare-adopt",
        "compare-hint-adopt",
    ),
    Row::hinted(
        Context::CompareJudge,
        &[Key::Char('r')],
        keymap::Action::Compare(Action::Judge(false)),
        "compare-reject",
        "compare-hint-reject",
    ),
    Row::hinted(
        Context::Compare,
        &[Key::Char('n')],
        keymap::Action::Compare(Action::Next),
        "compare-next",
        "compare-hint-next",
    ),
    Row::hinted(
        Context::Compare,
        &[Key::Char('h')],
        keymap::Action::Compare(Action::History),
        "compare-history",
        "compare-hint-history",
    ),
    Row::hinted(
        Context::Compare,
        &[Key::Char('l'), Key::Esc],
        keymap::Action::Press(Press::Back),
        "compare-later",
        "compare-hint-later",
    ),
    Row::hinted(
        Context::CompareWrite,
        &[Key::Enter, Key::F(2), Key::Ctrl('s')],
        keymap::Action::Press(Press::Accept),
        "compare-accept",
        "hint-save",
    ),
    of_record(Context::Allergies),
    of_record(Context::Problems),
    of_record(Context::Drugs),
    of_record(Context::Immunizations),
    of_record(Context::Consents),
];

/// In a list of records, of the selected one.
const fn of_record(context: Context) -> Row {
    let action = keymap::Action::Records(records::Action::Compare);
    Row::new(context, &[Key::F(6)], action, "compare-record-key")
}

const fn row(keys: &'static [Key], action: Action, says: &'static str) -> Row {
    let action = keymap::Action::Compare(action);
    Row::new(Context::CompareDecide, keys, action, says)
}
