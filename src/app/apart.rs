//! The screens of facts that people set apart: the list of all, and the comparison of one.

use super::{
    Cx, Place, Press, Step, compare, keymap::Context, to_compare, versions::Answer,
};

/// One of the two.
#[derive(Debug)]
pub enum State {
    /// Every fact to compare.
    List(to_compare::State),
    /// The values of one, compared.
    Compare(Box<compare::State>),
}

impl State {
    /// The list of all.
    pub fn open_list(cx: &mut Cx<'_>) -> (Self, Vec<Step>) {
        let (state, steps) = to_compare::State::open(cx);
        (Self::List(state), steps)
    }

    /// The comparison.
    pub fn open(of: compare::Of, cx: &mut Cx<'_>) -> (Self, Vec<Step>) {
        let (state, steps) = compare::State::open(of, cx);
        (Self::Compare(Box::new(state)), steps)
    }

    /// Where it is.
    pub const fn place(&self) -> Place {
        match self {
            Self::List(_) => Place::ToCompare,
            Self::Compare(state) => Place::Compare(state.of()),
        }
    }

    /// Where keys mean something.
    pub fn contexts(&self) -> &'static [Context] {
        match self {
            Self::List(_) => to_compare::State::LIST,
            Self::Compare(state) => state.contexts(),
        }
    }

    /// Does what a key asks of any screen.
    pub fn press(&mut self, press: &Press, cx: &mut Cx<'_>) -> Vec<Step> {
        match self {
            Self::List(state) => state.press(press, cx),
            Self::Compare(state) => state.press(press, cx),
        }
    }

    /// Does what a key of the comparison asks.
    pub fn act(&mut self, action: compare::Action, cx: &mut Cx<'_>) -> Vec<Step> {
        match self {
            Self::List(_) => Vec::new(),
            Self::Compare(state) => state.act(action, cx),
        }
    }

    /// Comes to the front again.
    pub fn shown_again(&mut self, cx: &mut Cx<'_>) -> Vec<Step> {
        match self {
            Self::List(state) => state.shown_again(cx),
            Self::Compare(state) => state.shown_again(cx),
        }
    }

    /// Something came in: what is compared may have been decided elsewhere. The list is a
    /// search of all charts, and made again only where their number is another.
    pub fn refresh(&mut self, cx: &mut Cx<'_>) -> Vec<Step> {
        match self {
            Self::List(_) => Vec::new(),
            Self::Compare(state) => state.refresh(cx),
        }
    }

    /// The list of all, if it is that.
    pub const fn as_list(&mut self) -> Option<&mut to_compare::State> {
        match self {
            Self::List(state) => Some(state),
            Self::Compare(_) => None,
        }
    }

    /// Takes an answer.
    pub fn answered(&mut self, answer: &Answer, cx: &mut Cx<'_>) -> Vec<Step> {
        match self {
            Self::List(state) => state.answered(answer, cx),
            Self::Compare(state) => state.answered(answer, cx),
        }
    }
}
