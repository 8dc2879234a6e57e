//! Sharing with a provider of another clinic: what the keys that they get open, and what
//! ends it.

use std::{
    cell::Cell,
    collections::{BTreeMap, BTreeSet},
};

use cairn::{
    chart::{
        Consent, ConsentState, Decision, Edit, How, Part, Purpose, Record, SharedPart,
        Subject, Withdrawal,
        who::{Denial, Role},
    },
    clinic::{AuditAction, AuditObject, CardRow, Clinic, Error, Session, Share},
    ids::{DocId, Hash, KeyId, PatientId},
    ledger::{Entry, Header, Kind, Place, open_payload},
    members::{Certificate, Membership, Statement, Term, Verified},
    seal::{CarryKey, PublicKey, Secret, derive},
    time::{Clock, Moment, Timestamp},
};

use crate::{
    cards::card,
    clinic::{amoxicillin, founded, grace, owner, penicillin},
    devices::{joined, meet},
    staff::Staff,
};

const NURSE: &str = "a quiet river under seven old bridges";

fn carry() -> CarryKey {
    CarryKey::from_secret(derive("cairn/test/carry", &[b"were"]))
}

/// The key that Dr Wéré's first machine meets others with.
fn endpoint() -> PublicKey {
    card().machines().next().unwrap().1
}

/// What a machine holds, read as anybody could who holds it.
pub(crate) struct Held {
    pub(crate) envelopes: Vec<cairn::ledger::Envelope>,
    pub(crate) membership: Membership,
}

pub(crate) fn held(clinic: &Clinic) -> Held {
    let mut envelopes = Vec::new();
    for ((log, lane), (last, _)) in clinic.frontier().unwrap() {
        let mut seq = 1;
        while seq <= last {
            let read = clinic.read_run(Place { log, lane, seq }, 1 << 20).unwrap();
            seq += read.len() as u64;
            for bytes in read {
                let Entry::Whole(envelope) = Entry::decode(&bytes).unwrap() else {
                    panic!("something was erased");
                };
                envelopes.push(envelope);
            }
        }
    }
    let of = |kind| {
        let lane = envelopes.iter().filter(move |it| it.header.kind == kind);
        lane.map(|it| it.content.as_slice())
    };
    let statements = of(Kind::Statement).map(|it| Statement::open(it).unwrap());
    let certificates = of(Kind::Certificate).map(|it| Certificate::open(it).unwrap());
    let membership = Membership::fold(clinic.id(), statements, certificates).unwrap();
    Held {
        envelopes,
        membership,
    }
}

impl Held {
    /// The keys that were given with every grant to Dr Wéré.
    pub(crate) fn keys(&self) -> BTreeMap<(DocId, KeyId), Secret> {
        let grants = self.membership.grants(Timestamp(0)).into_iter();
        let given = grants.map(|it| self.membership.open_given(it.statement, &carry()));
        given.flatten().collect()
    }

    /// Everything sealed that these keys open, by any of them and in any place: documents
    /// and numbers of envelopes.
    pub(crate) fn opened(
        &self,
        keys: &BTreeMap<(DocId, KeyId), Secret>,
    ) -> BTreeMap<DocId, Vec<Header>> {
        let mut opened: BTreeMap<DocId, Vec<Header>> = BTreeMap::new();
        for envelope in &self.envelopes {
            if keys.values().any(|it| open_payload(envelope, it).is_ok()) {
                let headers = opened.entry(envelope.header.doc).or_default();
                headers.push(envelope.header);
            }
        }
        opened
    }

    pub(crate) fn documents(&self) -> BTreeSet<DocId> {
        let changes = self.envelopes.iter();
        let changes = changes.filter(|it| it.header.kind == Kind::Change);
        changes.map(|it| it.header.doc).collect()
    }
}

pub(crate) fn kept(session: &mut Session) -> CardRow {
    session.keep_card(&card(), Verified::Phone).unwrap();
    session.card_to_share("Dr Wéré").unwrap()
}

pub(crate) fn consent(session: &mut Session, parts: &[SharedPart]) -> Consent {
    Consent {
        entry: session.entry(),
        decision: Decision::Given,
        state: ConsentState::Active,
        withdrawal: None,
        to: "Dr Wéré".to_owned(),
        card: Some(Hash::from_bytes(*card().id().as_bytes())),
        parts: parts.to_vec(),
        shared_from: None,
        shared_until: None,
        purpose: Purpose::Treatment,
        from: None,
        until: Some(session.today().plus_days(30)),
        how: How::Written,
        witness: String::new(),
        over: Vec::new(),
    }
}

fn agree(session: &mut Session, patient: PatientId) -> Consent {
    let parts = [SharedPart::Summary, SharedPart::Visits];
    let consent = consent(session, &parts);
    let edit = Edit::add(Record::Consent(consent.clone()));
    session.save(Subject::Patient(patient), vec![edit]).unwrap();
    consent
}

pub(crate) fn share(session: &Session, parts: &[Part]) -> Share {
    Share {
        parts: parts.iter().copied().collect(),
        until: session.end_of(session.today().plus_days(7)),
        purpose: Purpose::Treatment,
    }
}

fn write(session: &mut Session, patient: PatientId, record: Record) {
    let edit = Edit::add(record);
    session.save(Subject::Patient(patient), vec![edit]).unwrap();
}

/// A clinic with two charts, of which the summary of one is shared.
fn shared(session: &mut Session) -> (PatientId, cairn::ids::StatementId) {
    let patient = grace(session);
    let record = penicillin(session);
    write(session, patient, record);
    let other = grace(session);
    let record = penicillin(session);
    write(session, other, record);
    agree(session, patient);
    let row = kept(session);
    let parts = share(session, &[Part::Summary]);
    let id = session.share(patient, &row, &parts).unwrap();
    (patient, id)
}

#[test]
fn the_keys_of_a_share_open_its_documents_and_nothing_else_of_the_clinic() {
    let (_folder, clinic) = founded();
    let mut okot = owner(&clinic);
    let (patient, id) = shared(&mut okot);
    let held = held(&clinic);
    let opened = held.opened(&held.keys());
    let now = clinic.moment().at;
    let granting = held.membership.granting(id, now).unwrap();
    assert_eq!(granting.term, Term::Live);
    let granted: BTreeSet<_> = granting.grant.documents.keys().copied().collect();
    assert_eq!(opened.keys().copied().collect::<BTreeSet<_>>(), granted);
    // Two identities, two summaries, the consents, and the clinic's own lists or none.
    assert_eq!(granted.len(), 2);
    assert!(held.documents().len() >= 5, "{:?}", held.documents());
    let scope = clinic.shared_with(endpoint());
    let inbox = granting.grant.inbox;
    assert_eq!(scope, granted.iter().copied().chain([inbox]).collect());
    assert!(held.keys().keys().any(|it| it.0 == inbox));
    let own = okot.card().unwrap().machines().next().unwrap().1;
    assert!(clinic.shared_with(own).is_empty());
    let rows = okot.shares().unwrap();
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0].patient, Some(patient));
    assert_eq!(rows[0].parts, [Part::Summary].into());
    let audit = okot.read_audit(Some(patient)).unwrap();
    let told = audit
        .entries
        .iter()
        .filter(|it| it.action == AuditAction::Share);
    let told: Vec<_> = told.map(|it| &it.object).collect();
    let [AuditObject::Disclosed(told)] = &told[..] else {
        panic!("{told:?}");
    };
    assert_eq!(
        (&*told.what, &*told.to),
        ("summary", "Dr Wéré, Mbale hospital")
    );
}

#[test]
fn a_share_takes_a_card_of_which_somebody_made_sure_and_the_patients_consent() {
    let (_folder, clinic) = founded();
    let mut okot = owner(&clinic);
    let patient = grace(&mut okot);
    okot.keep_card(&card(), Verified::Not).unwrap();
    let refused = |it: Result<_, Error>, why: &str| match it {
        Err(Error::Refused(text)) => assert!(text.contains(why), "{text}"),
        other => panic!("{why}: {other:?}"),
    };
    refused(okot.card_to_share("Dr Wéré").map(drop), "nobody made sure");
    let unsure = okot.card_named("Dr Wéré").unwrap();
    let summary = share(&okot, &[Part::Summary]);
    let of = |session: &mut Session, row: &CardRow, share: &Share| {
        session.share(patient, row, share).map(drop)
    };
    refused(of(&mut okot, &unsure, &summary), "nobody made sure");
    let row = kept(&mut okot);
    refused(of(&mut okot, &row, &summary), "did not agree to summary");
    agree(&mut okot, patient);
    let results = share(&okot, &[Part::Summary, Part::Results]);
    refused(of(&mut okot, &row, &results), "did not agree to results");
    let consents = share(&okot, &[Part::Consents]);
    refused(of(&mut okot, &row, &consents), "consents is not shared");
    let nothing = share(&okot, &[]);
    refused(of(&mut okot, &row, &nothing), "nothing of the chart");
    let over = Share {
        until: clinic.moment().at.plus_ms(-1),
        ..summary.clone()
    };
    refused(of(&mut okot, &row, &over), "over already");
    let long = Share {
        until: okot.end_of(okot.today().plus_days(31)),
        ..summary.clone()
    };
    refused(of(&mut okot, &row, &long), "agreed until");
    assert_eq!(okot.shares().unwrap(), []);
    let nurse = okot.add_user("Badu", Role::Nurse, NURSE).unwrap();
    okot.sign_out().unwrap();
    let mut badu = clinic.sign_in(nurse, NURSE).unwrap();
    let denied = badu.share(patient, &row, &summary);
    assert!(matches!(
        denied,
        Err(Error::Denied(Denial::Role(Role::Nurse)))
    ));
}

#[test]
fn what_is_written_after_a_share_was_taken_back_opens_with_none_of_its_keys() {
    let (_folder, clinic) = founded();
    let mut okot = owner(&clinic);
    let (patient, id) = shared(&mut okot);
    let before = held(&clinic).keys();
    okot.revoke_share(id).unwrap();
    okot.revoke_share(id).unwrap();
    assert!(clinic.shared_with(endpoint()).is_empty());
    let record = amoxicillin(&mut okot);
    write(&mut okot, patient, record);
    let after = held(&clinic);
    let opened = after.opened(&before);
    let steps = |headers: &[Header]| headers.iter().map(|it| it.k).collect::<Vec<_>>();
    assert!(opened.values().all(|it| steps(it).iter().all(|k| *k == 0)));
    let summary = after.membership.grants(Timestamp(0))[0]
        .grant
        .documents
        .clone();
    let new = after.envelopes.iter().filter(|it| it.header.k != 0);
    let new: Vec<_> = new.map(|it| it.header.doc).collect();
    assert_eq!(new.len(), 1);
    assert!(summary.contains_key(&new[0]));
    assert_eq!(after.keys().len(), before.len(), "no key was given since");
    // The clinic reads on, in this session and in the next.
    okot.sign_out().unwrap();
    let mut okot = owner(&clinic);
    let chart = okot.open(patient).unwrap();
    assert_eq!(chart.summary.unwrap().medications.len(), 1);
    // Shared again, all of it opens.
    let row = okot.card_to_share("Dr Wéré").unwrap();
    let again = share(&okot, &[Part::Summary]);
    okot.share(patient, &row, &again).unwrap();
    let held = held(&clinic);
    let opened = held.opened(&held.keys());
    assert_eq!(opened[&new[0]].len(), 2);
    let rows = okot.shares().unwrap();
    let terms: Vec<_> = rows.iter().map(|it| it.term).collect();
    assert!(
        matches!(terms[..], [Term::Live, Term::Revoked { .. }]),
        "{terms:?}"
    );
}

#[test]
fn new_keys_are_given_to_who_still_may_have_them_and_to_nobody_else() {
    let (_folder, clinic) = founded();
    let mut okot = owner(&clinic);
    let nurse = okot.add_user("Badu", Role::Nurse, NURSE).unwrap();
    let (patient, id) = shared(&mut okot);
    okot.remove_user(nurse, false).unwrap();
    let record = amoxicillin(&mut okot);
    write(&mut okot, patient, record);
    let opened = |clinic: &Clinic| {
        let held = held(clinic);
        let opened = held.opened(&held.keys());
        opened.values().map(Vec::len).sum::<usize>()
    };
    // An identity, an allergy, and a drug that is sealed in the new epoch once its key is
    // given: at the latest when somebody signs in.
    okot.membership_changed().unwrap();
    assert_eq!(opened(&clinic), 3);
    okot.revoke_share(id).unwrap();
    let nurse = okot.add_user("Chen", Role::Nurse, NURSE).unwrap();
    okot.remove_user(nurse, false).unwrap();
    let record = amoxicillin(&mut okot);
    write(&mut okot, patient, record);
    okot.membership_changed().unwrap();
    assert_eq!(opened(&clinic), 3);
}

#[test]
fn a_withdrawal_on_any_machine_ends_the_share_on_all() {
    let (_folder, a) = founded();
    let mut okot = owner(&a);
    let nurse = okot.add_user("Badu", Role::Nurse, NURSE).unwrap();
    let (_there, b) = joined(&mut okot, 1);
    let patient = grace(&mut okot);
    let consent = agree(&mut okot, patient);
    meet(&a, &b);
    // The nurse, who knows of no share, writes down that the patient withdrew.
    let mut badu = b.sign_in(nurse, NURSE).unwrap();
    let row = kept(&mut okot);
    let summary = share(&okot, &[Part::Summary]);
    okot.share(patient, &row, &summary).unwrap();
    let withdrawal = Withdrawal {
        by: badu.user(),
        at: badu.moment(),
        reason: "moved away".to_owned(),
    };
    let after = consent.clone().withdrawn(withdrawal);
    let edit = Edit::change(Record::Consent(consent), Record::Consent(after));
    badu.save(Subject::Patient(patient), vec![edit]).unwrap();
    meet(&a, &b);
    assert!(
        !a.shared_with(endpoint()).is_empty(),
        "nobody has looked yet"
    );
    // Whoever is at work on either machine takes it back.
    badu.membership_changed().unwrap();
    assert!(b.shared_with(endpoint()).is_empty());
    meet(&a, &b);
    assert!(a.shared_with(endpoint()).is_empty());
    let rows = okot.shares().unwrap();
    assert!(matches!(rows[0].term, Term::Revoked { .. }));
    let again = okot.share(patient, &row, &summary);
    assert!(matches!(again, Err(Error::Refused(_))), "{again:?}");
}

#[test]
fn a_refusal_ends_a_share_at_once() {
    let (_folder, clinic) = founded();
    let mut okot = owner(&clinic);
    let (patient, _) = shared(&mut okot);
    let refusal = Consent {
        decision: Decision::Refused,
        card: None,
        to: String::new(),
        until: None,
        ..consent(&mut okot, &[])
    };
    write(&mut okot, patient, Record::Consent(refusal));
    assert!(clinic.shared_with(endpoint()).is_empty());
}

thread_local! {
    static NOW: Cell<i64> = const { Cell::new(1_790_000_000_000) };
}

const DAY_MS: i64 = 24 * 60 * 60 * 1000;

fn told() -> (Moment, i64) {
    let at = Timestamp(NOW.get());
    let moment = Moment {
        at,
        offset_minutes: 0,
    };
    (moment, at.0)
}

#[test]
fn a_share_that_is_over_is_closed_at_once_and_taken_back_by_whoever_signs_in_next() {
    let staff = Staff::hired_at(Clock::Told(told));
    let clinic = &staff.clinic;
    let mut leila = staff.sign_in(Role::Clinician);
    let (patient, id) = shared(&mut leila);
    leila.sign_out().unwrap();
    let is_open = || !clinic.shared_with(endpoint()).is_empty();
    NOW.set(NOW.get() + 6 * DAY_MS);
    assert!(is_open());
    NOW.set(NOW.get() + 2 * DAY_MS);
    assert!(!is_open());
    assert!(held(clinic).envelopes.iter().all(|it| it.header.k == 0));
    let mut leila = staff.sign_in(Role::Clinician);
    let granting = |clinic: &Clinic| {
        let held = held(clinic);
        held.membership
            .granting(id, Timestamp(NOW.get()))
            .unwrap()
            .term
    };
    assert!(matches!(granting(clinic), Term::Revoked { .. }));
    let record = amoxicillin(&mut leila);
    write(&mut leila, patient, record);
    let held = held(clinic);
    assert!(held.envelopes.iter().any(|it| it.header.k != 0));
    assert_eq!(
        held.opened(&held.keys())
            .values()
            .map(Vec::len)
            .sum::<usize>(),
        2
    );
    // The clock is set back, and it stays closed.
    NOW.set(NOW.get() - 5 * DAY_MS);
    assert!(!is_open());
}
