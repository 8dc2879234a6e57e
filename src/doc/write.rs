//! From edits to one change of a document.

use std::{
    borrow::Cow,
    collections::{BTreeMap, VecDeque},
};

use automerge::{
    ObjId, ObjType, ROOT, ReadDoc as _, ScalarValue, ValueRef,
    transaction::{Transactable as _, Transaction},
};

use crate::{
    chart::{Edit, Part, Record},
    doc::{
        Error, Stamp, careful,
        cells::{Found, slot_of},
        fields::{Field, List, Value, item_path},
        keys::{self, Place},
        lists::{self, Present, Slots, Step},
        prescan, prose, read, schema,
        settle::Settled,
    },
};

/// Room in a change for what is not keys and values, in bytes an operation.
const OPERATION_BYTES: usize = 8;

/// Writes edits into an open transaction and counts what they cost.
pub(crate) struct Pen<'t, 'd> {
    tx: &'t mut Transaction<'d>,
    stamp: Stamp,
    /// What the edits that settle a field put there, in their order.
    settled: VecDeque<Settled>,
    bytes: usize,
}

/// Where the fields of a record stand.
struct Target {
    maps: Vec<ObjId>,
    prefix: String,
}

impl<'t, 'd> Pen<'t, 'd> {
    pub(crate) fn new(
        tx: &'t mut Transaction<'d>,
        stamp: Stamp,
        settled: Vec<Settled>,
    ) -> Self {
        Self {
            tx,
            stamp,
            settled: settled.into(),
            bytes: 0,
        }
    }

    /// Writes one edit of a document of this part.
    pub(crate) fn write(&mut self, edit: &Edit, part: Part) -> Result<(), Error> {
        match edit {
            Edit::Add(record) => {
                in_part(record, part)?;
                self.add(record)?;
            }
            Edit::Change { before, after } => {
                in_part(before, part)?;
                in_part(after, part)?;
                self.change(before, after)?;
            }
            Edit::Settle { record, .. } => {
                in_part(record, part)?;
                if let Some(settled) = self.settled.pop_front() {
                    self.settle(&settled)?;
                }
            }
        }
        let cost = self.bytes + OPERATION_BYTES * self.tx.pending_ops();
        let fits = cost <= prescan::BYTES_MAX - prescan::HEAD_BYTES_MAX
            && self.tx.pending_ops() <= prescan::OPERATIONS_MAX;
        if fits { Ok(()) } else { Err(Error::TooLarge) }
    }

    fn add(&mut self, record: &Record) -> Result<(), Error> {
        let place = Place::of(record);
        if self.tx.map_range(ROOT, place.range()).next().is_some() {
            return Ok(());
        }
        let own = keys::has_own_map(record);
        let (map, prefix) = if own {
            (
                self.tx.put_object(ROOT, place.key(), ObjType::Map)?,
                String::new(),
            )
        } else {
            (ROOT, place.prefix())
        };
        let fields = schema::fields(record);
        let singles = fields.singles.iter().map(|it| (it.name.to_owned(), it));
        let items = fields.lists.iter().flat_map(|list| {
            let slots = (0..).zip(&list.items);
            slots.flat_map(move |(slot, item)| {
                let path = move |it: &Field| item_path(list.name, slot, it.name);
                item.iter().map(move |it| (path(it), it))
            })
        });
        for (path, field) in singles.chain(items) {
            let guarded = !own && careful::order(place.kind, &path).is_some();
            if field.usual && !guarded {
                continue;
            }
            if let (Value::Prose(text), true) = (&field.value, own) {
                self.create(&map, &path, text)?;
            } else {
                self.put(&map, &format!("{prefix}{path}"), &field.value)?;
            }
        }
        Ok(())
    }

    /// Free text of a new record. No later change may do this: two that did would each make
    /// a text, and one would hide the other.
    fn create(&mut self, map: &ObjId, path: &str, text: &str) -> Result<(), Error> {
        if text.chars().count() > prose::CHARS_MAX {
            return self.put(map, path, &Value::Text(text.to_owned()));
        }
        self.bytes += path.len() + text.len();
        let object = self.tx.put_object(map, path, ObjType::Text)?;
        self.tx.splice_text(&object, 0, 0, text)?;
        Ok(())
    }

    fn put(&mut self, map: &ObjId, key: &str, value: &Value) -> Result<(), Error> {
        let (value, length) = match value {
            Value::Flag(it) => (ScalarValue::Boolean(*it), 0),
            Value::Number(it) => (ScalarValue::Uint(*it), 0),
            Value::Text(it) | Value::Prose(it) => {
                (ScalarValue::Str(it.as_str().into()), it.len())
            }
            Value::Bytes(it) => (ScalarValue::Bytes(it.clone()), it.len()),
        };
        self.bytes += key.len() + length;
        self.tx.put(map, key, value)?;
        Ok(())
    }

    fn change(&mut self, before: &Record, after: &Record) -> Result<(), Error> {
        let place = Place::of(after);
        if Place::of(before) != place {
            return Err(place.missing());
        }
        let target = self.target(place)?;
        let (old, new) = (schema::fields(before), schema::fields(after));
        for (old, new) in old.singles.iter().zip(&new.singles) {
            self.update(&target, new.name, old, new)?;
        }
        for (old, new) in old.lists.iter().zip(&new.lists) {
            self.update_list(&target, old, new)?;
        }
        Ok(())
    }

    /// Writes one value in the place of all that stand there. They are taken away first: to
    /// write a value once more where it stands already would write nothing, and whoever
    /// decided would not have said so.
    fn settle(&mut self, settled: &Settled) -> Result<(), Error> {
        for map in &settled.maps {
            self.tx.delete(map, settled.key.as_str())?;
            if let Some(value) = &settled.value {
                self.put(map, &settled.key, value)?;
            }
        }
        Ok(())
    }

    /// Where the record stands now.
    fn target(&self, place: Place) -> Result<Target, Error> {
        let maps = self.tx.get_all(ROOT, place.key())?;
        let maps: Vec<ObjId> = maps
            .into_iter()
            .filter(|(value, _)| value.is_object())
            .map(|(_, id)| id)
            .collect();
        if !maps.is_empty() {
            let prefix = String::new();
            return Ok(Target { maps, prefix });
        }
        match self.tx.map_range(ROOT, place.range()).next() {
            Some(_) => Ok(Target {
                maps: vec![ROOT],
                prefix: place.prefix(),
            }),
            None => Err(place.missing()),
        }
    }

    /// Writes a field if it differs. One that is emptied is written as empty, not deleted: a
    /// deletion would leave no version beside what another wrote meanwhile.
    fn update(
        &mut self,
        target: &Target,
        path: &str,
        old: &Field,
        new: &Field,
    ) -> Result<(), Error> {
        if old.value == new.value {
            return Ok(());
        }
        let key = format!("{}{path}", target.prefix);
        for map in &target.maps {
            match (&old.value, &new.value) {
                (Value::Prose(before), Value::Prose(after)) => {
                    self.update_prose(map, &key, before, after)?;
                }
                (_, value) => self.put(map, &key, value)?,
            }
        }
        Ok(())
    }

    fn update_prose(
        &mut self,
        map: &ObjId,
        key: &str,
        before: &str,
        after: &str,
    ) -> Result<(), Error> {
        let texts: Vec<ObjId> = self
            .tx
            .get_all(map, key)?
            .into_iter()
            .filter(|(value, _)| value.to_objtype() == Some(ObjType::Text))
            .map(|(_, id)| id)
            .collect();
        if texts.is_empty() {
            return self.put(map, key, &Value::Text(after.to_owned()));
        }
        for text in texts {
            self.bytes += after.len();
            prose::update(self.tx, &text, before, after)?;
        }
        Ok(())
    }

    fn update_list(
        &mut self,
        target: &Target,
        old: &List,
        new: &List,
    ) -> Result<(), Error> {
        if old.items == new.items {
            return Ok(());
        }
        let present = self.present(target, old.name);
        let mut slots = Slots::after(&present, self.stamp);
        for step in lists::steps(&old.items, &new.items, &present) {
            match step {
                Step::Update {
                    slot,
                    before,
                    after,
                } => {
                    for (old_field, field) in before.iter().zip(after) {
                        let path = item_path(old.name, slot, field.name);
                        self.update(target, &path, old_field, field)?;
                    }
                }
                Step::Remove { slot } => {
                    let item = present.iter().filter(|it| it.slot == slot);
                    for (name, _) in item.flat_map(|it| &it.cells) {
                        let path = item_path(old.name, slot, name);
                        self.delete(target, &path)?;
                    }
                }
                Step::Append { item } => {
                    let slot = slots.next_free();
                    for field in item.iter().filter(|it| !it.usual) {
                        let path = item_path(old.name, slot, field.name);
                        let key = format!("{}{path}", target.prefix);
                        for map in &target.maps {
                            self.put(map, &key, &field.value)?;
                        }
                    }
                }
            }
        }
        Ok(())
    }

    /// The items of a list as they stand now.
    fn present(&self, target: &Target, list: &str) -> Vec<Present<'static>> {
        let from = format!("{}{list}.", target.prefix);
        let to = format!("{}{list}/", target.prefix);
        let mut slots: BTreeMap<u64, BTreeMap<String, Found<'static>>> = BTreeMap::new();
        for map in &target.maps {
            for item in self.tx.map_range(map, from.clone()..to.clone()) {
                let name = item.key.get(target.prefix.len()..).unwrap_or_default();
                let Some((slot, within)) = slot_of(list, name) else {
                    continue;
                };
                let found = match &item.value {
                    ValueRef::Object(_) => self
                        .tx
                        .text(item.id())
                        .map_or(Found::Odd, |it| Found::Text(Cow::Owned(it))),
                    ValueRef::Scalar(it) => read::scalar(it.clone()).into_owned(),
                };
                slots
                    .entry(slot)
                    .or_default()
                    .insert(within.to_owned(), found);
            }
        }
        let present = slots.into_iter().map(|(slot, cells)| Present {
            slot,
            cells: cells.into_iter().collect(),
        });
        present.collect()
    }

    fn delete(&mut self, target: &Target, path: &str) -> Result<(), Error> {
        let key = format!("{}{path}", target.prefix);
        for map in &target.maps {
            self.tx.delete(map, key.as_str())?;
        }
        Ok(())
    }
}

impl Place {
    const fn missing(self) -> Error {
        Error::NoRecord {
            kind: self.kind,
            id: self.id,
        }
    }
}

fn in_part(record: &Record, part: Part) -> Result<(), Error> {
    if part.takes(record) {
        Ok(())
    } else {
        Err(Error::WrongPart(record.kind()))
    }
}
