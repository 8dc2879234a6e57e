//! How it stands with the other machines, as plain values that a screen shows.

use std::fmt;

use crate::{ids::DeviceId, ledger::Frontier, seal::PublicKey, time::Timestamp};

/// One machine of the clinic, as seen from here.
#[derive(Clone, PartialEq, Eq)]
pub struct Peer {
    /// Which incarnation.
    pub device: DeviceId,
    /// What it is called; empty where nobody is signed in, since names are sealed.
    pub name: String,
    /// When it was last spoken with.
    pub last_met: Option<Timestamp>,
    /// Changes held here that it lacks, as far as is known.
    pub ahead: u64,
    /// Changes that it holds and this machine lacks, as far as it has told.
    pub behind: u64,
    /// What goes on with it now.
    pub state: Reach,
    /// How far a transfer has come, while there is one.
    pub progress: Option<Progress>,
}

/// A machine of another clinic, as seen from here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outside {
    /// The key with which it meets others.
    pub endpoint: PublicKey,
    /// When it was last spoken with.
    pub last_met: Option<Timestamp>,
    /// What this clinic shares with it, and what its clinic shares with this one.
    pub terms: Terms,
    /// Whether anything is known of where it may be.
    pub is_sought: bool,
    /// What goes on with it now.
    pub state: Reach,
}

/// What two clinics share with each other, as one of them sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Terms {
    /// What is shared with them, if something ever was.
    pub given: Option<Term>,
    /// What they share, if they ever said so.
    pub taken: Option<Term>,
}

/// How it stands with what is shared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Term {
    /// It can be had.
    Live,
    /// It begins later.
    Early,
    /// Its last day is over.
    Expired,
    /// It was taken back.
    Revoked,
    /// This machine has heard of no other of the clinic for long, and gives nothing: somebody
    /// may have taken it back.
    NotFresh,
}

impl Terms {
    /// Whether something can be had, either way.
    pub fn are_live(self) -> bool {
        [self.given, self.taken].contains(&Some(Term::Live))
    }
}

/// Somebody of another clinic with whom something is shared now.
#[derive(Clone, PartialEq, Eq)]
pub struct SharedWith {
    /// What they are called, by their card.
    pub name: String,
    /// Their clinic, by their card.
    pub clinic: String,
    /// Of how many patients.
    pub patients: usize,
}

/// What goes on with another machine now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// Connected, and both hold the same.
    InStep,
    /// Connected, and something is on its way.
    Exchanging,
    /// Not connected.
    NotInReach,
    /// It was revoked: nothing is exchanged with it.
    Revoked,
    /// It was reached and let this machine not in: it knows nothing of it yet, or shut it out.
    NotKnown,
    /// It was reached, and the disk of this machine did not do what was needed for it.
    Disk,
    /// Connected, and it cannot be understood: its program is older or newer.
    OtherProgram,
    /// It sent what no sound machine sends, and is left alone for a while.
    Unsound,
}

/// How far a transfer has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Progress {
    /// Changes received since the connection began.
    pub received: u64,
    /// Changes still to be received.
    pub to_receive: u64,
    /// Changes sent since the connection began.
    pub sent: u64,
    /// Changes still to be sent.
    pub to_send: u64,
    /// Bytes received on the wire.
    pub bytes_in: u64,
    /// Bytes sent on the wire.
    pub bytes_out: u64,
}

/// How many envelopes who reaches as far as `one` holds beyond who reaches as far as `other`.
pub fn beyond(one: &Frontier, other: &Frontier) -> u64 {
    let past = |(run, (seq, _)): (_, &(u64, _))| {
        let held = other.get(run).map_or(0, |(seq, _)| *seq);
        seq.saturating_sub(held)
    };
    one.iter().map(past).fold(0, u64::saturating_add)
}

impl fmt::Debug for SharedWith {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SharedWith({})", self.patients)
    }
}

impl fmt::Debug for Peer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Peer({:?} {:?})", self.device, self.state)
    }
}
