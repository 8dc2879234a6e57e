//! The chart's summary (S4): what a clinician reads first. Reads the open chart; holds no
//! more than what is selected.

use super::{
    Cx, Place, Press, Selected, Step, drugs as list,
    keymap::{Context, Row},
    records::List,
};
use crate::chart::{Chart, MedStatus, Medication, Problem, Summary};

/// What is selected.
#[derive(Debug, Default)]
pub struct State {
    /// The selected line.
    pub selected: Selected,
}

/// What a key may ask of the summary.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {}

/// The summary's rows of the key table.
pub const KEYS: &[Row] = &[];

impl State {
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
        let problems = cx.summary().map_or(0, |it| problems(it).count());
        let drugs: Vec<&Medication> = cx.chart.into_iter().flat_map(drugs).collect();
        let total = problems + drugs.len();
        if let Press::Move(to) = press {
            self.selected.moved(*to, total, cx.page());
        }
        if *press == Press::Back {
            return vec![Step::Back];
        }
        if *press == Press::Accept && self.selected.0 < total {
            let drug = self.selected.0.checked_sub(problems);
            let drug = drug.and_then(|at| drugs.get(at));
            let place = match drug {
                Some(drug) => Place::Drug(Some(drug.entry.id)),
                None => Place::Records(List::Problems),
            };
            return vec![Step::Open(place)];
        }
        Vec::new()
    }
}

/// The problems that hold now.
pub fn problems(summary: &Summary) -> impl Iterator<Item = &Problem> {
    let standing = summary.problems.iter().filter(|it| !it.entry.in_error);
    standing.filter(|it| it.on_list && it.clinical.is_present())
}

/// The drugs taken now, in the order of their list.
pub fn drugs(chart: &Chart) -> impl Iterator<Item = &Medication> {
    let standing = list::rows(chart).into_iter();
    standing.filter(|it| !it.entry.in_error && it.status == MedStatus::Active)
}
