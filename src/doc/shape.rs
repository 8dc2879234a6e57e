//! What every change keeps to, of this version or a later one: a record's map and its texts
//! are made once, and no record is taken away. Who lost an allergy so would never know.

use automerge::{
    Change, ObjType,
    legacy::{Key, ObjectId, Op, OpType},
};

use crate::doc::prescan::Refusal;

/// Refuses a change that replaces or removes a record as a whole, or its free text.
pub(super) fn check(change: &Change) -> Result<(), Refusal> {
    let operations = change.decode().operations;
    if operations.iter().all(keeps_records) {
        Ok(())
    } else {
        Err(Refusal::Foreign("the end of a record"))
    }
}

fn keeps_records(operation: &Op) -> bool {
    let first = operation.pred.is_empty();
    let makes = operation.obj_type();
    match (&operation.obj, &operation.key) {
        (ObjectId::Root, Key::Map(key)) if is_whole(key) => {
            first && makes == Some(ObjType::Map)
        }
        (ObjectId::Root, Key::Map(_)) => makes.is_none(),
        (ObjectId::Root, Key::Seq(_)) => false,
        (ObjectId::Id(_), Key::Map(_)) => {
            makes.is_none() || (first && makes == Some(ObjType::Text))
        }
        (ObjectId::Id(_), Key::Seq(_)) => {
            matches!(operation.action, OpType::Put(_) | OpType::Delete)
        }
    }
}

/// Whether a root key is that of a record's map rather than of a field.
fn is_whole(key: &str) -> bool {
    key.split('/').count() == 2 && !key.starts_with("person/")
}
