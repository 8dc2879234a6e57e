//! The title bar: the clinic, the tabs that this person may have, and who is writing.

use super::super::{pen::Pen, theme::Role};
use crate::app::Desk;

pub(super) struct TitleView<'a> {
    pub(super) desk: &'a Desk,
    pub(super) clinic: &'a str,
}

impl TitleView<'_> {
    pub(super) fn draw(&self, pen: &mut Pen<'_>) {
        let width = pen.width();
        pen.tint(0, Role::Title);
        let room = width / 4;
        pen.cell((1, 0), room, self.clinic, Role::Title);
        let clinic = crate::text::Shown::from(self.clinic).width();
        let mut x = u16::try_from(clinic).unwrap_or(room).min(room) + 3;
        for tab in self.desk.tabs_now() {
            let name = pen.say(tab.says());
            let text = if tab == self.desk.at {
                format!("[{} {name}]", tab.digit())
            } else {
                format!(" {} {name} ", tab.digit())
            };
            x = pen.put(x, 0, text, Role::Title);
        }
        let who = crate::text::Shown::from(&self.desk.who.name);
        let room = usize::from(width.saturating_sub(x + 3));
        pen.right(0, format!("{} ", who.fit(room)), Role::Title);
    }
}
