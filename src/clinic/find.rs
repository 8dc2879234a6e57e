//! Finding people among those on file.

use std::sync::{Arc, PoisonError, RwLock};

use super::{AuditAction, AuditObject, Error, Session};
use crate::{
    chart::{BirthDate, Person, Sex, who::Action},
    find::{Candidate, How, Index, Reason, Row},
    ids::PatientId,
};

/// Likely duplicates that are shown.
const ALIKE_LEN_MAX: usize = 8;
/// The least digits of an id that name a patient: fewer would fit by chance.
const ID_DIGITS_MIN: usize = 8;

/// A person who was found.
#[derive(Clone, PartialEq, Eq)]
pub struct Found {
    /// Whose chart.
    pub patient: PatientId,
    /// The clinic's number.
    pub number: String,
    /// The name in use, family first.
    pub name: String,
    /// Sex.
    pub sex: Sex,
    /// Birth date, if anything is known of it.
    pub born: Option<BirthDate>,
    /// Village.
    pub village: String,
    /// How well it fits, 0 to 1000.
    pub score: u16,
    /// In what way it fits, or in what the two are alike.
    pub why: Vec<&'static str>,
}

impl Session {
    /// The index of everybody on file, to search in elsewhere.
    pub fn index(&self) -> Arc<RwLock<Index>> {
        Arc::clone(&self.index)
    }

    /// Whether a patient is on file here.
    pub fn is_on_file(&self, patient: PatientId) -> bool {
        self.may(Action::ReadIdentity).is_ok()
            && self.with_index(|index| index.row(patient).is_some())
    }

    /// The number and the name of a patient on file.
    pub fn called(&self, patient: PatientId) -> Option<(String, String)> {
        self.may(Action::ReadIdentity).ok()?;
        self.with_index(|index| {
            let row = index.row(patient)?;
            Some((row.number.clone(), row.shown_name()))
        })
    }

    /// The patient with this number, as typed.
    pub fn numbered(&self, typed: &str) -> Option<PatientId> {
        self.may(Action::ReadIdentity).ok()?;
        let plain = |text: &str| text.to_ascii_uppercase().replace('-', "");
        let typed = plain(typed);
        self.with_index(|index| {
            let mut rows = index.rows();
            rows.find(|row| !row.number.is_empty() && plain(&row.number) == typed)
                .map(|row| row.patient)
        })
    }

    /// The one patient whose id begins with these digits; none where another's does too.
    pub fn with_id_beginning(&self, digits: &str) -> Option<PatientId> {
        self.may(Action::ReadIdentity).ok()?;
        let digits = digits.to_ascii_lowercase();
        if digits.len() < ID_DIGITS_MIN {
            return None;
        }
        self.with_index(|index| {
            let patients = index.rows().map(|row| row.patient);
            let mut fitting = patients.filter(|it| it.to_string().starts_with(&digits));
            let first = fitting.next()?;
            fitting.next().is_none().then_some(first)
        })
    }

    /// Searches once and audits it; an empty text lists by name.
    pub fn find(&mut self, text: &str, limit: usize) -> Result<Vec<Found>, Error> {
        self.may(Action::ReadIdentity)?;
        self.settle()?;
        let found = self.with_index(|index| {
            if text.trim().is_empty() {
                return listed(index, limit);
            }
            let matches = index.search(text, limit);
            let found = matches.iter().filter_map(|it| {
                let why = match it.how {
                    How::Exact => "exact",
                    How::Starts => "starts",
                    How::SoundsLike => "sounds like",
                    How::Misspelt => "misspelt",
                };
                Some(Found::of(index.row(it.patient)?, it.score, vec![why]))
            });
            found.collect()
        });
        self.search_audited(found.len())?;
        Ok(found)
    }

    /// Writes down that a search was done, and how many people it showed.
    pub fn search_audited(&mut self, shown: usize) -> Result<(), Error> {
        let shown = u32::try_from(shown).unwrap_or(u32::MAX);
        self.audit(AuditAction::Search, AuditObject::Count(shown))
    }

    /// Who on file may be this person.
    pub fn alike(&self, person: &Person) -> Vec<Found> {
        if self.may(Action::ReadIdentity).is_err() {
            return Vec::new();
        }
        let phones = [&person.phone, &person.phone2];
        let candidate = Candidate {
            name: person.names.first().cloned().unwrap_or_default(),
            sex: person.sex,
            birth: person.birth,
            phones: phones
                .into_iter()
                .filter(|it| !it.is_empty())
                .cloned()
                .collect(),
            village: person.address.village.clone(),
            except: None,
        };
        let today = self.today();
        self.with_index(|index| {
            let alike = index.alike(&candidate, today, ALIKE_LEN_MAX);
            let found = alike.iter().filter_map(|it| {
                let why = it.why.iter().copied().map(Reason::word);
                Some(Found::of(
                    index.row(it.patient)?,
                    u16::from(it.score),
                    why.collect(),
                ))
            });
            found.collect()
        })
    }

    pub(super) fn with_index<T>(&self, read: impl FnOnce(&Index) -> T) -> T {
        read(&self.index.read().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Found {
    pub(super) fn of(row: &Row, score: u16, why: Vec<&'static str>) -> Self {
        Self {
            patient: row.patient,
            number: row.number.clone(),
            name: row.shown_name(),
            sex: row.sex,
            born: row.birth,
            village: row.village.clone(),
            score,
            why,
        }
    }
}

fn listed(index: &Index, limit: usize) -> Vec<Found> {
    let mut rows: Vec<&Row> = index.rows().filter(|it| !it.hidden).collect();
    rows.sort_by_cached_key(|row| (row.shown_name(), row.patient));
    rows.into_iter()
        .take(limit)
        .map(|row| Found::of(row, 0, Vec::new()))
        .collect()
}

impl std::fmt::Debug for Found {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Found({:?})", self.patient)
    }
}
