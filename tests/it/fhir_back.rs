//! What a clinic wrote out, taken in: elsewhere it says the same, at home it is there already.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use cairn::{
    chart::{Attested, Edit, Entry, Kind, Note, Origin, Record, Remark, Subject},
    clinic::{DemoPlan, ExportTo, Imported, Session, Source, make_demo},
    ids::{Hash, ImportId, LogId, RecordId, UserId},
    time::When,
};
use serde_json::Value;
use tempfile::TempDir;

use crate::{
    clinic::{founded, grace, owner, penicillin, surroundings},
    fhir_out::{assert_same, everybody_to, kinds, read, records, there},
};

/// The system of the clinic's own numbers, and what it is called elsewhere.
const NUMBER: &str = "number";
const OUR_NUMBER: &str = "urn:cairn:number:";

/// The id of a record where what is compared was taken in.
type To<'a> = &'a dyn Fn(RecordId) -> Option<RecordId>;

/// What a record says, wherever it is: the names of those who wrote and signed it, and no
/// section in which nothing stands.
fn told(
    mut record: Record,
    names: &BTreeMap<UserId, String>,
    to: To<'_>,
) -> (RecordId, Value) {
    let mut replaces = None;
    let visit = match &mut record {
        Record::Note(it) => {
            replaces = it.entry.replaces.and_then(to);
            plain_note(it, names);
            it.adds_to = it.adds_to.and_then(to);
            Some(&mut it.visit)
        }
        Record::Problem(it) => Some(&mut it.visit),
        Record::Medication(it) => Some(&mut it.visit),
        Record::Immunization(it) => Some(&mut it.visit),
        Record::Procedure(it) => Some(&mut it.visit),
        Record::Plan(it) => Some(&mut it.visit),
        Record::Observation(it) => Some(&mut it.visit),
        Record::Referral(it) => {
            // No file says which letter it is of.
            (it.letter, it.theirs, it.card) = (None, None, None);
            Some(&mut it.visit)
        }
        Record::Document(it) => Some(&mut it.visit),
        Record::Report(it) => {
            it.observations = it.observations.iter().filter_map(|it| to(*it)).collect();
            Some(&mut it.visit)
        }
        Record::Person(it) => {
            it.others.clear();
            // The number is this clinic's, whatever it is called elsewhere.
            for number in &mut it.identifiers {
                if number.system == NUMBER || number.system.starts_with(OUR_NUMBER) {
                    NUMBER.clone_into(&mut number.system);
                }
            }
            None
        }
        Record::Provider(_)
        | Record::Allergy(_)
        | Record::NoKnownAllergies(_)
        | Record::Visit(_)
        | Record::Consent(_)
        | Record::Outcome(_)
        | Record::ImportRun(_) => None,
    };
    if let Some(visit) = visit {
        *visit = visit.and_then(to);
    }
    // FHIR has no element for who registered a person, and one for who saw a patient.
    let seen_by = if let Record::Visit(it) = &record {
        Some(it.practitioner.clone())
    } else {
        (record.kind() == Kind::Person).then(String::new)
    };
    let entry = record.entry_mut();
    let author = match (seen_by, &entry.origin) {
        (Some(name), _) => Remark(name),
        (None, Origin::Imported { author, .. }) => author.clone(),
        (None, Origin::Own | Origin::Outside(_)) => Remark(names[&entry.by].clone()),
    };
    *entry = Entry {
        id: to(entry.id).unwrap(),
        by: UserId::ZERO,
        machine: LogId::ZERO,
        replaces,
        origin: Origin::Imported {
            import: ImportId::ZERO,
            source: Hash::ZERO,
            author,
        },
        ..entry.clone()
    };
    (entry.id, serde_json::to_value(&record).unwrap())
}

/// A note with what goes out of it: its words, and by name who signed it.
fn plain_note(it: &mut Note, names: &BTreeMap<UserId, String>) {
    for section in &mut it.sections {
        section.text = section.text.trim().to_owned();
    }
    it.sections.retain(|it| !it.text.is_empty());
    it.phrases.clear();
    if let Some(signed) = it.signed.take() {
        it.attested = Some(Attested {
            by: names[&signed.by].clone(),
            at: Some(When::At(signed.at)),
        });
    }
}

/// All that a clinic's charts say, but what patients agreed to.
fn all_told(session: &mut Session, to: To<'_>) -> BTreeMap<RecordId, Value> {
    let users = session.users().unwrap().into_iter();
    let names = users.map(|it| (it.user, it.name)).collect();
    let mut all = BTreeMap::new();
    for patient in session.everybody().unwrap() {
        let chart = session.open(patient).unwrap();
        all.extend(records(chart).into_iter().map(|it| told(it, &names, to)));
    }
    all
}

/// Takes files in, all of them but what patients agreed to.
fn take_in(session: &mut Session, files: Vec<PathBuf>) -> Imported {
    let sources: Vec<Source> = files.into_iter().map(Source::File).collect();
    let done = session.import_fhir(&sources, None, &mut |_| {}).unwrap();
    let lost = done.skipped.iter().filter(|it| it.resource != "Consent");
    assert_eq!(lost.collect::<Vec<_>>(), Vec::<&_>::new());
    done
}

/// Writes everybody out, in both forms.
fn out_of(session: &mut Session, folder: &Path) -> (PathBuf, Vec<PathBuf>) {
    let (bundle, lines) = (folder.join("all.json"), folder.join("lines"));
    everybody_to(session, ExportTo::File(&bundle));
    everybody_to(session, ExportTo::Folder(&lines));
    let files = fs::read_dir(lines).unwrap().map(|it| it.unwrap().path());
    let mut files: Vec<PathBuf> = files.collect();
    files.sort();
    (bundle, files)
}

/// Takes all that a clinic writes out into a new one, where it says the same in both forms.
fn goes_elsewhere(session: &mut Session) -> (TempDir, Session) {
    let folder = TempDir::new().unwrap();
    let (bundle, lines) = out_of(session, folder.path());
    let kinds = kinds(&read(&bundle));
    let here = all_told(session, &|it| there(it, &kinds));
    let ids: BTreeSet<RecordId> = here.keys().copied().collect();
    let (home, clinic) = founded();
    let mut other = owner(&clinic);
    take_in(&mut other, vec![bundle]);
    let same = |it| ids.contains(&it).then_some(it);
    assert_same(here, &all_told(&mut other, &same));
    let again = take_in(&mut other, lines);
    assert_eq!(
        again.resources,
        BTreeMap::new(),
        "the lines say something else"
    );
    (home, other)
}

#[test]
fn a_clinic_that_is_taken_in_elsewhere_says_the_same_and_once_more_beyond() {
    let folder = TempDir::new().unwrap();
    let plan = DemoPlan {
        patients: 12,
        seed: 7,
    };
    let home = folder.path().join("home");
    let made = make_demo(&home, plan, surroundings(), |_| {}).unwrap();
    let mut session = made.clinic.sign_in(made.owner, &made.passphrase).unwrap();
    let (_second, mut other) = goes_elsewhere(&mut session);
    let mut notes = 0;
    for patient in other.everybody().unwrap() {
        let visits = other.open(patient).unwrap().visits.unwrap();
        notes += visits.notes.len();
        let signed = visits.notes.iter().filter(|it| it.attested.is_some());
        assert_eq!(
            signed.count(),
            visits.notes.len(),
            "the demo signs its notes"
        );
    }
    assert!(notes > 40, "{notes} notes");
    goes_elsewhere(&mut other);
}

#[test]
fn what_a_clinic_wrote_out_is_there_already_when_it_comes_home() {
    let folder = TempDir::new().unwrap();
    let plan = DemoPlan {
        patients: 3,
        seed: 8,
    };
    let home = folder.path().join("home");
    let made = make_demo(&home, plan, surroundings(), |_| {}).unwrap();
    let mut session = made.clinic.sign_in(made.owner, &made.passphrase).unwrap();
    let before = all_told(&mut session, &Some);
    let out = TempDir::new().unwrap();
    let (bundle, lines) = out_of(&mut session, out.path());
    for files in [vec![bundle], lines] {
        let done = take_in(&mut session, files);
        assert_eq!((done.patients, done.resources), (0, BTreeMap::new()));
        assert!(done.matched["Composition"] > 10 && done.matched["Patient"] == 3);
    }
    assert_same(before, &all_told(&mut session, &Some));
}

#[test]
fn one_who_was_sent_out_comes_home_with_what_others_added_and_nothing_is_overwritten() {
    let (folder, clinic) = founded();
    let mut session = owner(&clinic);
    let [patient, neighbour] = [(); 2].map(|()| grace(&mut session));
    let allergy = penicillin(&mut session);
    let id = allergy.entry().id;
    let edits = vec![Edit::add(allergy)];
    session.save(Subject::Patient(patient), edits).unwrap();
    let path = folder.path().join("out.json");
    session
        .export_fhir(&[patient], ExportTo::File(&path), &mut |_| {})
        .unwrap();
    let mut bundle = read(&path);
    let whose = bundle["entry"]
        .as_array()
        .unwrap()
        .iter()
        .find(|it| it["resource"]["resourceType"] == "Patient")
        .unwrap()["fullUrl"]
        .clone();
    let entries = bundle["entry"].as_array_mut().unwrap();
    for entry in entries.iter_mut() {
        if entry["resource"]["resourceType"] == "AllergyIntolerance" {
            entry["resource"]["code"] = serde_json::json!({"text": "nothing"});
        }
    }
    let uuid = |it: [u8; 16]| uuid::Uuid::from_bytes(it).to_string();
    let theirs = serde_json::json!({"resource": {"resourceType": "Condition",
        "id": "f4a1b0de-0000-4000-8000-000000000001", "code": {"text": "Gout"},
        "subject": {"reference": whose}}});
    let strayed = serde_json::json!({"resource": {"resourceType": "AllergyIntolerance",
        "id": uuid(*id.as_bytes()), "code": {"text": "strayed"},
        "patient": {"reference": format!("urn:uuid:{}", uuid(*neighbour.as_bytes()))}}});
    entries.push(theirs);
    let back = folder.path().join("back.json");
    fs::write(&back, bundle.to_string()).unwrap();
    let done = take_in(&mut session, vec![back]);
    assert_eq!(
        done.resources,
        BTreeMap::from([("Condition".to_owned(), 1)])
    );
    let summary = session.open(patient).unwrap().summary.unwrap();
    assert_eq!(summary.allergies[0].code.text, "penicillin");
    assert_eq!(summary.problems[0].code.text, "Gout");

    let stray = serde_json::json!({"resourceType": "Bundle", "type": "collection",
        "entry": [{"fullUrl": whose, "resource": {"resourceType": "Patient"}}, strayed]});
    let back = folder.path().join("stray.json");
    fs::write(&back, stray.to_string()).unwrap();
    let sources = [Source::File(back)];
    let done = session.import_fhir(&sources, None, &mut |_| {}).unwrap();
    assert_eq!(done.resources, BTreeMap::new());
    let [skipped] = &done.skipped[..] else {
        panic!("{:?}", done.skipped)
    };
    assert_eq!(
        skipped.why,
        "its id is that of another patient's record here"
    );
}

/// A summary of version 1.1.0 as others write it: entries say that nothing is known.
#[test]
fn a_summary_of_the_version_before_is_taken_in_and_what_is_not_known_is_none() {
    let absent = "http://hl7.org/fhir/uv/ips/CodeSystem/absent-unknown-uv-ips";
    let code =
        |code: &str| serde_json::json!({"coding": [{"system": absent, "code": code}]});
    let whose = serde_json::json!({"reference": "Patient/p"});
    let section = |code: &str, id: &str| {
        serde_json::json!({"title": code, "code": {"coding": [{"system": "http://loinc.org",
            "code": code}]}, "text": {"status": "generated", "div": "<div>none</div>"},
            "entry": [{"reference": id}]})
    };
    let profile = "http://hl7.org/fhir/uv/ips/StructureDefinition/Bundle-uv-ips|1.1.0";
    let bundle = serde_json::json!({"resourceType": "Bundle", "type": "document",
        "meta": {"profile": [profile]}, "entry": [
        {"resource": {"resourceType": "Composition", "id": "c", "status": "final",
            "type": {"coding": [{"system": "http://loinc.org", "code": "60591-5"}]},
            "subject": whose, "date": "2020", "title": "Summary", "section": [
            section("48765-2", "AllergyIntolerance/a"), section("10160-0",
            "MedicationStatement/m"), section("11450-4", "Condition/d")]}},
        {"resource": {"resourceType": "Patient", "id": "p", "identifier": [{"system": "urn:x",
            "value": "1"}], "name": [{"family": "Okello"}], "birthDate": "1980"}},
        {"resource": {"resourceType": "AllergyIntolerance", "id": "a",
            "code": code("no-allergy-info"), "patient": whose}},
        {"resource": {"resourceType": "MedicationStatement", "id": "m", "status": "unknown",
            "medicationCodeableConcept": code("no-medication-info"), "subject": whose}},
        {"resource": {"resourceType": "Condition", "id": "d", "code": code("no-problem-info"),
            "subject": whose}},
    ]});
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("ips.json");
    fs::write(&path, bundle.to_string()).unwrap();
    let (_home, clinic) = founded();
    let mut session = owner(&clinic);
    let sources = [Source::File(path)];
    let done = session.import_fhir(&sources, None, &mut |_| {}).unwrap();
    assert_eq!(done.patients, 1);
    assert_eq!(done.resources["Composition"], 1);
    assert_eq!(done.skipped.len(), 3, "{:?}", done.skipped);
    let patient = session.everybody().unwrap()[0];
    let chart = session.open(patient).unwrap();
    let summary = chart.summary.unwrap();
    assert!(summary.no_known_allergies.is_empty() && summary.allergies.is_empty());
    assert!(summary.problems.is_empty() && summary.medications.is_empty());
    assert!(chart.visits.unwrap().notes.is_empty());
}
