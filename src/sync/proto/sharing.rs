//! The exchange with a machine outside of the clinic, which may have some documents only, as
//! a state machine like the clinic's own: no socket, no clock, no disk.
//!
//! Both sides run the same [`Sharing`]. What is in scope is what the other side may have, by
//! its grants here and by what was granted to it there. Of all else nothing is said, sent or
//! taken: whatever the other side names, it is answered as if there were no such document.
//! The runs have gaps, so nothing vouches for an envelope but its own signature.

mod sending;

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use self::sending::Reading;
use super::{
    STALL_MS, Why,
    pace::{Pace, Taking},
    theirs::{cut, scoped_hash},
    why::bye,
};
use crate::{
    ids::{ClinicId, DocId, Hash},
    ledger::{DocRun, Entry, ScopedFrontier},
    sync::wire::{self, FRONTIER_ENTRIES_MAX, Frame, Held, Holds, Run, Share},
};

/// What an exchange with an outside machine starts from.
#[derive(Debug, Clone)]
pub struct Setup {
    /// The clinic whose documents these are.
    pub clinic: ClinicId,
    /// What the other side may have: the documents of its live grants.
    pub scope: BTreeSet<DocId>,
    /// How far documents reach here; those out of scope are not looked at.
    pub mine: ScopedFrontier,
}

/// What happened.
#[derive(Debug)]
pub enum Input {
    /// The other side sent this.
    Frame(Frame),
    /// The other side sent what could not be read.
    Unread(wire::Error),
    /// The documents here reach further. After an [`Output::Take`] it comes before
    /// [`Input::Took`].
    Mine(ScopedFrontier),
    /// A grant began or ended: what the other side may have from now on.
    Scope(BTreeSet<DocId>),
    /// What [`Output::Read`] asked for: encoded envelopes, in order.
    Read {
        /// As asked.
        run: DocRun,
        /// As asked.
        from: u64,
        /// The envelopes, as far as they could be read.
        envelopes: Vec<Vec<u8>>,
    },
    /// The oldest [`Output::Take`] that was not answered is durable, as far as it is kept.
    Took,
    /// Time passed; to be said every ten seconds or so.
    Tick,
}

/// What must be done.
#[derive(Debug)]
pub enum Output {
    /// Send this to the other side.
    Send(Frame),
    /// Read what changed a document in one log from this number on, at most `bytes_max` bytes
    /// and at least one.
    Read {
        /// The document and the log.
        run: DocRun,
        /// The number in the log.
        from: u64,
        /// How much.
        bytes_max: usize,
    },
    /// Take in these runs, checking each signature: they have gaps.
    Take(Vec<Vec<Entry>>),
    /// Both sides hold the same of what both may have.
    InStep,
    /// Leave, after what was to be sent was sent. Nothing comes after this.
    Close(Why),
}

/// One exchange with one machine outside of the clinic.
pub struct Sharing {
    clinic: ClinicId,
    scope: BTreeSet<DocId>,
    mine: ScopedFrontier,
    /// The hash that was said first: the salt of what is told.
    salt: Hash,
    told: ScopedFrontier,
    is_told: bool,
    /// What the other side said first: the salt of what it tells.
    heard: Option<Hash>,
    theirs: Option<Held>,
    /// How far each run was sent.
    sent: BTreeMap<DocRun, u64>,
    /// The runs that differ, and are sent whole.
    parted: BTreeSet<DocRun>,
    reading: Option<Reading>,
    chunk: Vec<Run>,
    chunk_bytes: usize,
    pace: Pace,
    taking: Taking,
    heard_ms: Option<i64>,
    in_step: bool,
    closed: bool,
}

impl Sharing {
    /// Starts an exchange, and says what to send first.
    pub fn new(setup: Setup) -> (Self, Vec<Output>) {
        let Setup {
            clinic,
            scope,
            mine,
        } = setup;
        let mut sharing = Self {
            clinic,
            scope,
            mine,
            salt: Hash::ZERO,
            told: ScopedFrontier::new(),
            is_told: false,
            heard: None,
            theirs: None,
            sent: BTreeMap::new(),
            parted: BTreeSet::new(),
            reading: None,
            chunk: Vec::new(),
            chunk_bytes: 0,
            pace: Pace::new(),
            taking: Taking::default(),
            heard_ms: None,
            in_step: false,
            closed: false,
        };
        sharing.salt = scoped_hash(sharing.in_scope());
        let share = Share {
            clinic,
            frontier: sharing.salt,
        };
        (sharing, vec![Output::Send(Frame::Share(share))])
    }

    /// Takes in what happened at `now_ms` by any steady clock, and says what must be done.
    pub fn handle(&mut self, input: Input, now_ms: i64) -> Vec<Output> {
        let mut outputs = Vec::new();
        if self.closed {
            return outputs;
        }
        self.heard_ms.get_or_insert(now_ms);
        if let Err(why) = self.step(input, now_ms, &mut outputs) {
            self.closed = true;
            outputs.extend(bye(why).map(|it| Output::Send(Frame::Bye(it))));
            outputs.push(Output::Close(why));
            return outputs;
        }
        self.advance(now_ms, &mut outputs);
        let was = self.in_step;
        self.in_step = self.is_in_step();
        if self.in_step && !was {
            outputs.push(Output::InStep);
        }
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
                self.hear(frame, now_ms, outputs)?;
            }
            Input::Unread(error) => return Err(error.into()),
            Input::Mine(mine) => {
                self.mine = mine;
                if self.taking.is_idle() {
                    self.tell(0, outputs);
                }
            }
            Input::Scope(scope) => {
                self.scope = scope;
                let scope = &self.scope;
                self.chunk.retain(|run| is_of(run, scope));
                self.tell(0, outputs);
            }
            Input::Read {
                run,
                from,
                envelopes,
            } => self.read((run, from), &envelopes, now_ms, outputs),
            Input::Took => {
                self.taking.took();
                self.tell(1, outputs);
            }
            Input::Tick => self.check_stalled(now_ms)?,
        }
        Ok(())
    }

    fn hear(
        &mut self,
        frame: Frame,
        now_ms: i64,
        outputs: &mut Vec<Output>,
    ) -> Result<(), Why> {
        match frame {
            Frame::Bye(bye) => Err(Why::Left(bye)),
            Frame::Share(share) => self.greeted(share, outputs),
            Frame::Holds(_) | Frame::Chunk(_) | Frame::Parted(_)
                if self.heard.is_none() =>
            {
                Err(Why::OutOfTurn)
            }
            Frame::Holds(holds) => self.learn(holds, now_ms),
            Frame::Chunk(runs) => self.receive(runs, outputs),
            Frame::Parted(run) => {
                if self.parted.insert(run) {
                    self.sent.remove(&run);
                    self.reading.take_if(|it| it.run == run);
                }
                let room = self.parted.len() <= FRONTIER_ENTRIES_MAX;
                room.then_some(()).ok_or(Why::TooMuch)
            }
            Frame::Hello(_)
            | Frame::Frontier(_)
            | Frame::Have { .. }
            | Frame::Probe { .. }
            | Frame::Agreed { .. }
            | Frame::Fork(_)
            | Frame::Want(_)
            | Frame::Papers(_)
            | Frame::Known(_) => Err(Why::OutOfTurn),
        }
    }

    fn greeted(&mut self, share: Share, outputs: &mut Vec<Output>) -> Result<(), Why> {
        if share.clinic != self.clinic {
            return Err(Why::Clinic);
        }
        if self.heard.replace(share.frontier).is_some() {
            return Err(Why::OutOfTurn);
        }
        if share.frontier == self.salt {
            // The same, salt and all.
            self.told = self.in_scope().map(|(run, end)| (*run, *end)).collect();
            self.theirs = Some(told_as(self.salt, &self.told));
            self.is_told = true;
        }
        self.tell(0, outputs);
        Ok(())
    }

    fn learn(&mut self, holds: Holds, now_ms: i64) -> Result<(), Why> {
        drop(self.pace.taken(holds.took, now_ms).ok_or(Why::OutOfTurn)?);
        let theirs = self.theirs.get_or_insert_default();
        theirs.extend(holds.held);
        let room = theirs.len() <= FRONTIER_ENTRIES_MAX;
        room.then_some(()).ok_or(Why::TooMuch)
    }

    fn receive(&mut self, runs: Vec<Run>, outputs: &mut Vec<Output>) -> Result<(), Why> {
        let all = || runs.iter().flat_map(Run::entries);
        if all().any(|it| it.header().clinic != self.clinic) {
            return Err(Why::Clinic);
        }
        if !self.taking.come(all().map(Entry::len_bytes).sum()) {
            return Err(Why::TooMuch);
        }
        let scope = &self.scope;
        let runs = runs.into_iter().map(|run| {
            let mut entries = run.into_entries();
            entries.retain(|it| scope.contains(&it.header().doc));
            entries
        });
        outputs.push(Output::Take(runs.filter(|it| !it.is_empty()).collect()));
        Ok(())
    }

    /// Tells what is held here, or what changed since that was told; and that `took` chunks
    /// are durable. Before the other side has spoken there is nothing to tell.
    fn tell(&mut self, took: u32, outputs: &mut Vec<Output>) {
        if self.heard.is_none() {
            return;
        }
        let now: ScopedFrontier =
            self.in_scope().map(|(run, end)| (*run, *end)).collect();
        let mut changed = now.clone();
        changed.retain(|run, end| self.told.get(run) != Some(end));
        if took == 0 && changed.is_empty() && self.is_told {
            return;
        }
        self.is_told = true;
        self.told = now;
        let held = told_as(self.salt, &changed);
        outputs.push(Output::Send(Frame::Holds(Holds { took, held })));
    }

    fn check_stalled(&self, now_ms: i64) -> Result<(), Why> {
        let owed = self.theirs.is_none() || !self.pace.is_idle();
        let since = self.heard_ms.unwrap_or(now_ms);
        let silent = now_ms.saturating_sub(since) > STALL_MS;
        (!(owed && silent)).then_some(()).ok_or(Why::Stalled)
    }

    fn is_in_step(&self) -> bool {
        let Some(theirs) = &self.theirs else {
            return false;
        };
        let salt = self.salt_there();
        let ours = self
            .in_scope()
            .map(|(run, (seq, hash))| (*run, (*seq, cut(salt, *hash))));
        let theirs = theirs.iter().filter(|(run, _)| self.scope.contains(&run.0));
        ours.eq(theirs.map(|(run, end)| (*run, *end)))
    }

    fn in_scope(&self) -> impl Iterator<Item = (&DocRun, &(u64, Hash))> {
        let mine = self.mine.iter();
        mine.filter(|((doc, _), _)| self.scope.contains(doc))
    }

    /// The salt of what the other side tells.
    fn salt_there(&self) -> Hash {
        self.heard.unwrap_or(Hash::ZERO)
    }
}

impl fmt::Debug for Sharing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sharing")
            .field("clinic", &self.clinic)
            .field("in_step", &self.in_step)
            .finish_non_exhaustive()
    }
}

fn told_as(salt: Hash, frontier: &ScopedFrontier) -> Held {
    let ends = frontier.iter();
    ends.map(|(run, (seq, hash))| (*run, (*seq, cut(salt, *hash))))
        .collect()
}

fn is_of(run: &Run, scope: &BTreeSet<DocId>) -> bool {
    let mut entries = run.entries().iter();
    entries.all(|it| scope.contains(&it.header().doc))
}
