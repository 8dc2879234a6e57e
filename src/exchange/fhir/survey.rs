//! The first reading of all files: their syntax is checked, and what entries refer to in
//! each other is remembered.

use std::{collections::BTreeMap, fmt, io::Read};

use super::{
    Namer, RESOURCES_MAX, Refused, Rule,
    called::{aliases_of, id_of, identifiers, kind_of, server_of, source_of},
    entry::fault_of,
    medication::drug_of,
    node::{Log, Node},
    reference::is_uuid,
    stream::{self, Entry, Piece, Stop},
};
use crate::chart::Coded;

/// The most bytes of names, codes and ids that are remembered. An import of a million
/// resources needs about a tenth of it.
const TEXT_BYTES_MAX: usize = 128 * 1024 * 1024;

/// What one more name of a resource costs, in bytes.
const ALIAS_BYTES: usize = 48;

/// Names a file of a survey.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FileNo(pub(super) u32);

/// What one resource is called inside an import: a hash of group, type and id.
pub(super) type Key = [u8; 16];

/// The resources of which references are resolved together: those of one Bundle, or those of
/// all NDJSON files and single resources of an import.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Group(u32);

/// Everything that the second reading must know of other entries. Files are added one after
/// another; once one was refused, the survey is of no more use.
#[derive(Default)]
pub struct Survey {
    source: Option<String>,
    files: Vec<File>,
    counts: BTreeMap<String, u64>,
    entries: u64,
    known: BTreeMap<Key, Known>,
    aliases: BTreeMap<Key, Option<Key>>,
    targets: BTreeMap<Key, Target>,
    names: BTreeMap<Key, String>,
    drugs: BTreeMap<Key, Coded>,
    scopes: Vec<String>,
    scope_numbers: BTreeMap<String, u32>,
    text_bytes: usize,
}

struct File {
    name: String,
    /// `Bundle.meta.source`.
    source: Option<String>,
}

/// A resource of the input.
#[derive(Clone, Copy)]
pub(super) struct Known {
    scope: Scope,
    file: u32,
    entry: u64,
}

/// Which system's id an id is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Scope {
    /// Of none: it is a UUID.
    Everywhere,
    /// Of the server with this base.
    Base(u32),
    /// Of the file's source; else of what this says; else of the patient.
    File(Option<u32>),
}

/// The type and the id of a resource.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Target {
    pub(super) kind: Box<str>,
    pub(super) id: Box<str>,
}

impl Survey {
    /// A survey of nothing yet. `source` names the system whose ids the files hold, where
    /// the person who imports said so.
    pub fn new(source: Option<String>) -> Self {
        Self {
            source,
            ..Self::default()
        }
    }

    /// Reads a whole file. `file` is what the person calls it.
    pub fn take_in(
        &mut self,
        file: &str,
        input: impl Read,
        name: Namer<'_>,
    ) -> Result<FileNo, Refused> {
        let number = u32::try_from(self.files.len()).unwrap_or(u32::MAX);
        self.files.push(File {
            name: file.to_owned(),
            source: None,
        });
        let walked = stream::walk(input, &mut |piece| {
            match piece {
                Piece::Bundle { kind, source } => {
                    check_type(kind.as_deref())?;
                    self.note_source(number, source);
                }
                Piece::Entry(entry) => self.add(&entry, number, name)?,
            }
            Ok(())
        });
        let refused = |(place, rule)| Refused {
            file: file.to_owned(),
            place,
            rule,
        };
        walked.map_err(refused).map(|_| FileNo(number))
    }

    /// How many entries there are of each resource type.
    pub const fn counts(&self) -> &BTreeMap<String, u64> {
        &self.counts
    }

    /// How many entries there are.
    pub const fn entries(&self) -> u64 {
        self.entries
    }

    /// What the person called the file.
    pub fn file_name(&self, file: FileNo) -> &str {
        self.file(file).map_or("", |it| &it.name)
    }

    /// The group of an entry.
    pub(super) const fn group(file: FileNo, in_bundle: bool) -> Group {
        Group(if in_bundle { file.0 + 1 } else { 0 })
    }

    /// The resource with this type and id, and in which group it was found: the entry's own,
    /// or that of all files without a Bundle.
    pub(super) fn find(
        &self,
        group: Group,
        (kind, id): (&str, &str),
        name: Namer<'_>,
    ) -> Option<(Key, Known)> {
        [group, Group(0)].into_iter().find_map(|group| {
            let key = key(group, kind, id, name);
            self.known.get(&key).map(|known| (key, *known))
        })
    }

    /// The resource that is also called this: by its `fullUrl` or an identifier.
    pub(super) fn also_called(
        &self,
        group: Group,
        (kind, text): (&str, &str),
        name: Namer<'_>,
    ) -> Option<(Key, Option<&Target>)> {
        [group, Group(0)].into_iter().find_map(|group| {
            let found = self.aliases.get(&key(group, kind, text, name))?;
            found.map(|key| (key, self.targets.get(&key)))
        })
    }

    /// The resource with this key.
    pub(super) fn known(&self, key: &Key) -> Option<Known> {
        self.known.get(key).copied()
    }

    /// The name of a practitioner, an organisation or a place.
    pub(super) fn name_of(&self, key: &Key) -> Option<&str> {
        self.names.get(key).map(String::as_str)
    }

    /// The drug that a `Medication` is.
    pub(super) fn drug(&self, key: &Key) -> Option<&Coded> {
        self.drugs.get(key)
    }

    /// Whether this is the entry that is taken for its id: the first one.
    pub(super) fn is_first(known: Known, file: FileNo, entry: u64) -> bool {
        (known.file, known.entry) == (file.0, entry)
    }

    /// The system whose id it is; none when it is the patient's.
    pub(super) fn scope(&self, known: Known) -> Option<&str> {
        if let Some(source) = &self.source {
            return Some(source);
        }
        let text = |number: u32| self.scopes.get(number as usize).map(String::as_str);
        match known.scope {
            Scope::Everywhere => Some(""),
            Scope::Base(number) => text(number),
            Scope::File(number) => {
                let file = self.file(FileNo(known.file));
                let of_file = file.and_then(|it| it.source.as_deref());
                of_file.or_else(|| number.and_then(text))
            }
        }
    }

    /// The system whose id it is that a reference names, when the resource is not in the
    /// input; none when it is the patient's.
    pub(super) fn scope_outside<'s>(
        &'s self,
        file: FileNo,
        base: Option<&'s str>,
        id: &str,
    ) -> Option<&'s str> {
        let of_file = || self.file(file).and_then(|it| it.source.as_deref());
        match &self.source {
            Some(source) => Some(source),
            None if is_uuid(id) => Some(""),
            None => base.or_else(of_file),
        }
    }

    /// Whether a resource may be meant by a reference that stands at the server `base`: two
    /// servers in one file may both have a `Patient/1`.
    pub(super) fn is_at(&self, known: Known, base: Option<&str>) -> bool {
        let Scope::Base(number) = known.scope else {
            return true;
        };
        let own = self.scopes.get(number as usize).map(String::as_str);
        base.is_none() || own == base
    }

    fn file(&self, file: FileNo) -> Option<&File> {
        self.files.get(file.0 as usize)
    }

    fn note_source(&mut self, file: u32, source: Option<String>) {
        if let Some(file) = self.files.get_mut(file as usize) {
            file.source = source.map(|it| source_of(&it).to_owned());
        }
    }

    /// Learns what one entry is called.
    pub(super) fn add(
        &mut self,
        entry: &Entry,
        file: u32,
        name: Namer<'_>,
    ) -> Result<(), Stop> {
        let kind = kind_of(&entry.resource);
        self.entries += 1;
        if self.entries > RESOURCES_MAX {
            return Err(Stop::Refuse(Rule::TooMany));
        }
        if let Some(count) = self.counts.get_mut(kind) {
            *count += 1;
        } else {
            self.spend(kind.len() + ALIAS_BYTES)?;
            self.counts.insert(kind.to_owned(), 1);
        }
        if entry.fault.or_else(|| fault_of(&entry.resource)).is_some() {
            return Ok(());
        }
        let group = Self::group(FileNo(file), entry.in_bundle);
        let id = id_of(kind, entry.full_url.as_deref(), &entry.resource, name);
        let Ok(id) = id else { return Ok(()) };
        let key = key(group, kind, &id, name);
        if self.known.contains_key(&key) {
            return Ok(());
        }
        let log = Log::new(String::new());
        let node = Node::root(&entry.resource, &log);
        let scope = self.scope_of(&node, kind, &id, entry.full_url.as_deref())?;
        let known = Known {
            scope,
            file,
            entry: entry.ordinal,
        };
        self.known.insert(key, known);
        self.remember(&node, kind, key)?;
        let aliases = aliases_of(&node, kind, &id, entry.full_url.as_deref());
        if !aliases.is_empty() || kind == "Patient" {
            self.spend(kind.len() + id.len())?;
            let target = Target {
                kind: kind.into(),
                id: id.into(),
            };
            self.targets.insert(key, target);
        }
        for (kind, text) in aliases {
            self.spend(ALIAS_BYTES)?;
            self.alias(group, (kind, &text), key, name);
        }
        Ok(())
    }

    /// Two resources with one name: the name means neither.
    fn alias(&mut self, group: Group, called: (&str, &str), of: Key, name: Namer<'_>) {
        let alias = key(group, called.0, called.1, name);
        self.aliases
            .entry(alias)
            .and_modify(|it| *it = it.filter(|known| *known == of))
            .or_insert(Some(of));
    }

    fn remember(&mut self, node: &Node<'_>, kind: &str, key: Key) -> Result<(), Stop> {
        let named = match kind {
            "Practitioner" => node.first("name").map(|it| it.human_name()),
            "Organization" | "Location" => node.text("name").map(str::to_owned),
            "Medication" => {
                if let Some(drug) = drug_of(node) {
                    let codings = drug.coding.iter().chain(&drug.also);
                    let codings = codings.map(|it| it.code.len() + it.display.len());
                    self.spend(drug.text.len() + codings.sum::<usize>())?;
                    self.drugs.insert(key, drug);
                }
                None
            }
            _ => None,
        };
        if let Some(named) = named {
            self.spend(named.len())?;
            self.names.insert(key, named);
        }
        Ok(())
    }

    fn scope_of(
        &mut self,
        node: &Node<'_>,
        kind: &str,
        id: &str,
        full_url: Option<&str>,
    ) -> Result<Scope, Stop> {
        if is_uuid(id) {
            return Ok(Scope::Everywhere);
        }
        if let Some(base) = server_of(full_url) {
            return Ok(Scope::Base(self.scope_number(base)?));
        }
        if kind != "Patient" {
            return Ok(Scope::File(None));
        }
        let source = node.node("meta").and_then(|it| it.text("source"));
        let own = match source {
            Some(source) => Some(source_of(source).to_owned()),
            None => identifiers(node).into_iter().next(),
        };
        let number = own.map(|it| self.scope_number(&it)).transpose()?;
        // A patient's id is never reckoned from the patient itself.
        let number = match number {
            Some(number) => number,
            None => self.scope_number("")?,
        };
        Ok(Scope::File(Some(number)))
    }

    fn scope_number(&mut self, text: &str) -> Result<u32, Stop> {
        if let Some(number) = self.scope_numbers.get(text) {
            return Ok(*number);
        }
        self.spend(2 * text.len())?;
        let number = u32::try_from(self.scopes.len()).unwrap_or(u32::MAX);
        self.scopes.push(text.to_owned());
        self.scope_numbers.insert(text.to_owned(), number);
        Ok(number)
    }

    fn spend(&mut self, bytes: usize) -> Result<(), Stop> {
        self.text_bytes += bytes;
        if self.text_bytes > TEXT_BYTES_MAX {
            return Err(Stop::Refuse(Rule::TooMany));
        }
        Ok(())
    }
}

impl fmt::Debug for Survey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "Survey({} files, {} entries)",
            self.files.len(),
            self.entries
        )
    }
}

fn key(group: Group, kind: &str, id: &str, name: Namer<'_>) -> Key {
    name(&format!("group {}", group.0), kind, id)
}

fn check_type(kind: Option<&str>) -> Result<(), Stop> {
    let known = match kind {
        Some("transaction" | "collection" | "document" | "searchset") => return Ok(()),
        Some("batch") => "batch",
        Some("history") => "history",
        Some("message") => "message",
        Some("transaction-response") => "transaction-response",
        Some("batch-response") => "batch-response",
        Some(_) => "unknown",
        None => return Err(Stop::Refuse(Rule::NotFhir("a Bundle has no type"))),
    };
    Err(Stop::Refuse(Rule::BundleType(known)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::fhir::testing::name;

    fn survey(text: &str) -> Result<Survey, String> {
        let mut survey = Survey::new(None);
        let taken = survey.take_in("a.json", text.as_bytes(), &name);
        taken.map(|_| survey).map_err(|it| it.to_string())
    }

    #[test]
    fn bundles_of_other_types_are_refused_by_name() {
        for (kind, refused) in [
            (r#""type":"batch","#, "a Bundle of type batch is not taken"),
            (
                r#""type":"history","#,
                "a Bundle of type history is not taken",
            ),
            (
                r#""type":"Okello","#,
                "a Bundle of type unknown is not taken",
            ),
            (r#""type":5,"#, "not FHIR R4 in JSON: a Bundle has no type"),
            ("", "not FHIR R4 in JSON: a Bundle has no type"),
        ] {
            let text = format!(r#"{{"resourceType":"Bundle",{kind}"entry":[]}}"#);
            let said = survey(&text).unwrap_err();
            assert!(said.starts_with(refused), "{said}");
        }
        assert!(survey(r#"{"resourceType":"Bundle","type":"document"}"#).is_ok());
    }

    #[test]
    fn entries_are_counted_by_type() {
        let text = r#"{"resourceType":"Bundle","type":"collection","entry":[
            {"resource":{"resourceType":"Patient","id":"1"}},
            {"resource":{"resourceType":"Patient","id":"1"}},
            {"resource":{"resourceType":"grace okello"}},
            {"request":{}}, 5
        ]}"#;
        let found = survey(text).unwrap();
        let counts: Vec<_> = found.counts().iter().collect();
        assert_eq!(found.entries(), 5);
        assert_eq!(counts, [(&"?".to_owned(), &3), (&"Patient".to_owned(), &2)]);
    }

    #[test]
    fn a_name_that_two_resources_share_means_neither() {
        let text = r#"{"resourceType":"Practitioner","id":"1","identifier":[{"system":"s","value":"7"}]}
            {"resourceType":"Practitioner","id":"2","identifier":[{"system":"s","value":"7"},{"system":"s","value":"8"}]}"#;
        let found = survey(text).unwrap();
        let called = |text| found.also_called(Group(0), ("Practitioner", text), &name);
        assert!(called("?s|7").is_none());
        assert!(called("?s|8").unwrap().1.unwrap().id.as_ref() == "2");
    }
}
