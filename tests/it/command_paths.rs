//! Every command doing its work, as a person reads it and as a script does.

use serde_json::{Value, json};

use crate::command::{Home, OTHER_PASSPHRASE, STAFF, is_id};

const OWNER: &str = "Okot";

fn keys(document: &Value) -> Vec<&str> {
    document
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect()
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
fn an_empty_text_lists_everybody_with_what_scripts_rely_on() {
    let home = Home::new();
    for name in ["Samuel", "Ruth"] {
        home.json("Amina", &["patient", "add", "--given", name, "--sex", "u"]);
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
            .contains("  Samuel")
    );
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
