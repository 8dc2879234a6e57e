//! Who changed what in the open chart.

use super::{
    super::{pen::Pen, theme::Role},
    line::draw_line,
};
use crate::{
    app::{
        history::{Said, State},
        window,
    },
    text::Shown,
};
use ratatui::layout::Rect;

pub(super) struct HistoryView<'a> {
    pub(super) state: &'a State,
}

/// The column in which what was changed begins, under the names of fields.
pub(super) const CHANGE: u16 = 24;
/// The most rows below the list that show a change in full.
const MORE: usize = 6;

impl HistoryView<'_> {
    pub(super) fn draw(&self, pen: &mut Pen<'_>) {
        let state = self.state;
        let count = state.total().into();
        let said = pen.look.say.with("history-lines", &[("n", count)]);
        let said = if state.loaded {
            said
        } else {
            pen.say("history-loading")
        };
        let x = pen.put(1, 0, said, Role::Heading) + 2;
        if state.filtering || !state.filter.is_empty() {
            let label = format!("{} ", pen.say("history-filter-label"));
            let x = pen.put(x, 0, label, Role::Plain);
            let part = Rect::new(x, 0, pen.width().saturating_sub(x + 1), 1);
            draw_line(&state.filter, state.filtering, &mut pen.within(part));
        }
        let selected = state.selected.0;
        let more = state
            .line(selected)
            .map_or_else(Vec::new, |it| in_full(it, pen));
        let end = pen
            .height()
            .saturating_sub(u16::try_from(more.len()).unwrap_or(0));
        for (y, text) in (end..).zip(more) {
            pen.put(2, y, text, Role::Plain);
        }
        let room = usize::from(end.saturating_sub(1));
        for (y, at) in (1..).zip(window(selected, state.total(), room)) {
            let Some(line) = state.line(at) else { continue };
            draw(line, y, pen);
            pen.target_row(y, at, at == selected);
            if at == selected {
                pen.put(0, y, ">", Role::Plain);
                pen.tint_part((0, y), CHANGE - 2, Role::Selected);
                if !state.filtering {
                    pen.caret(0, y);
                }
            }
        }
        if state.total() == 0 && !state.filtering {
            pen.caret(0, 1);
        }
    }
}

/// A line that its row does not show whole, in the rows below the list.
fn in_full(line: &Said, pen: &Pen<'_>) -> Vec<Shown> {
    let (text, from) = match line {
        Said::Head { when_who, record } => (format!("{when_who}  {record}"), 2),
        Said::Field { change, .. } => (change.clone(), CHANGE),
    };
    let width = pen.width();
    if Shown::from(&text).width() <= usize::from(width.saturating_sub(from)) {
        return Vec::new();
    }
    let rows = Shown::wrapped(&text, usize::from(width.saturating_sub(3)));
    rows.into_iter().take(MORE).collect()
}

pub(super) fn draw(line: &Said, y: u16, pen: &mut Pen<'_>) {
    match line {
        Said::Head { when_who, record } => {
            let width = pen.width();
            let x = pen.put(2, y, when_who.as_str(), Role::Heading) + 2;
            let room = usize::from(width.saturating_sub(x));
            pen.put(x, y, Shown::from(record).fit(room), Role::Plain);
        }
        Said::Field { field, change } => {
            let name = CHANGE - 5;
            pen.cell((4, y), name, field.as_str(), Role::Plain);
            pen.put(CHANGE, y, change.as_str(), Role::Plain);
        }
    }
}
