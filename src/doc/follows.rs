//! Which changes a change follows: in a payload their hashes are cut, and the document, which
//! has to hold them anyway, completes them.

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    ops::Range,
};

use automerge::{Automerge, Change, ChangeHash};

use crate::doc::{
    guard,
    prescan::{Refusal, prescan},
    said_before::{Remembered, SaidBefore},
    thin::After,
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

/// What is offered, completed by what the document holds and by each other.
pub(super) fn complete(
    doc: &Automerge,
    said: &mut Remembered,
    offered: &[Vec<u8>],
) -> Vec<Completed> {
    let held = doc.get_changes_meta(&[]).into_iter().map(|it| it.hash);
    complete_by(held.collect(), SaidBefore::new(doc, said), offered)
}

fn complete_by(
    mut known: BTreeSet<ChangeHash>,
    mut said: SaidBefore<'_>,
    offered: &[Vec<u8>],
) -> Vec<Completed> {
    let mut outcome: Vec<Completed> = offered.iter().map(|_| Ok(None)).collect();
    let mut waiting: BTreeMap<Cut, Vec<usize>> = BTreeMap::new();
    let mut open: VecDeque<usize> = (0..offered.len()).collect();
    let read: Vec<_> = offered.iter().map(|it| Offered::read(it)).collect();
    while let Some(at) = open.pop_front() {
        let (Some(offered), Some(outcome)) = (read.get(at), outcome.get_mut(at)) else {
            continue;
        };
        let change = match offered {
            Err(why) => Err(*why),
            Ok(offered) => match ways(offered.deps(), &known) {
                Ok(ways) => offered.complete(&ways, &mut said),
                Err(missing) => {
                    waiting.entry(missing).or_default().push(at);
                    continue;
                }
            },
        };
        if let Ok(change) = &change {
            let hash = change.hash();
            known.insert(hash);
            said.hear(change);
            open.extend(waiting.remove(&begins(&hash)).unwrap_or_default());
        }
        *outcome = change.map(Some);
    }
    outcome
}

/// What a document is offered.
enum Offered<'a> {
    /// A change, and what it follows.
    Change(&'a [u8], Vec<ChangeHash>),
    /// One that is packed after what was said before it.
    After(After<'a>),
}

impl<'a> Offered<'a> {
    fn read(bytes: &'a [u8]) -> Result<Self, Refusal> {
        if let Some(after) = After::read(bytes) {
            return after.map(Self::After);
        }
        let deps = prescan(bytes)?.deps;
        let deps = deps.iter().map(|it| ChangeHash(*it.as_bytes()));
        Ok(Self::Change(bytes, deps.collect()))
    }

    fn deps(&self) -> &[ChangeHash] {
        match self {
            Self::Change(_, deps) => deps,
            Self::After(after) => after.deps(),
        }
    }

    /// The change, completed in the first of these ways that gives it its own hash.
    fn complete(
        &self,
        ways: &[Vec<ChangeHash>],
        said: &mut SaidBefore<'_>,
    ) -> Result<Change, Refusal> {
        let mut why = Refusal::Malformed;
        for way in ways {
            let change = match self {
                Self::Change(bytes, _) => read(bytes, way),
                Self::After(after) => {
                    let bytes = after.unpack(&said.before(way.first()));
                    bytes.and_then(|it| read(&it, way))
                }
            };
            match change {
                Ok(change) => return Ok(change),
                Err(refusal) => why = refusal,
            }
        }
        Err(why)
    }
}

/// The ways in which hashes can be completed, or the first that cannot.
fn ways(
    deps: &[ChangeHash],
    known: &BTreeSet<ChangeHash>,
) -> Result<Vec<Vec<ChangeHash>>, Cut> {
    let mut ways = vec![Vec::new()];
    for dep in deps {
        let fitting: Vec<ChangeHash> = if is_cut(dep) {
            let mut last = [u8::MAX; 32];
            last.iter_mut()
                .zip(begins(dep))
                .for_each(|(to, it)| *to = it);
            known.range(*dep..=ChangeHash(last)).copied().collect()
        } else {
            vec![*dep]
        };
        if fitting.is_empty() {
            return Err(begins(dep));
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

/// The change, completed by what it follows.
fn read(bytes: &[u8], deps: &[ChangeHash]) -> Result<Change, Refusal> {
    let mut whole = bytes.to_vec();
    for (place, dep) in places(bytes, deps.len()).zip(deps) {
        if let Some(to) = whole.get_mut(place) {
            to.copy_from_slice(&dep.0);
        }
    }
    guard::read(&whole)
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
    use automerge::{ActorId, ROOT, transaction::Transactable as _};

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
        let held = held.iter().copied().collect();
        let (doc, mut said) = (Automerge::new(), Remembered::default());
        complete_by(held, SaidBefore::new(&doc, &mut said), &[cut]).remove(0)
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
