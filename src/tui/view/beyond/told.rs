//! What of the open chart somebody was let see.

use crate::{
    app::beyond::{Told, sentence},
    chart::Disclosure,
    text::Shown,
    tui::{
        pen::Pen,
        theme::Role,
        view::rows::{draw_rows, draw_title},
    },
};

/// The column in which the sentence begins, after the day and the time.
const SAID: u16 = 22;
/// Below this width a sentence takes a row more.
const WIDE: u16 = 76;

pub(super) fn draw_told(state: &Told, pen: &mut Pen<'_>) {
    draw_title(&state.told, "told-title", pen);
    let mut top = 2;
    if !state.is_whole {
        pen.put_line(1, 1, "told-gaps", Role::Ask);
        top += 1;
    }
    let high = if pen.width() < WIDE { 3 } else { 2 };
    draw_rows(&state.told, (top, high), "told-nobody", pen, draw_row);
}

fn draw_row(it: &Disclosure, pen: &mut Pen<'_>) {
    let say = pen.look.say;
    let at = format!("{} {}", say.date(it.at.day()), say.clock(it.at));
    pen.put(3, 0, at, Role::Plain);
    let room = usize::from(pen.width().saturating_sub(SAID));
    let lines = Shown::wrapped(&sentence(it, say), room);
    let last = pen.height().saturating_sub(1);
    for (y, line) in (0..last).zip(&lines) {
        pen.put(SAID, y, line.clone(), Role::Plain);
    }
    let rest: Vec<&str> = lines.iter().skip(last.into()).map(Shown::as_str).collect();
    pen.put(SAID, last, rest.join(" "), Role::Plain);
}
