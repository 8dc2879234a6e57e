//! `CarePlan` becomes a plan.

use super::{
    node::Node,
    resource::{Resource, Why, Written},
    types::{ANY, lines},
};
use crate::chart::{Coded, Plan, Record};

/// FHIR's `request-status`.
const STATUSES: &[(&str, ())] = &[
    ("draft", ()),
    ("active", ()),
    ("on-hold", ()),
    ("revoked", ()),
    ("completed", ()),
    ("entered-in-error", ()),
    ("unknown", ()),
];

/// Reads a `CarePlan`.
pub(super) fn read(from: &Resource<'_>) -> Result<Record, Why> {
    let node = &from.node;
    let title = title(node).ok_or("it does not say what the plan is for")?;
    let status = node.text("status");
    let known = node.meaning("status", status, STATUSES);
    let (start, end) = node.period("period");
    let mut remarks = node.annotations("note");
    remarks.extend(node.long_text("description").map(str::to_owned));
    let activities = node.nodes("activity");
    let activities = activities.iter().filter_map(activity);
    Ok(Record::Plan(Plan {
        entry: from.entry(Written {
            in_error: status == Some("entered-in-error"),
            recorded: node.moment("created"),
            author: from.name_at("author"),
            remark: lines(remarks),
        }),
        title,
        status: status
            .filter(|_| known.is_some())
            .unwrap_or("unknown")
            .to_owned(),
        start,
        end,
        activities: activities.collect(),
        visit: from.visit(),
    }))
}

fn title(node: &Node<'_>) -> Option<Coded> {
    let category = node.joined("category", ANY);
    match (node.text("title"), category) {
        (Some(title), Some(category)) => Some(Coded {
            text: title.to_owned(),
            ..category
        }),
        (Some(title), None) => Some(Coded::text(title)),
        (None, Some(category)) => Some(category),
        (None, None) => node.text("description").map(Coded::text),
    }
}

fn activity(node: &Node<'_>) -> Option<Coded> {
    let Some(detail) = node.node("detail") else {
        let reference = node.node("reference")?;
        return reference.text("display").map(Coded::text);
    };
    let code = detail.coded("code", ANY);
    let code = code.or_else(|| detail.text("description").map(Coded::text))?;
    // What must not be done never reads as something to do.
    let forbidden =
        detail.has("doNotPerform") && detail.flag("doNotPerform") != Some(false);
    Some(if forbidden {
        Coded::text(format!("do not: {}", code.text))
    } else {
        code
    })
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::exchange::fhir::testing::{record, skipped};

    fn plan_json(more: Value) -> Value {
        let mut value = json!({
            "resourceType": "CarePlan", "id": "x", "status": "active", "intent": "plan",
            "subject": {"reference": "Patient/p"},
        });
        let fields = value.as_object_mut().unwrap();
        fields.extend(more.as_object().unwrap().clone());
        value
    }

    #[test]
    fn a_plan_lists_what_is_to_be_done_and_what_is_not() {
        let value = plan_json(json!({
            "category": [{"text": "Diabetes plan"}], "period": {"start": "2020"},
            "activity": [
                {"detail": {"code": {"text": "Walk daily"}}},
                {"detail": {"description": "Aspirin", "doNotPerform": true}},
                {"reference": {"reference": "Task/1", "display": "Eye test"}},
            ],
        }));
        let Record::Plan(found) = record(&value) else {
            panic!()
        };
        assert_eq!(
            (found.title.text.as_str(), found.status.as_str()),
            ("Diabetes plan", "active")
        );
        let activities: Vec<_> = found.activities.iter().map(|it| &it.text).collect();
        assert_eq!(activities, ["Walk daily", "do not: Aspirin", "Eye test"]);
    }

    #[test]
    fn a_plan_for_nothing_is_skipped() {
        assert_eq!(
            skipped(&plan_json(json!({}))),
            "it does not say what the plan is for"
        );
    }
}
