//! What a machine of the clinic whose program was changed may bring, and what only looks like
//! it: nobody else is kept from working, and all hold the same in the end.

use std::ops::Range;

use tempfile::TempDir;

use super::{
    Refused, Why,
    testing::{
        Desktop, PASSPHRASE, founded, meet, missing, owner, register, run, surroundings,
    },
};
use crate::{
    chart::who::Action,
    clinic::{
        Clinic, Founding, Session,
        own_log::{Draft, Writing},
    },
    ids::{DocId, EpochId, LogId},
    ledger::{
        self, Break, Chain, ClockQuality, Envelope, Header, Kind, Lane, Payload, Place,
    },
    members::{self, Author, Body, Certificate, Granted, Statement},
    seal::{
        NONCE_LEN, Secret, SeededEntropy, Signature, SigningKey, names, words::PaperWords,
    },
};

/// The first entry of the audit of a session's log, as often as asked, each another one.
fn first_entries(session: &Session, count: u32) -> Vec<Vec<Envelope>> {
    let clinic = session.clinic();
    let chain = Chain::start(clinic.log(), Lane::Audit);
    let header = chain.place(Header {
        kind: Kind::Audit,
        lane: Lane::Audit,
        epoch: EpochId::from_bytes([1; 8]),
        nonce: [0; NONCE_LEN],
        ..Header::unsealed(
            Kind::Audit,
            clinic.id(),
            session.id,
            clinic.desk().log.hlc(),
        )
    });
    (0..count)
        .map(|n| Envelope::sign(header, n.to_be_bytes().into(), &session.signing))
        .map(|it| vec![it.unwrap()])
        .collect()
}

#[test]
fn a_log_that_is_forked_without_end_keeps_nobody_from_working() {
    let here = founded(500);
    let there = here.second(501);
    let at_b = there.owner();
    let mut at_a = here.owner();
    meet(&here.clinic, &there.clinic);
    let taken = here.clinic.take(first_entries(&at_b, 400)).unwrap();
    let crowded = |it: &Refused| {
        let why = Why::Envelope(ledger::Error::Chain(Break::Crowded { seq: 1 }));
        it.why == why
    };
    assert!(taken.forked && taken.new <= 300, "{} are kept", taken.new);
    assert!(
        taken.refused.iter().all(crowded),
        "{:?}",
        taken.refused.first()
    );
    assert!(here.clinic.frontier().unwrap().len() < 600);
    at_a.revoke_machine(there.clinic.device()).unwrap();
    at_a.sign_out().unwrap();
    here.owner().sign_out().unwrap();
}

/// The first words of a machine that nobody let in, signed by itself.
fn stranger(clinic: &Clinic, seed: u64) -> Vec<Envelope> {
    let mut entropy = SeededEntropy::new(seed);
    let keys = [(); 3].map(|()| SigningKey::generate(&mut entropy));
    let [user, device, session] = &keys;
    let at = clinic.desk().log.hlc();
    let granted = Granted {
        clinic: clinic.id(),
        session: session.public(),
        user: names::user_id(&user.public()),
        at,
        not_after: at.timestamp().plus_ms(1000),
        heads: clinic.known().membership.heads(),
    };
    let certificate = Certificate::issue(granted, user, device).unwrap();
    let log = names::log_id(&device.public());
    let header = Header::unsealed(Kind::Certificate, clinic.id(), certificate.id(), at);
    let header = Chain::start(log, Lane::Membership).place(header);
    vec![Envelope::sign(header, certificate.encode(), session).unwrap()]
}

#[test]
fn logs_of_machines_that_nobody_let_in_are_not_kept() {
    let here = founded(510);
    let before = here.clinic.frontier().unwrap();
    let runs: Vec<_> = (0..20).map(|it| stranger(&here.clinic, it)).collect();
    let taken = here.clinic.take(runs).unwrap();
    assert_eq!((taken.new, taken.refused.len()), (0, 20));
    assert!(taken.refused.iter().all(|it| it.why == Why::Machine));
    assert_eq!(here.clinic.frontier().unwrap(), before);
}

/// A clinic with two owners.
fn two_owners(seed: u64) -> Desktop {
    let folder = TempDir::new().unwrap();
    let founding = Founding {
        machine: "1".to_owned(),
        clinic: "Kijani".to_owned(),
        user: "Dr Okot".to_owned(),
        passphrase: PASSPHRASE.to_owned().into(),
    };
    let paper = PaperWords::generate(&mut SeededEntropy::new(seed));
    let home = folder.path().join("home");
    let clinic =
        Clinic::create_with(&home, founding, &paper, surroundings(seed)).unwrap();
    let desktop = Desktop { folder, clinic };
    let mut session = desktop.owner();
    session.add_owner("Dr Ada", &paper, PASSPHRASE).unwrap();
    session.sign_out().unwrap();
    desktop
}

/// Whoever is not the first user, at work.
fn other_owner(desktop: &Desktop) -> Session {
    let clinic = &desktop.clinic;
    desktop.owner().sign_out().unwrap();
    let users = clinic.users().unwrap();
    let ada = users.iter().find(|it| it.name == "Dr Ada").unwrap();
    clinic.sign_in(ada.user, PASSPHRASE).unwrap()
}

#[test]
fn what_a_machine_wrote_is_kept_whichever_came_first_of_it_and_its_owners_removal() {
    let here = two_owners(520);
    let there = here.second(521);
    let okot = here.clinic.users().unwrap()[0].user;
    // Here a machine is let in, and somebody works on it.
    let third = here.second(522);
    let mut at_third = third.owner();
    register(&mut at_third, "Grace");
    meet(&here.clinic, &third.clinic);
    // There who let it in is removed, by somebody who does not know of it.
    let mut at_b = other_owner(&there);
    at_b.remove_user(okot, true).unwrap();
    assert!(third.clinic.machines().iter().all(|it| it.enrolled));
    for _ in 0..2 {
        let (to_a, to_b) = meet(&here.clinic, &there.clinic);
        assert_eq!((to_a.refused, to_b.refused), (Vec::new(), Vec::new()));
    }
    let log: LogId = third.clinic.log();
    let ours = here.clinic.frontier().unwrap();
    assert!(ours.contains_key(&(log, Lane::Desk)));
    assert_eq!(ours, there.clinic.frontier().unwrap());
    assert!(missing(&third.clinic, &there.clinic).is_empty());
    assert!(
        at_third.may(Action::ReadIdentity).is_ok(),
        "it heard of nothing yet"
    );
}

/// Changes of a session's log that no document can read.
fn fillers(session: &Session, count: u32) -> Vec<Draft> {
    (0..count)
        .map(|n| Draft::Sealed {
            kind: Kind::Change,
            lane: Lane::Desk,
            doc: DocId::from_bytes([9; 16]),
            epoch: EpochId::from_bytes([1; 8]),
            k: 0,
            key: Secret::from_bytes(&[3; 32]),
            payload: Payload {
                wall: session.clinic().moment(),
                clock: ClockQuality::Alone,
                role: 0,
                body: n.to_be_bytes().into(),
            },
        })
        .collect()
}

#[test]
fn what_is_left_unsigned_is_in_the_same_charts_on_all_machines() {
    let here = founded(540);
    let there = here.second(541);
    let mut at_b = there.owner();
    let writing = Writing {
        drafts: at_b.signed(fillers(&at_b, 1_023)),
        ..Writing::default()
    };
    there
        .clinic
        .desk()
        .write(&there.clinic, at_b.id, writing)
        .unwrap();
    register(&mut at_b, "Grace");
    let mut runs = missing(&there.clinic, &here.clinic);
    let at = runs
        .iter()
        .position(|it| it[0].header.lane == Lane::Desk)
        .unwrap();
    let mut desk = runs.remove(at);
    assert_eq!(desk.len(), 1_024);
    // Nobody signed for her; whoever wrote it signs what comes next.
    let grace = desk.last_mut().unwrap();
    grace.signature = Signature::from_bytes([7; 64]);
    let header = Header {
        seq: 1_025,
        prev: grace.hash(),
        ..grace.header
    };
    desk.push(Envelope::sign(header, vec![0; 80], &at_b.signing).unwrap());
    let names = [1_025, 500].map(|first| {
        let folder = here.copy();
        let machine = folder.open();
        machine.take(runs.clone()).unwrap();
        for part in [&desk[..first], &desk[first..]] {
            let taken = machine.take(vec![part.to_vec()]).unwrap();
            assert_eq!((taken.new, taken.refused), (part.len(), Vec::new()));
            while machine.index_some().unwrap() {}
        }
        let mut session = owner(&machine);
        session.settle().unwrap();
        session.with_index(|index| index.rows().count())
    });
    assert_eq!(names, [1, 1]);
}

/// The first changes of a session's log, of 334 bytes each; some of them signed by nobody.
fn partly_signed(session: &Session, count: u64, by_nobody: Range<u64>) -> Vec<Envelope> {
    let clinic = session.clinic();
    let hlc = clinic.desk().log.hlc();
    let mut chain = Chain::start(clinic.log(), Lane::Desk);
    (1..=count)
        .map(|n| {
            let header = Header {
                kind: Kind::Change,
                lane: Lane::Desk,
                doc: DocId::from_bytes([9; 16]),
                epoch: EpochId::from_bytes([1; 8]),
                ..Header::unsealed(Kind::Change, clinic.id(), session.id, hlc)
            };
            let header = chain.place(header);
            let signed = Envelope::sign(header, vec![0; 80], &session.signing);
            let mut envelope = signed.unwrap();
            if by_nobody.contains(&n) {
                envelope.signature = Signature::from_bytes([7; 64]);
            }
            chain.append(&envelope.stub()).unwrap();
            envelope
        })
        .collect()
}

#[test]
fn in_whatever_portions_a_log_comes_all_machines_keep_as_much_of_it() {
    let here = founded(545);
    let there = here.second(546);
    let at_b = there.owner();
    meet(&here.clinic, &there.clinic);
    let run = (at_b.clinic().log(), Lane::Desk);
    // Up to 24 of these are a stretch for which one signature is looked at.
    for (by_nobody, expected) in [(10..30, 60), (10..33, 60), (10..34, 9), (55..61, 54)] {
        let desk = partly_signed(&at_b, 60, by_nobody.clone());
        for portion in [60, 37, 25] {
            let folder = here.copy();
            let machine = folder.open();
            // Each meeting goes on behind what is held.
            for _ in 0..4 {
                let held = machine.frontier().unwrap();
                let held = held.get(&run).map_or(0, |it| it.0);
                let held = usize::try_from(held).unwrap();
                for part in desk[held..].chunks(portion) {
                    machine.take(vec![part.to_vec()]).unwrap();
                }
            }
            let kept = machine.frontier().unwrap()[&run].0;
            assert_eq!(kept, expected, "{by_nobody:?} in portions of {portion}");
        }
    }
}

/// Statements of a machine's log that say nothing, a quarter of a MiB each.
fn speeches(session: &Session, count: u8) -> Vec<Draft> {
    let clinic = session.clinic();
    let speech = |n: u8| {
        let said = members::Draft {
            clinic: clinic.id(),
            at: clinic.desk().log.hlc(),
            parents: clinic.known().membership.heads(),
            body: Body::Unknown {
                kind: 99,
                body: vec![n; 256 * 1024],
            },
        };
        Statement::sign(said, Author::device(&session.device.signing)).unwrap()
    };
    (0..count)
        .map(|n| Draft::Open {
            kind: Kind::Statement,
            bytes: speech(n).encode(),
        })
        .collect()
}

#[test]
fn of_a_machine_that_speaks_without_end_all_keep_the_same_beginning_and_go_on() {
    let here = founded(550);
    let there = here.second(551);
    let third = here.second(552);
    let at_b = there.owner();
    let drafts = speeches(&at_b, 140);
    let writing = Writing {
        drafts: at_b.signed(drafts),
        ..Writing::default()
    };
    there
        .clinic
        .desk()
        .write(&there.clinic, at_b.id, writing)
        .unwrap();
    let log = there.clinic.log();
    let said = run(
        &there.clinic,
        Place {
            log,
            lane: Lane::Membership,
            seq: 1,
        },
    );
    let kept = [said.len(), 50].map(|portion| {
        let machine = if portion == 50 { &third } else { &here };
        for part in said.chunks(portion) {
            let taken = machine.clinic.take(vec![part.to_vec()]).unwrap();
            // Or it follows what was not kept.
            let too_much = |it: &Refused| it.why == Why::TooMuch || it.place.seq > 128;
            assert!(taken.refused.iter().all(too_much), "{:?}", taken.refused);
        }
        let frontier = machine.clinic.frontier().unwrap();
        frontier[&(log, Lane::Membership)]
    });
    assert_eq!(kept[0], kept[1]);
    assert!((100..130).contains(&kept[0].0), "{} are kept", kept[0].0);
    let mut at_a = here.owner();
    let flagged = at_a.machines().unwrap().into_iter();
    let flagged: Vec<_> = flagged.filter(|it| it.remarks.says_too_much).collect();
    assert_eq!(flagged.len(), 1);
    assert_eq!(flagged[0].device, there.clinic.device());
    at_a.revoke_machine(there.clinic.device()).unwrap();
    register(&mut at_a, "Grace");
    at_a.sign_out().unwrap();
    meet(&here.clinic, &third.clinic);
    assert_eq!(
        here.clinic.frontier().unwrap(),
        third.clinic.frontier().unwrap()
    );
}
