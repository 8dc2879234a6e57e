//! The exchange with one other machine of the clinic, as a state machine: no socket, no clock, no disk.
//!
//! Both sides run the same [`Exchange`]. Each says how far its runs reach, sends what the
//! other lacks in chunks, the lowest lane first, and tells when it holds more. A chunk is
//! answered when it is durable. The driver carries out each [`Output`] in order and says how
//! it went with an [`Input`]; `docs/design/sync.md` draws the whole.

mod forks;
mod opening;
mod pace;
mod receiving;
mod sending;
pub mod sharing;
mod theirs;
mod why;

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    fmt,
};

pub use self::why::Why;
use self::{
    forks::Forks,
    opening::Opening,
    pace::{Pace, Taking},
    sending::Reading,
    theirs::{Theirs, changed},
    why::bye,
};
use super::wire::{self, Frame, Run, RunName};
use crate::{
    ids::{ClinicId, Hash, LogId},
    ledger::{Entry, Frontier, Lane, Place},
};

/// A peer that owes an answer and says nothing for this long has stalled.
const STALL_MS: i64 = 120_000;
/// The most envelopes that one side asks for before it has some of them.
const WANTED_QUEUE_MAX: usize = 256;
/// Between two [`Output::Met`] while an exchange goes on, at least this long.
const MET_EVERY_MS: i64 = 5_000;

/// What an exchange starts from.
#[derive(Debug, Clone)]
pub struct Setup {
    /// The clinic of both sides.
    pub clinic: ClinicId,
    /// How far the runs here reach.
    pub mine: Frontier,
    /// How far theirs reached, as last known from [`Output::Met`].
    pub base: Option<Frontier>,
}

/// What happened.
#[derive(Debug)]
pub enum Input {
    /// The other side sent this.
    Frame(Frame),
    /// The other side sent what could not be read.
    Unread(wire::Error),
    /// The frontier here moved: something was saved, or taken from anybody. After a
    /// [`Output::Take`] it comes before [`Input::Took`].
    Mine(Frontier),
    /// What [`Output::Read`] asked for: encoded envelopes, in order.
    Read {
        /// As asked.
        from: Place,
        /// The envelopes, as far as they could be read.
        envelopes: Vec<Vec<u8>>,
    },
    /// What [`Output::AskHash`] asked for.
    Hash {
        /// As asked.
        place: Place,
        /// The hash of the envelope there, if there is one.
        hash: Option<Hash>,
    },
    /// The oldest [`Output::Take`] that was not answered is durable, as far as it is kept.
    Took,
    /// A frame of this length left.
    Sent {
        /// Its length.
        bytes: usize,
    },
    /// Envelopes that should be here and cannot be read: the other side may have them.
    Want(Vec<Place>),
    /// Time passed; to be said every ten seconds or so.
    Tick,
}

/// What must be done.
#[derive(Debug)]
pub enum Output {
    /// Send this to the other side.
    Send(Frame),
    /// Read encoded envelopes of the run of this name from this place on, in order, at most
    /// `bytes_max` bytes and at least one. Where a branch starts above, from its start.
    Read {
        /// Where.
        from: Place,
        /// How much.
        bytes_max: usize,
    },
    /// Look up the hash of the envelope at a place of the run of that name.
    AskHash(Place),
    /// Take in these runs, in this order and in one durable step.
    Take(Vec<Vec<Entry>>),
    /// The envelope here could not be read: it is to be had from others.
    Hole(Place),
    /// How far the other side's runs reach, as far as it is known: the next exchange's base.
    Met(Frontier),
    /// Both sides hold the same.
    InStep,
    /// What is still to be moved.
    Progress(Progress),
    /// Leave, after what was to be sent was sent. Nothing comes after this.
    Close(Why),
}

/// What an exchange has moved, and has to move.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Progress {
    /// Envelopes that the other side lacks.
    pub to_send: u64,
    /// Envelopes that this side lacks, as last told.
    pub to_get: u64,
    /// Bytes of frames that left.
    pub bytes_sent: u64,
    /// Bytes of envelopes that came.
    pub bytes_got: u64,
}

/// One exchange with one other machine.
///
/// It holds three frontiers, at most one chunk that it builds, and while the driver takes
/// them in nothing of the chunks that came. The other side's frontier has at most
/// [`wire::FRONTIER_ENTRIES_MAX`] entries, of some 200 bytes each. With the two chunks that
/// may be on their way each way, one exchange stays below 16 MiB whatever the other sends.
pub struct Exchange {
    clinic: ClinicId,
    mine: Frontier,
    /// The hash of the frontier that was said hello with: the salt of what is told.
    salt: Hash,
    told: Frontier,
    base: Option<Frontier>,
    opening: Option<Opening>,
    theirs: Option<Theirs>,
    pace: Pace,
    chunk: Vec<Run>,
    chunk_bytes: usize,
    reading: Option<Reading>,
    sent: BTreeMap<RunName, (u64, Hash)>,
    stuck: BTreeSet<RunName>,
    /// Branches: where they start, and the log that they branch off.
    late: BTreeMap<RunName, (u64, LogId)>,
    send_again: bool,
    forks: Forks,
    /// What the other side asked for.
    wanted: VecDeque<Place>,
    /// What should be here and cannot be read, and what of it was asked for.
    missing: BTreeSet<Place>,
    asked: BTreeSet<Place>,
    taking: Taking,
    /// The ends of the runs of the chunks that are being taken in.
    coming: Frontier,
    progress: Progress,
    shown: Option<Progress>,
    met_ms: Option<i64>,
    heard_ms: Option<i64>,
    in_step: bool,
    closed: bool,
}

impl Exchange {
    /// Starts an exchange, and says what to send first.
    pub fn new(setup: Setup) -> (Self, Vec<Output>) {
        let (opening, frames) =
            Opening::new(setup.clinic, &setup.mine, setup.base.as_ref());
        let mut exchange = Self {
            clinic: setup.clinic,
            salt: opening.hash(),
            told: setup.mine.clone(),
            mine: setup.mine,
            base: setup.base,
            opening: Some(opening),
            theirs: None,
            pace: Pace::new(),
            chunk: Vec::new(),
            chunk_bytes: 0,
            reading: None,
            sent: BTreeMap::new(),
            stuck: BTreeSet::new(),
            late: BTreeMap::new(),
            send_again: false,
            forks: Forks::default(),
            wanted: VecDeque::new(),
            missing: BTreeSet::new(),
            asked: BTreeSet::new(),
            taking: Taking::default(),
            coming: Frontier::new(),
            progress: Progress::default(),
            shown: None,
            met_ms: None,
            heard_ms: None,
            in_step: false,
            closed: false,
        };
        let mut outputs: Vec<_> = frames.into_iter().map(Output::Send).collect();
        exchange.advance(0, &mut outputs);
        (exchange, outputs)
    }

    /// Takes in what happened at `now_ms` by any steady clock, and says what must be done.
    pub fn handle(&mut self, input: Input, now_ms: i64) -> Vec<Output> {
        let mut outputs = Vec::new();
        if self.closed {
            return outputs;
        }
        self.heard_ms.get_or_insert(now_ms);
        let went = self.step(input, now_ms, &mut outputs);
        if let Err(why) = went {
            self.closed = true;
            outputs.extend(bye(why).map(|it| Output::Send(Frame::Bye(it))));
            outputs.push(Output::Close(why));
            return outputs;
        }
        self.compare(&mut outputs);
        self.ask_missing(&mut outputs);
        self.advance(now_ms, &mut outputs);
        self.report(now_ms, &mut outputs);
        outputs
    }

    fn step(
        &mut self,
        input: Input,
        now_ms: i64,
        outputs: &mut Vec<Output>,
    ) -> Result<(), Why> {
        match input {
            Input::Frame(frame) => {
                self.heard_ms = Some(now_ms);
                self.heard(frame, now_ms, outputs)?;
            }
            Input::Unread(error) => return Err(error.into()),
            Input::Mine(mine) => {
                self.moved(mine);
                if self.taking.is_idle() {
                    self.tell(0, outputs);
                }
            }
            Input::Read { from, envelopes } => {
                self.read(from, &envelopes, now_ms, outputs);
            }
            Input::Hash { place, hash } => self.found(place, hash, outputs),
            Input::Want(places) => self.missing.extend(places),
            Input::Took => {
                self.stuck.clear();
                self.taking.took();
                if self.taking.is_idle() {
                    self.coming.clear();
                }
                self.tell(1, outputs);
            }
            Input::Sent { bytes } => {
                let sent = &mut self.progress.bytes_sent;
                *sent = sent.saturating_add(bytes as u64);
            }
            Input::Tick => {
                self.forks.look_again();
                self.check_stalled(now_ms)?;
            }
        }
        Ok(())
    }

    fn heard(
        &mut self,
        frame: Frame,
        now_ms: i64,
        outputs: &mut Vec<Output>,
    ) -> Result<(), Why> {
        match frame {
            Frame::Hello(hello) => self.greeted(hello, outputs),
            Frame::Bye(bye) => Err(Why::Left(bye)),
            // Nobody outside of the clinic comes here.
            Frame::Share(_)
            | Frame::Holds(_)
            | Frame::Parted(_)
            | Frame::Papers(_)
            | Frame::Known(_) => Err(Why::OutOfTurn),
            _ if self.opening.as_ref().is_none_or(Opening::is_unheard) => {
                Err(Why::OutOfTurn)
            }
            Frame::Frontier(told) => self.learn_frontier(told),
            Frame::Have { took, reached } => self.learn(took, reached, now_ms),
            Frame::Chunk(runs) => self.receive(runs, outputs),
            Frame::Probe { run, samples } => self.probed(run, samples, outputs),
            Frame::Agreed { run, upto } => {
                self.agreed(run, upto, outputs);
                Ok(())
            }
            Frame::Fork(place) => {
                self.parted(place);
                Ok(())
            }
            Frame::Want(places) => {
                self.wanted.extend(places);
                let room = self.wanted.len() <= WANTED_QUEUE_MAX;
                room.then_some(()).ok_or(Why::TooMuch)
            }
        }
    }

    /// The frontier here moved.
    fn moved(&mut self, mine: Frontier) {
        let before = std::mem::replace(&mut self.mine, mine);
        for (run, entry) in &self.mine {
            let was = before.get(run);
            if was == Some(entry) {
                continue;
            }
            self.stuck.remove(run);
            self.forks.forget(*run);
            self.send_again |= is_membership(run);
            if was.is_some_and(|it| it.0 >= entry.0) {
                self.sent.remove(run);
            }
        }
    }

    /// Tells the other side what changed here, and that `took` chunks are durable.
    fn tell(&mut self, took: u32, outputs: &mut Vec<Output>) {
        let reached = changed(&self.told, &self.mine, self.salt);
        if took == 0 && reached.is_empty() {
            return;
        }
        self.told.clone_from(&self.mine);
        outputs.push(Output::Send(Frame::Have { took, reached }));
    }

    /// Asks for what should be here, where the other side says that it reaches so far.
    fn ask_missing(&mut self, outputs: &mut Vec<Output>) {
        let Some(theirs) = &self.theirs else {
            return;
        };
        let room = WANTED_QUEUE_MAX.saturating_sub(self.asked.len());
        let there = |it: &&Place| theirs.seq(it.run()) >= it.seq;
        let news = self.missing.difference(&self.asked).filter(there);
        let places: Vec<_> = news.take(room.min(wire::WANTED_MAX)).copied().collect();
        if !places.is_empty() {
            self.asked.extend(&places);
            outputs.push(Output::Send(Frame::Want(places)));
        }
    }

    fn check_stalled(&self, now_ms: i64) -> Result<(), Why> {
        let owed = self.theirs.is_none() || !self.pace.is_idle() || self.forks.is_owed();
        let silent = self
            .heard_ms
            .is_some_and(|it| now_ms.saturating_sub(it) > STALL_MS);
        if owed && silent {
            return Err(Why::Stalled);
        }
        Ok(())
    }

    /// Says how it stands, where that changed.
    fn report(&mut self, now_ms: i64, outputs: &mut Vec<Output>) {
        let Some(theirs) = &self.theirs else {
            return;
        };
        (self.progress.to_send, self.progress.to_get) = theirs.lacking(&self.mine);
        if self.shown != Some(self.progress) {
            self.shown = Some(self.progress);
            outputs.push(Output::Progress(self.progress));
        }
        let was = std::mem::replace(&mut self.in_step, theirs.is(&self.mine));
        if self.in_step && !was {
            self.met_ms = Some(now_ms);
            outputs.push(Output::Met(self.mine.clone()));
            outputs.push(Output::InStep);
            return;
        }
        let since = *self.met_ms.get_or_insert(now_ms);
        if !self.in_step && now_ms.saturating_sub(since) >= MET_EVERY_MS {
            self.met_ms = Some(now_ms);
            outputs.push(Output::Met(theirs.sure().clone()));
        }
    }
}

impl fmt::Debug for Exchange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Exchange")
            .field("clinic", &self.clinic)
            .field("progress", &self.progress)
            .field("in_step", &self.in_step)
            .finish_non_exhaustive()
    }
}

const fn is_membership(run: &RunName) -> bool {
    matches!(run.1, Lane::Membership)
}
