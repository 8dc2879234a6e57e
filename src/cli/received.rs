//! `cairn received`: letters that came from providers of other clinics, until somebody decides.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use serde_json::{Value, json};

use super::{Failure, Output, Workplace, failure::minute, patient::patient};
use crate::{
    clinic::{Error, Found, Match, ReceivedLetter, ReceivedRow, Session},
    members::Verified,
};

/// How many digits of a letter's name are shown.
const DIGITS: usize = 8;

/// Letters that came from providers of other clinics
#[derive(Debug, Subcommand)]
pub(super) enum Received {
    Take(Take),
    /// List the letters that you took on this machine
    #[command(after_long_help = "\
JSON: {letters: [{letter, kind, from, sender, made, taken, urgent, what, until, state, why, \
                                 patient}]}. Kind: referral, answer or snapshot. Sender: how somebody made sure of \
                                 their card, or null where it is not kept. State: waiting, held, accepted, rejected, \
                                 linked, replaced or expired. The newest first.")]
    List,
    Show(Show),
    Sender(Sender),
    Accept(Accept),
    Reject(Reject),
}

/// Take a letter from a file; nothing of it stands in a chart before somebody accepts it
#[derive(Debug, Args)]
#[command(after_long_help = "\
JSON: {letter, kind, from, sender, state, known, patient}

It waits on this machine, sealed to you: it is your card that it was written to. Taken again it \
changes nothing.
The answer to a referral goes to that referral at once.")]
pub(super) struct Take {
    /// The file
    file: PathBuf,
}

/// Show what stands in a letter, and who on file may be its patient
#[derive(Debug, Args)]
#[command(after_long_help = "\
JSON: {letter, kind, from, sender, words, question, person: {name, sex, born}, sections: \
[{title, text}], alike: [{patient, number, name, sex, born, village, score, why}]}")]
pub(super) struct Show {
    /// The letter, or the beginning of its name
    letter: String,
}

/// Keep the card of whom a letter is from, once you made sure of it
#[derive(Debug, Args)]
pub(super) struct Sender {
    /// The letter, or the beginning of its name
    letter: String,
    /// How you made sure: they are in the room, or read their words by telephone
    #[arg(long, value_name = "HOW")]
    verified: How,
}

/// How somebody made sure of a card.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum How {
    Room,
    Phone,
}

/// Accept a referral into the chart of whom you say it is of
#[derive(Debug, Args)]
#[command(after_long_help = "\
JSON: {letter, patient, referral, resources, matched, skipped}

The same name and birth date do not make the same person: look at both with `cairn received \
show`, and ask. Who the person is does not change by it, and every record names the clinic that \
it is from.")]
pub(super) struct Accept {
    /// The letter, or the beginning of its name
    letter: String,
    #[command(flatten)]
    who: Who,
}

#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
struct Who {
    /// It is this patient, by id or number
    #[arg(long = "match", value_name = "PATIENT")]
    patient: Option<String>,
    /// It is somebody who is not on file
    #[arg(long)]
    new: bool,
}

/// Reject a letter, and say why; what stood in it goes
#[derive(Debug, Args)]
pub(super) struct Reject {
    /// The letter, or the beginning of its name
    letter: String,
    /// Why
    #[arg(long, value_name = "TEXT")]
    why: String,
}

impl Received {
    pub(super) fn run(self, place: &Workplace, output: Output) -> Result<(), Failure> {
        place.signed_in(|session| match self {
            Self::Take(it) => it.run(session, output),
            Self::List => list(session, output),
            Self::Show(it) => it.run(session, output),
            Self::Sender(it) => it.run(session, output),
            Self::Accept(it) => it.run(session, output),
            Self::Reject(it) => it.run(session, output),
        })
    }
}

impl Take {
    fn run(self, session: &mut Session, output: Output) -> Result<(), Failure> {
        let taken = session.take_letter(&self.file).map_err(|error| {
            let Error::Refused(why) = error else {
                return error.into();
            };
            Failure::refused("nothing was taken").because(why).hint(
                "give them your card (`cairn card show --out FILE`) and ask for the letter anew",
            )
        })?;
        let mut document = row(&taken.row);
        if let Some(fields) = document.as_object_mut() {
            fields.insert("known".to_owned(), json!(taken.known));
        }
        let mut lines = vec![line(&taken.row)];
        if taken.known {
            lines.push("it was taken before".to_owned());
        } else if taken.row.state == "waiting" {
            let digits = digits(&taken.row);
            lines.push(format!("look at it with `cairn received show {digits}`"));
        }
        output.result(&document, &lines)
    }
}

impl Show {
    fn run(self, session: &mut Session, output: Output) -> Result<(), Failure> {
        let letter = session.received_letter(&self.letter)?;
        output.result(&whole(&letter), &told(&letter))
    }
}

impl Sender {
    fn run(self, session: &mut Session, output: Output) -> Result<(), Failure> {
        let verified = match self.verified {
            How::Room => Verified::Room,
            How::Phone => Verified::Phone,
        };
        session.know_sender(&self.letter, verified)?;
        let document = json!({ "letter": self.letter, "sender": verified.name() });
        output.result(&document, &["their card is kept".to_owned()])
    }
}

impl Accept {
    fn run(self, session: &mut Session, output: Output) -> Result<(), Failure> {
        let who = match &self.who.patient {
            Some(id) => Match::Patient(patient(session, id)?),
            None => Match::New,
        };
        let hint = format!(
            "look with `cairn received show {0}`; once you made sure of its sender, `cairn \
             received sender {0} --verified phone`",
            self.letter
        );
        let done = session
            .accept_letter(&self.letter, who)
            .map_err(|why| Failure::from(why).hint(hint))?;
        let imported = &done.imported;
        let skipped = imported.skipped.iter().filter(|it| !it.field_only);
        let skipped: Vec<Value> = skipped
            .map(
                |it| json!({ "place": it.place, "resource": it.resource, "why": it.why }),
            )
            .collect();
        let added: u64 = imported.resources.values().sum();
        let document = json!({
            "letter": self.letter,
            "patient": done.patient.to_string(),
            "referral": done.referral.to_string(),
            "resources": imported.resources,
            "matched": imported.matched,
            "skipped": skipped,
        });
        let called = session.called(done.patient);
        let name = called.map_or_else(|| done.patient.to_string(), |(_, name)| name);
        let lines = [
            format!("accepted for {name}: {added} records"),
            "answer with `cairn referral answer`".to_owned(),
        ];
        output.result(&document, &lines)
    }
}

impl Reject {
    fn run(self, session: &mut Session, output: Output) -> Result<(), Failure> {
        session.reject_letter(&self.letter, &self.why)?;
        let document = json!({ "letter": self.letter, "state": "rejected" });
        output.result(&document, &["it is rejected".to_owned()])
    }
}

fn list(session: &mut Session, output: Output) -> Result<(), Failure> {
    let rows = session.received()?;
    let letters: Vec<Value> = rows.iter().map(row).collect();
    let mut lines: Vec<String> = rows.iter().map(line).collect();
    if lines.is_empty() {
        lines.push("no letter came".to_owned());
    }
    output.result(&json!({ "letters": letters }), &lines)
}

fn digits(it: &ReceivedRow) -> String {
    it.hash.to_string().chars().take(DIGITS).collect()
}

fn row(it: &ReceivedRow) -> Value {
    json!({
        "letter": it.hash.to_string(),
        "kind": it.kind,
        "from": it.from,
        "sender": it.sender.map(Verified::name),
        "made": minute(it.made),
        "taken": minute(it.taken),
        "urgent": it.urgent,
        "what": it.what,
        "until": it.until.map(minute),
        "state": it.state,
        "why": it.why,
        "patient": it.patient.map(|it| it.to_string()),
    })
}

fn line(it: &ReceivedRow) -> String {
    let sender = match it.sender {
        None => " (their card is not kept)",
        Some(Verified::Not) => " (nobody made sure of their card)",
        Some(Verified::Phone | Verified::Room) => "",
    };
    let urgent = if it.urgent { "urgent " } else { "" };
    let until = it
        .until
        .map_or_else(String::new, |it| format!(", until {}", minute(it)));
    let why = if it.why.is_empty() {
        String::new()
    } else {
        format!(": {}", it.why)
    };
    format!(
        "{}  {}  {urgent}{} from {}{sender}  {}{until}{why}",
        digits(it),
        it.state,
        it.kind,
        it.from,
        it.what
    )
}

fn whole(it: &ReceivedLetter) -> Value {
    let mut document = row(&it.row);
    let person = it.person.as_ref().map(|it| {
        json!({ "name": it.shown_name(), "sex": it.sex.code(), "born": born(it.birth) })
    });
    let sections: Vec<Value> = it
        .sections
        .iter()
        .map(|(title, text)| json!({ "title": title, "text": text }))
        .collect();
    let alike: Vec<Value> = it
        .alike
        .iter()
        .map(|it| {
            json!({
                "patient": it.patient.to_string(), "number": it.number, "name": it.name,
                "sex": it.sex.code(), "born": born(it.born), "village": it.village,
                "score": it.score, "why": it.why,
            })
        })
        .collect();
    if let Some(fields) = document.as_object_mut() {
        fields.insert("words".to_owned(), json!(it.words.join(" ")));
        fields.insert("question".to_owned(), json!(it.question));
        fields.insert("person".to_owned(), json!(person));
        fields.insert("sections".to_owned(), Value::Array(sections));
        fields.insert("alike".to_owned(), Value::Array(alike));
    }
    document
}

fn told(it: &ReceivedLetter) -> Vec<String> {
    let mut lines = vec![line(&it.row)];
    lines.push(format!("the words of their card: {}", it.words.join(" ")));
    if !it.question.is_empty() {
        lines.push(it.question.clone());
    }
    if let Some(person) = &it.person {
        let born = born(person.birth).unwrap_or_default();
        let sex = person.sex.code();
        lines.push(format!(
            "in the letter: {}  {sex}  {born}",
            person.shown_name()
        ));
    }
    lines.extend(it.alike.iter().map(alike));
    if it.alike.is_empty() && it.person.is_some() {
        lines.push("nobody on file is like this person".to_owned());
    }
    for (title, text) in &it.sections {
        lines.push(String::new());
        lines.push(title.clone());
        lines.extend(text.lines().map(|it| format!("  {it}")));
    }
    lines
}

fn alike(it: &Found) -> String {
    let born = born(it.born).unwrap_or_default();
    format!(
        "on file {}: {}  {}  {born}  {}  {}",
        it.number,
        it.name,
        it.sex.code(),
        it.village,
        it.why.join(", ")
    )
}

fn born(birth: Option<crate::chart::BirthDate>) -> Option<String> {
    birth.map(|it| it.date.to_string())
}
