//! A visiting specialist by the real binaries: shared, read, consulted with no network, taken
//! back, decided, and both sides see whose it is.

use std::fs;

use serde_json::{Value, json};

use crate::{command::Home, command_meet::introduced, specialist::exchanged};

const ABBO: &str = "Dr Abbo";

/// Both are on until both hold the same; then both are switched off.
fn meet(clinic: &Home, hospital: &Home) {
    let met = exchanged(clinic, hospital);
    let logs = || [clinic, hospital].map(Home::log).join("\n");
    assert_eq!(met["state"], "in_step", "{met}\n{}", logs());
}

/// A clinic that shares Grace's chart with Dr Abbo, and has met his machine.
fn shared(parts: &str) -> [Home; 2] {
    let (clinic, hospital) = (Home::new(), Home::elsewhere());
    introduced(&clinic, &hospital);
    let allergy = ["--substance", "Penicillin", "--reaction", "anaphylaxis"];
    let allergy = [&["allergy", "add", &clinic.grace], &allergy[..]].concat();
    let allergy = [&allergy[..], &["--severity", "severe"]].concat();
    clinic.json("Nora", &allergy);
    let to = ["share", "grant", &clinic.grace, "--to", "dr abbo"];
    let until = ["--until", "t+7", "--how", "written", "--parts", parts];
    clinic.json("Leila", &[&to[..], &until[..]].concat());
    meet(&clinic, &hospital);
    [clinic, hospital]
}

fn proposals(clinic: &Home, user: &str) -> Vec<Value> {
    let listed = clinic.json(user, &["proposal", "list", "--all"]);
    listed["proposals"].as_array().unwrap().clone()
}

/// The proposal of this kind.
fn of_kind<'a>(all: &'a [Value], kind: &str) -> &'a Value {
    all.iter().find(|it| it["kind"] == kind).unwrap()
}

/// With no network: a note, a drug that is stopped and one that is not, and a measure.
fn consult(hospital: &Home, grace: &str) {
    let note = hospital.file("consult", "A: Mitral stenosis, mild.\nP: Echo in a year.");
    hospital.json(ABBO, &["guest", "note", grace, "--file", &note]);
    let amoxicillin = [
        "--drug",
        "amoxicillin 500 mg capsule",
        "--dose",
        "1 tds x 5d",
    ];
    let stopped = [&["guest", "propose", grace], &amoxicillin[..]].concat();
    let err = hospital.refused(ABBO, &stopped, 3);
    assert!(err.contains("allergic"), "{err}");
    let furosemide = ["--drug", "furosemide 40 mg tablet", "--dose", "1 od x 30d"];
    let more = ["--vitals", "bp 118/76 hr 82", "--problem", "I05.0"];
    let all = [&["guest", "propose", grace], &furosemide[..], &more[..]].concat();
    let proposed = hospital.json(ABBO, &all);
    assert_eq!(proposed["proposals"].as_array().unwrap().len(), 4);
}

/// The note and the drug are accepted and the problem is declined; the chart and what goes out
/// of it name who proposed them.
fn decide(clinic: &Home, waiting: &[Value]) {
    let grace = clinic.grace.as_str();
    let id = |kind: &str| {
        of_kind(waiting, kind)["proposal"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    let shown = clinic.json("Okot", &["proposal", "show", &id("notes")]);
    let text = &shown["record"]["sections"][2]["text"];
    assert_eq!(text, "Mitral stenosis, mild.");
    let accepted = clinic.json("Okot", &["proposal", "accept", &id("notes")]);
    assert_eq!(accepted["state"], "accepted");
    clinic.json("Leila", &["proposal", "accept", &id("meds")]);
    let why = [
        "proposal",
        "decline",
        &id("problems"),
        "--why",
        "no echo yet",
    ];
    clinic.json("Leila", &why);
    let chart = clinic.json("Okot", &["patient", "show", grace]);
    for part in ["notes", "medications"] {
        let by = &chart[part][0]["proposed_by"];
        let maker = [&by["provider_name"], &by["organisation"]];
        assert_eq!(maker, ["Dr Abbo", "District Hospital"], "{part}");
    }
    assert_eq!(chart["problems"], json!([]));
    let file = clinic.beside("grace.json");
    clinic.json("Okot", &["export", "fhir", grace, "--out", &file]);
    let fhir: Value = serde_json::from_slice(&fs::read(file).unwrap()).unwrap();
    let drugs = fhir["entry"].as_array().unwrap().iter();
    let drugs = drugs.filter(|it| it["resource"]["resourceType"] == "MedicationRequest");
    let by: Vec<_> = drugs
        .map(|it| &it["resource"]["requester"]["display"])
        .collect();
    assert_eq!(by, ["Dr Abbo, District Hospital"]);
}

#[test]
fn a_consult_written_offline_comes_back_is_decided_and_names_its_maker_on_both_sides() {
    let [clinic, hospital] = shared("summary,visits");
    let listed = hospital.json(ABBO, &["guest", "list"]);
    let row = &listed["guests"][0];
    assert_eq!(row["clinic_name"], "Kijani");
    assert_eq!(
        (&row["state"], &row["linked"]),
        (&json!("live"), &Value::Null)
    );
    assert_eq!(row["patient"], json!(clinic.grace));
    let grace = clinic.grace.as_str();
    let chart = hospital.json(ABBO, &["guest", "show", grace]);
    assert_eq!(chart["allergies"][0]["code"]["text"], "Penicillin");
    assert_eq!(chart["clinic_name"], "Kijani");

    consult(&hospital, grace);
    assert_eq!(proposals(&clinic, "Nora"), Vec::<Value>::new());

    meet(&clinic, &hospital);
    let waiting = proposals(&clinic, "Nora");
    assert_eq!(waiting.len(), 5);
    for it in &waiting {
        assert_eq!(
            (&it["state"], &it["doubt"]),
            (&json!("waits"), &Value::Null)
        );
        let maker = [&it["provider_name"], &it["organisation"]];
        assert_eq!(maker, ["Dr Abbo", "District Hospital"]);
    }
    decide(&clinic, &waiting);

    // He learns what became of it, and why.
    meet(&clinic, &hospital);
    let chart = hospital.json(ABBO, &["guest", "show", grace]);
    let own = chart["proposals"].as_array().unwrap();
    let became = |kind: &str| {
        let it = of_kind(own, kind);
        json!([
            it["state"],
            it["outcomes"][0]["why"],
            it["outcomes"][0]["by_name"]
        ])
    };
    assert_eq!(became("notes"), json!(["accepted", "", "Okot"]));
    assert_eq!(became("meds"), json!(["accepted", "", "Leila"]));
    assert_eq!(
        became("problems"),
        json!(["declined", "no echo yet", "Leila"])
    );
    let notes = chart["notes"].as_array().unwrap().iter();
    let by: Vec<_> = notes
        .map(|it| &it["proposed_by"]["provider_name"])
        .collect();
    assert!(by.contains(&&json!("Dr Abbo")), "{by:?}");

    // When the share ends he hears that, and what to do.
    let shares = clinic.json("Okot", &["share", "list"]);
    let share = shares["shares"][0]["share"].as_str().unwrap();
    clinic.json("Okot", &["share", "revoke", share]);
    assert_eq!(exchanged(&clinic, &hospital)["state"], "revoked");
    let told = hospital.text(ABBO, &["guest", "list"]);
    assert!(told.contains("taken back"), "{told}");
    let again = ["guest", "propose", grace, "--problem", "I05.0"];
    for args in [&["guest", "show", grace][..], &again] {
        let err = hospital.refused(ABBO, args, 3);
        assert!(err.contains("Kijani: taken back"), "{err}");
        assert!(err.contains("ask that clinic to share it again"), "{err}");
    }
}

#[test]
fn one_person_in_two_clinics_is_linked_by_a_word_and_apart_again_by_another() {
    let [clinic, hospital] = shared("summary");
    let grace = clinic.grace.as_str();
    let person = ["--given", "Grace", "--sex", "f", "--born", "1987-03-14"];
    let add = [&["patient", "add", "--family", "Okello"], &person[..]].concat();
    let own = hospital.json(ABBO, &add)["patient"]
        .as_str()
        .unwrap()
        .to_owned();
    let linked =
        || hospital.json(ABBO, &["guest", "list"])["guests"][0]["linked"].clone();
    assert_eq!(linked(), Value::Null, "alike is not the same");
    let link = ["guest", "link", grace, &own];
    let err = hospital.refused(ABBO, &link, 3);
    assert!(err.contains("1987-03-14"), "{err}");
    assert_eq!(linked(), Value::Null);
    hospital.json(ABBO, &[&link[..], &["--yes"]].concat());
    assert_eq!(linked()["patient"], json!(own));
    let shown = hospital.json(ABBO, &["patient", "show", &own]);
    let there = &shown["elsewhere"][0];
    let told = [&there["clinic_name"], &there["patient"]];
    assert_eq!(told, [&json!("Kijani"), &json!(grace)]);
    // It is Dr Abbo's to know: it goes into no file.
    let file = hospital.beside("own.json");
    hospital.json(ABBO, &["export", "fhir", &own, "--out", &file]);
    let exported = fs::read_to_string(file).unwrap();
    assert!(exported.contains("Okello") && !exported.contains(grace));
    hospital.json(ABBO, &["guest", "unlink", grace]);
    assert_eq!(linked(), Value::Null);
    // What another clinic shares is in no list of one's own.
    let found = hospital.json(ABBO, &["patient", "find", "okello"]);
    assert_eq!(found["matches"].as_array().unwrap().len(), 1);
}
