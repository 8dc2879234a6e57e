//! One connection to one machine of another clinic. Each side opens a stream for its own
//! clinic's documents where something of them is, or was, shared with somebody at the other;
//! what is said on each is in `exchange`.

mod exchange;
mod papers;

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use iroh::endpoint::{Connection, RecvStream, SendStream};
use tokio::{
    sync::watch,
    task::{JoinSet, spawn_blocking},
    time::{Instant, MissedTickBehavior, interval, sleep_until},
};

use self::exchange::{Ended, Exchanging, changed};
use super::{
    board::Board,
    gate::{Closing, outside_at},
    meeting::{addrs_of, leaves},
    moving::Changes,
    parting::{Ending, Parted},
    tally::Tally,
    who::Who,
};
use crate::{
    clinic::{Clinic, Outside},
    ids::ClinicId,
    seal::PublicKey,
};

/// How often it is asked what may be had, although nothing was said: grants end by the clock.
const ASKED_EVERY: Duration = Duration::from_mins(1);
/// How long a connection stays on which nobody has anything to say.
const ALONE: Duration = Duration::from_secs(10);
/// How often what went over the wire is shown.
const SHOWN: Duration = Duration::from_secs(1);
/// Streams of the other side that are served at a time. It needs one.
const STREAMS_MAX: usize = 2;

/// What a connection to a machine of another clinic needs.
pub(super) struct Visit {
    /// Which of this machine's meetings it is.
    pub(super) number: u64,
    pub(super) clinic: Arc<Clinic>,
    pub(super) board: Arc<Board>,
    /// The key of the other machine.
    pub(super) endpoint: PublicKey,
    pub(super) connection: Connection,
    /// What happens in the clinic.
    pub(super) changes: watch::Receiver<Changes>,
    /// Whether this machine leaves.
    pub(super) leaving: watch::Receiver<bool>,
}

/// Whose documents a stream is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    /// This clinic's, for somebody at the other machine.
    Hosting,
    /// Another clinic's, for somebody here.
    Visiting(ClinicId),
}

/// What all streams of a connection share.
#[derive(Clone)]
struct Shared {
    clinic: Arc<Clinic>,
    endpoint: PublicKey,
    changes: watch::Receiver<Changes>,
    leaving: watch::Receiver<bool>,
    tally: Arc<Mutex<Tally>>,
    began: Instant,
}

/// A visit that goes on.
struct Held<'a> {
    visit: &'a Visit,
    shared: Shared,
    outside: Outside,
    /// Each with whether it is about this clinic's documents.
    streams: JoinSet<(bool, Ended)>,
    /// Whether a stream for this clinic's documents is open, or not wanted for now.
    hosts: Hosts,
    alone_since: Option<Instant>,
}

/// The stream for this clinic's documents.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Hosts {
    /// To be opened.
    Due,
    /// Open.
    Open,
    /// All is said, until something changes.
    Over,
}

impl Visit {
    /// Until the connection ends.
    pub(super) async fn hold(self) -> Parted {
        let outside = outside_at(Arc::clone(&self.clinic), self.endpoint).await;
        let Ending(closing, parted) = match outside {
            Some(outside) => self.run(outside).await,
            None => Ending::NOT_KNOWN,
        };
        tracing::info!(endpoint = ?self.endpoint, ?parted, "parted");
        closing.close(&self.connection);
        parted
    }

    async fn run(&self, outside: Outside) -> Ending {
        let tally = Arc::new(Mutex::new(Tally::new(&self.connection)));
        let mut held = Held {
            visit: self,
            shared: Shared {
                clinic: Arc::clone(&self.clinic),
                endpoint: self.endpoint,
                changes: self.changes.clone(),
                leaving: self.leaving.clone(),
                tally,
                began: Instant::now(),
            },
            outside,
            streams: JoinSet::new(),
            hosts: Hosts::Due,
            alone_since: Some(Instant::now()),
        };
        held.show();
        self.remember().await;
        let ending = held.run().await;
        if ending != Ending::STOPPING {
            // Otherwise each stream ends by itself, once the other side has what was said.
            ending.0.close(&self.connection);
        }
        // What is being taken in is finished.
        while held.streams.join_next().await.is_some() {}
        held.show();
        ending
    }

    /// Writes down where the other machine was met.
    async fn remember(&self) {
        let addrs = addrs_of(&self.connection);
        let (clinic, endpoint) = (Arc::clone(&self.clinic), self.endpoint);
        let kept = spawn_blocking(move || clinic.met_outside(endpoint, &addrs)).await;
        if let Ok(Err(error)) = kept {
            tracing::warn!(%error, "where a machine was met");
        }
        let at = self.clinic.moment().at;
        let who = Who::Outside(self.endpoint);
        self.board.change(who, |row| row.last_met = Some(at));
    }
}

impl Held<'_> {
    async fn run(&mut self) -> Ending {
        let connection = &self.visit.connection;
        let mut changes = self.visit.changes.clone();
        let mut leaving = self.visit.leaving.clone();
        let mut asked = interval(ASKED_EVERY);
        asked.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut shown = interval(SHOWN);
        shown.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            self.open_own();
            let alone_until = self.alone_since.map(|it| it + ALONE);
            let may_accept = self.streams.len() <= STREAMS_MAX;
            let ended = tokio::select! {
                opened = connection.accept_bi(), if may_accept => match opened {
                    Ok(streams) => {
                        self.serve(streams);
                        Ok(())
                    }
                    Err(error) => return ended_by(error.into()),
                },
                Some(ended) = self.streams.join_next() => match ended {
                    Ok((is_own, ended)) => self.ended(is_own, ended),
                    Err(_stopping) => Err(Ending::STOPPING),
                },
                () = changed(&mut changes) => self.ask().await,
                _now = asked.tick() => self.ask().await,
                _now = shown.tick() => {
                    self.show();
                    Ok(())
                }
                reason = connection.closed() => return ended_by(Some(reason)),
                () = leaves(&mut leaving) => Err(Ending::STOPPING),
                () = at(alone_until) => Err(Ending::OVER),
            };
            if let Err(ending) = ended {
                return ending;
            }
        }
    }

    /// Whether they may still be here, and whether there is something new for them.
    async fn ask(&mut self) -> Result<(), Ending> {
        let (clinic, endpoint) = (Arc::clone(&self.visit.clinic), self.visit.endpoint);
        let asked = outside_at(Arc::clone(&clinic), endpoint).await;
        self.outside = asked.ok_or(Ending::NOT_KNOWN)?;
        let outside = self.outside.clone();
        let terms = spawn_blocking(move || clinic.terms(endpoint, &outside)).await;
        if let Ok(Ok(terms)) = terms {
            let who = Who::Outside(endpoint);
            self.visit.board.change(who, |row| row.terms = terms);
        }
        if self.hosts == Hosts::Over {
            self.hosts = Hosts::Due;
        }
        Ok(())
    }

    /// Opens the stream for this clinic's documents, if something of them is or was shared.
    fn open_own(&mut self) {
        if self.hosts != Hosts::Due || !self.outside.hosts {
            return;
        }
        self.hosts = Hosts::Open;
        self.alone_since = None;
        let connection = self.visit.connection.clone();
        let shared = self.shared.clone();
        self.streams.spawn(async move {
            let ended = match connection.open_bi().await {
                Ok(streams) => Exchanging::host(shared, streams).await,
                Err(_lost) => Ended::Stream,
            };
            (true, ended)
        });
    }

    /// Serves a stream that the other side opened for its clinic's documents.
    fn serve(&mut self, streams: (SendStream, RecvStream)) {
        self.alone_since = None;
        let (shared, visits) = (self.shared.clone(), self.outside.visits.clone());
        self.streams.spawn(async move {
            (false, Exchanging::visit(shared, visits, streams).await)
        });
    }

    fn ended(&mut self, is_own: bool, ended: Ended) -> Result<(), Ending> {
        match ended {
            Ended::Again if is_own => self.hosts = Hosts::Due,
            Ended::Over | Ended::Stream if is_own => self.hosts = Hosts::Over,
            Ended::Again | Ended::Over | Ended::Stream => {}
            Ended::All(ending) => return Err(ending),
        }
        if self.streams.is_empty() {
            self.alone_since = Some(Instant::now());
        }
        self.show();
        Ok(())
    }

    fn show(&self) {
        let tally = lock(&self.shared.tally);
        let traffic = tally.traffic(&self.visit.connection);
        let progress = tally.progress(&traffic);
        drop(tally);
        let (number, who) = (self.visit.number, Who::Outside(self.visit.endpoint));
        self.visit
            .board
            .change(who, |row| row.goes(number, traffic, progress));
    }
}

fn lock(tally: &Mutex<Tally>) -> MutexGuard<'_, Tally> {
    tally.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Of a connection that the other side ended: in order, when there is no more to say.
fn ended_by(reason: Option<iroh::endpoint::ConnectionError>) -> Ending {
    let is_done = matches!(
        &reason,
        Some(iroh::endpoint::ConnectionError::ApplicationClosed(closed))
            if closed.error_code == Closing::Done.code()
    );
    if is_done {
        Ending::OVER
    } else {
        Ending::of_lost(reason)
    }
}

/// At that moment; never where there is none.
async fn at(moment: Option<Instant>) {
    match moment {
        Some(moment) => sleep_until(moment).await,
        None => std::future::pending().await,
    }
}
