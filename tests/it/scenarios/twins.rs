//! One person registered on two desks that had not met: flagged, and told apart.

use std::collections::BTreeSet;

use cairn::{
    chart::{Edit, Name, NameUse, Person, Record, Sex, Subject, who::Action},
    clinic::{Session, Twins},
    ids::{PatientId, RecordId},
};

use super::{Three, at, born, change_person, okot};
use crate::{devices::joined, meeting::in_step};

/// Somebody who stands at a desk.
#[derive(Clone, Copy)]
struct Stands {
    family: &'static str,
    given: &'static str,
    year: i16,
    phone: &'static str,
}

const JOAN: Stands = Stands {
    family: "Nakato",
    given: "Joan",
    year: 1998,
    phone: "0772123400",
};
/// The same, as another desk writes her down.
const JOANNE: Stands = Stands {
    family: "Nakatto",
    ..JOAN
};
/// Her brother.
const JOHN: Stands = Stands {
    given: "Kenneth",
    ..JOAN
};
/// Somebody of her name.
const OTHER_JOAN: Stands = Stands {
    year: 1961,
    phone: "0701999888",
    ..JOAN
};

fn person(session: &mut Session, of: Stands) -> Person {
    let mut person = Person::new(session.entry());
    person.names = vec![Name {
        usage: NameUse::Usual,
        family: of.family.into(),
        given: of.given.into(),
    }];
    person.sex = Sex::Female;
    person.birth = Some(born(of.year));
    person.phone = of.phone.into();
    person
}

fn found(session: &mut Session) -> Vec<Twins> {
    session.settle_all().unwrap();
    session.twins(None).unwrap()
}

impl Three {
    fn register(&self, machine: usize, of: Stands) -> PatientId {
        let mut amina = at(&self.machines[machine], "Amina");
        let person = person(&mut amina, of);
        amina.register(person).unwrap().patient
    }

    /// What stands to be decided on each machine, as the front desk sees it.
    fn flagged(&self) -> Vec<BTreeSet<RecordId>> {
        let flagged = |machine: usize| {
            let mut amina = at(&self.machines[machine], "Amina");
            assert!(amina.may(Action::ReadClinical).is_err());
            let twins = found(&mut amina);
            twins.iter().map(|it| it.id).collect()
        };
        (0..3).map(flagged).collect()
    }
}

#[test]
fn twins() {
    let three = Three::new();
    let joan = three.register(0, JOAN);
    let joanne = three.register(1, JOANNE);
    three.register(1, JOHN);
    three.register(2, OTHER_JOAN);
    assert!(three.flagged().iter().all(BTreeSet::is_empty), "nobody met");
    three.meet();

    let item = {
        let mut amina = at(&three.machines[2], "Amina");
        let twins = found(&mut amina);
        assert_eq!(twins.len(), 1, "her, and nobody else");
        let people = twins[0].people.each_ref().map(|it| it.patient);
        assert_eq!(BTreeSet::from(people), BTreeSet::from([joan, joanne]));
        let [desk, triage, _] = &three.machines;
        let machines = [desk, triage].map(|it| Some(it.device()));
        assert_eq!(BTreeSet::from(twins[0].machines), BTreeSet::from(machines));
        assert!(twins[0].may_settle);
        assert!(twins[0].people[0].why.contains(&"phone"));
        twins[0].id
    };
    let one = [item].into();
    assert!(
        three.flagged().iter().all(|it| *it == one),
        "one item, not three"
    );

    // Two desks say at once that they are two people. It is gone everywhere, for good.
    for machine in [0, 2] {
        let mut amina = at(&three.machines[machine], "Amina");
        amina.tell_apart(joanne, joan, true).unwrap();
    }
    three.meet();
    assert!(three.flagged().iter().all(BTreeSet::is_empty));
    let mut doctor = okot(&three.machines[1]);
    for patient in [joan, joanne] {
        let chart = doctor.open(patient).unwrap();
        assert_eq!(chart.to_compare(), 0, "what two said alike is no question");
    }
    let past = doctor.history(joan.max(joanne)).unwrap();
    assert!(
        past.iter().any(|it| it.field.starts_with("others")),
        "signed"
    );
    let (_folder, fresh) = joined(&mut doctor, 3);
    doctor.sign_out().unwrap();
    in_step(&three.machines[1], &fresh);
    assert!(found(&mut okot(&fresh)).is_empty(), "nor on a new machine");

    // It was wrong after all.
    let mut amina = at(&three.machines[1], "Amina");
    amina.tell_apart(joan, joanne, false).unwrap();
    amina.sign_out().unwrap();
    three.meet();
    assert!(
        three.flagged().iter().all(|it| *it == one),
        "the same item again"
    );

    // A date is corrected: nobody would take the two for one any more.
    let mut doctor = okot(&three.machines[0]);
    let edit = change_person(&mut doctor, joanne, |it| it.birth = Some(born(1950)));
    doctor.save(Subject::Patient(joanne), vec![edit]).unwrap();
    let edit = change_person(&mut doctor, joanne, |it| it.phone.clear());
    doctor.save(Subject::Patient(joanne), vec![edit]).unwrap();
    doctor.sign_out().unwrap();
    three.meet();
    assert!(three.flagged().iter().all(BTreeSet::is_empty));
}

#[test]
fn who_was_shown_while_the_other_was_registered_is_not_asked_about_again() {
    let three = Three::new();
    let joan = three.register(0, JOAN);
    three.meet();
    // The second desk knows her, shows her, and registers somebody else all the same.
    let mut amina = at(&three.machines[1], "Amina");
    let mut other = person(&mut amina, JOANNE);
    let alike = amina.alike(&other);
    assert_eq!(alike.len(), 1);
    other.others = alike.iter().map(|it| it.patient).collect();
    assert_eq!(other.others, [joan]);
    amina.register(other).unwrap();
    amina.sign_out().unwrap();
    three.meet();
    assert!(three.flagged().iter().all(BTreeSet::is_empty));
}

#[test]
fn who_was_entered_in_error_is_nobodys_twin() {
    let three = Three::new();
    three.register(0, JOAN);
    let joanne = three.register(1, JOANNE);
    three.meet();
    assert!(three.flagged().iter().all(|it| it.len() == 1));
    let mut doctor = okot(&three.machines[2]);
    let before = doctor.open(joanne).unwrap().identity.person.unwrap();
    let edit = Edit::entered_in_error(Record::Person(before), "registered twice");
    doctor.save(Subject::Patient(joanne), vec![edit]).unwrap();
    doctor.sign_out().unwrap();
    three.meet();
    assert!(three.flagged().iter().all(BTreeSet::is_empty));
}
