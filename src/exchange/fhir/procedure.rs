//! `Procedure` stays one.

use super::{
    condition::words_of,
    resource::{Resource, Why, Written},
    types::{ANY, DISEASES, lines},
};
use crate::chart::{Coded, Procedure, Record};

/// FHIR's `event-status`.
const STATUSES: &[(&str, ())] = &[
    ("preparation", ()),
    ("in-progress", ()),
    ("not-done", ()),
    ("on-hold", ()),
    ("stopped", ()),
    ("completed", ()),
    ("entered-in-error", ()),
    ("unknown", ()),
];

/// Reads a `Procedure`.
pub(super) fn read(from: &Resource<'_>) -> Result<Record, Why> {
    let node = &from.node;
    if node.says_none("code") {
        return Err("it says that no procedures are known: there is nothing to keep");
    }
    let code = node.coded("code", ANY);
    let code = code.ok_or("it does not say what was done")?;
    let status = node.text("status");
    let known = node.meaning("status", status, STATUSES);
    let (begun, ended) = node.period("performedPeriod");
    let start = node.when("performedDateTime").or(begun);
    let performer = node.first("performer").and_then(|it| it.node("actor"));
    let done_by = performer.map(|it| from.name_in(&it)).unwrap_or_default();
    let authors = [from.name_at("recorder"), from.name_at("asserter"), done_by];
    let references = node.nodes("reasonReference");
    let named = references.iter().find_map(|it| it.text("display"));
    let reason = node.joined("reasonCode", DISEASES);
    let mut remarks = node.annotations("note");
    remarks.extend(words_of(node, "performed", "done at"));
    remarks.push(node.words("statusReason"));
    let sites = node.joined("bodySite", ANY).unwrap_or_default();
    remarks.push(sites.text);
    let mut outcome = vec![node.words("outcome")];
    outcome.extend(node.joined("complication", ANY).map(|it| it.text));
    Ok(Record::Procedure(Procedure {
        entry: from.entry(Written {
            in_error: status == Some("entered-in-error"),
            recorded: None,
            author: authors
                .into_iter()
                .find(|it| !it.is_empty())
                .unwrap_or_default(),
            remark: lines(remarks),
        }),
        code,
        status: status
            .filter(|_| known.is_some())
            .unwrap_or("unknown")
            .to_owned(),
        start,
        end: ended,
        reason: reason.or(named.map(Coded::text)).unwrap_or_default(),
        outcome: lines(outcome),
        visit: from.visit(),
    }))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::exchange::fhir::testing::{problems, record, skipped};

    fn procedure_json(more: Value) -> Value {
        let mut value = json!({
            "resourceType": "Procedure", "id": "x", "status": "completed",
            "code": {"text": "Suture"}, "subject": {"reference": "Patient/p"},
        });
        let fields = value.as_object_mut().unwrap();
        fields.extend(more.as_object().unwrap().clone());
        value
    }

    #[track_caller]
    fn procedure(more: Value) -> Procedure {
        let Record::Procedure(it) = record(&procedure_json(more)) else {
            panic!()
        };
        it
    }

    #[test]
    fn a_procedure_is_read_whole() {
        let found = procedure(json!({
            "performedPeriod": {"start": "2020-01-02", "end": "2020-01-03"},
            "reasonReference": [{"reference": "Condition/1", "display": "Cut"}],
            "outcome": {"text": "good"}, "complication": [{"text": "bled"}],
            "bodySite": [{"text": "left hand"}], "recorder": {"display": "Nurse Aye"},
        }));
        assert_eq!(
            (found.code.text.as_str(), found.status.as_str()),
            ("Suture", "completed")
        );
        assert_eq!(found.start.unwrap().to_string(), "2020-01-02");
        assert_eq!(found.end.unwrap().to_string(), "2020-01-03");
        assert_eq!(
            (found.reason.text.as_str(), found.outcome.as_str()),
            ("Cut", "good\nbled")
        );
        assert_eq!(found.entry.remark.0, "left hand");
    }

    #[test]
    fn what_was_not_done_or_not_said_is_kept_so() {
        assert_eq!(procedure(json!({"status": "not-done"})).status, "not-done");
        assert_eq!(
            procedure(json!({"performedAge": {"value": 5, "unit": "a"}}))
                .entry
                .remark
                .0,
            "done at age 5 a"
        );
        let odd = json!({"status": "finished"});
        assert_eq!(procedure(odd.clone()).status, "unknown");
        assert_eq!(
            problems(&procedure_json(odd)),
            ["status: not a code that FHIR R4 has here"]
        );
        assert_eq!(
            skipped(&procedure_json(json!({"code": null}))),
            "it does not say what was done"
        );
    }
}
