//! Who works here or elsewhere: the clinic's list and its users, written when a resource
//! refers to them.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use serde_json::{Map, Value, json};

use super::{
    BASE_PROFILE, Piece, Written,
    draft::{Draft, Scene, named, uri_of},
    kind_of,
    links::{self, Links},
    patient::phone,
    uuid_of, written,
};
use crate::{
    chart::{Provider, ProviderKind},
    ids::{ClinicId, PatientId, RecordId, UserId},
};

/// Whom resources can refer to beside those of their own chart.
#[derive(Default)]
pub struct Directory {
    clinic: Option<ClinicId>,
    users: BTreeMap<UserId, String>,
    links: Links,
    written: BTreeMap<RecordId, Written>,
}

impl Directory {
    /// The clinic's list, `pieces`, and its users by name.
    pub fn new(
        clinic: ClinicId,
        users: BTreeMap<UserId, String>,
        pieces: &[Piece],
    ) -> Self {
        let mut links = Links::default();
        let mut of_list = Vec::new();
        for piece in pieces {
            let Some(kind) = kind_of(&piece.record) else {
                continue;
            };
            let raw = piece.raw_map();
            let called = (kind, piece.record.entry().id, piece.record.called());
            links.add(called, raw.as_ref());
            of_list.push((piece, raw));
        }
        let mut directory = Self {
            clinic: Some(clinic),
            users,
            links,
            written: BTreeMap::new(),
        };
        let present = BTreeSet::new();
        let scene = Scene {
            patient: PatientId::ZERO,
            directory: &directory,
            present: &present,
        };
        let mut all: Vec<Written> = of_list
            .into_iter()
            .filter_map(|(piece, raw)| {
                let raw = raw.map(|it| links::localised(it, &[directory.links()]));
                written(piece, raw, &scene)
            })
            .collect();
        all.extend(directory.users.iter().map(|(id, name)| user(*id, name)));
        directory.written = all.into_iter().map(|it| (it.id, it)).collect();
        // What the list refers to in itself is known only now.
        let known: Vec<(RecordId, BTreeSet<RecordId>)> = directory
            .written
            .values()
            .map(|it| (it.id, directory.named_in(&it.body)))
            .collect();
        for (id, people) in known {
            if let Some(it) = directory.written.get_mut(&id) {
                it.people = people;
            }
        }
        directory
    }

    /// The resource of someone on the list, or of a user.
    pub fn get(&self, id: RecordId) -> Option<&Written> {
        self.written.get(&id)
    }

    /// All resources of the list.
    pub fn all(&self) -> impl Iterator<Item = &Written> {
        self.written.values()
    }

    /// A reference to a user.
    pub(super) fn user(&self, user: UserId) -> Option<Value> {
        let name = self.users.get(&user)?;
        let mut reference = Map::new();
        reference.insert("reference".to_owned(), json!(uri_of(record_of(user))));
        if let Some(Value::Object(display)) = named(name) {
            reference.extend(display);
        }
        Some(Value::Object(reference))
    }

    /// The system of the clinic's own patient numbers.
    pub(super) fn number_system(&self) -> String {
        let clinic = self.clinic.unwrap_or(ClinicId::ZERO);
        format!("urn:cairn:number:{clinic}")
    }

    pub(super) const fn links(&self) -> &Links {
        &self.links
    }

    /// Whom of the list a resource refers to.
    pub(super) fn named_in(&self, body: &Map<String, Value>) -> BTreeSet<RecordId> {
        let mut named = BTreeSet::new();
        for value in body.values() {
            self.collect(value, &mut named);
        }
        named
    }

    fn collect(&self, value: &Value, named: &mut BTreeSet<RecordId>) {
        match value {
            Value::Object(map) => {
                let reference = map.get("reference").and_then(Value::as_str);
                let uuid = reference.and_then(|it| it.strip_prefix("urn:uuid:"));
                let id = uuid.and_then(|it| uuid::Uuid::try_parse(it).ok());
                let id = id.map(|it| RecordId::from_bytes(it.into_bytes()));
                named.extend(id.filter(|it| self.written.contains_key(it)));
                map.values().for_each(|it| self.collect(it, named));
            }
            Value::Array(items) => items.iter().for_each(|it| self.collect(it, named)),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }
}

/// Writes a `Practitioner` or an `Organization`.
pub(super) fn write(it: &Provider, to: &mut Draft<'_>) {
    match it.kind {
        ProviderKind::Practitioner => {
            to.put(
                "name",
                named(&it.name).map(|_| json!([{ "text": it.name }])),
            );
        }
        ProviderKind::Organization => to.text("name", &it.name),
    }
    to.put("telecom", phone(&it.phone, None).map(|it| json!([it])));
}

const fn record_of(user: UserId) -> RecordId {
    RecordId::from_bytes(*user.as_bytes())
}

fn user(id: UserId, name: &str) -> Written {
    let id = record_of(id);
    let mut body = Map::new();
    body.insert("resourceType".to_owned(), json!("Practitioner"));
    body.insert("id".to_owned(), json!(uuid_of(id)));
    let profile = format!("{BASE_PROFILE}Practitioner");
    body.insert("meta".to_owned(), json!({ "profile": [profile] }));
    body.insert("name".to_owned(), json!([{ "text": name }]));
    Written {
        kind: "Practitioner",
        id,
        body,
        people: BTreeSet::new(),
    }
}

impl fmt::Debug for Directory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Directory({:?})", self.clinic)
    }
}
