//! `cairn` alone: the terminal program.

use std::io::{self, IsTerminal as _};

use super::{
    Failure, Workplace,
    failure::Kind,
    workplace::{demo_home, surroundings},
};
use crate::{
    clinic::{self, Session},
    tui::{self, Program, Stopped},
};

/// Opens the screen: the clinic of the home, locked, or the first start.
pub(super) fn open(place: &Workplace) -> Result<(), Failure> {
    Ok(program(place)?.open()?)
}

/// Opens the screen of a clinic into which `enter` signs someone.
pub(super) fn open_signed_in(
    place: &Workplace,
    enter: impl FnOnce() -> Result<Session, clinic::Error>,
) -> Result<(), Failure> {
    Ok(program(place)?.open_signed_in(enter)?)
}

/// Refuses where nobody could see the screen.
pub(super) fn needs_terminal() -> Result<(), Failure> {
    if io::stdin().is_terminal() && io::stdout().is_terminal() {
        return Ok(());
    }
    Err(Failure::usage("the screen needs a terminal")
        .hint("use a command instead: see `cairn --help`"))
}

fn program(place: &Workplace) -> Result<Program, Failure> {
    let modes = &place.global.screen;
    needs_terminal()?;
    Ok(Program {
        home: place.home.clone(),
        demo_home: demo_home()?,
        lang: modes.lang,
        mono: modes.mono,
        ascii: modes.ascii,
        mouse: !modes.no_mouse,
        surroundings,
    })
}

impl From<Stopped> for Failure {
    fn from(stopped: Stopped) -> Self {
        match stopped {
            Stopped::Clinic(error) => error.into(),
            Stopped::Screen(tui::Error::Terminal(error)) => {
                Self::new(Kind::Internal, "the terminal cannot be used")
                    .because(error.to_string())
                    .hint("try another terminal, or a command: see `cairn --help`")
            }
            Stopped::Screen(tui::Error::Crashed) => super::crash::failure(),
        }
    }
}
