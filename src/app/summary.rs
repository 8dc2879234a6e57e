//! The chart's summary (S4): what a clinician reads first. Reads the open chart; holds no
//! more than what is selected.

use super::{
    Cx, Press, Selected, Step,
    keymap::{Context, Row},
};
use crate::chart::{MedStatus, Medication, Problem, Summary};

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
        let summary = cx.chart.and_then(|it| it.summary.as_ref());
        let total = summary.map_or(0, |it| problems(it).count() + drugs(it).count());
        if let Press::Move(to) = press {
            self.selected.moved(*to, total, cx.page());
        }
        if *press == Press::Back {
            return vec![Step::Back];
        }
        Vec::new()
    }
}

/// The problems that hold now.
pub fn problems(summary: &Summary) -> impl Iterator<Item = &Problem> {
    let standing = summary.problems.iter().filter(|it| !it.entry.in_error);
    standing.filter(|it| it.on_list && it.clinical.is_present())
}

/// The drugs taken now.
pub fn drugs(summary: &Summary) -> impl Iterator<Item = &Medication> {
    let standing = summary.medications.iter().filter(|it| !it.entry.in_error);
    standing.filter(|it| it.status == MedStatus::Active)
}
