//! A vital sign over time, for the small graph beside its number.

use std::fmt;

use crate::{
    care::number_of,
    chart::Observation,
    content::{Decimal, Vital},
    time::When,
};

/// One measurement of a series.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Point {
    /// When.
    pub when: When,
    /// The number, in the unit that is stored.
    pub number: Decimal,
}

/// The steps of a small graph: 0 is the lowest, 7 the highest.
const STEP_MAX: i64 = 7;

/// The latest measurements of a vital sign, oldest first, at most `limit`. Of blood pressure,
/// ask for the systolic or the diastolic.
pub fn series<'a>(
    observations: impl IntoIterator<Item = &'a Observation>,
    vital: Vital,
    limit: usize,
) -> Vec<Point> {
    let counted = observations.into_iter().filter(|it| !it.entry.in_error);
    let mut points: Vec<Point> = counted
        .filter_map(|it| {
            let whole = std::iter::once((&it.code, &it.value));
            let parts = it.components.iter().map(|part| (&part.code, &part.value));
            let mut all = whole.chain(parts);
            let value = all.find(|(code, _)| Vital::of_code(code) == Some(vital));
            let number = number_of(vital, value?.1.as_ref()?)?;
            let when = it.when.unwrap_or(When::At(it.entry.recorded));
            Some(Point { when, number })
        })
        .collect();
    points.sort_by_key(|it| it.when.sort_key());
    points.split_off(points.len().saturating_sub(limit))
}

/// The height of each number in a small graph, 0 to 7. The graph spans at least what matters
/// in this vital sign, so that a tenth of a degree is not drawn as a mountain.
pub fn steps(vital: Vital, numbers: &[Decimal]) -> Vec<u8> {
    let lowest = numbers.iter().min().copied().unwrap_or_default();
    let highest = numbers.iter().max().copied().unwrap_or_default();
    let least = least_span(vital);
    let step = |number: Decimal| {
        let span = highest.minus(lowest)?;
        // A narrow series stands in the middle of the least span.
        let (bottom, span) = if span < least {
            let around = least.minus(span)?.divided(Decimal::whole(2), 4)?;
            (lowest.minus(around)?, least)
        } else {
            (lowest, span)
        };
        let height = number.minus(bottom)?.scaled(0, (STEP_MAX, 1), 4)?;
        let step = height.divided(span, 0)?.to_string();
        step.parse().ok()
    };
    numbers.iter().map(|it| step(*it).unwrap_or(0)).collect()
}

/// The least span of a graph: about the width of the normal range of a grown person.
pub fn least_span(vital: Vital) -> Decimal {
    Decimal::whole(match vital {
        Vital::Systolic | Vital::HeartRate | Vital::FetalHeartRate => 40,
        Vital::BloodPressure | Vital::Diastolic => 30,
        Vital::RespiratoryRate | Vital::Spo2 | Vital::Pain => 10,
        Vital::Weight | Vital::Height | Vital::Length | Vital::FundalHeight => 5,
        Vital::Glucose | Vital::Bmi => 4,
        Vital::Temperature | Vital::HeadCircumference | Vital::Muac => 2,
        Vital::Responsiveness => 1,
    })
}

impl fmt::Debug for Point {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Point(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        care::vitals_line,
        chart::Entry,
        content::Body,
        ids::{LogId, RecordId, UserId},
        time::{Moment, Timestamp},
    };

    #[track_caller]
    fn check(vital: Vital, numbers: &[&str], expected: &[u8]) {
        let numbers: Vec<Decimal> =
            numbers.iter().map(|it| it.parse().unwrap()).collect();
        assert_eq!(steps(vital, &numbers), expected, "for {numbers:?}");
    }

    #[test]
    fn a_graph_reaches_from_the_lowest_to_the_highest() {
        check(Vital::Systolic, &["100", "140", "180"], &[0, 4, 7]);
        check(Vital::Temperature, &["36.8", "36.9", "39.8"], &[0, 0, 7]);
    }

    #[test]
    fn a_small_change_is_not_drawn_as_a_mountain() {
        check(Vital::Temperature, &["36.8", "36.9", "36.8"], &[3, 4, 3]);
        check(Vital::Weight, &["64.0", "64.5"], &[3, 4]);
        check(Vital::HeartRate, &["80", "80"], &[4, 4]);
    }

    #[test]
    fn nothing_measured_is_no_graph_and_large_numbers_are_no_harm() {
        check(Vital::Weight, &[], &[]);
        check(Vital::Weight, &["999999999999", "0"], &[7, 0]);
    }

    #[test]
    fn a_series_is_the_latest_of_one_vital_sign_oldest_first() {
        let body = Body::default();
        let at = |ms| Moment {
            at: Timestamp(ms),
            offset_minutes: 0,
        };
        let mut observations = Vec::new();
        for (ms, line) in [(3, "bp 130/80 w 64"), (1, "bp 150/90"), (2, "bp 140/85")] {
            let readings = vitals_line::parse(line, &body).readings;
            let entry = || Entry::new(RecordId::ZERO, at(ms), UserId::ZERO, LogId::ZERO);
            let when = When::At(at(ms));
            observations.extend(vitals_line::observations(
                &readings, &body, when, None, entry,
            ));
        }
        let shown = |vital, limit| {
            let points = series(&observations, vital, limit);
            points
                .iter()
                .map(|it| it.number.to_string())
                .collect::<Vec<_>>()
        };
        assert_eq!(shown(Vital::Systolic, 8), ["150", "140", "130"]);
        assert_eq!(shown(Vital::Diastolic, 2), ["85", "80"]);
        assert_eq!(shown(Vital::Weight, 8), ["64"]);
        assert_eq!(shown(Vital::Muac, 8), Vec::<String>::new());
    }
}
