//! Contact cards: their bytes, one's own, and those that the clinic keeps.

use std::{collections::BTreeMap, fs, path::Path};

use cairn::{
    chart::who::{Denial, Role},
    clinic::{AuditAction, AuditObject, Clinic, Error, Founding, Session},
    ids::{CardId, ClinicId},
    members::{
        CARD_BYTES_MAX, CARD_MACHINES_MAX, Card, Endpoint, Error as NoCard, Provider,
        Verified,
    },
    seal::{CarryKey, PublicKey, SigningKey, derive, hash, names},
    time::Timestamp,
};
use tempfile::TempDir;

use crate::{
    clinic::{PASSPHRASE, founded, owner, surroundings},
    devices::{joined, meet},
};

const AT: Timestamp = Timestamp(1_780_000_000_123);

pub(crate) fn key(name: &str) -> SigningKey {
    SigningKey::from_secret(&derive("cairn/test/key", &[name.as_bytes()]))
}

pub(crate) fn provider() -> Provider {
    Provider {
        clinic: names::clinic_id(&key("root").public()),
        clinic_name: "Mbale hospital".to_owned(),
        name: "Dr Wéré".to_owned(),
        role: Role::Clinician,
        key: key("were").public(),
        carry: CarryKey::from_secret(derive("cairn/test/carry", &[b"were"])).public(),
        made: AT,
    }
}

fn machines(count: usize, clinic: ClinicId) -> BTreeMap<PublicKey, Endpoint> {
    let machine = |number: usize| {
        let device = key(&format!("machine {number}")).public();
        let endpoint = key(&format!("endpoint {number}"));
        (device, Endpoint::of(&endpoint, clinic, &device))
    };
    (0..count).map(machine).collect()
}

pub(crate) fn made(about: Provider, count: usize) -> Result<Card, NoCard> {
    let machines = machines(count, about.clinic);
    Card::make(about, machines, &key("were"))
}

/// The card of a doctor with two machines.
pub(crate) fn card() -> Card {
    made(provider(), 2).unwrap()
}

/// Where the card of the first release stands.
pub(crate) fn golden() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/card.cacd");
    path.to_str().unwrap().to_owned()
}

#[test]
fn a_card_of_the_first_release_opens() {
    let bytes = fs::read(golden()).unwrap();
    let card = card();
    assert!(card.encode() == bytes);
    assert_eq!(Card::open(&bytes), Ok(card.clone()));
    assert_eq!(card.id(), CardId::from_bytes(*hash(&bytes).as_bytes()));
    assert_eq!(
        card.words().join(" "),
        "traffic current hint absent shy feel hint matter"
    );
    assert_eq!(card.user(), names::user_id(&key("were").public()));
}

#[test]
fn a_card_is_found_in_a_message_whatever_stands_around_it() {
    let text = card().to_text();
    assert!(text.lines().all(|it| it.len() <= 64), "{text}");
    let indented = format!("  {}\r\n", text.trim_end().replace('\n', "\r\n  "));
    for message in [
        text.clone(),
        format!("Good morning,\n\nmy card:\n{text}\nW.\n"),
        indented,
    ] {
        assert_eq!(Card::open_file(message.as_bytes()), Ok(card()), "{message}");
    }
    assert_eq!(Card::open_file(&card().encode()), Ok(card()));
    let none = Err(NoCard::Malformed("no card in it"));
    let half = &text[..text.len() / 2];
    for nothing in ["", "CACX", half, &text.replace("BEGIN", "BEGUN")] {
        assert_eq!(Card::open_file(nothing.as_bytes()), none, "{nothing}");
    }
    assert_eq!(Card::open_file(&[0xff, 0xfe]), none);
    let long = text.replace('\n', &"\n".repeat(3_000));
    let too_large = NoCard::TooLarge {
        max: CARD_BYTES_MAX,
    };
    assert_eq!(Card::open_file(long.as_bytes()), Err(too_large));
}

#[test]
fn a_card_that_is_cut_longer_or_changed_in_one_bit_is_refused() {
    let bytes = card().encode();
    for length in 0..bytes.len() {
        assert!(Card::open(&bytes[..length]).is_err(), "at {length}");
    }
    for bit in 0..bytes.len() * 8 {
        let mut changed = bytes.clone();
        changed[bit / 8] ^= 1 << (bit % 8);
        assert!(Card::open(&changed).is_err(), "bit {bit}");
    }
    assert!(Card::open(&[&bytes[..], &[0]].concat()).is_err());
}

#[test]
fn what_breaks_a_rule_of_the_format_is_no_card() {
    assert!(made(provider(), CARD_MACHINES_MAX).is_ok());
    let many = NoCard::TooLarge {
        max: CARD_MACHINES_MAX,
    };
    assert_eq!(made(provider(), CARD_MACHINES_MAX + 1), Err(many));
    let without = NoCard::Malformed("a card without a machine");
    assert_eq!(made(provider(), 0), Err(without));
    let unnamed = Provider {
        name: " ".to_owned(),
        ..provider()
    };
    let without = NoCard::Malformed("a card without a name");
    assert_eq!(made(unnamed, 1), Err(without));
    let long = Provider {
        clinic_name: "m".repeat(321),
        ..provider()
    };
    assert_eq!(made(long, 1), Err(NoCard::TooLarge { max: 320 }));
    let longest = Provider {
        clinic_name: "é".repeat(160),
        name: "é".repeat(160),
        ..provider()
    };
    let longest = made(longest, CARD_MACHINES_MAX).unwrap();
    assert!(longest.encode().len() <= CARD_BYTES_MAX);
    // Signed by another than whose key stands in it.
    let forged = Card::make(provider(), machines(1, provider().clinic), &key("eve"));
    assert!(matches!(forged, Err(NoCard::Seal(_))), "{forged:?}");
    // An endpoint of somebody else's machine, or of another clinic's.
    let device = key("machine 0").public();
    for stolen in [
        Endpoint::of(&key("endpoint 0"), provider().clinic, &key("desk").public()),
        Endpoint::of(&key("endpoint 0"), ClinicId::ZERO, &device),
    ] {
        let card = Card::make(provider(), [(device, stolen)].into(), &key("were"));
        assert!(matches!(card, Err(NoCard::Seal(_))), "{card:?}");
    }
}

#[test]
fn a_card_shows_nothing_but_its_name() {
    let shown = format!("{:?} {:?}", card(), card().about());
    assert!(
        !shown.contains("Mbale") && !shown.contains("Wéré"),
        "{shown}"
    );
}

/// Another clinic, and the card of its owner.
pub(crate) fn elsewhere() -> (TempDir, Session) {
    let folder = TempDir::new().unwrap();
    let founding = Founding {
        machine: "1".to_owned(),
        clinic: "Mbale hospital".to_owned(),
        user: "Dr Were".to_owned(),
        passphrase: PASSPHRASE.to_owned().into(),
    };
    let around = crate::devices::around(77);
    let home = folder.path().join("home");
    let clinic = Clinic::create(&home, founding, around, |_| Ok(())).unwrap();
    let were = owner(&clinic);
    (folder, were)
}

#[test]
fn ones_own_card_is_the_same_on_every_machine_and_names_them_all() {
    let (_folder, a) = founded();
    let mut okot = owner(&a);
    let alone = okot.card().unwrap();
    assert_eq!(okot.card().unwrap(), alone);
    assert_eq!(alone.about().name, "Dr Okot");
    assert_eq!(alone.about().clinic_name, "Kijani");
    assert_eq!(alone.machines().count(), 1);
    let (_there, b) = joined(&mut okot, 1);
    meet(&a, &b);
    let both = okot.card().unwrap();
    assert_ne!(both.id(), alone.id());
    assert!(both.about().made > alone.about().made);
    assert_eq!(owner(&b).card().unwrap(), both);
    let endpoints: Vec<_> = both.machines().map(|(_, endpoint)| endpoint).collect();
    for machine in a.machines() {
        assert!(endpoints.contains(&machine.endpoint.unwrap()));
    }
}

#[test]
fn a_kept_card_is_known_on_every_machine_and_only_made_surer() {
    let (_folder, a) = founded();
    let mut okot = owner(&a);
    let (_there, b) = joined(&mut okot, 1);
    let (_elsewhere, mut were) = elsewhere();
    let card = were.card().unwrap();
    okot.keep_card(&card, Verified::Not).unwrap();
    okot.keep_card(&card, Verified::Phone).unwrap();
    okot.keep_card(&card, Verified::Not).unwrap();
    meet(&a, &b);
    let mut there = owner(&b);
    let rows = there.cards().unwrap();
    assert_eq!(rows.len(), 1);
    assert_eq!((&rows[0].card, rows[0].verified), (&card, Verified::Phone));
    assert_eq!(rows[0].by, okot.user());
    for meant in ["dr  WERE", &card.id().to_string()[..8]] {
        assert_eq!(there.card_named(meant).unwrap(), rows[0], "{meant}");
    }
    assert!(matches!(there.card_named("Dr Wer"), Err(Error::Missing(_))));
    let audit = there.read_audit(None).unwrap();
    meet(&a, &b);
    assert!(audit.problems.is_empty(), "{:?}", audit.problems);
    okot.sign_out().unwrap();
    meet(&a, &b);
    let kept = there.read_audit(None).unwrap().entries.into_iter();
    let kept = kept.filter(|it| it.action == AuditAction::CardKept);
    let kept: Vec<_> = kept.map(|it| it.object).collect();
    let ways = [Verified::Not, Verified::Phone];
    assert_eq!(kept, ways.map(|it| AuditObject::Card(card.id(), it)));
    // A newer one of the same person takes its place in the list.
    let (_second, second) = joined(&mut were, 2);
    let newer = owner(&second).card().unwrap();
    there.keep_card(&newer, Verified::Room).unwrap();
    let rows = there.cards().unwrap();
    let replaced: Vec<_> = rows.iter().map(|it| (it.card.id(), it.replaced)).collect();
    assert_eq!(replaced, [(newer.id(), false), (card.id(), true)]);
    assert_eq!(there.card_named("Dr Were").unwrap().card, newer);
}

#[test]
fn a_card_is_kept_by_who_may_share_and_is_not_the_clinics_own() {
    let (_folder, clinic) = founded();
    let mut okot = owner(&clinic);
    let own = okot.card().unwrap();
    let refused = okot.keep_card(&own, Verified::Room);
    assert!(matches!(refused, Err(Error::Refused(_))), "{refused:?}");
    let passphrase = "a quiet river under seven old bridges";
    let nurse = okot.add_user("Badu", Role::Nurse, passphrase).unwrap();
    okot.sign_out().unwrap();
    let mut badu = clinic.sign_in(nurse, passphrase).unwrap();
    let denied = badu.keep_card(&card(), Verified::Room);
    assert!(matches!(
        denied,
        Err(Error::Denied(Denial::Role(Role::Nurse)))
    ));
    assert_eq!(badu.cards().unwrap(), []);
}

#[test]
fn no_name_of_a_kept_card_stands_open_on_the_disk() {
    let (folder, clinic) = founded();
    let mut okot = owner(&clinic);
    okot.keep_card(&card(), Verified::Phone).unwrap();
    okot.sign_out().unwrap();
    drop(clinic);
    for file in fs::read_dir(folder.path().join("home")).unwrap() {
        let file = file.unwrap().path();
        if file.is_file() {
            let bytes = fs::read(&file).unwrap();
            let name = b"Mbale hospital";
            let found = bytes.windows(name.len()).any(|it| it == name);
            assert!(!found, "{}", file.display());
        }
    }
    let again = Clinic::open(&folder.path().join("home"), surroundings()).unwrap();
    assert_eq!(owner(&again).cards().unwrap()[0].card, card());
}
