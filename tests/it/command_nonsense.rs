//! What cannot be so is refused or told: people without a name, days that have not come, names
//! that look like another's.

use std::fs;

use serde_json::json;

use crate::command::Home;

/// What is refused as input, and a part of what is said. `GRACE` stands for her id.
const REFUSED: &[(&[&str], &str)] = &[
    (
        &[
            "patient", "edit", "GRACE", "--set", "family=", "--set", "given=",
        ],
        "a patient needs a name",
    ),
    (
        &[
            "patient",
            "edit",
            "GRACE",
            "--set",
            "birth=1987",
            "--set",
            "deceased=1986-12-31",
        ],
        "a day before the birth",
    ),
    (
        &["patient", "edit", "GRACE", "--set", "deceased=2199"],
        "a day that has not come yet",
    ),
    (
        &["patient", "add", "--given", "A", "--sex", "f", "--age=-3y"],
        "birth cannot be `-3y`",
    ),
    (
        &["problem", "add", "GRACE", "--text", " "],
        "a problem needs a name",
    ),
    (
        &[
            "problem",
            "add",
            "GRACE",
            "--text",
            "x",
            "--onset",
            "2199-01-01",
        ],
        "a day that has not come yet",
    ),
    (
        &[
            "immunization",
            "add",
            "GRACE",
            "--vaccine",
            "bcg",
            "--date",
            "t+1",
        ],
        "a day that has not come yet",
    ),
    (
        &["visit", "add", "GRACE", "--reason", " "],
        "a visit needs a reason",
    ),
    (
        &[
            "visit",
            "add",
            "GRACE",
            "--reason",
            "x",
            "--note",
            "/dev/null",
            "--sign",
        ],
        "an empty note cannot be signed",
    ),
    (
        &["import", "fhir", "/nowhere.json"],
        "because: `/nowhere.json` cannot be read",
    ),
];

#[test]
fn what_cannot_be_so_is_refused_and_nothing_is_kept_of_it() {
    let home = Home::new();
    let show = ["patient", "show", &home.grace];
    let before = home.json("Leila", &show);
    for (args, what) in REFUSED {
        let args = args.iter().map(|it| {
            if *it == "GRACE" {
                home.grace.as_str()
            } else {
                it
            }
        });
        let args: Vec<&str> = args.collect();
        let who = if args[0] == "import" { "Okot" } else { "Leila" };
        let err = home.refused(who, &args, 3);
        assert!(err.contains(what), "{args:?}: {err}");
    }
    let long = "x".repeat(100_000);
    let err = home.refused("Leila", &["patient", "show", &long], 3);
    assert!(err.len() < 200, "{err}");
    let add = ["patient", "add", "--given", "A", "--sex", "f", "--id", "=2"];
    let err = home.refused("Leila", &add, 2);
    assert!(err.contains("--id passport="), "{err}");
    assert_eq!(home.json("Leila", &show), before);
}

#[test]
fn nothing_is_dated_before_a_birth_that_is_known_and_an_expired_lot_is_told() {
    let home = Home::new();
    let add = [
        "patient",
        "add",
        "--given",
        "A",
        "--sex",
        "f",
        "--born",
        "2020-05-01",
    ];
    let added = home.json("Leila", &add);
    let id = added["patient"].as_str().unwrap();
    let give = ["immunization", "add", id, "--vaccine", "tetanus", "--date"];
    let err = home.refused("Nora", &[&give[..], &["2020-04-30"]].concat(), 3);
    assert!(err.contains("a day before the birth"), "{err}");
    let expired = [&give[..], &["2021-02-01", "--expiry", "2021-01"]].concat();
    let given = home.json("Nora", &expired);
    assert_eq!(given["alerts"][0]["severity"], "warn");
    assert_eq!(given["vaccine"]["code"], "35");
    let good = [&give[..], &["2021-02-01", "--expiry", "2021-02"]].concat();
    assert_eq!(home.json("Nora", &good)["alerts"], json!([]));
}

#[test]
fn a_user_is_not_added_whose_name_nobody_could_tell_from_another() {
    let home = Home::new();
    let file = home.beside("other");
    let long = "x".repeat(65);
    for (name, why) in [
        ("\u{200b}", "a user needs a name"),
        ("No\u{200b}ra", "a user of this name already"),
        ("nora ", "a user of this name already"),
        (long.as_str(), "at most 64 columns"),
    ] {
        let add = [
            "user",
            "add",
            name,
            "--role",
            "nurse",
            "--new-passphrase-file",
        ];
        let err = home.refused("Okot", &[&add[..], &[&file]].concat(), 3);
        assert!(err.contains(why), "{name:?}: {err}");
    }
}

#[test]
fn who_came_without_a_number_is_found_and_opened_by_the_beginning_of_the_id() {
    let home = Home::new();
    let file = home.file(
        "p.json",
        r#"{"resourceType":"Patient","id":"p1","name":[{"family":"Nakibuule"}]}"#,
    );
    home.json("Okot", &["import", "fhir", &file]);
    let line = home.text("Leila", &["patient", "find", "nakibuule"]);
    let handle = line.split_whitespace().next().unwrap();
    let opened = home.json("Leila", &["patient", "show", handle]);
    assert_eq!(opened["person"]["names"][0]["family"], "Nakibuule");
    home.refused("Leila", &["patient", "show", &handle[..4]], 3);
}

#[test]
fn the_values_of_a_line_are_shown_in_the_order_of_the_line() {
    let home = Home::new();
    let line = "t 37.1 hr 72 rr 18 w 64 h 165 spo2 98";
    let made = home.json("Nora", &["vitals", &home.grace, line]);
    let shown = home.json("Leila", &["patient", "show", &home.grace]);
    let ids = |of: &serde_json::Value| -> Vec<String> {
        let rows = of["observations"].as_array().unwrap().iter();
        rows.map(|it| it["id"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(ids(&made).len(), 6);
    assert!(ids(&made).is_sorted(), "{made}");
    assert_eq!(ids(&shown), ids(&made));
}

#[test]
fn verify_tells_an_endpoint_key_that_is_lost_or_another_one() {
    let home = Home::new();
    let verify = ["verify"];
    home.text("Okot", &verify);
    let key = home.path().join("endpoint.key");
    fs::write(&key, [7; 32]).unwrap();
    let err = home.refused("Okot", &verify, 3);
    assert!(err.contains("not the one that it certified"), "{err}");
    fs::remove_file(&key).unwrap();
    let err = home.refused("Okot", &verify, 3);
    assert!(err.contains("endpoint key"), "{err}");
}

#[test]
fn a_language_that_the_program_does_not_speak_is_refused() {
    let home = Home::new();
    let find = ["patient", "find", "okello"];
    let err = home.refused("Nora", &[&find[..], &["--lang", "xx"]].concat(), 2);
    assert!(err.contains("en, fr or es"), "{err}");
    let mut said = home.command("Nora", &find);
    let ran = said.env("CAIRN_LANG", "zz").output().unwrap();
    assert_eq!(ran.status.code(), Some(2));
}
