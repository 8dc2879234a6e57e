//! The sections of a summary: what stands in each, and what is said where nothing does.

use std::{cmp::Reverse, collections::BTreeSet};

use serde_json::{Map, Value, json};

use super::{Cut, concept, narrative};
use crate::{
    chart::{ObsCategory, Observation, Record, System},
    exchange::fhir::{
        out::draft::{absent, uri_of},
        types::ABSENT_OR_UNKNOWN,
    },
    ids::{PatientId, RecordId},
    time::{Timestamp, When},
};

/// The most entries of a section that is cut to its newest.
const NEWEST_MAX: usize = 100;

/// What the reader is told of a section that was not to be shared.
const LEFT_OUT: &str =
    "This was not shared: that nothing stands here says nothing of the patient.";

/// LOINC codes of what is observed of a pregnancy.
const PREGNANCY: &[&str] = &["82810-3", "11778-8"];

/// A section.
pub(super) struct Section {
    /// What a person calls it who says what is to be shared.
    pub(super) word: &'static str,
    code: (&'static str, &'static str),
    title: &'static str,
    /// What the reader is told where the section has nothing to say; empty leaves it out.
    none: &'static str,
    is_in: fn(&Record) -> bool,
    only: Only,
}

/// Which of its records a section holds.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Only {
    All,
    Newest,
    /// Of each thing that is observed, the last.
    Last,
}

/// Every section, the required ones first.
pub(super) const SECTIONS: [Section; 11] = [
    Section {
        word: "allergies",
        code: ("48765-2", "Allergies and adverse reactions Document"),
        title: "Allergies and Intolerances",
        none: "Nobody asked about allergies, as far as is known here.",
        is_in: is_allergy,
        only: Only::All,
    },
    Section {
        word: "drugs",
        code: ("10160-0", "History of Medication use Narrative"),
        title: "Medications",
        none: "Nothing is known here of drugs that are taken now.",
        is_in: |it| matches!(it, Record::Medication(it) if it.is_taken()),
        only: Only::All,
    },
    Section {
        word: "problems",
        code: ("11450-4", "Problem list - Reported"),
        title: "Problems",
        none: "Nothing is known here of problems now.",
        is_in: |it| is_problem(it, true),
        only: Only::All,
    },
    Section {
        word: "vaccines",
        code: ("11369-6", "History of Immunization note"),
        title: "Immunizations",
        none: "",
        is_in: |it| matches!(it, Record::Immunization(_)),
        only: Only::All,
    },
    Section {
        word: "results",
        code: ("30954-2", "Relevant diagnostic tests/laboratory data note"),
        title: "Results",
        none: "",
        is_in: is_result,
        only: Only::Last,
    },
    Section {
        word: "procedures",
        code: ("47519-4", "History of Procedures Document"),
        title: "Procedures",
        none: "",
        is_in: |it| matches!(it, Record::Procedure(_)),
        only: Only::Newest,
    },
    Section {
        word: "vitals",
        code: ("8716-3", "Vital signs note"),
        title: "Vital Signs",
        none: "",
        is_in: |it| is_seen(it, ObsCategory::VitalSigns),
        only: Only::Last,
    },
    Section {
        word: "past-problems",
        code: ("11348-0", "History of Past illness note"),
        title: "Past Problems",
        none: "",
        is_in: |it| is_problem(it, false),
        only: Only::Newest,
    },
    Section {
        word: "plans",
        code: ("18776-5", "Plan of care note"),
        title: "Plan of Care",
        none: "",
        is_in: |it| matches!(it, Record::Plan(it) if it.status == "active"),
        only: Only::Newest,
    },
    Section {
        word: "social",
        code: ("29762-2", "Social history note"),
        title: "Social History",
        none: "",
        is_in: |it| is_seen(it, ObsCategory::SocialHistory) && !is_of_pregnancy(it),
        only: Only::Last,
    },
    Section {
        word: "pregnancy",
        code: ("10162-6", "History of pregnancies note"),
        title: "Pregnancy",
        none: "",
        is_in: is_of_pregnancy,
        only: Only::Last,
    },
];

impl Section {
    /// The records that stand in it. What was entered in error stands nowhere; what holds
    /// now stands there since whenever it does.
    pub(super) fn choose<'r>(
        &self,
        records: &[&'r Record],
        cut: &Cut,
    ) -> Vec<&'r Record> {
        if !cut.has(self.word) {
            return Vec::new();
        }
        let sound = records.iter().copied().filter(|it| !it.entry().in_error);
        let mut chosen: Vec<&Record> = sound.filter(|it| (self.is_in)(it)).collect();
        if let Some(since) = cut.since.filter(|_| self.is_of_days()) {
            chosen.retain(|it| time_of(it) >= since.first_instant());
        }
        chosen.sort_by_key(|it| Reverse(time_of(it)));
        if self.code.0 == ALLERGIES {
            settle_allergies(&mut chosen);
        }
        let mut seen = BTreeSet::new();
        if self.only == Only::Last {
            chosen.retain(|it| seen.insert(what(it)));
        }
        if self.only != Only::All {
            chosen.truncate(NEWEST_MAX);
        }
        chosen
    }

    /// Whether it can be cut to what is from a day on.
    pub(super) fn is_of_days(&self) -> bool {
        self.only != Only::All
    }

    /// What the reader is told where nothing stands.
    fn nothing(&self, cut: &Cut) -> &'static str {
        if cut.has(self.word) {
            self.none
        } else {
            LEFT_OUT
        }
    }

    /// The resource that says that nothing is known; none where the section may be left out.
    pub(super) fn missing(
        &self,
        patient: PatientId,
        cut: &Cut,
    ) -> Option<(&'static str, Map<String, Value>)> {
        let whose =
            json!({ "reference": uri_of(RecordId::from_bytes(*patient.as_bytes())) });
        let unknown = |code: &str, display: &str| {
            json!({ "coding": [{
                "system": ABSENT_OR_UNKNOWN, "code": code, "display": display,
            }], "text": self.nothing(cut) })
        };
        let active = |system: &str| {
            let system = format!("http://terminology.hl7.org/CodeSystem/{system}");
            json!({ "coding": [{ "system": system, "code": "active" }] })
        };
        let (kind, parts) = match self.code.0 {
            ALLERGIES => (
                "AllergyIntolerance",
                vec![
                    ("clinicalStatus", active("allergyintolerance-clinical")),
                    (
                        "code",
                        unknown("no-allergy-info", "No information about allergies"),
                    ),
                    ("patient", whose),
                ],
            ),
            DRUGS => (
                "MedicationStatement",
                vec![
                    ("status", json!("unknown")),
                    (
                        "medicationCodeableConcept",
                        unknown("no-medication-info", "No information about medications"),
                    ),
                    ("subject", whose),
                    ("effectivePeriod", absent()),
                ],
            ),
            PROBLEMS => (
                "Condition",
                vec![
                    ("clinicalStatus", active("condition-clinical")),
                    (
                        "code",
                        unknown("no-problem-info", "No information about problems"),
                    ),
                    ("subject", whose),
                ],
            ),
            _ => return None,
        };
        let parts = parts.into_iter().map(|(key, it)| (key.to_owned(), it));
        Some((kind, parts.collect()))
    }

    /// The section, unless there is nothing to say; `missing` is the resource that says so.
    pub(super) fn write(
        &self,
        records: &[&Record],
        missing: Option<RecordId>,
        cut: &Cut,
    ) -> Option<Value> {
        let entries = records.iter().map(|it| it.entry().id).chain(missing);
        let entries = entries.map(|it| json!({ "reference": uri_of(it) }));
        let entries: Vec<Value> = entries.collect();
        let text = if records.is_empty() {
            narrative::paragraph(self.nothing(cut))
        } else {
            narrative::list(records)
        };
        (!entries.is_empty()).then(|| {
            json!({
                "title": self.title, "code": concept(self.code),
                "text": { "status": "generated", "div": text }, "entry": entries,
            })
        })
    }
}

const ALLERGIES: &str = "48765-2";
const DRUGS: &str = "10160-0";
const PROBLEMS: &str = "11450-4";

/// That none are known is said only where none is, and once.
fn settle_allergies(chosen: &mut Vec<&Record>) {
    let is_one = |it: &&Record| matches!(it, Record::Allergy(_));
    if chosen.iter().any(is_one) {
        chosen.retain(is_one);
    } else {
        chosen.truncate(1);
    }
}

fn is_allergy(record: &Record) -> bool {
    matches!(record, Record::NoKnownAllergies(_))
        || matches!(record, Record::Allergy(it) if it.counts())
}

fn is_problem(record: &Record, now: bool) -> bool {
    let Record::Problem(it) = record else {
        return false;
    };
    let is_refuted = it.verification == crate::chart::Verification::Refuted;
    !is_refuted && it.clinical.is_present() == now && (it.on_list || !now)
}

fn is_result(record: &Record) -> bool {
    if let Record::Report(it) = record {
        return it.status == "final" && !it.conclusion.is_empty();
    }
    is_seen(record, ObsCategory::Laboratory) || is_seen(record, ObsCategory::Imaging)
}

/// An observation of this sort with something to see.
fn is_seen(record: &Record, category: ObsCategory) -> bool {
    matches!(record, Record::Observation(it) if it.category == category && says(it))
}

fn is_of_pregnancy(record: &Record) -> bool {
    let Record::Observation(it) = record else {
        return false;
    };
    let mut codes = PREGNANCY.iter();
    says(it) && codes.any(|code| it.code.has(&System::Loinc, code))
}

fn says(it: &Observation) -> bool {
    it.value.is_some() || !it.components.is_empty()
}

/// What a record is about, to keep the last of each.
fn what(record: &Record) -> String {
    let Record::Observation(it) = record else {
        return format!("{:?}", record.entry().id);
    };
    match &it.code.coding {
        Some(coding) => format!("{} {}", coding.system.uri(), coding.code),
        None => it.code.text.clone(),
    }
}

/// When what a record says happened.
fn time_of(record: &Record) -> Timestamp {
    let stated: Option<When> = match record {
        Record::Problem(it) => it.onset,
        Record::Medication(it) => it.start,
        Record::Immunization(it) => it.date,
        Record::Procedure(it) => it.start,
        Record::Plan(it) => it.start,
        Record::Observation(it) => it.when,
        Record::Report(it) => it.when.or(it.issued),
        Record::Person(_)
        | Record::Provider(_)
        | Record::Allergy(_)
        | Record::NoKnownAllergies(_)
        | Record::Visit(_)
        | Record::Note(_)
        | Record::Document(_)
        | Record::Consent(_)
        | Record::Outcome(_)
        | Record::Referral(_)
        | Record::ImportRun(_) => None,
    };
    stated.map_or(record.entry().recorded.at, When::sort_key)
}
