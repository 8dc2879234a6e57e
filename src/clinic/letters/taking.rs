//! Taking a letter: who may read it, whether it is whole and for whom, and that it is taken once.

use std::{collections::BTreeSet, fs::File, io::Read as _, path::Path};

use serde_json::Value;

use super::{
    answered,
    kept::{About, Ended, Head, Kept, check_room},
    listed::ReceivedRow,
    received::{entries, parsed, summary_of, uuid_of},
};
use crate::{
    chart::{Edit, Record, ReferralStatus, Subject, Way, who::Action},
    clinic::{AuditAction, AuditObject, Error, Session, audit::cut},
    exchange::fhir,
    ids::{PatientId, RecordId},
    members::{self, LETTER_FILE_BYTES_MAX, Letter, Says},
    seal,
    time::{Moment, Timestamp, When},
};

/// How far in milliseconds the clock of whom an answer is from may be ahead: a day. By it a
/// later answer is known from an earlier one.
const AHEAD_MS_MAX: i64 = 24 * 60 * 60 * 1000;

/// What became of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TakenLetter {
    /// The letter.
    pub row: ReceivedRow,
    /// Whether it was taken before.
    pub known: bool,
}

impl Session {
    /// Takes a letter from a file. It waits for a person, sealed in the home; an answer goes
    /// to the referral that it answers. Taken again it changes nothing. That it was taken, or
    /// refused and why, is in the audit.
    pub fn take_letter(&mut self, file: &Path) -> Result<TakenLetter, Error> {
        self.may(Action::Import)?;
        self.settle()?;
        let opened = self.open_letter(file);
        let taken = opened.and_then(|(bytes, letter)| {
            let id = letter.id;
            Ok((self.take_opened(bytes, letter)?, id))
        });
        match taken {
            Ok((taken, id)) => {
                let object = AuditObject::Letter(id, String::new());
                self.audit(AuditAction::LetterTaken, object)?;
                Ok(taken)
            }
            Err(Error::Refused(why)) => {
                let object = AuditObject::Letter(RecordId::ZERO, cut(&why));
                self.audit(AuditAction::LetterRefused, object)?;
                Err(Error::Refused(why))
            }
            Err(error) => Err(error),
        }
    }

    /// The letter in a file, if it is whole, signed, and for this user from another clinic.
    fn open_letter(&self, file: &Path) -> Result<(Vec<u8>, Letter), Error> {
        let refused = |why: &str| Error::Refused(format!("`{}`: {why}", file.display()));
        let opened = File::open(file).map_err(|error| refused(&error.to_string()))?;
        let mut bytes = Vec::new();
        opened
            .take(LETTER_FILE_BYTES_MAX as u64 + 1)
            .read_to_end(&mut bytes)
            .map_err(|error| refused(&error.to_string()))?;
        let plain = Letter::unseal(&self.keys.carry, &bytes).map_err(|error| {
            refused(match error {
                members::Error::Seal(seal::Error::NotForThisKey) => {
                    "it is sealed to another card than yours"
                }
                members::Error::TooLarge { .. } => "it is larger than a letter may be",
                members::Error::Seal(_)
                | members::Error::Malformed(_)
                | members::Error::Unknown { .. }
                | members::Error::OtherClinic => {
                    "it is no letter, or was damaged or broken off on its way"
                }
            })
        })?;
        let letter = Letter::open(&plain).map_err(|error| match error {
            members::Error::Unknown { .. } => refused("it was made by a newer Cairn"),
            members::Error::Seal(_) => {
                refused("it is not signed by the card that stands in it: it is forged")
            }
            members::Error::Malformed(rule) => {
                refused(&format!("what stands in it is not whole: {rule}"))
            }
            members::Error::TooLarge { .. } | members::Error::OtherClinic => {
                refused("what stands in it is not whole")
            }
        })?;
        if letter.to != self.keys.signing.public() {
            return Err(refused("it was written to somebody else, who passed it on"));
        }
        if letter.from.about().clinic == self.clinic.id() {
            return Err(refused("it is from this clinic itself"));
        }
        Ok((plain.to_vec(), letter))
    }

    fn take_opened(
        &mut self,
        bytes: Vec<u8>,
        letter: Letter,
    ) -> Result<TakenLetter, Error> {
        let cards = self.cards()?;
        let kept = self.letters_kept()?.heads;
        if let Some(same) = kept.iter().find(|it| it.about.hash == letter.hash) {
            let row = same.row(&cards);
            return Ok(TakenLetter { row, known: true });
        }
        let key = letter.from.about().key;
        let is_theirs = |it: &&Head| it.about.key == *key.as_bytes();
        if kept
            .iter()
            .filter(is_theirs)
            .any(|it| it.about.id == letter.id)
        {
            let why = "another letter of theirs with this name was taken: ask them anew";
            return Err(Error::Refused(why.to_owned()));
        }
        check_room(&kept, bytes.len())?;
        if let Some(summary) = summary_of(&letter.says) {
            check_summary(summary, &letter.says)?;
        }
        let now = self.now_at_least();
        let mut new = Kept {
            bytes,
            head: Head {
                about: About::of(&letter),
                taken: self.clinic.clock.now(),
                end: None,
                file_bytes: 0,
            },
        };
        match &letter.says {
            Says::Referral { .. } => {}
            Says::Answer { .. } => {
                let (patient, why) = self.link_answer(&letter)?;
                new.end(Ended::Linked(patient), now, why);
            }
            Says::Snapshot { until, .. } if *until <= now => {
                let why = "what it holds was to be held until a day that is past";
                return Err(Error::Refused(why.to_owned()));
            }
            Says::Snapshot { .. } => {
                self.replace_snapshot(&new.head, kept)?;
            }
        }
        self.keep_letter(&new)?;
        let row = new.head.row(&cards);
        Ok(TakenLetter { row, known: false })
    }

    /// Lets a snapshot go in whose place a newer one comes.
    fn replace_snapshot(&self, new: &Head, kept: Vec<Head>) -> Result<(), Error> {
        let Some(series) = new.series() else {
            return Ok(());
        };
        let same =
            |it: &Head| it.about.key == new.about.key && it.series() == Some(series);
        for old in kept.into_iter().filter(|it| it.end.is_none() && same(it)) {
            if old.about.made >= new.about.made {
                let why = "a newer one is held already";
                return Err(Error::Refused(why.to_owned()));
            }
            self.keep_letter(&old.ended(Ended::Replaced, new.taken, ""))?;
        }
        Ok(())
    }

    /// Writes an answer to the referral that it answers, if it is from whom the patient was
    /// sent to. One that is older than what stands there changes nothing, and why is told.
    fn link_answer(
        &mut self,
        letter: &Letter,
    ) -> Result<(PatientId, &'static str), Error> {
        let Says::Answer {
            to,
            whose,
            outcome,
            note,
        } = &letter.says
        else {
            return Err(Error::Refused("it is no answer".to_owned()));
        };
        let unknown = || {
            Error::Refused("it answers a referral that is not on file here".to_owned())
        };
        if !self.is_on_file(*whose) {
            return Err(unknown());
        }
        let sent = self.referrals(*whose)?.into_iter();
        let mut sent = sent.filter(|it| it.way == Way::Sent);
        let before = sent.find(|it| it.letter == Some(*to)).ok_or_else(unknown)?;
        let card = self.card_of(before.card)?;
        if card.card.about().key != letter.from.about().key {
            let why = "it is not from whom the patient was sent to";
            return Err(Error::Refused(why.to_owned()));
        }
        if letter.made > Timestamp(self.now_at_least().0.saturating_add(AHEAD_MS_MAX)) {
            let why = "it says that it is from a day to come: ask them for another";
            return Err(Error::Refused(why.to_owned()));
        }
        let at = When::At(Moment {
            at: letter.made,
            offset_minutes: 0,
        });
        let is_later = before
            .replied
            .is_some_and(|it| it.sort_key() >= letter.made);
        if is_later {
            return Ok((*whose, "a later answer stands there already"));
        }
        let status = match outcome {
            1 => ReferralStatus::Accepted,
            2 => ReferralStatus::Declined,
            _ => ReferralStatus::Completed,
        };
        let after = answered(&before, status, (note, at));
        let edit = Edit::change(Record::Referral(before), Record::Referral(after));
        self.save(Subject::Patient(*whose), vec![edit])?;
        Ok((*whose, ""))
    }
}

/// That a summary can be read to its end, and is of one person: whom the letter says.
fn check_summary(summary: &[u8], says: &Says) -> Result<(), Error> {
    fhir::check("the summary in it", summary)
        .map_err(|it| Error::Refused(format!("the summary in it is not taken: {it}")))?;
    let bundle = parsed(summary)?;
    let patients: BTreeSet<&str> = entries(&bundle)
        .filter(|it| it.get("resourceType").is_some_and(|it| it == "Patient"))
        .map(|it| it.get("id").and_then(Value::as_str).unwrap_or_default())
        .collect();
    let is_one = patients.len() == 1;
    let is_theirs = match says {
        Says::Referral { whose, .. } => {
            patients.contains(uuid_of(*whose.as_bytes()).as_str())
        }
        Says::Answer { .. } | Says::Snapshot { .. } => true,
    };
    if !is_one || !is_theirs {
        let why = "the summary in it is not of the one person that the letter is about";
        return Err(Error::Refused(why.to_owned()));
    }
    Ok(())
}
