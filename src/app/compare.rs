//! Two values of one fact side by side (S8): who set them, where and when, and what stood
//! there before. Nothing is preselected, later is fine, and a decision can be taken back.

mod deciding;
mod keys;
mod typed;

pub use keys::KEYS;

use deciding::{Settling, Way};

use super::{
    Cx, Effect as Ask, Line, Place, Press, Step,
    keymap::Context,
    notice::{Notice, Said, Trouble},
    records::List,
    versions::{Answer, Effect, Fact, Seen},
};
use crate::{
    chart::Choice,
    ids::{Hash, PatientId, RecordId},
};

/// What is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Of {
    /// Whose facts, where that is not the open chart's patient.
    pub patient: Option<PatientId>,
    /// The record to begin with.
    pub record: Option<RecordId>,
}

/// The facts of a chart that were set apart, one of them in front.
#[derive(Debug)]
pub struct State {
    /// The facts, once the shell has told.
    pub items: Vec<Item>,
    /// Which is in front.
    pub at: usize,
    /// Whether the answer has come.
    pub loaded: bool,
    /// The right answer, while it is written.
    pub writing: Option<Line>,
    of: Of,
    asked: u32,
    /// The request for the facts as they are since something came in.
    refreshing: u32,
    settling: Option<Settling>,
    /// What takes the last decision back, if that is asked for.
    undoing: Option<Settling>,
}

/// A fact, and what became of it here.
#[derive(Debug)]
pub struct Item {
    /// The fact.
    pub fact: Fact,
    /// What stands there since a decision.
    pub now: Option<Now>,
    /// Whether somebody else decided it meanwhile.
    pub gone: bool,
}

/// What stands in a fact since a decision.
#[derive(Clone, PartialEq, Eq)]
pub struct Now {
    /// The value, in words of the document.
    pub value: String,
    change: Hash,
    way: Way,
}

/// What a key may ask of the comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// This value is right.
    Keep(usize),
    /// None is; the right one is written.
    Write,
    /// Both are.
    Both,
    /// What does not count yet is to count, or not.
    Judge(bool),
    /// The next fact.
    Next,
    /// Everything that was changed in the chart.
    History,
}

impl State {
    /// Asks for the facts.
    pub fn open(of: Of, cx: &mut Cx<'_>) -> (Self, Vec<Step>) {
        let mut state = Self {
            items: Vec::new(),
            at: 0,
            loaded: false,
            writing: None,
            of,
            asked: 0,
            refreshing: 0,
            settling: None,
            undoing: None,
        };
        let steps = state.load(cx);
        (state, steps)
    }

    /// The contexts for who may not decide.
    pub const READ: &'static [Context] =
        &[Context::Compare, Context::Anywhere, Context::Outside];
    /// The contexts for who may.
    pub const DECIDE: &'static [Context] = &[
        Context::CompareDecide,
        Context::Compare,
        Context::Anywhere,
        Context::Outside,
    ];
    /// The contexts for who may, where both can stand.
    pub const BOTH: &'static [Context] = &[
        Context::CompareBoth,
        Context::CompareDecide,
        Context::Compare,
        Context::Anywhere,
        Context::Outside,
    ];
    /// The contexts for who may, of what does not count yet.
    pub const JUDGE: &'static [Context] = &[
        Context::CompareJudge,
        Context::Compare,
        Context::Anywhere,
        Context::Outside,
    ];
    /// The contexts while the right answer is written.
    pub const WRITE: &'static [Context] =
        &[Context::CompareWrite, Context::Text, Context::Anywhere];

    /// Where keys mean something.
    pub fn contexts(&self) -> &'static [Context] {
        let item = self.item().filter(|it| it.may_settle());
        match (&self.writing, item) {
            (Some(_), _) => Self::WRITE,
            (None, None) => Self::READ,
            (None, Some(item)) if item.fact.unconfirmed.is_some() => Self::JUDGE,
            (None, Some(item)) if item.may_keep_both() => Self::BOTH,
            (None, Some(_)) => Self::DECIDE,
        }
    }

    /// What is compared.
    pub const fn of(&self) -> Of {
        self.of
    }

    /// The fact in front.
    pub fn item(&self) -> Option<&Item> {
        self.items.get(self.at)
    }

    /// Does what a key asks of any screen.
    pub fn press(&mut self, press: &Press, cx: &mut Cx<'_>) -> Vec<Step> {
        let Some(line) = &mut self.writing else {
            let back = (*press == Press::Back).then_some(Step::Back);
            return back.into_iter().collect();
        };
        if let Press::Type(typed) = press {
            line.typed(typed);
        } else if *press == Press::Back {
            self.writing = None;
        } else if matches!(press, Press::Accept | Press::Finish) {
            let text = line.trimmed().to_owned();
            let choice = self.item().map(|it| typed::choice(&it.fact, &text, cx));
            return match choice {
                Some(Some(choice)) => self.settle(choice, cx),
                Some(None) => vec![plain("compare-no-value")],
                None => Vec::new(),
            };
        }
        Vec::new()
    }

    /// Does what a key of this screen asks.
    pub fn act(&mut self, action: Action, cx: &mut Cx<'_>) -> Vec<Step> {
        match action {
            Action::Keep(which) => {
                let value = self.item().and_then(|it| it.fact.values.get(which));
                let choice = value.map(|it| Choice::Keep(it.change));
                choice.map_or_else(Vec::new, |it| self.settle(it, cx))
            }
            Action::Write => {
                self.writing = Some(Line::default());
                Vec::new()
            }
            Action::Both => {
                let item = self.item().filter(|it| it.may_keep_both());
                let fact = item.map(|it| Box::new(it.seen()));
                self.decide(Way::KeepsBoth, cx, |request| {
                    fact.map(|fact| Effect::KeepBoth { request, fact })
                })
            }
            Action::Judge(adopt) => self.judge(adopt, cx),
            Action::Next => {
                self.at = (self.at + 1) % self.items.len().max(1);
                Vec::new()
            }
            Action::History => vec![Step::Open(Place::Records(List::History))],
        }
    }

    /// Comes to the front again.
    pub fn shown_again(&mut self, cx: &mut Cx<'_>) -> Vec<Step> {
        let decided = self.items.iter().any(|it| it.now.is_some());
        if decided { Vec::new() } else { self.load(cx) }
    }

    /// Something came in: facts that were decided elsewhere say so. What is in front is read,
    /// and stays.
    pub fn refresh(&mut self, cx: &mut Cx<'_>) -> Vec<Step> {
        if !self.loaded {
            return Vec::new();
        }
        self.refreshing = cx.request();
        vec![self.ask_facts(self.refreshing, cx)]
    }

    /// Takes an answer.
    pub fn answered(&mut self, answer: &Answer, cx: &mut Cx<'_>) -> Vec<Step> {
        match answer {
            Answer::Loaded { request, result } if *request == self.asked => {
                self.loaded(result)
            }
            Answer::Loaded { request, result } if *request == self.refreshing => {
                self.refreshed(result.as_deref().unwrap_or_default());
                Vec::new()
            }
            Answer::Settled { request, result } => {
                let asked = self.settling.take_if(|it| it.request == *request);
                let asked =
                    asked.or_else(|| self.undoing.take_if(|it| it.request == *request));
                asked.map_or_else(Vec::new, |it| self.settled(&it, result, cx))
            }
            Answer::Loaded { .. }
            | Answer::Waiting { .. }
            | Answer::Twins { .. }
            | Answer::ToldApart { .. } => Vec::new(),
        }
    }

    fn load(&mut self, cx: &mut Cx<'_>) -> Vec<Step> {
        self.asked = cx.request();
        vec![self.ask_facts(self.asked, cx)]
    }

    fn ask_facts(&self, request: u32, cx: &Cx<'_>) -> Step {
        let patient = self.of.patient.or_else(|| cx.chart.map(|it| it.patient));
        Step::Ask(Ask::Versions(Effect::Load { request, patient }))
    }

    /// Takes the facts as they are now. No item leaves its place, and what is in front is not
    /// exchanged while it is read: a decision about it names what was seen.
    fn refreshed(&mut self, facts: &[Fact]) {
        let front = self.at;
        for (at, item) in self.items.iter_mut().enumerate() {
            let found = facts.iter().find(|it| it.is_about(&item.fact));
            item.gone = found.is_none() && item.now.is_none();
            if let Some(fact) = found.filter(|_| at != front && item.now.is_none()) {
                item.fact.clone_from(fact);
            }
        }
        for fact in facts {
            if !self.items.iter().any(|it| fact.is_about(&it.fact)) {
                self.items.push(Item::new(fact));
            }
        }
    }

    fn loaded(&mut self, result: &Result<Vec<Fact>, Trouble>) -> Vec<Step> {
        let facts = match result {
            Ok(facts) => facts,
            Err(trouble) => return vec![Step::Say(Notice::alarm(trouble.said()))],
        };
        let before = self
            .item()
            .map(|it| (it.fact.record, it.fact.field.clone()));
        self.items = facts.iter().map(Item::new).collect();
        self.loaded = true;
        self.writing = None;
        let same = |it: &Item| {
            let at = Some((it.fact.record, it.fact.field.clone()));
            if before.is_some() {
                at == before
            } else {
                Some(it.fact.record) == self.of.record
            }
        };
        self.at = self.items.iter().position(same).unwrap_or_default();
        Vec::new()
    }
}

impl Item {
    fn new(fact: &Fact) -> Self {
        Self {
            fact: fact.clone(),
            now: None,
            gone: false,
        }
    }

    /// Whether both values can stand, and none was chosen.
    const fn may_keep_both(&self) -> bool {
        self.fact.may_keep_both && self.now.is_none()
    }

    /// Whether the person may decide it, now.
    pub fn may_settle(&self) -> bool {
        let judged = self.fact.unconfirmed.as_ref().zip(self.now.as_ref());
        // What was rejected or set back can be adopted after all.
        let is_over = judged.is_some_and(|(of, now)| of.field.is_empty() || now.adopts());
        self.fact.may_settle && !self.gone && !is_over
    }

    /// The fact, with the versions that the person sees now.
    fn seen(&self) -> Seen {
        let values = self.fact.values.iter().map(|it| it.change);
        let changes = match &self.now {
            Some(now) => vec![now.change],
            None => values.collect(),
        };
        Seen {
            patient: self.fact.patient,
            kind: self.fact.kind,
            record: self.fact.record,
            field: self.fact.field.clone(),
            changes,
        }
    }
}

const fn plain(id: &'static str) -> Step {
    Step::Say(Notice::plain(Said::line(id)))
}

impl std::fmt::Debug for Now {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Now({:?})", self.change)
    }
}
