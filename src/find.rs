//! Finding a person: an index of all patients in memory, asked at every key.
//!
//! A typed word fits a word on file letter for letter, as its beginning, by its sound, or
//! but for a slip of the finger, in this order (`docs/guide/finding.md`). Nothing here reads
//! a disk or a clock. The index is plain text of many people: it lives while someone is
//! signed in and is dropped with the keys.

mod alike;
mod codes;
mod fold;
mod lexicon;
mod quality;
mod script;
mod search;
mod sound;
mod spell;

use std::{collections::BTreeMap, fmt};

pub use alike::{Alike, Candidate, Reason};
use codes::Codes;
use fold::Folded;
use lexicon::Lexicon;
use serde::{Deserialize, Serialize};

use crate::{
    chart::{BirthDate, Identifier, Name, Person, Sex},
    ids::{LogId, PatientId},
    time::Timestamp,
};

/// What is known of a patient without opening the chart.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// Whose row.
    pub patient: PatientId,
    /// The clinic's own patient number; empty when none was given.
    pub number: String,
    /// Names, the one in use first.
    pub names: Vec<Name>,
    /// Sex.
    pub sex: Sex,
    /// Birth date, if anything is known of it.
    pub birth: Option<BirthDate>,
    /// Telephone numbers, as typed.
    pub phones: Vec<String>,
    /// Village.
    pub village: String,
    /// Numbers that others gave.
    pub identifiers: Vec<String>,
    /// Whether an allergy is severe; none when the reader may not know.
    pub severe_allergy: Option<bool>,
    /// When the patient was last seen; none when never, or when the reader may not know.
    pub last_seen: Option<Timestamp>,
    /// Whether the patient is kept out of results, as one who was merged into another.
    pub hidden: bool,
    /// Where and when the person was put on file.
    pub registered: (LogId, Timestamp),
    /// Those of whom somebody said that they are not this person.
    pub others: Vec<PatientId>,
}

/// A patient who fits what was typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Match {
    /// Whose row.
    pub patient: PatientId,
    /// How well the typed words fit, 0 to 1000; more is better.
    pub score: u16,
    /// How the typed word fits that fits least.
    pub how: How,
    /// In which field that word was found.
    pub field: Field,
}

/// How a typed word fits; the better, the greater.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum How {
    /// But for a slip of the finger or two.
    Misspelt,
    /// By its sound, or by its reading in another script.
    SoundsLike,
    /// As the beginning.
    Starts,
    /// Letter for letter.
    Exact,
}

/// Where a typed word was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Field {
    /// In a name.
    Name,
    /// In the clinic's own number.
    Number,
    /// In a telephone number.
    Phone,
    /// In the village.
    Village,
    /// In a number that someone else gave.
    Identifier,
}

/// All patients that can be found.
#[derive(Default)]
pub struct Index {
    rows: Vec<Option<Row>>,
    slots: BTreeMap<PatientId, Slot>,
    free: Vec<Slot>,
    names: Lexicon,
    villages: Lexicon,
    codes: Codes,
}

/// A row's place in the index.
type Slot = u32;

impl Row {
    /// The row of a person whose chart was not looked into.
    pub fn of(patient: PatientId, person: &Person) -> Self {
        let phones = [&person.phone, &person.phone2];
        let others = person.identifiers.iter();
        let others = others.filter(|it| it.system != Identifier::NUMBER);
        Self {
            patient,
            number: person.number().unwrap_or_default().to_owned(),
            names: person.names.clone(),
            sex: person.sex,
            birth: person.birth,
            phones: phones
                .into_iter()
                .filter(|it| !it.is_empty())
                .cloned()
                .collect(),
            village: person.address.village.clone(),
            identifiers: others.map(|it| it.value.clone()).collect(),
            severe_allergy: None,
            last_seen: None,
            hidden: person.entry.in_error,
            registered: (person.entry.machine, person.entry.recorded.at),
            others: person.others.clone(),
        }
    }

    /// The name in use, as the clinic writes it.
    pub fn shown_name(&self) -> String {
        self.names.first().map(Name::shown).unwrap_or_default()
    }

    /// Whether all that is searched is the same.
    fn is_found_as(&self, other: &Self) -> bool {
        self.names == other.names
            && self.village == other.village
            && self.number == other.number
            && self.phones == other.phones
            && self.identifiers == other.identifiers
    }

    /// Each word of each name, and those that some people write as one.
    fn each_name_word(&self, mut found: impl FnMut(&str)) {
        for part in self.names.iter().flat_map(|it| [&it.family, &it.given]) {
            let folded = Folded::of(part);
            folded.words().for_each(&mut found);
            let joined = folded.joined_words().unwrap_or_default();
            for word in &joined {
                found(word);
            }
        }
    }
}

impl Index {
    /// The index of these rows.
    pub fn new(rows: impl IntoIterator<Item = Row>) -> Self {
        let mut index = Self::default();
        for row in rows {
            index.replace(row);
        }
        index
    }

    /// How many patients are in the index, hidden ones too.
    pub fn len(&self) -> usize {
        self.slots.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.slots.is_empty()
    }

    /// The row of a patient.
    pub fn row(&self, patient: PatientId) -> Option<&Row> {
        self.at(*self.slots.get(&patient)?)
    }

    /// All rows, by patient.
    pub fn rows(&self) -> impl Iterator<Item = &Row> {
        self.slots.values().filter_map(|slot| self.at(*slot))
    }

    /// Puts a row in the place of the one that its patient had, if any.
    pub fn replace(&mut self, row: Row) {
        let slot = self.slots.get(&row.patient).copied();
        let before = slot
            .and_then(place)
            .and_then(|it| self.rows.get_mut(it)?.as_mut());
        if let Some(before) = before
            && before.is_found_as(&row)
        {
            *before = row;
            return;
        }
        self.remove(row.patient);
        let slot = self.free.pop().unwrap_or_else(|| {
            self.rows.push(None);
            u32::try_from(self.rows.len() - 1).unwrap_or(u32::MAX)
        });
        row.each_name_word(|word| self.names.add(word, slot));
        for word in Folded::of(&row.village).words() {
            self.villages.add(word, slot);
        }
        self.codes.add_number(&row.number, slot);
        for phone in &row.phones {
            self.codes.add_phone(phone, slot);
        }
        for identifier in &row.identifiers {
            self.codes.add_identifier(identifier, slot);
        }
        self.slots.insert(row.patient, slot);
        if let Some(place) = place(slot).and_then(|it| self.rows.get_mut(it)) {
            *place = Some(row);
        }
    }

    /// Takes a patient out; gives back the row.
    pub fn remove(&mut self, patient: PatientId) -> Option<Row> {
        let slot = self.slots.remove(&patient)?;
        let row = place(slot).and_then(|it| self.rows.get_mut(it))?.take()?;
        row.each_name_word(|word| self.names.remove(word, slot));
        for word in Folded::of(&row.village).words() {
            self.villages.remove(word, slot);
        }
        self.codes.remove(slot);
        self.free.push(slot);
        Some(row)
    }

    fn at(&self, slot: Slot) -> Option<&Row> {
        self.rows.get(place(slot)?)?.as_ref()
    }
}

impl fmt::Debug for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Row({:?})", self.patient)
    }
}

impl fmt::Debug for Index {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Index({} patients)", self.len())
    }
}

fn place(slot: Slot) -> Option<usize> {
    usize::try_from(slot).ok()
}

#[cfg(test)]
mod tests;
