//! Facts that people set apart from each other, as the screens have them, and what is asked
//! of the shell about them.

use std::fmt;

use super::{notice::Trouble, twins::Twins};
use crate::{
    chart::{Chart, Choice, Kind, Unconfirmed},
    ids::{Hash, PatientId, RecordId},
    time::{Moment, Timestamp},
};

/// A field with several values.
#[derive(Clone, PartialEq, Eq)]
pub struct Fact {
    /// Whose chart.
    pub patient: PatientId,
    /// What the patient is called.
    pub called: String,
    /// The record's kind.
    pub kind: Kind,
    /// The record.
    pub record: RecordId,
    /// What the record is called, such as the drug; of a person, nothing.
    pub name: String,
    /// The field's short name.
    pub field: String,
    /// The values, the shown one first.
    pub values: Vec<Value>,
    /// What stood there before.
    pub before: Option<String>,
    /// Whether the person may decide.
    pub may_settle: bool,
    /// Whether both values can stand, as two telephone numbers can.
    pub may_keep_both: bool,
    /// What somebody wrote who was removed, and that does not count yet: its only value;
    /// what stood there before does.
    pub unconfirmed: Option<Box<Unconfirmed>>,
}

/// One of the values.
#[derive(Clone, PartialEq, Eq)]
pub struct Value {
    /// The value, in words of the document.
    pub value: String,
    /// Who set it; none when that is not known here.
    pub by: Option<String>,
    /// On which machine.
    pub machine: Machine,
    /// When, on this machine's wall clock.
    pub at: Moment,
    /// The change that set it.
    pub change: Hash,
}

/// A machine where something was written.
#[derive(Clone, PartialEq, Eq)]
pub enum Machine {
    /// This one.
    Here,
    /// Another one, by its name; without one that can be read, how its id begins.
    There(String),
    /// One that is not known here.
    NotKnown,
}

/// What is asked of the shell.
#[derive(Debug)]
pub enum Effect {
    /// The facts that were set apart, of a chart or of all.
    Load {
        /// The request's number.
        request: u32,
        /// Whose chart.
        patient: Option<PatientId>,
    },
    /// Decide a fact.
    Settle {
        /// The request's number.
        request: u32,
        /// The fact, as the person saw it.
        fact: Box<Seen>,
        /// The value that is right.
        choice: Choice,
    },
    /// Keep both of two telephone numbers.
    KeepBoth {
        /// The request's number.
        request: u32,
        /// The fact, as the person saw it.
        fact: Box<Seen>,
    },
    /// Adopt or reject what does not count.
    Judge {
        /// The request's number.
        request: u32,
        /// Whose chart.
        patient: PatientId,
        /// What was written.
        unconfirmed: Box<Unconfirmed>,
        /// Whether it is to count.
        adopt: bool,
    },
    /// Take back what was decided about a whole record that did not count: it waits again.
    WaitAgain {
        /// The request's number.
        request: u32,
        /// Whose chart.
        patient: PatientId,
        /// What was written.
        unconfirmed: Box<Unconfirmed>,
    },
    /// Who was perhaps registered twice?
    Twins {
        /// The request's number.
        request: u32,
    },
    /// These two are not the same person; or nobody says so any more.
    TellApart {
        /// The two.
        people: [PatientId; 2],
        /// Which of both.
        apart: bool,
    },
}

/// A fact, and the versions of it that the person saw.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// Whose chart.
    pub patient: PatientId,
    /// The record's kind.
    pub kind: Kind,
    /// The record.
    pub record: RecordId,
    /// The field's short name.
    pub field: String,
    /// The changes that set the values.
    pub changes: Vec<Hash>,
}

/// What the shell answers.
#[derive(Debug)]
pub enum Answer {
    /// The facts, or why not.
    Loaded {
        /// The request's number.
        request: u32,
        /// The facts.
        result: Result<Vec<Fact>, Trouble>,
    },
    /// So many charts hold facts that wait to be decided, and so many two people who are
    /// perhaps one.
    Waiting {
        /// How many of both together.
        charts: usize,
    },
    /// The fact is decided, durably, or it is not.
    Settled {
        /// The request's number.
        request: u32,
        /// What stands there now; or why nothing is written.
        result: Result<Box<Settled>, Trouble>,
    },
    /// Who was perhaps registered twice, or why that is not told.
    Twins {
        /// The request's number.
        request: u32,
        /// Each two.
        result: Result<Vec<Twins>, Trouble>,
    },
    /// It is said of two people, durably, whether they are the same, or it is not.
    ToldApart {
        /// The two.
        people: [PatientId; 2],
        /// Whether they are told apart; or why nothing is written.
        result: Result<bool, Trouble>,
    },
}

/// A fact that was decided.
pub struct Settled {
    /// The change that wrote what stands there now.
    pub change: Hash,
    /// What stands there now, in words of the document.
    pub value: String,
    /// The chart as it stands now, where it can be read.
    pub chart: Option<Box<Chart>>,
}

impl Fact {
    /// Whether both are the same field of the same record.
    pub fn is_about(&self, other: &Self) -> bool {
        let name = |it: &Self| (it.patient, it.record, it.unconfirmed.is_some());
        name(self) == name(other) && self.field == other.field
    }

    /// When the newest of its values was set.
    pub fn since(&self) -> Option<Timestamp> {
        self.values.iter().map(|it| it.at.at).max()
    }
}

impl fmt::Debug for Settled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Settled({:?})", self.change)
    }
}

impl fmt::Debug for Fact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Fact({:?}, {:?})", self.kind, self.record)
    }
}

impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Value({:?})", self.change)
    }
}

impl fmt::Debug for Machine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Machine(…)")
    }
}
