//! The middle of the driver: who is dialled when, which connection of two is kept, and who
//! is sent away. One task; everything slow happens beside it.

mod outside;
mod peers;
mod places;
mod reaching;

use std::{
    collections::{BTreeMap, BTreeSet},
    net::SocketAddr,
    sync::Arc,
    time::Duration,
};

use iroh::{Endpoint, EndpointAddr, RelayUrl, TransportAddr, endpoint::Connection};
use tokio::{
    sync::{broadcast, mpsc, watch},
    task::JoinSet,
    time::{Instant, sleep_until, timeout},
};

use self::{
    peers::{Live, Peer},
    reaching::{Dialled, dial},
};
use super::{
    ALPN, Error, Options, SHARE_ALPN,
    arrivals::accept,
    board::{Board, Row},
    dialling::Dialling,
    endpoint::{Plan, addresses, open},
    gate::{Closing, Gate},
    lan::{self, Heard, Overhearing},
    meeting::{Meeting, addrs_of},
    moving::{Changes, Mine, follow, watch_changes},
    outside::Visit,
    parting::Parted,
    who::Who,
};
use crate::{
    clinic::{Clinic, Listening},
    ledger::Place,
    seal::PublicKey,
    sync::status::Reach,
};

/// Connections of one machine that begin within so long may be two that dialled each other
/// at once. What is older was left behind.
const AT_ONCE: Duration = Duration::from_secs(10);
/// How long a round trip is guessed to take while none was measured: longer than any does.
/// The transport looks for further ways to a machine by packets that cost 1.3 kB each, and
/// repeats them ten times in this time while no answer has come.
const ROUND_TRIP: Duration = Duration::from_secs(10);
/// The longest that nothing is looked at.
const REST: Duration = Duration::from_secs(15);
/// Happenings that wait to be looked at. When there are more, those who tell wait.
const EVENTS_MAX: usize = 64;
/// Damaged envelopes that other machines are asked for and have not heard of yet.
const HOLES_MAX: usize = 64;

/// What somebody asks of the driver.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Asked {
    /// Dial everybody, now.
    SyncNow,
    /// End.
    Stop,
}

/// Why the driver ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ended {
    /// It was told to.
    Stopped,
    /// This machine meets others under another key by now.
    Renamed,
}

/// What became of something that was begun beside the hub.
enum Event {
    Dialled(Who, Dialled),
    Parted(Who, u64, Parted),
}

/// All that the driver has.
pub(super) struct Hub {
    clinic: Arc<Clinic>,
    endpoint: Endpoint,
    relay: Option<RelayUrl>,
    only: Option<BTreeSet<Who>>,
    /// Addresses that a person gave.
    known: Vec<(Who, SocketAddr)>,
    peers: BTreeMap<Who, Peer>,
    board: Arc<Board>,
    mine: Arc<Mine>,
    changes: watch::Receiver<Changes>,
    seen: Changes,
    heard: Heard,
    /// Machines of other clinics that are heard of.
    overhearing: Option<Overhearing>,
    overheard: Heard,
    arrived: mpsc::Receiver<Connection>,
    events: (mpsc::Sender<Event>, mpsc::Receiver<Event>),
    beside: JoinSet<()>,
    holes: broadcast::Sender<Place>,
    /// Tells all meetings that this machine leaves.
    leaving: watch::Sender<bool>,
    began: Instant,
    meetings: u64,
    _listening: Listening,
}

impl Hub {
    /// Opens the endpoint, and tells its key and its addresses.
    pub(super) async fn open(
        clinic: Arc<Clinic>,
        options: Options,
        board: Arc<Board>,
    ) -> Result<(Self, (PublicKey, Vec<SocketAddr>)), Error> {
        let secret = clinic.endpoint_secret()?;
        let plan = Plan {
            secret: &secret,
            alpns: &[ALPN, SHARE_ALPN],
            bind: options.bind,
            relay: &options.relay,
            round_trip: ROUND_TRIP,
        };
        let endpoint = open(plan, &Gate::Of(Arc::clone(&clinic))).await?;
        drop(secret);
        let heard = if options.mdns {
            lan::listen(&endpoint, lan::name_of(clinic.id()), true)
        } else {
            Heard::NOBODY
        };
        let (overhearing, overheard) = if options.mdns {
            let (overhearing, overheard) = Overhearing::new();
            (Some(overhearing), overheard)
        } else {
            (None, Heard::NOBODY)
        };
        let place = (
            PublicKey::from_bytes(*endpoint.id().as_bytes()),
            addresses(&endpoint).await,
        );
        let (changes, listening) = watch_changes(&clinic);
        let mine = Mine::new(Arc::clone(&clinic), Arc::clone(&board))?;
        let mine = Arc::new(mine);
        let (arrive, arrived) = mpsc::channel(1);
        tokio::spawn(accept(endpoint.clone(), arrive));
        tokio::spawn(follow(Arc::clone(&mine), changes.clone()));
        let mut hub = Self {
            clinic,
            endpoint,
            relay: options.relay.own_url(),
            only: options.only_whom(),
            known: options.known_places(),
            peers: BTreeMap::new(),
            board,
            mine,
            changes,
            seen: Changes::default(),
            heard,
            overhearing,
            overheard,
            arrived,
            events: mpsc::channel(EVENTS_MAX),
            beside: JoinSet::new(),
            holes: broadcast::Sender::new(HOLES_MAX),
            leaving: watch::Sender::default(),
            began: Instant::now(),
            meetings: 0,
            _listening: listening,
        };
        hub.look_who_belongs().await;
        Ok((hub, place))
    }

    /// Until it is told to stop, or is to begin anew.
    pub(super) async fn run(mut self, asked: &mut mpsc::Receiver<Asked>) -> Ended {
        let last = loop {
            self.dial_who_is_due();
            let wake = self.began + self.next_due();
            tokio::select! {
                asked = asked.recv() => match asked {
                    Some(Asked::SyncNow) => self.each_waiting(Dialling::asked),
                    Some(Asked::Stop) | None => break Ended::Stopped,
                },
                Some(event) = self.events.1.recv() => self.happened(event).await,
                Some(connection) = self.arrived.recv() => self.meet(connection, false).await,
                addr = self.heard.next() => self.appeared(&addr),
                addr = self.overheard.next() => self.appeared(&addr),
                Ok(()) = self.changes.changed() => {
                    self.changed().await;
                    if self.has_other_key() {
                        break Ended::Renamed;
                    }
                }
                Some(_ended) = self.beside.join_next() => {}
                () = sleep_until(wake) => {}
            }
        };
        self.leave().await;
        last
    }

    /// Whether this machine took another name, and somebody has heard of it.
    fn has_other_key(&self) -> bool {
        let secret = self.clinic.endpoint_secret();
        secret.is_ok_and(|it| it.as_bytes() != &self.endpoint.secret_key().to_bytes())
    }

    async fn happened(&mut self, event: Event) {
        let now = self.began.elapsed();
        match event {
            Event::Dialled(who, dialled) => {
                if let Some(peer) = self.peers.get_mut(&who) {
                    peer.is_dialled = false;
                    match dialled {
                        Dialled::Reached(_) => {}
                        Dialled::Unanswered => peer.dialling.unanswered(now),
                        Dialled::Failed => peer.dialling.failed(now),
                    }
                }
                match dialled {
                    Dialled::Reached(connection) => self.meet(connection, true).await,
                    Dialled::Unanswered | Dialled::Failed => {
                        self.board.change(who, Row::unreached);
                    }
                }
            }
            Event::Parted(who, number, parted) => self.parted(who, number, parted),
        }
    }

    /// A connection is there: it becomes a meeting, unless it is one too many.
    async fn meet(&mut self, connection: Connection, dialled_here: bool) {
        let there = connection.remote_id();
        if self.who_speaks(&connection).is_none() {
            // Enrolled a moment ago, or gone a moment ago.
            self.look_who_belongs().await;
        }
        let Some(who) = self.who_speaks(&connection) else {
            return Closing::NotKnownHere.close(&connection);
        };
        if self.is_crowded(who) {
            return Closing::Crowded.close(&connection);
        }
        let here = self.endpoint.id();
        let now = self.began.elapsed();
        let Some(peer) = self.peers.get_mut(&who) else {
            return;
        };
        if !dialled_here && peer.dialling.is_left_alone(now) {
            return Closing::Unsound.close(&connection);
        }
        if let Some(live) = &peer.live {
            let at_once = live.began.elapsed() < AT_ONCE
                && live.dialled_here != dialled_here
                && live.connection.close_reason().is_none();
            // Both sides see the same two connections, and keep the same one.
            let dialler = if dialled_here { here } else { there };
            if at_once && dialler != here.min(there) {
                return Closing::OtherConnection.close(&connection);
            }
            Closing::OtherConnection.close(&live.connection);
        }
        self.meetings += 1;
        let number = self.meetings;
        peer.places.met_at(addrs_of(&connection));
        peer.live = Some(Live {
            number,
            connection: connection.clone(),
            dialled_here,
            began: Instant::now(),
        });
        self.board.change(who, |row| row.met(number));
        match who {
            Who::Machine(device) => {
                let meeting = Meeting {
                    number,
                    clinic: Arc::clone(&self.clinic),
                    board: Arc::clone(&self.board),
                    device,
                    connection,
                    dialled_here,
                    mine: Arc::clone(&self.mine),
                    holes: self.holes.clone(),
                    leaving: self.leaving.subscribe(),
                };
                self.hold((who, number), meeting.hold());
            }
            Who::Outside(endpoint) => {
                let visit = Visit {
                    number,
                    clinic: Arc::clone(&self.clinic),
                    board: Arc::clone(&self.board),
                    endpoint,
                    connection,
                    changes: self.changes.clone(),
                    leaving: self.leaving.subscribe(),
                };
                self.hold((who, number), visit.hold());
            }
        }
    }

    /// Lets a meeting go on beside the hub, which hears when it is over.
    fn hold(
        &mut self,
        (who, number): (Who, u64),
        meeting: impl Future<Output = Parted> + Send + 'static,
    ) {
        let tell = self.events.0.clone();
        self.beside.spawn(async move {
            let event = Event::Parted(who, number, meeting.await);
            drop(tell.send(event).await);
        });
    }

    fn parted(&mut self, who: Who, number: u64, parted: Parted) {
        self.board.change(who, |row| row.over(number));
        let now = self.began.elapsed();
        let Some(peer) = self.peers.get_mut(&who) else {
            return;
        };
        if peer.live.as_ref().is_none_or(|live| live.number != number) {
            return;
        }
        peer.live = None;
        let state = match parted {
            Parted::OtherProgram => Reach::OtherProgram,
            Parted::NotKnown => Reach::NotKnown,
            Parted::Disk => Reach::Disk,
            Parted::Unsound => Reach::Unsound,
            Parted::Ended
            | Parted::Over
            | Parted::Left
            | Parted::Refused
            | Parted::OtherConnection => Reach::NotInReach,
        };
        match parted {
            Parted::Ended | Parted::OtherConnection => peer.dialling.parted(now),
            Parted::Left | Parted::Over => peer.dialling.left(now),
            Parted::NotKnown | Parted::Refused | Parted::Disk | Parted::OtherProgram => {
                peer.dialling.failed(now);
            }
            Parted::Unsound => peer.dialling.was_unsound(now),
        }
        self.board.change(who, |row| {
            row.parted(state);
            if parted == Parted::NotKnown {
                row.unreached();
            }
        });
    }

    /// Somebody was heard of on the network.
    fn appeared(&mut self, addr: &EndpointAddr) {
        let now = self.began.elapsed();
        let Some(who) = self.who_is(addr.id) else {
            return;
        };
        if let Some(peer) = self.peers.get_mut(&who) {
            peer.places.heard_at(addr.ip_addrs().copied());
            peer.dialling.appeared(now);
            self.board.change(who, |row| row.is_sought = true);
        }
    }

    async fn changed(&mut self) {
        let changes = *self.changes.borrow_and_update();
        let seen = std::mem::replace(&mut self.seen, changes);
        if (changes.membership, changes.guest) != (seen.membership, seen.guest) {
            self.look_who_belongs().await;
        }
        let is_new = (changes.wrote, changes.took) != (seen.wrote, seen.took);
        let now = self.began.elapsed();
        for (who, peer) in self.peers.iter_mut().filter(|(_, it)| it.is_waiting()) {
            match who {
                Who::Machine(_) if is_new => peer.dialling.wrote(now),
                Who::Machine(_) => {}
                Who::Outside(_) => peer.dialling.wrote_for_guest(now),
            }
        }
    }

    fn dial_who_is_due(&mut self) {
        let now = self.began.elapsed();
        let only = &self.only;
        let is_relayed = self.relay.is_some();
        let waiting = self.peers.iter_mut().filter(|(who, peer)| {
            peer.can_be_dialled(**who, is_relayed)
                && only.as_ref().is_none_or(|only| only.contains(who))
        });
        for (who, peer) in waiting {
            if peer.dialling.next() > now {
                continue;
            }
            let patience = peer.dialling.patience();
            peer.dialling.tried(now);
            peer.is_dialled = true;
            let addrs = peer.places.known().map(TransportAddr::Ip);
            let relay = self.relay.iter().cloned().map(TransportAddr::Relay);
            let place = EndpointAddr::from_parts(peer.endpoint, addrs.chain(relay));
            let to = (place, who.alpn());
            let dial = dial(self.endpoint.clone(), to, peer.places.heard());
            let (who, tell) = (*who, self.events.0.clone());
            self.beside.spawn(async move {
                let dialled = timeout(patience, dial).await;
                let dialled = dialled.unwrap_or(Dialled::Unanswered);
                drop(tell.send(Event::Dialled(who, dialled)).await);
            });
        }
    }

    fn next_due(&self) -> Duration {
        let only = &self.only;
        let is_relayed = self.relay.is_some();
        let waiting = self.peers.iter().filter(|(who, peer)| {
            peer.can_be_dialled(**who, is_relayed)
                && only.as_ref().is_none_or(|only| only.contains(who))
        });
        let due = waiting.map(|(_, peer)| peer.dialling.next()).min();
        due.unwrap_or_else(|| self.began.elapsed() + REST)
    }

    fn each_waiting(&mut self, change: fn(&mut Dialling, Duration)) {
        let now = self.began.elapsed();
        for peer in self.peers.values_mut().filter(|it| it.is_waiting()) {
            change(&mut peer.dialling, now);
        }
    }

    /// Says good-bye to everybody, once they have what was said, and waits until what they
    /// sent is on the disk.
    async fn leave(mut self) {
        // Nobody looks at what they tell any more.
        self.events.1.close();
        self.arrived.close();
        self.leaving.send_replace(true);
        drop(timeout(super::GOODBYE, self.leaving.closed()).await);
        drop(timeout(super::GOODBYE, self.endpoint.close()).await);
        while self.beside.join_next().await.is_some() {}
    }
}
