//! What opens with a reason: the chart of somebody who is not in care, the emergency view,
//! and the owners' list of who did so.

mod ask;
mod keys;
mod reviews;

use std::fmt;

pub use ask::{Asked, REASONS, State as Ask, Wants};
pub use keys::KEYS;
pub use reviews::State as Reviews;

use super::{
    Cx, Effect as Outside, Place, Press, Step, keymap::Context, notice::Trouble,
};
use crate::{
    care::EmergencyView,
    ids::{PatientId, SessionId},
    time::{Moment, Timestamp},
};

/// A screen about reasons.
#[derive(Debug)]
pub enum State {
    /// A reason is asked for, or what it opened is shown.
    Ask(Box<Ask>),
    /// What owners look at afterwards.
    Reviews(Reviews),
}

/// A reason as a person gave it.
#[derive(Clone, PartialEq, Eq)]
pub struct Why(pub String);

/// A chart that somebody opened with a reason alone.
#[derive(Clone, PartialEq, Eq)]
pub struct Use {
    /// The session, and the number of the entry, which name it.
    pub entry: (SessionId, u64),
    /// When.
    pub at: Moment,
    /// Who.
    pub who: String,
    /// Whose chart, by name and number.
    pub called: String,
    /// Whether it was the emergency view alone.
    pub view_only: bool,
    /// The reason.
    pub why: String,
}

/// What a reason opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Viewed {
    /// What an emergency needs.
    pub view: EmergencyView,
    /// Until when it is shown.
    pub until: Timestamp,
}

/// What waits for an owner.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Waiting {
    /// Charts that were opened with a reason alone, and that no owner looked at.
    pub uses: usize,
    /// Until when sealed words that were used are to be made anew.
    pub words_due: Option<Moment>,
}

/// What a key may ask here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// The selected use was looked at.
    Reviewed,
}

/// What is asked of the shell.
#[derive(Debug)]
pub enum Effect {
    /// What does an emergency need of this chart?
    View {
        /// The request's number.
        request: u32,
        /// Whose chart.
        patient: PatientId,
        /// The reason.
        why: Why,
    },
    /// Open this chart for an hour.
    Break {
        /// The request's number.
        request: u32,
        /// Whose chart.
        patient: PatientId,
        /// The reason.
        why: Why,
    },
    /// Who gave a reason that no owner looked at?
    Reviews {
        /// The request's number.
        request: u32,
    },
    /// This one was looked at.
    Review {
        /// The request's number.
        request: u32,
        /// The session, and the number of the entry.
        entry: (SessionId, u64),
    },
}

/// What the shell answers.
#[derive(Debug)]
pub enum Answer {
    /// The emergency view. That it was seen is in the audit.
    Viewed {
        /// The request's number.
        request: u32,
        /// The view, or why not.
        result: Result<Box<Viewed>, Trouble>,
    },
    /// The chart opens now.
    Broken {
        /// The request's number.
        request: u32,
        /// Whether it does.
        result: Result<(), Trouble>,
    },
    /// What owners have not looked at, as it is now.
    Reviews {
        /// The request's number.
        request: u32,
        /// The newest first.
        result: Result<Vec<Use>, Trouble>,
    },
    /// What waits for an owner; told whenever it is another than before.
    Waiting(Waiting),
}

impl State {
    /// Asks for a reason.
    pub fn open(asked: &Asked) -> Self {
        Self::Ask(Box::new(Ask::new(asked.clone())))
    }

    /// The owners' list.
    pub fn open_reviews(cx: &mut Cx<'_>) -> (Self, Vec<Step>) {
        let (state, steps) = Reviews::open(cx);
        (Self::Reviews(state), steps)
    }

    /// Where it is.
    pub fn place(&self) -> Place {
        match self {
            Self::Ask(state) => Place::Reason(Box::new(state.asked.clone())),
            Self::Reviews(_) => Place::Reviews,
        }
    }

    /// Where keys mean something.
    pub const fn contexts(&self) -> &'static [Context] {
        match self {
            Self::Ask(state) => state.contexts(),
            Self::Reviews(_) => Reviews::LIST,
        }
    }

    /// Does what a key asks of any screen.
    pub fn press(&mut self, press: &Press, cx: &mut Cx<'_>) -> Vec<Step> {
        match self {
            Self::Ask(state) => state.press(press, cx),
            Self::Reviews(state) => state.press(press, cx),
        }
    }

    /// Does what a key of this screen asks.
    pub fn act(&mut self, action: Action, cx: &mut Cx<'_>) -> Vec<Step> {
        match (self, action) {
            (Self::Reviews(state), Action::Reviewed) => state.reviewed(cx),
            (Self::Ask(_), Action::Reviewed) => Vec::new(),
        }
    }

    /// Takes an answer.
    pub fn answered(&mut self, answer: &Answer) -> Vec<Step> {
        match self {
            Self::Ask(state) => state.answered(answer),
            Self::Reviews(state) => state.answered(answer),
        }
    }
}

const fn ask(effect: Effect) -> Step {
    Step::Ask(Outside::Glass(effect))
}

impl fmt::Debug for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Why(…)")
    }
}

impl fmt::Debug for Use {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Use({:?})", self.entry)
    }
}
