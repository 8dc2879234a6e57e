//! Who a person is: names, birth, where and how to reach them (FHIR `Patient`).

use serde::{Deserialize, Serialize};

use super::{Entry, private, private_record};
use crate::{ids::PatientId, time::PartialDate};

/// A person on file.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// What every record has.
    pub entry: Entry,
    /// Numbers that others gave, and the clinic's own patient number.
    pub identifiers: Vec<Identifier>,
    /// Names, the one in use first.
    pub names: Vec<Name>,
    /// Sex for clinical use (FHIR `gender`).
    pub sex: Sex,
    /// Birth date, if anything is known of it.
    pub birth: Option<BirthDate>,
    /// Date of death; `Some(None)` when only the fact is known.
    pub deceased: Option<Option<PartialDate>>,
    /// First telephone number, as typed.
    pub phone: String,
    /// Second telephone number, as typed.
    pub phone2: String,
    /// Where the person lives.
    pub address: Address,
    /// Language spoken, in its own or the clinic's words.
    pub language: String,
    /// Who pays, such as `self-pay` or an insurer.
    pub payer: String,
    /// Next of kin and other contacts.
    pub contacts: Vec<Contact>,
    /// Other people on file who are alike, and of whom somebody said that they are not this
    /// one.
    pub others: Vec<PatientId>,
}

/// A number in a system (FHIR `Identifier`).
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Identifier {
    /// Who gives the number: a short name or a URI. [`Identifier::NUMBER`] is the clinic's own.
    pub system: String,
    /// The number.
    pub value: String,
}

/// A name as the person gives it. Either part may be empty.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Name {
    /// What the name is for.
    pub usage: NameUse,
    /// Family name, empty for people with one name.
    pub family: String,
    /// Given names, separated by single spaces.
    pub given: String,
}

/// What a name is for (FHIR `HumanName.use`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum NameUse {
    /// The name in use.
    #[default]
    Usual,
    /// On papers.
    Official,
    /// Before marriage.
    Maiden,
    /// Among friends, or another script.
    Nickname,
    /// No longer used.
    Old,
}

/// Sex (FHIR `AdministrativeGender`).
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize,
)]
pub enum Sex {
    /// Female.
    Female,
    /// Male.
    Male,
    /// Other.
    Other,
    /// Not known.
    #[default]
    Unknown,
}

/// A birth date as well as it is known.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct BirthDate {
    /// The date.
    pub date: PartialDate,
    /// Whether it was reckoned from an age.
    pub estimated: bool,
}

/// Where someone lives.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Address {
    /// Village, town or city (FHIR `Address.city`).
    pub village: String,
    /// District (FHIR `Address.district`).
    pub district: String,
    /// Anything more: street, house, landmark (FHIR `Address.line` and the rest).
    pub line: String,
}

/// Next of kin or another contact (FHIR `Patient.contact`).
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Contact {
    /// The contact's name.
    pub name: String,
    /// What they are to the person.
    pub relation: String,
    /// Their telephone number.
    pub phone: String,
}

private_record!(Person);
private!(Identifier, Name, BirthDate, Address, Contact);

impl Person {
    /// A person of whom nothing is known yet.
    pub const fn new(entry: Entry) -> Self {
        Self {
            entry,
            identifiers: Vec::new(),
            names: Vec::new(),
            sex: Sex::Unknown,
            birth: None,
            deceased: None,
            phone: String::new(),
            phone2: String::new(),
            address: Address {
                village: String::new(),
                district: String::new(),
                line: String::new(),
            },
            language: String::new(),
            payer: String::new(),
            contacts: Vec::new(),
            others: Vec::new(),
        }
    }

    /// The name in use, as the clinic writes it: `FAMILY, Given`; one name stands alone.
    pub fn shown_name(&self) -> String {
        self.names.first().map(Name::shown).unwrap_or_default()
    }

    /// The clinic's own patient number, if it gave one.
    pub fn number(&self) -> Option<&str> {
        let mut own = self.identifiers.iter();
        own.find(|it| it.system == Identifier::NUMBER)
            .map(|it| it.value.as_str())
    }
}

impl Identifier {
    /// The system of the clinic's own patient numbers.
    pub const NUMBER: &'static str = "number";
}

impl Name {
    /// Whether both parts are known.
    pub const fn is_whole(&self) -> bool {
        !self.family.is_empty() && !self.given.is_empty()
    }

    /// `FAMILY, Given`; one name stands alone.
    pub fn shown(&self) -> String {
        match (self.family.is_empty(), self.given.is_empty()) {
            (false, false) => format!("{}, {}", self.family.to_uppercase(), self.given),
            (false, true) => self.family.to_uppercase(),
            (true, _) => self.given.clone(),
        }
    }
}

impl Sex {
    /// FHIR's code: `female`, `male`, `other`, `unknown`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Female => "female",
            Self::Male => "male",
            Self::Other => "other",
            Self::Unknown => "unknown",
        }
    }

    /// The letter on screens and in the command line: `F`, `M`, `O`, `U`.
    pub const fn letter(self) -> char {
        match self {
            Self::Female => 'F',
            Self::Male => 'M',
            Self::Other => 'O',
            Self::Unknown => 'U',
        }
    }

    /// The sex with this letter (any case) or FHIR code.
    pub fn named(name: &str) -> Option<Self> {
        [Self::Female, Self::Male, Self::Other, Self::Unknown]
            .into_iter()
            .find(|it| {
                it.code() == name
                    || name.eq_ignore_ascii_case(it.letter().encode_utf8(&mut [0; 4]))
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(family: &str, given: &str, expected: &str) {
        let name = Name {
            usage: NameUse::Usual,
            family: family.to_owned(),
            given: given.to_owned(),
        };
        assert_eq!(name.shown(), expected);
    }

    #[test]
    fn a_name_is_shown_family_first_and_one_name_alone() {
        check("Okello", "Grace", "OKELLO, Grace");
        check("", "Suharto", "Suharto");
        check("Keita", "", "KEITA");
        check("አበበ", "ሰላም", "አበበ, ሰላም");
    }

    #[test]
    fn sex_is_read_from_letters_and_from_fhir() {
        assert_eq!(Sex::named("f"), Some(Sex::Female));
        assert_eq!(Sex::named("M"), Some(Sex::Male));
        assert_eq!(Sex::named("unknown"), Some(Sex::Unknown));
        assert_eq!(Sex::named("x"), None);
    }
}
