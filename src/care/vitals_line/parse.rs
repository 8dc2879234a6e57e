//! The grammar of the vitals line.

use std::ops::Range;

use super::{
    Found, Parsed, Problem, Reading, Response, Why,
    amount::{Amount, Shape},
};
use crate::{
    care::token::{Token, tokens},
    content::{Body, Decimal, Limits, Vital, convert, shown_unit, typed_units},
};

/// The longest line that is read, in bytes; all vital signs with their words are a third of it.
/// What stands behind is a problem, and stays in the line.
pub const LINE_BYTES_MAX: usize = 1_000;
/// The most readings of one line.
pub const READINGS_MAX: usize = 40;
/// The most words of a reason why something was not done.
const REASON_WORDS_MAX: usize = 20;
/// Below this age the body is measured lying: `h 78` is a length (WHO child growth standards).
const LYING_YEARS: u16 = 2;

/// Reads a line for this person. Total: any text gives what could be read and what could not.
pub fn parse(line: &str, body: &Body) -> Parsed {
    let mut parser = Parser {
        tokens: tokens(line),
        at: 0,
        body,
        parsed: Parsed::default(),
    };
    while parser.at < parser.tokens.len() {
        if parser.is_full() {
            parser.problem(parser.at..parser.tokens.len(), Why::TooLong);
            break;
        }
        parser.step();
    }
    parser.parsed
}

struct Parser<'a> {
    tokens: Vec<Token<'a>>,
    at: usize,
    body: &'a Body,
    parsed: Parsed,
}

/// A reading as it is put together.
struct Draft {
    vital: Vital,
    methods: Vec<&'static str>,
    first: usize,
}

/// A number with its unit, as typed and as stored.
struct Measured {
    number: Decimal,
    typed: Option<String>,
    /// Whether no unit was typed.
    bare: bool,
}

impl Parser<'_> {
    fn is_full(&self) -> bool {
        let too_far = self
            .token(self.at)
            .is_some_and(|it| it.span.end > LINE_BYTES_MAX);
        too_far || self.parsed.readings.len() + self.parsed.problems.len() >= READINGS_MAX
    }

    /// Reads one reading, or one problem, and goes behind it.
    fn step(&mut self) {
        let first = self.at;
        let low = self.low(first).to_owned();
        if let Some((name, vital, rest)) = glued(&low) {
            self.at += 1;
            let methods = vital.method(&name).into_iter().collect();
            let draft = Draft {
                vital,
                methods,
                first,
            };
            self.value(draft, rest);
        } else if let Some(vital) = self.bare(first) {
            self.at += 1;
            let draft = Draft {
                vital,
                methods: Vec::new(),
                first,
            };
            self.value(draft, Some(low));
        } else {
            self.at += 1;
            self.problem(first..self.at, Why::Unknown);
        }
    }

    /// Reads the value of a vital sign: what was glued to its name, or what follows.
    fn value(&mut self, mut draft: Draft, glued: Option<String>) {
        self.methods(&mut draft);
        let from = if glued.is_some() {
            draft.first
        } else {
            self.at
        };
        let word = glued.or_else(|| self.take());
        let Some(word) = word else {
            return self.problem(draft.first..self.at, Why::Unfinished(draft.vital));
        };
        if matches!(word.as_str(), "-" | "–" | "—") {
            return self.not_done(draft);
        }
        let (found, typed, sure) = match self.found(draft.vital, &word) {
            Ok(read) => read,
            Err(_) if from > draft.first && self.starts_other(from, draft.vital) => {
                self.at = from;
                return self.problem(draft.first..from, Why::Unfinished(draft.vital));
            }
            Err(why) => return self.problem(from..self.at, why),
        };
        self.methods(&mut draft);
        draft.methods.dedup();
        self.keep(Reading {
            vital: self.lying(draft.vital, &draft.methods),
            found,
            method: draft.methods.join(", "),
            typed,
            sure,
            span: self.span(draft.first..self.at),
        });
    }

    /// Reads the found value from its first word and the words that belong to it.
    fn found(&mut self, vital: Vital, word: &str) -> Result<Read, Why> {
        if vital == Vital::Responsiveness {
            let response = Response::named(word).ok_or(Why::NotAValue(vital))?;
            return Ok((Found::Response(response), None, false));
        }
        let Amount { shape, sure } = Amount::read(word).ok_or(Why::NotAValue(vital))?;
        if vital == Vital::BloodPressure {
            return self.pressure(shape, sure);
        }
        let measured = match shape {
            Shape::Number(number, unit) => self.measured(vital, number, unit)?,
            Shape::FeetInches(inches) => in_unit(vital, inches, "[in_i]")?,
            Shape::Pressure(number, Some(of)) if of_ten(vital, of) => Measured {
                number,
                typed: None,
                bare: false,
            },
            Shape::Pressure(..) | Shape::HalfPressure => {
                return Err(Why::NotAValue(vital));
            }
        };
        let sure = sure || self.took("!");
        let outside = outside(vital, &measured, self.body);
        match outside {
            Some(why) if !sure => Err(why),
            _ => Ok((Found::Number(measured.number), measured.typed, sure)),
        }
    }

    fn pressure(&mut self, shape: Shape, sure: bool) -> Result<Read, Why> {
        let (high, low, sure) = match shape {
            Shape::Pressure(high, low) => (high, low, sure),
            Shape::Number(high, unit) if unit.is_empty() => {
                let next = Amount::read(self.low(self.at));
                let Some(Amount {
                    shape: Shape::Number(low, unit),
                    sure,
                }) = next
                else {
                    return Err(Why::Unfinished(Vital::BloodPressure));
                };
                if !unit.is_empty() {
                    return Err(Why::Unfinished(Vital::BloodPressure));
                }
                self.at += 1;
                (high, Some(low), sure)
            }
            Shape::HalfPressure => return Err(Why::Unfinished(Vital::BloodPressure)),
            Shape::Number(..) | Shape::FeetInches(_) => {
                return Err(Why::NotAValue(Vital::BloodPressure));
            }
        };
        if typed_units(self.low(self.at)).any(|it| it == Vital::Systolic.unit()) {
            self.at += 1;
        }
        let sure = sure || self.took("!");
        let read = (Found::Pressure(high, low), None, sure);
        if sure {
            return Ok(read);
        }
        let parts = [(Vital::Systolic, Some(high)), (Vital::Diastolic, low)];
        for (vital, number) in parts {
            let Some(number) = number else { continue };
            let measured = Measured {
                number,
                typed: None,
                bare: true,
            };
            if let Some(why) = outside(vital, &measured, self.body) {
                return Err(why);
            }
        }
        if low.is_some_and(|low| low >= high) {
            return Err(Why::Crossed);
        }
        Ok(read)
    }

    /// A number with the unit glued to it, the unit that follows, or the one that is stored.
    fn measured(
        &mut self,
        vital: Vital,
        number: Decimal,
        glued: String,
    ) -> Result<Measured, Why> {
        if !glued.is_empty() {
            let codes = typed_units(&glued);
            let mut read = codes.filter_map(|code| in_unit(vital, number, code).ok());
            return read.next().ok_or(Why::WrongUnit(vital));
        }
        let follows = self.low(self.at).to_owned();
        let unit = follows.trim_end_matches('!');
        let mut units = typed_units(unit);
        if let Some(read) = units.find_map(|code| in_unit(vital, number, code).ok()) {
            if unit.len() == follows.len() {
                self.at += 1;
            } else if let Some(token) = self.tokens.get_mut(self.at) {
                // `37.1 c!`: the mark stays to be taken.
                "!".clone_into(&mut token.low);
            }
            return Ok(read);
        }
        Ok(Measured {
            number,
            typed: None,
            bare: true,
        })
    }

    fn not_done(&mut self, draft: Draft) {
        let from = self.at;
        while self.at < self.tokens.len()
            && self.at - from < REASON_WORDS_MAX
            && !self.starts(self.at)
        {
            self.at += 1;
        }
        let words = self.tokens.get(from..self.at).unwrap_or_default();
        let reason: Vec<&str> = words.iter().map(|it| it.text).collect();
        self.keep(Reading {
            vital: self.lying(draft.vital, &draft.methods),
            found: Found::NotDone(reason.join(" ")),
            method: draft.methods.join(", "),
            typed: None,
            sure: false,
            span: self.span(draft.first..self.at),
        });
    }

    /// Takes the words that say how it was measured.
    fn methods(&mut self, draft: &mut Draft) {
        while let Some(method) = draft.vital.method(self.low(self.at)) {
            draft.methods.push(method);
            self.at += 1;
        }
    }

    fn keep(&mut self, reading: Reading) {
        let same =
            |it: &&Reading| it.vital == reading.vital && it.method == reading.method;
        let again = self.parsed.readings.iter().any(|it| same(&it));
        // Pressure is often taken twice; anything else is a slip.
        if again && reading.vital != Vital::BloodPressure {
            self.parsed.problems.push(Problem {
                why: Why::Twice(reading.vital),
                span: reading.span,
            });
        } else {
            self.parsed.readings.push(reading);
        }
    }

    fn problem(&mut self, tokens: Range<usize>, why: Why) {
        let span = self.span(tokens);
        self.parsed.problems.push(Problem { span, why });
    }

    /// The height of a small child is a length, unless it was taken standing.
    fn lying(&self, vital: Vital, methods: &[&str]) -> Vital {
        let small = self.body.age.is_some_and(|age| age.years < LYING_YEARS);
        if vital == Vital::Height && small && !methods.contains(&"standing") {
            return Vital::Length;
        }
        vital
    }

    /// Whether a reading begins at this word.
    fn starts(&self, at: usize) -> bool {
        match glued(self.low(at)) {
            Some((.., Some(_))) => true,
            Some((_, vital, None)) => {
                let next = self.low(at + 1);
                next.is_empty()
                    || matches!(next, "-" | "–" | "—")
                    || next.starts_with(|it: char| it.is_ascii_digit())
                    || vital.method(next).is_some()
                    || (vital == Vital::Responsiveness && Response::named(next).is_some())
            }
            None => self.bare(at).is_some(),
        }
    }

    /// Whether this word cannot be a value of this vital sign because it begins another: it
    /// is a name, or a pressure.
    fn starts_other(&self, at: usize, vital: Vital) -> bool {
        let bare = self.bare(at);
        let pressure = bare == Some(Vital::BloodPressure) && bare != Some(vital);
        pressure || (bare.is_none() && self.starts(at))
    }

    /// The vital sign whose value needs no name.
    fn bare(&self, at: usize) -> Option<Vital> {
        let (number, unit) = match Amount::read(self.low(at))?.shape {
            Shape::Pressure(..) | Shape::HalfPressure => {
                return Some(Vital::BloodPressure);
            }
            Shape::FeetInches(_) => return Some(Vital::Height),
            Shape::Number(number, unit) if unit.is_empty() => {
                (number, self.low(at + 1).trim_end_matches('!').to_owned())
            }
            Shape::Number(number, unit) => (number, unit),
        };
        let vitals = [
            Vital::Spo2,
            Vital::Temperature,
            Vital::Weight,
            Vital::Height,
            Vital::Glucose,
        ];
        let takes = |vital: &Vital| {
            typed_units(&unit).any(|code| in_unit(*vital, number, code).is_ok())
        };
        let beats = unit == "bpm";
        let mut telling = vitals.into_iter().filter(takes);
        telling.next().or_else(|| beats.then_some(Vital::HeartRate))
    }

    fn token(&self, at: usize) -> Option<&Token<'_>> {
        self.tokens.get(at)
    }

    /// The word at this place; empty behind the last.
    fn low(&self, at: usize) -> &str {
        self.tokens.get(at).map_or("", |it| &it.low)
    }

    fn take(&mut self) -> Option<String> {
        let word = self.token(self.at).map(|it| it.low.clone())?;
        self.at += 1;
        Some(word)
    }

    fn took(&mut self, word: &str) -> bool {
        let is_next = self.low(self.at) == word;
        self.at += usize::from(is_next);
        is_next
    }

    fn span(&self, tokens: Range<usize>) -> Range<usize> {
        let end = tokens.end.max(tokens.start + 1);
        let words = self.tokens.get(tokens.start..end.min(self.tokens.len()));
        let words = words.unwrap_or_default();
        match (words.first(), words.last()) {
            (Some(first), Some(last)) => first.span.start..last.span.end,
            _ => 0..0,
        }
    }
}

/// A value with what was typed where it was converted, and whether `!` stands behind it.
type Read = (Found, Option<String>, bool);

/// A word that is a name, or a name with its value: the name, the vital sign and the value.
fn glued(word: &str) -> Option<(String, Vital, Option<String>)> {
    let name = word.trim_end_matches([':', '=']);
    if let Some(vital) = Vital::named(name) {
        return Some((name.to_owned(), vital, None));
    }
    let splits = word.char_indices().map(|(at, _)| at);
    splits.rev().find_map(|at| {
        let (name, value) = word.split_at_checked(at)?;
        let vital = Vital::named(name)?;
        let value = value.trim_start_matches([':', '=']);
        let is_value = value.starts_with(|it: char| it.is_ascii_digit() || it == '.');
        let is_response =
            vital == Vital::Responsiveness && Response::named(value).is_some();
        (is_value || value == "-" || is_response)
            .then(|| (name.to_owned(), vital, Some(value.to_owned())))
    })
}

fn in_unit(vital: Vital, number: Decimal, code: &str) -> Result<Measured, Why> {
    let stored = convert(vital, number, code).ok_or(Why::WrongUnit(vital))?;
    let typed = (code != vital.unit()).then(|| format!("{number} {}", shown_unit(code)));
    Ok(Measured {
        number: stored,
        typed,
        bare: false,
    })
}

fn of_ten(vital: Vital, of: Decimal) -> bool {
    vital == Vital::Pain && of == Decimal::whole(10)
}

fn outside(vital: Vital, measured: &Measured, body: &Body) -> Option<Why> {
    let limits = vital.limits(body)?;
    let believed = |number: Decimal| {
        let Limits { low, high } = limits;
        (low..=high).contains(&number)
    };
    if believed(measured.number) {
        return None;
    }
    let others = ["[degF]", "m", "mm", "[lb_av]", "g", "mg/dL"];
    let fits = |code: &&str| {
        let other = convert(vital, measured.number, code);
        *code != vital.unit() && other.is_some_and(believed)
    };
    Some(Why::Outside {
        vital,
        limits,
        perhaps: others.into_iter().find(|code| measured.bare && fits(code)),
    })
}
