//! A provider of another clinic who proposes, and the clinic that decides: real documents,
//! written as the provider's machine writes them.

use std::sync::Arc;

use super::*;
use crate::{
    care::EmergencyView,
    chart::{
        Allergy, Clinical, Coded, Consent, ConsentState, Criticality, Decided, Decision,
        Edit, Entry, How, MedKind, MedStatus, Medication, Note, Origin, ProposalDoubt,
        Purpose, Reaction, Section, Severity, SharedPart, Verification,
        who::Role::Emergency,
    },
    clinic::{
        AuditAction, AuditEntry, Clinic, Share,
        intake::testing::{Desktop, founded, meet, owner, register, surroundings},
    },
    doc::Stamp,
    ids::{Hash, LogId, RecordId},
    ledger::{
        Chain, ClockQuality, Envelope, Header, Kind, Lane, Payload, Suite, seal_payload,
    },
    members::{Certificate, Granted, SESSION_MS_MAX, Verified},
    seal::{SeededEntropy, SigningKey},
    store::NewEnvelope,
    time::Hlc,
};

/// A clinic that shares a chart with Dr Abbo of another one, who is at work at his machine.
struct Room {
    here: Desktop,
    patient: PatientId,
    abbo: Session,
    abbos: Desktop,
    signing: SigningKey,
    certificate: Option<Certificate>,
    seq: u64,
    prev: Hash,
    number: u8,
}

fn room() -> Room {
    let here = founded(1);
    let abbos = founded(2);
    let abbo = abbos.owner();
    let mut okot = here.owner();
    let patient = register(&mut okot, "Grace");
    let card = abbo.card().unwrap();
    okot.keep_card(&card, Verified::Room).unwrap();
    let consent = Consent {
        entry: okot.entry(),
        decision: Decision::Given,
        state: ConsentState::Active,
        withdrawal: None,
        to: "Dr Abbo".to_owned(),
        card: Some(Hash::from_bytes(*card.id().as_bytes())),
        parts: vec![SharedPart::Summary],
        shared_from: None,
        shared_until: None,
        purpose: Purpose::Treatment,
        from: None,
        until: Some(okot.today().plus_days(30)),
        how: How::Written,
        witness: String::new(),
        over: Vec::new(),
    };
    let edit = Edit::add(Record::Consent(consent));
    okot.save(Subject::Patient(patient), vec![edit]).unwrap();
    let share = Share {
        parts: [Part::Summary].into(),
        until: okot.end_of(okot.today().plus_days(7)),
        purpose: Purpose::Treatment,
    };
    let row = okot.card_to_share(&card.id().to_string()).unwrap();
    okot.share(patient, &row, &share).unwrap();
    okot.sign_out().unwrap();
    Room {
        here,
        patient,
        abbo,
        abbos,
        signing: SigningKey::generate(&mut SeededEntropy::new(3)),
        certificate: None,
        seq: 0,
        prev: Hash::ZERO,
        number: 0,
    }
}

impl Room {
    fn provider(&self) -> UserId {
        self.abbo.user()
    }

    fn subject(&self) -> Subject {
        let (patient, provider) = (self.patient, self.provider());
        Subject::Inbox { patient, provider }
    }

    /// What stands in every record that Dr Abbo writes.
    fn entry(&mut self) -> Entry {
        self.number += 1;
        let id = RecordId::from_bytes([self.number; 16]);
        Entry::new(id, self.here.clinic.moment(), self.provider(), self.log())
    }

    fn log(&self) -> LogId {
        names::log_id(&self.abbo.device.signing.public())
    }

    /// The certificate of Dr Abbo's session, in an envelope the first time.
    fn certified(&mut self, clinic: &Clinic) -> Option<Envelope> {
        if self.certificate.is_some() {
            return None;
        }
        let at = clinic.moment().at;
        let granted = Granted {
            clinic: clinic.id(),
            session: self.signing.public(),
            user: self.abbo.user(),
            at: Hlc::from_parts(at, 0),
            not_after: at.plus_ms(SESSION_MS_MAX),
            heads: clinic.known().membership.heads(),
        };
        let (user, device) = (&self.abbo.keys.signing, &self.abbo.device.signing);
        let certificate = Certificate::issue(granted, user, device).unwrap();
        let (id, bytes) = (certificate.id(), certificate.encode());
        self.certificate = Some(certificate);
        let at = Hlc::from_parts(at, 0);
        let header = Header::unsealed(Kind::Certificate, clinic.id(), id, at);
        let header = Chain::start(self.log(), Lane::Membership).place(header);
        Some(Envelope::sign(header, bytes, &self.signing).unwrap())
    }

    /// Writes as Dr Abbo's machine does, into the ledgers of these machines of the clinic.
    fn write(&mut self, edits: &[Edit], to: &mut [&mut Desktop]) {
        let clinic = Arc::clone(&to[0].clinic);
        let mut okot = owner(&clinic);
        let mut entropy = SeededEntropy::new(u64::from(self.number));
        let now = clinic.moment();
        let mut envelopes = Vec::from_iter(self.certified(&clinic));
        let session = self.certificate.as_ref().unwrap().id();
        let subject = self.subject();
        let doc = okot.document(subject, Part::Inbox).unwrap().id;
        let k = clinic.known().membership.doc_step(doc);
        let held = okot.keyring.of(Part::Inbox.compartment()).unwrap();
        let (epoch, key) = held.writing_key(doc, k).unwrap();
        let mut inbox = okot.document(subject, Part::Inbox).unwrap().doc.clone();
        let stamp = Stamp {
            actor: names::actor_id(&self.signing.public(), doc),
            at: now.at,
        };
        let body = inbox.write(edits, stamp).unwrap().unwrap();
        let sealed = Header {
            suite: Suite::CHANGES,
            doc,
            epoch,
            k,
            ..Header::unsealed(
                Kind::Change,
                clinic.id(),
                session,
                Hlc::from_parts(now.at, 0),
            )
        };
        let log = names::guest_log_id(&self.abbo.device.signing.public(), doc);
        let chain = Chain::known(log, Lane::Clinical, self.seq, self.prev);
        let payload = Payload {
            wall: now,
            clock: ClockQuality::Alone,
            role: 0,
            body,
        };
        let header = chain.place(Header {
            lane: Lane::Clinical,
            ..sealed
        });
        let sealed =
            seal_payload(header, &payload, &key, &self.signing, &mut entropy).unwrap();
        (self.seq, self.prev) = (self.seq + 1, sealed.hash());
        envelopes.push(sealed);
        okot.sign_out().unwrap();
        drop(clinic);
        for (seed, desktop) in (30..).zip(to) {
            for envelope in &envelopes {
                let bytes = envelope.encode();
                let new = NewEnvelope::new(envelope, &bytes);
                desktop.clinic.store.append(&[new], &[]).unwrap();
            }
            reopen(desktop, seed);
        }
    }

    fn proposes(&mut self, record: Record) {
        let mut here = std::mem::replace(&mut self.here, founded(9));
        self.write(&[Edit::add(record)], &mut [&mut here]);
        self.here = here;
    }

    fn allergy(&mut self) -> Record {
        Record::Allergy(Allergy {
            entry: self.entry(),
            code: Coded::text("Penicillin"),
            clinical: Clinical::Active,
            verification: Verification::Confirmed,
            intolerance: false,
            category: "medication".to_owned(),
            criticality: Criticality::High,
            onset: None,
            reactions: vec![Reaction {
                manifestation: Coded::text("anaphylaxis"),
                severity: Some(Severity::Severe),
            }],
        })
    }

    fn drug(&mut self, name: &str) -> Record {
        Record::Medication(Medication {
            entry: self.entry(),
            kind: MedKind::Request,
            code: Coded::text(name),
            status: MedStatus::Active,
            dose: "1".to_owned(),
            route: "oral".to_owned(),
            frequency: "tds".to_owned(),
            duration: "5d".to_owned(),
            as_needed: false,
            start: None,
            end: None,
            quantity: String::new(),
            reason: Coded::default(),
            instructions: String::new(),
            overridden: String::new(),
            visit: None,
        })
    }
}

fn reopen(desktop: &mut Desktop, seed: u64) {
    let path = desktop.folder.path().join("home");
    let other = founded(11);
    drop(std::mem::replace(
        &mut desktop.clinic,
        Arc::clone(&other.clinic),
    ));
    desktop.clinic = Clinic::open(&path, surroundings(seed)).unwrap();
}

fn only(session: &mut Session, patient: PatientId) -> Proposal {
    let mut all = session.chart(patient).unwrap().proposals;
    assert_eq!(all.len(), 1);
    all.remove(0)
}

fn accepted(anyway: bool, overridden: &str) -> Accepting {
    Accepting {
        why: "agreed".to_owned(),
        overridden: overridden.to_owned(),
        anyway,
    }
}

#[test]
fn what_is_accepted_stands_in_the_chart_with_its_maker_named_for_good() {
    let mut room = room();
    let drug = room.drug("Amlodipine 5 mg tablet");
    room.proposes(drug);
    let mut okot = room.here.owner();
    let patient = room.patient;
    let seen = only(&mut okot, patient);
    assert_eq!(seen.state, ProposalState::Waits);
    assert_eq!(seen.doubt, None);
    assert_eq!(seen.maker.organisation, "Kijani");
    let all = okot.proposals(None).unwrap();
    assert_eq!(all, [(patient, seen.clone())]);
    assert_eq!(okot.proposals_waiting().unwrap(), 1);
    let id = okot
        .accept_proposal(patient, &seen, &accepted(false, ""))
        .unwrap();
    let chart = okot.chart(patient).unwrap();
    let drugs = &chart.summary.as_ref().unwrap().medications;
    let [drug] = &drugs[..] else { panic!() };
    assert_eq!((drug.entry.id, drug.entry.by), (id, okot.user()));
    let Origin::Outside(outside) = &drug.entry.origin else {
        panic!("it is the clinic's own");
    };
    assert_eq!(outside.maker, seen.maker);
    assert_eq!(outside.proposal, seen.id());
    assert_eq!(outside.written, seen.record.entry().recorded);
    let decided = only(&mut okot, patient);
    assert_eq!(decided.state, ProposalState::Accepted);
    assert_eq!(decided.outcomes[0].made, [id]);
    assert_eq!(okot.proposals_waiting().unwrap(), 0);
    let again = okot.accept_proposal(patient, &decided, &accepted(false, ""));
    assert!(matches!(again, Err(Error::Refused(_))), "{again:?}");
    let audit = okot.read_audit(Some(patient)).unwrap().entries;
    let told = |it: &&AuditEntry| it.action == AuditAction::ProposalAccepted;
    assert_eq!(audit.iter().filter(told).count(), 1);
    drop((room.abbo, room.abbos));
}

#[test]
fn an_allergy_that_is_proposed_stops_a_drug_before_anybody_decides() {
    let mut room = room();
    let allergy = room.allergy();
    room.proposes(allergy);
    let drug = room.drug("Amoxicillin 500 mg capsule");
    room.proposes(drug);
    let mut okot = room.here.owner();
    let patient = room.patient;
    let chart = okot.chart(patient).unwrap();
    let summary = chart.summary.as_ref().unwrap();
    assert!(summary.has_severe_allergy());
    let view = EmergencyView::of(&chart, okot.today());
    assert_eq!((view.allergies.len(), view.drugs.len()), (1, 1));
    let by = summary.proposed_by(view.allergies[0].entry.id);
    assert_eq!(by, Some("Dr Okot, Kijani"));
    // The words on paper open the same.
    let words = "sealed words on paper in the drug cupboard";
    let user = okot.add_user("envelope", Emergency, words).unwrap();
    let mut night = room.here.clinic.sign_in(user, words).unwrap();
    assert!(night.emergency(patient, "unconscious").unwrap() == view);
    night.sign_out().unwrap();
    let is_drug = |it: &&Proposal| matches!(it.record, Record::Medication(_));
    let drug = chart.proposals.iter().find(is_drug).unwrap();
    let stopped = okot.accept_proposal(patient, drug, &accepted(false, " "));
    assert!(matches!(stopped, Err(Error::Refused(it)) if it.contains("allergy")));
    let reason = "none else";
    okot.accept_proposal(patient, drug, &accepted(false, reason))
        .unwrap();
    let chart = okot.chart(patient).unwrap();
    let summary = chart.summary.as_ref().unwrap();
    assert_eq!(summary.medications[0].overridden, reason);
    assert_eq!(summary.counted_as_taken().count(), 1);
    // What is declined warns no more.
    let allergy = chart.open_proposals().next().unwrap();
    let unsaid = okot.decline_proposal(patient, allergy, "");
    assert!(matches!(unsaid, Err(Error::Refused(_))), "{unsaid:?}");
    okot.decline_proposal(patient, allergy, "tested: none")
        .unwrap();
    let chart = okot.chart(patient).unwrap();
    assert!(!chart.summary.unwrap().has_severe_allergy());
    assert_eq!(chart.proposals.len(), 2);
}

#[test]
fn accepted_on_two_machines_is_one_record_and_declined_on_one_is_told() {
    for declines in [false, true] {
        let mut room = room();
        let mut here = std::mem::replace(&mut room.here, founded(9));
        let mut there = here.second(20);
        meet(&here.clinic, &there.clinic);
        let drug = room.drug("Amlodipine 5 mg tablet");
        room.write(&[Edit::add(drug)], &mut [&mut here, &mut there]);
        let patient = room.patient;
        let mut one = here.owner();
        let mut two = there.owner();
        let seen = only(&mut one, patient);
        one.accept_proposal(patient, &seen, &accepted(false, ""))
            .unwrap();
        let seen = only(&mut two, patient);
        if declines {
            two.decline_proposal(patient, &seen, "not now").unwrap();
        } else {
            two.accept_proposal(patient, &seen, &accepted(false, ""))
                .unwrap();
        }
        meet(&here.clinic, &there.clinic);
        let [first, second] = [&mut one, &mut two].map(|it| {
            it.settle().unwrap();
            let chart = it.chart(patient).unwrap();
            let summary = chart.summary.unwrap();
            assert_eq!(summary.medications.len(), 1);
            assert!(summary.versions.is_empty(), "{:?}", summary.versions);
            chart.proposals
        });
        assert!(first == second);
        let [proposal] = &first[..] else { panic!() };
        assert_eq!(proposal.outcomes.len(), 2);
        if !declines {
            assert_eq!(proposal.state, ProposalState::Accepted);
            continue;
        }
        assert_eq!(proposal.state, ProposalState::Apart);
        two.decline_proposal(patient, proposal, "not at all")
            .unwrap();
        meet(&here.clinic, &there.clinic);
        one.settle().unwrap();
        let chart = one.chart(patient).unwrap();
        assert_eq!(chart.proposals[0].state, ProposalState::Declined);
        let drug = &chart.summary.as_ref().unwrap().medications[0];
        assert!(drug.entry.in_error);
    }
}

#[test]
fn what_is_accepted_is_what_was_seen_also_where_an_older_wording_stands() {
    for declined_again in [false, true] {
        let mut room = room();
        let mut here = std::mem::replace(&mut room.here, founded(9));
        let mut there = here.second(20);
        meet(&here.clinic, &there.clinic);
        let patient = room.patient;
        let before = room.drug("Amlodipine 5 mg tablet");
        room.write(&[Edit::add(before.clone())], &mut [&mut here, &mut there]);
        let (mut one, mut two) = (here.owner(), there.owner());
        let seen = only(&mut one, patient);
        one.accept_proposal(patient, &seen, &accepted(false, ""))
            .unwrap();
        two.decline_proposal(patient, &seen, "not now").unwrap();
        meet(&here.clinic, &there.clinic);
        one.settle().unwrap();
        if declined_again {
            let seen = only(&mut one, patient);
            assert_eq!(seen.state, ProposalState::Apart);
            one.decline_proposal(patient, &seen, "not at all").unwrap();
        }
        drop((one, two));
        let mut after = room.drug("Amoxicillin 500 mg capsule");
        *after.entry_mut() = before.entry().clone();
        let edits = [Edit::change(before, after), Edit::add(room.allergy())];
        room.write(&edits, &mut [&mut here]);
        let mut one = here.owner();
        let all = one.chart(patient).unwrap().proposals;
        let is_drug = |it: &&Proposal| matches!(it.record, Record::Medication(_));
        let seen = all.iter().find(is_drug).unwrap();
        let stopped = one.accept_proposal(patient, seen, &accepted(false, ""));
        assert!(matches!(stopped, Err(Error::Refused(_))), "{stopped:?}");
        one.accept_proposal(patient, seen, &accepted(false, "none else"))
            .unwrap();
        let drugs = one.chart(patient).unwrap().summary.unwrap().medications;
        assert!(drugs.len() == 1 && !drugs[0].entry.in_error);
        assert_eq!(drugs[0].code.text, "Amoxicillin 500 mg capsule");
        assert_eq!(drugs[0].overridden, "none else");
    }
}

#[test]
fn a_provider_accepts_nothing_and_what_is_over_is_accepted_knowingly() {
    let mut room = room();
    let drug = room.drug("Amlodipine 5 mg tablet");
    let proposal = drug.entry().id;
    room.proposes(drug);
    let outcome = Record::Outcome(crate::chart::Outcome {
        entry: room.entry(),
        proposal,
        decided: Decided::Accepted,
        why: String::new(),
        made: Vec::new(),
        over: Vec::new(),
    });
    room.proposes(outcome);
    let mut okot = room.here.owner();
    let patient = room.patient;
    let seen = only(&mut okot, patient);
    assert_eq!(seen.state, ProposalState::Waits);
    let grant = okot.shares().unwrap()[0].grant;
    okot.revoke_share(grant).unwrap();
    let seen = only(&mut okot, patient);
    assert_eq!(seen.doubt, Some(ProposalDoubt::ShareOver));
    let unsaid = okot.accept_proposal(patient, &seen, &accepted(false, ""));
    assert!(matches!(unsaid, Err(Error::Refused(_))), "{unsaid:?}");
    okot.accept_proposal(patient, &seen, &accepted(true, ""))
        .unwrap();
}

#[test]
fn a_note_keeps_the_text_and_tells_who_wrote_it() {
    let mut room = room();
    let note = Record::Note(Note {
        entry: room.entry(),
        visit: None,
        title: "consult".to_owned(),
        sections: vec![Section {
            name: "A".to_owned(),
            text: "Mitral stenosis, mild.".to_owned(),
        }],
        phrases: Vec::new(),
        signed: None,
        attested: None,
        adds_to: None,
    });
    room.proposes(note.clone());
    let mut okot = room.here.owner();
    let patient = room.patient;
    let seen = only(&mut okot, patient);
    assert!(seen.record == note);
    okot.accept_proposal(patient, &seen, &accepted(false, ""))
        .unwrap();
    let visits = okot.chart(patient).unwrap().visits.unwrap();
    let [taken] = &visits.notes[..] else { panic!() };
    assert_eq!(taken.section("A"), "Mitral stenosis, mild.");
    let Origin::Outside(outside) = &taken.entry.origin else {
        panic!("it is the clinic's own");
    };
    assert_eq!(outside.maker.name, "Dr Okot");
    let past = okot.history(patient).unwrap();
    assert!(past.iter().any(|it| it.record == taken.entry.id));
}
