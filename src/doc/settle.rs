//! One value for a field, in the place of all that stand there: which one a decision means,
//! and where it is to be written.

use std::{borrow::Cow, collections::BTreeSet};

use automerge::{Automerge, ObjId, ReadDoc as _};

use crate::{
    chart::{Choice, Edit, Kind},
    doc::{
        Error,
        cells::{Cell, Cells, Found},
        fields::Value,
        keys::Place,
        read::Source,
        schema,
        versions::{self, Candidate},
    },
    ids::{Hash, RecordId},
};

/// A value, and where it is to stand.
pub(crate) struct Settled {
    pub(crate) maps: Vec<ObjId>,
    pub(crate) key: String,
    /// None where nothing is to stand there.
    pub(crate) value: Option<Value>,
}

/// What those of the edits that settle a field put there.
pub(crate) fn all(doc: &Automerge, edits: &[Edit]) -> Result<Vec<Settled>, Error> {
    let mut all = Vec::new();
    for edit in edits {
        if let Edit::Settle {
            record,
            field,
            seen,
            choice,
        } = edit
        {
            let place = Place::of(record).in_document();
            all.push(settled(doc, (place, field), seen, choice)?);
        }
    }
    Ok(all)
}

/// The values of a field with the changes that set them, the shown one first.
pub(crate) fn values(
    doc: &Automerge,
    (kind, id): (Kind, RecordId),
    field: &str,
) -> Vec<(Hash, String)> {
    let place = Place { kind, id }.in_document();
    let candidates = Source::now(doc).candidates_of(place, field);
    let newest = candidates.iter().map(|it| it.change).max();
    match versions::settle(place, field, candidates) {
        Some((_, Some(dispute))) => {
            let versions = dispute.disagreement.versions.into_iter();
            versions.map(|it| (it.change, it.value)).collect()
        }
        Some((found, None)) => {
            let words = found.in_words(field);
            newest
                .into_iter()
                .map(|it| (it.hash, words.clone()))
                .collect()
        }
        None => Vec::new(),
    }
}

/// The fields of a record that can be settled, each with the change of what is shown.
pub(crate) fn written(
    doc: &Automerge,
    (kind, id): (Kind, RecordId),
) -> Vec<(String, Hash)> {
    let place = Place { kind, id }.in_document();
    let source = Source::now(doc);
    let stand = source.record(place);
    let names = stand.into_iter().flat_map(|it| it.cells);
    let names: Vec<String> = names.map(|it| it.name.into_owned()).collect();
    let free = names.into_iter().filter(|field| {
        let (maps, key) = source.target(place, field);
        let mut all = maps.iter().flat_map(|map| {
            let values = doc.get_all(map, key.as_str());
            values.unwrap_or_default()
        });
        is_free(place.kind, field) && !all.any(|(value, _)| value.is_object())
    });
    let shown = free.filter_map(|field| {
        let values = values(doc, (kind, id), &field);
        let (change, _) = values.into_iter().next()?;
        Some((field, change))
    });
    shown.collect()
}

/// Whether anybody may decide what stands in the field.
fn is_free(kind: Kind, field: &str) -> bool {
    let signature = kind == Kind::Note && field == schema::SIGNED;
    !(signature || versions::is_bookkeeping(kind, field))
}

fn settled(
    doc: &Automerge,
    (place, field): (Place, &str),
    seen: &[Hash],
    choice: &Choice,
) -> Result<Settled, Error> {
    let no_value = || Error::NoValue(field.to_owned());
    if !is_free(place.kind, field) {
        return Err(no_value());
    }
    let source = Source::now(doc);
    let (maps, key) = source.target(place, field);
    let all = maps.iter().map(|map| doc.get_all(map, key.as_str()));
    let mut all = all.flat_map(Result::unwrap_or_default);
    // Free text merges letter by letter; there is nothing to decide.
    if all.any(|(value, _)| value.is_object()) {
        return Err(no_value());
    }
    let candidates = source.candidates_of(place, field);
    let standing = values(doc, (place.kind, place.id), field);
    let standing: BTreeSet<Hash> = standing.into_iter().map(|(it, _)| it).collect();
    if standing != seen.iter().copied().collect() {
        return Err(Error::Changed);
    }
    let value = match choice {
        Choice::Unsay => {
            let value = None;
            return Ok(Settled { maps, key, value });
        }
        Choice::Keep(change) => {
            let then = Source::at(doc, &[*change]);
            let then = then.map_or_else(Vec::new, |it| it.candidates_of(place, field));
            let set = |it: &Candidate<'_>| it.change.hash == *change;
            let kept = candidates.into_iter().chain(then).find(set);
            kept.and_then(|it| it.found.into_value())
        }
        Choice::Write(typed) => {
            let kind = usual(&source, place, field);
            let kind = kind.or_else(|| candidates.first()?.found.clone().into_value());
            typed_as(kind.as_ref(), typed).filter(|it| is_of(&source, place, field, it))
        }
    };
    let value = Some(value.ok_or_else(no_value)?);
    Ok(Settled { maps, key, value })
}

/// What the field says where nothing stands in it.
fn usual(source: &Source<'_>, place: Place, field: &str) -> Option<Value> {
    let (record, _) = schema::record(source.record(place)?.into_cells().0);
    let mut singles = schema::fields(&record).singles.into_iter();
    singles.find(|it| it.name == field).map(|it| it.value)
}

/// What was typed, as a value like this one.
fn typed_as(kind: Option<&Value>, typed: &str) -> Option<Value> {
    let typed = typed.trim();
    match kind {
        None | Some(Value::Text(_) | Value::Prose(_)) => {
            Some(Value::Text(typed.to_owned()))
        }
        Some(Value::Flag(_)) => typed.parse().ok().map(Value::Flag),
        Some(Value::Number(_)) => typed.parse().ok().map(Value::Number),
        Some(Value::Bytes(_)) => None,
    }
}

/// Whether the record can be read with this value in the field as well as without it.
fn is_of(source: &Source<'_>, place: Place, field: &str, value: &Value) -> bool {
    let Some(stand) = source.record(place) else {
        return false;
    };
    let without = stand.cells.iter().filter(|it| it.name != field).cloned();
    let mut cells: Vec<Cell<'_>> = without.collect();
    let problems = |cells: Vec<Cell<'_>>| {
        let (_, problems) = schema::record(Cells::new(place.kind, place.id, cells));
        problems.len()
    };
    let before = problems(cells.clone());
    cells.push(Cell {
        name: Cow::Borrowed(field),
        found: value.found(),
    });
    problems(cells) <= before
}

impl Place {
    /// The same, as the document names it: the person stands without an id.
    pub(crate) fn in_document(self) -> Self {
        let id = if self.kind == Kind::Person {
            RecordId::ZERO
        } else {
            self.id
        };
        Self { id, ..self }
    }
}

impl Value {
    fn found(&self) -> Found<'_> {
        match self {
            Self::Flag(it) => Found::Flag(*it),
            Self::Number(it) => Found::Number(*it),
            Self::Text(it) | Self::Prose(it) => Found::Text(Cow::Borrowed(it)),
            Self::Bytes(it) => Found::Bytes(Cow::Borrowed(it)),
        }
    }
}

impl Found<'_> {
    fn into_value(self) -> Option<Value> {
        match self {
            Self::Flag(it) => Some(Value::Flag(it)),
            Self::Number(it) => Some(Value::Number(it)),
            Self::Text(it) => Some(Value::Text(it.into_owned())),
            Self::Bytes(it) => Some(Value::Bytes(it.into_owned())),
            Self::Odd => None,
        }
    }
}
