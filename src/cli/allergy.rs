//! `cairn allergy`: allergies, and that none is known.

use clap::{Args, Subcommand};
use serde_json::json;

use super::{
    Failure, Output, Workplace,
    alerts::{self, Alert, Weight},
    patient::patient,
};
use crate::{
    care::{Clash, clashes},
    chart::{
        Allergy as Entered, Clinical, Coded, Criticality, Edit, Entry, NoKnownAllergies,
        Reaction, Record, Severity, Subject, Summary, Verification, who::Action,
    },
    clinic::Session,
    content::Allergen,
};

/// How bad a reaction can be.
const SEVERITIES: [&str; 3] = ["mild", "moderate", "severe"];

/// Allergies.
#[derive(Debug, Subcommand)]
pub(super) enum Allergy {
    Add(Add),
}

/// Record an allergy, or that the patient was asked and none is known
#[derive(Debug, Args)]
#[command(
    after_long_help = "JSON: {allergy, alerts: [{kind, severity, text, because}]}. \
                       Severity: info, warn or stop."
)]
pub(super) struct Add {
    /// The patient's id or number
    id: String,
    /// What it is that the patient must not meet
    #[arg(long, required_unless_present = "none_known")]
    substance: Option<String>,
    /// What happened
    #[arg(long, requires = "substance")]
    reaction: Option<String>,
    /// How bad it was
    #[arg(long, requires = "substance", value_parser = SEVERITIES)]
    severity: Option<String>,
    /// The patient was asked: none is known
    #[arg(long, conflicts_with = "substance")]
    none_known: bool,
}

impl Allergy {
    pub(super) fn run(self, place: &Workplace, output: Output) -> Result<(), Failure> {
        place.signed_in(|session| match self {
            Self::Add(it) => it.run(session, output),
        })
    }
}

impl Add {
    fn run(self, session: &mut Session, output: Output) -> Result<(), Failure> {
        session.may(Action::WriteAllergy)?;
        let patient = patient(session, &self.id)?;
        let chart = session.open(patient)?;
        let incomplete = alerts::incomplete(&chart);
        let summary = chart.summary.unwrap_or_default();
        let (record, mut alerts) = if let Some(substance) = &self.substance {
            let said = (self.reaction.as_deref(), self.severity.as_deref());
            let entered = entered(session.entry(), substance, said);
            let alerts = alerts_of(&entered, &summary);
            (Record::Allergy(entered), alerts)
        } else {
            if summary.allergies.iter().any(Entered::counts) {
                return Err(Failure::refused("the chart lists allergies")
                    .hint("see them with `cairn patient show`"));
            }
            let entry = session.entry();
            let none = NoKnownAllergies { entry };
            (Record::NoKnownAllergies(none), Vec::new())
        };
        alerts.extend(incomplete);
        let id = record.entry().id.to_string();
        session.save(Subject::Patient(patient), vec![Edit::add(record)])?;
        let document = json!({ "allergy": id, "alerts": alerts::shown(&alerts) });
        let mut lines = alerts::lines(&alerts);
        lines.push(self.substance.map_or_else(
            || "recorded: asked, none known".to_owned(),
            |it| format!("recorded: allergy to {it}"),
        ));
        output.result(&document, &lines)
    }
}

/// An allergy as it is entered: the substance, what happened and how bad it was.
pub(super) fn entered(
    entry: Entry,
    substance: &str,
    (reaction, severity): (Option<&str>, Option<&str>),
) -> Entered {
    let listed = Allergen::named(substance);
    let severity = severity.map(|it| match it {
        "severe" => Severity::Severe,
        "moderate" => Severity::Moderate,
        _ => Severity::Mild,
    });
    let manifestation = reaction.map(Coded::text);
    let happened = manifestation.is_some() || severity.is_some();
    Entered {
        entry,
        code: listed.map_or_else(|| Coded::text(substance), Allergen::coded),
        clinical: Clinical::Active,
        verification: Verification::Confirmed,
        intolerance: false,
        category: listed.map_or("", |it| it.category).to_owned(),
        criticality: Criticality::Unknown,
        onset: None,
        reactions: happened
            .then(|| Reaction {
                manifestation: manifestation.unwrap_or_default(),
                severity,
            })
            .into_iter()
            .collect(),
    }
}

/// Whether it is on file already, or meets a drug that is taken.
pub(super) fn alerts_of(entered: &Entered, summary: &Summary) -> Vec<Alert> {
    let words = entered.code.text.to_lowercase();
    let same = |it: &&Entered| it.counts() && it.code.text.to_lowercase() == words;
    let on_file = summary.allergies.iter().find(same).map(|it| Alert {
        kind: "duplicate",
        weight: Weight::Info,
        text: format!("{} is on file already", entered.code.text),
        because: format!("recorded {}", it.entry.recorded.day()),
    });
    let taken = summary.counted_as_taken();
    let met = taken
        .filter(|it| clashes(&it.code, [entered]).iter().any(Clash::is_known))
        .map(|it| Alert {
            kind: "allergy",
            weight: Weight::Warn,
            text: format!("the patient takes {}", it.code.text),
            because: format!("it is, or is like, {}", entered.code.text),
        });
    on_file.into_iter().chain(met).collect()
}
