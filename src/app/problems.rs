//! The problems of the open chart: what is, was or may be the matter.

mod fields;
mod keys;

use super::{
    Cx, Effect as Ask, Press, Step, draft,
    find::Text,
    form::Pick,
    icd,
    keymap::Context,
    notice::{Said, Trouble},
    records::Action,
    sheet::{self, Event, Plan, Sheet, Task},
};
use crate::chart::{Chart, Clinical, Edit, Entry, Problem, Record};

pub use keys::KEYS;

/// The list, and what is written.
#[derive(Debug)]
pub struct State {
    /// The list and the form over it.
    pub sheet: Sheet,
    asked: u32,
    /// Whether the newest search is not answered yet.
    waiting: bool,
    /// Whether Enter was pressed before its answer came: then its first diagnosis is taken.
    take_first: bool,
    /// Whether F2 was pressed after that Enter, before its answer came.
    finish_then: bool,
}

const ADD: &str = "problem-add";
const CHANGE: &str = "problem-change";
const IN_ERROR: &str = "problem-in-error";

const PLAN: Plan = Plan {
    kind: draft::Kind::Problem,
    tasks: &[ADD, CHANGE, IN_ERROR],
    form: fields::form,
};

impl State {
    /// The list, and the question whether a draft is kept.
    pub fn open(cx: &mut Cx<'_>) -> (Self, Vec<Step>) {
        let (sheet, steps) = Sheet::open(&PLAN, cx);
        let state = Self {
            sheet,
            asked: 0,
            waiting: false,
            take_first: false,
            finish_then: false,
        };
        (state, steps)
    }

    /// The contexts of the list.
    pub const LIST: &'static [Context] = &[
        Context::Problems,
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
        let total = cx.summary().map_or(0, |it| it.problems.len());
        // The list may still be that of fewer letters: its first line is not what is meant.
        let hasty = *press == Press::Accept && self.waiting && self.is_in_what();
        let press = if hasty { &Press::Next } else { press };
        self.take_first |= hasty;
        if *press == Press::Finish && self.take_first {
            self.finish_then = true;
            return Vec::new();
        }
        match self.sheet.press(press, total, cx) {
            Event::Steps(steps) => steps,
            Event::New => {
                let mut steps = self.sheet.write(Task::add(ADD), cx);
                let ready = icd::Effect::ready(cx.request());
                steps.push(Step::Ask(Ask::Icd(ready)));
                steps
            }
            Event::Open => self.write_of(CHANGE, cx),
            Event::Changed(fields::WHAT) => {
                let mut steps = self.search(cx);
                steps.push(Step::DraftChanged);
                steps
            }
            Event::Changed(_) | Event::Accepted(_) => vec![Step::DraftChanged],
            Event::Finished(task) => self.finish(task, cx),
        }
    }

    /// Does what a key of this screen asks.
    pub fn act(&mut self, action: Action, cx: &mut Cx<'_>) -> Vec<Step> {
        match action {
            Action::InError => self.write_of(IN_ERROR, cx),
            Action::Over => self.over(cx),
            Action::NoneKnown
            | Action::Standing
            | Action::NotGiven
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

    /// Offers the diagnoses found.
    pub fn icd_found(&mut self, answer: &icd::Answer, cx: &mut Cx<'_>) -> Vec<Step> {
        let icd::Answer::Found { request, hits } = answer;
        if *request != self.asked {
            return Vec::new();
        }
        self.waiting = false;
        let take = std::mem::take(&mut self.take_first);
        let finish = std::mem::take(&mut self.finish_then);
        let writing = self.sheet.writing.as_mut();
        let Some(field) = writing.and_then(|it| it.form.field_mut(fields::WHAT)) else {
            return Vec::new();
        };
        let picks = hits.iter().map(|it| Pick {
            beside: it.code.to_owned(),
            ..Pick::of(it.coded())
        });
        field.offer(picks.collect());
        if !take {
            return Vec::new();
        }
        field.take_first();
        let mut steps = vec![Step::DraftChanged];
        if finish {
            steps.extend(self.press(&Press::Finish, cx));
        }
        steps
    }

    /// The problem on the list that is the same as the one typed, while one is written.
    pub fn already<'a>(&self, chart: &'a Chart) -> Option<&'a Problem> {
        let writing = self.sheet.writing.as_ref()?;
        let typed = writing.form.field(fields::WHAT)?.coded();
        let mut present = rows(chart).into_iter().filter(|it| is_present(it));
        let same = |it: &Problem| match &typed.coding {
            Some(coding) => it.code.has(&coding.system, &coding.code),
            None => it.code.text.to_lowercase() == typed.text.to_lowercase(),
        };
        present.find(|it| {
            let other = writing.task.record != Some(it.entry.id);
            other && !typed.is_empty() && same(it)
        })
    }

    fn is_in_what(&self) -> bool {
        let at = self.sheet.form().and_then(|it| it.focused());
        at.is_some_and(|it| it.name == fields::WHAT)
    }

    fn search(&mut self, cx: &mut Cx<'_>) -> Vec<Step> {
        let text = self.sheet.text(fields::WHAT).to_owned();
        self.take_first = false;
        self.finish_then = false;
        self.waiting = !text.is_empty();
        if !self.waiting {
            return Vec::new();
        }
        self.asked = cx.request();
        vec![Step::Ask(Ask::Icd(icd::Effect::Search {
            request: self.asked,
            text: Text(text),
            prefer: Vec::new(),
        }))]
    }

    fn write_of(&mut self, title: &'static str, cx: &Cx<'_>) -> Vec<Step> {
        let rows = cx.chart.map(rows).unwrap_or_default();
        let entries: Vec<&Entry> = rows.iter().map(|it| &it.entry).collect();
        self.sheet.write_of(title, &entries, cx)
    }

    /// Marks the selected problem as resolved today, or as active again.
    fn over(&mut self, cx: &mut Cx<'_>) -> Vec<Step> {
        let rows = cx.chart.map(rows).unwrap_or_default();
        let selected = rows.get(self.sheet.selected.0);
        let Some(before) = selected.filter(|it| !it.entry.in_error) else {
            return Vec::new();
        };
        let after = fields::over(before, cx.today());
        let says = if after.clinical.is_present() {
            "problem-said-active"
        } else {
            "problem-said-resolved"
        };
        let said = Said::with(says, [("what", before.code.text.clone().into())]);
        let edit = change((*before).clone(), after);
        self.sheet.save(vec![edit], said, cx)
    }

    fn finish(&mut self, task: Task, cx: &mut Cx<'_>) -> Vec<Step> {
        let Some((form, seen)) = self.sheet.made() else {
            return Vec::new();
        };
        let before = seen.as_ref().and_then(fields::read).cloned();
        let (edit, what, says) = match (task.title, before) {
            (ADD, _) => {
                let Some(entry) = cx.entry_of_care() else {
                    return Vec::new();
                };
                let new = fields::new(&form, entry, cx);
                let what = new.code.text.clone();
                (Edit::add(Record::Problem(new)), what, "problem-said-added")
            }
            (CHANGE, Some(before)) => {
                let after = fields::changed(&form, &before, cx);
                let what = after.code.text.clone();
                (change(before, after), what, "problem-said-changed")
            }
            (_, Some(before)) => {
                let what = before.code.text.clone();
                let why = form.text(sheet::WHY);
                let edit = Edit::entered_in_error(Record::Problem(before), why);
                (edit, what, "sheet-said-in-error")
            }
            (_, None) => return sheet::not_there(),
        };
        let said = Said::with(says, [("what", what.into())]);
        self.sheet.save(vec![edit], said, cx)
    }
}

/// The problems in the order of the list: those that are there now, those that are over,
/// those that belong to one visit alone, those entered in error; the newest first.
pub fn rows(chart: &Chart) -> Vec<&Problem> {
    let all = chart.summary.iter().flat_map(|it| &it.problems);
    let mut rows: Vec<&Problem> = all.collect();
    rows.sort_by_key(|it| {
        let since = it.onset.map(crate::time::When::sort_key);
        let newest = std::cmp::Reverse(since.unwrap_or(it.entry.recorded.at));
        (it.entry.in_error, !it.on_list, !is_present(it), newest)
    });
    rows
}

const fn is_present(problem: &Problem) -> bool {
    !problem.entry.in_error && problem.clinical.is_present()
}

const fn is_gone(clinical: Clinical) -> bool {
    matches!(clinical, Clinical::Resolved)
}

fn change(before: Problem, after: Problem) -> Edit {
    Edit::change(Record::Problem(before), Record::Problem(after))
}
