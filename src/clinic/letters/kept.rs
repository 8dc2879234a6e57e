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
/// The most bytes of them: anybody who has the user's card can write one.
const WAITING_BYTES_MAX: usize = 64 * 1024 * 1024;
/// The largest file: a letter, and what is kept beside it.
const FILE_BYTES_MAX: usize = LETTER_FILE_BYTES_MAX + 64 * 1024;

/// A letter as it is kept.
#[derive(Serialize, Deserialize)]
pub(super) struct Kept {
    /// The letter with its signature; nothing once it is not needed any more.
    pub(super) bytes: Vec<u8>,
    pub(super) head: Head,
}

/// What is held of each letter while all are looked through.
#[derive(Serialize, Deserialize)]
pub(super) struct Head {
    pub(super) about: About,
    pub(super) taken: Timestamp,
    pub(super) end: Option<End>,
    /// The length of the file.
    #[serde(skip)]
    pub(super) file_bytes: usize,
}

/// All letters of a user, and the files that cannot be read.
pub(super) struct All {
    pub(super) heads: Vec<Head>,
    pub(super) damaged: Vec<String>,
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
        self.head.end = Some(End {
            what,
            at,
            why: why.to_owned(),
        });
    }
}

impl Head {
    /// The letter as it ended, without what stood in it.
    pub(super) fn ended(self, what: Ended, at: Timestamp, why: &str) -> Kept {
        let mut kept = Kept {
            bytes: Vec::new(),
            head: self,
        };
        kept.end(what, at, why);
        kept
    }
}

impl Session {
    /// The letters that this user took on this machine, the newest first. One at a time is
    /// held whole; a file that cannot be read keeps nobody from the others.
    pub(super) fn letters_kept(&self) -> Result<All, Error> {
        let mut all = All {
            heads: Vec::new(),
            damaged: Vec::new(),
        };
        for name in self.clinic.home.names(SUFFIX)? {
            match self.letter_in(&name) {
                Ok(kept) => all.heads.extend(kept.map(|it| it.head)),
                Err(_) => all.damaged.push(name),
            }
        }
        all.heads
            .sort_by_key(|it| std::cmp::Reverse((it.taken, it.about.id)));
        Ok(all)
    }

    /// The letter of this hash, whole.
    pub(super) fn letter_kept(&self, hash: Hash) -> Result<Kept, Error> {
        let kept = self.letter_in(&name_of(hash))?;
        kept.ok_or_else(|| Error::Missing("letter of this name".to_owned()))
    }

    /// Keeps a letter, on the disk when this returns.
    pub(super) fn keep_letter(&self, kept: &Kept) -> Result<(), Error> {
        let name = name_of(kept.head.about.hash);
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

    /// The letter in a file; none where it is another user's.
    fn letter_in(&self, name: &str) -> Result<Option<Kept>, Error> {
        let bytes_max = FILE_BYTES_MAX as u64;
        let Some(sealed) = self.clinic.home.read(name, bytes_max)? else {
            return Ok(None);
        };
        match seal::unwrap(&self.keys.carry, &sealed, FILE_BYTES_MAX) {
            Err(seal::Error::NotForThisKey) => Ok(None),
            Err(error) => Err(Error::damaged(format!("the file {name}"), error)),
            Ok(plain) => {
                let mut kept: Kept = postcard::from_bytes(&plain)
                    .map_err(|error| Error::damaged(format!("the file {name}"), error))?;
                kept.head.file_bytes = sealed.len();
                Ok(Some(kept))
            }
        }
    }
}

/// That one more letter of this length may wait beside the others.
pub(super) fn check_room(heads: &[Head], bytes: usize) -> Result<(), Error> {
    let waiting = || heads.iter().filter(|it| it.end.is_none());
    let held: usize = waiting().map(|it| it.file_bytes).sum();
    if waiting().count() >= WAITING_MAX || held.saturating_add(bytes) > WAITING_BYTES_MAX
    {
        let why = "1,000 letters or 64 MiB of them wait already: decide about some first";
        return Err(Error::Refused(why.to_owned()));
    }
    Ok(())
}

fn name_of(letter: Hash) -> String {
    let digits: String = letter.to_string().chars().take(32).collect();
    format!("{digits}{SUFFIX}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head(file_bytes: usize, end: Option<End>) -> Head {
        Head {
            about: About {
                id: RecordId::ZERO,
                hash: Hash::ZERO,
                key: [0; 32],
                name: String::new(),
                clinic_name: String::new(),
                made: Timestamp(0),
                kind: Kind::Answer,
            },
            taken: Timestamp(0),
            end,
            file_bytes,
        }
    }

    #[test]
    fn what_waits_has_a_limit_of_letters_and_of_bytes_and_what_ended_does_not_count() {
        let waiting = |letters: usize, bytes: usize| -> Vec<Head> {
            (0..letters).map(|_| head(bytes, None)).collect()
        };
        assert!(check_room(&waiting(999, 4_096), 4_096).is_ok());
        assert!(check_room(&waiting(1_000, 4_096), 4_096).is_err());
        let large = 4 * 1024 * 1024;
        assert!(check_room(&waiting(15, large), large).is_ok());
        assert!(check_room(&waiting(16, large), 1).is_err());
        let ended = End {
            what: Ended::Rejected,
            at: Timestamp(0),
            why: String::new(),
        };
        let mut some = waiting(15, large);
        some.push(head(large, Some(ended)));
        assert!(check_room(&some, large).is_ok());
    }
}
