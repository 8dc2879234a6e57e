//! The command line: one subcommand a file, and the contract that they share. Results go to
//! stdout, everything else to stderr; the exit code says what kind of end it was.

mod adopt;
mod alerts;
mod allergy;
mod audit;
mod backup;
mod bundle;
mod card;
mod consent;
mod crash;
mod demo;
mod device;
mod disclosures;
mod emergency;
mod export;
mod failure;
mod guest;
mod immunization;
mod import;
mod init;
mod join;
mod log;
mod medication;
mod output;
mod paper;
mod passphrase;
mod patient;
mod peers;
mod problem;
mod proposal;
mod reach;
mod received;
mod reference;
mod referral;
mod restricted;
mod review;
mod screen;
mod serve;
mod settings;
mod settle;
mod share;
mod sheet;
mod sync;
mod usage;
mod user;
mod verify;
mod versions;
mod view;
mod visit;
mod vitals;
mod workplace;

use std::{
    panic::{self, AssertUnwindSafe},
    path::PathBuf,
    process::ExitCode,
};

use clap::{
    ArgAction, ArgMatches, Args, CommandFactory as _, FromArgMatches as _, Parser,
    Subcommand, parser::ValueSource,
};
pub use reference::markdown;

use self::{failure::Failure, output::Output, workplace::Workplace};
use crate::{platform, say::Lang};

/// An offline-first electronic medical record for rural clinics.
#[derive(Debug, Parser)]
#[command(name = "cairn", version, about, max_term_width = 90)]
struct Cli {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: Option<Command>,
}

/// What every command takes, before or after its name.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "For all commands")]
struct Global {
    /// The data folder [default: the platform's data folder + cairn]
    #[arg(long, global = true, env = "CAIRN_HOME", value_name = "DIR")]
    home: Option<PathBuf>,
    /// Who is acting; needed where more than one user is enrolled
    #[arg(long, global = true, env = "CAIRN_USER", value_name = "NAME")]
    user: Option<String>,
    /// A file whose first line is the passphrase; otherwise it is asked for
    #[arg(
        long,
        global = true,
        env = "CAIRN_PASSPHRASE_FILE",
        value_name = "FILE"
    )]
    passphrase_file: Option<PathBuf>,
    /// Why a chart is opened of a patient who is not in care; owners read it
    #[arg(long, global = true, value_name = "REASON")]
    care_reason: Option<String>,
    /// One JSON document on stdout, nothing else
    #[arg(long, global = true)]
    json: bool,
    /// Less on stderr
    #[arg(long, global = true)]
    quiet: bool,
    /// More on stderr and in the log; twice for everything
    #[arg(short, global = true, action = ArgAction::Count)]
    verbose: u8,
    #[command(flatten)]
    screen: ScreenModes,
    #[command(flatten, next_help_heading = "The exchange, while the screen is open")]
    reaching: reach::Reaching,
}

/// How the screen looks and speaks.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "The screen")]
struct ScreenModes {
    /// Language: en, fr or es
    #[arg(
        long,
        global = true,
        env = "CAIRN_LANG",
        value_name = "LANG",
        value_parser = spoken
    )]
    lang: Option<Lang>,
    /// No colour
    #[arg(long, global = true)]
    mono: bool,
    /// No characters beyond ASCII in frames and marks
    #[arg(long, global = true)]
    ascii: bool,
    /// Leave clicks to the terminal, which can then copy text; always so over SSH
    #[arg(long, global = true)]
    no_mouse: bool,
}

#[derive(Debug, Subcommand)]
enum Command {
    Demo(demo::Demo),
    Init(init::Init),
    Join(join::Join),
    /// The clinic's machines
    #[command(subcommand)]
    Device(device::Device),
    /// Keep the clinic in a file, and bring it back from one
    #[command(subcommand)]
    Backup(backup::Backup),
    /// The people who use the clinic's machines
    #[command(subcommand)]
    User(user::User),
    /// Register, find, show and change patients
    #[command(subcommand)]
    Patient(patient::Patient),
    /// Visits
    #[command(subcommand)]
    Visit(visit::Visit),
    Vitals(vitals::Vitals),
    /// Problems
    #[command(subcommand)]
    Problem(problem::Problem),
    /// Allergies
    #[command(subcommand)]
    Allergy(allergy::Allergy),
    /// Medications
    #[command(subcommand)]
    Med(medication::Med),
    /// Vaccines
    #[command(subcommand)]
    Immunization(immunization::Immunization),
    /// What a patient agrees to, refuses and withdraws
    #[command(subcommand)]
    Consent(consent::Consent),
    Versions(versions::Versions),
    Settle(settle::Settle),
    #[command(subcommand)]
    Adopt(adopt::Adopt),
    /// Take records in from files
    #[command(subcommand)]
    Import(import::Import),
    /// Write charts into files that other programs read
    #[command(subcommand)]
    Export(export::Export),
    /// Carry what machines lack from one to the other on a stick
    #[command(subcommand)]
    Bundle(bundle::Bundle),
    #[command(subcommand)]
    Card(card::Card),
    #[command(subcommand)]
    Share(share::Share),
    #[command(subcommand)]
    Proposal(proposal::Proposal),
    #[command(subcommand)]
    Referral(referral::Referral),
    #[command(subcommand)]
    Received(received::Received),
    #[command(subcommand)]
    Guest(guest::Guest),
    #[command(subcommand)]
    Restricted(restricted::Restricted),
    Serve(serve::Serve),
    Sync(sync::Sync),
    Peers(peers::Peers),
    Verify(verify::Verify),
    Audit(audit::Audit),
    Disclosures(disclosures::Disclosures),
    Emergency(emergency::Emergency),
    /// Charts that were opened with a reason alone
    #[command(subcommand)]
    Review(review::Review),
}

/// The language of this name, or of a locale such as `fr_CD.UTF-8`.
fn spoken(name: &str) -> Result<Lang, &'static str> {
    Lang::named(name).ok_or("use en, fr or es")
}

/// Runs the program.
pub fn main() -> ExitCode {
    crash::report_faults();
    // Where the system refuses, the files' own modes still keep others out.
    platform::harden_process().unwrap_or_default();
    let parsed = Cli::command()
        .try_get_matches()
        .and_then(|matches| Ok((Cli::from_arg_matches(&matches)?, matches)));
    let (cli, matches) = match parsed {
        Ok(parsed) => parsed,
        Err(error) => return usage::ended(&error),
    };
    let output = Output::new(&cli.global);
    let ended = panic::catch_unwind(AssertUnwindSafe(|| run(cli, &matches, output)));
    match ended.unwrap_or_else(|_payload| Err(crash::failure())) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => output.failed(&failure),
    }
}

fn run(cli: Cli, matches: &ArgMatches, output: Output) -> Result<(), Failure> {
    let home_named = matches.value_source("home") == Some(ValueSource::CommandLine);
    let place = match cli.command {
        Some(Command::Demo(_)) => Workplace::of_demo(cli.global, home_named)?,
        _ => Workplace::new(cli.global)?,
    };
    place.begin_log();
    let ended = match cli.command {
        None => screen::open(&place),
        Some(command) => command.run(&place, output),
    };
    log::ended(&named(matches), &ended);
    ended
}

/// The command's name as it stands in the log, such as `patient add`.
fn named(matches: &ArgMatches) -> String {
    let mut names = Vec::new();
    let mut at = Some(matches);
    while let Some((name, inner)) = at.and_then(ArgMatches::subcommand) {
        names.push(name);
        at = Some(inner);
    }
    names.join(" ")
}

impl Command {
    fn run(self, place: &Workplace, output: Output) -> Result<(), Failure> {
        match self {
            Self::Demo(it) => it.run(place, output),
            Self::Init(it) => it.run(place, output),
            Self::Join(it) => it.run(place, output),
            Self::Device(it) => it.run(place, output),
            Self::Backup(it) => it.run(place, output),
            Self::User(it) => it.run(place, output),
            Self::Patient(it) => it.run(place, output),
            Self::Visit(it) => it.run(place, output),
            Self::Vitals(it) => it.run(place, output),
            Self::Problem(it) => it.run(place, output),
            Self::Allergy(it) => it.run(place, output),
            Self::Med(it) => it.run(place, output),
            Self::Immunization(it) => it.run(place, output),
            Self::Consent(it) => it.run(place, output),
            Self::Versions(it) => it.run(place, output),
            Self::Settle(it) => it.run(place, output),
            Self::Adopt(it) => it.run(place, output),
            Self::Import(it) => it.run(place, output),
            Self::Export(it) => it.run(place, output),
            Self::Bundle(it) => it.run(place, output),
            Self::Card(it) => it.run(place, output),
            Self::Share(it) => it.run(place, output),
            Self::Proposal(it) => it.run(place, output),
            Self::Referral(it) => it.run(place, output),
            Self::Received(it) => it.run(place, output),
            Self::Guest(it) => it.run(place, output),
            Self::Restricted(it) => it.run(place, output),
            Self::Serve(it) => it.run(place, output),
            Self::Sync(it) => it.run(place, output),
            Self::Peers(it) => it.run(place, output),
            Self::Verify(_) => verify::run(place, output),
            Self::Audit(it) => it.run(place, output),
            Self::Disclosures(it) => it.run(place, output),
            Self::Emergency(it) => it.run(place, output),
            Self::Review(it) => it.run(place, output),
        }
    }
}
