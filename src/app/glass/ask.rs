//! A reason is asked for: one digit, or typed. Then what it opened is shown, for an hour.

use super::{Answer, Effect, Viewed, Why, ask};
use crate::{
    app::{
        Cx, Line, Move, Place, Press, Step, Typed, find::Text, keymap::Context,
        notice::Said,
    },
    ids::PatientId,
    time::Timestamp,
};

/// What is asked for with a reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// Whose chart.
    pub patient: PatientId,
    /// What that person is called, as far as a list shows it.
    pub called: Text,
    /// What of the chart.
    pub wants: Wants,
}

/// What of a chart a reason is to open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wants {
    /// What an emergency needs.
    View,
    /// The chart, at this screen.
    Chart(Place),
}

/// The question, and what it opened.
#[derive(Debug)]
pub struct State {
    /// What is asked for.
    pub asked: Asked,
    /// The reason that is typed.
    pub line: Line,
    /// What was wrong with it.
    pub problem: Option<Said>,
    /// The emergency view, once it is open.
    pub viewed: Option<Box<Viewed>>,
    /// The first row of it that is shown.
    pub top: usize,
    waiting: bool,
    request: u32,
}

/// The reasons that one digit gives, from 1.
pub const REASONS: [&str; 5] = [
    "reason-danger",
    "reason-not-conscious",
    "reason-here-now",
    "reason-asked-elsewhere",
    "reason-result",
];

impl State {
    /// Asks for a reason.
    pub fn new(asked: Asked) -> Self {
        Self {
            asked,
            line: Line::default(),
            problem: None,
            viewed: None,
            top: 0,
            waiting: false,
            request: 0,
        }
    }

    /// The contexts while the reason is typed.
    pub const ASK: &'static [Context] =
        &[Context::Reason, Context::Text, Context::Anywhere];
    /// The contexts of the emergency view.
    pub const VIEW: &'static [Context] =
        &[Context::List, Context::Anywhere, Context::Outside];

    /// Where keys mean something.
    pub const fn contexts(&self) -> &'static [Context] {
        if self.viewed.is_some() {
            Self::VIEW
        } else {
            Self::ASK
        }
    }

    /// Does what a key asks of any screen.
    pub fn press(&mut self, press: &Press, cx: &mut Cx<'_>) -> Vec<Step> {
        if *press == Press::Back {
            return vec![Step::Back];
        }
        if self.viewed.is_some() {
            if let Press::Move(to) = press {
                self.scroll(*to, cx.page());
            }
        } else if let Press::Type(typed) = press {
            return self.write(typed, cx);
        } else if *press == Press::Accept {
            let why = self.line.trimmed().to_owned();
            return self.give(why, cx);
        }
        Vec::new()
    }

    /// Takes an answer.
    pub(super) fn answered(&mut self, answer: &Answer) -> Vec<Step> {
        match answer {
            Answer::Viewed { request, result } if *request == self.request => {
                self.waiting = false;
                match result {
                    Ok(viewed) => self.viewed = Some(viewed.clone()),
                    Err(trouble) => self.problem = Some(trouble.said()),
                }
            }
            Answer::Broken { request, result } if *request == self.request => {
                self.waiting = false;
                match (result, &self.asked.wants) {
                    (Ok(()), Wants::Chart(place)) => {
                        let open = Step::OpenChart(self.asked.patient, place.clone());
                        return vec![Step::Back, open];
                    }
                    (Ok(()), Wants::View) => {}
                    (Err(trouble), _) => self.problem = Some(trouble.said()),
                }
            }
            Answer::Viewed { .. }
            | Answer::Broken { .. }
            | Answer::Reviews { .. }
            | Answer::Waiting(_) => {}
        }
        Vec::new()
    }

    /// Until when the view is shown.
    pub fn until(&self) -> Option<Timestamp> {
        self.viewed.as_ref().map(|it| it.until)
    }

    /// The hour is over: what was shown is forgotten.
    pub fn close(&mut self) {
        self.viewed = None;
        self.top = 0;
        self.line.clear();
    }

    fn write(&mut self, typed: &Typed, cx: &mut Cx<'_>) -> Vec<Step> {
        if let Typed::Char(c) = typed
            && self.line.is_empty()
            && let Some(digit) = c.to_digit(10)
        {
            let place = usize::try_from(digit).unwrap_or(0).checked_sub(1);
            let reason = place.and_then(|it| REASONS.get(it));
            let reason = reason.map(|it| cx.say.line(it));
            return reason.map_or_else(Vec::new, |why| self.give(why, cx));
        }
        if self.line.typed(typed) {
            self.problem = None;
        }
        Vec::new()
    }

    fn give(&mut self, why: String, cx: &mut Cx<'_>) -> Vec<Step> {
        if self.waiting {
            return Vec::new();
        }
        if why.is_empty() {
            self.problem = Some(Said::line("reason-empty"));
            return Vec::new();
        }
        self.waiting = true;
        self.request = cx.request();
        let (request, patient, why) = (self.request, self.asked.patient, Why(why));
        vec![ask(match self.asked.wants {
            Wants::View => Effect::View {
                request,
                patient,
                why,
            },
            Wants::Chart(_) => Effect::Break {
                request,
                patient,
                why,
            },
        })]
    }

    fn scroll(&mut self, to: Move, page: usize) {
        self.top = match to {
            Move::Up => self.top.saturating_sub(1),
            Move::Down => self.top.saturating_add(1),
            Move::PageUp => self.top.saturating_sub(page),
            Move::PageDown => self.top.saturating_add(page),
            Move::First => 0,
            Move::Last => usize::MAX,
            Move::To(at) => at,
        };
    }
}
