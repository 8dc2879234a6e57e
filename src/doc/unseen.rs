//! Writing beside what somebody else wrote and the writer has not seen: a value that came
//! after the form was opened is not overwritten; both stay, as versions of the field.

use std::collections::BTreeSet;

use automerge::{Automerge, ChangeHash};

use crate::{
    chart::{Edit, Record},
    doc::{
        fields::{Field, Value},
        keys::Place,
        read::Source,
        schema, versions,
    },
};

/// The document without the changes that set a field which these edits change to something
/// else than the writer saw there; none where there are no such changes, and where this
/// session has written after them already.
pub(crate) fn without(
    doc: &Automerge,
    edits: &[Edit],
    actor: [u8; 16],
) -> Option<Automerge> {
    let mut changed = Vec::new();
    for edit in edits {
        match edit {
            Edit::Change { before, after } => changed.extend(differing(before, after)),
            // A decision says itself which versions were seen.
            Edit::Settle { .. } => return None,
            Edit::Add(_) => {}
        }
    }
    changed.retain(|(place, saw)| !stands(doc, *place, saw));
    let others = changed
        .iter()
        .flat_map(|(place, saw)| others(doc, *place, saw));
    let mut unseen: BTreeSet<ChangeHash> = others.collect();
    if unseen.is_empty() {
        return None;
    }
    let mut seen = Vec::new();
    for change in doc.get_changes(&[]) {
        let follows = change.deps().iter().any(|it| unseen.contains(it));
        if !follows && !unseen.contains(&change.hash()) {
            seen.push(change);
        } else if versions::actor(change.actor_id()) == actor {
            return None;
        } else {
            unseen.insert(change.hash());
        }
    }
    let mut before = Automerge::new();
    before.apply_changes(seen).ok()?;
    let as_seen = |(place, saw): &(Place, Field)| stands(&before, *place, saw);
    changed.iter().all(as_seen).then_some(before)
}

/// The fields that differ, as they were seen. Free text merges letter by letter.
fn differing(before: &Record, after: &Record) -> Vec<(Place, Field)> {
    let place = Place::of(before).in_document();
    let (old, new) = (schema::fields(before), schema::fields(after));
    let both = old.singles.into_iter().zip(new.singles);
    let differ = both.filter(|(old, new)| old.value != new.value);
    let single = differ.filter(|(old, _)| !matches!(old.value, Value::Prose(_)));
    single.map(|(old, _)| (place, old)).collect()
}

/// Whether the field shows what the writer saw.
fn stands(doc: &Automerge, place: Place, saw: &Field) -> bool {
    let Some(stand) = Source::now(doc).record(place) else {
        return false;
    };
    let (record, _) = schema::record(stand.into_cells().0);
    let mut fields = schema::fields(&record).singles.into_iter();
    fields.any(|it| it.name == saw.name && it.value == saw.value)
}

/// The changes that set the field to other values than the writer saw.
fn others(doc: &Automerge, place: Place, saw: &Field) -> Vec<ChangeHash> {
    let candidates = Source::now(doc).candidates_of(place, saw.name).into_iter();
    let others = candidates.filter(|it| !it.found.is(&saw.value));
    others
        .map(|it| ChangeHash(*it.change.hash.as_bytes()))
        .collect()
}
