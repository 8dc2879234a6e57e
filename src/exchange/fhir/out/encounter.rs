//! A visit becomes an `Encounter`. Its diagnoses are conditions that stand inside it, so that
//! their codes go with them.

use serde_json::{Value, json};

use super::{
    draft::{Draft, concept, named, period, uri_of, words},
    patient::list,
};
use crate::{
    chart::{Coded, Visit, VisitClass, VisitStatus},
    ids::RecordId,
};

const CLASSES: &str = "http://terminology.hl7.org/CodeSystem/v3-ActCode";

/// Writes an `Encounter`.
pub(super) fn write(it: &Visit, to: &mut Draft<'_>) {
    let diagnoses: Vec<(String, &Coded)> = (1..)
        .zip(&it.diagnoses)
        .map(|(number, it)| (format!("diagnosis-{number}"), it))
        .collect();
    let patient = RecordId::from_bytes(*to.scene.patient.as_bytes());
    let inside = diagnoses.iter().filter_map(|(id, it)| {
        let code = concept(it).filter(|_| it.coding.is_some())?;
        let subject = json!({ "reference": uri_of(patient) });
        Some(json!({
            "resourceType": "Condition", "id": id, "code": code, "subject": subject,
        }))
    });
    to.put("contained", list(inside));
    let status = match it.status {
        _ if it.entry.in_error => "entered-in-error",
        VisitStatus::Planned => "planned",
        VisitStatus::InProgress => "in-progress",
        VisitStatus::Finished => "finished",
        VisitStatus::Cancelled => "cancelled",
    };
    to.put("status", Some(json!(status)));
    let (code, display) = match it.class {
        VisitClass::Ambulatory => ("AMB", "ambulatory"),
        VisitClass::Emergency => ("EMER", "emergency"),
        VisitClass::Inpatient => ("IMP", "inpatient encounter"),
        VisitClass::Home => ("HH", "home health"),
        VisitClass::Virtual => ("VR", "virtual"),
    };
    let class = json!({ "system": CLASSES, "code": code, "display": display });
    to.put("class", Some(class));
    to.concepts("type", &Coded::text(to.entry.remark.0.as_str()));
    to.whose("subject");
    let seen_by = named(&it.practitioner).or_else(|| to.author());
    to.put(
        "participant",
        seen_by.map(|it| json!([{ "individual": it }])),
    );
    to.put("period", period((it.start, it.end)));
    to.concepts("reasonCode", &it.reason);
    to.put(
        "diagnosis",
        list(diagnoses.iter().filter_map(|(id, it)| diagnosis(id, it))),
    );
    let place = named(&it.place).map(|it| json!([{ "location": it }]));
    to.put("location", place);
}

fn diagnosis(id: &str, it: &Coded) -> Option<Value> {
    let display = words(&it.text)?;
    Some(match &it.coding {
        Some(_) => {
            json!({ "condition": { "reference": format!("#{id}"), "display": display } })
        }
        None => json!({ "condition": { "display": display } }),
    })
}
