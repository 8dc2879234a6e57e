//! What the program says to the person: a sentence of the catalogue with what it leaves
//! open, in the message row and in the log.

use super::Step;
use crate::{
    chart::who::{Compartment, Denial},
    say::{Arg, Say},
};

/// A sentence by its id, not yet in any language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// The sentence.
    pub id: &'static str,
    /// What it leaves open.
    pub args: Vec<(&'static str, Arg)>,
}

/// How a notice is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// For information.
    Plain,
    /// Something was done.
    Done,
    /// Something needs attention.
    Alarm,
}

/// A sentence for the message row.
#[derive(Debug)]
pub struct Notice {
    /// What is said.
    pub said: Said,
    /// How it is meant.
    pub tone: Tone,
    /// What takes back what was done.
    pub undo: Vec<Step>,
    /// Whether Enter, as the first key after it, goes on with what lies unfinished.
    pub goes_on: bool,
}

/// Why the shell could not do what was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// The person may not.
    Denied(Denial),
    /// The disk is full.
    DiskFull,
    /// The folder cannot be written.
    ReadOnly,
    /// What is stored is damaged.
    Damaged,
    /// What was asked for is not there.
    NotFound,
    /// It was changed meanwhile, or cannot stand there.
    NotTaken,
    /// The network cannot be used.
    NoNetwork,
    /// A fault of the program itself.
    Internal,
}

impl Said {
    /// A sentence that leaves nothing open.
    pub const fn line(id: &'static str) -> Self {
        Self {
            id,
            args: Vec::new(),
        }
    }

    /// A sentence with what it leaves open.
    pub fn with<const N: usize>(
        id: &'static str,
        args: [(&'static str, Arg); N],
    ) -> Self {
        Self {
            id,
            args: args.into(),
        }
    }

    /// The sentence in a language.
    pub fn in_words(&self, say: &Say) -> String {
        say.with(self.id, &self.args)
    }
}

impl Notice {
    /// For information.
    pub const fn plain(said: Said) -> Self {
        Self::new(said, Tone::Plain)
    }

    /// Something was done.
    pub const fn done(said: Said) -> Self {
        Self::new(said, Tone::Done)
    }

    /// Something was done, and these steps take it back.
    pub const fn undoable(said: Said, undo: Vec<Step>) -> Self {
        Self {
            said,
            tone: Tone::Done,
            undo,
            goes_on: false,
        }
    }

    /// Something lies unfinished; Enter goes on with it.
    pub const fn going_on(said: Said) -> Self {
        Self {
            said,
            tone: Tone::Plain,
            undo: Vec::new(),
            goes_on: true,
        }
    }

    /// Something needs attention.
    pub const fn alarm(said: Said) -> Self {
        Self::new(said, Tone::Alarm)
    }

    const fn new(said: Said, tone: Tone) -> Self {
        Self {
            said,
            tone,
            undo: Vec::new(),
            goes_on: false,
        }
    }
}

impl Trouble {
    /// The sentence that says what is wrong and what to do.
    pub const fn said(self) -> Said {
        Said::line(match self {
            Self::Denied(denial) => match denial {
                Denial::Locked => "trouble-locked",
                Denial::Role(_) => "trouble-role",
                Denial::NoKey(Compartment::Restricted(_)) => "trouble-closed",
                Denial::NoKey(_) => "trouble-no-key",
                Denial::NotInGoodStanding => "trouble-standing",
                Denial::SessionOver => "trouble-session-over",
                Denial::ShutOut => "trouble-shut-out",
                Denial::NoReason => "trouble-no-reason",
                Denial::NeverClosed => "trouble-never-closed",
            },
            Self::DiskFull => "trouble-disk-full",
            Self::ReadOnly => "trouble-read-only",
            Self::Damaged => "trouble-damaged",
            Self::NotFound => "trouble-not-found",
            Self::NotTaken => "trouble-not-taken",
            Self::NoNetwork => "trouble-no-network",
            Self::Internal => "trouble-internal",
        })
    }
}
