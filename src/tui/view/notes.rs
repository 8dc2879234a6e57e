//! Visits as they were: the list of them, and the one that is read; in a wide window side by
//! side.

use ratatui::layout::Rect;

use super::{
    super::{pen::Pen, theme::Role},
    closed::named,
};
use crate::{
    app::{
        Desk,
        notes::{
            Entry, Line, Standing, State, TEXT, Tone, entries, lines, list_columns,
            text_width,
        },
        window,
    },
    chart::Chart,
};

pub(super) struct NotesView<'a> {
    pub(super) state: &'a State,
    pub(super) chart: &'a Chart,
    /// Who reads, and the names of others.
    pub(super) desk: &'a Desk,
}

/// The columns of a day in the list.
const DAY: u16 = 11;
/// From this width on, the list says how a visit stands.
const ROOMY: u16 = 60;
/// From this width on, it says who saw the patient.
const WIDE: u16 = 80;
/// The columns of who saw the patient, with the gap before them.
const WHO: u16 = 15;
/// The columns of how a visit stands, with the gap before them.
const STANDING: u16 = 19;

impl NotesView<'_> {
    pub(super) fn draw(&self, pen: &mut Pen<'_>) {
        let entries = entries(self.chart);
        let selected = self.state.selected.0.min(entries.len().saturating_sub(1));
        let args = [
            ("n", (selected + 1).min(entries.len()).into()),
            ("of", entries.len().into()),
        ];
        let title = pen.look.say.with("notes-title", &args);
        pen.rule(0, title);
        let Some(entry) = entries.get(selected) else {
            pen.put_line(1, 1, "notes-none", Role::Plain);
            pen.caret(1, 1);
            return;
        };
        let (width, height) = (pen.width(), pen.height().saturating_sub(1));
        let beside = list_columns(width);
        let reads = self.state.reading.is_some();
        if beside > 0 || !reads {
            let columns = if beside > 0 { beside - 1 } else { width };
            let list = Rect::new(0, 1, columns, height);
            self.draw_list(&entries, selected, &mut pen.within(list));
        }
        if beside > 0 || reads {
            let page = Rect::new(beside, 1, width - beside, height);
            let top = self.state.reading.map_or(0, |it| it.top);
            let part = &mut pen.within(page);
            draw_visit((self.chart, entry), self.desk, (top, "notes-more"), part);
            if reads {
                part.caret(1, 0);
            }
        }
    }

    fn draw_list(&self, entries: &[Entry<'_>], selected: usize, pen: &mut Pen<'_>) {
        let height = usize::from(pen.height());
        let (say, today) = (pen.look.say, pen.look.now.day());
        for (y, index) in (0..).zip(window(selected, entries.len(), height)) {
            let Some(entry) = entries.get(index) else {
                continue;
            };
            let (mark, role, said) = standing(entry.standing(self.chart));
            if !mark.is_empty() {
                pen.put(2, y, mark, role);
            }
            let day = say.seen_from(entry.when().date(), today);
            pen.cell((4, y), DAY, day, Role::Plain);
            let x = 5 + DAY;
            let room = pen.width().saturating_sub(x);
            let who = if pen.width() >= WIDE { WHO } else { 0 };
            let state = if pen.width() >= ROOMY { STANDING } else { 0 };
            let reason = room.saturating_sub(who + state);
            let called = named(entry.reason(), entry.entry());
            pen.cell((x, y), reason, called, Role::Plain);
            let fits = who.saturating_sub(1);
            pen.cell((x + reason + 1, y), fits, entry.who(), Role::Plain);
            if let Some(said) = said.filter(|_| state > 0) {
                pen.put_line(x + reason + who + 1, y, said, role);
            }
            if self.state.reading.is_none() {
                pen.target_row(y, index, index == selected);
            }
            if index == selected {
                pen.put(0, y, ">", Role::Plain);
                pen.tint_part((0, y), x, Role::Selected);
                if self.state.reading.is_none() {
                    pen.caret(0, y);
                }
            }
        }
    }
}

/// Draws a visit from its row `top` on; the sentence `more` says how many rows are left.
pub(super) fn draw_visit(
    (chart, entry): (&Chart, &Entry<'_>),
    desk: &Desk,
    (top, more): (usize, &str),
    pen: &mut Pen<'_>,
) {
    let mut names = desk.names.clone();
    names.insert(desk.who.user, desk.who.name.clone());
    let width = text_width(pen.width());
    let rows = lines(chart, entry, pen.look.say, &names, width);
    let top = top.min(rows.len().saturating_sub(1));
    let left = rows.len() - top;
    let fits = left <= usize::from(pen.height());
    let height = pen.height().saturating_sub(u16::from(!fits));
    for (y, row) in (0..height).zip(rows.iter().skip(top)) {
        draw_row(row, y, pen);
    }
    if !fits {
        let left = left - usize::from(height);
        let said = pen.look.say.with(more, &[("n", left.into())]);
        pen.put(TEXT, height, said, Role::Heading);
    }
}

fn draw_row(row: &Line, y: u16, pen: &mut Pen<'_>) {
    let role = match row.tone {
        Tone::Plain => Role::Plain,
        Tone::Heading => Role::Heading,
        Tone::Signature => Role::Done,
        Tone::Unsigned => Role::Ask,
        Tone::Version => Role::Versions,
    };
    pen.cell((1, y), TEXT - 2, row.label.as_str(), Role::Plain);
    let x = if row.tone == Tone::Heading { 1 } else { TEXT };
    pen.put(x, y, row.text.as_str(), role);
}

/// The mark before a visit in the list, how it looks, and the words behind it.
const fn standing(standing: Standing) -> (&'static str, Role, Option<&'static str>) {
    match standing {
        Standing::Changed => ("~", Role::Versions, Some("notes-is-changed")),
        Standing::NotSigned => ("", Role::Ask, Some("notes-is-not-signed")),
        Standing::GoesOn => ("", Role::Plain, Some("notes-goes-on")),
        Standing::Imported => ("", Role::Plain, Some("notes-imported")),
        Standing::InOrder => ("", Role::Plain, None),
    }
}
