//! Where a command works: the home, who is acting, and the clinic opened for them.

use std::{
    fs,
    io::{self, Read as _},
    path::{Path, PathBuf},
    sync::Arc,
};

use etcetera::{BaseStrategy as _, choose_base_strategy};
use zeroize::Zeroizing;

use super::{
    Global,
    backup::NOT_CAUGHT_UP,
    crash,
    failure::{Failure, Kind},
    log,
    output::{self, Output},
    passphrase,
};
use crate::{
    clinic::{Clinic, Enrolled, Session, Surroundings},
    seal::OsEntropy,
    store::Home,
    time::Clock,
};

/// What is said while nobody began new keys after somebody left.
const EXPOSED: &str = "warning: somebody who no longer belongs holds the newest keys, \
                       until an owner signs in here";

/// The global options, understood.
#[derive(Debug)]
pub(super) struct Workplace {
    pub(super) home: PathBuf,
    pub(super) global: Global,
}

impl Workplace {
    pub(super) fn new(global: Global) -> Result<Self, Failure> {
        let home = match &global.home {
            Some(home) => home.clone(),
            None => data_folder()?.join("cairn"),
        };
        Ok(Self { home, global })
    }

    /// As [`Workplace::new`], for the demo: in the home that the command itself names, or
    /// beside the clinic's own, never in it.
    pub(super) fn of_demo(global: Global, home_named: bool) -> Result<Self, Failure> {
        let home = match &global.home {
            Some(home) if home_named => home.clone(),
            _ => demo_home()?,
        };
        Ok(Self { home, global })
    }

    /// Begins the log of the home, and says where reports of faults go.
    pub(super) fn begin_log(&self) {
        if Home::is_one(&self.home) {
            log::begin(&self.home, self.global.verbose);
            crash::reports_to(self.home.join(log::FOLDER));
        }
    }

    /// The clinic in the home, locked.
    pub(super) fn clinic(&self) -> Result<Arc<Clinic>, Failure> {
        Ok(Clinic::open(&self.home, surroundings())?)
    }

    /// Signs the acting user in, does the work, and signs out whatever became of it, so that
    /// the audit and the caches are complete.
    pub(super) fn signed_in(
        &self,
        work: impl FnOnce(&mut Session) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        let clinic = self.clinic()?;
        let mut session = self.sign_in(&clinic)?;
        let done = work(&mut session);
        if !clinic.is_caught_up()? {
            output::insist(NOT_CAUGHT_UP);
        }
        if session.is_exposed() {
            output::insist(EXPOSED);
        }
        let ended = session.sign_out();
        done?;
        Ok(ended?)
    }

    /// Signs the acting user in.
    pub(super) fn sign_in(&self, clinic: &Arc<Clinic>) -> Result<Session, Failure> {
        let output = Output::new(&self.global);
        let user = self.acting(&clinic.users()?)?;
        let passphrase = self.passphrase(&format!("Passphrase of {}: ", user.name))?;
        let mut session = clinic.sign_in(user.user, &passphrase)?;
        if let Some(why) = &self.global.care_reason {
            session.give_reason(why);
        }
        output.detail(&format!("{} signed in as {}", user.name, user.role.name()));
        Ok(session)
    }

    /// The passphrase from its file, or as typed.
    pub(super) fn passphrase(&self, prompt: &str) -> Result<Zeroizing<String>, Failure> {
        match &self.global.passphrase_file {
            Some(path) => passphrase::from_file(path),
            None => passphrase::typed(prompt),
        }
    }

    fn acting(&self, users: &[Enrolled]) -> Result<Enrolled, Failure> {
        let all: Vec<&str> = users.iter().map(|it| it.name.as_str()).collect();
        let all = all.join(", ");
        match (&self.global.user, users) {
            (_, []) => Err(Failure::new(
                Kind::NotPermitted,
                "nobody signs in on this machine",
            )
            .because("it is a mailbox, which keeps only what is sealed")
            .hint("use another machine of the clinic, or name another home with --home")),
            (Some(name), _) => {
                let named = users.iter().find(|it| it.name == *name);
                named.cloned().ok_or_else(|| {
                    let what = format!("{name} is not enrolled on this machine");
                    Failure::new(Kind::NotPermitted, what)
                        .hint(format!("enrolled are: {all}"))
                })
            }
            (None, [only]) => Ok(only.clone()),
            (None, _) => Err(Failure::usage("more than one user is enrolled here")
                .hint(format!("say who with --user: {all}"))),
        }
    }
}

/// The machine's clock and randomness.
pub(super) fn surroundings() -> Surroundings {
    Surroundings {
        clock: Clock::Machine,
        entropy: Box::new(OsEntropy),
        work: None,
    }
}

/// Where the demo clinic stands.
pub(super) fn demo_home() -> Result<PathBuf, Failure> {
    Ok(data_folder()?.join("cairn-demo"))
}

/// The platform's folder for a program's data.
fn data_folder() -> Result<PathBuf, Failure> {
    let strategy = choose_base_strategy().map_err(|error| {
        Failure::usage("the platform's data folder is not known")
            .because(error.to_string())
            .hint("name the home with --home")
    })?;
    Ok(strategy.data_dir())
}

/// The text of a file that a person named, or of stdin for `-`, of at most `bytes_max`.
pub(super) fn read_text(path: &Path, bytes_max: u64) -> Result<String, Failure> {
    let failed = |error: io::Error| {
        Failure::refused(format!("cannot read `{}`", path.display()))
            .because(error.to_string())
            .hint("name a file of plain text in UTF-8")
    };
    let mut text = String::new();
    let read = if path == Path::new("-") {
        io::stdin().take(bytes_max + 1).read_to_string(&mut text)
    } else {
        let file = fs::File::open(path).map_err(failed)?;
        file.take(bytes_max + 1).read_to_string(&mut text)
    };
    if read.map_err(failed)? as u64 > bytes_max {
        let what = format!("`{}` is longer than {bytes_max} bytes", path.display());
        return Err(Failure::refused(what).hint("shorten it"));
    }
    Ok(text)
}
