//! The bytes of statements and certificates: what is cut, changed or out of bounds is
//! refused, and nothing has two encodings.

use std::collections::{BTreeMap, BTreeSet};

use cairn::{
    chart::who::Role,
    ids::{ClinicId, DocId, LogId, SessionId, StatementId, UserId},
    ledger::{ClockQuality, Lane},
    members::{
        Access, Author, Body, CERTIFICATE_BYTES_MAX, Certificate, Draft, Error, Grant,
        Granted, Membership, PARENTS_MAX, SESSION_MS_MAX, STATEMENT_BYTES_MAX, Statement,
    },
    seal::{Entropy as _, PublicKey, SeededEntropy, hash, names},
    time::Hlc,
};

use super::grants::grant;
use super::world::{
    MORNING, compartment, device, hash_at, key, meets_with, new_device, newcomer, reach,
    user,
};
use crate::formats_members::{one_of_each, session};

#[test]
fn every_kind_reads_back_as_it_was_written() {
    for (name, statement) in one_of_each() {
        let bytes = statement.encode();
        assert_eq!(Statement::open(&bytes).as_ref(), Ok(&statement), "{name}");
        assert_eq!(statement.id().as_bytes(), hash(&bytes).as_bytes(), "{name}");
    }
    let bytes = session().encode();
    assert_eq!(Certificate::open(&bytes), Ok(session()));
    assert_eq!(session().id().as_bytes(), hash(&bytes).as_bytes());
}

#[test]
fn what_was_checked_once_is_known_by_its_id() {
    let other = StatementId::from_bytes([9; 32]);
    let changed = Err(Error::Malformed("other bytes than were checked"));
    for (name, statement) in one_of_each() {
        let mut bytes = statement.encode();
        let again = Statement::reopen(&bytes, statement.id());
        assert_eq!(again.as_ref(), Ok(&statement), "{name}");
        assert_eq!(Statement::reopen(&bytes, other), changed, "{name}");
        bytes[40] ^= 1;
        assert_eq!(Statement::reopen(&bytes, statement.id()), changed, "{name}");
    }
    let mut bytes = session().encode();
    assert_eq!(Certificate::reopen(&bytes, session().id()), Ok(session()));
    bytes[40] ^= 1;
    assert!(Certificate::reopen(&bytes, session().id()).is_err());
}

#[test]
fn what_is_cut_or_longer_is_refused() {
    let certificate = session().encode();
    for (name, statement) in one_of_each() {
        let mut bytes = statement.encode();
        for length in 0..bytes.len() {
            assert!(
                Statement::open(&bytes[..length]).is_err(),
                "{name} at {length}"
            );
        }
        bytes.push(0);
        assert!(Statement::open(&bytes).is_err(), "{name} and a byte");
        assert!(
            Certificate::open(&bytes).is_err(),
            "{name} is no certificate"
        );
    }
    for length in 0..certificate.len() {
        assert!(
            Certificate::open(&certificate[..length]).is_err(),
            "at {length}"
        );
    }
    assert!(Statement::open(&certificate).is_err());
}

#[test]
fn what_is_changed_is_refused() {
    for (name, statement) in one_of_each() {
        let bytes = statement.encode();
        for at in 0..bytes.len() {
            let mut changed = bytes.clone();
            changed[at] ^= 1 << (at % 8);
            assert!(Statement::open(&changed).is_err(), "{name} at {at}");
        }
    }
    let bytes = session().encode();
    for bit in 0..bytes.len() * 8 {
        let mut changed = bytes.clone();
        changed[bit / 8] ^= 1 << (bit % 8);
        assert!(Certificate::open(&changed).is_err(), "bit {bit}");
    }
}

/// Changes any bytes but the signatures, signs again with the right key, and expects that
/// what still opens has this one encoding.
#[test]
fn whatever_is_signed_is_refused_or_has_one_encoding() {
    let seed = 20_260_528;
    println!("seed {seed}");
    let mut entropy = SeededEntropy::new(seed);
    let mut draw = |below: usize| {
        let mut bytes = [0; 8];
        entropy.fill(&mut bytes);
        usize::try_from(u64::from_be_bytes(bytes) % below as u64).unwrap()
    };
    let (mut opened, mut refused) = (0, 0);
    for (name, statement) in one_of_each() {
        let Some(signer) = signing_key(name) else {
            continue;
        };
        let whole = statement.encode();
        let unsigned = &whole[..whole.len() - 64];
        // What comes before the parents says who signs; changing that only breaks the key.
        for _ in 0..300 {
            let mut bytes = unsigned.to_vec();
            for _ in 0..=draw(3) {
                let at = 22 + draw(bytes.len() - 22);
                match draw(4) {
                    0 => bytes[at] = [0, 1, 0x7f, 0x80, 0xff][draw(5)],
                    1 => bytes[at] ^= 1 << draw(8),
                    2 => bytes.insert(at, bytes[at]),
                    _ => drop(bytes.remove(at)),
                }
            }
            let signature = signer.sign("cairn/statement/v1", &bytes);
            bytes.extend_from_slice(signature.as_bytes());
            match Statement::open(&bytes) {
                Ok(statement) => {
                    assert!(statement.encode() == bytes, "{name}: {bytes:?}");
                    opened += 1;
                }
                Err(_) => refused += 1,
            }
        }
    }
    println!("{opened} opened, {refused} refused");
    assert!(opened > 500 && refused > 500);
}

fn signing_key(name: &str) -> Option<cairn::seal::SigningKey> {
    match name {
        "founding" | "owner-added" => Some(key("root")),
        "erase" => None,
        "heads" | "wrap" | "grant" | "grant-revoked" | "grant-keys" | "card-kept" => {
            Some(key("anna at desk"))
        }
        "endpoint" | "erase-receipt" => Some(key("desk")),
        _ => Some(key("anna")),
    }
}

fn draft(body: Body) -> Draft {
    Draft {
        clinic: names::clinic_id(&key("root").public()),
        at: Hlc::from_parts(MORNING, 0),
        parents: BTreeSet::from([StatementId::from_bytes([1; 32])]),
        body,
    }
}

fn by_anna(draft: Draft) -> Result<Statement, Error> {
    Statement::sign(draft, Author::user(user("anna"), &key("anna")))
}

#[track_caller]
fn check_refused(body: Body, why: Error) {
    assert_eq!(by_anna(draft(body)), Err(why));
}

#[test]
fn what_breaks_a_rule_of_the_format_cannot_be_said() {
    let owner = Error::Malformed("only the root makes owners");
    check_refused(Body::UserAdded(newcomer("eve"), Role::Owner), owner);
    check_refused(Body::RoleChanged(user("eve"), Role::Owner), owner);
    let zero = Error::Malformed("counting starts at 1");
    let file = |version, length| Body::UserFile {
        user: user("anna"),
        version,
        file: vec![0; length],
    };
    check_refused(file(0, 1), zero);
    check_refused(file(1, 16_385), Error::TooLarge { max: 16_384 });
    let empty = [((LogId::ZERO, Lane::Desk), (0, hash_at(0)))].into();
    let without_end = Error::Malformed("a reach without end or with two");
    check_refused(Body::KeyCompromised(user("eve"), empty), without_end);
    let long = (0..4_097_u64).map(|it| {
        let log = [it.to_be_bytes(), [0; 8]].concat();
        (
            (LogId::from_slice(&log).unwrap(), Lane::Desk),
            (1, hash_at(1)),
        )
    });
    let long = Body::DeviceRevoked(device("desk"), long.collect());
    check_refused(long, Error::TooLarge { max: 4_096 });
    let whose = Error::Malformed("not whose statement this is");
    check_refused(Body::Heads(ClockQuality::Alone, reach(&[])), whose);
    check_refused(meets_with("desk", "desk"), whose);
    check_refused(Body::OwnerAdded(newcomer("eve")), whose);
    check_refused(Body::Erase(BTreeSet::from([DocId::ZERO])), whose);
    let other = Body::UserFile {
        user: user("badu"),
        version: 1,
        file: Vec::new(),
    };
    check_refused(other, whose);
    let later = |length| Body::Unknown {
        kind: 99,
        body: vec![0; length],
    };
    check_refused(later(256 * 1024 + 1), Error::TooLarge { max: 256 * 1024 });
    assert!(by_anna(draft(later(256 * 1024))).is_ok());
    let known = Body::Unknown {
        kind: 5,
        body: vec![0; 3],
    };
    check_refused(known, Error::Malformed("ends too early"));
}

#[test]
fn a_grant_of_nothing_for_no_time_or_of_too_much_cannot_be_said() {
    let whole = grant(0, 10);
    let by_dora = |grant: Grant| {
        let key = key("dora at desk");
        let author = Author::session(SessionId::ZERO, &key);
        Statement::sign(draft(Body::Grant(Box::new(grant))), author)
    };
    assert!(by_dora(whole.clone()).is_ok());
    let nothing = Error::Malformed("a grant of nothing or to no machine");
    let twice = Error::Malformed("an inbox that is granted as a document");
    let never = Error::Malformed("a grant that ends before it begins");
    let docs =
        |count: u8| (0..count).map(|it| (DocId::from_bytes([it; 16]), Access::Read));
    let endpoints = (0..9_u8).map(|it| [it; 32]).map(PublicKey::from_bytes);
    let refused = [
        (
            Grant {
                documents: BTreeMap::new(),
                ..whole.clone()
            },
            nothing,
        ),
        (
            Grant {
                machines: BTreeMap::new(),
                ..whole.clone()
            },
            nothing,
        ),
        (
            Grant {
                inbox: DocId::from_bytes([1; 16]),
                ..whole.clone()
            },
            twice,
        ),
        (
            Grant {
                not_after: whole.not_before,
                ..whole.clone()
            },
            never,
        ),
        (
            Grant {
                documents: docs(65).collect(),
                ..whole.clone()
            },
            Error::TooLarge { max: 64 },
        ),
        (
            Grant {
                machines: endpoints.map(|it| (it, it)).collect(),
                ..whole
            },
            Error::TooLarge { max: 8 },
        ),
    ];
    for (grant, why) in refused {
        assert_eq!(by_dora(grant), Err(why));
    }
    // Only sessions say so, whoever's they are.
    check_refused(
        Body::Grant(Box::new(grant(0, 10))),
        Error::Malformed("not whose statement this is"),
    );
}

#[test]
fn what_names_no_parents_or_too_many_or_another_clinic_is_refused() {
    let left = || Body::UserLeft(user("badu"));
    let nothing = Draft {
        parents: BTreeSet::new(),
        ..draft(left())
    };
    let why = Error::Malformed("only the founding follows nothing");
    assert_eq!(by_anna(nothing), Err(why));
    let parents = |count: usize| Draft {
        parents: (0..count)
            .map(|it| StatementId::from_bytes(*hash(&it.to_be_bytes()).as_bytes()))
            .collect(),
        ..draft(left())
    };
    assert!(by_anna(parents(PARENTS_MAX)).is_ok());
    let why = Error::TooLarge { max: PARENTS_MAX };
    assert_eq!(by_anna(parents(PARENTS_MAX + 1)), Err(why));
    let anna = key("anna");
    let why = Error::Malformed("not this clinic's root");
    assert_eq!(
        Statement::sign(draft(left()), Author::root(&anna)),
        Err(why)
    );
    let elsewhere = Draft {
        clinic: ClinicId::ZERO,
        ..draft(left())
    };
    let elsewhere = by_anna(elsewhere).unwrap();
    let mut membership = Membership::new(names::clinic_id(&key("root").public()));
    assert_eq!(membership.add([elsewhere], []), Err(Error::OtherClinic));
}

#[test]
fn nobody_erases_alone_or_twice() {
    let erase = || draft(Body::Erase(BTreeSet::from([DocId::ZERO])));
    let (anna, badu) = (key("anna"), key("badu"));
    let [anna, badu, again] = [
        Author::user(user("anna"), &anna),
        Author::user(user("badu"), &badu),
        Author::user(user("anna"), &badu),
    ];
    assert!(Statement::sign_both(erase(), anna, badu).is_ok());
    let whose = Err(Error::Malformed("not whose statement this is"));
    assert_eq!(Statement::sign_both(erase(), anna, again), whose);
    let left = draft(Body::UserLeft(UserId::ZERO));
    assert_eq!(Statement::sign_both(left, anna, badu), whose);
}

#[test]
fn a_certificate_is_for_twelve_hours_and_knows_of_its_clinic() {
    let granted = |ms, heads: usize| Granted {
        clinic: names::clinic_id(&key("root").public()),
        session: key("session").public(),
        user: user("anna"),
        at: Hlc::from_parts(MORNING, 9),
        not_after: MORNING.plus_ms(ms),
        heads: (0..heads)
            .map(|it| StatementId::from_bytes(*hash(&it.to_be_bytes()).as_bytes()))
            .collect(),
    };
    let issue = |granted| Certificate::issue(granted, &key("anna"), &key("desk"));
    let longest = issue(granted(SESSION_MS_MAX, PARENTS_MAX)).unwrap();
    assert!(longest.encode().len() <= CERTIFICATE_BYTES_MAX);
    assert!(!longest.is_over(MORNING.plus_ms(SESSION_MS_MAX)));
    assert!(longest.is_over(MORNING.plus_ms(SESSION_MS_MAX + 1)));
    let long = Error::Malformed("a session of more than twelve hours");
    assert_eq!(issue(granted(SESSION_MS_MAX + 1, 1)), Err(long));
    let lost = Error::Malformed("a session that knows of no clinic");
    assert_eq!(issue(granted(1, 0)), Err(lost));
    let many = Error::TooLarge { max: PARENTS_MAX };
    assert_eq!(issue(granted(1, PARENTS_MAX + 1)), Err(many));
}

#[test]
fn a_later_version_is_told_apart_from_damage() {
    let mut bytes = session().encode();
    bytes[4] = 2;
    let later = Error::Unknown {
        version: 2,
        suite: 0,
    };
    assert_eq!(Certificate::open(&bytes), Err(later));
    assert_eq!(
        later.to_string(),
        "version 2 with suite 0 is not known to this program"
    );
    let too_large = Error::TooLarge {
        max: STATEMENT_BYTES_MAX,
    };
    let bytes = vec![0; STATEMENT_BYTES_MAX + 1];
    assert_eq!(Statement::open(&bytes), Err(too_large));
}

#[test]
fn nothing_but_ids_is_shown() {
    let shown = format!(
        "{:?} {:?} {:?} {:?}",
        newcomer("Grace"),
        new_device("Grace"),
        one_of_each(),
        session()
    );
    assert!(!shown.contains("Grace"), "{shown}");
    assert!(compartment("front") < compartment("restricted/hiv"));
}
