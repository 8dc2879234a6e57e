//! The vaccines of the open chart: doses given, and doses not given and why.

mod fields;
mod keys;

use super::{
    Cx, Press, Step, draft,
    form::{Field, Origin},
    keymap::Context,
    notice::{Said, Trouble},
    records::Action,
    sheet::{self, Event, Plan, Sheet, Task},
};
use crate::{
    chart::{Chart, Edit, Entry, Immunization, Record},
    time::When,
};

pub use keys::KEYS;

/// The list, and what is written.
#[derive(Debug)]
pub struct State {
    /// The list and the form over it.
    pub sheet: Sheet,
}

const GIVEN: &str = "vaccine-given";
const NOT_GIVEN: &str = "vaccine-not-given";
const CHANGE: &str = "vaccine-change";
const IN_ERROR: &str = "vaccine-in-error";

const PLAN: Plan = Plan {
    kind: draft::Kind::Immunization,
    tasks: &[GIVEN, NOT_GIVEN, CHANGE, IN_ERROR],
    form: fields::form,
};

impl State {
    /// The list, and the question whether a draft is kept.
    pub fn open(cx: &mut Cx<'_>) -> (Self, Vec<Step>) {
        let (sheet, steps) = Sheet::open(&PLAN, cx);
        (Self { sheet }, steps)
    }

    /// The contexts of the list.
    pub const LIST: &'static [Context] = &[
        Context::Immunizations,
        Context::List,
        Context::Chart,
        Context::Anywhere,
        Context::Outside,
    ];

    /// Where keys mean something.
    pub const fn contexts(&self) -> &'static [Context] {
        self.sheet.contexts(Self::LIST)
    }

    /// Does what a key asks of any screen.
    pub fn press(&mut self, press: &Press, cx: &mut Cx<'_>) -> Vec<Step> {
        let total = cx.summary().map_or(0, |it| it.immunizations.len());
        match self.sheet.press(press, total, cx) {
            Event::Steps(steps) => steps,
            Event::New => self.sheet.write(Task::add(GIVEN), cx),
            Event::Open => self.write_of(CHANGE, cx),
            Event::Changed(name) => {
                if let Some(writing) = &mut self.sheet.writing {
                    fields::offer(&mut writing.form, name);
                }
                vec![Step::DraftChanged]
            }
            Event::Accepted(fields::VACCINE) => {
                self.count_doses(cx);
                vec![Step::DraftChanged]
            }
            Event::Accepted(_) => vec![Step::DraftChanged],
            Event::Finished(task) => self.finish(task, cx),
        }
    }

    /// Does what a key of this screen asks.
    pub fn act(&mut self, action: Action, cx: &mut Cx<'_>) -> Vec<Step> {
        match action {
            Action::InError => self.write_of(IN_ERROR, cx),
            Action::NotGiven => self.sheet.write(Task::add(NOT_GIVEN), cx),
            Action::NoneKnown
            | Action::Standing
            | Action::Over
            | Action::Drug(_)
            | Action::Consent(_)
            | Action::Compare
            | Action::ToList => Vec::new(),
        }
    }

    /// Is told how a save went.
    pub fn saved(
        &mut self,
        request: u32,
        outcome: Result<(), Trouble>,
        cx: &mut Cx<'_>,
    ) -> Vec<Step> {
        let (record, steps) = self.sheet.saved(request, outcome, cx);
        let rows = cx.chart.map(rows).unwrap_or_default();
        self.sheet.select(record, rows.iter().map(|it| &it.entry));
        steps
    }

    /// Fills in which dose of the series comes next, where doses of it are on file.
    fn count_doses(&mut self, cx: &Cx<'_>) {
        let (Some(writing), Some(chart)) = (&mut self.sheet.writing, cx.chart) else {
            return;
        };
        let vaccine = writing.form.field(fields::VACCINE).map(Field::coded);
        let Some(coding) = vaccine.and_then(|it| it.coding) else {
            return;
        };
        let given = rows(chart).into_iter().filter(|it| {
            let counts = !it.entry.in_error && it.not_done.is_empty();
            counts && it.vaccine.has(&coding.system, &coding.code)
        });
        let next = given.count() + 1;
        let given_now = writing.task.title == GIVEN;
        let field = writing.form.field_mut(fields::DOSE);
        if let Some(field) = field.filter(|it| given_now && it.line.is_empty()) {
            field.guess(&next.to_string());
            field.origin = Some(Origin::Series);
        }
    }

    fn write_of(&mut self, title: &'static str, cx: &Cx<'_>) -> Vec<Step> {
        let rows = cx.chart.map(rows).unwrap_or_default();
        let entries: Vec<&Entry> = rows.iter().map(|it| &it.entry).collect();
        self.sheet.write_of(title, &entries, cx)
    }

    fn finish(&mut self, task: Task, cx: &mut Cx<'_>) -> Vec<Step> {
        let Some((form, seen)) = self.sheet.made() else {
            return Vec::new();
        };
        let before = seen.as_ref().and_then(fields::read).cloned();
        let (edit, what, says) = match (task.title, before) {
            (GIVEN | NOT_GIVEN, _) => {
                let Some(entry) = cx.entry_of_care() else {
                    return Vec::new();
                };
                let new = fields::new(&form, entry, cx);
                let what = new.vaccine.text.clone();
                let says = if new.not_done.is_empty() {
                    "vaccine-said-given"
                } else {
                    "vaccine-said-not-given"
                };
                (Edit::add(Record::Immunization(new)), what, says)
            }
            (CHANGE, Some(before)) => {
                let after = fields::changed(&form, &before, cx);
                let what = after.vaccine.text.clone();
                let (before, after) =
                    (Record::Immunization(before), Record::Immunization(after));
                (Edit::change(before, after), what, "vaccine-said-changed")
            }
            (_, Some(before)) => {
                let what = before.vaccine.text.clone();
                let why = form.text(sheet::WHY);
                let edit = Edit::entered_in_error(Record::Immunization(before), why);
                (edit, what, "sheet-said-in-error")
            }
            (_, None) => return sheet::not_there(),
        };
        let said = Said::with(says, [("what", what.into())]);
        self.sheet.save(vec![edit], said, cx)
    }
}

/// The doses in the order of the list: the newest first, those entered in error last.
pub fn rows(chart: &Chart) -> Vec<&Immunization> {
    let all = chart.summary.iter().flat_map(|it| &it.immunizations);
    let mut rows: Vec<&Immunization> = all.collect();
    rows.sort_by_key(|it| {
        let when = it.date.map(When::sort_key);
        let newest = std::cmp::Reverse(when.unwrap_or(it.entry.recorded.at));
        (it.entry.in_error, newest)
    });
    rows
}
