//! Names that try to command the terminal: they are kept as given, and printed safely by
//! every command, also inside errors.

use cairn::text::is_invisible;
use serde_json::{Value, json};

use crate::command::{Home, Ran};

fn names() -> Vec<String> {
    let marks: String = std::iter::repeat_n('\u{301}', 2000).collect();
    [
        "\u{1b}]0;owned\u{7}\u{1b}[2J\u{1b}[31mRed".to_owned(),
        "a\u{9b}31mb\u{90}q\u{9c}c\u{7f}d\rover\tprinted\nnew line".to_owned(),
        "abc\u{202e}cba\u{2066}x\u{2069}\u{200f}".to_owned(),
        format!("Zal{marks}go"),
        "👩🏽‍⚕️🇺🇬 Emoji 🧑‍🍼".to_owned(),
        "x".repeat(300),
        "ኣበበ ሰላም محمد मीना".to_owned(),
        "\u{feff}\u{200b}\u{e0041}\u{fffe}\u{2028}Tag".to_owned(),
        "--family; $(id) `id` '\"\\".to_owned(),
    ]
    .into()
}

/// Whether a terminal takes the text for what it is: no character that it would obey but the
/// ends of lines, and, but for JSON, not more marks on a letter than it can draw.
#[track_caller]
fn is_plain(text: &str) {
    let bad = text.chars().find(|it| *it != '\n' && is_invisible(*it));
    assert_eq!(bad, None, "{}", text.escape_debug());
    if serde_json::from_str::<Value>(text).is_ok() {
        return;
    }
    let marks = text.chars().filter(|it| *it == '\u{301}').count();
    assert!(marks < 100, "{marks} marks");
}

#[track_caller]
fn both_are_plain(ran: &Ran) {
    is_plain(&ran.out);
    is_plain(&ran.err);
}

#[test]
fn a_hostile_name_is_kept_and_printed_safely_by_every_command() {
    let home = Home::new();
    for name in names() {
        let add = ["patient", "add", "--sex", "f", "--force", "--json"];
        let family = format!("--family={name}");
        let more = [family.as_str(), "--given=A", "--village", "Gulu"];
        let added = home.run("Amina", &[&add[..], &more].concat());
        assert_eq!(added.code, Some(0), "{}", added.err);
        both_are_plain(&added);
        let id = added.document()["patient"].as_str().unwrap().to_owned();
        let allergy = [
            "allergy",
            "add",
            &id,
            &format!("--substance={name}"),
            &format!("--reaction={name}"),
        ];
        for args in [
            &["patient", "find", "gulu", "--limit", "100"][..],
            &["patient", "show", &id],
            &["patient", "edit", &id, "--set", &format!("contact={name}")],
            &allergy,
            &["problem", "add", &id, &format!("--text={name}")],
            &["visit", "add", &id, &format!("--reason={name}")],
            &["immunization", "add", &id, &format!("--vaccine={name}")],
            &[
                "med",
                "add",
                &id,
                &format!("--drug={name}"),
                "--dose=1 od",
                "--override=x",
            ],
            &["patient", "show", &id],
        ] {
            for json in [&[][..], &["--json"]] {
                let ran = home.run("Okot", &[args, json].concat());
                assert_eq!(ran.code, Some(0), "{args:?}: {}", ran.err);
                both_are_plain(&ran);
            }
        }
        let shown = home.json("Okot", &["patient", "show", &id]);
        assert_eq!(shown["person"]["names"][0]["family"], json!(name.trim()));
        assert_eq!(shown["visits"][0]["reason"]["text"], json!(name.trim()));
    }
}

#[test]
fn hostile_words_are_safe_inside_errors() {
    let home = Home::new();
    let add = [
        "patient",
        "add",
        "--given",
        "Ann",
        "--village",
        "Gulu",
        "--sex",
    ];
    for name in names() {
        let file = home.beside("no/such");
        let edit = format!("--set={name}");
        for (args, code) in [
            (&["patient", "show", "--", &name][..], 3),
            (&["vitals", &home.grace, "--", &name], 3),
            (
                &[
                    "med",
                    "add",
                    &home.grace,
                    "--drug=x",
                    &format!("--dose={name}"),
                ],
                3,
            ),
            (
                &["problem", "add", &home.grace, &format!("--code={name}")],
                3,
            ),
            (&[&add[..], &[&name]].concat(), 3),
            (&["patient", "edit", &home.grace, &edit], 2),
            (&["patient", "find", "x", &format!("--user={name}")], 4),
            (
                &["patient", "find", "x", &format!("--home={file}{name}")],
                2,
            ),
            (
                &[
                    "patient",
                    "find",
                    "x",
                    &format!("--passphrase-file={file}{name}"),
                ],
                2,
            ),
            (&["import", "fhir", &format!("{file}{name}")], 3),
            (&["user", "add", "x", &format!("--role={name}")], 2),
            (&["--", &name], 2),
        ] {
            let ran = home.run("Okot", args);
            let said = ran.err.escape_debug().to_string();
            // A name that begins like an option may be one.
            let refused = ran.code == Some(code) || ran.code == Some(2);
            assert!(refused, "{:?} {args:?}: {said}", ran.code);
            ran.is_told();
            both_are_plain(&ran);
        }
    }
}

#[test]
fn a_likely_duplicate_with_a_hostile_name_is_listed_safely() {
    let home = Home::new();
    let name = "\u{1b}[2JOkello\u{202e}";
    let add = [
        "patient", "add", "--family", name, "--given", "Grace", "--sex", "f",
    ];
    let more = ["--phone", "0772123456", "--village", "Kijani"];
    let all = [&add[..], &more].concat();
    home.text("Amina", &[&all[..], &["--force"]].concat());
    for json in [&[][..], &["--json"]] {
        let ran = home.run("Amina", &[&all[..], json].concat());
        assert_eq!(ran.code, Some(3), "{}", ran.err);
        ran.is_told();
        both_are_plain(&ran);
    }
}
