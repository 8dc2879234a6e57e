//! The clinic's exchange with its other machines, while the terminal program runs: begun for
//! the clinic that is open, locked or not, and ended in order.

mod teller;

use std::{
    collections::BTreeMap,
    net::{IpAddr, SocketAddr},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    thread::JoinHandle,
};

use self::teller::{Bell, Teller};
use super::effects::Answers;
use crate::{
    clinic::{Clinic, Happened, Listening},
    ids::DeviceId,
    net::{Net, Options, PairingPlace, Relay, usual_port},
    sync::status::SharedWith,
};

/// How the program takes part in the exchange.
#[derive(Debug, Clone, Default)]
pub struct Sharing {
    /// Where it listens; on all network cards when not said.
    pub bind: Option<SocketAddr>,
    /// Whether it is heard of, and hears of others, on the local network.
    pub mdns: bool,
    /// The relay that it may use.
    pub relay: Relay,
    /// Where other machines of the clinic are, as far as a person said so.
    pub known: Vec<SocketAddr>,
}

/// What is known for whoever is signed in, and nobody else.
#[derive(Clone, Default)]
pub(super) struct Names(Arc<Mutex<Told>>);

#[derive(Default)]
struct Told {
    /// What the machines are called.
    machines: BTreeMap<DeviceId, String>,
    /// With whom of other clinics something is shared.
    shared: Vec<SharedWith>,
}

/// The exchange of the clinic that is open.
pub(super) struct Network {
    sharing: Sharing,
    names: Names,
    running: Option<Running>,
}

struct Running {
    /// None where the network cannot be used.
    net: Option<Arc<Net>>,
    bell: Arc<Bell>,
    teller: Option<JoinHandle<()>>,
    _listening: Listening,
}

impl Sharing {
    /// Where two machines look for each other to pair.
    pub(super) fn pairing(&self) -> PairingPlace {
        PairingPlace {
            // The usual port is the exchange's own.
            bind: self.bind.map(|it| SocketAddr::new(it.ip(), 0)),
            mdns: self.mdns,
        }
    }
}

impl Network {
    pub(super) fn new(sharing: Sharing) -> Self {
        Self {
            sharing,
            names: Names::default(),
            running: None,
        }
    }

    pub(super) const fn sharing(&self) -> &Sharing {
        &self.sharing
    }

    /// This machine is not heard of on the local network, from its beginning on.
    pub(super) const fn stay_quiet(&mut self) {
        self.sharing.mdns = false;
    }

    pub(super) const fn names(&self) -> &Names {
        &self.names
    }

    /// Begins for this clinic, once. `met_at` is where a machine of it was met that let this
    /// one in.
    pub(super) fn begin(
        &mut self,
        clinic: &Arc<Clinic>,
        answers: &Answers,
        met_at: &[IpAddr],
    ) {
        if self.running.is_some() {
            return;
        }
        let bell = Arc::new(Bell::default());
        let listening = listen(clinic, &bell);
        let options = Options {
            bind: self.sharing.bind,
            mdns: self.sharing.mdns,
            relay: self.sharing.relay.clone(),
            known: known(clinic, met_at, &self.sharing.known),
            ..Options::default()
        };
        let net = match Net::start(Arc::clone(clinic), options) {
            Ok(net) => Some(Arc::new(net)),
            Err(error) => {
                tracing::warn!(%error, "the network cannot be used");
                None
            }
        };
        if let Some(net) = &net {
            let rung = Arc::clone(&bell);
            net.on_change(Box::new(move || rung.ring(|it| it.changed = true)));
        }
        let teller = Teller {
            clinic: Arc::clone(clinic),
            net: net.clone(),
            names: self.names.clone(),
            answers: answers.clone(),
        };
        let teller = teller.start(&bell);
        bell.ring(|it| it.changed = true);
        self.running = Some(Running {
            net,
            bell,
            teller: teller.ok(),
            _listening: listening,
        });
    }

    /// Exchanges with every machine in reach, now.
    pub(super) fn share_now(&self) {
        if let Some(net) = self.net() {
            net.sync_now();
        }
    }

    /// Where this machine is met.
    pub(super) fn addresses(&self) -> Vec<String> {
        let addrs = self.net().map_or_else(Vec::new, |it| it.addrs());
        addrs.iter().map(ToString::to_string).collect()
    }

    /// What is shown of the machines may be other than before.
    pub(super) fn changed(&self) {
        if let Some(running) = &self.running {
            running.bell.ring(|it| it.changed = true);
        }
    }

    /// Ends: the others are told, and what came is on the disk.
    pub(super) fn end(&mut self) {
        let Some(mut running) = self.running.take() else {
            return;
        };
        running.bell.ring(|it| it.over = true);
        if let Some(Err(_panicked)) = running.teller.take().map(JoinHandle::join) {
            tracing::warn!("who tells of the machines ended by a fault");
        }
        if let Some(net) = running.net.take().and_then(Arc::into_inner) {
            net.stop();
        }
    }

    fn net(&self) -> Option<&Arc<Net>> {
        self.running.as_ref()?.net.as_ref()
    }
}

impl Names {
    /// What the machines are called now, and with whom something is shared.
    pub(super) fn put(
        &self,
        machines: BTreeMap<DeviceId, String>,
        shared: Vec<SharedWith>,
    ) {
        *self.lock() = Told { machines, shared };
    }

    fn shared(&self) -> Vec<SharedWith> {
        self.lock().shared.clone()
    }

    /// What this machine is called; empty where nobody may know.
    fn of(&self, device: DeviceId) -> String {
        let told = self.lock();
        told.machines.get(&device).cloned().unwrap_or_default()
    }

    fn lock(&self) -> MutexGuard<'_, Told> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Rings for what happens to the ledger.
fn listen(clinic: &Arc<Clinic>, bell: &Arc<Bell>) -> Listening {
    let bell = Arc::clone(bell);
    clinic.listen(Box::new(move |happened| match happened {
        Happened::Wrote => bell.ring(|it| it.changed = true),
        Happened::Took { documents: false } => bell.ring(|it| it.changed = true),
        Happened::Took { documents: true } | Happened::Guest => bell.ring(|it| {
            it.changed = true;
            it.came.get_or_insert(false);
        }),
        Happened::Membership => bell.ring(|it| {
            it.changed = true;
            it.came = Some(true);
        }),
    }))
}

/// Where the clinic's machines listen, should they be those that were met at these addresses;
/// and where a person said that some are.
fn known(
    clinic: &Clinic,
    met_at: &[IpAddr],
    said: &[SocketAddr],
) -> Vec<(DeviceId, SocketAddr)> {
    let others = clinic.machines().into_iter();
    let others = others.filter(|it| it.enrolled && !it.here);
    let endpoints = others.filter_map(|it| Some((it.device, it.endpoint?)));
    endpoints
        .flat_map(|(device, endpoint)| {
            let port = usual_port(&endpoint);
            let usual = met_at.iter().map(move |ip| SocketAddr::new(*ip, port));
            let all = usual.chain(said.iter().copied());
            all.map(move |addr| (device, addr))
        })
        .collect()
}
