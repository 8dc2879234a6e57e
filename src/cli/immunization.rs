//! `cairn immunization`: vaccines given, or not given and why.

use clap::{Args, Subcommand};
use serde_json::json;

use super::{
    Failure, Output, Workplace,
    alerts::{self, Alert, Weight},
    patient::patient,
    problem::past_day,
};
use crate::{
    chart::{Coded, Edit, Immunization as Given, Record, Subject, who::Action},
    clinic::Session,
    content::Vaccine,
    time::{PartialDate, When, parse_day},
};

/// Vaccines.
#[derive(Debug, Subcommand)]
pub(super) enum Immunization {
    Add(Add),
}

/// Record a vaccine given, or not given and why
#[derive(Debug, Args)]
#[command(
    after_long_help = "JSON: {immunization, vaccine: {code, name}, alerts: [alert]}"
)]
pub(super) struct Add {
    /// The patient's id or number
    id: String,
    /// The vaccine: a CVX code such as 19, or words such as "BCG"
    #[arg(long)]
    vaccine: String,
    /// When: 2025-06-03, t-1 [default: now]
    #[arg(long, value_name = "DATE")]
    date: Option<String>,
    /// Lot number
    #[arg(long, default_value = "")]
    lot: String,
    /// Expiry date of the lot, as printed
    #[arg(long, default_value = "")]
    expiry: String,
    /// Which dose of the series
    #[arg(long, default_value = "")]
    dose: String,
    /// Where on the body
    #[arg(long, default_value = "")]
    site: String,
    /// It was not given, and why
    #[arg(long, default_value = "", value_name = "WHY")]
    not_done: String,
}

impl Immunization {
    pub(super) fn run(self, place: &Workplace, output: Output) -> Result<(), Failure> {
        place.signed_in(|session| match self {
            Self::Add(it) => it.run(session, output),
        })
    }
}

impl Add {
    fn run(self, session: &mut Session, output: Output) -> Result<(), Failure> {
        session.may(Action::Immunize)?;
        let patient = patient(session, &self.id)?;
        let vaccine = vaccine(&self.vaccine);
        if vaccine.is_empty() {
            return Err(
                Failure::refused("a vaccine needs a name").hint("give it with --vaccine")
            );
        }
        let date = past_day(session, patient, "--date", self.date.as_deref())?;
        let date = date.unwrap_or_else(|| When::At(session.moment()));
        let alerts = expired(&self, date.date());
        let line = if self.not_done.is_empty() {
            format!("recorded: {} given {}", vaccine.text, date.date())
        } else {
            format!("recorded: {} not given", vaccine.text)
        };
        let shown = json!({
            "code": vaccine.coding.as_ref().map(|it| it.code.as_str()),
            "name": vaccine.text,
        });
        let given = Given {
            entry: session.entry(),
            vaccine,
            date: Some(date),
            lot: self.lot,
            maker: String::new(),
            expiry: self.expiry,
            site: self.site,
            route: String::new(),
            dose_number: self.dose,
            not_done: self.not_done,
            reaction: String::new(),
            visit: None,
        };
        let id = given.entry.id.to_string();
        let edit = Edit::add(Record::Immunization(given));
        session.save(Subject::Patient(patient), vec![edit])?;
        let document = json!({
            "immunization": id,
            "vaccine": shown,
            "alerts": alerts::shown(&alerts),
        });
        let mut lines = alerts::lines(&alerts);
        lines.push(line);
        output.result(&document, &lines)
    }
}

/// The alert for a lot that had expired when it was given.
fn expired(given: &Add, date: PartialDate) -> Vec<Alert> {
    let expiry = parse_day(&given.expiry, date).ok();
    let expiry = expiry.filter(|it| given.not_done.is_empty() && it.is_before(date));
    let alert = expiry.map(|expiry| Alert {
        kind: "expired",
        weight: Weight::Warn,
        text: format!("the lot had expired when it was given on {date}"),
        because: format!("it expired on {expiry}"),
    });
    alert.into_iter().collect()
}

/// The vaccine of this code or name; other words stay words.
fn vaccine(typed: &str) -> Coded {
    let typed = typed.trim();
    let found = Vaccine::get(typed).or_else(|| Vaccine::named(typed));
    found.map_or_else(|| Coded::text(typed), Vaccine::coded)
}
