//! Membership at random: whatever four people say, in whatever order it comes, is judged
//! alike, and by rules that a second, plainer reading of them confirms.

use std::collections::{BTreeMap, BTreeSet};

use cairn::{
    chart::who::Role,
    ids::StatementId,
    members::{Body, Judgement, Membership, Signer, Statement},
    seal::{Entropy as _, SeededEntropy},
};

use super::world::{By, World, newcomer, rekeyed, user};

const PEOPLE: [&str; 4] = ["anna", "badu", "chen", "carl"];
const NAMES: [&str; 14] = [
    "0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12", "13",
];

/// How many clinics are tried. Each is its own seed.
#[expect(
    clippy::disallowed_methods,
    reason = "a long run is asked for from outside"
)]
fn seeds() -> u64 {
    let seeds = std::env::var("CAIRN_SIM_SEEDS");
    seeds.ok().and_then(|it| it.parse().ok()).unwrap_or(40)
}

struct Dice(SeededEntropy);

impl Dice {
    fn throw(&mut self, below: usize) -> usize {
        let mut bytes = [0; 4];
        self.0.fill(&mut bytes);
        usize::try_from(u32::from_be_bytes(bytes)).unwrap() % below
    }
}

/// Says fourteen things at random: each after up to three others, or after none.
fn chatter(dice: &mut Dice) -> World {
    let mut world = World::new();
    world.say("chen", By::Root, &[], Body::OwnerAdded(newcomer("chen")));
    for (said, name) in NAMES.into_iter().enumerate() {
        let mut after: BTreeSet<&'static str> = BTreeSet::from(["chen"]);
        for _ in 0..dice.throw(4) {
            if said > 0 {
                after.insert(NAMES[dice.throw(said)]);
            }
        }
        let by = match dice.throw(9) {
            0 => By::Root,
            1 => By::Rekeyed("anna", "anna 2"),
            it => By::User(PEOPLE[it % 4]),
        };
        let whom = PEOPLE[dice.throw(4)];
        let body = match (dice.throw(6), by) {
            (0..=2, _) => Body::UserLeft(user(whom)),
            (3, By::Root) => Body::OwnerAdded(rekeyed("anna", "anna 2")),
            (3, _) => Body::RoleChanged(user(whom), Role::Nurse),
            (4, _) => Body::UserAdded(newcomer("eve"), Role::Clinician),
            _ => Body::UserAdded(rekeyed("carl", "carl 2"), Role::Nurse),
        };
        let after: Vec<_> = after.into_iter().collect();
        world.say(name, by, &after, body);
    }
    world
}

/// Delivers in another order, some at a time.
fn shuffled(world: &World, dice: &mut Dice) -> Membership {
    let mut left = world.everything();
    let mut membership = Membership::new(left[0].clinic());
    while !left.is_empty() {
        let mut some = Vec::new();
        for _ in 0..=dice.throw(4) {
            if !left.is_empty() {
                some.push(left.swap_remove(dice.throw(left.len())));
            }
        }
        membership.add(some, []).unwrap();
    }
    membership
}

#[test]
fn whatever_is_said_is_judged_alike_in_every_order() {
    let (mut counted, mut void) = (0, 0);
    for seed in 0..seeds() {
        let mut dice = Dice(SeededEntropy::new(seed));
        let world = chatter(&mut dice);
        let whole = world.membership();
        for _ in 0..3 {
            assert!(shuffled(&world, &mut dice) == whole, "seed {seed}");
        }
        let all = world.everything();
        for statement in &all {
            match whole.judgement(statement.id()).unwrap() {
                Judgement::Counts => counted += 1,
                Judgement::Void(_) => void += 1,
                Judgement::Waiting(_) => panic!("seed {seed}: nothing is missing"),
            }
        }
        check_newcomers(&whole, &all, seed);
    }
    println!("{} seeds: {counted} counted, {void} void", seeds());
    assert!(counted > 500 && void > 200);
}

/// Expects that whoever let `eve` in was an owner there by a plainer reading of the rules:
/// every counting removal of the author knew of it, or the author knew of being let in
/// again by the root, after the removal and with this key.
fn check_newcomers(membership: &Membership, all: &[Statement], seed: u64) {
    let past = pasts(all);
    let knew = |later: &Statement, earlier: &Statement| {
        past[&later.id()].contains(&earlier.id())
    };
    let counts =
        |it: &&Statement| membership.judgement(it.id()) == Some(Judgement::Counts);
    for statement in all.iter().filter(counts) {
        let (Body::UserAdded(new, _), Signer::User(author, key)) =
            (statement.body(), statement.signer())
        else {
            continue;
        };
        if new.user != user("eve") {
            continue;
        }
        for removal in all.iter().filter(counts) {
            let lets_in_again = |it: &Statement| {
                let by_root = matches!(
                    it.body(),
                    Body::OwnerAdded(new) if new.user == author && new.key == key
                );
                by_root && knew(it, removal) && knew(statement, it)
            };
            assert!(
                *removal.body() != Body::UserLeft(author)
                    || knew(removal, statement)
                    || all.iter().any(lets_in_again),
                "seed {seed}: {statement:?} stands against {removal:?}"
            );
        }
    }
}

/// What each statement knew, by walking its parents.
fn pasts(all: &[Statement]) -> BTreeMap<StatementId, BTreeSet<StatementId>> {
    let by_id: BTreeMap<_, _> = all.iter().map(|it| (it.id(), it)).collect();
    let past = |statement: &Statement| {
        let mut seen = BTreeSet::new();
        let mut open: Vec<_> = statement.parents().iter().copied().collect();
        while let Some(id) = open.pop() {
            if seen.insert(id) {
                open.extend(by_id[&id].parents());
            }
        }
        seen
    };
    all.iter().map(|it| (it.id(), past(it))).collect()
}
