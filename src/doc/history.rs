//! Who changed what: each change of a document, with old and new values for people to read.

use std::{collections::BTreeMap, fmt};

use automerge::{
    ActorId, Automerge, Change, ChangeHash, ObjId, ObjType, ReadDoc as _,
    legacy::{Key, ObjectId, Op, OpId, OpType},
};

use crate::{
    chart::Kind,
    doc::{
        keys::{self, Named, Place},
        read, schema, versions,
    },
    ids::{Hash, RecordId},
    time::Timestamp,
};

/// One change of a document.
#[derive(Clone, PartialEq, Eq)]
pub struct Past {
    /// When it was written, by the writer's logical clock.
    pub at: Timestamp,
    /// The session that wrote it.
    pub actor: [u8; 16],
    /// The change.
    pub hash: Hash,
    /// What it changed, in the order of writing.
    pub changes: Vec<FieldChange>,
}

/// One field before and after a change.
#[derive(Clone, PartialEq, Eq)]
pub struct FieldChange {
    /// The record's kind.
    pub kind: Kind,
    /// The record; of a person, zero.
    pub record: RecordId,
    /// The field's short name; empty for the making of the record itself.
    pub field: String,
    /// What stood there; none when nothing did.
    pub old: Option<String>,
    /// What stands there since; none when it was taken out of a list.
    pub new: Option<String>,
}

impl fmt::Debug for Past {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Past({:?}, {} fields)", self.hash, self.changes.len())
    }
}

impl fmt::Debug for FieldChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "FieldChange({:?}, {:?})", self.kind, self.record)
    }
}

/// All changes, each after those that it follows.
pub(crate) fn history(doc: &Automerge) -> Vec<Past> {
    let mut walk = Walk::default();
    let changes = doc.get_changes(&[]);
    changes.iter().map(|it| walk.past(doc, it)).collect()
}

/// The number of an operation and the session that made it.
type Id = (u64, ActorId);

/// What an operation's object is.
enum Object {
    Record(Place),
    Text(Place, String),
}

/// A walk through all changes from the first on.
#[derive(Default)]
struct Walk {
    objects: BTreeMap<Id, Object>,
    values: BTreeMap<Id, String>,
}

/// A text that a change wrote in.
struct Touched {
    place: Place,
    field: String,
    /// What was typed, if the text is new.
    typed: Option<String>,
}

impl Walk {
    fn past(&mut self, doc: &Automerge, change: &Change) -> Past {
        let mut past = Past {
            at: Timestamp(change.timestamp()),
            actor: versions::actor(change.actor_id()),
            hash: Hash::from_bytes(change.hash().0),
            changes: Vec::new(),
        };
        let mut touched = BTreeMap::new();
        let first = change.start_op().get();
        for (number, operation) in (first..).zip(change.decode().operations) {
            let id = (number, change.actor_id().clone());
            self.operation(id, &operation, &mut touched, &mut past.changes);
        }
        for ((number, actor), text) in touched {
            let object = ObjId::Id(number, actor, 0);
            let at = |heads: &[ChangeHash]| doc.text_at(&object, heads).ok();
            let new = text.typed.is_some();
            let old = if new { None } else { at(change.deps()) };
            past.changes.push(FieldChange {
                kind: text.place.kind,
                record: text.place.id,
                field: text.field,
                old,
                new: text.typed.or_else(|| at(&[change.hash()])),
            });
        }
        past
    }

    fn operation(
        &mut self,
        id: Id,
        operation: &Op,
        touched: &mut BTreeMap<Id, Touched>,
        changes: &mut Vec<FieldChange>,
    ) {
        let makes = operation.obj_type();
        match (&operation.obj, &operation.key) {
            (ObjectId::Root, Key::Map(key)) => match keys::read(key) {
                Some(Named::Whole(place)) if makes == Some(ObjType::Map) => {
                    self.objects.insert(id, Object::Record(place));
                }
                Some(Named::Field(place, field)) => {
                    let change = self.field(id, operation, place, field);
                    note(changes, change);
                }
                Some(Named::Whole(_)) | None => {}
            },
            (ObjectId::Root, Key::Seq(_)) => {}
            (ObjectId::Id(object), key) => {
                let object = key_of(object);
                match (self.objects.get(&object), key) {
                    (Some(Object::Record(place)), Key::Map(field)) => {
                        let place = *place;
                        if makes == Some(ObjType::Text) {
                            let field = field.to_string();
                            touched.insert(
                                id.clone(),
                                Touched {
                                    place,
                                    field: field.clone(),
                                    typed: Some(String::new()),
                                },
                            );
                            self.objects.insert(id, Object::Text(place, field));
                        } else {
                            let change = self.field(id, operation, place, field);
                            note(changes, change);
                        }
                    }
                    (Some(Object::Text(place, field)), _) => {
                        let text = touched.entry(object).or_insert_with(|| Touched {
                            place: *place,
                            field: field.clone(),
                            typed: None,
                        });
                        if let (Some(typed), OpType::Put(it)) =
                            (&mut text.typed, &operation.action)
                        {
                            typed.push_str(it.as_str().unwrap_or_default());
                        }
                    }
                    _ => {}
                }
            }
        }
    }

    /// What an operation on a field says.
    fn field(
        &mut self,
        id: Id,
        operation: &Op,
        place: Place,
        field: &str,
    ) -> Option<FieldChange> {
        let old: Vec<String> = operation
            .pred
            .iter()
            .filter_map(|it| self.values.get(&key_of(it)).cloned())
            .collect();
        let old = (!old.is_empty()).then(|| old.join(" / "));
        let new = match &operation.action {
            OpType::Put(value) => {
                Some(read::scalar(value.clone().into()).in_words(field))
            }
            OpType::Delete => None,
            OpType::Make(_)
            | OpType::Increment(_)
            | OpType::MarkBegin(_)
            | OpType::MarkEnd(_) => return None,
        };
        self.values.extend(new.clone().map(|it| (id, it)));
        let (field, old, new) = match field {
            schema::ENTRY if old.is_none() => ("", None, None),
            field if versions::is_bookkeeping(place.kind, field) => return None,
            field => (field, old, new),
        };
        Some(FieldChange {
            kind: place.kind,
            record: place.id,
            field: field.to_owned(),
            old,
            new,
        })
    }
}

/// Adds what an operation changed. A value that was taken away and then written was decided
/// between several: that is one change.
fn note(changes: &mut Vec<FieldChange>, change: Option<FieldChange>) {
    let Some(change) = change else { return };
    let decided = changes.last_mut().filter(|it| {
        let same = |it: &FieldChange| (it.kind, it.record, it.field.clone());
        same(it) == same(&change) && it.new.is_none() && change.old.is_none()
    });
    match decided {
        Some(taken_away) => taken_away.new = change.new,
        None => changes.push(change),
    }
}

fn key_of(id: &OpId) -> Id {
    (id.counter(), id.actor().clone())
}
