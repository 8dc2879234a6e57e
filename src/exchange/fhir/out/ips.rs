//! The International Patient Summary: a document of what anyone who meets the patient should
//! know. It is written for version 2.0 in a form that 1.1.0 takes too: where nothing is known
//! of a required section, an entry says so.

mod narrative;
mod sections;
#[cfg(test)]
mod tests;

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use serde_json::{Map, Value, json};

use self::sections::{SECTIONS, Section};
use super::{
    BASE_PROFILE, Directory, Piece, RESTRICTED, Scene, Written, chart,
    draft::{absent, uri_of},
    kept::is_form_of,
    links::URIS,
    plain, uuid_of,
};
use crate::{
    chart::Record,
    exchange::fhir::immunization::NOT_KNOWN,
    ids::{PatientId, RecordId, UserId},
    time::{Moment, PartialDate},
};

/// Where the summary's definitions of resources stand.
const PROFILE: &str = "http://hl7.org/fhir/uv/ips/StructureDefinition/";

/// The types of resource of which the summary has a definition of its own.
const PROFILED: &[&str] = &[
    "AllergyIntolerance",
    "Condition",
    "DiagnosticReport",
    "Immunization",
    "MedicationRequest",
    "MedicationStatement",
    "Organization",
    "Patient",
    "Practitioner",
    "Procedure",
];

/// What the summary requires of a type, and says to be unknown where the chart does not know.
const REQUIRED: &[(&str, &str, &str)] = &[
    ("DiagnosticReport", "effective", "effectivePeriod"),
    ("MedicationStatement", "effective", "effectivePeriod"),
    ("Observation", "effective", "effectivePeriod"),
    ("Patient", "birthDate", "_birthDate"),
    ("Procedure", "performed", "performedPeriod"),
];

/// Where HL7's own code systems stand.
const TERMINOLOGY: &str = "http://terminology.hl7.org/";

/// Of whom, by whom and when a summary is.
pub struct Summary<'a> {
    /// Whose.
    pub patient: PatientId,
    /// The clinic's name.
    pub clinic: &'a str,
    /// The user who vouches for it.
    pub author: UserId,
    /// When.
    pub at: Moment,
    /// What of the chart is in it.
    pub cut: &'a Cut,
    /// Draws names for what has none yet.
    pub new_id: &'a mut dyn FnMut() -> RecordId,
}

/// What of a chart a summary holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Cut {
    /// The sections, by the words of [`section_words`]; none for all.
    pub sections: Option<BTreeSet<&'static str>>,
    /// From when on, of what happened at a time.
    pub since: Option<PartialDate>,
}

/// What the sections of a summary are called, where somebody says which to share.
pub fn section_words() -> impl Iterator<Item = &'static str> {
    SECTIONS.iter().map(|it| it.word)
}

/// Whether the section of this word holds what is from a day on and nothing before it, where
/// that is asked. The others hold what holds now, since whenever it does.
pub fn is_of_days(word: &str) -> bool {
    let mut all = SECTIONS.iter();
    all.any(|it| it.word == word && it.is_of_days())
}

/// The summary of a chart as a Bundle.
pub fn summary(
    pieces: &[Piece],
    directory: &Directory,
    mut of: Summary<'_>,
) -> Map<String, Value> {
    let records: Vec<&Record> = pieces.iter().map(|it| &it.record).collect();
    let cut = of.cut;
    let chosen = SECTIONS.iter().map(|it| (it, it.choose(&records, cut)));
    let chosen: Vec<(&Section, Vec<&Record>)> = chosen.collect();
    let each = chosen.iter().flat_map(|(_, records)| records);
    let ids: BTreeSet<RecordId> = each.map(|it| it.entry().id).collect();
    let is_wanted = |it: &&Piece| {
        matches!(it.record, Record::Person(_)) || ids.contains(&it.record.entry().id)
    };
    let wanted: Vec<Piece> = pieces.iter().filter(is_wanted).cloned().collect();
    let mut resources = chart(of.patient, &wanted, directory);
    for (written, piece) in resources.iter_mut().zip(&wanted) {
        fit(written, &piece.record, (of.patient, directory));
    }
    let mut sections = Vec::new();
    let mut none_known = Vec::new();
    for (section, records) in &chosen {
        let missing = section
            .missing(of.patient, cut)
            .filter(|_| records.is_empty());
        let missing = missing.map(|(kind, body)| {
            let id = (of.new_id)();
            none_known.push(entry(id, &named(kind, id, body)));
            id
        });
        sections.extend(section.write(records, missing, cut));
    }
    let mut composition = composition(sections, directory, &mut of);
    let mut wanted = wanted.iter();
    let is_closed = wanted.any(|it| it.record.entry().restricted.is_some());
    if is_closed {
        composition.insert("confidentiality".to_owned(), json!(RESTRICTED));
    }
    let id = (of.new_id)();
    let mut entries = vec![entry(id, &named("Composition", id, composition))];
    entries.extend(resources.iter().map(|it| entry(it.id, &it.body)));
    entries.extend(none_known);
    for person in people(&resources, directory, of.author) {
        let mut body = person.body.clone();
        claim(person.kind, &mut body);
        body.values_mut().for_each(leave_names_out);
        entries.push(entry(person.id, &body));
    }
    bundle(entries, &mut of)
}

/// Who is referred to, with the author.
fn people<'d>(
    resources: &[Written],
    directory: &'d Directory,
    author: UserId,
) -> Vec<&'d Written> {
    let mut found: BTreeMap<RecordId, &Written> = BTreeMap::new();
    let mut named = vec![RecordId::from_bytes(*author.as_bytes())];
    named.extend(resources.iter().flat_map(|it| it.people.iter().copied()));
    while let Some(id) = named.pop() {
        if let Some(person) = directory.get(id)
            && found.insert(id, person).is_none()
        {
            named.extend(person.people.iter().copied());
        }
    }
    found.into_values().collect()
}

/// Puts what the summary requires into a resource: what the record says, else that it is not
/// known.
fn fit(
    written: &mut Written,
    record: &Record,
    (patient, directory): (PatientId, &Directory),
) {
    let present = BTreeSet::new();
    let scene = Scene {
        patient,
        directory,
        present: &present,
    };
    let kind = written.kind;
    let body = &mut written.body;
    claim(kind, body);
    let own = plain(record, None, &scene);
    for key in ["clinicalStatus", "name", "code"] {
        if let (false, Some(value)) = (body.contains_key(key), own.get(key)) {
            body.insert(key.to_owned(), value.clone());
        }
    }
    let required = REQUIRED.iter().filter(|(of, ..)| *of == kind);
    for (_, element, stands_for_it) in required {
        let there = |key: &String| {
            key.trim_start_matches('_') == *element || is_form_of(key, element)
        };
        if !body.keys().any(there) {
            body.insert((*stands_for_it).to_owned(), absent());
        }
    }
    if kind == "Patient" && !body.contains_key("name") {
        body.insert("name".to_owned(), json!([{ "_text": absent() }]));
    }
    // Who has no known birth date is less than the summary's definition asks for.
    if kind == "Patient" && !body.contains_key("birthDate") {
        profile(body, &format!("{BASE_PROFILE}Patient"));
    }
    // Some validators take no other form for a date that is not known.
    if body.shift_remove("_occurrenceDateTime").is_some()
        && !body.contains_key("occurrenceDateTime")
    {
        body.insert("occurrenceString".to_owned(), json!(NOT_KNOWN));
    }
    body.values_mut().for_each(leave_names_out);
    if kind == "DiagnosticReport" {
        let first = body.get("category").and_then(|it| it.get(0)).cloned();
        let laboratory = || {
            let system = format!("{TERMINOLOGY}CodeSystem/v2-0074");
            json!({ "coding": [{ "system": system, "code": "LAB" }] })
        };
        let category = json!([first.unwrap_or_else(laboratory)]);
        body.insert("category".to_owned(), category);
    }
}

/// Leaves out what other systems call HL7's own codes: it is often spelt wrong, and the codes
/// say it.
fn leave_names_out(value: &mut Value) {
    match value {
        Value::Object(map) => {
            let system = map.get("system").and_then(Value::as_str);
            if system.is_some_and(|it| it.starts_with(TERMINOLOGY)) {
                map.shift_remove("display");
            }
            map.values_mut().for_each(leave_names_out);
        }
        Value::Array(items) => items.iter_mut().for_each(leave_names_out),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// Claims what the summary defines of a type, else what FHIR does.
fn claim(kind: &str, body: &mut Map<String, Value>) {
    let claimed = if PROFILED.contains(&kind) {
        format!("{PROFILE}{kind}-uv-ips")
    } else {
        format!("{BASE_PROFILE}{kind}")
    };
    profile(body, &claimed);
}

fn profile(body: &mut Map<String, Value>, claimed: &str) {
    if let Some(Value::Object(meta)) = body.get_mut("meta") {
        meta.insert("profile".to_owned(), json!([claimed]));
    }
}

/// A resource that says that nothing is known, with its name.
fn named(kind: &str, id: RecordId, body: Map<String, Value>) -> Map<String, Value> {
    let mut whole = Map::new();
    whole.insert("resourceType".to_owned(), json!(kind));
    whole.insert("id".to_owned(), json!(uuid_of(id)));
    let profile = json!({ "profile": [format!("{PROFILE}{kind}-uv-ips")] });
    whole.insert("meta".to_owned(), profile);
    whole.extend(body);
    whole
}

fn entry(id: RecordId, body: &Map<String, Value>) -> Value {
    json!({ "fullUrl": uri_of(id), "resource": body })
}

fn composition(
    sections: Vec<Value>,
    directory: &Directory,
    of: &mut Summary<'_>,
) -> Map<String, Value> {
    let patient = RecordId::from_bytes(*of.patient.as_bytes());
    let author = directory.user(of.author).unwrap_or_else(absent);
    let id = uri_of((of.new_id)());
    let parts = [
        ("identifier", json!({ "system": URIS, "value": id })),
        ("status", json!("final")),
        ("type", concept(("60591-5", "Patient summary Document"))),
        ("subject", json!({ "reference": uri_of(patient) })),
        ("date", json!(of.at.to_string())),
        ("author", json!([author])),
        ("title", json!("International Patient Summary")),
        ("custodian", json!({ "display": of.clinic })),
        ("section", Value::Array(sections)),
    ];
    parts
        .into_iter()
        .map(|(key, it)| (key.to_owned(), it))
        .collect()
}

fn bundle(entries: Vec<Value>, of: &mut Summary<'_>) -> Map<String, Value> {
    let id = (of.new_id)();
    let parts = [
        ("resourceType", json!("Bundle")),
        ("id", json!(uuid_of(id))),
        (
            "meta",
            json!({ "profile": [format!("{PROFILE}Bundle-uv-ips")] }),
        ),
        ("identifier", json!({ "system": URIS, "value": uri_of(id) })),
        ("type", json!("document")),
        ("timestamp", json!(of.at.to_string())),
        ("entry", Value::Array(entries)),
    ];
    parts
        .into_iter()
        .map(|(key, it)| (key.to_owned(), it))
        .collect()
}

/// A LOINC code.
fn concept((code, display): (&str, &str)) -> Value {
    json!({ "coding": [{
        "system": "http://loinc.org", "code": code, "display": display,
    }] })
}

impl Cut {
    /// Whether a section is in it.
    fn has(&self, word: &str) -> bool {
        let sections = self.sections.as_ref();
        sections.is_none_or(|it| it.contains(word))
    }
}

impl fmt::Debug for Summary<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Summary({:?})", self.patient)
    }
}
