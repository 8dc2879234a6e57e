//! What a phrase may be filled with: today's vital signs, and what the summary says.

use std::{collections::BTreeMap, fmt};

use crate::{
    care::number_of,
    chart::{
        AllergyState, Category, Chart, Coded, Name, Observation, Sex, Summary, Value,
    },
    content::{Vital, shown_unit},
    time::{PartialDate, When, shown_age},
};

/// The keys that may stand between two `@`.
pub const FILLS: &[&str] = &[
    "age",
    "sex",
    "name",
    "bp",
    "pulse",
    "temp",
    "rr",
    "spo2",
    "weight",
    "height",
    "bmi",
    "muac",
    "glucose",
    "pain",
    "fundus",
    "fhr",
    "avpu",
    "vitals",
    "meds",
    "allergies",
    "problems",
    "today",
];

/// The vital signs that have a key of their own.
const VITALS: &[(&str, Vital)] = &[
    ("bp", Vital::BloodPressure),
    ("pulse", Vital::HeartRate),
    ("temp", Vital::Temperature),
    ("rr", Vital::RespiratoryRate),
    ("spo2", Vital::Spo2),
    ("weight", Vital::Weight),
    ("height", Vital::Height),
    ("height", Vital::Length),
    ("muac", Vital::Muac),
    ("glucose", Vital::Glucose),
    ("pain", Vital::Pain),
    ("fundus", Vital::FundalHeight),
    ("fhr", Vital::FetalHeartRate),
    ("avpu", Vital::Responsiveness),
];

/// Facts by key, each in the words that the note will have.
#[derive(Clone, Default)]
pub struct Facts(BTreeMap<&'static str, String>);

impl Facts {
    /// What a chart knows today. Vital signs count only when they were measured today; drugs,
    /// allergies and problems as they stand.
    pub fn of(chart: &Chart, today: PartialDate) -> Self {
        Self::with(chart, today, &[], None)
    }

    /// The same with what was typed and is not saved yet, which goes before what was measured
    /// earlier today, for a note that is closed so.
    pub fn with(
        chart: &Chart,
        today: PartialDate,
        typed: &[Observation],
        closed: Option<Category>,
    ) -> Self {
        let mut facts = Self::default();
        facts.set("today", today.to_string());
        if let Some(person) = &chart.identity.person {
            let birth = person.birth.map(|it| it.date);
            let age = birth.and_then(|it| shown_age(it, today));
            facts.set("age", age.map_or(String::new(), |it| it.to_string()));
            let sex = match person.sex {
                Sex::Female => "female",
                Sex::Male => "male",
                Sex::Other | Sex::Unknown => "",
            };
            facts.set("sex", sex.to_owned());
            let name = person.names.first();
            facts.set("name", name.map_or(String::new(), Name::shown));
        }
        let saved = chart.visits.iter().flat_map(|it| &it.observations);
        let on_day = |it: &&Observation| {
            it.when.map(When::date) == Some(today) && it.entry.may_stand_in(closed)
        };
        facts.learn(typed.iter().chain(saved.filter(on_day)));
        if let Some(summary) = &chart.summary {
            facts.sum_up(summary, closed);
        }
        facts
    }

    /// Sets a fact in words. An empty one, or one of an unknown key, is not known.
    pub fn set(&mut self, key: &str, words: String) {
        let key = FILLS.iter().find(|it| **it == key);
        if let Some(key) = key.filter(|_| !words.is_empty()) {
            self.0.insert(key, words);
        }
    }

    /// A fact in words.
    pub fn get(&self, key: &str) -> Option<&str> {
        self.0.get(key).map(String::as_str)
    }

    /// Takes the newest of each vital sign; the observations come newest first.
    fn learn<'a>(&mut self, observations: impl Iterator<Item = &'a Observation>) {
        let counted = observations.filter(|it| !it.entry.in_error);
        for observation in counted {
            let vital = Vital::of_code(&observation.code);
            let key = VITALS.iter().find(|(_, it)| Some(*it) == vital);
            let words = vital.map_or(String::new(), |vital| words(vital, observation));
            if let Some((key, _)) = key.filter(|(key, _)| !self.0.contains_key(key)) {
                self.set(key, words);
            }
        }
        let all = VITALS.iter().filter_map(|(key, vital)| {
            let own = key != &"height" || *vital == Vital::Height;
            let words = self.get(key).filter(|_| own)?;
            Some(format!("{} {words}", vital.short()))
        });
        let all: Vec<_> = all.collect();
        self.set("vitals", all.join(", "));
    }

    fn sum_up(&mut self, summary: &Summary, closed: Option<Category>) {
        let taken = summary.medications.iter().filter(|it| it.is_taken());
        let taken = taken.filter(|it| it.entry.may_stand_in(closed));
        let meds: Vec<_> = taken
            .map(|it| {
                format!("{} {}", it.code.text, it.frequency)
                    .trim_end()
                    .to_owned()
            })
            .collect();
        self.set("meds", listed(meds, "none recorded"));
        let there = summary
            .problems
            .iter()
            .filter(|it| it.on_list && !it.entry.in_error && it.clinical.is_present())
            .filter(|it| it.entry.may_stand_in(closed));
        let problems = there.map(|it| said(&it.code)).collect();
        self.set("problems", listed(problems, "none recorded"));
        let allergies = match summary.allergy_state() {
            AllergyState::Some(some) => some
                .iter()
                .map(|it| said(&it.code))
                .collect::<Vec<_>>()
                .join(", "),
            AllergyState::NoneKnown { .. } => "none known".to_owned(),
            AllergyState::NotAsked | AllergyState::NotReceived => String::new(),
        };
        self.set("allergies", allergies);
    }
}

impl fmt::Debug for Facts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Facts({} known)", self.0.len())
    }
}

/// A vital sign in words: `148/92`, `37.9 °C`, `97%`.
fn words(vital: Vital, observation: &Observation) -> String {
    if vital == Vital::BloodPressure {
        let part = |wanted| {
            let mut parts = observation.components.iter();
            let part = parts.find(|it| Vital::of_code(&it.code) == Some(wanted))?;
            number_of(wanted, part.value.as_ref()?)
        };
        let high = part(Vital::Systolic);
        return high.map_or(String::new(), |high| {
            part(Vital::Diastolic)
                .map_or(format!("{high}/palpated"), |low| format!("{high}/{low}"))
        });
    }
    let number = observation
        .value
        .as_ref()
        .and_then(|it| number_of(vital, it));
    let unit = shown_unit(vital.unit());
    match (number, &observation.value) {
        (Some(number), _) => match unit {
            "" | "/min" => number.to_string(),
            "%" | "/10" => format!("{number}{unit}"),
            unit => format!("{number} {unit}"),
        },
        (None, Some(Value::Code(code))) => said(code),
        (None, Some(Value::Text(text))) => text.clone(),
        (None, _) => String::new(),
    }
}

fn said(code: &Coded) -> String {
    let display = code.coding.as_ref().map_or("", |it| &it.display);
    let text = if code.text.is_empty() {
        display
    } else {
        &code.text
    };
    text.to_owned()
}

fn listed(words: Vec<String>, none: &str) -> String {
    if words.is_empty() {
        return none.to_owned();
    }
    words.join(", ")
}
