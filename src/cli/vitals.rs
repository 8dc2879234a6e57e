//! `cairn vitals`: the vitals line of the screens, on the command line.

use std::io::{self, BufRead as _, Read as _};

use clap::Args;
use serde_json::{Value, json};

use super::{
    Failure, Output, Workplace, failure::Kind, output::print, patient::patient,
    restricted::Closed,
};
use crate::{
    care::{
        body_of, number_of,
        vitals_line::{self, LINE_BYTES_MAX, Parsed},
    },
    chart::{self, Category, Edit, Observation, Record, Subject, who::Action},
    clinic::Session,
    content::{Body, Level, Vital, shown_unit},
    ids::{PatientId, RecordId},
    time::When,
};

/// Record vital signs from one line: bp 120/80 hr 72 t 37.1 w 64 h 165 rr 18 spo2 98
///
/// With `-` for the line, lines are read from stdin, and each is answered by a line of JSON once
/// it is on the disk: what was recorded, or {"refused": why}.
#[derive(Debug, Args)]
#[command(
    after_long_help = "JSON: {observations: [{id, code, name, value, unit, flag, \
                       method}]}. `code` is LOINC, `unit` UCUM, `flag` LL, L, H, HH, AA \
                       or empty. What was not done has no value and says why in `absent`."
)]
pub(super) struct Vitals {
    /// The patient's id or number
    id: String,
    /// The line, or `-` to read lines from stdin
    line: String,
    #[command(flatten)]
    closed: Closed,
}

/// Lines after which the lists are brought up to date while lines come in.
const SETTLE_LINES: usize = 64;

impl Vitals {
    pub(super) fn run(self, place: &Workplace, output: Output) -> Result<(), Failure> {
        place.signed_in(|session| {
            session.may(Action::RecordObservation)?;
            let patient = patient(session, &self.id)?;
            let body = body_of(&session.open(patient)?, session.today());
            let category = self.closed.category(session)?;
            if self.line == "-" {
                return stream(session, (patient, category), &body);
            }
            let made = read(session, &body, None, &self.line)?;
            let (document, lines) = (document(&made, &body), lines(&made, &body));
            save(session, (patient, category), made)?;
            output.result(&document, &lines)
        })
    }
}

/// Answers each line of stdin.
fn stream(
    session: &mut Session,
    to: (PatientId, Option<Category>),
    body: &Body,
) -> Result<(), Failure> {
    let mut input = io::stdin().lock();
    let line_bytes_max = LINE_BYTES_MAX as u64 + 2;
    let mut count = 0;
    loop {
        let mut line = Vec::new();
        let length = input
            .by_ref()
            .take(line_bytes_max)
            .read_until(b'\n', &mut line)
            .map_err(|error| {
                Failure::usage("cannot read stdin").because(error.to_string())
            })?;
        if length == 0 {
            return Ok(());
        }
        let whole = line.last() == Some(&b'\n') || (length as u64) < line_bytes_max;
        if !whole {
            input.skip_until(b'\n').map_err(|error| {
                Failure::usage("cannot read stdin").because(error.to_string())
            })?;
        }
        let text = String::from_utf8_lossy(&line);
        let answer = match read(session, body, None, text.trim_end_matches(['\n', '\r']))
        {
            Ok(made) => {
                let answer = document(&made, body);
                save(session, to, made)?;
                answer
            }
            Err(failure) if failure.kind == Kind::Refused => {
                json!({ "refused": failure.why() })
            }
            Err(failure) => return Err(failure),
        };
        print(&answer)?;
        count += 1;
        if count % SETTLE_LINES == 0 {
            session.settle()?;
        }
    }
}

/// The observations that a line says. A line that is not understood whole is refused.
pub(super) fn read(
    session: &mut Session,
    body: &Body,
    visit: Option<RecordId>,
    line: &str,
) -> Result<Vec<Observation>, Failure> {
    let parsed = vitals_line::parse(line, body);
    if !parsed.is_complete() {
        return Err(refused(line, &parsed));
    }
    let when = When::At(session.moment());
    Ok(vitals_line::observations(
        &parsed.readings,
        body,
        when,
        visit,
        || session.entry(),
    ))
}

fn save(
    session: &mut Session,
    (patient, category): (PatientId, Option<Category>),
    mut made: Vec<Observation>,
) -> Result<(), Failure> {
    for it in &mut made {
        it.entry.restricted = category;
    }
    let made = made.into_iter().map(Record::Observation);
    let edits = made.map(Edit::add).collect();
    Ok(session.save(Subject::Patient(patient), edits)?)
}

fn refused(line: &str, parsed: &Parsed) -> Failure {
    let problems = parsed.problems.iter().map(|it| {
        let word = line.get(it.span.clone()).unwrap_or_default();
        format!("`{word}` at {}: {}", it.span.start + 1, it.why)
    });
    let problems: Vec<String> = problems.collect();
    let failure = Failure::refused("this is not a vitals line; nothing was recorded")
        .hint("write it as in: bp 120/80 hr 72 t 37.1 w 64");
    if problems.is_empty() {
        return failure.because("it says nothing");
    }
    failure.because(problems.join("; "))
}

/// The answer in JSON: one row a number.
pub(super) fn document(made: &[Observation], body: &Body) -> Value {
    let rows: Vec<Value> = made
        .iter()
        .flat_map(|it| rows(it, body))
        .map(Row::shown)
        .collect();
    json!({ "observations": rows })
}

/// The answer in words.
pub(super) fn lines(made: &[Observation], body: &Body) -> Vec<String> {
    made.iter()
        .flat_map(|it| rows(it, body))
        .map(|it| it.line())
        .collect()
}

/// One number that was recorded.
struct Row<'a> {
    of: &'a Observation,
    code: &'a chart::Coded,
    value: Option<&'a chart::Value>,
    flag: String,
}

fn rows<'a>(of: &'a Observation, body: &Body) -> Vec<Row<'a>> {
    if of.components.is_empty() {
        let flag = of.flag.clone();
        return vec![Row {
            of,
            code: &of.code,
            value: of.value.as_ref(),
            flag,
        }];
    }
    let part = |it: &'a chart::Component| {
        let number = Vital::of_code(&it.code).zip(it.value.as_ref());
        let level = number.and_then(|(vital, value)| {
            vital.judge(number_of(vital, value)?, body, &of.method)
        });
        let flag = level.map_or("", Level::flag).to_owned();
        Row {
            of,
            code: &it.code,
            value: it.value.as_ref(),
            flag,
        }
    };
    of.components.iter().map(part).collect()
}

impl Row<'_> {
    fn shown(self) -> Value {
        let (value, unit) = match self.value {
            Some(chart::Value::Quantity(it)) => {
                (super::view::number(&it.value), it.unit.as_str())
            }
            Some(chart::Value::Code(it)) => (json!(it.text), ""),
            Some(chart::Value::Text(it)) => (json!(it), ""),
            None => (Value::Null, ""),
        };
        let mut shown = json!({
            "id": self.of.entry.id.to_string(),
            "code": self.code.coding.as_ref().map(|it| it.code.as_str()),
            "name": self.code.text,
            "value": value,
            "unit": unit,
            "flag": self.flag,
            "method": self.of.method,
        });
        if let (Some(fields), false) = (shown.as_object_mut(), self.of.absent.is_empty())
        {
            fields.insert("absent".to_owned(), json!(self.of.absent));
        }
        shown
    }

    fn line(&self) -> String {
        let value = match self.value {
            Some(chart::Value::Quantity(it)) => {
                format!("{} {}", it.value, shown_unit(&it.unit))
            }
            Some(chart::Value::Code(it)) => it.text.clone(),
            Some(chart::Value::Text(it)) => it.clone(),
            None => self.of.absent.clone(),
        };
        format!("{}  {value}  {}", self.code.text, self.flag)
            .trim_end()
            .to_owned()
    }
}
