//! Signed notes: what a signature speaks of, and the note as it was signed.

use automerge::{
    Automerge, ChangeHash, ObjId,
    legacy::{Key, ObjectId},
};

use crate::{
    chart::{Disagreement, Kind, Note, Record, Version},
    doc::{
        keys::Place,
        read::Source,
        schema,
        versions::{Change, Dispute},
    },
    ids::{Hash, RecordId},
};

/// Computes the hash of bytes; `seal::hash` in the program.
pub type TextHash = fn(&[u8]) -> Hash;

/// What the bytes that a signature speaks of begin with.
const CONTEXT: &[u8] = b"cairn/note-text/v1";

/// The hash of what a signature of this note speaks of: its id, its title and its sections.
pub fn text_hash(note: &Note, hash: TextHash) -> Hash {
    let mut bytes = [CONTEXT, &[0]].concat();
    bytes.extend(note.entry.id.as_bytes());
    let sections = note.sections.iter().flat_map(|it| [&it.name, &it.text]);
    for text in std::iter::once(&note.title).chain(sections) {
        bytes.extend((text.len() as u64).to_be_bytes());
        bytes.extend(text.as_bytes());
    }
    hash(&bytes)
}

/// The note as it stood at these heads, if the document holds them and it.
pub(crate) fn note_at(doc: &Automerge, heads: &[Hash], id: RecordId) -> Option<Note> {
    let place = Place {
        kind: Kind::Note,
        id,
    };
    let stand = Source::at(doc, heads)?.record(place)?;
    let (record, _) = schema::record(stand.into_cells().0);
    if let Record::Note(note) = record {
        Some(note)
    } else {
        None
    }
}

/// What became of a note's signature.
#[derive(Default)]
pub(crate) struct Attested {
    /// The session that wrote the signature.
    pub(crate) signer: Option<[u8; 16]>,
    /// The signed text and a later one.
    pub(crate) dispute: Option<Dispute>,
    /// Why the signature does not count.
    pub(crate) problem: Option<String>,
}

/// Holds a note to its signature: where the text was changed after it was signed, the note
/// shows the signed text, and the later one beside it as a version. A signature without
/// heads was written together with the text. One that fits no text is taken off.
pub(crate) fn attest(doc: &Automerge, note: &mut Note, hash: TextHash) -> Attested {
    let Some(signature) = &mut note.signed else {
        return Attested::default();
    };
    let id = note.entry.id;
    let place = Place {
        kind: Kind::Note,
        id,
    };
    let writer = Source::now(doc).writer(place, schema::SIGNED);
    let signer = writer.map(|it| it.actor);
    if signature.heads.is_empty() {
        signature.heads.extend(writer.map(|it| it.hash));
    }
    let signature = signature.clone();
    if text_hash(note, hash) == signature.text {
        return Attested {
            signer,
            ..Attested::default()
        };
    }
    let then = note_at(doc, &signature.heads, id);
    let Some(then) = then.filter(|it| text_hash(it, hash) == signature.text) else {
        note.signed = None;
        return Attested {
            problem: Some(format!("notes {id}: the signature fits no text")),
            ..Attested::default()
        };
    };
    let later = last_change(doc, place, &signature.heads);
    let version = |note: &Note, at, change| Version {
        value: whole_text(note),
        by: None,
        machine: None,
        at,
        change,
    };
    let disagreement = Disagreement {
        kind: Kind::Note,
        record: id,
        field: schema::SECTIONS.to_owned(),
        versions: vec![
            version(
                &then,
                signature.at.at,
                writer.map_or(Hash::ZERO, |it| it.hash),
            ),
            version(
                note,
                later.map(|it| it.at).unwrap_or_default(),
                later.map_or(Hash::ZERO, |it| it.hash),
            ),
        ],
        before: None,
    };
    let writers = [signer, later.map(|it| it.actor)];
    note.title = then.title;
    note.sections = then.sections;
    Attested {
        signer,
        dispute: Some(Dispute {
            disagreement,
            writers: writers.map(Option::unwrap_or_default).to_vec(),
        }),
        problem: None,
    }
}

fn whole_text(note: &Note) -> String {
    let section = |it: &crate::chart::Section| format!("{}: {}", it.name, it.text);
    let sections = note.sections.iter().map(section);
    sections.collect::<Vec<_>>().join("\n")
}

/// The newest change to a record among those that the heads do not know.
fn last_change(doc: &Automerge, place: Place, heads: &[Hash]) -> Option<Change> {
    let heads: Vec<ChangeHash> =
        heads.iter().map(|it| ChangeHash(*it.as_bytes())).collect();
    let objects = Source::now(doc).objects(place);
    let is_in = |object: &ObjectId| match object {
        ObjectId::Root => false,
        ObjectId::Id(it) => objects.iter().any(|object| {
            matches!(object, ObjId::Id(counter, actor, _)
                if *counter == it.counter() && actor == it.actor())
        }),
    };
    let names = |key: &Key| matches!(key, Key::Map(key) if place.range().contains(&key.to_string()));
    let later = doc.get_changes(&heads).into_iter().filter(|change| {
        let operations = change.decode().operations;
        let root = |object: &ObjectId| *object == ObjectId::Root;
        operations
            .iter()
            .any(|it| is_in(&it.obj) || (root(&it.obj) && names(&it.key)))
    });
    later.map(|it| Change::of(&it)).max()
}
