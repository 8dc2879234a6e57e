//! The one table of keys. Dispatch, help, the hint rows, the palette and `docs/keys.md` all
//! come from it.

mod common;

use std::fmt::Write as _;

use super::{
    Frame, Key, Place, Press, allergies, bundle, compare, consents, drugs, find, glass,
    history, immunizations, invite, lock, note, notes, overlay, page, problems, records,
    register, sheet, start, summary, sync, to_compare, vitals,
};
use crate::{
    chart::who::{self, Role},
    say::Say,
};

/// Where a key means something. A screen names its contexts, the nearest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Context {
    /// On every screen that has the frame round it.
    Anywhere,
    /// On those, but not while text is written.
    Outside,
    /// While text is written.
    Text,
    /// In a form.
    Form,
    /// In a list.
    List,
    /// At the first start.
    Start,
    /// There, where a line is chosen.
    StartList,
    /// There, where the clinic and its owner are named.
    StartForm,
    /// There, where the paper words are shown.
    StartWords,
    /// There, where three of them are typed back.
    StartBack,
    /// There, where a clinic on another machine is joined.
    StartJoin,
    /// At the lock screen.
    Lock,
    /// There, while the person is chosen.
    LockWho,
    /// There, while something secret is typed.
    LockSecret,
    /// There, while the PIN is typed.
    LockPin,
    /// In the search box.
    Find,
    /// In the list of people found.
    FindList,
    /// While a patient is registered.
    Register,
    /// In the list of people who may be the same.
    RegisterAlike,
    /// On every page of the open chart.
    Chart,
    /// On the chart's summary.
    Summary,
    /// In the line of vital signs.
    Vitals,
    /// In the table of vital signs.
    VitalsTable,
    /// There, in the menu of a row.
    VitalsMenu,
    /// There, while it is said why a value is wrong.
    VitalsWhy,
    /// In a note.
    Note,
    /// There, in the line of vital signs.
    NoteLine,
    /// There, in a section of text.
    NoteText,
    /// There, where a phrase or a choice is offered.
    NoteOffer,
    /// There, in the diagnoses.
    NoteDx,
    /// There, at the question whether to sign.
    NoteSign,
    /// In the visits as they were.
    Notes,
    /// There, in the list.
    NotesList,
    /// There, while one is read.
    NotesRead,
    /// In the menu of a row, on every screen that has one.
    Menu,
    /// In the form of a record.
    Sheet,
    /// In the list of allergies.
    Allergies,
    /// There, while no allergy counts.
    AllergiesNone,
    /// In the list of problems.
    Problems,
    /// In the list of drugs and in an entry of it.
    Drugs,
    /// In the list of drugs alone.
    DrugsList,
    /// There, where an allergy stops a prescription.
    DrugsStop,
    /// In the list of vaccines.
    Immunizations,
    /// In the list of consents.
    Consents,
    /// In the history.
    History,
    /// There, while the filter is written.
    HistoryFilter,
    /// Among the clinic's machines.
    Sync,
    /// There, while one of them is looked at.
    SyncPlace,
    /// While a new machine is paired.
    Invite,
    /// There, at the question whether it is let in.
    InviteAsk,
    /// There, after it.
    InviteOver,
    /// Where the values of a fact are compared.
    Compare,
    /// There, for who may decide.
    CompareDecide,
    /// There, where both values can stand.
    CompareBoth,
    /// There, of what does not count yet.
    CompareJudge,
    /// There, while the right answer is written.
    CompareWrite,
    /// In the list of facts to compare.
    ToCompare,
    /// Where a reason is given for opening a chart.
    Reason,
    /// In the owners' list of who did.
    Reviews,
    /// In the form of a USB bundle.
    Bundle,
    /// In help and the palette.
    Commands,
    /// In the list of messages.
    Messages,
    /// At a question.
    Question,
}

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

impl Context {
    /// Every context, with the sentence that names it, in the order of `docs/keys.md`.
    pub const ALL: [(Self, &'static str); 63] = [
        (Self::Anywhere, "context-anywhere"),
        (Self::Outside, "context-outside"),
        (Self::List, "context-list"),
        (Self::Form, "context-form"),
        (Self::Text, "context-text"),
        (Self::Find, "context-find"),
        (Self::FindList, "context-find-list"),
        (Self::Register, "context-register"),
        (Self::RegisterAlike, "context-register-alike"),
        (Self::Chart, "context-chart"),
        (Self::Summary, "context-summary"),
        (Self::Vitals, "context-vitals"),
        (Self::VitalsTable, "context-vitals-table"),
        (Self::VitalsMenu, "context-vitals-menu"),
        (Self::VitalsWhy, "context-vitals-why"),
        (Self::Note, "context-note"),
        (Self::NoteLine, "context-note-line"),
        (Self::NoteText, "context-note-text"),
        (Self::NoteOffer, "context-note-offer"),
        (Self::NoteDx, "context-note-dx"),
        (Self::NoteSign, "context-note-sign"),
        (Self::Notes, "context-notes"),
        (Self::NotesList, "context-notes-list"),
        (Self::NotesRead, "context-notes-read"),
        (Self::Menu, "context-menu"),
        (Self::Allergies, "context-allergies"),
        (Self::AllergiesNone, "context-allergies-none"),
        (Self::Problems, "context-problems"),
        (Self::Drugs, "context-drugs"),
        (Self::DrugsList, "context-drugs-list"),
        (Self::DrugsStop, "context-drugs-stop"),
        (Self::Immunizations, "context-immunizations"),
        (Self::Consents, "context-consents"),
        (Self::History, "context-history"),
        (Self::HistoryFilter, "context-history-filter"),
        (Self::Sheet, "context-sheet"),
        (Self::Sync, "context-sync"),
        (Self::SyncPlace, "context-sync-place"),
        (Self::Invite, "context-invite"),
        (Self::InviteAsk, "context-invite-ask"),
        (Self::InviteOver, "context-invite-over"),
        (Self::Compare, "context-compare"),
        (Self::CompareDecide, "context-compare-decide"),
        (Self::CompareBoth, "context-compare-both"),
        (Self::CompareJudge, "context-compare-judge"),
        (Self::CompareWrite, "context-compare-write"),
        (Self::ToCompare, "context-to-compare"),
        (Self::Reason, "context-reason"),
        (Self::Reviews, "context-reviews"),
        (Self::Bundle, "context-bundle"),
        (Self::Commands, "context-commands"),
        (Self::Messages, "context-messages"),
        (Self::Question, "context-question"),
        (Self::Start, "context-start"),
        (Self::StartList, "context-start-list"),
        (Self::StartForm, "context-start-form"),
        (Self::StartWords, "context-start-words"),
        (Self::StartBack, "context-start-back"),
        (Self::StartJoin, "context-start-join"),
        (Self::Lock, "context-lock"),
        (Self::LockWho, "context-lock-who"),
        (Self::LockSecret, "context-lock-secret"),
        (Self::LockPin, "context-lock-pin"),
    ];
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
    for (context, title) in Context::ALL {
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
        for (context, _) in Context::ALL {
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
