//! Every fact that people set apart from each other, of all charts: an inbox that can wait.

use super::{
    Cx, Effect as Ask, Key, Place, Press, Selected, Step, compare,
    keymap::{self, Context, Row},
    notice::Notice,
    versions::{Answer, Effect, Fact},
};
use crate::chart::who::Action as Right;

/// The list.
#[derive(Debug, Default)]
pub struct State {
    /// The facts, the newest first.
    pub facts: Vec<Fact>,
    /// The selected one.
    pub selected: Selected,
    /// Whether the answer has come.
    pub loaded: bool,
    asked: u32,
}

/// The list's rows of the key table.
pub const KEYS: &[Row] = &[
    Row::hinted(
        Context::ToCompare,
        &[Key::Enter],
        keymap::Action::Press(Press::Accept),
        "to-compare-open",
        "to-compare-hint-open",
    ),
    Row::hinted(
        Context::Sync,
        &[Key::Char('r')],
        keymap::Action::Go(Place::ToCompare),
        "to-compare-key",
        "to-compare-hint",
    ),
];

impl State {
    /// Asks for the facts.
    pub fn open(cx: &mut Cx<'_>) -> (Self, Vec<Step>) {
        let mut state = Self::default();
        let steps = state.load(cx);
        (state, steps)
    }

    /// The contexts of the list.
    pub const LIST: &'static [Context] = &[
        Context::ToCompare,
        Context::List,
        Context::Anywhere,
        Context::Outside,
    ];

    /// Does what a key asks of any screen.
    pub fn press(&mut self, press: &Press, cx: &Cx<'_>) -> Vec<Step> {
        if let Press::Move(to) = press {
            self.selected.moved(*to, self.facts.len(), cx.page());
        } else if *press == Press::Back {
            return vec![Step::Back];
        } else if *press == Press::Accept {
            let fact = self.facts.get(self.selected.0);
            return fact.map_or_else(Vec::new, |it| compare(it, cx));
        }
        Vec::new()
    }

    /// Comes to the front again: what was decided meanwhile is there no longer.
    pub fn shown_again(&mut self, cx: &mut Cx<'_>) -> Vec<Step> {
        self.load(cx)
    }

    /// Takes an answer.
    pub fn answered(&mut self, answer: &Answer) -> Vec<Step> {
        let Answer::Loaded { request, result } = answer else {
            return Vec::new();
        };
        if *request != self.asked {
            return Vec::new();
        }
        match result {
            Ok(facts) => {
                self.loaded = true;
                let name = |it: &Fact| (it.patient, it.record, it.field.clone());
                let selected = self.facts.get(self.selected.0).map(name);
                self.facts.clone_from(facts);
                self.facts.sort_by_key(|it| std::cmp::Reverse(it.since()));
                let last = self.facts.len().saturating_sub(1);
                let mut names = self.facts.iter().map(name);
                let place = names.position(|it| Some(it) == selected);
                self.selected = Selected(place.unwrap_or(self.selected.0).min(last));
                Vec::new()
            }
            Err(trouble) => vec![Step::Say(Notice::alarm(trouble.said()))],
        }
    }

    fn load(&mut self, cx: &mut Cx<'_>) -> Vec<Step> {
        self.asked = cx.request();
        vec![Step::Ask(Ask::Versions(Effect::Load {
            request: self.asked,
            patient: None,
        }))]
    }
}

/// In the chart, for who may open it.
fn compare(fact: &Fact, cx: &Cx<'_>) -> Vec<Step> {
    let record = Some(fact.record);
    let of = |patient| Place::Compare(compare::Of { patient, record });
    if cx.may(Right::ReadClinical) {
        vec![Step::OpenChart(fact.patient, of(None))]
    } else {
        vec![Step::Open(of(Some(fact.patient)))]
    }
}
