//! Documents one by one: what is written and refused, signatures, twins, history.

use automerge::{
    ActorId, Automerge, ObjId, ObjType, ROOT, ReadDoc as _, ScalarValue,
    transaction::{Transactable as _, Transaction},
};
use cairn::{
    chart::{Coded, Edit, Kind, Note, Origin, Part, Record, Signature},
    doc::{Doc, Error, Past, Refusal, prescan, text_hash},
    ids::{Hash, RecordId, UserId},
    seal::hash,
};

use crate::{
    merge::{Machine, edit, pair_with, records},
    poison::{body, chunk},
    samples::{self, Variant},
};

const ID: RecordId = RecordId::from_bytes([0x77; 16]);

fn full(kind: Kind) -> Record {
    samples::full(kind, ID, Origin::Own, Variant::One)
}

fn machine_with(kind: Kind) -> Machine {
    let mut machine = Machine::new(samples::part(kind), 1);
    machine.add(&full(kind));
    machine
}

#[test]
fn one_save_is_one_plain_change_of_its_session() {
    for kind in Kind::ALL {
        let mut machine = machine_with(kind);
        machine.change(kind, ID, |it| it.entry_mut().remark.0.push('!'));
        for (change, seq) in machine.wrote.iter().zip(1..) {
            let scan = prescan(change).unwrap();
            assert_eq!((scan.actor, scan.seq), ([1; 16], seq), "{kind:?}");
            assert_eq!(scan.deps.len() as u64, seq - 1, "{kind:?}");
        }
        let last = prescan(&machine.wrote[1]).unwrap();
        assert_eq!(last.at, machine.stamp.at);
        assert!(
            last.operations <= 2,
            "{kind:?}: {} operations",
            last.operations
        );
    }
}

#[test]
fn what_changes_nothing_writes_nothing() {
    let mut machine = machine_with(Kind::Visit);
    let heads = machine.doc.heads();
    let record = full(Kind::Visit);
    machine.add(&samples::full(Kind::Visit, ID, Origin::Own, Variant::Two));
    machine.write(&[Edit::change(record.clone(), record)]);
    assert_eq!(machine.wrote.len(), 1);
    assert_eq!(machine.doc.heads(), heads);
}

#[test]
fn a_save_that_fails_leaves_the_document_as_it_was() {
    let mut machine = machine_with(Kind::Visit);
    let before = machine.view();
    let add = Edit::add(samples::full(Kind::Note, ID, Origin::Own, Variant::One));
    let missing = samples::full(Kind::Note, samples::id(9), Origin::Own, Variant::One);
    let mut check = |edit: Edit, expected: &str| {
        let error = machine.doc.write(&[add.clone(), edit], machine.stamp);
        assert_eq!(error.unwrap_err().to_string(), expected);
        assert!(machine.view() == before);
    };
    let id = samples::id(9);
    check(
        Edit::change(missing.clone(), missing),
        &format!("no notes {id} in this document"),
    );
    check(
        Edit::add(full(Kind::Allergy)),
        "allergies belong into another document",
    );
    let mut long = full(Kind::Visit);
    edit!(Visit, |it| it.place = "x".repeat(2_000_000))(&mut long);
    check(
        Edit::change(full(Kind::Visit), long),
        "more than one change can hold",
    );
}

#[test]
fn a_save_that_others_would_refuse_is_not_written() {
    let base = machine_with(Kind::Visit);
    let mut crowd = base.clone();
    for number in 0..300_u64 {
        let mut other = base.copy(2);
        other.stamp.actor[..8].copy_from_slice(&number.to_be_bytes());
        let id = samples::id(number);
        other.add(&samples::full(Kind::Visit, id, Origin::Own, Variant::One));
        crowd.wrote.append(&mut other.wrote);
    }
    assert_eq!(crowd.doc.apply(&crowd.wrote).applied.len(), 301);
    let heads = crowd.doc.heads();
    assert_eq!(heads.len(), 300);
    let add = Edit::add(full(Kind::Note));
    let error = crowd.doc.write(&[add], crowd.stamp).unwrap_err();
    assert_eq!(error.to_string(), "more than one change can hold");
    assert_eq!(crowd.doc.heads(), heads);
}

#[test]
fn a_text_too_long_to_be_kept_by_letters_is_kept_whole() {
    let mut machine = Machine::new(Part::Visits, 1);
    let mut note = full(Kind::Note);
    let text = "ሀ".repeat(100_000);
    edit!(Note, |it| it.sections[0].text = text.clone())(&mut note);
    machine.add(&note);
    assert!(machine.record(Kind::Note, ID) == note);
}

#[test]
fn the_newest_comes_first_and_what_was_taken_together_in_its_order() {
    let mut machine = Machine::new(Part::Visits, 1);
    for (number, when) in [
        (1, "2024"),
        (2, "2025-03"),
        (3, "2025-03"),
        (4, "2024-12-31"),
    ] {
        let mut record = samples::full(
            Kind::Observation,
            samples::id(number),
            Origin::Own,
            Variant::One,
        );
        edit!(Observation, |it| it.when = Some(when.parse().unwrap()))(&mut record);
        machine.add(&record);
    }
    let cairn::doc::View::Visits(visits) = machine.view().view else {
        panic!("another view");
    };
    let ids: Vec<RecordId> = visits.observations.iter().map(|it| it.entry.id).collect();
    assert_eq!(ids, [2, 3, 4, 1].map(samples::id));
}

fn note_of(machine: &Machine) -> Note {
    let Record::Note(note) = machine.record(Kind::Note, ID) else {
        panic!("another kind");
    };
    note
}

fn signature(note: &Note, heads: Vec<Hash>) -> Signature {
    Signature {
        by: UserId::from_bytes([5; 16]),
        at: "2025-03-04T11:00:00+03:00".parse().unwrap(),
        text: text_hash(note, hash),
        heads,
    }
}

#[test]
fn a_signed_note_is_shown_as_signed_and_a_later_text_as_a_version() {
    for together in [true, false] {
        let mut machine = machine_with(Kind::Note);
        let heads = if together {
            Vec::new()
        } else {
            machine.doc.heads()
        };
        machine.change(
            Kind::Note,
            ID,
            edit!(Note, |it| {
                it.signed = Some(signature(it, heads.clone()));
            }),
        );
        let signed = note_of(&machine);
        let heads = signed.signed.as_ref().unwrap().heads.clone();
        assert_eq!(heads.len(), 1);
        assert!(machine.view().view.versions().is_empty());
        assert_eq!(machine.view().signers, [(ID, [1; 16])].into());
        let mut other = machine.copy(2);
        other.change(
            Kind::Note,
            ID,
            edit!(Note, |it| {
                it.sections[0].text.push_str(" and more");
            }),
        );
        machine.hear(&other);
        let view = machine.view();
        assert!(note_of(&machine) == signed);
        let [dispute] = view.view.versions() else {
            panic!("one version expected");
        };
        assert_eq!(dispute.field, "sec");
        let values: Vec<bool> = dispute
            .versions
            .iter()
            .map(|it| it.value.contains("and more"))
            .collect();
        assert_eq!(values, [false, true]);
        assert_eq!(dispute.versions[1].at, other.stamp.at);
        assert_eq!(view.writers, [[[1; 16], [2; 16]]]);
        let then = machine.doc.note_at(&heads, ID).unwrap();
        assert!(then.sections == signed.sections);
        assert!(
            machine
                .doc
                .note_at(&[Hash::from_bytes([1; 32])], ID)
                .is_none()
        );
    }
}

#[test]
fn a_signature_that_fits_no_text_is_taken_off() {
    let mut machine = machine_with(Kind::Note);
    machine.change(
        Kind::Note,
        ID,
        edit!(Note, |it| {
            let mut forged = signature(it, Vec::new());
            forged.text = Hash::from_bytes([9; 32]);
            it.signed = Some(forged);
        }),
    );
    assert!(note_of(&machine).signed.is_none());
    let problems = machine.view().problems;
    assert_eq!(
        problems,
        [format!("notes {ID}: the signature fits no text")]
    );
}

/// A record, two changes of it by one session that was cloned, and a change that follows
/// each of the two.
fn twins() -> [Vec<u8>; 5] {
    let (one, two, id) = pair_with(Kind::Person);
    let base = one.wrote[0].clone();
    let phone = |phone: &'static str| {
        let mut machine = Machine {
            wrote: Vec::new(),
            ..one.clone()
        };
        let set = edit!(Person, |it| phone.clone_into(&mut it.phone));
        machine.change(Kind::Person, id, set);
        machine
    };
    let [first, second] = ["0700", "0711"].map(phone);
    let follow = |machine: &Machine, number: u8| {
        let mut other = two.copy(number);
        other.hear(machine);
        let set = edit!(Person, |it| it.payer = format!("follows {number}"));
        other.change(Kind::Person, id, set);
        other.wrote.remove(0)
    };
    let (third, fourth) = (follow(&first, 3), follow(&second, 4));
    let [twin] = first.wrote.try_into().unwrap();
    let [other] = second.wrote.try_into().unwrap();
    [base, twin, other, third, fourth]
}

fn orders(of: usize) -> Vec<Vec<usize>> {
    if of == 0 {
        return vec![Vec::new()];
    }
    let shorter = orders(of - 1);
    let insert = |at: usize| {
        shorter.iter().map(move |it| {
            let mut order = it.clone();
            order.insert(at, of - 1);
            order
        })
    };
    (0..of).flat_map(insert).collect()
}

#[test]
fn of_twins_the_lower_hash_counts_whatever_came_first() {
    let changes = twins();
    let mut ends = Vec::new();
    for order in orders(changes.len()) {
        let mut doc = Doc::new(Part::Identity);
        let mut held = Vec::new();
        let mut outcome = cairn::doc::Applied::default();
        for at in &order {
            held.push(changes[*at].clone());
            outcome = doc.apply(&held);
        }
        while !outcome.ousted.is_empty() {
            outcome = doc.apply(&held);
        }
        let refused: Vec<usize> =
            outcome.refused.iter().map(|(at, _)| order[*at]).collect();
        let waiting: Vec<usize> = outcome.waiting.iter().map(|at| order[*at]).collect();
        assert_eq!(outcome.applied.len(), 3, "{order:?}");
        assert_eq!(
            waiting,
            [refused[0] + 2],
            "{order:?}: what follows the twin waits"
        );
        assert_eq!(outcome.refused[0].1, Refusal::Twin);
        ends.push((doc.heads(), refused));
    }
    let (heads, refused) = ends[0].clone();
    assert!(
        ends.iter()
            .all(|it| *it == (heads.clone(), refused.clone()))
    );
    let hash_of = |at: usize| {
        let mut doc = Doc::new(Part::Identity);
        doc.apply(&[changes[0].clone(), changes[at].clone()]);
        doc.heads()[0]
    };
    assert_eq!(refused, [if hash_of(1) < hash_of(2) { 2 } else { 1 }]);
}

#[test]
fn what_a_machine_wrote_is_taken_again_whole_or_not_at_all() {
    let mut machine = machine_with(Kind::Visit);
    machine.change(Kind::Visit, ID, |it| it.entry_mut().in_error = true);
    let mut doc = Doc::new(Part::Visits);
    assert!(!doc.take_again(&machine.wrote[1..]), "the first is missing");
    assert!(!doc.take_again(&[machine.wrote[0].clone(), vec![0; 80]]));
    assert!(doc.heads().is_empty(), "nothing of it was taken");
    assert!(doc.take_again(&machine.wrote));
    assert_eq!(doc.heads(), machine.doc.heads());
    assert!(doc.take_again(&machine.wrote), "a second time is no harm");
    assert_eq!(doc.heads(), machine.doc.heads());
}

#[test]
fn a_change_that_does_not_follow_what_it_names_is_refused() {
    let mut machine = machine_with(Kind::Visit);
    machine.change(Kind::Visit, ID, |it| it.entry_mut().in_error = true);
    let [first, second] = machine.wrote.as_slice() else {
        panic!("two changes expected");
    };
    let scan = prescan(second).unwrap();
    // One dep, the actor, its second change, and the number of the first operation.
    let (dep, rest) = body(second)[1..].split_at(32);
    let (actor, rest) = rest.split_at(17);
    let operations = &rest[2..];
    assert_eq!(rest[..2], [2, u8::try_from(scan.start_op).unwrap()]);
    let jumps = [&[1], dep, actor, &[2, rest[1] + 1], operations].concat();
    let forgets_itself = [&[0], actor, &[2, 1], operations].concat();
    for wrong in [jumps, forgets_itself] {
        let mut doc = Doc::new(Part::Visits);
        let outcome = doc.apply(&[first.clone(), chunk(1, &wrong)]);
        assert_eq!(outcome.refused, [(1, Refusal::OutOfOrder)]);
        assert_eq!(outcome.applied, [0]);
    }
}

#[test]
fn a_change_that_takes_a_record_away_is_refused() {
    let base = machine_with(Kind::Allergy);
    let key = format!("allergies/{ID}");
    let refuse = |hostile: &dyn Fn(&mut Transaction<'_>, ObjId)| {
        let mut doc = Automerge::load(&base.doc.save()).unwrap();
        doc.set_actor(ActorId::from([6; 16]));
        let map = doc.get(ROOT, &key).unwrap().unwrap().1;
        let mut tx = doc.transaction();
        hostile(&mut tx, map);
        tx.commit();
        let change = doc.get_last_local_change().unwrap().raw_bytes().to_vec();
        let mut machine = base.clone();
        let outcome = machine.doc.apply(&[change]);
        assert!(matches!(outcome.refused[..], [(0, Refusal::Foreign(_))]));
        assert!(machine.view() == base.view());
    };
    refuse(&|tx, _| tx.delete(ROOT, &key).unwrap());
    refuse(&|tx, _| tx.put(ROOT, &key, 5_u64).unwrap());
    refuse(&|tx, _| drop(tx.put_object(ROOT, &key, ObjType::Map).unwrap()));
    refuse(&|tx, _| drop(tx.put_object(ROOT, "allergies/1/x", ObjType::Map).unwrap()));
    refuse(&|tx, map| drop(tx.put_object(map, "rem", ObjType::Text).unwrap()));
    refuse(&|tx, map| drop(tx.put_object(map, "new", ObjType::Map).unwrap()));
    refuse(&|tx, map| drop(tx.put_object(map, "new", ObjType::List).unwrap()));
    refuse(&|tx, map| tx.put(map, "code", ScalarValue::counter(3)).unwrap());
    refuse(&|tx, map| tx.put(map, "code", 1.5).unwrap());
}

#[test]
fn history_says_who_changed_what_from_what_to_what() {
    let mut machine = Machine::new(Part::Summary, 1);
    let mut record = samples::full(Kind::Plan, ID, Origin::Own, Variant::One);
    edit!(Plan, |it| it.activities.clear())(&mut record);
    machine.add(&record);
    let mut other = machine.copy(2);
    other.change(
        Kind::Plan,
        ID,
        edit!(Plan, |it| {
            it.status = "revoked".to_owned();
            it.entry.remark.0.push_str(" – done");
            it.activities.push(Coded::text("walk"));
        }),
    );
    let past = other.doc.history();
    let [made, changed] = past.as_slice() else {
        panic!("two changes expected");
    };
    assert_eq!((made.actor, made.at), ([1; 16], machine.stamp.at));
    assert_eq!((changed.actor, changed.at), ([2; 16], other.stamp.at));
    let said = |past: &Past| {
        let mut lines: Vec<String> = past
            .changes
            .iter()
            .map(|it| {
                let word = |it: &Option<String>| it.clone().unwrap_or("-".to_owned());
                format!("{}: {} > {}", it.field, word(&it.old), word(&it.new))
            })
            .collect();
        lines.sort();
        lines
    };
    let slot = other.stamp.at.0 << 16 | 0x0202;
    assert_eq!(
        said(changed),
        [
            format!("act.{slot}: - > walk"),
            "rem: first remark ናሙና > first remark ናሙና – done".to_owned(),
            "status: first status ናሙና > revoked".to_owned(),
        ]
    );
    let made = said(made);
    assert!(made.contains(&": - > -".to_owned()));
    assert!(made.contains(&"rem: - > first remark ናሙና".to_owned()));
    assert!(made.contains(&"start: - > 2024-02".to_owned()));
    assert!(
        past[0]
            .changes
            .iter()
            .all(|it| (it.kind, it.record) == (Kind::Plan, ID))
    );
}

#[test]
fn a_damaged_snapshot_is_an_error() {
    let whole = machine_with(Kind::Visit).doc.save();
    for cut in 0..whole.len() {
        let loaded = Doc::load(Part::Visits, &whole[..cut]);
        assert!(
            cut == 0 || matches!(loaded, Err(Error::Damaged)),
            "cut at {cut}"
        );
    }
}

#[test]
fn nothing_of_a_person_is_in_what_a_log_may_show() {
    let mut machine = machine_with(Kind::Person);
    machine.change(
        Kind::Person,
        ID,
        edit!(Person, |it| it.phone = "0700".to_owned()),
    );
    let shown = format!(
        "{:?} {:?} {:?}",
        machine.doc,
        machine.view(),
        machine.doc.history()
    );
    for secret in ["first", "ናሙና", "0700", "1987"] {
        assert!(!shown.contains(secret), "{shown}");
    }
    assert_eq!(records(&machine.view().view).len(), 1);
}
