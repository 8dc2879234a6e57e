//! `cairn card`: showing one's own, keeping those of others.

use std::fs;

use cairn::members::Card;

use crate::{
    cards::{card, elsewhere, golden},
    command::Home,
};

#[test]
fn a_card_goes_to_another_clinic_as_a_file_and_is_made_sure_of() {
    let home = Home::new();
    let file = home.beside("leila.card");
    let shown = home.json("Leila", &["card", "show", "--out", &file]);
    let written = Card::open_file(&fs::read(&file).unwrap()).unwrap();
    assert_eq!(shown["card"], written.id().to_string());
    assert_eq!(shown["words"], written.words().join(" "));
    assert_eq!(shown["text"], written.to_text());
    assert_eq!(
        (&shown["name"], &shown["role"]),
        (&"Leila".into(), &"clinician".into())
    );
    // A file that is there is not written over.
    home.refused("Leila", &["card", "show", "--out", &file], 3);
    let piped = home.piped("Leila", &["card", "show"], "");
    assert!(piped.out.contains(&written.to_text()), "{}", piped.out);

    let (_folder, were) = elsewhere();
    let theirs = were.card().unwrap();
    let message = home.file("message", &format!("Hello\n{}", theirs.to_text()));
    let added = home.json("Leila", &["card", "add", &message]);
    assert_eq!(added["verified"], "not");
    assert_eq!(added["words"], theirs.words().join(" "));
    let again = ["card", "add", &message, "--verified", "phone"];
    assert_eq!(home.json("Okot", &again)["verified"], "phone");
    let listed = home.json("Nora", &["card", "list"]);
    let cards = listed["cards"].as_array().unwrap();
    assert_eq!(cards.len(), 1);
    assert_eq!(cards[0]["name"], "Dr Were");
    assert_eq!(
        (&cards[0]["by"], &cards[0]["replaced"]),
        (&"Okot".into(), &false.into())
    );
    let audit = home.json("Okot", &["audit"]);
    let kept = audit["entries"].as_array().unwrap().iter();
    let kept = kept.filter(|it| it["action"] == "card-kept");
    let how: Vec<_> = kept.map(|it| &it["object"]["verified"]).collect();
    assert_eq!(how, ["not", "phone"]);
}

#[test]
fn what_is_no_card_is_refused_by_its_name_and_keeps_nothing() {
    let home = Home::new();
    let own = home.beside("own.card");
    home.json("Okot", &["card", "show", "--out", &own]);
    let mut bytes = fs::read(golden()).unwrap();
    let last = bytes.len() - 1;
    bytes[last] ^= 1;
    let forged = home.beside("forged.card");
    fs::write(&forged, bytes).unwrap();
    let large = home.file("large.card", &"x".repeat(70_000));
    let none = home.file("none.card", "Good morning");
    for (file, why) in [
        (&own, "a card of the clinic's own"),
        (&forged, "no card could be read from"),
        (&large, "it is too large for a card"),
        (&none, "no card in it"),
        (&home.beside("nowhere.card"), "no card could be read from"),
    ] {
        let err = home.refused("Leila", &["card", "add", file], 3);
        assert!(err.contains(why), "{err}");
    }
    let listed = home.json("Leila", &["card", "list"]);
    assert_eq!(listed["cards"].as_array().unwrap().len(), 0);
    assert_eq!(card().machines().count(), 2);
}
