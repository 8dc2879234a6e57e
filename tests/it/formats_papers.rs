//! Golden files of papers and of what is told in them: the bytes of the first release, which
//! every later program opens; and that no change of them opens as something else.

use std::{collections::BTreeMap, fs, path::Path};

use cairn::{
    chart::who::Role,
    ids::{DocId, EpochId, LogId, PatientId, StatementId, UserId},
    members::{Card, Error, Papers, Statement, Told},
    seal::{CarryKey, SeededEntropy, SigningKey, derive},
    time::Timestamp,
};

use crate::{
    cards::card,
    formats_members::{one_of_each, session},
};

fn key(name: &str) -> SigningKey {
    SigningKey::from_secret(&derive("cairn/test/key", &[name.as_bytes()]))
}

fn golden(name: &str) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    fs::read(folder.join(name)).unwrap()
}

fn said(name: &str) -> Statement {
    let mut all = one_of_each().into_iter();
    all.find(|it| it.0 == name).unwrap().1
}

/// Papers of the golden grant, to the first machine on the golden card.
fn papers() -> Papers {
    let card: Card = card();
    let grant = said("grant");
    let clinic = grant.clinic();
    let doc = |it| DocId::from_bytes([it; 16]);
    Papers {
        clinic,
        by: key("desk endpoint").public(),
        to: card.machines().next().unwrap().1,
        known: 300,
        not_before: Timestamp(1_780_000_000_123),
        statements: [(grant.id(), grant)].into(),
        certificates: [(session().id(), session())].into(),
        writing: [(doc(3), (EpochId::from_bytes([0xbb; 8]), 0x01cc))].into(),
        doubts: [((doc(1), session().id()), 2)].into(),
        forked: [LogId::from_bytes([0x44; 16])].into(),
        erased: [doc(2)].into(),
        told: [(card.about().carry, b"an age file".to_vec())].into(),
    }
}

fn told() -> Told {
    let user = UserId::from_bytes([0x66; 16]);
    Told {
        patients: [(
            StatementId::from_bytes([0x11; 32]),
            PatientId::from_bytes([0x22; 16]),
        )]
        .into(),
        parts: [(DocId::from_bytes([1; 16]), "summary".to_owned())].into(),
        people: BTreeMap::from([(user, ("Dr Okot".to_owned(), Role::Owner))]),
    }
}

#[test]
fn papers_of_the_first_release_open() {
    let bytes = golden("papers.capp");
    assert_eq!(papers().sign(&key("desk endpoint")), bytes);
    assert_eq!(Papers::open(&bytes), Ok(papers()));
}

#[test]
fn what_is_told_in_the_first_release_opens() {
    let bytes = golden("told.cato");
    assert_eq!(*told().encode(), bytes);
    assert_eq!(Told::decode(&bytes), Ok(told()));
    let carry = CarryKey::from_secret(derive("cairn/test/carry", &[b"were"]));
    let mut entropy = SeededEntropy::new(5);
    let wrapped = told().wrap(carry.public(), &mut entropy).unwrap();
    assert_eq!(Told::unwrap(&wrapped, &carry), Ok(told()));
    let other = CarryKey::generate(&mut entropy);
    assert!(Told::unwrap(&wrapped, &other).is_err());
}

#[test]
fn no_change_of_papers_opens() {
    let bytes = golden("papers.capp");
    for bit in 0..bytes.len() * 8 {
        let mut changed = bytes.clone();
        changed[bit / 8] ^= 1 << (bit % 8);
        assert!(Papers::open(&changed).is_err(), "bit {bit}");
    }
    for length in 0..bytes.len() {
        assert!(Papers::open(&bytes[..length]).is_err(), "{length} bytes");
    }
    let longer = [bytes, vec![0]].concat();
    assert!(Papers::open(&longer).is_err());
    let plain = golden("told.cato");
    for length in 0..plain.len() {
        assert!(Told::decode(&plain[..length]).is_err(), "{length} bytes");
    }
}

#[test]
fn papers_that_do_not_fit_together_are_refused_though_they_are_signed() {
    let key = key("desk endpoint");
    let doc = DocId::from_bytes([9; 16]);
    let no_machine = Papers {
        to: key.public(),
        ..papers()
    };
    let of_nothing = Papers {
        statements: BTreeMap::new(),
        ..papers()
    };
    let other = said("role-changed");
    let mut other_kind = papers();
    other_kind.statements.insert(other.id(), other);
    let lone = said("grant-revoked");
    let mut lone_end = papers();
    lone_end.statements.insert(lone.id(), lone);
    let mut doubted = papers();
    doubted.doubts.insert((doc, session().id()), 1);
    let mut writing = papers();
    writing.writing.insert(doc, (EpochId::ZERO, 0));
    let all = [
        no_machine, of_nothing, other_kind, lone_end, doubted, writing,
    ];
    for (at, papers) in all.into_iter().enumerate() {
        let opened = Papers::open(&papers.sign(&key));
        assert!(
            matches!(opened, Err(Error::Malformed(_))),
            "{at}: {opened:?}"
        );
    }
}
