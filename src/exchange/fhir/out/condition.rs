//! A problem becomes a `Condition`.

use serde_json::json;

use super::draft::{Draft, coding};
use crate::chart::{Clinical, Problem, Verification};

const CLINICAL: &str = "http://terminology.hl7.org/CodeSystem/condition-clinical";
const VERIFICATION: &str = "http://terminology.hl7.org/CodeSystem/condition-ver-status";
const CATEGORY: &str = "http://terminology.hl7.org/CodeSystem/condition-category";

/// Writes a `Condition`.
pub(super) fn write(it: &Problem, to: &mut Draft<'_>) {
    let clinical = match it.clinical {
        Clinical::Active => "active",
        Clinical::Recurrence => "recurrence",
        Clinical::Remission => "remission",
        Clinical::Inactive => "inactive",
        Clinical::Resolved => "resolved",
    };
    let verification = match it.verification {
        Verification::Confirmed => "confirmed",
        Verification::Unconfirmed => "unconfirmed",
        Verification::Differential => "differential",
        Verification::Refuted => "refuted",
    };
    // One that was entered in error has no clinical status (con-5).
    if it.entry.in_error {
        to.status("verificationStatus", (VERIFICATION, "entered-in-error"));
    } else {
        to.status("clinicalStatus", (CLINICAL, clinical));
        to.status("verificationStatus", (VERIFICATION, verification));
    }
    let category = if it.on_list {
        "problem-list-item"
    } else {
        "encounter-diagnosis"
    };
    let category = coding(CATEGORY, category);
    to.put("category", Some(json!([{ "coding": [category] }])));
    to.said("severity", &it.severity);
    to.concept("code", &it.code);
    to.concepts("bodySite", &crate::chart::Coded::text(it.site.as_str()));
    to.whose("subject");
    to.visit(it.visit);
    to.when("onsetDateTime", it.onset);
    // What is there now has not abated (con-4).
    let is_over = !it.clinical.is_present() || it.entry.in_error;
    to.when("abatementDateTime", it.abated.filter(|_| is_over));
    to.recorded("recordedDate");
    to.put("recorder", to.author());
    let until = it.abated.filter(|_| !is_over);
    let until: Vec<String> = until.map(|it| format!("until {it}")).into_iter().collect();
    to.notes(&until);
}
