//! `cairn problem`: the problem list.

use clap::{Args, Subcommand};
use serde_json::json;

use super::{Failure, Output, Workplace, patient::patient, restricted::Closed};
use crate::{
    chart::{
        Clinical, Coded, Edit, Problem as Entered, Record, Subject, Verification,
        who::Action,
    },
    clinic::Session,
    content::Icd10,
    ids::PatientId,
    time::{NotRead, When, parse_day},
};

/// The problem list.
#[derive(Debug, Subcommand)]
pub(super) enum Problem {
    Add(Add),
}

/// Put a problem on the list
#[derive(Debug, Args)]
#[command(after_long_help = "JSON: {problem, alerts: []}")]
pub(super) struct Add {
    /// The patient's id or number
    id: String,
    /// Its ICD-10 code
    #[arg(long, required_unless_present = "text")]
    code: Option<String>,
    /// It in the clinic's words
    #[arg(long)]
    text: Option<String>,
    /// Since when: 2021, mar 21, 2021-03-14, t-3
    #[arg(long, value_name = "DATE")]
    onset: Option<String>,
    #[command(flatten)]
    closed: Closed,
}

impl Problem {
    pub(super) fn run(self, place: &Workplace, output: Output) -> Result<(), Failure> {
        place.signed_in(|session| match self {
            Self::Add(it) => it.run(session, output),
        })
    }
}

impl Add {
    fn run(self, session: &mut Session, output: Output) -> Result<(), Failure> {
        session.may(Action::WriteProblem)?;
        let patient = patient(session, &self.id)?;
        let mut code = self
            .code
            .as_deref()
            .map(diagnosis)
            .transpose()?
            .unwrap_or_default();
        if let Some(text) = self.text {
            text.trim().clone_into(&mut code.text);
        }
        if code.text.is_empty() {
            return Err(Failure::refused("a problem needs a name")
                .hint("give it with --text, or its --code"));
        }
        let onset = past_day(session, patient, "--onset", self.onset.as_deref())?;
        let line = format!("on the list: {}", code.text);
        let category = self.closed.category(session)?;
        let entered = Entered {
            entry: session.entry_in(category)?,
            code,
            clinical: Clinical::Active,
            verification: Verification::Confirmed,
            on_list: true,
            onset,
            abated: None,
            severity: String::new(),
            site: String::new(),
            visit: None,
        };
        let id = entered.entry.id.to_string();
        let edit = Edit::add(Record::Problem(entered));
        session.save(Subject::Patient(patient), vec![edit])?;
        output.result(&json!({ "problem": id, "alerts": [] }), &[line])
    }
}

/// The diagnosis with this ICD-10 code.
pub(super) fn diagnosis(code: &str) -> Result<Coded, Failure> {
    let hit = Icd10::load().get(code);
    hit.map(crate::content::Hit::coded).ok_or_else(|| {
        Failure::refused(format!("no ICD-10 code `{code}`"))
            .hint("write the code as in J45.9 or I10")
    })
}

/// A day of the patient's life that an option gives.
pub(super) fn past_day(
    session: &mut Session,
    patient: PatientId,
    option: &str,
    text: Option<&str>,
) -> Result<Option<When>, Failure> {
    let Some(text) = text else { return Ok(None) };
    let refused = |why: String| {
        Failure::refused(format!("{option} cannot be `{text}`"))
            .because(why)
            .hint("write it as 2025-06-03, jun 25, 2025 or t-1")
    };
    let today = session.today();
    let day = parse_day(text, today).map_err(|error| refused(error.to_string()))?;
    if today.is_before(day) {
        return Err(refused(NotRead::Future.to_string()));
    }
    let birth = session
        .open(patient)?
        .identity
        .person
        .and_then(|it| it.birth);
    // One that was reckoned from an age may be some years off.
    if birth.is_some_and(|it| !it.estimated && day.is_before(it.date)) {
        return Err(refused("a day before the birth".to_owned()));
    }
    Ok(Some(When::On(day)))
}
