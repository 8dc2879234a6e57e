//! Vital signs and their trends: one line to type them in, a table of what was measured
//! before, and a curve of one measure.

mod keys;
mod words;

use std::fmt;

use super::{
    Cx, Effect as Ask, Line, Move, Press, Selected, Step,
    draft::{self, Body},
    keymap::Context,
    notice::{Notice, Said, Trouble},
    patient, visit,
};
use crate::{
    care::{
        Round, body_of, measures, rounds,
        vitals_line::{Problem, observations, parse},
    },
    chart::{Chart, Edit, Observation, Record, Subject},
    content::Vital,
    ids::{PatientId, RecordId},
    time::{Moment, When},
};

pub use keys::KEYS;
pub use words::{label, why};

/// What is typed, and what is selected.
#[derive(Debug)]
pub struct State {
    /// The line of vital signs.
    pub line: Line,
    /// Whether the keys go to the table rather than to the line.
    pub in_table: bool,
    /// The selected round.
    pub selected: Selected,
    /// What is asked before values are marked as entered in error.
    pub asking: Option<Asking>,
    patient: Option<PatientId>,
    measure: Option<Vital>,
    saving: Option<Saving>,
    undoing: Option<u32>,
    draft_asked: u32,
}

/// Values that are to be marked as entered in error, and why.
#[derive(Debug)]
pub struct Asking {
    /// Why.
    pub why: Line,
    observations: Vec<RecordId>,
}

/// What is being saved.
struct Saving {
    request: u32,
    /// What was typed; empty when values are marked as entered in error.
    typed: String,
    /// What takes it back.
    undo: Vec<Edit>,
}

/// What a key may ask of the vital signs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// From the line into the table.
    ToTable,
    /// From the table back into the line.
    ToLine,
    /// The measure to the left.
    MeasureBefore,
    /// The measure to the right.
    MeasureAfter,
    /// What can be done with the selected row.
    Menu,
    /// The selected value was entered in error.
    ValueInError,
    /// All values of the row were.
    RowInError,
}

impl State {
    /// The line, empty or as it was left, over what was measured before.
    pub fn open(measure: Option<Vital>, cx: &mut Cx<'_>) -> (Self, Vec<Step>) {
        let state = Self {
            line: Line::default(),
            in_table: false,
            selected: Selected::default(),
            asking: None,
            patient: cx.chart.map(|it| it.patient),
            measure,
            saving: None,
            undoing: None,
            draft_asked: cx.request(),
        };
        let load = draft::Effect::Load {
            request: state.draft_asked,
            key: state.draft_key(),
        };
        (state, vec![Step::Ask(Ask::Draft(load))])
    }

    /// The contexts of the line.
    pub const LINE: &'static [Context] =
        &[Context::Vitals, Context::Text, Context::Anywhere];
    /// The contexts of the table.
    pub const TABLE: &'static [Context] = &[
        Context::VitalsTable,
        Context::Chart,
        Context::List,
        Context::Anywhere,
        Context::Outside,
    ];
    /// The contexts of the question why.
    pub const WHY: &'static [Context] =
        &[Context::VitalsWhy, Context::Text, Context::Anywhere];
    /// The contexts of the menu of a row.
    pub const MENU: &'static [Context] = &[Context::VitalsMenu, Context::Menu];

    /// Where keys mean something.
    pub const fn contexts(&self) -> &'static [Context] {
        match (&self.asking, self.in_table) {
            (Some(_), _) => Self::WHY,
            (None, true) => Self::TABLE,
            (None, false) => Self::LINE,
        }
    }

    /// The measure whose curve is drawn: the chosen one, or the first of those that there
    /// are.
    pub fn measure(&self, there: &[Vital]) -> Option<Vital> {
        let chosen = self.measure.filter(|it| there.contains(it));
        chosen.or_else(|| there.first().copied())
    }

    /// Where its draft belongs.
    pub const fn draft_key(&self) -> draft::Key {
        draft::Key {
            kind: draft::Kind::Vitals,
            patient: self.patient,
        }
    }

    /// What is typed, to be kept.
    pub fn draft(&self) -> Body {
        Body(self.line.trimmed().to_owned())
    }

    /// Takes up a kept draft, before what was typed meanwhile.
    pub fn draft_loaded(
        &mut self,
        request: u32,
        (body, _): (Body, Moment),
        cx: &Cx<'_>,
    ) -> Vec<Step> {
        if request != self.draft_asked {
            return Vec::new();
        }
        let line = format!("{} {}", body.0, self.line.text());
        self.line.set(line.trim());
        vec![cx.taken_up()]
    }

    /// Does what a key asks of any screen.
    pub fn press(&mut self, press: &Press, cx: &mut Cx<'_>) -> Vec<Step> {
        if let Some(asking) = &mut self.asking {
            return match press {
                Press::Type(typed) => {
                    asking.why.typed(typed);
                    Vec::new()
                }
                Press::Accept | Press::Finish => self.mark(cx),
                Press::Back
                | Press::Move(_)
                | Press::Next
                | Press::Previous
                | Press::NextPane
                | Press::PreviousPane
                | Press::List
                | Press::Repeat
                | Press::New
                | Press::Undo
                | Press::Filter
                | Press::Field(_) => {
                    self.asking = None;
                    Vec::new()
                }
            };
        }
        match press {
            Press::Type(typed) => {
                if self.line.typed(typed) {
                    return vec![Step::DraftChanged];
                }
            }
            Press::Accept | Press::Finish => return self.accept(cx),
            Press::Move(to) => {
                let total = with_rounds(cx, |it, _| it.len());
                self.selected.moved(*to, total, cx.page());
            }
            Press::Next | Press::Previous | Press::NextPane | Press::PreviousPane => {
                self.in_table = !self.in_table;
            }
            Press::Back if self.in_table => self.in_table = false,
            Press::Back => return vec![Step::Back],
            Press::List
            | Press::Repeat
            | Press::New
            | Press::Undo
            | Press::Filter
            | Press::Field(_) => {}
        }
        Vec::new()
    }

    /// Does what a key of this screen asks.
    pub fn act(&mut self, action: Action, cx: &Cx<'_>) -> Vec<Step> {
        match action {
            Action::ToTable => self.in_table = true,
            Action::ToLine => self.in_table = false,
            Action::MeasureBefore => self.turn(Move::Up, cx),
            Action::MeasureAfter => self.turn(Move::Down, cx),
            Action::Menu if with_rounds(cx, |it, _| it.is_empty()) => {}
            Action::Menu => return vec![Step::Menu(Self::MENU)],
            Action::ValueInError => {
                let chosen = self.chosen(cx, |round, measure| {
                    let value = measure.and_then(|it| round.of(it));
                    value
                        .map(|it| it.observation.entry.id)
                        .into_iter()
                        .collect()
                });
                return self.ask_why(chosen);
            }
            Action::RowInError => {
                let chosen = self.chosen(cx, |round, _| {
                    let all = round.taken.iter();
                    all.map(|it| it.observation.entry.id).collect()
                });
                return self.ask_why(chosen);
            }
        }
        Vec::new()
    }

    /// Is told how a save went.
    pub fn saved(
        &mut self,
        request: u32,
        outcome: Result<(), Trouble>,
        cx: &mut Cx<'_>,
    ) -> Vec<Step> {
        if self.undoing.take_if(|it| *it == request).is_some() {
            let said = Said::line("vitals-taken-back");
            return outcome
                .map_or_else(|_| Vec::new(), |()| vec![Step::Say(Notice::done(said))]);
        }
        let Some(saving) = self.saving.take_if(|it| it.request == request) else {
            return Vec::new();
        };
        let (Ok(()), Some(patient)) = (outcome, self.patient) else {
            return Vec::new();
        };
        let count = saving.undo.len();
        let mut steps = Vec::new();
        let id = if saving.typed.is_empty() {
            "vitals-marked"
        } else {
            let rest = self.line.text().strip_prefix(&saving.typed);
            let rest = rest.unwrap_or_default().trim().to_owned();
            self.line.set(&rest);
            self.in_table = rest.is_empty();
            self.selected = Selected::default();
            steps.push(Step::Ask(Ask::Draft(draft::Effect::Drop(self.draft_key()))));
            "vitals-saved"
        };
        let undo_request = cx.request();
        self.undoing = Some(undo_request);
        let undo = Ask::Patient(patient::Effect::Save {
            request: undo_request,
            subject: Subject::Patient(patient),
            edits: saving.undo,
        });
        let said = Said::with(id, [("n", count.into())]);
        steps.push(Step::Say(Notice::undoable(said, vec![Step::Ask(undo)])));
        steps
    }

    /// Saves what the line says, or puts the caret to what it does not.
    fn accept(&mut self, cx: &mut Cx<'_>) -> Vec<Step> {
        let Some(chart) = self.chart(cx) else {
            return Vec::new();
        };
        if self.line.is_empty() {
            self.in_table = true;
            return Vec::new();
        }
        let body = body_of(chart, cx.today());
        let parsed = parse(self.line.text(), &body);
        if let Some(problem) = parsed.problems.first() {
            return stop_at(problem, &mut self.line, cx);
        }
        let visit = visit::of_today(chart, cx).map(|it| it.entry.id);
        let Some(entry) = cx.entry_of_care() else {
            return Vec::new();
        };
        let made = observations(&parsed.readings, &body, When::At(cx.now), visit, || {
            crate::chart::Entry {
                id: cx.record_id(),
                ..entry.clone()
            }
        });
        let why = cx.say.line("vitals-taken-back-why");
        let undo = made.iter().cloned();
        let undo = undo.map(|it| Edit::entered_in_error(Record::Observation(it), &why));
        let undo = undo.collect();
        let edits = made.into_iter().map(Record::Observation).map(Edit::add);
        let edits = edits.collect();
        let typed = self.line.text().to_owned();
        self.save(edits, undo, typed, cx)
    }

    fn mark(&mut self, cx: &mut Cx<'_>) -> Vec<Step> {
        let Some((asking, chart)) = self.asking.as_ref().zip(self.chart(cx)) else {
            return Vec::new();
        };
        let why = asking.why.trimmed().to_owned();
        if why.is_empty() {
            return vec![Step::Say(Notice::plain(Said::line("vitals-why-needed")))];
        }
        let all = chart.visits.iter().flat_map(|it| &it.observations);
        let chosen = all.filter(|it| asking.observations.contains(&it.entry.id));
        let marked = |it: &Observation| {
            Edit::entered_in_error(Record::Observation(it.clone()), &why)
        };
        let edits: Vec<Edit> = chosen.map(marked).collect();
        let undo = edits.iter().filter_map(turned_back).collect();
        self.asking = None;
        self.save(edits, undo, String::new(), cx)
    }

    fn save(
        &mut self,
        edits: Vec<Edit>,
        undo: Vec<Edit>,
        typed: String,
        cx: &mut Cx<'_>,
    ) -> Vec<Step> {
        let Some(patient) = self.patient.filter(|_| self.saving.is_none()) else {
            return Vec::new();
        };
        let request = cx.request();
        self.saving = Some(Saving {
            request,
            typed,
            undo,
        });
        vec![Step::Ask(Ask::Patient(patient::Effect::Save {
            request,
            subject: Subject::Patient(patient),
            edits,
        }))]
    }

    fn turn(&mut self, to: Move, cx: &Cx<'_>) {
        let there = with_rounds(cx, |_, there| there.to_vec());
        let chosen = self.measure(&there);
        let at = there.iter().position(|it| Some(*it) == chosen);
        let mut at = Selected(at.unwrap_or(0));
        at.moved(to, there.len(), 1);
        self.measure = there.get(at.0).copied();
    }

    fn chosen(
        &self,
        cx: &Cx<'_>,
        pick: impl Fn(&Round<'_>, Option<Vital>) -> Vec<RecordId>,
    ) -> Vec<RecordId> {
        with_rounds(cx, |rounds, there| {
            let round = rounds.get(self.selected.0);
            round.map_or_else(Vec::new, |it| pick(it, self.measure(there)))
        })
    }

    fn ask_why(&mut self, observations: Vec<RecordId>) -> Vec<Step> {
        if observations.is_empty() {
            return vec![Step::Say(Notice::plain(Said::line("vitals-no-value")))];
        }
        self.asking = Some(Asking {
            why: Line::default(),
            observations,
        });
        Vec::new()
    }

    /// The open chart, if it is the one that this screen was opened for.
    fn chart<'a>(&self, cx: &Cx<'a>) -> Option<&'a Chart> {
        cx.chart.filter(|it| Some(it.patient) == self.patient)
    }
}

/// Puts the caret behind what cannot be read and says why.
pub(super) fn stop_at(problem: &Problem, line: &mut Line, cx: &Cx<'_>) -> Vec<Step> {
    let text = line.text().get(problem.span.clone()).unwrap_or_default();
    let said = why(&problem.why, text, cx.say);
    line.put_caret(problem.span.end);
    vec![Step::Say(Notice::plain(said))]
}

fn with_rounds<T>(cx: &Cx<'_>, look: impl FnOnce(&[Round<'_>], &[Vital]) -> T) -> T {
    let visits = cx.chart.and_then(|it| it.visits.as_ref());
    let rounds = visits.map_or_else(Vec::new, |it| rounds(&it.observations));
    look(&rounds, &measures(&rounds))
}

fn turned_back(edit: &Edit) -> Option<Edit> {
    match edit {
        Edit::Change { before, after } => Some(Edit::change(
            after.as_ref().clone(),
            before.as_ref().clone(),
        )),
        Edit::Add(_) | Edit::Settle { .. } => None,
    }
}

impl fmt::Debug for Saving {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Saving({})", self.request)
    }
}
