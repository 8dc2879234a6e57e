//! Who may be on file already: likely duplicates of a person about to be registered.
//!
//! The name has to fit, its first given word too: brothers, sisters and twins share all the
//! rest. Sex, birth, telephone and village then speak for or against.

use std::{cmp::Reverse, fmt};

use super::{
    Index, Row, Slot, codes::same_phone, fold::Folded, lexicon::Typed, place,
    quality::Quality,
};
use crate::{
    chart::{BirthDate, Name, Sex},
    ids::PatientId,
    time::PartialDate,
};

/// A person as far as a form was filled in.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Candidate {
    /// The name.
    pub name: Name,
    /// Sex; unknown speaks neither for nor against.
    pub sex: Sex,
    /// Birth date.
    pub birth: Option<BirthDate>,
    /// Telephone numbers.
    pub phones: Vec<String>,
    /// Village.
    pub village: String,
    /// The patient who is being edited, if it is not a new one.
    pub except: Option<PatientId>,
}

/// A patient who may be the same person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alike {
    /// Whose row.
    pub patient: PatientId,
    /// How likely, 50 to 100; a rank, not a probability.
    pub score: u8,
    /// What is alike, in the order in which it is said.
    pub why: Vec<Reason>,
}

/// What is alike in two people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// Letter for letter, by sound, or but for a slip.
    Name,
    /// The same.
    Sex,
    /// The same birth date, or one that may well be meant by the other.
    Age,
    /// The same number.
    Phone,
    /// The same.
    Village,
}

/// Points for what is alike, out of 100, and against what is not.
mod points {
    pub(super) const NAME: i32 = 60;
    pub(super) const SEX: i32 = 5;
    pub(super) const SEX_APART: i32 = -20;
    pub(super) const BIRTH_SAME: i32 = 20;
    pub(super) const BIRTH_NEAR: i32 = 12;
    pub(super) const BIRTH_APART: i32 = -30;
    pub(super) const PHONE: i32 = 20;
    pub(super) const VILLAGE: i32 = 8;
    /// From here on a person is shown, and nobody is put on file unasked beside them: at the
    /// screen, from the command line and from a file alike.
    pub(super) const MIN: i32 = 50;
}

/// The least share of a name that has to fit, in percent.
const NAME_PERCENT_MIN: u16 = 65;
/// The same where one name was given, of two on file, and the birth or the phone is the same.
const ONE_NAME_PERCENT_MIN: u16 = 50;
/// The least fit of the first given word, in percent.
const GIVEN_PERCENT_MIN: u16 = 40;
/// The least score by which two people are thought to be one although nobody asks about
/// either: a name, the sex and an age that may well be meant are 77, and namesakes have them.
const TWIN_SCORE_MIN: u8 = 78;
/// How far apart reckoned births may lie: an eighth of the age, and at least this many days.
const DAYS_APART_MIN: u32 = 60;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Births {
    Unknown,
    Same,
    Near,
    Apart,
}

impl Index {
    /// The patients who may be the same person, the likeliest first.
    pub fn alike(
        &self,
        candidate: &Candidate,
        today: PartialDate,
        limit: usize,
    ) -> Vec<Alike> {
        let given = Folded::of(&candidate.name.given);
        let family = Folded::of(&candidate.name.family);
        let has_both = given.words().next().is_some() && family.words().next().is_some();
        let fits: Vec<Fits> = given
            .words()
            .chain(family.words())
            .map(|it| self.named_as(it))
            .collect();
        let asked = fits.len();
        let decisive = if has_both { 1 } else { asked };
        let slots = fits.iter().take(decisive).flat_map(|it| &it.slots);
        let mut slots: Vec<Slot> = slots.copied().collect();
        slots.sort_unstable();
        slots.dedup();
        let mut found: Vec<(Alike, &Row)> = Vec::new();
        for slot in slots {
            let percents = fits.iter().map(|it| it.percent(slot));
            let sum: u16 = percents.clone().sum();
            let Some(row) = self.at(slot).filter(|it| !it.hidden) else {
                continue;
            };
            let first_given_fits = percents.clone().next() >= Some(GIVEN_PERCENT_MIN);
            if (has_both && !first_given_fits) || candidate.except == Some(row.patient) {
                continue;
            }
            if asked > 1
                && sum < 2 * NAME_PERCENT_MIN
                && row.names.iter().any(Name::is_whole)
            {
                continue;
            }
            let name = share(sum, asked, row);
            if name < ONE_NAME_PERCENT_MIN {
                continue;
            }
            let evidence = Evidence {
                name,
                one_name: asked == 1,
                births: births(candidate.birth, row.birth, today),
                phone: is_one_same(&candidate.phones, &row.phones),
            };
            found.extend(evidence.judge(candidate, row).map(|it| (it, row)));
        }
        found.sort_by_key(|(it, row)| {
            (Reverse(it.score), Reverse(row.last_seen), it.patient)
        });
        found.truncate(limit);
        found.into_iter().map(|(it, _)| it).collect()
    }

    /// Those with whom a patient was perhaps put on file twice: on another machine, which did
    /// not know of it, so that nobody was asked. Each of the two would have been shown while
    /// the other was registered.
    pub fn twins(&self, patient: PatientId, today: PartialDate) -> Vec<PatientId> {
        let Some(row) = self.row(patient) else {
            return Vec::new();
        };
        let found = self.alike(&Candidate::of(row), today, usize::MAX);
        let found = found.into_iter().map(|it| it.patient);
        found
            .filter(|it| self.twin(patient, *it, today).is_some())
            .collect()
    }

    /// What is alike in two patients who were perhaps registered twice. All machines say the
    /// same, in whatever order they heard of the two.
    pub fn twin(
        &self,
        one: PatientId,
        other: PatientId,
        today: PartialDate,
    ) -> Option<Alike> {
        let first = self.row(one.min(other))?;
        let second = self.row(one.max(other))?;
        let told_apart = first.others.contains(&second.patient)
            || second.others.contains(&first.patient);
        if told_apart || first.registered.0 == second.registered.0 {
            return None;
        }
        let finds = |row: &Row, other: &Row| {
            let alone = Self::new([row.clone()]);
            let mut alike = alone.alike(&Candidate::of(other), today, 1);
            alike.pop().filter(|it| it.score >= TWIN_SCORE_MIN)
        };
        finds(second, first)?;
        finds(first, second)
    }

    /// How well a word fits the names of the rows that it fits at all.
    fn named_as(&self, word: &str) -> Fits {
        let mut fits = Fits {
            percents: vec![0; self.rows.len()],
            slots: Vec::new(),
        };
        self.names
            .each_fitting(&Typed::new(word), |quality, slots| {
                for slot in slots {
                    fits.note(*slot, percent(quality));
                }
            });
        fits
    }
}

/// How well a word fits the names of rows.
struct Fits {
    /// Of each row, in percent.
    percents: Vec<u16>,
    /// The rows that it fits, so that nobody looks through the others.
    slots: Vec<Slot>,
}

impl Fits {
    fn note(&mut self, slot: Slot, percent: u16) {
        let Some(best) = place(slot).and_then(|it| self.percents.get_mut(it)) else {
            return;
        };
        if *best == 0 {
            self.slots.push(slot);
        }
        *best = percent.max(*best);
    }

    fn percent(&self, slot: Slot) -> u16 {
        let percent = place(slot).and_then(|it| self.percents.get(it));
        percent.copied().unwrap_or(0)
    }
}

impl Candidate {
    /// A patient who is on file.
    fn of(row: &Row) -> Self {
        Self {
            name: row.names.first().cloned().unwrap_or_default(),
            sex: row.sex,
            birth: row.birth,
            phones: row.phones.clone(),
            village: row.village.clone(),
            except: Some(row.patient),
        }
    }
}

impl Reason {
    /// What it is called on the command line.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Sex => "sex",
            Self::Age => "age",
            Self::Phone => "phone",
            Self::Village => "village",
        }
    }
}

struct Evidence {
    /// Percent.
    name: u16,
    one_name: bool,
    births: Births,
    phone: bool,
}

impl Evidence {
    fn judge(&self, candidate: &Candidate, row: &Row) -> Option<Alike> {
        let sure_otherwise = self.phone || self.births == Births::Same;
        let enough = self.name >= NAME_PERCENT_MIN
            || (self.one_name && sure_otherwise && self.name >= ONE_NAME_PERCENT_MIN);
        if !enough {
            return None;
        }
        let (born, births) = match self.births {
            Births::Unknown => (false, 0),
            Births::Same => (true, points::BIRTH_SAME),
            Births::Near => (true, points::BIRTH_NEAR),
            Births::Apart => (false, points::BIRTH_APART),
        };
        let sexes_known = candidate.sex != Sex::Unknown && row.sex != Sex::Unknown;
        let same_sex = sexes_known && candidate.sex == row.sex;
        let sex = match (sexes_known, same_sex) {
            (false, _) => 0,
            (true, true) => points::SEX,
            (true, false) => points::SEX_APART,
        };
        let village = is_same(&candidate.village, &row.village);
        let score = points::NAME * i32::from(self.name) / 100
            + births
            + sex
            + i32::from(self.phone) * points::PHONE
            + i32::from(village) * points::VILLAGE;
        let reasons = [
            (true, Reason::Name),
            (same_sex, Reason::Sex),
            (born, Reason::Age),
            (self.phone, Reason::Phone),
            (village, Reason::Village),
        ];
        (score >= points::MIN).then(|| Alike {
            patient: row.patient,
            score: u8::try_from(score.min(100)).unwrap_or(100),
            why: reasons
                .into_iter()
                .filter(|it| it.0)
                .map(|it| it.1)
                .collect(),
        })
    }
}

/// How much a fit says about two people being one. A slip says more here than in a search:
/// the name was typed to its end.
const fn percent(quality: Quality) -> u16 {
    match quality {
        Quality::EXACT => 100,
        Quality::SOUNDS => 90,
        Quality::STARTS | Quality::SLIP => 80,
        Quality::SOUNDS_SOMEWHAT => 75,
        Quality::TWO_SLIPS => 60,
        _ => 40,
    }
}

/// The share of the shorter of two names that fits. One word of a name of two is half of it.
fn share(sum: u16, asked: usize, row: &Row) -> u16 {
    let length = |name: &Name| {
        let count = |part: &str| Folded::of(part).words().count();
        count(&name.family) + count(&name.given)
    };
    let kept = row.names.iter().map(length).max().unwrap_or(0);
    let counted = match (asked, kept) {
        (_, 0 | 1) => 1,
        (asked, kept) => asked.min(kept).max(2),
    };
    (sum / u16::try_from(counted).unwrap_or(u16::MAX)).min(100)
}

/// Whether two people share a telephone number.
fn is_one_same(phones: &[String], others: &[String]) -> bool {
    let mut phones = phones.iter();
    phones.any(|it| others.iter().any(|other| same_phone(it, other)))
}

/// Whether two texts have the same words, and any.
fn is_same(one: &str, other: &str) -> bool {
    let (one, other) = (Folded::of(one), Folded::of(other));
    one.words().next().is_some() && one.words().eq(other.words())
}

fn births(
    one: Option<BirthDate>,
    other: Option<BirthDate>,
    today: PartialDate,
) -> Births {
    let (Some(one), Some(other)) = (one, other) else {
        return Births::Unknown;
    };
    let told = |it: BirthDate| it.date.is_exact() && !it.estimated;
    if told(one) && told(other) {
        return told_births(one.date, other.date);
    }
    let (Some(age), Some(other_age)) = (one.date.age_on(today), other.date.age_on(today))
    else {
        return Births::Apart;
    };
    let apart = age.total_days.abs_diff(other_age.total_days);
    let inexact = days_unknown(one.date).max(days_unknown(other.date));
    let older = age.total_days.max(other_age.total_days);
    if apart <= inexact + DAYS_APART_MIN.max(older / 8) {
        Births::Near
    } else {
        Births::Apart
    }
}

/// Two dates that people were sure of: the same, or one slip away from it.
fn told_births(one: PartialDate, other: PartialDate) -> Births {
    let swapped = one.year() == other.year()
        && one.month() == other.day()
        && one.day() == other.month();
    let different = [
        one.year() != other.year(),
        one.month() != other.month(),
        one.day() != other.day(),
    ];
    match different.into_iter().filter(|it| *it).count() {
        0 => Births::Same,
        1 if one.year().abs_diff(other.year()) <= 10 => Births::Near,
        _ if swapped => Births::Near,
        _ => Births::Apart,
    }
}

/// Half of the span that an inexact date may mean, in days.
const fn days_unknown(date: PartialDate) -> u32 {
    match (date.month(), date.day()) {
        (None, _) => 183,
        (Some(_), None) => 15,
        (Some(_), Some(_)) => 0,
    }
}

impl fmt::Debug for Candidate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Candidate(…)")
    }
}
