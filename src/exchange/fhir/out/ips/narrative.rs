//! What a section says, for people: XHTML in which everything that was typed is text.

use crate::{
    chart::{Coded, Observation, Record, Severity, Value},
    exchange::fhir::out::note::escaped,
    time::When,
};

/// One sentence.
pub(super) fn paragraph(text: &str) -> String {
    div(&format!("<p>{}</p>", escaped(text)))
}

/// A line for each record.
pub(super) fn list(records: &[&Record]) -> String {
    let items = records.iter().map(|it| {
        let parts = parts(it).into_iter().filter(|it| !it.is_empty());
        let parts: Vec<String> = parts.map(|it| escaped(&it)).collect();
        format!("<li>{}</li>", parts.join(", "))
    });
    div(&format!("<ul>{}</ul>", items.collect::<String>()))
}

fn div(inside: &str) -> String {
    format!(r#"<div xmlns="http://www.w3.org/1999/xhtml">{inside}</div>"#)
}

/// What is said of a record, the most important first.
fn parts(record: &Record) -> Vec<String> {
    let mut parts = vec![called(record)];
    match record {
        Record::Allergy(it) => {
            let severity = it.severity().map(|it| match it {
                Severity::Mild => "mild",
                Severity::Moderate => "moderate",
                Severity::Severe => "severe",
            });
            parts.extend(severity.map(str::to_owned));
            parts.extend(it.reactions.iter().map(|it| words(&it.manifestation)));
        }
        Record::NoKnownAllergies(it) => {
            parts.push(format!("asked {}", it.entry.recorded.day()));
        }
        Record::Problem(it) => {
            parts.extend(dated("since", it.onset));
            parts.extend(dated("until", it.abated));
            parts.push(it.severity.clone());
        }
        Record::Medication(it) => {
            let how = [&it.dose, &it.route, &it.frequency, &it.duration];
            parts.extend(how.map(Clone::clone));
            parts.extend(it.as_needed.then(|| "as needed".to_owned()));
            parts.extend(it.instructions.lines().map(str::to_owned));
            parts.extend(dated("since", it.start));
        }
        Record::Immunization(it) => {
            parts.extend(it.date.map(|it| it.date().to_string()));
            if !it.dose_number.is_empty() {
                parts.push(format!("dose {}", it.dose_number));
            }
            if !it.not_done.is_empty() {
                parts.push(format!("does not count: {}", it.not_done));
            }
        }
        Record::Procedure(it) => parts.extend(dated("on", it.start)),
        Record::Plan(it) => parts.extend(it.activities.iter().map(words)),
        Record::Observation(it) => {
            parts.extend(seen(it));
            parts.extend(dated("on", it.when));
        }
        Record::Report(it) => {
            parts.push(it.conclusion.clone());
            parts.extend(dated("on", it.when.or(it.issued)));
        }
        Record::Person(_)
        | Record::Provider(_)
        | Record::Visit(_)
        | Record::Note(_)
        | Record::Document(_)
        | Record::Consent(_)
        | Record::Outcome(_)
        | Record::Referral(_)
        | Record::ImportRun(_) => {}
    }
    parts
}

fn called(record: &Record) -> String {
    if matches!(record, Record::NoKnownAllergies(_)) {
        return "No known allergy".to_owned();
    }
    record.called().to_owned()
}

fn words(coded: &Coded) -> String {
    coded.text.clone()
}

fn dated(before: &str, when: Option<When>) -> Option<String> {
    when.map(|it| format!("{before} {}", it.date()))
}

fn seen(it: &Observation) -> Vec<String> {
    let mut all: Vec<String> = it.value.iter().map(value).collect();
    all.extend(it.components.iter().filter_map(|it| {
        let value = value(it.value.as_ref()?);
        Some(format!("{} {value}", it.code.text))
    }));
    all.push(it.flag.clone());
    all
}

fn value(value: &Value) -> String {
    match value {
        Value::Quantity(it) => format!("{}{} {}", it.comparator, it.value, it.unit)
            .trim()
            .to_owned(),
        Value::Code(it) => words(it),
        Value::Text(it) => it.clone(),
    }
}
