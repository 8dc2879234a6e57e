//! Find or register (S2): one box; the search text becomes the new record.

use std::fmt;

use super::{
    Cx, Effect as Ask, Key, Line, Move, Place, Press, Selected, Step, Tab, Typed,
    keymap::{self, Context, Row},
    notice::{Notice, Trouble},
};
use crate::{
    chart::{Name, who},
    find,
    time::Timestamp,
};

/// While people keep coming in, the list is looked up again so often.
const REFRESHED_MS: i64 = 1_000;

/// The search, and what it found.
#[derive(Debug, Default)]
pub struct State {
    /// What is searched for.
    pub line: Line,
    /// The people found, the likeliest first.
    pub found: Vec<Found>,
    /// How many there are in all.
    pub total: usize,
    /// The selected row; the one after the people registers a new patient.
    pub selected: Selected,
    /// Where the keys go.
    pub keys: Keys,
    /// Whether the people found are those seen last, since nothing was searched for.
    pub seen_last: bool,
    asked: u32,
    answered: u32,
    /// The request for who came in since.
    refreshing: u32,
    refreshed_at: Option<Timestamp>,
    /// What a key asked for before the answer was there.
    waits: Option<Action>,
    /// Whether something was searched for of which the audit has not heard.
    owed: bool,
}

/// Where the keys of the search go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Keys {
    /// Into the box.
    #[default]
    Box,
    /// Into the box; as what stands there has done its work, the first letter begins anew.
    Anew,
    /// To the list, as commands.
    List,
}

/// A person found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The person, as far as a list shows one.
    pub row: find::Row,
    /// How what was typed fits.
    pub how: find::How,
    /// In which of the fields.
    pub field: find::Field,
}

/// What a key may ask of the search.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// From the box into the list.
    ToList,
    /// From the list back into the box.
    ToBox,
    /// Open the selected person, or register.
    Open,
    /// Correct who the selected person is.
    Edit,
    /// What an emergency needs of the selected person's chart.
    Emergency,
}

/// What the search asks of the shell.
#[derive(Debug)]
pub enum Effect {
    /// Search. Of several, the newest counts. Empty text lists who was seen last.
    Search {
        /// The request's number.
        request: u32,
        /// What was typed.
        text: Text,
    },
    /// A search was used or given up, after it showed so many people.
    Over {
        /// The people shown.
        shown: usize,
    },
}

/// What was typed to search for.
#[derive(Clone, PartialEq, Eq)]
pub struct Text(pub String);

/// What the shell answers.
#[derive(Debug)]
pub enum Answer {
    /// The people found.
    Found {
        /// The request's number.
        request: u32,
        /// The likeliest first, as many as a list shows.
        found: Vec<Found>,
        /// How many there are in all.
        total: usize,
    },
    /// The search could not be done.
    Failed(Trouble),
}

/// The search's rows of the key table.
pub const KEYS: &[Row] = &[
    Row::hinted(
        Context::Find,
        &[Key::Enter],
        keymap::Action::Find(Action::Open),
        "find-open",
        "hint-open-chart",
    ),
    Row::new(
        Context::Find,
        &[Key::Up],
        keymap::Action::Press(Press::Move(Move::Up)),
        "list-up",
    ),
    Row::new(
        Context::Find,
        &[Key::Down],
        keymap::Action::Press(Press::Move(Move::Down)),
        "list-down",
    ),
    Row::new(
        Context::Find,
        &[Key::PageUp],
        keymap::Action::Press(Press::Move(Move::PageUp)),
        "list-page-up",
    ),
    Row::new(
        Context::Find,
        &[Key::PageDown],
        keymap::Action::Press(Press::Move(Move::PageDown)),
        "list-page-down",
    ),
    Row::new(
        Context::Find,
        &[Key::Tab],
        keymap::Action::Find(Action::ToList),
        "find-to-list",
    ),
    Row::hinted(
        Context::Find,
        &[Key::Ctrl('n')],
        keymap::Action::Press(Press::New),
        "find-new",
        "hint-new-patient",
    ),
    Row::hinted(
        Context::Find,
        &[Key::Ctrl('e')],
        keymap::Action::Find(Action::Emergency),
        "find-emergency",
        "hint-emergency",
    )
    .needing(who::Action::ReadEmergency),
    Row::hinted(
        Context::FindList,
        &[Key::Enter],
        keymap::Action::Find(Action::Open),
        "find-open",
        "hint-open-chart",
    ),
    Row::hinted(
        Context::FindList,
        &[Key::Char('e')],
        keymap::Action::Find(Action::Edit),
        "details-key",
        "hint-details",
    )
    .needing(who::Action::WriteIdentity),
    Row::hinted(
        Context::FindList,
        &[Key::Char('!'), Key::Ctrl('e')],
        keymap::Action::Find(Action::Emergency),
        "find-emergency",
        "hint-emergency",
    )
    .needing(who::Action::ReadEmergency),
    Row::hinted(
        Context::FindList,
        &[Key::Tab, Key::BackTab, Key::Char('/')],
        keymap::Action::Find(Action::ToBox),
        "find-to-box",
        "hint-search",
    ),
    Row::hinted(
        Context::FindList,
        &[Key::Ctrl('n'), Key::Char('n')],
        keymap::Action::Press(Press::New),
        "find-new",
        "hint-new-patient",
    ),
];

impl State {
    /// An empty search, and the question for those seen last.
    pub fn open(cx: &mut Cx<'_>) -> (Self, Vec<Step>) {
        let mut state = Self::default();
        let steps = state.search(cx);
        (state, steps)
    }

    /// Where keys mean something.
    pub const fn contexts(&self) -> &'static [Context] {
        match self.keys {
            Keys::Box | Keys::Anew => Self::BOX,
            Keys::List => Self::LIST,
        }
    }

    /// The contexts of the box.
    pub const BOX: &'static [Context] =
        &[Context::Find, Context::Text, Context::Anywhere];
    /// The contexts of the list.
    pub const LIST: &'static [Context] = &[
        Context::FindList,
        Context::List,
        Context::Anywhere,
        Context::Outside,
    ];

    /// The selected person; none when the row that registers is selected.
    pub fn chosen(&self) -> Option<&Found> {
        self.found.get(self.selected.0)
    }

    /// Whether what is shown is what was asked for last.
    pub const fn is_current(&self) -> bool {
        self.asked == self.answered
    }

    /// Whether anything was found or not found yet.
    pub const fn was_answered(&self) -> bool {
        self.answered != 0
    }

    /// The name that would be registered, written as names are.
    pub fn new_name(&self) -> String {
        let (family, given) = names(self.line.trimmed());
        let name = Name {
            family,
            given,
            ..Name::default()
        };
        name.shown()
    }

    /// Does what a key asks of any screen.
    pub fn press(&mut self, press: &Press, cx: &mut Cx<'_>) -> Vec<Step> {
        match press {
            Press::Type(typed) => {
                self.waits = None;
                let keys = std::mem::take(&mut self.keys);
                let writes = matches!(typed, Typed::Char(_) | Typed::Text(_));
                if writes && keys == Keys::Anew {
                    self.line.set("");
                }
                if self.line.typed(typed) {
                    self.selected = Selected::default();
                    return self.search(cx);
                }
            }
            Press::Move(to) => {
                self.selected.moved(*to, self.found.len() + 1, cx.page());
            }
            Press::Accept => return self.accept(),
            Press::New => return self.register(),
            Press::Next | Press::NextPane => self.keys = Keys::List,
            Press::Previous | Press::PreviousPane | Press::Filter => {
                self.keys = Keys::Box;
            }
            Press::Back if self.keys == Keys::List => self.keys = Keys::Box,
            Press::Back if !self.line.text().is_empty() => {
                let mut steps = self.over();
                self.line.set("");
                self.selected = Selected::default();
                steps.extend(self.search(cx));
                return steps;
            }
            Press::Field(_)
            | Press::Back
            | Press::List
            | Press::Repeat
            | Press::Finish
            | Press::Undo => {}
        }
        Vec::new()
    }

    /// Does what a key of this screen asks.
    pub fn act(&mut self, action: Action) -> Vec<Step> {
        match action {
            Action::ToList => self.keys = Keys::List,
            Action::ToBox => self.keys = Keys::Box,
            Action::Open => return self.accept(),
            Action::Emergency => {
                let patient = self.chosen().map(|it| it.row.patient);
                let Some(patient) = patient.filter(|_| self.is_current()) else {
                    self.waits = Some(action).filter(|_| !self.is_current());
                    return Vec::new();
                };
                let mut steps = self.over();
                steps.push(Step::EmergencyView(patient));
                return steps;
            }
            Action::Edit => {
                let patient = self.chosen().map(|it| it.row.patient);
                let Some(patient) = patient.filter(|_| self.is_current()) else {
                    return Vec::new();
                };
                let mut steps = self.over();
                let details = Place::Details(Tab::Find);
                steps.push(Step::OpenChart(patient, details));
                return steps;
            }
        }
        Vec::new()
    }

    /// Takes an answer. It never moves the selection.
    pub fn answered(&mut self, answer: Answer) -> Vec<Step> {
        match answer {
            Answer::Found {
                request,
                found,
                total,
            } if request == self.refreshing && self.is_current() => {
                self.refreshed(found, total);
                Vec::new()
            }
            Answer::Found {
                request,
                found,
                total,
            } if request == self.asked => {
                let chosen = self.chosen().map(|it| it.row.patient);
                let again = self.answered == request;
                self.found = found;
                self.total = total;
                self.seen_last = self.line.is_empty();
                self.answered = request;
                let mut patients = self.found.iter().map(|it| it.row.patient);
                let place = patients.position(|it| Some(it) == chosen);
                if let Some(place) = place.filter(|_| again) {
                    self.selected = Selected(place);
                }
                let waits = self.waits.take().filter(|_| self.found.len() == 1);
                waits.map_or_else(Vec::new, |it| self.act(it))
            }
            Answer::Found { .. } => Vec::new(),
            Answer::Failed(trouble) => vec![Step::Say(Notice::alarm(trouble.said()))],
        }
    }

    /// The search has done its work.
    pub(super) fn used(&mut self) {
        if self.keys == Keys::Box {
            self.keys = Keys::Anew;
        }
    }

    /// Searches again, when what there is to find may have changed.
    pub fn search(&mut self, cx: &mut Cx<'_>) -> Vec<Step> {
        self.owed |= !self.line.is_empty();
        self.asked = cx.request();
        vec![self.ask(self.asked)]
    }

    fn ask(&self, request: u32) -> Step {
        let text = Text(self.line.trimmed().to_owned());
        Step::Ask(Ask::Find(Effect::Search { request, text }))
    }

    /// Takes those found since something came in: who is listed stays in the same row, as
    /// they are now; others follow below, until the next letter. A list that was not touched
    /// is the newest one.
    fn refreshed(&mut self, found: Vec<Found>, total: usize) {
        let untouched = self.line.is_empty() && self.keys != Keys::List;
        let chosen = self.chosen().map(|it| it.row.patient);
        self.total = total;
        if untouched || self.found.is_empty() {
            self.found = found;
            let mut patients = self.found.iter().map(|it| it.row.patient);
            let place = patients.position(|it| Some(it) == chosen);
            self.selected = Selected(place.unwrap_or_default());
            return;
        }
        // The row below them, which registers somebody new, may be the selected one.
        let may_grow = self.selected.0 < self.found.len();
        for it in found {
            let mut patients = self.found.iter().map(|it| it.row.patient);
            let place = patients.position(|patient| patient == it.row.patient);
            match place.and_then(|at| self.found.get_mut(at)) {
                Some(listed) => *listed = it,
                None if may_grow => self.found.push(it),
                None => {}
            }
        }
    }

    /// Looks who came in from another machine, now and then while more comes. Whoever is
    /// listed stays where they are, and Enter waits for no answer.
    pub(super) fn refresh(&mut self, last: bool, cx: &mut Cx<'_>) -> Vec<Step> {
        let since = self.refreshed_at.map(|it| cx.now.at.ms_since(it));
        let is_due = last || since.is_none_or(|it| !(0..REFRESHED_MS).contains(&it));
        if !is_due || !self.is_current() {
            return Vec::new();
        }
        self.refreshed_at = Some(cx.now.at);
        self.refreshing = cx.request();
        vec![self.ask(self.refreshing)]
    }

    /// An Enter that came before its answer opens a person only when no other was found: a
    /// list that nobody has seen must not choose.
    fn accept(&mut self) -> Vec<Step> {
        if !self.is_current() {
            self.waits = Some(Action::Open);
            return Vec::new();
        }
        let Some(found) = self.chosen() else {
            return self.register();
        };
        let patient = found.row.patient;
        let mut steps = self.over();
        steps.push(Step::OpenChart(patient, Place::Summary));
        steps
    }

    fn register(&mut self) -> Vec<Step> {
        let mut steps = self.over();
        let text = Text(self.line.trimmed().to_owned());
        steps.push(Step::Open(Place::Register(text)));
        steps
    }

    /// The search is over, if anything was searched for: opened, given up or left behind.
    pub(super) fn over(&mut self) -> Vec<Step> {
        if !std::mem::take(&mut self.owed) {
            return Vec::new();
        }
        let shown = self.found.len();
        vec![Step::Ask(Ask::Find(Effect::Over { shown }))]
    }
}

/// Family and given name in what was typed: the first word and the rest. Words typed in
/// small letters throughout begin with a capital.
pub(super) fn names(typed: &str) -> (String, String) {
    let small = !typed.chars().any(char::is_uppercase);
    let written = |word: &str| {
        let mut letters = word.chars();
        match letters.next().filter(|_| small) {
            Some(first) => first.to_uppercase().chain(letters).collect(),
            None => word.to_owned(),
        }
    };
    let words = typed.split_whitespace().map(|it| it.trim_matches(','));
    let mut words = words.filter(|it| !it.is_empty()).map(written);
    let family = words.next().unwrap_or_default();
    (family, words.collect::<Vec<_>>().join(" "))
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Text(…)")
    }
}

#[cfg(test)]
mod tests;
