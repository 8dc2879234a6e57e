//! `cairn adopt`: what was written by a session that was cut off.

use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::{Failure, Output, Workplace, patient::patient};
use crate::{
    chart::{Kind, Unconfirmed},
    clinic::{Doubted, Session},
};

/// What a machine or a user wrote beyond the end that a removal set
///
/// It does not count: the value before it does, and the safety checks consider it all the
/// same. Somebody who may change the record adopts or rejects it.
#[derive(Debug, Subcommand)]
pub(super) enum Adopt {
    List(List),
    Accept(Decide),
    Reject(Decide),
}

/// List what does not count
#[derive(Debug, Args)]
#[command(
    after_long_help = "JSON: {unconfirmed: [{patient, number, name, fact, kind, record, \
                       field, value, counts, by, by_name, machine, machine_name, at, \
                       may_settle}]}. `field` is empty for a record as a whole; `counts` \
                       is what counts meanwhile."
)]
pub(super) struct List {
    /// The patient's id or number; without one, of all patients
    id: Option<String>,
}

/// Decide about one of them
#[derive(Debug, Args)]
#[command(after_long_help = "JSON: {patient, fact, adopted}")]
pub(super) struct Decide {
    /// The patient's id or number
    id: String,
    /// The fact, as `cairn adopt list` names it
    fact: String,
}

impl Adopt {
    pub(super) fn run(self, place: &Workplace, output: Output) -> Result<(), Failure> {
        place.signed_in(|session| match self {
            Self::List(it) => it.run(session, output),
            Self::Accept(it) => it.run(session, output, true),
            Self::Reject(it) => it.run(session, output, false),
        })
    }
}

impl List {
    fn run(self, session: &mut Session, output: Output) -> Result<(), Failure> {
        let whose = match &self.id {
            Some(text) => Some(patient(session, text)?),
            None => None,
        };
        if whose.is_none() {
            session.settle_all()?;
        }
        let all = session.unconfirmed(whose)?;
        let rows: Vec<Value> = all.iter().map(|it| shown(it, session)).collect();
        let mut lines: Vec<String> = all.iter().map(|it| line(it, session)).collect();
        if all.is_empty() {
            lines.push("nothing to adopt".to_owned());
        }
        output.result(&json!({ "unconfirmed": rows }), &lines)
    }
}

impl Decide {
    fn run(
        self,
        session: &mut Session,
        output: Output,
        adopted: bool,
    ) -> Result<(), Failure> {
        let patient = patient(session, &self.id)?;
        let all = session.unconfirmed(Some(patient))?;
        let found = all.iter().find(|it| fact(&it.unconfirmed) == self.fact);
        let found = found.ok_or_else(|| {
            Failure::refused("there is nothing of this name to decide")
                .hint("`cairn adopt list` lists what there is")
        })?;
        if adopted {
            session.adopt(found)?;
        } else {
            session.reject(found)?;
        }
        let word = if adopted { "adopted" } else { "rejected" };
        let document = json!({
            "patient": patient.to_string(),
            "fact": self.fact,
            "adopted": adopted,
        });
        output.result(&document, &[format!("{word} {}", self.fact)])
    }
}

/// `phone`, `meds/<id>/status`, or `allergies/<id>` for a record as a whole.
fn fact(it: &Unconfirmed) -> String {
    match (it.kind, it.field.as_str()) {
        (Kind::Person, "") => it.kind.key().to_owned(),
        (Kind::Person, field) => field.to_owned(),
        (kind, "") => format!("{}/{}", kind.key(), it.record),
        (kind, field) => format!("{}/{}/{field}", kind.key(), it.record),
    }
}

/// What does not count, as a chart shows it.
pub(super) fn unconfirmed(it: &Unconfirmed) -> Value {
    json!({
        "fact": fact(it),
        "kind": it.kind.key(),
        "record": it.record.to_string(),
        "field": it.field,
        "value": it.value,
        "counts": it.counts,
        "by": it.by.map(|it| it.to_string()),
        "machine": it.machine.map(|it| it.to_string()),
        "at": it.at.0,
    })
}

fn shown(it: &Doubted, session: &Session) -> Value {
    let of = &it.unconfirmed;
    let (number, name) = session.called(it.patient).unwrap_or_default();
    let mut shown = unconfirmed(of);
    let more = [
        ("patient", json!(it.patient.to_string())),
        ("number", json!(number)),
        ("name", json!(name)),
        ("by_name", json!(of.by.map(|it| session.user_name(it)))),
        (
            "machine_name",
            json!(of.machine.map(|it| session.machine_name(it))),
        ),
        ("may_settle", json!(it.may_settle)),
    ];
    if let Some(fields) = shown.as_object_mut() {
        fields.extend(more.map(|(field, value)| (field.to_owned(), value)));
    }
    shown
}

fn line(it: &Doubted, session: &Session) -> String {
    let of = &it.unconfirmed;
    let (number, name) = session.called(it.patient).unwrap_or_default();
    let by = of.by.map(|it| session.user_name(it)).unwrap_or_default();
    let counts = of.counts.as_ref();
    let counts = counts.map_or_else(String::new, |it| format!("  counts: {it}"));
    format!("{number}  {name}  {}  {}  {by}{counts}", fact(of), of.value)
}
