//! A resource that is being written, element by element. What says nothing is left out: FHIR
//! has no empty elements.

use std::collections::BTreeSet;

use serde_json::{Map, Number, Value, json};

use super::{Directory, uuid_of};
use crate::{
    chart::{Coded, Coding, Entry, Origin, Quantity},
    exchange::fhir::types::UCUM,
    ids::{PatientId, RecordId},
    time::When,
};

/// The extension that says why a required element is missing.
const ABSENT: &str = "http://hl7.org/fhir/StructureDefinition/data-absent-reason";

/// What a resource is written among.
#[derive(Clone, Copy)]
pub(super) struct Scene<'a> {
    /// Whose chart; zero for the clinic's list.
    pub(super) patient: PatientId,
    /// Practitioners and organisations.
    pub(super) directory: &'a Directory,
    /// The records of the chart that are written too.
    pub(super) present: &'a BTreeSet<RecordId>,
}

/// A resource that is being written.
pub(super) struct Draft<'a> {
    pub(super) scene: &'a Scene<'a>,
    pub(super) entry: &'a Entry,
    map: Map<String, Value>,
}

impl<'a> Draft<'a> {
    pub(super) fn new(scene: &'a Scene<'a>, entry: &'a Entry) -> Self {
        Self {
            scene,
            entry,
            map: Map::new(),
        }
    }

    pub(super) fn finish(self) -> Map<String, Value> {
        self.map
    }

    /// Any value; none leaves the element out.
    pub(super) fn put(&mut self, key: &str, value: Option<Value>) {
        if let Some(value) = value {
            self.map.insert(key.to_owned(), value);
        }
    }

    /// A text, unless it is empty.
    pub(super) fn text(&mut self, key: &str, text: &str) {
        self.put(key, words(text).map(Value::String));
    }

    /// A `CodeableConcept`, unless it says nothing.
    pub(super) fn concept(&mut self, key: &str, coded: &Coded) {
        self.put(key, concept(coded));
    }

    /// A list with one `CodeableConcept`, unless it says nothing.
    pub(super) fn concepts(&mut self, key: &str, coded: &Coded) {
        self.put(key, concept(coded).map(|it| json!([it])));
    }

    /// A `CodeableConcept` of words alone.
    pub(super) fn said(&mut self, key: &str, text: &str) {
        self.put(key, words(text).map(|it| json!({ "text": it })));
    }

    /// A code of one of FHIR's own systems.
    pub(super) fn status(&mut self, key: &str, (system, code): (&str, &str)) {
        self.put(key, Some(json!({ "coding": [coding(system, code)] })));
    }

    /// A date or a time.
    pub(super) fn when(&mut self, key: &str, when: Option<When>) {
        self.put(key, when.map(|it| json!(it.to_string())));
    }

    /// Says that a required element of a simple type is not known.
    pub(super) fn absent(&mut self, key: &str) {
        self.put(&format!("_{key}"), Some(absent()));
    }

    /// A list of one remark: the record's own.
    pub(super) fn note(&mut self) {
        self.notes(&[]);
    }

    /// The record's remark, and what else has no element of its own.
    pub(super) fn notes(&mut self, more: &[String]) {
        let own = std::iter::once(self.entry.remark.0.as_str());
        let all = own.chain(more.iter().map(String::as_str));
        let notes: Vec<Value> = all
            .filter_map(|it| words(it).map(|it| json!({ "text": it })))
            .collect();
        self.put("note", (!notes.is_empty()).then_some(Value::Array(notes)));
    }

    /// Whose record it is.
    pub(super) fn whose(&mut self, key: &str) {
        let patient = RecordId::from_bytes(*self.scene.patient.as_bytes());
        self.put(key, Some(json!({ "reference": uri_of(patient) })));
    }

    /// A reference to another record of the chart, if that is written too.
    pub(super) fn link(&self, to: Option<RecordId>) -> Option<Value> {
        let to = to.filter(|it| self.scene.present.contains(it))?;
        Some(json!({ "reference": uri_of(to) }))
    }

    /// The visit that it belongs to.
    pub(super) fn visit(&mut self, visit: Option<RecordId>) {
        self.put("encounter", self.link(visit));
    }

    /// Who wrote it: a user of this clinic, whom the source names, or who proposed it.
    pub(super) fn author(&self) -> Option<Value> {
        match &self.entry.origin {
            Origin::Own => self.scene.directory.user(self.entry.by),
            Origin::Imported { author, .. } => named(&author.0),
            Origin::Outside(it) => named(&it.maker.named()),
        }
    }

    /// When it was written down, as an element of its own.
    pub(super) fn recorded(&mut self, key: &str) {
        let recorded = self.entry.recorded.to_string();
        self.put(key, Some(json!(recorded)));
    }
}

/// The name under which a record is referred to.
pub(super) fn uri_of(id: RecordId) -> String {
    format!("urn:uuid:{}", uuid_of(id))
}

/// A reference to someone of whom only the name is known.
pub(super) fn named(name: &str) -> Option<Value> {
    words(name).map(|it| json!({ "display": it }))
}

/// A `Coding` without words.
pub(super) fn coding(system: &str, code: &str) -> Value {
    json!({ "system": system, "code": code })
}

/// What stands in the place of a required element that is not known.
pub(super) fn absent() -> Value {
    json!({ "extension": [{ "url": ABSENT, "valueCode": "unknown" }] })
}

/// A `Period`; none when neither end is known.
pub(super) fn period((start, end): (Option<When>, Option<When>)) -> Option<Value> {
    let mut period = Map::new();
    for (key, when) in [("start", start), ("end", end)] {
        period.extend(when.map(|it| (key.to_owned(), json!(it.to_string()))));
    }
    (!period.is_empty()).then_some(Value::Object(period))
}

/// A `CodeableConcept`; none when neither words nor a code were given.
pub(super) fn concept(coded: &Coded) -> Option<Value> {
    let codings = coded.coding.iter().chain(&coded.also);
    let codings: Vec<Value> = codings.filter_map(coding_of).collect();
    let mut concept = Map::new();
    if !codings.is_empty() {
        concept.insert("coding".to_owned(), Value::Array(codings));
    }
    let text = words(&coded.text);
    concept.extend(text.map(|it| ("text".to_owned(), Value::String(it))));
    (!concept.is_empty()).then_some(Value::Object(concept))
}

/// A `Quantity` with its number exactly as written; none when that is no JSON number.
pub(super) fn quantity(it: &Quantity) -> Option<Value> {
    let mut quantity = Map::new();
    quantity.insert("value".to_owned(), Value::Number(number(&it.value)?));
    if !it.comparator.is_empty() {
        quantity.insert("comparator".to_owned(), json!(it.comparator));
    }
    if let Some(unit) = words(&it.unit) {
        quantity.insert("unit".to_owned(), json!(unit));
        if !unit.contains(char::is_whitespace) {
            quantity.insert("system".to_owned(), json!(UCUM));
            quantity.insert("code".to_owned(), json!(unit));
        }
    }
    Some(Value::Object(quantity))
}

/// An amount as people write it, such as `2 tablet`; none when it is another.
pub(super) fn amount(text: &str) -> Option<Value> {
    let (value, unit) = match text.split_once(' ') {
        Some((value, unit)) => (value, words(unit)?),
        None => (text, String::new()),
    };
    let value = number(value)?;
    Some(if unit.is_empty() {
        json!({ "value": value })
    } else {
        json!({ "value": value, "unit": unit })
    })
}

/// A text without what FHIR forbids in one; none when nothing is left.
pub(super) fn words(text: &str) -> Option<String> {
    let kept = |it: &char| !it.is_control() || matches!(it, '\n' | '\t' | '\r');
    let text: String = text.chars().filter(kept).collect();
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

fn number(text: &str) -> Option<Number> {
    text.parse().ok()
}

fn coding_of(it: &Coding) -> Option<Value> {
    let mut coding = Map::new();
    let system = it.system.uri();
    let system = if system.contains(char::is_whitespace) {
        ""
    } else {
        system
    };
    let code: Vec<&str> = it.code.split_whitespace().collect();
    let parts = [
        ("system", words(system)),
        ("code", words(&code.join(" "))),
        ("display", words(&it.display)),
    ];
    for (key, text) in parts {
        coding.extend(text.map(|it| (key.to_owned(), Value::String(it))));
    }
    coding.contains_key("code").then_some(Value::Object(coding))
}
