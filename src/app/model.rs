//! The model: everything that the screen shows, as plain values.

mod clockwork;
mod doing;
mod glass;
mod machines;
mod route;
mod unfinished;
mod versions;

use std::collections::{BTreeMap, VecDeque};

use super::{
    Desk, Effect, Entering, Ids, Kept, Place, Screen, Step,
    keymap::Context,
    lock,
    notice::{Notice, Said},
    overlay::Overlay,
    start,
    sync::{self, Standing},
};
use crate::{
    chart::{Coded, who::Role},
    ids::{PatientId, UserId},
    say::{Lang, Say},
    time::{Moment, Timestamp},
};

/// Everything that the screen shows.
#[derive(Debug)]
pub struct Model {
    /// The sentences of the language that is spoken.
    pub say: Say,
    /// The terminal's size.
    pub size: Size,
    /// Who sits at the machine.
    pub seat: Seat,
    /// What lies over the screen.
    pub overlay: Option<Overlay>,
    /// What stands in the message row.
    pub notice: Option<Notice>,
    /// What was said before, the newest first.
    pub log: VecDeque<(Moment, Said)>,
    /// Whether what was entered is on the disk.
    pub saved: Saved,
    /// How it stands with the clinic's other machines.
    pub standing: Standing,
    /// The clinic's name.
    pub clinic: String,
    /// The moment of the last message.
    pub now: Moment,
    kept: BTreeMap<UserId, Kept>,
    /// The diagnoses that each person picked lately, the latest first; of no patient.
    recent: BTreeMap<UserId, Vec<Coded>>,
    ids: Ids,
    last_key: Timestamp,
    idle_minutes: u16,
    draft_due: Option<Timestamp>,
    opening: Option<Opening>,
    told_at: Timestamp,
    started_in: Lang,
}

/// A chart that was asked for.
#[derive(Debug)]
struct Opening {
    request: u32,
    patient: PatientId,
    place: Place,
    /// Whether the tab in front stays there.
    behind: bool,
}

/// Who sits at the machine.
#[derive(Debug)]
pub enum Seat {
    /// Nobody yet: there is no clinic on this machine.
    Start(Box<start::State>),
    /// Nobody: the machine is locked.
    Locked(Box<lock::State>),
    /// Someone.
    In(Box<Desk>),
}

/// What a model starts with.
#[derive(Debug)]
pub struct Setting {
    /// The language to begin with.
    pub lang: Lang,
    /// The terminal's size.
    pub size: Size,
    /// New at each start of the program.
    pub random: u64,
    /// Minutes without a key before the machine locks.
    pub idle_minutes: u16,
    /// The present moment.
    pub now: Moment,
}

/// A terminal's size in cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size {
    /// Columns.
    pub columns: u16,
    /// Rows.
    pub rows: u16,
}

/// Whether what was entered is on the disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Saved {
    /// It is.
    Here,
    /// The disk is full: it is not.
    DiskFull,
}

impl Size {
    /// Below this, the screen asks for a larger window.
    pub const MIN: Self = Self {
        columns: 60,
        rows: 16,
    };

    /// Whether a screen can be drawn.
    pub const fn is_enough(self) -> bool {
        self.columns >= Self::MIN.columns && self.rows >= Self::MIN.rows
    }
}

impl Seat {
    /// The desk of the person who is signed in, to change.
    fn desk_mut(&mut self) -> Option<&mut Desk> {
        match self {
            Self::In(desk) => Some(desk),
            Self::Start(_) | Self::Locked(_) => None,
        }
    }

    /// The open screen that `pick` picks, whichever tab it is in.
    fn screen<T>(&mut self, pick: fn(&mut Screen) -> Option<&mut T>) -> Option<&mut T> {
        self.desk_mut()?.screens_mut().find_map(pick)
    }
}

impl Model {
    /// A machine that has no clinic yet.
    pub fn first_start(setting: Setting) -> Self {
        Self::new(setting, Seat::Start(Box::default()))
    }

    /// A machine of this clinic, locked, and the question who may sign in.
    pub fn locked(setting: Setting, clinic: &str) -> (Self, Vec<Effect>) {
        let state = lock::State::new(lock::Why::Started, None);
        let mut model = Self::new(setting, Seat::Locked(Box::new(state)));
        clinic.clone_into(&mut model.clinic);
        let begin = Effect::Sync(sync::Effect::Begin);
        (model, vec![Effect::Lock(lock::Effect::People), begin])
    }

    /// A machine at which someone is signed in already.
    pub fn signed_in(setting: Setting, entering: Entering) -> (Self, Vec<Effect>) {
        let mut model = Self::first_start(setting);
        let mut effects = model.carry_out(vec![Step::Enter(Box::new(entering))]);
        effects.push(Effect::Sync(sync::Effect::Begin));
        (model, effects)
    }

    fn new(setting: Setting, seat: Seat) -> Self {
        Self {
            say: Say::new(setting.lang),
            size: setting.size,
            seat,
            overlay: None,
            notice: None,
            log: VecDeque::new(),
            saved: Saved::Here,
            standing: Standing::default(),
            clinic: String::new(),
            now: setting.now,
            kept: BTreeMap::new(),
            recent: BTreeMap::new(),
            ids: Ids::new(setting.random),
            last_key: setting.now.at,
            idle_minutes: setting.idle_minutes,
            draft_due: None,
            opening: None,
            told_at: setting.now.at,
            started_in: setting.lang,
        }
    }

    /// The desk of the person who is signed in.
    pub fn desk(&self) -> Option<&Desk> {
        match &self.seat {
            Seat::In(desk) => Some(desk),
            Seat::Start(_) | Seat::Locked(_) => None,
        }
    }

    /// The role of the person who is signed in.
    pub fn role(&self) -> Option<Role> {
        self.desk().map(|it| it.who.role)
    }

    /// Where keys mean something now, the nearest context first.
    pub fn contexts(&self) -> &'static [Context] {
        match &self.overlay {
            Some(overlay) => overlay.contexts(),
            None => self.contexts_below(),
        }
    }

    fn contexts_below(&self) -> &'static [Context] {
        match &self.seat {
            Seat::Start(state) => state.contexts(),
            Seat::Locked(state) => state.contexts(),
            Seat::In(desk) => desk.front().map_or(&[], |it| it.contexts()),
        }
    }
}

#[cfg(test)]
mod tests;
