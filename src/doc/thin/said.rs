//! What a change says, as those that follow it are packed after it: much like its thin form,
//! which it need not have had. The same change says the same in every version of Cairn.

use automerge::{
    ExpandedChange, ObjType, ScalarValue,
    legacy::{Key, Op, OpType},
};

use super::{names, writer};
use crate::{chart::Kind, doc::schema};

/// Names of fields that are told by their byte here, the first of the list: those that there
/// were when the first change was packed so.
const NAMES: u8 = 101;
/// Kinds of record, likewise.
const KINDS: u8 = 15;
/// Stands for an id, and for how much later something was than what was before it: what is
/// usual where a save makes several records.
const NEXT: u8 = 2;

/// What the change says.
pub(in crate::doc) fn said(change: &ExpandedChange) -> Vec<u8> {
    let mut said = Vec::new();
    let mut in_text = false;
    for operation in &change.operations {
        let letter = letter(operation);
        if in_text && letter.is_none() {
            said.push(writer::END);
        }
        in_text = letter.is_some();
        match (letter, &operation.key) {
            (Some(letter), _) => said.extend(letter.as_bytes()),
            (None, Key::Map(key)) => say(key, &operation.action, &mut said),
            (None, Key::Seq(_)) => {}
        }
    }
    said
}

fn letter(operation: &Op) -> Option<&str> {
    match (&operation.key, &operation.action) {
        (Key::Seq(_), OpType::Put(ScalarValue::Str(letter))) => Some(letter),
        _ => None,
    }
}

/// The key is read by its slashes alone, so that a kind which a newer version knows says the
/// same here.
fn say(key: &str, action: &OpType, said: &mut Vec<u8>) {
    let mut parts = key.splitn(3, '/');
    let field = match (parts.next(), parts.next(), parts.next()) {
        (_, _, Some(field)) => field,
        (Some(kind), Some(field), None) if kind == Kind::Person.key() => field,
        (Some(kind), Some(_), None) => {
            said.extend(kind_byte(kind));
            said.push(NEXT);
            return;
        }
        _ => key,
    };
    match action {
        OpType::Put(ScalarValue::Str(text)) => {
            name(field, said);
            said.extend(text.as_bytes());
            said.push(writer::END);
        }
        OpType::Put(_) if field == schema::ENTRY => said.extend([names::ENTRY, 0]),
        OpType::Put(_) => {
            said.push(names::TYPED);
            name(field, said);
            said.extend([writer::OWN_RECORD, 0]);
        }
        OpType::Make(ObjType::Text) => {
            said.push(names::PROSE);
            name(field, said);
        }
        OpType::Make(ObjType::Map | ObjType::List | ObjType::Table)
        | OpType::Delete
        | OpType::Increment(_)
        | OpType::MarkBegin(_)
        | OpType::MarkEnd(_) => {}
    }
}

fn kind_byte(word: &str) -> Option<u8> {
    let kind = Kind::ALL.into_iter().find(|it| it.key() == word)?;
    let byte = names::kind_byte(names::RECORD, kind);
    byte.filter(|it| *it < names::RECORD + KINDS)
}

fn name(field: &str, said: &mut Vec<u8>) {
    let byte = names::field_byte(field).filter(|it| *it < names::FIELD + NAMES);
    if let Some(byte) = byte {
        said.push(byte);
    } else {
        said.push(names::NAMED);
        said.extend(field.as_bytes());
        said.push(writer::END);
    }
}
