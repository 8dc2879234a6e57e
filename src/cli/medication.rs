//! `cairn med`: drugs that are prescribed, and those on file.

use clap::{Args, Subcommand};
use serde_json::json;

use super::{
    Failure, Output, Workplace,
    alerts::{self, Alert, Weight},
    patient::patient,
    restricted::Closed,
    sheet, view,
};
use crate::{
    care::{Clash, Likeness, NotKnown, clashes, dose_line, taken_already},
    chart::{
        Coded, Edit, Entry, MedKind, MedStatus, Medication, Record, Subject, Summary,
        who::Action,
    },
    clinic::Session,
    content::Medicine,
    time::When,
};

/// Medications.
#[derive(Debug, Subcommand)]
pub(super) enum Med {
    Add(Add),
    List(List),
}

/// Prescribe a drug
///
/// Checked are the allergies on file and the drugs that are taken; interactions are not. Ends
/// with 3 and prescribes nothing where an allergy stops it and no --override says why to go on.
#[derive(Debug, Args)]
#[command(
    after_long_help = "JSON: {medication, dose, alerts: [{kind, severity, text, \
                       because}]}. Severity: info, warn or stop."
)]
pub(super) struct Add {
    /// The patient's id or number
    id: String,
    /// The drug, with strength and form: "amoxicillin 500 mg capsule"
    #[arg(long)]
    drug: String,
    /// How it is taken: "1 tds x 5d", "5ml bd x 7d", "2 puff prn"
    #[arg(long)]
    dose: String,
    /// Why it is prescribed although an allergy stops it
    #[arg(long = "override", value_name = "REASON")]
    override_reason: Option<String>,
    #[command(flatten)]
    closed: Closed,
}

/// List the drugs on file
///
/// Without --json those that are taken; with it also those that are not, and why.
#[derive(Debug, Args)]
#[command(
    after_long_help = "JSON: {patient, medications}. Each as in `cairn patient show`."
)]
pub(super) struct List {
    /// The patient's id or number
    id: String,
}

impl Med {
    pub(super) fn run(self, place: &Workplace, output: Output) -> Result<(), Failure> {
        place.signed_in(|session| match self {
            Self::Add(it) => it.run(session, output),
            Self::List(it) => it.run(session, output),
        })
    }
}

impl List {
    fn run(self, session: &mut Session, output: Output) -> Result<(), Failure> {
        session.may(Action::ReadClinical)?;
        let patient = patient(session, &self.id)?;
        let drugs = session.open(patient)?.summary.unwrap_or_default();
        let drugs = drugs.medications;
        let shown: Vec<_> = drugs.iter().map(view::medication).collect();
        let taken = drugs.iter().filter(|it| it.is_taken());
        let lines: Vec<String> = taken.map(sheet::medication).collect();
        let document = json!({ "patient": patient.to_string(), "medications": shown });
        output.result(&document, &lines)
    }
}

impl Add {
    fn run(self, session: &mut Session, output: Output) -> Result<(), Failure> {
        session.may(Action::Prescribe)?;
        let patient = patient(session, &self.id)?;
        let category = self.closed.category(session)?;
        let chart = session.open(patient)?;
        let entry = session.entry_in(category)?;
        let (mut drug, words) = prescribed(entry, &self.drug, &self.dose)?;
        let summary = chart.summary.clone().unwrap_or_default();
        let mut alerts = alerts_of(&drug.code, &summary);
        alerts.extend(alerts::incomplete(&chart));
        alerts::check(&alerts, self.override_reason.as_deref())?;
        drug.overridden = self.override_reason.unwrap_or_default();
        let id = drug.entry.id.to_string();
        let line = format!("prescribed: {}, {words}", drug.code.text);
        let edit = Edit::add(Record::Medication(drug));
        session.save(Subject::Patient(patient), vec![edit])?;
        let document =
            json!({ "medication": id, "dose": words, "alerts": alerts::shown(&alerts) });
        let mut lines = alerts::lines(&alerts);
        lines.push(line);
        output.result(&document, &lines)
    }
}

/// A drug that is prescribed now, and how it is taken in words.
pub(super) fn prescribed(
    entry: Entry,
    drug: &str,
    dose: &str,
) -> Result<(Medication, String), Failure> {
    let parsed = parsed(dose)?;
    let listed = Medicine::named(drug);
    let code = listed.map_or_else(|| Coded::text(drug.trim()), Medicine::coded);
    if code.is_empty() {
        return Err(Failure::refused("a drug needs a name").hint("give it with --drug"));
    }
    let piece = listed.map(dose_line::Piece::from);
    let today = entry.recorded.day();
    let mut drug = Medication {
        entry,
        kind: MedKind::Request,
        code,
        status: MedStatus::Active,
        dose: String::new(),
        route: listed.map_or("", |it| it.route).to_owned(),
        frequency: String::new(),
        duration: String::new(),
        as_needed: false,
        start: Some(When::On(today)),
        end: None,
        quantity: String::new(),
        reason: Coded::default(),
        instructions: String::new(),
        overridden: String::new(),
        visit: None,
    };
    let usual_route = drug.route.clone();
    parsed.dose.write(piece, &mut drug);
    if drug.route.is_empty() {
        drug.route = usual_route;
    }
    Ok((drug, parsed.dose.echo(piece)))
}

fn parsed(dose: &str) -> Result<dose_line::Parsed, Failure> {
    let parsed = dose_line::parse(dose);
    let refused = |why: String| {
        Failure::refused("this is not a dose; nothing was prescribed")
            .because(why)
            .hint("write it as in: 1 tds x 5d")
    };
    if let Some(problem) = parsed.problems.first() {
        let word = dose.get(problem.span.clone()).unwrap_or_default();
        return Err(refused(format!("`{word}`: {}", problem.why)));
    }
    match parsed.dose.missing() {
        Some(dose_line::Missing::Amount) => {
            Err(refused("how much at a time?".to_owned()))
        }
        Some(dose_line::Missing::Frequency) => Err(refused("how often?".to_owned())),
        None => Ok(parsed),
    }
}

/// The allergies that the drug meets, those that stop first, and whether it is taken already.
pub(super) fn alerts_of(drug: &Coded, summary: &Summary) -> Vec<Alert> {
    let met = clashes(drug, summary.allergies_to_check()).into_iter();
    let met = met.map(|it| alert_of(drug, &it, summary));
    let twice = taken_already(drug, summary.counted_as_taken()).map(|it| Alert {
        kind: "duplicate",
        weight: Weight::Warn,
        text: format!("the patient takes {} already", it.code.text),
        because: recorded(&it.entry, summary),
    });
    met.chain(twice).collect()
}

fn alert_of(drug: &Coded, clash: &Clash<'_>, summary: &Summary) -> Alert {
    let Clash {
        allergy,
        likeness,
        stops,
    } = clash;
    let (drug, on_file) = (&drug.text, &allergy.code.text);
    let met = format!("the patient is allergic to {on_file}");
    let signs = allergy
        .reactions
        .iter()
        .map(|it| it.manifestation.text.as_str());
    let recorded = recorded(&allergy.entry, summary);
    let because = signs.filter(|it| !it.is_empty()).chain([recorded.as_str()]);
    Alert {
        kind: if clash.is_known() {
            "allergy"
        } else {
            "unchecked"
        },
        weight: if *stops { Weight::Stop } else { Weight::Warn },
        text: match likeness {
            Likeness::Same => met,
            Likeness::Group(group) => format!("{drug} is a {group}; {met}"),
            Likeness::Related(group) => {
                format!("{met}; some who react to a {group} react to {drug} too")
            }
            Likeness::NotKnown(NotKnown::Drug) => format!(
                "{drug} is no drug that Cairn knows: compare it with the allergies on file"
            ),
            Likeness::NotKnown(NotKnown::Allergy) => {
                format!("{met}, which Cairn does not know: compare it with {drug}")
            }
        },
        because: because.collect::<Vec<_>>().join(", "),
    }
}

/// When an entry was made; and whether it is proposed only, or whoever wrote something of it
/// was cut off.
fn recorded(entry: &Entry, summary: &Summary) -> String {
    let day = entry.recorded.day();
    if let Some(by) = summary.proposed_by(entry.id) {
        format!("proposed {day} by {by}, not accepted")
    } else if summary.is_unconfirmed(entry.id) {
        format!("recorded {day}, unconfirmed: see `cairn adopt list`")
    } else {
        format!("recorded {day}")
    }
}
