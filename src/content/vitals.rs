//! Vital signs: names, LOINC codes, UCUM units, plausible limits, and the ranges that mark a
//! value L, H or !!. The numbers stand, each with its source, in `assets/vitals.toml`.

mod page;
mod table;

use serde::Deserialize;

use super::Decimal;
use crate::{
    chart::{Coded, Coding, Person, Sex, System},
    time::{Age, PartialDate},
};
use table::{Bounds, TABLE};

pub use page::vital_signs_page;

/// The vital signs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Vital {
    /// Blood pressure: the panel of systolic and diastolic.
    BloodPressure,
    /// Systolic pressure, mmHg.
    Systolic,
    /// Diastolic pressure, mmHg.
    Diastolic,
    /// Heart rate, beats a minute.
    HeartRate,
    /// Body temperature, degrees Celsius.
    Temperature,
    /// Respiratory rate, breaths a minute.
    RespiratoryRate,
    /// Oxygen saturation, per cent.
    Spo2,
    /// Weight, kg.
    Weight,
    /// Standing height, cm.
    Height,
    /// Lying length, cm: how children below two years are measured.
    Length,
    /// Head circumference, cm.
    HeadCircumference,
    /// Mid-upper arm circumference, cm.
    Muac,
    /// Blood glucose, mmol/L.
    Glucose,
    /// Pain as told, 0 to 10.
    Pain,
    /// Fundal height, cm.
    FundalHeight,
    /// Fetal heart rate, beats a minute.
    FetalHeartRate,
    /// Alert, or answering to voice, to pain, or not at all.
    Responsiveness,
    /// Body mass index, kg/m². Computed, never typed or stored.
    Bmi,
}

/// Whose vital sign it is: what ranges depend on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Body {
    /// Age, if known.
    pub age: Option<Age>,
    /// Sex.
    pub sex: Sex,
    /// Whether known to be pregnant.
    pub pregnant: bool,
}

/// What a number is believed within, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub struct Limits {
    /// The lowest.
    pub low: Decimal,
    /// The highest.
    pub high: Decimal,
}

/// How a value stands to the range for this person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// So low that someone must look now.
    DangerLow,
    /// Low.
    Low,
    /// Within the range.
    Normal,
    /// High.
    High,
    /// So high that someone must look now.
    DangerHigh,
    /// Someone must look now, and it is neither low nor high.
    Danger,
}

impl Vital {
    /// All of them.
    pub const ALL: [Self; 18] = [
        Self::BloodPressure,
        Self::Systolic,
        Self::Diastolic,
        Self::HeartRate,
        Self::Temperature,
        Self::RespiratoryRate,
        Self::Spo2,
        Self::Weight,
        Self::Height,
        Self::Length,
        Self::HeadCircumference,
        Self::Muac,
        Self::Glucose,
        Self::Pain,
        Self::FundalHeight,
        Self::FetalHeartRate,
        Self::Responsiveness,
        Self::Bmi,
    ];

    /// The short name in tables and in ids of sentences, such as `heart-rate`.
    pub const fn key(self) -> &'static str {
        match self {
            Self::BloodPressure => "blood-pressure",
            Self::Systolic => "systolic",
            Self::Diastolic => "diastolic",
            Self::HeartRate => "heart-rate",
            Self::Temperature => "temperature",
            Self::RespiratoryRate => "respiratory-rate",
            Self::Spo2 => "spo2",
            Self::Weight => "weight",
            Self::Height => "height",
            Self::Length => "length",
            Self::HeadCircumference => "head-circumference",
            Self::Muac => "muac",
            Self::Glucose => "glucose",
            Self::Pain => "pain",
            Self::FundalHeight => "fundal-height",
            Self::FetalHeartRate => "fetal-heart-rate",
            Self::Responsiveness => "responsiveness",
            Self::Bmi => "bmi",
        }
    }

    /// The vital sign of that key.
    pub fn keyed(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.key() == key)
    }

    /// The vital sign that this typed word names, such as `p` or `pulse`. Lower case.
    pub fn named(word: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|it| it.names().iter().any(|name| name == word))
    }

    /// The vital sign with this LOINC code, as written here or elsewhere.
    pub fn of_loinc(code: &str) -> Option<Self> {
        let row = TABLE.vital.iter().find(|row| row.has(code))?;
        Self::keyed(&row.key)
    }

    /// The vital sign that an observation's code says.
    pub fn of_code(code: &Coded) -> Option<Self> {
        let codings = code.coding.iter().chain(&code.also);
        let mut loinc = codings.filter(|it| it.system == System::Loinc);
        loinc.find_map(|it| Self::of_loinc(&it.code))
    }

    /// The words that may be typed for it.
    pub fn names(self) -> &'static [String] {
        self.row().map_or(&[], |row| &row.names)
    }

    /// The label that the command line and English screens show, such as `Pulse`.
    pub fn short(self) -> &'static str {
        self.row().map_or("", |row| &row.short)
    }

    /// The UCUM code of the unit that is stored; empty where there is none.
    pub fn unit(self) -> &'static str {
        self.row().map_or("", |row| &row.unit)
    }

    /// How many decimal places a converted number gets.
    pub fn places(self) -> u8 {
        self.row().map_or(0, |row| row.places)
    }

    /// The LOINC code with its display, as an observation carries it.
    pub fn code(self) -> Coded {
        let Some(row) = self.row() else {
            return Coded::default();
        };
        let loinc = |code: &str, display: &str| Coding::new(System::Loinc, code, display);
        Coded {
            text: row.short.clone(),
            coding: Some(loinc(&row.loinc, &row.display)),
            also: (!row.also.is_empty()).then(|| loinc(&row.also, &row.also_display)),
        }
    }

    /// What a typed word says of how it was measured, such as `left arm` for `l`.
    pub fn method(self, word: &str) -> Option<&'static str> {
        let rows = TABLE.method.iter().filter(|row| row.vital == self.key());
        let mut words = rows.flat_map(|row| &row.words);
        words
            .find(|(_, typed)| typed.iter().any(|it| it == word))
            .map(|(means, _)| means.as_str())
    }

    /// What a number is believed within. Outside, the person who types must say that it is
    /// real. Without an age, the widest limits of any age.
    pub fn limits(self, body: &Body) -> Option<Limits> {
        let rows = TABLE.limit.iter();
        let mine = rows.filter(|it| it.vital == self.key() && it.band.holds(body.age));
        mine.map(|it| it.limits).reduce(|a, b| Limits {
            low: a.low.min(b.low),
            high: a.high.max(b.high),
        })
    }

    /// How a value stands to the range of this person; `method` is how it was measured, and
    /// says whether fasting. Of unknown age, as of a grown person; of unknown sex, the milder
    /// of both. None where there is no range.
    pub fn judge(self, value: Decimal, body: &Body, method: &str) -> Option<Level> {
        let bounds = table::bounds(self, body, method.contains("fasting"));
        let levels = bounds.into_iter().map(|it| level(it, value));
        levels.min_by_key(|it| it.weight())
    }

    /// The sources of the ranges for this person, in words.
    pub fn sources(self, body: &Body, method: &str) -> Vec<&'static str> {
        let fasting = method.contains("fasting");
        let mut sources: Vec<_> = table::bounds(self, body, fasting)
            .into_iter()
            .flat_map(Bounds::sources)
            .collect();
        sources.sort_unstable();
        sources.dedup();
        sources
    }

    fn row(self) -> Option<&'static table::Row> {
        TABLE.vital.iter().find(|row| row.key == self.key())
    }
}

impl Body {
    /// A person on file, today.
    pub fn of(person: &Person, today: PartialDate, pregnant: bool) -> Self {
        Self {
            age: person.birth.and_then(|it| it.date.age_on(today)),
            sex: person.sex,
            pregnant,
        }
    }
}

impl Level {
    /// The mark behind a value on screens: `L`, `H`, `!!`, or nothing.
    pub const fn mark(self) -> &'static str {
        match self {
            Self::Low => "L",
            Self::Normal => "",
            Self::High => "H",
            Self::DangerLow | Self::DangerHigh | Self::Danger => "!!",
        }
    }

    /// The flag that an observation carries (HL7 v3 `ObservationInterpretation`): `LL`, `L`,
    /// `H`, `HH`, `AA`, or nothing.
    pub const fn flag(self) -> &'static str {
        match self {
            Self::DangerLow => "LL",
            Self::Low => "L",
            Self::Normal => "",
            Self::High => "H",
            Self::DangerHigh => "HH",
            Self::Danger => "AA",
        }
    }

    /// The level that a flag says; laboratories send `A` for abnormal as well.
    pub fn flagged(flag: &str) -> Option<Self> {
        Some(match flag {
            "LL" => Self::DangerLow,
            "L" => Self::Low,
            "N" => Self::Normal,
            "H" | "A" => Self::High,
            "HH" => Self::DangerHigh,
            "AA" => Self::Danger,
            _ => return None,
        })
    }

    /// How far from normal: 0, 1 or 2.
    pub const fn weight(self) -> u8 {
        match self {
            Self::Normal => 0,
            Self::Low | Self::High => 1,
            Self::DangerLow | Self::DangerHigh | Self::Danger => 2,
        }
    }
}

fn level(bounds: &Bounds, value: Decimal) -> Level {
    let below =
        |bound: &Option<table::Bound>| bound.as_ref().is_some_and(|it| value < it.at);
    let from =
        |bound: &Option<table::Bound>| bound.as_ref().is_some_and(|it| value >= it.at);
    if below(&bounds.danger_below) {
        Level::DangerLow
    } else if from(&bounds.danger_from) {
        Level::DangerHigh
    } else if below(&bounds.low_below) {
        Level::Low
    } else if from(&bounds.high_from) {
        Level::High
    } else {
        Level::Normal
    }
}

#[cfg(test)]
mod tests;
