//! `cairn referral`: patients who are sent to providers of other clinics, and who were sent here.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::{
    Failure, Output, Workplace,
    patient::patient,
    share::{card_to_share, whole_parts},
    view,
};
use crate::{
    chart::{Part, Referral as Record, ReferralStatus, Way},
    clinic::{Refer, Session},
};

/// How many digits of a referral's name are enough to say which one is meant.
const DIGITS_ENOUGH: usize = 8;

/// Send patients to providers of other clinics, with a sealed letter
#[derive(Debug, Subcommand)]
pub(super) enum Referral {
    Send(Send),
    List(List),
    Answer(Answer),
}

/// Write a letter that sends a patient to the bearer of a card, with the summary inside
#[derive(Debug, Args)]
#[command(after_long_help = "\
JSON: {referral, patient, to, parts, file, bytes}

The file is for the bearer of that card alone: give it on a stick, or send it as a message. Its \
name and its outside say nothing.
It takes a card of which somebody made sure, and the patient's consent to that card for the \
parts that go along (`cairn consent give ID --card CARD`).
They take it with `cairn received take FILE`.")]
pub(super) struct Send {
    /// The patient's id or number
    id: String,
    /// To whom: the name on a card that the clinic keeps, or the first digits of the card
    #[arg(long, value_name = "CARD")]
    to: String,
    /// Why, in a few words
    #[arg(long, value_name = "TEXT")]
    reason: String,
    /// What is asked of them
    #[arg(long, value_name = "TEXT", default_value = "")]
    question: String,
    /// It cannot wait
    #[arg(long)]
    urgent: bool,
    /// The parts of which the summary goes along: summary, visits, results
    #[arg(long, value_delimiter = ',', default_value = "summary")]
    parts: Vec<String>,
    /// The folder for the file: a stick
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
}

/// List a patient's referrals, the newest first
#[derive(Debug, Args)]
#[command(after_long_help = "\
JSON: {patient, referrals: [{id, way, to or from, reason, question, urgent, status, reply, \
                             replied, recorded}]}. Way: sent or received. Status: waiting, \
                             accepted, declined or completed.")]
pub(super) struct List {
    /// The patient's id or number
    id: String,
}

/// Answer a referral that came: write a letter back, and what was answered into the chart
#[derive(Debug, Args)]
#[command(after_long_help = "\
JSON: {patient, referral, status, file, bytes}

Whoever sent the patient takes it with `cairn received take FILE`, and it stands with the \
referral there.")]
pub(super) struct Answer {
    /// The patient's id or number
    id: String,
    /// The referral, or the beginning of it; not needed where one came alone
    #[arg(long, value_name = "REFERRAL")]
    referral: Option<String>,
    /// What becomes of it: accepted, declined, or completed with what was found
    #[arg(long, value_name = "STATUS", value_parser = outcome)]
    status: ReferralStatus,
    /// What there is to say
    #[arg(long, value_name = "TEXT", default_value = "")]
    note: String,
    /// The folder for the file: a stick
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
}

impl Referral {
    pub(super) fn run(self, place: &Workplace, output: Output) -> Result<(), Failure> {
        place.signed_in(|session| match self {
            Self::Send(it) => it.run(session, output),
            Self::List(it) => it.run(session, output),
            Self::Answer(it) => it.run(session, output),
        })
    }
}

impl Send {
    fn run(self, session: &mut Session, output: Output) -> Result<(), Failure> {
        let parts = whole_parts(&self.parts)?;
        let patient = patient(session, &self.id)?;
        let card = card_to_share(session, &self.to)?;
        let refer = Refer {
            reason: self.reason,
            question: self.question,
            urgent: self.urgent,
            parts,
        };
        let sent = session.refer(patient, &card, &refer, &self.out).map_err(|why| {
            Failure::from(why).hint(
                "what goes along rests on the patient's consent to that card: `cairn consent \
                 give ID --card CARD`",
            )
        })?;
        let about = card.card.about();
        let words: Vec<_> = refer.parts.iter().map(Part::name).collect();
        let file = sent.file.display().to_string();
        let document = json!({
            "referral": sent.letter.to_string(),
            "patient": patient.to_string(),
            "to": about.name,
            "parts": words,
            "file": file,
            "bytes": sent.bytes,
        });
        let line = format!(
            "a letter for {} of {}, for nobody else: {file}",
            about.name, about.clinic_name
        );
        output.result(&document, &[line])
    }
}

impl List {
    fn run(self, session: &mut Session, output: Output) -> Result<(), Failure> {
        let patient = patient(session, &self.id)?;
        let all = session.referrals(patient)?;
        let shown: Vec<Value> = all.iter().map(view::referral::document).collect();
        let mut lines: Vec<String> = all.iter().map(line).collect();
        if lines.is_empty() {
            lines.push("no referral is on file".to_owned());
        }
        let document = json!({ "patient": patient.to_string(), "referrals": shown });
        output.result(&document, &lines)
    }
}

impl Answer {
    fn run(self, session: &mut Session, output: Output) -> Result<(), Failure> {
        let patient = patient(session, &self.id)?;
        let digits = self.referral.unwrap_or_default().to_ascii_lowercase();
        let mut all = session.referrals(patient)?;
        all.retain(|it| {
            let named = it.entry.id.to_string().starts_with(&digits);
            it.way == Way::Received && named
        });
        let [referral] = all.as_slice() else {
            return Err(Failure::refused("it is not clear which referral is meant")
                .because(format!("{} that came fit", all.len()))
                .hint("name one with --referral; see `cairn referral list`"));
        };
        let record = referral.entry.id;
        let answer = (self.status, self.note.as_str());
        let sent = session.answer_referral((patient, record), answer, &self.out)?;
        let file = sent.file.display().to_string();
        let document = json!({
            "patient": patient.to_string(),
            "referral": record.to_string(),
            "status": self.status.name(),
            "file": file,
            "bytes": sent.bytes,
        });
        let line = format!("an answer for {}, for nobody else: {file}", sent.to);
        output.result(&document, &[line])
    }
}

fn line(it: &Record) -> String {
    let digits: String = it
        .entry
        .id
        .to_string()
        .chars()
        .take(DIGITS_ENOUGH)
        .collect();
    let way = match it.way {
        Way::Sent => "to",
        Way::Received => "from",
    };
    let urgent = if it.urgent { "urgent, " } else { "" };
    let reply = if it.reply.is_empty() {
        String::new()
    } else {
        format!(": {}", it.reply)
    };
    format!(
        "{digits}  {}  {urgent}{way} {}  {}  {}{reply}",
        it.entry.recorded.day(),
        it.with,
        it.reason,
        it.status.name()
    )
}

fn outcome(name: &str) -> Result<ReferralStatus, String> {
    ReferralStatus::named(name)
        .filter(|it| ReferralStatus::ANSWERS.contains(it))
        .ok_or_else(|| "say accepted, declined or completed".to_owned())
}
