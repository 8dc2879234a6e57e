//! A line of vital signs, and under it what it means: values with their marks, the change
//! from the last time, and what cannot be read.

use super::{
    super::{pen::Pen, theme::Role},
    line::draw_line,
};
use crate::{
    app::{
        Line,
        vitals::{label, why},
    },
    care::{
        Build, body_of,
        vitals_line::{Item, Last, Parsed, Problem, Why, echo, parse},
    },
    chart::Chart,
    content::Level,
    say::Say,
    text::Shown,
};

pub(super) struct EchoView {
    parsed: Parsed,
    /// What stands in each row under the line.
    rows: Vec<Vec<(String, Role)>>,
}

impl EchoView {
    /// Reads the line for the person of this chart; `width` is that of the rows under it.
    pub(super) fn new(line: &Line, chart: &Chart, width: u16, pen: &Pen<'_>) -> Self {
        let say = pen.look.say;
        let body = body_of(chart, pen.look.now.day());
        let parsed = parse(line.text(), &body);
        let visits = chart.visits.as_ref();
        let before = Last::of(visits.iter().flat_map(|it| &it.observations));
        let echo = echo(&parsed.readings, &body, &before);
        let mut pieces: Vec<_> = echo.items.iter().map(|it| said(it, say)).collect();
        if let Some(Build::Bmi(index, level)) = echo.build {
            let name = say.line("vital-bmi");
            pieces.push(marked(format!("{name} {index}"), level));
        }
        let mut rows = flowing(pieces, usize::from(width));
        let worst = parsed.problems.iter().find(|it| !is_begun(it, line));
        if let Some(problem) = worst {
            let text = line.text().get(problem.span.clone()).unwrap_or_default();
            let words = why(&problem.why, text, say).in_words(say);
            let lines = Shown::wrapped(&words, usize::from(width)).into_iter();
            rows.extend(lines.map(|it| vec![(it.to_string(), Role::Abnormal)]));
        }
        Self { parsed, rows }
    }

    /// The rows that it takes under the line.
    pub(super) fn rows(&self) -> u16 {
        u16::try_from(self.rows.len()).unwrap_or(u16::MAX)
    }

    /// Draws the line in the pen's first row, with the caret when it is there.
    pub(super) fn draw_line(&self, line: &Line, focused: bool, pen: &mut Pen<'_>) {
        let whole = draw_line(line, focused, pen);
        // Where the whole line is in view, what cannot be read is marked in it.
        if whole {
            for problem in self.parsed.problems.iter().filter(|it| !is_begun(it, line)) {
                let ahead = line.text().get(..problem.span.start).unwrap_or_default();
                let text = line.text().get(problem.span.clone()).unwrap_or_default();
                let x = u16::try_from(Shown::from(ahead).width()).unwrap_or(u16::MAX);
                pen.put(x, 0, text, Role::Abnormal);
            }
        }
    }

    /// What it means, in rows.
    pub(super) fn meaning(&self) -> &[Vec<(String, Role)>] {
        &self.rows
    }

    /// Draws what it means.
    pub(super) fn draw_meaning(&self, pen: &mut Pen<'_>) {
        for (y, row) in (0..).zip(&self.rows) {
            let mut x = 0;
            for (text, role) in row {
                x = pen.put(x, y, text, *role) + 2;
            }
        }
    }
}

/// Whether it is a word that is still being typed.
fn is_begun(problem: &Problem, line: &Line) -> bool {
    let (before, after) = line.halves();
    let unfinished = matches!(
        problem.why,
        Why::Unknown | Why::Unfinished(_) | Why::NotAValue(_)
    );
    unfinished && after.is_empty() && problem.span.end == before.len()
}

/// `BP 148/92 H`, `Wt 64.0 kg (+0.5)`, `BP not done: refused`.
fn said(item: &Item, say: &Say) -> (String, Role) {
    let name = say.line(label(item.vital));
    if let Some(reason) = &item.not_done {
        let id = if reason.is_empty() {
            "vitals-not-done"
        } else {
            "vitals-not-done-why"
        };
        let args = [("vital", name.into()), ("why", reason.clone().into())];
        return (say.with(id, &args), Role::Plain);
    }
    let unit = match item.unit {
        "" | "mmHg" | "/min" => String::new(),
        "%" | "/10" => item.unit.to_owned(),
        unit => format!(" {unit}"),
    };
    let mut text = format!("{name} {}{unit}", item.value);
    let role = marked(String::new(), item.level).1;
    let mark = item.level.map_or("", Level::mark);
    if !mark.is_empty() {
        text = format!("{text} {mark}");
    }
    if let Some(change) = &item.change {
        text = format!("{text} ({change})");
    }
    (text, role)
}

fn marked(text: String, level: Option<Level>) -> (String, Role) {
    let mark = level.map_or("", Level::mark);
    if mark.is_empty() {
        (text, Role::Plain)
    } else {
        (format!("{text} {mark}"), Role::Abnormal)
    }
}

/// Pieces in rows of this width, two spaces between them.
pub(super) fn flowing(
    pieces: Vec<(String, Role)>,
    width: usize,
) -> Vec<Vec<(String, Role)>> {
    let mut rows: Vec<Vec<(String, Role)>> = Vec::new();
    let mut used = 0;
    for (text, role) in pieces {
        let cells = Shown::from(&text).width();
        if let Some(row) = rows.last_mut().filter(|_| used + 2 + cells <= width) {
            row.push((text, role));
            used += 2 + cells;
        } else {
            rows.push(vec![(text, role)]);
            used = cells;
        }
    }
    rows
}
