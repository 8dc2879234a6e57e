//! `cairn restricted`, `--restricted`, and what the commands say to those who are not named.

use serde_json::{Value, json};

use crate::command::Home;

const CLOSED: &str = "a part of this record may be closed to you";

/// A home in which Okot keeps a category closed, for himself and for Leila, who closed a
/// problem and a visit of Grace.
fn keeping() -> Home {
    let home = Home::new();
    let begun = home.json("Okot", &["restricted", "add", "Mental health"]);
    assert_eq!(begun, json!({ "category": "mental-health" }));
    home.json("Okot", &["restricted", "allow", "mental health", "Leila"]);
    let problem = [
        "problem",
        "add",
        &home.grace,
        "--text",
        "Low mood",
        "--restricted",
        "mental health",
    ];
    home.json("Leila", &problem);
    let note = home.file("note.txt", "S: Sleeps badly\nP: Talk again");
    let visit = [
        "visit",
        "add",
        &home.grace,
        "--reason",
        "Counselling",
        "--note",
        &note,
        "--sign",
        "--vitals",
        "hr 96",
        "--restricted",
        "mental-health",
    ];
    home.json("Leila", &visit);
    home
}

fn other(home: &Home) -> String {
    let add = [
        "patient", "add", "--family", "Okello", "--given", "Joy", "--sex", "f", "--age",
        "30y", "--force",
    ];
    let added = home.json("Amina", &add);
    added["patient"].as_str().unwrap().to_owned()
}

fn show(home: &Home, user: &str, patient: &str) -> (Value, String) {
    let args = ["patient", "show", patient];
    (home.json(user, &args), home.run(user, &args).out)
}

#[test]
fn the_named_have_what_is_closed_in_the_chart_and_all_others_the_same_sentence() {
    let home = keeping();
    let listed = home.json("Nora", &["restricted", "list"]);
    let category = &listed["categories"][0];
    assert_eq!(category["category"], "mental-health");
    let named = category["named"].as_array().unwrap();
    let mut named: Vec<_> = named.iter().map(|it| it["name"].as_str()).collect();
    named.sort();
    assert_eq!(named, [Some("Leila"), Some("Okot")]);
    assert_eq!(category["open"], false);

    for user in ["Leila", "Okot"] {
        let (chart, sheet) = show(&home, user, &home.grace);
        assert_eq!(chart["closed"], false, "{user}");
        for kind in ["problems", "visits", "notes", "observations"] {
            let all = chart[kind].as_array().unwrap();
            let closed = |it: &&Value| it["restricted"] == "mental-health";
            assert_eq!(all.iter().filter(closed).count(), 1, "{kind} for {user}");
        }
        assert!(sheet.contains("Low mood  since") || sheet.contains("Low mood  ["));
        assert!(sheet.contains("[mental health]"), "{sheet}");
        assert!(!sheet.contains(CLOSED), "{sheet}");
    }
    let joy = other(&home);
    for user in ["Nora", "Esther", "Amina"] {
        let (chart, sheet) = show(&home, user, &home.grace);
        assert!(!chart.to_string().contains("restricted"), "{chart}");
        for word in ["Low mood", "Counselling", "badly", "mental"] {
            assert!(!chart.to_string().contains(word), "{word} for {user}");
            assert!(!sheet.contains(word), "{word} for {user}");
        }
        let (plain, plainly) = show(&home, user, &joy);
        assert_eq!(
            (&chart["closed"], &plain["closed"]),
            (&true.into(), &true.into())
        );
        assert!(sheet.contains(CLOSED) && plainly.contains(CLOSED));
    }
}

#[test]
fn checks_that_could_not_read_all_say_so_of_every_patient_alike() {
    let home = keeping();
    let joy = other(&home);
    let mut said = Vec::new();
    for patient in [&home.grace, &joy] {
        let add = [
            "allergy",
            "add",
            patient,
            "--substance",
            "Latex",
            "--reaction",
            "rash",
        ];
        let alerts = home.json("Nora", &add)["alerts"].take();
        said.push(alerts);
        let by_leila = ["allergy", "add", patient, "--substance", "Nickel"];
        assert_eq!(home.json("Leila", &by_leila)["alerts"], json!([]));
    }
    assert_eq!(said[0], said[1]);
    assert_eq!(said[0][0]["kind"], "incomplete");
    assert_eq!(said[0][0]["severity"], "info");
    let text = "checks incomplete: a part of this record is closed to you";
    assert_eq!(said[0][0]["text"], text);
}

#[test]
fn who_is_not_named_closes_nothing_and_what_there_is_not_is_told() {
    let home = keeping();
    home.json("Okot", &["restricted", "deny", "mental-health", "Leila"]);
    let add = |category| {
        [
            "problem",
            "add",
            &home.grace,
            "--text",
            "Grief",
            "--restricted",
            category,
        ]
    };
    let err = home.refused("Leila", &add("mental-health"), 4);
    assert!(err.contains("cairn restricted allow"), "{err}");
    home.refused("Okot", &add("violence"), 3);
    home.refused("Okot", &add("…"), 2);
    let (chart, _) = show(&home, "Leila", &home.grace);
    assert_eq!(chart["closed"], true);
    assert!(!chart.to_string().contains("Low mood"));
    home.refused("Leila", &["restricted", "add", "violence"], 4);
    home.refused("Okot", &["restricted", "add", "allergies"], 3);
    home.refused("Okot", &["restricted", "allow", "mental-health", "Nora"], 3);
    home.refused("Okot", &["restricted", "deny", "mental-health", "Okot"], 3);
    let audit = home.json("Odile", &["audit"]);
    let entries = audit["entries"].as_array().unwrap().iter();
    let about = entries.filter(|it| it["object"]["kind"] == "category");
    let about: Vec<_> = about.filter_map(|it| it["action"].as_str()).collect();
    assert_eq!(
        about,
        ["category-begun", "category-allowed", "category-denied"]
    );
}
