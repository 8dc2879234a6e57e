//! The facts about a person that the command line can set, by their names.

use crate::{
    chart::{BirthDate, Contact, Identifier, Name, Person, Sex},
    cli::failure::Failure,
    time::{PartialDate, parse_birth},
};

/// The longest value of a field, in bytes: some 300 characters of any script.
const VALUE_BYTES_MAX: usize = 16 * 1024;

/// `NAME=VALUE`.
pub(super) fn pair(text: &str) -> Result<(&str, &str), Failure> {
    let pair = text
        .split_once('=')
        .map(|(name, value)| (name.trim(), value.trim()));
    pair.ok_or_else(|| {
        Failure::usage(format!("`{text}` is not NAME=VALUE")).hint("put a = between them")
    })
}

/// Sets one fact.
pub(super) fn set(
    person: &mut Person,
    today: PartialDate,
    field: &str,
    value: &str,
) -> Result<(), Failure> {
    let value = value.trim();
    if value.len() > VALUE_BYTES_MAX {
        let why = format!("longer than {VALUE_BYTES_MAX} bytes");
        return Err(Failure::refused(format!("{field} cannot be set"))
            .because(why)
            .hint("shorten it"));
    }
    if person.names.is_empty() {
        person.names.push(Name::default());
    }
    let text = match (field, person.names.first_mut()) {
        ("family", Some(name)) => &mut name.family,
        ("given", Some(name)) => &mut name.given,
        ("phone", _) => &mut person.phone,
        ("phone2", _) => &mut person.phone2,
        ("village", _) => &mut person.address.village,
        ("district", _) => &mut person.address.district,
        ("address", _) => &mut person.address.line,
        ("language", _) => &mut person.language,
        ("payer", _) => &mut person.payer,
        _ => return set_other(person, today, field, value),
    };
    value.clone_into(text);
    Ok(())
}

/// Refuses a person without a name, and a death before the birth or to come.
pub(super) fn check(person: &Person, today: PartialDate) -> Result<(), Failure> {
    if person.shown_name().trim().is_empty() {
        return Err(Failure::refused("a patient needs a name")
            .hint("give the family name, the given names or both"));
    }
    let Some(Some(died)) = person.deceased else {
        return Ok(());
    };
    let born_later = person.birth.is_some_and(|it| died.is_before(it.date));
    let why = match (born_later, today.is_before(died)) {
        (true, _) => "a day before the birth",
        (false, true) => "a day that has not come yet",
        (false, false) => return Ok(()),
    };
    Err(Failure::refused(format!("deceased cannot be `{died}`"))
        .because(why)
        .hint("write the day of the death, yes or no"))
}

fn set_other(
    person: &mut Person,
    today: PartialDate,
    field: &str,
    value: &str,
) -> Result<(), Failure> {
    let refused = |why: &str, hint: &str| {
        Failure::refused(format!("{field} cannot be `{value}`"))
            .because(why)
            .hint(hint)
    };
    match field {
        "sex" => {
            let sex = Sex::named(value);
            person.sex = sex.ok_or_else(|| refused("no such sex", "use f, m, o or u"))?;
        }
        "birth" if value.is_empty() => person.birth = None,
        "birth" => {
            let entry = parse_birth(value, today).map_err(|error| {
                refused(
                    &error.to_string(),
                    "write it as 1987-03-14, mar 87, 1987 or 38y",
                )
            })?;
            person.birth = Some(BirthDate {
                date: entry.date,
                estimated: entry.estimated,
            });
        }
        "deceased" => {
            person.deceased = match value {
                "" | "no" => None,
                "yes" => Some(None),
                date => Some(Some(date.parse().map_err(|_error| {
                    refused("no date", "write it as 2025-06-03, yes or no")
                })?)),
            };
        }
        "contact" => person.contacts = contact(value).into_iter().collect(),
        _ => {
            let system = field.strip_prefix("id.").filter(|it| !it.is_empty());
            match system {
                Some(system) if system != Identifier::NUMBER => {
                    set_identifier(person, system, value);
                }
                _ => {
                    return Err(Failure::usage(format!("`{field}` cannot be set"))
                        .hint("`cairn patient edit --help` lists what can be"));
                }
            }
        }
    }
    Ok(())
}

fn set_identifier(person: &mut Person, system: &str, value: &str) {
    person.identifiers.retain(|it| it.system != system);
    if !value.is_empty() {
        person.identifiers.push(Identifier {
            system: system.to_owned(),
            value: value.to_owned(),
        });
    }
}

/// `Name, relation, phone`.
fn contact(text: &str) -> Option<Contact> {
    let mut parts = text.split(',').map(|it| it.trim().to_owned());
    let mut next = || parts.next().unwrap_or_default();
    let contact = Contact {
        name: next(),
        relation: next(),
        phone: next(),
    };
    (contact != Contact::default()).then_some(contact)
}
