//! What is known of the other side: how far its runs reach, by cut hashes, and of which of
//! these the whole hash is known.

use std::collections::BTreeMap;

use crate::{
    ids::Hash,
    ledger::{DocRun, Frontier},
    seal::Hasher,
    sync::wire::{BaseHash, FRONTIER_ENTRIES_MAX, Reached, RunName, Short},
};

const FRONTIER_AS: &[u8] = b"cairn/frontier/v1";
const SCOPED_AS: &[u8] = b"cairn/scoped-frontier/v1";
const SHORT_AS: &[u8] = b"cairn/short-hash/v1";

/// The hash of a frontier: equal frontiers, and no others, have the same.
pub(super) fn frontier_hash(frontier: &Frontier) -> Hash {
    let mut hasher = Hasher::default();
    hasher.update(FRONTIER_AS);
    for ((log, lane), (seq, hash)) in frontier {
        hasher.update(log.as_bytes());
        hasher.update(&[lane.number()]);
        hasher.update(&seq.to_be_bytes());
        hasher.update(hash.as_bytes());
    }
    hasher.finish()
}

/// The hash of a frontier as it stands in frames.
pub(super) fn base_hash(frontier: &Frontier) -> BaseHash {
    first(frontier_hash(frontier))
}

/// The hash of what is held of some documents, computed like that of a frontier.
pub(super) fn scoped_hash<'a>(
    frontier: impl Iterator<Item = (&'a DocRun, &'a (u64, Hash))>,
) -> Hash {
    let mut hasher = Hasher::default();
    hasher.update(SCOPED_AS);
    for ((doc, log), (seq, hash)) in frontier {
        hasher.update(doc.as_bytes());
        hasher.update(log.as_bytes());
        hasher.update(&seq.to_be_bytes());
        hasher.update(hash.as_bytes());
    }
    hasher.finish()
}

/// A hash, salted and cut.
pub(super) fn cut(salt: Hash, hash: Hash) -> Short {
    let mut hasher = Hasher::default();
    hasher.update(SHORT_AS);
    hasher.update(salt.as_bytes());
    hasher.update(hash.as_bytes());
    Short(first(hasher.finish()))
}

fn first<const N: usize>(hash: Hash) -> [u8; N] {
    hash.as_bytes().first_chunk().copied().unwrap_or([0; N])
}

/// What `now` has and `before` has not, or has otherwise, as it is told under `salt`.
pub(super) fn changed(before: &Frontier, now: &Frontier, salt: Hash) -> Reached {
    now.iter()
        .filter(|(run, entry)| before.get(run) != Some(entry))
        .map(|(run, (seq, hash))| (*run, (*seq, cut(salt, *hash))))
        .collect()
}

/// The other side's frontier.
pub(super) struct Theirs {
    salt: Hash,
    reached: Reached,
    sure: Frontier,
}

impl Theirs {
    /// A frontier that is known whole.
    pub(super) fn known(salt: Hash, frontier: Frontier) -> Self {
        Self {
            salt,
            reached: changed(&BTreeMap::new(), &frontier, salt),
            sure: frontier,
        }
    }

    /// Nothing yet, to be told.
    pub(super) const fn untold(salt: Hash) -> Self {
        Self {
            salt,
            reached: BTreeMap::new(),
            sure: BTreeMap::new(),
        }
    }

    /// Takes in what was told. `whole` finds the whole hash of an envelope that this side
    /// knows. Returns whether there is room for all of it.
    pub(super) fn tell(
        &mut self,
        told: Reached,
        whole: impl Fn(RunName, u64) -> Vec<Hash>,
    ) -> bool {
        for (run, (seq, short)) in told {
            let known = whole(run, seq)
                .into_iter()
                .find(|it| cut(self.salt, *it) == short);
            match known {
                Some(hash) => self.sure.insert(run, (seq, hash)),
                None => self.sure.remove(&run),
            };
            self.reached.insert(run, (seq, short));
        }
        self.reached.len() <= FRONTIER_ENTRIES_MAX
    }

    /// The salt of what it tells.
    pub(super) const fn salt(&self) -> Hash {
        self.salt
    }

    /// The whole hash of the last envelope of a run there is this.
    pub(super) fn assure(&mut self, run: RunName, end: (u64, Hash)) {
        self.sure.insert(run, end);
    }

    /// How far a run reaches there; 0 where it has none of it.
    pub(super) fn seq(&self, run: RunName) -> u64 {
        self.reached.get(&run).map_or(0, |it| it.0)
    }

    /// Whether a run there ends with the envelope of this hash.
    pub(super) fn ends_with(&self, run: RunName, hash: Hash) -> bool {
        let end = self.reached.get(&run);
        end.is_some_and(|it| it.1 == cut(self.salt, hash))
    }

    /// Whether a run there ends as it does here.
    pub(super) fn agrees(&self, run: RunName, (seq, hash): (u64, Hash)) -> bool {
        self.seq(run) == seq && self.ends_with(run, hash)
    }

    /// The cut hash of the last envelope of a run there.
    pub(super) fn end(&self, run: RunName) -> Option<(u64, Short)> {
        self.reached.get(&run).copied()
    }

    /// Whether it is the same as `mine`.
    pub(super) fn is(&self, mine: &Frontier) -> bool {
        self.reached.len() == mine.len()
            && mine.iter().all(|(run, end)| self.agrees(*run, *end))
    }

    /// How many envelopes each side lacks: they, we.
    pub(super) fn lacking(&self, mine: &Frontier) -> (u64, u64) {
        let sum = |all: u64, more: u64, less: u64| {
            all.saturating_add(more.saturating_sub(less))
        };
        let they = mine
            .iter()
            .fold(0, |all, (run, it)| sum(all, it.0, self.seq(*run)));
        let we = self.reached.iter().fold(0, |all, (run, it)| {
            sum(all, it.0, mine.get(run).map_or(0, |it| it.0))
        });
        (they, we)
    }

    /// As much of it as is known by whole hashes.
    pub(super) const fn sure(&self) -> &Frontier {
        &self.sure
    }
}
