//! `cairn backup`: all that this machine holds in one sealed file, and a new machine made of
//! such a file.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use serde_json::json;

use super::{
    Failure, Output, Workplace, output, paper::Paper, passphrase, workplace::surroundings,
};
use crate::clinic::{Clinic, Restorer, Session};

/// After how many envelopes the progress is shown again.
const SHOW_EVERY: u64 = 1000;

/// Keep the clinic in a file, and bring it back from one.
#[derive(Debug, Subcommand)]
pub(super) enum Backup {
    Make(Make),
    Restore(Restore),
}

/// Write all that this machine holds into a new file, sealed to the owners and the paper words
#[derive(Debug, Args)]
#[command(after_long_help = "JSON: {file, envelopes, bytes}")]
pub(super) struct Make {
    /// The file to make
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

/// Make a new machine of a backup, in an empty folder
#[derive(Debug, Args)]
#[command(after_long_help = "\
JSON: {clinic, device, users: [NAME], envelopes, refused, caught_up}

An owner's passphrase opens the backup.
With the paper words no passphrase is needed: --user names an owner who is let in with them.
The machine is a new one of the clinic. Owners sign in on it, and whom one of them lets in \
there with `cairn user admit`.")]
pub(super) struct Restore {
    /// The backup
    file: PathBuf,
    /// Open it with the paper words instead of an owner's passphrase
    #[arg(long)]
    paper: bool,
    #[command(flatten)]
    words: Paper,
    /// With the paper words: a file whose first line is the new owner's passphrase
    #[arg(long, value_name = "FILE")]
    new_passphrase_file: Option<PathBuf>,
}

impl Backup {
    pub(super) fn run(self, place: &Workplace, output: Output) -> Result<(), Failure> {
        match self {
            Self::Make(it) => place.signed_in(|session| it.run(session, output)),
            Self::Restore(it) => it.run(place, output),
        }
    }
}

impl Make {
    fn run(self, session: &mut Session, output: Output) -> Result<(), Failure> {
        let made = session.backup_make(&self.out, &mut progress(output))?;
        output.progress("");
        let file = self.out.display().to_string();
        let document =
            json!({ "file": file, "envelopes": made.envelopes, "bytes": made.bytes });
        let line = format!("{} changes in {} bytes: {file}", made.envelopes, made.bytes);
        output.result(&document, &[line])
    }
}

impl Restore {
    fn run(self, place: &Workplace, output: Output) -> Result<(), Failure> {
        let way;
        let (paper, name, secret);
        if self.paper || self.words.is_given() {
            name = place.global.user.clone().ok_or_else(|| {
                Failure::usage("the new owner's name is missing")
                    .hint("name the owner who is let in by the paper words with --user")
            })?;
            paper = self.words.words()?;
            secret = passphrase::new(self.new_passphrase_file.as_deref(), &name)?;
            way = Restorer::Paper(&paper, (&name, &secret));
        } else {
            secret = place.passphrase("Passphrase of an owner: ")?;
            way = Restorer::Passphrase(&secret);
        }
        let (clinic, restored) = Clinic::restore(
            &place.home,
            &self.file,
            &way,
            surroundings(),
            &mut progress(output),
        )?;
        output.progress("");
        place.begin_log();
        let users: Vec<String> = clinic.users()?.into_iter().map(|it| it.name).collect();
        let document = json!({
            "clinic": clinic.id().to_string(),
            "device": clinic.device().to_string(),
            "users": users,
            "envelopes": restored.envelopes,
            "refused": restored.refused,
            "caught_up": clinic.is_caught_up()?,
        });
        let line = format!(
            "{} is in {} as a new machine; who can sign in: {}",
            clinic.name(),
            place.home.display(),
            users.join(", "),
        );
        output::insist(NOT_CAUGHT_UP);
        output.result(&document, &[line])
    }
}

/// What is said until a machine that was made of a backup met another one.
pub(super) const NOT_CAUGHT_UP: &str = "note: made of a backup and not caught up: what was \
    written after it comes when this machine meets another one of the clinic";

fn progress(output: Output) -> impl FnMut(u64, u64) {
    move |done, of| {
        if done.is_multiple_of(SHOW_EVERY) {
            output.progress(&format!("{done} of {of}"));
        }
    }
}
