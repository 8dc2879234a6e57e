//! `cairn referral`, `cairn received` and `cairn share snapshot`, as people type them.

use std::fs;

use serde_json::json;
use tempfile::TempDir;

use crate::{command::Home, command_meet::introduced};

/// Grace agrees that the summary goes to Dr Abbo.
fn agree(clinic: &Home) {
    let card = ["consent", "give", &clinic.grace, "--card", "Dr Abbo"];
    let what = ["--parts", "summary", "--until", "t+7"];
    clinic.json("Leila", &[card.as_slice(), &what].concat());
}

/// The one file on a stick, which is taken from it.
fn carried(stick: &TempDir) -> (TempDir, String) {
    let mut files = fs::read_dir(stick.path()).unwrap();
    let path = files.next().unwrap().unwrap().path();
    assert!(files.next().is_none());
    let pocket = TempDir::new().unwrap();
    let to = pocket.path().join("letter.cairn");
    fs::rename(path, &to).unwrap();
    let name = to.to_str().unwrap().to_owned();
    (pocket, name)
}

#[test]
fn a_patient_is_referred_and_the_answer_comes_back() {
    let (clinic, hospital) = (Home::new(), Home::elsewhere());
    introduced(&clinic, &hospital);
    let stick = TempDir::new().unwrap();
    let out = stick.path().to_str().unwrap();
    let refer = [
        "referral",
        "send",
        &clinic.grace,
        "--to",
        "Dr Abbo",
        "--reason",
        "cough for six weeks",
        "--question",
        "is it tuberculosis?",
        "--urgent",
        "--out",
        out,
    ];
    let err = clinic.refused("Leila", &refer, 3);
    assert!(err.contains("did not agree to summary"), "{err}");
    assert!(err.contains("cairn consent give"), "{err}");
    agree(&clinic);
    let sent = clinic.json("Leila", &refer);
    assert_eq!(
        (&sent["to"], &sent["parts"]),
        (&json!("Dr Abbo"), &json!(["summary"]))
    );
    let (_pocket, letter) = carried(&stick);

    let taken = hospital.json("Dr Abbo", &["received", "take", &letter]);
    assert_eq!(
        (&taken["state"], &taken["known"]),
        (&json!("waiting"), &json!(false))
    );
    let name = taken["letter"].as_str().unwrap();
    let shown = hospital.json("Dr Abbo", &["received", "show", &name[..8]]);
    assert_eq!(shown["question"], "is it tuberculosis?");
    assert_eq!(shown["person"]["sex"], "female");
    assert_eq!(shown["alike"], json!([]));
    let undecided = ["received", "accept", &name[..8]];
    hospital.refused("Dr Abbo", &undecided, 2);
    let accepted = hospital.json("Dr Abbo", &["received", "accept", &name[..8], "--new"]);
    let patient = accepted["patient"].as_str().unwrap();
    let chart = hospital.json("Dr Abbo", &["patient", "show", patient]);
    assert_eq!(chart["referrals"][0]["reason"], "cough for six weeks");
    let answer = [
        "referral",
        "answer",
        patient,
        "--status",
        "accepted",
        "--note",
        "come on Monday",
        "--out",
        out,
    ];
    hospital.json("Dr Abbo", &answer);
    let (_pocket, answer) = carried(&stick);

    comes_back(&clinic, &answer);
}

/// Takes an answer, and finds it with the referral.
fn comes_back(clinic: &Home, answer: &str) {
    let linked = clinic.json("Leila", &["received", "take", answer]);
    assert_eq!(linked["state"], "linked");
    let listed = clinic.json("Leila", &["referral", "list", &clinic.grace]);
    let referral = &listed["referrals"][0];
    assert_eq!(
        (&referral["status"], &referral["reply"]),
        (&json!("accepted"), &json!("come on Monday"))
    );
    let told = clinic.json("Okot", &["disclosures", &clinic.grace]);
    assert!(told.to_string().contains("referral: summary"), "{told}");
}

#[test]
fn a_snapshot_is_read_where_it_is_held() {
    let (clinic, hospital) = (Home::new(), Home::elsewhere());
    introduced(&clinic, &hospital);
    let stick = TempDir::new().unwrap();
    let out = stick.path().to_str().unwrap();
    agree(&clinic);
    let snapshot = [
        "share",
        "snapshot",
        &clinic.grace,
        "--to",
        "Dr Abbo",
        "--parts",
        "allergies,problems",
        "--until",
        "t+3",
        "--out",
        out,
    ];
    let sent = clinic.json("Leila", &snapshot);
    assert_eq!(sent["sections"], json!(["allergies", "problems"]));
    let (_pocket, letter) = carried(&stick);
    let taken = hospital.json("Dr Abbo", &["received", "take", &letter]);
    assert_eq!(
        (&taken["state"], &taken["kind"]),
        (&json!("held"), &json!("snapshot"))
    );
    let name = taken["letter"].as_str().unwrap();
    let shown = hospital.json("Dr Abbo", &["received", "show", &name[..8]]);
    let drugs = shown["sections"].as_array().unwrap().iter();
    let mut drugs = drugs.filter(|it| it["title"] == "Medications");
    let drugs = drugs.next().unwrap()["text"].as_str().unwrap();
    assert!(drugs.contains("This was not shared"), "{drugs}");
    let rejected = ["received", "reject", &name[..8], "--why", "not our patient"];
    hospital.json("Dr Abbo", &rejected);
    let listed = hospital.json("Dr Abbo", &["received", "list"]);
    assert_eq!(listed["letters"][0]["why"], "not our patient");
    let wrong = [
        "share",
        "snapshot",
        &clinic.grace,
        "--to",
        "Dr Abbo",
        "--parts",
        "money",
        "--until",
        "t+3",
        "--out",
        out,
    ];
    let err = clinic.refused("Leila", &wrong, 2);
    assert!(err.contains("sections: allergies, drugs"), "{err}");
}
