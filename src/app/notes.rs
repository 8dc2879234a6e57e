//! Visits as they were: the list of them, and each with what was measured, its notes and who
//! signed them. Nothing is changed here; an addendum and a note that is not signed yet lead
//! to the note itself.

mod entry;
mod keys;
mod page;

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Cx, Effect as Ask, Move, Place, Press, Selected, Step,
    keymap::Context,
    note::Task,
    notice::{Notice, Said},
    patient,
};
use crate::{
    chart::{Chart, Note, Origin},
    ids::{RecordId, UserId},
};

pub use entry::{Entry, Standing, entries};
pub use keys::KEYS;
pub use page::{Line, Tone, lines, mark, value};

/// Which visit is selected, and how far it is read.
#[derive(Debug, Default)]
pub struct State {
    /// The selected visit, the newest being the first.
    pub selected: Selected,
    /// The visit that is read; none while one is chosen in the list.
    pub reading: Option<Reading>,
}

/// A visit that is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reading {
    /// Which one.
    pub entry: RecordId,
    /// The first row in view.
    pub top: usize,
}

/// What a key may ask of the visits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// The visit before this one.
    Older,
    /// The visit after this one.
    Newer,
    /// Write an addendum, or go on with a note that is not signed.
    Write,
}

/// From this width on, the list of visits stands beside the one that is read.
pub const WIDE: u16 = 120;
/// The columns of that list.
pub const LIST: u16 = 40;
/// The column of a page in which the text stands, behind its labels.
pub const TEXT: u16 = 12;
/// The rows of the screen that are not the page's: the frame, and the title above it.
const AROUND: u16 = 9;

impl State {
    /// The list, or this visit. Asks for the names of those who wrote.
    pub fn open(visit: Option<RecordId>, cx: &Cx<'_>) -> (Self, Vec<Step>) {
        let mut state = Self::default();
        let Some(chart) = cx.chart else {
            return (state, Vec::new());
        };
        let entries = entries(chart);
        let asked = entries.iter().position(|it| Some(it.id()) == visit);
        if let Some(index) = asked {
            state.selected = Selected(index);
            state.read(&entries);
        }
        (state, ask_names(cx))
    }

    /// The contexts of the list.
    pub const CHOOSING: &'static [Context] = &[
        Context::NotesList,
        Context::Notes,
        Context::Chart,
        Context::List,
        Context::Anywhere,
        Context::Outside,
    ];
    /// The contexts of a visit that is read.
    pub const READING: &'static [Context] = &[
        Context::NotesRead,
        Context::Notes,
        Context::Chart,
        Context::List,
        Context::Anywhere,
        Context::Outside,
    ];

    /// Where keys mean something.
    pub const fn contexts(&self) -> &'static [Context] {
        if self.reading.is_some() {
            Self::READING
        } else {
            Self::CHOOSING
        }
    }

    /// Does what a key asks of any screen.
    pub fn press(&mut self, press: &Press, cx: &Cx<'_>) -> Vec<Step> {
        match press {
            Press::Move(to) if self.reading.is_some() => self.scroll(*to, cx),
            Press::Move(to) => self.choose(*to, cx),
            Press::Accept => self.read(&cx.chart.map_or_else(Vec::new, entries)),
            Press::New => return self.write(cx),
            Press::Back if self.reading.is_some() => self.reading = None,
            Press::Back => return vec![Step::Back],
            Press::Type(_)
            | Press::Field(_)
            | Press::Next
            | Press::Previous
            | Press::NextPane
            | Press::PreviousPane
            | Press::List
            | Press::Repeat
            | Press::Finish
            | Press::Undo
            | Press::Filter => {}
        }
        Vec::new()
    }

    /// Does what a key of this screen asks.
    pub fn act(&mut self, action: Action, cx: &Cx<'_>) -> Vec<Step> {
        match action {
            Action::Older => self.choose(Move::Down, cx),
            Action::Newer => self.choose(Move::Up, cx),
            Action::Write => return self.write(cx),
        }
        Vec::new()
    }

    /// To another visit; one that is read is read from its first row on.
    fn choose(&mut self, to: Move, cx: &Cx<'_>) {
        let entries = cx.chart.map_or_else(Vec::new, entries);
        self.selected.moved(to, entries.len(), cx.page());
        if self.reading.is_some() {
            self.read(&entries);
        }
    }

    fn read(&mut self, entries: &[Entry<'_>]) {
        let chosen = entries.get(self.selected.0);
        self.reading = chosen.map(|it| Reading {
            entry: it.id(),
            top: 0,
        });
    }

    fn scroll(&mut self, to: Move, cx: &Cx<'_>) {
        let (Some(chart), Some(reading)) = (cx.chart, &mut self.reading) else {
            return;
        };
        let entries = entries(chart);
        let Some(entry) = entries.get(self.selected.0) else {
            return;
        };
        let left = list_columns(cx.size.columns);
        let width = text_width(cx.size.columns.saturating_sub(left));
        let total = lines(chart, entry, cx.say, &BTreeMap::new(), width).len();
        let page = usize::from(cx.size.rows.saturating_sub(AROUND)).max(1);
        let mut top = Selected(reading.top);
        // The page stops where its last row is in view.
        top.moved(to, (total + 1).saturating_sub(page), page - 1);
        reading.top = top.0;
    }

    /// To a note of this visit that is not signed, or to an addendum to the one that is.
    fn write(&self, cx: &Cx<'_>) -> Vec<Step> {
        let nothing = vec![Step::Say(Notice::plain(Said::line("notes-nothing-to-add")))];
        let Some(chart) = cx.chart else {
            return nothing;
        };
        let entries = entries(chart);
        let chosen = entries.get(self.selected.0);
        let written = chosen.map_or_else(Vec::new, |it| it.notes(chart));
        let own = cx.who.map(|it| it.user);
        let mut first = written.iter().filter(|it| it.adds_to.is_none());
        let mut again = first.clone();
        let is_own =
            |it: &Note| it.entry.origin == Origin::Own && Some(it.entry.by) == own;
        let unsigned = first.find(|it| it.signed.is_none() && is_own(it));
        let signed = again.find(|it| it.signed.is_some());
        let task = unsigned
            .map(|it| Task::Continue(it.entry.id))
            .or_else(|| signed.map(|it| Task::AddTo(it.entry.id)));
        task.map_or(nothing, |it| vec![Step::Open(Place::Note(it))])
    }
}

/// Asks for the names of those who wrote or signed the notes of the open chart.
pub(super) fn ask_names(cx: &Cx<'_>) -> Vec<Step> {
    let own = cx.who.map(|it| it.user);
    let signed = |it: &Note| it.signed.as_ref().map(|it| it.by);
    let notes = cx.chart.into_iter().flat_map(notes);
    let writers = notes.flat_map(|it| [Some(it.entry.by), signed(it)]);
    let unknown: BTreeSet<UserId> =
        writers.flatten().filter(|it| Some(*it) != own).collect();
    if unknown.is_empty() {
        return Vec::new();
    }
    let names = patient::Effect::Names(unknown.into_iter().collect());
    vec![Step::Ask(Ask::Patient(names))]
}

/// The columns that the list takes beside a page, in a window of this width.
pub const fn list_columns(columns: u16) -> u16 {
    if columns >= WIDE { LIST } else { 0 }
}

/// The cells of a row of text, on a page of this width.
pub fn text_width(columns: u16) -> usize {
    usize::from(columns.saturating_sub(TEXT + 1))
}

/// The notes of a chart that count, the newest first.
fn notes(chart: &Chart) -> impl Iterator<Item = &Note> {
    let notes = chart.visits.iter().flat_map(|it| &it.notes);
    notes.filter(|it| !it.entry.in_error)
}
