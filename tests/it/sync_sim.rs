//! Many machines of one clinic, simulated: the real clinic, exchange and store on each, over
//! links that break, repeat and corrupt, with wrong clocks, deaths, old and copied disks, and
//! machines and people that are removed. When all have met, all hold and say the same, and
//! nothing that was acknowledged is lost.
//!
//! `CAIRN_SIM_SEEDS=20000 cargo test --release sync_sim` runs many seeds, every twentieth of
//! them long; `CAIRN_SEED=7` runs one again, the same to the last byte, and with
//! `CAIRN_SIM_SEEDS=100` those from it on.

mod base;
mod carriers;
mod clock;
mod judge;
mod judge_outside;
mod machine;
mod outside;
mod people;
mod raw;
mod work;
mod world;

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Mutex,
        atomic::{AtomicU64, Ordering},
    },
    thread,
    time::Instant,
};

use self::world::{Tally, World};

/// Seeds of an everyday run.
const SEEDS: u64 = 20;
/// Events of a world, and of every twentieth.
const EVENTS: usize = 60;
const EVENTS_LONG: usize = 300;
/// Seeds after which a long run says how far it is.
const TOLD_EVERY: usize = 500;

#[expect(
    clippy::disallowed_methods,
    reason = "asked for by whoever runs the test"
)]
fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

fn told(begun: Instant, tally: &Tally) {
    println!("{:.1} s: {tally:?}", begun.elapsed().as_secs_f64());
}

fn live(seed: u64) -> Tally {
    let mut world = World::begin(seed);
    let events = if seed.is_multiple_of(20) {
        EVENTS_LONG
    } else {
        EVENTS
    };
    for _ in 0..events {
        world.event();
    }
    world.judge(seed)
}

#[expect(clippy::disallowed_methods, reason = "the run tells how long it took")]
fn now() -> Instant {
    Instant::now()
}

#[test]
fn a_seed_gives_the_same_world_again() {
    for seed in [3, 4] {
        assert_eq!(live(seed), live(seed), "seed {seed}");
    }
}

#[test]
fn machines_that_met_hold_and_say_the_same_and_lost_nothing() {
    let begun = now();
    let (first, few) = match number("CAIRN_SEED") {
        Some(seed) => (seed, 1),
        None => (1, SEEDS),
    };
    let end = first + number("CAIRN_SIM_SEEDS").unwrap_or(few);
    base::base();
    let next = AtomicU64::new(first);
    let sum = Mutex::new((Tally::default(), Vec::new()));
    thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                loop {
                    let seed = next.fetch_add(1, Ordering::SeqCst);
                    if seed >= end {
                        return;
                    }
                    let lived = catch_unwind(AssertUnwindSafe(|| live(seed)));
                    let mut sum = sum.lock().unwrap();
                    if let Ok(tally) = lived {
                        sum.0.add(&tally);
                        if sum.0.seeds.is_multiple_of(TOLD_EVERY) {
                            told(begun, &sum.0);
                        }
                    } else {
                        println!("seed {seed} failed");
                        sum.1.push(seed);
                    }
                }
            });
        }
    });
    let (tally, failed) = sum.into_inner().unwrap();
    told(begun, &tally);
    assert_eq!(
        failed,
        Vec::<u64>::new(),
        "seeds; replay one with CAIRN_SEED"
    );
    assert!(
        tally.saves > 0 && tally.taken > 0,
        "nothing happened: {tally:?}"
    );
}
