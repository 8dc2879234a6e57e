//! What the source of an imported record said beyond the record. The source is read once more:
//! an element that would be written the same from it as from the record is as it stood there,
//! with all that the chart has no field for; the others are as the record says now.

use serde_json::{Map, Value, json};

use super::{draft::Scene, plain, uuid_of};
use crate::{
    chart::{Entry, Origin, Record},
    exchange::fhir::{
        FileNo, Item, Setting, Stamp, Survey, entry::Place, reference::is_uuid, stream,
    },
    ids::ImportId,
};

/// Elements of which a resource has one form only: FHIR's `onset[x]`.
const CHOICES: &[&str] = &[
    "abatement",
    "asNeeded",
    "deceased",
    "effective",
    "medication",
    "occurrence",
    "onset",
    "performed",
    "value",
];

/// What another system says of its own copy.
const OF_THE_COPY: &[&str] = &["versionId"];

/// The source with what the record says now.
pub(super) fn merged(
    mut raw: Map<String, Value>,
    now: Map<String, Value>,
    record: &Record,
    scene: &Scene<'_>,
) -> Map<String, Value> {
    prepare(&mut raw, &now, record);
    let before = reread(&raw, record.entry());
    let before = before.map_or_else(Map::new, |it| plain(&it, None, scene));
    for key in ["resourceType", "id"] {
        raw.shift_remove(key);
    }
    let mut is_changed = false;
    let keys = now
        .keys()
        .chain(before.keys().filter(|key| !now.contains_key(*key)));
    for key in keys.filter(|key| before.get(*key) != now.get(*key)) {
        is_changed = true;
        remove(&mut raw, key);
        if let Some(value) = now.get(key) {
            raw.insert(key.clone(), value.clone());
        }
    }
    let meta = raw.get_mut("meta").and_then(Value::as_object_mut);
    if let Some(meta) = meta {
        meta.retain(|key, _| {
            let stale = is_changed && matches!(key.as_str(), "profile" | "lastUpdated");
            !stale && !OF_THE_COPY.contains(&key.as_str())
        });
    }
    if is_changed {
        raw.shift_remove("text");
        drop_unnamed(&mut raw);
    }
    raw
}

/// Puts into the source what can only be known from outside it: whose it is, and the drug
/// that stood in a resource of its own.
fn prepare(raw: &mut Map<String, Value>, now: &Map<String, Value>, record: &Record) {
    raw.insert("id".to_owned(), json!(uuid_of(record.entry().id)));
    for key in ["subject", "patient"] {
        let leads = |it: &Value| it.get("reference").cloned();
        if let Some(whose) = now.get(key)
            && raw.get(key).and_then(leads) != leads(whose)
        {
            raw.insert(key.to_owned(), whose.clone());
        }
    }
    let inside = |it: &Value| {
        let text = it.get("reference").and_then(Value::as_str);
        text.is_some_and(|it| it.starts_with('#'))
    };
    let elsewhere = raw.get("medicationReference").is_some_and(|it| !inside(it));
    if let Some(drug) = now.get("medicationCodeableConcept")
        && elsewhere
    {
        raw.shift_remove("medicationReference");
        raw.insert("medicationCodeableConcept".to_owned(), drug.clone());
    }
}

/// The record that a source becomes when it is read here, alone.
pub(super) fn reread(raw: &Map<String, Value>, of: &Entry) -> Option<Record> {
    let entry = || stream::Entry {
        place: String::new(),
        ordinal: 0,
        in_bundle: false,
        full_url: None,
        resource: raw.clone(),
        fault: None,
    };
    let mut survey = Survey::default();
    survey.add(&entry(), 0, &own_name).ok()?;
    let import = match &of.origin {
        Origin::Own | Origin::Outside(_) => ImportId::ZERO,
        Origin::Imported { import, .. } => *import,
    };
    let setting = Setting {
        name: &own_name,
        known_patient: &|_| true,
        stamp: Stamp {
            recorded: of.recorded,
            by: of.by,
            machine: of.machine,
            import,
        },
    };
    let place = Place {
        survey: &survey,
        setting: &setting,
        file: FileNo(0),
    };
    match place.item(entry()) {
        Item::Taken(taken) => Some(taken.record),
        Item::Named(_) | Item::Skipped(_) => None,
    }
}

/// Things of the output are called by their own ids; the survey's names for what else it
/// remembers need only differ from each other.
pub(in crate::exchange::fhir) fn own_name(
    source: &str,
    kind: &str,
    id: &str,
) -> [u8; 16] {
    if is_uuid(id) && !source.starts_with("group ") {
        let parsed = uuid::Uuid::try_parse(id);
        return parsed.map_or([0; 16], uuid::Uuid::into_bytes);
    }
    // FNV-1a over the three parts, 128 bits wide.
    let mut state = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d_u128;
    for byte in format!("{source}\0{kind}\0{id}").bytes() {
        state ^= u128::from(byte);
        state = state.wrapping_mul(0x0100_0000_0000_0000_0000_013b);
    }
    state.to_be_bytes()
}

/// Removes an element in all forms that it may have.
fn remove(raw: &mut Map<String, Value>, key: &str) {
    let choice = CHOICES.iter().find(|it| is_form_of(key, it));
    raw.retain(|other, _| {
        let other = other.trim_start_matches('_');
        let same = other == key.trim_start_matches('_');
        !same && !choice.is_some_and(|it| is_form_of(other, it))
    });
}

/// Whether a key is a form of an element of which a resource has one only.
pub(super) fn is_form_of(key: &str, choice: &str) -> bool {
    let key = key.trim_start_matches('_');
    key.strip_prefix(choice)
        .is_some_and(|rest| rest.starts_with(|it: char| it.is_ascii_uppercase()))
}

/// Drops resources inside that nothing refers to any more.
fn drop_unnamed(raw: &mut Map<String, Value>) {
    let Some(Value::Array(mut inside)) = raw.shift_remove("contained") else {
        return;
    };
    let around = Value::Object(raw.clone()).to_string();
    inside.retain(|it| {
        let id = it.get("id").and_then(Value::as_str).unwrap_or_default();
        around.contains(&format!("\"#{id}\""))
    });
    if !inside.is_empty() {
        raw.insert("contained".to_owned(), Value::Array(inside));
    }
}
