//! NDJSON: a file for each type of resource, a line for each resource. References are `Type/id`
//! there, as in FHIR's bulk data.

use std::{
    collections::{BTreeMap, BTreeSet, btree_map::Entry},
    io::{self, Write},
};

use serde_json::{Map, Value, json};

use super::{Directory, Written, uuid_of};
use crate::ids::RecordId;

/// NDJSON files on their way out.
#[derive(Debug)]
pub struct Lines<W, O> {
    open: O,
    files: BTreeMap<&'static str, W>,
    there: BTreeSet<RecordId>,
}

impl<W: Write, O: FnMut(&str) -> io::Result<W>> Lines<W, O> {
    /// Files that `open` makes, each when the first resource of its type comes.
    pub fn new(open: O) -> Self {
        Self {
            open,
            files: BTreeMap::new(),
            there: BTreeSet::new(),
        }
    }

    /// Writes the resources of a chart, and whom they refer to.
    pub fn put(&mut self, all: &[Written], directory: &Directory) -> io::Result<()> {
        let named = all.iter().flat_map(|it| &it.people);
        let named = named.filter_map(|it| directory.get(*it));
        let kinds = all.iter().chain(named).map(|it| (uuid_of(it.id), it.kind));
        let kinds: BTreeMap<String, &str> = kinds.collect();
        for written in all {
            self.put_people(&written.people, directory)?;
            self.line(written, &kinds)?;
        }
        Ok(())
    }

    /// Ends the files; gives back what they were written to, by type.
    pub fn finish(mut self) -> io::Result<BTreeMap<&'static str, W>> {
        self.files.values_mut().try_for_each(Write::flush)?;
        Ok(self.files)
    }

    fn put_people(
        &mut self,
        people: &BTreeSet<RecordId>,
        directory: &Directory,
    ) -> io::Result<()> {
        for person in people.iter().filter_map(|it| directory.get(*it)) {
            if self.there.insert(person.id) {
                let others = person.people.iter().filter_map(|it| directory.get(*it));
                let kinds = others.map(|it| (uuid_of(it.id), it.kind)).collect();
                self.put_people(&person.people, directory)?;
                self.line(person, &kinds)?;
            }
        }
        Ok(())
    }

    fn line(
        &mut self,
        written: &Written,
        kinds: &BTreeMap<String, &str>,
    ) -> io::Result<()> {
        let file = match self.files.entry(written.kind) {
            Entry::Occupied(it) => it.into_mut(),
            Entry::Vacant(it) => it.insert((self.open)(written.kind)?),
        };
        let mut line = serde_json::to_string(&related(&written.body, kinds))?;
        line.push('\n');
        file.write_all(line.as_bytes())
    }
}

/// A resource with its references as `Type/id`.
fn related(
    body: &Map<String, Value>,
    kinds: &BTreeMap<String, &str>,
) -> Map<String, Value> {
    let mut body = body.clone();
    body.values_mut().for_each(|it| relate(it, kinds));
    body
}

fn relate(value: &mut Value, kinds: &BTreeMap<String, &str>) {
    match value {
        Value::Object(map) => {
            let reference = map.get("reference").and_then(Value::as_str);
            let uuid = reference.and_then(|it| it.strip_prefix("urn:uuid:"));
            let to = uuid.and_then(|it| kinds.get(it).map(|kind| format!("{kind}/{it}")));
            if let Some(to) = to {
                map.insert("reference".to_owned(), json!(to));
            }
            map.values_mut().for_each(|it| relate(it, kinds));
        }
        Value::Array(items) => items.iter_mut().for_each(|it| relate(it, kinds)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}
