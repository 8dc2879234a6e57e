//! The bottom: what was said last, the keys that work now, and whether everything is saved.

use std::collections::BTreeSet;

use super::super::{pen::Pen, theme::Role};
use crate::{
    app::{
        Desk, Frame, Key, Model, Page, Press, Saved, Screen, Seat, apart, beyond,
        keymap::{self, Action, Context, Row},
        notice::Tone,
        summary::Action as Compare,
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
        let used = self.draw_notice(pen);
        self.draw_to_compare(used, pen);
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

    /// What was said last; says in which cell it ended.
    fn draw_notice(&self, pen: &mut Pen<'_>) -> u16 {
        let has_newer = self.model.desk().is_some_and(Desk::has_newer);
        let Some(notice) = &self.model.notice else {
            return if has_newer { draw_newer(0, pen) } else { 0 };
        };
        let mut said = notice.said.in_words(pen.look.say);
        let is_key = self.model.contexts().contains(&Context::Outside);
        if !notice.undo.is_empty() && is_key {
            said = format!("{said} {}", pen.say("frame-undo-hint"));
        }
        let role = match notice.tone {
            Tone::Plain => Role::Plain,
            Tone::Done => Role::Done,
            Tone::Alarm => Role::Abnormal,
        };
        let used = pen.put(1, 0, said, role);
        if has_newer {
            return draw_newer(used, pen);
        }
        used
    }

    /// That facts of the chart were set apart, and the key that compares them: beside what
    /// was said last, where nothing moves when it comes.
    fn draw_to_compare(&self, used: u16, pen: &mut Pen<'_>) {
        let desk = self.model.desk().filter(|_| self.model.overlay.is_none());
        let is_summary =
            |it: &&Desk| it.front().and_then(Screen::page) == Some(Page::Summary);
        let chart = desk.filter(is_summary).and_then(Desk::chart_in_front);
        let Some(chart) = chart.filter(|it| it.to_compare() > 0) else {
            return;
        };
        let unconfirmed = chart.to_adopt().count();
        let args = [
            ("n", chart.to_compare().into()),
            ("unconfirmed", unconfirmed.into()),
            ("key", "r".into()),
        ];
        let id = if unconfirmed == 0 {
            "compare-in-chart"
        } else {
            "compare-in-chart-unconfirmed"
        };
        let said = Shown::from(pen.look.say.with(id, &args));
        let cells = u16::try_from(said.width()).unwrap_or(u16::MAX);
        let x = pen.width().saturating_sub(cells.saturating_add(1));
        if x > used {
            pen.put(x, 0, said, Role::Versions);
            pen.target((x, 0), cells, Action::Summary(Compare::Compare));
        }
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

    /// Whether a list is in front that holds nothing to select.
    fn has_no_row(&self) -> bool {
        let desk = self.model.desk().filter(|_| self.model.overlay.is_none());
        let Some(desk) = desk else {
            return false;
        };
        if let (Some(Screen::Records(list)), Some(chart)) = (desk.front(), &desk.chart) {
            return list.is_empty(chart);
        }
        match desk.front() {
            Some(Screen::Apart(apart::State::List(list))) => list.items.rows.is_empty(),
            Some(Screen::Beyond(beyond::State::Providers(list))) => {
                list.cards.rows.is_empty()
            }
            Some(Screen::Beyond(beyond::State::Guests(list))) => {
                list.guests.rows.is_empty()
            }
            Some(_) | None => false,
        }
    }
}

/// What came in from another machine moves nothing that is being read: Enter shows it, and
/// that is said beside what was said last, or in its place.
fn draw_newer(used: u16, pen: &mut Pen<'_>) -> u16 {
    let width = pen.width();
    let show = || Action::Frame(Frame::ShowNewer);
    let short = Shown::from(pen.say("page-newer-short"));
    let cells = u16::try_from(short.width()).unwrap_or(u16::MAX);
    let x = width.saturating_sub(cells.saturating_add(1));
    if (2..x).contains(&used) {
        pen.target((x, 0), cells, show());
        pen.put(x, 0, short, Role::Ask);
        return width;
    }
    pen.cell((0, 0), width, "", Role::Plain);
    pen.target((0, 0), width, show());
    pen.put_line(1, 0, "page-newer", Role::Ask)
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
