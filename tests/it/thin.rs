//! Changes as they stand in payloads: whole ones come back byte by byte, and whatever else
//! comes is refused.

use std::{collections::BTreeMap, fs, path::Path};

use cairn::{
    chart::{Edit, Part},
    demo::{Demo, Staff},
    doc::{Around, Doc, Stamp, prescan, thin, whole},
    ids::{Hash, LogId, UserId},
    time::{Moment, Timestamp},
};
use proptest::prelude::*;

/// Changes, and what their envelopes say of them.
type Written = Vec<(Vec<u8>, Around)>;

/// What was written in the documents of some invented people, and what the envelopes say of
/// it.
fn documents() -> Vec<(Doc, Written)> {
    let today = Moment {
        at: Timestamp(1_772_323_200_000),
        offset_minutes: 180,
    };
    let mut staff = Staff::invented();
    staff.machine = LogId::from_bytes([7; 16]);
    let mut all = Vec::new();
    for patient in Demo::new(5, 12, today).written_by(staff) {
        let mut docs: BTreeMap<Part, (Doc, Written)> = BTreeMap::new();
        for (number, step) in (0_u8..).zip(patient.steps) {
            let mut parts: BTreeMap<Part, Vec<Edit>> = BTreeMap::new();
            for edit in step.edits {
                parts.entry(edit.part()).or_default().push(edit);
            }
            for (part, edits) in parts {
                let doc = docs.entry(part);
                let (doc, changes) = doc.or_insert_with(|| (Doc::new(part), Vec::new()));
                let actor = [number; 16];
                let at = step.at.at;
                if let Some(change) = doc.write(&edits, Stamp { actor, at }).unwrap() {
                    let around = Around {
                        actor,
                        user: staff.users[step.who],
                        log: staff.machine,
                        wall: step.at,
                    };
                    changes.push((change, around));
                }
            }
        }
        all.extend(docs.into_values());
    }
    all
}

fn changes() -> Written {
    documents().into_iter().flat_map(|it| it.1).collect()
}

fn came(changes: &[(Vec<u8>, Around)]) -> Vec<Vec<u8>> {
    let come = |(change, around): &(Vec<u8>, Around)| {
        whole(&thin(change, around), around).unwrap()
    };
    changes.iter().map(come).collect()
}

/// The changes as bodies of payloads, each packed after what the document said before it
/// where that is shorter; how many are.
fn packed(doc: &Doc, changes: &Written) -> (Vec<Vec<u8>>, usize) {
    let mut grown = Doc::new(doc.part());
    let mut after = 0;
    let pack = |(change, around): &(Vec<u8>, Around)| {
        assert_eq!(grown.apply(std::slice::from_ref(change)).applied, [0]);
        let thin = thin(change, around);
        let packed = grown.thin_after(change, &thin, around);
        after += usize::from(packed.is_some());
        packed.unwrap_or(thin)
    };
    (changes.iter().map(pack).collect(), after)
}

#[test]
fn a_document_is_the_same_from_its_changes_in_whatever_order_they_come() {
    for (doc, changes) in documents() {
        check_any_order(&doc, came(&changes));
    }
}

#[test]
fn a_document_is_the_same_from_changes_packed_after_others() {
    let (mut all, mut after, mut before, mut bytes) = (0, 0, 0, 0);
    for (doc, changes) in documents() {
        let (bodies, packed) = packed(&doc, &changes);
        all += changes.len().saturating_sub(1);
        after += packed;
        let thin = changes
            .iter()
            .map(|(change, around)| thin(change, around).len());
        before += thin.skip(1).sum::<usize>();
        bytes += bodies.iter().skip(1).map(Vec::len).sum::<usize>();
        let written = bodies.iter().zip(&changes);
        let came = written.map(|(body, (_, around))| whole(body, around).unwrap());
        check_any_order(&doc, came.collect());
    }
    assert!(
        after * 10 > all * 9,
        "{after} of {all} are packed after others"
    );
    assert!(bytes * 2 < before, "{bytes} of {before} bytes");
}

#[test]
fn what_is_packed_after_others_is_no_change_of_another_document_or_session() {
    for (doc, changes) in documents().into_iter().filter(|it| it.1.len() > 2) {
        let (bodies, _) = packed(&doc, &changes);
        let (last, (_, around)) = bodies.iter().zip(changes.clone()).next_back().unwrap();
        let (_, before) = changes.split_last().unwrap();
        let before: Vec<_> = before.iter().rev().map(|it| it.0.clone()).collect();
        let other = Around {
            actor: [99; 16],
            ..around
        };
        for (others, around) in [(&before[..1], around), (&before[..], other)] {
            let mut copy = Doc::new(doc.part());
            copy.apply(others);
            let heads = copy.heads();
            let outcome = copy.apply(&[whole(last, &around).unwrap()]);
            assert!(outcome.applied.is_empty());
            assert_eq!(copy.heads(), heads);
        }
    }
}

/// What was written beside the golden change, and by whom.
fn golden_around(number: u8) -> Around {
    Around {
        actor: [number; 16],
        user: UserId::from_bytes([2; 16]),
        log: LogId::from_bytes([7; 16]),
        wall: Moment {
            at: Timestamp(1_780_000_000_123 + i64::from(number) * 1000),
            offset_minutes: 180,
        },
    }
}

#[test]
fn a_change_packed_after_another_in_the_first_release_opens() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let golden = |name: &str| fs::read(folder.join(name)).unwrap();
    let (first, second) = (golden("after-first.thin"), golden("after-second.thin"));
    assert_eq!((first[0], second[0]), (1, 2));
    assert!(second.len() < 50, "{}", second.len());
    let mut doc = Doc::new(Part::Visits);
    let first = whole(&first, &golden_around(1)).unwrap();
    let second = whole(&second, &golden_around(2)).unwrap();
    assert_eq!(doc.apply(std::slice::from_ref(&second)).waiting, [0]);
    assert_eq!(doc.apply(&[second, first]).applied, [0, 1]);
}

#[track_caller]
fn check_any_order(doc: &Doc, mut came: Vec<Vec<u8>>) {
    let all: Vec<usize> = (0..came.len()).collect();
    let mut one_by_one = Doc::new(doc.part());
    for change in &came {
        assert_eq!(one_by_one.apply(std::slice::from_ref(change)).applied, [0]);
    }
    let mut again = Doc::new(doc.part());
    assert!(again.take_again(&came));
    came.reverse();
    let mut at_once = Doc::new(doc.part());
    assert_eq!(at_once.apply(&came).applied, all);
    for other in [one_by_one, again, at_once] {
        assert_eq!(other.heads(), doc.heads());
    }
    let Some((first, rest)) = came.split_last().filter(|it| !it.1.is_empty()) else {
        return;
    };
    let mut without = Doc::new(doc.part());
    let waits: Vec<usize> = (0..rest.len()).collect();
    assert_eq!(without.apply(rest).waiting, waits);
    assert_eq!(
        without
            .apply(&[rest, std::slice::from_ref(first)].concat())
            .applied,
        all
    );
    assert_eq!(without.heads(), doc.heads());
}

#[test]
fn a_change_takes_less_than_half_the_room() {
    let (mut before, mut after) = (0, 0);
    for (change, around) in changes() {
        let body = thin(&change, &around);
        assert_ne!(body, change, "it is told as automerge tells it");
        before += change.len();
        after += body.len();
    }
    assert!(after * 2 < before, "{after} of {before} bytes");
}

#[test]
fn a_change_of_another_session_or_log_does_not_come_back_as_this_ones() {
    let mut refused = 0;
    for (doc, changes) in documents().into_iter().take(20) {
        let (change, around) = &changes[0];
        let body = thin(change, around);
        let actor = [99; 16];
        let others = [
            Around { actor, ..*around },
            Around {
                log: LogId::ZERO,
                ..*around
            },
            Around {
                user: UserId::ZERO,
                ..*around
            },
        ];
        for other in others {
            let read = whole(&body, &other).unwrap();
            let mut copy = Doc::new(doc.part());
            let applied = copy.apply(&[read]);
            refused += applied.refused.len();
            // But for one that tells of no record that was made here.
            assert!(applied.applied.is_empty() || copy.heads() == [hash_of(change)]);
        }
    }
    assert!(refused > 40, "{refused}");
}

/// The hash of a change, by what a document makes of it.
fn hash_of(change: &[u8]) -> Hash {
    let mut doc = Doc::new(Part::Visits);
    doc.apply(&[change.to_vec()]);
    doc.heads()[0]
}

#[test]
fn what_no_session_of_its_own_wrote_stands_as_automerge_tells_it() {
    let (change, around) = changes().swap_remove(0);
    let other = Around {
        actor: [99; 16],
        ..around
    };
    assert_eq!(thin(&change, &other), change);
    assert_eq!(whole(&change, &other), Ok(change));
}

/// The last change of each document, packed, and the document without it.
fn last_packed() -> Vec<(Doc, Vec<u8>, Around)> {
    let with_last = |(doc, changes): (Doc, Written)| {
        let (bodies, _) = packed(&doc, &changes);
        let (last, before) = changes.split_last().unwrap();
        let before: Vec<_> = before.iter().map(|it| it.0.clone()).collect();
        let mut doc = Doc::new(doc.part());
        doc.apply(&before);
        (doc, bodies.last().unwrap().clone(), last.1)
    };
    let long = documents().into_iter().filter(|it| it.1.len() > 1);
    long.map(with_last).collect()
}

proptest! {
    #[test]
    fn whatever_is_packed_after_others_leaves_the_document_sound(
        of in any::<prop::sample::Index>(),
        turns in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
    ) {
        thread_local! {
            static LAST: Vec<(Doc, Vec<u8>, Around)> = last_packed();
        }
        let (mut doc, mut body, around) = LAST.with(|all| of.get(all).clone());
        let heads = doc.heads();
        for (at, byte) in turns {
            let at = at.index(body.len());
            body[at] = byte;
        }
        let applied = doc.apply(&[whole(&body, &around).unwrap_or_default()]).applied;
        prop_assert!(!applied.is_empty() || doc.heads() == heads);
    }

    #[test]
    fn any_bytes_are_a_change_or_a_refusal(
        of in any::<prop::sample::Index>(),
        turns in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..8),
        cut in any::<prop::sample::Index>(),
    ) {
        thread_local! {
            static CHANGES: Vec<(Vec<u8>, Around)> = changes();
        }
        let (change, around) = CHANGES.with(|all| of.get(all).clone());
        let mut body = thin(&change, &around);
        body.truncate(cut.index(body.len() * 4).max(1));
        for (at, byte) in turns {
            let at = at.index(body.len());
            body[at] = byte;
        }
        if let Ok(read) = whole(&body, &around) {
            drop(prescan(&read));
        }
    }
}
