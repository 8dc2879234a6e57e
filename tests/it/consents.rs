//! Consents in a document: how they stand there, and what two machines say apart.

use automerge::{Automerge, ROOT, ReadDoc as _};
use cairn::{
    care::consent::{State, state},
    chart::{
        Consent, ConsentState, Consents, Decision, How, Kind, Origin, Part, Purpose,
        Record, Withdrawal,
    },
    doc::View,
    ids::UserId,
};

use crate::{
    merge::{Machine, edit, meet},
    samples::{self, Variant},
};

/// To Dr Abebe, for the whole of June.
fn given(number: u64) -> Consent {
    let full = samples::full(
        Kind::Consent,
        samples::id(number),
        Origin::Own,
        Variant::Two,
    );
    let Record::Consent(full) = full else {
        panic!("another kind");
    };
    let mut entry = full.entry;
    entry.in_error = false;
    entry.replaces = None;
    Consent {
        entry,
        decision: Decision::Given,
        to: "Dr. Abebe".to_owned(),
        card: None,
        from: Some("2025-06-01".parse().unwrap()),
        until: Some("2025-06-30".parse().unwrap()),
        over: Vec::new(),
        ..full
    }
}

fn withdrawal() -> Withdrawal {
    Withdrawal {
        by: UserId::from_bytes([3; 16]),
        at: "2025-06-10T09:00:00+03:00".parse().unwrap(),
        reason: "moved away".to_owned(),
    }
}

fn consents(machine: &Machine) -> Consents {
    let View::Consents(it) = machine.view().view else {
        panic!("another view");
    };
    it
}

fn states(machine: &Machine) -> Vec<(u64, State)> {
    let known = consents(machine);
    let day = "2025-06-15".parse().unwrap();
    let number = |it: &Consent| {
        let mut numbers = 1..9;
        numbers.find(|n| samples::id(*n) == it.entry.id).unwrap()
    };
    let all = known.consents.iter();
    let mut states: Vec<_> = all.map(|it| (number(it), state(it, &known, day))).collect();
    states.sort();
    states
}

fn holding(consent: Consent) -> (Machine, Machine) {
    let mut one = Machine::new(Part::Consents, 1);
    one.add(&Record::Consent(consent));
    let two = one.copy(2);
    (one, two)
}

#[test]
fn a_consent_stands_in_its_document_as_the_page_draws_it() {
    let consent = Consent {
        purpose: Purpose::Research,
        how: How::Verbal,
        ..given(1).withdrawn(withdrawal())
    };
    let (one, _) = holding(consent);
    let doc = Automerge::load(&one.doc.save()).unwrap();
    let (_, map) = doc
        .get(&ROOT, format!("consents/{}", samples::id(1)))
        .unwrap()
        .unwrap();
    let plain = |it: &automerge::Value<'_>| {
        it.as_str()
            .map_or_else(|| "…".to_owned(), |it| it.replace('\u{1f}', "␟"))
    };
    let stands: Vec<String> = doc
        .keys(&map)
        .map(|key| {
            let (value, _) = doc.get(&map, &*key).unwrap().unwrap();
            format!("{key} = {}", plain(&value))
        })
        .collect();
    insta::assert_snapshot!("consent-in-its-document", stands.join("\n"));
}

#[test]
fn withdrawn_beats_given_in_a_concurrent_merge() {
    let withdrawn = given(1).withdrawn(withdrawal());
    let (mut one, mut two) = holding(withdrawn);
    one.change(
        Kind::Consent,
        samples::id(1),
        edit!(Consent, |it| it.state = ConsentState::Active),
    );
    one.change(
        Kind::Consent,
        samples::id(1),
        edit!(Consent, |it| it.state = ConsentState::Withdrawn),
    );
    two.change(
        Kind::Consent,
        samples::id(1),
        edit!(Consent, |it| it.state = ConsentState::Active),
    );
    meet(&mut one, &mut two);
    assert_eq!(consents(&one).versions[0].field, "state");
    assert_eq!(states(&one), [(1, State::Withdrawn)]);
}

#[test]
fn a_consent_that_was_corrected_here_and_withdrawn_there_is_withdrawn() {
    let (mut one, mut two) = holding(given(1));
    let mut corrected = given(2);
    corrected.entry.replaces = Some(samples::id(1));
    one.add(&Record::Consent(corrected));
    one.change(
        Kind::Consent,
        samples::id(1),
        edit!(Consent, |it| it.entry.in_error = true),
    );
    two.change(
        Kind::Consent,
        samples::id(1),
        edit!(Consent, |it| *it = it.clone().withdrawn(withdrawal())),
    );
    meet(&mut one, &mut two);
    assert_eq!(states(&one), [(1, State::InError), (2, State::Withdrawn)]);
}
