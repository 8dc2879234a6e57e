//! Facts that two people set apart from each other: what stood there before, and one value
//! for all by one signed change that names what was seen.

use cairn::{
    chart::{Choice, Disagreement, Edit, Kind, MedStatus, Record},
    doc::Error,
    ids::{Hash, RecordId},
};

use crate::{
    merge::{Machine, edit, meet, pair_with},
    samples,
};

fn apart(machine: &Machine, field: &str) -> Option<Disagreement> {
    let view = machine.view().view;
    view.versions().iter().find(|it| it.field == field).cloned()
}

fn values(machine: &Machine, field: &str) -> Vec<String> {
    let versions = apart(machine, field).map(|it| it.versions);
    let versions = versions.unwrap_or_default().into_iter();
    versions.map(|it| it.value).collect()
}

/// One machine stopped the drug while the other changed its dose twice and went on with it.
fn drug() -> (Machine, Machine, RecordId) {
    let (mut one, mut two, id) = pair_with(Kind::Medication);
    let kind = Kind::Medication;
    one.change(
        kind,
        id,
        edit!(Medication, |it| it.status = MedStatus::Stopped),
    );
    two.change(
        kind,
        id,
        edit!(Medication, |it| "2".clone_into(&mut it.dose)),
    );
    two.change(
        kind,
        id,
        edit!(Medication, |it| {
            "3".clone_into(&mut it.dose);
            it.status = MedStatus::Active;
        }),
    );
    one.change(
        kind,
        id,
        edit!(Medication, |it| "4".clone_into(&mut it.dose)),
    );
    meet(&mut one, &mut two);
    (one, two, id)
}

fn settle(
    machine: &mut Machine,
    (kind, id): (Kind, RecordId),
    field: &str,
    (seen, choice): (Vec<Hash>, Choice),
) -> Result<(), Error> {
    machine.stamp.at = machine.stamp.at.plus_ms(1000);
    let edit = Edit::Settle {
        record: Box::new(machine.record(kind, id)),
        field: field.to_owned(),
        seen,
        choice,
    };
    let change = machine.doc.write(&[edit], machine.stamp)?;
    machine.wrote.push(change.unwrap());
    Ok(())
}

#[test]
fn what_stood_there_before_both_is_told() {
    let (one, two, _) = drug();
    let before = |field: &str| {
        let [here, there] = [&one, &two].map(|it| apart(it, field).unwrap());
        assert_eq!(here, there);
        here.before.unwrap()
    };
    assert_eq!(before("status"), "on-hold");
    assert_eq!(before("dose"), "first dose ናሙና");
    // Of a record that two people began apart there was nothing before.
    let (mut one, mut two) = crate::merge::pair(samples::part(Kind::Person));
    let [first, second] = [samples::Variant::One, samples::Variant::Two];
    let own = cairn::chart::Origin::Own;
    for (machine, which) in [(&mut one, first), (&mut two, second)] {
        machine.add(&samples::full(
            Kind::Person,
            samples::id(5),
            own.clone(),
            which,
        ));
    }
    meet(&mut one, &mut two);
    assert_eq!(apart(&one, "phone").unwrap().before, None);
}

#[test]
fn what_was_written_over_a_value_that_nobody_saw_there_stands_beside_it() {
    for kind in [Kind::Medication, Kind::Person] {
        let (mut one, mut two, id) = pair_with(kind);
        let saw = two.record(kind, id);
        let mut meant = saw.clone();
        let (field, elsewhere, here) = if let Record::Medication(it) = &mut meant {
            "2".clone_into(&mut it.dose);
            one.change(
                kind,
                id,
                edit!(Medication, |it| "3".clone_into(&mut it.dose)),
            );
            ("dose", "3", "2")
        } else {
            edit!(Person, |it| "0700".clone_into(&mut it.phone))(&mut meant);
            one.change(
                kind,
                id,
                edit!(Person, |it| "0711".clone_into(&mut it.phone)),
            );
            ("phone", "0711", "0700")
        };
        // It comes while the form is open.
        meet(&mut one, &mut two);
        two.stamp.at = two.stamp.at.plus_ms(1000);
        let edit = Edit::change(saw.clone(), meant.clone());
        let change = two
            .doc
            .write(std::slice::from_ref(&edit), two.stamp)
            .unwrap();
        two.wrote.push(change.unwrap());
        assert_eq!(values(&two, field), [here, elsewhere]);
        meet(&mut one, &mut two);
        assert_eq!(values(&one, field), [here, elsewhere]);
        // Who has seen what stands there writes over all of it.
        let now = two.record(kind, id);
        two.stamp.at = two.stamp.at.plus_ms(1000);
        let change = two.doc.write(&[Edit::change(now, saw)], two.stamp).unwrap();
        two.wrote.push(change.unwrap());
        meet(&mut one, &mut two);
        assert_eq!(values(&one, field), Vec::<String>::new());
    }
}

#[test]
fn a_decision_leaves_one_value_on_every_machine_and_the_others_in_the_history() {
    let key = Kind::Medication;
    for keep in 0..2 {
        let (mut one, mut two, id) = drug();
        let seen = apart(&one, "status").unwrap();
        let kept = seen.versions[keep].clone();
        let choice = Choice::Keep(kept.change);
        settle(&mut one, (key, id), "status", (seen.seen(), choice)).unwrap();
        meet(&mut one, &mut two);
        for machine in [&one, &two] {
            assert_eq!(values(machine, "status"), Vec::<String>::new());
            let [(change, value)] = &machine.doc.values(key, id, "status")[..] else {
                panic!("one value");
            };
            assert_eq!(*value, kept.value);
            // Whoever decided wrote it, also where it stood there already.
            assert_ne!(*change, kept.change);
            let history = machine.doc.history();
            let last = history.iter().find(|it| it.hash == *change).unwrap();
            let [field] = &last.changes[..] else {
                panic!("{:?}", last.changes);
            };
            assert_eq!(field.new.as_ref(), Some(&kept.value));
            let old = field.old.as_ref().unwrap();
            assert!(old.contains("stopped") && old.contains("active"), "{old}");
            // Nothing else was decided.
            assert_eq!(values(machine, "dose").len(), 2);
        }
    }
}

#[test]
fn a_decision_is_taken_back_by_the_next_one() {
    let (mut one, _, id) = drug();
    let at = (Kind::Medication, id);
    let seen = apart(&one, "dose").unwrap();
    let [shown, other] = [0, 1].map(|it| seen.versions[it].clone());
    let choice = Choice::Keep(other.change);
    settle(&mut one, at, "dose", (seen.seen(), choice)).unwrap();
    let now = |one: &Machine| one.doc.values(at.0, at.1, "dose");
    assert_eq!(now(&one)[0].1, other.value);
    // What was shown before stands no longer, and is still known.
    let back = (vec![now(&one)[0].0], Choice::Keep(shown.change));
    settle(&mut one, at, "dose", back).unwrap();
    assert_eq!(now(&one)[0].1, shown.value);
}

#[test]
fn a_decision_about_other_values_than_those_that_stand_is_refused() {
    let (mut one, mut two, id) = drug();
    let at = (Kind::Medication, id);
    let seen = apart(&one, "dose").unwrap();
    two.change(
        at.0,
        id,
        edit!(Medication, |it| "5".clone_into(&mut it.dose)),
    );
    one.hear(&two);
    let before = one.doc.heads();
    let choice = Choice::Keep(seen.versions[0].change);
    let refused = settle(&mut one, at, "dose", (seen.seen(), choice));
    assert!(matches!(refused, Err(Error::Changed)));
    let stranger = Choice::Keep(Hash::from_bytes([9; 32]));
    let now = apart(&one, "status").unwrap().seen();
    let refused = settle(&mut one, at, "status", (now, stranger));
    assert!(matches!(refused, Err(Error::NoValue(_))));
    assert_eq!(one.doc.heads(), before);
}

#[test]
fn another_value_is_taken_if_the_field_can_hold_it() {
    let (mut one, _, id) = drug();
    let at = (Kind::Medication, id);
    let mut check = |field: &str, typed: &str, taken: bool| {
        let now = one.doc.values(at.0, id, field).into_iter();
        let seen = now.map(|(change, _)| change).collect();
        let choice = Choice::Write(typed.to_owned());
        let done = settle(&mut one, at, field, (seen, choice));
        assert_eq!(done.is_ok(), taken, "{field} {typed}");
        if taken {
            assert_eq!(one.doc.values(at.0, id, field)[0].1, typed.trim());
        }
    };
    check("dose", " 2 tablets ", true);
    check("status", "sometimes", false);
    check("status", "cancelled", true);
    check("start", "tomorrow", false);
    check("start", "2024-05", true);
    check("prn", "perhaps", false);
    check("prn", "false", true);
    // Free text merges by itself, and who wrote a record stands for ever.
    check("instr", "at night", false);
    check("e", "", false);
}

#[test]
fn two_who_decide_alike_apart_agree_and_otherwise_their_decisions_are_versions() {
    for alike in [true, false] {
        let (mut one, mut two, id) = drug();
        let at = (Kind::Medication, id);
        let seen = apart(&one, "dose").unwrap();
        let other = usize::from(!alike);
        for (machine, keep) in [(&mut one, 0), (&mut two, other)] {
            let choice = Choice::Keep(seen.versions[keep].change);
            settle(machine, at, "dose", (seen.seen(), choice)).unwrap();
        }
        meet(&mut one, &mut two);
        assert_eq!(values(&one, "dose"), values(&two, "dose"));
        assert_eq!(values(&one, "dose").len(), if alike { 0 } else { 2 });
        let before = apart(&one, "dose").and_then(|it| it.before);
        let shown = (!alike).then(|| seen.versions[0].value.clone());
        assert_eq!(before, shown);
    }
}
