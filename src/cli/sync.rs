//! `cairn sync`: meet the clinic's other machines, and those of providers elsewhere, once.

mod elsewhere;

use std::{
    collections::BTreeMap,
    sync::Arc,
    time::{Duration, Instant},
};

use clap::Args;
use serde_json::{Value, json};

use self::elsewhere::Elsewhere;
use super::{
    Failure, Output, Workplace,
    failure::Kind,
    reach::{Called, Meant, Reaching, addresses, state},
};
use crate::{
    clinic::{Clinic, Session},
    ids::DeviceId,
    net::{Net, Traffic},
    sync::status::{Peer, Reach},
};

/// How often it is looked whether the time is over.
const LOOK_EVERY: Duration = Duration::from_millis(200);

/// Exchange what is new with the clinic's other machines, and what is shared with those of
/// providers elsewhere
///
/// Needs nobody's keys: what moves is sealed. Signed in, by --passphrase-file, it says what
/// the machines are called, and brings the charts up to date.
#[derive(Debug, Args)]
#[command(
    after_long_help = "JSON: {peers: [{kind, name, sent, received, bytes_out, bytes_in, \
                       frame_bytes_out, frame_bytes_in, handshake_bytes_out, \
                       handshake_bytes_in, round_trips, seconds, state}]}. `sent` and \
                       `received` count changes; `bytes_…` are those on the wire, \
                       `frame_bytes_…` those that the exchange itself is made of, \
                       `handshake_bytes_…` those until the connection is made; `seconds` pass \
                       from the connection until both hold the same. Of `kind` `outside`, a \
                       machine of another clinic, there are also `given` and `taken`: what is \
                       shared with it and by it, `live`, `early`, `expired`, `revoked` or `not_fresh`. Ends with 6 where \
                       no machine was met, or the one that was asked for was not."
)]
pub(super) struct Sync {
    /// Only this machine: its name, or the beginning of its id; or whose it is, of another
    /// clinic
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

/// How long machines of other clinics are listened for: longer than they take to answer each
/// other.
const LISTENED_FOR: Duration = Duration::from_secs(5);

/// What is known of a machine while it is waited for.
type Rows = BTreeMap<DeviceId, (Peer, Traffic)>;

impl Sync {
    pub(super) fn run(self, place: &Workplace, output: Output) -> Result<(), Failure> {
        place.signed_in_or_locked(|clinic, mut session| {
            let called = Called::by(clinic, session.as_deref());
            let peer = self.peer.as_deref().map(|it| called.find(it)).transpose()?;
            let began = clinic.moment().at;
            let net = self.start(place, clinic, (&called, peer.as_ref()))?;
            let is_anybody = !called.outside().is_empty();
            let elsewhere = Elsewhere::new(peer.as_ref(), self.addr.is_some(), began)
                .listening(is_anybody && self.reaching.is_heard(place)?);
            let met = self.meet(&net, (peer.as_ref(), &elsewhere));
            net.stop();
            if let Some(session) = &mut session {
                settle(session)?;
            }
            let called = Called::by(clinic, session.as_deref());
            self.tell(&met, &called, output)
        })
    }

    fn start(
        &self,
        place: &Workplace,
        clinic: &Arc<Clinic>,
        (called, only): (&Called, Option<&Meant>),
    ) -> Result<Net, Failure> {
        let mut options = self.reaching.options(place, clinic)?;
        let mut machines: Vec<_> = called.machines().iter().map(|it| it.device).collect();
        let outside = called.outside().iter().map(|it| it.endpoint);
        let mut outside: Vec<_> = outside.collect();
        match only {
            None => {}
            Some(Meant::Machine(only)) => {
                options.only = Some(*only);
                (machines, outside) = (vec![*only], Vec::new());
            }
            Some(Meant::Outside(only)) => {
                options.only_outside.clone_from(only);
                (machines, outside) = (Vec::new(), only.clone());
            }
        }
        if let Some(addr) = &self.addr {
            for addr in addresses(addr)? {
                options.known.extend(machines.iter().map(|it| (*it, addr)));
                let outside = outside.iter().map(|it| (*it, addr));
                options.known_outside.extend(outside);
            }
        }
        let net = Net::start(Arc::clone(clinic), options)?;
        net.sync_now();
        Ok(net)
    }

    #[expect(
        clippy::disallowed_methods,
        reason = "waits for machines, not for ever"
    )]
    fn meet(
        &self,
        net: &Net,
        (only, elsewhere): (Option<&Meant>, &Elsewhere),
    ) -> (Rows, Vec<elsewhere::Row>) {
        let begun = Instant::now();
        let longest = Duration::from_secs(self.timeout);
        loop {
            let rows = rows(net, only);
            let outside = elsewhere.rows(net);
            let is_listening =
                elsewhere.listens && begun.elapsed() < LISTENED_FOR.min(longest);
            let is_done = !is_listening && outside.iter().all(|it| elsewhere.is_done(it));
            let is_met_there = outside.iter().any(elsewhere::Row::is_done);
            let (met, missing): (Vec<_>, Vec<_>) = rows
                .values()
                .partition(|(_, traffic)| traffic.took.is_some());
            let is_busy = |(peer, _): &&(Peer, Traffic)| peer.state == Reach::Exchanging;
            let is_any = !met.is_empty() || is_met_there;
            let is_enough = self.once && is_any && !missing.iter().any(is_busy);
            let is_vain = is_done && missing.iter().all(|(peer, _)| is_vain(peer.state));
            if is_vain || is_enough || begun.elapsed() >= longest {
                return (rows, outside);
            }
            net.wait(LOOK_EVERY);
        }
    }

    fn tell(
        &self,
        (rows, elsewhere): &(Rows, Vec<elsewhere::Row>),
        called: &Called,
        output: Output,
    ) -> Result<(), Failure> {
        let name = |device: &DeviceId| called.name(*device);
        let here = rows.iter().map(|(device, row)| shown(&name(device), row));
        let there = elsewhere.iter().map(|row| row.shown(called));
        let document = json!({ "peers": here.chain(there).collect::<Vec<_>>() });
        let here = rows.iter().map(|(device, row)| line(&name(device), row));
        let there = elsewhere.iter().map(|row| row.line(called));
        let mut lines: Vec<String> = here.chain(there).collect();
        if lines.is_empty() {
            lines.push("no other machine belongs to the clinic".to_owned());
        }
        let is_met = rows.values().any(|(_, traffic)| traffic.took.is_some())
            || elsewhere.iter().any(|it| it.is_met);
        let is_nobody = rows.is_empty() && elsewhere.is_empty();
        if is_met || (is_nobody && self.peer.is_none()) {
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

fn rows(net: &Net, only: Option<&Meant>) -> Rows {
    let mut traffic: BTreeMap<_, _> = net.traffic().into_iter().collect();
    let peers = net.status().into_iter();
    let asked = peers.filter(|it| match only {
        Some(Meant::Machine(only)) => it.device == *only,
        Some(Meant::Outside(_)) => false,
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
    let mut document = moved(&row.1);
    if let Some(fields) = document.as_object_mut() {
        fields.insert("kind".to_owned(), json!("machine"));
        fields.insert("name".to_owned(), json!(name));
        fields.insert("state".to_owned(), json!(reached(row)));
    }
    document
}

/// What went over the wire.
fn moved(traffic: &Traffic) -> Value {
    json!({
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
    })
}

fn line(name: &str, row: &(Peer, Traffic)) -> String {
    let (peer, traffic) = row;
    let Some(took) = traffic.took else {
        return format!("{name}: {}", words(peer.state));
    };
    format!("{name}: {}", in_step(took, traffic))
}

fn in_step(took: Duration, traffic: &Traffic) -> String {
    format!(
        "both hold the same after {:.1} s; {} changes sent, {} received, {} bytes out, {} in",
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
