//! A thin change packed after what its document says already. What it follows stands before
//! the block, so that the document can find what it was packed after.

use automerge::ChangeHash;

use super::{Around, THIN, block, reader, whole, writer};
use crate::{
    doc::prescan::Refusal,
    ids::{LogId, UserId},
    time::{Moment, Timestamp},
};

/// Begins what stands in this form.
pub(super) const AFTER: u8 = 2;

/// A change that its document has yet to unpack.
pub(in crate::doc) struct After<'a> {
    around: Around,
    /// The first bytes of its hash, and of those of what it follows.
    head: &'a [u8],
    deps: Vec<ChangeHash>,
    length: u64,
    block: &'a [u8],
}

/// A thin change, packed after what was said; none where it would not be shorter.
pub(in crate::doc) fn thin_after(
    body: &[u8],
    said: &[u8],
    around: &Around,
) -> Option<Vec<u8>> {
    let (&THIN, thin) = body.split_first()? else {
        return None;
    };
    let (_, plain) = reader::follows(thin, around).ok()?;
    let head = thin.get(..thin.len() - plain.len())?;
    let block = block::pack(plain, said)?;
    let comes_back = block::unpack(&block, plain.len() as u64, said)? == plain;
    let mut packed = [&[AFTER], head].concat();
    writer::number(plain.len() as u64, &mut packed);
    packed.extend(block);
    (comes_back && packed.len() < body.len()).then_some(packed)
}

/// A body of this form with what its envelope says: as the document takes it.
pub(super) fn offered(packed: &[u8], around: &Around) -> Vec<u8> {
    let Around {
        actor,
        user,
        log,
        wall,
    } = around;
    let parts: [&[u8]; 7] = [
        &[AFTER],
        actor,
        user.as_bytes(),
        log.as_bytes(),
        &wall.at.0.to_be_bytes(),
        &wall.offset_minutes.to_be_bytes(),
        packed,
    ];
    parts.concat()
}

impl<'a> After<'a> {
    /// What a document is offered, if it is of this form.
    pub(in crate::doc) fn read(offered: &'a [u8]) -> Option<Result<Self, Refusal>> {
        let (&AFTER, rest) = offered.split_first()? else {
            return None;
        };
        Some(Self::read_rest(rest))
    }

    /// The session that wrote it.
    pub(in crate::doc) const fn actor(&self) -> [u8; 16] {
        self.around.actor
    }

    /// The changes that it follows, by cut hashes.
    pub(in crate::doc) fn deps(&self) -> &[ChangeHash] {
        &self.deps
    }

    /// The change, its deps still cut.
    pub(in crate::doc) fn unpack(&self, said: &[u8]) -> Result<Vec<u8>, Refusal> {
        let plain = block::unpack(self.block, self.length, said);
        let plain = plain.ok_or(Refusal::Malformed)?;
        whole(&[&[THIN], self.head, &plain].concat(), &self.around)
    }

    fn read_rest(mut rest: &'a [u8]) -> Result<Self, Refusal> {
        let around = Around {
            actor: take(&mut rest)?,
            user: UserId::from_bytes(take(&mut rest)?),
            log: LogId::from_bytes(take(&mut rest)?),
            wall: Moment {
                at: Timestamp(i64::from_be_bytes(take(&mut rest)?)),
                offset_minutes: i16::from_be_bytes(take(&mut rest)?),
            },
        };
        let (deps, packed) = reader::follows(rest, &around)?;
        let head = rest.get(..rest.len() - packed.len());
        let (length, block) = reader::number(packed, &around)?;
        Ok(Self {
            around,
            head: head.ok_or(Refusal::Malformed)?,
            deps,
            length,
            block,
        })
    }
}

fn take<const N: usize>(bytes: &mut &[u8]) -> Result<[u8; N], Refusal> {
    let (taken, rest) = bytes.split_first_chunk().ok_or(Refusal::Malformed)?;
    *bytes = rest;
    Ok(*taken)
}
