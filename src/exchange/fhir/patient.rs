//! `Patient` becomes a person.

use super::{
    node::Node,
    resource::{Resource, Written},
    types::{ANY, BIRTH_ESTIMATED, PAYER},
};
use crate::{
    chart::{
        Address, BirthDate, Contact, Identifier, Name, NameUse, Person, Record, Sex,
    },
    time::{PartialDate, When},
};

const SEXES: &[(&str, Sex)] = &[
    ("female", Sex::Female),
    ("male", Sex::Male),
    ("other", Sex::Other),
    ("unknown", Sex::Unknown),
];

/// What a name is for, and its rank: the name in use comes first.
const USES: &[(&str, (u8, NameUse))] = &[
    ("usual", (0, NameUse::Usual)),
    ("official", (1, NameUse::Official)),
    ("temp", (3, NameUse::Usual)),
    ("nickname", (4, NameUse::Nickname)),
    ("anonymous", (5, NameUse::Nickname)),
    ("maiden", (6, NameUse::Maiden)),
    ("old", (7, NameUse::Old)),
];

/// The rank of a name that does not say what it is for.
const NO_USE: (u8, NameUse) = (2, NameUse::Usual);

/// A foreign number must never pass for the clinic's own.
const FOREIGN_NUMBER: &str = "imported number";

/// Reads a `Patient`.
pub(super) fn read(from: &Resource<'_>) -> Record {
    let node = &from.node;
    if node.flag("active") == Some(false) {
        node.note("active", "marked as no longer in use");
    }
    if node.has("link") {
        node.note(
            "link",
            "the link to another record of the person is not kept",
        );
    }
    let mut phones = node.phones("telecom").into_iter();
    let mut person = Person::new(from.entry(Written::default()));
    person.identifiers = identifiers(node);
    person.names = names(node);
    if person.names.is_empty() {
        node.note("name", "there is no name that can be read");
    }
    person.sex = node
        .meaning("gender", node.text("gender"), SEXES)
        .unwrap_or_default();
    let birth = node.date("birthDate");
    let has_come = |date: &PartialDate| !from.today().is_before(*date);
    if birth.is_some_and(|it| !has_come(&it)) {
        node.note("birthDate", "a day that has not come yet");
    }
    person.birth = birth.filter(has_come).map(|date| BirthDate {
        date,
        estimated: is_estimated(node),
    });
    set_deceased(&mut person, node);
    person.phone = phones.next().unwrap_or_default();
    person.phone2 = phones.next().unwrap_or_default();
    person.address = address(node);
    person.language = language(node);
    person.payer = payer(node);
    person.contacts = node.nodes("contact").iter().filter_map(contact).collect();
    Record::Person(person)
}

/// Whether a person on file and one in the input can be the same. Two of birth date, sex and
/// family name that are stated and differ say no.
pub fn same_person(existing: &Person, incoming: &Person) -> bool {
    let birth = match (&existing.birth, &incoming.birth) {
        (Some(a), Some(b)) => !may_be_same_day(a.date, b.date),
        _ => false,
    };
    let known = |it: &Person| (it.sex != Sex::Unknown).then_some(it.sex);
    let sex = known(existing)
        .zip(known(incoming))
        .is_some_and(|(a, b)| a != b);
    let (a, b) = (families(existing), families(incoming));
    let family = !a.is_empty() && !b.is_empty() && !a.iter().any(|it| b.contains(it));
    let different = [birth, sex, family].into_iter().filter(|it| *it).count();
    different < 2
}

fn may_be_same_day(a: PartialDate, b: PartialDate) -> bool {
    let agree = |a: Option<u8>, b: Option<u8>| a.is_none() || b.is_none() || a == b;
    a.year() == b.year() && agree(a.month(), b.month()) && agree(a.day(), b.day())
}

/// All family names in small letters; of a person with one name, that.
fn families(person: &Person) -> Vec<String> {
    let names = person.names.iter().map(|it| {
        if it.family.is_empty() {
            it.given.to_lowercase()
        } else {
            it.family.to_lowercase()
        }
    });
    names.filter(|it| !it.is_empty()).collect()
}

fn identifiers(node: &Node<'_>) -> Vec<Identifier> {
    let each = node.nodes("identifier").into_iter().filter_map(|it| {
        let value = it.text("value")?.to_owned();
        let system = match it.text("system") {
            Some(Identifier::NUMBER) => FOREIGN_NUMBER.to_owned(),
            Some(system) => system.to_owned(),
            None => it.words("type"),
        };
        Some(Identifier { system, value })
    });
    each.collect()
}

fn names(node: &Node<'_>) -> Vec<Name> {
    let mut ranked: Vec<(u8, Name)> = Vec::new();
    for it in node.nodes("name") {
        let family = it.text("family").unwrap_or_default().to_owned();
        let mut given = it.texts("given").join(" ");
        if family.is_empty() && given.is_empty() {
            it.text("text").unwrap_or_default().clone_into(&mut given);
        }
        if family.is_empty() && given.is_empty() {
            continue;
        }
        let (rank, usage) = it.meaning("use", it.text("use"), USES).unwrap_or(NO_USE);
        let name = Name {
            usage,
            family,
            given,
        };
        ranked.push((rank, name));
    }
    ranked.sort_by_key(|(rank, _)| *rank);
    ranked.into_iter().map(|(_, name)| name).collect()
}

/// A date of death that cannot be read still says that the person has died.
fn set_deceased(person: &mut Person, node: &Node<'_>) {
    if node.has("deceasedDateTime") {
        person.deceased = Some(node.when("deceasedDateTime").map(When::date));
    } else if node.flag("deceasedBoolean") == Some(true) {
        person.deceased = Some(None);
    }
}

/// The home of today, else the first address that is not an old one.
fn address(node: &Node<'_>) -> Address {
    let all = node.nodes("address");
    let now = all.iter().filter(|it| it.text("use") != Some("old"));
    let home = now.clone().find(|it| it.text("use") == Some("home"));
    let Some(it) = home.or_else(|| now.clone().next()) else {
        return Address::default();
    };
    let text = |key| it.text(key).unwrap_or_default();
    let (district, state) = match text("district") {
        "" => (text("state"), ""),
        district => (district, text("state")),
    };
    let mut line = it.texts("line");
    line.extend([text("postalCode"), state, text("country")]);
    line.retain(|part| !part.is_empty());
    let mut line = line.join(", ");
    if line.is_empty() && text("city").is_empty() {
        text("text").clone_into(&mut line);
    }
    Address {
        village: text("city").to_owned(),
        district: district.to_owned(),
        line,
    }
}

fn language(node: &Node<'_>) -> String {
    let all = node.nodes("communication");
    let preferred = all.iter().find(|it| it.flag("preferred") == Some(true));
    let first = preferred.or(all.first());
    first.map(|it| it.words("language")).unwrap_or_default()
}

/// Cairn says so of a date that was reckoned from an age.
fn is_estimated(node: &Node<'_>) -> bool {
    let beside = node.node("_birthDate").map(|it| it.nodes("extension"));
    let mut said = beside.into_iter().flatten();
    said.any(|it| {
        it.text("url") == Some(BIRTH_ESTIMATED) && it.flag("valueBoolean") == Some(true)
    })
}

fn payer(node: &Node<'_>) -> String {
    let said = node.nodes("extension");
    let payer = said.iter().find(|it| it.text("url") == Some(PAYER));
    let payer = payer.and_then(|it| it.text("valueString"));
    payer.unwrap_or_default().to_owned()
}

fn contact(node: &Node<'_>) -> Option<Contact> {
    let name = node.node("name").map(|it| it.human_name());
    let relation = node.joined("relationship", ANY).map(|it| it.text);
    let phone = node.phones("telecom").into_iter().next();
    let contact = Contact {
        name: name.unwrap_or_default(),
        relation: relation.unwrap_or_default(),
        phone: phone.unwrap_or_default(),
    };
    (contact != Contact::default()).then_some(contact)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::{
        chart::Subject,
        exchange::fhir::testing::{problems, taken},
    };

    fn patient_json(more: Value) -> Value {
        let mut value =
            json!({"resourceType": "Patient", "id": "x", "name": [{"text": "Suharto"}]});
        let fields = value.as_object_mut().unwrap();
        fields.extend(more.as_object().unwrap().clone());
        value
    }

    #[track_caller]
    fn patient(more: Value) -> Person {
        let Record::Person(it) = taken(&patient_json(more)).record else {
            panic!()
        };
        it
    }

    #[test]
    fn a_person_is_read_whole() {
        let found = patient(json!({
            "identifier": [{"system": "urn:ssn", "value": "1"}, {"type": {"text": "Passport"}, "value": "X"},
                {"system": "number", "value": "7"}, {"system": "no value"}],
            "name": [{"use": "maiden", "family": "Aye"}, {"use": "official", "family": "Okello", "given": ["Grace", "N"]}],
            "gender": "female", "birthDate": "1980-05", "deceasedBoolean": false,
            "telecom": [{"system": "phone", "value": "tel:+1", "rank": 2}, {"system": "phone", "value": "+2", "rank": 1},
                {"system": "phone", "value": "+0", "use": "old"}, {"system": "email", "value": "a@b"}],
            "address": [{"use": "old", "city": "Gulu"}, {"city": "Kitgum", "state": "Northern", "line": ["Plot 5"], "country": "UG"}],
            "communication": [{"language": {"text": "English"}}, {"language": {"text": "Acholi"}, "preferred": true}],
            "contact": [{"relationship": [{"text": "mother"}], "name": {"given": ["Rose"]}}, {}],
        }));
        let systems: Vec<_> = found
            .identifiers
            .iter()
            .map(|it| it.system.as_str())
            .collect();
        assert_eq!(systems, ["urn:ssn", "Passport", "imported number"]);
        assert_eq!(found.shown_name(), "OKELLO, Grace N");
        assert_eq!(found.names[1].usage, NameUse::Maiden);
        assert_eq!(found.sex, Sex::Female);
        assert_eq!(found.birth.unwrap().date.to_string(), "1980-05");
        assert_eq!(found.deceased, None);
        assert_eq!((found.phone.as_str(), found.phone2.as_str()), ("+2", "+1"));
        assert_eq!(
            (
                found.address.village.as_str(),
                found.address.district.as_str()
            ),
            ("Kitgum", "Northern")
        );
        assert_eq!(
            (found.address.line.as_str(), found.language.as_str()),
            ("Plot 5, UG", "Acholi")
        );
        let [contact] = found.contacts.as_slice() else {
            panic!()
        };
        assert_eq!(
            (contact.name.as_str(), contact.relation.as_str()),
            ("Rose", "mother")
        );
    }

    #[test]
    fn the_patient_id_is_the_records_id() {
        let found = taken(&patient_json(json!({})));
        let Subject::Patient(id) = found.subject else {
            panic!()
        };
        assert_eq!(id.as_bytes(), found.record.entry().id.as_bytes());
    }

    #[test]
    fn what_cannot_be_read_is_noted_and_the_person_taken() {
        let odd = json!({"name": 5, "gender": "F", "birthDate": "2019-02-30", "deceasedDateTime": "soon",
            "active": false, "link": [{"other": {}}]});
        assert_eq!(patient(odd.clone()).deceased, Some(None));
        assert_eq!(
            problems(&patient_json(odd)),
            [
                "active: marked as no longer in use",
                "link: the link to another record of the person is not kept",
                "name: not a list: read as a list of one",
                "name[0]: not an object",
                "name: there is no name that can be read",
                "gender: not a code that FHIR R4 has here",
                "birthDate: not a date of the calendar",
                "deceasedDateTime: not a date of the calendar",
            ]
        );
    }

    #[test]
    fn a_birth_that_has_not_come_is_left_out_and_told() {
        let unborn = json!({"name": [{"family": "Aye"}], "birthDate": "2999-01-01"});
        assert_eq!(patient(unborn.clone()).birth, None);
        let told = problems(&patient_json(unborn));
        assert!(told.contains(&"birthDate: a day that has not come yet".to_owned()));
    }

    #[test]
    fn two_differences_make_another_person() {
        let known = |birth: &str, sex: &str, family: &str| {
            patient(
                json!({"birthDate": birth, "gender": sex, "name": [{"family": family}]}),
            )
        };
        let on_file = known("1980-05-02", "female", "Okello");
        for (birth, sex, family, same) in [
            ("1980-05-02", "female", "Okello", true),
            ("1980-05", "female", "OKELLO", true),
            ("1980-05-02", "female", "Keita", true),
            ("1975", "female", "Okello", true),
            ("1975", "unknown", "", true),
            ("1975", "female", "Keita", false),
            ("1980-05-02", "male", "Keita", false),
            ("1975", "male", "Okello", false),
            ("1975", "male", "Keita", false),
        ] {
            let incoming = known(birth, sex, family);
            assert_eq!(
                same_person(&on_file, &incoming),
                same,
                "for {birth} {sex} {family}"
            );
        }
    }
}
