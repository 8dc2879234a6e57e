//! `cairn share snapshot`: some sections of a summary, as a file that somebody holds for a while.

use std::{collections::BTreeSet, path::PathBuf};

use clap::Args;
use serde_json::json;

use super::card_to_share;
use crate::{
    chart::Purpose,
    cli::{
        Failure, Output,
        consent::{day, purpose},
        patient::patient,
    },
    clinic::{Session, Snapshot as Held},
};

/// Write some sections of a patient's summary for the bearer of a card, to hold until a day
#[derive(Debug, Args)]
#[command(after_long_help = "\
JSON: {letter, patient, to, sections, since, until, file, bytes}

The file is for the bearer of that card alone, who takes it with `cairn received take FILE` and \
reads it there until that day. One that is written later for the same patient and card takes its \
place.
It takes a card of which somebody made sure, and the patient's consent to that card for the \
parts that the sections are of: allergies, drugs, problems, vaccines, procedures, past-problems \
and plans are of the summary, vitals, social and pregnancy of the visits, results of the results. \
A consent that is about some days carries what is from those days, with --since.")]
pub(in crate::cli) struct Snapshot {
    /// The patient's id or number
    id: String,
    /// To whom: the name on a card that the clinic keeps, or the first digits of the card
    #[arg(long, value_name = "CARD")]
    to: String,
    /// The sections, such as allergies,drugs
    #[arg(long, value_delimiter = ',', required = true, value_name = "SECTIONS")]
    parts: Vec<String>,
    /// Of what happened at a time, only what is from this day on: 2025-06-30, t-90d
    #[arg(long, value_name = "DATE")]
    since: Option<String>,
    /// The last day on which they may hold it: 2025-06-30, t+1m
    #[arg(long, value_name = "DATE")]
    until: String,
    /// What for: TREAT, ETREAT, HPAYMT, HOPERAT, PUBHLTH, HRESCH or PATRQT
    #[arg(long, value_name = "CODE", default_value = "TREAT", value_parser = purpose)]
    purpose: Purpose,
    /// The folder for the file: a stick
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
}

impl Snapshot {
    pub(super) fn run(
        self,
        session: &mut Session,
        output: Output,
    ) -> Result<(), Failure> {
        let sections = sections(&self.parts)?;
        let today = session.today();
        let until = day("--until", &self.until, today)?;
        let since = self.since.as_deref().map(|it| day("--since", it, today));
        let since = since.transpose()?;
        let patient = patient(session, &self.id)?;
        let card = card_to_share(session, &self.to)?;
        let held = Held {
            sections,
            since,
            until: session.end_of(until),
            purpose: self.purpose,
        };
        let sent = session.share_snapshot(patient, &card, &held, &self.out);
        let sent = sent.map_err(|why| {
            Failure::from(why).hint(
                "a snapshot rests on the patient's consent to that card: `cairn consent give ID \
                 --card CARD`",
            )
        })?;
        let about = card.card.about();
        let words: Vec<_> = held.sections.iter().copied().collect();
        let file = sent.file.display().to_string();
        let document = json!({
            "letter": sent.letter.to_string(),
            "patient": patient.to_string(),
            "to": about.name,
            "sections": words,
            "since": since.map(|it| it.to_string()),
            "until": until.to_string(),
            "file": file,
            "bytes": sent.bytes,
        });
        let line = format!(
            "{} for {} of {} until {until}: {file}",
            words.join(", "),
            about.name,
            about.clinic_name
        );
        output.result(&document, &[line])
    }
}

/// The sections by their names.
fn sections(named: &[String]) -> Result<BTreeSet<&'static str>, Failure> {
    let known = |name: &String| {
        let mut words = Session::section_words();
        words.find(|it| *it == name.trim()).ok_or_else(|| {
            let words: Vec<_> = Session::section_words().collect();
            Failure::usage(format!("there is no section `{name}`"))
                .hint(format!("sections: {}", words.join(", ")))
        })
    };
    named.iter().map(known).collect()
}
