//! What people answer when they are asked for allergies.

use super::scribe::Scribe;
use crate::{
    chart::{
        Allergy, Clinical, Coded, Criticality, NoKnownAllergies, Reaction, Record,
        Severity, Verification,
    },
    time::{Moment, When},
};

/// Substance, category, what happened, how bad it was, how many of a thousand say so.
struct Answer(&'static str, &'static str, &'static str, Severity, i32);

const ANSWERS: [Answer; 6] = [
    Answer(
        "Penicillin",
        "medication",
        "anaphylaxis",
        Severity::Severe,
        25,
    ),
    Answer("Penicillin", "medication", "rash", Severity::Moderate, 30),
    Answer("Sulfonamides", "medication", "rash", Severity::Moderate, 35),
    Answer(
        "Groundnuts",
        "food",
        "swelling of the face",
        Severity::Severe,
        12,
    ),
    Answer(
        "Ibuprofen",
        "medication",
        "wheezing",
        Severity::Moderate,
        15,
    ),
    Answer(
        "Bee sting",
        "environment",
        "large swelling",
        Severity::Mild,
        15,
    ),
];

/// A nurse asks: some people name one or two, most none.
pub(super) fn asked(scribe: &mut Scribe<'_>, at: Moment) {
    scribe.nurse_begins(at);
    let mut named = false;
    for answer in &ANSWERS {
        if scribe.dice.permille(answer.4) {
            named = true;
            let allergy = answer.allergy(scribe);
            scribe.add(Record::Allergy(allergy));
        }
    }
    if !named {
        let entry = scribe.entry();
        scribe.add(Record::NoKnownAllergies(NoKnownAllergies { entry }));
    }
}

impl Answer {
    fn allergy(&self, scribe: &mut Scribe<'_>) -> Allergy {
        if self.0 == "Penicillin" {
            scribe.avoid_penicillin();
        }
        let years_ago = scribe.dice.between(1, 12);
        let entry = scribe.entry();
        let onset = entry.recorded.day().plus_months(-12 * years_ago).year();
        let onset = crate::time::PartialDate::year_only(onset).ok();
        Allergy {
            entry,
            code: Coded::text(self.0),
            clinical: Clinical::Active,
            verification: Verification::Confirmed,
            intolerance: false,
            category: self.1.to_owned(),
            criticality: match self.3 {
                Severity::Severe => Criticality::High,
                Severity::Moderate | Severity::Mild => Criticality::Low,
            },
            onset: onset.map(When::On),
            reactions: vec![Reaction {
                manifestation: Coded::text(self.2),
                severity: Some(self.3),
            }],
        }
    }
}
