//! `cairn visit`: a visit, with its note, vital signs and diagnoses in one.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::{
    Failure, Output, Workplace, patient::patient, problem::diagnosis, restricted::Closed,
    vitals, workplace::read_text,
};
use crate::{
    care::body_of,
    chart::{
        Coded, Edit, Note, Record, Section, Subject, Visit as Seen, VisitClass,
        VisitStatus, who::Action,
    },
    clinic::Session,
    ids::RecordId,
    time::When,
};

/// The longest note that is taken from a file, in bytes: some forty pages.
pub(super) const NOTE_BYTES_MAX: u64 = 128 * 1024;
/// The sections of a visit note, by the letters that begin their lines in a file.
const SECTIONS: [&str; 4] = ["S", "O", "A", "P"];

/// Visits.
#[derive(Debug, Subcommand)]
pub(super) enum Visit {
    Add(Add),
}

/// Write a visit down
///
/// The visit, its note, its vital signs and its diagnoses are saved together or not at all. In
/// the note's file a line that begins with S:, O:, A: or P: begins that section.
#[derive(Debug, Args)]
#[command(
    after_long_help = "JSON: {visit, note, observations}. The last as `cairn vitals` has \
                       it."
)]
pub(super) struct Add {
    /// The patient's id or number
    id: String,
    /// Why the patient came
    #[arg(long)]
    reason: String,
    /// A file with the note's text; `-` for stdin
    #[arg(long, value_name = "FILE")]
    note: Option<PathBuf>,
    /// Sign the note
    #[arg(long, requires = "note")]
    sign: bool,
    /// A vitals line: "bp 120/80 hr 72"
    #[arg(long, value_name = "LINE")]
    vitals: Option<String>,
    /// The ICD-10 code of a diagnosis, the main one first; may be given more than once
    #[arg(long = "dx", value_name = "CODE")]
    diagnoses: Vec<String>,
    #[command(flatten)]
    closed: Closed,
}

impl Visit {
    pub(super) fn run(self, place: &Workplace, output: Output) -> Result<(), Failure> {
        place.signed_in(|session| match self {
            Self::Add(it) => it.run(session, output),
        })
    }
}

impl Add {
    fn run(self, session: &mut Session, output: Output) -> Result<(), Failure> {
        session.may(Action::RecordObservation)?;
        if self.note.is_some() {
            session.may(Action::WriteNote)?;
        }
        let patient = patient(session, &self.id)?;
        if self.reason.trim().is_empty() {
            return Err(Failure::refused("a visit needs a reason")
                .hint("say with --reason why the patient came"));
        }
        let category = self.closed.category(session)?;
        let body = body_of(&session.open(patient)?, session.today());
        let visit = self.visit(session)?;
        let id = visit.entry.id;
        let mut edits = vec![Edit::add(Record::Visit(visit))];
        let mut document = json!({ "visit": id.to_string(), "note": null });
        let mut lines = vec![format!("visit recorded: {}", self.reason)];
        let mut signed = None;
        if let Some(path) = &self.note {
            let text = read_text(path, NOTE_BYTES_MAX)?;
            let note = note(session, id, &text);
            if self.sign && note.sections.iter().all(|it| it.text.is_empty()) {
                return Err(Failure::refused("an empty note cannot be signed")
                    .hint("write it first, or leave --sign away"));
            }
            set(&mut document, "note", json!(note.entry.id.to_string()));
            signed = self.sign.then(|| (note.entry.id, note.sections.clone()));
            edits.push(Edit::add(Record::Note(note)));
        }
        let made = match &self.vitals {
            Some(line) => vitals::read(session, &body, Some(id), line)?,
            None => Vec::new(),
        };
        lines.extend(vitals::lines(&made, &body));
        let observations = vitals::document(&made, &body)
            .get_mut("observations")
            .map(Value::take);
        set(&mut document, "observations", json!(observations));
        edits.extend(made.into_iter().map(Record::Observation).map(Edit::add));
        for edit in &mut edits {
            if let Edit::Add(record) = edit {
                record.entry_mut().restricted = category;
            }
        }
        session.save(Subject::Patient(patient), edits)?;
        if let Some((note, shown)) = signed {
            session.sign_note(patient, note, &shown)?;
        }
        output.result(&document, &lines)
    }

    fn visit(&self, session: &mut Session) -> Result<Seen, Failure> {
        let diagnoses: Result<Vec<Coded>, Failure> =
            self.diagnoses.iter().map(|it| diagnosis(it)).collect();
        let entry = session.entry();
        let now = Some(When::At(entry.recorded));
        Ok(Seen {
            entry,
            class: VisitClass::Ambulatory,
            status: VisitStatus::Finished,
            start: now,
            end: now,
            reason: Coded::text(self.reason.trim()),
            diagnoses: diagnoses?,
            practitioner: session.user_name(session.user()),
            place: String::new(),
        })
    }
}

fn note(session: &mut Session, visit: RecordId, text: &str) -> Note {
    Note {
        entry: session.entry(),
        visit: Some(visit),
        title: "visit".to_owned(),
        sections: sections(text),
        phrases: Vec::new(),
        signed: None,
        adds_to: None,
        attested: None,
    }
}

/// The text cut where a line begins with a section's letter; what stands before the first is
/// the first section's.
pub(super) fn sections(text: &str) -> Vec<Section> {
    let mut texts = SECTIONS.map(|_| String::new());
    let mut at = 0;
    for line in text.lines() {
        let begun = SECTIONS.iter().enumerate().find_map(|(place, name)| {
            let rest = line.strip_prefix(name)?.strip_prefix(':')?;
            Some((place, rest.trim_start()))
        });
        let (place, rest) = begun.unwrap_or((at, line));
        at = place;
        if let Some(section) = texts.get_mut(at) {
            if !section.is_empty() {
                section.push('\n');
            }
            section.push_str(rest);
        }
    }
    let sections = SECTIONS.into_iter().zip(texts);
    sections
        .map(|(name, text)| Section {
            name: name.to_owned(),
            text: text.trim().to_owned(),
        })
        .collect()
}

fn set(document: &mut Value, key: &str, value: Value) {
    if let Some(fields) = document.as_object_mut() {
        fields.insert(key.to_owned(), value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: [&str; 4]) {
        let sections = sections(text);
        let texts: Vec<&str> = sections.iter().map(|it| it.text.as_str()).collect();
        assert_eq!(texts, expected);
    }

    #[test]
    fn a_note_is_cut_into_its_sections() {
        check("Cough 5 days", ["Cough 5 days", "", "", ""]);
        check(
            "S: Cough\nat night\nO: Chest clear\n\nA: Cold\nP: Rest",
            ["Cough\nat night", "Chest clear", "Cold", "Rest"],
        );
        check(
            "P: Rest\nS: Cough\nSO: it said",
            ["Cough\nSO: it said", "", "", "Rest"],
        );
    }
}
