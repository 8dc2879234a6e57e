//! The chart's summary (S4).

use super::super::{pen::Pen, theme::Role};
use crate::{
    app::summary::{State, drugs, problems},
    chart::{Chart, Medication, Problem},
    text::Shown,
};

pub(super) struct SummaryView<'a> {
    pub(super) state: &'a State,
    pub(super) chart: &'a Chart,
}

impl SummaryView<'_> {
    pub(super) fn draw(&self, pen: &mut Pen<'_>) {
        let Some(summary) = &self.chart.summary else {
            pen.put_line(1, 1, "summary-closed", Role::Plain);
            pen.caret(1, 1);
            return;
        };
        let problems: Vec<&Problem> = problems(summary).collect();
        let drugs: Vec<&Medication> = drugs(self.chart).collect();
        let count = |id, n: usize| pen.look.say.with(id, &[("n", n.into())]);
        let mut rows = vec![(count("summary-problems", problems.len()), None)];
        let lines = problems.iter().map(|it| problem(it, pen));
        rows.extend(lines.enumerate().map(|(index, line)| (line, Some(index))));
        rows.push((count("summary-drugs", drugs.len()), None));
        let lines = drugs.iter().map(|it| drug(it));
        let start = problems.len();
        rows.extend(
            lines
                .enumerate()
                .map(|(index, line)| (line, Some(start + index))),
        );
        for (y, (text, index)) in (0..).zip(rows) {
            let selected = index == Some(self.state.selected.0);
            let role = if index.is_none() {
                Role::Heading
            } else {
                Role::Plain
            };
            pen.put(if index.is_none() { 1 } else { 3 }, y, text, role);
            if selected {
                pen.put(1, y, ">", Role::Plain);
                pen.tint(y, Role::Selected);
                pen.caret(1, y);
            }
        }
    }
}

fn problem(problem: &Problem, pen: &Pen<'_>) -> String {
    let since = problem.onset.map(|onset| {
        let date = pen.look.say.date(onset.date());
        pen.look.say.with("summary-since", &[("date", date.into())])
    });
    let text = Shown::from(&problem.code.text).pad(40);
    format!("{text} {}", since.unwrap_or_default())
}

fn drug(drug: &Medication) -> String {
    let text = Shown::from(&drug.code.text).pad(40);
    let mark = if drug.overridden.is_empty() { "" } else { "!" };
    format!("{text} {} {} {mark}", drug.dose, drug.frequency)
}
