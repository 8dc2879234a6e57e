//! The one table of keys. Dispatch, help, the hint rows, the palette and `docs/keys.md` all
//! come from it.

mod common;
mod context;

pub use context::Context;

use std::fmt::Write as _;

use super::{
    Frame, Key, Place, Press, allergies, beyond, bundle, compare, consents, drugs, find,
    glass, history, immunizations, invite, lock, note, notes, overlay, page, problems,
    records, register, sheet, start, summary, sync, to_compare, vitals,
};
use crate::{
    chart::who::{self, Role},
    say::Say,
};

/// What a key does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// Something that the frame does.
    Frame(Frame),
    /// Something that every screen understands in its own way.
    Press(Press),
    /// Of the first start.
    Start(start::Action),
    /// Of the lock screen.
    Lock(lock::Action),
    /// Of the search.
    Find(find::Action),
    /// Of registering.
    Register(register::Action),
    /// Of the chart's summary.
    Summary(summary::Action),
    /// Of the vital signs.
    Vitals(vitals::Action),
    /// Of a note.
    Note(note::Action),
    /// Of the visits as they were.
    Notes(notes::Action),
    /// Of a list of records.
    Records(records::Action),
    /// Of the clinic's machines.
    Sync(sync::Action),
    /// Of a pairing.
    Invite(invite::Action),
    /// Of the comparison of two values.
    Compare(compare::Action),
    /// Of what opens with a reason.
    Glass(glass::Action),
    /// Of what leaves the clinic.
    Beyond(beyond::Action),
    /// Opens a screen, of the open patient where it needs one.
    Go(Place),
    /// Of an overlay.
    Overlay(overlay::Action),
}

/// One row of the table.
#[derive(Debug)]
pub struct Row {
    /// Where it holds.
    pub context: Context,
    /// The keys, the one to show first. Without keys it stands in the palette alone.
    pub keys: &'static [Key],
    /// What they do.
    pub action: Action,
    /// The sentence of help.
    pub says: &'static str,
    /// The words of the hint, where the key is worth a place in the hint rows.
    pub hint: Option<&'static str>,
    /// What a role must be allowed to do; for other roles the row is not there.
    pub needs: Option<who::Action>,
}

/// Every group of rows. A new screen adds its own here.
pub const GROUPS: &[&[Row]] = &[
    find::KEYS,
    register::KEYS,
    page::KEYS,
    summary::KEYS,
    vitals::KEYS,
    note::KEYS,
    notes::KEYS,
    allergies::KEYS,
    problems::KEYS,
    drugs::KEYS,
    immunizations::KEYS,
    consents::KEYS,
    history::KEYS,
    sheet::KEYS,
    sync::KEYS,
    invite::KEYS,
    bundle::KEYS,
    compare::KEYS,
    to_compare::KEYS,
    glass::KEYS,
    beyond::KEYS,
    start::KEYS,
    lock::KEYS,
    overlay::KEYS,
    common::FORM,
    common::LIST,
    common::TEXT,
    common::ANYWHERE,
];

impl Row {
    /// A row without a hint.
    pub const fn new(
        context: Context,
        keys: &'static [Key],
        action: Action,
        says: &'static str,
    ) -> Self {
        Self {
            context,
            keys,
            action,
            says,
            hint: None,
            needs: None,
        }
    }

    /// A row that the hint rows show.
    pub const fn hinted(
        context: Context,
        keys: &'static [Key],
        action: Action,
        says: &'static str,
        hint: &'static str,
    ) -> Self {
        Self {
            context,
            keys,
            action,
            says,
            hint: Some(hint),
            needs: None,
        }
    }

    /// The same row, for roles alone that may do this.
    #[must_use]
    pub const fn needing(mut self, action: who::Action) -> Self {
        self.needs = Some(action);
        self
    }

    /// The same row, shown in the hint rows.
    #[must_use]
    pub const fn shown(mut self, hint: &'static str) -> Self {
        self.hint = Some(hint);
        self
    }

    fn is_for(&self, role: Option<Role>) -> bool {
        self.needs
            .is_none_or(|needed| role.is_some_and(|it| it.actions().contains(&needed)))
    }
}

/// The rows that hold in these contexts, the nearest context first.
pub fn rows(contexts: &[Context]) -> impl Iterator<Item = &'static Row> {
    contexts.iter().flat_map(|context| {
        let all = GROUPS.iter().flat_map(|group| group.iter());
        all.filter(move |row| row.context == *context)
    })
}

/// Those of them that a role may use.
pub fn rows_for(
    contexts: &[Context],
    role: Option<Role>,
) -> impl Iterator<Item = &'static Row> {
    rows(contexts).filter(move |row| row.is_for(role))
}

/// The row that this key means to a role in these contexts.
pub fn row(contexts: &[Context], key: Key, role: Option<Role>) -> Option<&'static Row> {
    rows_for(contexts, role).find(|row| row.keys.contains(&key))
}

/// Whether the key does something in these contexts for other roles alone.
pub fn is_for_others(contexts: &[Context], key: Key, role: Option<Role>) -> bool {
    let mut all = rows(contexts);
    row(contexts, key, role).is_none() && all.any(|row| row.keys.contains(&key))
}

/// The whole table for `docs/keys.md`.
pub fn markdown(say: &Say) -> String {
    let mut text =
        String::from("# Keys\n\nGenerated from the program's table of keys.\n");
    for (context, title) in Context::ALL.iter().copied() {
        // Writing to a string cannot fail.
        let _ = write!(
            text,
            "\n## {}\n\n| Key | What it does |\n|---|---|\n",
            say.line(title)
        );
        for row in rows(&[context]) {
            let names: Vec<String> = row
                .keys
                .iter()
                .map(|key| format!("`{}`", key.said(say)))
                .collect();
            let keys = if names.is_empty() {
                say.line("keys-palette-only")
            } else {
                names.join(", ")
            };
            let _ = writeln!(text, "| {keys} | {} |", say.line(row.says));
        }
    }
    text.push_str(MOUSE);
    text
}

/// What `docs/keys.md` says of the mouse.
const MOUSE: &str = "
## The mouse

Everything has a key; a click is the same key, pressed on what is under the pointer.

| Click on | What it does |
|---|---|
| a row of a list | selects it; on the selected row, opens or takes it |
| a field | puts the caret there |
| a tab, a page of the chart, a hint, a line of a menu | what its key does |
| a person of the lock screen | asks for that person's PIN |
| the safe line of a question | takes it; the other line needs its letter |

The wheel moves up and down.
While the program hears clicks, most terminals mark text for copying with Shift held.
Over SSH, and with `--no-mouse`, clicks are left to the terminal.
";

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::{app::Screen, say::Lang};

    #[test]
    fn no_key_means_two_things_in_one_context() {
        for (context, _) in Context::ALL.iter().copied() {
            let mut seen = BTreeSet::new();
            for key in rows(&[context]).flat_map(|row| row.keys) {
                assert!(seen.insert(key), "{} twice in {context:?}", said(*key));
            }
        }
    }

    #[test]
    fn no_key_writes_and_commands_at_once() {
        for contexts in Screen::CONTEXTS {
            if contexts.contains(&Context::Text) {
                for key in rows(contexts).flat_map(|row| row.keys) {
                    assert!(!key.writes(), "{} in {contexts:?}", said(*key));
                }
            }
        }
    }

    #[test]
    fn no_key_is_one_that_terminals_take_or_change() {
        let taken = ['a', 'b', 'i', 'j', 'm', 'h', 'z'];
        for key in GROUPS
            .iter()
            .flat_map(|group| *group)
            .flat_map(|row| row.keys)
        {
            let fine = matches!(key, Key::Ctrl('z') | Key::F(1..=9) | Key::ShiftF(6));
            let bad = matches!(key, Key::Ctrl(c) if taken.contains(c))
                || matches!(key, Key::F(_) | Key::ShiftF(_));
            assert!(fine || !bad, "{} is often taken", said(*key));
        }
    }

    #[test]
    fn every_row_and_every_context_is_explained() {
        let say = Say::new(Lang::English);
        for row in GROUPS.iter().flat_map(|group| *group) {
            assert!(say.has(row.says), "{}", row.says);
            assert!(row.hint.is_none_or(|it| say.has(it)), "{:?}", row.hint);
            assert!(Context::ALL.iter().any(|(it, _)| *it == row.context));
        }
    }

    fn said(key: Key) -> String {
        key.said(&Say::new(Lang::English))
    }
}
