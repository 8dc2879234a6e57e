//! The rows of a list, the selected one marked and among them.

use ratatui::layout::Rect;

use super::super::{pen::Pen, theme::Role};
use crate::app::{Listed, window};

/// Draws a list from row `top` on, each of its rows so many high; `none` is said where it
/// is empty.
pub(super) fn draw_rows<T>(
    list: &Listed<T>,
    (top, high): (u16, u16),
    none: &str,
    pen: &mut Pen<'_>,
    draw: impl Fn(&T, &mut Pen<'_>),
) {
    pen.caret(1, top);
    if list.loaded && list.rows.is_empty() {
        pen.put_line(3, top, none, Role::Plain);
    }
    let room = usize::from(pen.height().saturating_sub(top) / high);
    let selected = list.selected.0;
    let shown = window(selected, list.rows.len(), room);
    for (row, at) in (0..).zip(shown) {
        let Some(it) = list.rows.get(at) else {
            continue;
        };
        let y = top + row * high;
        draw(it, &mut pen.within(Rect::new(0, y, pen.width(), high)));
        pen.target_row(y, at, at == selected);
        if at == selected {
            pen.put(1, y, ">", Role::Plain);
            // The whole row would cost three times the bytes over a slow line.
            pen.tint_part((1, y), pen.width() / 3, Role::Selected);
            pen.caret(1, y);
        }
    }
}

/// Draws what a list is; until the shell has told, that it is being read.
pub(super) fn draw_title<T>(list: &Listed<T>, id: &str, pen: &mut Pen<'_>) -> u16 {
    let count = [("n", list.rows.len().into())];
    let said = if list.loaded {
        pen.look.say.with(id, &count)
    } else {
        pen.say("history-loading")
    };
    pen.put(1, 0, said, Role::Heading)
}
