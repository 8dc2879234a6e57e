//! Letters that were taken and wait for a person. Each is a file in the home, sealed to its
//! receiver: a letter is to one person, whom its sender chose, and a colleague has no key of
//! it. What is decided about it goes into the chart, which every machine has.

use serde::{Deserialize, Serialize};

use crate::{
    clinic::{Error, Session},
    ids::{Hash, PatientId, RecordId},
    members::{LETTER_FILE_BYTES_MAX, Letter},
    seal,
    time::Timestamp,
};

/// What the files end in.
const SUFFIX: &str = ".letter";
/// The most letters that wait on one machine for one user: a year of a busy clinic.
const WAITING_MAX: usize = 1_000;
/// The largest file: a letter, and what is kept beside it.
const FILE_BYTES_MAX: usize = LETTER_FILE_BYTES_MAX + 64 * 1024;

/// A letter as it is kept.
#[derive(Serialize, Deserialize)]
pub(super) struct Kept {
    /// The letter with its signature; nothing once it is not needed any more.
    pub(super) bytes: Vec<u8>,
    pub(super) about: About,
    pub(super) taken: Timestamp,
    pub(super) end: Option<End>,
}

/// What stays of a letter for the list.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct About {
    pub(super) id: RecordId,
    pub(super) hash: Hash,
    /// The signing key of whom it is from.
    pub(super) key: [u8; 32],
    pub(super) name: String,
    pub(super) clinic_name: String,
    pub(super) made: Timestamp,
    pub(super) kind: Kind,
}

/// What sort of letter it is.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Kind {
    Referral {
        urgent: bool,
        reason: String,
    },
    Answer,
    Snapshot {
        series: RecordId,
        until: Timestamp,
        parts: String,
    },
}

/// What became of a letter.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct End {
    pub(super) what: Ended,
    pub(super) at: Timestamp,
    pub(super) why: String,
}

#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Ended {
    Accepted(PatientId),
    Rejected,
    Linked(PatientId),
    Replaced,
    Expired,
}

impl Kept {
    /// The letter, while it is there.
    pub(super) fn letter(&self) -> Result<Letter, Error> {
        if self.bytes.is_empty() {
            let why = "what stood in this letter is not kept any more";
            return Err(Error::Refused(why.to_owned()));
        }
        Letter::open(&self.bytes).map_err(|error| Error::damaged("a letter", error))
    }

    /// Ends it: what stood in it goes.
    pub(super) fn end(&mut self, what: Ended, at: Timestamp, why: &str) {
        self.bytes.clear();
        self.end = Some(End {
            what,
            at,
            why: why.to_owned(),
        });
    }
}

impl Session {
    /// The letters that this user took on this machine, the newest first.
    pub(super) fn letters_kept(&self) -> Result<Vec<Kept>, Error> {
        let mut all = Vec::new();
        for name in self.clinic.home.names(SUFFIX)? {
            all.extend(self.letter_in(&name)?);
        }
        all.sort_by_key(|it: &Kept| std::cmp::Reverse((it.taken, it.about.id)));
        Ok(all)
    }

    /// Keeps a letter, on the disk when this returns.
    pub(super) fn keep_letter(&self, kept: &Kept) -> Result<(), Error> {
        let name = name_of(kept.about.hash);
        let plain = postcard::to_allocvec(kept)
            .map_err(|error| Error::damaged("a letter", error))?;
        let to = [self.keys.carry.public()];
        let sealed = {
            let mut desk = self.clinic.desk();
            seal::wrap(&to, &plain, &mut *desk.entropy)
        };
        let sealed = sealed.map_err(|error| Error::damaged("a letter", error))?;
        Ok(self.clinic.home.write(&name, &sealed)?)
    }

    /// That one more may wait.
    pub(super) fn room_for_letter(&self) -> Result<(), Error> {
        let kept = self.letters_kept()?;
        let waiting = kept.iter().filter(|it| it.end.is_none());
        if waiting.count() >= WAITING_MAX {
            let why = "1,000 letters wait already: decide about some of them first";
            return Err(Error::Refused(why.to_owned()));
        }
        Ok(())
    }

    /// The letter in a file; none where it is another user's.
    fn letter_in(&self, name: &str) -> Result<Option<Kept>, Error> {
        let bytes_max = FILE_BYTES_MAX as u64;
        let Some(sealed) = self.clinic.home.read(name, bytes_max)? else {
            return Ok(None);
        };
        match seal::unwrap(&self.keys.carry, &sealed, FILE_BYTES_MAX) {
            Err(seal::Error::NotForThisKey) => Ok(None),
            Err(error) => Err(Error::damaged(format!("the file {name}"), error)),
            Ok(plain) => postcard::from_bytes(&plain)
                .map(Some)
                .map_err(|error| Error::damaged(format!("the file {name}"), error)),
        }
    }
}

fn name_of(letter: Hash) -> String {
    let digits: String = letter.to_string().chars().take(32).collect();
    format!("{digits}{SUFFIX}")
}
