//! How an observation stands to what is usual for the person.

use crate::{
    chart::{Observation, Quantity, Value},
    content::{Body, Decimal, Level, Vital, convert},
};

/// How an observation stands to the range for this person: a vital sign by our table, anything
/// else by the flag it came with. None where nothing is known.
pub fn judge(observation: &Observation, body: &Body) -> Option<Level> {
    let of_value = Vital::of_code(&observation.code).and_then(|vital| {
        judge_value(vital, observation.value.as_ref(), body, observation)
    });
    let of_parts = observation.components.iter().filter_map(|part| {
        let vital = Vital::of_code(&part.code)?;
        judge_value(vital, part.value.as_ref(), body, observation)
    });
    let worst = of_value
        .into_iter()
        .chain(of_parts)
        .max_by_key(|it| it.weight());
    worst.or_else(|| Level::flagged(&observation.flag))
}

/// The number of a vital sign in the unit that is stored for it, from any unit that can be
/// converted.
pub fn number_of(vital: Vital, value: &Value) -> Option<Decimal> {
    let Value::Quantity(Quantity { value, unit, .. }) = value else {
        return None;
    };
    convert(vital, value.parse().ok()?, unit)
}

fn judge_value(
    vital: Vital,
    value: Option<&Value>,
    body: &Body,
    observation: &Observation,
) -> Option<Level> {
    vital.judge(number_of(vital, value?)?, body, &observation.method)
}
