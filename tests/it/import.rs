//! Taking real FHIR files into a real clinic, twice.

use std::{collections::BTreeMap, fs, path::PathBuf};

use cairn::clinic::{Imported, Session, Source};
use serde_json::Value;

use crate::{
    clinic::{founded, owner},
    shared,
};

pub(crate) fn files() -> Option<Vec<PathBuf>> {
    let folder = shared("data/synthea-fhir")?;
    let listed = |folder: PathBuf| -> Vec<PathBuf> {
        let files = fs::read_dir(folder).unwrap().map(|it| it.unwrap().path());
        let mut files: Vec<PathBuf> = files.filter(|it| it.is_file()).collect();
        files.sort();
        files
    };
    let mut all = listed(folder.clone());
    all.extend(listed(folder.join("bulk-10-patients")));
    Some(all)
}

/// Entries of each type, counted without any of our own readers.
pub(crate) fn entries(files: &[PathBuf]) -> BTreeMap<String, u64> {
    let mut counts: BTreeMap<String, u64> = BTreeMap::new();
    let mut count = |resource: &Value| {
        let name = resource["resourceType"].as_str().unwrap().to_owned();
        *counts.entry(name).or_default() += 1;
    };
    for file in files {
        let text = fs::read_to_string(file).unwrap();
        if file.extension().is_some_and(|it| it == "ndjson") {
            text.lines()
                .for_each(|line| count(&serde_json::from_str(line).unwrap()));
        } else {
            let bundle: Value = serde_json::from_str(&text).unwrap();
            bundle["entry"]
                .as_array()
                .unwrap()
                .iter()
                .for_each(|it| count(&it["resource"]));
        }
    }
    counts
}

fn import(session: &mut Session, files: &[PathBuf]) -> Imported {
    let sources: Vec<Source> = files.iter().cloned().map(Source::File).collect();
    session.import_fhir(&sources, None, &mut |_| {}).unwrap()
}

#[test]
fn every_entry_of_the_shared_files_is_taken_or_named_and_a_second_time_adds_nothing() {
    let Some(files) = files() else { return };
    let (_folder, clinic) = founded();
    let mut session = owner(&clinic);
    let outcome = import(&mut session, &files);
    let mut counted = outcome.resources.clone();
    for (name, n) in &outcome.matched {
        *counted.entry(name.clone()).or_default() += n;
    }
    for it in outcome.skipped.iter().filter(|it| !it.field_only) {
        *counted.entry(it.resource.clone()).or_default() += 1;
    }
    assert_eq!(counted, entries(&files));
    assert_eq!(outcome.patients, entries(&files)["Patient"]);
    let found = session.find("", 1000).unwrap();
    assert_eq!(found.len() as u64, outcome.patients);

    let again = import(&mut session, &files);
    assert_eq!(again.resources, BTreeMap::new());
    assert_eq!(again.patients, 0);
    assert_eq!(
        session.find("", 1000).unwrap().len() as u64,
        outcome.patients
    );
    let verified = session.verify(|_| {}).unwrap();
    assert!(verified.is_sound(), "{:?}", verified.problems);
}
