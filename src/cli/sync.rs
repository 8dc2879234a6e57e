//! `cairn sync`: meet the clinic's other machines, once.

use std::{
    collections::BTreeMap,
    sync::Arc,
    time::{Duration, Instant},
};

use clap::Args;
use serde_json::{Value, json};

use super::{
    Failure, Output, Workplace,
    failure::Kind,
    reach::{Called, Reaching, addresses, state},
};
use crate::{
    clinic::{Clinic, Session},
    ids::DeviceId,
    net::{Net, Traffic},
    sync::status::{Peer, Reach},
};

/// How often it is looked whether the time is over.
const LOOK_EVERY: Duration = Duration::from_millis(200);

/// Exchange what is new with the clinic's other machines
///
/// Needs nobody's keys: what moves is sealed. Signed in, by --passphrase-file, it says what
/// the machines are called, and brings the charts up to date.
#[derive(Debug, Args)]
#[command(
    after_long_help = "JSON: {peers: [{name, sent, received, bytes_out, bytes_in, \
                       frame_bytes_out, frame_bytes_in, handshake_bytes_out, \
                       handshake_bytes_in, round_trips, seconds, state}]}. `sent` and \
                       `received` count changes; `bytes_…` are those on the wire, \
                       `frame_bytes_…` those that the exchange itself is made of, \
                       `handshake_bytes_…` those until the connection is made; `seconds` pass \
                       from the connection until both hold the same. Ends with 6 where \
                       no machine was met, or the one that was asked for was not."
)]
pub(super) struct Sync {
    /// Only this machine: its name, or the beginning of its id
    #[arg(long, value_name = "NAME")]
    peer: Option<String>,
    /// Where the other machine is; otherwise where it was last, or on the local network
    #[arg(long, value_name = "HOST:PORT")]
    addr: Option<String>,
    /// One machine is enough: end with the first that holds the same as this one
    #[arg(long)]
    once: bool,
    /// End after so many seconds, whoever was met by then
    #[arg(long, value_name = "S", default_value_t = 60)]
    timeout: u64,
    #[command(flatten)]
    reaching: Reaching,
}

/// What is known of a machine while it is waited for.
type Rows = BTreeMap<DeviceId, (Peer, Traffic)>;

impl Sync {
    pub(super) fn run(self, place: &Workplace, output: Output) -> Result<(), Failure> {
        place.signed_in_or_locked(|clinic, mut session| {
            let called = Called::by(clinic, session.as_deref());
            let peer = self.peer.as_deref().map(|it| called.find(it)).transpose()?;
            let net = self.start(place, clinic, (&called, peer))?;
            let rows = self.meet(&net, peer);
            net.stop();
            if let Some(session) = &mut session {
                settle(session)?;
            }
            let called = Called::by(clinic, session.as_deref());
            self.tell(&rows, &called, output)
        })
    }

    fn start(
        &self,
        place: &Workplace,
        clinic: &Arc<Clinic>,
        (called, only): (&Called, Option<DeviceId>),
    ) -> Result<Net, Failure> {
        let mut options = self.reaching.options(place, clinic)?;
        options.only = only;
        if let Some(addr) = &self.addr {
            let addrs = addresses(addr)?;
            let machines = called.machines().iter().map(|it| it.device);
            let wanted = machines.filter(|it| only.is_none_or(|only| only == *it));
            let known = wanted.flat_map(|it| addrs.iter().map(move |addr| (it, *addr)));
            options.known.extend(known);
        }
        let net = Net::start(Arc::clone(clinic), options)?;
        net.sync_now();
        Ok(net)
    }

    #[expect(
        clippy::disallowed_methods,
        reason = "waits for machines, not for ever"
    )]
    fn meet(&self, net: &Net, only: Option<DeviceId>) -> Rows {
        let begun = Instant::now();
        let longest = Duration::from_secs(self.timeout);
        loop {
            let rows = rows(net, only);
            let (met, missing): (Vec<_>, Vec<_>) = rows
                .values()
                .partition(|(_, traffic)| traffic.took.is_some());
            let is_busy = |(peer, _): &&(Peer, Traffic)| peer.state == Reach::Exchanging;
            let is_enough = self.once && !met.is_empty() && !missing.iter().any(is_busy);
            let is_vain = missing.iter().all(|(peer, _)| is_vain(peer.state));
            if is_vain || is_enough || begun.elapsed() >= longest {
                return rows;
            }
            net.wait(LOOK_EVERY);
        }
    }

    fn tell(&self, rows: &Rows, called: &Called, output: Output) -> Result<(), Failure> {
        let shown = rows
            .iter()
            .map(|(device, row)| shown(&called.name(*device), row));
        let document = json!({ "peers": shown.collect::<Vec<_>>() });
        let lines = rows
            .iter()
            .map(|(device, row)| line(&called.name(*device), row));
        let mut lines: Vec<String> = lines.collect();
        if rows.is_empty() {
            lines.push("no other machine belongs to the clinic".to_owned());
        }
        let is_met = rows.values().any(|(_, traffic)| traffic.took.is_some());
        if is_met || (rows.is_empty() && self.peer.is_none()) {
            return output.result(&document, &lines);
        }
        let is_any = |state| rows.values().any(|(peer, _)| peer.state == state);
        let hint = if is_any(Reach::Disk) {
            "make room on the disk, then try again"
        } else if is_any(Reach::NotKnown) {
            "ask an owner whether this machine was shut out: `cairn device list` there"
        } else {
            "see that another one runs, `cairn serve`, and give its address: --addr"
        };
        Err(Failure::new(Kind::Network, "no machine was met")
            .because(lines.join("; "))
            .hint(hint)
            .document(document))
    }
}

fn rows(net: &Net, only: Option<DeviceId>) -> Rows {
    let mut traffic: BTreeMap<_, _> = net.traffic().into_iter().collect();
    let peers = net.status().into_iter();
    let asked = peers.filter(|it| match only {
        Some(only) => it.device == only,
        None => it.state != Reach::Revoked,
    });
    asked
        .map(|it| {
            (
                it.device,
                (it.clone(), traffic.remove(&it.device).unwrap_or_default()),
            )
        })
        .collect()
}

/// Whether a machine that was reached will not be met however long it is waited for.
const fn is_vain(reach: Reach) -> bool {
    match reach {
        Reach::NotKnown | Reach::Disk | Reach::OtherProgram | Reach::Unsound => true,
        Reach::InStep | Reach::Exchanging | Reach::NotInReach | Reach::Revoked => false,
    }
}

/// Does what follows from what came.
fn settle(session: &mut Session) -> Result<(), Failure> {
    session.membership_changed()?;
    session.sign_heads(true)?;
    Ok(session.settle()?)
}

/// A machine that was met and went since was met.
fn reached((peer, traffic): &(Peer, Traffic)) -> &'static str {
    if traffic.took.is_some() && peer.state == Reach::NotInReach {
        return state(Reach::InStep);
    }
    state(peer.state)
}

fn shown(name: &str, row: &(Peer, Traffic)) -> Value {
    let (_, traffic) = row;
    json!({
        "name": name,
        "sent": traffic.sent,
        "received": traffic.received,
        "bytes_out": traffic.bytes_out,
        "bytes_in": traffic.bytes_in,
        "frame_bytes_out": traffic.frame_bytes_out,
        "frame_bytes_in": traffic.frame_bytes_in,
        "handshake_bytes_out": traffic.handshake_bytes_out,
        "handshake_bytes_in": traffic.handshake_bytes_in,
        "round_trips": traffic.round_trips,
        "seconds": traffic.took.map(|it| it.as_secs_f64()),
        "state": reached(row),
    })
}

fn line(name: &str, row: &(Peer, Traffic)) -> String {
    let (peer, traffic) = row;
    let Some(took) = traffic.took else {
        return format!("{name}: {}", words(peer.state));
    };
    format!(
        "{name}: both hold the same after {:.1} s; {} changes sent, {} received, {} bytes \
         out, {} in",
        took.as_secs_f64(),
        traffic.sent,
        traffic.received,
        traffic.bytes_out,
        traffic.bytes_in,
    )
}

pub(super) const fn words(reach: Reach) -> &'static str {
    match reach {
        Reach::InStep => "both hold the same",
        Reach::Exchanging => "not all has arrived",
        Reach::NotInReach => "not in reach",
        Reach::Revoked => "shut out",
        Reach::NotKnown => "it does not know this machine",
        Reach::Disk => "it was met, and this machine's disk is full or faulty",
        Reach::OtherProgram => "it runs another version of cairn",
        Reach::Unsound => "what it sent made no sense",
    }
}
