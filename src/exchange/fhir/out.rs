//! FHIR R4 out: the records of a chart as resources, and what the chart has no field for as it
//! stood in the source. Pure: what is written depends on what is given alone.
//!
//! A resource is called by its record's id, everywhere. References lead to others of the same
//! output; one that would lead nowhere says whom it means by identifier or type instead.

mod allergy;
mod bundle;
mod condition;
mod consent;
mod directory;
mod document;
mod draft;
mod encounter;
mod immunization;
mod ips;
mod kept;
mod lines;
mod links;
mod medication;
mod note;
mod observation;
mod patient;
mod procedure;
mod referral;
mod report;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;

use std::{collections::BTreeSet, fmt};

pub use bundle::Collection;
pub use directory::Directory;
pub use ips::{Cut, Summary, is_of_days, section_words, summary};
pub(in crate::exchange::fhir) use kept::own_name;
pub use lines::Lines;
use serde_json::{Map, Value, json};

use self::{
    draft::{Draft, Scene, uri_of},
    links::Links,
};
use crate::{
    chart::{MedKind, ProviderKind, Record},
    ids::{PatientId, RecordId},
};

/// Where FHIR's own definitions of resources stand.
const BASE_PROFILE: &str = "http://hl7.org/fhir/StructureDefinition/";

/// The code of what only named people may read.
const RESTRICTED: &str = "R";

/// A record that is written out, with what is kept beside it.
#[derive(Clone, PartialEq, Eq)]
pub struct Piece {
    /// The record.
    pub record: Record,
    /// The resource that it was read from, as JSON, where it was imported.
    pub raw: Option<Vec<u8>>,
    /// The bytes of a document.
    pub bytes: Option<Vec<u8>>,
}

/// A resource that was written.
#[derive(Clone, PartialEq, Eq)]
pub struct Written {
    /// Its type.
    pub kind: &'static str,
    /// Its record.
    pub id: RecordId,
    /// The resource.
    pub body: Map<String, Value>,
    /// Who of the clinic's list it refers to.
    pub people: BTreeSet<RecordId>,
}

/// The resources of one chart. Pieces that belong to no chart are passed over.
pub fn chart(
    patient: PatientId,
    pieces: &[Piece],
    directory: &Directory,
) -> Vec<Written> {
    let raws: Vec<Option<Map<String, Value>>> =
        pieces.iter().map(Piece::raw_map).collect();
    let mut links = Links::default();
    let mut present = BTreeSet::new();
    for (piece, raw) in pieces.iter().zip(&raws) {
        let Some(kind) = kind_of(&piece.record) else {
            continue;
        };
        let id = piece.record.entry().id;
        present.insert(id);
        links.add((kind, id, ""), raw.as_ref());
    }
    let scene = Scene {
        patient,
        directory,
        present: &present,
    };
    let each = pieces.iter().zip(raws);
    each.filter_map(|(piece, raw)| {
        let raw = raw.map(|it| links::localised(it, &[&links, directory.links()]));
        written(piece, raw, &scene)
    })
    .collect()
}

/// One resource, with what its source said beyond the record.
fn written(
    piece: &Piece,
    raw: Option<Map<String, Value>>,
    scene: &Scene<'_>,
) -> Option<Written> {
    let record = &piece.record;
    let kind = kind_of(record)?;
    // A source has the bytes in it.
    let bytes = piece.bytes.as_deref().filter(|_| raw.is_none());
    let now = plain(record, bytes, scene);
    let body = match raw {
        Some(raw) => kept::merged(raw, now, record, scene),
        None => now,
    };
    let body = finished(kind, record, body);
    let people = scene.directory.named_in(&body);
    Some(Written {
        kind,
        id: record.entry().id,
        body,
        people,
    })
}

/// What the record itself says, in the order in which FHIR has it.
fn plain(record: &Record, bytes: Option<&[u8]>, scene: &Scene<'_>) -> Map<String, Value> {
    let mut to = Draft::new(scene, record.entry());
    match record {
        Record::Person(it) => patient::write(it, &mut to),
        Record::Provider(it) => directory::write(it, &mut to),
        Record::Allergy(it) => allergy::write(it, &mut to),
        Record::NoKnownAllergies(it) => allergy::write_none_known(it, &mut to),
        Record::Problem(it) => condition::write(it, &mut to),
        Record::Medication(it) => medication::write(it, &mut to),
        Record::Immunization(it) => immunization::write(it, &mut to),
        Record::Procedure(it) => procedure::write(it, &mut to),
        Record::Plan(it) => procedure::write_plan(it, &mut to),
        Record::Visit(it) => encounter::write(it, &mut to),
        Record::Note(it) => note::write(it, &mut to),
        Record::Observation(it) => observation::write(it, &mut to),
        Record::Report(it) => report::write(it, &mut to),
        Record::Document(it) => document::write(it, bytes, &mut to),
        Record::Consent(it) => consent::write(it, &mut to),
        Record::Referral(it) => referral::write(it, &mut to),
        Record::ImportRun(_) | Record::Outcome(_) => {}
    }
    to.finish()
}

/// The resource with its type, its name and its profile before all else.
fn finished(
    kind: &'static str,
    record: &Record,
    mut body: Map<String, Value>,
) -> Map<String, Value> {
    let mut whole = Map::new();
    let entry = record.entry();
    whole.insert("resourceType".to_owned(), json!(kind));
    whole.insert("id".to_owned(), json!(uuid_of(entry.id)));
    let mut meta = match body.shift_remove("meta") {
        Some(Value::Object(meta)) => meta,
        _ => Map::new(),
    };
    if !meta.contains_key("lastUpdated") {
        let recorded = entry.recorded.to_string();
        meta.insert("lastUpdated".to_owned(), json!(recorded));
    }
    if !meta.contains_key("profile") {
        let profile = json!([format!("{BASE_PROFILE}{kind}")]);
        meta.insert("profile".to_owned(), profile);
    }
    if entry.restricted.is_some() {
        meta.insert("security".to_owned(), json!([restricted()]));
    }
    whole.insert("meta".to_owned(), Value::Object(meta));
    whole.extend(body);
    whole
}

/// The label of what the clinic keeps closed. Under which category is nobody's business.
fn restricted() -> Value {
    json!({
        "system": "http://terminology.hl7.org/CodeSystem/v3-Confidentiality",
        "code": RESTRICTED,
    })
}

/// The type of resource that a record is. An import's closing entry is none.
pub fn kind_of(record: &Record) -> Option<&'static str> {
    Some(match record {
        Record::Person(_) => "Patient",
        Record::Provider(it) => match it.kind {
            ProviderKind::Practitioner => "Practitioner",
            ProviderKind::Organization => "Organization",
        },
        Record::Allergy(_) | Record::NoKnownAllergies(_) => "AllergyIntolerance",
        Record::Problem(_) => "Condition",
        Record::Medication(it) => match it.kind {
            MedKind::Request => "MedicationRequest",
            MedKind::Statement => "MedicationStatement",
        },
        Record::Immunization(_) => "Immunization",
        Record::Procedure(_) => "Procedure",
        Record::Plan(_) => "CarePlan",
        Record::Visit(_) => "Encounter",
        Record::Note(_) => "Composition",
        Record::Observation(_) => "Observation",
        Record::Report(_) => "DiagnosticReport",
        Record::Document(_) => "DocumentReference",
        Record::Consent(_) => "Consent",
        Record::Referral(_) => "ServiceRequest",
        Record::ImportRun(_) | Record::Outcome(_) => return None,
    })
}

/// A record's id as FHIR writes it.
fn uuid_of(id: RecordId) -> String {
    uuid::Uuid::from_bytes(*id.as_bytes()).to_string()
}

impl Piece {
    fn raw_map(&self) -> Option<Map<String, Value>> {
        serde_json::from_slice(self.raw.as_deref()?).ok()
    }
}

impl Written {
    /// The name under which others refer to it.
    pub fn full_url(&self) -> String {
        uri_of(self.id)
    }
}

impl fmt::Debug for Piece {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Piece({:?})", self.record)
    }
}

impl fmt::Debug for Written {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Written({} {:?})", self.kind, self.id)
    }
}
