//! Sharing what the patient agreed to, on the screen, and taking it back.

use cairn::{
    app::{
        beyond::{Asks, News, Provider, Shared, Sharing, Stands, Sure},
        notice::Trouble,
    },
    chart::{
        Consent, ConsentState, Consents, Decision, Entry, How, Purpose, SharedPart,
        who::Role,
    },
    ids::{CardId, Hash, RecordId, StatementId},
    say::Lang,
    time::PartialDate,
};
use insta::assert_snapshot;

use crate::{
    stage::{Stage, hostile_rows, now, who},
    ward::Ward,
};

const WERE: CardId = CardId::from_bytes([1; 32]);
const GRANT: StatementId = StatementId::from_bytes([5; 32]);

pub(crate) fn provider(number: u8, name: &str, sure: Sure) -> Provider {
    Provider {
        card: CardId::from_bytes([number; 32]),
        name: name.to_owned(),
        role: Role::Clinician,
        clinic: "Mbale Hospital".to_owned(),
        words: "acid canyon violin harvest tunnel museum orbit lemon"
            .split(' ')
            .map(str::to_owned)
            .collect(),
        machines: 2,
        made: now(),
        sure,
        by: "Dr Okot".to_owned(),
        at: now(),
        replaced: false,
    }
}

fn kept() -> Vec<Provider> {
    vec![
        provider(2, "Dr Abbo", Sure::Not),
        provider(1, "Dr Were", Sure::Phone),
        Provider {
            replaced: true,
            ..provider(3, "Dr Were", Sure::Room)
        },
    ]
}

fn shared(stands: Stands) -> Shared {
    Shared {
        grant: GRANT,
        card: WERE,
        to: "Dr Were".to_owned(),
        parts: vec![SharedPart::Summary, SharedPart::Visits],
        until: "2025-12-18".parse().unwrap(),
        purpose: Some(Purpose::Treatment),
        stands,
        by: "Dr Okot".to_owned(),
        at: now(),
    }
}

fn given(number: u8, to: &str, card: Option<CardId>) -> Consent {
    let who = who("N. Ali", Role::Nurse);
    let id = RecordId::from_bytes([number; 16]);
    Consent {
        entry: Entry::new(id, now(), who.user, who.machine),
        decision: Decision::Given,
        state: ConsentState::Active,
        withdrawal: None,
        to: to.to_owned(),
        card: card.map(|it| Hash::from_bytes(*it.as_bytes())),
        parts: vec![SharedPart::Summary, SharedPart::Visits],
        shared_from: None,
        shared_until: None,
        purpose: Purpose::Treatment,
        from: None,
        until: Some("2025-12-18".parse::<PartialDate>().unwrap()),
        how: How::Written,
        witness: String::new(),
        over: Vec::new(),
    }
}

/// The page of consents of somebody who said this, where these cards and shares are known.
fn at(
    (lang, role): (Lang, Role),
    consents: Vec<Consent>,
    sharing: impl FnOnce() -> Sharing,
) -> Ward {
    let mut ward = Ward::at(lang, role, |chart| {
        chart.consents = Some(Consents {
            consents,
            ..Consents::default()
        });
    });
    ward.keys("c");
    tell(&mut ward, sharing());
    ward
}

fn tell(ward: &mut Ward, sharing: Sharing) {
    let news = News::Sharing(Ok(sharing));
    ward.stage.tell(|it| matches!(it, Asks::Sharing(_)), news);
}

/// Answers what was asked to be shared last.
fn shared_as(ward: &mut Ward, result: Result<StatementId, Trouble>) {
    let news = News::Shared(result);
    ward.stage.tell(|it| matches!(it, Asks::Share { .. }), news);
}

fn cards() -> Sharing {
    Sharing {
        providers: kept(),
        shares: Vec::new(),
    }
}

fn live(stands: Stands) -> Sharing {
    Sharing {
        shares: vec![shared(stands)],
        ..cards()
    }
}

/// What was asked to be shared last: the card, the parts and the last day.
fn asked(ward: &Ward) -> Option<(CardId, Vec<SharedPart>, PartialDate)> {
    ward.stage.beyond().find_map(|it| {
        if let Asks::Share {
            card, parts, until, ..
        } = &it.asks
        {
            Some((*card, parts.clone(), *until))
        } else {
            None
        }
    })
}

fn revoked(ward: &Ward) -> Option<StatementId> {
    ward.stage.beyond().find_map(|it| {
        if let Asks::Revoke(grant) = it.asks {
            Some(grant)
        } else {
            None
        }
    })
}

/// The page of consents of somebody whose chart is shared.
pub(crate) fn pictured() -> Stage {
    let consents = vec![given(1, "Dr Were", Some(WERE)), given(2, "Mission", None)];
    at(CLINICIAN, consents, || live(Stands::Live)).stage
}

const CLINICIAN: (Lang, Role) = (Lang::English, Role::Clinician);

#[test]
fn consent_and_share_take_twelve_keys_at_most() {
    let mut ward = at(CLINICIAN, Vec::new(), cards);
    ward.keys("cwe<Enter><F2>");
    ward.shows("Recorded: Dr Were may have what was agreed. o shares it. u undoes");
    let consents = &ward.chart.consents.as_ref().unwrap().consents;
    assert_eq!(consents[0].card, Some(Hash::from_bytes([1; 32])));
    tell(&mut ward, cards());
    ward.keys("o");
    println!("consent and share: {} keys", ward.typed);
    assert!(ward.typed <= 12, "{} keys", ward.typed);
    let (card, parts, until) = asked(&ward).unwrap();
    assert_eq!((card, until), (WERE, "2025-12-18".parse().unwrap()));
    assert!(parts == [SharedPart::Summary, SharedPart::Visits]);
    shared_as(&mut ward, Ok(GRANT));
    ward.shows("Shared, until the last day agreed. u undoes");
    tell(&mut ward, live(Stands::Live));
    ward.shows("Shared with one");
    assert_snapshot!("shared", ward.stage.picture());
    ward.keys("u");
    assert_eq!(revoked(&ward), Some(GRANT));
}

#[test]
fn those_of_whom_somebody_made_sure_are_offered_first_and_older_cards_never() {
    let mut ward = at(CLINICIAN, vec![given(1, "Mission", None)], cards);
    ward.keys("c<F4>");
    let text = ward.stage.text();
    let place = |it| {
        text.find(it)
            .unwrap_or_else(|| panic!("no {it} in\n{text}"))
    };
    let (were, abbo) = (place("Dr Were"), place("Dr Abbo"));
    assert!(were < abbo, "{text}");
    assert_eq!(text.matches("Dr Were").count(), 1, "{text}");
    assert_snapshot!("share-to-whom", ward.stage.picture());
    // A name that is typed in full is the card of that name.
    ward.keys("<Esc>Dr Were<F2>");
    let consents = &ward.chart.consents.as_ref().unwrap().consents;
    assert_eq!(consents[1].card, Some(Hash::from_bytes([1; 32])));
}

#[test]
fn a_refusal_says_what_lacks_and_what_to_do() {
    let days = Consent {
        shared_from: Some("2025-01-01".parse().unwrap()),
        ..given(1, "Dr Were", Some(WERE))
    };
    let apart = Consent {
        parts: vec![SharedPart::Restricted("hiv".to_owned())],
        ..given(1, "Dr Were", Some(WERE))
    };
    let over = Consent {
        until: Some("2025-03-01".parse().unwrap()),
        ..given(1, "Dr Were", Some(WERE))
    };
    let older = given(1, "Dr Were", Some(CardId::from_bytes([3; 32])));
    for (consent, says) in [
        (
            given(1, "Mission", None),
            "No card of Mission is kept here.",
        ),
        (
            given(1, "Dr Abbo", None),
            "Nobody made sure of Dr Abbo’s card.",
        ),
        (older, "made a newer card"),
        (days, "some days of the chart only"),
        (apart, "kept apart is not shared"),
        (over, "This holds no longer."),
    ] {
        let mut ward = at(CLINICIAN, vec![consent], cards);
        ward.keys("o");
        ward.shows(says);
        assert_eq!(asked(&ward), None, "{says}");
    }
    let mut again = at(CLINICIAN, vec![given(1, "Dr Were", Some(WERE))], || {
        live(Stands::Live)
    });
    again.keys("o");
    again.shows("This is shared with Dr Were already.");
    assert_eq!(asked(&again), None);
    let mut late = at(CLINICIAN, vec![given(1, "Dr Were", Some(WERE))], cards);
    late.keys("o");
    shared_as(&mut late, Err(Trouble::NotTaken));
    late.shows("It was not shared");
}

#[test]
fn of_two_who_are_called_the_same_neither_is_chosen_for_the_patient() {
    let two = || Sharing {
        providers: vec![
            provider(1, "Dr Were", Sure::Phone),
            provider(4, "Dr  WERE", Sure::Room),
        ],
        shares: Vec::new(),
    };
    let mut ward = at(CLINICIAN, vec![given(1, "Dr Were", None)], two);
    ward.keys("o");
    ward.shows("Several are called Dr Were.");
    assert_eq!(asked(&ward), None);
    // The consent that names a card is to that one.
    let mut ward = at(CLINICIAN, vec![given(1, "Dr Were", Some(WERE))], two);
    ward.keys("o");
    assert_eq!(asked(&ward).unwrap().0, WERE);
    // Of one alone the name is enough.
    let mut ward = at(CLINICIAN, vec![given(1, "dr were", None)], cards);
    ward.keys("o");
    assert_eq!(asked(&ward).unwrap().0, WERE);
}

#[test]
fn a_share_is_taken_back_by_a_letter_of_its_own() {
    for keys in ["r", "<Down>r"] {
        let consents = vec![given(1, "Dr Were", Some(WERE))];
        let mut ward = at(CLINICIAN, consents, || live(Stands::Live));
        ward.keys(keys);
        ward.shows("Take back what is shared with Dr Were?");
        ward.keys("<Enter>");
        assert_eq!(revoked(&ward), None);
        ward.keys("rr");
        assert_eq!(revoked(&ward), Some(GRANT));
        let news = News::Revoked(Ok(()));
        ward.stage.tell(|it| matches!(it, Asks::Revoke(_)), news);
        ward.shows("Taken back. Nothing more of it goes there.");
        tell(&mut ward, live(Stands::Revoked));
        ward.keys("<End>r");
        ward.shows("This share is over.");
    }
    let mut none = at(CLINICIAN, vec![given(1, "Mission", None)], cards);
    none.keys("r");
    none.shows("Nothing is shared by this consent.");
}

#[test]
fn a_nurse_takes_back_and_does_not_share() {
    let nurse = (Lang::English, Role::Nurse);
    let consents = || vec![given(1, "Dr Were", Some(WERE))];
    let mut ward = at(nurse, consents(), cards);
    ward.keys("o");
    assert_eq!(asked(&ward), None);
    let mut ward = at(nurse, consents(), || live(Stands::Live));
    ward.keys("rr");
    assert_eq!(revoked(&ward), Some(GRANT));
}

#[test]
fn shares_look_so() {
    let consents = || {
        let mut withdrawn = given(2, "Mission", None);
        withdrawn.state = ConsentState::Withdrawn;
        vec![given(1, "Dr Were", Some(WERE)), withdrawn]
    };
    let sharing = || Sharing {
        shares: [
            Stands::Live,
            Stands::Early,
            Stands::Expired,
            Stands::Revoked,
        ]
        .map(shared)
        .into(),
        ..cards()
    };
    let mut ward = at(CLINICIAN, consents(), sharing);
    ward.keys("<Down><Down>");
    assert_snapshot!("shares", ward.stage.picture());
    ward.stage = ward.stage.sized(60, 20);
    assert_snapshot!("shares-small", ward.stage.picture());
    let mut ward = at((Lang::French, Role::Owner), consents(), sharing);
    assert_snapshot!("shares-french", ward.stage.picture());
    ward.keys("r");
    assert_snapshot!("share-back-french", ward.stage.picture());
}

#[test]
fn hostile_words_are_safe() {
    for row in hostile_rows() {
        let name = row.names[0].family.as_str();
        let sharing = || Sharing {
            providers: vec![provider(1, name, Sure::Room)],
            shares: vec![Shared {
                to: name.to_owned(),
                by: name.to_owned(),
                ..shared(Stands::Live)
            }],
        };
        let mut ward = at(CLINICIAN, vec![given(1, name, Some(WERE))], sharing);
        crate::screens::check_safe(&ward.stage);
        ward.keys("<Down>");
        crate::screens::check_safe(&ward.stage);
        ward.keys("c<F4>");
        crate::screens::check_safe(&ward.stage);
    }
}
