//! A disk that was copied: two machines write in one name, and nothing is lost.

use std::{collections::BTreeSet, sync::Arc};

use super::testing::{Copied, Desktop, founded, meet, missing, owner, register};
use crate::{
    clinic::{AuditAction, AuditObject, Clinic, Met, Session, branches::Branches},
    find::Row,
    ids::PatientId,
    ledger::{Frontier, Lane, Place},
    seal::{PublicKey, SigningKey},
    time::Timestamp,
};

/// A clinic whose first machine was copied after `before` people were registered, and another
/// machine that both meet.
struct Cloned {
    first: Desktop,
    copy: Copied,
    other: Desktop,
}

fn cloned(seed: u64, before: usize) -> Cloned {
    let first = founded(seed);
    let other = first.second(seed + 1);
    let mut session = first.owner();
    for n in 0..before {
        register(&mut session, &format!("Before {n}"));
    }
    session.sign_out().unwrap();
    let copy = first.copy();
    Cloned { first, copy, other }
}

fn given_names(session: &mut Session) -> Vec<String> {
    session.settle().unwrap();
    let mut names: Vec<String> = session.with_index(|index| {
        let names = index.rows().flat_map(|it| &it.names);
        names.map(|it| it.given.clone()).collect()
    });
    names.sort();
    names
}

/// Those of this given name who are on file.
fn given(session: &mut Session, name: &str) -> Vec<PatientId> {
    session.settle().unwrap();
    session.with_index(|index| {
        let of_name = |it: &&Row| it.names.iter().any(|it| it.given == name);
        index.rows().filter(of_name).map(|it| it.patient).collect()
    })
}

fn write(clinic: &Arc<Clinic>, names: &[&str]) {
    let mut session = owner(clinic);
    for name in names {
        register(&mut session, name);
    }
    session.sign_out().unwrap();
}

/// Lets all meet until they are the same; the frontier that they have then.
fn gather(machines: &[&Clinic]) -> Frontier {
    for _ in 0..6 {
        for one in machines {
            for other in machines {
                if !std::ptr::eq(*one, *other) {
                    let (here, there) = meet(one, other);
                    assert_eq!((here.refused, there.refused), (Vec::new(), Vec::new()));
                }
            }
        }
        let mut all = machines.iter().map(|it| it.frontier().unwrap());
        let first = all.next().unwrap();
        if all.all(|it| it == first) {
            return first;
        }
    }
    panic!("they do not become the same");
}

#[test]
fn both_branches_of_a_copied_disk_count_and_are_named_alike_everywhere() {
    for seed in 0..6 {
        let Cloned { first, copy, other } = cloned(100 + 10 * seed, 2);
        let twin = copy.open_with(900 + seed);
        write(&first.clinic, &["Grace", "Rose"]);
        write(&twin, &["Amos"]);
        // Whoever is met first, the names are the same.
        let order: [&Clinic; 2] = if seed % 2 == 0 {
            [&first.clinic, &twin]
        } else {
            [&twin, &first.clinic]
        };
        for one in order {
            meet(one, &other.clinic);
        }
        let frontier = gather(&[&other.clinic, &twin, &first.clinic]);
        let branches = frontier.keys().filter(|(_, lane)| *lane == Lane::Desk);
        assert_eq!(branches.count(), 2, "one log and its branch");
        let machines = other.clinic.machines();
        let forked = machines.iter().filter(|it| it.forked);
        let forked: Vec<_> = forked.map(|it| it.device).collect();
        assert_eq!(forked, [first.clinic.device()]);
        for clinic in [&first.clinic, &twin, &other.clinic] {
            let mut session = owner(clinic);
            let all = ["Amos", "Before 0", "Before 1", "Grace", "Rose"];
            assert_eq!(given_names(&mut session), all, "seed {seed}");
            let verified = session.verify(|_| {}).unwrap();
            assert!(verified.is_sound(), "seed {seed}: {:?}", verified.problems);
            let machines = session.machines().unwrap();
            let copied = machines.iter().filter(|it| it.remarks.copied);
            assert_eq!(copied.map(|it| it.device).collect::<Vec<_>>(), forked);
            session.sign_out().unwrap();
        }
        drop((first, other));
    }
}

#[test]
fn what_stands_on_one_branch_is_not_behind_the_end_of_another() {
    let Cloned { first, copy, other } = cloned(450, 1);
    let twin = copy.open_with(925);
    write(&first.clinic, &["Grace", "Rose"]);
    write(&twin, &["Amos"]);
    let frontier = gather(&[&other.clinic, &twin, &first.clinic]);
    let (log, lane) = (first.clinic.log(), Lane::Desk);
    let tips = frontier.iter().filter(|((_, of), _)| *of == lane);
    let tips: Vec<_> = tips
        .map(|((log, _), (seq, hash))| {
            (
                Place {
                    log: *log,
                    lane,
                    seq: *seq,
                },
                *hash,
            )
        })
        .collect();
    assert_eq!(tips.len(), 2);
    let branches = Branches::read(&other.clinic.store).unwrap();
    let shared = Place { log, lane, seq: 1 };
    for (end, hash) in &tips {
        let cut = (end.seq, *hash);
        assert_eq!(branches.follows(shared, cut).unwrap(), Some(true));
        for (place, _) in &tips {
            let behind = branches.follows(*place, cut).unwrap();
            assert_eq!(behind, Some(place == end), "{place:?} and {end:?}");
        }
    }
}

#[test]
fn what_was_cut_off_is_judged_anew_once_the_end_of_its_branch_is_here() {
    let Cloned { first, copy, other } = cloned(470, 1);
    let late = first.second(473);
    meet(&first.clinic, &late.clinic);
    meet(&first.clinic, &other.clinic);
    let twin = copy.open_with(927);
    write(&first.clinic, &["Grace"]);
    write(&twin, &["Amos"]);
    // Whoever shuts the machine out knows of one branch only, and the last machine of the
    // other one.
    meet(&first.clinic, &other.clinic);
    let mut session = other.owner();
    session.revoke_machine(first.clinic.device()).unwrap();
    session.sign_out().unwrap();
    late.clinic.take(missing(&twin, &late.clinic)).unwrap();
    let mut said = missing(&other.clinic, &late.clinic);
    said.retain(|run| run[0].header.lane == Lane::Membership);
    late.clinic.take(said).unwrap();

    let mut session = late.owner();
    let before = *given(&mut session, "Before 0").first().unwrap();
    let doubted = session.unconfirmed(Some(before)).unwrap();
    assert!(!doubted.is_empty(), "the branch that counts is not here");
    late.clinic
        .take(missing(&other.clinic, &late.clinic))
        .unwrap();
    assert_eq!(session.unconfirmed(Some(before)).unwrap(), []);
    let amos = *given(&mut session, "Amos").first().unwrap();
    assert!(!session.unconfirmed(Some(amos)).unwrap().is_empty());
    session.rebuild_cache().unwrap();
    assert_eq!(session.unconfirmed(Some(before)).unwrap(), []);
}

#[test]
fn what_is_saved_while_another_branch_takes_the_name_hides_nothing_before_it() {
    for seed in 0..6 {
        let Cloned { first, copy, other } = cloned(700 + 10 * seed, 2);
        let twin = copy.open_with(950 + seed);
        write(&twin, &["Amos"]);
        let mut session = first.owner();
        register(&mut session, "Grace");
        meet(&twin, &other.clinic);
        meet(&other.clinic, &first.clinic);
        session.settle().unwrap();
        drop(session);
        let mut session = first.owner();
        let all = ["Amos", "Before 0", "Before 1", "Grace"];
        assert_eq!(given_names(&mut session), all, "seed {seed}");
    }
}

#[test]
fn branches_of_branches_are_named_alike_whatever_comes_first() {
    let orders = [
        [0, 1, 2],
        [0, 2, 1],
        [1, 0, 2],
        [1, 2, 0],
        [2, 0, 1],
        [2, 1, 0],
    ];
    for seed in 0..3 {
        let Cloned { first, copy, other } = cloned(500 + 10 * seed, 1);
        let twin = copy.open_with(930 + seed);
        write(&twin, &["Amos"]);
        let copied_again = Copied::of(&copy.0);
        let third = copied_again.open_with(940 + seed);
        write(&first.clinic, &["Grace"]);
        write(&third, &["Rose", "Mary"]);
        write(&twin, &["Joy"]);
        let sources: [&Clinic; 3] = [&first.clinic, &twin, &third];
        let mut frontiers = BTreeSet::new();
        for order in orders {
            let copy = other.copy();
            let machine = copy.open();
            for from in order.into_iter().filter_map(|it| sources.get(it)) {
                let taken = machine.take(missing(from, &machine)).unwrap();
                assert_eq!(taken.refused, [], "seed {seed}, order {order:?}");
            }
            let mut session = owner(&machine);
            let all = ["Amos", "Before 0", "Grace", "Joy", "Mary", "Rose"];
            assert_eq!(
                given_names(&mut session),
                all,
                "seed {seed}, order {order:?}"
            );
            let verified = session.verify(|_| {}).unwrap();
            assert!(verified.is_sound(), "{:?}", verified.problems);
            let own = machine.own_logs();
            let frontier = machine.frontier().unwrap().into_iter();
            let others = frontier.filter(|((log, _), _)| !own.contains(log));
            frontiers.insert(others.collect::<Vec<_>>());
        }
        assert_eq!(frontiers.len(), 1, "seed {seed}");
    }
}

#[test]
fn a_machine_that_finds_its_twin_takes_a_name_of_its_own_when_an_owner_signs_in() {
    let Cloned { first, copy, other } = cloned(300, 1);
    let twin = copy.open_with(910);
    write(&first.clinic, &["Grace"]);
    write(&twin, &["Amos"]);
    gather(&[&first.clinic, &twin, &other.clinic]);
    let before = first.clinic.device();
    assert_eq!(twin.device(), before);
    let numbers: Vec<(String, String)> = [&first.clinic, &twin]
        .map(|clinic| {
            assert!(clinic.has_twin());
            let mut session = owner(clinic);
            assert!(!clinic.has_twin());
            let patient = register(&mut session, "After");
            let number = session.with_index(|index| {
                let row = index.rows().find(|it| it.patient == patient);
                row.map(|it| it.number.clone())
            });
            session.settle().unwrap();
            session.sign_out().unwrap();
            let code = clinic.device().to_string();
            (number.unwrap_or_default(), code)
        })
        .into();
    assert_ne!(numbers[0], numbers[1]);
    let names = [before, first.clinic.device(), twin.device()];
    assert!(names[0] != names[1] && names[1] != names[2] && names[0] != names[2]);
    gather(&[&first.clinic, &twin, &other.clinic]);
    for clinic in [&first.clinic, &twin, &other.clinic] {
        let mut session = owner(clinic);
        let all = ["After", "After", "Amos", "Before 0", "Grace"];
        assert_eq!(given_names(&mut session), all);
        assert_eq!(session.machines().unwrap().len(), 4);
        let verified = session.verify(|_| {}).unwrap();
        assert!(verified.is_sound(), "{:?}", verified.problems);
        session.sign_out().unwrap();
    }
    // It stays so when the program is begun again.
    let name = twin.device();
    drop(twin);
    let twin = copy.open_with(911);
    assert_eq!((twin.device(), twin.has_twin()), (name, false));
    write(&twin, &["Later"]);
    gather(&[&first.clinic, &twin, &other.clinic]);
    // Others know it by the old key until it knows that one of them has heard of the new.
    assert_eq!(other.clinic.machine_at(meets_with(&twin)), Some(before));
    let met = Met {
        at: Timestamp(0),
        addrs: Vec::new(),
        theirs: other.clinic.frontier().unwrap(),
    };
    twin.met(other.clinic.device(), &met).unwrap();
    drop(twin);
    let twin = copy.open_with(912);
    assert_eq!(other.clinic.machine_at(meets_with(&twin)), Some(name));
}

#[test]
fn who_sat_there_under_the_old_name_writes_nothing_under_the_new_one() {
    let Cloned { first, copy, other } = cloned(350, 1);
    let twin = copy.open_with(915);
    write(&first.clinic, &["Grace"]);
    write(&twin, &["Amos"]);
    let mut before = owner(&first.clinic);
    gather(&[&first.clinic, &twin, &other.clinic]);
    for _ in 0..100 {
        before
            .audit(AuditAction::Search, AuditObject::Nothing)
            .unwrap();
    }
    let now = owner(&first.clinic);
    assert!(!first.clinic.has_twin());
    // As many entries are to be shipped; those of the new log are not its own.
    assert!(before.settle().is_err());
    drop((before, now));
    gather(&[&first.clinic, &twin, &other.clinic]);
}

#[test]
fn an_older_image_of_a_disk_goes_on_beside_what_it_once_wrote() {
    let first = founded(400);
    let other = first.second(401);
    write(&first.clinic, &["Before"]);
    let copy = first.copy();
    write(&first.clinic, &["Grace", "Rose"]);
    gather(&[&first.clinic, &other.clinic]);
    // The disk breaks, and the older image takes its place.
    drop(first);
    let restored = copy.open_with(920);
    meet(&restored, &other.clinic);
    assert!(restored.has_twin());
    let mut session = owner(&restored);
    assert!(!restored.has_twin());
    register(&mut session, "Amos");
    session.sign_out().unwrap();
    gather(&[&restored, &other.clinic]);
    for clinic in [&restored, &other.clinic] {
        let mut session = owner(clinic);
        assert_eq!(
            given_names(&mut session),
            ["Amos", "Before", "Grace", "Rose"]
        );
        let verified = session.verify(|_| {}).unwrap();
        assert!(verified.is_sound(), "{:?}", verified.problems);
    }
}

/// The key with which a machine meets others.
fn meets_with(clinic: &Clinic) -> PublicKey {
    let secret = clinic.endpoint_secret().unwrap();
    SigningKey::from_secret(&secret).public()
}
