//! `cairn emergency`: what an emergency needs of a chart.

use clap::Args;
use serde_json::{Value, json};

use super::{Failure, Output, Workplace, patient::patient, sheet, view};
use crate::{
    care::EmergencyView,
    chart::{Allergy, Coded, Contact, Medication, Person, Problem},
    clinic::Session,
    ids::RecordId,
    time::{Moment, PartialDate, Timestamp, shown_age},
};

/// Show what an emergency needs of a chart: allergies, drugs, problems, pregnancy, contacts
///
/// It takes a reason, which is in the audit before anything is shown, on the owners' review
/// list on every machine, and in what the patient is told of the record.
#[derive(Debug, Args)]
#[command(
    after_long_help = "JSON: {patient, person, allergies, none_known, medications, \
                       problems, pregnancy, contacts, known, until, proposed: [{id, by}], closed}. `known` is \
                       false where the clinical part has not come to this machine; `until` \
                       is when the reason stops to hold; `closed` says for every patient \
                       alike that a part may be closed"
)]
pub(super) struct Emergency {
    /// The patient's id or number
    id: String,
    /// Why: `not conscious`, `asked by the hospital by telephone`
    #[arg(long, value_name = "REASON")]
    reason: String,
}

/// What stands below every emergency view.
pub(super) const CLOSED: &str = "a part of this record may be closed to you";

impl Emergency {
    pub(super) fn run(self, place: &Workplace, output: Output) -> Result<(), Failure> {
        place.signed_in(|session| {
            let patient = patient(session, &self.id)?;
            let view = session.emergency(patient, &self.reason)?;
            let until = session.glass_until(patient);
            let lines = lines(&view, session, until);
            let until = until.map(|it| session.moment().with(it));
            output.result(&shown(&view, until), &lines)
        })
    }
}

fn shown(it: &EmergencyView, until: Option<Moment>) -> Value {
    let contacts = it.person.iter().flat_map(|it| &it.contacts);
    let contacts = contacts
        .map(|it| json!({ "name": it.name, "relation": it.relation, "phone": it.phone }));
    json!({
        "patient": it.patient.to_string(),
        "person": it.person.as_ref().map(view::person),
        "allergies": view::list(&it.allergies, view::allergy),
        "none_known": it.none_known.map(|it| it.to_string()),
        "medications": view::list(&it.drugs, view::medication),
        "problems": view::list(&it.problems, view::problem),
        "pregnancy": it.pregnancy.as_ref().map(view::problem),
        "contacts": contacts.collect::<Value>(),
        "known": it.is_known,
        "until": until.map(|it| it.to_string()),
        "proposed": it
            .proposed
            .iter()
            .map(|(id, by)| json!({ "id": id.to_string(), "by": by }))
            .collect::<Value>(),
        "closed": CLOSED,
    })
}

fn lines(it: &EmergencyView, session: &Session, until: Option<Timestamp>) -> Vec<String> {
    let until = until.map(|it| {
        let (hour, minute) = session.moment().with(it).hour_minute();
        format!(", until {hour:02}:{minute:02}")
    });
    let until = until.unwrap_or_default();
    let mut lines = vec![format!("EMERGENCY VIEW: the owners read who saw it{until}")];
    match &it.person {
        Some(person) => lines.push(who(person, session.today())),
        None => lines.push(format!("patient {}", it.patient)),
    }
    if !it.is_known {
        lines.push("the clinical part has not come to this machine".to_owned());
    }
    match (it.none_known, it.allergies.is_empty()) {
        (Some(asked), _) => {
            lines.push(format!("Allergies: none known, asked {}", asked.day()));
        }
        (None, true) => lines.push("Allergies: not asked".to_owned()),
        (None, false) => {
            let said = |a: &Allergy| sheet::allergy(a) + &proposed(it, a.entry.id);
            block("Allergies", &it.allergies, said, &mut lines);
        }
    }
    let said = |d: &Medication| sheet::medication(d) + &proposed(it, d.entry.id);
    block("Drugs", &it.drugs, said, &mut lines);
    block("Problems", &it.problems, sheet::problem, &mut lines);
    if let Some(it) = &it.pregnancy {
        lines.push(format!("PREGNANT: {}", pregnancy(it)));
    }
    let contacts = it.person.iter().flat_map(|it| &it.contacts);
    let contacts: Vec<&Contact> = contacts.collect();
    block("Contacts", &contacts, |it| contact(it), &mut lines);
    lines.push(CLOSED.to_owned());
    lines
}

/// By whom an entry is proposed that nobody accepted.
fn proposed(it: &EmergencyView, id: RecordId) -> String {
    let by = it.proposed.get(&id);
    let by = by.map(|it| format!("  (proposed by {it}, not accepted)"));
    by.unwrap_or_default()
}

fn who(it: &Person, today: PartialDate) -> String {
    let born = it.birth.map(|birth| {
        let age = shown_age(birth.date, today);
        let age = age.map_or_else(String::new, |it| it.to_string());
        format!("born {} {age}", birth.date)
    });
    let number = it.number().map(|it| format!("No. {it}"));
    let phones = [&it.phone, &it.phone2].map(String::clone);
    let phones = phones.into_iter().filter(|it| !it.is_empty());
    let head = [
        Some(it.shown_name()),
        Some(it.sex.letter().to_string()),
        born,
        number,
    ];
    let all: Vec<String> = head.into_iter().flatten().chain(phones).collect();
    all.join("  ")
}

fn pregnancy(it: &Problem) -> String {
    let Coded { text, .. } = &it.code;
    let since = it.onset.map(|it| format!("  since {}", it.date()));
    format!("{text}{}", since.unwrap_or_default())
}

fn contact(it: &Contact) -> String {
    let parts = [&it.name, &it.relation, &it.phone];
    let parts = parts.into_iter().filter(|it| !it.is_empty());
    parts.map(String::as_str).collect::<Vec<_>>().join("  ")
}

/// Everything below its heading: here nothing is left out.
fn block<T>(
    heading: &str,
    things: &[T],
    shown: impl Fn(&T) -> String,
    lines: &mut Vec<String>,
) {
    if things.is_empty() {
        lines.push(format!("{heading}: none written down"));
        return;
    }
    lines.push(format!("{heading}:"));
    lines.extend(things.iter().map(|it| format!("  {}", shown(it))));
}
