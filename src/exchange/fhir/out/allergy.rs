//! An allergy becomes an `AllergyIntolerance`; so does "asked, none known", as the code that
//! says so.

use serde_json::{Map, Value, json};

use super::draft::{Draft, concept};
use crate::{
    chart::{
        Allergy, Clinical, Coded, Coding, Criticality, NoKnownAllergies, Reaction,
        Severity, System, Verification,
    },
    exchange::fhir::allergy::NONE_KNOWN,
};

/// FHIR's own system of clinical statuses of allergies.
const CLINICAL: &str =
    "http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical";
/// And of how sure they are.
const VERIFICATION: &str =
    "http://terminology.hl7.org/CodeSystem/allergyintolerance-verification";

/// Writes an `AllergyIntolerance`.
pub(super) fn write(it: &Allergy, to: &mut Draft<'_>) {
    let clinical = match it.clinical {
        Clinical::Active | Clinical::Recurrence => "active",
        Clinical::Remission | Clinical::Inactive => "inactive",
        Clinical::Resolved => "resolved",
    };
    let verification = match it.verification {
        Verification::Confirmed => "confirmed",
        Verification::Unconfirmed | Verification::Differential => "unconfirmed",
        Verification::Refuted => "refuted",
    };
    status(to, clinical, verification);
    to.put("type", it.intolerance.then(|| json!("intolerance")));
    let category = Some(&it.category).filter(|it| !it.is_empty());
    to.put("category", category.map(|it| json!([it])));
    let criticality = match it.criticality {
        Criticality::Unknown => None,
        Criticality::Low => Some("low"),
        Criticality::High => Some("high"),
    };
    to.put("criticality", criticality.map(|it| json!(it)));
    to.concept("code", &it.code);
    to.whose("patient");
    to.when("onsetDateTime", it.onset);
    to.recorded("recordedDate");
    to.put("recorder", to.author());
    to.note();
    let reactions: Vec<Value> = it.reactions.iter().map(reaction).collect();
    to.put(
        "reaction",
        (!reactions.is_empty()).then_some(Value::Array(reactions)),
    );
}

/// Writes "asked, none known".
pub(super) fn write_none_known(_: &NoKnownAllergies, to: &mut Draft<'_>) {
    status(to, "active", "confirmed");
    let code = Coding::new(System::Snomed, NONE_KNOWN, "No known allergy");
    to.concept("code", &Coded::of(code));
    to.whose("patient");
    to.recorded("recordedDate");
    to.put("recorder", to.author());
    to.note();
}

/// One that was entered in error has no clinical status (ait-2).
fn status(to: &mut Draft<'_>, clinical: &str, verification: &str) {
    if to.entry.in_error {
        to.status("verificationStatus", (VERIFICATION, "entered-in-error"));
    } else {
        to.status("clinicalStatus", (CLINICAL, clinical));
        to.status("verificationStatus", (VERIFICATION, verification));
    }
}

fn reaction(it: &Reaction) -> Value {
    let unstated = || json!({ "text": "not stated" });
    let manifestation = concept(&it.manifestation).unwrap_or_else(unstated);
    let mut reaction = Map::new();
    reaction.insert("manifestation".to_owned(), json!([manifestation]));
    let severity = it.severity.map(|it| match it {
        Severity::Mild => "mild",
        Severity::Moderate => "moderate",
        Severity::Severe => "severe",
    });
    reaction.extend(severity.map(|it| ("severity".to_owned(), json!(it))));
    Value::Object(reaction)
}
