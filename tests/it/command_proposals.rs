//! `cairn proposal`: what there is to decide, and who may.

use serde_json::json;

use crate::command::Home;

#[test]
fn nothing_is_proposed_where_nothing_was_shared_and_unknown_names_are_refused() {
    let home = Home::new();
    let listed = home.json("Okot", &["proposal", "list", "--all"]);
    assert_eq!(listed, json!({ "proposals": [] }));
    let of_one = home.json("Nora", &["proposal", "list", &home.grace]);
    assert_eq!(of_one, listed);
    let shown = home.json("Okot", &["patient", "show", &home.grace]);
    assert_eq!(shown["proposals"], json!([]));
    for command in [
        &["proposal", "show", "0123456789"][..],
        &["proposal", "accept", "0123456789"],
        &["proposal", "decline", "0123456789", "--why", "no"],
    ] {
        let err = home.refused("Okot", command, 3);
        assert!(err.contains("there is no such proposal"), "{err}");
    }
}

#[test]
fn a_nurse_sees_what_is_proposed_and_does_not_decide() {
    let home = Home::new();
    home.json("Nora", &["proposal", "list"]);
    let why = ["proposal", "decline", "0123456789", "--why", "no"];
    home.refused("Nora", &why, 4);
    home.refused("Nora", &["proposal", "accept", "0123456789"], 4);
    home.refused("Amina", &["proposal", "list"], 4);
}
