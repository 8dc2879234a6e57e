//! What a provider does with what another clinic shares: reads it while it is shared, and
//! proposes; and what comes of that at the clinic, on all of its machines.

use cairn::{
    chart::{Edit, Part, Proposal, ProposalDoubt, ProposalState, Record},
    clinic::{Accepting, AuditAction, Error, Session, Side as _, Why},
    ids::{DocId, PatientId, RecordId, StatementId},
    ledger::{Chain, Entry, Envelope, Header, Kind, Lane, runs_of},
    members::{
        Card, Certificate, Endpoint, Granted, Papers, Provider, SESSION_MS_MAX, Term,
        Verified,
    },
    seal::{CarryKey, SigningKey, derive, names},
    time::{Hlc, Timestamp},
};

use crate::{
    clinic::penicillin_of,
    guests::{Two, set_clocks, two},
    meeting::in_step,
    visit::endpoint,
};

fn propose(two: &mut Two) -> Result<RecordId, Error> {
    let (clinic, patient) = (two.host.clinic.id(), two.patients[0]);
    let record = penicillin_of(two.were.guest_entry());
    let id = record.entry().id;
    two.were.propose(clinic, patient, &[Edit::add(record)])?;
    Ok(id)
}

fn proposed(session: &mut Session, patient: PatientId) -> Vec<Proposal> {
    let all = session.proposals(Some(patient)).unwrap().into_iter();
    all.map(|(_, it)| it).collect()
}

#[test]
fn papers_of_who_has_not_heard_of_the_end_bring_nothing_back() {
    let mut two = two();
    let grant = two.share(7);
    two.meet();
    let mut behind = Papers::open(&two.papers()).unwrap();
    two.okot.revoke_share(grant).unwrap();
    two.meet();
    assert!(two.scope_there().is_empty());
    // A machine that was apart wrote more than the one that heard of the end.
    behind.known = u32::MAX;
    let key = SigningKey::from_secret(&two.host.clinic.endpoint_secret().unwrap());
    let host = endpoint(&two.host.clinic);
    let there = &two.guest.clinic;
    let visiting = there.visiting(two.host.clinic.id(), host).unwrap();
    visiting.take_papers(&behind.sign(&key)).unwrap();
    assert!(two.scope_there().is_empty());
    let (clinic, patient) = (two.host.clinic.id(), two.patients[0]);
    assert!(two.were.guest_chart(clinic, patient).is_err());
}

#[test]
fn a_proposal_that_came_to_nothing_spoils_none_that_follows() {
    let mut two = two();
    two.share(7);
    two.meet();
    let (clinic, patient) = (two.host.clinic.id(), two.patients[0]);
    let nowhere = penicillin_of(two.were.guest_entry());
    let nothing = [Edit::change(nowhere.clone(), nowhere)];
    drop(two.were.propose(clinic, patient, &nothing));
    let id = propose(&mut two).unwrap();
    let told = two.were.guest_chart(clinic, patient).unwrap().proposals;
    assert_eq!(told[0].record.entry().id, id);
    let met = two.meet();
    assert!(met.left.is_empty(), "{met:?}");
    let proposed = proposed(&mut two.okot, patient);
    assert_eq!(proposed[0].record.entry().id, id);
    assert_eq!(proposed[0].doubt, None);
}

#[test]
fn a_guest_reads_what_is_shared_and_no_more_and_the_reading_is_in_the_audit() {
    let mut two = two();
    two.share(7);
    assert_eq!(two.were.guests().unwrap(), []);
    two.meet();
    let rows = two.were.guests().unwrap();
    let [row] = &rows[..] else {
        panic!("{rows:?}");
    };
    let (clinic, patient) = (two.host.clinic.id(), two.patients[0]);
    assert_eq!((row.clinic, row.patient), (clinic, Some(patient)));
    assert_eq!((row.term, row.name.as_str()), (Term::Live, "Kijani"));
    assert_eq!(row.parts, [Part::Identity, Part::Summary].into());
    let chart = two.were.guest_chart(clinic, patient).unwrap();
    let here = two.okot.open(patient).unwrap();
    assert_eq!(chart.identity, here.identity);
    let (there, here) = (chart.summary.unwrap(), here.summary.unwrap());
    assert_eq!(there.allergies, here.allergies);
    assert_eq!(there.medications, here.medications);
    assert!(chart.visits.is_none() && chart.results.is_none());
    assert!(chart.consents.is_none() && chart.problems.is_empty());
    let by = there.allergies[0].entry.by;
    let (name, _) = two.were.guest_name(clinic, by).unwrap().unwrap();
    assert_eq!(name, "Dr Okot");
    assert!(two.were.guest_chart(clinic, two.patients[1]).is_err());
    let audit = two.were.read_audit(Some(patient)).unwrap();
    let read = audit
        .entries
        .iter()
        .filter(|it| it.action == AuditAction::Open);
    assert_eq!(read.count(), 1);
    // Nothing of it is on file in the guest's own clinic.
    assert!(two.were.find("okello", 10).unwrap().is_empty());
}

#[test]
fn what_a_guest_proposes_comes_back_and_what_is_decided_about_it_too() {
    let mut two = two();
    two.share(7);
    two.meet();
    let patient = two.patients[0];
    let id = propose(&mut two).unwrap();
    assert!(proposed(&mut two.okot, patient).is_empty());
    let met = two.meet();
    assert_eq!((met.in_step, met.taken), (true, 2), "{met:?}");
    let came = proposed(&mut two.okot, patient);
    let [one] = &came[..] else {
        panic!("{} proposals", came.len());
    };
    assert_eq!((one.id(), one.doubt), (id, None));
    assert_eq!(one.maker.provider, two.were.guest_user());
    let accepting = Accepting::default();
    two.okot.accept_proposal(patient, one, &accepting).unwrap();
    let second = propose(&mut two).unwrap();
    two.meet();
    two.meet();
    let clinic = two.host.clinic.id();
    let chart = two.were.guest_chart(clinic, patient).unwrap();
    let state = |id| chart.proposal(id).map(|it| it.state);
    assert_eq!(state(id), Some(ProposalState::Accepted));
    assert_eq!(state(second), Some(ProposalState::Waits));
    let summary = chart.summary.as_ref().unwrap();
    assert_eq!(summary.allergies.len(), 2);
}

#[test]
fn after_the_end_nothing_is_read_and_nothing_that_is_written_counts() {
    let mut two = two();
    let grant = two.share(7);
    two.meet();
    let patient = two.patients[0];
    let before = propose(&mut two).unwrap();
    two.meet();
    two.okot.revoke_share(grant).unwrap();
    // The guest has not heard of it.
    let after = propose(&mut two).unwrap();
    let met = two.meet();
    assert!(met.taken == 0, "{met:?}");
    let came = proposed(&mut two.okot, patient);
    let came: Vec<_> = came.iter().map(|it| (it.id(), it.doubt)).collect();
    assert_eq!(came, [(before, Some(ProposalDoubt::ShareOver))]);
    assert_ne!(before, after);
    let rows = two.were.guests().unwrap();
    assert!(matches!(rows[0].term, Term::Revoked { .. }));
    let clinic = two.host.clinic.id();
    assert!(two.were.guest_chart(clinic, patient).is_err());
    assert!(propose(&mut two).is_err());
    // Shared again, what was written after the end comes, and does not count.
    two.share(7);
    two.meet();
    let came = proposed(&mut two.okot, patient);
    let doubt = |id| came.iter().find(|it| it.id() == id).map(|it| it.doubt);
    assert_eq!(doubt(before), Some(None));
    assert_eq!(doubt(after), Some(Some(ProposalDoubt::DoesNotCount)));
}

#[test]
fn a_share_that_expired_is_closed_to_its_guest_whatever_the_clock_shows_then() {
    let mut two = two();
    two.share(7);
    two.meet();
    let (clinic, patient) = (two.host.clinic.id(), two.patients[0]);
    two.were.guest_chart(clinic, patient).unwrap();
    set_clocks(8, 8);
    assert!(two.were.guest_chart(clinic, patient).is_err());
    assert!(propose(&mut two).is_err());
}

#[test]
fn another_machine_of_the_clinic_takes_and_judges_it_alike() {
    let mut two = two();
    let grant = two.share(7);
    two.meet();
    let second = two.second();
    let other = std::sync::Arc::clone(&second.clinic);
    in_step(&two.host.clinic, &other);
    propose(&mut two).unwrap();
    two.meet();
    in_step(&two.host.clinic, &other);
    let patient = two.patients[0];
    let mut there = crate::clinic::owner(&other);
    let doubts = |session: &mut Session| {
        let all = proposed(session, patient).into_iter();
        all.map(|it| (it.id(), it.doubt)).collect::<Vec<_>>()
    };
    assert_eq!(doubts(&mut there), doubts(&mut two.okot));
    assert_eq!(doubts(&mut there).len(), 1);
    there.revoke_share(grant).unwrap();
    in_step(&two.host.clinic, &other);
    assert_eq!(doubts(&mut there), doubts(&mut two.okot));
    let found = [&mut there, &mut two.okot].map(|it| it.verify(|_| ()).unwrap());
    for found in &found {
        assert!(found.chains_ok, "{:?}", found.problems);
        assert_eq!((found.damaged, found.refused, found.void), (0, 0, 0));
    }
}

fn key(name: &str) -> SigningKey {
    SigningKey::from_secret(&derive("cairn/test/flood", &[name.as_bytes()]))
}

fn flooder() -> Card {
    let clinic = names::clinic_id(&key("root").public());
    let device = key("device").public();
    let carry = CarryKey::from_secret(derive("cairn/test/flood", &[b"carry"]));
    let about = Provider {
        clinic,
        clinic_name: "Elsewhere".to_owned(),
        name: "Dr Flood".to_owned(),
        role: cairn::chart::who::Role::Clinician,
        key: key("user").public(),
        carry: carry.public(),
        made: Timestamp(1_700_000_000_000),
    };
    let met_at = Endpoint::of(&key("endpoint"), clinic, &device);
    Card::make(about, [(device, met_at)].into(), &key("user")).unwrap()
}

/// A session's certificate, and so many envelopes in an inbox.
fn flood(two: &Two, (grant, inbox): (StatementId, DocId), count: usize) -> Vec<Entry> {
    let clinic = two.host.clinic.id();
    let at = two.host.clinic.moment().at;
    let (session, hlc) = (key("session"), Hlc::from_parts(at, 0));
    let granted = Granted {
        clinic,
        session: session.public(),
        user: names::user_id(&key("user").public()),
        at: hlc,
        not_after: at.plus_ms(SESSION_MS_MAX),
        heads: [grant].into(),
    };
    let certificate = Certificate::issue(granted, &key("user"), &key("device")).unwrap();
    let certifying = Header::unsealed(Kind::Certificate, clinic, certificate.id(), hlc);
    let chain = Chain::start(certificate.log(), Lane::Membership);
    let first = chain.place(certifying);
    let first = Envelope::sign(first, certificate.encode(), &session).unwrap();
    let mut all = vec![Entry::Whole(first)];
    let log = names::guest_log_id(&key("device").public(), inbox);
    let mut chain = Chain::start(log, Lane::Clinical);
    for _ in 0..count {
        let header = Header {
            doc: inbox,
            kind: Kind::Change,
            lane: Lane::Clinical,
            ..certifying
        };
        let next = Envelope::sign(chain.place(header), vec![7; 40], &session).unwrap();
        chain.append(&next.stub()).unwrap();
        all.push(Entry::Whole(next));
    }
    all
}

#[test]
fn of_what_nobody_looked_at_a_thousand_are_kept_and_more_once_somebody_did() {
    let mut two = two();
    two.okot.keep_card(&flooder(), Verified::Phone).unwrap();
    two.row = two.okot.card_to_share("Dr Flood").unwrap();
    let grant = two.share(7);
    two.okot.settle().unwrap();
    let hosting = two.host.clinic.hosting(key("endpoint").public());
    let papers = Papers::open(&hosting.papers().unwrap()).unwrap();
    let inbox = papers.grants(Timestamp(0)).next().unwrap().1.inbox;
    let all = flood(&two, (grant, inbox), 1_100);
    let taken = hosting.take(runs_of(all.clone())).unwrap();
    assert_eq!(taken.new, 1_001, "with the certificate");
    assert_eq!(taken.refused[0].why, Why::TooMuch);
    let again = hosting.take(runs_of(all.clone())).unwrap();
    assert_eq!((again.new, again.known), (0, 1_001));
    two.okot.proposals(None).unwrap();
    let taken = hosting.take(runs_of(all)).unwrap();
    assert_eq!((taken.new, taken.refused.len()), (100, 0));
}

/// That a record of another one's cannot be put there is no matter of the screen alone.
#[test]
fn a_guest_proposes_in_no_other_name() {
    let mut two = two();
    two.share(7);
    two.meet();
    let (clinic, patient) = (two.host.clinic.id(), two.patients[0]);
    let Record::Allergy(mut allergy) = penicillin_of(two.were.guest_entry()) else {
        panic!("no allergy");
    };
    allergy.entry.by = two.okot.user();
    let edit = Edit::add(Record::Allergy(allergy));
    assert!(two.were.propose(clinic, patient, &[edit]).is_err());
}
