//! What the lists of records share: the form over the list, and the rows of the list.

use ratatui::layout::Rect;

use super::{
    super::{pen::Pen, theme::Role},
    compare::named,
    form::{Columns, draw_fields},
};
use crate::{
    app::{Sheet, Writing, history, window},
    chart::{Chart, Entry, Unconfirmed},
    text::Shown,
};

/// A row of a list.
pub(super) struct Line {
    /// What may not be overlooked: `!`, `~`, or nothing.
    pub(super) mark: &'static str,
    /// The columns: how wide, and what stands there.
    pub(super) cells: Vec<(u16, String)>,
    pub(super) role: Role,
    /// What stands at the end of the row: that there are several versions.
    pub(super) marked: String,
    /// What is said of it in full below the list, while it is selected.
    pub(super) more: String,
    /// Whether that is more than the row says, however wide it is.
    pub(super) tells: bool,
}

/// The rows that a form takes besides its fields: its frame and a line of help.
const AROUND: u16 = 3;
/// The most rows below a list that say more of its selected row.
const MORE: usize = 2;
/// The column in which the fields stand.
const FIELD: u16 = 18;

impl Line {
    /// The row of a record in this chart, with what other versions of it say.
    pub(super) fn of(entry: &Entry, chart: &Chart, pen: &Pen<'_>) -> Self {
        let versions = || chart.versions().filter(|it| it.record == entry.id);
        let most = versions().map(|it| it.versions.len()).max();
        let marked = most.map(|n| pen.look.say.with("sheet-marked", &[("n", n.into())]));
        let doubted = chart.unconfirmed.iter().filter(|it| it.record == entry.id);
        let doubted: Vec<String> = doubted.map(|it| unconfirmed(it, pen)).collect();
        let said = versions().map(|it| {
            let values: Vec<&str> =
                it.versions.iter().map(|it| it.value.as_str()).collect();
            let count = values.len().into();
            let args = [("n", count), ("values", values.join(" / ").into())];
            pen.look.say.with("sheet-versions", &args)
        });
        let marked = if doubted.is_empty() {
            marked.unwrap_or_default()
        } else {
            pen.say("sheet-unconfirmed")
        };
        let more = said.chain(doubted).collect::<Vec<_>>().join(" ");
        let (mark, role) = if more.is_empty() {
            ("", Role::Plain)
        } else {
            ("~", Role::Versions)
        };
        Self {
            mark,
            cells: Vec::new(),
            role,
            marked,
            more,
            tells: false,
        }
    }

    /// Adds to what is said in full.
    pub(super) fn add(&mut self, text: &str) {
        let between = if self.more.is_empty() { "" } else { " " };
        self.more.push_str(between);
        self.more.push_str(text.trim_end());
    }

    /// Whether there is more to say than the row shows.
    fn has_more(&self) -> bool {
        let mut cells = self.cells.iter();
        let cut = |(width, text): &(u16, String)| {
            Shown::from(text).width() > usize::from(*width)
        };
        self.tells || self.mark == "~" || cells.any(cut)
    }
}

/// What does not count of a record, until somebody adopts it.
fn unconfirmed(it: &Unconfirmed, pen: &Pen<'_>) -> String {
    let say = pen.look.say;
    if it.field.is_empty() {
        return say.line("sheet-unconfirmed-record");
    }
    let args = [
        ("field", history::field_name(it.kind, &it.field, say).into()),
        ("value", history::value(&it.value, say).into()),
    ];
    say.with("sheet-unconfirmed-value", &args)
}

/// Draws the form of a sheet, if one is open; says in which row it ended. `notes` stand
/// under the fields: what the text means, and what there is to beware of.
pub(super) fn draw_form(
    sheet: &Sheet,
    what: &str,
    notes: &[(String, Role)],
    pen: &mut Pen<'_>,
) -> u16 {
    let Some(writing) = &sheet.writing else {
        return 0;
    };
    let form = &writing.form;
    let count = |n: usize| u16::try_from(n).unwrap_or(u16::MAX);
    let choices = form.focused().map_or(0, |it| count(it.choices().len()));
    let also = sheet
        .also
        .as_ref()
        .map(|by| (also(by, pen), Role::Versions));
    let notes: Vec<_> = notes.iter().cloned().chain(also).collect();
    let below = count(notes.len());
    let fields = count(form.fields.len());
    let wanted = fields + choices + below + AROUND;
    let height = wanted.min(pen.height());
    let title = title(writing, what, pen);
    let part = Rect::new(0, 0, pen.width(), height);
    let mut inside = pen.boxed(part, title);
    let columns = Columns {
        label: 1,
        field: FIELD,
        width: inside.width().saturating_sub(FIELD + 1),
    };
    let room = inside.height().saturating_sub(choices + below + 1).max(1);
    let shown = window(form.at, form.fields.len(), usize::from(room));
    let end = draw_fields(form, shown, columns, 0, &mut inside);
    for (y, (note, role)) in (end..).zip(&notes) {
        inside.put(1, y, note.as_str(), *role);
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

/// That another machine changed, too, what is being written.
fn also(by: &str, pen: &Pen<'_>) -> String {
    let by = named(by, pen);
    let said = pen.look.say.with("sheet-also", &[("machine", by.into())]);
    format!("~ {said}")
}

/// Draws the rows of a list from row `y` on, with the selected one in view, and at the end
/// what more there is to know of it. While a form is open, none is selected.
pub(super) fn draw_list(sheet: &Sheet, lines: &[Line], y: u16, pen: &mut Pen<'_>) {
    let last = lines.len().saturating_sub(1);
    let selected = sheet.selected.0.min(last);
    let more = lines.get(selected).filter(|_| sheet.writing.is_none());
    let more = more.filter(|it| it.has_more());
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
        if sheet.writing.is_none() {
            pen.target_row(y, index, index == selected);
        }
        if index == selected && sheet.writing.is_none() {
            pen.put(0, y, ">", Role::Plain);
            // The whole row would cost three times the bytes over a slow line.
            let name = line.cells.first().map_or(0, |(width, _)| width + 4);
            pen.tint_part((0, y), name, Role::Selected);
            pen.caret(0, y);
        }
    }
    if lines.is_empty() && sheet.writing.is_none() {
        pen.caret(0, y);
    }
}

fn draw_line(line: &Line, y: u16, pen: &mut Pen<'_>) {
    pen.put(2, y, line.mark, line.role);
    let mut x = 4;
    for (width, text) in &line.cells {
        let left = pen.width().saturating_sub(x);
        pen.cell((x, y), (*width).min(left), text.as_str(), line.role);
        x += width + 1;
    }
    if !line.marked.is_empty() {
        let marked = Shown::from(format!(" {}", line.marked));
        pen.right(y, marked, line.role);
    }
}

/// `Entered in error: reason`, or the sentence alone where no reason is known.
pub(super) fn with_reason(id: &str, why: &str, pen: &Pen<'_>) -> String {
    let said = pen.say(id);
    if why.is_empty() {
        return format!("{said}.");
    }
    let args = [("what", said.into()), ("why", why.into())];
    pen.look.say.with("sheet-because", &args)
}

/// A note that warns.
pub(super) fn warning(text: String) -> (String, Role) {
    (format!("! {text}"), Role::Abnormal)
}

/// Draws the line which says that a form was left unfinished; says in which row it ended.
pub(super) fn draw_kept(sheet: &Sheet, y: u16, pen: &mut Pen<'_>) -> u16 {
    if sheet.kept.is_none() {
        return y;
    }
    pen.put_line(1, y, "sheet-kept-line", Role::Ask);
    y + 1
}

fn title(writing: &Writing, what: &str, pen: &Pen<'_>) -> Shown {
    let args = [("what", what.into())];
    Shown::from(pen.look.say.with(writing.task.title, &args))
}
