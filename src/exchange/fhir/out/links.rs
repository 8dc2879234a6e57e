//! References of a source, turned to where the same things stand in the output.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::draft::uri_of;
use crate::{
    exchange::fhir::{
        called::identifiers,
        node::{Log, Node},
        reference::{Reference, spelled},
    },
    ids::RecordId,
};

/// The system of identifiers that are URIs.
pub(super) const URIS: &str = "urn:ietf:rfc:3986";

/// Under which names the sources of resources refer to each other.
#[derive(Default)]
pub(super) struct Links {
    /// By `Type/id`, `Type?system|value` and UUID. None where it means two things.
    targets: BTreeMap<String, Option<Target>>,
}

#[derive(Clone, PartialEq, Eq)]
struct Target {
    id: RecordId,
    name: Box<str>,
}

impl Links {
    /// Learns what a resource is called in its source.
    pub(super) fn add(
        &mut self,
        (kind, id, name): (&str, RecordId, &str),
        raw: Option<&Map<String, Value>>,
    ) {
        let Some(raw) = raw else { return };
        let target = Target {
            id,
            name: name.into(),
        };
        let mut names = Vec::new();
        if let Some(own) = raw.get("id").and_then(Value::as_str) {
            let own = spelled(own);
            names.push(format!("{kind}/{own}"));
            names.push(own);
        }
        let log = Log::new(String::new());
        let called = identifiers(&Node::root(raw, &log)).into_iter();
        names.extend(called.map(|it| format!("{kind}?{it}")));
        for name in names {
            self.targets
                .entry(name)
                .and_modify(|it| *it = it.take().filter(|known| *known == target))
                .or_insert_with(|| Some(target.clone()));
        }
    }

    fn find(&self, name: &str) -> Option<&Target> {
        self.targets.get(name)?.as_ref()
    }
}

/// A source whose references lead to the output's resources. Those that lead nowhere say by
/// identifier or type whom they mean.
pub(super) fn localised(
    mut raw: Map<String, Value>,
    links: &[&Links],
) -> Map<String, Value> {
    for value in raw.values_mut() {
        localise(value, links);
    }
    raw
}

fn localise(value: &mut Value, links: &[&Links]) {
    match value {
        Value::Object(map) => {
            if let Some(Value::String(text)) = map.get("reference") {
                let text = text.clone();
                turn(map, &text, links);
            }
            for value in map.values_mut() {
                localise(value, links);
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|it| localise(it, links)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn turn(map: &mut Map<String, Value>, text: &str, links: &[&Links]) {
    let reference = Reference::read(text);
    let name = match &reference {
        Reference::Contained(_) => return,
        Reference::Typed { kind, id, .. } => format!("{kind}/{}", spelled(id)),
        Reference::Conditional { kind, identifier } => format!("{kind}?{identifier}"),
        Reference::Uri(uri) => Reference::uuid(uri).map_or_else(String::new, spelled),
    };
    if let Some(target) = links.iter().find_map(|it| it.find(&name)) {
        map.insert("reference".to_owned(), json!(uri_of(target.id)));
        if !target.name.is_empty() && !map.contains_key("display") {
            map.insert("display".to_owned(), json!(target.name));
        }
        return;
    }
    let (kind, identifier) = match reference {
        // It stands where everybody can look for it.
        Reference::Contained(_) | Reference::Typed { base: Some(_), .. } => return,
        Reference::Typed { kind, id, .. } => (kind, json!({ "value": id })),
        Reference::Conditional { kind, identifier } => {
            let (system, value) = identifier.split_once('|').unwrap_or_default();
            (kind, json!({ "system": system, "value": value }))
        }
        Reference::Uri(uri) if Reference::uuid(uri).is_some() => {
            ("", json!({ "system": URIS, "value": uri }))
        }
        Reference::Uri(_) => return,
    };
    map.shift_remove("reference");
    if !kind.is_empty() && !map.contains_key("type") {
        map.insert("type".to_owned(), json!(kind));
    }
    if !map.contains_key("identifier") {
        map.insert("identifier".to_owned(), identifier);
    }
}
