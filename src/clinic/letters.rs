//! Letters to providers of other clinics: a patient who is sent to them with a summary, the
//! answer to one who was sent here, and a part of a chart that they may hold for a while. Each
//! is a file that its receiver alone can open.

mod kept;
mod listed;
mod received;
mod taking;

use std::{
    collections::BTreeSet,
    fmt, fs,
    io::{self, Write as _},
    path::{Path, PathBuf},
};

pub use self::{
    listed::ReceivedRow,
    received::{Decision, Match, ReceivedLetter},
    taking::TakenLetter,
};
use super::{
    AuditAction, AuditObject, CardRow, Disclosed, Error, Session, Share,
    shares::{check_card, recipient},
};
use crate::{
    care::consent::{Answer, answer},
    chart::{
        Consents, Edit, Part, Purpose, Record, Referral, ReferralStatus, SharedPart,
        Subject, Way, who::Action,
    },
    exchange::fhir::out::{self, Cut},
    ids::{Hash, PatientId, RecordId},
    members::{LETTER_TEXT_BYTES_MAX, Says, Writing},
    platform,
    seal::names,
    store,
    time::{PartialDate, Timestamp, When},
};

/// What a letter's file ends in.
const SUFFIX: &str = "cairn";
/// What a file is called until all of it is written.
const NEW_SUFFIX: &str = "new";

/// Which part of a chart each section of a summary comes from.
const SECTIONS: [(&str, Part); 11] = [
    ("allergies", Part::Summary),
    ("drugs", Part::Summary),
    ("problems", Part::Summary),
    ("vaccines", Part::Summary),
    ("procedures", Part::Summary),
    ("past-problems", Part::Summary),
    ("plans", Part::Summary),
    ("results", Part::Results),
    ("vitals", Part::Visits),
    ("social", Part::Visits),
    ("pregnancy", Part::Visits),
];

/// A patient who is to be sent to somebody elsewhere.
#[derive(Clone, PartialEq, Eq)]
pub struct Refer {
    /// Why, in a few words.
    pub reason: String,
    /// What is asked of them.
    pub question: String,
    /// Whether it cannot wait.
    pub urgent: bool,
    /// The parts of the chart of which the summary goes along.
    pub parts: BTreeSet<Part>,
}

/// A part of a chart that somebody elsewhere may hold for a while.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snapshot {
    /// The sections, by the words of [`Session::section_words`].
    pub sections: BTreeSet<&'static str>,
    /// From when on, of what happened at a time.
    pub since: Option<PartialDate>,
    /// Until when it may be held.
    pub until: Timestamp,
    /// What for.
    pub purpose: Purpose,
}

/// A letter that was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sent {
    /// Its name.
    pub letter: RecordId,
    /// The file.
    pub file: PathBuf,
    /// Its length in bytes.
    pub bytes: usize,
    /// Who can open it.
    pub to: String,
}

impl Session {
    /// What the sections of a summary are called, where somebody says which to share.
    pub fn section_words() -> impl Iterator<Item = &'static str> {
        SECTIONS.iter().map(|(word, _)| *word)
    }

    /// Sends a patient to the bearer of a card: writes a letter with the summary, as far as
    /// the patient agreed to it, and a referral into the chart.
    pub fn refer(
        &mut self,
        patient: PatientId,
        card: &CardRow,
        refer: &Refer,
        folder: &Path,
    ) -> Result<Sent, Error> {
        self.may_in(patient, Action::WriteNote)?;
        let held: BTreeSet<&'static str> = SECTIONS
            .iter()
            .filter(|(_, part)| refer.parts.contains(part))
            .map(|(word, _)| *word)
            .collect();
        let share = Share {
            parts: refer.parts.clone(),
            until: self.now_at_least(),
            purpose: Purpose::Treatment,
        };
        self.may_send(patient, card, &share)?;
        fits(&[&refer.reason, &refer.question])?;
        let cut = Cut {
            sections: Some(held),
            since: None,
        };
        let to = called(card);
        let what = format!("referral: {}", words_of(&refer.parts));
        let told = Disclosed::new(patient, &what, &to, &refer.reason);
        let summary = self.summary_bytes(patient, &cut, told)?;
        let entry = self.entry();
        let letter = entry.id;
        let says = Says::Referral {
            whose: patient,
            urgent: refer.urgent,
            reason: refer.reason.clone(),
            question: refer.question.clone(),
            summary,
        };
        let sent = self.write_letter((letter, card), &says, folder)?;
        let referral = Record::Referral(Referral {
            entry,
            way: Way::Sent,
            letter: Some(letter),
            theirs: None,
            with: to,
            card: Some(Hash::from_bytes(*card.card.id().as_bytes())),
            reason: refer.reason.clone(),
            question: refer.question.clone(),
            urgent: refer.urgent,
            status: ReferralStatus::Waiting,
            reply: String::new(),
            replied: None,
            visit: None,
        });
        let saved = self.save(Subject::Patient(patient), vec![Edit::add(referral)]);
        saved.inspect_err(|_| drop(fs::remove_file(&sent.file)))?;
        Ok(sent)
    }

    /// Writes a part of a chart for the bearer of a card to hold until a day. What is written
    /// again for the same person takes the place of the one before at the receiver.
    pub fn share_snapshot(
        &mut self,
        patient: PatientId,
        card: &CardRow,
        snapshot: &Snapshot,
        folder: &Path,
    ) -> Result<Sent, Error> {
        let parts = SECTIONS
            .iter()
            .filter(|(word, _)| snapshot.sections.contains(word));
        let share = Share {
            parts: parts.map(|(_, part)| *part).collect(),
            until: snapshot.until,
            purpose: snapshot.purpose,
        };
        // What holds now is not from a day on, whatever is asked.
        let mut sections = snapshot.sections.iter();
        let by_days = sections.all(|it| out::is_of_days(it));
        let since = snapshot.since.filter(|_| by_days);
        self.may_send_since(patient, card, (&share, since))?;
        if share.until <= self.now_at_least() {
            return Err(Error::Refused("it would be over already".to_owned()));
        }
        let cut = Cut {
            sections: Some(snapshot.sections.clone()),
            since: snapshot.since,
        };
        let words: Vec<_> = snapshot.sections.iter().copied().collect();
        let mut words = words.join(", ");
        if let Some(since) = snapshot.since {
            words = format!("{words} since {since}");
        }
        let to = called(card);
        let told = Disclosed::new(patient, &words, &to, snapshot.purpose.name());
        let summary = self.summary_bytes(patient, &cut, told)?;
        let says = Says::Snapshot {
            series: self.series_of(patient, card),
            until: snapshot.until,
            parts: words,
            summary,
        };
        let letter = self.record_id();
        self.write_letter((letter, card), &says, folder)
    }

    /// Answers a referral that came: writes a letter to whom it is from, and what was answered
    /// into the chart.
    pub fn answer_referral(
        &mut self,
        (patient, record): (PatientId, RecordId),
        (outcome, note): (ReferralStatus, &str),
        folder: &Path,
    ) -> Result<Sent, Error> {
        self.may_in(patient, Action::WriteNote)?;
        self.may(Action::Share)?;
        fits(&[note])?;
        let before = self
            .referrals(patient)?
            .into_iter()
            .find(|it| it.entry.id == record && it.way == Way::Received)
            .ok_or_else(|| {
                Error::Missing("referral that came, of this name".to_owned())
            })?;
        let card = self.card_of(before.card)?;
        self.may_answer(patient, &card)?;
        let theirs = before.theirs.unwrap_or(RecordId::ZERO);
        let says = Says::Answer {
            to: before.letter.unwrap_or(RecordId::ZERO),
            whose: PatientId::from_bytes(*theirs.as_bytes()),
            outcome: byte_of(outcome)?,
            note: note.to_owned(),
        };
        let told = Disclosed::new(patient, "answer to a referral", &called(&card), note);
        let audited = AuditObject::Disclosed(Box::new(told));
        self.audit(AuditAction::Share, audited)?;
        let letter = self.record_id();
        let sent = self.write_letter((letter, &card), &says, folder)?;
        let after = answered(&before, outcome, (note, When::At(self.moment())));
        let edit = Edit::change(Record::Referral(before), Record::Referral(after));
        let saved = self.save(Subject::Patient(patient), vec![edit]);
        saved.inspect_err(|_| drop(fs::remove_file(&sent.file)))?;
        Ok(sent)
    }

    /// The referrals of a chart, the newest first.
    pub fn referrals(&mut self, patient: PatientId) -> Result<Vec<Referral>, Error> {
        let visits = self.open(patient)?.visits;
        Ok(visits.map(|it| it.referrals).unwrap_or_default())
    }

    /// That something of a chart may go to the bearer of a card: the role, the card, the
    /// patient's will.
    fn may_send(
        &mut self,
        patient: PatientId,
        card: &CardRow,
        share: &Share,
    ) -> Result<(), Error> {
        self.may_send_since(patient, card, (share, None))
    }

    fn may_send_since(
        &mut self,
        patient: PatientId,
        card: &CardRow,
        (share, since): (&Share, Option<PartialDate>),
    ) -> Result<(), Error> {
        self.may_in(patient, Action::Share)?;
        self.settle()?;
        if !self.is_on_file(patient) {
            return Err(Error::Missing(format!("patient {patient} on this machine")));
        }
        check_card(card)?;
        let consents = self.consents_of(patient)?;
        match self.lacks_consent_since(&consents, card, (share, since)) {
            Some(why) => Err(Error::Refused(why)),
            None => Ok(()),
        }
    }

    /// That an answer may go to the bearer of a card: who sent the patient waits for one, so
    /// that nobody asked about it lets it go; a no does not.
    fn may_answer(&mut self, patient: PatientId, card: &CardRow) -> Result<(), Error> {
        let consents = self.consents_of(patient)?;
        let to = (recipient(card), &SharedPart::Visits);
        let why = match answer(&consents, to, self.today()) {
            Answer::Refused(_) => "the patient refused",
            Answer::Withdrawn(_) => "the patient withdrew it",
            Answer::Given(_)
            | Answer::NotAsked
            | Answer::NotYet(_)
            | Answer::Expired(_) => return Ok(()),
        };
        Err(Error::Refused(why.to_owned()))
    }

    /// The summary of a chart, as a file has it.
    fn summary_bytes(
        &mut self,
        patient: PatientId,
        cut: &Cut,
        told: Disclosed,
    ) -> Result<Vec<u8>, Error> {
        let bundle = self.summary_of(patient, cut, (AuditAction::Share, told))?;
        serde_json::to_vec(&bundle).map_err(|error| Error::damaged("the summary", error))
    }

    /// What all snapshots of one chart for one card's bearer have in common.
    fn series_of(&self, patient: PatientId, card: &CardRow) -> RecordId {
        let source = format!("cairn snapshot {}", self.clinic.id());
        let (to, whose) = (card.card.user().to_string(), patient.to_string());
        RecordId::from_bytes(names::imported(&source, &to, &whose))
    }

    /// The card in use of whom this one is, if somebody made sure of it.
    fn card_of(&self, card: Option<Hash>) -> Result<CardRow, Error> {
        let rows = self.cards()?;
        let is_it = |it: &&CardRow| {
            card.is_some_and(|card| card.as_bytes() == it.card.id().as_bytes())
        };
        let key = rows.iter().find(is_it).map(|it| it.card.about().key);
        let missing = || Error::Missing("card of whom this is from".to_owned());
        let key = key.ok_or_else(missing)?;
        let mut rows = rows.into_iter();
        let row = rows.find(|it| it.card.about().key == key && !it.replaced);
        let row = row.ok_or_else(missing)?;
        check_card(&row)?;
        Ok(row)
    }

    /// Why the patient's consents do not carry what is to be sent. A will that is about some
    /// of the chart's days carries what is from those days.
    fn lacks_consent_since(
        &self,
        consents: &Consents,
        card: &CardRow,
        (share, since): (&Share, Option<PartialDate>),
    ) -> Option<String> {
        let mut among = consents.clone();
        for it in &mut among.consents {
            let begins = it.shared_from.is_none_or(|from| {
                since.is_some_and(|it| it.first_instant() >= from.first_instant())
            });
            if begins && it.shared_until.is_none() {
                it.shared_from = None;
            }
        }
        self.lacks_consent(&among, card, share)
    }

    fn write_letter(
        &self,
        (id, card): (RecordId, &CardRow),
        says: &Says,
        folder: &Path,
    ) -> Result<Sent, Error> {
        let own = self.card()?;
        let writing = Writing {
            id,
            from: &own,
            to: &card.card,
            made: self.clinic.clock.now(),
            says,
        };
        let (bytes, name) = {
            let mut desk = self.clinic.desk();
            let mut name = [0; 8];
            desk.entropy.fill(&mut name);
            let bytes = writing
                .seal(&self.keys.signing, &mut *desk.entropy)
                .map_err(|why| Error::Refused(format!("no letter can be made: {why}")))?;
            (bytes, format!("{:016x}", u64::from_be_bytes(name)))
        };
        let file = write_file(folder, &name, &bytes)?;
        Ok(Sent {
            letter: id,
            file,
            bytes: bytes.len(),
            to: called(card),
        })
    }
}

/// The referral with what was answered.
fn answered(
    before: &Referral,
    status: ReferralStatus,
    (reply, replied): (&str, When),
) -> Referral {
    Referral {
        status,
        reply: reply.to_owned(),
        replied: Some(replied),
        ..before.clone()
    }
}

/// The byte of an answer in letters.
fn byte_of(outcome: ReferralStatus) -> Result<u8, Error> {
    match outcome {
        ReferralStatus::Accepted => Ok(1),
        ReferralStatus::Declined => Ok(2),
        ReferralStatus::Completed => Ok(3),
        ReferralStatus::Waiting => Err(Error::Refused("this answers nothing".to_owned())),
    }
}

/// Who somebody is, for people.
fn called(card: &CardRow) -> String {
    let about = card.card.about();
    format!("{}, {}", about.name, about.clinic_name)
}

fn words_of(parts: &BTreeSet<Part>) -> String {
    let names: Vec<_> = parts.iter().map(Part::name).collect();
    names.join(", ")
}

fn fits(texts: &[&str]) -> Result<(), Error> {
    if texts.iter().any(|it| it.len() > LETTER_TEXT_BYTES_MAX) {
        let why = "a text of more than 16 KiB does not fit into a letter";
        return Err(Error::Refused(why.to_owned()));
    }
    Ok(())
}

/// Writes a new file that is there whole, or not at all. No modes: a stick knows none, and
/// what is inside is sealed.
fn write_file(folder: &Path, name: &str, bytes: &[u8]) -> Result<PathBuf, Error> {
    if !folder.is_dir() {
        let why = format!("there is no folder `{}`", folder.display());
        return Err(Error::Refused(why));
    }
    let path = folder.join(name).with_extension(SUFFIX);
    let new = path.with_extension(NEW_SUFFIX);
    let write = || -> io::Result<()> {
        let mut file = fs::OpenOptions::new()
            .write(true)
            .create_new(true)
            .open(&new)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&new, &path)?;
        // Some sticks cannot; what was written to the file is there all the same.
        platform::sync_folder(folder).or(Ok(()))
    };
    write().map_err(|error| {
        drop(fs::remove_file(&new));
        store::Error::disk("write", path.clone(), error)
    })?;
    Ok(path)
}

impl fmt::Debug for Refer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Refer({:?})", self.parts)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::fhir::out::section_words;

    #[test]
    fn every_section_of_a_summary_comes_from_a_part_of_the_chart() {
        let words: BTreeSet<_> = section_words().collect();
        let known: BTreeSet<_> = Session::section_words().collect();
        assert_eq!(words, known);
        assert_eq!(known.len(), SECTIONS.len());
    }
}
