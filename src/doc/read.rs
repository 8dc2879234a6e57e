//! From a document to the cells of its records, as they stand now or stood at some heads.

use std::{borrow::Cow, cell::RefCell, collections::BTreeMap, ops::Range};

use automerge::{
    Automerge, ChangeHash, ObjId, ObjType, ROOT, ReadDoc as _, ScalarValueRef, Value,
    ValueRef,
    iter::{MapRange, MapRangeItem},
};

use crate::{
    doc::{
        cells::{Cell, Cells, Found},
        doubt::Told,
        keys::{self, Named, Place},
        schema::ENTRY,
        versions::{self, Candidate, Change, Dispute},
    },
    ids::Hash,
    time::Timestamp,
};

/// A document to be read, now or as it stood at some heads.
pub(crate) struct Source<'a> {
    doc: &'a Automerge,
    heads: Option<Vec<ChangeHash>>,
    times: RefCell<BTreeMap<ChangeHash, Timestamp>>,
}

/// One record as it stands.
pub(crate) struct Stand<'a> {
    place: Place,
    /// The session that made the record, where it is one.
    pub(crate) maker: Option<[u8; 16]>,
    /// The sessions that wrote what stands in its fields.
    pub(crate) hands: Vec<[u8; 16]>,
    pub(crate) cells: Vec<Cell<'a>>,
    pub(crate) disputes: Vec<Dispute>,
    /// What does not count of it.
    pub(crate) doubtful: Told,
    /// What somebody wrote who does not count, where that is graver than what is shown.
    pub(crate) graver: Vec<Cell<'static>>,
}

impl<'a> Source<'a> {
    pub(crate) fn now(doc: &'a Automerge) -> Self {
        Self {
            doc,
            heads: None,
            times: RefCell::default(),
        }
    }

    /// The document at these heads, if it holds them all.
    pub(crate) fn at(doc: &'a Automerge, heads: &[Hash]) -> Option<Self> {
        let heads: Vec<ChangeHash> =
            heads.iter().map(|it| ChangeHash(*it.as_bytes())).collect();
        doc.get_missing_deps(&heads).is_empty().then(|| Self {
            doc,
            heads: Some(heads),
            times: RefCell::default(),
        })
    }

    /// Every record, and how many keys name none.
    pub(crate) fn records(&self) -> (BTreeMap<Place, Stand<'a>>, usize) {
        self.gather(self.range(&ROOT, None))
    }

    /// The record at this place, if there is one.
    pub(crate) fn record(&self, place: Place) -> Option<Stand<'a>> {
        let (mut found, _) = self.gather(self.range(&ROOT, Some(place.range())));
        found.remove(&place)
    }

    /// The newest change that set a field.
    pub(crate) fn writer(&self, place: Place, field: &str) -> Option<Change> {
        let candidates = self.candidates_of(place, field).into_iter();
        candidates.map(|it| it.change).max()
    }

    /// Every value that a field of a record has.
    pub(crate) fn candidates_of(&self, place: Place, field: &str) -> Vec<Candidate<'a>> {
        let (maps, key) = self.target(place, field);
        let each = maps.iter().flat_map(|map| self.candidates(map, &key));
        each.collect()
    }

    /// The maps in which a field of a record stands, and its key there.
    pub(crate) fn target(&self, place: Place, field: &str) -> (Vec<ObjId>, String) {
        let maps = self.maps_of(place);
        if maps.is_empty() {
            (vec![ROOT], format!("{}{field}", place.prefix()))
        } else {
            (maps, field.to_owned())
        }
    }

    /// The maps and texts of a record that has any.
    pub(crate) fn objects(&self, place: Place) -> Vec<ObjId> {
        let maps = self.maps_of(place);
        let inner = maps.iter().flat_map(|map| self.range(map, None));
        let texts = inner.filter(|it| matches!(it.value, ValueRef::Object(_)));
        let texts: Vec<ObjId> = texts.map(|it| it.id()).collect();
        maps.into_iter().chain(texts).collect()
    }

    fn maps_of(&self, place: Place) -> Vec<ObjId> {
        let all = self.all(&ROOT, &place.key()).into_iter();
        let maps = all.filter(|(value, _)| value.is_object());
        maps.map(|(_, id)| id).collect()
    }

    fn gather(&self, items: MapRange<'a>) -> (BTreeMap<Place, Stand<'a>>, usize) {
        let mut records: BTreeMap<Place, Stand<'a>> = BTreeMap::new();
        let mut strange = 0;
        for item in items {
            match keys::read(&item.key) {
                Some(Named::Whole(place)) => {
                    let maps = self.maps(&item);
                    strange += usize::from(maps.is_empty());
                    let stand = records.entry(place).or_insert_with(|| Stand::new(place));
                    self.read_maps(&maps, stand);
                }
                Some(Named::Field(place, field)) => {
                    let from = item.key.len() - field.len();
                    let stand = records.entry(place).or_insert_with(|| Stand::new(place));
                    self.read_item(&ROOT, from, item, stand);
                }
                None => strange += 1,
            }
        }
        let all = records.len();
        records.retain(|_, it| !it.cells.is_empty());
        let empty = all - records.len();
        (records, strange + empty)
    }

    /// The maps under a root key; none where something else stands there.
    fn maps(&self, item: &MapRangeItem<'a>) -> Vec<ObjId> {
        if !item.conflict {
            let map = matches!(item.value, ValueRef::Object(ObjType::Map));
            return map.then(|| item.id()).into_iter().collect();
        }
        let all = self.all(&ROOT, &item.key).into_iter();
        let maps = all.filter(|(value, _)| *value == Value::Object(ObjType::Map));
        maps.map(|(_, id)| id).collect()
    }

    fn read_maps(&self, maps: &[ObjId], stand: &mut Stand<'a>) {
        if let [map] = maps {
            for item in self.range(map, None) {
                self.read_item(map, 0, item, stand);
            }
            return;
        }
        let mut fields: BTreeMap<String, Vec<Candidate<'a>>> = BTreeMap::new();
        for map in maps {
            for item in self.range(map, None) {
                let found = self.candidates(map, &item.key);
                fields
                    .entry(item.key.into_owned())
                    .or_default()
                    .extend(found);
            }
        }
        for (name, candidates) in fields {
            stand.settle(Cow::Owned(name), candidates);
        }
    }

    /// One field; its name is the key from the byte `from` on.
    fn read_item(
        &self,
        map: &ObjId,
        from: usize,
        item: MapRangeItem<'a>,
        stand: &mut Stand<'a>,
    ) {
        if item.conflict {
            let candidates = self.candidates(map, &item.key);
            stand.settle(tail(item.key, from), candidates);
            return;
        }
        let id = item.id();
        let found = match item.value {
            ValueRef::Object(ObjType::Text) => self.prose(&id),
            ValueRef::Object(_) => Found::Odd,
            ValueRef::Scalar(it) => scalar(it),
        };
        let name = tail(item.key, from);
        if let ObjId::Id(_, actor, _) = &id {
            let actor = versions::actor(actor);
            stand.touched_by(actor);
            if name == ENTRY {
                stand.maker = Some(actor);
            }
        }
        stand.cells.push(Cell { name, found });
    }

    fn candidates(&self, map: &ObjId, key: &str) -> Vec<Candidate<'a>> {
        let candidate = |(value, id): (Value<'a>, ObjId)| Candidate {
            found: match value {
                Value::Object(ObjType::Text) => self.prose(&id),
                Value::Object(_) => Found::Odd,
                Value::Scalar(it) => scalar(it.into_owned().into()),
            },
            change: self.change(&id),
        };
        self.all(map, key).into_iter().map(candidate).collect()
    }

    /// The change that made this operation.
    fn change(&self, operation: &ObjId) -> Change {
        let hash = self.doc.hash_for_opid(operation);
        let actor = match operation {
            ObjId::Id(_, actor, _) => versions::actor(actor),
            ObjId::Root => [0; 16],
        };
        Change {
            at: hash.map(|it| self.time(it)).unwrap_or_default(),
            hash: hash.map_or(Hash::ZERO, |it| Hash::from_bytes(it.0)),
            actor,
        }
    }

    fn time(&self, hash: ChangeHash) -> Timestamp {
        let mut times = self.times.borrow_mut();
        *times.entry(hash).or_insert_with(|| {
            let change = self.doc.get_change_meta_by_hash(&hash);
            Timestamp(change.map_or(0, |it| it.timestamp))
        })
    }

    fn range(&self, map: &ObjId, keys: Option<Range<String>>) -> MapRange<'a> {
        match (&self.heads, keys) {
            (None, None) => self.doc.map_range(map, ..),
            (None, Some(keys)) => self.doc.map_range(map, keys),
            (Some(heads), None) => self.doc.map_range_at(map, .., heads),
            (Some(heads), Some(keys)) => self.doc.map_range_at(map, keys, heads),
        }
    }

    fn all(&self, map: &ObjId, key: &str) -> Vec<(Value<'a>, ObjId)> {
        let all = match &self.heads {
            None => self.doc.get_all(map, key),
            Some(heads) => self.doc.get_all_at(map, key, heads),
        };
        all.unwrap_or_default()
    }

    fn prose(&self, text: &ObjId) -> Found<'a> {
        let text = match &self.heads {
            None => self.doc.text(text),
            Some(heads) => self.doc.text_at(text, heads),
        };
        text.map_or(Found::Odd, |it| Found::Text(Cow::Owned(it)))
    }
}

impl<'a> Stand<'a> {
    /// What a field says, if it is there.
    pub(crate) fn found(&self, field: &str) -> Option<&Found<'a>> {
        let cell = self.cells.iter().find(|it| it.name == field);
        cell.map(|it| &it.found)
    }

    const fn new(place: Place) -> Self {
        Self {
            place,
            maker: None,
            hands: Vec::new(),
            cells: Vec::new(),
            disputes: Vec::new(),
            doubtful: Told::new(),
            graver: Vec::new(),
        }
    }

    /// Says this in a field.
    pub(crate) fn set(&mut self, field: &str, found: Found<'static>) {
        self.cells.retain(|it| it.name != field);
        let name = field.to_owned().into();
        self.cells.push(Cell { name, found });
    }

    fn touched_by(&mut self, actor: [u8; 16]) {
        if !self.hands.contains(&actor) {
            self.hands.push(actor);
        }
    }

    fn settle(&mut self, name: Cow<'a, str>, candidates: Vec<Candidate<'a>>) {
        for it in &candidates {
            self.touched_by(it.change.actor);
        }
        if let Some((found, dispute)) = versions::settle(self.place, &name, candidates) {
            self.cells.push(Cell { name, found });
            self.disputes.extend(dispute);
        }
    }

    pub(crate) fn into_cells(self) -> (Cells<'a>, Vec<Dispute>) {
        let Place { kind, id } = self.place;
        (Cells::new(kind, id, self.cells), self.disputes)
    }
}

pub(crate) fn scalar(value: ScalarValueRef<'_>) -> Found<'_> {
    match value {
        ScalarValueRef::Boolean(it) => Found::Flag(it),
        ScalarValueRef::Uint(it) => Found::Number(it),
        ScalarValueRef::Str(it) => Found::Text(it),
        ScalarValueRef::Bytes(it) => Found::Bytes(it),
        ScalarValueRef::Int(_)
        | ScalarValueRef::F64(_)
        | ScalarValueRef::Counter(_)
        | ScalarValueRef::Timestamp(_)
        | ScalarValueRef::Unknown { .. }
        | ScalarValueRef::Null => Found::Odd,
    }
}

fn tail(key: Cow<'_, str>, from: usize) -> Cow<'_, str> {
    match key {
        Cow::Borrowed(key) => Cow::Borrowed(key.get(from..).unwrap_or_default()),
        Cow::Owned(key) => Cow::Owned(key.get(from..).unwrap_or_default().to_owned()),
    }
}
