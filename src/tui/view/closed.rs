//! What of charts is closed: that a part may be, and under which category the person closes
//! what they write. Where the clinic keeps nothing closed, nothing.

use crate::{
    app::{Desk, Frame, keymap::Action},
    chart::{Chart, Entry},
    tui::{pen::Pen, theme::Role},
};

pub(super) struct ClosedView<'a> {
    pub(super) chart: &'a Chart,
    pub(super) desk: &'a Desk,
}

impl ClosedView<'_> {
    pub(super) fn rows(&self) -> u16 {
        u16::from(self.chart.closed == Some(true) || self.closes())
    }

    pub(super) fn draw(&self, pen: &mut Pen<'_>) {
        let mut x = 1;
        if self.closes() {
            let (said, role) = match self.desk.closing() {
                Some(category) => {
                    let args = [("category", category.shown().into())];
                    (pen.look.say.with("closed-now", &args), Role::Ask)
                }
                None => (pen.say("closed-not-now"), Role::Plain),
            };
            x = pen.put(x, 0, said, role) + 2;
            pen.target((0, 0), x, Action::Frame(Frame::Close));
        }
        if self.chart.closed == Some(true) {
            pen.put_line(x, 0, "glass-closed", Role::Plain);
        }
    }

    /// Whether the person can close what they write, or does.
    fn closes(&self) -> bool {
        self.desk.closing().is_some() || !self.chart.may_close.is_empty()
    }
}

/// What a record is called, with the category under which it is closed before it.
pub(super) fn named(name: &str, entry: &Entry) -> String {
    match entry.restricted {
        Some(category) => format!("[{}] {name}", category.shown()),
        None => name.to_owned(),
    }
}
