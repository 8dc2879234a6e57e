//! An observation stays one.

use serde_json::{Map, Value, json};

use super::{
    draft::{Draft, coding, concept, quantity, words},
    patient::list,
};
use crate::chart::{Component, ObsCategory, Observation, Quantity, Value as Seen};

const CATEGORIES: &str = "http://terminology.hl7.org/CodeSystem/observation-category";
const INTERPRETATIONS: &str =
    "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation";

/// Writes an `Observation`.
pub(super) fn write(it: &Observation, to: &mut Draft<'_>) {
    let is_cancelled = it.absent == "cancelled";
    let status = if it.entry.in_error {
        "entered-in-error"
    } else if is_cancelled {
        "cancelled"
    } else {
        "final"
    };
    to.put("status", Some(json!(status)));
    let category = match it.category {
        ObsCategory::VitalSigns => Some("vital-signs"),
        ObsCategory::Laboratory => Some("laboratory"),
        ObsCategory::Imaging => Some("imaging"),
        ObsCategory::SocialHistory => Some("social-history"),
        ObsCategory::Survey => Some("survey"),
        ObsCategory::Exam => Some("exam"),
        ObsCategory::Other => None,
    };
    let category = category.map(|it| json!([{ "coding": [coding(CATEGORIES, it)] }]));
    to.put("category", category);
    to.concept("code", &it.code);
    to.whose("subject");
    to.visit(it.visit);
    to.when("effectiveDateTime", it.when);
    to.recorded("issued");
    to.put("performer", to.author().map(|it| json!([it])));
    match it.value.as_ref().and_then(seen) {
        Some((key, value)) => to.put(key, Some(value)),
        None if !is_cancelled => to.said("dataAbsentReason", &it.absent),
        None => {}
    }
    let flag = words(&it.flag);
    let flag = flag.map(|it| json!([{ "coding": [coding(INTERPRETATIONS, &it)] }]));
    to.put("interpretation", flag);
    to.note();
    to.said("method", &it.method);
    let range = words(&it.range).map(|it| json!([{ "text": it }]));
    to.put("referenceRange", range);
    to.put(
        "component",
        list(it.components.iter().filter_map(component)),
    );
}

/// FHIR's `value[x]`.
fn seen(value: &Seen) -> Option<(&'static str, Value)> {
    match value {
        Seen::Quantity(it) => match quantity(it) {
            Some(number) => Some(("valueQuantity", number)),
            None => words(&in_words(it)).map(|it| ("valueString", json!(it))),
        },
        Seen::Code(it) => concept(it).map(|it| ("valueCodeableConcept", it)),
        Seen::Text(it) => words(it).map(|it| ("valueString", json!(it))),
    }
}

/// A number that JSON does not have, such as `.5`, as it was written.
fn in_words(it: &Quantity) -> String {
    format!("{}{} {}", it.comparator, it.value, it.unit)
}

fn component(it: &Component) -> Option<Value> {
    let mut component = Map::new();
    component.insert("code".to_owned(), concept(&it.code)?);
    let value = it.value.as_ref().and_then(seen);
    component.extend(value.map(|(key, value)| (key.to_owned(), value)));
    Some(Value::Object(component))
}
