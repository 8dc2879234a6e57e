//! A chain: the envelopes of one log and lane, each naming the hash of the one before.

use std::collections::{BTreeMap, BTreeSet};

use super::{Entry, Error, Header, Stub};
use crate::{
    ids::{Hash, LogId, SessionId},
    ledger::Lane,
    seal::PublicKey,
};

/// How far one log and lane are known: the last envelope's number and hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Chain {
    log: LogId,
    lane: Lane,
    seq: u64,
    head: Hash,
}

/// Why an envelope does not continue a chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Break {
    /// It belongs to another log or lane.
    #[error("of another log or lane")]
    Elsewhere,
    /// Its place was taken before, by itself or by a twin.
    #[error("place {seq} is taken")]
    Taken {
        /// Its place.
        seq: u64,
    },
    /// Envelopes between are missing.
    #[error("place {expected} is expected, not {seq}")]
    Gap {
        /// The place that comes next.
        expected: u64,
        /// Its place.
        seq: u64,
    },
    /// It follows another envelope than the one that is held: the log has two branches.
    #[error("place {seq} follows another envelope than the one held")]
    Fork {
        /// Its place.
        seq: u64,
    },
    /// It begins a branch, and the log has as many as are kept.
    #[error("place {seq} begins one more branch than are kept of a log")]
    Crowded {
        /// Its place.
        seq: u64,
    },
}

impl Chain {
    /// A chain of which nothing is known yet.
    pub const fn start(log: LogId, lane: Lane) -> Self {
        Self::known(log, lane, 0, Hash::ZERO)
    }

    /// A chain that is known as far as `seq`, whose envelope has this hash.
    pub const fn known(log: LogId, lane: Lane, seq: u64, head: Hash) -> Self {
        Self {
            log,
            lane,
            seq,
            head,
        }
    }

    /// The log that its envelopes name.
    pub const fn log(&self) -> LogId {
        self.log
    }

    /// The number of the last envelope; 0 where there is none.
    pub const fn seq(&self) -> u64 {
        self.seq
    }

    /// The hash of the last envelope; zero where there is none.
    pub const fn head(&self) -> Hash {
        self.head
    }

    /// `header` at the end of this chain.
    #[must_use]
    pub const fn place(&self, header: Header) -> Header {
        Header {
            log: self.log,
            lane: self.lane,
            seq: self.seq.saturating_add(1),
            prev: self.head,
            ..header
        }
    }

    /// Goes on by one envelope, if it continues this chain. Its signature is not looked at.
    pub fn append(&mut self, next: &Stub) -> Result<(), Break> {
        let Header {
            log,
            lane,
            seq,
            prev,
            ..
        } = next.header;
        let expected = self.seq.saturating_add(1);
        if (log, lane) != (self.log, self.lane) {
            return Err(Break::Elsewhere);
        }
        if seq < expected || self.seq == u64::MAX {
            return Err(Break::Taken { seq });
        }
        if seq > expected {
            return Err(Break::Gap { expected, seq });
        }
        if prev != self.head {
            return Err(Break::Fork { seq });
        }
        self.seq = seq;
        self.head = next.hash();
        Ok(())
    }
}

/// Verifies a run of one chain by the chain itself and one signature a session: its last,
/// which covers all before it through `prev`. Returns the chain after the run, and the
/// sessions whose key is not held, whose envelopes nobody has answered for yet.
pub fn verify_run(
    mut chain: Chain,
    run: impl IntoIterator<Item = Stub>,
    key_of: impl Fn(SessionId) -> Option<PublicKey>,
) -> Result<(Chain, BTreeSet<SessionId>), Error> {
    let mut last = BTreeMap::new();
    for stub in run {
        chain.append(&stub)?;
        last.insert(stub.header.session, stub);
    }
    let mut unknown = BTreeSet::new();
    for (session, stub) in last {
        match key_of(session) {
            Some(key) => stub.verify(&key)?,
            None => {
                unknown.insert(session);
            }
        }
    }
    Ok((chain, unknown))
}

/// Envelopes in the order in which they came, cut where one does not follow the one before it
/// in its chain: a run each.
pub fn runs_of(envelopes: impl IntoIterator<Item = Entry>) -> Vec<Vec<Entry>> {
    let mut runs: Vec<Vec<Entry>> = Vec::new();
    let mut expected = None;
    for entry in envelopes {
        let Header {
            log,
            lane,
            seq,
            prev,
            ..
        } = *entry.header();
        let follows = expected == Some((log, lane, seq, prev));
        let next = seq.checked_add(1);
        expected = next.map(|seq| (log, lane, seq, entry.hash()));
        match runs.last_mut().filter(|_| follows) {
            Some(run) => run.push(entry),
            None => runs.push(vec![entry]),
        }
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::{Envelope, samples};

    fn start() -> Chain {
        Chain::start(samples::LOG, Lane::Clinical)
    }

    fn verify(run: &[Envelope], known: bool) -> Result<(Chain, usize), Error> {
        let key = samples::session().public();
        let stubs = run.iter().map(Envelope::stub);
        verify_run(start(), stubs, |_| known.then_some(key))
            .map(|(chain, unknown)| (chain, unknown.len()))
    }

    #[test]
    fn a_chain_goes_on_by_the_next_envelope_only() {
        let run = samples::run(4);
        let mut chain = start();
        chain.append(&run[0].stub()).unwrap();
        chain.append(&run[1].stub()).unwrap();
        assert_eq!((chain.seq(), chain.head()), (2, run[1].hash()));
        let check = |next: Stub, expected| {
            assert_eq!(chain.clone().append(&next), Err(expected));
        };
        check(run[1].stub(), Break::Taken { seq: 2 });
        check(
            run[3].stub(),
            Break::Gap {
                expected: 3,
                seq: 4,
            },
        );
        let mut fork = run[2].stub();
        fork.header.prev = Hash::from_bytes([9; 32]);
        check(fork, Break::Fork { seq: 3 });
        let mut elsewhere = run[2].stub();
        elsewhere.header.lane = Lane::Desk;
        check(elsewhere, Break::Elsewhere);
        assert_eq!(chain.append(&run[2].stub()), Ok(()));
    }

    #[test]
    fn a_full_chain_takes_no_more() {
        let mut chain = Chain::known(samples::LOG, Lane::Clinical, u64::MAX, Hash::ZERO);
        let mut last = samples::envelope().stub();
        last.header = chain.place(last.header);
        assert_eq!(chain.append(&last), Err(Break::Taken { seq: u64::MAX }));
    }

    #[test]
    fn a_run_is_verified_by_its_last_signature_and_the_chain() {
        let run = samples::run(6);
        let (chain, unknown) = verify(&run, true).unwrap();
        assert_eq!((chain.seq(), chain.head(), unknown), (6, run[5].hash(), 0));
        assert_eq!(verify(&[], true), Ok((start(), 0)));
        let (_, unknown) = verify(&run, false).unwrap();
        assert_eq!(unknown, 1);
    }

    #[test]
    fn a_change_anywhere_in_a_run_is_noticed() {
        for place in 0..6 {
            let mut run = samples::run(6);
            run[place].content[0] ^= 1;
            assert!(verify(&run, true).is_err(), "content {place}");
            let mut run = samples::run(6);
            run[place].header.hlc = run[place].header.hlc.next();
            assert!(verify(&run, true).is_err(), "header {place}");
            let mut run = samples::run(6);
            run.remove(place);
            let end = place == 5;
            assert_eq!(verify(&run, true).is_ok(), end, "missing {place}");
        }
    }

    #[test]
    fn what_came_is_cut_where_it_does_not_follow() {
        let mut came: Vec<Entry> =
            samples::run(5).into_iter().map(Entry::Whole).collect();
        let mut twin = came[2].stub();
        twin.header.hlc = twin.header.hlc.next();
        came.push(Entry::Erased(twin));
        let lengths = |places: &[usize]| -> Vec<usize> {
            let runs = runs_of(places.iter().map(|it| came[*it].clone()));
            runs.iter().map(Vec::len).collect()
        };
        assert_eq!(lengths(&[0, 1, 2, 3, 4]), [5]);
        assert_eq!(lengths(&[0, 1, 3, 4]), [2, 2], "a hole");
        assert_eq!(lengths(&[0, 1, 5, 3]), [3, 1], "after a branch");
        assert_eq!(lengths(&[1, 0, 1, 2]), [1, 3]);
        assert_eq!(lengths(&[]), [0; 0]);
    }

    #[test]
    fn an_erased_content_does_not_break_a_run() {
        let run = samples::run(3);
        let bytes = run[1].stub().encode();
        let stubs = [run[0].stub(), Stub::decode(&bytes).unwrap(), run[2].stub()];
        let key = samples::session().public();
        assert!(verify_run(start(), stubs, |_| Some(key)).is_ok());
    }
}
