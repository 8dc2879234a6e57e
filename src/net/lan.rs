//! The local network: machines of one clinic hear of each other by mDNS.
//!
//! What is announced, everybody on the network reads: a name of the clinic that tells
//! nothing but that two machines belong together, the endpoint's public key, and the
//! machine's addresses on this network. No name of a clinic, a person or a program, and no
//! relay.
//!
//! It is said on each network card: a network of two machines and a cable has no router that
//! would say where the rest of the world is.

use std::{
    collections::{BTreeMap, BTreeSet},
    net::{IpAddr, SocketAddr},
    time::Duration,
};

use iroh::{Endpoint, EndpointAddr, EndpointId, TransportAddr, Watcher as _};
use swarm_discovery::{Discoverer, DropGuard};
use tokio::{runtime::Handle, sync::mpsc, task::AbortHandle, time::sleep};

use crate::{
    ids::ClinicId,
    seal::{self, Secret},
};

/// How often others are asked who is there; an answer serves all who listen.
const CADENCE: Duration = Duration::from_secs(2);
/// How long until it is tried again where there is no network to announce on.
const AGAIN: Duration = Duration::from_secs(30);
/// Who only overhears asks nobody: it is begun anew before it would, and forgets then who it
/// heard of.
const OVERHEARD: Duration = Duration::from_mins(1);
/// Longer than that.
const NEVER: Duration = Duration::from_hours(1);
/// Machines that were heard of and not yet looked at. Who speaks more than is listened to
/// is heard the next time.
const HEARD_MAX: usize = 32;
/// Machines whose addresses are remembered, to tell what is new. With more, as where somebody
/// makes them up, all are heard anew.
const REMEMBERED_MAX: usize = 1_024;
/// Other clinics whose machines are listened for.
const CLINICS_MAX: usize = 16;
/// The bytes of the clinic's name that are announced; mDNS allows 15 characters.
const NAME_BYTES: usize = 7;

/// The name under which the machines of a clinic announce themselves.
pub(super) fn name_of(clinic: ClinicId) -> String {
    short(&seal::derive("cairn/lan-name/v1", &[clinic.as_bytes()]))
}

/// The name under which a machine waits for one to pair with it: who knows the words knows
/// the endpoint that follows from them, and so what to look for.
pub(super) fn name_of_meeting(endpoint: EndpointId) -> String {
    short(&seal::derive(
        "cairn/lan-meeting/v1",
        &[endpoint.as_bytes()],
    ))
}

fn short(name: &Secret) -> String {
    let bytes = name.as_bytes().iter().take(NAME_BYTES);
    bytes.fold("c".to_owned(), |name, byte| format!("{name}{byte:02x}"))
}

/// Who announces itself.
pub(super) struct Heard(Option<mpsc::Receiver<EndpointAddr>>);

impl Heard {
    /// Where nobody listens.
    pub(super) const NOBODY: Self = Self(None);

    /// Who is new, or is at other addresses; waits until somebody is.
    pub(super) async fn next(&mut self) -> EndpointAddr {
        if let Some(heard) = &mut self.0
            && let Some(addr) = heard.recv().await
        {
            return addr;
        }
        std::future::pending().await
    }
}

/// How this machine takes part under a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    /// It says that it is there, and asks who else is.
    Tells,
    /// It asks who is there.
    Asks,
    /// It says nothing, and hears what others answer each other.
    Overhears,
}

/// Hears who announces itself under a name, and announces an endpoint under it if it `is_told`,
/// until what is given is dropped. Where there is no network yet, it goes on trying.
pub(super) fn listen(endpoint: &Endpoint, name: String, is_told: bool) -> Heard {
    let (tell, heard) = mpsc::channel(HEARD_MAX);
    let part = if is_told { Part::Tells } else { Part::Asks };
    tokio::spawn(take_part(endpoint.clone(), name, part, tell));
    Heard(Some(heard))
}

/// Hears machines of other clinics, without a word of its own: nobody on the network learns
/// that somebody here knows them.
pub(super) struct Overhearing {
    tell: mpsc::Sender<EndpointAddr>,
    tasks: BTreeMap<ClinicId, AbortHandle>,
}

impl Overhearing {
    /// Hears nobody yet.
    pub(super) fn new() -> (Self, Heard) {
        let (tell, heard) = mpsc::channel(HEARD_MAX);
        let tasks = BTreeMap::new();
        (Self { tell, tasks }, Heard(Some(heard)))
    }

    /// Hears the machines of these clinics and no others.
    pub(super) fn of(&mut self, endpoint: &Endpoint, clinics: &BTreeSet<ClinicId>) {
        self.tasks.retain(|clinic, task| {
            let stays = clinics.contains(clinic);
            if !stays {
                task.abort();
            }
            stays
        });
        for clinic in clinics.iter().take(CLINICS_MAX) {
            if self.tasks.contains_key(clinic) || self.tasks.len() >= CLINICS_MAX {
                continue;
            }
            let (name, tell) = (name_of(*clinic), self.tell.clone());
            let part = take_part(endpoint.clone(), name, Part::Overhears, tell);
            self.tasks
                .insert(*clinic, tokio::spawn(part).abort_handle());
        }
    }
}

impl Drop for Overhearing {
    fn drop(&mut self) {
        self.tasks.values().for_each(AbortHandle::abort);
    }
}

async fn take_part(
    endpoint: Endpoint,
    name: String,
    part: Part,
    tell: mpsc::Sender<EndpointAddr>,
) {
    let closed = tell.clone();
    tokio::select! {
        () = closed.closed() => {}
        () = on_each_network(&endpoint, &name, part, tell) => {}
    }
}

/// Until the endpoint closes. A card that comes, goes or gets another address is spoken on
/// anew.
async fn on_each_network(
    endpoint: &Endpoint,
    name: &str,
    part: Part,
    tell: mpsc::Sender<EndpointAddr>,
) {
    let mut place = endpoint.watch_addr();
    loop {
        let addrs: BTreeSet<SocketAddr> = place.get().ip_addrs().copied().collect();
        let speaking = speak((endpoint.id(), name), &addrs, part, tell.clone());
        loop {
            tokio::select! {
                changed = place.updated() => match changed {
                    Ok(now) if now.ip_addrs().eq(addrs.iter()) => {}
                    Ok(_other) => break,
                    Err(_closed) => return,
                },
                () = sleep(AGAIN), if speaking.is_none() => break,
                () = sleep(OVERHEARD), if part == Part::Overhears => break,
            }
        }
    }
}

/// Speaks on the network cards that have these addresses, until the guard is dropped; none
/// where there is no network.
fn speak(
    (id, name): (EndpointId, &str),
    addrs: &BTreeSet<SocketAddr>,
    part: Part,
    tell: mpsc::Sender<EndpointAddr>,
) -> Option<DropGuard> {
    let cards = addrs.iter().filter_map(|it| match it.ip() {
        IpAddr::V4(card) => Some(card),
        IpAddr::V6(_) => None,
    });
    let cards: BTreeSet<_> = cards.collect();
    let mut known = BTreeMap::new();
    let mut discoverer = Discoverer::new_interactive(name.to_owned(), id.to_z32())
        .with_cadence(if part == Part::Overhears {
            NEVER
        } else {
            CADENCE
        })
        .with_multicast_interfaces_v4(cards.into_iter().collect())
        .with_callback(move |who, peer| {
            let Some(who) = EndpointId::from_z32(who).ok().filter(|it| *it != id) else {
                return;
            };
            let addrs = peer.addrs().iter().map(|(ip, port)| (*ip, *port).into());
            let addrs: BTreeSet<TransportAddr> = addrs.map(TransportAddr::Ip).collect();
            if addrs.is_empty() {
                known.remove(&who);
            } else if known.get(&who) != Some(&addrs) {
                let addr = EndpointAddr::from_parts(who, addrs.clone());
                // Full: heard the next time.
                if tell.try_send(addr).is_ok() {
                    if known.len() >= REMEMBERED_MAX {
                        known.clear();
                    }
                    known.insert(who, addrs);
                }
            }
        });
    let told = addrs.iter().filter(|_| part == Part::Tells);
    for addr in told {
        discoverer = discoverer.with_addrs(addr.port(), [addr.ip()]);
    }
    let spoken = discoverer.spawn(&Handle::current());
    spoken
        .inspect_err(|error| tracing::info!(%error, "not announced on the network"))
        .ok()
}
