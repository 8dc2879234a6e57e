//! The chart's summary (S4): what a clinician reads first, in panes. Reads the open chart;
//! holds no more than what is selected.

mod keys;
mod pane;
mod vitals;

use super::{
    Cx, Move, Place, Press, Selected, Step, compare,
    keymap::Context,
    notes,
    notice::{Notice, Said},
};

pub use keys::KEYS;
pub use pane::{Pane, drugs, labs, problems, vaccines};
pub use vitals::{Sign, Signs, signs};

/// What is selected.
#[derive(Debug, Default)]
pub struct State {
    /// The pane that has the caret.
    pub at: Pane,
    /// The selected line in it.
    pub row: Selected,
}

/// What a key may ask of the summary.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// To the pane on the other side.
    Across,
    /// To this line of this pane.
    To(Pane, usize),
    /// The values of facts that were set apart, those of the selected line first.
    Compare,
}

/// From this width on, the panes stand in two columns.
pub const COLUMNS: u16 = 80;
/// From this width on, the last visit stands beside them.
pub const WIDE: u16 = 120;

impl State {
    /// The summary, at the first pane in which something stands. Asks for the names of those
    /// who wrote the notes: a wide window shows the last one.
    pub fn open(cx: &Cx<'_>) -> (Self, Vec<Step>) {
        let stands = |it: &Pane| cx.chart.is_some_and(|chart| it.total(chart) > 0);
        let state = Self {
            at: Pane::ALL.into_iter().find(stands).unwrap_or_default(),
            row: Selected::default(),
        };
        (state, notes::ask_names(cx))
    }

    /// Where keys mean something.
    pub const CONTEXTS: &'static [Context] = &[
        Context::Summary,
        Context::Chart,
        Context::List,
        Context::Anywhere,
        Context::Outside,
    ];

    /// Does what a key asks of any screen.
    pub fn press(&mut self, press: &Press, cx: &Cx<'_>) -> Vec<Step> {
        match press {
            Press::Move(to) => self.moved(*to, cx),
            Press::Next | Press::NextPane => self.go(self.at.next()),
            Press::Previous | Press::PreviousPane => self.go(self.at.previous()),
            Press::Accept => return self.open_selected(cx),
            Press::Back => return vec![Step::Back],
            Press::Type(_)
            | Press::Field(_)
            | Press::List
            | Press::Repeat
            | Press::Finish
            | Press::New
            | Press::Undo
            | Press::Filter => {}
        }
        Vec::new()
    }

    /// Does what a key of this screen asks.
    pub fn act(&mut self, action: Action, cx: &Cx<'_>) -> Vec<Step> {
        match action {
            Action::Across => self.go(self.at.across()),
            Action::To(pane, row) => {
                self.at = pane;
                self.row = Selected(row);
            }
            Action::Compare => return self.compare(cx),
        }
        Vec::new()
    }

    fn compare(&self, cx: &Cx<'_>) -> Vec<Step> {
        if cx.chart.is_none_or(|it| it.to_compare() == 0) {
            return vec![Step::Say(Notice::plain(Said::line("compare-nothing-here")))];
        }
        let record = cx.chart.and_then(|it| self.at.record(self.row.0, it));
        vec![Step::Open(Place::Compare(compare::Of {
            patient: None,
            record,
        }))]
    }

    const fn go(&mut self, pane: Pane) {
        self.at = pane;
        self.row = Selected(0);
    }

    /// Moves in the pane; beyond its ends to the one above or below.
    fn moved(&mut self, to: Move, cx: &Cx<'_>) {
        let Some(chart) = cx.chart else { return };
        let columns = usize::from(cx.size.columns >= COLUMNS) + 1;
        let total = |pane: Pane| {
            // In one column the vital signs stand side by side.
            let all = pane.total(chart);
            let together = columns == 1 && pane == Pane::Vitals;
            if together { all.min(1) } else { all }
        };
        let last = total(self.at).saturating_sub(1);
        if to == Move::Up && self.row.0 == 0 {
            if let Some(above) = self.at.above(columns) {
                self.at = above;
                self.row = Selected(total(above).saturating_sub(1));
            }
        } else if to == Move::Down && self.row.0 >= last {
            if let Some(below) = self.at.below(columns) {
                self.go(below);
            }
        } else {
            self.row.moved(to, total(self.at), cx.page());
        }
    }

    /// Opens the selected entry, or the page of an empty pane.
    fn open_selected(&self, cx: &Cx<'_>) -> Vec<Step> {
        let Some(chart) = cx.chart else {
            return Vec::new();
        };
        let place = self.at.place(self.row.0, chart);
        place.map_or_else(
            || vec![Step::Say(Notice::plain(Said::line("summary-no-page")))],
            |place: Place| vec![Step::Open(place)],
        )
    }
}
