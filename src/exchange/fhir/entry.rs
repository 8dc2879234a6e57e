//! One entry becomes one item: what may not be read at all, which reader is for it, whose
//! record it is.

use serde_json::{Map, Value};

use super::{
    FileNo, Item, Named, Setting, Skipped, Survey, Taken, allergy,
    called::{id_of, kind_of, server_of},
    composition, condition, document, encounter, immunization, medication, observation,
    patient, plan, procedure, provider, referral, report,
    resource::{Resource, Why},
    stream::Entry,
};
use crate::{
    chart::{Record, Subject},
    ids::{PatientId, RecordId},
};

/// The most bytes of a record as JSON. One change of a chart may have twice as many.
const RECORD_BYTES_MAX: usize = 512 * 1024;

/// Where an entry is read: the survey of all files, and what comes from outside.
pub(super) struct Place<'a> {
    pub(super) survey: &'a Survey,
    pub(super) setting: &'a Setting<'a>,
    pub(super) file: FileNo,
}

/// How a type of resource is read.
struct Reader {
    kind: &'static str,
    /// The element that names the patient; empty when it has none.
    subject: &'static str,
    read: fn(&Resource<'_>) -> Result<Record, Why>,
}

const READERS: &[Reader] = &[
    reader("AllergyIntolerance", "patient", allergy::read),
    reader("CarePlan", "subject", plan::read),
    reader("Composition", "subject", |from| Ok(composition::read(from))),
    reader("Condition", "subject", condition::read),
    reader("DiagnosticReport", "subject", report::read),
    reader("DocumentReference", "subject", |from| {
        Ok(document::read(from))
    }),
    reader("Encounter", "subject", |from| Ok(encounter::read(from))),
    reader("Immunization", "patient", immunization::read),
    reader("MedicationRequest", "subject", medication::read_request),
    reader("MedicationStatement", "subject", medication::read_statement),
    reader("Observation", "subject", observation::read),
    reader("Organization", "", provider::read_organization),
    reader("Patient", "", |from| Ok(patient::read(from))),
    reader("Practitioner", "", provider::read_practitioner),
    reader("Procedure", "subject", procedure::read),
    reader("ServiceRequest", "subject", referral::read),
];

/// Types whose content stands in the records of others.
const NAMED: &[&str] = &["Location", "Medication"];

const fn reader(
    kind: &'static str,
    subject: &'static str,
    read: fn(&Resource<'_>) -> Result<Record, Why>,
) -> Reader {
    Reader {
        kind,
        subject,
        read,
    }
}

impl Place<'_> {
    /// What becomes of the entry.
    pub(super) fn item(&self, entry: Entry) -> Item {
        self.take(&entry).unwrap_or_else(|why| {
            Item::Skipped(Skipped {
                type_name: kind_of(&entry.resource).to_owned(),
                place: entry.place,
                why,
            })
        })
    }

    fn take(&self, entry: &Entry) -> Result<Item, Why> {
        if let Some(why) = entry.fault.or_else(|| fault_of(&entry.resource)) {
            return Err(why);
        }
        let kind = kind_of(&entry.resource);
        let name = self.setting.name;
        let id = id_of(kind, entry.full_url.as_deref(), &entry.resource, name)?;
        let group = Survey::group(self.file, entry.in_bundle);
        let found = self.survey.find(group, (kind, &id), name);
        let (_, known) = found.ok_or("it was not there when the file was first read")?;
        if !Survey::is_first(known, self.file, entry.ordinal) {
            return Err("an entry with the same id came before");
        }
        let named = NAMED.iter().copied().find(|it| *it == kind);
        let named = named.or_else(|| composition::named(kind, &entry.resource));
        if let Some(type_name) = named {
            return Ok(Item::Named(Named {
                type_name,
                place: entry.place.clone(),
            }));
        }
        let reader = READERS.iter().find(|it| it.kind == kind);
        let reader = reader.ok_or(match kind {
            "Consent" => "what was agreed to elsewhere is asked anew",
            _ => "this type of resource is not kept",
        })?;
        let log = super::node::Log::new(entry.place.clone());
        let node = super::node::Node::root(&entry.resource, &log);
        let mut resource = Resource {
            place: self,
            node,
            group,
            base: server_of(entry.full_url.as_deref()),
            patient: PatientId::ZERO,
            id: RecordId::ZERO,
            attachment: std::cell::RefCell::new(None),
        };
        if !reader.subject.is_empty() {
            resource.patient = resource.patient_in(reader.subject)?;
        }
        let bytes = resource.name(self.survey.scope(known), kind, &id);
        resource.id = RecordId::from_bytes(bytes);
        let subject = match (kind, reader.subject) {
            ("Patient", _) => Subject::Patient(PatientId::from_bytes(bytes)),
            (_, "") => Subject::Clinic,
            _ => Subject::Patient(resource.patient),
        };
        let record = (reader.read)(&resource)?;
        let raw = serde_json::to_vec(&entry.resource).unwrap_or_default();
        if is_too_large(&record, &raw) {
            return Err("it is larger than a record may be");
        }
        let attachment = resource.attachment.into_inner();
        let (problems, unread) = log.close(&entry.resource);
        Ok(Item::Taken(Box::new(Taken {
            subject,
            record,
            type_name: reader.kind,
            place: entry.place.clone(),
            raw,
            attachment,
            problems,
            unread,
        })))
    }
}

/// Whether a record would not fit into a change of its chart. A small source makes a small
/// record, so only large ones are measured.
fn is_too_large(record: &Record, raw: &[u8]) -> bool {
    raw.len() > RECORD_BYTES_MAX / 4
        && serde_json::to_vec(record).is_ok_and(|it| it.len() > RECORD_BYTES_MAX)
}

/// Why the resource may not be read, if it may not.
pub(super) fn fault_of(resource: &Map<String, Value>) -> Option<Why> {
    if kind_of(resource) == "?" {
        Some("it has no resourceType")
    } else if resource.contains_key("implicitRules") {
        Some("it has implicitRules: rules unknown here change its meaning")
    } else if resource.iter().any(|(key, value)| is_modified(key, value)) {
        Some("it has a modifierExtension: something unknown here changes its meaning")
    } else {
        None
    }
}

fn is_modified(key: &str, value: &Value) -> bool {
    if key == "modifierExtension" {
        return true;
    }
    match value {
        Value::Object(map) => map.iter().any(|(key, value)| is_modified(key, value)),
        Value::Array(items) => items.iter().any(|it| is_modified("", it)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::exchange::fhir::testing::{items, skipped, taken};

    #[test]
    fn what_changes_a_meaning_in_an_unknown_way_is_skipped() {
        let modified =
            "it has a modifierExtension: something unknown here changes its meaning";
        for (more, why) in [
            (json!({"modifierExtension": [{"url": "urn:x"}]}), modified),
            (json!({"name": [{"modifierExtension": []}]}), modified),
            (
                json!({"implicitRules": "urn:x"}),
                "it has implicitRules: rules unknown here change its meaning",
            ),
            (json!({"resourceType": "patient"}), "it has no resourceType"),
            (
                json!({"resourceType": "Claim"}),
                "this type of resource is not kept",
            ),
            (
                json!({"resourceType": "Basic"}),
                "this type of resource is not kept",
            ),
            (json!({"id": 5}), "its id is not a text"),
            (
                json!({"id": ""}),
                "its id is empty or longer than 256 bytes",
            ),
        ] {
            let mut value = json!({"resourceType": "Patient", "id": "x"});
            let fields = value.as_object_mut().unwrap();
            fields.extend(more.as_object().unwrap().clone());
            assert_eq!(skipped(&value), why, "for {more}");
        }
    }

    #[test]
    fn a_skipped_patient_has_no_records() {
        let text = r#"{"resourceType":"Patient","id":"p","implicitRules":"urn:x"}
            {"resourceType":"Condition","id":"c","code":{"text":"x"},"subject":{"reference":"Patient/p"}}"#;
        let found = items(&mut Survey::new(None), text);
        let skipped = found.iter().filter(|it| matches!(it, Item::Skipped(_)));
        assert_eq!(skipped.count(), 2);
    }

    #[test]
    fn the_first_of_two_entries_with_one_id_is_taken() {
        let one = r#"{"resourceType":"Patient","id":"p","gender":"male"}"#;
        let text = format!("{one}\n{}", one.replace("male", "female"));
        let found = items(&mut Survey::new(None), &text);
        let [Item::Taken(first), Item::Skipped(second)] = found.as_slice() else {
            panic!("{found:?}")
        };
        assert_eq!(first.place, "line 1");
        assert_eq!(second.place, "line 2");
        assert_eq!(second.why, "an entry with the same id came before");
    }

    #[test]
    fn a_record_that_no_change_can_hold_is_skipped() {
        let manifestation = json!({ "text": "x".repeat(900) });
        let reaction = json!({ "manifestation": vec![manifestation; 64] });
        let many = |count| {
            json!({"resourceType": "AllergyIntolerance", "code": {"text": "Nuts"},
                "patient": {"reference": "Patient/p"}, "reaction": vec![reaction.clone(); count]})
        };
        assert_eq!(skipped(&many(30)), "it is larger than a record may be");
        assert!(taken(&many(3)).problems.is_empty());
    }

    #[test]
    fn the_source_is_kept_whole_and_what_is_unread_is_counted() {
        let value = json!({"resourceType": "Patient", "id": "x", "name": [{"text": "A"}],
            "maritalStatus": {}, "_birthDate": {}, "photo": []});
        let found = taken(&value);
        assert_eq!(found.raw, value.to_string().as_bytes());
        assert_eq!(found.unread, 3);
        assert!(found.problems.is_empty());
    }

    #[test]
    fn a_log_line_names_nobody() {
        let value =
            json!({"resourceType": "Patient", "id": "x", "name": [{"text": "Okello"}]});
        assert!(!format!("{:?}", taken(&value)).contains("Okello"));
    }
}
