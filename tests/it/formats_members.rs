//! Golden files of statements and certificates: the bytes of the first release, which every
//! later program opens.

use std::{collections::BTreeSet, fs, path::Path};

use cairn::{
    chart::who::{Compartment, Role},
    ids::{DocId, EpochId, Hash, KeyId, LogId, StatementId, UserId},
    ledger::{ClockQuality, Lane},
    members::{
        Access, Author, Body, Certificate, DocKey, Draft, Endpoint, EpochKey, Grant,
        GrantKeys, Granted, NameKey, Named, NewDevice, Newcomer, PurposeCode, Reach,
        SealedCard, SealedName, Statement, Verified,
    },
    seal::{
        CarryKey, CarryPublic, Secret, SeededEntropy, SigningKey, derive, names, unwrap,
    },
    time::{Hlc, Timestamp},
};

use crate::cards::card;

const AT: Timestamp = Timestamp(1_780_000_000_123);

fn golden(name: &str) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    fs::read(folder.join(name)).unwrap()
}

fn key(name: &str) -> SigningKey {
    SigningKey::from_secret(&derive("cairn/test/key", &[name.as_bytes()]))
}

fn carry(name: &str) -> CarryKey {
    CarryKey::from_secret(derive("cairn/test/carry", &[name.as_bytes()]))
}

fn user(name: &str) -> UserId {
    names::user_id(&key(name).public())
}

fn front() -> Secret {
    Secret::generate(&mut SeededEntropy::new(21))
}

fn name(what: Named, text: &str) -> SealedName {
    let clinic = names::clinic_id(&key("root").public());
    NameKey::of(&front()).seal(clinic, what, text, &mut SeededEntropy::new(22))
}

fn newcomer(who: &str) -> Newcomer {
    Newcomer {
        user: user(who),
        key: key(who).public(),
        carry: carry(who).public(),
        name: name(Named::User(user(who)), who),
    }
}

fn reach() -> Reach {
    let log = LogId::from_bytes([0x44; 16]);
    Reach::from([
        ((log, Lane::Desk), (7, Hash::from_bytes([0x55; 32]))),
        ((log, Lane::Clinical), (300, Hash::from_bytes([0x66; 32]))),
    ])
}

/// The age file does not come out the same twice: the golden one is used.
fn wrapped() -> Vec<u8> {
    golden("epoch.age")
}

fn epoch(compartment: Compartment, number: u32, audit: Option<CarryPublic>) -> Body {
    Body::Epoch(EpochKey {
        compartment: compartment.into(),
        number,
        audit,
        commit: names::key_id(&front()),
        to: receivers(),
        wrapped: wrapped(),
    })
}

fn receivers() -> BTreeSet<CarryPublic> {
    BTreeSet::from([carry("anna").public(), carry("badu").public()])
}

/// What owners and the root say of people and machines.
fn of_people() -> Vec<(&'static str, Body)> {
    let desk = names::device_id(&key("desk").public());
    let (carl, clinic) = (user("carl"), name(Named::Clinic, "Kibera clinic"));
    let founding = Body::Founding {
        recovery: carry("recovery").public(),
        name: clinic.clone(),
    };
    let enrolled = Body::DeviceEnrolled(NewDevice {
        key: key("desk").public(),
        carry: carry("desk").public(),
        name: name(Named::Device(desk), "Desk"),
    });
    vec![
        ("founding", founding),
        ("owner-added", Body::OwnerAdded(newcomer("anna"))),
        ("user-added", Body::UserAdded(newcomer("carl"), Role::Nurse)),
        ("role-changed", Body::RoleChanged(carl, Role::LabPharmacy)),
        ("user-left", Body::UserLeft(carl)),
        ("key-compromised", Body::KeyCompromised(carl, reach())),
        ("device-enrolled", enrolled),
        ("device-revoked", Body::DeviceRevoked(desk, reach())),
        ("renamed", Body::Renamed(Named::Clinic, clinic)),
    ]
}

/// What is said of keys and logs.
fn of_keys() -> Vec<(&'static str, Body)> {
    let audit = carry("audit").public();
    let wrap = Body::Wrap {
        epoch: StatementId::from_bytes([0x77; 32]),
        to: receivers(),
        wrapped: wrapped(),
    };
    let file = Body::UserFile {
        user: user("anna"),
        version: 3,
        file: b"a locked file".to_vec(),
    };
    let erase = Body::Erase([1, 2].map(|it| DocId::from_bytes([it; 16])).into());
    let receipt = Body::EraseReceipt(StatementId::from_bytes([0x88; 32]));
    let clinic = names::clinic_id(&key("root").public());
    let endpoint = Endpoint::of(&key("endpoint"), clinic, &key("desk").public());
    let grant = StatementId::from_bytes([0xaa; 32]);
    let unknown = Body::Unknown {
        kind: 99,
        body: b"something of a later version".to_vec(),
    };
    vec![
        ("epoch", epoch(Compartment::Clinical, 2, None)),
        ("epoch-audit", epoch(Compartment::Audit, 1, Some(audit))),
        ("wrap", wrap),
        ("heads", Body::Heads(ClockQuality::Agreed, reach())),
        ("user-file", file),
        ("endpoint", Body::Endpoint(endpoint)),
        ("erase", erase),
        ("erase-receipt", receipt),
        ("grant", Body::Grant(Box::new(granted()))),
        ("grant-revoked", Body::GrantRevoked(grant, reach())),
        ("grant-keys", given(grant)),
        ("card-kept", kept()),
        ("unknown", unknown),
    ]
}

/// What the bearer of the golden card may have of two documents, for a week.
fn granted() -> Grant {
    let card = card();
    let documents = [(1, Access::Read), (2, Access::Write)];
    Grant {
        card: card.id(),
        key: card.about().key,
        carry: card.about().carry,
        machines: card.machines().collect(),
        documents: documents
            .map(|(it, access)| (DocId::from_bytes([it; 16]), access))
            .into(),
        inbox: DocId::from_bytes([3; 16]),
        not_before: AT,
        not_after: AT.plus_ms(7 * 24 * 60 * 60 * 1000),
        purpose: PurposeCode(1),
    }
}

fn given(grant: StatementId) -> Body {
    let key = |doc: u8, k| DocKey {
        doc: DocId::from_bytes([doc; 16]),
        epoch: EpochId::from_bytes([0xbb; 8]),
        k,
    };
    let keys = [key(1, 0), key(1, 0x01cc), key(2, 0)];
    Body::GrantKeys(GrantKeys {
        grant,
        keys: keys.map(|it| (it, KeyId::from_bytes([0xdd; 16]))).into(),
        wrapped: wrapped(),
    })
}

/// A card that the clinic keeps.
fn kept() -> Body {
    let clinic = names::clinic_id(&key("root").public());
    let names = NameKey::of(&front());
    let mut entropy = SeededEntropy::new(23);
    Body::CardKept {
        card: card().id(),
        verified: Verified::Phone,
        sealed: SealedCard::seal(&card(), clinic, &names, &mut entropy),
    }
}

/// One statement of each kind.
pub(crate) fn one_of_each() -> Vec<(&'static str, Statement)> {
    let (root, anna, badu, desk) = (key("root"), key("anna"), key("badu"), key("desk"));
    let session_key = key("anna at desk");
    let sign = |(name, body): (&'static str, Body)| {
        let parents = [[0x11; 32], [0x22; 32]].map(StatementId::from_bytes);
        let draft = Draft {
            clinic: names::clinic_id(&root.public()),
            at: Hlc::from_parts(AT, 5),
            parents: parents.into(),
            body,
        };
        let by_anna = Author::user(user("anna"), &anna);
        let statement = match name {
            "founding" | "owner-added" => Statement::sign(draft, Author::root(&root)),
            "erase" => {
                let second = Author::user(user("badu"), &badu);
                Statement::sign_both(draft, by_anna, second)
            }
            "heads" | "wrap" | "grant" | "grant-revoked" | "grant-keys" | "card-kept" => {
                let author = Author::session(session().id(), &session_key);
                Statement::sign(draft, author)
            }
            "endpoint" | "erase-receipt" => Statement::sign(draft, Author::device(&desk)),
            _ => Statement::sign(draft, by_anna),
        };
        (name, statement.unwrap())
    };
    of_people().into_iter().chain(of_keys()).map(sign).collect()
}

/// The certificate of a session.
pub(crate) fn session() -> Certificate {
    let heads = [[0x33; 32], [0x44; 32]].map(StatementId::from_bytes);
    let granted = Granted {
        clinic: names::clinic_id(&key("root").public()),
        session: key("anna at desk").public(),
        user: user("anna"),
        at: Hlc::from_parts(AT, 6),
        not_after: AT.plus_ms(12 * 60 * 60 * 1000),
        heads: heads.into(),
    };
    Certificate::issue(granted, &key("anna"), &key("desk")).unwrap()
}

#[test]
fn a_statement_of_each_kind_of_the_first_release_opens() {
    for (name, statement) in one_of_each() {
        let bytes = golden(&format!("statement-{name}.cast"));
        let opened = Statement::open(&bytes);
        assert_eq!(opened.as_ref(), Ok(&statement), "{name}");
        assert!(statement.encode() == bytes, "{name}");
    }
}

#[test]
fn a_certificate_of_the_first_release_opens() {
    let bytes = golden("certificate.casc");
    assert_eq!(Certificate::open(&bytes), Ok(session()));
    assert!(session().encode() == bytes);
}

#[test]
fn an_epoch_and_a_name_of_the_first_release_open() {
    let opened = unwrap(&carry("badu"), &wrapped(), 64).unwrap();
    assert_eq!(*opened, [0x99; 64]);
    let golden = golden("name.sealed");
    let sealed = SealedName::from_slice(&golden).unwrap();
    assert!(name(Named::Clinic, "Kibera clinic") == sealed);
    let clinic = names::clinic_id(&key("root").public());
    let opened = NameKey::of(&front()).open(clinic, Named::Clinic, &sealed);
    assert_eq!(opened, Ok("Kibera clinic".to_owned()));
}

#[test]
fn statement_and_certificate_stand_as_the_document_draws_them() {
    let (name, left) = one_of_each().swap_remove(4);
    assert_eq!(name, "user-left");
    check_drawn("## Statement", &left.encode());
    check_drawn("## Certificate", &session().encode());
}

/// Expects the rows of the first table under `title` to follow one another in `bytes`.
fn check_drawn(title: &str, bytes: &[u8]) {
    let drawn = include_str!("../../docs/design/membership.md");
    let rows = drawn.lines().skip_while(|it| *it != title);
    let rows = rows.skip_while(|it| !it.starts_with('|'));
    let rows = rows.take_while(|it| it.starts_with('|')).skip(2);
    let mut end = 0;
    for row in rows {
        let cells: Vec<_> = row.split('|').map(str::trim).collect();
        let (length, field) = (cells[1], cells[2]);
        let expected = written(title, field);
        if let Ok(length) = length.parse::<usize>() {
            assert_eq!(length, expected.len(), "{title}: {field}");
        }
        let at = end..end + expected.len();
        assert_eq!(bytes.get(at.clone()), Some(&*expected), "{title}: {field}");
        end = at.end;
    }
    assert_eq!(end, bytes.len(), "{title}");
}

/// What the golden leaving and the golden certificate have in this field.
fn written(title: &str, field: &str) -> Vec<u8> {
    let signature = |at: usize| {
        let bytes = if title == "## Statement" {
            golden("statement-user-left.cast")
        } else {
            golden("certificate.casc")
        };
        bytes[bytes.len() - at..][..64].to_vec()
    };
    let (anna, anna_key) = (user("anna"), key("anna").public());
    match field {
        "magic" if title == "## Statement" => b"CAST".to_vec(),
        "magic" => b"CASC".to_vec(),
        "version" | "signer_count" => vec![1],
        "suite" => vec![0],
        "clinic" => names::clinic_id(&key("root").public()).as_bytes().to_vec(),
        "kind" => vec![5],
        "hlc" if title == "## Statement" => Hlc::from_parts(AT, 5).0.to_be_bytes().into(),
        "hlc" => Hlc::from_parts(AT, 6).0.to_be_bytes().into(),
        "signers" => [&[1], anna.as_bytes().as_slice(), anna_key.as_bytes()].concat(),
        "parent_count" | "head_count" => vec![0, 2],
        "parents" => [[0x11; 32], [0x22; 32]].concat(),
        "body_len" => vec![0, 0, 0, 16],
        "body" => user("carl").as_bytes().to_vec(),
        "session" => key("anna at desk").public().as_bytes().to_vec(),
        "user" => anna.as_bytes().to_vec(),
        "user key" => anna_key.as_bytes().to_vec(),
        "device key" => key("desk").public().as_bytes().to_vec(),
        "not_after" => (AT.0 + 12 * 60 * 60 * 1000).to_be_bytes().to_vec(),
        "heads" => [[0x33; 32], [0x44; 32]].concat(),
        "signature" | "by the device" => signature(64),
        "by the user" => signature(128),
        _ => Vec::new(),
    }
}
