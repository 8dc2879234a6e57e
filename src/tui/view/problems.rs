//! The problems of the open chart.

use super::{
    super::{pen::Pen, theme::Role},
    closed::named,
    sheet::{Line, draw_form, draw_kept, draw_list, warning, with_reason},
};
use crate::{
    app::problems::{State, rows},
    chart::{Chart, Clinical, Problem, Verification},
};

pub(super) struct ProblemsView<'a> {
    pub(super) state: &'a State,
    pub(super) chart: &'a Chart,
}

impl ProblemsView<'_> {
    pub(super) fn draw(&self, pen: &mut Pen<'_>) {
        let rows = rows(self.chart);
        let record = self.state.sheet.writing.as_ref();
        let record = record.and_then(|it| it.task.record);
        let written = rows.iter().find(|it| Some(it.entry.id) == record);
        let what = written.map_or("", |it| it.code.text.as_str());
        let already = self.state.already(self.chart).into_iter();
        let warnings: Vec<_> = already
            .map(|_| warning(pen.say("problem-already")))
            .collect();
        let mut y = draw_form(&self.state.sheet, what, &warnings, pen);
        let present = rows
            .iter()
            .filter(|it| it.on_list && !it.entry.in_error && it.clinical.is_present());
        let count = present.count().into();
        let said = pen.look.say.with("summary-problems", &[("n", count)]);
        pen.put(1, y, said, Role::Heading);
        y = draw_kept(&self.state.sheet, y + 1, pen);
        let width = pen.width().saturating_sub(4);
        let lines: Vec<Line> = rows.iter().map(|it| self.line(it, width, pen)).collect();
        if lines.is_empty() {
            pen.put_line(1, y, "problem-none", Role::Plain);
        }
        draw_list(&self.state.sheet, &lines, y, pen);
    }

    fn line(&self, problem: &Problem, width: u16, pen: &Pen<'_>) -> Line {
        let say = pen.look.say;
        let since = problem.onset.map(|it| say.date(it.date()));
        let code = problem.code.coding.as_ref().map(|it| it.code.clone());
        let standing = standing(problem, pen);
        let note = if problem.entry.in_error {
            ""
        } else {
            problem.entry.remark.0.as_str()
        };
        let parts = [standing.as_str(), problem.severity.as_str(), note];
        let parts = parts.into_iter().filter(|it| !it.is_empty());
        let rest = parts.collect::<Vec<_>>().join(", ");
        let wide = width.saturating_sub(11 + 9 + 2) * 3 / 5;
        let mut line = Line::of(&problem.entry, self.chart, pen);
        let name = named(&problem.code.text, &problem.entry);
        line.add(&format!("{name}. {rest}"));
        line.cells = vec![
            (wide, name),
            (11, since.unwrap_or_default()),
            (8, code.unwrap_or_default()),
            (width.saturating_sub(wide + 22), rest),
        ];
        line
    }
}

/// Where a problem stands; nothing of one that is simply there.
fn standing(problem: &Problem, pen: &Pen<'_>) -> String {
    let say = pen.look.say;
    if problem.entry.in_error {
        return with_reason("sheet-in-error", &problem.entry.remark.0, pen);
    }
    if problem.verification == Verification::Refuted {
        return say.line("problem-refuted");
    }
    let over = problem.abated.map(|it| say.date(it.date()));
    let stands = match problem.clinical {
        Clinical::Active if problem.on_list => String::new(),
        Clinical::Active => say.line("problem-at-visit"),
        Clinical::Recurrence => say.line("problem-recurrence"),
        Clinical::Remission => say.line("problem-remission"),
        Clinical::Inactive => say.line("problem-inactive"),
        Clinical::Resolved => say.line("problem-resolved"),
    };
    let doubtful = problem.verification != Verification::Confirmed;
    let unconfirmed = doubtful.then(|| say.line("problem-unconfirmed"));
    let parts = [Some(stands), over, unconfirmed].into_iter().flatten();
    let parts: Vec<String> = parts.filter(|it| !it.is_empty()).collect();
    parts.join(" ")
}
