//! What owners look at afterwards: who opened which chart with a reason alone.

use super::{Answer, Effect, Use, ask};
use crate::app::{
    Cx, Listed, Press, Step, Wish,
    keymap::Context,
    notice::{Notice, Said},
};

/// The owners' list.
#[derive(Debug, Default)]
pub struct State {
    /// What no owner looked at yet, the newest first.
    pub uses: Listed<Use>,
}

impl State {
    /// The contexts of the list.
    pub const LIST: &'static [Context] = &[
        Context::Reviews,
        Context::List,
        Context::Anywhere,
        Context::Outside,
    ];

    /// The list, and the question what stands in it.
    pub fn open(cx: &mut Cx<'_>) -> (Self, Vec<Step>) {
        let mut state = Self::default();
        let request = state.uses.ask(cx);
        (state, vec![ask(Effect::Reviews { request })])
    }

    /// Does what a key asks of any screen.
    pub fn press(&mut self, press: &Press, cx: &Cx<'_>) -> Vec<Step> {
        match self.uses.press(press, cx) {
            Wish::Back => vec![Step::Back],
            Wish::Open | Wish::New | Wish::Nothing => Vec::new(),
        }
    }

    /// The selected use was looked at.
    pub(super) fn reviewed(&mut self, cx: &mut Cx<'_>) -> Vec<Step> {
        let Some(entry) = self.uses.chosen().map(|it| it.entry) else {
            return Vec::new();
        };
        let request = self.uses.ask(cx);
        vec![ask(Effect::Review { request, entry })]
    }

    /// Takes an answer.
    pub(super) fn answered(&mut self, answer: &Answer) -> Vec<Step> {
        let Answer::Reviews { request, result } = answer else {
            return Vec::new();
        };
        if !self.uses.is_asked(*request) {
            return Vec::new();
        }
        let before = self.uses.loaded.then_some(self.uses.rows.len());
        let steps = self.uses.answered(result.clone(), |it| it.entry);
        if before.is_some_and(|it| self.uses.rows.len() < it) {
            return vec![Step::Say(Notice::done(Said::line("reviews-done")))];
        }
        steps
    }
}
