//! `cairn versions`: the facts that people set apart from each other.

use clap::Args;
use serde_json::{Value, json};

use super::{
    Failure, Output, Workplace,
    patient::{line, patient},
};
use crate::{
    chart::{Disagreement, Kind, Version},
    clinic::{Apart, Session, Twins},
    time::Moment,
};

/// List the facts that two people set apart from each other, before their machines met
///
/// Every value is kept, and all machines show the same one. `cairn settle` decides.
/// Below them stand people who were perhaps registered twice; `cairn patient apart` says that
/// two are not the same person.
#[derive(Debug, Args)]
#[command(
    after_long_help = "JSON: {versions: [{patient, number, name, fact, kind, record, \
                       field, called, shown, before, may_settle, values: [{letter, value, by, \
                       by_name, machine, machine_name, at, change}]}], twins: [{id, people: \
                       [{patient, number, name, sex, born, village, machine, \
                       machine_name}], why, since, may_settle}]}. `fact` is what \
                       `cairn settle` takes as FIELD; `shown` is the letter of the value \
                       that the chart shows. The `id` of twins is the same on every machine."
)]
pub(super) struct Versions {
    /// The patient's id or number; without one, those of all patients
    id: Option<String>,
}

impl Versions {
    pub(super) fn run(self, place: &Workplace, output: Output) -> Result<(), Failure> {
        place.signed_in(|session| {
            let whose = match &self.id {
                Some(text) => Some(patient(session, text)?),
                None => None,
            };
            if whose.is_none() {
                session.settle_all()?;
            }
            let all = session.versions(whose)?;
            let shown: Vec<Value> = all.iter().map(|it| shown(it, session)).collect();
            let mut lines: Vec<String> =
                all.iter().flat_map(|it| lines(it, session)).collect();
            let twins = session.twins(whose)?;
            let alike: Vec<Value> =
                twins.iter().map(|it| shown_twins(it, session)).collect();
            lines.extend(twins.iter().flat_map(|it| twin_lines(it, session)));
            if lines.is_empty() {
                lines.push("nothing to compare".to_owned());
            }
            output.result(&json!({ "versions": shown, "twins": alike }), &lines)
        })
    }
}

/// A fact as JSON.
pub(super) fn disagreement(it: &Disagreement) -> Value {
    let versions = it.versions.iter().map(version);
    json!({
        "fact": fact(it),
        "kind": it.kind.key(),
        "record": it.record.to_string(),
        "field": it.field,
        "before": it.before,
        "versions": versions.collect::<Vec<_>>(),
    })
}

/// What names a fact on the command line: `phone`, or `meds/<id>/status`.
pub(super) fn fact(it: &Disagreement) -> String {
    if it.kind == Kind::Person {
        return it.field.clone();
    }
    format!("{}/{}/{}", it.kind.key(), it.record, it.field)
}

/// The letter of a value: `a` is shown.
pub(super) fn letter(at: usize) -> String {
    let letter = u8::try_from(at).ok().and_then(|at| b'a'.checked_add(at));
    let letter = letter.filter(u8::is_ascii_lowercase).map(char::from);
    letter.map_or_else(|| at.to_string(), String::from)
}

fn version(it: &Version) -> Value {
    json!({
        "value": it.value,
        "by": it.by.map(|id| id.to_string()),
        "machine": it.machine.map(|id| id.to_string()),
        "at": it.at.0,
        "change": it.change.to_string(),
    })
}

fn shown(it: &Apart, session: &Session) -> Value {
    let mut shown = disagreement(&it.disagreement);
    let Some(fields) = shown.as_object_mut() else {
        return shown;
    };
    fields.remove("versions");
    let (number, name) = session.called(it.patient).unwrap_or_default();
    fields.insert("patient".into(), json!(it.patient.to_string()));
    fields.insert("number".into(), json!(number));
    fields.insert("name".into(), json!(name));
    fields.insert("called".into(), json!(it.name));
    fields.insert("shown".into(), json!(letter(0)));
    fields.insert("may_settle".into(), json!(it.may_settle));
    let values = it.disagreement.versions.iter().enumerate();
    let values = values.map(|(at, it)| {
        let mut value = version(it);
        if let Some(fields) = value.as_object_mut() {
            let by = it.by.map(|it| session.user_name(it));
            let machine = it.machine.map(|it| session.machine_name(it));
            fields.insert("letter".into(), json!(letter(at)));
            fields.insert("by_name".into(), json!(by));
            fields.insert("machine_name".into(), json!(machine));
        }
        value
    });
    fields.insert("values".into(), values.collect());
    shown
}

fn lines(it: &Apart, session: &Session) -> Vec<String> {
    let (number, name) = session.called(it.patient).unwrap_or_default();
    let of = &it.disagreement;
    let mut lines = vec![format!("{number}  {name}  {}  {}", fact(of), it.name)];
    let offset_minutes = session.moment().offset_minutes;
    for (at, version) in of.versions.iter().enumerate() {
        let by = version.by.map(|it| session.user_name(it));
        let machine = version.machine.map(|it| session.machine_name(it));
        let who = [by, machine].into_iter().flatten();
        let who: Vec<String> = who.filter(|it| !it.is_empty()).collect();
        let moment = Moment {
            at: version.at,
            offset_minutes,
        };
        let mark = if at == 0 { "  shown" } else { "" };
        lines.push(format!(
            "  {}  {}  {}  {moment}{mark}",
            letter(at),
            version.value,
            who.join(", "),
        ));
    }
    lines.extend(of.before.as_ref().map(|it| format!("  before both: {it}")));
    lines
}

fn shown_twins(it: &Twins, session: &Session) -> Value {
    let people = it.people.iter().zip(it.machines).map(|(person, machine)| {
        json!({
            "patient": person.patient.to_string(),
            "number": person.number,
            "name": person.name,
            "sex": person.sex.code(),
            "born": person.born.map(|birth| birth.date.to_string()),
            "village": person.village,
            "machine": machine.map(|it| it.to_string()),
            "machine_name": machine.map(|it| session.machine_name(it)),
        })
    });
    let why = it.people.first().map(|it| it.why.as_slice());
    json!({
        "id": it.id.to_string(),
        "people": people.collect::<Vec<_>>(),
        "why": why.unwrap_or_default(),
        "since": it.since.map(|it| it.0),
        "may_settle": it.may_settle,
    })
}

fn twin_lines(it: &Twins, session: &Session) -> Vec<String> {
    let mut lines = vec!["perhaps the same person".to_owned()];
    for (person, machine) in it.people.iter().zip(it.machines) {
        let machine = machine.map(|it| session.machine_name(it));
        lines.push(format!(
            "  {}  {}",
            line(person),
            machine.unwrap_or_default()
        ));
    }
    lines
}
