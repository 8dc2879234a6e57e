//! What providers of other clinics propose, as JSON.

use serde_json::{Map, Value, json};

use super::{allergy, medication, note, observation, problem};
use crate::{
    chart::{Chart, Maker, Outcome, Outside, Proposal, ProposalDoubt, Record},
    ids::UserId,
};

/// All that is proposed for a chart, the newest first.
pub(in crate::cli) fn list(chart: &Chart, who: &dyn Fn(UserId) -> String) -> Value {
    let all = chart.proposals.iter();
    all.map(|it| Value::Object(proposal(it, chart, who)))
        .collect()
}

/// One proposal, with the record as its maker wrote it.
pub(in crate::cli) fn proposal(
    it: &Proposal,
    chart: &Chart,
    who: &dyn Fn(UserId) -> String,
) -> Map<String, Value> {
    let mut shown = heading(it, who);
    shown.insert("record".into(), record(&it.record, chart));
    shown
}

/// What there is to know of a proposal but what it says.
pub(in crate::cli) fn heading(
    it: &Proposal,
    who: &dyn Fn(UserId) -> String,
) -> Map<String, Value> {
    let mut shown = Map::new();
    let entry = it.record.entry();
    let outcomes = it.outcomes.iter().map(|it| outcome(it, who));
    let fields = [
        ("proposal", json!(it.id().to_string())),
        ("kind", json!(it.record.kind().key())),
        ("what", json!(it.record.called())),
        ("written", json!(entry.recorded.to_string())),
        ("taken_back", json!(entry.in_error)),
        ("state", json!(it.state.word())),
        ("doubt", json!(it.doubt.map(ProposalDoubt::word))),
        ("outcomes", outcomes.collect()),
    ];
    shown.extend(fields.map(|(name, value)| (name.to_owned(), value)));
    shown.extend(maker(&it.maker));
    shown
}

/// From whom a record of the chart came that was proposed.
pub(super) fn outside(it: &Outside) -> Value {
    let mut shown = maker(&it.maker);
    shown.insert("proposal".into(), json!(it.proposal.to_string()));
    shown.insert("written".into(), json!(it.written.to_string()));
    Value::Object(shown)
}

fn maker(it: &Maker) -> Map<String, Value> {
    let fields = [
        ("provider", it.provider.to_string()),
        ("provider_name", it.name.clone()),
        ("organisation", it.organisation.clone()),
        ("card", it.card.to_string()),
    ];
    let fields = fields.map(|(name, value)| (name.to_owned(), json!(value)));
    fields.into_iter().collect()
}

fn outcome(it: &Outcome, who: &dyn Fn(UserId) -> String) -> Value {
    let made: Vec<String> = it.made.iter().map(ToString::to_string).collect();
    json!({
        "decided": it.decided.word(),
        "why": it.why,
        "by": it.entry.by.to_string(),
        "by_name": who(it.entry.by),
        "at": it.entry.recorded.to_string(),
        "records": made,
    })
}

/// What is proposed; nothing where it is of no kind that can be.
fn record(it: &Record, chart: &Chart) -> Value {
    match it {
        Record::Allergy(it) => allergy(it),
        Record::Problem(it) => problem(it),
        Record::Medication(it) => medication(it),
        Record::Note(it) => note(it),
        Record::Observation(it) => observation(it, chart),
        Record::Person(_)
        | Record::Provider(_)
        | Record::NoKnownAllergies(_)
        | Record::Immunization(_)
        | Record::Procedure(_)
        | Record::Plan(_)
        | Record::Visit(_)
        | Record::Report(_)
        | Record::Document(_)
        | Record::ImportRun(_)
        | Record::Consent(_)
        | Record::Outcome(_)
        | Record::Referral(_) => Value::Null,
    }
}
