//! A code, its system, and the words that a person chose or typed.

use serde::{Deserialize, Serialize};

use super::private;

/// A thing said in words, with its code where it has one (FHIR `CodeableConcept`).
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Coded {
    /// The words as said or typed; what screens show.
    pub text: String,
    /// The code that was picked.
    pub coding: Option<Coding>,
    /// A second code for the same thing, such as one that came with an import.
    pub also: Option<Coding>,
}

/// One code of one system (FHIR `Coding`).
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Coding {
    /// The code.
    pub code: String,
    /// The system that gives the code its meaning.
    pub system: System,
    /// The system's own words for the code.
    pub display: String,
}

/// A code system, by its short name in charts.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum System {
    /// ICD-10-CM.
    Icd10cm,
    /// WHO's ICD-10.
    Icd10,
    /// SNOMED CT.
    Snomed,
    /// LOINC.
    Loinc,
    /// `RxNorm`.
    Rxnorm,
    /// CDC vaccine codes.
    Cvx,
    /// CDC vaccine manufacturers.
    Mvx,
    /// WHO's ATC.
    Atc,
    /// UCUM units.
    Ucum,
    /// The clinic's own list.
    Local,
    /// Any other, by its URI.
    Other(String),
}

private!(Coded, Coding);

/// Alias in charts and FHIR R4 URI of each named system.
const SYSTEMS: &[(System, &str, &str)] = &[
    (
        System::Icd10cm,
        "icd10cm",
        "http://hl7.org/fhir/sid/icd-10-cm",
    ),
    (System::Icd10, "icd10", "http://hl7.org/fhir/sid/icd-10"),
    (System::Snomed, "sct", "http://snomed.info/sct"),
    (System::Loinc, "loinc", "http://loinc.org"),
    (
        System::Rxnorm,
        "rxn",
        "http://www.nlm.nih.gov/research/umls/rxnorm",
    ),
    (System::Cvx, "cvx", "http://hl7.org/fhir/sid/cvx"),
    (System::Mvx, "mvx", "http://hl7.org/fhir/sid/mvx"),
    (System::Atc, "atc", "http://www.whocc.no/atc"),
    (System::Ucum, "ucum", "http://unitsofmeasure.org"),
    (System::Local, "local", "urn:cairn:local"),
];

impl Coded {
    /// Words without a code.
    pub fn text(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            coding: None,
            also: None,
        }
    }

    /// A code, shown by its own display.
    pub fn of(coding: Coding) -> Self {
        Self {
            text: coding.display.clone(),
            coding: Some(coding),
            also: None,
        }
    }

    /// Whether neither words nor a code were given.
    pub fn is_empty(&self) -> bool {
        self.text.is_empty() && self.coding.is_none()
    }

    /// Whether the first or the second code is this one.
    pub fn has(&self, system: &System, code: &str) -> bool {
        let mut codings = self.coding.iter().chain(&self.also);
        codings.any(|it| it.system == *system && it.code == code)
    }
}

impl Coding {
    /// A code of a system with its display.
    pub fn new(
        system: System,
        code: impl Into<String>,
        display: impl Into<String>,
    ) -> Self {
        Self {
            code: code.into(),
            system,
            display: display.into(),
        }
    }
}

impl System {
    /// The short name in charts; of an unnamed system, its URI.
    pub fn alias(&self) -> &str {
        let row = SYSTEMS.iter().find(|(system, ..)| system == self);
        match (self, row) {
            (Self::Other(uri), _) => uri,
            (_, row) => row.map_or("", |(_, alias, _)| alias),
        }
    }

    /// The URI that FHIR R4 uses.
    pub fn uri(&self) -> &str {
        let row = SYSTEMS.iter().find(|(system, ..)| system == self);
        match (self, row) {
            (Self::Other(uri), _) => uri,
            (_, row) => row.map_or("", |(.., uri)| uri),
        }
    }

    /// The system with this short name or URI.
    pub fn named(name: &str) -> Self {
        let row = SYSTEMS
            .iter()
            .find(|(_, alias, uri)| *alias == name || *uri == name);
        row.map_or_else(
            || Self::Other(name.to_owned()),
            |(system, ..)| system.clone(),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_system_is_known_by_its_alias_and_by_its_uri() {
        for (system, alias, uri) in SYSTEMS {
            assert_eq!(&System::named(alias), system);
            assert_eq!(&System::named(uri), system);
            assert_eq!((system.alias(), system.uri()), (*alias, *uri));
        }
    }

    #[test]
    fn an_unknown_system_keeps_its_uri() {
        let odd = System::named("urn:oid:1.2.3");
        assert_eq!(odd, System::Other("urn:oid:1.2.3".to_owned()));
        assert_eq!(odd.alias(), "urn:oid:1.2.3");
    }
}
