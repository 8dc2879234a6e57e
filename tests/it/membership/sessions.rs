//! What sessions wrote, and what of it counts; what a session may do now; how much of the
//! clinic a machine has heard of lately.

use std::collections::BTreeSet;

use cairn::{
    chart::who::{Action, Before, Compartment, Denial, Role},
    ids::Hash,
    ledger::{Awaited, ClockQuality, Lane, State, Voided},
    members::{
        Acting, Body, Judgement, Membership, Missing, Reach, Standing, Void, Written,
        authorize,
    },
};

use super::world::{
    By, MORNING, World, device, hash_at, judge, log, meets_with, newcomer, reach,
    rekeyed, user,
};

const DAY_MS: i64 = 24 * 60 * 60 * 1000;

#[test]
fn what_a_member_writes_at_a_machine_of_the_clinic_counts() {
    let world = World::new();
    let membership = world.membership();
    let session = world.certificate(("carl", "carl"), "desk", &[]);
    assert_eq!(judge(&membership, &session, 1), Judgement::Counts);
    for (who, keys, machine) in [
        ("mallory", "mallory", "desk"),
        ("carl", "mallory", "desk"),
        ("carl", "carl", "phone"),
    ] {
        let session = world.certificate((who, keys), machine, &[]);
        let judgement = judge(&membership, &session, 1);
        assert_eq!(
            judgement,
            Judgement::Void(Void::Stranger),
            "{who} {keys} {machine}"
        );
    }
}

#[test]
fn a_session_waits_for_the_statements_that_it_knew() {
    let mut world = World::new();
    let known = world.say(
        "file",
        By::User("carl"),
        &[],
        Body::UserFile {
            user: user("carl"),
            version: 1,
            file: Vec::new(),
        },
    );
    let session = world.certificate(("carl", "carl"), "desk", &["file"]);
    world.said.clear();
    let judgement = judge(&world.membership(), &session, 1);
    assert_eq!(judgement, Judgement::Waiting(Missing::Statement(known)));
    assert_eq!(State::from(judgement), State::Waiting(Awaited::Statement));
}

#[test]
fn what_was_written_before_the_machine_could_know_of_the_leaving_counts() {
    let mut world = World::new();
    let before = world.certificate(("carl", "carl"), "desk", &[]);
    world.say("left", By::User("anna"), &[], Body::UserLeft(user("carl")));
    let after = world.certificate(("carl", "carl"), "desk", &["left"]);
    let membership = world.check(&[]);
    assert_eq!(judge(&membership, &before, 9), Judgement::Counts);
    let removed = Judgement::Void(world.removed_by("left"));
    assert_eq!(judge(&membership, &after, 1), removed);
    assert_eq!(State::from(removed), State::Void(Voided::Session));
}

#[test]
fn a_session_writes_in_the_role_that_was_known_when_it_began() {
    let mut world = World::new();
    let before = world.certificate(("carl", "carl"), "desk", &[]);
    let changed = Body::RoleChanged(user("carl"), Role::FrontDesk);
    world.say("changed", By::User("anna"), &[], changed);
    let after = world.certificate(("carl", "carl"), "desk", &["changed"]);
    let membership = world.check(&[]);
    assert_eq!(membership.role_of(&before), Some(Role::Nurse));
    assert_eq!(membership.role_of(&after), Some(Role::FrontDesk));
    assert_eq!(judge(&membership, &before, 1), Judgement::Counts);
    assert_eq!(judge(&membership, &after, 1), Judgement::Void(Void::Role));
    let queue = Written {
        log: log("desk"),
        lane: Lane::Desk,
        seq: 1,
        reached_by: &|_, _, _| None,
    };
    assert_eq!(membership.judge(&after, &queue), Judgement::Counts);
}

#[test]
fn a_compromised_key_counts_up_to_the_cut_off_of_each_log() {
    let mut world = World::new();
    let at_desk = world.certificate(("carl", "carl"), "desk", &[]);
    let at_ward = world.certificate(("carl", "carl"), "ward", &[]);
    let other = world.certificate(("dora", "dora"), "desk", &[]);
    let body = Body::KeyCompromised(user("carl"), reach(&[("desk", 5)]));
    world.say("stolen", By::User("anna"), &[], body);
    let knowing = world.certificate(("carl", "carl"), "desk", &["stolen"]);
    let membership = world.check(&[]);
    let cut = world.cut_off_by("stolen");
    assert_eq!(judge(&membership, &at_desk, 5), Judgement::Counts);
    assert_eq!(judge(&membership, &at_desk, 6), cut);
    assert_eq!(judge(&membership, &at_ward, 1), cut);
    assert_eq!(
        judge(&membership, &other, 99),
        Judgement::Counts,
        "at the same machine"
    );
    let removed = Judgement::Void(world.removed_by("stolen"));
    assert_eq!(judge(&membership, &knowing, 1), removed);
    assert_eq!(State::from(cut), State::Void(Voided::CutOff));
}

#[test]
fn a_new_key_is_not_cut_off_with_the_old_one() {
    let mut world = World::new();
    let body = Body::KeyCompromised(user("carl"), Reach::new());
    world.say("stolen", By::User("anna"), &[], body);
    let again = Body::UserAdded(rekeyed("carl", "carl 2"), Role::Nurse);
    world.say("again", By::User("badu"), &["stolen"], again);
    let old = world.certificate(("carl", "carl"), "desk", &["again"]);
    let new = world.certificate(("carl", "carl 2"), "desk", &["again"]);
    let membership = world.check(&[]);
    assert_eq!(judge(&membership, &new, 7), Judgement::Counts);
    let removed = Judgement::Void(world.removed_by("stolen"));
    assert_eq!(judge(&membership, &old, 1), removed);
}

#[test]
fn a_revoked_machine_counts_up_to_its_cut_off() {
    let mut world = World::new();
    let at_ward = world.certificate(("carl", "carl"), "ward", &[]);
    let at_desk = world.certificate(("carl", "carl"), "desk", &[]);
    let body = Body::DeviceRevoked(device("ward"), reach(&[("ward", 3)]));
    world.say("lost", By::User("anna"), &[], body);
    let membership = world.check(&[]);
    assert_eq!(judge(&membership, &at_ward, 3), Judgement::Counts);
    assert_eq!(judge(&membership, &at_ward, 4), world.cut_off_by("lost"));
    assert_eq!(judge(&membership, &at_desk, 4), Judgement::Counts);
}

#[test]
fn a_second_branch_below_the_cut_off_does_not_count() {
    let mut world = World::new();
    let at_ward = world.certificate(("carl", "carl"), "ward", &[]);
    let body = Body::DeviceRevoked(device("ward"), reach(&[("ward", 3)]));
    world.say("lost", By::User("anna"), &[], body);
    let membership = world.membership();
    let branch = |chain: &dyn Fn(u64) -> Option<Hash>| {
        let written = Written {
            log: log("ward"),
            lane: Lane::Clinical,
            seq: 2,
            reached_by: &|_, seq, hash| Some(chain(seq)? == hash),
        };
        membership.judge(&at_ward, &written)
    };
    assert_eq!(branch(&|seq| Some(hash_at(seq))), Judgement::Counts);
    assert_eq!(
        branch(&|_| None),
        Judgement::Counts,
        "its end is not held yet"
    );
    assert_eq!(branch(&|_| Some(hash_at(77))), world.cut_off_by("lost"));
}

#[test]
fn an_owner_moves_her_own_cut_off_and_nobody_elses() {
    let mut world = World::new();
    let at_ward = world.certificate(("carl", "carl"), "ward", &[]);
    let revoked = |seq| Body::DeviceRevoked(device("ward"), reach(&[("ward", seq)]));
    world.say("anna 3", By::User("anna"), &[], revoked(3));
    world.say("anna 8", By::User("anna"), &["anna 3"], revoked(8));
    let membership = world.check(&[]);
    assert_eq!(judge(&membership, &at_ward, 8), Judgement::Counts);
    assert_eq!(judge(&membership, &at_ward, 9), world.cut_off_by("anna 8"));
    world.say("badu 20", By::User("badu"), &["anna 8"], revoked(20));
    let membership = world.check(&[]);
    assert_eq!(judge(&membership, &at_ward, 9), world.cut_off_by("anna 8"));
    world.say("badu 5", By::User("badu"), &["badu 20"], revoked(5));
    let membership = world.check(&[]);
    assert_eq!(judge(&membership, &at_ward, 5), Judgement::Counts);
    assert_eq!(judge(&membership, &at_ward, 6), world.cut_off_by("badu 5"));
    world.say("anna apart", By::User("anna"), &["anna 3"], revoked(4));
    let membership = world.check(&[]);
    assert_eq!(
        judge(&membership, &at_ward, 5),
        world.cut_off_by("anna apart")
    );
}

#[test]
fn a_cut_off_by_somebody_who_was_removed_cuts_nothing_off() {
    let mut world = World::new();
    let at_ward = world.certificate(("carl", "carl"), "ward", &[]);
    let revoked = Body::DeviceRevoked(device("ward"), Reach::new());
    world.say("lost", By::User("badu"), &[], revoked);
    world.say("gone", By::User("anna"), &[], Body::UserLeft(user("badu")));
    let membership = world.check(&[("lost", world.removed_by("gone"))]);
    assert_eq!(judge(&membership, &at_ward, 4), Judgement::Counts);
    assert!(membership.device(device("ward")).unwrap().enrolled);
}

#[test]
fn what_a_machine_writes_unattended_is_judged_by_its_endpoint() {
    let mut world = World::new();
    let body = meets_with("endpoint", "ward");
    let endpoint = world.say("endpoint", By::Device("ward"), &[], body);
    let body = Body::DeviceRevoked(device("ward"), reach(&[("ward", 3)]));
    let written = |lane, seq| Written {
        log: log("ward"),
        lane,
        seq,
        reached_by: &|_, _, _| None,
    };
    let judged = |membership: &Membership, lane, seq| {
        membership.judge_unattended(endpoint, &written(lane, seq))
    };
    let membership = world.membership();
    assert_eq!(judged(&membership, Lane::Audit, 1), Judgement::Counts);
    let void = Judgement::Void(Void::Role);
    assert_eq!(judged(&membership, Lane::Clinical, 1), void);
    world.say("lost", By::User("anna"), &["endpoint"], body);
    let membership = world.check(&[]);
    assert_eq!(
        judged(&membership, Lane::Audit, 1),
        world.cut_off_by("lost")
    );
}

#[test]
fn a_running_session_may_do_what_is_known_now_not_when_it_began() {
    let mut world = World::new();
    let session = world.certificate(("carl", "carl"), "desk", &[]);
    let keys = BTreeSet::from([Compartment::Front, Compartment::Clinical]);
    let acting = |membership: &Membership, now| -> Acting {
        membership.acting(&session, now, keys.clone()).unwrap()
    };
    let try_it =
        |acting: &Acting| authorize(Some(acting), Action::WriteNote, Before::Clinic);
    let membership = world.membership();
    assert_eq!(try_it(&acting(&membership, MORNING)), Ok(()));
    let late = MORNING.plus_ms(DAY_MS);
    assert_eq!(try_it(&acting(&membership, late)), Err(Denial::SessionOver));
    let stolen = Body::KeyCompromised(user("carl"), Reach::new());
    world.say("stolen", By::User("anna"), &[], stolen);
    let now = acting(&world.membership(), MORNING);
    assert_eq!(now.standing, Standing::Compromised);
    assert_eq!(try_it(&now), Err(Denial::NotInGoodStanding));
    let again = Body::UserAdded(rekeyed("carl", "carl 2"), Role::Nurse);
    world.say("again", By::User("anna"), &["stolen"], again);
    let now = acting(&world.membership(), MORNING);
    assert_eq!(now.standing, Standing::Compromised, "with the old key");
    let mut world = World::new();
    let lost = Body::DeviceRevoked(device("desk"), Reach::new());
    world.say("lost", By::User("badu"), &[], lost);
    let now = acting(&world.membership(), MORNING);
    assert_eq!(try_it(&now), Err(Denial::SessionOver));
    let stranger = world.certificate(("mallory", "mallory"), "desk", &[]);
    assert_eq!(
        world.membership().acting(&stranger, MORNING, keys.clone()),
        None
    );
}

#[test]
fn a_session_speaks_for_a_member_at_a_machine_of_the_clinic_only() {
    let heads = || Body::Heads(ClockQuality::Alone, reach(&[("desk", 3)]));
    let mut world = World::new();
    world.say("good", By::Session("carl", "desk"), &[], heads());
    world.say("no member", By::Session("mallory", "desk"), &[], heads());
    world.say("no machine", By::Session("carl", "phone"), &[], heads());
    world.say("left", By::User("anna"), &[], Body::UserLeft(user("dora")));
    world.say("apart", By::Session("dora", "desk"), &[], heads());
    let left = world.removed_by("left");
    world.check(&[
        ("no member", Void::Stranger),
        ("no machine", Void::Stranger),
        ("apart", left),
    ]);
}

#[test]
fn a_machine_is_fresh_while_it_has_heard_of_others_or_of_its_own_owner() {
    let heads = |clock| Body::Heads(clock, Reach::new());
    let mut world = World::new();
    world.say(
        "own",
        By::Session("carl", "desk"),
        &[],
        heads(ClockQuality::Agreed),
    );
    let membership = world.membership();
    let soon = MORNING.plus_ms(DAY_MS);
    assert!(!membership.is_fresh(device("desk"), soon), "its own nurse");
    assert!(membership.is_fresh(device("ward"), soon));
    assert!(!membership.is_fresh(device("ward"), soon.plus_ms(30 * DAY_MS)));
    assert!(!membership.is_fresh(device("ward"), soon.plus_ms(-3 * DAY_MS)));
    assert_eq!(membership.not_before(), None, "a nurse's clock is no floor");
    world.say(
        "owner",
        By::Session("anna", "desk"),
        &[],
        heads(ClockQuality::Alone),
    );
    let membership = world.membership();
    assert!(membership.is_fresh(device("desk"), soon));
    assert_eq!(
        membership.not_before(),
        None,
        "compared with no other clock"
    );
    world.say(
        "agreed",
        By::Session("anna", "desk"),
        &[],
        heads(ClockQuality::Agreed),
    );
    let said = world.said["agreed"].at().timestamp();
    assert_eq!(world.check(&[]).not_before(), Some(said));
}

#[test]
fn two_people_erase_and_every_machine_says_when_it_has() {
    let mut world = World::new();
    let chen = Body::UserAdded(newcomer("chen"), Role::Nurse);
    world.say("chen in", By::User("anna"), &[], chen);
    world.say_both("erase", ("anna", "carl"), &["chen in"]);
    world.say_both("by nurses", ("chen", "carl"), &["chen in"]);
    world.say_both("with a stranger", ("anna", "mallory"), &["chen in"]);
    let erase = world.id("erase");
    let receipt = Body::EraseReceipt(erase);
    world.say("done", By::Device("ward"), &["erase"], receipt);
    let void = Body::EraseReceipt(world.id("by nurses"));
    world.say("done too", By::Device("ward"), &["by nurses"], void);
    let membership = world.check(&[
        ("by nurses", Void::Role),
        ("with a stranger", Void::Stranger),
        ("done too", Void::Misfit),
    ]);
    let [erasure] = membership.erasures().try_into().unwrap();
    assert_eq!(erasure.erase, erase);
    assert_eq!(erasure.docs.len(), 2);
    assert_eq!(erasure.done, [device("ward")]);
}
