//! Machines of a clinic over real sockets on this machine: they meet, hold the same, and let
//! nobody else in.

use std::{
    net::{SocketAddr, UdpSocket},
    sync::Arc,
    time::{Duration, Instant},
};

use cairn::{
    clinic::Clinic,
    ids::DeviceId,
    ledger::{Frontier, Lane},
    net::{Net, Options, Relay, Traffic},
    sync::status::{Peer, Reach},
};

use crate::{
    clinic::{founded, grace, owner},
    devices::joined,
};

/// Longer than anything here takes on a busy machine.
const LONG: Duration = Duration::from_secs(40);

/// On a port of 127.0.0.1 that the system chooses, found by nobody, dialling those known.
pub(crate) fn options(known: &[(DeviceId, SocketAddr)]) -> Options {
    Options {
        bind: Some(SocketAddr::from(([127, 0, 0, 1], 0))),
        mdns: false,
        relay: Relay::None,
        known: known.to_vec(),
        ..Options::default()
    }
}

pub(crate) fn started(clinic: &Arc<Clinic>, known: &[(&Arc<Clinic>, &Net)]) -> Net {
    let known = known.iter().map(|(it, net)| (it.device(), net.addrs()[0]));
    Net::start(Arc::clone(clinic), options(&known.collect::<Vec<_>>())).unwrap()
}

#[track_caller]
pub(crate) fn until(net: &Net, what: &str, mut is_so: impl FnMut() -> bool) {
    #[expect(clippy::disallowed_methods, reason = "a test that waits has an end")]
    let begun = Instant::now();
    while !is_so() {
        assert!(
            begun.elapsed() < LONG,
            "{what}: {:?} {:?}",
            net.status(),
            net.outside()
        );
        net.wait(Duration::from_millis(100));
    }
}

pub(crate) fn peer(net: &Net, other: &Clinic) -> Peer {
    let mut peers = net.status().into_iter();
    peers.find(|it| it.device == other.device()).unwrap()
}

pub(crate) fn traffic(net: &Net, other: &Clinic) -> Traffic {
    let mut all = net.traffic().into_iter();
    all.find(|(device, _)| *device == other.device()).unwrap().1
}

#[track_caller]
pub(crate) fn until_equal(net: &Net, one: &Clinic, other: &Clinic) {
    until(net, "both hold the same", || {
        one.frontier().unwrap() == other.frontier().unwrap()
            && peer(net, other).state == Reach::InStep
    });
}

/// How far what is known of patients reaches.
fn patients(clinic: &Clinic) -> Frontier {
    let mut frontier = clinic.frontier().unwrap();
    frontier.retain(|(_, lane), _| matches!(lane, Lane::Desk | Lane::Clinical));
    frontier
}

fn free_port() -> SocketAddr {
    let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
    socket.local_addr().unwrap()
}

#[test]
fn two_machines_of_a_clinic_meet_and_hold_the_same() {
    let (_here, a) = founded();
    let mut okot = owner(&a);
    let (_there, b) = joined(&mut okot, 1);
    let patient = grace(&mut okot);
    let of_a = started(&a, &[]);
    let of_b = started(&b, &[(&a, &of_a)]);
    until_equal(&of_b, &b, &a);
    let mut there = owner(&b);
    assert_eq!(there.find("okello", 10).unwrap()[0].patient, patient);
    // The connection stays: what is saved there is here at once.
    let second = grace(&mut there);
    until(&of_a, "the visit arrives", || {
        let found = okot.find("okello", 10).unwrap();
        found.iter().any(|it| it.patient == second)
    });
    until(&of_a, "it is known that both have it", || {
        let b = peer(&of_a, &b);
        (b.ahead, b.behind) == (0, 0)
    });
    of_b.stop();
    until(&of_a, "it is seen that the other went", || {
        peer(&of_a, &b).state == Reach::NotInReach
    });
    assert!(peer(&of_a, &b).last_met.is_some());
    of_a.stop();
    let met = a.peer(b.device()).unwrap().unwrap();
    assert_eq!(met.theirs, a.frontier().unwrap());
}

#[test]
fn a_meeting_with_nothing_new_is_one_round_trip_of_two_small_frames() {
    let (_here, a) = founded();
    let (_there, b) = joined(&mut owner(&a), 1);
    let meet = || {
        let of_a = started(&a, &[]);
        let of_b = started(&b, &[(&a, &of_a)]);
        until_equal(&of_b, &b, &a);
        until_equal(&of_a, &a, &b);
        (traffic(&of_a, &b), traffic(&of_b, &a))
    };
    meet();
    let (of_a, of_b) = meet();
    assert_eq!((of_b.sent, of_b.received), (0, 0));
    assert_eq!(of_b.round_trips, 1);
    println!("nothing new: {of_a:?}, {of_b:?}");
    for of in [of_a, of_b] {
        assert!(
            of.frame_bytes_out < 200 && of.frame_bytes_in < 200,
            "{of:?}"
        );
    }
}

#[test]
fn who_leaves_as_soon_as_both_hold_the_same_has_said_all_that_it_holds() {
    let (_here, a) = founded();
    let mut okot = owner(&a);
    let (_there, b) = joined(&mut okot, 1);
    let of_a = started(&a, &[]);
    let meet = || {
        let of_b = started(&b, &[(&a, &of_a)]);
        until(&of_b, "both hold the same", || {
            traffic(&of_b, &a).took.is_some()
        });
        let seen = traffic(&of_b, &a);
        of_b.stop();
        until(&of_a, "it is seen that the other went", || {
            peer(&of_a, &b).state == Reach::NotInReach
        });
        seen
    };
    for round in 0..6 {
        grace(&mut okot);
        meet();
        assert_eq!(peer(&of_a, &b).ahead, 0, "round {round}");
        let seen = meet();
        assert!(seen.frame_bytes_out < 200, "round {round}: {seen:?}");
    }
    of_a.stop();
}

#[test]
fn two_machines_that_dial_each_other_at_once_end_with_one_connection() {
    let (_here, a) = founded();
    let mut okot = owner(&a);
    let (_there, b) = joined(&mut okot, 1);
    let (at_a, at_b) = (free_port(), free_port());
    let start = |clinic: &Arc<Clinic>, at, known| {
        let options = Options {
            bind: Some(at),
            ..options(&[known])
        };
        Net::start(Arc::clone(clinic), options).unwrap()
    };
    for _ in 0..3 {
        let of_a = start(&a, at_a, (b.device(), at_b));
        let of_b = start(&b, at_b, (a.device(), at_a));
        until_equal(&of_a, &a, &b);
        grace(&mut okot);
        until_equal(&of_b, &b, &a);
        until_equal(&of_a, &a, &b);
    }
}

#[test]
fn a_third_machine_carries_what_two_that_never_meet_wrote() {
    let (_here, a) = founded();
    let mut okot = owner(&a);
    let (_hub, hub) = joined(&mut okot, 1);
    let (_there, b) = joined(&mut okot, 2);
    let of_hub = started(&hub, &[]);
    let of_a = started(&a, &[(&hub, &of_hub)]);
    // Each of them hears of both others where it was let in.
    let of_b = started(&b, &[(&a, &of_a)]);
    until_equal(&of_b, &b, &a);
    of_b.stop();
    let patient = grace(&mut okot);
    until_equal(&of_a, &a, &hub);
    of_a.stop();
    let of_b = started(&b, &[(&hub, &of_hub)]);
    until_equal(&of_b, &b, &hub);
    assert_eq!(owner(&b).find("okello", 10).unwrap()[0].patient, patient);
}

#[test]
fn a_revoked_machine_is_sent_away_at_once_and_not_let_in_again() {
    let (_here, a) = founded();
    let mut okot = owner(&a);
    let (_there, b) = joined(&mut okot, 1);
    let of_a = started(&a, &[]);
    let of_b = started(&b, &[(&a, &of_a)]);
    until_equal(&of_b, &b, &a);
    let held = patients(&b);
    okot.revoke_machine(b.device()).unwrap();
    until(&of_a, "it is sent away", || {
        peer(&of_a, &b).state == Reach::Revoked
    });
    grace(&mut okot);
    until(&of_b, "it is told", || {
        peer(&of_b, &a).state == Reach::NotKnown
    });
    let tries = traffic(&of_b, &a).unreached;
    of_b.sync_now();
    until(&of_b, "it tries again", || {
        traffic(&of_b, &a).unreached > tries
    });
    // That it is shut out it may have heard; of patients it hears nothing more.
    assert_eq!(patients(&b), held, "something went to it");
}
