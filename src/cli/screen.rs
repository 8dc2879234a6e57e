//! `cairn` alone: the terminal program.

use std::{
    io::{self, IsTerminal as _},
    net::SocketAddr,
};

use clap::{Args, builder::BoolishValueParser};

use super::{
    Failure, Workplace,
    failure::Kind,
    settings::Settings,
    workplace::{demo_home, surroundings},
};
use crate::{
    clinic::{self, Session},
    net::Relay,
    tui::{self, Program, Sharing, Stopped},
};

/// How the screen takes part in the exchange with the clinic's other machines.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "The exchange, while the screen is open")]
pub(super) struct SharingModes {
    /// Where others reach this machine [default: every network card, a port of its own]
    #[arg(long, env = "CAIRN_BIND", value_name = "ADDR")]
    bind: Option<SocketAddr>,
    /// Neither announce this machine on the local network nor listen for others there
    #[arg(long, env = "CAIRN_NO_MDNS", value_parser = BoolishValueParser::new())]
    no_mdns: bool,
    /// A relay of your own, for machines that cannot reach each other; `public` is a stranger's
    #[arg(long, env = "CAIRN_RELAY", value_name = "URL")]
    relay: Option<Relay>,
}

impl SharingModes {
    /// What is said here; where nothing is, what the settings of the home say.
    fn sharing(&self, settings: Settings) -> Sharing {
        Sharing {
            bind: self.bind.or(settings.bind),
            mdns: !self.no_mdns && settings.mdns.unwrap_or(true),
            relay: self.relay.clone().or(settings.relay).unwrap_or_default(),
            known: settings.known,
        }
    }
}

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
    Ok(place.global.sharing.sharing(place.settings()?))
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
