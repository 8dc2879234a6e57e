//! What the lists of records share: the form over the list, and the rows of the list.

use ratatui::layout::Rect;

use super::{
    super::{pen::Pen, theme::Role},
    form::{Columns, draw_fields},
};
use crate::{
    app::{Sheet, Writing, window},
    text::Shown,
};

/// A row of a list: what stands in its columns, and what may not be overlooked.
pub(super) struct Line {
    pub(super) cells: Vec<(u16, String)>,
    pub(super) role: Role,
    /// What is said of it in full below the list, while it is selected.
    pub(super) more: String,
}

/// The rows that a form takes besides its fields: its frame and a line of help.
const AROUND: u16 = 3;
/// The most rows below a list that say more of its selected row.
const MORE: usize = 2;
/// The column in which the fields stand.
const FIELD: u16 = 18;

impl Line {
    /// Whether some cell does not show all of its text.
    fn is_cut(&self) -> bool {
        let mut cells = self.cells.iter();
        cells.any(|(width, text)| Shown::from(text).width() > usize::from(*width))
    }

    /// The column behind the first cell that is no mark.
    fn name_ends(&self) -> u16 {
        let name = self.cells.iter().position(|(width, _)| *width > 1);
        let cells = self.cells.iter().take(name.unwrap_or(0) + 1);
        cells.map(|(width, _)| width + 1).sum::<u16>() + 1
    }
}

/// Draws the form of a sheet, if one is open; says in which row it ended. `warnings` stand
/// under the fields.
pub(super) fn draw_form(
    sheet: &Sheet,
    what: &str,
    warnings: &[String],
    pen: &mut Pen<'_>,
) -> u16 {
    let Some(writing) = &sheet.writing else {
        return 0;
    };
    let form = &writing.form;
    let count = |n: usize| u16::try_from(n).unwrap_or(u16::MAX);
    let choices = form.focused().map_or(0, |it| count(it.choices().len()));
    let warned = count(warnings.len());
    let fields = count(form.fields.len());
    let wanted = fields + choices + warned + AROUND;
    let height = wanted.min(pen.height());
    let title = title(writing, what, pen);
    let part = Rect::new(0, 0, pen.width(), height);
    let mut inside = pen.boxed(part, title);
    let columns = Columns {
        label: 1,
        field: FIELD,
        width: inside.width().saturating_sub(FIELD + 1),
    };
    let room = inside.height().saturating_sub(choices + warned + 1).max(1);
    let shown = window(form.at, form.fields.len(), usize::from(room));
    let end = draw_fields(form, shown, columns, 0, &mut inside);
    for (y, warning) in (end..).zip(warnings) {
        inside.put(1, y, format!("! {warning}"), Role::Abnormal);
    }
    let help = if sheet.is_saving() {
        Some("sheet-saving")
    } else {
        form.focused().map(|it| it.help)
    };
    if let Some(help) = help {
        let last = inside.height().saturating_sub(1);
        inside.put_line(1, last, help, Role::Plain);
    }
    height
}

/// Draws the rows of a list from row `y` on, with the selected one in view, and at the end
/// what more there is to know of it. While a form is open, none is selected.
pub(super) fn draw_list(sheet: &Sheet, lines: &[Line], y: u16, pen: &mut Pen<'_>) {
    let last = lines.len().saturating_sub(1);
    let selected = sheet.selected.0.min(last);
    let more = lines.get(selected).filter(|_| sheet.writing.is_none());
    let more = more.filter(|it| it.is_cut());
    let more = more.map_or_else(Vec::new, |it| {
        Shown::wrapped(&it.more, usize::from(pen.width().saturating_sub(3)))
    });
    let more: Vec<Shown> = more
        .into_iter()
        .filter(|it| !it.is_empty())
        .take(MORE)
        .collect();
    let end = pen
        .height()
        .saturating_sub(u16::try_from(more.len()).unwrap_or(0));
    for (y, text) in (end..).zip(more) {
        pen.put(2, y, text, Role::Plain);
    }
    let room = usize::from(end.saturating_sub(y));
    for (y, index) in (y..).zip(window(selected, lines.len(), room)) {
        let Some(line) = lines.get(index) else {
            continue;
        };
        draw_line(line, y, pen);
        if index == selected && sheet.writing.is_none() {
            pen.put(0, y, ">", Role::Plain);
            // The whole row would cost three times the bytes over a slow line.
            pen.tint_part((0, y), line.name_ends(), Role::Selected);
            pen.caret(0, y);
        }
    }
    if lines.is_empty() && sheet.writing.is_none() {
        pen.caret(0, y);
    }
}

fn draw_line(line: &Line, y: u16, pen: &mut Pen<'_>) {
    let mut x = 2;
    for (width, text) in &line.cells {
        let left = pen.width().saturating_sub(x);
        pen.cell((x, y), (*width).min(left), text.as_str(), line.role);
        x += width + 1;
    }
}

fn title(writing: &Writing, what: &str, pen: &Pen<'_>) -> Shown {
    let args = [("what", what.into())];
    Shown::from(pen.look.say.with(writing.task.title, &args))
}
