//! Which key each compartment has, who has it, and who gets it out of its wrapping.

use std::collections::BTreeSet;

use cairn::{
    chart::who::{Compartment, Role},
    members::{Body, Current, EpochSecrets, Membership, Reach, Void},
    seal::SeededEntropy,
};

use super::world::{
    By, World, carry, compartment, device, epoch, named, newcomer, rekeyed, secrets, user,
};

fn current<'a>(membership: &'a Membership, name: &str) -> Current<'a> {
    membership.current_epoch(&compartment(name)).unwrap()
}

fn wrap(world: &World, name: &str, to: &[&str]) -> Body {
    let to: BTreeSet<_> = to.iter().map(|it| carry(it).public()).collect();
    let membership = world.membership();
    let first = membership.epochs(&compartment(name))[0].statement;
    Body::Wrap {
        epoch: first,
        wrapped: secrets(name, 1)
            .wrap(&to, &mut SeededEntropy::new(9))
            .unwrap(),
        to,
    }
}

fn opens(membership: &Membership, name: &str, who: &str) -> bool {
    let epoch = membership.epochs(&compartment(name))[0];
    let opened = membership.open_epoch(&epoch, &carry(who));
    let expected = secrets(name, 1);
    opened.is_some_and(|it: EpochSecrets| {
        let naming = |it: &EpochSecrets| it.naming.as_ref().map(|it| *it.as_bytes());
        it.key.as_bytes() == expected.key.as_bytes() && naming(&it) == naming(&expected)
    })
}

#[test]
fn a_member_opens_the_epochs_of_the_role_and_the_paper_opens_all() {
    let membership = World::new().membership();
    for (name, who, expected) in [
        ("front", "carl", true),
        ("clinical", "carl", true),
        ("audit", "carl", false),
        ("audit", "anna", true),
        ("front", "mallory", false),
        ("audit", "recovery", true),
        ("clinical", "recovery", true),
    ] {
        assert_eq!(opens(&membership, name, who), expected, "{name} {who}");
    }
}

#[test]
fn after_a_leaving_the_epoch_is_exposed_until_an_owner_begins_another() {
    let mut world = World::new();
    let first = current(&world.membership(), "clinical").epoch.statement;
    assert!(!current(&world.membership(), "clinical").exposed);
    world.say("left", By::User("badu"), &[], Body::UserLeft(user("carl")));
    let membership = world.check(&[]);
    let exposed = current(&membership, "clinical");
    assert_eq!((exposed.epoch.statement, exposed.exposed), (first, true));
    assert!(
        !current(&membership, "audit").exposed,
        "he never had its key"
    );
    let next = epoch("clinical", 2, &["anna", "badu", "dora"]);
    let next = world.say("next", By::User("anna"), &["left"], next);
    let membership = world.check(&[]);
    let now = current(&membership, "clinical");
    assert_eq!((now.epoch.statement, now.exposed), (next, false));
    assert_eq!(membership.epoch(now.epoch.id()).unwrap().statement, next);
}

#[test]
fn a_change_of_role_exposes_what_the_new_role_may_not_hold() {
    let mut world = World::new();
    let changed = Body::RoleChanged(user("carl"), Role::FrontDesk);
    world.say("changed", By::User("badu"), &[], changed);
    let membership = world.check(&[]);
    assert!(current(&membership, "clinical").exposed);
    assert!(!current(&membership, "front").exposed);
}

#[test]
fn a_new_key_pair_is_no_receiver_of_what_the_old_one_got() {
    let mut world = World::new();
    let stolen = Body::KeyCompromised(user("carl"), Reach::new());
    world.say("stolen", By::User("anna"), &[], stolen);
    let again = Body::UserAdded(rekeyed("carl", "carl 2"), Role::Nurse);
    world.say("again", By::User("anna"), &["stolen"], again);
    let membership = world.check(&[]);
    let front = current(&membership, "front");
    assert!(front.exposed);
    let lacking = membership.lacking(&front.epoch);
    assert_eq!(lacking, [carry("carl 2").public()].into());
}

#[test]
fn epochs_begun_apart_are_both_kept_and_one_is_written_in() {
    let mut world = World::new();
    let everybody = ["anna", "badu", "carl", "dora"];
    let by_anna = epoch("clinical", 2, &everybody);
    world.say("by anna", By::User("anna"), &[], by_anna);
    let by_badu = epoch("clinical", 2, &everybody[..3]);
    let by_badu = world.say("by badu", By::User("badu"), &[], by_badu);
    let membership = world.check(&[]);
    assert_eq!(membership.epochs(&compartment("clinical")).len(), 3);
    assert_eq!(
        current(&membership, "clinical").epoch.statement,
        by_badu,
        "the later"
    );
    let left = Body::UserLeft(user("badu"));
    let left = world.say("badu out", By::User("anna"), &["by anna"], left);
    let membership = world.check(&[("by badu", Void::Removed { by: left })]);
    let void = membership.epochs(&compartment("clinical"))[2];
    assert_eq!((void.statement, void.stands), (by_badu, false));
    let last = current(&membership, "clinical");
    assert_eq!(last.epoch.statement, world.id("by anna"));
    assert!(last.exposed, "badu holds it");
}

#[test]
fn an_epoch_out_of_turn_is_void() {
    let mut world = World::new();
    let to = ["anna"];
    world.say("again 1", By::User("anna"), &[], epoch("clinical", 1, &to));
    world.say("leap", By::User("anna"), &[], epoch("clinical", 3, &to));
    world.say(
        "new part",
        By::User("anna"),
        &[],
        epoch("restricted/hiv", 1, &to),
    );
    world.say(
        "by dora",
        By::User("dora"),
        &[],
        epoch("restricted/tb", 1, &to),
    );
    world.check(&[
        ("again 1", Void::Misfit),
        ("leap", Void::Misfit),
        ("by dora", Void::Role),
    ]);
}

#[test]
fn documents_are_named_by_the_first_epoch_for_ever() {
    let mut world = World::new();
    let everybody = ["anna", "badu", "carl", "dora"];
    world.say("2", By::User("anna"), &[], epoch("front", 2, &everybody));
    let membership = world.membership();
    let naming = membership.naming_epoch(&compartment("front")).unwrap();
    assert_eq!(naming.key.number, 1);
    let opened = membership.open_epoch(&naming, &carry("carl")).unwrap();
    assert!(opened.naming.is_some());
    let second = current(&membership, "front").epoch;
    let opened = membership.open_epoch(&second, &carry("carl")).unwrap();
    assert!(opened.naming.is_none());
    assert!(secrets("audit", 1).naming.is_none());
}

#[test]
fn anybody_who_holds_a_key_wraps_it_to_a_newcomer() {
    let mut world = World::new();
    let added = Body::UserAdded(newcomer("eve"), Role::Clinician);
    world.say("eve in", By::User("anna"), &[], added);
    let membership = world.membership();
    let front = current(&membership, "front");
    assert_eq!(
        membership.lacking(&front.epoch),
        [carry("eve").public()].into()
    );
    assert!(!opens(&membership, "front", "eve"));
    let body = wrap(&world, "front", &["eve"]);
    world.say("wrapped", By::Session("carl", "desk"), &["eve in"], body);
    let membership = world.check(&[]);
    assert!(opens(&membership, "front", "eve"));
    let front = current(&membership, "front");
    assert_eq!(membership.lacking(&front.epoch), BTreeSet::new());
    assert!(!front.exposed);
    world.say(
        "left",
        By::User("anna"),
        &["eve in"],
        Body::UserLeft(user("eve")),
    );
    assert!(
        current(&world.check(&[]), "front").exposed,
        "eve has it by a wrap"
    );
}

#[test]
fn keys_are_wrapped_by_and_to_those_who_may_hold_them() {
    let mut world = World::new();
    let added = Body::UserAdded(newcomer("fay"), Role::FrontDesk);
    world.say("fay in", By::User("anna"), &[], added);
    let to_fay = wrap(&world, "clinical", &["fay"]);
    world.say("to fay", By::Session("carl", "desk"), &["fay in"], to_fay);
    let by_fay = wrap(&world, "clinical", &["dora"]);
    world.say("by fay", By::Session("fay", "desk"), &["fay in"], by_fay);
    let to_stranger = wrap(&world, "clinical", &["mallory"]);
    world.say(
        "to mallory",
        By::Session("carl", "desk"),
        &["fay in"],
        to_stranger,
    );
    let of_nothing = Body::Wrap {
        epoch: world.id("fay in"),
        to: BTreeSet::new(),
        wrapped: Vec::new(),
    };
    world.say(
        "of nothing",
        By::Session("carl", "desk"),
        &["fay in"],
        of_nothing,
    );
    let membership = world.check(&[
        ("to fay", Void::Misfit),
        ("by fay", Void::Role),
        ("to mallory", Void::Misfit),
        ("of nothing", Void::Misfit),
    ]);
    assert!(!current(&membership, "clinical").exposed);
    let holders = membership.holders(&named(Compartment::Audit));
    assert_eq!(
        holders,
        [carry("anna").public(), carry("badu").public()].into()
    );
}

#[test]
fn a_wrap_of_another_key_does_not_open_the_epoch() {
    let mut world = World::new();
    let added = Body::UserAdded(newcomer("eve"), Role::Clinician);
    world.say("eve in", By::User("anna"), &[], added);
    let mut body = wrap(&world, "front", &["eve"]);
    if let Body::Wrap { wrapped, to, .. } = &mut body {
        *wrapped = secrets("clinical", 1)
            .wrap(to, &mut SeededEntropy::new(9))
            .unwrap();
    }
    world.say("wrong", By::Session("carl", "desk"), &["eve in"], body);
    let membership = world.membership();
    let front = current(&membership, "front").epoch;
    assert!(membership.open_epoch(&front, &carry("eve")).is_none());
    let right = wrap(&world, "front", &["eve"]);
    world.say("right", By::Session("dora", "desk"), &["eve in"], right);
    assert!(opens(&world.check(&[]), "front", "eve"));
}

#[test]
fn names_and_files_and_endpoints_are_those_said_last() {
    use cairn::members::{Named, SealedName};
    let mut world = World::new();
    let name = |text: &str| SealedName::from_slice(text.as_bytes()).unwrap();
    for (id, what, text) in [
        ("user", Named::User(user("carl")), "Carl O."),
        ("device", Named::Device(device("desk")), "Front desk"),
        ("clinic", Named::Clinic, "Kibera clinic"),
    ] {
        world.say(id, By::User("anna"), &[], Body::Renamed(what, name(text)));
    }
    let nobody = Named::User(user("mallory"));
    world.say(
        "nobody",
        By::User("anna"),
        &[],
        Body::Renamed(nobody, name("M")),
    );
    let membership = world.check(&[("nobody", Void::Misfit)]);
    assert_eq!(membership.user(user("carl")).unwrap().name, name("Carl O."));
    assert_eq!(
        membership.device(device("desk")).unwrap().name,
        name("Front desk")
    );
    assert_eq!(membership.clinic_name(), Some(&name("Kibera clinic")));
    assert_eq!(membership.recovery(), Some(carry("recovery").public()));
    assert_eq!(membership.users().len(), 4);
    assert_eq!(membership.devices().len(), 2);
}
