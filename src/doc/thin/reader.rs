//! A thin change, read back: any bytes are a change or a refusal.

use std::num::NonZeroU64;

use automerge::{
    ActorId, ChangeHash, ExpandedChange, ObjType, ScalarValue,
    legacy::{ElementId, Key, ObjectId, Op, OpId, OpType, SortedVec},
};

use super::{
    Around, names,
    standing::{Near, Standing, Target},
    writer,
};
use crate::{
    chart::Kind,
    doc::{
        follows,
        keys::Place,
        prescan::{OPERATIONS_MAX, Refusal},
        schema,
    },
    ids::RecordId,
};

/// Most changes and sessions that a change may name; the scan of the whole change has its
/// own limits.
const NAMED_MAX: u64 = 256;

struct Reader<'a> {
    left: &'a [u8],
    standing: Standing,
    actors: Vec<ActorId>,
    operations: Vec<Op>,
}

/// Whose hashes, cut, stand at the start of a thin change, and what follows these.
pub(super) fn follows<'a>(
    thin: &'a [u8],
    around: &Around,
) -> Result<(Vec<ChangeHash>, &'a [u8]), Refusal> {
    let mut reader = Reader::new(thin, *around);
    reader.array::<4>()?;
    let deps = reader.deps()?;
    Ok((deps, reader.left))
}

/// A number at the start of these bytes, and what follows it.
pub(super) fn number<'a>(
    bytes: &'a [u8],
    around: &Around,
) -> Result<(u64, &'a [u8]), Refusal> {
    let mut reader = Reader::new(bytes, *around);
    let number = reader.number()?;
    Ok((number, reader.left))
}

/// The change, and the first bytes that its hash should have.
pub(super) fn read(
    thin: &[u8],
    around: &Around,
) -> Result<(ExpandedChange, [u8; 4]), Refusal> {
    let mut reader = Reader::new(thin, *around);
    let checksum = reader.array()?;
    let deps = reader.deps()?;
    let seq = reader.number()?;
    let first = reader.number()?;
    let start_op = NonZeroU64::new(first).ok_or(Refusal::Malformed)?;
    reader.standing = Standing::new(*around, first);
    let time = around.wall.at.0.wrapping_sub(reader.step()?);
    for _ in 0..reader.named()? {
        let actor = reader.array::<16>()?;
        reader.actors.push(ActorId::from(actor));
    }
    while let Some((byte, left)) = reader.left.split_first() {
        reader.left = left;
        reader.operation(*byte)?;
    }
    let change = ExpandedChange {
        operations: reader.operations,
        actor_id: ActorId::from(around.actor),
        hash: None,
        seq,
        start_op,
        time,
        message: None,
        deps,
        extra_bytes: Vec::new(),
        author: None,
    };
    Ok((change, checksum))
}

impl<'a> Reader<'a> {
    fn new(left: &'a [u8], around: Around) -> Self {
        Self {
            left,
            standing: Standing::new(around, 0),
            actors: vec![ActorId::from(around.actor)],
            operations: Vec::new(),
        }
    }

    fn operation(&mut self, byte: u8) -> Result<(), Refusal> {
        match byte {
            names::OTHER => self.other(),
            names::TYPED => {
                let name = self.name()?;
                let value = self.value()?;
                self.field(&name, value)
            }
            names::ENTRY => {
                let later = self.step()?;
                let entry = self.standing.entry_later(later);
                self.field(schema::ENTRY, ScalarValue::Bytes(entry))
            }
            names::PROSE => self.prose(),
            names::LETTERS => {
                let obj = self.object()?;
                let place = self.element()?;
                let text = self.text()?;
                self.letters(&obj.ok_or(Refusal::Malformed)?, place, &text)
            }
            names::NAMED.. => {
                if let Some(kind) = names::kind_of(names::RECORD, byte) {
                    self.record(kind)
                } else if let Some(kind) = names::kind_of(names::SPREAD, byte) {
                    self.spread(kind)
                } else {
                    let name = self.name_of(byte)?;
                    let text = self.text()?;
                    self.field(&name, ScalarValue::Str(text.into()))
                }
            }
        }
    }

    fn record(&mut self, kind: Kind) -> Result<(), Refusal> {
        let id = self.id()?;
        let place = Place { kind, id };
        let make = OpType::Make(ObjType::Map);
        let key = Key::Map(place.key().into());
        self.standing.begin(place, true);
        self.push(ObjectId::Root, key, make)
    }

    fn spread(&mut self, kind: Kind) -> Result<(), Refusal> {
        let id = if kind == Kind::Person {
            RecordId::ZERO
        } else {
            self.id()?
        };
        self.standing.begin(Place { kind, id }, false);
        Ok(())
    }

    fn field(&mut self, name: &str, value: ScalarValue) -> Result<(), Refusal> {
        let (obj, key) = match &self.standing.target {
            Target::Map(number) => (self.own(*number)?, name.into()),
            Target::Root(prefix) => (ObjectId::Root, format!("{prefix}{name}").into()),
        };
        self.push(obj, Key::Map(key), OpType::Put(value))
    }

    fn prose(&mut self) -> Result<(), Refusal> {
        let name = self.name()?;
        let text = self.text()?;
        let Target::Map(map) = self.standing.target else {
            return Err(Refusal::Malformed);
        };
        let own = self.own(self.standing.next)?;
        let make = OpType::Make(ObjType::Text);
        self.push(self.own(map)?, Key::Map(name.into()), make)?;
        self.letters(&own, ElementId::Head, &text)
    }

    fn letters(
        &mut self,
        text: &ObjectId,
        mut place: ElementId,
        letters: &str,
    ) -> Result<(), Refusal> {
        let own = self.actors.first().ok_or(Refusal::Malformed)?.clone();
        for letter in letters.chars() {
            let next = ElementId::Id(OpId(self.standing.next, own.clone()));
            let mut utf8 = [0; 4];
            let letter: &str = letter.encode_utf8(&mut utf8);
            let put = OpType::Put(ScalarValue::Str(letter.into()));
            let key = Key::Seq(std::mem::replace(&mut place, next));
            self.add(Op {
                action: put,
                obj: text.clone(),
                key,
                pred: SortedVec::new(),
                insert: true,
            })?;
        }
        Ok(())
    }

    fn other(&mut self) -> Result<(), Refusal> {
        let [marks] = self.array()?;
        let obj = self.object()?.unwrap_or(ObjectId::Root);
        let [is_element] = self.array()?;
        let key = match is_element {
            0 => Key::Map(self.name()?.into()),
            _ => Key::Seq(self.element()?),
        };
        let preds = self.named()?;
        let preds = (0..preds).map(|_| self.earlier()?.ok_or(Refusal::Malformed));
        let pred: SortedVec<OpId> = preds.collect::<Result<Vec<_>, _>>()?.into();
        let action = match marks & !writer::INSERT {
            writer::MAKE_MAP => OpType::Make(ObjType::Map),
            writer::MAKE_TEXT => OpType::Make(ObjType::Text),
            writer::PUT => OpType::Put(self.value()?),
            writer::DELETE => OpType::Delete,
            _ => return Err(Refusal::Malformed),
        };
        let insert = marks & writer::INSERT != 0;
        self.add(Op {
            action,
            obj,
            key,
            pred,
            insert,
        })
    }

    fn push(&mut self, obj: ObjectId, key: Key, action: OpType) -> Result<(), Refusal> {
        self.add(Op {
            action,
            obj,
            key,
            pred: SortedVec::new(),
            insert: false,
        })
    }

    fn add(&mut self, op: Op) -> Result<(), Refusal> {
        if self.operations.len() >= OPERATIONS_MAX {
            return Err(Refusal::TooMany("operations"));
        }
        self.operations.push(op);
        self.standing.next = self.standing.next.wrapping_add(1);
        Ok(())
    }

    fn own(&self, number: u64) -> Result<ObjectId, Refusal> {
        let own = self.actors.first().ok_or(Refusal::Malformed)?;
        Ok(ObjectId::Id(OpId(number, own.clone())))
    }

    /// None is the root.
    fn object(&mut self) -> Result<Option<ObjectId>, Refusal> {
        let from = self.standing.first;
        Ok(self.before(from)?.map(ObjectId::Id))
    }

    fn element(&mut self) -> Result<ElementId, Refusal> {
        Ok(self.earlier()?.map_or(ElementId::Head, ElementId::Id))
    }

    fn earlier(&mut self) -> Result<Option<OpId>, Refusal> {
        self.before(self.standing.next)
    }

    fn before(&mut self, from: u64) -> Result<Option<OpId>, Refusal> {
        let Some(place) = self.number()?.checked_sub(1) else {
            return Ok(None);
        };
        let actor = usize::try_from(place).ok();
        let actor = actor.and_then(|it| self.actors.get(it)).cloned();
        let actor = actor.ok_or(Refusal::Malformed)?;
        let number = from.cast_signed().wrapping_sub(self.step()?);
        Ok(Some(OpId(number.cast_unsigned(), actor)))
    }

    fn name(&mut self) -> Result<String, Refusal> {
        let [byte] = self.array()?;
        self.name_of(byte)
    }

    fn name_of(&mut self, byte: u8) -> Result<String, Refusal> {
        if byte == names::NAMED {
            return self.text();
        }
        let name = names::field_of(byte).ok_or(Refusal::Malformed)?;
        Ok(name.to_owned())
    }

    fn text(&mut self) -> Result<String, Refusal> {
        let end = self.left.iter().position(|it| *it == writer::END);
        let text = self.take(end.ok_or(Refusal::Malformed)?)?;
        let [_] = self.array()?;
        Ok(text)
    }

    fn take(&mut self, length: usize) -> Result<String, Refusal> {
        let bytes = self.bytes(length)?.to_vec();
        String::from_utf8(bytes).or(Err(Refusal::Malformed))
    }

    fn value(&mut self) -> Result<ScalarValue, Refusal> {
        let [holds] = self.array()?;
        Ok(match holds {
            writer::NULL => ScalarValue::Null,
            writer::FALSE => ScalarValue::Boolean(false),
            writer::TRUE => ScalarValue::Boolean(true),
            writer::NUMBER => ScalarValue::Uint(self.number()?),
            writer::WORDS => {
                let length = self.length()?;
                ScalarValue::Str(self.take(length)?.into())
            }
            writer::BYTES => {
                let length = self.length()?;
                ScalarValue::Bytes(self.bytes(length)?.to_vec())
            }
            writer::OWN_RECORD => {
                let place = self.length()?;
                let id = self.standing.records.get(place);
                let id = id.ok_or(Refusal::Malformed)?;
                ScalarValue::Bytes(id.as_bytes().to_vec())
            }
            writer::ID => ScalarValue::Bytes(self.id()?.as_bytes().to_vec()),
            _ => return Err(Refusal::Malformed),
        })
    }

    fn id(&mut self) -> Result<RecordId, Refusal> {
        let near = match self.step()? {
            0 => Near::Far(self.step()?, self.array()?),
            step => Near::Step(step),
        };
        self.standing.id(near).ok_or(Refusal::Malformed)
    }

    fn deps(&mut self) -> Result<Vec<ChangeHash>, Refusal> {
        (0..self.named()?).map(|_| self.dep()).collect()
    }

    fn dep(&mut self) -> Result<ChangeHash, Refusal> {
        let cut = self.array::<{ follows::CUT_LEN }>()?;
        let mut hash = [0; 32];
        hash.iter_mut().zip(cut).for_each(|(to, it)| *to = it);
        Ok(ChangeHash(hash))
    }

    fn named(&mut self) -> Result<u64, Refusal> {
        let count = self.number()?;
        if count > NAMED_MAX {
            return Err(Refusal::TooMany("changes or sessions named"));
        }
        Ok(count)
    }

    fn length(&mut self) -> Result<usize, Refusal> {
        usize::try_from(self.number()?).or(Err(Refusal::Malformed))
    }

    fn step(&mut self) -> Result<i64, Refusal> {
        let it = self.number()?;
        Ok((it >> 1).cast_signed() ^ -(it & 1).cast_signed())
    }

    fn number(&mut self) -> Result<u64, Refusal> {
        let mut number = 0_u64;
        for shift in (0..64).step_by(7) {
            let [byte] = self.array()?;
            number |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Ok(number);
            }
        }
        Err(Refusal::Malformed)
    }

    fn bytes(&mut self, length: usize) -> Result<&[u8], Refusal> {
        let (bytes, left) = self
            .left
            .split_at_checked(length)
            .ok_or(Refusal::Malformed)?;
        self.left = left;
        Ok(bytes)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], Refusal> {
        let (bytes, left) = self.left.split_first_chunk().ok_or(Refusal::Malformed)?;
        self.left = left;
        Ok(*bytes)
    }
}
