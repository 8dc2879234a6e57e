//! Readings as observations of the chart.

use super::{Found, Reading};
use crate::{
    care::judge,
    chart::{Coded, Component, Entry, ObsCategory, Observation, Quantity, Remark, Value},
    content::{Body, Decimal, Level, Vital},
    ids::RecordId,
    time::When,
};

/// The observations that these readings are, one each; the caller makes the common part of
/// every record. A converted number has what was typed in its remark. All were written down
/// at once, however long that took: they stay in the order of the line.
pub fn observations(
    readings: &[Reading],
    body: &Body,
    when: When,
    visit: Option<RecordId>,
    mut entry: impl FnMut() -> Entry,
) -> Vec<Observation> {
    let mut recorded = None;
    let one = |reading| {
        let mut entry = entry();
        entry.recorded = *recorded.get_or_insert(entry.recorded);
        let mut observation = observation(reading, entry, when);
        observation.visit = visit;
        let level = level(reading, &observation, body);
        level
            .map_or("", Level::flag)
            .clone_into(&mut observation.flag);
        observation
    };
    readings.iter().map(one).collect()
}

/// How a reading stands, once it is an observation.
fn level(reading: &Reading, observation: &Observation, body: &Body) -> Option<Level> {
    match reading.found {
        Found::Response(response) => response.level(),
        Found::Number(_) | Found::Pressure(..) | Found::NotDone(_) => {
            judge(observation, body)
        }
    }
}

fn observation(reading: &Reading, mut entry: Entry, when: When) -> Observation {
    entry.remark = remark(reading);
    let mut made = Observation {
        entry,
        code: reading.vital.code(),
        category: ObsCategory::VitalSigns,
        when: Some(when),
        value: None,
        absent: String::new(),
        components: Vec::new(),
        range: String::new(),
        flag: String::new(),
        method: reading.method.clone(),
        visit: None,
        order: None,
    };
    match &reading.found {
        Found::Number(number) => made.value = Some(quantity(reading.vital, *number)),
        Found::Pressure(high, low) => {
            made.components.push(part(Vital::Systolic, *high));
            let low = low.map(|low| part(Vital::Diastolic, low));
            made.components.extend(low);
            if made.components.len() == 1 {
                add_method(&mut made.method, "palpated");
            }
        }
        Found::Response(it) => made.value = Some(Value::Code(Coded::text(it.word()))),
        Found::NotDone(reason) if reason.is_empty() => {
            "not done".clone_into(&mut made.absent);
        }
        Found::NotDone(reason) => made.absent.clone_from(reason),
    }
    made
}

fn remark(reading: &Reading) -> Remark {
    let typed = reading.typed.iter().map(|it| format!("typed {it}"));
    let sure = reading.sure.then(|| "confirmed when typed".to_owned());
    Remark(typed.chain(sure).collect::<Vec<_>>().join("; "))
}

fn part(vital: Vital, number: Decimal) -> Component {
    Component {
        code: vital.code(),
        value: Some(quantity(vital, number)),
    }
}

fn quantity(vital: Vital, number: Decimal) -> Value {
    Value::Quantity(Quantity::new(number.to_string(), vital.unit()))
}

fn add_method(method: &mut String, more: &str) {
    if !method.is_empty() {
        method.push_str(", ");
    }
    method.push_str(more);
}
