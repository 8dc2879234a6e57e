//! Every command doing its work, as a person reads it and as a script does.

use serde_json::{Value, json};

use crate::command::{Home, OTHER_PASSPHRASE, Ran, STAFF};

const OWNER: &str = "Okot";

fn keys(document: &Value) -> Vec<&str> {
    document
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect()
}

fn is_id(it: &Value) -> bool {
    it.as_str()
        .is_some_and(|it| it.len() == 32 && it.bytes().all(|it| it.is_ascii_hexdigit()))
}

#[test]
fn a_clinic_is_begun_and_its_owner_signs_in() {
    let home = Home::new();
    let (new, words) = (home.beside("new"), home.beside("words"));
    let init = [
        "init", "--clinic", "Nyumbani", "--user", "Dr Abebe", "--home", &new,
    ];
    let with_file = [&init[..], &["--words-file", &words, "--json"]].concat();
    let made = home.run(OWNER, &with_file);
    assert_eq!(made.code, Some(0), "{}", made.err);
    let document = made.document();
    assert_eq!(keys(&document), ["clinic", "device", "user"]);
    assert!(document.as_object().unwrap().values().all(is_id));
    let sheet = std::fs::read_to_string(&words).unwrap();
    assert_eq!(sheet.split_whitespace().count(), 24);
    assert!(!made.err.contains(sheet.split_whitespace().next().unwrap()));
    let listed = home.json("Dr Abebe", &["user", "list", "--home", &new]);
    assert_eq!(listed["users"][0]["user"], document["user"]);

    home.refused(OWNER, &init, 3);
    let other = home.beside("other-home");
    let taken = [
        "init",
        "--clinic",
        "X",
        "--user",
        "Y",
        "--home",
        &other,
        "--words-file",
        &words,
    ];
    home.refused(OWNER, &taken, 3);
    assert!(!std::path::Path::new(&other).exists());
    assert_eq!(std::fs::read_to_string(&words).unwrap(), sheet);
}

#[test]
fn users_come_change_and_go() {
    let home = Home::new();
    let file = home.beside("other");
    let add = [
        "user",
        "add",
        "Peter",
        "--role",
        "nurse",
        "--new-passphrase-file",
        &file,
    ];
    let added = home.json(OWNER, &add);
    assert_eq!(added["role"], "nurse");
    assert!(is_id(&added["user"]));
    let as_peter = |args: &[&str], code: i32| {
        let ran = home.run("Peter", &[args, &["--passphrase-file", &file]].concat());
        assert_eq!(ran.code, Some(code), "{args:?}: {}", ran.err);
    };
    let (find, vitals) = (["patient", "find", "ok"], ["vitals", &home.grace, "hr 72"]);
    as_peter(&find, 0);
    let changed = home.json(OWNER, &["user", "role", "Peter", "front_desk"]);
    assert_eq!(
        (&changed["user"], &changed["role"]),
        (&added["user"], &json!("front_desk"))
    );
    as_peter(&find, 0);
    as_peter(&vitals, 4);
    home.json(OWNER, &["user", "role", "Peter", "clinician"]);
    as_peter(&vitals, 0);
    let removed = home.json(OWNER, &["user", "remove", "Peter"]);
    assert_eq!(removed["standing"], "left");
    as_peter(&find, 4);
    let users = home.json(OWNER, &["user", "list"]);
    let users = users["users"].as_array().unwrap();
    assert_eq!(users.len(), STAFF.len() + 1);
    let peter = users.iter().find(|it| it["name"] == "Peter").unwrap();
    assert_eq!(
        (&peter["standing"], &peter["here"]),
        (&json!("left"), &json!(false))
    );
    assert!(
        home.text(OWNER, &["user", "list"])
            .contains("Nora: nurse, good\n")
    );
}

#[test]
fn a_passphrase_is_changed_and_the_old_one_opens_nothing() {
    let home = Home::new();
    let file = home.beside("other");
    home.json(
        "Nora",
        &["user", "passphrase", "--new-passphrase-file", &file],
    );
    home.refused("Nora", &["patient", "find", "ok"], 4);
    let home_again = Home::new();
    home_again.text("Nora", &["patient", "find", "ok"]);
    let mut tries = 0;
    // After a wrong one the right one has to wait a second.
    while home
        .run("Nora", &["patient", "find", "", "--passphrase-file", &file])
        .code
        != Some(0)
    {
        tries += 1;
        assert!(tries < 1000, "{OTHER_PASSPHRASE} never opens");
    }
}

#[test]
fn a_patient_is_registered_found_shown_and_changed() {
    let home = Home::new();
    let add = [
        "patient",
        "add",
        "--family",
        "Mutua",
        "--given",
        "Samuel",
        "--sex",
        "m",
        "--born",
        "14 3 87",
        "--phone",
        "0700111222",
        "--village",
        "Hill Post",
        "--id",
        "NIN=CM87",
    ];
    let added = home.json("Amina", &add);
    assert_eq!(keys(&added), ["patient", "number", "possible_duplicates"]);
    let (id, number) = (
        added["patient"].as_str().unwrap(),
        added["number"].as_str().unwrap(),
    );
    assert!(cairn::clinic::is_number(number));

    let again = home.run("Amina", &[&add[..], &["--json"]].concat());
    assert_eq!(again.code, Some(3));
    again.is_told();
    let listed = again.document();
    assert_eq!(listed["patient"], Value::Null);
    assert_eq!(listed["possible_duplicates"][0]["patient"], id);
    let forced = home.json("Amina", &[&add[..], &["--force"]].concat());
    assert_ne!(forced["patient"], id);

    for text in ["mutua", "muttua", number, "0700111222", "hill"] {
        let found = home.json("Nora", &["patient", "find", text]);
        let found = found["matches"].as_array().unwrap();
        assert!(found.iter().any(|it| it["patient"] == id), "{text}");
    }
    let found = home.json("Nora", &["patient", "find", "", "--limit", "2"]);
    let first = &found["matches"][0];
    for key in [
        "patient", "number", "name", "sex", "born", "village", "score",
    ] {
        assert!(first.get(key).is_some(), "{key}");
    }
    assert_eq!(found["matches"].as_array().unwrap().len(), 2);
    assert!(
        home.text("Nora", &["patient", "find", "samuel"])
            .contains("MUTUA, Samuel")
    );

    for name in [id, number, &number.to_lowercase().replace('-', "")] {
        let shown = home.json("Nora", &["patient", "show", name]);
        assert_eq!(shown["patient"], id);
        assert_eq!(shown["person"]["born"], "1987-03-14");
    }
    let sets = [
        "--set",
        "village=Gulu",
        "--set",
        "id.NIN=",
        "--set",
        "contact=Jo, wife, 07",
    ];
    home.json("Amina", &[&["patient", "edit", id], &sets[..]].concat());
    let person = &home.json("Amina", &["patient", "show", id])["person"];
    assert_eq!(person["village"], "Gulu");
    assert_eq!(person["contacts"][0]["relation"], "wife");
    assert_eq!(person["identifiers"].as_array().unwrap().len(), 1);
    assert!(
        home.text("Amina", &["patient", "show", id])
            .starts_with("MUTUA, Samuel  M")
    );
}

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

#[test]
fn the_home_is_verified_and_the_audit_read() {
    let home = Home::new();
    home.text("Nora", &["patient", "show", &home.grace]);
    let verified = home.json(OWNER, &["verify"]);
    for key in [
        "envelopes",
        "documents",
        "damaged",
        "waiting",
        "void",
        "refused",
    ] {
        assert!(verified[key].is_u64(), "{key}");
    }
    assert_eq!(verified["chains_ok"], true);
    assert!(home.text(OWNER, &["verify"]).starts_with("sound: "));
    for reader in [OWNER, "Odile"] {
        let audit = home.json(reader, &["audit", "--patient", &home.grace]);
        let entries = audit["entries"].as_array().unwrap();
        let opened = |it: &&Value| it["action"] == "open" && it["name"] == "Nora";
        assert_eq!(entries.iter().filter(opened).count(), 1, "{reader}");
        assert!(
            entries
                .iter()
                .all(|it| it["object"]["id"] == home.grace.as_str())
        );
    }
    let all = home.text("Odile", &["audit"]);
    assert!(
        all.contains("  Nora  sign-in\n") && all.contains("  Nora  sign-out\n"),
        "{all}"
    );
}

#[test]
fn the_demo_is_made_beside_the_clinic_and_never_in_it() {
    let home = Home::new();
    let demo = ["demo", "--no-open", "--patients", "4", "--seed", "3"];
    let made = home.json(OWNER, &demo);
    assert_eq!(
        keys(&made),
        ["home", "user", "passphrase_file", "patients", "visits"]
    );
    assert_eq!(made["patients"], 4);
    let at = made["home"].as_str().unwrap();
    assert_eq!(at, home.beside("data/cairn-demo"));
    let args = ["patient", "find", "", "--home", at, "--passphrase-file"];
    let args = [&args[..], &[made["passphrase_file"].as_str().unwrap()]].concat();
    let found = home.json(made["user"].as_str().unwrap(), &args);
    assert_eq!(found["matches"].as_array().unwrap().len(), 4);
    home.refused(OWNER, &demo, 3);
    let own = home.path();
    home.refused(
        OWNER,
        &[&demo[..], &["--home", own.to_str().unwrap()]].concat(),
        3,
    );
    home.refused(OWNER, &["demo"], 2);
}

#[test]
fn options_for_all_commands_stand_before_and_after_and_win_over_the_surroundings() {
    let home = Home::new();
    let other = home.file("pass", "granite ladder violin sunday copper\nsecond line\n");
    for args in [
        &["--json", "--user", "Nora", "patient", "find", "ok"][..],
        &["patient", "--user", "Nora", "find", "ok", "--json"],
        &[
            "patient",
            "find",
            "--json",
            "ok",
            "--passphrase-file",
            &other,
        ],
    ] {
        let ran = home.run(OWNER, args);
        assert_eq!(ran.code, Some(0), "{args:?}: {}", ran.err);
        assert_eq!(ran.document()["matches"].as_array().unwrap().len(), 1);
        assert_eq!(ran.err, "");
    }
    let told = home.run(OWNER, &["-v", "patient", "find", "ok", "--user", "Nora"]);
    assert_eq!(told.err, "Nora signed in as nurse\n");
    let help = home.run(OWNER, &["patient", "add", "--help"]);
    assert_eq!(help.code, Some(0));
    assert!(
        help.out
            .contains("JSON: {patient, number, possible_duplicates"),
        "{}",
        help.out
    );
    assert!(home.text(OWNER, &["--version"]).starts_with("cairn "));
}
