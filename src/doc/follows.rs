//! Which changes a change follows: in a payload their hashes are cut, and the document, which
//! has to hold them anyway, completes them.

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    ops::Range,
};

use automerge::{Change, ChangeHash};

use crate::doc::{
    guard,
    prescan::{Refusal, prescan},
};

/// As much of a hash as a payload tells, in bytes.
pub(super) const CUT_LEN: usize = 8;
/// Most ways to complete one change that are tried. There is one, unless somebody spent years
/// on two changes whose hashes begin alike; then the change's own hash decides.
const WAYS_MAX: usize = 16;

/// The first bytes of a hash.
type Cut = [u8; CUT_LEN];

/// What became of a change: read, or still without some that it follows, or refused.
pub(super) type Completed = Result<Option<Change>, Refusal>;

/// The change with the hashes of what it follows cut.
pub(super) fn cut(change: &[u8]) -> Result<Vec<u8>, Refusal> {
    let deps = prescan(change)?.deps.len();
    let mut cut = change.to_vec();
    for place in places(change, deps) {
        if let Some(rest) = cut.get_mut(place.start + CUT_LEN..place.end) {
            rest.fill(0);
        }
    }
    Ok(cut)
}

/// The changes in these bytes, completed by those that are held and by each other.
pub(super) fn complete<'h>(
    held: impl Iterator<Item = &'h ChangeHash>,
    changes: &[Vec<u8>],
) -> Vec<Completed> {
    let mut known: BTreeSet<ChangeHash> = held.copied().collect();
    let mut outcome: Vec<Completed> = changes.iter().map(|_| Ok(None)).collect();
    let mut waiting: BTreeMap<Cut, Vec<usize>> = BTreeMap::new();
    let mut open: VecDeque<usize> = (0..changes.len()).collect();
    let deps: Vec<_> = changes
        .iter()
        .map(|it| prescan(it).map(|it| it.deps))
        .collect();
    while let Some(at) = open.pop_front() {
        let (Some(bytes), Some(deps), Some(outcome)) =
            (changes.get(at), deps.get(at), outcome.get_mut(at))
        else {
            continue;
        };
        let read = match deps {
            Err(why) => Err(*why),
            Ok(deps) => {
                match ways(deps.iter().map(|it| ChangeHash(*it.as_bytes())), &known) {
                    Ok(ways) => read(bytes, &ways),
                    Err(missing) => {
                        waiting.entry(missing).or_default().push(at);
                        continue;
                    }
                }
            }
        };
        if let Ok(change) = &read {
            let hash = change.hash();
            known.insert(hash);
            open.extend(waiting.remove(&begins(&hash)).unwrap_or_default());
        }
        *outcome = read.map(Some);
    }
    outcome
}

/// The ways in which hashes can be completed, or the first that cannot.
fn ways(
    deps: impl Iterator<Item = ChangeHash>,
    known: &BTreeSet<ChangeHash>,
) -> Result<Vec<Vec<ChangeHash>>, Cut> {
    let mut ways = vec![Vec::new()];
    for dep in deps {
        let fitting: Vec<ChangeHash> = if is_cut(&dep) {
            let mut last = [u8::MAX; 32];
            last.iter_mut()
                .zip(begins(&dep))
                .for_each(|(to, it)| *to = it);
            known.range(dep..=ChangeHash(last)).copied().collect()
        } else {
            vec![dep]
        };
        if fitting.is_empty() {
            return Err(begins(&dep));
        }
        ways = ways
            .iter()
            .flat_map(|way| {
                fitting
                    .iter()
                    .map(move |it| [way.as_slice(), &[*it]].concat())
            })
            .take(WAYS_MAX)
            .collect();
    }
    Ok(ways)
}

fn read(bytes: &[u8], ways: &[Vec<ChangeHash>]) -> Result<Change, Refusal> {
    let mut why = Refusal::Malformed;
    for way in ways {
        let mut whole = bytes.to_vec();
        for (place, dep) in places(bytes, way.len()).zip(way) {
            if let Some(to) = whole.get_mut(place) {
                to.copy_from_slice(&dep.0);
            }
        }
        match guard::read(&whole) {
            Ok(change) => return Ok(change),
            Err(refusal) => why = refusal,
        }
    }
    Err(why)
}

/// Where in a change the hashes of what it follows stand: behind magic, checksum, type, and
/// two numbers.
fn places(change: &[u8], count: usize) -> impl Iterator<Item = Range<usize>> {
    let mut start = guard::CHECKSUM.end + 1;
    for _ in 0..2 {
        let number = change.get(start..).unwrap_or_default();
        let more = number.iter().take_while(|it| **it & 0x80 != 0);
        start += more.count() + 1;
    }
    (0..count).map(move |it| start + it * 32..start + (it + 1) * 32)
}

fn is_cut(hash: &ChangeHash) -> bool {
    hash.0.iter().skip(CUT_LEN).all(|it| *it == 0)
}

fn begins(hash: &ChangeHash) -> Cut {
    hash.0.first_chunk().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use automerge::{ActorId, Automerge, ROOT, transaction::Transactable as _};

    use super::*;

    /// Two changes, of which the second follows the first.
    fn two() -> [Change; 2] {
        let mut doc = Automerge::new().with_actor(ActorId::from([1; 16]));
        for phone in ["0772 123", "0772 124"] {
            let mut tx = doc.transaction();
            tx.put(ROOT, "person/phone", phone).unwrap();
            tx.commit();
        }
        doc.get_changes(&[]).try_into().unwrap()
    }

    fn completed(held: &[ChangeHash], change: &Change) -> Completed {
        let cut = cut(change.raw_bytes()).unwrap();
        complete(held.iter(), &[cut]).remove(0)
    }

    #[test]
    fn a_change_waits_for_what_it_follows() {
        let [first, second] = two();
        assert_eq!(completed(&[], &second), Ok(None));
        assert_eq!(completed(&[second.hash()], &second), Ok(None));
        let held = [first.hash()];
        assert_eq!(completed(&held, &second), Ok(Some(second)));
    }

    #[test]
    fn of_two_changes_that_begin_alike_its_own_hash_tells_which_it_follows() {
        let [first, second] = two();
        for other in [0, u8::MAX] {
            let mut alike = first.hash();
            alike.0[CUT_LEN..].fill(other);
            let held = [first.hash(), alike];
            assert_eq!(completed(&held, &second), Ok(Some(second.clone())));
            assert_eq!(completed(&[alike], &second), Err(Refusal::Malformed));
        }
    }
}
