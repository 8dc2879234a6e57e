//! Every fact that people set apart from each other, of all charts, and the people who were
//! perhaps registered twice: an inbox that can wait.

use super::{
    Cx, Effect as Ask, Key, Listed, Place, Press, Step, Wish, compare,
    keymap::{self, Context, Row},
    notice::{Notice, Said, Trouble},
    twins::{self, Twins},
    versions::{Answer, Effect, Fact},
};
use crate::{
    chart::who::Action as Right,
    ids::{PatientId, RecordId},
    time::Timestamp,
};

/// The list.
#[derive(Debug, Default)]
pub struct State {
    /// What needs a person, the newest first.
    pub items: Listed<Item>,
}

/// Something that needs a person.
#[derive(Debug)]
pub enum Item {
    /// A fact with several values.
    Fact(Fact),
    /// Two people who are perhaps one.
    Twins(Twins),
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
        match (self.items.press(press, cx), self.items.chosen()) {
            (Wish::Back, _) => vec![Step::Back],
            (Wish::Open, Some(Item::Fact(fact))) => compare(fact, cx),
            (Wish::Open, Some(Item::Twins(twins))) => twins.look(cx),
            (Wish::Open | Wish::New | Wish::Nothing, _) => Vec::new(),
        }
    }

    /// Comes to the front again: what was decided meanwhile is there no longer.
    pub fn shown_again(&mut self, cx: &mut Cx<'_>) -> Vec<Step> {
        self.load(cx)
    }

    /// Takes an answer.
    pub fn answered(&mut self, answer: &Answer, cx: &mut Cx<'_>) -> Vec<Step> {
        let failed = |trouble: &Trouble| vec![Step::Say(Notice::alarm(trouble.said()))];
        match answer {
            Answer::Loaded { request, result } if self.items.is_asked(*request) => {
                self.items.loaded = true;
                match result {
                    Ok(facts) => {
                        let new = facts.iter().cloned().map(Item::Fact);
                        self.put(new, |it| matches!(it, Item::Fact(_)));
                    }
                    Err(trouble) => return failed(trouble),
                }
            }
            Answer::Twins { request, result } if self.items.is_asked(*request) => {
                match result {
                    Ok(twins) => {
                        let new = twins.iter().cloned().map(Item::Twins);
                        self.put(new, |it| matches!(it, Item::Twins(_)));
                    }
                    Err(trouble) => return failed(trouble),
                }
            }
            Answer::ToldApart { people, result } => {
                let said = match result {
                    Ok(true) => Notice::undoable(
                        Said::line("twins-told-apart"),
                        vec![twins::tell_apart(*people, false)],
                    ),
                    Ok(false) => Notice::done(Said::line("twins-taken-back")),
                    Err(trouble) => return failed(trouble),
                };
                let mut steps = self.load(cx);
                steps.push(Step::Say(said));
                return steps;
            }
            Answer::Loaded { .. }
            | Answer::Waiting { .. }
            | Answer::Twins { .. }
            | Answer::Settled { .. } => {}
        }
        Vec::new()
    }

    /// Puts what the shell told in the place of what it told before.
    fn put(&mut self, new: impl Iterator<Item = Item>, is_old: impl Fn(&Item) -> bool) {
        let change = |items: &mut Vec<Item>| {
            items.retain(|it| !is_old(it));
            items.extend(new);
            items.sort_by_key(|it| std::cmp::Reverse(it.since()));
        };
        self.items.change(change, Item::name);
    }

    fn load(&mut self, cx: &mut Cx<'_>) -> Vec<Step> {
        let request = self.items.ask(cx);
        let asks = [
            Effect::Load {
                request,
                patient: None,
            },
            Effect::Twins { request },
        ];
        asks.map(|it| Step::Ask(Ask::Versions(it))).into()
    }
}

impl Item {
    /// What tells it from the others.
    fn name(&self) -> (PatientId, RecordId, String) {
        match self {
            Self::Fact(it) => (it.patient, it.record, it.field.clone()),
            Self::Twins(it) => {
                let [one, other] = it.people.each_ref().map(|it| it.patient);
                (one, RecordId::from_bytes(*other.as_bytes()), String::new())
            }
        }
    }

    /// When the newest of what it tells was written.
    fn since(&self) -> Option<Timestamp> {
        match self {
            Self::Fact(fact) => fact.since(),
            Self::Twins(twins) => twins.since.map(|it| it.at),
        }
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
