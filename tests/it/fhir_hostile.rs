//! Hostile FHIR: whatever the bytes, the reader ends, refuses or accounts for every entry,
//! and holds no more than one entry.

use std::{
    cell::Cell,
    fs,
    io::{self, Read},
    ops::ControlFlow,
};

use cairn::exchange::fhir::{ENTRY_BYTES_MAX, Item, Survey, read};
use serde_json::{Value, json};

use crate::fhir_in::{Run, files, name, run, setting, shared};

/// One of each kind that is kept, written by us.
fn samples() -> Vec<Value> {
    let subject = json!({"reference": "Patient/p"});
    let code = json!({"coding": [{"system": "http://loinc.org", "code": "1", "display": "D"}], "text": "T"});
    let period = json!({"start": "2020-01-02", "end": "2020-01-03T10:00:00Z"});
    let quantity = json!({"value": 1.50, "unit": "mg", "system": "http://unitsofmeasure.org", "code": "mg"});
    vec![
        json!({"resourceType": "Patient", "id": "p", "name": [{"use": "official", "family": "F", "given": ["G"]}],
            "gender": "male", "birthDate": "1980-01-02", "telecom": [{"system": "phone", "value": "1", "rank": 1}],
            "address": [{"city": "C", "line": ["L"]}], "identifier": [{"system": "s", "value": "v"}],
            "contact": [{"name": {"family": "K"}, "relationship": [code]}], "communication": [{"language": code}]}),
        json!({"resourceType": "Practitioner", "id": "d", "name": [{"family": "D"}]}),
        json!({"resourceType": "Organization", "id": "o", "name": "O"}),
        json!({"resourceType": "Medication", "id": "m", "code": code}),
        json!({"resourceType": "Encounter", "id": "e", "subject": subject, "status": "finished", "class": {"code": "AMB"},
            "period": period, "participant": [{"individual": {"reference": "Practitioner/d"}}], "reasonCode": [code]}),
        json!({"resourceType": "AllergyIntolerance", "id": "a", "patient": subject, "code": code, "criticality": "high",
            "clinicalStatus": {"coding": [{"code": "active"}]}, "reaction": [{"manifestation": [code], "severity": "severe"}], "category": ["food"]}),
        json!({"resourceType": "Condition", "id": "c", "subject": subject, "code": code, "onsetPeriod": period,
            "encounter": {"reference": "Encounter/e"}, "category": [code], "note": [{"text": "N"}]}),
        json!({"resourceType": "Observation", "id": "b", "subject": subject, "code": code, "valueQuantity": quantity,
            "component": [{"code": code, "valueString": "S"}], "referenceRange": [{"low": quantity}], "interpretation": [code]}),
        json!({"resourceType": "MedicationRequest", "id": "r", "subject": subject, "medicationReference": {"reference": "Medication/m"},
            "status": "active", "dosageInstruction": [{"timing": {"repeat": {"frequency": 1, "period": 1, "periodUnit": "d"}},
            "doseAndRate": [{"doseQuantity": quantity}]}], "dispenseRequest": {"quantity": quantity}}),
        json!({"resourceType": "MedicationStatement", "id": "s", "subject": subject, "medicationCodeableConcept": code,
            "status": "active", "effectivePeriod": period}),
        json!({"resourceType": "Immunization", "id": "i", "patient": subject, "vaccineCode": code, "status": "completed",
            "occurrenceDateTime": "2020-01-02", "protocolApplied": [{"doseNumberPositiveInt": 1}], "reaction": [{"date": "2020"}]}),
        json!({"resourceType": "Procedure", "id": "x", "subject": subject, "code": code, "performedPeriod": period}),
        json!({"resourceType": "DiagnosticReport", "id": "g", "subject": subject, "code": code, "conclusion": "C",
            "result": [{"reference": "Observation/b"}], "issued": "2020-01-02T08:00:00Z"}),
        json!({"resourceType": "DocumentReference", "id": "f", "subject": subject, "type": code,
            "content": [{"attachment": {"contentType": "text/plain", "data": "Zm9v"}}]}),
        json!({"resourceType": "CarePlan", "id": "l", "subject": subject, "title": "T", "activity": [{"detail": {"code": code}}]}),
    ]
}

fn bundle(resources: &[Value]) -> String {
    let entries: Vec<Value> = resources
        .iter()
        .map(|it| json!({ "resource": it }))
        .collect();
    json!({"resourceType": "Bundle", "type": "collection", "entry": entries}).to_string()
}

#[track_caller]
fn check_accounted(run: &Run) {
    let named: u64 = run.named.values().sum();
    let all = run.taken.len() as u64 + run.skipped.len() as u64 + named;
    assert_eq!(all, run.counts.values().sum::<u64>());
}

/// Every way to put `odd` in the place of one value inside `value`.
fn with_one_replaced(value: &Value, odd: &Value) -> Vec<Value> {
    let mut all = vec![odd.clone()];
    match value {
        Value::Object(fields) => {
            for (key, inner) in fields {
                for changed in with_one_replaced(inner, odd) {
                    let mut fields = fields.clone();
                    fields.insert(key.clone(), changed);
                    all.push(Value::Object(fields));
                }
            }
        }
        Value::Array(items) => {
            for (at, inner) in items.iter().enumerate() {
                for changed in with_one_replaced(inner, odd) {
                    let mut items = items.clone();
                    items[at] = changed;
                    all.push(Value::Array(items));
                }
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
    all
}

#[test]
fn the_samples_are_all_taken() {
    let run = run(&[bundle(&samples()).as_bytes()]).unwrap();
    assert!(run.skipped.is_empty(), "{:?}", run.skipped);
    assert_eq!(run.taken.len(), samples().len() - 1);
    assert!(run.taken.iter().all(|it| it.problems.is_empty()));
}

#[test]
fn a_wrong_type_anywhere_costs_a_field_or_an_entry_and_says_so() {
    let odds = [
        json!(null),
        json!(5),
        json!(true),
        json!("2019-02-30"),
        json!([[]]),
        json!({"a": 1}),
    ];
    let whole = samples();
    let mut tried = 0;
    for odd in &odds {
        for (at, sample) in whole.iter().enumerate() {
            for changed in with_one_replaced(sample, odd) {
                let mut all = whole.clone();
                all[at] = changed;
                let run = run(&[bundle(&all).as_bytes()]).unwrap();
                check_accounted(&run);
                tried += 1;
            }
        }
    }
    println!("{tried} wrong types tried");
}

#[test]
fn a_file_cut_anywhere_is_refused_whole() {
    let small = bundle(&samples());
    for cut in 0..small.len() {
        assert!(run(&[&small.as_bytes()[..cut]]).is_err(), "cut at {cut}");
    }
    let Some(data) = shared() else { return };
    let file = &files(&data.join("synthea-fhir"), &[".json"])[0];
    let text = fs::read(file).unwrap();
    let whole = text.trim_ascii_end().len();
    for cut in (0..whole).step_by(997) {
        assert!(run(&[&text[..cut]]).is_err(), "cut at {cut}");
    }
    let bulk = data.join("synthea-fhir/bulk-10-patients/Patient.000.ndjson");
    let text = fs::read(bulk).unwrap();
    for cut in (1..text.len()).step_by(997) {
        let between = text[cut - 1] == b'\n' || text[cut] == b'\n';
        let Ok(run) = run(&[&text[..cut]]) else {
            continue;
        };
        assert!(between, "cut at {cut}");
        check_accounted(&run);
    }
}

#[test]
fn a_file_with_flipped_bits_is_refused_or_accounted_for() {
    let seed = 20_260_101_u64;
    println!("seed {seed}");
    let mut state = seed;
    let mut random = |below: usize| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        usize::try_from(state >> 33).unwrap() % below
    };
    let text = bundle(&samples()).into_bytes();
    let mut taken = 0;
    for _ in 0..2_000 {
        let mut text = text.clone();
        for _ in 0..=random(3) {
            let at = random(text.len());
            text[at] ^= 1 << random(8);
        }
        if let Ok(run) = run(&[&text]) {
            check_accounted(&run);
            taken += 1;
        }
    }
    assert!(taken > 100, "only {taken} of 2,000 were still JSON");
}

#[test]
fn deep_nesting_is_refused() {
    for open in ["[", "{\"a\":"] {
        let deep = open.repeat(10_000);
        for text in [
            format!("{{\"resourceType\":\"Patient\",\"x\":{deep}"),
            format!(
                "{{\"resourceType\":\"Bundle\",\"type\":\"document\",\"entry\":[{deep}"
            ),
        ] {
            let refused = run(&[text.as_bytes()]).err().unwrap();
            assert!(
                refused
                    .to_string()
                    .starts_with("nested deeper than 128 levels")
            );
        }
    }
}

/// `start`, then `filler` for ever; counts what was asked for.
struct Endless<'c> {
    start: &'static [u8],
    filler: u8,
    given: &'c Cell<usize>,
}

impl Read for Endless<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let (now, later) = self.start.split_at(self.start.len().min(into.len()));
        into[..now.len()].copy_from_slice(now);
        into[now.len()..].fill(self.filler);
        self.start = later;
        self.given.set(self.given.get() + into.len());
        Ok(into.len())
    }
}

#[test]
fn an_endless_file_is_refused_after_one_entrys_worth() {
    for (start, filler) in [
        (r#"{"resourceType":"Patient","id":""#, b'a'),
        (r#"{"resourceType":"Patient","n":1"#, b'1'),
        (r#"{""#, b'k'),
        (
            r#"{"resourceType":"Bundle","entry":[{"resource":{"id":""#,
            b'a',
        ),
        (r#"{"resourceType":"Bundle","note":""#, b'a'),
        ("{\"resourceType\":\"Patient\"}\n", b'\n'),
    ] {
        let given = Cell::new(0);
        let input = Endless {
            start: start.as_bytes(),
            filler,
            given: &given,
        };
        let refused = Survey::new(None)
            .take_in("endless", input, &name)
            .unwrap_err();
        let said = refused.to_string();
        assert!(
            said.starts_with("an entry is longer than 16 MiB"),
            "{start}: {said}"
        );
        assert!(given.get() <= ENTRY_BYTES_MAX + 128 * 1024, "{start}");
    }
}

#[test]
fn a_reader_that_fails_is_an_unreadable_file() {
    struct Broken;
    impl Read for Broken {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::Error::other("no medium"))
        }
    }
    for start in ["", r#"{"resourceType":"#, "{\"resourceType\":\"A\"}\n"] {
        let input = start.as_bytes().chain(Broken);
        let refused = Survey::new(None)
            .take_in("broken", input, &name)
            .unwrap_err();
        assert!(
            refused.to_string().starts_with("the file cannot be read"),
            "{refused}"
        );
    }
}

/// A Bundle that is made while it is read: as many conditions as wanted, each with this text.
struct Large<'a> {
    text: &'a str,
    left: usize,
    piece: io::Cursor<Vec<u8>>,
    given: &'a Cell<u64>,
}

impl<'a> Large<'a> {
    fn new(text: &'a str, entries: usize, given: &'a Cell<u64>) -> Self {
        let head = r#"{"resourceType":"Bundle","type":"collection","entry":[
            {"resource":{"resourceType":"Patient","id":"p"}}"#;
        Self {
            text,
            left: entries,
            piece: io::Cursor::new(head.as_bytes().to_vec()),
            given,
        }
    }
}

impl Read for Large<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let mut length = self.piece.read(into)?;
        if length == 0 && self.left > 0 {
            self.left -= 1;
            let text = self.text;
            let mut piece = format!(
                r#",{{"resource":{{"resourceType":"Condition","id":"{}","subject":
                {{"reference":"Patient/p"}},"code":{{"text":"x"}},
                "text":{{"div":"{text}"}}}}}}"#,
                self.left
            );
            if self.left == 0 {
                piece.push_str("]}");
            }
            self.piece = io::Cursor::new(piece.into_bytes());
            length = self.piece.read(into)?;
        }
        self.given.set(self.given.get() + length as u64);
        Ok(length)
    }
}

/// 32 MiB; 1 GiB with `CAIRN_LONG=1`.
#[test]
fn a_bundle_of_any_length_is_read_one_entry_at_a_time() {
    const TEXT_BYTES: u64 = 1 << 20;
    let long = std::env::var_os("CAIRN_LONG").is_some();
    let entries: u64 = if long { 1024 } else { 32 };
    let text = "a".repeat(usize::try_from(TEXT_BYTES).unwrap());
    let given = Cell::new(0);
    let input = || Large::new(&text, usize::try_from(entries).unwrap(), &given);
    let mut survey = Survey::new(None);
    let file = survey.take_in("large", input(), &name).unwrap();
    assert!(given.get() > entries * TEXT_BYTES);
    given.set(0);
    let mut taken = 0;
    let mut before = 0;
    let ended = read(input(), file, &survey, &setting(), &mut |item| {
        assert!(!matches!(item, Item::Skipped(_)), "{item:?}");
        taken += 1;
        // No more was asked for than this entry and what a buffer holds.
        assert!(given.get() - before < 2 * TEXT_BYTES, "at {taken}");
        before = given.get();
        ControlFlow::Continue(())
    });
    assert!(ended.unwrap().is_continue());
    assert_eq!(taken, entries + 1);
}
