//! A drug becomes a `MedicationRequest` or a `MedicationStatement`.

use serde_json::{Map, Value, json};

use super::draft::{Draft, absent, amount, period, words};
use crate::{
    chart::{MedKind, MedStatus, Medication},
    exchange::fhir::{dosage::SHORT, exactly, types::UCUM},
};

/// UCUM's units of time as FHIR has them.
const UNITS_OF_TIME: &[&str] = &["s", "min", "h", "d", "wk", "mo", "a"];

/// Writes a `MedicationRequest` or a `MedicationStatement`.
pub(super) fn write(it: &Medication, to: &mut Draft<'_>) {
    let is_request = it.kind == MedKind::Request;
    let mut unfit = Vec::new();
    for (name, text, fits) in [
        ("dose", &it.dose, rate(&it.dose).is_some()),
        (
            "duration",
            &it.duration,
            is_request && time(&it.duration).is_some(),
        ),
        (
            "quantity",
            &it.quantity,
            is_request && amount(&it.quantity).is_some(),
        ),
        ("override", &it.overridden, false),
    ] {
        if !fits && !text.trim().is_empty() {
            unfit.push(name);
        }
    }
    to.put("extension", exactly::extension(it, &unfit));
    match it.kind {
        MedKind::Request => request(it, to),
        MedKind::Statement => statement(it, to),
    }
}

fn request(it: &Medication, to: &mut Draft<'_>) {
    to.put("status", Some(json!(status(it, "cancelled"))));
    to.put("intent", Some(json!("order")));
    to.concept("medicationCodeableConcept", &it.code);
    to.whose("subject");
    to.visit(it.visit);
    to.recorded("authoredOn");
    to.put("requester", to.author());
    to.concepts("reasonCode", &it.reason);
    let mut left = Vec::new();
    let quantity = amount_or(&it.quantity, "quantity", &mut left);
    let supply = time(&it.duration);
    overridden(it, &mut left);
    to.notes(&left);
    to.put("dosageInstruction", dosage(it).map(|it| json!([it])));
    let mut dispense = Map::new();
    dispense.extend(quantity.map(|it| ("quantity".to_owned(), it)));
    dispense.extend(supply.map(|it| ("expectedSupplyDuration".to_owned(), it)));
    to.put(
        "dispenseRequest",
        (!dispense.is_empty()).then_some(Value::Object(dispense)),
    );
}

fn statement(it: &Medication, to: &mut Draft<'_>) {
    to.put("status", Some(json!(status(it, "not-taken"))));
    to.concept("medicationCodeableConcept", &it.code);
    to.whose("subject");
    to.put("context", to.link(it.visit));
    let taken = period((it.start, it.end)).unwrap_or_else(absent);
    to.put("effectivePeriod", Some(taken));
    to.recorded("dateAsserted");
    to.put("informationSource", to.author());
    to.concepts("reasonCode", &it.reason);
    let mut left = Vec::new();
    left.extend(words(&it.quantity).map(|it| format!("quantity: {it}")));
    left.extend(words(&it.duration).map(|it| format!("for {it}")));
    overridden(it, &mut left);
    to.notes(&left);
    to.put("dosage", dosage(it).map(|it| json!([it])));
}

fn status(it: &Medication, cancelled: &'static str) -> &'static str {
    if it.entry.in_error {
        return "entered-in-error";
    }
    match it.status {
        MedStatus::Active => "active",
        MedStatus::OnHold => "on-hold",
        MedStatus::Completed => "completed",
        MedStatus::Stopped => "stopped",
        MedStatus::Cancelled => cancelled,
    }
}

fn overridden(it: &Medication, left: &mut Vec<String>) {
    let why = words(&it.overridden);
    left.extend(why.map(|why| format!("a warning was set aside: {why}")));
}

/// How it is taken: in FHIR's elements as far as they fit, and for the rest in words.
fn dosage(it: &Medication) -> Option<Value> {
    let mut dosage = Map::new();
    let mut said: Vec<String> = words(&it.instructions).into_iter().collect();
    let dose = rate(&it.dose);
    if dose.is_none() {
        said.splice(0..0, words(&it.dose));
    }
    if it.kind == MedKind::Request && time(&it.duration).is_none() {
        said.extend(words(&it.duration));
    }
    if !said.is_empty() {
        dosage.insert("text".to_owned(), json!(said.join("\n")));
    }
    let mut timing = Map::new();
    let mut repeat = Map::new();
    let row = SHORT.iter().find(|row| row.3 == it.frequency);
    if let Some((times, period, unit, _)) = row {
        let number = |it: &str| it.parse().map_or(Value::Null, Value::Number);
        repeat.insert("frequency".to_owned(), number(times));
        repeat.insert("period".to_owned(), number(period));
        repeat.insert("periodUnit".to_owned(), json!(unit));
    } else if let Some(frequency) = words(&it.frequency) {
        timing.insert("code".to_owned(), json!({ "text": frequency }));
    }
    if it.kind == MedKind::Request
        && let Some(bounds) = period((it.start, it.end))
    {
        repeat.insert("boundsPeriod".to_owned(), bounds);
    }
    if !repeat.is_empty() {
        timing.insert("repeat".to_owned(), Value::Object(repeat));
    }
    if !timing.is_empty() {
        dosage.insert("timing".to_owned(), Value::Object(timing));
    }
    if it.as_needed {
        dosage.insert("asNeededBoolean".to_owned(), json!(true));
    }
    let route = words(&it.route);
    dosage.extend(route.map(|it| ("route".to_owned(), json!({ "text": it }))));
    dosage.extend(dose.map(|it| ("doseAndRate".to_owned(), json!([it]))));
    (!dosage.is_empty()).then_some(Value::Object(dosage))
}

/// `1 tablet` or `1–2 tablet`.
fn rate(dose: &str) -> Option<Value> {
    let Some((low, high)) = dose.split_once('–') else {
        return amount(dose).map(|it| json!({ "doseQuantity": it }));
    };
    let unit = high.split_once(' ').map(|(_, unit)| unit);
    let low = match unit {
        Some(unit) if !low.contains(' ') => format!("{low} {unit}"),
        _ => low.trim().to_owned(),
    };
    let (low, high) = (amount(&low)?, amount(high.trim())?);
    Some(json!({ "doseRange": { "low": low, "high": high } }))
}

/// `5d` as a `Duration`.
fn time(duration: &str) -> Option<Value> {
    let digits = duration.find(|it: char| !it.is_ascii_digit())?;
    let (value, unit) = duration.split_at_checked(digits)?;
    let unit = UNITS_OF_TIME.iter().find(|it| **it == unit)?;
    let value: serde_json::Number = value.parse().ok()?;
    Some(json!({ "value": value, "unit": unit, "system": UCUM, "code": unit }))
}

/// An amount; what is none goes to the remarks.
fn amount_or(text: &str, what: &str, left: &mut Vec<String>) -> Option<Value> {
    let amount = amount(text);
    if amount.is_none() {
        left.extend(words(text).map(|it| format!("{what}: {it}")));
    }
    amount
}
