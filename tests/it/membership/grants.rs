//! Grants to providers of other clinics: who may grant and take back, what a grant opens and
//! when, which keys are written with, and whether what a provider wrote counts.

use std::collections::{BTreeMap, BTreeSet};

use cairn::{
    chart::who::Role,
    ids::{CardId, DocId, EpochId, KeyId, SessionId, StatementId},
    ledger::{ClockQuality, Lane},
    members::{
        Access, Author, Body, Certificate, DocKey, Grant, GrantKeys, Judgement,
        Membership, Missing, PurposeCode, Reach, Series, Term, Void, Written,
        WrittenOutside,
    },
    seal::{Secret, SeededEntropy, derive, names},
    time::{Hlc, Timestamp},
};

use super::world::{
    By, MORNING, World, carry, hash_at, key, newcomer, reach, rekeyed, user,
};

const HOUR_MS: i64 = 60 * 60 * 1000;
pub(super) const DORA: By = By::Session("dora", "desk");
const ANNA: By = By::Session("anna", "ward");
const CARL: By = By::Session("carl", "ward");

pub(super) fn doc(byte: u8) -> DocId {
    DocId::from_bytes([byte; 16])
}

pub(super) fn hour(hours: i64) -> Timestamp {
    MORNING.plus_ms(hours * HOUR_MS)
}

/// What Zara, of another clinic, may have from one hour to another: document 1 to read, 2 to
/// write in, and 3 for what she proposes.
pub(super) fn grant(from: i64, until: i64) -> Grant {
    Grant {
        card: CardId::from_bytes([7; 32]),
        key: key("zara").public(),
        carry: carry("zara").public(),
        machines: [(key("laptop").public(), key("zara meets").public())].into(),
        documents: [(doc(1), Access::Read), (doc(2), Access::Write)].into(),
        inbox: doc(3),
        not_before: hour(from),
        not_after: hour(until),
        purpose: PurposeCode(1),
    }
}

pub(super) fn grants(from: i64, until: i64) -> Body {
    Body::Grant(Box::new(grant(from, until)))
}

pub(super) fn takes_back(world: &World, grant: &str, left: &[(&str, u64)]) -> Body {
    Body::GrantRevoked(world.id(grant), reach(left))
}

fn doc_key(byte: u8, k: u16) -> DocKey {
    DocKey {
        doc: doc(byte),
        epoch: EpochId::from_bytes([5; 8]),
        k,
    }
}

fn secret(byte: u8) -> Secret {
    derive("cairn/test/doc", &[&[byte]])
}

/// Keys of two documents of this grant, wrapped to Zara.
pub(super) fn keys(grant: StatementId) -> Body {
    let keys = [(doc_key(1, 0), secret(1)), (doc_key(3, 0), secret(3))];
    Body::GrantKeys(given_by(grant, &keys.into()))
}

fn given_by(grant: StatementId, keys: &BTreeMap<DocKey, Secret>) -> GrantKeys {
    let clinic = names::clinic_id(&key("root").public());
    let (session, at) = (key("a session"), Hlc::from_parts(MORNING, 0));
    let author = Author::session(SessionId::ZERO, &session);
    let mut series = Series::after(clinic, BTreeSet::from([grant]), at);
    let to = (grant, carry("zara").public());
    series
        .give_keys(author, to, keys, &mut SeededEntropy::new(4))
        .unwrap();
    let Body::GrantKeys(keys) = series.into_statements().remove(0).body().clone() else {
        panic!("other than keys");
    };
    keys
}

/// How what a session wrote with this number in a document, at this hour, is judged.
pub(super) fn judge(
    membership: &Membership,
    certificate: &Certificate,
    (document, seq, hours): (u8, u64, i64),
) -> Judgement {
    let written = Written {
        log: certificate.log(),
        lane: Lane::Clinical,
        seq,
        reached_by: &|_, seq, hash| (hash_at(seq) != hash).then_some(false),
    };
    let outside = WrittenOutside {
        written,
        doc: doc(document),
        at: hour(hours),
    };
    membership.judge_outside(certificate, &outside)
}

pub(super) fn zara(world: &World, after: &[&str]) -> Certificate {
    world.certificate(("zara", "zara"), "laptop", after)
}

#[test]
fn what_was_granted_counts_and_everything_else_is_void_with_its_reason() {
    let mut world = World::new();
    world.say("grant", DORA, &[], grants(0, 10));
    let membership = world.check(&[]);
    let id = world.id("grant");
    let session = zara(&world, &["grant"]);
    let void = Judgement::Void;
    for ((document, hours), expected) in [
        ((2, 0), Judgement::Counts),
        ((2, 10), Judgement::Counts),
        ((3, 5), Judgement::Counts),
        // Widened.
        ((1, 5), void(Void::NotGranted)),
        ((9, 5), void(Void::NotGranted)),
        ((2, -1), void(Void::Early { grant: id })),
        ((3, 11), void(Void::Expired { grant: id })),
    ] {
        let judged = judge(&membership, &session, (document, 1, hours));
        assert_eq!(judged, expected, "document {document} at {hours} h");
    }
    // Forged: a key, a machine or a name that the grant does not have.
    for (who, keys, machine) in [
        ("zara", "eve", "laptop"),
        ("zara", "zara", "eve's laptop"),
        ("anna", "zara", "laptop"),
        ("eve", "eve", "laptop"),
    ] {
        let forged = world.certificate((who, keys), machine, &["grant"]);
        let judged = judge(&membership, &forged, (2, 1, 5));
        assert_eq!(
            judged,
            void(Void::Stranger),
            "{who} with {keys} at {machine}"
        );
    }
    // A session that began before there was a grant.
    let before = zara(&world, &[]);
    assert_eq!(judge(&membership, &before, (2, 1, 5)), void(Void::Stranger));
    // What the provider knew is not held yet.
    let nothing = Membership::new(membership.clinic());
    let missing = Judgement::Waiting(Missing::Statement(id));
    assert_eq!(judge(&nothing, &session, (2, 1, 5)), missing);
    // And by the clinic's own rules she is nobody.
    let own = super::world::judge(&membership, &session, 1);
    assert_eq!(own, void(Void::Stranger));
}

#[test]
fn of_what_was_taken_back_counts_what_had_come_by_then() {
    let mut world = World::new();
    world.say("grant", DORA, &[], grants(0, 10));
    let back = takes_back(&world, "grant", &[("laptop", 4)]);
    world.say("back", DORA, &["grant"], back);
    let membership = world.check(&[]);
    let session = zara(&world, &["grant"]);
    assert_eq!(judge(&membership, &session, (2, 4, 5)), Judgement::Counts);
    let cut_off = world.cut_off_by("back");
    assert_eq!(judge(&membership, &session, (2, 5, 5)), cut_off);
    assert_eq!(judge(&membership, &session, (3, 5, 5)), cut_off);
    // Granted again: what is written in a session that knows of it counts, what was written
    // in between does not.
    world.say("again", ANNA, &["back"], grants(0, 20));
    let membership = world.check(&[]);
    assert_eq!(judge(&membership, &session, (2, 5, 5)), cut_off);
    let later = zara(&world, &["again"]);
    assert_eq!(judge(&membership, &later, (2, 6, 15)), Judgement::Counts);
}

#[test]
fn owners_and_clinicians_grant_and_nobody_else() {
    let mut world = World::new();
    world.say("dora's", DORA, &[], grants(0, 10));
    world.say("anna's", ANNA, &[], grants(0, 10));
    world.say("carl's", CARL, &[], grants(0, 10));
    // A nurse hears the patient say no.
    let back = takes_back(&world, "anna's", &[]);
    world.say("carl takes back", CARL, &["anna's"], back);
    let desk = Body::RoleChanged(user("carl"), Role::FrontDesk);
    world.say("carl at the desk", By::User("anna"), &["dora's"], desk);
    let back = takes_back(&world, "dora's", &[]);
    world.say("the desk takes back", CARL, &["carl at the desk"], back);
    let membership =
        world.check(&[("carl's", Void::Role), ("the desk takes back", Void::Role)]);
    let by: Vec<_> = membership.grants(hour(5)).iter().map(|it| it.by).collect();
    assert_eq!(by, [user("dora"), user("anna")]);
}

#[test]
fn a_grant_to_somebody_of_the_clinic_and_keys_of_a_void_grant_are_void() {
    let mut world = World::new();
    let own = Grant {
        key: key("badu").public(),
        ..grant(0, 10)
    };
    world.say("to badu", DORA, &[], Body::Grant(Box::new(own)));
    let given = keys(world.id("to badu"));
    world.say("keys", ANNA, &["to badu"], given);
    world.check(&[("to badu", Void::Misfit), ("keys", Void::Misfit)]);
}

#[test]
fn a_removal_takes_the_grants_that_it_did_not_know_and_no_revocation() {
    let mut world = World::new();
    world.say("known", DORA, &[], grants(0, 10));
    world.say(
        "leaves",
        By::User("anna"),
        &["known"],
        Body::UserLeft(user("dora")),
    );
    world.say("unknown", DORA, &["known"], grants(0, 10));
    let back = takes_back(&world, "known", &[]);
    world.say("back", DORA, &["known"], back);
    let back = takes_back(&world, "known", &[]);
    world.say("back, once gone", DORA, &["leaves"], back);
    let membership = world.check(&[
        ("unknown", world.removed_by("leaves")),
        ("back, once gone", world.removed_by("leaves")),
    ]);
    let by = world.id("back");
    let terms: Vec<_> = membership
        .grants(hour(5))
        .iter()
        .map(|it| it.term)
        .collect();
    assert_eq!(terms, [Term::Revoked { by }]);
    // Keys may have been given with the other one, too.
    assert_eq!(membership.doc_step(doc(1)) >> 8, 2);
}

#[test]
fn what_is_said_of_a_grant_waits_for_it() {
    let mut world = World::new();
    world.say("grant", DORA, &[], grants(0, 10));
    let back = takes_back(&world, "grant", &[]);
    // Neither need follow it: what is taken back stays so, whatever came first.
    world.say("back", ANNA, &[], back);
    let given = keys(world.id("grant"));
    world.say("keys", CARL, &[], given);
    world.check(&[]);
    let mut held = world.everything();
    held.retain(|it| it.id() != world.id("grant"));
    let certificates = world.certificates().to_vec();
    let clinic = held[0].clinic();
    let membership = Membership::fold(clinic, held, certificates).unwrap();
    for name in ["back", "keys"] {
        let waits = Judgement::Waiting(Missing::Statement(world.id("grant")));
        assert_eq!(membership.judgement(world.id(name)), Some(waits), "{name}");
    }
    let mut world = World::new();
    let no_grant =
        Body::GrantRevoked(world.base_heads().pop_first().unwrap(), Reach::new());
    world.say("back", ANNA, &[], no_grant);
    world.check(&[("back", Void::Misfit)]);
}

#[test]
fn a_machine_may_have_what_its_live_grants_open_and_only_then() {
    let mut world = World::new();
    world.say("first", DORA, &[], grants(0, 10));
    let more = Grant {
        documents: [(doc(7), Access::Read)].into(),
        inbox: doc(8),
        ..grant(5, 20)
    };
    world.say("second", DORA, &[], Body::Grant(Box::new(more)));
    let elsewhere = Grant {
        key: key("yao").public(),
        machines: [(key("pc").public(), key("yao meets").public())].into(),
        documents: [(doc(9), Access::Read)].into(),
        ..grant(0, 20)
    };
    world.say("third", DORA, &[], Body::Grant(Box::new(elsewhere)));
    let scope = |membership: &Membership, hours| -> Vec<u8> {
        let scope = membership.scope(&key("zara meets").public(), hour(hours));
        scope.iter().map(|it| it.as_bytes()[0]).collect()
    };
    let membership = world.check(&[]);
    let nothing: [u8; 0] = [];
    assert_eq!(scope(&membership, -1), nothing);
    assert_eq!(scope(&membership, 2), [1, 2, 3]);
    assert_eq!(scope(&membership, 7), [1, 2, 3, 7, 8]);
    assert_eq!(scope(&membership, 11), [7, 8]);
    assert_eq!(scope(&membership, 21), nothing);
    let laptop = key("laptop").public();
    assert!(membership.scope(&laptop, hour(2)).is_empty(), "no endpoint");
    let terms = |hours| -> Vec<Term> {
        let grants = membership.grants(hour(hours));
        grants.iter().map(|it| it.term).collect()
    };
    assert_eq!(terms(2), [Term::Live, Term::Early, Term::Live]);
    assert_eq!(terms(11), [Term::Expired, Term::Live, Term::Live]);
    let back = takes_back(&world, "second", &[]);
    world.say("back", ANNA, &["second"], back);
    assert_eq!(scope(&world.check(&[]), 7), [1, 2, 3]);
}

#[test]
fn a_clock_that_was_set_back_makes_no_grant_longer() {
    let mut world = World::new();
    world.say("grant", DORA, &[], grants(0, 10));
    world.pass_ms(12 * HOUR_MS);
    let heads = |clock| Body::Heads(clock, reach(&[]));
    // A clock that nobody agreed with, and a nurse's machine, say nothing of the time.
    world.say("alone", ANNA, &["grant"], heads(ClockQuality::Alone));
    world.say("carl's", CARL, &["grant"], heads(ClockQuality::Agreed));
    let endpoint = key("zara meets").public();
    let open = |membership: &Membership| {
        !membership
            .scope(&endpoint, membership.at_least(hour(3)))
            .is_empty()
    };
    assert!(open(&world.check(&[])));
    world.say("anna's", ANNA, &["grant"], heads(ClockQuality::Agreed));
    let membership = world.check(&[]);
    assert!(!open(&membership));
    assert_eq!(membership.at_least(hour(30)), hour(30));
}

#[test]
fn who_had_a_documents_key_and_may_no_more_gets_none_of_the_next() {
    let mut world = World::new();
    world.say("zara's", DORA, &[], grants(0, 10));
    let yaos = Grant {
        key: key("yao").public(),
        documents: [(doc(1), Access::Read)].into(),
        inbox: doc(4),
        ..grant(0, 10)
    };
    world.say("yao's", DORA, &[], Body::Grant(Box::new(yaos)));
    let before = world.membership();
    assert_eq!([1, 2, 3, 4, 9].map(|it| before.doc_step(doc(it))), [0; 5]);
    let back = takes_back(&world, "zara's", &[]);
    world.say("zara's back", ANNA, &["zara's"], back);
    let one = world.membership();
    assert_eq!(
        [2, 3, 4, 9].map(|it| one.doc_step(doc(it)) >> 8),
        [1, 1, 0, 0]
    );
    let back = takes_back(&world, "yao's", &[]);
    world.say("yao's back", ANNA, &["yao's"], back);
    let both = world.check(&[]);
    assert_eq!(both.doc_step(doc(1)) >> 8, 2);
    // A machine that knows of the other one alone writes with another key than the first.
    let mut held = world.everything();
    held.retain(|it| it.id() != world.id("zara's back"));
    let certificates = world.certificates().to_vec();
    let other = Membership::fold(held[0].clinic(), held, certificates).unwrap();
    assert_eq!(other.doc_step(doc(1)) >> 8, 1);
    assert_ne!(other.doc_step(doc(1)), one.doc_step(doc(1)));
    // Said twice it is one.
    let back = takes_back(&world, "yao's", &[("laptop", 3)]);
    world.say("yao's back again", DORA, &["yao's"], back);
    assert_eq!(world.check(&[]).doc_step(doc(1)), both.doc_step(doc(1)));
}

#[test]
fn keys_are_opened_by_whom_they_were_given_to_and_are_those_that_are_listed() {
    let mut world = World::new();
    world.say("grant", DORA, &[], grants(0, 10));
    let id = world.id("grant");
    world.say("keys", CARL, &["grant"], keys(id));
    let mut false_keys = given_by(id, &[(doc_key(1, 0), secret(1))].into());
    // Somebody gives others than envelopes name.
    false_keys.keys = [
        (doc_key(2, 0), KeyId::from_bytes([1; 16])),
        (doc_key(3, 1), KeyId::from_bytes([2; 16])),
    ]
    .into();
    world.say("false keys", CARL, &["grant"], Body::GrantKeys(false_keys));
    // Or a key of their own under the right place: it stands beside the right one.
    let mine = Body::GrantKeys(given_by(id, &[(doc_key(1, 0), secret(9))].into()));
    world.say("their own", CARL, &["grant"], mine);
    let membership = world.check(&[]);
    let opened = membership.open_given(id, &carry("zara"));
    let opened: BTreeMap<_, _> = opened
        .iter()
        .map(|(of, it)| (*of, *it.as_bytes()))
        .collect();
    let expected = [(1, 1), (1, 9), (3, 3)].map(|(document, key)| {
        let of = (doc(document), names::key_id(&secret(key)));
        (of, *secret(key).as_bytes())
    });
    assert_eq!(opened, BTreeMap::from(expected));
    assert!(membership.open_given(id, &carry("eve")).is_empty());
    assert_eq!(membership.given_keys(id).len(), 5);
}

/// Who knew of what.
#[derive(Debug, Clone, Copy)]
enum Shape {
    Apart,
    Chain,
    Joined,
}

/// Somebody and what they say.
type Last = fn(&World) -> (By, Body);

/// Six things of four people: Dora grants, Anna takes back, Carl gives keys, Badu removes
/// Dora, Dora grants anew, and somebody is let in or takes back again.
fn six(shape: Shape, last: Last) -> World {
    let mut world = World::new();
    let mut before: Vec<&'static str> = Vec::new();
    for name in ["grants", "back", "keys", "removes", "again", "last"] {
        let (by, body) = match name {
            "grants" => (DORA, grants(0, 10)),
            "back" => (ANNA, takes_back(&world, "grants", &[("laptop", 2)])),
            "keys" => (CARL, keys(world.id("grants"))),
            "removes" => (By::User("badu"), Body::UserLeft(user("dora"))),
            "again" => (DORA, grants(5, 20)),
            _ => last(&world),
        };
        let after: Vec<&'static str> = match shape {
            Shape::Chain => before.last().copied().into_iter().collect(),
            Shape::Joined if name == "last" => before.clone(),
            Shape::Apart | Shape::Joined => Vec::new(),
        };
        world.say(name, by, &after, body);
        before.push(name);
    }
    world
}

#[test]
fn grants_come_to_the_same_in_all_720_orders() {
    let lasts: [Last; 4] = [
        |world| (DORA, takes_back(world, "again", &[])),
        |world| (ANNA, takes_back(world, "grants", &[("laptop", 9)])),
        |_| {
            let dora = rekeyed("dora", "dora 2");
            (By::User("anna"), Body::UserAdded(dora, Role::Clinician))
        },
        |_| (By::Root, Body::OwnerAdded(newcomer("zara"))),
    ];
    for (number, last) in lasts.into_iter().enumerate() {
        for shape in [Shape::Apart, Shape::Chain, Shape::Joined] {
            let world = six(shape, last);
            let membership = world.deliver();
            let of = |name: &str| membership.judgement(world.id(name)).unwrap();
            // Whoever took it back, and whatever came first, nobody has it any more.
            let scope = membership.scope(&key("zara meets").public(), hour(3));
            assert!(scope.is_empty(), "{number} {shape:?}");
            if number < 3 {
                if of("grants") == Judgement::Counts {
                    assert_eq!(of("back"), Judgement::Counts, "{number} {shape:?}");
                }
                let session = zara(&world, &["grants"]);
                let beyond = judge(&membership, &session, (3, 3, 3));
                assert_ne!(beyond, Judgement::Counts, "{number} {shape:?}");
            } else {
                // She is of the clinic now.
                let void = matches!(of("grants"), Judgement::Void(_));
                assert!(void, "{shape:?}");
            }
        }
    }
}
