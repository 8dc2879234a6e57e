//! The vital signs that a chart holds, by the moments at which they were taken.

use std::{cmp::Reverse, fmt};

use super::{judge, number_of};
use crate::{
    chart::{Chart, Observation, Problem, Sex, System, Value},
    content::{Body, Decimal, Level, Vital},
    time::{PartialDate, When},
};

/// The vital signs in the order in which they are read, for tables.
const ORDER: [Vital; 18] = [
    Vital::BloodPressure,
    Vital::Systolic,
    Vital::Diastolic,
    Vital::HeartRate,
    Vital::Temperature,
    Vital::RespiratoryRate,
    Vital::Spo2,
    Vital::Weight,
    Vital::Height,
    Vital::Length,
    Vital::Bmi,
    Vital::Muac,
    Vital::HeadCircumference,
    Vital::Glucose,
    Vital::Pain,
    Vital::FundalHeight,
    Vital::FetalHeartRate,
    Vital::Responsiveness,
];
/// The categories of ICD-10, first and last, that are a pregnancy that goes on: of risk
/// (O09), with high blood pressure (O10-O16), with other disorders (O20-O29), with care of the
/// child to be born (O30-O48), with an illness besides (O98, O99), normal (Z33, Z34),
/// supervised (Z35 of WHO) and by its weeks (Z3A).
const PREGNANT: [(&str, &str); 5] = [
    ("O09", "O16"),
    ("O20", "O48"),
    ("O98", "O99"),
    ("Z33", "Z35"),
    ("Z3A", "Z3A"),
];

/// One value of a vital sign as it was taken.
#[derive(Clone, PartialEq, Eq)]
pub struct Taken<'a> {
    /// Where it stands.
    pub observation: &'a Observation,
    /// Which vital sign.
    pub vital: Vital,
    /// When it was taken.
    pub when: When,
    /// The number; of a pressure, the systolic one.
    pub number: Option<Decimal>,
    /// The diastolic pressure.
    pub second: Option<Decimal>,
}

/// Everything that was taken at one moment.
#[derive(Clone, PartialEq, Eq)]
pub struct Round<'a> {
    /// When.
    pub when: When,
    /// The values, one of each vital sign at most.
    pub taken: Vec<Taken<'a>>,
}

/// Who the ranges are for, on a day. With a pregnancy among the problems of that time a woman
/// is taken for pregnant.
pub fn body_of(chart: &Chart, day: PartialDate) -> Body {
    let pregnant = pregnancy_of(chart, day).is_some();
    let person = chart.identity.person.as_ref();
    Body {
        age: person.and_then(|it| it.birth?.date.age_on(day)),
        sex: person.map_or(Sex::Unknown, |it| it.sex),
        pregnant,
    }
}

/// The pregnancy among the problems of a chart that goes on on a day.
pub(super) fn pregnancy_of(chart: &Chart, day: PartialDate) -> Option<&Problem> {
    let mut problems = chart.summary.iter().flat_map(|it| &it.problems);
    problems.find(|it| {
        let codings = it.code.coding.iter().chain(&it.code.also);
        let mut icd =
            codings.filter(|it| matches!(it.system, System::Icd10 | System::Icd10cm));
        let named = icd.any(|it| is_pregnancy(&it.code));
        let begun = it.onset.is_none_or(|it| it.date() <= day);
        named && begun && !it.entry.in_error && it.clinical.is_present()
    })
}

/// Whether a code of ICD-10 is a pregnancy that goes on.
fn is_pregnancy(code: &str) -> bool {
    let category = code.get(..3).unwrap_or_default().to_ascii_uppercase();
    let mut ranges = PREGNANT.iter();
    ranges.any(|(first, last)| (*first..=*last).contains(&category.as_str()))
}

/// The flag of an observation (HL7 v3 `ObservationInterpretation`): of a vital sign by the
/// ranges for this person on its day, of anything else the one that it came with.
pub fn flag_of<'a>(observation: &'a Observation, chart: &Chart) -> &'a str {
    let day = observation.when.map(When::date);
    let day = day.unwrap_or_else(|| observation.entry.recorded.day());
    let level = judge(observation, &body_of(chart, day));
    level.map_or(observation.flag.as_str(), |it| it.flag())
}

/// The values by the moments at which they were taken, the newest first. A vital sign that
/// stands twice at one moment has a round for each; what was entered in error has none.
pub fn rounds<'a>(
    observations: impl IntoIterator<Item = &'a Observation>,
) -> Vec<Round<'a>> {
    let mut all: Vec<Taken<'_>> = observations.into_iter().filter_map(taken).collect();
    all.sort_by_key(|it| (Reverse(it.when.sort_key()), place(it.vital)));
    let mut rounds: Vec<Round<'_>> = Vec::new();
    for taken in all {
        let free = rounds
            .iter_mut()
            .rev()
            .take_while(|it| it.when == taken.when);
        let free = free.filter(|it| it.of(taken.vital).is_none()).last();
        match free {
            Some(round) => round.taken.push(taken),
            None => rounds.push(Round {
                when: taken.when,
                taken: vec![taken],
            }),
        }
    }
    rounds
}

/// The vital signs that stand in these rounds, in the order in which they are read.
pub fn measures(rounds: &[Round<'_>]) -> Vec<Vital> {
    let stands = |vital: &Vital| rounds.iter().any(|it| it.of(*vital).is_some());
    ORDER.into_iter().filter(stands).collect()
}

impl<'a> Round<'a> {
    /// The value of a vital sign.
    pub fn of(&self, vital: Vital) -> Option<&Taken<'a>> {
        self.taken.iter().find(|it| it.vital == vital)
    }
}

impl Taken<'_> {
    /// How it stands to the range for this person at that age.
    pub fn level(&self, chart: &Chart) -> Option<Level> {
        judge(self.observation, &body_of(chart, self.when.date()))
    }

    /// The value without its unit, of numbers two places at most: `148/92`, `37.9`, `Alert`; a dash for what was not done.
    pub fn shown(&self) -> String {
        match (self.number, self.second) {
            (Some(high), Some(low)) => format!("{}/{}", high.short(), low.short()),
            (Some(high), None) if self.vital == Vital::BloodPressure => {
                format!("{}/-", high.short())
            }
            (Some(number), None) => number.short().to_string(),
            (None, _) => match &self.observation.value {
                Some(Value::Code(code)) => code.text.clone(),
                Some(Value::Text(text)) => text.clone(),
                Some(Value::Quantity(quantity)) => quantity.value.clone(),
                None => "-".to_owned(),
            },
        }
    }
}

impl fmt::Debug for Taken<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Taken({:?})", self.observation)
    }
}

impl fmt::Debug for Round<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Round({} taken)", self.taken.len())
    }
}

fn place(vital: Vital) -> usize {
    let place = ORDER.iter().position(|it| *it == vital);
    place.unwrap_or(ORDER.len())
}

fn taken(observation: &Observation) -> Option<Taken<'_>> {
    let vital = Vital::of_code(&observation.code)?;
    if observation.entry.in_error {
        return None;
    }
    let part = |wanted| {
        let mut parts = observation.components.iter();
        let part = parts.find(|it| Vital::of_code(&it.code) == Some(wanted))?;
        number_of(wanted, part.value.as_ref()?)
    };
    let (number, second) = if vital == Vital::BloodPressure {
        (part(Vital::Systolic), part(Vital::Diastolic))
    } else {
        let value = observation.value.as_ref();
        (value.and_then(|it| number_of(vital, it)), None)
    };
    let recorded = When::At(observation.entry.recorded);
    let when = observation.when.unwrap_or(recorded);
    Some(Taken {
        observation,
        vital,
        when,
        number,
        second,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        care::vitals_line::{observations, parse},
        chart::{
            BirthDate, Clinical, Coded, Coding, Entry, Identity, Person, Problem,
            Summary, Verification,
        },
        ids::{LogId, PatientId, RecordId, UserId},
        time::Moment,
    };

    fn typed(line: &str, at: &str) -> Vec<Observation> {
        let body = Body::default();
        let moment: Moment = at.parse().unwrap();
        let readings = parse(line, &body).readings;
        observations(&readings, &body, When::At(moment), None, || {
            Entry::new(RecordId::ZERO, moment, UserId::ZERO, LogId::ZERO)
        })
    }

    fn entry() -> Entry {
        let moment = "2025-11-18T10:42:00+03:00".parse().unwrap();
        Entry::new(RecordId::ZERO, moment, UserId::ZERO, LogId::ZERO)
    }

    fn chart(born: &str) -> Chart {
        let mut person = Person::new(entry());
        person.sex = Sex::Female;
        person.birth = Some(BirthDate {
            date: born.parse().unwrap(),
            estimated: false,
        });
        Chart {
            patient: PatientId::ZERO,
            identity: Identity {
                person: Some(person),
                ..Identity::default()
            },
            summary: Some(Summary::default()),
            visits: None,
            results: None,
            consents: None,
            proposals: Vec::new(),
            closed: None,
            may_close: Vec::new(),
            unconfirmed: Vec::new(),
            glass_until: None,
            problems: Vec::new(),
        }
    }

    fn pregnancy() -> Problem {
        Problem {
            entry: entry(),
            code: Coded::of(Coding::new(System::Icd10cm, "Z34.90", "Pregnancy")),
            clinical: Clinical::Active,
            verification: Verification::Confirmed,
            on_list: true,
            onset: "2025-06".parse().ok(),
            abated: None,
            severity: String::new(),
            site: String::new(),
            visit: None,
        }
    }

    fn two_days() -> Vec<Observation> {
        let mut all = typed("bp 148/92 t 37.9 w 64", "2025-11-18T10:42:00+03:00");
        all.extend(typed("bp 152/94 avpu a", "2025-10-12T09:00:00+03:00"));
        all
    }

    #[test]
    fn a_value_is_shown_as_it_is_said() {
        let all = two_days();
        let rounds = rounds(&all);
        let shown = |vital| rounds.iter().find_map(|it| it.of(vital)).unwrap().shown();
        assert_eq!(shown(Vital::BloodPressure), "148/92");
        assert_eq!(shown(Vital::Weight), "64");
        assert_eq!(shown(Vital::Responsiveness), "Alert");
    }

    #[test]
    fn a_value_is_judged_by_the_age_of_its_day_and_by_a_pregnancy() {
        let all = typed("bp 165/80 hr 150", "2025-11-18T10:42:00+03:00");
        let mut chart = chart("2025-10-30");
        let mark = |chart: &Chart, vital| {
            let rounds = rounds(&all);
            let level = rounds[0].of(vital).unwrap().level(chart);
            level.map_or("", Level::mark)
        };
        assert_eq!(mark(&chart, Vital::HeartRate), "");
        chart.identity = self::chart("1987-03-14").identity;
        assert_eq!(mark(&chart, Vital::HeartRate), "!!");
        assert_eq!(mark(&chart, Vital::BloodPressure), "H");
        chart.summary.as_mut().unwrap().problems.push(pregnancy());
        assert_eq!(mark(&chart, Vital::BloodPressure), "!!");
        let flags: Vec<&str> = all.iter().map(|it| flag_of(it, &chart)).collect();
        assert_eq!(flags, ["HH", "HH"]);
    }

    #[test]
    fn a_pregnancy_is_known_by_its_code() {
        for code in [
            "Z34.90", "Z3A.20", "O14.90", "O09.3", "O24.4", "O99.0", "Z35.1",
        ] {
            assert!(is_pregnancy(code), "{code}");
        }
        for code in [
            "O03.9", "O80", "O86.1", "O92", "Z30.0", "Z39.2", "I10", "", "é",
        ] {
            assert!(!is_pregnancy(code), "{code}");
        }
    }

    #[test]
    fn what_was_taken_together_is_one_round() {
        let all = two_days();
        let rounds = rounds(&all);
        let counts: Vec<usize> = rounds.iter().map(|it| it.taken.len()).collect();
        assert_eq!(counts, [3, 2]);
        assert_eq!(
            measures(&rounds),
            [
                Vital::BloodPressure,
                Vital::Temperature,
                Vital::Weight,
                Vital::Responsiveness,
            ]
        );
    }

    #[test]
    fn a_pressure_on_each_arm_has_a_round_of_its_own() {
        let all = typed("bp 150/95 l bp 145/90 r hr 80", "2025-11-18T10:42:00+03:00");
        let rounds = rounds(&all);
        let counts: Vec<usize> = rounds.iter().map(|it| it.taken.len()).collect();
        assert_eq!(counts, [2, 1]);
    }

    #[test]
    fn what_was_entered_in_error_is_left_out() {
        let mut all = two_days();
        for it in &mut all {
            it.entry.in_error =
                it.when.map(|it| it.date().to_string()) == Some("2025-11-18".to_owned());
        }
        assert_eq!(rounds(&all).len(), 1);
    }
}
