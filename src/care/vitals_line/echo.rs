//! What stands under the line while it is typed: each reading as it will be stored, with its
//! mark and its change from the last one.

use std::{collections::BTreeMap, fmt};

use super::{Found, Reading, Response};
use crate::{
    care::{Build, build, number_of},
    chart::Observation,
    content::{Body, Decimal, Level, Vital, shown_unit},
    time::{Timestamp, When},
};

/// The readings of a line as they are shown back.
#[derive(Debug, Default)]
pub struct Echo {
    /// One for each reading.
    pub items: Vec<Item>,
    /// What weight and height say, where both are known.
    pub build: Option<Build>,
}

/// One reading as it is shown back.
pub struct Item {
    /// Which vital sign.
    pub vital: Vital,
    /// The value as it will be stored, such as `148/92`.
    pub value: String,
    /// The unit as shown, such as `kg`.
    pub unit: &'static str,
    /// How it stands to the range.
    pub level: Option<Level>,
    /// The change from the last one with its sign, such as `+0.5`.
    pub change: Option<String>,
    /// How it was measured.
    pub method: String,
    /// What was typed, where it was converted.
    pub typed: Option<String>,
    /// Why it was not done (may be empty), when it was not.
    pub not_done: Option<String>,
}

/// The last known number of each vital sign, in the unit that is stored.
#[derive(Default)]
pub struct Last(BTreeMap<Vital, (Timestamp, Decimal)>);

/// Shows readings back. `last` is what was known before.
pub fn echo(readings: &[Reading], body: &Body, last: &Last) -> Echo {
    let items = readings.iter().map(|it| item(it, body, last)).collect();
    let typed = |vital: Vital| {
        readings.iter().rev().find_map(|it| match it.found {
            Found::Number(number) => (it.vital == vital).then_some(number),
            Found::Pressure(..) | Found::Response(_) | Found::NotDone(_) => None,
        })
    };
    let weight = typed(Vital::Weight);
    let height = typed(Vital::Height).or_else(|| typed(Vital::Length));
    let is_new = weight.is_some() || height.is_some();
    let weight = weight.or_else(|| last.number(Vital::Weight));
    let height = height.or_else(|| last.number(Vital::Height));
    let both = weight.zip(height).filter(|_| is_new);
    Echo {
        items,
        build: both.and_then(|(weight, height)| build(weight, height, body)),
    }
}

impl Last {
    /// The latest number of each vital sign among these observations.
    pub fn of<'a>(observations: impl IntoIterator<Item = &'a Observation>) -> Self {
        let mut last = Self::default();
        for it in observations.into_iter().filter(|it| !it.entry.in_error) {
            let at = it.when.map_or(it.entry.recorded.at, When::sort_key);
            let whole = std::iter::once((&it.code, &it.value));
            let parts = it.components.iter().map(|part| (&part.code, &part.value));
            for (code, value) in whole.chain(parts) {
                let number = Vital::of_code(code).zip(value.as_ref());
                let number =
                    number.and_then(|(vital, it)| Some((vital, number_of(vital, it)?)));
                if let Some((vital, number)) = number {
                    last.learn(vital, at, number);
                }
            }
        }
        last
    }

    /// The last number of a vital sign.
    pub fn number(&self, vital: Vital) -> Option<Decimal> {
        self.0.get(&vital).map(|(_, number)| *number)
    }

    fn learn(&mut self, vital: Vital, at: Timestamp, number: Decimal) {
        let known = self.0.entry(vital).or_insert((at, number));
        if at >= known.0 {
            *known = (at, number);
        }
    }
}

impl Response {
    /// Anything but alert needs someone to look now (NEWS2 scores it 3).
    pub const fn level(self) -> Option<Level> {
        Some(match self {
            Self::Alert => Level::Normal,
            Self::Confused | Self::Voice | Self::Pain | Self::Unresponsive => {
                Level::Danger
            }
        })
    }
}

impl fmt::Debug for Item {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Item({})", self.vital.key())
    }
}

impl fmt::Debug for Last {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Last({} vital signs)", self.0.len())
    }
}

impl fmt::Display for Item {
    /// `BP 148/92 H`, `Wt 64.0 kg (+0.5)`, `BP not done: refused`: the command line's English.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.vital.short())?;
        match &self.not_done {
            Some(reason) if reason.is_empty() => return f.write_str(" not done"),
            Some(reason) => return write!(f, " not done: {reason}"),
            None => write!(f, " {}", self.value)?,
        }
        match self.unit {
            "" | "mmHg" | "/min" => {}
            "%" | "/10" => f.write_str(self.unit)?,
            unit => write!(f, " {unit}")?,
        }
        let mark = self.level.map_or("", Level::mark);
        if !mark.is_empty() {
            write!(f, " {mark}")?;
        }
        if let Some(change) = &self.change {
            write!(f, " ({change})")?;
        }
        if !self.method.is_empty() {
            write!(f, " {}", self.method)?;
        }
        Ok(())
    }
}

fn item(reading: &Reading, body: &Body, last: &Last) -> Item {
    let judge = |vital: Vital, number| vital.judge(number, body, &reading.method);
    let level = match reading.found {
        Found::Number(number) => judge(reading.vital, number),
        Found::Pressure(high, low) => {
            let low = low.and_then(|low| judge(Vital::Diastolic, low));
            let levels = judge(Vital::Systolic, high).into_iter().chain(low);
            levels.max_by_key(|it| it.weight())
        }
        Found::Response(response) => response.level(),
        Found::NotDone(_) => None,
    };
    let change = match reading.found {
        Found::Number(number) => last
            .number(reading.vital)
            .and_then(|before| number.minus(before)?.trimmed().signed()),
        Found::Pressure(..) | Found::Response(_) | Found::NotDone(_) => None,
    };
    let unit = match reading.found {
        Found::Pressure(..) => Vital::Systolic.unit(),
        Found::Number(_) => reading.vital.unit(),
        Found::Response(_) | Found::NotDone(_) => "",
    };
    let not_done = match &reading.found {
        Found::NotDone(reason) => Some(reason.clone()),
        Found::Number(_) | Found::Pressure(..) | Found::Response(_) => None,
    };
    Item {
        vital: reading.vital,
        value: reading.found.to_string(),
        unit: shown_unit(unit),
        level,
        change,
        method: reading.method.clone(),
        typed: reading.typed.clone(),
        not_done,
    }
}
