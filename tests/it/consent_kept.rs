//! A patient's recorded will stays as it was said, whoever would change it, and a machine
//! that was shut out gives nothing away by it.

use std::sync::Arc;

use cairn::{
    care::consent::{Answer, Recipient, answer},
    chart::{
        Chart, Consent, ConsentState, Decision, Edit, How, Purpose, Record, SharedPart,
        Subject, Withdrawal, who::Role,
    },
    clinic::{Clinic, Error, Session},
};

use crate::{
    clinic::{PASSPHRASE, founded, grace},
    devices::{bring, joined, meet},
    staff::{Staff, register},
};

fn given(session: &mut Session) -> Consent {
    Consent {
        entry: session.entry(),
        decision: Decision::Given,
        state: ConsentState::Active,
        withdrawal: None,
        to: "Dr. Abebe".to_owned(),
        card: None,
        parts: vec![SharedPart::Summary],
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

fn refused(session: &mut Session) -> Consent {
    Consent {
        decision: Decision::Refused,
        until: None,
        ..given(session)
    }
}

fn withdrawal(session: &mut Session) -> Withdrawal {
    Withdrawal {
        by: session.user(),
        at: session.entry().recorded,
        reason: String::new(),
    }
}

fn change(before: &Consent, after: Consent) -> Vec<Edit> {
    let before = Record::Consent(before.clone());
    vec![Edit::change(before, Record::Consent(after))]
}

#[test]
fn a_consent_is_withdrawn_in_ones_own_name_and_changed_in_no_other_way() {
    let staff = Staff::hired();
    let mut nurse = staff.sign_in(Role::Nurse);
    let patient = register(&mut nurse);
    let here = Subject::Patient(patient);
    let consent = given(&mut nurse);
    let add = Edit::add(Record::Consent(consent.clone()));
    nurse.save(here, vec![add]).unwrap();
    let own = withdrawal(&mut nurse);
    let others = Withdrawal {
        by: staff.user(Role::Owner),
        ..own.clone()
    };
    let with = |how: &dyn Fn(&mut Consent)| {
        let mut after = consent.clone();
        how(&mut after);
        after
    };
    let edits = [
        with(&|it| it.until = None),
        with(&|it| it.parts.push(SharedPart::Results)),
        with(&|it| it.to = "Dr. Bekele".to_owned()),
        with(&|it| it.decision = Decision::Refused),
        with(&|it| it.over.push(it.entry.id)),
        with(&|it| it.state = ConsentState::Withdrawn),
        consent.clone().withdrawn(others),
    ];
    for after in edits {
        let saved = nurse.save(here, change(&consent, after));
        assert!(matches!(saved, Err(Error::Refused(_))), "{saved:?}");
    }
    let after = consent.clone().withdrawn(own);
    nurse.save(here, change(&consent, after.clone())).unwrap();
    let back = nurse.save(here, change(&after, consent));
    assert!(matches!(back, Err(Error::Refused(_))), "{back:?}");
    let consents = nurse.open(patient).unwrap().consents.unwrap();
    assert!(consents.consents == [after]);
}

fn owner(clinic: &Arc<Clinic>) -> Session {
    let users = clinic.users().unwrap();
    let mut session = clinic.sign_in(users[0].user, PASSPHRASE).unwrap();
    session.settle_all().unwrap();
    session
}

/// What somebody does to a chart.
type Act = dyn Fn(&mut Session, &Chart) -> Vec<Edit>;

/// Whether Dr Abebe may have the summary, after a machine did something that it was shut out
/// before anybody saw.
fn after(honest: &Act, void: &Act) -> &'static str {
    let here = founded();
    let mut okot = owner(&here.1);
    let patient = grace(&mut okot);
    let subject = Subject::Patient(patient);
    let chart = okot.open(patient).unwrap();
    let edits = honest(&mut okot, &chart);
    okot.save(subject, edits).unwrap();
    let there = joined(&mut okot, 11);
    meet(&here.1, &there.1);
    let mut there_okot = owner(&there.1);
    let chart = there_okot.open(patient).unwrap();
    let edits = void(&mut there_okot, &chart);
    there_okot.save(subject, edits).unwrap();
    there_okot.sign_out().unwrap();
    let machine = okot.machine_named("2").unwrap();
    okot.revoke_machine(machine).unwrap();
    bring(&there.1, &here.1);
    okot.settle_all().unwrap();
    let chart = okot.open(patient).unwrap();
    assert_eq!(chart.problems, Vec::<String>::new());
    let to = Recipient {
        name: "Dr. Abebe",
        card: None,
    };
    let consents = chart.consents.unwrap();
    match answer(&consents, (to, &SharedPart::Summary), okot.today()) {
        Answer::Given(_) => "given",
        Answer::NotAsked => "not asked",
        Answer::Refused(_) => "refused",
        Answer::Withdrawn(_) => "withdrawn",
        Answer::NotYet(_) | Answer::Expired(_) => "another day",
    }
}

#[test]
fn a_machine_that_was_shut_out_gives_nothing_and_what_it_takes_back_is_heeded() {
    let gives: &Act = &|session, _| vec![Edit::add(Record::Consent(given(session)))];
    let refuses: &Act = &|session, _| vec![Edit::add(Record::Consent(refused(session)))];
    let withdraws: &Act = &|session, chart| {
        let consent = &chart.consents.as_ref().unwrap().consents[0];
        let withdrawal = withdrawal(session);
        change(consent, consent.clone().withdrawn(withdrawal))
    };
    let sets_aside: &Act = &|session, chart| {
        let refusal = &chart.consents.as_ref().unwrap().consents[0];
        let mut consent = given(session);
        consent.over = vec![refusal.entry.id];
        vec![Edit::add(Record::Consent(consent))]
    };
    let nothing: &Act = &|_, _| Vec::new();
    for (honest, void, expected) in [
        (nothing, gives, "not asked"),
        (gives, refuses, "refused"),
        (gives, withdraws, "withdrawn"),
        (refuses, sets_aside, "refused"),
    ] {
        assert_eq!(after(honest, void), expected);
    }
}
