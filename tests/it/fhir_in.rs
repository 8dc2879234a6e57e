//! Real FHIR in: nothing of a file is lost without a word, and a chart says what the file
//! says. The files are walked a second time here, by other means.

#![expect(
    clippy::print_stdout,
    clippy::wildcard_enum_match_arm,
    reason = "a test says when it has no data, and looks at a few kinds of record"
)]

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    ops::ControlFlow,
    path::{Path, PathBuf},
};

use cairn::{
    chart::{Record, Subject, Value as Seen},
    exchange::fhir::{self, Item, Refused, Setting, Skipped, Stamp, Survey, Taken},
    ids::{ImportId, LogId, PatientId, UserId},
    seal::names,
};
use serde_json::Value;

/// Types of the sample data that the chart has no place for yet.
const NOT_KEPT: &[&str] = &[
    "Claim",
    "Device",
    "ExplanationOfBenefit",
    "Goal",
    "ImagingStudy",
];

/// What a run of the reader over some files gave.
#[derive(Default)]
pub(crate) struct Run {
    pub(crate) taken: Vec<Taken>,
    pub(crate) named: BTreeMap<&'static str, u64>,
    pub(crate) skipped: Vec<Skipped>,
    pub(crate) counts: BTreeMap<String, u64>,
}

pub(crate) fn shared() -> Option<PathBuf> {
    let at = std::env::var_os("CAIRN_SHARED").unwrap_or("../shared".into());
    let data = PathBuf::from(at).join("data");
    if !data.is_dir() {
        println!("skipped: no shared data");
        return None;
    }
    Some(data)
}

pub(crate) fn files(folder: &Path, endings: &[&str]) -> Vec<PathBuf> {
    let all = fs::read_dir(folder).unwrap().map(|it| it.unwrap().path());
    let fits = |it: &PathBuf| {
        endings
            .iter()
            .any(|end| it.to_string_lossy().ends_with(end))
    };
    let mut found: Vec<PathBuf> = all.filter(fits).collect();
    found.sort();
    assert!(!found.is_empty());
    found
}

pub(crate) fn name(source: &str, kind: &str, id: &str) -> [u8; 16] {
    names::imported(source, kind, id)
}

/// Reads texts as one import.
/// What reading needs from outside.
pub(crate) fn setting() -> Setting<'static> {
    Setting {
        name: &name,
        known_patient: &|_| false,
        stamp: Stamp {
            recorded: "2026-01-01T00:00:00Z".parse().unwrap(),
            by: UserId::ZERO,
            machine: LogId::ZERO,
            import: ImportId::ZERO,
        },
    }
}

pub(crate) fn run(texts: &[&[u8]]) -> Result<Run, Refused> {
    let mut survey = Survey::new(None);
    let mut numbers = Vec::new();
    for (at, text) in texts.iter().enumerate() {
        numbers.push(survey.take_in(&format!("file {at}"), *text, &name)?);
    }
    let setting = setting();
    let mut run = Run {
        counts: survey.counts().clone(),
        ..Run::default()
    };
    for (text, number) in texts.iter().zip(numbers) {
        let ended = fhir::read(*text, number, &survey, &setting, &mut |item| {
            match item {
                Item::Taken(it) => run.taken.push(*it),
                Item::Named(it) => *run.named.entry(it.type_name).or_default() += 1,
                Item::Skipped(it) => run.skipped.push(it),
            }
            ControlFlow::Continue(())
        });
        assert!(ended?.is_continue());
    }
    Ok(run)
}

impl Run {
    /// How many entries of each type were taken, named or skipped.
    fn accounted(&self) -> BTreeMap<String, u64> {
        let mut counts = BTreeMap::new();
        let taken = self.taken.iter().map(|it| it.type_name.to_owned());
        let skipped = self.skipped.iter().map(|it| it.type_name.clone());
        for kind in taken.chain(skipped) {
            *counts.entry(kind).or_default() += 1;
        }
        for (kind, count) in &self.named {
            *counts.entry((*kind).to_owned()).or_default() += count;
        }
        counts
    }

    fn records_of(&self, patient: PatientId) -> Vec<&Record> {
        let own = self
            .taken
            .iter()
            .filter(|it| it.subject == Subject::Patient(patient));
        own.map(|it| &it.record).collect()
    }
}

fn synthea(data: &Path) -> Vec<Vec<u8>> {
    let mut all = files(&data.join("synthea-fhir"), &[".json"]);
    all.extend(files(
        &data.join("synthea-fhir/bulk-10-patients"),
        &[".ndjson"],
    ));
    all.iter().map(|it| fs::read(it).unwrap()).collect()
}

/// All resources of some files, found by plain means.
fn resources(texts: &[Vec<u8>]) -> Vec<Value> {
    let mut all = Vec::new();
    for text in texts {
        let values = serde_json::Deserializer::from_slice(text).into_iter::<Value>();
        for value in values.map(Result::unwrap) {
            match value["entry"].as_array() {
                Some(entries) => {
                    all.extend(entries.iter().map(|it| it["resource"].clone()));
                }
                None => all.push(value),
            }
        }
    }
    all
}

fn borrowed(texts: &[Vec<u8>]) -> Vec<&[u8]> {
    texts.iter().map(Vec::as_slice).collect()
}

#[test]
fn every_entry_of_real_files_is_taken_or_named_or_skipped_for_a_reason() {
    let Some(data) = shared() else { return };
    let texts = synthea(&data);
    let run = run(&borrowed(&texts)).unwrap();
    let mut expected: BTreeMap<String, u64> = BTreeMap::new();
    for resource in resources(&texts) {
        let kind = resource["resourceType"].as_str().unwrap();
        *expected.entry(kind.to_owned()).or_default() += 1;
    }
    assert_eq!(run.counts, expected);
    assert_eq!(run.accounted(), expected);
    for it in &run.skipped {
        let known = NOT_KEPT.contains(&it.type_name.as_str());
        assert!(known, "{} at {}: {}", it.type_name, it.place, it.why);
        assert_eq!(it.why, "this type of resource is not kept");
    }
    for it in &run.taken {
        assert!(it.problems.is_empty(), "{:?}", it.problems);
        assert!(serde_json::from_slice::<Value>(&it.raw).is_ok());
    }
    let patients = run.taken.iter().filter(|it| it.type_name == "Patient");
    assert_eq!(patients.count(), 33);
    println!("taken {}, skipped {}", run.taken.len(), run.skipped.len());
}

#[test]
fn the_same_files_in_another_order_are_the_same_records() {
    let Some(data) = shared() else { return };
    let texts = synthea(&data);
    let mut turned = borrowed(&texts);
    turned.reverse();
    let sorted = |run: Run| {
        let own = run
            .taken
            .into_iter()
            .filter(|it| it.subject != Subject::Clinic);
        let mut all: Vec<_> = own.map(|it| (it.subject, it.record)).collect();
        all.sort_by_key(|(subject, it)| (*subject, it.kind(), it.entry().id));
        all
    };
    let once = sorted(run(&borrowed(&texts)).unwrap());
    let again = sorted(run(&turned).unwrap());
    assert!(once == again);
    let ids: BTreeSet<_> = once.iter().map(|(_, it)| it.entry().id).collect();
    assert_eq!(ids.len(), once.len(), "two records have one id");
}

/// What the file says of one patient, found by plain means.
#[derive(Debug, Default, PartialEq)]
struct Said {
    name: String,
    birth: String,
    allergies: BTreeSet<String>,
    active_problems: BTreeSet<String>,
    /// LOINC code → time, value and unit of the latest.
    vitals: BTreeMap<String, (String, String)>,
}

fn said_by_file(patient: &Value, resources: &[Value]) -> Said {
    let text = |it: &Value| it.as_str().unwrap_or_default().to_owned();
    let id = text(&patient["id"]);
    let name = &patient["name"][0];
    let given: Vec<String> = name["given"].as_array().unwrap().iter().map(text).collect();
    let mut said = Said {
        name: format!(
            "{}, {}",
            text(&name["family"]).to_uppercase(),
            given.join(" ")
        ),
        birth: text(&patient["birthDate"]),
        ..Said::default()
    };
    for it in resources {
        let subject = it["subject"]["reference"].as_str();
        let whose = subject.or(it["patient"]["reference"].as_str());
        if !whose.unwrap_or_default().ends_with(&id) {
            continue;
        }
        let words = text(&it["code"]["text"]);
        let status = it["clinicalStatus"]["coding"][0]["code"].as_str();
        match it["resourceType"].as_str().unwrap() {
            "AllergyIntolerance" => {
                said.allergies.insert(words);
            }
            "Condition" if status == Some("active") => {
                said.active_problems.insert(words);
            }
            "Observation" if it["category"][0]["coding"][0]["code"] == "vital-signs" => {
                let code = text(&it["code"]["coding"][0]["code"]);
                let when = text(&it["effectiveDateTime"]);
                let shown = match it["component"].as_array() {
                    Some(parts) => {
                        parts.iter().map(quantity).collect::<Vec<_>>().join(" ")
                    }
                    None => quantity(it),
                };
                let last = said.vitals.entry(code).or_default();
                if last.0 < when {
                    *last = (when, shown);
                }
            }
            _ => {}
        }
    }
    said
}

fn quantity(it: &Value) -> String {
    let quantity = &it["valueQuantity"];
    format!(
        "{} {}",
        quantity["value"],
        quantity["code"].as_str().unwrap()
    )
}

fn said_by_chart(records: &[&Record]) -> Said {
    let mut said = Said::default();
    for record in records {
        match record {
            Record::Person(it) => {
                said.name = it.shown_name();
                said.birth = it.birth.unwrap().date.to_string();
            }
            Record::Allergy(it) => {
                said.allergies.insert(it.code.text.clone());
            }
            Record::Problem(it) if it.clinical.is_present() => {
                said.active_problems.insert(it.code.text.clone());
            }
            Record::Observation(it)
                if !it.components.is_empty() || it.value.is_some() =>
            {
                if it.category != cairn::chart::ObsCategory::VitalSigns {
                    continue;
                }
                let parts = it.components.iter().map(|part| part.value.as_ref());
                let values: Vec<_> = it.value.iter().chain(parts.flatten()).collect();
                let shown = values.into_iter().map(|value| match value {
                    Seen::Quantity(it) => format!("{} {}", it.value, it.unit),
                    Seen::Code(_) | Seen::Text(_) => {
                        panic!("a vital sign without a number")
                    }
                });
                let shown = shown.collect::<Vec<_>>().join(" ");
                let code = it.code.coding.as_ref().unwrap().code.clone();
                let when = it.when.unwrap().to_string().replace('Z', "+00:00");
                let last = said.vitals.entry(code).or_default();
                if last.0 < when {
                    *last = (when, shown);
                }
            }
            _ => {}
        }
    }
    said
}

#[test]
fn every_real_chart_says_what_its_file_says() {
    let Some(data) = shared() else { return };
    let texts = synthea(&data);
    let all = resources(&texts);
    let run = run(&borrowed(&texts)).unwrap();
    let mut compared = 0;
    for patient in all.iter().filter(|it| it["resourceType"] == "Patient") {
        let id = patient["id"].as_str().unwrap();
        let id = PatientId::from_bytes(name("", "Patient", id));
        let chart = said_by_chart(&run.records_of(id));
        assert_eq!(chart, said_by_file(patient, &all));
        compared += usize::from(!chart.vitals.is_empty() && !chart.allergies.is_empty());
    }
    assert!(compared >= 3, "{compared} with vital signs and allergies");
}

#[test]
fn every_published_example_is_read_or_refused_and_accounted_for() {
    let Some(data) = shared() else { return };
    let mut all = files(&data.join("ips"), &[".json"]);
    for folder in ["base-r4", "r4-examples"] {
        all.extend(files(
            &data.join("fhir-test-cases").join(folder),
            &[".json", ".xml"],
        ));
    }
    let mut refused = BTreeMap::new();
    let mut taken = 0;
    for file in &all {
        let text = fs::read(file).unwrap();
        let short = file.file_name().unwrap().to_string_lossy().into_owned();
        match run(&[&text]) {
            Ok(run) => {
                assert_eq!(run.accounted(), run.counts, "{short}");
                taken += run.taken.len();
            }
            Err(error) => {
                refused.insert(short, error.to_string());
            }
        }
    }
    let why = |file: &str| refused.get(file).map_or("taken", String::as_str);
    assert_eq!(
        why("bad-json-close-1.json"),
        "not JSON: expected `,` or `}`, at line 15, column 11"
    );
    assert!(why("uk-msg.json").starts_with("a Bundle of type message is not taken"));
    assert_eq!(
        why("patient-example.xml"),
        "not FHIR R4 in JSON: the file is XML, at line 1"
    );
    assert_eq!(why("patient-example.json"), "taken");
    assert_eq!(why("json-comments.json"), "taken");
    println!(
        "{taken} taken of {} files, refused: {refused:#?}",
        all.len()
    );
}

#[test]
fn a_patient_summary_keeps_allergies_drugs_and_problems() {
    let Some(data) = shared() else { return };
    let text = fs::read(data.join("ips/ips-2.0.0_bundle-minimal.json")).unwrap();
    let run = run(&[&text]).unwrap();
    let records: Vec<&Record> = run.taken.iter().map(|it| &it.record).collect();
    let found = |it: fn(&Record) -> Option<&str>| records.iter().find_map(|at| it(at));
    let allergy = found(|it| match it {
        Record::Allergy(it) => Some(&it.code.text),
        _ => None,
    });
    let drug = found(|it| match it {
        Record::Medication(it) => Some(&it.code.text),
        _ => None,
    });
    let problem = found(|it| match it {
        Record::Problem(it) => Some(&it.code.text),
        _ => None,
    });
    assert_eq!(
        allergy,
        Some("Substance with penicillin structure (substance)")
    );
    assert_eq!(
        drug,
        Some("Product containing anastrozole (medicinal product)")
    );
    assert_eq!(problem, Some("Menopausal flushing (finding)"));
    assert_eq!(run.named.get("Medication"), Some(&1));
}
