//! `cairn export`: charts into files that other programs read.

use std::{
    io::{self, Write},
    path::PathBuf,
};

use clap::{ArgGroup, Args, Subcommand};
use serde_json::json;

use super::{
    Failure, Output, Workplace, output, patient::patient, restricted::ClosedToo,
};
use crate::{
    chart::who::Action,
    clinic::{Error, ExportTo, Exported, Session},
    ids::PatientId,
};

/// After how many patients the progress is shown again.
const SHOW_EVERY: u64 = 20;

/// Write charts into files that other programs read.
#[derive(Debug, Subcommand)]
pub(super) enum Export {
    Fhir(Fhir),
    Ips(Ips),
}

/// Write charts as FHIR R4: a Bundle, or NDJSON with a file for each type
///
/// What was imported goes out with all that its source said. The Bundle goes to stdout unless
/// --out or --ndjson is given. Each patient is in the audit before the chart leaves.
#[derive(Debug, Args)]
#[command(
    group = ArgGroup::new("whose").required(true).multiple(true).args(["ids", "all"]),
    after_long_help = "JSON, with --out or --ndjson: {file, patients, resources: {Type: \
                       count}}. Otherwise stdout is the Bundle and nothing else."
)]
pub(super) struct Fhir {
    /// Patients' ids or numbers
    #[arg(value_name = "ID", conflicts_with = "all")]
    ids: Vec<String>,
    /// Everybody on file
    #[arg(long)]
    all: bool,
    /// A new folder for NDJSON files, one for each type of resource
    #[arg(long, value_name = "DIR", conflicts_with = "out")]
    ndjson: Option<PathBuf>,
    /// A new file for the Bundle
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    #[command(flatten)]
    closed: ClosedToo,
}

/// Write the International Patient Summary of one patient, as a FHIR document
///
/// It holds what anyone who meets the patient should know: allergies, drugs taken now,
/// problems, vaccines, the last results and vital signs, procedures, plans. Whoever is signed
/// in vouches for it. It goes to stdout unless --out is given.
#[derive(Debug, Args)]
#[command(
    after_long_help = "JSON, with --out: {file, patient, resources: {Type: count}}. \
                       Otherwise stdout is the document and nothing else."
)]
pub(super) struct Ips {
    /// The patient's id or number
    id: String,
    /// A new file for the document
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    #[command(flatten)]
    closed: ClosedToo,
}

/// Stdout as JSON in which nothing is a command to a terminal.
struct Stdout {
    to: io::Stdout,
    /// Whether whoever read it went away.
    gone: bool,
}

impl Export {
    pub(super) fn run(self, place: &Workplace, output: Output) -> Result<(), Failure> {
        place.signed_in(|session| match self {
            Self::Fhir(it) => it.run(session, output),
            Self::Ips(it) => it.run(session, output),
        })
    }
}

impl Fhir {
    fn run(self, session: &mut Session, output: Output) -> Result<(), Failure> {
        session.may(Action::Export)?;
        self.closed.apply(session)?;
        let patients = self.patients(session)?;
        let of = patients.len();
        let told = &mut |done: u64| {
            if done.is_multiple_of(SHOW_EVERY) {
                output.progress(&format!("{done} of {of} patients"));
            }
        };
        let (to, file) = match (&self.ndjson, &self.out) {
            (Some(folder), _) => (ExportTo::Folder(folder), folder),
            (None, Some(file)) => (ExportTo::File(file), file),
            (None, None) => {
                let done = to_stdout(|to| session.export_fhir(&patients, to, told));
                output.progress("");
                return done;
            }
        };
        let done = session.export_fhir(&patients, to, told);
        output.progress("");
        let done = done?;
        let file = file.display().to_string();
        let Exported {
            patients,
            resources,
        } = &done;
        let document =
            json!({ "file": file, "patients": patients, "resources": resources });
        let mut lines = vec![format!("patients: {patients}, in {file}")];
        let each = resources.iter();
        lines.extend(each.map(|(name, count)| format!("  {name} {count}")));
        output.result(&document, &lines)
    }

    /// Each once, in the order in which they were named.
    fn patients(&self, session: &mut Session) -> Result<Vec<PatientId>, Failure> {
        if self.all {
            return Ok(session.everybody()?);
        }
        let mut patients = Vec::new();
        for id in &self.ids {
            let patient = patient(session, id)?;
            if !patients.contains(&patient) {
                patients.push(patient);
            }
        }
        Ok(patients)
    }
}

impl Ips {
    fn run(self, session: &mut Session, output: Output) -> Result<(), Failure> {
        session.may(Action::Export)?;
        self.closed.apply(session)?;
        let patient = patient(session, &self.id)?;
        let Some(file) = &self.out else {
            return to_stdout(|to| session.export_ips(patient, to));
        };
        let done = session.export_ips(patient, ExportTo::File(file))?;
        let file = file.display().to_string();
        let document = json!({
            "file": file,
            "patient": patient.to_string(),
            "resources": done.resources,
        });
        let line = format!("the summary is in {file}");
        output.result(&document, &[line])
    }
}

fn to_stdout(
    write: impl FnOnce(ExportTo<'_>) -> Result<Exported, Error>,
) -> Result<(), Failure> {
    let mut stdout = Stdout {
        to: io::stdout(),
        gone: false,
    };
    match write(ExportTo::Stream(&mut stdout)) {
        // A reader that went away has seen enough.
        Err(_) if stdout.gone => Ok(()),
        done => Ok(done.map(drop)?),
    }
}

impl Write for Stdout {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let text = std::str::from_utf8(bytes).map_err(io::Error::other)?;
        let lines: Vec<String> = text.split('\n').map(output::escaped).collect();
        let written = self.to.write_all(lines.join("\n").as_bytes());
        self.gone |=
            matches!(&written, Err(it) if it.kind() == io::ErrorKind::BrokenPipe);
        written.map(|()| bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.to.flush()
    }
}
