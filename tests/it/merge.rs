//! Documents written apart and merged: the same chart on every machine, in any order, with
//! every entry and every version.

use std::collections::{BTreeMap, BTreeSet};

use cairn::{
    chart::{Clinical, Disagreement, Edit, Kind, Part, Record, Section, Severity},
    doc::{Doc, Projection, Stamp, View},
    ids::RecordId,
    seal::hash,
    time::Timestamp,
};

use crate::samples::{self, Variant};

/// A machine with one document, and all that it wrote.
#[derive(Clone)]
pub(crate) struct Machine {
    pub(crate) doc: Doc,
    pub(crate) stamp: Stamp,
    pub(crate) wrote: Vec<Vec<u8>>,
}

impl Machine {
    pub(crate) fn new(part: Part, number: u8) -> Self {
        Self {
            doc: Doc::new(part),
            stamp: Stamp {
                actor: [number; 16],
                at: Timestamp(1_700_000_000_000 + i64::from(number)),
            },
            wrote: Vec::new(),
        }
    }

    /// Another machine that has heard everything.
    pub(crate) fn copy(&self, number: u8) -> Self {
        let mut copy = Self::new(self.doc.part(), number);
        copy.doc = self.doc.clone();
        copy.stamp.at = self.stamp.at.plus_ms(1);
        copy
    }

    pub(crate) fn write(&mut self, edits: &[Edit]) {
        self.stamp.at = self.stamp.at.plus_ms(1000);
        let change = self.doc.write(edits, self.stamp).unwrap();
        self.wrote.extend(change);
    }

    pub(crate) fn add(&mut self, record: &Record) {
        self.write(&[Edit::add(record.clone())]);
    }

    pub(crate) fn hear(&mut self, other: &Self) {
        let outcome = self.doc.apply(&other.wrote);
        assert_eq!(outcome.applied.len(), other.wrote.len());
    }

    pub(crate) fn view(&self) -> Projection {
        self.doc.project(hash)
    }

    pub(crate) fn record(&self, kind: Kind, id: RecordId) -> Record {
        records(&self.view().view).remove(&(kind, id)).unwrap()
    }

    pub(crate) fn change(&mut self, kind: Kind, id: RecordId, how: impl Fn(&mut Record)) {
        let before = self.record(kind, id);
        let mut after = before.clone();
        how(&mut after);
        self.write(&[Edit::change(before, after)]);
    }
}

/// All records of a view.
pub(crate) fn records(view: &View) -> BTreeMap<(Kind, RecordId), Record> {
    let records = view.clone().into_records().into_iter();
    records.map(|it| ((it.kind(), it.entry().id), it)).collect()
}

/// The values of a field in dispute, the shown one first.
fn versions(machine: &Machine, field: &str) -> Vec<String> {
    let view = machine.view();
    let of = view.view.versions().iter().find(|it| it.field == field);
    let values = of.map(|it| it.versions.iter().map(|it| it.value.clone()).collect());
    values.unwrap_or_default()
}

/// Lets two machines hear each other, and checks that they show the same.
pub(crate) fn meet(one: &mut Machine, two: &mut Machine) {
    one.hear(two);
    two.hear(one);
    assert!(one.view() == two.view());
    assert_eq!(one.doc.heads(), two.doc.heads());
}

const ONE: Variant = Variant::One;
const TWO: Variant = Variant::Two;

#[test]
fn a_full_record_of_every_kind_reads_back_exactly() {
    for kind in Kind::ALL {
        for (origin, which) in [
            (cairn::chart::Origin::Own, ONE),
            (cairn::chart::Origin::Own, TWO),
            (samples::imported(), ONE),
            (samples::imported(), TWO),
        ] {
            let record = samples::full(kind, samples::id(5), origin, which);
            let mut machine = Machine::new(samples::part(kind), 1);
            machine.add(&record);
            machine.doc = Doc::load(machine.doc.part(), &machine.doc.save()).unwrap();
            let view = machine.view();
            let read = records(&view.view);
            assert!(
                read == [((kind, samples::id(5)), record)].into(),
                "{kind:?}"
            );
            assert_eq!(view.problems, [""; 0], "{kind:?}");
            assert!(view.view.versions().is_empty(), "{kind:?}");
        }
    }
}

#[test]
fn every_kind_first_made_on_two_machines_at_once_is_readable_on_both() {
    let own = cairn::chart::Origin::Own;
    for kind in Kind::ALL.into_iter().filter(|it| *it != Kind::Person) {
        let make = |number, origin| samples::full(kind, samples::id(number), origin, ONE);
        let (mut one, mut two) = pair(samples::part(kind));
        one.add(&make(1, own.clone()));
        one.add(&make(2, samples::imported()));
        two.add(&make(3, own.clone()));
        two.add(&make(4, samples::imported()));
        meet(&mut one, &mut two);
        let ids: Vec<RecordId> = records(&one.view().view)
            .keys()
            .map(|(_, id)| *id)
            .collect();
        let all: Vec<RecordId> = (1..=4).map(samples::id).collect();
        assert_eq!(ids, all, "{kind:?}");
        assert_eq!(one.view().problems, [""; 0], "{kind:?}");
    }
}

/// What is in dispute of a record that two machines made with different values.
#[track_caller]
fn made_twice(kind: Kind) -> Vec<Disagreement> {
    let id = samples::id(5);
    let make = |which| samples::full(kind, id, samples::imported(), which);
    let (mut one, mut two) = pair(samples::part(kind));
    one.add(&make(ONE));
    two.add(&make(TWO));
    one.change(kind, id, |it| it.entry_mut().remark.0.push_str(" more"));
    two.change(kind, id, |it| it.entry_mut().in_error = false);
    meet(&mut one, &mut two);
    let view = one.view();
    assert_eq!(records(&view.view).len(), 1, "{kind:?}");
    assert_eq!(view.problems, [""; 0], "{kind:?}");
    let remark = view
        .view
        .versions()
        .iter()
        .find(|it| it.field == "rem")
        .unwrap();
    let remarks: BTreeSet<&str> =
        remark.versions.iter().map(|it| it.value.as_str()).collect();
    assert_eq!(
        remarks,
        ["first remark ናሙና more", "second remark ናሙና"].into()
    );
    let both = |it: &Disagreement| it.versions.len() == 2 && it.record == id;
    assert!(view.view.versions().iter().all(both), "{kind:?}");
    view.view.versions().to_vec()
}

#[test]
fn a_record_with_a_computed_id_made_apart_keeps_both_values_of_every_field() {
    let fields = |kind| {
        let versions = made_twice(kind);
        let fields: BTreeSet<String> = versions.into_iter().map(|it| it.field).collect();
        fields.into_iter().collect::<Vec<_>>().join(" ")
    };
    assert_eq!(
        fields(Kind::Person),
        "address birth contacts.0 deceased district ids.0 language names.0 names.1 \
         others.0 payer phone phone2 rem repl sex village"
    );
    assert_eq!(fields(Kind::Provider), "name phone rem repl");
    assert_eq!(fields(Kind::NoKnownAllergies), "rem repl");
    assert_eq!(
        fields(Kind::Allergy),
        "cat clin code crit onset react.0.m react.0.sev react.1.m react.1.sev rem repl ver"
    );
    for kind in Kind::ALL {
        assert!(!fields(kind).is_empty(), "{kind:?}");
    }
}

pub(crate) fn pair(part: Part) -> (Machine, Machine) {
    (Machine::new(part, 1), Machine::new(part, 2))
}

/// Two machines that hold one record.
pub(crate) fn pair_with(kind: Kind) -> (Machine, Machine, RecordId) {
    let id = samples::id(5);
    let own = cairn::chart::Origin::Own;
    let mut one = Machine::new(samples::part(kind), 1);
    one.add(&samples::full(kind, id, own, ONE));
    let two = one.copy(2);
    (one, two, id)
}

macro_rules! edit {
    ($kind:ident, |$it:ident| $how:expr) => {
        |record: &mut cairn::chart::Record| match record {
            cairn::chart::Record::$kind($it) => $how,
            _ => panic!("another kind"),
        }
    };
}
pub(crate) use edit;

#[test]
fn a_field_set_apart_shows_one_value_on_all_and_keeps_the_other() {
    let (mut one, mut two, id) = pair_with(Kind::Person);
    one.change(
        Kind::Person,
        id,
        edit!(Person, |it| it.phone = "0700".to_owned()),
    );
    two.change(
        Kind::Person,
        id,
        edit!(Person, |it| it.phone = "0711".to_owned()),
    );
    two.change(
        Kind::Person,
        id,
        edit!(Person, |it| it.payer = "ministry".to_owned()),
    );
    meet(&mut one, &mut two);
    assert_eq!(versions(&one, "phone"), ["0711", "0700"]);
    assert_eq!(one.view().view.versions().len(), 1);
    assert_eq!(one.view().writers, [[[2; 16], [1; 16]]]);
}

#[test]
fn an_emptied_field_stays_a_version_beside_what_another_wrote() {
    let (mut one, mut two, id) = pair_with(Kind::Problem);
    one.change(Kind::Problem, id, edit!(Problem, |it| it.abated = None));
    two.change(
        Kind::Problem,
        id,
        edit!(Problem, |it| it.abated = Some("2020".parse().unwrap())),
    );
    meet(&mut one, &mut two);
    assert_eq!(versions(&one, "abated"), ["2020", ""]);
}

#[test]
fn the_more_careful_value_is_shown() {
    let (mut one, mut two, id) = pair_with(Kind::Allergy);
    one.change(
        Kind::Allergy,
        id,
        edit!(Allergy, |it| it.clinical = Clinical::Recurrence),
    );
    two.change(
        Kind::Allergy,
        id,
        edit!(Allergy, |it| {
            it.clinical = Clinical::Resolved;
            it.reactions[0].severity = Some(Severity::Moderate);
        }),
    );
    one.change(
        Kind::Allergy,
        id,
        edit!(Allergy, |it| {
            it.reactions[0].severity = Some(Severity::Mild);
        }),
    );
    meet(&mut one, &mut two);
    assert_eq!(versions(&one, "clin"), ["recurrence", "resolved"]);
    assert_eq!(versions(&one, "react.0.sev"), ["moderate", "mild"]);
}

#[test]
fn a_person_settles_a_dispute_by_changing_the_other_value_to_the_right_one() {
    for right in ["0700", "0711"] {
        let (mut one, mut two, id) = pair_with(Kind::Person);
        one.change(
            Kind::Person,
            id,
            edit!(Person, |it| it.phone = "0700".to_owned()),
        );
        two.change(
            Kind::Person,
            id,
            edit!(Person, |it| it.phone = "0711".to_owned()),
        );
        meet(&mut one, &mut two);
        let shown = one.record(Kind::Person, id);
        let with = |phone: &str| {
            let mut record = shown.clone();
            edit!(Person, |it| it.phone = phone.to_owned())(&mut record);
            record
        };
        let other = if right == "0700" { "0711" } else { "0700" };
        let decision = Edit::change(with(other), with(right));
        one.write(&[decision]);
        meet(&mut one, &mut two);
        assert_eq!(versions(&two, "phone"), [""; 0]);
        assert!(two.record(Kind::Person, id) == with(right));
    }
}

#[test]
fn what_two_people_typed_in_one_section_is_all_there() {
    let (mut one, mut two, id) = pair_with(Kind::Note);
    one.change(
        Kind::Note,
        id,
        edit!(Note, |it| it.sections[0].text.push_str(" and cough")),
    );
    two.change(
        Kind::Note,
        id,
        edit!(Note, |it| it.sections[0].text.insert_str(0, "Fever, ")),
    );
    one.change(
        Kind::Note,
        id,
        edit!(Note, |it| it.sections[1].text = "pale".to_owned()),
    );
    two.change(
        Kind::Note,
        id,
        edit!(Note, |it| it.sections[1].text = "thin".to_owned()),
    );
    meet(&mut one, &mut two);
    let Record::Note(note) = one.record(Kind::Note, id) else {
        panic!("another kind");
    };
    assert_eq!(note.sections[0].text, "Fever, first text ናሙና and cough");
    let second = &note.sections[1].text;
    assert!(second.contains("pale") && second.contains("thin"));
}

#[test]
fn a_text_saved_over_what_came_meanwhile_keeps_it() {
    let (mut one, mut two, id) = pair_with(Kind::Note);
    let seen = one.record(Kind::Note, id);
    two.change(
        Kind::Note,
        id,
        edit!(Note, |it| it.sections[0].text.insert_str(0, "Fever, ")),
    );
    one.hear(&two);
    let mut after = seen.clone();
    edit!(Note, |it| it.sections[0].text.push_str(" and cough"))(&mut after);
    one.write(&[Edit::change(seen, after)]);
    let Record::Note(note) = one.record(Kind::Note, id) else {
        panic!("another kind");
    };
    assert_eq!(note.sections[0].text, "Fever, first text ናሙና and cough");
}

#[test]
fn items_added_to_a_list_at_once_are_both_there() {
    let (mut one, mut two, id) = pair_with(Kind::Note);
    let section = |name: &str| Section {
        name: name.to_owned(),
        text: format!("of {name}"),
    };
    one.change(
        Kind::Note,
        id,
        edit!(Note, |it| it.sections.push(section("X"))),
    );
    two.change(
        Kind::Note,
        id,
        edit!(Note, |it| it.sections.push(section("Y"))),
    );
    two.change(
        Kind::Note,
        id,
        edit!(Note, |it| {
            it.sections.remove(0);
        }),
    );
    meet(&mut one, &mut two);
    let Record::Note(note) = one.record(Kind::Note, id) else {
        panic!("another kind");
    };
    let names: Vec<&str> = note.sections.iter().map(|it| it.name.as_str()).collect();
    assert_eq!(names, ["O", "P", "X", "Y"]);
    assert_eq!(note.sections[3].text, "of Y");
    assert!(one.view().view.versions().is_empty());
}
