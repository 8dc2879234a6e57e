//! Every order of delivery: whatever four principals say in up to six statements, in several
//! shapes of who knew of what, comes to the same however it arrives. Mutual removals,
//! cut-offs, new keys for who was removed, roles, epochs begun apart, a session's heads.

use cairn::{
    chart::who::Role,
    ledger::ClockQuality,
    members::{Body, Judgement},
};

use super::world::{By, World, device, epoch, newcomer, reach, rekeyed, user};

/// Something that may be said, by name.
type Phrase = (&'static str, By, fn() -> Body);

const PHRASES: [Phrase; 17] = [
    ("anna removes badu", By::User("anna"), || {
        Body::UserLeft(user("badu"))
    }),
    ("badu removes anna", By::User("badu"), || {
        Body::UserLeft(user("anna"))
    }),
    ("anna gives badu's key up", By::User("anna"), || {
        Body::KeyCompromised(user("badu"), reach(&[("desk", 3), ("ward", 5)]))
    }),
    ("badu gives carl's key up", By::User("badu"), || {
        Body::KeyCompromised(user("carl"), reach(&[("ward", 2)]))
    }),
    ("anna shuts ward out", By::User("anna"), || {
        Body::DeviceRevoked(device("ward"), reach(&[("ward", 4)]))
    }),
    ("badu shuts desk out", By::User("badu"), || {
        Body::DeviceRevoked(device("desk"), reach(&[("desk", 4)]))
    }),
    ("badu lets eve in", By::User("badu"), || {
        Body::UserAdded(newcomer("eve"), Role::Clinician)
    }),
    ("anna lets carl in again", By::User("anna"), || {
        Body::UserAdded(rekeyed("carl", "carl 2"), Role::Nurse)
    }),
    ("root lets anna in again", By::Root, || {
        Body::OwnerAdded(rekeyed("anna", "anna 2"))
    }),
    ("root lets badu in again", By::Root, || {
        Body::OwnerAdded(rekeyed("badu", "badu 2"))
    }),
    (
        "badu's new key removes anna",
        By::Rekeyed("badu", "badu 2"),
        || Body::UserLeft(user("anna")),
    ),
    ("anna begins an epoch", By::User("anna"), || {
        epoch("front", 2, &["anna", "carl", "dora"])
    }),
    ("badu begins an epoch", By::User("badu"), || {
        epoch("front", 2, &["badu", "carl", "dora"])
    }),
    (
        "carl's session knows heads",
        By::Session("carl", "ward"),
        || Body::Heads(ClockQuality::Alone, reach(&[("ward", 9)])),
    ),
    ("anna makes badu a nurse", By::User("anna"), || {
        Body::RoleChanged(user("badu"), Role::Nurse)
    }),
    ("badu makes carl an auditor", By::User("badu"), || {
        Body::RoleChanged(user("carl"), Role::Auditor)
    }),
    ("carl locks his keys anew", By::User("carl"), || {
        Body::UserFile {
            user: user("carl"),
            version: 2,
            file: b"locked".to_vec(),
        }
    }),
];

/// Who knew of what.
#[derive(Debug, Clone, Copy)]
enum Shape {
    /// Nobody of anything.
    Apart,
    /// Each of all before it.
    Chain,
    /// Each of what the same said before.
    Alone,
    /// Each of what the same said before, and the last of everything that was said first.
    Joined,
}

const SHAPES: [Shape; 4] = [Shape::Apart, Shape::Chain, Shape::Alone, Shape::Joined];

fn world(phrases: &[Phrase], shape: Shape) -> World {
    let mut world = World::new();
    for (place, (name, by, body)) in phrases.iter().enumerate() {
        let before = &phrases[..place];
        let mut own = before.iter().rev();
        let own = own.find(|it| format!("{:?}", it.1) == format!("{by:?}"));
        let last = place + 1 == phrases.len();
        let after: Vec<&'static str> = match shape {
            Shape::Apart => Vec::new(),
            Shape::Chain => before.last().map(|it| it.0).into_iter().collect(),
            Shape::Joined if last => before.iter().map(|it| it.0).collect(),
            Shape::Alone | Shape::Joined => own.map(|it| it.0).into_iter().collect(),
        };
        world.say(name, *by, &after, body());
    }
    world
}

/// Of how many worlds of three statements one is tried, and in how many shapes those of six:
/// all, where a long run is asked for from outside.
#[expect(
    clippy::disallowed_methods,
    reason = "a long run is asked for from outside"
)]
fn share() -> (usize, usize) {
    let long = std::env::var("CAIRN_SIM_SEEDS").is_ok();
    if long { (1, SHAPES.len()) } else { (9, 1) }
}

/// How many worlds, orders of delivery, and statements that count and that do not.
#[derive(Debug, Default)]
struct Tally {
    asked: usize,
    worlds: usize,
    orders: usize,
    counted: usize,
    void: usize,
}

impl Tally {
    fn deliver(&mut self, phrases: &[Phrase], shape: Shape) {
        let world = world(phrases, shape);
        let membership = world.deliver();
        self.worlds += 1;
        self.orders += (1..=phrases.len()).product::<usize>();
        for statement in world.said.values() {
            match membership.judgement(statement.id()).unwrap() {
                Judgement::Counts => self.counted += 1,
                Judgement::Void(_) => self.void += 1,
                Judgement::Waiting(_) => panic!("nothing is missing: {shape:?}"),
            }
        }
    }
}

#[test]
fn any_three_things_come_to_the_same_in_every_order() {
    let mut tally = Tally::default();
    let (one_of, _) = share();
    let mut deliver = |phrases: &[Phrase], shape: Shape| {
        tally.asked += 1;
        if tally.asked.is_multiple_of(one_of) {
            tally.deliver(phrases, shape);
        }
    };
    for (at, a) in PHRASES.iter().enumerate() {
        let after_a = &PHRASES[at + 1..];
        for (at, b) in after_a.iter().enumerate() {
            for shape in SHAPES {
                deliver(&[*a, *b], shape);
                deliver(&[*b, *a], shape);
            }
            for c in &after_a[at + 1..] {
                for shape in SHAPES {
                    deliver(&[*a, *b, *c], shape);
                }
                deliver(&[*c, *b, *a], Shape::Chain);
                deliver(&[*b, *c, *a], Shape::Joined);
            }
        }
    }
    println!("{tally:?}");
    assert!(tally.counted > 500 && tally.void > 100);
}

/// Six at a time, chosen so that every rule meets every other.
const SIXES: [[usize; 6]; 9] = [
    // Owners who remove each other, are let in again, and one goes on with the new key.
    [0, 1, 8, 9, 10, 6],
    // A key given up and a machine shut out, while both owners begin epochs.
    [2, 4, 11, 12, 13, 3],
    // Both machines shut out, both owners removed.
    [0, 1, 4, 5, 13, 7],
    // A removed owner's newcomer and epoch.
    [2, 6, 12, 9, 10, 11],
    // Given up and let in again, by owners who remove each other.
    [3, 7, 0, 1, 8, 13],
    // Everything of one owner against everything of the other.
    [0, 4, 11, 1, 5, 12],
    // The same person removed in two ways, and let in again twice.
    [0, 2, 9, 10, 1, 8],
    // An owner who is made a nurse while she removes, and is let in again.
    [14, 1, 5, 9, 10, 13],
    // Roles and keys of whom one owner lets in again and the other gives up.
    [14, 15, 16, 3, 7, 8],
];

#[test]
fn six_things_come_to_the_same_in_all_720_orders() {
    let mut tally = Tally::default();
    let (_, shapes) = share();
    for six in SIXES {
        let phrases = six.map(|it| PHRASES[it]);
        for shape in SHAPES.into_iter().rev().take(shapes) {
            tally.deliver(&phrases, shape);
        }
    }
    println!("{tally:?}");
    assert_eq!(tally.orders, SIXES.len() * shapes * 720);
    assert!(tally.counted > 15 && tally.void > 10);
}
