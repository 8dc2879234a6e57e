//! The fields of the registration form, and the person that they make.

use crate::{
    app::{
        find::names,
        form::{Field, Form, Kind, Letter, Origin, Pick},
        sheet,
    },
    chart::{Address, BirthDate, Contact, Entry, Identifier, Name, Person, Sex},
    find::Candidate,
    time::{PartialDate, parse_birth},
};

const SEXES: &[Letter] = &[
    Letter {
        letter: 'f',
        says: "sex-female",
    },
    Letter {
        letter: 'm',
        says: "sex-male",
    },
    Letter {
        letter: 'o',
        says: "sex-other",
    },
    Letter {
        letter: 'u',
        says: "sex-unknown",
    },
];

/// What people of one household share.
const SHARED: &[&str] = &[
    "register-village",
    "register-phone",
    "register-kin",
    "register-relation",
    "register-kin-phone",
    "register-language",
    "register-payer",
];

pub(super) fn all() -> Vec<Field> {
    let name = Field::optional("register-family", "register-family-help", Kind::Text);
    vec![
        name,
        Field::optional("register-given", "register-given-help", Kind::Text),
        Field::needed("register-sex", "register-sex-help", Kind::Letters(SEXES)),
        Field::needed("register-born", "register-born-help", Kind::Birth),
        Field::needed("register-village", "register-village-help", Kind::Listed),
        Field::needed("register-phone", "register-phone-help", Kind::Phone),
        Field::optional("register-kin", "register-kin-help", Kind::Text),
        Field::optional("register-relation", "register-relation-help", Kind::Text),
        Field::optional("register-kin-phone", "register-phone-help", Kind::Phone),
        Field::optional("register-other-id", "register-other-id-help", Kind::Text),
        Field::optional("register-language", "register-language-help", Kind::Text),
        Field::optional("register-payer", "register-payer-help", Kind::Text),
    ]
}

/// The form with what is on file of a person.
pub(in crate::app) fn filled(person: &Person) -> Form {
    let mut form = Form::new(on_file());
    let name = person.names.first();
    let kin = person.contacts.first();
    let said = [
        ("register-family", name.map_or("", |it| &it.family)),
        ("register-given", name.map_or("", |it| &it.given)),
        ("register-village", &person.address.village),
        ("register-phone", &person.phone),
        ("register-phone2", &person.phone2),
        ("register-kin", kin.map_or("", |it| &it.name)),
        ("register-relation", kin.map_or("", |it| &it.relation)),
        ("register-kin-phone", kin.map_or("", |it| &it.phone)),
        ("register-language", &person.language),
        ("register-payer", &person.payer),
    ];
    for (name, text) in said {
        sheet::put(&mut form, name, text);
    }
    let sex = person.sex.letter().to_string();
    sheet::put(&mut form, "register-sex", &sex);
    sheet::put(&mut form, "register-born", &born(person));
    form
}

/// The person with what the form says; what nobody changed stays as it is on file.
pub(in crate::app) fn changed(
    form: &Form,
    before: &Person,
    today: PartialDate,
) -> Person {
    let mut after = before.clone();
    let text = |name: &str, was: &str| sheet::text(form, name, was);
    if after.names.is_empty() {
        after.names.push(Name::default());
    }
    if let Some(name) = after.names.first_mut() {
        name.family = text("register-family", &name.family);
        name.given = text("register-given", &name.given);
    }
    after.sex = sex(form);
    if form.text("register-born") != born(before) {
        after.birth = birth(form, today);
    }
    after.address.village = text("register-village", &after.address.village);
    after.phone = phone(&text("register-phone", &after.phone));
    after.phone2 = phone(&text("register-phone2", &after.phone2));
    after.language = text("register-language", &after.language);
    after.payer = text("register-payer", &after.payer);
    let was = before.contacts.first().cloned().unwrap_or_default();
    let kin = Contact {
        name: text("register-kin", &was.name),
        relation: text("register-relation", &was.relation),
        phone: phone(&text("register-kin-phone", &was.phone)),
    };
    match after.contacts.first_mut() {
        Some(first) => *first = kin,
        None if kin != Contact::default() => after.contacts.push(kin),
        None => {}
    }
    after
}

/// The fields of who is on file: nothing must be known, and there may be a second number.
fn on_file() -> Vec<Field> {
    let mut fields = all();
    fields.retain(|it| it.name != "register-other-id");
    let second = Field::optional("register-phone2", "register-phone-help", Kind::Phone);
    let at = fields.iter().position(|it| it.name == "register-kin");
    fields.insert(at.unwrap_or(fields.len()), second);
    for field in &mut fields {
        field.needed = field.name == "register-sex";
    }
    fields
}

/// A birth date as it is typed.
fn born(person: &Person) -> String {
    let birth = person.birth.map(|it| it.date.to_string());
    birth.unwrap_or_default()
}

/// Puts what was searched for where it belongs: digits are a telephone number, words a
/// name, with the caret after it.
pub(super) fn carry_over(form: &mut Form, typed: &str) {
    let digits = typed.chars().filter(char::is_ascii_digit).count();
    let number = digits > 0
        && typed
            .chars()
            .all(|it| it.is_ascii_digit() || " +-()/".contains(it));
    if number {
        form.fill("register-phone", typed, Origin::Search);
        return;
    }
    let (family, given) = names(typed);
    form.fill("register-family", &family, Origin::Search);
    form.fill("register-given", &given, Origin::Search);
    if !given.is_empty() {
        form.go_to("register-sex");
    } else if !family.is_empty() {
        form.go_to("register-given");
    }
}

pub(super) fn offer(form: &mut Form, name: &str, offered: Vec<(String, usize)>) {
    let picks = offered.into_iter().map(|(text, times)| Pick {
        text,
        beside: format!("({times})"),
        coded: None,
    });
    if let Some(field) = form.field_mut(name) {
        field.picks = picks.collect();
    }
}

pub(super) fn candidate(form: &Form, today: PartialDate) -> Candidate {
    let phone = phone(form.text("register-phone"));
    Candidate {
        name: name(form),
        sex: sex(form),
        birth: birth(form, today),
        phones: if phone.is_empty() {
            Vec::new()
        } else {
            vec![phone]
        },
        village: form.text("register-village").to_owned(),
        except: None,
    }
}

pub(super) fn birth(form: &Form, today: PartialDate) -> Option<BirthDate> {
    let born = parse_birth(form.text("register-born"), today).ok()?;
    Some(BirthDate {
        date: born.date,
        estimated: born.estimated,
    })
}

pub(super) fn shared(form: &Form) -> Vec<(&'static str, String)> {
    SHARED
        .iter()
        .map(|name| (*name, form.text(name).to_owned()))
        .collect()
}

pub(super) fn person(form: &Form, entry: Entry, today: PartialDate) -> Person {
    let text = |name: &str| form.text(name).to_owned();
    let mut person = Person::new(entry);
    person.names.push(name(form));
    person.sex = sex(form);
    person.birth = birth(form, today);
    person.phone = phone(form.text("register-phone"));
    person.address = Address {
        village: text("register-village"),
        ..Address::default()
    };
    person.language = text("register-language");
    person.payer = text("register-payer");
    if !form.text("register-other-id").is_empty() {
        person.identifiers.push(Identifier {
            system: "other".to_owned(),
            value: text("register-other-id"),
        });
    }
    let kin = Contact {
        name: text("register-kin"),
        relation: text("register-relation"),
        phone: phone(form.text("register-kin-phone")),
    };
    if kin != Contact::default() {
        person.contacts.push(kin);
    }
    person
}

fn name(form: &Form) -> Name {
    Name {
        family: form.text("register-family").to_owned(),
        given: form.text("register-given").to_owned(),
        ..Name::default()
    }
}

fn sex(form: &Form) -> Sex {
    Sex::named(form.text("register-sex")).unwrap_or_default()
}

/// The number as typed; `-` says that there is none.
fn phone(typed: &str) -> String {
    if typed == "-" {
        String::new()
    } else {
        typed.to_owned()
    }
}
