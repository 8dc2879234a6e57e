//! Letters and the patient's will: what was agreed to for some days, and what was refused
//! since.

use std::collections::BTreeSet;

use cairn::{
    chart::{
        Coded, Consent, Decision, Edit, Immunization, Purpose, Record, ReferralStatus,
        SharedPart, Subject, Withdrawal,
    },
    clinic::{Match, Session, Snapshot},
    ids::{PatientId, RecordId},
    time::When,
};

use crate::{
    clinic::grace,
    letters::{Two, consent, newest, refused},
};

fn vaccine(session: &mut Session) -> Record {
    Record::Immunization(Immunization {
        entry: session.entry(),
        vaccine: Coded::text("measles"),
        date: Some(When::On("2019-05-04".parse().unwrap())),
        lot: String::new(),
        maker: String::new(),
        expiry: String::new(),
        site: String::new(),
        route: String::new(),
        dose_number: String::new(),
        not_done: String::new(),
        reaction: String::new(),
        visit: None,
    })
}

#[test]
fn what_holds_now_is_not_shared_where_the_patient_agreed_to_some_days() {
    let mut two = Two::new();
    let patient = grace(&mut two.clinic);
    let card = two.card();
    let of_days = Consent {
        shared_from: Some("2024-06-01".parse().unwrap()),
        ..consent(&mut two.clinic, &card, &[SharedPart::Summary])
    };
    let vaccine = vaccine(&mut two.clinic);
    let edits = vec![Edit::add(vaccine), Edit::add(Record::Consent(of_days))];
    two.clinic.save(Subject::Patient(patient), edits).unwrap();
    let some_days = "the patient agreed to some of the chart's days only";
    for (section, since, why) in [
        ("procedures", "2024-06-01", None),
        ("procedures", "2024-06", None),
        ("plans", "2025", None),
        // It begins in January.
        ("procedures", "2024", Some(some_days)),
        ("procedures", "2024-05-31", Some(some_days)),
        ("vaccines", "2024-06-01", Some(some_days)),
        ("allergies", "2024-06-01", Some(some_days)),
        ("drugs", "2024-06-01", Some(some_days)),
        ("problems", "2024-06-01", Some(some_days)),
    ] {
        let snapshot = Snapshot {
            sections: BTreeSet::from([section]),
            since: Some(since.parse().unwrap()),
            until: two.clinic.end_of(two.clinic.today().plus_days(3)),
            purpose: Purpose::Treatment,
        };
        let stick = two.stick.path();
        let sent = two.clinic.share_snapshot(patient, &card, &snapshot, stick);
        match why {
            None => drop(sent.unwrap()),
            Some(why) => refused(sent, why),
        }
    }
}

/// A patient who was sent to the hospital, and is on file there.
fn sent_there(two: &mut Two) -> (PatientId, RecordId) {
    let patient = two.patient(&[SharedPart::Summary]);
    let file = two.refer(patient).unwrap();
    two.hospital.take_letter(&file).unwrap();
    let name = newest(&mut two.hospital);
    let done = two.hospital.accept_letter(&name, Match::New).unwrap();
    (done.patient, done.referral)
}

#[test]
fn nobody_is_answered_whom_the_patient_refused_or_withdrew_from() {
    let mut two = Two::new();
    let of = sent_there(&mut two);
    let card = two.hospital.card_to_share("Dr Okot").unwrap();
    let given = consent(&mut two.hospital, &card, &[SharedPart::Visits]);
    let withdrawal = Withdrawal {
        by: two.hospital.user(),
        at: two.hospital.entry().recorded,
        reason: String::new(),
    };
    let withdrawn = Record::Consent(given.clone().withdrawn(withdrawal));
    let given = Record::Consent(given);
    let refusal = Record::Consent(Consent {
        decision: Decision::Refused,
        to: String::new(),
        card: None,
        until: None,
        ..consent(&mut two.hospital, &card, &[])
    });
    for (edit, why) in [
        (Edit::add(given.clone()), None),
        (Edit::change(given, withdrawn), Some("the patient withdrew")),
        (Edit::add(refusal), Some("the patient refused")),
    ] {
        two.hospital
            .save(Subject::Patient(of.0), vec![edit])
            .unwrap();
        let answer = (ReferralStatus::Completed, "no tuberculosis");
        let sent = two.hospital.answer_referral(of, answer, two.stick.path());
        match why {
            None => drop(sent.unwrap()),
            Some(why) => refused(sent, why),
        }
    }
    let came = two.hospital.referrals(of.0).unwrap().remove(0);
    assert_eq!(came.reply, "no tuberculosis");
}
