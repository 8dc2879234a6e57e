//! A disk that was copied: two machines write in one name, and nothing is lost.

use std::sync::Arc;

use super::testing::{Copied, Desktop, founded, meet, owner, register};
use crate::{
    clinic::{Clinic, Session},
    ledger::{Frontier, Lane},
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
            session.sign_out().unwrap();
        }
        drop((first, other));
    }
}
