//! With which keys machines meet others.

use cairn::{
    ids::DeviceId,
    members::{Author, Body, Draft, Error, Membership, Reach, Statement},
    seal::{self, PublicKey, names},
    time::Hlc,
};

use super::world::{By, MORNING, World, device, key, meets_with};

fn endpoint(membership: &Membership, device: DeviceId) -> Option<PublicKey> {
    membership.device(device).unwrap().endpoint
}

/// Two machines that say the same key, with what is said beside; who has it in the end.
fn holder(world: &World) -> &'static str {
    let membership = world.check(&[]);
    let shared = Some(key("shared").public());
    let [desk, ward] = ["desk", "ward"].map(|it| endpoint(&membership, device(it)));
    match (desk == shared, ward == shared) {
        (true, false) => "desk",
        (false, true) => "ward",
        both => panic!("{both:?}"),
    }
}

#[test]
fn a_machine_claims_no_key_but_its_own() {
    let desk = Draft {
        clinic: names::clinic_id(&key("root").public()),
        at: Hlc::from_parts(MORNING, 0),
        parents: World::new().base_heads(),
        body: meets_with("endpoint", "desk"),
    };
    let said = |device: &str| {
        Statement::sign(desk.clone(), Author::device(&key(device))).map(|it| it.id())
    };
    assert!(said("desk").is_ok());
    let why = Error::Seal(seal::Error::Signature);
    assert_eq!(
        said("ward"),
        Err(why),
        "what desk's key said is of desk alone"
    );
}

#[test]
fn of_two_machines_that_hold_one_key_the_first_keeps_it_in_every_order() {
    for first in ["desk", "ward"] {
        let mut world = World::new();
        let second = if first == "desk" { "ward" } else { "desk" };
        world.say("first", By::Device(first), &[], meets_with("shared", first));
        world.say(
            "second",
            By::Device(second),
            &[],
            meets_with("shared", second),
        );
        assert_eq!(holder(&world), first);
    }
}

#[test]
fn who_comes_second_keeps_the_key_that_it_had() {
    let mut world = World::new();
    world.say("own", By::Device("ward"), &[], meets_with("own", "ward"));
    world.say(
        "desk",
        By::Device("desk"),
        &[],
        meets_with("shared", "desk"),
    );
    let shared = meets_with("shared", "ward");
    world.say("ward", By::Device("ward"), &["own", "desk"], shared);
    let membership = world.check(&[]);
    let own = Some(key("own").public());
    assert_eq!(endpoint(&membership, device("ward")), own);
}

#[test]
fn the_key_of_a_machine_that_was_shut_out_or_has_another_is_nobody_elses() {
    let shut_out = Body::DeviceRevoked(device("desk"), Reach::new());
    let mut world = World::new();
    world.say(
        "first",
        By::Device("desk"),
        &[],
        meets_with("shared", "desk"),
    );
    world.say(
        "second",
        By::Device("ward"),
        &[],
        meets_with("shared", "ward"),
    );
    world.say("lost", By::User("anna"), &["first", "second"], shut_out);
    assert_eq!(holder(&world), "desk");
    let mut world = World::new();
    world.say(
        "first",
        By::Device("desk"),
        &[],
        meets_with("shared", "desk"),
    );
    world.say(
        "other",
        By::Device("desk"),
        &["first"],
        meets_with("new", "desk"),
    );
    world.say(
        "second",
        By::Device("ward"),
        &["other"],
        meets_with("shared", "ward"),
    );
    let membership = world.check(&[]);
    let [desk, ward] = ["desk", "ward"].map(|it| endpoint(&membership, device(it)));
    assert_eq!((desk, ward), (Some(key("new").public()), None));
}
