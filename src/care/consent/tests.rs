//! Consents against each other, row by row.

use super::*;
use crate::{
    chart::{Disagreement, Entry, How, Kind, Purpose, Withdrawal},
    ids::{LogId, UserId},
    time::Moment,
};

const CARD: Hash = Hash::from_bytes([1; 32]);
const OTHER_CARD: Hash = Hash::from_bytes([2; 32]);

fn id(number: u8) -> RecordId {
    RecordId::from_bytes([number; 16])
}

fn day(text: &str) -> PartialDate {
    text.parse().unwrap()
}

/// To Dr Abebe, the summary and the visits, in June.
fn given(number: u8) -> Consent {
    Consent {
        entry: Entry::new(id(number), Moment::default(), UserId::ZERO, LogId::ZERO),
        decision: Decision::Given,
        state: ConsentState::Active,
        withdrawal: None,
        to: "Dr. Abebe".to_owned(),
        card: None,
        parts: vec![SharedPart::Summary, SharedPart::Visits],
        shared_from: None,
        shared_until: None,
        purpose: Purpose::Treatment,
        from: Some(day("2025-06-01")),
        until: Some(day("2025-06-30")),
        how: How::Written,
        witness: String::new(),
        over: Vec::new(),
    }
}

fn refused(number: u8) -> Consent {
    Consent {
        decision: Decision::Refused,
        parts: Vec::new(),
        from: None,
        until: None,
        ..given(number)
    }
}

fn withdrawn(it: Consent) -> Consent {
    it.withdrawn(Withdrawal {
        by: UserId::ZERO,
        at: Moment::default(),
        reason: "moved away".to_owned(),
    })
}

fn in_error(mut it: Consent) -> Consent {
    it.entry.in_error = true;
    it
}

fn replacing(mut it: Consent, number: u8) -> Consent {
    it.entry.replaces = Some(id(number));
    it
}

/// The answer in one word.
fn said(among: &Consents, name: &str, part: &SharedPart, on: &str) -> &'static str {
    let to = Recipient { name, card: None };
    match answer(among, (to, part), day(on)) {
        Answer::Given(_) => "given",
        Answer::NotAsked => "not asked",
        Answer::Refused(_) => "refused",
        Answer::Withdrawn(_) => "withdrawn",
        Answer::NotYet(_) => "not yet",
        Answer::Expired(_) => "expired",
    }
}

/// In whatever order the consents come.
#[track_caller]
fn check(consents: &[Consent], expected: &str) {
    let mut consents = consents.to_vec();
    let turn = 1.min(consents.len());
    for _ in 0..consents.len().max(1) {
        let among = Consents {
            consents: consents.clone(),
            ..Consents::default()
        };
        let answer = said(&among, "Dr. Abebe", &SharedPart::Summary, "2025-06-15");
        assert_eq!(answer, expected);
        consents.rotate_left(turn);
    }
}

#[test]
fn what_was_said_against_it_beats_what_was_given() {
    check(&[], "not asked");
    check(&[given(1)], "given");
    check(&[refused(1)], "refused");
    check(&[given(1), refused(2)], "refused");
    check(&[withdrawn(given(1))], "withdrawn");
    check(&[withdrawn(given(1)), given(2)], "withdrawn");
    check(&[withdrawn(given(1)), given(2), refused(3)], "refused");
    check(&[in_error(given(1))], "not asked");
    check(&[in_error(refused(1)), given(2)], "given");
    check(&[in_error(withdrawn(given(1))), given(2)], "given");
}

#[test]
fn a_later_consent_sets_aside_what_its_writer_knew_and_nothing_else() {
    let over = |of: &[u8]| Consent {
        over: of.iter().copied().map(id).collect(),
        ..given(9)
    };
    check(&[refused(1), over(&[1])], "given");
    check(&[withdrawn(given(1)), over(&[1])], "given");
    check(&[withdrawn(given(1)), refused(2), over(&[1])], "refused");
    check(&[refused(1), in_error(over(&[1]))], "refused");
    check(&[refused(1), withdrawn(over(&[1]))], "withdrawn");
}

#[test]
fn a_refusal_to_all_is_set_aside_for_one_person_and_their_parts_alone() {
    let nobody = Consent {
        to: String::new(),
        ..refused(1)
    };
    let among = Consents {
        consents: vec![
            nobody,
            Consent {
                over: vec![id(1)],
                ..given(2)
            },
        ],
        ..Consents::default()
    };
    for (name, part, expected) in [
        ("Dr. Abebe", SharedPart::Summary, "given"),
        ("Dr. Abebe", SharedPart::Results, "refused"),
        ("Dr. Bekele", SharedPart::Summary, "refused"),
    ] {
        assert_eq!(said(&among, name, &part, "2025-06-15"), expected, "{name}");
    }
    let first = &among.consents[0];
    assert_eq!(state(first, &among, day("2025-06-15")), State::Refused);
}

#[test]
fn a_consent_that_something_stands_against_does_not_read_as_given() {
    let visits = Consent {
        parts: vec![SharedPart::Visits],
        ..refused(2)
    };
    for (against, expected) in [
        (refused(2), State::Overruled),
        (withdrawn(given(2)), State::Overruled),
        (visits, State::Given),
        (in_error(refused(2)), State::Given),
    ] {
        let among = Consents {
            consents: vec![given(1), against],
            ..Consents::default()
        };
        let first = &among.consents[0];
        assert_eq!(state(first, &among, day("2025-06-15")), expected);
    }
}

#[test]
fn a_correction_is_withdrawn_with_what_it_corrects() {
    let old = in_error(withdrawn(given(1)));
    check(&[old.clone(), replacing(given(2), 1)], "withdrawn");
    let chain = [
        old,
        in_error(replacing(given(2), 1)),
        replacing(given(3), 2),
    ];
    check(&chain, "withdrawn");
    let circle = [replacing(given(1), 2), replacing(given(2), 1)];
    check(&circle, "given");
}

#[test]
fn a_consent_holds_from_its_first_day_to_its_last() {
    let among = Consents {
        consents: vec![given(1)],
        ..Consents::default()
    };
    for (on, expected) in [
        ("2025-05-31", "not yet"),
        ("2025-06-01", "given"),
        ("2025-06-30", "given"),
        ("2025-07-01", "expired"),
    ] {
        let answer = said(&among, "Dr. Abebe", &SharedPart::Summary, on);
        assert_eq!(answer, expected, "{on}");
    }
    let no_end = Consent {
        until: None,
        ..given(1)
    };
    check(&[no_end], "expired");
    let over = Consent {
        until: Some(day("2025-06-02")),
        ..refused(1)
    };
    check(&[over], "not asked");
}

#[test]
fn a_consent_is_for_the_parts_and_the_person_that_it_names() {
    let kept_apart = SharedPart::Restricted("hiv".to_owned());
    let some = Consents {
        consents: vec![given(1)],
        ..Consents::default()
    };
    let all_refused = Consents {
        consents: vec![Consent {
            to: String::new(),
            ..refused(1)
        }],
        ..Consents::default()
    };
    for (among, name, part, expected) in [
        (&some, "dr abebe", &SharedPart::Visits, "given"),
        (&some, "DR. ABEBE ", &SharedPart::Visits, "given"),
        (&some, "Dr. Abebe", &SharedPart::Results, "not asked"),
        (&some, "Dr. Abebe", &kept_apart, "not asked"),
        (&some, "Dr. Bekele", &SharedPart::Summary, "not asked"),
        (&all_refused, "Dr. Bekele", &SharedPart::Results, "refused"),
        (&all_refused, "Dr. Bekele", &kept_apart, "refused"),
    ] {
        let answer = said(among, name, part, "2025-06-15");
        assert_eq!(answer, expected, "{name} {}", part.word());
    }
}

#[test]
fn a_yes_to_a_card_is_to_that_card_alone_and_a_no_to_the_name_too() {
    let with = |it: Consent| Consent {
        card: Some(CARD),
        ..it
    };
    let to = |name, card| Recipient { name, card };
    for (consent, to, expected) in [
        (with(given(1)), to("Dr. Abebe", Some(CARD)), true),
        (with(given(1)), to("A.", Some(CARD)), true),
        (with(given(1)), to("Dr. Abebe", Some(OTHER_CARD)), false),
        (given(1), to("Dr. Abebe", Some(OTHER_CARD)), true),
        (with(refused(1)), to("Dr. Abebe", Some(OTHER_CARD)), true),
        (with(refused(1)), to("A.", Some(CARD)), true),
        (with(refused(1)), to("A.", Some(OTHER_CARD)), false),
    ] {
        assert_eq!(is_to(&consent, to), expected);
    }
}

#[test]
fn a_withdrawal_that_does_not_count_and_a_refusal_in_doubt_are_heeded() {
    let doubted = Consents {
        consents: vec![given(1)],
        feared: [id(1)].into(),
        ..Consents::default()
    };
    let summary = SharedPart::Summary;
    assert_eq!(
        said(&doubted, "Dr. Abebe", &summary, "2025-06-15"),
        "withdrawn"
    );
    let unsure = Consents {
        consents: vec![in_error(refused(1))],
        versions: vec![Disagreement {
            kind: Kind::Consent,
            record: id(1),
            field: "err".to_owned(),
            versions: Vec::new(),
            before: None,
        }],
        ..Consents::default()
    };
    assert_eq!(
        said(&unsure, "Dr. Abebe", &summary, "2025-06-15"),
        "refused"
    );
}

#[test]
fn what_is_given_now_sets_aside_what_stands_against_the_same_person() {
    let among = Consents {
        consents: vec![
            refused(1),
            withdrawn(given(2)),
            given(3),
            in_error(refused(4)),
            Consent {
                to: "Dr. Bekele".to_owned(),
                ..refused(5)
            },
        ],
        ..Consents::default()
    };
    let today = day("2025-06-15");
    let known = set_aside_by(&given(6), None, (&among, today));
    assert_eq!(known, [id(1), id(2)]);
    let wrong = Consent {
        over: vec![id(7), id(2)],
        ..given(6)
    };
    let known = set_aside_by(&given(8), Some(&wrong), (&among, today));
    assert_eq!(known, [id(1), id(2), id(7)]);
    assert_eq!(set_aside_by(&refused(6), None, (&among, today)), []);
}
