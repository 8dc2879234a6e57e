//! The row of the chart's pages, each with its letter, the one in front in brackets.

use super::super::{pen::Pen, theme::Role};
use crate::{
    app::{Frame, Page, keymap::Action},
    text::Shown,
};

pub(super) struct PagesView {
    pub(super) at: Page,
}

/// From this room on, a name that is cut says so.
const MARKED: usize = 6;

impl PagesView {
    pub(super) fn draw(&self, pen: &mut Pen<'_>) {
        let names = Page::ROW.map(|page| Shown::from(pen.say(page.says())));
        // Each name has its letter and a space before it, and a space or bracket around.
        let around = Page::ROW.len() * 3 + 1;
        let width = usize::from(pen.width());
        // Where not all have room, the longest names are cut first.
        let cells = |room: usize| names.iter().map(|it| it.width().min(room)).sum();
        let fits = |room: &usize| {
            let cells: usize = cells(*room);
            cells + around <= width
        };
        let room = (1..=width).rev().find(fits).unwrap_or(1);
        let mut x = 0;
        for (page, name) in Page::ROW.into_iter().zip(names) {
            // Of a few letters, none is spent on the mark that says there were more.
            let short = if room < MARKED {
                Shown::from(name.as_str().chars().take(room).collect::<String>())
            } else {
                name.fit(room)
            };
            let text = format!("{} {short}", page.letter());
            let from = x;
            if page == self.at {
                x = pen.put(x, 0, format!("[{text}]"), Role::Heading) - 1;
            } else {
                x = pen.put(x + 1, 0, text, Role::Plain);
            }
            let action = Action::Frame(Frame::Page(page));
            pen.target((from, 0), x.saturating_sub(from), action);
        }
    }
}
