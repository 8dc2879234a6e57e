//! `cairn demo`: an invented clinic to try things out in.

use std::path::Path;

use clap::Args;
use serde_json::json;

use super::{Failure, Output, Workplace, screen, workplace::surroundings};
use crate::{
    clinic::{
        self, Clinic, DemoClinic, DemoPlan, Session, demo_begun, demo_passphrase,
        demo_passphrase_file, make_demo,
    },
    demo,
    store::Home,
};

/// Make an invented clinic and open it, signed in
///
/// It stands in a folder of its own, `cairn-demo` beside the clinic's, or in the one that
/// --home names. One that is there already is opened as it is; one whose making was broken
/// off is finished first.
#[derive(Debug, Args)]
#[command(after_long_help = "JSON: {home, user, passphrase_file, patients, visits}")]
pub(super) struct Demo {
    /// How many patients [default: 200]
    #[arg(long, value_name = "N")]
    patients: Option<u32>,
    /// What chance starts from: the same seed makes the same people [default: 1]
    #[arg(long, value_name = "S")]
    seed: Option<u64>,
    /// Only make it
    #[arg(long)]
    no_open: bool,
}

impl Demo {
    pub(super) fn run(self, place: &Workplace, output: Output) -> Result<(), Failure> {
        let is_plain = self.patients.is_none() && self.seed.is_none() && !self.no_open;
        if !self.no_open {
            screen::needs_terminal()?;
        }
        if Home::is_one(&place.home) && !self.goes_on(&place.home) {
            if !is_plain {
                return Err(taken(&place.home));
            }
            let passphrase =
                demo_passphrase(&place.home).ok_or_else(|| taken(&place.home))?;
            return screen::open_signed_in(place, || enter(&place.home, &passphrase));
        }
        let made = self.make(&place.home, output)?;
        place.begin_log();
        if self.no_open {
            report(&place.home, &made, output)?;
            return Ok(());
        }
        screen::open_signed_in(place, move || {
            made.clinic.sign_in(made.owner, &made.passphrase)
        })
    }

    /// Whether what was asked for is the demo in this home whose making was broken off.
    fn goes_on(&self, home: &Path) -> bool {
        demo_begun(home).is_some_and(|begun| {
            self.patients.is_none_or(|it| it == begun.patients)
                && self.seed.is_none_or(|it| it == begun.seed)
        })
    }

    fn make(&self, home: &Path, output: Output) -> Result<DemoClinic, Failure> {
        let usual = demo_begun(home).unwrap_or(DemoPlan::USUAL);
        let plan = DemoPlan {
            patients: self.patients.unwrap_or(usual.patients),
            seed: self.seed.unwrap_or(usual.seed),
        };
        let told =
            |done| output.progress(&format!("{done} of {} patients", plan.patients));
        let made = make_demo(home, plan, surroundings(), told);
        output.progress("");
        Ok(made?)
    }
}

fn taken(home: &Path) -> Failure {
    Failure::refused(format!("there is a clinic in `{}` already", home.display()))
        .hint("open a demo with `cairn demo` alone, or name a new folder with --home")
}

/// Signs the owner of the demo that is there in.
fn enter(home: &Path, passphrase: &str) -> Result<Session, clinic::Error> {
    let clinic = Clinic::open(home, surroundings())?;
    let owner = clinic.users()?.into_iter().next();
    let owner =
        owner.ok_or_else(|| clinic::Error::Missing("owner of the demo".to_owned()))?;
    clinic.sign_in(owner.user, passphrase)
}

fn report(home: &Path, made: &DemoClinic, output: Output) -> Result<(), Failure> {
    let [owner, ..] = demo::USERS;
    let file = demo_passphrase_file(home);
    let document = json!({
        "home": home.to_string_lossy(),
        "user": owner.name,
        "passphrase_file": file.to_string_lossy(),
        "patients": made.patients,
        "visits": made.visits,
    });
    let lines = [
        format!(
            "{} patients, {} visits in {}",
            made.patients,
            made.visits,
            home.display()
        ),
        format!(
            "sign in as {} with the passphrase in {}",
            owner.name,
            file.display()
        ),
    ];
    output.result(&document, &lines)
}
