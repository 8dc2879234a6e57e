//! A machine of the clinic that floods another one: with questions, with claims, with envelopes.
//! The others go on, and it makes nobody hold much.

use std::{
    collections::BTreeMap,
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::Duration,
};

use cairn::{
    clinic::Clinic,
    ids::{ClinicId, DocId, EpochId, Hash, KeyId, LogId, SessionId},
    ledger::{Chain, Envelope, Header, Kind, Lane, Place},
    net::ALPN,
    seal::{SeededEntropy, SigningKey},
    sync::wire::{FRONTIER_ENTRIES_MAX, Frame, Hello, Run, Short, Told},
    time::Hlc,
};
use iroh::endpoint::Connection;

use crate::{
    command::{Home, Ran},
    command_sync::{HERE, Serving, joined_as},
    devices::around,
    net_hostile::{attack, key_of},
};

/// Tiny envelopes of one frame.
const TINY: usize = 4_000;

/// What each machine says without end, once it has greeted in order.
fn floods(clinic: ClinicId) -> [(&'static str, Frame); 3] {
    let log = |it: usize| {
        let mut log = [7; 16];
        log[..8].copy_from_slice(&(it as u64).to_be_bytes());
        LogId::from_bytes(log)
    };
    let place = Place {
        log: log(1),
        lane: Lane::Clinical,
        seq: 1,
    };
    let end = |it| ((log(it), Lane::Desk), (u64::MAX, Short([0; 8])));
    let reached = (0..FRONTIER_ENTRIES_MAX / 2).map(end).collect();
    [
        ("questions", Frame::Want(vec![place; 60])),
        ("endless runs", Frame::Have { took: 0, reached }),
        ("tiny envelopes", tiny(clinic, log(2))),
    ]
}

/// Well-formed envelopes with nothing in them, of a session that nobody answers for.
fn tiny(clinic: ClinicId, log: LogId) -> Frame {
    let key = SigningKey::generate(&mut SeededEntropy::new(1));
    let (lane, session) = (Lane::Clinical, SessionId::from_bytes([6; 32]));
    let mut chain = Chain::start(log, lane);
    let envelopes = (0..TINY).map(|_| {
        let bare = Header::unsealed(Kind::Change, clinic, session, Hlc(1 << 32));
        let header = chain.place(Header {
            doc: DocId::from_bytes([1; 16]),
            epoch: EpochId::from_bytes([1; 8]),
            key_id: KeyId::from_bytes([1; 16]),
            ..bare
        });
        let envelope = Envelope::sign(header, vec![0; 32], &key).unwrap();
        chain.append(&envelope.stub()).unwrap();
        envelope
    });
    Frame::Chunk(
        Run::new(log, envelopes.collect::<Vec<_>>())
            .into_iter()
            .collect(),
    )
}

/// Greets in order, and then says the same until it is sent away; no answer is read. How often
/// it could say it.
async fn flood(
    connection: &Connection,
    (clinic, frame): (ClinicId, &Frame),
    stop: &AtomicBool,
) -> usize {
    let Ok((mut send, _receive)) = connection.open_bi().await else {
        return 0;
    };
    let hello = Frame::Hello(Hello {
        clinic,
        frontier: Hash::from_bytes([1; 32]),
        base: None,
    });
    let told = Frame::Frontier(Told {
        base: None,
        reached: BTreeMap::new(),
    });
    let bytes = |frame: &Frame| {
        let frame = frame.encode();
        [
            &u32::try_from(frame.len()).unwrap().to_be_bytes()[..],
            &frame,
        ]
        .concat()
    };
    let mut said = [bytes(&hello), bytes(&told)].concat();
    let mut times = 0;
    while !stop.load(Ordering::Acquire) {
        let written = tokio::time::timeout(Duration::from_millis(200), async {
            send.write_all(&said).await
        });
        match written.await {
            Ok(Ok(())) => times += 1,
            Ok(Err(_closed)) => break,
            Err(_full) => {}
        }
        said = bytes(frame);
    }
    times
}

/// The megabytes that a process holds, where the system says so.
fn held_mb(pid: u32) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let line = status.lines().find(|it| it.starts_with("VmRSS:"))?;
    let kb: u64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kb / 1024)
}

#[test]
fn others_go_on_while_machines_flood_and_never_listen() {
    let home = Home::new();
    let (_there, b) = joined_as(&home, ("Hill Post", 81), false);
    let evil = [83_u64, 85, 87].map(|seed| {
        let (folder, path) = joined_as(&home, (&format!("Stolen {seed}"), seed), false);
        (Clinic::open(&path, around(seed)).unwrap(), folder)
    });
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
    let clinic = evil[0].0.id();
    let stop = AtomicBool::new(false);
    thread::scope(|scope| {
        for ((evil, _), (what, frame)) in evil.iter().zip(floods(clinic)) {
            let stop = &stop;
            scope.spawn(move || {
                let (mut tries, mut times) = (0, 0);
                // It comes back whenever it is sent away.
                while !stop.load(Ordering::Acquire) {
                    attack(key_of(evil), at, ALPN, async |connection| {
                        times += flood(&connection, (clinic, &frame), stop).await;
                    });
                    tries += 1;
                }
                println!("{what}: {times} frames in {tries} connections");
                assert!(times > 1, "{what}: nothing was said");
            });
        }
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
