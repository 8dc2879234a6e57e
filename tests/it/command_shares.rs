//! `cairn share`: granting by consent, what is shared, taking it back.

use serde_json::{Value, json};

use crate::{cards::golden, command::Home};

/// A command to share Grace's chart with the bearer of the golden card, with these options.
fn grant<'a>(home: &'a Home, options: &'a str) -> Vec<&'a str> {
    let first = ["share", "grant", &home.grace, "--to", "dr wéré"];
    first.into_iter().chain(options.split(' ')).collect()
}

/// One field of each share that is listed, or of each line of the audit of shares.
fn each<'a>(list: &'a Value, field: &str) -> Vec<&'a Value> {
    let all = list.as_array().unwrap().iter();
    all.map(|it| &it[field]).collect()
}

#[test]
fn a_share_is_granted_with_its_consent_listed_and_taken_back() {
    let home = Home::new();
    home.json("Leila", &["card", "add", &golden(), "--verified", "phone"]);
    let options = "--parts summary,visits --until t+7 --purpose TREAT --how verbal \
                   --witness Nora";
    let granted = home.json("Leila", &grant(&home, options));
    assert_eq!(granted["parts"], json!(["summary", "visits"]));
    let consents = home.json("Okot", &["consent", "list", &home.grace]);
    let consent = &consents["consents"][0];
    assert_eq!(consent["id"], granted["consent"]);
    let said = [&consent["state"], &consent["how"], &consent["card"]];
    assert_eq!(said, [&json!("given"), &json!("verbal"), &granted["card"]]);
    let listed = home.json("Nora", &["share", "list"]);
    let share = &listed["shares"][0];
    assert_eq!(share["share"], granted["share"]);
    let told = [&share["patient"], &share["state"], &share["by"]];
    assert_eq!(told, [&json!(home.grace), &json!("live"), &json!("Leila")]);
    assert!(share["name"].as_str().unwrap().contains("Grace"), "{share}");
    // The consent stands, and another share can rest on it.
    let again = home.json("Okot", &grant(&home, "--parts summary --until t+1"));
    assert_eq!(again["consent"], Value::Null);
    let id = granted["share"].as_str().unwrap();
    let revoked = home.json("Nora", &["share", "revoke", &id[..8]]);
    assert_eq!(revoked["share"], id);
    // And what rests on a consent ends with it.
    let name = ["consent", "withdraw", &home.grace, "--to", "Dr Wéré"];
    home.json("Nora", &name);
    let listed = home.json("Okot", &["share", "list"]);
    assert_eq!(each(&listed["shares"], "state"), ["revoked", "revoked"]);
    let audit = home.json("Okot", &["audit", "--patient", &home.grace]);
    let told = audit["entries"].as_array().unwrap().iter();
    let told = told.filter(|it| it["action"] == "share");
    let told: Vec<_> = told.map(|it| &it["object"]["what"]).collect();
    let expected = [
        "summary, visits",
        "summary",
        "taken back: summary, visits",
        "taken back: summary",
    ];
    assert_eq!(told, expected);
}

#[test]
fn what_cannot_be_shared_is_refused_and_leaves_no_consent_behind() {
    let home = Home::new();
    home.json("Leila", &["card", "add", &golden()]);
    let unsure = grant(&home, "--until t+7 --how written");
    let err = home.refused("Leila", &unsure, 3);
    assert!(err.contains("nobody made sure of this card"), "{err}");
    assert!(err.contains("--verified phone"), "{err}");
    home.json("Leila", &["card", "add", &golden(), "--verified", "room"]);
    for (options, code, why) in [
        ("--until t+7", 3, "did not agree to summary"),
        ("--until t+7", 3, "record it with --how"),
        ("--until t+7 --how verbal", 3, "somebody heard it"),
        ("--until t-1 --how written", 3, "over already"),
        ("--until soon --how written", 3, "--until cannot be"),
        (
            "--until t+7 --how written --parts restricted:hiv",
            3,
            "no category `hiv`",
        ),
        (
            "--until t+7 --how written --parts money",
            3,
            "no part of a chart",
        ),
        ("--until t+7 --witness Nora", 2, "--how"),
    ] {
        let err = home.refused("Leila", &grant(&home, options), code);
        assert!(err.contains(why), "{options}: {err}");
    }
    let nobody = [
        "share",
        "grant",
        &home.grace,
        "--to",
        "Dr Who",
        "--until",
        "t+7",
    ];
    home.refused("Leila", &nobody, 3);
    home.refused("Leila", &["share", "revoke", "abcdef01"], 3);
    let consents = home.json("Leila", &["consent", "list", &home.grace]);
    assert_eq!(consents["consents"], json!([]));
    assert_eq!(home.json("Leila", &["share", "list"])["shares"], json!([]));
}
