//! Who changed what in the open chart, the newest first, each field with what stood there
//! before.

mod words;

pub use words::{field_name, kind_name, value, word};

use std::fmt;

use super::{
    Cx, Effect as Ask, Key, Line, Move, Press, Selected, Step,
    keymap::{self, Context, Row},
    notice::{Notice, Trouble},
    records::Action,
};
use crate::{
    chart::{Chart, Kind},
    ids::{PatientId, RecordId},
    say::Say,
    time::Moment,
};

/// The changes, and which of them are shown.
#[derive(Debug)]
pub struct State {
    /// What the shown lines must hold.
    pub filter: Line,
    /// Whether the keys write the filter.
    pub filtering: bool,
    /// The selected line of those shown.
    pub selected: Selected,
    /// Whether the answer has come.
    pub loaded: bool,
    asked: u32,
    lines: Vec<Said>,
    shown: Vec<usize>,
}

/// A line of the history.
#[derive(Clone, PartialEq, Eq)]
pub enum Said {
    /// Who wrote at one moment in one record.
    Head {
        /// When and who.
        when_who: String,
        /// The record.
        record: String,
    },
    /// What it changed.
    Field {
        /// The field's name.
        field: String,
        /// What stood there and what stands there since.
        change: String,
    },
}

/// A field that somebody set, as the shell tells it.
#[derive(Clone, PartialEq, Eq)]
pub struct Past {
    /// When, on this machine's wall clock.
    pub at: Moment,
    /// The writer's name; none when it is not known here.
    pub by: Option<String>,
    /// The kind of record.
    pub kind: Kind,
    /// The record; zero for the person.
    pub record: RecordId,
    /// The field's short name; empty for the making of the record.
    pub field: String,
    /// What stood there.
    pub old: Option<String>,
    /// What stands there since.
    pub new: Option<String>,
}

/// What the history asks of the shell.
#[derive(Debug)]
pub enum Effect {
    /// Every change of a chart. The reading is in the audit before the answer comes.
    Load {
        /// The request's number.
        request: u32,
        /// Whose chart.
        patient: PatientId,
    },
}

/// What the shell answers.
#[derive(Debug)]
pub enum Answer {
    /// The changes, the newest first; or why not.
    Loaded {
        /// The request's number.
        request: u32,
        /// The changes.
        result: Result<Vec<Past>, Trouble>,
    },
}

/// The history's rows of the key table.
pub const KEYS: &[Row] = &[
    Row::hinted(
        Context::History,
        &[Key::Char('/')],
        keymap::Action::Press(Press::Filter),
        "history-filter",
        "history-hint-filter",
    ),
    Row::hinted(
        Context::HistoryFilter,
        &[Key::Enter],
        keymap::Action::Records(Action::ToList),
        "history-to-list",
        "history-hint-list",
    ),
    Row::hinted(
        Context::HistoryFilter,
        &[Key::Esc],
        keymap::Action::Press(Press::Back),
        "history-clear",
        "history-hint-clear",
    ),
    moves(&[Key::Up], Move::Up, "list-up"),
    moves(&[Key::Down], Move::Down, "list-down"),
    moves(&[Key::PageUp], Move::PageUp, "list-page-up"),
    moves(&[Key::PageDown], Move::PageDown, "list-page-down"),
];

const fn moves(keys: &'static [Key], to: Move, says: &'static str) -> Row {
    let action = keymap::Action::Press(Press::Move(to));
    Row::new(Context::HistoryFilter, keys, action, says)
}

impl State {
    /// Asks for the changes of the open chart.
    pub fn open(cx: &mut Cx<'_>) -> (Self, Vec<Step>) {
        let state = Self {
            filter: Line::default(),
            filtering: false,
            selected: Selected::default(),
            loaded: false,
            asked: cx.request(),
            lines: Vec::new(),
            shown: Vec::new(),
        };
        let steps = cx.chart.map(|chart| {
            Step::Ask(Ask::History(Effect::Load {
                request: state.asked,
                patient: chart.patient,
            }))
        });
        (state, steps.into_iter().collect())
    }

    /// The contexts of the list.
    pub const LIST: &'static [Context] = &[
        Context::History,
        Context::List,
        Context::Chart,
        Context::Anywhere,
        Context::Outside,
    ];
    /// The contexts of the filter.
    pub const FILTER: &'static [Context] =
        &[Context::HistoryFilter, Context::Text, Context::Anywhere];

    /// Where keys mean something.
    pub const fn contexts(&self) -> &'static [Context] {
        if self.filtering {
            Self::FILTER
        } else {
            Self::LIST
        }
    }

    /// Does what a key asks of any screen.
    pub fn press(&mut self, press: &Press, cx: &Cx<'_>) -> Vec<Step> {
        if let Press::Move(to) = press {
            self.selected.moved(*to, self.shown.len(), cx.page());
        } else if let (true, Press::Type(typed)) = (self.filtering, press) {
            if self.filter.typed(typed) {
                self.narrow();
            }
        } else if *press == Press::Filter {
            self.filtering = true;
        } else if *press == Press::Back {
            if !self.filtering && self.filter.is_empty() {
                return vec![Step::Back];
            }
            self.filtering = false;
            self.filter.set("");
            self.narrow();
        }
        Vec::new()
    }

    /// Does what a key of this screen asks.
    pub fn act(&mut self, action: Action) -> Vec<Step> {
        if action == Action::ToList {
            self.filtering = false;
        }
        Vec::new()
    }

    /// Takes the changes.
    pub fn answered(&mut self, answer: &Answer, cx: &Cx<'_>) -> Vec<Step> {
        let Answer::Loaded { request, result } = answer;
        if *request != self.asked {
            return Vec::new();
        }
        match result {
            Ok(past) => {
                self.loaded = true;
                self.lines = said(past, cx.chart, cx.say);
                self.narrow();
                Vec::new()
            }
            Err(trouble) => vec![Step::Say(Notice::alarm(trouble.said()))],
        }
    }

    /// How many lines are shown.
    pub const fn total(&self) -> usize {
        self.shown.len()
    }

    /// A shown line.
    pub fn line(&self, at: usize) -> Option<&Said> {
        self.lines.get(*self.shown.get(at)?)
    }

    /// Shows the lines that hold what is typed, each field under its head; a head that holds
    /// it with all of its fields.
    fn narrow(&mut self) {
        let wanted = self.filter.trimmed().to_lowercase();
        self.shown.clear();
        let mut head = None;
        let mut whole = false;
        for (at, line) in self.lines.iter().enumerate() {
            let holds = wanted.is_empty() || line.holds(&wanted);
            if matches!(line, Said::Head { .. }) {
                (head, whole) = (Some(at), holds);
                if whole {
                    self.shown.extend(head.take());
                }
            } else if holds || whole {
                self.shown.extend(head.take());
                self.shown.push(at);
            }
        }
        self.selected = Selected::default();
    }
}

impl Said {
    fn holds(&self, wanted: &str) -> bool {
        let (one, other) = match self {
            Self::Head { when_who, record } => (when_who, record),
            Self::Field { field, change } => (field, change),
        };
        one.to_lowercase().contains(wanted) || other.to_lowercase().contains(wanted)
    }
}

/// The changes in words: a head for what one person wrote at one moment in one record, and
/// under it the fields.
pub(super) fn said(past: &[Past], chart: Option<&Chart>, say: &Say) -> Vec<Said> {
    let names = chart.map(words::names).unwrap_or_default();
    let mut lines = Vec::new();
    let mut last: Option<&Past> = None;
    for it in past {
        let same = last.is_some_and(|last| {
            (last.at, &last.by, last.kind, last.record)
                == (it.at, &it.by, it.kind, it.record)
        });
        if !same {
            let called = names.get(&it.record).copied();
            lines.push(words::head(it, called, say));
        }
        lines.extend(words::field(it, say));
        last = Some(it);
    }
    lines
}

impl fmt::Debug for Past {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Past({:?}, {:?})", self.kind, self.record)
    }
}

impl fmt::Debug for Said {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Said(…)")
    }
}
