//! Guarded apply: what others wrote enters a document only if the document survives it.
//!
//! A validly signed change may still make automerge panic, or leave a document that no
//! longer loads. So changes are looked at first (`prescan`), then applied to a copy, and
//! the copy is saved, loaded and read before it takes the document's place.

use std::{
    cell::Cell,
    collections::{BTreeMap, BTreeSet},
    ops::Range,
    panic::{AssertUnwindSafe, catch_unwind},
};

use automerge::{ActorId, Automerge, Change, ChangeHash, ReadDoc as _};

use crate::{
    doc::{
        follows,
        prescan::{self, Refusal},
        read::Source,
        said_before::Remembered,
        shape, twins,
    },
    ids::Hash,
};

thread_local! {
    static GUARDED: Cell<bool> = const { Cell::new(false) };
}

/// What became of changes that were offered to a document, by their places in the offer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Applied {
    /// In the document, now or already before.
    pub applied: Vec<usize>,
    /// Not yet: they follow changes that are not here, or too many beside them were bad.
    pub waiting: Vec<usize>,
    /// Not in this document, and why.
    pub refused: Vec<(usize, Refusal)>,
    /// Changes that had been applied and had to leave, because the twin that counts came
    /// later. Where there are any, all that the document does not hold is to be offered
    /// again.
    pub ousted: Vec<Hash>,
}

/// Whether this thread is inside a guarded apply, where a panic is caught and is no news to
/// anybody. The program's panic hook asks this.
pub fn is_guarded() -> bool {
    GUARDED.get()
}

/// What the work gives, unless it panics.
pub(super) fn guarded<T>(work: impl FnOnce() -> T) -> Option<T> {
    let before = GUARDED.replace(true);
    let outcome = catch_unwind(AssertUnwindSafe(work));
    GUARDED.set(before);
    outcome.ok()
}

/// Offers changes to a document. It takes what it can.
pub(super) fn apply(
    doc: &mut Automerge,
    said: &mut Remembered,
    changes: &[Vec<u8>],
) -> Applied {
    let mut outcome = Applied::default();
    let mut offered: BTreeMap<ChangeHash, (Change, Vec<usize>)> = BTreeMap::new();
    let before = Held::of(doc);
    let read = follows::complete(doc, said, changes);
    for (place, change) in read.into_iter().enumerate() {
        match change {
            Ok(None) => outcome.waiting.push(place),
            Ok(Some(change)) => {
                let offer = offered.entry(change.hash());
                offer.or_insert_with(|| (change, Vec::new())).1.push(place);
            }
            Err(refusal) => outcome.refused.push((place, refusal)),
        }
    }
    let new = offered.values().map(|(change, _)| change);
    let new = new.filter(|it| !before.has(&it.hash())).cloned().collect();
    let intake = Intake::of(doc, &before, new);
    for (hash, (_, places)) in offered {
        if intake.held.has(&hash) {
            outcome.applied.extend(places);
        } else if let Some(why) = intake.refused.get(&hash) {
            outcome
                .refused
                .extend(places.into_iter().map(|it| (it, *why)));
        } else {
            outcome.waiting.extend(places);
        }
    }
    let left = before.last_ops.keys().filter(|it| !intake.held.has(it));
    outcome.ousted = left.map(|it| Hash::from_bytes(it.0)).collect();
    outcome.applied.sort_unstable();
    outcome.waiting.sort_unstable();
    outcome.refused.sort_unstable_by_key(|(place, _)| *place);
    if let Some(taken) = intake.doc {
        *doc = taken;
    }
    outcome
}

/// Takes changes again that this machine wrote, or took in, before: they need not show
/// once more that the document survives them. All or none.
pub(super) fn take_again(
    doc: &mut Automerge,
    said: &mut Remembered,
    changes: &[Vec<u8>],
) -> bool {
    let read = follows::complete(doc, said, changes).into_iter();
    let Some(known) = read.map(|it| it.ok().flatten()).collect::<Option<Vec<_>>>() else {
        return false;
    };
    let attempt = || {
        let hashes: Vec<ChangeHash> = known.iter().map(Change::hash).collect();
        let mut copy = doc.clone();
        copy.apply_changes(known).ok()?;
        copy.get_missing_deps(&hashes).is_empty().then_some(copy)
    };
    let taken = guarded(attempt).flatten();
    taken.map(|it| *doc = it).is_some()
}

/// The change in these bytes, if it is one that Cairn can have written.
pub(super) fn read(bytes: &[u8]) -> Result<Change, Refusal> {
    let scan = prescan::prescan(bytes)?;
    let change = guarded(|| Change::try_from(bytes).ok()).flatten();
    let change = change.ok_or(Refusal::Malformed)?;
    let checksum = bytes.get(CHECKSUM).ok_or(Refusal::Malformed)?;
    let whole = change.hash().0.starts_with(checksum)
        && u64::try_from(change.len()) == Ok(scan.operations);
    if !whole {
        return Err(Refusal::Malformed);
    }
    let shape = guarded(|| shape::check(&change));
    shape.unwrap_or(Err(Refusal::Malformed)).map(|()| change)
}

/// Where in a change the first bytes of its hash stand.
pub(super) const CHECKSUM: Range<usize> = 4..8;

/// What a document holds, in short.
#[derive(Clone, Default)]
struct Held {
    /// Each change, with the number of its last operation.
    last_ops: BTreeMap<ChangeHash, u64>,
    /// The last change of each session, after its number.
    sessions: BTreeMap<ActorId, (u64, ChangeHash)>,
}

/// Trials of one offer. One bad change among a thousand takes twenty of them; what is left
/// where somebody made many waits, and is offered again.
const TRIALS_MAX: u32 = 64;

/// A document while it takes changes in.
struct Intake<'a> {
    base: &'a Automerge,
    /// The document with what it took; none as long as it took nothing.
    doc: Option<Automerge>,
    held: Held,
    refused: BTreeMap<ChangeHash, Refusal>,
    trials_left: u32,
}

impl Held {
    fn of(doc: &Automerge) -> Self {
        let mut held = Self::default();
        for change in doc.get_changes_meta(&[]) {
            held.last_ops.insert(change.hash, change.max_op);
            let number = (change.seq, change.hash);
            let last = held.sessions.entry(change.actor.into_owned());
            let last = last.or_insert(number);
            *last = number.max(*last);
        }
        held
    }

    fn has(&self, hash: &ChangeHash) -> bool {
        self.last_ops.contains_key(hash)
    }

    fn add(&mut self, change: &Change) {
        self.last_ops.insert(change.hash(), change.max_op());
        let last = (change.seq(), change.hash());
        self.sessions.insert(change.actor_id().clone(), last);
    }

    /// How many changes of its session are held.
    fn seq(&self, change: &Change) -> u64 {
        self.sessions
            .get(change.actor_id())
            .map_or(0, |(seq, _)| *seq)
    }

    /// Whether one of these has the session and number of another, or of one held.
    fn have_twins(&self, new: &[Change]) -> bool {
        let mut numbers = BTreeSet::new();
        new.iter().any(|it| {
            it.seq() <= self.seq(it) || !numbers.insert((it.actor_id(), it.seq()))
        })
    }

    /// Whether all that the change follows is held.
    fn has_deps_of(&self, change: &Change) -> bool {
        change.deps().iter().all(|it| self.has(it))
    }

    /// Whether a change, all of whose deps are held, follows its session's last one
    /// directly, and numbers its operations from the last one of its deps on.
    fn is_next(&self, change: &Change) -> bool {
        let last = self.sessions.get(change.actor_id());
        let next = last.map_or(1, |(seq, _)| seq + 1);
        let follows = last.is_none_or(|(_, hash)| change.deps().contains(hash));
        let deps = change.deps().iter().filter_map(|it| self.last_ops.get(it));
        let first_op = deps.max().map_or(1, |it| it + 1);
        follows && change.seq() == next && change.start_op().get() == first_op
    }
}

impl<'a> Intake<'a> {
    fn of(base: &'a Automerge, held: &Held, new: Vec<Change>) -> Self {
        let mut intake = Self {
            base,
            doc: None,
            held: held.clone(),
            refused: BTreeMap::new(),
            trials_left: TRIALS_MAX,
        };
        let new = if held.have_twins(&new) {
            intake.settle_twins(new)
        } else {
            new
        };
        intake.take(new);
        intake
    }

    /// Refuses the twins that do not count. Where the document holds one of them, it is
    /// begun anew.
    fn settle_twins(&mut self, mut new: Vec<Change>) -> Vec<Change> {
        let old = self.base.get_changes(&[]);
        let lost = twins::lost(old.iter().chain(&new));
        new.retain(|it| !lost.contains(&it.hash()));
        if old.iter().any(|it| lost.contains(&it.hash())) {
            self.held = Held::default();
            self.doc = Some(Automerge::new());
            new.extend(old.into_iter().filter(|it| !lost.contains(&it.hash())));
        }
        self.refused
            .extend(lost.into_iter().map(|it| (it, Refusal::Twin)));
        new
    }

    /// Takes what is ready in one step if the document survives it, otherwise in halves.
    fn take(&mut self, changes: Vec<Change>) {
        let mut ready = self.ready(changes);
        if ready.is_empty() || self.trials_left == 0 {
            return;
        }
        self.trials_left -= 1;
        if let Some(doc) = survive(self.doc.as_ref().unwrap_or(self.base), &ready) {
            for change in &ready {
                self.held.add(change);
            }
            self.doc = Some(doc);
            return;
        }
        if let [alone] = ready.as_slice() {
            self.refused.insert(alone.hash(), Refusal::Poison);
            return;
        }
        let rest = ready.split_off(ready.len() / 2);
        self.take(ready);
        self.take(rest);
    }

    /// The changes that follow what is held, in an order in which they can be applied.
    fn ready(&mut self, mut changes: Vec<Change>) -> Vec<Change> {
        changes.sort_by_key(|it| (it.start_op(), it.hash()));
        let mut held = self.held.clone();
        let mut ready = Vec::with_capacity(changes.len());
        for change in changes {
            if !held.has_deps_of(&change) {
                continue;
            }
            if held.is_next(&change) {
                held.add(&change);
                ready.push(change);
            } else {
                self.refused.insert(change.hash(), Refusal::OutOfOrder);
            }
        }
        ready
    }
}

/// The document with the changes, if it can be applied, saved, loaded and read.
fn survive(doc: &Automerge, changes: &[Change]) -> Option<Automerge> {
    let attempt = || {
        let mut copy = doc.clone();
        copy.apply_changes(changes.iter().cloned()).ok()?;
        let loaded = Automerge::load(&copy.save()).ok()?;
        drop(Source::now(&loaded).records());
        (loaded.get_heads() == copy.get_heads()).then_some(loaded)
    };
    guarded(attempt).flatten()
}
