//! `cairn consent`: what a patient agrees to, refuses and withdraws, and the paper to sign.

mod paper;

use clap::{Args, Subcommand, ValueEnum};
use serde_json::{Value, json};

use super::{Failure, Output, Workplace, patient::patient, view};
use crate::{
    care::consent::{State, set_aside_by, state},
    chart::{
        Consent as Entered, ConsentState, Consents, Decision, Edit, How, Lacking,
        Purpose, Record, SharedPart, Subject, Withdrawal, who::Action,
    },
    clinic::Session,
    ids::{Hash, PatientId},
    say::Say,
    text::Shown,
    time::{NotRead, PartialDate, parse_day},
};

/// The digits of an id that a list shows: the millisecond in which it was made, and a little
/// more.
const HANDLE_DIGITS: usize = 14;

/// What a patient agrees to, refuses and withdraws.
#[derive(Debug, Subcommand)]
pub(super) enum Consent {
    Give(Give),
    Refuse(Refuse),
    Withdraw(Withdraw),
    List(List),
    Print(Print),
}

/// Record that the patient agrees that somebody outside has parts of the chart
///
/// It shares nothing by itself. It sets aside what the patient refused or withdrew before to
/// the same person, as far as this machine knows of it.
#[derive(Debug, Args)]
#[command(after_long_help = "JSON: {consent, state}")]
pub(super) struct Give {
    #[command(flatten)]
    said: Said,
    /// To whom: the person or organisation
    #[arg(long, value_name = "NAME", required_unless_present = "card")]
    to: Option<String>,
    /// The parts: summary, visits, results, restricted:NAME
    #[arg(long, value_delimiter = ',', default_value = "summary,visits")]
    parts: Vec<String>,
    /// The last day on which it holds: 2025-06-30, t+1m
    #[arg(long, value_name = "DATE")]
    until: String,
    /// The first day on which it holds [default: at once]
    #[arg(long, value_name = "DATE")]
    from: Option<String>,
    /// Only what is from this day on
    #[arg(long, value_name = "DATE")]
    shared_from: Option<String>,
    /// Only what is up to this day
    #[arg(long, value_name = "DATE")]
    shared_until: Option<String>,
    /// What for: TREAT, ETREAT, HPAYMT, HOPERAT, PUBHLTH, HRESCH or PATRQT
    #[arg(long, value_name = "CODE", default_value = "TREAT", value_parser = purpose)]
    purpose: Purpose,
}

/// Record that the patient refuses
#[derive(Debug, Args)]
#[command(after_long_help = "JSON: {consent, state}")]
pub(super) struct Refuse {
    #[command(flatten)]
    said: Said,
    /// To whom; without it, to everybody
    #[arg(long, value_name = "NAME")]
    to: Option<String>,
    /// The parts; without them, all
    #[arg(long, value_delimiter = ',')]
    parts: Vec<String>,
}

/// How it was said, and by whom.
#[derive(Debug, Args)]
struct Said {
    /// The patient's id or number
    id: String,
    /// How the patient said so
    #[arg(long, value_enum, default_value = "written")]
    how: Way,
    /// Who heard it, or the guardian
    #[arg(long, value_name = "NAME", default_value = "")]
    witness: String,
    /// The recipient's contact card, which the clinic keeps: the bearer's name, or the first
    /// digits of the card's own
    #[arg(long, value_name = "CARD")]
    card: Option<String>,
    /// The consent that was written down wrongly and that this one replaces
    #[arg(long, value_name = "CONSENT")]
    corrects: Option<String>,
    /// A remark
    #[arg(long, value_name = "TEXT", default_value = "")]
    remark: String,
}

/// How a patient says so.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(super) enum Way {
    Written,
    Verbal,
    Guardian,
}

impl From<Way> for How {
    fn from(way: Way) -> Self {
        match way {
            Way::Written => Self::Written,
            Way::Verbal => Self::Verbal,
            Way::Guardian => Self::Guardian,
        }
    }
}

/// Record that the patient no longer agrees
///
/// Withdrawn beats given, also where somebody on another machine knows nothing of it yet.
#[derive(Debug, Args)]
#[command(after_long_help = "JSON: {withdrawn: [consent]}")]
pub(super) struct Withdraw {
    /// The patient's id or number
    id: String,
    /// The consent, or the beginning of its id
    #[arg(long, value_name = "CONSENT", required_unless_present = "to")]
    consent: Option<String>,
    /// All that was given to this person or organisation
    #[arg(long, value_name = "NAME", conflicts_with = "consent")]
    to: Option<String>,
    /// Why, in the patient's words
    #[arg(long, default_value = "")]
    reason: String,
}

/// List what a patient agreed to, refused and withdrew
#[derive(Debug, Args)]
#[command(
    after_long_help = "JSON: {consents: [{id, recorded, decision, state, to, card, parts, \
                       shared_from, shared_until, purpose, from, until, how, witness, \
                       withdrawal: {by, by_name, at, reason}, replaces, sets_aside}]}. \
                       State: given, not-yet, expired, withdrawn, refused, set-aside, \
                       overruled or in-error. The newest first."
)]
pub(super) struct List {
    /// The patient's id or number
    id: String,
}

/// Give the text of a consent, to be printed and signed
///
/// It is in the language of --lang, 80 columns wide.
#[derive(Debug, Args)]
#[command(after_long_help = "JSON: {consent, lines: [text]}")]
pub(super) struct Print {
    /// The patient's id or number
    id: String,
    /// The consent, or the beginning of its id [default: the newest]
    consent: Option<String>,
}

impl Consent {
    pub(super) fn run(self, place: &Workplace, output: Output) -> Result<(), Failure> {
        let say = Say::new(place.global.screen.lang.unwrap_or_default());
        place.signed_in(|session| match self {
            Self::Give(it) => it.run(session, output),
            Self::Refuse(it) => it.run(session, output),
            Self::Withdraw(it) => it.run(session, output),
            Self::List(it) => it.run(session, output),
            Self::Print(it) => it.run(session, &say, output),
        })
    }
}

impl Give {
    fn run(self, session: &mut Session, output: Output) -> Result<(), Failure> {
        session.may(Action::WriteConsent)?;
        let today = session.today();
        let day = |option, text: &str| day(option, text, today);
        let optional =
            |option, text: Option<&String>| text.map(|it| day(option, it)).transpose();
        let until = day("--until", &self.until)?;
        if until.is_before(today) {
            return Err(Failure::refused("this consent would be over already")
                .because(format!("{until} is past"))
                .hint("give the last day on which it holds with --until"));
        }
        let consent = Entered {
            parts: parts(&self.parts)?,
            shared_from: optional("--shared-from", self.shared_from.as_ref())?,
            shared_until: optional("--shared-until", self.shared_until.as_ref())?,
            purpose: self.purpose,
            from: optional("--from", self.from.as_ref())?,
            until: Some(until),
            ..self
                .said
                .entered(Decision::Given, self.to.as_deref(), session)?
        };
        self.said.save(consent, session, output)
    }
}

impl Refuse {
    fn run(self, session: &mut Session, output: Output) -> Result<(), Failure> {
        session.may(Action::WriteConsent)?;
        let consent = Entered {
            parts: parts(&self.parts)?,
            ..self
                .said
                .entered(Decision::Refused, self.to.as_deref(), session)?
        };
        self.said.save(consent, session, output)
    }
}

impl Said {
    fn entered(
        &self,
        decision: Decision,
        to: Option<&str>,
        session: &mut Session,
    ) -> Result<Entered, Failure> {
        let card = self.card.as_deref();
        let card = card.map(|it| session.card_named(it)).transpose()?;
        let bearer = card.as_ref().map(|it| it.card.about().name.as_str());
        let to = to.or(bearer).unwrap_or_default().trim().to_owned();
        let mut entry = session.entry();
        self.remark.trim().clone_into(&mut entry.remark.0);
        Ok(Entered {
            entry,
            decision,
            state: ConsentState::Active,
            withdrawal: None,
            to,
            card: card.map(|it| Hash::from_bytes(*it.card.id().as_bytes())),
            parts: Vec::new(),
            shared_from: None,
            shared_until: None,
            purpose: Purpose::Treatment,
            from: None,
            until: None,
            how: self.how.into(),
            witness: self.witness.trim().to_owned(),
            over: Vec::new(),
        })
    }

    fn save(
        &self,
        mut consent: Entered,
        session: &mut Session,
        output: Output,
    ) -> Result<(), Failure> {
        if let Some(lacking) = consent.lacks() {
            return Err(refusal(lacking));
        }
        let patient = patient(session, &self.id)?;
        let today = session.today();
        let mut known = consents_of(session, patient)?;
        let corrected = self.corrects.as_deref();
        let corrected = corrected.map(|it| standing(&known, it)).transpose()?;
        let corrected = corrected.cloned();
        consent.over = set_aside_by(&consent, corrected.as_ref(), (&known, today));
        let id = consent.entry.id.to_string();
        let edits = match corrected {
            None => vec![Edit::add(Record::Consent(consent.clone()))],
            Some(before) => {
                if state(&before, &known, today) == State::Withdrawn {
                    return Err(Failure::refused("this consent was withdrawn").hint(
                        "record what the patient agrees to now without --corrects",
                    ));
                }
                let entry = consent.entry.clone();
                let new = Record::Consent(consent.clone());
                Edit::correction(Record::Consent(before), entry, new).into()
            }
        };
        session.save(Subject::Patient(patient), edits)?;
        known.consents.push(consent.clone());
        let stands = state(&consent, &known, today);
        let document = json!({ "consent": id, "state": view::consent::word(stands) });
        output.result(&document, &[line(&consent, &known, today)])
    }
}

impl Withdraw {
    fn run(self, session: &mut Session, output: Output) -> Result<(), Failure> {
        session.may(Action::WriteConsent)?;
        let patient = patient(session, &self.id)?;
        let known = consents_of(session, patient)?;
        let today = session.today();
        let holds = |it: &&Entered| {
            let state = state(it, &known, today);
            matches!(state, State::Given | State::NotYet | State::Overruled)
        };
        let named: Vec<&Entered> = match (&self.consent, &self.to) {
            (Some(text), _) => vec![standing(&known, text)?],
            (None, to) => {
                let to = to.as_deref().unwrap_or_default().trim();
                let all = known.consents.iter();
                all.filter(|it| it.to.eq_ignore_ascii_case(to)).collect()
            }
        };
        let held: Vec<&Entered> = named.into_iter().filter(holds).collect();
        if held.is_empty() {
            return Err(Failure::refused(
                "nothing is given there that could be withdrawn",
            )
            .hint("look with `cairn consent list`"));
        }
        let withdrawal = Withdrawal {
            by: session.user(),
            at: session.entry().recorded,
            reason: self.reason.trim().to_owned(),
        };
        let edits = held.iter().map(|it| {
            let before = Entered::clone(it);
            let after = before.clone().withdrawn(withdrawal.clone());
            Edit::change(Record::Consent(before), Record::Consent(after))
        });
        session.save(Subject::Patient(patient), edits.collect())?;
        let ids: Vec<String> = held.iter().map(|it| it.entry.id.to_string()).collect();
        let lines = held.iter().map(|it| format!("withdrawn: {}", it.to));
        output.result(&json!({ "withdrawn": ids }), &lines.collect::<Vec<_>>())
    }
}

impl List {
    fn run(self, session: &mut Session, output: Output) -> Result<(), Failure> {
        session.may(Action::ReadConsent)?;
        let patient = patient(session, &self.id)?;
        let known = consents_of(session, patient)?;
        let today = session.today();
        let mut lines: Vec<String> = known
            .consents
            .iter()
            .map(|it| line(it, &known, today))
            .collect();
        if lines.is_empty() {
            lines.push("nothing was agreed to or refused".to_owned());
        }
        let who = |user| session.user_name(user);
        let shown = view::consent::list(&known, today, &who);
        output.result(&json!({ "consents": shown }), &lines)
    }
}

impl Print {
    fn run(
        self,
        session: &mut Session,
        say: &Say,
        output: Output,
    ) -> Result<(), Failure> {
        session.may(Action::ReadConsent)?;
        let patient = patient(session, &self.id)?;
        let chart = session.open(patient)?;
        let known = chart.consents.unwrap_or_default();
        let consent = match &self.consent {
            Some(text) => standing(&known, text)?,
            None => known.consents.first().ok_or_else(nothing)?,
        };
        let of = paper::Of {
            clinic: session.clinic().name().to_owned(),
            person: chart.identity.person.as_ref(),
            today: session.today(),
        };
        let lines = paper::lines(consent, &of, say);
        session.printed(patient, "consent to sign")?;
        let id = consent.entry.id.to_string();
        output.result(&json!({ "consent": id, "lines": lines }), &lines)
    }
}

/// What the chart holds of consents.
pub(super) fn consents_of(
    session: &mut Session,
    patient: PatientId,
) -> Result<Consents, Failure> {
    Ok(session.open(patient)?.consents.unwrap_or_default())
}

/// The consent whose id this is, or begins so.
fn standing<'a>(known: &'a Consents, text: &str) -> Result<&'a Entered, Failure> {
    let text = text.trim().to_lowercase();
    let begins = |it: &&Entered| it.entry.id.to_string().starts_with(&text);
    let mut found = known.consents.iter().filter(begins);
    match (found.next(), found.next()) {
        (Some(it), None) if !text.is_empty() => Ok(it),
        (Some(_), _) => Err(Failure::refused("this may be more than one consent")
            .hint("write more of its id, as `cairn consent list` gives it")),
        (None, _) => Err(nothing()),
    }
}

fn nothing() -> Failure {
    Failure::refused("there is no such consent in this chart")
        .hint("look with `cairn consent list`")
}

pub(super) fn refusal(lacking: Lacking) -> Failure {
    let (what, hint) = match lacking {
        Lacking::Recipient => ("a consent is given to somebody", "name them with --to"),
        Lacking::Parts => (
            "a consent names what is shared",
            "name the parts with --parts, as in summary,visits",
        ),
        Lacking::Until => ("a consent ends", "give its last day with --until"),
        Lacking::Order => ("it would end before it begins", "look at the days again"),
        Lacking::Witness => (
            "somebody heard it, or is the guardian",
            "name them with --witness",
        ),
    };
    Failure::refused(what).hint(hint)
}

pub(super) fn purpose(code: &str) -> Result<Purpose, &'static str> {
    let mut all = Purpose::ALL.into_iter();
    all.find(|it| it.code().eq_ignore_ascii_case(code))
        .ok_or("use TREAT, ETREAT, HPAYMT, HOPERAT, PUBHLTH, HRESCH or PATRQT")
}

pub(super) fn parts(words: &[String]) -> Result<Vec<SharedPart>, Failure> {
    let mut parts: Vec<SharedPart> = Vec::new();
    for word in words {
        let part = SharedPart::named(word.trim());
        if part.word() != word.trim() || part == SharedPart::Restricted(String::new()) {
            let named = Shown::line(word);
            return Err(Failure::refused(format!("`{named}` is no part of a chart"))
                .hint("use summary, visits, results or restricted:NAME"));
        }
        if !parts.contains(&part) {
            parts.push(part);
        }
    }
    Ok(parts)
}

/// A day of the calendar that an option gives.
pub(super) fn day(
    option: &str,
    text: &str,
    today: PartialDate,
) -> Result<PartialDate, Failure> {
    let read = parse_day(text, today);
    let exact = read.and_then(|it| {
        if it.is_exact() {
            Ok(it)
        } else {
            Err(NotRead::Unclear)
        }
    });
    exact.map_err(|error| {
        Failure::refused(format!("{option} cannot be `{text}`"))
            .because(error.to_string())
            .hint("write a day as in 2025-06-30, 30 jun 25 or t+1m")
    })
}

/// One consent in one line, its state first.
fn line(it: &Entered, among: &Consents, today: PartialDate) -> String {
    let state = view::consent::word(state(it, among, today));
    let to = if it.to.is_empty() {
        "everybody"
    } else {
        &it.to
    };
    let parts: Vec<String> = it.parts.iter().map(SharedPart::word).collect();
    let parts = if parts.is_empty() {
        "all".to_owned()
    } else {
        parts.join(",")
    };
    let until = it
        .until
        .map_or_else(String::new, |it| format!("  until {it}"));
    let id = it.entry.id.to_string();
    let handle: String = id.chars().take(HANDLE_DIGITS).collect();
    format!(
        "{handle}  {}  {}  {parts}  {}{until}  {}",
        Shown::line(state).pad(9),
        Shown::line(to).pad(24),
        it.purpose.code(),
        it.how.word(),
    )
}

/// The consents of a chart, as `patient show` gives them.
pub(super) fn shown(session: &Session, consents: &Consents) -> Value {
    let who = |user| session.user_name(user);
    view::consent::list(consents, session.today(), &who)
}
