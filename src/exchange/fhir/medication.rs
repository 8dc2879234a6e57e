//! `MedicationRequest` and `MedicationStatement` become drugs; what must not be taken, or
//! cannot be named, is skipped with the reason.

use super::{
    dosage::{self, Dosage},
    exactly,
    node::{LIST_LEN_MAX, Node},
    resource::{Resource, Why, Written},
    types::{ANY, DISEASES, DRUGS, lines},
};
use crate::{
    chart::{Coded, MedKind, MedStatus, Medication, Record},
    time::When,
};

const REQUEST: &[(&str, MedStatus)] = &[
    ("active", MedStatus::Active),
    ("on-hold", MedStatus::OnHold),
    ("completed", MedStatus::Completed),
    ("stopped", MedStatus::Stopped),
    ("cancelled", MedStatus::Cancelled),
    ("draft", MedStatus::OnHold),
    ("entered-in-error", MedStatus::Cancelled),
    ("unknown", MedStatus::Active),
];

const STATEMENT: &[(&str, MedStatus)] = &[
    ("active", MedStatus::Active),
    ("on-hold", MedStatus::OnHold),
    ("completed", MedStatus::Completed),
    ("stopped", MedStatus::Stopped),
    ("not-taken", MedStatus::Cancelled),
    ("intended", MedStatus::OnHold),
    ("entered-in-error", MedStatus::Cancelled),
    ("unknown", MedStatus::Active),
];

/// Intents of a request that is no order; they stand in the remark.
const NO_ORDER: &[&str] = &["proposal", "plan", "option"];

/// Statuses that the chart shows as another; they stand in the remark.
const SHOWN_AS_ANOTHER: &[&str] = &["draft", "intended", "not-taken", "unknown"];

/// Reads a `MedicationRequest`.
pub(super) fn read_request(from: &Resource<'_>) -> Result<Record, Why> {
    let node = &from.node;
    if node.has("doNotPerform") && node.flag("doNotPerform") != Some(false) {
        return Err(
            "it says that a drug must not be given: the chart has no place for it",
        );
    }
    let mut dosage = dosage_of(node, "dosageInstruction")?;
    let dispense = node.node("dispenseRequest");
    let supply = dispense
        .as_ref()
        .and_then(|it| it.node("expectedSupplyDuration"));
    if dosage.duration.is_empty() {
        dosage.duration = supply.and_then(|it| dosage::time(&it)).unwrap_or_default();
    }
    let quantity = dispense.and_then(|it| it.amount("quantity"));
    let start = dosage.start.or_else(|| node.when("authoredOn"));
    let end = dosage.end;
    let intent = node.text("intent").filter(|it| NO_ORDER.contains(it));
    let draft = Draft {
        kind: MedKind::Request,
        statuses: REQUEST,
        recorded: "authoredOn",
        author: from.name_at("requester"),
        remark: intent.map(|it| format!("intent: {it}")),
    };
    finish(from, draft, dosage, (start, end, quantity))
}

/// Reads a `MedicationStatement`.
pub(super) fn read_statement(from: &Resource<'_>) -> Result<Record, Why> {
    let node = &from.node;
    let dosage = dosage_of(node, "dosage")?;
    let period = node.period("effectivePeriod");
    let start = node.when("effectiveDateTime").or(period.0).or(dosage.start);
    let end = period.1.or(dosage.end);
    let draft = Draft {
        kind: MedKind::Statement,
        statuses: STATEMENT,
        recorded: "dateAsserted",
        author: from.name_at("informationSource"),
        remark: None,
    };
    finish(from, draft, dosage, (start, end, None))
}

/// The drug that a `Medication` is: its code, else what it is made of.
pub(super) fn drug_of(node: &Node<'_>) -> Option<Coded> {
    if node.says_none("code") {
        return None;
    }
    node.coded("code", DRUGS).or_else(|| {
        let parts = node.nodes("ingredient").into_iter();
        let names = parts.map(|it| it.words("itemCodeableConcept"));
        let names: Vec<String> = names.filter(|it| !it.is_empty()).collect();
        (!names.is_empty()).then(|| Coded::text(names.join(" + ")))
    })
}

/// What is different between the two resources.
struct Draft {
    kind: MedKind,
    statuses: &'static [(&'static str, MedStatus)],
    recorded: &'static str,
    author: String,
    remark: Option<String>,
}

fn dosage_of(node: &Node<'_>, key: &'static str) -> Result<Dosage, Why> {
    if node.count(key) > LIST_LEN_MAX {
        return Err("it has more than 64 dosages");
    }
    Ok(dosage::read(node, key))
}

fn finish(
    from: &Resource<'_>,
    draft: Draft,
    dosage: Dosage,
    (start, end, quantity): (Option<When>, Option<When>, Option<String>),
) -> Result<Record, Why> {
    let node = &from.node;
    let code = from.drug()?;
    let status = node.text("status");
    let shown = node.meaning("status", status, draft.statuses);
    let another = status.filter(|it| SHOWN_AS_ANOTHER.contains(it));
    let mut remarks = node.annotations("note");
    remarks.extend(draft.remark);
    remarks.extend(another.map(|it| format!("status: {it}")));
    let mut told = vec![dosage.instructions];
    if let Some(why) = status_reason(node) {
        told.push(why);
    }
    let references = node.nodes("reasonReference");
    let named = references.iter().find_map(|it| it.text("display"));
    let reason = node.joined("reasonCode", DISEASES);
    let mut drug = Medication {
        entry: from.entry(Written {
            in_error: status == Some("entered-in-error"),
            recorded: node.moment(draft.recorded),
            author: draft.author,
            remark: lines(remarks),
        }),
        kind: draft.kind,
        code,
        status: shown.unwrap_or_default(),
        dose: dosage.dose,
        route: dosage.route,
        frequency: dosage.frequency,
        duration: dosage.duration,
        as_needed: dosage.as_needed,
        start,
        end,
        quantity: quantity.unwrap_or_default(),
        reason: reason.or(named.map(Coded::text)).unwrap_or_default(),
        instructions: from.within("dosage", lines(told)),
        overridden: String::new(),
        visit: visit(from),
    };
    exactly::read(node, &mut drug);
    Ok(Record::Medication(drug))
}

/// `statusReason` is one concept in a request and a list in a statement.
fn status_reason(node: &Node<'_>) -> Option<String> {
    let reason = if node.is_list("statusReason") {
        node.joined("statusReason", ANY)
    } else {
        node.coded("statusReason", ANY)
    };
    reason.map(|it| it.text)
}

/// A statement has a `context` where a request has an `encounter`.
fn visit(from: &Resource<'_>) -> Option<crate::ids::RecordId> {
    let context = from.node.node("context");
    let reference = from.node.node("encounter").or(context)?;
    from.linked(&reference, "Encounter")
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::exchange::fhir::testing::{problems, record, skipped};

    fn request(more: Value) -> Value {
        let mut value = json!({
            "resourceType": "MedicationRequest", "id": "m", "intent": "order",
            "medicationCodeableConcept": {"text": "Amoxicillin 500 mg capsule"},
            "subject": {"reference": "Patient/p"},
        });
        let fields = value.as_object_mut().unwrap();
        fields.extend(more.as_object().unwrap().clone());
        value
    }

    fn statement(more: Value) -> Value {
        let mut value = request(more);
        value["resourceType"] = json!("MedicationStatement");
        value
    }

    #[track_caller]
    fn drug(value: &Value) -> Medication {
        let Record::Medication(it) = record(value) else {
            panic!()
        };
        it
    }

    #[test]
    fn a_request_is_read_whole() {
        let found = drug(&request(json!({
            "status": "stopped", "authoredOn": "2020-01-02T10:00:00Z",
            "statusReason": {"text": "rash"}, "requester": {"display": "Dr Keita"},
            "reasonCode": [{"text": "Otitis"}], "note": [{"text": "half price"}],
            "dosageInstruction": [{"timing": {"repeat": {"frequency": 3, "period": 1, "periodUnit": "d"}},
                "doseAndRate": [{"doseQuantity": {"value": 1, "unit": "capsule"}}]}],
            "dispenseRequest": {"quantity": {"value": 15, "unit": "capsule"}},
        })));
        assert_eq!(found.kind, MedKind::Request);
        assert_eq!(found.code.text, "Amoxicillin 500 mg capsule");
        assert_eq!(found.status, MedStatus::Stopped);
        assert_eq!(
            (found.dose.as_str(), found.frequency.as_str()),
            ("1 capsule", "tds")
        );
        assert_eq!(
            (found.quantity.as_str(), found.reason.text.as_str()),
            ("15 capsule", "Otitis")
        );
        assert_eq!(
            (found.instructions.as_str(), found.entry.remark.0.as_str()),
            ("rash", "half price")
        );
        assert_eq!(found.start.unwrap().to_string(), "2020-01-02T10:00:00Z");
        assert_eq!(found.entry.recorded.to_string(), "2020-01-02T10:00:00Z");
    }

    #[test]
    fn every_status_is_shown_as_one_of_the_chart() {
        for (name, shown) in REQUEST {
            assert_eq!(drug(&request(json!({ "status": name }))).status, *shown);
        }
        for (name, shown) in STATEMENT {
            assert_eq!(drug(&statement(json!({ "status": name }))).status, *shown);
        }
        let draft = drug(&request(json!({"status": "draft", "intent": "plan"})));
        assert_eq!(draft.entry.remark.0, "intent: plan\nstatus: draft");
        let odd = request(json!({"status": "going"}));
        assert!(drug(&odd).is_taken());
        assert_eq!(problems(&odd), ["status: not a code that FHIR R4 has here"]);
    }

    #[test]
    fn a_drug_that_must_not_be_given_is_never_shown_as_taken() {
        for flag in [json!(true), json!("true"), json!(1)] {
            let why = skipped(&request(json!({ "doNotPerform": flag })));
            assert!(why.starts_with("it says that a drug must not be given"));
        }
        assert!(drug(&request(json!({"doNotPerform": false}))).is_taken());
    }

    #[test]
    fn the_drug_is_found_inside_or_said_to_be_missing() {
        let none = json!(null);
        let inside = request(json!({
            "medicationCodeableConcept": none,
            "medicationReference": {"reference": "#m"},
            "contained": [{"resourceType": "Medication", "id": "m", "ingredient": [
                {"itemCodeableConcept": {"text": "Artemether"}},
                {"itemCodeableConcept": {"text": "Lumefantrine"}}]}],
        }));
        assert_eq!(drug(&inside).code.text, "Artemether + Lumefantrine");
        let gone = |more: Value| skipped(&request(more));
        assert_eq!(
            gone(json!({ "medicationCodeableConcept": none })),
            "it names no drug"
        );
        assert_eq!(
            gone(
                json!({"medicationCodeableConcept": none, "medicationReference": {"reference": "Medication/9"}})
            ),
            "the Medication that it names is not in the input or says nothing"
        );
        let shown = json!({"medicationCodeableConcept": none,
            "medicationReference": {"reference": "Medication/9", "display": "Zinc"}});
        assert_eq!(drug(&request(shown)).code.text, "Zinc");
    }

    #[test]
    fn no_known_medications_is_not_a_drug() {
        let value = statement(json!({"medicationCodeableConcept": {"coding": [{
            "system": "http://hl7.org/fhir/uv/ips/CodeSystem/absent-unknown-uv-ips",
            "code": "no-known-medications"}]}}));
        assert!(skipped(&value).starts_with("it says that no drugs are known"));
    }
}
