//! What each role may do with each command. What is denied ends with 4, says so, and changes
//! nothing.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::{
    cards::golden,
    command::{Home, NOTE, STAFF},
};

/// A command, and for each of the staff in their order (owner, clinician, nurse, laboratory
/// and pharmacy, front desk, auditor) whether they may: `x` or `-`.
type Row = (&'static [&'static str], &'static str);

/// `GRACE`, `NOTE`, `OTHER`, `CARD` and `FHIR` stand for the patient's id and for files.
const COMMANDS: &[Row] = &[
    (&["patient", "find", "okello"], "x x x x x -"),
    (&["patient", "show", "GRACE"], "x x x x x -"),
    (
        &["patient", "add", "--given", "New", "--sex", "f"],
        "x x x x x -",
    ),
    (
        &["patient", "edit", "GRACE", "--set", "phone=07"],
        "x x x x x -",
    ),
    (&["vitals", "GRACE", "hr 72"], "x x x x - -"),
    (&["vitals", "GRACE", "-"], "x x x x - -"),
    (
        &["visit", "add", "GRACE", "--reason", "cough"],
        "x x x x - -",
    ),
    (
        &[
            "visit", "add", "GRACE", "--reason", "cough", "--note", "NOTE",
        ],
        "x x x - - -",
    ),
    (
        &["problem", "add", "GRACE", "--text", "Cough"],
        "x x x x - -",
    ),
    (
        &["allergy", "add", "GRACE", "--substance", "dust"],
        "x x x x - -",
    ),
    (
        &["immunization", "add", "GRACE", "--vaccine", "BCG"],
        "x x x x - -",
    ),
    (
        &[
            "med",
            "add",
            "GRACE",
            "--drug",
            "zinc 20 mg",
            "--dose",
            "1 od",
        ],
        "x x - - - -",
    ),
    (&["import", "fhir", "FHIR"], "x x x - - -"),
    (&["card", "show"], "x x x x - -"),
    (
        &["card", "add", "CARD", "--verified", "phone"],
        "x x - - - -",
    ),
    (&["card", "list"], "x x x x x -"),
    (
        &[
            "share",
            "grant",
            "GRACE",
            "--to",
            "Dr Wéré",
            "--until",
            "t+7",
            "--how",
            "written",
        ],
        "x x - - - -",
    ),
    (&["share", "list"], "x x x - - -"),
    (&["verify"], "x x x x x -"),
    (&["audit"], "x - - - - x"),
    (&["audit", "--patient", "GRACE"], "x - - - - x"),
    (&["disclosures", "GRACE"], "x - - - - x"),
    (&["review", "list"], "x - - - - x"),
    (&["review", "done", "--all"], "x - - - - -"),
    (
        &["emergency", "GRACE", "--reason", "not conscious"],
        "x x x x - -",
    ),
    (&["user", "list"], "x x x x x x"),
    (
        &[
            "user",
            "add",
            "Zoe",
            "--role",
            "nurse",
            "--new-passphrase-file",
            "OTHER",
        ],
        "x - - - - -",
    ),
    (&["user", "role", "Leila", "clinician"], "x - - - - -"),
    (&["user", "remove", "Leila"], "x - - - - -"),
];

fn filled(home: &Home, args: &[&str]) -> Vec<String> {
    let fhir = r#"{"resourceType":"Patient","id":"z","name":[{"given":["Zed"]}]}"#;
    let each = args.iter().map(|it| match *it {
        "GRACE" => home.grace.clone(),
        "NOTE" => home.file("note", "S: Cough"),
        "OTHER" => home.beside("other"),
        "CARD" => golden(),
        "FHIR" => home.file("zed.json", fhir),
        plain => plain.to_owned(),
    });
    each.collect()
}

/// Everything that the owner sees of patients and users, but not who read it.
fn all(home: &Home) -> Vec<Value> {
    [
        &["patient", "find", "", "--limit", "100"][..],
        &["patient", "show", &home.grace],
        &["user", "list"],
    ]
    .into_iter()
    .map(|args| home.json("Okot", args))
    .collect()
}

#[test]
fn what_a_role_may_not_do_is_denied_by_every_command_and_changes_nothing() {
    let home = Home::new();
    let before = all(&home);
    for (args, may) in COMMANDS {
        let args = filled(&home, args);
        let args: Vec<&str> = args.iter().map(String::as_str).collect();
        for ((user, role), may) in STAFF.iter().zip(may.split(' ')) {
            if may == "-" {
                let err = home.refused(user, &args, 4);
                let why =
                    format!("not allowed: the role {} does not include it", role.name());
                assert!(err.contains(&why), "{user} {args:?}: {err}");
            }
        }
    }
    assert_eq!(all(&home), before);
}

#[test]
fn what_a_role_may_do_is_done() {
    let home = Home::new();
    // Nobody can act after they were removed.
    let (removing, others): (Vec<&Row>, Vec<&Row>) = COMMANDS
        .iter()
        .partition(|(args, _)| args.contains(&"remove"));
    for (args, may) in others.into_iter().chain(removing) {
        let args = filled(&home, args);
        let mut args: Vec<&str> = args.iter().map(String::as_str).collect();
        if args.get(1) == Some(&"add") && args[0] == "patient" {
            args.push("--force");
        }
        for ((user, _), may) in STAFF.iter().zip(may.split(' ')) {
            if may == "x" {
                home.text(user, &[&args[..], &["--json"]].concat());
            }
        }
    }
    let shown = home.json("Nora", &["patient", "show", &home.grace]);
    let count = |part: &str| shown[part].as_array().unwrap().len();
    let counts = ["observations", "visits", "notes", "problems"].map(count);
    assert_eq!(counts, [4, 7, 4, 4]);
    assert_eq!((count("medications"), count("immunizations")), (2, 4));
}

#[test]
fn a_chart_holds_for_each_role_the_parts_that_it_may_read() {
    let home = Home::new();
    home.json("Okot", &["vitals", &home.grace, "hr 72"]);
    let parts = |user: &str| -> (BTreeSet<String>, String) {
        let shown = home.json(user, &["patient", "show", &home.grace]);
        let keys = shown.as_object().unwrap().keys().cloned().collect();
        (keys, shown.to_string())
    };
    let (all, text) = parts("Okot");
    assert!(text.contains(NOTE) && text.contains("Penicillin"));
    for user in ["Leila", "Nora"] {
        assert_eq!(parts(user).0, all, "{user}");
    }
    let (laboratory, text) = parts("Esther");
    let lacking: Vec<&String> = all.difference(&laboratory).collect();
    assert_eq!(lacking, ["consents", "notes"]);
    assert!(!text.contains(NOTE) && text.contains("Penicillin"));
    let (desk, text) = parts("Amina");
    let expected = ["patient", "person", "versions"].map(str::to_owned);
    assert_eq!(desk, BTreeSet::from(expected));
    assert!(!text.contains("Penicillin") && text.contains("Okello"));
    for user in ["Esther", "Amina"] {
        let text = home.text(user, &["patient", "show", &home.grace]);
        assert!(!text.contains("Wheeze"), "{user}: {text}");
    }
}
