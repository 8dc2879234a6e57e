//! The resource that is being read, with what it refers to.

use std::cell::RefCell;

use super::{
    entry::Place,
    medication::drug_of,
    node::Node,
    reference::{Reference, spelled},
    survey::{Group, Key, Known, Survey},
};
use crate::{
    chart::{Coded, Entry, Origin, Remark},
    ids::{Hash, PatientId, RecordId},
    time::{Moment, PartialDate},
};

/// Why an entry is skipped, without patient data.
pub(super) type Why = &'static str;

/// The most bytes of several remarks put together.
const REMARK_BYTES_MAX: usize = 32 * 1024;

/// The types of resource that have a name to show.
const WITH_NAME: &[&str] = &["Practitioner", "Organization", "Location"];

/// One resource on its way to a record.
pub(super) struct Resource<'a> {
    pub(super) place: &'a Place<'a>,
    pub(super) node: Node<'a>,
    pub(super) group: Group,
    /// The server at which it stands, from its `fullUrl`.
    pub(super) base: Option<&'a str>,
    /// Whose it is; zero when it is of no patient.
    pub(super) patient: PatientId,
    pub(super) id: RecordId,
    /// The bytes of a document, put here by its reader.
    pub(super) attachment: RefCell<Option<Vec<u8>>>,
}

/// What a record says of how it was written down.
#[derive(Default)]
pub(super) struct Written {
    pub(super) in_error: bool,
    pub(super) recorded: Option<Moment>,
    pub(super) author: String,
    pub(super) remark: String,
}

/// What a reference leads to.
enum Lookup {
    /// A resource of the input.
    Found(Key, Known, String),
    /// A resource with this id that is not in the input, maybe at another server.
    Outside(String, Option<String>),
    /// A resource that stands inside this one.
    Inside,
    /// A resource of another type.
    OtherType,
    /// Nothing.
    Nowhere,
}

impl<'a> Resource<'a> {
    /// The day on which it is taken in.
    pub(super) fn today(&self) -> PartialDate {
        self.place.setting.stamp.recorded.day()
    }

    /// The common part of the record. When it was written down is what the resource says,
    /// else when it was last updated there, else now.
    pub(super) fn entry(&self, written: Written) -> Entry {
        let stamp = self.place.setting.stamp;
        let meta = self.node.node("meta");
        let updated = || meta.and_then(|it| it.moment("lastUpdated"));
        let recorded = written.recorded.or_else(updated);
        Entry {
            id: self.id,
            in_error: written.in_error,
            recorded: recorded.unwrap_or(stamp.recorded),
            by: stamp.by,
            machine: stamp.machine,
            origin: Origin::Imported {
                import: stamp.import,
                source: Hash::ZERO,
                author: Remark(written.author),
            },
            replaces: None,
            restricted: None,
            remark: Remark(self.within("note", written.remark)),
        }
    }

    /// A text put together from several, cut to what a record may hold.
    pub(super) fn within(&self, key: &str, mut text: String) -> String {
        if text.len() > REMARK_BYTES_MAX {
            self.node.note(key, "longer than such a text may be: cut");
            text.truncate(text.floor_char_boundary(REMARK_BYTES_MAX));
        }
        text
    }

    /// The visit that the resource names in `encounter`.
    pub(super) fn visit(&self) -> Option<RecordId> {
        let reference = self.node.node("encounter")?;
        self.linked(&reference, "Encounter")
    }

    /// The record that a reference to a resource of this type leads to. One that is not in
    /// the input may have come before or may come later: its id is the same.
    pub(super) fn linked(
        &self,
        reference: &Node<'_>,
        kind: &'static str,
    ) -> Option<RecordId> {
        let survey = self.place.survey;
        let bytes = match self.lookup(reference, kind) {
            Lookup::Found(_, known, id) => self.name(survey.scope(known), kind, &id),
            Lookup::Outside(id, base) => {
                reference.note("reference", "what it names is not in the input");
                let scope = survey.scope_outside(self.place.file, base.as_deref(), &id);
                self.name(scope, kind, &id)
            }
            Lookup::Inside | Lookup::OtherType | Lookup::Nowhere => {
                reference.note("reference", "what it names is not in the input");
                return None;
            }
        };
        Some(RecordId::from_bytes(bytes))
    }

    /// The name of whom or what a reference leads to: as the reference says, else as the
    /// resource does. Empty when neither does.
    pub(super) fn name_in(&self, reference: &Node<'_>) -> String {
        if let Some(display) = reference.text("display") {
            return display.to_owned();
        }
        let survey = self.place.survey;
        for kind in WITH_NAME {
            match self.lookup(reference, kind) {
                Lookup::Found(key, ..) => {
                    return survey.name_of(&key).unwrap_or_default().to_owned();
                }
                Lookup::Inside => {
                    let inside = self.inside(reference);
                    return inside.map(|it| name_of(&it)).unwrap_or_default();
                }
                Lookup::Outside(..) | Lookup::OtherType | Lookup::Nowhere => {}
            }
        }
        String::new()
    }

    /// The name of whom the resource names in `key`.
    pub(super) fn name_at(&self, key: &'static str) -> String {
        let reference = self.node.node(key);
        reference.map(|it| self.name_in(&it)).unwrap_or_default()
    }

    /// The drug in `medicationCodeableConcept` or behind `medicationReference`.
    pub(super) fn drug(&self) -> Result<Coded, Why> {
        if let Some(concept) = self.node.node("medicationCodeableConcept") {
            return if self.node.says_none("medicationCodeableConcept") {
                Err("it says that no drugs are known: there is nothing to keep")
            } else {
                let drug = concept.concept(super::types::DRUGS);
                drug.ok_or("its drug has neither words nor a code")
            };
        }
        let reference = self.node.node("medicationReference");
        let reference = reference.ok_or("it names no drug")?;
        let behind = match self.lookup(&reference, "Medication") {
            Lookup::Found(key, ..) => self.place.survey.drug(&key).cloned(),
            Lookup::Inside => self.inside(&reference).and_then(|it| drug_of(&it)),
            Lookup::Outside(..) | Lookup::OtherType | Lookup::Nowhere => None,
        };
        let shown = || reference.text("display").map(Coded::text);
        behind
            .or_else(shown)
            .ok_or("the Medication that it names is not in the input or says nothing")
    }

    /// Whose record it is. The patient is in the input, or on file.
    pub(super) fn patient_in(&self, key: &'static str) -> Result<PatientId, Why> {
        let reference = self.node.node(key).ok_or("it names no patient")?;
        let survey = self.place.survey;
        match self.lookup(&reference, "Patient") {
            Lookup::Found(_, known, id) => {
                let bytes = self.name(survey.scope(known), "Patient", &id);
                Ok(PatientId::from_bytes(bytes))
            }
            Lookup::Outside(id, base) => {
                let scope = survey.scope_outside(self.place.file, base.as_deref(), &id);
                let bytes =
                    (self.place.setting.name)(scope.unwrap_or_default(), "Patient", &id);
                let patient = PatientId::from_bytes(bytes);
                let known = (self.place.setting.known_patient)(patient);
                known
                    .then_some(patient)
                    .ok_or("its patient is not in the input and not on file")
            }
            Lookup::Inside => Err("its patient stands only inside it"),
            Lookup::OtherType => Err("it is not about a patient"),
            Lookup::Nowhere => Err("its patient is not in the input and not on file"),
        }
    }

    /// The id of a thing in a system; none stands for this patient's own things.
    pub(super) fn name(&self, scope: Option<&str>, kind: &str, id: &str) -> [u8; 16] {
        let name = self.place.setting.name;
        match scope {
            Some(scope) => name(scope, kind, id),
            None if self.patient == PatientId::ZERO => name("", kind, id),
            None => name(&self.patient.to_string(), kind, id),
        }
    }

    fn inside(&self, reference: &Node<'_>) -> Option<Node<'a>> {
        let text = reference.text("reference")?;
        self.node.contained(text.strip_prefix('#')?)
    }

    fn lookup(&self, reference: &Node<'_>, kind: &str) -> Lookup {
        let Some(text) = reference.text("reference") else {
            return self.by_identifier(reference, kind);
        };
        match Reference::read(text) {
            Reference::Contained(_) => Lookup::Inside,
            Reference::Typed { base, kind: of, id } if of == kind => {
                self.at_server(text, base, kind, &spelled(id))
            }
            Reference::Conditional {
                kind: of,
                identifier,
            } if of == kind => self.called((kind, &format!("?{identifier}")), kind),
            Reference::Typed { .. } | Reference::Conditional { .. } => Lookup::OtherType,
            Reference::Uri(uri) => self.by_uri(uri, kind),
        }
    }

    fn at_server(&self, text: &str, base: Option<&str>, kind: &str, id: &str) -> Lookup {
        let base = base.or(self.base);
        let survey = self.place.survey;
        let found = survey.find(self.group, (kind, id), self.place.setting.name);
        if let Some((key, known)) = found.filter(|(_, it)| survey.is_at(*it, base)) {
            return Lookup::Found(key, known, id.to_owned());
        }
        let called = self.called(("", text), kind);
        if matches!(called, Lookup::Nowhere) {
            return Lookup::Outside(id.to_owned(), base.map(str::to_owned));
        }
        called
    }

    fn by_uri(&self, uri: &str, kind: &str) -> Lookup {
        let uuid = Reference::uuid(uri).map(spelled);
        let name = self.place.setting.name;
        if let Some(uuid) = &uuid
            && let Some((key, known)) =
                self.place.survey.find(self.group, (kind, uuid), name)
        {
            return Lookup::Found(key, known, uuid.clone());
        }
        match (self.called(("", uri), kind), uuid) {
            (Lookup::Nowhere, Some(uuid)) => Lookup::Outside(uuid, None),
            (found, _) => found,
        }
    }

    fn by_identifier(&self, reference: &Node<'_>, kind: &str) -> Lookup {
        let Some(identifier) = reference.node("identifier") else {
            return Lookup::Nowhere;
        };
        let system = identifier.text("system").unwrap_or_default();
        let value = identifier.text("value").unwrap_or_default();
        self.called((kind, &format!("?{system}|{value}")), kind)
    }

    fn called(&self, called: (&str, &str), kind: &str) -> Lookup {
        let survey: &Survey = self.place.survey;
        let found = survey.also_called(self.group, called, self.place.setting.name);
        let Some((key, Some(target))) = found else {
            return Lookup::Nowhere;
        };
        if target.kind.as_ref() != kind {
            return Lookup::OtherType;
        }
        let known = survey.known(&key);
        known.map_or(Lookup::Nowhere, |known| {
            Lookup::Found(key, known, target.id.as_ref().to_owned())
        })
    }
}

/// The name of a contained practitioner, organisation or place.
fn name_of(node: &Node<'_>) -> String {
    if node.text("resourceType") == Some("Practitioner") {
        node.first("name")
            .map(|it| it.human_name())
            .unwrap_or_default()
    } else {
        node.text("name").unwrap_or_default().to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        chart::{Record, Subject},
        exchange::fhir::{
            Item, Survey,
            testing::{items, items_with, name},
        },
    };

    const UUID: &str = "829bb06a-42b9-433d-a8f6-560727c63da9";

    fn bundle(entries: &str) -> String {
        format!(r#"{{"resourceType":"Bundle","type":"collection","entry":[{entries}]}}"#)
    }

    fn entry(url: &str, resource: &str) -> String {
        format!(r#"{{"fullUrl":"{url}","resource":{{{resource}}}}}"#)
    }

    fn problem_of(reference: &str) -> String {
        format!(
            r#""resourceType":"Condition","code":{{"text":"x"}},"subject":{{"reference":"{reference}"}}"#
        )
    }

    /// Whose the last item is, or why it is skipped.
    fn whose(survey: &mut Survey, text: &str) -> Result<[u8; 16], &'static str> {
        match items(survey, text).pop().unwrap() {
            Item::Taken(it) => match it.subject {
                Subject::Patient(id) => Ok(*id.as_bytes()),
                Subject::Clinic | Subject::Inbox { .. } => panic!(),
            },
            Item::Skipped(it) => Err(it.why),
            Item::Named(_) => panic!(),
        }
    }

    #[track_caller]
    fn check(url: &str, patient: &str, reference: &str, expected: (&str, &str)) {
        let text = bundle(&format!(
            "{},{}",
            entry(url, &format!(r#""resourceType":"Patient",{patient}"#)),
            entry("urn:uuid:c", &problem_of(reference)),
        ));
        let found = whose(&mut Survey::new(None), &text);
        let expected = name(expected.0, "Patient", expected.1);
        assert_eq!(found, Ok(expected), "for {reference} to {url}");
    }

    #[test]
    fn every_form_of_reference_finds_its_patient() {
        let own = format!(r#""id":"{UUID}""#);
        let urn = format!("urn:uuid:{UUID}");
        let capital = format!("urn:uuid:{}", UUID.to_uppercase());
        let typed = format!("Patient/{UUID}");
        check(&urn, &own, &urn, ("", UUID));
        check(&urn, &own, &typed, ("", UUID));
        check(&urn, &own, &capital, ("", UUID));
        check(&urn, r#""active":true"#, &urn, ("", UUID));
        check(&urn, r#""id":"p1""#, &urn, ("", "p1"));
        check("urn:oid:1.2", r#""id":"p1""#, "urn:oid:1.2", ("", "p1"));
        let identified = r#""id":"p1","identifier":[{"system":"http://a","value":"7"}]"#;
        let scope = "http://a|7";
        check(
            "",
            identified,
            "Patient?identifier=http://a|7",
            (scope, "p1"),
        );
        check(
            "",
            identified,
            "Patient?identifier=http://a%7C7",
            (scope, "p1"),
        );
        let base = "https://a.org/fhir";
        let url = format!("{base}/Patient/1");
        check(&url, r#""id":"1""#, &url, (base, "1"));
        check(&url, r#""id":"1""#, "Patient/1/_history/3", (base, "1"));
    }

    #[test]
    fn an_id_belongs_to_the_system_that_is_said() {
        let line =
            r#"{"resourceType":"Patient","id":"1","meta":{"source":"http://h#req"}}"#;
        let of = |survey: &mut Survey, text: &str| whose(survey, text).unwrap();
        let id = |scope| name(scope, "Patient", "1");
        assert_eq!(of(&mut Survey::new(None), line), id("http://h"));
        let said = Some("hospital".to_owned());
        assert_eq!(of(&mut Survey::new(said), line), id("hospital"));
        let entry = r#"{"resource":{"resourceType":"Patient","id":"1"}}"#;
        let before = bundle(entry).replace("\"type\"", r#""meta":{"source":"s"},"type""#);
        assert_eq!(of(&mut Survey::new(None), &before), id("s"));
        let after = bundle(entry).replace("]}", r#"],"meta":{"source":"s"}}"#);
        assert_eq!(of(&mut Survey::new(None), &after), id("s"));
        assert_eq!(of(&mut Survey::new(None), &bundle(entry)), id(""));
    }

    #[test]
    fn the_same_id_at_two_servers_is_two_patients() {
        let patient = r#""resourceType":"Patient","id":"1""#;
        let text = |server: &str| {
            bundle(&format!(
                "{},{}",
                entry("https://a.org/Patient/1", patient),
                entry(&format!("{server}/Condition/5"), &problem_of("Patient/1")),
            ))
        };
        let found = whose(&mut Survey::new(None), &text("https://a.org"));
        assert_eq!(found, Ok(name("https://a.org", "Patient", "1")));
        let found = whose(&mut Survey::new(None), &text("https://b.org"));
        assert_eq!(
            found,
            Err("its patient is not in the input and not on file")
        );
    }

    #[test]
    fn a_record_without_its_patient_is_skipped_and_says_why() {
        let unknown = "its patient is not in the input and not on file";
        for (reference, why) in [
            ("Patient/9", unknown),
            ("urn:uuid:9", unknown),
            ("Patient?identifier=a|b", unknown),
            ("", "its patient is not in the input and not on file"),
            ("#p", "its patient stands only inside it"),
            ("Group/1", "it is not about a patient"),
        ] {
            let text = format!("{{{}}}", problem_of(reference));
            let found = whose(&mut Survey::new(None), &text);
            assert_eq!(found, Err(why), "for {reference:?}");
        }
    }

    #[test]
    fn a_patient_on_file_need_not_be_in_the_input() {
        let text = format!("{{{}}}", problem_of(&format!("Patient/{UUID}")));
        let on_file = PatientId::from_bytes(name("", "Patient", UUID));
        let found = items_with(&mut Survey::new(None), &text, &|it| it == on_file);
        assert!(matches!(found.as_slice(), [Item::Taken(_)]));
    }

    #[test]
    fn files_find_each_others_patients_in_any_order() {
        let mut survey = Survey::new(None);
        let problems = format!("{{{}}}", problem_of("Patient/p"));
        let patients = r#"{"resourceType":"Patient","id":"p"}"#;
        survey.take_in("b", patients.as_bytes(), &name).unwrap();
        let found = whose(&mut survey, &problems);
        assert_eq!(found, Ok(name("", "Patient", "p")));
        let other_bundle = bundle(r#"{"resource":{"resourceType":"Patient","id":"q"}}"#);
        survey.take_in("c", other_bundle.as_bytes(), &name).unwrap();
        let found = whose(&mut survey, &problems.replace("Patient/p", "Patient/q"));
        assert!(found.is_err(), "a Bundle's own ids are not for other files");
    }

    #[test]
    fn names_codes_and_visits_are_found_behind_references() {
        let text = r#"{"resourceType":"Patient","id":"p"}
            {"resourceType":"Practitioner","id":"d","name":[{"family":"Keita"}],"identifier":[{"system":"npi","value":"7"}]}
            {"resourceType":"Medication","id":"m","code":{"text":"Zinc"}}
            {"resourceType":"Encounter","id":"e","subject":{"reference":"Patient/p"},"participant":[{"individual":{"reference":"Practitioner/d"}}]}
            {"resourceType":"MedicationRequest","id":"r","subject":{"reference":"Patient/p"},"medicationReference":{"reference":"Medication/m"},"encounter":{"reference":"Encounter/e"},"requester":{"reference":"Practitioner?identifier=npi|7"}}"#;
        let found = items(&mut Survey::new(None), text);
        assert!(matches!(&found[2], Item::Named(it) if it.type_name == "Medication"));
        let record = |at: usize| match &found[at] {
            Item::Taken(it) => &it.record,
            Item::Named(_) | Item::Skipped(_) => panic!(),
        };
        let (Record::Visit(visit), Record::Medication(drug)) = (record(3), record(4))
        else {
            panic!()
        };
        assert_eq!(visit.practitioner, "Keita");
        assert_eq!(drug.code.text, "Zinc");
        assert_eq!(drug.visit, Some(visit.entry.id));
        let Origin::Imported { author, .. } = &drug.entry.origin else {
            panic!()
        };
        assert_eq!(author.0, "Keita");
    }
}
