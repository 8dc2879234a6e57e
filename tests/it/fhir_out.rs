//! Charts out of a clinic as FHIR and into another one: they say the same there.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use cairn::{
    chart::{Chart, Entry, Origin, Record},
    clinic::{AuditAction, AuditObject, Error, ExportTo, Session, Source},
    doc::View,
    ids::{Hash, ImportId, LogId, PatientId, RecordId, UserId},
    seal::names,
};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::{
    clinic::{founded, grace, owner, penicillin},
    import, shared,
};

/// The types of the resources in a Bundle, by their ids.
pub(crate) type Kinds = BTreeMap<RecordId, String>;

pub(crate) fn read(path: &Path) -> Value {
    serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
}

pub(crate) fn everybody_to(session: &mut Session, to: ExportTo<'_>) {
    let everybody = session.everybody().unwrap();
    session.export_fhir(&everybody, to, &mut |_| {}).unwrap();
}

fn uuid_of(id: RecordId) -> String {
    uuid::Uuid::from_bytes(*id.as_bytes()).to_string()
}

pub(crate) fn kinds(bundle: &Value) -> Kinds {
    let mut kinds = Kinds::new();
    for entry in bundle["entry"].as_array().unwrap() {
        let (url, resource) = (entry["fullUrl"].as_str().unwrap(), &entry["resource"]);
        let uuid = url.strip_prefix("urn:uuid:").unwrap();
        assert_eq!(resource["id"], uuid);
        let id = RecordId::from_bytes(uuid::Uuid::parse_str(uuid).unwrap().into_bytes());
        let kind = resource["resourceType"].as_str().unwrap().to_owned();
        assert_eq!(kinds.insert(id, kind), None, "bdl-7: {url} twice");
    }
    kinds
}

/// Every reference of a Bundle that leads somewhere by its name leads to an entry.
fn assert_closed(bundle: &Value, kinds: &Kinds) {
    fn walk<'v>(value: &'v Value, into: &mut Vec<&'v str>) {
        match value {
            Value::Object(map) => {
                into.extend(map.get("reference").and_then(Value::as_str));
                map.values().for_each(|it| walk(it, into));
            }
            Value::Array(items) => items.iter().for_each(|it| walk(it, into)),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }
    let mut references = Vec::new();
    walk(bundle, &mut references);
    assert!(!references.is_empty());
    let there: BTreeSet<String> = kinds
        .keys()
        .map(|it| format!("urn:uuid:{}", uuid_of(*it)))
        .collect();
    for it in references {
        let known = there.contains(it) || it.starts_with('#') || it.starts_with("http");
        assert!(known, "{it} leads nowhere");
    }
}

pub(crate) fn records(chart: Chart) -> Vec<Record> {
    let views = [
        View::Identity(Box::new(chart.identity)),
        View::Summary(chart.summary.unwrap()),
        View::Visits(chart.visits.unwrap()),
        View::Results(chart.results.unwrap()),
    ];
    views.into_iter().flat_map(View::into_records).collect()
}

/// The id that a record has where what was written is taken in.
pub(crate) fn there(id: RecordId, kinds: &Kinds) -> Option<RecordId> {
    let kind = kinds.get(&id)?;
    Some(RecordId::from_bytes(names::imported(
        "",
        kind,
        &uuid_of(id),
    )))
}

/// What a record says, without who took it in, with ids as the other clinic has them.
fn told(
    mut record: Record,
    to: &dyn Fn(RecordId) -> Option<RecordId>,
) -> (RecordId, Value) {
    let visit = match &mut record {
        Record::Problem(it) => Some(&mut it.visit),
        Record::Medication(it) => Some(&mut it.visit),
        Record::Immunization(it) => Some(&mut it.visit),
        Record::Procedure(it) => Some(&mut it.visit),
        Record::Plan(it) => Some(&mut it.visit),
        Record::Observation(it) => Some(&mut it.visit),
        Record::Referral(it) => Some(&mut it.visit),
        Record::Document(it) => Some(&mut it.visit),
        Record::Report(it) => {
            it.observations = it.observations.iter().filter_map(|it| to(*it)).collect();
            Some(&mut it.visit)
        }
        Record::Person(_)
        | Record::Provider(_)
        | Record::Allergy(_)
        | Record::NoKnownAllergies(_)
        | Record::Visit(_)
        | Record::Note(_)
        | Record::Consent(_)
        | Record::Outcome(_)
        | Record::ImportRun(_) => None,
    };
    if let Some(visit) = visit {
        *visit = visit.and_then(to);
    }
    let entry = record.entry_mut();
    let author = match &entry.origin {
        Origin::Imported { author, .. } => author.clone(),
        Origin::Own | Origin::Outside(_) => panic!("nothing of it was made here"),
    };
    *entry = Entry {
        id: to(entry.id).unwrap(),
        by: UserId::ZERO,
        machine: LogId::ZERO,
        origin: Origin::Imported {
            import: ImportId::ZERO,
            source: Hash::ZERO,
            author,
        },
        ..entry.clone()
    };
    let id = entry.id;
    (id, serde_json::to_value(&record).unwrap())
}

/// All that a clinic's charts say, by the ids of the records.
fn all_told(
    session: &mut Session,
    to: &dyn Fn(RecordId) -> Option<RecordId>,
) -> BTreeMap<RecordId, Value> {
    let mut all = BTreeMap::new();
    for patient in session.everybody().unwrap() {
        let chart = session.open(patient).unwrap();
        all.extend(records(chart).into_iter().map(|it| told(it, to)));
    }
    all
}

#[track_caller]
pub(crate) fn assert_same(
    mut first: BTreeMap<RecordId, Value>,
    second: &BTreeMap<RecordId, Value>,
) {
    for (id, there) in second {
        let here = first.remove(id).unwrap_or_else(|| panic!("{there} is new"));
        assert_eq!(here, *there);
    }
    assert_eq!(first, BTreeMap::new(), "lost on the way");
}

/// Takes files in, writes everything out, takes that into a new clinic, and compares; gives
/// the Bundle.
fn round(files: &[PathBuf], with_lines: bool) -> Value {
    let (folder, clinic) = founded();
    let mut session = owner(&clinic);
    let sources: Vec<Source> = files.iter().cloned().map(Source::File).collect();
    session.import_fhir(&sources, None, &mut |_| {}).unwrap();
    let bundle = folder.path().join("all.json");
    everybody_to(&mut session, ExportTo::File(&bundle));
    let written = read(&bundle);
    let kinds = kinds(&written);
    assert_closed(&written, &kinds);
    let first = all_told(&mut session, &|it| there(it, &kinds));
    assert!(!first.is_empty());

    let mut forms = vec![vec![bundle]];
    if with_lines {
        let lines = folder.path().join("lines");
        everybody_to(&mut session, ExportTo::Folder(&lines));
        let files = fs::read_dir(lines).unwrap().map(|it| it.unwrap().path());
        let mut files: Vec<PathBuf> = files.collect();
        files.sort();
        forms.push(files);
    }
    for files in forms {
        let (_folder, clinic) = founded();
        let mut session = owner(&clinic);
        let sources: Vec<Source> = files.into_iter().map(Source::File).collect();
        let taken = session.import_fhir(&sources, None, &mut |_| {}).unwrap();
        let whole = taken.skipped.iter().filter(|it| !it.field_only);
        assert_eq!(whole.collect::<Vec<_>>(), Vec::<&_>::new());
        let ids: BTreeSet<RecordId> = first.keys().copied().collect();
        let second = all_told(&mut session, &|it| ids.contains(&it).then_some(it));
        assert_same(first.clone(), &second);
    }
    written
}

#[test]
fn what_came_from_the_shared_files_says_the_same_after_it_went_out_and_in_again() {
    let Some(files) = import::files() else { return };
    round(&files, false);
}

#[test]
fn what_came_from_international_summaries_says_the_same_after_it_went_out_and_in_again() {
    let Some(folder) = shared("data/ips") else {
        return;
    };
    let mut files: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap()
        .map(|it| it.unwrap().path())
        .collect();
    files.sort();
    for file in files {
        round(&[file], true);
    }
}

/// Resources as others write them, with much that the chart has no field for.
fn fixture() -> Value {
    let entry = |it: Value| json!({ "resource": it });
    let whose = json!({"reference": "Patient/p"});
    json!({"resourceType": "Bundle", "type": "collection", "entry": [
        entry(json!({"resourceType": "Patient", "id": "p", "birthDate": "1980",
            "name": [{"family": "Okello", "given": ["Grace", "Ann"]}],
            "maritalStatus": {"text": "married"}, "generalPractitioner": [{"reference":
            "Practitioner/d"}], "managingOrganization": {"reference": "Organization/o"}})),
        entry(json!({"resourceType": "Practitioner", "id": "d", "name": [{"prefix": ["Dr"],
            "family": "Aber"}], "qualification": [{"code": {"text": "MB"}}]})),
        entry(json!({"resourceType": "Organization", "id": "o", "name": "Mission"})),
        entry(json!({"resourceType": "Location", "id": "l", "name": "Ward 3"})),
        entry(json!({"resourceType": "Medication", "id": "m", "code": {"text": "Iron"}})),
        entry(json!({"resourceType": "Encounter", "id": "e", "status": "finished",
            "class": {"code": "AMB"}, "subject": whose, "period": {"start": "2020-01-02"},
            "location": [{"location": {"reference": "Location/l"}}],
            "participant": [{"individual": {"reference": "Practitioner/d"}}]})),
        entry(json!({"resourceType": "Condition", "id": "c", "code": {"coding": [
            {"code": "1", "system": "urn:x"}, {"code": "2", "system": "urn:y"},
            {"code": "3", "system": "urn:z"}]}, "subject": whose, "stage": [{"summary":
            {"text": "II"}}], "encounter": {"reference": "Encounter/e"},
            "onsetString": "as a child"})),
        entry(json!({"resourceType": "MedicationRequest", "id": "r", "status": "active",
            "intent": "plan", "medicationReference": {"reference": "Medication/m"},
            "subject": whose, "requester": {"reference": "Practitioner/d"},
            "dosageInstruction": [{"text": "one"}, {"text": "two"}]})),
        entry(json!({"resourceType": "Observation", "id": "b", "status": "preliminary",
            "code": {"text": "Weight"}, "subject": whose, "valueQuantity":
            {"value": "NUMBER", "unit": "kg"}, "specimen": {"reference": "Specimen/s"},
            "derivedFrom": [{"reference": "https://example.org/fhir/Media/9"}]})),
        entry(json!({"resourceType": "DiagnosticReport", "id": "g", "status": "final",
            "code": {"text": "Panel"}, "subject": whose, "result":
            [{"reference": "Observation/b"}], "presentedForm": [{"title": "kept"}]})),
        entry(json!({"resourceType": "DocumentReference", "id": "f", "status": "superseded",
            "subject": whose, "content": [{"attachment": {"contentType": "text/plain",
            "data": "aGVsbG8="}}, {"attachment": {"title": "another form"}}]})),
    ]})
}

#[test]
fn what_the_chart_has_no_field_for_goes_out_as_it_came() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("in.json");
    let text = fixture().to_string().replace("\"NUMBER\"", "72.50");
    fs::write(&file, text).unwrap();
    let written = round(&[file], true);
    let of = |kind: &str| {
        let mut entries = written["entry"].as_array().unwrap().iter();
        let found = entries.find(|it| it["resource"]["resourceType"] == kind);
        found.unwrap()["resource"].clone()
    };
    assert_eq!(of("Patient")["maritalStatus"], json!({"text": "married"}));
    assert_eq!(of("Practitioner")["qualification"][0]["code"]["text"], "MB");
    assert_eq!(of("Condition")["stage"][0]["summary"]["text"], "II");
    assert_eq!(
        of("Condition")["code"]["coding"].as_array().unwrap().len(),
        3
    );
    assert_eq!(of("Condition")["onsetString"], "as a child");
    assert_eq!(
        of("Observation")["valueQuantity"]["value"].to_string(),
        "72.50"
    );
    assert_eq!(of("Observation")["status"], "preliminary");
    let specimen = json!({"type": "Specimen", "identifier": {"value": "s"}});
    assert_eq!(of("Observation")["specimen"], specimen);
    assert_eq!(
        of("MedicationRequest")["medicationCodeableConcept"]["text"],
        "Iron"
    );
    assert_eq!(
        of("Encounter")["location"][0]["location"]["display"],
        "Ward 3"
    );
    assert_eq!(of("DiagnosticReport")["presentedForm"][0]["title"], "kept");
    let paper = &of("DocumentReference")["content"];
    assert_eq!(paper[0]["attachment"]["data"], "aGVsbG8=");
    assert_eq!(paper[1]["attachment"]["title"], "another form");
}

#[test]
fn each_patient_is_in_the_audit_and_only_those_who_were_named_go_out() {
    let (folder, clinic) = founded();
    let mut session = owner(&clinic);
    let [one, other] = [(); 2].map(|()| grace(&mut session));
    let path = folder.path().join("one.json");
    let done = session
        .export_fhir(&[one], ExportTo::File(&path), &mut |_| {})
        .unwrap();
    assert_eq!(done.patients, 1);
    let text = fs::read_to_string(&path).unwrap();
    let uuid = |it: PatientId| uuid::Uuid::from_bytes(*it.as_bytes()).to_string();
    assert!(text.contains(&uuid(one)) && !text.contains(&uuid(other)));
    let audit = session.read_audit(None).unwrap();
    let exports = audit
        .entries
        .iter()
        .filter(|it| it.action == AuditAction::Export);
    let told: Vec<_> = exports
        .filter_map(|it| {
            let AuditObject::Disclosed(it) = &it.object else {
                return None;
            };
            Some((it.patient, it.what.as_str(), it.to.clone()))
        })
        .collect();
    assert_eq!(told, [(one, "FHIR R4", path.display().to_string())]);
}

#[cfg(unix)]
#[test]
fn what_is_written_is_for_its_user_alone_and_replaces_nothing() {
    use std::os::unix::fs::PermissionsExt as _;
    let (folder, clinic) = founded();
    let mut session = owner(&clinic);
    let patient = grace(&mut session);
    let edit = cairn::chart::Edit::add(penicillin(&mut session));
    session
        .save(cairn::chart::Subject::Patient(patient), vec![edit])
        .unwrap();
    let file = folder.path().join("one.json");
    let lines = folder.path().join("lines");
    everybody_to(&mut session, ExportTo::File(&file));
    everybody_to(&mut session, ExportTo::Folder(&lines));
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&file), 0o600);
    assert_eq!(mode(&lines), 0o700);
    assert_eq!(mode(&lines.join("Patient.ndjson")), 0o600);
    let before = fs::read(&file).unwrap();
    for to in [ExportTo::File(&file), ExportTo::Folder(&lines)] {
        let again = session.export_fhir(&[patient], to, &mut |_| {});
        assert!(matches!(again, Err(Error::Refused(_))), "{again:?}");
    }
    assert_eq!(fs::read(&file).unwrap(), before);
    let nobody = PatientId::from_bytes([1; 16]);
    let new = folder.path().join("new.json");
    let none = session.export_fhir(&[nobody], ExportTo::File(&new), &mut |_| {});
    assert!(matches!(none, Err(Error::Missing(_))), "{none:?}");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 3);
}

/// The records of a summary as another clinic has them after it took the summary in.
fn summarised(
    session: &mut Session,
    patient: PatientId,
) -> (Value, BTreeMap<RecordId, Value>) {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("ips.json");
    session.export_ips(patient, ExportTo::File(&path)).unwrap();
    let (_folder, clinic) = founded();
    let mut other = owner(&clinic);
    other
        .import_fhir(&[Source::File(path.clone())], None, &mut |_| {})
        .unwrap();
    (read(&path), all_told(&mut other, &Some))
}

#[test]
fn a_summary_is_taken_in_as_what_it_says() {
    let Some(files) = import::files() else { return };
    let (_folder, clinic) = founded();
    let mut session = owner(&clinic);
    let sources: Vec<Source> = files.into_iter().take(3).map(Source::File).collect();
    session.import_fhir(&sources, None, &mut |_| {}).unwrap();
    for patient in session.everybody().unwrap() {
        let (written, there_now) = summarised(&mut session, patient);
        let kinds = kinds(&written);
        assert_closed(&written, &kinds);
        assert_eq!(
            written["entry"][0]["resource"]["resourceType"],
            "Composition"
        );
        let chart = session.open(patient).unwrap();
        let chosen = records(chart).into_iter();
        let chosen = chosen.filter(|it| kinds.contains_key(&it.entry().id));
        let here: BTreeMap<RecordId, Value> =
            chosen.map(|it| told(it, &|it| there(it, &kinds))).collect();
        assert!(here.len() > 20);
        assert_same(here, &there_now);
    }
}
