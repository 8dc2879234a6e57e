//! The bottom: what was said last, the keys that work now, and whether everything is saved.

use std::collections::BTreeSet;

use super::super::{pen::Pen, theme::Role};
use crate::{
    app::{
        Desk, Frame, Key, Model, Press, Saved, Screen, Seat,
        keymap::{self, Action, Context, Row},
        notice::Tone,
        sync::Word,
    },
    text::Shown,
};

pub(super) struct HintsView<'a> {
    pub(super) model: &'a Model,
}

/// The name of a machine that was not met leaves room for the keys.
const NAME_CELLS: usize = 16;

impl HintsView<'_> {
    pub(super) fn draw(&self, pen: &mut Pen<'_>) {
        self.draw_notice(pen);
        let (near, common): (Vec<&Row>, Vec<&Row>) =
            self.hinted().into_iter().partition(|row| {
                !matches!(row.context, Context::Anywhere | Context::Outside)
            });
        draw_row(&near, pen.width(), 1, pen);
        let status = Shown::from(self.status(pen));
        let x = pen
            .width()
            .saturating_sub(u16::try_from(status.width()).unwrap_or(0) + 1);
        let role = match self.model.saved {
            Saved::Here => Role::Plain,
            Saved::DiskFull => Role::Stop,
        };
        pen.put(x, 2, status, role);
        draw_row(&common, x.saturating_sub(1), 2, pen);
    }

    fn draw_notice(&self, pen: &mut Pen<'_>) {
        let Some(notice) = &self.model.notice else {
            // What came in from another machine moves nothing that is being read.
            let desk = self.model.desk();
            if desk.is_some_and(Desk::has_newer) {
                pen.put_line(1, 0, "page-newer", Role::Ask);
                pen.target((0, 0), pen.width(), Action::Frame(Frame::ShowNewer));
            }
            return;
        };
        let mut said = notice.said.in_words(pen.look.say);
        if !notice.undo.is_empty() {
            said = format!("{said} {}", pen.say("frame-undo-hint"));
        }
        let role = match notice.tone {
            Tone::Plain => Role::Plain,
            Tone::Done => Role::Done,
            Tone::Alarm => Role::Abnormal,
        };
        pen.put(1, 0, said, role);
    }

    fn status(&self, pen: &Pen<'_>) -> String {
        if let Some(seconds) = self.model.locks_soon() {
            let seconds = usize::try_from(seconds).unwrap_or(0);
            return pen
                .look
                .say
                .with("frame-locks-soon", &[("n", seconds.into())]);
        }
        if matches!(self.model.seat, Seat::Start(_)) {
            return String::new();
        }
        let (say, now) = (pen.look.say, pen.look.now);
        match self.model.standing.word(self.model.saved, now) {
            Word::Here => say.line("saved-here"),
            Word::Shared => say.line("saved-shared"),
            Word::ToSend(n) => say.with("saved-to-send", &[("n", n.into())]),
            Word::NotMet { name, since } => {
                let name = Shown::from(name).fit(NAME_CELLS).to_string();
                let day = say.lately_day(since, now);
                let args = [("name", name.into()), ("day", day.into())];
                say.with("saved-not-met", &args)
            }
            Word::DiskFull => say.line("saved-not"),
        }
    }

    /// The rows of the key table that hold now and are worth a hint; of two that want the
    /// same key, the nearer one.
    fn hinted(&self) -> Vec<&'static Row> {
        let mut taken: BTreeSet<Key> = BTreeSet::new();
        let no_row = self.has_no_row();
        let mut hinted = Vec::new();
        for row in keymap::rows_for(self.model.contexts(), self.model.role()) {
            let first = row.keys.first().is_some_and(|key| !taken.contains(key));
            let does_nothing = no_row && is_about_row(&row.action);
            if first && row.hint.is_some() && !does_nothing {
                hinted.push(row);
            }
            taken.extend(row.keys);
        }
        hinted
    }

    /// Whether a list of records is in front that holds none.
    fn has_no_row(&self) -> bool {
        let desk = self.model.desk().filter(|_| self.model.overlay.is_none());
        let Some((desk, chart)) = desk.and_then(|it| Some((it, it.chart.as_ref()?)))
        else {
            return false;
        };
        matches!(desk.front(), Some(Screen::Records(list)) if list.is_empty(chart))
    }
}

/// Whether a key does nothing where no row can be selected.
const fn is_about_row(action: &Action) -> bool {
    if let Action::Records(action) = action {
        return action.is_about_row();
    }
    matches!(action, Action::Press(Press::Accept))
}

fn draw_row(rows: &[&Row], room: u16, y: u16, pen: &mut Pen<'_>) {
    let mut x: u16 = 1;
    for row in rows {
        let (Some(key), Some(hint)) = (row.keys.first(), row.hint) else {
            continue;
        };
        let text = format!("{} {}", key.said(pen.look.say), pen.say(hint));
        let text = Shown::from(text);
        let cells = u16::try_from(text.width()).unwrap_or(u16::MAX);
        if x.saturating_add(cells) <= room {
            pen.target((x, y), cells, row.action.clone());
            x = pen.put(x, y, text, Role::Plain) + 2;
        }
    }
}
