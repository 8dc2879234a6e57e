//! A person becomes a `Patient`.

use serde_json::{Map, Value, json};

use super::draft::{Draft, absent, words};
use crate::{
    chart::{Address, Contact, Identifier, Name, NameUse, Person},
    exchange::fhir::types::{BIRTH_ESTIMATED, PAYER},
};

/// Writes a `Patient`.
pub(super) fn write(it: &Person, to: &mut Draft<'_>) {
    let payer = words(&it.payer).map(|it| json!([{ "url": PAYER, "valueString": it }]));
    to.put("extension", payer);
    let clinic = to.scene.directory.number_system();
    let identifiers = it.identifiers.iter();
    to.put(
        "identifier",
        list(identifiers.filter_map(|it| identifier(it, &clinic))),
    );
    to.put("name", list(it.names.iter().filter_map(name)));
    let phones = [(&it.phone, 1), (&it.phone2, 2)];
    to.put(
        "telecom",
        list(
            phones
                .into_iter()
                .filter_map(|(it, rank)| phone(it, Some(rank))),
        ),
    );
    to.put("gender", Some(json!(it.sex.code())));
    match it.birth {
        Some(birth) => {
            to.put("birthDate", Some(json!(birth.date.to_string())));
            let estimated = json!({ "extension": [{ "url": BIRTH_ESTIMATED, "valueBoolean": true }] });
            to.put("_birthDate", birth.estimated.then_some(estimated));
        }
        None => to.absent("birthDate"),
    }
    match it.deceased {
        Some(Some(date)) => to.put("deceasedDateTime", Some(json!(date.to_string()))),
        Some(None) => to.put("deceasedBoolean", Some(json!(true))),
        None => {}
    }
    to.put("address", address(&it.address).map(|it| json!([it])));
    to.put("contact", list(it.contacts.iter().filter_map(contact)));
    let language = words(&it.language)
        .map(|it| json!([{ "language": { "text": it }, "preferred": true }]));
    to.put("communication", language);
}

/// A list, unless it is empty.
pub(super) fn list(items: impl Iterator<Item = Value>) -> Option<Value> {
    let items: Vec<Value> = items.collect();
    (!items.is_empty()).then_some(Value::Array(items))
}

/// A telephone number.
pub(super) fn phone(number: &str, rank: Option<u8>) -> Option<Value> {
    let number = words(number)?;
    let mut point = Map::new();
    point.insert("system".to_owned(), json!("phone"));
    point.insert("value".to_owned(), json!(number));
    point.extend(rank.map(|it| ("rank".to_owned(), json!(it))));
    Some(Value::Object(point))
}

fn identifier(it: &Identifier, clinic: &str) -> Option<Value> {
    let value = words(&it.value)?;
    let system = match it.system.as_str() {
        Identifier::NUMBER => clinic,
        system => system,
    };
    let is_uri = system.contains(':') && !system.contains(char::is_whitespace);
    Some(match words(system) {
        Some(system) if is_uri => json!({ "system": system, "value": value }),
        Some(name) => json!({ "type": { "text": name }, "value": value }),
        None => json!({ "value": value }),
    })
}

fn name(it: &Name) -> Option<Value> {
    let usage = match it.usage {
        NameUse::Usual => "usual",
        NameUse::Official => "official",
        NameUse::Maiden => "maiden",
        NameUse::Nickname => "nickname",
        NameUse::Old => "old",
    };
    let mut name = Map::new();
    name.insert("use".to_owned(), json!(usage));
    let family = words(&it.family);
    name.extend(family.map(|it| ("family".to_owned(), json!(it))));
    let given: Vec<String> = it.given.split(' ').filter_map(words).collect();
    if !given.is_empty() {
        name.insert("given".to_owned(), json!(given));
    }
    (name.len() > 1).then_some(Value::Object(name))
}

fn address(it: &Address) -> Option<Value> {
    let mut address = Map::new();
    let line = words(&it.line);
    address.extend(line.map(|it| ("line".to_owned(), json!([it]))));
    let parts = [("city", &it.village), ("district", &it.district)];
    for (key, text) in parts {
        address.extend(words(text).map(|it| (key.to_owned(), json!(it))));
    }
    (!address.is_empty()).then_some(Value::Object(address))
}

/// A contact of whom neither name nor number is known still has to have a name in FHIR.
fn contact(it: &Contact) -> Option<Value> {
    let mut contact = Map::new();
    let relation = words(&it.relation);
    contact
        .extend(relation.map(|it| ("relationship".to_owned(), json!([{ "text": it }]))));
    let name = words(&it.name);
    contact.extend(name.map(|it| ("name".to_owned(), json!({ "text": it }))));
    contact.extend(phone(&it.phone, None).map(|it| ("telecom".to_owned(), json!([it]))));
    if contact.is_empty() {
        return None;
    }
    if !contact.contains_key("name") && !contact.contains_key("telecom") {
        contact.insert("name".to_owned(), absent());
    }
    Some(Value::Object(contact))
}
