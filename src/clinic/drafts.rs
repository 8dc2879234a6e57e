//! Drafts: what was typed and not yet saved, sealed under its author's key, and the mark on
//! the lock screen that says that there is one.

use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::{Clinic, Error, Session, put_row, read_row, row};
use crate::{
    ids::UserId,
    seal::{self, Secret, derive},
    store::MetaWrite,
    time::Timestamp,
};

/// The mark of a draft, readable while locked: what kind of thing it is, no patient data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unfinished {
    /// The draft's kind, such as `note` or `registration`.
    pub kind: String,
    /// When it was last typed in.
    pub at: Timestamp,
}

/// The longest draft, in bytes: a note of some hundred pages.
const DRAFT_BYTES_MAX: usize = 512 * 1024;

impl Clinic {
    /// What a user left unfinished on this machine.
    pub(super) fn unfinished(&self, user: UserId) -> Result<Vec<Unfinished>, Error> {
        let prefix = format!("{}{user}/", row::UNFINISHED);
        let mut marks = Vec::new();
        for name in self.store.meta_names(&prefix)? {
            let draft: Option<Draft> = read_row(&self.store, &name)?;
            marks.extend(draft.map(|it| it.mark));
        }
        marks.sort_by_key(|it| std::cmp::Reverse(it.at));
        Ok(marks)
    }
}

/// A draft as kept: its mark for everybody, its text for its author.
#[derive(Serialize, Deserialize)]
struct Draft {
    mark: Unfinished,
    sealed: Vec<u8>,
}

impl Session {
    /// Keeps a draft of this kind; it is on the disk when this returns. It takes the place of
    /// the one before.
    pub fn save_draft(&mut self, kind: &str, text: &[u8]) -> Result<(), Error> {
        if text.len() > DRAFT_BYTES_MAX {
            return Err(Error::Refused(format!(
                "a draft holds {DRAFT_BYTES_MAX} bytes at most"
            )));
        }
        let name = self.draft_name(kind);
        let key = self.draft_key();
        let mark = Unfinished {
            kind: kind.to_owned(),
            at: self.clinic.clock.now(),
        };
        let mut desk = self.clinic.desk();
        let sealed = seal::seal_row(&key, &mut *desk.entropy, name.as_bytes(), text);
        let row = put_row(name, &Draft { mark, sealed });
        Ok(self.clinic.store.append(&[], &[row])?)
    }

    /// The draft of this kind, if there is one.
    pub fn load_draft(&self, kind: &str) -> Result<Option<Zeroizing<Vec<u8>>>, Error> {
        let name = self.draft_name(kind);
        let Some(draft) = self.clinic.read_row::<Draft>(&name)? else {
            return Ok(None);
        };
        let opened = seal::open_row(&self.draft_key(), name.as_bytes(), &draft.sealed);
        opened
            .map(Some)
            .map_err(|source| Error::damaged("a draft", source))
    }

    /// Forgets the draft of this kind.
    pub fn drop_draft(&mut self, kind: &str) -> Result<(), Error> {
        let name = self.draft_name(kind);
        if self.clinic.store.meta(&name)?.is_none() {
            return Ok(());
        }
        Ok(self
            .clinic
            .store
            .append(&[], &[MetaWrite::Remove { name }])?)
    }

    /// What the user left unfinished here, the newest first.
    pub fn drafts(&self) -> Result<Vec<Unfinished>, Error> {
        self.clinic.unfinished(self.user)
    }

    fn draft_name(&self, kind: &str) -> String {
        format!("{}{}/{kind}", row::UNFINISHED, self.user)
    }

    fn draft_key(&self) -> Secret {
        let secrets = self.keys.carry.secret();
        derive(
            "cairn/draft/v1",
            &[secrets.as_bytes(), self.device.local.as_bytes()],
        )
    }
}
