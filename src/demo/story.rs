//! What one visit tells, before it becomes records.

use super::{dice::Dice, household::Member};
use crate::{
    chart::{Coded, Coding, System, VisitClass},
    content::Vital,
};

/// What a visit tells.
#[derive(Default)]
pub(super) struct Story {
    pub(super) reason: &'static str,
    pub(super) class: VisitClass,
    /// Seen by a nurse alone: no note, no prescription.
    pub(super) nurse_only: bool,
    pub(super) pressure: Option<(i32, i32)>,
    pub(super) readings: Vec<(Vital, String)>,
    pub(super) told: String,
    pub(super) found: String,
    pub(super) thought: String,
    pub(super) planned: String,
    pub(super) phrase: Option<&'static str>,
    pub(super) diagnoses: Vec<Diagnosis>,
    /// Goes on the problem list, once.
    pub(super) problem: Option<Diagnosis>,
    /// The code of a problem that is over.
    pub(super) resolves: Option<&'static str>,
    pub(super) drugs: Vec<Drug>,
    /// The first word of drugs that end, and why.
    pub(super) stops: Option<(&'static str, &'static str)>,
    pub(super) tests: Vec<Test>,
    /// What was pictured and what it shows.
    pub(super) image: Option<(&'static str, &'static str)>,
    pub(super) shots: Vec<Shot>,
    pub(super) procedure: Option<&'static str>,
    pub(super) plan: Option<(&'static str, &'static [&'static str])>,
    /// The title of a letter that came.
    pub(super) letter: Option<&'static str>,
}

/// A diagnosis in ICD-10-CM: code, its display, the clinic's words.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Diagnosis(
    pub(super) &'static str,
    pub(super) &'static str,
    pub(super) &'static str,
);

/// A line of a prescription. Without a duration it is taken for long.
#[derive(Clone, Copy)]
pub(super) struct Drug {
    pub(super) name: &'static str,
    pub(super) dose: &'static str,
    pub(super) frequency: &'static str,
    pub(super) days: i32,
    pub(super) quantity: &'static str,
}

/// A test with its result.
pub(super) struct Test {
    pub(super) kind: TestKind,
    pub(super) value: String,
    pub(super) flag: &'static str,
}

/// A test that the laboratory does: LOINC code, display, the clinic's words, UCUM unit
/// (empty for results in words), reference range.
pub(super) struct TestKind(
    pub(super) &'static str,
    pub(super) &'static str,
    pub(super) &'static str,
    pub(super) &'static str,
    pub(super) &'static str,
);

/// A vaccine dose: CVX code, its short name, the dose number; why it was not given.
#[derive(Clone, Copy)]
pub(super) struct Shot {
    pub(super) cvx: &'static str,
    pub(super) name: &'static str,
    pub(super) dose: &'static str,
    pub(super) not_done: &'static str,
}

pub(super) const HEMOGLOBIN: TestKind = TestKind(
    "718-7",
    "Hemoglobin [Mass/volume] in Blood",
    "Haemoglobin",
    "g/dL",
    "11.0-16.0",
);
pub(super) const MALARIA: TestKind = TestKind(
    "70569-9",
    "Plasmodium sp Ag [Identifier] in Blood by Rapid immunoassay",
    "Malaria RDT",
    "",
    "negative",
);
pub(super) const HBA1C: TestKind = TestKind(
    "4548-4",
    "Hemoglobin A1c/Hemoglobin.total in Blood",
    "HbA1c",
    "%",
    "< 7.0",
);
pub(super) const CREATININE: TestKind = TestKind(
    "2160-0",
    "Creatinine [Mass/volume] in Serum or Plasma",
    "Creatinine",
    "mg/dL",
    "0.6-1.2",
);
pub(super) const URINE_PROTEIN: TestKind = TestKind(
    "20454-5",
    "Protein [Presence] in Urine by Test strip",
    "Urine protein",
    "",
    "negative",
);
pub(super) const SPUTUM: TestKind = TestKind(
    "11477-7",
    "Microscopic observation [Identifier] in Sputum by Acid fast stain",
    "Sputum for AFB",
    "",
    "no AFB seen",
);

impl Diagnosis {
    pub(super) fn coded(self) -> Coded {
        Coded {
            text: self.2.to_owned(),
            coding: Some(Coding::new(System::Icd10cm, self.0, self.1)),
            also: None,
        }
    }
}

impl TestKind {
    pub(super) fn coded(&self) -> Coded {
        Coded {
            text: self.2.to_owned(),
            coding: Some(Coding::new(System::Loinc, self.0, self.1)),
            also: None,
        }
    }

    /// A result in tenths of the unit, flagged by the bounds within which it is normal.
    pub(super) fn tenths(self, value: i32, (low, high): (i32, i32)) -> Test {
        Test {
            kind: self,
            value: tenths(value),
            flag: match value {
                value if value < low => "L",
                value if value > high => "H",
                _ => "",
            },
        }
    }

    /// A result in words; abnormal unless it is what the reference says.
    pub(super) fn words(self, value: &str) -> Test {
        Test {
            flag: if value == self.4 { "" } else { "A" },
            value: value.to_owned(),
            kind: self,
        }
    }
}

/// `12.3` for 123.
pub(super) fn tenths(value: i32) -> String {
    format!("{}.{}", value / 10, value % 10)
}

/// What is measured at every visit, for this age.
pub(super) fn usual_readings(
    member: &Member,
    age_days: i32,
    fever: bool,
    dice: &mut Dice,
) -> Vec<(Vital, String)> {
    let years = age_days / 365;
    let celsius = if fever {
        dice.between(379, 397)
    } else {
        dice.between(362, 372)
    };
    let (pulse, breaths) = match age_days {
        ..365 => ((105, 150), (30, 48)),
        365..1825 => ((88, 128), (22, 36)),
        1825..4380 => ((74, 108), (18, 26)),
        _ => ((60, 92), (12, 19)),
    };
    let faster = if fever { 14 } else { 0 };
    let pulse = dice.between(pulse.0, pulse.1) + faster;
    let grams = member.build.grams(member.sex, age_days, dice);
    let mut readings = vec![
        (Vital::Temperature, tenths(celsius)),
        (Vital::HeartRate, pulse.to_string()),
        (Vital::Weight, tenths(grams / 100)),
    ];
    if years < 12 || dice.percent(25) {
        let breaths = dice.between(breaths.0, breaths.1) + faster / 3;
        readings.push((Vital::RespiratoryRate, breaths.to_string()));
    }
    if dice.percent(if years < 20 { 60 } else { 15 }) {
        let millimetres = member.build.millimetres(member.sex, age_days, dice);
        let lying = if age_days < 730 {
            Vital::Length
        } else {
            Vital::Height
        };
        readings.push((lying, tenths(millimetres)));
    }
    if fever || dice.percent(30) {
        readings.push((Vital::Spo2, dice.between(94, 99).to_string()));
    }
    readings
}

/// The blood pressure of someone without hypertension; not taken in children.
pub(super) fn usual_pressure(age_days: i32, dice: &mut Dice) -> Option<(i32, i32)> {
    let years = age_days / 365;
    let systolic = dice.between(100, 122) + (years / 5).min(14);
    (years >= 13).then(|| (systolic, systolic * 3 / 5 + dice.between(0, 8)))
}
