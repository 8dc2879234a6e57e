//! The list of allergies, by its keys.

use cairn::{
    chart::{Clinical, Criticality, Edit, Remark, Severity, Verification, who::Role},
    say::Lang,
};
use insta::assert_snapshot;

use crate::{
    stage::{allergy, hostile_rows},
    ward::Ward,
};

fn filled(lang: Lang) -> Ward {
    Ward::open(lang, Role::Clinician, |summary| {
        let mut resolved = allergy(4, "Egg", "hives", Severity::Mild);
        resolved.clinical = Clinical::Resolved;
        resolved.entry.remark = Remark("eats eggs since 2022".to_owned());
        let mut wrong = allergy(5, "Iodine", "rash", Severity::Mild);
        wrong.entry.in_error = true;
        wrong.entry.remark = Remark("other patient".to_owned());
        summary.allergies = vec![
            wrong,
            resolved,
            allergy(1, "Sulfonamide antibiotics", "rash", Severity::Mild),
            allergy(2, "Penicillin", "anaphylaxis", Severity::Severe),
        ];
    })
}

#[test]
fn a_severe_allergy_takes_twelve_keys_and_the_banner_follows() {
    let mut ward = Ward::new();
    ward.shows("Allergies: not recorded - ask (a)");
    ward.keys("aapen<Enter>ana<Enter>s<F2>");
    assert!(ward.typed <= 12, "{} keys", ward.typed);
    ward.shows("! ALLERGY: PENICILLIN Anaphylaxis");
    ward.shows("Allergy to Penicillin saved. u undoes");
    let saved = &ward.summary().allergies[0];
    assert_eq!(saved.code.text, "Penicillin");
    assert_eq!(saved.category, "medication");
    assert_eq!(saved.severity(), Some(Severity::Severe));
    assert_eq!(saved.reactions[0].manifestation.text, "Anaphylaxis");
}

#[test]
fn undo_marks_what_was_added_as_entered_in_error() {
    let mut ward = Ward::new();
    ward.keys("aapen<Enter><F2>u");
    ward.shows("Taken back.");
    ward.shows("Allergies: not recorded - ask (a)");
    assert!(ward.summary().allergies[0].entry.in_error);
    ward.shows("Entered in error: taken back at once");
}

#[test]
fn none_known_is_one_key_and_only_while_none_counts() {
    let mut ward = Ward::new();
    ward.keys("a");
    ward.shows("n asked, none known");
    ward.keys("n");
    ward.shows("Allergies: none known (asked today)");
    ward.shows("None known (asked 18-Nov-2025)");
    ward.keys("u");
    ward.shows("Allergies: not recorded - ask (a)");
    let mut some = filled(Lang::English);
    some.keys("an");
    some.hides("asked, none known");
    assert_eq!(some.edits(), []);
}

#[test]
fn words_of_no_list_are_kept_and_marked_as_not_coded() {
    let mut ward = Ward::new();
    ward.keys("aaneem leaf<Tab>");
    ward.shows("not coded");
    ward.keys("itched all over<Tab>o<F2>");
    let saved = &ward.summary().allergies[0];
    assert_eq!(saved.code.text, "neem leaf");
    assert_eq!(saved.category, "");
    assert_eq!(saved.reactions[0].manifestation.text, "itched all over");
}

#[test]
fn an_allergy_that_no_longer_counts_leaves_the_banner_and_says_why() {
    let mut ward = filled(Lang::English);
    ward.keys("ar");
    ward.shows("Does the allergy to Penicillin still count?");
    ward.keys("f<F2>");
    ward.shows("Something is missing");
    ward.keys("took amoxicillin without harm<F2>");
    ward.shows("The allergy to Penicillin no longer counts.");
    ward.hides("ALLERGY: PENICILLIN");
    ward.shows("! ALLERGY: Sulfonamide");
    let penicillin = &ward.summary().allergies[3];
    assert_eq!(penicillin.verification, Verification::Refuted);
    ward.keys("u");
    ward.shows("! ALLERGY: PENICILLIN");
    assert_eq!(
        ward.summary().allergies[3].verification,
        Verification::Confirmed
    );
}

#[test]
fn an_allergy_entered_in_error_stays_in_the_list_with_its_reason() {
    let mut ward = filled(Lang::English);
    ward.keys("a<Down>ewrong chart<F2>");
    ward.shows("Entered in error: wrong chart");
    assert!(ward.summary().allergies[2].entry.in_error);
    let edits = ward.edits();
    assert!(matches!(edits.as_slice(), [Edit::Change { .. }]));
    ward.keys("<Down><Down>e");
    ward.shows("This was entered in error already.");
}

#[test]
fn a_change_keeps_what_it_does_not_name() {
    let mut ward = filled(Lang::English);
    let second = ward.summary().allergies[2].reactions[0].clone();
    let chart = ward.chart.summary.as_mut().unwrap();
    chart.allergies[3].reactions.push(second.clone());
    let open = Ward::open(Lang::English, Role::Clinician, |it| *it = chart.clone());
    ward = open;
    ward.keys("a<Enter><Down><Down><Down>h<F2>");
    let saved = &ward.summary().allergies[3];
    assert_eq!(saved.criticality, Criticality::High);
    assert_eq!(saved.reactions[1], second);
    assert_eq!(saved.onset, "2019".parse().ok());
    assert_eq!(saved.severity(), Some(Severity::Severe));
}

#[test]
fn what_is_typed_survives_esc_and_a_crash() {
    let mut ward = Ward::new();
    ward.keys("aapen<Enter>an");
    let body = ward.draft().unwrap();
    ward.keys("<Esc><Esc>");
    ward.shows("A form was left unfinished: + goes on with it.");
    ward.keys("a");
    ward.shows("An unfinished form is kept");
    ward.keys("<Esc>");
    assert_eq!(ward.stage.newest(draft_saved), body.0);
    ward.shows("Penicillin");
    let mut again = Ward::new();
    again.keys("a");
    again.load(body);
    again.shows("The draft for OKELLO, Grace is taken up where it was left.");
    again.keys("<F2>");
    let saved = &again.summary().allergies[0];
    assert_eq!(
        (saved.code.text.as_str(), saved.category.as_str()),
        ("Penicillin", "medication")
    );
    assert_eq!(saved.reactions[0].manifestation.text, "an");
    assert_eq!(again.draft(), None);
}

fn draft_saved(effect: &cairn::app::Effect) -> Option<String> {
    if let cairn::app::Effect::Draft(cairn::app::draft::Effect::Save { body, .. }) =
        effect
    {
        Some(body.0.clone())
    } else {
        None
    }
}

#[test]
fn a_role_that_may_only_read_has_no_key_that_writes() {
    let mut ward = Ward::open(Lang::English, Role::Hub, |summary| {
        summary.allergies = vec![allergy(1, "Penicillin", "rash", Severity::Mild)];
    });
    ward.keys("a");
    ward.hides("add");
    ward.keys("a<Enter>re+n");
    ward.hides("Allergic to");
    assert_eq!(ward.edits(), []);
}

#[test]
fn allergies_look_so() {
    let mut ward = filled(Lang::English);
    ward.keys("a");
    assert_snapshot!("allergies", ward.stage.picture());
    let mut french = filled(Lang::French);
    french.keys("a");
    assert_snapshot!("allergies-french", french.stage.picture());
    french.keys("apen");
    assert_snapshot!("allergies-add-french", french.stage.picture());
    ward.keys("apen<Enter>ana");
    assert_snapshot!("allergies-add", ward.stage.picture());
    ward.stage = ward.stage.mono();
    assert_snapshot!("allergies-add-mono", ward.stage.picture());
    ward.stage = ward.stage.sized(60, 20);
    assert_snapshot!("allergies-add-small", ward.stage.picture());
    let mut small = filled(Lang::English);
    small.stage = small.stage.sized(60, 20);
    small.keys("a");
    assert_snapshot!("allergies-small", small.stage.picture());
}

#[test]
fn hostile_words_stay_in_their_columns() {
    for row in hostile_rows() {
        let name = row.names[0].family.clone();
        let mut ward = Ward::open(Lang::English, Role::Clinician, |summary| {
            let mut hostile = allergy(1, &name, &name, Severity::Severe);
            hostile.entry.remark = Remark(name.clone());
            summary.allergies = vec![hostile, allergy(2, "Egg", "hives", Severity::Mild)];
        });
        ward.keys("a");
        crate::screens::check_safe(&ward.stage);
        let seen = ward.stage.text();
        let column = |word: &str| {
            let line = seen.lines().rev().find(|it| it.contains(word)).unwrap();
            let before = &line[..line.find(word).unwrap()];
            cairn::text::Shown::line(before).width()
        };
        assert_eq!(column("severe"), column("mild"), "{seen}");
        ward.keys("<Enter>");
        crate::screens::check_safe(&ward.stage);
    }
}

#[test]
fn an_empty_list_hints_at_no_key_that_needs_a_row() {
    for (page, adds) in [("a", "a add"), ("b", "b add"), ("d", "p "), ("i", "i ")] {
        let mut ward = Ward::new();
        ward.keys(page);
        let seen = ward.stage.text();
        let hints = seen.lines().rev().nth(1).unwrap();
        assert!(hints.contains(adds), "{seen}");
        for idle in ["Enter", " e ", " r ", " m "] {
            assert!(!hints.contains(idle), "{idle:?} in {seen}");
        }
    }
}
