//! What a machine wrote that was shut out meanwhile: it may add to what the safety checks
//! know, and takes nothing from it.

use std::sync::Arc;

use cairn::{
    care::{Clash, clashes, taken_already},
    chart::{
        Allergy, AllergyState, Clinical, Coded, Criticality, Edit, MedStatus, Medication,
        NoKnownAllergies, Record, Severity, Subject, Summary, Verification,
    },
    clinic::{Clinic, Session},
};

use crate::{
    clinic::{PASSPHRASE, founded, grace, penicillin},
    devices::{bring, joined, meet},
    staff::prescription,
};

const AMOXICILLIN: &str = "Amoxicillin 500 mg capsule";

/// What somebody does to a chart.
type Act = dyn Fn(&mut Session, &Summary) -> Vec<Edit>;

fn owner(clinic: &Arc<Clinic>) -> Session {
    let users = clinic.users().unwrap();
    let mut session = clinic.sign_in(users[0].user, PASSPHRASE).unwrap();
    session.settle_all().unwrap();
    session
}

/// The summary on one machine, after another did something that it was shut out before
/// anybody saw.
fn after(honest: &Act, void: &Act) -> Summary {
    let here = founded();
    let mut okot = owner(&here.1);
    let patient = grace(&mut okot);
    let subject = Subject::Patient(patient);
    let edits = honest(&mut okot, &Summary::default());
    if !edits.is_empty() {
        okot.save(subject, edits).unwrap();
    }
    let there = joined(&mut okot, 11);
    meet(&here.1, &there.1);
    let mut there_okot = owner(&there.1);
    let summary = there_okot.open(patient).unwrap().summary.unwrap();
    let edits = void(&mut there_okot, &summary);
    there_okot.save(subject, edits).unwrap();
    there_okot.sign_out().unwrap();
    let machine = okot.machine_named("2").unwrap();
    okot.revoke_machine(machine).unwrap();
    bring(&there.1, &here.1);
    okot.settle_all().unwrap();
    let chart = okot.open(patient).unwrap();
    assert_eq!(chart.problems, Vec::<String>::new());
    assert_eq!(chart.unconfirmed.len(), 1, "{:?}", chart.unconfirmed);
    let summary = chart.summary.unwrap();
    assert!(summary.is_unconfirmed(chart.unconfirmed[0].record));
    okot.sign_out().unwrap();
    summary
}

fn nothing(_: &mut Session, _: &Summary) -> Vec<Edit> {
    Vec::new()
}

fn allergic(how: fn(&mut Allergy)) -> impl Fn(&mut Session, &Summary) -> Vec<Edit> {
    move |session, _| {
        let mut record = penicillin(session);
        if let Record::Allergy(it) = &mut record {
            how(it);
        }
        vec![Edit::add(record)]
    }
}

fn changed(how: fn(&mut Allergy)) -> impl Fn(&mut Session, &Summary) -> Vec<Edit> {
    move |_, summary| {
        let before = summary.allergies[0].clone();
        let mut allergy = before.clone();
        how(&mut allergy);
        vec![Edit::change(
            Record::Allergy(before),
            Record::Allergy(allergy),
        )]
    }
}

fn taking(how: fn(&mut Medication)) -> impl Fn(&mut Session, &Summary) -> Vec<Edit> {
    move |session, _| {
        let mut record = prescription(session);
        if let Record::Medication(it) = &mut record {
            it.code = Coded::text(AMOXICILLIN);
            it.status = MedStatus::Active;
            how(it);
        }
        vec![Edit::add(record)]
    }
}

fn changed_drug(
    how: fn(&mut Medication),
) -> impl Fn(&mut Session, &Summary) -> Vec<Edit> {
    move |_, summary| {
        let before = summary.medications[0].clone();
        let mut drug = before.clone();
        how(&mut drug);
        vec![Edit::change(
            Record::Medication(before),
            Record::Medication(drug),
        )]
    }
}

const fn as_it_is<T>(_: &mut T) {}

fn mild(it: &mut Allergy) {
    it.criticality = Criticality::Low;
    it.reactions[0].severity = Some(Severity::Mild);
    it.reactions[0].manifestation = Coded::text("rash");
}

fn refuted(it: &mut Allergy) {
    it.verification = Verification::Refuted;
}

fn stopped(it: &mut Medication) {
    it.status = MedStatus::Stopped;
}

/// How the checks answer to amoxicillin: whether an allergy warns, and whether it stops.
fn met(summary: &Summary) -> (bool, bool) {
    let drug = Coded::text(AMOXICILLIN);
    let met = clashes(&drug, summary.allergies_to_check());
    (
        met.iter().any(Clash::is_known),
        met.iter().any(|it| it.stops),
    )
}

#[test]
fn an_allergy_warns_at_the_gravest_that_anybody_wrote() {
    let sure = |it: &mut Allergy| it.verification = Verification::Confirmed;
    let severe = |it: &mut Allergy| it.reactions[0].severity = Some(Severity::Severe);
    let wrong = |it: &mut Allergy| it.entry.in_error = true;
    let right = |it: &mut Allergy| it.entry.in_error = false;
    let over = |it: &mut Allergy| it.clinical = Clinical::Resolved;
    let harmless = |it: &mut Allergy| it.reactions[0].severity = Some(Severity::Mild);
    let other = |it: &mut Allergy| it.code = Coded::text("dust");
    let cases: [(&str, &Act, &Act, (bool, bool)); 10] = [
        ("added", &nothing, &allergic(as_it_is), (true, true)),
        ("mild added", &nothing, &allergic(mild), (true, false)),
        ("graver", &allergic(mild), &changed(severe), (true, true)),
        (
            "sure again",
            &allergic(refuted),
            &changed(sure),
            (true, true),
        ),
        (
            "right again",
            &allergic(wrong),
            &changed(right),
            (true, true),
        ),
        (
            "refuted",
            &allergic(as_it_is),
            &changed(refuted),
            (true, true),
        ),
        (
            "in error",
            &allergic(as_it_is),
            &changed(wrong),
            (true, true),
        ),
        ("over", &allergic(as_it_is), &changed(over), (true, true)),
        (
            "milder",
            &allergic(as_it_is),
            &changed(harmless),
            (true, true),
        ),
        (
            "of another substance",
            &allergic(as_it_is),
            &changed(other),
            (true, true),
        ),
    ];
    for (name, honest, void, expected) in cases {
        let summary = after(honest, void);
        assert_eq!(met(&summary), expected, "{name}");
        assert_eq!(summary.allergies.len(), 1, "{name}");
        assert_eq!(summary.allergies_to_check().count(), 1, "{name}");
    }
}

#[test]
fn what_is_shown_of_an_allergy_is_what_counts() {
    let severe = |it: &mut Allergy| it.reactions[0].severity = Some(Severity::Severe);
    let summary = after(&allergic(mild), &changed(severe));
    assert_eq!(summary.allergies[0].severity(), Some(Severity::Mild));
    assert!(summary.has_severe_allergy());
}

#[test]
fn a_drug_counts_as_taken_while_anybody_says_so() {
    let active = |it: &mut Medication| it.status = MedStatus::Active;
    let wrong = |it: &mut Medication| it.entry.in_error = true;
    let cases: [(&str, &Act, &Act, bool); 5] = [
        ("added", &nothing, &taking(as_it_is), true),
        ("added as stopped", &nothing, &taking(stopped), false),
        ("taken again", &taking(stopped), &changed_drug(active), true),
        ("stopped", &taking(as_it_is), &changed_drug(stopped), true),
        ("in error", &taking(as_it_is), &changed_drug(wrong), true),
    ];
    for (name, honest, void, expected) in cases {
        let summary = after(honest, void);
        let taken = taken_already(&Coded::text(AMOXICILLIN), summary.counted_as_taken());
        assert_eq!(taken.is_some(), expected, "{name}");
    }
}

#[test]
fn nobody_relies_on_none_known_by_somebody_who_does_not_count() {
    let none = |session: &mut Session, _: &Summary| {
        let entry = session.entry();
        let asked = NoKnownAllergies { entry };
        vec![Edit::add(Record::NoKnownAllergies(asked))]
    };
    let summary = after(&nothing, &none);
    assert_eq!(summary.allergy_state(), AllergyState::NotAsked);
}
