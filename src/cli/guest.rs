//! `cairn guest`: charts of other clinics, as far as they are shared with who is at work.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::{
    Failure, Output, Workplace,
    alerts::{self, Alert},
    allergy,
    failure::minute,
    medication,
    patient::patient,
    problem::diagnosis,
    sheet, view,
    visit::{NOTE_BYTES_MAX, sections},
    vitals,
    workplace::read_text,
};
use crate::{
    care::body_of,
    chart::{
        Chart, Clinical, Coded, Edit, Note, Part, Person, Problem, Proposal, Purpose,
        Record, Verification, who::Action,
    },
    clinic::{GuestRow, Session},
    ids::PatientId,
    members::Term,
};

/// How many digits of a patient's name are enough to say who is meant.
const DIGITS_ENOUGH: usize = 8;

/// Charts that other clinics share with you
///
/// They are kept apart from your clinic's own, and read as far and as long as they are shared,
/// also with no network. What you write goes back as a proposal, at the next meeting.
#[derive(Debug, Subcommand)]
pub(super) enum Guest {
    /// List what is shared with you, and was
    #[command(after_long_help = "\
JSON: {guests: [{share, clinic, clinic_name, patient, parts, from, until, purpose, state, \
                                 linked: {patient, number, name}}]}. State: live, not-yet, expired or \
                                 revoked. `patient` is what they call them, `linked` the own patient whom \
                                 somebody said to be the same person. The newest first.")]
    List,
    Show(Show),
    Note(Write),
    Propose(Propose),
    Link(Link),
    Unlink(Unlink),
}

/// Show the chart of a patient of another clinic, and what became of your proposals
#[derive(Debug, Args)]
#[command(after_long_help = "\
JSON: as `cairn patient show`, with {clinic, clinic_name}; `proposals` are your own, each with \
                             what was decided and why, as far as that has come.")]
pub(super) struct Show {
    /// The patient, as `cairn guest list` names them
    patient: String,
}

/// Write a note for the chart of a patient of another clinic
#[derive(Debug, Args)]
#[command(after_long_help = "JSON: {proposal, patient, clinic}")]
pub(super) struct Write {
    /// The patient, as `cairn guest list` names them
    patient: String,
    /// A file with the note's text; `-` for stdin. A line that begins with S:, O:, A: or P:
    /// begins that section
    #[arg(long, value_name = "FILE")]
    file: PathBuf,
    /// What kind of note it is
    #[arg(long, default_value = "consult")]
    title: String,
}

/// Propose a drug, a problem, an allergy or vital signs for it
#[derive(Debug, Args)]
#[command(after_long_help = "\
JSON: {proposals, patient, clinic, alerts: [{kind, severity, text, because}]}

A clinician there accepts or declines it; `cairn guest show` says which, and why.")]
pub(super) struct Propose {
    /// The patient, as `cairn guest list` names them
    patient: String,
    /// A drug, with strength and form: "furosemide 40 mg tablet"
    #[arg(long, requires = "dose")]
    drug: Option<String>,
    /// How it is taken: "1 od x 30d"
    #[arg(long, requires = "drug")]
    dose: Option<String>,
    /// Why it is proposed although an allergy stops it
    #[arg(long = "override", value_name = "REASON", requires = "drug")]
    override_reason: Option<String>,
    /// A problem, by its ICD-10 code or in words
    #[arg(long)]
    problem: Option<String>,
    /// What the patient must not meet
    #[arg(long, value_name = "SUBSTANCE")]
    allergy: Option<String>,
    /// What happened
    #[arg(long, requires = "allergy")]
    reaction: Option<String>,
    /// How bad it was
    #[arg(long, requires = "allergy", value_parser = ["mild", "moderate", "severe"])]
    severity: Option<String>,
    /// A vitals line: "bp 120/80 hr 72"
    #[arg(long, value_name = "LINE")]
    vitals: Option<String>,
}

/// Say that a patient of another clinic is one of your own clinic's
///
/// Both are shown; with --yes they are linked. Nobody is linked by being alike.
#[derive(Debug, Args)]
#[command(
    after_long_help = "JSON: {clinic, theirs, own, linked}. Each of the two as {patient, \
                             number, name, sex, born, village}."
)]
pub(super) struct Link {
    /// The patient, as `cairn guest list` names them
    patient: String,
    /// The own patient's id or number
    own: String,
    /// They are the same person: you compared number, birth date and name
    #[arg(long)]
    yes: bool,
}

/// Take that back
#[derive(Debug, Args)]
#[command(after_long_help = "JSON: {clinic, patient, own}")]
pub(super) struct Unlink {
    /// The patient, as `cairn guest list` names them
    patient: String,
}

impl Guest {
    pub(super) fn run(self, place: &Workplace, output: Output) -> Result<(), Failure> {
        place.signed_in(|session| match self {
            Self::List => list(session, output),
            Self::Show(it) => it.run(session, output),
            Self::Note(it) => it.run(session, output),
            Self::Propose(it) => it.run(session, output),
            Self::Link(it) => it.run(session, output),
            Self::Unlink(it) => it.run(session, output),
        })
    }
}

impl Show {
    fn run(self, session: &mut Session, output: Output) -> Result<(), Failure> {
        let (row, theirs) = readable(session, &self.patient)?;
        let chart = session.guest_chart(row.clinic, theirs)?;
        let mut document = view::chart(&chart);
        if let Some(shown) = document.as_object_mut() {
            let clinic = row.clinic;
            let who = |user| {
                let named = session.guest_name(clinic, user).ok().flatten();
                named.map(|(name, _)| name).unwrap_or_default()
            };
            shown.insert("proposals".into(), view::proposal::list(&chart, &who));
            shown.insert("clinic".into(), json!(row.clinic.to_string()));
            shown.insert("clinic_name".into(), json!(row.name));
        }
        let mut lines = vec![format!("{}: {}", row.name, until(&row))];
        lines.extend(sheet::lines(&chart, session.today()));
        if !chart.proposals.is_empty() {
            lines.push("Your proposals:".to_owned());
            lines.extend(chart.proposals.iter().map(proposal));
        }
        output.result(&document, &lines)
    }
}

impl Write {
    fn run(self, session: &mut Session, output: Output) -> Result<(), Failure> {
        let (row, theirs) = readable(session, &self.patient)?;
        let text = read_text(&self.file, NOTE_BYTES_MAX)?;
        let note = Note {
            entry: session.guest_entry(),
            visit: None,
            title: self.title.trim().to_owned(),
            sections: sections(&text),
            phrases: Vec::new(),
            signed: None,
            attested: None,
            adds_to: None,
        };
        if note.sections.iter().all(|it| it.text.is_empty()) {
            return Err(Failure::refused("this note is empty"));
        }
        let id = note.entry.id;
        session.propose(row.clinic, theirs, &[Edit::add(Record::Note(note))])?;
        let document = json!({
            "proposal": id.to_string(),
            "patient": theirs.to_string(),
            "clinic": row.clinic.to_string(),
        });
        output.result(&document, &[goes(&row)])
    }
}

impl Propose {
    fn run(self, session: &mut Session, output: Output) -> Result<(), Failure> {
        let (row, theirs) = readable(session, &self.patient)?;
        let chart = session.guest_chart(row.clinic, theirs)?;
        let (records, alerts) = self.records(session, &chart)?;
        if records.is_empty() {
            return Err(Failure::usage("nothing is proposed")
                .hint("give --drug and --dose, --problem, --allergy or --vitals"));
        }
        let ids: Vec<_> = records.iter().map(|it| it.entry().id.to_string()).collect();
        let edits: Vec<_> = records.into_iter().map(Edit::add).collect();
        session.propose(row.clinic, theirs, &edits)?;
        let document = json!({
            "proposals": ids,
            "patient": theirs.to_string(),
            "clinic": row.clinic.to_string(),
            "alerts": alerts::shown(&alerts),
        });
        let mut lines = alerts::lines(&alerts);
        lines.push(goes(&row));
        output.result(&document, &lines)
    }

    fn records(
        &self,
        session: &mut Session,
        chart: &Chart,
    ) -> Result<(Vec<Record>, Vec<Alert>), Failure> {
        let summary = chart.summary.clone().unwrap_or_default();
        let (mut records, mut alerts) = (Vec::new(), Vec::new());
        if let (Some(drug), Some(dose)) = (&self.drug, &self.dose) {
            let entry = session.guest_entry();
            let (mut drug, _) = medication::prescribed(entry, drug, dose)?;
            alerts.extend(medication::alerts_of(&drug.code, &summary));
            alerts::check(&alerts, self.override_reason.as_deref())?;
            drug.overridden = self.override_reason.clone().unwrap_or_default();
            records.push(Record::Medication(drug));
        }
        if let Some(substance) = &self.allergy {
            let said = (self.reaction.as_deref(), self.severity.as_deref());
            let entered = allergy::entered(session.guest_entry(), substance, said);
            alerts.extend(allergy::alerts_of(&entered, &summary));
            records.push(Record::Allergy(entered));
        }
        if let Some(text) = &self.problem {
            records.push(Record::Problem(problem(session, text)));
        }
        if let Some(line) = &self.vitals {
            let body = body_of(chart, session.today());
            let by = session.guest_user();
            let seen = vitals::read(session, &body, None, line)?;
            records.extend(seen.into_iter().map(|mut it| {
                it.entry.by = by;
                Record::Observation(it)
            }));
        }
        if !alerts.is_empty() || self.drug.is_some() {
            alerts.extend(alerts::incomplete(chart));
        }
        Ok((records, alerts))
    }
}

impl Link {
    fn run(self, session: &mut Session, output: Output) -> Result<(), Failure> {
        session.may(Action::WriteIdentity)?;
        let (row, theirs) = meant(session, &self.patient)?;
        let own = patient(session, &self.own)?;
        let there = session.guest_chart(row.clinic, theirs)?.identity.person;
        let here = session.open(own)?.identity.person;
        let (Some(there), Some(here)) = (there, here) else {
            return Err(Failure::refused(
                "who they are has not come to this machine",
            ));
        };
        let document = |linked: bool| {
            json!({
                "clinic": row.clinic.to_string(),
                "theirs": person(theirs, &there),
                "own": person(own, &here),
                "linked": linked,
            })
        };
        let lines = [
            format!("{}: {}", row.name, in_line(&there)),
            format!("here: {}", in_line(&here)),
        ];
        if !self.yes {
            return Err(
                Failure::refused("nobody said that they are the same person")
                    .because(lines.join("; "))
                    .hint("compare number, birth date and name, then repeat with --yes")
                    .document(document(false)),
            );
        }
        session.link((row.clinic, theirs), own)?;
        output.result(&document(true), &lines)
    }
}

impl Unlink {
    fn run(self, session: &mut Session, output: Output) -> Result<(), Failure> {
        let (row, theirs) = meant(session, &self.patient)?;
        let own = session.unlink(row.clinic, theirs)?;
        let document = json!({
            "clinic": row.clinic.to_string(),
            "patient": theirs.to_string(),
            "own": own.to_string(),
        });
        let line = "nobody says any more that they are the same person";
        output.result(&document, &[line.to_owned()])
    }
}

fn list(session: &mut Session, output: Output) -> Result<(), Failure> {
    let rows = session.guests()?;
    let shown: Vec<Value> = rows.iter().map(|it| shown(session, it)).collect();
    let mut lines: Vec<String> = rows.iter().map(|it| line(session, it)).collect();
    if lines.is_empty() {
        lines.push("no other clinic shares a chart with you".to_owned());
    }
    output.result(&json!({ "guests": shown }), &lines)
}

fn shown(session: &Session, row: &GuestRow) -> Value {
    let own = row.patient.and_then(|it| session.linked(row.clinic, it));
    let linked = own.map(|own| {
        let (number, name) = session.called(own).unwrap_or_default();
        json!({ "patient": own.to_string(), "number": number, "name": name })
    });
    json!({
        "share": row.grant.to_string(),
        "clinic": row.clinic.to_string(),
        "clinic_name": row.name,
        "patient": row.patient.map(|it| it.to_string()),
        "parts": row.parts.iter().map(Part::name).collect::<Vec<_>>(),
        "from": minute(row.from),
        "until": minute(row.until),
        "purpose": row.purpose.map(Purpose::code),
        "state": state(row.term),
        "linked": linked,
    })
}

fn line(session: &Session, row: &GuestRow) -> String {
    let whose = row.patient.map_or_else(
        || "a patient whose name has not come yet".to_owned(),
        |it| it.to_string(),
    );
    let own = row.patient.and_then(|it| session.linked(row.clinic, it));
    let linked = own.and_then(|it| session.called(it));
    let linked = linked.map(|(number, name)| format!("  here {number}  {name}"));
    let parts: Vec<_> = row.parts.iter().map(Part::name).collect();
    format!(
        "{whose}  {}  {}  {}{}",
        row.name,
        until(row),
        parts.join(","),
        linked.unwrap_or_default(),
    )
}

/// How a share stands, and until when it holds or held.
fn until(row: &GuestRow) -> String {
    let day = minute(row.until);
    match row.term {
        Term::Live => format!("live until {day}"),
        Term::Early => format!("from {} until {day}", minute(row.from)),
        Term::Expired => format!("over since {day}"),
        Term::Revoked { .. } => "taken back".to_owned(),
    }
}

const fn state(term: Term) -> &'static str {
    match term {
        Term::Live => "live",
        Term::Early => "not-yet",
        Term::Expired => "expired",
        Term::Revoked { .. } => "revoked",
    }
}

/// The same, where the chart can be read now.
fn readable(session: &mut Session, text: &str) -> Result<(GuestRow, PatientId), Failure> {
    let (row, patient) = meant(session, text)?;
    if row.term == Term::Live {
        return Ok((row, patient));
    }
    Err(Failure::refused("this chart cannot be read now")
        .because(format!("{}: {}", row.name, until(&row)))
        .hint("ask that clinic to share it again"))
}

/// The patient of another clinic who is meant, by the newest share of their chart.
fn meant(session: &mut Session, text: &str) -> Result<(GuestRow, PatientId), Failure> {
    let text = text.trim().to_lowercase();
    let mut rows = session.guests()?;
    let whose = |it: &GuestRow| it.patient.map(|it| it.to_string());
    rows.retain(|it| whose(it).is_some_and(|it| it.starts_with(&text)));
    rows.sort_by_key(|it| it.term != Term::Live);
    let missing = || {
        Failure::refused("nobody of this name is shared with you")
            .hint("look with `cairn guest list`")
    };
    let one = rows
        .iter()
        .all(|it| it.patient == rows.first().and_then(|it| it.patient));
    if text.len() < DIGITS_ENOUGH || !one {
        return Err(if rows.is_empty() {
            missing()
        } else {
            Failure::refused("this may be more than one patient")
                .hint("write more of the name, as `cairn guest list` gives it")
        });
    }
    let row = rows.into_iter().next().ok_or_else(missing)?;
    let patient = row.patient.ok_or_else(missing)?;
    Ok((row, patient))
}

fn problem(session: &mut Session, text: &str) -> Problem {
    let text = text.trim();
    Problem {
        entry: session.guest_entry(),
        code: diagnosis(text).unwrap_or_else(|_| Coded::text(text)),
        clinical: Clinical::Active,
        verification: Verification::Confirmed,
        on_list: true,
        onset: None,
        abated: None,
        severity: String::new(),
        site: String::new(),
        visit: None,
    }
}

fn proposal(it: &Proposal) -> String {
    let outcomes = it.standing().map(|it| it.why.as_str());
    let why: Vec<_> = outcomes.filter(|it| !it.is_empty()).collect();
    let why = if why.is_empty() {
        String::new()
    } else {
        format!(": {}", why.join("; "))
    };
    let what = it.record.called();
    format!(
        "  {} {what}  {}{why}",
        it.record.kind().key(),
        it.state.word()
    )
}

fn goes(row: &GuestRow) -> String {
    format!("it goes to {} at the next meeting", row.name)
}

fn person(patient: PatientId, it: &Person) -> Value {
    json!({
        "patient": patient.to_string(),
        "number": it.number(),
        "name": it.shown_name(),
        "sex": it.sex.code(),
        "born": it.birth.map(|it| it.date.to_string()),
        "village": it.address.village,
    })
}

fn in_line(it: &Person) -> String {
    let born = it.birth.map(|it| it.date.to_string());
    let facts = [
        it.number().unwrap_or("no number").to_owned(),
        born.unwrap_or_else(|| "birth not known".to_owned()),
        it.sex.letter().to_string(),
        it.shown_name(),
        it.address.village.clone(),
    ];
    let facts = facts.into_iter().filter(|it| !it.is_empty());
    facts.collect::<Vec<_>>().join("  ")
}
