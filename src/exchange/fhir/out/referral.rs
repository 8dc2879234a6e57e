//! A referral becomes a `ServiceRequest`.

use serde_json::{Value, json};

use super::draft::{Draft, coding, named, words};
use crate::{
    chart::{Referral, ReferralStatus, Way},
    exchange::fhir::referral::{FIELD, REFERRAL},
};

const SNOMED: &str = "http://snomed.info/sct";

/// Writes a `ServiceRequest`.
pub(super) fn write(it: &Referral, to: &mut Draft<'_>) {
    to.put("extension", Some(fields(it)));
    let status = match it.status {
        _ if it.entry.in_error => "entered-in-error",
        ReferralStatus::Waiting | ReferralStatus::Accepted => "active",
        ReferralStatus::Declined => "revoked",
        ReferralStatus::Completed => "completed",
    };
    to.put("status", Some(json!(status)));
    to.put("intent", Some(json!("order")));
    let category = json!([{ "coding": [coding(SNOMED, REFERRAL)] }]);
    to.put("category", Some(category));
    let priority = if it.urgent { "urgent" } else { "routine" };
    to.put("priority", Some(json!(priority)));
    to.said("code", "Referral");
    to.whose("subject");
    to.visit(it.visit);
    to.recorded("authoredOn");
    to.put("requester", to.author());
    if it.way == Way::Sent {
        to.put("performer", named(&it.with).map(|it| json!([it])));
    }
    let reason = words(&it.reason).map(|it| json!([{ "text": it }]));
    to.put("reasonCode", reason);
    let replied = words(&it.reply).map(|it| format!("answer: {it}"));
    let more = words(&it.question).into_iter().chain(replied);
    to.notes(&more.collect::<Vec<_>>());
}

/// What FHIR has no element for.
fn fields(it: &Referral) -> Value {
    let from = if it.way == Way::Received {
        &it.with
    } else {
        ""
    };
    let all = [
        ("way", it.way.name().to_owned()),
        ("from", from.to_owned()),
        ("status", it.status.name().to_owned()),
        (
            "letter",
            it.letter.map_or_else(String::new, |it| it.to_string()),
        ),
        (
            "theirs",
            it.theirs.map_or_else(String::new, |it| it.to_string()),
        ),
        (
            "card",
            it.card.map_or_else(String::new, |it| it.to_string()),
        ),
        ("question", it.question.clone()),
        ("reply", it.reply.clone()),
        (
            "replied",
            it.replied.map_or_else(String::new, |it| it.to_string()),
        ),
        ("remark", it.entry.remark.0.clone()),
    ];
    let each = all.into_iter().filter_map(|(name, text)| {
        let text = words(&text)?;
        Some(json!({ "url": format!("{FIELD}{name}"), "valueString": text }))
    });
    Value::Array(each.collect())
}
