//! One connection to one machine, from its first frame to its last: what the exchange
//! decides is done here, on the connection and in the clinic.

use std::{mem, net::SocketAddr, sync::Arc, time::Duration};

use iroh::{
    TransportAddr,
    endpoint::{Connection, RecvStream, SendStream},
};
use tokio::{
    sync::{broadcast, watch},
    task::{JoinError, JoinSet, spawn_blocking},
    time::{Instant, Interval, MissedTickBehavior, interval, sleep_until, timeout},
};

use super::{
    board::Board,
    frames::Broken,
    moving::{Mine, TOGETHER},
    parting::{Ending, Parted},
    pipes::{Moved, Pipes},
    taking::{Taken, Waiting},
    tally::Tally,
};
use crate::{
    clinic::{self, Clinic, Met, Refused},
    ids::DeviceId,
    ledger::{Entry, Frontier, Place},
    sync::{
        proto::{Exchange, Input, Output, Setup},
        wire::{Frame, MAX_FRAME_BYTES},
    },
};

/// How often the exchange is told that time passes.
const TICK: Duration = Duration::from_secs(1);
/// How long the other side may take to begin.
const BEGINNING: Duration = Duration::from_secs(10);
/// How long the other side may take to say why it ended a stream.
const WHY: Duration = Duration::from_secs(2);
/// How often what is known of the other side is written down while it changes.
const REMEMBERED: Duration = Duration::from_secs(10);
/// How long a meeting goes on after something came that leans on what has not come yet.
const AGAIN: Duration = Duration::from_secs(5);
/// Answers that are being read, or chunks that are being taken in: with more of them nothing
/// further is heard until they are done. It bounds what a machine that asks and never listens
/// can make this one hold.
const UNDONE_MAX: usize = 4;
/// The same for frames that the stream has not taken. Two machines that each wait for the
/// other to listen must not meet: a sound one has two chunks and a few words on their way.
const UNSENT_MAX: usize = 32;
/// Addresses that are remembered of a machine.
const ADDRESSES_MAX: usize = 4;

/// What a connection needs to become a meeting.
pub(super) struct Meeting {
    /// Which of this machine's meetings it is.
    pub(super) number: u64,
    pub(super) clinic: Arc<Clinic>,
    pub(super) board: Arc<Board>,
    pub(super) device: DeviceId,
    pub(super) connection: Connection,
    /// Whether this side dialled; who did opens the stream.
    pub(super) dialled_here: bool,
    /// How far this machine reaches.
    pub(super) mine: Arc<Mine>,
    /// What is damaged here, told to all who may have it whole.
    pub(super) holes: broadcast::Sender<Place>,
    /// Whether this machine leaves.
    pub(super) leaving: watch::Receiver<bool>,
}

/// What was done in the clinic.
enum Done {
    Answered(Input),
    Took(Taken),
    Remembered,
}

impl Meeting {
    /// Until the connection ends.
    pub(super) async fn hold(self) -> Parted {
        let Ending(closing, parted) = match self.begin().await {
            Ok(mut held) => held.run().await,
            Err(ending) => ending,
        };
        tracing::info!(device = ?self.device, ?parted, "parted");
        closing.close(&self.connection);
        parted
    }

    async fn begin(&self) -> Result<Held<'_>, Ending> {
        let tally = Tally::new(&self.connection);
        let streams = self.streams().await?;
        let (clinic, device) = (Arc::clone(&self.clinic), self.device);
        let kept = spawn_blocking(move || (clinic.peer(device), clinic.holes())).await;
        let (last, holes) = kept.map_err(|_stopping| Ending::STOPPING)?;
        let last = last.unwrap_or_else(|error| {
            tracing::warn!(%error, "the last meeting is not remembered");
            None
        });
        let holes = holes.unwrap_or_default().into_iter().collect();
        let (last, addrs) = last.map(|it| (it.theirs, it.addrs)).unzip();
        let mut mine = self.mine.told();
        let setup = Setup {
            clinic: self.clinic.id(),
            mine: Frontier::clone(&mine.borrow_and_update()),
            base: last,
        };
        let (exchange, first) = Exchange::new(setup);
        let mut held = Held {
            meeting: self,
            exchange,
            mine,
            told_at: Instant::now(),
            holes: self.holes.subscribe(),
            leaving: self.leaving.clone(),
            addrs: addrs.unwrap_or_default(),
            began: Instant::now(),
            pipes: Pipes::new(streams, MAX_FRAME_BYTES),
            jobs: JoinSet::new(),
            answering: 0,
            is_taking: false,
            waiting: Waiting::new(),
            leave_at: None,
            tally,
            theirs: None,
            remembered: None,
        };
        held.obey(first)?;
        held.tell(Input::Want(holes))?;
        Ok(held)
    }

    async fn streams(&self) -> Result<(SendStream, RecvStream), Ending> {
        let connection = &self.connection;
        let opened = timeout(BEGINNING, async {
            if self.dialled_here {
                connection.open_bi().await
            } else {
                connection.accept_bi().await
            }
        });
        match opened.await {
            Ok(Ok(streams)) => Ok(streams),
            Ok(Err(error)) => Err(Ending::of_lost(Some(error))),
            Err(_late) => Err(Ending::STALLED),
        }
    }
}

/// Where the other side of a connection is reached without a relay.
pub(super) fn addrs_of(connection: &Connection) -> Vec<SocketAddr> {
    let paths = connection.paths();
    let direct = paths.iter().filter_map(|path| {
        if let TransportAddr::Ip(addr) = path.remote_addr() {
            Some(*addr)
        } else {
            None
        }
    });
    direct.collect()
}

/// A meeting that goes on.
struct Held<'a> {
    meeting: &'a Meeting,
    exchange: Exchange,
    mine: watch::Receiver<Arc<Frontier>>,
    /// When the exchange was told of it last.
    told_at: Instant,
    holes: broadcast::Receiver<Place>,
    leaving: watch::Receiver<bool>,
    /// Where the other side was met, the latest first.
    addrs: Vec<String>,
    began: Instant,
    pipes: Pipes,
    jobs: JoinSet<Result<Done, clinic::Error>>,
    /// Answers that are being read.
    answering: usize,
    is_taking: bool,
    waiting: Waiting,
    /// When it ends, to begin anew with what had come too early.
    leave_at: Option<Instant>,
    tally: Tally,
    /// How far the other side reaches, if that is not written down yet.
    theirs: Option<Arc<Frontier>>,
    /// When it was written down last.
    remembered: Option<Instant>,
}

impl Held<'_> {
    async fn run(&mut self) -> Ending {
        let mut tick = interval(TICK);
        tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let ending = loop {
            if let Err(ending) = self.step(&mut tick).await {
                break ending;
            }
        };
        self.pipes.finish().await;
        // What is being taken in is finished, and what was learnt is kept.
        self.remember();
        while self.jobs.join_next().await.is_some() {}
        self.show();
        ending
    }

    async fn step(&mut self, tick: &mut Interval) -> Result<(), Ending> {
        let may_hear = self.pipes.on_the_way() < UNSENT_MAX
            && self.answering < UNDONE_MAX
            && self.waiting.chunks() < UNDONE_MAX;
        tokio::select! {
            moved = self.pipes.next(may_hear) => match moved {
                Ok(Moved::Heard(frame)) => self.heard(&frame),
                Ok(Moved::Left(bytes)) => {
                    self.tally.left(bytes);
                    self.tell(Input::Sent { bytes })
                }
                Err(broken) => Err(self.broken(&broken).await),
            },
            Some(done) = self.jobs.join_next() => self.done(done),
            Ok(()) = moved(&mut self.mine, self.told_at) => self.tell_mine(),
            Ok(place) = self.holes.recv() => self.tell(Input::Want(vec![place])),
            () = leaves(&mut self.leaving) => Err(Ending::STOPPING),
            _now = tick.tick() => {
                self.remember_at_times();
                self.show();
                if self.leave_at.is_some_and(|it| it <= Instant::now()) {
                    return Err(Ending::STALLED);
                }
                self.tell(Input::Tick)
            }
        }
    }

    fn heard(&mut self, frame: &[u8]) -> Result<(), Ending> {
        self.tally.heard(frame);
        let frame = Frame::decode(frame);
        self.tell(frame.map_or_else(Input::Unread, Input::Frame))
    }

    fn done(
        &mut self,
        done: Result<Result<Done, clinic::Error>, JoinError>,
    ) -> Result<(), Ending> {
        let done = done.map_err(|_stopping| Ending::STOPPING)?;
        let done = done.map_err(|error| {
            tracing::warn!(%error, "the clinic could not serve a machine");
            Ending::DISK
        })?;
        match done {
            Done::Remembered => Ok(()),
            Done::Answered(input) => {
                self.answering -= 1;
                self.tell(input)
            }
            Done::Took(taken) => {
                self.is_taking = false;
                self.tally.took(taken.new);
                if let Some(Refused { place, why }) = taken.refused.first() {
                    tracing::warn!(device = ?self.meeting.device, ?place, %why, "refused");
                }
                self.pass_over(&taken)?;
                let whole = self.waiting.taken(&taken);
                self.take_next();
                if whole > 0 {
                    self.tell_mine()?;
                }
                (0..whole).try_for_each(|_| self.tell(Input::Took))
            }
        }
    }

    /// Ends it where what was refused is the other side's fault. Otherwise nothing more of
    /// that log is taken in this meeting, but for who belongs, and all else goes on; where
    /// what was missing may come, the next meeting is soon.
    fn pass_over(&mut self, taken: &Taken) -> Result<(), Ending> {
        for refused in &taken.refused {
            let log = refused.place.log;
            let ending = Ending::of_refused(refused);
            let Some(ending) = ending.filter(|_| !self.waiting.passes_over(log)) else {
                continue;
            };
            if ending == Ending::UNSOUND && taken.written_there.contains(&log) {
                return Err(ending);
            }
            self.waiting.pass_over(log);
            if ending == Ending::STALLED {
                self.leave_at.get_or_insert(Instant::now() + AGAIN);
            }
        }
        Ok(())
    }

    fn tell_mine(&mut self) -> Result<(), Ending> {
        self.told_at = Instant::now();
        let mine = Arc::clone(&self.mine.borrow_and_update());
        self.tell(Input::Mine(Frontier::clone(&mine)))
    }

    /// Tells the exchange something, and does what it says.
    fn tell(&mut self, input: Input) -> Result<(), Ending> {
        let now_ms = i64::try_from(self.began.elapsed().as_millis()).unwrap_or(i64::MAX);
        let outputs = self.exchange.handle(input, now_ms);
        self.obey(outputs)
    }

    fn obey(&mut self, outputs: Vec<Output>) -> Result<(), Ending> {
        for output in outputs {
            match output {
                Output::Send(frame) => {
                    self.tally.said(&frame);
                    self.pipes.say(frame.encode());
                }
                Output::Read { from, bytes_max } => self.answer(move |clinic| {
                    let envelopes = clinic.read_run(from, bytes_max)?;
                    Ok(Input::Read { from, envelopes })
                }),
                Output::AskHash(place) => self.answer(move |clinic| {
                    let hash = clinic.hash_at(place)?;
                    Ok(Input::Hash { place, hash })
                }),
                Output::Take(runs) => self.take(runs)?,
                Output::Hole(place) => drop(self.meeting.holes.send(place)),
                Output::Met(theirs) => {
                    let theirs = Arc::new(theirs);
                    self.theirs = Some(Arc::clone(&theirs));
                    let device = self.meeting.device;
                    self.meeting.board.change(device, |row| row.theirs = theirs);
                }
                Output::InStep => {
                    self.tally.in_step(self.began.elapsed());
                    self.remember_at_times();
                    self.show();
                }
                Output::Progress(left) => self.tally.still_to_move(left),
                Output::Close(why) => {
                    tracing::info!(device = ?self.meeting.device, %why, "an exchange ended");
                    return Err(Ending::of(why));
                }
            }
        }
        Ok(())
    }

    fn answer(
        &mut self,
        read: impl FnOnce(&Clinic) -> Result<Input, clinic::Error> + Send + 'static,
    ) {
        self.answering += 1;
        let clinic = Arc::clone(&self.meeting.clinic);
        self.jobs
            .spawn_blocking(move || read(&clinic).map(Done::Answered));
    }

    fn take(&mut self, runs: Vec<Vec<Entry>>) -> Result<(), Ending> {
        if runs.iter().all(Vec::is_empty) {
            return self.tell(Input::Took);
        }
        self.waiting.push(runs);
        self.take_next();
        Ok(())
    }

    /// One commit at a time: they are worth the disk's while only one after the other.
    fn take_next(&mut self) {
        if self.is_taking {
            return;
        }
        let Some(portion) = self.waiting.portion() else {
            return;
        };
        self.is_taking = true;
        let device = self.meeting.device;
        let (clinic, mine) = (
            Arc::clone(&self.meeting.clinic),
            Arc::clone(&self.meeting.mine),
        );
        self.jobs.spawn_blocking(move || {
            let taken = portion.take(&clinic, device)?;
            mine.read()?;
            Ok(Done::Took(taken))
        });
    }

    fn remember_at_times(&mut self) {
        let lately = self.remembered.is_some_and(|it| it.elapsed() < REMEMBERED);
        if !lately {
            self.remember();
        }
    }

    /// Writes down how far the other side reaches, and where it was met.
    fn remember(&mut self) {
        let Some(theirs) = self.theirs.take() else {
            return;
        };
        self.remembered = Some(Instant::now());
        let clinic = Arc::clone(&self.meeting.clinic);
        let device = self.meeting.device;
        // To be dialled there again: met by a relay, it may still be where it was.
        let addrs = addrs_of(&self.meeting.connection).into_iter();
        let mut addrs: Vec<_> = addrs.map(|it| it.to_string()).collect();
        let before = mem::take(&mut self.addrs).into_iter();
        addrs.extend(before.filter(|it| !addrs.contains(it)).collect::<Vec<_>>());
        addrs.truncate(ADDRESSES_MAX);
        self.addrs.clone_from(&addrs);
        let met = Met {
            at: clinic.moment().at,
            addrs,
            theirs: Frontier::clone(&theirs),
        };
        let at = met.at;
        self.meeting
            .board
            .change(device, |row| row.last_met = Some(at));
        self.jobs.spawn_blocking(move || {
            clinic.met(device, &met)?;
            Ok(Done::Remembered)
        });
    }

    fn show(&mut self) {
        let traffic = self.tally.traffic(&self.meeting.connection);
        let progress = self.tally.progress(&traffic);
        let (number, device) = (self.meeting.number, self.meeting.device);
        self.meeting
            .board
            .change(device, |row| row.goes(number, traffic, progress));
    }

    /// What it means that no more frames come or go.
    async fn broken(&self, broken: &Broken) -> Ending {
        match broken {
            Broken::TooLong { .. } => Ending::UNSOUND,
            Broken::Stalled(_) => Ending::STALLED,
            Broken::Ended(_) => {
                // Who leaves ends the stream first, and then says why.
                let connection = &self.meeting.connection;
                drop(timeout(WHY, connection.closed()).await);
                Ending::of_lost(connection.close_reason())
            }
        }
    }
}

/// Waits until this machine leaves.
pub(super) async fn leaves(leaving: &mut watch::Receiver<bool>) {
    drop(leaving.wait_for(|it| *it).await);
}

/// Waits until this machine reaches further than the exchange was told, and long enough
/// after it was told the last time that what comes in many portions is told together.
async fn moved(
    mine: &mut watch::Receiver<Arc<Frontier>>,
    told_at: Instant,
) -> Result<(), watch::error::RecvError> {
    mine.changed().await?;
    mine.mark_changed();
    sleep_until(told_at + TOGETHER).await;
    Ok(())
}
