//! What the screen, `serve`, `sync` and `peers` have in common: how this machine takes part in
//! the exchange, and what the others are called.

use std::{collections::BTreeMap, io, net::SocketAddr, sync::Arc};

use clap::{Args, builder::BoolishValueParser};
use serde_json::{Value, json};

use super::{
    Failure, Workplace,
    failure::{Kind, minute},
    settings::Settings,
};
use crate::{
    clinic::{Clinic, Machine, Session},
    ids::{DeviceId, Hash},
    net::{self, Options, Relay},
    seal::PublicKey,
    sync::status::{Peer, Reach},
};

/// The fewest digits of an id that stand for it.
const DIGITS_MIN: usize = 6;

/// How this machine takes part.
#[derive(Debug, Clone, Args)]
pub(super) struct Reaching {
    /// Where to listen [default: the settings', or every network card]
    #[arg(long, env = "CAIRN_BIND", value_name = "ADDR")]
    bind: Option<SocketAddr>,
    /// Neither announce this machine on the local network nor listen for others there
    #[arg(long, env = "CAIRN_NO_MDNS", value_parser = BoolishValueParser::new())]
    no_mdns: bool,
    /// Where machines meet that cannot reach each other: `none`, the URL of a relay of your
    /// own, or `public` [default: the settings', or none]
    ///
    /// `public` are the relays and the directory of number 0, who make the transport. They
    /// see that this machine is there, its addresses, and with which others it speaks, when
    /// and how much; never what.
    #[arg(long, env = "CAIRN_RELAY", value_name = "URL")]
    relay: Option<Relay>,
}

impl Reaching {
    /// What is said here; where nothing is, what the settings of the home say.
    pub(super) fn over(&self, settings: Settings) -> Settings {
        Settings {
            bind: self.bind.or(settings.bind),
            mdns: self.no_mdns.then_some(false).or(settings.mdns),
            relay: self.relay.clone().or(settings.relay),
            known: settings.known,
        }
    }

    /// The same, for the driver.
    pub(super) fn options(
        &self,
        place: &Workplace,
        clinic: &Clinic,
    ) -> Result<Options, Failure> {
        let settings = self.over(place.settings()?);
        Ok(Options {
            known: settings.known(clinic),
            bind: settings.bind,
            mdns: settings.mdns.unwrap_or(true),
            relay: settings.relay.unwrap_or_default(),
            ..Options::default()
        })
    }
}

impl Workplace {
    /// Does the work in the clinic, signed in where a passphrase file is named and locked
    /// otherwise: what is sealed moves either way.
    pub(super) fn signed_in_or_locked(
        &self,
        work: impl FnOnce(&Arc<Clinic>, Option<&mut Session>) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        if self.global.passphrase_file.is_none() {
            return work(&self.clinic()?, None);
        }
        self.signed_in(|session| {
            let clinic = Arc::clone(session.clinic());
            work(&clinic, Some(session))
        })
    }
}

/// The clinic's other machines by what they are called: names where somebody is signed in,
/// ids otherwise.
pub(super) struct Called {
    names: BTreeMap<DeviceId, String>,
    machines: Vec<Machine>,
}

impl Called {
    pub(super) fn by(clinic: &Clinic, session: Option<&Session>) -> Self {
        let named = session
            .and_then(|it| it.machines().ok())
            .unwrap_or_default();
        let named = named.into_iter().filter(|it| !it.name.is_empty());
        let machines = clinic.machines().into_iter().filter(|it| !it.here);
        Self {
            names: named.map(|it| (it.device, it.name)).collect(),
            machines: machines.collect(),
        }
    }

    pub(super) fn machines(&self) -> &[Machine] {
        &self.machines
    }

    pub(super) fn name(&self, device: DeviceId) -> String {
        let name = self.names.get(&device).cloned();
        name.unwrap_or_else(|| device.to_string())
    }

    /// The machine of this name, or of an id that begins so.
    pub(super) fn find(&self, text: &str) -> Result<DeviceId, Failure> {
        let lower = text.to_lowercase();
        let named = self
            .names
            .iter()
            .filter(|(_, name)| name.to_lowercase() == lower);
        let mut found: Vec<DeviceId> = named.map(|(device, _)| *device).collect();
        if found.is_empty() && lower.len() >= DIGITS_MIN {
            let devices = self.machines.iter().map(|it| it.device);
            found = devices
                .filter(|it| it.to_string().starts_with(&lower))
                .collect();
        }
        match *found {
            [only] => Ok(only),
            [] => Err(Failure::refused(format!("there is no machine {text}"))
                .hint("see what the machines are called: `cairn peers`")),
            _ => Err(
                Failure::refused(format!("several machines are called {text}"))
                    .hint("name it by its id: `cairn peers`, without signing in"),
            ),
        }
    }

    /// A row of `cairn peers`.
    pub(super) fn row(&self, peer: &Peer) -> Value {
        let machine = self.machines.iter().find(|it| it.device == peer.device);
        json!({
            "name": self.name(peer.device),
            "endpoint": machine.and_then(|it| it.endpoint).map(key_text),
            "last_met": peer.last_met.map(minute),
            "behind": peer.behind,
            "ahead": peer.ahead,
            "state": state(peer.state),
        })
    }
}

/// The addresses of a HOST:PORT that somebody typed.
pub(super) fn addresses(typed: &str) -> Result<Vec<SocketAddr>, Failure> {
    net::resolve(typed).map_err(|error| {
        let what = format!("there is no address {typed}");
        let failure = if error.kind() == io::ErrorKind::InvalidInput {
            Failure::usage(what)
        } else {
            Failure::new(Kind::Network, what)
        };
        failure
            .because(error.to_string())
            .hint("type it as the other machine shows it, such as 192.168.1.7:51234")
    })
}

/// The key of an endpoint, in hexadecimal.
pub(super) fn key_text(key: PublicKey) -> String {
    Hash::from_bytes(*key.as_bytes()).to_string()
}

/// What goes on with a machine, in one word.
pub(super) const fn state(reach: Reach) -> &'static str {
    match reach {
        Reach::InStep => "in_step",
        Reach::Exchanging => "exchanging",
        Reach::NotInReach => "not_in_reach",
        Reach::Revoked => "revoked",
        Reach::NotKnown => "not_known",
        Reach::Disk => "disk",
        Reach::OtherProgram => "other_program",
        Reach::Unsound => "unsound",
    }
}
