//! Who may open a category that the clinic keeps closed, whatever order it was said in.

use std::collections::BTreeSet;

use cairn::{
    chart::{Category, who::Role},
    members::{Body, Membership, Void},
    seal::SeededEntropy,
};

use super::world::{By, World, carry, compartment, epoch, newcomer, secrets, user};

const HIV: &str = "restricted/hiv";

/// A wrap of the first epoch.
fn wrap(world: &World, after: &'static str, to: &[&str]) -> Body {
    let to: BTreeSet<_> = to.iter().map(|it| carry(it).public()).collect();
    let mut entropy = SeededEntropy::new(9);
    Body::Wrap {
        epoch: world.id(after),
        wrapped: secrets(HIV, 1).wrap(&to, &mut entropy).unwrap(),
        to,
    }
}

#[track_caller]
fn named(membership: &Membership, expected: &[&str]) {
    let expected: BTreeSet<_> = expected.iter().map(|it| carry(it).public()).collect();
    assert_eq!(membership.holders(&compartment(HIV)), expected);
}

/// Anna begins the category and names Dora.
fn begun() -> World {
    let mut world = World::new();
    world.say("begun", By::User("anna"), &[], epoch(HIV, 1, &["anna"]));
    let to_dora = wrap(&world, "begun", &["dora"]);
    world.say(
        "dora named",
        By::Session("anna", "desk"),
        &["begun"],
        to_dora,
    );
    world
}

#[test]
fn who_begins_a_category_may_open_it_and_whom_owners_name() {
    let mut world = begun();
    let membership = world.check(&[]);
    named(&membership, &["anna", "dora"]);
    assert_eq!(
        membership.categories(),
        [Category::new("hiv").unwrap()].into()
    );
    let first = membership.epochs(&compartment(HIV))[0];
    assert!(membership.open_epoch(&first, &carry("dora")).is_some());
    assert!(membership.open_epoch(&first, &carry("badu")).is_none());
    assert!(membership.open_epoch(&first, &carry("recovery")).is_some());
    assert_eq!(
        membership.lacking(&first),
        BTreeSet::new(),
        "badu is not named"
    );

    // Dora holds the key; to name somebody is not hers.
    let by_dora = wrap(&world, "begun", &["badu"]);
    world.say(
        "by dora",
        By::Session("dora", "ward"),
        &["dora named"],
        by_dora,
    );
    let to_nurse = wrap(&world, "begun", &["carl"]);
    world.say(
        "nurse",
        By::Session("anna", "desk"),
        &["dora named"],
        to_nurse,
    );
    let membership = world.check(&[("by dora", Void::Role), ("nurse", Void::Misfit)]);
    named(&membership, &["anna", "dora"]);
}

#[test]
fn a_naming_that_is_taken_back_leaves_what_was_and_opens_nothing_new() {
    let mut world = begun();
    let next = epoch(HIV, 2, &["anna"]);
    world.say("dora out", By::User("badu"), &["dora named"], next);
    let membership = world.check(&[]);
    named(&membership, &["anna"]);
    let [first, second] = membership.epochs(&compartment(HIV))[..] else {
        panic!("two epochs");
    };
    assert!(membership.open_epoch(&first, &carry("dora")).is_some());
    assert!(membership.open_epoch(&second, &carry("dora")).is_none());
    assert!(!membership.current_epoch(&compartment(HIV)).unwrap().exposed);
}

#[test]
fn a_naming_that_a_taking_back_did_not_know_of_is_taken_back_too() {
    let mut world = World::new();
    world.say(
        "begun",
        By::User("anna"),
        &[],
        epoch(HIV, 1, &["anna", "badu"]),
    );
    let to_dora = wrap(&world, "begun", &["dora"]);
    world.say(
        "dora named",
        By::Session("anna", "desk"),
        &["begun"],
        to_dora,
    );
    world.say(
        "badu out",
        By::User("anna"),
        &["begun"],
        epoch(HIV, 2, &["anna"]),
    );
    named(&world.check(&[]), &["anna"]);
}

#[test]
fn two_who_were_taken_out_apart_are_both_out() {
    let mut world = World::new();
    let added = Body::UserAdded(newcomer("eve"), Role::Clinician);
    world.say("eve in", By::User("anna"), &[], added);
    let all = ["anna", "badu", "dora", "eve"];
    world.say("begun", By::User("anna"), &["eve in"], epoch(HIV, 1, &all));
    let no_dora = epoch(HIV, 2, &["anna", "badu", "eve"]);
    world.say("dora out", By::User("anna"), &["begun"], no_dora);
    let no_eve = epoch(HIV, 2, &["anna", "badu", "dora"]);
    world.say("eve out", By::User("badu"), &["begun"], no_eve);
    let membership = world.check(&[]);
    named(&membership, &["anna", "badu"]);
    let current = membership.current_epoch(&compartment(HIV)).unwrap();
    assert!(current.exposed, "each of them has one of the two");
    let third = epoch(HIV, 3, &["anna", "badu"]);
    world.say("third", By::User("anna"), &["dora out", "eve out"], third);
    let membership = world.check(&[]);
    named(&membership, &["anna", "badu"]);
    assert!(!membership.current_epoch(&compartment(HIV)).unwrap().exposed);
}

#[test]
fn a_category_begun_twice_apart_is_for_both_who_began_it() {
    let mut world = World::new();
    world.say("by anna", By::User("anna"), &[], epoch(HIV, 1, &["anna"]));
    world.say("by badu", By::User("badu"), &[], epoch(HIV, 1, &["badu"]));
    let membership = world.check(&[]);
    named(&membership, &["anna", "badu"]);
    let lacking: Vec<_> = membership
        .epochs(&compartment(HIV))
        .iter()
        .map(|it| membership.lacking(it))
        .collect();
    let [anna, badu] = [carry("anna").public(), carry("badu").public()];
    assert_eq!(lacking, [[badu].into(), [anna].into()]);
}

#[test]
fn who_leaves_or_changes_role_is_not_named_any_more() {
    for (said, body) in [
        ("left", Body::UserLeft(user("dora"))),
        ("nurse now", Body::RoleChanged(user("dora"), Role::Nurse)),
    ] {
        let mut world = begun();
        world.say(said, By::User("anna"), &["dora named"], body);
        let membership = world.check(&[]);
        named(&membership, &["anna"]);
        let current = membership.current_epoch(&compartment(HIV)).unwrap();
        assert!(current.exposed, "{said}");
    }
}
