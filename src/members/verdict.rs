//! What became of a statement, or of what a session wrote. A function of everything that is
//! held, never of the order in which it came.

use crate::{
    ids::{SessionId, StatementId},
    ledger::{Awaited, State, Voided},
};

/// Whether something counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Judgement {
    /// It does.
    Counts,
    /// It does not, unless something is held later that changes this.
    Void(Void),
    /// Nobody can say yet.
    Waiting(Missing),
}

/// Why something does not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Void {
    /// Nobody who was let in, as far as the writer could know.
    Stranger,
    /// The writer's role does not include it.
    Role,
    /// The writer, or the machine, was removed before, or by a statement that does not
    /// know of this one.
    Removed {
        /// By which statement.
        by: StatementId,
    },
    /// It lies beyond what a removal leaves standing, or on another branch.
    CutOff {
        /// By which statement.
        by: StatementId,
    },
    /// It does not fit what came before: a user, machine or epoch that is not there, a
    /// number out of turn, a key that is not new.
    Misfit,
    /// A later version's kind of statement.
    Unknown,
    /// By somebody of another clinic, in a document that was not granted for writing.
    NotGranted,
    /// By somebody of another clinic, before a grant began.
    Early {
        /// Which grant.
        grant: StatementId,
    },
    /// By somebody of another clinic, after a grant was over.
    Expired {
        /// Which grant.
        grant: StatementId,
    },
}

/// What is not held yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Missing {
    /// A statement.
    Statement(StatementId),
    /// The certificate of a session.
    Certificate(SessionId),
}

impl From<Judgement> for State {
    /// The state of an envelope of which membership says this.
    fn from(judgement: Judgement) -> Self {
        match judgement {
            Judgement::Counts => Self::Counted,
            Judgement::Waiting(Missing::Statement(_)) => {
                Self::Waiting(Awaited::Statement)
            }
            Judgement::Waiting(Missing::Certificate(_)) => {
                Self::Waiting(Awaited::Certificate)
            }
            Judgement::Void(Void::Stranger | Void::Removed { .. }) => {
                Self::Void(Voided::Session)
            }
            Judgement::Void(
                Void::Role | Void::NotGranted | Void::Early { .. } | Void::Expired { .. },
            ) => Self::Void(Voided::Role),
            Judgement::Void(Void::CutOff { .. }) => Self::Void(Voided::CutOff),
            Judgement::Void(Void::Misfit | Void::Unknown) => {
                Self::Void(Voided::Statement)
            }
        }
    }
}

impl From<Result<(), Void>> for Judgement {
    fn from(result: Result<(), Void>) -> Self {
        result.map_or_else(Self::Void, |()| Self::Counts)
    }
}
