//! Drafts: what was typed and not yet saved, sealed under its author's key, and the mark on
//! the lock screen that says that there is one.

use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::{Clinic, Error, Session, put_row, read_row, row};
use crate::{
    ids::{PatientId, RecordId, UserId},
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

/// A draft's text, and when it was kept.
pub type Kept = (Zeroizing<Vec<u8>>, Timestamp);

/// For whom a draft is, and its text.
type Opened = (Option<PatientId>, Zeroizing<Vec<u8>>);

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
    /// Keeps a draft of this kind, for a patient's chart or for none; it is on the disk when
    /// this returns. It takes the place of the one before.
    pub fn save_draft(
        &mut self,
        kind: &str,
        patient: Option<PatientId>,
        text: &[u8],
    ) -> Result<(), Error> {
        if text.len() > DRAFT_BYTES_MAX {
            return Err(Error::Refused(format!(
                "a draft holds {DRAFT_BYTES_MAX} bytes at most"
            )));
        }
        let name = self.draft_name(kind, patient);
        let key = self.draft_key();
        let mark = Unfinished {
            kind: kind.to_owned(),
            at: self.clinic.clock.now(),
        };
        let kept = postcard::to_allocvec(&(patient, text)).map(Zeroizing::new);
        let mut desk = self.clinic.desk();
        let plain = kept.unwrap_or_default();
        let sealed = seal::seal_row(&key, &mut *desk.entropy, name.as_bytes(), &plain);
        let row = put_row(name, &Draft { mark, sealed });
        Ok(self.clinic.store.append(&[], &[row])?)
    }

    /// The draft of this kind for this patient, if there is one, and when it was kept. One
    /// that was typed before its author got new keys is closed to everybody.
    pub fn load_draft(
        &self,
        kind: &str,
        patient: Option<PatientId>,
    ) -> Result<Option<Kept>, Error> {
        self.may_begin()?;
        let name = self.draft_name(kind, patient);
        let Some(draft) = self.clinic.read_row::<Draft>(&name)? else {
            return Ok(None);
        };
        let opened = self.open_draft(&name, &draft)?;
        Ok(opened.map(|(_, text)| (text, draft.mark.at)))
    }

    /// Forgets the draft of this kind for this patient.
    pub fn drop_draft(
        &mut self,
        kind: &str,
        patient: Option<PatientId>,
    ) -> Result<(), Error> {
        let name = self.draft_name(kind, patient);
        if self.clinic.store.meta(&name)?.is_none() {
            return Ok(());
        }
        Ok(self
            .clinic
            .store
            .append(&[], &[MetaWrite::Remove { name }])?)
    }

    /// What the user left unfinished here and for whom, the newest first. What new keys
    /// closed is forgotten, and its mark with it.
    pub fn drafts(&self) -> Result<Vec<(Unfinished, Option<PatientId>)>, Error> {
        self.may_begin()?;
        let mut drafts = Vec::new();
        for name in self.clinic.store.meta_names(&self.draft_prefix())? {
            let Some(draft) = self.clinic.read_row::<Draft>(&name)? else {
                continue;
            };
            if let Some((patient, _)) = self.open_draft(&name, &draft)? {
                drafts.push((draft.mark, patient));
            } else {
                self.clinic
                    .store
                    .append(&[], &[MetaWrite::Remove { name }])?;
            }
        }
        drafts.sort_by_key(|(mark, _)| std::cmp::Reverse(mark.at));
        Ok(drafts)
    }

    /// Whom it is for, and its text; none where other keys sealed it.
    fn open_draft(&self, name: &str, draft: &Draft) -> Result<Option<Opened>, Error> {
        let opened = seal::open_row(&self.draft_key(), name.as_bytes(), &draft.sealed);
        // The row's own check has told damage apart.
        let Ok(plain) = opened else {
            return Ok(None);
        };
        let read: Result<(Option<PatientId>, Vec<u8>), _> = postcard::from_bytes(&plain);
        let (patient, text) = read.map_err(|source| Error::damaged("a draft", source))?;
        Ok(Some((patient, Zeroizing::new(text))))
    }

    fn draft_prefix(&self) -> String {
        format!("{}{}/", row::UNFINISHED, self.user)
    }

    /// The row's name tells the kind and not the patient: it can be read while locked.
    fn draft_name(&self, kind: &str, patient: Option<PatientId>) -> String {
        let prefix = self.draft_prefix();
        match patient {
            None => format!("{prefix}{kind}"),
            Some(patient) => {
                let key = self.draft_key();
                let tag =
                    derive("cairn/draft-tag/v1", &[key.as_bytes(), patient.as_bytes()]);
                let tag = RecordId::from_slice(tag.as_bytes().split_at(RecordId::LEN).0);
                format!("{prefix}{kind}/{}", tag.unwrap_or(RecordId::ZERO))
            }
        }
    }

    fn draft_key(&self) -> Secret {
        let secrets = self.keys.carry.secret();
        derive(
            "cairn/draft/v1",
            &[secrets.as_bytes(), self.device.local.as_bytes()],
        )
    }
}
