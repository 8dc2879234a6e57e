//! Which statements stand when some remove those who made others.

use cairn::{
    chart::who::Role,
    members::{Body, PARENTS_MAX, Reach, Standing, Void},
};

use super::world::{By, World, meets_with, new_device, newcomer, rekeyed, user};

fn left(name: &str) -> Body {
    Body::UserLeft(user(name))
}

fn added(name: &str) -> Body {
    Body::UserAdded(newcomer(name), Role::Clinician)
}

#[test]
fn a_removal_beats_what_the_removed_said_apart_from_it() {
    let mut world = World::new();
    world.say("gone", By::User("anna"), &[], left("badu"));
    world.say("eve in", By::User("badu"), &[], added("eve"));
    world.say(
        "tablet in",
        By::User("badu"),
        &["eve in"],
        Body::DeviceEnrolled(new_device("tablet")),
    );
    let gone = world.removed_by("gone");
    let membership = world.check(&[("eve in", gone), ("tablet in", gone)]);
    assert!(membership.user(user("eve")).is_none());
    assert_eq!(
        membership.user(user("badu")).unwrap().standing,
        Standing::Left
    );
}

#[test]
fn what_the_removal_knew_of_stands() {
    let mut world = World::new();
    world.say("eve in", By::User("badu"), &[], added("eve"));
    world.say("gone", By::User("anna"), &["eve in"], left("badu"));
    world.say(
        "eve file",
        By::User("eve"),
        &["eve in"],
        Body::UserFile {
            user: user("eve"),
            version: 1,
            file: vec![1],
        },
    );
    let membership = world.check(&[]);
    let eve = membership.user(user("eve")).unwrap();
    assert_eq!((eve.role, eve.standing), (Role::Clinician, Standing::Good));
    assert_eq!(eve.file, Some((1, vec![1])));
}

#[test]
fn what_the_removed_says_in_knowledge_of_it_is_void() {
    let mut world = World::new();
    world.say("gone", By::User("anna"), &[], left("badu"));
    world.say("eve in", By::User("badu"), &["gone"], added("eve"));
    world.say("revenge", By::User("badu"), &["gone"], left("anna"));
    let gone = world.removed_by("gone");
    let membership = world.check(&[("eve in", gone), ("revenge", gone)]);
    assert_eq!(
        membership.user(user("anna")).unwrap().standing,
        Standing::Good
    );
}

#[test]
fn a_removal_by_the_removed_is_beaten_too() {
    let mut world = World::new();
    world.say("gone", By::User("anna"), &[], left("badu"));
    world.say("carl out", By::User("badu"), &[], left("carl"));
    let membership = world.check(&[("carl out", world.removed_by("gone"))]);
    assert_eq!(
        membership.user(user("carl")).unwrap().standing,
        Standing::Good
    );
}

#[test]
fn mutual_removals_both_stand_and_the_root_lets_in_again() {
    let mut world = World::new();
    world.say("badu out", By::User("anna"), &[], left("badu"));
    world.say("anna out", By::User("badu"), &[], left("anna"));
    world.say("carl out", By::User("badu"), &[], left("carl"));
    let by_anna = world.removed_by("badu out");
    let membership = world.check(&[("carl out", by_anna)]);
    for name in ["anna", "badu"] {
        let member = membership.user(user(name)).unwrap();
        assert_eq!(member.standing, Standing::Left, "{name}");
    }
    world.say(
        "anna back",
        By::Root,
        &["badu out", "anna out"],
        Body::OwnerAdded(rekeyed("anna", "anna 2")),
    );
    world.say(
        "eve in",
        By::Rekeyed("anna", "anna 2"),
        &["anna back"],
        added("eve"),
    );
    world.say("fred in", By::User("anna"), &["anna back"], added("fred"));
    let by_badu = world.removed_by("anna out");
    let membership = world.check(&[("carl out", by_anna), ("fred in", by_badu)]);
    let anna = membership.user(user("anna")).unwrap();
    assert_eq!((anna.role, anna.standing), (Role::Owner, Standing::Good));
    assert_eq!(anna.keys.iter().filter(|it| it.live).count(), 1);
    assert!(membership.user(user("eve")).is_some());
}

#[test]
fn three_owners_who_remove_each_other_in_a_circle_are_all_removed() {
    let mut world = World::new();
    world.say("chen in", By::Root, &[], Body::OwnerAdded(newcomer("chen")));
    world.say("badu out", By::User("anna"), &["chen in"], left("badu"));
    world.say("chen out", By::User("badu"), &["chen in"], left("chen"));
    world.say("anna out", By::User("chen"), &["chen in"], left("anna"));
    let membership = world.check(&[]);
    for name in ["anna", "badu", "chen"] {
        let member = membership.user(user(name)).unwrap();
        assert_eq!(member.standing, Standing::Left, "{name}");
    }
}

#[test]
fn a_chain_of_removals_is_judged_from_its_start() {
    let mut world = World::new();
    world.say("chen in", By::Root, &[], Body::OwnerAdded(newcomer("chen")));
    world.say("badu out", By::User("anna"), &["chen in"], left("badu"));
    world.say("chen out", By::User("badu"), &["chen in"], left("chen"));
    world.say("carl out", By::User("chen"), &["chen in"], left("carl"));
    let by_anna = world.removed_by("badu out");
    let membership = world.check(&[("chen out", by_anna)]);
    let standing = |name| membership.user(user(name)).unwrap().standing;
    assert_eq!(standing("chen"), Standing::Good);
    assert_eq!(standing("carl"), Standing::Left);
}

#[test]
fn a_circle_does_not_save_a_removal_made_in_knowledge_of_ones_own() {
    let mut world = World::new();
    world.say("chen in", By::Root, &[], Body::OwnerAdded(newcomer("chen")));
    world.say("badu out", By::User("anna"), &["chen in"], left("badu"));
    world.say("chen out", By::User("badu"), &["badu out"], left("chen"));
    world.say("anna out", By::User("chen"), &["chen in"], left("anna"));
    let by_anna = world.removed_by("badu out");
    let membership = world.check(&[("chen out", by_anna)]);
    let standing = |name| membership.user(user(name)).unwrap().standing;
    assert_eq!(standing("chen"), Standing::Good);
    assert_eq!(standing("badu"), Standing::Left);
    assert_eq!(standing("anna"), Standing::Left);
}

#[test]
fn the_root_is_beaten_by_nobody() {
    let mut world = World::new();
    world.say("anna out", By::Root, &[], left("anna"));
    world.say("badu out", By::User("anna"), &[], left("badu"));
    world.say("eve in", By::Root, &[], added("eve"));
    let membership = world.check(&[("badu out", world.removed_by("anna out"))]);
    assert!(membership.user(user("eve")).is_some());
}

#[test]
fn a_key_that_was_removed_is_never_a_key_again() {
    let mut world = World::new();
    world.say("out", By::User("anna"), &[], left("carl"));
    world.say(
        "same key",
        By::User("badu"),
        &["out"],
        Body::UserAdded(newcomer("carl"), Role::Nurse),
    );
    let membership = world.check(&[("same key", Void::Misfit)]);
    assert_eq!(
        membership.user(user("carl")).unwrap().standing,
        Standing::Left
    );
}

#[test]
fn letting_in_again_must_know_of_the_removal() {
    let mut world = World::new();
    world.say("out", By::User("anna"), &[], left("carl"));
    world.say(
        "apart",
        By::User("badu"),
        &[],
        Body::UserAdded(rekeyed("carl", "carl 2"), Role::Nurse),
    );
    let membership = world.check(&[]);
    assert_eq!(
        membership.user(user("carl")).unwrap().standing,
        Standing::Left
    );
    world.say(
        "back",
        By::User("badu"),
        &["out", "apart"],
        Body::UserAdded(rekeyed("carl", "carl 3"), Role::Nurse),
    );
    world.say(
        "old key",
        By::Rekeyed("carl", "carl 2"),
        &["back"],
        file("carl", 2),
    );
    world.say(
        "new key",
        By::Rekeyed("carl", "carl 3"),
        &["back"],
        file("carl", 1),
    );
    let out = world.removed_by("out");
    let membership = world.check(&[("old key", out)]);
    let carl = membership.user(user("carl")).unwrap();
    assert_eq!(carl.standing, Standing::Good);
    assert_eq!(carl.keys.len(), 3);
    assert_eq!(carl.file.as_ref().map(|it| it.0), Some(1));
}

#[test]
fn what_depends_on_a_void_statement_is_void() {
    let mut world = World::new();
    world.say("gone", By::User("anna"), &[], left("badu"));
    world.say("eve in", By::User("badu"), &[], added("eve"));
    world.say("eve file", By::User("eve"), &["eve in"], file("eve", 1));
    world.say(
        "eve nurse",
        By::User("anna"),
        &["eve in"],
        Body::RoleChanged(user("eve"), Role::Nurse),
    );
    let gone = world.removed_by("gone");
    world.check(&[
        ("eve in", gone),
        ("eve file", Void::Stranger),
        ("eve nurse", Void::Misfit),
    ]);
}

#[test]
fn an_owner_who_is_one_no_longer_says_nothing_more_as_one() {
    let mut world = World::new();
    world.say(
        "demoted",
        By::User("anna"),
        &[],
        Body::RoleChanged(user("badu"), Role::Nurse),
    );
    world.say("apart", By::User("badu"), &[], added("eve"));
    world.say("after", By::User("badu"), &["demoted"], added("fred"));
    world.say("own file", By::User("badu"), &["demoted"], file("badu", 2));
    let demoted = world.removed_by("demoted");
    let membership = world.check(&[("apart", demoted), ("after", Void::Role)]);
    let badu = membership.user(user("badu")).unwrap();
    assert_eq!((badu.role, badu.standing), (Role::Nurse, Standing::Good));
    world.say(
        "owner again",
        By::Root,
        &["demoted"],
        Body::OwnerAdded(newcomer("badu")),
    );
    let membership = world.check(&[("apart", demoted), ("after", Void::Role)]);
    assert_eq!(membership.user(user("badu")).unwrap().role, Role::Owner);
}

#[test]
fn an_owner_cannot_give_another_owner_a_key_to_be_one_with() {
    let mut world = World::new();
    let planted = Body::UserAdded(rekeyed("anna", "badu 2"), Role::Nurse);
    world.say("planted", By::User("badu"), &[], planted);
    let again = Body::OwnerAdded(newcomer("anna"));
    world.say("owner again", By::Root, &["planted"], again);
    let (eve, tablet) = (added("eve"), Body::DeviceEnrolled(new_device("tablet")));
    world.say(
        "eve in",
        By::Rekeyed("anna", "badu 2"),
        &["owner again"],
        eve,
    );
    world.say(
        "tablet",
        By::Rekeyed("anna", "badu 2"),
        &["owner again"],
        tablet.clone(),
    );
    world.say("by anna", By::User("anna"), &["owner again"], tablet);
    let membership = world.check(&[("eve in", Void::Role), ("tablet", Void::Role)]);
    assert_eq!(membership.user(user("anna")).unwrap().role, Role::Owner);
}

#[test]
fn two_owners_who_demote_each_other_are_both_demoted() {
    let mut world = World::new();
    world.say(
        "badu down",
        By::User("anna"),
        &[],
        Body::RoleChanged(user("badu"), Role::Nurse),
    );
    world.say(
        "anna down",
        By::User("badu"),
        &[],
        Body::UserAdded(rekeyed("anna", "anna 2"), Role::Clinician),
    );
    let membership = world.check(&[]);
    assert_eq!(membership.user(user("anna")).unwrap().role, Role::Clinician);
    assert_eq!(membership.user(user("badu")).unwrap().role, Role::Nurse);
}

#[test]
fn of_two_roles_given_apart_the_one_with_fewer_rights_holds() {
    let mut world = World::new();
    world.say(
        "up",
        By::User("anna"),
        &[],
        Body::RoleChanged(user("carl"), Role::Clinician),
    );
    world.say(
        "down",
        By::User("badu"),
        &[],
        Body::RoleChanged(user("carl"), Role::FrontDesk),
    );
    let membership = world.check(&[]);
    assert_eq!(membership.user(user("carl")).unwrap().role, Role::FrontDesk);
    world.say(
        "settled",
        By::User("anna"),
        &["up", "down"],
        Body::RoleChanged(user("carl"), Role::Nurse),
    );
    let membership = world.check(&[]);
    assert_eq!(membership.user(user("carl")).unwrap().role, Role::Nurse);
}

#[test]
fn only_owners_and_the_root_say_who_belongs() {
    let mut world = World::new();
    world.say("by a nurse", By::User("carl"), &[], added("eve"));
    world.say("by a stranger", By::User("mallory"), &[], left("anna"));
    world.say("of a stranger", By::User("anna"), &[], left("mallory"));
    world.say(
        "device of a stranger",
        By::Device("phone"),
        &[],
        Body::EraseReceipt(world.base_heads().pop_first().unwrap()),
    );
    world.say(
        "later kind",
        By::User("anna"),
        &[],
        Body::Unknown {
            kind: 200,
            body: vec![7],
        },
    );
    world.say(
        "wrong name",
        By::User("anna"),
        &[],
        Body::UserAdded(rekeyed("eve", "fred"), Role::Nurse),
    );
    let membership = world.check(&[
        ("by a nurse", Void::Role),
        ("by a stranger", Void::Stranger),
        ("of a stranger", Void::Misfit),
        ("device of a stranger", Void::Stranger),
        ("later kind", Void::Unknown),
        ("wrong name", Void::Misfit),
    ]);
    assert!(membership.heads().contains(&world.id("later kind")));
}

#[test]
fn a_revoked_machine_says_nothing_more_and_never_comes_back() {
    let mut world = World::new();
    world.say(
        "lost",
        By::User("anna"),
        &[],
        Body::DeviceRevoked(super::world::device("ward"), Reach::new()),
    );
    world.say("apart", By::Device("ward"), &[], meets_with("e", "ward"));
    world.say(
        "again",
        By::User("badu"),
        &["lost"],
        Body::DeviceEnrolled(new_device("ward")),
    );
    let lost = world.removed_by("lost");
    let membership = world.check(&[("apart", lost), ("again", Void::Misfit)]);
    let ward = membership.device(super::world::device("ward")).unwrap();
    assert!(!ward.enrolled);
    assert_eq!(ward.endpoint, None);
}

#[test]
fn an_owner_need_not_acknowledge_what_a_stolen_key_said() {
    let mut world = World::new();
    let evil = world.say("eve in", By::User("badu"), &[], added("eve"));
    let carl = world.say("carl file", By::User("carl"), &["eve in"], file("carl", 1));
    let membership = world.membership();
    assert_eq!(membership.heads(), [carl].into());
    assert_eq!(membership.heads_without(&[evil].into()), world.base_heads());
    world.say(
        "compromised",
        By::User("anna"),
        &[],
        Body::KeyCompromised(user("badu"), Reach::new()),
    );
    let membership = world.check(&[("eve in", world.removed_by("compromised"))]);
    assert_eq!(
        membership.user(user("badu")).unwrap().standing,
        Standing::Compromised
    );
}

#[test]
fn strangers_who_say_much_silence_nobody() {
    let mut world = World::new();
    let names: Vec<_> = (0..PARENTS_MAX).map(|it| format!("{it}")).collect();
    for name in names {
        world.say(name.leak(), By::User("mallory"), &[], left("anna"));
    }
    world.say("eve in", By::User("anna"), &[], added("eve"));
    world.say("last word", By::User("mallory"), &[], left("anna"));
    let heads = world.membership().heads();
    assert_eq!(heads.len(), PARENTS_MAX);
    assert!(heads.contains(&world.id("eve in")));
    assert!(heads.contains(&world.id("last word")));
}

#[test]
fn a_machine_that_says_much_crowds_out_nobody() {
    let mut world = World::new();
    world.say("eve in", By::User("anna"), &[], added("eve"));
    world.say("fred in", By::User("badu"), &[], added("fred"));
    for n in 0..PARENTS_MAX {
        // Each of them stands, is later than all before it, and knows of nobody new.
        let name = n.to_string().leak();
        world.say(name, By::Device("ward"), &[], meets_with(name, "ward"));
    }
    let heads = world.membership().heads();
    assert_eq!(heads.len(), PARENTS_MAX);
    assert!(
        ["eve in", "fred in"]
            .iter()
            .all(|it| heads.contains(&world.id(it)))
    );
}

#[test]
fn what_waits_for_a_statement_says_for_which() {
    let mut world = World::new();
    let first = world.say("first", By::User("anna"), &[], added("eve"));
    world.say("second", By::User("anna"), &["first"], left("eve"));
    let third = world.say("third", By::User("anna"), &["second"], added("fred"));
    let statement = world.said["first"].clone();
    world.said.remove("first");
    let membership = world.membership();
    let waiting =
        cairn::members::Judgement::Waiting(cairn::members::Missing::Statement(first));
    assert_eq!(membership.judgement(world.id("second")), Some(waiting));
    assert_eq!(membership.judgement(third), Some(waiting));
    assert_eq!(membership.heads(), world.base_heads());
    world.said.insert("first", statement);
    assert_eq!(world.check(&[]).heads(), [third].into());
}

fn file(name: &str, version: u32) -> Body {
    Body::UserFile {
        user: user(name),
        version,
        file: vec![u8::try_from(version).unwrap()],
    }
}
