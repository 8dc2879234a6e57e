//! `cairn bundle`: what machines lack, carried on a stick.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::{Failure, Output, Workplace, failure::minute};
use crate::{
    clinic::{BundleOrder, BundleTaken, Session, Why},
    ledger::{self, Break},
    sync::bundle::{FILE_BYTES_MAX, Manifest},
    time::Timestamp,
};

/// Carry what machines lack from one to the other on a stick.
#[derive(Debug, Subcommand)]
pub(super) enum Bundle {
    Make(Make),
    Take(Take),
}

/// Write what other machines lack onto a stick
///
/// The files are sealed to those machines: whoever finds the stick learns nothing. They hold
/// what the machines are not known to have; all of it with --full, or where one was never met.
#[derive(Debug, Args)]
#[command(
    after_long_help = "JSON: {file, files, envelopes, bytes, full}. `file` is the first of \
                       `files`; more than one where a file would be larger than a stick can \
                       hold."
)]
pub(super) struct Make {
    /// The folder to write to: the stick
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    #[command(flatten)]
    to: Receiver,
    /// Everything, not only what they are not known to have
    #[arg(long)]
    full: bool,
    /// The largest file, in MiB; no more than FAT32 can hold
    #[arg(long, value_name = "MIB", value_parser = clap::value_parser!(u64).range(2..=4096))]
    part_size: Option<u64>,
}

#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
struct Receiver {
    /// For one machine, by its name
    #[arg(long = "for", value_name = "MACHINE")]
    one: Option<String>,
    /// For all other machines of the clinic
    #[arg(long)]
    all: bool,
}

/// Take in what came on a stick
///
/// Taking the same in again changes nothing. Where a stick is pulled too early or a file is
/// damaged, what came before is kept; take it again to go on. Someone must be signed in: the
/// key that opens a bundle is this machine's, and only its users can use it.
#[derive(Debug, Args)]
#[command(
    after_long_help = "JSON: {new, known, refused: [{log, lane, seq, why}], bundles: [{file, \
                       from, machine, made, part, of, new, known}], passed_over: [file]}. \
                       `refused` names the first of each log and lane that was not kept; \
                       `passed_over` what was made for other machines."
)]
pub(super) struct Take {
    /// Bundles, in any order; those made for other machines are passed over
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
}

/// What was taken of the bundles that were named.
#[derive(Default)]
struct Tally {
    new: u64,
    known: u64,
    refused: Vec<Value>,
    bundles: Vec<Value>,
    passed_over: Vec<String>,
    lines: Vec<String>,
    gap: bool,
}

impl Bundle {
    pub(super) fn run(self, place: &Workplace, output: Output) -> Result<(), Failure> {
        match self {
            Self::Make(it) => place.signed_in(|session| it.run(session, output)),
            Self::Take(it) => place.signed_in(|session| it.run(session, output)),
        }
    }
}

impl Make {
    fn run(&self, session: &mut Session, output: Output) -> Result<(), Failure> {
        let to = self.to.one.as_deref().map(|it| session.machine_named(it));
        let part = self.part_size.map(|it| it.saturating_mul(1024 * 1024));
        let order = BundleOrder {
            to: to.transpose()?,
            full: self.full,
            file_bytes_max: part.unwrap_or(FILE_BYTES_MAX).min(FILE_BYTES_MAX),
        };
        let told = &mut |done, all| {
            output.progress(&format!("{done} of {all} bytes; leave the stick in"));
        };
        let made = session.bundle_make(&order, &self.out, told);
        output.progress("");
        let made = made?;
        let files: Vec<String> = made
            .files
            .iter()
            .map(|it| it.display().to_string())
            .collect();
        let mut lines = files.clone();
        let what = if made.full { ", everything" } else { "" };
        lines.push(format!(
            "envelopes: {}, bytes: {}{what}",
            made.envelopes, made.bytes
        ));
        if made.full && !self.full {
            let unheard = made.unheard.iter().map(|it| session.machine_name(*it));
            let unheard = unheard.collect::<Vec<_>>().join(", ");
            lines.push(format!("machines never heard of: {unheard}"));
        }
        lines.push("the stick can be pulled out now".to_owned());
        let document = json!({
            "file": files.first(),
            "files": files,
            "envelopes": made.envelopes,
            "bytes": made.bytes,
            "full": made.full,
        });
        output.result(&document, &lines)
    }
}

impl Take {
    fn run(&self, session: &mut Session, output: Output) -> Result<(), Failure> {
        let mut opened = Vec::new();
        let mut tally = Tally::default();
        for file in &self.files {
            match session.bundle_manifest(file)? {
                Some(manifest) => opened.push((manifest, file.as_path())),
                None => tally.pass_over(file),
            }
        }
        if let (true, Some(file)) = (opened.is_empty(), self.files.first()) {
            let what = format!("`{}`: not made for this machine", file.display());
            return Err(Failure::refused(what)
                .hint("ask for one made with --all, or --for this machine"));
        }
        // Those that were made together in their order: what follows needs what it follows.
        opened.sort_by_key(|(it, _)| (it.made, it.part));
        for (_, file) in &opened {
            let told = &mut |read, of| {
                output.progress(&format!("{read} of {of} envelopes; leave the stick in"));
            };
            let taken = session.bundle_take(file, told);
            output.progress("");
            let taken = taken?;
            let maker = session.machine_name(taken.manifest.maker());
            tally.add((file, &maker), &taken, session.moment().at);
            if let Some(broken) = taken.broken {
                let what = format!("`{}` was not taken to its end", file.display());
                return Err(Failure::refused(what)
                    .because(broken.to_string())
                    .hint("what came before is kept; take it again, or have it made anew")
                    .document(tally.document()));
            }
        }
        let missing = missing_parts(&opened);
        let document = tally.document();
        tally.lines.extend(missing);
        tally.lines.extend(tally.gap.then(|| {
            "hint: something before is missing here; ask for one made with --full"
                .to_owned()
        }));
        tally
            .lines
            .push("the stick can be pulled out now".to_owned());
        output.result(&document, &tally.lines)
    }
}

impl Tally {
    /// What others on the stick are meant to take.
    fn pass_over(&mut self, file: &Path) {
        let file = file.display().to_string();
        self.lines
            .push(format!("`{file}`: not made for this machine"));
        self.passed_over.push(file);
    }

    fn add(&mut self, (file, maker): (&Path, &str), taken: &BundleTaken, now: Timestamp) {
        let Manifest { made, part, .. } = taken.manifest;
        let from = taken.manifest.maker();
        self.new += taken.new;
        self.known += taken.known;
        let of_clinic = if taken.revoked { ", since revoked" } else { "" };
        self.lines.push(format!(
            "`{}`: {} by machine {maker}{of_clinic}",
            file.display(),
            age(made, now)
        ));
        self.lines.push(format!(
            "  new: {}, here already: {}, refused: {}",
            taken.new,
            taken.known,
            taken.refused.len()
        ));
        for refused in &taken.refused {
            let place = refused.place;
            let why = refused.why.to_string();
            self.lines.push(format!(
                "  from envelope {} of log {:?}, {:?}: {why}",
                place.seq, place.log, place.lane
            ));
            self.gap |= is_gap(refused.why);
            self.refused.push(json!({
                "log": place.log.to_string(),
                "lane": place.lane.number(),
                "seq": place.seq,
                "why": why,
            }));
        }
        self.bundles.push(json!({
            "file": file.display().to_string(),
            "from": from.to_string(),
            "machine": maker,
            "made": minute(made),
            "part": part.number,
            "of": part.of,
            "new": taken.new,
            "known": taken.known,
        }));
    }

    fn document(&self) -> Value {
        json!({
            "new": self.new,
            "known": self.known,
            "refused": self.refused,
            "bundles": self.bundles,
            "passed_over": self.passed_over,
        })
    }
}

const fn is_gap(why: Why) -> bool {
    matches!(why, Why::Envelope(ledger::Error::Chain(Break::Gap { .. })))
}

/// Of bundles in several parts, which were not named.
fn missing_parts(opened: &[(Manifest, &Path)]) -> Vec<String> {
    let mut lines = Vec::new();
    for (manifest, file) in opened {
        let part = manifest.part;
        let there = opened
            .iter()
            .filter(|(it, _)| it.part.bundle == part.bundle);
        let there = there.count();
        if part.of as usize > there {
            lines.push(format!(
                "`{}` is part {} of {}: take the others too",
                file.display(),
                part.number,
                part.of
            ));
        }
    }
    lines
}

/// How long ago a bundle was made, by both clocks.
fn age(made: Timestamp, now: Timestamp) -> String {
    const MINUTE_MS: i64 = 60_000;
    let minutes = now.ms_since(made) / MINUTE_MS;
    let when = minute(made);
    match minutes {
        ..0 => format!("made on {when} by a clock that is ahead of this one,"),
        0..=1 => format!("made just now ({when})"),
        2..=120 => format!("made {minutes} minutes ago ({when})"),
        121..=2880 => format!("made {} hours ago ({when})", minutes / 60),
        _ => format!("made {} days ago ({when})", minutes / 60 / 24),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(minutes: i64, expected: &str) {
        let made = Timestamp(1_780_000_000_000);
        let said = age(made, made.plus_ms(minutes * 60_000));
        assert!(said.starts_with(expected), "{said}");
    }

    #[test]
    fn a_bundle_says_how_old_it_is() {
        check(0, "made just now (2026-05-28");
        check(90, "made 90 minutes ago");
        check(600, "made 10 hours ago");
        check(3 * 24 * 60, "made 3 days ago (2026-05-28");
        check(-60, "made on 2026-05-28");
    }
}
