//! How it stands with the clinic's other machines, as the screens know it: what every
//! screen's last row says, and what the table of machines shows.

use std::{collections::BTreeSet, fmt};

use crate::{
    app::Saved,
    ids::DeviceId,
    sync::status::{Peer, Progress, Reach, SharedWith},
    time::{Moment, Timestamp},
};

/// A machine that was not met for so long is named in the last row of every screen.
const NOT_MET_MS: i64 = 3 * 24 * 60 * 60 * 1_000;
/// From so many changes to come on, how far they are is said in words.
const COPY_MIN: u64 = 200;

/// How it stands with the clinic's other machines.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Standing {
    /// This machine, where a clinic is open.
    pub here: Option<Here>,
    /// Every other machine.
    pub peers: Vec<Peer>,
    /// Those under whose name two machines wrote: a disk was copied.
    pub copied: BTreeSet<DeviceId>,
    /// The last USB bundle that was made here.
    pub bundle: Option<Bundle>,
    /// With whom of other clinics something is shared; empty where nobody is signed in.
    pub shared: Vec<SharedWith>,
    /// Whether this machine takes no part in the exchange: it cannot use the network.
    pub off: bool,
}

/// This machine.
#[derive(Clone, PartialEq, Eq)]
pub struct Here {
    /// Which incarnation.
    pub device: DeviceId,
    /// What it is called; empty where nobody is signed in.
    pub name: String,
}

/// A USB bundle that was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bundle {
    /// When.
    pub made: Timestamp,
    /// Its size.
    pub bytes: u64,
}

/// What the last row of every screen says of what was entered.
#[derive(Clone, PartialEq, Eq)]
pub enum Word {
    /// It is on this machine's disk; the clinic has no other.
    Here,
    /// Every other machine has it.
    Shared,
    /// So many changes wait for another machine.
    ToSend(usize),
    /// This machine was not met for long.
    NotMet {
        /// What it is called.
        name: String,
        /// When it was met last.
        since: Moment,
    },
    /// It is not on the disk.
    DiskFull,
}

/// A large transfer to this machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Copying {
    /// Changes received.
    pub received: u64,
    /// Changes to come.
    pub left: u64,
    /// Bytes received.
    pub bytes: u64,
    /// Bytes to come, at the size that changes had so far.
    pub bytes_left: u64,
}

impl Standing {
    /// What the last row of every screen says.
    pub fn word(&self, saved: Saved, now: Moment) -> Word {
        if saved == Saved::DiskFull {
            return Word::DiskFull;
        }
        if let Some((peer, since)) = self.not_met(now) {
            return Word::NotMet {
                name: peer.name.clone(),
                since,
            };
        }
        match (self.belonging().next(), self.to_send()) {
            (None, _) => Word::Here,
            (Some(_), 0) => Word::Shared,
            (Some(_), n) => Word::ToSend(n),
        }
    }

    /// The other machines that belong to the clinic.
    pub fn belonging(&self) -> impl Iterator<Item = &Peer> {
        let peers = self.peers.iter();
        peers.filter(|it| it.state != Reach::Revoked)
    }

    /// The changes that the machine which lacks most still lacks.
    pub fn to_send(&self) -> usize {
        let most = self.belonging().map(lacks).max().unwrap_or(0);
        usize::try_from(most).unwrap_or(usize::MAX)
    }

    /// Whether another machine can be exchanged with now.
    pub fn is_in_reach(&self) -> bool {
        let mut peers = self.peers.iter();
        peers.any(|it| matches!(it.state, Reach::InStep | Reach::Exchanging))
    }

    /// The large transfer to this machine that runs now, the longest if there are several.
    pub fn copying(&self) -> Option<Copying> {
        let running = self.peers.iter().filter_map(|it| it.progress);
        let longest = running.max_by_key(|it| it.to_receive)?;
        (longest.received + longest.to_receive >= COPY_MIN && longest.to_receive > 0)
            .then(|| Copying::of(longest))
    }

    /// Names are sealed: without a person they are not known.
    pub fn forget_names(&mut self) {
        let here = self.here.iter_mut().map(|it| &mut it.name);
        let peers = self.peers.iter_mut().map(|it| &mut it.name);
        here.chain(peers).for_each(String::clear);
        self.shared.clear();
    }

    /// The named machine that was not met for longest, and for too long.
    fn not_met(&self, now: Moment) -> Option<(&Peer, Moment)> {
        let away = self.belonging().filter(|it| {
            let is_away = !matches!(it.state, Reach::InStep | Reach::Exchanging);
            is_away && !it.name.is_empty()
        });
        let met = away.filter_map(|it| Some((it, it.last_met?)));
        let (peer, at) = met.min_by_key(|(_, met)| *met)?;
        let since = Moment { at, ..now };
        (now.at.ms_since(at) > NOT_MET_MS).then_some((peer, since))
    }
}

/// What a machine lacks of what is here. Of one that was never met nothing is known until the
/// exchange says what it asks for: a new machine has nothing for the one that fills it.
fn lacks(peer: &Peer) -> u64 {
    let first = peer.progress.filter(|_| peer.last_met.is_none());
    first.map_or(peer.ahead, |it| it.to_send)
}

impl Copying {
    fn of(progress: Progress) -> Self {
        let one = progress.bytes_in / progress.received.max(1);
        Self {
            received: progress.received,
            left: progress.to_receive,
            bytes: progress.bytes_in,
            bytes_left: one.saturating_mul(progress.to_receive),
        }
    }
}

impl fmt::Debug for Standing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Standing({:?})", self.peers)
    }
}

impl fmt::Debug for Here {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Here({:?})", self.device)
    }
}

impl fmt::Debug for Word {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Here => "Here",
            Self::Shared => "Shared",
            Self::ToSend(_) => "ToSend",
            Self::NotMet { .. } => "NotMet",
            Self::DiskFull => "DiskFull",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY_MS: i64 = 24 * 60 * 60 * 1_000;

    fn now() -> Moment {
        "2025-11-18T10:42:00+03:00".parse().unwrap()
    }

    fn peer(name: &str, ahead: u64, days_ago: Option<i64>, state: Reach) -> Peer {
        Peer {
            device: DeviceId::ZERO,
            name: name.to_owned(),
            last_met: days_ago.map(|it| now().at.plus_ms(-it * DAY_MS)),
            ahead,
            behind: 0,
            state,
            progress: None,
        }
    }

    #[track_caller]
    fn check(peers: Vec<Peer>, expected: Word) {
        let standing = Standing {
            peers,
            ..Standing::default()
        };
        assert_eq!(standing.word(Saved::Here, now()), expected);
        assert_eq!(standing.word(Saved::DiskFull, now()), Word::DiskFull);
    }

    #[test]
    fn the_last_row_says_what_matters_most() {
        let step = || peer("Desk 1", 0, Some(0), Reach::InStep);
        let waits = || peer("Hill Post", 3, Some(2), Reach::NotInReach);
        let long = || peer("Store", 1, Some(6), Reach::NotInReach);
        let never = || peer("New", 9, None, Reach::NotInReach);
        let nameless = || peer("", 3, Some(6), Reach::NotInReach);
        let removed = || peer("Stolen", 40, Some(90), Reach::Revoked);
        let since = Moment {
            at: now().at.plus_ms(-6 * DAY_MS),
            ..now()
        };
        let not_met = Word::NotMet {
            name: "Store".to_owned(),
            since,
        };
        check(vec![], Word::Here);
        check(vec![removed()], Word::Here);
        check(vec![step()], Word::Shared);
        check(vec![step(), removed()], Word::Shared);
        check(vec![step(), waits()], Word::ToSend(3));
        check(vec![step(), never()], Word::ToSend(9));
        check(vec![step(), waits(), long()], not_met);
        check(vec![nameless()], Word::ToSend(3));
    }

    #[test]
    fn a_machine_that_is_being_filled_has_nothing_to_send_to_who_fills_it() {
        let source = |progress| Peer {
            progress,
            ..peer("Desk 1", 2_574, None, Reach::Exchanging)
        };
        let begun = Progress {
            received: 2_574,
            to_receive: 1_600,
            ..Progress::default()
        };
        check(vec![source(None)], Word::ToSend(2_574));
        check(vec![source(Some(begun))], Word::Shared);
    }

    #[test]
    fn a_large_transfer_says_what_is_left() {
        let running = |received, to_receive| Standing {
            peers: vec![Peer {
                progress: Some(Progress {
                    received,
                    to_receive,
                    bytes_in: received * 400,
                    ..Progress::default()
                }),
                ..peer("Desk 1", 0, Some(0), Reach::Exchanging)
            }],
            ..Standing::default()
        };
        let copying = running(1_000, 4_000).copying().unwrap();
        assert_eq!((copying.bytes, copying.bytes_left), (400_000, 1_600_000));
        assert_eq!(running(5, 20).copying(), None);
        assert_eq!(running(5_000, 0).copying(), None);
    }
}
