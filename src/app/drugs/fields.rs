//! The forms of a drug.

use super::{ADD, CHANGE, IN_ERROR, STOP, TAKES, TOLD, may_write};
use crate::{
    app::{
        Cx,
        form::{Field, Form, Kind, Letter, Pick},
        sheet::{self, Task},
    },
    care::dose_line,
    chart::{Category, MedKind, Medication, Record},
    content::Medicine,
};

pub(super) const DRUG: &str = "drug-what";
pub(super) const DOSE: &str = "drug-dose";
pub(super) const FOR: &str = "drug-for";
pub(super) const SINCE: &str = "drug-since";
pub(super) const KNOWN: &str = "drug-known";
pub(super) const STANDS: &str = "drug-stands";
pub(super) const ENDED: &str = "drug-ended";
pub(super) const TAKEN: &str = "drug-taken";
pub(super) const WHY: &str = "drug-why";

/// The medicines that are found for what is typed.
const FOUND_MAX: usize = 6;

const STANDINGS: &[Letter] = &[
    Letter::new('s', "drug-stopped"),
    Letter::new('h', "drug-on-hold"),
    Letter::new('o', "drug-completed"),
    Letter::new('n', "drug-cancelled"),
];

const TAKINGS: &[Letter] = &[
    Letter::new('t', "drug-taken-yes"),
    Letter::new('n', "drug-taken-no"),
];

/// Where it is known from that a drug is taken, in the words that the list offers.
const SOURCES: [&str; 4] = [
    "drug-known-patient",
    "drug-known-pack",
    "drug-known-papers",
    "drug-known-hospital",
];

/// Why a drug is stopped, in the words that the list offers.
const REASONS: [&str; 6] = [
    "drug-why-harm",
    "drug-why-effect",
    "drug-why-needed",
    "drug-why-replaced",
    "drug-why-wish",
    "drug-why-stock",
];

/// The record, if it is a drug.
pub(super) const fn read(record: &Record) -> Option<&Medication> {
    if let Record::Medication(drug) = record {
        Some(drug)
    } else {
        None
    }
}

/// The form of a task; none when the person may not do it.
pub(super) fn form(task: Task, of: Option<&Record>, cx: &Cx<'_>) -> Option<Form> {
    let of = of.and_then(read);
    let kind = match task.title {
        ADD => MedKind::Request,
        TOLD => MedKind::Statement,
        _ => of?.kind,
    };
    if !may_write(kind, cx) {
        return None;
    }
    match task.title {
        ADD => Some(new(true, cx)),
        TOLD => Some(new(false, cx)),
        CHANGE => Some(change(of?, cx)),
        STOP => Some(stop(cx)),
        TAKES => Some(takes()),
        IN_ERROR => Some(sheet::ask_why()),
        _ => None,
    }
}

pub(super) fn new(prescribed: bool, cx: &Cx<'_>) -> Form {
    let mut since = Field::optional(SINCE, "drug-since-help", Kind::Day);
    let mut dose = Field::optional(DOSE, "drug-dose-help", Kind::Text);
    let last = if prescribed {
        since.guess("t");
        dose.needed = true;
        reason(cx.closing, cx)
    } else {
        listed(KNOWN, "drug-known-help", &SOURCES, cx)
    };
    let drug = Field::needed(DRUG, "drug-what-help", Kind::Found);
    let mut form = Form::new(vec![drug, dose, last, since]);
    offer(&mut form, DRUG);
    form
}

fn change(drug: &Medication, cx: &Cx<'_>) -> Form {
    let dose = Field::optional(DOSE, "drug-dose-help", Kind::Text);
    let mut why = listed(WHY, "drug-why-help", &REASONS, cx);
    why.needed = true;
    let mut form = Form::new(vec![dose, reason(drug.entry.restricted, cx), why]);
    sheet::put(&mut form, DOSE, &dose_line::line_of(drug));
    if let Some(field) = form.field_mut(FOR) {
        field.put(drug.reason.clone());
    }
    form
}

fn stop(cx: &Cx<'_>) -> Form {
    let mut ended = Field::optional(ENDED, "drug-ended-help", Kind::Day);
    ended.guess("t");
    let mut why = listed(WHY, "drug-why-help", &REASONS, cx);
    why.needed = true;
    let stands = Field::needed(STANDS, "drug-stands-help", Kind::Letters(STANDINGS));
    let mut form = Form::new(vec![stands, why, ended]);
    sheet::put(&mut form, STANDS, "S");
    form.go_to(WHY);
    form
}

fn takes() -> Form {
    let taken = Field::needed(TAKEN, "drug-taken-help", Kind::Letters(TAKINGS));
    let why = Field::optional(WHY, "drug-taken-why-help", Kind::Text);
    Form::new(vec![taken, why])
}

/// Why a drug that is closed so is taken: one of the problems on the list, or other words.
fn reason(closed: Option<Category>, cx: &Cx<'_>) -> Field {
    let mut field = Field::optional(FOR, "drug-for-help", Kind::Listed);
    let problems = cx.summary().into_iter().flat_map(|it| &it.problems);
    let problems = problems.filter(|it| it.entry.may_stand_in(closed));
    let present = problems.filter(|it| !it.entry.in_error && it.clinical.is_present());
    field.picks = present.map(|it| Pick::of(it.code.clone())).collect();
    field
}

fn listed(
    name: &'static str,
    help: &'static str,
    words: &[&'static str],
    cx: &Cx<'_>,
) -> Field {
    let mut field = Field::optional(name, help, Kind::Listed);
    let words = words.iter().map(|it| cx.say.line(it));
    field.picks = words.map(Pick::plain).collect();
    field
}

/// Offers what is found for what is typed in a field.
pub(super) fn offer(form: &mut Form, name: &str) {
    let field = form.field_mut(name).filter(|_| name == DRUG);
    if let Some(field) = field {
        let found = Medicine::search(field.line.trimmed(), FOUND_MAX).into_iter();
        let picks = found.map(|it| Pick::of(it.coded())).collect();
        field.offer(picks);
    }
}
