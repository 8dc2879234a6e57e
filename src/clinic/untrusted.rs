//! What others can put into the ledger: changes in another one's name, and what a newer
//! program wrote. Tests of the whole way from the disk to the chart.

use std::{sync::Arc, time::Duration};

use tempfile::TempDir;

use super::{
    AuditAction, AuditEntry, Clinic, Founding, Session, Surroundings,
    actor::{Forged, Signing},
    documents::Open,
    known::{Actors, Writers},
    own_log::{Draft, When, Writing},
    reading::Changes,
};
use crate::{
    chart::{
        Allergy, Clinical, Coded, Criticality, Edit, Entry, Name, NameUse, Part, Person,
        Provider, ProviderKind, Record, Subject, Verification,
    },
    doc::{Doc, Stamp, View},
    ids::{ClinicId, DocId, LogId, PatientId, RecordId, SessionId, UserId},
    ledger::{Chain, ClockQuality, Envelope, Header, Kind, Lane, Payload, Place, Suite},
    seal::{Secret, SeededEntropy, SigningKey, Work},
    store::{CacheBatch, Home, MetaWrite, NewEnvelope, Store},
    time::{Clock, Hlc, Moment, Timestamp},
};

const PASSPHRASE: &str = "correct horse battery staple again";

fn surroundings() -> Surroundings {
    Surroundings {
        clock: Clock::Machine,
        entropy: Box::new(SeededEntropy::new(u64::from(std::process::id()))),
        work: Some(Work::DEMO),
    }
}

fn founded() -> (TempDir, Arc<Clinic>) {
    let folder = TempDir::new().unwrap();
    let founding = Founding {
        machine: "1".to_owned(),
        clinic: "Kijani".to_owned(),
        user: "Dr Okot".to_owned(),
        passphrase: PASSPHRASE.to_owned().into(),
    };
    let home = folder.path().join("home");
    let clinic = Clinic::create(&home, founding, surroundings(), |_| Ok(())).unwrap();
    (folder, clinic)
}

fn owner(clinic: &Arc<Clinic>) -> Session {
    let user = clinic.users().unwrap()[0].user;
    clinic.sign_in(user, PASSPHRASE).unwrap()
}

fn registered(session: &mut Session) -> PatientId {
    let mut person = Person::new(session.entry());
    person.names = vec![Name {
        usage: NameUse::Usual,
        family: "Okello".into(),
        given: "Grace".into(),
    }];
    session.register(person).unwrap().patient
}

fn allergy(session: &mut Session, to: &str) -> Edit {
    Edit::add(Record::Allergy(Allergy {
        entry: session.entry(),
        code: Coded::text(to),
        clinical: Clinical::Active,
        verification: Verification::Confirmed,
        intolerance: false,
        category: String::new(),
        criticality: Criticality::High,
        onset: None,
        reactions: Vec::new(),
    }))
}

fn allergies(session: &mut Session, patient: PatientId) -> usize {
    let chart = session.open(patient).unwrap();
    chart.summary.unwrap().allergies.len()
}

fn reopened(folder: &TempDir, name: &str) -> Session {
    let home = folder.path().join(name);
    owner(&Clinic::open(&home, surroundings()).unwrap())
}

#[test]
fn a_change_in_another_sessions_name_is_in_no_chart_and_named_by_verify() {
    let (folder, clinic) = founded();
    let other = owner(&clinic).author();
    let mut session = owner(&clinic);
    let patient = registered(&mut session);
    let honest = allergy(&mut session, "penicillin");
    let subject = Subject::Patient(patient);
    session.save(subject, vec![honest]).unwrap();
    let place = (subject, Part::Summary);
    let forged = allergy(&mut session, "peanut");
    let when: When = clinic.desk().when(clinic.moment(), clinic.clock);
    let at = when.hlc.timestamp();
    let (id, mut draft) = session
        .draft_by(&other, place, std::slice::from_ref(&forged), when)
        .unwrap()
        .unwrap();
    if let Draft::Sealed { payload, .. } = &mut draft {
        // In automerge's form: otherwise nothing in it would name the other session.
        let actor = other.signing.around(id, payload.wall).actor;
        let change = Doc::new(Part::Summary).write(&[forged], Stamp { actor, at });
        payload.body = change.unwrap().unwrap();
    }
    let writing = Writing {
        drafts: session.signed([draft]),
        ..Writing::default()
    };
    let written = clinic.desk().write(&clinic, session.id, writing).unwrap();
    let seq = written[0].place.seq;
    drop((session, clinic));

    let mut session = reopened(&folder, "home");
    assert_eq!(allergies(&mut session, patient), 1);
    let verified = session.verify(|_| {}).unwrap();
    assert_eq!((verified.refused, verified.damaged), (1, 0));
    assert!(!verified.is_sound());
    let why = format!("Clinical {seq}: {}", Forged::Actor);
    let named = |of: &[String]| of.iter().any(|it| it.contains(&why));
    assert!(named(&verified.problems), "{:?}", verified.problems);
    let problems = session.open(patient).unwrap().problems;
    assert!(named(&problems), "{problems:?}");
    // What follows it waits; what does not is saved and shown.
    let honest = allergy(&mut session, "latex");
    session.save(subject, vec![honest]).unwrap();
    assert_eq!(allergies(&mut session, patient), 2);
}

#[test]
fn a_session_signs_for_no_other_log_than_its_machines() {
    let key = SigningKey::generate(&mut SeededEntropy::new(1));
    let header = Header::unsealed(
        Kind::Statement,
        ClinicId::ZERO,
        SessionId::ZERO,
        Hlc::default(),
    );
    let log = LogId::from_bytes([1; 16]);
    let header = Chain::start(log, Lane::Membership).place(header);
    let envelope = Envelope::sign(header, Vec::new(), &key).unwrap();
    let own = Signing {
        key: key.public(),
        log,
        device: key.public(),
        user: UserId::ZERO,
    };
    assert_eq!(own.signed(&envelope.stub()), Ok(()));
    let empty = Payload {
        wall: Moment::default(),
        clock: ClockQuality::Alone,
        role: 0,
        body: Vec::new(),
    };
    let elsewhere = Signing {
        log: LogId::ZERO,
        ..own
    };
    assert_eq!(elsewhere.signed(&envelope.stub()), Err(Forged::Log));
    assert_eq!(elsewhere.wrote(&envelope, &empty), Err(Forged::Log));
}

/// Puts an envelope of a suite that this program does not know at the end of a lane.
fn write_newer(session: &Session, kind: Kind, lane: Lane, doc: DocId) {
    let clinic = &session.clinic;
    let log = clinic.log();
    let tips = clinic.store.frontier().unwrap();
    let (seq, hash) = tips[&(log, lane)];
    let sealed = Header {
        suite: Suite::from_number(9),
        doc,
        ..Header::unsealed(kind, clinic.id(), session.id, Hlc(1))
    };
    let header = Chain::known(log, lane, seq, hash).place(sealed);
    let content = b"sealed by a newer program".to_vec();
    let envelope = Envelope::sign(header, content, &session.signing).unwrap();
    let bytes = envelope.encode();
    let new = NewEnvelope::new(&envelope, &bytes);
    clinic.store.append(&[new], &[]).unwrap();
}

#[test]
fn what_a_newer_program_wrote_is_kept_and_waits_and_the_clinic_opens() {
    let (folder, clinic) = founded();
    let mut session = owner(&clinic);
    let patient = registered(&mut session);
    let known = allergy(&mut session, "penicillin");
    let subject = Subject::Patient(patient);
    session.save(subject, vec![known]).unwrap();
    let doc = session.keyring.doc_id(subject, Part::Summary).unwrap();
    write_newer(&session, Kind::Statement, Lane::Membership, DocId::ZERO);
    write_newer(&session, Kind::Certificate, Lane::Membership, DocId::ZERO);
    write_newer(&session, Kind::Change, Lane::Clinical, doc);
    drop((session, clinic));

    let mut session = reopened(&folder, "home");
    assert_eq!(allergies(&mut session, patient), 1);
    let verified = session.verify(|_| {}).unwrap();
    assert!(verified.is_sound(), "{:?}", verified.problems);
    assert_eq!(verified.waiting, 1);
    let problems = session.open(patient).unwrap().problems;
    assert!(
        problems.iter().any(|it| it.contains("suite 9")),
        "{problems:?}"
    );
    let entries = session.read_audit(None).unwrap().entries;
    let damage = |it: &AuditEntry| it.action == AuditAction::Integrity;
    assert!(!entries.iter().any(damage));
}

#[test]
fn a_chart_whose_identity_comes_last_is_shown_whole() {
    let (folder, clinic) = founded();
    let mut session = owner(&clinic);
    let patient = registered(&mut session);
    let known = allergy(&mut session, "penicillin");
    session
        .save(Subject::Patient(patient), vec![known])
        .unwrap();
    session.sign_out().unwrap();
    let late = {
        let path = folder.path().join("late");
        let home = Arc::new(Home::create(&path, clinic.clock.now()).unwrap());
        let late = Store::create(Arc::clone(&home)).unwrap();
        for name in clinic.store.meta_names("").unwrap() {
            let bytes = clinic.store.meta(&name).unwrap().unwrap();
            late.append(&[], &[MetaWrite::Put { name, bytes }]).unwrap();
        }
        copy(&clinic.store, &late, |lane| lane != Lane::Desk);
        home.finish().unwrap();
        drop((late, home));
        Clinic::open(&path, surroundings()).unwrap()
    };
    let mut session = owner(&late);
    while session.settle_some(Duration::MAX).unwrap() {}
    assert_eq!(session.find("okello", 5).unwrap(), []);
    let applied = late.store.applied().unwrap();
    assert_eq!(applied[&(late.log(), Lane::Clinical)], 1);
    copy(&clinic.store, &late.store, |lane| lane == Lane::Desk);
    late.desk().fall_behind();
    session.settle().unwrap();
    assert_eq!(allergies(&mut session, patient), 1);
}

#[test]
fn changes_that_wait_are_offered_again_and_in_no_snapshot() {
    let subject = Subject::Clinic;
    let mut wrote = Doc::new(Part::Site);
    let mut changes: Vec<Vec<u8>> = (1..=40).map(|n| provider(&mut wrote, n)).collect();
    let late = Changes::of(vec![changes.remove(1)]);
    let mut open = Open::new(DocId::ZERO, subject, Part::Site);
    open.take(Changes::of(changes));
    let mut entropy = SeededEntropy::new(1);
    let key = Secret::generate(&mut entropy);
    let mut batch = CacheBatch::new(&mut entropy);
    let mut settle = |open: &mut Open| {
        let nobody = |_: &Actors| Ok(Writers::default());
        let rows = open.rows(nobody).unwrap();
        let said = rows.put(&mut batch, DocId::ZERO, &key);
        let View::Site(site) = said.view else {
            panic!("not the site")
        };
        (site.providers.len(), said.problems.len(), open.in_snapshot)
    };
    assert_eq!(settle(&mut open), (1, 1, 0));
    open.take(late);
    assert_eq!(settle(&mut open), (40, 0, 40));
}

/// The change that adds one more provider.
fn provider(doc: &mut Doc, number: u8) -> Vec<u8> {
    let entry = Entry::new(
        RecordId::from_bytes([number; 16]),
        Moment::default(),
        UserId::ZERO,
        LogId::ZERO,
    );
    let provider = Record::Provider(Provider {
        entry,
        kind: ProviderKind::Practitioner,
        name: format!("Dr {number}"),
        phone: String::new(),
    });
    let stamp = Stamp {
        actor: [1; 16],
        at: Timestamp(i64::from(number)),
    };
    doc.write(&[Edit::add(provider)], stamp).unwrap().unwrap()
}

/// Copies the lanes that are chosen from one ledger to another.
fn copy(from: &Store, to: &Store, chosen: impl Fn(Lane) -> bool) {
    let lanes = from.frontier().unwrap().into_keys();
    for (log, lane) in lanes.filter(|(_, lane)| chosen(*lane)) {
        let first = Place { log, lane, seq: 1 };
        for (_, bytes) in from.envelopes(first).unwrap() {
            let envelope = Envelope::decode(&bytes).unwrap();
            let new = NewEnvelope::new(&envelope, &bytes);
            to.append(&[new], &[]).unwrap();
        }
    }
}
