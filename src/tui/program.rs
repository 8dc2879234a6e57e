//! The terminal program as a whole: what it opens with, and its end.

use std::{path::PathBuf, sync::Arc, time::Duration};

use super::{
    Error, Options,
    backend::{Bench, backend, entering_first},
    network::Sharing,
    run::Stage,
    terminal,
    theme::Scheme,
};
use crate::{
    app::{Model, Setting},
    clinic::{self, Clinic, Session, Surroundings},
    say::Lang,
    seal::{Entropy as _, OsEntropy},
    store,
    time::Clock,
};

/// What the program is opened with.
#[derive(Debug)]
pub struct Program {
    /// The folder of the clinic.
    pub home: PathBuf,
    /// The folder in which the demo clinic is made.
    pub demo_home: PathBuf,
    /// The language that was asked for, before that of the surroundings.
    pub lang: Option<Lang>,
    /// Whether no colours are wanted.
    pub mono: bool,
    /// Whether only ASCII is wanted.
    pub ascii: bool,
    /// Whether clicks are wanted.
    pub mouse: bool,
    /// Makes what a clinic takes from outside.
    pub surroundings: fn() -> Surroundings,
    /// How the clinic takes part in the exchange with its other machines.
    pub sharing: Sharing,
}

/// Why the program could not be opened, or ended before its time.
#[derive(Debug, thiserror::Error)]
pub enum Stopped {
    /// The clinic cannot be opened.
    #[error(transparent)]
    Clinic(#[from] clinic::Error),
    /// The terminal cannot be used, or a fault of the program.
    #[error(transparent)]
    Screen(#[from] Error),
}

/// Minutes without a key before the machine locks: that of a desk that many pass.
const IDLE_MINUTES: u16 = 2;
/// At the end, the session is given so long to end in order. What is not done then is caught
/// up with at the next start.
const ENDING: Duration = Duration::from_secs(5);

impl Program {
    /// Opens the clinic of the home, locked; without one, the first start.
    pub fn open(self) -> Result<(), Stopped> {
        let (home, around) = (self.home.clone(), self.surroundings);
        self.run(move || match Clinic::open(&home, around()) {
            Ok(clinic) => Ok((Some(clinic), None)),
            Err(clinic::Error::Store(store::Error::NotAHome { .. })) => Ok((None, None)),
            Err(error) => Err(error),
        })
    }

    /// Opens a clinic into which `enter` signs someone, as in the demo.
    pub fn open_signed_in(
        self,
        enter: impl FnOnce() -> Result<Session, clinic::Error>,
    ) -> Result<(), Stopped> {
        self.run(|| {
            let session = enter()?;
            Ok((Some(Arc::clone(session.clinic())), Some(session)))
        })
    }

    /// A large clinic takes a moment to open: a frame says so first.
    fn run(
        self,
        opening: impl FnOnce()
            -> Result<(Option<Arc<Clinic>>, Option<Session>), clinic::Error>,
    ) -> Result<(), Stopped> {
        let around = terminal::Surroundings::read();
        let scheme = self.mono.then_some(Scheme::Mono);
        let options = Options {
            theme: around.theme(scheme, self.ascii),
            clock: Clock::Machine,
            second_screen: around.has_second_screen(),
            mouse: self.mouse && around.has_mouse(),
            marks: around.marks,
        };
        let setting = Setting {
            lang: self.lang.unwrap_or_else(|| around.lang()),
            size: super::terminal_size(),
            random: random_number(),
            idle_minutes: IDLE_MINUTES,
            now: Clock::Machine.moment(),
        };
        let stage = Stage::enter(options, &setting)?;
        let (clinic, session) = opening()?;
        let (model, first) = match (&clinic, &session) {
            (_, Some(session)) => Model::signed_in(setting, entering_first(session)),
            (Some(clinic), None) => Model::locked(setting, clinic.name()),
            (None, None) => (Model::first_start(setting), Vec::new()),
        };
        let (backend, ended) = backend(Bench {
            home: self.home,
            demo_home: self.demo_home,
            clinic,
            session,
            surroundings: self.surroundings,
            sharing: self.sharing,
        });
        let ran = stage.run(model, first, backend);
        // Hearing nothing more means that the session has ended.
        let _told = ended.recv_timeout(ENDING);
        Ok(ran?)
    }
}

fn random_number() -> u64 {
    let mut bytes = [0; 8];
    OsEntropy.fill(&mut bytes);
    u64::from_be_bytes(bytes)
}
