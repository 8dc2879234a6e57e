//! A machine of the clinic that lies, floods, stands still or vanishes, written against the
//! transport itself: the others go on, and it makes nobody hold much.

use std::{
    net::SocketAddr,
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::Duration,
};

use cairn::{
    clinic::Clinic,
    ids::Hash,
    net::{ALPN, Net},
    sync::{
        status::Reach,
        wire::{Frame, MAX_FRAME_BYTES},
    },
};
use iroh::{
    Endpoint, EndpointAddr, EndpointId, SecretKey,
    endpoint::{Connection, ConnectionError, presets},
};
use tokio::runtime::Runtime;

use crate::{
    clinic::{founded, owner},
    command::{Home, Ran},
    command_sync::{HERE, Serving, joined_as},
    devices::{around, joined},
    net::{peer, started, until, until_equal},
};

/// What a program of a hostile person's does with a connection.
fn hostile(key: SecretKey, of: &Net, alpn: &[u8], talk: impl AsyncFnOnce(Connection)) {
    let at = (*of.endpoint().as_bytes(), of.addrs()[0]);
    attack(key, at, alpn, talk);
}

fn attack(
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

fn key_of(clinic: &Clinic) -> SecretKey {
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

/// The megabytes that a process holds, where the system says so.
fn held_mb(pid: u32) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let line = status.lines().find(|it| it.starts_with("VmRSS:"))?;
    let kb: u64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kb / 1024)
}

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
fn others_go_on_while_one_floods_and_never_listens() {
    let home = Home::new();
    let (_there, b) = joined_as(&home, ("Hill Post", 81), false);
    let (_evil, evil) = joined_as(&home, ("Stolen", 83), false);
    let evil = Clinic::open(&evil, around(85)).unwrap();
    let serving = Serving::begun(home.command("Okot", &["serve"]));
    let sync = || {
        let args = ["sync", "--json", "--once", "--addr", serving.addr()];
        let mut sync = home.command("Okot", &args);
        sync.args(HERE).env("CAIRN_HOME", &b);
        let synced = Ran::of(sync.output().unwrap());
        assert_eq!(synced.code, Some(0), "{}", synced.err);
    };
    sync();
    let pid = serving.child.id();
    let before = held_mb(pid);
    let key = serving.ready["endpoint"].as_str().unwrap();
    let key = *key.parse::<Hash>().unwrap().as_bytes();
    let at = (key, serving.addr().parse().unwrap());
    let stop = AtomicBool::new(false);
    thread::scope(|scope| {
        let (evil, stop) = (&evil, &stop);
        scope.spawn(move || {
            attack(key_of(evil), at, ALPN, async |connection| {
                flood(&connection, stop).await;
            });
        });
        for number in 0..3 {
            let given = format!("Grace{number}");
            let mut add = home.command("Okot", &["patient", "add", "--family", "Okello"]);
            add.args(["--given", &given, "--sex", "f", "--age", "30y", "--force"])
                .env("CAIRN_HOME", &b);
            let added = Ran::of(add.output().unwrap());
            assert_eq!(added.code, Some(0), "{}", added.err);
            sync();
        }
        stop.store(true, Ordering::Release);
    });
    if let (Some(before), Some(after)) = (before, held_mb(pid)) {
        println!("held before {before} MB, after {after} MB");
        assert!(after < before + 64, "from {before} to {after} MB");
    }
    assert_eq!(serving.ended("-TERM"), Some(0));
}

/// Words in order and then for ever the same question; no answer is read.
async fn flood(connection: &Connection, stop: &AtomicBool) {
    let Ok((mut send, _receive)) = connection.open_bi().await else {
        return;
    };
    let place = cairn::ledger::Place {
        log: cairn::ids::LogId::from_bytes([1; 16]),
        lane: cairn::ledger::Lane::Clinical,
        seq: 1,
    };
    let frame = Frame::Want(vec![place; 60]).encode();
    let length = u32::try_from(frame.len()).unwrap().to_be_bytes();
    let said = [&length[..], &frame].concat();
    while !stop.load(Ordering::Acquire) {
        let written = tokio::time::timeout(Duration::from_millis(200), async {
            send.write_all(&said).await
        });
        if let Ok(Err(_closed)) = written.await {
            return;
        }
    }
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
