//! `cairn disclosures`: what the patient is told of who was let see the record.

use clap::Args;
use serde_json::{Value, json};

use super::{Failure, Output, Workplace, patient::patient};
use crate::{
    chart::who::Action,
    clinic::{AuditAction, AuditEntry, AuditObject, Disclosed, Session},
    text::Shown,
};

/// Every share, consent, export, print and emergency view of a patient, as a report for them
///
/// Written for paper: lines of at most 80 columns.
#[derive(Debug, Args)]
#[command(
    after_long_help = "JSON: {patient, number, name, disclosures: [{at, action, what, to, \
                       why, by, by_name}], problems: [what is missing in the audit or does \
                       not fit together]}. With all machines that were met; what happened on \
                       another one follows when it is"
)]
pub(super) struct Disclosures {
    /// The patient's id or number
    id: String,
}

/// The columns of a sheet of paper.
const COLUMNS: usize = 80;
/// How far the text below a date is indented.
const INDENT: usize = 18;

/// What was done, in the patient's words.
const DID: [(AuditAction, &str); 4] = [
    (AuditAction::Export, "Exported as a file"),
    (AuditAction::Print, "Printed"),
    (AuditAction::Share, "Shared"),
    (AuditAction::Consent, "Consent"),
];
const OPENED: &str = "Opened with a reason";

impl Disclosures {
    pub(super) fn run(self, place: &Workplace, output: Output) -> Result<(), Failure> {
        place.signed_in(|session| {
            session.may(Action::ReadAudit)?;
            // An auditor knows of ids only.
            let whose = match self.id.parse() {
                Ok(id) => id,
                Err(_) => patient(session, &self.id)?,
            };
            let audit = session.disclosures(whose)?;
            let (number, name) = session.called(whose).unwrap_or_default();
            let told: Vec<(&AuditEntry, &Disclosed)> =
                audit.entries.iter().filter_map(told).collect();
            let shown: Vec<Value> = told.iter().map(|it| shown(it, session)).collect();
            let head = if name.is_empty() {
                format!("patient {whose}")
            } else {
                format!("{name}, No. {number}")
            };
            let mut lines = vec![
                format!("Who was let see the record of {head}"),
                format!(
                    "{}, as known on this machine on {}",
                    session.clinic().name(),
                    session.today()
                ),
                String::new(),
            ];
            lines.extend(told.iter().flat_map(|it| paragraph(it, session)));
            if told.is_empty() {
                lines.push("Nobody outside of this patient's care.".to_owned());
            }
            lines.extend(
                audit
                    .problems
                    .iter()
                    .flat_map(|it| wrapped(&format!("not complete: {it}"), 0)),
            );
            let document = json!({
                "patient": whose.to_string(),
                "number": number,
                "name": name,
                "disclosures": shown,
                "problems": audit.problems,
            });
            output.result(&document, &lines)
        })
    }
}

fn told(entry: &AuditEntry) -> Option<(&AuditEntry, &Disclosed)> {
    match &entry.object {
        AuditObject::Disclosed(told) => Some((entry, told)),
        AuditObject::Nothing
        | AuditObject::Patient(_)
        | AuditObject::User(_)
        | AuditObject::Import(_)
        | AuditObject::Count(_)
        | AuditObject::Machine(_)
        | AuditObject::Entry(..)
        | AuditObject::Card(..)
        | AuditObject::Category(..) => None,
    }
}

fn by_name(entry: &AuditEntry, session: &Session) -> String {
    let name = entry.user.map(|it| session.user_name(it));
    name.filter(|it| !it.is_empty())
        .unwrap_or_else(|| "somebody of the clinic".to_owned())
}

fn shown((entry, told): &(&AuditEntry, &Disclosed), session: &Session) -> Value {
    json!({
        "at": entry.wall.to_string(),
        "action": entry.action.name(),
        "what": told.what,
        "to": told.to,
        "why": told.why,
        "by": entry.user.map(|it| it.to_string()),
        "by_name": by_name(entry, session),
    })
}

fn paragraph(
    (entry, told): &(&AuditEntry, &Disclosed),
    session: &Session,
) -> Vec<String> {
    let mut did = DID.iter().filter(|(action, _)| *action == entry.action);
    let did = did.next().map_or(OPENED, |(_, it)| it);
    let day = entry.wall.to_string();
    let day = day.get(..16).unwrap_or(&day).replace('T', " ");
    let by = format!("By {}.", by_name(entry, session));
    let said = [
        (": ", &told.what),
        (", to ", &told.to),
        (". Reason: ", &told.why),
    ];
    let said = said.into_iter().filter(|(_, it)| !it.is_empty());
    let said: Vec<String> = said.map(|(before, it)| format!("{before}{it}")).collect();
    let text = format!("{did}{}. {by}", said.concat());
    let mut lines = wrapped(&text, INDENT);
    if let Some(first) = lines.first_mut() {
        *first = format!("{day:INDENT$}{}", first.trim_start());
    }
    lines
}

/// Text in lines that fit on paper, below each other.
fn wrapped(text: &str, indent: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    for word in text.split_whitespace() {
        let longer = format!("{line} {word}");
        if !line.is_empty() && Shown::line(&longer).width() > COLUMNS - indent {
            lines.push(std::mem::take(&mut line));
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(Shown::line(word).fit(COLUMNS - indent).as_str());
    }
    lines.push(line);
    let indented = lines.into_iter().map(|it| format!("{:indent$}{it}", ""));
    indented.collect()
}
