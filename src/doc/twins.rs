//! Two changes of one session with one number: a restored disk, a cloned one, or malice.
//! The one with the lower hash counts on every machine.

use std::collections::{BTreeMap, BTreeSet};

use automerge::{Change, ChangeHash};

/// The changes that do not count. What follows them is not among them: it waits for ever.
///
/// Numbers are settled from the lowest on, and of one number only those changes stand against
/// each other that follow nothing lost. Each change is looked at once, however many twins
/// somebody made.
pub(super) fn lost<'a>(
    changes: impl Iterator<Item = &'a Change>,
) -> BTreeSet<ChangeHash> {
    let mut all: Vec<&Change> = changes.collect();
    // A change follows only changes whose operations have lower numbers.
    all.sort_by_key(|it| (it.start_op(), it.hash()));
    let mut reached = BTreeSet::new();
    let mut followers: BTreeMap<ChangeHash, Vec<ChangeHash>> = BTreeMap::new();
    let mut numbered: BTreeMap<_, BTreeSet<ChangeHash>> = BTreeMap::new();
    for change in all {
        let hash = change.hash();
        if change.deps().iter().all(|it| reached.contains(it)) {
            reached.insert(hash);
            let number = (change.seq(), change.actor_id());
            numbered.entry(number).or_default().insert(hash);
            for dep in change.deps() {
                followers.entry(*dep).or_default().push(hash);
            }
        }
    }
    let mut lost = BTreeSet::new();
    for twins in numbered.into_values() {
        let standing = twins.into_iter().filter(|it| reached.contains(it));
        let mut losing: Vec<ChangeHash> = standing.skip(1).collect();
        lost.extend(losing.iter().copied());
        while let Some(gone) = losing.pop() {
            if reached.remove(&gone) {
                losing.extend(followers.get(&gone).into_iter().flatten());
            }
        }
    }
    lost
}
