//! The bytes of letters: the one of the first release, and those that somebody made up.

use std::{fs, path::Path};

use cairn::{
    chart::{Edit, Record, ReferralStatus, SharedPart, Subject},
    clinic::{Error as Refusal, Match, Session},
    ids::{Hash, PatientId, RecordId},
    members::{Card, Error, Letter, Provider, Says, Verified, Writing},
    seal::{CarryKey, SeededEntropy, SigningKey, derive, names, wrap},
    time::Timestamp,
};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::{
    cards::{card, key, made, provider},
    clinic::{grace, owner},
    letters::{consent, hospital, refer},
};

const WHOSE: PatientId = PatientId::from_bytes([7; 16]);

fn carry() -> CarryKey {
    CarryKey::from_secret(derive("cairn/test/carry", &[b"were"]))
}

fn summary(whose: PatientId) -> Value {
    let id = uuid::Uuid::from_bytes(*whose.as_bytes()).to_string();
    json!({"resourceType": "Bundle", "type": "document", "entry": [
        {"fullUrl": format!("urn:uuid:{id}"), "resource": {"resourceType": "Patient",
         "id": id, "name": [{"family": "Okello"}]}},
    ]})
}

fn referral(summary: &Value) -> Says {
    Says::Referral {
        whose: WHOSE,
        urgent: true,
        reason: "cough".to_owned(),
        question: "X-ray?".to_owned(),
        summary: summary.to_string().into_bytes(),
    }
}

/// A letter of Dr Wéré's, sealed.
fn sealed(to: &Card, says: &Says, by: &SigningKey) -> Result<Vec<u8>, Error> {
    sealed_as((8, 1_700_000_000_000), to, says, by)
}

/// The same under a name, made at a time.
fn sealed_as(
    (id, made): (u8, i64),
    to: &Card,
    says: &Says,
    by: &SigningKey,
) -> Result<Vec<u8>, Error> {
    let writing = Writing {
        id: RecordId::from_bytes([id; 16]),
        from: &card(),
        to,
        made: Timestamp(made),
        says,
    };
    writing.seal(by, &mut SeededEntropy::new(5))
}

fn plain() -> Vec<u8> {
    let file = sealed(&card(), &referral(&summary(WHOSE)), &key("were")).unwrap();
    Letter::unseal(&carry(), &file).unwrap().to_vec()
}

#[test]
fn a_letter_of_the_first_release_opens() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/letter.cairn");
    let says = [
        referral(&summary(WHOSE)),
        Says::Answer {
            to: RecordId::from_bytes([1; 16]),
            whose: WHOSE,
            outcome: 3,
            note: "seen".to_owned(),
        },
        Says::Snapshot {
            series: RecordId::from_bytes([2; 16]),
            until: Timestamp(1_800_000_000_000),
            parts: "allergies".to_owned(),
            summary: b"{}".to_vec(),
        },
    ];
    let all: Vec<u8> = says
        .iter()
        .flat_map(|it| sealed(&card(), it, &key("were")).unwrap())
        .collect();
    if std::env::var_os("CAIRN_BLESS").is_some() {
        fs::write(&path, &all).unwrap();
    }
    assert!(fs::read(&path).unwrap() == all);
    for says in says {
        let file = sealed(&card(), &says, &key("were")).unwrap();
        let letter = Letter::open(&Letter::unseal(&carry(), &file).unwrap()).unwrap();
        assert!(letter.says == says && letter.from == card());
        assert_eq!(letter.to, card().about().key);
    }
}

#[test]
fn a_letter_with_any_bit_changed_any_byte_less_or_more_is_none() {
    let bytes = plain();
    for length in (0..bytes.len()).step_by(61) {
        assert!(Letter::open(&bytes[..length]).is_err(), "at {length}");
    }
    for bit in (0..bytes.len() * 8).step_by(7) {
        let mut changed = bytes.clone();
        changed[bit / 8] ^= 1 << (bit % 8);
        assert!(Letter::open(&changed).is_err(), "bit {bit}");
    }
    assert!(Letter::open(&[&bytes[..], &[0; 4096]].concat()).is_err());
}

#[test]
fn nobody_writes_in_the_name_of_another_card() {
    let forged = sealed(&card(), &referral(&summary(WHOSE)), &key("another"));
    assert!(matches!(forged, Err(Error::Seal(_))), "{forged:?}");
}

#[track_caller]
fn refused(session: &mut Session, file: &[u8], expected: &str) {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("letter.cairn");
    fs::write(&path, file).unwrap();
    match session.take_letter(&path) {
        Err(Refusal::Refused(why)) => assert!(why.contains(expected), "{why}"),
        other => panic!("{other:?}"),
    }
    assert!(session.received().unwrap().is_empty(), "something was kept");
}

#[test]
fn what_is_forged_widened_passed_on_or_of_somebody_else_is_not_taken() {
    let (_folder, clinic) = hospital();
    let mut session = owner(&clinic);
    let to = session.card().unwrap();
    let sealed_anew = |bytes: &[u8]| {
        let carry = to.about().carry;
        wrap(&[carry], bytes, &mut SeededEntropy::new(9)).unwrap()
    };
    let mut widened = plain();
    let reason = b"cough";
    let at = widened.windows(5).position(|it| it == reason).unwrap();
    widened[at] = b'C';
    refused(&mut session, &sealed_anew(&widened), "it is forged");
    let mut newer = plain();
    newer[4] = 2;
    refused(&mut session, &sealed_anew(&newer), "made by a newer Cairn");
    refused(
        &mut session,
        &sealed_anew(&plain()),
        "written to somebody else, who passed it on",
    );
    refused(&mut session, &sealed_anew(b"nothing"), "is not whole");
    let of = |summary: &Value| sealed(&to, &referral(summary), &key("were")).unwrap();
    let nobody_of_theirs = "is not of the one person that the letter is about";
    let other = summary(PatientId::from_bytes([9; 16]));
    refused(&mut session, &of(&other), nobody_of_theirs);
    let mut two = summary(WHOSE);
    let more = other["entry"][0].clone();
    two["entry"].as_array_mut().unwrap().push(more);
    refused(&mut session, &of(&two), nobody_of_theirs);
    refused(
        &mut session,
        &of(&json!({"resourceType": "Bundle", "type": "message"})),
        "a Bundle of type message is not taken",
    );
    let deep = format!(
        "{{\"resourceType\":\"Bundle\",\"type\":\"document\",\"entry\":{}",
        "[".repeat(10_000)
    );
    let says = Says::Referral {
        whose: WHOSE,
        urgent: false,
        reason: String::new(),
        question: String::new(),
        summary: deep.into_bytes(),
    };
    let deep = sealed(&to, &says, &key("were")).unwrap();
    refused(&mut session, &deep, "nested deeper than 128 levels");
    let says = Says::Answer {
        to: RecordId::from_bytes([1; 16]),
        whose: WHOSE,
        outcome: 1,
        note: String::new(),
    };
    let answer = sealed(&to, &says, &key("were")).unwrap();
    refused(
        &mut session,
        &answer,
        "answers a referral that is not on file here",
    );
    let over = Says::Snapshot {
        series: RecordId::from_bytes([2; 16]),
        until: Timestamp(1),
        parts: "allergies".to_owned(),
        summary: summary(WHOSE).to_string().into_bytes(),
    };
    let over = sealed(&to, &over, &key("were")).unwrap();
    refused(&mut session, &over, "a day that is past");
}

#[test]
fn a_letter_of_an_unknown_sender_brings_nothing_into_a_chart() {
    let (_folder, clinic) = hospital();
    let mut session = owner(&clinic);
    let to = session.card().unwrap();
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("letter.cairn");
    let file = sealed(&to, &referral(&summary(WHOSE)), &key("were")).unwrap();
    fs::write(&path, file).unwrap();
    let row = session.take_letter(&path).unwrap().row;
    assert_eq!(row.sender, None);
    let done = session.accept_letter(&row.hash.to_string(), Match::New);
    assert!(matches!(done, Err(Refusal::Refused(_))), "{done:?}");
    assert!(session.everybody().unwrap().is_empty());
}

/// A request that says it is a referral by this card, as nobody asked.
fn request(id: [u8; 16], patient: PatientId) -> Value {
    let uuid = |it: [u8; 16]| uuid::Uuid::from_bytes(it).to_string();
    let field = |name: &str, value: String| json!({"url": format!("urn:cairn:referral:{name}"), "valueString": value});
    let id = uuid(id);
    json!({"fullUrl": format!("urn:uuid:{id}"), "resource": {
        "resourceType": "ServiceRequest", "id": id, "status": "active", "intent": "order",
        "category": [{"coding": [{"system": "http://snomed.info/sct", "code": "3457005"}]}],
        "code": {"text": "another question"},
        "subject": {"reference": format!("urn:uuid:{}", uuid(*patient.as_bytes()))},
        "extension": [
            field("way", "received".to_owned()),
            field("from", "Dr Abbo, District Hospital".to_owned()),
            field("letter", RecordId::from_bytes([8; 16]).to_string()),
            field("theirs", RecordId::from_bytes([7; 16]).to_string()),
            field("card", Hash::from_bytes([6; 32]).to_string()),
        ],
    }})
}

#[test]
fn no_request_in_a_summary_takes_the_place_of_the_referral_or_leads_to_a_letter() {
    let (_folder, clinic) = hospital();
    let mut session = owner(&clinic);
    let to = session.card().unwrap();
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("letter.cairn");
    let mut summary = summary(WHOSE);
    let entries = summary["entry"].as_array_mut().unwrap();
    entries.extend([request([8; 16], WHOSE), request([9; 16], WHOSE)]);
    fs::write(
        &path,
        sealed(&to, &referral(&summary), &key("were")).unwrap(),
    )
    .unwrap();
    let name = session.take_letter(&path).unwrap().row.hash.to_string();
    session.know_sender(&name, Verified::Phone).unwrap();
    let done = session.accept_letter(&name, Match::New).unwrap();
    let all = session.referrals(done.patient).unwrap();
    assert_eq!(all.len(), 2);
    for it in &all {
        if it.entry.id == done.referral {
            let by = Hash::from_bytes(*card().id().as_bytes());
            assert_eq!((it.question.as_str(), it.card), ("X-ray?", Some(by)));
            assert!(it.letter.is_some() && it.theirs.is_some());
            continue;
        }
        assert_eq!(it.with, "Dr Abbo, District Hospital");
        assert_eq!((it.letter, it.theirs, it.card), (None, None, None));
        let answer = (ReferralStatus::Completed, "seen");
        let of = (done.patient, it.entry.id);
        let answered = session.answer_referral(of, answer, folder.path());
        assert!(matches!(answered, Err(Refusal::Missing(_))), "{answered:?}");
    }
}

#[test]
fn a_file_that_cannot_be_read_keeps_nobody_from_the_other_letters() {
    let (home, clinic) = hospital();
    let mut session = owner(&clinic);
    let to = session.card().unwrap();
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("letter.cairn");
    let file = sealed(&to, &referral(&summary(WHOSE)), &key("were")).unwrap();
    fs::write(&path, file).unwrap();
    let taken = session.take_letter(&path).unwrap().row;
    fs::write(home.path().join("home/torn.letter"), b"torn").unwrap();
    let rows = session.received().unwrap();
    let states: Vec<_> = rows.iter().map(|it| it.state).collect();
    assert_eq!(states, ["waiting", "damaged"]);
    assert_eq!(rows[1].what, "the file torn.letter");
    let name = taken.hash.to_string();
    assert_eq!(session.received_letter(&name).unwrap().question, "X-ray?");
    assert!(session.take_letter(&path).unwrap().known);
    session.know_sender(&name, Verified::Phone).unwrap();
    session.accept_letter(&name, Match::New).unwrap();
}

#[test]
fn an_answer_from_a_day_to_come_is_refused_and_an_older_one_says_that_it_changes_nothing()
{
    let (_folder, clinic) = hospital();
    let mut session = owner(&clinic);
    let to = session.card().unwrap();
    session.keep_card(&card(), Verified::Room).unwrap();
    let theirs = session.cards().unwrap().remove(0);
    let patient = grace(&mut session);
    let consent = consent(&mut session, &theirs, &[SharedPart::Summary]);
    let edit = Edit::add(Record::Consent(consent));
    session.save(Subject::Patient(patient), vec![edit]).unwrap();
    let folder = TempDir::new().unwrap();
    let sent = session.refer(patient, &theirs, &refer(), folder.path());
    let letter = sent.unwrap().letter;
    let path = folder.path().join("answer.cairn");
    let now = session.entry().recorded.at.0;
    let hour = 60 * 60 * 1000;
    for (id, made, note, expected) in [
        (1, now + 25 * hour, "2099", Err("from a day to come")),
        (2, now - hour, "first", Ok(("first", ""))),
        (3, now + hour, "second", Ok(("second", ""))),
        (4, now, "late", Ok(("second", "a later answer stands"))),
    ] {
        let says = Says::Answer {
            to: letter,
            whose: patient,
            outcome: 1,
            note: note.to_owned(),
        };
        let file = sealed_as((id, made), &to, &says, &key("were")).unwrap();
        fs::write(&path, file).unwrap();
        match (session.take_letter(&path), expected) {
            (Ok(taken), Ok((reply, why))) => {
                assert!(taken.row.why.starts_with(why), "{}", taken.row.why);
                assert_eq!(why.is_empty(), taken.row.why.is_empty());
                assert_eq!(session.referrals(patient).unwrap()[0].reply, reply);
            }
            (Err(Refusal::Refused(why)), Err(expected)) => {
                assert!(why.contains(expected), "{why}");
            }
            (other, _) => panic!("{other:?}"),
        }
    }
}

#[test]
fn a_letter_by_a_card_of_another_clinic_than_the_one_kept_is_not_accepted() {
    let (_folder, clinic) = hospital();
    let mut session = owner(&clinic);
    let to = session.card().unwrap();
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("letter.cairn");
    let file = sealed(&to, &referral(&summary(WHOSE)), &key("were")).unwrap();
    fs::write(&path, file).unwrap();
    let name = session.take_letter(&path).unwrap().row.hash.to_string();
    let elsewhere = Provider {
        clinic: names::clinic_id(&key("another root").public()),
        ..provider()
    };
    let kept = made(elsewhere, 1).unwrap();
    session.keep_card(&kept, Verified::Room).unwrap();
    match session.accept_letter(&name, Match::New) {
        Err(Refusal::Refused(why)) => assert!(why.contains("another clinic"), "{why}"),
        other => panic!("{other:?}"),
    }
    assert!(session.everybody().unwrap().is_empty());
}
