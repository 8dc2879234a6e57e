//! Consent and sharing: what the patient of the open chart agreed to, refused and withdrew.

mod fields;
mod keys;
mod sharing;

use super::{
    Cx, Press, Step, draft,
    keymap::Context,
    notice::{Notice, Said, Trouble},
    overlay::Question,
    records,
    sheet::{self, Event, Plan, Sheet, Task},
};
use crate::{
    care::consent::{State as Stands, set_aside_by, state},
    chart::{Chart, Consent, Consents, Decision, Edit, Entry, Record, Withdrawal},
    time::Moment,
};

pub use fields::{in_words, purpose_says};
pub use keys::KEYS;
pub use sharing::{Known, provider_of};

/// The list, and what is written.
#[derive(Debug)]
pub struct State {
    /// The list and the form over it.
    pub sheet: Sheet,
    /// What is known of sharing the chart.
    pub known: Known,
    /// The withdrawal that is asked about.
    asked: Option<Edit>,
}

/// What a key asks of the selected consent, or of the patient.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// The patient refuses.
    Refuse,
    /// The patient no longer agrees.
    Withdraw,
    /// What was agreed to is shared.
    Share,
    /// What is shared is taken back.
    TakeBack,
}

const GIVE: &str = "consent-give";
const REFUSE: &str = "consent-refuse";
const CORRECT: &str = "consent-correct";
const WITHDRAW: &str = "consent-withdraw";
const IN_ERROR: &str = "consent-in-error";

const PLAN: Plan = Plan {
    kind: draft::Kind::Consent,
    tasks: &[GIVE, REFUSE, CORRECT, WITHDRAW, IN_ERROR],
    form: fields::form,
};

impl State {
    /// The list, and the question whether a draft is kept.
    pub fn open(cx: &mut Cx<'_>) -> (Self, Vec<Step>) {
        let (sheet, mut steps) = Sheet::open(&PLAN, cx);
        let mut state = Self {
            sheet,
            known: Known::default(),
            asked: None,
        };
        steps.extend(state.ask_sharing(cx));
        (state, steps)
    }

    /// The contexts of the list.
    pub const LIST: &'static [Context] = &[
        Context::Consents,
        Context::List,
        Context::Chart,
        Context::Anywhere,
        Context::Outside,
    ];

    /// Where keys mean something.
    pub const fn contexts(&self) -> &'static [Context] {
        self.sheet.contexts(Self::LIST)
    }

    /// Does what a key asks of any screen.
    pub fn press(&mut self, press: &Press, cx: &mut Cx<'_>) -> Vec<Step> {
        let consents = cx.chart.map_or(0, |it| rows(it).len());
        let total = consents + self.known.sharing.shares.len();
        match self.sheet.press(press, total, cx) {
            Event::Steps(steps) => steps,
            Event::New => self.write(GIVE, cx),
            Event::Open => self.write_of(CORRECT, cx),
            Event::Changed(_) | Event::Accepted(_) => vec![Step::DraftChanged],
            Event::Finished(task) => self.finish(task, cx),
        }
    }

    /// Does what a key of this screen asks.
    pub fn act(&mut self, action: records::Action, cx: &mut Cx<'_>) -> Vec<Step> {
        match action {
            records::Action::InError => self.write_of(IN_ERROR, cx),
            records::Action::Consent(Action::Refuse) => self.write(REFUSE, cx),
            records::Action::Consent(Action::Withdraw) => self.write_of(WITHDRAW, cx),
            records::Action::Consent(Action::Share) => self.share(cx),
            records::Action::Consent(Action::TakeBack) => self.take_back(cx),
            records::Action::NoneKnown
            | records::Action::Standing
            | records::Action::Over
            | records::Action::NotGiven
            | records::Action::Drug(_)
            | records::Action::Compare
            | records::Action::ToList => Vec::new(),
        }
    }

    /// Is told how a save went.
    pub fn saved(
        &mut self,
        request: u32,
        outcome: Result<(), Trouble>,
        cx: &mut Cx<'_>,
    ) -> Vec<Step> {
        let (record, mut steps) = self.sheet.saved(request, outcome, cx);
        if record.is_some() {
            steps.extend(self.ask_sharing(cx));
        }
        let rows = cx.chart.map(rows).unwrap_or_default();
        self.sheet.select(record, rows.iter().map(|it| &it.entry));
        steps
    }

    /// Takes the decision about a withdrawal, or about a draft.
    pub fn decided(&mut self, other: bool, cx: &mut Cx<'_>) -> Vec<Step> {
        let Some(withdrawal) = self.asked.take() else {
            let steps = self.sheet.decided(other, cx);
            self.offer(cx);
            return steps;
        };
        if !other {
            return Vec::new();
        }
        let to = withdrawal.record().called().to_owned();
        let said = Said::with("consent-said-withdrawn", [("to", to.into())]);
        self.sheet.save_for_good(vec![withdrawal], said, cx)
    }

    /// Takes up a kept draft.
    pub fn draft_loaded(
        &mut self,
        request: u32,
        found: (draft::Body, Moment),
        cx: &Cx<'_>,
    ) -> Vec<Step> {
        let steps = self.sheet.draft_loaded(request, found, cx);
        self.offer(cx);
        steps
    }

    fn write(&mut self, title: &'static str, cx: &Cx<'_>) -> Vec<Step> {
        let steps = self.sheet.write(Task::add(title), cx);
        self.offer(cx);
        steps
    }

    /// Opens a form about the selected consent. One that was withdrawn stays as it is.
    fn write_of(&mut self, title: &'static str, cx: &Cx<'_>) -> Vec<Step> {
        let Some(chart) = cx.chart else {
            return Vec::new();
        };
        let rows = rows(chart);
        let Some(selected) = rows.get(self.sheet.selected.0) else {
            return Vec::new();
        };
        let stands = stands(selected, chart, cx);
        let refusal = selected.decision == Decision::Refused;
        let why = match (title, stands) {
            (CORRECT | WITHDRAW, Stands::Withdrawn) => Some("consent-withdrawn-already"),
            (WITHDRAW, _) if refusal => Some("consent-refused-already"),
            (WITHDRAW, Stands::Expired | Stands::SetAside) => {
                Some("consent-over-already")
            }
            _ => None,
        };
        if let Some(why) = why {
            return vec![plain(why)];
        }
        let entries: Vec<&Entry> = rows.iter().map(|it| &it.entry).collect();
        let steps = self.sheet.write_of(title, &entries, cx);
        self.offer(cx);
        steps
    }

    fn finish(&mut self, task: Task, cx: &mut Cx<'_>) -> Vec<Step> {
        let Some((form, seen)) = self.sheet.made() else {
            return Vec::new();
        };
        let before = seen.as_ref().and_then(fields::read).cloned();
        match (task.title, before) {
            (GIVE, _) => self.record(fields::given(&form, cx), None, cx),
            (REFUSE, _) => self.record(fields::refused(&form, cx), None, cx),
            (CORRECT, Some(before)) => {
                let made = match before.decision {
                    Decision::Given => fields::given(&form, cx),
                    Decision::Refused => fields::refused(&form, cx),
                };
                self.record(made, Some(before), cx)
            }
            (WITHDRAW, Some(before)) => {
                let Some(who) = cx.who else { return Vec::new() };
                let after = before.clone().withdrawn(Withdrawal {
                    by: who.user,
                    at: cx.now,
                    reason: form.text(fields::REASON).to_owned(),
                });
                let to = before.to.clone();
                let edit = Edit::change(Record::Consent(before), Record::Consent(after));
                self.asked = Some(edit);
                vec![Step::Question(Box::new(ask_about(to)))]
            }
            (_, Some(before)) => {
                let what = before.to.clone();
                let why = form.text(sheet::WHY);
                let edit = Edit::entered_in_error(Record::Consent(before), why);
                let said = Said::with("sheet-said-in-error", [("what", what.into())]);
                self.sheet.save(vec![edit], said, cx)
            }
            (_, None) => sheet::not_there(),
        }
    }

    /// Saves what the patient said, in the place of what was written down wrongly.
    fn record(
        &mut self,
        made: Result<Consent, fields::Refused>,
        wrong: Option<Consent>,
        cx: &mut Cx<'_>,
    ) -> Vec<Step> {
        let (mut new, entry) = match (made, cx.entry()) {
            (Ok(new), Some(entry)) => (new, entry),
            (Err(refused), _) => return self.complain(refused),
            (Ok(_), None) => return Vec::new(),
        };
        new.card = new.card.or_else(|| self.card_called(&new.to));
        let remark = std::mem::take(&mut new.entry.remark);
        new.entry = Entry { remark, ..entry };
        let says = match (new.decision, &wrong) {
            (_, Some(_)) => "consent-said-corrected",
            (Decision::Given, None) if self.can_share(&new, cx) => {
                "consent-said-given-card"
            }
            (Decision::Given, None) => "consent-said-given",
            (Decision::Refused, None) => "consent-said-refused",
        };
        if let Some(known) = cx.chart.and_then(|it| it.consents.as_ref()) {
            new.over = set_aside_by(&new, wrong.as_ref(), (known, cx.today()));
        }
        if let Some(wrong) = &wrong {
            // What the form does not ask.
            (new.from, new.shared_until) = (wrong.from, wrong.shared_until);
        }
        let said = Said::with(says, [("to", new.to.clone().into())]);
        let entry = new.entry.clone();
        let new = Record::Consent(new);
        match wrong {
            None => self.sheet.save(vec![Edit::add(new)], said, cx),
            Some(wrong) => {
                let edits = Edit::correction(Record::Consent(wrong), entry, new);
                self.sheet.save_for_good(edits.into(), said, cx)
            }
        }
    }

    /// Puts the caret to what is wrong.
    fn complain(&mut self, (name, problem): fields::Refused) -> Vec<Step> {
        if let Some(writing) = &mut self.sheet.writing {
            writing.form.go_to(name);
            if let Some(field) = writing.form.field_mut(name) {
                field.problem = Some(problem);
            }
        }
        vec![plain("form-missing")]
    }
}

/// The consents in the order of the list: the newest first, those entered in error last.
pub fn rows(chart: &Chart) -> Vec<&Consent> {
    let all = chart.consents.iter().flat_map(|it| &it.consents);
    let mut rows: Vec<&Consent> = all.collect();
    rows.sort_by_key(|it| {
        let newest = std::cmp::Reverse(it.entry.recorded.at);
        (it.entry.in_error, newest)
    });
    rows
}

fn stands(consent: &Consent, chart: &Chart, cx: &Cx<'_>) -> Stands {
    let none = Consents::default();
    state(
        consent,
        chart.consents.as_ref().unwrap_or(&none),
        cx.today(),
    )
}

/// Names the recipient; the safe line keeps the consent.
fn ask_about(to: String) -> Question {
    Question {
        title: Said::with("consent-withdraw-title", [("to", to.into())]),
        lines: vec![
            Said::line("consent-withdraw-what"),
            Said::line("consent-withdraw-holds"),
        ],
        safe: Said::line("consent-withdraw-keep"),
        letter: 'w',
        other: Said::line("consent-withdraw-do"),
        back: None,
        then: Vec::new(),
    }
}

const fn plain(id: &'static str) -> Step {
    Step::Say(Notice::plain(Said::line(id)))
}
