//! Letters that came: taken from a file, held until a person decides, and accepted into a chart
//! that this person names.

use std::fmt;

use serde_json::{Map, Value};

use super::{
    called,
    kept::{Ended, Kept},
    listed::ReceivedRow,
};
use crate::{
    chart::{Entry, Person, Record, Referral, ReferralStatus, Way, who::Action},
    clinic::{
        AuditAction, AuditObject, CardRow, Error, Found, Imported, Session, Source,
        audit::cut, import::Manner, shares::check_card,
    },
    exchange::fhir::{
        self,
        out::{self, Directory, Piece},
    },
    ids::{Hash, PatientId, RecordId},
    members::{Letter, Says, Verified},
    seal::names,
    time::Moment,
};

/// How many digits of a letter's name are enough to say which one is meant.
const DIGITS_ENOUGH: usize = 4;

/// A letter that came, with what stands in it.
#[derive(Clone)]
pub struct ReceivedLetter {
    /// The letter in the list.
    pub row: ReceivedRow,
    /// The eight words of its sender's card.
    pub words: Vec<&'static str>,
    /// What is asked.
    pub question: String,
    /// Of whom it is, as it says.
    pub person: Option<Person>,
    /// Who on file may be that person.
    pub alike: Vec<Found>,
    /// The sections of the summary: title and words.
    pub sections: Vec<(String, String)>,
}

/// Who the person in a letter is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Match {
    /// Somebody on file, as a person decided.
    Patient(PatientId),
    /// Somebody new.
    New,
}

/// What an acceptance brought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// Whose chart.
    pub patient: PatientId,
    /// The referral in it.
    pub referral: RecordId,
    /// What was added.
    pub imported: Imported,
}

impl Session {
    /// The letters that this user took on this machine, the newest first. What may no longer
    /// be held goes.
    pub fn received(&mut self) -> Result<Vec<ReceivedRow>, Error> {
        self.may(Action::Import)?;
        let now = self.now_at_least();
        let cards = self.cards()?;
        let all = self.letters_kept()?;
        let mut rows = Vec::new();
        for mut head in all.heads {
            if head.is_over(now) {
                let over = head.ended(Ended::Expired, now, "");
                self.keep_letter(&over)?;
                head = over.head;
            }
            rows.push(head.row(&cards));
        }
        rows.extend(all.damaged.iter().map(|it| ReceivedRow::damaged(it)));
        Ok(rows)
    }

    /// A letter with what stands in it, and who on file may be its person. This is a search.
    pub fn received_letter(&mut self, name: &str) -> Result<ReceivedLetter, Error> {
        self.received()?;
        self.settle()?;
        let kept = self.letter_named(name)?;
        let row = kept.head.row(&self.cards()?);
        let letter = kept.letter()?;
        let summary = summary_of(&letter.says);
        let person = summary.and_then(person_in);
        let alike = person.as_ref().map_or_else(Vec::new, |it| self.alike(it));
        self.search_audited(alike.len())?;
        let question = match &letter.says {
            Says::Referral { question, .. } => question.clone(),
            Says::Answer { note, .. } => note.clone(),
            Says::Snapshot { .. } => String::new(),
        };
        Ok(ReceivedLetter {
            row,
            words: letter.from.words(),
            question,
            person,
            alike,
            sections: summary.map_or_else(Vec::new, fhir::sections_in_words),
        })
    }

    /// Keeps the card of whom a letter is from, and how somebody made sure that it is theirs.
    pub fn know_sender(&mut self, name: &str, verified: Verified) -> Result<(), Error> {
        let letter = self.letter_named(name)?.letter()?;
        self.keep_card(&letter.from, verified)
    }

    /// Accepts a referral into the chart of whom a person says it is of. Each record names
    /// the clinic that it is from; who the person is does not change by it.
    pub fn accept_letter(&mut self, name: &str, who: Match) -> Result<Decision, Error> {
        self.may(Action::Import)?;
        self.settle()?;
        let mut kept = self.letter_waiting(name)?;
        let letter = kept.letter()?;
        let card = self.sender_of(&letter)?;
        let Says::Referral { summary, whose, .. } = &letter.says else {
            let why = "only a referral is accepted; what else came is read here";
            return Err(Error::Refused(why.to_owned()));
        };
        let clinic = card.card.about().clinic;
        if clinic != letter.from.about().clinic {
            let why = "the card in it is of another clinic than the one that is kept";
            return Err(Error::Refused(why.to_owned()));
        }
        let source = format!("cairn {clinic}");
        let theirs = uuid_of(*whose.as_bytes());
        let own = names::imported(&source, "Patient", &theirs);
        let own = PatientId::from_bytes(own);
        let patient = match who {
            Match::New if self.is_on_file(own) => {
                let why = "whom this is of came before: accept it for that patient";
                return Err(Error::Refused(why.to_owned()));
            }
            Match::New => own,
            Match::Patient(patient) => {
                self.may_be(patient, summary)?;
                patient
            }
        };
        let from = called(&card);
        let (referral, bundle) = self.with_referral(&letter, &card)?;
        let held = Source::Held {
            name: "the letter".to_owned(),
            bytes: bundle.into(),
        };
        let referral = uuid_of(*referral.as_bytes());
        let referral = names::imported(&source, "ServiceRequest", &referral);
        let referral = RecordId::from_bytes(referral);
        let manner = Manner {
            source: Some(source),
            whose: Some(patient),
            from,
            referral: Some(referral),
        };
        let imported = self.import_with(&[held], manner, &mut |_| {})?;
        kept.end(Ended::Accepted(patient), self.clinic.clock.now(), "");
        self.keep_letter(&kept)?;
        let object = AuditObject::Letter(letter.id, String::new());
        self.audit(AuditAction::LetterAccepted, object)?;
        Ok(Decision {
            patient,
            referral,
            imported,
        })
    }

    /// Rejects a letter, and says why; what stood in it goes.
    pub fn reject_letter(&mut self, name: &str, why: &str) -> Result<(), Error> {
        self.may(Action::Import)?;
        let mut kept = self.letter_waiting(name)?;
        let why = cut(why);
        if why.is_empty() {
            return Err(Error::Refused("say why it is rejected".to_owned()));
        }
        kept.end(Ended::Rejected, self.clinic.clock.now(), &why);
        self.keep_letter(&kept)?;
        let object = AuditObject::Letter(kept.head.about.id, why);
        self.audit(AuditAction::LetterRejected, object)
    }

    /// The card of whom a letter is from, if it is kept and somebody made sure of it.
    fn sender_of(&self, letter: &Letter) -> Result<CardRow, Error> {
        let key = letter.from.about().key;
        let mut cards = self.cards()?.into_iter();
        let row = cards.find(|it| it.card.about().key == key && !it.replaced);
        let row = row.ok_or_else(|| {
            let why =
                "the card of whom this is from is not kept: compare its words first";
            Error::Refused(why.to_owned())
        })?;
        check_card(&row)?;
        Ok(row)
    }

    /// That a letter may be about a patient on file: not two of birth date, sex and family
    /// name are others.
    fn may_be(&mut self, patient: PatientId, summary: &[u8]) -> Result<(), Error> {
        let here = self.open(patient)?.identity.person;
        let there = person_in(summary);
        let same = here
            .zip(there)
            .is_some_and(|(here, there)| fhir::same_person(&here, &there));
        if !same {
            let why = "two of birth date, sex and family name are others in the letter: \
                       this is somebody else";
            return Err(Error::Refused(why.to_owned()));
        }
        Ok(())
    }

    /// The summary of a letter with the referral itself as one more resource.
    fn with_referral(
        &mut self,
        letter: &Letter,
        card: &CardRow,
    ) -> Result<(RecordId, Vec<u8>), Error> {
        let Says::Referral {
            whose,
            urgent,
            reason,
            question,
            summary,
        } = &letter.says
        else {
            return Err(Error::Refused("it is no referral".to_owned()));
        };
        let made = Moment {
            at: letter.made,
            offset_minutes: 0,
        };
        let record = Record::Referral(Referral {
            entry: Entry::new(letter.id, made, self.user(), self.machine()),
            way: Way::Received,
            letter: Some(letter.id),
            theirs: Some(RecordId::from_bytes(*whose.as_bytes())),
            with: called(card),
            card: Some(Hash::from_bytes(*card.card.id().as_bytes())),
            reason: reason.clone(),
            question: question.clone(),
            urgent: *urgent,
            status: ReferralStatus::Waiting,
            reply: String::new(),
            replied: None,
            visit: None,
        });
        let piece = Piece {
            record,
            raw: None,
            bytes: None,
        };
        let written = out::chart(*whose, &[piece], &Directory::default());
        let mut bundle = parsed(summary)?;
        if let Some(Value::Array(entries)) = bundle.get_mut("entry") {
            // Of two with one id the first counts.
            let written = written.into_iter().map(
                |it| serde_json::json!({ "fullUrl": it.full_url(), "resource": it.body }),
            );
            entries.splice(..0, written);
        }
        Ok((letter.id, serde_json::to_vec(&bundle).unwrap_or_default()))
    }

    fn letter_named(&self, name: &str) -> Result<Kept, Error> {
        let digits = name.to_ascii_lowercase();
        let mut found = self.letters_kept()?.heads.into_iter().filter(|it| {
            digits.len() >= DIGITS_ENOUGH
                && it.about.hash.to_string().starts_with(&digits)
        });
        match (found.next(), found.next()) {
            (Some(one), None) => self.letter_kept(one.about.hash),
            (None, _) => Err(Error::Missing("letter of this name".to_owned())),
            (Some(_), Some(_)) => {
                let why = "this may be more than one letter: say more digits";
                Err(Error::Refused(why.to_owned()))
            }
        }
    }

    fn letter_waiting(&self, name: &str) -> Result<Kept, Error> {
        let kept = self.letter_named(name)?;
        if kept.head.end.is_some() {
            let why = "it was decided about already";
            return Err(Error::Refused(why.to_owned()));
        }
        Ok(kept)
    }
}

pub(super) fn summary_of(says: &Says) -> Option<&[u8]> {
    match says {
        Says::Referral { summary, .. } | Says::Snapshot { summary, .. } => Some(summary),
        Says::Answer { .. } => None,
    }
}

pub(super) fn parsed(summary: &[u8]) -> Result<Map<String, Value>, Error> {
    serde_json::from_slice(summary).map_err(|error| {
        Error::Refused(format!("the summary in it is not taken: {error}"))
    })
}

pub(super) fn entries(bundle: &Map<String, Value>) -> impl Iterator<Item = &Value> {
    let all = bundle.get("entry").and_then(Value::as_array);
    all.into_iter()
        .flatten()
        .filter_map(|it| it.get("resource"))
}

/// The person in a summary.
fn person_in(summary: &[u8]) -> Option<Person> {
    fhir::first_person(summary)
}

pub(super) fn uuid_of(id: [u8; 16]) -> String {
    uuid::Uuid::from_bytes(id).to_string()
}

impl fmt::Debug for ReceivedLetter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ReceivedLetter({:?})", self.row)
    }
}
