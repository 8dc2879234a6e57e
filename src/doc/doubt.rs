//! What does not count although it is in the document: what a session wrote beyond the end
//! that a removal set to it. The value before it counts; what it wrote is told apart, until
//! somebody adopts or rejects it.

use std::collections::{BTreeMap, BTreeSet};

use automerge::{
    ActorId, Automerge, ObjType,
    legacy::{Key, ObjectId, Op, OpId, OpType},
};

use crate::{
    chart::{Decision, Kind, Unconfirmed},
    doc::{
        careful,
        cells::{Cell, Found},
        keys::{self, Named, Place},
        read::{self, Stand},
        schema,
        versions::{self, Candidate, Change},
        words,
    },
};

/// For a session in a document, the number of the first of its changes that does not count.
pub type Doubts = BTreeMap<[u8; 16], u64>;

/// The number of an operation and the session that made it.
type Id = (u64, ActorId);

/// A value that an operation wrote; none where it took one away.
struct Wrote {
    id: Id,
    before: Vec<Id>,
    found: Option<Found<'static>>,
    change: Change,
    counts: bool,
}

/// Every operation on a field of a record.
pub(crate) struct Doubt {
    fields: BTreeMap<(Place, String), Vec<Wrote>>,
    /// The last change that does not count of each free text. Its letters stand among the
    /// others: there is nothing to adopt or reject, only to beware of.
    texts: BTreeMap<(Place, String), Change>,
}

/// What is told of doubtful values, each with the session that wrote it.
pub(crate) type Told = Vec<(Unconfirmed, [u8; 16])>;

impl Doubt {
    pub(crate) fn of(doc: &Automerge, doubts: &Doubts) -> Self {
        let mut objects = Objects::default();
        let mut texts = BTreeMap::new();
        let mut fields: BTreeMap<(Place, String), Vec<Wrote>> = BTreeMap::new();
        for it in doc.get_changes(&[]) {
            let change = Change::of(&it);
            let first = doubts.get(&change.actor);
            let counts = first.is_none_or(|first| it.seq() < *first);
            let numbers = it.start_op().get()..;
            for (number, operation) in numbers.zip(it.decode().operations) {
                let id = (number, it.actor_id().clone());
                if let Some(text) = objects.text_of(&operation).filter(|_| !counts) {
                    texts.insert(text, change);
                }
                let Some((place, field)) = field_of(&operation, &id, &mut objects) else {
                    continue;
                };
                let found = match &operation.action {
                    OpType::Put(value) => {
                        Some(read::scalar(value.clone().into()).into_owned())
                    }
                    OpType::Make(_)
                    | OpType::Delete
                    | OpType::Increment(_)
                    | OpType::MarkBegin(_)
                    | OpType::MarkEnd(_) => None,
                };
                let before = operation.pred.iter().map(key_of).collect();
                fields.entry((place, field)).or_default().push(Wrote {
                    id,
                    before,
                    found,
                    change,
                    counts,
                });
            }
        }
        Self { fields, texts }
    }

    /// Puts what counts in the place of what does not, in one record; tells what does not.
    pub(crate) fn settle(&self, place: Place, stand: &mut Stand<'_>) -> Told {
        let from = (place, String::new());
        let own = self.fields.range(from..);
        let own = own.take_while(|((of, _), _)| *of == place);
        let own: Vec<_> = own
            .map(|((_, field), wrote)| (field.as_str(), Live::of(wrote)))
            .collect();
        let entry = own.iter().find(|(field, _)| *field == schema::ENTRY);
        let said = own.iter().find(|(field, _)| *field == schema::IN_ERROR);
        let said = said.and_then(|(_, live)| live.counting.first());
        let made = entry.filter(|(_, it)| it.counting.is_empty());
        let made = made.and_then(|(_, it)| it.doubtful.first());
        let rejected = said.is_some_and(|it| it.found == Some(Found::Flag(true)));
        if made.is_some() && rejected {
            return Told::new();
        }
        if let Some(made) = made.filter(|_| said.is_none()) {
            if hides(place.kind, stand) {
                // Nobody relies on what would hide an allergy, or give a chart away.
                stand.set(schema::IN_ERROR, Found::Flag(true));
            }
            // As a whole: it stays as it was written, and feeds the safety checks.
            let told = unconfirmed(place, ("", String::new(), None), made.change);
            return vec![(told, made.change.actor)];
        }
        let mut told = Told::new();
        let mut graver = Vec::new();
        if made.is_none() {
            let texts = self.texts.iter().filter(|((of, _), _)| *of == place);
            told.extend(texts.map(|((_, field), change)| {
                let said = (field.as_str(), String::new(), None);
                (unconfirmed(place, said, *change), change.actor)
            }));
        }
        for (field, live) in own {
            let Some(last) = live.doubtful.iter().max_by_key(|it| it.change) else {
                continue;
            };
            if versions::is_bookkeeping(place.kind, field) {
                continue;
            }
            let candidates = live.counting.iter().filter_map(|it| it.candidate());
            let counting = versions::settle(place, field, candidates.collect());
            stand.cells.retain(|it| it.name != field);
            stand.disputes.retain(|it| it.disagreement.field != field);
            let shown = counting.as_ref().map(|it| &it.0);
            graver.extend(live.graver(place, field, shown));
            let newest = live.counting.iter().max_by_key(|it| it.change);
            let mut counts = None;
            if let Some((found, dispute)) = counting {
                let said = found.in_words(field);
                counts = newest.map(|it| (said, it.change.hash));
                stand.cells.push(Cell {
                    name: field.to_owned().into(),
                    found,
                });
                stand.disputes.extend(dispute);
            }
            let value = last.found.as_ref().map(|it| it.in_words(field));
            let said = (field, value.unwrap_or_default(), counts);
            told.push((unconfirmed(place, said, last.change), last.change.actor));
        }
        stand.graver = graver;
        told
    }
}

/// The operations on a field that no counting one took the place of.
struct Live<'w> {
    counting: Vec<&'w Wrote>,
    doubtful: Vec<&'w Wrote>,
}

impl<'w> Live<'w> {
    fn of(wrote: &'w [Wrote]) -> Self {
        let by_id: BTreeMap<&Id, &Wrote> = wrote.iter().map(|it| (&it.id, it)).collect();
        let mut gone: BTreeSet<&Id> = BTreeSet::new();
        let counting = wrote.iter().filter(|it| it.counts);
        let mut next: Vec<&Id> = counting.flat_map(|it| &it.before).collect();
        while let Some(id) = next.pop() {
            if gone.insert(id) {
                let before = by_id.get(id).map(|it| &it.before);
                next.extend(before.into_iter().flatten());
            }
        }
        // Of several doubtful values, each written over the one before, the last is told.
        let doubtful = wrote.iter().filter(|it| !it.counts);
        let over: BTreeSet<&Id> = doubtful.flat_map(|it| &it.before).collect();
        let live = |it: &&Wrote| it.found.is_some() && !gone.contains(&it.id);
        let (counting, doubtful): (Vec<&Wrote>, _) =
            wrote.iter().filter(live).partition(|it| it.counts);
        let last = doubtful.into_iter().filter(|it| !over.contains(&it.id));
        Self {
            counting,
            doubtful: last.collect(),
        }
    }

    /// The gravest of the doubtful values, where that is graver than the one that is shown.
    fn graver(
        &self,
        place: Place,
        field: &str,
        shown: Option<&Found<'_>>,
    ) -> Option<Cell<'static>> {
        let gravity =
            |value: Option<String>| careful::gravity(place.kind, field, value.as_deref());
        let counted = gravity(shown.map(|it| it.in_words(field)))?;
        let found = self.doubtful.iter().filter_map(|it| it.found.as_ref());
        let ranked =
            found.filter_map(|it| Some((gravity(Some(it.in_words(field)))?, it)));
        let (gravest, found) = ranked.min_by_key(|(place, _)| *place)?;
        (gravest < counted).then(|| Cell {
            name: field.to_owned().into(),
            found: found.clone(),
        })
    }
}

impl Wrote {
    fn candidate<'a>(&self) -> Option<Candidate<'a>> {
        Some(Candidate {
            found: self.found.clone()?,
            change: self.change,
        })
    }
}

/// What the objects of a document are.
#[derive(Default)]
struct Objects {
    records: BTreeMap<Id, Place>,
    texts: BTreeMap<Id, (Place, String)>,
}

impl Objects {
    /// The free text of which an operation writes a letter.
    fn text_of(&self, operation: &Op) -> Option<(Place, String)> {
        let ObjectId::Id(object) = &operation.obj else {
            return None;
        };
        self.texts.get(&key_of(object)).cloned()
    }
}

/// What an operation is on, if on a field of a record.
fn field_of(operation: &Op, id: &Id, objects: &mut Objects) -> Option<(Place, String)> {
    match (&operation.obj, &operation.key) {
        (ObjectId::Root, Key::Map(key)) => match keys::read(key)? {
            Named::Whole(place) => {
                if operation.obj_type() == Some(ObjType::Map) {
                    objects.records.insert(id.clone(), place);
                }
                None
            }
            Named::Field(place, field) => Some((place, field.to_owned())),
        },
        (ObjectId::Id(object), Key::Map(field)) => {
            let place = *objects.records.get(&key_of(object))?;
            if operation.obj_type().is_none() {
                return Some((place, field.to_string()));
            }
            objects.texts.insert(id.clone(), (place, field.to_string()));
            None
        }
        (ObjectId::Id(_) | ObjectId::Root, _) => None,
    }
}

/// Whether to rely on a record that does not count could do harm.
fn hides(kind: Kind, stand: &Stand<'_>) -> bool {
    let refused = Found::Text(words::DECISION.word(Decision::Refused).into());
    let gives = || stand.found(schema::DECISION) != Some(&refused);
    matches!(kind, Kind::NoKnownAllergies | Kind::Outcome)
        || (kind == Kind::Consent && gives())
}

fn unconfirmed(
    place: Place,
    (field, value, counts): (&str, String, Option<(String, crate::ids::Hash)>),
    change: Change,
) -> Unconfirmed {
    let (counts, counting) = counts.unzip();
    Unconfirmed {
        kind: place.kind,
        record: place.id,
        field: field.to_owned(),
        value,
        counts,
        counting,
        by: None,
        machine: None,
        at: change.at,
        change: change.hash,
    }
}

fn key_of(id: &OpId) -> Id {
    (id.counter(), id.actor().clone())
}
