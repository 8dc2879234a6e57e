//! A machine of the clinic that lies, floods, stands still or vanishes, written against the
//! transport itself: the others go on, and it makes nobody hold much.

use std::{net::SocketAddr, thread};

use cairn::{
    clinic::Clinic,
    net::{ALPN, Net},
    sync::{
        status::Reach,
        wire::{Bye, Frame, MAX_FRAME_BYTES, VERSION},
    },
};
use iroh::{
    Endpoint, EndpointAddr, EndpointId, SecretKey,
    endpoint::{Connection, ConnectionError, presets},
};
use tokio::runtime::Runtime;

use crate::{
    clinic::{founded, owner},
    devices::joined,
    net::{peer, started, until, until_equal},
};

/// What a program of a hostile person's does with a connection.
fn hostile(key: SecretKey, of: &Net, alpn: &[u8], talk: impl AsyncFnOnce(Connection)) {
    let at = (*of.endpoint().as_bytes(), of.addrs()[0]);
    attack(key, at, alpn, talk);
}

/// The same to whoever listens there.
pub(crate) fn attack(
    key: SecretKey,
    (there, addr): ([u8; 32], SocketAddr),
    alpn: &[u8],
    talk: impl AsyncFnOnce(Connection),
) {
    Runtime::new().unwrap().block_on(async {
        let endpoint = Endpoint::builder(presets::Minimal)
            .secret_key(key)
            .clear_ip_transports()
            .bind_addr("127.0.0.1:0")
            .unwrap()
            .bind()
            .await
            .unwrap();
        let there = EndpointId::from_bytes(&there).unwrap();
        let place = EndpointAddr::new(there).with_ip_addr(addr);
        if let Ok(connection) = endpoint.connect(place, alpn).await {
            talk(connection).await;
        }
        endpoint.close().await;
    });
}

/// The key under which a machine is met.
pub(crate) fn key_of(clinic: &Clinic) -> SecretKey {
    SecretKey::from_bytes(clinic.endpoint_secret().unwrap().as_bytes())
}

/// With what code the other side closed.
fn code(ended: &ConnectionError) -> Option<u64> {
    if let ConnectionError::ApplicationClosed(closed) = ended {
        return Some(u64::from(closed.error_code));
    }
    None
}

const NOT_KNOWN_HERE: u64 = 1;
const UNSOUND: u64 = 5;

#[test]
fn a_stranger_is_turned_away_and_so_is_who_speaks_another_protocol() {
    let (_here, a) = founded();
    let (_there, b) = joined(&mut owner(&a), 1);
    let of_a = started(&a, &[]);
    hostile(
        SecretKey::from_bytes(&[3; 32]),
        &of_a,
        ALPN,
        async |connection| {
            assert_eq!(code(&connection.closed().await), Some(NOT_KNOWN_HERE));
        },
    );
    let (mut spoke, key) = (false, key_of(&b));
    hostile(key, &of_a, b"cairn/pair/1", async |_connection| {
        spoke = true;
    });
    assert!(!spoke, "a protocol is spoken that nobody asked for");
}

#[test]
fn what_is_no_frame_or_too_long_ends_it_and_the_machine_is_left_alone() {
    let lengths = [u32::MAX, u32::try_from(MAX_FRAME_BYTES).unwrap() + 1];
    let bombs = lengths.map(|it| it.to_be_bytes().to_vec());
    // Of our version, and nothing more of it.
    let garbage = [&100_u32.to_be_bytes()[..], &[1], &[0xee; 99]].concat();
    for bytes in bombs.into_iter().chain([garbage]) {
        let (_here, a) = founded();
        let mut okot = owner(&a);
        let (_there, b) = joined(&mut okot, 1);
        let of_a = started(&a, &[]);
        let key = key_of(&b);
        hostile(key.clone(), &of_a, ALPN, async |connection| {
            let (mut send, _receive) = connection.open_bi().await.unwrap();
            send.write_all(&bytes).await.unwrap();
            assert_eq!(code(&connection.closed().await), Some(UNSOUND));
        });
        until(&of_a, "it is left alone", || {
            peer(&of_a, &b).state == Reach::Unsound
        });
        hostile(key, &of_a, ALPN, async |connection| {
            assert_eq!(code(&connection.closed().await), Some(UNSOUND));
        });
    }
}

#[test]
fn a_machine_with_another_version_is_told_so_and_shown_as_such() {
    let (_here, a) = founded();
    let mut okot = owner(&a);
    let (_older, older) = joined(&mut okot, 1);
    let (_newer, newer) = joined(&mut okot, 2);
    let (_same, same) = joined(&mut okot, 3);
    let of_a = started(&a, &[]);
    for (other, version) in [(&older, 0), (&newer, VERSION + 1)] {
        hostile(key_of(other), &of_a, ALPN, async |connection| {
            let (mut send, mut receive) = connection.open_bi().await.unwrap();
            send.write_all(&[0, 0, 0, 9, version, 1, 2, 3, 4, 5, 6, 7, 8])
                .await
                .unwrap();
            let heard = receive.read_to_end(1000).await.unwrap_or_default();
            let bye = Frame::Bye(Bye::Version).encode();
            assert!(heard.ends_with(&bye), "{heard:?}");
        });
        until(&of_a, "it is another program", || {
            peer(&of_a, other).state == Reach::OtherProgram
        });
    }
    let of_same = started(&same, &[(&a, &of_a)]);
    until_equal(&of_same, &same, &a);
}

#[test]
fn a_machine_that_opens_and_says_nothing_keeps_nobody_waiting() {
    let (_here, a) = founded();
    let mut okot = owner(&a);
    let (_there, b) = joined(&mut okot, 1);
    let (_silent, silent) = joined(&mut okot, 2);
    let of_a = started(&a, &[]);
    let (go, went) = tokio::sync::oneshot::channel::<()>();
    thread::scope(|scope| {
        let (of_a, silent) = (&of_a, &silent);
        scope.spawn(move || {
            hostile(key_of(silent), of_a, ALPN, async |connection| {
                let (mut send, _receive) = connection.open_bi().await.unwrap();
                // The beginning of a frame, and no more.
                send.write_all(&[0, 0, 1]).await.unwrap();
                went.await.unwrap_or_default();
            });
        });
        let of_b = started(&b, &[(&a, of_a)]);
        until_equal(&of_b, &b, &a);
        go.send(()).unwrap();
    });
}
