//! The drugs of the open chart: what is prescribed here, what the patient takes from
//! elsewhere, and what is no longer taken. An allergy on file stops a prescription.

mod entry;
mod fields;
mod keys;
mod made;
mod stop;
mod words;

use super::{
    Cx, Effect as Ask, Press, Step, draft,
    form::{Field, Form},
    history::Answer,
    keymap::Context,
    notice::{Notice, Said, Trouble},
    patient, records,
    sheet::{self, Event, Plan, Sheet, Task},
};
use crate::{
    care::{Clash, Likeness, NotKnown, clashes, dose_line, taken_already},
    chart::{
        Chart, Edit, Entry, MedKind, MedStatus, Medication, Origin, Record, Summary,
        who::{self, Denial},
    },
    content::Medicine,
    ids::RecordId,
    time::When,
};

pub use entry::Reading;
pub use keys::KEYS;
use made::{Made, made};
pub use stop::Stop;
use stop::Told;
pub(super) use stop::reason as override_reason;
pub use words::{dose_in_words, dose_why, route_in_words};

/// The list, an entry that is read, and what is written.
#[derive(Debug)]
pub struct State {
    /// The list and the form over it.
    pub sheet: Sheet,
    /// The entry that is open.
    pub reading: Option<Reading>,
    /// The dialog that stops a prescription.
    pub stop: Stop,
    /// Whether the person may prescribe.
    pub prescribes: bool,
}

/// What a key may ask of the drugs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// The patient takes a drug from elsewhere.
    Told,
    /// Another dose of the selected drug.
    Change,
    /// The selected drug is stopped or paused.
    Stop,
    /// The patient was asked whether the selected drug is taken.
    Takes,
}

impl Action {
    /// Whether it does something to the selected drug.
    pub const fn is_about_row(self) -> bool {
        match self {
            Self::Change | Self::Stop | Self::Takes => true,
            Self::Told => false,
        }
    }
}

const ADD: &str = "drug-add";
const TOLD: &str = "drug-told";
const CHANGE: &str = "drug-change";
const STOP: &str = "drug-stop";
const TAKES: &str = "drug-takes";
const IN_ERROR: &str = "drug-in-error";

/// The form that prescribes, for what is proposed to another clinic for the chart of `cx`.
pub fn form_to_propose(cx: &Cx<'_>) -> Form {
    fields::new(true, cx)
}

/// Offers what is found for what is typed in a field of that form.
pub fn offer(form: &mut Form, name: &str) {
    fields::offer(form, name);
}

/// The drug that the form proposes; or the field that is wrong, and the sentence that says
/// why. What an allergy stops at home is not proposed: the words that go past a stop are
/// for whoever gives the drug.
pub fn proposed(
    form: &Form,
    cx: &mut Cx<'_>,
) -> Result<Medication, (&'static str, &'static str)> {
    match made(Task::add(ADD), (form, None), cx) {
        Ok(made) if is_stopped(&made.after, cx) => {
            Err((fields::DRUG, "guests-drug-stops"))
        }
        Ok(made) => Ok(made.after),
        Err(made::Refused::Field(name, problem)) => Err((name, problem)),
        Err(made::Refused::Gone) => Err((fields::DRUG, "sheet-not-there")),
    }
}

/// Whether a drug meets an allergy that stops it, by the newest of the chart.
fn is_stopped(drug: &Medication, cx: &Cx<'_>) -> bool {
    let newest = cx.newest.and_then(|it| it.summary.as_ref());
    let allergies = newest.into_iter().flat_map(Summary::allergies_to_check);
    clashes(&drug.code, allergies).iter().any(|it| it.stops)
}

const PLAN: Plan = Plan {
    kind: draft::Kind::Drug,
    tasks: &[ADD, TOLD, CHANGE, STOP, TAKES, IN_ERROR],
    form: fields::form,
};

impl State {
    /// The list, and the question whether a draft is kept.
    pub fn open(cx: &mut Cx<'_>) -> (Self, Vec<Step>) {
        let (sheet, mut steps) = Sheet::open(&PLAN, cx);
        let state = Self {
            sheet,
            reading: None,
            stop: Stop::default(),
            prescribes: cx.may(who::Action::Prescribe),
        };
        steps.push(ask_names(cx));
        (state, steps)
    }

    /// The list with this entry open, or with a new prescription.
    pub fn open_at(record: Option<RecordId>, cx: &mut Cx<'_>) -> (Self, Vec<Step>) {
        let (mut state, mut steps) = Self::open(cx);
        if let Some(record) = record {
            let rows = cx.chart.map(rows).unwrap_or_default();
            let entries = rows.iter().map(|it| &it.entry);
            state.sheet.select(Some(record), entries);
            steps.extend(state.read(cx));
        } else {
            steps.extend(state.prescribe(cx));
        }
        (state, steps)
    }

    /// The contexts of the list.
    pub const LIST: &'static [Context] = &[
        Context::DrugsList,
        Context::Drugs,
        Context::List,
        Context::Chart,
        Context::Anywhere,
        Context::Outside,
    ];
    /// The contexts of an entry.
    pub const ENTRY: &'static [Context] = &[
        Context::Drugs,
        Context::List,
        Context::Chart,
        Context::Anywhere,
        Context::Outside,
    ];
    /// The contexts of the dialog that stops.
    pub const STOPPED: &'static [Context] =
        &[Context::DrugsStop, Context::Text, Context::Anywhere];

    /// Where keys mean something.
    pub const fn contexts(&self) -> &'static [Context] {
        match (&self.sheet.writing, &self.reading) {
            _ if self.stop.is_open() => Self::STOPPED,
            (Some(_), _) => sheet::FORM,
            (None, Some(_)) => Self::ENTRY,
            (None, None) => Self::LIST,
        }
    }

    /// Does what a key asks of any screen.
    pub fn press(&mut self, press: &Press, cx: &mut Cx<'_>) -> Vec<Step> {
        if self.stop.is_open() {
            return match self.stop.press(press, cx.say) {
                Told::Nothing => Vec::new(),
                Told::Safe => vec![plain("drug-said-not-prescribed")],
                Told::GoAhead(made) => self.save(*made, cx),
            };
        }
        if let (None, Some(reading)) = (&self.sheet.writing, &mut self.reading) {
            if let Press::Move(to) = press {
                reading.moved(*to, cx);
                return Vec::new();
            }
            if *press == Press::Back {
                self.reading = None;
                return Vec::new();
            }
            if *press == Press::Accept {
                return Vec::new();
            }
        }
        let total = cx.summary().map_or(0, |it| it.medications.len());
        match self.sheet.press(press, total, cx) {
            Event::Steps(steps) => steps,
            // Who may not prescribe goes on with what was left of another form.
            Event::New if !self.prescribes && self.sheet.kept.is_some() => {
                self.write(Task::add(TOLD), MedKind::Statement, cx)
            }
            Event::New => self.prescribe(cx),
            Event::Open => self.read(cx),
            Event::Changed(name) => {
                if let Some(writing) = &mut self.sheet.writing {
                    fields::offer(&mut writing.form, name);
                }
                vec![Step::DraftChanged]
            }
            Event::Accepted(_) => vec![Step::DraftChanged],
            Event::Finished(task) => self.finish(task, cx),
        }
    }

    /// Does what a key of this screen asks.
    pub fn act(&mut self, action: records::Action, cx: &mut Cx<'_>) -> Vec<Step> {
        match action {
            records::Action::Drug(Action::Told) => {
                self.write(Task::add(TOLD), MedKind::Statement, cx)
            }
            records::Action::Drug(Action::Change) => self.write_of(CHANGE, cx),
            records::Action::Drug(Action::Stop) => self.write_of(STOP, cx),
            records::Action::Drug(Action::Takes) => self.write_of(TAKES, cx),
            records::Action::InError => self.write_of(IN_ERROR, cx),
            records::Action::Consent(_)
            | records::Action::NoneKnown
            | records::Action::Standing
            | records::Action::Over
            | records::Action::NotGiven
            | records::Action::Compare
            | records::Action::ToList => Vec::new(),
        }
    }

    /// Is told how a save went.
    pub fn saved(
        &mut self,
        request: u32,
        outcome: Result<(), Trouble>,
        cx: &mut Cx<'_>,
    ) -> Vec<Step> {
        let (record, mut steps) = self.sheet.saved(request, outcome, cx);
        let rows = cx.chart.map(rows).unwrap_or_default();
        self.sheet.select(record, rows.iter().map(|it| &it.entry));
        if outcome.is_ok() {
            if record.is_some() {
                self.stop = Stop::default();
            }
            let open = self.reading.as_ref().map(|it| it.record);
            if let Some(record) = open {
                // What was just written belongs to the history of the entry.
                let (reading, step) = Reading::open(record, cx);
                self.reading = Some(reading);
                steps.extend(step);
            }
        }
        steps
    }

    /// Takes the past of the entry that is open.
    pub fn past_loaded(&mut self, answer: &Answer, cx: &Cx<'_>) -> Vec<Step> {
        let reading = self.reading.as_mut();
        reading.map_or_else(Vec::new, |it| it.answered(answer, cx))
    }

    /// The drug that the form is about: as it stands in the chart; while a new one is
    /// written, as it is typed.
    pub fn written<'a>(&self, chart: &'a Chart) -> Option<&'a Medication> {
        let record = self.sheet.writing.as_ref()?.task.record;
        rows(chart)
            .into_iter()
            .find(|it| Some(it.entry.id) == record)
    }

    /// The allergies that the drug being written meets, and the same drug where it is taken
    /// already.
    pub fn warnings<'a>(
        &self,
        chart: &'a Chart,
    ) -> (Vec<Clash<'a>>, Option<&'a Medication>) {
        let (Some(writing), Some(summary)) = (&self.sheet.writing, &chart.summary) else {
            return (Vec::new(), None);
        };
        let title = writing.task.title;
        let written = self.written(chart).map(|it| it.code.clone());
        let field = writing.form.field(fields::DRUG);
        let typed = field.filter(|it| it.selected().is_none());
        let Some(code) = written.or_else(|| typed.map(Field::coded)) else {
            return (Vec::new(), None);
        };
        if code.is_empty() || title == STOP || title == IN_ERROR {
            return (Vec::new(), None);
        }
        let others = summary.counted_as_taken();
        let others = others.filter(|it| Some(it.entry.id) != writing.task.record);
        let twice = taken_already(&code, others);
        let mut met = clashes(&code, summary.allergies_to_check());
        let focused = writing.form.focused();
        let is_in_name = focused.is_some_and(|it| it.name == fields::DRUG);
        // A name that is half typed is not yet unknown.
        met.retain(|it| {
            !(is_in_name && it.likeness == Likeness::NotKnown(NotKnown::Drug))
        });
        (met, twice)
    }

    /// The dose line as it is typed, read.
    pub fn dose(
        &self,
        chart: &Chart,
    ) -> Option<(dose_line::Parsed, Option<&'static Medicine>)> {
        let form = self.sheet.form()?;
        let field = self.dose_field()?;
        let drug = self.written(chart).map(|it| it.code.text.clone());
        let drug = drug.unwrap_or_else(|| form.text(fields::DRUG).to_owned());
        let parsed = dose_line::parse(field.line.text());
        Some((parsed, Medicine::named(&drug)))
    }

    /// The name of the drug as it is typed.
    pub fn drug_typed(&self) -> &str {
        self.sheet.text(fields::DRUG)
    }

    /// The field of the dose line.
    pub fn dose_field(&self) -> Option<&Field> {
        self.sheet.form()?.field(fields::DOSE)
    }

    /// Whether a dose is kept in whatever words: of what is taken from elsewhere.
    pub fn keeps_any_dose(&self, chart: &Chart) -> bool {
        let told = self.sheet.writing.as_ref();
        let written = self.written(chart).map(|it| it.kind);
        told.is_some_and(|it| it.task.title == TOLD)
            || written == Some(MedKind::Statement)
    }

    /// Whether the caret is in the dose line.
    pub fn is_in_dose(&self) -> bool {
        let at = self.sheet.form().and_then(|it| it.focused());
        at.is_some_and(|it| it.name == fields::DOSE)
    }

    fn prescribe(&mut self, cx: &mut Cx<'_>) -> Vec<Step> {
        self.write(Task::add(ADD), MedKind::Request, cx)
    }

    fn write(&mut self, task: Task, kind: MedKind, cx: &Cx<'_>) -> Vec<Step> {
        if !may_write(kind, cx) {
            return denied(cx);
        }
        self.sheet.write(task, cx)
    }

    fn write_of(&mut self, title: &'static str, cx: &Cx<'_>) -> Vec<Step> {
        let rows = cx.chart.map(rows).unwrap_or_default();
        let selected = rows.get(self.sheet.selected.0);
        let Some(drug) = selected else {
            return Vec::new();
        };
        if !may_write(drug.kind, cx) {
            return denied(cx);
        }
        let apart = cx.summary().is_some_and(|it| it.is_apart(drug.entry.id));
        if apart && title != IN_ERROR {
            // What is to be changed must be known first.
            let mut steps = records::compare_of(Some(drug.entry.id), cx);
            steps.push(plain("compare-first"));
            return steps;
        }
        let entries: Vec<&Entry> = rows.iter().map(|it| &it.entry).collect();
        self.sheet.write_of(title, &entries, cx)
    }

    fn read(&mut self, cx: &mut Cx<'_>) -> Vec<Step> {
        let rows = cx.chart.map(rows).unwrap_or_default();
        let Some(drug) = rows.get(self.sheet.selected.0) else {
            return Vec::new();
        };
        let (reading, step) = Reading::open(drug.entry.id, cx);
        self.reading = Some(reading);
        step.into_iter().collect()
    }

    /// Saves what the form says, unless an allergy stops it.
    fn finish(&mut self, task: Task, cx: &mut Cx<'_>) -> Vec<Step> {
        let Some((form, seen)) = self.sheet.made() else {
            return Vec::new();
        };
        let made = match made(task, (&form, seen.as_ref()), cx) {
            Ok(made) => made,
            Err(made::Refused::Gone) => return sheet::not_there(),
            Err(made::Refused::Field(name, problem)) => {
                if let Some(writing) = &mut self.sheet.writing {
                    writing.form.go_to(name);
                    if let Some(field) = writing.form.field_mut(name) {
                        field.problem = Some(problem);
                    }
                }
                return vec![plain("form-missing")];
            }
        };
        if made.prescribes && is_stopped(&made.after, cx) {
            self.stop.open(made);
            return Vec::new();
        }
        self.save(made, cx)
    }

    fn save(&mut self, made: Made, cx: &mut Cx<'_>) -> Vec<Step> {
        let what = made.after.code.text.clone();
        let said = Said::with(made.says, [("what", what.into())]);
        let after = Record::Medication(made.after);
        let edit = match made.before {
            None => Edit::add(after),
            Some(before) => Edit::change(Record::Medication(before), after),
        };
        self.sheet.save(vec![edit], said, cx)
    }
}

/// The drugs in the order of the list: those that are taken, first those prescribed here,
/// then those from elsewhere; those no longer taken; those entered in error. The newest
/// first.
pub fn rows(chart: &Chart) -> Vec<&Medication> {
    let all = chart.summary.iter().flat_map(|it| &it.medications);
    let mut rows: Vec<&Medication> = all.collect();
    rows.sort_by_key(|it| {
        let when = if it.is_taken() { it.start } else { it.end };
        let newest = when.or(it.start).map(When::sort_key);
        let newest = std::cmp::Reverse(newest.unwrap_or(it.entry.recorded.at));
        let elsewhere = it.is_taken() && is_from_elsewhere(it);
        let paused = it.status == MedStatus::OnHold;
        (it.entry.in_error, !it.is_taken(), elsewhere, paused, newest)
    });
    rows
}

/// Whether nobody of this clinic prescribed it.
pub const fn is_from_elsewhere(drug: &Medication) -> bool {
    matches!(drug.kind, MedKind::Statement) || !matches!(drug.entry.origin, Origin::Own)
}

/// Whether the person may write a drug of this kind, as the clinic will judge it.
fn may_write(kind: MedKind, cx: &Cx<'_>) -> bool {
    cx.may(match kind {
        MedKind::Request => who::Action::Prescribe,
        MedKind::Statement => who::Action::RecordObservation,
    })
}

fn denied(cx: &Cx<'_>) -> Vec<Step> {
    let denial = cx.who.map_or(Denial::Locked, |it| Denial::Role(it.role));
    vec![Step::Say(Notice::alarm(Trouble::Denied(denial).said()))]
}

/// Asks for the names of those who wrote the drugs and the allergies.
fn ask_names(cx: &Cx<'_>) -> Step {
    let summary = cx.summary();
    let drugs = summary.into_iter().flat_map(|it| &it.medications);
    let allergies = summary.into_iter().flat_map(|it| &it.allergies);
    let mut users: Vec<_> = drugs
        .map(|it| it.entry.by)
        .chain(allergies.map(|it| it.entry.by))
        .chain(cx.who.map(|it| it.user))
        .collect();
    users.sort_unstable();
    users.dedup();
    Step::Ask(Ask::Patient(patient::Effect::Names(users)))
}

const fn plain(id: &'static str) -> Step {
    Step::Say(Notice::plain(Said::line(id)))
}
