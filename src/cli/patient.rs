//! `cairn patient`: register, find, show and change patients.

mod fields;

use clap::{Args, Subcommand};
use serde_json::{Value, json};

use self::fields::{check, pair, set};
use super::{Failure, Output, Workplace, consent, sheet, view};
use crate::{
    chart::{Edit, Name, Person, Record, Subject, who::Action},
    clinic::{Found, Session},
    ids::{ClinicId, PatientId},
    text::Shown,
};

/// The digits of an id that a list shows: as wide as a number.
const HANDLE_DIGITS: usize = 11;
/// The likely duplicates that an error names; the JSON has all.
const TOLD_LEN_MAX: usize = 3;
/// The columns that a name has in an error.
const NAMED_CELLS_MAX: usize = 40;

/// Register, find, show and change patients.
#[derive(Debug, Subcommand)]
pub(super) enum Patient {
    Add(Add),
    Find(Find),
    Show(Show),
    Edit(Change),
    Apart(Apart),
}

/// Register a new patient
///
/// Ends with 3 when somebody on file may be the same person, and lists them.
#[derive(Debug, Args)]
#[command(
    after_long_help = "JSON: {patient, number, possible_duplicates: [{patient, number, \
                       name, sex, born, village, score, why}]}"
)]
pub(super) struct Add {
    /// Family name; empty for people with one name
    #[arg(long, default_value = "")]
    family: String,
    /// Given names
    #[arg(long, default_value = "")]
    given: String,
    /// f, m, o (other) or u (unknown)
    #[arg(long)]
    sex: String,
    /// Birth date as exactly as it is known: 1987-03-14, 14 3 87, mar 87, 1987
    #[arg(long, value_name = "DATE", conflicts_with = "age")]
    born: Option<String>,
    /// Age: 38y, 8m, 3w, 10d
    #[arg(long)]
    age: Option<String>,
    /// Telephone
    #[arg(long, default_value = "")]
    phone: String,
    /// Village, town or city
    #[arg(long, default_value = "")]
    village: String,
    /// Another number; may be given more than once
    #[arg(long = "id", value_name = "SYSTEM=VALUE")]
    identifiers: Vec<String>,
    /// Register although a likely duplicate is on file
    #[arg(long)]
    force: bool,
}

/// Find patients; an empty text lists all
#[derive(Debug, Args)]
#[command(
    after_long_help = "JSON: {matches: [{patient, number, name, sex, born, village, \
                       score, why}]}. The best first."
)]
pub(super) struct Find {
    /// Parts of a name, number, phone or village
    text: String,
    /// At most so many
    #[arg(long, default_value_t = 20)]
    limit: usize,
}

/// Show a chart, as far as the acting user may see it
#[derive(Debug, Args)]
#[command(
    after_long_help = "JSON: {patient, person, problems, allergies, allergy_state, \
                       medications, immunizations, procedures, plans, visits, notes, \
                       observations, results, documents, consents, \
                       versions}. A part that the role \
                       may not read is not there. `versions` are fields that two people \
                       set apart from each other; `unconfirmed`, if there is anything, what \
                       was written by somebody who was cut off; `elsewhere`, as whom of \
                       other clinics you linked the patient: [{clinic, clinic_name, \
                       patient}]."
)]
pub(super) struct Show {
    /// The patient's id or number
    id: String,
}

/// Change facts about a patient
#[derive(Debug, Args)]
#[command(after_long_help = "JSON: {patient, person}")]
pub(super) struct Change {
    /// The patient's id or number
    id: String,
    /// family, given, sex, birth, deceased, phone, phone2, village, district, address,
    /// language, payer, contact (Name, relation, phone), or id.SYSTEM
    #[arg(long = "set", value_name = "FIELD=VALUE", required = true)]
    set: Vec<String>,
}

/// Say that two people who are alike are not the same person
///
/// `cairn versions` lists who was perhaps registered twice. What is said is signed and shared
/// like any change: the two are listed no more, on any machine.
#[derive(Debug, Args)]
#[command(after_long_help = "JSON: {people: [the two], apart}")]
pub(super) struct Apart {
    /// The id or number of the one
    one: String,
    /// The id or number of the other
    other: String,
    /// Take it back
    #[arg(long)]
    undo: bool,
}

impl Patient {
    pub(super) fn run(self, place: &Workplace, output: Output) -> Result<(), Failure> {
        place.signed_in(|session| match self {
            Self::Add(it) => it.run(session, output),
            Self::Find(it) => it.run(session, output),
            Self::Show(it) => it.run(session, output),
            Self::Edit(it) => it.run(session, output),
            Self::Apart(it) => it.run(session, output),
        })
    }
}

impl Add {
    fn run(self, session: &mut Session, output: Output) -> Result<(), Failure> {
        session.may(Action::WriteIdentity)?;
        let mut person = self.person(session)?;
        let alike = session.alike(&person);
        let duplicates: Vec<Value> = alike.iter().map(found).collect();
        if !alike.is_empty() && !self.force {
            let document = json!({
                "patient": null,
                "number": null,
                "possible_duplicates": duplicates,
            });
            return Err(Failure::refused("somebody on file may be the same person")
                .because(told(&alike))
                .hint("open that chart, or repeat with --force")
                .document(document));
        }
        person.others = alike.iter().map(|it| it.patient).collect();
        let registered = session.register(person)?;
        let document = json!({
            "patient": registered.patient.to_string(),
            "number": registered.number,
            "possible_duplicates": duplicates,
        });
        output.result(&document, &[format!("registered as {}", registered.number)])
    }

    fn person(&self, session: &mut Session) -> Result<Person, Failure> {
        let mut person = Person::new(session.entry());
        person.names = vec![Name::default()];
        let today = session.today();
        let mut facts = vec![
            ("family", self.family.as_str()),
            ("given", &self.given),
            ("sex", &self.sex),
            ("phone", &self.phone),
            ("village", &self.village),
        ];
        facts.extend(
            self.born
                .iter()
                .chain(&self.age)
                .map(|it| ("birth", it.as_str())),
        );
        for (field, value) in facts {
            set(&mut person, today, field, value)?;
        }
        for identifier in &self.identifiers {
            let (system, value) = pair(identifier)?;
            if system.is_empty() {
                return Err(Failure::usage(format!("`{identifier}` names no system"))
                    .hint("write it as in: --id passport=B123456"));
            }
            set(&mut person, today, &format!("id.{system}"), value)?;
        }
        check(&person, today)?;
        Ok(person)
    }
}

impl Find {
    fn run(self, session: &mut Session, output: Output) -> Result<(), Failure> {
        let matches = session.find(&self.text, self.limit)?;
        let shown: Vec<Value> = matches.iter().map(found).collect();
        let lines: Vec<String> = matches.iter().map(line).collect();
        output.result(&json!({ "matches": shown }), &lines)
    }
}

impl Show {
    fn run(self, session: &mut Session, output: Output) -> Result<(), Failure> {
        let patient = patient(session, &self.id)?;
        let chart = session.open(patient)?;
        let mut document = view::chart(&chart);
        let elsewhere: Vec<(ClinicId, PatientId, String)> = session
            .elsewhere(patient)?
            .into_iter()
            .map(|(it, theirs)| {
                (it, theirs, session.clinic_called(it).unwrap_or_default())
            })
            .collect();
        if let (Some(parts), false) = (document.as_object_mut(), elsewhere.is_empty()) {
            let linked = elsewhere.iter().map(|(clinic, theirs, called)| {
                json!({
                    "clinic": clinic.to_string(),
                    "clinic_name": called,
                    "patient": theirs.to_string(),
                })
            });
            parts.insert("elsewhere".to_owned(), linked.collect());
        }
        if session.may(Action::ReadNote).is_err()
            && let Some(parts) = document.as_object_mut()
        {
            parts.remove("notes");
        }
        if let Some(parts) = document.as_object_mut()
            && session.may(Action::ReadClinical).is_ok()
        {
            let who = |user| session.user_name(user);
            let all = view::proposal::list(&chart, &who);
            parts.insert("proposals".to_owned(), all);
        }
        if let (Some(it), Some(parts)) = (&chart.consents, document.as_object_mut()) {
            parts.insert("consents".to_owned(), consent::shown(session, it));
        }
        let mut lines = sheet::lines(&chart, session.today());
        let known = elsewhere.iter();
        let known = known.map(|(.., it)| format!("also a patient of {it}"));
        lines.splice(1..1, known);
        output.result(&document, &lines)
    }
}

impl Change {
    fn run(self, session: &mut Session, output: Output) -> Result<(), Failure> {
        session.may(Action::WriteIdentity)?;
        let patient = patient(session, &self.id)?;
        let before = session.open(patient)?.identity.person.ok_or_else(|| {
            Failure::refused("who this patient is has not come to this machine yet")
                .hint("wait for it, then try again")
        })?;
        let mut after = before.clone();
        for change in &self.set {
            let (field, value) = pair(change)?;
            set(&mut after, session.today(), field, value)?;
        }
        check(&after, session.today())?;
        let document =
            json!({ "patient": patient.to_string(), "person": view::person(&after) });
        let line = format!("saved {}", after.shown_name());
        let edit = Edit::change(Record::Person(before), Record::Person(after));
        session.save(Subject::Patient(patient), vec![edit])?;
        output.result(&document, &[line])
    }
}

impl Apart {
    fn run(self, session: &mut Session, output: Output) -> Result<(), Failure> {
        let people = [patient(session, &self.one)?, patient(session, &self.other)?];
        let [one, other] = people;
        let apart = !self.undo;
        session.tell_apart(one, other, apart)?;
        let document = json!({
            "people": people.map(|it| it.to_string()),
            "apart": apart,
        });
        let said = if apart {
            "they are not the same person"
        } else {
            "nobody says any more that they are not the same person"
        };
        output.result(&document, &[said.to_owned()])
    }
}

/// The patient with this id or number.
pub(super) fn patient(session: &Session, text: &str) -> Result<PatientId, Failure> {
    session.may(Action::ReadIdentity)?;
    let by_id = text.parse().ok().filter(|id| session.is_on_file(*id));
    by_id
        .or_else(|| session.numbered(text))
        .or_else(|| session.with_id_beginning(text))
        .ok_or_else(|| {
            let named = Shown::line(text).fit(NAMED_CELLS_MAX);
            Failure::refused(format!("there is no patient {named}"))
                .hint("look for the number with `cairn patient find`")
        })
}

fn found(it: &Found) -> Value {
    json!({
        "patient": it.patient.to_string(),
        "number": it.number,
        "name": it.name,
        "sex": it.sex.code(),
        "born": it.born.map(|birth| birth.date.to_string()),
        "village": it.village,
        "score": it.score,
        "why": it.why,
    })
}

/// What opens the chart: the number, or the beginning of the id where there is none.
fn handle(it: &Found) -> String {
    if it.number.is_empty() {
        return it.patient.to_string().chars().take(HANDLE_DIGITS).collect();
    }
    it.number.clone()
}

/// The likeliest in one line.
fn told(alike: &[Found]) -> String {
    let first = alike.iter().take(TOLD_LEN_MAX).map(|it| {
        let name = Shown::line(&it.name).fit(NAMED_CELLS_MAX);
        format!("{} {name}", handle(it))
    });
    let told = first.collect::<Vec<_>>().join("; ");
    match alike.len().checked_sub(TOLD_LEN_MAX) {
        Some(more @ 1..) => format!("{told}; and {more} more"),
        Some(0) | None => told,
    }
}

/// One row of a list, in columns.
pub(super) fn line(it: &Found) -> String {
    let born = it
        .born
        .map_or_else(String::new, |birth| birth.date.to_string());
    format!(
        "{}  {}  {}  {}  {}",
        Shown::line(&handle(it)).pad(11),
        it.sex.letter(),
        Shown::line(&born).pad(10),
        Shown::line(&it.name).pad(36),
        Shown::line(&it.village).fit(20),
    )
}
