//! The forms of a problem, and the problem that they make.

use super::{ADD, CHANGE, IN_ERROR, is_gone};
use crate::{
    app::{
        Cx,
        form::{Field, Form, Kind, Letter, Pick},
        sheet::{self, Task},
        visit,
    },
    chart::{Clinical, Coded, Entry, Problem, Record, Verification, who::Action},
    time::{PartialDate, When},
};

pub(super) const WHAT: &str = "problem-what";
const STANDS: &str = "problem-stands";
const SINCE: &str = "problem-since";
const SEVERITY: &str = "problem-severity";
const UNTIL: &str = "problem-until";
const NOTE: &str = "problem-note";

const STANDINGS: &[Letter] = &[
    Letter::new('a', "problem-active"),
    Letter::new('i', "problem-inactive"),
    Letter::new('r', "problem-resolved"),
];

/// How bad, in the words that the list offers.
const SEVERITIES: [&str; 3] = ["severity-mild", "severity-moderate", "severity-severe"];

/// The record, if it is a problem.
pub(super) const fn read(record: &Record) -> Option<&Problem> {
    if let Record::Problem(problem) = record {
        Some(problem)
    } else {
        None
    }
}

/// The form of a task.
pub(super) fn form(task: Task, of: Option<&Record>, cx: &Cx<'_>) -> Option<Form> {
    let of = of.and_then(read);
    let may = cx.may(Action::WriteProblem);
    match task.title {
        _ if !may => None,
        ADD => Some(empty(cx)),
        CHANGE => Some(filled(of?, cx)),
        IN_ERROR => of.map(|_| sheet::ask_why()),
        _ => None,
    }
}

fn empty(cx: &Cx<'_>) -> Form {
    let mut severity = Field::optional(SEVERITY, "problem-severity-help", Kind::Listed);
    let words = SEVERITIES.map(|it| cx.say.line(it)).into_iter();
    severity.picks = words.map(Pick::plain).collect();
    let stands = Kind::Letters(STANDINGS);
    let mut form = Form::new(vec![
        Field::needed(WHAT, "problem-what-help", Kind::Found),
        Field::needed(STANDS, "problem-stands-help", stands),
        Field::optional(SINCE, "problem-since-help", Kind::Day),
        severity,
        Field::optional(UNTIL, "problem-until-help", Kind::Day),
        Field::optional(NOTE, "problem-note-help", Kind::Text),
    ]);
    sheet::put(&mut form, STANDS, "A");
    form
}

fn filled(problem: &Problem, cx: &Cx<'_>) -> Form {
    let mut form = empty(cx);
    if let Some(field) = form.field_mut(WHAT) {
        field.put(problem.code.clone());
    }
    let stands = match problem.clinical {
        Clinical::Active | Clinical::Recurrence => "A",
        Clinical::Remission | Clinical::Inactive => "I",
        Clinical::Resolved => "R",
    };
    let day = |it: Option<When>| it.map_or(String::new(), |it| it.date().to_string());
    sheet::put(&mut form, STANDS, stands);
    sheet::put(&mut form, SINCE, &day(problem.onset));
    sheet::put(&mut form, SEVERITY, &problem.severity);
    sheet::put(&mut form, UNTIL, &day(problem.abated));
    sheet::put(&mut form, NOTE, &problem.entry.remark.0);
    form
}

/// The problem that the form makes.
pub(super) fn new(form: &Form, entry: Entry, cx: &Cx<'_>) -> Problem {
    let today = cx.chart.and_then(|it| visit::of_today(it, cx));
    let blank = Problem {
        entry,
        code: Coded::default(),
        clinical: Clinical::Active,
        verification: Verification::Confirmed,
        on_list: true,
        onset: None,
        abated: None,
        severity: String::new(),
        site: String::new(),
        visit: today.map(|it| it.entry.id),
    };
    changed(form, &blank, cx)
}

/// The problem as the form changes it.
pub(super) fn changed(form: &Form, before: &Problem, cx: &Cx<'_>) -> Problem {
    let mut after = before.clone();
    after.code = form.field(WHAT).map(Field::coded).unwrap_or_default();
    after.clinical = match (form.text(STANDS), before.clinical) {
        ("R", _) => Clinical::Resolved,
        ("I", Clinical::Remission) => Clinical::Remission,
        ("I", _) => Clinical::Inactive,
        (_, Clinical::Recurrence) => Clinical::Recurrence,
        _ => Clinical::Active,
    };
    after.onset = sheet::when(form, SINCE, before.onset, cx);
    after.severity = sheet::text(form, SEVERITY, &before.severity);
    after.abated = sheet::when(form, UNTIL, before.abated, cx);
    after.entry.remark.0 = sheet::text(form, NOTE, &before.entry.remark.0);
    after
}

/// The problem resolved today; one that was over, active again.
pub(super) fn over(before: &Problem, today: PartialDate) -> Problem {
    let mut after = before.clone();
    if is_gone(before.clinical) {
        after.clinical = Clinical::Active;
        after.abated = None;
    } else {
        after.clinical = Clinical::Resolved;
        after.abated = Some(When::On(today));
    }
    after
}
