//! `AllergyIntolerance` becomes an allergy, or "asked, none known". What cannot be either
//! is skipped with the reason, never guessed.

use super::{
    condition::{clinical, verification, words_of},
    node::{LIST_LEN_MAX, Node},
    resource::{Resource, Why, Written},
    types::{ABSENT_OR_UNKNOWN, ANY, DRUGS, lines},
};
use crate::chart::{
    Allergy, Clinical, Coded, Criticality, NoKnownAllergies, Reaction, Record, Severity,
    System, Verification,
};

/// The SNOMED CT code that says that the patient has no allergy at all.
pub(super) const NONE_KNOWN: &str = "716186003";

/// Codes that say that the patient has no allergy at all.
const NONE_AT_ALL: &[&str] = &[NONE_KNOWN, "no-known-allergies"];

/// Codes that say that the patient has no allergy of one sort, or that nobody knows.
const NONE_OF_A_SORT: &[&str] = &[
    "409137002",
    "428607008",
    "429625007",
    "no-known-medication-allergies",
    "no-known-environmental-allergies",
    "no-known-food-allergies",
];

/// Words for the same, in small letters, where there is no code.
const WORDS_FOR_NONE: &[&str] = &[
    "nka",
    "no known allergy",
    "no known allergies",
    "nil known allergies",
    "no allergies",
];

/// Words for none of one sort, in small letters.
const WORDS_FOR_NONE_OF_A_SORT: &[&str] = &[
    "nkda",
    "no known drug allergy",
    "no known drug allergies",
    "no known food allergies",
];

const CRITICALITY: &[(&str, Criticality)] = &[
    ("low", Criticality::Low),
    ("high", Criticality::High),
    ("unable-to-assess", Criticality::Unknown),
];

const SEVERITY: &[(&str, Severity)] = &[
    ("mild", Severity::Mild),
    ("moderate", Severity::Moderate),
    ("severe", Severity::Severe),
];

const KINDS: &[(&str, bool)] = &[("allergy", false), ("intolerance", true)];

/// What the code of an allergy can mean.
enum Meaning {
    Substance,
    NoneAtAll,
    NoneOfASort,
    NothingKnown,
}

/// Reads an `AllergyIntolerance`.
pub(super) fn read(from: &Resource<'_>) -> Result<Record, Why> {
    let node = &from.node;
    let (verification, in_error) = verification(node);
    let clinical = clinical(node).unwrap_or_default();
    let author = ["asserter", "recorder"].map(|key| from.name_at(key));
    let mut remarks = node.annotations("note");
    remarks.extend(words_of(node, "onset", "since"));
    let recorded = node.moment("recordedDate");
    let entry = from.entry(Written {
        in_error,
        recorded,
        author: author
            .into_iter()
            .find(|it| !it.is_empty())
            .unwrap_or_default(),
        remark: lines(remarks),
    });
    match meaning(node) {
        Meaning::Substance => {}
        Meaning::NoneAtAll => {
            if recorded.is_none() && !in_error {
                return Err(
                    "it says that no allergies are known and not when that was asked: \
                            ask the patient",
                );
            }
            let holds = verification != Verification::Refuted
                && matches!(clinical, Clinical::Active | Clinical::Recurrence);
            return if holds || in_error {
                Ok(Record::NoKnownAllergies(NoKnownAllergies { entry }))
            } else {
                Err("it says that no known allergies no longer holds")
            };
        }
        Meaning::NoneOfASort => {
            return Err(
                "it says that there are no allergies of one sort only: that is \
                        less than the chart's no known allergies",
            );
        }
        Meaning::NothingKnown => {
            return Err("it says that nothing is known about allergies");
        }
    }
    if node.count("reaction") > LIST_LEN_MAX {
        return Err("it has more than 64 reactions");
    }
    Ok(Record::Allergy(Allergy {
        entry,
        code: substance(node).ok_or("it names no substance")?,
        clinical,
        verification,
        intolerance: node
            .meaning("type", node.text("type"), KINDS)
            .unwrap_or_default(),
        category: category(node).to_owned(),
        criticality: node
            .meaning("criticality", node.text("criticality"), CRITICALITY)
            .unwrap_or_default(),
        onset: node
            .when("onsetDateTime")
            .or_else(|| node.period("onsetPeriod").0),
        reactions: node.nodes("reaction").iter().flat_map(reactions).collect(),
    }))
}

fn meaning(node: &Node<'_>) -> Meaning {
    let codings = node.node("code").map(|it| it.nodes("coding"));
    for coding in codings.into_iter().flatten() {
        let system = coding.text("system").unwrap_or_default();
        let code = coding.text("code").unwrap_or_default();
        if system != ABSENT_OR_UNKNOWN && system != System::Snomed.uri() {
            continue;
        }
        if NONE_AT_ALL.contains(&code) {
            return Meaning::NoneAtAll;
        }
        if NONE_OF_A_SORT.contains(&code) {
            return Meaning::NoneOfASort;
        }
        if system == ABSENT_OR_UNKNOWN {
            return Meaning::NothingKnown;
        }
    }
    let words = node.words("code").to_lowercase();
    if WORDS_FOR_NONE.contains(&words.as_str()) {
        Meaning::NoneAtAll
    } else if WORDS_FOR_NONE_OF_A_SORT.contains(&words.as_str()) {
        Meaning::NoneOfASort
    } else {
        Meaning::Substance
    }
}

/// The substance; where only the reactions name it, theirs.
fn substance(node: &Node<'_>) -> Option<Coded> {
    node.coded("code", DRUGS).or_else(|| {
        let reactions = node.nodes("reaction");
        reactions.iter().find_map(|it| it.coded("substance", DRUGS))
    })
}

/// The chart has one category: `medication` before all others.
fn category(node: &Node<'_>) -> &'static str {
    let stated = node.texts("category");
    let known = ["medication", "food", "biologic", "environment"];
    known
        .into_iter()
        .find(|it| stated.contains(it))
        .unwrap_or_default()
}

/// One reaction for each manifestation. One without any keeps its severity.
fn reactions(node: &Node<'_>) -> Vec<Reaction> {
    let severity = node.meaning("severity", node.text("severity"), SEVERITY);
    let mut manifestations = node.all_coded("manifestation", ANY);
    if manifestations.is_empty() {
        let described = node.text("description").unwrap_or("not stated");
        manifestations.push(Coded::text(described));
    }
    let each = manifestations.into_iter().map(|manifestation| Reaction {
        manifestation,
        severity,
    });
    each.collect()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::exchange::fhir::testing::{problems, record, skipped};

    fn allergy_json(more: Value) -> Value {
        let mut value = json!({
            "resourceType": "AllergyIntolerance", "id": "a",
            "code": {"text": "Penicillin"}, "patient": {"reference": "Patient/p"},
        });
        let fields = value.as_object_mut().unwrap();
        fields.extend(more.as_object().unwrap().clone());
        value
    }

    #[track_caller]
    fn allergy(more: Value) -> Allergy {
        let Record::Allergy(it) = record(&allergy_json(more)) else {
            panic!()
        };
        it
    }

    fn coded(system: &str, code: &str) -> Value {
        json!({"code": {"coding": [{"system": system, "code": code}]}})
    }

    #[test]
    fn an_allergy_is_read_whole() {
        let found = allergy(json!({
            "clinicalStatus": {"coding": [{"code": "active"}]},
            "verificationStatus": {"coding": [{"code": "unconfirmed"}]},
            "type": "intolerance", "category": ["food", "medication"],
            "criticality": "high", "onsetDateTime": "2010",
            "reaction": [{
                "manifestation": [{"text": "Hives"}, {"text": "Wheeze"}],
                "severity": "severe",
            }, {"severity": "mild"}],
            "note": [{"text": "as a child"}],
        }));
        assert_eq!(found.code.text, "Penicillin");
        assert!(found.intolerance && found.counts());
        assert_eq!(found.verification, Verification::Unconfirmed);
        assert_eq!(found.category, "medication");
        assert_eq!(found.criticality, Criticality::High);
        let seen: Vec<_> = found
            .reactions
            .iter()
            .map(|it| &it.manifestation.text)
            .collect();
        assert_eq!(seen, ["Hives", "Wheeze", "not stated"]);
        assert_eq!(found.severity(), Some(Severity::Severe));
        assert_eq!(found.entry.remark.0, "as a child");
    }

    #[test]
    fn what_only_the_reaction_names_is_the_substance() {
        let found = allergy(json!({
            "code": null, "reaction": [{"substance": {"text": "Nuts"}}],
        }));
        assert_eq!(found.code.text, "Nuts");
        let none = allergy_json(json!({"code": 5}));
        assert_eq!(skipped(&none), "it names no substance");
    }

    #[test]
    fn a_wrong_status_leaves_the_allergy_active() {
        let odd =
            json!({"clinicalStatus": {"coding": [{"code": "maybe"}]}, "criticality": 3});
        assert!(allergy(odd.clone()).counts());
        assert_eq!(
            problems(&allergy_json(odd)),
            [
                "clinicalStatus: not a code that FHIR R4 has here",
                "criticality: not a text",
            ]
        );
    }

    #[test]
    fn no_known_allergy_is_a_state_and_not_an_allergy() {
        let sct = System::Snomed.uri().to_owned();
        for value in [
            coded(&sct, "716186003"),
            coded(ABSENT_OR_UNKNOWN, "no-known-allergies"),
            json!({"code": {"text": "No Known Allergies"}}),
        ] {
            let mut value = value;
            value["recordedDate"] = json!("2024-05-01");
            let found = record(&allergy_json(value));
            assert!(matches!(found, Record::NoKnownAllergies(_)), "{found:?}");
        }
    }

    #[test]
    fn less_than_no_known_allergy_is_skipped_and_said() {
        let sct = System::Snomed.uri().to_owned();
        for (value, why) in [
            (
                coded(&sct, "409137002"),
                "it says that there are no allergies of one sort",
            ),
            (
                json!({"code": {"text": "NKDA"}}),
                "it says that there are no allergies of one",
            ),
            (
                coded(ABSENT_OR_UNKNOWN, "no-allergy-info"),
                "it says that nothing is known about allergies",
            ),
            (
                coded(&sct, "716186003"),
                "it says that no allergies are known and not when that was asked",
            ),
            (
                json!({"code": {"text": "nka"}, "recordedDate": "2024-05-01",
                       "clinicalStatus": {"coding": [{"code": "resolved"}]}}),
                "it says that no known allergies no longer holds",
            ),
        ] {
            let said = skipped(&allergy_json(value));
            assert!(said.starts_with(why), "{said}");
        }
    }
}
