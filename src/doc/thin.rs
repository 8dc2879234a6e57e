//! A change as it stands in a payload: what its envelope says already, and what follows from
//! what stands before it, is left out. `docs/design/documents.md` draws it.
//!
//! Automerge's own form comes back from it byte by byte: what a change is, and its hash, does
//! not depend on how it travels. A change that would not come back so stands in automerge's
//! form.

mod after;
mod block;
mod names;
mod reader;
mod said;
mod standing;
mod writer;

use automerge::Change;

pub(super) use self::{
    after::{After, thin_after},
    block::SAID_BYTES_MAX,
    said::said,
};
use crate::{
    doc::{
        follows, guard,
        prescan::{Refusal, prescan},
    },
    ids::{LogId, UserId},
    time::Moment,
};

/// What the envelope of a change says of it already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Around {
    /// The writing session in this document.
    pub actor: [u8; 16],
    /// Whose session it is.
    pub user: UserId,
    /// The log in which it stands.
    pub log: LogId,
    /// The time on the writer's wall clock.
    pub wall: Moment,
}

/// Begins what stands in this form. A change in automerge's own begins with another byte.
const THIN: u8 = 1;

/// The change in as few bytes as its surroundings allow.
pub fn thin(change: &[u8], around: &Around) -> Vec<u8> {
    let folded = guard::guarded(|| {
        let read = Change::try_from(change).ok()?;
        writer::write(&read.decode(), around)
    });
    let thin = folded.flatten().map(|it| [&[THIN], it.as_slice()].concat());
    let cut = follows::cut(change);
    let comes_back = |it: &Vec<u8>| whole(it, around) == cut;
    thin.filter(comes_back).unwrap_or_else(|| change.to_vec())
}

/// The change as its document takes it: in automerge's form, or yet to be unpacked there. The
/// hashes of what it follows are cut: the document in which it is applied has these changes,
/// completes them and then holds the change against its own hash.
pub fn whole(body: &[u8], around: &Around) -> Result<Vec<u8>, Refusal> {
    let thin = match body.split_first() {
        Some((&THIN, thin)) => thin,
        Some((&after::AFTER, packed)) => return Ok(after::offered(packed, around)),
        _ => return Ok(body.to_vec()),
    };
    let (expanded, checksum) = reader::read(thin, around)?;
    let change = guard::guarded(|| Change::from(expanded).raw_bytes().to_vec());
    let mut change = change.ok_or(Refusal::Malformed)?;
    let place = change.get_mut(guard::CHECKSUM).ok_or(Refusal::Malformed)?;
    place.copy_from_slice(&checksum);
    Ok(change)
}

/// The session as which a change was written that a document is offered.
pub fn written_as(offered: &[u8]) -> Result<[u8; 16], Refusal> {
    match After::read(offered) {
        Some(after) => Ok(after?.actor()),
        None => Ok(prescan(offered)?.actor),
    }
}
