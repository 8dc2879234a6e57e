//! `cairn init`: a new clinic on this machine.

use std::{
    fs::{self, File},
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use clap::Args;
use serde_json::json;

use super::{Failure, Output, Workplace, passphrase, workplace};
use crate::{
    clinic::{Clinic, Founding},
    platform::{self, Opening},
    say::Say,
    seal::words::PaperWords,
};

/// Make a new clinic on this machine
///
/// The user named by --user is its owner. The 24 paper words bring the clinic back when every
/// owner's passphrase is lost: write them down, they are in no other place.
#[derive(Debug, Args)]
#[command(after_long_help = "JSON: {clinic, device, user}")]
pub(super) struct Init {
    /// The clinic's name
    #[arg(long, value_name = "NAME")]
    clinic: String,
    /// The first user's role: a clinic begins with its owner
    #[arg(long, default_value = "owner", value_parser = ["owner"])]
    role: String,
    /// What this machine is called [default: Computer 1, in your language]
    #[arg(long, value_name = "NAME")]
    machine: Option<String>,
    /// Write the paper words to this new file instead of showing them
    #[arg(long, value_name = "FILE")]
    words_file: Option<PathBuf>,
}

impl Init {
    pub(super) fn run(self, place: &Workplace, output: Output) -> Result<(), Failure> {
        let user = place.global.user.clone().ok_or_else(|| {
            Failure::usage("the owner's name is missing")
                .hint("name the clinic's first owner with --user")
        })?;
        let file = place.global.passphrase_file.as_deref();
        let founding = Founding {
            machine: self.machine(place),
            clinic: self.clinic.clone(),
            passphrase: passphrase::new(file, &user)?,
            user,
        };
        // Before anything else: without a place for the words there is to be no clinic.
        let file = self.words_file.as_deref().map(new_file).transpose()?;
        let mut is_kept = false;
        let keep = |words: &PaperWords| {
            let sheet = words.words().join(" ");
            match (&self.words_file, file) {
                (Some(path), Some(file)) => write(path, file, &sheet)?,
                _ => show(&sheet, output)?,
            }
            is_kept = true;
            Ok(())
        };
        let around = workplace::surroundings();
        let made = Clinic::create(&place.home, founding, around, keep);
        let clinic = made.inspect_err(|_error| {
            if let Some(path) = self.words_file.as_ref().filter(|_| !is_kept) {
                fs::remove_file(path).unwrap_or_default();
            }
        })?;
        place.begin_log();
        let ready = format!("{} is ready in {}", self.clinic, place.home.display());
        let document = json!({
            "clinic": clinic.id().to_string(),
            "device": clinic.device().to_string(),
            "user": clinic.users()?.first().map(|it| it.user.to_string()),
        });
        output.result(&document, &[ready])
    }

    fn machine(&self, place: &Workplace) -> String {
        let say = Say::new(place.global.screen.lang.unwrap_or_default());
        let named = self.machine.clone();
        named.unwrap_or_else(|| say.with("machine-number", &[("n", "1".into())]))
    }
}

pub(super) fn new_file(path: &Path) -> Result<File, Failure> {
    platform::open_private(path, Opening::New).map_err(|error| {
        Failure::refused(format!("cannot make `{}`", path.display()))
            .because(error.to_string())
            .hint("name a file that is not there yet with --words-file")
    })
}

pub(super) fn write(path: &Path, mut file: File, sheet: &str) -> io::Result<()> {
    writeln!(file, "{sheet}")?;
    file.sync_all()?;
    let folder = path.parent().filter(|it| !it.as_os_str().is_empty());
    platform::sync_folder(folder.unwrap_or(Path::new(".")))
}

fn show(sheet: &str, output: Output) -> io::Result<()> {
    if output.is_json() {
        return writeln!(io::stderr(), "paper words: {sheet}");
    }
    let mut out = io::stdout().lock();
    writeln!(out, "Paper words, for two sheets in two sealed envelopes:")?;
    writeln!(out, "{sheet}")?;
    out.flush()
}
