//! What the lists of a chart's records share: a list of one kind of record, and in front of
//! it the form that writes one. What is typed is kept as a draft until it is saved; what was
//! saved can be taken back.

mod body;
mod writing;

use super::{
    Cx, Effect as Ask, Key, Press, Selected, Step,
    draft::{self, Body},
    form::{Event as Typing, Field, Form, Kind},
    keymap::{self, Context, Row},
    notice::{Notice, Said, Trouble},
    overlay::Question,
    patient,
};
use crate::{
    chart::{Edit, Entry, Record, Subject},
    ids::{PatientId, RecordId},
    time::{Moment, When, parse_day},
};

pub use writing::Writing;

/// A list of the open chart's records and what is written over it.
#[derive(Debug)]
pub struct Sheet {
    /// The selected record.
    pub selected: Selected,
    /// The form in front of the list.
    pub writing: Option<Writing>,
    /// Text of a form that was left without saving.
    pub kept: Option<Body>,
    /// The machine that changed, too, the record that is written; empty where that is not
    /// known.
    pub also: Option<String>,
    plan: &'static Plan,
    patient: Option<PatientId>,
    saving: Option<Saving>,
    undoing: Option<u32>,
    draft_asked: u32,
    wanted: Option<Task>,
}

/// What is particular to one sheet.
#[derive(Debug)]
pub struct Plan {
    /// What its drafts are.
    pub kind: draft::Kind,
    /// The titles of its forms.
    pub tasks: &'static [&'static str],
    /// The form of a task about this record; none when it cannot be done.
    pub form: fn(Task, Option<&Record>, &Cx<'_>) -> Option<Form>,
}

/// What a form is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Task {
    /// The sentence of its title.
    pub title: &'static str,
    /// The record that is changed; none when one is added.
    pub record: Option<RecordId>,
}

#[derive(Debug)]
struct Saving {
    request: u32,
    record: Option<RecordId>,
    said: Said,
    undo: Vec<Edit>,
}

/// What a press means to the screen whose sheet it is.
#[derive(Debug)]
pub enum Event {
    /// These steps, and nothing that the screen must do.
    Steps(Vec<Step>),
    /// A new record is asked for.
    New,
    /// The selected record is to be opened.
    Open,
    /// The field of this name has another text.
    Changed(&'static str),
    /// Enter was pressed in the field of this name.
    Accepted(&'static str),
    /// The form is filled in.
    Finished(Task),
}

/// The rows of the key table that every form of a sheet has.
pub const KEYS: &[Row] = &[Row::hinted(
    Context::Sheet,
    &[Key::F(2), Key::Ctrl('s')],
    keymap::Action::Press(Press::Finish),
    "sheet-save",
    "hint-save",
)];

/// The field that says why a record was entered in error.
pub const WHY: &str = "sheet-why";

/// The contexts of a form.
pub const FORM: &[Context] = &[
    Context::Sheet,
    Context::Form,
    Context::Text,
    Context::Anywhere,
];

impl Sheet {
    /// The list, and the question whether a draft is kept.
    pub fn open(plan: &'static Plan, cx: &mut Cx<'_>) -> (Self, Vec<Step>) {
        let sheet = Self {
            selected: Selected::default(),
            writing: None,
            kept: None,
            also: None,
            plan,
            patient: cx.chart.map(|it| it.patient),
            saving: None,
            undoing: None,
            draft_asked: cx.request(),
            wanted: None,
        };
        let load = draft::Effect::Load {
            request: sheet.draft_asked,
            key: sheet.key(),
        };
        (sheet, vec![Step::Ask(Ask::Draft(load))])
    }

    /// Where keys mean something: in the form, or in the list behind it.
    pub const fn contexts(&self, list: &'static [Context]) -> &'static [Context] {
        if self.writing.is_some() { FORM } else { list }
    }

    /// What is typed and not saved, and where that draft belongs.
    pub fn draft(&self) -> (draft::Key, Body) {
        let typed = self.writing.as_ref().filter(|it| it.changed);
        let body = typed.map(body::of).or_else(|| self.kept.clone());
        (self.key(), body.unwrap_or_else(|| Body(String::new())))
    }

    /// Does what a key asks of any screen; `total` are the records of the list.
    pub fn press(&mut self, press: &Press, total: usize, cx: &Cx<'_>) -> Event {
        if self.saving.is_some() {
            return Event::Steps(Vec::new());
        }
        let Some(writing) = &mut self.writing else {
            if let Press::Move(to) = press {
                self.selected.moved(*to, total, cx.page());
            }
            return if *press == Press::New {
                Event::New
            } else if *press == Press::Accept {
                Event::Open
            } else if *press == Press::Back {
                Event::Steps(vec![Step::Back])
            } else {
                Event::Steps(Vec::new())
            };
        };
        let at = writing.form.at;
        let typed = |form: &Form| form.fields.get(at).map(Field::coded);
        let (name, before) = (
            writing.form.focused().map_or("", |it| it.name),
            typed(&writing.form),
        );
        let event = writing.form.press(press, cx.today(), cx.now.at);
        writing.changed |= typed(&writing.form) != before;
        match event {
            Typing::Changed(_) => Event::Changed(name),
            Typing::Left(_) if *press == Press::Accept => Event::Accepted(name),
            Typing::Finished => Event::Finished(writing.task),
            Typing::Missing(_) => Event::Steps(vec![plain("form-missing")]),
            Typing::Back => Event::Steps(self.leave()),
            Typing::Left(_) | Typing::Repeat(_) | Typing::Nothing => {
                Event::Steps(Vec::new())
            }
        }
    }

    /// Opens the form of a task; asks when the text of another was left.
    pub fn write(&mut self, task: Task, cx: &Cx<'_>) -> Vec<Step> {
        if self.saving.is_some() {
            return Vec::new();
        }
        if self.kept.is_some() {
            self.wanted = Some(task);
            return vec![Step::Question(Box::new(ask_about_draft()))];
        }
        self.begin(task, cx);
        Vec::new()
    }

    /// Opens a form for the selected one of these records.
    pub fn write_of(
        &mut self,
        title: &'static str,
        records: &[&Entry],
        cx: &Cx<'_>,
    ) -> Vec<Step> {
        match records.get(self.selected.0) {
            Some(entry) if entry.in_error => vec![plain("sheet-is-in-error")],
            Some(entry) => self.write(Task::of(title, entry.id), cx),
            None => Vec::new(),
        }
    }

    /// Selects a record where these stand in the list.
    pub fn select<'a>(
        &mut self,
        record: Option<RecordId>,
        mut records: impl Iterator<Item = &'a Entry>,
    ) {
        let place = records.position(|it| Some(it.id) == record);
        self.selected.0 = place.unwrap_or(self.selected.0);
    }

    /// Saves edits of the open chart; `said` says afterwards what was done.
    pub fn save(&mut self, edits: Vec<Edit>, said: Said, cx: &mut Cx<'_>) -> Vec<Step> {
        let Some(patient) = self.patient.filter(|_| self.saving.is_none()) else {
            return Vec::new();
        };
        let request = cx.request();
        let why = cx.say.line("sheet-taken-back-why");
        self.saving = Some(Saving {
            request,
            record: edits.first().map(|it| it.record().entry().id),
            said,
            undo: edits.iter().rev().map(|it| undone(it, &why)).collect(),
        });
        vec![ask_save(request, patient, edits)]
    }

    /// As [`Sheet::save`], where it cannot be taken back.
    pub fn save_for_good(
        &mut self,
        edits: Vec<Edit>,
        said: Said,
        cx: &mut Cx<'_>,
    ) -> Vec<Step> {
        let steps = self.save(edits, said, cx);
        if let Some(saving) = &mut self.saving {
            saving.undo.clear();
        }
        steps
    }

    /// Is told how a save went. Gives the record that was saved.
    pub fn saved(
        &mut self,
        request: u32,
        outcome: Result<(), Trouble>,
        cx: &mut Cx<'_>,
    ) -> (Option<RecordId>, Vec<Step>) {
        if self.undoing.take_if(|it| *it == request).is_some() {
            let done = Step::Say(Notice::done(Said::line("sheet-taken-back")));
            return (None, outcome.map_or_else(|_| Vec::new(), |()| vec![done]));
        }
        let ours = self.saving.take_if(|it| it.request == request);
        let (Some(saved), Ok(()), Some(patient)) = (ours, outcome, self.patient) else {
            return (None, Vec::new());
        };
        let mut steps = Vec::new();
        if self.writing.take().is_some() {
            steps.push(Step::Ask(Ask::Draft(draft::Effect::Drop(self.key()))));
        }
        let record = saved.record;
        let apart = record.is_some_and(|it| cx.chart.is_some_and(|all| all.waits(it)));
        if self.also.take().is_some() && apart {
            // To take it back would take the other one's version with it.
            steps.push(Step::Say(Notice::done(Said::line("sheet-said-second"))));
            return (record, steps);
        }
        if saved.undo.is_empty() {
            steps.push(Step::Say(Notice::done(saved.said)));
            return (record, steps);
        }
        let again = cx.request();
        self.undoing = Some(again);
        let undo = vec![ask_save(again, patient, saved.undo)];
        steps.push(Step::Say(Notice::undoable(saved.said, undo)));
        (saved.record, steps)
    }

    /// Takes up a kept draft; asks when another form was begun meanwhile.
    pub fn draft_loaded(
        &mut self,
        request: u32,
        (body, _): (Body, Moment),
        cx: &Cx<'_>,
    ) -> Vec<Step> {
        if request != self.draft_asked || body.0.is_empty() {
            return Vec::new();
        }
        if self.writing.as_ref().is_some_and(|it| it.changed) {
            self.kept = Some(body);
            return vec![Step::Question(Box::new(ask_about_draft()))];
        }
        self.take_up(&body, cx)
    }

    /// Takes the decision about a draft: the other line, or the safe one.
    pub fn decided(&mut self, other: bool, cx: &Cx<'_>) -> Vec<Step> {
        let (Some(body), wanted) = (self.kept.take(), self.wanted.take()) else {
            return Vec::new();
        };
        if !other {
            return self.take_up(&body, cx);
        }
        if let Some(task) = wanted {
            self.begin(task, cx);
        }
        vec![Step::DraftChanged]
    }

    /// The form that has the caret.
    pub fn form(&self) -> Option<&Form> {
        self.writing.as_ref().map(|it| &it.form)
    }

    /// The form to save, and the record that it changes as the person saw it.
    pub fn made(&self) -> Option<(Form, Option<Record>)> {
        let writing = self.writing.as_ref()?;
        Some((writing.made(), writing.seen.clone()))
    }

    /// What is typed in the field of this name.
    pub fn text(&self, name: &str) -> &str {
        self.writing.as_ref().map_or("", |it| it.form.text(name))
    }

    /// Whether something is being saved.
    pub const fn is_saving(&self) -> bool {
        self.saving.is_some()
    }

    const fn key(&self) -> draft::Key {
        draft::Key {
            kind: self.plan.kind,
            patient: self.patient,
        }
    }

    fn begin(&mut self, task: Task, cx: &Cx<'_>) {
        self.also = None;
        self.writing = Writing::begin(self.plan, task, cx);
    }

    fn leave(&mut self) -> Vec<Step> {
        match self.writing.take().filter(|it| it.changed) {
            Some(writing) => {
                self.kept = Some(body::of(&writing));
                vec![plain("sheet-kept")]
            }
            None => Vec::new(),
        }
    }

    fn take_up(&mut self, body: &Body, cx: &Cx<'_>) -> Vec<Step> {
        let task = body::task(body, self.plan.tasks);
        let writing = task.and_then(|it| Writing::begin(self.plan, it, cx));
        let Some(mut writing) = writing else {
            return vec![Step::DraftChanged];
        };
        body::fill(&mut writing.form, body);
        writing.changed = true;
        let seen = body::seen(body).filter(|it| Some(it) != writing.seen.as_ref());
        self.also = seen.is_some().then(String::new);
        if let Some(seen) = seen {
            writing.is_about(seen, self.plan, cx);
        }
        self.writing = Some(writing);
        vec![cx.taken_up()]
    }
}

impl Task {
    /// Adds a record.
    pub const fn add(title: &'static str) -> Self {
        Self {
            title,
            record: None,
        }
    }

    /// Changes a record.
    pub const fn of(title: &'static str, record: RecordId) -> Self {
        Self {
            title,
            record: Some(record),
        }
    }
}

/// Says that the record of a form is not there any more.
pub fn not_there() -> Vec<Step> {
    vec![plain("sheet-not-there")]
}

/// The form that asks why a record was entered in error.
pub fn ask_why() -> Form {
    let why = Field::needed(WHY, "sheet-why-help", Kind::Text);
    Form::new(vec![why])
}

/// Puts what a chart says into a field of one line.
pub fn put(form: &mut Form, name: &str, text: &str) {
    if let Some(field) = form.field_mut(name) {
        field.line.set(&one_line(text));
    }
}

/// What a field says; what the chart said, where nobody changed it.
pub fn text(form: &Form, name: &str, before: &str) -> String {
    let typed = form.text(name);
    let same = one_line(before).trim() == typed;
    if same { before } else { typed }.to_owned()
}

/// The day that a field says; the moment that the chart said, where nobody changed the day.
pub fn when(form: &Form, name: &str, before: Option<When>, cx: &Cx<'_>) -> Option<When> {
    let day = parse_day(form.text(name), cx.today()).ok()?;
    let same = before.filter(|it| it.date() == day);
    Some(same.unwrap_or(When::On(day)))
}

fn one_line(text: &str) -> String {
    let space = |it: char| if it.is_whitespace() { ' ' } else { it };
    text.chars()
        .map(space)
        .filter(|it| !it.is_control())
        .collect()
}

/// The edit that takes an edit back. A record that was added is marked as entered in error.
fn undone(edit: &Edit, why: &str) -> Edit {
    match edit {
        Edit::Add(record) => Edit::entered_in_error((**record).clone(), why),
        Edit::Change { before, after } => Edit::Change {
            before: after.clone(),
            after: before.clone(),
        },
        // Nothing that a sheet writes; the screen that does takes it back by itself.
        Edit::Settle { .. } => edit.clone(),
    }
}

fn ask_save(request: u32, patient: PatientId, edits: Vec<Edit>) -> Step {
    Step::Ask(Ask::Patient(patient::Effect::Save {
        request,
        subject: Subject::Patient(patient),
        edits,
    }))
}

fn ask_about_draft() -> Question {
    Question {
        title: Said::line("sheet-draft-title"),
        lines: Vec::new(),
        safe: Said::line("sheet-draft-take"),
        letter: 'n',
        other: Said::line("sheet-draft-drop"),
        back: None,
        then: Vec::new(),
    }
}

const fn plain(id: &'static str) -> Step {
    Step::Say(Notice::plain(Said::line(id)))
}
