//! The chart's summary (S4): panes in two columns, with the last visit beside them in a wide
//! window; in a small one below each other, each with its name before it.

mod layout;
mod rows;

use std::ops::Range;

use ratatui::layout::Rect;

use self::{
    layout::{share, spread},
    rows::{Row, rows, signs_in_rows},
};
use super::{
    super::{pen::Pen, theme::Role},
    notes::draw_visit,
};
use crate::{
    app::{
        Desk, Place, beyond,
        keymap::Action,
        notes::entries,
        summary::{self, COLUMNS, Pane, Signs, State, WIDE, signs},
        window,
    },
    chart::Chart,
    text::Shown,
};

pub(super) struct SummaryView<'a> {
    pub(super) state: &'a State,
    pub(super) chart: &'a Chart,
    /// Who reads, and the names of others.
    pub(super) desk: &'a Desk,
}

/// A pane with what stands in it.
struct Filled {
    pane: Pane,
    rows: Vec<Row>,
}

/// The columns of a pane's name, where it stands before its lines.
const NAME: u16 = 13;
/// The share of a wide window that the last visit takes, in percent.
const VISIT_PERCENT: u16 = 33;

impl SummaryView<'_> {
    pub(super) fn draw(&self, pen: &mut Pen<'_>) {
        if self.chart.summary.is_none() {
            pen.put_line(1, 1, "summary-closed", Role::Plain);
            pen.caret(1, 1);
            return;
        }
        let top = self.draw_proposed(self.draw_damage(pen), pen);
        let (width, height) = (pen.width(), pen.height().saturating_sub(top));
        let signs = signs(self.chart);
        if width < COLUMNS {
            let body = Rect::new(0, top, width, height);
            self.draw_list(&signs, &mut pen.within(body));
            return;
        }
        let beside = if width >= WIDE {
            width * VISIT_PERCENT / 100
        } else {
            0
        };
        let column = (width - beside) / 2;
        for (x, panes) in [
            (0, [Pane::Problems, Pane::Vitals, Pane::Visits]),
            (column, [Pane::Drugs, Pane::Labs, Pane::Vaccines]),
        ] {
            let part = Rect::new(x, top, column, height);
            self.draw_column(panes, &signs, &mut pen.within(part));
        }
        if beside > 0 {
            let part = Rect::new(2 * column, top, width - 2 * column, height);
            self.draw_visit(&mut pen.within(part));
        }
    }

    /// Says that something of the chart could not be read; says in which row it ended.
    fn draw_damage(&self, pen: &mut Pen<'_>) -> u16 {
        let damaged = self.chart.problems.len();
        if damaged == 0 {
            return 0;
        }
        let args = [("n", damaged.into())];
        let said = pen.look.say.with("summary-damaged", &args);
        pen.put(1, 0, format!("! {said}"), Role::Abnormal);
        1
    }

    /// Says what is proposed and not decided, in the next row.
    fn draw_proposed(&self, y: u16, pen: &mut Pen<'_>) -> u16 {
        let what = self
            .chart
            .open_proposals()
            .map(|it| format!("{} ({})", it.record.called(), it.maker.named()));
        let what = what.collect::<Vec<_>>().join("; ");
        if what.is_empty() {
            return y;
        }
        let said = pen
            .look
            .say
            .with("summary-proposed", &[("what", what.into())]);
        let width = usize::from(pen.width().saturating_sub(2));
        let said = Shown::from(said).fit(width);
        pen.put(1, y, said, Role::Ask);
        let there = Place::Beyond(beyond::Which::ProposedHere);
        pen.target((0, y), pen.width(), Action::Go(there));
        y + 1
    }

    fn fill(&self, pane: Pane, signs: &Signs<'_>, width: u16, pen: &Pen<'_>) -> Filled {
        let rows = rows(pane, (self.chart, signs), width, pen);
        Filled { pane, rows }
    }

    fn draw_column(&self, panes: [Pane; 3], signs: &Signs<'_>, pen: &mut Pen<'_>) {
        let width = pen.width();
        let panes = panes.map(|it| self.fill(it, signs, width, pen));
        let wanted = panes.each_ref().map(|it| it.rows.len() + 1);
        let heights = share(usize::from(pen.height()), &wanted, 2);
        let places = spread(usize::from(pen.height()), &heights);
        for (pane, place) in panes.iter().zip(places) {
            let (y, height) = (cells(place.start), cells(place.len()));
            let mut part = pen.within(Rect::new(0, y, width, height));
            self.draw_pane(pane, signs, &mut part);
        }
    }

    /// A pane under its name.
    fn draw_pane(&self, filled: &Filled, signs: &Signs<'_>, pen: &mut Pen<'_>) {
        let room = usize::from(pen.height().saturating_sub(1));
        let shown = self.shown(filled, room);
        let count = filled.rows.len();
        let said = if shown.len() < count {
            let args = [("shown", shown.len().into()), ("n", count.into())];
            pen.look.say.with("summary-part", &args)
        } else {
            count.to_string()
        };
        let title = pen.look.say.with(name(filled.pane), &[("n", said.into())]);
        pen.put(1, 0, title, Role::Heading);
        if filled.pane == Pane::Vitals {
            rows::draw_vitals_head(signs, pen);
        }
        self.target(filled.pane, 0, 0, pen);
        if self.state.at == filled.pane && count == 0 {
            pen.put(0, 0, ">", Role::Plain);
            pen.caret(0, 0);
        }
        for (y, index) in (1..).zip(shown) {
            if let Some(row) = filled.rows.get(index) {
                self.draw_row(row, (filled.pane, index), (0, y), pen);
            }
        }
        if filled.pane == Pane::Vitals && room < count {
            draw_cut(pen.height().saturating_sub(1), pen);
        }
    }

    /// All panes below each other, each with its name before its lines.
    fn draw_list(&self, signs: &Signs<'_>, pen: &mut Pen<'_>) {
        let width = pen.width().saturating_sub(NAME);
        let panes = Pane::ALL.map(|pane| {
            if pane == Pane::Vitals {
                let rows = signs_in_rows((self.chart, signs), width, pen);
                return Filled { pane, rows };
            }
            self.fill(pane, signs, width, pen)
        });
        let wanted = panes.each_ref().map(|it| it.rows.len().max(1));
        let heights = share(usize::from(pen.height()), &wanted, 1);
        let mut y = 0;
        for (filled, height) in panes.iter().zip(heights) {
            if height == 0 {
                continue;
            }
            let count = filled.rows.len();
            let args = [("n", count.into())];
            let title = pen.look.say.with(short_name(filled.pane), &args);
            pen.cell((1, y), NAME - 2, title, Role::Heading);
            if self.state.at == filled.pane && count == 0 {
                pen.put(0, y, ">", Role::Plain);
                pen.caret(0, y);
            }
            for (row_y, index) in (y..).zip(self.shown(filled, height)) {
                if let Some(row) = filled.rows.get(index) {
                    self.draw_row(row, (filled.pane, index), (NAME, row_y), pen);
                }
            }
            y += cells(height);
            if filled.pane == Pane::Vitals && height < count {
                draw_cut(y - 1, pen);
            }
        }
    }

    /// The lines in view: those around the selected one, where the caret is in this pane.
    fn shown(&self, filled: &Filled, room: usize) -> Range<usize> {
        let here = self.state.at == filled.pane;
        let selected = if here { self.state.row.0 } else { 0 };
        let total = filled.rows.len();
        window(selected.min(total.saturating_sub(1)), total, room)
    }

    fn draw_row(
        &self,
        row: &Row,
        (pane, index): (Pane, usize),
        (x, y): (u16, u16),
        pen: &mut Pen<'_>,
    ) {
        let width = pen.width().saturating_sub(x);
        let selected = self.state.at == pane && self.state.row.0 == index;
        let mut part = pen.within(Rect::new(x, y, width, 1));
        row.draw(&mut part);
        if selected {
            part.put(0, 0, ">", Role::Plain);
            part.tint_part((0, 0), row.name_width() + 3, Role::Selected);
            part.caret(0, 0);
        }
        self.target(pane, index, y, pen);
    }

    /// A click selects a line; on the selected one it opens.
    fn target(&self, pane: Pane, index: usize, y: u16, pen: &mut Pen<'_>) {
        let selected = self.state.at == pane && self.state.row.0 == index;
        let action = if selected {
            Action::Press(crate::app::Press::Accept)
        } else {
            Action::Summary(summary::Action::To(pane, index))
        };
        pen.target((0, y), pen.width(), action);
    }

    /// The visit that is selected, or else the last one before today's.
    fn draw_visit(&self, pen: &mut Pen<'_>) {
        let entries = entries(self.chart);
        let today = pen.look.now.day();
        let before = entries.iter().position(|it| it.when().date() != today);
        let (at, title) = if self.state.at == Pane::Visits {
            (self.state.row.0, "summary-visit")
        } else {
            (before.unwrap_or(0), "summary-last-visit")
        };
        for y in 0..pen.height() {
            pen.put(0, y, "│", Role::Plain);
        }
        let (width, height) = (pen.width(), pen.height());
        let mut inside = pen.within(Rect::new(1, 0, width - 1, height));
        inside.put_line(1, 0, title, Role::Heading);
        if let Some(entry) = entries.get(at) {
            let part = Rect::new(0, 1, width - 1, height.saturating_sub(1));
            let more = (0, "summary-more");
            draw_visit(
                (self.chart, entry),
                self.desk,
                more,
                &mut inside.within(part),
            );
        }
    }
}

/// The name of a pane with the number of its lines.
const fn name(pane: Pane) -> &'static str {
    match pane {
        Pane::Problems => "summary-problems",
        Pane::Drugs => "summary-drugs",
        Pane::Vitals => "summary-vitals",
        Pane::Labs => "summary-labs",
        Pane::Visits => "summary-visits",
        Pane::Vaccines => "summary-vaccines",
    }
}

/// The same in few letters.
const fn short_name(pane: Pane) -> &'static str {
    match pane {
        Pane::Problems => "summary-problems-short",
        Pane::Drugs => "summary-drugs-short",
        Pane::Vitals => "summary-vitals-short",
        Pane::Labs => "summary-labs-short",
        Pane::Visits => "summary-visits-short",
        Pane::Vaccines => "summary-vaccines-short",
    }
}

/// Says that there are more vital signs: their name counts nothing.
fn draw_cut(y: u16, pen: &mut Pen<'_>) {
    pen.right(y, "…", Role::Plain);
}

fn cells(rows: usize) -> u16 {
    u16::try_from(rows).unwrap_or(u16::MAX)
}

/// A text as wide as it is, and no wider than this.
fn fitted(text: &str, width: u16) -> Shown {
    Shown::from(text).fit(usize::from(width))
}
