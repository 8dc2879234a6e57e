//! `cairn share`: parts of a chart for a provider of another clinic, by consent.

mod snapshot;

use std::collections::BTreeSet;

use clap::{Args, Subcommand};
use serde_json::{Value, json};

use self::snapshot::Snapshot;
use super::{
    Failure, Output, Workplace,
    consent::{Way, consents_of, day, parts, purpose, refusal},
    failure::minute,
    patient::patient,
};
use crate::{
    care::consent::set_aside_by,
    chart::{
        Consent, ConsentState, Decision, Edit, Part, Purpose, Record, SharedPart,
        Subject, who::Action,
    },
    clinic::{CardRow, Session, Share as Shared, ShareRow},
    ids::{Hash, PatientId, StatementId},
    members::Term,
    time::PartialDate,
};

/// How many digits of a share's name are enough to say which one is meant.
const DIGITS_ENOUGH: usize = 8;

/// Parts of a chart for a provider of another clinic, by consent
#[derive(Debug, Subcommand)]
pub(super) enum Share {
    Grant(Grant),
    /// List what is shared, and was
    #[command(after_long_help = "\
JSON: {shares: [{share, patient, number, name, card, to, clinic_name, parts, from, until, \
                                 purpose, state, by, at}]}. State: live, not-yet, expired or revoked. The \
                                 newest first.")]
    List,
    Revoke(Revoke),
    Snapshot(Snapshot),
}

/// Open parts of a patient's chart to the bearer of a card
#[derive(Debug, Args)]
#[command(after_long_help = "\
JSON: {share, consent, patient, card, to, parts, until}

It takes a card of which somebody made sure (`cairn card add --verified`), and the \
patient's consent to that card: with --how it is recorded as well, without it one that \
stands already is needed.
Who the person is goes along.
The keys stand ready on the clinic's machines; nothing leaves these before machines of two \
clinics can meet.")]
pub(super) struct Grant {
    /// The patient's id or number
    id: String,
    /// To whom: the name on a card that the clinic keeps, or the first digits of the card
    #[arg(long, value_name = "CARD")]
    to: String,
    /// The parts: summary, visits, results
    #[arg(long, value_delimiter = ',', default_value = "summary,visits")]
    parts: Vec<String>,
    /// The last day on which it holds: 2025-06-30, t+1m
    #[arg(long, value_name = "DATE")]
    until: String,
    /// What for: TREAT, ETREAT, HPAYMT, HOPERAT, PUBHLTH, HRESCH or PATRQT
    #[arg(long, value_name = "CODE", default_value = "TREAT", value_parser = purpose)]
    purpose: Purpose,
    /// Record that the patient agrees, and how they said so
    #[arg(long, value_enum)]
    how: Option<Way>,
    /// Who heard it, or the guardian
    #[arg(long, value_name = "NAME", default_value = "", requires = "how")]
    witness: String,
}

/// Take a share back: nothing more goes there, and new keys begin for what is written next
#[derive(Debug, Args)]
#[command(after_long_help = "\
JSON: {share, state}

What they wrote that has reached this machine counts, and nothing later.
What they received is with them.")]
pub(super) struct Revoke {
    /// The share, or the beginning of it
    share: String,
}

impl Share {
    pub(super) fn run(self, place: &Workplace, output: Output) -> Result<(), Failure> {
        place.signed_in(|session| match self {
            Self::Grant(it) => it.run(session, output),
            Self::List => list(session, output),
            Self::Revoke(it) => it.run(session, output),
            Self::Snapshot(it) => it.run(session, output),
        })
    }
}

impl Grant {
    fn run(self, session: &mut Session, output: Output) -> Result<(), Failure> {
        session.may(Action::Share)?;
        let named = parts(&self.parts)?;
        let whole = named
            .iter()
            .map(whole)
            .collect::<Result<BTreeSet<_>, _>>()?;
        for category in whole.iter().filter_map(|it| it.category()) {
            session.may_open(category)?;
        }
        let until = day("--until", &self.until, session.today())?;
        if until.is_before(session.today()) {
            return Err(Failure::refused("this share would be over already")
                .because(format!("{until} is past"))
                .hint("give the last day on which it holds with --until"));
        }
        let patient = patient(session, &self.id)?;
        let card = card_to_share(session, &self.to)?;
        let consent = match self.how {
            Some(how) => {
                let agreed = (named, until, how);
                Some(self.agree(session, (patient, &card), agreed)?)
            }
            None => None,
        };
        let share = Shared {
            parts: whole,
            until: session.end_of(until),
            purpose: self.purpose,
        };
        let lacks_consent = consent.is_none() && session.is_fresh();
        let id = session.share(patient, &card, &share).map_err(|why| {
            let failure = Failure::from(why);
            if lacks_consent {
                return failure.hint("if the patient agrees now, record it with --how");
            }
            failure
        })?;
        let about = card.card.about();
        let words: Vec<_> = share.parts.iter().map(Part::name).collect();
        let document = json!({
            "share": id.to_string(),
            "consent": consent,
            "patient": patient.to_string(),
            "card": card.card.id().to_string(),
            "to": about.name,
            "parts": words,
            "until": until.to_string(),
        });
        let line = format!(
            "{} of {} has {} until {until}",
            about.name,
            about.clinic_name,
            words.join(", ")
        );
        output.result(&document, &[line])
    }

    /// Records what the patient agrees to; the consent's name.
    fn agree(
        &self,
        session: &mut Session,
        (patient, card): (PatientId, &CardRow),
        (parts, until, how): (Vec<SharedPart>, PartialDate, Way),
    ) -> Result<String, Failure> {
        let known = consents_of(session, patient)?;
        let hash = Hash::from_bytes(*card.card.id().as_bytes());
        let mut consent = Consent {
            entry: session.entry(),
            decision: Decision::Given,
            state: ConsentState::Active,
            withdrawal: None,
            to: card.card.about().name.clone(),
            card: Some(hash),
            parts,
            shared_from: None,
            shared_until: None,
            purpose: self.purpose,
            from: None,
            until: Some(until),
            how: how.into(),
            witness: self.witness.trim().to_owned(),
            over: Vec::new(),
        };
        consent.over = set_aside_by(&consent, None, (&known, session.today()));
        if let Some(lacking) = consent.lacks() {
            return Err(refusal(lacking));
        }
        let id = consent.entry.id.to_string();
        let edit = Edit::add(Record::Consent(consent));
        session.save(Subject::Patient(patient), vec![edit])?;
        Ok(id)
    }
}

/// The card that is meant, if something may be shared with its bearer.
pub(super) fn card_to_share(session: &Session, text: &str) -> Result<CardRow, Failure> {
    session.card_to_share(text).map_err(|why| {
        Failure::from(why).hint(
            "see the cards with `cairn card list`; have the words read to you, then `cairn \
             card add FILE --verified phone`",
        )
    })
}

/// The parts of a chart by their names.
pub(super) fn whole_parts(names: &[String]) -> Result<BTreeSet<Part>, Failure> {
    parts(names)?.iter().map(whole).collect()
}

/// The document of a part that is shared as a whole.
fn whole(part: &SharedPart) -> Result<Part, Failure> {
    part.whole().ok_or_else(|| {
        let what = format!("{} is not shared in this way", part.word());
        Failure::refused(what).hint("share summary, visits, results or restricted:NAME")
    })
}

impl Revoke {
    fn run(self, session: &mut Session, output: Output) -> Result<(), Failure> {
        session.may(Action::WriteConsent)?;
        let id = meant(session, &self.share)?;
        session.revoke_share(id)?;
        let document = json!({ "share": id.to_string(), "state": "revoked" });
        output.result(&document, &["it is taken back".to_owned()])
    }
}

/// The share whose name this is, or begins so.
fn meant(session: &mut Session, text: &str) -> Result<StatementId, Failure> {
    let text = text.trim().to_lowercase();
    let mut all = session.shares()?;
    all.retain(|it| it.grant.to_string().starts_with(&text));
    match all.as_slice() {
        [share] if text.len() >= DIGITS_ENOUGH => Ok(share.grant),
        [] => Err(Failure::refused("there is no such share")
            .hint("look with `cairn share list`")),
        _ => Err(Failure::refused("this may be more than one share")
            .hint("write more of its name, as `cairn share list --json` gives it")),
    }
}

fn list(session: &mut Session, output: Output) -> Result<(), Failure> {
    let rows = session.shares()?;
    let shares: Vec<Value> = rows.iter().map(|it| shown(session, it)).collect();
    let mut lines: Vec<String> = rows.iter().map(|it| line(session, it)).collect();
    if lines.is_empty() {
        lines.push("nothing was shared".to_owned());
    }
    output.result(&json!({ "shares": shares }), &lines)
}

fn shown(session: &Session, row: &ShareRow) -> Value {
    let about = row.card.as_ref().map(|it| it.card.about());
    let called = row.patient.and_then(|it| session.called(it));
    json!({
        "share": row.grant.to_string(),
        "patient": row.patient.map(|it| it.to_string()),
        "number": called.as_ref().map(|(number, _)| number),
        "name": called.as_ref().map(|(_, name)| name),
        "card": row.card.as_ref().map(|it| it.card.id().to_string()),
        "to": about.map(|it| &it.name),
        "clinic_name": about.map(|it| &it.clinic_name),
        "parts": row.parts.iter().map(Part::name).collect::<Vec<_>>(),
        "from": minute(row.from),
        "until": minute(row.until),
        "purpose": row.purpose.map(Purpose::code),
        "state": state(row.term),
        "by": session.user_name(row.by),
        "at": minute(row.at),
    })
}

fn line(session: &Session, row: &ShareRow) -> String {
    let digits: String = row.grant.to_string().chars().take(DIGITS_ENOUGH).collect();
    let to = row.card.as_ref().map(|it| it.card.about().name.as_str());
    let parts: Vec<_> = row.parts.iter().map(Part::name).collect();
    let called = row.patient.and_then(|it| session.called(it));
    let whose = called.map_or_else(
        || "a patient not known here".to_owned(),
        |(number, name)| format!("{number}  {name}"),
    );
    format!(
        "{digits}  {}  until {}  {}  to {}  of {whose}",
        state(row.term),
        minute(row.until),
        parts.join(","),
        to.unwrap_or("somebody whose card is not kept"),
    )
}

const fn state(term: Term) -> &'static str {
    match term {
        Term::Live => "live",
        Term::Early => "not-yet",
        Term::Expired => "expired",
        Term::Revoked { .. } => "revoked",
    }
}
