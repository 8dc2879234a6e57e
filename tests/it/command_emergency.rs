//! The emergency view, the review list and the report for the patient on the command line.

use serde_json::{Value, json};

use crate::command::Home;

const OWNER: &str = "Okot";
const WHY: &str = "not conscious, brought by neighbours";

#[test]
fn the_emergency_view_says_what_it_shows_and_what_may_be_closed() {
    let home = Home::new();
    let grace = home.grace.as_str();
    let view = home.json("Nora", &["emergency", grace, "--reason", WHY]);
    assert_eq!(view["allergies"][0]["code"]["text"], "Penicillin");
    for key in ["medications", "problems", "contacts"] {
        assert!(view[key].is_array(), "{key}");
    }
    assert_eq!(
        (&view["pregnancy"], &view["known"]),
        (&Value::Null, &json!(true))
    );
    assert!(view["until"].is_string());
    assert_eq!(view["closed"], "a part of this record may be closed to you");
    let text = home.text("Nora", &["emergency", grace, "--reason", WHY]);
    let lines: Vec<&str> = text.lines().collect();
    assert!(lines[0].starts_with("EMERGENCY VIEW"), "{text}");
    assert!(text.contains("! Penicillin"), "{text}");
    let last = lines.last().unwrap();
    assert_eq!(*last, "a part of this record may be closed to you");
    home.refused("Nora", &["emergency", grace, "--reason", " "], 3);
    home.refused("Nora", &["emergency", grace], 2);
}

#[test]
fn what_was_opened_is_reviewed_and_told_to_the_patient() {
    let home = Home::new();
    let grace = home.grace.as_str();
    home.json("Nora", &["emergency", grace, "--reason", WHY]);
    let open = home.json(OWNER, &["review", "list"]);
    let it = &open["uses"][0];
    assert_eq!((&it["why"], &it["name"]), (&json!(WHY), &json!("Nora")));
    let entry = it["entry"].as_str().unwrap();
    home.refused(OWNER, &["review", "done", "ffffffff-1"], 3);
    let done = home.json(OWNER, &["review", "done", entry]);
    assert_eq!(done["reviewed"], json!([entry]));
    assert_eq!(home.json(OWNER, &["review", "list"])["uses"], json!([]));
    let all = home.json(OWNER, &["review", "list", "--all"]);
    assert_eq!(all["uses"][0]["reviewed"]["name"], OWNER);

    let told = home.json(OWNER, &["disclosures", grace]);
    assert_eq!(told["disclosures"].as_array().unwrap().len(), 1);
    assert_eq!(told["disclosures"][0]["action"], "break-glass");
    assert_eq!(told["disclosures"][0]["why"], WHY);
    assert_eq!(told["problems"], json!([]));
    let paper = home.text(OWNER, &["disclosures", grace]);
    assert!(
        paper.contains("emergency view") && paper.contains("Nora"),
        "{paper}"
    );
    assert!(paper.lines().all(|it| it.chars().count() <= 80), "{paper}");
}

#[test]
fn what_the_patient_agreed_to_and_what_was_written_out_is_told_as_well() {
    let home = Home::new();
    let grace = home.grace.as_str();
    let consent = [
        "consent", "give", grace, "--to", "Dr Abebe", "--until", "t+1m",
    ];
    let how = ["--how", "verbal", "--witness", "Nora"];
    home.json("Leila", &[&consent[..], &how].concat());
    home.json("Leila", &["consent", "withdraw", grace, "--to", "Dr Abebe"]);
    let file = home.beside("out.json");
    home.text("Leila", &["export", "fhir", grace, "--out", &file]);
    let told = home.json(OWNER, &["disclosures", grace]);
    let told = told["disclosures"].as_array().unwrap();
    let did: Vec<(&str, &str)> = told
        .iter()
        .map(|it| (it["action"].as_str().unwrap(), it["to"].as_str().unwrap()))
        .collect();
    let expected = [
        ("consent", "Dr Abebe"),
        ("consent", "Dr Abebe"),
        ("export", file.as_str()),
    ];
    assert_eq!(did, expected);
    let what = |at: usize| told[at]["what"].as_str().unwrap();
    assert!(what(0).starts_with("given") && what(1).starts_with("withdrawn"));
    let paper = home.text(OWNER, &["disclosures", grace]);
    assert!(paper.contains("Consent: given") && paper.contains("Exported as a file"));
    assert!(paper.lines().all(|it| it.chars().count() <= 80), "{paper}");
}

#[test]
fn sealed_words_are_drawn_written_used_and_made_anew() {
    let home = Home::new();
    let words = home.beside("words");
    let add = ["user", "add", "envelope", "--role", "emergency"];
    home.refused(OWNER, &add, 2);
    let add = [&add[..], &["--words-file", &words]].concat();
    home.json(OWNER, &add);
    home.refused(OWNER, &add, 3);
    let grace = home.grace.as_str();
    let sealed = |args: &[&str], code| {
        let args = [args, &["--passphrase-file", &words]].concat();
        let ran = home.run("envelope", &args);
        assert_eq!(ran.code, Some(code), "{args:?}: {}", ran.err);
        ran.out
    };
    let due = || {
        let users = home.json(OWNER, &["user", "list"]);
        let users = users["users"].as_array().unwrap().clone();
        let it = users.into_iter().find(|it| it["name"] == "envelope");
        it.unwrap()["words_due"].clone()
    };
    assert_eq!(due(), Value::Null);
    sealed(&["patient", "show", grace], 4);
    assert!(due().is_string());
    let shown = sealed(&["emergency", grace, "--reason", WHY], 0);
    assert!(shown.contains("a part of this record may be closed to you"));
    let anew = home.beside("anew");
    home.json(
        OWNER,
        &["user", "readmit", "envelope", "--words-file", &anew],
    );
    assert_eq!(due(), Value::Null);
    sealed(&["emergency", grace, "--reason", WHY], 4);
}
