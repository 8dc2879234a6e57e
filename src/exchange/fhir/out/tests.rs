//! What is written of a record says what the record says, and what its source said beyond it.

use serde_json::{Value, json};

use super::testing::{VISIT, body, comes_back, entry};
use crate::{
    chart::{
        Allergy, Attested, Clinical, Coded, Coding, Component, Criticality, Document,
        Immunization, MedKind, MedStatus, Medication, NoKnownAllergies, Note,
        ObsCategory, Observation, Origin, Plan, Problem, Procedure, Quantity, Reaction,
        Record, Referral, ReferralStatus, Remark, Section, Severity, System,
        Value as Seen, Verification, Visit, VisitClass, VisitStatus, Way,
    },
    exchange::fhir::out::{Collection, Directory, kept::reread},
    ids::{Hash, RecordId},
    time::When,
};

fn coded(text: &str, system: System, code: &str) -> Coded {
    Coded {
        text: text.to_owned(),
        coding: Some(Coding::new(system, code, "in the system's words")),
        also: Some(Coding::new(
            System::Other("urn:oid:1.2.3".to_owned()),
            "X",
            "",
        )),
    }
}

fn when(text: &str) -> Option<When> {
    text.parse().ok()
}

fn problem() -> Problem {
    Problem {
        entry: entry(),
        code: coded("Hypertension", System::Icd10cm, "I10"),
        clinical: Clinical::Resolved,
        verification: Verification::Differential,
        on_list: false,
        onset: when("2019"),
        abated: when("2020-02"),
        severity: "mild".to_owned(),
        site: "left <arm>".to_owned(),
        visit: Some(VISIT),
    }
}

fn allergy() -> Allergy {
    Allergy {
        entry: entry(),
        code: coded("Penicillin", System::Rxnorm, "7980"),
        clinical: Clinical::Active,
        verification: Verification::Unconfirmed,
        intolerance: true,
        category: "medication".to_owned(),
        criticality: Criticality::High,
        onset: when("2015-03-04"),
        reactions: vec![Reaction {
            manifestation: Coded::text("rash"),
            severity: Some(Severity::Severe),
        }],
    }
}

fn drug(kind: MedKind) -> Medication {
    let is_request = kind == MedKind::Request;
    Medication {
        entry: entry(),
        kind,
        code: Coded::text("Amoxicillin 500 mg capsule"),
        status: MedStatus::Stopped,
        dose: "1–2 capsule".to_owned(),
        route: "oral".to_owned(),
        frequency: "tds".to_owned(),
        duration: if is_request { "5d" } else { "" }.to_owned(),
        as_needed: true,
        start: when("2026-03-04"),
        end: when("2026-03-09"),
        quantity: if is_request { "15 capsule" } else { "" }.to_owned(),
        reason: coded("Otitis", System::Icd10cm, "H66.9"),
        instructions: "with food\nfinish all".to_owned(),
        overridden: String::new(),
        visit: is_request.then_some(VISIT),
    }
}

fn vaccine(not_done: &str) -> Immunization {
    Immunization {
        entry: entry(),
        vaccine: coded("BCG", System::Cvx, "19"),
        date: when("2026-03-04"),
        lot: "A 1".to_owned(),
        maker: "Serum Institute".to_owned(),
        expiry: "2027-01".to_owned(),
        site: "left arm".to_owned(),
        route: "intradermal".to_owned(),
        dose_number: "2".to_owned(),
        not_done: not_done.to_owned(),
        reaction: "fever".to_owned(),
        visit: Some(VISIT),
    }
}

fn observation(value: Option<Seen>, absent: &str) -> Observation {
    Observation {
        entry: entry(),
        code: coded("Weight", System::Loinc, "29463-7"),
        category: ObsCategory::VitalSigns,
        when: when("2026-03-04T10:00:00+03:00"),
        value,
        absent: absent.to_owned(),
        components: vec![Component {
            code: coded("Part", System::Loinc, "8480-6"),
            value: Some(Seen::Quantity(Quantity::new("120.0", "mm[Hg]"))),
        }],
        range: "3.5–5.1".to_owned(),
        flag: "HH".to_owned(),
        method: "sitting".to_owned(),
        visit: Some(VISIT),
        order: None,
    }
}

fn visit() -> Visit {
    let start = when("2026-03-04T10:30:00+03:00");
    Visit {
        entry: entry(),
        class: VisitClass::Home,
        status: VisitStatus::Finished,
        start,
        end: when("2026-03-04T11:00:00+03:00"),
        reason: Coded::text("cough"),
        diagnoses: vec![coded("Cold", System::Icd10cm, "J00"), Coded::text("tired")],
        practitioner: "Dr Okot".to_owned(),
        place: "Mission".to_owned(),
    }
}

fn records() -> Vec<Record> {
    let seen = |it| observation(Some(it), "");
    let text = Seen::Text("a line\nanother".to_owned());
    let code = Seen::Code(coded("positive", System::Snomed, "10828004"));
    let number = Seen::Quantity(Quantity {
        comparator: "<".to_owned(),
        ..Quantity::new("72.50", "kg")
    });
    let procedure = Procedure {
        entry: entry(),
        code: coded("Suture", System::Snomed, "1"),
        status: "completed".to_owned(),
        start: when("2026-03-04"),
        end: when("2026-03-05"),
        reason: Coded::text("cut"),
        outcome: "healed".to_owned(),
        visit: Some(VISIT),
    };
    let plan = Plan {
        entry: entry(),
        title: coded("Diabetes care", System::Snomed, "2"),
        status: "active".to_owned(),
        start: when("2026-03"),
        end: None,
        activities: vec![Coded::text("walk")],
        visit: Some(VISIT),
    };
    vec![
        Record::Problem(problem()),
        Record::Allergy(allergy()),
        Record::NoKnownAllergies(NoKnownAllergies { entry: entry() }),
        Record::Medication(drug(MedKind::Request)),
        Record::Medication(drug(MedKind::Statement)),
        Record::Immunization(vaccine("")),
        Record::Immunization(vaccine("refused")),
        Record::Immunization(vaccine("given, but subpotent: warm")),
        Record::Observation(seen(number)),
        Record::Observation(seen(text)),
        Record::Observation(seen(code)),
        Record::Observation(observation(None, "refused")),
        Record::Observation(observation(None, "cancelled")),
        Record::Visit(visit()),
        Record::Procedure(procedure),
        Record::Plan(plan),
    ]
}

#[test]
fn what_is_written_is_read_as_the_same_record() {
    for record in records() {
        let body = comes_back(&record);
        let profile = &body["meta"]["profile"][0];
        let kind = body["resourceType"].as_str().unwrap();
        assert!(profile.as_str().unwrap().ends_with(kind), "{profile}");
    }
}

#[test]
fn a_record_that_was_entered_in_error_stays_one_and_says_nothing_that_fhir_forbids_then()
{
    for mut record in records() {
        record.entry_mut().in_error = true;
        let body = body(&record, None);
        let read = reread(&body, record.entry()).unwrap();
        assert!(read.entry().in_error, "{}", Value::Object(body));
        assert!(!body.contains_key("clinicalStatus"), "ait-2 and con-5");
    }
}

#[test]
fn that_no_allergy_is_known_is_the_code_that_says_so() {
    let record = Record::NoKnownAllergies(NoKnownAllergies { entry: entry() });
    let code = &body(&record, None)["code"]["coding"][0];
    assert_eq!(code["system"], "http://snomed.info/sct");
    assert_eq!(code["code"], "716186003");
}

#[test]
fn decimals_are_as_they_were_written_and_what_json_lacks_is_said_in_words() {
    let written = |value: &str| {
        let value = Some(Seen::Quantity(Quantity::new(value, "kg")));
        body(&Record::Observation(observation(value, "")), None)
    };
    for value in ["72.50", "1e-7", "0.10", "12345678901234567890.123"] {
        assert_eq!(written(value)["valueQuantity"]["value"].to_string(), value);
    }
    assert_eq!(written(".5")["valueString"], ".5 kg");
}

/// A source with elements that the chart has no field for.
fn source() -> Value {
    json!({
        "resourceType": "Condition", "id": "old", "foo": {"bar": [1, 72.50]},
        "meta": {"versionId": "7", "lastUpdated": "2020-01-01T00:00:00Z",
            "profile": ["http://example.org/theirs"], "tag": [{"code": "t"}]},
        "text": {"status": "generated", "div": "<div>told</div>"},
        "identifier": [{"value": "c-1"}],
        "clinicalStatus": {"coding": [{"code": "active"}], "text": "still"},
        "code": {"coding": [{"code": "1"}, {"code": "2"}, {"code": "3"}], "text": "Asthma"},
        "onsetAge": {"value": 40, "unit": "a"},
        "subject": {"reference": "Patient/theirs", "display": "A. Person"},
        "encounter": {"reference": "Encounter/77"},
        "asserter": {"reference": "Practitioner?identifier=urn:npi|9", "display": "Dr Okot"},
        "contained": [{"resourceType": "Location", "id": "x"}],
    })
}

fn read_source() -> Record {
    let raw = source();
    let mut raw = raw.as_object().unwrap().clone();
    raw.insert("id".into(), json!("01010101-0101-0101-0101-010101010101"));
    raw.insert("encounter".into(), json!({}));
    reread(&raw, &entry()).unwrap()
}

#[test]
fn what_the_chart_has_no_field_for_is_as_it_stood_in_the_source() {
    let body = body(&read_source(), Some(&source()));
    let source = source();
    for key in [
        "foo",
        "identifier",
        "clinicalStatus",
        "code",
        "onsetAge",
        "text",
        "contained",
    ] {
        assert_eq!(body[key], source[key], "{key}");
    }
    assert_eq!(body["id"], "01010101-0101-0101-0101-010101010101");
    assert_eq!(body["meta"]["profile"][0], "http://example.org/theirs");
    assert_eq!(body["meta"]["tag"], source["meta"]["tag"]);
    assert!(body["meta"].get("versionId").is_none());
    let patient = "urn:uuid:07070707-0707-0707-0707-070707070707";
    assert_eq!(body["subject"]["reference"], patient);
    assert_eq!(
        body["encounter"],
        json!({"type": "Encounter", "identifier": {"value": "77"}})
    );
    let asserter = json!({"display": "Dr Okot", "type": "Practitioner",
        "identifier": {"system": "urn:npi", "value": "9"}});
    assert_eq!(body["asserter"], asserter);
}

#[test]
fn what_was_changed_since_is_as_the_chart_says_now_in_all_its_forms() {
    let mut record = read_source();
    let Record::Problem(problem) = &mut record else {
        panic!("not a problem");
    };
    problem.clinical = Clinical::Resolved;
    problem.onset = when("2001-02");
    let body = body(&record, Some(&source()));
    assert_eq!(body["clinicalStatus"]["coding"][0]["code"], "resolved");
    assert_eq!(body["onsetDateTime"], "2001-02");
    assert!(!body.contains_key("onsetAge"));
    // What spoke of all of it may be wrong now.
    assert!(!body.contains_key("text") && !body.contains_key("contained"));
    assert!(
        body["meta"]["profile"][0]
            .as_str()
            .unwrap()
            .starts_with(super::BASE_PROFILE)
    );
    assert_eq!(body["code"], source()["code"]);
    assert_eq!(body["foo"], source()["foo"]);
}

#[test]
fn a_record_made_here_names_its_author_who_stands_in_the_output() {
    let mut own = problem();
    own.entry.origin = Origin::Own;
    let body = body(&Record::Problem(own), None);
    let doctor = "urn:uuid:09090909-0909-0909-0909-090909090909";
    assert_eq!(body["recorder"]["reference"], doctor);
}

#[test]
fn the_bytes_of_a_paper_stand_inside_it() {
    let record = Record::Document(Document {
        entry: entry(),
        code: Coded::text("Letter"),
        title: "Reply".to_owned(),
        when: when("2026-03-04"),
        media_type: "text/plain".to_owned(),
        bytes: None,
        size: 3,
        visit: Some(VISIT),
    });
    comes_back(&record);
}

#[test]
fn a_drug_told_in_words_comes_back_field_by_field_and_everybody_reads_the_words() {
    for kind in [MedKind::Request, MedKind::Statement] {
        let body = comes_back(&Record::Medication(Medication {
            dose: "whole body".to_owned(),
            duration: "until better".to_owned(),
            quantity: "one bottle".to_owned(),
            overridden: "no other drug is here".to_owned(),
            ..drug(kind)
        }));
        let shown = Value::Object(body).to_string();
        for words in [
            "whole body\\nwith food",
            "a warning was set aside: no other",
        ] {
            assert!(shown.contains(words), "{shown}");
        }
    }
}

#[test]
fn a_note_comes_back_with_who_vouched_for_it() {
    let section = |name: &str, text: &str| Section {
        name: name.to_owned(),
        text: text.to_owned(),
    };
    let mut entry = entry();
    entry.remark = Remark("told by <her> mother".to_owned());
    comes_back(&Record::Note(Note {
        entry,
        visit: Some(VISIT),
        title: "visit".to_owned(),
        sections: vec![
            section("S", "Fever & cough.\n  since \"Monday\"\n\nTemp > 38"),
            section("", "no name"),
        ],
        phrases: Vec::new(),
        signed: None,
        adds_to: None,
        attested: Some(Attested {
            by: "Dr Sow".to_owned(),
            at: when("2026-03-04T11:00:00+03:00"),
        }),
    }));
}

#[test]
fn a_referral_comes_back_with_what_became_of_it() {
    let sent = Referral {
        entry: entry(),
        way: Way::Sent,
        letter: Some(VISIT),
        theirs: Some(RecordId::from_bytes([6; 16])),
        with: "Dr Were, District Hospital".to_owned(),
        card: Some(Hash::from_bytes([5; 32])),
        reason: "cough for six weeks".to_owned(),
        question: "X-ray, and is it tuberculosis?".to_owned(),
        urgent: true,
        status: ReferralStatus::Accepted,
        reply: "come on Monday".to_owned(),
        replied: when("2026-03-05T08:00:00+03:00"),
        visit: Some(VISIT),
    };
    let body = comes_back(&Record::Referral(sent.clone()));
    assert_eq!(body["status"], "active");
    assert_eq!(body["priority"], "urgent");
    let mut received = Referral {
        way: Way::Received,
        status: ReferralStatus::Declined,
        ..sent
    };
    received.entry.remark = Remark("no bed".to_owned());
    comes_back(&Record::Referral(received));
}

#[test]
fn a_bundle_of_nothing_has_no_entry() {
    let directory = Directory::default();
    let mut empty = Collection::new(Vec::new());
    empty.put(&[], &directory).unwrap();
    let bundle: Value = serde_json::from_slice(&empty.finish().unwrap()).unwrap();
    assert_eq!(
        bundle,
        json!({"resourceType": "Bundle", "type": "collection"})
    );
}
