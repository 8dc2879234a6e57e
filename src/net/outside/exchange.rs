//! One stream between machines of two clinics, about the documents of one of them: papers
//! first, then `sync::proto::sharing` decides what is said.

use std::{
    collections::{BTreeSet, VecDeque},
    sync::Arc,
};

use iroh::endpoint::{RecvStream, SendStream};
use tokio::{
    sync::watch,
    task::{JoinError, JoinSet},
    time::{Duration, Instant, Interval, MissedTickBehavior, interval, sleep},
};

use super::{ASKED_EVERY, Role, Shared, at, lock, papers};
use crate::{
    clinic::{Clinic, Error, Refused, Side, Taken},
    ids::{ClinicId, DocId, Hash},
    ledger::{Entry, ScopedFrontier},
    net::{
        frames::Broken,
        meeting::leaves,
        moving::{Changes, TOGETHER},
        parting::Ending,
        pipes::{Moved, Pipes},
    },
    seal::{self, PublicKey},
    sync::{
        proto::{
            self,
            sharing::{Input, Output, Setup, Sharing},
        },
        wire::{Frame, MAX_FRAME_BYTES},
    },
};

/// How often the exchange is told that time passes.
const TICK: Duration = Duration::from_secs(10);
/// How long after a change it is looked at once more: whoever wrote brings it in where it is
/// found, perhaps only after the first look.
const ONCE_MORE: Duration = Duration::from_secs(5);
/// Answers that are being read, or chunks that are being taken in: with more of them nothing
/// further is heard until they are done.
const UNDONE_MAX: usize = 4;
/// The same for frames that the stream has not taken.
const UNSENT_MAX: usize = 32;

/// How a stream ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ended {
    /// There are other papers than the other side has: to be begun anew.
    Again,
    /// All is said, for now.
    Over,
    /// The other side ended it, or it was lost.
    Stream,
    /// The whole connection is to end.
    All(Ending),
}

/// A stream on which documents are exchanged.
pub(super) struct Exchanging {
    shared: Shared,
    role: Role,
    pipes: Pipes,
    sharing: Sharing,
    jobs: JoinSet<Result<Done, Error>>,
    /// Answers that are being read.
    reading: usize,
    /// Whether what may be had is being asked.
    is_asking: bool,
    is_taking: bool,
    waiting: VecDeque<Vec<Vec<Entry>>>,
    /// The papers that the other side has.
    papers: Hash,
}

/// What was done in the clinic.
enum Done {
    Read(Input),
    Took(Taken, ScopedFrontier),
    Asked(Now),
}

/// What may be had on a stream, and what is held of it.
struct Now {
    scope: BTreeSet<DocId>,
    mine: ScopedFrontier,
    /// The hash of the papers that are given; zero where they come from the other side.
    papers: Hash,
}

impl Exchanging {
    /// Gives what of this clinic is shared with somebody at the other machine.
    pub(super) async fn host(shared: Shared, streams: (SendStream, RecvStream)) -> Ended {
        let mut pipes = Pipes::new(streams, MAX_FRAME_BYTES);
        let who = (&shared.clinic, shared.endpoint);
        let given = papers::give(&mut pipes, who).await;
        match given {
            Ok(given) => Self::run(shared, (Role::Hosting, given), pipes).await,
            Err(ended) => finish(pipes, ended).await,
        }
    }

    /// Takes what another clinic shares with somebody here.
    pub(super) async fn visit(
        shared: Shared,
        visits: BTreeSet<ClinicId>,
        streams: (SendStream, RecvStream),
    ) -> Ended {
        let mut pipes = Pipes::new(streams, MAX_FRAME_BYTES);
        let who = (&shared.clinic, shared.endpoint);
        let about = papers::take(&mut pipes, who, &visits).await;
        match about {
            Ok(about) => {
                let role = (Role::Visiting(about), Hash::ZERO);
                Self::run(shared, role, pipes).await
            }
            Err(ended) => finish(pipes, ended).await,
        }
    }

    async fn run(shared: Shared, (role, papers): (Role, Hash), pipes: Pipes) -> Ended {
        let (clinic, endpoint) = (Arc::clone(&shared.clinic), shared.endpoint);
        let asked = papers::ask(move || now(&clinic, endpoint, role)).await;
        let Now { scope, mine, .. } = match asked {
            Ok(now) => now,
            Err(ended) => return finish(pipes, ended).await,
        };
        if scope.is_empty() {
            return finish(pipes, Ended::Over).await;
        }
        let clinic = match role {
            Role::Hosting => shared.clinic.id(),
            Role::Visiting(clinic) => clinic,
        };
        let setup = Setup {
            clinic,
            scope,
            mine,
        };
        let (sharing, first) = Sharing::new(setup);
        let mut exchanging = Self {
            shared,
            role,
            pipes,
            sharing,
            jobs: JoinSet::new(),
            reading: 0,
            is_asking: false,
            is_taking: false,
            waiting: VecDeque::new(),
            papers,
        };
        let ended = exchanging.talk(first).await;
        let Self {
            pipes, mut jobs, ..
        } = exchanging;
        let ended = finish(pipes, ended).await;
        // What is being taken in is finished.
        while jobs.join_next().await.is_some() {}
        ended
    }

    async fn talk(&mut self, first: Vec<Output>) -> Ended {
        if let Err(ended) = self.obey(first) {
            return ended;
        }
        let mut tick = every(TICK);
        let mut ask = every(ASKED_EVERY);
        let mut changes = self.shared.changes.clone();
        let mut leaving = self.shared.leaving.clone();
        let mut once_more = None;
        loop {
            let may_hear = self.pipes.on_the_way() < UNSENT_MAX
                && self.reading < UNDONE_MAX
                && self.waiting.len() < UNDONE_MAX;
            let done = tokio::select! {
                moved = self.pipes.next(may_hear) => match moved {
                    Ok(Moved::Heard(frame)) => self.heard(&frame),
                    Ok(Moved::Left(bytes)) => {
                        lock(&self.shared.tally).left(bytes);
                        Ok(())
                    }
                    Err(broken) => Err(Ended::of(&broken)),
                },
                Some(done) = self.jobs.join_next() => self.done(done),
                () = changed(&mut changes), if !self.is_asking => {
                    once_more = Some(Instant::now() + ONCE_MORE);
                    self.ask();
                    Ok(())
                }
                () = at(once_more), if !self.is_asking => {
                    once_more = None;
                    self.ask();
                    Ok(())
                }
                _now = ask.tick(), if !self.is_asking => {
                    self.ask();
                    Ok(())
                }
                () = leaves(&mut leaving) => Err(Ended::All(Ending::STOPPING)),
                _now = tick.tick() => self.tell(Input::Tick),
            };
            if let Err(ended) = done {
                return ended;
            }
        }
    }

    fn heard(&mut self, frame: &[u8]) -> Result<(), Ended> {
        lock(&self.shared.tally).heard(frame);
        let frame = Frame::decode(frame);
        self.tell(frame.map_or_else(Input::Unread, Input::Frame))
    }

    /// Asks again what may be had, and what is held of it.
    fn ask(&mut self) {
        self.is_asking = true;
        let role = self.role;
        self.job(move |clinic, endpoint| now(clinic, endpoint, role).map(Done::Asked));
    }

    fn done(
        &mut self,
        done: Result<Result<Done, Error>, JoinError>,
    ) -> Result<(), Ended> {
        let done = done.map_err(|_stopping| Ended::All(Ending::STOPPING))?;
        let done = done.map_err(|error| {
            tracing::warn!(%error, "the clinic could not serve a machine");
            Ended::All(Ending::DISK)
        })?;
        match done {
            Done::Read(input) => {
                self.reading -= 1;
                self.tell(input)
            }
            Done::Asked(now) => {
                self.is_asking = false;
                self.asked(now)
            }
            Done::Took(taken, mine) => {
                self.is_taking = false;
                lock(&self.shared.tally).took(taken.new);
                if let Some(refused) = taken.refused.first() {
                    let (endpoint, Refused { place, why }) =
                        (self.shared.endpoint, refused);
                    tracing::warn!(?endpoint, ?place, %why, "refused");
                    // Too much that nobody looked at is no fault, and there is no more to say.
                    let ending = Ending::of_refused(refused).unwrap_or(Ending::OVER);
                    return Err(Ended::All(ending));
                }
                self.tell(Input::Mine(mine))?;
                self.tell(Input::Took)?;
                self.take_next();
                Ok(())
            }
        }
    }

    fn asked(&mut self, now: Now) -> Result<(), Ended> {
        let is_over = now.scope.is_empty();
        self.tell(Input::Scope(now.scope))?;
        if self.papers != now.papers {
            return Err(Ended::Again);
        }
        if is_over {
            return Err(Ended::Over);
        }
        self.tell(Input::Mine(now.mine))
    }

    /// Tells the exchange something, and does what it says.
    fn tell(&mut self, input: Input) -> Result<(), Ended> {
        let passed = self.shared.began.elapsed().as_millis();
        let now_ms = i64::try_from(passed).unwrap_or(i64::MAX);
        let outputs = self.sharing.handle(input, now_ms);
        self.obey(outputs)
    }

    fn obey(&mut self, outputs: Vec<Output>) -> Result<(), Ended> {
        for output in outputs {
            match output {
                Output::Send(frame) => {
                    let mut tally = lock(&self.shared.tally);
                    tally.said(&frame);
                    if matches!(frame, Frame::Chunk(_)) {
                        tally.still_to_move(proto::Progress {
                            to_send: 1,
                            ..proto::Progress::default()
                        });
                    }
                    drop(tally);
                    self.pipes.say(frame.encode());
                }
                Output::Read {
                    run,
                    from,
                    bytes_max,
                } => {
                    self.reading += 1;
                    let role = self.role;
                    self.job(move |clinic, endpoint| {
                        let read =
                            |side: &dyn Side| side.read_scoped(run, from, bytes_max);
                        let envelopes = on_side(clinic, (endpoint, role), read)?;
                        Ok(Done::Read(Input::Read {
                            run,
                            from,
                            envelopes,
                        }))
                    });
                }
                Output::Take(runs) => {
                    self.waiting.push_back(runs);
                    self.take_next();
                }
                Output::InStep => {
                    let after = self.shared.began.elapsed();
                    let mut tally = lock(&self.shared.tally);
                    tally.still_to_move(proto::Progress::default());
                    tally.in_step(after);
                }
                Output::Close(why) => {
                    let endpoint = self.shared.endpoint;
                    tracing::info!(?endpoint, %why, "an exchange ended");
                    return Err(Ended::All(Ending::of(why)));
                }
            }
        }
        Ok(())
    }

    /// One commit at a time.
    fn take_next(&mut self) {
        if self.is_taking {
            return;
        }
        let Some(runs) = self.waiting.pop_front() else {
            return;
        };
        self.is_taking = true;
        let role = self.role;
        self.job(move |clinic, endpoint| {
            on_side(clinic, (endpoint, role), |side| {
                Ok(Done::Took(side.take(runs)?, side.frontier()?))
            })
        });
    }

    fn job(
        &mut self,
        work: impl FnOnce(&Clinic, PublicKey) -> Result<Done, Error> + Send + 'static,
    ) {
        let (clinic, endpoint) = (Arc::clone(&self.shared.clinic), self.shared.endpoint);
        self.jobs.spawn_blocking(move || work(&clinic, endpoint));
    }
}

impl Ended {
    /// Of a stream on which no more frames come or go.
    pub(super) const fn of(broken: &Broken) -> Self {
        match broken {
            Broken::TooLong { .. } => Self::All(Ending::UNSOUND),
            Broken::Stalled(_) => Self::All(Ending::STALLED),
            Broken::Ended(_) => Self::Stream,
        }
    }
}

/// Lets the other side have what was said.
async fn finish(mut pipes: Pipes, ended: Ended) -> Ended {
    pipes.finish().await;
    ended
}

fn now(clinic: &Clinic, endpoint: PublicKey, role: Role) -> Result<Now, Error> {
    let papers = match role {
        Role::Hosting => seal::hash(&clinic.hosting(endpoint).papers()?),
        Role::Visiting(_) => Hash::ZERO,
    };
    on_side(clinic, (endpoint, role), |side| {
        Ok(Now {
            scope: side.scope()?,
            mine: side.frontier()?,
            papers,
        })
    })
}

fn on_side<T>(
    clinic: &Clinic,
    (endpoint, role): (PublicKey, Role),
    work: impl FnOnce(&dyn Side) -> Result<T, Error>,
) -> Result<T, Error> {
    match role {
        Role::Hosting => work(&clinic.hosting(endpoint)),
        Role::Visiting(of) => work(&clinic.visiting(of, endpoint)?),
    }
}

fn every(period: Duration) -> Interval {
    let mut interval = interval(period);
    interval.set_missed_tick_behavior(MissedTickBehavior::Delay);
    interval
}

/// Waits until something happened in the clinic; what happens together is looked at together.
pub(super) async fn changed(changes: &mut watch::Receiver<Changes>) {
    if changes.changed().await.is_err() {
        return std::future::pending().await;
    }
    changes.mark_changed();
    sleep(TOGETHER).await;
    changes.mark_unchanged();
}
