//! The grammar of the dose line.

use std::ops::Range;

use super::{Amount, Dose, Duration, Frequency, Parsed, Problem, Why};
use crate::{
    care::token::{Token, number_and_rest, tokens},
    content::Decimal,
};

/// The longest line that is read, in bytes; a dose with an instruction takes a fifth of it.
pub const LINE_BYTES_MAX: usize = 500;
/// More than any amount at a time, in any unit (vitamin D comes in 300,000 units).
const AMOUNT_MAX: i32 = 1_000_000;
/// The most days, weeks or months of a course.
const DURATION_MAX: u16 = 999;
/// The most times a day: every hour.
const TIMES_MAX: u8 = 24;

/// Units of an amount, as typed and as written.
const UNITS: &[(&[&str], &str)] = &[
    (&["tab", "tabs", "tablet", "tablets", "tb"], "tablet"),
    (&["cap", "caps", "capsule", "capsules"], "capsule"),
    (&["ml", "mls", "cc"], "ml"),
    (&["mg", "mgs"], "mg"),
    (&["g", "gm", "gram", "grams"], "g"),
    (&["mcg", "ug", "µg"], "mcg"),
    (&["iu", "u", "unit", "units"], "unit"),
    (&["puff", "puffs", "inhalation", "inhalations"], "puff"),
    (&["drop", "drops", "gtt"], "drop"),
    (
        &["spoon", "spoons", "tsp", "teaspoon", "teaspoons"],
        "teaspoon",
    ),
    (&["sachet", "sachets", "packet", "packets"], "sachet"),
    (&["supp", "suppository", "suppositories"], "suppository"),
    (&["pess", "pessary", "pessaries"], "pessary"),
    (&["amp", "amps", "ampoule", "ampoules"], "ampoule"),
    (&["vial", "vials"], "vial"),
    (&["spray", "sprays"], "spray"),
    (&["patch", "patches"], "patch"),
    (&["application", "applications"], "application"),
    (&["implant", "implants"], "implant"),
];

/// How often, as typed.
const FREQUENCIES: &[(&[&str], Frequency)] = &[
    (&["od", "qd", "daily", "1x"], Frequency::Daily(1)),
    (&["bd", "bid", "bds", "2x"], Frequency::Daily(2)),
    (&["tds", "tid", "3x"], Frequency::Daily(3)),
    (&["qds", "qid", "4x"], Frequency::Daily(4)),
    (&["mane", "om", "morning", "am"], Frequency::Morning),
    (
        &["nocte", "on", "hs", "night", "pm", "bedtime"],
        Frequency::Night,
    ),
    (&["eod", "alt", "qod"], Frequency::EveryDays(2)),
    (&["weekly", "qw", "wkly"], Frequency::Weekly),
    (&["monthly", "qm"], Frequency::Monthly),
    (&["stat", "once", "now"], Frequency::Stat),
];

/// By which way, as typed and in words.
const ROUTES: &[(&[&str], &str)] = &[
    (&["po", "oral", "orally"], "by mouth"),
    (&["im"], "into the muscle"),
    (&["iv"], "into the vein"),
    (&["sc", "subcut", "sq"], "under the skin"),
    (&["sl"], "under the tongue"),
    (&["pr", "rectal"], "into the rectum"),
    (&["pv", "vaginal"], "into the vagina"),
    (&["inh", "inhaled"], "inhaled"),
    (&["top", "topical"], "on the skin"),
    (&["eye", "eyes"], "into the eye"),
    (&["ear", "ears"], "into the ear"),
    (&["nasal", "nose"], "into the nose"),
];

/// Short instructions that have a word.
const INSTRUCTIONS: &[(&str, &str)] = &[("ac", "before food"), ("pc", "after food")];

/// Words that say nothing by themselves.
const FILLERS: &[&str] = &[
    "a", "an", "the", "take", "times", "time", "per", "at", "and",
];

/// Reads a line. Total: any text gives what could be read and what could not.
pub fn parse(line: &str) -> Parsed {
    let (dose, instructions) = line.split_once(';').unwrap_or((line, ""));
    let mut parser = Parser {
        tokens: tokens(dose),
        at: 0,
        expects: Expects::Anything,
        parsed: Parsed::default(),
    };
    let all = parser.tokens.len();
    while parser.at < all {
        if parser
            .tokens
            .get(parser.at)
            .is_some_and(|it| it.span.end > LINE_BYTES_MAX)
        {
            parser.problem(parser.at..all, Why::TooLong);
            return parser.parsed;
        }
        parser.step();
    }
    let told = &mut parser.parsed.dose.instructions;
    add(told, instructions.trim());
    if line.len() > LINE_BYTES_MAX {
        let end = dose.len()..line.len();
        parser.parsed.problems.push(Problem {
            span: end,
            why: Why::TooLong,
        });
    }
    parser.parsed
}

/// What the word before made likely.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Expects {
    Anything,
    /// After `x` or `for`.
    Duration,
    /// After `every`.
    Interval,
}

struct Parser<'a> {
    tokens: Vec<Token<'a>>,
    at: usize,
    expects: Expects,
    parsed: Parsed,
}

impl Parser<'_> {
    /// Reads one part of the dose and goes behind it.
    fn step(&mut self) {
        let first = self.at;
        let low = self.low(first).to_owned();
        self.at += 1;
        let expects = std::mem::replace(&mut self.expects, Expects::Anything);
        let read = match low.as_str() {
            "x" | "×" | "for" => {
                self.expects = Expects::Duration;
                return;
            }
            "every" | "each" | "q" => {
                self.expects = Expects::Interval;
                return;
            }
            it if FILLERS.contains(&it) => return,
            it => self.part(it, expects),
        };
        if let Err(why) = read {
            self.problem(first..self.at, why);
        }
    }

    fn part(&mut self, low: &str, expects: Expects) -> Result<(), Why> {
        if let Some(frequency) = named(FREQUENCIES, low) {
            return self.frequency(frequency);
        }
        if let Some(route) = named(ROUTES, low) {
            return set_route(&mut self.parsed.dose, route);
        }
        if let Some((_, words)) = INSTRUCTIONS.iter().find(|(typed, _)| *typed == low) {
            add(&mut self.parsed.dose.instructions, words);
            return Ok(());
        }
        match low {
            "prn" | "sos" | "needed" => {
                self.parsed.dose.as_needed = true;
                Ok(())
            }
            "when" | "if" | "as" if self.low(self.at) == "needed" => Ok(()),
            "apply" => self.amount(Amount::Apply),
            "ongoing" | "cont" | "continue" | "long-term" => {
                self.duration(Duration::Ongoing)
            }
            "day" | "d" if self.parsed.dose.frequency.is_some() => Ok(()),
            "day" => self.frequency(Frequency::Daily(1)),
            "week" if expects == Expects::Interval => self.frequency(Frequency::Weekly),
            "other" if expects == Expects::Interval && self.took("day") => {
                self.frequency(Frequency::EveryDays(2))
            }
            _ => self.number(low, expects),
        }
    }

    /// Reads a word that begins with a number, or with `x` or `q` and a number.
    fn number(&mut self, low: &str, expects: Expects) -> Result<(), Why> {
        if let Some(amounts) = three(low) {
            let (amount, frequency) = amounts?;
            self.amount(amount)?;
            return self.frequency(frequency);
        }
        let stripped = low
            .strip_prefix(['x', '×'])
            .map(|it| (it, Expects::Duration));
        let stripped =
            stripped.or_else(|| low.strip_prefix('q').map(|it| (it, Expects::Interval)));
        let (low, expects) = stripped.unwrap_or((low, expects));
        let (from, to, rest) =
            amount_of(low, self.parsed.dose.amount.is_none()).ok_or(Why::Unknown)?;
        // In `1 x 5d` the x begins the duration; in `3x` it means times.
        let follows = Some(self.low(self.at)).filter(|it| *it != "x");
        let unit = if rest.is_empty() {
            follows.unwrap_or_default().to_owned()
        } else {
            rest.to_owned()
        };
        let read = self.measured((from, to), &unit, expects);
        match read {
            Some(read) => {
                self.at += usize::from(rest.is_empty());
                read
            }
            None if !rest.is_empty() => Err(Why::Unknown),
            None => self.bare((from, to), expects),
        }
    }

    /// A number with a unit: an amount, an interval, a duration or times a day.
    fn measured(
        &mut self,
        (from, to): (Decimal, Option<Decimal>),
        unit: &str,
        expects: Expects,
    ) -> Option<Result<(), Why>> {
        if let Some(unit) = named(UNITS, unit) {
            let unit = Some(unit);
            return Some(self.amount(Amount::Number { from, to, unit }));
        }
        let whole = small(from);
        let read = match unit {
            "h" | "hr" | "hrs" | "hourly" | "hrly" | "hours" | "/24" => {
                Frequency::hourly(whole).and_then(|it| self.frequency(it))
            }
            "x" | "times" | "x/d" | "x/day" | "/d" | "/day" => {
                let times = u8::try_from(whole).ok().filter(|it| *it <= TIMES_MAX);
                let times = times.filter(|it| *it > 0).ok_or(Why::Outside);
                times.and_then(|it| self.frequency(Frequency::Daily(it)))
            }
            "d" | "day" | "days" | "dy" if expects == Expects::Interval => {
                let days = u8::try_from(whole).ok().filter(|it| *it > 0);
                let days = days.ok_or(Why::Outside);
                days.and_then(|it| self.frequency(Frequency::EveryDays(it)))
            }
            "d" | "day" | "days" | "dy" | "/7" => self.duration(Duration::Days(whole)),
            "w" | "wk" | "wks" | "week" | "weeks" | "/52" => {
                self.duration(Duration::Weeks(whole))
            }
            "m" | "mo" | "mth" | "mths" | "month" | "months" | "/12" => {
                self.duration(Duration::Months(whole))
            }
            _ => return None,
        };
        Some(read)
    }

    /// A number without a unit: how much, or, after `x` with the frequency known, days.
    fn bare(
        &mut self,
        (from, to): (Decimal, Option<Decimal>),
        expects: Expects,
    ) -> Result<(), Why> {
        let dose = &self.parsed.dose;
        match expects {
            Expects::Duration if dose.frequency.is_some() => {
                self.duration(Duration::Days(small(from)))
            }
            Expects::Anything if dose.amount.is_none() => {
                let unit = None;
                self.amount(Amount::Number { from, to, unit })
            }
            Expects::Anything | Expects::Duration | Expects::Interval => {
                Err(Why::Ambiguous)
            }
        }
    }

    fn amount(&mut self, amount: Amount) -> Result<(), Why> {
        if let Amount::Number { from, to, .. } = &amount {
            let (zero, most) = (Decimal::whole(0), Decimal::whole(AMOUNT_MAX));
            let upper = to.unwrap_or(*from);
            let in_order = to.is_none_or(|to| to > *from);
            if *from <= zero || upper > most || !in_order {
                return Err(Why::Outside);
            }
        }
        once(&mut self.parsed.dose.amount, amount)
    }

    fn frequency(&mut self, frequency: Frequency) -> Result<(), Why> {
        once(&mut self.parsed.dose.frequency, frequency)
    }

    fn duration(&mut self, duration: Duration) -> Result<(), Why> {
        let (Duration::Days(long) | Duration::Weeks(long) | Duration::Months(long)) =
            duration
        else {
            return once(&mut self.parsed.dose.duration, duration);
        };
        if !(1..=DURATION_MAX).contains(&long) {
            return Err(Why::Outside);
        }
        once(&mut self.parsed.dose.duration, duration)
    }

    fn took(&mut self, word: &str) -> bool {
        let is_next = self.low(self.at) == word;
        self.at += usize::from(is_next);
        is_next
    }

    /// The word at this place; empty behind the last.
    fn low(&self, at: usize) -> &str {
        self.tokens.get(at).map_or("", |it| &it.low)
    }

    fn problem(&mut self, tokens: Range<usize>, why: Why) {
        let words = self.tokens.get(tokens).unwrap_or_default();
        if let (Some(first), Some(last)) = (words.first(), words.last()) {
            let span = first.span.start..last.span.end;
            self.parsed.problems.push(Problem { span, why });
        }
    }
}

impl Frequency {
    fn hourly(hours: u16) -> Result<Self, Why> {
        let hours = u8::try_from(hours).ok().filter(|it| (1..=72).contains(it));
        match hours.ok_or(Why::Outside)? {
            48 => Ok(Self::EveryDays(2)),
            72 => Ok(Self::EveryDays(3)),
            hours if hours <= 24 => Ok(Self::Hourly(hours)),
            _ => Err(Why::Outside),
        }
    }
}

fn named<T: Copy>(table: &[(&[&str], T)], word: &str) -> Option<T> {
    let row = table.iter().find(|(typed, _)| typed.contains(&word));
    row.map(|(_, means)| *means)
}

fn once<T>(slot: &mut Option<T>, value: T) -> Result<(), Why> {
    if slot.is_some() {
        return Err(Why::Twice);
    }
    *slot = Some(value);
    Ok(())
}

fn set_route(dose: &mut Dose, route: &'static str) -> Result<(), Why> {
    if !dose.route.is_empty() {
        return Err(Why::Twice);
    }
    dose.route = route;
    Ok(())
}

fn add(told: &mut String, words: &str) {
    let between = if told.is_empty() || words.is_empty() {
        ""
    } else {
        ", "
    };
    told.push_str(between);
    told.push_str(words);
}

/// A number, a range or a fraction that begins a word, and the rest. `1/2` and `½` are
/// amounts where one is `wanted`; `5/7` is left as 5 and `/7`.
fn amount_of(word: &str, wanted: bool) -> Option<(Decimal, Option<Decimal>, &str)> {
    let half = [
        ("½", "0.5"),
        ("¼", "0.25"),
        ("¾", "0.75"),
        ("1½", "1.5"),
        ("2½", "2.5"),
    ];
    let sign = half.iter().rev().find_map(|(sign, number)| {
        Some((number.parse().ok()?, None, word.strip_prefix(sign)?))
    });
    if wanted && sign.is_some() {
        return sign;
    }
    let (first, rest) = number_and_rest(word)?;
    let fractions = [("/2", 2), ("/4", 4), ("/3", 3)];
    let fraction = fractions.iter().find_map(|(sign, by)| {
        let rest = rest.strip_prefix(sign)?;
        let more = rest.starts_with(|it: char| it.is_ascii_digit());
        let part = first.divided(Decimal::whole(*by), 2)?.trimmed();
        (wanted && !more).then_some((part, None, rest))
    });
    if fraction.is_some() {
        return fraction;
    }
    let range = rest.strip_prefix('-').and_then(number_and_rest);
    Some(match range {
        Some((second, rest)) => (first, Some(second), rest),
        None => (first, None, rest),
    })
}

/// `1-0-1`: how much in the morning, at noon and at night, where it is the same each time.
fn three(word: &str) -> Option<Result<(Amount, Frequency), Why>> {
    let parts: Vec<Decimal> = word
        .split('-')
        .map(|it| it.parse().ok())
        .collect::<Option<_>>()?;
    let [morning, noon, night] = parts.as_slice() else {
        return None;
    };
    let zero = Decimal::whole(0);
    let taken: Vec<&Decimal> = parts.iter().filter(|it| **it > zero).collect();
    let from = **taken.first()?;
    if taken.iter().any(|it| **it != from) {
        return Some(Err(Why::Unknown));
    }
    let frequency = match (*morning > zero, *noon > zero, *night > zero) {
        (true, false, false) => Frequency::Morning,
        (false, false, true) => Frequency::Night,
        _ => Frequency::Daily(u8::try_from(taken.len()).unwrap_or(TIMES_MAX)),
    };
    let (to, unit) = (None, None);
    Some(Ok((Amount::Number { from, to, unit }, frequency)))
}

/// A whole number that counts days or hours; 0, which is outside every limit, for any other.
fn small(number: Decimal) -> u16 {
    let text = number.trimmed().to_string();
    text.parse().unwrap_or(0)
}
