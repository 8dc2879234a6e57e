//! `assets/vitals.toml` as it is read.

use std::{collections::BTreeMap, sync::LazyLock};

use serde::{Deserialize, Deserializer, de::Error as _};

use super::{Body, Limits, Vital};
use crate::{chart::Sex, content::Decimal, time::Age};

#[derive(Deserialize, Default)]
pub(super) struct Table {
    pub(super) vital: Vec<Row>,
    pub(super) limit: Vec<Limit>,
    pub(super) range: Vec<Range>,
    pub(super) method: Vec<Methods>,
    pub(super) source: BTreeMap<String, String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Row {
    pub(super) key: String,
    pub(super) loinc: String,
    pub(super) display: String,
    pub(super) short: String,
    #[serde(default)]
    pub(super) also: String,
    #[serde(default)]
    pub(super) also_display: String,
    #[serde(default)]
    pub(super) unit: String,
    #[serde(default)]
    pub(super) places: u8,
    #[serde(default)]
    pub(super) names: Vec<String>,
    #[serde(default)]
    pub(super) read: Vec<String>,
}

#[derive(Deserialize)]
pub(super) struct Limit {
    pub(super) vital: String,
    #[serde(flatten)]
    pub(super) band: Band,
    #[serde(flatten)]
    pub(super) limits: Limits,
}

#[derive(Deserialize)]
pub(super) struct Range {
    pub(super) vital: String,
    #[serde(default)]
    pub(super) state: String,
    pub(super) sex: Option<String>,
    #[serde(flatten)]
    pub(super) band: Band,
    #[serde(flatten)]
    pub(super) bounds: Bounds,
}

/// The bounds of one row; see the head of the file for how they are read.
#[derive(Deserialize)]
pub(super) struct Bounds {
    pub(super) danger_below: Option<Bound>,
    pub(super) low_below: Option<Bound>,
    pub(super) high_from: Option<Bound>,
    pub(super) danger_from: Option<Bound>,
}

/// A number and where it is from.
#[derive(Deserialize)]
#[serde(from = "(Decimal, String)")]
pub(super) struct Bound {
    pub(super) at: Decimal,
    pub(super) source: String,
}

/// Ages from the first to before the last.
#[derive(Deserialize)]
pub(super) struct Band {
    pub(super) from: Span,
    pub(super) to: Option<Span>,
}

/// A stretch of life: days, months or years.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Span {
    Days(u32),
    Months(u32),
    Years(u32),
}

#[derive(Deserialize)]
pub(super) struct Methods {
    pub(super) vital: String,
    pub(super) words: BTreeMap<String, Vec<String>>,
}

/// Compiled in; a test reads it whole.
pub(super) static TABLE: LazyLock<Table> = LazyLock::new(|| {
    toml::from_str(include_str!("../../../assets/vitals.toml")).unwrap_or_default()
});

/// The age by which someone of unknown age is judged: a mark too many is seen and weighed,
/// one too few is not.
const GROWN: Age = Age {
    years: 30,
    months: 0,
    days: 0,
    total_days: 10_957,
};

/// The rows that may speak of this person, those of the most particular state alone.
pub(super) fn bounds(vital: Vital, body: &Body, fasting: bool) -> Vec<&'static Bounds> {
    let age = Some(body.age.unwrap_or(GROWN));
    let states = ["pregnant fasting", "pregnant", "fasting", ""];
    let in_state = |state: &str| {
        (!state.contains("pregnant") || body.pregnant)
            && (!state.contains("fasting") || fasting)
    };
    let rows = |state: &'static str| -> Vec<&'static Bounds> {
        let mine = |it: &&Range| {
            it.vital == vital.key()
                && it.state == state
                && it.band.holds(age)
                && sex_holds(it.sex.as_deref(), body.sex)
        };
        TABLE
            .range
            .iter()
            .filter(mine)
            .map(|it| &it.bounds)
            .collect()
    };
    let mut particular = states.into_iter().filter(|it| in_state(it)).map(rows);
    particular.find(|it| !it.is_empty()).unwrap_or_default()
}

impl Row {
    pub(super) fn has(&self, loinc: &str) -> bool {
        self.loinc == loinc
            || self.also == loinc
            || self.read.iter().any(|it| it == loinc)
    }
}

impl Bounds {
    pub(super) fn sources(&self) -> impl Iterator<Item = &'static str> {
        let all = [
            &self.danger_below,
            &self.low_below,
            &self.high_from,
            &self.danger_from,
        ];
        let sources = all.into_iter().flatten();
        sources.filter_map(|it| TABLE.source.get(&it.source).map(String::as_str))
    }
}

impl Band {
    /// Whether a person of this age is in the band; of an unknown age, may be.
    pub(super) fn holds(&self, age: Option<Age>) -> bool {
        age.is_none_or(|age| {
            self.from.is_reached(age) && !self.to.is_some_and(|to| to.is_reached(age))
        })
    }
}

impl Span {
    fn is_reached(self, age: Age) -> bool {
        match self {
            Self::Days(days) => age.total_days >= days,
            Self::Months(months) => {
                u32::from(age.years) * 12 + u32::from(age.months) >= months
            }
            Self::Years(years) => u32::from(age.years) >= years,
        }
    }
}

impl From<(Decimal, String)> for Bound {
    fn from((at, source): (Decimal, String)) -> Self {
        Self { at, source }
    }
}

impl<'de> Deserialize<'de> for Span {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        let number = |unit| text.strip_suffix(unit).and_then(|it| it.parse().ok());
        let days = number('d').map(Self::Days);
        let months = || number('m').map(Self::Months);
        let years = || number('y').map(Self::Years);
        let span = days.or_else(months).or_else(years);
        span.ok_or_else(|| D::Error::custom("an age is written 28d, 6m or 5y"))
    }
}

impl<'de> Deserialize<'de> for Decimal {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        String::deserialize(from)?.parse().map_err(D::Error::custom)
    }
}

fn sex_holds(row: Option<&str>, sex: Sex) -> bool {
    match (row, sex) {
        (None, _) | (_, Sex::Other | Sex::Unknown) => true,
        (Some(row), Sex::Female) => row == "F",
        (Some(row), Sex::Male) => row == "M",
    }
}
