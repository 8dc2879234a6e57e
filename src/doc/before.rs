//! What stood in a field before two people set it apart from each other: what it said at the
//! last moment that both knew of.

use std::collections::{BTreeMap, BTreeSet};

use automerge::{Automerge, ChangeHash};

use crate::{
    doc::{keys::Place, read::Source, schema},
    ids::Hash,
};

/// Which changes each change follows directly.
pub(crate) struct Past {
    deps: BTreeMap<Hash, Vec<Hash>>,
}

impl Past {
    pub(crate) fn of(doc: &Automerge) -> Self {
        let hash = |it: &ChangeHash| Hash::from_bytes(it.0);
        let changes = doc.get_changes_meta(&[]).into_iter();
        let deps = changes.map(|it| (hash(&it.hash), it.deps.iter().map(hash).collect()));
        Self {
            deps: deps.collect(),
        }
    }

    /// The last changes that all of these follow.
    fn common(&self, changes: &[Hash]) -> Vec<Hash> {
        let mut pasts = changes.iter().map(|it| self.before(*it));
        let first = pasts.next().unwrap_or_default();
        let common = pasts.fold(first, |all, it| &all & &it);
        let followed: BTreeSet<Hash> =
            common.iter().flat_map(|it| self.deps_of(it)).collect();
        common.difference(&followed).copied().collect()
    }

    /// All that a change follows.
    fn before(&self, change: Hash) -> BTreeSet<Hash> {
        let mut all = BTreeSet::new();
        let mut next: Vec<Hash> = self.deps_of(&change).collect();
        while let Some(it) = next.pop() {
            if all.insert(it) {
                next.extend(self.deps_of(&it));
            }
        }
        all
    }

    fn deps_of(&self, change: &Hash) -> impl Iterator<Item = Hash> {
        self.deps.get(change).into_iter().flatten().copied()
    }
}

/// What the field said before these changes of it, in words; none where the record was not
/// there.
pub(crate) fn value(
    doc: &Automerge,
    past: &Past,
    (place, field): (Place, &str),
    changes: &[Hash],
) -> Option<String> {
    let heads = past.common(changes);
    if heads.is_empty() {
        return None;
    }
    let stand = Source::at(doc, &heads)?.record(place)?;
    if let Some(found) = stand.found(field) {
        return Some(found.in_words(field));
    }
    // A field that is not there says what is usual.
    let (record, _) = schema::record(stand.into_cells().0);
    let fields = schema::fields(&record).singles;
    let usual = fields.iter().find(|it| it.name == field);
    usual.map(|it| it.value.in_words())
}
