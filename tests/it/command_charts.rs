//! Writing in charts by commands, and taking records in.

use serde_json::{Value, json};

use crate::command::{Home, Ran, is_id};

#[test]
fn a_chart_has_every_part_that_scripts_rely_on() {
    let home = Home::new();
    let shown = home.json("Leila", &["patient", "show", &home.grace]);
    for key in [
        "patient",
        "person",
        "problems",
        "allergies",
        "medications",
        "immunizations",
        "visits",
        "observations",
        "results",
        "documents",
        "versions",
    ] {
        assert!(shown.get(key).is_some(), "{key}");
    }
    assert_eq!(shown["allergies"][0]["reactions"][0]["severity"], "severe");
    assert_eq!(shown["allergy_state"], "some");
    let text = home.text("Leila", &["patient", "show", &home.grace]);
    assert!(text.contains("! Penicillin  anaphylaxis severe"), "{text}");
}

#[test]
fn vital_signs_are_recorded_number_by_number() {
    let home = Home::new();
    let line = "bp 148/92 hr 72 t 37.10 spo2 - refused";
    let made = home.json("Nora", &["vitals", &home.grace, line]);
    let rows = made["observations"].as_array().unwrap();
    let said: Vec<Value> = rows
        .iter()
        .map(|it| json!([it["code"], it["value"], it["unit"], it["flag"]]))
        .collect();
    let expected = json!([
        ["8480-6", 148, "mm[Hg]", "H"],
        ["8462-4", 92, "mm[Hg]", "H"],
        ["8867-4", 72, "/min", ""],
        ["8310-5", 37.1, "Cel", ""],
        ["2708-6", null, "", ""],
    ]);
    assert_eq!(
        json!(said).to_string().replace("37.10", "37.1"),
        expected.to_string()
    );
    assert_eq!(rows[4]["absent"], "refused");
    let shown = home.json("Nora", &["patient", "show", &home.grace]);
    let kept = shown["observations"].as_array().unwrap();
    assert_eq!(kept.len(), 4);
    let temperature = kept.iter().find(|it| it["code"]["text"] == "Temp").unwrap();
    assert_eq!(temperature["value"].to_string(), "37.10");
    let text = home.text("Nora", &["vitals", &home.grace, "hr 212!"]);
    assert!(text.starts_with("Pulse  212 /min"), "{text}");
}

#[test]
fn lines_from_a_pipe_are_answered_one_by_one_and_a_bad_one_stops_nothing() {
    let home = Home::new();
    let long = "x".repeat(5000);
    let input = format!("hr 72\nhr nonsense\n\n{long}\nbp 120/80 w 64.5");
    let ran = home.piped("Nora", &["vitals", &home.grace, "-"], &input);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let answers: Vec<Value> = ran
        .out
        .lines()
        .map(|it| serde_json::from_str(it).unwrap())
        .collect();
    assert_eq!(answers.len(), 5);
    assert_eq!(answers[0]["observations"][0]["value"], 72);
    for refused in &answers[1..4] {
        assert!(refused["refused"].is_string(), "{refused}");
    }
    assert_eq!(answers[4]["observations"].as_array().unwrap().len(), 3);
    let shown = home.json("Nora", &["patient", "show", &home.grace]);
    assert_eq!(shown["observations"].as_array().unwrap().len(), 3);
}

#[test]
fn a_visit_with_note_vital_signs_and_diagnoses_is_one_thing() {
    let home = Home::new();
    let note = home.file("note", "S: Cough 5 days\nO: Chest clear\nA: Cold\nP: Rest");
    let visit = [
        "visit",
        "add",
        &home.grace,
        "--reason",
        "cough",
        "--note",
        &note,
        "--sign",
        "--vitals",
        "t 38.2",
        "--dx",
        "J20.9",
        "--dx",
        "i10",
    ];
    let made = home.json("Leila", &visit);
    assert!(is_id(&made["visit"]) && is_id(&made["note"]));
    let shown = home.json("Leila", &["patient", "show", &home.grace]);
    let visit = &shown["visits"][0];
    assert_eq!(
        (&visit["id"], &visit["reason"]["text"]),
        (&made["visit"], &json!("cough"))
    );
    assert_eq!(visit["diagnoses"][0]["coding"]["code"], "J20.9");
    assert_eq!(visit["diagnoses"][1]["coding"]["code"], "I10");
    assert_eq!(visit["practitioner"], "Leila");
    let notes = shown["notes"].as_array().unwrap();
    let note = notes.iter().find(|it| it["id"] == made["note"]).unwrap();
    assert_eq!(note["sections"][2], json!({ "name": "A", "text": "Cold" }));
    assert!(is_id(&note["signed"]["by"]));
    assert_eq!(note["visit"], made["visit"]);
    assert_eq!(shown["observations"][0]["visit"], made["visit"]);

    let before = shown.to_string();
    for bad in [
        ["--dx", "XX"],
        ["--vitals", "hr x"],
        ["--note", "/nowhere/note"],
    ] {
        let visit = ["visit", "add", &home.grace, "--reason", "x"];
        home.refused("Leila", &[&visit[..], &bad].concat(), 3);
    }
    let after = home
        .json("Leila", &["patient", "show", &home.grace])
        .to_string();
    assert_eq!(after, before);
}

#[test]
fn problems_allergies_and_vaccines_are_added() {
    let home = Home::new();
    let grace = &home.grace;
    let args = [
        "problem", "add", grace, "--code", "I10", "--onset", "mar 21",
    ];
    let problem = home.json("Nora", &args);
    assert_eq!(problem["alerts"], json!([]));
    home.json("Nora", &["problem", "add", grace, "--text", "Lives alone"]);
    let args = [
        "allergy",
        "add",
        grace,
        "--substance",
        "sulfa",
        "--reaction",
        "rash",
    ];
    let allergy = home.json("Nora", &[&args[..], &["--severity", "mild"]].concat());
    assert_eq!(allergy["alerts"], json!([]));
    home.refused("Nora", &["allergy", "add", grace, "--none-known"], 3);
    let args = [
        "immunization",
        "add",
        grace,
        "--vaccine",
        "19",
        "--date",
        "2025-06-03",
    ];
    let shot = home.json(
        "Nora",
        &[&args[..], &["--lot", "AB1", "--dose", "1"]].concat(),
    );
    assert_eq!(shot["vaccine"]["code"], "19");

    let shown = home.json("Nora", &["patient", "show", grace]);
    let problems = shown["problems"].as_array().unwrap();
    let by_id = problems
        .iter()
        .find(|it| it["id"] == problem["problem"])
        .unwrap();
    assert_eq!(
        (&by_id["onset"], &by_id["on_list"]),
        (&json!("2021-03"), &json!(true))
    );
    assert_eq!(
        (problems.len(), shown["allergies"].as_array().unwrap().len()),
        (2, 2)
    );
    assert_eq!(shown["immunizations"][0]["lot"], "AB1");

    let add = [
        "patient", "add", "--given", "Suharto", "--sex", "m", "--age", "8m",
    ];
    let other = home.json("Nora", &add);
    let other = other["patient"].as_str().unwrap();
    home.json("Nora", &["allergy", "add", other, "--none-known"]);
    let shown = home.json("Nora", &["patient", "show", other]);
    assert_eq!(shown["allergy_state"], "none-known");
}

#[test]
fn an_allergy_stops_a_drug_until_a_reason_is_given() {
    let home = Home::new();
    let add = |drug: &str, more: &[&str]| -> Ran {
        let args = [
            "med",
            "add",
            &home.grace,
            "--drug",
            drug,
            "--dose",
            "1 tds x 5d",
            "--json",
        ];
        home.run("Leila", &[&args[..], more].concat())
    };
    let stopped = add("amoxicillin 500 mg capsule", &[]);
    assert_eq!(stopped.code, Some(3));
    stopped.is_told();
    assert_eq!(stopped.document()["alerts"][0]["severity"], "stop");
    assert_eq!(
        add("amoxicillin 500 mg capsule", &["--override", " "]).code,
        Some(3)
    );
    let shown = home.json("Leila", &["patient", "show", &home.grace]);
    assert_eq!(shown["medications"], json!([]));

    let given = add(
        "amoxicillin 500 mg capsule",
        &["--override", "test dose was fine"],
    );
    assert_eq!(given.code, Some(0), "{}", given.err);
    assert_eq!(given.document()["alerts"][0]["severity"], "stop");
    let twice = add("amoxicillin 250 mg capsule", &["--override", "more"]);
    let kinds: Vec<Value> = twice.document()["alerts"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| json!([it["kind"], it["severity"]]))
        .collect();
    assert_eq!(
        kinds,
        [json!(["allergy", "stop"]), json!(["duplicate", "warn"])]
    );
    let plain = add("paracetamol 500 mg tablet", &[]);
    assert_eq!(
        (plain.code, &plain.document()["alerts"]),
        (Some(0), &json!([]))
    );
    let shown = home.json("Leila", &["patient", "show", &home.grace]);
    let first = shown["medications"]
        .as_array()
        .unwrap()
        .iter()
        .find(|it| it["overridden"] == "test dose was fine");
    assert_eq!(first.unwrap()["frequency"], "tds");
}

#[test]
fn records_are_taken_in_from_files_folders_and_pipes() {
    let home = Home::new();
    let patient = |id: &str| {
        let name = json!([{ "family": "Hassan", "given": [format!("P{id}")] }]);
        json!({ "resourceType": "Patient", "id": id, "name": name, "gender": "male" })
    };
    let folder = home.beside("records");
    std::fs::create_dir(&folder).unwrap();
    home.file("records/a.json", &patient("a").to_string());
    home.file(
        "records/b.ndjson",
        &format!("{}\n{}\n", patient("b"), patient("c")),
    );
    home.file("records/c.txt", "not for us");
    let args = ["import", "fhir", &folder, "--source", "old-system"];
    let done = home.json("Leila", &args);
    assert_eq!((&done["files"], &done["patients"]), (&json!(2), &json!(3)));
    assert_eq!(done["resources"], json!({ "Patient": 3 }));
    let again = home.json("Leila", &args);
    assert_eq!(
        (&again["patients"], &again["resources"]),
        (&json!(0), &json!({}))
    );
    assert_eq!(
        again["matched"],
        json!([{ "resource": "Patient", "count": 3 }])
    );

    let odd = json!({ "resourceType": "Claim", "id": "x" });
    let lines = format!("{}\n{odd}\n", patient("d"));
    let args = ["import", "fhir", "-", "--source", "old-system", "--json"];
    let piped = home.piped("Leila", &args, &lines);
    assert_eq!(piped.code, Some(0), "{}", piped.err);
    let done = piped.document();
    assert_eq!(done["patients"], 1);
    let skipped = &done["skipped"][0];
    assert_eq!(
        (&skipped["file"], &skipped["resource"]),
        (&json!("-"), &json!("Claim"))
    );
    assert!(skipped["place"].is_string() && skipped["why"].is_string());

    let broken = home.file("records/broken.json", "{\"resourceType\": \"Patient\", ");
    let err = home.refused("Leila", &["import", "fhir", &broken], 3);
    assert!(
        err.contains("broken.json") && err.contains("not JSON"),
        "{err}"
    );
    let empty = home.beside("empty");
    std::fs::create_dir(&empty).unwrap();
    home.refused("Leila", &["import", "fhir", &empty], 3);
    home.refused("Leila", &["import", "fhir", "/nowhere/file.json"], 3);
    let found = home.json("Leila", &["patient", "find", "hassan"]);
    assert_eq!(found["matches"].as_array().unwrap().len(), 4);
}
