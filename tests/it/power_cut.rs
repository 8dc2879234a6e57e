//! The power fails after every disk operation, with any part of what was not synced left in
//! any order: what was acknowledged is there, nothing is half there, and the store opens.

use std::{collections::BTreeMap, sync::Arc};

use cairn::{
    ids::{DocId, Hash, LogId},
    ledger::{Lane, Place},
    seal::{Secret, SeededEntropy, hash},
    store::{CacheBatch, Error, MetaWrite, NewEnvelope, Part, Store, Table},
};

use crate::flaky_disk::{Dice, FlakyDisk, Image, Left, Op, PowerCuts};

/// How often the store is written to before the power has failed everywhere.
const SAVES: u64 = 10;
/// A life is cut some 1,500 times: with 20,000 seeds, 120,000 times.
const SEEDS_PER_LIFE: u64 = 250;
const LOG: LogId = LogId::from_bytes([7; 16]);
const DOC: DocId = DocId::from_bytes([9; 16]);
/// Another doc, whose entries lie beside those of `DOC`.
const NEXT_DOC: DocId = DocId::from_bytes([10; 16]);

#[expect(
    clippy::disallowed_methods,
    reason = "a long run is asked for from outside"
)]
pub(crate) fn seeds() -> u64 {
    let seeds = std::env::var("CAIRN_SIM_SEEDS");
    seeds.ok().and_then(|it| it.parse().ok()).unwrap_or(0)
}

fn key() -> Secret {
    Secret::from_bytes(&[3; 32])
}

fn place(lane: Lane, seq: u64) -> Place {
    let log = LOG;
    Place { log, lane, seq }
}

/// The bytes of an envelope; some are longer than a page, some than many.
fn bytes(lane: Lane, seq: u64) -> Vec<u8> {
    let long = [300, 5_000, 700, 40_000, 64];
    let len = long[usize::try_from(seq).unwrap() % long.len()];
    let first = hash(&[lane as u8, u8::try_from(seq).unwrap()]);
    first.as_bytes().iter().copied().cycle().take(len).collect()
}

/// The `n`th save, from 1: an envelope in one lane, every third time one in another, audit
/// entries added and shipped.
fn save(store: &Store, n: u64) -> Result<(), Error> {
    let mut saved = vec![(place(Lane::Clinical, n), bytes(Lane::Clinical, n))];
    if n.is_multiple_of(3) {
        saved.push((place(Lane::Audit, n / 3), bytes(Lane::Audit, n / 3)));
    }
    let envelopes: Vec<NewEnvelope<'_>> = saved
        .iter()
        .map(|(place, bytes)| NewEnvelope {
            place: *place,
            hash: hash(bytes),
            bytes,
        })
        .collect();
    let mut changes = vec![
        MetaWrite::Put {
            name: "saves".to_owned(),
            bytes: n.to_be_bytes().to_vec(),
        },
        MetaWrite::OpenAudit {
            log: LOG,
            n,
            row: vec![5; 90],
        },
    ];
    if n.is_multiple_of(3) {
        let through = n - 1;
        changes.push(MetaWrite::ShippedAudit { log: LOG, through });
    }
    store.append(&envelopes, &changes)
}

fn cache_saved(store: &Store, n: u64) -> Result<(), Error> {
    let mut entropy = SeededEntropy::new(n);
    let mut batch = CacheBatch::new(&mut entropy);
    let text = vec![u8::try_from(n).unwrap(); 3_000];
    batch.put(Table::Projections, DOC.as_bytes(), &key(), &text);
    batch.put(Table::Roster, &n.to_be_bytes(), &key(), b"a row");
    let doc = if n.is_multiple_of(2) { DOC } else { NEXT_DOC };
    batch.applied(place(Lane::Clinical, n), Some(doc));
    store.cache_write(&batch)?;
    if n.is_multiple_of(4) {
        store.checkpoint()?;
    }
    Ok(())
}

/// Fails unless the ledger is as after some number of saves, which is returned.
fn saves_in(store: &Store) -> Result<u64, String> {
    let read = |error: Error| error.to_string();
    let frontier = store.frontier().map_err(read)?;
    let saves = store.meta("saves").map_err(read)?;
    let n = saves.map_or(0, |it| u64::from_be_bytes(it.try_into().unwrap()));
    let mut expected = BTreeMap::new();
    for (lane, end) in [(Lane::Clinical, n), (Lane::Audit, n / 3)] {
        if end > 0 {
            let tip: Hash = hash(&bytes(lane, end));
            expected.insert((LOG, lane), (end, tip));
        }
        for seq in 1..=end {
            let found = store.envelope(place(lane, seq)).map_err(read)?;
            if found != Some(bytes(lane, seq)) {
                return Err(format!("{n} saves: {lane:?} {seq} is not what was kept"));
            }
        }
    }
    if frontier != expected {
        return Err(format!("{n} saves and frontier {frontier:?}"));
    }
    let audit = store.open_audit(LOG).map_err(read)?;
    let numbers: Vec<u64> = audit.into_iter().map(|(n, _)| n).collect();
    let first = if n < 3 { 1 } else { n - n % 3 };
    if numbers != (first..=n).collect::<Vec<u64>>() {
        return Err(format!("{n} saves and open audit {numbers:?}"));
    }
    Ok(n)
}

/// Fails unless the cache is as after some number of writings, at most `saves`.
fn check_cache(store: &Store, saves: u64) -> Result<(), String> {
    let read = |error: Error| error.to_string();
    let applied = store.applied().map_err(read)?;
    let n = applied.get(&(LOG, Lane::Clinical)).copied().unwrap_or(0);
    if n > saves {
        return Err(format!("the cache has {n} of {saves} saves"));
    }
    let row = store.cache_get(Table::Projections, DOC.as_bytes(), &key());
    let row = row.map_err(read)?.map(|it| it.to_vec());
    let expected = (n > 0).then(|| vec![u8::try_from(n).unwrap(); 3_000]);
    let mut rows = 0;
    let count = |_: &[u8], _: &[u8]| rows += 1;
    store
        .cache_scan(Table::Roster, &[], &key(), count)
        .map_err(read)?;
    let of_doc = |doc, odd| {
        let found = store.of_doc(doc).map_err(read)?;
        let seqs: Vec<u64> = found.iter().map(|it| it.place.seq).collect();
        let expected: Vec<u64> = (1..=n).filter(|it| it % 2 == odd).collect();
        Ok::<bool, String>(seqs == expected)
    };
    if row != expected || rows != n || !of_doc(DOC, 0)? || !of_doc(NEXT_DOC, 1)? {
        return Err(format!("the cache of {n} saves is half there"));
    }
    Ok(())
}

/// What a disk went through: its operations, and how many there were when the store was
/// made and when each save was acknowledged.
struct Life {
    ops: Vec<(Part, Op)>,
    made: usize,
    acknowledged: Vec<usize>,
}

fn live() -> Life {
    let disk = FlakyDisk::default();
    let store = Store::create_with(Arc::new(disk.clone())).unwrap();
    let made = disk.ops_len();
    let mut acknowledged = Vec::new();
    for n in 1..=SAVES {
        save(&store, n).unwrap();
        acknowledged.push(disk.ops_len());
        cache_saved(&store, n).unwrap();
        if n == SAVES / 2 {
            store.compact().unwrap();
        }
    }
    drop(store);
    Life {
        ops: disk.ops(),
        made,
        acknowledged,
    }
}

/// Opens what is left on a disk; what must be there is, and one more can be saved.
fn check(disk: FlakyDisk, acknowledged: u64) -> Result<FlakyDisk, String> {
    let opened = Store::open_with(Arc::new(disk.clone()));
    let store = opened.map_err(|error| format!("does not open: {error}"))?;
    if store.opened().cache_lost {
        return Err("the cache was lost".to_owned());
    }
    let saves = saves_in(&store)?;
    if saves < acknowledged || saves > acknowledged + 1 {
        return Err(format!("{acknowledged} acknowledged and {saves} there"));
    }
    check_cache(&store, saves)?;
    save(&store, saves + 1).map_err(|error| error.to_string())?;
    if saves_in(&store)? != saves + 1 {
        return Err("one more was not saved".to_owned());
    }
    Ok(disk)
}

#[test]
fn an_acknowledged_envelope_survives_a_power_cut_at_any_moment() {
    let life = live();
    let (mut images, mut repairs) = (0_u32, 0_u32);
    for seed in 0..(seeds() / SEEDS_PER_LIFE).max(1) {
        let mut dice = Dice(seed);
        let mut cuts = PowerCuts::from(Image::new());
        for (at, (part, op)) in life.ops.iter().enumerate() {
            cuts.step(*part, op.clone());
            if at + 1 < life.made {
                continue;
            }
            let acknowledged = life.acknowledged.iter().filter(|it| **it <= at + 1);
            let acknowledged = acknowledged.count() as u64;
            for left in [Left::Nothing, Left::Everything, Left::Some] {
                let image = cuts.image(left, &mut dice);
                let told =
                    |problem| format!("seed {seed}, cut {at}, {left:?}: {problem}");
                let disk = check(some_disk(image.clone(), &mut dice), acknowledged)
                    .unwrap_or_else(|problem| panic!("{}", told(problem)));
                images += 1;
                let (done, problem) =
                    cut_the_repair(image, &disk, acknowledged, &mut dice);
                repairs += done;
                if let Some(problem) = problem {
                    panic!("{}", told(problem));
                }
            }
        }
    }
    println!("{images} power cuts, {repairs} more while opening after one");
    assert!(images > 500, "only {images} cuts");
}

/// A disk whose files are checked whole when they are opened, or are too large for that.
fn some_disk(image: Image, dice: &mut Dice) -> FlakyDisk {
    if dice.below(2) == 0 {
        FlakyDisk::with(image)
    } else {
        FlakyDisk::large(image)
    }
}

/// Cuts the power once more while the store is opened after the first cut, anywhere in what
/// that and the next save wrote.
fn cut_the_repair(
    image: Image,
    opening: &FlakyDisk,
    acknowledged: u64,
    dice: &mut Dice,
) -> (u32, Option<String>) {
    let ops = opening.ops();
    let stop = dice.below(ops.len().max(1));
    let mut cuts = PowerCuts::from(image);
    for (part, op) in ops.into_iter().take(stop) {
        cuts.step(part, op);
    }
    let disk = some_disk(cuts.image(Left::Some, dice), dice);
    let opened = Store::open_with(Arc::new(disk));
    let store = match opened {
        Ok(store) => store,
        Err(error) => return (1, Some(format!("repair cut at {stop}: {error}"))),
    };
    match saves_in(&store) {
        Ok(saves) if saves >= acknowledged => (1, None),
        Ok(saves) => (1, Some(format!("repair cut at {stop}: {saves} left"))),
        Err(problem) => (1, Some(format!("repair cut at {stop}: {problem}"))),
    }
}

#[test]
fn a_power_cut_while_the_store_is_made_is_an_error_and_no_panic() {
    let life = live();
    let mut dice = Dice(1);
    let mut cuts = PowerCuts::from(Image::new());
    for (at, (part, op)) in life.ops.iter().take(life.made).enumerate() {
        cuts.step(*part, op.clone());
        for left in [Left::Nothing, Left::Everything, Left::Some] {
            let disk = FlakyDisk::with(cuts.image(left, &mut dice));
            if let Ok(store) = Store::open_with(Arc::new(disk)) {
                assert_eq!(saves_in(&store), Ok(0), "cut {at}, {left:?}");
            }
        }
    }
}

#[test]
fn a_disk_that_refuses_for_a_while_loses_nothing_and_takes_more_later() {
    let whole = live();
    for refused in whole.made..whole.ops.len() {
        let disk = FlakyDisk::default();
        let store = Store::create_with(Arc::new(disk.clone())).unwrap();
        disk.refuse_after(Some(refused - whole.made));
        let mut acknowledged = 0;
        for n in 1..=SAVES {
            if save(&store, n).is_err() {
                break;
            }
            acknowledged = n;
            let _later = cache_saved(&store, n);
        }
        disk.refuse_after(None);
        let saves = saves_in(&store).unwrap();
        assert!(
            (acknowledged..=acknowledged + 1).contains(&saves),
            "refused {refused}: {acknowledged} acknowledged and {saves} there"
        );
        for n in saves + 1..=SAVES {
            save(&store, n).unwrap();
        }
        check_cache(&store, SAVES).unwrap();
        drop(store);
        let again = Store::open_with(Arc::new(disk)).unwrap();
        assert_eq!(saves_in(&again), Ok(SAVES), "refused {refused}");
    }
}
