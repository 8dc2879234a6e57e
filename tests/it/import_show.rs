//! The main job on real input, through the real binary: a new clinic, every shared FHIR file,
//! and charts that hold what the files hold.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::Value;
use tempfile::TempDir;

use crate::{import, shared};

const PASSPHRASE: &str = "granite ladder violin sunday copper";

fn cairn(home: &Path, args: &[&str]) -> Value {
    let run = Command::new(env!("CARGO_BIN_EXE_cairn"))
        .args(["--json", "--quiet"])
        .args(args)
        .env("CAIRN_HOME", home.join("home"))
        .env("CAIRN_PASSPHRASE_FILE", home.join("passphrase"))
        .env_remove("CAIRN_USER")
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&run.stderr);
    assert!(run.status.success(), "{args:?}: {told}");
    serde_json::from_slice(&run.stdout).unwrap()
}

/// The resources of one Bundle by type.
fn resources(file: &Path) -> BTreeMap<String, Vec<Value>> {
    let bundle: Value = serde_json::from_str(&fs::read_to_string(file).unwrap()).unwrap();
    let mut found: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for entry in bundle["entry"].as_array().unwrap() {
        let resource = entry["resource"].clone();
        let kind = resource["resourceType"].as_str().unwrap().to_owned();
        found.entry(kind).or_default().push(resource);
    }
    found
}

fn sorted(mut texts: Vec<String>) -> Vec<String> {
    texts.sort();
    texts
}

fn texts(list: &Value, path: &str) -> Vec<String> {
    let list = list.as_array().unwrap().iter();
    sorted(
        list.map(|it| it.pointer(path).unwrap().as_str().unwrap().to_owned())
            .collect(),
    )
}

fn is_active(resource: &Value) -> bool {
    resource.pointer("/clinicalStatus/coding/0/code").unwrap() == "active"
}

/// The newest value of each vital sign in the file: code, value as written, unit.
fn last_vitals(observations: &[Value]) -> BTreeMap<String, (String, String)> {
    let mut newest: BTreeMap<String, (&str, (String, String))> = BTreeMap::new();
    for it in observations {
        let vital = it
            .pointer("/category/0/coding/0/code")
            .is_some_and(|it| it == "vital-signs");
        let Some(value) = it.get("valueQuantity").filter(|_| vital) else {
            continue;
        };
        let when = it["effectiveDateTime"].as_str().unwrap();
        let code = it
            .pointer("/code/coding/0/code")
            .unwrap()
            .as_str()
            .unwrap()
            .to_owned();
        let value = (
            value["value"].to_string(),
            value["code"].as_str().unwrap().to_owned(),
        );
        if newest.get(&code).is_none_or(|(at, _)| *at <= when) {
            newest.insert(code, (when, value));
        }
    }
    newest
        .into_iter()
        .map(|(code, (_, value))| (code, value))
        .collect()
}

fn check(home: &Path, file: &Path) {
    let file = resources(file);
    let patient = &file["Patient"][0];
    let name = &patient["name"][0];
    let family = name["family"].as_str().unwrap();
    let found = cairn(home, &["patient", "find", family]);
    let born = patient["birthDate"].as_str().unwrap();
    let matches = found["matches"].as_array().unwrap();
    let id = matches.iter().find(|it| it["born"] == born).unwrap()["patient"]
        .as_str()
        .unwrap();
    let chart = cairn(home, &["patient", "show", id]);

    let person = &chart["person"];
    assert_eq!(person["born"], born);
    assert_eq!(person["names"][0]["family"], family);
    assert_eq!(person["names"][0]["given"], name["given"][0]);
    assert_eq!(person["sex"], patient["gender"]);

    let none = Vec::new();
    let of = |kind: &str| file.get(kind).unwrap_or(&none);
    let said = |list: &[Value]| {
        let text = |it: &Value| {
            it.pointer("/code/text")
                .unwrap()
                .as_str()
                .unwrap()
                .to_owned()
        };
        sorted(list.iter().map(text).collect())
    };
    assert_eq!(
        texts(&chart["allergies"], "/code/text"),
        said(of("AllergyIntolerance"))
    );
    let active: Vec<Value> = of("Condition")
        .iter()
        .filter(|it| is_active(it))
        .cloned()
        .collect();
    let shown: Vec<Value> = chart["problems"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|it| it["clinical"] == "active")
        .cloned()
        .collect();
    assert_eq!(texts(&Value::Array(shown), "/code/text"), said(&active));

    let observations = chart["observations"].as_array().unwrap();
    let vitals = last_vitals(of("Observation"));
    assert!(!vitals.is_empty());
    for (code, (value, unit)) in vitals {
        // The newest come first.
        let shown = observations
            .iter()
            .find(|it| it["code"]["coding"]["code"] == code.as_str())
            .unwrap();
        let written = shown["value"].to_string();
        assert_eq!(written.trim_matches('"'), value);
        assert_eq!(shown["unit"], unit);
    }
}

#[test]
fn a_new_clinic_takes_every_shared_file_and_shows_what_the_files_hold() {
    let Some(folder) = shared("data/synthea-fhir") else {
        return;
    };
    let home = TempDir::new().unwrap();
    fs::write(home.path().join("passphrase"), format!("{PASSPHRASE}\n")).unwrap();
    let words = home.path().join("words");
    let words = words.to_str().unwrap();
    cairn(
        home.path(),
        &[
            "init",
            "--clinic",
            "Kijani",
            "--user",
            "Dr Okot",
            "--words-file",
            words,
        ],
    );

    let files = import::files().unwrap();
    let mut args = vec!["import", "fhir"];
    args.extend(files.iter().map(|it| it.to_str().unwrap()));
    let first = cairn(home.path(), &args);
    let mut counted: BTreeMap<String, u64> = BTreeMap::new();
    for (kind, n) in first["resources"].as_object().unwrap() {
        *counted.entry(kind.clone()).or_default() += n.as_u64().unwrap();
    }
    for it in first["skipped"].as_array().unwrap() {
        *counted
            .entry(it["resource"].as_str().unwrap().to_owned())
            .or_default() += 1;
    }
    assert_eq!(counted, import::entries(&files));
    assert_eq!(first["patients"], import::entries(&files)["Patient"]);
    let again = cairn(home.path(), &args);
    assert_eq!(again["patients"], 0);
    assert_eq!(again["resources"].as_object().unwrap().len(), 0);

    let mut bundles: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap()
        .map(|it| it.unwrap().path())
        .filter(|it| it.extension().is_some_and(|it| it == "json"))
        .collect();
    bundles.sort();
    for bundle in bundles.iter().step_by(8) {
        check(home.path(), bundle);
    }
}
