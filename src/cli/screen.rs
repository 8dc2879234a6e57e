//! `cairn` alone: the terminal program.

use std::io::{self, IsTerminal as _};

use super::{
    Failure, Workplace,
    failure::Kind,
    workplace::{demo_home, surroundings},
};
use crate::{
    clinic::{self, Session},
    tui::{self, Program, Sharing, Stopped},
};

/// Opens the screen: the clinic of the home, locked, or the first start.
pub(super) fn open(place: &Workplace) -> Result<(), Failure> {
    Ok(program(place, sharing(place)?)?.open()?)
}

/// Opens the screen of a clinic into which `enter` signs someone. It is not announced on the
/// local network.
pub(super) fn open_signed_in(
    place: &Workplace,
    enter: impl FnOnce() -> Result<Session, clinic::Error>,
) -> Result<(), Failure> {
    let quiet = Sharing {
        mdns: false,
        ..sharing(place)?
    };
    Ok(program(place, quiet)?.open_signed_in(enter)?)
}

/// Refuses where nobody could see the screen.
pub(super) fn needs_terminal() -> Result<(), Failure> {
    if io::stdin().is_terminal() && io::stdout().is_terminal() {
        return Ok(());
    }
    Err(Failure::usage("the screen needs a terminal")
        .hint("use a command instead: see `cairn --help`"))
}

fn sharing(place: &Workplace) -> Result<Sharing, Failure> {
    let settings = place.global.reaching.over(place.settings()?);
    Ok(Sharing {
        bind: settings.bind,
        mdns: settings.mdns.unwrap_or(true),
        relay: settings.relay.unwrap_or_default(),
        known: settings.known,
    })
}

fn program(place: &Workplace, sharing: Sharing) -> Result<Program, Failure> {
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
        sharing,
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
