//! `cairn audit`: who did and read what.

use std::collections::BTreeMap;

use clap::Args;
use serde_json::{Value, json};

use super::{Failure, Output, Workplace, patient::patient};
use crate::{
    chart::who::Action,
    clinic::{Audit as Audited, AuditEntry, AuditObject, Session},
    ids::UserId,
};

/// Who did and read what, the oldest first
#[derive(Debug, Args)]
#[command(
    after_long_help = "JSON: {entries: [{seq, at, user, name, session, action, object: \
                       {kind, id or count, what, to, why, verified}, done}], problems: [what is \
                       missing in the \
                       audit or does not fit together]}"
)]
pub(super) struct Audit {
    /// Only what was done to this patient's chart: an id, or a number
    #[arg(long, value_name = "ID")]
    patient: Option<String>,
}

/// The names of those who stand in the entries.
struct Names(BTreeMap<UserId, String>);

impl Audit {
    pub(super) fn run(self, place: &Workplace, output: Output) -> Result<(), Failure> {
        place.signed_in(|session| {
            session.may(Action::ReadAudit)?;
            let whose = match &self.patient {
                // An auditor knows of ids only.
                Some(text) => match text.parse() {
                    Ok(id) => Some(id),
                    Err(_) => Some(patient(session, text)?),
                },
                None => None,
            };
            let Audited { entries, problems } = session.read_audit(whose)?;
            let names = Names::in_entries(session, &entries);
            let shown: Vec<Value> = entries.iter().map(|it| names.shown(it)).collect();
            let lines = entries.iter().map(|it| names.line(it));
            let wrong = problems.iter().map(|it| format!("problem: {it}"));
            let lines: Vec<String> = lines.chain(wrong).collect();
            let json = json!({ "entries": shown, "problems": problems });
            output.result(&json, &lines)
        })
    }
}

impl Names {
    fn in_entries(session: &Session, entries: &[AuditEntry]) -> Self {
        let mut names = BTreeMap::new();
        for entry in entries {
            let object = match entry.object {
                AuditObject::User(user) | AuditObject::Category(_, user) => Some(user),
                AuditObject::Nothing
                | AuditObject::Patient(_)
                | AuditObject::Import(_)
                | AuditObject::Count(_)
                | AuditObject::Machine(_)
                | AuditObject::Disclosed(_)
                | AuditObject::Entry(..)
                | AuditObject::Card(..)
                | AuditObject::Letter(..) => None,
            };
            for user in entry.user.into_iter().chain(object) {
                names.entry(user).or_insert_with(|| session.user_name(user));
            }
        }
        Self(names)
    }

    fn of(&self, user: UserId) -> &str {
        self.0.get(&user).map_or("", String::as_str)
    }

    fn shown(&self, it: &AuditEntry) -> Value {
        let object = match &it.object {
            AuditObject::Nothing => Value::Null,
            AuditObject::Patient(id) => {
                json!({ "kind": "patient", "id": id.to_string() })
            }
            AuditObject::User(id) => json!({ "kind": "user", "id": id.to_string() }),
            AuditObject::Import(id) => json!({ "kind": "import", "id": id.to_string() }),
            AuditObject::Count(count) => json!({ "kind": "matches", "count": count }),
            AuditObject::Machine(id) => {
                json!({ "kind": "machine", "id": id.to_string() })
            }
            AuditObject::Disclosed(it) => json!({
                "kind": "patient",
                "id": it.patient.to_string(),
                "what": it.what,
                "to": it.to,
                "why": it.why,
            }),
            AuditObject::Entry(session, seq) => json!({
                "kind": "entry",
                "id": session.to_string(),
                "seq": seq,
            }),
            AuditObject::Card(id, verified) => json!({
                "kind": "card",
                "id": id.to_string(),
                "verified": verified.name(),
            }),
            AuditObject::Letter(id, why) => json!({
                "kind": "letter",
                "id": id.to_string(),
                "why": why,
            }),
            AuditObject::Category(category, user) => json!({
                "kind": "category",
                "id": category.word(),
                "user": user.to_string(),
            }),
        };
        json!({
            "seq": it.seq,
            "at": it.wall.to_string(),
            "user": it.user.map(|it| it.to_string()),
            "name": it.user.map(|it| self.of(it)),
            "session": it.session.to_string(),
            "action": it.action.name(),
            "object": object,
            "done": it.done,
        })
    }

    fn line(&self, it: &AuditEntry) -> String {
        let who = it.user.map_or("nobody signed in", |it| self.of(it));
        let what = match &it.object {
            AuditObject::Nothing => String::new(),
            AuditObject::Patient(id) => format!(" patient {id}"),
            AuditObject::User(id) => format!(" user {}", self.of(*id)),
            AuditObject::Import(id) => format!(" import {id}"),
            AuditObject::Count(count) => format!(" {count} shown"),
            AuditObject::Machine(id) => format!(" machine {id}"),
            AuditObject::Disclosed(it) => {
                let to = format!("to {}", it.to);
                let said = [&it.what, &to, &it.why];
                let mut said = said.map(String::as_str).to_vec();
                said.retain(|it| !it.is_empty() && *it != "to ");
                let said = said.join(" ");
                format!(" patient {} {said}", it.patient)
            }
            AuditObject::Entry(session, seq) => format!(" entry {seq} of {session}"),
            AuditObject::Letter(id, why) => format!(" letter {id} {why}"),
            AuditObject::Card(id, verified) => {
                format!(" card {id}, verified: {}", verified.name())
            }
            AuditObject::Category(category, user) => {
                format!(" {} user {}", category.word(), self.of(*user))
            }
        };
        format!("{}  {who}  {}{what}", it.wall, it.action.name())
    }
}
