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
    convert(vital, Decimal::cut(value).ok()?, unit)
}

fn judge_value(
    vital: Vital,
    value: Option<&Value>,
    body: &Body,
    observation: &Observation,
) -> Option<Level> {
    vital.judge(number_of(vital, value?)?, body, &observation.method)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        chart::{Coded, Coding, Component, Entry, ObsCategory, System},
        ids::{LogId, RecordId, UserId},
        time::{Moment, Timestamp},
    };

    fn observation(loinc: &str, value: &str, unit: &str) -> Observation {
        let moment = Moment {
            at: Timestamp(0),
            offset_minutes: 0,
        };
        Observation {
            entry: Entry::new(RecordId::ZERO, moment, UserId::ZERO, LogId::ZERO),
            code: Coded::of(Coding::new(System::Loinc, loinc, "")),
            category: ObsCategory::VitalSigns,
            when: None,
            value: Some(Value::Quantity(Quantity::new(value, unit))),
            absent: String::new(),
            components: Vec::new(),
            range: String::new(),
            flag: String::new(),
            method: String::new(),
            visit: None,
            order: None,
        }
    }

    #[track_caller]
    fn check(observation: &Observation, expected: Option<Level>) {
        assert_eq!(judge(observation, &Body::default()), expected);
    }

    #[test]
    fn an_observation_of_elsewhere_is_judged_in_its_own_unit() {
        check(&observation("8310-5", "102", "[degF]"), Some(Level::High));
        check(&observation("2339-0", "54", "mg/dL"), Some(Level::Low));
        check(&observation("2339-0", "54", "furlong"), None);
        check(&observation("8310-5", "hot", "Cel"), None);
        let long = observation("8310-5", "38.941203585159237", "Cel");
        check(&long, Some(Level::High));
        let fahrenheit = observation("8310-5", "102.041203585159237", "[degF]");
        check(&fahrenheit, Some(Level::High));
    }

    #[test]
    fn a_pressure_is_as_bad_as_its_worse_part() {
        let mut pressure = observation("85354-9", "", "");
        pressure.value = None;
        for (vital, value) in [(Vital::Systolic, "138"), (Vital::Diastolic, "112")] {
            pressure.components.push(Component {
                code: vital.code(),
                value: Some(Value::Quantity(Quantity::new(value, "mm[Hg]"))),
            });
        }
        check(&pressure, Some(Level::DangerHigh));
    }

    #[test]
    fn what_we_have_no_range_for_is_judged_by_the_flag_it_came_with() {
        let mut potassium = observation("2823-3", "6.8", "mmol/L");
        check(&potassium, None);
        "HH".clone_into(&mut potassium.flag);
        check(&potassium, Some(Level::DangerHigh));
        "?".clone_into(&mut potassium.flag);
        check(&potassium, None);
    }
}
