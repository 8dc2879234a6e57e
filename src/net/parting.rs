//! How a meeting ends: what the other side is told, and what this one makes of it.

use iroh::endpoint::ConnectionError;

use super::gate::Closing;
use crate::{
    clinic::{self, Refused},
    ledger::{self, Break, Lane},
    sync::{proto::Why, wire::Bye},
};

/// How a meeting ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Parted {
    /// The connection was lost, or the other side ended it in order.
    Ended,
    /// All is said to a machine of another clinic, and nothing more is shared for now.
    Over,
    /// The other side's program ended, and it said so.
    Left,
    /// The other side does not know this machine.
    NotKnown,
    /// The other side ended it for what it says that this one sent.
    Refused,
    /// This machine's disk did not do what was needed.
    Disk,
    /// It goes on over another connection.
    OtherConnection,
    /// The other side speaks another version of the protocol.
    OtherProgram,
    /// The other side sent what no sound machine sends.
    Unsound,
}

/// What the other side is told at the end, and what this one makes of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Ending(pub(super) Closing, pub(super) Parted);

impl Ending {
    pub(super) const STOPPING: Self = Self(Closing::Stopping, Parted::Ended);
    pub(super) const DISK: Self = Self(Closing::Stopping, Parted::Disk);
    pub(super) const OVER: Self = Self(Closing::Done, Parted::Over);
    pub(super) const NOT_KNOWN: Self = Self(Closing::NotKnownHere, Parted::NotKnown);
    pub(super) const STALLED: Self = Self(Closing::Stalled, Parted::Ended);
    pub(super) const UNSOUND: Self = Self(Closing::Unsound, Parted::Unsound);

    /// What comes before what it leans on may come in its turn at the next meeting; all else
    /// no sound machine sends. It goes on after words of a machine that nobody is known to
    /// have let in, since who did may be heard next; and after one branch, or one statement, too
    /// many, which a sound machine passes on.
    pub(super) const fn of_refused(refused: &Refused) -> Option<Self> {
        match refused.why {
            clinic::Why::Envelope(ledger::Error::Chain(Break::Crowded { .. }))
            | clinic::Why::TooMuch => None,
            clinic::Why::Machine if matches!(refused.place.lane, Lane::Membership) => {
                None
            }
            clinic::Why::Session
            | clinic::Why::Machine
            | clinic::Why::Erased
            | clinic::Why::Envelope(ledger::Error::Chain(_)) => Some(Self::STALLED),
            clinic::Why::Envelope(_)
            | clinic::Why::OtherClinic
            | clinic::Why::OtherLog
            | clinic::Why::Content(_) => Some(Self::UNSOUND),
        }
    }

    pub(super) fn of(why: Why) -> Self {
        match why {
            Why::Version { .. } | Why::Left(Bye::Version) => {
                Self(Closing::Done, Parted::OtherProgram)
            }
            Why::Clinic | Why::Malformed | Why::OutOfTurn | Why::TooMuch => Self::UNSOUND,
            Why::Stalled => Self::STALLED,
            Why::Left(Bye::Stalled) => Self(Closing::Done, Parted::Ended),
            Why::Left(Bye::Clinic | Bye::Malformed | Bye::OutOfTurn | Bye::TooMuch) => {
                Self(Closing::Done, Parted::Refused)
            }
        }
    }

    /// Of a connection that is not there any more.
    pub(super) fn of_lost(reason: Option<ConnectionError>) -> Self {
        let code = match reason {
            Some(ConnectionError::ApplicationClosed(closed)) => Some(closed.error_code),
            _ => None,
        };
        let parted = if code == Some(Closing::NotKnownHere.code()) {
            Parted::NotKnown
        } else if code == Some(Closing::Stopping.code()) {
            Parted::Left
        } else if code == Some(Closing::OtherConnection.code()) {
            Parted::OtherConnection
        } else {
            Parted::Ended
        };
        Self(Closing::Done, parted)
    }
}

#[cfg(test)]
mod tests {
    use iroh::endpoint::ApplicationClose;

    use super::*;

    #[track_caller]
    fn check(closing: Closing, expected: Parted) {
        let reason = ConnectionError::ApplicationClosed(ApplicationClose {
            error_code: closing.code(),
            reason: closing.words().into(),
        });
        assert_eq!(Ending::of_lost(Some(reason)).1, expected, "{closing:?}");
    }

    #[test]
    fn what_the_other_side_says_at_the_end_is_what_it_meant() {
        check(Closing::Done, Parted::Ended);
        check(Closing::NotKnownHere, Parted::NotKnown);
        check(Closing::OtherConnection, Parted::OtherConnection);
        check(Closing::Stopping, Parted::Left);
        check(Closing::Stalled, Parted::Ended);
        check(Closing::Unsound, Parted::Ended);
        for own in [None, Some(ConnectionError::LocallyClosed)] {
            assert_eq!(Ending::of_lost(own).1, Parted::Ended);
        }
    }
}
