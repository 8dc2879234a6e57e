//! Writes stories down as records, each by the person whose work it is.

mod person;
mod results;
mod treatment;

use super::{
    DemoPatient, Step,
    dice::Dice,
    household::Member,
    setting::{Setting, USERS},
    story::{Shot, Story, tenths},
};
use crate::{
    chart::{
        Coded, Coding, Component, Edit, Entry, Immunization, Medication, Note,
        ObsCategory, Observation, Person, Problem, Quantity, Record, Section, System,
        Value, Visit, VisitClass, VisitStatus,
    },
    content::Vital,
    ids::{PatientId, RecordId, UserId},
    time::{Moment, When},
};

const NURSES: [usize; 2] = [3, 4];
const CLINICIANS: [usize; 2] = [1, 2];
const LABORATORY: usize = 5;
const DESK: [usize; 2] = [6, 7];

/// Keeps what a patient's chart says so far, and who writes at the moment.
pub(super) struct Scribe<'a> {
    setting: &'a Setting,
    pub(super) dice: Dice,
    patient: PatientId,
    person: Person,
    steps: Vec<Step>,
    problems: Vec<Problem>,
    drugs: Vec<Medication>,
    no_penicillin: bool,
    last_id: [u8; 16],
}

impl<'a> Scribe<'a> {
    /// Registers a person who arrives at this moment.
    pub(super) fn register(
        setting: &'a Setting,
        mut dice: Dice,
        (number, arrives): (u32, Moment),
        member: &Member,
    ) -> Self {
        let at = later(arrives, -dice.between(3, 15));
        let patient = PatientId::from_bytes(uuid(at, &mut dice));
        let nobody = Entry::new(
            RecordId::from_bytes(*patient.as_bytes()),
            at,
            UserId::ZERO,
            setting.staff.machine,
        );
        let mut scribe = Self {
            setting,
            dice,
            patient,
            person: Person::new(nobody),
            steps: Vec::new(),
            problems: Vec::new(),
            drugs: Vec::new(),
            no_penicillin: false,
            last_id: [0; 16],
        };
        scribe.begin(at, &DESK);
        scribe.person = scribe.person(number, at, member);
        scribe.add(Record::Person(scribe.person.clone()));
        scribe
    }

    /// All that was written, in the order of time.
    pub(super) fn finish(mut self) -> DemoPatient {
        self.steps.sort_by_key(|it| it.at.at);
        DemoPatient {
            patient: self.patient,
            steps: self.steps,
        }
    }

    /// Someone of a group begins to write.
    pub(super) fn begin(&mut self, at: Moment, group: &[usize]) {
        let who = self.dice.pick(group).copied().unwrap_or_default();
        self.steps.push(Step {
            at,
            who,
            edits: Vec::new(),
            signs: Vec::new(),
        });
    }

    /// The next nurse writes.
    pub(super) fn nurse_begins(&mut self, at: Moment) {
        self.begin(at, &NURSES);
    }

    pub(super) fn edit(&mut self, edits: impl IntoIterator<Item = Edit>) {
        if let Some(step) = self.steps.last_mut() {
            step.edits.extend(edits);
        }
    }

    pub(super) fn add(&mut self, record: Record) {
        self.edit([Edit::add(record)]);
    }

    /// A name for a record: the next after the last one of the same moment.
    fn next_id(&mut self, at: Moment) -> RecordId {
        let drawn = uuid(at, &mut self.dice);
        let last = u128::from_be_bytes(self.last_id);
        let next = last.wrapping_add(1 << 64).to_be_bytes();
        let same = drawn.first_chunk::<6>() == next.first_chunk::<6>();
        self.last_id = if same { next } else { drawn };
        RecordId::from_bytes(self.last_id)
    }

    /// What is common to a record that is written now.
    pub(super) fn entry(&mut self) -> Entry {
        let (at, who) = self
            .steps
            .last()
            .map_or((self.setting.today, 0), |it| (it.at, it.who));
        let id = self.next_id(at);
        let staff = &self.setting.staff;
        let by = staff.users.get(who).copied();
        Entry::new(id, at, by.unwrap_or(UserId::ZERO), staff.machine)
    }

    /// From now on nothing related to penicillin is prescribed.
    pub(super) const fn avoid_penicillin(&mut self) {
        self.no_penicillin = true;
    }

    /// Writes a visit down. One that `waits` has only been through triage.
    pub(super) fn visit(&mut self, at: Moment, story: Story, waits: bool) {
        self.nurse_begins(at);
        let visit = self.arrived(at, &story);
        let vitals = self.vitals(&visit, &story);
        self.edit(
            vitals
                .into_iter()
                .map(|it| Edit::add(Record::Observation(it))),
        );
        for shot in &story.shots {
            let given = self.shot(*shot, &visit);
            self.add(Record::Immunization(given));
        }
        if waits {
            return;
        }
        if !story.tests.is_empty() || story.image.is_some() {
            self.begin(later(at, 15), &[LABORATORY]);
            self.results(&visit, &story);
        }
        let seen = later(at, self.dice.between(25, 70));
        if !story.nurse_only {
            self.begin(seen, &CLINICIANS);
            self.note(&visit, &story);
            self.judged(&visit, &story);
            self.prescribed(&visit, &story);
        }
        self.over(visit, &story, later(seen, 10));
    }

    /// A weight with its point forgotten, corrected by who typed it.
    pub(super) fn mistyped_weight(&mut self, at: Moment, grams: i32) {
        self.nurse_begins(later(at, 2));
        let mut typed = self.observed(Vital::Weight.code(), None);
        typed.value = Some(quantity((grams / 100).to_string(), Vital::Weight.unit()));
        self.add(Record::Observation(typed.clone()));
        let mut right = typed.clone();
        right.value = Some(quantity(tenths(grams / 100), Vital::Weight.unit()));
        let who = self.steps.last().map_or(0, |it| it.who);
        self.begin(later(at, 4), &[who]);
        let entry = self.entry();
        let wrong = Record::Observation(typed);
        self.edit(Edit::correction(wrong, entry, Record::Observation(right)));
    }

    fn arrived(&mut self, at: Moment, story: &Story) -> Visit {
        let visit = Visit {
            entry: self.entry(),
            class: story.class,
            status: VisitStatus::InProgress,
            start: Some(When::At(at)),
            end: None,
            reason: Coded::text(story.reason),
            diagnoses: Vec::new(),
            practitioner: String::new(),
            place: String::new(),
        };
        self.add(Record::Visit(visit.clone()));
        visit
    }

    fn vitals(&mut self, visit: &Visit, story: &Story) -> Vec<Observation> {
        let mut vitals = Vec::new();
        if let Some((systolic, diastolic)) = story.pressure {
            let part = |vital: Vital, value: i32| Component {
                code: vital.code(),
                value: Some(quantity(value.to_string(), vital.unit())),
            };
            let mut pressure = self.observed(Vital::BloodPressure.code(), Some(visit));
            pressure.components = vec![
                part(Vital::Systolic, systolic),
                part(Vital::Diastolic, diastolic),
            ];
            vitals.push(pressure);
        }
        for (vital, value) in &story.readings {
            let mut reading = self.observed(vital.code(), Some(visit));
            reading.value = Some(quantity(value.clone(), vital.unit()));
            vitals.push(reading);
        }
        vitals
    }

    fn observed(&mut self, code: Coded, visit: Option<&Visit>) -> Observation {
        let entry = self.entry();
        Observation {
            when: Some(When::At(entry.recorded)),
            entry,
            code,
            category: ObsCategory::VitalSigns,
            value: None,
            absent: String::new(),
            components: Vec::new(),
            range: String::new(),
            flag: String::new(),
            method: String::new(),
            visit: visit.map(|it| it.entry.id),
            order: None,
        }
    }

    fn shot(&mut self, shot: Shot, visit: &Visit) -> Immunization {
        let given = shot.not_done.is_empty();
        let entry = self.entry();
        let month = entry.recorded.day().plus_months(self.dice.between(8, 20));
        let lot = format!("{}{:04}", shot.cvx, self.dice.between(1, 9999));
        let by_mouth = matches!(shot.cvx, "178" | "119");
        let only_given = |text: &str| {
            if given {
                text.to_owned()
            } else {
                String::new()
            }
        };
        Immunization {
            date: Some(When::At(entry.recorded)),
            entry,
            vaccine: Coded::of(Coding::new(System::Cvx, shot.cvx, shot.name)),
            lot: only_given(&lot),
            maker: String::new(),
            expiry: only_given(&month.to_string()),
            site: only_given(if by_mouth { "" } else { "left thigh" }),
            route: only_given(if by_mouth { "oral" } else { "intramuscular" }),
            dose_number: shot.dose.to_owned(),
            not_done: shot.not_done.to_owned(),
            reaction: String::new(),
            visit: Some(visit.entry.id),
        }
    }

    fn note(&mut self, visit: &Visit, story: &Story) {
        let entry = self.entry();
        let id = entry.id;
        let sections = [
            ("S", &story.told),
            ("O", &story.found),
            ("A", &story.thought),
            ("P", &story.planned),
        ];
        let note = Note {
            entry,
            visit: Some(visit.entry.id),
            title: "visit".to_owned(),
            sections: sections
                .map(|(name, text)| Section {
                    name: name.to_owned(),
                    text: text.clone(),
                })
                .to_vec(),
            phrases: story.phrase.map(str::to_owned).into_iter().collect(),
            signed: None,
            adds_to: None,
            attested: None,
        };
        self.add(Record::Note(note));
        if let Some(step) = self.steps.last_mut() {
            step.signs.push(id);
        }
    }

    fn over(&mut self, visit: Visit, story: &Story, at: Moment) {
        let who = self.steps.last().map_or(0, |it| it.who);
        let inpatient = story.class == VisitClass::Inpatient;
        let after = Visit {
            status: VisitStatus::Finished,
            end: Some(When::At(if inpatient { later(at, 24 * 60) } else { at })),
            diagnoses: story.diagnoses.iter().map(|it| it.coded()).collect(),
            practitioner: USERS.get(who).map_or("", |it| it.name).to_owned(),
            ..visit.clone()
        };
        self.edit([Edit::change(Record::Visit(visit), Record::Visit(after))]);
    }
}

fn quantity(value: String, unit: &str) -> Value {
    Value::Quantity(Quantity::new(value, unit))
}

fn later(moment: Moment, minutes: i32) -> Moment {
    Moment {
        at: moment.at.plus_ms(i64::from(minutes) * 60_000),
        ..moment
    }
}

/// The bytes of a `UUIDv7` (RFC 9562) of this moment.
pub(super) fn uuid(at: Moment, dice: &mut Dice) -> [u8; 16] {
    let ms = u128::try_from(at.at.0).unwrap_or(0) & 0xffff_ffff_ffff;
    let random = u128::from(dice.next()) << 64 | u128::from(dice.next());
    let version_and_variant = 0x7 << 76 | 0b10 << 62;
    let free = !(0xf << 76 | 0b11 << 62) & ((1 << 80) - 1);
    (ms << 80 | (random & free) | version_and_variant).to_be_bytes()
}
