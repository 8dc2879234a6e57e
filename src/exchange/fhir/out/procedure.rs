//! A procedure stays one, and a plan becomes a `CarePlan`.

use serde_json::{Value, json};

use super::draft::{Draft, concept, period, words};
use crate::chart::{Coded, Plan, Procedure};

/// Writes a `Procedure`.
pub(super) fn write(it: &Procedure, to: &mut Draft<'_>) {
    status(to, &it.status);
    to.concept("code", &it.code);
    to.whose("subject");
    to.visit(it.visit);
    match (it.start, it.end) {
        (start, None) => to.when("performedDateTime", start),
        ends => to.put("performedPeriod", period(ends)),
    }
    to.put("recorder", to.author());
    to.concepts("reasonCode", &it.reason);
    to.said("outcome", &it.outcome);
    to.note();
}

/// Writes a `CarePlan`. What the plan is called stands in its title, its code in the category.
pub(super) fn write_plan(it: &Plan, to: &mut Draft<'_>) {
    status(to, &it.status);
    to.put("intent", Some(json!("plan")));
    let code = Coded {
        text: String::new(),
        ..it.title.clone()
    };
    to.concepts("category", &code);
    to.text("title", &it.title.text);
    to.whose("subject");
    to.visit(it.visit);
    to.put("period", period((it.start, it.end)));
    to.recorded("created");
    to.put("author", to.author());
    let activities = it.activities.iter().filter_map(concept);
    // The chart does not say how far each has come.
    let activity = |it| json!({ "detail": { "code": it, "status": "unknown" } });
    to.put("activity", super::patient::list(activities.map(activity)));
    to.note();
}

/// FHIR's status; what the chart does not know is `unknown`.
pub(super) fn status(to: &mut Draft<'_>, status: &str) {
    let status = words(status).unwrap_or_else(|| "unknown".to_owned());
    let status = if to.entry.in_error {
        Value::from("entered-in-error")
    } else {
        Value::from(status)
    };
    to.put("status", Some(status));
}
