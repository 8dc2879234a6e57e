//! The dose line: `1 tds x 5d`, `5ml bd x 7d`, `2 puff prn`, read into a dose.
//!
//! How much comes first: a number with its unit or without (`1`, `1/2`, `1-2`, `5ml`,
//! `2 puff`, `500mg`), or `apply`. Then in any order how often (`od bd tds qds nocte stat
//! 8h q8h weekly`, `1-0-1` in one), for how long (`x 5d`, `5/7`, `2w`, `for 3 months`), by
//! which way (`po im sc`), and `prn`. What stands behind a semicolon is an instruction in
//! plain words. Nothing that is typed is lost: what cannot be read is a [`Problem`].

mod parse;
#[cfg(test)]
mod tests;

use std::{fmt, ops::Range};

pub use parse::{LINE_BYTES_MAX, parse};

use crate::{
    chart::Medication,
    content::{Decimal, Medicine},
};

/// The dose of a drug of the chart as a line, which reads back where a line wrote it.
pub fn line_of(drug: &Medication) -> String {
    let says_needed = drug.frequency.contains("prn");
    let needed = if drug.as_needed && !says_needed {
        "prn"
    } else {
        ""
    };
    let parts = [&*drug.dose, &*drug.frequency, &*drug.duration, needed];
    let parts = parts.into_iter().filter(|it| !it.is_empty());
    let line = parts.collect::<Vec<_>>().join(" ");
    if drug.instructions.is_empty() {
        return line;
    }
    format!("{line}; {}", drug.instructions)
}

/// What a line says.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Parsed {
    /// The dose, as far as it was read.
    pub dose: Dose,
    /// What was not read, in the order typed.
    pub problems: Vec<Problem>,
}

/// How a drug is taken.
#[derive(Default, Clone, PartialEq, Eq)]
pub struct Dose {
    /// How much at a time.
    pub amount: Option<Amount>,
    /// How often.
    pub frequency: Option<Frequency>,
    /// For how long.
    pub duration: Option<Duration>,
    /// Only when needed.
    pub as_needed: bool,
    /// By which way, in words, such as `by mouth`.
    pub route: &'static str,
    /// In the writer's words.
    pub instructions: String,
}

/// How much at a time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Amount {
    /// A number, or from one number to another, in a unit.
    Number {
        /// The number, or the lower.
        from: Decimal,
        /// The upper.
        to: Option<Decimal>,
        /// The unit, such as `ml` or `puff`; of the drug's own form when none was typed.
        unit: Option<&'static str>,
    },
    /// A layer on the skin.
    Apply,
}

/// How often.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Frequency {
    /// So many times a day.
    Daily(u8),
    /// Every so many hours.
    Hourly(u8),
    /// In the morning.
    Morning,
    /// At night.
    Night,
    /// Every so many days; 2 is every other day.
    EveryDays(u8),
    /// Once a week.
    Weekly,
    /// Once a month.
    Monthly,
    /// Once, now.
    Stat,
}

/// For how long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Duration {
    /// Days.
    Days(u16),
    /// Weeks.
    Weeks(u16),
    /// Months, of 30 days when counted in doses.
    Months(u16),
    /// Until further notice.
    Ongoing,
}

/// What is in one piece of a drug, to count pieces by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Piece<'a> {
    /// What one piece is called, such as `capsule`.
    pub noun: &'a str,
    /// How much is in it and its unit, such as 500 `mg`.
    pub strength: Option<(Decimal, &'a str)>,
}

/// Something in the line that could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Where it stands in the line, in bytes.
    pub span: Range<usize>,
    /// Why.
    pub why: Why,
}

/// Why something could not be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// No part of a dose is written so. Free words go behind a semicolon.
    Unknown,
    /// It is said already.
    Twice,
    /// A number of what: days, or times a day?
    Ambiguous,
    /// Zero, or more than any dose.
    Outside,
    /// The line is longer than [`LINE_BYTES_MAX`].
    TooLong,
}

/// What a dose still lacks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Missing {
    /// How much at a time.
    Amount,
    /// How often.
    Frequency,
}

impl Dose {
    /// What it still lacks. A drug taken when needed needs no frequency.
    pub const fn missing(&self) -> Option<Missing> {
        match (&self.amount, self.frequency) {
            (None, _) => Some(Missing::Amount),
            (_, None) if !self.as_needed => Some(Missing::Frequency),
            _ => None,
        }
    }

    /// How much is needed in all, and of what: pieces where the amount is in pieces or the
    /// strength tells how many they are, else the unit of the amount. The upper number of a
    /// range counts. None where it is not bounded.
    pub fn total<'a>(&self, piece: Option<Piece<'a>>) -> Option<(Decimal, &'a str)> {
        let Some(Amount::Number { from, to, unit }) = &self.amount else {
            return None;
        };
        let doses = self.doses()?;
        let all = to.unwrap_or(*from).times(Decimal::whole(doses))?.trimmed();
        let noun = piece.map_or("", |it| it.noun);
        let Some(unit) = *unit else {
            return Some((all, noun));
        };
        let strength = piece.and_then(|it| it.strength);
        let Some((strength, _)) = strength.filter(|(_, of)| *of == unit) else {
            return Some((all, unit));
        };
        let pieces = all.divided(strength, 2)?;
        Some((pieces.rounded_up(), noun))
    }

    /// The dose in English words: `1 capsule 3 times a day, 5 days`.
    pub fn words(&self, noun: &str) -> String {
        let amount = self.amount.as_ref().map(|it| it.words(noun));
        let frequency = self.frequency.map(Frequency::words);
        let needed = self.as_needed.then(|| "when needed".to_owned());
        let route = (!self.route.is_empty()).then(|| self.route.to_owned());
        let how: Vec<_> = [amount, route, frequency, needed]
            .into_iter()
            .flatten()
            .collect();
        let how = how.join(" ");
        let long = self.duration.map(Duration::words);
        let more = (!self.instructions.is_empty()).then(|| self.instructions.clone());
        let parts = [Some(how), long, more].into_iter().flatten();
        parts
            .filter(|it| !it.is_empty())
            .collect::<Vec<_>>()
            .join(", ")
    }

    /// The dose in words with the total: what stands under the line while it is typed.
    pub fn echo(&self, piece: Option<Piece<'_>>) -> String {
        let words = self.words(piece.map_or("", |it| it.noun));
        let own = piece.map_or("", |it| it.noun);
        match self.total(piece) {
            // The drug's own pieces go without saying.
            Some((total, of)) if of == own => format!("{words}, total {total}"),
            Some((total, of)) => format!("{words}, total {total} {}", counted(total, of)),
            None => words,
        }
    }

    /// Writes the dose into a drug of the chart. What the line does not say becomes empty.
    pub fn write(&self, piece: Option<Piece<'_>>, drug: &mut Medication) {
        let noun = piece.map_or("", |it| it.noun);
        drug.dose = self
            .amount
            .as_ref()
            .map_or(String::new(), |it| it.words(noun));
        drug.frequency = self.frequency.map_or(String::new(), Frequency::short);
        drug.duration = self.duration.map_or(String::new(), Duration::short);
        drug.as_needed = self.as_needed;
        self.route.clone_into(&mut drug.route);
        let total = self.total(piece).map(|(total, of)| format!("{total} {of}"));
        drug.quantity = total.map_or(String::new(), |it| it.trim_end().to_owned());
        drug.instructions.clone_from(&self.instructions);
    }

    /// How many times it is taken in all; none where it is not bounded.
    fn doses(&self) -> Option<i32> {
        let (times, days) = match self.frequency? {
            Frequency::Stat => return Some(1),
            Frequency::Daily(times) => (u32::from(times), 1),
            Frequency::Hourly(hours) => (24_u32.div_ceil(u32::from(hours.max(1))), 1),
            Frequency::Morning | Frequency::Night => (1, 1),
            Frequency::EveryDays(days) => (1, u32::from(days.max(1))),
            Frequency::Weekly => (1, 7),
            Frequency::Monthly => (1, 30),
        };
        let doses = (times * self.duration?.days()?).div_ceil(days);
        i32::try_from(doses).ok()
    }
}

impl<'a> From<&'a Medicine> for Piece<'a> {
    fn from(medicine: &'a Medicine) -> Self {
        Self {
            noun: medicine.piece,
            strength: medicine.in_piece(),
        }
    }
}

impl Amount {
    fn words(&self, noun: &str) -> String {
        match self {
            Self::Apply => "apply".to_owned(),
            Self::Number { from, to, unit } => {
                let upper = to.map_or(String::new(), |to| format!("-{to}"));
                let counts = counted(to.unwrap_or(*from), unit.unwrap_or(noun));
                format!("{from}{upper} {counts}").trim_end().to_owned()
            }
        }
    }
}

impl Frequency {
    /// The short form that charts carry, such as `tds`.
    pub fn short(self) -> String {
        match self {
            Self::Daily(1) => "od".to_owned(),
            Self::Daily(2) => "bd".to_owned(),
            Self::Daily(3) => "tds".to_owned(),
            Self::Daily(4) => "qds".to_owned(),
            Self::Daily(times) => format!("{times}x/d"),
            Self::Hourly(hours) => format!("{hours}h"),
            Self::Morning => "mane".to_owned(),
            Self::Night => "nocte".to_owned(),
            Self::EveryDays(2) => "eod".to_owned(),
            Self::EveryDays(days) => format!("every {days}d"),
            Self::Weekly => "weekly".to_owned(),
            Self::Monthly => "monthly".to_owned(),
            Self::Stat => "stat".to_owned(),
        }
    }

    fn words(self) -> String {
        match self {
            Self::Daily(1) => "once a day".to_owned(),
            Self::Daily(2) => "twice a day".to_owned(),
            Self::Daily(times) => format!("{times} times a day"),
            Self::Hourly(hours) => format!("every {hours} hours"),
            Self::Morning => "in the morning".to_owned(),
            Self::Night => "at night".to_owned(),
            Self::EveryDays(2) => "every other day".to_owned(),
            Self::EveryDays(days) => format!("every {days} days"),
            Self::Weekly => "once a week".to_owned(),
            Self::Monthly => "once a month".to_owned(),
            Self::Stat => "once, now".to_owned(),
        }
    }
}

impl Duration {
    /// The short form that charts carry, such as `5d`.
    pub fn short(self) -> String {
        match self {
            Self::Days(days) => format!("{days}d"),
            Self::Weeks(weeks) => format!("{weeks}w"),
            Self::Months(months) => format!("{months}m"),
            Self::Ongoing => "ongoing".to_owned(),
        }
    }

    /// In days; none when it has no end.
    pub fn days(self) -> Option<u32> {
        match self {
            Self::Days(days) => Some(u32::from(days)),
            Self::Weeks(weeks) => Some(u32::from(weeks) * 7),
            Self::Months(months) => Some(u32::from(months) * 30),
            Self::Ongoing => None,
        }
    }

    fn words(self) -> String {
        let counted = |number: u16, noun: &str| {
            format!(
                "{number} {}",
                counted(Decimal::whole(i32::from(number)), noun)
            )
        };
        match self {
            Self::Days(days) => counted(days, "day"),
            Self::Weeks(weeks) => counted(weeks, "week"),
            Self::Months(months) => counted(months, "month"),
            Self::Ongoing => "ongoing".to_owned(),
        }
    }
}

/// The noun as it stands behind a number; measures such as `ml` have no plural.
fn counted(number: Decimal, noun: &str) -> String {
    let measure = matches!(noun, "" | "ml" | "mg" | "g" | "mcg");
    if number <= Decimal::whole(1) || measure {
        return noun.to_owned();
    }
    if let Some(stem) = noun.strip_suffix("ry") {
        return format!("{stem}ries");
    }
    let end = if noun.ends_with("ch") { "es" } else { "s" };
    format!("{noun}{end}")
}

impl fmt::Debug for Dose {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Dose(…)")
    }
}

impl fmt::Display for Why {
    /// In the command line's English. Says nothing that was typed.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Unknown => "not part of a dose: free words go behind a semicolon",
            Self::Twice => "said twice",
            Self::Ambiguous => "days or times a day? write 5d or tds",
            Self::Outside => "more than any dose, or nothing",
            Self::TooLong => "more than one line holds",
        })
    }
}
