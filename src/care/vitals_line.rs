//! The vitals line: `bp 120/80 hr 72 t 37.1 w 64`, in any order, read into vital signs.
//!
//! Each reading is a name and a value: `hr 72`, `hr72`, `pulse: 72`. A value with a telling
//! form needs no name: `120/80`, `98%`, `37.1c`, `64kg`, `165cm`. Units are converted for
//! storage and kept as typed beside. Words tell how it was measured: `bp l 120/80 sit`.
//! `bp - refused` says that it was not done, and why. A number outside the plausible limits
//! needs `!` behind it: `hr 212!`. Nothing that is typed is lost: what cannot be read is a
//! [`Problem`] with its place in the line.

mod amount;
mod echo;
mod parse;
mod record;
#[cfg(test)]
mod tests;

use std::{fmt, ops::Range};

pub use echo::{Echo, Item, Last, echo};
pub use parse::{LINE_BYTES_MAX, READINGS_MAX, parse};
pub use record::observations;

use crate::content::{Decimal, Limits, Vital};

/// What a line says.
#[derive(Debug, Default)]
pub struct Parsed {
    /// What was read, in the order typed.
    pub readings: Vec<Reading>,
    /// What was not, in the order typed.
    pub problems: Vec<Problem>,
}

/// One vital sign as typed.
#[derive(Clone, PartialEq, Eq)]
pub struct Reading {
    /// Which.
    pub vital: Vital,
    /// What was found, in the unit that is stored.
    pub found: Found,
    /// How it was measured, such as `left arm, sitting`.
    pub method: String,
    /// The number and unit as typed, where it was converted, such as `141 lb`.
    pub typed: Option<String>,
    /// Whether the writer said, by `!`, that an unlikely value is real.
    pub sure: bool,
    /// Where it stands in the line, in bytes.
    pub span: Range<usize>,
}

/// What was found.
#[derive(Clone, PartialEq, Eq)]
pub enum Found {
    /// A number.
    Number(Decimal),
    /// Systolic over diastolic, mmHg; felt by hand alone, there is no diastolic.
    Pressure(Decimal, Option<Decimal>),
    /// How the person answers.
    Response(Response),
    /// Nothing: not done, and why (may be empty).
    NotDone(String),
}

/// How a person answers: the ACVPU scale.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Response {
    /// Alert.
    Alert,
    /// Newly confused.
    Confused,
    /// Answers to voice.
    Voice,
    /// Answers to pain.
    Pain,
    /// Does not answer.
    Unresponsive,
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
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Why {
    /// No vital sign is named so.
    Unknown,
    /// A name without its value, or half a value; more may still be typed.
    Unfinished(Vital),
    /// What follows the name is no value of this vital sign.
    NotAValue(Vital),
    /// The unit is not one of this vital sign.
    WrongUnit(Vital),
    /// Outside what is believed without `!`.
    Outside {
        /// Which vital sign.
        vital: Vital,
        /// What is believed.
        limits: Limits,
        /// The UCUM code of another unit, in which the same number would be believed.
        perhaps: Option<&'static str>,
    },
    /// The diastolic pressure is not below the systolic.
    Crossed,
    /// This vital sign stands in the line already.
    Twice(Vital),
    /// The line is longer than [`LINE_BYTES_MAX`] or says more than [`READINGS_MAX`] things.
    TooLong,
}

impl Parsed {
    /// Whether the line says something and all of it was read.
    pub const fn is_complete(&self) -> bool {
        self.problems.is_empty() && !self.readings.is_empty()
    }
}

impl Response {
    /// The word that is stored and shown in English.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Alert => "Alert",
            Self::Confused => "Confused",
            Self::Voice => "Voice",
            Self::Pain => "Pain",
            Self::Unresponsive => "Unresponsive",
        }
    }

    /// The response that a typed word means: a letter of ACVPU or its word. Lower case.
    pub fn named(word: &str) -> Option<Self> {
        Some(match word {
            "a" | "alert" => Self::Alert,
            "c" | "confused" => Self::Confused,
            "v" | "voice" | "verbal" => Self::Voice,
            "p" | "pain" => Self::Pain,
            "u" | "unresponsive" => Self::Unresponsive,
            _ => return None,
        })
    }
}

impl fmt::Debug for Reading {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Reading({} at {:?})", self.vital.key(), self.span)
    }
}

impl fmt::Debug for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Found(…)")
    }
}

impl fmt::Display for Found {
    /// `72`, `148/92`, `90/palpated`, `Alert`, or a dash.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => write!(f, "{number}"),
            Self::Pressure(high, Some(low)) => write!(f, "{high}/{low}"),
            Self::Pressure(high, None) => write!(f, "{high}/palpated"),
            Self::Response(response) => f.write_str(response.word()),
            Self::NotDone(_) => f.write_str("-"),
        }
    }
}

impl fmt::Display for Why {
    /// In the command line's English. Says names, units and limits, nothing that was typed.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown => f.write_str("not a vital sign"),
            Self::Unfinished(vital) => write!(f, "{} needs a value", vital.short()),
            Self::NotAValue(vital) => write!(f, "not a value of {}", vital.short()),
            Self::WrongUnit(vital) => write!(f, "not a unit of {}", vital.short()),
            Self::Outside {
                vital,
                limits,
                perhaps,
            } => {
                let shown = crate::content::shown_unit(vital.unit());
                let Limits { low, high } = limits;
                let name = vital.short();
                write!(
                    f,
                    "{name} outside {low} to {high} {shown}: add ! if it is real"
                )?;
                perhaps.map_or(Ok(()), |unit| {
                    write!(f, ", or {} if meant so", crate::content::shown_unit(unit))
                })
            }
            Self::Crossed => f.write_str("the second pressure is not below the first"),
            Self::Twice(vital) => write!(f, "{} is there twice", vital.short()),
            Self::TooLong => f.write_str("more than one line holds"),
        }
    }
}
