//! `cairn import`: records from files.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::{Failure, Output, Workplace};
use crate::clinic::{Error, Imported, Progress, SkippedEntry, Source};

/// Take records in from files.
#[derive(Debug, Subcommand)]
pub(super) enum Import {
    Fhir(Fhir),
}

/// Take in FHIR R4: Bundles, single resources, NDJSON
///
/// A file that cannot be read as a whole refuses all of them and changes nothing. An entry that
/// cannot be taken is skipped, with its place and the reason. Taking the same in again adds
/// nothing.
#[derive(Debug, Args)]
#[command(
    after_long_help = "JSON: {files, patients, resources: {Type: count}, skipped: [{file, \
                       place, resource, why}], matched: [{resource, count}], left_out: \
                       [{file, place, resource, why}]}. `patients` and `resources` count \
                       what was added, `matched` what was there; `left_out` are fields \
                       that could not be read of entries that were taken."
)]
pub(super) struct Fhir {
    /// Files, `-` for what comes through a pipe, or folders with *.json and *.ndjson
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// The system whose ids the files hold, where they do not say
    #[arg(long, value_name = "NAME")]
    source: Option<String>,
}

impl Import {
    pub(super) fn run(self, place: &Workplace, output: Output) -> Result<(), Failure> {
        match self {
            Self::Fhir(it) => it.run(place, output),
        }
    }
}

impl Fhir {
    fn run(self, place: &Workplace, output: Output) -> Result<(), Failure> {
        let sources = sources(&self.files)?;
        place.signed_in(|session| {
            let told = &mut |progress| match progress {
                Progress::Checked { entries } => {
                    output.progress(&format!("{entries} entries checked"));
                }
                Progress::Written { entries } => {
                    output.progress(&format!("{entries} entries done"));
                }
            };
            let done = session.import_fhir(&sources, self.source, told);
            output.progress("");
            let done = done.map_err(refused)?;
            output.result(&document(&done), &lines(&done))
        })
    }
}

/// What was named, with the files of a folder in its place.
fn sources(named: &[PathBuf]) -> Result<Vec<Source>, Failure> {
    let mut sources = Vec::new();
    for path in named {
        if path == Path::new("-") {
            if !sources.contains(&Source::Pipe) {
                sources.push(Source::Pipe);
            }
        } else if path.is_dir() {
            let files = files_in(path).map_err(|error| {
                Failure::refused(format!("cannot list `{}`", path.display()))
                    .because(error.to_string())
                    .hint("name the files")
            })?;
            if files.is_empty() {
                let what = format!("no *.json and no *.ndjson in `{}`", path.display());
                return Err(Failure::refused(what).hint("name the files"));
            }
            sources.extend(files.into_iter().map(Source::File));
        } else {
            sources.push(Source::File(path.clone()));
        }
    }
    Ok(sources)
}

/// Files that were not taken, with the place and the rule as the reason.
fn refused(error: Error) -> Failure {
    let Error::Refused(why) = error else {
        return error.into();
    };
    Failure::refused("nothing was taken in")
        .because(why)
        .hint("put the file right or name another, then try again")
}

fn files_in(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let wanted = path
            .extension()
            .is_some_and(|it| it == "json" || it == "ndjson");
        if wanted && path.is_file() {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

fn document(done: &Imported) -> Value {
    let (left_out, skipped): (Vec<&SkippedEntry>, Vec<&SkippedEntry>) =
        done.skipped.iter().partition(|it| it.field_only);
    let entry = |it: &&SkippedEntry| {
        let SkippedEntry {
            file,
            place,
            resource,
            why,
            ..
        } = it;
        json!({ "file": file, "place": place, "resource": resource, "why": why })
    };
    let matched = done.matched.iter();
    let matched =
        matched.map(|(name, count)| json!({ "resource": name, "count": count }));
    json!({
        "files": done.files,
        "patients": done.patients,
        "resources": done.resources,
        "skipped": skipped.iter().map(entry).collect::<Vec<_>>(),
        "matched": matched.collect::<Vec<_>>(),
        "left_out": left_out.iter().map(entry).collect::<Vec<_>>(),
    })
}

fn lines(done: &Imported) -> Vec<String> {
    let added: u64 = done.resources.values().sum();
    let there: u64 = done.matched.values().sum();
    let skipped = done.skipped.iter().filter(|it| !it.field_only).count();
    let Imported {
        files, patients, ..
    } = done;
    let mut lines = vec![
        format!("files: {files}, new patients: {patients}"),
        format!("entries added: {added}, there already: {there}, skipped: {skipped}"),
    ];
    lines.extend(
        done.resources
            .iter()
            .map(|(name, count)| format!("  {name} {count}")),
    );
    lines.extend(done.skipped.iter().map(|it| {
        let what = if it.field_only {
            "left out of"
        } else {
            "skipped"
        };
        format!(
            "  {what} {} at {} in {}: {}",
            it.resource, it.place, it.file, it.why
        )
    }));
    lines
}
