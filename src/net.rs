//! The driver of the exchange: the only code that owns a socket or a timer. It finds the
//! clinic's other machines and those of providers elsewhere with whom something is shared, lets
//! in nobody else, and moves frames between [`sync::proto`]
//! and the clinic on this machine.
//!
//! [`sync::proto`]: crate::sync::proto

mod arrivals;
mod board;
mod dialling;
mod endpoint;
mod frames;
mod gate;
mod hub;
mod lan;
mod meeting;
mod moving;
mod outside;
mod pairing;
mod parting;
mod pipes;
mod taking;
mod tally;
mod who;

use std::{
    collections::BTreeSet,
    error, fmt, io,
    net::{SocketAddr, ToSocketAddrs as _},
    sync::{Arc, Mutex, MutexGuard, PoisonError, mpsc as std_mpsc},
    thread,
    time::Duration,
};

use tokio::{
    runtime::{self, Runtime},
    sync::mpsc,
};

use self::{
    board::Board,
    hub::{Asked, Ended, Hub},
    who::Who,
};
pub use self::{
    board::Traffic,
    endpoint::{NotARelay, Relay, usual_port},
    pairing::{
        CardMeeting, CrossingAsks, CrossingHears, InvitingAsks, InvitingHears,
        JoiningAsks, JoiningHears, NotPaired, PAIR_ALPN, Pairing, PairingPlace, invite,
        join, meet_by_words, show_words, usual_places,
    },
};
use crate::{
    clinic::{self, Clinic},
    ids::DeviceId,
    seal::{PublicKey, SigningKey},
    sync::status::{Outside, Peer},
};

/// The protocol by which machines of one clinic exchange what they hold.
pub const ALPN: &[u8] = b"cairn/sync/1";
/// The protocol by which machines of two clinics exchange what one shares with somebody of the
/// other.
pub const SHARE_ALPN: &[u8] = b"cairn/share/1";
/// Threads that move frames. What takes a disk runs beside them.
const WORKERS: usize = 2;
/// How long the sockets may take to say good-bye.
const GOODBYE: Duration = Duration::from_secs(2);

/// How a machine takes part in the exchange.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Where it listens; on all network cards when not said.
    pub bind: Option<SocketAddr>,
    /// Whether it announces itself on the local network and hears others there.
    pub mdns: bool,
    /// The relay that it may use.
    pub relay: Relay,
    /// Where machines are, as far as a person said so.
    pub known: Vec<(DeviceId, SocketAddr)>,
    /// The only machine that is dialled, where a person asked for one.
    pub only: Option<DeviceId>,
    /// Where machines of other clinics are, by their endpoints, as far as a person said so.
    pub known_outside: Vec<(PublicKey, SocketAddr)>,
    /// The only machines of another clinic that are dialled, and nobody else, where a person
    /// asked for them.
    pub only_outside: Vec<PublicKey>,
}

impl Options {
    /// Who alone is dialled, if not everybody is.
    fn only_whom(&self) -> Option<BTreeSet<Who>> {
        let outside = self.only_outside.iter().copied().map(Who::Outside);
        let only: BTreeSet<_> = outside.chain(self.only.map(Who::Machine)).collect();
        (!only.is_empty()).then_some(only)
    }

    fn known_places(&self) -> Vec<(Who, SocketAddr)> {
        let machines = self.known.iter().map(|(it, at)| (Who::Machine(*it), *at));
        let outside = self.known_outside.iter();
        let outside = outside.map(|(it, at)| (Who::Outside(*it), *at));
        machines.chain(outside).collect()
    }
}

/// Why this machine takes no part in the exchange.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The address, or the network, cannot be used.
    #[error("the network cannot be used")]
    Bind(#[source] Box<dyn error::Error + Send + Sync>),
    /// The system gives no thread.
    #[error("no thread for the network")]
    Thread(#[from] io::Error),
    /// The clinic on this machine.
    #[error(transparent)]
    Clinic(#[from] clinic::Error),
    /// The part that owns the sockets ended although nobody asked it to.
    #[error("the network stopped")]
    Stopped,
}

impl Error {
    fn bind(error: impl error::Error + Send + Sync + 'static) -> Self {
        Self::Bind(Box::new(error))
    }
}

/// A machine that takes part in the exchange, until it is stopped or dropped.
pub struct Net {
    place: Arc<Mutex<(PublicKey, Vec<SocketAddr>)>>,
    board: Arc<Board>,
    ask: mpsc::Sender<Asked>,
    thread: Option<thread::JoinHandle<()>>,
}

impl Net {
    /// Begins. When this returns, others can reach this machine.
    pub fn start(clinic: Arc<Clinic>, options: Options) -> Result<Self, Error> {
        let runtime = runtime()?;
        let board = Arc::new(Board::default());
        let (ask, asked) = mpsc::channel(8);
        let (tell, told) = std_mpsc::channel();
        let shown = Arc::clone(&board);
        let endpoint = SigningKey::from_secret(&clinic.endpoint_secret()?).public();
        let place = Arc::new(Mutex::new((endpoint, Vec::new())));
        let shown_at = Arc::clone(&place);
        let work = move || {
            runtime.block_on(async {
                let mut asked = asked;
                let begin = || {
                    let (clinic, shown) = (Arc::clone(&clinic), Arc::clone(&shown));
                    Hub::open(clinic, options.clone(), shown)
                };
                let mut opened = begin().await;
                loop {
                    let (hub, at) = match opened {
                        Ok(opened) => opened,
                        Err(error) => {
                            tracing::warn!(%error, "the network cannot be used");
                            return tell.send(Err(error)).unwrap_or_default();
                        }
                    };
                    *lock(&shown_at) = at;
                    tell.send(Ok(())).unwrap_or_default();
                    if hub.run(&mut asked).await == Ended::Stopped {
                        return;
                    }
                    opened = begin().await;
                }
            });
            runtime.shutdown_timeout(GOODBYE);
        };
        let thread = thread::Builder::new().name("net".to_owned()).spawn(work)?;
        told.recv().or(Err(Error::Stopped))??;
        Ok(Self {
            place,
            board,
            ask,
            thread: Some(thread),
        })
    }

    /// The key by which others know this machine. It is another one once somebody has heard
    /// of a new name of it.
    pub fn endpoint(&self) -> PublicKey {
        lock(&self.place).0
    }

    /// Where others on its networks reach it.
    pub fn addrs(&self) -> Vec<SocketAddr> {
        lock(&self.place).1.clone()
    }

    /// Dials every machine that is not connected, now.
    pub fn sync_now(&self) {
        self.ask.try_send(Asked::SyncNow).unwrap_or_default();
    }

    /// How it stands with each of the clinic's other machines. Names are sealed, and left
    /// empty here.
    pub fn status(&self) -> Vec<Peer> {
        self.board.peers()
    }

    /// What went over the wire with each machine since the start.
    pub fn traffic(&self) -> Vec<(DeviceId, Traffic)> {
        self.board.traffic()
    }

    /// How it stands with machines of other clinics with which there is something to exchange,
    /// and what went over the wire with each since the start.
    pub fn outside(&self) -> Vec<(Outside, Traffic)> {
        self.board.outside()
    }

    /// Waits until something about the other machines has changed since the last time, at
    /// most so long.
    pub fn wait(&self, at_most: Duration) {
        self.board.wait(at_most);
    }

    /// Ends the waiting of [`Net::wait`] from another thread.
    pub fn waker(&self) -> impl Fn() + Send + 'static {
        let board = Arc::clone(&self.board);
        move || board.nudge()
    }

    /// Calls `each` whenever something about the other machines has changed. It runs in a
    /// thread of the network: it must not block.
    pub fn on_change(&self, each: Box<dyn Fn() + Send + Sync>) {
        self.board.on_change(each);
    }

    /// Ends: what is being written is finished, the others are told.
    pub fn stop(mut self) {
        self.end();
    }

    fn end(&mut self) {
        self.ask.blocking_send(Asked::Stop).unwrap_or_default();
        let ended = self.thread.take().map(thread::JoinHandle::join);
        if let Some(Err(_panicked)) = ended {
            tracing::warn!("the network ended by a fault");
        }
    }
}

impl Drop for Net {
    fn drop(&mut self) {
        if self.thread.is_some() {
            self.end();
        }
    }
}

/// The addresses of `host:port`.
pub fn resolve(place: &str) -> io::Result<Vec<SocketAddr>> {
    place.to_socket_addrs().map(Iterator::collect)
}

fn lock<T>(held: &Mutex<T>) -> MutexGuard<'_, T> {
    held.lock().unwrap_or_else(PoisonError::into_inner)
}

fn runtime() -> io::Result<Runtime> {
    runtime::Builder::new_multi_thread()
        .worker_threads(WORKERS)
        .thread_name("net-worker")
        .enable_all()
        .build()
}

impl fmt::Debug for Net {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Net({:?})", self.endpoint())
    }
}
