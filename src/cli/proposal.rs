//! `cairn proposal`: what providers of other clinics propose for a chart.

use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::{
    Failure, Output, Workplace,
    alerts::{self, Alert},
    medication::alerts_of,
    patient::patient,
    sheet, view,
};
use crate::{
    chart::{Chart, Proposal as Proposed, ProposalDoubt, Record, who::Action},
    clinic::{Accepting, Session},
    ids::PatientId,
};

/// How many digits of a proposal's name are enough to say which one is meant.
const DIGITS_ENOUGH: usize = 8;

/// What providers of other clinics propose for a chart
///
/// A drug or an allergy that nobody declined stands before the safety checks meanwhile.
#[derive(Debug, Subcommand)]
pub(super) enum Proposal {
    List(List),
    Show(Show),
    Accept(Accept),
    Decline(Decline),
}

/// List what waits for somebody to decide
#[derive(Debug, Args)]
#[command(after_long_help = "\
JSON: {proposals: [{proposal, patient, number, name, kind, what, written, taken_back, state, \
                             doubt, provider, provider_name, organisation, card, outcomes: \
                             [{decided, why, by, by_name, at, records}]}]}. State: waits, \
                             accepted, declined, or apart where two people decided apart. \
                             Doubt: share_over, does_not_count, not_theirs, or none. The \
                             newest first.")]
pub(super) struct List {
    /// The patient's id or number; without one, of all patients
    id: Option<String>,
    /// What was decided already, too
    #[arg(long)]
    all: bool,
}

/// Show what is proposed, and what the safety checks say to it
#[derive(Debug, Args)]
#[command(
    after_long_help = "JSON: as one of `cairn proposal list`, with {record, alerts}. The \
                       record is as in `cairn patient show`, as its maker wrote it."
)]
pub(super) struct Show {
    /// The proposal, or the beginning of it
    proposal: String,
}

/// Take it into the chart, with its maker named for good
///
/// What came of it is a record of the chart like any other. Ends with 3 where an allergy
/// stops a drug and no --override says why to go on.
#[derive(Debug, Args)]
#[command(after_long_help = "JSON: {proposal, patient, record, state, alerts}")]
pub(super) struct Accept {
    /// The proposal, or the beginning of it
    proposal: String,
    /// Why, for its maker to read
    #[arg(long, default_value = "")]
    why: String,
    /// Why a drug is taken although an allergy stops it
    #[arg(long = "override", value_name = "REASON", default_value = "")]
    override_reason: String,
    /// Although the share is over, or what was written does not count
    #[arg(long)]
    anyway: bool,
}

/// Leave it out of the chart; it stays among the proposals
#[derive(Debug, Args)]
#[command(after_long_help = "JSON: {proposal, patient, state}")]
pub(super) struct Decline {
    /// The proposal, or the beginning of it
    proposal: String,
    /// Why, for its maker to read
    #[arg(long)]
    why: String,
}

impl Proposal {
    pub(super) fn run(self, place: &Workplace, output: Output) -> Result<(), Failure> {
        place.signed_in(|session| match self {
            Self::List(it) => it.run(session, output),
            Self::Show(it) => it.run(session, output),
            Self::Accept(it) => it.run(session, output),
            Self::Decline(it) => it.run(session, output),
        })
    }
}

impl List {
    fn run(self, session: &mut Session, output: Output) -> Result<(), Failure> {
        session.may(Action::ReadClinical)?;
        let whose = match &self.id {
            Some(text) => Some(patient(session, text)?),
            None => None,
        };
        let mut all = session.proposals(whose)?;
        all.retain(|(_, it)| self.all || it.is_open());
        let rows = all.iter().map(|(of, it)| shown(session, *of, it));
        let rows: Vec<Value> = rows.collect();
        let lines = all.iter().map(|(of, it)| line(session, *of, it));
        let mut lines: Vec<String> = lines.collect();
        if lines.is_empty() {
            lines.push("nothing is proposed".to_owned());
        }
        output.result(&json!({ "proposals": rows }), &lines)
    }
}

impl Show {
    fn run(self, session: &mut Session, output: Output) -> Result<(), Failure> {
        let (patient, it, chart) = meant(session, &self.proposal)?;
        let alerts = checked(&it, &chart);
        let who = |user| session.user_name(user);
        let mut document = view::proposal::proposal(&it, &chart, &who);
        document.insert("patient".into(), json!(patient.to_string()));
        document.insert("alerts".into(), alerts::shown(&alerts));
        let mut lines = vec![line(session, patient, &it)];
        lines.push(sheet::proposed(&it.record, &chart));
        lines.extend(alerts::lines(&alerts));
        output.result(&Value::Object(document), &lines)
    }
}

impl Accept {
    fn run(self, session: &mut Session, output: Output) -> Result<(), Failure> {
        session.may(Action::Share)?;
        let (patient, it, chart) = meant(session, &self.proposal)?;
        let alerts = checked(&it, &chart);
        let overridden = Some(self.override_reason.as_str());
        alerts::check(&alerts, overridden)?;
        if let Some(doubt) = it.doubt.filter(|_| !self.anyway) {
            return Err(Failure::refused("there is a doubt about this proposal")
                .because(words_of(doubt))
                .hint("look at it, then repeat with --anyway"));
        }
        let accepting = Accepting {
            why: self.why,
            overridden: self.override_reason,
            anyway: self.anyway,
        };
        let record = session.accept_proposal(patient, &it, &accepting)?;
        let document = json!({
            "proposal": it.id().to_string(),
            "patient": patient.to_string(),
            "record": record.to_string(),
            "state": "accepted",
            "alerts": alerts::shown(&alerts),
        });
        let mut lines = alerts::lines(&alerts);
        let (what, by) = (what(&it), it.maker.named());
        lines.push(format!("accepted: {what}, proposed by {by}"));
        output.result(&document, &lines)
    }
}

impl Decline {
    fn run(self, session: &mut Session, output: Output) -> Result<(), Failure> {
        session.may(Action::Share)?;
        let (patient, it, _) = meant(session, &self.proposal)?;
        session.decline_proposal(patient, &it, &self.why)?;
        let document = json!({
            "proposal": it.id().to_string(),
            "patient": patient.to_string(),
            "state": "declined",
        });
        output.result(&document, &[format!("declined: {}", what(&it))])
    }
}

/// The proposal whose name this is, or begins so, with the chart that it is for.
fn meant(
    session: &mut Session,
    text: &str,
) -> Result<(PatientId, Proposed, Chart), Failure> {
    session.may(Action::ReadClinical)?;
    let text = text.trim().to_lowercase();
    let mut all = session.proposals(None)?;
    all.retain(|(_, it)| it.id().to_string().starts_with(&text));
    let missing = || {
        Failure::refused("there is no such proposal")
            .hint("look with `cairn proposal list --all`")
    };
    let patient = match all.as_slice() {
        [(patient, _)] if text.len() >= DIGITS_ENOUGH => *patient,
        [] => return Err(missing()),
        _ => {
            let what = "this may be more than one proposal";
            return Err(Failure::refused(what).hint("write more of its name"));
        }
    };
    let chart = session.open(patient)?;
    let found = all
        .pop()
        .and_then(|(_, it)| chart.proposal(it.id()).cloned());
    let found = found.ok_or_else(missing)?;
    Ok((patient, found, chart))
}

/// What the safety checks say to a drug that is proposed, which is no duplicate of itself.
fn checked(it: &Proposed, chart: &Chart) -> Vec<Alert> {
    let Record::Medication(drug) = &it.record else {
        return Vec::new();
    };
    let mut summary = chart.summary.clone().unwrap_or_default();
    let feared = &mut summary.feared.medications;
    feared.retain(|it| it.entry.id != drug.entry.id);
    let mut alerts = alerts_of(&drug.code, &summary);
    alerts.extend(alerts::incomplete(chart));
    alerts
}

fn shown(session: &Session, patient: PatientId, it: &Proposed) -> Value {
    let who = |user| session.user_name(user);
    let (number, name) = session.called(patient).unwrap_or_default();
    let mut shown = view::proposal::heading(it, &who);
    shown.insert("patient".into(), json!(patient.to_string()));
    shown.insert("number".into(), json!(number));
    shown.insert("name".into(), json!(name));
    Value::Object(shown)
}

fn line(session: &Session, patient: PatientId, it: &Proposed) -> String {
    let (number, name) = session.called(patient).unwrap_or_default();
    let doubt = it.doubt.map(|it| format!("  ({})", words_of(it)));
    let why = it.standing().map(|it| it.why.as_str());
    let why = why.filter(|it| !it.is_empty()).collect::<Vec<_>>();
    let why = if why.is_empty() {
        String::new()
    } else {
        format!(": {}", why.join("; "))
    };
    format!(
        "{}  {}{why}  {number}  {name}  {}  by {}, {}{}",
        it.id(),
        it.state.word(),
        what(it),
        it.maker.named(),
        it.record.entry().recorded.day(),
        doubt.unwrap_or_default(),
    )
}

fn what(it: &Proposed) -> String {
    let kind = match &it.record {
        Record::Allergy(_) => "allergy",
        Record::Problem(_) => "problem",
        Record::Medication(_) => "drug",
        Record::Note(_) => "note",
        Record::Observation(_) => "observation",
        Record::Person(_)
        | Record::Provider(_)
        | Record::NoKnownAllergies(_)
        | Record::Immunization(_)
        | Record::Procedure(_)
        | Record::Plan(_)
        | Record::Visit(_)
        | Record::Report(_)
        | Record::Document(_)
        | Record::ImportRun(_)
        | Record::Consent(_)
        | Record::Outcome(_)
        | Record::Referral(_) => it.record.kind().key(),
    };
    format!("{kind} {}", it.record.called()).trim().to_owned()
}

const fn words_of(doubt: ProposalDoubt) -> &'static str {
    match doubt {
        ProposalDoubt::NotTheirs => "somebody else wrote in it",
        ProposalDoubt::DoesNotCount => "what was written does not count",
        ProposalDoubt::ShareOver => "the share is over",
    }
}
