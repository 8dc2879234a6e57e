//! What a summary says, and what it says where nothing is known.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::{Cut, Summary, summary};
use crate::{
    chart::{
        Allergy, Clinical, Coded, Criticality, Immunization, NoKnownAllergies,
        ObsCategory, Observation, Origin, Person, Problem, Quantity, Record,
        Value as Seen, Verification,
    },
    exchange::fhir::out::{
        Directory, Piece,
        testing::{DOCTOR, PATIENT, entry},
    },
    ids::{ClinicId, RecordId},
};

fn bundle(records: Vec<Record>) -> Map<String, Value> {
    let users = BTreeMap::from([(DOCTOR, "Dr Okot".to_owned())]);
    let directory = Directory::new(ClinicId::ZERO, users, &[]);
    let mut person = Person::new(entry());
    person.entry.id = RecordId::from_bytes(*PATIENT.as_bytes());
    person.entry.origin = Origin::Own;
    let mut number = 1;
    let pieces = [Record::Person(person)]
        .into_iter()
        .chain(records)
        .map(|mut record| {
            if !matches!(record, Record::Person(_)) {
                number += 1;
                record.entry_mut().id = RecordId::from_bytes([number; 16]);
            }
            Piece {
                record,
                raw: None,
                bytes: None,
            }
        });
    let mut drawn = 100;
    let of = Summary {
        cut: &Cut::default(),
        patient: PATIENT,
        clinic: "Kijani",
        author: DOCTOR,
        at: "2026-03-04T10:30:00Z".parse().unwrap(),
        new_id: &mut || {
            drawn += 1;
            RecordId::from_bytes([drawn; 16])
        },
    };
    summary(&pieces.collect::<Vec<_>>(), &directory, of)
}

fn section<'b>(bundle: &'b Map<String, Value>, code: &str) -> Option<&'b Value> {
    let sections = bundle["entry"][0]["resource"]["section"]
        .as_array()
        .unwrap();
    sections
        .iter()
        .find(|it| it["code"]["coding"][0]["code"] == code)
}

fn said(bundle: &Map<String, Value>, code: &str) -> String {
    let section = section(bundle, code).unwrap();
    section["text"]["div"].as_str().unwrap().to_owned()
}

fn problem(text: &str, clinical: Clinical) -> Record {
    Record::Problem(Problem {
        entry: entry(),
        code: Coded::text(text),
        clinical,
        verification: Verification::Confirmed,
        on_list: true,
        onset: None,
        abated: None,
        severity: String::new(),
        site: String::new(),
        visit: None,
    })
}

fn weight(value: &str, day: &str) -> Record {
    Record::Observation(Observation {
        entry: entry(),
        code: Coded::text("Weight"),
        category: ObsCategory::VitalSigns,
        when: Some(day.parse().unwrap()),
        value: Some(Seen::Quantity(Quantity::new(value, "kg"))),
        absent: String::new(),
        components: Vec::new(),
        range: String::new(),
        flag: String::new(),
        method: String::new(),
        visit: None,
        order: None,
    })
}

fn allergy(text: &str) -> Record {
    Record::Allergy(Allergy {
        entry: entry(),
        code: Coded::text(text),
        clinical: Clinical::Active,
        verification: Verification::Confirmed,
        intolerance: false,
        category: String::new(),
        criticality: Criticality::Unknown,
        onset: None,
        reactions: Vec::new(),
    })
}

#[test]
fn every_required_section_says_that_nothing_is_known_where_nothing_is() {
    let bundle = bundle(Vec::new());
    for code in ["48765-2", "10160-0", "11450-4"] {
        let section = section(&bundle, code).unwrap();
        assert_eq!(section["entry"].as_array().unwrap().len(), 1, "{code}");
        assert!(!said(&bundle, code).contains("<ul>"), "{code}");
    }
    let codes = |pointer: &str| -> Vec<&str> {
        let entries = bundle["entry"].as_array().unwrap().iter();
        entries
            .filter_map(|it| it.pointer(pointer)?.as_str())
            .collect()
    };
    assert_eq!(
        codes("/resource/code/coding/0/code"),
        ["no-allergy-info", "no-problem-info"]
    );
    let drugs = codes("/resource/medicationCodeableConcept/coding/0/code");
    assert_eq!(drugs, ["no-medication-info"]);
    let birth = &bundle["entry"][1]["resource"]["_birthDate"]["extension"][0];
    assert_eq!(birth["valueCode"], "unknown");
    let claimed = &bundle["entry"][1]["resource"]["meta"]["profile"][0];
    assert!(claimed.as_str().unwrap().ends_with("/Patient"), "{claimed}");
}

#[test]
fn that_no_allergy_is_known_is_said_only_where_it_was_asked_and_none_is_on_file() {
    let asked = || Record::NoKnownAllergies(NoKnownAllergies { entry: entry() });
    let none = bundle(vec![asked()]);
    assert!(said(&none, "48765-2").contains("No known allergy"));
    let one = bundle(vec![asked(), allergy("Peanut")]);
    let text = said(&one, "48765-2");
    assert!(
        text.contains("Peanut") && !text.contains("No known allergy"),
        "{text}"
    );
}

#[test]
fn what_was_entered_in_error_is_nowhere_and_what_is_over_is_past() {
    let mut wrong = problem("Wrong chart", Clinical::Active);
    wrong.entry_mut().in_error = true;
    let bundle = bundle(vec![
        wrong,
        problem("Asthma", Clinical::Active),
        problem("Malaria", Clinical::Resolved),
    ]);
    assert!(said(&bundle, "11450-4").contains("<li>Asthma</li>"));
    assert!(said(&bundle, "11348-0").contains("<li>Malaria</li>"));
    assert!(!Value::Object(bundle).to_string().contains("Wrong chart"));
}

#[test]
fn of_what_is_measured_the_last_is_told_exactly() {
    let bundle = bundle(vec![
        weight("71.0", "2026-01-01"),
        weight("72.50", "2026-03-01"),
        weight("70", "2025-01-01"),
    ]);
    let text = said(&bundle, "8716-3");
    assert!(
        text.contains("72.50 kg") && !text.contains("71.0"),
        "{text}"
    );
}

#[test]
fn nothing_that_was_typed_is_markup_in_a_narrative() {
    let hostile = r#"<script src="x">&amp;</script></div>"#;
    let text = said(&bundle(vec![problem(hostile, Clinical::Active)]), "11450-4");
    assert!(
        !text.contains("<script") && text.matches("</div>").count() == 1,
        "{text}"
    );
    assert!(
        text.contains("&lt;script src=&quot;x&quot;&gt;&amp;amp;"),
        "{text}"
    );
}

#[test]
fn the_one_who_vouches_is_the_author_and_stands_in_the_document() {
    let bundle = bundle(Vec::new());
    let author = &bundle["entry"][0]["resource"]["author"][0]["reference"];
    let mut entries = bundle["entry"].as_array().unwrap().iter();
    let found = entries.find(|it| it["fullUrl"] == *author).unwrap();
    assert_eq!(found["resource"]["resourceType"], "Practitioner");
}

#[test]
fn a_dose_whose_day_nobody_knows_says_so() {
    let bundle = bundle(vec![Record::Immunization(Immunization {
        entry: entry(),
        vaccine: Coded::text("BCG"),
        date: None,
        lot: String::new(),
        maker: String::new(),
        expiry: String::new(),
        site: String::new(),
        route: String::new(),
        dose_number: String::new(),
        not_done: String::new(),
        reaction: String::new(),
        visit: None,
    })]);
    let entries = bundle["entry"].as_array().unwrap();
    let mut doses = entries
        .iter()
        .filter(|it| it["resource"]["resourceType"] == "Immunization");
    assert_eq!(
        doses.next().unwrap()["resource"]["occurrenceString"],
        "unknown"
    );
}
