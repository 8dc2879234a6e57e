//! The first frame: the program is there, and the clinic is being opened.

use ratatui::{buffer::Buffer, layout::Rect};

use super::super::{
    pen::{Drawn, Look, Pen, fold_to_ascii},
    theme::Role,
};

/// What is shown before anything is known of the clinic.
#[derive(Debug)]
pub(in crate::tui) struct OpeningView<'a> {
    pub(in crate::tui) look: Look<'a>,
}

impl OpeningView<'_> {
    /// The picture on a screen of this area.
    pub(in crate::tui) fn picture(&self, area: Rect) -> Buffer {
        let mut buf = Buffer::empty(area);
        let mut drawn = Drawn::default();
        let mut pen = Pen::new(area, &mut buf, &mut drawn, self.look);
        pen.clear();
        pen.put_line(1, 0, "frame-opening", Role::Plain);
        if self.look.theme.ascii {
            fold_to_ascii(&mut buf);
        }
        buf
    }
}
