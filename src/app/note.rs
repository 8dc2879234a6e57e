//! A visit's note (S5): vital signs in a line, why the patient came, what was found, the
//! diagnoses and the plan; signed at the end. An addendum to a signed note has one section.

mod diagnoses;
mod filling;
mod keeping;
mod keys;
mod meanwhile;
mod saving;
mod section;

use super::{
    Cx, Line, Move, Passage, Press, Step, Typed, draft, icd,
    keymap::Context,
    notice::{Notice, Said},
    vitals::stop_at,
};
use crate::{
    care::{
        body_of,
        vitals_line::{observations, parse},
    },
    chart::{Entry, Observation, Section as Written},
    ids::{PatientId, RecordId},
    time::{Moment, When},
};

use filling::facts;

pub use diagnoses::{Diagnoses, Diagnosis, List, Offered, words};
pub use keys::KEYS;
pub use section::{Offer, Section};

/// What is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Task {
    /// Today's visit, begun or gone on with.
    Today,
    /// A note that is not signed yet.
    Continue(RecordId),
    /// An addendum to this signed note.
    AddTo(RecordId),
}

/// A part of the page that can have the caret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Field {
    /// The line of vital signs.
    Vitals,
    /// Why the patient came.
    Why,
    /// What was found.
    Found,
    /// The diagnoses.
    Dx,
    /// The plan.
    Plan,
    /// What an addendum adds.
    Added,
}

/// What is written, and where the caret stands.
#[derive(Debug)]
pub struct State {
    /// What is written.
    pub task: Task,
    /// The part that has the caret.
    pub at: Field,
    /// The line of vital signs.
    pub vitals: Line,
    /// The sections of text, in their order.
    pub sections: Vec<(Field, Section)>,
    /// The diagnoses.
    pub dx: Diagnoses,
    /// How far it is.
    pub stage: Stage,
    /// When it was begun.
    pub begun: Moment,
    /// When its draft was kept last.
    pub kept: Option<Moment>,
    patient: Option<PatientId>,
    visit: RecordId,
    note: RecordId,
    /// What the note said when the person saw it last.
    seen: Vec<Written>,
    draft_asked: u32,
}

/// How far a note is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// It is being written.
    Writing,
    /// The person is asked whether to sign it.
    Confirming,
    /// It is being saved, with the number of that request.
    Saving(u32),
    /// It is being signed, with the number of that request.
    Signing(u32),
}

/// What a key may ask of a note.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// To the line of vital signs.
    ToVitals,
    /// Mark the diagnosis for the problem list, or not.
    ToggleList,
    /// Take what is offered at the caret.
    Insert,
    /// Close what is offered and keep the text.
    KeepText,
    /// Sign now.
    Sign,
    /// Go on writing.
    GoOn,
}

/// The parts of a visit's note, in their order.
const VISIT: &[Field] = &[
    Field::Vitals,
    Field::Why,
    Field::Found,
    Field::Dx,
    Field::Plan,
];
/// The parts of an addendum.
const ADDENDUM: &[Field] = &[Field::Added];
/// The columns of the labels and the edges beside a section.
const BESIDE: u16 = 10;

impl State {
    /// A note of the open chart: what is saved and not signed is gone on with.
    pub fn open(task: Task, cx: &mut Cx<'_>) -> (Self, Vec<Step>) {
        let mut state = Self::empty(task, cx);
        let mut steps = Vec::new();
        if let Some(chart) = cx.chart {
            steps = state.begin(chart, cx);
        }
        let load = draft::Effect::Load {
            request: state.draft_asked,
            key: state.draft_key(),
        };
        steps.push(Step::Ask(super::Effect::Draft(load)));
        let ready = icd::Effect::ready(cx.request());
        steps.push(Step::Ask(super::Effect::Icd(ready)));
        (state, steps)
    }

    fn empty(task: Task, cx: &mut Cx<'_>) -> Self {
        let fields = fields_of(task);
        let texts = fields.iter().filter(|it| it.section().is_some());
        Self {
            task,
            at: match task {
                Task::Today | Task::Continue(_) => Field::Vitals,
                Task::AddTo(_) => Field::Added,
            },
            vitals: Line::default(),
            sections: texts.map(|it| (*it, Section::default())).collect(),
            dx: Diagnoses::default(),
            stage: Stage::Writing,
            begun: cx.now,
            kept: None,
            patient: cx.chart.map(|it| it.patient),
            visit: cx.record_id(),
            note: cx.record_id(),
            seen: Vec::new(),
            draft_asked: cx.request(),
        }
    }

    /// The contexts of the line of vital signs.
    pub const VITALS: &'static [Context] = &[
        Context::NoteLine,
        Context::Note,
        Context::Text,
        Context::Anywhere,
    ];
    /// The contexts of a section.
    pub const TEXT: &'static [Context] = &[
        Context::NoteText,
        Context::Note,
        Context::Text,
        Context::Anywhere,
    ];
    /// The contexts of a section in which something is offered.
    pub const OFFER: &'static [Context] = &[
        Context::NoteOffer,
        Context::NoteText,
        Context::Note,
        Context::Text,
        Context::Anywhere,
    ];
    /// The contexts of the diagnoses.
    pub const DX: &'static [Context] = &[
        Context::NoteDx,
        Context::Note,
        Context::Text,
        Context::Anywhere,
    ];
    /// The contexts of the question whether to sign.
    pub const SIGN: &'static [Context] = &[
        Context::NoteSign,
        Context::Note,
        Context::Text,
        Context::Anywhere,
    ];

    /// Where keys mean something.
    pub fn contexts(&self) -> &'static [Context] {
        if self.stage == Stage::Confirming {
            return Self::SIGN;
        }
        let offers = self.section(self.at).is_some_and(|it| it.offer.is_some());
        match self.at {
            Field::Vitals => Self::VITALS,
            Field::Dx => Self::DX,
            _ if offers => Self::OFFER,
            Field::Why | Field::Found | Field::Plan | Field::Added => Self::TEXT,
        }
    }

    /// The parts of the page, in their order.
    pub const fn fields(&self) -> &'static [Field] {
        fields_of(self.task)
    }

    /// A section of text.
    pub fn section(&self, field: Field) -> Option<&Section> {
        let mut sections = self.sections.iter();
        sections.find(|(it, _)| *it == field).map(|(_, it)| it)
    }

    /// The blanks that are not filled.
    pub fn blanks_left(&self) -> usize {
        self.sections.iter().map(|(_, it)| it.blanks_left()).sum()
    }

    /// The sentence of help for the part that has the caret.
    pub const fn about(&self) -> &'static str {
        match self.at {
            Field::Vitals => "note-vitals-help",
            Field::Why => "note-why-help",
            Field::Found => "note-found-help",
            Field::Dx => "note-dx-help",
            Field::Plan => "note-plan-help",
            Field::Added => "note-added-help",
        }
    }

    /// Does what a key asks of any screen.
    pub fn press(&mut self, press: &Press, cx: &mut Cx<'_>) -> Vec<Step> {
        if cx.chart.map(|it| it.patient) != self.patient {
            let said = Said::line("note-other-patient");
            return vec![Step::Say(Notice::alarm(said)), Step::Back];
        }
        if matches!(self.stage, Stage::Saving(_) | Stage::Signing(_)) {
            return Vec::new();
        }
        self.stage = Stage::Writing;
        let cx = &mut self.closed(cx);
        match press {
            Press::Type(typed) => self.typed(typed, cx),
            Press::Accept => self.accept(cx),
            Press::Next => self.tab(cx),
            Press::Previous | Press::PreviousPane => self.go_by(-1),
            Press::NextPane => self.go_by(1),
            Press::Move(to) => self.moved(*to, cx),
            Press::List if self.at == Field::Dx => self.dx.open_list(cx),
            Press::List => {
                self.at = Field::Dx;
                self.dx.open_list(cx)
            }
            Press::Repeat => self.repeat(cx),
            Press::Finish => self.finish(cx),
            Press::Back => self.back(),
            Press::Field(field) => self.go_to(*field),
            Press::New | Press::Undo | Press::Filter => Vec::new(),
        }
    }

    /// Does what a key of this screen asks.
    pub fn act(&mut self, action: Action, cx: &mut Cx<'_>) -> Vec<Step> {
        let cx = &mut self.closed(cx);
        match action {
            Action::Sign if self.stage == Stage::Confirming => self.save(cx),
            Action::GoOn | Action::Sign => {
                self.stage = Stage::Writing;
                Vec::new()
            }
            Action::ToVitals => {
                self.leave();
                self.at = Field::Vitals;
                Vec::new()
            }
            Action::ToggleList if self.dx.toggle_list() => vec![Step::DraftChanged],
            Action::ToggleList => Vec::new(),
            Action::Insert => self.tab(cx),
            Action::KeepText => {
                if let Some(section) = self.section_mut(self.at) {
                    section.close_offer();
                }
                Vec::new()
            }
        }
    }

    /// Is given diagnoses that it asked for.
    pub fn icd_found(&mut self, answer: &icd::Answer, cx: &mut Cx<'_>) -> Vec<Step> {
        let cx = &mut self.closed(cx);
        self.dx.found(answer, cx)
    }

    fn typed(&mut self, typed: &Typed, cx: &mut Cx<'_>) -> Vec<Step> {
        let (changed, mut steps) = match self.at {
            Field::Vitals => (self.vitals.typed(typed), Vec::new()),
            Field::Dx => self.dx.typed(typed, cx),
            Field::Why | Field::Found | Field::Plan | Field::Added => {
                (self.write(typed, cx), Vec::new())
            }
        };
        if changed {
            steps.push(Step::DraftChanged);
        }
        steps
    }

    fn write(&mut self, typed: &Typed, cx: &mut Cx<'_>) -> bool {
        let width = text_width(cx.size.columns);
        let typed_vitals = self.readings(cx);
        let facts = facts(cx, &typed_vitals);
        let section = self.section_mut(self.at);
        section.is_some_and(|it| it.typed(typed, width, &facts))
    }

    fn accept(&mut self, cx: &mut Cx<'_>) -> Vec<Step> {
        match self.at {
            Field::Vitals => {
                let Some(chart) = cx.chart else {
                    return Vec::new();
                };
                let body = body_of(chart, cx.today());
                let parsed = parse(self.vitals.text(), &body);
                match parsed.problems.first() {
                    Some(problem) => stop_at(problem, &mut self.vitals, cx),
                    None => self.go_by(1),
                }
            }
            Field::Dx => match self.dx.accept(cx) {
                (true, steps) => steps,
                (false, _) => self.go_by(1),
            },
            Field::Why | Field::Found | Field::Plan | Field::Added => {
                self.typed(&Typed::Char('\n'), cx)
            }
        }
    }

    fn tab(&mut self, cx: &mut Cx<'_>) -> Vec<Step> {
        let typed_vitals = self.readings(cx);
        let facts = facts(cx, &typed_vitals);
        match self.section_mut(self.at).map(|it| it.tab(&facts)) {
            Some(section::Tabbed::Changed) => vec![Step::DraftChanged],
            Some(section::Tabbed::Moved) => Vec::new(),
            Some(section::Tabbed::Leaves) | None => {
                let Some(blank) = self.next_with_blanks() else {
                    return self.go_by(1);
                };
                self.leave();
                self.at = blank;
                if let Some(section) = self.section_mut(blank) {
                    section.go_to_blank();
                }
                Vec::new()
            }
        }
    }

    /// The next part with a blank to fill, beside the one with the caret.
    fn next_with_blanks(&self) -> Option<Field> {
        let fields = self.fields();
        let here = fields.iter().position(|it| *it == self.at)?;
        let after = fields.iter().cycle().skip(here + 1).take(fields.len() - 1);
        let mut open =
            after.filter(|it| self.section(**it).is_some_and(|it| it.blanks_left() > 0));
        open.next().copied()
    }

    fn moved(&mut self, to: Move, cx: &Cx<'_>) -> Vec<Step> {
        let width = text_width(cx.size.columns);
        let moved = match self.at {
            Field::Vitals => false,
            Field::Dx => self.dx.moved(to),
            Field::Why | Field::Found | Field::Plan | Field::Added => {
                let section = self.section_mut(self.at);
                section.is_some_and(|it| it.moved(to, width))
            }
        };
        match to {
            Move::Up | Move::PageUp if !moved => self.go_by(-1),
            Move::Down | Move::PageDown if !moved => self.go_by(1),
            Move::Up
            | Move::Down
            | Move::PageUp
            | Move::PageDown
            | Move::First
            | Move::Last
            | Move::To(_) => Vec::new(),
        }
    }

    fn back(&mut self) -> Vec<Step> {
        if self.at == Field::Dx && self.dx.close_list() {
            return Vec::new();
        }
        vec![Step::Back]
    }

    fn go_by(&mut self, by: isize) -> Vec<Step> {
        let fields = self.fields();
        let at = fields.iter().position(|it| *it == self.at).unwrap_or(0);
        self.go_to(at.checked_add_signed(by).unwrap_or(at))
    }

    fn go_to(&mut self, field: usize) -> Vec<Step> {
        self.leave();
        self.at = self.fields().get(field).copied().unwrap_or(self.at);
        Vec::new()
    }

    fn leave(&mut self) {
        if let Some(section) = self.section_mut(self.at) {
            section.close_offer();
            section.blank = None;
        }
        self.dx.close_list();
    }

    fn section_mut(&mut self, field: Field) -> Option<&mut Section> {
        let mut sections = self.sections.iter_mut();
        sections.find(|(it, _)| *it == field).map(|(_, it)| it)
    }

    /// The vital signs in the line, as far as they can be read.
    fn readings(&self, cx: &mut Cx<'_>) -> Vec<Observation> {
        let (Some(chart), Some(entry)) = (cx.chart, self.entry(cx)) else {
            return Vec::new();
        };
        let body = body_of(chart, cx.today());
        let parsed = parse(self.vitals.text(), &body);
        let (when, visit) = (When::At(cx.now), Some(self.visit));
        observations(&parsed.readings, &body, when, visit, || Entry {
            id: cx.record_id(),
            ..entry.clone()
        })
    }
}

impl Field {
    /// The name of the section in the record; none of what is no text.
    pub const fn section(self) -> Option<&'static str> {
        match self {
            Self::Vitals | Self::Dx => None,
            Self::Why => Some("S"),
            Self::Found => Some("O"),
            Self::Plan => Some("P"),
            Self::Added => Some("addendum"),
        }
    }
}

/// The cells of a section's rows on a screen of so many columns.
pub const fn text_width(columns: u16) -> usize {
    columns.saturating_sub(BESIDE) as usize
}

const fn fields_of(task: Task) -> &'static [Field] {
    match task {
        Task::Today | Task::Continue(_) => VISIT,
        Task::AddTo(_) => ADDENDUM,
    }
}

#[cfg(test)]
mod tests;
