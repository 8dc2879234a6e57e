//! Changes that are validly signed and deadly: bombs, and honest changes with some bytes
//! changed and the checksum put right again. None may end the process, none may leave a
//! document that does not load.

use std::{
    collections::BTreeMap,
    panic,
    sync::atomic::{AtomicU64, Ordering},
    time::{Duration, Instant},
};

use cairn::{
    chart::{Edit, Kind, Origin, Part},
    doc::{Doc, Refusal, Stamp, guard, prescan},
    seal::hash,
    time::Timestamp,
};
use sha2::{Digest as _, Sha256};

use crate::{
    flaky_disk::Dice,
    merge::{Machine, edit},
    merge_any_order::seed,
    samples::{self, Variant},
};

/// Panics that a guarded apply caught.
static CAUGHT: AtomicU64 = AtomicU64::new(0);

/// Mutated changes in a usual run; `CAIRN_POISON` says how many in a long one.
const MUTANTS: u64 = 20_000;

fn count_guarded_panics() {
    let usual = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        if guard::is_guarded() {
            CAUGHT.fetch_add(1, Ordering::Relaxed);
        } else {
            usual(info);
        }
    }));
}

#[expect(clippy::disallowed_methods, reason = "the time is what is measured")]
fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let begun = Instant::now();
    let done = work();
    (done, begun.elapsed())
}

#[expect(
    clippy::disallowed_methods,
    reason = "a long run is asked for from outside"
)]
fn mutants() -> u64 {
    let given = std::env::var("CAIRN_POISON").ok();
    given.and_then(|it| it.parse().ok()).unwrap_or(MUTANTS)
}

fn unsigned(mut number: u64, to: &mut Vec<u8>) {
    loop {
        let low = number.to_le_bytes()[0] & 0x7f;
        number >>= 7;
        if number == 0 {
            return to.push(low);
        }
        to.push(low | 0x80);
    }
}

fn signed(mut number: i64, to: &mut Vec<u8>) {
    loop {
        let low = number.to_le_bytes()[0] & 0x7f;
        number >>= 7;
        let done = (number == 0 && low & 0x40 == 0) || (number == -1 && low & 0x40 != 0);
        to.push(if done { low } else { low | 0x80 });
        if done {
            return;
        }
    }
}

/// A chunk of this type with a checksum that is right.
pub(crate) fn chunk(kind: u8, body: &[u8]) -> Vec<u8> {
    let mut inner = vec![kind];
    unsigned(body.len() as u64, &mut inner);
    inner.extend(body);
    let mut whole = vec![0x85, 0x6f, 0x4a, 0x83];
    whole.extend(&Sha256::digest(&inner)[..4]);
    whole.extend(inner);
    whole
}

pub(crate) fn body(change: &[u8]) -> &[u8] {
    let length = change[9..]
        .iter()
        .position(|byte| byte & 0x80 == 0)
        .unwrap();
    &change[9 + length + 1..]
}

/// A change of a few bytes that claims this many operations.
fn bomb(operations: i64) -> Vec<u8> {
    let run = |value: &[u8]| {
        let mut column = Vec::new();
        signed(operations, &mut column);
        column.extend(value);
        column
    };
    let mut all_false = Vec::new();
    unsigned(operations.unsigned_abs(), &mut all_false);
    let columns = [
        (0x15, run(b"\x01a")),
        (0x34, all_false),
        (0x42, run(b"\x01")),
        (0x56, run(b"\x00")),
        (0x70, run(b"\x00")),
    ];
    let mut head = vec![0, 16];
    head.extend([7; 16]);
    head.extend([1, 1, 0, 0, 0, 5]);
    for (number, column) in &columns {
        unsigned(*number, &mut head);
        unsigned(column.len() as u64, &mut head);
    }
    for (_, column) in &columns {
        head.extend(column);
    }
    chunk(1, &head)
}

#[test]
fn a_bomb_is_refused_before_automerge_sees_it() {
    let too_many = Refusal::TooMany("operations");
    let long_group = {
        let mut bytes = bomb(1);
        let last = bytes.len() - 1;
        bytes.truncate(last);
        unsigned(1 << 40, &mut bytes);
        bytes
    };
    for (name, bytes, expected) in [
        ("a million", bomb(1_000_000), too_many),
        ("ten million", bomb(10_000_000), too_many),
        ("a billion billion", bomb(1_000_000_000_000), too_many),
        ("all", bomb(i64::MAX), too_many),
        ("deflated", chunk(2, &vec![0; 522_000]), Refusal::NotAChange),
        ("a document", chunk(0, &[0; 64]), Refusal::NotAChange),
        ("cut", long_group, Refusal::Malformed),
    ] {
        let (refused, took) = timed(|| prescan(&bytes));
        println!("{name}: {} bytes refused in {took:?}", bytes.len());
        assert_eq!(refused, Err(expected), "{name}");
        let outcome = Doc::new(Part::Visits).apply(&[bytes]);
        assert_eq!(outcome.refused, [(0, expected)], "{name}");
    }
    assert!(prescan(&bomb(3)).is_ok());
}

/// A document, and honest changes that can each be applied to it.
fn honest(part: Part) -> (Doc, Vec<Vec<u8>>) {
    let mut first = Machine::new(part, 1);
    let kinds: Vec<Kind> = Kind::ALL
        .into_iter()
        .filter(|it| samples::part(*it) == part)
        .collect();
    for (number, kind) in (0..).zip(&kinds) {
        let make =
            |id, origin| samples::full(*kind, samples::id(id), origin, Variant::One);
        first.add(&make(number, Origin::Own));
        first.add(&make(number + 50, samples::imported()));
    }
    let mut changes = Vec::new();
    let mut keep = |how: &dyn Fn(&mut Machine)| {
        let mut machine = first.copy(2);
        how(&mut machine);
        changes.append(&mut machine.wrote);
    };
    for (number, kind) in (0_u64..).zip(&kinds) {
        let id = samples::id(number);
        let before = first.record(*kind, id);
        let make =
            |id, origin| samples::full(*kind, samples::id(id), origin, Variant::Two);
        keep(&|it| it.write(&[Edit::change(before.clone(), make(number, Origin::Own))]));
        keep(&|it| it.change(*kind, id, |it| it.entry_mut().remark.0.insert(3, '!')));
        keep(&|it| it.add(&make(number + 60, Origin::Own)));
        keep(&|it| it.add(&make(number + 70, samples::imported())));
        if *kind == Kind::Note {
            let rewrite = edit!(Note, |it| {
                it.sections[0].text.insert_str(4, "in between");
                it.sections.remove(2);
                it.sections.push(it.sections[0].clone());
            });
            keep(&|it| it.change(*kind, id, rewrite));
        }
    }
    (first.doc, changes)
}

fn mutate(bytes: &mut Vec<u8>, dice: &mut Dice) {
    const ODD: [u8; 8] = [0, 1, 0x7f, 0x80, 0xff, 0x7e, 0x41, 2];
    for _ in 0..=dice.below(4) {
        if bytes.is_empty() {
            return;
        }
        // Most of what can go wrong stands behind the head.
        let from = if dice.below(4) == 0 {
            0
        } else {
            bytes.len() / 3
        };
        let at = from + dice.below(bytes.len() - from);
        match dice.below(6) {
            0 => bytes[at] ^= 1 << dice.below(8),
            1 => bytes[at] = dice.roll().to_le_bytes()[0],
            2 => bytes.insert(at, dice.roll().to_le_bytes()[0]),
            3 => {
                bytes.remove(at);
            }
            4 => bytes[at] = ODD[dice.below(8)],
            _ => {
                let other = dice.below(bytes.len());
                bytes.swap(at, other);
            }
        }
    }
}

/// Everything that the program does with a document that took a mutant.
fn use_it(doc: &Doc, part: Part) {
    let mut loaded = Doc::load(part, &doc.save()).unwrap();
    assert_eq!(loaded.heads(), doc.heads());
    assert!(loaded.project(hash) == doc.project(hash));
    loaded.history();
    let stamp = Stamp {
        actor: [9; 16],
        at: Timestamp(1_800_000_000_000),
    };
    let kind = Kind::ALL
        .into_iter()
        .find(|it| samples::part(*it) == part)
        .unwrap();
    let record = samples::full(kind, samples::id(77), Origin::Own, Variant::Two);
    loaded.write(&[Edit::add(record)], stamp).unwrap();
    Doc::load(part, &loaded.save()).unwrap();
}

#[test]
fn a_mutated_change_harms_no_document() {
    let (mutants, seed) = (mutants(), seed());
    println!("CAIRN_SEED={seed}");
    count_guarded_panics();
    let mut dice = Dice(seed);
    let parts = Part::OF_PATIENT;
    let honest: Vec<_> = parts.iter().map(|part| (*part, honest(*part))).collect();
    let mut tally: BTreeMap<String, u64> = BTreeMap::new();
    let mut slowest = Duration::ZERO;
    for _ in 0..mutants {
        let (part, (base, changes)) = &honest[dice.below(honest.len())];
        let mut mutant = body(&changes[dice.below(changes.len())]).to_vec();
        mutate(&mut mutant, &mut dice);
        let mut doc = base.clone();
        let (outcome, took) = timed(|| doc.apply(&[chunk(1, &mutant)]));
        slowest = slowest.max(took);
        let what = match outcome.refused.first() {
            Some((_, refusal)) => refusal.to_string(),
            None if outcome.waiting.is_empty() => "applied".to_owned(),
            None => "waiting".to_owned(),
        };
        if what == "applied" {
            use_it(&doc, *part);
        }
        *tally.entry(what).or_default() += 1;
    }
    let caught = CAUGHT.load(Ordering::Relaxed);
    println!("{mutants} mutants, {caught} panics caught, slowest apply {slowest:?}");
    for (what, count) in &tally {
        println!("{count:8} {what}");
    }
    assert!(tally.get("applied").is_some_and(|it| *it > 0));
}
