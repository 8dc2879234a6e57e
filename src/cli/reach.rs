//! What the screen, `serve`, `sync` and `peers` have in common: how this machine takes part in
//! the exchange, and what the others are called.

use std::{collections::BTreeMap, io, net::SocketAddr, sync::Arc};

use clap::{Args, builder::BoolishValueParser};
use serde_json::{Value, json};

use super::{
    Failure, Workplace,
    failure::{Kind, minute},
    settings::Settings,
    sync::words,
};
use crate::{
    clinic::{Acquaintance, CardRow, Clinic, Machine, Session},
    ids::{DeviceId, Hash},
    members::Verified,
    net::{self, Options, Relay},
    seal::PublicKey,
    sync::status::{Outside, Peer, Reach, Term},
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

    /// Whether others on the local network are heard of.
    pub(super) fn is_heard(&self, place: &Workplace) -> Result<bool, Failure> {
        let settings = self.over(place.settings()?);
        Ok(settings.mdns.unwrap_or(true))
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
    /// Whose card names a machine of another clinic.
    bearers: BTreeMap<PublicKey, Bearer>,
    outside: Vec<Acquaintance>,
}

/// Who has a machine of another clinic, as their card says.
struct Bearer {
    name: String,
    clinic: String,
}

/// Whom somebody asked for.
pub(super) enum Meant {
    /// A machine of the clinic.
    Machine(DeviceId),
    /// The machines of somebody of another one.
    Outside(Vec<PublicKey>),
}

impl Called {
    pub(super) fn by(clinic: &Clinic, session: Option<&Session>) -> Self {
        let named = session
            .and_then(|it| it.machines().ok())
            .unwrap_or_default();
        let named = named.into_iter().filter(|it| !it.name.is_empty());
        let machines = clinic.machines().into_iter().filter(|it| !it.here);
        let cards = session.and_then(|it| it.cards().ok()).unwrap_or_default();
        // What a card of which nobody made sure says of a machine, anybody may have made up.
        let sure = |it: &&CardRow| it.verified != Verified::Not && !it.replaced;
        let bearers = cards.iter().filter(sure).flat_map(|row| {
            let about = row.card.about();
            let bearer = |endpoint| {
                let (name, clinic) = (about.name.clone(), about.clinic_name.clone());
                (endpoint, Bearer { name, clinic })
            };
            row.card.machines().map(move |(_, it)| bearer(it))
        });
        Self {
            names: named.map(|it| (it.device, it.name)).collect(),
            machines: machines.collect(),
            bearers: bearers.collect(),
            outside: clinic.acquaintances().unwrap_or_default(),
        }
    }

    /// The machines of other clinics that may be met.
    pub(super) fn outside(&self) -> &[Acquaintance] {
        &self.outside
    }

    /// Whose a machine of another clinic is.
    pub(super) fn name_outside(&self, endpoint: PublicKey) -> String {
        let bearer = self.bearers.get(&endpoint);
        bearer.map_or_else(
            || key_text(endpoint),
            |it| format!("{}, {}", it.name, it.clinic),
        )
    }

    pub(super) fn machines(&self) -> &[Machine] {
        &self.machines
    }

    pub(super) fn name(&self, device: DeviceId) -> String {
        let name = self.names.get(&device).cloned();
        name.unwrap_or_else(|| device.to_string())
    }

    /// The machine of this name, or of an id that begins so; or those of somebody of another
    /// clinic.
    pub(super) fn find(&self, text: &str) -> Result<Meant, Failure> {
        let lower = text.to_lowercase();
        let is_theirs = |it: &&Acquaintance| {
            let bearer = self.bearers.get(&it.endpoint);
            let is_called = bearer.is_some_and(|it| it.name.to_lowercase() == lower);
            let is_key =
                lower.len() >= DIGITS_MIN && key_text(it.endpoint).starts_with(&lower);
            is_called || is_key
        };
        let theirs = self.outside.iter().filter(is_theirs);
        let theirs: Vec<PublicKey> = theirs.map(|it| it.endpoint).collect();
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
            [only] => Ok(Meant::Machine(only)),
            [] if !theirs.is_empty() => Ok(Meant::Outside(theirs)),
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
            "kind": "machine",
            "name": self.name(peer.device),
            "endpoint": machine.and_then(|it| it.endpoint).map(key_text),
            "last_met": peer.last_met.map(minute),
            "behind": peer.behind,
            "ahead": peer.ahead,
            "state": state(peer.state),
        })
    }
}

impl Called {
    /// The same of a machine of another clinic.
    pub(super) fn row_outside(&self, it: &Outside) -> Value {
        json!({
            "kind": "outside",
            "name": self.name_outside(it.endpoint),
            "endpoint": key_text(it.endpoint),
            "last_met": it.last_met.map(minute),
            "given": it.terms.given.map(term),
            "taken": it.terms.taken.map(term),
            "state": state_outside(it),
        })
    }
}

/// How it stands with what is shared, in one word.
const fn term(term: Term) -> &'static str {
    match term {
        Term::Live => "live",
        Term::Early => "early",
        Term::Expired => "expired",
        Term::Revoked => "revoked",
        Term::NotFresh => "not_fresh",
    }
}

/// Why nothing can be had of a machine of another clinic, or by it, that is not connected.
fn ended(it: &Outside) -> Option<Term> {
    let is_at_rest = it.state == Reach::NotInReach && !it.terms.are_live();
    it.terms.given.or(it.terms.taken).filter(|_| is_at_rest)
}

/// What goes on with a machine of another clinic, in one word.
fn state_outside(it: &Outside) -> &'static str {
    ended(it).map_or_else(|| state(it.state), term)
}

/// The same for a person.
pub(super) fn words_outside(it: &Outside) -> &'static str {
    match ended(it) {
        None | Some(Term::Live) => words(it.state),
        Some(Term::Early) => "what is shared begins later",
        Some(Term::Expired) => "the last day of what was shared is over",
        Some(Term::Revoked) => "what was shared was taken back",
        Some(Term::NotFresh) => {
            "nothing is given: this machine has met no other of the clinic for 30 days"
        }
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
