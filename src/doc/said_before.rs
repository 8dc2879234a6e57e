//! What a document said before a change, as the change is packed after.

use std::collections::BTreeMap;

use automerge::{Automerge, Change, ChangeHash, ReadDoc as _};

use crate::doc::{
    guard,
    thin::{SAID_BYTES_MAX, said},
};

/// Most changes, one before the other, of which it is told.
const CHANGES_MAX: usize = 8;

/// Most changes of which a document remembers what they said.
const REMEMBERED_MAX: usize = 64;

/// What changes of a document said, as far as it was asked for.
#[derive(Clone, Default)]
pub(super) struct Remembered(BTreeMap<ChangeHash, Said>);

/// What changes said, those of a document and others that were read beside it.
pub(super) struct SaidBefore<'d> {
    doc: &'d Automerge,
    heard: BTreeMap<ChangeHash, Change>,
    said: &'d mut Remembered,
}

/// The end of what one change said, and the first of those that it follows.
#[derive(Clone, Default)]
struct Said {
    text: Vec<u8>,
    after: Option<ChangeHash>,
}

impl Remembered {
    /// Remembers what a change said that is the next to be followed.
    pub(super) fn remember(&mut self, change: &Change) {
        if self.0.len() >= REMEMBERED_MAX {
            self.0.clear();
        }
        self.0.insert(change.hash(), Said::by(change));
    }
}

impl Said {
    /// What it said; nothing where that cannot be read.
    fn by(change: &Change) -> Self {
        let told = guard::guarded(|| {
            let mut text = said(&change.decode());
            Self {
                text: text.split_off(text.len().saturating_sub(SAID_BYTES_MAX)),
                after: change.deps().first().copied(),
            }
        });
        told.unwrap_or_default()
    }
}

impl<'d> SaidBefore<'d> {
    pub(super) fn new(doc: &'d Automerge, said: &'d mut Remembered) -> Self {
        if said.0.len() > REMEMBERED_MAX {
            said.0.clear();
        }
        Self {
            doc,
            heard: BTreeMap::new(),
            said,
        }
    }

    /// Hears a change that the document does not hold.
    pub(super) fn hear(&mut self, change: &Change) {
        self.heard.insert(change.hash(), change.clone());
    }

    /// What was said up to this change: by it, by the first of those that it follows, and so
    /// on; the latest last.
    pub(super) fn before(&mut self, last: Option<&ChangeHash>) -> Vec<u8> {
        let mut parts = Vec::new();
        let mut room = SAID_BYTES_MAX;
        let mut next = last.copied();
        while let Some(hash) = next.filter(|_| room > 0 && parts.len() < CHANGES_MAX) {
            let Said { mut text, after } = self.of(hash);
            let text = text.split_off(text.len().saturating_sub(room));
            room -= text.len();
            parts.push(text);
            next = after;
        }
        parts.reverse();
        parts.concat()
    }

    fn of(&mut self, hash: ChangeHash) -> Said {
        if let Some(known) = self.said.0.get(&hash) {
            return known.clone();
        }
        let held = || guard::guarded(|| self.doc.get_change_by_hash(&hash)).flatten();
        let Some(change) = self.heard.get(&hash).cloned().or_else(held) else {
            return Said::default();
        };
        let said = Said::by(&change);
        self.said.0.insert(hash, said.clone());
        said
    }
}
