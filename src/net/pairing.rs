//! Pairing over the network: an endpoint that is there only while pairing is on the screen,
//! under a key that follows from the words. Who has other words finds nobody.
//!
//! Both sides run beside whoever asked for them: what a person or the clinic must decide is
//! asked with [`Pairing::next`] and answered with [`Pairing::tell`]. Dropping it ends it.

mod crossing;
mod inviting;
mod joining;
mod looking;
mod waiting;

use std::{
    fmt,
    net::SocketAddr,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicU8, Ordering},
        mpsc::{self as std_mpsc, RecvTimeoutError},
    },
    thread,
    time::Duration,
};

use iroh::{
    Endpoint,
    endpoint::{Connection, RecvStream, SendStream},
};
use tokio::{runtime, sync::mpsc};

pub use self::{
    crossing::{
        CardMeeting, CrossingAsks, CrossingHears, meet_by_words, show_words, usual_places,
    },
    inviting::{InvitingAsks, InvitingHears, invite},
    joining::{JoiningAsks, JoiningHears, join},
};
use super::{
    Error,
    endpoint::{Plan, Relay, addresses, open},
    gate::Gate,
};
use crate::{
    seal::{PublicKey, Secret},
    sync::pair::{EXPORTER_LABEL, Message, TRIES_MAX, Why},
};

/// The protocol by which two machines pair.
pub const PAIR_ALPN: &[u8] = b"cairn/pair/1";
/// How often a pairing is told that time passes.
const TICK: Duration = Duration::from_secs(1);
/// How long whoever connects may take to begin.
const BEGINNING: Duration = Duration::from_secs(10);
/// How long the sockets may take to say good-bye.
const GOODBYE: Duration = Duration::from_secs(2);
/// Questions and answers that wait: one is asked at a time.
const WAITING_MAX: usize = 4;
/// How long a round trip is guessed to take: two machines that pair are in one room.
const ROUND_TRIP: Duration = Duration::from_millis(333);

/// Where two machines look for each other to pair.
#[derive(Debug, Clone, Copy, Default)]
pub struct PairingPlace {
    /// Where this one listens; on all network cards when not said.
    pub bind: Option<SocketAddr>,
    /// Whether they find each other on the local network.
    pub mdns: bool,
}

/// Why two machines did not pair.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotPaired {
    /// One of the two said so.
    #[error(transparent)]
    Said(#[from] Why),
    /// The other one was not found.
    #[error("the other machine is not in reach")]
    NotReached,
}

/// One side of a pairing that goes on.
pub struct Pairing<Asks, Hears> {
    endpoint: PublicKey,
    addrs: Vec<SocketAddr>,
    asked: std_mpsc::Receiver<Asks>,
    seen: Arc<Seen>,
    /// None once it ends.
    told: Option<mpsc::Sender<Hears>>,
    thread: Option<thread::JoinHandle<()>>,
}

/// The ends of the channels that the network has.
struct Person<Asks, Hears> {
    ask: std_mpsc::Sender<Asks>,
    told: mpsc::Receiver<Hears>,
    seen: Arc<Seen>,
}

/// What can be seen of a pairing while nothing is asked.
struct Seen {
    tries_left: AtomicU8,
    is_known: AtomicBool,
    met_at: Mutex<Vec<SocketAddr>>,
}

/// What happened to one side, whatever the pairing is for.
enum Came<Hears> {
    /// The other machine is connected: its endpoint key, and what binds words to this
    /// connection.
    Met {
        other: PublicKey,
        exporter: [u8; 32],
    },
    /// Somebody looked for another endpoint at this address.
    Missed,
    /// What the other side sent, or that it cannot be read.
    Heard(Result<Message, Why>),
    /// The answer to what was asked.
    Told(Hears),
    /// Nobody is there any more who could answer.
    Gone,
    /// The connection ended.
    Lost,
    /// Time passed.
    Tick,
}

/// What one side does then.
enum Does<Asks> {
    Send(Message),
    Ask(Asks),
    /// To end the connection, and wait for another.
    HangUp,
    End(Result<(), Why>),
}

/// The decisions of one side.
trait Decides: Send + 'static {
    type Asks: Send + 'static;
    type Hears: Send + 'static;

    fn handle(&mut self, came: Came<Self::Hears>, now_ms: i64) -> Vec<Does<Self::Asks>>;

    fn tries_left(&self) -> u8 {
        TRIES_MAX
    }

    /// How it is said that it came out so.
    fn ended(how: Result<(), NotPaired>) -> Self::Asks;
}

impl Seen {
    fn met_at(&self, addrs: Vec<SocketAddr>) {
        *self.met_at.lock().unwrap_or_else(PoisonError::into_inner) = addrs;
    }
}

impl<Asks, Hears> Pairing<Asks, Hears> {
    /// The key of the endpoint that is there for the pairing.
    pub const fn endpoint(&self) -> PublicKey {
        self.endpoint
    }

    /// Where it is reached.
    pub fn addrs(&self) -> &[SocketAddr] {
        &self.addrs
    }

    /// How often wrong words may still be tried at the machine that invites.
    pub fn tries_left(&self) -> u8 {
        self.seen.tries_left.load(Ordering::Relaxed)
    }

    /// Whether the words turned out right at the machine that joins: the owner of the other
    /// one is asked.
    pub fn is_known(&self) -> bool {
        self.seen.is_known.load(Ordering::Relaxed)
    }

    /// Where the machine was met that is connected, or was last.
    pub fn met_at(&self) -> Vec<SocketAddr> {
        let met_at = &self.seen.met_at;
        met_at
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// What is asked, if something is within so long.
    pub fn next(&self, at_most: Duration) -> Result<Option<Asks>, Error> {
        match self.asked.recv_timeout(at_most) {
            Ok(asks) => Ok(Some(asks)),
            Err(RecvTimeoutError::Timeout) => Ok(None),
            Err(RecvTimeoutError::Disconnected) => Err(Error::Stopped),
        }
    }

    /// Answers.
    pub fn tell(&self, answer: Hears) {
        if let Some(told) = &self.told {
            // Whoever asked may have ended meanwhile, and says so next.
            drop(told.blocking_send(answer));
        }
    }
}

impl<Asks: Send + 'static, Hears: Send + 'static> Pairing<Asks, Hears> {
    /// Opens an endpoint and lets `talk` speak at it.
    fn begin<Talk: Future<Output = ()>>(
        (secret, place): (Secret, PairingPlace),
        talk: impl FnOnce(Endpoint, Person<Asks, Hears>) -> Talk + Send + 'static,
    ) -> Result<Self, Error> {
        let runtime = runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        let (ask, asked) = std_mpsc::channel();
        let (tell, told) = mpsc::channel(WAITING_MAX);
        let (opened, open) = std_mpsc::channel();
        let seen = Arc::new(Seen {
            tries_left: AtomicU8::new(TRIES_MAX),
            is_known: AtomicBool::new(false),
            met_at: Mutex::default(),
        });
        let person = Person {
            ask,
            told,
            seen: Arc::clone(&seen),
        };
        let work = move || {
            runtime.block_on(async {
                match open_for_pairing(&secret, place).await {
                    Ok((endpoint, addrs)) => {
                        let key = *endpoint.id().as_bytes();
                        opened.send(Ok((key, addrs))).unwrap_or_default();
                        talk(endpoint.clone(), person).await;
                        drop(tokio::time::timeout(GOODBYE, endpoint.close()).await);
                    }
                    Err(error) => opened.send(Err(error)).unwrap_or_default(),
                }
            });
        };
        let thread = thread::Builder::new()
            .name("pairing".to_owned())
            .spawn(work)?;
        let (key, addrs) = open.recv().or(Err(Error::Stopped))??;
        Ok(Self {
            endpoint: PublicKey::from_bytes(key),
            addrs,
            asked,
            seen,
            told: Some(tell),
            thread: Some(thread),
        })
    }
}

async fn open_for_pairing(
    secret: &Secret,
    place: PairingPlace,
) -> Result<(Endpoint, Vec<SocketAddr>), Error> {
    let plan = Plan {
        secret,
        alpns: &[PAIR_ALPN],
        bind: place.bind,
        relay: &Relay::None,
        round_trip: ROUND_TRIP,
    };
    let endpoint = open(plan, &Gate::ForAnybody(PAIR_ALPN)).await?;
    let addrs = addresses(&endpoint).await;
    Ok((endpoint, addrs))
}

/// The stream that the joining machine opened, and what binds words to this connection.
type Begun = ((SendStream, RecvStream), [u8; 32]);

fn begun(connection: &Connection, streams: (SendStream, RecvStream)) -> Option<Begun> {
    let mut exporter = [0; 32];
    connection
        .export_keying_material(&mut exporter, EXPORTER_LABEL, b"")
        .ok()?;
    Some((streams, exporter))
}

impl<Asks, Hears> Drop for Pairing<Asks, Hears> {
    fn drop(&mut self) {
        self.told = None;
        if let Some(Err(_panicked)) = self.thread.take().map(thread::JoinHandle::join) {
            tracing::warn!("a pairing ended by a fault");
        }
    }
}

impl<Asks, Hears> fmt::Debug for Pairing<Asks, Hears> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Pairing({:?})", self.endpoint)
    }
}
