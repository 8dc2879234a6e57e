//! A change made thin.

use std::iter;

use automerge::{
    ActorId, ExpandedChange, ObjType, ScalarValue,
    legacy::{ElementId, Key, ObjectId, Op, OpId, OpType},
};

use super::{
    Around, names,
    standing::{Near, Standing, Target},
};
use crate::{
    doc::{
        follows,
        keys::{self, Named},
        schema,
    },
    ids::RecordId,
};

/// The end of a text; a text that holds it is told with its length.
pub(super) const END: u8 = 0;

pub(super) const MAKE_MAP: u8 = 0;
pub(super) const MAKE_TEXT: u8 = 1;
pub(super) const PUT: u8 = 2;
pub(super) const DELETE: u8 = 3;
pub(super) const INSERT: u8 = 1 << 2;

pub(super) const NULL: u8 = 0;
pub(super) const FALSE: u8 = 1;
pub(super) const TRUE: u8 = 2;
pub(super) const NUMBER: u8 = 3;
pub(super) const WORDS: u8 = 4;
pub(super) const BYTES: u8 = 5;
pub(super) const OWN_RECORD: u8 = 6;
pub(super) const ID: u8 = 7;

struct Writer {
    standing: Standing,
    actors: Vec<ActorId>,
    out: Vec<u8>,
}

/// The change without what the envelope says of it; none where it holds what no version of
/// Cairn writes.
pub(super) fn write(change: &ExpandedChange, around: &Around) -> Option<Vec<u8>> {
    let plain = change.message.is_none()
        && change.extra_bytes.is_empty()
        && change.author.is_none();
    let own = change.actor_id == ActorId::from(around.actor);
    if !plain || !own {
        return None;
    }
    let first = change.start_op.get();
    let mut writer = Writer {
        standing: Standing::new(*around, first),
        actors: actors(change),
        out: Vec::new(),
    };
    let [a, b, c, d, ..] = change.hash?.0;
    writer.out.extend([a, b, c, d]);
    writer.count(change.deps.len());
    for dep in &change.deps {
        writer.out.extend(dep.0.iter().take(follows::CUT_LEN));
    }
    writer.number(change.seq);
    writer.number(first);
    writer.step(around.wall.at.0.wrapping_sub(change.time));
    let others = writer.actors.split_off(1);
    writer.count(others.len());
    for actor in &others {
        writer.out.extend(actor.to_bytes());
    }
    writer.actors.extend(others);
    let mut operations = change.operations.as_slice();
    while let Some((op, rest)) = operations.split_first() {
        let letters = writer.operation(op, rest)?;
        operations = rest.get(letters..)?;
        writer.standing.next += 1 + u64::try_from(letters).ok()?;
    }
    Some(writer.out)
}

/// The writer, and whoever else is named.
fn actors(change: &ExpandedChange) -> Vec<ActorId> {
    let mut others = Vec::new();
    let mut named = |id: &OpId| {
        if id.1 != change.actor_id && !others.contains(&id.1) {
            others.push(id.1.clone());
        }
    };
    for op in &change.operations {
        if let ObjectId::Id(id) = &op.obj {
            named(id);
        }
        if let Key::Seq(ElementId::Id(id)) = &op.key {
            named(id);
        }
        op.pred.iter().for_each(&mut named);
    }
    [vec![change.actor_id.clone()], others].concat()
}

impl Writer {
    /// Writes an operation, and how many letters after it are written with it.
    fn operation(&mut self, op: &Op, rest: &[Op]) -> Option<usize> {
        let is_new = op.pred.is_empty() && !op.insert;
        match (&op.obj, &op.key, &op.action) {
            (ObjectId::Root, Key::Map(key), OpType::Make(ObjType::Map)) if is_new => {
                self.record(key).or_else(|| self.other(op)).map(|()| 0)
            }
            (_, Key::Map(key), OpType::Put(value)) if is_new => self
                .field(&op.obj, key, value)
                .or_else(|| self.other(op))
                .map(|()| 0),
            (obj, Key::Map(key), OpType::Make(ObjType::Text))
                if is_new && self.is_target(obj) =>
            {
                let text = self.text_of(rest)?;
                self.out.push(names::PROSE);
                self.name(key)?;
                self.text(&text)?;
                Some(text.chars().count())
            }
            (_, Key::Seq(_), OpType::Put(ScalarValue::Str(_)))
                if op.insert && op.pred.is_empty() =>
            {
                self.letters(op, rest)
            }
            _ => self.other(op).map(|()| 0),
        }
    }

    fn record(&mut self, key: &str) -> Option<()> {
        let Some(Named::Whole(place)) = keys::read(key) else {
            return None;
        };
        self.out.push(names::kind_byte(names::RECORD, place.kind)?);
        self.id(place.id);
        self.standing.begin(place, true);
        Some(())
    }

    /// Makes the record whose field this is the one that is written.
    fn field(&mut self, obj: &ObjectId, key: &str, value: &ScalarValue) -> Option<()> {
        let name = match (obj, &self.standing.target) {
            (ObjectId::Root, _) => {
                let Some(Named::Field(place, name)) = keys::read(key) else {
                    return None;
                };
                let target = Target::Root(place.prefix());
                if self.standing.target != target {
                    self.out.push(names::kind_byte(names::SPREAD, place.kind)?);
                    if place.id != RecordId::ZERO {
                        self.id(place.id);
                    }
                    self.standing.begin(place, false);
                }
                name
            }
            (obj, _) if self.is_target(obj) => key,
            _ => return None,
        };
        if let ScalarValue::Bytes(entry) = value
            && name == schema::ENTRY
            && let Some(later) = self.standing.later(entry)
        {
            self.out.push(names::ENTRY);
            self.step(later);
            return Some(());
        }
        if let ScalarValue::Str(text) = value
            && !text.as_bytes().contains(&END)
        {
            self.name(name)?;
            return self.text(text);
        }
        self.out.push(names::TYPED);
        self.name(name)?;
        self.value(value)
    }

    fn is_target(&self, obj: &ObjectId) -> bool {
        match (obj, &self.standing.target) {
            (ObjectId::Id(OpId(number, actor)), Target::Map(map)) => {
                number == map && self.actors.first() == Some(actor)
            }
            _ => false,
        }
    }

    /// The letters that the operations after this one put one after the other into the text
    /// that it makes.
    fn text_of(&self, rest: &[Op]) -> Option<String> {
        let own = self.actors.first()?;
        let text = ObjectId::Id(OpId(self.standing.next, own.clone()));
        let head = Key::Seq(ElementId::Head);
        Some(self.run(&text, head, self.standing.next + 1, rest.iter()))
    }

    fn run<'o>(
        &self,
        text: &ObjectId,
        mut after: Key,
        mut next: u64,
        ops: impl Iterator<Item = &'o Op>,
    ) -> String {
        let mut letters = String::new();
        let Some(own) = self.actors.first() else {
            return letters;
        };
        for op in ops {
            let follows = op.obj == *text && op.key == after && op.insert;
            let OpType::Put(ScalarValue::Str(letter)) = &op.action else {
                break;
            };
            let mut chars = letter.chars();
            let (Some(char), None) = (chars.next(), chars.next()) else {
                break;
            };
            if !follows || !op.pred.is_empty() || char == char::from(END) {
                break;
            }
            letters.push(char);
            after = Key::Seq(ElementId::Id(OpId(next, own.clone())));
            next += 1;
        }
        letters
    }

    fn letters(&mut self, first: &Op, rest: &[Op]) -> Option<usize> {
        let all = iter::once(first).chain(rest);
        let text = self.run(&first.obj, first.key.clone(), self.standing.next, all);
        let count = text.chars().count();
        let (ObjectId::Id(obj), Key::Seq(place), 1..) = (&first.obj, &first.key, count)
        else {
            return self.other(first).map(|()| 0);
        };
        self.out.push(names::LETTERS);
        self.object(obj)?;
        self.element(place)?;
        self.text(&text)?;
        Some(count - 1)
    }

    fn other(&mut self, op: &Op) -> Option<()> {
        self.out.push(names::OTHER);
        let action = match &op.action {
            OpType::Make(ObjType::Map) => MAKE_MAP,
            OpType::Make(ObjType::Text) => MAKE_TEXT,
            OpType::Put(_) => PUT,
            OpType::Delete => DELETE,
            OpType::Make(ObjType::List | ObjType::Table)
            | OpType::Increment(_)
            | OpType::MarkBegin(_)
            | OpType::MarkEnd(_) => return None,
        };
        self.out.push(action | if op.insert { INSERT } else { 0 });
        match &op.obj {
            ObjectId::Root => self.count(0),
            ObjectId::Id(id) => self.object(id)?,
        }
        match &op.key {
            Key::Map(key) => {
                self.out.push(0);
                self.name(key)?;
            }
            Key::Seq(place) => {
                self.out.push(1);
                self.element(place)?;
            }
        }
        self.count(op.pred.len());
        for id in op.pred.iter() {
            self.earlier(id)?;
        }
        if let OpType::Put(value) = &op.action {
            self.value(value)?;
        }
        Some(())
    }

    fn object(&mut self, OpId(number, actor): &OpId) -> Option<()> {
        let place = self.actors.iter().position(|it| it == actor)?;
        self.count(place + 1);
        self.step(
            self.standing
                .first
                .cast_signed()
                .wrapping_sub(number.cast_signed()),
        );
        Some(())
    }

    fn element(&mut self, place: &ElementId) -> Option<()> {
        match place {
            ElementId::Head => self.count(0),
            ElementId::Id(id) => self.earlier(id)?,
        }
        Some(())
    }

    /// An operation by how long before the next one it was.
    fn earlier(&mut self, OpId(number, actor): &OpId) -> Option<()> {
        let place = self.actors.iter().position(|it| it == actor)?;
        self.count(place + 1);
        self.step(
            self.standing
                .next
                .cast_signed()
                .wrapping_sub(number.cast_signed()),
        );
        Some(())
    }

    fn name(&mut self, name: &str) -> Option<()> {
        if let Some(byte) = names::field_byte(name) {
            self.out.push(byte);
            return Some(());
        }
        self.out.push(names::NAMED);
        self.text(name)
    }

    fn text(&mut self, text: &str) -> Option<()> {
        if text.as_bytes().contains(&END) {
            return None;
        }
        self.out.extend(text.as_bytes());
        self.out.push(END);
        Some(())
    }

    fn value(&mut self, value: &ScalarValue) -> Option<()> {
        match value {
            ScalarValue::Null => self.out.push(NULL),
            ScalarValue::Boolean(false) => self.out.push(FALSE),
            ScalarValue::Boolean(true) => self.out.push(TRUE),
            ScalarValue::Uint(it) => {
                self.out.push(NUMBER);
                self.number(*it);
            }
            ScalarValue::Str(text) => {
                self.out.push(WORDS);
                self.count(text.len());
                self.out.extend(text.as_bytes());
            }
            ScalarValue::Bytes(bytes) => {
                if let Some(id) = RecordId::from_slice(bytes) {
                    self.id_value(id);
                } else {
                    self.out.push(BYTES);
                    self.count(bytes.len());
                    self.out.extend(bytes);
                }
            }
            ScalarValue::Int(_)
            | ScalarValue::F64(_)
            | ScalarValue::Counter(_)
            | ScalarValue::Timestamp(_)
            | ScalarValue::Unknown { .. } => return None,
        }
        Some(())
    }

    fn id_value(&mut self, id: RecordId) {
        let made = self.standing.records.iter().position(|it| *it == id);
        if let Some(place) = made {
            self.out.push(OWN_RECORD);
            self.count(place);
        } else {
            self.out.push(ID);
            self.id(id);
        }
    }

    fn id(&mut self, id: RecordId) {
        match self.standing.near(id) {
            Near::Step(step) => self.step(step),
            Near::Far(before, rest) => {
                self.step(0);
                self.step(before);
                self.out.extend(rest);
            }
        }
    }

    /// A signed number: the sign lowest.
    fn step(&mut self, it: i64) {
        self.number((it << 1 ^ it >> 63).cast_unsigned());
    }

    fn count(&mut self, it: usize) {
        self.number(it as u64);
    }

    /// Seven bits to a byte, the lowest first.
    fn number(&mut self, it: u64) {
        number(it, &mut self.out);
    }
}

/// Writes a number, seven bits a byte, the lowest first.
pub(super) fn number(mut it: u64, out: &mut Vec<u8>) {
    loop {
        let [low, ..] = it.to_le_bytes();
        it >>= 7;
        if it == 0 {
            out.push(low & 0x7f);
            return;
        }
        out.push(low | 0x80);
    }
}
