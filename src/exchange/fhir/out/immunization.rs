//! A dose of a vaccine becomes an `Immunization`.

use serde_json::{Value, json};

use super::draft::{Draft, named, words};
use crate::{
    chart::Immunization, exchange::fhir::immunization::SUBPOTENT, time::PartialDate,
};

/// Writes an `Immunization`.
pub(super) fn write(it: &Immunization, to: &mut Draft<'_>) {
    let subpotent = it.not_done.strip_prefix(SUBPOTENT);
    let not_done = words(&it.not_done).filter(|_| subpotent.is_none());
    let status = if it.entry.in_error {
        "entered-in-error"
    } else if not_done.is_some() {
        "not-done"
    } else {
        "completed"
    };
    to.put("status", Some(json!(status)));
    to.said("statusReason", &not_done.unwrap_or_default());
    to.concept("vaccineCode", &it.vaccine);
    to.whose("patient");
    to.visit(it.visit);
    match it.date {
        Some(date) => to.when("occurrenceDateTime", Some(date)),
        None => to.absent("occurrenceDateTime"),
    }
    to.recorded("recorded");
    to.put("manufacturer", named(&it.maker));
    to.text("lotNumber", &it.lot);
    let expiry: Option<PartialDate> = it.expiry.parse().ok();
    to.put("expirationDate", expiry.map(|it| json!(it.to_string())));
    to.said("site", &it.site);
    to.said("route", &it.route);
    to.put("performer", to.author().map(|it| json!([{ "actor": it }])));
    let printed = words(&it.expiry).filter(|_| expiry.is_none());
    let printed: Vec<String> = printed
        .map(|it| format!("expiry as printed: {it}"))
        .into_iter()
        .collect();
    to.notes(&printed);
    if let Some(why) = subpotent {
        to.put("isSubpotent", Some(json!(true)));
        let why = words(why.trim_start_matches(':'));
        to.put("subpotentReason", why.map(|it| json!([{ "text": it }])));
    }
    let reaction = named(&it.reaction).map(|it| json!([{ "detail": it }]));
    to.put("reaction", reaction);
    to.put(
        "protocolApplied",
        dose_number(&it.dose_number).map(|it| json!([it])),
    );
}

fn dose_number(number: &str) -> Option<Value> {
    let text = words(number)?;
    let positive = text.parse::<u32>().ok().filter(|it| *it > 0);
    Some(match positive {
        Some(number) => json!({ "doseNumberPositiveInt": number }),
        None => json!({ "doseNumberString": text }),
    })
}
