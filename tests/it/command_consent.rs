//! Consents by commands: who may, what they give as JSON, and the paper to sign.

use serde_json::{Value, json};

use crate::{
    cards::golden,
    command::{Home, is_id},
};

fn give<'a>(home: &'a Home, more: &[&'a str]) -> Vec<&'a str> {
    let given = [
        "consent",
        "give",
        &home.grace,
        "--to",
        "Dr. Abebe",
        "--until",
    ];
    [&given[..], more].concat()
}

fn listed(home: &Home) -> Vec<Value> {
    let shown = home.json("Nora", &["consent", "list", &home.grace]);
    shown["consents"].as_array().unwrap().clone()
}

fn states(home: &Home) -> Vec<String> {
    let states = listed(home).into_iter().map(|it| it["state"].clone());
    states.map(|it| it.as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_consent_is_given_listed_and_withdrawn_and_audited() {
    let home = Home::new();
    let until = give(&home, &["t+1m", "--how", "verbal", "--witness", "Nora"]);
    let made = home.json("Leila", &until);
    assert!(is_id(&made["consent"]));
    assert_eq!(made["state"], "given");
    let all = listed(&home);
    let it = &all[0];
    assert_eq!(it["to"], "Dr. Abebe");
    assert_eq!(it["parts"], json!(["summary", "visits"]));
    assert_eq!(
        (&it["purpose"], &it["how"]),
        (&json!("TREAT"), &json!("verbal"))
    );
    assert_eq!(it["witness"], "Nora");
    let shown = home.json("Leila", &["patient", "show", &home.grace]);
    assert_eq!(shown["consents"][0], *it);

    let withdraw = ["consent", "withdraw", &home.grace, "--to", "dr. abebe"];
    let withdraw = [&withdraw[..], &["--reason", "moved away"]].concat();
    let withdrawn = home.json("Nora", &withdraw);
    assert_eq!(withdrawn["withdrawn"], json!([made["consent"]]));
    let it = &listed(&home)[0];
    assert_eq!(it["state"], "withdrawn");
    assert_eq!(it["withdrawal"]["reason"], "moved away");
    assert_eq!(it["withdrawal"]["by_name"], "Nora");
    home.refused("Nora", &withdraw, 3);

    let told = home.json("Okot", &["disclosures", &home.grace]);
    let told = told.to_string();
    assert!(told.contains("given: summary, visits"), "{told}");
    assert!(told.contains("withdrawn: summary, visits"), "{told}");
    let audit = home.json("Okot", &["audit"]);
    let rows = audit["entries"].as_array().unwrap().iter();
    let consents = rows.filter(|it| it["action"] == "consent");
    assert_eq!(consents.count(), 2);
}

#[test]
fn what_was_refused_is_set_aside_by_what_is_agreed_to_later() {
    let home = Home::new();
    home.json(
        "Nora",
        &["consent", "refuse", &home.grace, "--to", "Dr Abebe"],
    );
    assert_eq!(states(&home), ["refused"]);
    home.json("Nora", &give(&home, &["t+7"]));
    // Of the other parts it is refused still.
    assert_eq!(states(&home), ["given", "refused"]);
    let all = listed(&home);
    assert_eq!(all[0]["sets_aside"], json!([all[1]["id"]]));
}

#[test]
fn a_correction_replaces_a_consent_that_was_not_withdrawn() {
    let home = Home::new();
    let first = home.json("Nora", &give(&home, &["t+7"]));
    let wrong = first["consent"].as_str().unwrap().to_owned();
    let right = [
        "t+9",
        "--corrects",
        &wrong,
        "--parts",
        "results,restricted:hiv",
    ];
    home.json("Nora", &give(&home, &right));
    assert_eq!(states(&home), ["given", "in-error"]);
    let all = listed(&home);
    assert_eq!(all[0]["replaces"], *wrong);
    assert_eq!(all[0]["parts"], json!(["results", "restricted:hiv"]));
    let id = all[0]["id"].as_str().unwrap();
    home.json(
        "Nora",
        &["consent", "withdraw", &home.grace, "--consent", id],
    );
    home.refused("Nora", &give(&home, &["t+9", "--corrects", id]), 3);
}

#[test]
fn a_consent_that_lacks_something_or_may_not_be_written_is_refused() {
    let home = Home::new();
    for bad in [
        &["t-1"][..],
        &["2031"],
        &["nonsense"],
        &["t+7", "--parts", "everything"],
        &["t+7", "--parts", ""],
        &["t+7", "--how", "verbal"],
        &["t+7", "--how", "guardian", "--witness", " "],
        &["t+7", "--from", "t+8"],
        &["t+7", "--corrects", "00"],
    ] {
        home.refused("Nora", &give(&home, bad), 3);
    }
    home.refused("Nora", &give(&home, &["t+7", "--purpose", "FUN"]), 2);
    for user in ["Esther", "Amina", "Odile"] {
        home.refused(user, &give(&home, &["t+7"]), 4);
        home.refused(user, &["consent", "list", &home.grace], 4);
        home.refused(user, &["consent", "print", &home.grace], 4);
    }
    let shown = home.json("Esther", &["patient", "show", &home.grace]);
    assert_eq!(shown.get("consents"), None);
    assert!(listed(&home).is_empty());
}

#[test]
fn the_paper_to_sign_says_whose_to_whom_what_and_until_in_eighty_columns() {
    let home = Home::new();
    home.refused("Nora", &["consent", "print", &home.grace], 3);
    let until = give(
        &home,
        &["2125-06-30", "--how", "guardian", "--witness", "Ruth"],
    );
    home.json("Nora", &until);
    let paper = home.text("Nora", &["consent", "print", &home.grace]);
    let told = home.json("Okot", &["disclosures", &home.grace]);
    let told = told["disclosures"].as_array().unwrap().iter();
    let printed: Vec<_> = told.filter(|it| it["action"] == "print").collect();
    assert_eq!(printed.len(), 1);
    assert_eq!(printed[0]["what"], "consent to sign");
    assert_eq!(printed[0]["by_name"], "Nora");
    for said in [
        "OKELLO",
        "Dr. Abebe",
        "summary",
        "30-Jun-2125",
        "Ruth",
        "Guardian  ",
    ] {
        assert!(paper.contains(said), "{said}: {paper}");
    }
    assert!(paper.lines().all(|it| it.chars().count() <= 80), "{paper}");
    let french = ["consent", "print", &home.grace, "--lang", "fr"];
    let french = home.text("Nora", &french);
    assert!(french.contains("30-juin-2125"), "{french}");
    assert!(french.contains("J'accepte"), "{french}");
}

#[test]
fn a_consent_to_the_bearer_of_a_card_names_the_card() {
    let home = Home::new();
    let unknown = [
        "consent",
        "give",
        &home.grace,
        "--until",
        "t+7",
        "--card",
        "Wéré",
    ];
    home.refused("Nora", &unknown, 3);
    let card = home.json("Leila", &["card", "add", &golden()]);
    let given = [
        "consent",
        "give",
        &home.grace,
        "--until",
        "t+7",
        "--card",
        "Dr Wéré",
    ];
    home.json("Nora", &given);
    let all = listed(&home);
    assert_eq!(all[0]["to"], "Dr Wéré");
    assert_eq!(all[0]["card"], card["card"]);
    let nobody = ["consent", "give", &home.grace, "--until", "t+7"];
    home.refused("Nora", &nobody, 2);
}
