//! What providers of other clinics propose: what waits for somebody to decide, one of them
//! beside what the chart says, and the decision.

use std::fmt;

use super::{Answer, Asks, News, Which, ask};
use crate::{
    app::{
        Cx, Line, Listed, Press, Step, Wish,
        drugs::override_reason,
        keymap::Context,
        notice::{Notice, Said, Trouble},
        overlay::Question,
    },
    care::{Clash, clashes},
    chart::{Chart, Proposal, ProposalDoubt, ProposalState, Record, Summary, who},
    ids::{PatientId, RecordId},
};

/// What is proposed.
#[derive(Debug)]
pub struct State {
    /// What is listed, the newest first.
    pub list: Listed<Proposed>,
    /// What is looked at.
    pub view: View,
    /// Whether what was decided is listed too.
    pub all: bool,
    /// Whether it is of the open chart alone.
    pub of_chart: bool,
    patient: Option<PatientId>,
    told: Vec<Proposed>,
    doing: Option<u32>,
}

/// What is looked at.
#[derive(Debug)]
pub enum View {
    /// The list.
    All,
    /// The selected one, beside its chart once the shell has told.
    One(Option<Box<Chart>>),
    /// A reason is written.
    Why(Box<Chart>, Why),
}

/// A proposal of the list.
#[derive(Clone, PartialEq, Eq)]
pub struct Proposed {
    /// For whose chart.
    pub patient: PatientId,
    /// The patient's name and number.
    pub called: String,
    /// What is proposed.
    pub proposal: Proposal,
}

/// A reason that is written.
#[derive(Debug)]
pub struct Why {
    /// What for.
    pub wants: Wants,
    /// What is typed.
    pub line: Line,
    /// The sentence that says what is wrong.
    pub problem: Option<&'static str>,
}

/// What a reason is written for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wants {
    /// To decline.
    Decline,
    /// To accept a drug that an allergy stops.
    Override,
}

/// A decision as the shell is asked to write it down.
#[derive(Clone, PartialEq, Eq)]
pub struct Verdict {
    /// For whose chart.
    pub patient: PatientId,
    /// The proposal as the person saw it.
    pub proposal: Proposal,
    /// Whether it is accepted.
    pub accepted: bool,
    /// Why it is declined, or accepted although an allergy stops it.
    pub why: String,
    /// Whether this chart is the open one.
    pub is_open: bool,
}

impl State {
    /// The contexts of the list.
    pub const LIST: &'static [Context] = &[
        Context::Proposals,
        Context::List,
        Context::Anywhere,
        Context::Outside,
    ];
    /// The contexts while one is looked at.
    pub const ONE: &'static [Context] = &[
        Context::ProposalsOne,
        Context::List,
        Context::Anywhere,
        Context::Outside,
    ];
    /// The contexts while a reason is written.
    pub const WHY: &'static [Context] =
        &[Context::ProposalsWhy, Context::Text, Context::Anywhere];

    /// The list of the open chart or of all, and the question what stands in it.
    pub fn open(of_chart: bool, cx: &mut Cx<'_>) -> (Self, Vec<Step>) {
        let open = cx.chart.map(|it| it.patient);
        let mut state = Self {
            list: Listed::default(),
            view: View::All,
            all: false,
            of_chart,
            patient: open.filter(|_| of_chart),
            told: Vec::new(),
            doing: None,
        };
        let steps = state.load(cx);
        (state, steps)
    }

    /// Which screen it is.
    pub const fn which(&self) -> Which {
        if self.of_chart {
            Which::ProposedHere
        } else {
            Which::Proposed
        }
    }

    /// Where keys mean something.
    pub const fn contexts(&self) -> &'static [Context] {
        match self.view {
            View::All => Self::LIST,
            View::One(_) => Self::ONE,
            View::Why(..) => Self::WHY,
        }
    }

    /// Does what a key asks of any screen.
    pub fn press(&mut self, press: &Press, cx: &mut Cx<'_>) -> Vec<Step> {
        match &mut self.view {
            View::All => match self.list.press(press, cx) {
                Wish::Back => return vec![Step::Back],
                Wish::Open => return self.look(cx),
                Wish::New | Wish::Nothing => {}
            },
            View::One(_) => {
                let before = self.list.selected;
                if self.list.press(press, cx) == Wish::Back {
                    self.view = View::All;
                } else if self.list.selected != before {
                    return self.look(cx);
                }
            }
            View::Why(_, why) => match press {
                Press::Type(typed) => {
                    if why.line.typed(typed) {
                        why.problem = None;
                    }
                }
                Press::Finish => return self.written(cx),
                Press::Back => self.leave_why(),
                Press::Move(_)
                | Press::Accept
                | Press::Next
                | Press::Previous
                | Press::NextPane
                | Press::PreviousPane
                | Press::Field(_)
                | Press::List
                | Press::Repeat
                | Press::New
                | Press::Undo
                | Press::Filter => {}
            },
        }
        Vec::new()
    }

    /// Lists what was decided too, or no longer.
    pub(super) fn show_all(&mut self) -> Vec<Step> {
        self.all = !self.all;
        self.list_told();
        Vec::new()
    }

    /// Accepts the one that is looked at, as far as nothing speaks against it.
    pub(super) fn accept(&mut self, cx: &mut Cx<'_>) -> Vec<Step> {
        let (View::One(Some(chart)), Some(it)) = (&self.view, self.list.chosen()) else {
            return Vec::new();
        };
        if let Some(said) = not_now(it) {
            return vec![Step::Say(Notice::plain(said))];
        }
        if stops(&it.proposal, chart).next().is_some() {
            self.ask_why(Wants::Override);
            return Vec::new();
        }
        self.accept_for("", cx)
    }

    /// Asks why the one that is looked at is declined.
    pub(super) fn decline(&mut self) -> Vec<Step> {
        let Some(it) = self.list.chosen() else {
            return Vec::new();
        };
        let decided = it.proposal.state == ProposalState::Declined;
        if let Some(said) =
            not_now(it).or(decided.then(|| Said::line("proposals-was-declined")))
        {
            return vec![Step::Say(Notice::plain(said))];
        }
        self.ask_why(Wants::Decline);
        Vec::new()
    }

    /// Takes an answer.
    pub(super) fn answered(&mut self, answer: &Answer, cx: &mut Cx<'_>) -> Vec<Step> {
        let ours = self.doing == Some(answer.request);
        match &answer.news {
            News::Proposed(told) if self.list.is_asked(answer.request) => match told {
                Ok(all) => {
                    self.told.clone_from(all);
                    self.list.loaded = true;
                    self.list_told();
                    Vec::new()
                }
                Err(trouble) => vec![Step::Say(Notice::alarm(trouble.said()))],
            },
            News::Beside(told) if ours => match told {
                Ok(chart) => {
                    if let View::One(shown) = &mut self.view {
                        *shown = Some(chart.clone());
                    }
                    Vec::new()
                }
                Err(trouble) => {
                    self.view = View::All;
                    vec![Step::Say(Notice::alarm(trouble.said()))]
                }
            },
            News::Decided(told) if ours => self.decided(*told, cx),
            News::Proposed(_)
            | News::Beside(_)
            | News::Decided(_)
            | News::Told(_)
            | News::Printed(_)
            | News::Sharing(_)
            | News::Shared(_)
            | News::Revoked(_)
            | News::Providers(_)
            | News::OwnCard(_)
            | News::Kept(_)
            | News::Given(_)
            | News::Guests(_)
            | News::GuestChart(_)
            | News::Offered(_) => Vec::new(),
        }
    }

    fn load(&mut self, cx: &mut Cx<'_>) -> Vec<Step> {
        vec![ask(self.list.ask(cx), Asks::Proposed(self.patient))]
    }

    fn list_told(&mut self) {
        let all = self.all;
        let listed = self.told.iter();
        let listed = listed.filter(|it| all || it.proposal.is_open()).cloned();
        let listed: Vec<_> = listed.collect();
        self.list.change(|it| *it = listed, Proposed::name);
    }

    /// Looks at the selected one.
    fn look(&mut self, cx: &mut Cx<'_>) -> Vec<Step> {
        let Some(patient) = self.list.chosen().map(|it| it.patient) else {
            return Vec::new();
        };
        self.view = View::One(None);
        self.ask(Asks::Beside(patient), cx)
    }

    fn ask(&mut self, asks: Asks, cx: &mut Cx<'_>) -> Vec<Step> {
        let request = cx.request();
        self.doing = Some(request);
        vec![ask(request, asks)]
    }

    fn ask_why(&mut self, wants: Wants) {
        if let View::One(Some(chart)) = &self.view {
            let why = Why {
                wants,
                line: Line::default(),
                problem: None,
            };
            self.view = View::Why(chart.clone(), why);
        }
    }

    fn leave_why(&mut self) {
        if let View::Why(chart, _) = &self.view {
            self.view = View::One(Some(chart.clone()));
        }
    }

    /// The reason is written.
    fn written(&mut self, cx: &mut Cx<'_>) -> Vec<Step> {
        let View::Why(_, why) = &mut self.view else {
            return Vec::new();
        };
        let typed = why.line.trimmed().to_owned();
        match why.wants {
            Wants::Decline if !typed.chars().any(char::is_alphabetic) => {
                why.problem = Some("proposals-no-reason");
                Vec::new()
            }
            Wants::Decline => self.decide(false, &typed, cx),
            Wants::Override => {
                match override_reason(&typed, &cx.say.line("drug-override-word")) {
                    Ok(reason) => {
                        let reason = reason.to_owned();
                        self.leave_why();
                        self.accept_for(&reason, cx)
                    }
                    Err(problem) => {
                        why.problem = Some(problem);
                        Vec::new()
                    }
                }
            }
        }
    }

    /// Accepts; where there is a doubt, asks first.
    fn accept_for(&mut self, why: &str, cx: &mut Cx<'_>) -> Vec<Step> {
        let Some(it) = self.list.chosen() else {
            return Vec::new();
        };
        let maker = it.proposal.maker.named();
        let Some(doubt) = it.proposal.doubt else {
            return self.decide(true, why, cx);
        };
        let then = self.decide(true, why, cx);
        vec![Step::Question(Box::new(Question {
            title: Said::line("proposals-anyway-title"),
            lines: vec![Said::with(doubt_id(doubt), [("name", maker.into())])],
            safe: Said::line("proposals-anyway-not"),
            letter: 'y',
            other: Said::line("proposals-anyway"),
            back: None,
            then,
        }))]
    }

    fn decide(&mut self, accepted: bool, why: &str, cx: &mut Cx<'_>) -> Vec<Step> {
        let Some(it) = self.list.chosen() else {
            return Vec::new();
        };
        let open = cx.chart.map(|it| it.patient);
        let verdict = Verdict {
            patient: it.patient,
            proposal: it.proposal.clone(),
            accepted,
            why: why.to_owned(),
            is_open: open == Some(it.patient),
        };
        self.ask(Asks::Decide(Box::new(verdict)), cx)
    }

    fn decided(&mut self, told: Result<bool, Trouble>, cx: &mut Cx<'_>) -> Vec<Step> {
        let said = match told {
            Ok(true) => Notice::done(Said::line("proposals-said-accepted")),
            Ok(false) => Notice::done(Said::line("proposals-said-declined")),
            Err(Trouble::NotTaken) => Notice::alarm(Said::line("proposals-not-taken")),
            Err(trouble) => Notice::alarm(trouble.said()),
        };
        self.view = View::All;
        let mut steps = self.load(cx);
        steps.push(Step::Say(said));
        steps
    }
}

impl Proposed {
    fn name(&self) -> (PatientId, RecordId) {
        (self.patient, self.proposal.id())
    }
}

/// The allergies that stop a drug which is proposed.
pub fn stops<'a>(
    proposal: &'a Proposal,
    chart: &'a Chart,
) -> impl Iterator<Item = Clash<'a>> {
    let drug = if let Record::Medication(it) = &proposal.record {
        Some(it).filter(|it| it.is_taken())
    } else {
        None
    };
    let met = drug.into_iter().flat_map(|drug| {
        let allergies = chart.summary.iter().flat_map(Summary::allergies_to_check);
        clashes(&drug.code, allergies)
    });
    met.filter(|it| it.stops)
}

/// The sentence of a doubt.
pub const fn doubt_id(doubt: ProposalDoubt) -> &'static str {
    match doubt {
        ProposalDoubt::NotTheirs => "proposals-not-theirs",
        ProposalDoubt::DoesNotCount => "proposals-does-not-count",
        ProposalDoubt::ShareOver => "proposals-share-over",
    }
}

/// Why nobody decides about this.
fn not_now(it: &Proposed) -> Option<Said> {
    if it.proposal.record.entry().in_error {
        return Some(Said::line("proposals-taken-back"));
    }
    let accepted = it.proposal.state == ProposalState::Accepted;
    accepted.then(|| Said::line("proposals-was-accepted"))
}

/// What a person must be allowed to do to decide.
pub(super) const DECIDES: who::Action = who::Action::Share;

impl fmt::Debug for Proposed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Proposed({:?})", self.patient)
    }
}

impl fmt::Debug for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Verdict({:?})", self.patient)
    }
}
