//! Deciding what is compared: one letter asks the shell, its answer says what stands there
//! now, and `u` takes it back.

use super::{Item, Now, State, plain};
use crate::{
    app::{
        Cx, Effect as Ask, Step, history,
        notice::{Notice, Said, Trouble},
        versions::{Effect, Seen, Settled},
    },
    chart::Choice,
};

/// A decision that the shell was asked to write.
#[derive(Debug)]
pub(super) struct Settling {
    pub(super) request: u32,
    pub(super) at: usize,
    pub(super) way: Way,
}

/// What a decision does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    Decides,
    KeepsBoth,
    Judges { adopts: bool },
    TakesBack,
}

/// The field of a person's second telephone number.
const SECOND: &str = "phone2";

impl State {
    pub(super) fn settle(&mut self, choice: Choice, cx: &mut Cx<'_>) -> Vec<Step> {
        let fact = self.item().map(|it| Box::new(it.seen()));
        self.decide(Way::Decides, cx, |request| {
            fact.map(|fact| Effect::Settle {
                request,
                fact,
                choice,
            })
        })
    }

    /// Adopts or rejects what does not count; what was rejected is adopted after all like any
    /// value that stood there once.
    pub(super) fn judge(&mut self, adopt: bool, cx: &mut Cx<'_>) -> Vec<Step> {
        let Some(item) = self.item() else {
            return Vec::new();
        };
        let patient = item.fact.patient;
        let Some(unconfirmed) = item.fact.unconfirmed.clone() else {
            return Vec::new();
        };
        let again = item.now.as_ref().map(|_| Box::new(item.seen()));
        if again.is_some() && !adopt {
            return Vec::new();
        }
        self.decide(Way::Judges { adopts: adopt }, cx, |request| {
            Some(match again {
                Some(fact) => Effect::Settle {
                    request,
                    fact,
                    choice: Choice::Keep(unconfirmed.change),
                },
                None => Effect::Judge {
                    request,
                    patient,
                    unconfirmed,
                    adopt,
                },
            })
        })
    }

    /// Asks the shell to write a decision about the fact in front, one at a time.
    pub(super) fn decide(
        &mut self,
        way: Way,
        cx: &mut Cx<'_>,
        effect: impl FnOnce(u32) -> Option<Effect>,
    ) -> Vec<Step> {
        let may_settle = self.item().is_some_and(Item::may_settle);
        if !may_settle || self.settling.is_some() {
            return Vec::new();
        }
        let request = cx.request();
        let Some(effect) = effect(request) else {
            return Vec::new();
        };
        let at = self.at;
        self.settling = Some(Settling { request, at, way });
        vec![Step::Ask(Ask::Versions(effect))]
    }

    pub(super) fn settled(
        &mut self,
        asked: &Settling,
        result: &Result<Box<Settled>, Trouble>,
        cx: &mut Cx<'_>,
    ) -> Vec<Step> {
        let done = match result {
            Ok(done) => done,
            Err(trouble) => {
                let mut steps = vec![Step::Say(Notice::alarm(trouble.said()))];
                if *trouble == Trouble::NotTaken && self.writing.is_none() {
                    steps.extend(self.load(cx));
                }
                return steps;
            }
        };
        self.writing = None;
        let Some(item) = self.items.get_mut(asked.at) else {
            return Vec::new();
        };
        item.now = Some(Now {
            change: done.change,
            value: done.value.clone(),
            way: asked.way,
        });
        let value = history::value(&done.value, cx.say);
        let said = |id| Said::with(id, [("value", value.clone().into())]);
        match asked.way {
            Way::TakesBack if item.is_whole() => {
                item.now = None;
                return vec![Step::Say(Notice::done(Said::line("compare-waits-again")))];
            }
            Way::TakesBack => {
                // Where both were kept, the shown one stayed.
                let shown = item.fact.values.first();
                let shown = shown.filter(|_| item.fact.may_keep_both);
                if let (Some(now), Some(shown)) = (&mut item.now, shown) {
                    now.value.clone_from(&shown.value);
                }
                return vec![Step::Say(Notice::done(said("compare-taken-back")))];
            }
            Way::Judges { adopts } => return self.judged(asked, adopts, cx),
            Way::Decides | Way::KeepsBoth => {}
        }
        let undo = self.undo_of(asked, done, cx);
        let id = if asked.way == Way::KeepsBoth {
            "compare-kept-both"
        } else {
            "compare-kept"
        };
        vec![Step::Say(Notice::undoable(said(id), vec![undo]))]
    }

    /// Says what was judged, and how that is taken back: a whole record waits again, and in
    /// the place of a value stands what counted before. Where one was rejected, that stands
    /// there already.
    fn judged(&mut self, asked: &Settling, adopts: bool, cx: &mut Cx<'_>) -> Vec<Step> {
        let says = if adopts {
            "compare-adopted"
        } else {
            "compare-rejected"
        };
        let item = self.items.get(asked.at);
        let of = item.and_then(|it| Some((it, it.fact.unconfirmed.clone()?)));
        let Some((item, unconfirmed)) = of else {
            return Vec::new();
        };
        if !item.is_whole() && !adopts {
            let undo = vec![plain("compare-nothing-to-undo")];
            return vec![Step::Say(Notice::undoable(Said::line(says), undo))];
        }
        let (patient, seen) = (item.fact.patient, item.seen());
        let is_whole = item.is_whole();
        let request = cx.request();
        self.undoing = Some(Settling {
            request,
            at: asked.at,
            way: Way::TakesBack,
        });
        let undo = if is_whole {
            Step::Ask(Ask::Versions(Effect::WaitAgain {
                request,
                patient,
                unconfirmed,
            }))
        } else {
            let counts = unconfirmed.counts.unwrap_or_default();
            let counted = unconfirmed.counting.map(Choice::Keep);
            ask(request, seen, counted.unwrap_or(Choice::Write(counts)))
        };
        vec![Step::Say(Notice::undoable(Said::line(says), vec![undo]))]
    }

    /// What takes a decision back.
    fn undo_of(&mut self, asked: &Settling, done: &Settled, cx: &mut Cx<'_>) -> Step {
        let Some(item) = self.items.get(asked.at) else {
            return plain("compare-nothing-to-undo");
        };
        let mut seen = item.seen();
        let shown = item.fact.values.first();
        let choice = if asked.way == Way::KeepsBoth {
            SECOND.clone_into(&mut seen.field);
            Choice::Write(String::new())
        } else if let Some(before) = shown.filter(|it| it.value != done.value) {
            Choice::Keep(before.change)
        } else {
            // The chart shows what it showed before; there is only to choose again.
            return plain("compare-nothing-to-undo");
        };
        let request = cx.request();
        self.undoing = Some(Settling {
            request,
            at: asked.at,
            way: Way::TakesBack,
        });
        ask(request, seen, choice)
    }
}

impl Item {
    /// Whether it is a whole record that does not count.
    fn is_whole(&self) -> bool {
        let of = self.fact.unconfirmed.as_ref();
        of.is_some_and(|it| it.field.is_empty())
    }
}

impl Now {
    /// Whether it is a value that was adopted.
    pub(super) fn adopts(&self) -> bool {
        self.way == Way::Judges { adopts: true }
    }

    /// Whether it is a decision which was taken back.
    pub fn is_taken_back(&self) -> bool {
        self.way == Way::TakesBack
    }

    /// The sentence that says it, where it is about what did not count.
    pub const fn judged(&self) -> Option<&'static str> {
        match self.way {
            Way::Judges { adopts: true } => Some("compare-adopted"),
            Way::Judges { adopts: false } => Some("compare-rejected"),
            Way::Decides | Way::KeepsBoth | Way::TakesBack => None,
        }
    }
}

fn ask(request: u32, fact: Seen, choice: Choice) -> Step {
    Step::Ask(Ask::Versions(Effect::Settle {
        request,
        fact: Box::new(fact),
        choice,
    }))
}
