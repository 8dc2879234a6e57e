//! The fields of the registration form, and the person that they make.

use crate::{
    app::{
        find::names,
        form::{Field, Form, Kind, Letter, Origin, Pick},
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
