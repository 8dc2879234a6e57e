//! The title bar: the clinic, the tabs that this person may have, and who is writing.

use super::super::{pen::Pen, theme::Role};
use crate::{
    app::{Desk, Frame, Tab, keymap::Action},
    text::Shown,
};

pub(super) struct TitleView<'a> {
    pub(super) desk: &'a Desk,
    pub(super) clinic: &'a str,
}

impl TitleView<'_> {
    pub(super) fn draw(&self, pen: &mut Pen<'_>) {
        let width = pen.width();
        pen.tint(0, Role::Title);
        let tabs: Vec<String> =
            self.desk.tabs_now().map(|it| self.tab(it, pen)).collect();
        let who = Shown::from(&self.desk.who.name);
        // The clinic's name has what the tabs and the person leave, and a quarter at least.
        let taken = cells(&Shown::from(tabs.concat())) + cells(&who) + 7;
        let room = width.saturating_sub(taken).max(width / 4);
        pen.cell((1, 0), room, self.clinic, Role::Title);
        let mut x = cells(&Shown::from(self.clinic)).min(room) + 3;
        for (tab, text) in self.desk.tabs_now().zip(tabs) {
            let from = x;
            x = pen.put(x, 0, text, Role::Title);
            let action = Action::Frame(Frame::To(tab));
            pen.target((from, 0), x.saturating_sub(from), action);
        }
        let room = usize::from(width.saturating_sub(x + 3));
        pen.right(0, format!("{} ", who.fit(room)), Role::Title);
    }

    fn tab(&self, tab: Tab, pen: &Pen<'_>) -> String {
        let mut name = pen.say(tab.says());
        if tab == Tab::Sync && self.desk.to_compare > 0 {
            name = format!("{name} ~{}", self.desk.to_compare);
        }
        if tab == self.desk.at {
            format!("[{} {name}]", tab.digit())
        } else {
            format!(" {} {name} ", tab.digit())
        }
    }
}

fn cells(text: &Shown) -> u16 {
    u16::try_from(text.width()).unwrap_or(u16::MAX)
}
