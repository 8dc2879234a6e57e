//! Property: machines that write at random and hear each other at random end with the same
//! chart, whatever came when and how often, and no entry is lost.

use cairn::{
    chart::{Coded, Edit, Kind, Origin, Part, Record},
    doc::{Doc, Stamp},
    ids::RecordId,
    seal::hash,
    time::Timestamp,
};

use crate::{
    flaky_disk::Dice,
    merge::{Machine, records},
    samples::{self, Variant},
};

const MACHINES: u8 = 3;
const STEPS: usize = 24;

/// The seed to begin with: of the environment, or of this run.
#[expect(
    clippy::disallowed_methods,
    reason = "a failed run is repeated from outside"
)]
pub(crate) fn seed() -> u64 {
    let given = std::env::var("CAIRN_SEED").ok();
    let given = given.and_then(|it| it.parse().ok());
    given.unwrap_or_else(|| u64::try_from(cairn::time::now().0).unwrap_or(0))
}

fn kinds(part: Part) -> Vec<Kind> {
    let mut kinds = Kind::ALL.to_vec();
    kinds.retain(|it| samples::part(*it) == part);
    kinds
}

fn alter(record: &mut Record, dice: &mut Dice) {
    let word = format!("word {}", dice.below(100));
    match (dice.below(4), &mut *record) {
        (0, record) => {
            let which = if dice.below(2) == 0 {
                Variant::One
            } else {
                Variant::Two
            };
            let entry = record.entry().clone();
            *record = samples::full(record.kind(), entry.id, entry.origin.clone(), which);
            *record.entry_mut() = entry;
        }
        (1, record) => record.entry_mut().remark.0.push_str(&word),
        (2, Record::Note(it)) => it.sections[0].text.insert_str(0, &word),
        (2, Record::Visit(it)) => it.diagnoses.push(Coded::text(word)),
        (2, Record::Allergy(it)) => it.reactions.rotate_left(1),
        (3, Record::Visit(it)) => it.diagnoses.truncate(1),
        (3, Record::Plan(it)) => {
            it.activities.insert(0, Coded::text(word));
        }
        (_, record) => record.entry_mut().in_error ^= true,
    }
}

fn step(machines: &mut [Machine], added: &mut Vec<(Kind, RecordId)>, dice: &mut Dice) {
    let at = dice.below(machines.len());
    match dice.below(5) {
        0 | 1 => {
            let kinds = kinds(machines[at].doc.part());
            let kind = kinds[dice.below(kinds.len())];
            let origin = if dice.below(2) == 0 {
                Origin::Own
            } else {
                samples::imported()
            };
            let shared = kind == Kind::Person || origin != Origin::Own;
            let number = if shared {
                dice.below(3)
            } else {
                100 + added.len()
            };
            let number = if kind == Kind::Person { 0 } else { number };
            let id = samples::id(number as u64);
            let which = if dice.below(2) == 0 {
                Variant::One
            } else {
                Variant::Two
            };
            machines[at].add(&samples::full(kind, id, origin, which));
            added.push((kind, id));
        }
        2 | 3 => {
            let all: Vec<_> = records(&machines[at].view().view).into_keys().collect();
            if let Some((kind, id)) = all.get(dice.below(all.len().max(1))) {
                let before = machines[at].record(*kind, *id);
                let mut after = before.clone();
                alter(&mut after, dice);
                machines[at].write(&[Edit::change(before, after)]);
            }
        }
        _ => {
            let other = dice.below(machines.len());
            let heard = machines[other].wrote.clone();
            machines[at].doc.apply(&heard);
        }
    }
}

fn run(part: Part, seed: u64) {
    let mut dice = Dice(seed);
    let mut machines: Vec<Machine> =
        (1..=MACHINES).map(|it| Machine::new(part, it)).collect();
    let mut added = Vec::new();
    for _ in 0..STEPS {
        step(&mut machines, &mut added, &mut dice);
    }
    let all: Vec<Vec<u8>> = machines.iter().flat_map(|it| it.wrote.clone()).collect();
    for machine in &mut machines {
        let outcome = machine.doc.apply(&all);
        assert_eq!(outcome.applied.len(), all.len(), "seed {seed}");
    }
    let expected = machines[0].view();
    assert_eq!(expected.problems, [""; 0], "seed {seed}");
    let shown = records(&expected.view);
    for key in &added {
        assert!(shown.contains_key(key), "seed {seed}: {key:?} is gone");
    }
    for machine in &machines {
        assert!(machine.view() == expected, "seed {seed}");
    }
    let mut late = Doc::new(part);
    let mut offers = [all.clone(), all].concat();
    dice.shuffle(&mut offers);
    let mut held: Vec<Vec<u8>> = Vec::new();
    while !offers.is_empty() {
        let count = 1 + dice.below(offers.len());
        held.extend(offers.drain(..count));
        late.apply(&held);
    }
    assert!(late.project(hash) == expected, "seed {seed}");
    let mut loaded = Doc::load(part, &late.save()).unwrap();
    assert!(loaded.project(hash) == expected, "seed {seed}");
    let stamp = Stamp {
        actor: [9; 16],
        at: Timestamp(0),
    };
    assert!(loaded.write(&[], stamp).unwrap().is_none());
}

#[test]
fn any_order_and_any_repetition_give_the_same_chart() {
    let seed = seed();
    println!("CAIRN_SEED={seed}");
    for turn in 0..12 {
        for part in [
            Part::Identity,
            Part::Summary,
            Part::Visits,
            Part::Results,
            Part::Site,
            Part::Consents,
            Part::Inbox,
        ] {
            run(part, seed.wrapping_add(turn));
        }
    }
}
