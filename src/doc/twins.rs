//! Two changes of one session with one number: a restored disk, a cloned one, or malice.
//! The one with the lower hash counts on every machine.

use std::collections::{BTreeMap, BTreeSet};

use automerge::{Change, ChangeHash};

/// The changes that do not count. What follows them is not among them: it waits for ever.
pub(super) fn lost<'a>(
    changes: impl Iterator<Item = &'a Change>,
) -> BTreeSet<ChangeHash> {
    let mut all: Vec<&Change> = changes.collect();
    // A change follows only changes whose operations have lower numbers.
    all.sort_by_key(|it| (it.start_op(), it.hash()));
    let mut lost = BTreeSet::new();
    while let Some(twins) = first_twins(&all, &lost) {
        lost.extend(twins.into_iter().skip(1));
    }
    lost
}

/// The first changes in the order of number and session that share both, the lowest hash
/// first. Only those count that follow nothing lost.
fn first_twins(
    all: &[&Change],
    lost: &BTreeSet<ChangeHash>,
) -> Option<BTreeSet<ChangeHash>> {
    let mut reached = BTreeSet::new();
    let mut numbered: BTreeMap<_, BTreeSet<ChangeHash>> = BTreeMap::new();
    for change in all {
        let hash = change.hash();
        let follows = change.deps().iter().all(|it| reached.contains(it));
        if follows && !lost.contains(&hash) {
            reached.insert(hash);
            let number = (change.seq(), change.actor_id());
            numbered.entry(number).or_default().insert(hash);
        }
    }
    numbered.into_values().find(|it| it.len() > 1)
}
