//! What a resource is called: its type, its id, and the other names under which references
//! find it.

use serde_json::{Map, Value};

use super::{
    Namer,
    node::Node,
    reference::{Reference, spelled},
    resource::Why,
};
use crate::ids::RecordId;

/// The most bytes of an id; FHIR allows 64.
const ID_BYTES_MAX: usize = 256;

/// The most characters of a resource type; FHIR's longest has 33.
const KIND_LEN_MAX: usize = 64;

/// The most identifiers of one resource under which it can be referred to.
const IDENTIFIERS_MAX: usize = 8;

/// The types of resource that others refer to by an identifier.
const BY_IDENTIFIER: &[&str] = &["Patient", "Practitioner", "Organization", "Location"];

/// The resource's type; `?` when it is none.
pub(super) fn kind_of(resource: &Map<String, Value>) -> &str {
    let kind = resource.get("resourceType").and_then(Value::as_str);
    let named = |it: &&str| {
        it.len() <= KIND_LEN_MAX
            && it.starts_with(|it: char| it.is_ascii_uppercase())
            && it.bytes().all(|byte| byte.is_ascii_alphabetic())
    };
    kind.filter(named).unwrap_or("?")
}

/// The resource's id; of one without an id, what its `fullUrl` says; else one computed from
/// its content.
pub(super) fn id_of(
    kind: &str,
    full_url: Option<&str>,
    resource: &Map<String, Value>,
    name: Namer<'_>,
) -> Result<String, Why> {
    match resource.get("id") {
        Some(Value::String(id)) if id.is_empty() || id.len() > ID_BYTES_MAX => {
            Err("its id is empty or longer than 256 bytes")
        }
        Some(Value::String(id)) => Ok(spelled(id)),
        Some(_) => Err("its id is not a text"),
        None => Ok(match full_url.map(Reference::read) {
            Some(Reference::Typed { kind: of, id, .. }) if of == kind => spelled(id),
            Some(Reference::Uri(uri)) if Reference::uuid(uri).is_some() => {
                spelled(Reference::uuid(uri).unwrap_or_default())
            }
            _ => {
                let content = serde_json::to_string(resource).unwrap_or_default();
                let bytes = name("content", kind, &content);
                format!("content-{}", RecordId::from_bytes(bytes))
            }
        }),
    }
}

/// The server at which the entry stands, from its `fullUrl`.
pub(super) fn server_of(full_url: Option<&str>) -> Option<&str> {
    match Reference::read(full_url?) {
        Reference::Typed { base, .. } => base,
        Reference::Contained(_) | Reference::Conditional { .. } | Reference::Uri(_) => {
            None
        }
    }
}

/// HAPI puts the id of the request behind the system.
pub(super) fn source_of(source: &str) -> &str {
    source.split_once('#').map_or(source, |(system, _)| system)
}

/// `system|value` of each identifier.
pub(super) fn identifiers(node: &Node<'_>) -> Vec<String> {
    let nodes = node.nodes("identifier").into_iter().take(IDENTIFIERS_MAX);
    let both = |it: Node<'_>| {
        let system = it.text("system").unwrap_or_default();
        it.text("value").map(|value| format!("{system}|{value}"))
    };
    nodes.filter_map(both).collect()
}

/// The other names under which references find the resource.
pub(super) fn aliases_of<'k>(
    node: &Node<'_>,
    kind: &'k str,
    id: &str,
    full_url: Option<&str>,
) -> Vec<(&'k str, String)> {
    let mut aliases = Vec::new();
    if let Some(url) = full_url {
        let plain = match Reference::read(url) {
            Reference::Typed {
                kind: of, id: it, ..
            } => of == kind && spelled(it) == id,
            Reference::Uri(uri) => {
                Reference::uuid(uri).map(spelled).as_deref() == Some(id)
            }
            Reference::Contained(_) | Reference::Conditional { .. } => false,
        };
        if !plain {
            aliases.push(("", url.to_owned()));
        }
    }
    if BY_IDENTIFIER.contains(&kind) {
        let named = identifiers(node).into_iter();
        aliases.extend(named.map(|it| (kind, format!("?{it}"))));
    }
    aliases
}
