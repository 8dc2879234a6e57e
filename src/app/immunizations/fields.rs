//! The forms of a vaccine, and the dose that they make.

use super::{CHANGE, GIVEN, IN_ERROR, NOT_GIVEN};
use crate::{
    app::{
        Cx,
        form::{Field, Form, Kind, Pick},
        sheet::{self, Task},
        visit,
    },
    chart::{Coded, Entry, Immunization, Record, who::Action},
    content::Vaccine,
};

pub(super) const VACCINE: &str = "vaccine-what";
pub(super) const DOSE: &str = "vaccine-dose";
const DATE: &str = "vaccine-date";
const LOT: &str = "vaccine-lot";
const EXPIRY: &str = "vaccine-expiry";
const SITE: &str = "vaccine-site";
const REACTION: &str = "vaccine-reaction";
const WHY_NOT: &str = "vaccine-why-not";

/// The choices that are found for what is typed.
const FOUND_MAX: usize = 6;
/// Where a vaccine goes, in the words that the list offers.
const SITES: [&str; 5] = [
    "site-left-thigh",
    "site-right-thigh",
    "site-left-arm",
    "site-right-arm",
    "site-mouth",
];
/// Why a dose was not given, in the words that the list offers.
const REASONS: [&str; 5] = [
    "vaccine-why-stock",
    "vaccine-why-ill",
    "vaccine-why-refused",
    "vaccine-why-had",
    "vaccine-why-contraindicated",
];

/// The record, if it is a dose of a vaccine.
pub(super) const fn read(record: &Record) -> Option<&Immunization> {
    if let Record::Immunization(dose) = record {
        Some(dose)
    } else {
        None
    }
}

/// The form of a task.
pub(super) fn form(task: Task, of: Option<&Record>, cx: &Cx<'_>) -> Option<Form> {
    let of = of.and_then(read);
    let may = cx.may(Action::Immunize);
    match task.title {
        _ if !may => None,
        GIVEN => Some(dated(given(cx))),
        NOT_GIVEN => Some(dated(not_given(cx))),
        CHANGE => Some(filled(of?, cx)),
        IN_ERROR => of.map(|_| sheet::ask_why()),
        _ => None,
    }
}

fn given(cx: &Cx<'_>) -> Form {
    let mut site = Field::optional(SITE, "vaccine-site-help", Kind::Listed);
    site.picks = words(&SITES, cx);
    let mut form = Form::new(vec![
        Field::needed(VACCINE, "vaccine-what-help", Kind::Found),
        Field::optional(DOSE, "vaccine-dose-help", Kind::Text),
        Field::needed(DATE, "vaccine-date-help", Kind::Day),
        Field::optional(LOT, "vaccine-lot-help", Kind::Text),
        Field::optional(EXPIRY, "vaccine-expiry-help", Kind::Text),
        site,
        Field::optional(REACTION, "vaccine-reaction-help", Kind::Text),
    ]);
    offer(&mut form, VACCINE);
    form
}

fn not_given(cx: &Cx<'_>) -> Form {
    let mut why = Field::needed(WHY_NOT, "vaccine-why-not-help", Kind::Listed);
    why.picks = words(&REASONS, cx);
    let mut form = Form::new(vec![
        Field::needed(VACCINE, "vaccine-what-help", Kind::Found),
        why,
        Field::needed(DATE, "vaccine-date-help", Kind::Day),
    ]);
    offer(&mut form, VACCINE);
    form
}

fn words(ids: &[&'static str], cx: &Cx<'_>) -> Vec<Pick> {
    ids.iter().map(|it| Pick::plain(cx.say.line(it))).collect()
}

/// The same form, of today.
fn dated(mut form: Form) -> Form {
    if let Some(date) = form.field_mut(DATE) {
        date.guess("t");
    }
    form
}

fn filled(dose: &Immunization, cx: &Cx<'_>) -> Form {
    let mut form = if dose.not_done.is_empty() {
        given(cx)
    } else {
        not_given(cx)
    };
    if let Some(field) = form.field_mut(VACCINE) {
        field.put(dose.vaccine.clone());
    }
    let date = dose.date.map(|it| it.date().to_string());
    sheet::put(&mut form, DATE, &date.unwrap_or_default());
    sheet::put(&mut form, DOSE, &dose.dose_number);
    sheet::put(&mut form, LOT, &dose.lot);
    sheet::put(&mut form, EXPIRY, &dose.expiry);
    sheet::put(&mut form, SITE, &dose.site);
    sheet::put(&mut form, REACTION, &dose.reaction);
    sheet::put(&mut form, WHY_NOT, &dose.not_done);
    form
}

/// Offers what is found for what is typed in a field.
pub(super) fn offer(form: &mut Form, name: &str) {
    let field = form.field_mut(name).filter(|_| name == VACCINE);
    if let Some(field) = field {
        let found = Vaccine::search(field.line.trimmed(), FOUND_MAX).into_iter();
        let picks = found.map(|it| Pick {
            beside: it.code.to_owned(),
            ..Pick::of(it.coded())
        });
        let picks = picks.collect();
        field.offer(picks);
    }
}

/// The dose that the form makes.
pub(super) fn new(form: &Form, entry: Entry, cx: &Cx<'_>) -> Immunization {
    let today = cx.chart.and_then(|it| visit::of_today(it, cx));
    let blank = Immunization {
        entry,
        vaccine: Coded::default(),
        date: None,
        lot: String::new(),
        maker: String::new(),
        expiry: String::new(),
        site: String::new(),
        route: String::new(),
        dose_number: String::new(),
        not_done: String::new(),
        reaction: String::new(),
        visit: today.map(|it| it.entry.id),
    };
    let mut dose = changed(form, &blank, cx);
    if dose.date.map(crate::time::When::date) != Some(cx.today()) {
        dose.visit = None;
    }
    dose
}

/// The dose as the form changes it. What the form does not ask stays.
pub(super) fn changed(form: &Form, before: &Immunization, cx: &Cx<'_>) -> Immunization {
    let mut after = before.clone();
    after.vaccine = form.field(VACCINE).map(Field::coded).unwrap_or_default();
    after.date = sheet::when(form, DATE, before.date, cx);
    let take = |name: &str, into: &mut String| {
        if form.field(name).is_some() {
            *into = sheet::text(form, name, into);
        }
    };
    take(DOSE, &mut after.dose_number);
    take(LOT, &mut after.lot);
    take(EXPIRY, &mut after.expiry);
    take(SITE, &mut after.site);
    take(REACTION, &mut after.reaction);
    take(WHY_NOT, &mut after.not_done);
    after
}
