//! Consent and sharing on the screen, by its keys.

use cairn::{
    chart::{
        Consent, ConsentState, Consents, Decision, Entry, How, Purpose, SharedPart,
        Withdrawal, who::Role,
    },
    ids::RecordId,
    say::Lang,
    time::PartialDate,
};
use insta::assert_snapshot;

use crate::{
    stage::{hostile_rows, now, who},
    ward::Ward,
};

fn day(text: &str) -> PartialDate {
    text.parse().unwrap()
}

fn given(number: u8, to: &str) -> Consent {
    let who = who("N. Ali", Role::Nurse);
    let id = RecordId::from_bytes([number; 16]);
    Consent {
        entry: Entry::new(id, now(), who.user, who.machine),
        decision: Decision::Given,
        state: ConsentState::Active,
        withdrawal: None,
        to: to.to_owned(),
        card: None,
        parts: vec![SharedPart::Summary, SharedPart::Visits],
        shared_from: None,
        shared_until: None,
        purpose: Purpose::Treatment,
        from: None,
        until: Some(day("2025-12-18")),
        how: How::Verbal,
        witness: "N. Ali".to_owned(),
        over: Vec::new(),
    }
}

fn withdrawn(it: Consent) -> Consent {
    let by = it.entry.by;
    it.withdrawn(Withdrawal {
        by,
        at: now(),
        reason: "moved away".to_owned(),
    })
}

fn refused(number: u8, to: &str) -> Consent {
    Consent {
        decision: Decision::Refused,
        parts: Vec::new(),
        until: None,
        how: How::Written,
        witness: String::new(),
        ..given(number, to)
    }
}

/// The chart of somebody who said this before, with the page of consents in front.
fn said(lang: Lang, consents: Vec<Consent>) -> Ward {
    Ward::at(lang, Role::Nurse, |chart| {
        chart.consents = Some(Consents {
            consents,
            ..Consents::default()
        });
    })
}

fn filled(lang: Lang) -> Ward {
    let mut over = given(4, "Mission Hospital");
    over.until = Some(day("2025-03-01"));
    said(
        lang,
        vec![
            given(1, "Dr. Abebe"),
            withdrawn(given(2, "District Hospital")),
            refused(3, ""),
            over,
        ],
    )
}

fn consents(ward: &Ward) -> &[Consent] {
    &ward.chart.consents.as_ref().unwrap().consents
}

#[test]
fn the_usual_consent_takes_twelve_keys_at_most() {
    let mut ward = filled(Lang::English);
    ward.keys("ccdi<Enter><F2>");
    assert!(ward.typed <= 12, "{} keys", ward.typed);
    ward.shows("Recorded: District Hospital may have what was agreed. u undoes");
    let new = consents(&ward).last().unwrap();
    assert_eq!(new.to, "District Hospital");
    assert!(new.parts == [SharedPart::Summary, SharedPart::Visits]);
    assert_eq!(new.until, Some(day("2025-12-18")));
    assert_eq!((new.how, new.witness.as_str()), (How::Verbal, "Dr Okot"));
    assert_eq!(new.purpose, Purpose::Treatment);
    // What was withdrawn before is known, and so is what was refused to everybody.
    assert_eq!(
        new.over,
        [2, 3].map(|number| RecordId::from_bytes([number; 16]))
    );
    ward.keys("u");
    assert!(consents(&ward).last().unwrap().entry.in_error);
}

#[test]
fn everything_of_a_consent_can_be_said() {
    let mut ward = said(Lang::English, Vec::new());
    ward.keys("c+Dr. Hana<Tab>s, r, restricted:hiv<Enter>t+7<Tab>gRuth O.<Tab>r");
    ward.keys("1 1 2025<Tab>asks for a copy<F2>");
    let new = &consents(&ward)[0];
    assert_eq!(
        (new.to.as_str(), new.witness.as_str()),
        ("Dr. Hana", "Ruth O.")
    );
    let apart = SharedPart::Restricted("hiv".to_owned());
    assert!(new.parts == [SharedPart::Summary, SharedPart::Results, apart]);
    assert_eq!((new.how, new.purpose), (How::Guardian, Purpose::Research));
    assert_eq!(
        (new.until, new.shared_from),
        (Some(day("2025-11-25")), Some(day("2025-01-01")))
    );
    assert_eq!(new.entry.remark.0, "asks for a copy");
}

#[test]
fn what_is_lacking_or_wrong_is_said_at_its_field_and_not_saved() {
    for (keys, problem) in [
        ("cc<F2>", "needed"),
        ("ccDr. Hana<Tab>all<F2>", "no part of a chart"),
        ("ccDr. Hana<Tab><Tab>t-1<F2>", "a day that is past"),
        (
            "ccDr. Hana<Tab><Tab>2026<F2>",
            "not one day of the calendar",
        ),
        ("ccDr. Hana<Tab><Tab><Tab>g<F2>", "is the guardian"),
        ("cxDr. Hana<Tab>all<F2>", "no part of a chart"),
    ] {
        let mut ward = said(Lang::English, Vec::new());
        ward.keys(keys);
        ward.shows(problem);
        assert_eq!(ward.edits(), [], "{keys}");
    }
}

#[test]
fn a_consent_is_withdrawn_by_a_letter_of_its_own_and_for_good() {
    let mut ward = filled(Lang::English);
    ward.keys("cwmoved<F2>");
    ward.shows("Withdraw what was given to Dr. Abebe?");
    ward.keys("<Enter>");
    assert_eq!(ward.edits(), []);
    ward.keys("<F2>w");
    ward.shows("Withdrawn: Dr. Abebe.");
    ward.hides("u undoes");
    let it = &consents(&ward)[0];
    assert_eq!(it.state, ConsentState::Withdrawn);
    assert_eq!(it.withdrawal.as_ref().unwrap().reason, "moved");
    ward.shows("Withdrawn 18-Nov-2025: moved.");
    ward.keys("w");
    ward.shows("This was withdrawn.");
}

#[test]
fn a_refusal_is_to_everybody_and_of_everything_where_nothing_else_is_said() {
    let mut ward = said(Lang::English, Vec::new());
    ward.keys("cx<F2>");
    ward.shows("Refusal recorded. u undoes");
    let new = &consents(&ward)[0];
    assert_eq!((new.decision, new.to.as_str()), (Decision::Refused, ""));
    assert!(new.parts.is_empty());
    ward.shows("refused");
    ward.shows("the whole record");
    ward.keys("w");
    ward.shows("This is a refusal.");
}

#[test]
fn a_correction_replaces_and_cannot_be_undone_into_two() {
    let mut ward = said(Lang::English, vec![given(1, "Dr. Abebe")]);
    ward.keys("c<Enter><Tab><Tab>t+3<F2>");
    ward.shows("Corrected: Dr. Abebe.");
    let [old, new] = consents(&ward) else {
        panic!("{} consents", consents(&ward).len());
    };
    assert!(old.entry.in_error);
    assert_eq!(new.entry.replaces, Some(old.entry.id));
    assert_eq!(new.until, Some(day("2025-11-21")));
    assert_eq!(new.witness, "N. Ali");
}

#[test]
fn who_may_not_read_consents_has_no_key_to_them() {
    let mut ward = Ward::open(Lang::English, Role::LabPharmacy, |_| {});
    ward.keys("c");
    ward.hides("Consent and sharing");
}

#[test]
fn consents_look_so() {
    let mut ward = filled(Lang::English);
    ward.keys("c<Down>");
    assert_snapshot!("consents", ward.stage.picture());
    ward.keys("c");
    assert_snapshot!("consents-give", ward.stage.picture());
    ward.stage = ward.stage.mono();
    assert_snapshot!("consents-give-mono", ward.stage.picture());
    let mut asks = filled(Lang::English);
    asks.keys("cw<F2>");
    assert_snapshot!("consents-withdraw", asks.stage.picture());
    let mut small = filled(Lang::English);
    small.stage = small.stage.sized(60, 20);
    small.keys("c");
    assert_snapshot!("consents-small", small.stage.picture());
    for (lang, name) in [(Lang::French, "french"), (Lang::Spanish, "spanish")] {
        let mut other = filled(lang);
        other.keys("c");
        assert_snapshot!(format!("consents-{name}"), other.stage.picture());
        other.keys("c");
        assert_snapshot!(format!("consents-give-{name}"), other.stage.picture());
    }
}

#[test]
fn hostile_words_are_safe() {
    for row in hostile_rows() {
        let name = row.names[0].family.clone();
        let mut hostile = given(1, &name);
        hostile.witness.clone_from(&name);
        hostile.parts = vec![SharedPart::Restricted(name)];
        let mut ward = said(Lang::English, vec![hostile]);
        ward.keys("c");
        crate::screens::check_safe(&ward.stage);
        ward.keys("<Enter>");
        crate::screens::check_safe(&ward.stage);
    }
}
