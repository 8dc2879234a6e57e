//! Bad days of the store: a full disk, a folder that cannot be written, a second Cairn,
//! damaged files. Each is an error that says what it is; nothing wrong is ever read.

use std::sync::Arc;

use cairn::{
    ids::LogId,
    ledger::Lane,
    seal::hash,
    store::{Error, MetaWrite, NewEnvelope, Place, Store},
};

use crate::flaky_disk::FlakyDisk;

const LOG: LogId = LogId::from_bytes([1; 16]);

fn keep(store: &Store, seq: u64, len: usize) -> Result<(), Error> {
    let lane = Lane::Clinical;
    let bytes = vec![u8::try_from(seq % 251).unwrap(); len];
    let place = Place {
        log: LOG,
        lane,
        seq,
    };
    let envelope = NewEnvelope {
        place,
        hash: hash(&bytes),
        bytes: &bytes,
    };
    store.append(&[envelope], &[])
}

fn note_reading(store: &Store, n: u64) -> Result<(), Error> {
    let row = vec![3; 120];
    store.append_audit(&[], &[MetaWrite::OpenAudit { log: LOG, n, row }])
}

/// Keeps envelopes until the disk is full; how many were kept.
fn keep_until_full(store: &Store) -> u64 {
    for seq in 1..10_000 {
        match keep(store, seq, 50_000) {
            Ok(()) => {}
            Err(Error::Full) => return seq - 1,
            Err(other) => panic!("envelope {seq}: {other}"),
        }
    }
    panic!("never full");
}

#[test]
fn on_a_full_disk_saving_stops_reading_goes_on_and_nothing_is_lost() {
    let disk = FlakyDisk::default();
    let store = Store::create_with(Arc::new(disk.clone())).unwrap();
    disk.fill_up(2_000_000, 4_000_000);
    let kept = keep_until_full(&store);
    assert!(kept > 10, "{kept} kept");
    for n in 1..=200 {
        note_reading(&store, n).unwrap();
    }
    assert!(matches!(keep(&store, kept + 1, 50_000), Err(Error::Full)));
    assert_eq!(store.open_audit(LOG).unwrap().len(), 200);
    assert_eq!(store.counts().unwrap().envelopes, kept);

    disk.empty_out();
    keep(&store, kept + 1, 50_000).unwrap();
    drop(store);
    let store = Store::open_with(Arc::new(FlakyDisk::with(disk.files()))).unwrap();
    assert_eq!(store.counts().unwrap().envelopes, kept + 1);
}
