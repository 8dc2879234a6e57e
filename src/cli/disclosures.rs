//! `cairn disclosures`: what the patient is told of who was let see the record.

use clap::Args;
use serde_json::{Value, json};

use super::{Failure, Output, Workplace, patient::patient};
use crate::{
    app::beyond::Paper,
    chart::who::Action,
    clinic::{AuditEntry, AuditObject, Disclosed, Session},
    say::Say,
};

/// Every share, consent, export, print and emergency view of a patient, as a report for them
///
/// Written for paper: lines of at most 80 columns, in the language of --lang.
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
                format!("{name}, {number}")
            };
            let paper = Paper {
                whose: head,
                clinic: session.clinic().name().to_owned(),
                today: session.today(),
                problems: audit.problems.clone(),
            };
            let say = Say::new(place.global.screen.lang.unwrap_or_default());
            let lines = paper.lines(&session.told(&audit), &say);
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
        | AuditObject::Letter(..)
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
