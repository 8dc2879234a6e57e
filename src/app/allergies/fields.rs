//! The forms of an allergy, and the allergy that they make.

use super::{ADD, CHANGE, IN_ERROR, STANDING, WRITE};
use crate::{
    app::{
        Cx,
        form::{Field, Form, Kind, Letter, Pick},
        sheet::{self, Task},
    },
    chart::{
        Allergy, Clinical, Coded, Criticality, Entry, Reaction, Record, Severity,
        Verification,
    },
    content::{Allergen, ReactionSign},
};

pub(super) const SUBSTANCE: &str = "allergy-substance";
const REACTION: &str = "allergy-reaction";
const SEVERITY: &str = "allergy-severity";
const RISK: &str = "allergy-risk";
const SINCE: &str = "allergy-since";
const COUNTS: &str = "allergy-counts";
const BECAUSE: &str = "allergy-because";

/// The choices that are found for what is typed.
const FOUND_MAX: usize = 6;

/// How bad a reaction was.
const SEVERITIES: &[Letter] = &[
    Letter::new('m', "severity-mild"),
    Letter::new('o', "severity-moderate"),
    Letter::new('s', "severity-severe"),
];
const RISKS: &[Letter] = &[
    Letter::new('l', "allergy-risk-low"),
    Letter::new('h', "allergy-risk-high"),
];
const STANDINGS: &[Letter] = &[
    Letter::new('a', "allergy-counts-active"),
    Letter::new('r', "allergy-counts-resolved"),
    Letter::new('f', "allergy-counts-refuted"),
];

/// The record, if it is an allergy.
pub(super) const fn read(record: &Record) -> Option<&Allergy> {
    if let Record::Allergy(allergy) = record {
        Some(allergy)
    } else {
        None
    }
}

/// The form of a task.
pub(super) fn form(task: Task, of: Option<&Record>, cx: &Cx<'_>) -> Option<Form> {
    let of = of.and_then(read);
    match task.title {
        _ if !cx.may(WRITE) => None,
        ADD => cx.summary().map(|_| empty()),
        CHANGE => Some(filled(of?)),
        STANDING => of.map(|_| standing()),
        IN_ERROR => of.map(|_| sheet::ask_why()),
        _ => None,
    }
}

fn empty() -> Form {
    let mut form = Form::new(vec![
        Field::needed(SUBSTANCE, "allergy-substance-help", Kind::Found),
        Field::optional(REACTION, "allergy-reaction-help", Kind::Found),
        Field::optional(SEVERITY, "allergy-severity-help", Kind::Letters(SEVERITIES)),
        Field::optional(RISK, "allergy-risk-help", Kind::Letters(RISKS)),
        Field::optional(SINCE, "allergy-since-help", Kind::Day),
    ]);
    offer(&mut form, SUBSTANCE);
    offer(&mut form, REACTION);
    form
}

fn filled(allergy: &Allergy) -> Form {
    let mut form = empty();
    let first = allergy.reactions.first();
    if let Some(field) = form.field_mut(SUBSTANCE) {
        field.put(allergy.code.clone());
    }
    if let Some((field, reaction)) = form.field_mut(REACTION).zip(first) {
        field.put(reaction.manifestation.clone());
    }
    let severity = first.and_then(|it| it.severity).map(|it| match it {
        Severity::Mild => "M",
        Severity::Moderate => "O",
        Severity::Severe => "S",
    });
    let risk = match allergy.criticality {
        Criticality::Unknown => "",
        Criticality::Low => "L",
        Criticality::High => "H",
    };
    let since = allergy.onset.map(|it| it.date().to_string());
    sheet::put(&mut form, SEVERITY, severity.unwrap_or_default());
    sheet::put(&mut form, RISK, risk);
    sheet::put(&mut form, SINCE, &since.unwrap_or_default());
    form
}

fn standing() -> Form {
    Form::new(vec![
        Field::needed(COUNTS, "allergy-counts-help", Kind::Letters(STANDINGS)),
        Field::needed(BECAUSE, "allergy-because-help", Kind::Text),
    ])
}

/// Offers what is found for what is typed in a field.
pub(super) fn offer(form: &mut Form, name: &str) {
    let Some(field) = form.field_mut(name) else {
        return;
    };
    let typed = field.line.trimmed().to_owned();
    if name == SUBSTANCE {
        let found = Allergen::search(&typed, FOUND_MAX).into_iter();
        field.offer(found.map(|it| Pick::of(it.coded())).collect());
    } else if name == REACTION {
        let found = ReactionSign::search(&typed, FOUND_MAX).into_iter();
        field.offer(found.map(|it| Pick::of(it.coded())).collect());
    }
}

/// The allergy that the form makes.
pub(super) fn new(form: &Form, entry: Entry, cx: &Cx<'_>) -> Allergy {
    let blank = Allergy {
        entry,
        code: Coded::default(),
        clinical: Clinical::Active,
        verification: Verification::Confirmed,
        intolerance: false,
        category: String::new(),
        criticality: Criticality::Unknown,
        onset: None,
        reactions: Vec::new(),
    };
    changed(form, &blank, cx)
}

/// The allergy as the form changes it. Reactions but the first stay.
pub(super) fn changed(form: &Form, before: &Allergy, cx: &Cx<'_>) -> Allergy {
    let coded = |name| form.field(name).map(Field::coded).unwrap_or_default();
    let mut after = before.clone();
    after.code = coded(SUBSTANCE);
    if after.code != before.code {
        let listed = Allergen::named(&after.code.text);
        after.category = listed.map_or(String::new(), |it| it.category.to_owned());
    }
    let reaction = Reaction {
        manifestation: coded(REACTION),
        severity: match form.text(SEVERITY) {
            "M" => Some(Severity::Mild),
            "O" => Some(Severity::Moderate),
            "S" => Some(Severity::Severe),
            _ => None,
        },
    };
    let said = !reaction.manifestation.is_empty() || reaction.severity.is_some();
    let rest = before.reactions.iter().skip(1).cloned();
    after.reactions = said.then_some(reaction).into_iter().chain(rest).collect();
    after.criticality = match form.text(RISK) {
        "L" => Criticality::Low,
        "H" => Criticality::High,
        _ => Criticality::Unknown,
    };
    after.onset = sheet::when(form, SINCE, before.onset, cx);
    after
}

/// The allergy as it stands from now on, and why.
pub(super) fn stands(form: &Form, before: &Allergy) -> Allergy {
    let mut after = before.clone();
    (after.clinical, after.verification) = match form.text(COUNTS) {
        "R" => (Clinical::Resolved, before.verification),
        "F" => (before.clinical, Verification::Refuted),
        _ => (Clinical::Active, Verification::Confirmed),
    };
    form.text(BECAUSE).clone_into(&mut after.entry.remark.0);
    after
}
