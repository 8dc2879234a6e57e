//! Many machines of one clinic, simulated: the real clinic, exchange and store on each, over
//! links that break, repeat and corrupt, with wrong clocks, deaths, old and copied disks, and
//! machines and people that are removed. When all have met, all hold and say the same, and
//! nothing that was acknowledged is lost.
//!
//! `CAIRN_SIM_SEEDS=20000 cargo test --release sync_sim` runs many seeds, every twentieth of
//! them long; `CAIRN_SEED=7` runs one again. The dice fall alike, but wrapping keys draws from
//! the system, so the hashes of statements differ, and with them who comes first among
//! equals. An everyday run leaves the disks alone.

mod base;
mod clock;
mod judge;
mod machine;
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
const SEEDS: u64 = 12;
/// Events of a world, and of every twentieth.
const EVENTS: usize = 60;
const EVENTS_LONG: usize = 300;

#[expect(
    clippy::disallowed_methods,
    reason = "asked for by whoever runs the test"
)]
fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

fn live(seed: u64, calm: bool) -> Tally {
    let mut world = World::begin(seed, calm);
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
fn machines_that_met_hold_and_say_the_same_and_lost_nothing() {
    let begun = now();
    let (first, end) = match number("CAIRN_SEED") {
        Some(seed) => (seed, seed + 1),
        None => (1, 1 + number("CAIRN_SIM_SEEDS").unwrap_or(SEEDS)),
    };
    let calm = number("CAIRN_SEED").or(number("CAIRN_SIM_SEEDS")).is_none();
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
                    let lived = catch_unwind(AssertUnwindSafe(|| live(seed, calm)));
                    let mut sum = sum.lock().unwrap();
                    match lived {
                        Ok(tally) => sum.0.add(&tally),
                        Err(_) => sum.1.push(seed),
                    }
                }
            });
        }
    });
    let (tally, failed) = sum.into_inner().unwrap();
    println!(
        "{} seeds in {:.1} s: {tally:?}",
        end - first,
        begun.elapsed().as_secs_f64()
    );
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
