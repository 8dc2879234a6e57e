//! What owners look at afterwards: who opened which chart with a reason alone.

use super::{Answer, Effect, Use, ask};
use crate::app::{
    Cx, Press, Selected, Step,
    keymap::Context,
    notice::{Notice, Said},
};

/// The owners' list.
#[derive(Debug, Default)]
pub struct State {
    /// What no owner looked at yet, the newest first.
    pub uses: Vec<Use>,
    /// The selected one.
    pub selected: Selected,
    /// Whether the list was read.
    pub loaded: bool,
    request: u32,
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
        let request = cx.request();
        let state = Self {
            request,
            ..Self::default()
        };
        (state, vec![ask(Effect::Reviews { request })])
    }

    /// Does what a key asks of any screen.
    pub fn press(&mut self, press: &Press, cx: &Cx<'_>) -> Vec<Step> {
        match press {
            Press::Back => return vec![Step::Back],
            Press::Move(to) => self.selected.moved(*to, self.uses.len(), cx.page()),
            Press::Type(_)
            | Press::Accept
            | Press::Field(_)
            | Press::Next
            | Press::Previous
            | Press::List
            | Press::Repeat
            | Press::Finish
            | Press::New
            | Press::NextPane
            | Press::PreviousPane
            | Press::Undo
            | Press::Filter => {}
        }
        Vec::new()
    }

    /// The selected use was looked at.
    pub(super) fn reviewed(&mut self, cx: &mut Cx<'_>) -> Vec<Step> {
        let Some(it) = self.uses.get(self.selected.0) else {
            return Vec::new();
        };
        let entry = it.entry;
        self.request = cx.request();
        let request = self.request;
        vec![ask(Effect::Review { request, entry })]
    }

    /// Takes an answer.
    pub(super) fn answered(&mut self, answer: &Answer) -> Vec<Step> {
        match answer {
            Answer::Reviews { request, result } if *request == self.request => {
                match result {
                    Ok(uses) => {
                        let fewer = self.loaded && uses.len() < self.uses.len();
                        self.uses.clone_from(uses);
                        self.loaded = true;
                        let last = self.uses.len().saturating_sub(1);
                        self.selected = Selected(self.selected.0.min(last));
                        if fewer {
                            let said = Said::line("reviews-done");
                            return vec![Step::Say(Notice::done(said))];
                        }
                    }
                    Err(trouble) => {
                        return vec![Step::Say(Notice::alarm(trouble.said()))];
                    }
                }
            }
            Answer::Reviews { .. }
            | Answer::Viewed { .. }
            | Answer::Broken { .. }
            | Answer::Waiting(_) => {}
        }
        Vec::new()
    }
}
