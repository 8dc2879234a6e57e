//! What the patient is told of who saw the record, on paper.

use std::fmt;

use crate::{
    chart::{Did, Disclosure},
    say::{Arg, Say},
    text::Shown,
    time::{Moment, PartialDate},
};

/// The columns of a sheet of paper.
const COLUMNS: usize = 80;
/// How far the text below a date is indented.
const INDENT: usize = 18;

/// What stands on the sheet besides the list.
#[derive(Clone, PartialEq, Eq)]
pub struct Paper {
    /// Whose record: name and number, or what is known.
    pub whose: String,
    /// The clinic.
    pub clinic: String,
    /// The day.
    pub today: PartialDate,
    /// What is missing of the log, or does not fit together.
    pub problems: Vec<String>,
}

impl Paper {
    /// The text, line by line; the list in the order given.
    pub fn lines(&self, told: &[Disclosure], say: &Say) -> Vec<String> {
        let title = [("who", Arg::text(&self.whose))];
        let known = [
            ("clinic", Arg::text(&self.clinic)),
            ("day", Arg::text(say.day(self.today))),
        ];
        let mut lines = wrapped(&say.with("told-paper-title", &title), COLUMNS);
        lines.extend(wrapped(&say.with("told-paper-known", &known), COLUMNS));
        lines.push(String::new());
        for it in told {
            let mut day = format!("{:INDENT$}", minute(it.at, say));
            for line in wrapped(&sentence(it, say), COLUMNS - INDENT) {
                lines.push(format!("{day}{line}"));
                day = " ".repeat(INDENT);
            }
        }
        if told.is_empty() {
            lines.push(say.line("told-nobody"));
        }
        for why in &self.problems {
            let said = say.with("told-not-whole", &[("why", Arg::text(why))]);
            lines.extend(wrapped(&said, COLUMNS));
        }
        lines
    }
}

/// What was done, in one sentence or two.
pub fn sentence(it: &Disclosure, say: &Say) -> String {
    let mut said = say.line(match it.did {
        Did::Shared => "told-shared",
        Did::Exported => "told-exported",
        Did::Printed => "told-print-made",
        Did::Consent => "told-consent",
        Did::Opened => "told-opened",
    });
    if !it.what.is_empty() {
        said = format!("{said}: {}", it.what);
    }
    if !it.to.is_empty() {
        let to = say.with("told-to", &[("to", Arg::text(&it.to))]);
        said = format!("{said}, {to}");
    }
    if !it.why.is_empty() {
        let why = say.with("told-why", &[("why", Arg::text(&it.why))]);
        said = format!("{said}. {why}");
    }
    let by = if it.by.is_empty() {
        say.line("told-somebody")
    } else {
        it.by.clone()
    };
    format!("{said}. {}", say.with("told-by", &[("by", Arg::text(by))]))
}

impl fmt::Debug for Paper {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Paper(…)")
    }
}

fn minute(at: Moment, say: &Say) -> String {
    format!("{} {}", at.day(), say.clock(at))
}

fn wrapped(text: &str, width: usize) -> Vec<String> {
    let lines = Shown::wrapped(text, width).into_iter();
    lines.map(|it| it.as_str().to_owned()).collect()
}
