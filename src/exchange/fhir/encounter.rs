//! `Encounter` becomes a visit.

use super::{
    node::{Node, moment},
    resource::{Resource, Written},
    types::{ANY, DISEASES, lines},
};
use crate::chart::{Coded, Record, Visit, VisitClass, VisitStatus};

const CLASSES: &[(&str, VisitClass)] = &[
    ("AMB", VisitClass::Ambulatory),
    ("EMER", VisitClass::Emergency),
    ("IMP", VisitClass::Inpatient),
    ("ACUTE", VisitClass::Inpatient),
    ("NONAC", VisitClass::Inpatient),
    ("OBSENC", VisitClass::Inpatient),
    ("PRENC", VisitClass::Inpatient),
    ("SS", VisitClass::Inpatient),
    ("HH", VisitClass::Home),
    ("FLD", VisitClass::Home),
    ("VR", VisitClass::Virtual),
];

const STATUSES: &[(&str, Option<VisitStatus>)] = &[
    ("planned", Some(VisitStatus::Planned)),
    ("arrived", Some(VisitStatus::InProgress)),
    ("triaged", Some(VisitStatus::InProgress)),
    ("in-progress", Some(VisitStatus::InProgress)),
    ("onleave", Some(VisitStatus::InProgress)),
    ("finished", Some(VisitStatus::Finished)),
    ("cancelled", Some(VisitStatus::Cancelled)),
    ("entered-in-error", None),
    ("unknown", None),
];

/// Reads an `Encounter`.
pub(super) fn read(from: &Resource<'_>) -> Record {
    let node = &from.node;
    let (start, end) = node.period("period");
    let code = node.text("status");
    let stated = node.meaning("status", code, STATUSES).flatten();
    let usual = if end.is_some() {
        VisitStatus::Finished
    } else {
        VisitStatus::InProgress
    };
    let class = node.node("class");
    let class = class.as_ref().and_then(|it| it.text("code"));
    let practitioner = practitioner(from);
    Record::Visit(Visit {
        entry: from.entry(Written {
            in_error: code == Some("entered-in-error"),
            recorded: start.or(end).map(moment),
            author: practitioner.clone(),
            remark: lines(kinds(node)),
        }),
        class: node.meaning("class", class, CLASSES).unwrap_or_default(),
        status: stated.unwrap_or(usual),
        start,
        end,
        reason: reason(node),
        diagnoses: diagnoses(node),
        practitioner,
        place: place(from),
    })
}

/// Why the patient came; where that is not said, what sort of visit it was.
fn reason(node: &Node<'_>) -> Coded {
    let references = node.nodes("reasonReference");
    let shown = references.iter().find_map(|it| it.text("display"));
    node.joined("reasonCode", ANY)
        .or_else(|| shown.map(Coded::text))
        .or_else(|| node.joined("type", ANY))
        .unwrap_or_default()
}

/// The sort of visit, where the reason does not already say it.
fn kinds(node: &Node<'_>) -> Option<String> {
    let stated = node.has("reasonCode") || node.has("reasonReference");
    let kind = node.joined("type", ANY).map(|it| it.text);
    kind.filter(|_| stated)
}

fn diagnoses(node: &Node<'_>) -> Vec<Coded> {
    let all = node.nodes("diagnosis").into_iter();
    let conditions = all.filter_map(|it| it.node("condition"));
    conditions
        .filter_map(|it| {
            inside(node, &it).or_else(|| it.text("display").map(Coded::text))
        })
        .collect()
}

/// What a condition that stands inside the visit says.
fn inside(node: &Node<'_>, reference: &Node<'_>) -> Option<Coded> {
    let id = reference.text("reference")?.strip_prefix('#')?;
    node.contained(id)?.coded("code", DISEASES)
}

/// Who saw the patient: the primary performer or the attending, else the first.
fn practitioner(from: &Resource<'_>) -> String {
    let participants = from.node.nodes("participant");
    let main = |it: &&Node<'_>| {
        let kinds = it.nodes("type");
        let mut codings = kinds.iter().flat_map(|it| it.nodes("coding"));
        codings.any(|it| matches!(it.text("code"), Some("PPRF" | "ATND")))
    };
    let first = participants.iter().find(main).or(participants.first());
    let individual = first.and_then(|it| it.node("individual"));
    individual.map(|it| from.name_in(&it)).unwrap_or_default()
}

/// Where: the place, else the organisation.
fn place(from: &Resource<'_>) -> String {
    let first = from.node.first("location");
    let location = first.and_then(|it| it.node("location"));
    let named = location.map(|it| from.name_in(&it)).unwrap_or_default();
    if named.is_empty() {
        from.name_at("serviceProvider")
    } else {
        named
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::exchange::fhir::testing::{problems, record};

    fn encounter(more: Value) -> Value {
        let mut value = json!({
            "resourceType": "Encounter", "id": "e", "subject": {"reference": "Patient/p"},
        });
        let fields = value.as_object_mut().unwrap();
        fields.extend(more.as_object().unwrap().clone());
        value
    }

    #[track_caller]
    fn visit(more: Value) -> Visit {
        let Record::Visit(it) = record(&encounter(more)) else {
            panic!()
        };
        it
    }

    #[test]
    fn a_visit_says_who_where_when_and_why() {
        let found = visit(json!({
            "status": "finished", "class": {"code": "EMER"},
            "type": [{"text": "Emergency visit"}],
            "reasonCode": [{"text": "Fever"}, {"text": "Cough"}],
            "participant": [
                {"individual": {"display": "A helper"}},
                {"type": [{"coding": [{"code": "PPRF"}]}], "individual": {"display": "Dr Keita"}},
            ],
            "location": [{"location": {"reference": "Location/l"}}],
            "serviceProvider": {"display": "District hospital"},
            "period": {"start": "2020-01-02T08:00:00+03:00", "end": "2020-01-02T09:00:00+03:00"},
            "diagnosis": [{"condition": {"reference": "Condition/1", "display": "Malaria"}}],
        }));
        assert_eq!(
            (found.class, found.status),
            (VisitClass::Emergency, VisitStatus::Finished)
        );
        assert_eq!(found.reason.text, "Fever; Cough");
        assert_eq!(found.entry.remark.0, "Emergency visit");
        assert_eq!(found.practitioner, "Dr Keita");
        assert_eq!(found.place, "District hospital");
        assert_eq!(
            found.start.unwrap().to_string(),
            "2020-01-02T08:00:00+03:00"
        );
        assert_eq!(found.diagnoses.first().unwrap().text, "Malaria");
    }

    #[test]
    fn what_is_not_said_is_reckoned_from_what_is() {
        let found = visit(json!({"type": [{"text": "Check up"}]}));
        assert_eq!(found.reason.text, "Check up");
        assert_eq!(found.status, VisitStatus::InProgress);
        let found = visit(json!({"status": "unknown", "period": {"end": "2020"}}));
        assert_eq!(found.status, VisitStatus::Finished);
        assert!(visit(json!({"status": "entered-in-error"})).entry.in_error);
        let odd = encounter(json!({"class": {"code": "XYZ"}, "status": "done"}));
        assert_eq!(
            problems(&odd),
            [
                "status: not a code that FHIR R4 has here",
                "class: not a code that FHIR R4 has here",
            ]
        );
    }
}
