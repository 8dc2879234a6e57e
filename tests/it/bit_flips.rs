//! A bad disk: single bits of the ledger and the cache turned over, files cut short. What
//! the store then gives out is what was kept, or an error; it never panics.

use std::{
    collections::BTreeMap,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
};

use cairn::{
    ids::{DocId, LogId},
    ledger::{Lane, Place},
    seal::{Secret, SeededEntropy, hash},
    store::{CacheBatch, Error, MetaWrite, NewEnvelope, Part, Store, Table},
};

use crate::{
    flaky_disk::{Dice, FlakyDisk, Image},
    power_cut::seeds,
};

const LOG: LogId = LogId::from_bytes([1; 16]);
const ENVELOPES: u64 = 400;
const DOCS: u64 = 7;
/// Bits turned over in each test, unless a long run is asked for.
const FLIPS: u64 = 300;

/// What became of a damaged file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Outcome {
    Intact,
    NotOpened,
    CacheThrownAway,
    ErrorOnUse,
    Panicked,
    SilentlyWrong,
}

fn key() -> Secret {
    Secret::from_bytes(&[3; 32])
}

fn place(seq: u64) -> Place {
    Place {
        log: LOG,
        lane: Lane::Clinical,
        seq,
    }
}

fn bytes(seq: u64) -> Vec<u8> {
    let len = 100 + usize::try_from(seq % 13).unwrap() * 90;
    let word = hash(&seq.to_be_bytes());
    word.as_bytes().iter().copied().cycle().take(len).collect()
}

fn doc(seq: u64) -> DocId {
    DocId::from_bytes([u8::try_from(seq % DOCS).unwrap(); 16])
}

fn keep(store: &Store, seq: u64) -> Result<(), Error> {
    let bytes = bytes(seq);
    let envelope = NewEnvelope {
        place: place(seq),
        hash: hash(&bytes),
        bytes: &bytes,
    };
    let audit = MetaWrite::OpenAudit {
        log: LOG,
        n: seq,
        row: bytes.clone(),
    };
    let meta = MetaWrite::Put {
        name: format!("row/{}", seq % 40),
        bytes: seq.to_be_bytes().to_vec(),
    };
    store.append(&[envelope], &[audit, meta])
}

fn write_cache(store: &Store, seq: u64) -> Result<(), Error> {
    let mut entropy = SeededEntropy::new(seq);
    let mut batch = CacheBatch::new(&mut entropy);
    batch.put(Table::Roster, &seq.to_be_bytes(), &key(), &bytes(seq));
    batch.applied(place(seq), Some(doc(seq)));
    store.cache_write(&batch)
}

fn sound() -> Image {
    let disk = FlakyDisk::default();
    let store = Store::create_with(Arc::new(disk.clone())).unwrap();
    for seq in 1..=ENVELOPES {
        keep(&store, seq).unwrap();
        write_cache(&store, seq).unwrap();
    }
    drop(store);
    disk.files()
}

/// Reads all of the ledger; false when something differs from what was kept.
fn ledger_is_right(store: &Store, written: u64) -> Result<bool, Error> {
    let tip = (written, hash(&bytes(written)));
    let mut right = store.frontier()? == BTreeMap::from([((LOG, Lane::Clinical), tip)]);
    let mut next = 1;
    loop {
        let some = store.envelopes(place(next))?;
        if some.is_empty() {
            break;
        }
        for (seq, found) in some {
            right &= seq == next && found == bytes(seq);
            next += 1;
        }
    }
    for seq in [1, 77, written] {
        right &= store.envelope(place(seq))? == Some(bytes(seq));
    }
    right &= store.envelope(place(written + 1))?.is_none();
    let audit = store.open_audit(LOG)?;
    right &= audit.len() as u64 == written;
    right &= audit.iter().all(|(n, row)| *row == bytes(*n));
    let names = store.meta_names("row/")?;
    right &= names.len() == 40;
    for name in names {
        right &= store.meta(&name)?.is_some_and(|it| it.len() == 8);
    }
    Ok(right && next == written + 1)
}

/// Reads all of the cache; false when something differs from what was written.
fn cache_is_right(store: &Store, written: u64) -> Result<bool, Error> {
    let mut right = store.applied()?.get(&(LOG, Lane::Clinical)) == Some(&written);
    let mut next = 1_u64;
    store.cache_scan(Table::Roster, &[], &key(), |key, plain| {
        right &= key == next.to_be_bytes() && plain == bytes(next);
        next += 1;
    })?;
    right &= next == written + 1;
    for nth in 0..DOCS {
        let seqs: Vec<u64> = store
            .of_doc(doc(nth))?
            .iter()
            .map(|it| it.place.seq)
            .collect();
        let expected = (1..=written).filter(|it| it % DOCS == nth);
        right &= seqs == expected.collect::<Vec<u64>>();
    }
    Ok(right)
}

/// Opens a store of small files, which are checked whole, reads all and writes some more.
fn use_small(part: Part, image: Image) -> Outcome {
    let Ok(store) = Store::open_with(Arc::new(FlakyDisk::with(image))) else {
        return Outcome::NotOpened;
    };
    if part == Part::Cache && store.opened().cache_lost {
        return thrown_away(&store);
    }
    let write = match part {
        Part::Cache => write_cache(&store, ENVELOPES + 1),
        Part::Ledger | Part::Format | Part::File => keep(&store, ENVELOPES + 1),
    };
    match (is_right(&store, part, ENVELOPES + 1), write) {
        (Ok(false), _) => Outcome::SilentlyWrong,
        (Err(_), _) | (Ok(true), Err(_)) => Outcome::ErrorOnUse,
        (Ok(true), Ok(())) => Outcome::Intact,
    }
}

/// Opens a store whose files are believed, and reads all. Then the disk goes away: closing
/// would write where the file's map of free space says, and nobody checked that.
fn read_large(part: Part, image: Image) -> Outcome {
    let disk = FlakyDisk::large(image);
    let Ok(store) = Store::open_with(Arc::new(disk.clone())) else {
        return Outcome::NotOpened;
    };
    if part == Part::Cache && store.opened().cache_lost {
        return thrown_away(&store);
    }
    let right = is_right(&store, part, ENVELOPES);
    disk.refuse_after(Some(0));
    store.verify_file(part).unwrap_err();
    match right {
        Ok(true) => Outcome::Intact,
        Ok(false) => Outcome::SilentlyWrong,
        Err(_) => Outcome::ErrorOnUse,
    }
}

fn is_right(store: &Store, part: Part, written: u64) -> Result<bool, Error> {
    match part {
        Part::Cache => cache_is_right(store, written),
        Part::Ledger | Part::Format | Part::File => ledger_is_right(store, written),
    }
}

fn thrown_away(store: &Store) -> Outcome {
    if store.applied().is_ok_and(|it| it.is_empty()) {
        Outcome::CacheThrownAway
    } else {
        Outcome::SilentlyWrong
    }
}

fn judge(part: Part, image: Image, act: impl FnOnce(Part, Image) -> Outcome) -> Outcome {
    let used = catch_unwind(AssertUnwindSafe(|| act(part, image)));
    used.unwrap_or(Outcome::Panicked)
}

/// What became of the file with each bit flipped.
fn flip_bits(part: Part, act: fn(Part, Image) -> Outcome) -> BTreeMap<Outcome, u64> {
    let sound = sound();
    assert_eq!(judge(part, sound.clone(), act), Outcome::Intact);
    let mut tally = BTreeMap::new();
    for seed in 0..seeds().max(FLIPS) {
        let mut dice = Dice(seed);
        let mut image = sound.clone();
        let file = image.get_mut(&part).unwrap();
        let (at, bit) = (dice.below(file.len()), dice.below(8));
        file[at] ^= 1 << bit;
        let outcome = judge(part, image, act);
        *tally.entry(outcome).or_insert(0_u64) += 1;
        assert!(
            outcome < Outcome::Panicked,
            "seed {seed}: {outcome:?} with bit {bit} of byte {at} of the {part} flipped"
        );
    }
    tally
}

#[test]
fn a_flipped_bit_in_the_ledger_is_noticed_or_changes_nothing() {
    println!("{:?}", flip_bits(Part::Ledger, use_small));
}

#[test]
fn a_flipped_bit_in_a_ledger_too_large_to_check_is_noticed_when_it_is_read() {
    println!("{:?}", flip_bits(Part::Ledger, read_large));
}

#[test]
fn a_flipped_bit_in_the_cache_is_noticed_or_changes_nothing() {
    println!("{:?}", flip_bits(Part::Cache, use_small));
}

#[test]
fn a_flipped_bit_in_a_cache_too_large_to_check_is_noticed_when_it_is_read() {
    println!("{:?}", flip_bits(Part::Cache, read_large));
}

#[test]
fn a_file_that_was_cut_short_is_noticed() {
    let sound = sound();
    for part in [Part::Ledger, Part::Cache] {
        let whole = sound[&part].len();
        let noticed = if part == Part::Cache {
            Outcome::CacheThrownAway
        } else {
            Outcome::NotOpened
        };
        for len in [
            0,
            1,
            9,
            100,
            320,
            4_095,
            4_096,
            10_000,
            whole / 2,
            whole - 1,
        ] {
            let mut image = sound.clone();
            image.get_mut(&part).unwrap().truncate(len);
            let outcome = judge(part, image, use_small);
            assert_eq!(outcome, noticed, "{part} of {len} bytes");
        }
    }
}

#[test]
fn a_file_that_is_something_else_is_noticed() {
    let sound = sound();
    for other in [
        b"PK\x03\x04 a zip".to_vec(),
        vec![0; 9_000],
        vec![0xff; 70_000],
    ] {
        let mut image = sound.clone();
        image.insert(Part::Ledger, other.clone());
        assert_eq!(judge(Part::Ledger, image, use_small), Outcome::NotOpened);
        let mut image = sound.clone();
        image.insert(Part::Cache, other.clone());
        assert_eq!(
            judge(Part::Cache, image, use_small),
            Outcome::CacheThrownAway
        );
    }
    let mut image = sound;
    image.remove(&Part::Ledger);
    assert_eq!(judge(Part::Ledger, image, use_small), Outcome::NotOpened);
}
